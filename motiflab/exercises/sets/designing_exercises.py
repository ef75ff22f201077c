"""A capstone: the smallest network that can solve a grammar of the learner's own."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import numpy as np

from motiflab.exercises import (
    Choice,
    ExerciseSet,
    Function,
    Given,
    Mistake,
    Open,
    Option,
    Shown,
    Target,
    Text,
    Unreadable,
    Value,
    read_numbers,
)
from motiflab.layers.receptive_fields import Grammar, Stack, holes, receptive_field, sees_whole

FILTERS = 16
"""Filters in each layer of every design, as in the explorer."""

MOTIFS = {
    7: ("GATA2", "TCF3", "SOX2"),
    8: ("FOXA1", "MYC", "NFYA", "CREB1"),
    9: ("ETS1", "STAT1", "HNF4A", "TEAD1"),
}
"""Names of motifs of JASPAR by their widths."""

RANGES = {"width": (1, 15), "window": (1, 6), "taps": (1, 8), "dilation": (1, 6)}
"""The family of designs: what each number may be; those of the explorer."""


def own_grammar(rng: np.random.Generator) -> dict[str, Any]:
    """Draw two motifs, their gaps in both classes, and somebody else's design."""
    while True:
        first, second = (int(width) for width in rng.choice(list(MOTIFS), 2))
        spread = int(rng.integers(2, 4))  # how much the gap varies
        a = str(rng.choice(MOTIFS[first]))
        b = str(rng.choice([name for name in MOTIFS[second] if name != a]))
        gap_min, apart = int(rng.integers(5, 11)), int(rng.integers(7, 9))
        given = Given(
            A=a,
            B=b,
            first=first,
            second=second,
            gap_min=gap_min,
            gap_max=gap_min + spread,
            far_min=gap_min + spread + apart,
            far_max=gap_min + 2 * spread + apart,
            turned=bool(rng.integers(2)),
            L=int(rng.integers(60, 81)),
        )
        # Of equal difficulty: the smallest design has filters one base wider than the longer
        # motif, as little as the variation of the gap allows, and two taps.
        least = math.ceil((first + second + spread) / 2)
        best = smallest(grammar(given), apart)
        if best and best[0][0] == least == max(first, second) + 1 and best[0][2] == 2:
            break
    windows = (2, 3, 4)
    while True:
        # Window and dilation are such that no two slips in the fields give the same result.
        window = int(rng.choice([w for w in windows if w - 1 != spread]))
        dilation = int(rng.choice([d for d in (2, 3) if d != window]))
        given.stack = (max(first, second), window, int(rng.integers(3, 5)), dilation)
        if _stack_tells_slips(given):
            return vars(given)
        windows = (2, 3, 4, 5, 6)  # with the first three there may be none


def _stack_tells_slips(given: Given) -> bool:
    """Tell whether the right fields differ from each other and from slips that are not named."""
    width, window, taps, dilation = given.stack
    pair, slit = grammar(given), width + window - 1
    return (
        _field(given.stack) not in (pair.needed(window), width * taps, slit * taps)
        and pair.needed() % window != 1  # or rounding up to whole windows would do
    )


def grammar(given: Given) -> Grammar:
    """Return lengths and gaps of the positives."""
    return Grammar(given.first, given.second, given.gap_min, given.gap_max)


def apart(given: Given) -> int:
    """Return by how many bases the gaps of positives and negatives differ at least."""
    return given.far_min - given.gap_max


def told(given: Given) -> str:
    """Return the grammar in words."""
    turned = ", read from the other strand" if given.turned else ""
    return (
        f"**Your grammar.** Each sequence of {given.L} bases contains motif A ({given.A}, "
        f"{given.first} bases) and, after a gap, motif B ({given.B}, {given.second} "
        f"bases{turned}), once each. In the positives the gap has {given.gap_min} to "
        f"{given.gap_max} bases, in the negatives {given.far_min} to {given.far_max}."
    )


def _written(design: tuple[int, ...]) -> str:
    """Write a design with its symbols."""
    return "K = {}, w = {}, K′ = {}, D = {}".format(*design)


