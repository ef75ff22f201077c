"""Charts of pooling: how invariant it is to a shift, and what the ends of a sequence do."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from motiflab.figures.plot import GREY, axis, figure, key, line, points
from motiflab.figures.style import ACCENT, SEQUENTIAL
from motiflab.shifts import InvarianceCurve

Curves = Mapping[str, InvarianceCurve]


def changed_chart(curves: Curves, window: int) -> go.Figure:
    """Draw in what share of the sequences the pooled number has changed, against the shift.

    Parameters
    ----------
    curves : mapping of "max" and "average" to InvarianceCurve
    window : int
        Of the pooling; the law for a motif that always wins, ``min(s / window, 1)``, is dotted.

    Examples
    --------
    >>> curve = InvarianceCurve(np.arange(3), np.ones(3), np.ones(3), np.ones(3), 1.0)
    >>> [trace.name for trace in changed_chart({"max": curve, "average": curve}, 2).data]
    ['average', 'maximum', 'min(s/w, 1)']
    """
    shifts = curves["max"].shifts
    traces = [
        line(shifts, curves["average"].changed, "average", GREY, dash="dash"),
        line(shifts, curves["max"].changed, "maximum", SEQUENTIAL, width=3),
        points(shifts, np.minimum(shifts / window, 1), "min(s/w, 1)", ACCENT, size=5),
    ]
    keys = [key(trace, trace["name"]) for trace in traces]
    return figure(
        traces,
        "How often the pooled number changes",
        keys,
        axis("shift s (bases)", (0, shifts[-1])),
        axis("share of the sequences", (0, 1.05), dtick=0.5),
        "shift %{x}<br>share %{y:.2f}",
    )


def size_chart(curves: Curves) -> go.Figure:
    """Draw how much the pooled number changes on average, against the shift.

    Parameters
    ----------
    curves
        As for `changed_chart`.

    Examples
    --------
    >>> curve = InvarianceCurve(np.arange(3), np.ones(3), np.ones(3), np.ones(3), 1.0)
    >>> size_chart({"max": curve, "average": curve}).layout.yaxis.range
    (0, 1.05)
    """
    shifts = curves["max"].shifts
    traces = [
        line(shifts, curves["average"].inside, "average", GREY, dash="dash"),
        line(shifts, curves["max"].inside, "maximum", SEQUENTIAL, width=3),
    ]
    keys = [key(trace, trace["name"]) for trace in traces]
    return figure(
        traces,
        "Change while the motif is in the window",
        keys,
        axis("shift s (bases)", (0, shifts[-1])),
        axis("change / lift by the motif", (0, 1.05), dtick=0.5),
        "shift %{x}<br>change %{y:.2f}",
    )


def end_scores_chart(
    places: np.ndarray,
    motif: np.ndarray,
    background: np.ndarray,
    measured: Mapping[str, np.ndarray],
    length: int,
    limits: tuple[float, float],
) -> go.Figure:
    """Draw mean scores along a sequence with padded ends: of a motif, and of background.

    Parameters
    ----------
    places : ndarray, shape (M,)
        The base in the middle of each output's window.
    motif, background : ndarray, shape (M,)
        Exact means.
    measured : mapping of "motif" and "background" to ndarray, shape (M,)
        Means over drawn sequences.
    length : int
        ``L``.
    limits : (float, float)
        Ends of the axis of scores.

    Examples
    --------
    >>> y = np.zeros(3)
    >>> chart = end_scores_chart(y, y, y, {"motif": y, "background": y}, 3, (-1, 1))
    >>> [trace.name for trace in chart.data]
    ['motif', 'background', 'motif, measured', 'background, measured']
    """
    traces = [
        line(places, motif, "motif", SEQUENTIAL),
        line(places, background, "background", GREY, dash="dash"),
        points(places, measured["motif"], "motif, measured", SEQUENTIAL, size=5),
        points(places, measured["background"], "background, measured", GREY, size=5),
    ]
    keys = [
        key(traces[0], "motif"),
        key(traces[1], "background"),
        "dots: measured",
    ]
    return figure(
        traces,
        "Mean score along the sequence",
        keys,
        axis("base in the middle of the window", (-1, length)),
        axis("mean score y (nats)", limits),
        "base %{x}<br>score %{y:.2f}",
    )


def end_pooled_chart(
    places: np.ndarray,
    pooled: np.ndarray,
    now: tuple[float, float] | None,
    window: int,
    length: int,
    limits: tuple[float, float],
) -> go.Figure:
    """Draw the maximum of the window that holds the motif's score, as the motif moves.

    Parameters
    ----------
    places, pooled : ndarray, shape (n,)
        The base in the middle of the motif, and the maximum.
    now : (float, float) or None
        The place and the maximum that are looked at.
    window : int
        Of the pooling; its ends are dotted lines.
    length, limits
        As for `end_scores_chart`.

    Examples
    --------
    >>> chart = end_pooled_chart(np.arange(4), np.ones(4), (1, 1.0), 2, 4, (0, 2))
    >>> len(chart.layout.shapes), chart.data[1].x
    (3, (1,))
    """
    x, y = ((), ()) if now is None else ((now[0],), (now[1],))
    traces = [
        line(places, pooled, "maximum", SEQUENTIAL),
        points(x, y, "now", ACCENT, size=11),
    ]
    first = places[0] - 0.5
    ends = [
        {"type": "line", "x0": e, "x1": e, "y0": 0, "y1": 1, "yref": "paper"}
        | {"line": {"color": GREY, "width": 1, "dash": "dot"}}
        for e in np.arange(first, places[-1] + 1, window)
    ]
    return figure(
        traces,
        "Maximum of the motif's window",
        [key(traces[1], "the motif now"), "dotted: window ends"],
        axis("base in the middle of the motif", (-1, length)),
        axis("pooled maximum p (nats)", limits),
        "base %{x}<br>maximum %{y:.2f}",
        shapes=ends,
    )
