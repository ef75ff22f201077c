"""Read and check numbers that belong to letters: matrices (K, A), backgrounds, labelled tables.

Labels are the ``A`` letters of an alphabet, which is DNA unless another is given: then they are
A, C, G and T. Numbers without labels are taken in the order of the alphabet.
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
    """Put the columns of a labelled table in the order A, C, G, T; other values stay as they are.

    Without this, numpy would take a `DataFrame` whose columns are G, A, T, C by position. Labels
    may be in either case, and U is T. If the rows are labelled with the letters and the columns
    are not, the table is turned. Columns (or the entries of a Series) numbered 0, 1, 2, ... have
    no labels: they are taken by position.

    Parameters
    ----------
    values : array_like, DataFrame, Series, mapping, or list of them
        A mapping has the letters as keys, such as ``{"A": [9, 0], "C": [0, 9], ...}``.
    name : str
        What to call it in an error.
    order : str, optional
        The order that is wanted, a permutation of the letters; that of the alphabet if not given.
    axis : {-1, 0}
        Where the letters must be in a table that is labelled: in its columns or in its rows.
        Other labels are an error, and so is a mapping that is not rectangular.
    alphabet : Alphabet
        The letters that are the labels.

    Returns
    -------
    array_like
        Of a table (w, A), or (A, w) with `axis` 0; of a Series or a mapping of numbers (A,).

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
    # pandas is not imported for this: its tables, and those of others, are known by what they have.
    if not hasattr(values, "to_numpy"):
        return values
    numbers, rows = values.to_numpy(), getattr(values, "index", ())
    columns = getattr(values, "columns", rows)
    if (place := _places(columns, order, alphabet)) is not None:
        return numbers[..., place].T if axis == 0 else numbers[..., place]
    # Letters in the rows and something else in the columns: the table lies on its side.
    if numbers.ndim == 2 and (place := _places(rows, order, alphabet)) is not None:
        return numbers[place] if axis == 0 else numbers[place].T
    # Numbered columns are what a DataFrame has if nobody named them: taken by position.
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
        Rows and columns of a `DataFrame` are taken by their labels, as in `by_base`; those that
        are numbered 0, 1, 2, ... are taken by position. A mapping is refused: it does not say
        whether its keys are the first or the second bases.
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
    """Whether it is one position of a table: a number for each letter, labelled."""
    if isinstance(value, Mapping):
        return not any(map(np.ndim, value.values()))
    labels = getattr(value, "index", ()) if hasattr(value, "to_numpy") else ()
    return np.ndim(value) == 1 and _places(labels, alphabet.letters, alphabet) is not None


def _places(labels: Iterable, order: str, alphabet: Alphabet) -> list[int] | None:
    """Where the label of each letter stands; None if they are not the letters, once each."""
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
"""How far a sum of four probabilities may be from 1: each may be rounded to two digits.

Rounding to two digits moves a number by up to 0.005, so four of them by up to 0.02 together, as in
0.33, 0.33, 0.33, 0.00 for 2/6, 2/6, 2/6, 0. MEME's own reader allows 0.1. More numbers, such as the
sixteen pairs of two bases or twenty amino acids, may be off by more in proportion.
"""


def sums_to_one(values: np.ndarray) -> np.ndarray:
    """Whether the last axis of an array sums to 1, except for rounding (`ROUNDING`).

    That axis may have any length: `ROUNDING` is for four numbers, and is scaled for more.

    >>> sums_to_one(np.array([[0.33, 0.33, 0.33, 0], [0.3, 0.2, 0.2, 0.2]])).tolist()
    [True, False]
    """
    # 1e-6 for sums in single precision; 0.24 + 0.24 + 0.24 + 0.26 is no exact 0.98 in double.
    return abs(values.sum(axis=-1) - 1) <= ROUNDING * values.shape[-1] / DNA.size + 1e-6


def check_background(
    q: Sequence[float] | np.ndarray | None, alphabet: Alphabet = DNA
) -> np.ndarray:
    """Return a valid background, or say what is wrong with it.

    Parameters
    ----------
    q : array_like, Series or dict, shape (A,), or None
        Frequencies of A, C, G, T, or of the letters of another alphabet: each above 0, together 1
        except for rounding (`ROUNDING`). Labels say which is which:
        ``{"A": 0.3, "T": 0.3, "C": 0.2, "G": 0.2}``. None is uniform.
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
    # Written only now: to write out an array takes longer than all that is checked above.
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
    """Return a matrix with a column for each letter, or say what is wrong with it.

    Parameters
    ----------
    argument : str
        What to call it in an error.
    values : array_like, DataFrame or mapping, shape (K, A)
        With K at least 1. A labelled table is read by its labels (`by_base`).
    low, high : float
        Bounds of its numbers, both inclusive; they must be finite in any case.
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
