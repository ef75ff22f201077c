"""Make labelled sequences from the peaks of an experiment and a genome.

Each window of ``L`` bases is around the summit ``s`` of a peak (`motiflab.datasets.peak_files`). On
the + strand it goes from ``s - L // 2`` to ``s - L // 2 + L``. On the - strand it goes from
``s + 1 + L // 2 - L`` to ``s + 1 + L // 2``, so that the summit is base ``L // 2``, counted from 0,
in the reverse complement, too. For odd ``L`` both windows are the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from motiflab.checks import ArgumentError, between, quoted, require, whole
from motiflab.datasets.dataset import Dataset, generator
from motiflab.datasets.peak_files import NO_LENGTH, OUTSIDE, Peaks, read_peaks
from motiflab.sequences import iter_fasta, reverse_complement

CANDIDATES = 50
"""Number of random places that are tried for each peak, to find a negative that resembles it."""

NO_CONTIG, BEYOND = "contig not in the genome", "window beyond an end of its contig"
BLACK, TWICE = "window overlaps the blacklist", "same window as a peak before"
UNREAD, LONELY = "window holds N or another code", "no negative of similar GC and repeats"
REASONS = (NO_LENGTH, OUTSIDE, NO_CONTIG, BEYOND, BLACK, TWICE, UNREAD, LONELY)
"""Reasons to drop a peak, in the order in which they are checked; only the first is counted."""

KEPT = ""

_CHUNK = 20_000  # windows that are processed together
# For each byte the sum of: 1 for G and C, 2 for lower case, 4 for letters other than A, C, G, T.
_KINDS = np.array(
    [(c in b"GCgc") + 2 * (97 <= c <= 122) + 4 * (c not in b"ACGTacgt") for c in range(256)],
    dtype=np.uint8,
)


@dataclass(frozen=True, eq=False)
class PeakData:
    """Sequences around peaks with negatives from the same genome, and counts of dropped peaks.

    Attributes
    ----------
    data : Dataset
        Positives first; negative i was matched to positive i. Names are places, such as
        ``chr1:100-300``, followed by ``(-)`` if the other strand was read.
    counts : dict of str to int
        ``"in the file"``, then each reason for which peaks were dropped, then ``"kept"``. The
        first is the sum of all others.
    used : int
        Number of peaks in `data`: the kept ones, or `most` of them.
    renamed : dict of str to str
        Contigs that have another name in the genome: ``{"1": "chr1"}``.
    gc, repeats : numpy.ndarray of float64, shape (2 * used,)
        Shares of G and C, and of letters in lower case, in each sequence.
    """

    data: Dataset
    counts: dict[str, int]
    used: int
    renamed: dict[str, str]
    gc: np.ndarray
    repeats: np.ndarray

    @property
    def summary(self) -> list[tuple[str, int]]:
        """Rows of words and numbers on kept and dropped peaks, without zeros."""
        rows = [(words, number) for words, number in self.counts.items() if number]
        return rows if self.used == self.counts["kept"] else [*rows, ("used", self.used)]


def windows_around(
    summit: np.ndarray, length: int, minus: np.ndarray | bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Return start and end of windows of one length, with the summit at base ``length // 2``.

    Parameters
    ----------
    summit : array_like of int, shape (N,)
        0-based.
    length : int
        Bases in a window, at least 1.
    minus : array_like of bool, shape (N,)
        Whether the window is read on the - strand: then base 0 of its sequence is at ``end - 1``.

    Returns
    -------
    start, end : numpy.ndarray of int64, shape (N,)
        Half-open; they may be beyond the ends of a contig.

    Examples
    --------
    >>> windows_around(np.array([100, 100]), 4, np.array([False, True]))
    (array([98, 99]), array([102, 103]))
    """
    half = whole("length", length) // 2
    start = np.where(minus, np.asarray(summit) + 1 + half - length, np.asarray(summit) - half)
    return start, start + length


