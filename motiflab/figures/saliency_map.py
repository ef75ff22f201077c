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
    sequence_row,
    signed_fill,
    svg_path,
    svg_picture,
    svg_rect,
    svg_text,
    touch_areas,
)
from motiflab.sequences import one_hot
from motiflab.sequences.alphabet import BASES

_LEFT, _RIGHT, _CELL, _ROW, _LANE, _TRACK = 66, 6, 8.6, 15, 17, 110  # pixels
_LETTERS, _MAP = 34, 40  # base line of the letters, top of the map
_RULER = Ruler(_LEFT, _CELL)


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

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    lanes_top = _MAP + 4 * _ROW + 34
    track_top = lanes_top + _LANE * (1 + max(lane.index for lane in lanes)) + 16
    height = track_top + _TRACK + 50
    width = _LEFT + columns * _CELL + _RIGHT
    scale = Scale.between((-limit, limit), track_top, _TRACK)
    words = "position in the sequence (bases, from 0)"
    top = _LETTERS - 12
    parts = [
        _mark(marked, track_top + _TRACK) if marked is not None else "",
        "".join(_bracket(start, end) for start, end in sites),
        sequence_row(_RULER, _LETTERS, sequence),
        _cells(effects, sequence, limit),
        position_numbers(_RULER, _MAP + 4 * _ROW + 13, columns),
        svg_text(_LEFT - 8, lanes_top - 7, "windows", "end", FAINT),
        *(_lane(lane, lanes_top + _LANE * lane.index) for lane in lanes),
        axis_lines(scale, _LEFT - 3, width - _RIGHT, (-limit, limit), [-limit, 0.0, limit]),
        letters(one_hot(sequence) * heights[:, None], _RULER, scale),
        axis_name(scale.zero, unit),
        position_numbers(_RULER, track_top + _TRACK + 14, columns),
        svg_text(_RULER.x(columns / 2), height - 19, words, "middle", FAINT),
        _key(limit, height - 5),
        touch_areas(
            (
                _RULER.span(i, i + 1, top, track_top + _TRACK - top, f'data-drag="position={i}"')
                for i in range(len(sequence))
            ),
            "Press or drag to choose the position, or move its slider",
        ),
    ]
    return svg_picture(
        "".join(parts),
        title,
        description,
        uid,
        (width, height),
        scaled=True,
        style=f"min-width:{width:.0f}px;max-width:{1.3 * width:.0f}px",
    )


def _mark(position: int, bottom: float) -> str:
    """A frame around the marked column."""
    top = _LETTERS - 12
    look = f'rx="2" fill="{ACCENT}" fill-opacity=".14" stroke="{ACCENT}" stroke-width="1.4"'
    return _RULER.span(position, position + 1, top, bottom - top, look)


def _bracket(start: int, end: int) -> str:
    words = svg_text(_RULER.x((start + end) / 2), 11, "planted", "middle")
    return svg_path(_RULER.bracket(start, end, 20), MARK) + words


def _cells(effects: np.ndarray, sequence: str, limit: float) -> str:
    """The map: coloured cells, frames for the bases of the sequence, names of the rows."""
    shares = np.minimum(np.abs(effects) / limit, 1)
    cells = "".join(
        _RULER.span(i, i + 1, _MAP + _ROW * c, _ROW, signed_fill(effects[i, c], shares[i, c]))
        for i, c in np.argwhere(shares >= 0.005).tolist()  # a weaker colour is not visible
    )
    frames = "".join(
        f"M{_LEFT + _CELL * i + 1:.1f} {_MAP + _ROW * BASES.index(base) + 1}"
        f"h{_CELL - 2:.1f}v{_ROW - 2}h{2 - _CELL:.1f}z"
        for i, base in enumerate(sequence)
    )
    names = "".join(
        svg_text(_LEFT - 8, _MAP + _ROW * c + 11.5, base, "end", base_look(base))
        for c, base in enumerate(BASES)
    )
    edge = f"M{_LEFT} {_MAP}H{_RULER.x(len(sequence)):.1f}v{4 * _ROW}H{_LEFT}z"
    thin = f'style="stroke:{FAINT_TEXT}" stroke-width=".7"'
    return cells + svg_path(edge, AXIS) + svg_path(frames, thin) + names


def _lane(lane: Lane, y: float) -> str:
    """A window in the row of its filter."""
    colour = DIVERGING[int(lane.weight > 0)]
    fill = 'fill="none" stroke-dasharray="3 2"'
    if lane.active:
        fill = f'fill="{colour}" fill-opacity=".3"'
    look = f'rx="2" stroke="{colour}" {fill}'
    return (
        svg_text(_LEFT - 8, y + 11, f"filter {lane.index + 1}", "end")
        + _RULER.span(lane.start, lane.end, y, _LANE - 3, look)
        + svg_text(_RULER.x((lane.start + lane.end) / 2), y + 11, lane.words, "middle")
    )


def _key(limit: float, y: float) -> str:
    """The meaning of the full colours."""
    words = "full colours of the map; framed: the base in the sequence"
    return "".join(
        svg_rect(x, y - 9, 12, 10, f'fill="{colour}"')
        + svg_text(x + 17, y, signed(minus(f"{value:g}")))
        for x, colour, value in zip((_LEFT, _LEFT + 80), DIVERGING, (-limit, limit))
    ) + svg_text(_LEFT + 160, y, words, look=FAINT)
