"""Read and check numbers that belong to letters: matrices (K, A), backgrounds, labelled tables.

Labels are the ``A`` letters of an alphabet; the default is DNA. Numbers without labels are read in
the order of the alphabet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from motiflab.checks import ArgumentError, quoted, require
from motiflab.sequences.alphabet import DNA, Alphabet


def by_base(
    values: Any,
    name: str,
    order: str | None = None,
    axis: int = -1,
    alphabet: Alphabet = DNA,
) -> Any:
    """Return a labelled table with its columns in the order A, C, G, T, and other values unchanged.

    Without this, numpy would read a `DataFrame` whose columns are G, A, T, C by position. Labels
    may be in either case, and U is T. If the rows are labelled with the letters and the columns
    are not, the table is transposed. Columns (or entries of a Series) numbered 0, 1, 2, ... have
    no labels and are read by position.

    Parameters
    ----------
    values : array_like, DataFrame, Series, mapping, or list of them
        A mapping has the letters as keys, such as ``{"A": [9, 0], "C": [0, 9], ...}``.
    name : str
        What to call it in an error.
    order : str, optional
        The order of the result, a permutation of the letters; by default that of the alphabet.
    axis : {-1, 0}
        Whether the columns (-1) or the rows (0) of a labelled table are the letters. Other labels
        are an error, and so is a mapping that is not rectangular.
    alphabet : Alphabet
        The letters that are the labels.

    Returns
    -------
    array_like
        For a table (w, A), or (A, w) with `axis` 0; for a Series or a mapping of numbers (A,).

    Examples
    --------
    >>> by_base({"g": [9, 0], "a": [0, 9], "t": [0, 0], "c": [0, 0]}, "counts").tolist()
    [[0, 0, 9, 0], [9, 0, 0, 0]]
    >>> by_base([[1, 2, 3, 4]], "counts")
    [[1, 2, 3, 4]]
    """
    if isinstance(values, (list, tuple)):
        found = [by_base(value, name, order, axis, alphabet) for value in values]
        turn = axis == 0 and values and all(_is_position(value, alphabet) for value in values)
        return np.array(found).T if turn else found
    order = order or alphabet.letters
    if isinstance(values, Mapping):
        place = _places(values, order, alphabet)
        if place is None:
            raise _unknown_labels(name, "its keys", values, alphabet)
        columns = list(values.values())
        require(
            name,
            len(set(map(np.shape, columns))) == 1,
            f"have as many numbers for each base, got {quoted(values)}",
        )
        numbers = np.array([columns[i] for i in place])
        return numbers if axis == 0 else numbers.T
    # Tables are recognised by their methods: pandas need not be imported, and others work, too.
    if not hasattr(values, "to_numpy"):
        return values
    numbers, rows = values.to_numpy(), getattr(values, "index", ())
    columns = getattr(values, "columns", rows)
    if (place := _places(columns, order, alphabet)) is not None:
        return numbers[..., place].T if axis == 0 else numbers[..., place]
    # Letters in the rows and other labels in the columns: the table must be transposed.
    if numbers.ndim == 2 and (place := _places(rows, order, alphabet)) is not None:
        return numbers[place] if axis == 0 else numbers[place].T
    # A DataFrame without column names has numbered columns: they are read by position.
    if list(columns) != list(range(len(columns))):
        which = "its columns or its rows" if numbers.ndim == 2 else "its entries"
        raise _unknown_labels(name, which, columns, alphabet)
    return numbers


def numbers_by_base(values: Any, name: str, alphabet: Alphabet = DNA) -> np.ndarray:
    """Return numbers as an array of floats, labelled tables in the order A, C, G, T (`by_base`).

    Parameters
    ----------
    values : array_like, DataFrame, Series, mapping, or list of them
    name : str
        What to call it in an error.
    alphabet : Alphabet

    Returns
    -------
    numpy.ndarray of float64
        Not a copy if `values` is such an array.

    Examples
    --------
    >>> numbers_by_base([{"T": 4, "G": 3, "C": 2, "A": 1}, {"A": 5, "C": 6, "G": 7, "T": 8}], "x")
    array([[1., 2., 3., 4.],
           [5., 6., 7., 8.]])
    """
    values = by_base(values, name, alphabet=alphabet)
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ArgumentError(
            name, f"{name} must hold numbers, in rows of equal length, got {quoted(values)}."
        ) from None


def numbers_of_pairs(values: Any, name: str, alphabet: Alphabet = DNA) -> np.ndarray:
    """Return a table of pairs of bases as floats: first base in the rows, second in the columns.

    Parameters
    ----------
    values : array_like or DataFrame, shape (A, A)
        Rows and columns of a `DataFrame` are read by their labels, as in `by_base`; those
        numbered 0, 1, 2, ... are read by position. A mapping is refused: it does not say whether
        its keys are the first or the second bases.
    name : str
        What to call it in an error.
    alphabet : Alphabet

    Returns
    -------
    numpy.ndarray of float64

    Examples
    --------
    >>> numbers_of_pairs([[1, 2], [3, 4]], "table").tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    require(
        name,
        not isinstance(values, Mapping),
        f"be an array, or a DataFrame with the first base in its rows and the "
        f"second in its columns, got a {type(values).__name__}",
    )
    if hasattr(values, "to_numpy"):
        table, values = values, values.to_numpy()
        for axis, (which, side) in enumerate((("rows", "index"), ("columns", "columns"))):
            labels = getattr(table, side, ())
            if (place := _places(labels, alphabet.letters, alphabet)) is not None:
                values = values.take(place, axis)
            elif list(labels) != list(range(len(labels))):
                raise _unknown_labels(name, f"its {which}", labels, alphabet)
    return numbers_by_base(values, name, alphabet)


