"""One filter on one sequence: output length, index map, cross-correlation.

Symbols, here and in every error message: input length ``L``, filter width ``K``, stride ``S``,
padding ``P`` (zeros at each end), dilation ``D`` (distance between neighbouring taps), output
length ``M``. Positions count from 0.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import require, whole
from motiflab.sequences.matrix import numbers_by_base


class Layer(NamedTuple):
    """Width, stride, padding and dilation of a convolution or pooling: ``K, S, P, D``."""

    width: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1


def output_length(
    length: int, width: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    """Number of outputs of a convolution.

    ``M = floor((L + 2P - D(K - 1) - 1) / S) + 1`` (Dumoulin & Visin 2016); for ``D = 1`` it is
    ``floor((L + 2P - K) / S) + 1``.

    Parameters
    ----------
    length, width, stride, padding, dilation : int
        ``L``, ``K``, ``S``, ``P`` and ``D``.

    Returns
    -------
    int
        ``M``, at least 1.

    Examples
    --------
    >>> output_length(length=10, width=5, stride=2, padding=2)
    5
    >>> output_length(length=8, width=5, dilation=2)
    Traceback (most recent call last):
    ValueError: no output: the filter spans D(K-1)+1 = 2*(5-1)+1 = 9 positions, \
but only L+2P = 8+2*0 = 8 are there.
    """
    check_layer(Layer(width, stride, padding, dilation))
    whole("length", length, 0)
    span = dilation * (width - 1) + 1
    padded = length + 2 * padding
    if span > padded:
        # Several numbers cause it together, so the error names none of them as its argument.
        raise ValueError(
            f"no output: the filter spans D(K-1)+1 = {dilation}*({width}-1)+1 = {span} positions, "
            f"but only L+2P = {length}+2*{padding} = {padded} are there."
        )
    return (padded - span) // stride + 1


def index_map(
    j: int | np.ndarray,
    k: int | np.ndarray,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
) -> int | np.ndarray:
    """Input position under filter tap `k` at output `j`: ``i(j, k) = jS - P + kD``.

    Parameters
    ----------
    j, k : int or ndarray
        Output position and filter tap, from 0; arrays broadcast.
    stride, padding, dilation : int
        ``S``, ``P`` and ``D``.

    Returns
    -------
    int or ndarray
        A position below 0, or not below ``L``, lies in the padding.

    Examples
    --------
    >>> [index_map(1, k, stride=2, padding=2) for k in range(5)]
    [0, 1, 2, 3, 4]
    """
    return j * stride - padding + k * dilation


def windows(x: np.ndarray, width: int, stride: int = 1, dilation: int = 1) -> np.ndarray:
    """Return all windows of a sequence.

    Parameters
    ----------
    x : ndarray, shape (..., L, C)
        One sequence or many, already padded if needed; at least as long as a window.
    width, stride, dilation : int
        ``K``, ``S`` and ``D``.

    Returns
    -------
    ndarray, shape (..., M, K, C)
        Read-only, and a view if `x` is contiguous: the windows overlap in memory.

    Examples
    --------
    >>> windows(np.arange(6).reshape(3, 2), width=2).tolist()
    [[[0, 1], [2, 3]], [[2, 3], [4, 5]]]
    """
    *many, length, channels = x.shape
    span = dilation * (width - 1) + 1
    # A window is `span * C` numbers in a row, and the next one begins S * C numbers later. So its
    # positions and channels are contiguous, as needed for a product of matrices. The view of
    # `sliding_window_view` begins at every number, which is too large where sizes have 32 bits.
    x = np.ascontiguousarray(x)
    shape = (*many, (length - span) // stride + 1, span, channels)
    strides = (*x.strides[:-2], stride * x.strides[-2], *x.strides[-2:])
    views = np.lib.stride_tricks.as_strided(x, shape, strides, writeable=False)
    return views[..., ::dilation, :]


def cross_correlate(
    x: ArrayLike,
    w: ArrayLike,
    bias: float = 0.0,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
) -> np.ndarray:
    """Slide a filter along a sequence: what deep learning calls convolution.

    ``y[j] = sum over k and c of w[k, c] * x[i(j, k), c] + b`` with the `index_map` ``i`` and
    ``x = 0`` in the padding. The filter is not reversed.

    Parameters
    ----------
    x : array_like, shape (L, C)
        The sequence, one row for each position; ``C = 4`` for one-hot DNA. The columns of a
        `DataFrame` are read by their labels A, C, G, T, as are those of `w`.
    w : array_like, shape (K, C)
        The filter.
    bias : float
        ``b``.
    stride, padding, dilation : int
        ``S``, ``P`` and ``D``.

    Returns
    -------
    ndarray, shape (M,)
        One pre-activation for each of the `output_length` positions.

    Examples
    --------
    >>> x = [[1, 0, 0, 0], [0, 0, 0, 1], [0, 1, 0, 0]]  # ATC
    >>> w = [[2, 0, 0, 0], [0, 0, 0, 3]]  # likes AT
    >>> cross_correlate(x, w, bias=-1).tolist()
    [4.0, -1.0]
    """
    x, w = numbers_by_base(x, "x"), numbers_by_base(w, "w")
    check_same_columns("x", x, "w", w)
    output_length(len(x), len(w), stride, padding, dilation)  # an error if there is no output
    padded = np.zeros((len(x) + 2 * padding, x.shape[1]))  # np.pad is slower than the product
    padded[padding : padding + len(x)] = x
    return np.einsum("jkc,kc->j", windows(padded, len(w), stride, dilation), w) + bias


def check_same_columns(name: str, x: np.ndarray, other: str, w: np.ndarray) -> None:
    """Raise an `ArgumentError` unless two matrices have the same number of columns.

    Parameters
    ----------
    name, other : str
        What to call the matrices in an error.
    x, w : ndarray, shapes (L, C) and (K, C)

    Examples
    --------
    >>> check_same_columns("x", np.ones((3, 4)), "w", np.ones((2, 4)))
    """
    require(
        name,
        x.ndim == w.ndim == 2 and x.shape[1] == w.shape[1],
        f"have the shape (L, C) and {other} the shape (K, C) with the same C, "
        f"got {x.shape} and {w.shape}",
    )


def check_layer(layer: Layer) -> Layer:
    """Return a layer if its numbers are valid, or raise an `ArgumentError`.

    >>> check_layer(Layer(5, stride=2)).stride
    2
    """
    for name, value in layer._asdict().items():
        whole(name, value, 0 if name == "padding" else 1)
    return layer
