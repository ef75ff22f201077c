"""The cards on designing a sequence and designing a network."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from motiflab import NetworkDesignExplorer, SequenceDesignExplorer, networks
from motiflab.datasets import log_likelihood_ratio
from motiflab.evaluation import precision_recall
from motiflab.explorers import network_design_explorer
from motiflab.explorers.network_design_explorer import PLAIN, ablations, trial
from motiflab.interpretation import design_network, design_sequence, design_world, random_starts
from motiflab.networks import ModelSettings
from motiflab.sequences import encode


def test_the_buttons_follow_the_greedy_rule_and_go_back():
    card = SequenceDesignExplorer(network="two", start=3)
    card.to_the_end()
    made = design_sequence(design_network("two"), random_starts(40, 0)[2], until=np.log(99))
    assert card.result.sequences == made.sequences and len(made.sequences) > 3
    back = {"changes": " ".join(card.state.changes.split()[:-1])}
    card.set(**back)
    assert card.result.sequences == made.sequences[:-1]
    position, base = card.result.best
    assert made.sequences[-1][position] == base


def test_every_step_is_judged_by_the_network_and_by_the_exact_ratio():
    result = SequenceDesignExplorer(changes="5A 6G 7A").result
    start = random_starts(40, 0)[0]
    wanted = [start, start[:5] + "A" + start[6:], start[:5] + "AG" + start[7:]]
    assert result.sequences[:3] == wanted and result.sequences[3][5:8] == "AGA"
    z = design_network("one").predict(encode(result.sequences).x)
    assert result.logits == pytest.approx(z.astype(float))
    assert result.truths == pytest.approx(log_likelihood_ratio(result.sequences, design_world()))


def test_odds_and_probabilities_are_told_with_two_digits():
    card = SequenceDesignExplorer()
    z, truth = card.result.logits[-1], card.result.truths[-1]
    said = card.readout.html
    factor, power = re.search(r"ŷ = <b>([\d.]+) × 10(\S+)</b>", said).groups()
    power = int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))
    assert float(factor) * 10**power == pytest.approx(1 / (1 + np.exp(-float(z))), rel=0.01)
    odds = re.search(r"about ([\d,]+) times <b>rarer", said)[1].replace(",", "")
    assert float(odds) == pytest.approx(np.exp(-truth), rel=0.01)
    assert set(odds[2:]) == {"0"}
    assert "not yet sure</b> of a yes; the truth says no" in said


@pytest.mark.parametrize("words", ["60A", "A5", "5 A", " ".join(["5A"] * 21)])
def test_substitutions_that_cannot_be_are_refused(words):
    with pytest.raises(ValueError, match="must be"):
        SequenceDesignExplorer(changes=words)


def test_an_ablation_sets_back_one_choice_at_a_time():
    settings = replace(PLAIN, layers=2, second_width=6, filters=16)
    assert ablations(settings) == {
        "filters": replace(settings, filters=8),
        "layers": replace(settings, layers=1),
        "second_width": replace(settings, second_width=5),
    }
    # Of 7 windows one pooled position would be left, and a second layer of 3 does not fit.
    narrow = replace(PLAIN, width=64, window=2, layers=2, second_width=3)
    assert list(ablations(narrow)) == ["width", "layers"]


def test_a_design_is_counted_as_torch_does():
    card = NetworkDesignExplorer(layers=2, hidden_units=5, batch_norm="yes", second_filters=6)
    network = networks.build(card.state.settings(), network_design_explorer.LENGTH)
    assert card.result.parameters == sum(p.numel() for p in network.parameters())
    assert card.state.settings() == ModelSettings(
        filters=8, width=7, window=4, layers=2, second_filters=6, hidden=5, batch_norm=True,
        both_strands=False,
    )  # fmt: skip


def test_designs_are_trained_ablated_and_kept_on_the_board(monkeypatch):
    monkeypatch.setattr(network_design_explorer, "TRAIN", 400)
    monkeypatch.setattr(network_design_explorer, "TEST", 300)
    quick = replace(network_design_explorer.TRAINING, epochs=1)
    monkeypatch.setattr(network_design_explorer, "TRAINING", quick)
    monkeypatch.setattr(NetworkDesignExplorer, "jobs", 1)
    trial.cache_clear()
    try:
        card = NetworkDesignExplorer(problem="one", window=0)
        card.start()
        card.set(filters=4, run="ablation")
        card.start()
        assert sorted(card.result.areas) == ["filters", "mine", "window"]
        mine, other = card.result.areas["mine"], card.result.areas["filters"]
        assert card.result.difference("filters") == [mine[s] - other[s] for s in range(3)]
        board = card.result.board
        assert sorted(len(run.held_out) for run in board) == [1, 3]
        means = [np.mean(run.held_out) for run in board]
        assert means == sorted(means, reverse=True)
        kept = card._kept[card._key(card.state)]["one", "mine", 0]
        test = trial("one").tests["held out"]
        area = precision_recall(test.labels, networks.logits(kept.network, test)).area
        run = next(run for run in board if run.settings == card.state.settings())
        assert run.auprc[0] == pytest.approx(area)
        card.set(filters=9, problem="pair")  # another problem has a board of its own
        assert card.result.board == [] and card.result.areas == {}
        card.set(problem="one")
        assert len(card.result.board) == 2
    finally:
        trial.cache_clear()
