"""Build SVG pictures: the frame with a description for screen readers, and elements."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape
from typing import NamedTuple

from motiflab.figures.numbers import minus
from motiflab.figures.style import (
    ACCENT,
    DIVERGING,
    FAINT_TEXT,
    FONT,
    LETTER_COLOURS,
    LINE,
    TEXT,
)
from motiflab.sequences.alphabet import BASES

BOLD = 'font-weight="bold"'
FAINT = f'style="fill:{FAINT_TEXT}"'
MIDDLE = 'text-anchor="middle"'
"""Attributes for a text or for a group of them."""

AXIS = f'style="stroke:{LINE}"'
MARK = f'style="stroke:{TEXT}"'
"""Attributes for a path: the colour of axes and edges, and that of brackets and outlines."""

TOUCH = (
    f'class="motiflab-touch" fill="{ACCENT}" fill-opacity="0" stroke="{ACCENT}" stroke-opacity="0"'
)
"""Attributes of a group of areas, each of which is visible only under the pointer."""

NARROW = 330
"""Width in pixels of a picture in a narrow card: beside the browser of files, or on a phone."""

# Letters of 12 pixels by their width in a wide font: in others a text only gets shorter.
_THIN, _BROAD = re.compile("[ .,:;'|!()fijlrtI]"), re.compile("[A-Zmw0-9%+=<>±×≈→−━╍┅●■◆✖▒┃_]")


def fitted(draw: Callable[..., str], uid: str) -> str:
    """Draw a picture for a wide card and for a narrow one; the style sheet of a card shows one.

    A picture that was only made smaller would have letters too small to read, and one that keeps
    its size would have to be scrolled. A picture that is narrow anyway is drawn once.

    Parameters
    ----------
    draw : callable
        ``draw(uid=...)`` returns a picture of `svg_picture`, and with ``narrow=True`` one that is
        at most `NARROW` pixels wide.
    uid : str
        As for `svg_picture`.

    Examples
    --------
    >>> def draw(uid, narrow=False):
    ...     return svg_picture("", "A line", "It is level.", uid, (300 if narrow else 500, 20))
    >>> html = fitted(draw, "a")
    >>> html.count("<svg"), "<div class='motiflab-narrow'><svg" in html, 'id="a-narrow-t"' in html
    (2, True, True)
    """
    wide = draw(uid=uid)
    if float(re.search('viewBox="0 0 ([^ ]+)', wide)[1]) <= NARROW:
        return wide
    return f"{wide}<div class='motiflab-narrow'>{draw(uid=f'{uid}-narrow', narrow=True)}</div>"


def wide_only(html: str) -> str:
    """Remove what `fitted` has drawn for a narrow card.

    >>> wide_only("<svg></svg><div class='motiflab-narrow'><svg></svg></div><p>It is empty.</p>")
    '<svg></svg><p>It is empty.</p>'
    """
    return re.sub("<div class='motiflab-narrow'>.*?</div>", "", html, flags=re.S)


def rows_of(length: int, narrow: bool, most: int = 30) -> list[range]:
    """Return the positions in each row of a picture: all in one, or `most` in each if it is narrow.

    Thirty bases in a row leave each 8 or 9 pixels.

    >>> rows_of(45, narrow=False), rows_of(45, narrow=True)
    ([range(0, 45)], [range(0, 30), range(30, 45)])
    """
    step = most if narrow else length
    return [range(first, min(first + step, length)) for first in range(0, length, step)]


def within(row: range, first: int, last: int) -> tuple[int, int] | None:
    """Return the part of `first` (inclusive) to `last` (exclusive) in a row; None if there is none.

    >>> within(range(30, 60), 27, 33), within(range(30, 60), 60, 63)
    ((30, 33), None)
    """
    first, last = max(first, row.start), min(last, row.stop)
    return (first, last) if first < last else None


def words_over(
    ruler: Ruler, row: range, span: tuple[int, int], y: float, words: str, look: str = ""
) -> str:
    """Write words over a span of positions, in the row that has its middle, and inside the row.

    >>> words_over(Ruler(0, 9), range(30), (28, 34), 9, "planted")  # its middle is in the next row
    ''
    >>> words_over(Ruler(0, 9), range(30), (10, 14), 9, "planted")
    '<text x="108" y="9" text-anchor="middle">planted</text>'
    """
    if sum(span) // 2 not in row:
        return ""
    half = text_width(words) / 2
    middle = ruler.x(sum(within(row, *span)) / 2)
    inside = min(max(middle, ruler.x(row.start) + half), ruler.x(row.stop) - half)
    return svg_text(inside, y, words, "middle", look)


def svg_picture(
    drawing: str,
    title: str,
    description: str,
    uid: str,
    size: tuple[float, float],
    scaled: bool = False,
    style: str = "",
    font: int | None = 12,
) -> str:
    """Put a drawing into an ``<svg>`` element with the text and line colours of the theme.

    Parameters
    ----------
    drawing : str
        The elements of the picture.
    title, description : str
        For a screen reader; any text, it is escaped.
    uid : str
        A letter, then letters, digits and hyphens; different for each picture on a page, as ids
        must be unique on it.
    size : (float, float)
        Width and height in the pixels of the drawing.
    scaled : bool
        Whether the picture fills the width of the page. Otherwise it has its own size, and shrinks
        only if the page is narrower.
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


