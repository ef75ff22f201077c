"""Draw a plotly chart as a plain SVG, for print and for pages without scripts.

It supports the parts of our charts: lines, points, bars, bands, marks and notes on one pair of
axes, linear or logarithmic. plotly itself draws only in a browser.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from html import escape, unescape
from typing import Any, NamedTuple

from motiflab.figures.chart_parts import Figure
from motiflab.figures.numbers import minus
from motiflab.figures.style import round_up
from motiflab.figures.svg import svg_group, svg_picture, svg_rect, svg_text

_DASHES = {"dash": "7 4", "dot": "2 3"}
_PIXELS_A_TICK = 60
_TITLE_LINE = 17
# Widths of letters of 12 pixels in a wide font: in others a text only gets shorter.
_NARROW, _WIDE = re.compile("[ .,:;'|!()fijlrtI]"), re.compile("[A-Zmw0-9%+=<>±×≈→−━╍┅●■◆✖▒┃_]")
_GRID = 'stroke="#7a7a7a" stroke-opacity="0.3"'
_LINE = 'fill="none" stroke-linejoin="round"'


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
    layout, data = figure.spec["layout"], figure.spec["data"]
    margin, height = layout["margin"], layout["height"]
    title = _title_rows(layout.get("title", {}).get("text", ""), width)
    height += _TITLE_LINE * max(0, len(title) - 2)
    top, bottom = height - layout["height"] + margin["t"], height - margin["b"]
    up = _Axis.of(layout["yaxis"], bottom, top, ())
    # The name of the axis is beside its numbers.
    room = 21 + max((text_width(word) for _, word in up.ticks), default=0)
    left, right = max(margin["l"], round(room)), width - margin["r"]
    across = _Axis.of(layout["xaxis"], left, right, data)
    frame = svg_rect(left, top, right - left, bottom - top)
    inside = [_shape(shape, across, up) for shape in layout.get("shapes", ())]
    inside += [_trace(data, n, across, up) for n in range(len(data))]
    drawing = [
        f'<clipPath id="{uid}-c">{frame}</clipPath>',
        _title(title),
        *(f'<path d="M{across.pixel(at):.1f} {top}V{bottom}" {_GRID}/>' for at, _ in across.ticks),
        *(f'<path d="M{left} {up.pixel(at):.1f}H{right}" {_GRID}/>' for at, _ in up.ticks),
        *(_tick(across.pixel(at), bottom + 15, word, width) for at, word in across.ticks),
        *(svg_text(left - 5, up.pixel(at) + 4, word, "end") for at, word in up.ticks),
        svg_text((left + right) / 2, height - 5, across.name, "middle"),
        f'<text transform="translate(12 {(top + bottom) / 2:.0f}) rotate(-90)" '
        f'text-anchor="middle">{escape(up.name, quote=False)}</text>',
        svg_group(inside, f'clip-path="url(#{uid}-c)"'),
        *(_note(note, across, up) for note in layout.get("annotations", ())),
    ]
    name = plain(layout.get("title", {}).get("text", "")).partition("\n")[0]
    return svg_picture("".join(drawing), name, text, uid, (width, height))


def text_width(words: str, bold: bool = False) -> float:
    """Estimate the largest width in pixels of words of 12 pixels.

    >>> text_width("ill"), text_width("am"), text_width("am") < text_width("am", bold=True)
    (13.5, 15.6, True)
    """
    narrow, wide = (len(kind.findall(words)) for kind in (_NARROW, _WIDE))
    width = 4.5 * narrow + 8.2 * wide + 7.4 * (len(words) - narrow - wide)
    return 1.12 * width if bold else width


def plain(html: str) -> str:
    """Return the text of HTML, with a new line for each block.

    >>> plain("<p>4<sup>10</sup> words,<br>a &amp; b</p>")
    '4^10 words,\\na & b'
    """
    html = re.sub(r"<style.*?</style>|<table.*?</table>|<svg.*?</svg>", "", html, flags=re.S)
    html = re.sub(r"\s+", " ", html)
    html = re.sub(r"<sup>(?=[\w+−-])", "^", html)
    html = re.sub(r"<sub>(?=[\w+−-])", "_", html)
    html = re.sub(r"<br/?>|</?(?:p|div|li|ul|ol|h\d)\b[^>]*>", "\n", html)
    lines = unescape(re.sub(r"<[^>]+>", "", html)).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


class _Axis(NamedTuple):
    """Pixel positions of the values of one axis, and its ticks with their labels."""

    pixel: Callable[[Any], float]
    ticks: list[tuple[Any, str]]
    name: str
    ends: tuple[float, float]

    @classmethod
    def of(cls, look: dict, start: float, end: float, traces: Iterable[Any]) -> _Axis:
        low, high = look["range"]
        log = look.get("type") == "log"
        words = [x for trace in traces for x in trace["x"] if isinstance(x, str)]
        places = {word: n for n, word in enumerate(dict.fromkeys(words))}

        def pixel(value: Any) -> float:
            value = places.get(value, value)
            if log:
                value = math.log10(value) if value > 0 else low - 1e3
            return start + (value - low) / (high - low) * (end - start)

        if "tickvals" in look:
            texts = look.get("ticktext") or map(_number, look["tickvals"])
            ticks = list(zip(look["tickvals"], map(plain, map(str, texts))))
        elif places:
            ticks = [(word, word) for word in places]
        elif log:
            powers = range(math.ceil(low), math.floor(high) + 1)
            ticks = [(10.0**p, f"{10.0**p:g}") for p in powers]
        else:
            count = max(2, abs(end - start) / _PIXELS_A_TICK)
            step = look.get("dtick") or round_up((high - low) / count)
            first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
            ticks = [(n * step, _number(n * step)) for n in range(first, last + 1)]
        return cls(pixel, ticks, plain(look["title"]["text"]), (start, end))


def _number(value: float) -> str:
    return minus(f"{value:.6g}")


def _trace(traces: Sequence[dict], n: int, across: _Axis, up: _Axis) -> str:
    trace = traces[n]
    if not len(trace["y"]):
        return ""
    if trace["type"] == "bar":
        return _bars(trace, across, up)
    places = _places(trace, across, up)
    drawing = ""
    if "lines" in trace["mode"]:
        line = trace["line"]
        corners = _corners(places, line)
        if trace.get("fill") == "tonexty":
            other = _corners(_places(traces[n - 1], across, up), traces[n - 1]["line"])
            area = _written(corners + other[::-1])
            drawing += f'<polygon points="{area}" fill="{trace["fillcolor"]}"/>'
        if line["width"]:
            look = f'stroke="{line["color"]}" stroke-width="{line["width"]:g}"{_opacity(trace)}'
            look += _dash(line)
            drawing += f'<polyline points="{_written(corners)}" {_LINE} {look}/>'
    if "markers" in trace["mode"]:
        drawing += "".join(_marker(trace["marker"], i, *place) for i, place in enumerate(places))
    if "text" in trace["mode"]:
        for (x, y), words in zip(places, trace["text"]):
            drawing += svg_text(x, y - 8, plain(words), "middle")
    return drawing


def _places(trace: dict, across: _Axis, up: _Axis) -> list[tuple[float, float]]:
    """Return the pixels of the points that have a height."""
    points = zip(trace["x"], trace["y"])
    return [(across.pixel(x), up.pixel(y)) for x, y in points if y is not None and y == y]


def _dash(line: dict) -> str:
    dash = _DASHES.get(line.get("dash", ""))
    return f' stroke-dasharray="{dash}"' if dash else ""


def _opacity(look: dict) -> str:
    return f' opacity="{look["opacity"]:g}"' if isinstance(look.get("opacity"), float) else ""


def _corners(places: list[tuple[float, float]], line: dict) -> list[tuple[float, float]]:
    """Add the corners of a line that goes in steps."""
    shape = line.get("shape", "linear")
    if shape == "linear":
        return places
    found = places[:1]
    for (x, y), (next_x, next_y) in zip(places, places[1:]):
        found += [(x, next_y) if shape == "vh" else (next_x, y), (next_x, next_y)]
    return found


def _written(places: list[tuple[float, float]]) -> str:
    """Write points, without those that look the same as the one before."""
    kept = places[:1]
    for place in places[1:-1]:
        if math.dist(place, kept[-1]) >= 0.5:
            kept.append(place)
    kept += places[1:][-1:]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in kept)


def _marker(marker: dict, i: int, x: float, y: float) -> str:
    size, colour = _each(marker["size"], i), _each(marker["color"], i)
    half, symbol = size / 2, _each(marker.get("symbol", "circle"), i)
    look = f'fill="{colour}"{_opacity(marker)}'
    if edge := marker.get("line"):
        look += f' stroke="{edge["color"]}" stroke-width="{edge["width"]:g}"'
    if symbol == "square":
        return svg_rect(x - half, y - half, size, size, look)
    if symbol == "diamond":
        ends = f"l{half:g} {half:g}l{-half:g} {half:g}l{-half:g} {-half:g}z"
        return f'<path d="M{x:.1f} {y - half:.1f}{ends}" {look}/>'
    if symbol == "x":
        ends = f"l{size:g} {size:g}m0 {-size:g}l{-size:g} {size:g}"
        ends = f"M{x - half:.1f} {y - half:.1f}{ends}"
        return f'<path d="{ends}" stroke="{colour}" stroke-width="2.5"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{half:g}" {look}/>'


def _each(values: Any, i: int) -> Any:
    """Return the value for one point, if there is one value for all points or for each."""
    return values if isinstance(values, str) or not hasattr(values, "__len__") else values[i]


def _bars(trace: dict, across: _Axis, up: _Axis) -> str:
    middles = [across.pixel(x) for x in trace["x"]]
    near = min((abs(b - a) for a, b in zip(middles, middles[1:])), default=40)
    zero, bars = up.pixel(0), []
    for i, (x, y) in enumerate(zip(trace["x"], trace["y"])):
        width = 0.8 * near
        if "width" in trace:
            width = abs(across.pixel(x + _each(trace["width"], i)) - across.pixel(x))
        look = f'fill="{_each(trace["marker"]["color"], i)}"{_opacity(trace)}'
        height = abs(up.pixel(y) - zero)
        bars.append(svg_rect(middles[i] - width / 2, min(up.pixel(y), zero), width, height, look))
    return "".join(bars)


def _shape(shape: dict, across: _Axis, up: _Axis) -> str:
    xs = [_place(shape[end], shape.get("xref"), across) for end in ("x0", "x1")]
    ys = [_place(shape[end], shape.get("yref"), up) for end in ("y0", "y1")]
    line = shape.get("line", {})
    look = f'stroke="{line.get("color", "none")}" stroke-width="{line.get("width", 1):g}"'
    look += _dash(line)
    if shape["type"] == "line":
        return f'<path d="M{xs[0]:.1f} {ys[0]:.1f}L{xs[1]:.1f} {ys[1]:.1f}" {look}/>'
    look += f' fill="{shape.get("fillcolor", "none")}"{_opacity(shape)}'
    return svg_rect(min(xs), min(ys), abs(xs[1] - xs[0]), abs(ys[1] - ys[0]), look)


def _note(note: dict, across: _Axis, up: _Axis) -> str:
    x = _place(note["x"], note.get("xref"), across) + note.get("xshift", 0)
    y = _place(note["y"], note.get("yref"), up) - note.get("yshift", 0)
    anchor = {"left": "", "right": "end"}.get(note.get("xanchor", ""), "middle")
    return svg_text(x, y + 4, plain(note["text"]), anchor)


def _place(value: Any, of: str | None, axis: _Axis) -> float:
    """Return the pixel of a value, or of a share of the chart ("paper")."""
    if of == "paper" or (of or "").endswith("domain"):
        start, end = axis.ends
        return start + value * (end - start)
    return axis.pixel(value)


def _tick(x: float, y: float, word: str, width: float) -> str:
    """Write a number of the x axis: under its place, or as near as the picture holds it."""
    return svg_text(min(x, width - 1 - text_width(word) / 2), y, word, "middle")


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
