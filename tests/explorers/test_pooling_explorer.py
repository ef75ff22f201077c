"""The pooling explorer against torch, and what it says."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from every import areas
from hypothesis import given, settings
from hypothesis import strategies as st

from motiflab.explorers.pooling_explorer import (
    PoolingExplorer,
    PoolingState,
    compute,
    describe,
    draw,
    ends,
)
from motiflab.figures.svg import wide_only
from motiflab.motifs import jaspar
from motiflab.sequences.encoding import random_sequences


def by_torch(state: PoolingState) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the feature map, the pooled map and where a gradient of ones goes."""
    motif = jaspar.load(state.motif)
    site, text = motif.consensus(), random_sequences(1, 60, None, np.random.default_rng(state.seed))
    text = text[0] if state.background != "silent" else "-" * 60
    by = state.shift
    if state.background == "moving":
        text = text[:16] + site + text[16 + len(site) :]
        text = text[60 - by :] + text[: 60 - by]
    else:
        text = text[: 16 + by] + site + text[16 + by + len(site) :]
    x = torch.tensor([[letter == base for letter in text] for base in "ACGT"]).double()
    counts = torch.tensor(motif.counts)
    added = counts.sum(dim=1).mean() / 10
    ppm = (counts + added / 4) / (counts.sum(dim=1, keepdim=True) + added)
    w = torch.log(ppm / 0.25).T[None]
    y = torch.nn.functional.conv1d(x[None], w, stride=state.stride)[0] + state.bias
    y = (torch.relu(y) if state.relu else y).detach().requires_grad_()
    pools = {"max": torch.nn.functional.max_pool1d, "average": torch.nn.functional.avg_pool1d}
    step = state.window if state.step == "window" else state.step
    pooled = pools[state.kind](y, state.window, step)
    pooled.sum().backward()
    return tuple(values[0].detach().numpy() for values in (y, pooled, y.grad))


states = st.builds(
    PoolingState,
    background=st.sampled_from(["fixed", "moving", "silent"]),
    seed=st.integers(0, 9999),
    shift=st.integers(0, 24),
    motif=st.sampled_from(["GATA2", "CTCF", "TBP"]),
    stride=st.integers(1, 4),
    bias=st.sampled_from([0.0, -2.5, -8.0]),
    relu=st.booleans(),
    kind=st.sampled_from(["max", "average"]),
    window=st.integers(1, 11),
    step=st.sampled_from(["window", 1, 3, 12]),
    gradient=st.just(True),
)


@given(states)
@settings(deadline=None, max_examples=30)
def test_the_maps_and_the_gradient_are_those_of_torch(state):
    picture = compute(state).picture
    y, pooled, gradient = by_torch(state)
    np.testing.assert_allclose(picture.y, y, atol=1e-9)
    np.testing.assert_allclose(picture.pooled, pooled, atol=1e-9)
    if len(np.unique(y.round(6))) == len(y):  # ties: which of them wins is rounding
        np.testing.assert_allclose(picture.gradient, gradient, atol=1e-9)
    assert state.shift or np.array_equal(picture.pooled, picture.before)


def test_the_maximum_stays_until_the_motif_leaves_its_window():
    results = [compute(PoolingState(shift=by)) for by in range(12)]
    kept = [result.picture.pooled[2] == result.picture.before[2] for result in results]
    assert kept == [True] * 8 + [False] * 4
    averages = [compute(PoolingState(shift=by, kind="average")).changed[2] for by in range(12)]
    assert averages == [False] + [True] * 11


def test_a_lone_peak_on_silence_leaves_the_average_alone():
    silent = {"background": "silent", "relu": True, "kind": "average"}
    lone = [compute(PoolingState(shift=by, bias=-5.0, **silent)).changed[2] for by in range(9)]
    assert lone == [False] * 8 + [True]
    # Without the bias the scores next to the peak count, too, and leave the window before it does.
    assert compute(PoolingState(shift=7, **silent)).changed[2]


@pytest.mark.parametrize("kind", ["max", "average"])
@pytest.mark.parametrize(("stride", "window"), [(1, 8), (2, 4), (3, 2)])
def test_whole_multiples_of_both_strides_move_the_whole_map(kind, stride, window):
    whole = stride * window
    state = {"background": "moving", "stride": stride, "window": window, "kind": kind}
    picture = compute(PoolingState(shift=2 * whole, **state)).picture
    np.testing.assert_allclose(picture.pooled[2:], picture.before[:-2], atol=1e-12)
    said = describe(compute(PoolingState(shift=2 * whole, **state)))
    assert f"S·T = {stride}·{window} = {whole}: apart from the ends, the whole pooled map" in said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "nothing has moved yet"),
        ({"shift": 3}, "Its score, y[19], is still in window 2 and wins there."),
        ({"shift": 8}, "Its score, y[24], has left window 2."),
        ({"shift": 3, "window": 3, "step": 12}, "Its score, y[19], is not in window 2."),
        ({"shift": 3, "kind": "average"}, "y[19], is still in window 2, among others."),
        (
            {"shift": 3, "stride": 2},
            "not a multiple of the stride 2: no window starts exactly there",
        ),
    ],
)
def test_the_sentence_says_why(changes, words):
    assert words in re.sub("<[^>]*>", "", describe(compute(PoolingState(**changes))))


