"""Sums, pairs and a curve: against scikit-learn, scipy, and values made by a known curve."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import least_squares
from scipy.special import expit
from sklearn.linear_model import Ridge
from sklearn.preprocessing import PolynomialFeatures

from motiflab.evaluation import r_squared
from motiflab.networks import fit_measured, measured_features

RNG = np.random.default_rng(3)
X = np.eye(4)[RNG.integers(0, 4, (600, 4))].transpose(0, 2, 1)
WEIGHTS = RNG.normal(0, 2, 12)
PHI = measured_features(X) @ WEIGHTS + 0.5
VALUES = -0.3 + 2.5 * expit(PHI) + RNG.normal(0, 0.05, 600)


@pytest.mark.parametrize("pairs", [False, True])
def test_without_a_curve_it_is_ridge_regression(pairs):
    features = measured_features(X)
    if pairs:  # products of two different positions: those within one are always 0
        every = PolynomialFeatures(2, interaction_only=True, include_bias=False)
        features = every.fit_transform(features)
    oracle = Ridge(alpha=2.0).fit(features, VALUES)
    fit = fit_measured(X, VALUES, pairs=pairs, ridge=2.0)
    np.testing.assert_allclose(fit.predict(X), oracle.predict(features), atol=1e-8)
    assert fit.latent(X) == pytest.approx(fit.predict(X))
    assert len(fit.weights) == 12 + pairs * 6 * 9


def test_with_a_curve_it_is_the_least_squares_of_scipy():
    features = measured_features(X)

    def miss(at):
        return np.append(at[0] + at[1] * expit(features @ at[3:] + at[2]) - VALUES, at[3:])

    oracle = least_squares(miss, [0, 2, 0, *np.zeros(12)], xtol=1e-12, ftol=1e-12)
    fit = fit_measured(X, VALUES, curve=True, ridge=1.0)
    mine = [*fit.curve, fit.bias, *fit.weights]
    assert (miss(mine) ** 2).sum() == pytest.approx((oracle.fun**2).sum(), rel=1e-4)
    np.testing.assert_allclose(fit.predict(X), VALUES + oracle.fun[:600], atol=0.02)


def test_the_curve_that_made_the_values_is_found_where_sums_and_pairs_miss_it():
    half = np.arange(600) < 400
    shares = {
        (pairs, curve): r_squared(
            VALUES[~half], fit_measured(X[half], VALUES[half], pairs, curve, 0.01).predict(X[~half])
        )
        for pairs in (False, True)
        for curve in (False, True)
    }
    assert shares[False, False] < shares[True, False] < shares[False, True] - 0.02
    assert shares[False, True] > 0.99
    fit = fit_measured(X, VALUES, curve=True, ridge=0.01)
    assert fit.curve == pytest.approx((-0.3, 2.5), abs=0.06)
    np.testing.assert_allclose(fit.weights, WEIGHTS, atol=0.4)


def test_a_position_that_never_varies_gets_no_weight():
    still = X.copy()
    still[:, :, 2] = np.eye(4)[1]
    for curve in (False, True):
        fit = fit_measured(still, VALUES, curve=curve)
        assert (fit.weights[6:9] == 0).all() and np.isfinite(fit.predict(still)).all()


@pytest.mark.parametrize(
    ("x", "y", "ridge", "words"),
    [
        (X[0], VALUES, 1, "x must have the shape"),
        (X, VALUES[:5], 1, "y must hold a finite number for each of 600"),
        (X, np.full(600, np.nan), 1, "y must hold a finite number"),
        (X, VALUES, 0, "ridge must be a positive number"),
    ],
)
def test_what_cannot_be_fitted_is_refused(x, y, ridge, words):
    with pytest.raises(ValueError, match=words):
        fit_measured(x, y, ridge=ridge)
