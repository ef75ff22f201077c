"""An incomplete exercise gives its author a helpful error."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from motiflab.exercises import Given, Mistake, Value, find
from motiflab.exercises.sets import scanning_exercises


@pytest.mark.parametrize("id", ["discovering.motif", "scanning.both_copies"])
def test_a_mistake_that_cannot_be_seen_is_named(id):
    exercise = find(id)
    given = exercise.given("Ada")
    blind = Mistake("left unseen", "You see nothing.", exercise.mistakes[0].example)
    with pytest.raises(TypeError, match=f"{id}: the mistake 'left unseen' needs a function `seen`"):
        exercise.shows(blind, None, given)


def test_numbers_that_never_suit_are_told_from_mistakes_that_cannot_be_told_apart():
    same = Mistake("the same", "You are right.", lambda given: 1)
    exercise = Value(
        id="a.b",
        title="",
        task=lambda given: "",
        solution=lambda given: "",
        right=lambda given: 1,
        mistakes=(same,),
    )
    with pytest.raises(
        RuntimeError, match=re.escape("a.b found none that tell its mistakes apart")
    ):
        exercise.given("Ada")
    never = replace(exercise, suits=lambda given: False)
    with pytest.raises(RuntimeError, match=re.escape("a.b found no numbers that suit")):
        never.given("Ada")


def test_copies_that_no_stride_tells_apart_are_told():
    with pytest.raises(ValueError, match="every stride sees both copies or none"):
        scanning_exercises._one_seen(Given(copies=[4, 4]))