def read_design(given: Given, answer: Any) -> tuple[int, ...]:
    """Return a design as four integers; raises `Unreadable`."""
    numbers = read_numbers(answer, (len(RANGES),), typed=True)
    if numbers.shape != (len(RANGES),):
        raise Unreadable(
            "Four whole numbers were expected, `(width, window, taps, dilation)`, in this order."
        )
    for (name, (low, high)), number in zip(RANGES.items(), numbers):
        if not (low <= number <= high and number == int(number)):
            raise Unreadable(
                f"In this family {name} is a whole number from {low} to {high}; yours is "
                f"{number:g}."
            )
    return tuple(int(number) for number in numbers)


@cache  # of all designs of the family
def _field(design: tuple[int, ...]) -> int:
    """Return the receptive field of a unit behind the second layer."""
    return receptive_field(Stack(*design).layers).size


def fault(given: Given, design: tuple[int, ...]) -> str:
    """Name what is the matter with a design; empty if it is one of the smallest that work."""
    pair, stack = grammar(given), Stack(*design)
    # The order matters: a wider field, say, is no help if a motif exceeds a filter.
    if stack.second_width == 1:
        return "second layer of width 1"
    if stack.width < max(pair.first, pair.second):
        return "filter narrower than a motif"
    if 2 * stack.window - 1 > apart(given):
        return "pooling blurs the gaps"
    size, room = _field(design), stack.window - 1
    if size < pair.needed(stack.window):
        if size >= pair.needed():
            return "steps of the pooling forgotten"
        if size >= pair.first + pair.gap_min + pair.second + room:
            return "shortest gap taken for the longest"
        if size >= pair.first + pair.second:
            return "receptive field without the gap"
        return "field too small"
    # Whether a motif falls into a hole takes long to find out, so it is asked last.
    if not sees_whole(stack, pair):
        return "dilation that skips a motif"
    cheapest = _price(smallest(pair, apart(given))[0])
    return "" if _price(design) == cheapest else "not smallest"


def with_fault(given: Given, name: str) -> tuple[int, ...]:
    """Return the cheapest design that has this fault."""
    return next(design for design in _by_price() if fault(given, design) == name)


def holed(design: tuple[int, ...]) -> int:
    """Count the bases of the hole in a unit's field."""
    return len(holes(Stack(*design).layers))


@lru_cache(maxsize=512)
def smallest(pair: Grammar, apart: int) -> list[tuple[int, ...]]:
    """Return all designs with the fewest parameters that see a grammar whole.

    The filters must be as wide as the longer motif, and the pooling fine enough to keep apart gaps
    that differ by `apart` bases: a distance of ``d`` bases becomes ``d / w`` pooled positions,
    rounded down or up as the phase has it, so two distances surely differ if ``2w - 1 <= apart``.
    """
    # The cheapest first: the search ends with the first price for which there is any.
    for _, designs in itertools.groupby(_by_price(), _price):
        found = [
            design
            for design in designs
            if design[0] >= max(pair.first, pair.second)
            and 2 * design[1] - 1 <= apart
            and sees_whole(Stack(*design), pair)
        ]
        if found:
            return found
    return []


def _price(design: tuple[int, ...]) -> int:
    """Return the number of parameters."""
    return Stack(*design).parameters(FILTERS)


@cache
def _by_price() -> list[tuple[int, ...]]:
    """Return all designs of the family, the cheapest first."""
    designs = itertools.product(*(range(low, high + 1) for low, high in RANGES.values()))
    return sorted(designs, key=_price)


def _effort(given: Given) -> tuple[int, ...]:
    """Say how far the smallest design lies from the obvious one."""
    width, window, taps, dilation = smallest(grammar(given), apart(given))[0]
    return width - max(given.first, given.second), taps, window > 2, dilation > 2


STREAM = "designing"


# -- The field that is needed, and the field that there is -----------------------------------------


def _needed(given: Given) -> int:
    return grammar(given).needed(given.stack[1])


