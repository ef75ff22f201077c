"""Sequence logos: as SVG, as text, and printable by logomaker.

A logo stacks the letters of each position of a matrix, the largest furthest from the axis
(Schneider & Stephens 1990). The letters are outlines drawn for this project. All A of a logo
are one path, as are all C, G and T: a browser lays out each element, and a card has up to 300.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from motiflab.checks import inside, one_of, require
from motiflab.figures.numbers import brief
from motiflab.figures.style import BASE_COLOURS, TEXT, letter_colours, round_up
from motiflab.figures.svg import (
    MIDDLE,
    NARROW,
    Ruler,
    Scale,
    axis_lines,
    axis_name,
    svg_group,
    svg_picture,
    svg_text,
)
from motiflab.motifs.motif import Motif, check_probabilities, information
from motiflab.sequences.alphabet import BASES, DNA, Alphabet
from motiflab.sequences.matrix import check_background, check_matrix

# Outlines in a box of 100 x 100, y downwards, that touch all four sides.
_OUTLINES = {
    "A": "M0 100L36 0H64L100 100H76L69 79H31L24 100ZM37 62H63L50 22Z",
    "C": "M100 35A51 50 0 1 0 100 65L75 62A26 31 0 1 1 75 38Z",
    "G": "M100 35A51 50 0 1 0 100 65V46H53V62H75A26 31 0 1 1 75 38Z",
    "T": "M0 0H100V19H62V100H38V19H0Z",
    "B": "M0 0H58C82 0 95 9 95 26C95 37 89 44 79 47C93 50 100 59 100 72C100 91 86 100 60 100H0Z"
    "M25 18V40H54C65 40 70 36 70 29C70 22 65 18 54 18ZM25 57V82H56C69 82 74 78 74 70C74 61 69 57 "
    "56 57Z",
    "D": "M0 0H46C81 0 100 18 100 50C100 82 81 100 46 100H0ZM26 19V81H45C64 81 74 71 74 50C74 29 "
    "64 19 45 19Z",
    "E": "M0 0H98V19H25V40H90V59H25V81H100V100H0Z",
    "F": "M0 0H100V19H25V42H90V61H25V100H0Z",
    "H": "M0 0H25V39H75V0H100V100H75V58H25V100H0Z",
    "I": "M0 0H100V17H62V83H100V100H0V83H38V17H0Z",
    "J": "M70 0H100V62C100 88 80 100 50 100C20 100 0 86 0 60L28 57C28 73 36 80 50 80C64 80 70 73 "
    "70 60Z",
    "K": "M0 0H26V40L68 0H100L55 43L100 100H68L37 58L26 69V100H0Z",
    "L": "M0 0H26V80H100V100H0Z",
    "M": "M0 0H30L50 60L70 0H100V100H78V36L58 98H42L22 36V100H0Z",
    "N": "M0 0H27L75 64V0H100V100H73L25 36V100H0Z",
    "O": "M50 0C81 0 100 19 100 50C100 81 81 100 50 100C19 100 0 81 0 50C0 19 19 0 50 0ZM50 19C34 "
    "19 25 30 25 50C25 70 34 81 50 81C66 81 75 70 75 50C75 30 66 19 50 19Z",
    "P": "M0 0H58C86 0 100 12 100 32C100 53 86 64 58 64H26V100H0ZM26 19V45H56C69 45 74 40 74 32"
    "C74 24 69 19 56 19Z",
    "Q": "M50 0C81 0 100 18 100 47C100 61 96 72 88 80L100 91L86 100L72 91C66 94 58 95 50 95C19 95 "
    "0 77 0 47C0 18 19 0 50 0ZM50 18C34 18 25 29 25 47C25 66 34 77 50 77L54 77L44 70L56 57L70 67"
    "C73 62 75 55 75 47C75 29 66 18 50 18Z",
    "R": "M0 0H58C86 0 98 11 98 30C98 45 90 54 76 58L100 100H71L50 61H26V100H0ZM26 19V43H56C68 43 "
    "72 38 72 31C72 23 68 19 56 19Z",
    "S": "M96 29L70 32C68 23 62 18 50 18C38 18 31 22 31 29C31 36 38 38 53 41C82 47 100 53 100 72"
    "C100 90 82 100 52 100C21 100 3 89 0 67L26 64C28 76 37 82 52 82C66 82 74 78 74 72C74 65 67 62 "
    "50 59C22 54 5 47 5 28C5 11 22 0 49 0C76 0 93 10 96 29Z",
    "U": "M0 0H26V60C26 74 35 81 50 81C65 81 74 74 74 60V0H100V61C100 86 81 100 50 100C19 100 0 86 "
    "0 61Z",
    "V": "M0 0H27L50 72L73 0H100L64 100H36Z",
    "W": "M0 0H21L31 64L42 0H58L69 64L79 0H100L82 100H61L50 40L39 100H18Z",
    "X": "M0 0H30L50 33L70 0H100L66 49L100 100H70L50 66L30 100H0L34 49Z",
    "Y": "M0 0H28L50 38L72 0H100L62 60V100H38V60Z",
    "Z": "M3 0H97V17L32 80H100V100H0V82L65 20H3Z",
    "_": "M0 84H100V100H0Z",
}
# An edge in the colour of text, half of it outside: some colours are pale on the background.
_EDGE = f'style="stroke:{TEXT};stroke-width:1px;stroke-linejoin:round;paint-order:stroke"'
_INVISIBLE = 0.4  # pixels: lower letters are omitted
_CROWDED = 2.5  # the same for alphabets of more than four letters, whose edges would be a black bar
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 8, 24  # margins in pixels


def letter_heights(
    matrix, kind: str = "bits", background=None, alphabet: Alphabet = DNA
) -> np.ndarray:
    """Return the height of each letter of a logo, in the units of its axis.

    - ``"bits"``: ``h[k, a] = p[k, a] * I[k]`` with the information content
      ``I[k] = sum over a of p[k, a] * log2(p[k, a] / q[a])``, where ``p`` is the PPM and ``q`` the
      background (Schneider & Stephens 1990, without their small-sample correction; Stormo 2000
      for a background that is not uniform).
    - ``"probability"``: ``h[k, a] = p[k, a]``.
    - ``"signed"``: ``h[k, a]`` is the matrix itself: weights, log-odds or energies.

    Parameters
    ----------
    matrix : array_like, shape (w, A)
        A motif, a PPM, or any finite numbers if `kind` is ``"signed"``. Columns in the order of the
        alphabet; those of a `DataFrame` are taken by their labels.
    kind : {"bits", "probability", "signed"}
    background : array_like, shape (A,), optional
        ``q``, used for ``"bits"``; uniform if not given.
    alphabet : Alphabet
        Of A letters; a `Motif` has its own.

    Returns
    -------
    ndarray, shape (w, A)

    Examples
    --------
    >>> letter_heights([[0.5, 0.5, 0, 0], [0, 0, 1, 0]]).tolist()
    [[0.5, 0.5, 0.0, 0.0], [0.0, 0.0, 2.0, 0.0]]
    """
    alphabet = getattr(matrix, "alphabet", alphabet)
    if one_of("kind", kind, ("bits", "probability", "signed")) == "signed":
        return check_matrix("matrix", matrix, alphabet=alphabet)
    ppm = check_probabilities(matrix, "matrix", alphabet)
    if kind == "probability":
        return ppm
    return ppm * information(ppm, background, alphabet)[:, None]


def logo_svg(
    matrix,
    kind: str = "bits",
    background=None,
    title: str = "Sequence logo",
    description: str | None = None,
    uid: str = "logo",
    height: float = 140,
    limit: float | None = None,
    unit: str = "weight",
    first: int = 1,
    column: float = 18,
    positions: Sequence[str] = (),
    alphabet: Alphabet = DNA,
    narrow: bool = False,
) -> str:
    """Draw a sequence logo as an SVG element.

    Parameters
    ----------
    matrix, kind, background, alphabet
        See `letter_heights`; letters and _ can be drawn, other signs cannot.
    title : str
        Name of the picture for a screen reader, and its tooltip. Any text; it is escaped.
    description : str, optional
        What the picture shows, for a screen reader; the logo in words if not given.
    uid : str
        A letter, then letters, digits and hyphens; different for each picture on a page.
    height : float
        Height of the picture in pixels, axis included; it grows wider with the number of
        positions.
    limit : float, optional
        End of the axis, only for ``"signed"``: it keeps the axis the same between pictures;
        without it the axis fits the matrix. For ``"bits"`` the axis ends at ``-log2(min q)``, the
        largest possible information (2 for a uniform background of DNA).
    unit : str
        Name of the axis of a ``"signed"`` logo; the other kinds have their own.
    first : int
        Number of the first position.
    column : float
        Pixels for a position.
    positions : sequence of str
        Names of the positions, if they are not numbered from `first` on.
    narrow : bool
        Draw the columns no wider than fits; see `motiflab.figures.svg.fitted`.

    Returns
    -------
    str
        An ``<svg>`` element that takes its text and line colours from the theme around it.

    Examples
    --------
    >>> svg = logo_svg([[1, 0, 0, 0], [0, 0, 0.5, 0.5]], title="AG or AT")
    >>> svg.startswith("<svg"), svg.count("<path data-letter"), len(svg) < 4000
    (True, 3, True)
    """
    alphabet = getattr(matrix, "alphabet", alphabet)
    heights = letter_heights(matrix, kind, background, alphabet)
    top, bottom, ticks, name = axis_range(heights, kind, background, limit, alphabet)
    if description is None:
        description = _in_words(heights, kind, background, matrix, alphabet)
    if narrow:
        column = min(column, (NARROW - _LEFT - _RIGHT) / len(heights))
    drawn = height - _TOP - _BOTTOM
    ruler, scale = Ruler(_LEFT, column), Scale.between((bottom, top), _TOP, drawn)
    right = ruler.x(len(heights))
    numbers = (
        svg_text(ruler.x(k + 0.5), height - _BOTTOM + 15, positions[k] if positions else k + first)
        for k in range(len(heights))
        # A long or narrow logo numbers only every fifth position.
        if (len(heights) <= 30 and column >= 18) or k == 0 or (k + first) % 5 == 0
    )
    drawing = (
        axis_lines(scale, _LEFT, right, (bottom, top), ticks)
        + axis_name(_TOP + drawn / 2, unit if kind == "signed" else name)
        + svg_group(numbers, MIDDLE)
        + letters(heights, ruler, scale, alphabet)
    )
    return svg_picture(drawing, title, description, uid, (right + _RIGHT, height))


def logo_text(matrix, background=None, alphabet: Alphabet = DNA) -> str:
    """Write a logo as text: consensus, information, and a table of the probabilities.

    Parameters
    ----------
    matrix : array_like, shape (w, A)
        A PPM.
    background : array_like, shape (A,), optional
        Background of the information content; uniform if not given.
    alphabet : Alphabet
        Of A letters; a `Motif` has its own.

    Examples
    --------
    >>> print(logo_text([[1, 0, 0, 0], [0.1, 0.4, 0.4, 0.1]]))
    Consensus AC, 2.28 bits in all
    position    A    C    G    T  bits
           1 1.00 0.00 0.00 0.00  2.00
           2 0.10 0.40 0.40 0.10  0.28
    """
    alphabet = getattr(matrix, "alphabet", alphabet)
    ppm = check_probabilities(matrix, "matrix", alphabet)
    bits = information(ppm, background, alphabet)
    consensus = "".join(alphabet.letters[a] for a in ppm.argmax(axis=1))
    rows = (
        f"{k:8d} " + " ".join(f"{p:.2f}" for p in row) + f"  {bit:.2f}"
        for k, (row, bit) in enumerate(zip(ppm, bits), start=1)
    )
    return "\n".join(
        [
            f"Consensus {consensus}, {bits.sum():.2f} bits in all",
            f"position {' '.join(f'{letter:>4}' for letter in alphabet.letters)}  bits",
            *rows,
        ]
    )


def glyph_definitions(uid: str) -> str:
    """Definitions of A, C, G and T for pictures whose letters move, once for each `uid` on a page.

    A letter is placed by ``<use href="#{uid}A" transform="..."/>`` and fills a box of 1 x 1, except
    for a gap at both sides that separates neighbours. A logo that stands still is drawn faster by
    `letters`, which needs no definitions.
    """
    glyphs = (
        f'<path id="{uid}{base}" fill="{BASE_COLOURS[base]}" fill-rule="evenodd" {_EDGE} '
        'vector-effect="non-scaling-stroke" '
        f'transform="translate(.04)scale(.0092 .01)" d="{_OUTLINES[base]}"/>'
        for base in BASES
    )
    return f"<defs>{''.join(glyphs)}</defs>"


def letters(heights: np.ndarray, ruler: Ruler, scale: Scale, alphabet: Alphabet = DNA) -> str:
    """The stacked letters of a logo, as an SVG group with one path for each letter of the alphabet.

    Positive letters are above the axis and negative ones upside down below it, the largest
    furthest from the axis.

    Parameters
    ----------
    heights : ndarray, shape (w, A)
        From `letter_heights`.
    ruler : Ruler
        Places of the positions.
    scale : Scale
        Scale of the heights.
    alphabet : Alphabet
        Of A letters.

    Raises
    ------
    ValueError
        If a sign of the alphabet is neither a letter nor _.
    """
    require(
        "alphabet",
        set(alphabet.letters) <= set(_OUTLINES),
        f"hold letters and _ only, to be drawn, got {alphabet.letters}",
    )
    least = _INVISIBLE if alphabet.size <= 4 else _CROWDED
    outlines: list[list[str]] = [[] for _ in alphabet.letters]
    for k, row in enumerate((heights * scale.unit).tolist()):
        above = below = 0.0  # ends of the two stacks
        for a in sorted(range(len(row)), key=lambda a: abs(row[a])):
            if row[a] >= 0:
                end = above = above + row[a]
            else:
                end = below = below + row[a]
            if abs(row[a]) >= least:
                outlines[a].append(_placed(alphabet.letters[a], k, row[a], end))
    colours = letter_colours(alphabet.letters, alphabet.kind)
    paths = (
        f'<path data-letter="{letter}" fill="{colours[letter]}" '
        f'vector-effect="non-scaling-stroke" d="{"".join(parts).replace(" -", "-")}"/>'
        for letter, parts in zip(alphabet.letters, outlines)
        if parts
    )
    place = f"translate({ruler.zero:g} {scale.zero:.1f})scale({ruler.unit / 100:g} .1)"
    return svg_group(paths, f'transform="{place}" fill-rule="evenodd" {_EDGE}')


def _placed(letter: str, k: int, size: float, end: float) -> str:
    """An outline at position `k`, `size` pixels high and ending `end` pixels above the axis.

    Its numbers are whole, which keeps them short: hundredths of a position across, and tenths of a
    pixel down.
    """
    left, top, steps, spans = _outline(letter, size < 0)
    tenths = round(10 * size)
    # The places are rounded, not the steps between them, whose errors would add up.
    downwards = [round(tenths * to / 100) - round(tenths * at / 100) for at, to in spans]
    begin = f"M{100 * k + left} {round(tenths * top / 100) - round(10 * end)}"
    return begin + steps % tuple(downwards)


# What the numbers of a command stand for: places across and down, radii, or flags of an arc.
_COMMANDS = {"M": "xy", "L": "xy", "H": "x", "V": "y", "C": "xyxyxy", "A": "rd--cxy", "Z": ""}


@lru_cache
def _outline(letter: str, turned: bool) -> tuple[int, int, str, list[tuple[int, int]]]:
    """An outline for any height: the two numbers where it begins, its steps, and their spans.

    The text of the steps, from point to point, serves a letter at every place. Widths are written
    out, for a letter 92 wide with a gap of 4 at its left; each ``%d`` is a height and its span the
    two places that it lies between, in hundredths of the letter's height.
    """

    def across(x: int) -> int:
        return 4 + round(0.92 * x)

    steps, spans, first = [], [], None
    for command, numbers in re.findall(r"([A-Z])([\d ]*)", _OUTLINES[letter]):
        values = [int(number) for number in numbers.split()]
        if first is None:
            x, y = opened = first = values
            continue
        if command == "Z":
            x, y = opened  # where a path goes on after it was closed
        words, next_x, next_y = [], x, y
        for kind, value in zip(_COMMANDS[command], values):
            if kind == "x":
                next_x = value
                words.append(str(across(value) - across(x)))
            elif kind == "y":
                next_y = value
                words.append("%d")
                spans.append((y, value))
            elif kind == "r":
                words.append(str(round(0.92 * value)))
            elif kind == "d":
                words.append("%d")  # SVG ignores the sign of a radius
                spans.append((0, value))
            else:  # an arc goes round the other way if the letter is upside down
                words.append(str(value ^ (turned and kind == "c")))
        x, y = next_x, next_y
        if command == "M":
            opened = x, y
        steps.append(command.lower() + " ".join(words))
    return across(first[0]), first[1], "".join(steps), spans


def axis_range(
    heights: np.ndarray,
    kind: str,
    background=None,
    limit: float | None = None,
    alphabet: Alphabet = DNA,
) -> tuple[float, float, list[float], str]:
    """Top and bottom of a logo's axis, its ticks, and the name of its unit."""
    if kind == "probability":
        return 1.0, 0.0, [0.0, 0.5, 1.0], "probability"
    if kind == "bits":
        top = -math.log2(check_background(background, alphabet).min())
        return top, 0.0, [float(bit) for bit in range(math.floor(top) + 1)], "bits"
    if limit is None:
        stacks = max(heights.clip(min=0).sum(axis=1).max(), -heights.clip(max=0).sum(axis=1).min())
        limit = round_up(stacks) if stacks > 0 else 1.0
    inside("limit", limit, 0)
    return limit, -limit, [-limit, 0.0, limit], "weight"


