"""Splits have no related sequences on both sides, and leaks are counted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from motiflab.datasets.dataset import Dataset, generator
from motiflab.datasets.sources import ctcf, tap73
from motiflab.datasets.splitting import (
    choose_held_out,
    chromosomes,
    count_leaks,
    join_groups,
    related,
)
from motiflab.sequences.alphabet import Alphabet
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


def shared_stretch(one, other, stretch):
    """Whether two sequences have a stretch in common on either strand, by trying every pair."""
    windows = [one[i : i + stretch] for i in range(len(one) - stretch + 1)]
    return any(window in other or reverse_complement(window) in other for window in windows)


def same_partition(first, second):
    """Whether two groupings put the same sequences together."""
    pairs = set(zip(first.tolist(), second.tolist()))
    return len(pairs) == len(set(first.tolist())) == len(set(second.tolist()))


texts = st.lists(st.text("ACGT", min_size=3, max_size=12), min_size=1, max_size=12)


@given(texts, st.integers(2, 6))
def test_related_are_the_components_of_the_graph_of_common_stretches(sequences, stretch):
    edges = [[shared_stretch(a, b, stretch) for b in sequences] for a in sequences]
    _, expected = connected_components(coo_array(np.array(edges)), directed=False)
    assert same_partition(related(sequences, stretch), expected)


@given(texts, texts, st.integers(2, 6))
def test_leaks_are_counted_as_by_trying_every_pair(train, test, stretch):
    found = count_leaks(train, test, stretch)
    assert found.copies == sum(one in train for one in test)
    assert found.complements == sum(reverse_complement(one) in train for one in test)
    assert found.stretches == sum(
        any(shared_stretch(one, other, stretch) for other in train) for one in test
    )


def test_without_complements_only_the_sequences_as_written_leak():
    letters = Alphabet("ACGT", paired=False)
    assert count_leaks(["AACCC"], ["GGGTT"], 4) == (0, 1, 1)
    assert count_leaks(["AACCC"], ["GGGTT", "TAACC"], 4, letters) == (0, 0, 1)
    assert len(set(related(["AACCC", "GGGTT"], 4, letters))) == 2


def test_stretches_with_unknown_letters_are_no_relatives():
    assert count_leaks(["NNNNNACG"], ["TNNNNN"], 4) == (0, 0, 0)
    assert count_leaks(["NNACGTT"], ["ACGTTNN"], 5).stretches == 1


@pytest.mark.parametrize("function", [related, lambda s, k: count_leaks(s, s, k)])
def test_a_stretch_is_a_whole_number(function):
    with pytest.raises(ValueError, match="stretch must be a whole number of at least 1, got 0"):
        function(["ACGT"], 0)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=12))
def test_joined_groups_are_the_components_of_both(rows):
    first, second = np.array(rows).T
    edges = (first[:, None] == first) | (second[:, None] == second)
    _, expected = connected_components(coo_array(edges), directed=False)
    assert same_partition(join_groups(first, second), expected)


def test_groupings_have_one_number_for_each_sequence():
    with pytest.raises(ValueError, match="all groupings must have one number for each sequence"):
        join_groups(np.arange(3), np.arange(4))


def test_names_say_the_chromosome():
    names = ["chr10:5-9", "chr1:5-9 677", "chrX:1-2 (shuffle 1)", "chr1:7-8"]
    assert same_partition(chromosomes(names), np.array([0, 1, 2, 1]))
    names = ["HLA-A*01:01:5-9(-)", "HLA-A*01:02:5-9", "HLA-A*01:01:7-9 (shuffle: 1)"]
    assert same_partition(chromosomes(names), np.array([0, 1, 0]))
    with pytest.raises(ValueError, match="begin with a chromosome and a place, .*got 'peak 1'"):
        chromosomes(["chr1:1-2", "peak 1"])


@pytest.mark.parametrize("source", [ctcf, tap73])
def test_a_split_by_place_shares_no_chromosome_and_no_peak_with_its_shuffle(source):
    data = source()
    train, test = data.split(0.3, together=chromosomes(data.names))
    sides = [{name.split(":")[0] for name in side.names} for side in (train, test)]
    assert not sides[0] & sides[1] and len(sides[1]) >= 2
    assert 0.25 < len(test) / len(data) < 0.35
    assert not {n.split(" (")[0] for n in train.names} & {n.split(" (")[0] for n in test.names}


def test_together_leaves_the_own_groups_in_force_and_ends_all_leaks():
    data = Dataset.of(
        ["AACCGGTT" + "AC" * i + "G" * i for i in range(6)] + ["TTTTTTTTCA", "CATCATCATG"],
        labels=[1, 0, 1, 0, 1, 0, 1, 0],
        names=list("abcdefgh"),
        groups=np.array([0, 1, 2, 3, 4, 5, 6, 6]),
    )
    for seed in range(10):
        train, test = data.split(0.4, seed, together=[0, 1, 2, 3, 4, 4, 5, 6])
        assert ("g" in train.names) == ("h" in train.names)
        assert ("e" in train.names) == ("f" in train.names)
    peaks = ctcf()
    train, test = peaks.split(0.3, together=related(peaks.sequences))
    assert count_leaks(train.sequences, test.sequences) == (0, 0, 0)
    assert count_leaks(*(side.sequences for side in peaks.split(0.3))).stretches > 0
