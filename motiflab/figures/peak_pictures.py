"""Pictures of peaks: the window around a summit, and the distances of hits from the summits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from motiflab.figures.chart_parts import GREY, Figure, axis, bars, figure, key, upright
from motiflab.figures.style import ACCENT, SEQUENTIAL, round_up
from motiflab.figures.svg import (
    AXIS,
    MARK,
    MIDDLE,
    NARROW,
    Ruler,
    sequence_row,
    svg_group,
    svg_path,
    svg_picture,
    svg_text,
)

# Pixels: of the picture, of its margins at the left and at the right, and of a letter.
_WIDE, _NARROW = (588, 84, 24, 20), (NARROW, 60, 20, 12.3)
_ROWS = {"contig": 42, "avoid": 70, "peak": 98, "window": 126}  # base lines of the names
_NEAR = 10  # letters on either side of the summit
_STEP = 10  # bases in a bar


def window_svg(
    bases: int,
    peak: tuple[int, int, int],
    window: tuple[int, int],
    avoid: Mapping[str, tuple[int, int]],
    letters: str,
    words: str,
    uid: str,
    narrow: bool = False,
) -> str:
    """Draw a contig, a peak on it and the window around its summit, and the letters there.

    Parameters
    ----------
    bases : int
        Length of the contig.
    peak : (int, int, int)
        Start, end (exclusive) and summit of the peak.
    window : (int, int)
        Start and end (exclusive); either may be beyond the contig.
    avoid : mapping of str to (int, int)
        Regions that no window may overlap, by name.
    letters : str
        The sequence in the direction in which it is read, whose summit is base ``L // 2``; empty
        if the window cannot be used.
    words : str
        Description for a screen reader.
    uid : str
        A letter, then letters, digits and hyphens; different for each picture on a page.
    narrow : bool
        Draw the contig and the letters smaller; see `motiflab.figures.svg.fitted`.

    Examples
    --------
    >>> svg = window_svg(100, (40, 60, 50), (48, 52), {"N": (0, 10)}, "ACGT", "A window.", "w")
    >>> svg.count("<rect"), ">summit<" in svg
    (4, True)
    """
    width, left, right, letter = _NARROW if narrow else _WIDE
    ruler = Ruler(left, (width - left - right) / bases)
    start, end, summit = peak
    names = (svg_text(left - 10, y, name, "end") for name, y in _ROWS.items())
    ticks = range(0, bases + 1, bases // 5)
    parts = [
        *names,
        svg_group((svg_text(ruler.x(t), 26, f"{t:,}") for t in ticks), MIDDLE),
        ruler.span(0, bases, _ROWS["contig"] - 9, 8, f'fill="{GREY}" fill-opacity="0.5"'),
        *(ruler.span(*s, _ROWS["avoid"] - 11, 12, f'fill="{GREY}"') for s in avoid.values()),
        *(svg_text(ruler.x(s[1]) + 5, _ROWS["avoid"], name) for name, s in avoid.items()),
        ruler.span(start, end, _ROWS["peak"] - 11, 12, f'fill="{SEQUENTIAL}"'),
        # A window may begin before the contig, but its bar does not cover its name.
        ruler.span(
            max(window[0], -6 / ruler.unit), window[1], _ROWS["window"] - 11, 12, f'fill="{ACCENT}"'
        ),
        svg_path(f"M{ruler.x(summit + 0.5):.1f} 84V132", f'{MARK} stroke-width="2"'),
    ]
    if letters:
        middle = len(letters) // 2
        first = max(0, middle - _NEAR)
        shown = letters[first : middle + _NEAR + 1]
        row = Ruler(left + 10, letter)
        at = row.x(middle - first + 0.5)
        parts += [
            svg_text(left - 10, 172, "letters", "end"),
            sequence_row(row, 172, shown),
            svg_path(f"M{row.x(0):.1f} 178H{row.x(len(shown)):.1f}", AXIS),
            svg_path(f"M{at:.1f} 180v6", f'{MARK} stroke-width="2"'),
            svg_text(at, 198, "summit", "middle"),
        ]
    return svg_picture(
        "".join(parts),
        "A peak and its window on the contig",
        words,
        uid,
        (width, 204),
        scaled=True,
        style=f"min-width:{width}px" + f";max-width:{1.2 * width:.0f}px" * narrow,
    )


def distances_chart(distances: Sequence[float], length: int, reach: float = 25) -> Figure:
    """Draw a histogram of the distances of hits from the summit.

    Parameters
    ----------
    distances : sequence of float
        In bases, negative before the summit.
    length : int
        Bases in a sequence, which give the ends of the axis.
    reach : float
        Distance within which a hit is near.

    Examples
    --------
    >>> chart = distances_chart([-3.5, 2, 4, 61], 200)
    >>> chart.data[0]["y"].max()
    np.int64(2)
    """
    end = -(-length // 2 // _STEP) * _STEP
    edges = np.arange(-end, end + 1, _STEP)
    counts = np.histogram(distances, edges)[0]
    trace = bars((edges[:-1] + edges[1:]) / 2, counts, "hits", SEQUENTIAL)
    return figure(
        [trace],
        "Hits by their distance from the summit",
        [key(trace, f"hits in {_STEP} bases"),
         f'<span style="color:{ACCENT}">┃</span> {reach:g} bases from it'],
        axis("bases from the summit", (-end, end), dtick=50),
        axis("hits", (0, round_up(max(1, counts.max())))),
        "%{x}: %{y} hits",
        shapes=[upright(place, ACCENT, width=2) for place in (-reach, reach)],
    )  # fmt: skip


def distances_text(distances: Sequence[float], reach: float = 25) -> str:
    """Return what `distances_chart` shows, in words.

    >>> distances_text([-3.5, 2, 4, 61])
    '3 of 4 hits lie within 25 bases of the summit; half of them within 3.75.'
    """
    away = np.abs(distances)
    if not len(away):
        return "There are no hits."
    return (
        f"{(away <= reach).sum()} of {len(away)} hits lie within {reach:g} bases of the summit; "
        f"half of them within {np.median(away):g}."
    )
