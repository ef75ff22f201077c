"""Pictures of pooling: a feature map, its windows and the pooled map; charts of shifts and ends."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from motiflab.figures.chart_parts import GREY, Figure, axis, figure, key, line, points, upright
from motiflab.figures.numbers import signed, written
from motiflab.figures.style import ACCENT, SEQUENTIAL, TEXT
from motiflab.figures.svg import (
    FAINT,
    MARK,
    MIDDLE,
    NARROW,
    Ruler,
    Scale,
    axis_lines,
    position_numbers,
    sequence_row,
    signed_fill,
    svg_group,
    svg_path,
    svg_picture,
    svg_rect,
    svg_text,
    text_width,
    touch_areas,
)
from motiflab.figures.tables import html_table
from motiflab.layers import index_map, winners
from motiflab.layers.invariance import SAME, InvarianceCurve


@dataclass(frozen=True, eq=False)
class PooledMap:
    """One sequence, its feature map and its pooled map.

    Attributes
    ----------
    letters : str
        The sequence; a character that is not a base stands for a column of zeros.
    site : tuple of int
        First (inclusive) and last (exclusive) base of the motif; it may extend beyond an end.
    width, stride, padding : int
        ``K``, ``S`` and ``P`` of the filter.
    y : ndarray, shape (M,)
        The feature map.
    window, step : int
        Window and step of the pooling.
    kind : str
        Kind of pooling, as in `motiflab.layers.pooling.pool`.
    pooled : ndarray, shape (N,)
    limits, pooled_limits : tuple of float
        Ends of the axes of the two maps.
    before : ndarray, shape (N,), optional
        The pooled map to compare with.
    gradient : ndarray, shape (M,), optional
        Gradient at each position of the map if that of each pooled number is 1.
    """

    letters: str
    site: tuple[int, int]
    width: int
    stride: int
    padding: int
    y: np.ndarray
    window: int
    step: int
    kind: str
    pooled: np.ndarray
    limits: tuple[float, float]
    pooled_limits: tuple[float, float]
    before: np.ndarray | None = None
    gradient: np.ndarray | None = None

    def middle(self, ruler: Ruler, m: int | np.ndarray) -> float | np.ndarray:
        """Return the middle, in pixels, of the bases that position `m` of the map scores."""
        return ruler.x(index_map(m, 0, self.stride, self.padding) + self.width / 2)

    @property
    def winners(self) -> np.ndarray:
        """Position in the map of each window's maximum; none if the pooling has no winners."""
        if self.kind != "max":
            return np.empty(0, dtype=int)
        return winners(self.y, self.window, self.step)

    @property
    def starts(self) -> np.ndarray:
        """First position in the map of each window, shape (N,)."""
        return np.arange(len(self.pooled)) * self.step

    @property
    def used(self) -> np.ndarray:
        """Whether each position of the map is in a window, shape (M,)."""
        inside = self.starts[:, None] + np.arange(self.window)
        return np.isin(np.arange(len(self.y)), inside)


def pooled_map_table(picture: PooledMap) -> str:
    """Write the pooled map as an HTML table: windows, winners, numbers and their change.

    >>> y = np.array([0.0, 3.0, 1.0, 0.0])
    >>> picture = PooledMap("ACATA", (1, 3), 2, 1, 0, y, 2, 2, "max", y[[1, 2]], (0, 3), (0, 3))
    >>> "<th scope='row'>1</th><td>2–3</td><td>2</td><td>1.00</td>" in pooled_map_table(picture)
    True
    """
    columns = {
        "window n": range(len(picture.pooled)),
        "positions m": [f"{s}–{s + picture.window - 1}" for s in picture.starts],
    }
    if picture.kind == "max":
        columns["winner m"] = picture.winners
    columns["p[n]"] = [written(p, 2) for p in picture.pooled]
    if picture.before is not None:
        change = picture.pooled - picture.before
        columns["before the shift"] = [written(p, 2) for p in picture.before]
        columns["change"] = ["0" if abs(d) <= SAME else signed(written(d, 2)) for d in change]
    return html_table(
        "The pooled map, window by window; positions of the map count from 0, both ends included",
        list(columns),
        zip(*columns.values()),
    )


