"""Make the practice notebooks, the student's and the solved one, from one source.

The source of a notebook is a Markdown file in `motiflab/course/lessons`. Code stands in fences.
A fence that names an exercise becomes the cells in which it is set, answered and checked:

    ```python exercise=scanning.windows
    windows = ...
    ### BEGIN SOLUTION
    windows = (given.L + 2 * given.P - given.K) // given.S + 1
    ### END SOLUTION
    ```

What stands between the marks is in the solved notebook only, as nbgrader has it too. An empty
fence is enough where the answer is a letter, a scene or a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from types import SimpleNamespace
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from motiflab.exercises import find
from motiflab.exercises.exercise import Exercise
from motiflab.exercises.targets import Target
from motiflab.exercises.values import Choice, Text
from motiflab.quoting import quoted

STUB = "# your answer goes here"
"""What a student finds in the place of a solution."""

_PREDICTION = "What I expect, before I have seen it."

_SAME = (
    "In this course everybody has the same numbers, which `{}` draws. Your name says whose answers "
    "these are."
)

_FENCE = re.compile(r"^```python(?: exercise=(\S+))?\n(.*?)^```$", re.M | re.S)
_SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?### END SOLUTION$", re.M | re.S)
_HIDDEN = re.compile(r"\n### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS", re.S)


def lessons() -> list[str]:
    """Return the names of all practice notebooks, in order.

    >>> lessons()[1]
    '01_encoding'
    """
    folder = resources.files("motiflab.course") / "lessons"
    return sorted(path.name.removesuffix(".md") for path in folder.iterdir())


def build(
    name: str, solved: bool = False, learner: str = "", seed: str | None = None
) -> NotebookNode:
    """Make a practice notebook.

    Parameters
    ----------
    name : str
        One of `lessons`.
    solved : bool
        With the solutions and the scores that nbgrader reads, between marks that nbgrader knows;
        otherwise as a student gets it.
    learner : str
        The name that the notebook is opened under; solutions that are a letter or a scene are
        theirs. Usually left empty, for the student to fill in.
    seed : str, optional
        Gives everyone the same numbers, whatever their name.

    Returns
    -------
    NotebookNode
        Without outputs, with the metadata of nbgrader.

    Raises
    ------
    ValueError
        If there is no lesson of that name.

    Examples
    --------
    >>> notebook = build("02_scanning")
    >>> notebook.metadata.motiflab["part"]
    'scanning'
    """
    if name not in lessons():
        raise ValueError(f"name must be one of {', '.join(lessons())}, not {quoted(name)}.")
    source = resources.files("motiflab.course").joinpath("lessons", f"{name}.md")
    text = source.read_text(encoding="utf-8")
    opening = f'Practice("{learner}", seed="{seed}")' if seed else f'Practice("{learner}")'
    text = text.replace('Practice("")', opening)
    if seed:
        text = text.replace(f"{opening}\n```\n", f"{opening}\n```\n\n{_SAME.format(seed)}\n")
    cells = list(_cells(text, learner, seed))
    if not solved:
        for cell in cells:
            cell.source = _HIDDEN.sub("", _SOLUTION.sub(rf"\1{STUB}", cell.source))
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number:02}"
    metadata = {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
        "motiflab": {
            "part": name.partition("_")[2] or name,
            "exercises": [id for id, _ in _FENCE.findall(text) if id],
        },
    }
    notebook = new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(notebook)
    return notebook


def _cells(text: str, learner: str, seed: str | None) -> Iterator[NotebookNode]:
    """Cut a source into cells: what stands between two fences is one Markdown cell."""
    end = 0
    for fence in _FENCE.finditer(text):
        prose = text[end : fence.start()].strip()
        if prose:
            yield new_markdown_cell(prose)
        end = fence.end()
        id, code = fence.groups()
        if id:
            yield from _exercise(find(id), code.rstrip(), learner, seed)
        elif code.startswith(("from ", "import ")):
            yield new_code_cell(code.rstrip(), metadata=_locked("imports"))
        else:
            yield new_code_cell(code.rstrip())
    if text[end:].strip():
        yield new_markdown_cell(text[end:].strip())


def _exercise(
    exercise: Exercise, code: str, learner: str, seed: str | None
) -> Iterator[NotebookNode]:
    """Make the cells of one exercise."""
    id, name = exercise.id, exercise.name
    key = id.replace(".", "-")
    yield new_code_cell(f'given = practice.task("{id}")', metadata=_locked(f"{key}-task"))
    if exercise.prediction:
        prediction = f"{name}_prediction"
        yield new_code_cell(
            _solvable(prediction, "...", repr(_PREDICTION)), metadata=_answer(f"{key}-prediction")
        )
        show = "explorer" if isinstance(exercise, Target) else "predict"
        yield new_code_cell(
            f'practice.{show}("{id}", {prediction})', metadata=_locked(f"{key}-{show}")
        )
    given = exercise.given(learner if seed is None else seed)
    yield new_code_cell(code or _empty(exercise, given), metadata=_answer(key))
    check = f'practice.check("{id}", {name})'
    if not exercise.graded:
        yield new_code_cell(check, metadata=_locked(f"{key}-check"))
        return
    whose = "practice" if seed is None else f'seed="{seed}"'
    yield new_code_cell(
        f"{check}\n### BEGIN HIDDEN TESTS\nfrom motiflab.course.grading import score\n\n"
        f'score("{id}", {name}, {whose})\n### END HIDDEN TESTS',
        metadata=_nbgrader(f"{key}-check", grade=True, locked=True, points=1),
    )


def _solvable(name: str, untouched: str, solved: str) -> str:
    return f"{name} = {untouched}\n### BEGIN SOLUTION\n{name} = {solved}\n### END SOLUTION"


def _empty(exercise: Exercise, given: SimpleNamespace) -> str:
    """Write the answer cell of an exercise whose answer is a letter, a scene or a text."""
    right = exercise.right(given)
    if isinstance(exercise, Target):
        right = exercise.scene(given, right)
    elif not isinstance(exercise, (Choice, Text)):
        raise ValueError(f"{exercise.id} needs an answer cell in its lesson; the fence is empty.")
    blank = '""' if not isinstance(exercise, Text) else '"""\n\n"""'
    return _solvable(exercise.name, blank, repr(right))


def _nbgrader(
    grade_id: str, grade: bool = False, solution: bool = False, locked: bool = False, **more: Any
) -> dict[str, Any]:
    """Metadata of a cell, as version 3 of nbgrader's schema wants them."""
    cell = {"schema_version": 3, "grade_id": grade_id, "grade": grade, "solution": solution}
    return {"nbgrader": {**cell, "locked": locked, "task": False, **more}}


def _answer(grade_id: str) -> dict[str, Any]:
    return _nbgrader(grade_id, solution=True)


def _locked(grade_id: str) -> dict[str, Any]:
    return _nbgrader(grade_id, locked=True)
