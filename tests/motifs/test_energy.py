"""Energies against numbers worked by hand, scipy and torch, and the laws that link the views."""

from __future__ import annotations

import itertools
import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import constants, special, stats

from motiflab.datasets.published_sites import crp_energy_matrix, crp_sites
from motiflab.motifs import energy
from motiflab.motifs.log_odds import prior_log_odds
from motiflab.motifs.motif import Motif

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
        (lambda: energy.site_energies("AC", "no"), "must hold numbers, in rows of equal length"),
        (lambda: energy.occupancy(0.0, 0.0, -1.0), "beta must be a positive number, got -1.0"),
        (lambda: energy.boltzmann_ppm(EPS, 0.0), "beta must be a positive number"),
        (lambda: energy.boltzmann_ppm(EPS, 1.0, [1, 0, 0, 0]), "four positive frequencies"),
        (lambda: energy.agreement(EPS, EPS[:1]), "energies must have the shape of the weights"),
        (lambda: energy.agreement(EPS, [[1, 1, 1, 1]] * 2), "must both differ"),
    ],
)
def test_bad_input_is_answered_in_words(call, words):
    with pytest.raises(ValueError, match=words):
        call()


BETAS_ENERGY_VIEWS = st.floats(0.5, 3.0)


@given(w=matrices, beta=BETAS_ENERGY_VIEWS, q=BACKGROUNDS)
def test_views_of_a_filter_are_scipys(w, beta, q):
    views = energy.views_of(w, "filter", beta, q)
    theta = special.softmax(w + np.log(q), axis=1)
    np.testing.assert_allclose(views.filter, w)
    np.testing.assert_allclose(views.probabilities, theta, atol=1e-12)
    np.testing.assert_allclose(views.log_odds, np.log(theta / q), atol=1e-9)
    # Odds of two bases are exp(-beta * difference of energies); the best base has 0.
    np.testing.assert_allclose(
        views.energies, np.max(w, axis=1, keepdims=True) / beta - w / beta, atol=1e-9
    )
    assert views.note == ""


@given(w=matrices, beta=BETAS_ENERGY_VIEWS, q=BACKGROUNDS, name=st.sampled_from(energy.NAMES))
def test_a_view_given_back_gives_the_same_motif_and_no_note(w, beta, q, name):
    first = energy.views_of(w, "filter", beta, q)
    again = energy.views_of(getattr(first, name), name, beta, q)
    for one in ("log_odds", "probabilities", "energies"):
        np.testing.assert_allclose(getattr(again, one), getattr(first, one), atol=1e-9)
    assert again.note == ""


def test_by_hand():
    # theta = 4/7, 1/7, 1/7, 1/7 with a uniform background, beta = log 2: 4 to 1 costs 2 kcal/mol.
    views = energy.views_of([[0, 2, 2, 2]], "energies", np.log(2))
    np.testing.assert_allclose(views.probabilities, [[4 / 7, 1 / 7, 1 / 7, 1 / 7]])
    np.testing.assert_allclose(views.log_odds, np.log([[16 / 7, 4 / 7, 4 / 7, 4 / 7]]))
    np.testing.assert_allclose(views.filter, views.log_odds)


@pytest.mark.parametrize(
    ("numbers", "given", "note"),
    [
        ([[2, 1, 1, 1]], "probabilities", "Position 0 sums to 5, so its numbers were divided by"),
        ([[0.25] * 4, [0.3] * 4, [1] * 4], "probabilities", "Position 1 sums to 1.2, .*1 more"),
        ([[0, 0, 0, 0], [1, 1, 1, 1]], "log_odds", "Position 1 broke .*, so 1 was subtracted"),
        ([[0, 1, 1, 1], [-0.5, 1, 1, 1]], "energies", "Position 1 has −0.5 at its best base"),
        ([[7, 1, 1, 1]], "filter", "^$"),
        ([[0.2502, 0.25, 0.25, 0.25]], "probabilities", "^$"),
    ],
)
def test_a_note_says_what_was_done(numbers, given, note):
    assert re.search(note, energy.views_of(numbers, given, 1.7).note)


def test_a_constant_of_a_position_changes_no_other_view():
    w = np.random.default_rng(0).normal(size=(3, 4))
    first = energy.views_of(w, "filter", 1.7)
    moved = energy.views_of(w + [[5], [0], [-3]], "filter", 1.7)
    for one in ("log_odds", "probabilities", "energies"):
        np.testing.assert_allclose(getattr(moved, one), getattr(first, one), atol=1e-12)


