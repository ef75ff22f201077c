"""What zero padding does to scores at the ends of a sequence.

If the window of a filter extends beyond the end of a sequence, some of its ``K`` taps meet zeros,
which add nothing to the score. With log-odds weights ``W``, a base of the motif adds on average
``sum_a theta_ka W_ka >= 0`` at tap ``k``, and a background base adds ``sum_a q_a W_ka <= 0``; each
is 0 only if ``theta_k = q``. So a motif that is cut at the end scores less than a whole one, and
background at the end scores more than background elsewhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import require
from motiflab.layers.convolution import index_map, output_length, windows
from motiflab.sequences.alphabet import DNA, Alphabet
from motiflab.sequences.matrix import check_background, check_matrix, numbers_by_base


def same_padding(width: int) -> int:
    """Number of zeros at each end for "same" padding with a filter of `width` taps.

    ``P = floor(K / 2)``. Then tap ``P`` of output ``j`` is on base ``j``. For odd ``K`` that is
    the middle tap, and there are as many outputs as bases: ``M = L + 2P - K + 1 = L``. For even
    ``K`` there is one more output, ``M = L + 1``: no symmetric padding can keep the length, since
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
    alphabet: Alphabet = DNA,
) -> np.ndarray:
    """Mean score of every output with zero padding, for given base frequencies at each tap.

    ``E y[j] = b + sum over the taps k with 0 <= i(j, k) < L of sum_a r[k, a] * W[k, a]``, with the
    `index_map` ``i`` and stride 1. If the frequencies ``r`` are the background, it is the mean
    score of background; if they are a PPM, that of a motif exactly under the window; if they are
    one-hot, the score of that site.

    Parameters
    ----------
    weights : array_like, shape (K, A)
        ``W``.
    frequencies : array_like, shape (A,) or (K, A)
        ``r``, one row for all taps or one for each.
    length : int
        ``L``.
    padding : int
        ``P``.
    bias : float
        ``b``.
    alphabet : Alphabet

    Returns
    -------
    ndarray, shape (L + 2P - K + 1,)

    Examples
    --------
    >>> scores_at_ends([[1, 0, 0, 0]] * 3, [1, 0, 0, 0], length=4, padding=1).tolist()
    [2.0, 3.0, 3.0, 2.0]
    """
    weights = check_matrix("weights", weights, alphabet=alphabet)
    r = numbers_by_base(frequencies, "frequencies", alphabet)
    require(
        "frequencies",
        r.shape in (weights.shape[1:], weights.shape),
        f"have the shape {weights.shape[1:]} or that of the weights, "
        f"{weights.shape}, got {r.shape}",
    )
    taps = np.arange(len(weights))
    outputs = np.arange(output_length(length, len(weights), 1, padding))
    positions = index_map(outputs[:, None], taps, 1, padding)
    # A tap over the padding adds nothing, so only taps over the sequence are summed.
    inside = (positions >= 0) & (positions < length)
    return inside @ (weights * r).sum(axis=1) + bias


def centre(
    weights: ArrayLike,
    bias: float = 0.0,
    background: ArrayLike | None = None,
    amount: float = 1.0,
    alphabet: Alphabet = DNA,
) -> tuple[np.ndarray, float]:
    """Centre a filter: move the mean of each tap over the background into the bias.

    ``W'[k, a] = W[k, a] - t * m[k]`` and ``b' = b + t * sum over k of m[k]``, where
    ``m[k] = sum_a q[a] * W[k, a]`` and ``t`` is the amount. There is exactly one base at each tap,
    so the score of a window inside the sequence does not change. That of a window over the padding
    does: with ``t = 1`` a zero scores there as background does on average.

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
    alphabet : Alphabet

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
    weights = check_matrix("weights", weights, alphabet=alphabet)
    means = weights @ check_background(background, alphabet)
    return weights - amount * means[:, None], float(bias + amount * means.sum())


def pooled_along(
    weights: ArrayLike,
    site: ArrayLike,
    background: ArrayLike,
    window: int,
    padding: int,
    bias: float = 0.0,
    alphabet: Alphabet = DNA,
) -> np.ndarray:
    """Max-pooled score of a site at every position of a sequence, including both ends.

    Parameters
    ----------
    weights : array_like, shape (K, A)
    site : array_like, shape (K, A)
        One-hot.
    background : array_like, shape (L, A)
        One-hot.
    window : int
        Width of the pooling window; the windows do not overlap.
    padding : int
        ``P`` of the filter. Output ``j`` scores a site that begins at ``j - P``; bases of the site
        outside the sequence are cut.
    bias : float
    alphabet : Alphabet

    Returns
    -------
    ndarray, shape (floor(M / window) * window,)
        For each output ``j`` the maximum of its pooling window with the site at ``j - P``. Outputs
        at the end that fill no window are omitted.

    Examples
    --------
    >>> from motiflab.sequences import one_hot
    >>> weights = 2 * one_hot("CAC") - 1
    >>> pooled_along(weights, one_hot("CAC"), one_hot("TTTTTT"), window=3, padding=1).tolist()
    [2.0, 3.0, 3.0, 3.0, 3.0, 2.0]
    """
    weights = check_matrix("weights", weights, alphabet=alphabet)
    site = check_matrix("site", site, alphabet=alphabet)
    background = check_matrix("background", background, alphabet=alphabet)
    outputs = output_length(len(background), len(weights), 1, padding)
    j = np.arange(outputs // window * window)
    if not len(j):
        return np.zeros(0)
    padded = np.pad(background, ((padding, padding), (0, 0)))
    # Only the bases under the pooling window of output j matter to it; one copy of them for each j.
    x = windows(padded, window + len(weights) - 1, window)[j // window]
    base = j[:, None] - padding + np.arange(len(site))  # of the background, under the site
    row, tap = np.nonzero((base >= 0) & (base < len(background)))
    x[row, row % window + tap] = site[tap]
    return (np.einsum("njkc,kc->nj", windows(x, len(weights)), weights) + bias).max(axis=1)
