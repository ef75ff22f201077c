"""What a motif is: counts, probabilities, log-odds, information, consensus, samples and scores.

Every matrix is ``(w, A)``: one row for each of the ``w`` positions, one column for each letter of
the alphabet. For DNA, the default, these are the bases in the order A, C, G, T.

==========================  =======================================================
PFM, ``Motif.counts``       ``n[k, a]``: how often base ``a`` was seen at position ``k``
PPM, ``probabilities()``    ``p[k, a]``: probability of base ``a`` at position ``k``
PWM, ``log_odds()``         ``log(p[k, a] / q[a])`` against the background ``q``
``information()``           bits at position ``k``: how far ``p[k]`` is from ``q``
==========================  =======================================================
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import between, inside, require, whole
from motiflab.sequences import (
    DNA,
    Alphabet,
    check_background,
    check_matrix,
    clean,
    draw_letters,
    encode_aligned,
    numbers_by_base,
    sums_to_one,
    written_out,
)

_MOST = 1e15  # largest count: float sums of larger ones would not be exact
_MOST_EXACT = 10_000  # most sites for which the small-sample correction is computed exactly


@dataclass(frozen=True, eq=False)
class Motif:
    """A motif: the counts of each letter at each position, and quantities computed from them.

    Parameters
    ----------
    name : str
        For example ``"CTCF"``.
    counts : array_like, shape (w, A)
        Counts in the order A, C, G, T; the columns of a `DataFrame` are read by their labels.
        Not negative, not all zero at a position; fractions are allowed. They are stored as a
        read-only copy.
    id : str
        Its identifier in a database, for example ``"MA0139.2"``; empty if it has none.
    alphabet : Alphabet
        The letters that the columns stand for.

    Examples
    --------
    >>> motif = Motif("toy", [[8, 0, 0, 0], [0, 4, 4, 0], [2, 2, 2, 2]])
    >>> motif.width, motif.consensus(), motif.iupac()
    (3, 'ACA', 'ASN')
    >>> motif.information().tolist()
    [2.0, 1.0, 0.0]
    """

    name: str
    counts: np.ndarray
    id: str = ""
    alphabet: Alphabet = DNA

    def __post_init__(self) -> None:
        counts = check_matrix("counts", self.counts, 0, _MOST, self.alphabet)
        sums = counts.sum(axis=1)
        least = sums.argmin()
        require("counts", sums[least] > 0, f"hold something in every row, got zeros in row {least}")
        counts.setflags(write=False)
        object.__setattr__(self, "counts", counts)

    @classmethod
    def from_sites(
        cls, sites: list[str], name: str = "", id: str = "", alphabet: Alphabet = DNA
    ) -> Motif:
        """Count the letters in aligned sites of equal length.

        An ambiguity code counts as equal shares of the letters that it stands for.

        >>> Motif.from_sites(["ACG", "ACT", "AAN"]).counts.tolist()[2]
        [0.25, 0.25, 1.25, 1.25]
        """
        counts = encode_aligned("sites", sites, alphabet, codes=True).sum(axis=0, dtype=float)
        return cls(name, counts, id, alphabet)

    @classmethod
    def from_probabilities(
        cls,
        ppm: np.ndarray,
        name: str = "",
        id: str = "",
        nsites: float = 20,
        alphabet: Alphabet = DNA,
    ) -> Motif:
        """Make a motif from a PPM, with the counts of `nsites` sites.

        `nsites` matters only where a pseudocount is added; 20 is the default of the MEME format.

        >>> Motif.from_probabilities([[0.5, 0.5, 0, 0]]).counts.tolist()
        [[10.0, 10.0, 0.0, 0.0]]
        """
        nsites = inside("nsites", nsites, 0)
        return cls(name, check_probabilities(ppm, alphabet=alphabet) * nsites, id, alphabet)

    @property
    def width(self) -> int:
        """Number of positions, ``w``."""
        return len(self.counts)

    def probabilities(self, pseudocount: float = 0.0, background=None) -> np.ndarray:
        """Probability of each base at each position (PPM).

        ``p[k, a] = (n[k, a] + s * q[a]) / (N[k] + s)`` where ``n`` are the counts, ``N[k]`` is
        their sum at position ``k``, ``q`` is the background and ``s`` the pseudocount: the total
        that is added at each position, divided among the bases in proportion to the background.

        With its defaults this is the distribution that `sample` draws from. Planted sites
        (`datasets.planting`) are drawn with the pseudocount of `log_odds` instead, so that no
        likelihood ratio is infinite.

        Parameters
        ----------
        pseudocount : float
            ``s``, in counts, not negative.
        background : array_like, shape (A,), optional
            ``q``; uniform if not given.

        Returns
        -------
        ndarray, shape (w, A)
            Each row sums to 1.

        >>> Motif("toy", [[3, 1, 0, 0]]).probabilities(pseudocount=4).tolist()
        [[0.5, 0.25, 0.125, 0.125]]
        """
        between("pseudocount", pseudocount, 0)
        added = self.counts + pseudocount * self._background(background)
        return added / added.sum(axis=1, keepdims=True)

    def log_odds(
        self, background=None, pseudocount: float = 1.0, base: float = math.e
    ) -> np.ndarray:
        """Log-odds of each base against the background (PWM): ``log(p[k, a] / q[a])``.

        ``p`` is ``probabilities(pseudocount, background)``, ``q`` the background, shape (A,),
        uniform if not given (Stormo 2000), and `base` that of the logarithm: e (the default)
        gives nats, 2 gives bits. The default pseudocount, one in total at each position, keeps a
        base that was never counted finite; with 0 it is ``-inf``. The result is (w, A).

        >>> Motif("toy", [[2, 1, 1, 0]]).log_odds(pseudocount=0, base=2).tolist()
        [[1.0, 0.0, 0.0, -inf]]
        """
        inside("base", base, 1)
        q = self._background(background)
        with np.errstate(divide="ignore"):  # log(0) is -inf, which is the true answer
            return np.log(self.probabilities(pseudocount, q) / q) / math.log(base)

    def information(self, background=None, corrected: bool = False) -> np.ndarray:
        """Information content of each position, in bits, optionally corrected for small samples.

        ``I[k] = sum over a of p[k, a] * log2(p[k, a] / q[a])``: the relative entropy of the
        position to the background ``q``, with ``0 log 0 = 0`` and ``p`` without pseudocounts.
        For the uniform background it is ``log2 A``, two bits for DNA, minus the entropy of the
        position (Schneider et al. 1986).

        Parameters
        ----------
        background : array_like, shape (A,), optional
            ``q``; uniform if not given.
        corrected : bool
            Whether to subtract ``e(N[k])``, the `small_sample_correction` for the ``N[k]`` sites
            counted at position ``k``, rounded to a whole number. A position with less information
            than expected by chance then has a negative value. It is not raised to 0, because the
            sum over the positions would then be too large again.

        Returns
        -------
        ndarray, shape (w,)

        Examples
        --------
        >>> motif = Motif("toy", [[4, 0, 0, 0], [1, 1, 1, 1]])
        >>> motif.information().tolist()
        [2.0, 0.0]
        >>> motif.information(corrected=True).round(3).tolist()
        [1.324, -0.676]
        """
        q = self._background(background)
        bits = information(self.probabilities(), q, self.alphabet)
        if corrected:
            sites = [max(1, round(total)) for total in self.counts.sum(axis=1).tolist()]
            e = {n: small_sample_correction(n, q, self.alphabet) for n in set(sites)}
            bits = bits - np.array([e[n] for n in sites])
        return bits

    def _background(self, background) -> np.ndarray:
        return check_background(background, self.alphabet)

    def consensus(self) -> str:
        """Most probable letter at each position; of equal ones the first in the alphabet."""
        return "".join(self.alphabet.letters[a] for a in self.counts.argmax(axis=1))

    def iupac(self) -> str:
        """Consensus with ambiguity codes, by the rules of Cavener (1987).

        At each position the first rule that applies decides: one base, if its count is more than
        half of all and more than twice the next; the two most frequent, if together they are more
        than three quarters; three, if the fourth never occurs; else N. Only DNA has these codes.
        """
        require(
            "alphabet", self.alphabet == DNA, f"be DNA for these codes, got {self.alphabet.letters}"
        )
        order = np.argsort(-self.counts, axis=1, kind="stable")
        totals = self.counts.sum(axis=1).tolist()
        codes = []
        for row, places, total in zip(self.counts.tolist(), order.tolist(), totals):
            n = [row[a] for a in places]
            if 2 * n[0] > total and n[0] > 2 * n[1]:
                kept = 1
            elif 4 * (n[0] + n[1]) > 3 * total:
                kept = 2
            else:
                kept = 3 if n[3] == 0 else 4
            codes.append(DNA.code_of[frozenset(DNA.letters[a] for a in places[:kept])])
        return "".join(codes)

    def reverse_complement(self) -> Motif:
        """The same motif on the other strand, with the same name and id."""
        return Motif(self.name, self.alphabet.other_strand(self.counts), self.id, self.alphabet)

    def sample(self, n: int, rng: np.random.Generator) -> list[str]:
        """Draw `n` sites, each position independently from ``probabilities()``.

        >>> Motif("toy", [[1, 0, 0, 0], [0, 0, 0, 1]]).sample(2, np.random.default_rng(0))
        ['AT', 'AT']
        """
        n = whole("n", n, 0)
        return written_out(draw_letters(self.probabilities(), (n, self.width), rng), self.alphabet)

    def score(self, sequences: str | list[str], background=None) -> np.ndarray | list[np.ndarray]:
        """Log-likelihood ratio of motif against background, in nats, of every window of a sequence.

        ``s[i] = sum over k of W[k, x[i + k]]`` where ``W`` is ``log_odds(background)`` and ``x``
        the sequence: the log-likelihood ratio if the motif starts at the 0-based position ``i``.
        An ambiguity code is a partly known base and scores the log of a ratio of sums
        (`letter_ratios`), so N scores 0. A filter that reads N as four quarters adds the mean
        weight instead, which is lower. Only the given strand is scored.

        Parameters
        ----------
        sequences : str or list of str
            One sequence, or several.
        background : array_like, shape (A,), optional
            Frequency of each letter in the background; uniform if not given.

        Returns
        -------
        ndarray, shape (L - w + 1,), or a list of them
            For each sequence of length ``L``; empty if it is shorter than the motif.

        >>> Motif("toy", [[9, 0, 0, 0], [0, 0, 0, 9]]).score("CATG").round(2).tolist()
        [-4.61, 2.62, -4.61]
        """
        # The pseudocount is that of `log_odds`.
        q = self._background(background)
        ratios = letter_ratios(self.probabilities(1.0, q), q, self.alphabet)
        several = [sequences] if isinstance(sequences, str) else sequences
        texts = [clean(sequence, alphabet=self.alphabet).encode() for sequence in several]
        scores = [sum_windows(np.frombuffer(text, np.uint8), ratios) for text in texts]
        return scores[0] if isinstance(sequences, str) else scores


def information(
    ppm: np.ndarray, background: ArrayLike | None = None, alphabet: Alphabet = DNA
) -> np.ndarray:
    """Information content in bits of each position of a PPM; see `Motif.information`.

    Parameters
    ----------
    ppm : array_like, shape (w, A)
    background : array_like, shape (A,), optional
        Uniform if not given.
    alphabet : Alphabet

    Returns
    -------
    ndarray, shape (w,)

    Examples
    --------
    >>> information(np.array([[0.5, 0.5, 0, 0]]), background=[0.5, 0.25, 0.125, 0.125]).tolist()
    [0.5]
    """
    ppm = numbers_by_base(ppm, "ppm", alphabet)
    q = check_background(background, alphabet)
    ratio = np.where(ppm > 0, ppm / q, 1.0)
    return (ppm * np.log2(ratio)).sum(axis=1)


def small_sample_correction(
    n: int, background: ArrayLike | None = None, alphabet: Alphabet = DNA
) -> float:
    """Mean apparent information, in bits, of a background position counted in `n` sites.

    ``e(n) = H(q) - E[H(f)]`` (Schneider et al. 1986, J Mol Biol 188:415): ``q`` is the background,
    ``f`` the ``A`` frequencies among ``n`` letters drawn from it, ``H(f) = -sum over a of
    f[a] log2 f[a]`` their entropy. A small sample has a lower entropy on average than its source,
    so ``e(n)`` is above 0. Each count is binomial, so the expectation is an exact sum over its
    ``n + 1`` values. Above 10,000 sites the approximation ``(A - 1) / (2 n ln 2)`` is returned.

    Subtract it from the `information` of a position. This is exact if the position is background,
    and nearly exact, for many sites, if every base can occur. If only one base can occur, the
    information is not overestimated, and the correction makes it too small by ``e(n)``.

    Parameters
    ----------
    n : int
        Number of counted sites, at least 1.
    background : array_like, shape (A,), optional
        ``q``; uniform if not given.
    alphabet : Alphabet

    Returns
    -------
    float
        In bits.

    Examples
    --------
    >>> [round(small_sample_correction(n), 3) for n in (1, 4, 20, 358)]
    [2.0, 0.676, 0.114, 0.006]
    """
    whole("n", n)
    q = check_background(background, alphabet)
    if n > _MOST_EXACT:
        return (alphabet.size - 1) / (2 * n * math.log(2))
    return _apparent_information(n, tuple(q))


@lru_cache(maxsize=4096)  # logos ask for the same few numbers of sites again and again
def _apparent_information(n: int, background: tuple[float, ...]) -> float:
    q = np.array(background)
    seen = np.arange(1, n + 1)  # a base with count 0 adds nothing to the entropy
    log_ways = np.cumsum(np.log(n - seen + 1) - np.log(seen))[:, None]
    chances = np.exp(log_ways + np.outer(seen, np.log(q)) + np.outer(n - seen, np.log1p(-q)))
    entropy = chances.sum(axis=1) @ (seen / n * np.log2(n / seen))
    return float(-q @ np.log2(q) - entropy)


def letter_ratios(
    ppm: np.ndarray | Motif, background: ArrayLike | None = None, alphabet: Alphabet = DNA
) -> np.ndarray:
    """Log-likelihood ratio of each letter and ambiguity code at each position of a motif, in nats.

    ``r[k, code] = log(sum of p[k, a] / sum of q[a])``, both sums over the letters ``a`` that the
    code stands for: the probability of the code under the motif, divided by that under the
    background. For a single base it is the log-odds. For N it is 0, as both sums are 1: an unknown
    base is no evidence.

    Parameters
    ----------
    ppm : Motif or array_like, shape (w, A)
    background : array_like, shape (A,), optional
        ``q``; uniform if not given.
    alphabet : Alphabet
        Of an array; a `Motif` has its own.

    Returns
    -------
    ndarray, shape (w, 256)
        One column for each byte, in either case, U as T; 0 for bytes that are not a code.

    Examples
    --------
    >>> ratios = letter_ratios([[0.7, 0.1, 0.1, 0.1]])
    >>> [round(float(ratios[0, ord(letter)]), 2) for letter in "AMN"]  # M: A or C
    [1.03, 0.47, 0.0]
    """
    alphabet = getattr(ppm, "alphabet", alphabet)
    p = check_probabilities(ppm, alphabet=alphabet)
    q = check_background(background, alphabet)
    codes = alphabet.is_letter
    stands_for = alphabet.shares[codes] > 0
    ratios = np.zeros((len(p), len(codes)))
    with np.errstate(divide="ignore"):  # log(0) is -inf, which is the true answer
        ratios[:, codes] = np.log(p @ stands_for.T / (stands_for @ q))
    return ratios


def sum_windows(codes: np.ndarray, ratios: np.ndarray) -> np.ndarray:
    """Add the `letter_ratios` of a motif in every window of sequences of one length.

    Parameters
    ----------
    codes : ndarray of int, shape (L, ...)
        Letters as bytes, position first.
    ratios : ndarray, shape (w, 256)

    Returns
    -------
    ndarray, shape (L - w + 1, ...)
        Empty if the sequences are shorter than the motif.

    Examples
    --------
    >>> sum_windows(np.frombuffer(b"CNN", np.uint8), letter_ratios([[0.5, 0.5, 0, 0]] * 2)).round(2)
    array([0.69, 0.  ])
    """
    # Looking up a letter is faster than multiplying with its one-hot code
    # (`layers.convolution.windows`), and a sum over positions needs no array of all windows.
    starts = max(0, len(codes) - len(ratios) + 1)
    total = np.zeros((starts, *codes.shape[1:]))
    for k, row in enumerate(ratios):
        total += row[codes[k : k + starts]]
    return total


def check_probabilities(
    ppm: np.ndarray | Motif, name: str = "ppm", alphabet: Alphabet = DNA
) -> np.ndarray:
    """Return the PPM of a `Motif`, or a PPM checked and with each row divided by its sum.

    Parameters
    ----------
    ppm : Motif or array_like, shape (w, A)
        The columns of a `DataFrame` are read by their labels
        (`motiflab.sequences.matrix.by_base`). A row must sum to 1, except for rounding
        (`motiflab.sequences.matrix.ROUNDING`).
    name : str
        What to call it in an error.
    alphabet : Alphabet

    Returns
    -------
    ndarray, shape (w, A)

    Examples
    --------
    >>> check_probabilities([[0.33, 0.33, 0.33, 0]]).round(3).tolist()
    [[0.333, 0.333, 0.333, 0.0]]
    """
    if isinstance(ppm, Motif):
        require(
            name,
            ppm.alphabet == alphabet,
            f"be a motif of the letters {alphabet.letters}, got one of {ppm.alphabet.letters}",
        )
        return ppm.probabilities()
    ppm = check_matrix(name, ppm, 0, _MOST, alphabet)
    sums = ppm.sum(axis=1)
    right = sums_to_one(ppm)
    row = right.argmin()  # the first wrong row, if there is one
    require(name, right.all(), f"have rows that sum to 1, got {sums[row]:.4g} in row {row}")
    return ppm / sums[:, None]
