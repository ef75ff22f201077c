"""The letters of DNA: which are allowed, which bases each stands for, and tables labelled by them.

Letters are those of the IUPAC nucleotide code (Cornish-Bowden 1985, Nucleic Acids Research
13:3021), in either case; U is read as T.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from motiflab.quoting import quoted

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


def by_base(values: Any, name: str, order: str = BASES, axis: int = -1) -> Any:
    """Put the columns of a labelled table in the order A, C, G, T; other values stay as they are.

    Without this, numpy would take a `DataFrame` whose columns are G, A, T, C by position. Labels
    may be in either case, and U is T. If the rows are labelled with the bases and the columns are
    not, the table is turned. Columns (or the entries of a Series) numbered 0, 1, 2, ... have no
    labels: they are taken by position.

    Parameters
    ----------
    values : array_like, DataFrame, Series, mapping, or list of them
        A mapping has the bases as keys, such as ``{"A": [9, 0], "C": [0, 9], ...}``.
    name : str
        What to call it in an error.
    order : str
        The order that is wanted, a permutation of "ACGT".
    axis : {-1, 0}
        Where the bases shall be in a table that is labelled: in its columns or in its rows.

    Returns
    -------
    array_like
        Of a table (w, 4), or (4, w) with `axis` 0; of a Series or a mapping of numbers (4,).

    Raises
    ------
    ValueError
        If the labels are not A, C, G and T, once each, or a mapping is not rectangular.

    Examples
    --------
    >>> by_base({"g": [9, 0], "a": [0, 9], "t": [0, 0], "c": [0, 0]}, "counts").tolist()
    [[0, 0, 9, 0], [9, 0, 0, 0]]
    >>> by_base([[1, 2, 3, 4]], "counts")
    [[1, 2, 3, 4]]
    """
    if isinstance(values, (list, tuple)):
        found = [by_base(value, name, order, axis) for value in values]
        turn = axis == 0 and values and all(map(_is_position, values))
        return np.array(found).T if turn else found
    if isinstance(values, Mapping):
        place = _places(values, order)
        if place is None:
            raise _unknown_labels(name, "its keys", values)
        columns = list(values.values())
        if len(set(map(np.shape, columns))) > 1:
            raise ValueError(
                f"{name} must have as many numbers for each base, got {quoted(values)}."
            )
        numbers = np.array([columns[i] for i in place])
        return numbers if axis == 0 else numbers.T
    # pandas is not imported for this: its tables, and those of others, are known by what they have.
    if not hasattr(values, "to_numpy"):
        return values
    numbers, rows = values.to_numpy(), getattr(values, "index", ())
    columns = getattr(values, "columns", rows)
    if (place := _places(columns, order)) is not None:
        return numbers[..., place].T if axis == 0 else numbers[..., place]
    if numbers.ndim == 2 and (place := _places(rows, order)) is not None:
        return numbers[place] if axis == 0 else numbers[place].T
    if list(columns) != list(range(len(columns))):
        which = "its columns or its rows" if numbers.ndim == 2 else "its entries"
        raise _unknown_labels(name, which, columns)
    return numbers


def numbers_by_base(values: Any, name: str) -> np.ndarray:
    """Return numbers as an array of floats, labelled tables in the order A, C, G, T (`by_base`).

    Parameters
    ----------
    values : array_like, DataFrame, Series, mapping, or list of them
    name : str
        What to call it in an error.

    Returns
    -------
    numpy.ndarray of float64
        Not a copy if `values` is such an array.

    Raises
    ------
    ValueError
        As `by_base`, or if the values are no numbers or the rows differ in length.

    Examples
    --------
    >>> numbers_by_base([{"T": 4, "G": 3, "C": 2, "A": 1}, {"A": 5, "C": 6, "G": 7, "T": 8}], "x")
    array([[1., 2., 3., 4.],
           [5., 6., 7., 8.]])
    """
    values = by_base(values, name)
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(
            f"{name} must hold numbers, in rows of equal length, got {quoted(values)}."
        ) from None


def numbers_of_pairs(values: Any, name: str) -> np.ndarray:
    """Return a table of pairs of bases as floats: first base in the rows, second in the columns.

    Parameters
    ----------
    values : array_like or DataFrame, shape (4, 4)
        Rows and columns of a `DataFrame` are taken by their labels, as in `by_base`; those that
        are numbered 0, 1, 2, 3 are taken by position.
    name : str
        What to call it in an error.

    Returns
    -------
    numpy.ndarray of float64

    Raises
    ------
    ValueError
        If the labels are not A, C, G and T, once each, or the values are no numbers. A mapping
        is refused: it does not say whether its keys are the first or the second bases.

    Examples
    --------
    >>> numbers_of_pairs([[1, 2], [3, 4]], "table").tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    if isinstance(values, Mapping):
        raise ValueError(
            f"{name} must be an array, or a DataFrame with the first base in its rows and the "
            f"second in its columns, got a {type(values).__name__}."
        )
    if hasattr(values, "to_numpy"):
        table, values = values, values.to_numpy()
        for axis, (which, side) in enumerate((("rows", "index"), ("columns", "columns"))):
            labels = getattr(table, side, ())
            if (place := _places(labels, BASES)) is not None:
                values = values.take(place, axis)
            elif list(labels) != list(range(len(labels))):
                raise _unknown_labels(name, f"its {which}", labels)
    return numbers_by_base(values, name)


def _is_position(value: Any) -> bool:
    """Whether it is one position of a table: four numbers labelled with the bases."""
    if isinstance(value, Mapping):
        return not any(map(np.ndim, value.values()))
    labels = getattr(value, "index", ()) if hasattr(value, "to_numpy") else ()
    return np.ndim(value) == 1 and _places(labels, BASES) is not None


def _places(labels: Iterable, order: str) -> list[int] | None:
    """Where the label of each base stands; None if they are not the four bases, once each."""
    bases = [
        label.strip().upper().replace("U", "T") if isinstance(label, str) else ""
        for label in labels
    ]
    return [bases.index(base) for base in order] if sorted(bases) == sorted(BASES) else None


def _unknown_labels(name: str, which: str, labels: Iterable) -> ValueError:
    shown = [quoted(label, 20) for label in labels]
    shown = shown if len(shown) <= 6 else [*shown[:6], "..."]
    return ValueError(
        f"{name} must have {which} labelled A, C, G and T, once each, got {', '.join(shown)}."
    )
