"""The report on a class: its counts, and escaping of what students wrote."""

from __future__ import annotations

import csv
import json
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whole_page import Page

from motiflab.course.classwork import Classwork
from motiflab.course.collected import MIME, collect
from motiflab.course.page import markdown
from motiflab.course.report import COLUMNS, report
from motiflab.exercises import all_exercises, exercise_set, find

SVG = "{http://www.w3.org/2000/svg}"
WINDOWS = find("scanning.windows")
TEXT = next(e for e in exercise_set("scanning") if not e.graded)


def record(exercise=WINDOWS, **changes) -> dict:
    done = {"version": 1, "exercise": exercise.id, "learner": "Ada", "state": "right"}
    done |= {"mistake": "", "mistakes": [], "tries": 1, "hints": 0, "solution": False}
    return done | {"prediction": "", "answer": "14"} | changes


def put(path: Path, *records, exercises=(WINDOWS,)) -> None:
    outputs = [{"output_type": "display_data", "data": {MIME: r}, "metadata": {}} for r in records]
    source = f"open({str(path.with_suffix('.ran'))!r}, 'w')"
    cells = [{"cell_type": "code", "source": source, "outputs": [o]} for o in outputs]
    part = exercises[0].id.partition(".")[0]
    metadata = {"motiflab": {"part": part, "exercises": [e.id for e in exercises]}}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4}), "utf-8")


def rows(path: Path) -> list[dict]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def klass(tmp_path):
    """Four students: right after a slip, not yet, never run, and another part."""
    both = (WINDOWS, TEXT)
    slips = ["floor forgotten", "off by one"]
    text = record(TEXT, answer="It slides.", prediction="A peak.")
    put(tmp_path / "ada/scanning.ipynb", record(mistakes=slips, tries=3), text, exercises=both)
    bob = record(state="not yet right", mistakes=["off by one"], tries=2, hints=1, solution=True)
    put(tmp_path / "bob/scanning.ipynb", bob | {"learner": "Robert"}, exercises=both)
    put(tmp_path / "eve/scanning.ipynb", exercises=both)
    value = next(iter(exercise_set("spacing")))
    put(tmp_path / "kim/spacing.ipynb", record(value, learner="Kim"), exercises=(value,))
    return tmp_path


def test_the_table_has_a_row_for_each_student_and_exercise(klass):
    table, _ = report(klass)
    lines = rows(table)
    assert list(lines[0]) == COLUMNS
    assert len(lines) == 4 * 3
    by = {(line["student"], line["exercise"]): line for line in lines}
    ada = by["ada", WINDOWS.id]
    assert (ada["state"], ada["tries"], ada["first mistake"]) == ("right", "3", "floor forgotten")
    assert ada["all mistakes"] == "floor forgotten; off by one"
    assert (ada["part"], ada["title"]) == ("scanning", WINDOWS.title)
    assert (ada["name given"], ada["file"]) == ("Ada", "ada/scanning.ipynb")
    bob = by["bob", WINDOWS.id]
    assert (bob["state"], bob["hints"], bob["solution opened"]) == ("not yet right", "1", "yes")
    assert by["ada", TEXT.id]["state"] == "kept"
    assert by["ada", TEXT.id]["answer"] == "It slides."
    assert by["bob", TEXT.id]["state"] == "nothing stored"
    assert by["eve", WINDOWS.id]["state"] == "nothing stored"
    assert by["kim", WINDOWS.id]["state"] == "not handed in"
    assert by["kim", WINDOWS.id]["file"] == ""


def test_an_answer_counts_in_whichever_notebook_it_stands(tmp_path):
    for order in ["a", "z"]:
        folder = tmp_path / order
        other = next(iter(exercise_set("spacing")))
        put(folder / f"ada/{order}.ipynb", record(other), record(), exercises=(other, WINDOWS))
        put(folder / "ada/m.ipynb", record(TEXT), exercises=(WINDOWS, TEXT))
        put(folder / "bob/m.ipynb", record(), exercises=(WINDOWS,))
        lines = [line for line in rows(report(folder)[0]) if line["student"] == "ada"]
        assert {line["exercise"]: line["state"] for line in lines} == {
            WINDOWS.id: "right",
            TEXT.id: "kept",
            other.id: "right",
        }


