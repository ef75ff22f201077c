"""The grid of cells: what is drawn, and the same as a table."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from drawn import same_words_and_areas, untidy
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


def boxes(path) -> list[tuple[float, ...]]:
    """Left, top, width and height of each rectangle of a path."""
    number = r"([\d.]+)"
    found = re.findall(rf"M{number} {number}h{number}v{number}h-{number}z", path.get("d"))
    assert "".join("M{} {}h{}v{}h-{}z".format(*box) for box in found) == path.get("d")
    assert all(box[2] == box[4] for box in found)
    return [tuple(map(float, box[:4])) for box in found]


def cells(tree) -> list[dict]:
    """The coloured cells, row by row."""
    found = [
        {"box": box, **{name: path.get(name) for name in ("fill", "fill-opacity")}}
        for path in tree.iter(f"{SVG}path")
        if path.get("fill") != "none"
        for box in boxes(path)
    ]
    return sorted(found, key=lambda cell: (cell["box"][1], cell["box"][0]))


def test_every_number_is_written_and_nan_leaves_its_cell_empty():
    tree = drawn()
    assert texts(tree) == ["A", "C", "0", "1", "2", "0.0", "1.0", "−2.0", "0.5", "4.0"]
    (lines,) = [path for path in tree.iter(f"{SVG}path") if path.get("style")]
    assert [cell["box"] for cell in cells(tree)] == boxes(lines)
    assert [(x, y) for x, y, *_ in boxes(lines)] == [
        (16.2 + 30 * c, 18 + 24 * r) for r, c in np.argwhere(~np.isnan(MATRIX))
    ]
    assert {box[2:] for box in boxes(lines)} == {(30, 24)}


def test_cells_of_one_colour_are_one_path():
    tree = drawn([[1.0, -2.0, 1.0], [1.0, np.nan, -2.0]])
    filled = [path for path in tree.iter(f"{SVG}path") if path.get("fill") != "none"]
    assert [len(boxes(path)) for path in filled] == [3, 2]


def test_a_screen_reader_gets_title_and_description():
    tree = drawn()
    assert tree.get("role") == "img" and tree.get("aria-labelledby") == "u1-t u1-d"
    assert tree.find(f"{SVG}title").text == "A <title>"
    assert tree.find(f"{SVG}desc").text == "It's & more."


def test_strength_is_proportional_and_the_sign_has_its_colour():
    found = cells(drawn(limit=4))
    assert [cell["fill"] for cell in found] == [DIVERGING[i] for i in (1, 1, 0, 1, 1)]
    shades = np.array([float(cell["fill-opacity"]) for cell in found])
    np.testing.assert_allclose(shades / shades.max(), [0, 0.25, 0.5, 0.125, 1], atol=0.02)
    assert {cell["fill"] for cell in cells(drawn(np.abs(MATRIX)))} == {SEQUENTIAL}


def test_more_than_the_limit_gets_the_full_colour():
    shades = [cell["fill-opacity"] for cell in cells(drawn(limit=1))]
    assert shades[1] == shades[2] == shades[4]


def test_a_matrix_of_zeros_is_blank():
    shades = {cell["fill-opacity"] for cell in cells(drawn(np.zeros((2, 3))))}
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
    assert tree[-1].get("stroke") == ACCENT
    assert boxes(tree[-1]) == [cells(tree)[-1]["box"]]


def test_numbers_can_be_left_out():
    assert texts(drawn(digits=-1)) == ["A", "C", "0", "1", "2"]


def test_everything_lies_inside_the_picture():
    tree = drawn(rows=["a long name of a row", "C"])
    width, height = float(tree.get("width")), float(tree.get("height"))
    for cell in cells(tree):
        left, top, wide, high = cell["box"]
        assert left + wide <= width and top + high <= height


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
    areas = {
        area.get("data-choose"): tuple(float(area.get(n)) for n in ("x", "y", "width", "height"))
        for area in tree.iter(f"{SVG}rect")
    }
    assert list(areas) == ["word=AAC", "word=CAA"]
    drawn_cells = [cell["box"] for cell in cells(tree)]
    assert list(areas.values()) == [drawn_cells[-1], drawn_cells[0]]
    assert "data-choose" not in ElementTree.tostring(drawn(), "unicode")


def test_cells_are_no_wider_than_fits_into_a_narrow_card():
    more = {"cell": (34, 17), "choose": {(0, 12): "j=12", (1, 0): "j=0"}}
    arguments = np.ones((2, 14)), ["A", "C"], list(map(str, range(14))), "Ones", "All are 1.", "u"
    narrow, wide = (heatmap_svg(*arguments, **more, narrow=n) for n in (True, False))
    assert untidy(narrow) == [] and same_words_and_areas(narrow, wide)
    first, last = re.findall('<rect x="([^"]*)" y="[^"]*" width="22.3" height="17"', narrow)
    assert (float(first), float(last)) == pytest.approx((16.2 + 12 * 22.27, 16.2), abs=0.1)
