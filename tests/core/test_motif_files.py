"""Motif files: the same text read by Biopython, what is written read back, and every wrong line."""

from __future__ import annotations

import io

import numpy as np
import pytest
from Bio import motifs as bio
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from motiflab import jaspar
from motiflab.motif_files import read_motifs, write_meme
from motiflab.motifs import Motif

KNOWN = [jaspar.load(name) for name in ("CTCF", "GATA1", "FOS::JUN", "br", "MA0001.1")]

MEME = """\
MEME version 4.4

ALPHABET= ACGT

strands: + -

Background letter frequencies (from lacI):
A 0.295 C 0.205 G 0.205 T 0.295

MOTIF crp CRP

letter-probability matrix: alength= 4 w= 3 nsites= 17 E= 4.1e-009
 0.000000  0.176471  0.000000  0.823529
 0.000000  0.058824  0.647059  0.294118
 0.000000  0.058824\t0.000000  0.941176

URL http://meme-suite.org

MOTIF lexA
letter-probability matrix:
 0.5 0.5 0.0 0.0
 0.1 0.2 0.3 0.4

"""

JASPAR = """\
>MA0001.1\tAGL3
A  [ 0  3 79 ]
C  [94 75  4 ]
G  [ 1  0  3 ]
T  [ 2 19 11 ]

>MA0002.1 RUNX1
10	12	4
2.5	2	7
3	1	1
11	9	14
"""

TRANSFAC = """\
VV  EXAMPLE January 15, 2013
XX
//
AC  M00001
XX
ID  motif1
NA  MyoD
P0      A      C      G      T
01      1      2      2      0      S
02      2      1      2      0      R
03      3      0      1      1      A
XX
//
ID  motif2
PO      A      C      G      T
01      2.5      1      2      0      R
XX
//
"""


def biopython(text, format):
    """The counts that Biopython reads, (w, 4) each."""
    record = bio.parse(io.StringIO(text), format)
    return [np.array([motif.counts[base] for base in "ACGT"]).T for motif in record]


@pytest.mark.parametrize(
    ("text", "format", "names"),
    [
        (JASPAR, "jaspar", [("MA0001.1", "AGL3"), ("MA0002.1", "RUNX1")]),
        (TRANSFAC, "transfac", [("M00001", "MyoD"), ("motif2", "motif2")]),
        (MEME, "meme", [("crp", "CRP"), ("lexA", "lexA")]),
    ],
)
def test_files_are_read_as_biopython_reads_them(text, format, names, tmp_path):
    found = read_motifs(text)
    assert [(motif.id, motif.name) for motif in found] == names
    expected = biopython(text, "minimal" if format == "meme" else format)
    for motif, counts in zip(found, expected, strict=True):
        # Biopython rounds the counts of a MEME file to whole numbers.
        np.testing.assert_allclose(motif.counts, counts, atol=1e-4 if format == "meme" else 0)
    path = tmp_path / "motifs.txt"
    path.write_text(text)
    for source in (path, str(path), text.encode(), b"\xef\xbb\xbf" + text.encode()):
        assert [motif.name for motif in read_motifs(source)] == [name for _, name in names]
    windows = read_motifs(text.replace("\n", "\r\n"), format)
    assert all((a.counts == b.counts).all() for a, b in zip(windows, found, strict=True))


@pytest.mark.parametrize("format", ["jaspar", "transfac"])
def test_what_biopython_writes_is_read(format):
    written = []
    for motif in KNOWN:
        counts = dict(zip("ACGT", motif.counts.T.tolist(), strict=True))
        if format == "jaspar":
            written.append(bio.jaspar.Motif(motif.id, motif.name, counts=counts))
        else:
            written.append(bio.transfac.Motif(counts=counts))
            written[-1].update({"AC": motif.id, "NA": motif.name})
    found = read_motifs(bio.write(written, format))
    assert [(m.id, m.name) for m in found] == [(m.id, m.name) for m in KNOWN]
    for motif, known in zip(found, KNOWN, strict=True):
        np.testing.assert_allclose(motif.counts, known.counts, atol=0.005)


def test_biopython_reads_what_is_written():
    q = [0.3, 0.2, 0.2, 0.3]
    record = bio.parse(io.StringIO(write_meme(KNOWN, background=q)), "minimal")
    assert [motif.name for motif in record] == [motif.id for motif in KNOWN]
    assert list(record[0].background.values()) == q
    for motif, known in zip(record, KNOWN, strict=True):
        ours = np.array([motif.counts[base] for base in "ACGT"]).T
        sites = known.counts.sum(axis=1).max()
        np.testing.assert_allclose(ours / sites, known.probabilities(), atol=0.6 / sites)


@given(
    st.lists(
        arrays(float, (3, 4), elements=st.integers(0, 1000)).map(lambda n: n + [1, 0, 0, 0]),
        min_size=1,
        max_size=3,
    )
)
def test_meme_text_goes_round(counts):
    motifs = [Motif(f"name {i}", n, f"X{i}") for i, n in enumerate(counts)]
    back = read_motifs(write_meme(motifs), "meme")
    for motif, found in zip(motifs, back, strict=True):
        assert (found.id, found.name) == (motif.id, motif.name.replace(" ", "_"))
        np.testing.assert_allclose(found.probabilities(), motif.probabilities(), atol=2e-9)
        largest = motif.counts.sum(axis=1).max()
        np.testing.assert_allclose(found.counts.sum(axis=1), largest)


