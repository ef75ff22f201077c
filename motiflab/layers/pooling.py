"""Pooling, its gradient, what a shift changes, and what zero padding does at the ends.

**Pooling.** Windows are ``n*T`` (inclusive) to ``n*T + w`` (exclusive) of the map, for ``n = 0, 1,
...`` as long as they lie inside it; with window ``w`` and stride ``T``, since ``W`` and ``S`` are
the filter's. Positions at the end that fill no window are left out, as torch does. A window as long
as the map pools it globally.

**Shifts.** A shift of ``s`` bases can mean two things. Either the motif alone moves along a
background that stays where it is, or the whole sequence moves (here on a ring: what leaves on the
right comes in on the left). With filter stride ``S`` and pooling stride ``T``, and edges aside:

- *local invariance*: if the motif's own score wins a pooling window before and after the shift,
  the maximum of that window is the same number. It is not enough that the same position wins: the
  motif may have changed the bases under it. The average is the same only if what leaves the window
  and what enters it have the same sum, as zeros have;
- *equivariance*: if the whole sequence moves by ``s = c * S * T``, every pooled map moves by ``c``.

**Ends.** A filter of ``K`` taps whose window hangs over the end meets zeros there, and a zero adds
nothing: neither what the motif would have added nor what background would have added. With log-odds
weights the motif adds on average ``sum_a theta_ka W_ka >= 0`` at tap ``k`` and background adds
``sum_a q_a W_ka <= 0``, each 0 only if ``theta_k = q``. So a motif that the end cuts scores less
than a whole one, and background that the end cuts scores more than background elsewhere.

"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import ArgumentError, one_of, require, whole
from motiflab.layers.activations import log_sum_exp, relu
from motiflab.layers.convolution import (
    check_same_columns,
    cross_correlate,
    index_map,
    output_length,
    windows,
)
from motiflab.sequences.alphabet import DNA
from motiflab.sequences.encoding import one_hot, random_sequences
from motiflab.sequences.matrix import check_background, check_matrix, numbers_by_base

KINDS = ("max", "average", "logsumexp")


def pool(y: ArrayLike, window: int, stride: int | None = None, kind: str = "max") -> np.ndarray:
    """Pool a feature map, window by window.

    - ``"max"``: ``p[n] = max of y[m]``,
    - ``"average"``: ``p[n] = sum of y[m] / w``,
    - ``"logsumexp"``: ``p[n] = log sum of exp(y[m])``, a smooth maximum: between the maximum and
      the maximum plus ``log w``,

    each over the positions ``m`` of window ``n``.

    Parameters
    ----------
    y : array_like, shape (M,)
        The feature map of one filter, finite.
    window : int
        ``w``, from 1 to M.
    stride : int, optional
        ``T``, at least 1; `window` if not given, so that the windows touch and do not overlap.
    kind : {"max", "average", "logsumexp"}

    Returns
    -------
    ndarray, shape (floor((M - w) / T) + 1,)

    Examples
    --------
    >>> pool([1, 5, 2, 2, 0, 3, 9], window=3).tolist()
    [5.0, 3.0]
    >>> pool([1, 5, 2, 2, 0, 4, 9], window=3, kind="average").round(2).tolist()
    [2.67, 2.0]
    """
    cut = _windows(y, window, stride, kind)
    if kind == "max":
        return cut.max(axis=1)
    if kind == "average":
        return cut.mean(axis=1)
    return log_sum_exp(cut, axis=1)


def winners(y: ArrayLike, window: int, stride: int | None = None) -> np.ndarray:
    """Position in the map of each window's maximum; of several, the first.

    Parameters
    ----------
    y, window, stride
        As for `pool`.

    Returns
    -------
    ndarray of int, shape (floor((M - w) / T) + 1,)

    Examples
    --------
    >>> winners([1, 5, 2, 3, 0, 3], window=3).tolist()
    [1, 3]
    """
    cut = _windows(y, window, stride, "max")
    return np.arange(len(cut)) * (stride or window) + cut.argmax(axis=1)


def pool_gradient(
    y: ArrayLike,
    upstream: ArrayLike,
    window: int,
    stride: int | None = None,
    kind: str = "max",
) -> np.ndarray:
    """Route the gradient of the pooled numbers back to the map.

    ``g[m] = sum over the windows n that hold m of u[n] * dp[n]/dy[m]``, where ``dp[n]/dy[m]`` is

    - ``"max"``: 1 for the winner of the window, 0 for the others,
    - ``"average"``: ``1 / w`` for each,
    - ``"logsumexp"``: ``exp(y[m] - p[n])``, the softmax over the window.

    Parameters
    ----------
    y, window, stride, kind
        As for `pool`.
    upstream : array_like, shape (floor((M - w) / T) + 1,)
        ``u[n]``, the derivative of the loss by ``p[n]``.

    Returns
    -------
    ndarray, shape (M,)
        The derivative of the loss by ``y[m]``.

    Examples
    --------
    >>> pool_gradient([1, 5, 2, 3, 0, 2], upstream=[1, 10], window=3).tolist()
    [0.0, 1.0, 0.0, 10.0, 0.0, 0.0]
    """
    cut = _windows(y, window, stride, kind)
    upstream = np.asarray(upstream, dtype=float)
    require(
        "upstream",
        upstream.shape == (len(cut),),
        f"have one number for each of the {len(cut)} windows, got the shape {upstream.shape}",
    )
    # How much each pooled number moves with each entry of its window, (windows, w).
    if kind == "max":
        share = np.arange(window) == cut.argmax(axis=1)[:, None]
    elif kind == "average":
        share = np.full(cut.shape, 1.0 / window)
    else:
        share = np.exp(cut - pool(y, window, stride, kind)[:, None])
    gradient = np.zeros(len(y))
    positions = np.arange(len(cut))[:, None] * (stride or window) + np.arange(window)
    np.add.at(gradient, positions, share * upstream[:, None])  # windows may overlap
    return gradient


def _windows(y: ArrayLike, window: int, stride: int | None, kind: str) -> np.ndarray:
    """The map cut into its windows: an array of shape (windows, w)."""
    y = np.asarray(y, dtype=float)
    one_of("kind", kind, KINDS)
    if y.ndim != 1 or not np.isfinite(y).all():
        came = f"an array of shape {y.shape}" if y.ndim != 1 else "infinity or nan"
        raise ArgumentError("y", f"y must be one row of finite numbers, got {came}.")
    window = whole("window", window)
    step = window if stride is None else whole("stride", stride)
    require("window", window <= len(y), f"be at most the length of the map, {len(y)}, got {window}")
    return windows(y[:, None], window, step)[:, :, 0]


SAME = 1e-9  # two pooled numbers that differ by less than this are called the same


def place_motif(background: ArrayLike, site: ArrayLike, start: int) -> np.ndarray:
    """Write a site into a sequence; what hangs over either end is cut off.

    Parameters
    ----------
    background : array_like, shape (L, A)
        One-hot, or zeros for no background at all.
    site : array_like, shape (K, A)
        One-hot.
    start : int
        Where position 0 of the site comes to lie; from ``-K`` (all of it lies before the sequence)
        to ``L`` (all of it lies behind).

    Returns
    -------
    ndarray, shape (L, A)
        A copy.

    Examples
    --------
    >>> from motiflab.sequences import decode
    >>> [decode(place_motif(one_hot("AAAAAA"), one_hot("CGT"), start)) for start in (2, -1, 5)]
    ['AACGTA', 'GTAAAA', 'AAAAAC']
    """
    x, site = numbers_by_base(background, "background").copy(), numbers_by_base(site, "site")
    check_same_columns("background", x, "site", site)
    start = whole("start", start, -len(site), len(x))
    first, last = max(start, 0), min(start + len(site), len(x))  # what lies in the sequence
    x[first:last] = site[first - start : last - start]
    return x


def shift(
    background: ArrayLike, site: ArrayLike, start: int, by: int, everything: bool = False
) -> np.ndarray:
    """Move a site, or the whole sequence that holds it, to the right.

    Parameters
    ----------
    background, site, start
        As for `place_motif`.
    by : int
        ``s``, in bases; to the left if negative.
    everything : bool
        Move the background along, on a ring: base ``i`` goes to ``(i + s) mod L``.

    Returns
    -------
    ndarray, shape (L, A)

    Examples
    --------
    >>> from motiflab.sequences import decode
    >>> decode(shift(one_hot("AATTAAAA"), one_hot("CG"), start=4, by=1))
    'AATTACGA'
    >>> decode(shift(one_hot("AATTAAAA"), one_hot("CG"), start=4, by=1, everything=True))
    'AAATTCGA'
    """
    if everything:
        return np.roll(place_motif(background, site, start), by, axis=0)
    return place_motif(background, site, start + by)


class InvarianceCurve(NamedTuple):
    """How much one pooled number changes when the motif is shifted, over many sequences.

    Attributes
    ----------
    shifts : ndarray of int, shape (n_shifts,)
        In bases.
    changed : ndarray, shape (n_shifts,)
        Share of the sequences in which the pooled number differs from before, 0 to 1.
    size : ndarray, shape (n_shifts,)
        Mean size of the change, ``mean |p_s - p_0|``, as a share of the size of the `lift`.
    inside : ndarray, shape (n_shifts,)
        The same, among only those sequences whose motif still has its score in the window; nan
        where there are none.
    lift : float
        By how much the motif raises the pooled number before it moves, on average. For an average
        it can be below 0: the scores beside the motif's own count, too.
    """

    shifts: np.ndarray
    changed: np.ndarray
    size: np.ndarray
    inside: np.ndarray
    lift: float


def invariance_curves(
    weights: ArrayLike,
    site: str,
    window: int,
    furthest: int,
    bias: float = 0.0,
    rectify: bool = False,
    silent: bool = False,
    everything: bool = False,
    n: int = 96,
    seed: int = 0,
) -> dict[str, InvarianceCurve]:
    """Measure how invariant maximum and average are to a shift of the motif.

    Each sequence is a background with the site in it. We watch the pooling window (of `window`
    positions, disjoint from its neighbours) in which the motif's score lies before the shift. In
    sequence ``i`` it lies at position ``i mod window`` of that window, so that every place in the
    window comes up equally often. If the motif's score always wins, the maximum changes only when
    that score leaves: in a share ``min(s / window, 1)`` of the sequences.

    Parameters
    ----------
    weights : array_like, shape (K, A)
        The filter; its stride is 1 and there is no padding.
    site : str
        ``K`` bases.
    window : int
        Of the pooling, at least 1.
    furthest : int
        The shifts are 0 to this (inclusive), to the right.
    bias : float
        Of the filter.
    rectify : bool
        Put a ReLU between filter and pooling.
    silent : bool
        Zeros in the place of a background.
    everything : bool
        The background moves along; see `shift`.
    n : int
        Number of sequences.
    seed : int
        For the backgrounds, drawn with equal shares of the four bases.

    Returns
    -------
    dict of str to InvarianceCurve
        For ``"max"`` and ``"average"``.

    Examples
    --------
    >>> weights = 2 * one_hot("CATG") - 1
    >>> curves = invariance_curves(weights, "CATG", window=4, furthest=4, silent=True)
    >>> curves["max"].changed.tolist()
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    written, weights = one_hot(site), check_matrix("weights", weights)
    require(
        "site",
        len(site) == len(weights),
        f"be as wide as the filter, {len(weights)}, got {len(site)}",
    )
    window, furthest, n = whole("window", window), whole("furthest", furthest, 0), whole("n", n)
    length = window - 1 + furthest + len(site)  # the site fits in at its furthest
    rng = np.random.default_rng(seed)
    backgrounds = [one_hot(text) * (not silent) for text in random_sequences(n, length, None, rng)]
    starts = np.arange(n) % window

    def pooled(sequences: list[np.ndarray]) -> dict[str, np.ndarray]:
        # All sequences end to end in one go; the windows across two of them are not used.
        scores = cross_correlate(np.concatenate([*sequences, written]), weights, bias)
        maps = scores[: n * length].reshape(n, length)[:, :window].ravel()
        maps = relu(maps) if rectify else maps
        return {kind: pool(maps, window, kind=kind) for kind in ("max", "average")}

    shifts = np.arange(furthest + 1)
    empty = pooled(backgrounds)
    moved = [
        pooled([shift(x, written, k, by, everything) for x, k in zip(backgrounds, starts)])
        for by in shifts
    ]
    # Whether the motif's own score still lies in the window that is watched.
    stays = starts + shifts[:, None] < window
    counts = stays.sum(axis=1)
    curves = {}
    for kind in empty:
        values = np.array([numbers[kind] for numbers in moved])
        lift = float((values[0] - empty[kind]).mean())
        require(
            "bias",
            abs(lift) >= SAME,
            f"let the site through, but with {bias:g} the {kind} is the same with it and without",
        )
        change = np.abs(values - values[0]) / abs(lift)
        within = np.full(len(shifts), np.nan)
        np.divide((change * stays).sum(axis=1), counts, out=within, where=counts > 0)
        changed = (change * abs(lift) > SAME).mean(axis=1)
        curves[kind] = InvarianceCurve(shifts, changed, change.mean(axis=1), within, lift)
    return curves


