"""Answers are saved in a plain file, survive a restart, and are never lost."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motiflab.exercises import find
from motiflab.practice import answer_file
from motiflab.practice.answer_file import FILE, AnswerFile, Entry, Record
from motiflab.practice.feedback import Help
from motiflab.practice.progress import progress_page


def test_nothing_done_leaves_no_file(tmp_path):
    assert Record("Ada", tmp_path).entry("scanning.windows") == Entry()
    assert list(tmp_path.iterdir()) == []


def test_it_is_there_after_a_restart(tmp_path):
    Record("Ada", tmp_path).change("scanning.windows", tries=2, mistakes=["off by one"])
    Record("Ada", tmp_path).change("scanning.windows", hints=1)
    Record("Bo", tmp_path).change("scanning.windows", tries=9)
    again = Record(" ADA", tmp_path)
    assert again.entries() == {"scanning.windows": Entry(tries=2, hints=1, mistakes=["off by one"])}
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_the_file_is_plain_and_readable(tmp_path):
    Record("Émile", tmp_path).change("scanning.windows", answer="13", prediction="更多")
    text = (tmp_path / FILE).read_text(encoding="utf-8")
    assert "émile" in text and "更多" in text and json.loads(text)["version"] == 1


def test_two_notebooks_at_once_keep_both(tmp_path):
    one, other = Record("Ada", tmp_path), Record("Ada", tmp_path)
    one.change("scanning.windows", tries=1)
    other.change("pooling.shift", tries=2)
    one.change("scanning.windows", tries=3)
    assert {id: entry.tries for id, entry in other.entries().items()} == {
        "scanning.windows": 3,
        "pooling.shift": 2,
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"learners": 3}',
        b'{"learners": {}}\x00',
        b"\x00" * 50,
        b"[" * 100_000,
        '{"learners": {"émile": {}}}'.encode("latin-1"),
        b'{"version": 1, "learners": {"ada": {"a.b": {"tries": 2',
        b'{"learners": {"ada": {"a.b": {"tries": ' + b"9" * 5000 + b"}}}}",
    ],
    ids=["empty", "cut", "list", "number", "NUL", "zeros", "deep", "latin-1", "short", "digits"],
)
def test_a_damaged_file_is_kept_under_another_name_and_this_is_said_once(tmp_path, content):
    (tmp_path / FILE).write_bytes(content)
    record = Record("Ada", tmp_path)
    assert record.entries() == {}
    (news,) = record.news()
    assert "could not be read" in news and news.endswith("a new one begins.")
    assert record.news() == [] and record.trouble == ""
    record.change("scanning.windows", tries=1)
    assert Record("Ada", tmp_path).entry("scanning.windows").tries == 1
    assert (tmp_path / "my_practice.damaged.json").read_bytes() == content


def test_looking_alters_nothing_that_is_remembered_of_the_file(tmp_path):
    content = {"version": 1, "learners": {"ada": ["by hand"], "bo": {"a.b": {"tries": 1}}}}
    (tmp_path / FILE).write_text(json.dumps(content))
    file = AnswerFile(tmp_path / FILE)
    for name, kept in (("bo", {"a.b": {"tries": 1}}), ("cy", {}), ("ada", {})):
        assert file.entries(name) == kept
        assert file._last == content


def test_a_second_damaged_file_does_not_take_the_place_of_the_first(tmp_path):
    for content in ("first", "second"):
        (tmp_path / FILE).write_text(content)
        Record("Ada", tmp_path).entries()
    kept = {path.read_text() for path in tmp_path.iterdir()}
    assert kept == {"first", "second"}


def test_fields_of_another_type_are_left_out(tmp_path):
    entry = {
        "tries": "many",
        "hints": 2,
        "mistakes": [1, "off by one"],
        "state": "wonderful",
        "new": 1,
    }
    (tmp_path / FILE).write_text(json.dumps({"learners": {"ada": {"a.b": entry, "a.c": 3}}}))
    assert Record("Ada", tmp_path).entries() == {"a.b": Entry(hints=2, mistakes=["off by one"])}


def test_counts_stay_within_reason(tmp_path):
    entry = {"tries": -3, "hints": 10**30, "solution": 1}
    (tmp_path / FILE).write_text(json.dumps({"learners": {"ada": {"a.b": entry}}}))
    assert Record("Ada", tmp_path).entry("a.b") == Entry(hints=1_000_000)


def test_what_was_saved_is_not_written_a_second_time(tmp_path):
    record = Record("Ada", tmp_path)
    record.change("a.b", tries=1)
    (tmp_path / FILE).write_text('{"learners": {"ada": {"a.b": {"tries": 5}}}}')
    record.change("c.d", tries=1)
    assert record.entry("a.b").tries == 5


def test_a_very_long_answer_is_cut(tmp_path):
    Record("Ada", tmp_path).change("a.b", answer="x" * 100_000)
    assert len(Record("Ada", tmp_path).entry("a.b").answer) == 4000


def test_where_nothing_can_be_written_answers_last_as_long_as_the_kernel(tmp_path):
    record = Record("Ada", tmp_path / "no such folder")
    record.change("a.b", tries=1)
    record.change("a.b", hints=1)
    assert record.entry("a.b") == Entry(tries=1, hints=1)
    assert "cannot be kept" in record.trouble


def fails(monkeypatch, step: str, number: int) -> None:
    """Let writing or replacing a file fail as the system does."""

    def failing(path, *arguments, **more):
        if step == "write_bytes":  # what fits on the disk is written
            path.touch()
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, step, failing)


@pytest.mark.parametrize("step", ["write_bytes", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_what_a_full_disk_does_not_take_is_kept_and_saved_later(
    tmp_path, monkeypatch, step, number
):
    record = Record("Ada", tmp_path)
    record.change("a.b", tries=1)
    before = (tmp_path / FILE).read_bytes()
    with monkeypatch.context() as full:
        fails(full, step, number)
        record.change("a.b", tries=2, answer="13")
        record.change("c.d", hints=1)
        record.change("a.b", tries=3)
        assert record.entries() == {"a.b": Entry(tries=3, answer="13"), "c.d": Entry(hints=1)}
        assert os.strerror(number) in record.trouble
        # A cell that is run again makes another record.
        assert Record("ada", tmp_path).entry("c.d") == Entry(hints=1)
        assert (tmp_path / FILE).read_bytes() == before
        assert [path.name for path in tmp_path.iterdir()] == [FILE], "a part is left behind"
    record.change("e.f", tries=1)
    assert record.trouble == ""
    kept = json.loads((tmp_path / FILE).read_text())["learners"]["ada"]
    assert (kept["a.b"]["tries"], kept["a.b"]["answer"], kept["c.d"]["hints"]) == (3, "13", 1)
    assert kept["e.f"]["tries"] == 1


def test_what_is_unsaved_leaves_alone_what_another_kernel_wrote(tmp_path, monkeypatch):
    record = Record("Ada", tmp_path)
    record.change("a.b", tries=1)
    with monkeypatch.context() as full:
        fails(full, "replace", errno.ENOSPC)
        record.change("a.b", tries=2)
    held = json.loads((tmp_path / FILE).read_text())
    held["learners"]["ada"]["a.b"]["hints"] = 2
    held["learners"]["ada"]["c.d"] = {"tries": 5}
    (tmp_path / FILE).write_text(json.dumps(held))
    assert record.entries() == {"a.b": Entry(tries=2, hints=2), "c.d": Entry(tries=5)}
    assert json.loads((tmp_path / FILE).read_text())["learners"]["ada"]["a.b"]["tries"] == 2


def test_a_folder_in_place_of_the_file_is_left_alone(tmp_path):
    (tmp_path / FILE).mkdir()
    (tmp_path / FILE / "mine.txt").write_text("keep me")
    record = Record("Ada", tmp_path)
    record.change("a.b", tries=1)
    assert record.entry("a.b").tries == 1 and "cannot be kept" in record.trouble
    assert (tmp_path / FILE / "mine.txt").read_text() == "keep me"
    (tmp_path / FILE).rename(tmp_path / "elsewhere")
    assert record.entry("a.b").tries == 1 and record.trouble == ""
    assert json.loads((tmp_path / FILE).read_text())["learners"]["ada"]["a.b"]["tries"] == 1


def test_a_file_that_cannot_be_read_for_now_is_not_written_over(tmp_path, monkeypatch):
    Record("Ada", tmp_path).change("a.b", tries=1)
    record = Record("Ada", tmp_path)
    with monkeypatch.context() as broken:
        fails(broken, "read_bytes", errno.EIO)
        record.change("c.d", tries=2)
        assert record.entries() == {"a.b": Entry(tries=1), "c.d": Entry(tries=2)}
        assert "Input/output error" in record.trouble
    assert record.entries() == {"a.b": Entry(tries=1), "c.d": Entry(tries=2)}
    assert record.trouble == "" and [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_damaged_file_that_cannot_be_set_aside_is_not_written_over(tmp_path, monkeypatch):
    (tmp_path / FILE).write_text("{")
    with monkeypatch.context() as locked:
        fails(locked, "replace", errno.EACCES)
        record = Record("Ada", tmp_path)
        record.change("a.b", tries=1)
        assert record.entry("a.b").tries == 1 and "cannot be kept" in record.trouble
    assert (tmp_path / FILE).read_text() == "{"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
def test_a_pipe_in_place_of_the_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / FILE)
    record = Record("Ada", tmp_path)
    record.change("a.b", tries=1)
    assert record.entry("a.b").tries == 1 and "not a file" in record.trouble


def test_a_huge_file_is_set_aside(tmp_path, monkeypatch):
    monkeypatch.setattr(answer_file, "_MOST_BYTES", 1000)
    (tmp_path / FILE).write_text(" " * 1001)
    record = Record("Ada", tmp_path)
    assert record.entries() == {} and "larger than" in record.news()[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_that_an_editor_saved_with_a_mark_is_read(tmp_path, encoding):
    content = json.dumps({"learners": {"émile": {"a.b": {"tries": 2}}}}, ensure_ascii=False)
    (tmp_path / FILE).write_bytes(content.encode(encoding))
    record = Record("Émile", tmp_path)
    record.change("a.b", hints=1)
    assert record.entry("a.b") == Entry(tries=2, hints=1) and record.news() == []


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "drive").mkdir()
    (tmp_path / FILE).symlink_to(tmp_path / "drive/answers.json")
    Record("Ada", tmp_path).change("a.b", tries=1)
    assert (tmp_path / FILE).is_symlink()
    assert json.loads((tmp_path / "drive/answers.json").read_text())["learners"]["ada"]


def test_an_unknown_field_that_is_null_is_no_trouble(tmp_path):
    (tmp_path / FILE).write_text('{"learners": {"ada": {"a.b": {"note": null, "tries": 1}}}}')
    assert Record("Ada", tmp_path).entry("a.b") == Entry(tries=1)


def test_half_a_character_is_kept_and_can_be_shown(tmp_path):
    (tmp_path / FILE).write_text(
        '{"learners": {"ada": {"a.b": {"answer": "\\udc00"}}, "b\\ud800": {}}}'
    )
    record = Record("Ada", tmp_path)
    record.change("c.d", answer="one \ud83d half", mistakes=["\udfff"])
    assert record.entry("a.b").answer == "?"
    assert record.entry("c.d") == Entry(answer="one ? half", mistakes=["?"])
    held = json.loads((tmp_path / FILE).read_bytes())["learners"]
    assert held["ada"]["a.b"]["answer"] == "\udc00" and "b\ud800" in held
    assert held["ada"]["c.d"]["answer"] == "one \ud83d half"


def test_what_a_newer_version_wrote_stays_and_this_is_said_once(tmp_path):
    newer = {
        "version": 3,
        "made": {"by": "motiflab 9"},
        "learners": {
            "ada": {
                "a.b": {"tries": 2, "stars": 5, "hints": {"first": 1}, "note": None},
                "settings": ["dark"],
                "z.z": 4,
            },
            "bo": 7,
        },
    }
    (tmp_path / FILE).write_text(json.dumps(newer))
    record = Record("Ada", tmp_path)
    assert record.entries() == {"a.b": Entry(tries=2)}
    record.change("a.b", tries=3)
    record.change("a.b", hints=1)
    record.change("z.z", tries=1)
    Record("Bo", tmp_path).change("a.b", tries=1)
    (news,) = record.news()
    assert "newer motiflab" in news and Record("Ada", tmp_path).news() == []
    held = json.loads((tmp_path / FILE).read_text())
    assert held["version"] == 3 and held["made"] == {"by": "motiflab 9"}
    ada = held["learners"]["ada"]
    assert ada["settings"] == ["dark"] and ada["a.b"]["stars"] == 5 and ada["a.b"]["note"] is None
    assert (ada["a.b"]["tries"], ada["a.b"]["hints"]) == (3, 1)
    # A value in the place of something that had to be written is kept under another key.
    assert ada["a.b"]["hints (not read)"] == {"first": 1} and ada["z.z (not read)"] == 4
    assert held["learners"]["bo (not read)"] == 7 and held["learners"]["bo"]["a.b"]["tries"] == 1


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(), max_size=8),  # halves of characters too
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["ada", "learners", "tries", "note", "hints"]), inner)
    ),
    max_leaves=10,
)
FIELDS = st.dictionaries(
    st.sampled_from([*dataclasses.asdict(Entry()), "note", "later"]), JSON, max_size=5
)
CONTENT = JSON | st.fixed_dictionaries(
    {"learners": st.dictionaries(st.sampled_from(["ada", "bo"]), JSON)
     | st.fixed_dictionaries(
         {"ada": st.dictionaries(st.sampled_from(["scanning.windows", "a.b"]), FIELDS | JSON)}
     )},
    optional={"version": JSON, "later": JSON},
)  # fmt: skip


def leaves(value, inside=()):
    """Yield every value that is no container, with the keys that lead to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*inside, key.rstrip("+").removesuffix(" (not read)")))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*inside, number))
    else:
        yield inside, type(value), value


