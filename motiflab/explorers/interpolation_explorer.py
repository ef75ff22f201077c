"""Explore the interpolation between two points of a precision-recall curve."""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot

import numpy as np

from motiflab.checks import ArgumentError
from motiflab.evaluation.curves import chord_area, path, path_area
from motiflab.figures import (
    Ruler,
    Scale,
    axis_lines,
    axis_name,
    captioned,
    html_table,
    percent,
    precision_recall_figure,
    svg_group,
    svg_path,
    svg_picture,
    svg_rect,
    svg_text,
    touch_areas,
)
from motiflab.figures.chart_parts import GREY, line, numbered_keys, points
from motiflab.figures.style import ACCENT, DIVERGING, SEQUENTIAL
from motiflab.figures.svg import BOLD, MIDDLE
from motiflab.widgets import CardResult, CardState, Chart, Explorer, slider

POSITIVES, MOST_FALSE = 20, 60
_GROUPS = "A, the stricter threshold", "B, the looser threshold"


class InterpolationState(CardState):
    """What a learner can choose: true and false positives at two thresholds, of 20 positives."""

    true_a: int = slider(5, "True positives at A", 1, 19, group=_GROUPS[0])
    false_a: int = slider(5, "False positives at A", 0, MOST_FALSE, group=_GROUPS[0])
    true_b: int = slider(10, "True positives at B", 2, POSITIVES, group=_GROUPS[1])
    false_b: int = slider(30, "False positives at B", 0, MOST_FALSE, group=_GROUPS[1])

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.true_b <= self.true_a:
            raise ArgumentError(
                "true_b",
                f"B must have more true positives than A ({self.true_a}), not {self.true_b}.",
            )
        if self.false_b < self.false_a:
            raise ArgumentError(
                "false_b",
                "A looser threshold keeps all that A called positive: B must have at least the "
                f"{self.false_a} false positives of A, not {self.false_b}.",
            )


class InterpolationResult(CardResult):
    """The path from A to B, and the areas under it and under the straight line.

    Attributes
    ----------
    recall, precision : ndarray
        Along the hyperbola.
    true, false : ndarray
        The counts on the path, one row of the table for each true positive.
    area, chord, steps : float
        Areas under the hyperbola, the straight line, and the step of the average precision.
    """

    recall: np.ndarray
    precision: np.ndarray
    true: np.ndarray
    false: np.ndarray
    area: float
    chord: float
    steps: float


def compute(state: InterpolationState) -> InterpolationResult:
    """Compute the path and the three areas."""
    a, b = (state.true_a, state.false_a), (state.true_b, state.false_b)
    between = state.true_b - state.true_a + 1
    # True and false positives are linearly related; precision and recall are not.
    true, false = (np.linspace(first, last, between) for first, last in zip(a, b))
    return InterpolationResult(
        state,
        *path(a, b, POSITIVES),
        true,
        false,
        path_area(a, b, POSITIVES),
        chord_area(a, b, POSITIVES),
        # The average precision counts each step of recall with the precision at its end.
        (b[0] - a[0]) / POSITIVES * b[0] / sum(b),
    )


def draw(result: InterpolationResult, uid: str) -> dict[str, str | Chart]:
    """Draw A and B as counts, the three lines between them, and the counts as a table."""
    return {"counts": _counts(result, uid), "paths": _paths(result), "table": _table(result)}


def describe(result: InterpolationResult) -> str:
    """Give one point of the path as a formula, and the error of the straight line."""
    s = result.state
    # The path is straight in counts: a constant number of false positives per true one.
    slope = (s.false_b - s.false_a) / (s.true_b - s.true_a)
    true, false = result.true[1], result.false[1]
    excess = result.chord - result.area
    verdict = "Here both are the same: the precision does not change on the way"
    if abs(excess) >= 5e-5:  # visible in four digits
        kind, way = ("much", "falls") if excess > 0 else ("little", "rises")
        verdict = (
            f"The straight line claims <b>{abs(excess):.4f}</b> too {kind} "
            f"({percent(abs(excess) / result.area)} of the area), because the precision {way} from "
            "A to B"
        )
    return (
        f"<p>FP = {s.false_a} + {slope:.3g}·(TP − {s.true_a}), so at TP = {true:.0f}: "
        f"precision = {true:.0f} / ({true:.0f} + {false:.3g}) = "
        f"<b>{true / (true + false):.3f}</b>; the straight line says "
        f"{_chord_at(result, true):.3f}.</p>"
        f"<p>Area between A and B: {result.area:.4f} under the path that can be reached, "
        f"{result.chord:.4f} under the straight line, {result.steps:.4f} under the step that the "
        f"average precision takes. {verdict}.</p>"
    )


def _chord_at(result: InterpolationResult, true: np.ndarray | float) -> np.ndarray | float:
    """Precision on the straight line between A and B."""
    # Linear in recall, as a ruler would draw it.
    return np.interp(np.divide(true, POSITIVES), result.recall[[0, -1]], result.precision[[0, -1]])


_LEFT, _TOP, _WIDE, _HIGH = 44, 8, 222, 150
_FALSE = Ruler(_LEFT, _WIDE / MOST_FALSE)
_TRUE = Scale.between((0, POSITIVES), _TOP, _HIGH)
_STEP = 5  # distance in false positives between places to which a point can be dragged


