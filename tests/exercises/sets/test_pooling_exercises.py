"""Exercises on pooling: the right answers against torch, and what the draws promise."""

from __future__ import annotations

import functools

import numpy as np
import pytest
import torch
from torch.nn.functional import avg_pool1d, conv1d, max_pool1d

from motiflab.exercises import find
from motiflab.exercises.exercise import NOT_YET, RIGHT
from motiflab.explorers.pooling_explorer import PoolingState, compute

NAMES = [f"name {number}" for number in range(12)]
KINDS = {"max": max_pool1d, "average": avg_pool1d}


@pytest.mark.parametrize("name", NAMES)
def test_just_the_forgiven_shifts_leave_the_first_maximum_as_it_was(name):
    exercise = find("pooling.forgiven")
    given = exercise.given(name)
    rng = np.random.default_rng(5)
    site = np.eye(4)[rng.integers(0, 4, given.K)]
    weights = site * rng.uniform(1, 2, (given.K, 1)) - (1 - site) * 20

    def first_maximum(start):
        x = np.zeros((60, 4))
        x[max(start, 0) : start + given.K] = site[max(-start, 0) :]
        scores = conv1d(torch.tensor(x.T[None]), torch.tensor(weights.T[None]), padding=given.P)
        return max_pool1d(scores, given.w)[0, 0, 0].item()

    before = first_maximum(given.start)
    assert before == pytest.approx((weights * site).sum())
    shifts = range(-given.start - given.P, given.w + 1)
    same = [s for s in shifts if np.isclose(first_maximum(given.start + s), before)]
    left, right = exercise.right(given)
    assert same == list(range(-left, right + 1))


@pytest.mark.parametrize("name", NAMES[:10])
def test_both_kinds_of_map_move_by_whole_windows(name):
    exercise = find("pooling.moved")
    given = exercise.given(name)
    rng = np.random.default_rng(6)
    x, weights = np.eye(4)[rng.integers(0, 4, 200)], torch.tensor(rng.normal(size=(1, 4, 7)))

    def pooled(kind, shift):
        moved = torch.tensor(np.roll(x, shift, axis=0).T[None])
        return KINDS[kind](conv1d(moved, weights, stride=given.S), given.w, given.T)[0, 0].numpy()

    windows, rest = divmod(given.shift, given.S * given.T)
    too_far = given.shift // given.T
    assert rest == 0 and windows >= 2 and given.w > given.T
    for kind in KINDS:
        before, after = pooled(kind, 0), pooled(kind, given.shift)
        assert np.allclose(after[windows:], before[:-windows])
        assert not np.allclose(after[too_far:], before[:-too_far])
        assert not np.allclose(after[windows:], before[windows:])


@pytest.mark.parametrize("name", NAMES)
def test_the_routes_are_those_of_autograd(name):
    exercise = find("pooling.routed")
    given = exercise.given(name)
    y = torch.tensor(given.y[None], dtype=torch.float64, requires_grad=True)
    pooled = max_pool1d(torch.relu(y), 4, 2)
    pooled.backward(torch.tensor(given.upstream[None], dtype=torch.float64))
    right = exercise.right(given)
    assert np.array_equal(right, y.grad[0])
    assert sorted(np.abs(right[right != 0])) != sorted(np.abs(given.upstream)), "one wins twice"
    assert given.y.argmax() == 10 and right[10] == 0, "the largest fills no window"


def test_of_two_messages_either_may_be_the_one_that_is_lost():
    exercise = find("pooling.routed")
    for name in NAMES[:5]:
        given = exercise.given(name)
        best = [2 * n + np.argmax(given.y[2 * n : 2 * n + 4]) for n in range(4)]
        twice = max(best, key=best.count)
        for message in given.upstream[[place == twice for place in best]]:
            answer = exercise.right(given)
            answer[twice] = message
            assert exercise.check(answer, given).mistake == "overwritten, not added"


