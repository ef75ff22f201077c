"""Exercises whose answer is a function, and the guarded call of the learner's function.

It runs in its own thread. If it is too slow, an exception is raised in that thread, which ends any
Python loop. A single call into compiled code (a huge power, a sort of millions) cannot be stopped
that way and continues until it ends or the kernel is restarted. Imports get more time.

In the browser there are no threads. There the time is looked at before each line
(`sys.monitoring`), which slows loops in Python down, but stops those that catch everything, too.
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
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from types import CodeType, FrameType
from typing import Any, ClassVar

import numpy as np

from motiflab.exercises.exercise import (
    NOT_YET,
    RIGHT,
    Exercise,
    Given,
    Mistake,
    Verdict,
    own_numbers,
    pairwise,
)
from motiflab.exercises.parsing import (
    Refused,
    Unreadable,
    as_text,
    read_numbers,
    refuse_nan,
    shortened,
    untensor,
)

SECONDS = 2.0
"""Longest time of one call."""

_MOST = 200  # largest number of characters of an exception's text
_PATIENCE = 1.0  # seconds to wait for a thread that was told to stop
_IMPORTS = 60.0  # more seconds for imports: a stopped import leaves half a library behind
_TOOL = 4  # of `sys.monitoring`: debuggers and profilers have other numbers
_EXACT = 1e-6  # relative to the largest number of a result: float32 has seven digits
_FEW = 12  # largest number of numbers that are written
_PLACES = ("first", "second", "third", "fourth")
# The instructions of a function whose body is only a docstring or dots.
_NOTHING = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}


class Fault(Refused):
    """Error in a call, as a sentence for the learner; `name` is for reports."""

    def __init__(self, message: str, name: str = "a result of another form") -> None:
        super().__init__(message)
        self.name = name


class _Stopped(BaseException):
    """Raised inside a call that takes too long; not an Exception, which a learner may catch."""


def call(function: Callable[..., Any], arguments: tuple[Any, ...], seconds: float = SECONDS) -> Any:
    """Call a function safely on copies of the arguments and return its result.

    Parameters
    ----------
    function : callable
        It may raise, never end, change its arguments, or use and seed global random numbers, whose
        state is restored afterwards.
    arguments : tuple
        Its arguments.
    seconds : float
        Time after which it is stopped.

    Returns
    -------
    object

    Raises
    ------
    Fault
        The function raised, took too long or changed its arguments, or its result depends on
        global random numbers. If it uses any (as a new torch layer does), it is called a second
        time with a different seed.

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
        _seed(1)  # so that errors are reproducible
        value, drew = _once(function, arguments, seconds)
        if drew:
            _seed(2)
            again, _ = _once(function, arguments, seconds)
            if _differ(value, again):
                raise Fault(
                    "Your function draws random numbers, and its result depends on them: it was "
                    "called twice with the same input and gave two different results. Its result "
                    "should depend on its input alone.",
                    "result depends on random numbers",
                )
    finally:
        _set_random_state(before)
    return value


def _once(
    function: Callable[..., Any], arguments: tuple[Any, ...], seconds: float
) -> tuple[Any, bool]:
    """Return the function's result, and whether it used or seeded global random numbers."""
    given = copy.deepcopy(arguments)
    before = _random_state()
    done: dict[str, Any] = {}

    def run() -> None:
        try:
            try:
                done["value"] = function(*given)
            except BaseException as problem:  # a SystemExit ends the call, not the kernel
                done["problem"] = problem
        except _Stopped as problem:  # raised just after the function had ended
            done["problem"] = problem

    # Warnings of a right function (the logarithm of 0 in an unused branch) are suppressed: nbgrader
    # gives no marks if anything is written to stderr.
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        late, stuck = _run(run, seconds)
    drew = not _identical(before, _random_state()[: len(before)])  # torch may be new
    problem = done.get("problem")
    if late or isinstance(problem, _Stopped):
        more = " It could not be stopped: please restart the kernel." if stuck else ""
        raise Fault(
            f"Your function was still running after {seconds:g} seconds, so it was stopped. Does "
            f"each of its loops come to an end?{more}",
            "endless or too slow",
        )
    if problem is not None:
        where = _line(problem, function)
        kind = type(problem).__name__
        raise Fault(f"Your function stopped{where} with `{kind}: {_say(problem)}`.", "an exception")
    if not _identical(given, arguments):
        raise Fault(
            "Your function changes the input that it is given. The caller may still need it: "
            "work on a copy.",
            "input altered",
        )
    return done["value"], drew


