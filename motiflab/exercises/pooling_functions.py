"""The exercise in which a learner writes a max-pooling that also says where its winners are."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.exercises.exercise import Mistake
from motiflab.exercises.functions import Function
from motiflab.exercises.markdown import table
from motiflab.pooling import pool, winners

Pooled = tuple[np.ndarray, np.ndarray]


def _draw(rng: np.random.Generator) -> dict[str, Any]:
    """Two maps whose last scores fill no window, with windows that overlap."""
    maps = np.array([rng.permutation(np.arange(-4, 6)) for _ in range(2)], dtype=float)
    return {"maps": maps[:, :9], "w": 4, "T": int(rng.choice([2, 3]))}


def _right(maps: Any, w: int, T: int) -> Pooled:
    return (
        np.array([pool(y, w, T) for y in maps]),
        np.array([winners(y, w, T) for y in maps]),
    )


def _starts(maps: np.ndarray, w: int, T: int) -> np.ndarray:
    return np.arange(0, maps.shape[1] - w + 1, T)


def _transposed(maps: np.ndarray, w: int, T: int) -> Pooled:
    pooled, places = _right(maps, w, T)
    return pooled.T, places.T


def _within_window(maps: np.ndarray, w: int, T: int) -> Pooled:
    pooled, places = _right(maps, w, T)
    return pooled, places - _starts(maps, w, T)


def _last_of_equals(maps: np.ndarray, w: int, T: int) -> Pooled:
    pooled, _ = _right(maps, w, T)
    backwards = [[y[m : m + w][::-1].argmax() for m in _starts(maps, w, T)] for y in maps]
    return pooled, _starts(maps, w, T) + w - 1 - np.array(backwards)


def _remainder_pooled(maps: np.ndarray, w: int, T: int) -> Pooled:
    starts = range(0, maps.shape[1], T)
    return (
        np.array([[y[m : m + w].max() for m in starts] for y in maps]),
        np.array([[m + y[m : m + w].argmax() for m in starts] for y in maps]),
    )


def _average(maps: np.ndarray, w: int, T: int) -> Pooled:
    return np.array([pool(y, w, T, "average") for y in maps]), _right(maps, w, T)[1]


def _cases(given: SimpleNamespace, rng: np.random.Generator) -> list[tuple[Any, ...]]:
    return [
        (np.array([[1.0, 5.0, 2.0, 2.0, 0.0, 3.0, 9.0]]), 3, 3),
        (np.array([[2.0, 2.0, -1.0, -3.0, -2.0, 2.0]]), 2, 2),  # equal scores, in other windows too
        (given.maps, given.w, given.T),
        (rng.normal(size=(4, 23)), 5, 2),
        (rng.normal(size=(3, 12)), 3, 5),  # with gaps between the windows
        (rng.normal(size=(2, 8)), 8, 8),  # all of the map
    ]


def _moves_along(given: SimpleNamespace, answer: Callable[..., Any]) -> str:
    """Shift a map by T places: its pooled map must move by one window, and its winners by T."""
    maps, w, T = np.random.default_rng(1).normal(size=(3, 40)), 6, 4
    pooled, places = map(np.asarray, answer(maps[:, T:], w, T))
    before, before_places = map(np.asarray, answer(maps, w, T))
    if np.allclose(pooled, before[:, 1:]) and np.array_equal(places + T, before_places[:, 1:]):
        return ""
    return (
        "When a map moves by T places, the pooled map should move by one window with no number "
        "changed. Yours changes."
    )


def _forgets_the_order(given: SimpleNamespace, answer: Callable[..., Any]) -> str:
    """Shuffle the scores inside windows that touch: their maxima must stay."""
    rng = np.random.default_rng(2)
    maps = rng.normal(size=(2, 30))
    shuffled = rng.permuted(maps.reshape(2, 6, 5), axis=2).reshape(2, 30)
    if np.allclose(answer(maps, 5, 5)[0], answer(shuffled, 5, 5)[0]):
        return ""
    return (
        "When scores change places inside their window, the maximum of the window should stay as "
        "it is. Yours changes."
    )


MAX_POOL = Function(
    id="pooling.max_pool",
    title="Write a max-pooling that remembers its winners",
    draw=_draw,
    task=lambda given: (
        "Write `max_pool(maps, w, T)`. It gets the maps of F filters, an array of shape `(F, M)`, "
        "the window w and the stride T of the pooling (each a whole number from 1; w is at most "
        "M). Return two arrays of shape `(F, N)`, as `(pooled, places)`:\n\n"
        "- `pooled[f, n]`: the largest score of filter f in window n, which holds the positions "
        "nT to nT + w - 1;\n"
        "- `places[f, n]`: the position **in the map**, from 0, of that score; of several equal "
        "ones the first.\n\n"
        "Only windows that lie inside the map count. With the `places`, a gradient finds its way "
        f"back. To try it, here are maps of your own, `given.maps`, with w = {given.w} and "
        f"T = {given.T}:\n\n"
        + table(
            ["f", *map(str, range(given.maps.shape[1]))],
            [(f, *row) for f, row in enumerate(given.maps)],
        )
    ),
    right=lambda given: _right,
    cases=_cases,
    properties=(_moves_along, _forgets_the_order),
    mistakes=(
        Mistake(
            "channels and length swapped",
            "The numbers are right, on swapped axes: filters first, then windows, as in the maps.",
            lambda given: _transposed,
        ),
        Mistake(
            "places counted within the window",
            "`pooled` is right. Your `places` count from the beginning of each window; in the map, "
            "window n does not begin at 0.",
            lambda given: _within_window,
        ),
        Mistake(
            "floor forgotten",
            "You also pool what is left over at the end. A window counts only if all of its w "
            "scores lie inside the map: how many windows are that?",
            lambda given: _remainder_pooled,
        ),
        Mistake(
            "stride of the pooling ignored",
            "Your windows always touch. Each should begin T places after the one before, and T "
            "need not be w.",
            lambda given: lambda maps, w, T: _right(maps, w, w),
        ),
        Mistake(
            "average for maximum",
            "`places` is right, but `pooled` holds averages. The maximum was asked for.",
            lambda given: _average,
        ),
        Mistake(
            "last of equal scores",
            "Nearly: only where two scores of a window are equal and largest, yours names the "
            "last of them. The first was asked for.",
            lambda given: _last_of_equals,
        ),
    ),
    hints=(
        "The number of windows follows the same rule as the number of outputs of a filter of "
        "width w and stride T without padding. Mind the floor.",
        "Loop over n, and cut out `maps[:, n * T : n * T + w]`. `max(axis=1)` gives one number "
        "for each filter.",
        "`argmax(axis=1)` gives the first of equal scores, counted from the beginning of what you "
        "cut out. Where does that begin in the map?",
    ),
    solution=lambda given: (
        r"There are $\lfloor (M - w) / T \rfloor + 1$ windows, for your maps "
        rf"$\lfloor ({given.maps.shape[1]} - {given.w}) / {given.T} \rfloor + 1 = "
        f"{(given.maps.shape[1] - given.w) // given.T + 1}$. Window n begins at nT, so its first "
        "position is added to what `argmax` finds inside it:\n\n"
        "```python\n"
        "def max_pool(maps, w, T):\n"
        "    starts = range(0, maps.shape[1] - w + 1, T)\n"
        "    pooled = [maps[:, m : m + w].max(axis=1) for m in starts]\n"
        "    places = [m + maps[:, m : m + w].argmax(axis=1) for m in starts]\n"
        "    return np.stack(pooled, axis=1), np.stack(places, axis=1)\n"
        "```\n\n"
        "`range` stops before a window would stick out; that is the floor."
    ),
    effort=lambda given: (given.maps.shape, given.w > given.T),
)
