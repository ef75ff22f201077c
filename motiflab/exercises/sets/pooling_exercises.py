"""Exercises on pooling: which shifts it forgives, what moves, and where the gradient goes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import numpy as np

from motiflab import explorers
from motiflab.exercises import (
    Choice,
    ExerciseSet,
    Function,
    Given,
    Mistake,
    Option,
    Property,
    Shown,
    Target,
    Text,
    Value,
    table,
    together,
)
from motiflab.layers import pool, pool_gradient, relu, relu_derivative, same_padding, winners

# -- Which shifts are forgiven ---------------------------------------------------------------------


def _draw_forgiven(rng: np.random.Generator) -> dict[str, int]:
    """Draw a motif that lies whole in pooling window 0, with room on both sides."""
    K = int(rng.choice([5, 7, 9]))
    # Two different numbers, so that an answer with left and right exchanged is wrong.
    start, right = (int(number) for number in rng.choice(np.arange(1, 8), 2, replace=False))
    P = same_padding(K)
    return {"K": K, "P": P, "start": start, "w": start + P + right + 1}


def _forgiven(given: Given) -> np.ndarray:
    return np.array([given.start, given.w - 1 - given.P - given.start])


FORGIVEN = Value(
    id="pooling.forgiven",
    title="Which shifts are forgiven?",
    draw=_draw_forgiven,
    task=lambda given: (
        f"A filter of K = {given.K} with stride 1 reads a sequence with *same* padding, P = "
        f"{given.P} zeros at each end. Max-pooling follows, with adjacent windows of w = "
        f"{given.w} scores (T = w). A motif as long as the filter begins at base "
        f"**{given.start}** (counted from 0). Each of its bases adds something above 0 to its "
        "score. Wherever the motif is, whole or cut, its score is the largest of its pooling "
        "window.\n\n"
        "What is the largest number of bases by which the motif can move to the **left**, and to "
        "the **right**, with the maximum `p[0]` of the first window still exactly the same? The "
        "sequence is long. Give two numbers, `[left, right]`, neither of them negative."
    ),
    right=_forgiven,
    mistakes=(
        Mistake(
            "end of the sequence forgotten",
            "Your number for the right is correct. To the left the motif reaches something before "
            "its score leaves the pooling window: what happens to its first bases there, and to "
            "its score?",
            lambda given: _forgiven(given) + [given.P, 0],
        ),
        Mistake(
            "padding forgotten",
            "Your number for the left is correct. To the right, look where the motif's score is "
            "in the map: because of the padding, some scores come before that of the window that "
            "starts at base 0.",
            lambda given: _forgiven(given) + [0, given.P],
        ),
        Mistake(
            "left and right exchanged",
            "Both numbers are there, but the other way round: left first.",
            lambda given: _forgiven(given)[::-1],
        ),
        Mistake(
            "off by one",
            "Your number for the right is one too large: the last position of a window of w "
            "scores is w - 1.",
            lambda given: _forgiven(given) + [0, 1],
        ),
        Mistake(
            "first shifts that change it",
            "With these shifts the maximum has just changed, on both sides. Give the largest "
            "shifts that do not change it.",
            lambda given: _forgiven(given) + 1,
        ),
        Mistake(
            "whole window on both sides",
            "You gave the width of the window minus one on both sides. No motif can have that on "
            "both sides at once. Where in the window is this motif's score?",
            lambda given: np.full(2, given.w - 1),
        ),
    ),
    hints=(
        "First find the position m of the motif's score in the map: with P zeros in front, the "
        "filter window of output m starts at base m - P.",
        "The maximum stays the same as long as two things are true: the score is in pooling "
        "window 0, and it is the score of a *whole* motif. For each direction, which of the two "
        "fails first?",
    ),
    solution=lambda given: (
        f"The motif's score is at $m = {given.start} + P = {given.start + given.P}$ of the map, "
        f"and window 0 contains the positions 0 to {given.w - 1}.\n\n"
        f"- To the right the last position of the window is ${given.w} - 1 - "
        f"{given.start + given.P}$ = **{_forgiven(given)[1]}** further on.\n"
        f"- To the left the score could stay in the window for {given.start + given.P} steps, but "
        f"after **{given.start}** the motif begins at base 0. One more step, and the end of the "
        "sequence cuts its first base; a zero of the padding adds nothing, so the score falls. "
        "That is the *boundary effect*: the maximum changes although the motif has not left its "
        "window."
    ),
    effort=lambda given: (
        0 < given.start < given.w,
        bool((_forgiven(given) > 0).all()),
        given.P > 1,
    ),
)


# -- Move the whole sequence -----------------------------------------------------------------------


def _draw_moved(rng: np.random.Generator) -> dict[str, int]:
    """Draw windows that overlap, and a shift by two or three times S T."""
    S, T, times = (int(rng.integers(2, high)) for high in (4, 5, 4))
    return {"S": S, "T": T, "w": T + int(rng.integers(1, 3)), "shift": times * S * T}


MOVED = Choice(
    id="pooling.moved",
    title="Move the whole sequence",
    draw=_draw_moved,
    task=lambda given: (
        f"A filter moves in steps of S = {given.S} bases. Its map is pooled in windows of w = "
        f"{given.w} scores, each T = {given.T} scores after the one before. Now the **whole** "
        f"sequence, background and all, shifts to the right by s = {given.shift} bases. What "
        "happens to the pooled map, apart from its ends?"
    ),
    options=(
        Option("Maximum and average: the map moves by s/(S·T) windows, its numbers unchanged."),
        Option(
            "Maximum and average: the map stays as it was, since pooling is invariant.",
            "Pooling forgives a shift *within* a window. Compare s with the distance in bases "
            "between two neighbouring pooled numbers: this shift is larger.",
        ),
        Option(
            "Maximum: the map moves by s/(S·T) windows. Average: its numbers change.",
            "You are right about the maximum. An average does change when *only* the motif moves, "
            "because it includes the background next to it. But here the background moves along.",
        ),
        Option(
            "Maximum and average: the map moves by s/T windows, its numbers unchanged.",
            "The map does move, and its numbers stay. But T counts *scores*, and s counts bases. "
            "How many bases apart are two neighbouring scores?",
        ),
        Option(
            "Maximum and average: the map moves, but overlapping windows change its numbers.",
            "Overlapping windows use a score more than once, but that does not matter. Which "
            "bases does one pooled number see, and which bases did it see before the shift?",
        ),
    ),
    hints=(
        "By how many bases must the sequence shift so that every *score* moves by one place?",
        "Take one pooled number after the shift. Is there a window that saw exactly the same "
        "bases before the shift?",
    ),
    solution=lambda given: (
        f"One score is S = {given.S} bases from the next, and one window T = {given.T} scores: "
        f"{given.S} · {given.T} = {given.S * given.T} bases. The shift of {given.shift} is "
        f"{given.shift // (given.S * given.T)} times that, so each window now sees exactly the "
        f"bases that the window {given.shift // (given.S * given.T)} places before it saw, and "
        "whatever it computes from them is the same: maximum, average or anything else, "
        "overlapping or not. This is *equivariance*, and it holds for shifts by multiples of S·T. "
        f"It is option **{MOVED.right(given)}**."
    ),
)


# -- Where the gradient goes -----------------------------------------------------------------------

_WINDOW, _STEP = 4, 2


def _draw_routed(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw ten scores in four windows that overlap, and one more that fills none.

    One score wins two windows, one wins a single one, and one window has no score above 0. The
    framework draws again until a score receives a negative gradient, so that a lost sign shows.
    """
    y = np.zeros(11, dtype=int)
    y[:6] = rng.choice(np.arange(-4, 4), 6, replace=False)
    y[rng.integers(2, 4)] = rng.integers(7, 9)  # in windows 0 and 1
    y[rng.integers(4, 6)] = rng.integers(4, 7)  # in windows 1 and 2
    y[6:10] = rng.choice(np.arange(-9, 0), 4, replace=False)  # window 3, silent
    upstream = rng.choice(np.arange(1, 7), 4, replace=False) * rng.permutation([1, 1, -1, 1])
    if rng.random() < 0.5:  # then the silent window is the first
        y[:10] = y[:10][::-1].copy()
    y[10] = 9  # the largest, and yet nothing comes back to it
    return {"y": y, "upstream": upstream}


