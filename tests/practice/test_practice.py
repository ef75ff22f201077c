"""Exercises in a notebook: output, saved data and counts."""

from __future__ import annotations

import itertools
import json
import weakref

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from ipywidgets.widgets import widget

from motiflab.exercises import find
from motiflab.practice.answer_file import FILE
from motiflab.practice.feedback import MIME, Help
from motiflab.practice.practice import Practice
from motiflab.widgets import cells

NUMBER, EXPLORER = "scanning.windows", "scanning.both_copies"


@pytest.fixture(autouse=True)
def shell(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def shown(do, *arguments) -> list[dict]:
    """Return the data of everything that is displayed."""
    with capture_output() as captured:
        do(*arguments)
    assert captured.stdout == captured.stderr == ""
    return [output.data for output in captured.outputs]


def words(do, *arguments) -> str:
    return "\n".join(data.get("text/markdown", "") for data in shown(do, *arguments))


def given(id, name="Ada"):
    return find(id).given(name)


def right(id, name="Ada"):
    return find(id).right(given(id, name))


def test_the_task_is_shown_with_ones_own_numbers():
    practice = Practice("Ada")
    assert f"L = {given(NUMBER).L}" in words(practice.task, NUMBER)
    with capture_output():
        assert repr(practice.task(NUMBER)) == repr(given(NUMBER))


def test_without_a_name_it_says_whose_numbers_these_are():
    assert "Write your name" in words(Practice("").task, NUMBER)
    assert "Write your name" not in words(Practice(7).task, NUMBER)
    assert "Write your name" not in words(Practice("", seed="1").task, NUMBER)


def test_a_seed_gives_all_the_same_numbers_and_keeps_the_names_apart():
    ada, bo = Practice("Ada", seed="2026"), Practice("Bo", seed="2026")
    with capture_output():
        assert repr(ada.task(NUMBER)) == repr(bo.task(NUMBER)) == repr(given(NUMBER, "2026"))
        ada.check(NUMBER, 1)
    assert ada.record.entry(NUMBER).tries == 1 and bo.record.entry(NUMBER).tries == 0


def test_running_an_untouched_notebook_writes_no_file(tmp_path):
    practice = Practice("")
    for do in (practice.task, practice.progress):
        shown(do, *([NUMBER] if do == practice.task else []))
    shown(practice.explorer, EXPLORER, ...)
    shown(practice.check, NUMBER, ...)
    assert not (tmp_path / FILE).exists()


def test_three_states_in_words():
    practice = Practice("Ada")
    assert "**Not attempted.** Write your answer" in words(practice.check, NUMBER, ...)
    off = right(NUMBER) - 1
    assert "**Not yet right.** This is the number of steps" in words(practice.check, NUMBER, off)
    assert "**Right.**" in words(practice.check, NUMBER, right(NUMBER))


def test_a_text_is_kept():
    said = words(Practice("Ada").check, "scanning.why_one", "Because it steps over sites.")
    assert "**Kept.** It is not graded" in said and "Right" not in said
    (page,) = shown(Practice("Ada").progress)
    assert "● kept" in page["text/html"] and "● right" not in page["text/html"]


def test_a_try_is_another_answer_and_every_one_is_kept():
    practice = Practice("Ada")
    for answer in (..., right(NUMBER) - 1, right(NUMBER) - 1, 999, ..., right(NUMBER)):
        shown(practice.check, NUMBER, answer)
    entry = Practice("Ada").record.entry(NUMBER)
    assert (entry.tries, entry.mistakes, entry.mistake) == (3, ["off by one"], "")
    assert (entry.state, entry.answer) == ("right", str(right(NUMBER)))


def test_a_cell_that_is_empty_again_remembers():
    practice = Practice("Ada")
    shown(practice.check, NUMBER, right(NUMBER))
    text = words(Practice("ada").check, NUMBER, ...)
    kept = f"Your last answer, `{right(NUMBER)}`, is kept: it was right."
    assert "Not attempted" in text and kept in text


def test_an_answer_that_cannot_be_shown_is_kept_by_its_type():
    class Faulty:
        def __repr__(self):
            raise RuntimeError

    practice = Practice("Ada")
    assert "Not yet right" in words(practice.check, NUMBER, Faulty())
    assert practice.record.entry(NUMBER).answer == "an object of type Faulty"


def test_the_output_says_for_a_report_what_was_done():
    practice = Practice("Ada")
    (bundle,) = (data for data in shown(practice.check, NUMBER, right(NUMBER) - 1) if MIME in data)
    assert bundle[MIME] == {
        "version": 1,
        "exercise": NUMBER,
        "learner": "Ada",
        "state": "not yet right",
        "answer": str(right(NUMBER) - 1),
        "mistake": "off by one",
        "mistakes": ["off by one"],
        "tries": 1,
        "hints": 0,
        "solution": False,
        "prediction": "",
    }
    assert "<div" not in bundle["text/plain"]


def helper(practice, id, answer):
    """Make and display the help under a check."""
    exercise = find(id)
    verdict = exercise.check(answer, given(id))
    help = Help(exercise, given(id), verdict, practice.record, practice.name)
    with capture_output():
        help.show()
    return help


def test_hints_come_in_steps_then_the_solution_and_all_is_counted():
    practice = Practice("Ada")
    shown(practice.check, NUMBER, 999)
    help, exercise = helper(practice, NUMBER, 999), find(NUMBER)
    hints = len(exercise.hints)
    for number in range(hints):
        assert help.next.description == f"Show hint {number + 1} of {hints}"
        assert exercise.hint(number, given(NUMBER)) not in help.text()
        help.next.click()
        assert exercise.hint(number, given(NUMBER)) in help.text()
        assert help.live.alarm == exercise.hint(number, given(NUMBER))
        assert practice.record.entry(NUMBER).hints == number + 1
    assert help.next.description == "Show the solution"
    assert exercise.solution(given(NUMBER)) not in help.text()
    help.next.click()
    assert exercise.solution(given(NUMBER)) in help.text()
    assert help.next.disabled
    assert practice.record.entry(NUMBER).solution
    assert f"1 try, {hints} hints, solution opened" in help.text()


def test_hints_that_were_opened_stay_open_after_a_restart():
    practice = Practice("Ada")
    helper(practice, NUMBER, 999).next.click()
    again = helper(Practice("Ada"), NUMBER, 998)
    assert find(NUMBER).hint(0, given(NUMBER)) in again.text()
    assert again.next.description.startswith("Show hint 2")


def test_to_compare_a_right_answer_with_the_solution_is_no_help():
    practice = Practice("Ada")
    shown(practice.check, NUMBER, right(NUMBER))
    help = helper(practice, NUMBER, right(NUMBER))
    assert help.next.description == "Compare with the solution"
    help.next.click()
    assert find(NUMBER).solution(given(NUMBER)) in help.text()
    assert not practice.record.entry(NUMBER).solution


def test_the_explorer_waits_for_a_prediction():
    practice = Practice("Ada")
    for untouched in (..., None, "", "  "):
        (only,) = shown(practice.explorer, EXPLORER, untouched)
        assert "First your prediction" in only["text/markdown"]
    notice, *card = shown(practice.explorer, EXPLORER, "It gets *shorter*.")
    said = r"Your prediction is kept. You expect: *It gets \*shorter\*\.*"
    assert said in notice["text/markdown"]
    assert sum("application/vnd.jupyter.widget-view+json" in part for part in card) == 1
    assert practice.record.entry(EXPLORER).prediction == "It gets *shorter*."


def test_a_prediction_stays_as_it_was_once_one_has_tried():
    practice = Practice("Ada")
    shown(practice.explorer, EXPLORER, "first")
    shown(practice.explorer, EXPLORER, "second")
    assert practice.record.entry(EXPLORER).prediction == "second"
    shown(practice.check, EXPLORER, "no scene")
    assert "second" in words(practice.explorer, EXPLORER, "third, now that I know")
    assert Practice("Ada").record.entry(EXPLORER).prediction == "second"


def test_the_solution_waits_for_the_prediction():
    practice = Practice("Ada")
    help = helper(practice, EXPLORER, ...)
    for _ in find(EXPLORER).hints:
        help.next.click()
    assert help.next.disabled and "prediction" in help.next.tooltip
    shown(practice.explorer, EXPLORER, "shorter")
    assert not helper(practice, EXPLORER, ...).next.disabled


def test_a_target_is_reached_with_the_line_of_the_scene():
    practice = Practice("Ada")
    scene = find(EXPLORER).scene(given(EXPLORER), right(EXPLORER))
    assert "**Right.**" in words(practice.check, EXPLORER, scene)
    assert practice.record.entry(EXPLORER).answer == scene


def test_only_a_target_has_an_explorer():
    with pytest.raises(ValueError, match="with an explorer, not 'scanning.windows'"):
        Practice("Ada").explorer(NUMBER, "x")


def test_the_progress_page_shows_all_exercises_and_what_was_used():
    practice = Practice("<b>Ada")
    shown(practice.check, NUMBER, find(NUMBER).right(find(NUMBER).given("<b>Ada")))
    (page,) = shown(practice.progress)
    html = page["text/html"]
    assert "&lt;b&gt;Ada" in html and "<b>Ada" not in html
    assert "1 of " in html and find(EXPLORER).title in html
    row = html.partition(find(NUMBER).title)[2].partition("</tr>")[0]
    assert "right" in row and "<td>1</td>" in row


def test_trouble_with_the_file_is_told_under_the_check(tmp_path):
    (tmp_path / FILE).write_text("{")
    practice = Practice("Ada")
    assert "could not be read: it is damaged. It is kept as" in words(practice.check, NUMBER, 999)
    assert "could not be read" not in words(practice.check, NUMBER, 998)


def test_a_damaged_file_stays_told_when_a_hint_is_opened(tmp_path):
    (tmp_path / FILE).write_text("{")
    help = helper(Practice("Ada"), NUMBER, 999)
    help.next.click()
    assert help.text().count("It is kept as") == 1


def test_a_prediction_that_cannot_be_saved_is_told_and_kept(tmp_path):
    (tmp_path / FILE).mkdir()
    practice = Practice("Ada")
    assert "cannot be kept" in words(practice.predict, EXPLORER, "It gets shorter.")
    (tmp_path / FILE).rmdir()
    assert "cannot be kept" not in words(Practice("Ada").explorer, EXPLORER, ...)
    assert Practice("Ada").record.entry(EXPLORER).prediction == "It gets shorter."


def test_more_hints_than_there_are_raise_nothing(tmp_path):
    (tmp_path / FILE).write_text(json.dumps({"learners": {"ada": {NUMBER: {"hints": 99}}}}))
    help, last = helper(Practice("Ada"), NUMBER, 999), len(find(NUMBER).hints)
    assert f"Hint {last} of {last}" in help.text() and help.next.description == "Show the solution"
    (page,) = shown(Practice("Ada").progress)
    assert f"<td>{last} of {last}</td>" in page["text/html"]


def test_a_long_answer_that_is_checked_again_is_one_try():
    practice = Practice("Ada")
    for _ in range(3):
        shown(practice.check, "scanning.why_one", "Because it steps over sites. " * 200)
    assert practice.record.entry("scanning.why_one").tries == 1


def test_half_a_character_in_a_name_or_an_answer_raises_nothing():
    practice = Practice("Ada \ud800")
    for id in (NUMBER, EXPLORER, "scanning.why_one"):
        displayed = shown(practice.predict, id, "\udc00")
        displayed += shown(practice.check, id, "\udc00 half \ud83d")
        json.dumps(displayed, ensure_ascii=False).encode()  # as the kernel sends it
    assert practice.record.entry("scanning.why_one").answer == "? half ?"
    shown(practice.progress)


def within_itself():
    held = [1]
    held.append(held)
    return held


def deep():
    held = 1.0
    for _ in range(100_000):
        held = [held]
    return held


class Strange(str):
    """A subclass of str that fails when it is used."""

    def strip(self, *arguments):
        raise ZeroDivisionError

    __str__ = __eq__ = __len__ = __iter__ = __getitem__ = encode = strip
    __hash__ = str.__hash__


class Half:
    """Has a repr with an unpaired surrogate."""

    def __repr__(self):
        return "\ud800"


@pytest.mark.parametrize(
    "id", [NUMBER, EXPLORER, "scanning.flip", "scanning.scan", "scanning.why_one", "reading.row",
           "encoding.opposite", "discovering.site"],
)  # fmt: skip
@pytest.mark.parametrize(
    "odd",
    [
        within_itself, deep, Half, lambda: Strange("ACGT"), lambda: 10**5000, lambda: "\x00",
        lambda: np.array([1, "a", None], dtype=object), lambda: Half, lambda: lambda: Half(),
        lambda: np.ma.masked_array([1.0], [True]), lambda: [float("nan")] * 4,
        lambda: {"\udfff": Half()}, lambda: b"\xff\x00", lambda: iter([1]),
    ],
)  # fmt: skip
def test_whatever_is_checked_the_notebook_can_show_and_keep_it(id, odd, tmp_path):
    practice, answer = Practice("Ada"), odd()
    displayed = shown(practice.check, id, answer) + shown(practice.predict, id, answer)
    json.dumps(displayed, ensure_ascii=False).encode()  # as the kernel sends it
    assert practice.record.trouble == "" and practice.record.entry(id).tries == 1
    json.loads((tmp_path / FILE).read_bytes())


def test_a_check_that_runs_again_closes_its_old_button(shell, monkeypatch):
    monkeypatch.setattr(cells, "_places", weakref.WeakKeyDictionary())
    runs = itertools.count()

    def check(cell, answer):
        parent = {
            "header": {"msg_type": "execute_request", "msg_id": str(next(runs))},
            "metadata": {"cellId": cell},
        }
        monkeypatch.setattr(shell, "get_parent", lambda: parent, raising=False)
        shown(practice.check, NUMBER, answer)
        shell.events.trigger("post_run_cell", None)
        return len(widget._instances)

    practice = Practice("Ada")
    first = check("a", 1)
    assert check("b", 2) > first  # both buttons stand on the page
    both = len(widget._instances)
    assert [check("a", answer) for answer in (3, 4, 5)] == [both] * 3
