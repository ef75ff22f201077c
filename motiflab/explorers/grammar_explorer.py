"""Explore the receptive field that two motifs and their gap need, and four ways to reach it."""

from __future__ import annotations

from motiflab.checks import ArgumentError
from motiflab.figures import field_svg, field_text, html_table, missed_table
from motiflab.layers.receptive_fields import (
    Grammar,
    ReceptiveField,
    Stack,
    missed,
    receptive_field,
    seen_positions,
    ways_to_see,
)
from motiflab.widgets import CardResult, CardState, Explorer, choice, slider

FILTERS = 16
"""Number of filters of every layer, which affects the parameters but not the field."""

LONGEST_GAP = 20  # bases, both sliders
_MOST = 12  # largest value that is tried for a larger field
_WAYS = {
    "second_width": ("wider kernel", "width of later layers"),
    "window": ("more pooling", "pooling window"),
    "depth": ("more depth", "later layers"),
    "dilation": ("dilation", "dilation"),
}


class GrammarState(CardState):
    """What a learner can choose: two motifs and their gap, and a network."""

    first: int = slider(7, "Length of A", 1, 12, group="Grammar", help="In bases", rare=True)
    second: int = slider(7, "Length of B", 1, 12, group="Grammar", help="In bases", rare=True)
    gap_min: int = slider(9, "Shortest gap", 0, LONGEST_GAP, group="Grammar", help="In bases")
    gap_max: int = slider(
        11, "Longest gap", 0, LONGEST_GAP, group="Grammar", help="In bases, inclusive"
    )
    order: str = choice(
        "AB", "Order", [("A, then B", "AB"), ("B, then A", "BA")], group="Grammar", rare=True
    )
    width: int = slider(7, "Filter width", 1, 15, group="Network", help="In bases", rare=True)
    window: int = slider(4, "Pooling window", 1, 6, group="Network", help="1: no pooling")
    second_width: int = slider(
        3, "Width of later layers", 1, 8, group="Network", help="In pooled positions"
    )
    dilation: int = slider(
        1, "Dilation of later layers", 1, 6, group="Network", help="Step between neighbouring taps"
    )
    depth: int = slider(1, "Later layers", 1, 3, group="Network")


class GrammarResult(CardResult):
    """The grammar against the network.

    Attributes
    ----------
    grammar : Grammar
        From left to right: with the order "BA" its first motif is B.
    stack : Stack
    field : ReceptiveField
        Field of one unit of the last layer.
    seen : int
        Number of bases of the field that the unit sees.
    whole, cases : int
        Number of combinations of gap and phase that are seen whole, and of all combinations.
    """

    grammar: Grammar
    stack: Stack
    field: ReceptiveField
    seen: int
    whole: int
    cases: int


def compute(state: GrammarState) -> GrammarResult:
    """Compute what the network sees of the grammar."""
    if state.gap_min > state.gap_max:
        raise ArgumentError(
            "gap_min",
            f"Shortest gap must be at most the longest, {state.gap_max}, not {state.gap_min}.",
        )
    lengths = {"A": state.first, "B": state.second}
    left, right = state.order  # a grammar is read from left to right
    grammar = Grammar(lengths[left], lengths[right], state.gap_min, state.gap_max)
    stack = Stack(state.width, state.window, state.second_width, state.dilation, state.depth)
    table = missed(stack.layers, grammar)  # a row for each gap, a column for each phase
    return GrammarResult(
        state=state,
        grammar=grammar,
        stack=stack,
        field=receptive_field(stack.layers),
        seen=len(seen_positions(stack.layers)),
        whole=int((table == 0).sum()),
        cases=table.size,
    )


def draw(result: GrammarResult, uid: str) -> dict[str, str]:
    """Draw the field and the composite, the four ways as a table, and every gap and phase."""
    names = tuple(result.state.order)
    gaps = range(result.state.gap_min, LONGEST_GAP + 1)
    return {
        "field": field_svg(result.stack, result.grammar, names, uid, gaps),
        "ways": _ways(result),
        "missed": missed_table(result.stack, result.grammar),
    }


def describe(result: GrammarResult) -> str:
    """Give the needed and the reached field as formulas, the parameters, and a summary."""
    state, grammar, jump = result.state, result.grammar, result.field.jump
    one, other = state.order
    # Every later layer adds the same: D(K′ − 1) steps of J bases.
    later = " + ".join(
        [f"{state.dilation}·({state.second_width} − 1)·{state.window}"] * state.depth
    )
    verdict = f"{'Some' if result.whole else 'All'} composites are seen only in part."
    # Below this the field cannot even reach from one motif to the other.
    if result.field.size < grammar.touching:
        verdict = (
            f"The shortest gap is {grammar.gap_min}: a unit needs {grammar.touching} bases to see "
            "even one base of each motif, so this network cannot tell how far apart they are."
        )
    elif result.whole == result.cases:
        verdict = "The network can see the whole grammar."
    return (
        f"<p>needed: L<sub>{one}</sub> + g<sub>max</sub> + L<sub>{other}</sub> + (J − 1) = "
        f"{grammar.first} + {grammar.gap_max} + {grammar.second} + {jump - 1} = "
        f"<b>{grammar.needed(jump)} bases</b><br>"
        f"reached: r = K + (window − 1) + Σ D(K′ − 1)·J = {state.width} + {state.window - 1} + "
        f"{later} = <b>{result.field.size} bases</b></p>"
        f"<p>{field_text(result.stack, grammar)} {verdict} "
        f"With {FILTERS} filters in each layer the network has "
        f"<b>{result.stack.parameters(FILTERS):,} parameters</b>.</p>"
    )


def _ways(result: GrammarResult) -> str:
    rows = []
    ways = ways_to_see(result.stack, result.grammar, _MOST)
    for field, (way, setting) in _WAYS.items():
        stack = ways[field]
        if stack is None:
            cells = [f"none up to {_MOST}", *4 * ["–"]]
        else:
            reached = receptive_field(stack.layers)
            cells = [
                f"{setting} {getattr(stack, field)}",
                reached.size,
                result.grammar.needed(reached.jump),
                reached.size - len(seen_positions(stack.layers)),
                f"{stack.parameters(FILTERS):,}",
            ]
        rows.append([way, *cells])
    return html_table(
        "Four ways to see everything, each tried on its own from your network",
        ["way", "smallest that works", "field", "needed", "in holes", "parameters"],
        rows,
    )


class GrammarExplorer(Explorer):
    """Compare two motifs and their gap with what one unit of a network sees.

    Examples
    --------
    >>> explorer = GrammarExplorer(second_width=6)
    >>> explorer.result.field.size, explorer.result.grammar.needed(jump=4)
    (30, 28)
    >>> explorer.set(second_width=1)
    >>> explorer.result.whole, explorer.result.cases
    (0, 12)
    """

    State = GrammarState
    title = "Can one unit see both motifs?"
    goal = "get “seen whole” in every row, first by any means, then with under 1,300 parameters."
    numbers = ("ways",)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
