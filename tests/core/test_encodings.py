"""Encodings against scipy, torch and cases worked by hand."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from motiflab.encodings import distances, integer_codes, padding_mask, word_filter
from motiflab.sequences import encode, one_hot

dna = st.text("ACGT", min_size=1, max_size=12)
orders = st.permutations("ACGT").map("".join)


@given(dna, orders)
def test_one_hot_is_torchs_one_hot_of_the_integers(sequence, order):
    codes = integer_codes(sequence, order)
    assert codes[:, 0].tolist() == [order.index(base) for base in sequence]
    expected = torch.nn.functional.one_hot(torch.tensor(codes[:, 0]).long(), 4)
    np.testing.assert_array_equal(one_hot(sequence, order), expected.numpy())


@given(st.integers(1, 6).flatmap(lambda n: st.lists(
    st.lists(st.floats(-9, 9), min_size=n, max_size=n), min_size=1, max_size=6)))  # fmt: skip
def test_distances_are_those_of_scipy(vectors):
    np.testing.assert_allclose(distances(vectors), cdist(vectors, vectors), atol=1e-9)


@pytest.mark.parametrize("order", ["".join(p) for p in itertools.permutations("ACGT")])
def test_one_hot_is_equidistant_in_every_order_and_integers_in_none(order):
    equal = distances(one_hot("ACGT", order))
    np.testing.assert_allclose(equal, np.sqrt(2) * (1 - np.eye(4)))
    between = distances(integer_codes("ACGT", order))
    assert sorted(between[np.triu_indices(4, 1)]) == [1, 1, 1, 2, 2, 3]
    ends = between["ACGT".index(order[0]), "ACGT".index(order[3])]
    assert ends == 3


@given(st.lists(dna, min_size=1, max_size=5))
def test_the_mask_is_where_the_batch_holds_a_base(sequences):
    batch = encode(sequences)
    np.testing.assert_array_equal(padding_mask(batch.lengths), batch.x.sum(axis=1) == 1)


@given(dna, dna)
def test_the_filter_of_a_word_counts_matches_less_mismatches(word, text):
    text = (text * 12)[: len(word)]
    same = sum(a == b for a, b in zip(word, text))
    score = (word_filter(word) * one_hot(text)).sum()
    assert score == same - (len(word) - same)


def test_an_unknown_base_scores_the_mean_and_a_zero_column_nothing():
    column = word_filter("A")[0]
    assert column @ one_hot("N")[0] == column.mean() == -0.5
    assert column @ np.zeros(4) == 0


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: integer_codes("ACNT"), "only A, C, G and T .* got 'N' at position 2"),
        (lambda: integer_codes("ACT", "ACGG"), "order must hold each of A, C, G, T once"),
        (lambda: distances([1, 2]), r"shape \(n, channels\), got \(2,\)"),
        (lambda: padding_mask([]), "lengths must be one or more"),
        (lambda: padding_mask([3, -1]), "lengths must be one or more numbers of at least 0"),
        (lambda: word_filter(""), "word must have at least one letter"),
        (lambda: word_filter("AX"), "nucleotide codes"),
    ],
)
def test_bad_input_is_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
