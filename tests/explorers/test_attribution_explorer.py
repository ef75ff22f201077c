"""The card of maps and their truth: against scikit-learn, torch, and the planted sites."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from sklearn.metrics import average_precision_score, roc_auc_score

from motiflab import networks
from motiflab.explorers.attribution_explorer import (
    LENGTH,
    SEQUENCES,
    WIDTH,
    AttributionExplorer,
    AttributionState,
    compute,
    describe,
    positives,
    trained_network,
)
from motiflab.figures.svg import wide_only
from motiflab.interpretation.attribution import METHODS


def test_the_sites_are_those_that_were_planted():
    data = positives()
    assert len(data) == SEQUENCES and set(data.labels) == {1}
    assert {site.end - site.start for site in data.sites} == {WIDTH}
    for i in range(SEQUENCES):
        sites = compute(AttributionState(sequence=i + 1)).sites
        assert len(sites) == data.planted_bases[i].sum() / WIDTH and 1 <= len(sites) <= 2
        # GATA2 reads CTTATCT or AGATAAG; a site of the data may differ from it in places.
        for start, end in sites:
            site = data.sequences[i][start:end]
            agree = [sum(map(str.__eq__, site, word)) for word in ("CTTATCT", "AGATAAG")]
            assert max(agree) >= 4


def test_the_judgement_is_scikit_learns():
    state = AttributionState(method="mutagenesis", sequence=3, truth=True)
    result, inside = compute(state), positives().planted_bases[2]
    auroc = roc_auc_score(inside, result.scores)
    auprc = average_precision_score(inside, result.scores)
    assert result.quality.auroc[2] == pytest.approx(auroc)
    assert f"<b>{auroc:.2f}</b>" in describe(result) and f"AUPRC = {auprc:.2f}" in describe(result)


@pytest.mark.parametrize("of", ["logit", "probability"])
def test_the_gap_is_that_of_the_output(of):
    state = AttributionState(method="DeepLIFT", reference="uniform", of=of)
    result = compute(state)
    network = networks.in_torch(trained_network("relu"), LENGTH)
    with torch.no_grad():
        z = network(
            torch.from_numpy(np.stack([positives().x[0], np.full((4, LENGTH), 0.25)])).float()
        )
        outputs = z if of == "logit" else z.sigmoid()
    assert result.change == pytest.approx(float(outputs[0] - outputs[1]), abs=1e-5)
    assert result.scores.sum() == pytest.approx(result.change, abs=1e-4)
    assert "gap <b>0.000</b>" in describe(result)
    other = compute(AttributionState(method="gradient x input", of=of))
    assert "does <b>not</b> divide" in describe(other)


@pytest.mark.parametrize("method", METHODS)
def test_maps_are_true_unless_the_labels_were_shuffled(method):
    for network, low, high in (("relu", 0.88, 1), ("exponential", 0.85, 1), ("shuffled", 0.4, 0.6)):
        quality = compute(AttributionState(network=network, method=method)).quality
        assert low < quality.auroc.mean() < high, network


def test_nothing_is_given_away_before_the_truth_is_shown():
    explorer = AttributionExplorer(method="mutagenesis")
    before = explorer.readout.html + explorer.figures["map"]
    assert "AUROC" not in before and "planted</text>" not in before
    explorer.set(truth=True)
    sites = len(explorer.result.sites)
    assert wide_only(explorer.figures["map"]).count("planted</text>") == sites
    assert "AUROC" in explorer.readout.html


def test_a_guess_is_counted_in_bases():
    for guess in (0, 24, 26, 30, 47, 53):
        result = compute(AttributionState(guess=guess, truth=True))
        mine = set(range(guess, guess + WIDTH))
        most = max(len(mine & set(range(*site))) for site in result.sites)
        assert f"<b>{most} of the {WIDTH}</b>" in describe(result)


def test_letters_stand_as_high_as_the_numbers_in_the_table():
    explorer = AttributionExplorer(method="gradient")
    text = re.sub("<[^>]+>", " ", explorer.figures["table"])
    best = int(np.abs(explorer.result.scores).argmax())
    assert f"{explorer.result.scores[best]:.3g}" in text
    assert f"{positives().sequences[0][best]} at {best}:" in explorer.figures["map"]
