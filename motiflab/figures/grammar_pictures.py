"""Two motifs at a distance: what one unit sees, and what a network learned of the gap."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from motiflab.figures.chart_parts import GREY, axis, figure, key, line, points
from motiflab.figures.heatmap import heatmap_svg, heatmap_table
from motiflab.figures.style import ACCENT, DIVERGING, FAINT_TEXT, SEQUENTIAL, TEXT
from motiflab.figures.svg import svg_picture
from motiflab.interpretation.filters_as_motifs import Reading
from motiflab.layers.receptive_fields import (
    Grammar,
    Stack,
    best_place,
    missed,
    receptive_field,
    seen_positions,
)

if TYPE_CHECKING:
    import plotly.graph_objects as go

_WIDTH, _LEFT, _RIGHT = 590, 172, 8  # pixels; the words stand left of the bases
_ROW, _BOX, _PHASES = 24, 15, 6  # pixels of a row and of a motif; rows that are kept for phases
_MARGIN, _WIDE = 12, (50, 80, 120, 200, 400, 800, 1600)  # bases left of the field, and in all
_MISSED = DIVERGING[0]


def field_svg(
    stack: Stack, grammar: Grammar, names: tuple[str, str] = ("A", "B"), uid: str = "field"
) -> str:
    """Draw what one unit sees, what it needs to see, and the composite in every phase.

    Above, the field of one unit of the last layer with its holes, then what each of the unit's
    own taps sees, then the field that is needed. Below, the composite, each time against the unit
    that sees most of it: with the shortest gap in its worst phase, and with the longest in each.

    Parameters
    ----------
    stack : Stack
        Its window must be at most 6, for which there is room.
    grammar : Grammar
    names : (str, str)
        What to write on the two motifs, from left to right.
    uid : str
        A letter, then letters, digits and hyphens; another for each picture on a page.

    Returns
    -------
    str
        An ``<svg>`` element; its size is always the same.

    Examples
    --------
    >>> svg = field_svg(Stack(7, 4, 5), Grammar(7, 7, 9, 11))
    >>> "r = 26 bases" in svg, "28 needed" in svg
    (True, True)
    """
    layers = stack.layers
    size, jump, start = receptive_field(layers)
    seen = seen_positions(layers) - start
    needed = grammar.needed(jump)
    longest = grammar.needed()
    places = [(grammar.gap_max, phase) for phase in range(jump)]
    worst = int(missed(layers, grammar)[0].argmax())
    found = [
        (gap, phase, *best_place(layers, grammar, gap, phase))
        for gap, phase in [(grammar.gap_min, worst), *places]
    ]
    low = min(-_MARGIN, *(place for _, _, place, _ in found))
    ends = (p + grammar.first + g + grammar.second for g, _, p, _ in found)
    right = max(size, needed, *ends) + 1
    high = low + next(wide for wide in _WIDE if low + wide >= right)
    scale = (_WIDTH - _LEFT - _RIGHT) / (high - low)
    height = _ROW * (4 + _PHASES) + 16

    def x(position: float) -> float:
        return _LEFT + (position - low) * scale

    def bar(first: float, last: float, y: float, style: str, tall: float = _BOX) -> str:
        return (
            f'<rect x="{x(first):.1f}" y="{y:g}" width="{(last - first) * scale:.1f}" '
            f'height="{tall:g}" {style}/>'
        )

    def words(at: float, y: float, text: str, more: str = "") -> str:
        return f'<text x="{at:.1f}" y="{y + 12:g}" {more}>{escape(text)}</text>'

    end = 'text-anchor="end"'
    full = f'fill="{SEQUENTIAL}" fill-opacity=".55"'
    parts, y = [], 4
    depth = _ROW * (3 + len(found)) + 2
    for first, last in _runs(seen):  # what is seen, as a light band through the rows below
        parts.append(bar(first, last, y, full))
        parts.append(bar(first, last, y + _ROW, f'fill="{SEQUENTIAL}" fill-opacity=".1"', depth))
    parts.append(bar(0, size, y, f'fill="none" stroke-dasharray="3 2" style="stroke:{FAINT_TEXT}"'))
    parts += [words(_LEFT - 6, y, f"one unit sees r = {size} bases", end)]
    y += _ROW
    parts.append(words(_LEFT - 6, y, "its own taps see", end))
    one = Stack(stack.width, stack.window, stack.second_width, stack.dilation, stack.depth - 1)
    tap = receptive_field(one.layers).size
    for k in range(stack.second_width):
        first = k * stack.dilation * jump
        style = f'fill="none" stroke="{SEQUENTIAL}" stroke-width="1.5"'
        parts.append(bar(first, first + tap, y + 9 * (k % 2), style, 6))
    y += _ROW + 2
    parts += [
        words(_LEFT - 6, y, f"{needed} needed", end),
        bar(0, longest, y + 4, f'fill="{TEXT}" fill-opacity=".6"', 6),
        bar(longest, needed, y + 4, f'fill="{ACCENT}"', 6),
    ]
    y += _ROW
    for row, (gap, phase, place, escaped) in enumerate(found):
        if row == 1:
            y += 8
        told = "seen whole" if not escaped else f"{escaped} missed"
        ink = f'{end} fill="{_MISSED}" font-weight="bold"' if escaped else end
        parts.append(words(_LEFT - 76, y, f"gap {gap}, phase {phase}", end))
        parts.append(words(_LEFT - 6, y, told, ink))
        parts += _composite(grammar, gap, place, set(seen.tolist()), names, bar, words, x, y)
        y += _ROW
    title = f"A field of {size} bases against the {needed} that are needed"
    return svg_picture(
        "".join(parts),
        title,
        field_text(stack, grammar),
        uid,
        (_WIDTH, height),
        style="min-width:420px",
    )


def _composite(grammar, gap, place, seen, names, bar, words, x, y) -> list[str]:
    """The two motifs, with the bases that are not seen filled, and the gap as a line."""
    bases = grammar.bases(gap) + place
    parts = []
    for at, length, name in (
        (place, grammar.first, names[0]),
        (place + grammar.first + gap, grammar.second, names[1]),
    ):
        for base in range(at, at + length):
            if base not in seen:
                parts.append(bar(base, base + 1, y, f'fill="{_MISSED}" fill-opacity=".75"'))
        parts.append(bar(at, at + length, y, f'fill="none" stroke="{TEXT}"'))
        middle = 'text-anchor="middle" font-weight="bold"'
        parts.append(words(x(at + length / 2), y, name, middle))
    line = f'<path d="M{x(bases[0] + grammar.first):.1f} {y + _BOX / 2:g}H'
    parts.append(f'{line}{x(bases[-1] + 1 - grammar.second):.1f}" stroke="{TEXT}"/>')
    return parts


def _runs(positions: np.ndarray) -> list[tuple[int, int]]:
    """First and last (exclusive) of each run of neighbours."""
    parts = np.split(positions, np.flatnonzero(np.diff(positions) > 1) + 1)
    return [(int(part[0]), int(part[-1]) + 1) for part in parts]


def field_text(stack: Stack, grammar: Grammar) -> str:
    """Say what `field_svg` shows.

    >>> field_text(Stack(7, 4, 5), Grammar(7, 7, 9, 11))
    'One unit spans 26 bases without holes; 28 are needed. Of 12 gaps and phases 9 are seen whole; \
motif bases missed at worst: 1 of 14.'
    """
    size, jump, _ = receptive_field(stack.layers)
    gaps = size - len(seen_positions(stack.layers))
    table = missed(stack.layers, grammar)
    hidden = f"with {gaps} bases in holes" if gaps else "without holes"
    total = grammar.first + grammar.second
    worst = f"; motif bases missed at worst: {table.max()} of {total}" if table.any() else ""
    return (
        f"One unit spans {size} bases {hidden}; {grammar.needed(jump)} are needed. Of "
        f"{table.size} gaps and phases {(table == 0).sum()} are seen whole{worst}."
    )


def missed_table(stack: Stack, grammar: Grammar) -> str:
    """Every gap and phase, and how many motif bases the best unit misses, as an HTML table.

    >>> "<th scope='row'>gap 11</th><td>0</td><td>0</td><td>1</td><td>1</td>" in missed_table(
    ...     Stack(7, 4, 5), Grammar(7, 7, 9, 11))
    True
    """
    table = missed(stack.layers, grammar)
    return heatmap_table(
        table,
        [f"gap {gap}" for gap in range(grammar.gap_min, grammar.gap_max + 1)],
        [str(phase) for phase in range(table.shape[1])],
        "Motif bases that the best-placed unit does not see",
        digits=0,
        corner="phase",
    )


ROWS = 8
"""First-layer filters shown at most, those that matter most."""


def field_chart(
    fields: Sequence[int],
    areas: Sequence[float],
    needed: int,
    now: tuple[int, float] | None = None,
    last: int = 50,
) -> go.Figure:
    """Draw the AUROC of trained networks against their receptive field.

    Parameters
    ----------
    fields, areas : sequence of float, of equal length
        Receptive field in bases and held-out AUROC of each training; both may be empty.
    needed : int
        The field that the grammar needs: a vertical line.
    now : (int, float), optional
        Field and AUROC of the network in training.
    last : int
        Where the axis ends, at least.

    Returns
    -------
    plotly.graph_objects.Figure

    Examples
    --------
    >>> chart = field_chart([10, 30], [0.5, 0.99], needed=28)
    >>> chart.data[0].x, chart.layout.yaxis.range
    ((10, 30), (0.4, 1.02))
    """
    dots = points(fields, areas, "trained", SEQUENTIAL, size=8, opacity=0.75)
    moving = points([now[0]] if now else (), [now[1]] if now else (), "now", ACCENT, size=10)
    end = max([last, needed + 5, *fields, *moving["x"]])
    traces = [
        line((0, end), (0.5, 0.5), "chance", GREY, dash="dot"),
        line((needed, needed), (0.4, 1.02), "needed", GREY, dash="dash"),
    ]
    keys = [key(traces[1], f"{needed} needed"), key(dots, "runs")]
    if now:
        keys.insert(0, key(moving, f"now {now[1]:.2f}"))
    axes = axis("field (bases)", (0, end)), axis("AUROC", (0.4, 1.02))
    hover = "%{x} bases<br>AUROC %{y:.3f}"
    return figure([dots, moving, *traces], "AUROC by receptive field", keys, *axes, hover)


def field_chart_text(fields: Sequence[int], areas: Sequence[float], needed: int) -> str:
    """Say what `field_chart` shows.

    >>> field_chart_text([30, 10], [0.99, 0.5], 28)
    '28 bases are needed. AUROC by receptive field: 10 bases 0.50, 30 bases 0.99.'
    """
    told = ", ".join(f"{field} bases {area:.2f}" for field, area in sorted(zip(fields, areas)))
    return f"{needed} bases are needed. AUROC by receptive field: {told or 'no training yet'}."


def reading_svg(reading: Reading, names: Sequence[str], uid: str) -> str:
    """Draw what a second-layer filter reads: rows are first-layer filters, columns its taps.

    Parameters
    ----------
    reading : Reading
        From `motiflab.interpretation.read_second_layer`.
    names : sequence of str
        What to call each first-layer filter; rows are sorted by these names.
    uid : str
        A letter, then letters, digits and hyphens; another for each picture on a page.

    Examples
    --------
    >>> import numpy as np
    >>> reading = Reading(0, 0.9, np.array([[2.0, 0], [0, 1]]), 0.1, 3.1, np.array([0, 16]))
    >>> ">2.0<" in reading_svg(reading, ["A", "B"], "r")
    True
    """
    rows = _rows(reading, names)
    return heatmap_svg(
        reading.contributions[rows],
        [names[row] for row in rows],
        _columns(reading),
        f"What second-layer filter {reading.index + 1} reads",
        reading_text(reading, names),
        uid,
        cell=(44, 22),
    )


def reading_table(reading: Reading, names: Sequence[str]) -> str:
    """The numbers of `reading_svg` as an HTML table."""
    rows = _rows(reading, names)
    return heatmap_table(
        reading.contributions[rows],
        [names[row] for row in rows],
        _columns(reading),
        "Mean contribution to the score of the second-layer filter, by distance in bases",
        corner="first-layer filter",
    )


def reading_text(reading: Reading, names: Sequence[str]) -> str:
    """Say which filter each tap listens to most.

    >>> import numpy as np
    >>> reading = Reading(0, 0.9, np.array([[2.0, 0], [0, 1]]), 0.1, 3.1, np.array([0, 16]))
    >>> reading_text(reading, ["A", "B"])
    'Second-layer filter 1 adds most at each tap for: +0 bases A 2.0, +16 bases B 1.0.'
    """
    best = reading.contributions.argmax(axis=0)
    told = ", ".join(
        f"+{offset} bases {names[f]} {reading.contributions[f, k]:.1f}"
        for k, (offset, f) in enumerate(zip(reading.offsets, best))
    )
    return f"Second-layer filter {reading.index + 1} adds most at each tap for: {told}."


def _rows(reading: Reading, names: Sequence[str]) -> list[int]:
    """The filters that matter most, sorted by name."""
    size = abs(reading.contributions).max(axis=1)
    return sorted(sorted(range(len(size)), key=lambda f: -size[f])[:ROWS], key=names.__getitem__)


def _columns(reading: Reading) -> list[str]:
    return [f"+{offset}" for offset in reading.offsets]