class Ruler(NamedTuple):
    """Horizontal places of the positions of a sequence in a picture.

    Attributes
    ----------
    zero : float
        Left end of position 0 in pixels.
    unit : float
        Pixels from one position to the next.

    Examples
    --------
    >>> Ruler(10, 5).x(2), Ruler(10, 5).span(2, 4, 0, 3)
    (20, '<rect x="20" y="0" width="10" height="3"/>')
    """

    zero: float
    unit: float

    def x(self, position: float) -> float:
        """Return the left end of a position; ``position + 0.5`` is its middle."""
        return self.zero + position * self.unit

    def bracket(self, first: float, last: float, y: float) -> str:
        """Return the path of a bracket above `first` (inclusive) to `last` (exclusive)."""
        return f"M{self.x(first):.1f} {y:g}v-4H{self.x(last):.1f}v4"

    def span(self, first: float, last: float, y: float, height: float, look: str = "") -> str:
        """Draw a rectangle over the positions from `first` (inclusive) to `last` (exclusive)."""
        return svg_rect(self.x(first), y, (last - first) * self.unit, height, look)


class Scale(NamedTuple):
    """Vertical places of numbers in a picture.

    Attributes
    ----------
    zero : float
        Height of 0, in pixels from the top.
    unit : float
        Pixels from one whole number to the next.

    Examples
    --------
    >>> Scale.between((-1, 3), top=10, height=40), Scale(40, 10).y(2)
    (Scale(zero=40.0, unit=10.0), 20)
    """

    zero: float
    unit: float

    @classmethod
    def between(cls, limits: tuple[float, float], top: float, height: float) -> Scale:
        """Return the scale of an axis whose lower limit is at the bottom, the upper at `top`."""
        low, high = limits
        unit = height / (high - low)
        return cls(top + high * unit, unit)

    def y(self, value: float) -> float:
        """Return the height of a number, in pixels from the top."""
        return self.zero - value * self.unit

    def bar(self, middle: float, width: float, value: float, look: str, least: float = 0) -> str:
        """Draw a bar from 0 to a number, upwards or downwards, at least `least` pixels high."""
        # An SVG rectangle is given by its upper end, and its height cannot be negative.
        upper, height = self.y(max(value, 0)), max(abs(value) * self.unit, least)
        return svg_rect(middle - width / 2, upper, width, height, look)


