"""A network with one convolutional layer, in numpy: prediction, gradient by hand, and training.

With ``X`` the one-hot sequence and ``f`` a filter, the network computes

- ``y[f, j] = sum over k and c of W[f, k, c] * X[j + k, c] + b[f]``, the pre-activation of a window,
- ``m[f] = max over j of y[f, j]``, won by the window ``j*``,
- ``a[f] = m[f]``, or ``max(0, m[f])`` with ReLU,
- ``z = sum over f of v[f] * a[f] + v0``, the logit, and ``y_hat = sigmoid(z)``.

If both strands are read, the windows of the reverse complement compete, too. Of windows with equal
scores the first wins, the given strand before its complement.

By the chain rule (backpropagation: Rumelhart, Hinton & Williams 1986) the cross-entropy ``L`` of
this prediction and a label ``y`` has the gradients

- ``dL/dz = y_hat - y``,
- ``dL/dW[f] = (y_hat - y) * v[f] * [m[f] > 0 if ReLU] * (one-hot of the winning window)``,
- ``dL/db[f]`` the same without the window, ``dL/dv[f] = (y_hat - y) * a[f]``,
  ``dL/dv0 = y_hat - y``.

`descend` takes one step against them, `descend_many` takes many.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import inside, require, whole
from motiflab.layers import cross_entropy, cross_entropy_gradient, relu, sigmoid, windows
from motiflab.networks.winning_window import highest_windows
from motiflab.sequences import DNA, Alphabet, numbers_by_base


@dataclass(frozen=True, eq=False)
class OneLayerNetwork:
    """The weights of the network, and the two choices that it has.

    Attributes
    ----------
    weights : ndarray, shape (F, K, A)
        ``W``, bases in the order A, C, G, T, or the letters of another alphabet in its order.
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
    alphabet : Alphabet
        What the columns of the weights stand for.
    """

    weights: np.ndarray
    bias: np.ndarray
    dense: np.ndarray
    dense_bias: float = 0.0
    relu: bool = False
    both_strands: bool = True
    alphabet: Alphabet = DNA

    def __post_init__(self) -> None:
        weights = numbers_by_base(self.weights, "weights", self.alphabet)
        require(
            "weights",
            weights.ndim == 3 and weights.shape[2] == self.alphabet.size and weights.size,
            f"have the shape (F, K, {self.alphabet.size}), F and K at least 1, got {weights.shape}",
        )
        if self.both_strands:
            self.alphabet.check_paired()
        object.__setattr__(self, "weights", weights)


@dataclass(frozen=True, eq=False)
class ForwardPass:
    """What the network computes for one sequence; every array has an entry for each filter.

    Attributes
    ----------
    start : ndarray of int, shape (F,)
        First base of the winning window, in the sequence as it was given.
    strand : tuple of str
        "+" or "-": how the winning window was read.
    window : ndarray, shape (F, K, A)
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


@dataclass(frozen=True, eq=False)
class Gradient:
    """Derivatives of the cross-entropy, each of the shape of the parameter it belongs to."""

    weights: np.ndarray
    bias: np.ndarray
    dense: np.ndarray
    dense_bias: float


@dataclass(frozen=True, eq=False)
class Descent:
    """Every update of a training; entry ``t`` is what held just before update ``t``.

    Attributes
    ----------
    first : OneLayerNetwork
        The start.
    order : ndarray of int, shape (T,)
        Which sequence each update used.
    weights : ndarray, shape (T + 1, F, K, A)
    bias : ndarray, shape (T + 1, F)
    dense_bias : ndarray, shape (T + 1,)
    losses : ndarray, shape (T,)
        Cross-entropy of each sequence just before the update that used it, in nats.
    """

    first: OneLayerNetwork
    order: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    dense_bias: np.ndarray
    losses: np.ndarray

    def network(self, t: int) -> OneLayerNetwork:
        """Return the network after `t` updates."""
        return replace(
            self.first,
            weights=self.weights[t],
            bias=self.bias[t],
            dense_bias=float(self.dense_bias[t]),
        )

    reader = network  # its name in version 0.1, which notebooks of that time call


