"""Dependencies between the positions of a site, which no sum over positions can represent.

Sites are aligned: of equal length, base by base. Positions count from 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import between, require, whole
from motiflab.sequences import DNA, Alphabet, check_table, encode_aligned


def pair_table(
    sites: Sequence[str],
    first: int,
    second: int,
    counts: ArrayLike | None = None,
    alphabet: Alphabet = DNA,
) -> np.ndarray:
    """Frequency of each pair of letters at two positions of aligned sites.

    ``P[a, b]`` is the share of sites with letter ``a`` at position `first` and ``b`` at `second`.

    Parameters
    ----------
    sites : sequence of str
        Of equal length, without ambiguity codes (for DNA: A, C, G and T only).
    first, second : int
        From 0 to the length of a site, exclusive.
    counts : array_like, shape (sites,), optional
        Number of occurrences of each site; one each if not given.
    alphabet : Alphabet

    Returns
    -------
    ndarray, shape (A, A)
        In the order of the alphabet; the sum is 1.

    Examples
    --------
    >>> pair_table(["AT", "AT", "CG", "AA"], 0, 1)[0].tolist()
    [0.25, 0.0, 0.0, 0.5]
    """
    letters, weights = _aligned(sites, counts, alphabet)
    for name, position in (("first", first), ("second", second)):
        whole(name, position, 0, letters.shape[1] - 1)
    # The weight of each site is added in the row of its first and the column of its second letter.
    return (letters[:, first] * weights[:, None]).T @ letters[:, second]


def mutual_information(table: ArrayLike, alphabet: Alphabet = DNA) -> float:
    """Mutual information of two letters, in bits.

    ``I = sum over a and b of P[a, b] log2(P[a, b] / (P[a] P[b]))`` with the joint probabilities
    ``P[a, b]`` and their sums ``P[a]`` and ``P[b]`` (Shannon 1948): 0 if the two are independent,
    ``log2 A``, which is 2 for DNA, if one letter determines the other and all ``A`` are equally
    frequent. Computed from the counts of ``n`` sites of DNA it is too large by about
    ``9 / (2 n ln 2)`` on average, by chance alone (Miller 1955).

    Parameters
    ----------
    table : array_like, shape (A, A)
        ``P``, not negative, with the sum 1.
    alphabet : Alphabet

    Returns
    -------
    float

    Examples
    --------
    >>> mutual_information(np.eye(4) / 4), mutual_information(np.full((4, 4), 1 / 16))
    (2.0, 0.0)
    """
    table = check_table(table, "table", alphabet)
    independent = np.outer(table.sum(axis=1), table.sum(axis=0))
    # Where the product is 0 the pair never occurs either, and 0 log 0 counts as 0.
    ratio = table / independent.clip(min=np.finfo(float).tiny)
    # The sum is never negative, except by rounding.
    return max(0.0, float((table * np.log2(np.where(table > 0, ratio, 1))).sum()))


def pair_terms(table: ArrayLike, alphabet: Alphabet = DNA) -> np.ndarray:
    """Return what a pair of letters adds to the sum of their log-odds, in nats.

    ``J[a, b] = ln(P[a, b] / (P[a] P[b]))``. The exact log likelihood ratio of a pair against
    independent letters of the background ``q`` is ``ln(P[a] / q[a]) + ln(P[b] / q[b]) + J[a, b]``:
    two columns of a filter and a pair term, as in a Potts model (Potts 1952). The mean of ``J``
    over the pairs is their mutual information; if all ``J`` are 0, a filter says all there is.

    Parameters
    ----------
    table : array_like, shape (A, A)
        ``P``, positive, with the sum 1.
    alphabet : Alphabet

    Returns
    -------
    ndarray, shape (A, A)

    Examples
    --------
    >>> pair_terms(coupled_pairs(0.5))[0].round(3).tolist()
    [-0.693, -0.693, -0.693, 0.916]
    """
    table = check_table(table, "table", alphabet)
    require("table", (table > 0).all(), "hold positive probabilities only, got a 0")
    return np.log(table / np.outer(table.sum(axis=1), table.sum(axis=0)))


def information_matrix(
    sites: Sequence[str], counts: ArrayLike | None = None, alphabet: Alphabet = DNA
) -> np.ndarray:
    """Mutual information between all positions of aligned sites, in bits.

    Parameters
    ----------
    sites, counts, alphabet
        As for `pair_table`.

    Returns
    -------
    ndarray, shape (w, w)
        Symmetric; nan on the diagonal.

    Examples
    --------
    >>> information_matrix(["AT", "CG", "GC", "TA"])[0, 1].round(6)
    np.float64(2.0)
    """
    letters, weights = _aligned(sites, counts, alphabet)
    width = letters.shape[1]
    found = np.full((width, width), np.nan)
    for i in range(width):
        # The pairs of position i with all positions j at once.
        tables = np.einsum("na,njb->jab", letters[:, i] * weights[:, None], letters)
        for j in range(i):
            found[i, j] = found[j, i] = mutual_information(tables[j], alphabet)
    return found


def total_correlation(
    sites: Sequence[str], counts: ArrayLike | None = None, alphabet: Alphabet = DNA
) -> float:
    """Total correlation of the positions of aligned sites, in bits: 0 if they are independent.

    ``C = sum over k of H(x_k) - H(x)`` with the entropy ``H(x_k)`` of the letters at position ``k``
    and the entropy ``H(x)`` of whole sites (Watanabe 1960). It is the most that any model of the
    sites can gain over their PPM, per site; estimated from frequencies it is somewhat too large.

    Parameters
    ----------
    sites, counts, alphabet
        As for `pair_table`; a site listed twice counts as two.

    Returns
    -------
    float

    Examples
    --------
    >>> total_correlation(["AT", "CG", "GC", "TA"])
    2.0
    """
    letters, weights = _aligned(sites, counts, alphabet)
    ppm = np.einsum("n,nka->ka", weights, letters)
    _, which = np.unique(letters.argmax(axis=2), axis=0, return_inverse=True)
    return float(sum(map(_entropy, ppm)) - _entropy(np.bincount(which.ravel(), weights)))


def coupled_pairs(strength: float) -> np.ndarray:
    """Joint probabilities of two covarying positions at which every base is equally frequent.

    ``P[a, b] = (1 + r (4 [b is the complement of a] - 1)) / 16`` with the strength ``r``: AT, CG,
    GC and TA are favoured. For every ``r``, each base is equally frequent at both positions. This
    is an invented example: pairs in the stem of a hairpin covary, but not at adjacent positions.

    Parameters
    ----------
    strength : float
        ``r``, from 0 (independent) to 1 (pairs only), both inclusive.

    Returns
    -------
    ndarray, shape (4, 4)

    Examples
    --------
    >>> coupled_pairs(1.0)[0].tolist(), coupled_pairs(0.0)[0, 0]
    ([0.0, 0.0, 0.0, 0.25], np.float64(0.0625))
    """
    strength = between("strength", strength, 0, 1)
    complementary = np.eye(DNA.size)[::-1]  # the complement of the first letter is the last
    pairs = DNA.size**2
    return (1 + strength * (DNA.size * complementary - 1)) / pairs


def _entropy(shares: np.ndarray) -> float:
    shares = shares[shares > 0]
    return float(-(shares * np.log2(shares)).sum())


def _aligned(
    sites: Sequence[str], counts: ArrayLike | None, alphabet: Alphabet
) -> tuple[np.ndarray, np.ndarray]:
    """One-hot letters of the sites, (sites, w, A), and their weights, which sum to 1."""
    letters = encode_aligned("sites", sites, alphabet).astype(float)
    weights = np.ones(len(sites)) if counts is None else np.asarray(counts, dtype=float)
    require(
        "counts",
        weights.shape == (len(sites),) and (weights >= 0).all() and weights.sum() > 0,
        f"hold a number of 0 or more for each of the {len(sites)} sites, "
        f"got the shape {weights.shape}",
    )
    return letters, weights / weights.sum()
