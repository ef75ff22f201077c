"""Positives in other alphabets than that of DNA: RNA, proteins, a signal and a text.

Each is a `Dataset` of positives, all of the same length. `motiflab.datasets.add_negatives` makes
the negatives, as it does for DNA.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np

from motiflab.checks import between, require, whole
from motiflab.datasets.dataset import Dataset, generator
from motiflab.datasets.planting import Site
from motiflab.datasets.published_sites import splice_sites, ww_domains
from motiflab.sequences import (
    ENGLISH,
    LEVELS,
    PROTEIN,
    RNA,
    Alphabet,
    background,
    random_sequences,
    written_out,
)

SPIKE = (0.0, 0.6, -1.2, -3.0, -2.4, -0.9, 0.6, 1.5, 1.5, 0.9, 0.6, 0.3)
"""The voltage of an invented nerve cell that fires, in standard deviations of the noise."""

VOLTAGES = np.arange(LEVELS.size) - LEVELS.size / 2 + 0.5
"""The middle of the voltages that each level stands for, in the same unit."""


def in_flanks(
    sites: Sequence[str], length: int, seed: int = 0, alphabet: Alphabet = PROTEIN
) -> Dataset:
    """Put each site at a random place among random letters.

    The letters around a site are drawn with the frequencies of all sites together, so that no
    position gives the site away by its composition.

    Parameters
    ----------
    sites : sequence of str
        N sites, of any lengths up to `length`.
    length : int
        Of each sequence.
    seed : int
    alphabet : Alphabet

    Returns
    -------
    Dataset
        N positives in the order of the sites; `Dataset.sites` says where each stands.

    Examples
    --------
    >>> data = in_flanks(["WW", "WWP"], 6, seed=1)
    >>> [data.sequences[site.sequence][site.start : site.end] for site in data.sites]
    ['WW', 'WWP']
    """
    longest = max(map(len, sites))
    require("length", length >= longest, f"be at least {longest}, the longest site, got {length}")
    rng = generator(seed)
    q = background(sites, pseudocount=1, alphabet=alphabet)
    around = random_sequences(len(sites), length, q, rng, alphabet)
    starts = [int(rng.integers(length - len(site) + 1)) for site in sites]
    ends = [start + len(site) for start, site in zip(starts, sites)]
    return Dataset.of(
        [old[:a] + site + old[b:] for old, site, a, b in zip(around, sites, starts, ends)],
        np.ones(len(sites), int),
        [f"site {i}" for i in range(len(sites))],
        alphabet,
        sites=tuple(Site(i, 0, a, b, "+") for i, (a, b) in enumerate(zip(starts, ends))),
    )


def noisy_traces(
    n: int, length: int, colour: float = 0.0, spike: Sequence[float] = SPIKE, seed: int = 0
) -> np.ndarray:
    """Return traces of Gaussian noise, each with one spike at a random place.

    The noise has mean 0 and standard deviation 1, and the correlation of two samples that are
    ``d`` apart is ``colour**d``: each sample is `colour` times the one before plus independent
    noise (an autoregressive process of first order).

    Parameters
    ----------
    n, length : int
        Number of traces N, and samples L of each.
    colour : float
        0 for white noise; above 0 and below 1 neighbouring samples are alike.
    spike : sequence of float
        Shape of the spike; empty for noise alone.
    seed : int

    Returns
    -------
    numpy.ndarray of float64, shape (N, L)

    Examples
    --------
    >>> noisy_traces(2, 20).shape
    (2, 20)
    """
    colour = between("colour", colour, 0, 0.999)
    rng, wide = generator(seed), len(spike)
    whole("length", length, wide)
    fresh = rng.normal(size=(n, length))
    traces = fresh.copy()
    for i in range(1, length):
        traces[:, i] = colour * traces[:, i - 1] + np.sqrt(1 - colour**2) * fresh[:, i]
    starts = rng.integers(length - wide + 1, size=n)
    traces[np.arange(n)[:, None], starts[:, None] + np.arange(wide)] += np.asarray(spike)
    return traces


def digitise(traces: np.ndarray) -> list[str]:
    """Write each trace with eight letters, as a converter with three bits does.

    Letter ``a`` of `motiflab.sequences.LEVELS` stands for a voltage from ``a - 4`` to ``a - 3``;
    the first and the last also for everything beyond.

    Parameters
    ----------
    traces : numpy.ndarray, shape (N, L)

    Returns
    -------
    list of str

    Examples
    --------
    >>> digitise(np.array([[0.2, -0.2, 9.0]]))
    ['437']
    """
    levels = np.floor(traces).astype(int) + LEVELS.size // 2
    return written_out(levels.clip(0, LEVELS.size - 1), LEVELS)


def signal(colour: float = 0.0, n: int = 1000, seed: int = 0) -> Dataset:
    """Return digitised traces of 60 samples with one spike each, as positives.

    Parameters
    ----------
    colour, n, seed
        As for `noisy_traces`.

    Returns
    -------
    Dataset

    Examples
    --------
    >>> len(signal(n=5)), signal(n=5).alphabet.size
    (5, 8)
    """
    texts = digitise(noisy_traces(n, 60, colour, seed=seed))
    return Dataset.of(texts, np.ones(n, int), [f"trace {i}" for i in range(n)], LEVELS)


@cache
def english() -> str:
    """Return an English text in capital letters, with _ for all that stands between two words.

    It is the documentation that every Python brings along for its `help` (`pydoc_data.topics`,
    licence of the Python Software Foundation), each of its sentences once.

    >>> english()[:20], set(english()) <= set(ENGLISH.letters)
    ('THE_ASSERT_STATEMENT', True)
    """
    from pydoc_data.topics import topics

    sentences = re.split(r"(?<=[.:])\s+", " ".join(topics.values()))
    return re.sub("[^A-Z]+", "_", " ".join(dict.fromkeys(sentences)).upper())


def passages(n: int = 1000, length: int = 40, seed: int = 0) -> Dataset:
    """Return passages of an English text, as positives; no two overlap.

    Parameters
    ----------
    n, length : int
        Number of passages, and letters of each.
    seed : int
        Of the choice of the passages.

    Returns
    -------
    Dataset

    Examples
    --------
    >>> data = passages(3, 30)
    >>> all(passage in english() for passage in data.sequences)
    True
    """
    text = english()
    most = len(text) // length
    starts = generator(seed).permutation(most)[: whole("n", n, 1, most)] * length
    cut = [text[start : start + length] for start in starts]
    return Dataset.of(cut, np.ones(n, int), [f"passage {start}" for start in starts], ENGLISH)


def domains(seed: int = 0) -> Dataset:
    """Return every third WW domain among random amino acids, 60 in all, as positives.

    >>> len(domains()), len(domains().sequences[0])
    (1130, 60)
    """
    return in_flanks(ww_domains()[::3], 60, seed, PROTEIN)


def splice_junctions(n: int = 1000, seed: int = 0) -> Dataset:
    """Return distinct human 5' splice sites among random bases of RNA, 24 in all, as positives.

    The sites are drawn without replacement, frequent ones with a higher probability.

    >>> data = splice_junctions(2)
    >>> len(data), set("".join(data.sequences)) <= set("ACGU")
    (2, True)
    """
    sites, counts = splice_sites()
    drawn = generator(seed).choice(len(sites), n, replace=False, p=counts / counts.sum())
    return in_flanks([RNA.respelled(sites[i]) for i in drawn], 24, seed, RNA)
