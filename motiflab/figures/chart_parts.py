"""Parts of every chart with axes: traces, axes, marks, the figure, and a few curves in one figure.

Each chart always has the same traces (including empty ones), axes and height, so that nothing jumps
while a control moves. Keys under the title replace the legend, and lines differ by dash as well as
by colour. plotly does not know the theme, so backgrounds are transparent, and the grey of the text
has a contrast of over 4:1 on white and on JupyterLab's dark background.

Traces, axes and figures are plain dictionaries, as plotly.js reads them. plotly's own objects take
ten times as long to make and would delay each key press; a test validates the charts of all cards
with plotly.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from motiflab.figures.numbers import power_of_ten
from motiflab.figures.style import ACCENT, BASE_COLOURS, DIVERGING, SEQUENTIAL
from motiflab.sequences.alphabet import BASES

GREY = "#7a7a7a"
_GRID = "rgba(122, 122, 122, 0.3)"
_DASHES = {"solid": "━━", "dash": "╍╍", "dot": "┅┅"}
_SIGNS = {"circle": "●", "square": "■", "diamond": "◆", "x": "✖"}


@dataclass(frozen=True, eq=False)
class Figure:
    """A chart with axes.

    Attributes
    ----------
    spec : dict
        Its traces, "data", and its "layout", as plotly.js expects them.
    data, layout
        The same as plotly's own objects, made and validated on first use.

    Examples
    --------
    >>> Figure({"data": [{"type": "bar", "y": [3]}], "layout": {"height": 200}}).layout.height
    200
    """

    spec: dict

    @cached_property
    def _checked(self) -> Any:
        import plotly.graph_objects as go

        return go.Figure(self.spec)

    @property
    def data(self) -> tuple:
        return self._checked.data

    @property
    def layout(self) -> Any:
        return self._checked.layout

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Figure) and self._checked == other._checked

    def _ipython_display_(self) -> None:
        """Show the chart outside a card, as the output of a cell."""
        self._checked._ipython_display_()

    def to_dict(self) -> dict:
        """Return a copy of `spec`, as plotly's own figures do."""
        return {"data": list(self.spec["data"]), "layout": dict(self.spec["layout"])}


def line(x: Sequence[float], y: Sequence[float], name: str, colour: str, **style: Any) -> dict:
    """Make the trace of a line.

    Parameters
    ----------
    x, y : sequence of float
        Its points; with an empty `y` nothing is drawn.
    name : str
        Its name in the `key`.
    colour : str
    **style
        Further entries of plotly's ``line``, such as ``dash="dot"`` or ``shape="vh"``.

    Examples
    --------
    >>> line([0, 1], [2, 3], "model", GREY, dash="dot")["line"]
    {'color': '#7a7a7a', 'width': 2, 'dash': 'dot'}
    """
    return _scatter("lines", x, y, name) | {"line": {"color": colour, "width": 2} | style}


def points(x: Sequence[float], y: Sequence[float], name: str, colour: str, **style: Any) -> dict:
    """Make the trace of separate points; `style` goes into plotly's ``marker``.

    Parameters
    ----------
    x, y, name, colour
        As for `line`.
    **style
        Further entries of plotly's ``marker``, such as ``symbol="x"`` or ``size=10``.

    Examples
    --------
    >>> points([0], [1], "now", GREY, symbol="x")["marker"]
    {'color': '#7a7a7a', 'size': 7, 'symbol': 'x'}
    """
    return _scatter("markers", x, y, name) | {"marker": {"color": colour, "size": 7} | style}


def _scatter(mode: str, x: Sequence[float], y: Sequence[float], name: str) -> dict:
    # Without heights there is nothing to draw.
    return {"type": "scatter", "mode": mode, "x": x if len(y) else (), "y": y, "name": name}


def base_points(x: np.ndarray, y: np.ndarray) -> list[dict]:
    """Make a trace of points for each base, which differ by symbol as well as by colour.

    Parameters
    ----------
    x, y : ndarray, shape (K, 4)
        Columns in the order A, C, G, T.

    Examples
    --------
    >>> [key(trace)[-3:] for trace in base_points(np.eye(4), np.eye(4))]
    ['> A', '> C', '> G', '> T']
    """
    return [
        points(x[:, a], y[:, a], base, BASE_COLOURS[base], symbol=symbol, size=8)
        for a, (base, symbol) in enumerate(zip(BASES, _SIGNS))
    ]


def bars(x: Sequence[Any], y: Sequence[float], name: str, colour: str, **more: Any) -> dict:
    """Make the trace of bars.

    Parameters
    ----------
    x : sequence
        Positions or names of the bars.
    y : sequence of float
        Their heights.
    name, colour
        As for `line`.
    **more
        Further entries of plotly's trace, such as ``width=0.8``.

    Examples
    --------
    >>> bars(["A", "C"], [1, 2], "count", GREY)["type"]
    'bar'
    """
    return {"type": "bar", "x": x, "y": y, "name": name, "marker": {"color": colour}} | more