def test_the_table_begins_with_the_mark_that_excel_needs(klass):
    assert report(klass)[0].read_bytes().startswith(b"\xef\xbb\xbf")


def test_mistakes_are_counted_by_student_and_the_most_frequent_comes_first(klass):
    first, second = Classwork(collect(klass)).slips()
    assert (first.name, first.students, first.since) == ("off by one", 2, 1)
    assert (second.name, second.students, second.since) == ("floor forgotten", 1, 1)
    told = {mistake.name: mistake.message for mistake in WINDOWS.mistakes}
    assert first.message == told["off by one"]


def test_one_student_who_slips_twenty_times_is_one_student(tmp_path):
    put(tmp_path / "ada/scanning.ipynb", record(mistakes=["off by one"] * 20))
    (slip,) = Classwork(collect(tmp_path)).slips()
    assert slip.students == 1


def test_the_page_says_what_to_explain_and_what_was_asked_and_told(klass):
    text = Page(report(klass)[1].read_text(encoding="utf-8")).text
    start = text.index("What to explain again tomorrow")
    assert start < text.index("off by one") < text.index("floor forgotten")
    told = {mistake.name: mistake.message for mistake in WINDOWS.mistakes}
    assert " ".join(told["off by one"].split()) in text
    asked = Page(markdown(WINDOWS.statement(WINDOWS.given("")))).text
    assert asked in text
    assert "1 of them has it right by now." in text


def test_the_picture_and_its_numbers_agree(klass):
    html = report(klass)[1].read_text(encoding="utf-8")
    svg = html[html.index("<svg") : html.index("</svg>")]
    desc = svg[svg.index("<desc") : svg.index("</desc>")]
    said = f"1. {WINDOWS.title}: 1 right, 1 not yet right, 1 nothing stored, 1 not handed in."
    assert said in desc
    row = html[html.index(f"<th scope='row'>{WINDOWS.title}</th>") :]
    assert row.startswith(
        f"<th scope='row'>{WINDOWS.title}</th>"
        "<td>1</td><td>1</td><td>0</td><td>1</td><td>1</td><td>3</td><td>1</td><td>1</td>"
    )


def test_each_row_of_the_picture_divides_the_class_by_state(klass):
    html = report(klass)[1].read_text(encoding="utf-8")
    svg = ET.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])
    bars = [(r.get("y"), float(r.get("x")), float(r.get("width"))) for r in svg.iter(f"{SVG}rect")]
    # Of the four students one each is right, not yet right, without an answer and absent.
    first = [("6", 340, 120), ("6", 460, 120), ("6", 580, 120), ("6", 700, 120)]
    assert bars == [*first, ("40", 340, 120), ("40", 460, 240), ("40", 700, 120)]
    texts = [(t.text, float(t.get("x"))) for t in svg.iter(f"{SVG}text") if t.get("y") == "55.5"]
    assert texts[1:] == [("1", 400), ("2", 580), ("1", 760)]