def pooled_map_words(picture: PooledMap) -> str:
    """Return what `pooled_map_svg` shows, in words.

    >>> y = np.array([0.0, 3.0, 1.0, 0.0])
    >>> picture = PooledMap("ACATA", (1, 3), 2, 1, 0, y, 2, 2, "max", y[[1, 2]], (0, 3), (0, 3))
    >>> pooled_map_words(picture)
    '4 scores, pooled by windows of 2, one every 2, to 2 numbers: 3.0, 1.0.'
    """
    said = [
        f"{len(picture.y)} scores, pooled by windows of {picture.window}, one every "
        f"{picture.step}, to {len(picture.pooled)} numbers: "
        f"{', '.join(written(p, 1) for p in picture.pooled)}."
    ]
    if picture.before is not None:
        changed = int((np.abs(picture.pooled - picture.before) > SAME).sum())
        said.append(f"{changed} of them changed with the shift.")
    if picture.gradient is not None:
        said.append(f"The gradient reaches {int((picture.gradient != 0).sum())} of the scores.")
    return " ".join(said)


_WIDTH, _LEFT, _RIGHT = 590, 34, 6  # pixels before scaling
_CAPTION, _LETTERS, _MAP, _WINDOWS, _POOLED, _GRADIENT = 18, 30, 92, 32, 54, 40
_LABEL = 32  # pixels for the number of a window


def pooled_map_svg(
    picture: PooledMap,
    uid: str = "pooled",
    title: str = "Pooling",
    drag: Mapping[int, str] = MappingProxyType({}),
    narrow: bool = False,
) -> str:
    """Draw sequence, feature map, windows, pooled map and, if there is one, the gradient.

    A score of the map is drawn over the middle of its window of bases. Winners have a dot. Dashed
    outlines show the pooled map to compare with. Positions in no window are pale.

    Parameters
    ----------
    picture : PooledMap
    uid : str
        A letter, then letters, digits and hyphens; different for each picture on a page.
    title : str
        For a screen reader; any text, it is escaped.
    drag : mapping of int to str
        Fields set by a press on a base or a drag of the motif to it: ``{18: "shift=2"}``.
    narrow : bool
        Draw narrow letters and bars, and shorter words; see `motiflab.figures.svg.fitted`.

    Returns
    -------
    str
        An ``<svg>`` element.

    Examples
    --------
    >>> y = np.array([0.0, 3.0, 1.0, 0.0])
    >>> picture = PooledMap("ACATA", (1, 3), 2, 1, 0, y, 2, 2, "max", y[[1, 2]], (0, 3), (0, 3))
    >>> svg = pooled_map_svg(picture)
    >>> svg.startswith("<svg"), svg.count("<circle"), ">3.0</text>" in svg
    (True, 2, True)
    """
    columns = len(picture.letters) + 2 * picture.padding
    width = NARROW if narrow else _WIDTH
    unit = (width - _LEFT - _RIGHT) / columns
    ruler = Ruler(_LEFT + picture.padding * unit, unit)
    y = _LETTERS + _CAPTION + 10
    right = width - _RIGHT
    about = "" if narrow else ": score of each window, at its middle"
    parts = [
        _sequence(picture, ruler),
        _panel(y, _MAP, right, picture.limits, f"feature map y[m]{about} (nats)"),
        _map(picture, ruler, y),
        _brackets(picture, ruler, y + _MAP, right, narrow),
    ]
    y += _MAP + _WINDOWS + _CAPTION
    name = {"max": "maximum", "average": "average"}[picture.kind]
    ghost = "" if picture.before is None else "; dashed: before the shift"
    # A narrow picture has room for only one of the two.
    about = "" if narrow and ghost else f": the {name} of each window"
    parts += [
        _panel(y, _POOLED, right, picture.pooled_limits, f"pooled map p[n]{about}{ghost}"),
        _pooled(picture, ruler, y, narrow),
        _windows(picture, ruler, _LETTERS + _CAPTION + 10, y),
    ]
    y += _POOLED + 20
    if picture.gradient is not None:
        y += _CAPTION + 8
        limits = (0, max(_overlap(picture), 1))
        words = f"gradient {'at' if narrow else 'that reaches'} y[m] if every p[n] sends back 1"
        parts += [
            _panel(y, _GRADIENT, right, limits, words),
            _bars(picture, ruler, picture.gradient, y, _GRADIENT, limits),
        ]
        y += _GRADIENT + 6
    areas = (
        ruler.span(i, i + 1, _LETTERS - 15, 22, f'data-drag="{words}"') for i, words in drag.items()
    )
    parts.append(touch_areas(areas, "Drag the motif, or move its slider"))
    return svg_picture(
        "".join(parts),
        title,
        pooled_map_words(picture),
        uid,
        (width, y),
        scaled=True,
        style=f"min-width:{width}px" + (f";max-width:{1.3 * width:.0f}px" if narrow else ""),
    )


