"""What one position of a site tells about another, which no sum over positions can hold.

Sites are aligned: of equal length, base by base. Positions count from 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import quoted
from motiflab.sequences.alphabet import BASES, clean
from motiflab.sequences.matrix import numbers_of_pairs, sums_to_one


def pair_table(
    sites: Sequence[str], first: int, second: int, counts: ArrayLike | None = None
) -> np.ndarray:
    """How frequent each pair of bases is at two positions of aligned sites.

    ``P[a, b]`` is the share of sites with base ``a`` at position `first` and ``b`` at `second`.

    Parameters
    ----------
    sites : sequence of str
        Of equal length, of the bases A, C, G and T alone.
    first, second : int
        From 0 to the length of a site, exclusive.
    counts : array_like, shape (sites,), optional
        How often each site occurs; once if not given.

    Returns
    -------
    ndarray, shape (4, 4)
        In the order A, C, G, T; the sum is 1.

    Raises
    ------
    ValueError
        If the sites cannot be aligned, a position is not in them, or the counts do not fit.

    Examples
    --------
    >>> pair_table(["AT", "AT", "CG", "AA"], 0, 1)[0].tolist()
    [0.25, 0.0, 0.0, 0.5]
    """
    bases, weights = _aligned(sites, counts)
    for name, position in (("first", first), ("second", second)):
        if not 0 <= position < bases.shape[1]:
            raise ValueError(
                f"{name} must be a position from 0 to {bases.shape[1] - 1}, got {quoted(position)}."
            )
    table = np.zeros((4, 4))
    np.add.at(table, (bases[:, first], bases[:, second]), weights)
    return table


def mutual_information(table: ArrayLike) -> float:
    """How much one base tells about the other, in bits.

    ``I = sum over a and b of P[a, b] log2(P[a, b] / (P[a] P[b]))`` with the joint probabilities
    ``P[a, b]`` and their sums ``P[a]`` and ``P[b]`` (Shannon 1948): 0 if the two are independent,
    2 if one base settles the other and all are equally frequent. Frequencies counted in ``n``
    sites exceed it by some ``9 / (2 n ln 2)`` on average, by chance alone (Miller 1955).

    Parameters
    ----------
    table : array_like, shape (4, 4)
        ``P``, of 0 and more, with the sum 1.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the table is none of probabilities.

    Examples
    --------
    >>> mutual_information(np.eye(4) / 4), mutual_information(np.full((4, 4), 1 / 16))
    (2.0, 0.0)
    """
    table = check_table(table, "table")
    ratio = table / _product(table).clip(min=np.finfo(float).tiny)
    # Never below 0 but for rounding.
    return max(0.0, float((table * np.log2(np.where(table > 0, ratio, 1))).sum()))


def information_matrix(sites: Sequence[str], counts: ArrayLike | None = None) -> np.ndarray:
    """Mutual information between all positions of aligned sites, in bits.

    Parameters
    ----------
    sites, counts
        As for `pair_table`.

    Returns
    -------
    ndarray, shape (w, w)
        Symmetric; nan on the diagonal, where a position meets itself.

    Examples
    --------
    >>> information_matrix(["AT", "CG", "GC", "TA"])[0, 1].round(6)
    np.float64(2.0)
    """
    bases, weights = _aligned(sites, counts)
    one_hot = np.eye(4)[bases]  # (sites, w, 4)
    width = bases.shape[1]
    found = np.full((width, width), np.nan)
    for i in range(width):
        tables = np.einsum("na,njb->jab", one_hot[:, i] * weights[:, None], one_hot)
        for j in range(i):
            found[i, j] = found[j, i] = mutual_information(tables[j])
    return found


def total_correlation(sites: Sequence[str], counts: ArrayLike | None = None) -> float:
    """What all dependencies together are worth: how far the sites are from independence, in bits.

    ``C = sum over k of H(x_k) - H(x)`` with the entropy ``H(x_k)`` of the bases at position ``k``
    and the entropy ``H(x)`` of whole sites (Watanabe 1960). It is what a model of the sites gains
    over their PPM at most, a site; estimated from frequencies it is somewhat too large.

    Parameters
    ----------
    sites, counts
        As for `pair_table`; a site listed twice counts as two.

    Returns
    -------
    float

    Examples
    --------
    >>> total_correlation(["AT", "CG", "GC", "TA"])
    2.0
    """
    bases, weights = _aligned(sites, counts)
    _, which = np.unique(bases, axis=0, return_inverse=True)
    ppm = np.einsum("n,nka->ka", weights, np.eye(4)[bases])
    return float(sum(map(_entropy, ppm)) - _entropy(np.bincount(which.ravel(), weights)))


def coupled_pairs(strength: float) -> np.ndarray:
    """Joint probabilities of two covarying positions at which every base is equally frequent.

    ``P[a, b] = (1 + r (4 [b is the complement of a] - 1)) / 16`` with the strength ``r``: AT, CG,
    GC and TA are favoured. Whatever ``r``, each base is equally frequent at both positions. An
    invented example: the pairs of a hairpin's stem covary too, but never at adjacent positions.

    Parameters
    ----------
    strength : float
        ``r``, from 0 (independent) to 1 (pairs only), both inclusive.

    Returns
    -------
    ndarray, shape (4, 4)

    Raises
    ------
    ValueError
        If the strength is out of its range.

    Examples
    --------
    >>> coupled_pairs(1.0)[0].tolist(), coupled_pairs(0.0)[0, 0]
    ([0.0, 0.0, 0.0, 0.25], np.float64(0.0625))
    """
    if not 0 <= strength <= 1:
        raise ValueError(f"strength must lie from 0 to 1, got {quoted(strength)}.")
    return (1 + strength * (4 * np.eye(4)[::-1] - 1)) / 16


def check_table(table: ArrayLike, name: str) -> np.ndarray:
    """Return the probabilities of pairs of bases, checked and divided by their sum.

    Parameters
    ----------
    table : array_like or DataFrame, shape (4, 4)
        Probabilities that add up to 1, except for rounding to two digits. A labelled table has
        the first base in its rows and the second in its columns.
    name : str
        What the argument is called, for the message.

    Returns
    -------
    ndarray, shape (4, 4)
        In the order A, C, G, T; the sum is 1.

    Raises
    ------
    ValueError
        If the shape or the labels are others, a number is below 0, or the sum is not 1.

    Examples
    --------
    >>> check_table(np.eye(4) / 4, "table").sum()
    np.float64(1.0)
    """
    table = numbers_of_pairs(table, name)
    if table.shape != (4, 4) or not (table >= 0).all() or not sums_to_one(table.ravel()):
        raise ValueError(
            f"{name} must hold 4 by 4 probabilities that add up to 1, "
            f"got the shape {table.shape} and the sum {table.sum():g}."
        )
    return table / table.sum()


def _product(table: np.ndarray) -> np.ndarray:
    return np.outer(table.sum(axis=1), table.sum(axis=0))


def _entropy(shares: np.ndarray) -> float:
    shares = shares[shares > 0]
    return float(-(shares * np.log2(shares)).sum())


def _aligned(sites: Sequence[str], counts: ArrayLike | None) -> tuple[np.ndarray, np.ndarray]:
    """Bases as numbers, (sites, w), and the weight of each site, together 1."""
    if not len(sites) or len({len(site) for site in sites}) > 1 or not len(sites[0]):
        raise ValueError(f"sites must be of equal length and not empty, got {len(sites)} sites.")
    letters = "".join(clean(site, "sites") for site in sites)
    codes = np.frombuffer(letters.encode(), np.uint8).reshape(len(sites), -1)
    bases = np.searchsorted(np.frombuffer(BASES.encode(), np.uint8), codes)
    if not np.isin(codes, list(BASES.encode())).all():
        raise ValueError("sites must consist of A, C, G and T alone, got an ambiguity code.")
    weights = np.ones(len(sites)) if counts is None else np.asarray(counts, dtype=float)
    if weights.shape != (len(sites),) or not (weights >= 0).all() or not weights.sum() > 0:
        raise ValueError(
            f"counts must hold a number of 0 or more for each of the {len(sites)} sites, "
            f"got the shape {weights.shape}."
        )
    return bases, weights / weights.sum()
