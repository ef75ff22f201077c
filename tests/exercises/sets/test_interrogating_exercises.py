"""The exercises on interrogating: answers by scipy, torch and counting, designs by trying."""

from __future__ import annotations

import math
import re
from itertools import product

import numpy as np
import pytest
import torch
from scipy.special import expit
from scipy.stats import multinomial

from motiflab.exercises import find
from motiflab.exercises.exercise import NOT_YET, RIGHT
from motiflab.exercises.sets import interrogating_exercises as made
from motiflab.networks import ModelSettings, build

NAMES = ["", "Ada", "7", "Émile", "Bo K.", "42", "Chidi", "Dora"]
named = pytest.mark.parametrize("name", NAMES)


def plain(number: str) -> float:
    return float(number.replace("−", "-"))


def lines(text: str) -> list[list[str]]:
    """Return the cells of a table in a task."""
    rows = [row.strip("| ").split(" | ") for row in text.splitlines() if row.startswith("|")]
    return [row for row in rows if not row[0].startswith("---")]


# -- questions -------------------------------------------------------------------------------------


@named
def test_the_interaction_is_what_is_left_of_a_two_way_fit(name):
    exercise = find("interrogating.interaction")
    given = exercise.given(name)
    (_, *none), (_, *with_a) = lines(exercise.statement(given))[1:]
    logits = [plain(n) for n in (none[0], with_a[0], none[1], with_a[1])]
    # The coefficient of the product in a regression on A, B and A times B.
    design = [[1, a, b, a * b] for a, b in ((0, 0), (1, 0), (0, 1), (1, 1))]
    answer = [np.linalg.solve(design, f)[3] for f in (logits, expit(logits))]
    assert answer[0] * answer[1] < 0
    assert exercise.check(np.round(answer, 3), given).state == RIGHT


def test_an_additive_logit_does_interact_in_probability_and_four_equal_answers_do_not():
    assert made._interaction(np.array([-2.0, 0.0, 0.0, 2.0])) == 0
    assert made._interaction(expit([-3.0, -1.0, -1.0, 1.0])) > 0.1
    assert made._interaction(expit([0.0, 2.0, 2.0, 4.0])) < -0.1
    assert made._interaction(np.full(4, 0.3)) == pytest.approx(0)


@named
def test_importance_is_the_mean_of_differences_one_by_one(name):
    exercise = find("interrogating.importance")
    given = exercise.given(name)

    def by_letters(predict, backgrounds, word, start):
        differences = []
        for one in backgrounds:
            letters = list(one)
            letters[start : start + len(word)] = word
            assert len(letters) == len(one)
            with_word, without = predict(["".join(letters), one])
            differences.append(with_word - without)
        return sum(differences) / len(differences)

    assert exercise.check(by_letters, given).state == RIGHT
    own = by_letters(given.predict, given.backgrounds, given.word, given.start)
    assert f"On your own numbers it is {own:.3f}." in exercise.solution(given)
    assert own > 0, "most of the word is what the network looks for"


def test_the_network_that_is_asked_reads_lists_and_scores_its_best_window():
    network = made.Network("ACG", 0.0)
    assert network(["TTTTT", "TACGT"]).tolist() == pytest.approx([-3, 9 / 4 + 0.2 - 3])
    assert network("TACGT").tolist() == network(["TACGT"]).tolist()


@named
def test_each_curve_has_the_symptoms_of_its_world(name):
    exercise = find("interrogating.world")
    given = exercise.given(name)
    head, *rows, areas = lines(exercise.statement(given))
    assert head[0] == "gap" and areas[0] == "AUROC" and len(rows) == 12
    curves = np.array([[plain(cell) for cell in row[1:]] for row in rows]).T
    told = ""
    for curve, area in zip(curves, areas[1:]):
        high = curve > 1.2
        if not high.any():
            assert 0.45 < plain(area) < 0.56 and np.abs(curve).max() < 0.7
            told += "F"
        elif high.all():
            assert plain(area) > 0.9 and np.ptp(curve) < 1.2
            told += "B"
        elif high.sum() == 1:
            assert plain(area) > 0.9
            told += "H"
        else:  # falls, and rises again about one turn of the helix after the beginning
            assert curve[0] == curve.max() and curve[4] > curve[2] and curve[-1] < 1.2
            assert 0.75 < plain(area) < 0.9
            told += "S"
    assert sorted(told) == [*"BFHS"]
    assert exercise.check(told.lower(), given).state == RIGHT


