"""Filters as motifs: what they learned, where they fire, what the second layer reads.

A filter becomes a motif in two ways. By its **windows**: align its highest-scoring windows in the
positives and count their bases; this shows what activates the filter in real sequences. By its
**weights** (`motiflab.motifs.motif_from_weights`): a softmax over the bases at each position,
``p[k, a]`` proportional to ``q[a] exp(W[k, a])`` with the background ``q``. That is exact if ``W``
are log-odds. If a ReLU and a dense layer follow, they are log-odds only up to a factor: doubling a
filter and halving its dense weight changes no prediction but doubles ``W``. Such a motif shows only
the shape, and its information content has no meaning.

A filter of a second layer does not read bases but activations of the first layer.
`read_second_layer` shows which of them it adds up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from motiflab.checks import require
from motiflab.datasets.dataset import Dataset
from motiflab.evaluation.curves import auroc_by_column
from motiflab.motifs.motif import Motif
from motiflab.networks import BestWindows, activated, highest_windows, part_by_part

if TYPE_CHECKING:
    from motiflab.networks.cnn import MotifNetwork


FLANK = 10
"""Number of bases on either side of a window that are counted, too, to name the filter."""

_QUIET = 0.95  # a window counts if it beats the best window of this share of the negatives
_FEWEST = 10  # smallest number of counted windows, if there are enough positives
_CHANCE = 0.1  # share of the windows for naming a filter that is expected by chance, if possible


@dataclass(frozen=True, eq=False)
class FilterMotif:
    """A filter as a motif.

    Attributes
    ----------
    index : int
        Index of the filter, 0-based.
    motif : Motif
        From the windows (see `filter_motifs`).
    sites : int
        Number of counted windows.
    strength : float
        AUROC of the filter's best score alone as a detector of the positives: 0.5 is chance.
    silent : bool
        True if the activation is always 0: a ReLU whose input is never positive.
    flanked : ndarray, shape (FLANK + span + FLANK, A)
        Counts of each letter in the window and beside it, for `name_filters`; ``span`` is the
        number of bases from the first column to the last. More windows are counted than for the
        motif (see `filter_motifs`).
    """

    index: int
    motif: Motif
    sites: int
    strength: float
    silent: bool
    flanked: np.ndarray


def best_windows(network: MotifNetwork, data: Dataset) -> BestWindows:
    """Find the window with the highest score of each filter in each sequence.

    Windows beyond the end of a shorter sequence do not count. Of equal scores the + strand and
    the leftmost window win.

    Parameters
    ----------
    network : MotifNetwork
    data : Dataset

    Returns
    -------
    BestWindows

    Examples
    --------
    >>> from motiflab import datasets, networks
    >>> data = datasets.ctcf().subset(range(8))
    >>> best_windows(networks.build(networks.ModelSettings(filters=3), 200), data).score.shape
    (8, 3)
    """
    s = network.settings
    counts, chunk = s.windows(data.lengths), s.at_once(data.x.shape[2])

    def read(part: slice) -> BestWindows:
        y = network.scan(data.x[part])
        beyond = np.arange(y.shape[-1]) >= counts[part, None]
        if beyond.any():
            y = np.where(beyond[:, None, None, :], -np.inf, y)
        return highest_windows(y, s.stride, s.padding)

    parts = part_by_part(read, len(data), chunk)
    return BestWindows(
        score=np.concatenate([part.score for part in parts]),
        start=np.concatenate([part.start for part in parts]),
        reverse=np.concatenate([part.reverse for part in parts]),
    )


def filter_motifs(
    network: MotifNetwork,
    data: Dataset,
    windows: BestWindows | None = None,
) -> list[FilterMotif]:
    """Turn every filter into a motif, from the windows on which it fires.

    The filter's best window of each positive sequence is counted if its score is above the 95th
    percentile of the best scores in the negatives (at least the 10 highest are counted). So nearly
    all counted windows score higher than chance windows. Windows read on the - strand are
    reverse-complemented first. Only labels are used, never planted sites.

    Selecting high scores sharpens the motif: a site with a rare base scores low. So more windows
    are counted in `FilterMotif.flanked`, which names the filter. If a share ``f`` of the positives
    has a site that beats the median negative, a share ``a = f + (1 - f) / 2`` of them is above it,
    which gives ``f``. Above the quantile ``l`` of the negatives, ``(1 - f) (1 - l)`` of the
    positives are then expected by chance. Of ``l`` from 0.5 to 0.95 in steps of 0.05, the lowest is
    used at which these are at most a tenth of all positives above it; if there is none, 0.95.
    Positions beyond the ends of a sequence and unknown bases (N) are not counted. For a dilated
    filter all bases between its columns are counted, too.

    Parameters
    ----------
    network : MotifNetwork
    data : Dataset
        Sequences of both classes; a thousand give a good logo.
    windows : BestWindows, optional
        For the same network and data, if already computed.

    Returns
    -------
    list of FilterMotif
        In the order of the filters. Sort by `strength` to have the strongest first.

    Examples
    --------
    >>> from motiflab import datasets, networks
    >>> network = networks.build(networks.ModelSettings(filters=3), 200)
    >>> [f.motif.width for f in filter_motifs(network, datasets.ctcf())]
    [15, 15, 15]
    """
    windows = windows or best_windows(network, data)
    alphabet = data.alphabet
    s = network.settings
    positive = np.flatnonzero(data.labels == 1)
    strengths = auroc_by_column(data.labels, windows.score)
    negatives = windows.score[data.labels == 0]
    enough = np.quantile(negatives, _QUIET, axis=0)
    plenty = _few_by_chance(windows.score[positive], negatives)
    beyond = FLANK + s.padding
    x = np.pad(data.x, ((0, 0), (0, 0), (beyond, beyond)))
    span = s.dilation * (s.width - 1) + 1
    columns = np.arange(-FLANK, span + FLANK) + beyond  # in x, where padding comes first
    found = []
    for f in range(s.filters):
        score = windows.score[positive, f]
        fewest = np.sort(score)[-min(_FEWEST, len(score))]
        chosen = positive[score >= min(plenty[f], fewest)]
        at = windows.start[chosen, f][:, None] + columns
        sites = x[chosen[:, None], :, at]  # (sites, columns, A)
        back = windows.reverse[chosen, f]
        if back.any():
            sites[back] = alphabet.other_strand(sites[back])
        best = windows.score[chosen, f] >= min(enough[f], fewest)
        pfm = sites[best, FLANK : -FLANK : s.dilation].sum(axis=0, dtype=float)
        # A column that was always in the padding has no information.
        pfm[pfm.sum(axis=1) == 0] = 1 / alphabet.size
        found.append(
            FilterMotif(
                index=f,
                motif=Motif(f"filter {f}", pfm, alphabet=alphabet),
                sites=int(best.sum()),
                strength=float(strengths[f]),
                silent=s.activation == "relu" and float(windows.score[:, f].max()) <= 0,
                flanked=(sites == 1).sum(axis=0),
            )
        )
    return found


def _few_by_chance(positives: np.ndarray, negatives: np.ndarray) -> np.ndarray:
    """Threshold of each filter above which few windows are expected by chance, (F,).

    See `filter_motifs`. The arguments are scores of the best windows, (sequences, F).
    """
    levels = np.arange(10, 20) / 20
    scores = np.quantile(negatives, levels, axis=0)
    above = np.array([(positives >= score).mean(axis=0) for score in scores])
    with_site = (2 * above[0] - 1).clip(0)
    by_chance = (1 - with_site) * (1 - levels[:, None])
    few = by_chance <= _CHANCE * above
    few[-1] = True
    return scores[few.argmax(axis=0), np.arange(len(with_site))]


def activation_map(network: MotifNetwork, x: np.ndarray, index: int) -> np.ndarray:
    """Activation of one filter along one sequence, the higher of the strands it reads.

    Parameters
    ----------
    network : MotifNetwork
    x : ndarray of float32, shape (A, L)
        A one-hot sequence, without its padding to the length of others.
    index : int
        Index of the filter, 0-based.

    Returns
    -------
    ndarray, shape (M,)
        Entry j belongs to the window that begins at base ``j * stride - padding``.

    Examples
    --------
    >>> from motiflab import networks, sequences
    >>> x = sequences.one_hot("ACGTTGCAAC", channels="first")
    >>> activation_map(networks.build(networks.ModelSettings(width=4), 10), x, 0).shape
    (7,)
    """
    y = network.scan(x[None])[0, index].max(axis=0)
    return activated(network.settings.activation, y)[0]


@dataclass(frozen=True, eq=False)
class Reading:
    """The terms that one second-layer filter adds up where it scores highest.

    Attributes
    ----------
    index : int
        Index of the second-layer filter, 0-based.
    strength : float
        AUROC of its best score alone.
    contributions : ndarray, shape (F, K2)
        Entry ``[f, k]``: weight of tap k for first-layer filter f times the activation there;
        mean over the positives, each at the unit that scores highest.
    bias : float
        The contributions and the bias add up to `score`.
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
    """Return the terms that the best second-layer filter adds up.

    A pre-activation of the second layer is ``b + sum over f and k of W[f, k] h[f, j + kD]``, with
    the first layer's pooled activations ``h``. In each positive sequence it is highest at a
    position ``j`` (and strand); the mean of the terms there shows what the filter reads. The best
    filter is the one with the highest AUROC among those with a positive dense weight (among all, if
    none is positive).

    Parameters
    ----------
    network : MotifNetwork
        With two layers.
    data : Dataset
        Sequences of both classes, all of equal length.

    Returns
    -------
    Reading

    Examples
    --------
    >>> from motiflab import datasets, networks
    >>> settings = networks.ModelSettings(filters=3, window=4, layers=2, second_width=5)
    >>> reading = read_second_layer(networks.build(settings, 200), datasets.ctcf())
    >>> reading.contributions.shape, reading.offsets.tolist()
    ((3, 5), [0, 4, 8, 12, 16])
    """
    import torch

    s = network.settings
    require("network", s.layers == 2, f"have two layers to read the second, not {s.layers}")
    require(
        "data",
        data.lengths.min() == data.x.shape[2],
        f"hold sequences of one length, got {data.shortest} to {data.x.shape[2]}",
    )
    with torch.no_grad():
        maps = network.pooled(torch.from_numpy(data.x))[0]
        scores = network.second_scores(maps).transpose(1, 2)  # (N, F2, strands, M2)
    best = highest_windows(scores.numpy())
    strengths = auroc_by_column(data.labels, best.score)
    # A filter with a negative dense weight is evidence for the negatives.
    helpful = (network.dense.weight[0] > 0).numpy()
    index = int(np.where(helpful if helpful.any() else True, strengths, -1).argmax())
    positive = np.flatnonzero(data.labels == 1)
    strand, j = best.reverse[positive, index].astype(int), best.start[positive, index]
    taps = np.arange(s.second_width)
    # On the - strand the taps are read from right to left.
    along = np.where(strand[:, None], s.second_width - 1 - taps, taps)
    at = j[:, None] + s.second_dilation * along
    met = maps.numpy()[positive[:, None], strand[:, None], :, at]  # (positives, K2, F)
    return Reading(
        index=index,
        strength=float(strengths[index]),
        contributions=network.second.weight[index].detach().numpy() * met.mean(axis=0).T,
        bias=float(network.second.bias[index].detach()),
        score=float(best.score[positive, index].mean()),
        offsets=taps * s.second_dilation * max(s.window, 1) * s.stride,
    )
