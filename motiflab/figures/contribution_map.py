"""Draw the contribution of each base to a score as letters, with the planted sites."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from motiflab.figures.logo import letters
from motiflab.figures.style import ACCENT, ACCENT_TEXT, FAINT_TEXT
from motiflab.figures.svg import (
    FAINT,
    MARK,
    Ruler,
    Scale,
    axis_lines,
    axis_name,
    position_numbers,
    rows_of,
    sequence_row,
    svg_path,
    svg_picture,
    svg_text,
    touch_areas,
    within,
    words_over,
)
from motiflab.sequences import one_hot

_LEFT, _RIGHT, _CELL, _TRACK, _TOP = 66, 6, 8.6, 150, 70  # pixels


def contribution_map_svg(
    scores: np.ndarray,
    sequence: str,
    limits: tuple[float, float],
    unit: str,
    title: str,
    description: str,
    uid: str,
    guess: tuple[int, int],
    sites: Sequence[tuple[int, int]] = (),
    narrow: bool = False,
) -> str:
    """Draw one number for each base as the height of its letter.

    Parameters
    ----------
    scores : ndarray, shape (L,)
        Letters with a negative number are below the axis.
    sequence : str
        The ``L`` bases, upper case.
    limits : (float, float)
        Ends of the axis, the lower at most 0.
    unit : str
        Name of the axis.
    title, description : str
        For a screen reader.
    uid : str
        A letter, then letters, digits and hyphens; different for each picture on a page.
    guess : (int, int)
        The learner's guess of a site, first base inclusive, last exclusive. On a card with the
        field ``guess`` a press or a drag centres it on a position.
    sites : sequence of (int, int)
        Planted sites, in the same way; none if they are hidden.
    narrow : bool
        Draw 30 bases in a row; see `motiflab.figures.svg.fitted`.

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    foot, wide = _TOP + _TRACK + 22, guess[1] - guess[0]
    rows = rows_of(len(sequence), narrow)
    width = _LEFT + max(map(len, rows)) * _CELL + _RIGHT
    height = foot * len(rows) + 16
    parts, ticks = [], sorted({*limits, 0.0})
    for n, row in enumerate(rows):
        y, here = n * foot, slice(row.start, row.stop)
        ruler = Ruler(_LEFT - row.start * _CELL, _CELL)
        scale = Scale.between(limits, y + _TOP, _TRACK)
        parts += [
            _guess(ruler, row, guess, y),
            *(_planted(ruler, row, site, y) for site in sites),
            sequence_row(ruler, y + 58, sequence[here], row.start),
            axis_lines(scale, _LEFT - 3, width - _RIGHT, limits, ticks),
            letters(one_hot(sequence[here]) * scores[here, None], Ruler(_LEFT, _CELL), scale),
            axis_name(y + _TOP + _TRACK / 2, unit),
            position_numbers(ruler, y + _TOP + _TRACK + 14, row),
            touch_areas(
                (
                    ruler.span(
                        i,
                        i + 1,
                        y + 42,
                        _TOP + _TRACK - 42,
                        f'data-drag="guess={min(max(i - wide // 2, 0), len(sequence) - wide)}"',
                    )
                    for i in row
                ),
                "Press or drag to move your guess, or move its slider",
            ),
        ]
    words = "position in the sequence (bases, from 0)"
    parts.append(svg_text((_LEFT + width - _RIGHT) / 2, height - 5, words, "middle", FAINT))
    return svg_picture(
        "".join(parts),
        title,
        description,
        uid,
        (width, height),
        scaled=True,
        style=f"min-width:{width:.0f}px;max-width:{1.2 * width:.0f}px",
    )


def _guess(ruler: Ruler, row: range, guess: tuple[int, int], y: float) -> str:
    if (part := within(row, *guess)) is None:
        return ""
    frame = f'rx="2" fill="{ACCENT}" fill-opacity=".12" stroke="{ACCENT}"'
    words = words_over(ruler, row, guess, y + 37, "your guess", f'fill="{ACCENT_TEXT}"')
    return ruler.span(*part, y + 42, _TOP + _TRACK - 42, frame) + words


def _planted(ruler: Ruler, row: range, site: tuple[int, int], y: float) -> str:
    if (part := within(row, *site)) is None:
        return ""
    edges = "".join(f"M{ruler.x(i):.1f} {y + 22}v{_TOP + _TRACK - 22}" for i in part)
    return (
        svg_path(edges, f'style="stroke:{FAINT_TEXT}" stroke-dasharray="3 3"')
        + svg_path(ruler.bracket(*part, y + 22), MARK)
        + words_over(ruler, row, site, y + 13, "planted")
    )