def same_padding(width: int) -> int:
    """Number of zeros at each end for "same" padding with a filter of `width` taps.

    ``P = floor(K / 2)``. Tap ``P`` of output ``j`` then lies on base ``j``. For odd ``K`` that is
    the middle tap, and there are as many outputs as bases: ``M = L + 2P - K + 1 = L``. For even
    ``K`` there is one output more, ``M = L + 1``: no symmetric padding keeps the length then, since
    ``2P = K - 1`` would be odd. (torch's ``padding="same"`` puts ``K/2 - 1`` zeros on the left and
    ``K/2`` on the right.)

    Parameters
    ----------
    width : int
        ``K``, at least 1; the stride is 1 and there is no dilation.

    Returns
    -------
    int

    Examples
    --------
    >>> same_padding(7), same_padding(8)
    (3, 4)
    """
    return width // 2


def scores_at_ends(
    weights: ArrayLike,
    frequencies: ArrayLike,
    length: int,
    padding: int,
    bias: float = 0.0,
) -> np.ndarray:
    """Mean score of every output, if each tap meets bases of given frequencies or else padding.

    ``E y[j] = b + sum over the taps k with 0 <= i(j, k) < L of sum_a r[k, a] * W[k, a]``, with the
    `index_map` ``i`` and stride 1. For the frequencies ``r`` of background it is the mean score of
    background; for a PPM that of a motif which lies exactly under the window; for a one-hot matrix
    the score of that very site.

    Parameters
    ----------
    weights : array_like, shape (K, A)
        ``W``.
    frequencies : array_like, shape (A,) or (K, A)
        ``r``, the same at all taps or for each.
    length : int
        ``L``.
    padding : int
        ``P``.
    bias : float
        ``b``.

    Returns
    -------
    ndarray, shape (L + 2P - K + 1,)

    Examples
    --------
    >>> scores_at_ends([[1, 0, 0, 0]] * 3, [1, 0, 0, 0], length=4, padding=1).tolist()
    [2.0, 3.0, 3.0, 2.0]
    """
    r = numbers_by_base(frequencies, "frequencies")
    weights = check_matrix("weights", weights, size=r.shape[-1] if r.ndim else DNA.size)
    require(
        "frequencies",
        r.shape in (weights.shape[1:], weights.shape),
        f"have the shape {weights.shape[1:]} or that of the weights, "
        f"{weights.shape}, got {r.shape}",
    )
    taps = np.arange(len(weights))
    outputs = np.arange(output_length(length, len(weights), 1, padding))
    positions = index_map(outputs[:, None], taps, 1, padding)
    # A tap over the padding adds nothing, so only those over the sequence are summed.
    inside = (positions >= 0) & (positions < length)
    return inside @ (weights * r).sum(axis=1) + bias


