"""The encoding explorer against torch and cases worked by hand."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
import torch
from every import areas
from hypothesis import given
from hypothesis import strategies as st

from motiflab.explorers.encoding_explorer import (
    EncodingExplorer,
    EncodingState,
    compute,
    describe,
    draw,
)

orders = st.permutations("ACGT").map("".join)
batches = st.lists(st.text("ACGT", min_size=1, max_size=8), min_size=1, max_size=4)


def by_torch(sequences, order):
    """Return the batch (N, L, 4) that torch makes."""
    longest = max(map(len, sequences))
    rows = []
    for sequence in sequences:
        codes = torch.tensor([order.index(base) for base in sequence])
        rows.append(torch.nn.functional.one_hot(codes, 4).float())
    padded = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
    assert padded.shape == (len(sequences), longest, 4)
    return padded


@given(batches, orders)
def test_each_layout_is_that_of_torch(sequences, order):
    last, typed = by_torch(sequences, order), " ".join(sequences)
    expected = {
        "last": last,
        "first": last.transpose(1, 2),
        "reshaped": last.reshape(len(sequences), 4, -1),
    }
    for layout, x in expected.items():
        result = compute(EncodingState(sequences=typed, order=order, layout=layout))
        np.testing.assert_array_equal(result.x, x.numpy())
    np.testing.assert_array_equal(result.mask, last.sum(2).numpy() == 1)
    kept = (expected["reshaped"] == expected["first"]).all(dim=1).sum().item()
    assert result.whole == kept


def test_four_letters_that_survive_the_reshape_are_those_that_are_their_own_transpose():
    survive = set()
    for letters in map("".join, itertools.product("ACGT", repeat=4)):
        result = compute(EncodingState(sequences=letters, layout="reshaped"))
        if result.whole == 4:
            survive.add(letters)
    # The matrix must be symmetric: a permutation that undoes itself, of which there are ten.
    assert len(survive) == 10 and "ACGT" in survive and "CAGT" in survive


def test_an_unknown_base_is_four_quarters_and_padding_four_zeros():
    result = compute(EncodingState(sequences="AN AAA"))
    assert result.x[0].T.tolist() == [[1, 0, 0, 0], [0.25] * 4, [0] * 4]
    assert result.mask[0].tolist() == [True, True, False]


def test_the_readout_tells_the_numbers():
    text = re.sub("<[^>]*>", "", describe(compute(EncodingState())))
    assert "x[n, c, i] = 1 if" in text and "Shape 3 × 4 × 7" in text
    assert "Lengths 7, 5, 3, so 6 of 21 positions are padding" in text
    assert "√2 ≈ 1.414 apart" in text and "1 to 3 as integers: A and T" in text
    last = describe(compute(EncodingState(layout="last", order="TGCA")))
    assert "x[n, i, c] = 1 if" in last and "Shape 3 × 7 × 4" in last and "T and A look" in last
    wrong = re.sub("<[^>]*>", "", describe(compute(EncodingState(layout="reshaped"))))
    assert re.search(r"\d+ of 21 positions no longer hold their base", wrong)


def test_the_numbers_of_the_pictures_are_those_of_the_batch():
    result = compute(EncodingState(sequences="GAT", order="GATC"))
    svg = draw(result, "u")["matrices"]
    words, _ = re.findall(r"<desc[^>]*>([^<]*)</desc>", svg)
    assert words == "Rows G A T C; columns G A T. 1 0 0; 0 1 0; 0 0 1; 0 0 0"
    one_hot, integers = re.findall(r"<desc[^>]*>([^<]*)</desc>", draw(result, "u")["distances"])
    assert "0.00 1.41 1.41 1.41" in one_hot and "0.00 1.00 2.00 3.00" in integers
    assert re.findall(r'id="([^"]*)"', svg) == [
        "ux0-t", "ux0-d", "um-t", "um-d"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"), [("sequences", "AC GTT"), ("order", "TGCA"), ("layout", "last")]
)
def test_each_control_moves_the_card(field, value):
    explorer = EncodingExplorer()
    before = dict(explorer.figures)
    explorer.controls[field].value = value
    assert explorer.state == EncodingState(**{field: value})
    assert explorer.figures == draw(compute(explorer.state), explorer.uid)
    assert explorer.figures != before


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "one to 4 sequences with spaces between them, not 0."),
        ("A C G T A", "one to 4 sequences with spaces between them, not 5."),
        ("A" * 17, "at most 16 bases here, not 17."),
        ("ACGT AXG", "at position 1"),
        ("<b>", "nucleotide codes"),
    ],
)
def test_bad_sequences_are_answered_beside_the_field(typed, sentence):
    explorer = EncodingExplorer()
    explorer.controls["sequences"].value = typed
    assert sentence in explorer.controls["sequences"].description
    assert "<b>" not in explorer.controls["sequences"].description
    assert explorer.state == EncodingState()


@pytest.mark.parametrize("layout", ["first", "last"])
def test_a_cell_that_is_pressed_becomes_1(layout):
    explorer = EncodingExplorer(sequences="GAT CN", order="TGCA", layout=layout)
    pictures = explorer.figures["matrices"].split("<svg")[1:3]
    for n, (picture, length) in enumerate(zip(pictures, (3, 2))):
        found = areas(picture)
        columns, rows = (sorted({place[i] for _, place in found}) for i in (0, 1))
        assert len(found) == 4 * length == len(columns) * len(rows)
        for words, (x, y) in found:
            explorer._touched(words)
            assert explorer.result.x[n, rows.index(y), columns.index(x)] == 1
            assert explorer.result.x.sum() == 5
            explorer.set(sequences="GAT CN")
    explorer.set(layout="reshaped")
    assert areas(explorer.figures["matrices"]) == []
