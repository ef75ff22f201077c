"""HTML for numbers and pictures: tables, captions, and tables for screen readers only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

TURNED = "class='motiflab-turned'"
"""Attributes of a table whose heads are written upwards where the card is narrow."""


class Html(NamedTuple):
    """Content of a table cell that is already HTML, with attributes for its element."""

    html: str
    attributes: str = ""


def html_table(
    caption: object,
    heads: Sequence[object],
    rows: Iterable[Sequence[object]],
    attributes: str = "",
    around: str = "motiflab-table",
) -> str:
    """Make an HTML table; content that is not `Html` is escaped.

    Parameters
    ----------
    caption : object
        What the table shows; empty for none.
    heads : sequence
        Names of the columns, first that of the row names; empty for a table without them.
    rows : iterable of sequences
        The first cell of each row is its name.
    attributes : str
        Attributes of the ``<table>`` element, such as ``class='each'``.
    around : str
        Class of the ``<div>`` around the table.

    Examples
    --------
    >>> print(html_table("Bits", ["position", 1], [["A", "<0.5"], ["sum", Html("<b>2</b>")]]))
    <div class='motiflab-table'><table><caption>Bits</caption><thead><tr><th scope='col'>\
position</th><th scope='col'>1</th></tr></thead><tbody><tr><th scope='row'>A</th><td>&lt;0.5</td>\
</tr><tr><th scope='row'>sum</th><td><b>2</b></td></tr></tbody></table></div>
    """
    named = "".join(_element("th scope='col'", name) for name in heads)
    content = (
        (_element("caption", caption) if caption else "")
        + (f"<thead><tr>{named}</tr></thead>" if named else "")
        + f"<tbody>{''.join(map(table_row, rows))}</tbody>"
    )
    return f"<div class='{around}'>{_element('table', Html(content, attributes))}</div>"


def table_row(cells: Sequence[object], attributes: str = "") -> str:
    """Make one row of a table, for tables with several bodies or heads.

    Parameters
    ----------
    cells : sequence
        As in a row of `html_table`.
    attributes : str
        Attributes of the ``<tr>`` element.

    Examples
    --------
    >>> table_row(["A", 0.5, Html("", "class='none'")])
    "<tr><th scope='row'>A</th><td>0.5</td><td class='none'></td></tr>"
    """
    name, *values = cells
    columns = [_element("th scope='row'", name), *(_element("td", value) for value in values)]
    return _element("tr", Html("".join(columns), attributes))


def captioned(caption: str, picture: str) -> str:
    """Put a caption, given as HTML, over a picture of a card.

    >>> captioned("<b>Bits</b>", "<svg></svg>")
    "<div class='motiflab-caption'><b>Bits</b></div><svg></svg>"
    """
    return f"<div class='motiflab-caption'>{caption}</div>{picture}"


def unseen(table: str) -> str:
    """Make a table visible only to screen readers, if a picture already shows its numbers."""
    return f"<div class='motiflab-unseen'>{table}</div>"


def _element(tag: str, content: object) -> str:
    """An element; `tag` may hold attributes of its own."""
    if not isinstance(content, Html):
        content = Html(escape(str(content)))
    opening = f"{tag} {content.attributes}".rstrip()
    return f"<{opening}>{content.html}</{tag.partition(' ')[0]}>"
