"""The saliency map: where its cells, letters, windows and brackets stand."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from drawn import drawn_letters

from motiflab.figures.saliency_map import Lane, saliency_map_svg
from motiflab.figures.style import DIVERGING, LETTER_COLOURS

SVG = "{http://www.w3.org/2000/svg}"
LANES = [Lane(0, 1, 3, 1.5, True, "+ v 1.50"), Lane(1, 0, 2, -2.0, False, "silent")]


def picture(**changes) -> str:
    effects = np.zeros((4, 4))
    effects[1] = 0.5, -1, 0, 0.001
    arguments = {
        "effects": effects,
        "sequence": "ACGT",
        "heights": np.array([0, -1, 0, 0.5]),
        "lanes": LANES,
        "sites": [(1, 3)],
        "limit": 2.0,
        "unit": "S & more",
        "title": "A <map>",
        "description": "In words.",
        "uid": "u",
        "columns": 20,
        "marked": 2,
    }
    return saliency_map_svg(**arguments | changes)


def rects(svg: str, colours=DIVERGING) -> list[dict]:
    return [r.attrib for r in ET.fromstring(svg).iter(SVG + "rect") if r.get("fill") in colours]


def centre(sequence_text: ET.Element) -> float:
    return float(sequence_text.get("x"))


def test_it_is_well_formed_and_says_what_it_shows():
    root = ET.fromstring(picture())
    assert root.find(SVG + "title").text == "A <map>"
    assert root.find(SVG + "desc").text == "In words."
    assert root.get("aria-labelledby") == "u-t u-d"


def test_cells_lie_under_their_letters_with_the_strength_of_their_effect():
    root = ET.fromstring(picture())
    letters = [t for t in root.iter(SVG + "text") if t.text in "ACGT" and t.get("x")]
    over = next(t for t in letters if t.text == "C" and t.get("text-anchor") is None)
    rows = {t.text: float(t.get("y")) for t in letters if t.get("text-anchor") == "end"}
    cells = [r for r in rects(picture()) if r.get("height") == "15" and "fill-opacity" in r]
    assert [(c["fill"], c["fill-opacity"]) for c in cells] == [
        (DIVERGING[1], "0.25"),
        (DIVERGING[0], "0.50"),
    ]
    for cell, base in zip(cells, "AC"):
        assert float(cell["x"]) + float(cell["width"]) / 2 == pytest.approx(centre(over), abs=0.1)
        assert float(cell["y"]) < rows[base] < float(cell["y"]) + 15
    assert over.get("fill") == LETTER_COLOURS["C"]


def test_windows_have_the_colour_of_their_weight_and_are_empty_if_silent():
    svg = picture()
    rects_ = [r.attrib for r in ET.fromstring(svg).iter(SVG + "rect") if r.get("height") == "14"]
    first, second = rects_
    assert (first["fill"], first["stroke"]) == (DIVERGING[1], DIVERGING[1])
    assert (second["fill"], second["stroke"]) == ("none", DIVERGING[0])
    assert "stroke-dasharray" in second and "stroke-dasharray" not in first
    assert float(first["x"]) - float(second["x"]) == pytest.approx(
        float(first["width"]) / 2, abs=0.2
    )
    assert float(second["y"]) > float(first["y"])
    assert ">filter 2<" in svg and ">silent<" in svg


def test_the_bracket_spans_the_site():
    svg = picture()
    start, end = map(float, re.search(r"M([\d.]+) 20v-4H([\d.]+)v4", svg).groups())
    window = next(r for r in rects(svg) if r["height"] == "14")
    assert start == float(window["x"])
    assert end - start == pytest.approx(float(window["width"]), abs=0.1)
    assert "planted" in svg and "planted" not in picture(sites=[])


def test_letters_of_the_track_are_as_high_as_their_numbers():
    low, high = drawn_letters(ET.fromstring(picture()))
    assert low[:2] == (1, "C") and high[:2] == (3, "T")
    bottom, top = pytest.approx(-42.5, abs=0.1), pytest.approx(21.25, abs=0.1)
    assert low[4:] == (bottom, pytest.approx(0, abs=0.1), True)  # 85 pixels are 2 units
    assert high[4:] == (0, top, False)


def test_the_key_says_what_the_full_colours_stand_for():
    root = ET.fromstring(picture())
    swatches = [r for r in root.iter(SVG + "rect") if r.get("width") == "12"]
    words = {float(t.get("x")): t.text for t in root.iter(SVG + "text") if t.get("x")}
    assert [(r.get("fill"), words[float(r.get("x")) + 17]) for r in swatches] == [
        (DIVERGING[0], "−2"),
        (DIVERGING[1], "+2"),
    ]


def test_the_picture_keeps_its_size():
    box = re.search('viewBox="[^"]*"', picture())[0]
    short = picture(effects=np.ones((1, 4)), sequence="G", heights=np.ones(1), marked=None)
    assert re.search('viewBox="[^"]*"', short)[0] == box
    assert 'stroke-width="1.4"' in picture() and 'stroke-width="1.4"' not in short
