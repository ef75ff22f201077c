"""Charts of how good a detector is: loss, precision-recall, ROC, power, and bounds on precision."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from motiflab.evaluation.curves import Curve
from motiflab.evaluation.prevalence import Judgement
from motiflab.figures import chart_parts
from motiflab.figures.chart_parts import GREY, axis, bars, figure, key, line, points
from motiflab.figures.numbers import brief
from motiflab.figures.style import ACCENT, SEQUENTIAL

if TYPE_CHECKING:
    import plotly.graph_objects as go

_MODEL = SEQUENTIAL


def loss_chart(
    steps: Sequence[float],
    losses: Sequence[float],
    last: float | None = None,
) -> go.Figure:
    """Draw the loss against the steps of training.

    Parameters
    ----------
    steps, losses : sequence of float, of equal length
        Cross-entropy in nats, one a step; both may be empty.
    last : float, optional
        Where the axis ends: the last step that training will reach. Without it, the last so far.

    Returns
    -------
    plotly.graph_objects.Figure

    Examples
    --------
    >>> chart = loss_chart([1, 2], [0.69, 0.41], last=10)
    >>> chart.layout.xaxis.range, chart.layout.yaxis.range
    ((0, 10), (0, 0.8))
    """
    end = max([last or 1, *steps])
    top = math.ceil(max([0.8, *losses]) / 0.2 - 1e-9) * 0.2
    training = line(steps, losses, "training", _MODEL)
    keys = [key(training, f"training {losses[-1]:.2f}")] if len(losses) else []
    x, y = axis("step", (0, end)), axis("cross-entropy (nats)", (0, round(top, 1)))
    return figure([training], "Loss", keys, x, y, "step %{x}<br>loss %{y:.3f}")


def loss_text(steps: Sequence[float], losses: Sequence[float]) -> str:
    """Say what `loss_chart` shows.

    >>> loss_text([1, 2], [0.69, 0.41])
    'Loss 0.69 at step 1, now 0.41 at step 2.'
    """
    if not len(steps):
        return "No loss yet: training has not begun."
    if len(steps) == 1:
        return f"Loss {losses[0]:.2f} at step {steps[0]}."
    return f"Loss {losses[0]:.2f} at step {steps[0]}, now {losses[-1]:.2f} at step {steps[-1]}."


def precision_recall_chart(
    curve: Curve | None,
    prevalence: float | None,
    optimum: Curve | None = None,
) -> go.Figure:
    """Draw precision against recall, with the prevalence and the best possible curve.

    Parameters
    ----------
    curve : Curve or None
        Of the model, from `motiflab.evaluation.curves.precision_recall`; None before training.
    prevalence : float or None
        Share of positives: the precision of random calls.
    optimum : Curve or None
        Of the Neyman-Pearson score, where one is known.

    Returns
    -------
    plotly.graph_objects.Figure

    Examples
    --------
    >>> chart = precision_recall_chart(None, 0.5)
    >>> [trace.name for trace in chart.data], chart.layout.yaxis.range
    (['model', 'best', 'random'], (0, 1.02))
    """
    share = () if prevalence is None else (prevalence, prevalence)
    lines = [
        # Steps, as precision is not linear in recall: see `precision_recall`.
        _curve(curve, "model", _MODEL, shape="vh", width=2.5),
        _curve(optimum, "best", GREY, shape="vh", dash="dash"),
        line((0, 1), share, "random", GREY, dash="dot"),
    ]
    areas = [curve and curve.area, optimum and optimum.area, prevalence]
    return _unit_square("Precision-recall", lines, areas, "recall", "precision")


def precision_recall_text(
    curve: Curve | None, prevalence: float | None, optimum: Curve | None = None
) -> str:
    """Say what `precision_recall_chart` shows.

    >>> import numpy as np
    >>> curve = Curve(np.array([0.0, 1.0]), np.array([1.0, 0.9]), 0.93, 0.5)
    >>> precision_recall_text(curve, 0.5)
    'AUPRC 0.93; random calls have precision 0.50.'
    """
    # On few sequences a random ranking has a larger area: see metrics.average_precision_of_guess.
    random = "" if prevalence is None else f"random calls have precision {prevalence:.2f}"
    return _in_words("AUPRC", curve, optimum, random)


def roc_chart(curve: Curve | None, optimum: Curve | None = None) -> go.Figure:
    """Draw the true against the false positive rate; otherwise as `precision_recall_chart`.

    >>> chart = roc_chart(None)
    >>> [trace.name for trace in chart.data]
    ['model', 'best', 'random']
    """
    lines = [
        _curve(curve, "model", _MODEL, width=2.5),
        _curve(optimum, "best", GREY, dash="dash"),
        line((0, 1), (0, 1), "random", GREY, dash="dot"),
    ]
    areas = [curve and curve.area, optimum and optimum.area, None]  # a guess always has 0.5
    return _unit_square("ROC", lines, areas, "false positive rate", "true positive rate")


def roc_text(curve: Curve | None, optimum: Curve | None = None) -> str:
    """Say what `roc_chart` shows."""
    return _in_words("AUROC", curve, optimum, "a random ranking has 0.50")


def _curve(curve: Curve | None, name: str, colour: str, **style) -> dict:
    # Half the bytes to send, and far finer than a pixel.
    x, y = ((), ()) if curve is None else (c.astype("float32") for c in (curve.x, curve.y))
    return line(x, y, name, colour, **style)


def _unit_square(title, lines, areas, x, y) -> go.Figure:
    named = [(trace, area) for trace, area in zip(lines, areas) if area is not None]
    keys = [key(trace, f"{trace['name']} {area:.2f}") for trace, area in named]
    axes = axis(x, (0, 1), dtick=0.5), axis(y, (0, 1.02), dtick=0.5)
    hover = f"{x} %{{x:.2f}}<br>{y} %{{y:.2f}}"
    return figure(lines, title, keys, *axes, hover)


def _in_words(area: str, curve: Curve | None, optimum: Curve | None, random: str) -> str:
    parts = [] if optimum is None else [f"the best possible score has {optimum.area:.2f}"]
    parts += [random] if random else []
    now = f"No {area} yet" if curve is None else f"{area} {curve.area:.2f}"
    return "; ".join([now, *parts]) + "."


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
    >>> from motiflab.evaluation.prevalence import judge
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
        chart_parts.points(
            [judged.recall[at]], [np.fmax(seen[at], _LOWEST)], "threshold", ACCENT, size=10
        ),
        chart_parts.line((0, 1), (resolution, resolution), "3/N", chart_parts.GREY, dash="dot"),
    ]
    powers = {"type": "log", "dtick": 1, "exponentformat": "power"}
    return _chart(
        unresolved,
        "False positive rate",
        lines,
        f"3/N = {brief(resolution, 2)}",
        chart_parts.axis("false positive rate", (-5, 0), **powers),
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
    >>> from motiflab.evaluation.prevalence import judge
    >>> judged = judge([1] * 3 + [0] * 100, range(103, 0, -1), prevalence=0.1)
    >>> precision_chart(judged, 0, 1.0, 0.1).data[2].y
    array([1., 1., 1.], dtype=float32)
    """
    lines = [
        *_bounded(judged.recall, judged.precision, judged.low, judged.high, "observed"),
        chart_parts.points(
            [judged.recall[at]], [judged.precision[at]], "threshold", ACCENT, size=10
        ),
        chart_parts.line((0, 1), (prevalence, prevalence), "random", chart_parts.GREY, dash="dot"),
    ]
    return _chart(
        unresolved,
        f"Precision at prevalence {brief(prevalence)}",
        lines,
        f"random {brief(prevalence)}",
        chart_parts.axis("precision", (0, 1.02), dtick=0.5),
        "recall %{x:.2f}<br>precision %{y:.3g}",
    )


