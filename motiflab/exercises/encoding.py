"""Exercises on sequences as numbers: channels and their order, batches, the other strand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.alphabet import BASES
from motiflab.encodings import integer_codes
from motiflab.exercises.encoding_draws import draw_order, draw_word
from motiflab.exercises.encoding_functions import ENCODE, OTHER_STRAND
from motiflab.exercises.encoding_target import NO_ERROR, SURVIVE
from motiflab.exercises.exercise import ExerciseSet, Mistake
from motiflab.exercises.markdown import table
from motiflab.exercises.values import Choice, Option, Value
from motiflab.sequences import decode, one_hot, reverse_complement

_PADDING = 2
_COMPLEMENT = str.maketrans(BASES, BASES[::-1])


# -- 1 ----------------------------------------------------------------------------------------


def _draw_opposite(rng: np.random.Generator) -> dict[str, Any]:
    order = draw_order(rng)
    x = one_hot(draw_word(rng, 6), order, channels="first").astype(int)
    return {"order": order, "x": np.pad(x, ((0, 0), (0, _PADDING)))}


def _sequence(given: SimpleNamespace) -> str:
    return decode(given.x, given.order, channels="first")


def _misread(given: SimpleNamespace) -> str:
    return decode(given.x, channels="first")


OPPOSITE = Value(
    id="encoding.opposite",
    title="Read a matrix from the other strand",
    draw=_draw_opposite,
    task=lambda given: (
        f"This is one sequence of a batch, channels first, so its shape is {given.x.shape}. Its "
        f"channels are in the order **{', '.join(given.order)}**, and it was shorter than the "
        "longest of its batch.\n\n"
        + table(
            ["channel", *map(str, range(given.x.shape[1]))],
            [(c, *row) for c, row in enumerate(given.x)],
        )
        + "\n\nWhich sequence stands on the **other strand**, read 5′ to 3′? Write its letters in "
        "quotes. (The matrix is `given.x`, the order `given.order`.)"
    ),
    right=lambda given: reverse_complement(_sequence(given)),
    mistakes=(
        Mistake(
            "this strand given",
            "You read the matrix well. What is asked for is the strand on the other side.",
            _sequence,
        ),
        Mistake(
            "reverse instead of reverse complement",
            "Right letters, read from the right end: but on the other strand each base is also "
            "replaced by the one that pairs with it.",
            lambda given: _sequence(given)[::-1],
        ),
        Mistake(
            "complement without reversing",
            "Each base has its partner, good. The other strand runs the other way, though: at "
            "which end does its 5′ end lie?",
            lambda given: _sequence(given).translate(_COMPLEMENT),
        ),
        Mistake(
            "order A, C, G, T assumed",
            "This reads the rows as A, C, G, T. Look again at the order that your channels have.",
            lambda given: reverse_complement(_misread(given)),
            lambda given, answer: answer in (_misread(given), reverse_complement(_misread(given))),
        ),
        Mistake(
            "channels turned round for the partners",
            "Turning the channels round exchanges each base for its partner only if the order is "
            "mirrored, as A, C, G, T is. In your order the partner of a base lies elsewhere.",
            lambda given: decode(given.x, given.order[::-1], channels="first")[::-1],
        ),
        Mistake(
            "padding read as a base",
            "This has a letter for every column. What is written in the last columns, and is it "
            "the mark of a base?",
            lambda given: reverse_complement(_sequence(given) + given.order[0] * _PADDING),
        ),
        Mistake(
            "padding read as N",
            "N is a base that is there but could not be read, and is written as four quarters. "
            "Look at the last columns again: is anything there?",
            lambda given: reverse_complement(_sequence(given) + "N" * _PADDING),
        ),
    ),
    hints=(
        "Go column by column: in which row is the 1, and which base has that place in your order?",
        "A column of zeros is padding, not a base: it only makes the sequence as long as the "
        "longest of the batch.",
        "A pairs with T and C with G, and the two strands run in opposite directions: the last "
        "base of one faces the first of the other.",
    ),
    solution=lambda given: (
        f"Column by column, with row 0 for {given.order[0]}, row 1 for {given.order[1]} and so "
        f"on, this strand reads {_sequence(given)}; the last {_PADDING} columns are padding. The "
        f"partners are, in the same places, {_sequence(given).translate(_COMPLEMENT)}. The other "
        "strand is read from its own 5′ end, which lies at the right: "
        f"**{reverse_complement(_sequence(given))}**."
    ),
    effort=lambda given: (given.x.shape, int(given.x.sum()), int(given.x.any(axis=1).sum())),
)

# -- 2 ----------------------------------------------------------------------------------------


def _codes(given: SimpleNamespace) -> str:
    codes = integer_codes(given.order, given.order)[:, 0]
    return ", ".join(f"{base} = {code:g}" for base, code in zip(given.order, codes))


INTEGERS = Choice(
    id="encoding.integers",
    title="What one weight cannot say",
    draw=lambda rng: {"order": draw_order(rng)},
    task=lambda given: (
        f"To save memory, somebody writes the bases as single numbers, {_codes(given)}: one "
        "channel in place of four. Each tap of a filter then has one weight $w$, and adds $w$ "
        "times the number of the base that it meets. Which of these is true, whatever $w$ is?"
    ),
    options=(
        Option("It cannot add more for the base written 2 than for each of the other three."),
        Option(
            "It cannot add more for the base written 3 than for each of the other three.",
            "Try any positive $w$: which of $0, w, 2w, 3w$ is the largest?",
        ),
        Option(
            "It cannot add more for the base written 0 than for each of the other three.",
            "Try a negative $w$: which of $0, w, 2w, 3w$ is the largest?",
        ),
        Option(
            "It cannot add the same for all four bases.",
            "There is one $w$ that does just that, and then the tap has no opinion at all.",
        ),
        Option(
            "It cannot add exactly twice as much for the base written 2 as for the base written 1.",
            "It does so for every $w$, and cannot help it: that is the prejudice in these numbers.",
        ),
    ),
    hints=(
        "Write down the four numbers that the tap can add: they all come from the one $w$.",
        "Draw these four in their order for a positive $w$ and for a negative one. Which bases "
        "ever stand at the top?",
    ),
    solution=lambda given: (
        "The tap adds $0, w, 2w$ or $3w$. For $w > 0$ the largest is $3w$, for $w < 0$ it is $0$: "
        f"only {given.order[3]} or {given.order[0]} can be the favourite, because they happen to "
        f"stand at the ends of the order. To prefer {given.order[2]}, it would need "
        "$2w > 3w$ and $2w > 0$, that is $w < 0$ and $w > 0$. So the answer is "
        f"**{given.letters[0]}**. With one-hot, the tap has a weight of its own for each base, and "
        "all bases are equally far apart, $\\sqrt 2$."
    ),
    effort=lambda given: len(given.order),
)

SET = ExerciseSet(
    "encoding",
    "Sequences as numbers",
    3297893,
    (OPPOSITE, INTEGERS, ENCODE, OTHER_STRAND, SURVIVE, NO_ERROR),
)
