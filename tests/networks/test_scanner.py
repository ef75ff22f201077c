"""The scanner against torch, against the likelihood ratio of the data, and from random starts."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from motiflab.datasets.planting import Arrangement, plant
from motiflab.layers import cross_entropy
from motiflab.motifs import jaspar
from motiflab.motifs.log_odds import motif_from_weights, relative_entropy, to_gauge
from motiflab.networks import ModelSettings, OneLayerNetwork, forward, gradient, scanner
from motiflab.sequences.encoding import encode

ARNT = jaspar.load("MA0004.1")
LENGTH, PLACES = 20, 15


def by_torch(w, b, sequences, labels):
    """Loss and gradients of the same model as a convolution, by autograd."""
    weight = torch.tensor(w.T[None], requires_grad=True)
    bias = torch.tensor(b, requires_grad=True, dtype=torch.float64)
    x = torch.tensor(encode(sequences).x, dtype=torch.float64)
    z = bias + torch.nn.functional.conv1d(x, weight)[:, 0].logsumexp(1)
    y = torch.tensor(labels, dtype=torch.float64)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(z, y)
    loss.backward()
    return loss.item(), weight.grad[0].T.numpy(), bias.grad.item()


@given(
    st.integers(1, 14), st.integers(0, 6), st.integers(0, 999), st.sampled_from([0.1, 3.0, 60.0])
)
@settings(max_examples=30)
def test_loss_and_gradient_are_those_of_torch(width, longer, seed, scale):
    rng = np.random.default_rng(seed)
    w, b = rng.normal(0, scale, (width, 4)), rng.normal()
    sequences = ["".join(row) for row in rng.choice(list("ACGTacgt"), (5, width + longer))]
    labels = rng.integers(0, 2, 5)
    ours, torchs = (f(w, b, sequences, labels) for f in (scanner.scanner_loss, by_torch))
    for a, b in zip(ours, torchs, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9)


def test_with_the_log_odds_it_is_the_posterior_of_the_planted_data():
    # The loss at the truth is that of the exact posterior odds, which planting works out itself.
    q, prior = np.array([0.3, 0.2, 0.2, 0.3]), 0.3
    arrangement = Arrangement((ARNT,), both_strands=False)
    data = plant(50, LENGTH, arrangement, background=q, positive_fraction=prior, seed=1)
    bias = math.log(prior / (1 - prior)) - math.log(PLACES)
    loss = scanner.scanner_loss(ARNT.log_odds(q), bias, data.sequences, data.labels)[0]
    odds = math.log(prior / (1 - prior)) + data.optimum
    expected = np.mean(np.logaddexp(0, odds) - data.labels * odds)
    assert loss == pytest.approx(expected, abs=1e-9)


@pytest.fixture(scope="module")
def fitted():
    """Fits to sequences of which three in ten hold a site of Arnt, and the shuffled control."""
    arrangement = Arrangement((ARNT,), both_strands=False)
    data = plant(4000, LENGTH, arrangement, positive_fraction=0.3, seed=5)
    shuffled = np.random.default_rng(0).permutation(data.labels)
    runs = (data.labels, 8), (shuffled, 2)
    return [scanner.fit_scanner(data.sequences, y, 6, starts, seed=1) for y, starts in runs]


def read(fit):
    """Slope on the true log-odds, KL in bits a position, and the bias in the gauge."""
    kl = relative_entropy(ARNT.probabilities(1.0), motif_from_weights(fit.weights))
    weights, bias = to_gauge(fit.weights, fit.bias)
    return np.polyfit(ARNT.log_odds().ravel(), weights.ravel(), 1)[0], kl, bias


def test_the_best_of_the_starts_learns_the_log_odds(fitted):
    # Ranges: tools/study_log_odds.py, ten data sets.
    slope, kl, bias = read(fitted[0][0])
    assert 0.85 < slope < 1.2
    assert kl < 0.015
    assert bias == pytest.approx(math.log(0.3 / 0.7) - math.log(PLACES), abs=0.5)


def test_shuffled_labels_fall_outside_those_ranges(fitted):
    slope, kl, _ = read(fitted[1][0])
    assert abs(slope) < 0.3
    assert kl > 1


def test_every_start_is_reported_and_some_end_shifted(fitted):
    losses = [fit.loss for fit in fitted[0]]
    assert len(losses) == 8 and losses == sorted(losses)
    arrived = [read(fit)[1] < 0.015 for fit in fitted[0]]
    assert 2 <= sum(arrived) <= 7
    assert arrived == [loss < losses[0] + 1e-3 for loss in losses]
    assert all(fit.steps > 5 for fit in fitted[0])


def test_the_same_seed_gives_the_same_starts():
    sequences, labels = ["ACAC", "GGTA", "TTAC", "GGGG"] * 5, [1, 0, 1, 0] * 5
    one, two, other = (
        scanner.fit_scanner(sequences, labels, 2, restarts=1, seed=seed)[0] for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(one.weights, two.weights)
    assert abs(one.weights - other.weights).max() > 0.01


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"width": 5}, "sequences must have at least the filter's 5 letters, got 4"),
        ({"width": 0}, "width must be a whole number of at least 1, got 0"),
        ({"restarts": 0}, "restarts must be a whole number of at least 1, got 0"),
        ({"sequences": ["ACGT", "ACG"]}, "one length"),
        ({"sequences": ["ACGT", "ACGN"]}, "sequences must hold the letters ACGT alone"),
        ({"labels": [1, 1]}, "labels must hold both 0 and 1"),
        ({"labels": [1, 2]}, "labels must be 0 or 1"),
        ({"labels": [1]}, "one for each of the 2 sequences"),
    ],
)
def test_bad_arguments_are_refused(changes, message):
    arguments = {"sequences": ["ACGT", "TTTT"], "labels": [0, 1], "width": 2} | changes
    with pytest.raises(ValueError, match=message):
        scanner.fit_scanner(**arguments)


def test_it_is_the_one_layer_network_with_log_sum_exp():
    rng = np.random.default_rng(3)
    sequences = ["".join(rng.choice(list("ACGT"), 15)) for _ in range(20)]
    labels, weights = np.arange(20) % 2, rng.normal(size=(8, 4))  # 8 positions: two tables
    model = ModelSettings(1, 8, activation="none", pooling="logsumexp", both_strands=False)
    network = OneLayerNetwork(weights[None], [0], [1], -2.0, model)
    seen = forward(network, encode(sequences, channels="last").x)
    slope = gradient(network, seen, labels)
    loss, by_weights, by_bias = scanner.scanner_loss(weights, -2.0, sequences, labels)
    assert loss == pytest.approx(cross_entropy(labels, seen.logit).mean(), rel=1e-12)
    np.testing.assert_allclose(by_weights, slope.weights[0], rtol=1e-9, atol=1e-15)
    assert by_bias == pytest.approx(float(slope.dense_bias), rel=1e-9)