def _sequence(picture: PooledMap, ruler: Ruler) -> str:
    """The letters with their positions, zeros for padding, and a frame around the motif."""
    count, p = len(picture.letters), picture.padding
    start, end = max(picture.site[0], -p), min(picture.site[1], count + p)
    frame = f'rx="2" fill="none" stroke="{ACCENT}" stroke-width="2"'
    return (
        position_numbers(ruler, 11, range(count), FAINT)
        + sequence_row(ruler, _LETTERS, "0" * p + picture.letters + "0" * p, -p)
        + svg_text(0, 11, "base", look=FAINT)
        + (ruler.span(start, end, _LETTERS - 12, 16, frame) if end > start else "")
    )


def _panel(top: float, height: float, right: float, limits: tuple[float, float], words: str) -> str:
    """The words over a row of bars, both ends of its axis, and a line at 0."""
    scale = Scale.between(limits, top, height)
    low, high = (round(limit, 2) for limit in limits)
    # A 0 too close to an end would overlap with its number.
    apart = min(abs(scale.y(0) - scale.y(end)) for end in (low, high)) > 12
    ticks = [low, 0.0, high] if apart else [low, high]
    caption = svg_text(_LEFT, top - 8, words, look=FAINT)
    return caption + axis_lines(scale, _LEFT, right, limits, ticks)


def _bars(
    picture: PooledMap,
    ruler: Ruler,
    values: np.ndarray,
    top: float,
    height: float,
    limits: tuple[float, float],
    opacity: np.ndarray | float = 1.0,
) -> str:
    """A bar for each position of the map, cut where the axis ends."""
    scale = Scale.between(limits, top, height)
    wide = min(0.72 * ruler.unit * picture.stride, 9)
    pairs = zip(np.clip(values, *limits).tolist(), np.broadcast_to(opacity, len(values)))
    return "".join(
        scale.bar(picture.middle(ruler, m), wide, value, signed_fill(value, clear))
        for m, (value, clear) in enumerate(pairs)
    )


def _map(picture: PooledMap, ruler: Ruler, top: float) -> str:
    """The bars of the feature map; winners are opaque and have a dot."""
    best, scale = picture.winners, Scale.between(picture.limits, top, _MAP)
    clear = np.where(picture.used, 0.55 if len(best) else 0.8, 0.3)
    clear[best] = 1
    # The dot is at the end of the bar, even if the axis cuts the bar; it is no wider than a column.
    radius = min(3, 0.45 * ruler.unit)
    dots = (
        f'<circle cx="{picture.middle(ruler, m):.1f}" '
        f'cy="{scale.y(np.clip(picture.y[m], *picture.limits)):.1f}" r="{radius:.2g}" '
        f'style="fill:{TEXT}"/>'
        for m in np.unique(best)
    )
    return _bars(picture, ruler, picture.y, top, _MAP, picture.limits, clear) + "".join(dots)


def _overlap(picture: PooledMap) -> int:
    """Largest number of windows that contain the same position of the map."""
    return math.ceil(picture.window / picture.step)


def _brackets(picture: PooledMap, ruler: Ruler, top: float, end: float, narrow: bool) -> str:
    """The windows under the map; overlapping ones are on different levels."""
    levels = _overlap(picture)
    gap = min(9.0, 18 / levels)
    brackets = [
        (left, right, top + 6 + n % levels * gap)
        for n, (left, right) in enumerate(_ends(picture, ruler))
    ]
    paths = (f"M{left:.1f} {y - 4:.1f}v4H{right:.1f}v-4" for left, right, y in brackets)
    label = text_width(f"n = {len(brackets) - 1}") + 3 if narrow else _LABEL
    numbers = (
        svg_text((left + right) / 2, y + 13, f"n = {n}")
        for n, (left, right, y) in enumerate(brackets)
        # Overlapping windows have no room for numbers, and narrow ones only for some.
        if levels == 1 and n % math.ceil(label / (right - left)) == 0
    )
    left_out = np.count_nonzero(~picture.used)
    words = f"pale: {left_out} in no window" if left_out else ""
    return (
        svg_path("".join(paths), MARK)
        + svg_group(numbers, f"{MIDDLE} {FAINT}")
        # Beside the caption of the map: below, the number of the last window would cover it.
        + svg_text(end, top - _MAP - 8, words, "end", FAINT)
    )


