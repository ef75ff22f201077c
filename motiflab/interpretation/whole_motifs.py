"""Match first-layer filters with planted motifs: do they contain whole motifs or parts?

The rule is that of Koo and Eddy (2019, PLoS Computational Biology 15: e1007560), as the scripts
published with the paper have it (github.com/p-koo/learning_sequence_motifs):

1. Every window in which a filter's activation is above half of its highest activation is aligned,
   and its letters are counted, each window as often as its activation says (`activated_ppms`).
2. What remains of the motif reaches from the first to the last column with more than 0.5 bits,
   and 3 columns beyond on either side. A filter without such a column matches nothing.
3. The filter *matches* a motif if Tomtom (`motiflab.motifs.tomtom`), searching a whole collection
   of known motifs, finds it with an E-value of at most 0.1. It need not be the best match.

Columns that are not aligned count 0 in Tomtom, so a long part of a motif may match, too; a short
part is too easily found by chance. The *share of matching filters* is the number of
filters that match any planted motif, divided by the number of all filters.

Here the collection is JASPAR's newest version of each motif of the vertebrates, where the paper
searched all versions of the year 2016.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from motiflab.checks import quoted, require
from motiflab.datasets.dataset import Dataset
from motiflab.motifs import Motif, MotifCollection, information
from motiflab.motifs.tomtom import tomtom
from motiflab.networks import activated

if TYPE_CHECKING:
    from motiflab.networks.cnn import MotifNetwork

E_VALUE = 0.1
"""A filter matches a motif if Tomtom's E-value is at most this."""

LEVEL = 0.5
"""Windows count whose activation is above this share of the filter's highest activation."""

_BITS, _BESIDE = 0.5, 3  # a column with more information is part of the motif; columns beside it


@dataclass(frozen=True, eq=False)
class FilterMatches:
    """E-values of the filters of a first layer against the planted motifs.

    Attributes
    ----------
    ppms : list of ndarray, shape (w, 4), or None
        PPM of each filter (see `activated_ppms`); None for one without a motif.
    e_values : ndarray, shape (F, motifs)
        Tomtom's E-value of each filter and planted motif; infinite for a filter without a motif.
    """

    ppms: list[np.ndarray | None]
    e_values: np.ndarray

    @property
    def matched(self) -> np.ndarray:
        """Index of the planted motif that each filter matches best, (F,); -1 if it matches none."""
        best = self.e_values.argmin(axis=1)
        return np.where(self.e_values.min(axis=1) <= E_VALUE, best, -1)

    @property
    def share(self) -> float:
        """Share of the filters that match a planted motif, 0 to 1."""
        return float((self.matched >= 0).mean())

    @property
    def found(self) -> int:
        """Number of planted motifs that some filter matches."""
        return len(set(self.matched.tolist()) - {-1})


def activated_ppms(network: MotifNetwork, data: Dataset) -> list[np.ndarray | None]:
    """Turn every filter into a motif, from all windows with over half its highest activation.

    Labels are not used. Columns without a motif at the ends are cut off (rule 2 above).

    Parameters
    ----------
    network : MotifNetwork
        Of DNA, with a stride and a dilation of 1.
    data : Dataset
        All sequences of one length; a thousand or two are enough.

    Returns
    -------
    list of ndarray, shape (w, 4), or None
        Base probabilities, ``w`` at most the width of the filter; None for a filter that never
        fires or has no column with more than 0.5 bits.

    Examples
    --------
    >>> from motiflab import datasets, networks
    >>> likes = 4.0 * np.eye(4)[[0, 0, 1, 2]] - 3  # AACG: a score of 4, of 0 with one other base
    >>> network = networks.from_filter(likes, length=200, activation="relu")
    >>> activated_ppms(network, datasets.ctcf().subset(range(100)))[0].argmax(axis=1).tolist()
    [0, 0, 1, 2]
    """
    s = network.settings
    require(
        "network",
        s.stride == 1 and s.dilation == 1,
        f"read neighbouring bases step by step, not with stride {s.stride} and dilation "
        f"{s.dilation}",
    )
    length = data.x.shape[2]
    require("data", data.lengths.min() == length, "hold sequences of one length")
    chunk = s.at_once(length)
    maps = np.concatenate(
        [
            activated(s.activation, network.scan(data.x[i : i + chunk]))[0]
            for i in range(0, len(data), chunk)
        ]
    )  # (N, F, strands, M)
    x = np.pad(data.x, ((0, 0), (0, 0), (s.padding, s.padding)))
    found = []
    for index in range(s.filters):
        highest = maps[:, index].max()
        row, strand, start = np.nonzero(maps[:, index] > LEVEL * highest)
        if highest <= 0 or not len(row):
            found.append(None)
            continue
        weight = maps[row, index, strand, start]
        windows = x[row[:, None], :, start[:, None] + np.arange(s.width)]  # (windows, K, A)
        back = strand == 1
        windows[back] = data.alphabet.other_strand(windows[back])
        counts = np.tensordot(weight, windows, axes=1).astype(float)
        counts[counts.sum(axis=1) == 0] = 1.0  # a column that only ever lay in the padding
        ppm = counts / counts.sum(axis=1, keepdims=True)
        informed = np.flatnonzero(information(ppm) > _BITS)
        if len(informed):
            found.append(ppm[max(informed[0] - _BESIDE, 0) : informed[-1] + _BESIDE + 1])
        else:
            found.append(None)
    return found


def matching_filters(
    network: MotifNetwork, data: Dataset, planted: Sequence[Motif], known: MotifCollection
) -> FilterMatches:
    """Find which filters of the first layer match planted motifs, by the rule of this module.

    Parameters
    ----------
    network : MotifNetwork
    data : Dataset
        As for `activated_ppms`.
    planted : sequence of Motif
        The truth. `known` must hold a version of each.
    known : MotifCollection
        For example ``jaspar.collection("vertebrates")``.

    Returns
    -------
    FilterMatches

    Examples
    --------
    >>> from motiflab import datasets, networks
    >>> from motiflab.motifs import jaspar
    >>> srf = jaspar.load("MA0083.3")
    >>> network = networks.from_filter(srf.log_odds(), length=200, activation="relu")
    >>> data = datasets.several_motifs([srf], n=200, seed=1)
    >>> matching_filters(network, data, [srf], jaspar.collection("vertebrates")).share
    1.0
    """
    bases = [name.partition(".")[0] for name in known.ids]
    wanted = [motif.id.partition(".")[0] for motif in planted]
    missing = [motif.id for motif, base in zip(planted, wanted, strict=True) if base not in bases]
    require("planted", not missing, f"be among the known motifs, got {quoted(missing)}")
    columns = [bases.index(base) for base in wanted]
    ppms = activated_ppms(network, data)
    e_values = np.full((len(ppms), len(planted)), np.inf)
    seen = [i for i, ppm in enumerate(ppms) if ppm is not None]
    if seen:
        e_values[seen] = tomtom([ppms[i] for i in seen], known).e_values[:, columns]
    return FilterMatches(ppms, e_values)