def _is_position(value: Any, alphabet: Alphabet) -> bool:
    """Whether a value is one position of a table: a labelled number for each letter."""
    if isinstance(value, Mapping):
        return not any(map(np.ndim, value.values()))
    labels = getattr(value, "index", ()) if hasattr(value, "to_numpy") else ()
    return np.ndim(value) == 1 and _places(labels, alphabet.letters, alphabet) is not None


def _places(labels: Iterable, order: str, alphabet: Alphabet) -> list[int] | None:
    """Index of the label of each letter; None if the labels are not the letters, once each."""
    letters = [
        alphabet.respelled(label.strip()) if isinstance(label, str) else "" for label in labels
    ]
    if sorted(letters) != sorted(alphabet.letters):
        return None
    return [letters.index(letter) for letter in order]


def _unknown_labels(name: str, which: str, labels: Iterable, alphabet: Alphabet) -> ArgumentError:
    shown = [quoted(label, 20) for label in labels]
    shown = shown if len(shown) <= 6 else [*shown[:6], "..."]
    return ArgumentError(
        name,
        f"{name} must have {which} labelled {alphabet.listed}, once each, got {', '.join(shown)}.",
    )


ROUNDING = 0.02
"""Largest difference of a sum of four probabilities from 1, if each is rounded to two digits.

Rounding to two digits changes a number by up to 0.005, so the sum of four by up to 0.02. MEME's own
reader allows 0.1. For more numbers, such as sixteen pairs of bases or twenty amino acids, the
limit grows in proportion.
"""


def sums_to_one(values: np.ndarray) -> np.ndarray:
    """Whether the last axis of an array sums to 1, except for rounding (`ROUNDING`).

    The axis may have any length: `ROUNDING` is for four numbers and is scaled for others.

    >>> sums_to_one(np.array([[0.33, 0.33, 0.33, 0], [0.3, 0.2, 0.2, 0.2]])).tolist()
    [True, False]
    """
    # 1e-6 for sums in single precision; in double, 0.24 + 0.24 + 0.24 + 0.26 is not exactly 0.98.
    return abs(values.sum(axis=-1) - 1) <= ROUNDING * values.shape[-1] / DNA.size + 1e-6