def centre(
    weights: ArrayLike,
    bias: float = 0.0,
    background: ArrayLike | None = None,
    amount: float = 1.0,
    size: int = DNA.size,
) -> tuple[np.ndarray, float]:
    """Move each tap's mean over the background from the weights into the bias.

    ``W'[k, a] = W[k, a] - t * m[k]`` and ``b' = b + t * sum over k of m[k]``, where
    ``m[k] = sum_a q[a] * W[k, a]`` and ``t`` is the amount. Exactly one base stands at each tap, so
    a window that lies inside the sequence scores as before. One that meets padding does not: with
    ``t = 1`` a zero scores there what background scores on average.

    Parameters
    ----------
    weights : array_like, shape (K, A)
        ``W``.
    bias : float
        ``b``.
    background : array_like, shape (A,), optional
        ``q``; uniform if not given.
    amount : float
        ``t``: 0 changes nothing, 1 centres.
    size : int
        Number of letters A.

    Returns
    -------
    weights : ndarray, shape (K, A)
    bias : float

    Examples
    --------
    >>> weights, bias = centre([[2, 0, 0, 0], [0, 0, -4, 0]])
    >>> weights.tolist(), bias
    ([[1.5, -0.5, -0.5, -0.5], [1.0, 1.0, -3.0, 1.0]], -0.5)
    """
    weights = check_matrix("weights", weights, size=size)
    means = weights @ check_background(background, size)
    return weights - amount * means[:, None], float(bias + amount * means.sum())