def _span_unpooled(given: Given) -> int:
    """Return the field if the taps of the second layer stood on neighbouring bases."""
    width, window, taps, dilation = given.stack
    return width + window - 1 + dilation * (taps - 1)


def _slip(name: str, message: str, which: int, wrong: Callable[[Given], int]) -> Mistake:
    """Make a mistake in one of the two numbers; it is seen whatever the other one is."""

    def example(given: Given) -> list[int]:
        slip = wrong(given)
        return [slip, _field(given.stack)] if which == 0 else [_needed(given), slip]

    def seen(given: Given, answer: np.ndarray) -> bool:
        return answer.shape == (2,) and answer[which] == wrong(given)

    return Mistake(name, message, example, seen)


FIELD = Value(
    id="designing.field",
    title="The field you need, and the field you have",
    stream=STREAM,
    draw=own_grammar,
    task=lambda given: (
        f"{told(given)}\n\n"
        "A colleague proposes a network with two layers. The filters of the first layer have K = "
        f"{given.stack[0]} bases. Max-pooling keeps the largest of each {given.stack[1]} "
        f"neighbouring outputs (w = {given.stack[1]}, step {given.stack[1]}). The filters of the "
        f"second layer have K′ = {given.stack[2]} taps, D = {given.stack[3]} pooled positions "
        "apart.\n\n"
        "Give two numbers of bases, `[needed, reached]`: the smallest receptive field in which "
        "both motifs of every positive fit whole, wherever they are; and the receptive field of "
        "one unit of your colleague's second layer."
    ),
    right=lambda given: [_needed(given), _field(given.stack)],
    mistakes=(
        _slip(
            "receptive field without the gap",
            "Your first number has room for the two motifs, but not for the gap between them.",
            0,
            lambda given: given.first + given.second + given.stack[1] - 1,
        ),
        _slip(
            "shortest gap taken for the longest",
            "Your first number is enough for the positives with the shortest gap. What about the "
            "others?",
            0,
            lambda given: _needed(given) - given.gap_max + given.gap_min,
        ),
        _slip(
            "steps of the pooling forgotten",
            "Your first number would be enough if there were a unit at every base. After the "
            "pooling the units are further apart, and the motifs may begin anywhere.",
            0,
            lambda given: grammar(given).needed(),
        ),
        _slip(
            "pooling ignored in the field",
            "In your second number you counted the taps of the second layer in pooled positions. "
            "How many bases is it from one pooled position to the next?",
            1,
            _span_unpooled,
        ),
        _slip(
            "dilation ignored",
            "In your second number the taps of the second layer are next to each other. In this "
            "network they are not.",
            1,
            lambda given: _field((*given.stack[:3], 1)),
        ),
        _slip(
            "off by one tap",
            "Your second number has one step from tap to tap too many: how many steps are there "
            "between the first tap and the last?",
            1,
            lambda given: _field(given.stack) + given.stack[3] * given.stack[1],
        ),
        _slip(
            "width of the pooling forgotten",
            "In your second number each tap of the second layer sees one window of the first "
            "layer. It sees the maximum over several windows, and all of them count.",
            1,
            lambda given: _field(given.stack) - given.stack[1] + 1,
        ),
    ),
    hints=(
        "For the first number, draw the longest positive: A, gap, B. Then move it to the right, "
        "base by base. When does it fit into the field of the next unit?",
        "For the second number, go back from the unit to the bases: first the taps of the second "
        "layer, then the windows that each tap pools, then the bases of a window. Add up what "
        "each layer contributes.",
        "From unit to unit it is J = w bases, so the pair may be up to J − 1 bases away from the "
        "best place. One step between the taps of the second layer is D pooled positions of J "
        "bases.",
    ),
    solution=lambda given: (
        f"The longest positive has $L_A + g_{{max}} + L_B = {given.first} + {given.gap_max} + "
        f"{given.second} = {grammar(given).needed()}$ bases. Units are $J = w = {given.stack[1]}$ "
        f"bases apart, and the motifs may begin anywhere, so $J - 1 = {given.stack[1] - 1}$ more "
        f"are needed: **{_needed(given)}**. The order and the strand of the motifs do not "
        "matter.\n\n"
        f"The unit reaches $r = K + (w - 1) + D(K' - 1)J = {given.stack[0]} + "
        f"{given.stack[1] - 1} + {given.stack[3]} \\cdot {given.stack[2] - 1} \\cdot "
        f"{given.stack[1]}$ = **{_field(given.stack)}** bases. Whether it sees all of them is a "
        "different question."
    ),
    effort=_effort,
)


