"""Split sequences into training and test sets without leakage.

Related sequences must stay on one side: copies, reverse complements, overlapping windows, a peak
and its shuffles. A *grouping* is a whole number for each sequence, equal for related ones.
`Dataset.split` takes a grouping, and `count_leaks` counts the leaks of a split.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from motiflab.checks import inside, quoted, require, whole
from motiflab.sequences import DNA, Alphabet, reverse_complement

STRETCH = 30
"""Length in bases of a common part that is very unlikely by chance: 4**30 is about 10**18."""


class Leaks(NamedTuple):
    """Number of test sequences with a relative in the training set; each counts once per kind.

    Attributes
    ----------
    copies : int
        With the same sequence in the training set.
    complements : int
        With their reverse complement in the training set.
    stretches : int
        With a stretch in common with a training sequence, on either strand: copies and complements
        that are long enough, and also overlapping windows and repeats.
    """

    copies: int
    complements: int
    stretches: int


def count_leaks(
    train: Sequence[str], test: Sequence[str], stretch: int = STRETCH, alphabet: Alphabet = DNA
) -> Leaks:
    """Count the sequences of a test that have a copy, or a part of one, in the training set.

    Parameters
    ----------
    train, test : sequence of str
        In upper case.
    stretch : int
        Number of letters in a row that count as a common part, at least 1. Windows with a letter
        that is not in the alphabet, such as N, are ignored.
    alphabet : Alphabet
        Without complements, only the given strand is compared.

    Returns
    -------
    Leaks

    Examples
    --------
    A copy, a reverse complement, and a window that overlaps the first sequence by five bases:

    >>> count_leaks(["AACGTGGA", "CCCCATAG"], ["AACGTGGA", "CTATGGGG", "GTGGATTT"], stretch=5)
    Leaks(copies=1, complements=1, stretches=3)
    """
    whole("stretch", stretch, 1)
    known = set(train)
    parts = {part for sequence in train for part in _parts(sequence, stretch, alphabet)}
    copies = [sequence in known for sequence in test]
    turned = [alphabet.paired and reverse_complement(one, alphabet) in known for one in test]
    shared = [not parts.isdisjoint(_parts(one, stretch, alphabet)) for one in test]
    return Leaks(sum(copies), sum(turned), sum(shared))


def chromosomes(names: Sequence[str]) -> np.ndarray:
    """Group sequences by chromosome, so that a split holds out whole chromosomes.

    Parameters
    ----------
    names : sequence of str
        N names that begin with a place, such as ``chr1:100-300``, as most tools write them.

    Returns
    -------
    numpy.ndarray of int64, shape (N,)

    Examples
    --------
    >>> chromosomes(["chr2:10-20", "chr1:10-20", "chr2:50-60 (shuffle 1)"]).tolist()
    [1, 0, 1]
    """
    return np.unique(contig_names(names), return_inverse=True)[1].astype(np.int64)


def contig_names(names: Sequence[str]) -> list[str]:
    """Return the contig in each name; some contigs contain a colon, such as ``HLA-A*01:01``.

    >>> contig_names(["chr2:10-20 (shuffle 1)", "HLA-A*01:01:5-9(-)"])
    ['chr2', 'HLA-A*01:01']
    """
    found = [re.match(r"(.+):\d+-\d+", name) for name in names]
    for name, place in zip(names, found):
        require(
            "names",
            place,
            f"each begin with a chromosome and a place, such as chr1:100-300, got {quoted(name)}",
        )
    return [place[1] for place in found]


def related(
    sequences: Sequence[str], stretch: int = STRETCH, alphabet: Alphabet = DNA
) -> np.ndarray:
    """Group sequences that have a stretch of letters in common, on either strand.

    It recognises copies, reverse complements, overlapping windows and repeats. Sequences with a
    common relative are in one group, too.

    Parameters
    ----------
    sequences, stretch, alphabet
        As for `count_leaks`.

    Returns
    -------
    numpy.ndarray of int64, shape (N,)

    Examples
    --------
    >>> related(["AACGTGGA", "CCCCATAG", "GTGGATTT", "CTATGGGG"], stretch=5).tolist()
    [0, 1, 0, 1]
    """
    whole("stretch", stretch, 1)
    number: dict[str, int] = {}
    pairs = [
        (i, number.setdefault(part, len(number)))
        for i, sequence in enumerate(sequences)
        for part in _parts(sequence, stretch, alphabet)
    ]
    who, part = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return _components(len(sequences), who, part)


def join_groups(*groupings: np.ndarray) -> np.ndarray:
    """Group sequences that are together in any of several groupings, directly or through others.

    Parameters
    ----------
    *groupings : array_like of int, shape (N,)
        One or more.

    Returns
    -------
    numpy.ndarray of int64, shape (N,)

    Examples
    --------
    >>> join_groups(np.array([0, 0, 1, 2, 3]), np.array([5, 6, 6, 7, 7])).tolist()
    [0, 0, 0, 1, 1]
    """
    who, key, seen = [], [], 0
    for grouping in groupings:
        numbers = np.unique(grouping, return_inverse=True)[1]
        require(
            "groupings",
            numbers.shape == np.shape(groupings[0]),
            "have one number for each sequence",
            "all groupings",
        )
        who.append(np.arange(len(numbers)))
        key.append(seen + numbers)
        seen += len(numbers)
    return _components(len(who[0]), np.concatenate(who), np.concatenate(key))


def _parts(sequence: str, stretch: int, alphabet: Alphabet) -> set[str]:
    """All windows, each on the strand that sorts first, so that both strands give the same set."""
    allowed, found = set(alphabet.letters), set()
    plain = allowed.issuperset(sequence)
    turned = reverse_complement(sequence, alphabet) if alphabet.paired else ""
    for i in range(len(sequence) - stretch + 1):
        window = sequence[i : i + stretch]
        if plain or allowed.issuperset(window):
            end = len(turned) - i
            found.add(min(window, turned[end - stretch : end]) if turned else window)
    return found


def _components(n: int, who: np.ndarray, key: np.ndarray) -> np.ndarray:
    """Number the groups of `n` sequences, where sequence ``who[i]`` has ``key[i]``.

    The sequences are the nodes of a graph and shared keys its edges; groups are its connected
    components. Each sequence starts as its own group. Then all that share a key take the smallest
    number among them, repeatedly, until nothing changes. scipy has this, too, but loading it would
    delay the first lab of a notebook.
    """
    group = np.arange(n)
    while True:
        least = np.full(key.max(initial=0) + 1, n)
        np.minimum.at(least, key, group[who])
        joined = group.copy()
        np.minimum.at(joined, who, least[key])
        if np.array_equal(joined, group):
            return np.unique(group, return_inverse=True)[1]
        group = joined


def choose_held_out(
    sequences: list[str],
    labels: np.ndarray,
    groups: np.ndarray,
    fraction: float,
    rng: np.random.Generator,
    alphabet: Alphabet = DNA,
) -> np.ndarray:
    """Choose which sequences to hold out, keeping related ones on one side.

    If a copy of a test sequence were in the training data, the network could memorise its label,
    and the test would overestimate its performance on new sequences. Two sequences are related if
    they are equal or reverse complements, whatever their labels, if they are in one group, or if
    they have a common relative. Sequences that are only similar, such as copies of a repeat in a
    genome, are not recognised (`related` does).

    Whole families of relatives are held out in random order, except families that are too large
    for the rest of the fraction. Then single families change sides as long as that puts a missing
    class on both sides or, if none is missing, brings the numbers closer to the fraction.

    Parameters
    ----------
    sequences : list of str
        N sequences in upper case.
    labels : numpy.ndarray of int, shape (N,)
        0 or 1; other numbers are measured values, and then all sequences are one class.
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
        True where held out. All classes are on both sides.

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
    # Both strands of a sequence are represented by the one that sorts first.
    either_strand = sequences
    if alphabet.paired:
        # The complement of all of them joined holds theirs, from the last to the first.
        others = alphabet.complement("\n".join(sequences)).split("\n")[::-1]
        either_strand = [*map(min, sequences, others)]
    number = {}  # of each sequence; a dictionary is faster here than sorting
    numbers = [number.setdefault(sequence, len(number)) for sequence in either_strand]
    family = join_groups(np.array(numbers), groups)
    kinds = ((1, "positive"), (0, "negative"))
    if not np.isin(labels, (0, 1)).all():
        kinds, labels = ((0, "measured"),), np.zeros(len(labels))
    sizes = np.zeros((family.max() + 1, len(kinds)))
    np.add.at(sizes, (family, labels.astype(int)), 1)
    for label, kind in kinds:
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


def _choose(sizes: np.ndarray, fraction: float) -> np.ndarray:
    """Choose families by their numbers of sequences of each class, (families, classes)."""
    total = sizes.sum(axis=0)
    target = fraction * total
    held = np.zeros(len(sizes), dtype=bool)
    # Up to half a sequence above the target still rounds to it.
    left = (target + 0.5).tolist()
    for index, size in enumerate(sizes.tolist()):
        if all(map(operator.le, size, left)):
            held[index] = True
            left = list(map(operator.sub, left, size))
    chosen = sizes[held].sum(axis=0)

    def cost(chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Classes missing on a side, then the squared distance from the target."""
        missing = (chosen == 0).sum(axis=-1) + (chosen == total).sum(axis=-1)
        return missing, ((chosen - target) ** 2).sum(axis=-1)

    # The loop ends, because every move lowers the cost and there are finitely many choices. Then no
    # class is missing, because with two families of each class some move can always add it.
    while True:
        moved = chosen + np.where(held, -1, 1)[:, None] * sizes
        missing, distance = cost(moved)
        best = np.lexsort((distance, missing))[0]
        if (missing[best], distance[best]) >= cost(chosen):
            return held
        held[best] = ~held[best]
        chosen = moved[best]
