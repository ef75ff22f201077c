"""DNA sequences as numbers: one-hot batches, other codes, masks, backgrounds, random sequences.

One sequence is a matrix of shape (length, 4) with the bases in the order A, C, G, T; a batch for
torch has shape (N, 4, L), channels first. An ambiguity code becomes equal shares of the bases it
stands for: R (A or G) is 0.5 A and 0.5 G, and N is 0.25 of each base.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import quoted
from motiflab.sequences.alphabet import BASES, IUPAC, SHARES, as_bytes, clean
from motiflab.sequences.matrix import by_base, check_background

_CODE_OF = {frozenset(bases): code for code, bases in IUPAC.items()}
_COMPLEMENT = str.maketrans("ACGTRYSWKMBDHVN", "TGCAYRSWMKVHDBN")


@dataclass(frozen=True, eq=False)
class Batch:
    """One-hot sequences of any lengths, zero padded at the end.

    Attributes
    ----------
    x : numpy.ndarray of float32
        Shape (N, 4, L) with channels first, (N, L, 4) with channels last; L is the longest length.
    lengths : numpy.ndarray of int64, shape (N,)
        The length of each sequence before padding.
    """

    x: np.ndarray
    lengths: np.ndarray


def one_hot(sequence: str, order: str = BASES, channels: str = "last") -> np.ndarray:
    """Return a sequence as numbers, one channel for each base.

    Parameters
    ----------
    sequence : str
        Letters of the IUPAC code.
    order : str
        The order of the four channels, any permutation of "ACGT".
    channels : {"last", "first"}
        "last" gives shape (length, 4), "first" (4, length).

    Returns
    -------
    numpy.ndarray of float32
        Each position sums to 1; an ambiguity code is equal shares of its bases.

    Raises
    ------
    ValueError
        For another character, order or channels.

    Examples
    --------
    >>> one_hot("AR").tolist()
    [[1.0, 0.0, 0.0, 0.0], [0.5, 0.0, 0.5, 0.0]]
    """
    return encode([clean(sequence)], order, channels).x[0]


def encode(sequences: Sequence[str], order: str = BASES, channels: str = "first") -> Batch:
    """Return many sequences as one array, zero padded at the end to the longest.

    Parameters
    ----------
    sequences : sequence of str
        At least one; their lengths may differ.
    order, channels
        As in `one_hot`, but channels come first unless asked otherwise.

    Raises
    ------
    ValueError
        If there is no sequence, or a character outside the IUPAC code (the error names the
        sequence by its index, the position and the character).

    Examples
    --------
    >>> batch = encode(["ACG", "T"])
    >>> batch.x.shape, batch.lengths.tolist()
    ((2, 4, 3), [3, 1])
    """
    columns = _columns(order, channels)
    codes, lengths = as_bytes(sequences)
    padded = np.zeros((len(lengths), lengths.max()), dtype=np.uint8)
    padded[np.arange(padded.shape[1]) < lengths[:, None]] = codes
    if channels == "last":
        return Batch(SHARES[:, columns][padded], lengths)
    x = np.empty((padded.shape[0], 4, padded.shape[1]), dtype=np.float32)
    for channel, column in enumerate(columns):
        x[:, channel] = SHARES[:, column][padded]
    return Batch(x, lengths)


def decode(matrix: np.ndarray, order: str = BASES, channels: str = "last") -> str:
    """Return the sequence that `one_hot` turned into numbers.

    Parameters
    ----------
    matrix : array_like, shape (length, 4) or, with channels "first", (4, length)
        Each position holds equal shares of one to four bases; positions that are all zero at the
        end are padding and are dropped. The labels of a DataFrame say which base is which,
        whatever `order` is.
    order, channels
        As in `one_hot`.

    Raises
    ------
    ValueError
        If a position is not equal shares of some bases, or the shape is wrong.

    Examples
    --------
    >>> decode([[1, 0, 0, 0], [0.5, 0, 0.5, 0], [0, 0, 0, 0]])
    'AR'
    """
    columns = _columns(order, channels)
    matrix = by_base(matrix, "matrix", order, axis=0 if channels == "first" else -1)
    matrix = np.asarray(matrix, dtype=float)
    shaped = matrix.T if channels == "first" and matrix.ndim == 2 else matrix
    if shaped.ndim != 2 or shaped.shape[1] != 4:
        wanted = "(length, 4)" if channels == "last" else "(4, length)"
        raise ValueError(f"matrix must have shape {wanted}, got {matrix.shape}.")
    in_order = np.empty_like(shaped)
    in_order[:, columns] = shaped
    letters = []
    filled = np.flatnonzero(in_order.any(axis=1))
    for position, shares in enumerate(in_order[: filled[-1] + 1 if len(filled) else 0]):
        present = shares != 0
        if not present.any() or not np.allclose(shares[present], 1 / present.sum(), atol=1e-6):
            raise ValueError(
                f"matrix must hold equal shares of one to four bases at each position, got "
                f"{shares.tolist()} (A, C, G, T) at position {position}."
            )
        letters.append(_CODE_OF[frozenset(b for b, there in zip(BASES, present) if there)])
    return "".join(letters)


def reverse_complement(sequence: str) -> str:
    """Return the other strand, read 5' to 3', in upper case.

    Ambiguity codes are complemented too: R (A or G) becomes Y (C or T). Any other character is a
    ValueError.

    Examples
    --------
    >>> reverse_complement("AACR")
    'YGTT'
    """
    return clean(sequence).translate(_COMPLEMENT)[::-1]


def reverse_complement_one_hot(x: np.ndarray) -> np.ndarray:
    """Return the other strand of encoded sequences.

    Parameters
    ----------
    x : array_like, shape (..., 4, L)
        Channels first, in the order A, C, G, T (or any order that is its own complement when
        reversed). Padding at the end of `x` stands at the start of the result.

    Returns
    -------
    numpy.ndarray, shape (..., 4, L)
        A copy. A shape without four channels before the last axis is a ValueError.

    Examples
    --------
    >>> decode(reverse_complement_one_hot(one_hot("AAC", channels="first")), channels="first")
    'GTT'
    """
    x = np.asarray(by_base(x, "x", axis=0))
    if x.ndim < 2 or x.shape[-2] != 4:
        raise ValueError(f"x must have shape (..., 4, L), channels first, got {x.shape}.")
    return x[..., ::-1, ::-1].copy()


def background(sequences: Sequence[str], pseudocount: float = 0.0) -> np.ndarray:
    """Return the base frequencies of some sequences.

    Parameters
    ----------
    sequences : sequence of str
        An ambiguity code counts as equal shares of its bases.
    pseudocount : float
        Added to the count of each of the four bases. With 0, a base that never occurs has
        frequency 0, which `check_background` refuses.

    Returns
    -------
    numpy.ndarray of float64, shape (4,)
        Frequencies of A, C, G, T; they sum to 1.

    Raises
    ------
    ValueError
        If there is nothing to count, or the pseudocount is negative.

    Examples
    --------
    >>> background(["AACG", "N"]).tolist()
    [0.45, 0.25, 0.25, 0.05]
    """
    if not 0 <= pseudocount < np.inf:
        raise ValueError(f"pseudocount must be a number of at least 0, got {pseudocount}.")
    codes, _ = as_bytes(sequences)
    counts = np.bincount(codes, minlength=256) @ SHARES.astype(float) + pseudocount
    if counts.sum() == 0:
        raise ValueError("sequences must hold at least one base to count, got none.")
    return counts / counts.sum()


def gc_background(gc: float) -> np.ndarray:
    """Return the base frequencies for a GC content: G and C gc/2 each, A and T (1 - gc)/2 each.

    A gc that is not above 0 and below 1 is a ValueError.

    Examples
    --------
    >>> gc_background(0.4).tolist()
    [0.3, 0.2, 0.2, 0.3]
    """
    if not 0 < gc < 1:
        raise ValueError(f"gc must lie between 0 and 1, both excluded, got {gc}.")
    return np.array([(1 - gc) / 2, gc / 2, gc / 2, (1 - gc) / 2])


def random_sequences(
    n: int,
    length: int,
    background: Sequence[float] | np.ndarray | None,
    rng: np.random.Generator,
) -> list[str]:
    """Return sequences whose bases are drawn independently from the background.

    Parameters
    ----------
    n, length : int
        How many, and how many bases each; a negative number is a ValueError.
    background : array_like, shape (4,), or None
        Frequencies of A, C, G, T; None is uniform.
    rng : numpy.random.Generator

    Examples
    --------
    >>> [len(s) for s in random_sequences(2, 5, None, np.random.default_rng(0))]
    [5, 5]
    """
    if n < 0 or length < 0:
        raise ValueError(f"n and length must not be negative, got {n} and {length}.")
    drawn = rng.choice(4, size=n * length, p=check_background(background))
    text = np.frombuffer(BASES.encode(), dtype=np.uint8)[drawn].tobytes().decode("ascii")
    return [text[i * length : (i + 1) * length] for i in range(n)]


def _columns(order: str, channels: str) -> list[int]:
    """Return, for each channel, the column of that base in the order A, C, G, T."""
    if channels not in ("first", "last"):
        raise ValueError(f'channels must be "first" or "last", got {quoted(channels)}.')
    if not isinstance(order, str) or sorted(order) != sorted(BASES):
        raise ValueError(
            f'order must hold each of A, C, G, T once, such as "ACGT", got {quoted(order)}.'
        )
    return [BASES.index(base) for base in order]


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
