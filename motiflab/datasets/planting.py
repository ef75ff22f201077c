"""Plant motifs in random sequences, and compute the exact likelihood ratio of each sequence.

The model. A sequence of length ``L`` without motifs is drawn independently from a background ``q``.
A sequence with motifs is the same, with *copies* of one *composite* written over it: the motifs of
an `Arrangement` in their order, with a gap between neighbours.

- The number of copies is uniform on its range.
- For a given number, all choices of gaps and positions that fit in ``L`` are equally likely.
  Copies do not overlap, and none is inside a gap of another. Short gaps can be placed in more
  ways, so they are slightly more frequent than long ones, especially in a full sequence; a gap
  that cannot fit never occurs.
- With both strands each copy is, with probability 1/2, reverse-complemented as a unit: its order
  of motifs, its gaps and every motif.
- The bases of a site are independent, each from its row of the motif's PPM ``p``.

The likelihood ratio of a sequence ``x`` is then a mean over all hidden variables:

    ``LR(x) = mean over c of 1 / A(c) * sum over the arrangements of c copies of
    product over copies of mean over strands of product over sites and k of p[k, b] / q[b]``

``c`` is the number of copies, ``A(c)`` the number of arrangements of ``c`` copies, ``k`` a position
in a site and ``b`` the base of ``x`` there. One pass along the sequence (the forward algorithm of
hidden Markov models; Durbin et al. 1998, chapter 3) adds up the exponentially many terms exactly.
It works with logarithms, so long motifs and many copies cause no overflow or underflow. The same
pass with all ratios 1 counts the arrangements; `plant` draws from these counts.
"""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import ArgumentError, inside, quoted, require, whole
from motiflab.layers.activations import log_sum_exp
from motiflab.motifs.motif import Motif, letter_ratios, sum_windows
from motiflab.sequences import Alphabet, as_bytes, check_background, draw_letters, written_out

_BLOCK = 60_000  # bases scored at once: the arrays of one block fit in the processor's cache
_NEVER = -1e300  # the log of 0; finite, because the difference of two -inf is nan


@dataclass(frozen=True)
class Arrangement:
    """What is planted in a sequence: motifs in order, the gaps between them, how many copies.

    Parameters
    ----------
    motifs : tuple of Motif
        One or more, in their order on the + strand.
    gaps : tuple of (int, int)
        For each pair of neighbours the smallest and largest number of bases between the end of
        one and the start of the next, inclusive, at least 0; one pair fewer than motifs.
    copies : (int, int)
        Smallest and largest number of copies in a sequence, inclusive, at least 1.
    both_strands : bool
        Whether a copy may be on either strand, or only on the + strand.

    Examples
    --------
    >>> box = Motif("box", [[9, 0, 0, 1], [0, 9, 1, 0]])
    >>> Arrangement((box, box), gaps=((3, 5),)).shortest
    7
    """

    motifs: tuple[Motif, ...]
    gaps: tuple[tuple[int, int], ...] = ()
    copies: tuple[int, int] = (1, 1)
    both_strands: bool = True

    def __post_init__(self) -> None:
        motifs = self.motifs
        require(
            "motifs",
            isinstance(motifs, (tuple, list)) and motifs,
            f"be a tuple of at least one Motif, got {quoted(motifs)}",
        )
        require(
            "gaps",
            len(self.gaps) == len(motifs) - 1,
            f"hold one range for each pair of neighbouring motifs, "
            f"{len(motifs) - 1} for {len(motifs)} motifs, got {len(self.gaps)}",
        )
        gaps = tuple(_check_range(gap, f"gaps[{i}]", 0) for i, gap in enumerate(self.gaps))
        require(
            "motifs",
            all(motif.alphabet == motifs[0].alphabet for motif in motifs),
            "all be written in one alphabet",
        )
        if self.both_strands:
            motifs[0].alphabet.check_paired()
        object.__setattr__(self, "motifs", tuple(motifs))
        object.__setattr__(self, "gaps", gaps)
        object.__setattr__(self, "copies", _check_range(self.copies, "copies", 1))

    @property
    def alphabet(self) -> Alphabet:
        """The letters of the motifs."""
        return self.motifs[0].alphabet

    @property
    def shortest(self) -> int:
        """Length of one copy with its shortest gaps, in bases."""
        return sum(motif.width for motif in self.motifs) + sum(least for least, _ in self.gaps)

    def check_fits(self, length: int) -> None:
        """Raise a ValueError unless the largest number of copies fits in `length` bases."""
        copies = self.copies[1]
        widths = " + ".join(str(motif.width) for motif in self.motifs)
        gaps = " + ".join(str(least) for least, _ in self.gaps) or "none"
        require(
            "length",
            length >= copies * self.shortest,
            f"be at least {copies * self.shortest} for {copies} x {self.shortest} bases to fit "
            f"(copies x motifs of {widths}, shortest gaps {gaps}), got {length}",
        )

    def ppms(self, background=None) -> list[np.ndarray]:
        """The PPM, (w, A), from which the sites of each motif are drawn, on the + strand.

        It is the one behind ``Motif.log_odds(background)``: with the default pseudocount, so that
        no base is impossible and every likelihood ratio is finite.
        """
        q = check_background(background, self.alphabet)
        return [np.exp(motif.log_odds(q)) * q for motif in self.motifs]


