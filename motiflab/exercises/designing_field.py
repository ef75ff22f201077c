"""Design a network: the field by hand, the negatives that ask for it, and the proof."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np

from motiflab.convolution import receptive_field
from motiflab.exercises.designing_grammar import (
    effort,
    grammar,
    own_grammar,
    told,
)
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.values import Choice, Option, Text, Value
from motiflab.stacks import Stack

STREAM = "designing"


def _needed(given: SimpleNamespace) -> int:
    return grammar(given).needed(given.stack[1])


def _reached(given: SimpleNamespace) -> int:
    return receptive_field(Stack(*given.stack).layers).size


def _slip(name: str, message: str, which: int, wrong: Callable[[SimpleNamespace], int]) -> Mistake:
    """Make a mistake in one of the two numbers; it is seen whatever the other one is."""

    def example(given: SimpleNamespace) -> list[int]:
        answer = [_needed(given), _reached(given)]
        answer[which] = wrong(given)
        return answer

    def seen(given: SimpleNamespace, answer: np.ndarray) -> bool:
        return answer.shape == (2,) and answer[which] == wrong(given)

    return Mistake(name, message, example, seen)


FIELD = Value(
    id="designing.field",
    title="The field you need, and the field you have",
    stream=STREAM,
    draw=own_grammar,
    task=lambda given: (
        f"{told(given)}\n\nA colleague proposes a network of two layers. The filters of the first "
        f"have K = {given.stack[0]} bases. The maximum of each {given.stack[1]} neighbouring "
        f"windows is kept (w = {given.stack[1]}, step {given.stack[1]}). The filters of the second "
        f"layer have K′ = {given.stack[2]} taps, D = {given.stack[3]} pooled positions apart.\n\n"
        "Give two numbers of bases, `[needed, reached]`: the receptive field that holds both "
        "motifs of every positive whole, wherever they lie; and the receptive field of one unit "
        "of your colleague's second layer."
    ),
    right=lambda given: [_needed(given), _reached(given)],
    mistakes=(
        _slip(
            "receptive field without the gap",
            "Your first number has room for the two motifs and none for what lies between them.",
            0,
            lambda given: given.first + given.second + given.stack[1] - 1,
        ),
        _slip(
            "shortest gap taken for the longest",
            "Your first number holds the positives whose motifs are nearest to each other. Must "
            "it not hold the others, too?",
            0,
            lambda given: _needed(given) - given.gap_max + given.gap_min,
        ),
        _slip(
            "steps of the pooling forgotten",
            "Your first number would do if a unit could stand at every base. Behind the pooling "
            "units stand further apart, and the motifs begin where they like.",
            0,
            lambda given: grammar(given).needed(),
        ),
        _slip(
            "pooling ignored in the field",
            "In your second number the taps of the second layer are counted in pooled positions. "
            "How many bases is it from one of those to the next?",
            1,
            lambda given: _span(given.stack, step=1),
        ),
        _slip(
            "dilation ignored",
            "In your second number neighbouring taps of the second layer stand side by side. In "
            "this network they do not.",
            1,
            lambda given: _span((*given.stack[:3], 1), step=given.stack[1]),
        ),
        _slip(
            "off by one tap",
            "Your second number takes one stride from tap to tap too many: how many steps lie "
            "between the first tap and the last?",
            1,
            lambda given: _reached(given) + given.stack[3] * given.stack[1],
        ),
        _slip(
            "width of the pooling forgotten",
            "In your second number each tap of the second layer looks at one window of the first "
            "layer. It looks at a maximum over several, and each of them counts.",
            1,
            lambda given: _reached(given) - given.stack[1] + 1,
        ),
    ),
    hints=(
        "For the first number, draw the longest positive: A, gap, B. Then push it one base to the "
        "right, and again. When does the next unit take over?",
        "For the second number, go from the unit back to the bases: the taps of the second layer, "
        "then the windows that each of them pools, then the bases of a window. Add up what each "
        "layer adds.",
        "From unit to unit it is J = w bases, so a motif may be up to J − 1 bases away from the "
        "best place. And one step of the second layer's taps is D pooled positions of J bases.",
    ),
    solution=lambda given: (
        f"The longest positive has $L_A + g_{{max}} + L_B = {given.first} + {given.gap_max} + "
        f"{given.second} = {grammar(given).needed()}$ bases. Units stand "
        f"$J = w = {given.stack[1]}$ bases apart, and the motifs may begin anywhere, so "
        f"$J - 1 = {given.stack[1] - 1}$ more are needed: **{_needed(given)}**. Order and strand "
        "of the motifs change nothing.\n\n"
        f"The unit reaches $r = K + (w - 1) + D(K' - 1)J = {given.stack[0]} + "
        f"{given.stack[1] - 1} + {given.stack[3]} \\cdot {given.stack[2] - 1} \\cdot "
        f"{given.stack[1]}$ = **{_reached(given)}** bases. Whether it sees all of them is another "
        "question."
    ),
    effort=effort,
)


def _span(stack: tuple[int, ...], step: int) -> int:
    width, window, taps, dilation = stack
    return width + window - 1 + dilation * (taps - 1) * step


NEGATIVES = Choice(
    id="designing.negatives",
    title="Negatives that ask for the spacing",
    stream=STREAM,
    draw=own_grammar,
    task=lambda given: (
        f"Your positives hold {given.A} and {given.B} with {given.gap_min} to {given.gap_max} "
        "bases between them. You want to know whether a network can learn **the distance**. Which "
        "negatives ask for that?"
    ),
    options=(
        Option("The same two motifs, once each and in the same order, at another distance."),
        Option(
            "Random sequences with the composition of the positives.",
            "In random sequences there is neither motif, so to find one of the two is enough: a "
            "network of one layer would do well, whatever the distance.",
        ),
        Option(
            "Shuffles of the positives that keep every pair of neighbouring bases.",
            "Such shuffles are a fine choice when you ask which motif matters, for they destroy "
            "motifs. Here that makes it too easy: to find either motif would be enough.",
        ),
        Option(
            "Sequences with only one of the two motifs, half of them A and half B.",
            "Against these a network must find both motifs, which is nearer. But it may find one "
            "here and the other there: the distance between them is never asked for.",
        ),
        Option(
            "Positives, some of which are called negative by chance.",
            "With labels by chance there is nothing to learn. That makes a good control, but no "
            "task.",
        ),
    ),
    hints=(
        "A network learns whatever tells the two classes apart, and the easiest first. For each "
        "proposal: what is the easiest?",
        "Only one of the proposals leaves nothing but the distance.",
    ),
    solution=lambda given: (
        f"**{given.letters[0]}**: the same two motifs at another distance. Then no base, no word "
        "and no motif is more frequent in one class than in the other, and only their distance is "
        "left to learn. All the others can be told from the positives without it, or not at all."
    ),
)

PROOF = Text(
    id="designing.proof",
    title="Defend your design",
    stream=STREAM,
    draw=own_grammar,
    task=lambda given: (
        "Somebody says: “Your network has so few weights. It cannot have learned the distance; it "
        "must be a trick, or luck.” Answer in a few sentences. Say why your design can see what it "
        "needs in spite of its hole, what the trainings above show, and what they do not."
    ),
    hints=(
        "Three trainings: your design, your design with shuffled labels, and a second layer of one "
        "tap. What does each of them rule out?",
        "What would you do before you believed a difference of 0.01 between two designs?",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        "- *that it can*: one tap of the second layer sees A whole and the other B, for each gap "
        f"from {given.gap_min} to {given.gap_max} and in every phase; the hole falls between "
        "them, where no motif stands;\n"
        "- *that it did*: on sequences that it has not seen, the AUROC is far above 0.5;\n"
        "- *no trick of the data*: both classes hold both motifs, so neither of them alone can "
        "tell; a second layer of one tap touches only one motif at a time, and guesses;\n"
        "- *no leak and no luck*: trained on shuffled labels, it guesses, too; with another seed "
        "it comes out again;\n"
        "- *what is not shown*: that a smaller network of another family would fail. The smallest "
        "is the smallest of this family; and to be able to see is not yet to learn, which depends "
        "on data, seed and recipe."
    ),
)
