"""The card of the window around a summit, against plain slices and Biopython."""

from __future__ import annotations

import pytest
from Bio.Seq import reverse_complement
from hypothesis import given
from hypothesis import strategies as st

from motiflab.datasets import REASONS
from motiflab.explorers.peaks_explorer import (
    AVOID,
    BASES,
    PeaksExplorer,
    PeaksState,
    compute,
    contig,
)


@given(
    st.integers(0, 700), st.integers(20, 300), st.integers(-1, 19), st.booleans(),
    st.integers(20, 401),
)  # fmt: skip
def test_the_sequence_is_a_slice_of_the_contig_or_its_reverse_complement(
    start, width, offset, minus, length
):
    state = PeaksState(start=start, width=width, offset=offset, strand="+-"[minus], length=length)
    result, text = compute(state), contig()
    assert len(text) == BASES and set(text[200:]) == set("ACGT") and set(text[:200]) == {"N"}
    summit = start + (width // 2 if offset < 0 else offset)
    assert abs(result.summit - summit) <= (offset < 0)  # an odd start rounds the middle
    first, last = result.window
    assert last - first == length
    read = [*range(first, last)][::-1] if minus else [*range(first, last)]
    assert read[length // 2] == result.summit
    bases = set(range(first, last))
    wanted = (
        REASONS[3] if first < 0 or last > BASES
        else REASONS[4] if bases & set(range(*AVOID["blacklist"]))
        else REASONS[6] if bases & set(range(*AVOID["N"])) else ""
    )  # fmt: skip
    assert result.reason == wanted
    if not wanted:
        plain = text[first:last]
        assert result.sequence == (reverse_complement(plain) if minus else plain)


def test_the_goal_can_be_reached_and_the_card_says_what_ends_it():
    card = PeaksExplorer()
    lengths = {}
    for strand in "+-":
        for length in range(300, 402):
            card.set(length=length, strand=strand)
            if not card.result.reason:
                lengths[strand] = length
    assert lengths == {"+": 360, "-": 359}
    card.set(length=361, strand="+")
    assert "Dropped: window overlaps the blacklist." in card.readout.html
    card.set(length=360)
    assert "Kept." in card.readout.html and "281–640" in card.readout.html


@pytest.mark.parametrize(
    ("changes", "said", "argument"),
    [
        ({"start": 900, "width": 105}, "The peak would end at 1,005", "width"),
        ({"offset": 160}, "at most 159 bases from start", "offset"),
    ],
)
def test_a_peak_that_cannot_be_is_refused_beside_its_control(changes, said, argument):
    with pytest.raises(ValueError, match=said) as told:
        compute(PeaksState(**changes))
    assert told.value.argument == argument
