"""Bootstrap ranges, shared places and the best of many guesses, against direct computations."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import average_precision_score

from motiflab.evaluation import (
    average_precision_of_guess,
    bootstrap_areas,
    bootstrap_counts,
    bootstrap_range,
    expected_best,
    guessed_areas,
    precision_recall,
    shared_places,
)

RNG = np.random.default_rng(7)
LABELS = RNG.permutation(np.arange(60) < 24).astype(int)
SCORES = np.round(RNG.normal(size=60) + LABELS, 1)  # with ties


def test_every_bootstrap_area_is_that_of_sklearn_on_the_repeated_sequences():
    counts = bootstrap_counts(LABELS, draws=40, seed=3)
    areas = bootstrap_areas(LABELS, SCORES, counts)
    for row, area in zip(counts, areas, strict=True):
        rows = np.repeat(np.arange(60), row)
        assert len(rows) == 60
        assert area == pytest.approx(average_precision_score(LABELS[rows], SCORES[rows]))
    ones = np.ones((1, 60), int)
    area = precision_recall(LABELS, SCORES).area
    assert bootstrap_areas(LABELS, SCORES, ones)[0] == pytest.approx(area)


def test_samples_draw_each_class_with_replacement():
    counts = bootstrap_counts(LABELS, draws=4000, seed=1)
    assert (counts[:, LABELS == 1].sum(axis=1) == 24).all()
    assert (counts[:, LABELS == 0].sum(axis=1) == 36).all()
    # The variance of a count in a multinomial with n equal shares is 1 - 1/n.
    assert counts.mean(axis=0) == pytest.approx(np.ones(60), abs=0.08)
    assert counts[:, LABELS == 1].var() == pytest.approx(1 - 1 / 24, abs=0.03)
    assert not np.array_equal(counts, bootstrap_counts(LABELS, draws=4000, seed=2))


def test_the_range_is_that_of_a_direct_bootstrap():
    direct, rng = [], np.random.default_rng(5)
    groups = [np.flatnonzero(label == LABELS) for label in (0, 1)]
    for _ in range(2000):
        rows = np.concatenate([rng.choice(group, len(group)) for group in groups])
        direct.append(precision_recall(LABELS[rows], SCORES[rows]).area)
    ours = bootstrap_range(bootstrap_areas(LABELS, SCORES, bootstrap_counts(LABELS, 2000)))
    assert ours == pytest.approx(np.quantile(direct, [0.025, 0.975]), abs=0.02)


@pytest.mark.parametrize(("half", "low", "high"), [(25, 0.80, 0.94), (200, 0.88, 0.985)])
def test_how_often_the_range_holds_the_true_area(half, low, high):
    """Two normal classes of which the AUPRC of the population is known."""
    rng = np.random.default_rng(5)
    t = np.linspace(-8, 10, 20_001)
    tpr, fpr = norm.sf(t - 1.5), norm.sf(t)
    truth = -np.trapezoid(tpr / (tpr + fpr), tpr)
    labels, held, runs = np.repeat([1, 0], half), 0, 150
    counts = bootstrap_counts(labels, 400)
    for _ in range(runs):
        scores = np.r_[rng.normal(1.5, 1, half), rng.normal(0, 1, half)]
        least, most = bootstrap_range(bootstrap_areas(labels, scores, counts))
        held += least <= truth <= most
    assert low <= held / runs <= high


def test_places_by_hand():
    steady = np.full(100, 0.8)
    noisy = 0.7 + 0.2 * np.sin(np.arange(100))
    assert shared_places([steady, steady - 0.1, steady - 0.2]) == [(1, 1), (2, 2), (3, 3)]
    assert shared_places([steady, steady]) == [(1, 2), (1, 2)]
    # The noisy one overlaps the second and the third, the second is always ahead of the third.
    assert shared_places([steady + 0.2, steady, steady - 0.1, noisy]) == [
        (1, 1), (2, 3), (3, 4), (2, 4),
    ]  # fmt: skip
    # A common ups and downs do not matter, because the samples are the same.
    assert shared_places([noisy + 0.01, noisy]) == [(1, 1), (2, 2)]


def test_guesses_are_every_ranking_alike():
    areas = guessed_areas(2, 3, draws=20_000, seed=4)
    exact = [
        average_precision_score(labels, [5, 4, 3, 2, 1])
        for labels in set(permutations([1, 1, 0, 0, 0]))
    ]
    assert areas.mean() == pytest.approx(np.mean(exact), abs=0.006)
    assert np.mean(exact) == pytest.approx(average_precision_of_guess(2, 3))
    assert set(areas.round(9)) == set(np.round(exact, 9))


@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_expected_best_is_that_of_every_draw(count):
    values = [0.3, 0.5, 0.5, 0.9]
    every = [max(drawn) for drawn in product(values, repeat=count)]
    assert expected_best(values, count) == pytest.approx(np.mean(every))


def test_the_expected_best_of_uniform_numbers():
    values = np.linspace(0, 1, 100_001)
    assert expected_best(values, 9) == pytest.approx(0.9, abs=1e-4)
