"""The filters of a network as a grid of logos, and the same as a table.

Each card shows the logo of a filter and, if known, the planted motif above it on the same scale,
in the shift and strand of their best agreement; the number after its name is their similarity.
Below is the name of the filter, with its E-value: the known motif that explains its windows best.
The table also says by how much, in nats per window, and which motif is next.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from motiflab.figures.logo import axis_range, letter_heights, letters
from motiflab.figures.numbers import minus
from motiflab.figures.style import BACKGROUND, FAINT_TEXT, FONT, LINE, TEXT
from motiflab.figures.svg import (
    AXIS,
    MIDDLE,
    Ruler,
    Scale,
    axis_lines,
    svg_group,
    svg_path,
    svg_picture,
    svg_text,
)
from motiflab.figures.tables import TURNED, html_table
from motiflab.interpretation import FilterName
from motiflab.motifs.closest_motifs import similarity
from motiflab.motifs.motif import Motif

# A card's picture, in pixels before it is scaled to the width of the card.
_WIDTH, _LEFT, _RIGHT = 170, 14, 2
_LOGO, _GAP, _NUMBERS = 36, 6, 15  # heights: a logo, the gap above it, the numbers below
_WIDEST = 20  # a column, so that short filters are not drawn huge
_UNNAMED = "nothing yet"


@dataclass(frozen=True, eq=False)
class FilterCard:
    """Data of one filter for the gallery.

    Attributes
    ----------
    index : int
        Number of the filter, from 0; shown from 1.
    strength : float
        AUROC of this filter alone, by its highest score in each sequence, 0 to 1.
    motif : Motif or None
        The filter as a motif, made from the windows that activate it or from its weights; None
        if there is none.
    sites : int
        Number of those windows; 0 for a motif from weights, which has only a shape.
    name : FilterName, optional
        The known motif that explains its windows best; None if none does well enough.
    match_evalue : float, optional
        E-value of that motif.
    truth : Motif, optional
        The planted motif nearest to this filter.
    truth_similarity : float
        Its similarity to the filter; nan if the filter has not learned it, and then the planted
        motif is not drawn.
    truth_offset : int
        Column ``j`` of the planted motif, reverse-complemented if `truth_strand` is ``"-"``, is
        at column ``j + truth_offset`` of the filter.
    truth_strand : {"+", "-"}
    note : str
        Why there is no motif, for example that the filter never fires.
    """

    index: int
    strength: float
    motif: Motif | None
    sites: int = 0
    name: FilterName | None = None
    match_evalue: float | None = None
    truth: Motif | None = None
    truth_similarity: float = math.nan
    truth_offset: int = 0
    truth_strand: str = "+"
    note: str = ""

    @property
    def planted(self) -> str:
        """Planted motif and its strand, such as ``"GATA1 (− strand)"``; empty if not learned."""
        if math.isnan(self.truth_similarity):
            return ""
        return f"{self.truth.name} ({minus(self.truth_strand)} strand)"

    @property
    def match_name(self) -> str:
        """Name of the motif that names the filter, or empty."""
        return self.name.best.motif.name if self.name else ""

    @property
    def match_id(self) -> str:
        """Its identifier, or empty."""
        return self.name.best.motif.id if self.name else ""

    @property
    def match_similarity(self) -> float:
        """Its similarity to the filter, 0 without a name or if too few columns overlap."""
        found = similarity(self.motif, self.name.best.motif) if self.name and self.motif else None
        return found.similarity if found else 0.0

    @property
    def family(self) -> str:
        """Family of several motifs that are as good, such as ``"HOX (3 as good)"``, or empty."""
        if self.name is None or len(self.name.as_good) == 1:
            return ""
        shared = ", ".join(self.name.families) or "no shared family"
        return f"{shared} ({len(self.name.as_good)} as good)"


def gallery_html(cards: Sequence[FilterCard], uid: str = "filters", background=None) -> str:
    """Draw the filters as a grid of cards, strongest first, those without a motif last.

    All cards have the same size and all logos the same scale, so nothing jumps during training.

    Parameters
    ----------
    cards : sequence of FilterCard
        In any order. Names may hold any text; they are escaped.
    uid : str
        A letter, then letters, digits and hyphens; different for each gallery on a page.
    background : array_like, shape (4,), optional
        Background of the information content; uniform if not given.

    Returns
    -------
    str
        A ``<div>``.

    Examples
    --------
    >>> motif = Motif("GATA1", [[0, 0, 9, 0], [9, 0, 0, 0], [0, 0, 0, 9], [9, 0, 0, 0]])
    >>> html = gallery_html([FilterCard(2, 0.981, motif, 40)])
    >>> "<b>Filter 3</b>" in html, "AUROC 0.98" in html, "nothing yet" in html
    (True, True, True)
    """
    gallery = _Gallery(cards, uid, background)
    return (
        f'<div id="{uid}" role="group" aria-label="Filters, strongest first">'
        f"<style>{_style(uid)}</style>"
        # Hidden by size, because letters inside an element without display would not be drawn.
        '<svg width="0" height="0" style="position:absolute" aria-hidden="true">'
        f"{gallery.planted()}</svg>"
        f"{''.join(map(gallery.card, _ranked(cards)))}</div>"
    )


def gallery_table(cards: Sequence[FilterCard]) -> str:
    """The same as an HTML table, for those who do not see the logos.

    Examples
    --------
    >>> table = gallery_table([FilterCard(0, 0.5, None, note="It never fires.")])
    >>> table.count("<tr>"), "It never fires." in table
    (2, True)
    """
    columns = [
        "Filter",
        "AUROC alone",
        "Consensus",
        "Bits",
        "Windows",
        "Planted motif",
        "Similarity to it",
        "Name",
        "LLR per window",
        "Runner-up",
        "Behind by",
        "Family",
        "E-value",
    ]
    return html_table("Filters, strongest first", columns, map(_cells, _ranked(cards)), TURNED)


def _cells(card: FilterCard) -> list[str]:
    motif = card.motif
    return [
        str(card.index + 1),
        f"{card.strength:.2f}",
        motif.iupac() if motif else card.note,
        f"{motif.information().sum():.1f}" if motif and card.sites else "",
        str(card.sites),
        card.planted,
        f"{card.truth_similarity:.2f}" if card.planted else "",
        *_name_cells(card),
    ]


def _name_cells(card: FilterCard) -> list[str]:
    if card.name is None:
        return [_UNNAMED if card.motif else "", *[""] * 5]
    second = card.name.runner_up
    return [
        f"{card.match_name} {card.match_id}",
        f"{card.name.best.llr:.2f}",
        f"{second.motif.name} {second.motif.id}" if second else "",
        f"{card.name.margin:.2f}" if second else "",
        card.family,
        "" if card.match_evalue is None else f"{card.match_evalue:.2g}",
    ]


def name_text(name: FilterName | None) -> str:
    """Say which known motif explains the windows of a filter best, and by how much.

    >>> name_text(None)
    'No known motif explains its windows yet.'
    """
    if name is None:
        return "No known motif explains its windows yet."
    best, second = name.best, name.runner_up
    words = (
        f"{escape(best.motif.name)} ({escape(best.motif.id)}) explains its windows best: their "
        f"log-likelihood ratio is {best.llr:.2f} nats per window"
    )
    if second:
        words += f", {name.margin:.2f} more than that of {escape(second.motif.name)}"
    return f"{words}."


def _ranked(cards: Sequence[FilterCard]) -> list[FilterCard]:
    return sorted(cards, key=lambda card: (card.motif is None, -card.strength, card.index))


class _Gallery:
    """The common scale of the cards of a gallery, and methods that draw each card."""

    def __init__(self, cards: Sequence[FilterCard], uid: str, background) -> None:
        """Choose one scale for all, with room for planted motifs beyond the ends of filters.

        An alignment covers at least 60 % of a motif's information, so a motif extends beyond an end
        by at most the columns with 40 %. This room is always kept, so the scale does not change
        with the alignment.
        """
        self.uid, self.background = uid, background
        shown = [card for card in cards if card.motif]
        width = max((card.motif.width for card in shown), default=1)
        first, last = 0, width
        self.truths = list(dict.fromkeys(card.truth for card in shown if card.truth))
        for truth in self.truths:
            bits = truth.information().cumsum()
            over = max((bits <= 0.4 * bits[-1]).sum(), (bits >= 0.6 * bits[-1]).sum() - 1)
            first, last = min(first, -int(over)), max(last, width + int(over))
        for card in shown:  # an alignment may also need more room
            if card.planted:
                first = min(first, card.truth_offset)
                last = max(last, card.truth_offset + card.truth.width)
        # A tenth of a pixel is what an SVG is written in: so letters stand exactly over others.
        column = min(_WIDEST, (10 * (_WIDTH - _LEFT - _RIGHT)) // (last - first) / 10)
        self.ruler = Ruler(_LEFT - first * column, column)  # position 0 is the first of a filter
        self.top, _, self.ticks, _ = axis_range(None, "bits", background)
        self.axis = (_LOGO if self.truths else 0) + _GAP + _LOGO
        self.scale = Scale(self.axis, _LOGO / self.top)
        self.height = self.axis + _NUMBERS

    def card(self, card: FilterCard) -> str:
        """One filter: its picture and its lines of text."""
        # A line without content stays empty, so that all cards have the same height.
        planted = name = further = _line()
        if card.motif is None:
            picture = f'<p style="aspect-ratio:{_WIDTH}/{self.height:g}">{escape(card.note)}</p>'
        else:
            picture = self._picture(card)
            name = _line(_UNNAMED)
            further = _line(f"{card.sites:,} windows" if card.sites else "shape only")
            if card.planted:
                short = escape(card.planted).replace(" strand)", ")")
                planted = _line(f"similar to {short}", f"{card.truth_similarity:.2f}")
        if card.name:
            evalue = "" if card.match_evalue is None else f"E = {card.match_evalue:.1g}"
            name = _line(f"<b>{escape(card.match_name)}</b> {escape(card.match_id)}", evalue)
            further = _line(escape(card.family)) if card.family else further
        return (
            f"<figure><header><b>Filter {card.index + 1}</b><span>AUROC {card.strength:.2f}</span>"
            f"</header>{planted if self.truths else ''}{picture}"
            f"<figcaption>{name}{further}</figcaption></figure>"
        )

    def _picture(self, card: FilterCard) -> str:
        """The planted motif, if any, above the filter's own logo, as one SVG."""
        motif, truth, ruler = card.motif, card.truth, self.ruler
        description = f"{motif.iupac()}, {motif.information(self.background).sum():.1f} bits"
        planted = ""
        top = self.axis - _LOGO
        if card.planted:
            top = 0
            description += f"; above it the planted {card.planted}, {truth.iupac()}"
            planted = svg_path(f"M{_LEFT} {_LOGO}H{_WIDTH - _RIGHT}", AXIS) + (
                f'<use href="#{self._planted_id(truth, card.truth_strand)}" '
                f'x="{ruler.x(card.truth_offset):.1f}" y="{_LOGO}"/>'
            )
        numbers = (
            svg_text(ruler.x(k - 0.5), self.height - 3, k)
            for k in range(1, motif.width + 1)
            if k == 1 or k % 5 == 0
        )
        return svg_picture(
            # A shade behind the planted motif shows which part the filter covers.
            ruler.span(0, motif.width, top, self.axis - top)
            + planted
            + axis_lines(self.scale, _LEFT, _WIDTH - _RIGHT, (0, self.top), self.ticks)
            + svg_group(numbers, MIDDLE)
            + self._logo(motif, ruler.zero, self.axis),
            f"Filter {card.index + 1}",
            f"{description}.",
            f"{self.uid}-{card.index}",
            (_WIDTH, self.height),
            scaled=True,
            font=None,
        )

    def planted(self) -> str:
        """Logos of the planted motifs on both strands, once, for the cards to refer to."""
        logos = (
            f'<g id="{self._planted_id(truth, strand)}">{self._logo(turned, 0, 0)}</g>'
            for truth in self.truths
            for strand, turned in (("+", truth), ("-", truth.reverse_complement()))
        )
        return f"<defs>{''.join(logos)}</defs>"

    def _planted_id(self, truth: Motif, strand: str) -> str:
        return f"{self.uid}-planted{self.truths.index(truth)}{strand}"

    def _logo(self, motif: Motif, left: float, zero: float) -> str:
        ruler, scale = Ruler(left, self.ruler.unit), Scale(zero, self.scale.unit)
        return letters(letter_heights(motif, background=self.background), ruler, scale)


