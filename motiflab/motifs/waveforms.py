"""The log-odds filter of a known shape in Gaussian noise: the matched filter.

A motif scores letters; here a window is ``K`` voltages ``x``. In the positives it is the shape
``s`` plus noise, in the negatives noise alone. The noise has mean 0 and covariance ``C``. Of the
log likelihood ratio ``ln N(x; s, C) - ln N(x; 0, C)`` all terms that are quadratic in ``x`` cancel:

    ln LR(x) = w . x + b   with   w = C^-1 s   and   b = -s . C^-1 s / 2

For white noise, ``C = sd^2 I``, the filter is the shape itself, divided by ``sd^2`` (North 1943,
reprinted 1963 in Proceedings of the IEEE 51:1016). For coloured noise it is the whitened shape.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import between, require, whole


def noise_covariance(width: int, colour: float = 0.0) -> np.ndarray:
    """Return the covariance of neighbouring samples of noise with standard deviation 1.

    ``C[i, j] = colour**|i - j|``, the covariance of an autoregressive process of first order.

    Parameters
    ----------
    width : int
        Number of samples K.
    colour : float
        0 for white noise, below 1.

    Returns
    -------
    ndarray, shape (K, K)

    Examples
    --------
    >>> noise_covariance(3, 0.5)[0].tolist()
    [1.0, 0.5, 0.25]
    """
    at = np.arange(whole("width", width, 1))
    return between("colour", colour, 0, 0.999) ** np.abs(at[:, None] - at)


def matched_filter(shape: ArrayLike, covariance: ArrayLike) -> tuple[np.ndarray, float]:
    """Return the filter and the bias whose score is the log likelihood ratio of a window.

    Parameters
    ----------
    shape : array_like, shape (K,)
        ``s``, in any unit, such as volts.
    covariance : array_like, shape (K, K)
        ``C``, symmetric and positive definite, in this unit squared.

    Returns
    -------
    weights : ndarray, shape (K,)
        ``C^-1 s``.
    bias : float
        ``-s . C^-1 s / 2``, for equal prior probabilities.

    Examples
    --------
    >>> weights, bias = matched_filter([1.0, -2.0], 4 * np.eye(2))
    >>> weights.tolist(), bias
    ([0.25, -0.5], -0.625)
    """
    shape, covariance = _checked(shape, covariance)
    weights = np.linalg.solve(covariance, shape)
    return weights, float(-shape @ weights / 2)


def detectability(weights: ArrayLike, shape: ArrayLike, covariance: ArrayLike) -> float:
    """Return how far apart a filter puts windows with and without the shape.

    ``d = w . s / sqrt(w . C w)``: the difference of the mean scores, in standard deviations of the
    score. Both scores are normal, so the AUROC of single windows is ``Phi(d / sqrt(2))``. No filter
    has a larger ``d`` than `matched_filter`, ``sqrt(s . C^-1 s)``.

    Parameters
    ----------
    weights, shape : array_like, shape (K,)
        ``w``, not all zero, and ``s``.
    covariance : array_like, shape (K, K)
        ``C``.

    Returns
    -------
    float

    Examples
    --------
    >>> detectability([3.0, 4.0], [3.0, 4.0], np.eye(2))
    5.0
    """
    shape, covariance = _checked(shape, covariance)
    weights = np.asarray(weights, dtype=float)
    require("weights", weights.shape == shape.shape and weights.any(), "be like the shape, not 0")
    return float(weights @ shape / np.sqrt(weights @ covariance @ weights))


def level_filter(shape: ArrayLike, levels: ArrayLike) -> np.ndarray:
    """Return the log-odds of every voltage at every sample of a shape in white noise.

    ``W[k, a] = s[k] v[a] - s[k]**2 / 2`` for noise with standard deviation 1: a straight line in
    the voltage ``v[a]``, whose slope is the matched filter. This is the one-hot filter of a signal
    that was rounded to the voltages `levels`, as far as rounding can be neglected.

    Parameters
    ----------
    shape : array_like, shape (K,)
        ``s``, in standard deviations of the noise.
    levels : array_like, shape (A,)
        ``v``, the voltage of each letter, in the same unit.

    Returns
    -------
    ndarray, shape (K, A)

    Examples
    --------
    >>> level_filter([2.0], [-1, 0, 1]).tolist()
    [[-4.0, -2.0, 0.0]]
    """
    shape, levels = np.asarray(shape, dtype=float), np.asarray(levels, dtype=float)
    return shape[:, None] * levels - shape[:, None] ** 2 / 2


def slopes(weights: ArrayLike, levels: ArrayLike, shares: ArrayLike | None = None) -> np.ndarray:
    """Return the slope of the weights along the levels, for each sample of a filter.

    ``sum over a of q[a] (v[a] - m) W[k, a] / sum over a of q[a] (v[a] - m)**2`` with the mean
    ``m = sum over a of q[a] v[a]``: the line of least squares, in which each level counts as often
    as it occurs. It reads a filter on levels as a filter on voltages.

    Parameters
    ----------
    weights : array_like, shape (K, A)
    levels : array_like, shape (A,)
        ``v``, the voltage of each letter.
    shares : array_like, shape (A,), optional
        ``q``, which sums to 1: how often each level occurs. The weights of rare levels are
        uncertain. Equal if not given.

    Returns
    -------
    ndarray, shape (K,)

    Examples
    --------
    >>> slopes([[-4.0, -2.0, 0.0]], [-1, 0, 1]).tolist()
    [2.0]
    """
    weights, levels = np.asarray(weights, dtype=float), np.asarray(levels, dtype=float)
    q = np.full(len(levels), 1 / len(levels)) if shares is None else np.asarray(shares)
    apart = levels - q @ levels
    return weights @ (q * apart) / (q @ apart**2)


def _checked(shape: ArrayLike, covariance: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    shape, covariance = np.asarray(shape, dtype=float), np.asarray(covariance, dtype=float)
    require(
        "covariance",
        shape.ndim == 1 and covariance.shape == (len(shape),) * 2,
        f"have the shape (K, K) for a shape of K samples, got {covariance.shape} and {shape.shape}",
    )
    return shape, covariance