@named
def test_the_reach_is_that_of_a_gradient_and_one_less_does_not_see_every_pair(name):
    exercise = find("interrogating.reach")
    given = exercise.given(name)
    pair = given.a + given.g + given.b

    def seen(taps, dilation):
        """Bases that one unit sees, by the gradient; averages pass one on wherever they may."""
        x = torch.ones(1, 1, 400, requires_grad=True)
        scores = torch.nn.functional.conv1d(x, torch.ones(1, 1, given.K))
        pooled = torch.nn.functional.avg_pool1d(scores, given.w)
        torch.nn.functional.conv1d(pooled, torch.ones(1, 1, taps), dilation=dilation)[
            0, 0, 0
        ].backward()
        return np.flatnonzero(x.grad[0, 0])

    def enough(taps, dilation):
        """Whether the pair lies in the bases of one unit for each of its beginnings."""
        bases = seen(taps, dilation)
        assert np.diff(bases).max() == 1, "no holes"
        return all(
            any(
                j * given.w <= start and start + pair <= len(bases) + j * given.w for j in range(99)
            )
            for start in range(100, 100 + given.w)
        )

    taps = next(n for n in range(1, 60) if enough(n, 1))
    dilation = next(d for d in range(1, 30) if enough(3, d))
    assert exercise.check([taps, dilation], given).state == RIGHT


@named
def test_the_loss_of_reads_is_that_of_torch_and_the_multinomial_differs_by_its_coefficient(name):
    exercise = find("interrogating.reads")
    given = exercise.given(name)
    n = int(given.reads.sum())
    each = torch.tensor(np.repeat(np.arange(5), given.reads))
    scores = torch.tensor(given.scores).expand(n, 5)
    loss = torch.nn.functional.cross_entropy(scores, each).item()
    assert exercise.check(round(loss, 3), given).state == RIGHT
    p = torch.softmax(torch.tensor(given.scores), 0).numpy()
    by_scipy = -multinomial.logpmf(given.reads, n, p) / n
    assert by_scipy == pytest.approx(loss - made._log_coefficient(given) / n)
    verdict = exercise.check(round(float(by_scipy), 3), given)
    assert verdict.mistake == "multinomial coefficient included"


# -- a sequence ------------------------------------------------------------------------------------


def by_hand(given, sequence):
    """The log-likelihood ratio, place by place, from the printed table."""
    table = np.array(
        [
            [plain(v) for v in row[1:]]
            for row in lines(find("interrogating.designed").statement(given))[1:]
        ]
    )
    a, b = table[:, :4], table[:, 4:]
    codes = ["ACGT".index(base) for base in sequence]
    sums = [
        sum(a[k, codes[i + k]] + b[k, codes[i + 6 + given.gap + k]] for k in range(6))
        for i in range(len(sequence) - 12 - given.gap + 1)
    ]
    return math.log(np.mean(np.exp(sums)))


@named
def test_the_design_passes_by_hand_with_a_change_to_spare(name):
    exercise = find("interrogating.designed")
    given = exercise.given(name)
    design = exercise.right(given)
    changed = sum(one != other for one, other in zip(given.sequence, design))
    assert changed <= given.changes and len(design) == len(given.sequence) == 40
    assert by_hand(given, design) > given.threshold + 0.1
    assert by_hand(given, given.sequence) < given.threshold - 1
    fewer = made._best(given, given.changes - 1)
    assert exercise.check(fewer, given).state == RIGHT
    assert exercise.check(made._best(given, given.changes - 2), given).state == NOT_YET


