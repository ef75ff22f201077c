"""The exercises on attributing: answers compared with autograd, and every substitution tried."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from motiflab.exercises import find
from motiflab.exercises.exercise import NOT_YET, RIGHT
from motiflab.exercises.sets.attributing_exercises import _runner_up_weights
from motiflab.explorers import saliency_explorer
from motiflab.interpretation.saliency import (
    centred,
    gradient_times_input,
    mutagenesis,
    saliency,
    saliency_by_hand,
)
from motiflab.networks import cnn
from motiflab.sequences.encoding import one_hot

NAMES = ["", "Ada", "7", "Émile", "Bo K.", "42"]
named = pytest.mark.parametrize("name", NAMES)


def logit(x, W, b, v, v0):
    """The network in torch, from x (L, 4) and filters (F, K, 4)."""
    kernel = torch.tensor(np.asarray(W, dtype=float).transpose(0, 2, 1).copy())
    y = torch.nn.functional.conv1d(x.T[None], kernel, torch.tensor(np.asarray(b, dtype=float)))
    best = torch.relu(y).amax(dim=2)[0]
    return v0 + (torch.tensor(np.asarray(v, dtype=float)) * best).sum()


def slopes(x, *network, of=torch.sigmoid):
    x = torch.tensor(np.asarray(x, dtype=float), requires_grad=True)
    (gradient,) = torch.autograd.grad(of(logit(x, *network)), x)
    return gradient.numpy()


def single(given):
    return given.W[None], [given.b], [given.v], given.v0


@named
def test_the_four_slopes_are_those_of_autograd(name):
    exercise = find("attributing.slope")
    given = exercise.given(name)
    map = slopes(one_hot(given.sequence), *single(given))
    assert exercise.check(map[given.i], given).state == RIGHT


@named
def test_the_exchange_is_that_of_the_network(name):
    exercise = find("attributing.exchange")
    given = exercise.given(name)
    changed = given.sequence[: given.i] + given.base + given.sequence[given.i + 1 :]
    before, after = (one_hot(s).astype(float) for s in (given.sequence, changed))
    promised = (slopes(before, *single(given), of=lambda z: z) * (after - before)).sum()
    z = [logit(torch.tensor(x), *single(given)).item() for x in (before, after)]
    happened = z[1] - z[0]
    assert exercise.check([promised, happened], given).state == RIGHT
    assert promised < happened < 0
    # Whichever base is forgotten, the one that comes or the one that goes.
    for x in (before, after):
        one = (slopes(before, *single(given), of=lambda z: z) * x * (before != after)).sum()
        half = one if x is after else -one
        assert exercise.check([half, happened], given).mistake == "one of the two bases forgotten"
    chance = [torch.sigmoid(torch.tensor(logit)).item() for logit in z]
    for rounded in (promised, chance[1] - chance[0]), (promised, round(chance[1] - chance[0], 3)):
        assert exercise.check(rounded, given).mistake == "prediction for logit"


@named
def test_the_whole_map_is_that_of_autograd(name):
    exercise = find("attributing.saliency_map")
    given = exercise.given(name)
    for x, *network in exercise.cases(given, np.random.default_rng(3)):
        np.testing.assert_allclose(
            exercise.right(given)(x, *network), slopes(x, *network), atol=1e-12
        )


def test_the_whole_map_is_that_of_the_package():
    exercise = find("attributing.saliency_map")
    given = exercise.given("Ada")
    x, W, b, v = given.x, given.W[:1], given.b[:1], [1.5]
    network = cnn.from_filter(W[0], len(x), b[0], "relu", v[0], -2).double()
    ours = exercise.right(given)(x, W, b, np.array(v), -2.0)
    assert ours.any()
    np.testing.assert_allclose(ours, saliency_by_hand(network, x), atol=1e-12)


@pytest.mark.parametrize(
    ("body", "mistake"),
    [
        ("S[j : j + K] += v[f] * W[f]", "slope of the sigmoid forgotten"),
        ("S[j : j + K] += (y[j] > 0) * v[f] * W[f]", "slope of the sigmoid forgotten"),
        ("S[j : j + K] += (y[j] > 0) * v[f] * W[f] / (1 + np.exp(-z))", "sigmoid for its slope"),
    ],
)
def test_a_slip_is_named_though_the_relu_is_not_done(body, mistake):
    lines = f"""
def saliency_map(x, W, b, v, v0):
    S, K = np.zeros(x.shape), W.shape[1]
    ys = [[b[f] + np.sum(W[f] * x[j : j + K]) for j in range(len(x) - K + 1)]
          for f in range(len(W))]
    z = v0 + sum(v[f] * max(0, max(ys[f])) for f in range(len(W)))
    for f, y in enumerate(ys):
        j = int(np.argmax(y))
        {body}
    return S