# -- Negatives that ask for the distance -----------------------------------------------------------

NEGATIVES = Choice(
    id="designing.negatives",
    title="Negatives that differ only in the spacing",
    stream=STREAM,
    draw=own_grammar,
    task=lambda given: (
        f"Your positives contain {given.A} and {given.B} with {given.gap_min} to {given.gap_max} "
        "bases between them. You want to know whether a network can learn **the distance**. Which "
        "negatives force it to?"
    ),
    options=(
        Option("The same two motifs, once each and in the same order, at another distance."),
        Option(
            "Random sequences with the composition of the positives.",
            "Random sequences contain neither motif, so it is enough to find one of the two: a "
            "network with one layer would do well, whatever the distance.",
        ),
        Option(
            "Shuffles of the positives that keep every pair of neighbouring bases.",
            "Such shuffles are a good choice if you ask which motif matters, because they destroy "
            "motifs. Here that makes it too easy: it would be enough to find either motif.",
        ),
        Option(
            "Sequences with only one of the two motifs, half of them A and half B.",
            "Against these a network must find both motifs, which is closer. But it does not have "
            "to know where they are: the distance between them does not matter.",
        ),
        Option(
            "Positives, some of which are called negative by chance.",
            "With random labels there is nothing to learn. That is a good control, but not a task.",
        ),
    ),
    hints=(
        "A network learns whatever separates the two classes, and the easiest difference first. "
        "What is the easiest difference in each proposal?",
        "In only one of the proposals the distance is the only difference.",
    ),
    solution=lambda given: (
        f"**{given.letters[0]}**: the same two motifs at another distance. Then no base, no word "
        "and no motif is more frequent in one class than in the other, and only their distance is "
        "left to learn. In all other proposals the classes can be separated without the distance, "
        "or not at all."
    ),
)


# -- Count the parameters --------------------------------------------------------------------------


def _counter(
    bases: int = 4,
    bias: int = 1,
    channels: bool = True,
    holes: bool = False,
    dense: bool = True,
) -> Callable[[tuple[int, ...], int], int]:
    """Make a function that counts parameters, with what it may leave out or count in addition."""

    def count(design: tuple[int, ...], filters: int) -> int:
        width, _, taps, dilation = design
        rows = dilation * (taps - 1) + 1 if holes else taps
        second = filters * ((filters if channels else 1) * rows + bias)
        last = filters + bias if dense else 0
        return filters * (bases * width + bias) + second + last

    return count


