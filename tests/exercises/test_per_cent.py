"""Every exercise whose answer is a share, a probability, a rate or an area knows per cent."""

from __future__ import annotations

import numpy as np
import pytest

from motiflab.exercises import find
from motiflab.exercises.exercise import NOT_YET, RIGHT

NAMES = ["", "Ada", "Bo", "Chidi", "Dora"]
VALUES = (
    "activating.new_probability",
    "scoring.occupied",
    "reading.row",
    "reading.prior",
    "detecting.posterior",
    "judging.areas",
    "discovering.baseline",
)
FUNCTIONS = ("detecting.power", "judging.average_precision")


@pytest.mark.parametrize("decimals", [0, 1, 2, 4])
@pytest.mark.parametrize("id", VALUES)
def test_per_cent_are_known_however_they_are_rounded(id, decimals):
    exercise = find(id)
    for name in NAMES:
        given = exercise.given(name)
        answer = np.round(100 * np.asarray(exercise.right(given)), decimals)
        verdict = exercise.check(answer.tolist(), given)
        assert verdict.state == NOT_YET and verdict.mistake.startswith("per cent for"), name
        assert "in per cent" in verdict.message


@pytest.mark.parametrize("id", FUNCTIONS)
def test_a_function_that_returns_per_cent_is_known(id):
    exercise = find(id)
    given = exercise.given("Ada")
    verdict = exercise.check(lambda *case: 100 * exercise.right(given)(*case), given)
    assert verdict.mistake.startswith("per cent for")


def test_one_of_several_numbers_may_be_in_per_cent():
    exercise = find("discovering.baseline")
    given = exercise.given("Ada")
    a, b, c = exercise.right(given)
    assert exercise.check([100 * a, 100 * b, c], given).mistake == "per cent for an area"
    assert exercise.check([100 * a, 100 * b, 70], given).mistake == ""
    assert exercise.check([100 * a, 100 * b], given).mistake == ""


def test_a_report_in_per_cent_is_known():
    exercise = find("discovering.report")
    given = exercise.given("Ada")
    scores, area, baseline = exercise.right(given)
    assert exercise.check((scores, area, baseline), given).state == RIGHT
    for report in ((scores, 100 * area, 100 * baseline), (scores, area, 100 * baseline)):
        assert exercise.check(report, given).mistake == "per cent for an area"
