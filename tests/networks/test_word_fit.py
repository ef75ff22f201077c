"""Filters fitted to a whole population of words, against torch, scikit-learn and the proof."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.stats import entropy

from motiflab.layers import cross_entropy
from motiflab.motifs.dependencies import coupled_pairs
from motiflab.networks import ModelSettings, OneLayerNetwork, forward
from motiflab.networks.word_fit import _loss, _words, fit_words, least_loss
from motiflab.sequences import encode

EVEN = coupled_pairs(0.0)
tables = arrays.arrays(float, (4, 4), elements=st.floats(0.01, 1)).map(lambda t: t / t.sum())


@settings(max_examples=20)
@given(st.integers(0, 999), st.integers(1, 4), st.sampled_from(["relu", "none"]))
def test_loss_and_gradient_are_torchs(seed, filters, activation):
    import torch

    x = np.random.default_rng(seed).normal(size=10 * filters + 1)
    shares = coupled_pairs(0.7).ravel(), np.full(16, 1 / 16)
    t = torch.tensor(x, requires_grad=True)
    weights, biases, dense = t[:-1].split([8 * filters, filters, filters])
    hidden = torch.tensor(_words()) @ weights.view(filters, 8).T + biases
    hidden = hidden.relu() if activation == "relu" else hidden
    logits = torch.cat([hidden @ dense + t[-1]] * 2)
    labels = torch.tensor([1.0] * 16 + [0.0] * 16, dtype=torch.float64)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(
        logits, labels, torch.tensor(np.concatenate(shares) / 2), reduction="sum"
    )
    loss.backward()
    found, gradient = _loss(x, _words(), *shares, filters, activation)
    assert found == pytest.approx(loss.item(), abs=1e-12)
    np.testing.assert_allclose(gradient, t.grad.numpy(), atol=1e-12)


@pytest.mark.parametrize("strength", [0.2, 0.6, 0.95])
def test_one_linear_filter_learns_nothing_where_the_marginals_are_equal(strength):
    fit = fit_words(coupled_pairs(strength), EVEN, 1, "none")
    assert fit.losses == pytest.approx([np.log(2)] * 10, abs=1e-6)
    np.testing.assert_allclose(fit.logits, 0, atol=5e-3)


def test_at_zero_weights_the_gradient_is_zero_as_the_proof_has_it():
    shares = coupled_pairs(0.9).ravel(), EVEN.ravel()
    zero = np.zeros(11)
    zero[9] = 1.0  # the dense weight: otherwise the gradient would vanish for any population
    _, gradient = _loss(zero, _words(), *shares, 1, "none")
    np.testing.assert_allclose(gradient, 0, atol=1e-15)


def test_one_linear_filter_finds_what_is_in_the_marginals_as_scikit_learn_does():
    from sklearn.linear_model import LogisticRegression

    positive = np.outer([0.4, 0.3, 0.2, 0.1], [0.1, 0.1, 0.3, 0.5])
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=1000)
    labels, both = np.repeat([1, 0], 16), np.tile(_words(), (2, 1))
    model.fit(both, labels, sample_weight=np.concatenate([positive.ravel(), EVEN.ravel()]))
    fit = fit_words(positive, EVEN, 1, "none", starts=3)
    np.testing.assert_allclose(fit.logits.ravel(), model.decision_function(_words()), atol=0.01)
    np.testing.assert_allclose(fit.logits, np.log(positive / EVEN), atol=0.01)
    assert fit.loss == pytest.approx(least_loss(positive, EVEN), abs=1e-6)


def test_more_relu_filters_get_the_dependency_step_by_step():
    positive = coupled_pairs(0.8)
    best = least_loss(positive, EVEN)
    one, two, four = (fit_words(positive, EVEN, f, starts=20).loss for f in (1, 2, 4))
    assert np.log(2) - 0.05 > one > two + 0.05 and two > four + 0.02
    assert four == pytest.approx(best, abs=0.003)


def test_with_enough_filters_the_logit_is_the_log_likelihood_ratio():
    positive = coupled_pairs(0.8)
    fit = fit_words(positive, EVEN, 8)
    np.testing.assert_allclose(fit.logits, np.log(positive / EVEN), atol=0.02)


def test_what_is_reported_belongs_together():
    fit = fit_words(coupled_pairs(0.5), EVEN, 3, seed=4)
    hidden = np.maximum(_words() @ fit.weights.reshape(3, 8).T + fit.biases, 0)
    np.testing.assert_allclose(fit.logits.ravel(), hidden @ fit.dense + fit.constant)
    z = fit.logits
    loss = coupled_pairs(0.5) * np.log1p(np.exp(-z)) + EVEN * np.log1p(np.exp(z))
    assert fit.loss == pytest.approx(loss.sum() / 2) and fit.loss == min(fit.losses)
    assert len(fit.losses) == 10 and list(fit.losses) == sorted(fit.losses)
    again = fit_words(coupled_pairs(0.5), EVEN, 3, seed=4)
    np.testing.assert_array_equal(again.weights, fit.weights)


@given(tables, tables)
def test_the_least_loss_is_log_2_less_the_jensen_shannon_divergence(positive, negative):
    mixture = (positive + negative) / 2
    divergence = (
        entropy(mixture.ravel()) - (entropy(positive.ravel()) + entropy(negative.ravel())) / 2
    )
    assert least_loss(positive, negative) == pytest.approx(np.log(2) - divergence, abs=1e-9)


@settings(max_examples=5)
@given(tables, tables)
def test_no_fit_beats_the_least_loss(positive, negative):
    assert fit_words(positive, negative, 4, starts=2).loss >= least_loss(positive, negative) - 1e-9


def test_the_least_loss_of_classes_that_share_no_word_is_zero():
    assert least_loss(np.eye(4) / 4, (1 - np.eye(4)) / 12) == 0.0


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"positive": np.eye(4)}, "positive must hold 4 by 4 .* the sum 4"),
        ({"negative": [1.0]}, r"negative must .* shape \(1,\)"),
        ({"activation": "sigmoid"}, "activation must be one of relu, none, got 'sigmoid'"),
        ({"filters": 0}, "filters must be a whole number of at least 1, got 0"),
        ({"starts": 0}, "starts must be a whole number of at least 1, got 0"),
    ],
)
def test_bad_input_is_answered_with_one_sentence(change, complaint):
    with pytest.raises(ValueError, match=complaint):
        fit_words(**{"positive": EVEN, "negative": EVEN, "filters": 1} | change)


@pytest.mark.parametrize("activation", ["relu", "none"])
def test_it_is_the_one_layer_network_with_one_window_a_word(activation):
    rng = np.random.default_rng(2)
    positive, negative = rng.dirichlet(np.ones(16), 2).reshape(2, 4, 4)
    fit = fit_words(positive, negative, 3, activation, starts=1, seed=4)
    model = ModelSettings(3, 2, activation=activation, both_strands=False)
    network = OneLayerNetwork(fit.weights, fit.biases, fit.dense, fit.constant, model)
    words = encode([a + b for a in "ACGT" for b in "ACGT"], channels="last").x
    seen = forward(network, words)
    np.testing.assert_allclose(seen.logit, fit.logits.ravel(), atol=1e-12)
    parts = [p.ravel() @ cross_entropy(y, seen.logit) for y, p in ((1, positive), (0, negative))]
    assert sum(parts) / 2 == pytest.approx(fit.loss, rel=1e-12)
