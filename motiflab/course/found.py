"""Judge what learners found in a challenge: are the motifs and the grammar right?

A learner's motifs may stand in any order, on either strand, and be wider or narrower than the
planted ones. So a grammar is first said again in the words of the planted motifs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from motiflab.datasets.challenge_worlds import ANY, ORDERS, STRANDS, Rule
from motiflab.motifs import Motif, similarity

LEAST = 0.8
"""Similarity (`motiflab.motifs.similarity`) from which on a motif counts as found."""

_NEAR = 1  # bases by which an end of a gap may be wrong


class Found(NamedTuple):
    """How a planted motif was found.

    Attributes
    ----------
    similarity : float
        That of the most similar motif handed in; 0 without any.
    index : int
        Which one it is, from 0.
    strand : {"+", "-", ""}
        The strand on which it reads as planted; empty if the similarity is below `LEAST`.
    before, after : int
        Its columns before and after the planted motif; below 0 if it lacks some.
    """

    similarity: float
    index: int
    strand: str = ""
    before: int = 0
    after: int = 0


def match_motifs(handed: Sequence[Motif], planted: Sequence[Motif]) -> list[Found]:
    """Return how each planted motif was found.

    Parameters
    ----------
    handed, planted : sequence of Motif

    Examples
    --------
    >>> box = Motif.from_sites(["CACCTGC"])
    >>> match_motifs([Motif.from_sites(["AAAAAAA"]), box.reverse_complement()], [box])[0].index
    1
    """
    found = []
    for motif in planted:
        tried = [(similarity(one, motif), -i) for i, one in enumerate(handed)]
        known = [(at.similarity, minus, at) for at, minus in tried if at is not None]
        value, minus, at = max(known, key=lambda one: one[:2], default=(0.0, 0, None))
        there = () if value < LEAST else (at.strand, at.offset)
        if there:
            there += (handed[-minus].width - at.offset - motif.width,)
        found.append(Found(value, -minus, *there))
    return found


def judge_rule(claimed: Rule, truth: Rule, found: Sequence[Found]) -> dict[str, bool]:
    """Return for order, strands and gap whether a grammar is right.

    A gap is right if both ends are within one base. Without all motifs found only the grammar
    without any rule can be judged; every other one counts as wrong.

    Parameters
    ----------
    claimed, truth : Rule
        In the words of the motifs handed in, and of the planted ones.
    found : sequence of Found
        From `match_motifs`.

    Examples
    --------
    >>> judge_rule(Rule(), Rule(gap=(3, 3)), [Found(0, 0)])
    {'order': True, 'strands': True, 'gap': False}
    """
    if claimed != Rule():
        if not all(one.strand for one in found) or {one.index for one in found} != {0, 1}:
            return dict.fromkeys(Rule._fields, False)
        layouts = {_translated(layout, found) for layout in claimed.layouts}
        gaps = [_gap_between(claimed.gap, layout, found) for layout in claimed.layouts]
        order, strands = (_one_or_any(values) for values in zip(*layouts, strict=True))
    else:
        (order, strands, gap) = claimed
        gaps = [gap]
    right = all(_near(gap, truth.gap) for gap in gaps)
    return {"order": order == truth.order, "strands": strands == truth.strands, "gap": right}


def _one_or_any(values: Sequence[str]) -> str:
    return values[0] if len(set(values)) == 1 else ANY


def _translated(layout: tuple[str, str], found: Sequence[Found]) -> tuple[str, str]:
    """Say a layout of the motifs handed in as one of the planted motifs.

    ``x`` is 1 if motif 2 follows motif 1, as read on the strand of motif 1, and -1 if not; ``t``
    is 1 on the same strand and -1 on opposite ones.
    """
    x, t = (1 if layout[0] == ORDERS[0] else -1), (1 if layout[1] == STRANDS[0] else -1)
    minus = {one.index: one.strand == "-" for one in found}
    if minus[0]:  # everything is read on the other strand
        x, t = -x, -t
    if minus[1]:
        t = -t
    if found[0].index == 1:  # what is motif 2 here is planted motif 1, so it is read on its strand
        x = -x * t
    return ORDERS[x < 0], STRANDS[t < 0]


def _gap_between(
    gap: tuple[int, int] | None, layout: tuple[str, str], found: Sequence[Found]
) -> tuple[int, int] | None:
    """Return a gap between the planted motifs: columns handed in beyond them lie in it."""
    if gap is None:
        return None
    follows, same = layout[0] == ORDERS[0], layout[1] == STRANDS[0]
    one, two = sorted(found, key=lambda found: found.index)
    beyond = one.after if follows else one.before
    beyond += two.before if follows == same else two.after
    return gap[0] + beyond, gap[1] + beyond


def _near(gap: tuple[int, int] | None, truth: tuple[int, int] | None) -> bool:
    """Whether a gap is of the same kind (any, one length, a range) and nearly the same."""
    if gap is None or truth is None:
        return gap == truth
    one_length = [least == most for least, most in (gap, truth)]
    return one_length[0] == one_length[1] and all(
        abs(a - b) <= _NEAR for a, b in zip(gap, truth, strict=True)
    )