def _pooled(picture: PooledMap, ruler: Ruler, top: float, narrow: bool) -> str:
    """A bar for each window, the one before the shift as a dashed outline, and the numbers."""
    scale, ends = Scale.between(picture.pooled_limits, top, _POOLED), _ends(picture, ruler)
    middles = [(left + right) / 2 for left, right in ends]
    # Bars of overlapping windows are side by side, at most as wide as one step.
    step = picture.step * picture.stride * ruler.unit
    wide = min(ends[0][1] - ends[0][0], step) - min(3, ruler.unit / 3)
    bars = [
        scale.bar(middle, wide, value, signed_fill(value, 0.8))
        for middle, value in zip(middles, picture.pooled)
    ]
    before = () if picture.before is None else picture.before
    look = f'fill="none" stroke-dasharray="3 2" {MARK}'
    outlines = [scale.bar(middle, wide + 2, p, look) for middle, p in zip(middles, before)]
    if narrow:  # with fewer digits where they would touch, or none
        fits = (d for d in (1, 0) if _widest(picture.pooled, d) <= step - 4)
        digits = next(fits, None)
    else:
        digits = 1 if wide >= 27 else None  # pixels for a number
    numbers = [
        svg_text(middle, top + _POOLED + 13, written(value, digits), "middle")
        for middle, value in zip(middles, picture.pooled)
        if digits is not None
    ]
    return "".join([*bars, *outlines, *numbers])


def _widest(values: np.ndarray, digits: int) -> float:
    """Width in pixels of the widest of these numbers."""
    return max(text_width(written(value, digits)) for value in values)


def _ends(picture: PooledMap, ruler: Ruler) -> list[tuple[float, float]]:
    """Left and right end of each window of the pooling."""
    half = picture.stride * ruler.unit / 2 - 1  # a pixel is left between neighbours
    left = picture.middle(ruler, picture.starts) - half
    right = picture.middle(ruler, picture.starts + picture.window - 1) + half
    return list(zip(left.tolist(), right.tolist()))


def _windows(picture: PooledMap, ruler: Ruler, top: float, pooled: float) -> str:
    """Areas that highlight a pooled number and its scores while the pointer is on either."""
    step = picture.step * picture.stride * ruler.unit
    areas = (
        svg_group(
            [
                svg_rect(left, top, right - left, _MAP + 4),
                svg_rect((left + right - step) / 2, pooled, step, _POOLED + 16),
            ],
            f'data-window="{n}"',
        )
        for n, (left, right) in enumerate(_ends(picture, ruler))
    )
    return touch_areas(areas, "Highlighted: the scores of the window, and its pooled number")


Curves = Mapping[str, InvarianceCurve]


def changed_chart(curves: Curves, window: int) -> Figure:
    """Draw the share of sequences whose pooled number has changed, against the shift.

    Parameters
    ----------
    curves : mapping of "max" and "average" to InvarianceCurve
    window : int
        Width of the pooling window; for a motif that always wins, ``min(s / window, 1)`` is dotted.

    Examples
    --------
    >>> curve = InvarianceCurve(np.arange(3), np.ones(3), np.ones(3), np.ones(3), 1.0)
    >>> [trace.name for trace in changed_chart({"max": curve, "average": curve}, 2).data]
    ['average', 'maximum', 'min(s/w, 1)']
    """
    shifts = curves["max"].shifts
    traces = [
        line(shifts, curves["average"].changed, "average", GREY, dash="dash"),
        line(shifts, curves["max"].changed, "maximum", SEQUENTIAL, width=3),
        points(shifts, np.minimum(shifts / window, 1), "min(s/w, 1)", ACCENT, size=5),
    ]
    # The dotted line reaches 1 at the window: this corner can be dragged.
    return _shift_chart(
        traces,
        "How often the pooled number changes",
        "share of the sequences",
        "share",
        drag="window",
    )


