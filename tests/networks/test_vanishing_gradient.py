"""The gradient in a deep network against torch's autograd, and its size with depth."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from motiflab.networks import vanishing_gradient

FUNCTIONS = {"relu": torch.relu, "sigmoid": torch.sigmoid, "tanh": torch.tanh}


def by_autograd(weights, activation, x, labels):
    """Return torch's gradients with respect to the pre-activations and to the weights."""
    leaves = [torch.tensor(w).requires_grad_() for w in weights]
    hidden, inner = torch.tensor(np.asarray(x, dtype=float)), []
    for w in leaves[:-1]:
        inner.append(hidden @ w.T)
        inner[-1].retain_grad()
        hidden = FUNCTIONS[activation](inner[-1])
    logits = (hidden @ leaves[-1].T)[:, 0]
    target = torch.tensor(np.asarray(labels, dtype=float))
    torch.nn.functional.binary_cross_entropy_with_logits(logits, target).backward()
    return [z.grad.numpy() for z in inner], [w.grad.numpy() for w in leaves]


@given(
    st.sampled_from(vanishing_gradient.ACTIVATIONS),
    st.sampled_from(vanishing_gradient.INITIALISATIONS),
    st.integers(1, 6),
    st.integers(1, 7),
    st.integers(0, 10**6),
)
def test_signals_and_gradients_are_those_of_autograd(activation, start, layers, width, seed):
    rng = np.random.default_rng(seed)
    x, labels = rng.normal(size=(5, 3)), rng.integers(0, 2, 5)
    weights = vanishing_gradient.initial_weights(3, layers, width, start, seed)
    back = vanishing_gradient.backpropagate(weights, activation, x, labels)
    signals, slopes = by_autograd(weights, activation, x, labels)
    assert len(back.signals) == layers and len(back.weights) == layers + 1
    for got, expected in zip(back.signals + back.weights, signals + slopes):
        np.testing.assert_allclose(got, expected, atol=1e-10, rtol=1e-9)
    sizes = vanishing_gradient.signal_sizes(activation, layers, x, labels, start, width, seed)
    np.testing.assert_allclose(sizes, [math.sqrt((s**2).sum()) for s in signals], rtol=1e-9)


@given(
    st.sampled_from([("sigmoid", 0.25), ("relu", 1.0), ("tanh", 1.0)]),
    st.sampled_from(vanishing_gradient.INITIALISATIONS),
    st.integers(0, 10**6),
    st.floats(0.1, 20),
)
def test_a_layer_stretches_the_signal_at_most_by_its_weights_and_slope(pair, start, seed, times):
    activation, slope = pair
    rng = np.random.default_rng(seed)
    x, labels = rng.normal(size=(5, 3)), rng.integers(0, 2, 5)
    weights = [times * w for w in vanishing_gradient.initial_weights(3, 4, 6, start, seed)]
    sizes = [
        np.linalg.norm(s)
        for s in vanishing_gradient.backpropagate(weights, activation, x, labels).signals
    ]
    for near, far, w in zip(sizes, sizes[1:], weights[1:]):
        assert near <= slope * np.linalg.svd(w)[1].max() * far * (1 + 1e-9)


def test_sigmoids_lose_the_signal_with_small_weights_and_gain_it_with_large_ones():
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(20, 50)), rng.integers(0, 2, 20)
    left = {}
    for times in (1, 16):
        weights = [
            times * w for w in vanishing_gradient.initial_weights(50, 20, initialisation="he")
        ]
        signals = vanishing_gradient.backpropagate(weights, "sigmoid", x, labels).signals
        left[times] = np.linalg.norm(signals[0]) / np.linalg.norm(signals[-1])
    assert left[1] < 1e-8 and left[16] > 1


def test_a_signal_worked_by_hand():
    # x = 2, W1 = 1, w = 3: z1 = 2, logit 6. For y = 0: dL/dz = s(6); through ReLU times 3.
    back = vanishing_gradient.backpropagate(
        [np.array([[1.0]]), np.array([[3.0]])], "relu", [[2.0]], [0]
    )
    push = 1 / (1 + math.exp(-6))
    assert back.signals[0][0, 0] == pytest.approx(3 * push)
    assert back.weights[0][0, 0] == pytest.approx(6 * push)
    assert back.weights[1][0, 0] == pytest.approx(2 * push)


@pytest.mark.parametrize(
    ("start", "deviation", "limit"),
    [
        ("he", math.sqrt(2 / 300), math.inf),
        ("glorot", math.sqrt(6 / 600) / math.sqrt(3), math.sqrt(6 / 600)),
        ("torch", math.sqrt(1 / 300) / math.sqrt(3), math.sqrt(1 / 300)),
    ],
)
def test_a_start_has_the_spread_that_its_name_promises(start, deviation, limit):
    inner = vanishing_gradient.initial_weights(20, 2, 300, start, seed=1)[1]
    assert inner.shape == (300, 300)
    assert inner.std() == pytest.approx(deviation, rel=0.02) and abs(inner.mean()) < deviation / 50
    assert np.abs(inner).max() <= limit


def test_the_starts_have_the_spread_of_torchs_own():
    torch.manual_seed(0)
    linear = torch.nn.Linear(300, 300)
    by_torch = {
        "he": torch.nn.init.kaiming_normal_(torch.empty(300, 300), nonlinearity="relu"),
        "glorot": torch.nn.init.xavier_uniform_(torch.empty(300, 300)),
        "torch": linear.weight.detach(),
    }
    for start, expected in by_torch.items():
        inner = vanishing_gradient.initial_weights(20, 2, 300, start, seed=1)[1]
        assert inner.std() == pytest.approx(float(expected.std()), rel=0.03)


def test_sigmoids_lose_the_gradient_and_relu_keeps_it():
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(40, 30)), rng.integers(0, 2, 40)
    left = {}
    for activation in vanishing_gradient.ACTIVATIONS:
        runs = [
            vanishing_gradient.signal_sizes(activation, 20, x, labels, "he", seed=s)
            for s in range(5)
        ]
        left[activation] = np.median([run[0] / run[-1] for run in runs])
    assert left["sigmoid"] < 1e-8
    assert 0.1 < left["relu"] < 10 and 0.1 < left["tanh"] < 10


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"depth": 0}, "depth must be a whole number"),
        ({"inputs": 2.0}, "inputs must be a whole number"),
        ({"initialisation": "zero"}, "initialisation must be one of he, glorot, torch"),
    ],
)
def test_a_start_that_cannot_be_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        vanishing_gradient.initial_weights(**{"inputs": 3, "depth": 2, **wrong})


def test_examples_that_do_not_fit_are_refused():
    weights = vanishing_gradient.initial_weights(3, 2)
    with pytest.raises(ValueError, match="activation must be one of"):
        vanishing_gradient.backpropagate(weights, "step", np.ones((2, 3)), [0, 1])
    with pytest.raises(ValueError, match=r"x must have the shape \(N, 3\)"):
        vanishing_gradient.backpropagate(weights, "relu", np.ones((2, 4)), [0, 1])
