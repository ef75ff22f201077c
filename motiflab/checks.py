"""Check arguments: an error names the argument, what was expected and what was given."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Collection
from typing import Any

import numpy as np


class ArgumentError(ValueError):
    """Error about an invalid argument.

    Parameters
    ----------
    argument : str
        Its name, so that a card can show the sentence beside the right control.
    sentence : str
        What a user reads: the argument, what was expected, and what was given.

    Examples
    --------
    >>> ArgumentError("width", "width must be odd, got 4.").argument
    'width'
    """

    def __init__(self, argument: str, sentence: str) -> None:
        super().__init__(sentence)
        self.argument = argument


def require(argument: str, holds: Any, wanted: str, name: str | None = None) -> None:
    """Raise an `ArgumentError` unless a condition holds.

    Parameters
    ----------
    argument : str
        Name of the argument.
    holds : bool
        The condition.
    wanted : str
        What follows "must" in the message: the rule and the given value, without a full stop. It is
        made even if the condition holds, so where the value may be a long array, which is slow to
        write, raise the error instead.
    name : str, optional
        What the message begins with, if not with the argument: ``"sites[1]"``.

    Examples
    --------
    >>> require("width", 4 % 2 == 1, "be odd, got 4")
    Traceback (most recent call last):
    motiflab.checks.ArgumentError: width must be odd, got 4.
    """
    if not holds:
        raise ArgumentError(argument, f"{name or argument} must {wanted}.")


def whole(argument: str, value: Any, low: int = 1, high: int | None = None) -> int:
    """Return a whole number from `low` to `high`, both inclusive, or raise an `ArgumentError`.

    Parameters
    ----------
    argument : str
        Name of the argument, as the message says it.
    value : object
        What came.
    low, high : int
        Bounds; without `high` there is no upper one.

    Examples
    --------
    >>> whole("stride", np.int64(2))
    2
    """
    known = isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.bool_))
    if known and low <= value and (high is None or value <= high):
        return int(value)
    wanted = f"of at least {low}" if high is None else f"from {low:,} to {high:,}"
    raise ArgumentError(
        argument, f"{argument} must be a whole number {wanted}, got {quoted(value)}."
    )


def between(argument: str, value: Any, low: float = -math.inf, high: float = math.inf) -> float:
    """Return a finite number from `low` to `high`, both inclusive, or raise an `ArgumentError`.

    Parameters
    ----------
    argument : str
        Name of the argument, as the message says it.
    value : object
        What came.
    low, high : float
        Bounds; without them any finite number is accepted.

    Examples
    --------
    >>> between("prevalence", 0.1, 0, 1)
    0.1
    """
    if _is_finite(value) and low <= value <= high:
        return float(value)
    wanted = "finite number" if low == -math.inf else f"number of at least {low:g}"
    if high != math.inf:
        wanted = f"number from {low:g} to {high:g}"
    raise ArgumentError(argument, f"{argument} must be a {wanted}, got {quoted(value)}.")


def inside(argument: str, value: Any, low: float, high: float = math.inf) -> float:
    """Return a number above `low` and below `high`, or raise an `ArgumentError`.

    Parameters
    ----------
    argument : str
        Name of the argument, as the message says it.
    value : object
        What came.
    low, high : float
        Bounds, both exclusive; without `high` any finite number above `low` is accepted.

    Examples
    --------
    >>> inside("rate", 0.1, 0)
    0.1
    """
    if _is_finite(value) and low < value < high:
        return float(value)
    wanted = f"number above {low:g}" + ("" if high == math.inf else f" and below {high:g}")
    if (low, high) == (0, math.inf):
        wanted = "positive number"
    raise ArgumentError(argument, f"{argument} must be a {wanted}, got {quoted(value)}.")


def _is_finite(value: Any) -> bool:
    # Python counts True and False as numbers, but nobody means 1 or 0 by them.
    number = isinstance(value, (int, float, np.integer, np.floating))
    return number and not isinstance(value, bool) and math.isfinite(value)


def one_of(argument: str, value: Any, options: Collection[Any]) -> Any:
    """Return one of a few options, or raise an `ArgumentError` that lists them.

    Parameters
    ----------
    argument : str
        Name of the argument, as the message says it.
    value : object
        What came.
    options : collection
        The allowed values; value and type must match.

    Examples
    --------
    >>> one_of("kind", "max", ["max", "average"])
    'max'
    """
    for option in options:
        if isinstance(value, type(option)) and value == option:
            return option
    listed = ", ".join(map(str, options))
    raise ArgumentError(argument, f"{argument} must be one of {listed}, got {quoted(value)}.")


def quoted(value: object, longest: int = 60) -> str:
    r"""Return a value as a message shows it, with visible white space and cut if it is long.

    Parameters
    ----------
    value : object
        Usually text: a name, a line, a path.
    longest : int
        Largest number of characters of a text that are shown.

    Returns
    -------
    str
        On one line, in quotes if it is text.

    Examples
    --------
    >>> print(quoted("chr1\t100\t200\n"))
    'chr1\t100\t200\n'
    >>> print(quoted("A" * 60_000, 8))
    'AAAAAAAA...'
    """
    if isinstance(value, str):
        return repr(value if len(value) <= longest else value[:longest] + "...")
    try:
        return " ".join(reprlib.repr(value).split())  # an array is written on several lines
    except ValueError:  # Python writes no whole number of over 4,300 digits
        return "a number of thousands of digits"