def _run(run: Callable[[], None], seconds: float) -> tuple[bool, bool]:
    """Call `run`; return whether it had to be stopped, and whether it could not be."""
    thread = threading.Thread(target=run, daemon=True)
    try:
        thread.start()
    except RuntimeError:  # in the browser there are no threads, and Python is 3.12 or later
        return _run_line_by_line(run, seconds), False
    try:
        thread.join(seconds)
        if _imports(_frames(thread)):
            until = time.monotonic() + _IMPORTS
            while _imports(_frames(thread)) and time.monotonic() < until:
                thread.join(0.1)
            thread.join(seconds)
    finally:  # even if the learner interrupts the kernel
        stuck = thread.is_alive() and not _stop(thread, run)
    return stuck, stuck


def _run_line_by_line(run: Callable[[], None], seconds: float) -> bool:
    """Call `run` in this thread, looking at the time before each line; return whether it is late.

    The exception comes again at each line until one is outside of every `try`, so no function can
    catch it for ever. (A trace function of `sys.settrace` would be removed the first time.)
    """
    monitoring, end, late = sys.monitoring, time.monotonic() + seconds, False
    events, latest = monitoring.events.LINE | monitoring.events.JUMP, end + _IMPORTS

    def look(code: CodeType, *where: int) -> None:
        nonlocal end, late
        now = time.monotonic()
        if now < end or code.co_filename == run.__code__.co_filename:
            return
        if now < latest and _imports(_stack(sys._getframe(1))):
            end = now + seconds
            return
        late = True
        raise _Stopped

    monitoring.use_tool_id(_TOOL, "motiflab")
    for event in (monitoring.events.LINE, monitoring.events.JUMP):
        monitoring.register_callback(_TOOL, event, look)
    monitoring.set_events(_TOOL, events)
    try:
        run()
    finally:
        monitoring.set_events(_TOOL, 0)
        monitoring.free_tool_id(_TOOL)
    return late


def _stop(thread: threading.Thread, run: Callable[[], None]) -> bool:
    """Raise an exception in a thread until it ends; return whether it did.

    Only while it is inside the call of `run`: later, during the clean-up of the thread, the
    exception could leave one of Python's own locks taken.
    """
    until = time.monotonic() + _PATIENCE
    while thread.is_alive() and time.monotonic() < until:
        if any(frame.f_code is run.__code__ for frame in _frames(thread)[1:]):
            ident = ctypes.c_ulong(thread.ident)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(_Stopped))
        thread.join(0.02)
    return not thread.is_alive()


def _frames(thread: threading.Thread) -> list[FrameType]:
    """Return the stack of a thread, the innermost call first."""
    return _stack(sys._current_frames().get(thread.ident))


def _stack(innermost: FrameType | None) -> list[FrameType]:
    # Without a frame to begin with, `walk_stack` would walk our own.
    return [frame for frame, _ in traceback.walk_stack(innermost)] if innermost else []


def _imports(frames: list[FrameType]) -> bool:
    """Return whether something is being imported."""
    return any(frame.f_code.co_filename == "<frozen importlib._bootstrap>" for frame in frames)


def _random_state() -> tuple[Any, ...]:
    torch = sys.modules.get("torch")  # not imported only for this; it may be half loaded
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


