"""The lesson plans: what they name exists, and their minutes add up."""

from __future__ import annotations

import re

import nbformat
import pytest

from motiflab.course.lectures import DEMONSTRATIONS
from motiflab.course.lessons import lessons
from motiflab.exercises import KEYS, exercise_set, find


@pytest.fixture(scope="module")
def folder(root):
    return root / "notebooks/3_practice"


@pytest.fixture(scope="module")
def plans(folder) -> str:
    return (folder / "lesson_plans.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def sessions(plans) -> list[str]:
    """Return the text of each session."""
    return [part for part in re.split(r"^## ", plans, flags=re.M) if part[0].isdigit()]


def test_every_link_leads_somewhere(plans, folder):
    links = re.findall(r"\]\(([^)]+)\)", plans)
    made = {f"{name}.ipynb" for name in lessons()}
    assert len(links) > 30
    assert [link for link in links if link not in made and not (folder / link).is_file()] == []


def test_every_exercise_that_is_named_exists_and_each_session_names_its_whole_set(sessions):
    for session in sessions:
        named = re.findall(r"`(\w+\.\w+)`", session)
        (key,) = {name.partition(".")[0] for name in named}
        assert {find(name).id for name in named} == {one.id for one in exercise_set(key)}, key
    assert len(sessions) == 12


def test_the_table_names_every_set_and_every_demonstration_and_the_sessions_show_them(
    plans, sessions
):
    rows = [row for row in plans.splitlines() if re.match(r"\| \d", row) and "ipynb" in row]
    assert len(rows) == len(sessions)
    assert set(KEYS) <= set(re.findall(r"\[(\w+)\]", "".join(rows)))
    for row, session in zip(rows, sessions):
        assert row[2:].startswith(session.splitlines()[0])
        keys = re.findall(r"`(\w+)`", row)
        plan = "".join(re.findall(r"^\| .*", session, re.M))
        assert all(f"`{key}`" in plan for key in keys), (keys, session[:30])
    shown = re.findall(r"`(\w+)`", "".join(rows))
    assert sorted(shown) == sorted(one.key for one in DEMONSTRATIONS)


@pytest.mark.parametrize(("column", "length"), [(0, 50), (1, 90)])
def test_the_minutes_of_each_plan_add_up(sessions, column, length):
    for session in sessions:
        cells = [row.split("|")[1:3][column].strip() for row in session.splitlines()
                 if re.match(r"\| (\d+–\d+|–) \|", row)]  # fmt: skip
        spans = [tuple(map(int, cell.split("–"))) for cell in cells if cell != "–"]
        assert spans[0][0] == 0 and spans[-1][1] == length, session[:30]
        assert all(end == begin for (_, end), (begin, _) in zip(spans, spans[1:])), session[:30]
        assert all(3 <= end - begin <= 43 for begin, end in spans)


def test_the_sections_are_those_of_the_notebooks(sessions, folder):
    found = 0
    for session in sessions[:10]:
        line = re.search(r"^- \*\*Notebook\.\*\* (.*)", session, re.M)[1]
        for link, names in re.findall(r"\]\((.+?)\): ([^;]+)", line):
            cells = nbformat.read(folder / link, as_version=4).cells
            prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
            for name in re.findall(r"\*(.+?)\*", names):
                assert f"\n## {name}\n" in f"\n{prose}\n", (link, name)
                found += 1
    assert found > 30


def test_each_session_has_what_a_teacher_needs(sessions):
    for session in sessions:
        for part in ("Prerequisites", "Goals", "Notebook", "Stumbling blocks", "When late"):
            assert f"**{part}.**" in session, (part, session[:30])
        assert len(re.findall(r"^- \*[^*]", session, re.M)) >= 4 or session.startswith("1 ")
