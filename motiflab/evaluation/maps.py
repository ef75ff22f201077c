"""Quality of saliency maps: how well they find the bases of planted sites.

A map gives each base a score. If the sites were planted, each sequence is a small test: do bases
inside a site score higher than bases outside? The scales of two maps need not agree, so the areas
are computed sequence by sequence and then averaged.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import require
from motiflab.evaluation.curves import precision_recall, roc


class MapQuality(NamedTuple):
    """Areas under the curves of maps, one for each sequence.

    Attributes
    ----------
    auroc, auprc : ndarray, shape (N,)
        Areas under the ROC and the precision-recall curve over the bases of each sequence.
    prevalence : ndarray, shape (N,)
        Share of true bases: about the AUPRC of a map without information.
    """

    auroc: np.ndarray
    auprc: np.ndarray
    prevalence: np.ndarray


def map_quality(inside: ArrayLike, scores: ArrayLike) -> MapQuality:
    """Compare each map with the true bases of its sequence.

    Parameters
    ----------
    inside : array_like of bool, shape (N, L)
        Which bases are true, for example `Dataset.planted_bases`; each sequence needs some of both
        kinds.
    scores : array_like, shape (N, L)
        The maps, one finite number a base; more means more important.

    Returns
    -------
    MapQuality

    Examples
    --------
    >>> quality = map_quality([[False, True, True, False]], [[0.1, 0.9, 0.2, 0.3]])
    >>> quality.auroc.tolist(), quality.prevalence.tolist()
    ([0.75], [0.5])
    """
    inside, scores = np.asarray(inside), np.asarray(scores, dtype=float)
    require(
        "scores",
        inside.ndim == 2 and len(inside) and scores.shape == inside.shape,
        f"have the shape (N, L) of inside, {inside.shape}, got {scores.shape}",
    )
    inside = inside.astype(int)
    pairs = list(zip(inside, scores))
    return MapQuality(
        np.array([roc(*pair).area for pair in pairs]),
        np.array([precision_recall(*pair).area for pair in pairs]),
        inside.mean(axis=1),
    )