def _routed(given: Given, kind: str = "max", active: bool = True) -> np.ndarray:
    y = relu(given.y) if active else given.y
    routed = pool_gradient(y, given.upstream, _WINDOW, _STEP, kind)
    return routed * relu_derivative(given.y) if active else routed


def _messages(given: Given, upstream: np.ndarray) -> np.ndarray:
    """Return what would reach the scores if the loss sent that."""
    return _routed(Given(y=given.y, upstream=upstream))


def _overwritten(given: Given, first: bool = False) -> np.ndarray:
    """Return the gradient if one score keeps only the later of two messages, or the first."""
    best, upstream = winners(relu(given.y), _WINDOW, _STEP), given.upstream
    if first:  # of what is written to one place, the last stays
        best, upstream = best[::-1], upstream[::-1]
    routed = np.zeros(len(given.y))
    routed[best] = upstream
    return routed * relu_derivative(given.y)


def _story(given: Given) -> str:
    lines = []
    for n, (m, u) in enumerate(zip(winners(relu(given.y), _WINDOW, _STEP), given.upstream)):
        won = (
            f"position {m} wins with {given.y[m]} and receives {u}"
            if given.y[m] > 0
            else f"after the ReLU all are 0; none was above 0, so the ReLU stops the {u}"
        )
        last = n * _STEP + _WINDOW - 1
        lines.append(f"- Window {n}, positions {n * _STEP} to {last}: {won}.")
    return "\n".join(lines)