def _identical(one: Any, other: Any) -> bool:
    """Compare nested tuples, lists, dictionaries and arrays exactly, without a tolerance.

    A nan equals a nan.
    """
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.shape == other.shape and bool(
            np.array_equal(one, other, equal_nan=one.dtype.kind in "fc")
        )
    if type(one) is not type(other):
        return False
    if isinstance(one, (tuple, list)):
        return len(one) == len(other) and all(map(_identical, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_identical(one[key], other[key]) for key in one)
    return bool(one == other)


def _differ(one: Any, other: Any) -> bool:
    """Return whether two results differ beyond rounding; False for results without numbers."""
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
    """Return the line of the function, counted from its `def`, in which an exception occurred."""
    code = getattr(function, "__code__", None)
    lines = [
        number - code.co_firstlineno + 1
        for frame, number in traceback.walk_tb(problem.__traceback__)
        if frame.f_code is code
    ]
    return f" in its line {lines[-1]}" if lines else ""


def _say(problem: BaseException) -> str:
    try:
        said = " ".join(str(problem).replace("`", "'").split())  # it goes between backticks
        return said if len(said) <= _MOST else f"{said[:_MOST]} ..."
    except Exception:  # an exception of the learner's own may have a faulty text
        return ""


@dataclass(frozen=True)
class Property:
    """A property that the right function has for all arguments.

    Parameters
    ----------
    message : str
        Message for the learner if the function does not have it.
    holds : callable
        ``holds(given, answer)`` tests it; `answer` is the learner's function, guarded.
    """

    message: str
    holds: Callable[[Given, Callable[..., Any]], bool]

    def __call__(self, given: Given, answer: Callable[..., Any]) -> str:
        """Return the message, or an empty text if the property holds."""
        return "" if self.holds(given, answer) else self.message


def together(*parts: Callable[..., Any]) -> Callable[..., tuple[Any, ...]]:
    """Return a function that returns the results of several functions as a tuple.

    >>> together(min, max)([3, 1, 2])
    (1, 3)
    """

    def function(*arguments: Any) -> tuple[Any, ...]:
        return tuple(part(*arguments) for part in parts)

    return function


@dataclass(frozen=True, kw_only=True)
class Function(Exercise):
    """A function to write, called on inputs that the learner does not see.

    `right` and the example of each mistake return functions. An answer is right if it agrees with
    the reference on every input and has every property; it shows a mistake if it agrees with the
    mistaken function on every input.

    Parameters
    ----------
    cases : callable
        ``cases(given, rng)`` makes a list of tuples of arguments; small ones first, as the first
        failing case is shown.
    properties : tuple of Property
        Further properties, which are tested only if all cases are right.
    seconds : float
        Longest time of one call.
    """

    cases: Callable[[Given, np.random.Generator], list[tuple[Any, ...]]]
    properties: tuple[Property, ...] = ()
    seconds: float = SECONDS

    invitation: ClassVar[str] = "Write the body of the function."

    def untouched(self, answer: Any) -> bool:
        """Return whether the function still has only its docstring or dots."""
        code = getattr(answer, "__code__", None)
        if code is None:
            return super().untouched(answer)
        return {step.opname for step in dis.get_instructions(code)} <= _NOTHING and {
            *code.co_consts
        } <= {None, ..., answer.__doc__}

    def read(self, answer: Any, given: Given) -> Callable[..., Any]:
        """Return the function."""
        if not callable(answer):
            raise Unreadable(f"A function was expected, not {shortened(answer)}.")
        return answer

    def judge(self, answer: Callable[..., Any], given: Given) -> Verdict:
        """Judge the results of all cases and, if they are right, the properties."""
        came = [
            _read(self._guarded(answer, *case), wanted, self._call(case))
            for case, wanted in zip(self._cases(given), self._values(self.right, given))
        ]
        verdict = super().judge(came, given)
        if verdict.state != RIGHT:
            return verdict
        try:
            plain = partial(self._guarded, answer, form=untensor)
            lacks = [prop(given, plain) for prop in self.properties]
        except Refused:  # from the property itself, or from a call inside it
            raise
        except Exception:  # the property cannot handle a result of unexpected form
            raise Fault("Called on further inputs, your function returns something else.") from None
        message = next(filter(None, lacks), "")
        return Verdict(NOT_YET, message) if message else verdict

    def equals(
        self,
        answer: list[Any],
        make: Callable[[Given], Callable[..., Any]],
        given: Given,
        where: Callable[..., bool] = lambda *case: True,
    ) -> bool:
        """Return whether the values equal those of the function from `make`, in these cases."""
        triples = zip(self._cases(given), answer, self._values(make, given))
        pairs = [(value, wanted) for case, value, wanted in triples if where(*case)]
        # If no case can show it, the answer is unknown.
        return bool(pairs) and all(_agree(*pair) for pair in pairs)

    def shows(self, mistake: Mistake, answer: list[Any], given: Given) -> bool:
        """Return whether the answer shows the mistake in the cases in which it is visible."""
        if mistake.seen:
            return mistake.seen(given, answer)
        makers = (mistake.example, *mistake.also)
        return any(self.equals(answer, make, given, mistake.where) for make in makers)

    def complaint(self, answer: list[Any], given: Given) -> str:
        """Describe the first wrong value; a nan is reported first."""
        calls = [self._call(case) for case in self._cases(given)]
        for called, value in zip(calls, answer):
            with _told_of(called):
                refuse_nan(value)
        triples = zip(calls, answer, self._values(self.right, given))
        return next(
            f"{called} gave {_amiss(value, wanted)}."
            for called, value, wanted in triples
            if not _agree(value, wanted)
        )

    def differ(self, given: Given) -> bool:
        """Return whether right and mistaken functions differ on at least one case."""
        makers = [self.right, *(mistake.example for mistake in self.mistakes)]
        values = [self._values(make, given) for make in makers]
        return pairwise(values, lambda one, other: all(map(_agree, one, other)))

    def _values(self, make: Callable[[Given], Callable[..., Any]], given: Given) -> list[Any]:
        """Return the results of the function of `right` or of a mistake on every case."""
        function = make(given)
        return [function(*case) for case in self._cases(given)]

    def _guarded(
        self,
        answer: Callable[..., Any],
        *case: Any,
        form: Callable[[Any], Any] = lambda value: value,
    ) -> Any:
        """Call the learner's function; a `Fault` says with which arguments."""
        try:
            return form(call(answer, case, self.seconds))
        except Fault as fault:
            called = f"It was called as {self._call(case)}."
            raise Fault(f"{fault} {called}", fault.name) from None

    def _cases(self, given: Given) -> list[tuple[Any, ...]]:
        # The same for every learner and every try, so that errors are reproducible.
        return self.cases(given, own_numbers("", self.id))

    def _call(self, case: tuple[Any, ...]) -> str:
        return f"`{self.name}({', '.join(_short(value) for value in case)})`"


def _read(value: Any, wanted: Any, called: str) -> Any:
    """Convert a result to the form of the wanted one; raise a `Fault` if it has another."""
    if value is None or value is ...:
        raise Fault(f"{called} returns nothing: a `return` may be missing.")
    value = as_text(value)
    if isinstance(wanted, str):
        if not isinstance(value, str):
            raise Fault(f"{called} should return a text, not {_brief(value)}.")
        return value
    if isinstance(wanted, tuple):
        # Nothing else is unrolled here: a generator of the learner's might never end.
        parts = tuple(value) if isinstance(value, (tuple, list, np.ndarray)) else ()
        if len(parts) != len(wanted):
            raise Fault(f"{called} should return {len(wanted)} things, not {_brief(value)}.")
        return tuple(_read(part, want, called) for part, want in zip(parts, wanted))
    if isinstance(value, (bool, np.bool_)) and isinstance(wanted, (bool, np.bool_)):
        return bool(value)
    with _told_of(called):
        return read_numbers(value, np.shape(wanted), nan=True)


@contextlib.contextmanager
def _told_of(called: str) -> Iterator[None]:
    """Add to an error about a result which call returned it."""
    try:
        yield
    except Unreadable as problem:
        raise Fault(f"{called} returns something else. {problem}") from None


def _agree(one: Any, other: Any) -> bool:
    """Return whether two results are equal up to rounding."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_agree, one, other))
    if isinstance(one, (str, bool, tuple)) or isinstance(other, (str, bool, tuple)):
        return type(one) is type(other) and one == other
    one, other = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    return one.shape == other.shape and bool(_close(one, other).all())


def _close(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return for each number whether it is equal in the precision of float32."""
    both_nan = np.isnan(one) & np.isnan(other)
    largest = np.abs(other).max(initial=0, where=~np.isnan(other))
    return both_nan | (np.abs(one - other) <= 1e-9 + _EXACT * largest)


def _amiss(value: Any, wanted: Any) -> str:
    """Say how a result differs from the wanted one: by its shape, or by its value."""
    if isinstance(value, tuple):
        return ", and ".join(
            f"as its {_PLACES[place]} result {_amiss(one, other)}"
            for place, (one, other) in enumerate(zip(value, wanted))
            if not _agree(one, other)
        )
    if isinstance(value, np.ndarray) and value.shape != np.shape(wanted):
        came, expected = (
            f"an array of shape {shape}" if shape else "a single number"
            for shape in (value.shape, np.shape(wanted))
        )
        return f"{came}, where {expected} was expected"
    if isinstance(value, np.ndarray) and value.size > _FEW:
        wrong = np.argwhere(~_close(value, wanted))
        return (
            f"an array in which {len(wrong)} of {value.size} numbers are not right yet, the first "
            f"of them at {wrong[0].tolist()}"
        )
    return f"{_brief(value)}, which is not the answer"


def _short(value: Any) -> str:
    """Write an argument for reading: a small array by its rows."""
    if isinstance(value, np.ndarray):
        if value.size > _FEW:
            return f"an array of shape {value.shape}"
        return np.array2string(value, separator=", ", precision=4).replace("\n", "")
    return reprlib.repr(value)


def _brief(value: Any) -> str:
    """Write a result for reading, with code formatted as code."""
    if not isinstance(value, np.ndarray):
        return shortened(value)
    if value.size > _FEW:
        return _short(value)  # its shape, which is not code
    return f"`{_short(value)}`" if value.shape else f"`{value.item():.6g}`"
