"""Sequences with any of several motifs: the sites, the labels and their shares."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scipy import stats

from motiflab.datasets import SHARES, several_motifs
from motiflab.motifs import Motif, jaspar
from motiflab.sequences import reverse_complement

EXACT = [Motif.from_sites([text] * 10**6, text) for text in ("TGACGTCA", "CCATATTAGG", "GATAAC")]


@pytest.fixture(scope="module")
def data():
    return several_motifs(EXACT, n=3000, length=90, seed=3)


def test_each_site_is_written_where_it_says_and_no_two_overlap(data):
    by_row: dict[int, list] = {}
    for site in data.sites:
        text = data.sequences[site.sequence][site.start : site.end]
        word = EXACT[site.motif].name
        assert text == (word if site.strand == "+" else reverse_complement(word))
        by_row.setdefault(site.sequence, []).append(site)
    assert len(by_row) == 3000
    for sites in by_row.values():
        assert sites[0].start >= 0 and sites[-1].end <= 90
        assert all(a.end <= b.start for a, b in zip(sites, sites[1:]))


def test_a_label_says_whether_the_motif_is_there_on_either_strand(data):
    expected = np.zeros((3000, 3), dtype=int)
    for site in data.sites:
        expected[site.sequence, site.motif] = 1
    assert np.array_equal(data.labels, expected)
    # Some sequences hold a motif twice, which their labels do not show.
    assert len(data.sites) > data.labels.sum()


def test_numbers_motifs_and_strands_have_their_shares(data):
    counts = Counter(Counter(site.sequence for site in data.sites).values())
    seen = [counts[c] for c in range(1, 6)]
    assert stats.chisquare(seen, 3000 * np.array(SHARES)).pvalue > 1e-3
    for name, kinds in (("motif", 3), ("strand", 2)):
        seen = list(Counter(getattr(site, name) for site in data.sites).values())
        assert len(seen) == kinds and stats.chisquare(seen).pvalue > 1e-3


def test_one_site_is_equally_likely_at_every_place():
    data = several_motifs([EXACT[2]], n=4000, length=15, shares=[1.0], seed=1)
    starts = np.bincount([site.start for site in data.sites])
    assert len(starts) == 10 and stats.chisquare(starts).pvalue > 1e-3


def test_two_sites_are_placed_in_every_way_equally_often():
    data = several_motifs([EXACT[2]], n=4000, length=15, shares=[0.0, 1.0], seed=1)
    pairs = Counter()
    for one, two in zip(data.sites[::2], data.sites[1::2]):
        assert one.sequence == two.sequence
        pairs[one.start, two.start] += 1
    # Three free bases before, between and after: 5 choose 2 ways.
    assert len(pairs) == 10 and stats.chisquare(list(pairs.values())).pvalue > 1e-3


def test_sites_are_drawn_from_the_matrix_on_their_strand():
    srf = jaspar.load("MA0083.3")
    data = several_motifs([srf], n=3000, length=60, shares=[1.0], seed=2)
    read = [data.sequences[s.sequence][s.start : s.end] for s in data.sites]
    read = [r if s.strand == "+" else reverse_complement(r) for r, s in zip(read, data.sites)]
    seen = np.array([[column.count(base) for base in "ACGT"] for column in zip(*read)]) / 3000
    expected = srf.counts / srf.counts.sum(axis=1, keepdims=True)
    assert np.abs(seen - expected).max() < 0.04


def test_the_same_seed_repeats_and_bad_values_are_named(data):
    again = several_motifs(EXACT, n=3000, length=90, seed=3)
    assert again.sequences == data.sequences
    assert several_motifs(EXACT, n=30, length=90, seed=4).sequences != data.sequences[:30]
    for change, said in (
        ({"motifs": []}, "^motifs must hold at least one motif"),
        ({"shares": [0.5, 0.4]}, "^shares must hold shares that sum to 1"),
        ({"length": 49}, "^length must be at least 50 for all sites to fit"),
        ({"n": 0}, "^n must be"),
    ):
        with pytest.raises(ValueError, match=said):
            several_motifs(**{"motifs": EXACT, "length": 90, **change})
