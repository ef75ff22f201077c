"""From many maps to a few motifs: cut out what matters, align it, cluster it, and count its bases.

A map says which bases of one sequence raised the score. What do a thousand maps have in common?
This is the idea of TF-MoDISco (Shrikumar et al. 2018, arXiv:1811.00416) in five steps that can be
read. It is not their program: windows, similarity and clustering are simpler here.

1. **Maps** (`contribution_maps`). The contribution of the base ``b`` at position ``i`` is
   ``C[i] = G[i, b] - (1/A) sum over a of G[i, a]``, where ``G`` is the gradient of the logit with
   respect to the one-hot input, averaged over the straight line from ``1/A`` of every letter to
   the sequence: integrated gradients (Sundararajan, Taly & Yan 2017). ``A`` is the number of
   letters. The gradient at the sequence itself will not do: a filter that is just above 0 has the
   same gradient as one that found a perfect site, and its look-alikes would drown the sites.
2. **Cut** (`cut_seqlets`). ``s[i]`` is the sum of the contributions in the window of `width` bases
   from ``i``. The highest window of a sequence is cut out, then the highest that does not overlap
   it, and so on, as long as ``s`` is at least the threshold ``t``. The pieces are called
   *seqlets*. The sum keeps its sign, so we look for what speaks for a positive.

   `least_sum` takes ``t`` from the negatives. Let ``n1(t)`` of ``N1`` positives and ``n0(t)`` of
   ``N0`` negatives have a window of at least ``t``. Then ``t`` is the lowest number with
   ``(1 + n0(t) N1 / N0) / n1(t) <= rate``: at most that share of the positives is there for a
   reason that negatives share. The 1 makes it careful where few are above ``t``. If no number
   will do, nothing is cut. So a network that learned nothing has no seqlets: the maps of its
   positives look like those of its negatives.
3. **Align** (`lay_on`). The similarity of two seqlets is the cosine of their contributions, one
   number for each position and letter, at the best of all shifts by up to `MOST_SHIFT` positions
   on either strand: ``sum Q[k + d, a] R[k, a] / (|Q| |R|)``. What hangs over adds nothing.
4. **Cluster** (`cluster_seqlets`). The seqlet with most neighbours, those that are at least
   `alike` to it, starts a cluster. All seqlets that are at least `alike` to it are laid on it and
   averaged; all that are at least `alike` to the average are averaged again, `ROUNDS` times in
   all. An average of two motifs may be `alike` to the seqlets of both. So we divide the cluster
   between two averages (2-means, from the members most and least like the average). If the two
   averages are less than `alike` to each other, these are two motifs. The cluster is then only
   what is at least `alike` to the average of the larger part, and nearer to it than to the other.
   Its members are taken away, and the next cluster is sought among the others, until none has
   `fewest` members.
5. **Count** (`SeqletMotif`). The bases of the aligned seqlets are counted at each position. Ends
   with less than `LEAST_BITS` of information are cut off; a cluster without any position above
   that is no motif.

`alike` asks two things at once: a motif breaks into pieces if it is too high, and two motifs that
look alike are merged if it is too low. 0.8 and the division of a cluster were chosen on draws of
two or three motifs of JASPAR. In ten new draws (51 to 60) all were found and nothing else. In the
ten before (41 to 50), on which the division was still changed, nine were, and in one two motifs
were merged. No motif was false, and with shuffled labels nothing was cut
(`tools/study_seqlets.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from motiflab.checks import between, inside, require, whole
from motiflab.datasets.dataset import Dataset
from motiflab.interpretation.attribution import mean_gradient
from motiflab.interpretation.saliency import centred, check_output, output_gradient
from motiflab.layers import windows
from motiflab.motifs import Motif
from motiflab.sequences import DNA

if TYPE_CHECKING:
    from motiflab.networks import MotifNetwork, OneLayerNetwork

MOST_SHIFT = 7
"""Positions by which two seqlets are shifted against each other, at most."""

ROUNDS = 3
"""How often the members of a cluster are averaged."""

LEAST_BITS = 0.3
"""Information of the first and of the last position of a motif, in bits, at least.

