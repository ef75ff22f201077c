"""Declare the fields of a card: their allowed values and their controls.

A state is a subclass of `CardState` whose fields are made by `slider`, `number`, `choice`,
`toggle`, `text`, `lines` and `matrix`. The validation, the controls and the reading of scenes all
come from these declarations, so they cannot disagree.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import math
import numbers
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, dataclass_transform

from motiflab.checks import ArgumentError, quoted
from motiflab.sequences.matrix import by_base

_HALF = re.compile("[\ud800-\udfff]")  # an unpaired surrogate


@dataclasses.dataclass(frozen=True)
class Field:
    """Allowed values and control of a field of a state; see the functions below."""

    kind: str
    type: type
    label: str
    group: str = ""
    help: str = ""
    low: float = -math.inf
    high: float = math.inf
    step: float = 1
    options: tuple[tuple[str, Any], ...] = ()
    suggestions: Callable[[], Sequence[str]] | None = None
    longest: int = 200
    read: Callable[[str], str] | None = None
    patient: bool = False
    rows: tuple[int, int] = (1, 40)
    fill: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)
    rare: bool = False
    lead: bool = False

    @property
    def wanted(self) -> str:
        """The allowed values, in words."""
        if self.kind == "choice":
            return "one of " + ", ".join(str(value) for _, value in self.options)
        if self.type is bool:
            return "yes or no"
        if self.type is str:
            return f"a text of at most {self.longest:,} characters"
        if self.kind == "matrix":
            least, most = self.rows
            return (
                f"{least} to {most} positions of 4 numbers (A, C, G, T) from {self.low:g} to "
                f"{self.high:g}"
            )
        number = "a whole number" if self.type is int else "a number"
        if math.isinf(self.high):
            return number if math.isinf(self.low) else f"{number}, {self.low:g} or more"
        return f"{number} from {self.low:,.10g} to {self.high:,.10g}"

    def check(self, name: str, value: Any) -> None:
        """Raise `ArgumentError` if the value is not allowed."""
        if self.kind == "choice":
            good = any(
                type(value) is type(option) and value == option for _, option in self.options
            )
        elif self.type is str:
            good = isinstance(value, str) and len(value) <= self.longest
            if good and _HALF.search(value):  # a scene could not store it
                raise ArgumentError(name, f"{self.label} ({name}) holds half of a character.")
        elif self.kind == "matrix":
            good = isinstance(value, tuple) and self.rows[0] <= len(value) <= self.rows[1]
            good = good and all(isinstance(row, tuple) and len(row) == 4 for row in value)
            for position, row in enumerate(value if good else ()):
                for base, cell in zip("ACGT", row):
                    if not (isinstance(cell, float) and self.low <= cell <= self.high):
                        raise ArgumentError(
                            name,
                            f"{self.label}: {base} at position {position} must be a number from "
                            f"{self.low:g} to {self.high:g}, not {quoted(cell)}.",
                        )
        # Python counts True and False as numbers; a learner does not.
        elif self.type is bool or isinstance(value, bool):
            good = self.type is bool and isinstance(value, bool)
        else:
            kind = numbers.Integral if self.type is int else numbers.Real
            good = isinstance(value, kind) and self.low <= value <= self.high
            good = good and abs(value) != math.inf
        if not good:
            raise self.error(name, value)
        if self.read is not None:
            with blame(name, self.label):
                self.read(value)

    def parse(self, name: str, text: str) -> Any:
        """Read a value from text: "yes" or "no" for a toggle, a number, an option, or the text.

        A matrix is written position by position: ``0,0,1.5,-2;1,0,0,0``.
        """
        if self.kind == "matrix":
            value = self.tidy(row.split(",") for row in text.split(";"))
            self.check(name, value)
            return value
        words = {"yes": True, "no": False} if self.type is bool else {}
        options = {str(value): value for _, value in self.options} or words
        try:
            value = options[text.strip()] if options else self.type(text)
        except (KeyError, ValueError, OverflowError):
            raise self.error(name, text) from None
        self.check(name, value)
        return value

    def nearest(self, place: float) -> float:
        """Return the value of a slider that is nearest to a place on an axis."""
        steps = round((min(max(place, self.low), self.high) - self.low) / self.step)
        return self.type(round(self.low + steps * self.step, 9))

    def tidy(self, value: Any) -> Any:
        """Return a value as the state stores it: Python's own numbers, and a matrix as tuples.

        The columns of a labelled table are read by their labels (`by_base`).
        """
        if self.type in (int, float):
            return self.type(value)
        if self.kind == "matrix":
            value = by_base(value, self.label)
            with contextlib.suppress(TypeError):  # `CardState` says what is wrong with it
                # At most one row too many, so that an endless iterable ends.
                rows = itertools.islice(value, self.rows[1] + 1)
                return tuple(tuple(map(_as_float, itertools.islice(row, 5))) for row in rows)
        return value

    def error(self, name: str, value: Any) -> ArgumentError:
        """Return an error that says what was expected and what was given."""
        what = self.label if self.label.lower() == name else f"{self.label} ({name})"
        return ArgumentError(name, f"{what} must be {self.wanted}, not {quoted(value)}.")


def slider(
    default: float, label: str, low: float, high: float, step: float = 1, **more: Any
) -> Any:
    """A number with a natural range, moved by a slider. Whole numbers if `default` is an int.

    Parameters
    ----------
    default : int or float
    label : str
        The name that the learner sees.
    low, high : float
        Both inclusive.
    step : float
        Step of one key press; it does not restrict the values.
    **more
        `group` (a heading shared by consecutive fields), `help` (a tooltip), `patient` (use the
        value only when the slider is released, if it is slow to show), `rare` (the control is under
        More), `lead` (it is before controls without `lead`).
    """
    return _field("slider", default, label, low=low, high=high, step=step, **more)


def number(
    default: float, label: str, low: float = -math.inf, high: float = math.inf, **more: Any
) -> Any:
    """A number to type, from `low` to `high`, both inclusive; otherwise as `slider`."""
    return _field("number", default, label, low=low, high=high, **more)


def choice(default: Any, label: str, options: Sequence[Any], **more: Any) -> Any:
    """One of several options, each a value or a pair of the words to show and the value."""
    pairs = tuple(o if isinstance(o, tuple) else (_said(o), o) for o in options)
    return _field("choice", default, label, options=pairs, **more)


def _said(option: Any) -> str:
    return f"{option:,}" if isinstance(option, int) else str(option)


def toggle(default: bool, label: str, **more: Any) -> Any:
    """A switch: yes or no."""
    return _field("toggle", default, label, **more)


def text(
    default: str, label: str, suggestions: Callable[[], Sequence[str]] | None = None, **more: Any
) -> Any:
    """A text to type, with suggestions while typing if a function that lists them is given."""
    return _field("text", default, label, suggestions=suggestions, **more)


def lines(label: str, read: Callable[[str], str], **more: Any) -> Any:
    """A text of several lines, empty at first, to paste or to read from a file.

    Parameters
    ----------
    label : str
        The name that the learner sees.
    read : callable
        Returns a sentence on the content of a text, which is shown beside the control; empty for
        an empty text. Raises a `ValueError` to refuse a text.
    **more
        As for `slider`, and `longest`, the largest number of characters.
    """
    return _field("lines", "", label, read=read, **more)


def matrix(
    default: Sequence[Sequence[float]],
    label: str,
    low: float,
    high: float,
    step: float = 0.5,
    rows: tuple[int, int] = (1, 40),
    **more: Any,
) -> Any:
    """A matrix of numbers, position by position in the order A, C, G, T, edited in a grid.

    Parameters
    ----------
    default : sequence of sequences of 4 floats
    label : str
        The name that the learner sees.
    low, high : float
        Bounds of each number, both inclusive.
    step : float
        Change of a number by Shift and an arrow key.
    rows : (int, int)
        Smallest and largest number of positions, both inclusive.
    **more
        As for `slider`, and `fill`, the 4 numbers of an added position.
    """
    value = tuple(tuple(map(float, row)) for row in default)
    return _field("matrix", value, label, low=low, high=high, step=step, rows=rows, **more)


def _as_float(cell: Any) -> Any:
    """The number in a cell, or the cell itself, which `CardState` then refuses."""
    try:
        return float(cell)
    except (TypeError, ValueError, OverflowError):
        return cell


def _field(kind: str, default: Any, label: str, **more: Any) -> Any:
    return dataclasses.field(
        default=default, metadata={"field": Field(kind, type(default), label, **more)}
    )


def declared(state: Any) -> dict[str, Field]:
    """Name and declaration of every field of a state (or of its class), in order."""
    return {field.name: field.metadata["field"] for field in dataclasses.fields(state)}


def check_names(explorer: str, known: Iterable[str], names: Iterable[str]) -> None:
    """Raise `ValueError` if the explorer does not have one of the names."""
    known = tuple(known)
    for name in names:
        if name not in known:
            raise ValueError(
                f"{explorer} has no control named {quoted(name)}; it has {', '.join(known)}."
            )


@dataclass_transform(frozen_default=True)
class CardState:
    """State of a card, the learner's choices; every subclass is a frozen dataclass.

    A new state checks each of its fields. A subclass whose fields must be compatible extends
    `__post_init__` and raises an `ArgumentError` that names one of them.

    Attributes
    ----------
    meant_before : tuple of str
        A sentence for each time that the meaning of the same choices changed: what they meant
        before. It is shown to those who open an older scene.

    Examples
    --------
    >>> class WidthState(CardState):
    ...     width: int = slider(12, "Filter width", 1, 40)
    >>> WidthState(width=8)
    WidthState(width=8)
    >>> try:
    ...     WidthState(width=0)
    ... except ArgumentError as error:
    ...     print(error)
    Filter width (width) must be a whole number from 1 to 40, not 0.
    """

    meant_before: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        dataclasses.dataclass(frozen=True)(cls)

    def __post_init__(self) -> None:
        for name, field in declared(self).items():
            value = getattr(self, name)
            if field.kind == "matrix":
                with blame(name):  # a table whose labels are not the bases
                    value = field.tidy(value)
            field.check(name, value)
            object.__setattr__(self, name, field.tidy(value))  # it is frozen

    def idle(self) -> Collection[str]:
        """Return the fields that have no effect with the other choices; they are hidden."""
        return ()

    def follow(self, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return changes of this state, with further changes that must follow from them."""
        return changes


