"""A learner's own peaks, and what is hidden in them.

What a learner is given holds a number, `case`, from which checks work out the truth again. Neither
the sequences nor anything else that is given says which motif it is.
"""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from motiflab import jaspar
from motiflab.fasta import FastaRecord
from motiflab.likelihood import Arrangement
from motiflab.matching import similarity
from motiflab.motifs import Motif
from motiflab.negatives import shuffled_negatives
from motiflab.planting import Site, plant

LENGTH = 100
LEARNED, HELD_OUT = 500, 120
"""Bases in a peak, peaks to learn from, and peaks to judge with."""

WITH_SITE = 0.9
"""Share of the peaks that hold a site."""

ALIKE = 0.9
"""Similarity from which on a motif passes for the hidden one."""

HIDDEN = {
    "MA0018.5": ("MA1995.2", "MA1129.1"),  # CREB1
    "MA0046.3": ("MA1545.2", "MA0791.2"),  # HNF1A
    "MA0062.4": ("MA2336.1", "MA0076.3"),  # GABPA
    "MA0069.1": ("MA0006.2", "MA0779.2"),  # PAX6
    "MA0080.7": ("MA0442.3", "MA0687.2"),  # SPI1
    "MA0090.4": ("MA1964.2", "MA0486.2"),  # TEAD1
    "MA0093.4": ("MA1633.2", "MA0622.2"),  # USF1
    "MA0099.4": ("MA1549.2", "MA0591.2"),  # FOS::JUN
    "MA0102.5": ("MA0909.4", "MA0837.3"),  # CEBPA
    "MA0107.1": ("MA2470.1", "MA1935.2"),  # RELA
    "MA0112.4": ("MA0072.2", "MA0017.3"),  # ESR1
    "MA0114.5": ("MA0442.3", "MA1603.2"),  # HNF4A
    "MA0137.4": ("MA1121.2", "MA1116.2"),  # STAT1
    "MA0139.2": ("MA1102.3", "MA2536.1"),  # CTCF
    "MA0150.3": ("MA0697.3", "MA1130.2"),  # NFE2L2
    "MA0154.5": ("MA0056.3", "MA0116.2"),  # EBF1
    "MA0486.2": ("MA2676.1", "MA1579.2"),  # HSF1
    "MA0488.2": ("MA1499.2", "MA0840.2"),  # JUN
    "MA0496.4": ("MA1635.2", "MA0477.3"),  # MAFK
    "MA0505.3": ("MA0014.4", "MA0071.1"),  # NR5A2
    "MA0506.3": ("MA2571.1", "MA0632.3"),  # NRF1
    "MA0507.3": ("MA0461.3", "MA1518.3"),  # POU2F2
    "MA0523.2": ("MA2506.1", "MA0151.1"),  # TCF7L2
    "MA0745.3": ("MA0498.3", "MA0801.1"),  # SNAI2
    "MA1105.3": ("MA0849.1", "MA1968.2"),  # GRHL2
    "MA1633.2": ("MA1549.2", "MA0501.2"),  # BACH1
}
"""Motifs that may be hidden; for each one that agrees with a part of it only, and a relative."""

CONTENTS = (0.36, 0.40, 0.60, 0.64)
"""G and C together, of the background."""


class Truth(NamedTuple):
    """What is hidden in the peaks of one case.

    Attributes
    ----------
    motif : Motif
    background : ndarray, shape (4,)
    peaks : list of str
        To learn from.
    test, labels : list
        Sequences to judge with, peaks and their shuffles in a random order, and which is which.
    sequence : str
        A held-out peak.
    site : Site
        Where the motif stands in it.
    """

    motif: Motif
    background: np.ndarray
    peaks: list[str]
    test: list[str]
    labels: list[int]
    sequence: str
    site: Site


def own_peaks(rng: np.random.Generator) -> dict[str, Any]:
    """Draw a case: peaks, a test set, and one peak to look at closely."""
    case, ratio = int(rng.integers(2**32)), int(rng.integers(2, 5))
    other = int(rng.integers(6, 20))
    known = truth(case, ratio)
    return {
        "case": case,
        "ratio": ratio,
        "other": other,
        "peaks": known.peaks,
        "test": known.test,
        "labels": known.labels,
        "sequence": known.sequence,
    }


@lru_cache(maxsize=64)
def truth(case: int, ratio: int) -> Truth:
    """Make the peaks of a case, with `ratio` shuffles for each that is held out."""
    rng = np.random.default_rng(case)
    motif = jaspar.load(str(rng.choice(list(HIDDEN))))
    gc = float(rng.choice(CONTENTS))
    q = np.array([1 - gc, gc, gc, 1 - gc]) / 2
    seed = int(rng.integers(2**32))
    made = plant(LEARNED + HELD_OUT, LENGTH, Arrangement((motif,)), None, q, WITH_SITE, seed)
    held = made.sequences[LEARNED:]
    records = [FastaRecord(str(number), peak) for number, peak in enumerate(held)]
    shuffles = [record.sequence for record in shuffled_negatives(records, ratio, rng)]
    order = rng.permutation(len(held) + len(shuffles))
    test = [(held + shuffles)[i] for i in order]
    site = _clearest(motif, q, made.sequences, [s for s in made.sites if s.sequence >= LEARNED])
    return Truth(
        motif,
        q,
        made.sequences[:LEARNED],
        test,
        [int(i < len(held)) for i in order],
        made.sequences[site.sequence],
        site,
    )


def hidden(given: SimpleNamespace) -> Truth:
    """Return what is hidden in the peaks of a learner."""
    return truth(given.case, given.ratio)


def best_scores(motif: Motif, q: np.ndarray, sequences: list[str]) -> np.ndarray:
    """Return the highest log-odds in each sequence, on either strand."""
    return _scores(motif, q, sequences).max(axis=1)


def _scores(motif: Motif, q: np.ndarray, sequences: list[str]) -> np.ndarray:
    """Return the log-odds of each window of each sequence, the higher of both strands."""
    return np.max([one.score(sequences, q) for one in (motif, motif.reverse_complement())], axis=0)


def _clearest(motif: Motif, q: np.ndarray, sequences: list[str], sites: list[Site]) -> Site:
    """Choose a site that stands out from its sequence, and far from its place on the other strand.

    It also lies away from both ends, so that the first window is not near it.
    """

    def margin(site: Site) -> float:
        scores = _scores(motif, q, [sequences[site.sequence]])[0]
        far = np.abs(np.arange(len(scores)) - site.start) > 2
        return scores[site.start] - scores[far].max()

    def well_placed(site: Site) -> bool:
        middle = (site.start + site.end) / 2
        return 24 <= min(middle, LENGTH - middle) <= 34

    return max(filter(well_placed, sites), key=margin)


def alike(one: Motif, other: Motif) -> float:
    """Return the similarity of the second motif laid on the first; -1 if it does not fit."""
    found = similarity(one, other)
    return found.similarity if found else -1.0