@pytest.mark.parametrize(("kind", "shift"), [("max", 5), ("average", 5), ("max", 9)])
def test_the_formula_of_the_readout_comes_out(kind, shift):
    state = PoolingState(kind=kind, shift=shift)
    text = re.sub("<[^>]*>", "", describe(compute(state))).replace("−", "-")
    y, pooled, _ = by_torch(state)
    formula, value, before = re.search(
        r"p\[2\] = .*? = (.*) = (\S+); before the shift (\S+)\.N?", text.split("The motif")[0]
    ).groups()
    numbers = [float(number) for number in re.findall(r"-?\d+\.\d", formula)]
    np.testing.assert_allclose(numbers, y[16:24], atol=0.051)
    assert float(value) == pytest.approx(pooled[2], abs=0.006)
    unmoved = by_torch(PoolingState(kind=kind))[1][2]
    assert float(before) == pytest.approx(unmoved, abs=0.006)
    assert text.endswith("of 6 pooled numbers have changed.")


@pytest.mark.parametrize(
    ("changes", "window"),
    [({}, 2), ({"step": 4}, 3), ({"step": 1}, 9), ({"stride": 2, "window": 4}, 2)],
)
def test_the_first_window_that_holds_the_motif_is_watched(changes, window):
    assert compute(PoolingState(**changes)).watched == window


def test_a_window_longer_than_the_map_is_answered_beside_the_window():
    explorer = PoolingExplorer(stride=3)  # 18 scores
    explorer.controls["window"].value = 19
    assert "at most the length of the feature map, 18" in explorer.controls["window"].description
    assert explorer.state.window == 8
    explorer.controls["stride"].value = "2"  # 27 scores: now the window fits
    assert (explorer.state.stride, explorer.state.window) == (2, 19)
    assert "motiflab-error" not in explorer.controls["window"].description


@pytest.mark.parametrize("typed", ["0", "9", "-1", "1.5", "two"])
def test_a_stride_that_is_none_is_answered_beside_the_stride(typed):
    explorer = PoolingExplorer()
    explorer.controls["stride"].value = typed
    label = explorer.controls["stride"].description
    assert "must be a whole number from 1 to 8" in label
    assert explorer.state == PoolingState()


def test_a_pooling_stride_of_0_is_refused():
    explorer = PoolingExplorer()
    with pytest.raises(ValueError, match="Stride of the pooling, T .step. must be one of window"):
        explorer.set(step=0)
    assert "motiflab-error" in explorer.controls["step"].description


@pytest.mark.parametrize(
    ("motif", "words"), [("GATA99", "not in JASPAR"), ("ZNF143", "room for at most 20 here")]
)
def test_motifs_that_cannot_be_shown_are_answered_beside_the_motif(motif, words):
    explorer = PoolingExplorer()
    explorer.controls["motif"].value = motif
    assert words in explorer.controls["motif"].description


def test_the_axes_stand_still_while_the_motif_moves():
    results = [compute(PoolingState(shift=by)) for by in (0, 7, 24)]
    assert len({(r.picture.limits, r.picture.pooled_limits) for r in results}) == 1
    assert ends([[-1.2, 3.1]]) == (-2, 4) and ends([0.0, 0.2]) == (0, 1)


def test_the_gradient_is_drawn_when_asked_for():
    plain, asked = (draw(compute(PoolingState(gradient=g)), "u")["maps"] for g in (False, True))
    assert "sends back 1" in asked and "sends back" not in plain


@pytest.mark.parametrize(("window", "every"), [(1, 5), (2, 2), (4, 1), (8, 1)])
def test_the_numbers_of_narrow_windows_do_not_overlap(window, every):
    svg = wide_only(PoolingExplorer(window=window).figures["maps"])
    found = re.findall(r'<text x="([\d.]+)" y="[\d.]+">n = (\d+)</text>', svg)
    assert [int(n) for _, n in found] == list(range(0, 54 // window, every))
    assert min(np.diff([float(x) for x, _ in found])) > 30


@pytest.mark.parametrize("motif", ["GATA2", "CTCF"])
def test_the_motif_lies_where_it_is_dragged_to(motif):
    explorer = PoolingExplorer(motif=motif)
    width = jaspar.load(motif).width
    for drawing in (0, 1):  # the wide and the narrow one
        svgs = re.findall("<svg.*?</svg>", explorer.figures["maps"])
        assert len(svgs) == 2 and len(areas(svgs[drawing])) == 25
        for words, (x, _) in areas(svgs[drawing]):
            explorer._touched(words)
            svg = re.findall("<svg.*?</svg>", explorer.figures["maps"])[drawing]
            frame = re.search(r'<rect x="([\d.]+)"[^>]*width="([\d.]+)"[^>]*fill="none"', svg)
            left, wide = map(float, frame.groups())
            assert abs(left + wide / 2 - x) <= wide / width / 2 + 0.1
        assert explorer.state.shift == 24