def test_six_mistakes_are_explained_and_the_others_listed(tmp_path):
    """Eight mistakes: the first of eight students, the second of seven, and so on."""
    mistakes = [(e, m) for e in list(exercise_set("scanning"))[:2] for m in e.mistakes][:8]
    exercises = list({e.id: e for e, _ in mistakes}.values())
    for number in range(8):
        records = [
            record(
                exercise,
                state="right" if number == 0 else "not yet right",
                mistakes=[m.name for e, m in mistakes[: 8 - number] if e is exercise],
            )
            for exercise in exercises
        ]
        put(tmp_path / f"s{number}/scanning.ipynb", *records, exercises=exercises)
    put(tmp_path / "lea/scanning.ipynb", record(mistakes=["of no name"]))
    html = report(tmp_path)[1].read_text(encoding="utf-8")
    cards = html.split("<article class='card'>")[1:]
    assert [card[: card.index("</p>")] for card in cards] == [
        f"<p class='count'><b>{8 - number}</b> of 9<br>students" for number in range(6)
    ]
    for card, (exercise, mistake) in zip(cards, mistakes):
        assert f"<h3>{mistake.name}</h3>" in card and f"{exercise.title} · " in card
        assert "1 of them has it right by now." in card
    few, other = html.split("<details><summary>Mistakes of fewer students (2)</summary>")[1].split(
        "<details><summary>Other things that held students up (1)</summary>"
    )
    rows = [
        f"<th scope='row'>{mistake.name}</th><td>{exercise.title}</td><td>{2 - i}</td><td>1</td>"
        for i, (exercise, mistake) in enumerate(mistakes[6:])
    ]
    assert all(row in few for row in rows) and few.count("<tr>") == 3
    title = WINDOWS.title
    assert f"<th scope='row'>of no name</th><td>{title}</td><td>1</td><td>1</td>" in other
    # Lea was not asked the second exercise and is among the students of the set all the same.
    each = html.split("<table class='each'>")[1]
    assert "<th scope='row'>lea" in each
    # No file needs a look.
    assert "id='files'" not in html


def test_only_who_handed_in_a_set_is_listed_under_it(klass):
    html = report(klass)[1].read_text(encoding="utf-8")
    scanning, spacing = html.split("<table class='each'>")[1:]
    assert [f"<th scope='row'>{name}" in scanning for name in ("ada", "bob", "eve", "kim")] == [
        True,
        True,
        True,
        False,
    ]
    assert "<th scope='row'>kim" in spacing and "<th scope='row'>ada" not in spacing
    assert "id='files'" in html


def test_texts_and_predictions_and_given_names_are_there_to_read(klass):
    text = Page(report(klass)[1].read_text(encoding="utf-8")).text
    for said in ["It slides.", "A peak.", "bob Robert", "eve/scanning.ipynb Nothing is stored"]:
        assert said in text


def test_nothing_in_the_notebooks_is_run(klass):
    report(klass)
    assert list(klass.rglob("*.ran")) == []


def test_the_report_goes_where_it_is_wanted(klass, tmp_path):
    paths = report(klass, tmp_path / "new/place")
    assert [path.relative_to(tmp_path).as_posix() for path in paths] == [
        "new/place/report.csv",
        "new/place/report.html",
    ]
    assert not (klass / "report.csv").exists()
    again = report(klass, tmp_path / "new/place")
    assert rows(again[0]) == rows(paths[0])


def test_where_it_cannot_be_written_one_sentence_says_so(klass, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match=r"^The report cannot be written to .*\?$"):
        report(klass, tmp_path / "file")


def test_an_absent_or_empty_folder_is_refused(tmp_path):
    with pytest.raises(ValueError, match="There is no folder"):
        report(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="holds no notebook"):
        report(tmp_path)


def test_a_class_of_damaged_files_is_still_a_page(tmp_path):
    (tmp_path / "ada.ipynb").write_text("{")
    table, html = report(tmp_path)
    assert rows(table) == []
    assert "ada.ipynb It is damaged" in Page(html.read_text(encoding="utf-8")).text


def test_a_spreadsheet_finds_no_formula(tmp_path):
    for number, start in enumerate(["=", "+", "-", "@", "\t=", "\n=", "\r=", " =", "＝"]):
        attack = f"{start}HYPERLINK(1)"
        put(tmp_path / f"s{number}/a.ipynb", record(learner=attack, prediction=attack))
    for line in rows(report(tmp_path)[0]):
        for cell in line.values():
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝"))
        assert line["prediction"].endswith("HYPERLINK(1)")


HOSTILE = [
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    '" style="background:url(//x)"',
    "</title></style></svg><b>",
    "<!-- ",
    "]]>&lt;&#60;",
    "[a](javascript:alert(1)) $\\frac{<b>}$",
    "\ue0000\ue001",
]


