"""Draw a sequence, the feature map above it, its pooling windows and the pooled map, as SVG."""

from __future__ import annotations

import math
from html import escape

import numpy as np

from motiflab.convolution import index_map
from motiflab.figures.pooled_map import PooledMap, number, pooled_map_words
from motiflab.figures.style import (
    ACCENT,
    BASE_COLOURS,
    DIVERGING,
    FAINT_TEXT,
    FONT,
    LINE,
    TEXT,
)

_WIDTH, _LEFT, _RIGHT = 600, 34, 6  # pixels before scaling
_CAPTION, _LETTERS, _MAP, _WINDOWS, _POOLED, _GRADIENT = 18, 30, 120, 34, 84, 54
_LABEL = 32  # pixels that the number of a window takes


def pooled_map_svg(picture: PooledMap, uid: str = "pooled", title: str = "Pooling") -> str:
    """Draw sequence, feature map, windows, pooled map and, if there is one, the gradient.

    A score of the map stands over the middle of its window of bases. Winners have a dot. Dashed
    outlines are the pooled map to compare with. Positions in no window are pale.

    Parameters
    ----------
    picture : PooledMap
    uid : str
        A letter, then letters, digits and hyphens; another for each picture on a page.
    title : str
        For a screen reader; any text, it is escaped.

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
    place = _Places(picture)
    parts = [_sequence(picture, place)]
    y = _LETTERS + _CAPTION + 10
    parts += [
        _caption(y, "feature map y[m]: the score of the filter at each place (nats)"),
        _axis(y, _MAP, picture.limits),
        _map(picture, place, y),
    ]
    y += _MAP
    parts.append(_brackets(picture, place, y))
    y += _WINDOWS + _CAPTION
    name = {"max": "maximum", "average": "average"}[picture.kind]
    ghost = "" if picture.before is None else "; dashed: before the shift"
    parts += [
        _caption(y, f"pooled map p[n]: the {name} of each window{ghost}"),
        _axis(y, _POOLED, picture.pooled_limits),
        _pooled(picture, place, y),
    ]
    y += _POOLED + 20
    if picture.gradient is not None:
        y += _CAPTION + 8
        most = float(max(-(-picture.window // picture.step), 1))
        parts += [
            _caption(y, "gradient that reaches y[m] if every p[n] sends back 1"),
            _axis(y, _GRADIENT, (0, most)),
            _bars(picture.gradient, place, y, _GRADIENT, (0, most), np.ones(len(picture.y))),
        ]
        y += _GRADIENT + 6
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{uid}-t {uid}-d" '
        f'viewBox="0 0 {_WIDTH} {y}" '
        f'style="width:100%;min-width:460px;font:11px {FONT};fill:{TEXT}">'
        f'<title id="{uid}-t">{escape(title)}</title>'
        f'<desc id="{uid}-d">{escape(pooled_map_words(picture))}</desc>{"".join(parts)}</svg>'
    )


class _Places:
    """Where bases and positions of the map lie in the picture, in pixels."""

    def __init__(self, picture: PooledMap) -> None:
        self.padding, self.stride, self.width = picture.padding, picture.stride, picture.width
        columns = len(picture.letters) + 2 * self.padding
        self.unit = (_WIDTH - _LEFT - _RIGHT) / columns

    def base(self, i: float) -> float:
        """Left end of base `i`; in the padding, i is negative or not below L."""
        return _LEFT + (i + self.padding) * self.unit

    def score(self, m: float) -> float:
        """Middle of the window of bases that map position `m` scores."""
        return self.base(index_map(m, 0, self.stride, self.padding) + self.width / 2)


def _sequence(picture: PooledMap, place: _Places) -> str:
    """The letters with their positions, zeros for padding, and a frame around the motif."""
    count, p = len(picture.letters), picture.padding
    start, end = max(picture.site[0], -p), min(picture.site[1], count + p)
    letters = "".join(
        f'<text x="{place.base(i + 0.5):.1f}" y="{_LETTERS}" '
        + (f'fill="{BASE_COLOURS[a]}"' if a in BASE_COLOURS else f'style="fill:{FAINT_TEXT}"')
        + f">{a if a in BASE_COLOURS else '0'}</text>"
        for i, a in enumerate("0" * p + picture.letters + "0" * p, start=-p)
    )
    ticks = "".join(
        f'<text x="{place.base(i + 0.5):.1f}" y="10">{i}</text>' for i in range(0, count, 10)
    )
    frame = (
        f'<rect x="{place.base(start):.1f}" y="{_LETTERS - 12}" height="16" rx="2" fill="none" '
        f'width="{(end - start) * place.unit:.1f}" stroke="{ACCENT}" stroke-width="2"/>'
    )
    return (
        f'<g text-anchor="middle"><g font-size="9" style="fill:{FAINT_TEXT}">{ticks}</g>'
        f'<g font-weight="bold">{letters}</g></g>{frame if end > start else ""}'
        f'<text y="10" font-size="9" style="fill:{FAINT_TEXT}">base</text>'
    )


def _bars(
    values: np.ndarray,
    place: _Places,
    top: float,
    height: float,
    limits: tuple[float, float],
    opacity: np.ndarray,
) -> str:
    """A bar for each position of the map, cut where the axis ends."""
    low, high = limits
    scale, wide = height / (high - low), min(0.72 * place.unit * place.stride, 9)
    zero = top + high * scale
    bars = []
    for m, (value, clear) in enumerate(zip(np.clip(values, low, high).tolist(), opacity)):
        up, x = value * scale, place.score(m) - wide / 2
        bars.append(
            f'<rect x="{x:.1f}" y="{zero - max(up, 0):.1f}" width="{wide:.1f}" '
            f'height="{abs(up):.1f}" fill="{DIVERGING[int(value > 0)]}" fill-opacity="{clear:g}"/>'
        )
    return "".join(bars)


def _map(picture: PooledMap, place: _Places, top: float) -> str:
    best = picture.winners
    clear = np.where(picture.used, 0.55 if len(best) else 0.8, 0.2)
    clear[best] = 1
    low, high = picture.limits
    dots = "".join(
        f'<circle cx="{place.score(m):.1f}" cy="{y:.1f}" r="3" style="fill:{TEXT}"/>'
        for m in sorted(set(best.tolist()))
        for y in [top + (high - np.clip(picture.y[m], low, high)) * _MAP / (high - low)]
    )
    return _bars(picture.y, place, top, _MAP, picture.limits, clear) + dots


def _brackets(picture: PooledMap, place: _Places, top: float) -> str:
    """The windows under the map; those that overlap stand on different levels."""
    levels = -(-picture.window // picture.step)
    gap = min(9.0, 18 / levels)
    paths, numbers = [], []
    for n in range(len(picture.pooled)):
        left, right = _ends(picture, place, n)
        y = top + 6 + n % levels * gap
        paths.append(f"M{left:.1f} {y - 4:.1f}v4H{right:.1f}v-4")
        if levels == 1 and n % math.ceil(_LABEL / (right - left)) == 0:
            middle = (left + right) / 2
            numbers.append(f'<text x="{middle:.1f}" y="{y + 13:.1f}">n = {n}</text>')
    left_out = np.flatnonzero(~picture.used)
    words = f"pale: {len(left_out)} in no window" if len(left_out) else ""
    return (
        f'<path d="{"".join(paths)}" fill="none" style="stroke:{TEXT}"/>'
        f'<g text-anchor="middle" style="fill:{FAINT_TEXT}">{"".join(numbers)}</g>'
        f'<text x="{_WIDTH - _RIGHT}" y="{top + _WINDOWS}" text-anchor="end" '
        f'style="fill:{FAINT_TEXT}">{words}</text>'
    )


def _pooled(picture: PooledMap, place: _Places, top: float) -> str:
    """A bar for each window, the one before the shift as a dashed outline, and the numbers."""
    low, high = picture.pooled_limits
    scale = _POOLED / (high - low)
    zero = top + high * scale
    parts = []
    for n, value in enumerate(picture.pooled):
        left, right = _ends(picture, place, n)
        middle = (left + right) / 2
        wide = min(right - left, picture.step * picture.stride * place.unit) - 3
        up = value * scale
        parts.append(
            f'<rect x="{middle - wide / 2:.1f}" y="{zero - max(up, 0):.1f}" width="{wide:.1f}" '
            f'height="{abs(up):.1f}" fill="{DIVERGING[int(value > 0)]}" fill-opacity=".8"/>'
        )
        if picture.before is not None:
            old = picture.before[n] * scale
            parts.append(
                f'<rect x="{middle - wide / 2 - 1:.1f}" y="{zero - max(old, 0):.1f}" '
                f'width="{wide + 2:.1f}" height="{abs(old):.1f}" fill="none" '
                f'stroke-dasharray="3 2" style="stroke:{TEXT}"/>'
            )
        if wide >= 27:
            parts.append(
                f'<text x="{middle:.1f}" y="{top + _POOLED + 13}" text-anchor="middle">'
                f"{number(value, 1)}</text>"
            )
    return "".join(parts)


def _ends(picture: PooledMap, place: _Places, n: int) -> tuple[float, float]:
    first = n * picture.step
    half = place.stride * place.unit / 2
    return place.score(first) - half + 1, place.score(first + picture.window - 1) + half - 1


def _axis(top: float, height: float, limits: tuple[float, float]) -> str:
    """Both ends of an axis, and a line at 0."""
    low, high = limits
    zero = top + high * height / (high - low)
    ends = {round(low, 2): top + height, round(high, 2): top, 0.0: zero}
    numbers = "".join(
        f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{number(value, None)}</text>'
        for value, y in ends.items()
        if value in (low, high) or min(abs(y - top), abs(y - top - height)) > 12
    )
    return (
        f'<path d="M{_LEFT} {top:.1f}v{height:.1f}M{_LEFT} {zero:.1f}H{_WIDTH - _RIGHT}" '
        f'fill="none" style="stroke:{LINE}"/>{numbers}'
    )


def _caption(y: float, words: str) -> str:
    return f'<text x="{_LEFT}" y="{y - 8}" style="fill:{FAINT_TEXT}">{words}</text>'
