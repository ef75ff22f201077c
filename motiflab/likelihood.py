"""How likely a sequence is if motifs were planted in it, against background alone.

The model. A sequence of length ``L`` without motifs is independent draws from a background ``q``.
A sequence with motifs is the same, with *copies* of one *composite* written over it: the motifs of
an `Arrangement` in their order, with a gap between neighbours.

- The number of copies is uniform on its range.
- Given that number, every way to choose gaps and positions that fits in ``L`` is equally likely.
  Copies do not overlap, and none lies in a gap of another. Short gaps leave more room to move, so
  they are slightly more frequent than long ones, the more so the fuller the sequence is; a gap
  that cannot fit never occurs.
- With both strands each copy is, with probability 1/2, reverse-complemented as a unit: its order
  of motifs, its gaps and every motif.
- The bases of a site are independent, each from its row of the motif's PPM ``p``.

The likelihood ratio of a sequence ``x`` is then a mean over everything that is hidden:

    ``LR(x) = mean over c of 1 / A(c) * sum over the arrangements of c copies of
    product over copies of mean over strands of product over sites and k of p[k, b] / q[b]``

``c`` is the number of copies, ``A(c)`` the number of arrangements of ``c`` copies, ``k`` a position
in a site and ``b`` the base of ``x`` there. One pass along the sequence (the forward algorithm of
hidden Markov models; Durbin et al. 1998, chapter 3) adds up the exponentially many terms exactly.
It works with logarithms, so long motifs and many copies neither overflow nor vanish.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from motiflab.alphabet import as_bytes
from motiflab.motifs import Motif, letter_ratios, sum_windows
from motiflab.quoting import quoted
from motiflab.sequences import check_background

_BLOCK = 60_000  # bases scored at once: the arrays of one block stay in the processor's cache
_NEVER = -1e300  # the log of nothing; finite, because the difference of two -inf is not a number


@dataclass(frozen=True)
class Arrangement:
    """What is planted in a sequence: motifs in order, the gaps between them, how many copies.

    Parameters
    ----------
    motifs : tuple of Motif
        One or more, in the order in which they stand on the + strand.
    gaps : tuple of (int, int)
        For each pair of neighbours the least and the most bases between the end of the one and
        the start of the next, both inclusive, at least 0; one pair fewer than there are motifs.
    copies : (int, int)
        The least and the most copies in a sequence, both inclusive, at least 1.
    both_strands : bool
        Whether a copy may lie on either strand, or on the + strand only.

    Raises
    ------
    ValueError
        If there is no motif, the number of gaps is wrong, or a range is negative or upside down.

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
        if not isinstance(motifs, (tuple, list)) or not motifs:
            raise ValueError(f"motifs must be a tuple of at least one Motif, got {quoted(motifs)}.")
        if len(self.gaps) != len(motifs) - 1:
            raise ValueError(
                f"gaps must hold one range for each pair of neighbouring motifs, "
                f"{len(motifs) - 1} for {len(motifs)} motifs, got {len(self.gaps)}."
            )
        gaps = tuple(_check_range(gap, f"gaps[{i}]", 0) for i, gap in enumerate(self.gaps))
        object.__setattr__(self, "motifs", tuple(motifs))
        object.__setattr__(self, "gaps", gaps)
        object.__setattr__(self, "copies", _check_range(self.copies, "copies", 1))

    @property
    def shortest(self) -> int:
        """Length of one copy with its shortest gaps, in bases."""
        return sum(motif.width for motif in self.motifs) + sum(least for least, _ in self.gaps)

    def check_fits(self, length: int) -> None:
        """Raise a ValueError unless the most copies, at their shortest, fit in `length` bases."""
        copies = self.copies[1]
        if copies * self.shortest > length:
            widths = " + ".join(str(motif.width) for motif in self.motifs)
            gaps = " + ".join(str(least) for least, _ in self.gaps) or "none"
            raise ValueError(
                f"length must be at least {copies * self.shortest} for {copies} x {self.shortest} "
                f"bases to fit (copies x motifs of {widths}, shortest gaps {gaps}), got {length}."
            )

    def ppms(self, background=None) -> list[np.ndarray]:
        """The PPM, (w, 4), from which the sites of each motif are drawn, on the + strand.

        It is the one behind ``Motif.log_odds(background)``: with the default pseudocount, so that
        no base is impossible and every likelihood ratio is finite.
        """
        q = check_background(background)
        return [np.exp(motif.log_odds(q)) * q for motif in self.motifs]


