"""A filter on a sequence: index map, what each tap adds, feature map; SVG, table, sentence.

From top to bottom the picture is one computation: the bases with the zeros of the padding; the
filter below the window that it reads, one line from each tap to its base; the weights that those
bases pick; their sum with the bias; and that sum as one bar among all outputs, each bar under the
middle of its window.

"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from motiflab.figures.logo import glyph_definitions
from motiflab.figures.numbers import short
from motiflab.figures.style import ACCENT, BASE_COLOURS, DIVERGING, FAINT_TEXT, LINE
from motiflab.figures.svg import svg_picture
from motiflab.figures.tables import Html, html_table
from motiflab.layers.convolution import index_map
from motiflab.sequences.alphabet import BASES


class Tap(NamedTuple):
    """One tap of a filter on a sequence.

    Attributes
    ----------
    k : int
        Its number in the filter as it was given.
    position : int
        Position in the sequence that it meets, from 0; below 0 or from ``L`` on in the padding.
    base : str
        The base there; empty in the padding.
    adds : float
        The weight that the base picks; 0 in the padding.
    """

    k: int
    position: int
    base: str
    adds: float


@dataclass(frozen=True, eq=False)
class Scan:
    """One filter on one sequence, and the output that is looked at.

    Attributes
    ----------
    sequence : str
        ``L`` bases, each of A, C, G, T.
    weights : ndarray, shape (K, 4)
        The filter as it lies on the sequence, from left to right.
    order : tuple of int, length K
        Number of each of its taps, from left to right: 0 to K - 1, or backwards in a flipped one.
    bias : float
        ``b``.
    stride, padding, dilation : int
        ``S``, ``P`` and ``D``.
    outputs : ndarray, shape (M,)
        The feature map, from `motiflab.layers.convolution.cross_correlate`.
    j : int
        The output that is looked at, from 0, below ``M``.
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
        taps = []
        for place, (k, row) in enumerate(zip(self.order, self.weights.tolist())):
            i = index_map(j, place, self.stride, self.padding, self.dilation)
            base = self.sequence[i] if 0 <= i < len(self.sequence) else ""
            taps.append(Tap(k, i, base, row[BASES.index(base)] if base else 0.0))
        return taps

    @property
    def best(self) -> float:
        """The output of a perfect match: the bias and the largest weight of every tap."""
        return float(self.weights.max(axis=1).sum() + self.bias)


def scan_table(scan: Scan) -> str:
    """The feature map as an HTML table: for each output the positions, the bases and its value.

    >>> weights, outputs = np.array([[2.0, 0, 0, 0]]), np.array([2.0, 0.0])
    >>> scan = Scan("AT", weights, (0,), 0.0, 1, 0, 1, outputs, 0)
    >>> "<tr><th scope='row'>y</th><td><b>2</b></td><td>0</td></tr>" in scan_table(scan)
    True
    """
    windows = [scan.window(j) for j in range(len(scan.outputs))]
    rows: list[list[object]] = [
        ["j", *range(len(windows))],
        ["first position", *(short(taps[0].position) for taps in windows)],
        ["reads", *map(_read, windows)],
        ["y", *map(short, scan.outputs)],
    ]
    for row in rows:
        row[scan.j + 1] = Html(f"<b>{row[scan.j + 1]}</b>")  # behind the name of the row
    caption = "All outputs; the current one is bold, a 0 among the bases is padding"
    return html_table(caption, [], rows)


def in_words(scan: Scan) -> str:
    """Say what `scan_svg` shows."""
    taps = scan.window(scan.j)
    places = ", ".join(short(tap.position) for tap in taps)
    return (
        f"Output j = {scan.j} of 0 to {len(scan.outputs) - 1} is {short(scan.outputs[scan.j])}: "
        f"the taps lie at {places} and read {_read(taps)}, where 0 is padding. The largest output "
        f"is {short(scan.outputs.max())} at j = {int(scan.outputs.argmax())}."
    )


def _read(taps: list[Tap]) -> str:
    return "".join(tap.base or "0" for tap in taps)


_WIDTH, _LEFT, _RIGHT = 620, 54, 8  # pixels before scaling
_WIDEST = 34  # a column, so that a short sequence is not drawn huge
_ROOMY = 18  # a column of this width holds a position
_BASES, _CELL = 22, 32  # top and height of the row of bases
_TAPS, _MATRIX, _ROW = 84, 91, 24  # base line of the tap numbers, top of the filter, a row of it
_ADDS = _MATRIX + 4 * _ROW + 8  # top of the row of what each tap adds
_SUM, _PILL = _ADDS + 82, 24  # top and height of the sum
_MAP, _BARS = _SUM + 58, 150  # top and height of the feature map
_BOTTOM = _MAP + _BARS
_HEIGHT = _BOTTOM + 56
_BOLD = 'font-weight="bold"'
_PILL_TEXT = ' font-size="14" fill="#fff"'
_FAINT = f'style="fill:{FAINT_TEXT}"'


def scan_svg(scan: Scan, room: int = 0, uid: str = "scan") -> str:
    """Draw a filter on a sequence at one output, and all outputs below.

    Positions keep their places while stride, padding, dilation and output change, and the axis of
    the feature map depends on the filter alone: it holds whatever any sequence can give.

    Parameters
    ----------
    scan : Scan
    room : int
        Columns kept free at each end for the padding; at least as many as it has are drawn.
    uid : str
        A letter, then letters, digits and hyphens; another for each picture on a page.

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
    canvas = _Canvas(scan, max(room, scan.padding), uid)
    return svg_picture(
        glyph_definitions(uid)
        + canvas.sequence()
        + canvas.filter()
        + canvas.sum()
        + canvas.feature_map(),
        "The filter on the sequence, and its feature map",
        in_words(scan),
        uid,
        (_WIDTH, _HEIGHT),
        scaled=True,
        style="min-width:440px;max-width:720px",
        font=12,
    )


class _Canvas:
    """Where everything lies, and its parts from top to bottom."""

    def __init__(self, scan: Scan, room: int, uid: str) -> None:
        self.scan, self.uid = scan, uid
        columns = len(scan.sequence) + 2 * room
        self.column = min(_WIDEST, (_WIDTH - _LEFT - _RIGHT) / columns)
        spare = _WIDTH - _LEFT - _RIGHT - columns * self.column
        self.zero = _LEFT + spare / 2 + room * self.column  # left end of position 0
        self.left, self.right = self.x(-room), self.x(len(scan.sequence) + room)
        self.taps = scan.window(scan.j)
        self.roomy = self.column >= _width(scan.weights.ravel())
        self.spread = self.column * scan.stride  # from one output to the next
        self.numbered = self.spread >= _width(scan.outputs) + 4

    def x(self, position: float) -> float:
        """Left end of a position, in pixels."""
        return self.zero + position * self.column

    def middle(self, j: int) -> float:
        """Middle of the window of an output, in pixels."""
        offset = (self.taps[0].position + self.taps[-1].position + 1) / 2
        return self.x(offset + (j - self.scan.j) * self.scan.stride)

    def sequence(self) -> str:
        """The bases, the zeros of the padding, and their positions."""
        scan, parts = self.scan, []
        read = {tap.position for tap in self.taps}
        last = len(scan.sequence) - 1
        for i in range(-scan.padding, len(scan.sequence) + scan.padding):
            if 0 <= i <= last:
                parts.append(self._base(i, scan.sequence[i], i in read))
            else:
                parts.append(
                    f'<rect x="{self.x(i) + 1:.1f}" y="{_BASES}" width="{self.column - 2:.1f}" '
                    f'height="{_CELL}" rx="3" fill="none" stroke-dasharray="3 2" '
                    f'style="stroke:{LINE}"/>{_text(self.x(i + 0.5), _BASES + 20, 0, _FAINT)}'
                )
            if self.column >= _ROOMY or i in (0, last) or i % 5 == 0:
                parts.append(_text(self.x(i + 0.5), 13, short(i), "" if i in read else _FAINT))
        return (
            f'<text x="2" y="13" {_FAINT}>position</text>'
            f'<text x="2" y="{_BASES + 20}" {_FAINT}>base</text>{"".join(parts)}'
        )

    def _base(self, i: int, base: str, read: bool) -> str:
        size = min(self.column - 6, _CELL - 12)
        ground, letter = (0.32, 1) if read else (0.1, 0.55)
        return (
            f'<rect x="{self.x(i) + 1:.1f}" y="{_BASES}" width="{self.column - 2:.1f}" '
            f'height="{_CELL}" rx="3" fill="{BASE_COLOURS[base]}" fill-opacity="{ground}"/>'
            f'<use href="#{self.uid}{base}" opacity="{letter}" transform="translate('
            f'{self.x(i + 0.5) - size / 2:.1f} {_BASES + 6})scale({size:.1f} {_CELL - 12})"/>'
        )

    def filter(self) -> str:
        """The filter under its window, a line from each tap to its base, and what each adds."""
        weights = self.scan.weights
        scale = np.abs(weights).max() or 1.0
        parts = []
        for (k, i, base, adds), row in zip(self.taps, weights.tolist()):
            middle = self.x(i + 0.5)
            colour = f'stroke="{BASE_COLOURS[base]}"' if base else f'style="stroke:{LINE}"'
            parts.append(
                f'<path d="M{middle:.1f} {_BASES + _CELL}V{_TAPS - 10}" stroke-width="2" {colour}/>'
                f"{_text(middle, _TAPS, k)}"
            )
            for a, weight in enumerate(row):
                parts.append(self._weight(i, a, weight, scale, BASES[a] == base))
            turn = f'font-size="10" transform="rotate(-90 {middle:.1f} {_ADDS + 14})"'
            turn = f'font-size="{min(12, self.column / 2):.3g}"' if self.roomy else turn
            parts.append(_text(middle, _ADDS + 18, short(adds), f"{turn} {_BOLD if base else ''}"))
        left, right = self.x(self.taps[0].position), self.x(self.taps[-1].position + 1)
        rows = "".join(
            f'<use href="#{self.uid}{base}" transform="translate({left - 17:.1f} '
            f'{_MATRIX + (a + 0.5) * _ROW - 6})scale(11 12)"/>'
            for a, base in enumerate(BASES)
        )
        return (
            f'<rect x="{left - 2:.1f}" y="{_MATRIX - 2}" width="{right - left + 4:.1f}" '
            f'height="{4 * _ROW + 4}" rx="5" fill="{ACCENT}" fill-opacity=".06" '
            f'stroke="{ACCENT}" stroke-width="1.5"/>'
            f'<text x="{left - 5:.1f}" y="{_TAPS}" text-anchor="end" {_FAINT}>tap k</text>'
            f"{rows}{''.join(parts)}"
        )

    def _weight(self, i: int, a: int, weight: float, scale: float, picked: bool) -> str:
        y = _MATRIX + a * _ROW + 1
        small = f'font-size="{min(11, self.column / 2):.3g}" '
        edge = f'stroke="{BASE_COLOURS[BASES[a]]}" stroke-width="2.5"' if picked else ""
        number = _text(self.x(i + 0.5), y + 15, short(weight), small + _BOLD * picked)
        return (
            f'<rect x="{self.x(i) + 1:.1f}" y="{y}" width="{self.column - 2:.1f}" '
            f'height="{_ROW - 2}" rx="2" fill="{DIVERGING[weight > 0]}" '
            f'fill-opacity="{0.75 * abs(weight) / scale:.2f}" {edge}/>'
            f"{number if self.roomy else ''}"
        )

    def sum(self) -> str:
        """Curves from what each tap adds, and from the bias, to the sum."""
        scan, centre = self.scan, self.middle(self.scan.j)
        bias = self.x(self.taps[0].position) - 22
        top = _ADDS + 28
        curves = "".join(
            f"M{end:.1f} {top}C{end:.1f} {top + 26} {centre:.1f} {_SUM - 26} {centre:.1f} {_SUM}"
            for end in [bias, *(self.x(tap.position + 0.5) for tap in self.taps)]
        )
        words = f"y{_subscript(scan.j)} = {short(scan.outputs[scan.j])}"
        width = 8.5 * len(words) + 14
        return (
            f'<path d="{curves}" fill="none" stroke="{ACCENT}" stroke-width="1.5" '
            f'stroke-opacity=".6"/>{_text(bias, _ADDS + 18, "b " + short(scan.bias), _BOLD)}'
            f'<rect x="{centre - width / 2:.1f}" y="{_SUM}" width="{width}" height="{_PILL}" '
            f'rx="{_PILL / 2}" fill="{ACCENT}"/>'
            f"{_text(centre, _SUM + 17, words, _BOLD + _PILL_TEXT)}"
        )

    def feature_map(self) -> str:
        """All outputs as bars, each under the middle of its window."""
        scan = self.scan
        # What the filter can give at most and at least; a tap in the padding gives 0.
        high = math.ceil(max(scan.weights.max(axis=1).clip(min=0).sum() + scan.bias, 1))
        low = math.floor(min(scan.weights.min(axis=1).clip(max=0).sum() + scan.bias, -1))
        scale = _BARS / (high - low)
        zero = _MAP + high * scale
        bars = "".join(self._bar(j, y, zero, scale) for j, y in enumerate(scan.outputs.tolist()))
        ticks = "".join(
            f'<text x="{self.left - 6:.1f}" y="{zero - tick * scale + 4:.1f}" text-anchor="end">'
            f"{short(tick)}</text>"
            for tick in (low, 0, high)
        )
        centre, reach = self.middle(scan.j), zero - max(scan.outputs[scan.j], 0) * scale
        reach -= 16 if self.numbered and scan.outputs[scan.j] >= 0 else 0
        perfect = zero - scan.best * scale
        return (
            f'<path d="M{self.left:.1f} {_MAP}V{_BOTTOM}M{self.left:.1f} {zero:.1f}'
            f'H{self.right:.1f}" fill="none" style="stroke:{LINE}"/>'
            f'<path d="M{self.left:.1f} {perfect:.1f}H{self.right:.1f}" stroke-dasharray="5 4" '
            f'style="stroke:{FAINT_TEXT}"/><text x="{self.right:.1f}" y="{perfect + 13:.1f}" '
            f'text-anchor="end" {_FAINT}>perfect<tspan x="{self.right:.1f}" dy="13">match '
            f"{short(scan.best)}</tspan></text>"
            f'<path d="M{centre:.1f} {_SUM + _PILL}V{reach:.1f}" stroke="{ACCENT}" '
            f'stroke-width="1.5" stroke-opacity=".6"/>{ticks}{bars}'
            f'<text transform="translate(14 {_MAP + _BARS / 2})rotate(-90)" text-anchor="middle" '
            f"{_FAINT}>pre-activation y</text>"
            + _text(
                (self.left + self.right) / 2,
                _HEIGHT - 5,
                "output j, each under the middle of its window",
                _FAINT,
            )
        )

    def _bar(self, j: int, y: float, zero: float, scale: float) -> str:
        now, middle, end = j == self.scan.j, self.middle(j), zero - y * scale
        thick = 0.62 * self.column
        weight = _BOLD if now else ""
        value = _text(middle, end + (12 if y < 0 else -4), short(y), weight)
        number = _text(middle, _BOTTOM + 30, j, f'{weight} fill="{ACCENT}"' if now else "")
        fits = self.spread >= 16 or (j % 5 == 0 and abs(j - self.scan.j) * self.spread > 16)
        return (
            f'<rect x="{middle - thick / 2:.1f}" y="{min(zero, end):.1f}" width="{thick:.1f}" '
            f'height="{max(abs(end - zero), 1):.1f}" rx="1.5" '
            f'fill="{ACCENT if now else DIVERGING[y > 0]}" fill-opacity="{1 if now else 0.7}"/>'
            f"{value if self.numbered else ''}{number if now or fits else ''}"
        )


def _text(x: float, y: float, words: object, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:g}" text-anchor="middle" {more}>{words}</text>'


def _width(values: np.ndarray) -> float:
    """Pixels that hold any of these numbers, written in small letters."""
    return 1 + 6 * max(len(short(value)) for value in values.tolist())


def _subscript(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
