"""Heads and their losses: the output of a network is a logit, a value, or the log of a rate.

A network ends with one number ``z``. Its *head* says which quantity ``z`` predicts, and so which
loss is used. Each loss is, up to a constant, a negative log-likelihood: of a class (yes or no), of
a value with normal noise, or of a count.

| head | what is predicted | loss of a target ``y`` | its derivative with respect to ``z`` |
|---|---|---|---|
| classify | the probability ``sigmoid(z)`` | cross-entropy | ``sigmoid(z) - y`` |
| regress | the value ``z`` | ``(z - y)**2`` | ``2 (z - y)`` |
| count | the rate ``exp(z)`` | ``exp(z) - y z`` | ``exp(z) - y`` |
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import require
from motiflab.layers.activations import (
    cross_entropy,
    cross_entropy_gradient,
    exponential,
    sigmoid,
    sigmoid_derivative,
)


def regression_loss(target: ArrayLike, z: ArrayLike) -> np.ndarray:
    """Squared error of a measured value, ``(z - y)**2``.

    Up to a factor and a constant it is the negative log-likelihood of ``y`` if the noise is normal
    and equally large for every sequence. The mean over sequences is the mean squared error.

    Parameters
    ----------
    target : array_like
        ``y``: finite numbers.
    z : array_like
        Predictions; any shape that broadcasts with `target`.

    Returns
    -------
    ndarray
        One number for each target; not their mean.

    Examples
    --------
    >>> regression_loss([1.0, -2.0], [0.0, 1.0]).tolist()
    [1.0, 9.0]
    """
    return (np.asarray(z, dtype=float) - _values(target)) ** 2


def regression_gradient(target: ArrayLike, z: ArrayLike) -> np.ndarray:
    """Derivative of `regression_loss` with respect to the prediction: ``2 (z - y)``.

    >>> regression_gradient([1.0, -2.0], [0.0, 1.0]).tolist()
    [-2.0, 6.0]
    """
    return 2.0 * (np.asarray(z, dtype=float) - _values(target))


def poisson_loss(target: ArrayLike, z: ArrayLike) -> np.ndarray:
    """Negative log-likelihood of a count whose rate is ``exp(z)``, without a constant.

    The Poisson distribution gives a count ``y`` the probability
    ``rate**y exp(-rate) / y!``. With ``rate = exp(z)`` its negative logarithm is
    ``exp(z) - y z + log y!``. The last term does not depend on ``z`` and is omitted, so the loss
    of a perfect prediction is not 0 and may be negative.

    Parameters
    ----------
    target : array_like
        ``y``: counts or means of counts, at least 0.
    z : array_like
        Logarithm of the rate; any shape that broadcasts with `target`.

    Returns
    -------
    ndarray
        In nats, one number for each target; not their mean.

    Examples
    --------
    >>> poisson_loss([0, 3], [0.0, 0.0]).tolist()
    [1.0, 1.0]
    """
    y, z = _counts(target), np.asarray(z, dtype=float)
    return exponential(z) - y * z


def poisson_gradient(target: ArrayLike, z: ArrayLike) -> np.ndarray:
    """Derivative of `poisson_loss` with respect to ``z``: the rate minus the count.

    >>> poisson_gradient([0, 3], [0.0, 0.0]).tolist()
    [1.0, -2.0]
    """
    return exponential(z) - _counts(target)


class Head(NamedTuple):
    """Prediction and loss for the last number ``z`` of a network.

    Attributes
    ----------
    mean : callable
        From ``z`` to the prediction, which is the expected target.
    slope : callable
        Derivative of `mean` with respect to ``z``.
    loss : callable
        From a target and ``z`` to the loss of each; refuses impossible targets.
    gradient : callable
        From a target and ``z`` to the derivative of the loss with respect to ``z``.

    Examples
    --------
    >>> float(HEADS["count"].mean(0.0)), float(HEADS["classify"].mean(0.0))
    (1.0, 0.5)
    """

    mean: Callable[[ArrayLike], np.ndarray]
    slope: Callable[[ArrayLike], np.ndarray]
    loss: Callable[[ArrayLike, ArrayLike], np.ndarray]
    gradient: Callable[[ArrayLike, ArrayLike], np.ndarray]


HEADS = {
    "classify": Head(sigmoid, sigmoid_derivative, cross_entropy, cross_entropy_gradient),
    "regress": Head(np.asarray, np.ones_like, regression_loss, regression_gradient),
    "count": Head(exponential, exponential, poisson_loss, poisson_gradient),
}


def _values(target: ArrayLike) -> np.ndarray:
    y = np.asarray(target, dtype=float)
    require("target", np.isfinite(y).all(), "hold finite numbers, got infinity or nan")
    return y


def _counts(target: ArrayLike) -> np.ndarray:
    y = _values(target)
    require("target", (y >= 0).all(), f"hold counts of at least 0, got {y.min(initial=0):g}")
    return y
