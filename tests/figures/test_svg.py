"""The frame of every picture, what a screen reader is told, and the elements in the frame."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motiflab.figures.style import DIVERGING, LETTER_COLOURS
from motiflab.figures.svg import (
    AXIS,
    BOLD,
    MIDDLE,
    Ruler,
    Scale,
    axis_lines,
    axis_name,
    base_look,
    signed_fill,
    svg_group,
    svg_path,
    svg_picture,
    svg_text,
    touch_areas,
)

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


def test_words_are_shown_and_never_interpreted():
    (element,) = ElementTree.fromstring(f"<g>{svg_text(1, 2, EVIL, 'end', BOLD)}</g>")
    assert element.text == EVIL and not len(element)
    assert element.attrib == {"x": "1", "y": "2", "text-anchor": "end", "font-weight": "bold"}
    (name,) = ElementTree.fromstring(f"<g>{axis_name(50, EVIL)}</g>")
    assert name.text == EVIL and "rotate(-90)" in name.get("transform")


@given(st.floats(-5000, 5000))
def test_a_coordinate_is_off_by_no_more_than_half_a_tenth_of_a_pixel(value):
    element = ElementTree.fromstring(svg_text(value, 0, ""))
    assert float(element.get("x")) == pytest.approx(value, abs=0.0501)


@given(st.floats(0, 100), st.floats(0.1, 50), st.integers(-5, 50), st.integers(1, 20))
def test_a_span_covers_its_positions_and_a_bracket_ends_where_they_end(zero, unit, first, count):
    ruler = Ruler(zero, unit)
    rect = ElementTree.fromstring(ruler.span(first, first + count, 3, 7))
    left, width = float(rect.get("x")), float(rect.get("width"))
    assert left == pytest.approx(ruler.x(first), abs=0.06)
    assert left + width == pytest.approx(ruler.x(first + count), abs=0.11)
    assert (rect.get("y"), rect.get("height")) == ("3", "7")
    ends = re.fullmatch(r"M(\S+) 3v-4H(\S+)v4", ruler.bracket(first, first + count, 3)).groups()
    assert [float(x) for x in ends] == pytest.approx([left, left + width], abs=0.16)


def test_the_colour_tells_the_sign():
    looks = [signed_fill(value, 0.256) for value in (-1e-9, 0, 3)]
    colours = [re.search('fill="(.*?)"', look)[1] for look in looks]
    assert colours == [DIVERGING[0], DIVERGING[1], DIVERGING[1]]
    assert all('fill-opacity="0.26"' in look for look in looks)


def test_bases_have_their_colours_and_other_names_have_none():
    assert {name: LETTER_COLOURS[name] in base_look(name) for name in "ACGT"} == dict.fromkeys(
        "ACGT", True
    )
    assert base_look("N") == base_look("AC") == ""


def test_a_group_gives_its_look_to_all():
    group = ElementTree.fromstring(svg_group((svg_path("M0 0H9", AXIS) for _ in range(3)), MIDDLE))
    assert group.get("text-anchor") == "middle"
    assert [path.get("fill") for path in group] == ["none"] * 3


def test_a_bar_stands_on_the_line_at_zero_and_ends_at_its_number():
    scale = Scale.between((-2, 3), top=10, height=50)
    assert (scale.y(-2), scale.y(0), scale.y(3)) == (60, 40, 10)
    for value, (y, height) in {2: (20, 20), -1.5: (40, 15), 0: (40, 0)}.items():
        bar = ElementTree.fromstring(scale.bar(100, 8, value, 'rx="1"'))
        assert [float(bar.get(name)) for name in ("x", "y", "width", "height")] == [
            96,
            y,
            8,
            height,
        ]


def test_an_axis_has_each_number_beside_its_tick_and_a_line_at_zero():
    scale = Scale.between((-2, 3), top=10, height=50)
    axis = ElementTree.fromstring(f"<g>{axis_lines(scale, 30, 90, (-2, 3), [-2, 0, 2.5])}</g>")
    lines, *numbers = axis
    assert lines.get("d") == "M26 60.0h4M26 40.0h4M26 15.0h4M30 10.0V60.0M30 40.0H90"
    # A base line four pixels below the tick puts the middle of a digit beside it.
    beside = {number.text: (float(number.get("y")) - 4, number.get("x")) for number in numbers}
    assert beside == {"−2": (60, "23"), "0": (40, "23"), "2.5": (15, "23")}
    assert {number.get("text-anchor") for number in numbers} == {"end"}


def test_areas_that_are_touched_have_a_tooltip_and_none_draw_nothing():
    svg = touch_areas(['<rect data-drag="j=2"/>', '<rect data-drag="j=3"/>'], EVIL)
    title, *areas = ElementTree.fromstring(svg)
    assert (title.tag, title.text) == ("title", EVIL)
    assert [area.get("data-drag") for area in areas] == ["j=2", "j=3"]
    assert touch_areas([], "hint") == ""
