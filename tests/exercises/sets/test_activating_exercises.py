"""Exercises on activations: the right answers against torch, and what the draws promise."""

from __future__ import annotations

import functools

import numpy as np
import pytest
import torch

from motiflab.datasets import sources
from motiflab.exercises import find
from motiflab.exercises.exercise import NOT_YET, RIGHT
from motiflab.layers.activations import sigmoid_derivative
from motiflab.motifs import jaspar
from motiflab.networks import vanishing_gradient

NAMES = [f"name {number}" for number in range(12)]
BINARY = torch.nn.functional.binary_cross_entropy_with_logits


def logit(p):
    return torch.special.logit(torch.tensor(p, dtype=torch.float64))


@pytest.mark.parametrize("name", NAMES)
def test_the_slope_is_that_of_autograd(name):
    exercise = find("activating.slope")
    given = exercise.given(name)
    z1 = logit(given.h1).requires_grad_()
    b2 = given.h2 - given.w2 * given.h1
    b3 = logit(given.y_hat) - given.w3 * given.h2
    hidden = torch.relu(given.w2 * torch.sigmoid(z1) + b2)
    z = given.w3 * hidden + b3
    assert torch.isclose(torch.sigmoid(z), torch.tensor(given.y_hat, dtype=torch.float64))
    BINARY(z, torch.tensor(float(given.y), dtype=torch.float64)).backward()
    assert exercise.right(given) == pytest.approx(z1.grad.item(), rel=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_the_step_is_that_of_an_optimiser(name):
    exercise = find("activating.new_probability")
    given = exercise.given(name)
    z = logit(given.y_hat).requires_grad_()
    optimiser = torch.optim.SGD([z], lr=given.rate)
    BINARY(z, torch.tensor(float(given.y), dtype=torch.float64)).backward()
    optimiser.step()
    assert exercise.right(given) == pytest.approx(torch.sigmoid(z).item(), rel=1e-9)
    before, after = abs(given.y_hat - given.y), abs(exercise.right(given) - given.y)
    assert before > 0.5 and after < before, "wrong at first, and less so afterwards"


def test_the_remedies_do_what_is_said_of_them():
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(20, 30)), np.arange(20) % 2

    def left(activation, start):
        runs = [
            vanishing_gradient.signal_sizes(activation, 10, x, labels, start, seed=n)
            for n in range(5)
        ]
        return np.median([sizes[0] / sizes[-1] for sizes in runs])

    assert left("sigmoid", "he") < 1e-3
    assert 0.1 < left("relu", "he") < 10, "ReLU, and a start that suits it"
    assert left("relu", "torch") < 0.01, "ReLU alone does not do"
    assert sigmoid_derivative(8.0) < 0.001, "a sigmoid near 1 is flat"


def test_loss_and_gradient_are_those_of_torch():
    exercise = find("activating.cross_entropy")
    function = exercise.right(exercise.given("Ada"))
    rng = np.random.default_rng(3)
    for n in (1, 4, 30):
        z, y = rng.normal(0, 4, n), rng.integers(0, 2, n)
        z[0] = 800 - 1600 * y[0]
        leaf = torch.tensor(z, requires_grad=True)
        wanted = BINARY(leaf, torch.tensor(y, dtype=torch.float64))
        wanted.backward()
        loss, gradient = function(z, y)
        assert loss == pytest.approx(wanted.item(), rel=1e-12)
        assert np.allclose(gradient, leaf.grad, rtol=1e-12, atol=0)


def by_the_book(logits, labels, least=0.0):
    with np.errstate(all="ignore"):
        y_hat = np.clip(1 / (1 + np.exp(-logits)), least, 1 - least)
        loss = -np.mean(labels * np.log(y_hat) + (1 - labels) * np.log(1 - y_hat))
    return loss, (y_hat - labels) / len(logits)


@pytest.mark.parametrize("least", [0.0, 1e-12], ids=["overflows", "clipped"])
def test_a_loss_that_is_lost_at_large_logits_is_told_so(least):
    exercise = find("activating.cross_entropy")
    given = exercise.given("Ada")
    verdict = exercise.check(functools.partial(by_the_book, least=least), given)
    assert verdict.state == NOT_YET and "of ordinary size your function is right" in verdict.message