def _bounded(x, y, low, high, name: str) -> list[dict]:
    """Make the traces of a line between its bounds."""
    x, y, low, high = (values.astype("float32") for values in (x, y, low, high))
    edge = {"width": 0, "shape": "vh"}
    return [
        chart_parts.line(x, low, "lower bound", SEQUENTIAL, **edge),
        chart_parts.line(x, high, "bounds", SEQUENTIAL, **edge)
        | {"fill": "tonexty", "fillcolor": _BAND},
        chart_parts.line(x, y, name, SEQUENTIAL, shape="vh", width=2.5),
    ]


def _chart(unresolved: float, title: str, lines: list, guide: str, y_axis: dict, hover: str):
    named = zip(lines[2:], ("observed", "threshold", guide))
    shaded = unresolved > 0
    keys = [chart_parts.key(trace, words) for trace, words in named]
    keys.append("▒ 95 %")
    return chart_parts.figure(
        lines,
        title,
        keys,
        chart_parts.axis("recall", (0, 1), dtick=0.5),
        y_axis,
        hover,
        height=300,
        margin={"l": 64, "r": 10, "t": 44, "b": 38},
        shapes=[_SHADE | {"x1": unresolved}],
        annotations=[_UNKNOWN | {"y": 0.92 if y_axis.get("type") else 0.08}] * shaded,
    )


