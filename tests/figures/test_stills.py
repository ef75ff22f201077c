"""Stills are self-contained, and their charts agree with plotly's."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from plotly import graph_objects

from motiflab.figures import (
    Drawn,
    Html,
    axis,
    bars,
    chart_svg,
    figure,
    html_table,
    line,
    plain,
    points,
    still_svg,
    still_text,
    svg_group,
    svg_picture,
    touch_areas,
    unseen,
    upright,
)

SVG = "{http://www.w3.org/2000/svg}"
# 100 units of x and 10 of y on 244 x 176 pixels: the margins are those of every chart. Places
# between the axes are counted from their corner, or are percentages.
ACROSS, UP = axis("x", (0, 100)), axis("y (bits)", (0, 10))
LEFT, TOP, WIDE, HIGH = 46, 46, 244, 176


def drawn(*traces, **layout):
    chart = figure(traces, "Title", [], ACROSS, layout.pop("up", UP), "", **layout)
    return ElementTree.fromstring(chart_svg(chart, "In words.", "u", 300))


def places(element):
    return [tuple(map(float, pair.split(","))) for pair in element.get("points").split()]


def test_a_line_lies_between_the_axes():
    chart = drawn(line([0, 50, 100], [0, 10, 5], "a", "#123456", dash="dash"))
    (curve,) = chart.iter(f"{SVG}polyline")
    assert places(curve) == [(0, HIGH), (WIDE / 2, 0), (WIDE, HIGH / 2)]
    assert curve.get("stroke") == "#123456" and curve.get("stroke-dasharray")
    field = chart.find(f"{SVG}svg")
    assert [float(field.get(name)) for name in ("x", "y", "width", "height")] == [
        LEFT, TOP, WIDE, HIGH]  # fmt: skip
    (own,) = (one for one in chart.iter(f"{SVG}svg") if curve in one)
    assert own.get("viewBox") == f"0 0 {WIDE} {HIGH}"


def test_a_line_in_steps_goes_up_first():
    (curve,) = drawn(line([0, 100], [0, 10], "a", "red", shape="vh")).iter(f"{SVG}polyline")
    assert places(curve) == [(0, HIGH), (0, 0), (WIDE, 0)]


def test_of_a_long_line_what_nobody_sees_is_left_out():
    x = [n / 100 for n in range(10_001)]
    (curve,) = drawn(line(x, [5] * len(x), "a", "red")).iter(f"{SVG}polyline")
    kept = places(curve)
    assert len(kept) < 600 and kept[0][0] == 0 and kept[-1][0] == WIDE


def test_a_line_has_a_gap_where_it_has_no_height():
    chart = drawn(line([0, 25, 50, 75, 100], [1, 2, None, 4, 5], "a", "red"))
    assert [[x for x, _ in places(part)] for part in chart.iter(f"{SVG}polyline")] == [
        [0, WIDE / 4], [WIDE * 3 / 4, WIDE]]  # fmt: skip


def test_between_two_gaps_a_single_point_is_no_line():
    chart = drawn(line([0, 25, 50, 75, 100], [1, None, 3, None, 5], "a", "red"))
    assert not list(chart.iter(f"{SVG}polyline"))


def test_points_and_what_has_no_height():
    chart = drawn(points([0, 50, 100], [None, 5, float("nan")], "a", ["red", "blue", "red"]))
    (dot,) = chart.iter(f"{SVG}circle")
    assert (dot.get("cx"), dot.get("cy")) == ("50%", "50%")


def test_many_points_of_one_look_are_one_path():
    x = [i / 10 for i in range(1000)]
    chart = drawn(points(x, [*[5] * 999, None], "a", "red", size=4, opacity=0.5))
    (path,) = (one for one in chart.iter(f"{SVG}path") if one.get("stroke") == "red")
    at = [tuple(map(float, place.split())) for place in re.findall("M(.+?)h0", path.get("d"))]
    assert at == [(round(WIDE * each / 100, 1), HIGH / 2) for each in x[:-1]]
    assert [path.get(name) for name in ("stroke-width", "stroke-linecap", "opacity", "fill")] == [
        "4", "round", "0.5", "none"]  # fmt: skip
    several = drawn(points(x, [5] * 1000, "a", ["red", "blue"] * 500))
    assert len(list(several.iter(f"{SVG}circle"))) == 1000


def test_a_bar_stands_on_zero():
    chart = drawn(bars([50], [-2], "a", "red", width=10), up=axis("y", (-4, 4)))
    bar = next(one for one in chart.iter(f"{SVG}rect") if one.get("fill") == "red")
    assert [bar.get(name) for name in ("x", "y", "width", "height")] == ["45%", "50%", "10%", "25%"]


def test_a_logarithmic_axis_has_equal_steps_and_its_ticks():
    chart = drawn(
        points([0], [1e-2], "a", "red"), up=axis("p", (-4, 0), type="log", dtick=2), left=46
    )
    (dot,) = chart.iter(f"{SVG}circle")
    assert dot.get("cy") == "50%"
    assert {"10⁻⁴", "10⁻²", "1"} <= {text.text for text in chart.iter(f"{SVG}text")}


def test_marks_and_words():
    chart = drawn(shapes=[upright(25, "#AA4499")])
    (mark,) = (one for one in chart.iter(f"{SVG}line") if one.get("stroke") == "#AA4499")
    assert [mark.get(name) for name in ("x1", "x2", "y1", "y2")] == ["25%", "25%", "100%", "0%"]
    assert [chart.find(f"{SVG}{name}").text for name in ("title", "desc")] == ["Title", "In words."]
    assert "y (bits)" in {text.text for text in chart.iter(f"{SVG}text")}


def test_a_number_at_the_end_of_an_axis_is_whole():
    thousands = axis("x", (0, 2000), dtick=500)
    chart = figure([line([0], [0], "a", "red")], "T", [], thousands, UP, "")
    root = ElementTree.fromstring(chart_svg(chart, "In words.", "u", 300))
    numbers = {text.text: text for text in root.iter(f"{SVG}text")}
    middles = {word: LEFT + WIDE * float((text.get("x") or "0").rstrip("%")) / 100
               + float(text.get("dx", 0)) for word, text in numbers.items()}  # fmt: skip
    assert middles["1,000"] == LEFT + WIDE / 2
    assert middles["2,000"] <= 299 - (4 * 8.2 + 4.5) / 2  # as wide as in a wide font


def test_numbers_of_the_upright_axis_have_room_beside_its_name():
    chart = drawn(line([0, 100], [0, 10_000], "a", "red"), up=axis("y", (0, 10_000)))
    field = chart.find(f"{SVG}svg")
    left = float(field.get("x"))
    assert left > LEFT + 10 and left + float(field.get("width")) == LEFT + WIDE
    texts = {text.text: text for text in chart.iter(f"{SVG}text")}
    assert left + float(texts["10,000"].get("dx")) - 5 * 7.6 > 16  # its name ends there
    assert texts["y"].get("transform") == f"translate({11 - left:g})rotate(-90)"


def test_a_title_and_keys_that_are_too_long_go_on_in_the_next_row():
    words = "A title of more words than a narrow chart has room for"
    keys = [f'<span style="color:red">●</span> the line number {n}' for n in range(4)]
    short, long = (figure([line([0], [0], "a", "red")], name, under, ACROSS, UP, "")
                   for name, under in (("T", []), (words, keys)))  # fmt: skip
    roots = [ElementTree.fromstring(chart_svg(one, "", "u", 300)) for one in (short, long)]
    texts = [text for text in roots[1].iter(f"{SVG}text") if text.get("x") == "0"]
    rows = ["".join(text.itertext()) for text in texts]
    assert " ".join(rows[:2]) == words and len(rows[0]) > 30
    bold = [any(part.get("font-weight") for part in text) for text in texts]
    assert bold == [True, True, False, False]
    assert [row.count("number") for row in rows[2:]] == [2, 2]
    grown = [float(root.get("height")) for root in roots]
    assert grown[1] - grown[0] == 2 * 17  # the chart itself keeps its height


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


TABLE = html_table(
    "", ["trained with", "itself", "AC"], [["A", Html("<b>0.5</b><br>0.4–0.6"), "0.25"]]
)


def test_a_table_is_drawn_and_said_unless_only_a_screen_reader_has_it():
    rows = [[Drawn("<p>AUROC</p>" + TABLE + unseen(html_table("", [], [["hidden", 1]])))]]
    svg = still_svg("Why?", "", rows, "", "u")
    root = ElementTree.fromstring(svg)
    (table,) = root.findall(f"{SVG}svg")
    cells = {text.text: text for text in table.iter(f"{SVG}text")}
    assert list(cells) == ["trained with", "itself", "AC", "A", "0.5", "0.4–0.6", "0.25"]
    assert "hidden" not in svg
    x, y = ({word: float(text.get(name)) for word, text in cells.items()} for name in "xy")
    assert x["trained with"] == x["A"] == 0
    assert x["itself"] == x["0.5"] == x["0.4–0.6"] and x["AC"] == x["0.25"]
    assert y["A"] == y["0.5"] == y["0.25"] and y["0.4–0.6"] == y["A"] + 17
    heavy = [word for word, text in cells.items() if text.get("font-weight")]
    assert heavy == ["trained with", "itself", "AC", "A", "0.5"]
    # In a wide font the columns are apart, too.
    assert x["itself"] - 6 * 7.4 > 12 * 7.4 and x["0.25"] - 4 * 7.6 > x["0.5"]
    said = "trained with, itself, AC; A, 0.5 0.4–0.6, 0.25."
    assert said in still_text("Why?", "", rows, "").splitlines()


def test_pictures_side_by_side_stand_on_one_line():
    small = '<svg viewBox="0 0 100 50" width="100"><desc>S</desc></svg>'
    words = "<p>A caption of so many words that it needs a second row of this half</p>"
    svg = still_svg("", "", [[Drawn(f"{words}{small}<p>short</p>{small}")]], "", "u")
    first, second = ElementTree.fromstring(svg).findall(f"{SVG}svg")
    assert first.get("y") == second.get("y") and first.get("x") != second.get("x")


def test_plain_text_keeps_powers_and_indices():
    assert plain("<p>10<sup>−4</sup> x<sub>i</sub></p><p>b&lt;c</p>") == "10^−4 x_i\nb<c"


def test_what_can_be_pressed_is_not_in_a_still():
    group = svg_group(["<rect/>", "<rect/>"], 'data-window="1"')
    areas = touch_areas(['<rect data-drag="j=2"/>', group, '<rect data-drag="j=3"/>'], "Drag.")
    drawing = f"<path d='M0 0'/>{areas}<g><g><text>after</text></g></g>"
    svg = still_svg("Why?", "", [[Drawn(svg_picture(drawing, "a", "b", "u", (9, 9)))]], "", "one")
    assert "<path d='M0 0'/><g><g><text>after</text></g></g></svg>" in svg
