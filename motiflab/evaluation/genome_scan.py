"""Scan a genome with a matrix, and compute the number of hits expected by chance.

A *reader* scores every window of a stretch of DNA on both strands. `MatrixReader` adds up the
weights of a matrix; `motiflab.networks.NetworkReader` uses a network. `scan_genome` gives a reader
a genome piece by piece, so its memory does not grow with the number of windows.

Both strands are read, and each has its own score. Let ``p`` be the probability that a window of
the background scores at least ``t`` on one strand, and ``M`` the number of places. Then ``2 M p``
hits are expected on both strands together, even if the scores of the two strands are correlated,
as expectations add. The expected number of *places* with a hit on at least one strand differs: it
is ``M p`` for a palindromic matrix, whose two scores are equal, ``M (2 p - p**2)`` if the two
scores are independent, and never more than ``2 M p``.
"""

from __future__ import annotations

import functools
import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import between, inside, quoted, require
from motiflab.evaluation.detectors import score_distribution
from motiflab.sequences import DNA, FastaRecord, check_background, check_matrix, clean, iter_fasta

STEP = 0.002
"""Step of the exact score distribution, in nats."""

_PIECE = 1 << 15  # windows scored at once: their words and scores fit in the processor's cache
_LONGEST_WORD = 8  # bases looked up at once: 4**8 numbers for each strand
_AMBIGUOUS, _NO_LETTER = 4, 255
# The code of every byte: 0 to 3 for a base in either case.
_CODES = np.where(DNA.is_letter, _AMBIGUOUS, _NO_LETTER).astype(np.uint8)
_bytes, _bases = np.nonzero(DNA.shares == 1)
_CODES[_bytes] = _bases

Report = Callable[[int, int], None]
"""Called with the number of scanned places of a sequence and the number of all its places."""


class Hit(NamedTuple):
    """A window that scores at least the threshold.

    Attributes
    ----------
    contig : str
        The name of the sequence, up to its first white space.
    start, end : int
        First base, counted from 0, and the base after the last: half-open, as in BED.
    strand : str
        "+" or "-"; "." if both strands score the same.
    score : float
    p_value : float
        The probability that a window of the background scores at least as high on one strand.
    """

    contig: str
    start: int
    end: int
    strand: str
    score: float
    p_value: float


class Reader(Protocol):
    """A detector for `scan_genome`: it has a width in bases, scores, and p-values."""

    width: int

    def scores(self, codes: np.ndarray) -> np.ndarray:
        """Score each window of codes (L,), 0 to 3 for A, C, G, T: (strands, L - width + 1)."""

    def p_values(self, scores: np.ndarray) -> np.ndarray:
        """Probability of at least each score on one strand of the background."""


