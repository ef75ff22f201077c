"""The frame of every SVG picture: its size, its font, and what a screen reader says about it."""

from __future__ import annotations

from html import escape

from motiflab.figures.style import FONT, TEXT


def svg_picture(
    drawing: str,
    title: str,
    description: str,
    uid: str,
    size: tuple[float, float],
    scaled: bool = False,
    style: str = "",
    font: int | None = 11,
) -> str:
    """Put a drawing into an ``<svg>`` element that takes text and line colours from the theme.

    Parameters
    ----------
    drawing : str
        The elements of the picture.
    title, description : str
        For a screen reader; any text, it is escaped.
    uid : str
        A letter, then letters, digits and hyphens; another for each picture on a page, as ids
        must be unique on it.
    size : (float, float)
        Width and height in the pixels of the drawing.
    scaled : bool
        Whether the picture fills the width of the page. Otherwise it has its own size, and shrinks
        only where the page is narrower.
    style : str
        Further CSS of the element, such as ``min-width:460px``.
    font : int or None
        Size of the letters in the pixels of the drawing; None leaves font, colour and width to a
        style sheet of the page, which keeps many small pictures short.

    Returns
    -------
    str
        The ``<svg>`` element.

    Examples
    --------
    >>> svg = svg_picture("<path d='M0 0H9'/>", "A line", "It is level.", "line", (9, 1))
    >>> svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" role="img"'), "<title" in svg
    (True, True)
    """
    width, height = size
    own_size = "" if scaled else f'width="{width:g}" height="{height:g}" '
    look = ""
    if font is not None:
        rules = ["width:100%" if scaled else "max-width:100%", *([style] if style else [])]
        look = f' style="{";".join(rules)};font:{font}px {FONT};fill:{TEXT}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{uid}-t {uid}-d" '
        f'{own_size}viewBox="0 0 {width:g} {height:g}"{look}><title id="{uid}-t">{escape(title)}'
        f'</title><desc id="{uid}-d">{escape(description)}</desc>{drawing}</svg>'
    )