PARAMETERS = Function(
    id="designing.parameters",
    title="Count the parameters",
    stream=STREAM,
    draw=own_grammar,
    task=lambda given: (
        f"For your {given.A} and {given.B} you will soon choose among many designs, and the one "
        "with the fewest parameters wins. A design is a tuple of four whole numbers, `(width, "
        "window, taps, dilation)`:\n\n"
        "- the first layer has `filters` filters of `width` bases, each with a bias;\n"
        "- max-pooling keeps the largest of each `window` neighbouring outputs;\n"
        "- the second layer also has `filters` filters, each with a bias and with `taps` taps, "
        "which are `dilation` pooled positions apart; a tap reads all the filters of the first "
        "layer;\n"
        "- the maximum of each of these filters over all positions goes to one dense unit, which "
        "also has a bias.\n\n"
        "Write `parameters(design, filters)`, which returns the number of parameters that the "
        f"training must find. Try it on your colleague's design, `{given.stack}`, with `filters = "
        f"{FILTERS}`."
    ),
    right=lambda given: lambda design, filters: Stack(*design).parameters(filters),
    cases=lambda given, rng: [
        ((1, 1, 1, 1), 1),
        ((5, 1, 2, 1), 2),
        ((7, 4, 3, 1), FILTERS),
        ((9, 3, 2, 5), FILTERS),
        ((12, 2, 4, 3), 8),
    ],
    mistakes=(
        Mistake(
            "channels forgotten",
            "Each tap of the second layer has a single weight in your count. But a tap reads "
            "every filter of the first layer, with a weight for each of them.",
            lambda given: _counter(channels=False),
        ),
        Mistake(
            "biases forgotten",
            "Your count leaves the biases out: each filter has one, and so has the dense unit.",
            lambda given: _counter(bias=0),
        ),
        Mistake(
            "four bases counted as one",
            "At each of its positions, a filter of the first layer has a weight for each of the "
            "four bases.",
            lambda given: _counter(bases=1),
        ),
        Mistake(
            "holes counted as weights",
            "Your count grows with the dilation. But there are no weights between the taps.",
            lambda given: _counter(holes=True),
        ),
        Mistake(
            "dense layer forgotten",
            "The two layers are right. The dense unit that turns their maxima into one number has "
            "weights, too.",
            lambda given: _counter(dense=False),
        ),
    ),
    hints=(
        "Go from layer to layer: how many parameters does *one* filter have, and how many filters "
        "are there? Two of the four numbers of a design cost no parameters.",
        "A filter of the first layer is a table of `width` rows and 4 columns, and a bias. One of "
        "the second layer is a table of `taps` rows: how many columns does it have?",
    ),
    solution=lambda given: (
        "With F filters in each layer, the first has $F(4K + 1)$ parameters, the second $F(FK' + "
        "1)$, the dense unit $F + 1$. Pooling and dilation have none. Your colleague's design has "
        f"{_price(given.stack):,}. At F = {FILTERS} one more base of the first filters costs "
        f"{4 * FILTERS}, one more tap {FILTERS * FILTERS}: as much as {FILTERS // 4} bases."
    ),
    effort=_effort,
)


# -- A hole that does no harm ----------------------------------------------------------------------


def _as_changes(design: tuple[int, ...]) -> dict[str, int]:
    """Return the settings of the explorer that show a design."""
    return dict(zip(("width", "window", "second_width", "dilation"), design))


def _has_hole(shown: Shown) -> bool:
    return shown.result.seen < shown.result.field.size


HOLES = Target(
    id="designing.holes",
    title="A hole that does no harm",
    stream=STREAM,
    draw=own_grammar,
    explorer="GrammarExplorer",
    start=lambda given: {
        "first": given.first,
        "second": given.second,
        "gap_min": given.gap_min,
        "gap_max": given.gap_max,
        "width": max(given.first, given.second),
        "second_width": 2,
        "dilation": 6,
    },
    locked=("first", "second", "gap_min", "gap_max", "order", "depth"),
    task=lambda given: (
        f"{told(given)}\n\n"
        "The explorer shows your two motifs and the gaps of the positives. Find a network in "
        "which a unit has **a hole in its field**, but both motifs are **seen whole** at every "
        "gap and phase. Then the table of bases that the best-placed unit does not see contains "
        "only zeros. You can change the filter width (under *More*), the pooling window, and the "
        "width and dilation of the later layer."
    ),
    prediction=(
        "A unit does not see the middle of its field. Can it still see both of your motifs whole, "
        "at every gap? If so, where must the hole be, and what must be wider than in a field "
        "without a hole?"
    ),
    right=lambda given: _as_changes(smallest(grammar(given), apart(given))[0]),
    reached=lambda given, shown: shown.result.whole == shown.result.cases and _has_hole(shown),
    mistakes=(
        Mistake(
            "second layer of width 1",
            "With one tap in the later layer there can be no hole. Use at least two.",
            lambda given: {"second_width": 1, "dilation": 1},
            lambda given, shown: shown.state.second_width == 1,
        ),
        Mistake(
            "whole, but without a hole",
            "Both motifs are seen whole; this is half of the task. But this unit sees every base "
            "of its field: spread its taps until there is a hole between them.",
            lambda given: {"second_width": 8, "dilation": 1},
            lambda given, shown: shown.result.whole == shown.result.cases,
        ),
        Mistake(
            "field too small",
            "The field is too short for the pair with the longest gap. Compare “needed” and "
            "“reached” under the picture.",
            lambda given: {"dilation": 1},
            lambda given, shown: (
                shown.result.field.size < shown.result.grammar.needed(shown.result.field.jump)
            ),
        ),
        Mistake(
            "a motif in the hole",
            "There is a hole, but at some gap or phase a part of a motif falls into it. Look at "
            "the table: which gaps are missed, the short ones or the long ones? The hole should "
            "be between the motifs, and each tap must see enough bases for a motif in all its "
            "possible positions.",
            lambda given: {},
            lambda given, shown: _has_hole(shown),
        ),
    ),
    hints=(
        "Begin with two taps. Each of them sees a slit of K + w − 1 bases, and the second slit "
        "begins D·w bases after the first. One of them should see A and the other B.",
        "If only the long gaps are missed, the slits are too close together; if only the short "
        "ones are missed, they are too far apart. If both are missed, the slits are too narrow: "
        "widen the filter.",
    ),
    solution=lambda given: (
        f"For example {_written(smallest(grammar(given), apart(given))[0])}. A is in the slit of "
        "the first tap, B in that of the second, and the hole of "
        f"{holed(smallest(grammar(given), apart(given))[0])} bases between the slits falls into "
        "the gap. The slits must be wider than the motifs, because the gap varies by "
        f"{given.gap_max - given.gap_min} bases and the motifs may be anywhere between two units. "
        "Wider filters also work, with a smaller or a larger dilation."
    ),
    effort=_effort,
)