def key(trace: dict, words: str | None = None) -> str:
    """Return the key of a trace for the line under the title: its stroke or dot, then its name.

    >>> key(line([0], [0], "model", GREY), "model 0.93")
    '<span style="color:#7a7a7a">━━</span> model 0.93'
    """
    style = trace.get("line") or trace["marker"]
    if "line" in trace:
        sign = _DASHES[style.get("dash", "solid")]
    else:
        sign = _SIGNS[style.get("symbol", "circle")]
    words = trace["name"] if words is None else words
    return f'<span style="color:{style["color"]}">{sign}</span> {words}'


def numbered_keys(traces: Iterable[dict], numbers: Iterable[str | None]) -> list[str]:
    """Make keys from the names and numbers of traces; a trace whose number is None has no key.

    Parameters
    ----------
    traces : iterable of dict
        Those beyond the last number have no key.
    numbers : iterable of str or None

    Examples
    --------
    >>> numbered_keys([line([0], [0], "model", GREY), line([0], [0], "best", GREY)], ["0.93", None])
    ['<span style="color:#7a7a7a">━━</span> model 0.93']
    """
    return [
        key(trace, f"{trace['name']} {number}")
        for trace, number in zip(traces, numbers)
        if number is not None
    ]


def axis(title: str, limits: tuple[float, float], **more: Any) -> dict:
    """Make an axis with fixed limits, so that it does not move with a control.

    Parameters
    ----------
    title : str
        With the unit, if there is one.
    limits : (float, float)
        Both ends; for a logarithmic axis (``type="log"``) as powers of ten, as in plotly.
    **more
        Further entries of plotly's axis, such as ``dtick=0.5``. On a logarithmic axis `dtick` is
        the step from one labelled power of ten to the next.

    Examples
    --------
    >>> axis("recall", (0, 1))["range"], axis("p", (-4, 0), type="log", dtick=2)["ticktext"]
    ((0, 1), ['10⁻⁴', '10⁻²', '1'])
    """
    if more.get("type") == "log" and "dtick" in more:  # plotly's own powers are in smaller letters
        step = more.pop("dtick")
        powers = range(step * math.ceil(limits[0] / step), math.floor(limits[1]) + 1, step)
        more |= {"tickvals": [10.0**p for p in powers], "ticktext": list(map(power_of_ten, powers))}
    return {
        "title": {"text": title, "standoff": 6, "font": {"size": 12}},
        "range": limits,
        "gridcolor": _GRID,
        "zeroline": False,
        "zerolinecolor": GREY,
        "ticklabelstandoff": 4,
    } | more


def upright(x: float, colour: str, top: float | None = None, **style: Any) -> dict:
    """Make the shape of a vertical line that marks a place on the x axis.

    Parameters
    ----------
    x : float
        The place.
    colour : str
    top : float, optional
        End of the line, which starts at 0 on the y axis; without it the line spans the chart.
    **style
        Further entries of plotly's ``line``, such as ``dash="dot"``.

    Examples
    --------
    >>> upright(2, GREY)["yref"], "yref" in upright(2, GREY, top=0.5)
    ('paper', False)
    """
    ends = {"y0": 0, "y1": 1, "yref": "paper"} if top is None else {"y0": 0, "y1": top}
    return {"type": "line", "x0": x, "x1": x, "line": {"color": colour, "width": 1} | style} | ends


# 20,000, not 20k, and never aslant.
_NUMBERS = {"separatethousands": True, "exponentformat": "none", "tickangle": 0}


