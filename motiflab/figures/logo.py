"""Sequence logos: as SVG, as text, and printable by logomaker.

A logo stacks the letters of each position of a matrix, the largest furthest from the axis
(Schneider & Stephens 1990). The letters are outlines drawn for this project; each is written once
and placed by reference, so a logo is a few KB and takes a fraction of a millisecond.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from motiflab.checks import inside, one_of, require
from motiflab.figures.numbers import brief
from motiflab.figures.style import BASE_COLOURS, TEXT, letter_colours, round_up
from motiflab.figures.svg import (
    MIDDLE,
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
    "C": "M100 35C97 12 78 0 53 0C20 0 0 19 0 50C0 81 20 100 53 100C78 100 97 88 100 65L75 62"
    "C73 75 65 81 53 81C36 81 25 70 25 50C25 30 36 19 53 19C65 19 73 25 75 38Z",
    "G": "M98 31C94 11 77 0 53 0C20 0 0 19 0 50C0 81 20 100 53 100C73 100 90 93 100 83V46H53V63"
    "H76V73C70 79 63 81 54 81C36 81 25 70 25 50C25 30 36 19 53 19C64 19 71 24 74 35Z",
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

    Returns
    -------
    str
        An ``<svg>`` element that takes its text and line colours from the theme around it.

    Examples
    --------
    >>> svg = logo_svg([[1, 0, 0, 0], [0, 0, 0.5, 0.5]], title="AG or AT")
    >>> svg.startswith("<svg"), svg.count("<use"), len(svg) < 4000
    (True, 3, True)
    """
    alphabet = getattr(matrix, "alphabet", alphabet)
    heights = letter_heights(matrix, kind, background, alphabet)
    top, bottom, ticks, name = axis_range(heights, kind, background, limit, alphabet)
    if description is None:
        description = _in_words(heights, kind, background, matrix, alphabet)
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
        glyph_definitions(uid, alphabet)
        + axis_lines(scale, _LEFT, right, (bottom, top), ticks)
        + axis_name(_TOP + drawn / 2, unit if kind == "signed" else name)
        + svg_group(numbers, MIDDLE)
        + letters(heights, uid, ruler, scale, alphabet)
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


def glyph_definitions(uid: str, alphabet: Alphabet = DNA) -> str:
    """Definitions of all letters for `letters`, needed once for each `uid` on a page."""
    require(
        "alphabet",
        set(alphabet.letters) <= set(_OUTLINES),
        f"hold letters and _ only, to be drawn, got {alphabet.letters}",
    )
    # Each fills a box of 1 x 1, except for a gap at both sides that separates neighbours.
    colours = letter_colours(alphabet.letters, alphabet.kind)
    glyphs = (
        f'<path id="{uid}{base}" fill="{colours[base]}" fill-rule="evenodd" {_EDGE} '
        'vector-effect="non-scaling-stroke" '
        f'transform="translate(.04)scale(.0092 .01)" d="{_OUTLINES[base]}"/>'
        for base in alphabet.letters
    )
    return f"<defs>{''.join(glyphs)}</defs>"


def letters(
    heights: np.ndarray, uid: str, ruler: Ruler, scale: Scale, alphabet: Alphabet = DNA
) -> str:
    """The stacked letters of a logo, as an SVG group.

    Positive letters are above the axis and negative ones upside down below it, the largest
    furthest from the axis.

    Parameters
    ----------
    heights : ndarray, shape (w, A)
        From `letter_heights`.
    uid : str
        The `uid` of the `glyph_definitions` on the same page.
    ruler : Ruler
        Places of the positions.
    scale : Scale
        Scale of the heights.
    alphabet : Alphabet
        Of A letters.
    """
    pixels = heights * scale.unit
    order = np.argsort(np.abs(pixels), axis=1, kind="stable")
    pixels = np.take_along_axis(pixels, order, axis=1)
    # The far end of each letter, in one stack above and one below the axis.
    above, below = pixels.clip(min=0).cumsum(axis=1), pixels.clip(max=0).cumsum(axis=1)
    far = np.where(pixels >= 0, above, below)
    # A negative height turns the letter upside down.
    least = _INVISIBLE if alphabet.size <= 4 else _CROWDED
    names = [f"#{uid}{letter}" for letter in alphabet.letters]
    uses = [
        f'<use href="{names[a]}" transform="matrix(1 0 0 {size:.1f} {k} {-end:.1f})"/>'
        for k, row in enumerate(zip(order.tolist(), pixels.tolist(), far.tolist()))
        for a, size, end in zip(*row)
        if abs(size) >= least
    ]
    place = f"translate({ruler.zero:g} {scale.zero:.1f})scale({ruler.unit:g} 1)"
    return svg_group(uses, f'transform="{place}"')


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
