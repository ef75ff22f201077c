"""Aligned windows, in which positives and negatives differ in nothing but a dependency.

Every position has the same bases, equally often, in both classes. So whatever tells the classes
apart is what one position says about another.
"""

from __future__ import annotations

import numpy as np

from motiflab.dependencies import coupled_pairs
from motiflab.examples import splice_sites
from motiflab.labelled import Dataset
from motiflab.quoting import quoted
from motiflab.sequences import BASES, encode
from motiflab.splits import generator

_NEVER = -100.0  # the optimum of a word that no positive has: any number below all others


def coupled_windows(n: int, strength: float, width: int = 8, seed: int = 0) -> Dataset:
    """Make random windows whose two middle positions covary, in the positives.

    In a positive the two bases are drawn from `dependencies.coupled_pairs`; all else, and the
    whole of a negative, is even and independent.

    Parameters
    ----------
    n : int
        Number of windows, half of them positive; even, at least 2.
    strength : float
        From 0 to 1, both inclusive.
    width : int
        Bases in a window, at least 2.
    seed : int

    Returns
    -------
    Dataset
        With the exact log-likelihood ratio as its `optimum`.

    Raises
    ------
    ValueError
        If a number is out of its range.

    Examples
    --------
    >>> data = coupled_windows(8, strength=1.0, width=2)
    >>> set(data.sequences[:4]) <= {"AT", "CG", "GC", "TA"}
    True
    """
    _check_even(n)
    if width < 2:
        raise ValueError(f"width must be at least 2, got {quoted(width)}.")
    pairs, rng = coupled_pairs(strength), generator(seed)
    bases = rng.integers(0, 4, (n, width))
    middle = width // 2 - 1
    drawn = rng.choice(16, n // 2, p=pairs.ravel())
    bases[: n // 2, middle], bases[: n // 2, middle + 1] = drawn // 4, drawn % 4
    found = pairs[bases[:, middle], bases[:, middle + 1]] * 16
    return _dataset(bases, found, "the same bases at every position, all of them independent.")


def splice_windows(n: int, seed: int = 0) -> Dataset:
    """Draw human 5' splice sites, and sites with the same PPM but no dependency.

    A positive is drawn from all sites of the genome, as often as each occurs. A negative gets each
    of its nine bases from a site of its own. As both populations are known, so is the best score.

    Parameters
    ----------
    n : int
        Number of windows, half of them positive; even, at least 2.
    seed : int

    Returns
    -------
    Dataset
        With the exact log-likelihood ratio as its `optimum`; where no site has the sequence, a
        number below all others stands for minus infinity.

    Raises
    ------
    ValueError
        If `n` is no even number of at least 2.

    Examples
    --------
    >>> splice_windows(1000).sequences[0][3:5]
    'GT'
    """
    _check_even(n)
    sites, counts = splice_sites()
    shares, rng = counts / counts.sum(), generator(seed)
    codes = np.array([[BASES.index(base) for base in site] for site in sites])
    ppm = np.einsum("n,nka->ka", shares, np.eye(4)[codes])
    positives = codes[rng.choice(len(codes), n // 2, p=shares)]
    mixed = [rng.choice(4, n // 2, p=row) for row in ppm]
    bases = np.concatenate([positives, np.transpose(mixed)])
    joint = np.zeros((4,) * codes.shape[1])
    joint[tuple(codes.T)] = shares
    independent = np.prod([row[column] for row, column in zip(ppm, bases.T)], axis=0)
    found = joint[tuple(bases.T)] / independent
    return _dataset(bases, found, "made of the same bases at every position, each on its own.")


def _dataset(bases: np.ndarray, ratio: np.ndarray, negatives: str) -> Dataset:
    sequences = ["".join(BASES[a] for a in row) for row in bases]
    half = len(sequences) // 2
    batch = encode(sequences)
    optimum = np.full(len(ratio), _NEVER)
    np.log(ratio, out=optimum, where=ratio > 0)
    return Dataset(
        x=batch.x,
        lengths=batch.lengths,
        labels=np.repeat([1, 0], half),
        sequences=sequences,
        names=[f"window {number}" for number in range(1, len(sequences) + 1)],
        optimum=optimum,
        note=f"Negatives: {negatives} The best possible score is known.",
    )


def _check_even(n: int) -> None:
    if n < 2 or n % 2:
        raise ValueError(f"n must be an even number of at least 2, got {quoted(n)}.")
