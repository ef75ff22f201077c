"""Energies against numbers worked by hand, scipy and torch, and the laws that link the views."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import constants, special, stats

from motiflab import energy
from motiflab.examples import crp_energy_matrix, crp_sites
from motiflab.log_odds import prior_log_odds
from motiflab.motifs import Motif

BETAS = st.floats(0.3, 5.0)
matrices = arrays(float, st.tuples(st.integers(1, 5), st.just(4)), elements=st.floats(-4, 4))
BACKGROUNDS = arrays(float, 4, elements=st.floats(0.05, 1.0)).map(lambda q: q / q.sum())

# Two positions, worked by hand below.
EPS = [[0.0, 1.0, 2.0, 3.0], [0.5, 0.0, 1.5, 1.0]]


def all_energies(eps) -> np.ndarray:
    """Energies of all 4**K sites, one axis a position."""
    total = 0.0
    for row in np.asarray(eps):
        total = np.add.outer(total, row)
    return total


def test_the_gas_constant_is_that_of_the_si():
    assert pytest.approx(constants.R / 4184, rel=1e-14) == energy.GAS_CONSTANT


def test_inverse_temperature():
    # 298 * 0.00198720425864083 = 0.59218686907 kcal/mol; scipy has R in J/(mol K).
    assert energy.inverse_temperature(298) == pytest.approx(1 / 0.59218686907, rel=1e-10)
    assert energy.inverse_temperature(310) == pytest.approx(4184 / (constants.R * 310), rel=1e-12)


def test_site_energies_by_hand():
    # Windows AC, CG, GT of ACGT: 0 + 0, 1 + 1.5, 2 + 1; AN has 0 and the mean of 0.5, 0, 1.5, 1.
    assert energy.site_energies("ACGT", EPS).tolist() == [0.0, 2.5, 3.0]
    assert energy.site_energies("AN", EPS).tolist() == [0.75]


def test_site_energies_are_a_convolution_with_a_turned_sign():
    import torch

    eps = np.random.default_rng(1).normal(size=(6, 4))
    sequence = "".join(np.random.default_rng(2).choice(list("ACGT"), 40))
    x = torch.tensor([[[base == letter for letter in sequence] for base in "ACGT"]])
    w = torch.tensor(-eps.T[None])
    y = torch.nn.functional.conv1d(x.double(), w)[0, 0].numpy()
    np.testing.assert_allclose(energy.site_energies(sequence, eps), -y, atol=1e-12)


@given(energies=arrays(float, 5, elements=st.floats(-50, 50)), mu=st.floats(-50, 50), beta=BETAS)
def test_occupancy_is_scipys_expit(energies, mu, beta):
    expected = special.expit(beta * (mu - energies))
    np.testing.assert_allclose(energy.occupancy(energies, mu, beta), expected, rtol=1e-12)


def test_occupancy_falls_with_the_energy_and_rises_with_mu():
    e = np.linspace(-5, 5, 50)
    assert (np.diff(energy.occupancy(e, 0.3, 1.7)) < 0).all()
    assert (np.diff(energy.occupancy(0.3, e, 1.7)) > 0).all()
    assert energy.occupancy(1.25, 1.25, 1.7) == 0.5


@given(weights=matrices, beta=BETAS)
def test_energies_are_linked_to_scores_by_a_line(weights, beta):
    eps = energy.energies_of_weights(weights, beta)
    score = all_energies(weights)
    np.testing.assert_allclose(all_energies(eps), score.max() / beta - score / beta, atol=1e-9)
    assert (eps.min(axis=1) == 0).all()


@given(eps=matrices, beta=BETAS, q=BACKGROUNDS)
def test_the_log_likelihood_ratio_is_the_energy_up_to_a_line(eps, beta, q):
    theta = special.softmax(np.log(q) - beta * eps, axis=1)
    llr = all_energies(np.log(theta) - np.log(q))
    scores = all_energies(energy.log_odds_of_energies(eps, beta, q))
    np.testing.assert_allclose(scores, llr, atol=1e-9)
    zero = all_energies(eps) + llr / beta  # E_0 of E = E_0 - LLR / beta: the same for all sites
    np.testing.assert_allclose(zero, zero.flat[0], atol=1e-9)
    np.testing.assert_allclose(energy.boltzmann_ppm(eps, beta, q), theta, atol=1e-12)


def test_boltzmann_by_hand():
    # With beta = log 2 the weights of EPS are 1, 1/2, 1/4, 1/8 (times q).
    q = [0.4, 0.3, 0.2, 0.1]
    expected = np.array([0.4, 0.15, 0.05, 0.0125]) / 0.6125
    found = energy.boltzmann_ppm(EPS, math.log(2), q)[0]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    log_odds = energy.log_odds_of_energies(EPS, math.log(2), q)[0]
    np.testing.assert_allclose(log_odds, np.log(expected / q), rtol=1e-12)


@given(weights=matrices, beta=BETAS, q=BACKGROUNDS)
def test_there_and_back(weights, beta, q):
    eps = energy.energies_of_weights(weights, beta)
    log_odds = energy.log_odds_of_energies(eps, beta, q)
    free = log_odds - weights
    np.testing.assert_allclose(free, free[:, :1].repeat(4, axis=1), atol=1e-9)
    np.testing.assert_allclose(np.exp(log_odds) @ q, 1, atol=1e-12)
    np.testing.assert_allclose(energy.energies_of_weights(log_odds, beta), eps, atol=1e-9)


@given(eps=matrices, beta=BETAS, q=BACKGROUNDS, mu=st.floats(-5, 5), c=st.floats(-9, 9))
def test_a_constant_of_a_position_is_taken_up_by_mu(eps, beta, q, mu, c):
    moved = eps.copy()
    moved[0] += c
    same = energy.occupancy(all_energies(moved), mu + c, beta)
    np.testing.assert_allclose(same, energy.occupancy(all_energies(eps), mu, beta), atol=1e-9)
    for view in (energy.log_odds_of_energies, energy.boltzmann_ppm):
        np.testing.assert_allclose(view(moved, beta, q), view(eps, beta, q), atol=1e-9)


def test_the_bias_of_a_filter_is_mu_over_rt():
    # s(x) = b + sum W with W = -beta eps and b = beta mu is the logit of the occupancy.
    eps, beta, mu = np.array(EPS), 1.7, 0.8
    logit = beta * mu + all_energies(-beta * eps)
    bound = energy.occupancy(all_energies(eps), mu, beta)
    np.testing.assert_allclose(logit, special.logit(bound), atol=1e-12)


def test_huge_energies_do_not_overflow():
    eps = [[0.0, 1e4, 1e4, 1e4], [-1e4, 0.0, 0.0, 0.0]]
    np.testing.assert_allclose(energy.boltzmann_ppm(eps, 2.0)[:, 0], 1, rtol=1e-9)
    assert np.isfinite(energy.log_odds_of_energies(eps, 2.0)).all()


@given(a=matrices)
def test_agreement_is_the_correlation_after_centring(a):
    b = np.random.default_rng(0).normal(size=a.shape)
    centred = [m - m.mean(axis=1, keepdims=True) for m in (a, -b)]
    if np.ptp(a, axis=1).max() < 1e-3:
        return
    expected = stats.pearsonr(*(m.ravel() for m in centred)).statistic
    assert energy.agreement(a, b) == pytest.approx(expected, abs=1e-6)
    shifted = a + np.arange(len(a))[:, None]
    assert energy.agreement(shifted, b) == pytest.approx(expected, abs=1e-6)


def test_occupancy_is_the_binding_curve_of_dissociation_constants():
    # K_d in nanomolar, and the free protein; energies are differences of RT ln K_d.
    dissociation, beta = np.array([2.0, 20.0, 5000.0]), energy.inverse_temperature(310)
    energies = np.log(dissociation / dissociation[0]) / beta
    assert energies[1] == pytest.approx(1.4185, abs=1e-3)  # RT ln 10 at 310 K
    for protein in (0.1, 2, 300):
        mu = np.log(protein / dissociation[0]) / beta
        found = energy.occupancy(energies, mu, beta)
        np.testing.assert_allclose(found, protein / (protein + dissociation))


def test_the_bias_of_an_occupancy_is_the_log_prior_odds_of_being_bound():
    beta, eps = energy.inverse_temperature(298), crp_energy_matrix()[5:10]
    sites = np.indices((4,) * 5).reshape(5, -1).T
    cost = (eps - eps.min(axis=1, keepdims=True))[range(5), sites].sum(axis=1)
    ratios = energy.log_odds_of_energies(eps, beta)[range(5), sites].sum(axis=1)
    for mu, close in ((-6, True), (1, False)):
        share = energy.occupancy(cost, mu, beta).mean()
        # Exact at any mu, with the true distributions of bound and unbound sites ...
        bound = energy.occupancy(cost, mu, beta)
        exact = np.log(bound / bound.sum()) - np.log((1 - bound) / (1 - bound).sum())
        np.testing.assert_allclose(prior_log_odds(share) + exact, beta * (mu - cost))
        # ... and with Boltzmann's PPM while sites are rarely bound.
        off = np.abs(prior_log_odds(share) + ratios - beta * (mu - cost)).max()
        assert (off < 0.001) == close


def test_crp_sites_agree_with_fitted_energies_only_where_aligned():
    log_odds, eps = Motif.from_sites(crp_sites()).log_odds(), crp_energy_matrix()
    w = log_odds - log_odds.mean(axis=1, keepdims=True)
    e = eps - eps.mean(axis=1, keepdims=True)
    expected = -np.corrcoef(w.ravel(), e.ravel())[0, 1]
    assert energy.agreement(log_odds, eps) == pytest.approx(expected, rel=1e-9)
    assert 0.88 < expected < 0.91
    for d in [d for d in range(-8, 9) if d]:
        here, there = slice(max(0, d), 26 + min(0, d)), slice(max(0, -d), 26 - max(0, d))
        assert energy.agreement(log_odds[here], eps[there]) < 0.45
    rng = np.random.default_rng(0)
    shuffled = [energy.agreement(log_odds, eps[rng.permutation(26)]) for _ in range(500)]
    # Not 0 on average: both like A and T nearly everywhere.
    assert np.quantile(shuffled, 0.99) < 0.5 and 0.05 < np.mean(shuffled) < 0.2


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: energy.inverse_temperature(0), "temperature must be a positive number, got 0"),
        (lambda: energy.inverse_temperature(math.inf), "temperature must be a positive number"),
        (lambda: energy.site_energies("A", EPS), "at least the 2 bases of a site, got 1"),
        (lambda: energy.site_energies("AC", [[0, 1]]), r"shape \(K, 4\), K at least 1, got \(1, 2"),
        (lambda: energy.site_energies("AC", [[0, 1, 2, math.nan]]), "finite numbers"),
        (lambda: energy.site_energies("AC", "no"), "must be a .K, 4. array of numbers"),
        (lambda: energy.occupancy(0.0, 0.0, -1.0), "beta must be a positive number, got -1.0"),
        (lambda: energy.boltzmann_ppm(EPS, 0.0), "beta must be a positive number"),
        (lambda: energy.boltzmann_ppm(EPS, 1.0, [1, 0, 0, 0]), "four positive frequencies"),
        (lambda: energy.agreement(EPS, EPS[:1]), "must have the same shape"),
        (lambda: energy.agreement(EPS, [[1, 1, 1, 1]] * 2), "must both differ"),
    ],
)
def test_bad_input_is_answered_in_words(call, words):
    with pytest.raises(ValueError, match=words):
        call()
