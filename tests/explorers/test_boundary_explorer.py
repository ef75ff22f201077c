"""The boundary explorer against torch, and what it says."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch

from motiflab.explorers.boundary_explorer import (
    BoundaryExplorer,
    BoundaryState,
    compute,
    describe,
    draw,
)
from motiflab.motifs import jaspar

GATA2 = jaspar.load("GATA2")


def by_torch(letters: str, weights: torch.Tensor, bias: float, padding: str) -> np.ndarray:
    x = torch.tensor([[letter == base for letter in letters] for base in "ACGT"]).double()
    how = {"same": "same", "none": "valid"}[padding]
    return (torch.nn.functional.conv1d(x[None], weights, padding=how)[0, 0] + bias).numpy()


def log_odds() -> torch.Tensor:
    counts = torch.tensor(GATA2.counts)
    added = counts.sum(dim=1).mean() / 10
    return torch.log((counts + added / 4) / (counts.sum(dim=1, keepdim=True) + added) * 4).T[None]


@pytest.mark.parametrize("padding", ["same", "none"])
@pytest.mark.parametrize("middle", [0, 1, 12, 39])
def test_the_map_and_its_maxima_are_torchs(padding, middle):
    picture = compute(BoundaryState(middle=middle, padding=padding, window=5)).picture
    y = by_torch(picture.letters, log_odds(), 0.0, padding)
    np.testing.assert_allclose(picture.y, y, atol=1e-9)
    pooled = torch.nn.functional.max_pool1d(torch.tensor(y)[None], 5)[0]
    np.testing.assert_allclose(picture.pooled, pooled, atol=1e-9)


def test_centred_weights_are_torchs_with_the_means_in_the_bias():
    result = compute(BoundaryState(middle=1, centring=1.0))
    means = log_odds().mean(dim=1, keepdim=True)
    y = by_torch(result.picture.letters, log_odds() - means, means.sum().item(), "same")
    np.testing.assert_allclose(result.picture.y, y, atol=1e-9)


def test_both_directions_and_neither():
    ends = []
    for t in (0.0, 1.0, 2.0):
        result = compute(BoundaryState(centring=t))
        inner = result.background[20]
        np.testing.assert_allclose(result.background[3:-3], inner)
        ends.append(result.background[0] - inner)
        assert result.motif[0] < result.motif[3] - 2  # a cut motif always scores less
        np.testing.assert_allclose(result.motif[0] - result.background[0], 8.93, atol=0.01)
    assert ends[0] > 2.5 and abs(ends[1]) < 1e-9 and ends[2] == pytest.approx(-ends[0])


def test_the_measured_means_are_near_the_exact_ones():
    result = compute(BoundaryState())
    for kind, exact in (("motif", result.motif), ("background", result.background)):
        assert np.abs(result.measured[kind] - exact).max() < 0.8
        assert abs((result.measured[kind] - exact).mean()) < 0.4
        assert not np.array_equal(result.measured[kind], exact)


def test_the_maximum_is_the_same_inside_and_falls_at_both_ends():
    pooled = compute(BoundaryState()).pooled
    assert len(pooled) == 40 and np.ptp(pooled[3:37]) < 1e-9
    assert (np.diff(pooled[:4]) > 0.5).all() and (np.diff(pooled[36:]) < -0.5).all()
    assert np.ptp(compute(BoundaryState(padding="none", window=1)).pooled) < 1e-9


@pytest.mark.parametrize("middle", [0, 2, 12, 39])
def test_the_formula_of_the_readout_comes_out(middle):
    result = compute(BoundaryState(middle=middle))
    text = re.sub("<[^>]*>", "", describe(result)).replace("−", "-")
    j, sum_, sign, value, cut = re.search(
        r"y\[(\d+)\] = b \+ .* = ([^=≈]+) ([=≈]) (\S+), with (\d) of 7 taps", text
    ).groups()
    y = by_torch(result.picture.letters, log_odds(), 0.0, "same")
    assert int(j) == middle and float(value) == pytest.approx(y[middle], abs=0.006)
    taps = [float(term) for term in sum_.split(" + ")]
    assert len(taps) == 8 and sum(taps) == pytest.approx(y[middle], abs=0.4)  # each is rounded
    assert (sign == "=") == (abs(sum(taps) - float(value)) < 0.001)
    assert taps.count(0) == 1 + int(cut) == 1 + max(0, 3 - middle, middle - 36)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "a zero scores more than a random base"),
        ({"centring": 1.0}, "a zero scores as much as a random base"),
        ({"centring": 2.0}, "a zero scores less than a random base"),
        ({"padding": "none"}, "no window reaches a zero"),
        ({"padding": "none", "middle": 0}, "Without padding, no window lies there"),
        ({"window": 12, "middle": 38}, "It lies in no pooling window"),
    ],
)
def test_the_sentence_says_what_is_seen(changes, words):
    assert words in re.sub("<[^>]*>", "", describe(compute(BoundaryState(**changes))))


def test_the_charts_hold_the_numbers_and_the_motif_now():
    result = compute(BoundaryState(middle=1))
    charts = draw(result, "u")
    lines = charts["scores"].figure.data
    np.testing.assert_allclose(lines[0].y, result.motif)
    np.testing.assert_allclose(lines[3].y, result.measured["background"])
    now = charts["pooled"].figure.data[1]
    assert (now.x, now.y) == ((1,), (pytest.approx(result.pooled[1]),))
    assert "4.36 at the first place and 7.16 in the middle" in charts["scores"].text
    cut = draw(compute(BoundaryState(middle=0, padding="none")), "u")["pooled"].figure.data[1]
    assert cut.x == ()


def test_the_axis_of_mean_scores_stands_still_while_the_weights_are_centred():
    limits = {compute(BoundaryState(centring=t)).limits for t in (0.0, 0.75, 2.0)}
    assert len(limits) == 1


def test_a_window_longer_than_the_map_is_answered_beside_it():
    explorer = BoundaryExplorer(window=35)
    explorer.controls["padding"].value = "none"  # 34 scores
    assert "at most the length of the feature map, 34, not 35" in (
        explorer.controls["window"].description
    )
    assert explorer.state == BoundaryState(window=35)
    explorer.controls["window"].value = 34
    assert explorer.state == BoundaryState(window=34, padding="none")


def test_a_motif_that_does_not_exist_is_answered_beside_it():
    explorer = BoundaryExplorer()
    explorer.controls["motif"].value = "GATA99"
    assert "not in JASPAR" in explorer.controls["motif"].description


def test_a_wide_motif_of_even_width_has_an_output_more():
    assert len(compute(BoundaryState(motif="REST")).places) == 41
