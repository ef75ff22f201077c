"""The map of Part 2: the picture says what the list says, and the list is complete."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from link_glossary import teaching
from make_route import PICTURE, Stop, branches, draw, duration, refreshed, start, words

ROUTE = branches(start())
STOPS = [stop for _, stops in ROUTE.values() for stop in stops]


def test_the_picture_is_fresh_and_its_words_are_those_of_the_page():
    assert PICTURE.read_text(encoding="utf-8") == draw(ROUTE) + "\n", "run tools/make_route.py"
    assert f"![{words(ROUTE)}](images/route.svg)" in start()
    assert refreshed(start()) == start(), "run tools/make_route.py"


def test_every_notebook_of_part_2_is_on_one_branch():
    there = [path.stem for path in teaching() if path.parent.name == "2_applications"]
    assert sorted(stop.file for stop in STOPS) == sorted(there)
    assert [*ROUTE] == ["", "Data", "Measured numbers", "Reading", "Grammar", "Connections"]
    assert [stop.file for stop in ROUTE[""][1]] == ["01_motif_lab"]


def test_the_times_of_the_branches_are_those_of_their_notebooks():
    for name, (time, stops) in ROUTE.items():
        assert not name or time == duration(sum(stop.minutes for stop in stops)), name
    assert f"all of Part 2 takes {duration(sum(s.minutes for s in STOPS))}." in start()


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(30, "about ½ hour"), (65, "about 1 hour"), (95, "about 1½ hours"), (240, "about 4 hours")],
)
def test_times_are_written_to_half_an_hour(minutes, said):
    assert duration(minutes) == said


def test_every_stop_is_a_text_inside_of_its_picture():
    svg = ElementTree.fromstring(draw(ROUTE))
    width, height = map(float, svg.get("viewBox").split()[2:])
    texts = [*svg.iter("{http://www.w3.org/2000/svg}text")]
    told = " ".join(text.text for text in texts)
    for stop in STOPS:
        assert stop.name in told and f"{stop.file[:2]} · {stop.minutes} min" in told
    for text in texts:
        assert 0 < float(text.get("x")) < width and 0 < float(text.get("y")) < height


def test_a_list_is_read_line_by_line():
    text = """
- [The lab](2_applications/01_lab.ipynb), 30 minutes: train.

**Data**, about 1 hour: true?

- [One](2_applications/02_one.ipynb), 25 minutes: so.
- [Two](2_applications/04_two.ipynb), 35 minutes: so.
"""
    lab, data = (
        Stop("The lab", "01_lab", 30),
        [Stop("One", "02_one", 25), Stop("Two", "04_two", 35)],
    )
    assert branches(text) == {"": ("", [lab]), "Data": ("about 1 hour", data)}
    later = text.replace("35 minutes", "80 minutes") + "\nSo all of Part 2 takes a day.\n"
    assert "**Data**, about 2 hours: true?" in refreshed(later)
    assert "So all of Part 2 takes about 2½ hours." in refreshed(later)
    assert words(branches(text)) == "A map: 1 branches lead on from The lab. Data: One, Two."
