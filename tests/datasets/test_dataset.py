"""No sequence on one side of a split gives away one on the other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from motiflab.datasets.dataset import choose_held_out, generator
from motiflab.sequences.encoding import random_sequences, reverse_complement


def families(sequences, groups):
    """Related sequences, found by following links one by one."""
    left = set(range(len(sequences)))
    found = []
    while left:
        family, todo = set(), [min(left)]
        while todo:
            i = todo.pop()
            family.add(i)
            same = {sequences[i], reverse_complement(sequences[i])}
            todo += [j for j in left - family if sequences[j] in same or groups[j] == groups[i]]
        left -= family
        found.append(sorted(family))
    return found


# Few and short sequences, so that most have relatives.
rows = st.lists(
    st.tuples(st.text("ACGT", min_size=1, max_size=3), st.integers(0, 1), st.integers(0, 9)),
    min_size=2,
    max_size=25,
)
fractions = st.floats(0.05, 0.95)
seeds = st.integers(0, 2**32)


@given(rows, fractions, seeds)
def test_families_stay_together_and_both_sides_hold_both_classes(rows, fraction, seed):
    sequences, labels, groups = (list(column) for column in zip(*rows))
    labels = np.array(labels)
    known = families(sequences, groups)
    independent = [sum(any(labels[family] == label) for family in known) for label in (0, 1)]

    def choose():
        return choose_held_out(sequences, labels, np.array(groups), fraction, generator(seed))

    if min(independent) < 2:
        with pytest.raises(ValueError, match="at least 2 unrelated (positive|negative)"):
            choose()
        return
    held = choose()
    np.testing.assert_array_equal(held, choose())
    for family in known:
        assert len(set(held[family])) == 1
    assert set(labels[held]) == set(labels[~held]) == {0, 1}


@given(st.integers(2, 40), st.integers(2, 40), fractions, seeds)
def test_unrelated_sequences_are_held_out_to_the_nearest_number(n0, n1, fraction, seed):
    labels = np.repeat([0, 1], [n0, n1])
    sequences = random_sequences(n0 + n1, 30, None, np.random.default_rng(seed))
    held = choose_held_out(sequences, labels, np.arange(n0 + n1), fraction, generator(seed))
    for label, n in ((0, n0), (1, n1)):
        wanted = np.clip(fraction * n, 1, n - 1)
        assert abs(held[labels == label].sum() - wanted) <= 0.5 + 1e-9


@given(st.lists(st.integers(1, 8), min_size=2, max_size=20), fractions, seeds)
def test_pairs_in_families_miss_the_fraction_by_half_a_family_at_most(sizes, fraction, seed):
    groups = np.repeat(np.arange(len(sizes)), 2 * np.array(sizes))
    labels = np.arange(len(groups)) % 2
    target = fraction * sum(sizes)
    # Otherwise a whole family may be needed to have something on both sides.
    assume(max(sizes) <= target <= sum(sizes) - max(sizes))
    sequences = random_sequences(len(groups), 30, None, np.random.default_rng(seed))
    held = choose_held_out(sequences, labels, groups, fraction, generator(seed))
    assert abs(held.sum() / 2 - target) <= max(sizes) / 2 + 1e-9


def test_relatives_of_relatives_stay_together():
    # 0 and 1 are reverse complements, 1 and 2 one group, 2 and 3 equal.
    sequences = ["AAC", "GTT", "CCC", "CCC", "AGA", "TAT", "GCC", "TTA"]
    labels = np.array([1, 0, 0, 1, 1, 0, 1, 0])
    groups = np.array([0, 1, 1, 2, 3, 4, 5, 6])
    sides = set()
    for seed in range(20):
        held = choose_held_out(sequences, labels, groups, 0.5, generator(seed))
        assert len(set(held[:4])) == 1
        assert held.sum() == 4
        sides.add(bool(held[0]))
    assert sides == {True, False}


def test_every_sequence_is_held_out_about_as_often():
    sequences = random_sequences(40, 30, None, np.random.default_rng(0))
    labels = np.repeat([0, 1], 20)
    times = sum(
        choose_held_out(sequences, labels, np.arange(40), 0.3, generator(seed))
        for seed in range(400)
    )
    # 120 expected, standard deviation 9.2; five of them either way.
    assert times.min() > 74 and times.max() < 166


@pytest.mark.parametrize("fraction", [0, 1, -0.1, 2, np.nan, np.inf])
def test_the_fraction_must_leave_something_on_both_sides(fraction):
    with pytest.raises(ValueError, match="held_out must be a number above 0 and below 1"):
        choose_held_out(["A", "C"], np.array([0, 1]), np.arange(2), fraction, generator(0))


@pytest.mark.parametrize("seed", [-1, 1.5, "1", None, True])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises(ValueError, match="seed must be a whole number"):
        generator(seed)
