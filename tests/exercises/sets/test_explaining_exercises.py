"""The exercises on explaining: answers by torch, scikit-learn, Biopython, and by counting."""

from __future__ import annotations

import re
from itertools import product

import make_faulty_figures
import numpy as np
import pytest
import torch
from Bio.Seq import Seq
from make_faulty_figures import clear, contradicted
from sklearn.metrics import roc_auc_score

from motiflab.exercises import find
from motiflab.exercises.exercise import NOT_YET, RIGHT
from motiflab.exercises.sets.explaining_exercises import CLAIMS, _figures, fault_of
from motiflab.sequences import one_hot

NAMES = ["", "Ada", "7", "Émile", "Bo K.", "42", "Chidi", "Dora"]
named = pytest.mark.parametrize("name", NAMES)
FIGURES = _figures()


def plain(number: str) -> float:
    return float(number.replace("−", "-"))


# -- the second layer ------------------------------------------------------------------------------


@named
def test_the_field_is_that_of_a_gradient_and_the_distances_are_those_of_all_places(name):
    exercise = find("explaining.distance")
    given = exercise.given(name)
    K, p, J = given.K, given.p, given.J
    x = torch.ones(1, 1, K + p - 1 + (J - 1) * p + 3 * p, requires_grad=True)
    scores = torch.nn.functional.conv1d(x, torch.ones(1, 1, K))
    # The average has a gradient wherever a maximum may have one.
    pooled = torch.nn.functional.avg_pool1d(scores, p)
    torch.nn.functional.conv1d(pooled, torch.ones(1, 1, J))[0, 0, 0].backward()
    seen = int((x.grad != 0).sum())
    places = product(range(p), range((J - 1) * p, J * p))
    distances = {second - first for first, second in places}
    assert exercise.check([seen, len(distances)], given).state == RIGHT


def test_what_the_solution_says_of_the_shortest_and_the_longest_distance():
    exercise = find("explaining.distance")
    for name in NAMES:
        given = exercise.given(name)
        said = re.search(r"between (\d+) and (\d+)", exercise.solution(given))
        shortest, longest = map(int, said.groups())
        assert longest - shortest + 1 == exercise.right(given)[1]
        assert shortest == (given.J - 1) * given.p - (given.p - 1)


def test_one_wrong_number_is_named_whatever_the_other_is():
    exercise = find("explaining.distance")
    given = exercise.given("Ada")
    for other in (1, 7, 10**6):
        verdict = exercise.check([other, given.p], given)
        assert verdict.mistake == "uncertainty of one part"
        verdict = exercise.check([given.J * given.p, other], given)
        assert verdict.mistake == "filter width forgotten"


def test_parts_of_a_motif_add_up_to_the_motif_in_a_second_layer_without_blur():
    """Two filters of half a motif and a second layer score every window as the whole filter."""
    rng = np.random.default_rng(0)
    whole, x = rng.normal(size=(4, 12)), rng.normal(size=(1, 4, 50))
    first = np.zeros((2, 4, 6))
    first[0], first[1] = whole[:, :6], whole[:, 6:]
    second = np.zeros((1, 2, 7))
    second[0, 0, 0] = second[0, 1, 6] = 1
    x, whole, first, second = map(torch.tensor, (x, whole[None], first, second))
    parts = torch.nn.functional.conv1d(torch.nn.functional.conv1d(x, first), second)
    torch.testing.assert_close(parts, torch.nn.functional.conv1d(x, whole))


# -- maps ------------------------------------------------------------------------------------------


@named
def test_integrated_gradients_are_those_of_autograd(name):
    exercise = find("explaining.integrated")
    given = exercise.given(name)
    w, x = (torch.tensor(part, dtype=torch.float64) for part in (given.w, given.present))

    def f(x):
        return torch.relu(given.b + x @ w)

    reference = torch.full((4,), 0.25, dtype=torch.float64)
    alpha = (torch.arange(100_000, dtype=torch.float64)[:, None] + 0.5) / 100_000
    path = (reference + alpha * (x - reference)).requires_grad_()
    (slopes,) = torch.autograd.grad(f(path).sum(), path)
    integrated = (x - reference) * slopes.mean(dim=0)
    assert f(reference) == 0 and f(x) > 0
    assert integrated.sum().item() == pytest.approx((f(x) - f(reference)).item(), abs=1e-3)
    # The midpoints miss the corner of the ReLU by half a step: its digits are those of the sums.
    assert np.abs(exercise.right(given) - integrated.numpy()).max() < 2e-4
    assert exercise.check(np.round(exercise.right(given), 3).tolist(), given).state == RIGHT


