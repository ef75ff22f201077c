"""Exercises with the numbers of several learners."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace

from motiflab.exercises import find
from motiflab.exercises.exercise import Exercise

NAMES = ("", "ada", "bo", "chen", "dora")
FORTY = [str(number) for number in range(40)]


def own_numbers(id: str, names: Iterable[str] = FORTY) -> tuple[Exercise, list[SimpleNamespace]]:
    """Return an exercise, and the numbers of each learner."""
    exercise = find(id)
    return exercise, [exercise.given(name) for name in names]


def each(id: str, names: Iterable[str] = NAMES) -> list[tuple[Exercise, SimpleNamespace]]:
    """Return for each learner the exercise and their numbers, as `parametrize` takes them."""
    exercise, everyone = own_numbers(id, names)
    return [(exercise, given) for given in everyone]
