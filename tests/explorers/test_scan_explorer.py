"""The scan explorer against torch and cases worked by hand."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from Bio.Seq import Seq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from motiflab.explorers.scan_explorer import (
    PRESETS,
    ScanExplorer,
    ScanState,
    compute,
    describe,
    draw,
)
from motiflab.motifs import jaspar

WEIGHTS = st.lists(
    st.tuples(*[st.integers(-20, 20).map(lambda n: n / 2)] * 4), min_size=1, max_size=6
)


def by_torch(state: ScanState) -> list[float]:
    """Return the outputs by torch, with flips of its own."""
    x = torch.tensor([[float(base == b) for base in state.sequence] for b in "ACGT"]).double()
    w = torch.tensor(state.weights).double().T
    if state.reading == "flipped":
        w = w.flip(1)
    elif state.reading == "complement":
        w = w.flip(1)[[3, 2, 1, 0]]
    bias = torch.tensor([state.bias]).double()
    options = state.stride, state.padding, state.dilation
    return torch.nn.functional.conv1d(x[None], w[None], bias, *options)[0, 0].tolist()


def words(state: ScanState) -> str:
    return re.sub("<[^>]*>", "", describe(compute(state)))


def value(text: str) -> float:
    return float(text.replace("−", "-").strip("()"))


@given(
    sequence=st.text("ACGT", min_size=1, max_size=40),
    weights=WEIGHTS,
    bias=st.integers(-20, 20).map(lambda n: n / 2),
    reading=st.sampled_from(["forward", "flipped", "complement"]),
    stride=st.integers(1, 6),
    padding=st.integers(0, 4),
    dilation=st.integers(1, 4),
    j=st.integers(0, 47),
)
@settings(deadline=None)
def test_outputs_and_readout_are_those_of_torch(weights, j, **fields):
    width = fields["dilation"] * (len(weights) - 1) + 1
    assume(width <= len(fields["sequence"]) + 2 * fields["padding"])
    state = ScanState(weights=tuple(weights), j=j, **fields)
    expected = by_torch(state)
    np.testing.assert_allclose(compute(state).scan.outputs, expected, atol=1e-9)
    now = min(j, len(expected) - 1)
    line, places, length, _ = describe(compute(state)).split("</p>")[:4]
    line = re.sub("<[^>]*>", "", line)
    assert line.startswith(f"y{now} = ")
    terms, total = line.split(" = ")[2:]
    assert value(total) == pytest.approx(expected[now], abs=0.005)
    assert sum(map(value, terms.split(" + "))) == pytest.approx(expected[now], abs=0.005)
    assert f"= <b>{len(expected)}</b>" in length
    first = now * state.stride - state.padding
    taps = range(first, first + width, state.dilation)
    assert [int(value(i)) for i in places.split(" = ")[-1].split(",")] == list(taps)


def test_the_chapters_example_letter_by_letter():
    text = words(ScanState())
    assert (
        "y1 = W[0,A] + W[1,T] + W[2,C] + W[3,G] + W[4,A] + b = 2 + 2 + 1.5 + 1.5 + 2 + (−1) = 8"
    ) in text
    assert "i(1, k) = jS − P + kD = 1·2 − 2 + k·1 = 0, 1, 2, 3, 4" in text
    assert "⌊(14 + 2·2 − 1·(5 − 1) − 1)/2⌋ + 1 = ⌊13/2⌋ + 1 = 7" in text
    assert "reads ATCGA, a perfect match." in text
    assert "the filter reads 7 of 14 windows" in text


def test_taps_in_the_padding_add_0():
    text = words(ScanState(j=0))
    assert "y0 = 0 + 0 + W[2,A] + W[3,T] + W[4,C] + b = 0 + 0 + (−1) + (−1) + (−1) + (−1)" in text
    assert "2 of its 5 taps lie in the padding and add 0." in text
    assert "reads no base." in words(ScanState(weights=((1, 1, 1, 1),), stride=1, j=0))


def test_rounded_terms_that_do_not_add_up_are_called_so():
    third = ((0.336, 0, 0, 0), (0.336, 0, 0, 0))
    text = words(ScanState(sequence="AA", weights=third, bias=0.0, padding=0, j=0))
    assert "0.34 + 0.34 + 0 ≈ 0.67" in text


@pytest.mark.parametrize(
    ("reading", "peak", "found"),
    [("forward", 1, "ATCGA"), ("flipped", 7, "AGCTA"), ("complement", 13, "TCGAT")],
)
def test_what_each_way_to_lie_finds(reading, peak, found):
    explorer = ScanExplorer()
    explorer.start_from(PRESETS["Both strands"])
    explorer.set(reading=reading, j=peak)
    scan = explorer.result.scan
    assert np.flatnonzero(scan.outputs == scan.best).tolist() == [peak]
    assert "".join(tap.base for tap in scan.window(peak)) == found
    turned = {"forward": "ATCGA", "flipped": "ATCGA"[::-1]}
    assert found == turned.get(reading, str(Seq("ATCGA").reverse_complement()))
    names = {
        "forward": "W[0,A] + W[1,T] + W[2,C] + W[3,G] + W[4,A]",
        "flipped": "W[4,A] + W[3,G] + W[2,C] + W[1,T] + W[0,A]",
        "complement": "W[4,A] + W[3,G] + W[2,C] + W[1,T] + W[0,A]",
    }
    assert names[reading] in explorer.readout.html
    said = {"flipped": "read backwards", "complement": "on the other strand"}
    assert said.get(reading, "a perfect match") in explorer.readout.html


def test_the_filter_of_a_motif_gives_its_scores():
    motif, sequence = jaspar.load("GATA2"), "CGTTACCTTATCTGCCA"
    explorer = ScanExplorer(
        sequence=sequence, weights=motif.log_odds(), bias=0.0, stride=1, padding=0, j=0
    )
    np.testing.assert_allclose(explorer.result.scan.outputs, motif.score(sequence))


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("sequence", "ATXGA", "at position 2"),
        (
            "sequence",
            "ATNGA",
            "must be one base here (A, C, G or T), got &#x27;N&#x27; at position 2",
        ),
        ("sequence", "", "at least one base"),
        ("sequence", "MKVLAA", "protein"),
        ("sequence", "A" * 41, "at most 40 characters"),
        ("stride", 0, "never move on"),
    ],
)
def test_bad_input_is_answered_beside_its_control(field, typed, said):
    explorer = ScanExplorer()
    before = explorer.figures["scan"]
    explorer.controls[field].value = typed
    label = explorer.controls[field].description
    assert "motiflab-error" in label and said in label
    assert explorer.state == ScanState() and explorer.figures["scan"] == before
    explorer.controls[field].value = getattr(ScanState(), field)
    assert "motiflab-error" not in explorer.controls[field].description


def test_a_filter_longer_than_the_padded_sequence_is_refused_with_both_numbers():
    explorer = ScanExplorer(sequence="ATCG")
    explorer.controls["dilation"].value = 3
    label = explorer.controls["dilation"].description
    assert "spans D(K-1)+1 = 3*(5-1)+1 = 13" in label and "L+2P = 4+2*2 = 8" in label
    assert explorer.state.dilation == 1
    explorer.controls["sequence"].value = "ATCGATTATC"  # now both fit
    assert explorer.state.dilation == 3 and len(explorer.result.scan.outputs) == 1
    assert "motiflab-error" not in explorer.controls["dilation"].description


def test_lower_case_uracil_and_blanks_are_read():
    assert compute(ScanState(sequence=" augc ata ")).scan.sequence == "ATGCATA"


def test_an_output_beyond_the_last_is_kept_for_later():
    explorer = ScanExplorer(stride=1, j=12)
    assert explorer.controls["j"].max == 13
    explorer.controls["stride"].value = 3
    assert len(explorer.result.scan.outputs) == 5 and explorer.result.scan.j == 4
    label = explorer.controls["j"].description
    assert "motiflab-note" in label and "last output is 4 now: it is shown instead of 12" in label
    assert explorer.state.j == explorer.controls["j"].value == 12
    explorer.controls["stride"].value = 1
    assert explorer.result.scan.j == 12
    assert "motiflab-note" not in explorer.controls["j"].description


def test_the_slider_of_j_ends_at_the_last_output_and_makes_room_for_a_scene():
    explorer = ScanExplorer()
    assert explorer.controls["j"].max == 6
    explorer.load(ScanExplorer(stride=1, padding=4, j=17).scene)
    assert (explorer.state.j, explorer.controls["j"].value) == (17, 17)
    assert explorer.controls["j"].max == len(explorer.result.scan.outputs) - 1 == 17
    explorer.set(padding=0)
    assert explorer.controls["j"].max == 17  # still what the learner chose
    explorer.set(j=2)
    assert explorer.controls["j"].max == 9


def test_playing_ends_at_the_last_output_and_begins_anew():
    explorer = ScanExplorer(stride=4)
    play = explorer.widget.children[1].children[0]
    seen = []
    play.playing = True
    while play.playing:
        seen.append(explorer.result.scan.j)
        play.asked += 1
    assert [*seen, explorer.result.scan.j] == [2, 3]
    play.playing = True
    assert explorer.result.scan.j == 0


@pytest.mark.parametrize("name", PRESETS)
def test_a_situation_to_start_from(name):
    explorer = ScanExplorer(sequence="ACGTACGTAC", bias=3.0, reading="flipped")
    button = next(b for b in explorer.widget.children[1].children[2:] if b.description == name)
    button.click()
    assert explorer.state == ScanState(**PRESETS[name])
    assert explorer.figures == draw(compute(explorer.state), explorer.uid)


def test_the_first_situation_is_the_chapters():
    assert ScanState(**PRESETS["Worked example"]) == ScanState()
    assert [tap.position for tap in compute(ScanState()).scan.window(1)] == [0, 1, 2, 3, 4]


def test_same_length_keeps_the_length_and_holes_do_not_care_what_lies_in_them():
    same = compute(ScanState(**PRESETS["Same length"])).scan
    assert len(same.outputs) == len(same.sequence)
    holes = compute(ScanState(**PRESETS["Holes"])).scan
    found = np.flatnonzero(holes.outputs == holes.best)
    assert [holes.sequence[j : j + 5] for j in found] == ["ATCGA", "AGCTA"]


def test_the_goal_can_be_reached():
    first = compute(ScanState()).scan
    assert (first.outputs == first.best).sum() == 1
    reached = compute(ScanState(stride=1)).scan
    assert (reached.outputs == reached.best).sum() == 2
    odd = compute(ScanState(padding=1)).scan  # the other copy alone
    assert [odd.window(j)[0].position for j in np.flatnonzero(odd.outputs == odd.best)] == [7]


def test_what_is_locked_stays():
    explorer = ScanExplorer(sequence="ACGTACGTACGT", locked=["sequence"])
    explorer.start_from(PRESETS["Holes"])
    assert (explorer.state.sequence, explorer.state.dilation) == ("ACGTACGTACGT", 2)
    short = ScanExplorer(sequence="A", weights=((1, 0, 0, 0),), padding=0, j=0, locked=["sequence"])
    short.start_from(PRESETS["Holes"])  # does not fit, and is said
    assert short.state.dilation == 1 and "no output" in short.readout.alarm
