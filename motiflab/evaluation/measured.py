"""How well predictions agree with measured values: R² and the rank correlation."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import require


def r_squared(measured: ArrayLike, predicted: ArrayLike) -> float:
    """R²: share of the variance of the measured values that the predictions explain.

    ``R2 = 1 - sum (y - p)**2 / sum (y - mean y)**2``. It is 1 for perfect predictions, 0 if every
    prediction is the mean of the values, and negative for worse predictions. Unlike the square of
    a correlation it is lowered by a wrong scale or offset.

    Parameters
    ----------
    measured : array_like, shape (N,)
        ``y``, at least two different values.
    predicted : array_like, shape (N,)
        ``p``.

    Examples
    --------
    >>> r_squared([1, 2, 3], [1, 2, 3]), r_squared([1, 2, 3], [2, 2, 2]), r_squared([1, 3], [3, 1])
    (1.0, 0.0, -3.0)
    """
    y, p = _pairs(measured, predicted)
    return float(1 - ((y - p) ** 2).sum() / ((y - y.mean()) ** 2).sum())


def rank_correlation(measured: ArrayLike, predicted: ArrayLike) -> float:
    """Spearman's rank correlation: the correlation of the ranks of two lists of values.

    It compares only the order: 1 if both order the sequences in the same way, -1 if in reverse,
    near 0 if the orders are unrelated. Units and increasing transformations do not matter. Equal
    values share the mean of their ranks.

    Parameters
    ----------
    measured, predicted : array_like, shape (N,)
        Each with at least two different values.

    Examples
    --------
    >>> round(rank_correlation([1, 2, 3, 4], [1, 8, 27, 64]), 12)
    1.0
    """
    y, p = _pairs(measured, predicted)
    require("predicted", np.ptp(p) > 0, "hold at least two different values")
    return float(np.corrcoef(_ranks(y), _ranks(p))[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 1; equal values share the mean of theirs."""
    _, which, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return (last - (count - 1) / 2)[which]


def _pairs(measured: ArrayLike, predicted: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    y, p = np.asarray(measured, dtype=float), np.asarray(predicted, dtype=float)
    require(
        "predicted",
        y.ndim == 1 and y.shape == p.shape,
        f"have one number for each measured value, shape {y.shape}, got {p.shape}",
    )
    for name, values in (("measured", y), ("predicted", p)):
        require(name, np.isfinite(values).all(), "hold finite numbers, got infinity or nan")
    require("measured", y.size and np.ptp(y) > 0, "hold at least two different values")
    return y, p