def axis_lines(
    scale: Scale,
    left: float,
    right: float,
    limits: tuple[float, float],
    ticks: Iterable[float],
) -> str:
    """Draw a vertical axis with its ticks and their numbers, and a horizontal line at 0.

    Parameters
    ----------
    scale : Scale
    left, right : float
        Ends of the line at 0 in pixels; the axis is at its left end.
    limits : (float, float)
        Ends of the axis, in the units of the scale.
    ticks : iterable of float

    Examples
    --------
    >>> axis_lines(Scale(40, 10), 20, 90, (0, 3), [2]).partition("/>")[2]
    '<text x="13" y="24" text-anchor="end">2</text>'
    """
    ticks, (low, high) = list(ticks), limits
    marks = "".join(f"M{left - 4:g} {scale.y(tick):.1f}h4" for tick in ticks)
    ends = f"M{left:g} {scale.y(high):.1f}V{scale.y(low):.1f}"
    numbers = (svg_text(left - 7, scale.y(tick) + 4, minus(f"{tick:g}"), "end") for tick in ticks)
    lines = svg_path(f"{marks}{ends}M{left:g} {scale.zero:.1f}H{right:g}", AXIS)
    return lines + "".join(numbers)


def sequence_row(ruler: Ruler, y: float, letters: str, first: int = 0) -> str:
    """Write the letters of a sequence over their positions, each base in its colour.

    Parameters
    ----------
    ruler : Ruler
    y : float
        Base line of the letters, in pixels.
    letters : str
        Letters other than bases are padding: a pale 0.
    first : int
        Position of the first letter; negative in padding.

    Examples
    --------
    >>> sequence_row(Ruler(10, 20), 30, "A", first=2).partition(">")[2]
    '<text x="60" y="30" fill="color-mix(in srgb,#009E73 75%,currentcolor)">A</text></g>'
    """
    # A narrow column makes its letter narrow, not small.
    narrow = f' textLength="{ruler.unit - 1:.1f}" lengthAdjust="spacingAndGlyphs"'
    fit = narrow if ruler.unit < 11 else ""
    texts = (
        svg_text(ruler.x(i + 0.5), y, letter, look=f'fill="{LETTER_COLOURS[letter]}"{fit}')
        if letter in LETTER_COLOURS
        else svg_text(ruler.x(i + 0.5), y, 0, look=FAINT + (narrow if ruler.unit < 9 else ""))
        for i, letter in enumerate(letters, start=first)
    )
    return svg_group(texts, f"{MIDDLE} {BOLD}")


def text_width(words: str, bold: bool = False) -> float:
    """Estimate the largest width in pixels of words of 12 pixels.

    >>> text_width("ill"), text_width("am"), text_width("am") < text_width("am", bold=True)
    (13.5, 15.6, True)
    """
    thin, broad = (len(kind.findall(words)) for kind in (_THIN, _BROAD))
    width = 4.5 * thin + 8.2 * broad + 7.4 * (len(words) - thin - broad)
    return 1.12 * width if bold else width


def position_numbers(ruler: Ruler, y: float, row: range, look: str = "") -> str:
    """Write the number of every tenth position of a row over its middle.

    >>> position_numbers(Ruler(0, 2), 9, range(11))
    '<g text-anchor="middle"><text x="1" y="9">0</text><text x="21" y="9">10</text></g>'
    """
    numbers = (svg_text(ruler.x(i + 0.5), y, i) for i in row if i % 10 == 0)
    return svg_group(numbers, f"{MIDDLE} {look}".rstrip())


def svg_text(x: float, y: float, words: object, anchor: str = "", look: str = "") -> str:
    """Write words at a place; any text, it is escaped.

    Parameters
    ----------
    x, y : float
        Start of the words and their base line, in pixels.
    words : object
    anchor : {"", "middle", "end"}
        The part of the words at `x`, if it is not the start.
    look : str
        Further attributes, such as `BOLD`.

    Examples
    --------
    >>> svg_text(2, 10.25, "G & C", "end")
    '<text x="2" y="10.2" text-anchor="end">G &amp; C</text>'
    """
    look = f'text-anchor="{anchor}" {look}' if anchor else look
    return (
        f'<text x="{_pixels(x)}" y="{_pixels(y)}"{_spaced(look)}>'
        f"{escape(str(words), quote=False)}</text>"
    )


