"""The card of whole motifs and parts: its curves against the shipped numbers, and its trainings."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import motiflab
from motiflab import WholeOrPartExplorer
from motiflab.explorers import whole_or_part_explorer as card_module
from motiflab.interpretation import FIRST_POOLS, PUBLISHED, pooling_data, pooling_settings

RUNS = json.loads((Path(motiflab.__file__).parent / "data/whole_or_part.json").read_text())["runs"]


def shares(pool: int, activation: str = "relu", labels: str = "true") -> list[float]:
    names = (f"{pool} {activation} {labels} {seed}" for seed in (1, 2, 3))
    return [RUNS[name]["share"] for name in names]


def test_the_gap_is_that_of_the_shipped_trainings():
    drawn = dict(zip(FIRST_POOLS, (10, 20, 70, 80, 60, 50)))
    card = WholeOrPartExplorer(**{f"at_{pool}": at for pool, at in drawn.items()}, show="measured")
    gaps = [abs(drawn[pool] / 100 - np.mean(shares(pool))) for pool in FIRST_POOLS]
    assert card.result.gap == pytest.approx(np.mean(gaps))
    worst = FIRST_POOLS[int(np.argmax(gaps))]
    assert f"most at pool {worst}" in card_module.describe(card.result)
    assert f"<b>{100 * np.mean(gaps):.0f} percentage points</b>" in card_module.describe(
        card.result
    )


def test_nothing_is_given_away_before_the_learner_asks():
    card = WholeOrPartExplorer()
    drawn = "".join(map(str, card_module.draw(card.result, "u").values())) + card_module.describe(
        card.result
    )
    assert "measured here" not in drawn and "97–100" not in drawn
    assert not any(f"{share:.0%}"[:-1] + " %" in drawn for share in shares(25) if share != 0.5)
    card.set(show="measured")
    assert "measured here" in str(card_module.draw(card.result, "u")["curves"])
    assert "97–100" not in str(card_module.draw(card.result, "u")["table"])
    card.set(show="published")
    assert "97–100 %" in str(card_module.draw(card.result, "u")["table"])


def test_the_shipped_trainings_have_the_published_order_and_shuffled_labels_do_not():
    """Ranges of the notebook; every seed is counted."""
    assert max(shares(2)) == 0 and max(shares(4)) <= 0.3
    assert min(shares(25)) >= 0.33 and min(shares(50)) >= 0.33
    assert max(shares(4)) < min(shares(25))
    assert min(shares(2, "exponential")) >= 0.6
    assert max(shares(25, labels="shuffled")) == 0
    assert max(run["untrained"] for run in RUNS.values()) == 0
    assert PUBLISHED[2] == (0, 0)


def test_train_makes_both_networks_on_the_same_data_and_judges_them(monkeypatch):
    """With little data, so that it takes a second; on no more than one core."""
    small = pooling_data(60, seed=1)
    monkeypatch.setattr(card_module, "EPOCHS", 1)
    monkeypatch.setattr(card_module, "pooling_data", lambda n, seed: small)
    card_module._trial.cache_clear()
    monkeypatch.setattr(WholeOrPartExplorer, "jobs", 1)
    card = WholeOrPartExplorer()
    card.start()
    card_module._trial.cache_clear()
    assert set(card.result.live) == {2, 25}
    for auroc, matches in card.result.live.values():
        assert 0 < auroc < 1 and len(matches.ppms) == 30
    assert "with pool 25" in card_module.describe(card.result)
    assert pooling_settings(2).second_window == 50
