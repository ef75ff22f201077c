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
    MIDDLE,
    Ruler,
    Scale,
    axis_lines,
    axis_name,
    position_numbers,
    svg_path,
    svg_picture,
    svg_text,
)

_LEFT, _RIGHT, _TOP, _HEIGHT, _WIDTH = 48, 6, 20, 96, 588  # pixels


def seqlet_map_svg(
    contributions: np.ndarray,
    boxes: Sequence[tuple[int, int, float]],
    sites: Sequence[tuple[int, int, str]],
    limits: tuple[float, float],
    title: str,
    uid: str,
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

    Examples
    --------
    >>> heights = np.eye(4)[[0, 2, 3]]
    >>> svg = seqlet_map_svg(heights, [(0, 2, 2.0)], [], (-1, 2), "A map", "m")
    >>> svg.count("data-letter"), "sum 2.0" in svg
    (3, True)
    """
    length = len(contributions)
    ruler = Ruler(_LEFT, (_WIDTH - _LEFT - _RIGHT) / length)
    scale = Scale.between(limits, _TOP, _HEIGHT)
    low, high = limits
    parts = [
        axis_lines(scale, _LEFT, ruler.x(length), limits, (low, 0, high)),
        axis_name(_TOP + _HEIGHT / 2, "logit"),
        letters(contributions, ruler, scale),
        position_numbers(ruler, _TOP + _HEIGHT + 16, range(length), FAINT),
    ]
    for first, last, total in boxes:
        look = f'fill="none" stroke="{ACCENT}" stroke-width="2"'
        middle = ruler.x((first + last) / 2)
        parts.append(ruler.span(first, last, _TOP - 2, _HEIGHT + 4, look))
        parts.append(svg_text(middle, _TOP - 7, f"sum {total:.1f}", look=MIDDLE))
    y = _TOP + _HEIGHT + 21
    for first, last, name in sites:
        path = f"M{ruler.x(first):.1f} {y}H{ruler.x(last):.1f}"
        parts.append(svg_path(path, f'{MARK} stroke-width="2"'))
        parts.append(svg_text(ruler.x((first + last) / 2), y + 14, name, look=MIDDLE))
    cut = "; ".join(f"{first} to {last}, sum {brief(total, 2)}" for first, last, total in boxes)
    planted = "; ".join(f"{name} from {first} to {last}" for first, last, name in sites)
    return svg_picture(
        "".join(parts),
        title,
        f"{length} bases. Cut out: {cut or 'nothing'}. Planted: {planted or 'not shown'}.",
        uid,
        (_WIDTH, y + 20),
        scaled=True,
        style=f"min-width:{_WIDTH}px",
    )
