"""Draw a plotly chart as a plain SVG, for print and for pages without scripts.

It supports the parts of our charts: lines, points, bars, bands, marks and notes on one pair of
axes, linear or logarithmic. plotly itself draws only in a browser.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from html import escape, unescape
from typing import Any

import numpy as np

from motiflab.figures.chart_parts import GREY, Figure
from motiflab.figures.numbers import minus
from motiflab.figures.svg import BOLD, MIDDLE, svg_group, svg_picture, text_width

_DASHES = {"dash": "9", "dot": "3"}
# Of half its size, 1.3 of it for a diamond, and the width of the arms of a cross: as in plotly.
_SYMBOLS = {
    "square": "M{0:g} {0:g}H-{0:g}V-{0:g}H{0:g}z",
    "diamond": "M{1:g} 0L0 {1:g}L-{1:g} 0L0-{1:g}z",
    "x": "M0 {2:g}l{2:g} {2:g} {2:g}-{2:g}-{2:g}-{2:g} {2:g}-{2:g}-{2:g}-{2:g}-{2:g} {2:g}"
    "-{2:g}-{2:g}-{2:g} {2:g} {2:g} {2:g}-{2:g} {2:g} {2:g} {2:g}z",
}
_TITLE_LINE = 17
_MANY = 50  # points of one look from which on they are one path
_LINE = 'fill="none" stroke-linejoin="round" vector-effect="non-scaling-stroke"'


def chart_svg(figure: Figure, text: str, uid: str, width: int) -> str:
    """Draw a chart without plotly's script.

    Parameters
    ----------
    figure : Figure
        A chart made of `line`, `points` and `bars`, with limits on both axes.
    text : str
        Description for a screen reader.
    uid : str
        As for `motiflab.figures.svg.svg_picture`.
    width : int
        In pixels; the height is that of the chart and of additional lines of its title.

    Returns
    -------
    str
        The ``<svg>`` element. Hover texts and zoom are missing; points of a line that are less than
        half a pixel apart are omitted.

    Examples
    --------
    >>> from motiflab.figures import Series, axis, curves_chart
    >>> one = Series("line 0.5", [0, 1], [0, 1], mark=0.5)
    >>> chart = curves_chart([one], "A line", axis("x", (0, 1)), axis("y", (0, 1)), now=0.5)
    >>> svg = chart_svg(chart, "A line that rises.", "line", 300)
    >>> svg.count("<polyline"), svg.count("<circle")
    (1, 1)
    """
    layout = figure.spec["layout"]
    margin = layout["margin"] | {"l": left_margin(figure)}
    title = _title_rows(layout.get("title", {}).get("text", ""), width)
    top = margin["t"] + _TITLE_LINE * max(0, len(title) - 2)
    inside = width - margin["l"] - margin["r"], layout["height"] - margin["t"] - margin["b"]
    place = f'x="{margin["l"]}" y="{top}" width="{inside[0]}" height="{inside[1]}"'
    field = f'<svg {place} overflow="visible">{plot_elements(figure, *inside)}</svg>'
    name = plain(layout.get("title", {}).get("text", "")).partition("\n")[0]
    height = top + inside[1] + margin["b"]
    return svg_picture(_title(title) + field, name, text, uid, (width, height))


def plot_elements(figure: Figure, width: float = 300, height: float = 300) -> str:
    """Draw the axes of a chart and what lies between them, for an ``<svg>`` of any size.

    Places are percentages, so the browser stretches the drawing as it stretches the page; letters,
    points and strokes keep their size. Numbers and names of the axes stand outside of the element,
    in the margins of the chart.

    Parameters
    ----------
    figure : Figure
        As for `chart_svg`.
    width, height : float
        Pixels between the axes, as far as they are known: of lines, what is seen at that size is
        drawn.

    Examples
    --------
    >>> from motiflab.figures import axis, figure, points
    >>> one = points([1], [3], "one", "red")
    >>> chart = figure([one], "One", [], axis("x", (0, 4)), axis("y", (0, 4)), "")
    >>> '<circle cx="25%" cy="25%" r="3.5" fill="red"/>' in plot_elements(chart)
    True
    """
    layout, data = figure.spec["layout"], figure.spec["data"]
    margin, shapes = layout["margin"], layout.get("shapes", ())
    left = left_margin(figure)
    across, up = _Axis(layout["xaxis"], data), _Axis(layout["yaxis"], (), upwards=True)
    size = width, height
    # As in plotly: bars under lines, and marks over both, unless they say otherwise.
    order = sorted(range(len(data)), key=lambda n: (data[n].get("zorder", 0), _is_line(data[n])))
    below, above = ([s for s in shapes if (s.get("layer") == "below") is under]
                    for under in (True, False))  # fmt: skip
    inside = [_shape(shape, across, up) for shape in below]
    inside += [_trace(data, n, across, up, size) for n in order]
    inside += [_shape(shape, across, up) for shape in above]
    return "".join(
        [
            _grid(across, up),
            svg_group(
                (_number_below(at, word, width, margin["r"]) for at, word in across.ticks),
                f'class="xtick" {MIDDLE}',
            ),
            svg_group(
                (_text(0, at, word, -5, 4) for at, word in up.ticks),
                'class="ytick" text-anchor="end"',
            ),
            svg_group([_text(0.5, 1, across.name, 0, margin["b"] - 5)], f'class="xtitle" {MIDDLE}'),
            f'<svg y="50%" overflow="visible"><text transform="translate({11 - left})'
            f'rotate(-90)" class="ytitle" {MIDDLE}>{escape(up.name, quote=False)}</text></svg>',
            f'<svg width="100%" height="100%">{"".join(inside)}</svg>',
            *(_note(note, across, up) for note in layout.get("annotations", ())),
        ]
    )


def left_margin(figure: Figure) -> int:
    """Return the pixels left of a chart: its margin, or what its numbers and its name need.

    >>> from motiflab.figures import axis, figure
    >>> [left_margin(figure([], "", [], axis("x", (0, 1)), axis("y", (0, high)), ""))
    ...  for high in (1, 100_000)]
    [46, 75]
    """
    layout = figure.spec["layout"]
    widths = [text_width(word) for _, word in _Axis(layout["yaxis"]).ticks]
    return max(layout["margin"]["l"], round(21 + max(widths, default=0)))


def plain(html: str) -> str:
    """Return the text of HTML, with a new line for each block.

    >>> plain("<p>4<sup>10</sup> words,<br>a &amp; b</p>")
    '4^10 words,\\na & b'
    """
    if "<" not in html and "&" not in html:  # a number, as most words of a chart
        return " ".join(html.split())
    html = re.sub(r"<style.*?</style>|<table.*?</table>|<svg.*?</svg>", "", html, flags=re.S)
    html = re.sub(r"\s+", " ", html)
    html = re.sub(r"<sup>(?=[\w+−-])", "^", html)
    html = re.sub(r"<sub>(?=[\w+−-])", "_", html)
    html = re.sub(r"<br/?>|</?(?:p|div|li|ul|ol|h\d)\b[^>]*>", "\n", html)
    lines = unescape(re.sub(r"<[^>]+>", "", html)).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


class _Axis:
    """Where values lie, as shares of the axis from the left or the top; its ticks with their words.

    The ticks are those that plotly chooses.
    """

    def __init__(self, look: dict, traces: Iterable[dict] = (), upwards: bool = False) -> None:
        self.low, self.high = look["range"]
        self.log, self.upwards = look.get("type") == "log", upwards
        named = (trace["x"] for trace in traces if np.asarray(trace["x"]).dtype.kind not in "iuf")
        words = [x for places in named for x in places if isinstance(x, str)]
        self._places = {word: n for n, word in enumerate(dict.fromkeys(words))}
        self.name, self.zero = plain(look["title"]["text"]), look.get("zeroline", False)
        if "tickvals" in look:
            texts = look.get("ticktext") or map(_number, look["tickvals"])
            values = list(look["tickvals"])
        elif self._places:
            values = texts = list(self._places)
        else:
            step = look.get("dtick") or _step((self.high - self.low) / look["nticks"])
            first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
            values = [n * step for n in range(first, last + 1)]
            texts = map(_number, values)
        self.ticks = list(zip(self.shares(values).tolist(), map(plain, map(str, texts))))

    def shares(self, values: Sequence[Any]) -> np.ndarray:
        """Return where values lie; nan for what has no place, such as 0 on a logarithmic axis."""
        if self._places:
            values = [self._places.get(value, value) for value in values]
        found = np.array(values, dtype=float)
        if self.log:
            found = np.log10(np.where(found > 0, found, np.nan))
        found = (found - self.low) / (self.high - self.low)
        return 1 - found if self.upwards else found

    def share(self, value: Any, of: str | None = None) -> float:
        """Return where one value lies, or a share of the chart ("paper")."""
        if of == "paper" or (of or "").endswith("domain"):
            return 1 - value if self.upwards else value
        return float(self.shares([value])[0])


def _step(rough: float) -> float:
    """Return the next of 2, 5 and 10 times a power of ten, as plotly does."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in (2, 5, 10) if step > rough / power)


