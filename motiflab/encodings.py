"""Other ways to write bases as numbers, how far apart they put them, and which columns are real."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from motiflab.alphabet import BASES
from motiflab.quoting import quoted
from motiflab.sequences import one_hot


def integer_codes(sequence: str, order: str = BASES) -> np.ndarray:
    """Write each base as its place in an order: 0, 1, 2 or 3.

    One number a base looks thrifty, but it makes some bases nearer to each other than others.

    Parameters
    ----------
    sequence : str
        Of A, C, G and T alone, in either case (an ambiguity code has no place in the order).
    order : str
        Any permutation of "ACGT".

    Returns
    -------
    ndarray of float, shape (length, 1)
        One channel.

    Raises
    ------
    ValueError
        For another letter or order.

    Examples
    --------
    >>> integer_codes("GATC").T.tolist(), integer_codes("GATC", order="GATC").T.tolist()
    ([[2.0, 0.0, 3.0, 1.0]], [[0.0, 1.0, 2.0, 3.0]])
    """
    encoded = one_hot(sequence, order)
    blurred = np.flatnonzero(encoded.max(axis=1) < 1)
    if len(blurred):
        raise ValueError(
            f"sequence must hold only A, C, G and T to be written as integers, got "
            f"{quoted(sequence[blurred[0]])} at position {blurred[0]} (counted from 0)."
        )
    return encoded @ np.arange(4.0)[:, None]


def distances(vectors: ArrayLike) -> np.ndarray:
    """Euclidean distance between each pair of vectors: ``sqrt(sum over c of (u[c] - v[c])**2)``.

    Two different one-hot vectors are ``sqrt(2)`` apart, whichever they are.

    Parameters
    ----------
    vectors : array_like, shape (n, channels)

    Returns
    -------
    ndarray, shape (n, n)
        Symmetric, 0 on the diagonal.

    Raises
    ------
    ValueError
        If the vectors are not the rows of a matrix.

    Examples
    --------
    >>> distances(integer_codes("ACT"))[0].tolist()
    [0.0, 1.0, 3.0]
    """
    vectors = np.asarray(vectors, dtype=float)
    if vectors.ndim != 2:
        raise ValueError(f"vectors must have the shape (n, channels), got {vectors.shape}.")
    return np.sqrt(((vectors[:, None] - vectors[None]) ** 2).sum(axis=2))


def padding_mask(lengths: ArrayLike) -> np.ndarray:
    """Say which positions of a zero-padded batch are real: ``mask[n, i] = i < lengths[n]``.

    Parameters
    ----------
    lengths : array_like of int, shape (N,)
        As in `sequences.Batch`; at least one, none negative.

    Returns
    -------
    ndarray of bool, shape (N, L)
        With the longest length L.

    Raises
    ------
    ValueError
        If there is no length or a negative one.

    Examples
    --------
    >>> padding_mask([3, 1]).tolist()
    [[True, True, True], [True, False, False]]
    """
    lengths = np.asarray(lengths)
    if lengths.ndim != 1 or not lengths.size or lengths.min() < 0:
        raise ValueError(f"lengths must be one or more numbers of at least 0, got {lengths}.")
    return np.arange(lengths.max()) < lengths[:, None]


def word_filter(word: str) -> np.ndarray:
    """Make the plainest filter for a word: +1 for its base at each position, -1 for the others.

    A window scores its matches less its mismatches: ``K`` at best and ``-K`` at worst.

    Parameters
    ----------
    word : str
        ``K`` letters; an ambiguity code gets ``2 * share - 1`` for each base.

    Returns
    -------
    ndarray, shape (K, 4)
        Columns A, C, G, T.

    Raises
    ------
    ValueError
        For an empty word or a character outside the IUPAC code.

    Examples
    --------
    >>> word_filter("AT").tolist()
    [[1.0, -1.0, -1.0, -1.0], [-1.0, -1.0, -1.0, 1.0]]
    """
    if not word:
        raise ValueError("word must have at least one letter, got none.")
    return 2.0 * one_hot(word) - 1.0
