"""Labelled sequences, and a split in which no copy of a training sequence is held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from motiflab.checks import quoted
from motiflab.datasets.planting import Site
from motiflab.motifs.motif import Motif
from motiflab.sequences.encoding import reverse_complement


@dataclass(frozen=True, eq=False)
class Dataset:
    """Sequences, their labels, and what is known about them.

    Attributes
    ----------
    x : numpy.ndarray of float32, shape (N, 4, L)
        One-hot, channels A, C, G, T first, zero padded at the end to the longest length L.
    lengths : numpy.ndarray of int64, shape (N,)
        Lengths before padding.
    labels : numpy.ndarray of int64, shape (N,)
        1 for a positive, 0 for a negative.
    sequences, names : list of str
        N each; names may repeat and are kept as they came.
    sites : tuple of Site
        Where motifs were planted: `sequence` is an index into this dataset, `motif` one into
        `motifs`. Empty if that is not known.
    optimum : numpy.ndarray of float64, shape (N,), or None
        The Neyman-Pearson score of each sequence, if it is known.
    motifs : tuple of Motif
        The planted motifs, each once.
    note : str
        What the negatives are and whether the best possible score is known, in plain sentences.
    groups : numpy.ndarray of int64, shape (N,), or None
        Sequences with the same number were made from one another; None if none were.
    """

    x: np.ndarray
    lengths: np.ndarray
    labels: np.ndarray
    sequences: list[str]
    names: list[str]
    sites: tuple[Site, ...] = ()
    optimum: np.ndarray | None = None
    motifs: tuple[Motif, ...] = ()
    note: str = ""
    groups: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.sequences)

    @property
    def shortest(self) -> int:
        """Bases in the shortest sequence; a filter must not be wider."""
        return int(self.lengths.min())

    def subset(self, indices: Sequence[int] | np.ndarray) -> Dataset:
        """Return some of the sequences, in the order asked for, with all that is known of them.

        Parameters
        ----------
        indices : array_like
            Indices from 0 to N - 1, or N truth values; at least one sequence.

        Raises
        ------
        ValueError
            If there is no index, or one is out of range.

        Examples
        --------
        >>> from motiflab.datasets import ctcf
        >>> ctcf().subset([2, 0]).names
        ['chr14:106765204-106765404', 'chr11:190037-190237']
        """
        wanted = np.asarray(indices)
        if wanted.dtype == bool and wanted.shape == (len(self),):
            wanted = np.flatnonzero(wanted)
        whole = wanted.ndim == 1 and wanted.size and np.issubdtype(wanted.dtype, np.integer)
        if not whole or wanted.min() < 0 or wanted.max() >= len(self):
            raise ValueError(
                f"indices must be one or more whole numbers from 0 to {len(self) - 1}, or "
                f"{len(self)} truth values of which one is true, got {quoted(indices)}."
            )
        sites_of: dict[int, list[Site]] = {}
        for site in self.sites:
            sites_of.setdefault(site.sequence, []).append(site)
        old = wanted.tolist()
        return replace(
            self,
            x=self.x[wanted],
            lengths=self.lengths[wanted],
            labels=self.labels[wanted],
            sequences=[self.sequences[i] for i in old],
            names=[self.names[i] for i in old],
            sites=tuple(
                replace(site, sequence=new)
                for new, i in enumerate(old)
                for site in sites_of.get(i, ())
            ),
            optimum=None if self.optimum is None else self.optimum[wanted],
            groups=None if self.groups is None else self.groups[wanted],
        )

    def split(self, held_out: float = 0.3, seed: int = 0) -> tuple[Dataset, Dataset]:
        """Divide into training and test data without leakage.

        Duplicates and reverse complements, whatever their labels, and a sequence with the shuffles
        made from it stay on one side (`splits.choose_held_out`).

        Parameters
        ----------
        held_out : float
            Share of each class for the test, above 0 and below 1; met as nearly as relatives
            that stay together allow.
        seed : int
            The same seed gives the same split.

        Returns
        -------
        train, test : Dataset
            Each holds both classes and keeps the order of this dataset.

        Raises
        ------
        ValueError
            If `held_out` or `seed` is out of range, or a class has no two unrelated sequences.

        Examples
        --------
        >>> from motiflab.datasets import ctcf
        >>> train, test = ctcf().split(0.3)
        >>> len(train), len(test)
        (700, 300)
        """
        groups = np.arange(len(self)) if self.groups is None else self.groups
        held = choose_held_out(self.sequences, self.labels, groups, held_out, generator(seed))
        return self.subset(~held), self.subset(held)


def choose_held_out(
    sequences: list[str],
    labels: np.ndarray,
    groups: np.ndarray,
    fraction: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """Choose which sequences to hold out, keeping related ones on one side.

    Related are: equal sequences and reverse complements, whatever their labels; sequences of one
    group; and whatever is related to a common relative. Sequences that are merely similar, such as
    copies of one repeat in a genome, are not recognised.

    Whole families of relatives are held out in random order as long as that does not overshoot;
    then single families change sides as long as each class is missing on fewer sides or, failing
    that, the numbers held out come closer to the fraction asked for.

    Parameters
    ----------
    sequences : list of str
        N sequences in upper case.
    labels : numpy.ndarray of int, shape (N,)
        0 or 1.
    groups : numpy.ndarray of int, shape (N,)
        Sequences with the same number belong together; numbers from 0.
    fraction : float
        Share of each class to hold out, above 0 and below 1.
    rng : numpy.random.Generator

    Returns
    -------
    numpy.ndarray of bool, shape (N,)
        True where held out. Both classes stand on both sides.

    Raises
    ------
    ValueError
        If the fraction is out of range, or a class is a single family.

    Examples
    --------
    >>> texts, labels = ["AAC", "GTT", "CCC", "AGA", "ATA"], np.array([1, 1, 1, 0, 0])
    >>> held = choose_held_out(texts, labels, np.arange(5), 0.5, np.random.default_rng(0))
    >>> bool(held[0] == held[1]), labels[held].tolist(), labels[~held].tolist()
    (True, [1, 1, 0], [1, 0])
    """
    if not 0 < fraction < 1:
        raise ValueError(f"held_out must lie between 0 and 1, both excluded, got {fraction}.")
    either_strand = [min(sequence, reverse_complement(sequence)) for sequence in sequences]
    family = _families(np.unique(either_strand, return_inverse=True)[1], groups)
    sizes = np.zeros((family.max() + 1, 2))
    np.add.at(sizes, (family, labels.astype(int)), 1)
    for label, kind in ((1, "positive"), (0, "negative")):
        independent = np.count_nonzero(sizes[:, label])
        if independent < 2:
            raise ValueError(
                f"the data must have at least 2 unrelated {kind} sequences, one for training and "
                f"one for testing, got {independent} (duplicates, reverse complements and a "
                f"sequence with its own shuffles are related)."
            )
    order = rng.permutation(len(sizes))
    held = np.empty(len(sizes), dtype=bool)
    held[order] = _choose(sizes[order], fraction)
    return held[family]


def _families(*keys: np.ndarray) -> np.ndarray:
    """Number the families: sequences that share any key, directly or through others."""
    family = np.arange(len(keys[0]))
    while True:
        before = family
        for key in keys:
            least = np.full(key.max() + 1, len(key))
            np.minimum.at(least, key, family)
            family = least[key]
        if np.array_equal(family, before):
            return np.unique(family, return_inverse=True)[1]


def _choose(sizes: np.ndarray, fraction: float) -> np.ndarray:
    """Choose families, given their numbers of negatives and positives, shape (families, 2)."""
    total = sizes.sum(axis=0)
    target = fraction * total
    held = np.zeros(len(sizes), dtype=bool)
    chosen = np.zeros(2)
    for index, size in enumerate(sizes):
        if (chosen + size <= target + 0.5).all():
            held[index] = True
            chosen += size

    def cost(chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        missing = (chosen == 0).sum(axis=-1) + (chosen == total).sum(axis=-1)
        return missing, ((chosen - target) ** 2).sum(axis=-1)

    # With two families of each class, some move always mends a missing class, so this ends with
    # none missing; and it ends, for every move lowers the cost.
    while True:
        moved = chosen + np.where(held, -1, 1)[:, None] * sizes
        missing, distance = cost(moved)
        best = np.lexsort((distance, missing))[0]
        if (missing[best], distance[best]) >= cost(chosen):
            return held
        held[best] = ~held[best]
        chosen = moved[best]


def generator(seed: int) -> np.random.Generator:
    """Return a generator of random numbers for a seed.

    Raises
    ------
    ValueError
        If the seed is not a whole number of at least 0.

    Examples
    --------
    >>> int(generator(1).integers(100))
    47
    """
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise ValueError(f"seed must be a whole number of at least 0, got {quoted(seed)}.")
    return np.random.default_rng(seed)
