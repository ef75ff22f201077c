"""Two experiments that measured many variants of one sequence, with a value for each.

Both are shipped as compact copies of the data sets of mavenn 1.1.4 (Tareen et al. 2022, Genome
Biology 23:98; MIT licence); `motiflab/data/NOTICE.md` names the sources, and
`tools/make_assays.py` makes the files.
"""

from __future__ import annotations

from importlib.resources import files
from typing import NamedTuple

import numpy as np

from motiflab.datasets.dataset import Dataset
from motiflab.sequences import written_out

LAC_FILE, SPLICE_FILE = "lac_sort_seq.npz", "splice_assay.npz"
PARTS = ("training", "validation", "test")
_PSI_100 = 1.0086831847838464  # mavenn adds it, so that the consensus CAGGTAAGT has PSI 100


class Assay(NamedTuple):
    """Variants, their measured values, and mavenn's split into training and test.

    Attributes
    ----------
    data : Dataset
        With measured `labels`.
    part : ndarray of str, shape (N,)
        "training", "validation" or "test", drawn at random by mavenn: a test variant may differ
        by only one base from a training variant.
    counts : ndarray of int
        The reads behind each label, N rows.
    replicate : ndarray, shape (N,), or None
        The labels from a second experiment, nan where it has none.
    """

    data: Dataset
    part: np.ndarray
    counts: np.ndarray
    replicate: np.ndarray | None = None


def lac_sort_seq() -> Assay:
    """Variants of the *lac* promoter of *E. coli*, sorted by how strongly they are expressed.

    50,518 variants of 75 bases, each base mutated in about one of nine. Cells that carried one
    were sorted into ten bins by the brightness of a reporter, and the DNA of each bin was read
    (sort-seq; Kinney et al. 2010, PNAS 107:9158, experiment full-wt). Nearly all variants were
    read once.

    Returns
    -------
    Assay
        `counts`, (N, 10), are reads in each bin; the label is the mean bin, 0 (dark) to 9. A
        bin's number has no unit, and neighbouring bins need not be equally far apart.

    Examples
    --------
    >>> assay = lac_sort_seq()
    >>> assay.counts.shape, assay.data.labels[:3].tolist()
    ((50518, 10), [1.0, 8.0, 6.0])
    """
    with np.load(files("motiflab") / "data" / LAC_FILE) as saved:
        letters = (saved["changes"].T + saved["common"]) % 4
        counts, part = saved["counts"].T.astype(int), saved["part"]
    bins = (counts * np.arange(10)).sum(axis=1) / counts.sum(axis=1)
    return Assay(_measured(letters, bins), np.array(PARTS)[part], counts)


def splice_assay() -> Assay:
    """Nearly all 5' splice sites NNN|GYNNNN, and how often the exon before each was included.

    30,483 variants of 9 bases (Y is C or T) in one exon of the gene *BRCA2*, in a minigene
    that was read as RNA (Wong, Kinney & Krainer 2018, Molecular Cell 71:1012). PSI, percent spliced
    in, is the share of transcripts with the exon, scaled to 100 for the consensus CAGGTAAGT.
    By noise some values are above 100.

    Returns
    -------
    Assay
        `counts`, (N, 2), are reads of all transcripts and of those with the exon (from two
        sequencings of different depth). The label is
        ``log10 PSI = log10((with exon + 1) / (all + 1)) + 1.00868...``. `replicate` is the same
        from a second library of variants, not scaled to 100.

    Examples
    --------
    >>> assay = splice_assay()
    >>> i = assay.data.sequences.index("CAGGTAAGT")
    >>> assay.counts[i].tolist(), round(float(assay.data.labels[i]), 2)
    ([292, 2871], 2.0)
    """
    with np.load(files("motiflab") / "data" / SPLICE_FILE) as saved:
        letters, part = saved["sites"].T, saved["part"]
        counts = saved["counts"].T.astype(int)
    total, kept, total_again, kept_again = counts.T
    labels, again = (
        np.log10((a + 1) / (b + 1)) for a, b in ((kept, total), (kept_again, total_again))
    )
    again[total_again == 0] = np.nan
    data = _measured(letters, labels + _PSI_100)
    return Assay(data, np.array(PARTS)[part], counts[:, :2], again)


def _measured(letters: np.ndarray, labels: np.ndarray) -> Dataset:
    texts = written_out(letters)
    return Dataset.of(texts, labels, texts)
