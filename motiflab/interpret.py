"""What a network has learned: its filters as motifs, and where a filter fires.

A filter becomes a motif in two ways. By its **windows**: align the windows that it scores highest
in the positives and count their bases; this shows what the filter answers to in real sequences.
By its **weights**: a softmax over the bases at each position, ``p[k, a]`` proportional to
``q[a] exp(W[k, a])`` with the background ``q``. That is exact if ``W`` are log-odds. Behind a ReLU
and a dense layer they are so only up to a factor: doubling a filter and halving its dense weight
changes no prediction but doubles ``W``. Such a motif shows the shape only, and its information
content means nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from motiflab.labelled import Dataset
from motiflab.log_odds import check_weights
from motiflab.metrics import auroc_by_column
from motiflab.motifs import Motif
from motiflab.sequences import check_background

if TYPE_CHECKING:
    from motiflab.network import MotifNetwork

_QUIET = 0.95  # a window counts if it beats the best window of this share of the negatives
_FEWEST = 10  # but at least so many windows are counted, if there are so many positives


@dataclass(frozen=True, eq=False)
class BestWindows:
    """The highest-scoring window of every filter in every sequence.

    Attributes
    ----------
    score : ndarray, shape (N, F)
        Its pre-activation.
    start : ndarray of int, shape (N, F)
        The base under its first column on the + strand, 0-based; negative in the padding.
    reverse : ndarray of bool, shape (N, F)
        Whether the filter reads it on the - strand.
    """

    score: np.ndarray
    start: np.ndarray
    reverse: np.ndarray


@dataclass(frozen=True, eq=False)
class FilterMotif:
    """A filter as a motif.

    Attributes
    ----------
    index : int
        Which filter, 0-based.
    motif : Motif
        From the windows (see `filter_motifs`).
    sites : int
        How many windows were counted.
    strength : float
        AUROC of the filter's best score alone as a detector of the positives: 0.5 knows nothing.
    silent : bool
        True if the activation passes nothing on: a ReLU whose input is never above 0.
    """

    index: int
    motif: Motif
    sites: int
    strength: float
    silent: bool


def best_windows(network: MotifNetwork, data: Dataset) -> BestWindows:
    """Find where each filter scores highest in each sequence.

    Windows beyond the end of a shorter sequence do not count. Of equal scores the + strand and
    the leftmost window are taken.

    Parameters
    ----------
    network : MotifNetwork
    data : Dataset

    Returns
    -------
    BestWindows

    Examples
    --------
    >>> from motiflab import datasets, models
    >>> data = datasets.ctcf().subset(range(8))
    >>> best_windows(models.build(models.ModelSettings(filters=3), 200), data).score.shape
    (8, 3)
    """
    import torch

    s = network.settings
    counts, m, chunk = s.windows(data.lengths), s.shape(data.x.shape[2])[0], network.at_once()
    score, where = [], []
    with torch.no_grad():
        for i in range(0, len(data), chunk):
            y = network.scores(torch.from_numpy(data.x[i : i + chunk]))
            beyond = torch.arange(m) >= torch.from_numpy(counts[i : i + chunk])[:, None]
            if beyond.any():
                y = y.masked_fill(beyond[:, None, None, :], -torch.inf)
            best = y.transpose(1, 2).flatten(2).max(-1)
            score.append(best.values)
            where.append(best.indices)
    place = torch.cat(where).numpy()
    return BestWindows(torch.cat(score).numpy(), place % m * s.stride - s.padding, place >= m)


def filter_motifs(
    network: MotifNetwork, data: Dataset, windows: BestWindows | None = None
) -> list[FilterMotif]:
    """Turn every filter into a motif by the windows that it fires on.

    Of each positive sequence the filter's best window is taken, and counted if its score is above
    the 95th percentile of the best scores in the negatives (at least the 10 highest are counted):
    so nearly all windows are there for a reason that the negatives do not share. Windows read on
    the - strand are reverse-complemented first. Only labels are used, never planted sites.

    Parameters
    ----------
    network : MotifNetwork
    data : Dataset
        Of both classes; a thousand sequences give a good logo.
    windows : BestWindows, optional
        Of the same network and data, if they are known already.

    Returns
    -------
    list of FilterMotif
        In the order of the filters. Sort by `strength` to have the strongest first.

    Examples
    --------
    >>> from motiflab import datasets, models
    >>> network = models.build(models.ModelSettings(filters=3), 200)
    >>> [f.motif.width for f in filter_motifs(network, datasets.ctcf())]
    [15, 15, 15]
    """
    windows = windows or best_windows(network, data)
    s = network.settings
    positive = np.flatnonzero(data.labels == 1)
    negative = np.flatnonzero(data.labels == 0)
    strengths = auroc_by_column(data.labels, windows.score)
    enough = np.quantile(windows.score[negative], _QUIET, axis=0)
    x = np.pad(data.x, ((0, 0), (0, 0), (s.padding, s.padding)))
    taps = np.arange(s.width) * s.dilation + s.padding
    found = []
    for f in range(s.filters):
        score = windows.score[positive, f]
        fewest = np.sort(score)[-min(_FEWEST, len(score))]
        chosen = positive[score >= min(enough[f], fewest)]
        at = windows.start[chosen, f][:, None] + taps
        sites = x[chosen[:, None], :, at]  # (sites, K, 4)
        back = windows.reverse[chosen, f]
        sites = np.concatenate([sites[~back], sites[back][:, ::-1, ::-1]])
        pfm = sites.sum(axis=0, dtype=float)
        pfm[pfm.sum(axis=1) == 0] = 0.25  # a column that only ever lay in the padding
        found.append(
            FilterMotif(
                index=f,
                motif=Motif(f"filter {f}", pfm),
                sites=len(chosen),
                strength=float(strengths[f]),
                silent=s.activation == "relu" and float(windows.score[:, f].max()) <= 0,
            )
        )
    return found


def motif_from_weights(
    weights: ArrayLike, background: ArrayLike | None = None, name: str = "filter"
) -> Motif:
    """Turn a filter into a motif by its weights.

    ``p[k, a] = q[a] exp(W[k, a]) / sum over c of q[c] exp(W[k, c])``; with a uniform background
    ``q`` this is the softmax of each row. Adding a constant to a row changes nothing. It undoes
    ``W = log(p / q)`` exactly; for what it means behind a ReLU see the top of this module.

    Parameters
    ----------
    weights : array_like, shape (K, 4)
        ``W``, bases in the order A, C, G, T; the columns of a `DataFrame` are taken by their
        labels. Of a network: ``network.conv.weight[f].T.detach()``.
    background : array_like, shape (4,), optional
        ``q``; uniform if not given.
    name : str

    Returns
    -------
    Motif

    Raises
    ------
    ValueError
        For another shape or a weight that is not finite.

    Examples
    --------
    >>> motif_from_weights([[0, 0, 0, 0]], [0.3, 0.2, 0.2, 0.3]).probabilities().tolist()
    [[0.3, 0.2, 0.2, 0.3]]
    """
    w = check_weights(weights)
    ppm = check_background(background) * np.exp(w - w.max(axis=1, keepdims=True))
    return Motif.from_probabilities(ppm / ppm.sum(axis=1, keepdims=True), name)


def activation_map(network: MotifNetwork, x: np.ndarray, index: int) -> np.ndarray:
    """Activation of one filter along one sequence, the higher of the strands it reads.

    Parameters
    ----------
    network : MotifNetwork
    x : ndarray of float32, shape (4, L)
        A one-hot sequence, without its padding to the length of others.
    index : int
        Which filter, 0-based.

    Returns
    -------
    ndarray, shape (M,)
        Entry j belongs to the window that begins at base ``j * stride - padding``.

    Examples
    --------
    >>> from motiflab import models, sequences
    >>> x = sequences.one_hot("ACGTTGCAAC", channels="first")
    >>> activation_map(models.build(models.ModelSettings(width=4), 10), x, 0).shape
    (7,)
    """
    import torch

    with torch.no_grad():
        y = network.activate(network.scores(torch.from_numpy(x)[None])[0, :, index])
    return y.amax(0).numpy()
