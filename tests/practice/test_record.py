"""Answers are kept in a plain file, survive a restart, and are never lost."""

from __future__ import annotations

import json
import os
import threading

import pytest

from motiflab.practice.record import FILE, Entry, Record


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
    ["", "{", "[]", '{"learners": 3}', '{"learners": {"ada": 3}}', "\x00", "[" * 100_000],
    ids=["empty", "cut", "list", "number", "no entries", "binary", "deep"],
)
def test_a_damaged_file_is_kept_under_another_name(tmp_path, content):
    (tmp_path / FILE).write_text(content)
    record = Record("Ada", tmp_path)
    assert record.entries() == {}
    assert "could not be read" in record.trouble
    record.change("scanning.windows", tries=1)
    assert Record("Ada", tmp_path).entry("scanning.windows").tries == 1
    assert (tmp_path / "my_practice.damaged.json").read_text() == content


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


def test_a_very_long_answer_is_cut(tmp_path):
    Record("Ada", tmp_path).change("a.b", answer="x" * 100_000)
    assert len(Record("Ada", tmp_path).entry("a.b").answer) == 4000


def test_where_nothing_can_be_written_answers_last_as_long_as_the_kernel(tmp_path):
    record = Record("Ada", tmp_path / "no such folder")
    record.change("a.b", tries=1)
    record.change("a.b", hints=1)
    assert record.entry("a.b") == Entry(tries=1, hints=1)
    assert "cannot be kept" in record.trouble


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
