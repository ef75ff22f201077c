"""Stacked bars: how many students have each exercise right, not yet, or not attempted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from motiflab.course.classwork import ABSENT, NOTHING
from motiflab.exercises.exercise import NOT_ATTEMPTED, NOT_YET, RIGHT
from motiflab.figures.style import FONT, LINE, TEXT

# Indigo and sand (of Paul Tol's muted scheme) differ for every kind of colour vision and are none
# of the bases' colours; the rest are greys, ever lighter. The ink is what is read on each.
INKS = {
    RIGHT: ("var(--right-bar, #332288)", "#fff"),
    NOT_YET: ("#ddcc77", "#222"),
    NOT_ATTEMPTED: ("var(--jp-border-color1, #bdbdbd)", TEXT),
    NOTHING: ("var(--jp-layout-color2, #eee)", TEXT),
    ABSENT: ("none", TEXT),
}
"""Fill of each state, and the colour of the number on it."""

_LABEL, _BAR, _ROW, _HIGH = 340, 480, 34, 22


def bars_svg(
    title: str, rows: Sequence[tuple[str, Mapping[str, int]]], uid: str, description: str
) -> str:
    """Draw one bar for each row.

    Parameters
    ----------
    title : str
    rows : sequence of (str, mapping)
        A name, and how many students are in each state.
    uid : str
        Prefix of the ids in the picture.
    description : str
        The picture in words, for those who do not see it.

    Returns
    -------
    str
        A whole ``<svg>`` element.

    Examples
    --------
    >>> svg = bars_svg("Scanning", [("Count", {"right": 3, "not attempted": 1})], "a", "3 of 4")
    >>> svg.count("<rect"), ">3</text>" in svg
    (2, True)
    """
    width, height = _LABEL + _BAR + 2, len(rows) * _ROW + 2
    parts = []
    for number, (name, counts) in enumerate(rows):
        y, x, total = number * _ROW + 6, float(_LABEL), sum(counts.values())
        short = name if len(name) <= 46 else f"{name[:45]}…"
        middle = y + _HIGH / 2 + 4.5
        parts.append(
            f'<text x="{_LABEL - 12}" y="{middle}" text-anchor="end">{escape(short)}</text>'
        )
        for state, (fill, ink) in INKS.items():
            wide = _BAR * counts.get(state, 0) / total if total else 0
            if not wide:
                continue
            parts.append(
                f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{_HIGH}" '
                f'style="fill:{fill};stroke:{LINE}"/>'
            )
            if wide >= 9 * len(str(counts[state])):  # what has no room stands in the table
                parts.append(
                    f'<text x="{x + wide / 2:.1f}" y="{middle}" text-anchor="middle" '
                    f'style="fill:{ink}">{counts[state]}</text>'
                )
            x += wide
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{uid}-t {uid}-d" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'style="max-width:100%;min-width:560px;height:auto;font:13px {FONT};fill:{TEXT}">'
        f'<title id="{uid}-t">{escape(title)}</title>'
        f'<desc id="{uid}-d">{escape(description)}</desc>{"".join(parts)}</svg>'
    )
