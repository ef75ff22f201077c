"""Count the words of a sequence, with or without gaps, as features of a word model.

A *k-mer* is a word of ``k`` letters. A *gapped k-mer* ignores some positions: a pattern such as
``##.#`` reads the first, second and fourth letter of a window and skips the third (Ghandi et al.
2014 count all patterns of a width). The counts say how often each word occurs, but not where.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from motiflab.checks import quoted, require, whole
from motiflab.sequences.alphabet import DNA, Alphabet
from motiflab.sequences.encoding import encode_aligned, reverse_complement

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def gapped_patterns(read: int, width: int) -> list[str]:
    """Return all patterns of a width that read `read` letters, including the first and the last.

    Parameters
    ----------
    read : int
        ``k``, how many letters are read, at least 2.
    width : int
        From the first to the last of them, at least `read`.

    Returns
    -------
    list of str
        "#" is read, "." may be any letter.

    Examples
    --------
    >>> gapped_patterns(read=3, width=4)
    ['##.#', '#.##']
    """
    read, width = whole("read", read, 2), whole("width", width, read)
    inner = range(1, width - 1)
    return [
        "".join("#" if i in (0, *chosen, width - 1) else "." for i in range(width))
        for chosen in combinations(inner, read - 2)
    ]


def count_words(
    sequences: list[str],
    patterns: Sequence[str],
    both_strands: bool = True,
    alphabet: Alphabet = DNA,
) -> csr_array:
    """Count every word of every pattern in each sequence.

    The column of a word of ``k`` letters is the word read as a number in base A: for DNA, AAC is
    ``0 * 16 + 0 * 4 + 1``. The words of a pattern come after those of the patterns before it.

    Parameters
    ----------
    sequences : list of str
        ``N`` sequences of letters alone, all of one length.
    patterns : sequence of str
        Each of "#" and ".", such as "######" or "##.#"; "#" is read. Not longer than a sequence.
    both_strands : bool
        Whether to count the words of the other strand, too: for "AAC" also "GTT".
    alphabet : Alphabet

    Returns
    -------
    scipy.sparse.csr_array of float32, shape (N, sum over the patterns of A ** k)
        Most counts are 0 and take no memory.

    Examples
    --------
    >>> count_words(["AAC"], ["#"], both_strands=False).toarray().tolist()
    [[2.0, 1.0, 0.0, 0.0]]
    >>> count_words(["AAC"], ["#"]).toarray().tolist()
    [[2.0, 1.0, 1.0, 2.0]]
    """
    from scipy.sparse import csr_array

    strands = [sequences]
    if both_strands:
        strands.append([reverse_complement(one, alphabet) for one in sequences])
    # Indices of the letters, in the 32 bits that scikit-learn expects.
    letters = [
        encode_aligned("sequences", strand, alphabet).argmax(axis=2).astype(np.int32)
        for strand in strands
    ]
    found, first = [], 0
    for pattern in patterns:
        read = np.flatnonzero([sign == "#" for sign in pattern]).tolist()
        right = set(pattern) <= set("#.") and read
        require("patterns", right, f"be made of # and . with at least one #, got {quoted(pattern)}")
        windows = letters[0].shape[1] - len(pattern) + 1
        require(
            "patterns", windows > 0, f"be at most {letters[0].shape[1]} wide, got {quoted(pattern)}"
        )
        for strand in letters:
            word = np.int32(0)
            for k in read:
                word = alphabet.size * word + strand[:, k : k + windows]
            found.append(first + word)
        first += alphabet.size ** len(read)
    # One entry for each window; entries at the same place add up.
    places = np.hstack(found)
    rows = np.arange(0, places.size + 1, places.shape[1], dtype=np.int32)
    ones = np.ones(places.size, dtype=np.float32)
    return csr_array((ones, places.ravel(), rows), shape=(len(places), first))