def _in_words(heights: np.ndarray, kind: str, background, matrix, alphabet: Alphabet) -> str:
    if kind == "signed":
        ends = f"from {brief(heights.min(), 2)} to {brief(heights.max(), 2)}"
        return f"Weights of {len(heights)} positions, {ends}."
    return logo_text(matrix, background, alphabet).partition("\n")[0] + "."


SUFFIXES = (".svg", ".pdf", ".png")


def logo_bytes(motif: Motif | np.ndarray, suffix: str, background=None) -> bytes:
    """A logo in bits as the content of an SVG, PDF or PNG file.

    Parameters
    ----------
    motif : Motif or array_like of shape (w, 4)
        A motif, or a PPM in the order A, C, G, T; the columns of a `DataFrame` are taken by their
        labels.
    suffix : {".svg", ".pdf", ".png"}
        A PNG has 300 dots per inch.
    background : array_like, shape (4,), optional
        Background of the information content; uniform if not given.

    Examples
    --------
    >>> logo_bytes([[1, 0, 0, 0], [0, 0.5, 0.5, 0]], ".png")[1:4]
    b'PNG'
    """
    one_of("suffix", suffix, SUFFIXES)
    heights = letter_heights(motif, background=background)
    top, _, ticks, unit = axis_range(heights, "bits", background)

    import logomaker
    import pandas as pd
    from matplotlib.figure import Figure

    # Without pyplot, which would keep the figure in memory and look for a window system.
    width = 0.6 + 0.28 * len(heights)
    figure = Figure(figsize=(width, 1.8))
    axes = figure.add_axes((0.45 / width, 0.14, 1 - 0.5 / width, 0.81))
    table = pd.DataFrame(heights, columns=list(BASES), index=range(1, len(heights) + 1))
    logomaker.Logo(table, ax=axes, color_scheme=BASE_COLOURS, show_spines=False)
    axes.spines["left"].set_visible(True)
    axes.set(ylim=(0, top), yticks=ticks, ylabel=unit, xticks=table.index)
    axes.tick_params(axis="x", length=0, labelsize=7)
    file = io.BytesIO()
    figure.savefig(file, format=suffix[1:], dpi=300)
    return file.getvalue()


def save_logo(motif: Motif | np.ndarray, path: str | Path, background=None) -> Path:
    """Save a logo in bits as an SVG, PDF or PNG file, by the suffix of its name.

    Parameters
    ----------
    motif, background
        As for `logo_bytes`.
    path : str or Path
        Ends in ``.svg``, ``.pdf`` or ``.png``, in either case; an older file is replaced.

    Returns
    -------
    Path
        Where the logo was saved.
    """
    path = Path(path)
    path.write_bytes(logo_bytes(motif, path.suffix.lower(), background))
    return path
