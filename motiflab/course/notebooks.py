"""Make practice notebooks, for students and solved, from one source, and course folders.

The source of a notebook is a Markdown file in `motiflab/course/lessons`. Code stands in fences.
A fence that names an exercise becomes the cells in which it is set, answered and checked:

    ```python exercise=scanning.windows
    windows = ...
    ### BEGIN SOLUTION
    windows = (given.L + 2 * given.P - given.K) // given.S + 1
    ### END SOLUTION
    ```

The part between the marks is only in the solved notebook, as in nbgrader. An empty fence is enough
if the answer is a letter, a scene or a text. The line `[demonstrations]` is replaced by the
sections of all demonstrations of `lectures.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from motiflab.checks import ArgumentError, one_of, quoted
from motiflab.course.lectures import DEMONSTRATIONS
from motiflab.exercises import KEYS, Choice, Exercise, Given, Target, Text, find

_FIRST = "00_how_it_works"  # the introduction to the sets

STUB = "# your answer goes here"
"""Text in a student's notebook in place of a solution."""

_KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
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


def build_notebook(
    name: str, solved: bool = False, learner: str = "", seed: str | None = None
) -> NotebookNode:
    """Make a practice notebook.

    Parameters
    ----------
    name : str
        One of `lessons`.
    solved : bool
        Whether to include the solutions and the scores for nbgrader, between nbgrader's marks.
    learner : str
        The name at the top of the notebook, for which solutions that are a letter or a scene are
        made. Usually empty, for the student to fill in.
    seed : str, optional
        Gives everyone the same numbers, whatever their name.

    Returns
    -------
    NotebookNode
        Without outputs, with the metadata of nbgrader.

    Examples
    --------
    >>> notebook = build_notebook("02_scanning")
    >>> notebook.metadata.motiflab["part"]
    'scanning'
    """
    one_of("name", name, lessons())
    source = resources.files("motiflab.course") / "lessons" / f"{name}.md"
    text = source.read_text(encoding="utf-8")
    text = text.replace("[demonstrations]\n", "\n".join(one.section for one in DEMONSTRATIONS))
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
    # From this entry a report knows the exercises, even without answers.
    asked = {
        "part": name.partition("_")[2] or name,
        "exercises": [id for id, _ in _FENCE.findall(text) if id],
    }
    notebook = new_notebook(cells=cells, metadata={**_KERNEL, "motiflab": asked})
    nbformat.validate(notebook)
    return notebook


def _cells(text: str, learner: str, seed: str | None) -> Iterator[NotebookNode]:
    """Split a source into cells: the text between two fences is one Markdown cell."""
    end = 0
    for fence in _FENCE.finditer(text):
        yield from _prose(text[end : fence.start()])
        end = fence.end()
        id, code = fence[1], fence[2].rstrip()
        if id:
            yield from _exercise(find(id), code, learner, seed)
        else:
            imports = code.startswith(("from ", "import "))
            yield new_code_cell(code, metadata=_nbgrader("imports", locked=True) if imports else {})
    yield from _prose(text[end:])


def _prose(text: str) -> Iterator[NotebookNode]:
    if text.strip():
        yield new_markdown_cell(text.strip())


def _exercise(
    exercise: Exercise, code: str, learner: str, seed: str | None
) -> Iterator[NotebookNode]:
    """Make the cells of one exercise."""
    id, name = exercise.id, exercise.name
    key = id.replace(".", "-")
    yield new_code_cell(
        f'given = practice.task("{id}")', metadata=_nbgrader(f"{key}-task", locked=True)
    )
    if exercise.prediction:
        prediction = f"{name}_prediction"
        yield new_code_cell(
            _solvable(prediction, "...", repr(_PREDICTION)),
            metadata=_nbgrader(f"{key}-prediction", solution=True),
        )
        show = "explorer" if isinstance(exercise, Target) else "predict"
        yield new_code_cell(
            f'practice.{show}("{id}", {prediction})',
            metadata=_nbgrader(f"{key}-{show}", locked=True),
        )
    given = exercise.given(learner if seed is None else seed)
    yield new_code_cell(code or _empty(exercise, given), metadata=_nbgrader(key, solution=True))
    check = f'practice.check("{id}", {name})'
    if not exercise.graded:
        yield new_code_cell(check, metadata=_nbgrader(f"{key}-check", locked=True))
        return
    whose = "practice" if seed is None else f'seed="{seed}"'
    yield new_code_cell(
        f"{check}\n### BEGIN HIDDEN TESTS\nfrom motiflab.course.grading import score\n\n"
        f'score("{id}", {name}, {whose})\n### END HIDDEN TESTS',
        metadata=_nbgrader(f"{key}-check", grade=True, locked=True, points=1),
    )


