"""Similarity of two motifs, and the known motifs that a filter is most similar to.

Similarity, defined once for the whole package
----------------------------------------------
``P`` is the PPM of the filter, ``R`` that of the motif (for strand "-" of its reverse
complement), ``q`` the background. An alignment with the offset ``d`` places column ``j`` of ``R``
on column ``j + d`` of ``P``; columns that both share are aligned. Over those columns and the four
bases the similarity is the Pearson correlation of ``P - q`` with ``R - q``. Each row of these
differences sums to zero, so both means are zero and the correlation is the cosine of the angle
between the two flattened differences:

``sum (P - q)(R - q) / sqrt(sum (P - q)**2 * sum (R - q)**2)``

It is 0 if one of them does not differ from the background. Only alignments count whose aligned
columns hold at least 60 % of the motif's information (bits against ``q``; see `information`). The
similarity of filter and motif is the highest over these alignments and both strands. It measures
how well two *shapes* agree; `motiflab.motifs.tomtom` computes how often that happens by chance.

Motifs are compared on both strands, so their letters must be those of DNA.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from motiflab.checks import between, require, whole
from motiflab.layers.convolution import windows
from motiflab.motifs.motif import Motif, check_probabilities, information
from motiflab.sequences import DNA, check_background


@dataclass(frozen=True)
class Alignment:
    """Best alignment of a motif with a filter.

    Attributes
    ----------
    similarity : float
        From -1 to 1.
    offset : int
        Column ``j`` of the motif (of its reverse complement for strand "-") is aligned with column
        ``j + offset`` of the filter; negative if the motif begins before the filter.
    strand : {"+", "-"}
    covered : float
        Share of the motif's information, 0 to 1, in the aligned columns.
    """

    similarity: float
    offset: int
    strand: str
    covered: float


@dataclass(frozen=True)
class Match:
    """A motif of a collection and its best alignment with a filter; fields as in `Alignment`."""

    id: str
    name: str
    similarity: float
    offset: int
    strand: str


@dataclass(frozen=True, eq=False)
class MotifCollection:
    """Motifs to compare with, in a fixed order; intermediate results are computed once and cached.

    >>> MotifCollection([Motif("a", [[1, 0, 0, 0]], "X1")]).ids
    ('X1',)
    """

    motifs: Sequence[Motif]

    def __post_init__(self) -> None:
        object.__setattr__(self, "motifs", tuple(self.motifs))
        require("motifs", self.motifs, "hold at least one motif, got none")

    def __len__(self) -> int:
        return len(self.motifs)

    @property
    def ids(self) -> tuple[str, ...]:
        """Identifier of each motif."""
        return tuple(motif.id for motif in self.motifs)

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each motif."""
        return tuple(motif.name for motif in self.motifs)

    @cached_property
    def both_strands(self) -> list[np.ndarray]:
        """PPMs of all motifs, then those of their reverse complements in the same order."""
        forward = [
            check_probabilities(motif, f"motifs[{i}]") for i, motif in enumerate(self.motifs)
        ]
        return forward + [DNA.other_strand(ppm) for ppm in forward]


def similarity(
    ppm: np.ndarray | Motif,
    motif: np.ndarray | Motif,
    background: np.ndarray | None = None,
    min_information: float = 0.6,
) -> Alignment | None:
    """Return the best alignment of a motif with a filter and its similarity.

    The similarity is defined at the top of this module. Of equally good alignments (to 9
    decimals) the one that covers most of the motif's information is returned, then strand "+",
    then the lowest offset. If A and T are equally frequent in the background, and C and G, the
    similarity stays the same if either is replaced by its reverse complement.

    Parameters
    ----------
    ppm, motif : Motif or array_like, shapes (w, 4) and (v, 4)
        The filter and the known motif. They are not interchangeable: `min_information` is about
        the motif.
    background : array_like, shape (4,), optional
        Uniform if not given.
    min_information : float
        Share of the motif's information, 0 to 1, that the aligned columns must hold; with 0 every
        alignment of at least one column counts.

    Returns
    -------
    Alignment or None
        None if the filter is too narrow to cover that much.

    Examples
    --------
    >>> gata = Motif.from_sites(["AGATAA", "TGATAA"])
    >>> found = similarity(gata.reverse_complement(), gata)
    >>> round(found.similarity, 6), found.offset, found.strand
    (1.0, 0, '-')
    """
    ppm = check_probabilities(ppm)
    motif = check_probabilities(motif, "motif")
    q = check_background(background)
    found = _compare_one(motif.tobytes(), len(ppm), tuple(q), min_information)
    layout, covered = found.layout, found.covered
    if not len(layout.owner):
        return None
    cosines = _cosines([ppm], q, found)[:, 0]
    # lexsort sorts by its last key first; its keys rise, so the best comes first when negated.
    order = (layout.offset, layout.owner, -covered.round(9), -cosines.round(9))
    best = np.lexsort(order)[0]
    return Alignment(
        float(cosines[best]),
        int(layout.offset[best]),
        "+-"[layout.owner[best]],
        float(covered[best]),
    )


