"""Divide sequences into two sets so that nothing in the one gives away the other."""

from __future__ import annotations

import numpy as np

from motiflab.quoting import quoted
from motiflab.sequences import reverse_complement


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