@dataclass_transform(frozen_default=True, eq_default=False)
@dataclasses.dataclass(frozen=True, eq=False)
class CardResult:
    """Result of a card, computed from its state; every subclass is a frozen dataclass.

    Two results are equal only if they are the same object, because they contain arrays.

    Attributes
    ----------
    state : CardState
        The state from which it was computed.
    """

    state: Any

    def __init_subclass__(cls) -> None:
        dataclasses.dataclass(frozen=True, eq=False)(cls)


@contextlib.contextmanager
def blame(field: str, label: str = "") -> Iterator[None]:
    """Turn an error of the block into an `ArgumentError` of a field of the card.

    Parameters
    ----------
    field : str
        The field of the refused argument.
    label : str
        Words that replace the argument's name at the start of the sentence.

    Examples
    --------
    >>> from motiflab.sequences.alphabet import clean
    >>> try:
    ...     with blame("typed", "What you typed"):
    ...         clean(5, "typed")
    ... except ArgumentError as error:
    ...     print(error.argument, "->", error)
    typed -> What you typed must be text (str), got int.
    """
    try:
        yield
    except ValueError as error:
        sentence, argument = str(error), getattr(error, "argument", field)
        if label and sentence.startswith(argument):
            sentence = label + sentence.removeprefix(argument)
        raise ArgumentError(field, sentence) from None
