"""Dependencies between positions, against scikit-learn, scipy and numbers worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy
from sklearn.metrics import mutual_info_score

from motiflab.datasets.published_sites import splice_sites
from motiflab.motifs.dependencies import (
    coupled_pairs,
    information_matrix,
    mutual_information,
    pair_table,
    total_correlation,
)
from motiflab.sequences import matrix

words = st.lists(st.text("ACGT", min_size=3, max_size=3), min_size=1, max_size=30)
SITES = ["ATG", "ATC", "CGG", "AAT"]


def test_a_table_counted_by_hand():
    table = pair_table(SITES, 0, 1)
    assert table[0].tolist() == [0.25, 0, 0, 0.5] and table[1].tolist() == [0, 0, 0.25, 0]
    np.testing.assert_array_equal(pair_table(SITES, 1, 0), table.T)


@given(words)
def test_counts_are_the_same_as_sites_listed_so_often(sites):
    counts = np.arange(1, len(sites) + 1)
    listed = [site for site, count in zip(sites, counts) for _ in range(count)]
    np.testing.assert_allclose(pair_table(sites, 0, 2, counts), pair_table(listed, 0, 2))
    assert total_correlation(sites, counts) == pytest.approx(total_correlation(listed), abs=1e-9)


@given(words)
def test_mutual_information_is_scikit_learns(sites):
    expected = mutual_info_score([s[0] for s in sites], [s[2] for s in sites]) / np.log(2)
    assert mutual_information(pair_table(sites, 0, 2)) == pytest.approx(expected, abs=1e-9)
    found = information_matrix(sites)
    assert found[0, 2] == pytest.approx(expected, abs=1e-9)
    np.testing.assert_allclose(found, found.T)
    assert np.isnan(found.diagonal()).all()


@given(words)
def test_total_correlation_is_the_entropies_of_scipy(sites):
    columns = [np.unique(list(column), return_counts=True)[1] for column in zip(*sites)]
    whole = np.unique(sites, return_counts=True)[1]
    expected = sum(entropy(c, base=2) for c in columns) - entropy(whole, base=2)
    assert total_correlation(sites) == pytest.approx(expected, abs=1e-9)


@given(words)
def test_of_two_positions_the_total_is_their_mutual_information(sites):
    pairs = [site[:2] for site in sites]
    expected = mutual_information(pair_table(pairs, 0, 1))
    assert total_correlation(pairs) == pytest.approx(expected, abs=1e-9)


@given(st.floats(0, 1))
def test_coupled_pairs_leave_every_base_as_frequent(strength):
    table = coupled_pairs(strength)
    np.testing.assert_allclose(table.sum(axis=0), 0.25)
    np.testing.assert_allclose(table.sum(axis=1), 0.25)
    assert (table >= 0).all()


def test_coupled_pairs_by_hand():
    # r = 0.5: (1 + 0.5 * 3) / 16 for AT, CG, GC and TA, (1 - 0.5) / 16 for the others.
    table = coupled_pairs(0.5)
    assert table[0, 3] == table[1, 2] == table[2, 1] == table[3, 0] == 2.5 / 16
    assert np.count_nonzero(table == 0.5 / 16) == 12
    assert mutual_information(coupled_pairs(1.0)) == 2.0


def test_splice_sites_depend_on_each_other_as_the_notebook_says():
    sites, counts = splice_sites()
    found = information_matrix(sites, counts)
    best = np.unravel_index(np.nanargmax(found), found.shape)
    assert best == (0, 1) and 0.055 < found[best] < 0.075  # the exon's -3 and -2
    assert 0.05 < found[6, 7] < 0.065  # +4 and +5
    assert 0.6 < total_correlation(sites, counts) < 0.75
    assert np.nanmax(found[3]) < 0.001  # +1 is always G, and tells nothing


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (
            lambda: pair_table(["AC", "A"], 0, 1),
            "sites must all have one length, got lengths from 1 to 2",
        ),
        (lambda: pair_table([], 0, 1), "sites must hold at least one sequence, got none"),
        (lambda: pair_table(["AN"], 0, 1), "sites must hold the letters ACGT alone, got an amb"),
        (lambda: pair_table(["AC"], 0, 2), "second must be a whole number from 0 to 1, got 2"),
        (lambda: pair_table(["AC"], -1, 1), "first must be a whole number from 0 to 1, got -1"),
        (lambda: pair_table(["AC"], 0, 1, [1, 2]), "each of the 1 sites"),
        (lambda: pair_table(["AC"], 0, 1, [0]), "number of 0 or more"),
        (lambda: mutual_information(np.eye(4)), "add up to 1, got the shape .* the sum 4"),
        (lambda: mutual_information([0.5, 0.5]), "4 by 4"),
        (lambda: coupled_pairs(1.5), "strength must be a number from 0 to 1, got 1.5"),
    ],
)
def test_bad_input_is_answered_with_one_sentence(call, complaint):
    with pytest.raises(ValueError, match=complaint):
        call()


def test_pairs_rounded_to_two_digits_are_probabilities():
    shares = np.full((4, 4), 0.056)
    shares[0, 0] = 1 - 15 * 0.056
    rounded = matrix.check_table(shares.round(2), "table")
    assert shares.round(2).sum() > 1.05
    assert rounded.sum() == pytest.approx(1, abs=1e-15)
    np.testing.assert_allclose(rounded, shares, atol=0.01)
    for total in (0.91, 1.09):
        with pytest.raises(ValueError, match="add up to 1"):
            matrix.check_table(np.full((4, 4), total / 16), "table")
