"""Exercises on pooling: what shifts are forgiven, what moves, and where the gradient goes."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from motiflab.activations import relu, relu_derivative
from motiflab.boundary import same_padding
from motiflab.exercises.exercise import ExerciseSet, Mistake
from motiflab.exercises.markdown import table
from motiflab.exercises.pooling_average import BLIND, STEADY
from motiflab.exercises.pooling_functions import MAX_POOL
from motiflab.exercises.values import Choice, Option, Value
from motiflab.pooling import pool_gradient, winners

# -- by hand: how far a motif may move near the end of a sequence ---------------------------------


def _draw_forgiven(rng: np.random.Generator) -> dict[str, int]:
    """A motif in pooling window 0, whole, with room on both sides."""
    K = int(rng.choice([5, 7, 9]))
    start, right = (int(number) for number in rng.choice(np.arange(1, 8), 2, replace=False))
    P = same_padding(K)
    return {"K": K, "P": P, "start": start, "w": start + P + right + 1}


def _forgiven(given: SimpleNamespace) -> np.ndarray:
    return np.array([given.start, given.w - 1 - given.P - given.start])


FORGIVEN = Value(
    id="pooling.forgiven",
    title="Which shifts are forgiven?",
    draw=_draw_forgiven,
    task=lambda given: (
        f"A filter of K = {given.K} with stride 1 reads a sequence with *same* padding, P = "
        f"{given.P} zeros at each end, and max-pooling with windows of w = {given.w} scores that "
        f"touch (T = w) follows. A motif as long as the filter begins at base **{given.start}** "
        "(counted from 0). Each of its bases adds something above 0 to its score, and wherever it "
        "stands, whole or cut, its score is the largest of its pooling window.\n\n"
        "What is the largest number of bases by which the motif can move to the **left**, and to "
        "the **right**, with the maximum `p[0]` of the first window still exactly the same? The "
        "sequence is long. Give two numbers, `[left, right]`, neither of them negative."
    ),
    right=_forgiven,
    mistakes=(
        Mistake(
            "end of the sequence forgotten",
            "To the right you are right. To the left the motif meets something before its score "
            "leaves the pooling window: what happens to its first bases there, and to its score?",
            lambda given: _forgiven(given) + [given.P, 0],
        ),
        Mistake(
            "padding forgotten",
            "To the left it is right. To the right, look where the motif's score lies in the map: "
            "the padding puts scores before the one of the window that starts at base 0.",
            lambda given: _forgiven(given) + [0, given.P],
        ),
        Mistake(
            "left and right exchanged",
            "Both numbers are there, but the other way round: left first.",
            lambda given: _forgiven(given)[::-1],
        ),
        Mistake(
            "off by one",
            "To the right one step too many: a window of w scores has its last one at position "
            "w - 1.",
            lambda given: _forgiven(given) + [0, 1],
        ),
        Mistake(
            "first shifts that change it",
            "With these shifts the maximum has just become another number, on both sides. Asked "
            "for are the largest that leave it as it was.",
            lambda given: _forgiven(given) + 1,
        ),
        Mistake(
            "whole window on both sides",
            "You gave the width of the window on both sides. That would be the most that any motif "
            "could have, on one side only. Where in the window does this motif's score lie?",
            lambda given: np.full(2, given.w - 1),
        ),
    ),
    hints=(
        "First find the position m in the map of the motif's score: with P zeros in front, the "
        "window of the filter at output m starts at base m - P.",
        "The maximum stays as long as two things hold: the score is in pooling window 0, and it is "
        "the score of a *whole* motif. For each direction, which of the two fails first?",
    ),
    solution=lambda given: (
        f"The motif's score is at $m = {given.start} + P = {given.start + given.P}$ of the map, "
        f"and window 0 holds the positions 0 to {given.w - 1}.\n\n"
        f"- To the right the last position of the window is ${given.w} - 1 - "
        f"{given.start + given.P}$ = **{_forgiven(given)[1]}** further on.\n"
        f"- To the left the score could stay in the window for {given.start + given.P} steps, but "
        f"after **{given.start}** the motif begins at base 0. One more, and the end of the "
        "sequence cuts its first base; a zero of the padding adds nothing, so the score falls. "
        "That is the *boundary effect*: the motif has not left its window, and yet the maximum "
        "changes."
    ),
    effort=lambda given: (
        0 < given.start < given.w,
        bool((_forgiven(given) > 0).all()),
        given.P > 1,
    ),
)

# -- a choice: what moves when everything moves ---------------------------------------------------


def _draw_moved(rng: np.random.Generator) -> dict[str, int]:
    """Windows that overlap, and a shift by two or three times S T."""
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
        "becomes of the pooled map, edges aside?"
    ),
    options=(
        Option("Maximum and average: the map moves by s/(S·T) windows, its numbers unchanged."),
        Option(
            "Maximum and average: the map stays as it was, since pooling is invariant.",
            "Pooling forgives a shift *within* a window. Compare s with the bases from one pooled "
            "number to the next: this shift is larger.",
        ),
        Option(
            "Maximum: the map moves by s/(S·T) windows. Average: its numbers change.",
            "You are right about the maximum. An average does change when the motif *alone* moves, "
            "since it hears the background beside it. But here that background moves along.",
        ),
        Option(
            "Maximum and average: the map moves by s/T windows, its numbers unchanged.",
            "The map does move, and its numbers stay. But T counts *scores*, and s counts bases. "
            "How many bases are there from one score to the next?",
        ),
        Option(
            "Maximum and average: the map moves, but overlapping windows change its numbers.",
            "Windows that overlap use a score more than once, and that is no harm. Ask which bases "
            "one pooled number sees, and which bases it saw before the shift.",
        ),
    ),
    hints=(
        "How many bases does the sequence have to shift for every *score* to move by one place?",
        "Take one pooled number after the shift. Is there a window that saw the very same bases "
        "before the shift?",
    ),
    solution=lambda given: (
        f"One score is S = {given.S} bases from the next, and one window T = {given.T} scores: "
        f"{given.S} · {given.T} = {given.S * given.T} bases. The shift of {given.shift} is "
        f"{given.shift // (given.S * given.T)} times that, so each window now sees the very bases "
        f"that the window {given.shift // (given.S * given.T)} places before it saw, and whatever "
        "it computes from them is the same: maximum, average or anything else, overlapping or "
        "not. This is *equivariance*, and it holds for shifts by multiples of S·T. It is option "
        f"**{MOVED.right(given)}**."
    ),
)

# -- by hand: where the gradient goes -------------------------------------------------------------

_WINDOW, _STEP = 4, 2


def _draw_routed(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Ten scores in four windows that overlap, and one more that fills none.

    One score wins two windows, one wins a single one, and one window has no score above 0. The
    framework draws again until a score receives a negative gradient, so that a lost sign shows.
    """
    y = np.zeros(11, dtype=int)
    y[:6] = rng.choice(np.arange(-4, 4), 6, replace=False)
    y[rng.integers(2, 4)] = rng.integers(7, 9)  # in windows 0 and 1
    y[rng.integers(4, 6)] = rng.integers(4, 7)  # in windows 1 and 2
    y[6:10] = rng.choice(np.arange(-9, 0), 4, replace=False)  # window 3, silent
    upstream = rng.choice(np.arange(1, 7), 4, replace=False) * rng.permutation([1, 1, -1, 1])
    if rng.random() < 0.5:
        y[:10] = y[:10][::-1].copy()
    y[10] = 9
    return {"y": y, "upstream": upstream}