def why_dropped(
    letters: np.ndarray, start: np.ndarray, length: int, blacklist: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return why windows of a contig cannot be used, and letter counts of the others.

    Parameters
    ----------
    letters : numpy.ndarray of uint8
        The contig, as bytes.
    start : numpy.ndarray of int, shape (N,)
        First base of each window.
    length : int
        Bases in a window.
    blacklist : numpy.ndarray of int, shape (2, B), optional
        Starts and ends of regions that no window may overlap.

    Returns
    -------
    reason : numpy.ndarray of object, shape (N,)
        One of `REASONS`; empty for a window that can be used.
    content : numpy.ndarray of int64, shape (3, N)
        Letters G and C, letters in lower case, and letters other than A, C, G and T; 0 for a
        window beyond an end.

    Examples
    --------
    >>> reason, content = why_dropped(np.frombuffer(b"ACGtNN", np.uint8), np.array([-1, 1, 2]), 3)
    >>> reason.tolist(), content[:, 1].tolist()
    (['window beyond an end of its contig', '', 'window holds N or another code'], [2, 1, 0])
    """
    end = start + length
    inside = (start >= 0) & (end <= len(letters))
    first = np.zeros(len(start), dtype=bool)
    first[np.unique(start, return_index=True)[1]] = True
    content = np.zeros((3, len(start)), dtype=np.int64)
    content[:, inside] = _content(letters, start[inside], length)
    black = overlaps(start, end, *(_joined([]) if blacklist is None else blacklist))
    reasons = [(~inside, BEYOND), (black, BLACK), (~first, TWICE), (content[2] > 0, UNREAD)]
    return np.select(*zip(*reasons), KEPT).astype(object), content


def overlaps(
    start: np.ndarray, end: np.ndarray, other_start: np.ndarray, other_end: np.ndarray
) -> np.ndarray:
    """Return which intervals overlap any of some other intervals; all are half-open.

    Parameters
    ----------
    start, end : array_like of int, shape (N,)
    other_start, other_end : array_like of int, shape (M,)
        In any order; they may overlap each other.

    Returns
    -------
    numpy.ndarray of bool, shape (N,)

    Examples
    --------
    >>> overlaps([0, 10, 20], [10, 20, 30], [9, 25], [10, 26]).tolist()
    [True, False, True]
    """
    order = np.argsort(other_start)
    # An interval is overlapped if the largest end of all that begin before its end is after its
    # start.
    reach = np.maximum.accumulate(np.append(-1, np.asarray(other_end)[order]))
    before = np.searchsorted(np.asarray(other_start)[order], end, side="left")
    return reach[before] > start


def from_peaks(
    peaks: Peaks | str | os.PathLike | bytes,
    genome: str | os.PathLike | bytes,
    length: int = 200,
    blacklist: str | os.PathLike | bytes | None = None,
    most: int = 5000,
    gc_tolerance: float = 0.02,
    repeat_tolerance: float = 0.1,
    seed: int = 0,
) -> PeakData:
    r"""Extract sequences around the summits of peaks from a genome, with a negative for each.

    A negative is a random window of the same contig. It overlaps no peak of the file (not even a
    dropped one), no window of a positive and no entry of the blacklist, and contains no N. It has
    nearly the same share of G and C as its peak, and of lower-case letters, which mark repeats in
    genomes. It is read on the strand of its peak. `CANDIDATES` random places are tried for each
    peak, or all places of a small contig; a peak without a suitable place is dropped.

    The genome is read contig by contig. In memory are one contig and the windows.

    Parameters
    ----------
    peaks : Peaks, path or bytes
        As for `read_peaks`.
    genome : path or bytes
        FASTA, plain or gzipped. The first word of a record's name is the contig. Contigs are
        matched with and without ``chr`` if necessary.
    length : int
        Bases in each sequence, 1 to 10,000.
    blacklist : path or bytes, optional
        BED file of regions to exclude.
    most : int
        Largest number of peaks to use, at least 2; they are drawn at random.
    gc_tolerance, repeat_tolerance : float
        Largest differences between a peak and its negative, 0 to 1. With 1 any window matches.
    seed : int
        Seed for the negatives, and for the peaks if there are more than `most`.

    Returns
    -------
    PeakData

    Raises
    ------
    ValueError
        If a file cannot be read, a contig occurs twice in the genome, or no peak is left; then the
        error says why they were dropped.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> genome = b">chr1 made\n" + bytes(rng.choice(list(b"ACGT"), 5000).tolist())
    >>> found = from_peaks(b"1\t1000\t1100\n1\t4990\t5000\n1\t3000\t3100\n", genome, length=100)
    >>> found.summary, found.data.names[0]
    ([('in the file', 3), ('window beyond an end of its contig', 1), ('kept', 2)], 'chr1:1000-1100')
    """
    length, most = whole("length", length, 1, 10_000), whole("most", most, 2, 100_000)
    tolerances = {"gc_tolerance": gc_tolerance, "repeat_tolerance": repeat_tolerance}
    # Letter counts are divided into cells of this width.
    cells = [int(between(*one, 0, 1) * length + 1e-9) + 1 for one in tolerances.items()]
    rng = generator(seed)
    peaks = peaks if isinstance(peaks, Peaks) else _told("peaks", read_peaks, peaks)
    black = None if blacklist is None else _told("blacklist", read_peaks, blacklist)
    ours, avoided = _by_contig(peaks), {} if black is None else _by_contig(black)
    reason = np.full(len(peaks), NO_CONTIG, dtype=object)
    seen, renamed, pairs = set(), {}, []
    for name, letters in _contigs(genome):
        require("genome", name not in seen, f"hold each contig once, got {quoted(name)} twice")
        seen.add(name)
        here = [ours.pop(alias) for alias in _aliases(name) if alias in ours]
        if not here:
            continue
        here = np.sort(np.concatenate(here))
        renamed |= {one: name for one in set(peaks.contigs[here].tolist()) if one != name}
        lines = [avoided[alias] for alias in _aliases(name) if alias in avoided]
        blocks = [(black.start[some], black.end[some]) for some in lines]
        reason[here], found = _cut(letters, peaks, here, blocks, length, cells, rng)
        pairs.append(found._replace(contig=[name] * len(found.index)))
    counts = {"in the file": len(peaks) + sum(peaks.dropped.values())}
    counts |= {why: peaks.dropped.get(why, 0) + int((reason == why).sum()) for why in REASONS}
    counts["kept"] = int((reason == KEPT).sum())
    why = "; ".join(f"{words}: {n:,}" for words, n in counts.items() if n)
    require("peaks", counts["kept"], f"leave at least one in this genome, got none ({why})")
    return _put_together(pairs, counts, renamed, length, most, rng)


def _told(argument: str, read: Callable, source) -> Peaks:
    """Read a file; an error names the argument of `from_peaks`."""
    try:
        return read(source)
    except ArgumentError as error:
        raise ArgumentError(argument, f"{argument}: {error}") from error


def _contigs(genome: str | os.PathLike | bytes) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the name of each contig and its letters, as bytes."""
    try:
        for record in iter_fasta(genome, genome=True):
            name = (record.name.split() or [""])[0]
            yield name, np.frombuffer(record.sequence.encode(), dtype=np.uint8)
    except ArgumentError as error:
        raise ArgumentError("genome", f"genome: {error}") from error


def _by_contig(peaks: Peaks) -> dict[str, np.ndarray]:
    """Return the indices of the peaks on each contig."""
    names, contig = np.unique(peaks.contigs, return_inverse=True)
    order = np.argsort(contig, kind="stable")
    ends = np.cumsum(np.bincount(contig))[:-1]
    return dict(zip(names.tolist(), np.split(order, ends)))


def _aliases(name: str) -> list[str]:
    bare = name.removeprefix("chr")
    mitochondrion = ["chrM", "M", "MT"] if bare in ("M", "MT") else []
    return list(dict.fromkeys([name, f"chr{bare}", bare, *mitochondrion]))


class _Pairs(NamedTuple):
    """The kept peaks and their negatives. Rows of the last three arrays: peaks, negatives."""

    contig: list[str]
    index: np.ndarray  # in the file
    minus: np.ndarray
    start: np.ndarray  # (2, n)
    content: np.ndarray  # (2, 2, n): letters G and C, letters in lower case
    letters: np.ndarray  # (2, n, length)


def _cut(
    letters: np.ndarray,
    peaks: Peaks,
    here: np.ndarray,
    blocks: list[tuple[np.ndarray, np.ndarray]],
    length: int,
    cells: list[int],
    rng: np.random.Generator,
) -> tuple[np.ndarray, _Pairs]:
    """Extract the peaks of one contig, find their negatives, and say why peaks are dropped."""
    start, end = windows_around(peaks.summit[here], length, peaks.minus[here])
    reason, content = why_dropped(letters, start, length, _joined(blocks))
    reason[reason == KEPT] = LONELY
    good = np.flatnonzero(reason == LONELY)
    taken = _joined([(start, end), (peaks.start[here], peaks.end[here]), *blocks])
    room, tries = max(0, len(letters) - length + 1), CANDIDATES * len(good)
    places = np.arange(room)
    if tries < room:
        places = np.unique(rng.integers(0, room, tries))
    places = places[~overlaps(places, places + length, *taken)]
    tried = _content(letters, places, length)
    places, tried = places[tried[2] == 0], tried[:, tried[2] == 0]
    kept, partner = _match(content[:2, good], tried[:2], cells, rng)
    kept = good[kept]
    reason[kept] = KEPT
    both = np.stack([start[kept], places[partner]])
    view = np.lib.stride_tricks.sliding_window_view(letters, min(length, len(letters)))
    return reason, _Pairs(
        [],
        here[kept],
        peaks.minus[here][kept],
        both,
        np.stack([content[:2, kept], tried[:2, partner]]),
        view[both] if both.size else np.zeros((2, 0, length), dtype=np.uint8),
    )


def _joined(stretches: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    return np.hstack([np.zeros((2, 0), dtype=np.int64), *map(np.array, stretches)])


def _content(letters: np.ndarray, start: np.ndarray, length: int) -> np.ndarray:
    """Count G and C, lower case, and letters other than A, C, G, T in windows, (3, windows)."""
    counts = np.zeros((3, len(start)), dtype=np.int64)
    for i in range(0, len(start), _CHUNK):
        some = slice(i, i + _CHUNK)
        kinds = _KINDS[np.lib.stride_tricks.sliding_window_view(letters, length)[start[some]]]
        counts[:, some] = [(kinds & bit > 0).sum(axis=1) for bit in (1, 2, 4)]
    return counts


def _match(
    ours: np.ndarray, theirs: np.ndarray, cells: list[int], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Pair peaks at random with places of the same cell of GC and repeats, each at most once.

    Contents are (2, peaks) and (2, places).
    """
    keys = []
    for content in (ours, theirs):
        cell = content[0] // cells[0] * 100_000 + content[1] // cells[1]
        order = rng.permutation(len(cell))
        order = order[np.argsort(cell[order], kind="stable")]
        # The first peak of a cell is paired with the first place of that cell, and so on.
        rank = np.arange(len(cell)) - np.searchsorted(cell[order], cell[order])
        key = np.empty(len(cell), dtype=np.int64)
        key[order] = cell[order] * 10**8 + rank
        keys.append(key)
    return np.intersect1d(*keys, assume_unique=True, return_indices=True)[1:]


def _put_together(
    parts: list[_Pairs],
    counts: dict[str, int],
    renamed: dict[str, str],
    length: int,
    most: int,
    rng: np.random.Generator,
) -> PeakData:
    """Join the contigs in the order of the file, and draw peaks if there are too many."""
    contigs = np.array([name for part in parts for name in part.contig])
    index, minus = (np.concatenate([part[i] for part in parts]) for i in (1, 2))
    start, content, letters = (np.concatenate([p[i] for p in parts], axis=a)
                               for i, a in ((3, 1), (4, 2), (5, 1)))  # fmt: skip
    chosen = np.argsort(index)
    if len(chosen) > most:
        chosen = chosen[np.sort(rng.choice(len(chosen), most, replace=False))]
    names, sequences = [], []
    for side in (0, 1):
        for i in chosen.tolist():
            text = letters[side, i].tobytes().decode().upper()
            sequences.append(reverse_complement(text) if minus[i] else text)
            first = start[side, i]
            names.append(f"{contigs[i]}:{first}-{first + length}{'(-)' if minus[i] else ''}")
    note = (
        "Negatives are windows of the same contig that overlap no peak, of similar GC content and "
        f"share of repeats. {len(chosen):,} of {counts['in the file']:,} peaks are used."
    )
    labels = np.repeat([1, 0], len(chosen))
    gc, repeats = (content[:, which, chosen].ravel() / length for which in (0, 1))
    return PeakData(
        Dataset.of(sequences, labels, names, note=note), counts, len(chosen), renamed, gc, repeats
    )
