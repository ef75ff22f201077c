"""Draw a card as one still picture, for GitHub, print and saved notebooks.

The picture is self-contained: it has its own colours and light background and loads nothing.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from motiflab.figures.chart_parts import Figure
from motiflab.figures.chart_stills import chart_svg, plain
from motiflab.figures.style import FAINT_TEXT, FONT, TEXT
from motiflab.figures.svg import BOLD, TOUCH, svg_rect, svg_text, text_width, wide_only

MARK = "motiflab-still"
"""CSS class of the picture, by which a page can find it."""

WIDTH = 760
_EDGE, _GAP, _LINE = 14, 12, 17


class Drawn(NamedTuple):
    """A picture of a card: HTML that contains SVG, or a chart with its description."""

    picture: str | Figure
    text: str = ""


def still_svg(
    title: str, goal: str, rows: Sequence[Sequence[Drawn]], readout: str, uid: str
) -> str:
    """Draw a card without its controls: title, goal, pictures and readout.

    Parameters
    ----------
    title, goal : str
        Omitted if empty.
    rows : sequence of sequence of Drawn
        Rows of pictures. From HTML, the SVG pictures, the tables and the texts before them are
        drawn; texts for screen readers only are omitted.
    readout : str
        HTML; its tags are dropped.
    uid : str
        As for `motiflab.figures.svg.svg_picture`.

    Returns
    -------
    str
        One ``<svg>`` element of 760 pixels, with all words of the card as its description.

    Examples
    --------
    >>> svg = still_svg("Why?", "say why.", [], "<p>4<sup>2</sup> = 16</p>", "one")
    >>> 'width="760" height="85"' in svg, "4^2 = 16</text>" in svg
    (True, True)
    """
    inner = WIDTH - 2 * _EDGE
    parts, y = [], 0
    if title:
        parts, y = [svg_text(_EDGE, 24, title, look=f'{BOLD} font-size="16"')], 32
    for line in _wrapped(f"Goal: {goal}" if goal else "", inner):
        y += _LINE
        parts.append(svg_text(_EDGE, y, line, look=f'fill="{FAINT_TEXT}"'))
    y += 10
    for n, row in enumerate(rows):
        width = (inner - _GAP * (len(row) - 1)) / len(row)
        deepest = 0
        for m, drawn in enumerate(row):
            left = _EDGE + m * (width + _GAP)
            part, height = _column(drawn, left, y, width, f"{uid}-{n}-{m}")
            parts.append(part)
            deepest = max(deepest, height)
        y += deepest
    for line in _wrapped(plain(readout), inner):
        y += _LINE
        parts.append(svg_text(_EDGE, y, line))
    height = round(y + _EDGE - 5)
    return stand_alone(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{MARK}" role="img" '
        f'aria-labelledby="{uid}-still" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" style="font:12px {FONT};fill:{TEXT};color:{TEXT}">'
        f'<title id="{uid}-still">{_escaped(title)}</title>'
        f"<desc>{_escaped(still_text(title, goal, rows, readout))}</desc>"
        f"{svg_rect(0.5, 0.5, WIDTH - 1, height - 1, _PAPER)}{''.join(parts)}</svg>"
    )


_PAPER = 'rx="8" fill="#fff" stroke="#ddd"'


def still_text(title: str, goal: str, rows: Iterable[Iterable[Drawn]], readout: str) -> str:
    """Return what a card shows, in words.

    Parameters
    ----------
    title, goal, rows, readout
        As for `still_svg`.

    Examples
    --------
    >>> still_text("Why?", "say why.", [[Drawn("<svg><desc>A bar.</desc></svg>")]], "<p>So.</p>")
    'Why?\\nGoal: say why.\\nA bar.\\nSo.'
    """
    said = [*filter(None, [title]), *([f"Goal: {goal}"] if goal else [])]
    for drawn in (drawn for row in rows for drawn in row):
        if drawn.text:
            said.append(drawn.text)
        else:
            svg = _with_tables(drawn.picture)
            said += map(plain, re.findall(r"<desc[^>]*>(.*?)</desc>", svg))
    return "\n".join([*said, *filter(None, [plain(readout)])])


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _wrapped(words: str, width: float) -> list[str]:
    found: list[str] = []
    for line in filter(None, words.splitlines()):
        letters = int(len(line) * width / text_width(line))
        found += textwrap.wrap(line, max(12, letters))
    return found


def _column(drawn: Drawn, left: float, top: float, width: float, uid: str) -> tuple[str, float]:
    """Draw one picture of the card; return it and its height with the gap below."""
    if isinstance(drawn.picture, Figure):
        svg = chart_svg(drawn.picture, drawn.text, uid, round(width))
        return _placed(svg, left, top, 1), _size(svg)[1] + _GAP
    if not isinstance(drawn.picture, str):
        lines = _wrapped(drawn.text, width)  # another kind of figure: its description instead
        parts = (svg_text(left, top + _LINE * (n + 1), line) for n, line in enumerate(lines))
        return "".join(parts), _LINE * len(lines) + _GAP
    pieces = list(_pieces(_with_tables(drawn.picture)))
    rows: list[list[tuple[list[str], str, float, float, float]]] = []
    room = width if len(pieces) == 1 else width / 2
    x = width + 1  # no room: the first one begins a row
    for words, svg in pieces:
        own_width, own_height = _size(svg)
        most = 1 if " width=" in svg.partition(">")[0] else 1.3  # others fill the width of a page
        scale = min(most, width / own_width)
        if x and x + own_width * scale > width + 1:
            rows.append([])
            x = 0
        caption = _wrapped(words, max(own_width * scale, room))
        rows[-1].append((caption, svg, scale, x, _LINE * len(caption) + own_height * scale))
        x += max(own_width * scale, *map(text_width, caption), 0) + _GAP
    parts, y = [], top
    for row in rows:
        deepest = max(height for *_, height in row)
        for caption, svg, scale, x, height in row:
            # Pictures side by side are aligned, however long their captions.
            upper = y + deepest - height
            parts += [
                svg_text(left + x, upper + _LINE * (n + 1) - 4, line)
                for n, line in enumerate(caption)
            ]
            parts.append(_placed(svg, left + x, upper + _LINE * len(caption), scale))
        y += deepest + _GAP / 2
    return "".join(parts), y + _GAP / 2 - top if parts else 0


def _with_tables(html: str) -> str:
    """Leave out what is drawn for narrow cards only, and draw the visible tables as SVG."""
    hidden = r"(motiflab-unseen'><div class='[\w-]+'>)?"
    return re.sub(hidden + "<table.*?</table>", lambda t: t[0] if t[1] else _table_svg(t[0]),
                  wide_only(html), flags=re.S)  # fmt: skip


def _table_svg(html: str) -> str:
    """Draw a table made by `motiflab.figures.html_table`; its words are its rows."""
    rows = [
        re.findall(r"<(t[hd])\b[^>]*>(.*?)</t[hd]>", row, re.S)
        for row in re.findall(r"<tr\b[^>]*>(.*?)</tr>", html, re.S)
    ]
    grid = [[plain(cell).splitlines() for _, cell in row] for row in rows]
    bold = [[tag == "th" or "<b>" in cell for tag, cell in row] for row in rows]
    widths = [
        max(text_width(line, heavy) for cell, heavy in zip(cells, looks) for line in cell or [""])
        + _GAP
        for cells, looks in zip(zip(*grid), zip(*bold))
    ]
    ends = list(accumulate(widths))
    parts, y = [], 4
    for row, looks in zip(grid, bold):
        for n, (lines, heavy) in enumerate(zip(row, looks)):
            # As on the card: names at the left, numbers at the right, small print under them.
            x, anchor = (ends[n] - _GAP, "end") if n else (0, "")
            parts += [
                svg_text(x, y + _LINE * (m + 1) - 4, line, anchor, BOLD if heavy and not m else "")
                for m, line in enumerate(lines)
            ]
        y += _LINE * max(map(len, row), default=1) + 2
    said = "; ".join(", ".join(" ".join(cell) for cell in row) for row in grid)
    return (
        f'<svg viewBox="0 0 {ends[-1]:g} {y}" width="{ends[-1]:g}" height="{y}">'
        f"<desc>{_escaped(said)}.</desc>{''.join(parts)}</svg>"
    )


def _pieces(html: str) -> Iterator[tuple[str, str]]:
    """Yield each outermost SVG picture with the words before it."""
    depth, begin, after = 0, 0, 0
    for tag in re.finditer(r"<svg\b|</svg>", html):
        if tag[0] == "<svg":
            begin = tag.start() if depth == 0 else begin
            depth += 1
        else:
            depth -= 1
            if depth == 0:
                yield plain(html[after:begin]), html[begin : tag.end()]
                after = tag.end()


def _size(svg: str) -> tuple[float, float]:
    head = svg.partition(">")[0]
    box = re.search(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"', head)
    return (float(box[1]), float(box[2])) if box else (0.001, 0.0)  # only definitions


_OF_THE_PAGE = r"xmlns|role|aria-\w+|width|height|class|data-\w+|tabindex"


def _placed(svg: str, x: float, y: float, scale: float) -> str:
    """Put a picture into another one at a place and scale."""
    width, height = _size(svg)
    # Nothing can be pressed there. The areas may be groups, but groups of rectangles only.
    svg = re.sub(rf"<g {TOUCH}>(?:<g .*?</g>|(?!</g>).)*</g>", "", svg)
    head, _, rest = svg.partition(">")
    head = re.sub(rf'\b(?:{_OF_THE_PAGE})="[^"]*" ?', "", head)
    head = re.sub(r"\b(?:min-|max-)?width:[^;\"]*;?|position:[^;\"]*;?", "", head)
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width * scale:.1f}" height="{height * scale:.1f}"'
    return f"{head} {place}>{rest}"


def stand_alone(svg: str) -> str:
    """Return a picture with the colours and font of a light page instead of the page's own.

    >>> stand_alone('<path style="fill:var(--jp-layout-color0, #fff)"/>')
    '<path style="fill:#fff"/>'
    """
    svg = re.sub(r"var\(--jp-ui-font-family, ([^)]*)\)", r"\1", svg)
    svg = re.sub(r"var\(--[\w-]+, ?([^()]*)\)", r"\1", svg)
    svg = re.sub(r"color-mix\(in srgb, ?(#\w{6}) (\d+)%, ?currentcolor\)", _mixed, svg)
    return svg.replace("<desc></desc>", "")


def _mixed(mix: re.Match) -> str:
    """Mix a colour with the dark grey of the text, as a browser does."""
    share = int(mix[2]) / 100
    parts = (int(mix[1][i : i + 2], 16) * share + 0x22 * (1 - share) for i in (1, 3, 5))
    return "#" + "".join(f"{round(part):02x}" for part in parts)
