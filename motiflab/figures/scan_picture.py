"""A filter on a sequence at one output, as a picture, as a table and in words.

From top to bottom the picture shows one computation: the bases with the zeros of the padding; the
filter below the window that it reads, with a line from each tap to its base; the weights of these
bases; their sum with the bias; and this sum as one bar among all outputs, each bar under the middle
of its window.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from motiflab.figures.logo import glyph_definitions
from motiflab.figures.numbers import short
from motiflab.figures.style import ACCENT, ACCENT_TEXT, BASE_COLOURS, DIVERGING, FAINT_TEXT
from motiflab.figures.svg import (
    AXIS,
    BOLD,
    FAINT,
    NARROW,
    Ruler,
    Scale,
    axis_lines,
    axis_name,
    next_base,
    signed_fill,
    svg_group,
    svg_path,
    svg_picture,
    svg_rect,
    svg_text,
)
from motiflab.figures.tables import Html, html_table
from motiflab.layers.convolution import index_map
from motiflab.sequences.alphabet import BASES


class Tap(NamedTuple):
    """One tap of a filter on a sequence.

    Attributes
    ----------
    k : int
        Its number in the given filter.
    position : int
        Position in the sequence under it, from 0; below 0 or from ``L`` on in the padding.
    base : str
        The base there; empty in the padding.
    adds : float
        The weight of the base; 0 in the padding.
    """

    k: int
    position: int
    base: str
    adds: float


@dataclass(frozen=True, eq=False)
class Scan:
    """One filter on one sequence, and the selected output.

    Attributes
    ----------
    sequence : str
        ``L`` bases, each A, C, G or T.
    weights : ndarray, shape (K, 4)
        The filter in the direction of the sequence, from left to right.
    order : tuple of int, length K
        Number of each tap, from left to right: 0 to K - 1, or backwards in a flipped filter.
    bias : float
        ``b``.
    stride, padding, dilation : int
        ``S``, ``P`` and ``D``.
    outputs : ndarray, shape (M,)
        The feature map, from `motiflab.layers.convolution.cross_correlate`.
    j : int
        The selected output, from 0, below ``M``.
    """

    sequence: str
    weights: np.ndarray
    order: tuple[int, ...]
    bias: float
    stride: int
    padding: int
    dilation: int
    outputs: np.ndarray
    j: int

    def window(self, j: int) -> list[Tap]:
        """The taps at output `j`, from left to right."""
        order = np.arange(len(self.order))
        places = index_map(j, order, self.stride, self.padding, self.dilation).tolist()
        bases = [self.sequence[i] if 0 <= i < len(self.sequence) else "" for i in places]
        return [
            Tap(k, i, base, row[BASES.index(base)] if base else 0.0)
            for k, i, base, row in zip(self.order, places, bases, self.weights.tolist())
        ]

    @property
    def best(self) -> float:
        """The output of a perfect match: the bias and the largest weight of every tap."""
        return float(self.weights.max(axis=1).sum() + self.bias)


def scan_table(scan: Scan) -> str:
    """The feature map as an HTML table: for each output the positions, the bases and its value.

    >>> weights, outputs = np.array([[2.0, 0, 0, 0]]), np.array([2.0, 0.0])
    >>> scan = Scan("AT", weights, (0,), 0.0, 1, 0, 1, outputs, 0)
    >>> "<tr><th scope='row'>1</th><td>1</td><td>T</td><td>0</td></tr>" in scan_table(scan)
    True
    """
    windows = [scan.window(j) for j in range(len(scan.outputs))]
    rows: list[list[object]] = [
        [j, short(taps[0].position), _read(taps), short(y)]
        for j, (taps, y) in enumerate(zip(windows, scan.outputs))
    ]
    rows[scan.j] = [Html(f"<b>{cell}</b>") for cell in rows[scan.j]]
    return html_table(
        "All outputs; the current one is bold; a 0 among the bases is padding",
        ["j", "first position", "reads", "y"],
        rows,
    )


def in_words(scan: Scan) -> str:
    """Return what `scan_svg` shows, in words."""
    taps = scan.window(scan.j)
    places = ", ".join(short(tap.position) for tap in taps)
    return (
        f"Output j = {scan.j} of 0 to {len(scan.outputs) - 1} is {short(scan.outputs[scan.j])}: "
        f"the taps lie at {places} and read {_read(taps)}, where 0 is padding. The largest output "
        f"is {short(scan.outputs.max())} at j = {int(scan.outputs.argmax())}."
    )


def _read(taps: list[Tap]) -> str:
    return "".join(tap.base or "0" for tap in taps)


_WIDTH, _LEFT, _RIGHT = 590, 54, 8  # pixels before scaling
_WIDEST = 34  # largest width of a column, so that a short sequence is not drawn huge
_ROOMY = 18  # a column of this width has room for a position
_BASES, _CELL = 20, 30  # top and height of the row of bases
_LOW_CELL = 20  # its height in a narrow picture, where the lines to the filter need more room
_BIAS = 46  # pixels for the bias at the left of the filter
_TAPS, _MATRIX, _ROW = 76, 82, 20  # base line of the tap numbers, top of the filter, a row of it
_ADDS = _MATRIX + 4 * _ROW + 8  # top of the row of what each tap adds
_SUM, _PILL = _ADDS + 62, 22  # top and height of the sum
_MAP, _BARS = _SUM + 46, 100  # top and height of the feature map
_BOTTOM = _MAP + _BARS
_HEIGHT = _BOTTOM + 43
_FLOW = f'stroke="{ACCENT}" stroke-width="1.5" stroke-opacity=".6"'


def scan_svg(scan: Scan, room: int = 0, uid: str = "scan", narrow: bool = False) -> str:
    """Draw a filter on a sequence at one output, and all outputs below.

    Positions keep their places while stride, padding, dilation and output change. The axis of the
    feature map depends only on the filter: it covers the outputs of all sequences.
    On a card the pointer can drag the filter (``data-drag`` names the field ``j``), and a click on
    a base puts the next one of A, C, G, T in its place (``data-choose``, ``sequence``).

    Parameters
    ----------
    scan : Scan
    room : int
        Smallest number of columns at each end for the padding.
    uid : str
        A letter, then letters, digits and hyphens; different for each picture on a page.
    narrow : bool
        Draw narrow columns for the bases, with the cells of the filter side by side below; see
        `motiflab.figures.svg.fitted`.

    Returns
    -------
    str
        An ``<svg>`` element that takes its text and line colours from the theme around it.

    Examples
    --------
    >>> weights = np.array([[2.0, 0, 0, 0], [0, 0, 0, 3.0]])
    >>> scan = Scan("ATC", weights, (0, 1), -1.0, 1, 0, 1, np.array([4.0, -1.0]), 0)
    >>> svg = scan_svg(scan)
    >>> "y₀ = 4" in svg, "perfect" in svg
    (True, True)
    """
    canvas = _Canvas(scan, max(room, scan.padding), uid, narrow)
    least, most = (NARROW, 1.3 * NARROW) if narrow else (_WIDTH, 720)
    return svg_picture(
        glyph_definitions(uid)
        + canvas.sequence()
        + canvas.filter()
        + canvas.sum()
        + canvas.feature_map()
        + canvas.handles(),
        "The filter on the sequence, and its feature map",
        in_words(scan),
        uid,
        (least, canvas.height),
        scaled=True,
        style=f"min-width:{least}px;max-width:{most:.0f}px",
        font=12,
    )


class _Canvas:
    """Layout of the picture, and its parts from top to bottom."""

    def __init__(self, scan: Scan, room: int, uid: str, narrow: bool) -> None:
        self.scan, self.uid, self.narrow = scan, uid, narrow
        self.taps = scan.window(scan.j)
        columns = len(scan.sequence) + 2 * room
        left, right = (40, 6) if narrow else (_LEFT, _RIGHT)
        self.width = NARROW if narrow else _WIDTH
        wide = self.width - left - right
        self.column = min(_ROOMY - 1 if narrow else _WIDEST, wide / columns)
        self.left = left + (wide - columns * self.column) / 2  # a short sequence is centred
        ruler = Ruler(self.left + room * self.column, self.column)
        self.x = ruler.x
        self.right = self.x(len(scan.sequence) + room)
        self.tall, self.height = (_LOW_CELL, _HEIGHT + 14) if narrow else (_CELL, _HEIGHT)
        self.edge = self.tall / 5 if narrow else 6  # between a letter and the end of its cell
        # The filter lies under its bases: the ruler of its cells, and the place of each on it.
        widest = _width(scan.weights.ravel())
        self.cells, self.places = ruler, [tap.position for tap in self.taps]
        if narrow:
            # Its cells are as wide as their numbers, and side by side.
            self.places = range(len(self.taps))
            cell = min(max(widest + 4, 20), (NARROW - _BIAS - 4) / len(self.taps))
            most = NARROW - 4 - len(self.taps) * cell
            first = self.middle(scan.j) - len(self.taps) * cell / 2
            self.cells = Ruler(min(max(first, _BIAS), most), cell)
        # Numbers are written only if the widest of them has room: all or none.
        self.roomy = self.cells.unit >= widest
        self.spread = self.column * scan.stride  # from one output to the next
        self.numbered = self.spread >= _width(scan.outputs) + 4

    def middle(self, j: int) -> float:
        """Middle of the window of an output, in pixels."""
        # One stride per output from the selected window.
        offset = (self.taps[0].position + self.taps[-1].position + 1) / 2
        return self.x(offset + (j - self.scan.j) * self.scan.stride)

    def sequence(self) -> str:
        """The bases, the zeros of the padding, and their positions."""
        scan, read = self.scan, {tap.position for tap in self.taps}
        last = len(scan.sequence) - 1
        positions = range(-scan.padding, len(scan.sequence) + scan.padding)
        bases = (self._base(i, i in read) if 0 <= i <= last else self._zero(i) for i in positions)
        apart = 17 / self.column  # columns between numbers that do not touch
        numbers = (
            svg_text(self.x(i + 0.5), 13, short(i), "middle", "" if i in read else FAINT)
            for i in positions
            if self.column >= _ROOMY or i in (0, last) or (i % 5 == 0 and abs(i - last) >= apart)
        )
        return (
            svg_text(2, 13, "position", look=FAINT)
            + svg_text(2, _BASES + self.tall / 2 + 5, "base", look=FAINT)
            + "".join([*bases, *numbers])
        )

    def _base(self, i: int, read: bool) -> str:
        """A base as a letter on its colour, strong if the window reads it."""
        base = self.scan.sequence[i]
        high = self.tall - 2 * self.edge
        size = min(self.column - self.edge, high)
        ground, letter = (0.32, 1) if read else (0.1, 0.75)
        colour = BASE_COLOURS[base]
        look = (
            f'rx="3" fill="{colour}" fill-opacity="{ground}" stroke="{colour}" stroke-opacity="0"'
        )
        drawn = svg_rect(self.x(i) + 1, _BASES, self.column - 2, self.tall, look) + (
            f'<use href="#{self.uid}{base}" opacity="{letter}" transform="translate('
            f'{self.x(i + 0.5) - size / 2:.1f} {_BASES + self.edge:g})scale({size:.1f} {high:g})"/>'
        )
        return svg_group([drawn], next_base(self.scan.sequence, i))

    def _zero(self, i: int) -> str:
        """A position of the padding."""
        look = f'rx="3" fill="none" stroke-dasharray="3 2" {AXIS}'
        # A narrow column makes its 0 narrow, as `sequence_row` does with letters.
        fit = 'textLength="5" lengthAdjust="spacingAndGlyphs"' if self.column < 11 else ""
        return svg_rect(self.x(i) + 1, _BASES, self.column - 2, self.tall, look) + svg_text(
            self.x(i + 0.5), _BASES + self.tall / 2 + 5, 0, "middle", f"{FAINT} {fit}".rstrip()
        )

    def filter(self) -> str:
        """The filter under its window, a line from each tap to its base, and what each adds."""
        weights = self.scan.weights
        scale = np.abs(weights).max() or 1.0
        left, right = self.cells.x(self.places[0]), self.cells.x(self.places[-1] + 1)
        look = f'rx="5" fill="{ACCENT}" fill-opacity=".06" stroke="{ACCENT}" stroke-width="1.5"'
        names = (
            f'<use href="#{self.uid}{base}" transform="translate('
            f'{left - 17:.1f} {_MATRIX + (a + 0.5) * _ROW - 6})scale(11 12)"/>'
            for a, base in enumerate(BASES)
        )
        cells = (
            self._weight(place, tap, a, weight, weight / scale)
            for place, tap, row in zip(self.places, self.taps, weights.tolist())
            for a, weight in enumerate(row)
        )
        return (
            svg_rect(left - 2, _MATRIX - 2, right - left + 4, 4 * _ROW + 4, look)
            + svg_text(left - 5, _TAPS, "tap k", "end", FAINT)
            + "".join([*names, *map(self._tap, self.places, self.taps), *cells])
        )

    def _tap(self, place: int, tap: Tap) -> str:
        """The line from a tap to its base, its number, and below the filter what it adds."""
        middle, base = self.cells.x(place + 0.5), self.x(tap.position + 0.5)
        top, end = _BASES + self.tall, _TAPS - 10
        line = f"V{end}"
        if self.narrow:
            bend = (top + end) / 2
            line = f"C{base:.1f} {bend:g} {middle:.1f} {bend:g} {middle:.1f} {end}"
        colour = f'stroke="{BASE_COLOURS[tap.base]}"' if tap.base else AXIS
        if self.roomy:
            size = ""
        else:  # upwards, where a number is wider than the column
            size = f'transform="rotate(-90 {middle:.1f} {_ADDS + 14})"'
        return (
            svg_path(f"M{base:.1f} {top}{line}", f'stroke-width="2" {colour}')
            + svg_text(middle, _TAPS, tap.k, "middle")
            + svg_text(
                middle,
                _ADDS + 18,
                short(tap.adds),
                "middle",
                f"{size} {BOLD if tap.base else ''}".strip(),
            )
        )

    def _weight(self, place: int, tap: Tap, a: int, weight: float, share: float) -> str:
        """One cell of the filter; the one of the base in the window has an edge."""
        x, y = self.cells.x(place), _MATRIX + a * _ROW + 1
        look = f'rx="2" {signed_fill(weight, 0.75 * abs(share))}'
        size = ""
        if tap.base == BASES[a]:
            look += f' stroke="{BASE_COLOURS[tap.base]}" stroke-width="2.5"'
            size = BOLD
        cell = svg_rect(x + 1, y, self.cells.unit - 2, _ROW - 2, look)
        if not self.roomy:
            return cell
        return cell + svg_text(x + self.cells.unit / 2, y + 13, short(weight), "middle", size)

    def sum(self) -> str:
        """Curves from what each tap adds, and from the bias, to the sum."""
        scan, centre = self.scan, self.middle(self.scan.j)
        words = f"y{_subscript(scan.j)} = {short(scan.outputs[scan.j])}"
        width = 8.5 * len(words) + 14
        centre = min(max(centre, width / 2), self.width - width / 2)
        bias = self.cells.x(self.places[0]) - 22
        top = _ADDS + 28
        curves = "".join(
            f"M{end:.1f} {top}C{end:.1f} {top + 18} {centre:.1f} {_SUM - 18} {centre:.1f} {_SUM}"
            for end in [bias, *(self.cells.x(place + 0.5) for place in self.places)]
        )
        pill = f'rx="{_PILL / 2}" fill="{ACCENT}"'
        return (
            svg_path(curves, _FLOW)
            + svg_text(bias, _ADDS + 18, f"b {short(scan.bias)}", "middle", BOLD)
            + svg_rect(centre - width / 2, _SUM, width, _PILL, pill)
            + svg_text(centre, _SUM + 16, words, "middle", f'{BOLD} font-size="14" fill="#fff"')
        )

    def feature_map(self) -> str:
        """All outputs as bars, each under the middle of its window."""
        scan, left, right = self.scan, self.left, self.right
        # The highest and lowest possible outputs of the filter; a tap in the padding gives 0.
        high = math.ceil(max(scan.weights.max(axis=1).clip(min=0).sum() + scan.bias, 1))
        low = math.floor(min(scan.weights.min(axis=1).clip(max=0).sum() + scan.bias, -1))
        scale = Scale.between((low, high), _MAP, _BARS)
        centre, reach = self.middle(scan.j), scale.y(max(scan.outputs[scan.j], 0))
        if self.numbered and scan.outputs[scan.j] >= 0:
            reach -= 16  # the line from the sum ends above the number of the bar
        perfect = scale.y(scan.best)
        # A 0 too close to an end would overlap with its number.
        ticks = [tick for tick in (low, 0, high) if not 0 < abs(tick) * scale.unit < 12]
        below = (left + right) / 2
        name = axis_name(_MAP + _BARS / 2, "pre-activation y", 14, FAINT)
        match = svg_text(right, perfect + 13, "perfect", "end", FAINT) + svg_text(
            right, perfect + 26, f"match {short(scan.best)}", "end", FAINT
        )
        if self.narrow:  # there is no room for these words beside the bars
            key = f"pre-activation y; dashed: a perfect match, {short(scan.best)}"
            name = svg_text(left - 7, _MAP - 10, "y", "end", FAINT)
            below = NARROW / 2
            match = svg_text(below, self.height - 5, key, "middle", FAINT)
        words = "output j, each under the middle of its window"
        return "".join(
            [
                axis_lines(scale, left, right, (low, high), ticks),
                svg_path(
                    f"M{left:.1f} {perfect:.1f}H{right:.1f}",
                    f'stroke-dasharray="5 4" style="stroke:{FAINT_TEXT}"',
                ),
                match,
                svg_path(f"M{centre:.1f} {_SUM + _PILL}V{reach:.1f}", _FLOW),
                *(self._bar(j, y, scale) for j, y in enumerate(scan.outputs.tolist())),
                name,
                svg_text(below, _HEIGHT - 5, words, "middle", FAINT),
            ]
        )

    def handles(self) -> str:
        """For each output a strip to press; under the pointer it shows the window it reads."""
        span = self.taps[-1].position - self.taps[0].position + 1
        wide = span * self.column
        look = f'fill="{ACCENT}" fill-opacity="0"'
        edge = f'{look} rx="4" stroke="{ACCENT}" stroke-opacity="0" pointer-events="none"'
        top = _BASES + self.tall
        return "".join(
            svg_group(
                [
                    svg_rect(
                        self.middle(j) - self.spread / 2, top, self.spread, _BOTTOM - top, look
                    ),
                    svg_rect(self.middle(j) - wide / 2, _BASES - 2, wide, self.tall + 4, edge),
                ],
                f'data-drag="j={j}"',
            )
            for j in range(len(self.scan.outputs))
        )

    def _bar(self, j: int, y: float, scale: Scale) -> str:
        """One output as a bar, with its value and its number where there is room for them."""
        now, middle = j == self.scan.j, self.middle(j)
        colour, opacity = (ACCENT, 1) if now else (DIVERGING[y > 0], 0.7)
        look = f'rx="1.5" fill="{colour}" fill-opacity="{opacity}"'
        drawn = scale.bar(middle, 0.62 * self.column, y, look, least=1)  # a bar of 0 is seen
        if self.numbered:
            beyond = scale.y(y) + (12 if y < 0 else -4)
            drawn += svg_text(middle, beyond, short(y), "middle", BOLD if now else "")
        # Every number, or every fifth that does not collide with the selected one.
        fits = self.spread >= 16 or (j % 5 == 0 and abs(j - self.scan.j) * self.spread > 16)
        if now or fits:
            look = f'{BOLD} fill="{ACCENT_TEXT}"' if now else ""
            drawn += svg_text(middle, _BOTTOM + 25, j, "middle", look)
        return drawn


def _width(values: np.ndarray) -> float:
    """Width in pixels of the widest of these numbers."""
    return 1 + 7 * max(len(short(value)) for value in values.tolist())


def _subscript(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
