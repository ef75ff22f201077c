"""What a filter of the second layer reads: which first-layer filter at which distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from motiflab.labelled import Dataset
from motiflab.metrics import auroc_by_column

if TYPE_CHECKING:
    from motiflab.network import MotifNetwork


@dataclass(frozen=True, eq=False)
class Reading:
    """What one second-layer filter adds up where it scores highest.

    Attributes
    ----------
    index : int
        Which second-layer filter, 0-based.
    strength : float
        AUROC of its best score alone.
    contributions : ndarray, shape (F, K2)
        Entry ``[f, k]``: weight of tap k for first-layer filter f, times the activation that it
        meets there; the mean over the positives, each at the unit that scores highest.
    bias : float
        With it the contributions add up to `score`.
    score : float
        Mean over the positives of the highest pre-activation.
    offsets : ndarray of int, shape (K2,)
        Bases from the first tap to each.
    """

    index: int
    strength: float
    contributions: np.ndarray
    bias: float
    score: float
    offsets: np.ndarray


def read_second_layer(network: MotifNetwork, data: Dataset) -> Reading:
    """Take the second-layer filter that tells the positives best apart, and see what it adds up.

    A pre-activation of the second layer is ``b + sum over f and k of W[f, k] h[f, j + kD]``, with
    the first layer's pooled activations ``h``. Each positive sequence has a position ``j`` (and
    strand) where it is highest; the terms there, averaged, say what the filter reads. Of the
    filters whose dense weight is positive (of all, if none is) the one with the highest AUROC is
    taken.

    Parameters
    ----------
    network : MotifNetwork
        With two layers.
    data : Dataset
        Of both classes, all sequences of one length.

    Returns
    -------
    Reading

    Raises
    ------
    ValueError
        If the network has one layer or lengths differ.

    Examples
    --------
    >>> from motiflab import datasets, models
    >>> settings = models.ModelSettings(filters=3, window=4, layers=2, second_width=5)
    >>> reading = read_second_layer(models.build(settings, 200), datasets.ctcf())
    >>> reading.contributions.shape, reading.offsets.tolist()
    ((3, 5), [0, 4, 8, 12, 16])
    """
    import torch

    s = network.settings
    if s.layers != 2:
        raise ValueError(f"network must have two layers to read the second, not {s.layers}.")
    if data.lengths.min() < data.x.shape[2]:
        raise ValueError(
            f"data must hold sequences of one length, got {data.shortest} to {data.x.shape[2]}."
        )
    with torch.no_grad():
        maps = network.pooled(torch.from_numpy(data.x))[0]
        scores = network.second_scores(maps).transpose(1, 2)  # (N, F2, strands, M2)
    best, where = scores.flatten(2).max(-1)
    strengths = auroc_by_column(data.labels, best.numpy())
    helpful = (network.dense.weight[0] > 0).numpy()
    index = int(np.where(helpful if helpful.any() else True, strengths, -1).argmax())
    positive = np.flatnonzero(data.labels == 1)
    strand, j = np.divmod(where[positive, index].numpy(), scores.shape[3])
    taps = np.arange(s.second_width)
    # On the - strand the taps are read from right to left.
    along = np.where(strand[:, None], s.second_width - 1 - taps, taps)
    at = j[:, None] + s.second_dilation * along
    met = maps.numpy()[positive[:, None], strand[:, None], :, at]  # (positives, K2, F)
    weight = network.second.weight[index].detach().numpy()
    return Reading(
        index=index,
        strength=float(strengths[index]),
        contributions=weight * met.mean(axis=0).T,
        bias=float(network.second.bias[index].detach()),
        score=float(best[positive, index].mean()),
        offsets=taps * s.second_dilation * max(s.window, 1) * s.stride,
    )