def _line(left: str = "", right: str = "") -> str:
    """A line of a card; the left part is cut if the right one leaves no room."""
    return f"<div><span>{left}</span>{right}</div>" if left else "<div></div>"


def _style(uid: str) -> str:
    """Rules for this gallery alone, shorter than a style on each element."""
    return (
        f"#{uid}{{display:grid;gap:6px;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));"
        f"font:12px/16px {FONT};color:{TEXT}}}"
        f"#{uid} figure{{margin:0;padding:4px 9px;border:1px solid {LINE};border-radius:6px;"
        f"background:{BACKGROUND};min-width:0}}"
        f"#{uid} header{{line-height:18px}}"
        f"#{uid} figure div,#{uid} header{{display:flex;justify-content:space-between;gap:8px;"
        f"white-space:nowrap}}#{uid} figure div{{height:16px;color:{FAINT_TEXT}}}"
        f"#{uid} span{{overflow:hidden;text-overflow:ellipsis}}#{uid} b{{color:{TEXT}}}"
        f"#{uid} p{{margin:2px 0;display:flex;align-items:center;text-align:center}}"
        f"#{uid} figure svg{{display:block;width:100%;margin:2px 0;font-size:12px;fill:{TEXT}}}"
        f"#{uid} rect{{opacity:.06}}"
    )
