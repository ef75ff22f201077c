"""What zero padding does to scores at the ends of a sequence.

A filter of ``K`` taps whose window hangs over the end meets zeros there, and a zero adds
nothing: neither what the motif would have added nor what background would have added. With log-odds
weights the motif adds on average ``sum_a theta_ka W_ka >= 0`` at tap ``k`` and background adds
``sum_a q_a W_ka <= 0``, each 0 only if ``theta_k = q``. So a motif that the end cuts scores less
than a whole one, and background that the end cuts scores more than background elsewhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import require
from motiflab.layers.convolution import cross_correlate, index_map, output_length
from motiflab.layers.invariance import place_motif
from motiflab.layers.pooling import pool
from motiflab.sequences.alphabet import DNA
from motiflab.sequences.matrix import check_background, check_matrix, numbers_by_base


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