Corrected for few sites: see `Motif.information`.
"""

_SAME = 1e-6  # similarities that differ by less are the same, but for rounding


@dataclass(frozen=True, eq=False)
class Seqlets:
    """Stretches that were cut out of ``n`` places, the highest sum first.

    Attributes
    ----------
    sequence : ndarray of int, shape (n,)
        Which sequence each lies in.
    start : ndarray of int, shape (n,)
        Its first base, 0-based; negative if the flank hangs over the beginning.
    score : ndarray, shape (n,)
        Sum of the contributions of the window, without flanks.
    letters, contributions : ndarray, shape (n, w, A)
        One-hot, and the contribution of the letter that stands there; 0 beyond the ends. ``w`` is
        the width of the window with both flanks.
    """

    sequence: np.ndarray
    start: np.ndarray
    score: np.ndarray
    letters: np.ndarray
    contributions: np.ndarray

    def __len__(self) -> int:
        return len(self.start)

    def first(self, n: int) -> Seqlets:
        """Return the `n` with the highest scores: those of a higher threshold."""
        return Seqlets(*(getattr(self, field.name)[:n] for field in fields(self)))


@dataclass(frozen=True, eq=False)
class Laid:
    """How each of ``n`` seqlets lies best on each of ``m`` others.

    Attributes
    ----------
    similarity : ndarray, shape (n, m)
        Cosine, -1 to 1.
    shift : ndarray of int, shape (n, m)
        Position ``k`` of the other lies on position ``k + shift`` of the seqlet, as it was read.
    reverse : ndarray of bool, shape (n, m)
        Whether it was read on the - strand.
    """

    similarity: np.ndarray
    shift: np.ndarray
    reverse: np.ndarray

    def of(self, seqlets: np.ndarray, other: int = 0) -> Laid:
        """Return how some of the seqlets lie on one of the others; shape (seqlets,) each."""
        return Laid(*(getattr(self, field.name)[seqlets, other] for field in fields(self)))


@dataclass(frozen=True, eq=False)
class SeqletMotif:
    """What the seqlets of one cluster have in common.

    Attributes
    ----------
    motif : Motif
        Counts of their bases, ends without information cut off.
    contributions : ndarray, shape (w, A)
        Mean contribution of each letter at each position of `motif`.
    flanked : ndarray, shape (columns, A)
        Counts at all positions, for `motiflab.motifs.candidates`.
    members : ndarray of int, shape (m,)
        Which seqlets.
    start : ndarray of int, shape (m,)
        First base of `motif` in the sequence of each member, on the + strand, 0-based.
    reverse : ndarray of bool, shape (m,)
        Whether it is read on the - strand there.
    """

    motif: Motif
    contributions: np.ndarray
    flanked: np.ndarray
    members: np.ndarray
    start: np.ndarray
    reverse: np.ndarray


def contribution_maps(
    network: OneLayerNetwork | MotifNetwork, x: np.ndarray, steps: int = 8
) -> np.ndarray:
    """Contribution of every base of many sequences to the logit; step 1 of this module.

    Parameters
    ----------
    network : OneLayerNetwork or MotifNetwork
        Of any architecture.
    x : ndarray, shape (N, A, L)
        One-hot sequences of one length, such as `Dataset.x`.
    steps : int
        Points on the straight line at which the gradient is computed, at least 1.

    Returns
    -------
    ndarray, shape (N, L)
        In units of the logit. Each row sums to the logit minus that of the line's start, but for
        the error of a finite number of steps.

    Examples
    --------
    >>> from motiflab import networks, sequences
    >>> network = networks.from_filter([[2, 0, 0, 0], [0, 2, 0, 0]], length=4)
    >>> contribution_maps(network, sequences.encode(["GACG"]).x).tolist()
    [[0.0, 1.5, 1.5, 0.0]]
    """
    check_output("logit", network)
    steps = whole("steps", steps)
    letters = np.asarray(x).transpose(0, 2, 1)
    reference = 1 / letters.shape[2]
    slopes, gradient = [], partial(output_gradient, network, of="logit")
    # Torch keeps several maps of each sequence for the gradient.
    at_once = max(1, network.settings.at_once(letters.shape[1]) // 4)
    for i in range(0, len(letters), at_once):
        part = letters[i : i + at_once]
        slopes.append(mean_gradient(gradient, np.full_like(part, reference), part, steps))
    return (centred(np.concatenate(slopes), network.alphabet) * letters).sum(axis=2)


def window_sums(maps: np.ndarray, width: int = 15) -> np.ndarray:
    """Sum the contributions in every window: (N, L) becomes (N, L - width + 1).

    >>> window_sums(np.array([[1.0, 2.0, 3.0]]), width=2).tolist()
    [[3.0, 5.0]]
    """
    width = whole("width", width, 1, maps.shape[1])
    return windows(maps[..., None], width).sum(axis=(-2, -1))


def least_sum(positives: np.ndarray, negatives: np.ndarray, rate: float = 0.05) -> float:
    """Return the threshold ``t`` of step 2 of this module.

    Parameters
    ----------
    positives, negatives : ndarray, shapes (N1, M) and (N0, M)
        From `window_sums`.
    rate : float
        Above 0 and below 1.

    Returns
    -------
    float
        Infinite if no threshold will do.

    Examples
    --------
    >>> least_sum(np.arange(10.0)[:, None], np.array([[1.5], [1.5]]), rate=0.2)
    2.0
    """
    rate = inside("rate", rate, 0, 1)
    highest, chance = (np.sort(sums.max(axis=1)) for sums in (positives, negatives))
    above = len(highest) - np.searchsorted(highest, highest)
    by_chance = 1 + (len(chance) - np.searchsorted(chance, highest)) * len(highest) / len(chance)
    low = highest[by_chance <= rate * above]
    return float(low[0]) if len(low) else float("inf")


def cut_seqlets(
    maps: np.ndarray, x: np.ndarray, least: float, width: int = 15, flank: int = 5
) -> Seqlets:
    """Cut out the windows that matter, with flanks; step 2 of this module.

    Parameters
    ----------
    maps : ndarray, shape (N, L)
        From `contribution_maps`.
    x : ndarray, shape (N, A, L)
        The same sequences, one-hot.
    least : float
        From `least_sum`.
    width, flank : int
        Bases in a window, and on either side of it. Windows do not overlap; flanks may.

    Returns
    -------
    Seqlets

    Examples
    --------
    >>> from motiflab import sequences
    >>> x = sequences.encode(["ACGTAC"]).x
    >>> found = cut_seqlets(np.array([[0, 3, 3, 0, 2, 2.0]]), x, least=4, width=2, flank=1)
    >>> found.start.tolist(), found.score.tolist()
    ([0, 3], [6.0, 4.0])
    """
    flank = whole("flank", flank, 0)
    found = []
    for row, sums in enumerate(window_sums(maps, width)):
        while (score := sums.max()) >= least and score > -np.inf:
            at = int(sums.argmax())
            found.append((score, row, at - flank))
            sums[max(0, at - width + 1) : at + width] = -np.inf
    # Equal scores stay in the order of the sequences.
    found.sort(key=lambda each: -each[0])
    score, row, start = np.array(found).reshape(-1, 3).T
    row, start = row.astype(int), start.astype(int)
    padded = np.pad(x, ((0, 0), (0, 0), (flank, flank))).transpose(0, 2, 1)
    at = (start + flank)[:, None] + np.arange(width + 2 * flank)
    letters = padded[row[:, None], at]
    heights = np.pad(maps, ((0, 0), (flank, flank)))[row[:, None], at]
    return Seqlets(row, start, score, letters, letters * heights[..., None])


def lay_on(seqlets: np.ndarray, others: np.ndarray) -> Laid:
    """Lay seqlets on others as well as can be; step 3 of this module.

    Of equally good ways the + strand is taken, then the smallest shift.

    Parameters
    ----------
    seqlets, others : ndarray, shapes (n, w, 4) and (m, w, 4)
        Contributions.

    Returns
    -------
    Laid

    Examples
    --------
    >>> from motiflab import sequences
    >>> x = sequences.encode(["GGACC", "GACCT", "GGTCC"]).x  # GACC; once on the - strand
    >>> seqlets = x.transpose(0, 2, 1)
    >>> laid = lay_on(seqlets, seqlets[:1])
    >>> laid.similarity.round(2).ravel().tolist(), laid.shift.ravel().tolist()
    ([1.0, 0.8, 1.0], [0, -1, 0])
    """
    return _lay_units_on(_unit(seqlets), others)


def _lay_units_on(seqlets: np.ndarray, others: np.ndarray) -> Laid:
    """The same for seqlets of length 1, from `_unit`, which are often laid on one after another."""
    n, w, size = seqlets.shape
    flat, most = seqlets.reshape(n, w * size), min(MOST_SHIFT, w - 1)
    # The other is moved and turned instead of the seqlets, which are more.
    shifts = sorted(range(-most, most + 1), key=abs)
    padded = np.zeros((len(others), most + w + most, size), np.float32)
    padded[:, most : most + w] = _unit(others)
    laid = Laid(*(np.empty((n, len(others)), kind) for kind in (float, int, bool)))
    for k, other in enumerate(padded):
        moved = np.stack([other[most - shift : most - shift + w] for shift in shifts])
        ways = np.concatenate([moved, DNA.other_strand(moved)]).reshape(-1, w * size)
        cosine = flat @ ways.T
        # The first of the equally good.
        best = (cosine >= cosine.max(axis=1, keepdims=True) - _SAME).argmax(axis=1)
        laid.similarity[:, k] = cosine[np.arange(n), best]
        laid.shift[:, k] = np.tile(shifts, 2)[best]
        laid.reverse[:, k] = best >= len(shifts)
    return laid


def _unit(values: np.ndarray) -> np.ndarray:
    values = np.asarray(values, dtype=np.float32)
    return values / np.sqrt((values**2).sum(axis=(1, 2), keepdims=True)).clip(1e-12)


def cluster_seqlets(
    seqlets: Seqlets, alike: float = 0.8, fewest: int = 20, similarity: np.ndarray | None = None
) -> list[SeqletMotif]:
    """Cluster seqlets and average each cluster; steps 4 and 5 of this module.

    Parameters
    ----------
    seqlets : Seqlets
        From `cut_seqlets`.
    alike : float
        Least similarity to the average of a cluster, 0 to 1.
    fewest : int
        Members of a cluster, at least.
    similarity : ndarray, shape (n, n), optional
        Of all pairs, by `lay_on`, if it is known already.

    Returns
    -------
    list of SeqletMotif
        In the order in which they were found.

    Examples
    --------
    >>> from motiflab import sequences
    >>> x = sequences.encode(["TTCGTCTT", "TTTCGTCT", "AAGACGAA"]).x  # CGTC; once on the - strand
    >>> maps = np.zeros((3, 8))
    >>> maps[0, 2:6] = maps[1, 3:7] = maps[2, 2:6] = 1
    >>> seqlets = cut_seqlets(maps, x, least=4, width=4, flank=0)
    >>> found = cluster_seqlets(seqlets, fewest=3)[0]
    >>> found.motif.consensus(), found.start.tolist(), found.reverse.tolist()
    ('CGTC', [2, 3, 2], [False, False, True])
    """
    alike, fewest = between("alike", alike, 0, 1), whole("fewest", fewest)
    values = seqlets.contributions
    if similarity is None:
        similarity = lay_on(values, values).similarity
    near, units = similarity >= alike - _SAME, _unit(values)
    left, found = np.arange(len(seqlets)), []
    neighbours = near.sum(axis=1)  # of those that are left
    while len(left) and neighbours[left].max() >= fewest:
        # Of equally many neighbours the first has them: the one with the highest score.
        seed = left[neighbours[left].argmax()]
        members, laid = _gather(values[left], units[left], values[seed], alike)
        for _ in range(ROUNDS):
            if len(members) < fewest:
                break
            if not (part := _part(values[left], units[left], members, laid, alike)):
                break
            members, laid = part
        gone = left[members]
        if len(members) >= fewest:
            found += _motif(seqlets, gone, laid.shift, laid.reverse)
        else:  # the neighbours have drifted away from the seed
            gone = [seed]
        neighbours -= near[:, gone].sum(axis=1)
        left = np.setdiff1d(left, gone, assume_unique=True)
    return found


def _gather(
    values: np.ndarray, units: np.ndarray, mean: np.ndarray, alike: float
) -> tuple[np.ndarray, Laid]:
    """Find which are alike to the average, which begins as one of them, and how they lie on it."""
    for _ in range(ROUNDS):
        laid = _lay_units_on(units, mean[None])
        members = np.flatnonzero(laid.similarity[:, 0] >= alike - _SAME)
        if not len(members):
            break
        mean = _average(values[members], laid.of(members))
    return members, laid.of(members)


def _part(
    values: np.ndarray, units: np.ndarray, members: np.ndarray, laid: Laid, alike: float
) -> tuple[np.ndarray, Laid] | None:
    """Find the members of the larger motif, and how they lie, if a cluster is two motifs."""
    # Read as they were laid, so that the two averages stand in about the same place.
    read = _read(values[members], laid.shift, laid.reverse)
    means, units_read = read[[laid.similarity.argmax(), laid.similarity.argmin()]], _unit(read)
    for _ in range(ROUNDS):
        again = _lay_units_on(units_read, means)
        nearer = again.similarity.argmax(axis=1)
        parts = [np.flatnonzero(nearer == k) for k in (0, 1)]
        if min(map(len, parts)) == 0:
            return None
        means = np.array([_average(read[p], again.of(p, k)) for k, p in enumerate(parts)])
    if lay_on(means[:1], means[1:]).similarity.item() >= alike - _SAME:
        return None
    larger, laid = int(len(parts[1]) > len(parts[0])), _lay_units_on(units, means)
    # Some may not have been alike to the average of both.
    own = laid.similarity[:, larger] >= np.maximum(laid.similarity[:, 1 - larger], alike - _SAME)
    return np.flatnonzero(own), laid.of(np.flatnonzero(own), larger)


def _average(values: np.ndarray, laid: Laid) -> np.ndarray:
    return _read(values, laid.shift, laid.reverse).mean(axis=0)


def _read(values: np.ndarray, shift: np.ndarray, reverse: np.ndarray) -> np.ndarray:
    """Turn and shift seqlets (n, w, A) to where they were laid; what is not there is 0."""
    n, w, size = values.shape
    padded = np.zeros((n, MOST_SHIFT + w + MOST_SHIFT, size), values.dtype)
    padded[:, MOST_SHIFT:-MOST_SHIFT] = values
    padded[reverse, MOST_SHIFT:-MOST_SHIFT] = DNA.other_strand(values[reverse])
    first = np.arange(n) * padded.shape[1] + MOST_SHIFT + shift
    return padded.reshape(-1, size).take(first[:, None] + np.arange(w), axis=0)


def _motif(
    seqlets: Seqlets, members: np.ndarray, shift: np.ndarray, reverse: np.ndarray
) -> list[SeqletMotif]:
    """Count the bases of a cluster: one motif, or none if no position says anything."""
    counts = _read(seqlets.letters[members], shift, reverse).sum(axis=0, dtype=float)
    heights = _read(seqlets.contributions[members], shift, reverse).mean(axis=0)
    total = counts.sum(axis=1)
    # Where most members hang over the ends of their sequences, little is known.
    known = total > len(members) / 2
    bits = np.zeros(len(counts))
    bits[known] = Motif("known", counts[known]).information(corrected=True)
    says = np.flatnonzero(bits >= LEAST_BITS)
    if not len(says):
        return []
    first, last = says[0], says[-1] + 1
    # A motif has no direction of its own; of its two spellings take the first of the alphabet.
    motif = Motif("seqlets", counts[first:last])
    if (other := motif.reverse_complement()).consensus() < motif.consensus():
        motif, counts, heights = other, DNA.other_strand(counts), DNA.other_strand(heights)
        first, last, shift, reverse = len(counts) - last, len(counts) - first, -shift, ~reverse
    # What lies at column k lies at base k + shift of the seqlet, counted from the end it is read.
    start = seqlets.start[members] + np.where(reverse, len(counts) - shift - last, shift + first)
    return [SeqletMotif(motif, heights[first:last], counts, members, start, reverse)]


def find_motifs(
    network: OneLayerNetwork | MotifNetwork,
    data: Dataset,
    width: int = 15,
    alike: float = 0.8,
    rate: float = 0.05,
    fewest: int = 20,
) -> tuple[Seqlets, list[SeqletMotif]]:
    """Go all five steps, from a network and sequences to motifs.

    Parameters
    ----------
    network : OneLayerNetwork or MotifNetwork
        Trained.
    data : Dataset
        Both classes, all sequences of one length; best those that the network was not trained on.
    width, alike, rate, fewest
        As for `cut_seqlets`, `cluster_seqlets` and `least_sum`.

    Returns
    -------
    Seqlets
        Their `sequence` counts the positives of `data`, from 0.
    list of SeqletMotif

    Examples
    --------
    >>> from motiflab import datasets, networks
    >>> from motiflab.motifs import jaspar
    >>> gata = jaspar.load("GATA2")
    >>> data = datasets.planted(datasets.Arrangement((gata,)), n=400, length=60)
    >>> seqlets, found = find_motifs(networks.matrix_network(gata, "max"), data, rate=0.2)
    >>> len(found), "GATAA" in found[0].motif.consensus()
    (1, True)
    """
    require("data", data.shortest == data.x.shape[2], "hold sequences of one length")
    maps, positive = contribution_maps(network, data.x), data.labels == 1
    sums = window_sums(maps, width)
    least = least_sum(sums[positive], sums[~positive], rate)
    seqlets = cut_seqlets(maps[positive], data.x[positive], least, width)
    return seqlets, cluster_seqlets(seqlets, alike, fewest)
