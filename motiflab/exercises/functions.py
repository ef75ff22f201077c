"""Exercises that are answered with a function that the learner writes."""

from __future__ import annotations

import dis
import reprlib
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np

from motiflab.exercises.answers import (
    Unreadable,
    as_text,
    brief,
    read_numbers,
    refuse_nan,
    untensor,
)
from motiflab.exercises.exercise import (
    NOT_YET,
    RIGHT,
    Exercise,
    Mistake,
    Verdict,
    generator,
    pairwise,
)
from motiflab.exercises.guard import SECONDS, Fault, call

_EXACT = 1e-6  # of the largest number of a result: float32 holds seven digits
_FEW = 12  # numbers that are written out
_PLACES = ("first", "second", "third", "fourth")
_NOTHING = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}


@dataclass(frozen=True, kw_only=True)
class Function(Exercise):
    """A function to write, called on inputs that the learner does not see.

    `right` and the example of each mistake give functions. An answer is right if it agrees with
    the reference on every input and has every property; it shows a mistake if it agrees with the
    mistaken function on every input.

    Parameters
    ----------
    cases : callable
        ``cases(given, rng)`` makes a list of tuples of arguments; small ones first, as the first
        that goes wrong is told.
    properties : tuple of callable
        ``property(given, answer)`` returns a sentence if the function lacks it, otherwise an
        empty text. `answer` is the learner's function, guarded.
    seconds : float
        How long one call may take.
    """

    cases: Callable[[SimpleNamespace, np.random.Generator], list[tuple[Any, ...]]]
    properties: tuple[Callable[[SimpleNamespace, Callable[..., Any]], str], ...] = ()
    seconds: float = SECONDS

    invitation: ClassVar[str] = "Write the body of the function."

    def untouched(self, answer: Any) -> bool:
        """Tell whether the function still has nothing but its docstring, or dots."""
        code = getattr(answer, "__code__", None)
        if code is None:
            return super().untouched(answer)
        return {step.opname for step in dis.get_instructions(code)} <= _NOTHING and {
            *code.co_consts
        } <= {None, ..., answer.__doc__}

    def read(self, answer: Any, given: SimpleNamespace) -> Callable[..., Any]:
        """Return the function."""
        if not callable(answer):
            raise Unreadable(f"A function was expected, not {brief(answer)}.")
        return answer

    def judge(self, answer: Callable[..., Any], given: SimpleNamespace) -> Verdict:
        """Call it on every case, and say of the first that is wrong what came."""
        right = self.right(given)
        cases = self._cases(given)
        came, complaint = [], ""
        try:
            for case in cases:
                wanted = right(*case)
                value = _read(self._guarded(answer)(*case), wanted, self._call(case))
                came.append(value)
                if not complaint and not _same(value, wanted):
                    complaint = f"{self._call(case)} gave {_amiss(value, wanted)}."
        except Unreadable as problem:
            return Verdict(NOT_YET, str(problem), "a result of another form")
        except Fault as fault:
            return Verdict(NOT_YET, str(fault), fault.name)
        if complaint:
            mistake = self.mistaken(came, given)
            if mistake:
                return Verdict(NOT_YET, mistake.message, mistake.name)
            for case, value in zip(cases, came):
                try:
                    refuse_nan(value)
                except Unreadable as problem:
                    told = f"{self._call(case)} returns something else. {problem}"
                    return Verdict(NOT_YET, told, "a result of another form")
            return Verdict(NOT_YET, complaint)
        try:
            plain = self._guarded(answer, untensor)
            lacks = [prop(given, plain) for prop in self.properties]
        except Fault as fault:
            return Verdict(NOT_YET, str(fault), fault.name)
        except Exception:  # what a property did with a result of another form, which may be any
            problem = "Called on further inputs, your function returns something else."
            return Verdict(NOT_YET, problem, "a result of another form")
        message = next(filter(None, lacks), "")
        return Verdict(NOT_YET, message) if message else Verdict(RIGHT, "")

    def shows(self, mistake: Mistake, answer: list[Any], given: SimpleNamespace) -> bool:
        """Tell whether the values are those of the mistaken function."""
        wrong = mistake.example(given)
        return all(_same(value, wrong(*case)) for value, case in zip(answer, self._cases(given)))

    def differ(self, given: SimpleNamespace) -> bool:
        """Tell whether right and mistaken functions differ on at least one case."""
        functions = [self.right(given), *(mistake.example(given) for mistake in self.mistakes)]
        cases = self._cases(given)
        values = [[function(*case) for case in cases] for function in functions]
        return pairwise(values, lambda one, other: all(map(_same, one, other)))

    def _guarded(
        self, answer: Callable[..., Any], form: Callable[[Any], Any] = lambda value: value
    ) -> Callable[..., Any]:
        """Return the learner's function, guarded; a `Fault` says how it was called."""

        def guarded(*case: Any) -> Any:
            try:
                return form(call(answer, case, self.seconds))
            except Fault as fault:
                called = f"It was called as {self._call(case)}."
                raise Fault(fault.name, f"{fault} {called}") from None

        return guarded

    def _cases(self, given: SimpleNamespace) -> list[tuple[Any, ...]]:
        # The same for every learner and every try, so that what went wrong once does so again.
        return self.cases(given, generator("", self.id))

    def _call(self, case: tuple[Any, ...]) -> str:
        return f"`{self.name}({', '.join(_short(value) for value in case)})`"