"""
    scope = {"np": np}
    exec(lines, scope)
    exercise = find("attributing.saliency_map")
    assert exercise.check(scope["saliency_map"], exercise.given("Ada")).mistake == mistake


@pytest.mark.parametrize("odd", [0.0, np.zeros(3), np.zeros((7, 7))])
def test_results_of_any_shape_are_told(odd):
    exercise = find("attributing.saliency_map")
    verdict = exercise.check(lambda *arguments: odd, exercise.given("Ada"))
    assert (verdict.state, verdict.mistake) == (NOT_YET, "")


def test_the_other_strand_is_asked_for_beyond_the_cases():
    exercise = find("attributing.saliency_map")
    given = exercise.given("Ada")
    (turns,) = exercise.properties
    right = exercise.right(given)

    def by_heart(x, *network):
        return right(x, *network) * (2 - np.array_equal(x, given.x))

    assert "reverse complement of the map" in turns(given, by_heart) and not turns(given, right)


def test_what_the_options_say_of_a_moved_constant():
    W = np.random.default_rng(0).normal(0, 1, (7, 4))
    moved = W.copy()
    moved[2] += 3
    x = one_hot("GATTACAGATTACACCGT")
    one, other = (cnn.from_filter(w, len(x), bias).double() for w, bias in ((W, 0), (moved, -3)))
    maps = {
        "saliency": saliency,
        "centred": lambda network, x: centred(saliency(network, x)),
        "input": lambda network, x: gradient_times_input(saliency(network, x), x),
        "mutagenesis": mutagenesis,
    }
    same = {
        kind for kind, map in maps.items() if np.allclose(map(one, x), map(other, x), atol=1e-6)
    }
    assert same == {"centred", "mutagenesis"}


def test_the_motif_is_that_of_the_explorers_network():
    np.testing.assert_array_equal(_runner_up_weights(), saliency_explorer.motif().log_odds())


@named
def test_one_exchange_alone_reaches_the_target(name):
    exercise = find("attributing.runner_up")
    given = exercise.given(name)
    result = exercise.card(given).result
    (winner,) = result.winners
    assert winner.active and winner.positions[0] == given.start
    outside = np.ones(60, dtype=bool)
    outside[winner.positions] = False
    assert not result.gradient[outside].any()
    assert (result.exact[outside] >= 0).all(), "outside the winner it can only rise"
    risen = np.argwhere((result.exact > 1e-3) & outside[:, None]).tolist()
    assert risen == [[given.position, "ACGT".index(given.base)]]
    for of in "probability", "logit":
        changes = {"position": given.position, "base": given.base, "of": of}
        assert exercise.check(exercise.scene(given, changes), given).state == RIGHT


def test_the_readout_does_not_give_the_target_away():
    exercise = find("attributing.runner_up")
    for name in NAMES[:3]:
        given = exercise.given(name)
        for of in "probability", "logit":
            told = exercise.card(given, of=of).readout.html
            assert "largest exact change" in told
            assert f" at {given.position}." not in told, (name, of)


def test_two_sites_excuse_each_other():
    W = saliency_explorer.motif().log_odds()
    network = cnn.from_filter(W, 60, -5, "relu", 1.6, -1.8).double()
    text = list("C" * 60)
    for start in (10, 40):
        text[start : start + 7] = "AGATAAG"
    text[46] = "A"  # a trace worse
    x = one_hot("".join(text))
    y_hat = torch.sigmoid(network(torch.tensor(x.T[None].astype(float)))).item()
    assert y_hat == pytest.approx(0.99, abs=0.003)
    slope, exact = saliency(network, x), mutagenesis(network, x)
    assert 0 < np.abs(slope[10:17]).max() < 0.1 and not slope[40:47].any()
    assert np.abs(saliency(network, x, "logit")).max() > 5
    assert np.abs(exact).max() < 0.2
    for start in (13, 43):
        text[start] = "C"
    broken = one_hot("".join(text)).T[None].astype(float)
    assert torch.sigmoid(network(torch.tensor(broken))).item() < 0.2


def test_the_card_of_a_target_does_not_name_another_goal():
    for id in "attributing.runner_up", "reading.fooled":
        exercise = find(id)
        card = exercise.card(exercise.given("Ada"))
        assert card.goal == "what the task above says."
        assert exercise.check(card.scene, exercise.given("Ada")).state == NOT_YET


@pytest.mark.parametrize("name", NAMES)
def test_sizes_and_centred_slopes_are_known(name):
    exercise = find("attributing.slope")
    given = exercise.given(name)
    right = np.array(exercise.right(given))
    assert exercise.check(np.abs(right), given).mistake == "signs forgotten"
    centred_by_hand = right - right.mean()
    assert exercise.check(centred_by_hand, given).mistake == "centred saliency"
    exchanged = right - right["ACGT".index(given.sequence[given.i])]
    assert exercise.check(exchanged, given).mistake == "change from the base that stands there"


def test_sizes_and_centred_slopes_of_a_whole_map_are_known():
    exercise = find("attributing.saliency_map")
    given = exercise.given("Ada")
    right = exercise.right(given)
    verdict = exercise.check(lambda *network: np.abs(right(*network)), given)
    assert verdict.mistake == "signs forgotten"
    verdict = exercise.check(lambda *network: centred(right(*network)), given)
    assert verdict.mistake == "centred saliency"


@pytest.mark.parametrize("name", NAMES)
def test_an_exchange_with_the_filter_turned_round_is_known(name):
    exercise = find("attributing.exchange")
    given = exercise.given(name)
    x = one_hot(given.sequence).astype(float)
    after = one_hot(given.sequence[: given.i] + given.base + given.sequence[given.i + 1 :])

    def scores(x):
        windows = range(len(x) - 2)
        return np.array([given.b + (given.W[::-1] * x[j : j + 3]).sum() for j in windows])

    k = given.i - scores(x).argmax()
    row = given.W[::-1][k] if 0 <= k < 3 else np.zeros(4)
    promised = given.v * (row @ (after - x)[given.i])
    happened = given.v * (max(0, scores(after).max()) - max(0, scores(x).max()))
    assert exercise.check([promised, happened], given).mistake == "filter flipped"
