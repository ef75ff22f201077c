"""The motif explorer against Biopython and numbers worked by hand."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from Bio import motifs as biopython
from hypothesis import given, settings
from hypothesis import strategies as st

from motiflab.explorers.motif_explorer import MotifExplorer, MotifState, compute, describe, draw
from motiflab.motifs import jaspar
from motiflab.motifs.jaspar import jaspar_names


def by_biopython(name: str, pseudocount: float, gc: float, strand: str = "+"):
    """Return what Biopython makes of the same counts: probabilities, log-odds, bits, consensus."""
    rows = jaspar.load(name).counts.T
    motif = biopython.Motif(alphabet="ACGT", counts=dict(zip("ACGT", rows.tolist())))
    if strand == "-":
        motif = motif.reverse_complement()
    background = dict(zip("ACGT", ((1 - gc) / 2, gc / 2, gc / 2, (1 - gc) / 2)))
    # Biopython adds its pseudocounts to each base.
    added = {base: pseudocount * share for base, share in background.items()}
    ppm = motif.counts.normalize(added)
    pssm = ppm.log_odds(background)
    p, log_odds = (np.array([m[base] for base in "ACGT"]).T for m in (ppm, pssm))
    bits = (p * np.where(p > 0, log_odds, 0)).sum(axis=1)
    return p, log_odds, bits, str(motif.counts.consensus), str(motif.counts.degenerate_consensus)


@given(
    name=st.sampled_from(["CTCF", "GATA1", "MA0004.1", "TBP", "FOS::JUN", "MA0073.1"]),
    pseudocount=st.sampled_from([0.0, 0.5, 1.0, 40.0]),
    gc=st.sampled_from([0.2, 0.35, 0.5, 0.8]),
    strand=st.sampled_from("+-"),
)
@settings(deadline=None)
def test_the_matrices_are_those_of_biopython(name, pseudocount, gc, strand):
    result = compute(MotifState(motif=name, pseudocount=pseudocount, gc=gc, strand=strand))
    p, log_odds, bits, consensus, _ = by_biopython(name, pseudocount, gc, strand)
    np.testing.assert_allclose(result.ppm, p, atol=1e-12)
    np.testing.assert_allclose(result.log_odds[p > 0], log_odds[p > 0], atol=1e-9)
    np.testing.assert_allclose(result.information, bits, atol=1e-9)
    assert result.motif.consensus() == consensus


def test_the_readout_tells_biopythons_numbers():
    text = re.sub("<[^>]*>", "", describe(compute(MotifState(motif="CTCF"))))
    _, _, bits, consensus, degenerate = by_biopython("CTCF", 1.0, 0.5)
    k = bits.argmax()
    assert f"I{k + 1} = Σ p·log₂(p/q) = " in text
    assert f" {bits[k]:.2f} bits, the most of all positions." in text
    assert f"15 positions, which carry {bits.sum():.2f} bits in all" in text
    assert f"consensus is {consensus}, with ambiguity codes {degenerate}." in text


@pytest.mark.parametrize("motif", ["GATA1", "CTCF", "JUND", "SPI1"])
def test_the_formula_of_the_readout_comes_out(motif):
    text = describe(compute(MotifState(motif=motif, gc=0.4)))
    formula, sign, value = re.search(
        r"log₂\(p/q\) = (.*) ([=≈]) <b>(.*) bits</b>, the most", text
    ).groups()
    terms = [tuple(map(float, re.findall(r"[\d.]+(?=[·/)])", t))) for t in formula.split(" + ")]
    total = sum(p * math.log2(p2 / q) for p, p2, q in terms)
    assert total == pytest.approx(float(value), abs=0.1)  # the terms are rounded
    assert (sign == "=") == (round(total, 2) == float(value))


@pytest.mark.parametrize("show", ["bits", "probability", "signed"])
def test_the_table_holds_the_numbers_of_the_logo(show):
    result = compute(MotifState(motif="GATA1", show=show))
    p, log_odds, bits, *_ = by_biopython("GATA1", 1.0, 0.5)
    shown = log_odds if show == "signed" else p
    table = draw(result, "u")["table"]
    assert re.findall("<th scope='col'>(.*?)</th>", table) == ["position", *"ACGT", "bits"]
    rows = re.findall(r"<tr><th scope='row'>(\d+)</th>(.*?)</tr>", table)
    assert [int(k) for k, _ in rows] == list(range(1, len(bits) + 1))
    written = [re.findall("<td>(.*?)</td>", cells) for _, cells in rows]
    values = [[float(cell.replace("−", "-")) for cell in row] for row in written]
    np.testing.assert_allclose(values, np.column_stack([shown, bits]), atol=0.0051)


def test_information_worked_by_hand():
    # Arnt: 4 A and 16 C, 19 A and 1 G, then CGTG in all 20 sites. Bits are 2 minus the entropy:
    # 2 + 0.2 log2 0.2 + 0.8 log2 0.8 = 1.278, and 2 + 0.95 log2 0.95 + 0.05 log2 0.05 = 1.714.
    result = compute(MotifState(motif="MA0004.1", pseudocount=0.0))
    assert result.information.round(3).tolist() == [1.278, 1.714, 2, 2, 2, 2]


def test_log_odds_of_what_was_never_counted_are_refused_beside_the_pseudocount():
    explorer = MotifExplorer(motif="MA0004.1", pseudocount=0.0)
    explorer.controls["show"].value = "signed"
    label = explorer.controls["pseudocount"].description
    assert "Arnt has a base that was never counted" in label and "above 0." in label
    assert explorer.state.show == "bits"
    explorer.controls["pseudocount"].value = 0.5
    assert explorer.state == MotifState(motif="MA0004.1", pseudocount=0.5, show="signed")


def test_a_complaint_beside_another_control_goes_when_its_cause_goes():
    explorer = MotifExplorer(motif="MA0004.1", pseudocount=0.0)
    explorer.controls["show"].value = "signed"
    explorer.controls["show"].value = "bits"
    assert "motiflab-error" not in explorer.controls["pseudocount"].description
    explorer.controls["pseudocount"].value = 1.0
    assert explorer.state == MotifState(motif="MA0004.1", pseudocount=1.0)


@pytest.mark.parametrize(
    ("field", "value"),
    [("motif", "ma0035"), ("strand", "-"), ("show", "signed"), ("pseudocount", 7.5), ("gc", 0.65)],
)
def test_each_control_moves_the_pictures(field, value):
    explorer = MotifExplorer()
    before = dict(explorer.figures)
    explorer.controls[field].value = value
    assert explorer.state == MotifState(**{field: value})
    assert explorer.figures == draw(compute(explorer.state), explorer.uid)
    assert explorer.readout.html == describe(compute(explorer.state))
    assert explorer.figures != before
    assert MotifExplorer.from_scene(explorer.scene).state == explorer.state


@pytest.mark.parametrize("typed", ["GATA99", "", "<script>alert(1)</script>", "MA9999.1"])
def test_a_motif_that_does_not_exist(typed):
    explorer = MotifExplorer()
    explorer.controls["motif"].value = typed
    label = explorer.controls["motif"].description
    assert "motiflab-error" in label and "<script" not in label
    assert explorer.state == MotifState()


def test_near_names_are_offered():
    with pytest.raises(ValueError, match="similar names are GATA9"):
        MotifExplorer(motif="GATA99")


def test_the_axis_of_log_odds_stands_still_while_controls_move():
    def tops(**changes):
        svg = draw(compute(MotifState(motif="MA0004.1", show="signed", **changes)), "u")["logo"]
        return re.findall(r'text-anchor="end">([^<]*)<', svg)

    assert tops() == tops(pseudocount=0.5, gc=0.2) == tops(pseudocount=100.0, gc=0.8)


def test_suggestions_are_the_names_of_the_vertebrates_once_each():
    names = jaspar_names()
    assert len(names) == len(set(names)) > 900
    assert set(names) == set(jaspar.collection("vertebrates").names)
    assert MotifExplorer().controls["motif"].options == tuple(names)
