"""The letters of DNA: which are allowed, which bases each stands for, and tables labelled by them.

Letters are those of the IUPAC nucleotide code (Cornish-Bowden 1985, Nucleic Acids Research
13:3021), in either case; U is read as T.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from motiflab.checks import quoted

BASES = "ACGT"

IUPAC = {
    "A": "A", "C": "C", "G": "G", "T": "T",
    "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC",
    "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip
"""The bases that each letter of the IUPAC code stands for."""

SHARES = np.zeros((256, 4), dtype=np.float32)
"""For each byte the shares of A, C, G, T, shape (256, 4); all zero if it is no nucleotide code."""

for _code, _bases in {**IUPAC, "U": "T"}.items():
    for _base in _bases:
        SHARES[[ord(_code), ord(_code.lower())], BASES.index(_base)] = 1 / len(_bases)
SHARES.flags.writeable = False

_IS_LETTER = SHARES.any(axis=1)
_LETTERS = "".join(IUPAC) + "U"
_NOT_A_LETTER = re.compile(f"[^{_LETTERS}{_LETTERS.lower()}]")
_PROTEIN = re.compile(r"[A-Za-z]{2,}\*?")


def clean(sequence: str, name: str = "sequence") -> str:
    """Return a sequence in upper case with U written as T.

    Parameters
    ----------
    sequence : str
        Letters of the IUPAC nucleotide code, in either case; may be empty.
    name : str
        What to call the sequence in an error.

    Raises
    ------
    ValueError
        If there is any other character; says which sequence, which position (from 0) and which
        character.

    Examples
    --------
    >>> clean("acgun")
    'ACGTN'
    """
    if not isinstance(sequence, str):
        raise ValueError(f"{name} must be text (str), got {type(sequence).__name__}.")
    wrong = _NOT_A_LETTER.search(sequence)
    if wrong:
        raise ValueError(
            f"{name} must hold only nucleotide codes ({_LETTERS}), got {quoted(wrong.group())} at "
            f"position {wrong.start()} (counted from 0){_likely_cause(sequence, wrong.group())}."
        )
    return sequence.upper().replace("U", "T")


def _likely_cause(sequence: str, wrong: str) -> str:
    # Half of the amino acids are written with letters of the nucleotide code, so one letter
    # outside it proves nothing. But few of a protein's letters are A, C, G, T or N.
    letters = sequence.upper().rstrip("*").replace("X", "")
    if _PROTEIN.fullmatch(sequence) and 2 * sum(map(letters.count, "ACGTUN")) < len(letters):
        return ": it looks like a protein"
    if wrong in "Xx":
        return ": write N for a masked or unknown base"
    return ""


def as_bytes(sequences: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return all the letters end to end, one byte each as written, and the lengths.

    Parameters
    ----------
    sequences : sequence of str
        At least one; each may be empty.

    Returns
    -------
    codes : numpy.ndarray of uint8, shape (sum of the lengths,)
    lengths : numpy.ndarray of int64, shape (N,)

    Raises
    ------
    ValueError
        As `clean`, naming the sequence by its index; or if there is no sequence.

    Examples
    --------
    >>> codes, lengths = as_bytes(["AC", "g"])
    >>> bytes(codes), lengths.tolist()
    (b'ACg', [2, 1])
    """
    if isinstance(sequences, str):
        raise ValueError("sequences must be a list of sequences, got one string.")
    sequences = list(sequences)
    if not sequences:
        raise ValueError("sequences must hold at least one sequence, got none.")
    for index, sequence in enumerate(sequences):
        if not isinstance(sequence, str):
            clean(sequence, name=f"sequence {index}")
    lengths = np.array([len(sequence) for sequence in sequences], dtype=np.int64)
    # "replace" turns any non-ASCII character into one "?", which keeps positions right.
    codes = np.frombuffer("".join(sequences).encode("ascii", "replace"), dtype=np.uint8)
    if not _IS_LETTER[codes].all():
        wrong = np.argmin(_IS_LETTER[codes])
        index = int(np.searchsorted(np.cumsum(lengths), wrong, side="right"))
        clean(sequences[index], name=f"sequence {index}")
    return codes, lengths
