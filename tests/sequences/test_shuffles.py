"""Shuffles: their exact invariants, and their uniform distribution."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from motiflab.sequences.shuffles import shuffle_dinucleotides

seeds = st.integers(0, 2**32)
# Few letters make many repeated pairs; N and other codes are letters of their own.
texts = st.text("ACGT", max_size=40) | st.text("AC", max_size=20) | st.text("ACGTNR", max_size=40)


def pairs(sequence):
    return Counter(pairwise(sequence))


def walks(start, left):
    """All sequences that begin with `start` and use all remaining pairs."""
    if not left.total():
        yield start
    for first, second in list(left):
        if first == start[-1] and left[first, second]:
            yield from walks(start + second, left - Counter([(first, second)]))


@given(texts, seeds)
def test_dinucleotide_counts_and_both_ends_are_kept(sequence, seed):
    shuffled = shuffle_dinucleotides(sequence, np.random.default_rng(seed))
    assert pairs(shuffled) == pairs(sequence)
    assert Counter(shuffled) == Counter(sequence)
    assert (shuffled[:1], shuffled[-1:]) == (sequence[:1], sequence[-1:])


@pytest.mark.parametrize(
    "sequence",
    [
        "ACAGATACA",  # first letter = last letter
        "AACCAGCAATC",  # repeated pairs and pairs of one letter
        "TTGCATGACTG",
        "ACACAGCGATC",  # A leads to C twice, to G and T once: the tree must count that
    ],
)
def test_every_sequence_with_the_same_pairs_is_equally_likely(sequence):
    possible = set(walks(sequence[0], pairs(sequence)))
    assert len(possible) > 10
    rng = np.random.default_rng(0)
    seen = Counter(shuffle_dinucleotides(sequence, rng) for _ in range(150 * len(possible)))
    assert set(seen) == possible
    assert chisquare([seen[text] for text in sorted(possible)]).pvalue > 0.01


def test_a_shuffle_repeats_with_its_seed_cleans_and_refuses():
    shuffle = shuffle_dinucleotides
    sequence = "gattacaGATTACAugcaugcaGGTTCCAANNACGT"
    first = shuffle(sequence, np.random.default_rng(3))
    assert first == shuffle(sequence, np.random.default_rng(3))
    assert first != shuffle(sequence, np.random.default_rng(4))
    assert set(first) == set("ACGTN")
    with pytest.raises(ValueError, match="'-' at position 2"):
        shuffle("AC-GT", np.random.default_rng(0))
    assert shuffle("", np.random.default_rng(0)) == ""


def test_a_rare_way_out_does_not_stop_the_walk():
    # Thousands of steps between A and C, and one edge that leaves them.
    sequence = "AC" * 5000 + "A" * 5000 + "GT"
    shuffled = shuffle_dinucleotides(sequence, np.random.default_rng(0))
    assert pairs(shuffled) == pairs(sequence)
    assert shuffled != sequence
