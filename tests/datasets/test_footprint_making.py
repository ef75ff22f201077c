"""Simulated reads: the formulas by hand, symmetry, and the distributions against scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats
from Bio.Seq import Seq

from motiflab.datasets import footprints, occupancies, proteins, read_rates, scattered
from motiflab.datasets.footprint_making import BACKGROUND, HELP, NEAR, REACH, READS

MADE = footprints(800, seed=2)


def score(motif, word: str) -> float:
    """Log-odds of a word, letter by letter."""
    return sum(row["ACGT".index(base)] for row, base in zip(motif.log_odds(), word))


def test_occupancies_follow_their_formulas_by_hand():
    """Only one site of each protein has a chance in this sequence, 30 bases apart."""
    a, b = proteins()["A"], proteins()["B"]
    word_a, word_b = a.motif.consensus(), b.motif.consensus()
    text = list("ACACACACAC" * 12)
    start_b, start_a = 40 - b.motif.width // 2, 70 - a.motif.width // 2
    text[start_b : start_b + b.motif.width] = word_b
    text[start_a : start_a + a.motif.width] = word_a
    text = "".join(text)
    found = occupancies([text, str(Seq(text).reverse_complement())])
    occ_b = 1 / (1 + math.exp(b.half - score(b.motif, word_b)))
    helped = HELP * occ_b * math.exp(-(30**2) / (2 * NEAR**2))
    occ_a = 1 / (1 + math.exp(a.half - score(a.motif, word_a) - helped))
    assert found["B"][0, 0, 40] == pytest.approx(occ_b)
    assert found["A"][0, 0, 70] == pytest.approx(occ_a, rel=1e-3)
    for name in "AB":  # the other strand, read from its own end
        np.testing.assert_allclose(found[name][1], found[name][0, ::-1, ::-1], atol=1e-12)


def test_rates_are_the_background_and_a_footprint_for_each_site():
    bound = {name: np.zeros((1, 2, 150)) for name in "AB"}
    bound["A"][0, 0, 60] = 0.5
    bound["B"][0, 1, 100] = 1.0
    rates = read_rates(bound)[0]
    wanted = np.full(150, BACKGROUND / 150)
    wanted[60 - REACH : 61 + REACH] += 0.5 * READS * proteins()["A"].footprint
    wanted[100 - REACH : 101 + REACH] += READS * proteins()["B"].footprint[::-1]
    np.testing.assert_allclose(rates, wanted)
    d = np.arange(-REACH, REACH + 1)
    for name, peaks in {
        "A": ((-6, 0.8, 0.7), (9, 0.8, 0.3)),
        "B": ((-11, 4, 0.4), (11, 4, 0.6)),
    }.items():
        shape = sum(share * scipy.stats.norm.pdf(d, at, wide) for at, wide, share in peaks)
        np.testing.assert_allclose(proteins()[name].footprint, shape / shape.sum())


def test_reads_are_poisson_and_scattered_reads_keep_only_their_totals():
    reads, rates = MADE.data.labels, MADE.rates
    assert np.array_equal(rates, read_rates(occupancies(MADE.data.sequences)))
    chi = ((reads - rates) ** 2 / rates).sum()
    assert scipy.stats.norm.sf(abs(chi - reads.size) / math.sqrt(3 * reads.size)) > 1e-3
    apart = scattered(MADE.data, seed=1)
    assert np.array_equal(apart.labels.sum(axis=1), reads.sum(axis=1))
    assert scipy.stats.chisquare(apart.labels.sum(axis=0)).pvalue > 1e-3
    assert apart.sequences == MADE.data.sequences


def test_sites_are_planted_as_they_are_said_to_be():
    counts = [(MADE.kinds == kind).sum() for kind in ("none", "A", "B", "both")]
    expected = 800 * np.array([0.09, 0.21, 0.21, 0.49])
    assert scipy.stats.chisquare(counts, expected).pvalue > 1e-3
    middles = MADE.middles
    for name in "AB":
        held = np.isin(MADE.kinds, [name, "both"])
        assert np.array_equal(middles[name] >= 0, held)
    both = MADE.kinds == "both"
    apart = np.abs(middles["A"] - middles["B"])[both]
    assert apart.min() >= 12 and apart.max() <= 40
    strands = [site.strand for site in MADE.data.sites]
    assert scipy.stats.binomtest(strands.count("-"), len(strands)).pvalue > 1e-3
    for site in MADE.data.sites[:50]:
        word = MADE.data.sequences[site.sequence][site.start : site.end]
        word = word if site.strand == "+" else str(Seq(word).reverse_complement())
        assert score(MADE.data.motifs[site.motif], word) > 0


def test_a_is_bound_beside_b_and_seldom_alone():
    share = {}
    for kind in ("A", "both"):
        rows = np.flatnonzero(MADE.kinds == kind)
        share[kind] = MADE.bound["A"][rows, :, MADE.middles["A"][rows]].max(axis=1)
    near = np.abs(MADE.middles["A"] - MADE.middles["B"])[MADE.kinds == "both"] < 18
    assert share["A"].mean() < 0.15 and share["both"][near].mean() > 0.5
