"""The artificial genome has the documented properties, and its motif can be found."""

from __future__ import annotations

import numpy as np
import pytest
from Bio.SeqIO.FastaIO import SimpleFastaParser

from motiflab.datasets import BOUND, made_genome, read_peaks
from motiflab.motifs import Motif


def read(path):
    with open(path) as file:
        return {name.split()[0]: text for name, text in SimpleFastaParser(file)}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return made_genome(tmp_path_factory.mktemp("made") / "new", seed=7)


def test_the_same_seed_writes_the_same_files(made, tmp_path):
    again, other = made_genome(tmp_path / "a", seed=7), made_genome(tmp_path / "b", seed=8)
    for one, same in zip(made, again):
        assert one.read_bytes() == same.read_bytes()
    assert made.genome.read_bytes() != other.genome.read_bytes()


def test_contigs_have_n_at_their_ends_repeats_and_blocks_of_gc(made):
    contigs = [*read(made.genome).values()]
    assert [len(text) for text in contigs] == [200_000] * 5
    for text in contigs:
        assert text[:2000] == text[-2000:] == "N" * 2000 and "N" not in text[2000:-2000]
        assert 0.10 < sum(base.islower() for base in text) / len(text) < 0.20
        blocks = [text[i : i + 1000].upper() for i in range(2000, 198_000, 1000)]
        gc = [(block.count("G") + block.count("C")) / 1000 for block in blocks]
        assert 0.27 < min(gc) < 0.36 and 0.54 < max(gc) < 0.63


def test_sites_stand_near_the_summits_on_either_strand(tmp_path):
    word = "GATTACAGATTACCA"
    made = made_genome(tmp_path, Motif.from_sites([word] * 1000), seed=1)
    contigs = {name: text.upper() for name, text in read(made.genome).items()}
    peaks, away, signs = read_peaks(made.peaks), [], []
    for contig, summit in zip(peaks.contigs, peaks.summit.tolist()):
        around = contigs.get(f"chr{contig}", "")[max(0, summit - 100) : summit + 101]
        for sign, text in (("+", word), ("-", "TGGTAATCTGTAATC")):
            if text in around:
                away.append(around.index(text) + 7 - 100)
                signs.append(sign)
    assert abs(len(away) / len(peaks) - BOUND) < 0.05
    assert abs(np.mean(away)) < 2 and 13 < np.std(away) < 17
    assert 0.4 < np.mean(np.array(signs) == "+") < 0.6
