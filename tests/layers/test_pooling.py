"""Pooling and the routing of its gradient against torch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from motiflab.layers.convolution import Layer, cross_correlate
from motiflab.layers.pooling import (
    KINDS,
    centre,
    invariance_curves,
    place_motif,
    pool,
    pool_gradient,
    pooled_along,
    same_padding,
    scores_at_ends,
    shift,
    winners,
)
from motiflab.layers.receptive_fields import receptive_field
from motiflab.motifs import jaspar
from motiflab.sequences.encoding import decode, gc_background, one_hot, random_sequences


def torch_pool(y, window, stride, kind):
    if kind == "max":
        return torch.nn.functional.max_pool1d(y[None], window, stride)[0]
    if kind == "average":
        return torch.nn.functional.avg_pool1d(y[None], window, stride)[0]
    return y.unfold(0, window, stride).logsumexp(dim=1)


# Few different values, so that ties are frequent.
maps = st.lists(st.integers(-3, 3), min_size=1, max_size=30)


@given(maps, st.integers(1, 8), st.integers(1, 9), st.sampled_from(KINDS), st.randoms())
def test_value_and_gradient_are_those_of_torch(values, window, stride, kind, random):
    assume(window <= len(values))
    y = torch.tensor(values, dtype=torch.float64, requires_grad=True)
    expected = torch_pool(y, window, stride, kind)
    upstream = [random.uniform(-1, 1) for _ in range(len(expected))]
    expected.backward(torch.tensor(upstream, dtype=torch.float64))
    np.testing.assert_allclose(pool(values, window, stride, kind), expected.detach(), atol=1e-12)
    got = pool_gradient(values, upstream, window, stride, kind)
    np.testing.assert_allclose(got, y.grad, atol=1e-12)


@given(maps, st.integers(1, 8), st.integers(1, 9))
def test_winners_are_those_of_torch(values, window, stride):
    assume(window <= len(values))
    y = torch.tensor(values, dtype=torch.float64)[None]
    _, expected = torch.nn.functional.max_pool1d(y, window, stride, return_indices=True)
    assert winners(values, window, stride).tolist() == expected[0].tolist()


@given(maps, st.integers(1, 8))
def test_windows_touch_unless_a_stride_is_given(values, window):
    assume(window <= len(values))
    assert pool(values, window).tolist() == pool(values, window, window).tolist()
    assert winners(values, window).tolist() == winners(values, window, window).tolist()


def test_a_shift_inside_a_window_changes_the_average_but_not_the_maximum():
    before, after = [0, 9, 1, 0, 0, 0, 0, 2], [2, 0, 9, 1, 0, 0, 0, 0]
    assert pool(before, 4)[0] == pool(after, 4)[0] == 9
    assert pool(before, 4, kind="average")[0] != pool(after, 4, kind="average")[0]


def test_log_sum_exp_does_not_overflow():
    np.testing.assert_allclose(pool([1e4, 1e4, -1e4], 3, kind="logsumexp"), [1e4 + np.log(2)])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"window": 0}, "window must be a whole number"),
        ({"window": 7}, "window must be at most the length of the map, 6, got 7"),
        ({"stride": 0}, "stride must be a whole number"),
        ({"kind": "median"}, "kind must be one of max, average, logsumexp, got 'median'"),
        ({"y": [[1.0, 2.0]]}, "y must be one row"),
        ({"y": [1.0, np.nan, 2.0]}, "y must be one row of finite"),
    ],
)
def test_bad_arguments_are_named(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        pool(**{"y": np.arange(6), "window": 2, **arguments})


def test_an_upstream_of_the_wrong_length_is_named():
    with pytest.raises(ValueError, match="upstream must have one number for each of the 3 windows"):
        pool_gradient(np.arange(6), [1.0], 2)


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


GATA2 = jaspar.load("GATA2")
WEIGHTS = GATA2.log_odds(pseudocount=1000)


def by_torch_of_boundary(
    weights: np.ndarray, texts: list[str], padding: int, bias: float = 0.0
) -> np.ndarray:
    x = torch.tensor(np.stack([one_hot(text).T for text in texts])).double()
    w, b = torch.tensor(weights.T)[None], torch.tensor([bias], dtype=torch.float64)
    return torch.nn.functional.conv1d(x, w, b, padding=padding)[:, 0].numpy()


@pytest.mark.parametrize("width", [1, 3, 7, 15])
def test_odd_widths_get_torchs_same_padding(width):
    x, w = torch.ones(1, 4, 20), torch.ones(1, 4, width)
    same = torch.nn.functional.conv1d(x, w, padding="same")
    ours = torch.nn.functional.conv1d(x, w, padding=same_padding(width))
    assert torch.equal(ours, same)


@pytest.mark.parametrize("width", range(1, 11))
def test_same_padding_keeps_the_length_for_odd_widths_and_adds_one_for_even(width):
    marks = np.zeros((width, 4))
    marks[same_padding(width), 0] = 1  # tap P alone: it reads base j at output j
    text = "ACAAGATACAAATTAGACCA"
    ours = by_torch_of_boundary(marks, [text], same_padding(width))[0]
    assert ours[:20].tolist() == [float(base == "A") for base in text]
    assert len(ours) == 20 + (width % 2 == 0)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@pytest.mark.parametrize("width", [2, 4, 8])
def test_torchs_same_padding_of_an_even_width_has_one_zero_more_on_the_right(width):
    weights = torch.randn(1, 4, width, generator=torch.Generator().manual_seed(0))
    x = torch.tensor(one_hot("ACAAGATACAAATTAGACCA").T[None], dtype=torch.float32)
    same = torch.nn.functional.conv1d(x, weights, padding="same")
    padded = torch.nn.functional.pad(x, (width // 2 - 1, width // 2))
    torch.testing.assert_close(same, torch.nn.functional.conv1d(padded, weights))


@given(st.text("ACGT", min_size=5, max_size=5), st.integers(0, 5), st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_the_score_of_one_site_at_every_place_is_that_of_torch(site, padding, seed):
    rng = np.random.default_rng(seed)
    weights, length = rng.normal(size=(5, 4)), 12
    outputs = length + 2 * padding - 4
    padded = ["A" * j + site + "A" * (outputs - 1 - j) for j in range(outputs)]
    texts = [text[padding : padding + length] for text in padded]
    expected = by_torch_of_boundary(weights, texts, padding, 0.7).diagonal()
    got = scores_at_ends(weights, one_hot(site), length, padding, 0.7)
    np.testing.assert_allclose(got, expected, atol=1e-6)


def test_the_mean_of_background_is_that_of_many_sequences():
    q = gc_background(0.3)
    texts = random_sequences(4000, 20, q, np.random.default_rng(0))
    measured = by_torch_of_boundary(WEIGHTS, texts, 3, bias=1.0)
    exact = scores_at_ends(WEIGHTS, q, 20, 3, bias=1.0)
    error = measured.std(axis=0) / np.sqrt(len(texts))
    assert (np.abs(measured.mean(axis=0) - exact) < 4.5 * error).all()


def test_the_mean_of_a_motif_is_that_of_many_sites():
    sites = GATA2.sample(4000, np.random.default_rng(0))
    exact = scores_at_ends(WEIGHTS, GATA2.probabilities(), 20, 3)
    for j, cut in ((0, slice(3, None)), (10, slice(None)), (18, slice(0, 5))):
        begin = max(j - 3, 0)
        texts = [("A" * begin + site[cut]).ljust(20, "A") for site in sites]
        measured = by_torch_of_boundary(WEIGHTS, texts, 3)[:, j]
        assert abs(measured.mean() - exact[j]) < 4.5 * measured.std() / np.sqrt(len(sites))


def test_zeros_outscore_background_and_cut_motifs_underscore():
    q = np.full(4, 0.25)
    background = scores_at_ends(WEIGHTS, q, 30, 3)
    motif = scores_at_ends(WEIGHTS, GATA2.probabilities(), 30, 3)
    assert (np.diff(background[:4]) < 0).all() and (np.diff(background[-4:]) > 0).all()
    assert (np.diff(motif[:4]) > 0).all() and (np.diff(motif[-4:]) < 0).all()
    assert np.ptp(background[3:-3]) < 1e-12 and np.ptp(motif[3:-3]) < 1e-12


@given(st.integers(0, 2**32 - 1), st.floats(-3, 3), st.sampled_from([0.2, 0.5, 0.7]))
@settings(max_examples=30)
def test_centring_changes_no_window_without_padding(seed, amount, gc):
    rng = np.random.default_rng(seed)
    weights, q = rng.normal(size=(5, 4)), gc_background(gc)
    texts = random_sequences(3, 20, q, rng)
    moved, bias = centre(weights, 0.3, q, amount)
    np.testing.assert_allclose(
        by_torch_of_boundary(moved, texts, 0, bias),
        by_torch_of_boundary(weights, texts, 0, 0.3),
        atol=1e-6,
    )


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.2, 0.5, 0.7]))
@settings(max_examples=30)
def test_a_zero_scores_like_background_once_centred_and_the_other_way_beyond(seed, gc):
    weights, q = np.random.default_rng(seed).normal(size=(5, 4)), gc_background(gc)
    plain = scores_at_ends(weights, q, 12, 2)
    centred, mirrored = (
        scores_at_ends(*(moved[0], q, 12, 2, moved[1]))
        for moved in (centre(weights, 0, q, 1), centre(weights, 0, q, 2))
    )
    np.testing.assert_allclose(centred, plain[5], atol=1e-12)
    np.testing.assert_allclose(mirrored - plain[5], plain[5] - plain, atol=1e-12)


def test_the_maximum_near_an_edge_is_that_of_torch():
    site = GATA2.consensus()
    text = random_sequences(1, 30, None, np.random.default_rng(4))[0]
    got = pooled_along(WEIGHTS, one_hot(site), one_hot(text), window=6, padding=3)
    expected = []
    for j in range(30):
        letters = list("-" * 3 + text + "-" * 3)
        letters[j : j + 7] = site
        y = by_torch_of_boundary(WEIGHTS, ["".join(letters)[3:33]], 3)
        pooled = torch.nn.functional.max_pool1d(torch.tensor(y), 6)[0]
        expected.append(pooled[j // 6].item())
    np.testing.assert_allclose(got, expected, atol=1e-6)
    assert np.ptp(got[3:27]) < 1e-9  # whole motifs: the same wherever they are
    assert (got[[2, 27]] < got[3] - 0.4).all()


def test_outputs_that_fill_no_window_are_left_out():
    assert len(pooled_along(WEIGHTS, one_hot("CTTATCT"), one_hot("A" * 20), 6, 3)) == 18
