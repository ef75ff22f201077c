"""Pictures of detectors: their power at every false positive rate, and matches to a consensus."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from motiflab.figures.plot import GREY, axis, bars, figure, key, line, points
from motiflab.figures.style import ACCENT, SEQUENTIAL

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