def _number(value: float) -> str:
    return minus(f"{value:,.6g}")


def _percent(share: float) -> str:
    return f"{100 * share:.2f}".rstrip("0").rstrip(".") + "%"


def _text(x: float, y: float, words: str, dx: float = 0, dy: float = 0, look: str = "") -> str:
    """Write words at shares of the field, moved by pixels."""
    moved = "".join(f' {name}="{d:g}"' for name, d in (("dx", dx), ("dy", dy)) if d)
    words = escape(words, quote=False)
    return f'<text x="{_percent(x)}" y="{_percent(y)}"{moved}{look and " " + look}>{words}</text>'


def _grid(across: _Axis, up: _Axis) -> str:
    grid, zeros = [], []
    for axis, line in (
        (across, '<line x1="{0}" x2="{0}" y2="100%"{1}/>'),
        (up, '<line y1="{0}" y2="{0}" x2="100%"{1}/>'),
    ):
        grid += [line.format(_percent(at), "") for at, _ in axis.ticks]
        if axis.zero:
            zeros.append(line.format(_percent(axis.share(0)), f' stroke="{GREY}"'))
    look = f'class="motiflab-chart-grid" stroke="{GREY}" stroke-opacity="0.3"'
    return svg_group([svg_group(grid, look), *zeros], 'shape-rendering="crispEdges"')


