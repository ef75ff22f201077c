"""Draw a leaderboard: the area of each detector and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from motiflab.figures.style import ACCENT, SEQUENTIAL
from motiflab.figures.svg import AXIS, MARK, svg_path, svg_picture, svg_text

_LABEL, _WIDTH, _LINE, _NUMBERS = 160, 250, 24, 150  # pixels
_LONGEST = 20  # characters of a name


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


def board_svg(lines: Sequence[BoardLine], title: str, uid: str, least: float = 0.0) -> str:
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
    unit, foot = _WIDTH / (1 - least), _LINE * len(lines) + 6

    def x(area: float) -> float:
        return _LABEL + (max(area, least) - least) * unit

    step = 1 if least > 0.45 else 2
    ticks = [tenth / 10 for tenth in range(10, round(least * 10) - 1, -step)]
    drawn = [svg_path("".join(f"M{x(t):.1f} 4V{foot + 4:g}" for t in ticks), AXIS)]
    drawn += [svg_text(x(tick), foot + 18, f"{tick:.1f}", "middle") for tick in ticks]
    drawn += [svg_text(_LABEL + _WIDTH / 2, foot + 36, "AUPRC", "middle")]
    for i, line in enumerate(lines):
        y = _LINE * i + 16
        name = line.name if len(line.name) <= _LONGEST else f"{line.name[: _LONGEST - 1]}…"
        drawn += [
            svg_text(_LABEL - 10, y + 4, name, "end"),
            svg_path(f"M{x(line.low):.1f} {y - 5}v10m0 -5H{x(line.high):.1f}m0 -5v10", MARK),
            _point(x(line.area), y, line.kind),
            svg_text(_LABEL + _WIDTH + 12, y + 4, line.words),
        ]
    said = " ".join(f"{line.name}: {line.words}." for line in lines)
    size = (_LABEL + _WIDTH + _NUMBERS + 12, foot + 42)
    return svg_picture(
        "".join(drawn), title, said, uid, size, style=f"min-width:{size[0]}px;height:auto"
    )


def _point(x: float, y: float, kind: str) -> str:
    if kind == "limit":
        return f'<path d="M{x:.1f} {y - 6}l6 6l-6 6l-6 -6z" fill="{SEQUENTIAL}" />'
    fill = "none" if kind == "guess" else ACCENT
    return (
        f'<circle cx="{x:.1f}" cy="{y}" r="4.5" fill="{fill}" stroke="{ACCENT}" stroke-width="2" />'
    )
