"""The smallest network that learns a motif: filters, the maximum over all windows, one logit.

With ``X`` the one-hot sequence and ``f`` a filter,

- ``y[f, j] = sum over k and c of W[f, k, c] * X[j + k, c] + b[f]``, the pre-activation of a window,
- ``m[f] = max over j of y[f, j]``, won by the window ``j*``,
- ``a[f] = m[f]``, or ``max(0, m[f])`` with ReLU,
- ``z = sum over f of v[f] * a[f] + v0``, the logit, and ``y_hat = sigmoid(z)``.

If both strands are read, the windows of the reverse complement compete, too. Of windows that tie
the first wins, the given strand before its complement. `motiflab.updates` trains it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from motiflab.activations import relu, sigmoid
from motiflab.alphabet import numbers_by_base
from motiflab.quoting import quoted


@dataclass(frozen=True, eq=False)
class Reader:
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
class Reading:
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


def random_reader(
    filters: int,
    width: int,
    seed: int | Sequence[int] = 0,
    relu: bool = False,
    both_strands: bool = True,
    spread: float = 0.1,
) -> Reader:
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
        See `Reader`.
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
    >>> reader = random_reader(filters=2, width=5, seed=1)
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
    return Reader(weights, np.zeros(filters), dense, 0.0, relu, both_strands)


def pre_activations(reader: Reader, x: ArrayLike) -> np.ndarray:
    """Return ``y[f, s, j]`` for each filter, strand and window: shape (F, 2 or 1, M).

    The same as `motiflab.convolution.cross_correlate`, for all filters and strands at once. On
    strand "-" (``s = 1``) window ``j`` covers the bases ``j`` to ``j + K`` (exclusive) of the given
    sequence, read as their reverse complement.

    Raises
    ------
    ValueError
        If `x` does not have the shape (L, 4) with L of at least K.

    Examples
    --------
    >>> flat = Reader(np.ones((1, 2, 4)), np.zeros(1), np.ones(1))
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


def read(reader: Reader, x: ArrayLike) -> Reading:
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
    >>> likes_ac = Reader(np.array([[[2.0, 0, 0, 0], [0, 2, 0, 0]]]), np.zeros(1), np.ones(1))
    >>> reading = read(likes_ac, np.eye(4)[[2, 0, 1, 3]])  # GACT
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
    return Reading(start, names, window, score, passed, logit, float(sigmoid(logit)))
