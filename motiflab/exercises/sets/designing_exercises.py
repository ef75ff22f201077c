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
        f"**Your grammar.** Each sequence of {given.L} bases holds motif A ({given.A}, "
        f"{given.first} bases) and, after a gap, motif B ({given.B}, {given.second} bases"
        f"{turned}), once each. In the positives the gap has {given.gap_min} to {given.gap_max} "
        f"bases, in the negatives {given.far_min} to {given.far_max}."
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
        f"{told(given)}\n\nA colleague proposes a network of two layers. The filters of the first "
        f"have K = {given.stack[0]} bases. The maximum of each {given.stack[1]} neighbouring "
        f"windows is kept (w = {given.stack[1]}, step {given.stack[1]}). The filters of the second "
        f"layer have K′ = {given.stack[2]} taps, D = {given.stack[3]} pooled positions apart.\n\n"
        "Give two numbers of bases, `[needed, reached]`: the receptive field that holds both "
        "motifs of every positive whole, wherever they lie; and the receptive field of one unit "
        "of your colleague's second layer."
    ),
    right=lambda given: [_needed(given), _field(given.stack)],
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
            _span_unpooled,
        ),
        _slip(
            "dilation ignored",
            "In your second number neighbouring taps of the second layer stand side by side. In "
            "this network they do not.",
            1,
            lambda given: _field((*given.stack[:3], 1)),
        ),
        _slip(
            "off by one tap",
            "Your second number takes one stride from tap to tap too many: how many steps lie "
            "between the first tap and the last?",
            1,
            lambda given: _field(given.stack) + given.stack[3] * given.stack[1],
        ),
        _slip(
            "width of the pooling forgotten",
            "In your second number each tap of the second layer looks at one window of the first "
            "layer. It looks at a maximum over several, and each of them counts.",
            1,
            lambda given: _field(given.stack) - given.stack[1] + 1,
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
        f"{given.stack[1]}$ = **{_field(given.stack)}** bases. Whether it sees all of them is "
        "another question."
    ),
    effort=_effort,
)


