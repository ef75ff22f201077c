"""A still of a card stands alone, and draws charts where plotly draws them."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from plotly import graph_objects

from motiflab.figures import (
    Drawn,
    axis,
    bars,
    chart_svg,
    figure,
    line,
    plain,
    points,
    still_svg,
    still_text,
    svg_picture,
    touch_areas,
    upright,
)

SVG = "{http://www.w3.org/2000/svg}"
# 100 units of x and 10 of y on 244 x 176 pixels: the margins are those of every chart.
ACROSS, UP = axis("x", (0, 100)), axis("y (bits)", (0, 10))
LEFT, RIGHT, TOP, BOTTOM = 46, 290, 46, 222


def drawn(*traces, **layout):
    chart = figure(traces, "Title", [], ACROSS, layout.pop("up", UP), "", **layout)
    return ElementTree.fromstring(chart_svg(chart, "In words.", "u", 300))


def places(element):
    return [tuple(map(float, pair.split(","))) for pair in element.get("points").split()]


def test_a_line_lies_between_the_axes():
    chart = drawn(line([0, 50, 100], [0, 10, 5], "a", "#123456", dash="dash"))
    (curve,) = chart.iter(f"{SVG}polyline")
    assert places(curve) == [(LEFT, BOTTOM), ((LEFT + RIGHT) / 2, TOP), (RIGHT, (TOP + BOTTOM) / 2)]
    assert curve.get("stroke") == "#123456" and curve.get("stroke-dasharray")


def test_a_line_in_steps_goes_up_first():
    (curve,) = drawn(line([0, 100], [0, 10], "a", "red", shape="vh")).iter(f"{SVG}polyline")
    assert places(curve) == [(LEFT, BOTTOM), (LEFT, TOP), (RIGHT, TOP)]


def test_of_a_long_line_what_nobody_sees_is_left_out():
    x = [n / 100 for n in range(10_001)]
    (curve,) = drawn(line(x, [5] * len(x), "a", "red")).iter(f"{SVG}polyline")
    kept = places(curve)
    assert len(kept) < 600 and kept[0][0] == LEFT and kept[-1][0] == RIGHT


def test_points_and_what_has_no_height():
    chart = drawn(points([0, 50, 100], [None, 5, float("nan")], "a", ["red", "blue", "red"]))
    (dot,) = chart.iter(f"{SVG}circle")
    assert (dot.get("cx"), dot.get("cy")) == ("168.0", "134.0")


def test_a_bar_stands_on_zero():
    chart = drawn(bars([50], [-2], "a", "red", width=10), up=axis("y", (-4, 4)))
    bar = next(one for one in chart.iter(f"{SVG}rect") if one.get("fill") == "red")
    zero = (TOP + BOTTOM) / 2
    assert [float(bar.get(name)) for name in ("y", "height", "width")] == pytest.approx(
        [zero, (BOTTOM - TOP) / 4, 24.4]
    )


def test_a_logarithmic_axis_has_equal_steps_and_its_ticks():
    chart = drawn(
        points([0], [1e-2], "a", "red"), up=axis("p", (-4, 0), type="log", dtick=2), left=46
    )
    (dot,) = chart.iter(f"{SVG}circle")
    assert float(dot.get("cy")) == (TOP + BOTTOM) / 2
    assert {"10⁻⁴", "10⁻²", "1"} <= {text.text for text in chart.iter(f"{SVG}text")}


def test_marks_and_words():
    chart = drawn(shapes=[upright(25, "#AA4499")])
    (mark,) = (path for path in chart.iter(f"{SVG}path") if path.get("stroke") == "#AA4499")
    assert mark.get("d") == f"M107.0 {BOTTOM}.0L107.0 {TOP}.0"
    assert [chart.find(f"{SVG}{name}").text for name in ("title", "desc")] == ["Title", "In words."]
    assert "y (bits)" in {text.text for text in chart.iter(f"{SVG}text")}


PICTURE = (
    '<b>A caption</b><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 50" '
    'style="width:100%;fill:var(--jp-ui-font-color1, #222)"><desc>Large &amp; wide.</desc>'
    '<path fill="color-mix(in srgb,#0072B2 72%,currentcolor)"/></svg>'
)


def test_a_still_needs_nothing_of_the_page():
    svg = still_svg("A & B?", "see.", [[Drawn(PICTURE), Drawn(PICTURE)]], "<p>Good.</p>", "u")
    root = ElementTree.fromstring(svg)
    assert not re.search(r"var\(|color-mix|currentcolor|url\(|href", svg)
    # 72 % of the blue and 28 % of the dark grey of the text
    assert "#0a5c8a" in svg
    first, second = root.findall(f"{SVG}svg")
    assert float(first.get("width")) == float(second.get("width")) == 360
    assert float(first.get("height")) == 18
    assert [float(one.get("x")) for one in (first, second)] == [14, 386]
    assert root.find(f"{SVG}title").text == "A & B?"


def test_for_a_chart_of_another_kind_its_words_stand():
    pie = graph_objects.Figure(graph_objects.Pie(values=[1, 2]))
    svg = still_svg("Why?", "", [[Drawn(pie, "A pie of two.")]], "", "u")
    assert "A pie of two.</text>" in svg


def test_the_words_of_a_still_are_those_of_the_card():
    rows = [[Drawn(PICTURE)], [Drawn(object(), "A curve.")]]
    assert still_text("Why?", "", rows, "<p>So&nbsp;be it.</p>").splitlines() == [
        "Why?",
        "Large & wide.",
        "A curve.",
        "So\xa0be it.",
    ]


def test_plain_text_keeps_powers_and_indices():
    assert plain("<p>10<sup>−4</sup> x<sub>i</sub></p><p>b&lt;c</p>") == "10^−4 x_i\nb<c"


def test_what_can_be_pressed_is_not_in_a_still():
    areas = touch_areas([('data-drag="j=2"', "<rect/>"), ('data-drag="j=3"', "<rect/>")], "Drag.")
    drawing = f"<path d='M0 0'/>{areas}<g><g><text>after</text></g></g>"
    svg = still_svg("Why?", "", [[Drawn(svg_picture(drawing, "a", "b", "u", (9, 9)))]], "", "one")
    assert "<path d='M0 0'/><g><g><text>after</text></g></g></svg>" in svg
