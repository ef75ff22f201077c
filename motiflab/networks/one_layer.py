"""A one-layer network in numpy: forward pass, gradient by hand, and updates by gradient descent.

With ``X`` the one-hot sequence and ``f`` a filter,

- ``y[f, j] = sum over k and c of W[f, k, c] * X[j + k, c] + b[f]``, the pre-activation of a window,
- ``m[f] = max over j of y[f, j]``, won by the window ``j*``,
- ``a[f] = m[f]``, or ``max(0, m[f])`` with ReLU,
- ``z = sum over f of v[f] * a[f] + v0``, the logit, and ``y_hat = sigmoid(z)``.

If both strands are read, the windows of the reverse complement compete, too. Of windows that tie
the first wins, the given strand before its complement. `OneLayerNetwork` trains it.
By the chain rule the cross-entropy ``L`` of a label ``y`` and the network of `OneLayerNetwork`,
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

from motiflab.checks import quoted
from motiflab.layers.activations import cross_entropy, cross_entropy_gradient, relu, sigmoid
from motiflab.sequences.matrix import numbers_by_base


@dataclass(frozen=True, eq=False)
class OneLayerNetwork:
    """The network.

    Attributes
    ----------
    weights : ndarray, shape (F, K, 4)
        ``W``, bases in the order A, C, G, T.
    bias : ndarray, shape (F,)
        ``b``.
    dense : ndarray, shape (F,)
        ``v``.
    dense_bias : float
        ``v0``.
    relu : bool
        Whether ReLU follows the maximum.
    both_strands : bool
        Whether the windows of the reverse complement count, too.
    """

    weights: np.ndarray
    bias: np.ndarray
    dense: np.ndarray
    dense_bias: float = 0.0
    relu: bool = False
    both_strands: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", numbers_by_base(self.weights, "weights"))


@dataclass(frozen=True, eq=False)
class ForwardPass:
    """What a reader makes of one sequence; every array has an entry for each filter.

    Attributes
    ----------
    start : ndarray of int, shape (F,)
        First base of the winning window, in the sequence as it was given.
    strand : tuple of str
        "+" or "-": how the winning window was read.
    window : ndarray, shape (F, K, 4)
        Its one-hot, in the direction in which it was read.
    score : ndarray, shape (F,)
        Its pre-activation ``m``.
    passed : ndarray, shape (F,)
        What goes on to the dense layer, ``a``.
    logit, probability : float
        ``z`` and ``y_hat``.
    """

    start: np.ndarray
    strand: tuple[str, ...]
    window: np.ndarray
    score: np.ndarray
    passed: np.ndarray
    logit: float
    probability: float


def random_one_layer(
    filters: int,
    width: int,
    seed: int | Sequence[int] = 0,
    relu: bool = False,
    both_strands: bool = True,
    spread: float = 0.1,
) -> OneLayerNetwork:
    """Make a reader that knows nothing.

    ``W`` is drawn from the normal distribution with mean 0 and standard deviation `spread`; both
    biases are 0 and ``v = 1 / F``.

    Parameters
    ----------
    filters, width : int
        ``F`` and ``K``, at least 1.
    seed : int or sequence of int
        The same seed gives the same weights.
    relu, both_strands : bool
        See `OneLayerNetwork`.
    spread : float
        Positive.

    Returns
    -------
    Reader

    Raises
    ------
    ValueError
        If a number is out of its range.

    Examples
    --------
    >>> reader = random_one_layer(filters=2, width=5, seed=1)
    >>> reader.weights.shape, reader.dense.tolist()
    ((2, 5, 4), [0.5, 0.5])
    """
    for name, value in (("filters", filters), ("width", width)):
        if not isinstance(value, (int, np.integer)) or value < 1:
            raise ValueError(f"{name} must be a whole number of at least 1, got {quoted(value)}.")
    if not 0 < spread < np.inf:
        raise ValueError(f"spread must be a positive number, got {quoted(spread)}.")
    weights = np.random.default_rng(seed).normal(0.0, spread, (filters, width, 4))
    dense = np.full(filters, 1.0 / filters)
    return OneLayerNetwork(weights, np.zeros(filters), dense, 0.0, relu, both_strands)


def pre_activations(reader: OneLayerNetwork, x: ArrayLike) -> np.ndarray:
    """Return ``y[f, s, j]`` for each filter, strand and window: shape (F, 2 or 1, M).

    The same as `cross_correlate`, for all filters and strands at once. On
    strand "-" (``s = 1``) window ``j`` covers the bases ``j`` to ``j + K`` (exclusive) of the given
    sequence, read as their reverse complement.

    Raises
    ------
    ValueError
        If `x` does not have the shape (L, 4) with L of at least K.

    Examples
    --------
    >>> flat = OneLayerNetwork(np.ones((1, 2, 4)), np.zeros(1), np.ones(1))
    >>> pre_activations(flat, np.eye(4)).shape
    (1, 2, 3)
    """
    x = np.ascontiguousarray(numbers_by_base(x, "x"))
    filters, width, _ = reader.weights.shape
    if x.ndim != 2 or x.shape[1] != 4 or len(x) < width:
        raise ValueError(f"x must have the shape (L, 4) with L of at least {width}, got {x.shape}.")
    # A reverse complement is the matrix turned by 180 degrees: turning the filter is the same.
    turns = (1, -1) if reader.both_strands else (1,)
    turned = np.stack([reader.weights[:, ::turn, ::turn] for turn in turns], axis=1)
    windows = np.lib.stride_tricks.sliding_window_view(x.ravel(), 4 * width)[::4]
    y = turned.reshape(-1, 4 * width) @ windows.T
    return y.reshape(filters, len(turns), -1) + reader.bias[:, None, None]


def forward(reader: OneLayerNetwork, x: ArrayLike) -> ForwardPass:
    """Scan a sequence and predict.

    Parameters
    ----------
    reader : Reader
    x : array_like, shape (L, 4)
        The sequence, one-hot; at least as long as the filters are wide.

    Returns
    -------
    Reading

    Raises
    ------
    ValueError
        If `x` has another shape or is too short.

    Examples
    --------
    >>> likes_ac = np.array([[[2.0, 0, 0, 0], [0, 2, 0, 0]]])
    >>> likes_ac = OneLayerNetwork(likes_ac, np.zeros(1), np.ones(1))
    >>> reading = forward(likes_ac, np.eye(4)[[2, 0, 1, 3]])  # GACT
    >>> int(reading.start[0]), reading.strand, reading.logit
    (1, ('+',), 4.0)
    """
    x = numbers_by_base(x, "x")
    maps = pre_activations(reader, x).reshape(len(reader.weights), -1)
    width = reader.weights.shape[1]
    windows = len(x) - width + 1
    best = maps.argmax(axis=1)
    start, strand = best % windows, best // windows
    window = np.stack([x[i : i + width][:: 1 - 2 * s, :: 1 - 2 * s] for i, s in zip(start, strand)])
    score = maps[np.arange(len(best)), best]
    passed = relu(score) if reader.relu else score
    logit = float(reader.dense @ passed + reader.dense_bias)
    names = tuple("+-"[s] for s in strand)
    return ForwardPass(start, names, window, score, passed, logit, float(sigmoid(logit)))


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

    first: OneLayerNetwork
    order: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    dense_bias: np.ndarray
    losses: np.ndarray

    def reader(self, t: int) -> OneLayerNetwork:
        """Give the network after `t` updates."""
        return replace(
            self.first,
            weights=self.weights[t],
            bias=self.bias[t],
            dense_bias=float(self.dense_bias[t]),
        )


def gradient(reader: OneLayerNetwork, reading: ForwardPass, label: float) -> Gradient:
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
    >>> likes_ac = np.array([[[2.0, 0, 0, 0], [0, 2, 0, 0]]])
    >>> likes_ac = OneLayerNetwork(likes_ac, np.zeros(1), np.ones(1))
    >>> found = gradient(likes_ac, forward(likes_ac, np.eye(4)[[2, 0, 1, 3]]), label=0)
    >>> found.weights[0].round(3).tolist()
    [[0.982, 0.0, 0.0, 0.0], [0.0, 0.982, 0.0, 0.0]]
    """
    surprise = float(cross_entropy_gradient(label, reading.logit))
    alive = reading.score > 0 if reader.relu else np.ones(len(reading.score))
    share = surprise * reader.dense * alive
    return Gradient(
        share[:, None, None] * reading.window, share, surprise * reading.passed, surprise
    )


def descend(reader: OneLayerNetwork, slope: Gradient, rate: float) -> OneLayerNetwork:
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
    >>> from motiflab.networks.one_layer import random_one_layer
    >>> slope = Gradient(np.ones((1, 2, 4)), np.ones(1), np.ones(1), 1.0)
    >>> descend(random_one_layer(1, 2), slope, rate=0.5).dense_bias
    -0.5
    """
    return replace(
        reader,
        weights=reader.weights - rate * slope.weights,
        bias=reader.bias - rate * slope.bias,
        dense_bias=reader.dense_bias - rate * slope.dense_bias,
    )


def course(
    reader: OneLayerNetwork,
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
    >>> from motiflab.networks.one_layer import random_one_layer
    >>> x = np.eye(4)[[[0, 1, 2], [3, 3, 3]]]  # ACG is positive, TTT negative
    >>> learned = course(random_one_layer(1, 2), x, [1, 0], rate=0.5, updates=50)
    >>> [round(forward(learned.reader(50), one).probability) for one in x]
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
        reading = forward(now, x[i])
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
