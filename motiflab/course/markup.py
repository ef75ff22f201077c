"""Small parts of the report's page: texts, tables, Markdown and formulas as HTML.

What students wrote goes through `safe`; what exercises say goes through `markdown` or `inline`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

import mistune
from latex2mathml.converter import convert

_RENDER = mistune.create_markdown(escape=True, plugins=["table"])
_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.S)
_HELD = re.compile("\ue000(\\d+)\ue001")


def many(number: int, one: str) -> str:
    if number == 1:
        return f"1 {one}"
    return f"{number} {'tries' if one == 'try' else f'{one}s'}"


def safe(text: str) -> str:
    """Write what a student wrote, so that it is only ever read."""
    return escape(text)


def markdown(text: str) -> str:
    """Turn what an exercise says into HTML, formulas included."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        block, within = match[1], match[2]
        held.append(convert(block or within, display="block" if block else "inline"))
        return f"\ue000{len(held) - 1}\ue001"

    html = _RENDER(_FORMULA.sub(hold, text))
    return _HELD.sub(lambda match: held[int(match[1])], html)


def inline(text: str) -> str:
    """The same for a line that stands in a heading."""
    return markdown(text).strip().removeprefix("<p>").removesuffix("</p>")


def page_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Make a table of cells that are HTML; the first of each row is its head."""
    top = "".join(f"<th scope='col'>{escape(head)}</th>" for head in heads)
    body = "".join(
        f"<tr><th scope='row'>{row[0]}</th>{''.join(f'<td>{cell}</td>' for cell in row[1:])}</tr>"
        for row in rows
    )
    return (
        f"<div class='wide'><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )
