"""Exercises on scoring: the references against other libraries, and what the draws promise."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from Bio.motifs.matrix import FrequencyPositionMatrix
from scipy.special import expit

from motiflab.exercises import find
from motiflab.exercises.exercise import NOT_YET, RIGHT

NAMES = [str(number) for number in range(40)]


def own_numbers(name, names=NAMES):
    exercise = find(f"scoring.{name}")
    return exercise, [exercise.given(learner) for learner in names]


def biopythons(counts, background, pseudocount=0.0):
    """The log-odds by Biopython, in nats, shape (K, 4)."""
    q = dict(zip("ACGT", background))
    matrix = FrequencyPositionMatrix(
        "ACGT", {base: list(column) for base, column in zip("ACGT", np.transpose(counts))}
    )
    added = {base: pseudocount * share for base, share in q.items()}
    bits = matrix.normalize(pseudocounts=added).log_odds(background=q)
    return np.transpose([bits[base] for base in "ACGT"]) * np.log(2)


def test_the_surplus_is_biopythons():
    exercise, everyone = own_numbers("surplus")
    for given in everyone:
        weights = biopythons(given.counts, given.background)
        first, second = (
            sum(row["ACGT".index(base)] for row, base in zip(weights, window))
            for window in (given.first, given.second)
        )
        assert exercise.right(given) == pytest.approx(first - second)


def test_both_windows_of_the_surplus_are_one_mismatch_off_and_the_second_is_worse():
    exercise, everyone = own_numbers("surplus")
    for given in everyone:
        assert (given.counts.sum(axis=1) == 20).all() and (given.counts > 0).all()
        top = np.sort(given.counts, axis=1)
        assert (top[:, 3] > top[:, 2]).all()
        for window in (given.first, given.second):
            assert sum(map(str.__ne__, window, given.consensus)) == 1
        assert exercise.right(given) > 0.3


def test_a_surplus_by_hand():
    """9 of 20 against 5 of 20 at one position, 16 against 1 at the other."""
    exercise, (given,) = own_numbers("surplus", ["Ada"])
    given.counts = np.array([[9, 5, 3, 3], [16, 2, 1, 1], [17, 1, 1, 1], [17, 1, 1, 1]])
    given.background = np.array([0.3, 0.2, 0.2, 0.3])
    given.first, given.second = "CAAA", "ATAA"
    assert exercise.right(given) == pytest.approx(np.log(5 / 9 * 0.3 / 0.2 * 16))
    assert exercise.check(2.5904, given).state == RIGHT
    assert exercise.check(2.5904 / np.log(2), given).mistake == "log2 for ln"


def test_the_weights_are_biopythons():
    exercise, everyone = own_numbers("pwm")
    for given in everyone[:5]:
        for counts, q, s in exercise._cases(given):
            assert np.allclose(exercise.right(given)(counts, q, s), biopythons(counts, q, s))


def by_loops(counts, background, pseudocount):
    rows = []
    for row in counts.tolist():
        added = [n + pseudocount * q for n, q in zip(row, background)]
        rows.append([np.log(n / sum(added) / q) for n, q in zip(added, background)])
    return rows


def by_torch(counts, background, pseudocount):
    n, q = torch.tensor(counts), torch.tensor(background)
    added = n + pseudocount * q
    return torch.log(added / added.sum(1, keepdim=True)) - torch.log(q)


@pytest.mark.parametrize("function", [by_loops, by_torch])
def test_weights_are_right_in_another_form(function):
    exercise, everyone = own_numbers("pwm")
    assert all(exercise.check(function, given).state == RIGHT for given in everyone[:3])


def floored(counts, background, pseudocount):
    """Leave bases out that were never seen."""
    with np.errstate(divide="ignore"):
        weights = np.array(by_loops(counts, background, pseudocount))
        return np.where(counts == 0, 0.0, weights)


def stops_at_zero(counts, background, pseudocount):
    return "never seen" if (counts == 0).any() else by_loops(counts, background, pseudocount)


@pytest.mark.parametrize("function", [floored, stops_at_zero])
def test_a_base_never_seen_is_asked_for(function):
    exercise, (given,) = own_numbers("pwm", ["Ada"])
    verdict = exercise.check(function, given)
    assert verdict.state == NOT_YET and "never seen" in verdict.message


def test_weights_that_depend_on_the_strand_are_found():
    def only_if_not_falling(counts, background, pseudocount):
        q = background[::-1] if (np.diff(background) < 0).all() else background
        return by_loops(counts, q, pseudocount)

    exercise, (given,) = own_numbers("pwm", ["Ada"])
    assert "reverse complement of the weights" in exercise.check(only_if_not_falling, given).message


def test_a_base_turns_between_its_shares_at_two_positions():
    exercise, everyone = own_numbers("turned")
    for given in everyone[:6]:
        at = "ACGT".index(given.base)
        low, high = given.counts[given.k, at] / 20, np.sort(given.counts[:, at])[-1] / 20
        assert given.counts[given.k].argmax() == at and low < high
        for share, state in ((low - 0.01, 0), (low + 0.01, 1), (high - 0.01, 1), (high + 0.01, 0)):
            rest = (1 - share) / 3
            typed = " ".join(f"{share if a == at else rest:.9g}" for a in range(4))
            scene = exercise.scene(given, {"background": typed})
            assert (exercise.check(scene, given).state == RIGHT) == state, (given, share)


def test_the_occupancy_is_that_of_two_states():
    exercise, everyone = own_numbers("occupied")
    for given in everyone:
        beta = 1 / given.RT
        energy = (given.best - given.llr) / beta
        bound = np.exp(-beta * (energy - given.mu))
        assert exercise.right(given) == pytest.approx(bound / (1 + bound))
        assert exercise.right(given) == pytest.approx(expit(beta * (given.mu - energy)))
        assert 0.2 < exercise.right(given) < 0.8


def test_only_cold_and_more_protein_bind_one_site_and_spare_the_other():
    """All places of both sliders, by the formula and not by the explorer."""
    exercise, everyone = own_numbers("cooled")
    T, mu = np.meshgrid(np.arange(200, 601, 2), np.arange(-60, 101) / 10, indexing="ij")
    beta = 1 / (0.0019872043 * T)
    for given in everyone:
        cost = sum(row["ACGT".index(base)] for row, base in zip(given.energies, given.rival))
        reached = (expit(beta * mu) >= 0.95) & (expit(beta * (mu - cost)) <= 0.5 + 1e-9)
        assert reached.any() and T[reached].max() < 290 and mu[reached].min() > 1
        right = exercise.right(given)
        assert reached[(right["temperature"] == T) & np.isclose(mu, right["mu"])].all()


def test_the_explorer_says_what_the_formula_says():
    exercise, (given,) = own_numbers("cooled", ["Ada"])
    cost = sum(row["ACGT".index(base)] for row, base in zip(given.energies, given.rival))
    for T, mu in itertools.product((206, 240, 298), (1.0, cost, 2.0)):
        beta = 1 / (0.0019872043 * T)
        reached = expit(beta * mu) >= 0.95 and expit(beta * (mu - cost)) <= 0.5 + 1e-9
        scene = exercise.scene(given, {"temperature": T, "mu": float(mu)})
        assert (exercise.check(scene, given).state == RIGHT) == reached


def test_per_cent_are_known_however_they_are_rounded():
    exercise = find("scoring.occupied")
    for name in map(str, range(10)):
        given = exercise.given(name)
        right = 100 * exercise.right(given)
        for answer in (right, round(right, 1), round(right)):
            assert exercise.check(answer, given).mistake == "per cent for a share"
        assert exercise.check([right, right], given).mistake == ""


def test_a_background_that_turns_no_weight_is_never_left_without_a_word():
    exercise = find("scoring.turned")
    given = exercise.given("Ada")
    for share in (0.05, 0.25, 0.26, 0.39, 0.8):
        rest = [0.5, 0.3, 0.2]
        background = [share if b == given.base else (1 - share) * rest.pop() for b in "ACGT"]
        scene = exercise.scene(given, {"background": " ".join(f"{q:.4f}" for q in background)})
        assert exercise.check(scene, given).mistake


@pytest.mark.parametrize("pseudocount", [0.5, 1, 4, 20**0.5])
def test_a_pseudocount_that_nobody_asked_for_is_known(pseudocount):
    exercise, everyone = own_numbers("surplus")
    named = 0
    for given in everyone:
        counts = given.counts + pseudocount * np.array(given.background)
        weights = np.log(counts / counts.sum(axis=1, keepdims=True) / given.background)
        answer = ((np.array(ones(given.first)) - ones(given.second)) * weights).sum()
        verdict = exercise.check(answer, given)
        assert verdict.state == NOT_YET
        named += verdict.mistake == "pseudocount added"
    assert named > 0.9 * len(everyone)  # to two decimals some are another mistake, too


def ones(sequence):
    return [[float(base == other) for other in "ACGT"] for base in sequence]