def test_no_sequence_with_as_many_changes_beats_the_solution_by_much():
    """Among random designs, and among all that change two bases, none beats the best one."""
    given = find("interrogating.designed").given("Ada")
    rng = np.random.default_rng(0)
    two = [
        "".join({i: a, j: b}.get(k, base) for k, base in enumerate(given.sequence))
        for i, j in [rng.choice(40, 2, replace=False) for _ in range(300)]
        for a, b in product("ACGT", repeat=2)
    ]
    arrangement = made._planted(given)
    best = made.log_likelihood_ratio([made._best(given, 2)], arrangement)[0]
    # All places count, so a change at a second place may add a little.
    assert made.log_likelihood_ratio(two, arrangement).max() < best + 0.05


def test_a_design_is_told_its_number_or_its_letters():
    exercise = find("interrogating.designed")
    given = exercise.given("Ada")
    said = exercise.check(made._best(given, 2), given).message
    assert re.search(r"With 2 changed bases the log-likelihood ratio is −?\d\.\d\d;", said)
    assert "no" not in exercise.check(exercise.right(given).lower(), given).message
    assert "40 bases, not 41" in exercise.check(given.sequence + "A", given).message
    assert "contains N" in exercise.check("N" + given.sequence[1:], given).message


# -- a network -------------------------------------------------------------------------------------


def world(number):
    return made.Given(**made._world(number))


@pytest.mark.parametrize("number", [17, 38])
def test_the_solution_learns_and_shuffled_labels_and_a_narrow_filter_do_not(number):
    settings = made._designed(world(number))
    narrow = made.replace(settings, width=made._WIDTH)
    assert made.trained_auroc(number, settings) > made.GOAL + 0.05
    assert made.trained_auroc(number, settings, shuffled=True) < 0.65
    assert made.trained_auroc(number, narrow) < 0.65


def test_the_other_solution_learns_and_a_single_tap_does_not():
    settings = made.two_layers(world(17))
    assert made._network_lacks(world(17), settings) == ""
    assert made.trained_auroc(17, settings) > made.GOAL + 0.03
    assert made.trained_auroc(17, made.replace(settings, second_width=1)) < 0.65


def test_the_parameters_are_those_of_torch_and_both_solutions_are_within_the_budget():
    for number in (0, 17, 38):
        given = world(number)
        for settings in (made._designed(given), made.two_layers(given)):
            network = build(settings, given.L)
            count = sum(part.numel() for part in network.parameters())
            assert made.parameters(given, settings) == count <= given.budget
    for number in range(made.WORLDS):
        given = world(number)
        assert not made._network_lacks(given, made._designed(given))
        assert not made._network_lacks(given, made.two_layers(given))


def test_a_network_that_sees_but_does_not_learn_is_told_its_area():
    exercise = find("interrogating.network")
    given = exercise.given("Ada")
    poor = ModelSettings(filters=1, width=12 + given.gap, initialisation="zeros")
    verdict = exercise.check(poor, given)
    assert verdict.state == NOT_YET and not verdict.mistake
    area = made.trained_auroc(given.world, poor)
    assert f"an AUROC of {area:.2f} on new sequences; 0.9 is asked for" in verdict.message


def test_settings_that_are_not_of_the_family_are_refused_in_a_sentence():
    exercise = find("interrogating.network")
    given = exercise.given("Ada")
    for settings, words in (
        (ModelSettings(hidden=4), "`hidden` keeps its default, 0."),
        (ModelSettings(head="count"), "`head` keeps its default, 'classify'."),
        (ModelSettings(width=60), "Sequences of 50 bases do not fit"),
        ({"filters": 3}, "`ModelSettings(...)` was expected"),
    ):
        assert words in exercise.check(settings, given).message


def test_no_numbers_are_drawn_by_training():
    made.trained_auroc.cache_clear()
    for name in NAMES:
        find("interrogating.network").given(f"{name} once more")
    assert made.trained_auroc.cache_info().misses == 0


def test_the_review_knows_what_its_numbers_say():
    exercise = find("interrogating.report")
    for name in NAMES:
        given = exercise.given(name)
        text = exercise.solution(given)
        assert 15 < given.field < 15 + given.high
        rise = np.log(0.99 / 0.01) - np.log(0.97 / 0.03)
        assert f"the logit grows by {rise:.1f}" in text
