"""Sequences as text and numbers, against Biopython and by laws."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
import torch
from Bio.Seq import reverse_complement as biopython_reverse_complement
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from motiflab.motifs.motif import check_probabilities
from motiflab.sequences import alphabet, encoding, matrix
from motiflab.sequences.alphabet import DNA
from motiflab.sequences.encoding import (
    distances,
    encode,
    integer_codes,
    one_hot,
    padding_mask,
    word_filter,
)

LETTERS = "ACGTRYSWKMBDHVN"
dna = st.text("ACGT", max_size=30)
iupac = st.text(LETTERS, max_size=30)
orders = st.permutations("ACGT").map("".join)
channel_orders = st.sampled_from(["first", "last"])


def test_clean_takes_lower_case_and_u():
    assert alphabet.clean("acgUuN") == "ACGTTN"


@pytest.mark.parametrize("character", ["-", "X", " ", "\n", "1", "ß", "ı", "ſ", "é", "\0"])
def test_another_character_is_named_with_sequence_and_position(character):
    message = f"^peak 7 .* {re.escape(repr(character))} at position 3 "
    with pytest.raises(ValueError, match=message):
        alphabet.clean("ACG" + character, name="peak 7")
    with pytest.raises(ValueError, match=r"^sequences\[2\] .* position 1 "):
        encoding.encode(["AC", "", "G" + character])
    with pytest.raises(ValueError, match=r"^sequences\[1\] .* position 0 "):
        encoding.encode(["AC", character])


def test_amino_acids_are_recognised():
    with pytest.raises(ValueError, match="'E' at position 4 .*looks like a protein"):
        alphabet.clean("MKVSELLPG*")
    with pytest.raises(ValueError, match=r"'1' at position 4 \(counted from 0\)\.$"):
        alphabet.clean("ACGT1")


@pytest.mark.parametrize("wrong", [None, 3, b"ACG"])
def test_a_sequence_must_be_text(wrong):
    with pytest.raises(ValueError, match=f"must be text .*{type(wrong).__name__}"):
        alphabet.clean(wrong)
    with pytest.raises(ValueError, match=r"^sequences\[1\] must be text") as error:
        encoding.encode(["A", wrong])
    assert error.value.argument == "sequences"


@pytest.mark.parametrize("code", LETTERS)
def test_each_code_is_equal_shares_of_its_bases(code):
    bases = DNA.stands_for[code]
    expected = [1 / len(bases) if base in bases else 0 for base in "ACGT"]
    assert encoding.one_hot(code)[0] == pytest.approx(expected)
    assert encoding.one_hot(code.lower())[0] == pytest.approx(expected)


def test_one_hot_by_hand_in_another_order():
    assert encoding.one_hot("AU", order="TGCA").tolist() == [[0, 0, 0, 1], [1, 0, 0, 0]]
    assert encoding.one_hot("AU", "TGCA", "first").tolist() == [[0, 1], [0, 0], [0, 0], [1, 0]]
    assert encoding.one_hot("").shape == (0, 4)
    assert encoding.one_hot("A").dtype == np.float32


@given(iupac, orders, channel_orders)
def test_decode_inverts_one_hot(sequence, order, channels):
    matrix = encoding.one_hot(sequence, order, channels)
    assert matrix.flags.c_contiguous
    assert encoding.decode(matrix, order, channels) == sequence


@given(st.lists(iupac, min_size=1, max_size=6), orders, channel_orders)
def test_a_batch_holds_each_sequence_then_zeros(texts, order, channels):
    batch = encoding.encode(texts, order, channels)
    longest = max(map(len, texts))
    assert batch.x.dtype == np.float32 and batch.x.flags.c_contiguous
    assert batch.x.shape == (
        (len(texts), 4, longest) if channels == "first" else (len(texts), longest, 4)
    )
    assert batch.lengths.dtype == np.int64
    assert batch.lengths.tolist() == [len(text) for text in texts]
    for text, x in zip(texts, batch.x):
        positions_first = x.T if channels == "first" else x
        alone = encoding.one_hot(text, order)
        np.testing.assert_array_equal(positions_first[: len(text)], alone)
        assert not positions_first[len(text) :].any()
        assert encoding.decode(x, order, channels) == text


@pytest.mark.parametrize(
    "matrix", [[[1, 0, 0, 0.5]], [[0, 0, 0, 0], [1, 0, 0, 0]], [[0.7, 0.3, 0, 0]], [[2, 0, 0, 0]]]
)
def test_decode_refuses_what_is_no_code(matrix):
    with pytest.raises(ValueError, match="equal shares .* at position 0"):
        encoding.decode(matrix)


@pytest.mark.parametrize("matrix", [np.zeros((4, 5)), np.zeros(4), np.zeros((2, 3, 4))])
def test_decode_refuses_another_shape(matrix):
    with pytest.raises(ValueError, match="matrix must have shape"):
        encoding.decode(matrix)


@pytest.mark.parametrize("order", ["ACG", "ACGU", "ACGTA", "acgt", "AACG", ""])
def test_order_must_be_a_permutation(order):
    with pytest.raises(ValueError, match="order must hold"):
        encoding.one_hot("A", order=order)


def test_channels_must_be_first_or_last():
    for call in (encoding.encode, encoding.decode):
        with pytest.raises(ValueError, match="channels must be"):
            call(["A"], channels="middle")


def test_encode_needs_a_list_with_something_in_it():
    with pytest.raises(ValueError, match="at least one"):
        encoding.encode([])
    with pytest.raises(ValueError, match="one string"):
        encoding.encode("ACGT")


@given(iupac)
def test_reverse_complement_agrees_with_biopython(sequence):
    assert encoding.reverse_complement(sequence) == biopython_reverse_complement(sequence)
    assert encoding.reverse_complement(sequence.lower()) == biopython_reverse_complement(sequence)


@given(iupac)
def test_reverse_complement_of_numbers_is_that_of_the_text(sequence):
    x = encoding.one_hot(sequence, channels="first")
    other = encoding.one_hot(encoding.reverse_complement(sequence), channels="first")
    np.testing.assert_array_equal(encoding.reverse_complement_one_hot(x), other)
    np.testing.assert_array_equal(encoding.reverse_complement_one_hot(x[None])[0], other)


def test_reverse_complement_of_numbers_is_a_copy_with_channels_first():
    x = encoding.one_hot("AC", channels="first")
    encoding.reverse_complement_one_hot(x)[:] = 9
    assert x.max() == 1
    with pytest.raises(ValueError, match=r"\(\.\.\., 4, L\)"):
        encoding.reverse_complement_one_hot(np.zeros((5, 3)))


def test_background_counts_shares():
    assert encoding.background(["AACG", "n"]) == pytest.approx([0.45, 0.25, 0.25, 0.05])
    assert encoding.background(["AA"], pseudocount=1) == pytest.approx(np.array([3, 1, 1, 1]) / 6)
    with pytest.raises(ValueError, match="at least one base"):
        encoding.background([""])
    for wrong in (-1, np.nan, np.inf):
        with pytest.raises(ValueError, match="pseudocount"):
            encoding.background(["A"], pseudocount=wrong)


def test_gc_background():
    assert encoding.gc_background(0.4) == pytest.approx([0.3, 0.2, 0.2, 0.3])
    for wrong in (0, 1, -0.1, 1.1, np.nan):
        with pytest.raises(ValueError, match="gc must be a number above 0 and below 1, got"):
            encoding.gc_background(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        [0.5, 0.5], [0.25] * 5, [1, 0, 0, 0], [0.5, 0.5, 0.5, -0.5], [0.3] * 4, "ACGT",
        [np.nan] * 4, [np.inf] * 4, 0.25, [[0.25] * 4], object(), [[1], [1, 2]],
    ],
)  # fmt: skip
def test_a_background_is_four_positive_frequencies(wrong):
    message = (
        "^background must (be four positive frequencies|hold numbers, in rows of equal length)"
    )
    with pytest.raises(ValueError, match=message):
        matrix.check_background(wrong)


def test_a_valid_background_is_a_new_array_that_sums_to_one():
    given_array = np.array([0.1, 0.2, 0.3, 0.4 + 5e-7])
    checked = matrix.check_background(given_array)
    assert checked.sum() == pytest.approx(1, abs=1e-15)
    checked[:] = 0
    assert given_array[0] == 0.1


@given(st.lists(st.integers(1, 10_000), min_size=4, max_size=4).map(np.array))
def test_shares_rounded_to_two_digits_still_sum_to_one(counts):
    rounded = (counts / counts.sum()).round(2)
    assert matrix.sums_to_one(rounded)
    assert check_probabilities([rounded]).sum() == pytest.approx(1)
    if (rounded > 0).all():
        assert matrix.check_background(rounded).sum() == pytest.approx(1)


def test_what_rounding_does_not_explain_is_no_sum_of_one():
    for row in ([0.33, 0.33, 0.33, 0], [0.17, 0.17, 0.17, 0.5], [0.24, 0.24, 0.24, 0.26]):
        assert matrix.sums_to_one(np.array(row))
        assert matrix.sums_to_one(np.array(row, dtype=np.float32))
    for row in ([0.3, 0.2, 0.2, 0.2], [0.25, 0.25, 0.25, 0.28], [0.25, 0.25, 0.25, 0.22]):
        with pytest.raises(ValueError, match="that sum to 1"):
            matrix.check_background(row)
        with pytest.raises(ValueError, match="must have rows that sum to 1, got .* in row 0"):
            check_probabilities([row])


def test_random_sequences_follow_the_background_and_the_seed():
    q = [0.1, 0.2, 0.3, 0.4]
    drawn = encoding.random_sequences(200, 100, q, np.random.default_rng(5))
    assert drawn == encoding.random_sequences(200, 100, q, np.random.default_rng(5))
    assert {len(sequence) for sequence in drawn} == {100}
    # Standard error at most sqrt(.25 / 20,000) = 0.0035.
    assert encoding.background(drawn) == pytest.approx(q, abs=0.015)
    assert encoding.random_sequences(2, 0, None, np.random.default_rng(0)) == ["", ""]
    for n, length in [(-1, 5), (5, -1)]:
        with pytest.raises(ValueError, match="must be a whole number of at least 0, got -1"):
            encoding.random_sequences(n, length, None, np.random.default_rng(0))


dna_of_encodings = st.text("ACGT", min_size=1, max_size=12)


@given(dna_of_encodings, orders)
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


@given(st.lists(dna_of_encodings, min_size=1, max_size=5))
def test_the_mask_is_where_the_batch_holds_a_base(sequences):
    batch = encode(sequences)
    np.testing.assert_array_equal(padding_mask(batch.lengths), batch.x.sum(axis=1) == 1)


@given(dna_of_encodings, dna_of_encodings)
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


def test_a_letter_without_a_chance_is_never_drawn():
    class Highest:
        def random(self, shape):
            return np.full(shape, np.nextafter(1, 0))

    # The running sum of the first three is 1 - 1.1e-16, below which the draw does not lie.
    drawn = encoding.draw_letters(np.array([0.7, 0.2, 0.1, 0.0]), (2, 3), Highest())
    assert encoding.written_out(drawn) == ["GGG", "GGG"]


@pytest.mark.parametrize(
    ("sequences", "message"),
    [
        ("ACGT", "x must be a list of sequences, got one string"),
        ([], "x must hold at least one sequence, got none"),
        (["AC", "ACG"], "x must all have one length, got lengths from 2 to 3"),
        (["A", ""], "x must not be empty"),
        (["ACG", "AXG"], r"x\[1\] must hold only nucleotide codes .* got 'X' at position 1"),
        (["AN"], "x must hold the letters ACGT alone, got an ambiguity code"),
    ],
)
def test_sequences_that_are_not_aligned_are_named(sequences, message):
    with pytest.raises(ValueError, match=message) as error:
        encoding.encode_aligned("x", sequences)
    assert error.value.argument == "x"
    assert encoding.encode_aligned("x", ["AN"], codes=True)[0, 1].tolist() == [0.25] * 4
