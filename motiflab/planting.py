"""Plant motifs in random sequences and keep the truth: labels, sites, and the best score there is.

What is planted is an `Arrangement`; `motiflab.likelihood` states the model of the data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from motiflab.alphabet import BASES
from motiflab.likelihood import Arrangement, count_placements, log_likelihood_ratio
from motiflab.sequences import check_background


@dataclass(frozen=True)
class Site:
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
    """Planted sequences and the truth about them.

    `sequences` holds ``N`` strings, `labels` (N,) their classes (1 positive, 0 negative), `sites`
    every planted site of both classes, ordered by sequence and start, and `optimum` (N,) the log
    likelihood ratio of the two classes: see `plant`.
    """

    sequences: list[str]
    labels: np.ndarray
    sites: list[Site]
    optimum: np.ndarray


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
    background : array_like, shape (4,), optional
        Frequencies of A, C, G, T in the background of both classes; uniform if not given.
    positive_fraction : float
        Share of positive sequences, between 0 and 1. Their number is ``n * positive_fraction``,
        rounded to a whole number; both classes need at least one.
    seed : int
        The same seed gives the same data. The order of the classes is random too.

    Returns
    -------
    Planted

    Raises
    ------
    ValueError
        If a class would be empty, the copies cannot fit in `length`, or the background is wrong.

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
    q = check_background(background)
    if n < 2 or length < 1:
        raise ValueError(f"n must be at least 2 and length at least 1, got {n} and {length}.")
    if not 0 < positive_fraction < 1:
        raise ValueError(
            f"positive_fraction must lie between 0 and 1, both excluded, got {positive_fraction}."
        )
    positives = round(n * positive_fraction)
    if not 0 < positives < n:
        raise ValueError(
            f"positive_fraction must leave at least one of the {n} sequences in each class, got "
            f"{positive_fraction}, which makes {positives} positive."
        )
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(n) < positives).astype(int)
    letters = _draw_letters(q, (n, length), rng)
    found = []
    for label, arrangement in ((1, positive), (0, negative)):
        if arrangement is not None:
            rows = np.flatnonzero(labels == label)
            sites = _draw_sites(len(rows), length, arrangement, rng)
            sites[0] = rows[sites[0]]
            _write_sites(letters, sites, arrangement.ppms(q), rng)
            found.append(sites)
    row, motif, start, end, minus = np.concatenate(found, axis=1)
    order = np.lexsort((start, row))
    columns = (row, motif, start, end, np.where(minus, "-", "+"))
    text = np.frombuffer(BASES.encode(), np.uint8)[letters].tobytes().decode()
    sequences = [text[i : i + length] for i in range(0, n * length, length)]
    optimum = log_likelihood_ratio(sequences, positive, q)
    if negative is not None:
        optimum -= log_likelihood_ratio(sequences, negative, q)
    sites = [Site(*values) for values in zip(*(column[order].tolist() for column in columns))]
    return Planted(sequences, labels, sites, optimum)


def _draw_sites(n: int, length: int, arrangement: Arrangement, rng) -> np.ndarray:
    """Draw the arrangements of `n` sequences.

    The rows of the result are sequence, motif, start, end, and 1 for the - strand; each column is
    one site. Copies are drawn from the last to the first and so are the sites in a copy: where a
    site ends is drawn in proportion to the number of ways to place all that lies before it.
    """
    arrangement.check_fits(length)
    widths = np.array([motif.width for motif in arrangement.motifs])
    counts = count_placements(arrangement, length)
    copies = rng.integers(arrangement.copies[0], arrangement.copies[1], n, endpoint=True)
    limit = np.full(n, length)  # where the next copy must end at the latest
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
        minus = rng.integers(0, 1 + arrangement.both_strands, len(rows))
        limit[rows] = starts[0]
        # On the - strand the copy is mirrored within the stretch that it covers.
        mirrored = starts[0] + starts[-1] + widths[-1] - starts - widths[:, None]
        starts = np.where(minus, mirrored, starts)
        motifs = np.broadcast_to(np.arange(len(widths))[:, None], starts.shape)
        columns = np.broadcast_arrays(rows, motifs, starts, starts + widths[:, None], minus)
        found.append(np.stack(columns).reshape(5, -1))
    return np.concatenate(found, axis=1)


def _draw_end(counts: np.ndarray, least: np.ndarray, most: np.ndarray, rng) -> np.ndarray:
    """Draw ends from `least` to `most` (inclusive), in proportion to their counts.

    ``counts[i]`` is the log of the number of ways to end at ``i`` or before.
    """
    below = np.where(least > 0, counts[least - 1], -np.inf)
    total = counts[most]
    share = np.exp(below - total)
    drawn = total + np.log(share + (1 - rng.random(len(least))) * (1 - share))
    # Rounding may give `below` itself, which belongs to the end before.
    return np.searchsorted(counts, np.maximum(drawn, np.nextafter(below, np.inf)))


def _write_sites(letters: np.ndarray, sites: np.ndarray, ppms: list[np.ndarray], rng) -> None:
    """Write a base drawn from its motif's PPM at every position of every site."""
    for motif, ppm in enumerate(ppms):
        for minus in (0, 1):
            row, _, start, _, _ = sites[:, (sites[1] == motif) & (sites[4] == minus)]
            columns = start[:, None] + np.arange(len(ppm))
            drawn = _draw_letters(ppm[::-1, ::-1] if minus else ppm, columns.shape, rng)
            letters[row[:, None], columns] = drawn


def _draw_letters(probabilities: np.ndarray, shape: tuple[int, ...], rng) -> np.ndarray:
    """Indices of bases, of `shape`; probabilities (..., 4) are broadcast against it."""
    steps = np.cumsum(probabilities, axis=-1)
    drawn = rng.random(shape)
    return sum((drawn >= steps[..., base]).astype(np.uint8) for base in range(3))