def best_matches(
    ppms: Sequence[np.ndarray | Motif],
    collection: MotifCollection,
    top: int = 1,
    background: np.ndarray | None = None,
    min_information: float = 0.6,
) -> list[list[Match]]:
    """Return for each filter the most similar motifs of a collection.

    The same similarity as `similarity`, for all motifs at once.

    Parameters
    ----------
    ppms : list of Motif or array_like, each of shape (w, 4)
        Their widths may differ.
    collection : MotifCollection
        For example ``jaspar.collection("vertebrates")``.
    top : int
        How many matches to return for each filter, at least 1.
    background, min_information
        As for `similarity`.

    Returns
    -------
    list of list of Match
        For each filter its `top` matches, most similar first. Motifs for which the filter is too
        narrow are omitted, so a list may be shorter.

    Examples
    --------
    >>> known = MotifCollection([Motif.from_sites([s], s) for s in ("AGATAA", "CACGTG")])
    >>> best_matches([Motif.from_sites(["CAAGTGTT"])], known)[0][0].name
    'CACGTG'
    """
    top = whole("top", top)
    ppms = [check_probabilities(ppm, f"ppms[{i}]") for i, ppm in enumerate(ppms)]
    q = check_background(background)
    found: list[list[Match]] = [[] for _ in ppms]
    for width in {len(ppm) for ppm in ppms}:
        comparison = _compare_collection(collection, width, tuple(q), min_information)
        layout = comparison.layout
        if not len(layout.owner):
            continue
        members = [i for i, ppm in enumerate(ppms) if len(ppm) == width]
        cosines = _cosines([ppms[i] for i in members], q, comparison)
        best = layout.best(cosines).reshape(2, len(collection), -1).max(axis=0)
        for column, i in enumerate(members):
            order = np.argsort(-best[:, column], kind="stable")[:top]
            chosen = [collection.motifs[k] for k in order if best[k, column] > -np.inf]
            found[i] = [_match(ppms[i], motif, q, min_information) for motif in chosen]
    return found


def _match(ppm: np.ndarray, motif: Motif, q: np.ndarray, min_information: float) -> Match:
    at = similarity(ppm, motif, q, min_information)
    return Match(motif.id, motif.name, at.similarity, at.offset, at.strand)


