"""The ensemble of bound sites against the plain sum over every site."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special

from motiflab import bound_sites
from motiflab.examples import crp_energy_matrix

matrices = arrays(float, st.tuples(st.integers(1, 5), st.just(4)), elements=st.floats(-3, 3))
BACKGROUNDS = arrays(float, 4, elements=st.floats(0.05, 1.0)).map(lambda q: q / q.sum())
BETA = 1 / 0.592


def every_site(eps, q) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Bases (4**K, K), energies and probabilities of all sites."""
    eps, q = np.asarray(eps), np.asarray(q)
    x = np.array(list(itertools.product(range(4), repeat=len(eps))))
    return x, eps[np.arange(len(eps)), x].sum(axis=1), q[x].prod(axis=1)


def by_enumeration(eps, mu, beta, q) -> np.ndarray:
    x, energies, share = every_site(eps, q)
    weight = np.exp(np.log(share) + special.log_expit(beta * (mu - energies)))
    weight = weight / weight.sum()
    return np.array([[weight[x[:, k] == a].sum() for a in range(4)] for k in range(x.shape[1])])


@given(eps=matrices, mu=st.floats(-15, 15), beta=st.floats(0.5, 3), q=BACKGROUNDS)
@settings(max_examples=50)
def test_bound_ppm_is_the_sum_over_every_site(eps, mu, beta, q):
    found = bound_sites.bound_ppm(eps, mu, beta, q)
    np.testing.assert_allclose(found, by_enumeration(eps, mu, beta, q), rtol=2e-4)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-12)


@given(eps=matrices, q=BACKGROUNDS)
@settings(max_examples=30)
def test_weakly_bound_sites_are_boltzmanns_and_saturated_ones_the_background(eps, q):
    boltzmann = special.softmax(np.log(q) - BETA * eps, axis=1)
    np.testing.assert_allclose(bound_sites.bound_ppm(eps, -60, BETA, q), boltzmann, rtol=2e-4)
    saturated = bound_sites.bound_ppm(eps, 60, BETA, q)
    np.testing.assert_allclose(saturated, np.tile(q, (len(eps), 1)), rtol=1e-6)


def test_a_mu_that_binds_nothing_still_has_a_ppm():
    eps = [[0.0, 1.0, 1.0, 1.0]]
    found = bound_sites.bound_ppm(eps, -5000, math.log(3))
    np.testing.assert_allclose(found, [[0.5, 1 / 6, 1 / 6, 1 / 6]], rtol=1e-4)


def test_one_position_by_hand():
    # At mu = 0 with beta = log 3: A is bound 1/2, the others 1/4 each: 2 to 1 to 1 to 1.
    found = bound_sites.bound_ppm([[0.0, 1.0, 1.0, 1.0]], 0, math.log(3))
    np.testing.assert_allclose(found, [[0.4, 0.2, 0.2, 0.2]], rtol=1e-6)


def test_a_constant_of_a_position_is_taken_up_by_mu():
    eps = crp_energy_matrix()
    moved = eps + np.linspace(-1, 1, 26)[:, None] + 0.25
    np.testing.assert_allclose(
        bound_sites.bound_ppm(moved, 26 * 0.25 - 6, BETA),
        bound_sites.bound_ppm(eps, -6, BETA),
        rtol=1e-9,
    )


def test_the_logo_of_crp_loses_information_as_mu_rises():
    eps = crp_energy_matrix()
    ppms = [bound_sites.bound_ppm(eps, mu, BETA) for mu in range(-16, 6)]
    bits = [(p * np.log2(p / 0.25)).sum() for p in ppms]
    assert (np.diff(bits) < 1e-6).all() and bits[0] > 6 and bits[-1] < 0.05


@given(eps=matrices, q=BACKGROUNDS)
@settings(max_examples=30)
def test_energy_distribution_has_the_moments_of_every_site(eps, q):
    _, energies, share = every_site(eps, q)
    grid, probability = bound_sites.energy_distribution(eps, q)
    assert probability.sum() == pytest.approx(1, abs=1e-12)
    assert grid[0] == pytest.approx(energies.min(), abs=1e-9)
    assert energies.max() <= grid[-1] + 1e-9 < energies.max() + 0.005 * (len(eps) + 1)
    assert (grid * probability).sum() == pytest.approx((energies * share).sum(), abs=1e-9)
    # Each position adds at most a quarter of the squared step to the variance.
    spread, found = (
        np.average((e - np.average(e, weights=p)) ** 2, weights=p)
        for e, p in ((energies, share), (grid, probability))
    )
    assert -1e-9 < found - spread < len(eps) * 0.005**2 / 4 + 1e-9


def test_energy_distribution_on_its_grid_is_exact():
    eps = [[0.0, 0.5, 1.0, 0.25], [0.75, 0.0, 0.25, 1.0], [0.0, 0.0, 0.0, 0.0]]
    q = [0.4, 0.3, 0.2, 0.1]
    _, energies, share = every_site(eps, q)
    grid, probability = bound_sites.energy_distribution(eps, q, step=0.25)
    expected = [share[np.isclose(energies, e)].sum() for e in grid]
    np.testing.assert_allclose(probability, expected, atol=1e-15)


def test_a_finer_grid_is_nearer():
    eps, q = np.random.default_rng(3).normal(size=(4, 4)), [0.3, 0.2, 0.2, 0.3]
    exact = by_enumeration(eps, -2, BETA, q)
    errors = [
        np.abs(bound_sites.bound_ppm(eps, -2, BETA, q, step) / exact - 1).max()
        for step in (0.2, 0.02)
    ]
    assert errors[1] < errors[0] / 30 and errors[1] < (BETA * 0.02) ** 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([[0, 1, 1, 1]], math.nan, 1.0), "mu must be a finite number, got nan"),
        (([[0, 1, 1, 1]], 0.0, 0.0), "beta must be a positive number"),
        (([[0, 1e9, 1, 1]], 0.0, 1.0), "must not span more than 2,000,000 steps in all"),
        (([[0, 1, 1]], 0.0, 1.0), "shape"),
        (([[0, 1, 1, 1]], 0.0, 1.0, [0.5, 0.5, 0, 0]), "four positive"),
        (([[0, 1, 1, 1]], 0.0, 1.0, None, 0.0), "step must be a positive number"),
    ],
)
def test_bad_input_is_answered_in_words(arguments, words):
    with pytest.raises(ValueError, match=words):
        bound_sites.bound_ppm(*arguments)