def _solvable(name: str, untouched: str, solved: str) -> str:
    return f"{name} = {untouched}\n### BEGIN SOLUTION\n{name} = {solved}\n### END SOLUTION"


def _empty(exercise: Exercise, given: Given) -> str:
    """Write the answer cell of an exercise whose answer is a letter, a scene or a text."""
    right = exercise.right(given)
    if isinstance(exercise, Target):
        right = exercise.scene(given, right)
    elif not isinstance(exercise, (Choice, Text)):
        raise ValueError(f"{exercise.id} needs an answer cell in its lesson; the fence is empty.")
    blank = '"""\n\n"""' if isinstance(exercise, Text) else '""'
    return _solvable(exercise.name, blank, repr(right))


def _nbgrader(
    grade_id: str, grade: bool = False, solution: bool = False, locked: bool = False, **more: Any
) -> dict[str, Any]:
    """Metadata of a cell, for version 3 of nbgrader's schema."""
    return {
        "nbgrader": {
            "schema_version": 3,
            "grade_id": grade_id,
            "grade": grade,
            "solution": solution,
            "locked": locked,
            "task": False,
            **more,
        }
    }


_CONFIG = f"""# Read by nbgrader when it is started in this folder.
c = get_config()
c.CourseDirectory.course_id = "motiflab"
c.ClearSolutions.code_stub = {{"python": "{STUB}"}}
c.Execute.timeout = 300  # seconds for a cell; to load torch may take 30 on a slow machine
"""

_README = """# A motiflab course

`students/` holds the notebooks to hand out. Each learner writes a name at the top{numbers}.
Answers, tries and hints are saved in the notebook and in `my_practice.json` beside it; nothing
leaves the learner's machine.

To see how the class is doing, collect the notebooks in any folders, such as
`submitted/<student>/<notebook>.ipynb`, and run

    motiflab course report submitted

This writes a table, `report.csv`, and a page, `report.html`. It reads the saved outputs of the
notebooks and runs nothing in them.
{grading}"""

_GRADING = """
`source/` holds the solved notebooks, for nbgrader. In this folder:

    nbgrader generate_assignment NAME      # release/: the same as in students/
    nbgrader autograde NAME                # grades submitted/<student>/NAME/NAME.ipynb
    nbgrader generate_feedback NAME

NAME is the name of a notebook without `.ipynb`, such as `{example}`. The kernel that grades needs
motiflab. nbgrader restores the checks if a student has changed them. But a student's code runs in
the same process as the check, so open a notebook whose grade surprises you.
If `autograde` stops at a notebook ("old version of the nbgrader metadata"), a student has pasted a
copy of a checked cell: delete the copy and run it again.
"""


def make_course(
    folder: Path,
    solutions: bool = False,
    parts: Sequence[str] | None = None,
    seed: str | None = None,
) -> list[Path]:
    """Write a folder of exercise notebooks for a course.

    Parameters
    ----------
    folder : Path
        A new or empty folder.
    solutions : bool
        Whether to write the solved notebooks and nbgrader's configuration, too.
    parts : sequence of str, optional
        Names of exercise sets (`motiflab.exercises.KEYS`); all if not given.
    seed : str, optional
        Gives everyone the same numbers; otherwise they are drawn from each learner's name.

    Returns
    -------
    list of Path
        The written notebooks: first the students', then the solved ones.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> [path.relative_to(folder).as_posix() for path in make_course(folder, parts=["scanning"])]
    ['students/00_how_it_works.ipynb', 'students/02_scanning.ipynb']
    """
    for part in parts or ():
        one_of("parts", part, KEYS)
    if seed is not None and not re.fullmatch(r"[\w .-]+", seed):
        raise ArgumentError(
            "seed", f"seed must be letters, digits, spaces, dots or hyphens, not {quoted(seed)}."
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(f"{folder} must be a new or an empty folder: nothing is written over.")
    chosen = [name for name in lessons() if name.partition("_")[2] in (parts or KEYS)]
    places = [(folder / "students" / f"{name}.ipynb", name, False) for name in [_FIRST, *chosen]]
    if solutions:
        places += [(folder / "source" / name / f"{name}.ipynb", name, True) for name in chosen]
        (folder / "source").mkdir(parents=True)
        (folder / "nbgrader_config.py").write_text(_CONFIG, encoding="utf-8")
    for path, name, solved in places:
        notebook = build_notebook(name, solved=solved, seed=seed)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":  # linked lessons are not in the folder
                cell.source = re.sub(r"\[([^]]*)\]\((?!https?:)[^)]*\)", r"\1", cell.source)
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
    readme = _README.format(
        numbers="" if seed else ", and gets numbers drawn from it",
        grading=_GRADING.format(example=chosen[0]) if solutions else "",
    )
    (folder / "README.md").write_text(readme, encoding="utf-8")
    return [path for path, _, _ in places]
