"""The data of the lab: planted motifs, CTCF peaks or a learner's own, split for training."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from motiflab.checks import ArgumentError
from motiflab.datasets import Dataset, sources
from motiflab.evaluation import curves
from motiflab.lab.filter_memory import FilterMemory
from motiflab.lab.lab_state import LabState
from motiflab.sequences import UnquotedPath, background, gc_background
from motiflab.widgets import blame

HELD_OUT = 0.2
_LOGO_SEQUENCES = 1000  # number of training sequences for the logos


@dataclass(frozen=True, eq=False)
class LabData:
    """The data of a training.

    Attributes
    ----------
    train, test : Dataset
        Without related sequences in both; a fifth is held out.
    logos : Dataset
        The part of `train` from which the logos are made.
    background : ndarray, shape (4,)
        Background for information and similarity.
    best_precision_recall, best_roc : Curve or None
        Curves of the Neyman-Pearson score on the held-out data, if known; thinned.
    """

    train: Dataset
    test: Dataset
    logos: Dataset
    background: np.ndarray
    best_precision_recall: curves.Curve | None
    best_roc: curves.Curve | None

    @cached_property
    def memory(self) -> FilterMemory:
        """What filters score in these data before a training."""
        return FilterMemory(self.test, self.logos)

    @property
    def length(self) -> int:
        """Number of bases in the longest sequence."""
        return self.train.x.shape[2]

    @property
    def shortest(self) -> int:
        """Number of bases in the shortest sequence."""
        return min(self.train.shortest, self.test.shortest)


def prepare(state: LabState, uploads: Mapping[str, bytes] | None = None) -> LabData:
    """Make the data of a state.

    Parameters
    ----------
    uploads : mapping of str to bytes
        FASTA files by their names in the state, in addition to those on disk. An error may quote
        their content, but never that of a file on disk, which somebody else may have named in a
        scene.

    An `ArgumentError` names the invalid field.
    """
    data = _data(state, uploads or {})
    _check_shortest(state, data)
    with blame({"planted": "n", "ctcf": "negatives_fasta", "fasta": "fasta"}[state.source]):
        train, test = data.split(HELD_OUT, state.seed)
    if state.source == "planted":
        q = gc_background(state.gc)
    else:  # the same on both strands, as the strand is unknown; no base gets frequency 0
        q = background(train.sequences, pseudocount=1)
        q = (q + q[::-1]).clip(0.02) / 2
        q /= q.sum()
    best = None, None  # the Neyman-Pearson score is the best, if it is known
    if test.optimum is not None:
        best = tuple(
            curves.thin(curve(test.labels, test.optimum))
            for curve in (curves.precision_recall, curves.roc)
        )
    logos = _sample(train, _LOGO_SEQUENCES, state.seed)
    return LabData(train, test, logos, q, *best)


def _data(state: LabState, uploads: Mapping[str, bytes]) -> Dataset:
    if state.source == "planted":
        arrangement, other = state.arrangement(), state.other_arrangement()
        most = sources.MOST_POSITIONS
        if state.n * state.length > most:
            raise ArgumentError(
                "n",
                f"Sequences times length must be at most {most:,} to fit in memory, not "
                f"{state.n:,} times {state.length}.",
            )
        with blame("n"):
            return sources.planted(
                arrangement,
                other,
                n=state.n,
                length=state.length,
                background=gc_background(state.gc),
                positive_fraction=1 / (1 + state.ratio),
                seed=state.seed,
            )
    own = state.negatives == "own"
    options = {
        "negatives": state.negatives,
        "negatives_source": _file(state.negatives_fasta, uploads) if own else None,
        "ratio": 1 if own else state.ratio,
        "seed": state.seed,
    }
    try:
        if state.source == "ctcf":
            return sources.ctcf(**options)
        return sources.from_fasta(_file(state.fasta, uploads), **options)
    except ValueError as error:
        field = "fasta" if state.source == "fasta" else "negatives_fasta"
        if getattr(error, "argument", "") == "negatives_source":
            field, error = "negatives_fasta", error.__cause__ or error
        words = re.sub("^source ", "The file ", str(error))
        raise ArgumentError(field, words[:1].upper() + words[1:]) from None


def _file(name: str, uploads: Mapping[str, bytes]) -> UnquotedPath | bytes:
    return uploads[name] if name in uploads else UnquotedPath(name.strip())


def _check_shortest(state: LabState, data: Dataset) -> None:
    """Refuse a file with a sequence that is too short for the network."""
    for field in state.files():
        shortest = int(data.lengths[data.labels == (field == "fasta")].min())
        try:
            state.check_model(shortest)
        except ArgumentError as error:
            raise ArgumentError(
                field,
                f"The shortest sequence of the file has {shortest} bases, which is too short for "
                f"this network: {error}",
            ) from None


def _sample(data: Dataset, most: int, seed: int) -> Dataset:
    """A random part of the data, half of each class if there are enough."""
    rng = np.random.default_rng(seed)
    chosen = [
        rng.permutation(np.flatnonzero(data.labels == label))[: most // 2] for label in (0, 1)
    ]
    return data.subset(np.sort(np.concatenate(chosen)))
