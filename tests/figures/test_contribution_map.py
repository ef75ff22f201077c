"""The map of contributions: where its letters, brackets and touch areas stand."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from drawn import drawn_letters

from motiflab.figures import contribution_map_svg

SVG = "{http://www.w3.org/2000/svg}"


def picture(**changes) -> str:
    arguments = {
        "scores": np.array([0.0, 1, -0.4, 0, 0, 0]),
        "sequence": "ACGTAC",
        "limits": (-2.0, 2.0),
        "unit": "z & more",
        "title": "A <map>",
        "description": "In words.",
        "uid": "u",
        "guess": (1, 4),
        "sites": [(0, 2), (3, 5)],
    }
    return contribution_map_svg(**arguments | changes)


def test_it_is_well_formed_and_says_what_it_shows():
    root = ET.fromstring(picture())
    assert root.find(SVG + "title").text == "A <map>"
    assert root.find(SVG + "desc").text == "In words."


def test_letters_stand_over_their_positions_and_hang_if_negative():
    up, down = drawn_letters(ET.fromstring(picture()))
    assert up[:2] == (1, "C") and down[:2] == (2, "G")
    half = 150 / 4  # of the upper half
    assert up[4:] == (pytest.approx(0, abs=0.1), pytest.approx(half, abs=0.1), False)
    assert down[4:] == (pytest.approx(-0.4 * half, abs=0.1), pytest.approx(0, abs=0.1), True)


def test_what_was_planted_is_hidden_without_sites():
    shown, hidden = picture(), picture(sites=[])
    assert shown.count(">planted<") == 2 and ">planted<" not in hidden
    assert hidden.count(">your guess<") == 1


def test_a_press_centres_the_guess_and_keeps_it_inside():
    found = re.findall(r'data-drag="guess=(\d+)"', picture())
    assert found == ["0", "0", "1", "2", "3", "3"]


def test_an_axis_of_lengths_begins_at_0():
    root = ET.fromstring(picture(scores=np.array([0.0, 1, 0, 0, 0, 0]), limits=(0.0, 2.0)))
    (letter,) = drawn_letters(root)
    assert letter.high == pytest.approx(150 / 2, abs=0.1)  # half of the whole track
    ticks = [t.text for t in root.iter(SVG + "text") if t.get("text-anchor") == "end"]
    assert ticks == ["0", "2"]