@pytest.mark.parametrize("attack", HOSTILE)
def test_markup_is_only_ever_read(tmp_path, attack):
    mistakes = [attack, "off by one"]
    texts = {"learner": attack, "prediction": attack, "answer": attack, "mistakes": mistakes}
    safe = attack.replace("/", "\u2215")
    path = tmp_path / safe / f"{safe}.ipynb"
    put(path, record(**texts), record(TEXT, **texts), exercises=(WINDOWS, TEXT))
    (tmp_path / f"{safe}.ipynb").write_text("{")
    html = report(tmp_path)[1].read_text(encoding="utf-8")
    assert Page(html).text.count(" ".join(attack.split())) >= 4


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=40)  # halves of characters too
    | st.sampled_from([*HOSTILE, "=1+1", "x" * 10_000, "\n" * 500, "right", WINDOWS.id, TEXT.id]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
FIELDS = list(record())
RECORDS = st.fixed_dictionaries(
    {"exercise": st.sampled_from([WINDOWS.id, TEXT.id]) | JUNK},
    optional={
        name: JUNK | st.just(value) for name, value in record().items() if name != "exercise"
    },
)
NAMES = st.text(
    st.characters(blacklist_characters="/\\:\x00", blacklist_categories=("Cs",)), min_size=1
).map(lambda name: name.strip(". ")[:40].encode()[:60].decode("utf-8", "ignore") or "x")


@settings(max_examples=60)
@given(
    st.lists(st.tuples(NAMES, st.lists(RECORDS | JUNK, max_size=3), JUNK), min_size=1, max_size=3)
)
def test_whatever_is_in_the_notebooks_the_report_is_written_and_harmless(notebooks):
    with tempfile.TemporaryDirectory() as place:
        for name, records, metadata in notebooks:
            path = Path(place) / f"{name}.ipynb"
            put(path, *records)
            held = json.loads(path.read_text("utf-8"))
            held["metadata"] = {"motiflab": metadata}
            path.write_text(json.dumps(held), "utf-8")
        table, html = report(Path(place), Path(place) / "out")
        Page(html.read_text(encoding="utf-8"))
        for line in rows(table):
            assert set(line) == set(COLUMNS)
            assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in line.values())


@settings(max_examples=100)
@given(JUNK)
def test_whatever_a_notebook_is_made_of_it_is_listed(content):
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "a.ipynb").write_text(json.dumps({"cells": content}), "utf-8")
        (Path(place) / "b.ipynb").write_text(json.dumps(content), "utf-8")
        put(Path(place) / "c.ipynb", content)
        collected = collect(Path(place))
        assert {"a.ipynb", "b.ipynb"} <= {file for file, _ in collected.remarks}
        report(Path(place))


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_whatever_bytes_a_file_holds_it_is_listed(content):
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "a.ipynb").write_bytes(content)
        assert len(collect(Path(place)).remarks) == 1


def test_all_that_exercises_say_can_be_shown_with_its_formulas():
    for exercise in all_exercises():
        texts = [exercise.statement(exercise.given("")), exercise.prediction]
        texts += [mistake.message for mistake in exercise.mistakes]
        for text in texts:
            html = markdown(text)
            Page(html)
            # The converter leaves what it does not know as it is written, backslash and all.
            assert "$" not in html and "\\" not in html, f"{exercise.id}: {text}"


def test_a_formula_is_drawn_by_the_browser():
    html = markdown(r"As $\frac{a}{b_1} \le 2$ says. $$\lfloor x \rfloor$$")
    inline, block = html.split("<math")[1:]
    assert "<mfrac>" in inline and 'display="inline"' in inline and 'display="block"' in block


def test_a_class_of_forty_takes_no_longer_for_each_than_one_of_ten(tmp_path):
    """Measured by the length of the page, which must not grow faster than the class."""
    sizes = []
    for number in [10, 40]:
        for student in range(number):
            path = tmp_path / str(number) / f"s{student}" / "scanning.ipynb"
            put(path, record(mistakes=["off by one"]), exercises=(WINDOWS,))
        sizes.append(report(tmp_path / str(number))[1].stat().st_size)
    assert sizes[1] < 4 * sizes[0]
