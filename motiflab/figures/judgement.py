"""What is known at each recall: false positive rate and precision between their bounds."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from motiflab.figures import plot
from motiflab.figures.numbers import brief
from motiflab.figures.style import ACCENT, SEQUENTIAL
from motiflab.resolution import Judgement

_LOWEST = 1e-5  # where the axis of false positive rates ends
_BAND = "rgba(122, 103, 199, 0.22)"
_SHADE = {"type": "rect", "yref": "paper", "y0": 0, "y1": 1, "x0": 0, "line": {"width": 0},
          "fillcolor": "rgba(122, 122, 122, 0.22)", "layer": "below"}  # fmt: skip
_UNKNOWN = {
    "text": "shaded: no negative called",
    "x": 0.01,
    "xanchor": "left",
    "yref": "paper",
    "showarrow": False,
}


def rates_chart(judged: Judgement, at: int, unresolved: float) -> go.Figure:
    """Draw the false positive rate against recall, with its bounds.

    Parameters
    ----------
    judged : Judgement
    at : int
        Index of the point that is marked.
    unresolved : float
        Recall up to which the plot is shaded, as no negative is called there; 0 shades nothing.

    Returns
    -------
    plotly.graph_objects.Figure

    Examples
    --------
    >>> from motiflab.resolution import judge
    >>> judged = judge([1] * 3 + [0] * 100, range(103, 0, -1), prevalence=0.1)
    >>> chart = rates_chart(judged, at=0, unresolved=1.0)
    >>> [trace.name for trace in chart.data]
    ['lower bound', 'bounds', 'observed', 'threshold', '3/N']
    """
    seen = np.where(judged.false, judged.false / judged.negatives, np.nan)  # 0 has no logarithm
    low = np.maximum(judged.fpr_low, _LOWEST)
    resolution = 3 / judged.negatives
    lines = [
        *_bounded(judged.recall, seen, low, judged.fpr_high, "observed"),
        plot.points(
            [judged.recall[at]], [np.fmax(seen[at], _LOWEST)], "threshold", ACCENT, size=10
        ),
        plot.line((0, 1), (resolution, resolution), "3/N", plot.GREY, dash="dot"),
    ]
    powers = {"type": "log", "dtick": 1, "exponentformat": "power"}
    return _chart(
        unresolved,
        "False positive rate",
        lines,
        f"3/N = {brief(resolution, 2)}",
        plot.axis("false positive rate", (-5, 0), **powers),
        "recall %{x:.2f}<br>false positive rate %{y:.2g}",
    )


def precision_chart(judged: Judgement, at: int, unresolved: float, prevalence: float) -> go.Figure:
    """Draw the precision against recall, with its bounds.

    Parameters
    ----------
    judged, at, unresolved
        As for `rates_chart`.
    prevalence : float
        That of `judged`; the precision of random calls.

    Returns
    -------
    plotly.graph_objects.Figure

    Examples
    --------
    >>> from motiflab.resolution import judge
    >>> judged = judge([1] * 3 + [0] * 100, range(103, 0, -1), prevalence=0.1)
    >>> precision_chart(judged, 0, 1.0, 0.1).data[2].y
    array([1., 1., 1.], dtype=float32)
    """
    lines = [
        *_bounded(judged.recall, judged.precision, judged.low, judged.high, "observed"),
        plot.points([judged.recall[at]], [judged.precision[at]], "threshold", ACCENT, size=10),
        plot.line((0, 1), (prevalence, prevalence), "random", plot.GREY, dash="dot"),
    ]
    return _chart(
        unresolved,
        f"Precision at prevalence {brief(prevalence)}",
        lines,
        f"random {brief(prevalence)}",
        plot.axis("precision", (0, 1.02), dtick=0.5),
        "recall %{x:.2f}<br>precision %{y:.3g}",
    )


def _bounded(x, y, low, high, name: str) -> list[dict]:
    """Make the traces of a line between its bounds."""
    x, y, low, high = (values.astype("float32") for values in (x, y, low, high))
    edge = {"width": 0, "shape": "vh"}
    return [
        plot.line(x, low, "lower bound", SEQUENTIAL, **edge),
        plot.line(x, high, "bounds", SEQUENTIAL, **edge) | {"fill": "tonexty", "fillcolor": _BAND},
        plot.line(x, y, name, SEQUENTIAL, shape="vh", width=2.5),
    ]


def _chart(unresolved: float, title: str, lines: list, guide: str, y_axis: dict, hover: str):
    named = zip(lines[2:], ("observed", "threshold", guide))
    shaded = unresolved > 0
    keys = [plot.key(trace, words) for trace, words in named]
    keys.append("▒ 95 %")
    return plot.figure(
        lines,
        title,
        keys,
        plot.axis("recall", (0, 1), dtick=0.5),
        y_axis,
        hover,
        height=300,
        margin={"l": 64, "r": 10, "t": 44, "b": 38},
        shapes=[_SHADE | {"x1": unresolved}],
        annotations=[_UNKNOWN | {"y": 0.92 if y_axis.get("type") else 0.08}] * shaded,
    )