def log_likelihood_ratio(
    sequences: list[str], arrangement: Arrangement, background: ArrayLike | None = None
) -> np.ndarray:
    """Log of ``P(sequence | arrangement) / P(sequence | background)``, in nats.

    The formula stands at the head of this module. An ambiguity code is a base that was not fully
    read: its probability is the sum over the bases that it stands for, in the motif as in the
    background, so that N counts 1 and a sequence of N alone scores 0 (as in `Motif.score`).

    Parameters
    ----------
    sequences : list of str
        Lengths may differ; each must have room for the most copies at their shortest gaps.
    arrangement : Arrangement
        What may have been planted.
    background : array_like, shape (4,), optional
        Base frequencies of the background; uniform if not given.

    Returns
    -------
    ndarray, shape (N,)
        All finite.

    Raises
    ------
    ValueError
        If there is no sequence, one is too short or holds a character that is no nucleotide code,
        or the background is not valid.

    Examples
    --------
    >>> arrangement = Arrangement((Motif("A", [[7, 0, 0, 0]]),), both_strands=False)
    >>> np.exp(log_likelihood_ratio(["AC", "AN", "NN"], arrangement)).round(4).tolist()
    [1.875, 2.3125, 1.0]
    """
    q = check_background(background)
    letters, lengths = as_bytes(sequences)
    strands = _strands(arrangement, q)
    first = np.cumsum(lengths) - lengths
    result = np.empty(len(lengths))
    for length in np.unique(lengths).tolist():
        arrangement.check_fits(length)
        rows = np.flatnonzero(lengths == length)
        for block in np.array_split(rows, -(-len(rows) * length // _BLOCK)):
            codes = letters[first[block] + np.arange(length)[:, None]]
            result[block] = _log_ratio(codes, strands, arrangement.copies)
    return result


def count_placements(arrangement: Arrangement, length: int) -> list[list[np.ndarray]]:
    """Log of the number of ways to place a site and all that comes before it.

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
        far below zero (-1e300) where there is none.

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
        stages = _place(before, ratios, arrangement.gaps)
        stages = [np.logaddexp.accumulate(stage) for stage in stages]
        before = stages[-1]
        counts.append([stage[:, 0] for stage in stages])
    return counts


def _strands(arrangement: Arrangement, q: np.ndarray) -> list[tuple[list[np.ndarray], tuple]]:
    """For each strand, as it is read on the + strand: tables of log ratios (w, 256), and gaps."""
    ppms, gaps = arrangement.ppms(q), arrangement.gaps
    strands = [(ppms, gaps)]
    if arrangement.both_strands:
        # In the order A, C, G, T the complement of base a is base 3 - a.
        strands.append(([ppm[::-1, ::-1] for ppm in ppms[::-1]], gaps[::-1]))
    return [([letter_ratios(ppm, q) for ppm in ppms], gaps) for ppms, gaps in strands]


def _log_ratio(codes: np.ndarray, strands: list, copies: tuple[int, int]) -> np.ndarray:
    """Log-likelihood ratio of sequences of one length: codes (L, n) of bytes give (n,).

    Positions come first, so that a shift along the sequences is a slice of whole rows.
    """
    length, n = codes.shape
    # The last column is a sequence of N alone: all ratios are 1 there, so its sum counts A(c).
    codes = np.pad(codes.astype(np.intp), ((0, 0), (0, 1)), constant_values=ord("N"))
    strands = [([sum_windows(codes, table) for table in tables], gaps) for tables, gaps in strands]
    before = np.zeros((length + 1, n + 1))
    sums = []
    for copy in range(1, copies[1] + 1):
        ends = _log_sum([_place(before, ratios, gaps)[-1] for ratios, gaps in strands])
        # The sum over strands is a mean once N's, which is twice as large too, is taken off.
        sums.append(_log_sum(ends))
        if copy < copies[1]:
            before = np.logaddexp.accumulate(ends)
    sums = np.array(sums[copies[0] - 1 :])
    return _log_sum(sums[:, :-1] - sums[:, -1:]) - np.log(len(sums))


def _place(before: np.ndarray, ratios: list[np.ndarray], gaps: tuple) -> list[np.ndarray]:
    """Add one copy behind all that came before it.

    ``before[i]`` is the log weight of all arrangements in the first ``i`` bases, (L + 1, n). The
    result holds an array of that shape for each motif of the copy: at ``i`` the log weight of all
    arrangements up to this motif in which its site ends (exclusive) at ``i``.
    """
    stages = []
    for ratio, (least, most) in zip(ratios, ((0, 0), *gaps), strict=True):
        most = min(most, len(before) - 1)
        reach = _delay(_window_sum(before, most - least + 1), least)
        before = _delay(reach[: len(ratio)] + ratio, len(before) - len(ratio))
        stages.append(before)
    return stages


def _delay(x: np.ndarray, by: int) -> np.ndarray:
    return np.concatenate([np.full((by, x.shape[1]), _NEVER), x])


def _window_sum(x: np.ndarray, count: int) -> np.ndarray:
    """``out[i] = log sum of exp(x[i - g]) over g = 0 ... count - 1``, (L + 1, n) again.

    Halves are made into wholes, so the work grows with the logarithm of `count`; a difference of
    cumulative sums would be quicker still, but cancels where one site outweighs all the others.
    """
    if count == 1:
        return x
    half = _window_sum(x, count // 2)
    total = _log_sum([half, _delay(half, count // 2)[: len(x)]])
    return _log_sum([total, _delay(x, count - 1)[: len(x)]]) if count % 2 else total


def _log_sum(terms: np.ndarray | list[np.ndarray]) -> np.ndarray:
    """Log of the sum of the exponentials along the first axis."""
    terms = np.asarray(terms)
    largest = terms.max(axis=0)
    return largest + np.log(np.exp(terms - largest).sum(axis=0))


def _check_range(value, name: str, least: int) -> tuple[int, int]:
    try:
        low, high = (operator.index(end) for end in value)
    except (TypeError, ValueError):
        raise ValueError(
            f"{name} must be two whole numbers, the least and the most, got {quoted(value)}."
        ) from None
    if not least <= low <= high:
        raise ValueError(
            f"{name} must run from a least of {least} or more up to a most that is not below it, "
            f"got {low} to {high}."
        )
    return low, high
