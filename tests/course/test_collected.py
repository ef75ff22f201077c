"""Collected notebooks: student, part, and remarks on unusable files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from motiflab.course.collected import MIME, Answer, Collected, collect, tidy
from motiflab.exercises import find
from motiflab.exercises.exercise import Verdict
from motiflab.practice.answer_file import Record
from motiflab.practice.feedback import Help

WINDOWS = "scanning.windows"
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")


def record(**changes) -> dict:
    done = {"version": 1, "exercise": WINDOWS, "learner": "Ada", "state": "not yet right"}
    done |= {"mistake": "off by one", "mistakes": ["floor forgotten", "off by one"], "tries": 3}
    return done | {"hints": 1, "solution": False, "prediction": "", "answer": "14"} | changes


def content(*records, part: str | None = "scanning") -> str:
    """A notebook with one check cell for each record."""
    outputs = [{"output_type": "display_data", "data": {MIME: r}, "metadata": {}} for r in records]
    cells = [{"cell_type": "code", "source": "raise", "outputs": [output]} for output in outputs]
    metadata = {"motiflab": {"part": part, "exercises": [WINDOWS]}} if part else {}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def put(path: Path, *records, **more) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content(*records, **more), encoding="utf-8")
    return path


def students(folder: Path) -> set[tuple[str, str]]:
    return {(book.student, book.part) for book in collect(folder).notebooks}


def said(collected: Collected, file: str) -> list[str]:
    return [sentence for name, sentence in collected.remarks if name == file]


def test_a_report_is_made_without_the_widgets():
    code = "import sys, motiflab.course.report; print('ipywidgets' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["False"]


def test_what_a_check_writes_is_what_is_read(tmp_path):
    exercise, kept = find(WINDOWS), Record("Ada", tmp_path)
    kept.change(WINDOWS, state="not yet right", mistake="b", mistakes=["a", "b"], answer="14")
    kept.change(WINDOWS, tries=2, hints=1, solution=True, prediction="More.")
    verdict = Verdict("not yet right", "Look again.", "b")
    shown = Help(exercise, exercise.given("Ada"), verdict, kept, "Ada").bundle()
    put(tmp_path / "ada.ipynb", shown[MIME])
    read = collect(tmp_path).notebooks[0].answers[WINDOWS]
    assert read == Answer(
        exercise=WINDOWS,
        learner="Ada",
        state="not yet right",
        mistakes=("a", "b"),
        tries=2,
        hints=1,
        solution=True,
        prediction="More.",
        answer="14",
    )


def test_a_record_is_read(tmp_path):
    put(tmp_path / "ada/02_scanning.ipynb", record())
    (book,) = collect(tmp_path).notebooks
    assert (book.student, book.part, book.file) == ("ada", "scanning", "ada/02_scanning.ipynb")
    answer = book.answers[WINDOWS]
    assert (answer.state, answer.tries, answer.hints) == ("not yet right", 3, 1)
    assert answer.mistakes == ("floor forgotten", "off by one")
    assert (answer.learner, answer.solution, answer.answer) == ("Ada", False, "14")


@pytest.mark.parametrize(
    "layout",
    [
        "submitted/{}/02_scanning/02_scanning.ipynb",
        "submitted/{}/scanning/scanning.ipynb",
        "{}/02_scanning.ipynb",
        "{}/my work.ipynb",
        "{}_02_scanning.ipynb",
        "02_scanning_{}.ipynb",
        "{}-scanning (1).ipynb",
        "{}.ipynb",
        "02_scanning/{}.ipynb",
        "autumn/{}/02_scanning.ipynb",
        "autumn/{}_02_scanning-Copy1.ipynb",
    ],
)
def test_the_student_is_told_by_the_path(tmp_path, layout):
    for name in ["ada", "Grace Hopper", "s-2601"]:
        put(tmp_path / layout.format(name), record())
    assert students(tmp_path) == {(n, "scanning") for n in ["ada", "Grace Hopper", "s-2601"]}


@pytest.mark.parametrize(
    "file", ["ada/02_scanning.ipynb", "ada/02_scanning/02_scanning.ipynb", "ada_scanning.ipynb"]
)
def test_a_student_may_be_alone(tmp_path, file):
    put(tmp_path / file, record())
    assert students(tmp_path) == {("ada", "scanning")}


def test_the_folder_of_one_student_is_that_student(tmp_path):
    put(tmp_path / "ada/02_scanning.ipynb", record())
    put(tmp_path / "ada/03_activating.ipynb", part="activating")
    assert students(tmp_path / "ada") == {("ada", "scanning"), ("ada", "activating")}
    assert students(tmp_path) == {("ada", "scanning"), ("ada", "activating")}


def test_of_a_course_folder_only_what_was_submitted_is_read(tmp_path):
    for place in ["source/02_scanning", "release/02_scanning", "students", "autograded/ada/x"]:
        put(tmp_path / place / "02_scanning.ipynb")
    put(tmp_path / "submitted/ada/02_scanning/02_scanning.ipynb", record())
    assert students(tmp_path) == {("ada", "scanning")}


def test_a_name_in_composed_and_in_split_letters_is_one_student(tmp_path):
    for form, part in [("NFC", "scanning"), ("NFD", "activating")]:
        put(tmp_path / unicodedata.normalize(form, "Zoë") / f"{part}.ipynb", part=part)
    put(tmp_path / "ada/scanning.ipynb")
    assert {student for student, _ in students(tmp_path)} == {"Zoë", "ada"}


def test_without_metadata_the_answers_tell_the_part(tmp_path):
    put(tmp_path / "ada/a.ipynb", record(), part=None)
    assert students(tmp_path) == {("ada", "scanning")}


def test_of_two_files_the_newer_is_kept_and_this_is_said(tmp_path):
    old = put(tmp_path / "ada/02_scanning.ipynb", record(tries=9))
    new = put(tmp_path / "ada/02_scanning (1).ipynb", record(tries=2))
    put(tmp_path / "bob/02_scanning.ipynb", record())
    os.utime(old, (1000, 1000))
    os.utime(new, (2000, 2000))
    collected = collect(tmp_path)
    (book,) = [book for book in collected.notebooks if book.student == "ada"]
    assert book.answers[WINDOWS].tries == 2
    assert said(collected, "ada/02_scanning.ipynb") == [
        "Left out: ada/02_scanning (1).ipynb, by the same student, is newer."
    ]


def test_a_newer_file_that_holds_nothing_does_not_hide_the_answers(tmp_path):
    old = put(tmp_path / "ada/02_scanning.ipynb", record())
    put(tmp_path / "ada/final.ipynb")
    os.utime(old, (1000, 1000))
    put(tmp_path / "bob/02_scanning.ipynb", record())
    collected = collect(tmp_path)
    assert all(book.answers for book in collected.notebooks)
    assert "holds answers" in said(collected, "ada/final.ipynb")[-1]


def test_of_two_cells_with_one_exercise_the_one_with_more_tries_counts(tmp_path):
    put(tmp_path / "a.ipynb", record(tries=5, state="right"), record(tries=1))
    assert collect(tmp_path).notebooks[0].answers[WINDOWS].state == "right"


def test_every_output_of_a_cell_is_read(tmp_path):
    shown = [{"output_type": "stream", "text": "x"}, {"data": {MIME: record(tries=7)}}]
    made = json.loads(content())
    made["cells"] = [{"cell_type": "code", "source": "", "outputs": shown}]
    (tmp_path / "ada.ipynb").write_text(json.dumps(made))
    assert collect(tmp_path).notebooks[0].answers[WINDOWS].tries == 7


def test_what_another_set_asks_is_not_asked_by_this_notebook(tmp_path):
    made = json.loads(content(record()))
    made["metadata"]["motiflab"]["exercises"] += ["spacing.field", "scanning.nothing", 3]
    assert find("spacing.field")
    (tmp_path / "ada.ipynb").write_text(json.dumps(made))
    assert collect(tmp_path).notebooks[0].exercises == (WINDOWS,)


def test_a_notebook_that_was_never_run_says_so(tmp_path):
    put(tmp_path / "ada/02_scanning.ipynb")
    collected = collect(tmp_path)
    assert collected.notebooks[0].exercises == (WINDOWS,)
    assert "never run" in said(collected, "ada/02_scanning.ipynb")[0]


def test_what_jupyter_and_macs_leave_lying_about_is_skipped(tmp_path):
    put(tmp_path / "ada/02_scanning.ipynb", record())
    put(tmp_path / "ada/.ipynb_checkpoints/02_scanning-checkpoint.ipynb", record())
    put(tmp_path / "__MACOSX/ada/._02_scanning.ipynb")
    (tmp_path / "ada/._02_scanning.ipynb").write_bytes(b"\x00\x05\x16\x07")
    collected = collect(tmp_path)
    assert len(collected.notebooks) == 1
    assert collected.remarks == []


DAMAGED = {
    "empty": (b"", "empty"),
    "cut off": (content(record())[:200].encode(), "not JSON"),
    "not JSON": (b"PK\x03\x04 zip", "not JSON"),
    "latin-1": ('{"cells": [], "é": 1}'.encode("latin-1"), "UTF-8"),
    "a list": (b"[]", "not a notebook"),
    "an old format": (b'{"worksheets": []}', "not a notebook"),
    "no cells": (b'{"cells": 3}', "not a notebook"),
    "deep": (b"[" * 200_000 + b"]" * 200_000, "nested too deeply"),
    "a huge number": (b'{"cells": [], "x": ' + b"9" * 5000 + b"}", "not JSON"),
    "another notebook": (b'{"cells": [{"cell_type": "markdown"}]}', "holds no exercise"),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_file_is_listed_with_one_sentence(tmp_path, damage):
    put(tmp_path / "ada/02_scanning.ipynb", record())
    (tmp_path / "bob.ipynb").write_bytes(DAMAGED[damage][0])
    collected = collect(tmp_path)
    assert len(collected.notebooks) == 1
    (sentence,) = said(collected, "bob.ipynb")
    assert DAMAGED[damage][1] in sentence
    assert sentence.count("\n") == 0
    assert sentence.endswith(".")


@needs_posix
def test_folders_pipes_and_dead_links_are_listed(tmp_path):
    put(tmp_path / "ada/02_scanning.ipynb", record())
    (tmp_path / "folder.ipynb").mkdir()
    (tmp_path / "dead.ipynb").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.ipynb")
    collected = collect(tmp_path)
    assert dict(collected.remarks) == {
        "folder.ipynb": "This is a folder, not a notebook.",
        "dead.ipynb": "This is not an ordinary file.",
        "pipe.ipynb": "This is not an ordinary file.",
    }


@needs_posix
def test_what_may_not_be_read_is_listed(tmp_path):
    put(tmp_path / "ada/02_scanning.ipynb", record())
    put(tmp_path / "bob/02_scanning.ipynb", record())
    put(tmp_path / "eve/02_scanning.ipynb", record())
    (tmp_path / "bob/02_scanning.ipynb").chmod(0)
    (tmp_path / "eve").chmod(0)
    tmp_path.chmod(0o755)
    code = (
        "import os, pathlib; from motiflab.course.collected import collect; "
        "collect(pathlib.Path()); "  # loads what the other user may not
        "os.geteuid() or os.setuid(65534); "  # root may read everything
        "[print(*remark) for remark in collect(pathlib.Path()).remarks]"
    )
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    (tmp_path / "eve").chmod(0o755)
    assert "bob/02_scanning.ipynb It cannot be read: Permission denied." in result.stdout
    assert "eve It cannot be read: Permission denied." in result.stdout


def test_a_file_of_another_encoding_with_a_mark_is_read(tmp_path):
    for encoding in ["utf-8-sig", "utf-16"]:
        path = tmp_path / f"{encoding}.ipynb"
        path.write_bytes(content(record()).encode(encoding))
    assert len(collect(tmp_path).notebooks) == 2


@pytest.mark.parametrize(
    "junk",
    [
        record(exercise="scanning.nothing"),
        record(exercise="motiflab.course.command"),
        record(exercise=["scanning.windows"]),
        record(state="perfect"),
        record(state=None),
        "a text",
        None,
        [],
    ],
    ids=["unknown", "module", "list", "state", "no state", "text", "none", "empty"],
)
def test_a_record_that_cannot_be_used_is_counted(tmp_path, junk):
    put(tmp_path / "ada.ipynb", record(), junk)
    collected = collect(tmp_path)
    assert list(collected.notebooks[0].answers) == [WINDOWS]
    assert said(collected, "ada.ipynb") == [
        "1 of its answers cannot be read, or name an unknown exercise."
    ]


def test_what_a_newer_version_wrote_is_read_as_far_as_it_is_known(tmp_path):
    put(tmp_path / "ada.ipynb", record(version=2, stars=5, note=None), record(version=True))
    collected = collect(tmp_path)
    assert collected.notebooks[0].answers[WINDOWS].tries == 3
    assert said(collected, "ada.ipynb") == [
        "A newer motiflab wrote 1 of its answers; shown is what this one knows of them."
    ]


def test_half_a_character_can_be_shown(tmp_path):
    odd = record(learner="\ud800", answer="one \udc00", prediction="\udfff", mistakes=["\ud800"])
    put(tmp_path / "ada.ipynb", odd | {"\ud800": None}, record(exercise="scanning.\ud800"))
    answer = collect(tmp_path).notebooks[0].answers[WINDOWS]
    assert (answer.learner, answer.answer, answer.prediction) == ("?", "one ?", "?")
    assert answer.mistakes == ("?",)


def test_fields_of_other_types_become_empty(tmp_path):
    odd = record(learner=3, mistakes="floor", tries="many", hints=-5, solution="no", answer={})
    put(tmp_path / "ada.ipynb", odd | {"prediction": None})
    answer = collect(tmp_path).notebooks[0].answers[WINDOWS]
    assert (answer.learner, answer.mistakes, answer.tries, answer.hints) == ("", (), 0, 0)
    assert (answer.solution, answer.answer, answer.prediction) == (False, "", "")


@pytest.mark.parametrize("number", [True, 1.5, float("nan"), 10**400])
def test_odd_counts_stay_small_whole_numbers(tmp_path, number):
    path = tmp_path / "ada.ipynb"
    path.write_text(
        content(record(tries=0)).replace('"tries": 0', f'"tries": {json.dumps(number)}')
    )
    tries = collect(tmp_path).notebooks[0].answers[WINDOWS].tries
    assert type(tries) is int
    assert 0 <= tries <= 1_000_000


def test_texts_are_cut_and_rid_of_what_cannot_be_seen():
    assert tidy("a\x00\x1b[31mb\u202egpj\ud800", 80) == "a[31mbgpj?"
    assert len(tidy("é" * 10**6, 8000)) == 8000
    assert tidy("one\r\n\n\n\n\ntwo\tthree", 80) == "one\n\ntwo\tthree"


def test_no_folder_and_no_notebook_are_said_in_a_sentence(tmp_path):
    with pytest.raises(ValueError, match=r"^There is no folder .*\.$"):
        collect(tmp_path / "nowhere")
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(ValueError, match=r"holds no notebook .*\.$"):
        collect(tmp_path)


def test_a_folder_of_damaged_files_only_is_a_report_about_these(tmp_path):
    (tmp_path / "ada.ipynb").write_text("")
    assert collect(tmp_path).notebooks == []
    assert len(collect(tmp_path).remarks) == 1


def test_the_folder_may_be_the_current_one(tmp_path, monkeypatch):
    put(tmp_path / "ada/02_scanning.ipynb", record())
    monkeypatch.chdir(tmp_path / "ada")
    assert students(Path()) == {("ada", "scanning")}
