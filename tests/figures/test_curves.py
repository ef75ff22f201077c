"""Curves with a marked place: order, looks, logarithms and words."""

from __future__ import annotations

from motiflab.figures.curves import Series, curves_chart, curves_text
from motiflab.figures.plot import axis
from motiflab.figures.style import ACCENT

SERIES = [
    Series("one 0.5", [0, 1], [0, 1], 0.5),
    Series("two 0", [0, 1], [0.0, 2.0], 0.0, dots=[(1, 2.5), (0, 0.0)]),
]


def chart(**y):
    return curves_chart(SERIES, "Title", axis("x", (0, 1)), axis("y", (0, 2), **y), now=0.5)


def test_the_first_curve_lies_on_top_and_the_marks_above_all():
    names = [(trace.mode, trace.name) for trace in chart().data]
    assert names[-3:] == [("lines", "two 0"), ("lines", "one 0.5"), ("markers", "here")]
    here = chart().data[-1]
    assert here.x == (0.5, 0.5) and here.y == (0.5, 0.0) and here.marker.color == ACCENT


def test_curves_differ_by_colour_and_by_dash():
    two, one = chart().data[-3:-1]
    assert one.line.color != two.line.color and one.line.dash != two.line.dash


def test_a_logarithmic_axis_gets_positive_numbers_only():
    drawn = chart(type="log")
    assert drawn.data[-3].y == (None, 2.0)
    assert drawn.data[1].y == (2.5, None)
    assert drawn.data[-1].y == (0.5, None)
    assert drawn.layout.margin.l > chart().layout.margin.l


def test_the_place_is_marked_by_a_line():
    (shape,) = chart().layout.shapes
    assert (shape.x0, shape.x1, shape.line.color) == (0.5, 0.5, ACCENT)
    bare = curves_chart(SERIES, "Title", axis("x", (0, 1)), axis("y", (0, 2)))
    assert bare.layout.shapes == ()


def test_words():
    assert curves_text(SERIES, "Title", "x = 0.5") == "Title. At x = 0.5: one 0.5, two 0."
    assert "one 0.5" in chart().layout.title.text
