"""Exact score distributions against sums over all words, and the lemma of Neyman and Pearson."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog
from scipy.stats import binom
from sklearn.metrics import roc_curve

from motiflab import detection

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
    np.testing.assert_allclose(detection.word_scores(w), expected, atol=1e-12)
    np.testing.assert_allclose(detection.word_probabilities(ppm), law(ppm, [0.25] * 4)[0])


@given(ppms, st.lists(st.integers(-3, 3), min_size=16, max_size=16))
def test_the_distribution_by_convolution_is_that_over_all_words(ppm, numbers):
    w = np.array(numbers, dtype=float).reshape(4, 4)[: len(ppm)]
    scores, shares = detection.score_distribution(w, ppm, step=1)
    words, probabilities = detection.word_scores(w), detection.word_probabilities(ppm)
    assert (scores[0], scores[-1]) == (words.min(), words.max())
    expected = [probabilities[np.isclose(words, score)].sum() for score in scores]
    np.testing.assert_allclose(shares, expected, atol=1e-12)


def test_the_number_of_matches_is_binomial():
    consensus = np.eye(4)[[0, 1, 2, 3, 0, 1]]
    scores, shares = detection.score_distribution(consensus, np.full((6, 4), 0.25), step=1)
    np.testing.assert_allclose(shares, binom.pmf(scores, 6, 0.25), atol=1e-12)


@given(ppms, seeds)
def test_rounding_moves_a_score_by_little(ppm, seed):
    w = np.random.default_rng(seed).normal(size=ppm.shape)
    scores, shares = detection.score_distribution(w, ppm, step=0.01)
    exact = (detection.word_scores(w) * detection.word_probabilities(ppm)).sum()
    assert abs(scores @ shares - exact) <= len(w) * 0.005 + 1e-9
    assert shares.sum() == pytest.approx(1)


@given(ppms, backgrounds, seeds, rates)
def test_no_score_beats_the_likelihood_ratio(ppm, q, seed, rate):
    motif, background = law(ppm, q)
    best = detection.power(np.log(motif / background), motif, background, rate)
    rng = np.random.default_rng(seed)
    linear = detection.word_scores(rng.normal(size=ppm.shape))
    for other in (linear, rng.normal(size=len(motif)), motif, -background):
        assert detection.power(other, motif, background, rate) <= best + 1e-9


@given(ppms, backgrounds, rates)
def test_its_power_is_the_optimum_of_a_linear_programme(ppm, q, rate):
    # Choose the chance of saying "site" for each word: most true ones, at most `rate` false ones.
    ppm = ppm[:2]
    motif, background = law(ppm, q)
    limits = {"A_ub": background[None], "b_ub": [rate], "bounds": (0, 1), "method": "highs"}
    best = -linprog(-motif, **limits).fun
    power = detection.power(np.log(motif / background), motif, background, rate)
    assert power == pytest.approx(best, abs=1e-6)


def test_power_of_a_sample_is_scikit_learns_roc():
    rng = np.random.default_rng(0)
    labels, scores = rng.integers(0, 2, 300), rng.integers(0, 20, 300).astype(float)
    fpr, tpr, _ = roc_curve(labels, scores, drop_intermediate=False)
    classes = (labels == 1) / (labels == 1).sum(), (labels == 0) / (labels == 0).sum()
    np.testing.assert_allclose(detection.power(scores, *classes, fpr), tpr)


@given(ppms, backgrounds, rates, st.floats(-5, 5), st.floats(0.1, 5))
def test_only_the_order_of_scores_matters(ppm, q, rate, shift, scale):
    motif, background = law(ppm, q)
    score = np.log(motif / background)
    changed = detection.power(shift + scale * score, motif, background, rate)
    assert changed == pytest.approx(detection.power(score, motif, background, rate), abs=1e-6)


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
        detection.power(*arguments)


def test_other_bad_arguments_are_refused():
    wide = np.full((11, 4), 0.25)
    with pytest.raises(ValueError, match="at most 10 positions, got 11"):
        detection.word_scores(wide)
    with pytest.raises(ValueError, match="at most 10 positions, got 11"):
        detection.word_probabilities(wide)
    with pytest.raises(ValueError, match="as wide as the weights, 2, got 11"):
        detection.score_distribution(wide[:2], wide)
    with pytest.raises(ValueError, match="step must be greater than 0"):
        detection.score_distribution(wide, wide, 0)
    with pytest.raises(ValueError, match="rows that sum to 1"):
        detection.word_probabilities(np.zeros((2, 4)))
