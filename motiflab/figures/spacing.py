"""Networks that learn a spacing: a chart of AUROC by field, a heat map of what layer 2 reads."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from motiflab.figures.heatmap import heatmap_svg, heatmap_table
from motiflab.figures.plot import GREY, axis, figure, key, line, points
from motiflab.figures.style import ACCENT, SEQUENTIAL
from motiflab.second_layer import Reading

ROWS = 8
"""First-layer filters shown at most, those that matter most."""


def field_chart(
    fields: Sequence[int],
    areas: Sequence[float],
    needed: int,
    now: tuple[int, float] | None = None,
    last: int = 50,
) -> go.Figure:
    """Draw the AUROC of trained networks against their receptive field.

    Parameters
    ----------
    fields, areas : sequence of float, of equal length
        Receptive field in bases and held-out AUROC of each training; both may be empty.
    needed : int
        The field that the grammar needs: a vertical line.
    now : (int, float), optional
        Field and AUROC of the network in training.
    last : int
        Where the axis ends, at least.

    Returns
    -------
    plotly.graph_objects.Figure

    Examples
    --------
    >>> chart = field_chart([10, 30], [0.5, 0.99], needed=28)
    >>> chart.data[0].x, chart.layout.yaxis.range
    ((10, 30), (0.4, 1.02))
    """
    dots = points(fields, areas, "trained", SEQUENTIAL, size=8, opacity=0.75)
    moving = points([now[0]] if now else (), [now[1]] if now else (), "now", ACCENT, size=10)
    end = max([last, needed + 5, *fields, *moving["x"]])
    traces = [
        line((0, end), (0.5, 0.5), "chance", GREY, dash="dot"),
        line((needed, needed), (0.4, 1.02), "needed", GREY, dash="dash"),
    ]
    keys = [key(traces[1], f"{needed} needed"), key(dots, "runs")]
    if now:
        keys.insert(0, key(moving, f"now {now[1]:.2f}"))
    axes = axis("field (bases)", (0, end)), axis("AUROC", (0.4, 1.02))
    hover = "%{x} bases<br>AUROC %{y:.3f}"
    return figure([dots, moving, *traces], "AUROC by receptive field", keys, *axes, hover)


def field_chart_text(fields: Sequence[int], areas: Sequence[float], needed: int) -> str:
    """Say what `field_chart` shows.

    >>> field_chart_text([30, 10], [0.99, 0.5], 28)
    '28 bases are needed. AUROC by receptive field: 10 bases 0.50, 30 bases 0.99.'
    """
    told = ", ".join(f"{field} bases {area:.2f}" for field, area in sorted(zip(fields, areas)))
    return f"{needed} bases are needed. AUROC by receptive field: {told or 'no training yet'}."


def reading_svg(reading: Reading, names: Sequence[str], uid: str) -> str:
    """Draw what a second-layer filter reads: rows are first-layer filters, columns its taps.

    Parameters
    ----------
    reading : Reading
        From `motiflab.second_layer.read_second_layer`.
    names : sequence of str
        What to call each first-layer filter; rows are sorted by these names.
    uid : str
        A letter, then letters, digits and hyphens; another for each picture on a page.

    Examples
    --------
    >>> import numpy as np
    >>> reading = Reading(0, 0.9, np.array([[2.0, 0], [0, 1]]), 0.1, 3.1, np.array([0, 16]))
    >>> ">2.0<" in reading_svg(reading, ["A", "B"], "r")
    True
    """
    rows = _rows(reading, names)
    return heatmap_svg(
        reading.contributions[rows],
        [names[row] for row in rows],
        _columns(reading),
        f"What second-layer filter {reading.index + 1} reads",
        reading_text(reading, names),
        uid,
        cell=(44, 22),
    )


def reading_table(reading: Reading, names: Sequence[str]) -> str:
    """The numbers of `reading_svg` as an HTML table."""
    rows = _rows(reading, names)
    return heatmap_table(
        reading.contributions[rows],
        [names[row] for row in rows],
        _columns(reading),
        "Mean contribution to the score of the second-layer filter, by distance in bases",
        corner="first-layer filter",
    )


def reading_text(reading: Reading, names: Sequence[str]) -> str:
    """Say which filter each tap listens to most.

    >>> import numpy as np
    >>> reading = Reading(0, 0.9, np.array([[2.0, 0], [0, 1]]), 0.1, 3.1, np.array([0, 16]))
    >>> reading_text(reading, ["A", "B"])
    'Second-layer filter 1 adds most at each tap for: +0 bases A 2.0, +16 bases B 1.0.'
    """
    best = reading.contributions.argmax(axis=0)
    told = ", ".join(
        f"+{offset} bases {names[f]} {reading.contributions[f, k]:.1f}"
        for k, (offset, f) in enumerate(zip(reading.offsets, best))
    )
    return f"Second-layer filter {reading.index + 1} adds most at each tap for: {told}."


def _rows(reading: Reading, names: Sequence[str]) -> list[int]:
    """The filters that matter most, sorted by name."""
    size = abs(reading.contributions).max(axis=1)
    return sorted(sorted(range(len(size)), key=lambda f: -size[f])[:ROWS], key=names.__getitem__)


def _columns(reading: Reading) -> list[str]:
    return [f"+{offset}" for offset in reading.offsets]
