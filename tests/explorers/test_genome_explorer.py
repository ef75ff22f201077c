"""The card of the six operators: its numbers against Biopython and against counts."""

from __future__ import annotations

import numpy as np
import pytest
from Bio import motifs
from Bio.Seq import Seq

from motiflab import GenomeExplorer
from motiflab.datasets import lambda_operators, lambda_phage
from motiflab.evaluation import score_distribution
from motiflab.explorers.genome_explorer import draw, genome_background, site_matrix

OPERATORS, GENOME = lambda_operators(), lambda_phage().sequence


def biopython_scores(words: list[str], pseudocount: float) -> np.ndarray:
    """Score of each place by its better strand, in nats, from Biopython's counts and log-odds."""
    q = dict(zip("ACGT", genome_background().tolist()))
    counts = motifs.create([Seq(word) for word in words]).counts
    matrix = counts.normalize({a: pseudocount * q[a] for a in q}).log_odds(q)
    strands = [m.calculate(Seq(GENOME)) for m in (matrix, matrix.reverse_complement())]
    return np.max(strands, axis=0) * np.log(2)  # Biopython's are bits


@pytest.mark.parametrize("words", ["both", "listed"])
def test_ranks_and_hits_are_those_of_biopython(words):
    card = GenomeExplorer(left="OL3", words=words, pseudocount=1.5, threshold=6.0)
    sites = [Seq(site.word) for name, site in OPERATORS.items() if name != "OL3"]
    if words == "both":
        sites += [site.reverse_complement() for site in sites]
    scores = biopython_scores(sites, 1.5)
    np.testing.assert_allclose(card.result.scores, scores, atol=1e-4)
    assert card.result.hits.tolist() == np.flatnonzero(scores >= 6).tolist()
    for name, site in OPERATORS.items():
        higher = {round(float(s), 3) for s in scores if s > scores[site.start] + 1e-3}
        assert card.result.rank(name) >= 1 + len(higher)
        assert card.result.rank(name) == 1 + (scores > scores[site.start] + 1e-4).sum()
        assert (name in card.result.found) == (scores[site.start] >= 6)


def test_the_ranks_of_the_notebook():
    ranks = {name: GenomeExplorer(left=name).result.rank(name) for name in OPERATORS}
    assert ranks == {"OL1": 1, "OL2": 4, "OL3": 10, "OR3": 4, "OR2": 50, "OR1": 2}


def test_what_is_expected_by_chance():
    card = GenomeExplorer(threshold=5.0)
    places = len(GENOME) - 16
    scores, chances = score_distribution(
        site_matrix("OL2"), np.tile(genome_background(), (17, 1)), 0.01
    )
    low, high = (places * chances[scores >= 5 + way * 0.1].sum() for way in (1, -1))
    assert low < card.result.expected < high
    assert card.result.curve.sum() == pytest.approx(places, rel=1e-3)
    # As listed the strands differ, and the bound counts both.
    card.set(words="listed")
    assert not card.result.palindrome
    assert card.result.expected == pytest.approx(2 * places * card.result.p)
    assert card.result.curve.sum() == pytest.approx(2 * places, rel=1e-3)


def test_the_words_say_what_is_seen():
    card = GenomeExplorer(left="OR2", threshold=8.0)
    assert "rank 50" in card.readout.html.replace("<b>", "") and "missed" in card.readout.html
    card.set(threshold=4.5)
    assert "found at this threshold" in card.readout.html
    assert "Seen: <b>51</b>, 6 of them true" in card.readout.html
    assert "OR2 at 37973: left out, found" in draw(card.result, "x")["genome"]
    card.set(left="none", threshold=17.0)
    assert "No place scores 17.0" in card.readout.html
    card.set(threshold=13.0)
    assert "has seen all six" in card.readout.html
