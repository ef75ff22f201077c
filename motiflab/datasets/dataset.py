"""Labelled sequences, and a split in which no copy of a training sequence is held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from motiflab.checks import inside, quoted, require, whole
from motiflab.datasets.planting import Site
from motiflab.motifs.motif import Motif
from motiflab.sequences import DNA, Alphabet, encode, reverse_complement


@dataclass(frozen=True, eq=False)
class Dataset:
    """Sequences, their labels, and what is known about them.

    Attributes
    ----------
    x : numpy.ndarray of float32, shape (N, A, L)
        One-hot, channels (A, C, G, T) first, zero padded at the end to the longest length L.
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
    alphabet : Alphabet
        What the sequences are written in.

    Examples
    --------
    >>> Dataset.of(["ACG", "TT"], labels=[1, 0], names=["first", "second"]).x.shape
    (2, 4, 3)
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
    alphabet: Alphabet = DNA

    @classmethod
    def of(
        cls,
        sequences: Sequence[str],
        labels: Sequence[int] | np.ndarray,
        names: Sequence[str],
        alphabet: Alphabet = DNA,
        **known: Any,
    ) -> Dataset:
        """Encode labelled sequences.

        Parameters
        ----------
        sequences, labels, names
            One of each for every sequence.
        alphabet : Alphabet
        **known
            Other attributes, as far as they are known: `sites`, `optimum`, `motifs`, `note`,
            `groups`.

        Returns
        -------
        Dataset
        """
        batch = encode(sequences, alphabet=alphabet)
        return cls(
            batch.x,
            batch.lengths,
            np.asarray(labels, dtype=np.int64),
            list(sequences),
            list(names),
            alphabet=alphabet,
            **known,
        )

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

        Examples
        --------
        >>> from motiflab.datasets import ctcf
        >>> ctcf().subset([2, 0]).names
        ['chr14:106765204-106765404', 'chr11:190037-190237']
        """
        wanted = np.asarray(indices)
        if wanted.dtype == bool and wanted.shape == (len(self),):
            wanted = np.flatnonzero(wanted)
        numbers = wanted.ndim == 1 and wanted.size and np.issubdtype(wanted.dtype, np.integer)
        require(
            "indices",
            numbers and wanted.min() >= 0 and wanted.max() < len(self),
            f"be one or more whole numbers from 0 to {len(self) - 1}, or {len(self)} truth values "
            f"of which one is true, got {quoted(indices)}",
        )
        # A site names its sequence by index. One that is taken twice brings its sites twice.
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
        made from it stay on one side (`choose_held_out`).

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
            If a class has no two unrelated sequences, or an argument is out of its range.

        Examples
        --------
        >>> from motiflab.datasets import ctcf
        >>> train, test = ctcf().split(0.3)
        >>> len(train), len(test)
        (700, 300)
        """
        groups = np.arange(len(self)) if self.groups is None else self.groups
        held = choose_held_out(
            self.sequences, self.labels, groups, held_out, generator(seed), self.alphabet
        )
        return self.subset(~held), self.subset(held)


class Trial(NamedTuple):
    """What one training learns from, and the sets of sequences on which it is judged.

    Attributes
    ----------
    train : Dataset
    tests : dict of str to Dataset
        By name; none holds a sequence of `train`.
    """

    train: Dataset
    tests: dict[str, Dataset]


def choose_held_out(
    sequences: list[str],
    labels: np.ndarray,
    groups: np.ndarray,
    fraction: float,
    rng: np.random.Generator,
    alphabet: Alphabet = DNA,
) -> np.ndarray:
    """Choose which sequences to hold out, keeping related ones on one side.

    If a copy of a test sequence were in the training data, the network could recall its label, and
    the test would overstate how well it does on new sequences. Two sequences are related if they
    are equal or reverse complements, whatever their labels, if they are of one group, or if they
    have a common relative. Sequences that are merely similar, such as copies of one repeat in a
    genome, are not recognised.

    Whole families of relatives are held out in random order, unless a family would overshoot. Then
    single families change sides as long as that puts a missing class on both sides or, if none is
    missing, brings the numbers closer to the fraction asked for.

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
    alphabet : Alphabet
        Without complements, sequences are related only if they are equal or of one group.

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
    inside("held_out", fraction, 0, 1)
    # Both strands of a sequence are represented by the one that comes first in the alphabet.
    either_strand = sequences
    if alphabet.paired:
        either_strand = [min(one, reverse_complement(one, alphabet)) for one in sequences]
    family = _families(np.unique(either_strand, return_inverse=True)[1], groups)
    sizes = np.zeros((family.max() + 1, 2))
    np.add.at(sizes, (family, labels.astype(int)), 1)
    for label, kind in ((1, "positive"), (0, "negative")):
        independent = np.count_nonzero(sizes[:, label])
        require(
            "sequences",
            independent >= 2,
            f"have at least 2 unrelated {kind} sequences, one for training and one for testing, "
            f"got {independent} (duplicates, reverse complements and a sequence with its own "
            "shuffles are related)",
            "the data",
        )
    order = rng.permutation(len(sizes))
    held = np.empty(len(sizes), dtype=bool)
    held[order] = _choose(sizes[order], fraction)
    return held[family]


def _families(*keys: np.ndarray) -> np.ndarray:
    """Number the families: sequences that share any key, directly or through others.

    The sequences are the nodes of a graph and equal keys its edges; families are its connected
    components. Each sequence starts as a family of its own. Then all that share a key take the
    least number among them, again and again, until nothing changes.
    """
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
        # Up to half a sequence over the target still rounds to it.
        if (chosen + size <= target + 0.5).all():
            held[index] = True
            chosen += size

    def cost(chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Classes missing on a side, then the squared distance from the target."""
        missing = (chosen == 0).sum(axis=-1) + (chosen == total).sum(axis=-1)
        return missing, ((chosen - target) ** 2).sum(axis=-1)

    # It ends, because every move lowers the cost and there are finitely many choices. It ends with
    # no class missing, because with two families of each class some move always mends that.
    while True:
        moved = chosen + np.where(held, -1, 1)[:, None] * sizes
        missing, distance = cost(moved)
        best = np.lexsort((distance, missing))[0]
        if (missing[best], distance[best]) >= cost(chosen):
            return held
        held[best] = ~held[best]
        chosen = moved[best]


def generator(seed: int) -> np.random.Generator:
    """Return a generator of random numbers for a seed, a whole number of at least 0.

    Examples
    --------
    >>> int(generator(1).integers(100))
    47
    """
    return np.random.default_rng(whole("seed", seed, 0))
