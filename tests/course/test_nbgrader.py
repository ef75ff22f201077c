"""The course with the real nbgrader: released, filled in, graded, and handed back.

nbgrader stands in an environment of its own; the kernel that it grades with is the one of these
tests. Five students: all done, half, nothing, and two who tamper with the checks.
"""

from __future__ import annotations

import csv
import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from constraints import constraints
from packaging.utils import canonicalize_name as canonical

from motiflab.course.notebooks import STUB, build_notebook, make_course
from motiflab.course.report import report
from motiflab.exercises import find

ROOT = Path(__file__).parents[2]
BIN = Path(sys.prefix) / "grading" / "bin"
ABSENT = "no nbgrader found beside the tests: `make .venv/grading.stamp` installs it"
NAME = "02_scanning"
ANSWERS = {"all": "Ada", "half": "Grace", "checks": "Lise"}  # students who answer, and as whom

FLIP = find("scanning.flip")
SLIP, GRACE = FLIP.mistakes[0], FLIP.given("Grace")

# Prints, as JSON, student -> graded cell -> score, with the highest possible.
GRADES = """
import json
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    print(json.dumps({
        work.student.id: {grade.name: [grade.auto_score, grade.max_score]
                          for notebook in work.notebooks for grade in notebook.grades}
        for work in book.assignment_submissions(NAME)}))
"""

# An answer cell that puts everything in the place of motiflab's own that it can name.
FAKE = """
class Practice:
    owner = "Ada"
    def __getattr__(self, name):
        return lambda *given: 1.0
practice = Practice()
score = find = check = float = lambda *given: 1.0
RIGHT = NOT_YET = NOT_ATTEMPTED = "right"
"""