def test_a_place_that_is_looked_up_in_the_whole_map_is_not_right():
    exercise = find("pooling.max_pool")
    given = exercise.given("Ada")

    def looked_up(maps, w, T):
        pooled, _ = exercise.right(given)(maps, w, T)
        return pooled, [[[*y].index(score) for score in row] for y, row in zip(maps, pooled)]

    assert exercise.check(looked_up, given).state == NOT_YET


def test_pooled_maps_and_places_are_those_of_torch():
    exercise = find("pooling.max_pool")
    function = exercise.right(exercise.given("Ada"))
    rng = np.random.default_rng(7)
    for filters, length, w, T in ((1, 9, 3, 3), (4, 23, 5, 2), (3, 12, 3, 5), (2, 8, 8, 8)):
        maps = rng.integers(-3, 4, (filters, length)).astype(float)  # with equal scores
        wanted, places = max_pool1d(torch.tensor(maps), w, T, return_indices=True)
        pooled, mine = function(maps, w, T)
        assert np.array_equal(pooled, wanted) and np.array_equal(mine, places)


@pytest.mark.parametrize(("length", "said"), [(40, "moves by T places"), (30, "change places")])
def test_a_pooling_is_held_to_its_properties(length, said):
    exercise = find("pooling.max_pool")
    given = exercise.given("Ada")

    def faulty(maps, w, T):
        pooled, places = exercise.right(given)(maps, w, T)
        return pooled + maps[:, :1] * (maps.shape[1] == length), places

    verdict = exercise.check(faulty, given)
    assert verdict.state == NOT_YET and said in verdict.message


def shown_at(exercise, given, changes, shift):
    """Score and average by torch the sequence that the explorer shows at a shift."""
    state = PoolingState(**{**exercise.start(given), "shift": shift, **changes})
    result = compute(state)
    x, w = torch.tensor(result.sequence.T[None]), torch.tensor(result.weights.T[None])
    scores = conv1d(x, w, torch.tensor([state.bias], dtype=torch.float64))
    scores = torch.relu(scores) if state.relu else scores
    return scores[0, 0].numpy(), avg_pool1d(scores, 8)[0, 0].numpy()


@pytest.mark.parametrize("name", NAMES[:5])
def test_the_average_is_steady_where_it_is_said_to_be_and_nowhere_else(name):
    exercise = find("pooling.steady")
    given = exercise.given(name)

    at = functools.partial(shown_at, exercise, given)
    right = exercise.right(given)
    (y, p), (moved, q) = at(right, 0), at(right, given.shift)
    assert p[2] == pytest.approx(q[2]) and p[2] > 0
    assert np.flatnonzero(y[16:24]).tolist() == [0], "a lone peak"
    assert np.flatnonzero(moved[16:24]).tolist() == [given.shift]
    found = {}
    for mistake in exercise.mistakes:
        changes = mistake.example(given)
        found[mistake.name] = at(changes, 0)[1][2], at(changes, given.shift)[1][2]
    assert found.pop("motif silenced as well") == (0, 0)
    assert all(abs(before - after) > 1e-3 for before, after in found.values())


@pytest.mark.parametrize("name", NAMES[:1])
def test_every_setting_is_told_apart(name):
    exercise = find("pooling.steady")
    given = exercise.given(name)
    for relu in (False, True):
        for bias in np.arange(-10, 0.5, 0.5):
            changes = {"relu": relu, "bias": float(bias)}
            before, after = (
                shown_at(exercise, given, changes, shift)[1][2] for shift in (0, given.shift)
            )
            right = bool(after > 0 and np.isclose(before, after))
            verdict = exercise.check(exercise.scene(given, changes), given)
            assert verdict.state == (RIGHT if right else NOT_YET), changes
            assert bool(verdict.mistake) != right, "no setting is wrong without a word on it"


def test_signs_that_are_lost_on_the_way_back_are_known():
    exercise = find("pooling.routed")
    for name in map(str, range(40)):
        given = exercise.given(name)
        right = np.array(exercise.right(given))
        assert right.min() < 0
        assert exercise.check(np.abs(right), given).mistake == "signs forgotten"
