"""The card of negatives: its table against scikit-learn, its guesses, and what filters show."""

from __future__ import annotations

import re
from statistics import median

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from motiflab.datasets.negatives import KINDS
from motiflab.explorers.negatives_explorer import (
    CHANCE,
    LABELS,
    RECIPES,
    SHORT,
    NegativesExplorer,
    NegativesResult,
    NegativesState,
    describe,
    draw,
    plan,
    summarise,
    trials,
)
from motiflab.networks import logits, train_all

TRAINED = ["uniform", "peaks", CHANCE]


@pytest.fixture(scope="module")
def results():
    """Two kinds and the control, trained from two seeds."""
    every = trials("TAp73")
    return list(train_all({kind: every[kind] for kind in TRAINED}, RECIPES, range(2), jobs=1))


@pytest.fixture(scope="module")
def result(results):
    return summarise(NegativesState(look="peaks", seeds=3), results)


def made(areas):
    """Return a result with these AUROC of kinds on tests, without a training."""
    return NegativesResult(
        NegativesState(steady="peaks", falls="peaks", seeds=1),
        {kind: dict(zip(LABELS, ([area] for area in row))) for kind, row in areas.items()},
        dict.fromkeys(LABELS, 0.5),
        "None.",
        (),
    )


def test_every_kind_has_a_row_a_column_and_a_choice():
    assert list(LABELS) == list(KINDS) and list(SHORT) == [*KINDS, CHANCE]
    assert list(plan(NegativesState(seeds=10)).data) == [*KINDS, CHANCE]
    assert plan(NegativesState(seeds=10)).total == 60


def test_the_control_has_the_same_sequences_and_as_many_of_each_label():
    control, plain = trials("TAp73")[CHANCE].train, trials("TAp73")["dinucleotide"].train
    assert control.sequences == plain.sequences and control.labels.sum() == plain.labels.sum()
    assert 0.4 < (control.labels == plain.labels).mean() < 0.6


def test_the_areas_are_those_of_scikit_learn(results, result):
    for each in results:
        for test, data in trials("TAp73")[each.data].tests.items():
            area = roc_auc_score(data.labels, logits(each.network, data))
            assert result.areas[each.data][test][each.seed] == pytest.approx(area)
    tests = trials("TAp73")["uniform"].tests
    for test, data in tests.items():
        gc = [(text.count("G") + text.count("C")) / len(text) for text in data.sequences]
        area = roc_auc_score(data.labels, gc)
        assert result.gc[test] == pytest.approx(max(area, 1 - area))


def test_networks_fall_on_other_negatives_and_the_control_learns_nothing(result):
    assert result.middle("uniform", "uniform") > 0.985
    assert 0.80 < result.middle("uniform", "dinucleotide") < 0.90
    assert result.middle("peaks", "peaks") > 0.99
    assert 0.64 < result.middle("peaks", "dinucleotide") < 0.76
    for kind in ("uniform", "peaks"):
        assert min(result.areas[kind][kind]) > max(result.areas[CHANCE][kind]) + 0.2


def test_against_ctcf_peaks_a_filter_for_the_negatives_is_ctcf(result, results):
    positive, negative = result.filters
    assert negative.named and negative.best.motif.name == "CTCF"
    assert negative.filter.strength > 0.97
    assert positive.best.motif.name in ("TP73", "TP53", "TP63")
    against_uniform = summarise(NegativesState(look="uniform"), results).filters
    assert not against_uniform[1].named
    assert summarise(NegativesState(look="matched"), results).filters == ()


def test_the_table_has_medians_ranges_and_gaps(result):
    table = draw(result, "u")["table"]
    for kind in TRAINED:
        for test in LABELS:
            areas = result.areas[kind][test]
            assert f"{median(areas):.3f}" in table
            assert f"{min(areas):.3f}–{max(areas):.3f}" in table
    assert table.count("<td>–</td>") == 3 * 5
    own = f"<b>{result.middle('uniform', 'uniform'):.3f}</b>"
    assert own in table and table.count("<b>") == 2  # none for the control


def test_best_and_fall_are_those_of_the_medians():
    areas = np.full((5, 5), 0.9)
    areas[0] = [0.99, 0.9, 0.8, 0.9, 0.9]  # falls by 0.19
    areas[3] = [0.7, 0.7, 0.71, 0.72, 0.7]  # is worst, and falls by 0.02
    areas[2] = [0.95, 0.94, 0.93, 0.95, 0.95]
    said = describe(made(dict(zip(LABELS, areas.tolist()))))
    assert "Best on its worst test: <b>dinucleotide shuffles</b>, never below 0.930" in said
    assert "Falls most: <b>uniform bases</b>, from 0.990 on its own test to 0.800 against" in said
    assert said.count("(you expected peaks of the other protein)") == 2
    areas[3] = [0.95, 0.95, 0.95, 0.99, 0.94]
    assert "never below 0.940 (as you expected)" in describe(
        made(dict(zip(LABELS, areas.tolist())))
    )


def test_before_training_the_card_repeats_what_is_expected():
    card = NegativesExplorer(falls="matched")
    assert "You expect: falls most: other peaks, matched in GC. Now press Train." in (
        card.readout.html
    )
    assert re.search(
        r"GC matching of the test peaks of \w+: \d+ of 300 peaks have a partner among 150 "
        r"candidates\.",
        card.readout.html,
    )
    assert "not trained yet" in card.figures["filters"]
