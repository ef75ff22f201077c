"""Draw the effect of every possible base of a sequence on a prediction, with winning windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from motiflab.figures.logo import letters
from motiflab.figures.numbers import minus, signed
from motiflab.figures.style import ACCENT, DIVERGING, FAINT_TEXT
from motiflab.figures.svg import (
    AXIS,
    FAINT,
    MARK,
    Ruler,
    Scale,
    axis_lines,
    axis_name,
    base_look,
    position_numbers,
    rows_of,
    sequence_row,
    signed_fill,
    svg_path,
    svg_picture,
    svg_rect,
    svg_text,
    touch_areas,
    within,
    words_over,
)
from motiflab.sequences import one_hot
from motiflab.sequences.alphabet import BASES

_LEFT, _RIGHT, _CELL, _ROW, _LANE, _TRACK = 66, 6, 8.6, 15, 17, 170  # pixels
_LETTERS, _MAP, _LOW_TRACK = 34, 40, 70  # base line of the letters, top of the map, and in a row


@dataclass(frozen=True)
class Lane:
    """Winning window of the filter `index`, from `start` (inclusive) to `end` (exclusive).

    It has the colour of the sign of `weight`, is empty if it is not `active`, and contains
    `words`.
    """

    index: int
    start: int
    end: int
    weight: float
    active: bool
    words: str


def saliency_map_svg(
    effects: np.ndarray,
    sequence: str,
    heights: np.ndarray,
    lanes: Sequence[Lane],
    sites: Sequence[tuple[int, int]],
    limit: float,
    unit: str,
    title: str,
    description: str,
    uid: str,
    columns: int,
    marked: int | None = None,
    narrow: bool = False,
) -> str:
    """Draw the effect of each base at each position, with the windows that caused it.

    Parameters
    ----------
    effects : ndarray, shape (L, 4)
        One number for each position and base.
    sequence : str
        The ``L`` bases of the sequence, upper case; their cells have a frame.
    heights : ndarray, shape (L,)
        Height of the letter of each position in the track below the map.
    lanes : sequence of Lane
        At least one for each filter.
    sites : sequence of (int, int)
        Planted sites, first base inclusive, last exclusive: bracketed.
    limit : float
        Above 0: the size that has the full colour, and the end of the axis of the track.
    unit : str
        Name of the axis of the track.
    title, description : str
        For a screen reader.
    uid : str
        A letter, then letters, digits and hyphens; different for each picture on a page.
    columns : int
        Number of positions with room, at least L: the picture keeps its size.
    marked : int, optional
        The position to mark; on a card with the field ``position`` a press on a column or a drag
        over the map chooses it.
    narrow : bool
        Draw 30 positions in a row; see `motiflab.figures.svg.fitted`.

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    lanes_top = _MAP + 4 * _ROW + (20 if narrow else 34)
    track_top = lanes_top + _LANE * (1 + max(lane.index for lane in lanes)) + 16
    track = _LOW_TRACK if narrow else _TRACK
    foot = track_top + track + (10 if narrow else 20)
    rows = rows_of(columns, narrow)
    width = _LEFT + max(map(len, rows)) * _CELL + _RIGHT
    parts = []
    for n, row in enumerate(rows):
        y = n * foot
        ruler = Ruler(_LEFT - row.start * _CELL, _CELL)
        scale = Scale.between((-limit, limit), y + track_top, track)
        here = slice(row.start, min(row.stop, len(sequence)))
        parts += [
            _mark(ruler, marked, y, track_top + track) if marked in row else "",
            *(_bracket(ruler, row, site, y) for site in sites),
            sequence_row(ruler, y + _LETTERS, sequence[here], row.start),
            _cells(ruler, effects[here], sequence[here], row.start, y, limit),
            position_numbers(ruler, y + _MAP + 4 * _ROW + 13, row),
            *(_lane(ruler, row, lane, y + lanes_top + _LANE * lane.index) for lane in lanes),
            axis_lines(scale, _LEFT - 3, width - _RIGHT, (-limit, limit), [-limit, 0.0, limit]),
            letters(one_hot(sequence[here]) * heights[here, None], Ruler(_LEFT, _CELL), scale),
            *(
                # There is no room for the name beside a low axis, so it stands over it.
                [svg_text(_LEFT, y + track_top - 3, unit)]
                if narrow
                else [
                    axis_name(scale.zero, unit),
                    svg_text(_LEFT - 8, lanes_top - 7, "windows", "end", FAINT),
                    position_numbers(ruler, track_top + track + 14, row),
                ]
            ),
            touch_areas(
                (
                    ruler.span(
                        i,
                        i + 1,
                        y + _LETTERS - 12,
                        track_top + track - _LETTERS + 12,
                        f'data-drag="position={i}"',
                    )
                    for i in range(here.start, here.stop)
                ),
                "Press or drag to choose the position, or move its slider",
            ),
        ]
    y = foot * len(rows)
    words = "position in the sequence (bases, from 0)"
    parts += [svg_text((_LEFT + width) / 2, y + 11, words, "middle", FAINT)]
    key, height = _key(limit, y + 25, narrow)
    return svg_picture(
        "".join([*parts, key]),
        title,
        description,
        uid,
        (width, height),
        scaled=True,
        style=f"min-width:{width:.0f}px;max-width:{1.3 * width:.0f}px",
    )


