"""Simulate the reads of two proteins along DNA, so that the expected profile is known exactly.

An experiment such as ChIP-nexus marks, with one *read*, the place at which a protein stopped an
enzyme. The reads of many cells pile up around a site in a shape that depends on the protein: its
*footprint*. Here two proteins leave two shapes:

- **B**, two broad hills. It binds wherever its motif is good enough.
- **A**, two narrow towers. It binds only with the help of a B nearby.

The model. A window ``w`` of a sequence, on either strand, has the log-odds ``S(w)`` of a motif and
its middle at ``c(w)``. The share of the cells in which the protein is bound there is

    occ_B(w) = sigmoid(S_B(w) - t_B),
    occ_A(w) = sigmoid(S_A(w) - t_A + J help(w)),
    help(w) = max over the windows v of B of occ_B(v) exp(-(c(w) - c(v))**2 / (2 D**2)).

``t_B`` and ``t_A`` are the scores at which half of the cells are bound (A: without help), ``J`` is
what a bound B right beside it adds to the score of A, and ``D`` the distance over which the help
fades, in bases. The rate of reads at position ``i`` is

    rate[i] = background / L + R * sum over proteins and windows of occ(w) f(i - c(w)),

where ``background`` is the total of reads that lie anywhere, ``L`` the length, ``R`` the number of
reads of a site that is always bound, and ``f`` the footprint, which sums to 1 and is turned round
on the - strand. Reads that fall beyond an end are lost. The reads at each position are drawn from a
Poisson distribution with this rate. So the total is Poisson, too, and for a given total the reads
are multinomial with the probabilities ``rate[i] / sum of rate``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

import numpy as np

from motiflab.checks import require, whole
from motiflab.datasets.dataset import Dataset, generator
from motiflab.datasets.planting import Site
from motiflab.layers.activations import sigmoid
from motiflab.motifs import Motif, jaspar
from motiflab.sequences import written_out

REACH = 20
"""Bases to either side of the middle of a site that a footprint covers."""

READS, BACKGROUND = 400, 100
"""Reads of a site that is always bound, and reads that lie anywhere in a sequence."""

HELP, NEAR = 10.0, 18.0
"""``J``, in nats, and ``D``, in bases."""

KINDS = ("none", "A", "B", "both")
"""What is planted in a sequence: nothing, one site, or a site of each protein."""

PLANTED, DISTANCES = 0.7, (12, 40)
"""Share of the sequences with a site of A, and with one of B; bases between the middles of both."""


class Protein(NamedTuple):
    """A protein that binds DNA and leaves a footprint.

    Attributes
    ----------
    motif : Motif
    half : float
        Score at which half of the cells are bound (``t``), in nats.
    peaks : tuple of (float, float, float)
        Of the footprint: the middle of each peak, in bases from the middle of the motif, its
        standard deviation, and its share of the reads.
    """

    motif: Motif
    half: float
    peaks: tuple[tuple[float, float, float], ...]

    @property
    def footprint(self) -> np.ndarray:
        """``f`` on the + strand, from `REACH` bases before the middle to `REACH` behind it."""
        d = np.arange(-REACH, REACH + 1)
        shape = sum(
            share / spread * np.exp(-((d - middle) ** 2) / (2 * spread**2))
            for middle, spread, share in self.peaks
        )
        return shape / shape.sum()


@cache
def proteins() -> dict[str, Protein]:
    """Return the two proteins, with the motifs of TEAD4 ("A") and ESRRB ("B") from JASPAR.

    Only the motifs are real: footprints, strengths and the help are made up.

    >>> {name: protein.motif.iupac() for name, protein in proteins().items()}
    {'A': 'ACATTCCA', 'B': 'TCAAGGTCAW'}
    """
    return {
        "A": Protein(jaspar.load("TEAD4"), 12.5, ((-6, 0.8, 0.7), (9, 0.8, 0.3))),
        "B": Protein(jaspar.load("ESRRB"), 9.0, ((-11, 4, 0.4), (11, 4, 0.6))),
    }


def occupancies(sequences: Sequence[str]) -> dict[str, np.ndarray]:
    """Share of the cells in which each protein is bound at each place.

    Parameters
    ----------
    sequences : sequence of str
        N sequences of one length L.

    Returns
    -------
    dict of str to ndarray, shape (N, 2, L)
        For "A" and "B": by sequence, strand (+, -) and middle of the window.

    Examples
    --------
    >>> bound = occupancies(["A" * 40 + "TCAAGGTCA" + "A" * 40])
    >>> int(bound["B"][0, 0].argmax()), bound["B"][0].max().round(2)
    (45, np.float64(0.96))
    """
    lengths = {len(sequence) for sequence in sequences}
    require("sequences", len(lengths) == 1, f"have one length, got {sorted(lengths)[:5]}")
    scores = {name: _scores(protein.motif, sequences) for name, protein in proteins().items()}
    b = sigmoid(scores["B"] - proteins()["B"].half)
    far = int(4 * NEAR)  # beyond it the help is below 0.001
    best, help = b.max(axis=1), np.zeros_like(b[:, 0])
    for d in range(-far, far + 1):
        here, there = _shifted(d, best.shape[1])
        faded = best[:, here] * np.exp(-(d**2) / (2 * NEAR**2))
        help[:, there] = np.maximum(help[:, there], faded)
    a = sigmoid(scores["A"] - proteins()["A"].half + HELP * help[:, None])
    return {"A": a, "B": b}


def read_rates(bound: dict[str, np.ndarray]) -> np.ndarray:
    """Expected reads at each position.

    Parameters
    ----------
    bound : dict of str to ndarray, shape (N, 2, L)
        From `occupancies`.

    Returns
    -------
    ndarray, shape (N, L)

    Examples
    --------
    Without a bound protein, the background alone:

    >>> read_rates({"A": np.zeros((1, 2, 5)), "B": np.zeros((1, 2, 5))}).tolist()
    [[20.0, 20.0, 20.0, 20.0, 20.0]]
    """
    n, _, length = bound["A"].shape
    rates = np.full((n, length), BACKGROUND / length)
    for name, protein in proteins().items():
        for strand, shape in enumerate((protein.footprint, protein.footprint[::-1])):
            for d, share in zip(range(-REACH, REACH + 1), shape):
                here, there = _shifted(d, length)
                rates[:, there] += READS * share * bound[name][:, strand, here]
    return rates


@dataclass(frozen=True, eq=False)
class Footprints:
    """Simulated reads, and the truth behind them.

    Attributes
    ----------
    data : Dataset
        Its labels are the reads, (N, L). Of the planted `sites`, motif 0 is A and motif 1 is B.
    rates : ndarray, shape (N, L)
        Expected reads at each position.
    bound : dict of str to ndarray, shape (N, 2, L)
        `occupancies` of "A" and "B".
    kinds : ndarray of str, shape (N,)
        One of `KINDS` for each sequence.
    """

    data: Dataset
    rates: np.ndarray
    bound: dict[str, np.ndarray]
    kinds: np.ndarray

    @property
    def middles(self) -> dict[str, np.ndarray]:
        """Middle of the planted site of "A" and "B" in each sequence, (N,); -1 without one."""
        found = {name: np.full(len(self.data), -1) for name in "AB"}
        for site in self.data.sites:
            found["AB"[site.motif]][site.sequence] = _middle(site)
        return found


def footprints(n: int, length: int = 100, seed: int = 0) -> Footprints:
    """Make sequences with sites of two proteins, and draw their reads.

    Of 10 sequences 7 hold a planted site of A, and, independently, 7 one of B. So whether a
    sequence holds A says nothing about B. Sites are drawn from the motif and lie on either strand.
    In a sequence with both, their middles are 12 to 40 bases apart. A good match that arises by
    chance is bound as a planted one is.

    Parameters
    ----------
    n : int
        Number of sequences.
    length : int
        ``L``, at least 80 bases.
    seed : int
        The same seed gives the same data.

    Returns
    -------
    Footprints

    Examples
    --------
    >>> made = footprints(20, seed=1)
    >>> made.data.labels.shape, sorted(set(made.kinds.tolist()))
    ((20, 100), ['A', 'B', 'both', 'none'])
    """
    n, length, rng = whole("n", n), whole("length", length, 80), generator(seed)
    kinds = np.array(KINDS)[(rng.random((n, 2)) < PLANTED) @ (1, 2)]
    letters = rng.integers(0, 4, (n, length))
    pair = [protein.motif for protein in proteins().values()]
    words = [iter(motif.sample(n, rng)) for motif in pair]
    sites = []
    for row, kind in enumerate(kinds):
        for motif, middle in _draw_middles(kind, length, rng):
            wide, minus = pair[motif].width, rng.random() < 0.5
            start = middle - (wide - 1 - wide // 2 if minus else wide // 2)
            drawn = np.array(["ACGT".index(base) for base in next(words[motif])])
            letters[row, start : start + wide] = 3 - drawn[::-1] if minus else drawn
            sites.append(Site(row, motif, start, start + wide, "-" if minus else "+"))
    sequences = written_out(letters)
    bound = occupancies(sequences)
    rates = read_rates(bound)
    names = [f"{row}: {kind}" for row, kind in enumerate(kinds)]
    note = "The labels are simulated reads at each position."
    known = {"sites": tuple(sites), "motifs": tuple(pair), "note": note}
    return Footprints(
        Dataset.of(sequences, rng.poisson(rates), names, **known), rates, bound, kinds
    )


def scattered(data: Dataset, seed: int = 0) -> Dataset:
    """Move every read to a random position of its sequence: the totals stay, the footprints go.

    Parameters
    ----------
    data : Dataset
        With reads as labels, (N, L).
    seed : int

    Returns
    -------
    Dataset

    Examples
    --------
    >>> data = footprints(4).data
    >>> bool((scattered(data).labels.sum(axis=1) == data.labels.sum(axis=1)).all())
    True
    """
    length = data.labels.shape[1]
    totals = data.labels.sum(axis=1)
    return replace(data, labels=generator(seed).multinomial(totals, np.full(length, 1 / length)))


def _draw_middles(kind: str, length: int, rng) -> list[tuple[int, int]]:
    """Motif and middle of each site of a sequence, far enough from the ends for its footprint."""
    low, high = REACH, length - REACH
    places = {"none": [], "A": [0], "B": [1], "both": [0, 1]}[kind]
    while True:
        middles = rng.integers(low, high, len(places)).tolist()
        if len(places) < 2 or DISTANCES[0] <= abs(middles[0] - middles[1]) <= DISTANCES[1]:
            return list(zip(places, middles))


def _scores(motif: Motif, sequences: Sequence[str]) -> np.ndarray:
    """Log-odds by strand and middle of the window, (N, 2, L); -infinity where no window fits."""
    wide, length = motif.width, len(sequences[0])
    scores = np.full((len(sequences), 2, length), -np.inf)
    for strand, one in enumerate((motif, motif.reverse_complement())):
        before = wide // 2 if strand == 0 else wide - 1 - wide // 2
        found = np.array(one.score(list(sequences)))
        scores[:, strand, before : before + found.shape[1]] = found
    return scores


def _middle(site: Site) -> int:
    wide = site.end - site.start
    return site.start + (wide // 2 if site.strand == "+" else wide - 1 - wide // 2)


def _shifted(d: int, length: int) -> tuple[slice, slice]:
    """Positions ``i``, and the positions ``i + d``, as far as both lie in a sequence."""
    left = max(length - abs(d), 0)
    return slice(max(-d, 0), max(-d, 0) + left), slice(max(d, 0), max(d, 0) + left)
