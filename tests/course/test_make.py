"""A course folder has what was asked for, and nothing is written over."""

from __future__ import annotations

import nbformat
import pytest

from motiflab.course.command import main
from motiflab.course.grading import score
from motiflab.course.lessons import build
from motiflab.course.make import make
from motiflab.exercises import KEYS, find
from motiflab.practice import Practice


def test_all_parts_are_made_for_students(tmp_path):
    paths = make(tmp_path / "course")
    assert [path.stem.partition("_")[2] for path in paths] == ["how_it_works", *KEYS]
    assert {path.parent.name for path in paths} == {"students"}
    names = {path.name for path in (tmp_path / "course").iterdir()}
    assert names == {"README.md", "students"}


def test_solutions_come_with_what_nbgrader_needs(tmp_path):
    paths = make(tmp_path, solutions=True, parts=["scanning", "pooling"])
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


def test_links_to_lessons_that_are_not_in_the_folder_are_plain_words(tmp_path):
    _, path = make(tmp_path, parts=["scanning"])
    prose = "\n".join(c.source for c in nbformat.read(path, 4).cells if c.cell_type == "markdown")
    assert "](../" in str(build("02_scanning"))
    assert "](" not in prose.replace("](http", "")


def test_a_seed_is_the_same_for_all(tmp_path):
    _, path = make(tmp_path, parts=["scanning"], seed="2026")
    cells = nbformat.read(path, as_version=4).cells
    assert 'practice = Practice("", seed="2026")' in [cell.source for cell in cells]
    prose = "\n".join(cell.source for cell in cells)
    assert prose.count("everybody has the same numbers, which `2026` draws") == 1


@pytest.mark.parametrize("seed", ['a"b', "a\\b", "", "a\nb"])
def test_a_seed_that_would_break_the_notebook_is_refused(tmp_path, seed):
    with pytest.raises(ValueError, match="seed must be"):
        make(tmp_path, seed=seed)


def test_an_unknown_part_is_named_and_nothing_written(tmp_path):
    with pytest.raises(ValueError, match="parts must be among encoding, .*, not poling, x"):
        make(tmp_path / "new", parts=["poling", "scanning", "x"])
    assert not (tmp_path / "new").exists()


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "mine.txt").write_text("precious")
    for place in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(ValueError, match="must be a new or an empty folder"):
            make(place)
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