@named
def test_only_the_right_row_sums_to_the_difference_of_the_logits(name):
    exercise = find("explaining.complete")
    given = exercise.given(name)
    rows = dict(re.findall(r"\*\*([a-e])\*\*: ([−0-9., ]+)", exercise.statement(given)))
    sums = {letter: sum(map(plain, row.split(", "))) for letter, row in rows.items()}
    right = exercise.right(given)
    assert len(sums) == 5
    assert sums.pop(right) == pytest.approx(given.z - given.reference, abs=1e-6)
    assert all(abs(total - given.z + given.reference) > 0.2 for total in sums.values())
    chances = [1 / (1 + np.exp(-z)) for z in (given.z, given.reference)]
    by_name = {mistake.name: sums[mistake.example(given)] for mistake in exercise.mistakes}
    assert by_name == pytest.approx(
        {
            "sums to the logit": given.z,
            "sums to reference minus sequence": given.reference - given.z,
            "sums to a difference of probabilities": chances[0] - chances[1],
            "sums to the sum of the logits": given.z + given.reference,
        },
        abs=0.0051,
    )


def by_sklearn(gradient, x, sites):
    inside = [any(start <= i < end for start, end in sites) for i in range(len(x))]
    here = [g[list(row).index(1)] - sum(g) / 4 for g, row in zip(gradient.tolist(), x)]
    return roc_auc_score(inside, np.round(np.abs(here), 9))


@named
def test_the_auroc_of_a_map_is_that_of_scikit_learn(name):
    exercise = find("explaining.base_auroc")
    given = exercise.given(name)
    cases = exercise.cases(given, np.random.default_rng(1))
    for case in cases:
        assert exercise.right(given)(*case) == pytest.approx(by_sklearn(*case))
    assert exercise.check(by_sklearn, given).state == RIGHT
    own = by_sklearn(given.gradient, one_hot(given.sequence), given.sites)
    assert f"On your own numbers it is {own:.3f}." in exercise.solution(given)


def test_the_constant_is_asked_for_beyond_the_cases():
    exercise = find("explaining.base_auroc")
    given = exercise.given("Ada")
    (stays,) = exercise.properties
    right = exercise.right(given)

    def by_heart(gradient, x, sites):
        return right(gradient, x, sites) * (2 - np.array_equal(gradient, given.gradient))

    assert "added to all four slopes" in stays(given, by_heart) and not stays(given, right)


# -- seqlets ---------------------------------------------------------------------------------------


@named
def test_the_best_overlap_is_that_of_all_overlaps(name):
    exercise = find("explaining.aligned")
    given = exercise.given(name)
    found = {}
    for strand, offset in product((1, -1), range(-5, 6)):
        word = given.second if strand == 1 else str(Seq(given.second).reverse_complement())
        b = given.b if strand == 1 else list(reversed(given.b))
        laid = {offset + i: (base, value) for i, (base, value) in enumerate(zip(word, b))}
        found[offset, strand] = sum(
            value * laid[i][1]
            for i, (base, value) in enumerate(zip(given.first, given.a))
            if laid.get(i, ("", 0))[0] == base
        )
    best = max(found, key=found.get)
    assert sorted(found.values())[-2] <= found[best] - 10, "no other overlap comes near"
    assert exercise.check([*best, found[best]], given).state == RIGHT


@named
def test_the_spacer_is_what_stands_between_two_words(name):
    exercise = find("explaining.spacer")
    given = exercise.given(name)
    # A peak of A, with C on the first half-site and the second one spelled on the other strand.
    peak = ["A"] * given.L
    peak[given.start : given.start + given.h] = ["C"] * given.h
    other = list(str(Seq("".join(peak)).reverse_complement()))
    other[given.other : given.other + given.h] = ["C"] * given.h
    read = str(Seq("".join(other)).reverse_complement())
    (between,) = re.findall("C{10}(A*)G{10}", read)
    assert exercise.check(len(between), given).state == RIGHT and 0 < len(between) <= 13


# -- the figure ------------------------------------------------------------------------------------


