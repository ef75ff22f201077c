"""Draw the contribution of each base to a score as letters, with the planted sites."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from motiflab.figures.logo import letters
from motiflab.figures.style import ACCENT, FAINT_TEXT
from motiflab.figures.svg import (
    FAINT,
    MARK,
    Ruler,
    Scale,
    axis_lines,
    axis_name,
    position_numbers,
    sequence_row,
    svg_path,
    svg_picture,
    svg_text,
    touch_areas,
)
from motiflab.sequences import one_hot

_LEFT, _RIGHT, _CELL, _TRACK, _TOP = 66, 6, 8.6, 150, 70  # pixels
_RULER = Ruler(_LEFT, _CELL)


def contribution_map_svg(
    scores: np.ndarray,
    sequence: str,
    limit: float,
    unit: str,
    title: str,
    description: str,
    uid: str,
    guess: tuple[int, int],
    sites: Sequence[tuple[int, int]] = (),
) -> str:
    """Draw one number for each base as the height of its letter.

    Parameters
    ----------
    scores : ndarray, shape (L,)
        Letters with a negative number are below the axis.
    sequence : str
        The ``L`` bases, upper case.
    limit : float
        Above 0: both ends of the axis, upwards and downwards.
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

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    length, bottom = len(sequence), _TOP + _TRACK
    height, width = bottom + 38, _LEFT + length * _CELL + _RIGHT
    scale = Scale.between((-limit, limit), _TOP, _TRACK)
    wide = guess[1] - guess[0]
    colour = f'fill="{ACCENT}" fill-opacity=".12" stroke="{ACCENT}"'
    words = "position in the sequence (bases, from 0)"
    parts = [
        _RULER.span(*guess, 42, bottom - 42, f'rx="2" {colour}'),
        svg_text(_RULER.x(sum(guess) / 2), 37, "your guess", "middle", f'style="fill:{ACCENT}"'),
        *(_planted(start, end) for start, end in sites),
        sequence_row(_RULER, 58, sequence),
        axis_lines(scale, _LEFT - 3, width - _RIGHT, (-limit, limit), [-limit, 0.0, limit]),
        letters(one_hot(sequence) * scores[:, None], _RULER, scale),
        axis_name(scale.zero, unit),
        position_numbers(_RULER, bottom + 14, range(length)),
        svg_text(_RULER.x(length / 2), height - 5, words, "middle", FAINT),
        touch_areas(
            (
                _RULER.span(
                    i,
                    i + 1,
                    42,
                    bottom - 42,
                    f'data-drag="guess={min(max(i - wide // 2, 0), length - wide)}"',
                )
                for i in range(length)
            ),
            "Press or drag to move your guess, or move its slider",
        ),
    ]
    return svg_picture(
        "".join(parts),
        title,
        description,
        uid,
        (width, height),
        scaled=True,
        style=f"min-width:{width:.0f}px;max-width:{1.2 * width:.0f}px",
    )


def _planted(start: int, end: int) -> str:
    line = svg_path(_RULER.bracket(start, end, 22), MARK)
    edges = "".join(f"M{_RULER.x(i):.1f} 22V{_TOP + _TRACK}" for i in (start, end))
    dashes = svg_path(edges, f'style="stroke:{FAINT_TEXT}" stroke-dasharray="3 3"')
    return dashes + line + svg_text(_RULER.x((start + end) / 2), 13, "planted", "middle")