def _read(value: Any, wanted: Any, called: str) -> Any:
    """Bring a result into the form of the wanted one; raise `Unreadable` if it has another."""
    if value is None or value is ...:
        raise Unreadable(f"{called} returns nothing: a `return` may be missing.")
    value = as_text(value)
    if isinstance(wanted, str):
        if not isinstance(value, str):
            raise Unreadable(f"{called} should return a text, not {_brief(value)}.")
        return value
    if isinstance(wanted, tuple):
        # Nothing else is unrolled here: a generator of the learner's might never end.
        parts = tuple(value) if isinstance(value, (tuple, list, np.ndarray)) else ()
        if len(parts) != len(wanted):
            raise Unreadable(f"{called} should return {len(wanted)} things, not {_brief(value)}.")
        return tuple(_read(part, want, called) for part, want in zip(parts, wanted))
    if isinstance(value, (bool, np.bool_)) and isinstance(wanted, (bool, np.bool_)):
        return bool(value)
    try:
        return read_numbers(value, np.shape(wanted), nan=True)
    except Unreadable as problem:
        raise Unreadable(f"{called} returns something else. {problem}") from None


def _same(one: Any, other: Any) -> bool:
    """Tell whether two results are equal up to the order of the sums."""
    if isinstance(one, (str, bool)) or isinstance(other, (str, bool)):
        return type(one) is type(other) and one == other
    if isinstance(one, tuple) or isinstance(other, tuple):
        both = isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other)
        return both and all(map(_same, one, other))
    one, other = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    return one.shape == other.shape and bool(_close(one, other).all())


def _close(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Tell of each number whether it is the other, to the digits that a float32 has kept."""
    both_nan = np.isnan(one) & np.isnan(other)
    largest = np.abs(other).max(initial=0, where=~np.isnan(other))
    return both_nan | (np.abs(one - other) <= 1e-9 + _EXACT * largest)


def _amiss(value: Any, wanted: Any) -> str:
    """Say what came in place of what was wanted: its shape if that is another, or the value."""
    if isinstance(value, tuple):
        return ", and ".join(
            f"as its {_PLACES[place]} result {_amiss(one, other)}"
            for place, (one, other) in enumerate(zip(value, wanted))
            if not _same(one, other)
        )
    if isinstance(value, np.ndarray) and value.shape != np.shape(wanted):
        came, expected = (
            f"an array of shape {shape}" if shape else "a single number"
            for shape in (value.shape, np.shape(wanted))
        )
        return f"{came}, where {expected} was expected"
    if isinstance(value, np.ndarray) and value.size > _FEW:
        wrong = np.argwhere(~_close(value, wanted))
        place = ", ".join(map(str, wrong[0]))
        return (
            f"an array in which {len(wrong)} of {value.size} numbers are not right yet, the first "
            f"of them at [{place}]"
        )
    return f"{_brief(value)}, which is not it"


def _short(value: Any) -> str:
    """Write an argument so that it can be read: an array by its rows if it is small."""
    if isinstance(value, np.ndarray):
        if value.size > _FEW:
            return f"an array of shape {value.shape}"
        return np.array2string(value, separator=", ", precision=4).replace("\n", "")
    return reprlib.repr(value)


def _brief(value: Any) -> str:
    if isinstance(value, np.ndarray):
        if value.size > _FEW:
            return f"an array of shape {value.shape}"
        value = value.item() if not value.shape else value
        return f"`{_short(value)}`" if isinstance(value, np.ndarray) else f"`{value:.6g}`"
    return brief(value)
