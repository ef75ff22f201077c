"""Make a course folder: notebooks to hand out, and the solved ones for the teacher and nbgrader."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import nbformat

from motiflab.course.lessons import STUB, build, lessons
from motiflab.exercises import KEYS
from motiflab.quoting import quoted

_FIRST = "00_how_it_works"  # what a learner reads before any set

_CONFIG = f"""# Read by nbgrader when it is started in this folder.
c = get_config()
c.CourseDirectory.course_id = "motiflab"
c.ClearSolutions.code_stub = {{"python": "{STUB}"}}
c.Execute.timeout = 300  # seconds for a cell; to load torch may take 30 on a slow machine
"""

_README = """# A motiflab course

`students/` holds the notebooks to hand out. Each learner writes a name at the top{numbers}.
Answers, tries and hints are kept in the notebook and in `my_practice.json` beside it; nothing
leaves the learner's machine.

To see how the class is doing, collect the notebooks in any folders, such as
`submitted/<student>/<notebook>.ipynb`, and run

    motiflab course report submitted

which writes a table, `report.csv`, and a page, `report.html`. It reads what the notebooks show and
runs nothing in them.
{grading}"""

_GRADING = """
`source/` holds the solved notebooks, for nbgrader. In this folder:

    nbgrader generate_assignment NAME      # release/: equal to those in students/
    nbgrader autograde NAME                # grades submitted/<student>/NAME/NAME.ipynb
    nbgrader generate_feedback NAME

NAME is a notebook without its ending, such as `{example}`. The kernel that grades needs motiflab.
nbgrader puts the checks back as they were, whatever a student made of them; but a student's code
runs in the same process as the check, so look into a notebook that surprises you.
If `autograde` stops at a notebook ("old version of the nbgrader metadata"), a student has pasted a
copy of a checked cell: delete the copy and run it again.
"""


def make(
    folder: Path,
    solutions: bool = False,
    parts: Sequence[str] | None = None,
    seed: str | None = None,
) -> list[Path]:
    """Write a course folder.

    Parameters
    ----------
    folder : Path
        Made if it is not there; it must hold nothing yet.
    solutions : bool
        Also write the solved notebooks and what nbgrader needs.
    parts : sequence of str, optional
        Names of exercise sets (`motiflab.exercises.KEYS`); all if not given.
    seed : str, optional
        Gives everyone the same numbers; otherwise they come from each learner's name.

    Returns
    -------
    list of Path
        The notebooks that were written: the students' first, then the solved.

    Raises
    ------
    ValueError
        If the folder holds something, or a part is unknown, or the seed has a quote or a
        backslash in it.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> [path.relative_to(folder).as_posix() for path in make(folder, parts=["scanning"])]
    ['students/00_how_it_works.ipynb', 'students/02_scanning.ipynb']
    """
    unknown = [part for part in parts or () if part not in KEYS]
    if unknown:
        raise ValueError(f"parts must be among {', '.join(KEYS)}, not {', '.join(unknown)}.")
    if seed is not None and not re.fullmatch(r"[\w .-]+", seed):
        raise ValueError(
            f"seed must be letters, digits, spaces, dots or hyphens, not {quoted(seed)}."
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(f"{folder} must be a new or an empty folder: nothing is written over.")
    chosen = [name for name in lessons() if name.partition("_")[2] in (parts or KEYS)]
    handed_out = [_FIRST, *chosen]
    places = [(folder / "students" / f"{name}.ipynb", name, False) for name in handed_out]
    if solutions:
        places += [(folder / "source" / name / f"{name}.ipynb", name, True) for name in chosen]
        (folder / "source").mkdir(parents=True)
        (folder / "nbgrader_config.py").write_text(_CONFIG, encoding="utf-8")
    for path, name, solved in places:
        notebook = build(name, solved=solved, seed=seed)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":  # the lessons that it points to are not in the folder
                cell.source = re.sub(r"\[([^]]*)\]\((?!https?:)[^)]*\)", r"\1", cell.source)
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
    numbers = "" if seed else ", which gives everyone numbers of their own"
    grading = _GRADING.format(example=chosen[0]) if solutions else ""
    readme = _README.format(numbers=numbers, grading=grading)
    (folder / "README.md").write_text(readme, encoding="utf-8")
    return [path for path, _, _ in places]
