"""Pictures of the lab: one large filter, all filters small, precision-recall, and the loss.

All keep their elements from one moment to the next, so that the page can change them in place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from motiflab.evaluation import Curve
from motiflab.figures.chart_parts import GREY, line, numbered_keys
from motiflab.figures.evaluation_charts import precision_recall_text
from motiflab.figures.filter_gallery import FilterCard
from motiflab.figures.logo import axis_range, glyph_definitions, letter_heights, letters
from motiflab.figures.style import DIVERGING, SEQUENTIAL
from motiflab.figures.svg import (
    AXIS,
    MIDDLE,
    Ruler,
    Scale,
    axis_lines,
    axis_name,
    svg_group,
    svg_path,
    svg_picture,
    svg_text,
)
from motiflab.motifs.motif import Motif
from motiflab.sequences.alphabet import BASES

_WIDTH, _HEIGHT = 288, 190  # of the large logo, in pixels before it is scaled
_LEFT, _RIGHT, _TOP, _BOTTOM = 38, 6, 8, 20
_ROOM = 2  # columns at both sides, for a motif that extends beyond the filter
_WIDEST = 30  # pixels for a column
_SMALL = (100, 40)  # width and height of a small logo; a page stretches it
_LEAST = 4  # pixels: lower letters of a small logo are unreadable and omitted


def hero_html(
    card: FilterCard, name: str, ghost: Motif | None, offset: int, uid: str, background=None
) -> str:
    """Draw one filter large, with the motif that it resembles pale behind it.

    Every letter is always present, even with height 0, so that the page can animate its growth.

    Parameters
    ----------
    card : FilterCard
    name : str
        Text over the logo: the name of the filter, or that it has none.
    ghost : Motif or None
        The motif behind the logo, on the strand on which the filter reads it.
    offset : int
        Column ``j`` of the ghost is at column ``j + offset`` of the filter.
    uid : str
        A letter, then letters, digits and hyphens; different for each picture on a page.
    background : array_like, shape (4,), optional
        Background of the information content; uniform if not given.

    Examples
    --------
    >>> motif = Motif("GATA1", [[0, 0, 9, 0], [9, 0, 0, 0]])
    >>> html = hero_html(FilterCard(2, 0.98, motif, 40), "GATA1", motif, 0, "hero")
    >>> "Filter 3" in html, html.count("<use")
    (True, 8)
    """
    words = f"AUROC {card.strength:.2f} alone"
    if card.motif is None:
        picture = f"<p>{escape(card.note)}</p>"
    else:
        picture = _large_logo(card.motif, card.index, ghost, offset, uid, background)
    return (
        f"<div class='motiflab-hero-name'><b>{escape(name)}</b> <span>Filter {card.index + 1}, "
        f"{words}</span></div>{picture}"
    )


def _large_logo(
    motif: Motif, index: int, ghost: Motif | None, offset: int, uid: str, background
) -> str:
    columns = motif.width + 2 * _ROOM
    unit = min(_WIDEST, (_WIDTH - _LEFT - _RIGHT) / columns)
    ruler = Ruler(_LEFT + (_WIDTH - _LEFT - _RIGHT - motif.width * unit) / 2, unit)
    top, _, ticks, bits = axis_range(None, "bits", background)
    scale = Scale.between((0, top), _TOP, _HEIGHT - _TOP - _BOTTOM)
    numbers = (
        svg_text(ruler.x(k - 0.5), _HEIGHT - 5, k)
        for k in range(1, motif.width + 1)
        if k == 1 or k % 5 == 0
    )
    own, behind = letter_heights(motif, background=background), ""
    description = f"{motif.iupac()}, {motif.information(background).sum():.1f} bits"
    if ghost is not None:
        first, last = max(0, -offset - _ROOM), motif.width + _ROOM - offset
        heights = letter_heights(ghost, background=background)[first:last]
        begin = Ruler(ruler.x(first + offset), unit)
        behind = svg_group([letters(heights, begin, scale)], 'opacity=".25"')
        description += f"; pale behind it {ghost.name}, {ghost.iupac()}"
    drawing = (
        glyph_definitions(uid)
        + ruler.span(0, motif.width, _TOP, scale.zero - _TOP, 'opacity=".05"')
        + axis_lines(scale, _LEFT, _WIDTH - _RIGHT, (0, top), ticks)
        + axis_name((_TOP + scale.zero) / 2, bits)
        + svg_group(numbers, MIDDLE)
        + svg_group([behind])
        + svg_group(_letters_in_place(own, ruler, scale, uid))
    )
    return svg_picture(
        drawing,
        f"Filter {index + 1}",
        f"{description}.",
        f"{uid}-logo",
        (_WIDTH, _HEIGHT),
        scaled=True,
        font=12,
    )


def _letters_in_place(heights: np.ndarray, ruler: Ruler, scale: Scale, uid: str) -> list[str]:
    """All four letters of each column in the order of the bases, the largest on top of the rest."""
    pixels = heights * scale.unit
    order = np.argsort(pixels, axis=1, kind="stable")
    far = np.empty_like(pixels)
    np.put_along_axis(far, order, np.take_along_axis(pixels, order, axis=1).cumsum(axis=1), axis=1)
    return [
        f'<use href="#{uid}{base}" style="transform:translate({ruler.x(k):.1f}px,'
        f'{scale.zero - far[k, a]:.1f}px) scale({ruler.unit:.2f},{pixels[k, a]:.1f})"/>'
        for k in range(len(pixels))
        for a, base in enumerate(BASES)
    ]


def thumbnails_html(
    cards: Sequence[tuple[int, float, Motif | None]], hero: int, background=None
) -> str:
    """Draw all filters small, always in the same place, as buttons to choose one.

    Logos of weak filters are paler. If there are several filters, a line above explains this.

    Parameters
    ----------
    cards : sequence of (int, float, Motif or None)
        Index, AUROC alone and logo of every filter.
    hero : int
        Index of the chosen one.
    background
        As for `hero_html`.

    Examples
    --------
    >>> motif = Motif("GATA1", [[0, 0, 9, 0], [9, 0, 0, 0]])
    >>> html = thumbnails_html([(1, 0.5, None), (0, 0.9, motif)], 0)
    >>> html.index("Filter 1, AUROC 0.90") < html.index("Filter 2, AUROC 0.50, silent")
    True
    """
    many = " class='motiflab-many'" if len(cards) > 16 else ""
    caption = (
        f"<p>{len(cards)} filters, the strong ones vivid: choose one to see it large</p>"
        if len(cards) > 1
        else ""
    )
    buttons = (
        _thumbnail(index, strength, motif, index == hero, background)
        for index, strength, motif in sorted(cards, key=lambda card: card[0])
    )
    group = f"<div role='radiogroup' aria-label='Filter shown large'{many}>"
    return f"{caption}{group}{''.join(buttons)}</div>"


def _thumbnail(index, strength: float, motif: Motif | None, chosen: bool, background) -> str:
    logo, said = "", "silent"
    if motif is not None:
        width, height = _SMALL
        heights = letter_heights(motif, background=background)
        scale = Scale(height, height / axis_range(None, "bits", background)[0])
        heights[heights * scale.unit < _LEAST] = 0
        logo = letters(heights, Ruler(0, width / motif.width), scale)
        said = motif.iupac()
    # From 0.5, which is chance, to 0.9.
    bright = 0.3 + 0.7 * min(max((strength - 0.5) / 0.4, 0), 1)
    words = f"Filter {index + 1}, AUROC {strength:.2f}, {said}"
    return (
        f"<button role='radio' aria-checked='{str(chosen).lower()}' "
        f"tabindex='{0 if chosen else -1}' data-choose='{index}' aria-label='{words}' "
        f"title='{words}'><span>{index + 1}</span><svg viewBox='0 0 {_SMALL[0]} {_SMALL[1]}' "
        f"preserveAspectRatio='none' aria-hidden='true' opacity='{bright:.2f}'>{logo}</svg>"
        "</button>"
    )


def precision_recall_html(
    curve: Curve | None, best: Curve | None, earlier: Sequence[Curve | None], uid: str
) -> str:
    """Draw precision against recall without plotly.

    Parameters
    ----------
    curve : Curve or None
        Curve of the model, from `motiflab.evaluation.curves.precision_recall`; its baseline is
        drawn, too. None draws only the axes.
    best : Curve or None
        Curve of the Neyman-Pearson score, if known.
    earlier : sequence of Curve or None
        Curves of the same model at earlier moments, oldest first and palest.
    uid
        As for `hero_html`.

    Examples
    --------
    >>> curve = Curve(np.array([0.0, 1.0]), np.array([1.0, 0.5]), 0.93, 0.5)
    >>> html = precision_recall_html(curve, None, [], "curve")
    >>> "model 0.93" in html, "random 0.50" in html, html.count("<path")
    (True, True, 5)
    """
    left = _LEFT + 8  # for numbers with a decimal point
    wide, high = _WIDTH - left - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    ruler, scale = Ruler(left, wide), Scale.between((0, 1), _TOP, high)
    looks = [("model", SEQUENTIAL, "solid"), ("best", GREY, "dash"), ("random", GREY, "dot")]
    areas = [curve and curve.area, best and best.area, curve and curve.baseline]
    lines = [line((), (), name, colour, dash=dash) for name, colour, dash in looks]
    keys = numbered_keys(lines, [None if n is None else f"{n:.2f}" for n in areas])
    past = (
        svg_path(_steps(one, ruler, scale), f'opacity="{0.05 + 0.1 * place:.2f}"')
        for place, one in enumerate(earlier, 5 - len(earlier))
    )
    level = f"M{left} {scale.y(curve.baseline):.1f}h{wide}" if curve else ""
    numbers = ((0, 0), (0.5, 0.5), (0.75, "recall"), (1, 1))
    drawing = (
        svg_path(f"M{left} {scale.y(0.5):.1f}h{wide}M{ruler.x(0.5):.1f} {_TOP}v{high}", AXIS)
        + axis_lines(scale, left, _WIDTH - _RIGHT, (0, 1), (0, 0.5, 1))
        + svg_group((svg_text(ruler.x(x), _HEIGHT - 5, words) for x, words in numbers), MIDDLE)
        + axis_name(_TOP + high / 2, "precision")
        + svg_group(past, f'stroke="{SEQUENTIAL}" stroke-width="1.5"')
        + svg_path(level, f'stroke="{GREY}" stroke-width="2" stroke-dasharray="2 3"')
        + svg_path(
            _steps(best, ruler, scale), f'stroke="{GREY}" stroke-width="2" stroke-dasharray="7 5"'
        )
        + svg_path(_steps(curve, ruler, scale), f'stroke="{SEQUENTIAL}" stroke-width="2.5"')
    )
    words = precision_recall_text(curve, curve and curve.baseline, best)
    picture = svg_picture(
        drawing, "Precision-recall", words, uid, (_WIDTH, _HEIGHT), scaled=True, font=12
    )
    return (
        f"<div class='motiflab-chart-title'><b>Precision-recall</b><br/>{'  '.join(keys)}</div>"
        f"{picture}"
    )


def _steps(curve: Curve | None, ruler: Ruler, scale: Scale) -> str:
    """A path of steps, first vertical, then horizontal: precision is not linear in recall."""
    if curve is None:
        return ""
    points = np.column_stack([ruler.x(curve.x), scale.y(curve.y)]).round(1)
    moved = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
    first, *others = points[moved].tolist()
    return f"M{first[0]:g} {first[1]:g}" + "".join(f"V{y:g}H{x:g}" for x, y in others)


def loss_strip_html(
    losses: Sequence[float],
    last: int,
    now: int,
    events: Mapping[int, str] | None = None,
    held_out: Mapping[int, float] | None = None,
) -> str:
    """Draw the loss against time for the strip under the slider, as wide as its container.

    Parameters
    ----------
    losses : sequence of float
        Losses of the records so far, in nats.
    last : int
        Index of the last record of the training: the right end.
    now : int
        Index of the current record; the curve after it is pale.
    events : mapping of int to str, optional
        Events, by the index of the record that shows them.
    held_out : mapping of int to float, optional
        The loss on held-out data by the index of the record, if known: a dashed line.

    Examples
    --------
    >>> html = loss_strip_html([0.69, 0.42], 10, 1, {1: "it learns"})
    >>> "0.42" in html, html.count("<path"), "it learns" in html
    (True, 3, True)
    """
    others = sorted((held_out or {}).items())
    top = max([0.8, *losses, *(loss for _, loss in others)])
    places, judged = (
        [(100 * i / max(last, 1), 100 - 100 * loss / top) for i, loss in pairs]
        for pairs in (enumerate(losses), others)
    )
    marks = "".join(f"M{places[i][0]:.2f} 0V100" for i in events or () if i < len(places))
    said = [words for i, words in sorted((events or {}).items()) if i <= now]
    loss = f"<b>{losses[now]:.2f}</b> nats" if len(losses) else "<b>none yet</b>"
    if now in (held_out or {}):
        loss = f"<b>{losses[now]:.2f}</b>, held out <b>{held_out[now]:.2f}</b>"
    lines = [
        (marks, "currentColor", 'stroke-dasharray="2 3" opacity=".6"'),
        (_through(places), SEQUENTIAL, 'stroke-width="2" opacity=".35"'),
        (_through(places[: now + 1]), SEQUENTIAL, 'stroke-width="2.5"'),
    ]
    if judged:
        dashed = 'stroke-width="1.5" stroke-dasharray="6 4"'
        lines.append((_through(judged), DIVERGING[0], dashed))
    drawn = "".join(
        svg_path(d, f'stroke="{colour}" vector-effect="non-scaling-stroke" {look}')
        for d, colour, look in lines
    )
    return (
        f"<div class='motiflab-time-words'><span>Loss {loss}</span>"
        f"<span>{escape(said[-1]) if said else ''}</span></div>"
        f"<svg viewBox='0 0 100 100' preserveAspectRatio='none' aria-hidden='true'>{drawn}</svg>"
    )


def _through(places: Sequence[tuple[float, float]]) -> str:
    return "".join(f"{'L' if i else 'M'}{x:.2f} {y:.1f}" for i, (x, y) in enumerate(places))