def _routed(given: SimpleNamespace, kind: str = "max", active: bool = True) -> np.ndarray:
    y = relu(given.y) if active else given.y
    routed = pool_gradient(y, given.upstream, _WINDOW, _STEP, kind)
    return routed * relu_derivative(given.y) if active else routed


def _messages(given: SimpleNamespace, upstream: np.ndarray) -> np.ndarray:
    """Return what would reach the scores if the loss sent that."""
    return _routed(SimpleNamespace(y=given.y, upstream=upstream))


def _overwritten(given: SimpleNamespace, first: bool = False) -> np.ndarray:
    """Of two messages to one score, keep the later one, or the first."""
    turn = slice(None, None, -1 if first else 1)
    routed = np.zeros(len(given.y))
    routed[winners(relu(given.y), _WINDOW, _STEP)[turn]] = given.upstream[turn]
    return routed * relu_derivative(given.y)


def _story(given: SimpleNamespace) -> str:
    best = winners(relu(given.y), _WINDOW, _STEP)
    lines = []
    for n, (m, u) in enumerate(zip(best, given.upstream)):
        first = n * _STEP
        won = (
            f"position {m} wins with {given.y[m]} and receives {u}"
            if given.y[m] > 0
            else f"behind the ReLU all are 0; none was above 0, so the {u} gets stuck at the ReLU"
        )
        lines.append(f"- Window {n}, positions {first} to {first + _WINDOW - 1}: {won}.")
    return "\n".join(lines)


