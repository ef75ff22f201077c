"""Small published data: sites and a map from the package logomaker, and six sites of phage lambda.

logomaker (Tareen and Kinney 2020, Bioinformatics 36:2272; MIT licence) contains them as plain
files. They are read without importing logomaker, which would load a plotting library.
`motiflab/data/NOTICE.md` names the sources.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motiflab.motifs.motif import Motif
from motiflab.sequences.alphabet import BASES, PROTEIN, clean
from motiflab.sequences.fasta import read_fasta


def crp_sites() -> list[str]:
    """Binding sites of the *Escherichia coli* protein CRP, from RegulonDB (Salgado et al. 2013).

    358 aligned sequences of 26 bases. They are not all different: a site between two promoters
    that point away from each other is listed for each, as its reverse complement or again.

    >>> sites = crp_sites()
    >>> len(sites), sites[0]
    (358, 'ATAAGCAGGATTTAGCTCACACTTAT')
    """
    text = _read("datafiles/crp_sites.fa")
    records = text[text.index("\n>") + 1 :]  # comments come before it
    return [record.sequence for record in read_fasta(records.encode())]


def crp_energy_matrix() -> np.ndarray:
    """Binding free energies of CRP, fitted to a sort-seq experiment (Kinney et al. 2010), kcal/mol.

    Shape (26, 4), columns A, C, G, T. Low is strong. The numbers of each position sum to 0; only
    differences within a position have a meaning. The positions are those of `crp_sites`.

    The numbers are parameters of a model of one promoter, fitted to the expression of its variants
    in living cells; binding was not measured. If a model learned from the same sort-seq data
    agrees with them, this is a consistency check, not independent evidence.

    >>> energies = crp_energy_matrix()
    >>> energies.shape, "".join("ACGT"[a] for a in energies[5:10].argmin(axis=1))
    ((26, 4), 'TGTGA')
    """
    header, rows = _table("matrices/crp_energy_matrix.txt")
    columns = [header.index(base) for base in BASES]
    return np.array(rows)[:, columns].astype(float)


def splice_sites() -> tuple[list[str], np.ndarray]:
    """The distinct 5' splice sites of the human genome, and how often each occurs.

    The exon's last three bases, GT or GC at the intron's start, and four more, from GENCODE on
    hg38 (Frankish et al. 2019); U is written as T. The counts, (10227,), are whole numbers.

    >>> sites, counts = splice_sites()
    >>> len(sites), sites[0], int(counts[0])
    (10227, 'CAGGTGAGT', 3729)
    """
    _, rows = _table("datafiles/ss_sequences.txt")
    return [clean(site) for site, _ in rows], np.array([int(count) for _, count in rows])


def ww_domains() -> list[str]:
    """The distinct WW domains of the family's alignment in Pfam (PF00397, Finn et al. 2014).

    A WW domain is a small part of a protein that binds to stretches rich in proline. The sequences
    have amino acids in one-letter code, without gaps; one with an unknown letter (X) is left out.

    >>> domains = ww_domains()
    >>> len(domains), domains[0]
    (3389, 'LPPQWTEAVDVDTGKFYFVHVETKETRWERP')
    """
    distinct = dict.fromkeys(re.sub("[^A-Z]", "", row) for row in _ww_alignment())
    return [domain for domain in distinct if "X" not in domain]


def ww_family() -> Motif:
    """The family's own motif: counts of the columns of its alignment that most domains fill.

    >>> ww_family().consensus()
    'LPPGWEERVDPDGRVYYVNHNTRTTTWEDP'
    """
    rows = _ww_alignment()
    counts = [[column.count(a) for a in PROTEIN.letters] for column in zip(*rows)]
    filled = [each for each in counts if sum(each) > len(rows) / 2]
    return Motif("WW domains", filled, alphabet=PROTEIN)


def _ww_alignment() -> list[str]:
    """Rows of equal length; gaps are dots and hyphens."""
    text = _read("datafiles/ww_sequences.fa")
    records = text[text.index("\n>") + 1 :].upper().splitlines()
    return [row for row in records if not row.startswith(">")]


def u2surp_saliency() -> np.ndarray:
    """Published saliency map of an exon of U2SURP for the network SpliceAI.

    Shape (129, 4), columns A, C, G, T: one number per position, at the base of the sequence, and 0
    for the others. From Figure 1D of Jaganathan et al. 2019 (Cell 176:535), as in logomaker. The
    exon is rows 55 to 90, inclusive. The numbers are about predictions, not measurements.

    >>> values = u2surp_saliency()
    >>> "".join("ACGT"[a] for a in abs(values[50:60]).argmax(axis=1)), values.max().round(2).item()
    ('TTAAGTGGAC', 0.66)
    """
    _, rows = _table("matrices/nn_saliency_matrix.txt")
    return np.array(rows)[:, 1:].astype(float)


class Operator(NamedTuple):
    """A site in a genome: its first base (from 0), its strand, and its word on that strand."""

    start: int
    strand: str
    word: str


_OPERATORS = {
    "OL1": Operator(35590, "+", "TATCACCGCCAGTGGTA"),
    "OL2": Operator(35614, "+", "CAACACCGCCAGAGATA"),
    "OL3": Operator(35634, "-", "AACCATCTGCGGTGATA"),
    "OR3": Operator(37950, "-", "TATCCCTTGCGGTGATA"),
    "OR2": Operator(37973, "-", "CAACACGCACGGTGTTA"),
    "OR1": Operator(37997, "+", "TACCTCTGGCGGTGATA"),
}


def lambda_operators() -> dict[str, Operator]:
    """The six operators of phage lambda, 17 bases each, in the order of the genome.

    Its repressor (CI) and its protein Cro both bind to these six (Ptashne 2004, A Genetic Switch,
    3rd edition). Positions refer to `lambda_phage`. Each is nearly its own reverse complement, so
    its strand is a convention.

    >>> operators = lambda_operators()
    >>> list(operators), operators["OR1"].start
    (['OL1', 'OL2', 'OL3', 'OR3', 'OR2', 'OR1'], 37997)
    """
    return dict(_OPERATORS)


@cache
def _read(name: str) -> str:
    path = distribution("logomaker").locate_file(f"logomaker/examples/{name}")
    return Path(path).read_text(encoding="utf-8")


def _table(name: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a tab-separated file whose comments start with #."""
    lines = [line for line in _read(name).splitlines() if not line.startswith("#")]
    header, *rows = (line.split("\t") for line in lines)
    return header, rows
