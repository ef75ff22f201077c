"""Heads: their losses and derivatives against torch and scipy."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
import torch

from motiflab.layers import HEADS, poisson_gradient, poisson_loss, regression_gradient
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


@pytest.mark.parametrize("head", HEADS)
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
