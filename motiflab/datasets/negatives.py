"""Kinds of negatives for peaks: their differences from the peaks decide what a network learns.

An experiment gives positives only. Each of the `KINDS` of negatives removes one more difference
between the classes that is not the motif:

- ``uniform``: random bases, all four equally frequent. The composition alone separates the classes.
- ``composition``: random bases with the frequencies of all peaks together. Peaks still differ from
  them in their pairs of neighbours, and in how much the composition varies from peak to peak.
- ``dinucleotide``: a shuffle of each peak that keeps its pairs of neighbouring bases. It destroys
  all longer patterns, including those of the whole genome, such as repeats.
- ``peaks``: peaks of another protein, so real sequences. They may differ in composition, and they
  contain the other protein's motif.
- ``matched``: pairs of a peak and a peak of the other protein with nearly the same GC content.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from motiflab.checks import inside, one_of, quoted, require
from motiflab.datasets.dataset import Dataset, Trial, generator
from motiflab.sequences import (
    FastaRecord,
    random_negatives,
    random_sequences,
    shuffled_negatives,
)

KINDS = {
    "uniform": "random bases, all equally frequent",
    "composition": "random bases in the proportions of all peaks",
    "dinucleotide": "shuffles of the peaks that keep every pair of neighbouring bases",
    "peaks": "peaks of the other protein",
    "matched": "peaks of the other protein, each paired with a peak of nearly the same GC content",
}

TOLERANCE = 0.02
"""Largest difference in GC content within a pair: 4 of 200 bases."""


def gc_content(sequences: Sequence[str]) -> np.ndarray:
    """Return the share of G and C in each sequence; letters such as N count as neither.

    Parameters
    ----------
    sequences : sequence of str
        N sequences, in upper case.

    Returns
    -------
    numpy.ndarray of float64, shape (N,)
        From 0 to 1.

    Examples
    --------
    >>> gc_content(["GATTACA", "GGCC"]).round(2).tolist()
    [0.29, 1.0]
    """
    return np.array([(s.count("G") + s.count("C")) / len(s) for s in sequences])


def match_gc(
    gc: np.ndarray, other: np.ndarray, tolerance: float = TOLERANCE
) -> tuple[np.ndarray, np.ndarray]:
    """Pair sequences with others of nearly the same GC content, each at most once.

    Both sides are sorted. The lowest two are paired if they are close enough; otherwise the lower
    one cannot have a partner and is omitted. No other pairing has more pairs.

    Parameters
    ----------
    gc, other : numpy.ndarray of float, shapes (N,) and (M,)
        GC contents, 0 to 1.
    tolerance : float
        Largest difference within a pair, above 0 and below 1.

    Returns
    -------
    indices, other_indices : numpy.ndarray of int, shape (P,)
        Entry i of both is a pair; in the order of `gc`'s indices.

    Examples
    --------
    >>> match_gc(np.array([0.5, 0.3, 0.9]), np.array([0.31, 0.6, 0.51]))
    (array([0, 1]), array([2, 0]))
    """
    inside("tolerance", tolerance, 0, 1)
    order, other_order = np.argsort(gc, kind="stable"), np.argsort(other, kind="stable")
    pairs, i, j = [], 0, 0
    while i < len(order) and j < len(other_order):
        a, b = order[i], other_order[j]
        # In floating point, 0.52 - 0.5 is slightly more than 0.02.
        close = abs(gc[a] - other[b]) <= tolerance + 1e-9
        if close:
            pairs.append((a, b))
        i += close or gc[a] < other[b]
        j += close or gc[a] >= other[b]
    found = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def add_negatives(
    peaks: Dataset,
    kind: str,
    others: Dataset | None = None,
    tolerance: float = TOLERANCE,
    seed: int = 0,
) -> Dataset:
    """Return the positives of a dataset with negatives of a given kind.

    Parameters
    ----------
    peaks : Dataset
        Its positives are used, its own negatives are not.
    kind : {"uniform", "composition", "dinucleotide", "peaks", "matched"}
        See the top of this module. For the first three there is one negative for each peak.
    others : Dataset, optional
        Its positives are the peaks of the other protein, for the last two kinds.
    tolerance : float
        As for `match_gc`, for "matched": peaks without a partner are omitted, too.
    seed : int
        Seed of the random bases and shuffles.

    Returns
    -------
    Dataset
        Positives first. The note says what the negatives are, and how many were matched.

    Examples
    --------
    >>> from motiflab.datasets import ctcf, tap73
    >>> add_negatives(tap73(), "matched", ctcf()).note
    'Negatives are peaks of the other protein, each paired with a peak of nearly the same GC \
content. 335 of 1,000 peaks have a partner among 500 candidates.'
    """
    one_of("kind", kind, KINDS)
    needs = kind in ("peaks", "matched")
    require(
        "others",
        others is not None or not needs,
        f"be given for negatives of the kind {quoted(kind)}",
    )
    positives, rng = _positives(peaks), generator(seed)
    note, groups = [f"Negatives are {KINDS[kind]}."], None
    if needs:
        made = _positives(others)
        if kind == "matched":
            found, total = (len(positives), len(made)), (positives, made)
            kept = match_gc(*(gc_content([r.sequence for r in side]) for side in total), tolerance)
            require("tolerance", len(kept[0]), "leave at least one pair, got none")
            positives, made = (
                [side[i] for i in indices] for side, indices in zip(total, kept, strict=True)
            )
            note.append(
                f"{len(made):,} of {found[0]:,} peaks have a partner among {found[1]:,} candidates."
            )
    elif kind == "dinucleotide":
        made = shuffled_negatives(positives, 1, rng, peaks.alphabet)
        # A shuffle has the same pairs of bases as its peak, so they must stay on one side.
        groups = np.tile(np.arange(len(positives)), 2)
    elif kind == "composition":
        made = random_negatives(positives, 1, rng, peaks.alphabet)
    else:
        made = [
            FastaRecord(
                f"random {i}",
                random_sequences(1, len(r.sequence), None, rng, peaks.alphabet)[0],
            )
            for i, r in enumerate(positives, start=1)
        ]
    records = positives + made
    return Dataset.of(
        [record.sequence for record in records],
        labels=np.repeat([1, 0], [len(positives), len(made)]),
        names=[record.name for record in records],
        alphabet=peaks.alphabet,
        note=" ".join(note),
        groups=groups,
    )


def contrasts(
    peaks: Dataset, others: Dataset, held_out: float = 0.3, seed: int = 0
) -> dict[str, Trial]:
    """Train with each kind of negatives, and test every network on every kind.

    Peaks of both proteins are held out before any negatives are made, so no network is tested on
    its training data, whatever the kind.

    Parameters
    ----------
    peaks, others : Dataset
        Their positives are used.
    held_out : float
        Share of the peaks of each protein for the tests, above 0 and below 1.
    seed : int
        Of the split and of the negatives.

    Returns
    -------
    dict of str to Trial
        For each of the `KINDS` a training set; all share the tests, of which there is one for
        each of the `KINDS`, too.

    Examples
    --------
    >>> from motiflab.datasets import ctcf, tap73
    >>> trial = contrasts(tap73(), ctcf())["uniform"]
    >>> len(trial.train), len(trial.tests["peaks"]), len(trial.tests["matched"])
    (1400, 450, 208)
    """
    train, test = add_negatives(peaks, "peaks", others).split(held_out, seed)
    # Another seed, so that no random sequence of the training is in a test.
    tests = {kind: add_negatives(test, kind, _turned(test), seed=seed + 1) for kind in KINDS}
    return {
        kind: Trial(add_negatives(train, kind, _turned(train), seed=seed), tests) for kind in KINDS
    }


def _positives(data: Dataset) -> list[FastaRecord]:
    return [
        FastaRecord(name, sequence)
        for name, sequence, label in zip(data.names, data.sequences, data.labels, strict=True)
        if label == 1
    ]


def _turned(data: Dataset) -> Dataset:
    """The same sequences, with the negatives as positives."""
    return replace(data, labels=1 - data.labels)
