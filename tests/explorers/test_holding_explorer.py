"""The card of leaks: its trials by hand, its table against scikit-learn, and what leaks do."""

from __future__ import annotations

from statistics import median

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from motiflab.datasets import count_leaks, tap73
from motiflab.explorers.holding_explorer import (
    LABELS,
    HoldingExplorer,
    HoldingResult,
    HoldingState,
    describe,
    draw,
    leak_plan,
    leak_table,
    leaky_trials,
    twins,
)
from motiflab.networks import logits, train_all
from motiflab.sequences import reverse_complement


def trained(labels, kinds):
    state = HoldingState(size="small", labels=labels, seeds=3)
    every = leak_plan(state)
    some = every._replace(data={kind: every.data[kind] for kind in kinds}, seeds=range(3))
    return state, list(train_all(*some[:3], jobs=1))


@pytest.fixture(scope="module")
def real():
    return trained("real", ["apart", "copies"])


@pytest.mark.parametrize(
    ("kind", "second"),
    [
        ("copies", lambda text: text[:180]),
        ("complements", lambda text: reverse_complement(text[:180])),
        ("shifted", lambda text: text[20:200]),
    ],
)
def test_every_sequence_comes_twice(kind, second):
    data = tap73().subset([0, 5, 1003])
    pairs = twins(data, kind)
    assert pairs.sequences == [text[:180] for text in data.sequences] + [
        second(text) for text in data.sequences
    ]
    assert pairs.groups.tolist() == [0, 1, 2] * 2 and pairs.labels.tolist() == [1, 1, 0] * 2


def test_only_the_split_that_keeps_twins_together_is_without_leaks():
    for kind, (train, tests) in leaky_trials("real").items():
        leaks = count_leaks(train.sequences, tests["test"].sequences)
        new = count_leaks(train.sequences, tests["new peaks"].sequences)
        if kind == "apart":
            assert leaks == (0, 0, 0)
        else:
            # Each of the pair is held out with a chance of 0.3, independently.
            assert 0.6 < leaks.stretches / len(tests["test"]) < 0.8
        # A few of the 1,600 hold a repeat of the genome that was trained on, too.
        assert new.copies == new.complements == 0 and new.stretches < 16
        assert 0.25 < len(tests["test"]) / (len(train) + len(tests["test"])) < 0.35


def test_random_labels_are_the_same_for_twins_and_new_peaks_keep_theirs():
    real, random = leaky_trials("real")["copies"], leaky_trials("random")["copies"]
    assert real.train.sequences == random.train.sequences
    assert 0.4 < (real.train.labels == random.train.labels).mean() < 0.6
    labels = dict(zip(random.train.sequences, random.train.labels))
    test = random.tests["test"]
    known = [(labels[s], y) for s, y in zip(test.sequences, test.labels) if s in labels]
    assert len(known) > 100 and all(a == b for a, b in known)
    new = random.tests["new peaks"]
    assert (new.labels == real.tests["new peaks"].labels).all()


def test_the_areas_are_those_of_scikit_learn(real):
    state, results = real
    areas = leak_table(state, results).areas
    for each in results:
        for test, data in leaky_trials("real")[each.data].tests.items():
            area = roc_auc_score(data.labels, logits(each.network, data))
            assert areas[each.data][test][each.seed] == pytest.approx(area)


def test_copies_flatter_and_random_labels_show_memory_alone(real):
    result = leak_table(*real)
    assert result.flattery("copies") > 0.03 > abs(result.flattery("apart"))
    random = leak_table(*trained("random", ["apart", "copies"])).areas
    assert min(random["copies"]["test"]) > 0.7
    assert 0.35 < np.mean(random["apart"]["test"]) < 0.65
    assert 0.4 < np.mean(random["copies"]["new peaks"]) < 0.6


def made(rows, **choices):
    areas = {kind: {"test": a, "new peaks": b} for kind, (a, b) in rows.items()}
    return HoldingResult(HoldingState(**choices), areas, dict.fromkeys(LABELS, 0.25))


ROWS = {
    "apart": ([0.8, 0.9, 0.7], [0.81, 0.9, 0.72]),
    "copies": ([0.9, 0.95, 0.8], [0.8, 0.8, 0.7]),
    "complements": ([0.9], [0.7]),
    "shifted": ([0.75], [0.7]),
}


def test_the_table_has_medians_ranges_and_differences_of_each_training():
    table = draw(made(ROWS), "u")["table"]
    for areas in ROWS["copies"]:
        assert f"{median(areas):.3f}" in table
        assert f"{min(areas):.3f}–{max(areas):.3f}" in table
    for words in ("+0.100", "+0.200", "−0.010", "25 %"):
        assert words in table
    assert draw(made({}), "u")["table"].count("<td>–</td>") == 3 * 4


def test_the_row_that_flatters_most_is_compared_with_the_expectation():
    said = describe(made(ROWS, expected="copies"))
    assert "Flatters most: <b>reverse complements, split at random</b> (you expected" in said
    assert "The test says 0.900, new peaks say 0.700." in said and "random, so" not in said
    assert "(as you expected)" in describe(made(ROWS, expected="complements"))
    assert "was memorised" in describe(made(ROWS, labels="random"))


def test_before_training_the_card_repeats_what_is_expected():
    card = HoldingExplorer(expected="shifted")
    assert "from: windows shifted by 20 bases, split at random. Now" in card.readout.html
    assert "You have not yet said what you expect." in HoldingExplorer().readout.html
