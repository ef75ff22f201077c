"""Sequences as numbers: one-hot batches, other codes, masks, backgrounds, random sequences.

One sequence is a matrix of shape (length, A) with a column for each of the A letters of its
alphabet: of DNA, (length, 4) in the order A, C, G, T. A batch for torch has shape (N, A, L),
channels first. An ambiguity code becomes equal shares of the letters it stands for: R (A or G) is
0.5 A and 0.5 G, and N is 0.25 of each base. The alphabet is DNA unless another is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import ArgumentError, between, inside, one_of, quoted, require, whole
from motiflab.sequences.alphabet import DNA, Alphabet, as_bytes, clean
from motiflab.sequences.matrix import by_base, check_background


@dataclass(frozen=True, eq=False)
class Batch:
    """One-hot sequences of any lengths, zero padded at the end.

    Attributes
    ----------
    x : numpy.ndarray of float32
        Shape (N, A, L) with channels first, (N, L, A) with channels last; L is the longest length.
    lengths : numpy.ndarray of int64, shape (N,)
        The length of each sequence before padding.
    """

    x: np.ndarray
    lengths: np.ndarray


def one_hot(
    sequence: str, order: str | None = None, channels: str = "last", alphabet: Alphabet = DNA
) -> np.ndarray:
    """Return a sequence as numbers, one channel for each letter.

    Parameters
    ----------
    sequence : str
        Letters and codes of the alphabet.
    order : str, optional
        The order of the channels, any permutation of the letters; by default that of the alphabet
        ("ACGT").
    channels : {"last", "first"}
        "last" gives shape (length, A), "first" (A, length).
    alphabet : Alphabet

    Returns
    -------
    numpy.ndarray of float32
        Each position sums to 1; an ambiguity code is equal shares of its letters.

    Examples
    --------
    >>> one_hot("AR").tolist()
    [[1.0, 0.0, 0.0, 0.0], [0.5, 0.0, 0.5, 0.0]]
    """
    return encode([clean(sequence, alphabet=alphabet)], order, channels, alphabet).x[0]


def encode(
    sequences: Sequence[str],
    order: str | None = None,
    channels: str = "first",
    alphabet: Alphabet = DNA,
) -> Batch:
    """Return many sequences as one array, zero padded at the end to the longest.

    Parameters
    ----------
    sequences : sequence of str
        At least one; their lengths may differ. An error names a sequence by its index.
    order, channels, alphabet
        As in `one_hot`, but channels come first by default.

    Examples
    --------
    >>> batch = encode(["ACG", "T"])
    >>> batch.x.shape, batch.lengths.tolist()
    ((2, 4, 3), [3, 1])
    """
    columns = _columns(order, channels, alphabet)
    codes, lengths = as_bytes(sequences, alphabet)
    mask = padding_mask(lengths)
    padded = np.zeros(mask.shape, dtype=np.uint8)  # byte 0 is no letter: all its shares are 0
    padded[mask] = codes
    shares = alphabet.shares[:, columns]
    if channels == "last":
        return Batch(shares[padded], lengths)
    # Channel by channel, so that each is contiguous: twice as fast as transposing the array.
    x = np.empty((len(padded), alphabet.size, padded.shape[1]), dtype=np.float32)
    for channel, share in enumerate(shares.T):
        x[:, channel] = share[padded]
    return Batch(x, lengths)


def encode_aligned(
    argument: str,
    sequences: Sequence[str],
    alphabet: Alphabet = DNA,
    codes: bool = False,
) -> np.ndarray:
    """Return sequences of equal length as one array, (N, L, A), or raise an `ArgumentError`.

    Parameters
    ----------
    argument : str
        Name of the argument, for errors.
    sequences : sequence of str
        At least one.
    alphabet : Alphabet
    codes : bool
        Whether ambiguity codes are accepted.

    Examples
    --------
    >>> encode_aligned("sites", ["AC", "GT"]).shape
    (2, 2, 4)
    """
    letters, lengths = as_bytes(sequences, alphabet, argument)
    least, most = lengths.min(), lengths.max()
    require(argument, least > 0, "not be empty, got one without a letter")
    require(argument, least == most, f"all have one length, got lengths from {least} to {most}")
    x = alphabet.shares[letters.reshape(len(lengths), least)]
    require(
        argument,
        codes or np.count_nonzero(x == 1) == len(letters),
        f"hold the letters {alphabet.letters} alone, got an ambiguity code",
    )
    return x


def decode(
    matrix: np.ndarray,
    order: str | None = None,
    channels: str = "last",
    alphabet: Alphabet = DNA,
) -> str:
    """Return the sequence that `one_hot` turned into numbers.

    Parameters
    ----------
    matrix : array_like, shape (length, A) or, with channels "first", (A, length)
        Each position holds equal shares of one or more letters. All-zero positions at the end are
        padding and are dropped. A DataFrame is read by its labels, whatever `order` is.
    order, channels, alphabet
        As in `one_hot`.

    Examples
    --------
    >>> decode([[1, 0, 0, 0], [0.5, 0, 0.5, 0], [0, 0, 0, 0]])
    'AR'
    """
    columns = _columns(order, channels, alphabet)
    axis = 0 if channels == "first" else -1
    matrix = np.asarray(by_base(matrix, "matrix", order, axis, alphabet), dtype=float)
    shaped = matrix.T if channels == "first" and matrix.ndim == 2 else matrix
    size = alphabet.size
    wanted = f"(length, {size})" if channels == "last" else f"({size}, length)"
    require(
        "matrix",
        shaped.ndim == 2 and shaped.shape[1] == size,
        f"have shape {wanted}, got {matrix.shape}",
    )
    in_order = np.empty_like(shaped)
    in_order[:, columns] = shaped
    filled = np.flatnonzero(in_order.any(axis=1))  # zeros after the last of them are padding
    in_order = in_order[: filled[-1] + 1 if len(filled) else 0]
    return "".join(_letter(shares, at, alphabet) for at, shares in enumerate(in_order))


def _letter(shares: np.ndarray, position: int, alphabet: Alphabet) -> str:
    """Return the letter or code that stands for equal shares of these letters."""
    present = shares != 0
    letters = frozenset(letter for letter, there in zip(alphabet.letters, present) if there)
    equal = (abs(shares[present] - 1 / max(1, len(letters))) <= 1e-5).all()
    if equal and letters in alphabet.code_of:
        return alphabet.code_of[letters]
    wanted = "equal shares of one or more letters at each position"
    if equal and letters:
        together = " and ".join(sorted(letters))
        wanted = f"letters with a code: no code of the alphabet stands for {together}"
    raise ArgumentError(
        "matrix",
        f"matrix must hold {wanted}, got "
        f"{shares.tolist()} ({', '.join(alphabet.letters)}) at position {position}.",
    )


def reverse_complement(sequence: str, alphabet: Alphabet = DNA) -> str:
    """Return the other strand, read 5' to 3', in upper case.

    Ambiguity codes are complemented too: R (A or G) becomes Y (C or T). An alphabet without
    complements is an error.

    Examples
    --------
    >>> reverse_complement("AACR")
    'YGTT'
    """
    return alphabet.complement(clean(sequence, alphabet=alphabet))


def reverse_complement_one_hot(x: np.ndarray, alphabet: Alphabet = DNA) -> np.ndarray:
    """Return the other strand of encoded sequences.

    Parameters
    ----------
    x : array_like, shape (..., A, L)
        Channels first, in the order of the alphabet (or any order that is its own complement when
        reversed). Padding at the end of `x` is at the start of the result.
    alphabet : Alphabet
        It must have complements.

    Returns
    -------
    numpy.ndarray, shape (..., A, L)
        A copy.

    Examples
    --------
    >>> decode(reverse_complement_one_hot(one_hot("AAC", channels="first")), channels="first")
    'GTT'
    """
    x = np.asarray(by_base(x, "x", axis=0, alphabet=alphabet))
    require(
        "x",
        x.ndim >= 2 and x.shape[-2] == alphabet.size,
        f"have shape (..., {alphabet.size}, L), channels first, got {x.shape}",
    )
    return alphabet.other_strand(x).copy()


def background(
    sequences: Sequence[str], pseudocount: float = 0.0, alphabet: Alphabet = DNA
) -> np.ndarray:
    """Return the frequency of each letter in some sequences.

    Parameters
    ----------
    sequences : sequence of str
        An ambiguity code counts as equal shares of its letters.
    pseudocount : float
        Added to the count of each letter. With 0, a letter that never occurs has frequency 0,
        which `check_background` refuses.
    alphabet : Alphabet

    Returns
    -------
    numpy.ndarray of float64, shape (A,)
        Frequencies in the order of the alphabet; they sum to 1.

    Examples
    --------
    >>> background(["AACG", "N"]).tolist()
    [0.45, 0.25, 0.25, 0.05]
    """
    between("pseudocount", pseudocount, 0)
    # Count by byte first: there are only 256 of them, whatever the length of the sequences.
    codes, _ = as_bytes(sequences, alphabet)
    counts = np.bincount(codes, minlength=256) @ alphabet.shares.astype(float) + pseudocount
    require("sequences", counts.sum() > 0, "hold at least one base to count, got none")
    return counts / counts.sum()


def gc_background(gc: float) -> np.ndarray:
    """Return base frequencies for a GC content: gc/2 for G and C, (1 - gc)/2 for A and T.

    Examples
    --------
    >>> gc_background(0.4).tolist()
    [0.3, 0.2, 0.2, 0.3]
    """
    gc = inside("gc", gc, 0, 1)
    return np.array([(1 - gc) / 2, gc / 2, gc / 2, (1 - gc) / 2])


def random_sequences(
    n: int,
    length: int,
    background: Sequence[float] | np.ndarray | None,
    rng: np.random.Generator,
    alphabet: Alphabet = DNA,
) -> list[str]:
    """Return sequences whose letters are drawn independently from the background.

    Parameters
    ----------
    n, length : int
        Number of sequences and length of each; at least 0.
    background : array_like, shape (A,), or None
        Frequencies in the order of the alphabet; None is uniform.
    rng : numpy.random.Generator
    alphabet : Alphabet

    Examples
    --------
    >>> [len(s) for s in random_sequences(2, 5, None, np.random.default_rng(0))]
    [5, 5]
    """
    n, length = whole("n", n, 0), whole("length", length, 0)
    q = check_background(background, alphabet)
    return written_out(rng.choice(alphabet.size, (n, length), p=q), alphabet)


def draw_letters(
    probabilities: np.ndarray, shape: tuple[int, ...], rng: np.random.Generator
) -> np.ndarray:
    """Draw letters independently, each from its own distribution.

    Parameters
    ----------
    probabilities : ndarray, shape (..., A)
        Broadcast against `shape`.
    shape : tuple of int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int, of `shape`
        Indices in the alphabet, from 0.

    Examples
    --------
    >>> draw_letters(np.array([[0, 1.0], [1.0, 0]]), (3, 2), np.random.default_rng(0)).tolist()
    [[1, 0], [1, 0], [1, 0]]
    """
    # A letter is the number of steps of its distribution function at or below a uniform draw. The
    # steps are divided by the last, so that it is exactly 1 whatever the rounding: a letter of
    # probability 0 has an interval of no length and is never drawn.
    steps = np.cumsum(probabilities, axis=-1)
    steps /= steps[..., -1:]
    drawn = rng.random(shape)
    return sum((drawn >= steps[..., a]).astype(np.uint8) for a in range(steps.shape[-1] - 1))


def written_out(letters: np.ndarray, alphabet: Alphabet = DNA) -> list[str]:
    """Return the sequences (N,) of letters given by their index in the alphabet, (N, L).

    >>> written_out(np.array([[0, 3], [2, 2]]))
    ['AT', 'GG']
    """
    signs = np.frombuffer(alphabet.letters.encode(), dtype=np.uint8)
    text, length = signs[letters].tobytes().decode(), letters.shape[1]
    return [text[i * length : (i + 1) * length] for i in range(len(letters))]


def _columns(order: str | None, channels: str, alphabet: Alphabet) -> list[int]:
    """Return, for each channel, the column of its letter in the order of the alphabet."""
    one_of("channels", channels, ("first", "last"))
    letters = alphabet.letters
    order = letters if order is None else order
    require(
        "order",
        isinstance(order, str) and sorted(order) == sorted(letters),
        f'hold each of {", ".join(letters)} once, such as "{letters}", got {quoted(order)}',
    )
    return [letters.index(letter) for letter in order]


def integer_codes(sequence: str, order: str | None = None, alphabet: Alphabet = DNA) -> np.ndarray:
    """Encode each letter as its index in an order: 0, 1, 2 or 3 for DNA.

    Unlike one-hot, this code makes some bases closer to each other than others.

    Parameters
    ----------
    sequence : str
        Letters only, in either case; an ambiguity code has no index.
    order : str, optional
        Any permutation of the letters; by default that of the alphabet ("ACGT").
    alphabet : Alphabet

    Returns
    -------
    ndarray of float, shape (length, 1)
        One channel.

    Examples
    --------
    >>> integer_codes("GATC").T.tolist(), integer_codes("GATC", order="GATC").T.tolist()
    ([[2.0, 0.0, 3.0, 1.0]], [[0.0, 1.0, 2.0, 3.0]])
    """
    encoded = one_hot(sequence, order, alphabet=alphabet)
    blurred = np.flatnonzero(encoded.max(axis=1) < 1)
    if len(blurred):
        raise ArgumentError(
            "sequence",
            f"sequence must hold only {alphabet.listed} to be written as integers, got "
            f"{quoted(sequence[blurred[0]])} at position {blurred[0]} (counted from 0).",
        )
    return encoded @ np.arange(float(alphabet.size))[:, None]


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

    Examples
    --------
    >>> distances(integer_codes("ACT"))[0].tolist()
    [0.0, 1.0, 3.0]
    """
    vectors = np.asarray(vectors, dtype=float)
    require("vectors", vectors.ndim == 2, f"have the shape (n, channels), got {vectors.shape}")
    return np.sqrt(((vectors[:, None] - vectors[None]) ** 2).sum(axis=2))


