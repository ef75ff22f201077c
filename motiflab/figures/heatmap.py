"""A matrix as a grid of cells, coloured and with its numbers in them, as SVG and as a table."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape

import numpy as np
from numpy.typing import ArrayLike

from motiflab.figures.numbers import written
from motiflab.figures.style import ACCENT, BASE_COLOURS, DIVERGING, LINE, SEQUENTIAL
from motiflab.figures.svg import svg_picture
from motiflab.figures.tables import html_table

_HEAD, _EDGE = 18, 2  # pixels for the names of the columns, and for the frame of a marked cell


def heatmap_svg(
    matrix: ArrayLike,
    rows: Sequence[str],
    columns: Sequence[str],
    title: str,
    description: str,
    uid: str,
    limit: float | None = None,
    signed: bool = True,
    digits: int = 1,
    marked: Collection[tuple[int, int]] = (),
    cell: tuple[float, float] = (30, 24),
) -> str:
    """Draw a matrix: the larger a number in size, the stronger its colour.

    Parameters
    ----------
    matrix : array_like, shape (rows, columns)
        Finite numbers; nan leaves a cell empty.
    rows, columns : sequence of str
        Their names. A name that is a base takes its colour.
    title, description : str
        For a screen reader; any text, it is escaped.
    uid : str
        A letter, then letters, digits and hyphens; another for each picture on a page.
    limit : float, optional
        The size that gets the full colour; the largest of the matrix if not given. Give it to
        keep colours comparable from one picture to the next.
    signed : bool
        Two colours, one for each sign, or one colour for numbers of 0 and more.
    digits : int
        After the decimal point of the numbers; -1 leaves the numbers out (for very small cells).
    marked : collection of (int, int)
        Cells, as row and column, that get a frame in the accent colour.
    cell : (float, float)
        Width and height of a cell in pixels.

    Returns
    -------
    str
        An ``<svg>`` element.

    Raises
    ------
    ValueError
        If the names do not fit the matrix.

    Examples
    --------
    >>> svg = heatmap_svg([[1, -2]], ["A"], ["0", "1"], "W", "Two weights.", "w")
    >>> ">−2.0<" in svg, svg.count("<rect")
    (True, 2)
    """
    matrix = _checked(matrix, rows, columns)
    sizes = np.abs(matrix)
    limit = limit or max(np.nanmax(sizes, initial=0), 1e-12)
    wide, high = cell
    left = 8 + 7.5 * max(map(len, rows))
    width = left + wide * len(columns) + _EDGE
    height = _HEAD + high * len(rows) + _EDGE
    cells, numbers, frames = [], [], []
    for (r, c), value in np.ndenumerate(matrix):
        x, y = left + c * wide, _HEAD + r * high
        if (r, c) in marked:
            frames.append(f'<path d="M{x:g} {y:g}h{wide:g}v{high:g}h{-wide:g}z"/>')
        if np.isnan(value):
            continue
        share = min(1.0, sizes[r, c] / limit)
        colour = (DIVERGING[0] if value < 0 else DIVERGING[1]) if signed else SEQUENTIAL
        # Never quite opaque: the number must stay readable in the colour of the theme's text.
        cells.append(
            f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" fill="{colour}" '
            f'fill-opacity="{0.65 * share:.2f}"/>'
        )
        if digits >= 0:
            middle = f'x="{x + wide / 2:g}" y="{y + high / 2 + 4:g}"'
            numbers.append(f"<text {middle}>{written(value, digits)}</text>")
    names = "".join(
        f'<text x="{left - 6:g}" y="{_HEAD + (r + 0.5) * high + 4:g}" text-anchor="end"'
        f"{_ink(name)}>{escape(name)}</text>"
        for r, name in enumerate(rows)
    )
    heads = "".join(
        f'<text x="{left + (c + 0.5) * wide:g}" y="{_HEAD - 5}"{_ink(name)}>{escape(name)}</text>'
        for c, name in enumerate(columns)
    )
    drawing = (
        f'<g style="stroke:{LINE}" stroke-width=".5">{"".join(cells)}</g>{names}'
        f'<g text-anchor="middle">{heads}{"".join(numbers)}</g>'
        f'<g fill="none" stroke="{ACCENT}" stroke-width="2">{"".join(frames)}</g>'
    )
    return svg_picture(drawing, title, description, uid, (width, height))


def heatmap_table(
    matrix: ArrayLike,
    rows: Sequence[str],
    columns: Sequence[str],
    caption: str,
    digits: int = 2,
    corner: str = "position",
) -> str:
    """The same numbers as an HTML table.

    Parameters
    ----------
    matrix, rows, columns
        As for `heatmap_svg`.
    caption : str
        What the numbers are, with their unit.
    digits : int
        After the decimal point.
    corner : str
        What the names of the columns are.

    Examples
    --------
    >>> "<th scope='row'>A</th><td>−2.00</td>" in heatmap_table([[-2]], ["A"], ["0"], "W")
    True
    """
    matrix = _checked(matrix, rows, columns)
    body = [
        [name, *("" if np.isnan(value) else written(value, digits) for value in values)]
        for name, values in zip(rows, matrix)
    ]
    return html_table(caption, [corner, *columns], body)


def _ink(name: str) -> str:
    return f' fill="{BASE_COLOURS[name]}" font-weight="700"' if name in BASE_COLOURS else ""


def _checked(matrix: ArrayLike, rows: Sequence[str], columns: Sequence[str]) -> np.ndarray:
    matrix = np.asarray(matrix, dtype=float)
    if matrix.shape != (len(rows), len(columns)) or matrix.size == 0:
        raise ValueError(
            f"matrix must have a number for each of the {len(rows)} rows and {len(columns)} "
            f"columns that are named, got the shape {matrix.shape}."
        )
    return matrix
