"""Pictures of two motifs with a gap: the field of a unit, AUROC by field, second-layer filters."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Sequence

import numpy as np

from motiflab.figures.chart_parts import GREY, Figure, axis, figure, key, line, points
from motiflab.figures.heatmap import heatmap_svg, heatmap_table
from motiflab.figures.style import ACCENT, DIVERGING, FAINT_TEXT, SEQUENTIAL, TEXT
from motiflab.figures.svg import (
    BOLD,
    MARK,
    Ruler,
    svg_path,
    svg_picture,
    svg_text,
    touch_areas,
)
from motiflab.interpretation.filters_as_motifs import Reading
from motiflab.layers.receptive_fields import (
    Grammar,
    Stack,
    best_place,
    missed,
    receptive_field,
    seen_positions,
)

# Pixels: all, left and right of the bases, and from the first of two columns of words to the bases.
_WIDTH, _LEFT, _RIGHT, _SECOND = 338, 134, 4.5, 82
_ROW, _BOX, _HEAD, _PHASES = 24, 15, 18, 6  # pixels of a row, a motif, a heading; rows for phases
# Bases left of the field, and in all. Both seldom change, so that an end that is dragged stays
# under the pointer.
_MARGIN, _WIDE = 20, (57, 80, 120, 200, 400, 800, 1600)
_MISSED = DIVERGING[0]
_MISSED_WORDS = f"color-mix(in srgb,{_MISSED} 75%,currentcolor)"  # 5:1 on a dark ground, too


def field_svg(
    stack: Stack,
    grammar: Grammar,
    names: tuple[str, str] = ("A", "B"),
    uid: str = "field",
    gaps: Iterable[int] = (),
) -> str:
    """Draw what one unit sees, what it needs to see, and the composite in every phase.

    Above are the field of one unit of the last layer with its holes, then the field of each of its
    taps, then the field that is needed. Below is the composite in the field of the unit that sees
    most of it: with the shortest gap in the worst phase, and with the longest gap in each phase.

    Parameters
    ----------
    stack : Stack
        Its window must be at most 6; there is no room for more phases.
    grammar : Grammar
    names : (str, str)
        Labels of the two motifs, from left to right.
    uid : str
        A letter, then letters, digits and hyphens; different for each picture on a page.
    gaps : iterable of int
        Longest gaps to which the end of the needed field can be dragged, on a card with the field
        ``gap_max``.

    Returns
    -------
    str
        An ``<svg>`` element; its proportions are always the same.

    Examples
    --------
    >>> svg = field_svg(Stack(7, 4, 5), Grammar(7, 7, 9, 11))
    >>> "r = 26" in svg, "28 needed" in svg
    (True, True)
    """
    layers = stack.layers
    size, jump, origin = receptive_field(layers)
    seen = seen_positions(layers) - origin
    needed = grammar.needed(jump)
    longest = grammar.needed()
    # A phase is the start of the composite modulo the step of the units; some are seen worse.
    worst = int(missed(layers, grammar)[0].argmax())
    cases = [(grammar.gap_min, worst), *((grammar.gap_max, phase) for phase in range(jump))]
    found = [(*case, *best_place(layers, grammar, *case)) for case in cases]
    low = min(-_MARGIN, *(place for _, _, place, _ in found))
    ends = (p + grammar.first + g + grammar.second for g, _, p, _ in found)
    right = max(size, needed, *ends) + 1
    high = low + next(wide for wide in _WIDE if low + wide >= right)
    unit = (_WIDTH - _LEFT - _RIGHT) / (high - low)
    ruler = Ruler(_LEFT - low * unit, unit)
    field, taps, need, rest = 4, 4 + _ROW, 6 + 2 * _ROW, 6 + 3 * _ROW  # tops of the rows
    # Each tap of the last layer sees the field of one unit of the layer below.
    tap = receptive_field(dataclasses.replace(stack, depth=stack.depth - 1).layers).size
    # The shortest gap has a heading of its own, and the longest another.
    rows = [rest + _HEAD + _ROW * row + _HEAD * (row > 0) for row in range(len(found))]
    depth, parts = rows[-1] + _ROW - taps, []
    for first, last in _runs(seen):  # the seen bases, and a light band through the rows below
        parts += [
            ruler.span(first, last, field, _BOX, f'fill="{SEQUENTIAL}" fill-opacity=".55"'),
            ruler.span(first, last, taps, depth, f'fill="{SEQUENTIAL}" fill-opacity=".1"'),
        ]
    edge = f'fill="none" stroke="{SEQUENTIAL}" stroke-width="1.5"'
    outline = f'fill="none" stroke-dasharray="3 2" style="stroke:{FAINT_TEXT}"'
    starts = range(0, stack.second_width * stack.dilation * jump, stack.dilation * jump)
    parts += [
        # The taps are on two levels, as neighbours overlap.
        *(
            ruler.span(first, first + tap, taps + 9 * (k % 2), 6, edge)
            for k, first in enumerate(starts)
        ),
        ruler.span(0, size, field, _BOX, outline),
        _words(field, f"one unit sees r = {size}"),
        _words(taps, "its own taps see"),
        _words(need, f"{needed} needed"),
        ruler.span(0, longest, need + 4, 6, f'fill="{TEXT}" fill-opacity=".6"'),
        ruler.span(longest, needed, need + 4, 6, f'fill="{ACCENT}"'),
    ]
    headed = zip((rows[0], rows[1]), (grammar.gap_min, grammar.gap_max))
    parts += [_words(y - _HEAD, f"gap {gap}", _SECOND) for y, gap in headed]
    for y, (gap, phase, start, escaped) in zip(rows, found):
        second = start + grammar.first + gap
        motifs = (start, start + grammar.first), (second, second + grammar.second)
        told = f"{escaped} missed" if escaped else "seen whole"
        parts += [
            _words(y, f"phase {phase}", _SECOND),
            _words(y, told, look=f'fill="{_MISSED_WORDS}" {BOLD}' if escaped else ""),
            _composite(ruler, y, motifs, names, seen.tolist()),
        ]
    ends = ((gap, grammar.first + gap + grammar.second) for gap in gaps)
    areas = (
        ruler.span(end - 1, end, need - 1, _BOX + 3, f'data-drag="gap_max={gap}"')
        for gap, end in ends
    )
    hint = "Drag the end of the black bar, or move the slider Longest gap"
    parts.append(touch_areas(areas, hint))
    return svg_picture(
        "".join(parts),
        f"A field of {size} bases against the {needed} that are needed",
        field_text(stack, grammar),
        uid,
        (_WIDTH, rest + 2 * _HEAD + _ROW * (1 + _PHASES)),
        scaled=True,
        style=f"min-width:{_WIDTH}px;max-width:380px",
    )


def _words(y: float, words: str, left: float = 6, look: str = "") -> str:
    """Words beside a row, which end `left` pixels left of the bases."""
    return svg_text(_LEFT - left, y + 12, words, "end", look)


def _composite(
    ruler: Ruler,
    y: float,
    motifs: Sequence[tuple[int, int]],
    names: tuple[str, str],
    seen: Collection[int],
) -> str:
    """The two motifs, with the bases that are not seen filled, and the gap as a line."""
    missing = f'fill="{_MISSED}" fill-opacity=".75"'
    parts = []
    for (start, end), name in zip(motifs, names):
        unseen = [base for base in range(start, end) if base not in seen]
        parts += [
            *(ruler.span(base, base + 1, y, _BOX, missing) for base in unseen),
            ruler.span(start, end, y, _BOX, f'fill="none" {MARK}'),
            svg_text(ruler.x((start + end) / 2), y + 12, name, "middle", BOLD),
        ]
    gap = f"M{ruler.x(motifs[0][1]):.1f} {y + _BOX / 2:g}H{ruler.x(motifs[1][0]):.1f}"
    return "".join([*parts, svg_path(gap, MARK)])


def _runs(positions: np.ndarray) -> list[tuple[int, int]]:
    """First and last (exclusive) of each run of neighbours."""
    parts = np.split(positions, np.flatnonzero(np.diff(positions) > 1) + 1)
    return [(int(part[0]), int(part[-1]) + 1) for part in parts]


def field_text(stack: Stack, grammar: Grammar) -> str:
    """Return what `field_svg` shows, in words.

    >>> field_text(Stack(7, 4, 5), Grammar(7, 7, 9, 11))
    'One unit spans 26 bases without holes; 28 are needed. Seen whole: 9 of 12 combinations of \
gap and phase; motif bases missed at worst: 1 of 14.'
    """
    size, jump, _ = receptive_field(stack.layers)
    gaps = size - len(seen_positions(stack.layers))
    table = missed(stack.layers, grammar)
    hidden = f"with {gaps} bases in holes" if gaps else "without holes"
    worst = f"{table.max()} of {grammar.first + grammar.second}"
    return (
        f"One unit spans {size} bases {hidden}; {grammar.needed(jump)} are needed. "
        f"Seen whole: {(table == 0).sum()} of {table.size} combinations of gap and phase"
        + (f"; motif bases missed at worst: {worst}." if table.any() else ".")
    )


def missed_table(stack: Stack, grammar: Grammar) -> str:
    """HTML table of the motif bases that the best unit misses, for every gap and phase.

    >>> "<th scope='row'>gap 11</th><td>0</td><td>0</td><td>1</td><td>1</td>" in missed_table(
    ...     Stack(7, 4, 5), Grammar(7, 7, 9, 11))
    True
    """
    table = missed(stack.layers, grammar)
    return heatmap_table(
        table,
        [f"gap {gap}" for gap in range(grammar.gap_min, grammar.gap_max + 1)],
        [str(phase) for phase in range(table.shape[1])],
        "Motif bases that even the best-placed unit does not see",
        digits=0,
        corner="phase",
    )


ROWS = 8
"""Largest number of first-layer filters that are shown, those with the largest contributions."""


def field_chart(
    fields: Sequence[int],
    areas: Sequence[float],
    needed: int,
    now: tuple[int, float] | None = None,
    last: int = 50,
) -> Figure:
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
        Smallest end of the axis.

    Returns
    -------
    Figure

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
    latest = [key(moving, f"now {now[1]:.2f}")] if now else []
    return figure(
        [dots, moving, *traces],
        "AUROC by receptive field",
        [*latest, key(traces[1], f"{needed} needed"), key(dots, "runs")],
        axis("field (bases)", (0, end)),
        axis("AUROC", (0.4, 1.02)),
        "%{x} bases<br>AUROC %{y:.3f}",
    )


def field_chart_text(fields: Sequence[int], areas: Sequence[float], needed: int) -> str:
    """Return what `field_chart` shows, in words.

    >>> field_chart_text([30, 10], [0.99, 0.5], 28)
    '28 bases are needed. AUROC by receptive field: 10 bases 0.50, 30 bases 0.99.'
    """
    told = ", ".join(f"{field} bases {area:.2f}" for field, area in sorted(zip(fields, areas)))
    return f"{needed} bases are needed. AUROC by receptive field: {told or 'no training yet'}."


def reading_svg(reading: Reading, names: Sequence[str], uid: str, narrow: bool = False) -> str:
    """Draw what a second-layer filter reads: rows are first-layer filters, columns are taps.

    Parameters
    ----------
    reading : Reading
        From `motiflab.interpretation.read_second_layer`.
    names : sequence of str
        Names of the first-layer filters; rows are sorted by these names.
    uid : str
        A letter, then letters, digits and hyphens; different for each picture on a page.
    narrow : bool
        As for `motiflab.figures.heatmap.heatmap_svg`.

    Examples
    --------
    >>> import numpy as np
    >>> reading = Reading(0, 0.9, np.array([[2.0, 0], [0, 1]]), 0.1, 3.1, np.array([0, 16]))
    >>> ">2.0<" in reading_svg(reading, ["A", "B"], "r")
    True
    """
    contributions, rows, columns = _grid(reading, names)
    return heatmap_svg(
        contributions,
        rows,
        columns,
        f"What second-layer filter {reading.index + 1} reads",
        reading_text(reading, names),
        uid,
        cell=(44, 22),
        narrow=narrow,
    )


def reading_table(reading: Reading, names: Sequence[str]) -> str:
    """The numbers of `reading_svg` as an HTML table."""
    contributions, rows, columns = _grid(reading, names)
    return heatmap_table(
        contributions,
        rows,
        columns,
        "Mean contribution to the score of the second-layer filter, by distance in bases",
        corner="first-layer filter",
    )


def reading_text(reading: Reading, names: Sequence[str]) -> str:
    """Return the filter that contributes most at each tap, in words.

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


def _grid(reading: Reading, names: Sequence[str]) -> tuple[np.ndarray, list[str], list[str]]:
    """The largest contributions, with the names of rows and columns."""
    size = abs(reading.contributions).max(axis=1)
    most = np.argsort(-size, kind="stable")[:ROWS].tolist()
    # By name, so that filters of one motif are together.
    rows = sorted(most, key=names.__getitem__)
    return (
        reading.contributions[rows],
        [names[row] for row in rows],
        [f"+{offset}" for offset in reading.offsets],
    )
