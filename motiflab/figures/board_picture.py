"""Draw a leaderboard: the area of each detector and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from motiflab.figures.style import ACCENT, SEQUENTIAL
from motiflab.figures.svg import AXIS, MARK, NARROW, svg_path, svg_picture, svg_text

_LABEL, _WIDTH, _LINE, _NUMBERS = 160, 250, 24, 150  # pixels
_LONGEST = 22  # characters of a name


class BoardLine(NamedTuple):
    """One line of a board.

    Attributes
    ----------
    name : str
        Any text; cut if it is long.
    area, low, high : float
        An area and its range, 0 to 1.
    kind : {"hand-in", "limit", "guess"}
        Its symbol: a dot, a diamond or a ring.
    """

    name: str
    area: float
    low: float
    high: float
    kind: str = "hand-in"

    @property
    def words(self) -> str:
        """The area with its range."""
        return f"{self.area:.3f} ({self.low:.3f} to {self.high:.3f})"


def board_svg(
    lines: Sequence[BoardLine], title: str, uid: str, least: float = 0.0, narrow: bool = False
) -> str:
    """Draw areas as points on bars that show their ranges, one below the other.

    Parameters
    ----------
    lines : sequence of BoardLine
        From top to bottom.
    title : str
        For a screen reader.
    uid : str
        As for `svg_picture`.
    least : float
        Left end of the axis, below 1; a multiple of 0.1. Its right end is 1.
    narrow : bool
        Write names and numbers over the bars; see `motiflab.figures.svg.fitted`.

    Returns
    -------
    str
        The ``<svg>`` element.

    Examples
    --------
    >>> svg = board_svg([BoardLine("Ada", 0.9, 0.85, 0.94)], "A board", "board")
    >>> "Ada: 0.900 (0.850 to 0.940)." in svg
    True
    """
    # In a narrow card the name and the numbers of a line are above its bar.
    label, across, line_height = (10, NARROW - 20, 40) if narrow else (_LABEL, _WIDTH, _LINE)
    width = NARROW if narrow else _LABEL + _WIDTH + _NUMBERS + 12
    unit, foot = across / (1 - least), line_height * len(lines) + 6

    def x(area: float) -> float:
        return label + (max(area, least) - least) * unit

    step = 1 if least > 0.45 else 2
    ticks = [tenth / 10 for tenth in range(10, round(least * 10) - 1, -step)]
    middles = [line_height * (i + 1) - 8 for i in range(len(lines))]
    # Where words are between the bars, the lines of the axis pause.
    grid = [*(f"{y - 8}v16" for y in middles), f"{foot}v4"] if narrow else [f"4V{foot + 4:g}"]
    drawn = [svg_path("".join(f"M{x(t):.1f} {part}" for t in ticks for part in grid), AXIS)]
    drawn += [svg_text(x(tick), foot + 18, f"{tick:.1f}", "middle") for tick in ticks]
    drawn += [svg_text(label + across / 2, foot + 36, "AUPRC", "middle")]
    for y, line in zip(middles, lines):
        name = line.name if len(line.name) <= _LONGEST else f"{line.name[: _LONGEST - 1]}…"
        drawn += [
            svg_path(f"M{x(line.low):.1f} {y - 5}v10m0 -5H{x(line.high):.1f}m0 -5v10", MARK),
            _point(x(line.area), y, line.kind),
        ]
        if narrow:
            drawn += [
                svg_text(0, y - 12, name),
                svg_text(width, y - 12, line.words, "end"),
            ]
        else:
            drawn += [
                svg_text(label - 10, y + 4, name, "end"),
                svg_text(label + across + 12, y + 4, line.words),
            ]
    said = " ".join(f"{line.name}: {line.words}." for line in lines)
    return svg_picture(
        "".join(drawn),
        title,
        said,
        uid,
        (width, foot + 42),
        style=f"min-width:{width}px;height:auto",
    )


def _point(x: float, y: float, kind: str) -> str:
    if kind == "limit":
        return f'<path d="M{x:.1f} {y - 6}l6 6l-6 6l-6 -6z" fill="{SEQUENTIAL}" />'
    fill = "none" if kind == "guess" else ACCENT
    return (
        f'<circle cx="{x:.1f}" cy="{y}" r="4.5" fill="{fill}" stroke="{ACCENT}" stroke-width="2" />'
    )
