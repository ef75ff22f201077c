"""The card that questions networks: the rule's own answers, the secret, and its trainings."""

from __future__ import annotations

import re

import numpy as np
import pytest
from drawn import same_words_and_areas, untidy
from scipy.special import expit

from motiflab import InterrogationExplorer
from motiflab.datasets import World, hidden_world
from motiflab.explorers import interrogation_explorer as card_module
from motiflab.figures.svg import text_width


def test_the_rule_answers_with_the_logits_of_its_world():
    card = InterrogationExplorer(world="soft", gap=16)
    world = World("soft")
    wanted = -5 + 9 * world.effect(range(25)) + world.offset
    # The median, as one of the backgrounds holds a word by chance.
    np.testing.assert_allclose(np.median(card.result.pair.both, axis=1), wanted)
    card.set(scale="probability")
    np.testing.assert_allclose(np.median(card.result.pair.both, axis=1), expit(wanted))
    card.set(world="none", scale="logit", question="order")
    first, second = card.result.asked.values()
    np.testing.assert_allclose(first.both, second.both)
    assert "<b>0.00</b> in logits" in card.readout.html


def test_a_hidden_world_is_not_given_away_before_the_answer():
    seed = next(s for s in range(1, 99) if hidden_world(s).kind == "soft")
    card = InterrogationExplorer(world="hidden", seed=seed)
    assert card.result.pair is None and "keeps silent" in card.readout.html
    assert "g0" not in card.readout.html
    card.set(answer="hard")
    assert "<b>No</b>" in card.readout.html and card.result.pair is not None
    card.set(answer="soft")
    assert "<b>Right</b>" in card.readout.html
    assert f"g0 = {hidden_world(seed).gap}" in card.readout.html


def test_networks_are_trained_on_the_world_and_answer_in_place_of_the_rule(monkeypatch):
    """With little data, so that it takes a second; on no more than one core."""
    monkeypatch.setattr(card_module, "SIZE", 64)
    monkeypatch.setattr(InterrogationExplorer, "jobs", 1)
    card_module._trial.cache_clear()
    card = InterrogationExplorer(world="hidden", seed=7, who="networks")
    assert card.result.pair is None
    card.start()
    card_module._trial.cache_clear()
    assert len(card.result.aurocs) == 2 and card.result.pair.both.shape == (25, 50)
    one, two = (
        card_module.ask(
            card_module.answers_of(result.network),
            "gap",
            card_module._backgrounds("random", card.state.rule),
        )["A, then B"].both
        for result in card._done(card.state).values()
    )
    np.testing.assert_allclose(card.result.pair.both, (one + two) / 2, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("scale", ["logit", "probability"])
@pytest.mark.parametrize("gap", [0, 6])
def test_the_square_fits_into_a_narrow_card(scale, gap):
    result = InterrogationExplorer(world="soft", gap=gap, scale=scale).result
    narrow, wide = (card_module._bars(result, "u", narrow=n) for n in (True, False))
    assert untidy(narrow) == [] and same_words_and_areas(narrow, wide)
    bars = [float(x) for x in re.findall(r'<rect x="([\d.]+)"', narrow)]
    numbers = re.findall(r'<text x="([\d.]+)" y="[\d.]+">(−?\d\.\d\d)<', narrow)
    dashes = re.search(r'd="M([\d.]+) [\d.]+H[\d.]+M([\d.]+) ', narrow).groups()
    # No number touches the next bar or the dashes at the last one.
    for (x, number), after in zip(numbers, [*bars[1:3], *map(float, dashes)], strict=True):
        assert float(x) + text_width(number) < after + 0.5
