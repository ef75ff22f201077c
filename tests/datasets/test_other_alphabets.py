"""Positives in other alphabets: what they hold, and that related ones stay on one side."""

from __future__ import annotations

import importlib.metadata
import io
import re
from pydoc_data.topics import topics

import numpy as np
import pytest
from Bio import SeqIO

from motiflab.datasets import (
    SPIKE,
    VOLTAGES,
    add_negatives,
    digitise,
    domains,
    english,
    in_flanks,
    noisy_traces,
    passages,
    signal,
    splice_junctions,
    splice_sites,
    ww_domains,
)
from motiflab.sequences import ENGLISH, LEVELS, PROTEIN, RNA, Alphabet, reverse_complement


def test_the_domains_are_those_of_biopython_without_gaps():
    path = importlib.metadata.distribution("logomaker").locate_file(
        "logomaker/examples/datafiles/ww_sequences.fa"
    )
    lines = path.read_text().splitlines(keepends=True)
    records = [line for line in lines if not line.startswith("#")]
    expected = {
        str(record.seq).replace(".", "").replace("-", "").upper()
        for record in SeqIO.parse(io.StringIO("".join(records)), "fasta")
        if "X" not in record.seq
    }
    found = ww_domains()
    assert set(found) == expected and len(found) == len(expected)


@pytest.mark.parametrize("make", [domains, splice_junctions], ids=["protein", "rna"])
def test_each_site_stands_where_the_data_say_among_letters_of_the_same_frequencies(make):
    data = make()
    known = {*ww_domains(), *(RNA.respelled(site) for site in splice_sites()[0])}
    lengths = set()
    for text, site in zip(data.sequences, data.sites, strict=True):
        assert text[site.start : site.end] in known
        lengths.add(len(text))
    assert len(lengths) == 1 and (data.labels == 1).all()
    inside = data.planted_bases
    shares = [data.x.transpose(0, 2, 1)[mask].mean(axis=0) for mask in (inside, ~inside)]
    np.testing.assert_allclose(*shares, atol=0.02)


def test_a_site_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="length must be at least 3, the longest site, got 2"):
        in_flanks(["W", "WPP"], 2)


def test_rna_is_paired_as_dna_with_u_for_t():
    # U1's 5' end, ACUUACCUG, pairs with the consensus of the splice sites.
    assert reverse_complement("CAGGUAAGU", RNA) == "ACUUACCUG"
    assert reverse_complement("caggtaagt", RNA) == "ACUUACCUG"
    assert RNA.letters == "ACGU" and RNA.stands_for["Y"] == "CU"


def test_a_signal_is_written_with_eight_letters_in_the_order_of_the_voltage():
    traces = noisy_traces(40, 60, 0.7, seed=0)
    texts = signal(0.7, 40).sequences
    assert texts == digitise(traces)
    for trace, text in zip(traces, texts):
        codes = np.array([LEVELS.letters.index(letter) for letter in text])
        np.testing.assert_array_equal(codes, np.digitize(trace, np.arange(-3, 4)))
    assert VOLTAGES.tolist() == [-3.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5]
    assert len(SPIKE) == 12


def test_the_text_is_pythons_own_and_passages_do_not_overlap():
    text = english()
    assert set(text) == set(ENGLISH.letters)
    words = set(re.findall("[A-Z]+", " ".join(topics.values()).upper()))
    assert {*text.strip("_").split("_")} <= words
    data = passages(200, 60)
    starts = sorted(int(name.split()[1]) for name in data.names)
    assert min(np.diff(starts)) >= 60
    assert all(text[a : a + 60] in data.sequences for a in starts)


def test_negatives_of_other_alphabets_are_of_their_letters():
    positives = domains().subset(range(30))
    for kind in ("uniform", "composition", "dinucleotide"):
        made = add_negatives(positives, kind)
        assert made.alphabet == PROTEIN and made.labels.tolist() == [1] * 30 + [0] * 30
        assert set("".join(made.sequences[30:])) <= set(PROTEIN.letters)
    assert set("".join(add_negatives(positives, "uniform").sequences[30:])) == set(PROTEIN.letters)
    binary = Alphabet("HP")
    one = in_flanks(["HPH"], 9, alphabet=binary)
    assert set(add_negatives(one, "uniform").sequences[1]) <= set("HP")
