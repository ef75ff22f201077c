"""Central enrichment: are hits closer to the middle of their sequences than expected by chance?

If a protein binds DNA directly, its motif is near the summits of its peaks. A motif that is only
frequent in bound regions can be anywhere. Bailey and Machanick (2012, Nucleic Acids Research
40:e128) use this in CentriMo. That program also searches for the best distance and corrects for the
search; here the distance is chosen in advance.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import between, require, whole


class Enrichment(NamedTuple):
    """Number of hits near the middle, and its p-value.

    Attributes
    ----------
    near, total : int
        Number of hits near the middle, and of all hits.
    chance : float
        Probability that a hit is near the middle if all places are equally likely.
    p_value : float
        Probability of at least `near` of `total` independent hits, each with `chance`.
    """

    near: int
    total: int
    chance: float
    p_value: float


def central_enrichment(start: ArrayLike, width: int, length: int, reach: float = 25) -> Enrichment:
    """Test whether hits lie near base ``length // 2`` of their sequences more often than by chance.

    A hit of ``K`` bases that begins at base ``i`` has its middle at ``i + (K - 1) / 2``, and it can
    begin at ``M = L - K + 1`` bases. Of these ``m`` have their middle within `reach` of base
    ``L // 2``, so the chance is ``m / M``. The p-value is the upper tail of a binomial
    distribution: ``sum over i from near to total of C(total, i) chance**i (1 - chance)**(total -
    i)``. Hits in overlapping sequences are not independent, and then it is too small.

    Parameters
    ----------
    start : array_like of int, shape (N,)
        First base of each hit, one hit for a sequence, 0-based.
    width : int
        ``K``, bases in a hit.
    length : int
        ``L``, bases in each sequence.
    reach : float
        Largest distance that counts as near, in bases, at least 0.

    Returns
    -------
    Enrichment

    Examples
    --------
    Of eight places three are near, and so are two of three hits:

    >>> found = central_enrichment([3, 4, 0], width=3, length=10, reach=1)
    >>> found.near, found.total, found.chance, round(found.p_value, 3)
    (2, 3, 0.375, 0.316)
    """
    length = whole("length", length)
    places = length - whole("width", width, 1, length) + 1
    reach, start = between("reach", reach, 0), np.asarray(start)
    require(
        "start",
        start.ndim == 1 and all(0 <= i < places for i in start.tolist()),
        f"hold places from 0 to {places - 1}, where {width} bases fit into {length}",
    )
    near = abs(np.arange(places) + (width - 1) / 2 - length // 2) <= reach
    from scipy.special import bdtrc  # the upper tail of the binomial distribution

    chance, hits = float(near.mean()), int(near[start.astype(int)].sum())
    return Enrichment(hits, len(start), chance, float(bdtrc(hits - 1, len(start), chance)))
