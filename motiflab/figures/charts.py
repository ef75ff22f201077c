"""Charts with axes as plotly figures: loss, precision-recall, ROC; and each of them in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from motiflab.figures.plot import GREY, axis, figure, key, line
from motiflab.figures.style import SEQUENTIAL
from motiflab.metrics import Curve

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
        Of the model, from `motiflab.metrics.precision_recall`; None before training.
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
        # Steps, as precision is not linear in recall: see motiflab.metrics.precision_recall.
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
