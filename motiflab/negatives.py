"""Make negative sequences from positive ones."""

from __future__ import annotations

from itertools import islice

import numpy as np

from motiflab.fasta import FastaRecord
from motiflab.sequences import background, random_sequences
from motiflab.shuffles import shuffle_dinucleotides


def shuffled_negatives(
    positives: list[FastaRecord], ratio: int, rng: np.random.Generator
) -> list[FastaRecord]:
    """Return shuffles of the positives that keep every pair of neighbouring letters.

    Parameters
    ----------
    positives : list of FastaRecord
        P sequences. N and other ambiguity codes are letters of their own.
    ratio : int
        Shuffles of each, at least 1.
    rng : numpy.random.Generator

    Returns
    -------
    list of FastaRecord
        All first shuffles in the order of the positives, then all second ones: the one at index
        i was made from positive i modulo P. A sequence with few possible orders, such as one
        letter repeated, may come back as it was.

    Examples
    --------
    >>> positives = [FastaRecord("a", "ACAGATA"), FastaRecord("b", "AAAA")]
    >>> shuffled_negatives(positives, 1, np.random.default_rng(0))[1]
    FastaRecord(name='b (shuffle 1)', sequence='AAAA')
    """
    return [
        FastaRecord(f"{record.name} (shuffle {k})", shuffle_dinucleotides(record.sequence, rng))
        for k in range(1, ratio + 1)
        for record in positives
    ]


def random_negatives(
    positives: list[FastaRecord], ratio: int, rng: np.random.Generator
) -> list[FastaRecord]:
    """Return independent random bases in the proportions of all the positives together.

    Parameters
    ----------
    positives : list of FastaRecord
        P sequences. An ambiguity code counts as equal shares of its bases; one of each base is
        added to the counts, so that none is impossible.
    ratio : int
        Negatives for each positive, at least 1.
    rng : numpy.random.Generator

    Returns
    -------
    list of FastaRecord
        The one at index i is as long as positive i modulo P.

    Examples
    --------
    >>> made = random_negatives([FastaRecord("a", "ACGTN")], 2, np.random.default_rng(0))
    >>> [(record.name, len(record.sequence)) for record in made]
    [('random 1', 5), ('random 2', 5)]
    """
    q = background([record.sequence for record in positives], pseudocount=1)
    lengths = [len(record.sequence) for record in positives] * ratio
    bases = iter(random_sequences(1, sum(lengths), q, rng)[0])
    return [
        FastaRecord(f"random {i}", "".join(islice(bases, length)))
        for i, length in enumerate(lengths, start=1)
    ]
