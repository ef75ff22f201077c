"""Exercises on a filter that scans a sequence: how many windows there are and what each scores."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from motiflab.convolution import output_length
from motiflab.exercises.exercise import ExerciseSet, Mistake
from motiflab.exercises.values import Value


def _draw_windows(rng: np.random.Generator) -> dict[str, int]:
    """A stride that leaves a remainder, so that the floor matters."""
    S = int(rng.integers(2, 4))
    P = 2 * S + int(rng.integers(0, 3))  # so large that each way of miscounting it shows
    K = 2 * P + int(rng.integers(1, 4))
    M, rest = int(rng.integers(7, 15)), int(rng.integers(1, S))
    return {"L": (M - 1) * S + rest + K - 2 * P, "K": K, "S": S, "P": P}


def _rest(given: SimpleNamespace) -> int:
    return (given.L + 2 * given.P - given.K) % given.S


WINDOWS = Value(
    id="scanning.windows",
    title="Count the windows",
    draw=_draw_windows,
    task=lambda given: (
        f"A filter of K = {given.K} slides along a sequence of L = {given.L} bases with stride "
        f"S = {given.S} and P = {given.P} zeros added at **each** end. How many outputs are there?"
    ),
    right=lambda given: output_length(given.L, given.K, given.S, given.P),
    mistakes=(
        Mistake(
            "floor forgotten",
            "The filter cannot stop halfway: what remains after the last whole step gives no "
            "output of its own.",
            lambda given: (given.L + 2 * given.P - given.K) / given.S + 1,
        ),
        Mistake(
            "padding counted once",
            "Look at the padding again: it is added at each end.",
            lambda given: output_length(given.L + given.P, given.K, given.S),
        ),
        Mistake(
            "off by one",
            "This counts the steps that the filter takes. Before its first step it has already "
            "given an output.",
            lambda given: output_length(given.L, given.K, given.S, given.P) - 1,
        ),
        Mistake(
            "padding forgotten",
            "This leaves the padding out: the filter slides over the zeros too.",
            lambda given: output_length(given.L, given.K, given.S),
        ),
    ),
    hints=(
        "How long is what the filter slides along, zeros included?",
        "How many steps of S fit before the right edge of the filter leaves it? The first "
        "output needs no step.",
    ),
    solution=lambda given: (
        f"With the zeros there are {given.L} + 2·{given.P} = {given.L + 2 * given.P} places. The "
        f"filter can move {given.L + 2 * given.P} − {given.K} = "
        f"{given.L + 2 * given.P - given.K} places to the right, which is "
        f"{(given.L + 2 * given.P - given.K) // given.S} whole steps of {given.S} and a rest of "
        f"{_rest(given)} that is lost. One output stands before the first step: "
        f"**{output_length(given.L, given.K, given.S, given.P)}**."
    ),
    effort=lambda given: (_rest(given) > 0, given.P > 0),
)

SET = ExerciseSet("scanning", "The filter as a scanner", 3297871, (WINDOWS,))
