"""Call a function that a learner wrote, whatever it does, and say in words what went wrong.

It runs in a thread of its own. If it is not done in time, an exception is raised in that thread,
which ends any loop of Python; what runs inside a single call into compiled code (a huge power, a
sort of millions) cannot be stopped that way, and goes on until it ends or the kernel is restarted.
An import is waited for.
"""

from __future__ import annotations

import contextlib
import copy
import ctypes
import io
import random
import sys
import threading
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

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
    drew = not _same(before, _random_state()[: len(before)])  # torch may have come just now
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
    if not _same(given, arguments):
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


def _same(one: Any, other: Any) -> bool:
    """Compare nested tuples, lists, dictionaries and arrays; a nan equals a nan."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.shape == other.shape and bool(
            np.array_equal(one, other, equal_nan=one.dtype.kind in "fc")
        )
    if type(one) is not type(other):
        return False
    if isinstance(one, (tuple, list)):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
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