@settings(max_examples=300, deadline=None)
@given(CONTENT)
def test_whatever_json_stands_in_the_file_nothing_raises_and_nothing_is_lost(content):
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / FILE).write_text(json.dumps(content))
        content = json.loads((folder / FILE).read_bytes())  # two halves may make a character
        record = Record("Ada", folder)
        record.entries()
        text = progress_page(record, "Ada").data
        record.change("scanning.windows", tries=5)
        assert record.entry("scanning.windows").tries == 5 and record.trouble == ""
        exercise = find("scanning.windows")
        help = Help(exercise, exercise.given("Ada"), exercise.check(1, exercise.given("Ada")),
                    record, "Ada")  # fmt: skip
        json.dumps([text, help.bundle()], ensure_ascii=False).encode()  # as the kernel sends it
        held = json.loads((folder / FILE).read_bytes())
        aside = folder / "my_practice.damaged.json"
        if aside.exists():
            assert json.loads(aside.read_bytes()) == content
        else:
            changed = ("learners", "ada", "scanning.windows", "tries")
            known = [*leaves(held)]
            for leaf in leaves(content):
                alters = leaf[:2] == (changed, int)
                assert alters or leaf in known


def test_two_kernels_that_write_at_once_lose_nothing(tmp_path):
    code = (
        "import sys, pathlib; from motiflab.practice.answer_file import Record; "
        "record = Record('Ada', pathlib.Path(sys.argv[1])); sys.stdin.read(1); "
        "[record.change(f'{sys.argv[2]}.{n}', tries=n + 1) for n in range(150)]"
    )
    kernels = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), who], stdin=subprocess.PIPE)
        for who in ("one", "two")
    ]
    for kernel in kernels:
        kernel.stdin.close()  # go
    assert [kernel.wait(timeout=60) for kernel in kernels] == [0, 0]
    entries = Record("Ada", tmp_path).entries()
    assert {f"{who}.{n}" for who in ("one", "two") for n in range(150)} == set(entries)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_many_writers_leave_a_whole_file(tmp_path):
    def work(number: int) -> None:
        for tries in range(20):
            Record(f"learner {number}", tmp_path).change("a.b", tries=tries)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    json.loads((tmp_path / FILE).read_text())
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert os.path.getsize(tmp_path / FILE) > 0