@dataclass(frozen=True, eq=False)
class Layout:
    """All alignments of some motifs with a filter of a given width, one entry each.

    Attributes
    ----------
    strip : ndarray, shape (columns, A)
        The values of the motifs one after the other, with gaps of zeros between them.
    window : ndarray of int, shape (ways,)
        Column of the strip at which the filter begins.
    owner : ndarray of int, shape (ways,)
        Index of the aligned motif; ascending.
    offset : ndarray of int, shape (ways,)
        Column ``j`` of the motif is aligned with column ``j + offset`` of the filter.
    first, last : ndarray of int, shape (ways,)
        The first aligned column of the filter, and the last, exclusive.
    motifs : int
        Number of motifs.
    """

    strip: np.ndarray
    window: np.ndarray
    owner: np.ndarray
    offset: np.ndarray
    first: np.ndarray
    last: np.ndarray
    motifs: int

    def only(self, keep: np.ndarray) -> Layout:
        """Return a layout with only the alignments whose indices are in `keep`."""
        names = ("window", "owner", "offset", "first", "last")
        return replace(self, **{name: getattr(self, name)[keep] for name in names})

    def sums(self, filters: np.ndarray) -> np.ndarray:
        """Sum the products of filters (filters, w, A) with the motifs: (ways, filters).

        Columns that are not aligned add nothing.
        """
        flat = filters.reshape(len(filters), -1).T
        rows = windows(self.strip, filters.shape[1]).reshape(-1, len(flat))
        sums = np.empty((len(self.window), len(filters)))
        piece = max(1, 2**16 // len(flat))  # half a megabyte of windows, so that it stays cached
        for start in range(0, len(sums), piece):
            part = slice(start, start + piece)
            np.matmul(rows[self.window[part]], flat, out=sums[part])
        return sums

    def best(self, values: np.ndarray) -> np.ndarray:
        """Highest value of each motif over its alignments, (motifs, filters); -inf without any."""
        starts = np.flatnonzero(np.diff(self.owner, prepend=-1))
        best = np.full((self.motifs, values.shape[1]), -np.inf)
        best[self.owner[starts]] = np.maximum.reduceat(values, starts, axis=0)
        return best


def lay_out(motifs: Sequence[np.ndarray], width: int) -> Layout:
    """Return all alignments of motifs with a filter that share at least one column.

    Parameters
    ----------
    motifs : list of ndarray, each of shape (w, A)
        Numbers to multiply with the columns of a filter; widths may differ.
    width : int
        Width of the filter.

    Returns
    -------
    Layout

    Examples
    --------
    >>> layout = lay_out([np.eye(4)[:2], np.eye(4)[[3]]], 2)
    >>> layout.owner.tolist(), layout.offset.tolist()
    ([0, 0, 0, 1, 1], [1, 0, -1, 1, 0])
    >>> layout.best(layout.sums(np.eye(4)[None, :2])).tolist()  # the filter is the first motif
    [[2.0], [0.0]]
    """
    # With gaps of width - 1 before, between and after the motifs each window of the strip meets
    # exactly one motif, and there is one window for each alignment.
    widths = np.array([len(motif) for motif in motifs])
    columns = np.concatenate(motifs)
    of_column = np.repeat(np.arange(len(motifs)), widths)
    strip = np.zeros((len(columns) + (width - 1) * (len(motifs) + 1), columns.shape[1]))
    strip[np.arange(len(columns)) + (width - 1) * (of_column + 1)] = columns
    ways = widths + width - 1
    owner = np.repeat(np.arange(len(motifs)), ways)
    window = np.arange(len(owner))
    offset = width - 1 - (window - (np.cumsum(ways) - ways)[owner])
    first, last = np.maximum(offset, 0), np.minimum(offset + widths[owner], width)
    return Layout(strip, window, owner, offset, first, last, len(motifs))


@dataclass(frozen=True, eq=False)
class _Comparison:
    """Alignments that cover enough of each motif, with the sums for their cosines."""

    layout: Layout  # of the motifs minus the background
    covered: np.ndarray  # share of the motif's information in the aligned columns
    squares: np.ndarray  # sum of squares of motif minus background over the aligned columns


def _compare(ppms, width: int, q: np.ndarray, min_information: float) -> _Comparison:
    between("min_information", min_information, 0, 1)
    layout = lay_out([_difference(ppm, q) for ppm in ppms], width)
    widths = np.array([len(ppm) for ppm in ppms])
    starts = np.cumsum(widths) - widths
    bits = information(np.concatenate(ppms), q)
    running, total = _running(bits), np.add.reduceat(bits, starts)[layout.owner]
    begin = starts[layout.owner] - layout.offset  # of the filter in `running`
    covered = running[begin + layout.last] - running[begin + layout.first]
    covered /= np.where(total > 0, total, 1)
    # By rounding, a whole motif may be just below 1, and one without information just above 0.
    keep = np.flatnonzero((covered >= min_information - 1e-9) | (total < 1e-9))
    squares = windows((layout.strip**2).sum(axis=1, keepdims=True), width).sum(axis=(1, 2))
    return _Comparison(layout.only(keep), covered[keep], squares[keep])


@lru_cache(maxsize=64)  # all filters of a network are compared with the same planted motif
def _compare_one(motif: bytes, width: int, q: tuple, min_information: float) -> _Comparison:
    ppm = np.frombuffer(motif).reshape(-1, DNA.size)
    return _compare([ppm, DNA.other_strand(ppm)], width, np.array(q), min_information)


@lru_cache(maxsize=4)
def _compare_collection(collection, width: int, q: tuple, min_information: float) -> _Comparison:
    return _compare(collection.both_strands, width, np.array(q), min_information)


def _cosines(ppms, q: np.ndarray, comparison: _Comparison) -> np.ndarray:
    """Similarity of every filter and motif in every alignment, (ways, filters)."""
    filters = _difference(np.stack(ppms), q)
    # The norm of a filter does not change the angle; at norm 1 a threshold for 0 makes sense.
    filters /= np.sqrt((filters**2).sum(axis=(1, 2), keepdims=True)).clip(1e-12)
    running = _running((filters**2).sum(axis=2).T)
    layout = comparison.layout
    squares = running[layout.last] - running[layout.first]
    squares *= comparison.squares[:, None]
    return (layout.sums(filters) / np.sqrt(squares).clip(1e-9)).clip(-1, 1)


def _difference(ppm: np.ndarray, q: np.ndarray) -> np.ndarray:
    """PPM minus background; differences below the rounding of probabilities become 0."""
    difference = ppm - q
    difference[np.abs(difference) < 1e-12] = 0
    return difference


def _running(values: np.ndarray) -> np.ndarray:
    """Running sums from 0: the sum of ``values[i:j]`` is ``[j] - [i]``, exactly 0 over zeros."""
    return np.concatenate([np.zeros_like(values[:1]), np.cumsum(values, axis=0)])