LOWEST = -5
"""Power of ten at which the axis of the false positive rate begins."""

RATES = np.logspace(LOWEST, 0, 201)
"""False positive rates at which `power_chart` wants the curves."""


def power_chart(
    best: ArrayLike, rival: ArrayLike, names: tuple[str, str], rate: float, now: tuple[float, float]
) -> go.Figure:
    """Draw how many sites two detectors find at each false positive rate.

    Parameters
    ----------
    best, rival : array_like, shape (201,)
        True positive rates at `RATES`; the rival is what the learner chose.
    names : (str, str)
    rate : float
        The false positive rate that is looked at.
    now : (float, float)
        Both true positive rates there.

    Returns
    -------
    plotly.graph_objects.Figure

    Examples
    --------
    >>> chart = power_chart(RATES**0.2, RATES**0.5, ("LLR", "yours"), 0.01, (0.398, 0.1))
    >>> chart.layout.xaxis.type, [trace.name for trace in chart.data]
    ('log', ['LLR', 'yours', 'LLR', 'yours'])
    """
    lines = [
        line(RATES, np.asarray(best), names[0], GREY, dash="dash"),
        line(RATES, np.asarray(rival), names[1], ACCENT, width=2.5),
    ]
    marks = [
        points([rate], [value], name, colour, size=9)
        for value, name, colour in zip(now, names, (GREY, ACCENT))
    ]
    keys = [key(trace, f"{name} {value:.3f}") for trace, name, value in zip(lines, names, now)]
    cut = {
        "type": "line", "x0": rate, "x1": rate, "y0": 0, "y1": 1,
        "line": {"color": GREY, "width": 1, "dash": "dot"},
    }  # fmt: skip
    return figure(
        [*lines, *marks],
        "Sites found at each false positive rate",
        keys,
        axis("false positive rate", (LOWEST, 0), type="log", dtick=1, exponentformat="power"),
        axis("true positive rate", (0, 1.02), dtick=0.25),
        "false positive rate %{x:.2g}<br>true positive rate %{y:.3f}",
        shapes=[cut],
    )


def power_text(names: tuple[str, str], rate: float, now: tuple[float, float]) -> str:
    """Return what `power_chart` shows, in words.

    Parameters
    ----------
    names, rate, now
        As for `power_chart`.

    Examples
    --------
    >>> power_text(("LLR", "yours"), 0.01, (0.5, 0.25))
    'At a false positive rate of 0.01, LLR finds 0.500 of the sites and yours 0.250.'
    """
    return (
        f"At a false positive rate of {rate:.2g}, {names[0]} finds {now[0]:.3f} of the sites and "
        f"{names[1]} {now[1]:.3f}."
    )


def matches_chart(sites: Sequence[float], random: Sequence[float], allowed: int) -> go.Figure:
    """Draw how far sites and random windows are from the consensus.

    Parameters
    ----------
    sites, random : sequence of float, shape (K + 1,)
        Share with 0, 1, ... K mismatches.
    allowed : int
        Most mismatches that still count as a hit.

    Returns
    -------
    plotly.graph_objects.Figure

    Examples
    --------
    >>> chart = matches_chart([0.5, 0.5, 0], [0.1, 0.3, 0.6], allowed=0)
    >>> chart.layout.xaxis.range
    (-0.6, 2.6)
    """
    places = np.arange(len(sites))
    both = [
        bars(places, np.asarray(random), "random windows", GREY, opacity=0.5),
        bars(places, np.asarray(sites), "sites", SEQUENTIAL, opacity=0.8),
    ]
    edge = {
        "type": "line", "x0": allowed + 0.5, "x1": allowed + 0.5, "y0": 0, "y1": 1,
        "yref": "paper", "line": {"color": ACCENT, "width": 2},
    }  # fmt: skip
    keys = [key(both[1], "sites"), key(both[0], "random windows")]
    keys.append(f'<span style="color:{ACCENT}">┃</span> left of it: a hit')
    return figure(
        both,
        "Mismatches to the consensus",
        keys,
        axis("mismatches", (-0.6, len(sites) - 0.4)),
        axis("share", (0, 0.6), dtick=0.2),
        "%{x} mismatches<br>share %{y:.3f}",
        shapes=[edge],
        barmode="overlay",
    )
