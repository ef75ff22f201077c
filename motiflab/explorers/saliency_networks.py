"""The small networks that the saliency explorer reads: two made by hand, one trained."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from motiflab import datasets, jaspar
from motiflab.explorers.lab_session import one_thread
from motiflab.likelihood import Arrangement
from motiflab.models import ModelSettings, build, from_filter
from motiflab.motifs import Motif
from motiflab.training import train

if TYPE_CHECKING:
    from motiflab.network import MotifNetwork

LENGTH = 60
"""Bases of the sequences that they are made for."""


def motif() -> Motif:
    """The motif of all of them: GATA2, on the strand that reads AGATAAG."""
    return jaspar.load("MA0036.4").reverse_complement()


@functools.cache
def network(name: str) -> MotifNetwork:
    """Make a network, once for a kernel.

    Parameters
    ----------
    name : {"linear", "relu", "trained"}
        One filter that holds the motif's log-odds, without activation (logit: its best score
        less 4) or behind a ReLU (a window must score above 5); or four filters and ReLU on both
        strands, trained for a second or two.
    """
    if name == "trained":
        data = datasets.planted(Arrangement((motif(),)), n=3000, length=LENGTH, seed=0)
        learner = build(ModelSettings(filters=4, width=10), LENGTH, seed=2)
        with one_thread():
            for _ in train(learner, data):
                pass
        return learner
    weights = motif().log_odds()
    if name == "relu":
        return from_filter(weights, LENGTH, bias=-5, activation="relu", dense=1.5, offset=-2)
    return from_filter(weights, LENGTH, offset=-4)