def random_one_layer(
    filters: int,
    width: int,
    seed: int | Sequence[int] = 0,
    relu: bool = False,
    both_strands: bool = True,
    spread: float = 0.1,
    alphabet: Alphabet = DNA,
) -> OneLayerNetwork:
    """Make an untrained network.

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
    alphabet : Alphabet

    Returns
    -------
    OneLayerNetwork

    Examples
    --------
    >>> network = random_one_layer(filters=2, width=5, seed=1)
    >>> network.weights.shape, network.dense.tolist()
    ((2, 5, 4), [0.5, 0.5])
    """
    filters, width = whole("filters", filters), whole("width", width)
    spread = inside("spread", spread, 0)
    weights = np.random.default_rng(seed).normal(0.0, spread, (filters, width, alphabet.size))
    return OneLayerNetwork(
        weights,
        bias=np.zeros(filters),
        dense=np.full(filters, 1.0 / filters),
        relu=relu,
        both_strands=both_strands,
        alphabet=alphabet,
    )


def pre_activations(network: OneLayerNetwork, x: ArrayLike) -> np.ndarray:
    """Return ``y[f, s, j]`` for each filter, strand and window: shape (F, 2 or 1, M).

    The same as `cross_correlate`, for all filters and strands at once. On strand "-" (``s = 1``)
    window ``j`` covers the bases ``j`` to ``j + K`` (exclusive) of the given sequence, read as
    their reverse complement. The sequence `x` has the shape (L, A) with L of at least K.

    Examples
    --------
    >>> flat = OneLayerNetwork(np.ones((1, 2, 4)), np.zeros(1), np.ones(1))
    >>> pre_activations(flat, np.eye(4)).shape
    (1, 2, 3)
    """
    x = numbers_by_base(x, "x", network.alphabet)
    filters, width, channels = network.weights.shape
    require(
        "x",
        x.ndim == 2 and x.shape[1] == channels and len(x) >= width,
        f"have the shape (L, {channels}) with L of at least {width}, got {x.shape}",
    )
    # To read the reverse complement turn the filters, not the sequence.
    strands = [network.weights]
    if network.both_strands:
        strands.append(network.alphabet.other_strand(network.weights))
    turned = np.stack(strands, axis=1).reshape(-1, width * channels)
    rows = windows(x, width).reshape(-1, width * channels)
    y = turned @ rows.T  # all windows with all filters: one product of matrices
    return y.reshape(filters, len(strands), -1) + network.bias[:, None, None]


def forward(network: OneLayerNetwork, x: ArrayLike) -> ForwardPass:
    """Scan a sequence and predict its label.

    Parameters
    ----------
    network : OneLayerNetwork
    x : array_like, shape (L, A)
        The sequence, one-hot; at least as long as the filters are wide.

    Returns
    -------
    ForwardPass

    Examples
    --------
    >>> likes_ac = np.array([[[2.0, 0, 0, 0], [0, 2, 0, 0]]])
    >>> network = OneLayerNetwork(likes_ac, np.zeros(1), np.ones(1))
    >>> found = forward(network, np.eye(4)[[2, 0, 1, 3]])  # GACT
    >>> int(found.start[0]), found.strand, found.logit
    (1, ('+',), 4.0)
    """
    x = numbers_by_base(x, "x", network.alphabet)
    best = highest_windows(pre_activations(network, x))
    # As it was read: what won on the - strand is turned round, as the filter reads it.
    window = windows(x, network.weights.shape[1])[best.start]
    if best.reverse.any():
        window[best.reverse] = network.alphabet.other_strand(window[best.reverse])
    passed = relu(best.score) if network.relu else best.score
    logit = float(network.dense @ passed + network.dense_bias)
    strand = tuple("-" if reverse else "+" for reverse in best.reverse)
    return ForwardPass(best.start, strand, window, best.score, passed, logit, float(sigmoid(logit)))