def size_chart(curves: Curves) -> Figure:
    """Draw the mean change of the pooled number against the shift.

    Parameters
    ----------
    curves
        As for `changed_chart`.

    Examples
    --------
    >>> curve = InvarianceCurve(np.arange(3), np.ones(3), np.ones(3), np.ones(3), 1.0)
    >>> size_chart({"max": curve, "average": curve}).layout.yaxis.range
    (0, 1.05)
    """
    shifts = curves["max"].shifts
    traces = [
        line(shifts, curves["average"].inside, "average", GREY, dash="dash"),
        line(shifts, curves["max"].inside, "maximum", SEQUENTIAL, width=3),
    ]
    return _shift_chart(
        traces, "Change while the motif is in the window", "change / effect of the motif", "change"
    )


def _shift_chart(traces: list[dict], title: str, height: str, hover: str, drag: str = "") -> Figure:
    return figure(
        traces,
        title,
        map(key, traces),
        axis("shift s (bases)", (0, traces[0]["x"][-1])),
        axis(height, (0, 1.05), dtick=0.5),
        f"shift %{{x}}<br>{hover} %{{y:.2f}}",
        drag=drag,
    )


def end_scores_chart(
    places: np.ndarray,
    motif: np.ndarray,
    background: np.ndarray,
    measured: Mapping[str, np.ndarray],
    length: int,
    limits: tuple[float, float],
) -> Figure:
    """Draw the mean scores of a motif and of background along a sequence with padded ends.

    Parameters
    ----------
    places : ndarray, shape (M,)
        The base in the middle of each output's window.
    motif, background : ndarray, shape (M,)
        Exact means.
    measured : mapping of "motif" and "background" to ndarray, shape (M,)
        Means over random sequences.
    length : int
        ``L``.
    limits : (float, float)
        Ends of the axis of scores.

    Examples
    --------
    >>> y = np.zeros(3)
    >>> chart = end_scores_chart(y, y, y, {"motif": y, "background": y}, 3, (-1, 1))
    >>> [trace.name for trace in chart.data]
    ['motif', 'background', 'motif, measured', 'background, measured']
    """
    traces = [
        line(places, motif, "motif", SEQUENTIAL),
        line(places, background, "background", GREY, dash="dash"),
        points(places, measured["motif"], "motif, measured", SEQUENTIAL, size=5),
        points(places, measured["background"], "background, measured", GREY, size=5),
    ]
    return figure(
        traces,
        "Mean score along the sequence",
        [key(traces[0]), key(traces[1]), "dots: measured"],
        axis("base in the middle of the window", (-1, length)),
        axis("score (nats)", limits),
        "base %{x}<br>score %{y:.2f}",
        height=160,
        drag="middle",
    )


def end_pooled_chart(
    places: np.ndarray,
    pooled: np.ndarray,
    now: tuple[float, float] | None,
    window: int,
    length: int,
    limits: tuple[float, float],
) -> Figure:
    """Draw the maximum of the pooling window with the motif's score, against the motif's place.

    Parameters
    ----------
    places, pooled : ndarray, shape (n,)
        The base in the middle of the motif, and the maximum.
    now : (float, float) or None
        The current place and its maximum.
    window : int
        Width of the pooling window; its ends are dotted lines.
    length, limits
        As for `end_scores_chart`.

    Examples
    --------
    >>> chart = end_pooled_chart(np.arange(4), np.ones(4), (1, 1.0), 2, 4, (0, 2))
    >>> len(chart.layout.shapes), chart.data[1].x
    (3, (1,))
    """
    x, y = ((), ()) if now is None else ((now[0],), (now[1],))
    here = points(x, y, "now", ACCENT, size=11)
    ends = np.arange(places[0] - 0.5, places[-1] + 1, window)
    return figure(
        [line(places, pooled, "maximum", SEQUENTIAL), here],
        "Maximum of the motif's window",
        [key(here, "the motif now"), "lines: window ends"],
        axis("base in the middle of the motif", (-1, length)),
        axis("p (nats)", limits),
        "base %{x}<br>maximum %{y:.2f}",
        height=160,
        drag="middle",
        shapes=[upright(end, GREY, dash="dot") for end in ends],
    )
