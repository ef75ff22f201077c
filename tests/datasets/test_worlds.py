"""The made-up worlds against counts of what was drawn, scikit-learn, and scores by hand."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from motiflab.datasets.worlds import GAPS, KINDS, LENGTH, WORDS, World, hidden_world
from motiflab.sequences import reverse_complement

A, B = WORDS
WORLDS = [World(kind, gap=7) for kind in KINDS]
FIELD = World("hard", gap=19, gaps=(15, 23), step=4, pairs_only=True)
each_world = pytest.mark.parametrize("world", [*WORLDS, FIELD], ids=lambda world: world.kind)


def design(sequence: str) -> tuple[int, int, int]:
    """Has A, has B, and the gap if A is before B (-1 if not), read by regular expressions."""
    pair = re.search(f"{A}(.*){B}", sequence)
    return int(A in sequence), int(B in sequence), len(pair[1]) if pair else -1


def by_hand(world: World, sequence: str) -> float:
    """The score of the module's docstring, written out once more."""
    a, b, gap = design(sequence)
    if world.kind == "none":
        return -3 + 3 * a + 3 * b
    if gap < 0:
        return -5
    if world.kind == "hard":
        return -5 + 9 * (gap == world.gap)
    wave = lambda g: np.exp(-g / 20) * (1 + np.cos(2 * np.pi * (g - world.gap) / 10.5)) / 2  # noqa: E731
    return -5 + 9 * wave(gap) / max(wave(g) for g in range(25))


@each_world
def test_a_sequence_shows_its_design_and_the_optimum_is_its_score_by_hand(world):
    data = world.draw(600, seed=5)
    assert data.x.shape == (600, 4, LENGTH) and data.labels.sum() == 300
    scores = np.array([by_hand(world, sequence) for sequence in data.sequences])
    np.testing.assert_allclose(data.optimum - scores, world.offset, atol=1e-9)
    np.testing.assert_allclose(world.logits(data.sequences), data.optimum, atol=1e-9)
    for sequence in data.sequences:
        assert sequence.count(A) <= 1 and sequence.count(B) <= 1
        assert not any(reverse_complement(word) in sequence for word in WORDS)
        if world.pairs_only:
            assert design(sequence)[2] in (15, 19, 23)


@each_world
def test_the_label_of_a_design_is_drawn_with_the_probability_that_the_optimum_states(world):
    """Half are positive, so the share of positives of a design is the sigmoid of its logit."""
    data = world.draw(20_000, seed=6)
    for logit in np.unique(data.optimum.round(9)):
        labels = data.labels[np.isclose(data.optimum, logit)]
        p = expit(logit)
        assert abs(labels.mean() - p) < 4.5 * np.sqrt(p * (1 - p) / len(labels)) + 2 / len(labels)


@each_world
def test_the_best_auroc_is_scikit_learns_on_many_sequences(world):
    data = world.draw(20_000, seed=7)
    assert roc_auc_score(data.labels, data.optimum) == pytest.approx(world.best_auroc, abs=0.006)


def test_negatives_of_a_hard_world_hold_the_words_as_often_as_its_rule_allows():
    data = World("hard").draw(4000, seed=8)
    both = np.array([A in s and B in s for s in data.sequences])
    assert 0.5 < both[data.labels == 0].mean() < 0.7 and both[data.labels == 1].mean() > 0.9


def test_the_best_pair_counts_and_words_on_the_other_strand_do_not():
    world = World("hard", gap=3)
    right, wrong = A + "TTT" + B, A + "T" + B
    logits = world.logits([right, wrong, A + "TTTTT" + right, reverse_complement(right)]).round(6)
    assert logits[0] == logits[2] == round(4 + world.offset, 6)
    assert logits[1] == logits[3] == round(-5 + world.offset, 6)


def test_hidden_worlds_are_of_every_kind_equally_often_and_differ_in_nothing_else():
    worlds = [hidden_world(seed) for seed in range(3000)]
    for kind in KINDS:
        gaps = [world.gap for world in worlds if world.kind == kind]
        assert 900 < len(gaps) < 1100
        assert np.bincount(gaps, minlength=9)[3:].min() > 120
    assert worlds == [hidden_world(seed) for seed in range(3000)]


def test_what_makes_no_world_is_refused():
    for bad in ({"kind": "firm"}, {"gap": 25}, {"gaps": (5, 3)}, {"gaps": (0, 70)},
                {"step": 4}, {"step": 0}):  # fmt: skip
        with pytest.raises(ValueError, match="must"):
            World(**({"kind": "hard"} | bad))
    assert GAPS == (0, 24)