# -- Negatives that ask for the distance -----------------------------------------------------------

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
        "- of each `window` neighbouring outputs the maximum is kept;\n"
        "- the second layer has `filters` filters again, each with a bias and with `taps` taps "
        "that stand `dilation` pooled positions apart; a tap reads all the filters of the first "
        "layer;\n"
        "- the maximum of each of these over all positions goes to one dense unit, which has a "
        "bias, too.\n\n"
        "Write `parameters(design, filters)`, which returns how many numbers a training has to "
        f"find. Your colleague's design is `{given.stack}`; it is one of those that you may try "
        f"it on, with `filters = {FILTERS}`."
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
            "Each tap of the second layer has a single weight in your count. It reads every filter "
            "of the first layer, and has a weight for each of them.",
            lambda given: _counter(channels=False),
        ),
        Mistake(
            "biases forgotten",
            "Your count leaves the biases out: each filter has one, and so has the dense unit.",
            lambda given: _counter(bias=0),
        ),
        Mistake(
            "four bases counted as one",
            "A filter of the first layer has a weight for each base that may stand at each of its "
            "positions.",
            lambda given: _counter(bases=1),
        ),
        Mistake(
            "holes counted as weights",
            "Your count grows with the dilation. Between the taps there is nothing to learn.",
            lambda given: _counter(holes=True),
        ),
        Mistake(
            "dense layer forgotten",
            "The two layers are right. What turns their maxima into one number has weights, too.",
            lambda given: _counter(dense=False),
        ),
    ),
    hints=(
        "Go from layer to layer: how many numbers does *one* filter hold, and how many filters are "
        "there? Two of the four numbers of a design cost nothing.",
        "A filter of the first layer is a table of `width` rows and 4 columns, and a bias. One of "
        "the second layer is a table of `taps` rows: how many columns has it?",
    ),
    solution=lambda given: (
        "With F filters in each layer, the first has $F(4K + 1)$ numbers, the second "
        "$F(FK' + 1)$, the dense unit $F + 1$. Pooling and dilation have none. Your colleague's "
        f"design has {_price(given.stack):,}. At F = {FILTERS} one more base "
        f"of the first filters costs {4 * FILTERS}, one more tap {FILTERS * FILTERS}: as much as "
        f"{FILTERS // 4} bases."
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
        f"{told(given)}\n\nThe explorer holds your two motifs and the gaps of the positives. Find "
        "a network in which a unit has **a hole in its field**, and yet both motifs are **seen "
        "whole** at every gap and phase: zeros throughout the table of bases that the best-placed "
        "unit does not see. Move the filter width (under *More*), the pooling window, and width "
        "and dilation of the later layer."
    ),
    prediction=(
        "A unit does not see the middle of its field. Can it see both of your motifs whole all the "
        "same, at every gap? If so, where must the hole lie, and what must be wider than in a "
        "field without one?"
    ),
    right=lambda given: _as_changes(smallest(grammar(given), apart(given))[0]),
    reached=lambda given, shown: shown.result.whole == shown.result.cases and _has_hole(shown),
    mistakes=(
        Mistake(
            "second layer of width 1",
            "With one tap in the later layer there is nothing to leave a hole between. Give it "
            "at least two.",
            lambda given: {"second_width": 1, "dilation": 1},
            lambda given, shown: shown.state.second_width == 1,
        ),
        Mistake(
            "whole, but without a hole",
            "Everything is seen whole, and that is half of it. This unit sees every base of its "
            "field: spread its taps until there is a hole between them.",
            lambda given: {"second_width": 8, "dilation": 1},
            lambda given, shown: shown.result.whole == shown.result.cases,
        ),
        Mistake(
            "field too small",
            "The field is shorter than the longest composite needs. Compare “needed” and "
            "“reached” under the picture.",
            lambda given: {"dilation": 1},
            lambda given, shown: (
                shown.result.field.size < shown.result.grammar.needed(shown.result.field.jump)
            ),
        ),
        Mistake(
            "a motif in the hole",
            "There is a hole, and at some gap or phase a motif stands in it in part. Look at the "
            "table: which gaps are missed, the short ones or the long ones? The hole should lie "
            "between the motifs, and each tap must see enough bases for a motif to move about in.",
            lambda given: {},
            lambda given, shown: _has_hole(shown),
        ),
    ),
    hints=(
        "Begin with two taps. Each of them looks through a slit of K + w − 1 bases, and the slits "
        "stand D·w bases apart. One of them should see A and the other B.",
        "If only the long gaps are missed, the slits are too near to each other; if only the short "
        "ones, too far. If both are, they are too narrow: widen the filter.",
    ),
    solution=lambda given: (
        f"For example {_written(smallest(grammar(given), apart(given))[0])}. A lies in the slit of "
        "the first tap, B in that of the second, and the hole of "
        f"{holed(smallest(grammar(given), apart(given))[0])} bases between the slits falls into "
        "the gap. The slits must be wider than the motifs, because the gap varies by "
        f"{given.gap_max - given.gap_min} bases and the motifs may stand anywhere between two "
        "units. Wider filters serve as well, with a smaller dilation or a larger one."
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
    others = f" So does {_written(best[1])}." if len(best) > 1 else ""
    return (
        f"One tap sees one motif at a time, so at least two are needed, and each further one costs "
        f"{FILTERS**2}. With two taps, A must fit into the first slit and B into the second. Take "
        "the longest gap and then the shortest, in every phase: that works if "
        "$L_A + g_{max} + L_B - K \\le Dw \\le K + g_{min}$. Such a $Dw$ exists only if "
        "$2K \\ge L_A + L_B + (g_{max} - g_{min})$, here "
        f"$2K \\ge {pair.first} + {pair.second} + {spread} = {pair.first + pair.second + spread}$. "
        f"So K = {width}, and ${pair.needed() - width} \\le Dw \\le {width + given.gap_min}$. "
        f"With windows of at most {(apart(given) + 1) // 2} that keep the "
        f"gaps apart: **{_written(best[0])}**, {_price(best[0]):,} parameters."
        f"{others} A loop over all designs finds the same."
    )


DESIGN = Open(
    id="designing.design",
    title="The smallest design",
    stream=STREAM,
    draw=own_grammar,
    task=lambda given: (
        f"{told(given)}\n\nFind the design with **the fewest parameters** that can solve this, and "
        "answer with a tuple `(width, window, taps, dilation)`. Each layer has "
        f"{FILTERS} filters. The family: width 1 to 15, window 1 to 6, taps 1 to 8, dilation 1 to "
        "6. Three things are asked of a design:\n\n"
        "1. a filter of the first layer holds either motif whole;\n"
        "2. some unit sees both motifs whole, for each gap of the positives and wherever they "
        "stand (the explorer says “seen whole” in every row);\n"
        "3. the pooling keeps positives and negatives apart. Behind windows of w a distance is "
        "known only to within w − 1 bases either way. To be sure that they stay apart, ask for "
        f"$2w - 1 \\le {apart(given)}$, the bases by which {given.gap_max} and {given.far_min} "
        "differ.\n\n"
        "By thought, by hand or with a loop: any way is a good way. If several designs are "
        "smallest, each of them is right."
    ),
    right=lambda given: smallest(grammar(given), apart(given))[0],
    form=read_design,
    lacks=lambda given, design: (
        "This unit's field is shorter than the two motifs together." if fault(given, design) else ""
    ),
    mistakes=(
        _design_slip(
            "not smallest",
            "This design works: it sees everything, and keeps the classes apart. Yet another one "
            "in the family works with fewer parameters. What does a tap cost, what a base of the "
            "first filters, and what costs nothing?",
        ),
        _design_slip(
            "second layer of width 1",
            "A second layer with one tap reads one pooled position. It can tell which motif is "
            "there, but not how far away the other is.",
        ),
        _design_slip(
            "filter narrower than a motif",
            "The first layer's filters are narrower than the longer of your motifs, so none of "
            "them can hold it whole.",
        ),
        _design_slip(
            "pooling blurs the gaps",
            "The pooling is free of cost, and here too coarse: behind it some distances of the "
            "positives look like some of the negatives. Look at the third condition.",
        ),
        _design_slip(
            "steps of the pooling forgotten",
            "The field would just do if a unit stood at every base. Behind your pooling they stand "
            "further apart, and in some phases a motif sticks out.",
        ),
        _design_slip(
            "shortest gap taken for the longest",
            "This field holds positives in which the motifs are near to each other, and not those "
            "in which they are furthest apart.",
        ),
        _design_slip(
            "receptive field without the gap",
            "This field would hold the two motifs if they stood close to each other. There is a "
            "gap between them.",
        ),
        _design_slip(
            "dilation that skips a motif",
            "The field is wide enough, but it has a hole, and for some gap or phase a motif stands "
            "in it in part. Set the explorer to this design and look at its table.",
        ),
    ),
    hints=(
        "Two of the four numbers cost nothing. Of the others, which is dearer? Begin with as few "
        "of those as can work at all.",
        "Your network with the hole, from the exercise before, is a good start: make it cheaper, "
        "as long as every row says “seen whole”.",
        "Or let the computer try: four nested loops, `motiflab.layers.sees_whole(Stack(*design), "
        "Grammar(...))`, and your own `parameters`.",
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

SET = ExerciseSet(
    "designing",
    "Design the smallest network",
    None,
    (FIELD, NEGATIVES, PARAMETERS, HOLES, DESIGN, PROOF),
)