def test_meme_text_names_every_motif_and_goes_to_a_file(tmp_path):
    motifs = [Motif("", [[1, 0, 0, 0]]), Motif("only a name", [[0.2, 0, 0, 0]]), KNOWN[0]]
    text = write_meme(motifs, tmp_path / "out.meme")
    assert (tmp_path / "out.meme").read_text() == text
    assert "\nMOTIF only_a_name\n" in text and "\nMOTIF MA0139.2 CTCF\n" in text
    found = read_motifs(tmp_path / "out.meme")
    assert [motif.id for motif in found] == ["motif_1", "only_a_name", "MA0139.2"]
    assert found[2].name == "CTCF"


def test_reports_of_meme_and_plain_matrices_are_read():
    report = MEME.replace("MOTIF crp CRP", "MOTIF 1\twidth =  3  sites = 17  llr = 9")
    report = "****\nMEME - Motif discovery tool\n****\n" + report.replace("ALPHABET= ", "ALPHABET=")
    assert (read_motifs(report)[0].id, read_motifs(report)[0].name) == ("1", "1")
    rna = MEME.replace("ACGT", "ACGU")
    assert read_motifs(rna)[0].consensus() == "TGT"
    plain = read_motifs("1 2\n3 4\n5 6\n7 8\n")
    assert plain[0].counts.tolist() == [[1, 3, 5, 7], [2, 4, 6, 8]]
    assert (plain[0].id, plain[0].name) == ("", "")
    any_order = read_motifs(">X1 toy\nT 1 2\nA 3 4\nU_\n".replace("U_", "C 5 6\nG 7 8"))
    assert any_order[0].counts.tolist() == [[3, 5, 7, 1], [4, 6, 8, 2]]
    assert read_motifs("PO T G C A\n01 1 2 3 4\n")[0].counts.tolist() == [[4, 3, 2, 1]]


def test_names_are_kept_as_they_are():
    hostile = ">X1 <img src=x onerror=alert(1)> & more\n1\n0\n0\n0\n"
    assert read_motifs(hostile)[0].name == "<img src=x onerror=alert(1)> & more"


def changed(text, old, new):
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n", "at least one motif, but it is empty"),
        ("MEME version 4\n", "at least one motif in meme format"),
        (changed(MEME, "ACGT", "ACDEFGHIKLMNPQRSTVWY"), "^Line 3: the alphabet must be ACGT"),
        (changed(MEME, "0.823529", "0.9"), "^Line 13: the row must sum to 1, got 1.076"),
        (changed(MEME, "0.823529", "x"), "^Line 13: there must be 4 numbers"),
        (changed(MEME, "0.823529", "nan"), "^Line 10: in the motif 'CRP', counts must hold"),
        (changed(MEME, "0.823529", ""), "^Line 13: there must be 4 numbers"),
        (changed(MEME, " 0.000000  0.176471  0.000000  0.823529\n", ""), "^Line 16: .* 4 numbers"),
        (changed(MEME, "w= 3", "w= -3"), "^Line 12: w= must be a positive number, got '-3'"),
        (changed(MEME, "nsites= 17", "nsites= many"), "^Line 12: nsites= .* got 'many'"),
        (changed(MEME, "letter-probability matrix:\n", ""), "^Line 19: .*must have a letter-prob"),
        (changed(MEME, "MOTIF crp CRP\n", ""), "^Line 11: a MOTIF line must come before"),
        (
            changed(MEME, "letter-probability matrix: alength= 4 w= 3", "log-odds matrix:"),
            "^Line 10: the motif must have a letter-probability matrix",
        ),
        (changed(MEME, " 0.5 0.5 0.0 0.0\n 0.1 0.2 0.3 0.4\n", ""), "^Line 20: .*rows, got 0"),
        (MEME + "MOTIF z\nletter-probability matrix: w= 9\n1 0 0 0\n", "^Line 25: .*9 rows, got 1"),
        (changed(JASPAR, "T  [ 2 19 11 ]\n", ""), "^Line 1: the motif must have 4 rows, got 3"),
        (changed(JASPAR, "3\t1\t1", "3\t1"), "^Line 10: there must be 3 numbers, got '3 1'"),
        (changed(JASPAR, "3\t1\t1", "3\tone\t1"), "^Line 10: there must be 3 numbers"),
        (changed(JASPAR, "[94 75  4 ]", "[ ]"), "^Line 3: there must be 3 numbers"),
        (changed(JASPAR, "C  [", "A  ["), "^Line 1: the rows must be A, C, G and T, once each"),
        (changed(JASPAR, "[94", "[-94"), "^Line 1: in the motif 'AGL3', counts must hold numbers"),
        (">X1\n0\n0\n0\n0\n", "^Line 1: in the motif 'X1', counts .* zeros in row 0"),
        (changed(TRANSFAC, "A      C      G", "A      G      X"), "^Line 8: P0 must name"),
        (changed(TRANSFAC, "02      2      1", "02      2"), "^Line 10: there must be 4 numbers"),
        (
            changed(TRANSFAC, "01      2.5      1      2      0      R\n", ""),
            "^Line 15: .*below PO",
        ),
        ("ACGTACGT\nACGT\n", "^Line 1: the motif must have 4 rows, got 2"),
    ],
)
def test_a_wrong_line_is_named(text, message):
    with pytest.raises(ValueError, match=message):
        read_motifs(text)


def test_a_source_that_cannot_be_read(tmp_path):
    with pytest.raises(ValueError, match="'nowhere.meme' cannot be read .No such file"):
        read_motifs("nowhere.meme")
    with pytest.raises(ValueError, match="cannot be read"):
        read_motifs("a\0b")
    with pytest.raises(ValueError, match="cannot be read"):
        read_motifs(tmp_path)
    with pytest.raises(ValueError, match="got a binary file"):
        read_motifs(b"\x89PNG\xff\n")
    with pytest.raises(ValueError, match="got int"):
        read_motifs(3)
    with pytest.raises(ValueError, match="format must be auto, meme, jaspar, transfac, got 'x'"):
        read_motifs(JASPAR, "x")
