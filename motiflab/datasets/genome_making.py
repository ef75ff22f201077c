"""Make a small artificial genome with peaks, to try out an analysis."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motiflab.datasets.dataset import generator
from motiflab.motifs import Motif, jaspar
from motiflab.sequences import reverse_complement, written_out

CONTIGS, CONTIG_BASES = 5, 200_000
PEAKS = 120
"""Number of peaks on each contig."""

BOUND, NOISE = 0.8, 15
"""Share of the peaks with a site, and standard deviation of summit minus site, in bases."""

_BLOCK = 1000  # bases of one GC content
_REPEAT, _COPIES, _AGED = 300, 100, 0.1  # bases, copies on a contig, share of bases that changed


class MadeGenome(NamedTuple):
    """Paths of the files: FASTA, narrowPeak, BED."""

    genome: Path
    peaks: Path
    blacklist: Path


def made_genome(folder: str | os.PathLike, motif: Motif | None = None, seed: int = 0) -> MadeGenome:
    """Write an artificial genome of a million bases, peaks of a protein in it, and a blacklist.

    The genome has misleading properties of real ones. Its GC content varies between 0.3 and 0.6
    from one block of 1,000 bases to the next, and peaks are more frequent where it is high. It has
    copies of two repeats, in lower case, with a tenth of their bases changed; peaks are rare in
    them. Each contig begins and ends with 2,000 N. Of the peaks, 80 % contain one site of the motif
    on a random strand; the distance of the summit from the site is normally distributed with a
    standard deviation of 15 bases.

    The peak file has the usual irregularities: a header line, contigs without ``chr``, no order,
    and some peaks that cannot be used.

    Parameters
    ----------
    folder : path
        Created if needed. Files with the same names are replaced.
    motif : Motif, optional
        CEBPA of JASPAR if not given.
    seed : int

    Returns
    -------
    MadeGenome
        ``genome.fa``, ``peaks.narrowPeak`` and ``blacklist.bed`` in the folder.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     paths = made_genome(folder)
    ...     paths.genome.read_text()[:5], paths.genome.stat().st_size > 1_000_000
    ('>chr1', True)
    """
    rng, motif = generator(seed), motif or jaspar.load("CEBPA")
    repeats = rng.integers(0, 4, (2, _REPEAT))
    genome, peaks, black = [], [], []
    for number in range(1, CONTIGS + 1):
        gc = rng.uniform(0.3, 0.6, CONTIG_BASES // _BLOCK)
        shares = np.repeat(np.stack([1 - gc, gc, gc, 1 - gc], axis=1) / 2, _BLOCK, axis=0)
        bases = (rng.random((CONTIG_BASES, 1)) > shares.cumsum(axis=1)[:, :3]).sum(axis=1)
        lower = np.zeros(CONTIG_BASES, dtype=bool)
        for at in rng.integers(0, CONTIG_BASES - _REPEAT, _COPIES):
            copy = repeats[rng.integers(2)]
            aged = rng.random(_REPEAT) < _AGED
            bases[at : at + _REPEAT] = np.where(aged, rng.integers(0, 4, _REPEAT), copy)
            lower[at : at + _REPEAT] = True
        # Peaks are at least 500 bases apart, and more frequent at high GC content.
        grid = np.arange(4000, CONTIG_BASES - 4000, 500)
        weights = (gc[grid // _BLOCK] - 0.25) ** 2 * np.where(lower[grid], 0.2, 1)
        sites = rng.choice(grid, PEAKS, replace=False, p=weights / weights.sum())
        for site, word in zip(sites.tolist(), motif.sample(PEAKS, rng)):
            if rng.random() < BOUND:
                text = word if rng.random() < 0.5 else reverse_complement(word)
                bases[site : site + motif.width] = ["ACGT".index(base) for base in text]
            summit = site + motif.width // 2 + round(rng.normal(0, NOISE))
            start = summit - int(rng.integers(60, 200))
            end = summit + int(rng.integers(60, 200))
            peaks.append((number, start, end, summit - start))
        text = written_out(bases[None])[0]
        text = "".join(np.where(lower, list(text.lower()), list(text)).tolist())
        text = "N" * 2000 + text[2000:-2000] + "N" * 2000
        lines = (text[i : i + 60] for i in range(0, len(text), 60))
        genome.append(f">chr{number} made by motiflab\n" + "\n".join(lines))
        black.append(f"chr{number}\t{100_000 + 5000 * number}\t{104_000 + 5000 * number}\tpile-up")
    # Unusable peaks: without bases, beyond the ends, in N, on a missing contig, listed twice.
    peaks += [(1, 7, 7, -1), (2, 10, 150, 60), (3, 199_900, 200_050, 70), (4, 1500, 1700, -1)]
    peaks += [("M", 300, 500, 90), *peaks[:3]]
    lines = [
        f"{contig}\t{start}\t{end}\tpeak\t{rng.integers(100, 1000)}\t.\t0\t-1\t-1\t{summit}"
        for contig, start, end, summit in (peaks[i] for i in rng.permutation(len(peaks)))
    ]
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    made = MadeGenome(*(folder / n for n in ("genome.fa", "peaks.narrowPeak", "blacklist.bed")))
    for path, content in zip(
        made, (genome, ['track type=narrowPeak name="made"', *lines], black), strict=True
    ):
        path.write_text("\n".join(content) + "\n", encoding="utf-8")
    return made