ROUTED = Value(
    id="pooling.routed",
    title="Where does the gradient go?",
    draw=_draw_routed,
    task=lambda given: (
        "A filter gave the scores $y[0]$ to $y[10]$ below. They go through a **ReLU**, then "
        f"through max-pooling with windows of w = {_WINDOW} that **overlap**, T = {_STEP}. In the "
        "backward pass the loss sends $u[n] = \\partial L / \\partial p[n]$ to each of the "
        f"{len(given.upstream)} pooled numbers. What is $\\partial L / \\partial y[m]$, the "
        "gradient that reaches each score *before* the ReLU? Give all 11 numbers as a list.\n\n"
        + table(["m", *map(str, range(11))], [("y[m]", *given.y)])
        + "\n\n"
        + table(["n", *map(str, range(4))], [("u[n]", *given.upstream)])
    ),
    right=_routed,
    mistakes=(
        Mistake(
            "signs forgotten",
            "The gradient is at the right places, but you lost its signs. The loss may send a "
            "negative number, so a score may receive one.",
            lambda given: np.abs(_routed(given)),
            lambda given, answer: any(
                np.array_equal(answer, wrong)
                for wrong in (np.abs(_routed(given)), _messages(given, np.abs(given.upstream)))
            ),
        ),
        Mistake(
            "overwritten, not added",
            "The gradient goes to the right places. But one score wins two windows and receives a "
            "gradient from both: how do they combine?",
            _overwritten,
            lambda given, answer: any(
                np.array_equal(answer, _overwritten(given, first)) for first in (False, True)
            ),
        ),
        Mistake(
            "ReLU forgotten",
            "The maxima send their gradient to the right places. But one of those scores, before "
            "the ReLU, is not above 0: what does a ReLU pass back there?",
            lambda given: _routed(given, active=False),
        ),
        Mistake(
            "spread as by an average",
            "You gave each score of a window a share, as an average does. How much does a "
            "*maximum* change if you slightly change a score that is not the largest?",
            lambda given: _routed(given, "average"),
        ),
        Mistake(
            "multiplied by the score",
            "The gradient is at the right places, but multiplied by the scores. The derivative of "
            "a maximum with respect to its winner does not depend on how large the winner is.",
            lambda given: _routed(given) * given.y,
        ),
        Mistake(
            "a one for each winner",
            "You marked the winners, once for each window won. They do not receive 1, but what "
            "the loss sends to their window.",
            lambda given: _messages(given, np.ones(4)),
        ),
    ),
    hints=(
        "First write down the positions of the four windows: window n contains 2n to 2n + 3. "
        "Which position is in no window?",
        "The gradient of a maximum goes to its winner alone. If one score wins twice, it receives "
        "both gradients, and they add up.",
        "Last, the ReLU: its derivative is 1 for a score above 0 and 0 for the others.",
    ),
    solution=lambda given: (
        f"{_story(given)}\n"
        "- Position 10 is in no window, so it receives nothing although its score is the largest "
        "of all.\n\n"
        "Together: **"
        + ", ".join(f"{value:g}" for value in _routed(given) + 0.0)
        + "**. Only two of eleven scores receive a gradient, so the filter learns from two places "
        "only. With an average, each score above 0 would receive a quarter of what its window "
        "receives."
    ),
    effort=lambda given: (
        int(np.count_nonzero(_routed(given))),
        int((given.y[winners(relu(given.y), _WINDOW, _STEP)] <= 0).sum()),
    ),
)


