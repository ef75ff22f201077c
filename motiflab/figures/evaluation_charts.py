"""Charts of the performance of a detector: loss, precision-recall, ROC, power, precision bounds.

Every chart of precision against recall is made by `precision_recall_figure`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from motiflab.evaluation import Curve, Judgement
from motiflab.figures.chart_parts import (
    GREY,
    Figure,
    axis,
    bars,
    figure,
    key,
    line,
    numbered_keys,
    points,
    upright,
)
from motiflab.figures.numbers import brief
from motiflab.figures.style import ACCENT, DIVERGING, SEQUENTIAL

LOWEST = -5
"""Power of ten at which the axis of the false positive rate begins."""

RATES = np.logspace(LOWEST, 0, 201)
"""False positive rates of the curves of `power_chart`."""

EARLIER = 4
"""Largest number of earlier curves in `precision_recall_chart`."""

_POWERS = {"type": "log", "dtick": 1}
_BAND = "rgba(122, 103, 199, 0.22)"  # between two bounds
_SHADE = {
    "type": "rect",
    "yref": "paper",
    "y0": 0,
    "y1": 1,
    "x0": 0,
    "line": {"width": 0},
    "fillcolor": "rgba(122, 122, 122, 0.22)",
    "layer": "below",
}


def loss_chart(
    steps: Sequence[float],
    losses: Sequence[float],
    last: float | None = None,
    held_out: Mapping[float, float] | None = None,
) -> Figure:
    """Draw the loss against the steps of training.

    Parameters
    ----------
    steps, losses : sequence of float, of equal length
        Cross-entropy in nats, one per step; both may be empty.
    last : float, optional
        End of the axis: the last step of the training. Without it, the last step so far.
    held_out : mapping of float to float, optional
        The loss on held-out data by step, if known; without it there is no such line.

    Returns
    -------
    Figure

    Examples
    --------
    >>> chart = loss_chart([1, 2], [0.69, 0.41], last=10)
    >>> chart.layout.xaxis.range, chart.layout.yaxis.range
    ((0, 10), (0, 0.8))
    """
    end = max([last or 1, *steps])
    # The axis grows in steps of 0.2; rounding must not add one.
    others = [] if held_out is None else [*held_out.values()]
    top = math.ceil(max([0.8, *losses, *others]) / 0.2 - 1e-9) * 0.2
    lines = [line(steps, losses, "training", SEQUENTIAL)]
    if held_out is not None:
        lines.append(line([*held_out], others, "held out", DIVERGING[0], dash="dash"))
    seen = zip(lines, (losses, others))
    return figure(
        lines,
        "Loss",
        [key(one, f"{one['name']} {values[-1]:.2f}") for one, values in seen if len(values)],
        axis("step", (0, end)),
        axis("cross-entropy (nats)", (0, round(top, 1))),
        "step %{x}<br>loss %{y:.3f}",
    )


def loss_text(
    steps: Sequence[float],
    losses: Sequence[float],
    held_out: Mapping[float, float] | None = None,
) -> str:
    """Return what `loss_chart` shows, in words.

    >>> loss_text([1, 2], [0.69, 0.41])
    'Loss 0.69 at step 1, now 0.41 at step 2.'
    """
    if not len(steps):
        return "No loss yet: training has not begun."
    said = f"Loss {losses[0]:.2f} at step {steps[0]}"
    if len(steps) > 1:
        said += f", now {losses[-1]:.2f} at step {steps[-1]}"
    if not held_out:
        return f"{said}."
    lowest, latest = min(held_out, key=held_out.get), max(held_out)
    said += f". On held-out data {held_out[latest]:.2f} at step {latest}"
    return f"{said}, lowest {held_out[lowest]:.2f} at step {lowest}."


def precision_recall_chart(
    curve: Curve | None,
    prevalence: float | None,
    optimum: Curve | None = None,
    earlier: Sequence[Curve | None] | None = None,
) -> Figure:
    """Draw precision against recall, with the prevalence and the best possible curve.

    Parameters
    ----------
    curve : Curve or None
        Curve of the model, from `motiflab.evaluation.curves.precision_recall`; None before
        training.
    prevalence : float or None
        Share of positives: the precision of random calls.
    optimum : Curve or None
        Curve of the Neyman-Pearson score, if known.
    earlier : sequence of Curve or None, optional
        Curves of the same model at earlier moments, oldest first; at most `EARLIER` of them. Older
        curves are paler. Without this argument the chart has no traces for them.

    Returns
    -------
    Figure

    Examples
    --------
    >>> chart = precision_recall_chart(None, 0.5)
    >>> [trace.name for trace in chart.data], chart.layout.yaxis.range
    (['model', 'best', 'random'], (0, 1.02))
    """
    lines = [
        # Steps, as precision is not linear in recall: see `precision_recall`.
        curve_line(curve, "model", SEQUENTIAL, shape="vh", width=2.5),
        curve_line(optimum, "best", GREY, shape="vh", dash="dash"),
        random_line(prevalence),
    ]
    numbers = [*_areas(curve, optimum), None if prevalence is None else f"{prevalence:.2f}"]
    past = () if earlier is None else [None] * (EARLIER - len(earlier)) + list(earlier)
    traces = [
        curve_line(one, "earlier", SEQUENTIAL, every=3, shape="vh", width=1.5)
        | {"opacity": 0.15 + 0.1 * i, "zorder": -1, "hoverinfo": "skip", "hovertemplate": None}
        for i, one in enumerate(past)
    ]
    keys = numbered_keys(lines, numbers)
    return precision_recall_figure("Precision-recall", [*lines, *traces], keys)


def precision_recall_figure(
    title: str,
    traces: Sequence[dict],
    keys: Sequence[str],
    digits: tuple[str, str] = (".2f", ".2f"),
    ends: tuple[float, float] = (1, 1.02),
    step: float = 0.5,
    **layout: Any,
) -> Figure:
    """Make a chart of precision against recall from traces.

    Parameters
    ----------
    title : str
    traces : sequence of dict
        From `curve_line`, `random_line` and the functions of `motiflab.figures.chart_parts`.
    keys : sequence of str
        From `motiflab.figures.chart_parts.key`.
    digits : (str, str)
        Number formats of the recall and the precision of a point.
    ends : (float, float)
        Ends of the axes of recall and precision; both begin at 0.
    step : float
        Distance of the numbers on the axis of recall.
    **layout
        As for `motiflab.figures.chart_parts.figure`.

    Returns
    -------
    Figure

    Examples
    --------
    >>> chart = precision_recall_figure("Chance", [random_line(0.1)], [])
    >>> chart.layout.xaxis.title.text, chart.layout.yaxis.range
    ('recall', (0, 1.02))
    """
    recall, precision = digits
    return figure(
        traces,
        title,
        keys,
        axis("recall", (0, ends[0]), dtick=step),
        axis("precision", (0, ends[1]), dtick=0.5),
        f"recall %{{x:{recall}}}<br>precision %{{y:{precision}}}",
        **layout,
    )


def curve_line(curve: Curve | None, name: str, colour: str, every: int = 1, **style: Any) -> dict:
    """Make the trace of a curve; None draws nothing.

    Parameters
    ----------
    curve : Curve or None
    name, colour, **style
        As for `motiflab.figures.chart_parts.line`.
    every : int
        Which points to draw: 6 for every sixth.

    Examples
    --------
    >>> len(curve_line(None, "model", GREY)["x"])
    0
    """
    if curve is None:
        return line((), (), name, colour, **style)
    # Single precision: half the bytes to send, and far finer than a pixel.
    x, y = (values[::every].astype("float32") for values in (curve.x, curve.y))
    return line(x, y, name, colour, **style)


def random_line(prevalence: float | None) -> dict:
    """Make the trace of random calls, whose precision is the prevalence at every recall.

    >>> random_line(0.1)["y"]
    (0.1, 0.1)
    """
    share = () if prevalence is None else (prevalence, prevalence)
    return line((0, 1), share, "random", GREY, dash="dot")


def precision_recall_text(
    curve: Curve | None, prevalence: float | None, optimum: Curve | None = None
) -> str:
    """Return what `precision_recall_chart` shows, in words.

    >>> import numpy as np
    >>> curve = Curve(np.array([0.0, 1.0]), np.array([1.0, 0.9]), 0.93, 0.5)
    >>> precision_recall_text(curve, 0.5)
    'AUPRC 0.93; random calls have precision 0.50.'
    """
    # On few sequences a random ranking has a larger area: see `average_precision_of_guess`.
    random = "" if prevalence is None else f"random calls have precision {prevalence:.2f}"
    return _in_words("AUPRC", curve, optimum, random)


def roc_chart(curve: Curve | None, optimum: Curve | None = None) -> Figure:
    """Draw the true against the false positive rate; otherwise as `precision_recall_chart`.

    >>> chart = roc_chart(None)
    >>> [trace.name for trace in chart.data]
    ['model', 'best', 'random']
    """
    lines = [
        curve_line(curve, "model", SEQUENTIAL, width=2.5),
        curve_line(optimum, "best", GREY, dash="dash"),
        line((0, 1), (0, 1), "random", GREY, dash="dot"),
    ]
    return figure(
        lines,
        "ROC",
        numbered_keys(lines, _areas(curve, optimum)),  # that of a guess is always 0.5
        axis("false positive rate", (0, 1), dtick=0.5),
        axis("true positive rate", (0, 1.02), dtick=0.5),
        "false positive rate %{x:.2f}<br>true positive rate %{y:.2f}",
    )


def roc_text(curve: Curve | None, optimum: Curve | None = None) -> str:
    """Return what `roc_chart` shows, in words."""
    return _in_words("AUROC", curve, optimum, "a random ranking has 0.50")


def _areas(*curves: Curve | None) -> list[str | None]:
    return [None if curve is None else f"{curve.area:.2f}" for curve in curves]


def _in_words(area: str, curve: Curve | None, optimum: Curve | None, random: str) -> str:
    now = f"No {area} yet" if curve is None else f"{area} {curve.area:.2f}"
    best = "" if optimum is None else f"the best possible score has {optimum.area:.2f}"
    return "; ".join(part for part in (now, best, random) if part) + "."


def rates_chart(judged: Judgement, at: int, unresolved: float) -> Figure:
    """Draw the false positive rate against recall, with its bounds.

    Parameters
    ----------
    judged : Judgement
    at : int
        Index of the marked point.
    unresolved : float
        Recall up to which no negative is called; this part is shaded.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from motiflab.evaluation.prevalence import judge
    >>> judged = judge([1] * 3 + [0] * 100, range(103, 0, -1), prevalence=0.1)
    >>> chart = rates_chart(judged, at=0, unresolved=1.0)
    >>> [trace.name for trace in chart.data]
    ['lower bound', 'bounds', 'observed', 'threshold', '3/N']
    """
    seen = np.where(judged.false, judged.false / judged.negatives, np.nan)  # no logarithm of 0
    resolution, floor = 3 / judged.negatives, 10.0**LOWEST
    traces = [
        *_bounded(judged.recall, seen, np.maximum(judged.fpr_low, floor), judged.fpr_high),
        # If no negative is called, the mark is at the bottom of the chart.
        points([judged.recall[at]], [np.fmax(seen[at], floor)], "threshold", ACCENT, size=10),
        line((0, 1), (resolution, resolution), "3/N", GREY, dash="dot"),
    ]
    return figure(
        traces,
        "False positive rate",
        [
            *map(key, traces[2:4]),
            key(traces[4], f"3/N = {brief(resolution, 2)}"),
            *_areas_of(unresolved),
        ],
        axis("recall", (0, 1), dtick=0.5),
        axis("false positive rate", (LOWEST, 0), **_POWERS),
        "recall %{x:.2f}<br>false positive rate %{y:.2g}",
        drag="recall",
        **_shaded(unresolved),
    )


def precision_chart(judged: Judgement, at: int, unresolved: float, prevalence: float) -> Figure:
    """Draw the precision against recall, with its bounds.

    Parameters
    ----------
    judged, at, unresolved
        As for `rates_chart`.
    prevalence : float
        That of `judged`; the precision of random calls.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from motiflab.evaluation.prevalence import judge
    >>> judged = judge([1] * 3 + [0] * 100, range(103, 0, -1), prevalence=0.1)
    >>> precision_chart(judged, 0, 1.0, 0.1).data[2].y
    array([1., 1., 1.], dtype=float32)
    """
    traces = [
        *_bounded(judged.recall, judged.precision, judged.low, judged.high),
        points([judged.recall[at]], [judged.precision[at]], "threshold", ACCENT, size=10),
        random_line(prevalence),
    ]
    return precision_recall_figure(
        f"Precision at prevalence {brief(prevalence)}",
        traces,
        [
            *map(key, traces[2:4]),
            key(traces[4], f"random {brief(prevalence)}"),
            *_areas_of(unresolved),
        ],
        digits=(".2f", ".3g"),
        drag="recall",
        **_shaded(unresolved),
    )


def _bounded(x, y, low, high) -> list[dict]:
    """Make three traces: the lower bound, the upper bound, and the observed values."""
    x, y, low, high = (values.astype("float32") for values in (x, y, low, high))
    edge = {"width": 0, "shape": "vh"}
    return [
        line(x, low, "lower bound", SEQUENTIAL, **edge),
        # The band reaches down to the trace before this one.
        line(x, high, "bounds", SEQUENTIAL, **edge) | {"fill": "tonexty", "fillcolor": _BAND},
        line(x, y, "observed", SEQUENTIAL, shape="vh", width=2.5),
    ]


def _areas_of(unresolved: float) -> list[str]:
    """Keys of the band and of the shaded part, if there is one."""
    return ["▒ 95 % bounds", *(["grey: no negative called"] if unresolved > 0 else [])]


def _shaded(unresolved: float) -> dict:
    """Layout that shades the recall at which no negative is called."""
    return {"height": 300, "left": 64, "shapes": [_SHADE | {"x1": unresolved}]}


def power_chart(
    best: ArrayLike,
    rival: ArrayLike,
    names: tuple[str, str],
    rate: float,
    now: tuple[float, float],
    drag: str = "",
) -> Figure:
    """Draw the true positive rate of two detectors at each false positive rate.

    Parameters
    ----------
    best, rival : array_like, shape (201,)
        True positive rates at `RATES`; the rival is the learner's choice.
    names : (str, str)
    rate : float
        The marked false positive rate.
    now : (float, float)
        Both true positive rates there.
    drag : str
        As for `motiflab.figures.chart_parts.figure`: the field of the rate's power of ten.

    Returns
    -------
    Figure

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
    return figure(
        [*lines, *marks],
        "Sites found at each false positive rate",
        numbered_keys(lines, [f"{value:.3f}" for value in now]),
        axis("false positive rate", (LOWEST, 0), **_POWERS),
        axis("true positive rate", (0, 1.02), dtick=0.5),
        "false positive rate %{x:.2g}<br>true positive rate %{y:.3f}",
        drag=drag,
        shapes=[upright(rate, GREY, top=1, dash="dot")],
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
        f"At a false positive rate of {brief(rate, 2)}, {names[0]} finds {now[0]:.3f} of the sites "
        f"and {names[1]} {now[1]:.3f}."
    )


def matches_chart(sites: Sequence[float], random: Sequence[float], allowed: int) -> Figure:
    """Draw the number of mismatches of sites and random windows with the consensus.

    Parameters
    ----------
    sites, random : sequence of float, shape (K + 1,)
        Share with 0, 1, ... K mismatches.
    allowed : int
        Largest number of mismatches of a hit.

    Returns
    -------
    Figure

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
    return figure(
        both,
        "Mismatches to the consensus",
        [
            *map(key, reversed(both)),
            f'<span style="color:{ACCENT}">┃</span> left of it: a hit',
        ],
        axis("mismatches", (-0.6, len(sites) - 0.4)),
        axis("share", (0, 0.6), dtick=0.2),
        "%{x} mismatches<br>share %{y:.3f}",
        drag="allowed",
        shapes=[upright(allowed + 0.5, ACCENT, width=2)],
        barmode="overlay",
    )