ROUTED = Value(
    id="pooling.routed",
    title="Where does the gradient go?",
    draw=_draw_routed,
    task=lambda given: (
        "A filter gave the scores $y[0]$ to $y[10]$ below. They go through a **ReLU**, then "
        f"through max-pooling with windows of w = {_WINDOW} that **overlap**, T = {_STEP}. On the "
        f"way back the loss sends $u[n] = \\partial L / \\partial p[n]$ to each of the "
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
            "The gradient is at the right places, but its signs are lost. What the loss sends may "
            "be negative, and so may be what a score receives.",
            lambda given: np.abs(_routed(given)),
            lambda given, answer: any(
                np.array_equal(answer, wrong)
                for wrong in (np.abs(_routed(given)), _messages(given, np.abs(given.upstream)))
            ),
        ),
        Mistake(
            "overwritten, not added",
            "The routes are right. One score wins two windows, and it hears from both of them: "
            "what becomes of two messages to the same score?",
            _overwritten,
            lambda given, answer: any(
                np.array_equal(answer, _overwritten(given, first)) for first in (False, True)
            ),
        ),
        Mistake(
            "ReLU forgotten",
            "The maxima send their gradient to the right places. Before the ReLU, though, one of "
            "those scores is not above 0: what lets a ReLU through there on the way back?",
            lambda given: _routed(given, active=False),
        ),
        Mistake(
            "spread as by an average",
            "You gave each score of a window its share, as an average does. How much does a "
            "*maximum* change if a score changes a little that is not the largest?",
            lambda given: _routed(given, "average"),
        ),
        Mistake(
            "multiplied by the score",
            "The gradient is at the right places, but multiplied by the scores. The derivative of "
            "a maximum by its winner does not depend on how large the winner is.",
            lambda given: _routed(given) * given.y,
        ),
        Mistake(
            "a one for each winner",
            "You have marked the winners, once for each window won. What they receive is not 1, "
            "but what the loss sends to their window.",
            lambda given: _messages(given, np.ones(4)),
        ),
    ),
    hints=(
        "Write out the positions of the four windows first: window n holds 2n to 2n + 3. Which "
        "position is in none?",
        "The gradient of a maximum goes to its winner alone. If one score wins twice, both "
        "messages reach it, and they add up.",
        "Last, the ReLU: its derivative is 1 for a score above 0 and 0 for the others.",
    ),
    solution=lambda given: (
        f"{_story(given)}\n- Position 10 is in no window, and hears nothing although it is the "
        "largest of all.\n\nTogether: **"
        + ", ".join(f"{value:g}" for value in _routed(given) + 0.0)
        + "**. Two of eleven scores hear anything, so the filter learns from two places only. "
        "With an average, each score above 0 would hear a quarter of what comes to its window."
    ),
    effort=lambda given: (
        int(np.count_nonzero(_routed(given))),
        int((given.y[winners(relu(given.y), _WINDOW, _STEP)] <= 0).sum()),
    ),
)

SET = ExerciseSet("pooling", "Pooling", 3297923, (FORGIVEN, MOVED, ROUTED, MAX_POOL, STEADY, BLIND))