def _number_below(at: float, word: str, width: float, margin: float) -> str:
    """Write a number of the x axis: under its place, or as near as the margin holds it."""
    over = at * width + text_width(word) / 2 - width - margin + 1
    return _text(at, 1, word, -max(0, math.ceil(over)), 17)


def _is_line(trace: dict) -> bool:
    return trace["type"] != "bar"


def _trace(
    traces: Sequence[dict], n: int, across: _Axis, up: _Axis, size: tuple[float, float]
) -> str:
    trace = traces[n]
    if not len(trace["y"]):
        return ""
    if trace["type"] == "bar":
        return _bars(trace, across, up)
    places = _places(trace, across, up)
    drawing = ""
    if "lines" in trace["mode"]:
        line = trace["line"]
        corners = _corners(places, line) * size
        if trace.get("fill") == "tonexty":
            other = _corners(_places(traces[n - 1], across, up), traces[n - 1]["line"]) * size
            area = _written(np.concatenate([corners, other[::-1]]))
            drawing += f'<polygon points="{area}" fill="{trace["fillcolor"]}"/>'
        if line["width"]:
            look = f'stroke="{line["color"]}" stroke-width="{line["width"]:g}"{_opacity(trace)}'
            look += f"{_dash(line)} {_LINE}"
            drawing += "".join(
                f'<polyline points="{_written(part)}" {look}/>' for part in _unbroken(corners)
            )
        drawing = _stretched(drawing, size)
    if "markers" in trace["mode"]:
        drawing += _markers(trace["marker"], places, size)
    if "text" in trace["mode"]:
        aside = trace["marker"]["size"] / 1.6 + 1  # at the top right, as in plotly
        for (x, y), words in zip(places.tolist(), trace["text"]):
            drawing += _text(x, y, plain(words), aside, -aside - 3, BOLD)
    return drawing