@dataclass(frozen=True, eq=False)
class MatrixReader:
    """Score windows by the sum of the weights of a matrix, on both strands.

    Parameters
    ----------
    weights : array_like, shape (K, 4)
        Log-odds in nats, or any linear filter; bases in the order A, C, G, T.
    background : array_like, shape (4,), optional
        Frequency of each base, for the p-values; uniform if not given.

    Examples
    --------
    >>> reader = MatrixReader([[1, 0, 0, 0], [0, 2, 0, 0]])
    >>> reader.scores(np.array([0, 1, 2, 3])).tolist()  # ACGT
    [[3.0, 0.0, 0.0], [0.0, 0.0, 3.0]]
    >>> reader.p_values([3.0, 2.0]).tolist()
    [0.0625, 0.25]
    """

    weights: np.ndarray
    background: np.ndarray | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", check_matrix("weights", self.weights))
        object.__setattr__(self, "background", check_background(self.background))

    @property
    def width(self) -> int:
        """Number of positions, K."""
        return len(self.weights)

    @functools.cached_property
    def _tables(self) -> tuple[int, list[np.ndarray]]:
        """Scores of all words of b bases, for each block of b positions.

        A look-up reads 8 bytes: the scores of the given strand and of the other one.
        """
        blocks = math.ceil(self.width / _LONGEST_WORD)
        length = math.ceil(self.width / blocks)
        padded = np.zeros((2, blocks * length, DNA.size))  # weights of 0 fill the last block
        padded[:, : self.width] = self.weights, DNA.other_strand(self.weights)
        tables = []
        for block in padded.reshape(2, blocks, length, DNA.size).swapaxes(0, 1):
            table = np.zeros((2, 1))
            for k in range(length):
                table = (table[:, :, None] + block[:, k, None]).reshape(2, -1)
            pairs = np.ascontiguousarray(table.T, dtype=np.float32)
            tables.append(pairs.view(np.complex64).ravel())  # two numbers, added as one
        return length, tables

    def scores(self, codes: np.ndarray) -> np.ndarray:
        """Score every window, in 32 bits; the result is (2, L - K + 1)."""
        length, tables = self._tables
        count = len(codes) - self.width + 1
        # A word of b bases is a number with two bits per base.
        letters = np.zeros(count + length * len(tables) - 1, dtype=np.uint16)
        letters[: len(codes)] = codes
        words = np.zeros(len(letters) - length + 1, dtype=np.uint16)
        for k in range(length):
            words <<= 2
            words |= letters[k : k + len(words)]
        total = tables[0].take(words[:count])
        for block, table in enumerate(tables[1:], 1):
            total += table.take(words[block * length : block * length + count])
        return total.view(np.float32).reshape(-1, 2).T

    @functools.cached_property
    def _tail(self) -> tuple[np.ndarray, np.ndarray]:
        """Scores on the grid, rising, and the probability of at least each."""
        background = np.tile(self.background, (self.width, 1))
        scores, chances = score_distribution(self.weights, background, STEP)
        return scores, np.append(np.cumsum(chances[::-1])[::-1], 0.0)

    def p_values(self, scores: ArrayLike) -> np.ndarray:
        """Probability that a window of independent bases scores at least as much on one strand.

        The distribution is exact on a grid of `STEP` nats (`score_distribution`). Rounding to
        the grid changes a score by at most ``K * STEP / 2``. The p-value is that of a score lower
        by this amount, so it is never too small.
        """
        grid, tail = self._tail
        lowest = np.asarray(scores) - self.width * STEP / 2 - 1e-5  # 1e-5: scores have 32 bits
        return tail[np.searchsorted(grid, lowest)].clip(max=1.0)

    def threshold(self, p: float) -> float:
        """Return the lowest score whose p-value is at most `p`.

        Parameters
        ----------
        p : float
            Above 0 and at most 1. If even the highest score has a larger p-value, the threshold
            is just above it, and no window is a hit.

        Examples
        --------
        >>> reader = MatrixReader([[1, 0, 0, 0], [0, 2, 0, 0]])
        >>> 2 < reader.threshold(0.1) < 2.01
        True
        """
        inside("p", p, 0)
        between("p", p, 0, 1)
        grid, tail = self._tail
        first = np.flatnonzero(tail <= p)[0]
        # `p_values` reads at `lowest`, so just above the next lower score on the grid is enough.
        return float((grid[first - 1] if first else grid[0]) + self.width * STEP / 2 + 2e-5)


def scan_genome(
    source: str | os.PathLike | bytes | Sequence[FastaRecord],
    reader: Reader,
    threshold: float,
    better: bool = False,
    report: Report | None = None,
) -> Iterator[Hit]:
    """Find the windows of a genome that score at least a threshold, on both strands.

    The genome is read one sequence at a time (one byte per base) and scored in pieces of 32,768
    windows. Hits are yielded as they are found.

    Parameters
    ----------
    source : path, bytes or sequence of FastaRecord
        The path of a FASTA file, gzipped or not, the content of one, or sequences. A window with a
        letter other than A, C, G and T is never a hit; lower case counts as upper case.
    reader : Reader
        A `MatrixReader`, or another with a width, scores and p-values.
    threshold : float
        A window is a hit if it scores at least as much.
    better : bool
        Whether to give one hit for each place: its better strand, or "." if both score the same.
    report : callable, optional
        Called with the number of scanned places of the current sequence and the number of all its
        places. An exception that it raises ends the scan.

    Yields
    ------
    Hit
        In the order of the genome; at one place "+" before "-".

    Examples
    --------
    >>> reader = MatrixReader([[1, 0, 0, 0], [0, 1, 0, 0]])
    >>> [hit[:4] for hit in scan_genome(b">one\\nacNGTA\\n", reader, threshold=2)]
    [('one', 0, 2, '+'), ('one', 3, 5, '-')]
    """
    threshold = between("threshold", threshold)
    records = source
    if isinstance(source, (str, bytes, os.PathLike)):
        records = iter_fasta(source)
    for record in records:
        yield from _scan_record(record, reader, threshold, better, report)


def window_scores(sequence: str, reader: Reader) -> np.ndarray:
    """Score every window of a sequence; the result is (strands, L - width + 1).

    A window with a letter other than A, C, G and T has the score nan.

    >>> window_scores("AcN", MatrixReader([[1, 0, 0, 0], [0, 1, 0, 0]])).tolist()
    [[2.0, nan], [0.0, nan]]
    """
    pieces = [scores for _, scores in _pieces(_codes(sequence), reader)]
    require("sequence", pieces, f"have at least {reader.width} bases, as many as the reader")
    return np.concatenate(pieces, axis=1)


