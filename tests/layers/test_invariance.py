"""Invariance to shifts: exact sums on grids of eighths, and torch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from motiflab.layers.convolution import Layer, cross_correlate
from motiflab.layers.invariance import invariance_curves, place_motif, shift
from motiflab.layers.pooling import KINDS, pool, winners
from motiflab.layers.receptive_fields import receptive_field
from motiflab.motifs import jaspar
from motiflab.sequences.encoding import decode, one_hot, random_sequences

SEEDS = st.integers(0, 2**32 - 1)
TIMES = st.integers(1, 4)


def eighths(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Return weights whose sums are exact, so that the same sum is the same number."""
    return rng.integers(-24, 25, shape) / 8


@given(st.text("ACGT", min_size=1, max_size=20), st.text("ACGT", min_size=1, max_size=6), st.data())
def test_place_writes_letters_and_cuts_what_hangs_over(background, site, data):
    start = data.draw(st.integers(-len(site), len(background)))
    margin = "-" * len(site)
    padded = list(margin + background + margin)
    padded[len(site) + start : len(site) + start + len(site)] = site
    expected = "".join(padded)[len(site) : len(site) + len(background)]
    assert decode(place_motif(one_hot(background), one_hot(site), start)) == expected


@given(st.text("ACGT", min_size=8, max_size=20), st.integers(0, 6), st.integers(-20, 20))
def test_the_whole_sequence_moves_on_a_ring(background, start, by):
    text = background[:start] + "CG" + background[start + 2 :]
    by_hand = "".join(text[(i - by) % len(text)] for i in range(len(text)))
    moved = shift(one_hot(background), one_hot("CG"), start, by, everything=True)
    assert decode(moved) == by_hand


def test_place_leaves_the_background_as_it_was():
    background = one_hot("AAAA")
    place_motif(background, one_hot("C"), 1)
    assert decode(background) == "AAAA"


