"""The exercises on connections: answers by scipy, torch and counting all cases."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pytest
import torch
from scipy.stats import entropy, multivariate_normal, norm

from motiflab.exercises import find
from motiflab.exercises.exercise import NOT_YET, RIGHT
from motiflab.exercises.sets import connecting_exercises as made

NAMES = ["", "Ada", "7", "Émile", "42", "Dora"]
named = pytest.mark.parametrize("name", NAMES)


def plain(number: str) -> float:
    return float(number.replace("−", "-"))


def lines(text: str) -> list[list[str]]:
    """Return the cells of a table in a task."""
    rows = [row.strip("| ").split(" | ") for row in text.splitlines() if row.startswith("|")]
    return [row for row in rows if not row[0].startswith("---")]


@named
def test_the_height_of_a_stack_is_the_divergence_of_scipy(name):
    exercise = find("connecting.information")
    given = exercise.given(name)
    letters, counts = lines(exercise.statement(given))
    assert len({*letters}) == 3 and {*letters} <= {*made.AMINO_ACIDS}
    assert sum(map(int, counts)) == 40 and len({*made.AMINO_ACIDS}) == 20
    shares = np.zeros(20)
    shares[:3] = np.array([*map(int, counts)]) / 40
    answer = entropy(shares, np.full(20, 1 / 20), base=2)
    assert exercise.check(round(float(answer), 3), given).state == RIGHT


@named
def test_a_mended_function_is_the_divergence_of_scipy_and_the_broken_one_is_told(name):
    exercise = find("connecting.mended")
    given = exercise.given(name)

    def by_scipy(ppm, q):
        return [entropy(row, q, base=2) for row in ppm]

    assert exercise.check(by_scipy, given).state == RIGHT
    own = ", ".join(f"**{value:.3f}**" for value in by_scipy(given.ppm, given.q))
    assert own in exercise.solution(given)
    code = re.search(r"    def mended.*?entropy\n", exercise.statement(given), re.S)[0]
    space = {"np": np}
    exec("\n".join(line[4:] for line in code.splitlines()), space)
    assert exercise.check(space["mended"], given).state == NOT_YET
    # As the solution says: her tables had a row for each letter, so her tests passed.
    dna = np.array([[0.7, 0.1, 0.1, 0.1], [0.25] * 4])
    assert np.allclose(space["mended"](dna.T, None), by_scipy(dna, [0.25] * 4))


@named
def test_the_match_is_the_ratio_of_two_densities(name):
    exercise = find("connecting.matched")
    given = exercise.given(name)
    _, (_, *spike), (_, *trace) = lines(exercise.statement(given))
    spike, trace = np.array([*map(float, spike)]), [*map(plain, trace)]
    with_spike, without = (norm.logpdf(trace, mean, given.sigma).sum() for mean in (spike, 0))
    assert exercise.check(round(with_spike - without, 3), given).state == RIGHT


@named
def test_the_whitened_filter_is_the_slope_of_the_ratio_and_separates_best(name):
    exercise = find("connecting.whitened")
    given = exercise.given(name)
    covariance = np.array([[given.v, given.v * given.r], [given.v * given.r, given.v]])
    spike, noise = (multivariate_normal(mean, covariance) for mean in (given.s, [0, 0]))

    def ratio(x):
        return spike.logpdf(x) - noise.logpdf(x)

    # The ratio is linear in the trace, so its slopes are differences.
    answer = [ratio(step) - ratio([0, 0]) for step in np.eye(2)]
    assert exercise.check(np.round(answer, 3), given).state == RIGHT
    turned = [[np.cos(t), np.sin(t)] for t in np.linspace(0, np.pi, 721)]
    apart = [abs(w @ given.s) / np.sqrt(w @ covariance @ w) for w in map(np.array, turned)]
    best = abs(np.dot(answer, given.s)) / np.sqrt(answer @ covariance @ answer)
    assert max(apart) <= best * (1 + 1e-9) and max(apart) > best * 0.999


@named
def test_where_is_the_softmax_of_torch_and_whether_comes_from_counting_the_places(name):
    exercise = find("connecting.posterior")
    given = exercise.given(name)
    _, (_, *scores) = lines(exercise.statement(given))
    scores = torch.tensor([*map(plain, scores)], dtype=torch.float64, requires_grad=True)
    total = torch.logsumexp(scores, 0)
    total.backward()  # the derivative of log-sum-exp is the softmax
    assert torch.allclose(scores.grad, torch.softmax(scores, 0))
    whether = np.log(np.mean(np.exp(scores.detach().numpy())))
    answer = [float(scores.grad.max()), float(whether)]
    assert exercise.check(np.round(answer, 3), given).state == RIGHT


@named
def test_the_range_is_that_of_draws_one_by_one(name):
    exercise = find("connecting.bootstrap")
    given = exercise.given(name)

    def one_by_one(measure, labels, scores, rows):
        found = sorted(
            measure(np.array([labels[i] for i in row]), np.array([scores[i] for i in row]))
            for row in rows
        )
        ends = []
        for share in (0.025, 0.975):  # between two neighbours in proportion
            place = share * (len(found) - 1)
            low = int(place)
            high = min(low + 1, len(found) - 1)
            ends.append(found[low] + (place - low) * (found[high] - found[low]))
        return ends

    assert exercise.check(one_by_one, given).state == RIGHT
    low, high = one_by_one(made.Accuracy(), given.labels, given.scores, given.rows)
    assert f"**{low:.3f}** to **{high:.3f}**" in exercise.solution(given)
    assert 0 <= low <= made.Accuracy()(given.labels, given.scores) <= high <= 1


def test_a_guess_is_lucky_as_often_as_counted_and_the_best_of_many_more_often():
    n, m = 12, 10
    ways = [sum(bits) >= m for bits in product((0, 1), repeat=n)]
    assert made._at_least(n, m) == np.mean(ways)
    given = made.Given(n=n, m=m, k=40)
    best = np.random.default_rng(0).binomial(n, 0.5, (20_000, 40)).max(axis=1)
    assert made._lucky(given) == pytest.approx((best >= m).mean(), abs=0.012)


@named
def test_the_leader_is_within_the_range_of_the_limit(name):
    given = find("connecting.board").given(name)
    assert given.leader - given.reach < given.limit < given.leader
    assert 0 < given.leader - given.second < given.reach / 2
