"""Sequences with any of several motifs, and a label for each motif.

The model is that of the synthetic task of Koo and Eddy (2019, PLoS Computational Biology 15:
e1007560). A sequence of independent background bases gets a random number of sites. The motif of
each site is drawn anew, each equally likely, so a sequence can hold one twice; its strand is drawn,
too. All ways to place the sites in their order without an overlap are equally likely.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import require, whole
from motiflab.datasets.dataset import Dataset, generator
from motiflab.datasets.planting import Site
from motiflab.motifs.motif import Motif
from motiflab.sequences import check_background, draw_letters, written_out

SHARES = (0.5, 0.25, 0.17, 0.05, 0.03)
"""Shares of sequences with 1, 2, 3, 4 and 5 sites, as in the data of Koo and Eddy."""


def several_motifs(
    motifs: Sequence[Motif],
    n: int = 2000,
    length: int = 200,
    shares: Sequence[float] = SHARES,
    background: ArrayLike | None = None,
    seed: int = 0,
) -> Dataset:
    """Make sequences that each contain one or more sites of some of the motifs.

    Parameters
    ----------
    motifs : sequence of Motif
        All of one alphabet, with complements.
    n, length : int
        Sequences, and bases in each.
    shares : sequence of float
        Entry ``c`` is the share of sequences with ``c + 1`` sites; they sum to 1.
    background : array_like, shape (A,), optional
        Uniform if not given.
    seed : int
        The same seed gives the same data.

    Returns
    -------
    Dataset
        Its labels have the shape (n, motifs): 1 where the sequence holds the motif on either
        strand. The best possible score is not worked out.

    Examples
    --------
    >>> box, tail = Motif("box", [[9, 0, 0, 0]] * 4), Motif("tail", [[0, 9, 0, 0]] * 3)
    >>> data = several_motifs([box, tail], n=5, length=30, seed=1)
    >>> data.labels.tolist()
    [[1, 1], [0, 1], [0, 1], [1, 0], [0, 1]]
    """
    motifs = tuple(motifs)
    require("motifs", len(motifs) > 0, "hold at least one motif, got none")
    alphabet = motifs[0].alphabet
    alphabet.check_paired()
    n, length = whole("n", n), whole("length", length)
    shares = np.asarray(shares, dtype=float)
    require(
        "shares",
        shares.ndim == 1 and (shares >= 0).all() and abs(shares.sum() - 1) < 1e-9,
        f"hold shares that sum to 1, got {shares.tolist()}",
    )
    widths = np.array([motif.width for motif in motifs])
    needed = len(shares) * int(widths.max())
    require("length", length >= needed, f"be at least {needed} for all sites to fit, got {length}")
    q, rng = check_background(background, alphabet), generator(seed)
    letters = draw_letters(q, (n, length), rng)
    counts = rng.choice(len(shares), n, p=shares) + 1
    labels, sites = np.zeros((n, len(motifs)), dtype=int), []
    for row, count in enumerate(counts):
        which = rng.integers(0, len(motifs), count)
        free = length - widths[which].sum()
        # Of free + count places in a row, `count` are those of the sites: every choice is a way.
        before = np.sort(rng.choice(free + count, count, replace=False)) - np.arange(count)
        ends = before + np.cumsum(widths[which])
        labels[row, which] = 1
        for motif, end, minus in zip(which, ends, rng.integers(0, 2, count), strict=True):
            start = end - widths[motif]
            sites.append(Site(row, int(motif), int(start), int(end), "+-"[minus]))
    _write(letters, sites, motifs, q, rng)
    return Dataset.of(
        written_out(letters, alphabet),
        labels,
        names=[f"planted {i}" for i in range(n)],
        sites=tuple(sites),
        motifs=motifs,
        alphabet=alphabet,
        note="Each sequence holds one or more of the motifs, and has a label for each of them.",
    )


def _write(letters: np.ndarray, sites: list[Site], motifs, q: np.ndarray, rng) -> None:
    """Write a letter drawn from its motif's PPM at every position of every site."""
    for index, motif in enumerate(motifs):
        ppm = np.exp(motif.log_odds(q)) * q
        for strand, as_read in (("+", ppm), ("-", motif.alphabet.other_strand(ppm))):
            here = [s for s in sites if s.motif == index and s.strand == strand]
            rows = np.array([s.sequence for s in here], dtype=int)
            columns = np.array([s.start for s in here], dtype=int)[:, None] + np.arange(len(ppm))
            letters[rows[:, None], columns] = draw_letters(as_read, columns.shape, rng)
