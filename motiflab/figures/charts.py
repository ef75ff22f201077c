"""Charts with axes as plotly figures: loss, precision-recall, ROC; and each of them in words.

Each chart has a fixed set of traces (empty ones included), fixed axes and a fixed height, so that
nothing jumps while a training runs. Lines are named, with their numbers, in the line under the
title rather than in a legend, and differ by dash as well as by colour. Grounds are transparent
and the grey of texts has a contrast of over 4:1 on white and on JupyterLab's dark background, as
plotly knows no theme.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from motiflab.figures.style import SEQUENTIAL
from motiflab.metrics import Curve

GREY = "#7a7a7a"
_GRID = "rgba(122, 122, 122, 0.3)"
_MODEL = SEQUENTIAL
_DASHES = {"solid": "━━", "dash": "╍╍", "dot": "┅┅"}


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
    line = _line(steps, losses, "training", _MODEL)
    keys = [_key(line, losses[-1])] if len(losses) else []
    x, y = _axis("step", (0, end)), _axis("cross-entropy (nats)", (0, round(top, 1)))
    return _figure([line], "Loss", keys, x, y, "step %{x}<br>loss %{y:.3f}")


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
        Of the model, from `motiflab.metrics.precision_recall`; None before training.
    prevalence : float or None
        Share of positives: the precision of a random ranking.
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
        # Steps, as precision is not linear in recall: see motiflab.metrics.precision_recall.
        _curve(curve, "model", _MODEL, shape="vh", width=2.5),
        _curve(optimum, "best", GREY, shape="vh", dash="dash"),
        _line((0, 1), share, "random", GREY, dash="dot"),
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
    'AUPRC 0.93; a random ranking has 0.50.'
    """
    return _in_words("AUPRC", curve, optimum, prevalence)


def roc_chart(curve: Curve | None, optimum: Curve | None = None) -> go.Figure:
    """Draw the true against the false positive rate; otherwise as `precision_recall_chart`.

    >>> chart = roc_chart(None)
    >>> [trace.name for trace in chart.data]
    ['model', 'best', 'random']
    """
    lines = [
        _curve(curve, "model", _MODEL, width=2.5),
        _curve(optimum, "best", GREY, dash="dash"),
        _line((0, 1), (0, 1), "random", GREY, dash="dot"),
    ]
    areas = [curve and curve.area, optimum and optimum.area, None]  # a guess always has 0.5
    return _unit_square("ROC", lines, areas, "false positive rate", "true positive rate")


def roc_text(curve: Curve | None, optimum: Curve | None = None) -> str:
    """Say what `roc_chart` shows."""
    return _in_words("AUROC", curve, optimum, 0.5)


# Plain dictionaries, handed to plotly in one go: its own objects take ten times as long to make.
def _line(x, y, name: str, colour: str, **style) -> dict:
    style = {"color": colour, "width": 2} | style
    x = x if len(y) else ()
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "name": name, "line": style}


def _curve(curve: Curve | None, name: str, colour: str, **style) -> dict:
    # Half the bytes to send, and far finer than a pixel.
    x, y = ((), ()) if curve is None else (c.astype("float32") for c in (curve.x, curve.y))
    return _line(x, y, name, colour, **style)


def _key(line: dict, value: float) -> str:
    colour, dash = line["line"]["color"], _DASHES[line["line"].get("dash", "solid")]
    return f'<span style="color:{colour}">{dash}</span> {line["name"]} {value:.2f}'


def _axis(title: str, limits: tuple[float, float], **more) -> dict:
    return {
        "title": {"text": title, "standoff": 6},
        "range": limits,
        "gridcolor": _GRID,
        "zeroline": False,
        "ticklabelstandoff": 4,
    } | more


def _unit_square(title, lines, areas, x, y) -> go.Figure:
    keys = [_key(line, area) for line, area in zip(lines, areas) if area is not None]
    axes = _axis(x, (0, 1), dtick=0.5), _axis(y, (0, 1.02), dtick=0.5)
    hover = f"{x} %{{x:.2f}}<br>{y} %{{y:.2f}}"
    return _figure(lines, title, keys, *axes, hover)


def _figure(lines, title, keys, x_axis, y_axis, hover) -> go.Figure:
    layout = {
        "template": {},
        "title": {
            "text": f"<b>{title}</b><br><span style='font-size:10px'>{'  '.join(keys)}</span>",
            "font": {"size": 11},
            "x": 0,
            "xref": "container",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 12},  # plotly hangs the middle of the first line there
        },
        "height": 260,
        "margin": {"l": 46, "r": 10, "t": 44, "b": 38},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": GREY, "size": 11, "family": "system-ui, sans-serif"},
        "showlegend": False,
        "uirevision": "kept",  # a zoom outlives the next update
        "xaxis": x_axis,
        "yaxis": y_axis,
    }
    return go.Figure(
        {"data": [line | {"hovertemplate": hover} for line in lines], "layout": layout}
    )


def _in_words(area: str, curve: Curve | None, optimum: Curve | None, baseline: float | None) -> str:
    parts = [] if optimum is None else [f"the best possible score has {optimum.area:.2f}"]
    parts += [] if baseline is None else [f"a random ranking has {baseline:.2f}"]
    now = f"No {area} yet" if curve is None else f"{area} {curve.area:.2f}"
    return "; ".join([now, *parts]) + "."