def _stretched(drawing: str, size: tuple[float, float]) -> str:
    """Stretch what is drawn in pixels of `size` over the whole field."""
    box = f'viewBox="0 0 {size[0]:g} {size[1]:g}" preserveAspectRatio="none"'
    return f'<svg {box} width="100%" height="100%" overflow="visible">{drawing}</svg>'


def _places(trace: dict, across: _Axis, up: _Axis) -> np.ndarray:
    """Return the shares of the points, shape (N, 2)."""
    return np.column_stack([across.shares(trace["x"]), up.shares(trace["y"])])


def _dash(line: dict) -> str:
    dash = _DASHES.get(line.get("dash", ""))
    return f' stroke-dasharray="{dash}"' if dash else ""


def _opacity(look: dict) -> str:
    return f' opacity="{look["opacity"]:g}"' if isinstance(look.get("opacity"), float) else ""


def _corners(places: np.ndarray, line: dict) -> np.ndarray:
    """Add the corners of a line that goes in steps."""
    shape = line.get("shape", "linear")
    if shape == "linear":
        return places
    x, y = np.repeat(places, 2, axis=0).T
    return np.column_stack((x[:-1], y[1:]) if shape == "vh" else (x[1:], y[:-1]))


def _unbroken(places: np.ndarray) -> list[np.ndarray]:
    """Split points at those without a place into parts of at least two, which are seen as lines."""
    there = np.pad(~np.isnan(places).any(axis=1), 1).astype(np.int8)
    parts = np.flatnonzero(np.diff(there)).reshape(-1, 2).tolist()
    return [places[first:end] for first, end in parts if end - first > 1]


