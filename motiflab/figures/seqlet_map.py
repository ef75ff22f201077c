"""The map of one sequence as letters, with boxes around what was cut out of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from motiflab.figures.logo import letters
from motiflab.figures.numbers import brief
from motiflab.figures.style import ACCENT
from motiflab.figures.svg import (
    FAINT,
    MARK,
    NARROW,
    Ruler,
    Scale,
    axis_lines,
    axis_name,
    position_numbers,
    rows_of,
    svg_path,
    svg_picture,
    within,
    words_over,
)

_LEFT, _RIGHT, _TOP, _HEIGHT, _WIDTH = 48, 6, 20, 96, 588  # pixels


def seqlet_map_svg(
    contributions: np.ndarray,
    boxes: Sequence[tuple[int, int, float]],
    sites: Sequence[tuple[int, int, str]],
    limits: tuple[float, float],
    title: str,
    uid: str,
    narrow: bool = False,
) -> str:
    """Draw each base as high as its contribution, with the seqlets boxed.

    Parameters
    ----------
    contributions : ndarray, shape (L, 4)
        Of the base that stands there; 0 for the others.
    boxes : sequence of (int, int, float)
        First base (inclusive, from 0) and last base (exclusive) of each seqlet, and its sum.
    sites : sequence of (int, int, str)
        Ends of each planted site, and its name; they get a line under the letters.
    limits : (float, float)
        Ends of the axis, one below and one above 0.
    title : str
    uid : str
        A letter, then letters, digits and hyphens; different for each picture on a page.
    narrow : bool
        Draw 30 bases in a row; see `motiflab.figures.svg.fitted`.

    Examples
    --------
    >>> heights = np.eye(4)[[0, 2, 3]]
    >>> svg = seqlet_map_svg(heights, [(0, 2, 2.0)], [], (-1, 2), "A map", "m")
    >>> svg.count("data-letter"), "sum 2.0" in svg
    (3, True)
    """
    length, (low, high) = len(contributions), limits
    rows, width = rows_of(length, narrow), NARROW if narrow else _WIDTH
    unit, foot = (width - _LEFT - _RIGHT) / max(map(len, rows)), _TOP + _HEIGHT + 41
    parts = []
    for n, row in enumerate(rows):
        top = n * foot + _TOP
        ruler = Ruler(_LEFT - row.start * unit, unit)
        scale = Scale.between(limits, top, _HEIGHT)
        parts += [
            axis_lines(scale, _LEFT, ruler.x(row.stop), limits, (low, 0, high)),
            axis_name(top + _HEIGHT / 2, "logit"),
            letters(contributions[row.start : row.stop], Ruler(_LEFT, unit), scale),
            position_numbers(ruler, top + _HEIGHT + 16, row, FAINT),
        ]
        for first, last, total in boxes:
            if part := within(row, first, last):
                look = f'fill="none" stroke="{ACCENT}" stroke-width="2"'
                parts.append(ruler.span(*part, top - 2, _HEIGHT + 4, look))
                words = f"sum {total:.1f}"
                parts.append(words_over(ruler, row, (first, last), top - 7, words))
        y = top + _HEIGHT + 21
        for first, last, name in sites:
            if part := within(row, first, last):
                path = f"M{ruler.x(part[0]):.1f} {y}H{ruler.x(part[1]):.1f}"
                parts.append(svg_path(path, f'{MARK} stroke-width="2"'))
                parts.append(words_over(ruler, row, (first, last), y + 14, name))
    cut = "; ".join(f"{first} to {last}, sum {brief(total, 2)}" for first, last, total in boxes)
    planted = "; ".join(f"{name} from {first} to {last}" for first, last, name in sites)
    return svg_picture(
        "".join(parts),
        title,
        f"{length} bases. Cut out: {cut or 'nothing'}. Planted: {planted or 'not shown'}.",
        uid,
        (width, foot * len(rows)),
        scaled=True,
        style=f"min-width:{width}px",
    )