def figure(
    traces: Iterable[dict],
    title: str,
    keys: Iterable[str],
    x_axis: dict,
    y_axis: dict,
    hover: str,
    height: int = 260,
    left: int = 46,
    drag: str = "",
    along: tuple[Sequence[float], Sequence[float]] | None = None,
    **layout: Any,
) -> Figure:
    """Make a chart from traces and axes, in the style of all charts.

    Parameters
    ----------
    traces : iterable of dict
        Made by `line`, `points` or `bars`; always the same number, so that nothing jumps.
    title : str
    keys : iterable of str
        Made by `key`, for the line under the title.
    x_axis, y_axis : dict
        Made by `axis`.
    hover : str
        Plotly's template of the hover text, for all traces without their own.
    height : int
        In pixels; the width is that of the page.
    left : int
        Pixels for the numbers and the title of the y axis; powers of ten need more.
    drag : str
        A field of the card, a slider, that is a place on the x axis: a press on the chart or a
        drag over it sets it to that place (on a logarithmic axis to the power of ten). Without it
        a drag zooms.
    along : (sequence of float, sequence of float), optional
        Ascending places on the x axis and the value of the field at each, if the axis shows another
        quantity, such as the recall at a threshold.
    **layout
        Further entries of plotly's layout, such as ``shapes``, ``annotations`` or ``barmode``.

    Examples
    --------
    >>> chart = figure([line([0, 1], [0, 1], "a", GREY)], "Line", [], axis("x", (0, 1)),
    ...                axis("y", (0, 1)), "%{y}")
    >>> chart.layout.height, chart.data[0].name
    (260, 'a')
    """
    # A line may break between two keys, not within one.
    whole = (f"<span style='white-space:nowrap'>{words}</span>" for words in keys)
    frame = {
        "title": {
            "text": f"<b>{title}</b><br><span style='font-size:12px'>{'  '.join(whole)}</span>",
            "font": {"size": 12},
            "x": 0,
            "xref": "container",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 12},  # plotly puts the middle of the first line there
        },
        "height": height,
        "margin": {"l": left, "r": 10, "t": 46, "b": 38},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": GREY, "size": 12, "family": "system-ui, sans-serif"},
        "showlegend": False,
        "uirevision": "kept",  # a zoom is kept at the next update
        "xaxis": _NUMBERS | {"nticks": 5} | x_axis,  # as many as the narrowest chart has room for
        "yaxis": _NUMBERS | {"nticks": max(4, round((height - 84) / 40)) + 1} | y_axis,
    }
    # As far from the field as the margin lets it.
    frame["yaxis"]["title"] = y_axis["title"] | {"standoff": 99}
    data = [{"hovertemplate": hover} | trace for trace in traces]
    if drag:
        meta = {"drag": drag} | ({"along": along} if along else {})
        layout |= {"meta": meta, "dragmode": False}
    return Figure({"data": data, "layout": frame | layout})


_LOOKS = ((SEQUENTIAL, "solid"), (DIVERGING[0], "dash"), (GREY, "dot"))


class Series(NamedTuple):
    """One curve.

    Attributes
    ----------
    words : str
        Its name and its number at the marked place, such as "sigmoid 0.73".
    x, y : sequence of float
        Its points. On a logarithmic axis values of 0 and below are omitted.
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
    drag: str = "",
) -> Figure:
    """Draw curves, and a line at the current value of a control.

    Parameters
    ----------
    series : sequence of Series
        One to three.
    title : str
    x_axis, y_axis : dict
        From `motiflab.figures.chart_parts.axis`.
    now : float, optional
        The marked place on the x axis.
    height : int
        In pixels.
    drag : str
        As for `figure`: the field whose value is `now`.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from motiflab.figures import axis
    >>> one = Series("line 0.5", [0, 1], [0, 1], mark=0.5)
    >>> chart = curves_chart([one], "A line", axis("x", (0, 1)), axis("y", (0, 1)), now=0.5)
    >>> len(chart.data), chart.data[2].y
    (3, (0.5,))
    """
    shown = list
    left = 46
    if y_axis.get("type") == "log":
        shown = _positive
        left = 62  # powers of ten are wide
    lines = [
        line(one.x, shown(one.y), one.words, colour, dash=dash)
        for one, (colour, dash) in zip(series, _LOOKS)
    ]
    dots = [
        points(
            [x for x, _ in one.dots],
            shown([y for _, y in one.dots]),
            one.words,
            colour,
            size=4,
            opacity=0.5,
        )
        for one, (colour, _) in zip(series, _LOOKS)
    ]
    marks = [one.mark for one in series if one.mark is not None]
    here = points([now] * len(marks), shown(marks), "here", ACCENT, size=9)
    return figure(
        [*dots, *reversed(lines), here],  # the first curve lies on top
        title,
        map(key, lines),
        x_axis,
        y_axis,
        "%{x:.4g}, %{y:.4g}",
        height=height,
        left=left,
        drag=drag,
        shapes=[] if now is None else [upright(now, ACCENT)],
    )


def curves_text(series: Sequence[Series], title: str, place: str) -> str:
    """Return what `curves_chart` shows at the marked place, in words.

    Parameters
    ----------
    series, title
        As for `curves_chart`.
    place : str
        The marked place, such as "z = 1.0".

    Examples
    --------
    >>> curves_text([Series("ReLU 1.0", [], []), Series("tanh 0.8", [], [])], "Functions", "z = 1")
    'Functions. At z = 1: ReLU 1.0, tanh 0.8.'
    """
    return f"{title}. At {place}: {', '.join(one.words for one in series)}."


def _positive(values: Sequence[float]) -> list[float | None]:
    return [float(v) if v > 0 else None for v in np.asarray(values, dtype=float)]
