"""The score that nbgrader reads: the last value of a graded cell, as a number."""

from __future__ import annotations

from typing import Any

from motiflab.exercises import find
from motiflab.exercises.exercise import RIGHT


def score(id: str, answer: Any, practice: Any = None, seed: str | None = None) -> float:
    """Return 1.0 for a right answer and 0.0 for any other.

    Parameters
    ----------
    id : str
        Of the exercise.
    answer : object
        What the learner wrote.
    practice : Practice
        Whose numbers the exercise has; of it, only the text `owner` is looked at.
    seed : str, optional
        Whose numbers instead, where everybody has the same.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If there is no exercise of that id.

    Examples
    --------
    >>> score("scanning.windows", ..., seed="7")
    0.0
    """
    exercise = find(id)
    given = exercise.given(practice.owner if seed is None else seed)
    return float(exercise.check(answer, given).state == RIGHT)
