"""Read a peak file in BED or narrowPeak format.

Coordinates are those of BED: bases count from 0, and an interval from `start` to `end` contains the
bases ``start`` to ``end - 1`` (half-open), so it has ``end - start`` bases. The *summit* of a peak
is the base with the most reads. A narrowPeak file gives its distance from `start` in column 10. In
a plain BED file, or where that column is -1, it is the middle base ``(start + end) // 2``.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from motiflab.checks import ArgumentError, quoted, require
from motiflab.sequences import iter_text

MOST_PEAKS = 1_000_000
"""Largest number of peaks in a file."""

NO_LENGTH, OUTSIDE = "no bases, or a start below 0", "summit outside of its peak"
"""Why a line of the file is dropped."""

_FURTHEST = 2**40  # no chromosome is longer
_HEADERS = ("track", "browser")


@dataclass(frozen=True, eq=False)
class Peaks:
    """Places in a genome.

    Attributes
    ----------
    contigs : numpy.ndarray of str, shape (N,)
        Names as in the file.
    start, end, summit : numpy.ndarray of int64, shape (N,)
        See the top of this module.
    minus : numpy.ndarray of bool, shape (N,)
        Whether the file gives the - strand.
    dropped : dict of str to int
        Number of dropped lines of the file, for each reason.
    """

    contigs: np.ndarray
    start: np.ndarray
    end: np.ndarray
    summit: np.ndarray
    minus: np.ndarray
    dropped: dict[str, int]

    def __len__(self) -> int:
        return len(self.start)


def read_peaks(source: str | os.PathLike | bytes) -> Peaks:
    r"""Read a peak file, BED or narrowPeak.

    Columns are contig, start and end; then, optionally, name, score and strand. A file of 10
    columns is a narrowPeak file, whose last column is the distance from the start to the summit.
    Lines that begin with "#", "track" or "browser", blank lines, and a first line with the names of
    the columns are skipped. Columns are separated by tabs or else by spaces.

    Parameters
    ----------
    source : path or bytes
        The file, plain or gzipped, or its content.

    Returns
    -------
    Peaks
        In the order of the file. Peaks without bases, with a start below 0 or with a summit outside
        the peak are dropped and counted.

    Raises
    ------
    ValueError
        If the file cannot be read, contains no peak or more than `MOST_PEAKS`, or if a line has
        fewer than three columns or no whole number where one is expected; the error gives the line.

    Examples
    --------
    >>> peaks = read_peaks(b"track name=mine\nchr1\t100\t180\nchr2\t7\t7\n")
    >>> len(peaks), int(peaks.summit[0]), peaks.dropped
    (1, 140, {'no bases, or a start below 0': 1})
    """
    contigs, numbers, minus, dropped = [], [], [], Counter()
    for line, columns in _rows(source):
        try:
            start, end = int(columns[1]), int(columns[2])
            offset = int(columns[9]) if len(columns) == 10 else -1
            if max(map(abs, (start, end, offset))) > _FURTHEST:
                raise ValueError
        except (ValueError, IndexError):
            raise ArgumentError(
                "source",
                f"line {line:,} of the peaks must hold a contig, a start and an end, and in column "
                f"10 of a narrowPeak file the place of the summit, got {quoted(columns[:10])}.",
            ) from None
        if not 0 <= start < end:
            dropped[NO_LENGTH] += 1
        elif start + offset >= end:
            dropped[OUTSIDE] += 1
        else:
            contigs.append(columns[0])
            numbers.append((start, end, start + offset if offset >= 0 else (start + end) // 2))
            minus.append(len(columns) > 5 and columns[5] == "-")
        if len(contigs) > MOST_PEAKS:
            raise ArgumentError("source", f"source must hold at most {MOST_PEAKS:,} peaks.")
    require("source", len(contigs), "hold at least one peak of one base or more, got none")
    start, end, summit = np.array(numbers, dtype=np.int64).T
    return Peaks(np.array(contigs), start, end, summit, np.array(minus), dict(dropped))


def _rows(source: str | os.PathLike | bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of each line with a peak, and its columns."""
    first = True
    for number, line in enumerate(_lines(source), start=1):
        line = line.removeprefix("\ufeff").strip()
        columns = line.split("\t") if "\t" in line else line.split()
        if not line or line.startswith("#") or columns[0].split()[0] in _HEADERS:
            continue
        named = first and len(columns) > 2 and not any(map(str.isdigit, columns[1] + columns[2]))
        first = False
        if not named:
            yield number, columns


def _lines(source: str | os.PathLike | bytes) -> Iterator[str]:
    rest = ""
    for text in iter_text(source, "BED"):
        *lines, rest = (rest + text).split("\n")
        yield from lines
    yield rest
