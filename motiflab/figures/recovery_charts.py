"""Charts of trained weights against log-odds, of random starts, and of sample sizes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from motiflab.figures.chart_parts import GREY, Figure, axis, base_points, figure, key, line, points
from motiflab.figures.numbers import signed, written
from motiflab.figures.style import ACCENT
from motiflab.figures.tables import Html, html_table
from motiflab.networks.recovery import Recovered
from motiflab.sequences.matrix import check_matrix

REACH = (-6.0, 2.5)
"""Ends of both axes of `weights_chart`, in nats."""


def weights_chart(truth: ArrayLike, weights: ArrayLike, slope: float) -> Figure:
    """Draw trained weights against true log-odds; weights beyond the axis are at its end.

    Parameters
    ----------
    truth, weights : array_like, shape (K, 4)
        In nats.
    slope : float
        Slope of the line through the points.

    Returns
    -------
    Figure

    Examples
    --------
    >>> chart = weights_chart(np.zeros((2, 4)), np.ones((2, 4)), 1.0)
    >>> [trace.name for trace in chart.data]
    ['equal', 'A', 'C', 'G', 'T']
    """
    truth, weights = check_matrix("truth", truth), check_matrix("weights", weights).clip(*REACH)
    equal = line(REACH, REACH, "equal", GREY, dash="dash")
    dots = base_points(truth, weights)
    return figure(
        [equal, *dots],
        f"Weights against log-odds: slope {slope:.2f}",
        map(key, [equal, *dots]),
        axis("log θ − log q (nats)", REACH, dtick=2),
        axis("trained W (nats)", REACH, dtick=2),
        "log-odds %{x:.2f}<br>trained %{y:.2f}",
        height=300,
    )


def starts_table(starts: Sequence[Recovered], expected: float) -> str:
    """HTML table of the results of all random starts.

    Parameters
    ----------
    starts : sequence of Recovered
        The lowest loss first.
    expected : float
        The bias that the theorem states.

    Returns
    -------
    str

    Examples
    --------
    >>> found = Recovered(np.zeros((1, 4)), -1.0, 0.5, 0.9, 0.01, 0)
    >>> "<td>0.5000</td>" in starts_table([found], -1.1)
    True
    """
    rows = [
        (
            place,
            f"{start.loss:.4f}",
            f"{start.kl:.4f}",
            signed(written(start.shift, 0)) if start.shift else 0,
            written(start.slope, 2),
            written(start.bias, 2),
        )
        for place, start in enumerate(starts, start=1)
    ]
    caption = Html(
        "All starts, lowest training loss first.<br>Loss in nats, KL in bits per "
        f"position.<br>The theorem says: shift 0, slope 1, bias {written(expected, 2)}."
    )
    return html_table(caption, ["start", "loss", "KL", "shift", "slope", "bias"], rows)


def study_chart(
    sizes: Sequence[int], kls: ArrayLike, fitted: tuple[float, float], limits: tuple[float, float]
) -> Figure:
    """Draw the relative entropy of the trained motif against the number of sequences.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of sequences.
    kls : array_like, shape (sizes, data sets)
        Relative entropy, in bits per position.
    fitted : (float, float)
        Slope and intercept of the line through the natural logarithms of sizes and mean KL.
    limits : (float, float)
        Ends of the axis of the sizes.

    Returns
    -------
    Figure

    Examples
    --------
    >>> chart = study_chart([100, 200], [[0.2, 0.1], [0.1, 0.05]], (-1, 2.7), (100, 200))
    >>> len(chart.data), chart.layout.yaxis.type
    (3, 'log')
    """
    kls = np.asarray(kls, dtype=float)
    slope, intercept = fitted
    dots = points(np.repeat(sizes, kls.shape[1]), kls.ravel(), "data set", GREY, opacity=0.6)
    means = points(sizes, kls.mean(axis=1), "mean", ACCENT, size=10)
    ends = np.array([sizes[0], sizes[-1]], dtype=float)
    # A power law of n is a straight line between two points on logarithmic axes.
    fit = line(ends, np.exp(intercept) * ends**slope, "fit", ACCENT, dash="dash")
    room = np.log10(limits) + np.array([-0.1, 0.1])  # no dot is cut at the ends
    return figure(
        [dots, means, fit],
        "Distance from the true motif",
        [key(dots, "a data set"), key(means, "their mean"), key(fit, f"slope {written(slope, 2)}")],
        axis("sequences n", tuple(room.tolist()), type="log", tickvals=list(sizes)),
        axis("KL (bits per position)", (-4, 1), type="log", dtick=1),
        "n %{x}<br>KL %{y:.4f}",
        height=300,
        left=62,
    )
