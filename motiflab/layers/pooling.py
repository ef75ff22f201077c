"""Pooling of a feature map and its gradient.

Windows are ``n*T`` (inclusive) to ``n*T + w`` (exclusive) of the map, for ``n = 0, 1,
...`` as long as they lie inside it; with window ``w`` and stride ``T``, since ``W`` and ``S`` are
the filter's. Positions at the end that fill no window are left out, as torch does. A window as long
as the map pools it globally.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import ArgumentError, one_of, require, whole
from motiflab.layers.activations import log_sum_exp
from motiflab.layers.convolution import windows

KINDS = ("max", "average", "logsumexp")


def pool(y: ArrayLike, window: int, stride: int | None = None, kind: str = "max") -> np.ndarray:
    """Pool a feature map, window by window.

    - ``"max"``: ``p[n] = max of y[m]``,
    - ``"average"``: ``p[n] = sum of y[m] / w``,
    - ``"logsumexp"``: ``p[n] = log sum of exp(y[m])``, a smooth maximum: between the maximum and
      the maximum plus ``log w``,

    each over the positions ``m`` of window ``n``.

    Parameters
    ----------
    y : array_like, shape (M,)
        The feature map of one filter, finite.
    window : int
        ``w``, from 1 to M.
    stride : int, optional
        ``T``, at least 1; `window` if not given, so that the windows touch and do not overlap.
    kind : {"max", "average", "logsumexp"}

    Returns
    -------
    ndarray, shape (floor((M - w) / T) + 1,)

    Examples
    --------
    >>> pool([1, 5, 2, 2, 0, 3, 9], window=3).tolist()
    [5.0, 3.0]
    >>> pool([1, 5, 2, 2, 0, 4, 9], window=3, kind="average").round(2).tolist()
    [2.67, 2.0]
    """
    cut = _windows(y, window, stride, kind)
    if kind == "max":
        return cut.max(axis=1)
    if kind == "average":
        return cut.mean(axis=1)
    return log_sum_exp(cut, axis=1)


def winners(y: ArrayLike, window: int, stride: int | None = None) -> np.ndarray:
    """Position in the map of each window's maximum; of equal ones, the first.

    Parameters
    ----------
    y, window, stride
        As for `pool`.

    Returns
    -------
    ndarray of int, shape (floor((M - w) / T) + 1,)

    Examples
    --------
    >>> winners([1, 5, 2, 3, 0, 3], window=3).tolist()
    [1, 3]
    """
    cut = _windows(y, window, stride, "max")
    return np.arange(len(cut)) * (stride or window) + cut.argmax(axis=1)


def pool_gradient(
    y: ArrayLike,
    upstream: ArrayLike,
    window: int,
    stride: int | None = None,
    kind: str = "max",
) -> np.ndarray:
    """Gradient of the loss with respect to the map, from that of the pooled numbers.

    ``g[m] = sum over the windows n that hold m of u[n] * dp[n]/dy[m]``, where ``dp[n]/dy[m]`` is

    - ``"max"``: 1 for the winner of the window, 0 for the others,
    - ``"average"``: ``1 / w`` for each,
    - ``"logsumexp"``: ``exp(y[m] - p[n])``, the softmax over the window.

    Parameters
    ----------
    y, window, stride, kind
        As for `pool`.
    upstream : array_like, shape (floor((M - w) / T) + 1,)
        ``u[n]``, the derivative of the loss with respect to ``p[n]``.

    Returns
    -------
    ndarray, shape (M,)
        The derivative of the loss with respect to ``y[m]``.

    Examples
    --------
    >>> pool_gradient([1, 5, 2, 3, 0, 2], upstream=[1, 10], window=3).tolist()
    [0.0, 1.0, 0.0, 10.0, 0.0, 0.0]
    """
    cut = _windows(y, window, stride, kind)
    upstream = np.asarray(upstream, dtype=float)
    require(
        "upstream",
        upstream.shape == (len(cut),),
        f"have one number for each of the {len(cut)} windows, got the shape {upstream.shape}",
    )
    # Derivative of each pooled number with respect to each entry of its window, (windows, w).
    if kind == "max":
        share = np.arange(window) == cut.argmax(axis=1)[:, None]
    elif kind == "average":
        share = np.full(cut.shape, 1.0 / window)
    else:
        share = np.exp(cut - pool(y, window, stride, kind)[:, None])
    gradient = np.zeros(len(y))
    positions = np.arange(len(cut))[:, None] * (stride or window) + np.arange(window)
    np.add.at(gradient, positions, share * upstream[:, None])  # windows may overlap
    return gradient


def _windows(y: ArrayLike, window: int, stride: int | None, kind: str) -> np.ndarray:
    """The pooling windows of a map, an array of shape (windows, w)."""
    y = np.asarray(y, dtype=float)
    one_of("kind", kind, KINDS)
    if y.ndim != 1 or not np.isfinite(y).all():
        came = f"an array of shape {y.shape}" if y.ndim != 1 else "infinity or nan"
        raise ArgumentError("y", f"y must be one row of finite numbers, got {came}.")
    window = whole("window", window)
    step = window if stride is None else whole("stride", stride)
    require("window", window <= len(y), f"be at most the length of the map, {len(y)}, got {window}")
    return windows(y[:, None], window, step)[:, :, 0]
