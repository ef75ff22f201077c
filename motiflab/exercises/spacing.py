"""Exercises on two motifs at a distance: what one unit must see, what the second layer reads."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.exercises.exercise import ExerciseSet, Mistake
from motiflab.exercises.spacing_field import FIELD
from motiflab.exercises.spacing_gaps import GAPS
from motiflab.exercises.spacing_network import WHOLE
from motiflab.exercises.values import Choice, Option, Text, Value
from motiflab.grammar import field_needed
from motiflab.sequences import reverse_complement


def _draw_needed(rng: np.random.Generator) -> dict[str, int]:
    """A gap range wider than the pooling window, so that each thing left out shows."""
    while True:
        w = int(rng.integers(3, 6))
        shortest = w + int(rng.integers(0, 6))
        drawn = {
            "L_A": int(rng.integers(5, 13)),
            "L_B": int(rng.integers(5, 13)),
            "shortest": shortest,
            "longest": shortest + w + int(rng.integers(1, 5)),
            "w": w,
        }
        # Otherwise the longest pair, rounded up to whole windows, would be right by chance.
        if (drawn["L_A"] + drawn["longest"] + drawn["L_B"]) % w != 1:
            return drawn


def _spans(given: SimpleNamespace, answer: np.ndarray, gap: int) -> bool:
    """Whether the answer is the length of the pair with this gap, with or without the jump."""
    length = given.L_A + gap + given.L_B
    return answer.shape == () and answer.item() in (length, length + given.w - 1)


NEEDED = Value(
    id="spacing.needed",
    title="How much must one unit see?",
    draw=_draw_needed,
    task=lambda given: (
        f"Motif A has $L_A = {given.L_A}$ bases, motif B has $L_B = {given.L_B}$. A comes first, "
        f"and between them lie {given.shortest} to {given.longest} other bases. After the first "
        f"layer there is a max-pooling with windows of {given.w}, so the units of the second layer "
        f"stand {given.w} bases apart. The motifs may lie anywhere, except near the ends of the "
        "sequence.\n\n"
        "How many bases long must the receptive field of a unit be at least, so that **some** unit "
        "sees both motifs whole, whatever the gap and wherever they lie? (Fields without holes.) "
        "Give one whole number."
    ),
    right=lambda given: field_needed(given.L_A, given.longest, given.L_B, given.w),
    mistakes=(
        Mistake(
            "receptive field without the gap",
            "Both motifs are in your count, but what lies between them takes room, too: a unit "
            "that sees A and B also sees every base from the one to the other.",
            lambda given: given.L_A + given.L_B,
            lambda given, answer: _spans(given, answer, 0),
        ),
        Mistake(
            "shortest gap taken",
            "A field of this size sees the pair when the motifs are close. Read once more which "
            "gaps must be seen.",
            lambda given: given.L_A + given.shortest + given.L_B + given.w - 1,
            lambda given, answer: _spans(given, answer, given.shortest),
        ),
        Mistake(
            "jump forgotten",
            "This is the length of the longest pair, and it would do if a unit began at every "
            "base. Think of a pair that begins one base after a unit does.",
            lambda given: given.L_A + given.longest + given.L_B,
        ),
        Mistake(
            "jump counted at both ends",
            "You left room on both sides of the pair. A field that begins too early has bases to "
            "spare at its beginning. Does the same field need bases to spare at its end?",
            lambda given: given.L_A + given.longest + given.L_B + 2 * (given.w - 1),
        ),
        Mistake(
            "off by one",
            "Very close. A pair that begins just where a field begins loses nothing of that field. "
            "So how many bases of a field are lost in the worst place?",
            lambda given: given.L_A + given.longest + given.L_B + given.w,
        ),
    ),
    hints=(
        "First forget the pooling: how long is the longest stretch from the first base of A to the "
        "last base of B?",
        lambda given: (
            f"Now the pooling: draw the fields of a few units as bars, each beginning {given.w} "
            "bases after the one before, and slide the pair along beneath them, base by base."
        ),
        "In the worst place, how many bases lie between the beginning of the last field that "
        "begins early enough and the beginning of the pair? The field must be longer by so many.",
    ),
    solution=lambda given: (
        f"The longest pair has $n = L_A + g_{{\\max}} + L_B = {given.L_A} + {given.longest} + "
        f"{given.L_B} = {given.L_A + given.longest + given.L_B}$ bases. Fields begin every "
        f"$J = {given.w}$ bases. In the worst place the last field to begin early enough began "
        f"$J - 1 = {given.w - 1}$ bases before the pair; those bases of it are spent. So\n\n"
        f"$$r = L_A + g_{{\\max}} + L_B + (J - 1) = "
        f"{given.L_A + given.longest + given.L_B} + {given.w - 1} = "
        f"\\mathbf{{{field_needed(given.L_A, given.longest, given.L_B, given.w)}}}.$$"
    ),
    effort=lambda given: (given.shortest >= given.w, given.longest - given.shortest >= given.w),
)


def _draw_strand(rng: np.random.Generator) -> dict[str, Any]:
    """Two short motifs that do not read the same on both strands, nor backwards."""
    while True:
        A, B = ("".join(rng.choice(list("ACGT"), 5)) for _ in range(2))
        forms = {turn for word in (A, B) for turn in (word, word[::-1], reverse_complement(word))}
        if len(forms) == 6:
            return {"A": A, "B": B, "gap": int(rng.integers(4, 10))}


STRAND = Choice(
    id="spacing.strand",
    title="The pair, turned round",
    draw=_draw_strand,
    task=lambda given: (
        f"Two proteins hold each other and bind A = {given.A} and B = {given.B}, A first, with "
        f"{given.gap} bases between:\n\n    5′ {given.A}{'n' * given.gap}{given.B} 3′\n\n"
        "The whole complex can as well sit on DNA the other way round, so that the line above "
        "stands on the **other** strand. What then stands on the strand that you read, from 5′ to "
        "3′? A′ and B′ are the reverse complements of A and B."
    ),
    options=(
        Option("B′, the same gap, A′"),
        Option(
            "A′, the same gap, B′",
            "Each motif is turned as it should be. But the pair is turned as a whole: which of "
            "the two do you meet first when you come from the other end?",
        ),
        Option(
            "B, the same gap, A",
            "The order is right. Now read single letters: on the other strand each base has its "
            "partner, and the letters come in the opposite direction.",
        ),
        Option(
            "B and A, each spelled backwards, B first",
            "This is the reverse, not the reverse complement: the strand that you read carries the "
            "partners of those bases.",
        ),
        Option(
            "A, the same gap, B, since the two strands carry the same information",
            "They do carry the same information, but not the same letters. A filter compares "
            "letters, so for it the turned pair is another pattern.",
        ),
    ),
    hints=(
        "Write the line on paper, its partner bases beneath it, and mark the 5′ end of the lower "
        "line.",
        "The lower line is read from right to left. What do you meet first?",
    ),
    solution=lambda given: (
        "Write the partners beneath and read from their 5′ end, that is from the right:\n\n"
        f"    5′ {reverse_complement(given.B)}{'n' * given.gap}{reverse_complement(given.A)} 3′"
        "\n\nB comes first now and both motifs are reverse complements: **B′, the same gap, A′**. "
        "The gap keeps its length, so the receptive field need not grow; but filters that know "
        "only A and B do not see the turned pair. The network needs filters for A′ and B′ and for "
        "their new order, or it reads the reverse complement as well."
    ),
    effort=lambda given: (len(given.A), len(given.B)),
)

WHY = Text(
    id="spacing.why",
    title="Why did it learn nothing?",
    task=lambda given: (
        "A colleague wants to learn which spacing of two motifs matters. In both classes each "
        "sequence has both motifs; only the gap differs. The two-layer network stays at an AUROC "
        "of 0.5. To help, the colleague raises the dilation of the second layer until the "
        "receptive field is longer than the longest pair. It gets hardly better.\n\n"
        "In three to five sentences: what was the reason at first, what is it now, and what would "
        "you do? Look back at what you predicted in the exercise before."
    ),
    hints=(
        "Which comparison does a unit have to make, and what must it see for that?",
        "A receptive field says from where to where. Does a unit see everything in between?",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        "- To know the gap, one unit must see (something of) both motifs. At first no unit did: "
        "below $g_{\\min} + 2$ bases that is impossible, whatever the training.\n"
        "- Each motif alone is equally frequent in both classes, so filters of the first layer "
        "cannot help by themselves.\n"
        "- To be sure to see everything takes $L_A + g_{\\max} + L_B + (J - 1)$ bases, *without "
        "holes where the motifs lie*.\n"
        "- Dilation widens the field from end to end, but its taps may leave holes between them; "
        "now parts of a motif fall into one.\n"
        "- A remedy: taps that touch, so $D \\cdot J$ not more than one tap sees; more taps, or "
        "several layers with growing dilation. Then draw what is seen before training."
    ),
)

SET = ExerciseSet(
    "spacing", "Two motifs at a distance", 3297873, (NEEDED, GAPS, STRAND, FIELD, WHOLE, WHY)
)
