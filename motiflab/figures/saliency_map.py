"""What every possible base of a sequence does to a prediction: a map, the windows, and a track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from motiflab.figures.logo import axis_lines, glyph_definitions, letters
from motiflab.figures.numbers import minus, signed
from motiflab.figures.style import ACCENT, BASE_COLOURS, DIVERGING, FAINT_TEXT, LINE, TEXT
from motiflab.figures.svg import svg_picture
from motiflab.sequences.alphabet import BASES

_LEFT, _RIGHT, _CELL, _ROW, _LANE, _TRACK = 58, 8, 9.6, 15, 17, 120  # pixels
_LETTERS, _MAP = 34, 40  # where the letters stand and the map begins


@dataclass(frozen=True)
class Lane:
    """A window that won for the filter `index`, `start` (inclusive) to `end` (exclusive).

    It has the colour of the sign of `weight`; one that is not `active` is empty. `words` stand
    in it.
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
    """Draw the effect of each base at each position over the windows that caused it.

    Parameters
    ----------
    effects : ndarray, shape (L, 4)
        One number for each position and base.
    sequence : str
        The ``L`` bases that stand there, upper case; their cells have a frame.
    heights : ndarray, shape (L,)
        Height of the letter of each position in the track below the map.
    lanes : sequence of Lane
        At least one for each filter.
    sites : sequence of (int, int)
        Planted sites, first base inclusive, last exclusive: bracketed.
    limit : float
        Above 0: the size that has the full colour, and where the axis of the track ends.
    unit : str
        Name of the axis of the track.
    title, description : str
        For a screen reader.
    uid : str
        A letter, then letters, digits and hyphens; another for each picture on a page.
    columns : int
        Positions that there is room for, at least L: the picture keeps its size.
    marked : int, optional
        The position that the learner is changing.

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    lanes_top = _MAP + 4 * _ROW + 34
    track_top = lanes_top + _LANE * (1 + max(lane.index for lane in lanes)) + 16
    height = track_top + _TRACK + 50
    width = _LEFT + columns * _CELL + _RIGHT
    zero, scale = track_top + _TRACK / 2, _TRACK / 2 / limit
    stacks = np.zeros((len(sequence), 4))
    stacks[np.arange(len(sequence)), [BASES.index(base) for base in sequence]] = heights
    parts = [
        _mark(marked, track_top + _TRACK) if marked is not None else "",
        "".join(_bracket(start, end) for start, end in sites),
        _sequence(sequence),
        _cells(effects, sequence, limit),
        _positions(columns, _MAP + 4 * _ROW + 13),
        f'<text x="{_LEFT - 8}" y="{lanes_top - 7}" text-anchor="end" '
        f'style="fill:{FAINT_TEXT}">windows</text>',
        *(_lane(lane, lanes_top + _LANE * lane.index) for lane in lanes),
        axis_lines(_LEFT - 3, width - _RIGHT, zero, scale, limit, [-limit, 0.0, limit]),
        letters(stacks, uid, _LEFT, zero, _CELL, scale),
        f'<text transform="translate(11 {zero:g})rotate(-90)" text-anchor="middle">'
        f"{escape(unit)}</text>",
        _positions(columns, track_top + _TRACK + 14),
        f'<text x="{_LEFT + columns * _CELL / 2:g}" y="{height - 19}" text-anchor="middle" '
        f'style="fill:{FAINT_TEXT}">position in the sequence (bases, from 0)</text>',
        _key(limit, height - 5),
    ]
    return svg_picture(
        glyph_definitions(uid) + "".join(parts),
        title,
        description,
        uid,
        (width, height),
        scaled=True,
        style=f"min-width:{0.85 * width:.0f}px;max-width:{1.3 * width:.0f}px",
    )


def _x(position: float) -> str:
    return f"{_LEFT + _CELL * position:.1f}"


def _mark(position: int, bottom: float) -> str:
    """A frame round the column that is being changed."""
    return (
        f'<rect x="{_x(position)}" y="{_LETTERS - 12}" width="{_CELL}" '
        f'height="{bottom - _LETTERS + 12:g}" rx="2" fill="{ACCENT}" fill-opacity=".14" '
        f'stroke="{ACCENT}" stroke-width="1.4"/>'
    )


def _bracket(start: int, end: int) -> str:
    middle = (start + end) / 2
    return (
        f'<path d="M{_x(start)} 20v-4H{_x(end)}v4" fill="none" style="stroke:{TEXT}"/>'
        f'<text x="{_x(middle)}" y="11" text-anchor="middle">planted</text>'
    )


def _sequence(sequence: str) -> str:
    return (
        '<g text-anchor="middle" font-weight="700">'
        + "".join(
            f'<text x="{_x(i + 0.5)}" y="{_LETTERS}" fill="{BASE_COLOURS[base]}">{base}</text>'
            for i, base in enumerate(sequence)
        )
        + "</g>"
    )


def _cells(effects: np.ndarray, sequence: str, limit: float) -> str:
    """The map: coloured cells, frames where a base stands, the names of the rows."""
    shares = np.minimum(np.abs(effects) / limit, 1)
    cells = "".join(
        f'<rect x="{_x(i)}" y="{_MAP + _ROW * c}" width="{_CELL}" height="{_ROW}" '
        f'fill="{DIVERGING[int(effects[i, c] > 0)]}" fill-opacity="{shares[i, c]:.2f}"/>'
        for i, c in np.argwhere(shares >= 0.005).tolist()
    )
    frames = "".join(
        f"M{_LEFT + _CELL * i + 1:.1f} {_MAP + _ROW * BASES.index(base) + 1}"
        f"h{_CELL - 2:.1f}v{_ROW - 2}h{2 - _CELL:.1f}z"
        for i, base in enumerate(sequence)
    )
    names = "".join(
        f'<text x="{_LEFT - 8}" y="{_MAP + _ROW * c + 11.5}" text-anchor="end" '
        f'font-weight="700" fill="{BASE_COLOURS[base]}">{base}</text>'
        for c, base in enumerate(BASES)
    )
    edge = f"M{_LEFT} {_MAP}H{_x(len(sequence))}V{_MAP + 4 * _ROW}H{_LEFT}z"
    return (
        f'{cells}<path d="{edge}" fill="none" style="stroke:{LINE}"/>'
        f'<path d="{frames}" fill="none" style="stroke:{FAINT_TEXT}" stroke-width=".7"/>{names}'
    )


def _lane(lane: Lane, y: float) -> str:
    """A window in the row of its filter."""
    colour = DIVERGING[int(lane.weight > 0)]
    look = f'fill="{colour}" fill-opacity=".3"' if lane.active else 'fill="none"'
    dash = "" if lane.active else ' stroke-dasharray="3 2"'
    return (
        f'<text x="{_LEFT - 8}" y="{y + 11}" text-anchor="end">filter {lane.index + 1}</text>'
        f'<rect x="{_x(lane.start)}" y="{y}" width="{_CELL * (lane.end - lane.start):.1f}" '
        f'height="{_LANE - 3}" rx="2" {look} stroke="{colour}"{dash}/>'
        f'<text x="{_x((lane.start + lane.end) / 2)}" y="{y + 11}" text-anchor="middle">'
        f"{escape(lane.words)}</text>"
    )


def _positions(columns: int, y: float) -> str:
    return (
        '<g text-anchor="middle">'
        + "".join(f'<text x="{_x(i + 0.5)}" y="{y:g}">{i}</text>' for i in range(0, columns, 10))
        + "</g>"
    )


def _key(limit: float, y: float) -> str:
    """What the full colours stand for."""
    parts = []
    for x, colour, value in ((_LEFT, DIVERGING[0], -limit), (_LEFT + 80, DIVERGING[1], limit)):
        words = signed(minus(f"{value:g}"))
        parts.append(
            f'<rect x="{x}" y="{y - 9:g}" width="12" height="10" fill="{colour}"/>'
            f'<text x="{x + 17}" y="{y:g}">{words}</text>'
        )
    return (
        f"{''.join(parts)}<text x='{_LEFT + 160}' y='{y:g}' style='fill:{FAINT_TEXT}'>"
        "full colours of the map; framed: the base that is there</text>"
    )