# -- Write a max-pooling that remembers its winners ------------------------------------------------


def _draw_max_pool(rng: np.random.Generator) -> dict[str, Any]:
    """Draw two maps whose last scores fill no window, with windows that overlap."""
    maps = np.array([rng.permutation(np.arange(-4, 6)) for _ in range(2)], dtype=float)
    return {"maps": maps[:, :9], "w": 4, "T": int(rng.choice([2, 3]))}


def _pooled(maps: np.ndarray, w: int, T: int, kind: str = "max") -> np.ndarray:
    return np.array([pool(y, w, T, kind) for y in maps])


def _places(maps: np.ndarray, w: int, T: int) -> np.ndarray:
    return np.array([winners(y, w, T) for y in maps])


_right = together(_pooled, _places)


def _starts(maps: np.ndarray, w: int, T: int) -> np.ndarray:
    return np.arange(0, maps.shape[1] - w + 1, T)


def _transposed(maps: np.ndarray, w: int, T: int) -> tuple[np.ndarray, ...]:
    return _pooled(maps, w, T).T, _places(maps, w, T).T


def _within_window(maps: np.ndarray, w: int, T: int) -> np.ndarray:
    return _places(maps, w, T) - _starts(maps, w, T)


def _last_of_equals(maps: np.ndarray, w: int, T: int) -> np.ndarray:
    # The first of equal scores in a window that is read backwards is the last one.
    backwards = [[y[m : m + w][::-1].argmax() for m in _starts(maps, w, T)] for y in maps]
    return _starts(maps, w, T) + w - 1 - np.array(backwards)


def _remainder_pooled(maps: np.ndarray, w: int, T: int) -> tuple[np.ndarray, ...]:
    starts = range(0, maps.shape[1], T)  # up to the end: the last windows are cut short
    return (
        np.array([[y[m : m + w].max() for m in starts] for y in maps]),
        np.array([[m + y[m : m + w].argmax() for m in starts] for y in maps]),
    )


def _cases(given: Given, rng: np.random.Generator) -> list[tuple[Any, ...]]:
    return [
        (np.array([[1.0, 5.0, 2.0, 2.0, 0.0, 3.0, 9.0]]), 3, 3),
        (np.array([[2.0, 2.0, -1.0, -3.0, -2.0, 2.0]]), 2, 2),  # equal scores, in other windows too
        (given.maps, given.w, given.T),
        (rng.normal(size=(4, 23)), 5, 2),
        (rng.normal(size=(3, 12)), 3, 5),  # with gaps between the windows
        (rng.normal(size=(2, 8)), 8, 8),  # all of the map
    ]


def _moves_along(given: Given, answer: Callable[..., Any]) -> bool:
    """Shift a map by T places: its pooled map must move by one window, and its winners by T."""
    maps, w, T = np.random.default_rng(1).normal(size=(3, 40)), 6, 4
    pooled, places = map(np.asarray, answer(maps[:, T:], w, T))
    before, before_places = map(np.asarray, answer(maps, w, T))
    return np.allclose(pooled, before[:, 1:]) and np.array_equal(places + T, before_places[:, 1:])


