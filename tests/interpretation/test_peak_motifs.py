"""Motifs from peaks: hits and places of planted words, names, and no name by chance."""

from __future__ import annotations

import numpy as np
import pytest
from Bio.Seq import reverse_complement
from scipy.stats import binomtest

from motiflab.datasets import Dataset
from motiflab.interpretation import strongest_motif
from motiflab.motifs import Motif, jaspar
from motiflab.motifs.tomtom import tomtom
from motiflab.networks import ModelSettings, matrix_network, untrained
from motiflab.sequences import random_sequences

KNOWN = jaspar.collection("vertebrates")
WORD, AT = "TATTGCGCAATC", (40, 44, 48, 70)  # CEBPA's word, which is nearly its own complement


@pytest.fixture(scope="module")
def data():
    """Forty sequences of 100 bases with the word at four places, on both strands; 40 without."""
    texts = random_sequences(80, 100, None, np.random.default_rng(0))
    for i in range(40):
        at, word = AT[i % 4], WORD if i % 8 < 4 else reverse_complement(WORD)
        texts[i] = texts[i][:at] + word + texts[i][at + 12 :]
    return Dataset.of(texts, np.repeat([1, 0], 40), [f"s{i}" for i in range(80)])


@pytest.fixture(scope="module")
def found(data):
    network = matrix_network(Motif.from_sites([WORD] * 50, "word"), "max")
    return strongest_motif(network, data, KNOWN)


def test_hits_lie_where_the_word_was_planted(found):
    assert (found.hits, found.peaks) == (40, 40) and found.filter.strength == 1
    # The middle of twelve bases lies between two, so it is never a whole number of bases away.
    assert sorted(set(found.distances.tolist())) == [at + 5.5 - 50 for at in AT]
    near = binomtest(30, 40, np.mean([abs(j + 5.5 - 50) <= 25 for j in range(89)]), "greater")
    assert found.central.near == 30  # 70 + 5.5 is 25.5 bases away
    assert found.central.p_value == pytest.approx(near.pvalue)


def test_reach_decides_what_is_near(data):
    network = matrix_network(Motif.from_sites([WORD] * 50, "word"), "max")
    assert strongest_motif(network, data, KNOWN, reach=4).central.near == 20
    assert strongest_motif(network, data, KNOWN, reach=25.5).central.near == 40


def test_the_name_and_its_e_value_are_those_of_naming_and_tomtom(found):
    assert found.called.startswith("CEBP") and found.name.best.motif.name == found.called
    e_values = tomtom([found.filter.motif], KNOWN).e_values[0]
    assert str(found) == f"{found.called}, E = {found.e_value:.1g}; 40 of 40 peaks have a hit"
    assert found.e_value == e_values[KNOWN.ids.index(found.name.best.motif.id)] < 0.01


def test_an_untrained_network_finds_no_more_than_chance(data):
    # Of a hundred negatives five beat their own 95th percentile.
    network = untrained(ModelSettings(filters=4, width=8), 100, 1)
    shuffled = Dataset.of(data.sequences, np.tile([1, 0], 40), data.names)
    found = strongest_motif(network, shuffled, KNOWN)
    assert found.hits <= 10 and found.central.p_value > 1e-3


def test_what_cannot_be_located_is_refused(data):
    padded = untrained(ModelSettings(filters=2, width=8, padding=3), 100, 1)
    with pytest.raises(ValueError, match="network must not pad"):
        strongest_motif(padded, data, KNOWN)
    uneven = Dataset.of([*data.sequences[:-1], "ACGT" * 5], data.labels, data.names)
    with pytest.raises(ValueError, match="data must hold sequences of one length"):
        strongest_motif(matrix_network(jaspar.load("CEBPA")), uneven, KNOWN)
