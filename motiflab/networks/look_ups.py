"""Score all windows without a product of matrices: look words of a few letters up in tables.

The pre-activation of a window is a sum over its taps ``k``, and a one-hot base picks one weight of
each: ``y[j] = sum over k of W[k, base(j S - P + k D)]``, with stride ``S``, padding ``P`` and
dilation ``D``. So the sum over a group of three taps depends only on a word of three letters. There
are few such words: their sums are computed once for each group and are then only looked up. A
window of 15 taps costs 5 look-ups instead of 60 products.

With an optimised product (BLAS) that gains nothing. In a browser numpy has none, and there the
look-ups are about four times as fast. Sums are rounded in another order, so the last digits differ.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

_WORDS = 128
"""Largest number of words in a table; larger ones no longer fit into the fastest memory."""


@lru_cache
def slow_products() -> bool:
    """Whether numpy was built without an optimised product of matrices.

    >>> slow_products()
    False
    """
    return not np.show_config(mode="dicts")["Build Dependencies"]["blas"].get("found", False)


def letters_of(x: np.ndarray) -> np.ndarray | None:
    """Number the letters of one-hot sequences from 1; None if they are not all one-hot.

    Parameters
    ----------
    x : ndarray, shape (N, L, A)

    Returns
    -------
    ndarray of int, shape (N, L), or None
        0 for a position of zeros, as in padding.

    Examples
    --------
    >>> letters_of(np.array([[[0, 0, 1, 0], [0, 0, 0, 0]]])).tolist()
    [[3, 0]]
    >>> letters_of(np.full((1, 1, 4), 0.25)) is None
    True
    """
    size = x.shape[-1]
    one_hot = np.eye(size + 1, dtype=x.dtype)[:, 1:]
    with np.errstate(invalid="ignore"):  # a nan is not one-hot either
        letters = (x @ np.arange(1, size + 1, dtype=x.dtype)).astype(np.intp).clip(0, size)
    return letters if np.array_equal(one_hot[letters], x) else None


def look_up(
    taps: np.ndarray, letters: np.ndarray, stride: int = 1, padding: int = 0, dilation: int = 1
) -> np.ndarray:
    """Score all windows of all sequences with all filters.

    Parameters
    ----------
    taps : ndarray, shape (F, K, A)
        Filters.
    letters : ndarray of int, shape (N, L)
        From `letters_of`.
    stride, padding, dilation : int

    Returns
    -------
    ndarray, shape (N, M, F)

    Examples
    --------
    >>> likes_ac = np.array([[[2.0, 0, 0, 0], [0, 2, 0, 0]]])
    >>> look_up(likes_ac, letters_of(np.eye(4)[None]))[0, :, 0].tolist()
    [4.0, 0.0, 0.0]
    """
    filters, width, size = taps.shape
    letters = np.pad(letters, ((0, 0), (padding, padding)))
    windows = (letters.shape[1] - 1 - (width - 1) * dilation) // stride + 1
    longest = 1
    while (size + 1) ** (longest + 1) <= _WORDS:
        longest += 1
    # A further letter, the first, stands for zeros and adds nothing.
    columns = np.pad(taps, ((0, 0), (0, 0), (1, 0))).transpose(1, 2, 0)
    scores = np.zeros((len(letters), windows, filters), taps.dtype)
    for first in range(0, width, longest):
        table, word = np.zeros((1, filters), taps.dtype), 0
        for k in range(first, min(first + longest, width)):
            table = (table[:, None] + columns[k]).reshape(-1, filters)  # one letter longer
            at = k * dilation
            word = word * (size + 1) + letters[:, at : at + (windows - 1) * stride + 1 : stride]
        scores += table.take(word, axis=0)
    return scores