def log_likelihood_ratio(
    sequences: list[str], arrangement: Arrangement, background: ArrayLike | None = None
) -> np.ndarray:
    """Log of ``P(sequence | arrangement) / P(sequence | background)``, in nats.

    The formula is at the top of this module. An ambiguity code is a partly known base: its
    probability is the sum over the bases that it stands for, in the motif and in the background.
    So N has the ratio 1, and a sequence of only N scores 0 (as in `Motif.score`).

    Parameters
    ----------
    sequences : list of str
        Lengths may differ; the largest number of copies, with the shortest gaps, must fit in each.
    arrangement : Arrangement
        What may have been planted.
    background : array_like, shape (A,), optional
        Frequency of each letter in the background; uniform if not given.

    Returns
    -------
    ndarray, shape (N,)
        All finite.

    Examples
    --------
    >>> arrangement = Arrangement((Motif("A", [[7, 0, 0, 0]]),), both_strands=False)
    >>> np.exp(log_likelihood_ratio(["AC", "AN", "NN"], arrangement)).round(4).tolist()
    [1.875, 2.3125, 1.0]
    """
    q = check_background(background, arrangement.alphabet)
    letters, lengths = as_bytes(sequences, arrangement.alphabet)
    strands = _strands(arrangement, q)
    first = np.cumsum(lengths) - lengths
    # Sequences of one length are scored together, in blocks that fit in the cache.
    result = np.empty(len(lengths))
    for length in np.unique(lengths).tolist():
        arrangement.check_fits(length)
        rows = np.flatnonzero(lengths == length)
        for block in np.array_split(rows, math.ceil(len(rows) * length / _BLOCK)):
            codes = letters[first[block] + np.arange(length)[:, None]]
            result[block] = _log_ratio(codes, strands, arrangement.copies)
    return result


def count_placements(arrangement: Arrangement, length: int) -> list[list[np.ndarray]]:
    """Log of the number of ways to place a site and all sites before it.

    Parameters
    ----------
    arrangement : Arrangement
        What is placed.
    length : int
        Length of the sequence, in bases.

    Returns
    -------
    list of list of ndarray, each of shape (length + 1,)
        For each copy, counted from the start of the sequence, and each motif in it: at index
        ``i`` the log of the number of ways in which that site ends (exclusive) at ``i`` or before;
        -1e300 if there is none.

    Examples
    --------
    >>> two_letters = Arrangement((Motif("A", [[7, 0, 0, 0]]),), copies=(2, 2))
    >>> np.exp(count_placements(two_letters, 4)[1][0]).round(6).tolist()
    [0.0, 0.0, 1.0, 3.0, 6.0]
    """
    ratios = [np.zeros((length - motif.width + 1, 1)) for motif in arrangement.motifs]
    before = np.zeros((length + 1, 1))
    counts = []
    for _ in range(arrangement.copies[1]):
        ends = _place(before, ratios, arrangement.gaps)
        # From "ends at i" to "ends at i or before".
        stages = [np.logaddexp.accumulate(stage) for stage in ends]
        before = stages[-1]
        counts.append([stage[:, 0] for stage in stages])
    return counts