@pytest.mark.parametrize(
    ("numbers", "given", "words"),
    [
        ([[0, 0, 0, 0]], "probabilities", "Position 0 sums to 0: some base must be possible"),
        ([[0.5, 0.5, 0, 0]], "probabilities", "G at position 0 has the probability 0, which would"),
        ([[0.5, -0.1, 0.3, 0.3]], "probabilities", "C at position 0 must not have a negative"),
        ([[1, 1, 1, 1]], "scores", "given must be one of filter, log_odds, prob.*got 'scores'"),
        ([[1, 1, 1]], "filter", r"numbers must have the shape \(K, 4\)"),
    ],
)
def test_bad_input_is_answered_in_words_of_energy_views(numbers, given, words):
    with pytest.raises(ValueError, match=words):
        energy.views_of(numbers, given, 1.7)


matrices_of_bound_sites = arrays(
    float, st.tuples(st.integers(1, 5), st.just(4)), elements=st.floats(-3, 3)
)
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


@given(eps=matrices_of_bound_sites, mu=st.floats(-15, 15), beta=st.floats(0.5, 3), q=BACKGROUNDS)
@settings(max_examples=50)
def test_bound_ppm_is_the_sum_over_every_site(eps, mu, beta, q):
    found = energy.bound_ppm(eps, mu, beta, q)
    np.testing.assert_allclose(found, by_enumeration(eps, mu, beta, q), rtol=2e-4)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-12)


@given(eps=matrices_of_bound_sites, q=BACKGROUNDS)
@settings(max_examples=30)
def test_weakly_bound_sites_are_boltzmanns_and_saturated_ones_the_background(eps, q):
    boltzmann = special.softmax(np.log(q) - BETA * eps, axis=1)
    np.testing.assert_allclose(energy.bound_ppm(eps, -60, BETA, q), boltzmann, rtol=2e-4)
    saturated = energy.bound_ppm(eps, 60, BETA, q)
    np.testing.assert_allclose(saturated, np.tile(q, (len(eps), 1)), rtol=1e-6)


def test_a_mu_that_binds_nothing_still_has_a_ppm():
    eps = [[0.0, 1.0, 1.0, 1.0]]
    found = energy.bound_ppm(eps, -5000, math.log(3))
    np.testing.assert_allclose(found, [[0.5, 1 / 6, 1 / 6, 1 / 6]], rtol=1e-4)


def test_one_position_by_hand():
    # At mu = 0 with beta = log 3: A is bound 1/2, the others 1/4 each: 2 to 1 to 1 to 1.
    found = energy.bound_ppm([[0.0, 1.0, 1.0, 1.0]], 0, math.log(3))
    np.testing.assert_allclose(found, [[0.4, 0.2, 0.2, 0.2]], rtol=1e-6)


def test_a_constant_of_a_position_is_taken_up_by_mu_of_bound_sites():
    eps = crp_energy_matrix()
    moved = eps + np.linspace(-1, 1, 26)[:, None] + 0.25
    np.testing.assert_allclose(
        energy.bound_ppm(moved, 26 * 0.25 - 6, BETA),
        energy.bound_ppm(eps, -6, BETA),
        rtol=1e-9,
    )


def test_the_logo_of_crp_loses_information_as_mu_rises():
    eps = crp_energy_matrix()
    ppms = [energy.bound_ppm(eps, mu, BETA) for mu in range(-16, 6)]
    bits = [(p * np.log2(p / 0.25)).sum() for p in ppms]
    assert (np.diff(bits) < 1e-6).all() and bits[0] > 6 and bits[-1] < 0.05


@given(eps=matrices_of_bound_sites, q=BACKGROUNDS)
@settings(max_examples=30)
def test_energy_distribution_has_the_moments_of_every_site(eps, q):
    _, energies, share = every_site(eps, q)
    grid, probability = energy.energy_distribution(eps, q)
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
    grid, probability = energy.energy_distribution(eps, q, step=0.25)
    expected = [share[np.isclose(energies, e)].sum() for e in grid]
    np.testing.assert_allclose(probability, expected, atol=1e-15)


def test_a_finer_grid_is_nearer():
    eps, q = np.random.default_rng(3).normal(size=(4, 4)), [0.3, 0.2, 0.2, 0.3]
    exact = by_enumeration(eps, -2, BETA, q)
    errors = [
        np.abs(energy.bound_ppm(eps, -2, BETA, q, step) / exact - 1).max() for step in (0.2, 0.02)
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
def test_bad_input_is_answered_in_words_of_bound_sites(arguments, words):
    with pytest.raises(ValueError, match=words):
        energy.bound_ppm(*arguments)