def _counts(result: InterpolationResult, uid: str) -> str:
    s = result.state
    (xa, ya), (xb, yb) = (
        (_FALSE.x(false), _TRUE.y(true))
        for true, false in ((s.true_a, s.false_a), (s.true_b, s.false_b))
    )
    bottom = _TRUE.zero
    ticks = range(0, MOST_FALSE + 1, 20)
    drawing = [
        axis_lines(_TRUE, _LEFT, _LEFT + _WIDE, (0, POSITIVES), range(0, POSITIVES + 1, 5)),
        svg_group((svg_text(_FALSE.x(n), bottom + 16, n) for n in ticks), MIDDLE),
        svg_text(_LEFT + _WIDE / 2, bottom + 33, "false positives", "middle"),
        axis_name(_TOP + _HIGH / 2, "true positives", x=14),
        svg_path(
            f"M{xa:.1f} {ya:.1f}L{xb:.1f} {yb:.1f}", f'stroke="{SEQUENTIAL}" stroke-width="3"'
        ),
        *(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{ACCENT}"/>'
            + svg_text(x + 8, y + beside, name, look=BOLD)
            for x, y, name, beside in ((xa, ya, "A", 13), (xb, yb, "B", -5))
        ),
        touch_areas(_places(s), "Drag A or B, or move the sliders"),
    ]
    svg = svg_picture(
        "".join(drawing),
        "True and false positives at A and at B",
        f"A has {s.true_a} true and {s.false_a} false positives, B {s.true_b} and {s.false_b}. "
        "The way from A to B is a straight line.",
        uid,
        (_LEFT + _WIDE + 22, _TOP + _HIGH + 40),
    )
    return captioned("<b>In counts it is straight</b>", svg)


def _places(state: InterpolationState) -> Iterator[str]:
    """Yield the places to which A or B can be dragged; each belongs to the nearer point."""
    points = {"a": (state.true_a, state.false_a), "b": (state.true_b, state.false_b)}
    high, wide = _TRUE.unit, _STEP * _FALSE.unit
    for true in range(1, POSITIVES + 1):
        for false in range(0, MOST_FALSE + 1, _STEP):
            free = [
                *(["a"] if true < state.true_b and false <= state.false_b else []),
                *(["b"] if true > state.true_a and false >= state.false_a else []),
            ]
            if free:
                to = min(
                    free,
                    key=lambda n: hypot(
                        (true - points[n][0]) * high, (false - points[n][1]) * _FALSE.unit
                    ),
                )
                x, y = _FALSE.x(false) - wide / 2, _TRUE.y(true) - high / 2
                place = f'data-drag="true_{to}={true}&amp;false_{to}={false}"'
                yield svg_rect(x, y, wide, high, place)


def _paths(result: InterpolationResult) -> Chart:
    recall = result.recall[[0, -1]]
    precision = result.precision[[0, -1]]
    # Filled between the straight line and the path: the overestimated area.
    claimed = {"fill": "tonexty", "fillcolor": "rgba(166, 97, 26, 0.25)"}
    lines = [
        line(result.recall, result.precision, "reachable", SEQUENTIAL, width=3),
        line(recall, precision, "straight line", DIVERGING[0], dash="dash") | claimed,
        line(recall, precision, "step", GREY, dash="dot", shape="vh"),
        points(recall, precision, "A and B", GREY, size=10)
        | {"mode": "markers+text", "text": ["<b>A</b>", "<b>B</b>"], "textposition": "top right"},
    ]
    areas = [f"{area:.4f}" for area in (result.area, result.chord, result.steps)]
    return Chart(
        precision_recall_figure(
            "Precision-recall, and areas",
            lines,
            numbered_keys(lines, areas),
            digits=(".3f", ".3f"),
            ends=(1.04, 1.1),
            step=0.25,
            height=240,
        ),
        f"From A, recall {recall[0]:.2f} and precision {precision[0]:.3f}, to B, recall "
        f"{recall[1]:.2f} and precision {precision[1]:.3f}. Area {areas[0]} under the hyperbola, "
        f"{areas[1]} under the straight line, {areas[2]} under the step.",
    )


def _table(result: InterpolationResult) -> str:
    rows = [
        ("true positives", result.true, ".0f"),
        ("false positives", result.false, ".3g"),
        ("recall", result.true / POSITIVES, ".2f"),
        ("precision that can be reached", result.true / (result.true + result.false), ".3f"),
        ("on the straight line", _chord_at(result, result.true), ".3f"),
    ]
    return html_table(
        f"From A to B, of {POSITIVES} positives",
        [],
        [[name, *(f"{value:{form}}" for value in values)] for name, values, form in rows],
    )


class InterpolationExplorer(Explorer):
    """Choose two points of a precision-recall curve, and see the correct path between them.

    Examples
    --------
    >>> explorer = InterpolationExplorer()
    >>> f"{explorer.result.area:.4f} can be reached, {explorer.result.chord:.4f} is claimed"
    '0.0802 can be reached, 0.0938 is claimed'
    """

    State = InterpolationState
    title = "What lies between two points of a precision-recall curve?"
    goal = "make the straight line claim over half too much; then make it claim too little."
    rows = (("counts", "paths"),)
    numbers = ("table",)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
