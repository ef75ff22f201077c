"""The matched filter against scipy's densities, and what no other filter can do better."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import correlate
from scipy.stats import multivariate_normal, norm

from motiflab.datasets import SPIKE, VOLTAGES, digitise, noisy_traces
from motiflab.motifs import (
    detectability,
    level_filter,
    matched_filter,
    noise_covariance,
    slopes,
)
from motiflab.sequences import LEVELS, one_hot

SHAPE = np.array(SPIKE)


def drawn(seed=0):
    """Return a shape, a covariance of no special form, and windows."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(5, 5))
    return rng.normal(size=5), root @ root.T + 0.1 * np.eye(5), rng.normal(size=(20, 5))


def test_its_score_is_the_log_likelihood_ratio_of_scipys_densities():
    shape, covariance, windows = drawn()
    weights, bias = matched_filter(shape, covariance)
    with_shape = multivariate_normal(shape, covariance).logpdf(windows)
    without = multivariate_normal(np.zeros(5), covariance).logpdf(windows)
    np.testing.assert_allclose(windows @ weights + bias, with_shape - without, rtol=1e-9)


def test_in_white_noise_it_is_the_shape_and_scanning_is_scipys_correlation():
    weights, bias = matched_filter(SHAPE, 4 * np.eye(len(SHAPE)))
    np.testing.assert_allclose(weights, SHAPE / 4)
    assert bias == pytest.approx(-(SHAPE**2).sum() / 8)
    trace = noisy_traces(1, 60, seed=3)[0]
    by_hand = [trace[j : j + len(SHAPE)] @ weights for j in range(60 - len(SHAPE) + 1)]
    np.testing.assert_allclose(by_hand, correlate(trace, weights, "valid"))


@pytest.mark.parametrize("colour", [0.0, 0.5, 0.9])
def test_the_noise_of_the_traces_has_the_covariance_that_is_said(colour):
    noise = noisy_traces(20_000, 6, colour, (), seed=1)
    np.testing.assert_allclose(np.cov(noise.T), noise_covariance(6, colour), atol=0.04)
    # The spike is added at one place of each trace, and nothing else.
    found = noisy_traces(50, 30, colour, seed=2) - noisy_traces(50, 30, colour, (), seed=2)
    assert np.isin(np.round(found, 9), np.round((0, *SPIKE), 9)).all()
    np.testing.assert_allclose(found.sum(axis=1), sum(SPIKE))


def test_no_other_filter_separates_better():
    shape, covariance, _ = drawn(1)
    best = detectability(matched_filter(shape, covariance)[0], shape, covariance)
    assert best == pytest.approx(np.sqrt(shape @ np.linalg.inv(covariance) @ shape))
    others = np.random.default_rng(2).normal(size=(500, 5))
    found = [detectability(other, shape, covariance) for other in others]
    assert max(found) < best and detectability(shape, shape, covariance) < best
    assert detectability(3 * others[0], shape, covariance) == pytest.approx(found[0])


def test_the_auroc_of_single_windows_follows_from_the_distance():
    covariance = noise_covariance(len(SHAPE), 0.8)
    rng = np.random.default_rng(3)
    noise = rng.multivariate_normal(np.zeros(len(SHAPE)), covariance, (2, 4000))
    small = 0.15 * SHAPE
    for weights in (small, matched_filter(small, covariance)[0]):
        with_shape, without = (noise[0] + small) @ weights, noise[1] @ weights
        area = (with_shape[:, None] > without).mean()
        expected = norm.cdf(detectability(weights, small, covariance) / np.sqrt(2))
        assert area == pytest.approx(expected, abs=0.015)


def test_the_filter_of_levels_is_the_log_ratio_of_scipys_densities_and_its_slope_the_shape():
    found = level_filter(SHAPE, VOLTAGES)
    expected = norm.logpdf(VOLTAGES, SHAPE[:, None]) - norm.logpdf(VOLTAGES)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    np.testing.assert_allclose(slopes(found, VOLTAGES), SHAPE, atol=1e-12)
    weights = np.random.default_rng(4).normal(size=(3, 8))
    fitted = [np.polyfit(VOLTAGES, row, 1)[0] for row in weights]
    np.testing.assert_allclose(slopes(weights, VOLTAGES), fitted)
    shares = np.random.default_rng(5).dirichlet(np.ones(8))
    fitted = [np.polyfit(VOLTAGES, row, 1, w=np.sqrt(shares))[0] for row in weights]
    np.testing.assert_allclose(slopes(weights, VOLTAGES, shares), fitted)


def test_a_filter_on_letters_scores_as_one_on_voltages():
    traces = noisy_traces(5, len(SHAPE), seed=5)
    for trace, text in zip(traces, digitise(traces), strict=True):
        rounded = one_hot(text, alphabet=LEVELS) @ VOLTAGES
        inside = abs(trace) < 4
        assert (abs(rounded - trace)[inside] <= 0.5).all()
        by_letters = (one_hot(text, alphabet=LEVELS) * level_filter(SHAPE, VOLTAGES)).sum()
        weights, bias = matched_filter(SHAPE, np.eye(len(SHAPE)))
        assert by_letters == pytest.approx(rounded @ weights + bias)


def test_a_covariance_of_another_size_is_refused():
    with pytest.raises(ValueError, match=r"covariance must have the shape \(K, K\)"):
        matched_filter([1.0, 2.0], np.eye(3))
    with pytest.raises(ValueError, match="weights must be like the shape"):
        detectability([0.0, 0.0], [1.0, 2.0], np.eye(2))
