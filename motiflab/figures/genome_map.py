"""Draw a genome as a line with its hits, and enlarged windows in which single sites are visible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from motiflab.figures.style import ACCENT, DIVERGING, SEQUENTIAL
from motiflab.figures.svg import (
    AXIS,
    BOLD,
    FAINT,
    MARK,
    MIDDLE,
    NARROW,
    Ruler,
    svg_path,
    svg_picture,
    svg_rect,
    svg_text,
)

_WIDTH, _LEFT, _GAP = 588, 4, 26  # pixels
_LINE, _TICK, _BOX = 34, 14, 76  # the genome, a hit, the boxes of the sites
# A window in a narrow picture, a further line of words in it, and a line beside it.
_LOW, _WORDS, _WAY = 53, 15, 12


@dataclass(frozen=True, eq=False)
class GenomeMap:
    """A genome, its hits and its known sites.

    Attributes
    ----------
    length : int
        Bases of the genome.
    width : int
        Bases of a site.
    hits : sequence of int
        First base of each hit, from 0.
    sites : mapping of str to int
        First base of each known site, by its name.
    left : str
        The name of the left-out site, if any.
    windows : sequence of (int, int)
        First base and the base after the last of the enlarged windows.
    """

    length: int
    width: int
    hits: Sequence[int]
    sites: Mapping[str, int]
    left: str
    windows: Sequence[tuple[int, int]]

    def inside(self, window: tuple[int, int]) -> dict[str, int]:
        """Sites that begin in a window, and their first bases."""
        return {name: a for name, a in self.sites.items() if window[0] <= a < window[1]}

    def within(self, window: tuple[int, int]) -> list[int]:
        """First bases of the hits that are completely in a window."""
        return [hit for hit in self.hits if window[0] <= hit <= window[1] - self.width]


def genome_svg(shown: GenomeMap, uid: str, narrow: bool = False) -> str:
    """Draw the genome with a stroke for each hit, and its windows with sites and hits as boxes.

    A site that is a hit is filled. The left-out site has a thick edge.

    Parameters
    ----------
    shown : GenomeMap
    uid : str
        As for `svg_picture`.
    narrow : bool
        Draw each window below the previous one; see `motiflab.figures.svg.fitted`.

    Examples
    --------
    >>> shown = GenomeMap(1000, 10, [500], {"A": 500}, "A", windows=((450, 550),))
    >>> "A at 500: left out, found" in genome_svg(shown, "p")
    True
    """
    width, count = NARROW if narrow else _WIDTH, len(shown.windows)
    whole = Ruler(_LEFT, (width - 2 * _LEFT) / shown.length)
    strokes = sorted({round(whole.x(hit)) for hit in shown.hits})
    parts = [
        *(
            svg_rect(whole.x(a) - 3, _LINE - 22, whole.unit * (b - a) + 6, 28,
                     f'rx="3" fill="{ACCENT}" fill-opacity="0.25"')
            for a, b in shown.windows
        ),
        svg_path(f"M{_LEFT} {_LINE}H{width - _LEFT}", AXIS),
        svg_path("".join(f"M{x} {_LINE}v-{_TICK}" for x in strokes),
                 f'stroke="{SEQUENTIAL}" stroke-width="1.5"'),
        svg_text(_LEFT, 10, f"{len(shown.hits):,} hits in {shown.length:,} bases"),
    ]  # fmt: skip
    columns, box = 1 if narrow else count, _BOX
    wide = (width - 2 * _LEFT - _GAP * (columns - 1)) / columns - _WAY * (count - columns)
    for i, window in enumerate(shown.windows):
        row, column = divmod(i, columns)
        ruler = Ruler(_LEFT + column * (wide + _GAP) - window[0] * wide / (window[1] - window[0]),
                      wide / (window[1] - window[0]))  # fmt: skip
        parts += _window(shown, window, ruler, box, box + (30 if narrow else 46))
        # A line from its place in the genome to a window, on the right of the windows above it.
        middle, end = sum(window) / 2, ruler.x(window[1])
        way = f"{ruler.x(middle):.0f} {_BOX - 16}"
        if row:
            way = f"{end + row * _WAY:.0f} {_BOX - 16}V{box + 8}H{end:.0f}"
        line = f"M{whole.x(middle):.0f} {_LINE + 6}L{way}"
        parts.append(svg_path(line, f'stroke="{ACCENT}"'))
        if narrow:
            box += _LOW + _WORDS * (shown.left in shown.inside(window))
    words = "; ".join(
        f"{name} at {start}: {'left out, ' * (name == shown.left)}"
        f"{'found' if start in shown.hits else 'not found'}"
        for name, start in shown.sites.items()
    )
    elsewhere = len(shown.hits) - sum(len(shown.within(window)) for window in shown.windows)
    return svg_picture(
        "".join(parts),
        "Hits in the genome",
        f"{words}. {elsewhere:,} hits lie outside of the enlarged windows.",
        uid,
        (width, box - 18 if narrow else box + 50),
        scaled=True,
        style=f"min-width:{width}px" + f";max-width:{1.2 * width:.0f}px" * narrow,
    )


def _window(
    shown: GenomeMap, window: tuple[int, int], ruler: Ruler, box: float, ends: float
) -> list[str]:
    inside = shown.inside(window)
    parts = [svg_path(f"M{ruler.x(window[0]):.1f} {box + 8}H{ruler.x(window[1]):.1f}", AXIS)]
    for hit in shown.within(window):
        if hit not in inside.values():
            parts.append(ruler.span(hit, hit + shown.width, box, 16, f'fill="{SEQUENTIAL}" '
                                    'fill-opacity="0.35"'))  # fmt: skip
    for name, start in inside.items():
        found, left = start in shown.hits, name == shown.left
        fill = f'fill="{DIVERGING[0] if left else SEQUENTIAL}"' if found else 'fill="none"'
        look = f'rx="2" {fill} fill-opacity="0.55" {MARK}'
        parts.append(ruler.span(start, start + shown.width, box, 16, look + ' stroke-width="3"'
                                * left))  # fmt: skip
        middle = ruler.x(start + shown.width / 2)
        parts.append(svg_text(middle, box - 5, name, look=f"{MIDDLE} {BOLD}"))
        parts += [
            svg_text(middle, box + 30 + _WORDS * line, words, look=f"{MIDDLE} {FAINT}")
            for line, words in enumerate(["hit" if found else "missed", *["left out"] * left])
        ]
    parts.append(svg_text(ruler.x(window[0]), ends, f"{window[0]:,}", look=FAINT))
    parts.append(svg_text(ruler.x(window[1]), ends, f"{window[1]:,}", "end", FAINT))
    return parts
