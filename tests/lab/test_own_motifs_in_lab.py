"""The lab with a learner's own motifs: planted, and to compare filters with."""

from __future__ import annotations

import re

import numpy as np
import pytest

from motiflab.lab.grammar_lab import GrammarLab
from motiflab.lab.motif_lab import MotifLab
from motiflab.motifs import Motif, jaspar, own_collection, write_meme

SITES = ["GGTCACGTGACC"] * 18 + ["GGACACGTGTCC", "GTTCACGTGAAC"]
MINE = Motif.from_sites(SITES, "mine", "X1")
OTHER = Motif.from_sites(["TTATCGAAGGCA"] * 20, "other", "X2")
TEXT = write_meme([OTHER, MINE])
QUICK = {"n": 1500, "length": 50, "filters": 4, "width": 14, "epochs": 6, "speed": "full"}


@pytest.fixture(scope="module")
def trained():
    lab = MotifLab(**QUICK, own=TEXT, motif="mine")
    lab.start()
    return lab


def labels(lab) -> str:
    """Return the labels of the filters."""
    lab.open("filters")
    return lab.figures["filters"]


def test_an_own_motif_is_planted(trained):
    data = trained.session.data.train
    (planted,) = data.motifs
    np.testing.assert_allclose(planted.counts, MINE.counts)
    sites = [
        data.sequences[site.sequence][site.start : site.end]
        for site in data.sites
        if site.strand == "+"
    ]
    assert len(sites) > 200
    seen = Motif.from_sites(sites).probabilities()
    # A site is drawn with a pseudocount of one in 21; four standard errors.
    expected = MINE.probabilities(1.0)
    assert np.all(np.abs(seen - expected) < 4 * np.sqrt(0.25 / len(sites)))


def test_filters_are_compared_with_the_learners_motifs_at_once_and_back(trained):
    session, weights = trained.session, trained.session.records[-1].weights
    assert session.known is jaspar.collection("vertebrates")
    assert "X1" not in labels(trained) and "E = " in labels(trained)
    trained.controls["known"].value = "own"
    assert trained.session is session and session.records[-1].weights is weights
    assert session.known is own_collection(TEXT)
    assert "mine</b> X1" in labels(trained) and not re.search(r"MA\d{4}", labels(trained))
    assert "E = " not in labels(trained)  # of two motifs it would mean little
    trained.controls["known"].value = "jaspar"
    assert "X1" not in labels(trained) and "E = " in labels(trained)


def test_what_to_compare_with_needs_no_reset_and_a_reset_keeps_it(trained):
    trained.set(known="own")
    assert "Applies after Reset." not in trained.controls["known"].description
    data = trained.session.data.train
    trained.reset()
    assert trained.session.step == 0 and trained.session.data.train is data
    assert trained.session.known is own_collection(TEXT)
    trained.set(known="jaspar")
    assert trained.session.known is jaspar.collection("vertebrates")
    trained.start()


def test_other_labs_of_the_same_data_are_not_touched(trained):
    other = MotifLab(**QUICK, own=TEXT, motif="mine", known="own")
    assert other.session.data.train is trained.session.data.train
    assert other.session.known is not trained.session.known


def test_another_text_waits_for_the_reset_only_if_it_changes_what_is_planted(trained):
    trained.controls["own"].value = write_meme([MINE])
    assert "Applies after Reset." not in trained.controls["motif"].description
    few = Motif.from_sites(SITES[::-1][:4], "mine", "X1")
    trained.controls["own"].value = write_meme([few])
    assert "Applies after Reset." in trained.controls["motif"].description
    trained.controls["own"].value = TEXT
    assert "Applies after Reset." not in trained.controls["motif"].description


def test_many_own_motifs_have_e_values():
    rng = np.random.default_rng(1)
    many = [Motif(f"m{i}", rng.integers(1, 50, (8, 4)), f"Y{i}") for i in range(99)]
    lab = MotifLab(**QUICK, own=write_meme([MINE, *many]), motif="mine", known="own")
    lab.start()
    assert "mine</b> X1" in labels(lab) and "E = " in labels(lab)


def test_what_to_compare_with_is_a_choice_only_with_motifs_of_ones_own():
    lab = MotifLab(n=60, length=40)
    assert lab.controls["known"].layout.display == "none"
    lab.set(own=TEXT)
    assert lab.controls["known"].layout.display != "none"
    lab.set(known="own")
    lab.set(own="")
    assert lab.session.known is jaspar.collection("vertebrates")


@pytest.mark.parametrize("source", ["ctcf", "fasta"])
def test_real_data_are_compared_with_own_motifs_too(source, tmp_path):
    rng = np.random.default_rng(0)
    texts = ["".join(rng.choice(list("ACGT"), 60)) for _ in range(20)]
    (tmp_path / "mine.fa").write_text("".join(f">{i}\n{t}\n" for i, t in enumerate(texts)))
    lab = MotifLab(
        source=source, fasta=str(tmp_path / "mine.fa"), own=TEXT, known="own", filters=2, epochs=1
    )
    assert lab.session.known is own_collection(TEXT)
    assert not lab.state.needs_data(MotifLab.State(source=source, fasta=lab.state.fasta))


def test_the_grammar_lab_shows_no_box():
    lab = GrammarLab(n=60, epochs=1)
    assert not lab.controls["own"].shown and lab.controls["known"].layout.display == "none"
