"""The other strand of a dataset, and augmentation, against Biopython."""

from __future__ import annotations

import numpy as np
import pytest
from Bio.Seq import reverse_complement
from hypothesis import given
from hypothesis import strategies as st

from motiflab.datasets import Arrangement, Dataset, augmented, ctcf, other_strand, planted
from motiflab.motifs import jaspar
from motiflab.sequences import Alphabet

RAGGED = st.lists(st.text("ACGTN", min_size=1, max_size=9), min_size=1, max_size=6)


def made(sequences):
    labels = np.arange(len(sequences)) % 2
    return Dataset.of(sequences, labels, [f"s{i}" for i in range(len(sequences))])


@given(RAGGED)
def test_sequences_are_biopythons_reverse_complements_and_turn_back(sequences):
    data = made(sequences)
    turned = other_strand(data)
    assert turned.sequences == [reverse_complement(one) for one in sequences]
    assert turned.names == data.names and turned.labels.tolist() == data.labels.tolist()
    back = other_strand(turned)
    np.testing.assert_array_equal(back.x, data.x)
    assert back.lengths.tolist() == [len(one) for one in sequences]


@given(RAGGED)
def test_augmented_holds_both_strands_in_the_same_group(sequences):
    data = made(sequences)
    both = augmented(data)
    assert both.sequences == sequences + [reverse_complement(one) for one in sequences]
    assert both.labels.tolist() == [*data.labels, *data.labels]
    assert both.groups.tolist() == [*range(len(data))] * 2


def test_planted_sites_are_found_on_the_other_strand():
    motifs = (jaspar.load("GATA2"), jaspar.load("MAX"))
    data = planted(Arrangement(motifs, gaps=((3, 9),)), n=60, length=50, seed=4)
    turned, both = other_strand(data), augmented(data)
    assert {site.strand for site in data.sites} == {"+", "-"}
    for one in (turned, both):
        assert [*one.sites] == sorted(one.sites, key=lambda site: (site.sequence, site.start))
    words = sorted(as_read(data, site) for site in data.sites)
    assert sorted(as_read(turned, site) for site in turned.sites) == words
    assert sorted(as_read(both, site) for site in both.sites) == sorted(words * 2)
    assert turned.optimum is None and turned.motifs == data.motifs


def as_read(data, site):
    """Return the motif, the sequence's name and the site in the direction of the motif."""
    word = data.sequences[site.sequence][site.start : site.end]
    word = reverse_complement(word) if site.strand == "-" else word
    return site.motif, data.names[site.sequence], word


def test_a_split_after_augmentation_leaks_no_strand():
    train, test = augmented(ctcf().subset(range(480, 520))).split(0.3)
    seen = {*train.sequences, *map(reverse_complement, train.sequences)}
    assert not seen & {*test.sequences}


def test_an_alphabet_without_complements_is_told():
    data = Dataset.of(["MK"], [1], ["one"], alphabet=Alphabet("ACDEFGHIKLMNPQRSTVWY"))
    for turn in (other_strand, augmented):
        with pytest.raises(ValueError, match="alphabet must have complements"):
            turn(data)
