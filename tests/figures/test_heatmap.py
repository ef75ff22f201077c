"""The grid of cells: what is drawn, and the same as a table."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from motiflab.figures.heatmap import heatmap_svg, heatmap_table
from motiflab.figures.numbers import written
from motiflab.figures.style import ACCENT, DIVERGING, LETTER_COLOURS, SEQUENTIAL

MATRIX = np.array([[0.0, 1.0, -2.0], [np.nan, 0.5, 4.0]])
SVG = "{http://www.w3.org/2000/svg}"


def drawn(matrix=MATRIX, rows=("A", "C"), columns=("0", "1", "2"), **more):
    svg = heatmap_svg(matrix, rows, columns, "A <title>", "It's & more.", "u1", **more)
    return ElementTree.fromstring(svg)


def texts(tree) -> list[str]:
    return [element.text for element in tree.iter(f"{SVG}text")]


def test_every_number_is_written_and_nan_leaves_its_cell_empty():
    tree = drawn()
    assert texts(tree) == ["A", "C", "0", "1", "2", "0.0", "1.0", "−2.0", "0.5", "4.0"]
    assert len(list(tree.iter(f"{SVG}rect"))) == 5


def test_a_screen_reader_gets_title_and_description():
    tree = drawn()
    assert tree.get("role") == "img" and tree.get("aria-labelledby") == "u1-t u1-d"
    assert tree.find(f"{SVG}title").text == "A <title>"
    assert tree.find(f"{SVG}desc").text == "It's & more."


def test_strength_is_proportional_and_the_sign_has_its_colour():
    cells = list(drawn(limit=4).iter(f"{SVG}rect"))
    assert [cell.get("fill") for cell in cells] == [DIVERGING[i] for i in (1, 1, 0, 1, 1)]
    shades = np.array([float(cell.get("fill-opacity")) for cell in cells])
    np.testing.assert_allclose(shades / shades.max(), [0, 0.25, 0.5, 0.125, 1], atol=0.02)
    assert {c.get("fill") for c in drawn(np.abs(MATRIX)).iter(f"{SVG}rect")} == {SEQUENTIAL}


def test_more_than_the_limit_gets_the_full_colour():
    shades = [c.get("fill-opacity") for c in drawn(limit=1).iter(f"{SVG}rect")]
    assert shades[1] == shades[2] == shades[4]


def test_a_matrix_of_zeros_is_blank():
    shades = {c.get("fill-opacity") for c in drawn(np.zeros((2, 3))).iter(f"{SVG}rect")}
    assert shades == {"0.00"}


def test_a_base_has_its_colour_wherever_it_names_a_row_or_a_column():
    tree = drawn(np.ones((1, 2)), rows=["T"], columns=["G", "x"])
    assert [t.get("fill") for t in tree.iter(f"{SVG}text")][:3] == [
        LETTER_COLOURS["T"],
        LETTER_COLOURS["G"],
        None,
    ]


def test_a_marked_cell_is_framed_where_it_is():
    tree = drawn(marked={(1, 2)}, cell=(30, 20))
    (frame,) = tree.iter(f"{SVG}path")
    x, y = map(float, re.match(r"M([\d.]+) ([\d.]+)h30v20h-30z", frame.get("d")).groups())
    cell = list(tree.iter(f"{SVG}rect"))[-1]
    assert (x, y) == (float(cell.get("x")), float(cell.get("y")))
    assert tree[-1].get("stroke") == ACCENT


def test_numbers_can_be_left_out():
    assert texts(drawn(digits=-1)) == ["A", "C", "0", "1", "2"]


def test_everything_lies_inside_the_picture():
    tree = drawn(rows=["a long name of a row", "C"])
    width, height = float(tree.get("width")), float(tree.get("height"))
    for cell in tree.iter(f"{SVG}rect"):
        assert float(cell.get("x")) + float(cell.get("width")) <= width
        assert float(cell.get("y")) + float(cell.get("height")) <= height


@given(arrays.arrays(float, (2, 3), elements=st.floats(-99, 99)))
def test_the_table_holds_the_numbers(matrix):
    html = heatmap_table(matrix, ["A", "C"], ["0", "1", "2"], "W & b", digits=3)
    cells = [float(c.replace("−", "-")) for c in re.findall(r"<td>(.*?)</td>", html)]
    np.testing.assert_allclose(cells, matrix.ravel(), atol=0.0005001)
    assert "<caption>W &amp; b</caption>" in html and "−0.000" not in html


def test_the_table_leaves_out_what_is_not_a_number():
    assert "<th scope='row'>C</th><td></td>" in heatmap_table(
        MATRIX, ["A", "C"], ["0", "1", "2"], "W"
    )


@pytest.mark.parametrize("draw", [heatmap_table, lambda *a: heatmap_svg(*a, "d", "u")])
def test_names_that_do_not_fit_are_refused(draw):
    with pytest.raises(ValueError, match=r"3 rows and 3 columns .* shape \(2, 3\)"):
        draw(MATRIX, ["A", "C", "G"], ["0", "1", "2"], "t")
    with pytest.raises(ValueError, match=r"3 rows and 2 columns .* shape \(2, 3\)"):
        draw(MATRIX, ["A", "C", "G"], ["0", "1"], "t")
    with pytest.raises(ValueError, match=r"0 rows and 3 columns .* shape \(0, 3\)"):
        draw(np.empty((0, 3)), [], ["0", "1", "2"], "t")


@pytest.mark.parametrize(
    ("value", "digits", "text"), [(-0.04, 1, "0.0"), (-0.06, 1, "−0.1"), (1e6, 0, "1000000")]
)
def test_number(value, digits, text):
    assert written(value, digits) == text


def test_a_cell_that_can_be_chosen_is_covered_by_what_it_sets():
    tree = drawn(choose={(1, 2): "word=AAC", (0, 0): "word=CAA"}, hint="Click.", cell=(30, 20))
    areas = [group for group in tree.iter(f"{SVG}g") if group.get("data-choose")]
    assert [area.get("data-choose") for area in areas] == ["word=AAC", "word=CAA"]
    (far,), (near,) = areas
    across = [float(area.get("x")) for area in (near, far)]
    down = [float(area.get("y")) for area in (near, far)]
    assert across[1] - across[0] == 2 * 30 and down[1] - down[0] == 20
    first = next(tree.iter(f"{SVG}rect"))
    assert [near.get(name) for name in ("x", "y", "width", "height")] == [
        first.get(name) for name in ("x", "y", "width", "height")
    ]
    assert "data-choose" not in ElementTree.tostring(drawn(), "unicode")