def _mark(ruler: Ruler, position: int, y: float, bottom: float) -> str:
    """A frame around the marked column."""
    top = _LETTERS - 12
    look = f'rx="2" fill="{ACCENT}" fill-opacity=".14" stroke="{ACCENT}" stroke-width="1.4"'
    return ruler.span(position, position + 1, y + top, bottom - top, look)


def _bracket(ruler: Ruler, row: range, site: tuple[int, int], y: float) -> str:
    if (part := within(row, *site)) is None:
        return ""
    line = svg_path(ruler.bracket(*part, y + 20), MARK)
    return line + words_over(ruler, row, site, y + 11, "planted")


def _cells(
    ruler: Ruler, effects: np.ndarray, sequence: str, first: int, y: float, limit: float
) -> str:
    """The map: coloured cells, frames for the bases of the sequence, names of the rows."""
    top = y + _MAP
    shares = np.minimum(np.abs(effects) / limit, 1)
    cells = "".join(
        ruler.span(
            first + i,
            first + i + 1,
            top + _ROW * c,
            _ROW,
            signed_fill(effects[i, c], shares[i, c]),
        )
        for i, c in np.argwhere(shares >= 0.005).tolist()  # a weaker colour is not visible
    )
    frames = "".join(
        f"M{ruler.x(i) + 1:.1f} {top + _ROW * BASES.index(base) + 1}"
        f"h{_CELL - 2:.1f}v{_ROW - 2}h{2 - _CELL:.1f}z"
        for i, base in enumerate(sequence, first)
    )
    names = "".join(
        svg_text(_LEFT - 8, top + _ROW * c + 11.5, base, "end", base_look(base))
        for c, base in enumerate(BASES)
    )
    edge = f"M{_LEFT} {top}H{ruler.x(first + len(sequence)):.1f}v{4 * _ROW}H{_LEFT}z"
    thin = f'style="stroke:{FAINT_TEXT}" stroke-width=".7"'
    return cells + svg_path(edge, AXIS) + svg_path(frames, thin) + names


def _lane(ruler: Ruler, row: range, lane: Lane, y: float) -> str:
    """A window in the row of its filter."""
    colour = DIVERGING[int(lane.weight > 0)]
    fill = 'fill="none" stroke-dasharray="3 2"'
    if lane.active:
        fill = f'fill="{colour}" fill-opacity=".3"'
    look = f'rx="2" stroke="{colour}" {fill}'
    name = svg_text(_LEFT - 8, y + 11, f"filter {lane.index + 1}", "end")
    if (part := within(row, lane.start, lane.end)) is None:
        return name
    window = ruler.span(*part, y, _LANE - 3, look)
    return name + window + words_over(ruler, row, (lane.start, lane.end), y + 11, lane.words)


def _key(limit: float, y: float, narrow: bool) -> tuple[str, float]:
    """The meaning of the full colours, and where it ends."""
    places = (_LEFT, _LEFT + 80)
    colours = "".join(
        svg_rect(x, y - 9, 12, 10, f'fill="{colour}"')
        + svg_text(x + 17, y, signed(minus(f"{value:g}")))
        for x, colour, value in zip(places, DIVERGING, (-limit, limit))
    )
    frame = "framed: the base in the sequence"
    if narrow:
        words = svg_text(_LEFT + 160, y, "full colours", look=FAINT)
        return colours + words + svg_text(_LEFT, y + 15, frame, look=FAINT), y + 20
    words = f"full colours of the map; {frame}"
    return colours + svg_text(_LEFT + 160, y, words, look=FAINT), y + 5
