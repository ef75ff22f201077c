"""Exercises that are answered with a function of the learner's, and the guarded call of it.

It runs in a thread of its own. If it is not done in time, an exception is raised in that thread,
which ends any loop of Python; what runs inside a single call into compiled code (a huge power, a
sort of millions) cannot be stopped that way, and goes on until it ends or the kernel is restarted.
An import is waited for.
"""

from __future__ import annotations

import contextlib
import copy
import ctypes
import dis
import io
import random
import reprlib
import sys
import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np

from motiflab.exercises.exercise import (
    NOT_YET,
    RIGHT,
    Exercise,
    Mistake,
    Verdict,
    own_numbers,
    pairwise,
)
from motiflab.exercises.parsing import (
    Unreadable,
    as_text,
    read_numbers,
    refuse_nan,
    shortened,
    untensor,
)

SECONDS = 2.0
"""How long one call may take."""

_MOST = 200  # characters of the text of an exception
_PATIENCE = 1.0  # seconds to wait for a thread that was told to stop
_IMPORTS = 60.0  # seconds more for imports: one that is torn off leaves half a library behind


class Fault(Exception):
    """What went wrong in a call, in a sentence for the learner; `name` is for reports."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


class _Stopped(BaseException):
    """Raised inside a call that takes too long; not an Exception, which a learner may catch."""


def call(function: Callable[..., Any], arguments: tuple[Any, ...], seconds: float = SECONDS) -> Any:
    """Call a function on copies of the arguments and return what it returns.

    Parameters
    ----------
    function : callable
        Any: it may raise, never end, alter what it is given, or draw and seed global random
        numbers, which are set back afterwards.
    arguments : tuple
        What it is called with.
    seconds : float
        After this long it is stopped.

    Returns
    -------
    object

    Raises
    ------
    Fault
        The function raised, took too long or altered its arguments, or its result depends on the
        global random numbers. Where it draws any (a layer of torch does when it is made), it is
        called a second time with other ones.

    Examples
    --------
    >>> call(sorted, ([3, 1, 2],))
    [1, 2, 3]
    >>> try:
    ...     call(list.sort, ([3, 1, 2],))
    ... except Fault as fault:
    ...     print(fault.name)
    input altered
    """
    before = _random_state()
    try:
        _seed(1)  # so that what goes wrong once does so again
        value, drew = _once(function, arguments, seconds)
        if drew:
            _seed(2)
            again, _ = _once(function, arguments, seconds)
            if _differ(value, again):
                raise Fault(
                    "result depends on random numbers",
                    "Your function draws random numbers, and its result depends on them: it was "
                    "called twice with the same input and gave two different results. Its result "
                    "should depend on its input alone.",
                )
    finally:
        _set_random_state(before)
    return value


def _once(
    function: Callable[..., Any], arguments: tuple[Any, ...], seconds: float
) -> tuple[Any, bool]:
    """Return what the function returns, and whether it drew or seeded global random numbers."""
    given = copy.deepcopy(arguments)
    before = _random_state()
    done: dict[str, Any] = {}

    def run() -> None:
        try:
            try:
                done["value"] = function(*given)
            except BaseException as problem:  # a SystemExit ends the call, not the kernel
                done["problem"] = problem
        except _Stopped as problem:  # it came just as the function had ended
            done["problem"] = problem

    thread = threading.Thread(target=run, daemon=True)
    # Warnings of a function that is right all the same (the logarithm of 0 in a branch that is
    # not taken) are none of the check's; nbgrader gives no marks where anything stands on stderr.
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        thread.start()
        try:
            thread.join(seconds)
            if _imports(thread):
                until = time.monotonic() + _IMPORTS
                while _imports(thread) and time.monotonic() < until:
                    thread.join(0.1)
                thread.join(seconds)
        finally:  # also when the learner interrupts the kernel
            stuck = thread.is_alive() and not _stop(thread, run)
    late = stuck or isinstance(done.get("problem"), _Stopped)
    drew = not _same_value(before, _random_state()[: len(before)])  # torch may have come just now
    if late:
        more = " It could not be stopped: please restart the kernel." if stuck else ""
        raise Fault(
            "endless or too slow",
            f"Your function was still running after {seconds:g} seconds, so it was stopped. Does "
            f"each of its loops come to an end?{more}",
        )
    if "problem" in done:
        problem = done["problem"]
        where = _line(problem, function)
        raise Fault(
            "an exception",
            f"Your function stopped{where} with `{type(problem).__name__}: {_say(problem)}`.",
        )
    if not _same_value(given, arguments):
        raise Fault(
            "input altered",
            "Your function changes the input that it is given. Whoever calls it may still need "
            "that: work on a copy.",
        )
    return done["value"], drew


def _stop(thread: threading.Thread, run: Callable[[], None]) -> bool:
    """Raise an exception in a thread until it ends; tell whether it did.

    Only while it is inside what `run` calls: later, as the thread cleans up, it could leave one of
    Python's own locks taken.
    """
    until = time.monotonic() + _PATIENCE
    while thread.is_alive() and time.monotonic() < until:
        frame = sys._current_frames().get(thread.ident)
        inside = frame is not None and frame.f_code is not run.__code__
        while frame is not None and frame.f_code is not run.__code__:
            frame = frame.f_back
        if inside and frame is not None:
            ident = ctypes.c_ulong(thread.ident)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(_Stopped))
        thread.join(0.02)
    return not thread.is_alive()


def _imports(thread: threading.Thread) -> bool:
    """Tell whether a thread is importing something."""
    frame = sys._current_frames().get(thread.ident)
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


def _random_state() -> tuple[Any, ...]:
    torch = sys.modules.get("torch")  # not loaded for this alone, and perhaps half loaded
    state = (random.getstate(), np.random.get_state())  # noqa: NPY002
    if not hasattr(torch, "get_rng_state"):
        return state
    return (*state, torch.get_rng_state().numpy().copy())


def _seed(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002
    torch = sys.modules.get("torch")
    if hasattr(torch, "default_generator"):
        torch.default_generator.manual_seed(seed)


def _set_random_state(state: tuple[Any, ...]) -> None:
    random.setstate(state[0])
    np.random.set_state(state[1])  # noqa: NPY002
    if len(state) > 2:
        torch = sys.modules["torch"]
        torch.set_rng_state(torch.from_numpy(state[2]))


def _same_value(one: Any, other: Any) -> bool:
    """Compare nested tuples, lists, dictionaries and arrays; a nan equals a nan."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.shape == other.shape and bool(
            np.array_equal(one, other, equal_nan=one.dtype.kind in "fc")
        )
    if type(one) is not type(other):
        return False
    if isinstance(one, (tuple, list)):
        return len(one) == len(other) and all(map(_same_value, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same_value(one[key], other[key]) for key in one)
    return bool(one == other)


def _differ(one: Any, other: Any) -> bool:
    """Tell whether two results differ, up to the order of sums; of what has no numbers, do not."""
    try:
        if isinstance(one, (tuple, list)) and isinstance(other, (tuple, list)):
            return len(one) != len(other) or any(map(_differ, one, other))
        if isinstance(one, (str, bytes)):
            return one != other
        one, other = (
            np.asarray(value.detach().cpu().double() if hasattr(value, "detach") else value, float)
            for value in (one, other)
        )
        return one.shape != other.shape or not np.allclose(
            one, other, rtol=1e-6, atol=1e-9, equal_nan=True
        )
    except Exception:  # an object of the learner's own, which is judged afterwards
        return False


def _line(problem: BaseException, function: Callable[..., Any]) -> str:
    """Say in which line of the function, counted from its `def`, an exception arose."""
    code = getattr(function, "__code__", None)
    lines = []
    step = problem.__traceback__
    while step is not None:
        if step.tb_frame.f_code is code:
            lines.append(step.tb_lineno - code.co_firstlineno + 1)
        step = step.tb_next
    return f" in its line {lines[-1]}" if lines else ""


def _say(problem: BaseException) -> str:
    try:
        said = " ".join(str(problem).replace("`", "'").split())  # it goes between backticks
        return said if len(said) <= _MOST else f"{said[:_MOST]} ..."
    except Exception:  # an exception of the learner's own may have a faulty text
        return ""


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
            raise Unreadable(f"A function was expected, not {shortened(answer)}.")
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
        return self.cases(given, own_numbers("", self.id))

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
        # Nothing else is unrolled here: a own_numbers of the learner's might never end.
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
    return shortened(value)
