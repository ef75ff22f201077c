"""The exercise on scanning in which a base mutates: which outputs notice, and by how much."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.alphabet import BASES
from motiflab.convolution import cross_correlate, output_length
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.markdown import weights_table
from motiflab.exercises.values import Value
from motiflab.sequences import one_hot


def _draw_changes(rng: np.random.Generator) -> dict[str, Any]:
    """A base that the first tap meets in one output and the last tap in another.

    The framework draws again until one of the two rises and the other falls: a learner who drops
    the signs is told so.
    """
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


def _padded_once(given: SimpleNamespace) -> np.ndarray:
    """The changes of the outputs that need no zero at the right end."""
    length = len(given.sequence) + given.P
    return _change(given)[: output_length(length, given.K, given.S, 0, given.D)]


def _first_overlooked(given: SimpleNamespace) -> np.ndarray:
    """The changes without that of the first output that sees the base."""
    found = _change(given)
    found[_meetings(given)[0][0]] = 0
    return found


def _new_weights(given: SimpleNamespace) -> np.ndarray:
    """What the new base adds to the outputs, without what the old one added."""
    added = np.zeros(len(_change(given)))
    for j, k in _meetings(given):
        added[j] = given.W[k, BASES.index(given.new)]
    return added


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
            "signs forgotten",
            "The outputs and the sizes are right. But an output can fall as well as rise: give "
            "each change its sign, new minus old.",
            lambda given: np.abs(_change(given)),
        ),
        Mistake(
            "reverse complement",
            "Here the filter looks for its motif on the other strand. Use it as it is given.",
            lambda given: _change(given, given.W[::-1, ::-1]),
        ),
        Mistake(
            "padding counted once",
            "Here the zeros stand at one end only. They are added at each end.",
            _padded_once,
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
            "new weights, not changes",
            "The outputs are the right ones, and what you give is what the new base adds to each. "
            "The old base added something, too, and now that is gone.",
            _new_weights,
        ),
        Mistake(
            "an output overlooked",
            "Somewhere you say that nothing changes, and something does. More than one output can "
            "see the same base, each by another of its taps: have you asked every tap?",
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