def test_each_figure_has_one_fault_and_every_motif_has_each():
    kept = {(one["motif"], one["fault"]) for one in FIGURES}
    assert kept == {*product(make_faulty_figures.MOTIFS, CLAIMS)} and len(kept) == len(FIGURES)
    for one in FIGURES:
        assert contradicted(one) == [one["fault"]] and clear(one), one


def test_the_numbers_of_a_fault_are_what_that_fault_leads_to():
    for one in FIGURES:
        fault = one["fault"]
        expected = one["logit"] - (one["zeros"] if fault == "shuffles" else one["shuffled"])
        assert one["total"] == pytest.approx(expected, abs=0.15)
        assert one["judged"] == (800 if fault == "unseen" else 200)
        assert (one["e_value"] > 1) == (fault == "match")
        assert len(one["sequence"]) == len(one["heights"]) == make_faulty_figures.SHOWN
        # The tallest letter is the slope of its base.
        tallest = one["tallest"] - one["first"]
        slope = one["slopes"]["ACGT".index(one["sequence"][tallest])]
        assert abs(one["heights"][tallest]) == np.abs(one["heights"]).max()
        assert one["heights"][tallest] == slope


@pytest.mark.parametrize("number", [5, 12])
def test_a_figure_is_what_its_analysis_gives(number):
    kept = FIGURES[number]
    again = make_faulty_figures.figure(kept["motif"], kept["fault"], kept["seed"])
    assert again.keys() == kept.keys() and contradicted(again) == [kept["fault"]]
    for key, value in kept.items():
        if isinstance(value, (str, int)):
            assert again[key] == value, key
        elif key != "e_value":  # differs by much if a single window does
            np.testing.assert_allclose(again[key], value, atol=0.1, err_msg=key)


def test_the_right_option_names_the_fault_and_the_wrong_ones_what_holds():
    exercise, told = find("explaining.figure"), {fault: set() for fault in CLAIMS}
    for number in range(80):
        given = exercise.given(f"learner {number}")
        options = dict(re.findall(r"\*\*([a-e])\*\*: (.+)", exercise.statement(given)))
        assert len(set(options.values())) == 5
        right = options[exercise.right(given)]
        (fault,) = contradicted(vars(given))
        assert right == f"Claim {[*CLAIMS].index(fault) + 1}: {CLAIMS[fault]}."
        assert fault == fault_of(given) and "fault" not in vars(given)
        told[fault].add(given.motif)
    assert all(told.values()), "everybody's neighbour has another fault"


def test_the_caption_numbers_its_claims_as_the_table_does():
    exercise = find("explaining.figure")
    for name in NAMES:
        given = exercise.given(name)
        text = exercise.statement(given)
        lines = dict(re.findall(r"^\| (\d) \| (.+) \|$", text, re.M))
        assert [*lines] == list("123456")
        assert f"AUROC over {given.judged} sequences: {given.auroc:.2f}" in lines["1"]
        assert plain(lines["2"].rpartition(" ")[2]) == given.logit
        assert plain(lines["3"].rpartition(" ")[2]) == given.strength
        slopes = re.findall(r"[ACGT] ([−\d.]+)", lines["5"])
        assert [plain(slope) for slope in slopes] == given.slopes
        sums = [plain(number) for number in re.findall(r"−?\d+\.\d+", lines["6"])]
        assert sums == [given.total, given.logit, given.shuffled, given.zeros]
        said = ["not seen (1)", "recognises (2)", "filter (3)", "allows (4)", "there (5)", "(6)"]
        assert all(words in text for words in said)


def test_the_review_is_of_the_same_figure_and_its_solution_names_the_fault():
    figure, review = find("explaining.figure"), find("explaining.redo")
    for name in NAMES:
        one, other = figure.given(name), review.given(name)
        assert (one.case, one.motif) == (other.case, other.motif)
        assert figure.solution(one).partition("**. ")[2] in review.solution(other)
        assert review.check("Judge it on new peaks.", other).state == RIGHT
        assert "{" not in figure.solution(one)


def test_a_wrong_letter_is_told_without_the_answer():
    exercise = find("explaining.figure")
    given = exercise.given("Ada")
    for mistake in exercise.mistakes:
        verdict = exercise.check(mistake.example(given), given)
        assert (verdict.state, verdict.mistake) == (NOT_YET, mistake.name)
        assert not any(claim in verdict.message for claim in CLAIMS.values())
