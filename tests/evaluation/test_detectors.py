"""Exact score distributions against sums over all words, and the lemma of Neyman and Pearson."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.integrate import quad
from scipy.optimize import linprog
from scipy.stats import binom, norm
from sklearn.metrics import average_precision_score, roc_auc_score, roc_curve

from motiflab.evaluation import detectors
from motiflab.evaluation.detectors import BROAD, RANDOM, SHARP, Detector

widths = st.integers(1, 4)
ppms = widths.flatmap(lambda k: arrays(float, (k, 4), elements=st.floats(0.02, 1))).map(
    lambda p: p / p.sum(axis=1, keepdims=True)
)
backgrounds = arrays(float, 4, elements=st.floats(0.05, 1)).map(lambda q: q / q.sum())
rates = st.floats(0, 1)
seeds = st.integers(0, 10_000)


def law(ppm, q):
    """Probabilities of all words under motif and background, listed the slow way."""
    words = list(itertools.product(range(4), repeat=len(ppm)))
    motif = np.array([np.prod([ppm[k, a] for k, a in enumerate(word)]) for word in words])
    return motif, np.array([np.prod([q[a] for a in word]) for word in words])


@given(ppms, seeds)
def test_words_are_listed_in_order(ppm, seed):
    w = np.random.default_rng(seed).normal(size=ppm.shape)
    words = itertools.product(range(4), repeat=len(w))
    expected = [sum(w[k, a] for k, a in enumerate(word)) for word in words]
    np.testing.assert_allclose(detectors.word_scores(w), expected, atol=1e-12)
    np.testing.assert_allclose(detectors.word_probabilities(ppm), law(ppm, [0.25] * 4)[0])


@given(ppms, st.lists(st.integers(-3, 3), min_size=16, max_size=16))
def test_the_distribution_by_convolution_is_that_over_all_words(ppm, numbers):
    w = np.array(numbers, dtype=float).reshape(4, 4)[: len(ppm)]
    scores, shares = detectors.score_distribution(w, ppm, step=1)
    words, probabilities = detectors.word_scores(w), detectors.word_probabilities(ppm)
    assert (scores[0], scores[-1]) == (words.min(), words.max())
    expected = [probabilities[np.isclose(words, score)].sum() for score in scores]
    np.testing.assert_allclose(shares, expected, atol=1e-12)


def test_the_number_of_matches_is_binomial():
    consensus = np.eye(4)[[0, 1, 2, 3, 0, 1]]
    scores, shares = detectors.score_distribution(consensus, np.full((6, 4), 0.25), step=1)
    np.testing.assert_allclose(shares, binom.pmf(scores, 6, 0.25), atol=1e-12)


@given(ppms, seeds)
def test_rounding_moves_a_score_by_little(ppm, seed):
    w = np.random.default_rng(seed).normal(size=ppm.shape)
    scores, shares = detectors.score_distribution(w, ppm, step=0.01)
    exact = (detectors.word_scores(w) * detectors.word_probabilities(ppm)).sum()
    assert abs(scores @ shares - exact) <= len(w) * 0.005 + 1e-9
    assert shares.sum() == pytest.approx(1)


@given(ppms, backgrounds, seeds, rates)
def test_no_score_beats_the_likelihood_ratio(ppm, q, seed, rate):
    motif, background = law(ppm, q)
    best = detectors.power(np.log(motif / background), motif, background, rate)
    rng = np.random.default_rng(seed)
    linear = detectors.word_scores(rng.normal(size=ppm.shape))
    for other in (linear, rng.normal(size=len(motif)), motif, -background):
        assert detectors.power(other, motif, background, rate) <= best + 1e-9


@given(ppms, backgrounds, rates)
def test_its_power_is_the_optimum_of_a_linear_programme(ppm, q, rate):
    # Choose the chance of saying "site" for each word: most true ones, at most `rate` false ones.
    ppm = ppm[:2]
    motif, background = law(ppm, q)
    limits = {"A_ub": background[None], "b_ub": [rate], "bounds": (0, 1), "method": "highs"}
    best = -linprog(-motif, **limits).fun
    power = detectors.power(np.log(motif / background), motif, background, rate)
    assert power == pytest.approx(best, abs=1e-6)


def test_power_of_a_sample_is_scikit_learns_roc():
    rng = np.random.default_rng(0)
    labels, scores = rng.integers(0, 2, 300), rng.integers(0, 20, 300).astype(float)
    fpr, tpr, _ = roc_curve(labels, scores, drop_intermediate=False)
    classes = (labels == 1) / (labels == 1).sum(), (labels == 0) / (labels == 0).sum()
    np.testing.assert_allclose(detectors.power(scores, *classes, fpr), tpr)


@given(ppms, backgrounds, rates, st.floats(-5, 5), st.floats(0.1, 5))
def test_only_the_order_of_scores_matters(ppm, q, rate, shift, scale):
    motif, background = law(ppm, q)
    score = np.log(motif / background)
    changed = detectors.power(shift + scale * score, motif, background, rate)
    assert changed == pytest.approx(detectors.power(score, motif, background, rate), abs=1e-6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2], [1], [1], 0.5), "same length"),
        (([1, 2], [0.5, 0.4], [0.5, 0.5], 0.5), "positive must sum to 1, got 0.9"),
        (([1, 2], [0.5, 0.5], [0.5, 0.6], 0.5), "negative must sum to 1, got 1.1"),
        (([1, 2], [0.5, 0.5], [0.5, 0.5], 1.5), "fpr must lie from 0 to 1"),
    ],
)
def test_bad_distributions_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        detectors.power(*arguments)


def test_other_bad_arguments_are_refused():
    wide = np.full((11, 4), 0.25)
    with pytest.raises(ValueError, match="at most 10 positions, got 11"):
        detectors.word_scores(wide)
    with pytest.raises(ValueError, match="at most 10 positions, got 11"):
        detectors.word_probabilities(wide)
    with pytest.raises(ValueError, match="as wide as the weights, 2, got 11"):
        detectors.score_distribution(wide[:2], wide)
    with pytest.raises(ValueError, match="step must be a positive number"):
        detectors.score_distribution(wide, wide, 0)
    with pytest.raises(ValueError, match="rows that sum to 1"):
        detectors.word_probabilities(np.zeros((2, 4)))


DETECTORS = [BROAD, SHARP, RANDOM, Detector("three", (0.2, 0.3, 0.5), (1.0, 3.0, -1.0))]
every = pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.name)


def density(detector, t):
    return sum(s * norm.pdf(t - m) for s, m in zip(detector.shares, detector.means))


@every
def test_rates_and_auroc_are_the_integrals(detector):
    for t in (-1.0, 0.5, 3.0):
        above = quad(lambda s: density(detector, s), t, 14)[0]
        assert detector.tpr(t) == pytest.approx(above, abs=1e-9)
        assert detector.fpr(t) == pytest.approx(norm.sf(t))
    # The chance to outrank: a negative lies below the score of the positive.
    area = quad(lambda s: density(detector, s) * norm.cdf(s), -10, 14)[0]
    assert detector.auroc() == pytest.approx(area)


@every
@pytest.mark.parametrize("prevalence", [0.5, 1e-3, 1e-6])
def test_auprc_is_the_integral(detector, prevalence):
    def precision_times_density(t):
        true = sum(s * norm.sf(t - m) for s, m in zip(detector.shares, detector.means))
        return (
            true
            * prevalence
            / (true * prevalence + norm.sf(t) * (1 - prevalence))
            * density(detector, t)
        )

    area = quad(precision_times_density, -10, 14, limit=500, epsabs=1e-12)[0]
    curve = detector.precision_recall(prevalence)
    assert curve.area == pytest.approx(area, abs=1e-4)
    assert curve.area == pytest.approx(area, rel=0.001)
    assert curve.x[0] < 1e-9 and curve.x[-1] > 1 - 1e-9


@every
def test_scores_that_are_drawn_have_these_areas(detector):
    rng = np.random.default_rng(1)
    labels = np.repeat([1, 0], [4000, 40_000])
    scores = rng.normal(size=44_000)
    scores[:4000] += rng.choice(detector.means, 4000, p=detector.shares)
    assert roc_auc_score(labels, scores) == pytest.approx(detector.auroc(), abs=0.015)
    drawn = average_precision_score(labels, scores)
    assert drawn == pytest.approx(detector.precision_recall(1 / 11).area, abs=0.015)


def test_a_random_score_has_the_baselines():
    assert RANDOM.auroc() == 0.5
    for prevalence in (0.5, 0.01, 1e-6):
        assert RANDOM.precision_recall(prevalence).area == pytest.approx(prevalence)


def test_the_areas_disagree_about_which_detector_is_better():
    assert BROAD.auroc() > SHARP.auroc() + 0.1
    for rarity in (1, 2, 4, 6):
        pi = 1 / (1 + 10**rarity)
        assert SHARP.precision_recall(pi).area > BROAD.precision_recall(pi).area
    assert BROAD.precision_recall(0.5).area > SHARP.precision_recall(0.5).area


@pytest.mark.parametrize(
    ("shares", "means"), [((0.5, 0.4), (0.0, 1.0)), ((1.0,), (0.0, 1.0)), ((2.0, -1.0), (0.0, 1.0)),
                          ((), ())]
)  # fmt: skip
def test_shares_that_are_none(shares, means):
    with pytest.raises(ValueError, match="shares must be positive, sum to 1"):
        Detector("wrong", shares, means)


def test_a_prevalence_of_one_is_refused():
    with pytest.raises(ValueError, match="prevalence must be a number above 0 and below 1, got 1"):
        BROAD.precision_recall(1)