def padding_mask(lengths: ArrayLike) -> np.ndarray:
    """Return which positions of a zero-padded batch are real: ``mask[n, i] = i < lengths[n]``.

    Parameters
    ----------
    lengths : array_like of int, shape (N,)
        As in `sequences.Batch`; at least one, each at least 0.

    Returns
    -------
    ndarray of bool, shape (N, L)
        With the longest length L.

    Examples
    --------
    >>> padding_mask([3, 1]).tolist()
    [[True, True, True], [True, False, False]]
    """
    lengths = np.asarray(lengths)
    if lengths.ndim == 1 and lengths.size and lengths.min() >= 0:
        return np.arange(lengths.max()) < lengths[:, None]
    # The message is written only on an error, because printing an array is slow.
    raise ArgumentError(
        "lengths", f"lengths must be one or more numbers of at least 0, got {quoted(lengths)}."
    )


def word_filter(word: str, alphabet: Alphabet = DNA) -> np.ndarray:
    """Return a filter for a word: +1 for its letter at each position, -1 for the others.

    The score of a window is its matches minus its mismatches, from ``-K`` to ``K``.

    Parameters
    ----------
    word : str
        ``K`` letters, at least 1; an ambiguity code gets ``2 * share - 1`` for each letter.
    alphabet : Alphabet

    Returns
    -------
    ndarray, shape (K, A)
        In the order of the alphabet.

    Examples
    --------
    >>> word_filter("AT").tolist()
    [[1.0, -1.0, -1.0, -1.0], [-1.0, -1.0, -1.0, 1.0]]
    """
    require("word", word, "have at least one letter, got none")
    return 2.0 * one_hot(word, alphabet=alphabet) - 1.0