def _forgets_the_order(given: Given, answer: Callable[..., Any]) -> bool:
    """Shuffle the scores inside windows that touch: their maxima must stay."""
    rng = np.random.default_rng(2)
    maps = rng.normal(size=(2, 30))
    shuffled = rng.permuted(maps.reshape(2, 6, 5), axis=2).reshape(2, 30)
    return np.allclose(answer(maps, 5, 5)[0], answer(shuffled, 5, 5)[0])


MAX_POOL = Function(
    id="pooling.max_pool",
    title="Write a max-pooling that remembers its winners",
    draw=_draw_max_pool,
    task=lambda given: (
        "Write `max_pool(maps, w, T)`. It gets the maps of F filters, an array of shape `(F, M)`, "
        "the window w and the stride T of the pooling (each a whole number from 1; w is at most "
        "M). Return two arrays of shape `(F, N)`, as `(pooled, places)`:\n\n"
        "- `pooled[f, n]`: the largest score of filter f in window n, which contains the "
        "positions nT to nT + w - 1;\n"
        "- `places[f, n]`: the position **in the map**, from 0, of that score; if several scores "
        "are equal, the first of them.\n\n"
        "Only windows that lie inside the map count. A gradient later needs the `places` to find "
        f"its way back. To try it, here are your own maps, `given.maps`, with w = {given.w} and T "
        f"= {given.T}:\n\n"
        + table(
            ["f", *map(str, range(given.maps.shape[1]))],
            [(f, *row) for f, row in enumerate(given.maps)],
        )
    ),
    right=lambda given: _right,
    cases=_cases,
    properties=(
        Property(
            "When a map moves by T places, the pooled map should move by one window and its "
            "numbers should stay the same. With your function they change.",
            _moves_along,
        ),
        Property(
            "When scores change places inside their window, the maximum of the window should stay "
            "the same. With your function it changes.",
            _forgets_the_order,
        ),
    ),
    mistakes=(
        Mistake(
            "channels and length swapped",
            "The numbers are right, but the axes are swapped: filters first, then windows, as in "
            "the maps.",
            lambda given: _transposed,
        ),
        Mistake(
            "places counted within the window",
            "`pooled` is right. Your `places` count from the beginning of each window; in the map, "
            "window n does not begin at 0.",
            lambda given: together(_pooled, _within_window),
        ),
        Mistake(
            "floor forgotten",
            "You also pool the rest at the end. A window counts only if all of its w scores lie "
            "inside the map: how many windows are that?",
            lambda given: _remainder_pooled,
        ),
        Mistake(
            "stride of the pooling ignored",
            "Your windows are always adjacent. Each should begin T places after the one before, "
            "and T need not be w.",
            lambda given: lambda maps, w, T: _right(maps, w, w),
        ),
        Mistake(
            "average for maximum",
            "`places` is right, but `pooled` holds averages. Return the maximum.",
            lambda given: together(partial(_pooled, kind="average"), _places),
        ),
        Mistake(
            "last of equal scores",
            "Nearly right: where several scores of a window are equal and largest, you return the "
            "last of them. Return the first.",
            lambda given: together(_pooled, _last_of_equals),
        ),
    ),
    hints=(
        "The number of windows follows the same rule as the number of outputs of a filter of "
        "width w and stride T without padding. Do not forget the floor.",
        "Loop over n, and cut out `maps[:, n * T : n * T + w]`. `max(axis=1)` gives one number "
        "for each filter.",
        "`argmax(axis=1)` gives the first of equal scores, counted from the start of the slice. "
        "Where does the slice begin in the map?",
    ),
    solution=lambda given: (
        r"There are $\lfloor (M - w) / T \rfloor + 1$ windows, for your maps $\lfloor "
        rf"({given.maps.shape[1]} - {given.w}) / {given.T} \rfloor + 1 = "
        f"{(given.maps.shape[1] - given.w) // given.T + 1}$. Window n begins at nT, so its first "
        "position is added to what `argmax` finds inside it:\n\n"
        "```python\n"
        "def max_pool(maps, w, T):\n"
        "    starts = range(0, maps.shape[1] - w + 1, T)\n"
        "    pooled = [maps[:, m : m + w].max(axis=1) for m in starts]\n"
        "    places = [m + maps[:, m : m + w].argmax(axis=1) for m in starts]\n"
        "    return np.stack(pooled, axis=1), np.stack(places, axis=1)\n"
        "```\n\n"
        "`range` stops before a window would go beyond the end, which rounds the number down."
    ),
    effort=lambda given: (given.maps.shape, given.w > given.T),
)


