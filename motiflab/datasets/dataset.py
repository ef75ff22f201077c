"""Labelled sequences, and what is known about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from motiflab.checks import ArgumentError, quoted, require, whole
from motiflab.datasets.planting import Site
from motiflab.datasets.splitting import choose_held_out, contig_names, join_groups
from motiflab.motifs.motif import Motif
from motiflab.sequences import DNA, Alphabet, encode


@dataclass(frozen=True, eq=False)
class Dataset:
    """Sequences, their labels, and what is known about them.

    Attributes
    ----------
    x : numpy.ndarray of float32, shape (N, A, L)
        One-hot, channels (A, C, G, T) first, zero padded at the end to the longest length L.
    lengths : numpy.ndarray of int64, shape (N,)
        Lengths before padding.
    labels : numpy.ndarray of int64 or float64, shape (N,)
        1 for a positive, 0 for a negative; or the measured value of each sequence.
    sequences, names : list of str
        N each; names may repeat.
    sites : tuple of Site
        Where motifs were planted: `sequence` is an index into this dataset, `motif` one into
        `motifs`. Empty if not known.
    log_ratio : callable or None
        From a list of N sequences to the logs of their likelihood ratios, float64 of shape (N,),
        which are the Neyman-Pearson scores; None if they are not known.
    motifs : tuple of Motif
        The planted motifs, each once.
    note : str
        Sentences on what the negatives are and whether the best possible score is known.
    groups : numpy.ndarray of int64, shape (N,), or None
        Sequences with the same number were made from one another; None if there are none.
    alphabet : Alphabet
        The alphabet of the sequences.

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
    log_ratio: Callable[[list[str]], np.ndarray] | None = None
    motifs: tuple[Motif, ...] = ()
    note: str = ""
    groups: np.ndarray | None = None
    alphabet: Alphabet = DNA

    @classmethod
    def of(
        cls,
        sequences: Sequence[str],
        labels: Sequence[float] | np.ndarray,
        names: Sequence[str],
        alphabet: Alphabet = DNA,
        **known: Any,
    ) -> Dataset:
        """Encode labelled sequences.

        Parameters
        ----------
        sequences, labels, names
            One of each for every sequence; fractions among the labels are kept.
        alphabet : Alphabet
        **known
            Other attributes, if known: `sites`, `log_ratio`, `motifs`, `note`, `groups`.

        Returns
        -------
        Dataset
        """
        batch, labels = encode(sequences, alphabet=alphabet), np.asarray(labels)
        return cls(
            batch.x,
            batch.lengths,
            labels.astype(np.float64 if labels.dtype.kind == "f" else np.int64),
            list(sequences),
            list(names),
            alphabet=alphabet,
            **known,
        )

    def __len__(self) -> int:
        return len(self.sequences)

    @property
    def shortest(self) -> int:
        """Number of bases in the shortest sequence; a filter must not be wider."""
        return int(self.lengths.min())

    @cached_property
    def optimum(self) -> np.ndarray | None:
        """The Neyman-Pearson score of each sequence, shape (N,), if it is known.

        Examples
        --------
        >>> from motiflab.datasets import World
        >>> test = World("hard").draw(4, seed=1)
        >>> test.optimum.shape, test.subset([1, 2]).optimum.shape
        ((4,), (2,))
        """
        return self.log_ratio and self.log_ratio(self.sequences)

    @property
    def planted_bases(self) -> np.ndarray:
        """Which bases lie in a planted site: truth values of shape (N, L).

        Every base of a site counts, also those where the motif accepts any letter.

        Examples
        --------
        >>> data = Dataset.of(["ACGT"], [1], ["one"], sites=(Site(0, 0, 1, 3, "+"),))
        >>> data.planted_bases.tolist()
        [[False, True, True, False]]
        """
        inside = np.zeros((len(self), self.x.shape[2]), bool)
        for site in self.sites:
            inside[site.sequence, site.start : site.end] = True
        return inside

    def subset(self, indices: Sequence[int] | np.ndarray) -> Dataset:
        """Return some of the sequences, in the order of `indices`, with all their attributes.

        Parameters
        ----------
        indices : array_like
            Indices from 0 to N - 1, or N booleans; at least one sequence.

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
        if not (numbers and wanted.min() >= 0 and wanted.max() < len(self)):
            raise ArgumentError(
                "indices",
                f"indices must be one or more whole numbers from 0 to {len(self) - 1}, or "
                f"{len(self)} truth values of which one is true, got {quoted(indices)}.",
            )
        # If a sequence is selected twice, its sites are repeated, too.
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
                Site(new, *site[1:]) for new, i in enumerate(old) for site in sites_of.get(i, ())
            ),
            groups=None if self.groups is None else self.groups[wanted],
        )

    def split(
        self, held_out: float = 0.3, seed: int = 0, together: np.ndarray | None = None
    ) -> tuple[Dataset, Dataset]:
        """Divide into training and test data without leakage.

        Duplicates and reverse complements, whatever their labels, stay on one side, and so do a
        sequence and its shuffles (`choose_held_out`).

        Parameters
        ----------
        held_out : float
            Share of each class for the test, above 0 and below 1; it is only approximate, since
            relatives stay together. Measured labels (other than 0 and 1) count as one class.
        seed : int
            The same seed gives the same split.
        together : array_like of int, shape (N,), optional
            Sequences with the same number stay on one side, too: `chromosomes` groups them by
            chromosome, `related` by overlaps and repeats.

        Returns
        -------
        train, test : Dataset
            Each holds all classes and keeps the order of this dataset.

        Raises
        ------
        ValueError
            If a class has no two unrelated sequences, or an argument is out of range.

        Examples
        --------
        >>> from motiflab.datasets import ctcf
        >>> train, test = ctcf().split(0.3)
        >>> len(train), len(test)
        (700, 300)
        """
        groups = np.arange(len(self)) if self.groups is None else self.groups
        if together is not None:
            groups = join_groups(groups, together)
        held = choose_held_out(
            self.sequences, self.labels, groups, held_out, generator(seed), self.alphabet
        )
        return self.subset(~held), self.subset(held)


class Trial(NamedTuple):
    """Training data and one or more test sets.

    Attributes
    ----------
    train : Dataset
    tests : dict of str to Dataset
        Test sets by name; none contains a sequence of `train`.
    """

    train: Dataset
    tests: dict[str, Dataset]


def generator(seed: int) -> np.random.Generator:
    """Return a random number generator for a seed, a whole number of at least 0.

    Examples
    --------
    >>> int(generator(1).integers(100))
    47
    """
    return np.random.default_rng(whole("seed", seed, 0))


def hold_out(data: Dataset, contigs: Sequence[str]) -> tuple[Dataset, Dataset]:
    """Split by whole contigs: all sequences on the given contigs are the test set.

    Repeats and related sequences on different contigs can still be similar; `count_leaks` counts
    them.

    Parameters
    ----------
    data : Dataset
        With names that begin with a place, such as ``chr1:100-300``.
    contigs : sequence of str
        The contigs of the test set.

    Returns
    -------
    train, test : Dataset

    Examples
    --------
    >>> from motiflab.datasets import ctcf
    >>> train, test = hold_out(ctcf(), ["chr1", "chr2"])
    >>> sorted({name.partition(":")[0] for name in test.names})
    ['chr1', 'chr2']
    """
    contigs = [contigs] if isinstance(contigs, str) else list(contigs)
    lies_on = np.array(contig_names(data.names))
    missing = [contig for contig in contigs if contig not in lies_on]
    require("contigs", not missing, f"be among those of the data, got {quoted(missing)}")
    held = np.isin(lies_on, contigs)
    for name, side in (("test", held), ("training", ~held)):
        require(
            "contigs",
            len(np.unique(data.labels[side])) == 2,
            f"leave sequences of both classes for the {name} data, got {quoted(contigs)}",
        )
    return data.subset(~held), data.subset(held)
