"""How a pooled number changes when a motif, or the whole sequence, is shifted.

A shift of ``s`` bases can mean two things. Either the motif alone moves along a fixed
background, or the whole sequence moves (here on a ring: bases that leave on the right enter on the
left). With filter stride ``S`` and pooling stride ``T``, and apart from the edges:

- *local invariance*: if the motif's own score wins a pooling window before and after the shift,
  the maximum of that window is the same number. It is not enough that the same position wins: the
  motif may have changed the bases under it. The average is the same only if the scores that leave
  the window have the same sum as those that enter it, for example if all are 0;
- *equivariance*: if the whole sequence moves by ``s = c * S * T``, every pooled map moves by ``c``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import require, whole
from motiflab.layers.activations import relu
from motiflab.layers.convolution import check_same_columns, cross_correlate
from motiflab.layers.pooling import pool
from motiflab.sequences.encoding import encode_aligned, one_hot, random_sequences
from motiflab.sequences.matrix import check_matrix, numbers_by_base

SAME = 1e-9  # two pooled numbers that differ by less than this count as equal


def place_motif(background: ArrayLike, site: ArrayLike, start: int) -> np.ndarray:
    """Write a site into a sequence, cut at the ends of the sequence.

    Parameters
    ----------
    background : array_like, shape (L, A)
        One-hot, or zeros for no background at all.
    site : array_like, shape (K, A)
        One-hot.
    start : int
        Position of the site's first base in the sequence, from ``-K`` (all of the site is before
        the sequence) to ``L`` (all of it is after).

    Returns
    -------
    ndarray, shape (L, A)
        A copy.

    Examples
    --------
    >>> from motiflab.sequences import decode
    >>> [decode(place_motif(one_hot("AAAAAA"), one_hot("CGT"), start)) for start in (2, -1, 5)]
    ['AACGTA', 'GTAAAA', 'AAAAAC']
    """
    x, site = numbers_by_base(background, "background").copy(), numbers_by_base(site, "site")
    check_same_columns("background", x, "site", site)
    start = whole("start", start, -len(site), len(x))
    first, last = max(start, 0), min(start + len(site), len(x))  # the part in the sequence
    x[first:last] = site[first - start : last - start]
    return x


def shift(
    background: ArrayLike, site: ArrayLike, start: int, by: int, everything: bool = False
) -> np.ndarray:
    """Move a site, or the whole sequence that holds it, to the right.

    Parameters
    ----------
    background, site, start
        As for `place_motif`.
    by : int
        ``s``, in bases; to the left if negative.
    everything : bool
        Move the background along, on a ring: base ``i`` goes to ``(i + s) mod L``.

    Returns
    -------
    ndarray, shape (L, A)

    Examples
    --------
    >>> from motiflab.sequences import decode
    >>> decode(shift(one_hot("AATTAAAA"), one_hot("CG"), start=4, by=1))
    'AATTACGA'
    >>> decode(shift(one_hot("AATTAAAA"), one_hot("CG"), start=4, by=1, everything=True))
    'AAATTCGA'
    """
    if everything:
        return np.roll(place_motif(background, site, start), by, axis=0)
    return place_motif(background, site, start + by)


class InvarianceCurve(NamedTuple):
    """How much one pooled number changes when the motif is shifted, over many sequences.

    Attributes
    ----------
    shifts : ndarray of int, shape (n_shifts,)
        In bases.
    changed : ndarray, shape (n_shifts,)
        Share of the sequences in which the pooled number changes, 0 to 1.
    size : ndarray, shape (n_shifts,)
        Mean size of the change, ``mean |p_s - p_0|``, as a share of the size of the `lift`.
    inside : ndarray, shape (n_shifts,)
        The same, but only for sequences whose motif still has its score in the window; nan if
        there are none.
    lift : float
        Mean increase of the pooled number by the motif before it moves. For average pooling it
        can be below 0, because the scores beside the motif's own count, too.
    """

    shifts: np.ndarray
    changed: np.ndarray
    size: np.ndarray
    inside: np.ndarray
    lift: float


def invariance_curves(
    weights: ArrayLike,
    site: str,
    window: int,
    furthest: int,
    bias: float = 0.0,
    rectify: bool = False,
    silent: bool = False,
    everything: bool = False,
    n: int = 96,
    seed: int = 0,
) -> dict[str, InvarianceCurve]:
    """Measure how invariant max and average pooling are to a shift of the motif.

    Each sequence is a background that contains the site. The pooled number is that of the window
    (`window` positions, disjoint from its neighbours) in which the motif's score lies before the
    shift. In sequence ``i`` the score is at position ``i mod window`` of that window, so all
    positions occur equally often. If the motif's score always wins, the maximum changes only when
    that score leaves: in a share ``min(s / window, 1)`` of the sequences.

    Parameters
    ----------
    weights : array_like, shape (K, 4)
        The filter; its stride is 1 and there is no padding.
    site : str
        ``K`` bases.
    window : int
        Width of the pooling window, at least 1.
    furthest : int
        Largest shift to the right, inclusive; the first is 0.
    bias : float
        Bias of the filter.
    rectify : bool
        Whether there is a ReLU between filter and pooling.
    silent : bool
        Whether to use zeros instead of a background.
    everything : bool
        Whether the background moves, too; see `shift`.
    n : int
        Number of sequences.
    seed : int
        Seed of the backgrounds, drawn with equal shares of the four bases.

    Returns
    -------
    dict of str to InvarianceCurve
        For ``"max"`` and ``"average"``.

    Examples
    --------
    >>> weights = 2 * one_hot("CATG") - 1
    >>> curves = invariance_curves(weights, "CATG", window=4, furthest=4, silent=True)
    >>> curves["max"].changed.tolist()
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    written, weights = one_hot(site), check_matrix("weights", weights)
    require(
        "site",
        len(site) == len(weights),
        f"be as wide as the filter, {len(weights)}, got {len(site)}",
    )
    window, furthest, n = whole("window", window), whole("furthest", furthest, 0), whole("n", n)
    length = window - 1 + furthest + len(site)  # the site fits even at the largest shift
    rng = np.random.default_rng(seed)
    backgrounds = encode_aligned("backgrounds", random_sequences(n, length, None, rng))
    backgrounds = backgrounds * (not silent)
    starts = np.arange(n) % window

    def moved(by: int) -> np.ndarray:  # as `shift` does, in all sequences at once
        x, places = backgrounds.copy(), starts + (0 if everything else by)
        x[np.arange(n)[:, None], places[:, None] + np.arange(len(site))] = written
        return np.roll(x, by, axis=1) if everything else x

    shifts = np.arange(furthest + 1)
    # All sequences, without the motif and at each shift, are scored at once, joined; windows
    # across two of them are not used.
    sequences = np.concatenate([backgrounds, *map(moved, shifts)]).reshape(-1, 4)
    scores = cross_correlate(np.concatenate([sequences, written]), weights, bias)
    maps = scores[: len(sequences)].reshape(-1, length)[:, :window].ravel()
    maps = relu(maps) if rectify else maps
    # Whether the motif's own score is still in the same pooling window.
    stays = starts + shifts[:, None] < window
    counts = stays.sum(axis=1)
    curves = {}
    for kind in ("max", "average"):
        empty, *after = pool(maps, window, kind=kind).reshape(-1, n)
        values = np.array(after)
        lift = float((values[0] - empty).mean())
        require(
            "bias",
            abs(lift) >= SAME,
            f"let the site through, but with {bias:g} the {kind} is the same with and without it",
        )
        change = np.abs(values - values[0]) / abs(lift)
        within = np.full(len(shifts), np.nan)
        np.divide((change * stays).sum(axis=1), counts, out=within, where=counts > 0)
        changed = (change * abs(lift) > SAME).mean(axis=1)
        curves[kind] = InvarianceCurve(shifts, changed, change.mean(axis=1), within, lift)
    return curves
