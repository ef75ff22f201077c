"""Sequences designed for a network: the greedy rule, what fools it, and what the study kept."""

from __future__ import annotations

import numpy as np
import pytest

from motiflab import networks
from motiflab.datasets import log_likelihood_ratio, planted
from motiflab.evaluation import roc
from motiflab.interpretation import (
    DESIGN_LENGTH,
    design_network,
    design_sequence,
    design_world,
    fooled,
    measured_designs,
    random_starts,
)
from motiflab.sequences import encode

SETTINGS = networks.ModelSettings(filters=3, width=4)


def neighbours(sequence: str) -> list[str]:
    return [
        sequence[:i] + base + sequence[i + 1 :]
        for i in range(len(sequence))
        for base in "ACGT"
        if base != sequence[i]
    ]


def test_each_step_is_the_best_of_all_single_substitutions():
    network = networks.build(SETTINGS, 12, seed=3)
    made = design_sequence(network, random_starts(1, seed=5, length=12)[0], mutations=6)
    assert len(made.sequences) > 2
    for before, after, z in zip(made.sequences, made.sequences[1:], made.logits[1:]):
        others = network.predict(encode(neighbours(before)).x)
        assert after in neighbours(before) and z == pytest.approx(others.max(), abs=1e-6)


def test_a_design_ends_when_it_is_sure_or_spent_or_at_the_top():
    network, start = networks.build(SETTINGS, 12, seed=3), random_starts(1, seed=5, length=12)[0]
    full = design_sequence(network, start, mutations=50)
    assert len(full.sequences) < 50  # no substitution raises the logit any more
    assert network.predict(encode(neighbours(full.sequences[-1])).x).max() <= full.logits[-1]
    assert design_sequence(network, start, mutations=2).sequences == full.sequences[:3]
    enough = design_sequence(network, start, until=float(full.logits[1]))
    assert enough.sequences == full.sequences[:2]
    assert design_sequence(network, start, mutations=0).sequences == [start]


def test_fooled_is_a_sure_yes_against_odds_below_one():
    logits = np.log([98, 99.01, 99.01, 1e6])  # 0.99 is 99 to 1
    assert fooled(logits, [-1, -1, 1, -1e-9]).tolist() == [False, True, False, True]
    assert fooled([0.1], [-1], sure=0.5).tolist() == [True]


@pytest.mark.parametrize("kind", ["one", "two"])
def test_the_shipped_networks_are_those_of_the_study(kind):
    run = measured_designs()[f"{kind} 1"]
    test = planted(design_world(), n=4000, length=DESIGN_LENGTH, seed=1001)
    assert run["optimum"] == pytest.approx(roc(test.labels, test.optimum).area, abs=1e-4)
    for moment, turn in (("before", 0), ("mended", -1)):
        area = roc(test.labels, networks.logits(design_network(kind, moment), test)).area
        assert run["rounds"][turn]["auroc"] == pytest.approx(area, abs=2e-4)


def test_designs_of_the_shipped_networks_are_judged_as_in_the_study():
    network = design_network("two")
    ends = [
        design_sequence(network, start, until=np.log(99)) for start in random_starts(100, 3001)[:20]
    ]
    truths = log_likelihood_ratio([each.sequences[-1] for each in ends], design_world())
    share = fooled([each.logits[-1] for each in ends], truths).mean()
    assert abs(share - measured_designs()["two 1"]["rounds"][0]["fooled"] / 100) < 0.3
