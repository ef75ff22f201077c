"""Heads: their losses and derivatives against torch and scipy."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.special
import scipy.stats
import torch

from motiflab.layers import (
    HEADS,
    expected_reads,
    poisson_gradient,
    poisson_loss,
    profile_gradient,
    profile_loss,
    regression_gradient,
)
from motiflab.layers.heads import regression_loss

Z = np.random.default_rng(0).normal(0, 2, 200)
VALUES = np.random.default_rng(1).normal(0, 3, 200)
COUNTS = np.random.default_rng(2).poisson(2.0, 200)
TARGETS = {"classify": (COUNTS > 1).astype(float), "regress": VALUES, "count": COUNTS * 1.0}
TORCH = {
    "classify": (torch.sigmoid, torch.nn.BCEWithLogitsLoss(reduction="none")),
    "regress": (torch.clone, torch.nn.MSELoss(reduction="none")),
    "count": (torch.exp, torch.nn.PoissonNLLLoss(log_input=True, reduction="none")),
}


def test_every_head_is_tested():
    assert {*TORCH, "profile"} == set(HEADS)


@pytest.mark.parametrize("head", TORCH)
def test_every_head_is_that_of_torch(head):
    mean, loss = TORCH[head]
    z, y = torch.tensor(Z, requires_grad=True), torch.tensor(TARGETS[head])
    mine = HEADS[head]
    np.testing.assert_allclose(mine.mean(Z), mean(z).detach())
    np.testing.assert_allclose(mine.loss(TARGETS[head], Z), loss(z, y).detach(), atol=1e-12)
    (slope,) = torch.autograd.grad(mean(z).sum(), z)
    np.testing.assert_allclose(mine.slope(Z), slope)
    (gradient,) = torch.autograd.grad(loss(z, y).sum(), z)
    np.testing.assert_allclose(mine.gradient(TARGETS[head], Z), gradient, atol=1e-12)


def test_the_poisson_loss_is_scipys_likelihood_but_for_what_the_network_cannot_change():
    constant = scipy.stats.poisson.logpmf(COUNTS, COUNTS.clip(1)) + poisson_loss(
        COUNTS, np.log(COUNTS.clip(1))
    )
    expected = -scipy.stats.poisson.logpmf(COUNTS, np.exp(Z))
    np.testing.assert_allclose(poisson_loss(COUNTS, Z) - constant, expected)


def test_the_gradient_of_a_count_is_that_of_autograd():
    z = torch.tensor(Z, requires_grad=True)
    TORCH["count"][1](z, torch.tensor(COUNTS * 1.0)).sum().backward()
    np.testing.assert_allclose(poisson_gradient(COUNTS, Z), z.grad, atol=1e-12)
    assert poisson_gradient(7, np.log(3.0)) == pytest.approx(3 - 7)


def test_squared_errors_are_normal_likelihoods_up_to_a_factor_and_a_constant():
    likelihood = -scipy.stats.norm.logpdf(VALUES, Z)
    np.testing.assert_allclose(regression_loss(VALUES, Z) / 2 + np.log(2 * np.pi) / 2, likelihood)
    assert regression_gradient(5, 2) == -6


READS = np.random.default_rng(3).poisson(np.linspace(0, 8, 12), (40, 12))
NUMBERS = np.random.default_rng(4).normal(0, 2, (40, 13))


def test_the_loss_of_a_profile_is_scipys_multinomial_but_for_a_constant():
    """And half the total times a squared error: the Poisson likelihood near its minimum."""
    p, n = scipy.special.softmax(NUMBERS[:, :-1], axis=1), READS.sum(axis=1)
    places = -scipy.stats.multinomial.logpmf(READS, n, p)
    ways = scipy.special.gammaln(n + 1) - scipy.special.gammaln(READS + 1).sum(axis=1)
    error = (np.log(1 + n) - NUMBERS[:, -1]) ** 2
    np.testing.assert_allclose(profile_loss(READS, NUMBERS), places + ways + n / 2 * error)
    many, log_rate = 10_000, np.log(10_000) + 0.01
    poisson = [-scipy.stats.poisson.logpmf(many, rate) for rate in (np.exp(log_rate), many)]
    assert poisson[0] - poisson[1] == pytest.approx(many / 2 * 0.01**2, rel=0.01)


def test_the_gradient_of_a_profile_is_that_of_autograd_and_its_mean_adds_up():
    z = torch.tensor(NUMBERS, requires_grad=True)
    k = torch.tensor(READS * 1.0)
    n = k.sum(1)
    places = -(k * torch.log_softmax(z[:, :-1], 1)).sum(1)
    (places + n / 2 * (torch.log(1 + n) - z[:, -1]) ** 2).sum().backward()
    np.testing.assert_allclose(profile_gradient(READS, NUMBERS), z.grad, atol=1e-9)
    found = expected_reads(NUMBERS)
    np.testing.assert_allclose(found.sum(axis=1), np.expm1(NUMBERS[:, -1]).clip(0))
    shown = NUMBERS[:, -1] > 0
    wanted = scipy.special.softmax(NUMBERS[shown, :-1], axis=1)
    np.testing.assert_allclose(found[shown] / found[shown].sum(axis=1, keepdims=True), wanted)


def test_reads_that_do_not_fit_the_positions_are_refused():
    for reads, words in (([1, 2, 3], "2 positions"), ([1, -2], "at least 0"), (3, "2 positions")):
        with pytest.raises(ValueError, match=words):
            profile_loss(reads, [0.0, 0.0, 0.0])


@pytest.mark.parametrize(
    ("head", "target", "words"),
    [
        ("classify", 1.5, "from 0 to 1, got 1.5"),
        ("regress", np.nan, "finite"),
        ("count", -2.0, "at least 0, got -2"),
    ],
)
def test_a_target_that_a_head_cannot_have_is_refused(head, target, words):
    for refuses in (HEADS[head].loss, HEADS[head].gradient):
        with pytest.raises(ValueError, match=words):
            refuses([0.5, target], [0.0, 0.0])
