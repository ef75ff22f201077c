"""The score that nbgrader reads: the last value of a graded cell, as a number."""

from __future__ import annotations

import sys
from typing import Any

from IPython import get_ipython

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
    RuntimeError
        If the notebook no longer shows results as it should: nbgrader gives full marks to a cell
        that shows none.

    Examples
    --------
    >>> score("scanning.windows", ..., seed="7")
    0.0
    """
    if not _shows_results():
        raise RuntimeError("The way in which this notebook shows results was changed.")
    exercise = find(id)
    given = exercise.given(str(practice.owner) if seed is None else seed)
    return float(exercise.check(answer, given).state == RIGHT)


def _shows_results() -> bool:
    """Tell whether the last value of a cell is shown as it is; outside a notebook nobody looks."""
    shell = get_ipython()
    if shell is None:
        return True
    plain = shell.display_formatter.format(0.0)[0] == {"text/plain": "0.0"}
    hook = type(sys.displayhook).__module__ == "ipykernel.displayhook"
    return plain and hook and shell.ast_node_interactivity == "last_expr"
