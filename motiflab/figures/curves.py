"""A few curves over one axis, each with the point where the learner stands, and the same in words.

Up to three curves, told apart by colour and by dash; what each is, and its number at the marked
place, stands in the line under the title.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from motiflab.figures.plot import GREY, figure, key, line, points
from motiflab.figures.style import ACCENT, DIVERGING, SEQUENTIAL

_LOOKS = ((SEQUENTIAL, "solid"), (DIVERGING[0], "dash"), (GREY, "dot"))


class Series(NamedTuple):
    """One curve.

    Attributes
    ----------
    words : str
        Its name and its number at the marked place, such as "sigmoid 0.73".
    x, y : sequence of float
        Its points. Of those on a logarithmic axis, values of 0 and below are left out.
    mark : float or None
        Its height at the marked place.
    dots : sequence of (float, float)
        Single measurements, drawn small in the colour of the curve.
    """

    words: str
    x: Sequence[float]
    y: Sequence[float]
    mark: float | None = None
    dots: Sequence[tuple[float, float]] = ()


def curves_chart(
    series: Sequence[Series],
    title: str,
    x_axis: dict,
    y_axis: dict,
    now: float | None = None,
    height: int = 240,
) -> go.Figure:
    """Draw curves, and a line where the learner stands.

    Parameters
    ----------
    series : sequence of Series
        One to three.
    title : str
    x_axis, y_axis : dict
        From `motiflab.figures.plot.axis`.
    now : float, optional
        The marked place on the x axis.
    height : int
        In pixels.

    Returns
    -------
    plotly.graph_objects.Figure

    Examples
    --------
    >>> from motiflab.figures.plot import axis
    >>> one = Series("line 0.5", [0, 1], [0, 1], mark=0.5)
    >>> chart = curves_chart([one], "A line", axis("x", (0, 1)), axis("y", (0, 1)), now=0.5)
    >>> len(chart.data), chart.data[2].y
    (3, (0.5,))
    """
    shown = _positive if y_axis.get("type") == "log" else list
    lines, dots, keys = [], [], []
    for one, (colour, dash) in zip(series, _LOOKS):
        lines.append(line(one.x, shown(one.y), one.words, colour, dash=dash))
        x, y = zip(*one.dots) if one.dots else ((), ())
        dots.append(points(x, shown(y), one.words, colour, size=4, opacity=0.5))
        keys.append(key(lines[-1], one.words))
    marks = [one.mark for one in series if one.mark is not None]
    here = points([now] * len(marks), shown(marks), "here", ACCENT, size=9)
    stand = {"type": "line", "x0": now, "x1": now, "y0": 0, "y1": 1, "yref": "paper"}
    shapes = [] if now is None else [stand | {"line": {"color": ACCENT, "width": 1}}]
    hover = "%{x:.4g}, %{y:.4g}"
    parts = [*dots, *reversed(lines), here]  # the first curve lies on top
    layout: dict = {"shapes": shapes}
    if y_axis.get("type") == "log":  # powers of ten are wide
        layout["margin"] = {"l": 72, "r": 10, "t": 44, "b": 38}
        y_axis = y_axis | {"title": {"text": y_axis["title"]["text"], "standoff": 22}}
    return figure(parts, title, keys, x_axis, y_axis, hover, height=height, **layout)


def curves_text(series: Sequence[Series], title: str, place: str) -> str:
    """Say what `curves_chart` shows at the marked place.

    Parameters
    ----------
    series, title
        As for `curves_chart`.
    place : str
        Where the learner stands, such as "z = 1.0".

    Examples
    --------
    >>> curves_text([Series("ReLU 1.0", [], []), Series("tanh 0.8", [], [])], "Functions", "z = 1")
    'Functions. At z = 1: ReLU 1.0, tanh 0.8.'
    """
    return f"{title}. At {place}: {', '.join(one.words for one in series)}."


def _positive(values: Sequence[float]) -> list[float | None]:
    return [float(v) if v > 0 else None for v in np.asarray(values, dtype=float)]
