"""Pooling of a feature map: many positions in, one number a window out, and the way back.

Windows are ``n*T`` (inclusive) to ``n*T + w`` (exclusive) of the map, for ``n = 0, 1, ...`` as long
as they lie inside it; with window ``w`` and stride ``T``, since ``W`` and ``S`` are the filter's.
Positions at the end that fill no window are left out, as torch does. A window as long as the map
pools it globally.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from motiflab.quoting import quoted

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

    Raises
    ------
    ValueError
        If the map is not one row of numbers, no window fits in it, or the kind is unknown.

    Examples
    --------
    >>> pool([1, 5, 2, 2, 0, 3, 9], window=3).tolist()
    [5.0, 3.0]
    >>> pool([1, 5, 2, 2, 0, 4, 9], window=3, kind="average").round(2).tolist()
    [2.67, 2.0]
    """
    windows = _windows(y, window, stride, kind)
    if kind == "max":
        return windows.max(axis=1)
    if kind == "average":
        return windows.mean(axis=1)
    # The maximum is taken out first, so that no exponential overflows.
    top = windows.max(axis=1)
    return top + np.log(np.exp(windows - top[:, None]).sum(axis=1))


def winners(y: ArrayLike, window: int, stride: int | None = None) -> np.ndarray:
    """Position in the map of each window's maximum; of several, the first.

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
    windows = _windows(y, window, stride, "max")
    return np.arange(len(windows)) * (stride or window) + windows.argmax(axis=1)


def pool_gradient(
    y: ArrayLike,
    upstream: ArrayLike,
    window: int,
    stride: int | None = None,
    kind: str = "max",
) -> np.ndarray:
    """Route the gradient of the pooled numbers back to the map.

    ``g[m] = sum over the windows n that hold m of u[n] * dp[n]/dy[m]``, where ``dp[n]/dy[m]`` is

    - ``"max"``: 1 for the winner of the window, 0 for the others,
    - ``"average"``: ``1 / w`` for each,
    - ``"logsumexp"``: ``exp(y[m] - p[n])``, the softmax over the window.

    Parameters
    ----------
    y, window, stride, kind
        As for `pool`.
    upstream : array_like, shape (floor((M - w) / T) + 1,)
        ``u[n]``, the derivative of the loss by ``p[n]``.

    Returns
    -------
    ndarray, shape (M,)
        The derivative of the loss by ``y[m]``.

    Examples
    --------
    >>> pool_gradient([1, 5, 2, 3, 0, 2], upstream=[1, 10], window=3).tolist()
    [0.0, 1.0, 0.0, 10.0, 0.0, 0.0]
    """
    windows = _windows(y, window, stride, kind)
    upstream = np.asarray(upstream, dtype=float)
    if upstream.shape != (len(windows),):
        raise ValueError(
            f"upstream must have one number for each of the {len(windows)} windows, "
            f"got the shape {upstream.shape}."
        )
    if kind == "max":
        share = np.arange(window) == windows.argmax(axis=1)[:, None]
    elif kind == "average":
        share = np.full(windows.shape, 1.0 / window)
    else:
        share = np.exp(windows - pool(y, window, stride, kind)[:, None])
    gradient = np.zeros(len(y))
    positions = np.arange(len(windows))[:, None] * (stride or window) + np.arange(window)
    np.add.at(gradient, positions, share * upstream[:, None])  # windows may overlap
    return gradient


def _windows(y: ArrayLike, window: int, stride: int | None, kind: str) -> np.ndarray:
    """The map cut into its windows: an array of shape (windows, w)."""
    y = np.asarray(y, dtype=float)
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {quoted(kind)}.")
    if y.ndim != 1 or not np.isfinite(y).all():
        came = f"an array of shape {y.shape}" if y.ndim != 1 else "infinity or nan"
        raise ValueError(f"y must be one row of finite numbers, got {came}.")
    step = window if stride is None else stride
    for name, value in (("window", window), ("stride", step)):
        if not isinstance(value, (int, np.integer)) or value < 1:
            raise ValueError(f"{name} must be a whole number of at least 1, got {quoted(value)}.")
    if window > len(y):
        raise ValueError(f"window must be at most the length of the map, {len(y)}, got {window}.")
    return np.lib.stride_tricks.sliding_window_view(y, window)[::step]