# -- The smallest design ---------------------------------------------------------------------------


def _design_slip(name: str, message: str) -> Mistake:
    """Make a mistake of the fault of that name."""
    return Mistake(
        name,
        message,
        lambda given: with_fault(given, name),
        lambda given, design: fault(given, design) == name,
    )


def _solution(given: Given) -> str:
    best = smallest(grammar(given), apart(given))
    width, window, _, dilation = best[0]
    pair = grammar(given)
    spread = given.gap_max - given.gap_min
    others = f" An equally small design is {_written(best[1])}." if len(best) > 1 else ""
    return (
        "One tap sees one motif at a time, so at least two are needed, and each further tap costs "
        f"{FILTERS**2} parameters. With two taps, A must fit into the first slit and B into the "
        "second. This must be true for the longest and for the shortest gap, in every phase, "
        "which means $L_A + g_{max} + L_B - K \\le Dw \\le K + g_{min}$. Such a $Dw$ exists only "
        f"if $2K \\ge L_A + L_B + (g_{{max}} - g_{{min}})$, here $2K \\ge {pair.first} + "
        f"{pair.second} + {spread} = {pair.first + pair.second + spread}$. So K = {width}, and "
        f"${pair.needed() - width} \\le Dw \\le {width + given.gap_min}$. With pooling windows of "
        f"at most {(apart(given) + 1) // 2}, so that the gaps can be told apart: "
        f"**{_written(best[0])}**, {_price(best[0]):,} parameters.{others} A loop over all "
        "designs finds the same."
    )


