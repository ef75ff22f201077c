"""Fit measured values by a sum over positions or pairs of positions, optionally with a curve.

With ``x`` the one-hot sequence, the sum is ``phi = b + sum over i and a of W[i, a] x[i, a]``, and,
with pairs, ``+ sum over i < j of V[i, a, j, c] x[i, a] x[j, c]``. The prediction is ``phi`` itself,
or a curve of it that rises from ``low`` to ``low + rise``:

``y_hat = low + rise * sigmoid(phi)``.

A sum followed by such a curve is called *global epistasis* (Otwinowski, McCandlish & Plotkin 2018):
the effect of a base then depends on all others, although no two positions interact. The fit
minimises the sum of squared errors plus `ridge` times the sum of squared weights (without ``b``,
``low`` and ``rise``). Without a curve this is a linear equation. With a curve it is solved
iteratively, by the method of Levenberg and Marquardt, and the result may depend on the start.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import inside, require
from motiflab.layers import sigmoid

_STEPS = 100
_ENOUGH = 1e-6  # the fit ends if a step lowers the error by less than this share


@dataclass(frozen=True, eq=False)
class MeasuredFit:
    """A fitted sum and its curve, if there is one.

    Attributes
    ----------
    weights : ndarray
        One for each base except the first of each position, then, with `pairs`, one for each
        product of two of them, in the order of `measured_features`.
    bias : float
        ``b``.
    pairs : bool
    curve : tuple of two floats, or None
        ``low`` and ``rise``; None if the sum itself is the prediction.
    """

    weights: np.ndarray
    bias: float
    pairs: bool = False
    curve: tuple[float, float] | None = None

    def latent(self, x: ArrayLike) -> np.ndarray:
        """Return ``phi`` of each sequence, (N,); `x` is one-hot, (N, A, L)."""
        return measured_features(x, self.pairs) @ self.weights + self.bias

    def predict(self, x: ArrayLike) -> np.ndarray:
        """Return the prediction for each sequence, (N,)."""
        return self.bend(self.latent(x))

    def bend(self, phi: ArrayLike) -> np.ndarray:
        """Return the value of the curve at ``phi``."""
        if self.curve is None:
            return np.asarray(phi, dtype=float)
        low, rise = self.curve
        return low + rise * sigmoid(phi)


def measured_features(x: ArrayLike, pairs: bool = False) -> np.ndarray:
    """Return the features of the sum: bases and, optionally, pairs of bases, (N, features).

    Parameters
    ----------
    x : array_like, shape (N, A, L)
        One-hot. The first letter of every position is omitted, as its weight is 0: it is present
        if no other letter is.
    pairs : bool
        Whether to append the products for pairs of positions.

    Examples
    --------
    >>> measured_features(np.eye(4)[None]).tolist()  # ACGT
    [[0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]]
    """
    x = np.asarray(x, dtype=float)
    require("x", x.ndim == 3, f"have the shape (N, A, L), got {x.shape}")
    single = x[:, 1:].transpose(0, 2, 1)
    parts = [single.reshape(len(x), -1)]
    if pairs:
        for i in range(1, single.shape[1]):
            products = single[:, :i, :, None] * single[:, i, None, None]
            parts.append(products.reshape(len(x), -1))
    return np.concatenate(parts, axis=1)


def fit_measured(
    x: ArrayLike, y: ArrayLike, pairs: bool = False, curve: bool = False, ridge: float = 1.0
) -> MeasuredFit:
    """Fit a sum, optionally followed by a curve, to measured values.

    Parameters
    ----------
    x : array_like, shape (N, A, L)
        One-hot sequences of one length.
    y : array_like, shape (N,)
        Measured values.
    pairs : bool
        Whether the sum has terms for pairs of positions.
    curve : bool
        Whether a curve follows the sum.
    ridge : float
        Weight of the penalty, positive.

    Returns
    -------
    MeasuredFit

    Examples
    --------
    >>> from motiflab.datasets import Dataset
    >>> data = Dataset.of(["AA", "AC", "CA", "CC"], [0.0, 1, 2, 3], ["", "", "", ""])
    >>> fit_measured(data.x, data.labels, ridge=1e-9).predict(data.x).round(6).tolist()
    [0.0, 1.0, 2.0, 3.0]
    """
    y, ridge = np.asarray(y, dtype=float), inside("ridge", ridge, 0)
    features = measured_features(x, pairs)
    require(
        "y",
        y.shape == (len(features),) and y.size and np.isfinite(y).all(),
        f"hold a finite number for each of {len(features)} sequences, got the shape {y.shape}",
    )
    used = np.flatnonzero(np.ptp(features, axis=0))  # constant features cannot be learned
    seen, weights = features[:, used], np.zeros(features.shape[1])
    if not curve:
        middle, level = seen.mean(axis=0), y.mean()
        away = seen - middle
        weights[used] = np.linalg.solve(
            away.T @ away + ridge * np.eye(len(used)), away.T @ (y - level)
        )
        return MeasuredFit(weights, float(level - middle @ weights[used]), pairs)
    low, rise, bias, *weights[used] = _climb(seen, y, ridge)
    return MeasuredFit(weights, float(bias), pairs, (float(low), float(rise)))


def _climb(features: np.ndarray, y: np.ndarray, ridge: float) -> np.ndarray:
    """Fit ``low``, ``rise``, ``b`` and the weights by the method of Levenberg and Marquardt."""
    penalty = np.concatenate([np.zeros(3), np.full(features.shape[1], ridge)])
    low, high = np.quantile(y, [0.25, 0.99])
    now = np.concatenate([[low, high - low, -1.0], np.zeros(features.shape[1])])

    def error(at: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        share = sigmoid(features @ at[3:] + at[2])
        miss = at[0] + at[1] * share - y
        return share, miss, float(miss @ miss + penalty @ at**2)

    damping = 1.0
    share, miss, cost = error(now)
    for _ in range(_STEPS):
        slope = now[1] * share * (1 - share)
        # Derivative of the prediction with respect to each parameter.
        changes = np.column_stack([np.ones(len(y)), share, slope, slope[:, None] * features])
        square = changes.T @ changes + np.diag(penalty)
        downhill = changes.T @ miss + penalty * now
        before = cost
        while damping < 1e12:
            there = now - np.linalg.solve(
                square + damping * np.diag(np.diag(square) + 1e-9), downhill
            )
            share, miss, cost = error(there)
            if cost < before:
                break
            damping *= 4  # a shorter step, closer to the gradient
        else:
            return now
        now, damping = there, damping / 5
        if before - cost < _ENOUGH * before:
            break
    return now
