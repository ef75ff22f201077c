"""Name a filter after the motif that explains its windows best, if it does so well enough.

`motiflab.motifs.naming` ranks known motifs by their log-likelihood ratio, in nats per window. Some
motif is always the best. Two thresholds decide whether it becomes the name:

- `LEAST_LLR`: the best motif reaches at least 5 nats per window.
- `LEAST_AUROC`: the filter's highest score alone separates positives from negatives with an AUROC
  of at least 0.6. Otherwise a filter would also be named after a motif that both classes share.

Both were chosen on motifs that are not among those of the benchmark. The strongest filter reached
both in all of 140 trainings on planted motifs (the lowest: 5.5 nats, 0.74). In 400 trainings on
shuffled labels, with 40 to 4,000 sequences, planted motifs or CTCF peaks, filters of 8 to 24 bases
and 4 or 20 epochs, any of 16 filters reached both in 6 (1.5 %; 95 % interval 0.7 to 3.2 %), some
with 10 windows and some with hundreds. An untrained filter can reach both if a long motif is
planted, as its sites are so similar that any filter aligns them: name filters only after training.
A motif with less than 5 nats (7.2 bits) of information may stay without a name even if it was
learned, since its own sites reach no more on average. This applies to 19 of JASPAR's 1,019 motifs
of vertebrates.

Motifs within `AS_GOOD` of the best are called equally good. The planted motif was the best in 132
of those 140 trainings, and among the equally good ones in 138. This is a rule of thumb, not a
confidence interval: see `motiflab.motifs.naming` for the limits of the LLR.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike

from motiflab.interpretation.filters_as_motifs import FilterMotif
from motiflab.motifs import Candidate, Motif, MotifCollection, candidates, explain, families

LEAST_LLR = 5.0
"""Log-likelihood ratio, in nats per window, that the best motif must reach to be a name."""

LEAST_AUROC = 0.6
"""AUROC that the filter alone must reach to get a name."""

AS_GOOD = 0.2
"""Difference, in nats per window, within which motifs are as good as the best."""

_MOST = 50  # motifs that are compared with the best


@dataclass(frozen=True)
class FilterName:
    """The name of a filter, and the motifs that explain it nearly as well.

    Attributes
    ----------
    best : Candidate
        The motif that explains the windows best; its name is that of the filter.
    runner_up : Candidate or None
        The next; None if there is only one motif.
    as_good : tuple of Candidate
        The best, and all that are within `AS_GOOD` of it.
    """

    best: Candidate
    runner_up: Candidate | None
    as_good: tuple[Candidate, ...]

    @property
    def margin(self) -> float:
        """Difference to the runner-up, in nats per window; infinite if there is none."""
        return self.best.llr - self.runner_up.llr if self.runner_up else float("inf")

    @property
    def families(self) -> tuple[str, ...]:
        """JASPAR's families that all equally good motifs share; empty if they share none."""
        shared = [families(candidate.motif.id) for candidate in self.as_good]
        return tuple(one for one in shared[0] if all(one in others for others in shared))


def name_filters(
    filters: Sequence[FilterMotif],
    collection: MotifCollection,
    background: ArrayLike | None = None,
    least_auroc: float = LEAST_AUROC,
) -> list[FilterName | None]:
    """Name filters after the motifs of a collection that explain their windows best.

    Parameters
    ----------
    filters : list of FilterMotif
        Filters of a trained network.
    collection : MotifCollection
        For example ``jaspar.collection("vertebrates")``.
    background : array_like, shape (4,), optional
        Uniform if not given.
    least_auroc : float
        AUROC that a filter alone must reach. With 0 only the LLR decides: right for the first of
        two layers, where a single filter need not separate the classes.

    Returns
    -------
    list of FilterName or None
        None if no motif explains the windows well enough; see the top of this module.

    Examples
    --------
    >>> from motiflab.motifs import jaspar
    >>> gata = jaspar.load("GATA2")
    >>> filters = [FilterMotif(0, gata, 9, strength, False, gata.counts) for strength in (0.9, 0.5)]
    >>> named, unnamed = name_filters(filters, jaspar.collection("vertebrates"))
    >>> named.best.motif.name, named.runner_up.motif.name, named.families, unnamed
    ('GATA2', 'GATA6', ('C4-GATA-related',), None)
    """
    ranked = candidates([f.flanked for f in filters], collection, _MOST, background)
    return [
        FilterName(
            best,
            others[0] if others else None,
            (best, *(other for other in others if best.llr - other.llr <= AS_GOOD)),
        )
        if _tells(f, best, least_auroc)
        else None
        for f, (best, *others) in zip(filters, ranked, strict=True)
    ]


def explained_by(
    filter_motif: FilterMotif,
    motif: Motif,
    background: ArrayLike | None = None,
    least_auroc: float = LEAST_AUROC,
) -> bool:
    """Return whether a motif explains the windows of a filter well enough to be its name.

    Parameters
    ----------
    filter_motif : FilterMotif
    motif : Motif
    background : array_like, shape (4,), optional
        Uniform if not given.
    least_auroc : float
        As for `name_filters`.

    Examples
    --------
    >>> box = Motif.from_sites(["ACGTTGCA"], "box")
    >>> found = FilterMotif(0, box, 9, 0.9, False, box.counts)
    >>> explained_by(found, box), explained_by(found, Motif.from_sites(["GGGGGGGG"]))
    (True, False)
    """
    return _tells(filter_motif, explain(filter_motif.flanked, motif, background), least_auroc)


def _tells(filter_motif: FilterMotif, candidate: Candidate, least_auroc: float) -> bool:
    return candidate.llr >= LEAST_LLR and filter_motif.strength >= least_auroc
