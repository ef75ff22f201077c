"""Exercises on a filter that scans a sequence: how many windows there are and what each scores."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from motiflab.alphabet import BASES
from motiflab.convolution import output_length
from motiflab.exercises.exercise import ExerciseSet, Mistake
from motiflab.exercises.scanning_changes import CHANGES
from motiflab.exercises.scanning_functions import SCAN
from motiflab.exercises.scanning_target import BOTH_COPIES, WHY_ONE
from motiflab.exercises.values import Choice, Option, Value

# -- 1 ----------------------------------------------------------------------------------------


def _draw_windows(rng: np.random.Generator) -> dict[str, int]:
    """A stride that leaves more than half of a step, but more than one place less than a step.

    So the floor differs from the nearest number, and also from the floor of (L + 2P - K + 1) / S.
    """
    S = int(rng.integers(5, 8))
    rest = int(rng.integers(S // 2 + 1, S - 1))
    P = 2 * S + int(rng.integers(0, 3))  # so large that each way of miscounting it shows
    K = 2 * P + S - rest + int(rng.integers(1, 4))  # so large that L / S, rounded up, is too many
    M = int(rng.integers(7, 15))
    return {"L": (M - 1) * S + rest + K - 2 * P, "K": K, "S": S, "P": P}


def _windows(given: SimpleNamespace) -> int:
    return output_length(given.L, given.K, given.S, given.P)


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
    right=_windows,
    mistakes=(
        Mistake(
            "floor forgotten",
            "The filter takes whole steps only. What remains after the last whole step gives no "
            "output, however large it is: round down, not to the nearest number.",
            lambda given: (given.L + 2 * given.P - given.K) / given.S + 1,
            # with its fraction, rounded to the nearest number, or rounded up
            lambda given, answer: answer.shape == () and 0 < answer - _windows(given) <= 1,
        ),
        Mistake(
            "padding counted once",
            "Look at the padding again: it is added at each end.",
            lambda given: output_length(given.L + given.P, given.K, given.S),
        ),
        Mistake(
            "off by one",
            "This counts the steps that the filter takes. It has already given an output before "
            "its first step: add 1 after rounding down.",
            lambda given: _windows(given) - 1,
        ),
        Mistake(
            "padding forgotten",
            "This leaves the padding out: the filter slides over the zeros too.",
            lambda given: output_length(given.L, given.K, given.S),
        ),
        Mistake(
            "stride forgotten",
            "Here the filter stops at every place. From one output to the next it moves by S.",
            lambda given: output_length(given.L, given.K, 1, given.P),
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
        f"**{_windows(given)}**."
    ),
    effort=lambda given: (_rest(given) > 0, given.P > 0),
)

# -- 3 ----------------------------------------------------------------------------------------

FLIP = Choice(
    id="scanning.flip",
    title="Give a filter to the other convention",
    draw=lambda rng: {"word": "".join(rng.permutation([*BASES, str(rng.choice([*BASES]))]))},
    task=lambda given: (
        f"A filter W, shape (K, 4) with columns A, C, G, T, was trained with torch and finds "
        f"{given.word}. A colleague has a program that does the convolution of mathematics: it "
        "turns the filter that it is given round along its positions, last tap first, and then "
        "slides it. Which filter must the colleague give it, so that the outputs are those of "
        "torch?"
    ),
    options=(
        Option("`W[::-1]`"),
        Option(
            "`W`, because the weights are learned and will adapt",
            "That holds for a filter which is trained inside that program. This one has been "
            "trained already, and its weights do not change any more.",
        ),
        Option(
            "`W[::-1, ::-1]`",
            "This turns the positions round and also exchanges A with T and C with G. Turned "
            "round once more by the program, it finds your word with every base replaced by its "
            "partner.",
        ),
        Option(
            "`W[:, ::-1]`",
            "This exchanges A with T and C with G. The program then turns the positions round, "
            "and together that is the reverse complement: it finds the site on the other strand.",
        ),
        Option(
            "`-W`",
            "The sign turns likes into dislikes. It does nothing to the order of the taps.",
        ),
    ),
    hints=(
        "What does the program do to the filter before it slides? What undoes that?",
        "Take a filter of two taps, write down its two rows, and turn them round twice.",
    ),
    solution=lambda given: (
        "Cross-correlation slides the filter as it is; convolution turns it round first. To turn "
        f"it round beforehand, `W[::-1]`, cancels that: **{given.letters[0]}**. Given `W` itself, "
        f"the program would find {given.word[::-1]}, {given.word} read backwards, which is another "
        "word. The *same* site on the other strand is the reverse "
        "complement, and its filter, slid as torch does, is `W[::-1, ::-1]`."
    ),
    effort=lambda given: len(given.word),
)

SET = ExerciseSet(
    "scanning",
    "The filter as a scanner",
    3297871,
    (WINDOWS, CHANGES, FLIP, SCAN, BOTH_COPIES, WHY_ONE),
)