def _strands(arrangement: Arrangement, q: np.ndarray) -> list[tuple[list[np.ndarray], tuple]]:
    """For each strand, as read on the + strand, tables of log ratios (w, 256) and gaps."""
    ppms, gaps, alphabet = arrangement.ppms(q), arrangement.gaps, arrangement.alphabet
    strands = [(ppms, gaps)]
    if arrangement.both_strands:
        strands.append(([alphabet.other_strand(ppm) for ppm in ppms[::-1]], gaps[::-1]))
    return [([letter_ratios(ppm, q, alphabet) for ppm in ppms], gaps) for ppms, gaps in strands]


def _log_ratio(codes: np.ndarray, strands: list, copies: tuple[int, int]) -> np.ndarray:
    """Log-likelihood ratio of sequences of one length: codes (L, n) of bytes give (n,).

    Positions come first, so that a shift along the sequences is a slice of whole rows.
    """
    length, n = codes.shape
    # The last column holds byte 0, which is no letter: all its ratios are 1, so its sum is A(c).
    codes = np.pad(codes.astype(np.intp), ((0, 0), (0, 1)))
    strands = [([sum_windows(codes, table) for table in tables], gaps) for tables, gaps in strands]
    before = np.zeros((length + 1, n + 1))
    sums = []
    for copy in range(1, copies[1] + 1):
        ends = np.array([_place(before, ratios, gaps)[-1] for ratios, gaps in strands])
        # The sum over strands becomes a mean when that of the last column is subtracted.
        sums.append(log_sum_exp(ends.reshape(-1, n + 1)))
        if copy < copies[1]:
            before = np.logaddexp.accumulate(log_sum_exp(ends))
    sums = np.array(sums[copies[0] - 1 :])
    return log_sum_exp(sums[:, :-1] - sums[:, -1:]) - np.log(len(sums))


def _place(before: np.ndarray, ratios: list[np.ndarray], gaps: tuple) -> list[np.ndarray]:
    """Add one copy after those before it.

    ``before[i]`` is the log weight of all arrangements in the first ``i`` bases, (L + 1, n). The
    result holds an array of that shape for each motif of the copy: at ``i`` the log weight of all
    arrangements up to this motif in which its site ends (exclusive) at ``i``.
    """
    stages = []
    for ratio, (least, most) in zip(ratios, ((0, 0), *gaps), strict=True):
        most = min(most, len(before) - 1)
        # Where a site may begin: after every gap in the range.
        reach = _delay(_window_sum(before, most - least + 1), least)
        before = _delay(reach[: len(ratio)] + ratio, len(before) - len(ratio))
        stages.append(before)
    return stages


def _delay(x: np.ndarray, by: int) -> np.ndarray:
    """Shift log weights by `by` positions and fill with the log of 0."""
    return np.concatenate([np.full((by, x.shape[1]), _NEVER), x])


