"""Explore how invariant pooling is to shifts, with a curve for each kind of pooling."""

from __future__ import annotations

from motiflab.explorers.pooling_explorer import BACKGROUNDS, load_filter
from motiflab.figures import percent
from motiflab.figures.pooling_pictures import changed_chart, size_chart
from motiflab.layers.invariance import InvarianceCurve, invariance_curves
from motiflab.widgets import (
    CardResult,
    CardState,
    Chart,
    Explorer,
    NamesMotifs,
    blame,
    choice,
    motif_name,
    number,
    own_motifs,
    slider,
    toggle,
)

FURTHEST, WIDEST = 16, 20  # bases
_ABOUT = 96  # number of sequences, rounded up to a multiple of the window


class InvarianceState(NamesMotifs, CardState):
    """What a learner can choose: the sequences, the filter and the window."""

    background: str = choice("fixed", "Background", BACKGROUNDS, group="Sequences")
    seed: int = number(1, "Seed of the backgrounds", 0, 9999, group="Sequences", rare=True)
    motif: str = motif_name("GATA2", group="Filter")
    own: str = own_motifs(group="Filter")
    bias: float = slider(0.0, "Bias b", -10.0, 0.0, 0.5, group="Filter", patient=True)
    relu: bool = toggle(False, "ReLU after the filter", group="Filter")
    window: int = slider(8, "Window w (scores)", 1, 16, group="Pooling", patient=True)


class InvarianceResult(CardResult):
    """The curves of both kinds of pooling, and the number of sequences behind each point."""

    curves: dict[str, InvarianceCurve]
    n: int


def compute(state: InvarianceState) -> InvarianceResult:
    """Measure both curves."""
    motif, weights = load_filter(state, WIDEST)
    # A multiple of the window, so that the motif begins equally often at each place of a window.
    n = -(-_ABOUT // state.window) * state.window
    with blame("bias"):  # everything else is checked, so only the bias can be refused
        curves = invariance_curves(
            weights,
            motif.consensus(),
            state.window,
            FURTHEST,
            bias=state.bias,
            rectify=state.relu,
            silent=state.background == "silent",
            everything=state.background == "moving",
            n=n,
            seed=state.seed,
        )
    return InvarianceResult(state, curves, n)


def draw(result: InvarianceResult, uid: str) -> dict[str, Chart]:
    """Draw how often and how much the pooled number changes."""
    curves, window = result.curves, result.state.window
    # Five shifts in words, for screen readers.
    often, much = [
        "; ".join(
            f"{'maximum' if kind == 'max' else kind} "
            + ", ".join(f"{y:.2f} at {s}" for s, y in zip(curve.shifts[:5], getattr(curve, of)))
            for kind, curve in curves.items()
        )
        for of in ("changed", "inside")
    ]
    return {
        "changed": Chart(
            changed_chart(curves, window), f"Share of sequences that change, by shift: {often}."
        ),
        "size": Chart(
            size_chart(curves), f"Change as a share of the motif's effect, motif in window: {much}."
        ),
    }


def describe(result: InvarianceResult) -> str:
    """Compare both kinds at a shift of two bases."""
    curves, window = result.curves, result.state.window
    s = min(2, window - 1)  # the largest shift up to 2 that can keep the motif in its window
    top, mean = curves["max"], curves["average"]
    # Adding a constant to all scores changes no difference, unless a ReLU cuts it off.
    idle = ""
    if result.state.bias and not result.state.relu:
        idle = " Without ReLU the bias shifts every score equally, so it changes nothing here."
    return (
        f"<p>Shift s = 2, window w = {window}: the motif has left its window in a share min(s/w, "
        f"1) = min(2/{window}, 1) = {min(2 / window, 1):.2f} of the sequences. The maximum "
        f"changes in <b>{top.changed[2]:.2f}</b> of the {result.n} sequences, the average in "
        f"<b>{mean.changed[2]:.2f}</b>.</p>"
        f"<p>While the motif is still in the window (s = {s}) the maximum changes by "
        f"<b>{percent(top.inside[s])}</b> of what the motif adds to it, the average by "
        f"<b>{percent(mean.inside[s])}</b>. Once the motif is out (s = {FURTHEST}) both have "
        f"changed: by {percent(top.size[-1])} and {percent(mean.size[-1])}.{idle}</p>"
    )


class InvarianceExplorer(Explorer):
    """Measure how a shift changes maximum and average over many seeded sequences.

    Examples
    --------
    >>> explorer = InvarianceExplorer(window=4)
    >>> explorer.result.curves["max"].changed[:5].tolist()
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """

    State = InvarianceState
    title = "How invariant is pooling, measured?"
    goal = "make the average as steady as the maximum, on a random background."
    rows = (("changed", "size"),)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