def pooled_along(
    weights: ArrayLike,
    site: ArrayLike,
    background: ArrayLike,
    window: int,
    padding: int,
    bias: float = 0.0,
) -> np.ndarray:
    """Move a site over a sequence, over both ends, and max-pool the window that holds its score.

    Parameters
    ----------
    weights : array_like, shape (K, A)
    site : array_like, shape (K, A)
        One-hot.
    background : array_like, shape (L, A)
        One-hot.
    window : int
        Of the pooling; the windows do not overlap.
    padding : int
        ``P`` of the filter. Output ``j`` scores a site that begins at ``j - P``; what of that site
        lies outside the sequence is cut.
    bias : float

    Returns
    -------
    ndarray, shape (floor(M / window) * window,)
        For each output ``j`` the maximum of its window with the site at ``j - P``. Outputs that
        fill no window are left out.

    Examples
    --------
    >>> from motiflab.sequences import one_hot
    >>> weights = 2 * one_hot("CAC") - 1
    >>> pooled_along(weights, one_hot("CAC"), one_hot("TTTTTT"), window=3, padding=1).tolist()
    [2.0, 3.0, 3.0, 3.0, 3.0, 2.0]
    """
    background = numbers_by_base(background, "background")
    weights = check_matrix("weights", weights, size=background.shape[-1])
    outputs = output_length(len(background), len(weights), 1, padding)
    values = []
    for j in range(outputs // window * window):
        x = place_motif(background, site, j - padding)
        scores = cross_correlate(x, weights, bias, padding=padding)
        values.append(pool(scores, window)[j // window])
    return np.array(values)
