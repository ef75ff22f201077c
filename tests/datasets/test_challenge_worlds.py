"""The worlds of a class challenge: exact ratio, matched classes, and words that can be told."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import roc_auc_score

from motiflab.datasets import LEVELS, Rule, challenge_world, log_likelihood_ratio
from motiflab.datasets.challenge_worlds import ANY, GAPS, ORDERS, STRANDS
from motiflab.motifs import similarity
from motiflab.sequences import reverse_complement


def words(world) -> list[str]:
    return ["".join("ACGT"[a] for a in m.counts.argmax(axis=1)) for m in world.motifs]


def test_the_ratio_is_the_mixture_of_all_arrangements():
    world = challenge_world(3, seed=1)
    assert world.rule == Rule(ANY, "same", (10, 10))
    sequences = world.draw(10, seed=1).sequences
    ratios = []
    for side in (world.positive, world.negative):
        assert sum(share for share, _ in side) == pytest.approx(1)
        ratios.append(sum(
            share * np.exp(log_likelihood_ratio(sequences, each)) for share, each in side
        ))  # fmt: skip
    assert world.log_ratio(sequences) == pytest.approx(np.log(ratios[0] / ratios[1]))


def test_the_ratio_is_calibrated():
    # Where the ratio is r, there are r positives for each negative.
    world = challenge_world(1, seed=2)
    data = world.draw(6000, seed=4)
    optimum = world.log_ratio(data.sequences)
    for low, high in ((-3, -1), (-1, 1), (1, 3)):
        here = (optimum > low) & (optimum < high)
        wanted = (1 / (1 + np.exp(-optimum[here]))).mean()
        assert here.sum() > 150
        assert data.labels[here].mean() == pytest.approx(wanted, abs=0.1)


@pytest.mark.parametrize("seed", range(12))
def test_both_classes_of_a_grammar_make_up_every_pair(seed):
    """Order, strands and gap as planted: allowed in the positives, all others in the negatives."""
    world = challenge_world(3, seed)
    a, b = words(world)
    b_turned = reverse_complement(b)

    def pairs(side):
        for _, arrangement in side:
            least, most = arrangement.gaps[0]
            first, second = (
                "".join("ACGT"[i] for i in m.counts.argmax(axis=1)) for m in arrangement.motifs
            )
            order = ORDERS[first != a]
            other = second if order == ORDERS[0] else first
            assert {first, second} == {a, other} and other in (b, b_turned)
            yield from ((order, STRANDS[other != b], gap) for gap in range(least, most + 1))

    positive, negative = list(pairs(world.positive)), list(pairs(world.negative))
    rule = world.rule
    gaps = range(rule.gap[0], rule.gap[1] + 1) if rule.gap else range(GAPS[1] + 1)
    assert sorted(positive) == sorted(
        (order, strands, gap)
        for order, strands, gap in product(ORDERS, STRANDS, gaps)
        if rule.order in (order, ANY) and rule.strands in (strands, ANY)
    )
    every = sorted(product(ORDERS, STRANDS, range(GAPS[0], GAPS[1] + 1)))
    assert sorted(positive + negative) == every and rule != Rule()
    assert rule.order == ANY or rule.strands != ANY


def test_every_kind_of_grammar_is_drawn():
    rules = [challenge_world(3, seed).rule for seed in range(150)]
    kinds = {
        (r.order != ANY, r.strands != ANY, r.gap and ("one" if r.gap[0] == r.gap[1] else "range"))
        for r in rules
    }
    assert len(kinds) == 8 and {r.order for r in rules} == {*ORDERS, ANY}


@pytest.mark.parametrize("level", [2, 3])
def test_single_bases_and_pairs_tell_nothing_where_they_are_matched(level):
    labels, scores = [], []
    for seed in range(6):
        world = challenge_world(level, seed)
        train, test = world.draw(800, seed), world.draw(800, seed + 50)
        counter = CountVectorizer(analyzer="char", ngram_range=(1, 2), lowercase=False)
        x, y = counter.fit_transform(train.sequences).toarray(), train.labels
        # The direction between the means of the two classes, as a linear score.
        direction = x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0)
        scores.append(roc_auc_score(test.labels, counter.transform(test.sequences) @ direction))
        labels.append(test.labels)
    # The standard deviation of one AUROC of chance with 400 of each class is 0.02.
    assert abs(np.mean(scores) - 0.5) < 5 * 0.0204 / np.sqrt(6)


@pytest.mark.parametrize("level", LEVELS)
def test_words_are_balanced_and_unlike_one_another(level):
    for seed in range(20):
        world = challenge_world(level, seed)
        for word in words(world):
            assert all(word.count(base) == len(word) // 4 for base in "ACGT")
        if level == 2:
            pairs = [
                sorted(w[i : i + 2] for i in range(len(w) - 1))
                for side in (world.positive, world.negative)
                for w in words_of(side[0][1])
            ]
            assert pairs[:2] == pairs[2:]
            decoys = world.negative[0][1].motifs
            assert all(similarity(d, m).similarity < 0.8 for d in decoys for m in world.motifs)
        if len(world.motifs) == 2:
            assert similarity(*world.motifs).similarity < 0.8


def words_of(arrangement) -> list[str]:
    return ["".join("ACGT"[a] for a in m.counts.argmax(axis=1)) for m in arrangement.motifs]
