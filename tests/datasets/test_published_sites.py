"""The example data against what logomaker itself says about them."""

from __future__ import annotations

import logomaker
import numpy as np
from Bio.Seq import Seq

from motiflab.datasets import lambda_operators, lambda_phage
from motiflab.datasets.published_sites import (
    crp_energy_matrix,
    crp_sites,
    splice_sites,
    u2surp_saliency,
    ww_family,
)
from motiflab.motifs.motif import Motif


def example(name):
    with logomaker.open_example_datafile(name, print_description=False) as file:
        return [line.strip() for line in file if not line.startswith("#")]


def test_crp_sites():
    sites = crp_sites()
    assert sites == [line for line in example("crp_sites.fa") if line and line[0] != ">"]
    assert len(sites) == 358 and {len(site) for site in sites} == {26}
    counts = logomaker.get_example_matrix("crp_counts_matrix", print_description=False)
    np.testing.assert_array_equal(Motif.from_sites(sites).counts, counts[list("ACGT")])


def test_crp_energy_matrix():
    energies = crp_energy_matrix()
    expected = logomaker.get_example_matrix("crp_energy_matrix", print_description=False)
    np.testing.assert_array_equal(energies, expected[list("ACGT")])
    np.testing.assert_allclose(energies.sum(axis=1), 0, atol=1e-12)
    # Both halves of its palindrome: a lower energy where the sites have more of a base.
    assert "".join("ACGT"[a] for a in energies[5:21].argmin(axis=1))[-5:] == "TCACA"
    counts = Motif.from_sites(crp_sites()).counts
    assert np.corrcoef(energies.ravel(), counts.ravel())[0, 1] < -0.7


def test_splice_sites():
    sites, counts = splice_sites()
    rows = [line.split() for line in example("ss_sequences.txt")[1:]]
    assert sites == [site.replace("U", "T") for site, _ in rows]
    assert counts.tolist() == [int(count) for _, count in rows]
    assert len(set(sites)) == len(sites) == 10227 and min(counts) >= 1
    expected = logomaker.get_example_matrix("ss_probability_matrix", print_description=False)
    shares = [[counts[[s[k] == b for s in sites]].sum() for b in "ACGT"] for k in range(9)]
    np.testing.assert_allclose(np.array(shares) / counts.sum(), expected[list("ACGU")], atol=1e-9)


def test_the_published_map_is_logomakers():
    values = u2surp_saliency()
    matrix = logomaker.get_example_matrix("nn_saliency_matrix", print_description=False)
    np.testing.assert_array_equal(values, matrix[list("ACGT")])
    text = "".join("ACGT"[a] for a in np.abs(values).argmax(axis=1))
    assert (text[53:55], text[91:93]) == ("AG", "GT")


def test_the_operators_stand_in_the_genome_of_lambda():
    genome = lambda_phage().sequence
    assert len(genome) == 48_502
    for name, site in lambda_operators().items():
        word = genome[site.start : site.start + 17]
        assert site.word == (word if site.strand == "+" else Seq(word).reverse_complement()), name


def test_the_family_of_ww_domains_is_logomakers():
    family = ww_family()
    expected = logomaker.get_example_matrix("ww_counts_matrix", print_description=False)
    np.testing.assert_array_equal(family.counts, expected[list(family.alphabet.letters)])
