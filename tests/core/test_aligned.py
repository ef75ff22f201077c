"""Aligned windows: equal bases at each position, one dependency, an exact optimum."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.stats import chi2_contingency, chisquare

from motiflab.aligned import coupled_windows, splice_windows
from motiflab.dependencies import mutual_information, pair_table
from motiflab.examples import splice_sites
from motiflab.metrics import roc


def halves(data):
    half = len(data) // 2
    assert data.labels.tolist() == [1] * half + [0] * half
    return data.sequences[:half], data.sequences[half:]


def counts(sequences, position):
    column = [sequence[position] for sequence in sequences]
    return [column.count(base) for base in "ACGT"]


def test_coupled_windows_have_even_bases_everywhere_in_both_classes():
    for sequences in halves(coupled_windows(8000, 0.8, seed=3)):
        for position in range(8):
            assert chisquare(counts(sequences, position)).pvalue > 1e-4


def test_only_the_two_middle_bases_of_positives_pair():
    positives, negatives = halves(coupled_windows(8000, 0.8, seed=3))
    # Of a strength of 0.8: 4 pairs of (1 + 2.4) / 16 and 12 of 0.2 / 16, by Shannon's formula.
    expected = 4 * 0.2125 * np.log2(0.2125 * 16) + 12 * 0.0125 * np.log2(0.0125 * 16)
    assert mutual_information(pair_table(positives, 3, 4)) == pytest.approx(expected, abs=0.06)
    assert mutual_information(pair_table(negatives, 3, 4)) < 0.006
    for i, j in [(0, 3), (2, 3), (4, 5), (6, 7)]:
        assert mutual_information(pair_table(positives, i, j)) < 0.006


def test_the_optimum_of_coupled_windows_by_hand():
    data = coupled_windows(200, 0.5, width=2, seed=1)
    expected = {"AT": 2.5, "CG": 2.5, "GC": 2.5, "TA": 2.5}
    for sequence, score in zip(data.sequences, data.optimum):
        assert score == pytest.approx(np.log(expected.get(sequence, 0.5)))


def test_the_optimum_has_the_auroc_that_the_populations_have():
    words = list(product(range(4), repeat=2))
    p = np.array([(1 + 0.8 * (4 * (a + b == 3) - 1)) / 16 for a, b in words])
    above = p[:, None] / p > 1.000001, np.isclose(p[:, None] / p, 1)
    exact = ((above[0] + 0.5 * above[1]) * p[:, None] / 16).sum()
    data = coupled_windows(40_000, 0.8, width=2, seed=5)
    assert roc(data.labels, data.optimum).area == pytest.approx(exact, abs=0.008)


def test_splice_windows_have_the_same_bases_in_both_classes():
    for position in range(9):
        table = np.array([counts(half, position) for half in halves(splice_windows(20_000))])
        table = table[:, table.sum(axis=0) > 0]
        assert table.shape[1] == 1 or chi2_contingency(table).pvalue > 1e-4


def test_splice_positives_are_sites_as_often_as_they_occur():
    sites, times = splice_sites()
    positives, negatives = halves(splice_windows(20_000, seed=2))
    assert set(positives) <= set(sites)
    most = sites[int(times.argmax())]
    share = times.max() / times.sum()
    assert positives.count(most) / 10_000 == pytest.approx(share, rel=0.2)
    assert mutual_information(pair_table(positives, 6, 7)) > 0.04
    assert mutual_information(pair_table(negatives, 6, 7)) < 0.004


def test_the_optimum_of_splice_windows_from_the_counts_themselves():
    sites, times = splice_sites()
    total = times.sum()
    columns = [dict.fromkeys("ACGT", 0) for _ in range(9)]
    for site, count in zip(sites, times):
        for column, base in zip(columns, site):
            column[base] += count
    known = dict(zip(sites, times))
    data = splice_windows(2000, seed=4)
    for sequence, score in zip(data.sequences, data.optimum):
        if sequence in known:
            independent = np.prod([c[b] / total for c, b in zip(columns, sequence)])
            assert score == pytest.approx(np.log(known[sequence] / total / independent))
        else:
            assert score == -100 < min(data.optimum[:1000])
    assert roc(data.labels, data.optimum).area == pytest.approx(0.743, abs=0.03)


@pytest.mark.parametrize("make", [splice_windows, lambda n, seed: coupled_windows(n, 0.5, 8, seed)])
def test_a_seed_gives_the_same_windows_again(make):
    assert make(20, 7).sequences == make(20, 7).sequences != make(20, 8).sequences


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (lambda: splice_windows(3), "n must be an even number of at least 2, got 3"),
        (lambda: coupled_windows(0, 0.5), "n must be an even number of at least 2, got 0"),
        (lambda: coupled_windows(2, 0.5, width=1), "width must be at least 2, got 1"),
        (lambda: coupled_windows(2, -0.1), "strength must lie from 0 to 1"),
        (lambda: splice_windows(2, seed=-1), "seed"),
    ],
)
def test_bad_input_is_answered_with_one_sentence(call, complaint):
    with pytest.raises(ValueError, match=complaint):
        call()
