"""Design a network: a hole that does no harm, and the smallest that works."""

from __future__ import annotations

from types import SimpleNamespace

from motiflab.exercises.designing_field import STREAM
from motiflab.exercises.designing_grammar import (
    FILTERS,
    apart,
    effort,
    fault,
    grammar,
    holed,
    own_grammar,
    read_design,
    smallest,
    told,
    with_fault,
    written,
)
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.open_answers import Open
from motiflab.exercises.targets import Shown, Target
from motiflab.stacks import Stack


def _as_changes(design: tuple[int, ...]) -> dict[str, int]:
    return dict(zip(("width", "window", "second_width", "dilation"), design))


def _has_hole(shown: Shown) -> bool:
    return shown.result.seen < shown.result.field.size


def _short(shown: Shown) -> bool:
    return shown.result.field.size < shown.result.grammar.needed(shown.result.field.jump)


HOLES = Target(
    id="designing.holes",
    title="A hole that does no harm",
    stream=STREAM,
    draw=own_grammar,
    explorer="grammar_explorer.GrammarExplorer",
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
        "unit does not see. Move filter width, pooling window, and width and dilation of the "
        "later layer."
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
            lambda given, shown: _short(shown),
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
        f"For example {written(smallest(grammar(given), apart(given))[0])}. A lies in the slit of "
        "the first tap, B in that of the second, and the hole of "
        f"{holed(smallest(grammar(given), apart(given))[0])} bases between the slits falls into "
        "the gap. The slits must be wider than the motifs, because the gap varies by "
        f"{given.gap_max - given.gap_min} bases and the motifs may stand anywhere between two "
        "units. Wider filters serve as well, with a smaller dilation or a larger one."
    ),
    effort=effort,
)


def _design_slip(name: str, message: str) -> Mistake:
    return Mistake(
        name,
        message,
        lambda given: with_fault(given, name),
        lambda given, design: fault(given, design) == name,
    )


def _solution(given: SimpleNamespace) -> str:
    best = smallest(grammar(given), apart(given))
    width, window, _, dilation = best[0]
    pair = grammar(given)
    spread = given.gap_max - given.gap_min
    others = f" So does {written(best[1])}." if len(best) > 1 else ""
    return (
        f"One tap sees one motif at a time, so at least two are needed, and each further one costs "
        f"{FILTERS**2}. With two taps, A must fit into the first slit and B into the second. Take "
        "the longest gap and then the shortest, in every phase: that works if "
        "$L_A + g_{max} + L_B - K \\le Dw \\le K + g_{min}$. Such a $Dw$ exists only if "
        "$2K \\ge L_A + L_B + (g_{max} - g_{min})$, here "
        f"$2K \\ge {pair.first} + {pair.second} + {spread} = {pair.first + pair.second + spread}$. "
        f"So K = {width}, and ${pair.needed() - width} \\le Dw \\le {width + given.gap_min}$. "
        f"With windows of at most {(apart(given) + 1) // 2} that keep the "
        f"gaps apart: **{written(best[0])}**, {Stack(*best[0]).parameters(FILTERS):,} parameters."
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
        "This unit's field is shorter than the two motifs together." * bool(fault(given, design))
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
        "Or let the computer try: four nested loops, `motiflab.stacks.sees_whole(Stack(*design), "
        "Grammar(...))`, and your own `parameters`.",
    ),
    solution=_solution,
    effort=effort,
)
