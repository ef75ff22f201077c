"""Files of learners and teachers from version 0.1 can still be used.

The files beside this module were written by motiflab 0.1 and are not to be made anew: scenes of
every card, a record of answers, a teacher's course folder with two submissions, and the names that
an old copy of a notebook imports.
"""

from __future__ import annotations

import csv
import dataclasses
import json
import re
import shutil
import tarfile
from pathlib import Path

import numpy as np
import pytest
from break_formulas import rows
from every import explorers

from motiflab.course.command import main
from motiflab.exercises import KEYS, all_exercises, find
from motiflab.lab.grammar_lab import GrammarLab
from motiflab.lab.motif_lab import MotifLab
from motiflab.practice import Practice

HERE = Path(__file__).parent
SCENES, LISTS, RECORDS = (
    json.loads((HERE / name).read_text(encoding="utf-8"))
    for name in ["scenes.json", "lists.json", "my_practice.json"]
)
EXPLORERS = {explorer.__name__: explorer for explorer in [*explorers(), MotifLab, GrammarLab]}
EXERCISES = [exercise["id"] for exercise in LISTS["exercises"]]
IMPORT = re.compile(r"^ *((?:from|import) motiflab(?:.*\([^)]*\)|.*))$", re.M)
MOST = 4000  # characters: what is longer was cut when it was kept, and cannot be given again
WHOLE = [
    pytest.param(learner, id, id=f"{learner}-{id}")
    for learner in ["Ada", "Bo"]
    for id, entry in RECORDS["learners"][learner.lower()].items()
    if len(entry["answer"]) < MOST
]


@pytest.mark.parametrize("kept", SCENES, ids=lambda kept: f"{kept['explorer']}-{kept['state']}")
def test_a_scene_shows_the_same_choices_and_is_written_the_same_again(kept):
    explorer = EXPLORERS[kept["explorer"]].from_scene(kept["scene"])
    values = json.loads(json.dumps(dataclasses.asdict(explorer.state)))
    first = dataclasses.asdict(type(explorer.state)())
    later = {name: first[name] for name in values.keys() - kept["values"].keys()}
    assert values == kept["values"] | later  # a field that came later has its default
    # Only the version may have risen, and the checksum with it.
    before, again = (text.rpartition("#")[0] for text in (kept["scene"], explorer.scene))
    meant_before = explorer.State.meant_before
    assert again == before.replace("/1?", f"/{1 + len(meant_before)}?", 1)
    assert all(sentence in explorer._scene.message for sentence in meant_before)


@pytest.mark.parametrize("learner", ["Ada", "Bo"])
def test_a_record_is_read_whole(tmp_path, monkeypatch, learner):
    shutil.copy(HERE / "my_practice.json", tmp_path)
    monkeypatch.chdir(tmp_path)
    entries = Practice(learner).record.entries()
    assert list(entries) == EXERCISES
    kept = RECORDS["learners"][learner.lower()]
    assert {id: dataclasses.asdict(entry) for id, entry in entries.items()} == kept


@pytest.mark.parametrize(("learner", "id"), WHOLE)
def test_a_kept_answer_is_judged_as_it_was(learner, id):
    """Ada's answers are all right; Bo's are known mistakes, except for the texts."""
    exercise, entry = find(id), RECORDS["learners"][learner.lower()][id]
    verdict = exercise.check(answer_of(exercise.name, entry["answer"]), exercise.given(learner))
    assert (verdict.state, verdict.mistake) == (entry["state"], entry["mistake"])


def answer_of(name: str, text: str):
    """Convert a saved answer, a text, back to the learner's answer."""
    known = {"np": np, "array": np.array}
    if text.startswith("def "):
        exec(text, known)
        return known[name]
    try:
        return eval(text, known)
    except (NameError, SyntaxError):  # a letter, a sequence, a scene or an explanation
        return text


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A teacher's folder, with what two students handed in and the report on it."""
    folder = tmp_path_factory.mktemp("teacher")
    with tarfile.open(HERE / "course.tar.gz") as packed:
        packed.extractall(folder, filter="data")
    return folder / "course"


def code_cells(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def test_every_cell_of_a_solved_notebook_compiles_and_all_exercises_are_there(course):
    sources = [cell for path in course.glob("source/*/*.ipynb") for cell in code_cells(path)]
    for source in sources:
        compile(source, "cell", "exec")
    tasks = [id for source in sources for id in re.findall(r'practice\.task\("(.+?)"\)', source)]
    assert sorted(tasks) == sorted(EXERCISES)


def test_whatever_a_course_folder_imports_is_there(course):
    cells = [cell for path in course.rglob("*.ipynb") for cell in code_cells(path)]
    statements = sorted({found for cell in cells for found in IMPORT.findall(cell)})
    assert "from motiflab.course.grading import score" in statements
    for statement in statements:
        exec(statement, {})


def test_a_report_reads_what_was_handed_in_as_before(course, tmp_path, capsys):
    assert main(["course", "report", str(course / "submitted"), "--into", str(tmp_path)]) == 0
    capsys.readouterr()
    then, now = (table(folder / "report.csv") for folder in [course / "submitted", tmp_path])
    assert {row["student"] for row in then} == {"ada", "bo"}
    assert now == then


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("path", LISTS["notebooks"])
def test_a_notebook_is_still_there(root, path):
    assert (root / "notebooks" / path).is_file()


def test_all_sets_and_exercises_are_still_there_in_order():
    assert [key for key in KEYS if key in LISTS["sets"]] == LISTS["sets"]
    now = [
        {"id": exercise.id, "key": exercise.id.partition(".")[0], "title": exercise.title}
        for exercise in all_exercises()
    ]
    assert [exercise for exercise in now if exercise["id"] in EXERCISES] == LISTS["exercises"]


def test_all_formulas_are_still_listed():
    now = [row.name for row in rows()]
    assert [name for name in now if name in LISTS["formulas"]] == LISTS["formulas"]


@pytest.mark.parametrize("statement", LISTS["imports"])
def test_an_old_notebook_finds_what_it_imports_and_uses(statement):
    names = {}
    exec(statement, names)
    for use in LISTS["imports"][statement]:
        eval(use, names)
