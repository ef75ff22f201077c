"""The lesson plans: what they name exists, their minutes add up, and their numbers are right."""

from __future__ import annotations

import re

import nbformat
import numpy as np
import pytest
import torch
from sklearn.metrics import average_precision_score
from test_times import announced

from motiflab.course.lectures import DEMONSTRATIONS
from motiflab.course.notebooks import lessons
from motiflab.exercises import KEYS, exercise_set, find
from motiflab.interpretation import saliency
from motiflab.layers.receptive_fields import Stack, receptive_field, seen_positions, tap_distances
from motiflab.networks import cnn
from motiflab.sequences import encoding


@pytest.fixture(scope="module")
def folder(root):
    return root / "notebooks/3_practice"


@pytest.fixture(scope="module")
def plans(folder) -> str:
    return (folder / "lesson_plans.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def sessions(plans) -> list[str]:
    """Return the text of each session; the section 13 only leads to 13a, 13b and 13c."""
    parts = [part for part in re.split(r"^## ", plans, flags=re.M) if part[0].isdigit()]
    return [part for part in parts if not part.startswith("13 ")]


def test_every_link_leads_somewhere(plans, folder):
    links = re.findall(r"\]\(([^)]+)\)", plans)
    made = {f"{name}.ipynb" for name in lessons()}
    assert len(links) > 30
    assert [link for link in links if link not in made and not (folder / link).is_file()] == []


def test_every_exercise_that_is_named_exists_and_the_sessions_of_a_set_name_all_of_it(sessions):
    named = {}
    for session in sessions:
        names = re.findall(r"`(\w+\.\w+)`", session)
        (key,) = {name.partition(".")[0] for name in names}
        named.setdefault(key, []).append({find(name).id for name in names})
    for key, parts in named.items():
        assert set().union(*parts) == {one.id for one in exercise_set(key)}, key
        assert sum(map(len, parts)) == len(exercise_set(key).exercises), f"{key}: named twice"
    assert [*named] == [*KEYS] and len(sessions) == 21


def test_the_link_to_the_former_session_13_leads_to_what_it_has_become(plans):
    assert "\n## 13 Explain a network\n" in plans


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


def test_the_one_lesson_adds_up_and_its_stops_and_numbers_are_those_of_the_notebook(plans, folder):
    lesson = plans.partition("\n## One lesson of 50 minutes\n")[2].partition("\n---\n")[0]
    rows = re.findall(r"^\| (\d+)–(\d+) \| (.+?) \|", lesson, re.M)
    begins, ends, names = zip(*rows)
    assert (begins[0], *ends) == (*begins, "50") and begins[0] == "0"
    cells = nbformat.read(folder / "../01_short_route.ipynb", as_version=4).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    stops = [name for name in names if name.startswith("Stop")]
    assert [name[:6] for name in stops] == [f"Stop {n}" for n in (1, 3, 5, 6, 7)]
    assert all(f"\n## {name}\n" in f"\n{prose}\n" for name in stops)
    # The notebook asserts these, and the lesson must say the same.
    for number in ("27 %", "48 %", "132", "from 96 in 100 to 2 in 100", "AGATAAG"):
        assert number in lesson and number in prose
    assert "[the lesson plans](3_practice/lesson_plans.md)" in prose


# -- what the texts claim -----------------------------------------------------------------------


def test_what_dilation_spans_and_sees(plans):
    stacks = {d: Stack(width=7, window=4, second_width=2, dilation=d) for d in range(1, 7)}
    fields = {d: receptive_field(stack.layers).size for d, stack in stacks.items()}
    seen = {d: len(seen_positions(stack.layers)) for d, stack in stacks.items()}
    tap = len(seen_positions(Stack(width=7, window=4).layers))
    assert (fields[1], fields[6], tap) == (14, 34, 7 + 4 - 1) and seen[1] == 14
    assert max(seen.values()) == seen[6] == 2 * tap == 20
    said = (
        f"With $K = 7$, $w = 4$ and two taps the field grows from {fields[1]} bases at D = 1 to "
        f"{fields[6]} at D = 6, but a unit never sees more than {seen[6]} of them: twice the {tap} "
        "bases of a tap."
    )
    assert said in plans and f"each covers $K + w - 1$ bases: {tap}, with filters of 7" in plans
    assert receptive_field(stacks[1].layers).jump == 4 and "taps stand 4 bases apart" in plans


def test_which_distances_can_look_alike(plans):
    taps = {d: tap_distances(d, 4).tolist() for d in (13, 16, 18, 19)}
    assert 4 in taps[13] and 4 in taps[19]
    assert sum(a != b for a, b in zip(taps[16], taps[18])) == 2  # of 4 phases
    said = "16 and 18 have different tap distances in half of the phases"
    assert "With $w = 4$ the distances 13 and 19 can both be 4 taps" in plans and said in plans


def test_what_ten_sigmoids_leave(plans):
    """One unit in each layer, by torch: the slopes at z = 0, and the weights between."""
    left = {}
    for weight in (1.0, 2.0, 4.0):
        z = first = torch.zeros((), dtype=torch.float64, requires_grad=True)
        for _ in range(10):
            z = weight * (torch.sigmoid(z) - 0.5)  # the bias keeps the next z at 0
        (left[weight],) = torch.autograd.grad(z, first)
    assert left[1.0] == pytest.approx(1e-6, rel=0.05) and left[4.0] == pytest.approx(1)
    assert left[2.0] == pytest.approx(left[1.0] * 2**10)
    assert "at most a millionth *times the product of the ten weights*" in plans
    assert "Weights of 4 would make up for the slopes, if every z stayed at 0" in plans


def test_slopes_that_change_nothing(plans):
    weights = np.vstack([[10.0] * 4, 2 * encoding.one_hot("GATA") - 1])
    network = cnn.from_filter(weights, length=5, bias=-10)
    x = encoding.one_hot("CGATT")
    assert np.abs(saliency.saliency(network, x)).max(axis=1).argmax() == 0
    assert not saliency.mutagenesis(network, x)[0].any()
    weights[0, 0] += 1  # unequal weights stay unequal, so the base there matters still
    network = cnn.from_filter(weights, length=5, bias=-10)
    assert saliency.mutagenesis(network, x)[0].any()
    said = "Add 10 to the four weights of one position and subtract 10 from the bias."
    assert said in plans and "if the four weights were equal before" in plans


def test_what_a_sure_network_does_to_its_slopes(plans):
    assert "At $\\hat y = 0.98$ all slopes are fifty times smaller" in plans
    y_hat = 0.98
    assert y_hat * (1 - y_hat) == pytest.approx(1 / 50, rel=0.03)


def test_what_a_guess_reaches_on_a_finite_set(plans):
    labels, rng = np.repeat([1, 0], [120, 240]), np.random.default_rng(0)
    found = [average_precision_score(labels, rng.random(360)) for _ in range(2000)]
    assert np.mean(found) == pytest.approx(0.344, abs=0.002) and 120 / 360 < 0.3335
    assert "0.344 with 120 positives among 360, not 0.333" in plans


def test_what_bayes_says_of_a_hit(plans):
    hits, alarms = 0.99 * 0.001, 0.01 * 0.999
    assert round(100 * hits / (hits + alarms)) == 9
    assert 'You see a hit: how sure are you?" (9 %.)' in plans


def test_a_week_and_four_weeks_take_as_long_as_their_notebooks_say(plans, folder):
    part = plans.partition("\n## A week, or four weeks\n")[2].partition("\n## ")[0]
    rows = [row for row in part.splitlines() if "ipynb" in row and row.startswith("|")]
    assert len(rows) == 5 + 4
    for row in rows:
        links = re.findall(r"\]\(([^)]+)\)", row)
        total = sum(announced(nbformat.read(folder / link, as_version=4).cells) for link in links)
        assert int(row.strip("| ").rpartition("|")[2]) == total, row
