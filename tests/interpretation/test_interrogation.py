"""Questions to a network, against answers that are known: functions by hand, and torch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from motiflab.datasets.worlds import WORDS, World
from motiflab.interpretation import (
    answers_of,
    ask_gaps,
    global_importance,
    interaction,
    spacing_profile,
    with_words,
)
from motiflab.networks import ModelSettings, untrained
from motiflab.sequences import encode, random_sequences

BACKGROUNDS = random_sequences(20, 80, None, np.random.default_rng(1))


def additive(sequences: list[str]) -> np.ndarray:
    """A model whose logit adds 2 for A and 3 for B to the number of T."""
    return np.array(
        [2.0 * (WORDS[0] in s) + 3.0 * (WORDS[1] in s) + s.count("T") for s in sequences]
    )


def test_a_word_is_written_over_the_bases_at_its_place():
    assert with_words(["CCCCCC"], ("GA", 1), ("T", 5)) == ["CGACCT"]
    assert with_words(["CCCC", "TTTT"], ("A", [0, 3])) == ["ACCC", "TTTA"]
    for start in (-1, 3):
        with pytest.raises(ValueError, match="inside the 4 bases"):
            with_words(["CCCC"], ("GA", start))


def test_importance_is_the_difference_to_the_same_background():
    placed = with_words(BACKGROUNDS, (WORDS[0], 10))
    wanted = [additive([p])[0] - additive([b])[0] for p, b in zip(placed, BACKGROUNDS)]
    np.testing.assert_allclose(global_importance(additive, BACKGROUNDS, (WORDS[0], 10)), wanted)
    alike = lambda sequences: np.array([s.count("T") for s in sequences])  # noqa: E731
    assert (global_importance(alike, ["CCCC", "TTTT"], ("A", 0)) == [0, -1]).all()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-20, 20), min_size=4, max_size=4), st.floats(-5, 5))
def test_the_interaction_is_what_the_product_adds_in_a_linear_model(f, more):
    """Least squares with a product of the two indicators is an outside oracle."""
    design = np.array([[1, a, b, a * b] for a, b in ((0, 0), (1, 0), (0, 1), (1, 1))], dtype=float)
    found = np.linalg.solve(design, f)
    assert interaction(*f) == pytest.approx(found[3], abs=1e-9)
    assert interaction(*f[:3], f[3] + more) == pytest.approx(found[3] + more, abs=1e-9)


def test_gaps_are_asked_at_the_right_places():
    starts = np.arange(20) % 7
    seen = []
    ask_gaps(lambda s: (seen.extend(s), np.zeros(len(s)))[1], BACKGROUNDS, WORDS, [0, 5], starts)
    neither, first, *rest = (seen[i : i + 20] for i in range(0, len(seen), 20))
    assert neither == BACKGROUNDS and first == with_words(BACKGROUNDS, (WORDS[0], starts))
    for gap, second, both in zip((0, 5), rest[:2], rest[2:], strict=True):
        for i, start in enumerate(starts):
            at = start + 7 + gap
            assert second[i][at : at + 7] == WORDS[1] and second[i][:at] == BACKGROUNDS[i][:at]
            assert both[i][start:].startswith(WORDS[0]) and both[i][at : at + 7] == WORDS[1]


def test_an_additive_logit_interacts_in_probabilities_only():
    model = lambda s: additive(s) - np.array([x.count("T") for x in s])  # noqa: E731
    asked = ask_gaps(model, BACKGROUNDS, WORDS, [4], np.zeros(20, int))
    np.testing.assert_allclose(asked.interaction, 0)
    shares = [expit(v) for v in (0.0, 2.0, 3.0, 5.0)]
    wanted = shares[3] - shares[1] - shares[2] + shares[0]
    np.testing.assert_allclose(asked.on_scale(expit).interaction, wanted)
    assert wanted < -0.3 and (asked.importance == 5).all()


@pytest.mark.parametrize("kind", ["hard", "soft", "none"])
def test_the_interaction_of_a_perfect_network_is_the_effect_of_the_gap(kind):
    world = World(kind, gap=5)
    pair = 0 if kind == "none" else 9
    profile = spacing_profile(world.logits, backgrounds=8, seed=2)
    np.testing.assert_allclose(profile, pair * world.effect(range(25)), atol=1e-9)


def test_the_answers_of_a_network_are_its_logits_as_torch_gives_them():
    network = untrained(ModelSettings(3, 5, window=2, layers=2, second_width=3), 80, seed=1)
    found = answers_of(network)(BACKGROUNDS)
    with torch.no_grad():
        wanted = network(torch.from_numpy(encode(BACKGROUNDS).x)).numpy()
    np.testing.assert_allclose(found, wanted, rtol=1e-5)
