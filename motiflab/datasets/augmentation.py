"""Augmentation with reverse complements: proteins bind both strands, so the labels are the same."""

from __future__ import annotations

import numpy as np

from motiflab.datasets.dataset import Dataset
from motiflab.sequences import reverse_complement

_TURNED = {"+": "-", "-": "+"}


def other_strand(data: Dataset) -> Dataset:
    """Return every sequence as its reverse complement, in the same order and with the same label.

    Parameters
    ----------
    data : Dataset
        Its alphabet must have complements.

    Returns
    -------
    Dataset
        A site from ``start`` to ``end`` of a sequence of L bases becomes one from ``L - end`` to
        ``L - start`` on the other strand. The optimum is omitted: it is known only for the strand
        that was planted.

    Examples
    --------
    >>> data = Dataset.of(["AACG", "TT"], labels=[1, 0], names=["first", "second"])
    >>> other_strand(data).sequences, other_strand(data).labels.tolist()
    (['CGTT', 'AA'], [1, 0])
    """
    lengths = data.lengths.tolist()
    sites = [
        site._replace(
            start=lengths[site.sequence] - site.end,
            end=lengths[site.sequence] - site.start,
            strand=_TURNED[site.strand],
        )
        for site in data.sites
    ]
    return Dataset.of(
        [reverse_complement(sequence, data.alphabet) for sequence in data.sequences],
        data.labels,
        data.names,
        data.alphabet,
        sites=tuple(sorted(sites, key=lambda site: (site.sequence, site.start))),
        motifs=data.motifs,
        note=data.note,
        groups=data.groups,
    )


def augmented(data: Dataset) -> Dataset:
    """Return the sequences, then the reverse complement of each with the same label.

    Split first, then augment only the training data. A sequence and its reverse complement belong
    to one group, so `Dataset.split` would keep them on one side, but the test would count each
    sequence twice.

    Parameters
    ----------
    data : Dataset
        N sequences of an alphabet with complements.

    Returns
    -------
    Dataset
        2N sequences.

    Examples
    --------
    >>> data = Dataset.of(["AACG", "TT"], labels=[1, 0], names=["first", "second"])
    >>> augmented(data).sequences, augmented(data).groups.tolist()
    (['AACG', 'TT', 'CGTT', 'AA'], [0, 1, 0, 1])
    """
    turned = other_strand(data)
    moved = (site._replace(sequence=site.sequence + len(data)) for site in turned.sites)
    return Dataset.of(
        data.sequences + turned.sequences,
        np.tile(data.labels, 2),
        data.names * 2,
        data.alphabet,
        sites=data.sites + tuple(moved),
        motifs=data.motifs,
        note=data.note,
        groups=np.tile(np.arange(len(data)) if data.groups is None else data.groups, 2),
    )