def _codes(sequence: str) -> np.ndarray:
    # "replace" turns any letter beyond ASCII into "?".
    text = sequence.encode("ascii", "replace").translate(_CODES.tobytes())
    codes = np.frombuffer(text, dtype=np.uint8)
    if (codes == _NO_LETTER).any():
        clean(sequence)  # the error gives the letter and its position
    return codes


def _pieces(codes: np.ndarray, reader: Reader) -> Iterator[tuple[int, np.ndarray]]:
    """Score a sequence in pieces; neighbouring pieces overlap by the width minus one base."""
    count = len(codes) - reader.width + 1
    for first in range(0, count, _PIECE):
        piece = codes[first : min(first + _PIECE, count) + reader.width - 1]
        unclear = piece == _AMBIGUOUS
        if not unclear.any():
            yield first, reader.scores(piece)
            continue
        scores = np.array(reader.scores(np.where(unclear, 0, piece)))
        seen = np.append(0, np.cumsum(unclear))
        scores[:, seen[reader.width :] > seen[: -reader.width]] = np.nan
        yield first, scores


def _scan_record(
    record: FastaRecord, reader: Reader, threshold: float, better: bool, report: Report | None
) -> Iterator[Hit]:
    contig = (record.name.split() or ["sequence"])[0]
    codes = _codes(record.sequence)
    count = max(0, len(codes) - reader.width + 1)
    for first, scores in _pieces(codes, reader):
        strands = "+-" if len(scores) == 2 else "."
        if better and len(scores) == 2:
            # Sums of the same numbers in a different order differ by rounding.
            tied = np.abs(scores[0] - scores[1]) <= 1e-4
            which = np.where(tied, 2, scores[1] > scores[0])
            scores, strands = scores.max(axis=0)[None], "+-."
        # Ordered by place, and at each place the given strand first.
        reached = (scores >= threshold).T
        found = np.flatnonzero(reached)  # several times as fast as with two axes
        places, rows = np.divmod(found, len(scores))
        found = scores[rows, places]
        signs = which[places] if better and len(strands) == 3 else rows
        for place, sign, score, p in zip(
            places.tolist(), signs.tolist(), found.tolist(), reader.p_values(found).tolist()
        ):
            start = first + place
            yield Hit(contig, start, start + reader.width, strands[sign], score, p)
        if report:
            report(min(first + _PIECE, count), count)


def false_discovery_rate(expected: ArrayLike, seen: ArrayLike) -> np.ndarray:
    """Estimate the share of false hits: the number expected by chance over that observed.

    ``FDR = min(1, E / n)``. It is only an estimate: ``E`` is the expected number in a background
    without sites, and a real genome differs from that background.

    Parameters
    ----------
    expected : array_like
        ``E``, not negative.
    seen : array_like
        ``n``, the number of hits, counted in the same way as ``E``; for 0 the result is nan.

    Examples
    --------
    >>> false_discovery_rate([1, 50], [5, 40]).tolist()
    [0.2, 1.0]
    """
    expected, seen = np.asarray(expected, dtype=float), np.asarray(seen, dtype=float)
    require("expected", (expected >= 0).all(), "not be negative")
    require("seen", (seen >= 0).all(), "not be negative")
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(seen > 0, np.minimum(1.0, expected / seen), np.nan)


def bed_lines(hits: Iterable[Hit], name: str = "site") -> Iterator[str]:
    """Write hits as lines of BED with six columns: place, name, score, strand.

    The score of BED is a whole number from 0 to 1000: here ``-100 log10 p``, rounded, and 1000 for
    p-values of at most 1e-10. Columns are separated by tabs; the start counts from 0, and the base
    at the end is not part of the hit.

    Parameters
    ----------
    hits : iterable of Hit
        From `scan_genome`.
    name : str
        Name in the fourth column, without white space.

    Examples
    --------
    >>> list(bed_lines([Hit("chr1", 4, 9, "-", 7.2, 1e-4)], "CRP"))
    ['chr1\\t4\\t9\\tCRP\\t400\\t-\\n']
    """
    require(
        "name", name and not any(map(str.isspace, name)), f"hold no white space, got {quoted(name)}"
    )
    for hit in hits:
        score = round(-100 * math.log10(hit.p_value)) if hit.p_value > 0 else 1000
        columns = hit.contig, hit.start, hit.end, name, min(1000, score), hit.strand
        yield "\t".join(map(str, columns)) + "\n"