# -- Make an average as steady as a maximum, and explain it ----------------------------------------

_STEADY_WINDOW, _MOTIFS = 8, ("GATA1", "GATA2", "TBP")

_BIASES = np.arange(0.0, -10.5, -0.5)  # the notches of the explorer's slider, mildest first


def _start(given: Given) -> dict[str, Any]:
    return {
        "motif": given.motif,
        "seed": given.seed,
        "shift": given.shift,
        "kind": "average",
        "window": _STEADY_WINDOW,
    }


def _at(given: Given, relu: bool, bias: float) -> Shown:
    """Compute what the explorer shows with a ReLU or without, and with this bias."""
    explorer = explorers.pooling_explorer
    state = explorer.PoolingState(**_start(given), relu=relu, bias=bias)
    return Shown(state, explorer.compute(state))


def _silent(shown: Shown) -> bool:
    """Tell whether nothing of the motif is left in the watched window."""
    return not shown.result.picture.pooled[shown.result.watched] > 0


def _changed(shown: Shown) -> bool:
    return bool(shown.result.changed[shown.result.watched])


@lru_cache(maxsize=256)
def _biases(motif: str, seed: int, shift: int) -> dict[str, tuple[float, ...]]:
    """Sort the biases behind a ReLU by what becomes of the watched average."""
    found: dict[str, list[float]] = {"heard": [], "steady": [], "silent": []}
    for bias in _BIASES:
        shown = _at(Given(motif=motif, seed=seed, shift=shift), True, float(bias))
        kind = "silent" if _silent(shown) else "heard" if _changed(shown) else "steady"
        found[kind].append(float(bias))
    return {kind: tuple(biases) for kind, biases in found.items()}


def _regions(given: Given) -> dict[str, tuple[float, ...]]:
    return _biases(given.motif, given.seed, given.shift)


def _clear(given: Given) -> bool:
    """Tell whether each kind of bias has at least three notches, in this order."""
    heard, steady, silent = _regions(given).values()
    in_order = (*heard, *steady, *silent) == tuple(_BIASES)
    return in_order and min(map(len, (heard, steady, silent))) >= 3


def _draw_steady(rng: np.random.Generator) -> dict[str, Any]:
    """Draw a motif, the background that it lies in, and its shift."""
    return {
        "motif": str(rng.choice(_MOTIFS)),
        "seed": int(rng.integers(1000)),
        "shift": int(rng.integers(3, 8)),
    }