def check_background(
    q: Sequence[float] | np.ndarray | None, alphabet: Alphabet = DNA
) -> np.ndarray:
    """Return a valid background, or raise an `ArgumentError`.

    Parameters
    ----------
    q : array_like, Series or dict, shape (A,), or None
        Frequencies of the letters, in the order of the alphabet or with labels, such as
        ``{"A": 0.3, "T": 0.3, "C": 0.2, "G": 0.2}``. Each must be above 0, and they must sum to 1
        except for rounding (`ROUNDING`). None is uniform.
    alphabet : Alphabet

    Returns
    -------
    numpy.ndarray of float64, shape (A,)
        Scaled to sum to 1 exactly.

    Examples
    --------
    >>> check_background(None).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    if q is None:
        return np.full(alphabet.size, 1 / alphabet.size)
    values = numbers_by_base(q, "background", alphabet)
    if values.shape == (alphabet.size,) and (values > 0).all() and sums_to_one(values):
        return values / values.sum()
    # The message is written only on an error: printing an array takes longer than the checks.
    many = "four" if alphabet.size == 4 else alphabet.size
    raise ArgumentError(
        "background",
        f"background must be {many} positive frequencies ({', '.join(alphabet.letters)}) that sum "
        f"to 1, got {quoted(q)}.",
    )


def check_matrix(
    argument: str,
    values: Any,
    low: float = -np.inf,
    high: float = np.inf,
    alphabet: Alphabet = DNA,
) -> np.ndarray:
    """Return a valid matrix with a column for each letter, or raise an `ArgumentError`.

    Parameters
    ----------
    argument : str
        What to call it in an error.
    values : array_like, DataFrame or mapping, shape (K, A)
        K is at least 1. A labelled table is read by its labels (`by_base`).
    low, high : float
        Bounds of its numbers, both inclusive; the numbers must always be finite.
    alphabet : Alphabet

    Returns
    -------
    numpy.ndarray of float64, shape (K, A)
        A copy: the caller's array may change later.

    Examples
    --------
    >>> check_matrix("weights", [[1, 0, 0, -1]]).tolist()
    [[1.0, 0.0, 0.0, -1.0]]
    """
    matrix = numbers_by_base(values, argument, alphabet).copy()
    require(
        argument,
        matrix.ndim == 2 and matrix.shape[1] == alphabet.size and len(matrix),
        f"have the shape (K, {alphabet.size}), K at least 1, got {matrix.shape}",
    )
    if not (np.isfinite(matrix) & (matrix >= low) & (matrix <= high)).all():
        bounds = f" from {low:g} to {high:g}".replace("e+", "e") if np.isfinite(low) else ""
        raise ArgumentError(argument, f"{argument} must hold finite numbers{bounds} only.")
    return matrix


def check_table(table: Any, name: str, alphabet: Alphabet = DNA) -> np.ndarray:
    """Return the probabilities of pairs of letters, checked and divided by their sum.

    Parameters
    ----------
    table : array_like or DataFrame, shape (A, A)
        Probabilities that add up to 1, except for rounding to two digits. A labelled table has
        the first base in its rows and the second in its columns.
    name : str
        What to call it in an error.
    alphabet : Alphabet

    Returns
    -------
    ndarray, shape (A, A)
        In the order of the alphabet; the sum is 1.

    Examples
    --------
    >>> check_table(np.eye(4) / 4, "table").sum()
    np.float64(1.0)
    """
    table, size = numbers_of_pairs(table, name, alphabet), alphabet.size
    require(
        name,
        table.shape == (size, size) and (table >= 0).all() and sums_to_one(table.ravel()),
        f"hold {size} by {size} probabilities that add up to 1, "
        f"got the shape {table.shape} and the sum {table.sum():g}",
    )
    return table / table.sum()
