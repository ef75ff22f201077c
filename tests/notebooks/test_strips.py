"""The strip "you are here": fresh, in every notebook, with the right stages and links."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import nbformat
import pytest
from make_strips import CELL, HERE, NOTEBOOKS, WORDS, draw, picture, text
from run_notebooks import find

from motiflab.figures.network_picture import LESSONS, STAGES


def cell_of(notebook: str):
    cells = nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", as_version=4).cells
    return next(cell for cell in cells[:3] if cell.id == CELL)


def test_every_notebook_that_teaches_has_one():
    taught = [path for path in find([NOTEBOOKS]) if path.parent.name != "3_practice"]
    assert {f"{name}.ipynb" for name in HERE} == {
        str(path.relative_to(NOTEBOOKS)) for path in taught
    }


@pytest.mark.parametrize("notebook", HERE)
def test_picture_and_cell_are_fresh(notebook):
    assert picture(notebook).read_text(encoding="utf-8") == draw(notebook)
    assert cell_of(notebook).source == text(notebook)


@pytest.mark.parametrize("notebook", HERE)
def test_stages_of_a_notebook_are_marked_and_said(notebook):
    svg = ElementTree.parse(picture(notebook)).getroot()
    bold = {
        element.text
        for element in svg.iter("{http://www.w3.org/2000/svg}text")
        if element.get("font-weight") == "bold"
    }
    names = {STAGES[stage] for stage in HERE[notebook]}
    assert bold & set(STAGES.values()) == names
    said = re.search(r"You are here: (.*?)\.\]", cell_of(notebook).source)
    assert (set(said[1].split(", ")) if said else set()) == names


@pytest.mark.parametrize("stage", STAGES)
def test_the_notebook_of_a_stage_marks_it(stage):
    assert stage in HERE[LESSONS[stage].removesuffix(".ipynb")]


@pytest.mark.parametrize("notebook", HERE)
def test_each_stage_leads_to_its_notebook_or_is_this_one(notebook):
    path = NOTEBOOKS / f"{notebook}.ipynb"
    source = cell_of(notebook).source
    for stage, name in STAGES.items():
        link = re.search(rf"\[{name}\]\((.*?)\)", source)
        there = (path.parent / link[1]).resolve() if link else path
        assert there == (NOTEBOOKS / LESSONS[stage]).resolve()


def test_numbers_of_the_strip_by_hand():
    """AGATAA scores 6 x 1.5 - 4 = 5; of the other words four letters match: 6 - 2 x 0.5 - 4 = 1.

    So z = 5 - 0.5 + 0.5 - 3 = 2, and 1 / (1 + exp(-2)) = 0.88.
    """
    svg = picture("00_start_here").read_text(encoding="utf-8")
    assert WORDS[0] == "AGATAA"
    for number in ("bases 10 to 15", "y = 5", "h = 5", "a = 5", "z = 2", "ŷ = 0.88"):
        assert f">{number}<" in svg