DESIGN = Open(
    id="designing.design",
    title="The smallest design",
    stream=STREAM,
    draw=own_grammar,
    task=lambda given: (
        f"{told(given)}\n\n"
        "Find the design with **the fewest parameters** that can solve this, and answer with a "
        f"tuple `(width, window, taps, dilation)`. Each layer has {FILTERS} filters. The family "
        "of designs: width 1 to 15, window 1 to 6, taps 1 to 8, dilation 1 to 6. A design must "
        "meet three conditions:\n\n"
        "1. a filter of the first layer is as wide as the longer motif, or wider;\n"
        "2. some unit sees both motifs whole, for each gap of the positives and wherever they are "
        "(the explorer says “seen whole” in every row);\n"
        "3. after the pooling, positives and negatives can still be told apart. After windows of "
        "w, a distance is known only to within ± (w − 1) bases. To be safe, require $2w - 1 \\le "
        f"{apart(given)}$, the difference between {given.gap_max} and {given.far_min}.\n\n"
        "Work it out on paper or with a loop, as you like. If several designs have the fewest "
        "parameters, each of them is right."
    ),
    right=lambda given: smallest(grammar(given), apart(given))[0],
    form=read_design,
    lacks=lambda given, design: (
        "This unit's field is shorter than the two motifs together." if fault(given, design) else ""
    ),
    mistakes=(
        _design_slip(
            "not smallest",
            "This design works: it sees everything, and the classes can be told apart. But "
            "another design in the family works with fewer parameters. What does a tap cost, what "
            "does a base of the first filters cost, and what costs nothing?",
        ),
        _design_slip(
            "second layer of width 1",
            "A second layer with one tap reads one pooled position. It can tell which motif is "
            "there, but not how far away the other is.",
        ),
        _design_slip(
            "filter narrower than a motif",
            "The first layer's filters are narrower than the longer of your motifs, so none of "
            "them can see it whole.",
        ),
        _design_slip(
            "pooling blurs the gaps",
            "Pooling costs nothing, but this one is too coarse: after it some distances of the "
            "positives look like some distances of the negatives. See the third condition.",
        ),
        _design_slip(
            "steps of the pooling forgotten",
            "The field would be just long enough if there were a unit at every base. After your "
            "pooling the units are further apart, and in some phases a part of a motif is outside "
            "the field.",
        ),
        _design_slip(
            "shortest gap taken for the longest",
            "This field is long enough for the shortest gap, but not for the longest.",
        ),
        _design_slip(
            "receptive field without the gap",
            "This field would be long enough for the two motifs without a gap. But there is a gap "
            "between them.",
        ),
        _design_slip(
            "dilation that skips a motif",
            "The field is wide enough, but it has a hole, and for some gap or phase a part of a "
            "motif falls into it. Set the explorer to this design and look at its table.",
        ),
    ),
    hints=(
        "Two of the four numbers cost nothing. Which of the other two is more expensive? Begin "
        "with as few of these as can work at all.",
        "Your network with the hole, from the exercise before, is a good start: make it cheaper, "
        "as long as every row says “seen whole”.",
        "Or let the computer try all designs: four nested loops, "
        "`motiflab.layers.sees_whole(Stack(*design), Grammar(...))`, and your own `parameters`.",
    ),
    solution=_solution,
    effort=_effort,
)


# -- Defend the design -----------------------------------------------------------------------------

PROOF = Text(
    id="designing.proof",
    title="Defend your design",
    stream=STREAM,
    draw=own_grammar,
    task=lambda given: (
        "Somebody says: “Your network has so few weights. It cannot have learned the distance; it "
        "must be a trick, or luck.” Answer in a few sentences. Explain why your design can see "
        "what it needs in spite of its hole, what the trainings above show, and what they do not "
        "show."
    ),
    hints=(
        "Three trainings: your design, your design with shuffled labels, and a second layer of one "
        "tap. What does each of them rule out?",
        "What would you do before you believed a difference of 0.01 between two designs?",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        "- *that it can*: one tap of the second layer sees A whole and the other B, for each gap "
        f"from {given.gap_min} to {given.gap_max} and in every phase; the hole is between them, "
        "where there is no motif;\n"
        "- *that it did*: on sequences that it has not seen, the AUROC is far above 0.5;\n"
        "- *no trick of the data*: both classes contain both motifs, so neither motif alone "
        "separates them. A second layer with one tap sees one motif at a time, and its AUROC is "
        "near 0.5;\n"
        "- *no leak and no luck*: with shuffled labels its AUROC is near 0.5, and with a different "
        "seed the result is the same;\n"
        "- *what is not shown*: that a smaller network of another family would fail. And a network "
        "that can see what it needs may still not learn it: that depends on data, seed and "
        "training settings."
    ),
)

SET = ExerciseSet(
    "designing",
    "Design the smallest network",
    None,
    (FIELD, NEGATIVES, PARAMETERS, HOLES, DESIGN, PROOF),
)
