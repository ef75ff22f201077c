"""Activations, cross-entropy and their derivatives against torch and its autograd."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logsumexp
from scipy.stats import bernoulli

from motiflab.layers import activations

numbers = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=20)
moderate = st.lists(st.floats(-700, 700), min_size=1, max_size=20)
PAIRS = {
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "exponential": torch.exp,
}


@pytest.mark.parametrize("name", PAIRS)
@given(values=moderate)
def test_function_and_derivative_are_those_of_autograd(name, values):
    z = torch.tensor(values, dtype=torch.float64, requires_grad=True)
    expected = PAIRS[name](z)
    expected.sum().backward()
    function = getattr(activations, name)
    derivative = getattr(activations, f"{name}_derivative", function)  # exp is its own
    np.testing.assert_allclose(function(values), expected.detach(), rtol=1e-12)
    # Autograd computes tanh' as 1 - tanh**2, which loses digits where ours does not.
    np.testing.assert_allclose(derivative(values), z.grad, rtol=1e-9, atol=1e-15)


def test_derivatives_do_not_vanish_by_rounding():
    # 4 exp(-2z) and exp(-z) to first order, far beyond where 1 - tanh(z)**2 rounds to 0.
    np.testing.assert_allclose(activations.tanh_derivative(50.0), 4 * np.exp(-100.0))
    np.testing.assert_allclose(activations.sigmoid_derivative(50.0), np.exp(-50.0))


def test_exponential_overflows_to_infinity_without_a_warning():
    assert activations.exponential(1e4) == np.inf


@given(numbers, st.randoms())
def test_cross_entropy_and_its_gradient_are_those_of_torch(values, random):
    labels = [random.choice([0.0, 1.0, random.random()]) for _ in values]
    z = torch.tensor(values, dtype=torch.float64, requires_grad=True)
    y = torch.tensor(labels, dtype=torch.float64)
    expected = torch.nn.functional.binary_cross_entropy_with_logits(z, y, reduction="none")
    expected.sum().backward()
    got = activations.cross_entropy(labels, values)
    np.testing.assert_allclose(got, expected.detach(), rtol=1e-12, atol=1e-12)
    gradient = activations.cross_entropy_gradient(labels, values)
    np.testing.assert_allclose(gradient, z.grad, rtol=1e-12, atol=1e-12)


@given(st.floats(-30, 30), st.sampled_from([0, 1]))
def test_cross_entropy_is_the_formula_of_the_docstring(z, y):
    # -log of the probability of the observed label; 1 - s is sigmoid(-z).
    seen = activations.sigmoid(z if y else -z)
    np.testing.assert_allclose(activations.cross_entropy(y, z), -np.log(seen), atol=1e-12)


@given(numbers, st.randoms())
def test_squared_error_and_its_gradient_are_those_of_torch(values, random):
    labels = [random.choice([0.0, 1.0, random.random()]) for _ in values]
    z = torch.tensor(values, dtype=torch.float64, requires_grad=True)
    expected = 0.5 * (torch.sigmoid(z) - torch.tensor(labels, dtype=torch.float64)) ** 2
    expected.sum().backward()
    got = activations.squared_error(labels, values)
    np.testing.assert_allclose(got, expected.detach(), rtol=1e-12, atol=1e-12)
    gradient = activations.squared_error_gradient(labels, values)
    np.testing.assert_allclose(gradient, z.grad, rtol=1e-9, atol=1e-12)


@given(st.floats(-30, 30), st.sampled_from([0, 1]))
def test_cross_entropy_is_the_negative_log_likelihood_of_scipys_bernoulli(z, y):
    # From the probability of the observed label, as 1 - expit(z) rounds to 0 for large z.
    expected = -bernoulli.logpmf(1, expit(z if y else -z))
    np.testing.assert_allclose(activations.cross_entropy(y, z), expected, atol=1e-12, rtol=1e-9)


def test_squared_error_worked_by_hand():
    # z = ln 3, so s = 3/4; y = 0: (3/4)^2 / 2 = 9/32, and 3/4 * 3/4 * 1/4 = 9/64.
    assert activations.squared_error(0, np.log(3)) == pytest.approx(9 / 32)
    assert activations.squared_error_gradient(0, np.log(3)) == pytest.approx(9 / 64)


def test_confidently_wrong_squared_error_has_no_gradient_left():
    assert activations.cross_entropy_gradient(1, -20.0) == pytest.approx(-1, abs=1e-8)
    assert abs(activations.squared_error_gradient(1, -20.0)) < 1e-8


@pytest.mark.parametrize("label", [-0.1, 2, np.nan])
def test_a_label_outside_0_to_1_is_refused(label):
    with pytest.raises(ValueError, match="label must hold numbers from 0 to 1"):
        activations.cross_entropy([0, label], [0.0, 0.0])
    with pytest.raises(ValueError, match="label must hold numbers from 0 to 1"):
        activations.cross_entropy_gradient(label, 0.0)


@given(st.integers(1, 4), st.integers(1, 5), st.sampled_from([0, 1]), st.integers(0, 2**32 - 1))
def test_log_sum_exp_is_that_of_scipy(rows, columns, axis, seed):
    values = np.random.default_rng(seed).normal(0, 500, (rows, columns))
    expected = logsumexp(values, axis=axis)
    np.testing.assert_allclose(activations.log_sum_exp(values, axis), expected, rtol=1e-12)
