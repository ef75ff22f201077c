"""Draw where a site probably is: a band under every base, darker for higher probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import numpy as np

from motiflab.figures.numbers import minus
from motiflab.figures.style import LETTER_COLOURS, SEQUENTIAL
from motiflab.figures.svg import (
    BOLD,
    FAINT,
    MARK,
    MIDDLE,
    NARROW,
    Ruler,
    position_numbers,
    rows_of,
    svg_group,
    svg_path,
    svg_picture,
    svg_text,
    within,
)
from motiflab.figures.tables import html_table

_ROW, _HEAD, _LEFT, _RIGHT, _WIDTH, _BAND = 25, 16, 16, 82, 590, 6  # pixels


@dataclass(frozen=True, eq=False)
class Places:
    """A sequence, and the probability of each place of its site.

    Attributes
    ----------
    name, sequence : str
    chance : ndarray, shape (S, M)
        Probability that the site is window ``i``, on the given and, if read, the other strand.
    width : int
        Width of the site, in bases.
    truth : tuple of (int, int)
        First base (inclusive, from 0) and last base (exclusive) of each planted site, if known.
    """

    name: str
    sequence: str
    chance: np.ndarray
    width: int
    truth: tuple[tuple[int, int], ...] = ()

    @property
    def best(self) -> tuple[int, str, float]:
        """First base of the most probable place, its strand and its probability."""
        strand, start = np.unravel_index(self.chance.argmax(), self.chance.shape)
        return int(start), "+-"[strand], float(self.chance[strand, start])

    def covered(self) -> np.ndarray:
        """Probability that each base belongs to the site: over the places that cover it, (L,)."""
        return np.convolve(self.chance.sum(axis=0), np.ones(self.width))


def places_svg(rows: Sequence[Places], uid: str, narrow: bool = False) -> str:
    """Draw sequences one below the other, with a band that shows the probability of each base.

    The band is under the letters, so that they stay readable. A planted site has a line. The most
    probable place is given at the right.

    Parameters
    ----------
    rows : sequence of Places
        At least one.
    uid : str
        A letter, then letters, digits and hyphens; different for each picture on a page.
    narrow : bool
        Draw 30 bases in a line, with the number of its first; see `motiflab.figures.svg.fitted`.

    Examples
    --------
    >>> row = Places("first", "AACGT", np.array([[0.1, 0.1, 0.8, 0.0]]), width=2)
    >>> "0.80 at 2 +" in places_svg([row], "p"), row.covered().round(1).tolist()
    (True, [0.1, 0.2, 0.9, 0.8, 0.0])
    """
    longest = max(len(row.sequence) for row in rows)
    lines, width = rows_of(longest, narrow), NARROW if narrow else _WIDTH
    left = 20 if narrow else _LEFT  # room for the number of the first base
    unit = (width - left - _RIGHT) / max(map(len, lines))
    rulers = [Ruler(left - line.start * unit, unit) for line in lines]
    parts = [position_numbers(rulers[0], 11, lines[0], FAINT)]
    y = _HEAD
    for row in rows:
        parts += [svg_text(0, y + 12, row.name), svg_text(width, y + 12, _best(row), "end")]
        for ruler, line in zip(rulers, lines):
            if line.start:
                parts.append(svg_text(0, y + 12, line.start, look=FAINT))
            parts += [_bands(row, ruler, line, y + 15), _letters(ruler, y + 12, row.sequence, line)]
            parts += [
                svg_path(f"M{ruler.x(a):.1f} {y + 22}H{ruler.x(b):.1f}", f'{MARK} stroke-width="2"')
                for a, b in filter(None, (within(line, *site) for site in row.truth))
            ]
            y += _ROW
    return svg_picture(
        "".join(parts),
        "Where the site of each sequence probably is",
        " ".join(f"{row.name}: {_best(row)}." for row in rows),
        uid,
        (width, y),
        scaled=True,
        style=f"min-width:{width}px",
    )


def _bands(row: Places, ruler: Ruler, line: range, y: float) -> str:
    # Neighbours of one shade are one rectangle: a browser then has half as many to draw.
    shades = zip(line, (f"{shade:.2f}" for shade in row.covered()[line.start : line.stop]))
    bands = [(shade, [k for k, _ in run]) for shade, run in groupby(shades, itemgetter(1))]
    return "".join(
        ruler.span(run[0], run[-1] + 1, y, _BAND, f'fill="{SEQUENTIAL}" fill-opacity="{shade}"')
        for shade, run in bands
        if float(shade) > 0.02
    )


def places_table(rows: Sequence[Places]) -> str:
    """The same as an HTML table: for each sequence the most probable place and planted sites.

    >>> row = Places("first", "AACGT", np.array([[0.1, 0.1, 0.8, 0.0]]), width=2)
    >>> "<td>2 to 4</td><td>+</td><td>0.80</td>" in places_table([row])
    True
    """
    heads = ["Sequence", "Most probable place", "Strand", "Probability", "Planted"]
    body = []
    for row in rows:
        start, strand, chance = row.best
        truth = ", ".join(f"{a} to {b}" for a, b in row.truth) or "not known"
        place = f"{start} to {start + row.width}"
        body.append([row.name, place, minus(strand), f"{chance:.2f}", truth])
    return html_table("Places; bases count from 0, the last is exclusive", heads, body)


def _letters(ruler: Ruler, y: float, sequence: str, line: range) -> str:
    """Write a part of a sequence with all its A in one element and so on, which is shorter."""
    texts = []
    for base, colour in LETTER_COLOURS.items():
        here = (i for i in line if sequence[i : i + 1] == base)
        at = [f"{ruler.x(i + 0.5):.1f}" for i in here]
        texts += [
            f'<text x="{" ".join(at)}" y="{y}" fill="{colour}">{base * len(at)}</text>'
        ] * bool(at)
    return svg_group(texts, f'{MIDDLE} {BOLD} font-family="monospace"')


def _best(row: Places) -> str:
    start, strand, chance = row.best
    return f"{chance:.2f} at {start} {minus(strand)}"