def gradient(network: OneLayerNetwork, forward_pass: ForwardPass, label: float) -> Gradient:
    """Compute the gradient of the cross-entropy by the formulas at the top of this module.

    Parameters
    ----------
    network : OneLayerNetwork
    forward_pass : ForwardPass
        What `forward` found for the sequence.
    label : float
        ``y``: 0, 1 or a probability between them.

    Returns
    -------
    Gradient

    Examples
    --------
    >>> likes_ac = np.array([[[2.0, 0, 0, 0], [0, 2, 0, 0]]])
    >>> network = OneLayerNetwork(likes_ac, np.zeros(1), np.ones(1))
    >>> found = gradient(network, forward(network, np.eye(4)[[2, 0, 1, 3]]), label=0)
    >>> found.weights[0].round(3).tolist()
    [[0.982, 0.0, 0.0, 0.0], [0.0, 0.982, 0.0, 0.0]]
    """
    surprise = float(cross_entropy_gradient(label, forward_pass.logit))
    share = surprise * network.dense
    if network.relu:  # behind a silent ReLU nothing reaches the filter
        share = share * (forward_pass.score > 0)
    return Gradient(
        weights=share[:, None, None] * forward_pass.window,
        bias=share,
        dense=surprise * forward_pass.passed,
        dense_bias=surprise,
    )


def descend(network: OneLayerNetwork, slope: Gradient, rate: float) -> OneLayerNetwork:
    """Take one step against the gradient; the dense weights stay.

    Parameters
    ----------
    network : OneLayerNetwork
    slope : Gradient
    rate : float
        Length of the step.

    Returns
    -------
    OneLayerNetwork

    Examples
    --------
    >>> slope = Gradient(np.ones((1, 2, 4)), np.ones(1), np.ones(1), 1.0)
    >>> descend(random_one_layer(1, 2), slope, rate=0.5).dense_bias
    -0.5
    """
    return replace(
        network,
        weights=network.weights - rate * slope.weights,
        bias=network.bias - rate * slope.bias,
        dense_bias=network.dense_bias - rate * slope.dense_bias,
    )


def descend_many(
    network: OneLayerNetwork,
    x: ArrayLike,
    labels: ArrayLike,
    rate: float = 0.1,
    updates: int = 1000,
    seed: int | Sequence[int] = 0,
) -> Descent:
    """Train by stochastic gradient descent, one sequence at a time.

    Each update takes ``rate`` times the gradient from ``W``, ``b`` and ``v0``. The dense weights
    ``v`` stay: with the filters free to grow they are not needed. The sequences come in random
    order, all of them once before any comes again.

    Parameters
    ----------
    network : OneLayerNetwork
        The start.
    x : array_like, shape (N, L, A)
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
    Descent

    Examples
    --------
    >>> x = np.eye(4)[[[0, 1, 2], [3, 3, 3]]]  # ACG is positive, TTT negative
    >>> learned = descend_many(random_one_layer(1, 2), x, [1, 0], rate=0.5, updates=50)
    >>> [round(forward(learned.network(50), one).probability) for one in x]
    [1, 0]
    """
    x, labels = numbers_by_base(x, "x", network.alphabet), np.asarray(labels, dtype=float)
    require(
        "x",
        x.ndim == 3 and len(x) and labels.shape == (len(x),),
        "have the shape (N, L, A) and labels (N,) with the same N of at least 1, got "
        f"{x.shape} and {labels.shape}",
    )
    rate, updates = inside("rate", rate, 0), whole("updates", updates)
    rng = np.random.default_rng(seed)
    # Whole passes, so that every sequence has had its turn before any comes again.
    passes = [rng.permutation(len(x)) for _ in range(math.ceil(updates / len(x)))]
    order = np.concatenate(passes)[:updates]
    steps, losses = [network], []
    for i in order:
        now = steps[-1]
        found = forward(now, x[i])
        losses.append(cross_entropy(labels[i], found.logit))
        steps.append(descend(now, gradient(now, found, labels[i]), rate))
    return Descent(
        first=network,
        order=order,
        weights=np.array([step.weights for step in steps]),
        bias=np.array([step.bias for step in steps]),
        dense_bias=np.array([step.dense_bias for step in steps]),
        losses=np.array(losses),
    )