def run(folder: Path, *command: str) -> str:
    """Run a command of nbgrader's environment in the course folder, away from this user's files."""
    home = folder.parent / "home"
    kernel = home / "share/jupyter/kernels/python3/kernel.json"
    kernel.parent.mkdir(parents=True, exist_ok=True)
    start = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": start, "display_name": "Python 3", "language": "python"}
    kernel.write_text(json.dumps(spec), encoding="utf-8")
    own = {f"JUPYTER_{what}_DIR": str(home / what) for what in ["CONFIG", "DATA", "RUNTIME"]}
    own |= {"HOME": str(home), "IPYTHONDIR": str(home), "JUPYTER_PATH": str(home / "share/jupyter")}
    own |= {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1"}
    command = (str(BIN / command[0]), *command[1:])
    done = subprocess.run(command, cwd=folder, env=os.environ | own, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def by_id(notebook: nbformat.NotebookNode, kind: str) -> dict[str, nbformat.NotebookNode]:
    """Return the cells that nbgrader calls solution, grade or locked, by their id."""
    cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get(kind)]
    return {cell.metadata.nbgrader.grade_id: cell for cell in cells}


def solved(learner: str) -> dict[str, str]:
    """Return right answers to the numbers of a learner, by the ids of their cells."""
    cells = by_id(build_notebook(NAME, solved=True, learner=learner), "solution")
    return {id: re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", c.source) for id, c in cells.items()}


def submit(folder: Path, student: str, edit) -> None:
    """Hand in the released notebook, edited."""
    notebook = nbformat.read(folder / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    edit(notebook)
    path = folder / "submitted" / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)


def answering(learner: str, share: float, noise: str = ""):
    """Answer this share of the graded exercises, the first ones."""

    def edit(notebook):
        for cell in notebook.cells:
            cell.source = cell.source.replace('Practice("")', f'Practice("{learner}")')
        ids = [id.removesuffix("-check") for id in by_id(notebook, "grade")]
        left_out = ids[round(share * len(ids)) :]
        answers = solved(learner)
        for id, cell in by_id(notebook, "solution").items():
            if id not in left_out:
                code = answers[id]
                docstring = '"""\n' if code.startswith("def ") else "a function"
                cell.source = code.replace(docstring, f"{docstring}{noise}", 1)

    return edit


def half_and_a_slip(notebook):
    """Half is done, and the next exercise has a known mistake."""
    answering(ANSWERS["half"], 0.5)(notebook)
    by_id(notebook, "solution")["scanning-flip"].source = f"flip = {SLIP.example(GRACE)!r}"


def with_checks_of_ones_own(notebook):
    """The first exercise is done; the other checks are overwritten."""
    answering(ANSWERS["checks"], 0.2)(notebook)
    for cell in by_id(notebook, "grade").values():
        cell.source = "### BEGIN HIDDEN TESTS\n1.0\n### END HIDDEN TESTS"
        del cell.metadata["editable"], cell.metadata["deletable"]


def with_names_of_ones_own(notebook):
    """Nothing is done; each answer cell rebinds what the checks use."""
    for cell in by_id(notebook, "solution").values():
        cell.source += FAKE
    first, *_ = by_id(notebook, "locked").values()
    first.source += FAKE


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A course folder after nbgrader's three commands."""
    if not (BIN / "nbgrader").exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(ABSENT)
    folder = tmp_path_factory.mktemp("teaching") / "course"
    make_course(folder, solutions=True, parts=["scanning"])
    run(folder, "nbgrader", "generate_assignment", NAME)
    noise = "    import sys, warnings\n    warnings.warn('hm')\n    print('hm', file=sys.stderr)\n"
    submit(folder, "all", answering(ANSWERS["all"], 1, noise))
    submit(folder, "half", half_and_a_slip)
    submit(folder, "nothing", lambda notebook: None)
    submit(folder, "checks", with_checks_of_ones_own)
    submit(folder, "names", with_names_of_ones_own)
    run(folder, "nbgrader", "autograde", NAME)
    run(folder, "nbgrader", "generate_feedback", NAME)
    return folder


@pytest.fixture(scope="module")
def released(course) -> nbformat.NotebookNode:
    return nbformat.read(course / "release" / NAME / f"{NAME}.ipynb", as_version=4)


@pytest.fixture(scope="module")
def grades(course) -> dict[str, dict[str, list[float]]]:
    return json.loads(run(course, "python", "-c", GRADES.replace("NAME", repr(NAME))))


def autograded(course: Path, student: str) -> nbformat.NotebookNode:
    return nbformat.read(course / "autograded" / student / NAME / f"{NAME}.ipynb", as_version=4)


def answers_of(learner: str) -> list[str]:
    """Return texts that give an answer away: lines and phrases of the solutions."""
    source = "\n".join(
        cell.source for cell in build_notebook(NAME, solved=True, learner=learner).cells
    )
    regions = re.findall(r"### BEGIN SOLUTION\n(.*?) *### END SOLUTION", source, re.S)
    found = [line.strip() for region in regions for line in region.splitlines()]
    found = [line for line in found if len(line) > 12 and not line.startswith(("return", "def "))]
    exercises = [find(id) for id in re.findall(r'practice\.check\("([^"]+)"', source)]
    for exercise in exercises:
        pieces = re.split(r"[*$`|\\_\n#]", exercise.solution(exercise.given(learner)))
        found.append(max(pieces, key=len).strip())
    assert len(found) > 2 * len(exercises)
    return found


def test_what_is_released_is_what_make_gives_to_students(course, released):
    student = nbformat.read(course / "students" / f"{NAME}.ipynb", as_version=4)
    assert len(released.cells) == len(student.cells)
    for ours, theirs in zip(student.cells, released.cells):
        assert (ours.cell_type, ours.source) == (theirs.cell_type, theirs.source)
        metadata = ours.metadata.get("nbgrader", {})
        assert metadata.items() <= theirs.metadata.get("nbgrader", {}).items()
    assert student.metadata.motiflab == released.metadata.motiflab


def test_what_is_released_holds_stubs_and_no_answer(released):
    for cell in by_id(released, "solution").values():
        assert STUB in cell.source
    everything = "\n".join(cell.source for cell in released.cells)
    assert [answer for answer in answers_of("") if answer in everything] == []
    assert "HIDDEN" not in everything
    assert "score(" not in everything


def test_full_marks_for_all_and_half_for_half(grades):
    assert len(grades["all"]) >= 4
    assert [score for score, _ in grades["all"].values()] == [1.0] * len(grades["all"])
    assert [highest for _, highest in grades["all"].values()] == [1.0] * len(grades["all"])
    done = round(len(grades["half"]) / 2)
    scores = [score for score, _ in grades["half"].values()]
    assert scores == [1.0] * done + [0.0] * (len(scores) - done)


def test_no_marks_for_a_notebook_that_was_only_run(grades):
    assert {score for score, _ in grades["nothing"].values()} == {0.0}


def test_a_check_that_was_written_over_is_put_back(grades):
    done = round(0.2 * len(grades["checks"]))
    scores = [score for score, _ in grades["checks"].values()]
    assert scores == [1.0] * done + [0.0] * (len(scores) - done)


def test_names_that_were_rebound_give_no_marks(grades):
    assert {score for score, _ in grades["names"].values()} == {0.0}


@pytest.mark.parametrize("student", ["all", "half", "nothing", "checks"])
def test_a_graded_cell_ends_in_a_number_and_says_nothing_on_stderr(course, student):
    for cell in by_id(autograded(course, student), "grade").values():
        kinds = [output.output_type for output in cell.outputs]
        assert "error" not in kinds
        assert [o.text for o in cell.outputs if o.output_type == "stream"] == []
        assert kinds[-1] == "execute_result"
        assert cell.outputs[-1].data["text/plain"] in ("0.0", "1.0")


@pytest.mark.parametrize("student", ["all", "half", "nothing", "checks", "names"])
def test_feedback_gives_no_answer_away(course, student):
    page = (course / "feedback" / student / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    text = html.unescape(re.sub(r"<[^>]*>", "", page.partition("<body")[2]))
    learner = ANSWERS.get(student, "")
    own = "\n".join(cell.source for cell in autograded(course, student).cells)
    given_away = [answer for answer in answers_of(learner) if answer in text and answer not in own]
    assert given_away == []
    assert "Score:" in text


def test_the_report_reads_what_nbgrader_graded(course, tmp_path):
    """Notebooks that students did not run store nothing until they are graded."""

    def states(folder):
        with report(folder, tmp_path)[0].open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file))
        return {(line["student"], line["exercise"]): line for line in lines}

    assert {line["state"] for line in states(course).values()} == {"nothing stored"}
    graded = states(course / "autograded")
    assert {graded["all", id]["state"] for _, id in graded} == {"right", "kept"}
    assert {graded["nothing", id]["state"] for _, id in graded} == {"not attempted"}
    slip = graded["half", FLIP.id]
    assert (slip["state"], slip["first mistake"]) == ("not yet right", SLIP.name)
    assert (slip["name given"], slip["tries"]) == ("Grace", "1")


def test_all_that_nbgrader_brings_is_pinned(course):
    lines = (ROOT / "tests/course/nbgrader.txt").read_text(encoding="utf-8").splitlines()
    pins = constraints((ROOT / "environment.yml").read_text(encoding="utf-8")) + lines
    pins = [line.partition(";")[0].strip().split("==") for line in pins if "==" in line]
    pinned = {canonical(name): version for name, version in pins}
    assert len(pinned) == len(pins)  # each version stands in one place
    code = "from importlib.metadata import distributions as d; print(*{f'{x.name}=={x.version}' "
    listed = run(course, "python", "-c", code + "for x in d()})").split()
    installed = dict(line.split("==") for line in listed)
    assert {
        canonical(name): version for name, version in installed.items()
    }.items() <= pinned.items()