def svg_group(elements: Iterable[str], look: str = "") -> str:
    """Put elements into a group; `look` holds their common attributes.

    >>> svg_group(["<path/>", "<path/>"], BOLD)
    '<g font-weight="bold"><path/><path/></g>'
    """
    return f"<g{_spaced(look)}>{''.join(elements)}</g>"


def touch_areas(areas: Iterable[str], hint: str) -> str:
    """Put areas over a picture that a learner can press or drag.

    On a card each area sets a field to a value, as a control does, or is only highlighted. Still
    pictures omit them.

    Parameters
    ----------
    areas : iterable of str
        A rectangle each, or a group of some, without a look but with an attribute:
        ``data-choose="field=value"`` for a press, ``data-drag="field=value"`` for a press and a
        drag. Several fields are joined by ``&amp;``; a drag continues over areas with the same
        first field.
    hint : str
        The tooltip; it also names the control that does the same by key.

    Examples
    --------
    >>> touch_areas([svg_rect(0, 0, 9, 9, 'data-drag="j=2"')], "Drag, or use the slider.")
    '<g class="motiflab-touch" fill="#AA4499" fill-opacity="0" stroke="#AA4499" stroke-opacity="0">\
<title>Drag, or use the slider.</title><rect x="0" y="0" width="9" height="9" data-drag="j=2"/></g>'
    """
    drawn = "".join(areas)
    return svg_group([f"<title>{escape(hint)}</title>", drawn], TOUCH) if drawn else ""


def next_base(sequence: str, i: int) -> str:
    """Attribute that lets a click replace base `i` of a sequence by the next of A, C, G, T.

    The card has a field ``sequence``.

    >>> next_base("ATC", 1)
    'data-choose="sequence=AAC"'
    """
    after = BASES[(BASES.index(sequence[i]) + 1) % len(BASES)]
    return f'data-choose="sequence={sequence[:i]}{after}{sequence[i + 1 :]}"'


def signed_fill(value: float, opacity: float) -> str:
    """Return the fill of a rectangle for a number, in the colour of its sign.

    >>> signed_fill(-2, 0.5)
    'fill="#A6611A" fill-opacity="0.50"'
    """
    return f'fill="{DIVERGING[int(value >= 0)]}" fill-opacity="{opacity:.2f}"'


def base_look(name: str) -> str:
    """Return the attributes of a name in `svg_text`: bold and coloured if it is a base.

    >>> base_look("A"), base_look("loss")
    ('font-weight="bold" fill="color-mix(in srgb,#009E73 75%,currentcolor)"', '')
    """
    return f'{BOLD} fill="{LETTER_COLOURS[name]}"' if name in LETTER_COLOURS else ""


def axis_name(middle: float, words: str, x: float = 11, look: str = "") -> str:
    """Write the name of an axis vertically at the left of a picture.

    >>> axis_name(50, "bits")
    '<text transform="translate(11 50)rotate(-90)" text-anchor="middle">bits</text>'
    """
    return (
        f'<text transform="translate({x:g} {middle:g})rotate(-90)" {MIDDLE}{_spaced(look)}>'
        f"{escape(words, quote=False)}</text>"
    )


def svg_path(d: str, look: str) -> str:
    """Draw lines that enclose no filled area; `look` holds further attributes, such as `AXIS`.

    >>> svg_path("M0 0H9", 'stroke-width="2"')
    '<path d="M0 0H9" stroke-width="2" fill="none"/>'
    """
    return f'<path d="{d}" {look} fill="none"/>'


def svg_rect(x: float, y: float, width: float, height: float, look: str = "") -> str:
    """Draw a rectangle from its upper left corner; `look` holds further attributes.

    >>> svg_rect(0, 1.5, 10, 20, 'rx="2"')
    '<rect x="0" y="1.5" width="10" height="20" rx="2"/>'
    """
    return (
        f'<rect x="{_pixels(x)}" y="{_pixels(y)}" width="{_pixels(width)}" '
        f'height="{_pixels(height)}"{_spaced(look)}/>'
    )


def _spaced(look: str) -> str:
    """Further attributes of an element, with the space before them."""
    return f" {look}".rstrip()


def _pixels(value: float) -> str:
    """Write a coordinate, rounded to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")
