"""Of the exercises on spacing: the gaps that a filter of the second layer cannot tell apart."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from motiflab.exercises.exercise import Mistake
from motiflab.exercises.markdown import table
from motiflab.exercises.values import Value


def _draw_gaps(rng: np.random.Generator) -> dict[str, int]:
    """B first, which is not the order of the table; the motifs differ in length."""
    w, apart, tap_B = (int(rng.integers(*ends)) for ends in ((3, 6), (4, 7), (0, 3)))
    L_B = int(rng.integers(5, min(12, (w - 1) * apart)))  # so that the gap is a gap
    L_A = int(rng.choice([length for length in range(5, 12) if abs(length - L_B) > 1]))
    return {"L_A": L_A, "L_B": L_B, "w": w, "tap_B": tap_B, "tap_A": tap_B + apart}


def _gaps(given: SimpleNamespace, length: int, early: int = 1, late: int = 1) -> list[int]:
    """Gaps after a motif of that length, the starts `early` and `late` windows less one apart."""
    starts = given.w * (given.tap_A - given.tap_B)
    blur = given.w - 1
    return [starts - early * blur - length, starts + late * blur - length]


def _second_filter(given: SimpleNamespace) -> str:
    taps = range(given.tap_A + 1)
    return table(
        ["weights", *(f"tap {tap}" for tap in taps)],
        [
            ("on filter A", *(2 if tap == given.tap_A else 0 for tap in taps)),
            ("on filter B", *(2 if tap == given.tap_B else 0 for tap in taps)),
        ],
    )


GAPS = Value(
    id="spacing.gaps",
    title="Gaps that look alike",
    draw=_draw_gaps,
    task=lambda given: (
        f"Two filters of the first layer are exactly as long as their motifs: filter A, "
        f"{given.L_A} bases, fires at the first base of each motif A; filter B, {given.L_B} bases, "
        f"at that of each motif B. Then max-pooling takes {given.w} neighbouring places at a time "
        "(no overlap). A filter of the second layer reads the pooled places with these weights:"
        f"\n\n{_second_filter(given)}\n\n"
        "It scores highest when both of its taps meet a motif. That happens for several gaps, and "
        "it cannot tell them apart. Give the shortest and the longest of them as two numbers, "
        "`[shortest, longest]`. The gap is the number of bases **between** the two motifs."
    ),
    right=lambda given: _gaps(given, given.L_B),
    mistakes=(
        Mistake(
            "start to start taken for the gap",
            "You have the distances between the two first bases. The gap begins later, where the "
            "motif on the left ends.",
            lambda given: _gaps(given, 0),
        ),
        Mistake(
            "both motifs taken off",
            "You took the lengths of both motifs off. Measured from first base to first base, "
            "which of the two lies on the way?",
            lambda given: _gaps(given, given.L_A + given.L_B),
        ),
        Mistake(
            "shifted by one",
            "The range is as wide as it should be, and shifted by a single base. Try it on a "
            "small case: a motif of 2 bases begins at position 0, the next one at 3. How many "
            "bases lie between them?",
            lambda given: _gaps(given, given.L_B + 1),
            lambda given, answer: (
                answer.shape == (2,)
                and len({*(answer - _gaps(given, given.L_B)).tolist()} & {-1.0, 1.0}) == 1
                and answer[1] - answer[0] == 2 * (given.w - 1)
            ),
        ),
        Mistake(
            "order overlooked",
            "The range is as wide as it should be. Look at the table once more: which of the two "
            "motifs stands on the left?",
            lambda given: _gaps(given, given.L_A),
        ),
        Mistake(
            "pooling blur forgotten",
            "That gap is one of them. But after the pooling a motif may lie anywhere in its "
            "window: what is the closest, and the farthest, that the two can be?",
            lambda given: _gaps(given, given.L_B, 0, 0),
        ),
        Mistake(
            "pooled places taken for bases",
            "Count the bases: from one pooled place to the next it is a whole window.",
            lambda given: [given.tap_A - given.tap_B, given.tap_A - given.tap_B],
            lambda given, answer: (
                answer.shape == (2,)
                and set(answer.tolist()) <= {given.tap_A - given.tap_B - n for n in range(2)}
            ),
        ),
        Mistake(
            "off by one",
            "Very close, at both ends. From the first place of a window to its last it is less "
            "than a whole window: count the steps.",
            lambda given: _gaps(given, given.L_B + 1)[:1] + _gaps(given, given.L_B - 1)[1:],
        ),
        Mistake(
            "longest first",
            "Look at the order that is asked for: the shorter gap comes first.",
            lambda given: _gaps(given, given.L_B)[::-1],
        ),
        Mistake(
            "blur on one side",
            "One end of your range is right. Each of the two motifs may lie early or late in its "
            "window; look at both cases.",
            lambda given: _gaps(given, given.L_B, 0, 1),
            lambda given, answer: (
                answer.shape == (2,) and np.equal(answer, _gaps(given, given.L_B)).sum() == 1
            ),
        ),
    ),
    hints=(
        "Sketch the pooled places as boxes and write into each the positions of the bases that it "
        "stands for. In which box must each motif begin?",
        "Take the two beginnings as close together as these boxes allow, then as far apart. These "
        "are distances from first base to first base.",
        "From first base to first base, part of the way is the motif on the left itself.",
    ),
    solution=lambda given: (
        f"B begins in the window of tap {given.tap_B}, A in that of tap {given.tap_A}: B stands on "
        f"the left. The windows begin {given.tap_A - given.tap_B} · {given.w} = "
        f"{given.w * (given.tap_A - given.tap_B)} bases apart. B may be last in its window and A "
        f"first, which is {given.w - 1} bases closer, or the reverse, {given.w - 1} farther: from "
        f"start to start {_gaps(given, 0)[0]} to {_gaps(given, 0)[1]} bases. B itself takes "
        f"{given.L_B} of them, so the gaps are **{_gaps(given, given.L_B)[0]} to "
        f"{_gaps(given, given.L_B)[1]}**. In symbols $g = w\\,(k_A - k_B) - L_B \\pm (w - 1)$: "
        "pooling blurs distance."
    ),
    effort=lambda given: (given.tap_B < given.tap_A, given.L_A != given.L_B),
)