@given(SEEDS, TIMES, st.integers(1, 8), st.integers(0, 5), st.integers(-8, 8), st.booleans())
def test_the_maximum_is_exactly_the_same_while_the_motifs_own_score_wins(
    seed, s, window, at, by, best
):
    """The site is whole, inside the sequence; it scores the sum of the weights under its letters.

    With the best site of the filter it wins wherever it is; with another one, now and then.
    """
    rng = np.random.default_rng(seed)
    weights = eighths(rng, 4, 4)
    codes = weights.argmax(axis=1) if best else rng.integers(0, 4, 4)
    own = sum(weights[k, a] for k, a in enumerate(codes))
    background = one_hot(random_sequences(1, 60, None, rng)[0])
    before, after = at * s + 2 * s * window, (at + by) * s + 2 * s * window
    assume(min(before, after) >= 0 and max(before, after) <= 56)
    maps = [
        cross_correlate(shift(background, np.eye(4)[codes], before, step), weights, stride=s)
        for step in (0, after - before)
    ]
    n = before // s // window
    assume((n + 1) * window <= len(maps[0]) and after // s // window == n)
    pooled = [pool(y, window)[n] for y in maps]
    wins = [
        y[place // s] == y[n * window : (n + 1) * window].max()
        for y, place in zip(maps, (before, after))
    ]
    assert all(wins) or not best
    if all(wins):
        assert pooled[0] == pooled[1] == own


def test_the_same_winner_is_not_enough_if_the_bases_under_it_change():
    # CGT stands at 4 to 6, in the background. The site GAA moves from 9 to 6, over its T.
    weights, background = 2 * one_hot("CGT") - 1, one_hot("AAAACGTAAAAA")
    maps = [cross_correlate(shift(background, one_hot("GAA"), 9, by), weights) for by in (0, -3)]
    assert [winners(y, 5)[0] for y in maps] == [4, 4]
    assert [pool(y, 5)[0] for y in maps] == [3, 1]


def test_the_law_of_the_winner_is_no_empty_one():
    # CATG, three for each base that fits and -1 for each other: it scores 12, nothing else does.
    weights, background = 4 * one_hot("CATG") - 1, one_hot("TTACAGGACTTAAGCATTGC")
    maps = [cross_correlate(shift(background, one_hot("CATG"), 6, by), weights) for by in range(4)]
    assert [winners(y, 6)[1] for y in maps] == [6, 7, 8, 9]
    assert [pool(y, 6)[1] for y in maps] == [12] * 4
    averages = [pool(y, 6, kind="average")[1] for y in maps]
    assert len(set(averages)) > 1


@given(
    SEEDS, TIMES, TIMES, st.integers(1, 7), st.integers(0, 3), TIMES, st.sampled_from(KINDS)
)  # fmt: skip
def test_whole_multiples_of_both_strides_move_the_pooled_map(seed, s, t, window, padding, c, kind):
    rng = np.random.default_rng(seed)
    weights, length, by = eighths(rng, 5, 4), 90, c * s * t
    text = random_sequences(1, length, None, rng)[0]
    moved = shift(one_hot(text), one_hot("ACGTA"), 30, by, everything=True)
    after = pool(cross_correlate(moved, weights, stride=s, padding=padding), window, t, kind)
    # Before the shift, by torch from the letters.
    x = torch.tensor(one_hot(text[:30] + "ACGTA" + text[35:]).T[None]).double()
    y = torch.nn.functional.conv1d(x, torch.tensor(weights.T[None]), stride=s, padding=padding)
    y = y[0, 0].unfold(0, window, t)
    before = {"max": y.amax(1), "average": y.mean(1), "logsumexp": y.logsumexp(1)}[kind].numpy()
    field = receptive_field([Layer(5, s, padding), Layer(window, t)])
    seen = [n for n in range(c, len(after)) if by <= field.of(n)[0] and field.of(n)[1] <= length]
    assume(seen)
    np.testing.assert_allclose(after[seen], before[np.array(seen) - c], atol=1e-12)
    if padding == 0:  # then nothing but the wrapped-in bases is an edge
        assert seen == list(range(c, len(after)))


def test_other_shifts_move_no_pooled_map():
    background = one_hot(random_sequences(1, 90, None, np.random.default_rng(1))[0])
    weights = 2 * one_hot("GATAC") - 1
    before, after = (pool(cross_correlate(np.roll(background, by, 0), weights), 4) for by in (0, 2))
    shifted = (np.array_equal(after[c:], before[: len(before) - c]) for c in range(len(before)))
    assert not any(shifted)


def by_torch(weights, site, window, furthest, bias, rectify, silent, n, seed):
    """Return the pooled numbers of the watched window: with the site, (shift, n), and without."""
    length = window - 1 + furthest + len(site)
    texts = random_sequences(n, length, None, np.random.default_rng(seed))
    w = torch.tensor(weights.T)[None]
    kinds = {"max": torch.nn.functional.max_pool1d, "average": torch.nn.functional.avg_pool1d}

    def pooled(starts, kind):
        written = ["-" * length if silent else text for text in texts]
        if starts is not None:
            written = [x[:k] + site + x[k + len(site) :] for x, k in zip(written, starts)]
        x = torch.tensor([[[a == base for a in text] for base in "ACGT"] for text in written])
        y = torch.nn.functional.conv1d(x.double(), w) + bias
        return kinds[kind](torch.relu(y) if rectify else y, window)[:, 0, 0].numpy()

    shifts = [[i % window + by for i in range(n)] for by in range(furthest + 1)]
    return {
        kind: (np.array([pooled(starts, kind) for starts in shifts]), pooled(None, kind))
        for kind in kinds
    }


@pytest.mark.parametrize("rectify", [False, True])
@pytest.mark.parametrize("silent", [False, True])
def test_the_curves_are_those_of_torch(rectify, silent):
    weights = eighths(np.random.default_rng(3), 5, 4)
    site = "".join("ACGT"[a] for a in weights.argmax(axis=1))
    choices = {"window": 3, "furthest": 4, "bias": -0.5, "n": 7, "seed": 5}
    choices |= {"rectify": rectify, "silent": silent}
    curves = invariance_curves(weights, site, **choices)
    for kind, (values, empty) in by_torch(weights, site, **choices).items():
        curve, change = curves[kind], np.abs(values - values[0])
        lift = (values[0] - empty).mean()
        assert curve.lift == pytest.approx(lift)
        np.testing.assert_allclose(curve.changed, (change > 1e-6).mean(axis=1))
        np.testing.assert_allclose(curve.size, change.mean(axis=1) / abs(lift), atol=1e-9)
        stay = [[i % 3 + by < 3 for i in range(7)] for by in range(3)]
        inside = [change[by][stay[by]].mean() / abs(lift) for by in range(3)]
        np.testing.assert_allclose(curve.inside, [*inside, np.nan, np.nan], atol=1e-9)
    assert curves["max"].shifts.tolist() == [0, 1, 2, 3, 4]


CTCF = jaspar.load("CTCF")


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("window", [1, 5, 8])
def test_the_maximum_changes_in_the_share_that_has_left_the_window(window, everything):
    n = 10 * window
    curve = invariance_curves(
        CTCF.log_odds(), CTCF.consensus(), window, 10, n=n, everything=everything
    )["max"]
    np.testing.assert_allclose(curve.changed, np.minimum(np.arange(11) / window, 1))
    assert (curve.inside[:window] == 0).all() and np.isnan(curve.inside[window:]).all()


def test_the_average_changes_with_the_background_but_not_for_a_lone_peak_on_silence():
    weights, site = CTCF.log_odds(), CTCF.consensus()
    noisy = invariance_curves(weights, site, 8, 10)["average"]
    assert (noisy.changed[1:] == 1).all() and (noisy.inside[1:8] > 0.1).all()
    lone = invariance_curves(weights, site, 8, 10, bias=-8, rectify=True, silent=True)
    for curve in lone.values():  # the average is now as steady as the maximum
        np.testing.assert_allclose(curve.changed, np.minimum(np.arange(11) / 8, 1))
        np.testing.assert_allclose(curve.inside[:8], 0, atol=1e-12)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"site": "ACG"}, "site must be as wide as the filter, 4, got 3"),
        ({"window": 0}, "window must be a whole number of at least 1, got 0"),
        ({"furthest": -1}, "furthest must be a whole number of at least 0, got -1"),
        ({"n": 0}, "n must be a whole number of at least 1, got 0"),
        ({"bias": -50.0, "rectify": True}, "bias must let the site through, but with -50"),
    ],
)
def test_bad_arguments_of_the_curves_are_named(changes, sentence):
    arguments = {"weights": 2 * one_hot("CATG") - 1, "site": "CATG", "window": 3, "furthest": 2}
    with pytest.raises(ValueError, match=sentence):
        invariance_curves(**{**arguments, **changes})


def test_bad_places_are_named():
    with pytest.raises(ValueError, match="start must be a whole number from -2 to 4, got 5"):
        place_motif(one_hot("AAAA"), one_hot("CG"), 5)
    with pytest.raises(ValueError, match=r"background must have .* \(4, 3\) and \(2, 4\)"):
        place_motif(one_hot("AAAA").T[:, :3], one_hot("CG"), 0)
