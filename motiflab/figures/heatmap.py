"""A matrix as a grid of cells, coloured and with its numbers in them, as SVG and as a table."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from html import escape
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from motiflab.figures.numbers import written
from motiflab.figures.style import ACCENT, LINE
from motiflab.figures.svg import (
    MIDDLE,
    NARROW,
    base_look,
    fitted,
    rows_of,
    signed_fill,
    svg_group,
    svg_path,
    svg_picture,
    svg_rect,
    svg_text,
    text_width,
    touch_areas,
)
from motiflab.figures.tables import captioned, html_table, unseen
from motiflab.sequences.alphabet import BASES

# Pixels for the names of the columns, for the frame of a marked cell, and between rows of columns.
_HEAD, _EDGE, _GAP = 18, 2, 6


def heatmap_svg(
    matrix: ArrayLike,
    rows: Sequence[str],
    columns: Sequence[str],
    title: str,
    description: str,
    uid: str,
    limit: float | None = None,
    digits: int = 1,
    marked: Collection[tuple[int, int]] = (),
    cell: tuple[float, float] = (30, 24),
    choose: Mapping[tuple[int, int], str] = MappingProxyType({}),
    hint: str = "",
    narrow: bool = False,
) -> str:
    """Draw a matrix as coloured cells: the colour shows the sign, its strength the size.

    Parameters
    ----------
    matrix : array_like, shape (rows, columns)
        Finite numbers; nan leaves a cell empty.
    rows, columns : sequence of str
        Their names. A name that is a base takes its colour.
    title, description : str
        For a screen reader; any text, it is escaped.
    uid : str
        A letter, then letters, digits and hyphens; different for each picture on a page.
    limit : float, optional
        The size that gets the full colour; by default the largest of the matrix. Give it to keep
        colours comparable between pictures.
    digits : int
        Digits after the decimal point; -1 omits the numbers (for very small cells).
    marked : collection of (int, int)
        Cells, as row and column, that get a frame in the accent colour.
    cell : (float, float)
        Width and height of a cell in pixels.
    choose : mapping of (int, int) to str
        Fields that a press on a cell sets on a card, such as ``{(0, 1): "word=TAA"}``.
    hint : str
        The tooltip of these cells; it also names the control that does the same by key.
    narrow : bool
        Draw at most 30 columns in a row, or as many as the numbers have room for; see
        `motiflab.figures.svg.fitted`.

    Returns
    -------
    str
        An ``<svg>`` element.

    Examples
    --------
    >>> svg = heatmap_svg([[1, -2]], ["A"], ["0", "1"], "W", "Two weights.", "w")
    >>> ">−2.0<" in svg, svg.count("<path")  # two colours, and the lines
    (True, 3)
    """
    matrix = _checked(matrix, rows, columns)
    limit = float(limit or max(np.nanmax(np.abs(matrix), initial=0), 1e-12))
    wide, high = cell
    left = 8 + 8.2 * max(map(len, rows))
    inside, most = NARROW - left - _EDGE, 30
    if narrow and digits >= 0:
        numbers = matrix[~np.isnan(matrix)]
        widest = max((text_width(written(value, digits)) for value in numbers), default=wide)
        most = int(inside / (widest + 1))
    lines = rows_of(len(columns), narrow, most)
    if narrow:
        wide = min(wide, inside / len(lines[0]))
    # Upper left corner of a column.
    corners = [
        (left + i * wide, n * (_HEAD + high * len(rows) + _GAP) + _HEAD)
        for n, line in enumerate(lines)
        for i in range(len(line))
    ]
    size = left + wide * len(lines[0]) + _EDGE, corners[-1][1] + high * len(rows) + _EDGE
    # Cells of one colour are one path, and the lines around all cells another: a page lays out few
    # elements much faster than many.
    filled: dict[str, list[str]] = {}
    edges = []
    numbers = []
    frames = []
    for r, row in enumerate(matrix.tolist()):  # Python writes its own numbers faster than numpy's
        for c, value in enumerate(row):
            x, y = corners[c]
            y += r * high
            edge = f"M{x:g} {y:g}h{wide:g}v{high:g}h{-wide:g}z"
            if not math.isnan(value):
                edges.append(edge)
                # Never fully opaque: the number must stay readable in the theme's text colour.
                fill = signed_fill(value, 0.65 * min(1.0, abs(value) / limit))
                filled.setdefault(fill, []).append(edge)
                if digits >= 0:
                    numbers.append(svg_text(x + wide / 2, y + high / 2 + 4, written(value, digits)))
            if (r, c) in marked:
                frames.append(edge)
    areas = (
        svg_rect(corners[c][0], corners[c][1] + r * high, wide, high, f'data-choose="{words}"')
        for (r, c), words in choose.items()
    )
    names = "".join(
        svg_text(left - 6, corners[line[0]][1] + (r + 0.5) * high + 4, name, "end", base_look(name))
        for line in lines
        for r, name in enumerate(rows)
    )
    heads = [
        svg_text(x + wide / 2, y - 5, name, look=base_look(name))
        for (x, y), name in zip(corners, columns)
    ]
    return svg_picture(
        "".join(f'<path d="{"".join(cells)}" {fill}/>' for fill, cells in filled.items())
        + svg_path("".join(edges), f'style="stroke:{LINE}" stroke-width=".5"')
        + names
        + svg_group([*heads, *numbers], MIDDLE)
        + (svg_path("".join(frames), f'stroke="{ACCENT}" stroke-width="2"') if frames else "")
        + touch_areas(areas, hint),
        title,
        description,
        uid,
        size,
    )


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
        Digits after the decimal point.
    corner : str
        Text of the corner cell, for the column names.

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


def motif_matrix_html(
    matrix: ArrayLike,
    title: str,
    uid: str,
    limit: float,
    marked: Collection[tuple[int, int]] = (),
    mark: str = "",
    **touched: Any,
) -> str:
    """Show a matrix of a motif under its name: rows are bases, columns positions.

    Parameters
    ----------
    matrix : array_like, shape (K, 4)
    title : str
        What the numbers are, with their unit; any text, it is escaped.
    uid, limit, marked
        As for `heatmap_svg`.
    mark : str
        HTML that follows the title.
    **touched
        `choose` and `hint`, as for `heatmap_svg`.

    Returns
    -------
    str
        HTML, which includes the numbers as a table for a screen reader.

    Examples
    --------
    >>> html = motif_matrix_html([[0, 1, 1, 1]], "Energies", "e", 1.0)
    >>> "<b>Energies</b>" in html, "<th scope='row'>T</th><td>1.000</td>" in html
    (True, True)
    """
    turned = np.transpose(matrix)
    positions = [str(k) for k in range(turned.shape[1])]
    # A screen reader gets the numbers as a table, so the picture need not read them out.
    about = "Rows are bases, columns positions; the numbers stand in the table that follows."
    look = {"digits": 2, "marked": marked, "cell": (42, 22)}
    draw = partial(heatmap_svg, turned, BASES, positions, title, about, limit=limit)
    svg = fitted(partial(draw, **look, **touched), uid)
    table = heatmap_table(turned, BASES, positions, title, digits=3)
    return captioned(f"<b>{escape(title)}</b>{mark}", svg + unseen(table))


def _checked(matrix: ArrayLike, rows: Sequence[str], columns: Sequence[str]) -> np.ndarray:
    matrix = np.asarray(matrix, dtype=float)
    if matrix.shape != (len(rows), len(columns)) or matrix.size == 0:
        raise ValueError(
            f"matrix must have a number for each of the {len(rows)} rows and {len(columns)} "
            f"columns that are named, got the shape {matrix.shape}."
        )
    return matrix