def _written(places: np.ndarray) -> str:
    """Write points, without those that nobody can tell from the one before."""
    places = places[~np.isnan(places).any(axis=1)]
    halves = np.rint(2 * places)
    kept = np.ones(len(places), dtype=bool)
    kept[1:-1] = (halves[1:-1] != halves[:-2]).any(axis=1)
    numbers = places[kept].ravel().tolist()
    return ("%.1f,%.1f " * (len(numbers) // 2) % tuple(numbers)).replace(".0", "").rstrip()


def _markers(marker: dict, places: np.ndarray, size: tuple[float, float]) -> str:
    """Draw the points that have a place."""
    edge = marker.get("line")
    look = _opacity(marker)
    one_look = isinstance(marker["color"], str) and not hasattr(marker["size"], "__len__")
    if len(places) >= _MANY and one_look and not edge and "symbol" not in marker:
        # One path is faster to show than many circles: lines without a length, with round ends.
        at = (places[~np.isnan(places).any(axis=1)] * size).ravel().tolist()
        d = "M%.1f %.1fh0" * (len(at) // 2) % tuple(at)
        look += f' stroke="{marker["color"]}" stroke-width="{marker["size"]:g}"'
        path = f'<path d="{d}" stroke-linecap="round"{look} {_LINE}/>'
        return _stretched(path, size)
    if edge:
        look += f' stroke="{edge["color"]}" stroke-width="{edge["width"]:g}"'
    drawn = []
    for i, (x, y) in enumerate(places.tolist()):
        if x == x and y == y:
            symbol = _each(marker.get("symbol", "circle"), i)
            fill = _each(marker["color"], i)
            drawn.append(_marker(symbol, _each(marker["size"], i) / 2, x, y, fill, look))
    return "".join(drawn)


def _marker(symbol: str, half: float, x: float, y: float, fill: str, look: str) -> str:
    at = _percent(x), _percent(y)
    if symbol == "circle":
        return f'<circle cx="{at[0]}" cy="{at[1]}" r="{half:g}" fill="{fill}"{look}/>'
    d = _SYMBOLS[symbol].format(half, 1.3 * half, 0.566 * half)
    path = f'<path d="{d}" fill="{fill}"{look}/>'
    return f'<svg x="{at[0]}" y="{at[1]}" overflow="visible">{path}</svg>'


def _each(values: Any, i: int) -> Any:
    """Return the value for one point, if there is one value for all points or for each."""
    return values if isinstance(values, str) or not hasattr(values, "__len__") else values[i]


def _bars(trace: dict, across: _Axis, up: _Axis) -> str:
    middles = across.shares(trace["x"])
    near = np.abs(np.diff(middles)).min() if len(middles) > 1 else 0.2
    widths = np.full(len(middles), 0.8 * near)
    if "width" in trace:
        widths[:] = np.abs(trace["width"]) / (across.high - across.low)
    zero = up.share(0)
    zero = 1.0 if zero != zero else zero  # a logarithmic axis
    bars = []
    for i, (x, y) in enumerate(
        zip((middles - widths / 2).tolist(), up.shares(trace["y"]).tolist())
    ):
        if y == y:
            look = f'fill="{_each(trace["marker"]["color"], i)}"'
            bars.append(_rect(x, min(y, zero), widths[i], abs(y - zero), look))
    return svg_group(bars, _opacity(trace).strip())


def _rect(x: float, y: float, width: float, height: float, look: str) -> str:
    x, y, width, height = map(_percent, (x, y, width, height))
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" {look}/>'


def _shape(shape: dict, across: _Axis, up: _Axis) -> str:
    xs = [across.share(shape[end], shape.get("xref")) for end in ("x0", "x1")]
    ys = [up.share(shape[end], shape.get("yref")) for end in ("y0", "y1")]
    line = shape.get("line", {})
    look = f'stroke="{line.get("color", "none")}" stroke-width="{line.get("width", 1):g}"'
    look += _dash(line)
    if shape["type"] == "line":
        ends = 'x1="{}" y1="{}" x2="{}" y2="{}"'.format(
            *map(_percent, (xs[0], ys[0], xs[1], ys[1]))
        )
        return f"<line {ends} {look}/>"
    look += f' fill="{shape.get("fillcolor", "none")}"{_opacity(shape)}'
    return _rect(min(xs), min(ys), abs(xs[1] - xs[0]), abs(ys[1] - ys[0]), look)


def _note(note: dict, across: _Axis, up: _Axis) -> str:
    x, y = across.share(note["x"], note.get("xref")), up.share(note["y"], note.get("yref"))
    look, inset = ("", 2) if note.get("xanchor") == "left" else (MIDDLE, 0)
    # plotly keeps within the field what is placed at its top or its bottom.
    edge = 8.7 * ((y < 1 / 3) - (y > 2 / 3)) if note.get("yref") == "paper" else 0
    dx, dy = note.get("xshift", 0) + inset, 4 + edge - note.get("yshift", 0)
    return _text(x, y, plain(note["text"]), dx, dy, look)


def _title_rows(html: str, width: float) -> list[str]:
    """Break the title, in bold, and the keys under it into rows that fit."""
    rows = []
    for row in html.split("<br>"):
        bold = row.startswith("<b>")
        between, again = (" ", "<b>") if bold else ("  ", "")
        first, *more = row.split(between)
        rows.append(first)
        for part in more:
            longer = f"{rows[-1]}{between}{part}"
            if text_width(re.sub("<[^>]+>", "", longer), bold) <= width:
                rows[-1] = longer
            else:
                rows.append(again + part)
    return rows


def _title(rows: list[str]) -> str:
    """Write the title and its keys, with the few tags that plotly knows."""
    written = []
    for n, row in enumerate(rows):
        row = re.sub(r"<span style=[\"']color: ?([^\"';]+);?[\"']>", r'<tspan fill="\1">', row)
        row = re.sub(r"<span[^>]*>", "<tspan>", row).replace("</span>", "</tspan>")
        row = row.replace("<b>", '<tspan font-weight="bold">').replace("</b>", "</tspan>")
        row = re.sub(r"</?(?:sub|sup|i)>", "", row)
        row += "</tspan>" * (row.count("<tspan") - row.count("</tspan>"))
        while row.count("</tspan>") > row.count("<tspan"):
            row = row[: row.rindex("</tspan>")] + row[row.rindex("</tspan>") + 8 :]
        y = 13 + _TITLE_LINE * n
        written.append(f'<text x="0" y="{y}" xml:space="preserve">{row}</text>')
    return "".join(written)
