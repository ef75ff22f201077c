"""Calibration against scikit-learn, and the correction of the prior against Bayes' rule."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from motiflab.evaluation.calibration import (
    brier_score,
    reliability,
    shift_prior,
    weighted_share,
)
from motiflab.layers.activations import sigmoid

# A grid, so that probabilities lie on the edges of bins, too.
predicted = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 40).map(lambda i: i / 40)), min_size=2, max_size=60
)
shares = st.floats(0.001, 0.999)


def unpack(pairs):
    labels, probabilities = np.transpose(pairs)
    assume(0 < labels.sum() < len(labels))
    return labels.astype(int), probabilities


@given(predicted, st.integers(1, 12))
def test_reliability_and_brier_score_are_those_of_scikit_learn(pairs, bins):
    labels, probabilities = unpack(pairs)
    found = reliability(labels, probabilities, bins)
    observed, mean = calibration_curve(labels, probabilities, n_bins=bins, strategy="uniform")
    np.testing.assert_allclose(found.predicted, mean)
    np.testing.assert_allclose(found.observed, observed, atol=1e-12)
    assert found.count.sum() == len(labels)
    assert brier_score(labels, probabilities) == pytest.approx(
        brier_score_loss(labels, probabilities)
    )


def test_counts_of_bins_worked_by_hand():
    found = reliability([0, 1, 0, 1, 1], [0.0, 0.25, 0.5, 0.51, 1.0], bins=4)
    assert found.count.tolist() == [2, 1, 1, 1]
    assert found.observed.tolist() == [0.5, 0, 1, 1]


@given(shares, shares, st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_a_shifted_logit_is_bayes_rule_with_the_other_prior(trained, used, in_positives, in_others):
    # One observation with these chances in the two classes.
    def posterior(prior):
        joint = in_positives * prior, in_others * (1 - prior)
        return joint[0] / sum(joint)

    there = posterior(trained)
    logit = np.log(there / (1 - there))
    assert sigmoid(shift_prior(logit, trained, used)) == pytest.approx(posterior(used))


@given(shares, st.floats(0.01, 100))
def test_a_weight_is_as_many_copies_of_each_positive(share, weight):
    positives, negatives = share * weight, 1 - share
    assert weighted_share(share, weight) == pytest.approx(positives / (positives + negatives))


def test_an_intercept_fitted_with_weights_has_the_weighted_share():
    # Without features, a logistic regression predicts the share that its loss sees.
    from scipy.optimize import minimize_scalar

    def loss(z):
        return 0.1 * 7 * np.logaddexp(0, -z) + 0.9 * np.logaddexp(0, z)

    best = minimize_scalar(loss).x
    assert sigmoid(best) == pytest.approx(weighted_share(0.1, 7), abs=1e-6)
    assert sigmoid(shift_prior(best, weighted_share(0.1, 7), 0.1)) == pytest.approx(0.1, abs=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: reliability([0, 1], [0.5, 1.5]), "probabilities must lie from 0 to 1, got 1.5"),
        (lambda: reliability([0, 1], [0.5, 0.5], 0), "bins must be a whole number from 1 to 100"),
        (lambda: brier_score([0, 1], [0.5]), "labels and scores must be two rows of the same"),
        (lambda: shift_prior(0, 0, 0.5), "trained must be a number above 0 and below 1, got 0"),
        (lambda: shift_prior(0, 0.5, 1), "used must be a number above 0 and below 1, got 1"),
        (lambda: weighted_share(0.5, 0), "weight must be a positive number, got 0"),
        (lambda: weighted_share(1, 2), "share must be a number above 0 and below 1, got 1"),
    ],
)
def test_bad_values_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
