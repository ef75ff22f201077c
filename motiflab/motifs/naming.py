"""Name a filter by likelihood: the known motif that explains its windows best.

The windows on which a filter fires are cut out with some bases on either side and aligned.
``C[k, a]`` counts letter ``a`` in their column ``k``; positions beyond the end of a sequence and
unknown bases (N) are not counted. A known motif with the PPM ``theta`` (reversed for strand "-")
has the offset ``d`` if its position ``j`` is in column ``j + d``. Its log-likelihood ratio, in
nats per window, is

    ``LLR(theta, d) = 1 / n * sum over j of sum over a of C[j + d, a] log(theta[j, a] / q[a])``

``n`` is the number of windows (the largest sum of a column of ``C``), ``q`` the background, and
``log(theta / q)`` the log-odds of `Motif.log_odds`, with its pseudocount. So it is the score of a
window under the motif's PWM, averaged over the windows. Columns outside the motif are background
under both hypotheses and add 0. The motif must fit within the columns; if it is wider, it must
cover all of them, and its positions outside add 0, too. The LLR of a motif is the highest over all
such offsets and both strands.

The flanks are needed because a filter often fits a part of a long motif as well as a short motif
that resembles this part. A motif that also explains the flanks gains there; one that contradicts
them loses.

The LLR has limits. It is sound for comparing motifs on one set of windows. But the filter chose the
windows, so they resemble each other even if nothing was learned, and the offset, the strand and the
motif are the best of about 50,000. So the difference of two LLRs times ``n`` is not the log of a
Bayes factor, and no p-value follows from it. Also, the choice of high-scoring windows sharpens the
counts, so of two related motifs the sharper one is favoured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import whole
from motiflab.motifs.closest_motifs import Layout, MotifCollection, lay_out
from motiflab.motifs.motif import Motif
from motiflab.sequences import DNA, check_background, check_matrix

_LARGE = 1e300


@dataclass(frozen=True)
class Candidate:
    """A known motif as an explanation of the windows of a filter.

    Attributes
    ----------
    motif : Motif
    llr : float
        Its log-likelihood ratio against the background, in nats per window.
    offset : int
        Position ``j`` of the motif (of its reverse complement for strand "-") is in column
        ``j + offset`` of the counts; negative if a wider motif begins before them.
    strand : {"+", "-"}
    """

    motif: Motif
    llr: float
    offset: int
    strand: str


def explain(counts: ArrayLike, motif: Motif, background: ArrayLike | None = None) -> Candidate:
    """Return the best log-likelihood ratio of a known motif for the windows of a filter.

    Of equally good alignments (to 9 decimals) strand "+" is returned, then the lowest offset.

    Parameters
    ----------
    counts : array_like, shape (columns, 4)
        ``C`` of the formula at the top of this module, not negative; fractions are allowed. If
        nothing was counted, every LLR is 0. See `FilterMotif.flanked`.
    motif : Motif
        Of DNA, of any width.
    background : array_like, shape (4,), optional
        ``q``; uniform if not given.

    Returns
    -------
    Candidate

    Examples
    --------
    >>> box = Motif.from_sites(["AC"], "box")
    >>> found = explain([[0, 0, 5, 5], [0, 0, 10, 0], [0, 0, 0, 10]], box)  # GT: AC on strand "-"
    >>> found.offset, found.strand, round(found.llr, 3)
    (1, '-', 1.833)
    """
    scaled, q = _per_window(counts, "counts"), check_background(background)
    alone = MotifCollection([motif])
    layout = _lay_out(alone, len(scaled), tuple(q))
    return _candidate(alone, 0, layout, layout.sums(scaled[None])[:, 0])


def candidates(
    counts: Sequence[ArrayLike],
    collection: MotifCollection,
    top: int = 5,
    background: ArrayLike | None = None,
) -> list[list[Candidate]]:
    """Return for each filter the motifs of a collection that explain its windows best.

    The same log-likelihood ratio as `explain`, for all motifs at once.

    Parameters
    ----------
    counts : list of array_like, each of shape (columns, 4)
        One for each filter; their numbers of columns may differ.
    collection : MotifCollection
        For example ``jaspar.collection("vertebrates")``.
    top : int
        How many candidates to return for each filter, at least 1.
    background : array_like, shape (4,), optional
        Uniform if not given.

    Returns
    -------
    list of list of Candidate
        For each filter, the best first.

    Examples
    --------
    >>> known = MotifCollection([Motif.from_sites([s], s) for s in ("AGATAA", "CACGTG")])
    >>> windows = Motif.from_sites(["TTCACGTGAT", "GACACGTGCC"]).counts
    >>> [(c.motif.name, round(c.llr, 1)) for c in candidates([windows], known)[0]]
    [('CACGTG', 5.5), ('AGATAA', -0.1)]
    """
    top = whole("top", top)
    scaled = [_per_window(one, f"counts[{i}]") for i, one in enumerate(counts)]
    q = check_background(background)
    found: list[list[Candidate]] = [[] for _ in scaled]
    for width in {len(one) for one in scaled}:
        layout = _lay_out_once(collection, width, tuple(q))
        members = [i for i, one in enumerate(scaled) if len(one) == width]
        llrs = layout.sums(np.stack([scaled[i] for i in members]))
        best = layout.best(llrs).reshape(2, len(collection), -1).max(axis=0)
        for column, i in enumerate(members):
            order = np.argsort(-best[:, column], kind="stable")[:top]
            found[i] = [_candidate(collection, k, layout, llrs[:, column]) for k in order]
    return found


def _candidate(collection: MotifCollection, k: int, layout: Layout, llrs: np.ndarray) -> Candidate:
    """Best alignment of motif `k` with a filter, from the LLRs of all alignments."""
    strands = [k, k + len(collection)]
    parts = zip(*(np.searchsorted(layout.owner, strands, side) for side in ("left", "right")))
    ways = np.concatenate([np.arange(*part) for part in parts])
    # lexsort sorts by its last key first; its keys rise, so the best comes first when negated.
    way = ways[np.lexsort((layout.offset[ways], layout.owner[ways], -llrs[ways].round(9)))[0]]
    strand = "+" if layout.owner[way] == k else "-"
    return Candidate(collection.motifs[k], float(llrs[way]), int(layout.offset[way]), strand)


def _per_window(counts: ArrayLike, name: str) -> np.ndarray:
    scaled = check_matrix(name, counts, 0)
    if scaled.max(initial=0) > _LARGE:  # their sum would be infinite
        scaled = scaled / scaled.max()
    return scaled / (scaled.sum(axis=1).max() or 1)


def _lay_out(collection: MotifCollection, width: int, q: tuple) -> Layout:
    """All alignments of the log-odds of all motifs, then of their reverse complements."""
    forward = [motif.log_odds(q) for motif in collection.motifs]
    layout = lay_out(forward + [DNA.other_strand(log_odds) for log_odds in forward], width)
    widths = np.tile([len(log_odds) for log_odds in forward], 2)[layout.owner]
    whole_motif_or_columns = layout.last - layout.first == np.minimum(widths, width)
    return layout.only(np.flatnonzero(whole_motif_or_columns))


_lay_out_once = lru_cache(maxsize=4)(_lay_out)  # for collections; a single motif is fast anyway
