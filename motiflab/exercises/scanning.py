"""Exercises on a filter that scans a sequence: how many windows there are and what each scores."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.alphabet import BASES
from motiflab.convolution import cross_correlate, output_length
from motiflab.exercises.exercise import ExerciseSet, Mistake
from motiflab.exercises.markdown import weights_table
from motiflab.exercises.scanning_functions import SCAN
from motiflab.exercises.scanning_target import BOTH_COPIES, WHY_ONE
from motiflab.exercises.values import Choice, Option, Value
from motiflab.sequences import one_hot

# -- 1 ----------------------------------------------------------------------------------------


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

# -- 2 ----------------------------------------------------------------------------------------


def _draw_changes(rng: np.random.Generator) -> dict[str, Any]:
    """A base that the first tap meets in one output and the last tap in another."""
    K, S, D = 3, 2, 3
    P, L = int(rng.integers(1, 4)), int(rng.integers(11, 14))
    last = output_length(L, K, S, P, D) - 1
    j = int(rng.integers(D, last + 1))  # where tap 0 meets it; tap 2 does three outputs earlier
    i = j * S - P
    sequence = "".join(rng.choice([*BASES], L))
    others = [base for base in BASES if base != sequence[i]]
    W = np.array([rng.permutation([-3, -1, 1, 4]) + int(rng.integers(0, 3)) for _ in range(K)])
    return {"sequence": sequence, "i": i, "new": str(rng.choice(others)), "W": W, "b": -2,
            "K": K, "S": S, "P": P, "D": D}  # fmt: skip


def _mutant(given: SimpleNamespace) -> str:
    return given.sequence[: given.i] + given.new + given.sequence[given.i + 1 :]


def _change(given: SimpleNamespace, W: np.ndarray | None = None, **other: int) -> np.ndarray:
    """New outputs minus old ones, by that filter and way of moving."""
    W = given.W if W is None else W
    moves = {"stride": given.S, "padding": given.P, "dilation": given.D} | other
    new, old = (
        cross_correlate(one_hot(word), W, given.b, **moves)
        for word in (_mutant(given), given.sequence)
    )
    return new - old


def _first_overlooked(given: SimpleNamespace) -> np.ndarray:
    """The changes without that of the first output that sees the base."""
    found = _change(given)
    found[_meetings(given)[0][0]] = 0
    return found


def _overlooked(answer: np.ndarray, right: np.ndarray) -> bool:
    """Tell whether all that is there is right, and 0 stands where something is missing."""
    if answer.shape != right.shape:
        return False
    return bool((np.isclose(answer, right) | (answer == 0)).all())


def _meetings(given: SimpleNamespace) -> list[tuple[int, int]]:
    """Outputs that see the base, and by which tap."""
    outputs = output_length(len(given.sequence), given.K, given.S, given.P, given.D)
    return [
        (j, k)
        for j in range(outputs)
        for k in range(given.K)
        if j * given.S - given.P + k * given.D == given.i
    ]


def _meetings_in_words(given: SimpleNamespace) -> str:
    old, new = given.sequence[given.i], given.new
    a, c = BASES.index(new), BASES.index(old)
    return "; ".join(
        f"output {j} by tap {k}, which changes it by $W_{{{k},{new}}} - W_{{{k},{old}}} = "
        f"{given.W[k, a]} - ({given.W[k, c]}) = {given.W[k, a] - given.W[k, c]}$"
        for j, k in _meetings(given)
    )


CHANGES = Value(
    id="scanning.changes",
    title="Change one base",
    draw=_draw_changes,
    task=lambda given: (
        f"A filter with K = {given.K} taps and the bias {given.b} scans `{given.sequence}` with "
        f"stride S = {given.S}, P = {given.P} zeros at each end and dilation D = {given.D}. Its "
        f"weights are\n\n{weights_table(given.W)}\n\nThen the base at position **{given.i}** "
        f"(counted from 0), {given.sequence[given.i]}, mutates to **{given.new}**. By how much "
        "does each output change, new minus old? Give one number for each output, from $y_0$ to "
        "the last, as a list. Most are 0: think before you calculate. (The numbers are "
        "`given.sequence`, `given.W`, `given.b`, `given.K`, `given.S`, `given.P`, `given.D`, "
        "`given.i` and `given.new`.)"
    ),
    right=_change,
    mistakes=(
        Mistake(
            "convolution flipped",
            "The right outputs change, but each by the weights of the wrong end of the filter: in "
            "deep learning the filter is not turned round. Which tap lies furthest left?",
            lambda given: _change(given, given.W[::-1]),
        ),
        Mistake(
            "old minus new",
            "The outputs and the sizes fit. Look at the signs: new minus old is asked for.",
            lambda given: -_change(given),
        ),
        Mistake(
            "padding forgotten",
            "This is how it would be without the zeros. They let the filter begin P positions "
            "earlier, so every output lies further left, and there are more of them.",
            lambda given: _change(given, padding=0),
        ),
        Mistake(
            "dilation forgotten",
            "Here the taps lie side by side. With a dilation there are holes between them, and a "
            "base in a hole is not met.",
            lambda given: _change(given, dilation=1),
        ),
        Mistake(
            "stride forgotten",
            "Here the filter moves by one position. From each output to the next it moves by S.",
            lambda given: _change(given, stride=1),
        ),
        Mistake(
            "outputs, not their changes",
            "These are the outputs after the mutation. What is asked for is how far each has "
            "moved, and an output that does not see the base has not moved at all.",
            lambda given: cross_correlate(
                one_hot(_mutant(given)), given.W, given.b, given.S, given.P, given.D
            ),
        ),
        Mistake(
            "an output overlooked",
            "Where you say that nothing changes, something does: one more output sees this base, "
            "by another of its taps.",
            _first_overlooked,
            lambda given, answer: _overlooked(answer, _change(given)),
        ),
    ),
    hints=(
        "An output can only change if one of its taps meets the mutated base. Which position does "
        "tap $k$ of output $j$ meet?",
        "Turn $i = jS - P + kD$ round: for each tap $k$, which $j$ puts it on position $i$? It "
        "must be a whole number and an output that exists.",
        "One-hot picks one weight of each tap. A mutation picks another weight of the same row "
        "instead; the bias and the other taps stay.",
    ),
    solution=lambda given: (
        "Tap $k$ of output $j$ meets position $jS - P + kD$, here "
        f"$2j - {given.P} + 3k$. It is {given.i} for {_meetings_in_words(given)}. The tap between "
        "them would need an output that is no whole number. All other outputs, and the bias, "
        f"have nothing to do with this base: **{[int(y) for y in _change(given)]}**."
    ),
    effort=lambda given: (given.K, given.S, given.D, [k for _, k in _meetings(given)]),
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
