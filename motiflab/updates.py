"""One update of a motif reader by hand: the gradient, a step against it, and many steps.

By the chain rule the cross-entropy ``L`` of a label ``y`` and the network of `motiflab.reader`,
with its symbols, has the gradients

- ``dL/dz = y_hat - y``,
- ``dL/dW[f] = (y_hat - y) * v[f] * [m[f] > 0 if ReLU] * (one-hot of the winning window)``,
- ``dL/db[f]`` the same without the window, ``dL/dv[f] = (y_hat - y) * a[f]``,
  ``dL/dv0 = y_hat - y``

(backpropagation: Rumelhart, Hinton & Williams 1986).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from motiflab.activations import cross_entropy, cross_entropy_gradient
from motiflab.alphabet import numbers_by_base
from motiflab.quoting import quoted
from motiflab.reader import Reader, Reading, read


@dataclass(frozen=True, eq=False)
class Gradient:
    """Derivatives of the cross-entropy; each has the shape of what it is the derivative by."""

    weights: np.ndarray
    bias: np.ndarray
    dense: np.ndarray
    dense_bias: float


@dataclass(frozen=True, eq=False)
class Course:
    """A training, update by update: what came before update ``t`` is entry ``t``.

    Attributes
    ----------
    first : Reader
        The start.
    order : ndarray of int, shape (T,)
        Which sequence each update used.
    weights : ndarray, shape (T + 1, F, K, 4)
    bias : ndarray, shape (T + 1, F)
    dense_bias : ndarray, shape (T + 1,)
    losses : ndarray, shape (T,)
        Cross-entropy of each sequence just before it was learned from, in nats.
    """

    first: Reader
    order: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    dense_bias: np.ndarray
    losses: np.ndarray

    def reader(self, t: int) -> Reader:
        """Give the network after `t` updates."""
        return replace(
            self.first,
            weights=self.weights[t],
            bias=self.bias[t],
            dense_bias=float(self.dense_bias[t]),
        )


def gradient(reader: Reader, reading: Reading, label: float) -> Gradient:
    """Work out the gradient of the cross-entropy by the formulas at the top of this module.

    Parameters
    ----------
    reader : Reader
    reading : Reading
        What `read` made of the sequence.
    label : float
        ``y``: 0, 1 or a probability between them.

    Returns
    -------
    Gradient

    Raises
    ------
    ValueError
        If the label lies outside 0 to 1.

    Examples
    --------
    >>> likes_ac = Reader(np.array([[[2.0, 0, 0, 0], [0, 2, 0, 0]]]), np.zeros(1), np.ones(1))
    >>> found = gradient(likes_ac, read(likes_ac, np.eye(4)[[2, 0, 1, 3]]), label=0)
    >>> found.weights[0].round(3).tolist()
    [[0.982, 0.0, 0.0, 0.0], [0.0, 0.982, 0.0, 0.0]]
    """
    surprise = float(cross_entropy_gradient(label, reading.logit))
    alive = reading.score > 0 if reader.relu else np.ones(len(reading.score))
    share = surprise * reader.dense * alive
    return Gradient(
        share[:, None, None] * reading.window, share, surprise * reading.passed, surprise
    )


def descend(reader: Reader, slope: Gradient, rate: float) -> Reader:
    """Take one step against the gradient; the dense weights stay.

    Parameters
    ----------
    reader : Reader
    slope : Gradient
    rate : float
        Length of the step.

    Returns
    -------
    Reader

    Examples
    --------
    >>> from motiflab.reader import random_reader
    >>> slope = Gradient(np.ones((1, 2, 4)), np.ones(1), np.ones(1), 1.0)
    >>> descend(random_reader(1, 2), slope, rate=0.5).dense_bias
    -0.5
    """
    return replace(
        reader,
        weights=reader.weights - rate * slope.weights,
        bias=reader.bias - rate * slope.bias,
        dense_bias=reader.dense_bias - rate * slope.dense_bias,
    )


def course(
    reader: Reader,
    x: ArrayLike,
    labels: ArrayLike,
    rate: float = 0.1,
    updates: int = 1000,
    seed: int | Sequence[int] = 0,
) -> Course:
    """Train by stochastic gradient descent, one sequence at a time.

    Each update takes ``rate`` times the gradient from ``W``, ``b`` and ``v0``. The dense weights
    ``v`` stay: with the filters free to grow they are not needed. The sequences come in random
    order, all of them once before any comes again.

    Parameters
    ----------
    reader : Reader
        The start.
    x : array_like, shape (N, L, 4)
        One-hot sequences of equal length.
    labels : array_like, shape (N,)
    rate : float
        Length of a step, positive.
    updates : int
        How many, at least 1.
    seed : int or sequence of int
        Of the order.

    Returns
    -------
    Course

    Raises
    ------
    ValueError
        If the shapes do not fit each other or a number is out of its range.

    Examples
    --------
    >>> from motiflab.reader import random_reader
    >>> x = np.eye(4)[[[0, 1, 2], [3, 3, 3]]]  # ACG is positive, TTT negative
    >>> learned = course(random_reader(1, 2), x, [1, 0], rate=0.5, updates=50)
    >>> [round(read(learned.reader(50), one).probability) for one in x]
    [1, 0]
    """
    x, labels = numbers_by_base(x, "x"), np.asarray(labels, dtype=float)
    if x.ndim != 3 or not len(x) or labels.shape != (len(x),):
        raise ValueError(
            "x must have the shape (N, L, 4) and labels (N,) with the same N of at least 1, got "
            f"{x.shape} and {labels.shape}."
        )
    if not 0 < rate < np.inf:
        raise ValueError(f"rate must be a positive number, got {quoted(rate)}.")
    if not isinstance(updates, (int, np.integer)) or updates < 1:
        raise ValueError(f"updates must be a whole number of at least 1, got {quoted(updates)}.")
    rng = np.random.default_rng(seed)
    passes = [rng.permutation(len(x)) for _ in range(-(-updates // len(x)))]
    order = np.concatenate(passes)[:updates]
    steps, losses = [reader], []
    for i in order:
        now = steps[-1]
        reading = read(now, x[i])
        losses.append(cross_entropy(labels[i], reading.logit))
        steps.append(descend(now, gradient(now, reading, labels[i]), rate))
    return Course(
        reader,
        order,
        np.array([step.weights for step in steps]),
        np.array([step.bias for step in steps]),
        np.array([step.dense_bias for step in steps]),
        np.array(losses),
    )
