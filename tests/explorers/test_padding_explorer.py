"""The padding explorer against torch.nn.functional.conv1d and cases worked by hand."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from every import areas
from hypothesis import given
from hypothesis import strategies as st

from motiflab.explorers.padding_explorer import (
    PaddingExplorer,
    PaddingState,
    compute,
    describe,
    draw,
)

dna = st.text("ACGT", min_size=1, max_size=9)


def words(html: str) -> str:
    return re.sub("<[^>]*>", "", html)


@given(
    st.lists(dna, min_size=1, max_size=4),
    st.integers(1, 9),
    st.sampled_from(["zeros", "N"]),
    st.sampled_from([-1.5, 0.0, 2.0]),
    st.booleans(),
)
def test_the_scores_are_those_of_torch(sequences, width, fill, bias, masked):
    longest = max(map(len, sequences))
    word = ("GATTACACC")[: min(width, longest)]
    state = PaddingState(
        sequences=" ".join(sequences), word=word, fill=fill, bias=bias, masked=masked
    )
    result = compute(state)
    x = torch.full((len(sequences), 4, longest), 0.0 if fill == "zeros" else 0.25)
    for n, sequence in enumerate(sequences):
        for i, base in enumerate(sequence):
            x[n, :, i] = torch.tensor([float(base == other) for other in "ACGT"])
    w = torch.tensor([[[1.0 if base == other else -1.0 for base in word] for other in "ACGT"]])
    y = torch.nn.functional.conv1d(x, w, torch.tensor([bias]))[:, 0].numpy()
    np.testing.assert_allclose(result.scores, y, atol=1e-6)
    for n, sequence in enumerate(sequences):
        windows = max(0, len(sequence) - len(word) + 1)
        assert result.real[n].sum() == windows
        if masked and not windows:
            assert result.best[n] == -1
        else:
            allowed = y[n, :windows] if masked else y[n]
            assert result.best[n] == allowed.argmax()


def test_padding_beats_real_bases_until_it_is_left_out():
    # ACCAC holds no TTA: its windows score -3, -1 and -3, a window of zeros alone 0.
    zeros = compute(PaddingState())
    assert zeros.scores[1].tolist() == [-3, -1, -3, -2, -1, 0, 0]
    assert zeros.best.tolist() == [2, 5, 3]
    # An unknown base scores -0.5, so -1.5 for three: less than ACC, more than CCC.
    unknown = compute(PaddingState(fill="N"))
    assert unknown.scores[2].tolist() == [-3, -2.5, -2, -1.5, -1.5, -1.5, -1.5]
    assert unknown.best.tolist() == [2, 1, 3]
    assert compute(PaddingState(masked=True)).best.tolist() == [2, 1, 0]


def test_the_readout_and_the_table_tell_the_scores():
    result = compute(PaddingState(sequences="TTACC CC", bias=0.5))
    text, table = words(describe(result)), draw(result, "u")["table"]
    assert "y[1, 2] = 0 (·) + 0 (·) + 0 (·) + 0.5 (b) = 0.5" in text
    assert "In 1 of 2 sequences" in text
    assert "<td>3.5</td><td>0: TTA</td><td>real bases</td>" in table
    assert "<td>0.5</td><td>2: ···</td><td>reaches into the padding</td>" in table
    short = compute(PaddingState(sequences="TTACC CC", masked=True))
    assert "sequences too short for any window: 1" in words(describe(short))
    assert "<td>none</td>" in draw(short, "u")["table"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("sequences", "GATTA TT"), ("word", "CC"), ("bias", 1.0), ("fill", "N"), ("masked", True)],
)
def test_each_control_moves_the_card(field, value):
    explorer = PaddingExplorer()
    before = dict(explorer.figures)
    explorer.controls[field].value = value
    assert explorer.state == PaddingState(**{field: value})
    assert explorer.figures == draw(compute(explorer.state), explorer.uid)
    assert explorer.figures != before


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("word", "ACGTACGTAC", "at most 9 letters, the length of the longest sequence, not 10."),
        ("word", "TNA", "may hold only the letters A, C, G and T"),
        ("word", "", "may hold only the letters A, C, G and T"),
        ("sequences", "A B! C", "at position 1"),
    ],
)
def test_what_cannot_be_read_is_answered_beside_the_field(field, typed, sentence):
    explorer = PaddingExplorer()
    explorer.controls[field].value = typed
    assert sentence in explorer.controls[field].description
    assert explorer.state == PaddingState()


def test_a_cell_of_the_filter_that_is_pressed_becomes_its_weight_1():
    explorer = PaddingExplorer(word="TTA")
    found = areas(explorer.figures["filter"])
    columns, rows = (sorted({place[i] for _, place in found}) for i in (0, 1))
    assert (len(columns), len(rows)) == (3, 4)
    for words, (x, y) in found:
        explorer._touched(words)
        assert explorer.result.weights[columns.index(x), rows.index(y)] == 1
        explorer.set(word="TTA")
