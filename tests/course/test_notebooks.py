"""The student's notebook and the solved one come from one source, and the solved one is right."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbclient import NotebookClient
from traitlets.config import Config

from motiflab.course import notebooks
from motiflab.course.command import main
from motiflab.course.grading import score
from motiflab.course.notebooks import STUB, build_notebook, lessons, make_course
from motiflab.exercises import KEYS, exercise_set, find
from motiflab.exercises.answers import Choice, Text, Value
from motiflab.exercises.targets import Target
from motiflab.practice.feedback import MIME
from motiflab.practice.practice import Practice

NOTEBOOKS = Path(__file__).parents[2] / "notebooks/3_practice"
every = pytest.mark.parametrize("name", lessons())
SETS = [name for name in lessons() if name.partition("_")[2] in KEYS]
NAMES = dict(
    zip(
        SETS,
        ["Ada", "7", "Émile", "Bo K.", "42", "zoë", "Dora", "九", "x", "1", "2", "C", "Eve", "I"]
        + ["Kim"],
    )
)


def code(notebook: nbformat.NotebookNode) -> str:
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


@every
def test_the_notebook_in_the_folder_is_the_one_that_its_source_makes(name):
    kept = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    assert kept == build_notebook(name), "run tools/make_practice.py"


def test_no_other_notebook_is_in_the_folder():
    assert sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb")) == lessons()


def test_every_set_has_its_notebook_in_the_order_of_the_sets():
    assert [name.partition("_")[2] for name in SETS] == list(KEYS)
    assert len(NAMES) == len(KEYS)


@pytest.mark.parametrize("name", SETS)
def test_every_exercise_of_a_set_is_set_once_and_in_order(name):
    ids = [exercise.id for exercise in exercise_set(name.partition("_")[2])]
    notebook = build_notebook(name)
    assert re.findall(r'practice\.task\("(.+?)"\)', code(notebook)) == ids
    assert re.findall(r'practice\.check\("(.+?)"', code(notebook)) == ids
    assert notebook.metadata.motiflab == {"part": name.partition("_")[2], "exercises": ids}


@every
def test_the_students_notebook_has_no_solution(name):
    student, solved = build_notebook(name), build_notebook(name, solved=True)
    assert "SOLUTION" not in str(student) and "HIDDEN" not in str(student)
    assert "grading" not in str(student)
    for theirs, ours in zip(student.cells, solved.cells, strict=True):
        told = re.findall(r"### BEGIN SOLUTION\n(.*?)### END", ours.source, re.S)
        for line in "".join(told).splitlines():
            # A bare assignment of nothing is in both; what makes the answer is in one.
            assert line.strip() not in code(student).split("\n") or len(line.strip()) < 4, line
        if told:
            assert STUB in theirs.source
    assert [cell.metadata for cell in student.cells] == [cell.metadata for cell in solved.cells]


@pytest.mark.parametrize("name", SETS)
def test_only_answers_can_be_altered_and_ids_are_unique(name):
    cells = [cell for cell in build_notebook(name).cells if "nbgrader" in cell.metadata]
    ids = [cell.metadata.nbgrader.grade_id for cell in cells]
    assert len({*ids}) == len(ids)
    for cell in cells:
        about = cell.metadata.nbgrader
        assert about.schema_version == 3 and not about.task
        assert about.locked != about.solution, "either it is locked or it is an answer"
        assert about.grade == ("points" in about)
        assert not about.grade or cell.source.startswith("practice.check(")
    graded = [e for e in exercise_set(name.partition("_")[2]) if e.graded]
    assert sum(cell.metadata.nbgrader.grade for cell in cells) == len(graded)


@pytest.mark.parametrize("name", SETS)
def test_the_solved_notebook_is_right(name, tmp_path):
    notebook = build_notebook(name, solved=True, learner=NAMES[name])
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(tmp_path)}},
        config=Config(KernelManager={"transport_encryption": "auto"}),
    )
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [output for output in outputs if output.get("name") == "stderr"] == []
    done = [output.data[MIME] for output in outputs if MIME in output.get("data", {})]
    found = {record["exercise"]: (record["state"], record["mistake"]) for record in done}
    ids = notebook.metadata.motiflab["exercises"]
    assert found == dict.fromkeys(ids, ("right", ""))
    scores = [
        cell.outputs[-1].data["text/plain"]
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    ]
    assert scores == ["1.0"] * sum(find(id).graded for id in ids)


def test_a_seed_stands_in_the_notebook_and_in_the_hidden_score():
    text = code(build_notebook("02_scanning", solved=True, seed="2026"))
    assert 'Practice("", seed="2026")' in text
    assert 'score("scanning.windows", windows, seed="2026")' in text
    exercise, ada = find("scanning.windows"), SimpleNamespace(owner="Ada")
    for_all, hers = (exercise.right(exercise.given(whose)) for whose in ("2026", "Ada"))
    assert for_all != hers
    assert score(exercise.id, for_all, ada, seed="2026") == score(exercise.id, hers, ada) == 1.0
    assert score(exercise.id, hers, ada, seed="2026") == score(exercise.id, for_all, ada) == 0.0


def test_a_letter_is_that_of_the_learner():
    exercise = next(e for key in KEYS for e in exercise_set(key) if isinstance(e, Choice))
    name = next(name for name in SETS if name.endswith(exercise.id.partition(".")[0]))
    for seed in ("2026", "7", "8"):
        letter = exercise.right(exercise.given(seed))
        text = code(build_notebook(name, solved=True, learner="Ada", seed=seed))
        assert f"{exercise.name} = '{letter}'" in text, "the seed's, not the learner's"
    for learner in ("Ada", "Bo", "3", "4"):
        letter = exercise.right(exercise.given(learner))
        text = code(build_notebook(name, solved=True, learner=learner))
        assert f"{exercise.name} = '{letter}'" in text and f'Practice("{learner}")' in text


def test_the_cells_of_each_kind(tmp_path, monkeypatch):
    (tmp_path / "lessons").mkdir()
    number, target = find("scanning.windows"), find("scanning.both_copies")
    assert isinstance(number, Value) and isinstance(target, Target)
    source = (
        "# Title\n\n```python\nimport numpy as np\n```\n\nProse.\n\n"
        "```python exercise=scanning.windows\nwindows = ...\n### BEGIN SOLUTION\nwindows = 1\n"
        "### END SOLUTION\n```\n\n```python exercise=scanning.both_copies\n```\n"
        "More prose.\n\n```text\nnot code\n```\n"
    )
    (tmp_path / "lessons/a_part.md").write_text(source)
    monkeypatch.setattr(notebooks.resources, "files", lambda package: tmp_path)
    notebook = build_notebook("a_part")
    assert [(cell.cell_type, cell.source) for cell in notebook.cells] == [
        ("markdown", "# Title"),
        ("code", "import numpy as np"),
        ("markdown", "Prose."),
        ("code", 'given = practice.task("scanning.windows")'),
        ("code", f"windows = ...\n{STUB}"),
        ("code", 'practice.check("scanning.windows", windows)'),
        ("code", 'given = practice.task("scanning.both_copies")'),
        ("code", f"both_copies_prediction = ...\n{STUB}"),
        ("code", 'practice.explorer("scanning.both_copies", both_copies_prediction)'),
        ("code", f'both_copies = ""\n{STUB}'),
        ("code", 'practice.check("scanning.both_copies", both_copies)'),
        ("markdown", "More prose.\n\n```text\nnot code\n```"),
    ]
    (tmp_path / "lessons/a_part.md").write_text("```python exercise=scanning.windows\n```\n")
    with pytest.raises(ValueError, match=r"scanning\.windows needs an answer cell"):
        build_notebook("a_part")


def test_text_exercises_are_not_graded():
    for key in KEYS:
        for exercise in exercise_set(key):
            assert exercise.graded != isinstance(exercise, Text)


def test_an_unknown_lesson_is_told():
    with pytest.raises(ValueError, match="name must be one of 00_how_it_works, .*, got 'x'"):
        build_notebook("x")


def test_all_parts_are_made_for_students(tmp_path):
    paths = make_course(tmp_path / "course")
    assert [path.stem.partition("_")[2] for path in paths] == ["how_it_works", *KEYS]
    assert {path.parent.name for path in paths} == {"students"}
    names = {path.name for path in (tmp_path / "course").iterdir()}
    assert names == {"README.md", "students"}


def test_solutions_come_with_what_nbgrader_needs(tmp_path):
    paths = make_course(tmp_path, solutions=True, parts=["scanning", "pooling"])
    assert [path.relative_to(tmp_path).as_posix() for path in paths] == [
        "students/00_how_it_works.ipynb",
        "students/02_scanning.ipynb",
        "students/04_pooling.ipynb",
        "source/02_scanning/02_scanning.ipynb",
        "source/04_pooling/04_pooling.ipynb",
    ]
    student, solved = (nbformat.read(path, as_version=4) for path in paths[1::2])
    assert "### BEGIN SOLUTION" in str(solved) and "### BEGIN SOLUTION" not in str(student)
    assert "code_stub" in (tmp_path / "nbgrader_config.py").read_text()
    assert "generate_assignment" in (tmp_path / "README.md").read_text()


def test_links_to_lessons_that_are_not_in_the_folder_are_plain_words(tmp_path, monkeypatch):
    made = build_notebook("02_scanning")
    assert "](../" in str(made)
    made.cells[0].source += " [Pages](https://example.org/a) are linked to."
    monkeypatch.setattr(notebooks, "build_notebook", lambda *args, **more: made)
    _, path = make_course(tmp_path, parts=["scanning"])
    prose = "\n".join(c.source for c in nbformat.read(path, 4).cells if c.cell_type == "markdown")
    assert re.findall(r"\[[^]]*\]\([^)]*\)", prose) == ["[Pages](https://example.org/a)"]


def test_a_seed_is_the_same_for_all(tmp_path):
    _, path = make_course(tmp_path, parts=["scanning"], seed="2026")
    cells = nbformat.read(path, as_version=4).cells
    assert 'practice = Practice("", seed="2026")' in [cell.source for cell in cells]
    prose = "\n".join(cell.source for cell in cells)
    assert prose.count("everybody has the same numbers, which `2026` draws") == 1


@pytest.mark.parametrize("seed", ['a"b', "a\\b", "", "a\nb"])
def test_a_seed_that_would_break_the_notebook_is_refused(tmp_path, seed):
    with pytest.raises(ValueError, match="seed must be"):
        make_course(tmp_path, seed=seed)


def test_an_unknown_part_is_named_and_nothing_written(tmp_path):
    with pytest.raises(ValueError, match=r"^parts must be one of encoding, .*, got 'poling'\.$"):
        make_course(tmp_path / "new", parts=["poling", "scanning", "x"])
    with pytest.raises(ValueError, match=r"got 'x+\.\.\.'\.$") as refused:
        make_course(tmp_path / "new", parts=["x" * 10_000])
    assert len(str(refused.value)) < 300
    assert not (tmp_path / "new").exists()


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "mine.txt").write_text("precious")
    for place in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(ValueError, match="must be a new or an empty folder"):
            make_course(place)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_command_line(tmp_path, capsys):
    folder = str(tmp_path / "course")
    assert main(["course", "make", folder, "--parts", "scanning,judging", "--solutions"]) == 0
    assert "5 notebooks" in capsys.readouterr().out
    assert main(["course", "make", folder]) == 1
    error = capsys.readouterr().err
    assert error.startswith("motiflab: ") and error.count("\n") == 1
    assert main(["course", "report", str(tmp_path / "course/students")]) == 0
    assert "report.html" in capsys.readouterr().out
    assert main(["course", "report", str(tmp_path / "nowhere")]) == 1
    with pytest.raises(SystemExit):
        main(["course"])


def test_a_score_is_a_plain_number():
    exercise = find("scanning.windows")
    right = exercise.right(exercise.given("Ada"))
    assert score(exercise.id, right, Practice(" ADA")) == 1.0
    assert type(score(exercise.id, right, Practice("Ada"))) is float
    assert score(exercise.id, right, seed="Ada") == 1.0
    assert score(exercise.id, right, Practice("Ada"), seed="another") == 0.0
    assert score(exercise.id, ..., Practice("Ada")) == 0.0
    with pytest.raises(ValueError, match="id must be"):
        score("no.such", 1, seed="1")