def _window_sum(x: np.ndarray, count: int) -> np.ndarray:
    """``out[i] = log sum of exp(x[i - g]) over g = 0 ... count - 1``, (L + 1, n) again.

    A sum over `count` gaps is made of two sums over half as many, so the work grows with the
    logarithm of `count`. The difference of two cumulative sums would be faster, but if one site
    outweighs all others, both are nearly equal and their difference loses all digits.
    """
    if count == 1:
        return x
    half = _window_sum(x, count // 2)
    total = log_sum_exp([half, _delay(half, count // 2)[: len(x)]])
    if count % 2:  # the two halves omit the last gap
        total = log_sum_exp([total, _delay(x, count - 1)[: len(x)]])
    return total


def _check_range(value, name: str, least: int) -> tuple[int, int]:
    argument = name.split("[")[0]  # of gaps[0]: gaps
    try:
        low, high = (operator.index(end) for end in value)
    except (TypeError, ValueError):
        raise ArgumentError(
            argument,
            f"{name} must be two whole numbers, the least and the most, got {quoted(value)}.",
        ) from None
    require(
        argument,
        least <= low <= high,
        f"start at {least} or more and end no lower than it starts, got {low} to {high}",
        name,
    )
    return low, high


class Site(NamedTuple):
    """Where one motif was planted.

    `sequence` is the index of the sequence and `motif` that of the motif in the arrangement of
    the sequence's class. The site covers the 0-based positions `start` (inclusive) to `end`
    (exclusive). On `strand` ``"-"`` it was drawn from the reverse complement of the motif.
    """

    sequence: int
    motif: int
    start: int
    end: int
    strand: str


@dataclass(frozen=True, eq=False)
class Planted:
    """Planted sequences with their labels, sites and best possible scores.

    Attributes
    ----------
    sequences : list of str
        ``N`` sequences.
    labels : ndarray of int, shape (N,)
        1 for a positive, 0 for a negative.
    positive, negative
        As given to `plant`.
    background : ndarray, shape (A,)
        Frequency of each letter in the background.
    """

    sequences: list[str]
    labels: np.ndarray
    positive: Arrangement
    negative: Arrangement | None
    background: np.ndarray
    _drawn: np.ndarray  # the sites, as from `_draw_sites` but in order

    @cached_property
    def sites(self) -> list[Site]:
        """Every planted site of both classes, ordered by sequence and start."""
        return [Site(*site, "-" if minus else "+") for *site, minus in self._drawn.T.tolist()]

    @cached_property
    def optimum(self) -> np.ndarray:
        """The log likelihood ratio of the two classes, (N,): see `plant`."""
        return self.log_ratio(self.sequences)

    def log_ratio(self, sequences: list[str]) -> np.ndarray:
        """The log likelihood ratio of the two classes for any sequences."""
        ratio = log_likelihood_ratio(sequences, self.positive, self.background)
        if self.negative is not None:
            ratio -= log_likelihood_ratio(sequences, self.negative, self.background)
        return ratio


def plant(
    n: int,
    length: int,
    positive: Arrangement,
    negative: Arrangement | None = None,
    background: ArrayLike | None = None,
    positive_fraction: float = 0.5,
    seed: int = 0,
) -> Planted:
    """Make two classes of random sequences that differ in the motifs planted in them.

    The `optimum` is ``log P(x | positive) - log P(x | negative)`` for each sequence ``x``. By the
    lemma of Neyman and Pearson (1933) no other score has a higher true-positive rate at any
    false-positive rate, so none has a larger area under the ROC curve or, at any class balance,
    under the precision-recall curve. That holds for the population that the sequences are drawn
    from: on a finite set another score may lie above it by chance.

    Parameters
    ----------
    n : int
        Number of sequences, both classes together.
    length : int
        Length of every sequence, in bases.
    positive : Arrangement
        What the positive sequences contain.
    negative : Arrangement, optional
        What the negative sequences contain, for example the same motifs at another distance;
        background alone if not given.
    background : array_like, shape (A,), optional
        Frequency of each letter in the background of both classes; uniform if not given.
    positive_fraction : float
        Share of positive sequences, between 0 and 1. Their number is ``n * positive_fraction``,
        rounded to a whole number; both classes need at least one.
    seed : int
        The same seed gives the same data. The order of the classes is random, too.

    Returns
    -------
    Planted

    Examples
    --------
    >>> from motiflab.motifs import Motif
    >>> box = Motif("box", [[99, 0, 0, 0], [0, 99, 0, 0], [0, 0, 99, 0], [0, 99, 0, 0]])
    >>> data = plant(4, 12, Arrangement((box,), both_strands=False), seed=1)
    >>> int(data.labels.sum())
    2
    >>> [data.sequences[site.sequence][site.start : site.end] for site in data.sites]
    ['ACGC', 'ACGC']
    """
    q = check_background(background, positive.alphabet)
    n, length = whole("n", n, 2), whole("length", length)
    positives = round(n * inside("positive_fraction", positive_fraction, 0, 1))
    require(
        "positive_fraction",
        0 < positives < n,
        f"leave at least one of the {n} sequences in each class, got "
        f"{positive_fraction}, which makes {positives} positive",
    )
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(n) < positives).astype(int)
    letters = draw_letters(q, (n, length), rng)  # the background; sites are written over it
    found = []
    for label, arrangement in ((1, positive), (0, negative)):
        if arrangement is not None:
            rows = np.flatnonzero(labels == label)
            sites = _draw_sites(len(rows), length, arrangement, rng)
            # From the index within the class to the index in the data set.
            sites[0] = rows[sites[0]]
            _write_sites(letters, sites, arrangement, q, rng)
            found.append(sites)
    drawn = np.concatenate(found, axis=1)
    row, _, start, _, _ = drawn
    drawn = drawn[:, np.lexsort((start, row))]
    sequences = written_out(letters, positive.alphabet)
    return Planted(sequences, labels, positive, negative, q, drawn)


def draw_planted(
    n: int,
    length: int,
    arrangement: Arrangement,
    background: ArrayLike | None,
    rng: np.random.Generator,
) -> list[str]:
    """Draw sequences of one class: a background with an arrangement written over it.

    Parameters
    ----------
    n, length : int
        Number of sequences, and bases in each.
    arrangement : Arrangement
    background : array_like, shape (A,), or None
        Frequency of each letter; uniform if None.
    rng : numpy.random.Generator

    Returns
    -------
    list of str

    Examples
    --------
    >>> site = Arrangement((Motif("A", [[9999, 0, 0, 0]] * 4),), both_strands=False)
    >>> draw_planted(1, 4, site, None, np.random.default_rng(0))
    ['AAAA']
    """
    q = check_background(background, arrangement.alphabet)
    letters = draw_letters(q, (n, length), rng)
    _write_sites(letters, _draw_sites(n, length, arrangement, rng), arrangement, q, rng)
    return written_out(letters, arrangement.alphabet)


def _draw_sites(n: int, length: int, arrangement: Arrangement, rng) -> np.ndarray:
    """Draw the arrangements of `n` sequences.

    The rows of the result are sequence, motif, start, end, and 1 for the - strand; each column is
    one site. Copies, and the sites in a copy, are drawn from the last to the first: the end of a
    site is drawn in proportion to the number of ways to place all sites before it.
    """
    arrangement.check_fits(length)
    widths = np.array([motif.width for motif in arrangement.motifs])
    counts = count_placements(arrangement, length)
    copies = rng.integers(arrangement.copies[0], arrangement.copies[1], n, endpoint=True)
    limit = np.full(n, length)  # the largest end of the next copy
    found = []
    for copy in range(arrangement.copies[1], 0, -1):
        rows = np.flatnonzero(copies >= copy)
        starts = np.empty((len(widths), len(rows)), dtype=int)
        window = np.zeros(len(rows), dtype=int), limit[rows]
        for motif in range(len(widths) - 1, -1, -1):
            starts[motif] = _draw_end(counts[copy - 1][motif], *window, rng) - widths[motif]
            if motif:
                least, most = arrangement.gaps[motif - 1]
                window = np.maximum(starts[motif] - most, 0), starts[motif] - least
        minus = rng.integers(0, 2 if arrangement.both_strands else 1, len(rows))
        limit[rows] = starts[0]
        # On the - strand the copy is mirrored within the interval that it covers.
        mirrored = starts[0] + starts[-1] + widths[-1] - starts - widths[:, None]
        starts = np.where(minus, mirrored, starts)
        motifs, ends = np.arange(len(widths))[:, None], starts + widths[:, None]
        columns = np.broadcast_arrays(rows, motifs, starts, ends, minus)
        found.append(np.stack(columns).reshape(5, -1))
    return np.concatenate(found, axis=1)


def _draw_end(counts: np.ndarray, least: np.ndarray, most: np.ndarray, rng) -> np.ndarray:
    """Draw ends from `least` to `most` (inclusive), in proportion to their counts.

    ``counts[i]`` is the log of the number of ways to end at ``i`` or before.
    """
    # Draw a number between the count below `least` and that of `most`, and find the end it belongs
    # to. The counts are logarithms, so they are taken relative to the largest.
    below = np.where(least > 0, counts[least - 1], -np.inf)
    total = counts[most]
    share = np.exp(below - total)
    drawn = total + np.log(share + (1 - rng.random(len(least))) * (1 - share))
    # Rounding may give `below` itself, which belongs to the end before.
    return np.searchsorted(counts, np.maximum(drawn, np.nextafter(below, np.inf)))


def _write_sites(
    letters: np.ndarray, sites: np.ndarray, arrangement: Arrangement, q: np.ndarray, rng
) -> None:
    """Write a letter drawn from its motif's PPM at every position of every site."""
    row, of_motif, start, _, minus = sites
    for motif, ppm in enumerate(arrangement.ppms(q)):
        strands = [ppm]
        if arrangement.both_strands:
            strands.append(arrangement.alphabet.other_strand(ppm))
        for strand, as_read in enumerate(strands):
            here = (of_motif == motif) & (minus == strand)
            columns = start[here, None] + np.arange(len(ppm))
            letters[row[here, None], columns] = draw_letters(as_read, columns.shape, rng)
