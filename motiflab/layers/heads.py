"""Heads and their losses: the output is a logit, a value, the log of a rate, or a profile.

A network ends with one number ``z``. Its *head* says which quantity ``z`` predicts, and so which
loss is used. Each loss is, up to a constant, a negative log-likelihood: of a class (yes or no), of
a value with normal noise, or of a count.

| head | what is predicted | loss of a target ``y`` | its derivative with respect to ``z`` |
|---|---|---|---|
| classify | the probability ``sigmoid(z)`` | cross-entropy | ``sigmoid(z) - y`` |
| regress | the value ``z`` | ``(z - y)**2`` | ``2 (z - y)`` |
| count | the rate ``exp(z)`` | ``exp(z) - y z`` | ``exp(z) - y`` |

The head "profile" predicts reads at each of ``L`` positions, so it ends with ``L + 1`` numbers: a
logit ``z[i]`` for each position ``i``, and ``t``, the logarithm of 1 plus the total. Its target is
the reads ``k[i]``, with the total ``n = sum of k[i]`` (Avsec et al. 2021, BPNet).

    loss = - sum over i of k[i] log p[i] + lambda (log(1 + n) - t)**2,
    with p[i] = exp(z[i]) / sum over j of exp(z[j]) and lambda = n / 2.

The first part is, up to a constant, the negative log-likelihood of where the ``n`` reads lie if
each falls independently on position ``i`` with probability ``p[i]`` (the multinomial distribution).
The weight lambda makes the second part a likelihood, too: if the total has a Poisson distribution,
the negative log-likelihood near its minimum is ``n / 2`` times the squared error of the logarithm.
BPNet takes one lambda for all sequences, by default half of their mean total or a share of it.
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
    log_sum_exp,
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


def profile_loss(target: ArrayLike, z: ArrayLike) -> np.ndarray:
    """Negative log-likelihood of a profile of reads, without constants.

    Parameters
    ----------
    target : array_like, shape (..., L)
        ``k``: reads at each position, at least 0.
    z : array_like, shape (..., L + 1)
        A logit for each position, then the logarithm of 1 plus the total.

    Returns
    -------
    ndarray, shape (...)
        In nats: the formula is in the docstring of this module.

    Examples
    --------
    Four reads at two positions: 4 log 2 for where they lie, and 4 / 2 * log(5)**2 for the total.

    >>> profile_loss([3, 1], [0.0, 0.0, 0.0]).round(3).tolist()
    7.953
    """
    k, z, n = _profile(target, z)
    places, total = z[..., :-1], z[..., -1]
    surprise = n * log_sum_exp(places, -1) - (k * places).sum(-1)
    return surprise + n / 2 * (np.log1p(n) - total) ** 2


def profile_gradient(target: ArrayLike, z: ArrayLike) -> np.ndarray:
    """Derivative of `profile_loss` with respect to each of the L + 1 numbers.

    ``n p[i] - k[i]`` for the logits, the expected minus the observed reads, and
    ``n (t - log(1 + n))`` for the total.

    >>> profile_gradient([3, 1], [0.0, 0.0, np.log(5)]).tolist()
    [-1.0, 1.0, 0.0]
    """
    k, z, n = _profile(target, z)
    error = n[..., None] * _shares(z) - k
    return np.concatenate([error, (n * (z[..., -1] - np.log1p(n)))[..., None]], axis=-1)


def expected_reads(z: ArrayLike) -> np.ndarray:
    """Reads that a profile head expects at each position: ``p[i] (exp(t) - 1)``, at least 0.

    Parameters
    ----------
    z : array_like, shape (..., L + 1)

    Returns
    -------
    ndarray, shape (..., L)

    Examples
    --------
    >>> expected_reads([0.0, 0.0, np.log(5)]).round(9).tolist()
    [2.0, 2.0]
    """
    z = np.asarray(z, dtype=float)
    return _shares(z) * np.maximum(np.expm1(z[..., -1:]), 0)


class Head(NamedTuple):
    """Prediction and loss for the last number ``z`` of a network, or the last numbers.

    Attributes
    ----------
    mean : callable
        From ``z`` to the prediction, which is the expected target.
    slope : callable
        Derivative of `mean` with respect to ``z``; None for a profile, where each expected read
        depends on all numbers.
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
    slope: Callable[[ArrayLike], np.ndarray] | None
    loss: Callable[[ArrayLike, ArrayLike], np.ndarray]
    gradient: Callable[[ArrayLike, ArrayLike], np.ndarray]


HEADS = {
    "classify": Head(sigmoid, sigmoid_derivative, cross_entropy, cross_entropy_gradient),
    "regress": Head(np.asarray, np.ones_like, regression_loss, regression_gradient),
    "count": Head(exponential, exponential, poisson_loss, poisson_gradient),
    "profile": Head(expected_reads, None, profile_loss, profile_gradient),
}


def _values(target: ArrayLike) -> np.ndarray:
    y = np.asarray(target, dtype=float)
    require("target", np.isfinite(y).all(), "hold finite numbers, got infinity or nan")
    return y


def _counts(target: ArrayLike) -> np.ndarray:
    y = _values(target)
    require("target", (y >= 0).all(), f"hold counts of at least 0, got {y.min(initial=0):g}")
    return y


def _profile(target: ArrayLike, z: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The reads, the numbers of the network, and the total reads of each sequence."""
    k, z = _counts(target), np.asarray(z, dtype=float)
    require(
        "target",
        k.ndim and z.ndim and k.shape[-1] == z.shape[-1] - 1,
        f"hold reads for each of the {z.shape[-1] - 1 if z.ndim else 0} positions of a profile, "
        f"got the shape {k.shape}",
    )
    return k, z, k.sum(-1)


def _shares(z: np.ndarray) -> np.ndarray:
    """Softmax of all but the last of the numbers."""
    places = z[..., :-1]
    return np.exp(places - log_sum_exp(places, -1)[..., None])
