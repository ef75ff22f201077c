"""Motif that a network found in peaks: its strongest filter, with its name and its hits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from motiflab.checks import require
from motiflab.datasets.dataset import Dataset
from motiflab.evaluation import Enrichment, central_enrichment
from motiflab.interpretation.filter_names import FilterName, name_filters
from motiflab.interpretation.filters_as_motifs import FilterMotif, best_windows, filter_motifs
from motiflab.motifs import MotifCollection
from motiflab.motifs.tomtom import tomtom

if TYPE_CHECKING:
    from motiflab.networks import MotifNetwork, OneLayerNetwork

HIT = 0.95
"""A best window is a hit if it scores higher than those of this share of the negatives."""


@dataclass(frozen=True, eq=False)
class PeakMotif:
    """The strongest filter of a network, with its name and its hits.

    Attributes
    ----------
    filter : FilterMotif
        Its logo is that of the hits.
    name : FilterName or None
        The known motif that explains its windows best; None if none does well enough.
    e_value : float or None
        E-value of that motif against the whole collection (`motiflab.motifs.tomtom`).
    hits, peaks : int
        Number of positives with a hit, and of all positives.
    distances : numpy.ndarray of float64, shape (hits,)
        From base ``L // 2`` of each sequence, the summit of `from_peaks`, to the middle of its hit,
        in bases; negative before it.
    central : Enrichment
        Test whether hits are near the summit more often than expected by chance.
    """

    filter: FilterMotif
    name: FilterName | None
    e_value: float | None
    hits: int
    peaks: int
    distances: np.ndarray
    central: Enrichment

    @property
    def called(self) -> str:
        """The name in words."""
        return self.name.best.motif.name if self.name else "no known motif"

    def __str__(self) -> str:
        sure = "" if self.e_value is None else f", E = {self.e_value:.1g}"
        return f"{self.called}{sure}; {self.hits} of {self.peaks} peaks have a hit"


def strongest_motif(
    network: OneLayerNetwork | MotifNetwork,
    data: Dataset,
    collection: MotifCollection,
    reach: float = 25,
) -> PeakMotif:
    """Find the filter that separates peaks from negatives best, name it, and locate its hits.

    Parameters
    ----------
    network : OneLayerNetwork or MotifNetwork
        Trained, without padding.
    data : Dataset
        Sequences of both classes, all of equal length. Use sequences that the network was not
        trained on, so that overfitting does not affect the hits.
    collection : MotifCollection
        For example ``jaspar.collection("vertebrates")``.
    reach : float
        As for `motiflab.evaluation.central_enrichment`.

    Returns
    -------
    PeakMotif

    Examples
    --------
    >>> from motiflab import datasets, networks
    >>> from motiflab.motifs import jaspar
    >>> network = networks.matrix_network(jaspar.load("CTCF"), "max")
    >>> found = strongest_motif(network, datasets.ctcf(), jaspar.collection("vertebrates"))
    >>> found.called, found.hits > 300, found.central.p_value < 1e-6
    ('CTCF', True, True)
    """
    length, settings = data.x.shape[2], network.settings
    require("data", data.shortest == length, "hold sequences of one length")
    require("network", settings.padding == 0, "not pad, so that every window lies in its sequence")
    windows = best_windows(network, data)
    found = max(filter_motifs(network, data, windows), key=lambda one: one.strength)
    name, e_value = name_filters([found], collection)[0], None
    if name:
        row = collection.ids.index(name.best.motif.id)
        e_value = float(tomtom([found.motif], collection).e_values[0, row])
    score, positive = windows.score[:, found.index], data.labels == 1
    hit = positive & (score > np.quantile(score[~positive], HIT))
    start = windows.start[hit, found.index]
    return PeakMotif(
        found,
        name,
        e_value,
        len(start),
        int(positive.sum()),
        start + (settings.span - 1) / 2 - length // 2,
        central_enrichment(start, settings.span, length, reach),
    )
