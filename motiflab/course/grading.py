"""Score of an answer for nbgrader: the last value of a graded cell."""

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
        Id of the exercise.
    answer : object
        The learner's answer.
    practice : Practice
        The learner, from whom the numbers are drawn; only its text `owner` is used.
    seed : str, optional
        If given, the numbers are drawn from it, the same for everybody.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If there is no exercise with this id.
    RuntimeError
        If the notebook does not show results as usual: nbgrader gives full marks to a cell without
        a result.

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
    """Return whether the last value of a cell is shown unchanged; True outside a notebook."""
    shell = get_ipython()
    if shell is None:
        return True
    plain = shell.display_formatter.format(0.0)[0] == {"text/plain": "0.0"}
    hook = type(sys.displayhook).__module__ == "ipykernel.displayhook"
    return plain and hook and shell.ast_node_interactivity == "last_expr"