def test_the_loss_named_in_the_task_is_that_of_the_batch():
    exercise = find("activating.cross_entropy")
    for name in NAMES[:5]:
        given = exercise.given(name)
        assert f"{by_the_book(given.logits, given.labels)[0]:.3f}" in exercise.statement(given)


@functools.cache
def scored():
    """Scores of CTCF by torch, of each place the better strand: 500 peaks and 500 shuffles."""
    data = sources.ctcf()
    x = torch.tensor(data.x, dtype=torch.float64)
    w = jaspar.load("CTCF").log_odds().T
    filters = torch.tensor(np.stack([w, w[::-1, ::-1]]).copy())
    scores = torch.nn.functional.conv1d(x, filters).amax(dim=1)
    return scores[data.labels == 1], scores[data.labels == 0]


@pytest.mark.parametrize("name", NAMES[:8])
def test_the_bias_does_what_the_task_asks_for_and_the_mistakes_do_not(name):
    exercise = find("activating.bias")
    given = exercise.given(name)
    peaks, shuffles = scored()

    def counted(changes):
        fires = int((torch.relu(peaks[given.peak] + changes["bias"]) > 0).sum())
        share = (torch.relu(shuffles + changes["bias"]).amax(dim=1) > 0).double().mean()
        return fires, 100 * share.item()

    fires, percent = counted(exercise.right(given))
    assert fires == 1 and percent < given.percent
    found = {mistake.name: counted(mistake.example(given)) for mistake in exercise.mistakes}
    assert found["several windows still fire"][0] > 1
    assert found["all windows silenced"][0] == 0
    assert found["one sequence taken for all"][0] == 1
    assert found["one sequence taken for all"][1] >= given.percent


def test_every_notch_of_the_bias_is_told_apart():
    exercise = find("activating.bias")
    given = exercise.given("Ada")
    peaks, shuffles = scored()
    for bias in np.arange(-16.0, 17.0):
        fires = int((peaks[given.peak] + bias > 0).sum())
        percent = 100 * (shuffles.amax(dim=1) + bias > 0).double().mean().item()
        verdict = exercise.check(exercise.scene(given, {"bias": float(bias)}), given)
        right = fires == 1 and percent < given.percent
        assert verdict.state == (RIGHT if right else NOT_YET), bias
        assert bool(verdict.mistake) != right, "no bias is wrong without a word on it"


def test_either_weight_that_is_left_out_is_missed_by_name():
    exercise = find("activating.slope")
    for name in map(str, range(20)):
        given = exercise.given(name)
        right = exercise.right(given)
        for lacking in (right / given.w2, right / given.w3, right / given.w2 / given.w3):
            assert exercise.check(round(lacking, 4), given).mistake == "weights forgotten"
        assert exercise.check([right, right], given).mistake == ""


@pytest.mark.parametrize("name", NAMES)
def test_the_size_of_the_slope_without_its_sign_is_not_right(name):
    exercise = find("activating.slope")
    given = exercise.given(name)
    verdict = exercise.check(abs(exercise.right(given)), given)
    assert (verdict.state, verdict.mistake) == (NOT_YET, "truth minus prediction")
    assert "size alone" in verdict.message


def test_zero_times_the_logarithm_of_zero_is_told():
    exercise = find("activating.cross_entropy")
    verdict = exercise.check(by_the_book, exercise.given("Ada"))
    assert verdict.state == NOT_YET and "0 times ln 0" in verdict.message


def test_a_gradient_without_its_sign_is_known():
    exercise = find("activating.cross_entropy")
    given = exercise.given("Ada")

    def cross_entropy(logits, labels):
        loss, gradient = exercise.right(given)(logits, labels)
        return loss, abs(gradient)

    assert exercise.check(cross_entropy, given).mistake == "gradient without its sign"


@pytest.mark.parametrize("name", NAMES)
def test_the_gradient_of_a_count_is_that_of_autograd(name):
    exercise = find("activating.count_head")
    given = exercise.given(name)
    z = torch.tensor(given.rate, dtype=torch.float64).log().requires_grad_()
    torch.nn.functional.poisson_nll_loss(z, torch.tensor(given.count)).backward()
    assert exercise.right(given) == pytest.approx(z.grad.item())
    assert exercise.check(round(z.grad.item(), 2), given).state == RIGHT