def _middle(given: Given, kind: str) -> dict[str, Any]:
    biases = _regions(given)[kind]
    return {"relu": True, "bias": biases[len(biases) // 2]}


def _solution(given: Given) -> str:
    steady = _regions(given)["steady"]
    top = float(_at(given, False, 0.0).result.picture.y[16 + given.shift])
    return (
        f"The ReLU on, and a bias from **{steady[0]:g} to {steady[-1]:g}**. The motif alone "
        f"scores {top:.1f}. With a milder bias some scores of the background are still above 0, "
        "and the average changes when the moving motif covers or uncovers them. With a stricter "
        "bias not even the motif passes.\n\n"
        "In this range the motif's score is a *lone peak*: all other scores in window 2 are 0, "
        "before and after the shift. One number and seven zeros have the same sum wherever the "
        "number is. So an average can be steady, too, but the other scores of the window must "
        "keep the same sum; if all of them are 0, that is certain. The maximum only needs the "
        "motif to win."
    )


STEADY = Target(
    id="pooling.steady",
    title="Make an average as steady as a maximum",
    explorer="PoolingExplorer",
    draw=_draw_steady,
    # As two draws in five do: the background is heard through a ReLU, and can be silenced.
    suits=lambda given: _changed(_at(given, True, -1.0)) and _clear(given),
    start=_start,
    locked=("background", "seed", "shift", "motif", "stride", "kind", "window", "step"),
    task=lambda given: (
        f"The best site of {given.motif} is placed among random bases (seed {given.seed}), and "
        f"its map is pooled by the **average** with w = {_STEADY_WINDOW}. The site has been "
        f"shifted by {given.shift} bases, and its score is still in window 2; dashed outlines "
        "show the pooled map before the shift. Find a setting of the ReLU and the bias with which "
        "`p[2]` is exactly the same as before the shift and still **above 0**. Then press *Share* "
        "and copy the line named *Scene*."
    ),
    prediction=(
        "A window of eight scores is averaged, and its largest score moves to another place in "
        "the window. What must be true of the other scores if the average stays the same?"
    ),
    right=lambda given: _middle(given, "steady"),
    reached=lambda given, shown: not _changed(shown) and not _silent(shown),
    mistakes=(
        Mistake(
            "bias without ReLU",
            "Without a ReLU the bias moves every score by the same amount, before the shift and "
            "after it, so the difference stays. What would turn low scores into 0?",
            lambda given: {"relu": False, "bias": -5.0},
            lambda given, shown: not shown.state.relu and shown.state.bias < 0,
        ),
        Mistake(
            "neither ReLU nor bias",
            "At the moment the average includes every score of the window, below 0 and above. You "
            "have two controls: one sets negative scores to 0, the other moves all scores.",
            lambda given: {"bias": 0.0, "gradient": True},
            lambda given, shown: not shown.state.relu,
        ),
        Mistake(
            "motif silenced as well",
            "The window is steady because it is empty: not even the motif's own score is above 0 "
            "now. Such invariance is useless. Let the motif pass again.",
            lambda given: _middle(given, "silent"),
            lambda given, shown: _silent(shown),
        ),
        Mistake(
            "background still heard",
            "Some scores other than the motif's are still above 0, before the shift or after it, "
            "and they change the average. Find them in the map, and silence them.",
            lambda given: _middle(given, "heard"),
            lambda given, shown: _changed(shown),
        ),
    ),
    hints=(
        "Switch the ReLU on first, and see which scores of the map are left.",
        "Now the bias: it must be strict enough to silence the background, and mild enough for "
        "the motif to pass. Is there room between the two?",
    ),
    solution=_solution,
    effort=lambda given: (_clear(given), given.shift < _STEADY_WINDOW),
)

BLIND = Text(
    id="pooling.blind",
    title="Blind to the place?",
    task=lambda given: (
        'A colleague says: *"My network has max-pooling, so it does not matter where in a '
        'sequence the motif lies."* In a few sentences: when is that true, and when not? Mention '
        "the border between two windows, the ends of the sequence, and what a network needs if it "
        "should measure the distance between two motifs. Which of this was also true for your "
        "average?"
    ),
    hints=(
        "Think of three shifts: by one base within a window, by one base across its border, and "
        "by a whole window.",
        "At the ends: what happened to the motif's score in the first exercise of this page?",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        "- *within* a window the maximum is exactly the same, as long as the motif wins before "
        "and after: invariance, but only local;\n"
        "- one base *across the border*, and the number moves to the next window. If everything "
        "shifts by a multiple of S·T, the whole pooled map moves: equivariance. The network still "
        "knows roughly where the motif is;\n"
        "- *at the ends* the motif is cut, and the zeros of the *same* padding replace its missing "
        "bases. The maximum changes although the motif has not left its window: the boundary "
        "effect;\n"
        "- *distances*: pooling over the whole map forgets them. A later layer that measures a gap "
        "needs windows narrower than the differences that matter;\n"
        "- *the average* is equivariant, too, but within a window it stays the same only if its "
        "other scores do, as after a ReLU with a strict bias."
    ),
)

SET = ExerciseSet("pooling", "Pooling", 3297923, (FORGIVEN, MOVED, ROUTED, MAX_POOL, STEADY, BLIND))
