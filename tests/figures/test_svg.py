"""The frame of every picture: its size, and what a screen reader is told."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from motiflab.figures.svg import svg_picture

SVG = "{http://www.w3.org/2000/svg}"
EVIL = "</title><script>alert('1')</script>&"


def framed(**more) -> ElementTree.Element:
    return ElementTree.fromstring(svg_picture("<g/>", EVIL, EVIL + "!", "u1", (90.5, 30), **more))


def test_a_screen_reader_gets_title_and_description_as_they_are():
    root = framed()
    assert root.tag == f"{SVG}svg" and root.get("role") == "img"
    title, description, drawing = root
    assert (title.text, description.text) == (EVIL, EVIL + "!")
    assert root.get("aria-labelledby").split() == [title.get("id"), description.get("id")]
    assert drawing.tag == f"{SVG}g"


def test_two_pictures_share_no_id():
    roots = [ElementTree.fromstring(svg_picture("", "a", "b", uid, (1, 1))) for uid in ("u1", "u2")]
    ids = [element.get("id") for root in roots for element in root.iter() if element.get("id")]
    assert len(set(ids)) == len(ids) == 4


@pytest.mark.parametrize(
    ("scaled", "width", "css"), [(False, "90.5", "max-width:100%"), (True, None, "width:100%")]
)
def test_a_picture_has_its_own_size_or_fills_the_page(scaled, width, css):
    root = framed(scaled=scaled, style="min-width:10px", font=12)
    assert root.get("viewBox") == "0 0 90.5 30"
    assert root.get("width") == width and (root.get("height") is None) == scaled
    rules = root.get("style").split(";")
    assert rules[:2] == [css, "min-width:10px"] and rules[2].startswith("font:12px ")


def test_a_style_sheet_may_say_how_a_picture_looks():
    root = framed(scaled=True, font=None)
    assert (root.get("style"), root.get("width"), root.get("viewBox")) == (
        None,
        None,
        "0 0 90.5 30",
    )
