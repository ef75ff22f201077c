"""The parts of charts: what every figure made of them has in common."""

from __future__ import annotations

import numpy as np
import pytest

from motiflab.figures.chart_parts import (
    GREY,
    Series,
    axis,
    bars,
    curves_chart,
    curves_text,
    figure,
    key,
    line,
    numbered_keys,
    points,
    upright,
)
from motiflab.figures.style import ACCENT


@pytest.mark.parametrize("make", [line, points, bars])
def test_a_trace_says_its_name_and_its_colour(make):
    trace = make([1, 2], [3, 4], "model", "#123456")
    assert trace["name"] == "model" and trace["y"] == [3, 4] and trace["x"] == [1, 2]
    assert "#123456" in key(trace, "model 3") and "model 3" in key(trace, "model 3")


@pytest.mark.parametrize("make", [line, points])
def test_a_trace_without_values_draws_nothing(make):
    assert len(make([1, 2], [], "none yet", GREY)["x"]) == 0


def test_keys_differ_by_sign_as_well_as_by_colour():
    made = [line([0], [0], "a", GREY, dash=dash) for dash in ("solid", "dash", "dot")]
    signs = {key(trace, "") for trace in [*made, points([0], [0], "b", GREY)]}
    assert len(signs) == 4


def test_a_key_says_the_name_unless_other_words_are_given():
    trace = line([0], [0], "model", GREY)
    assert key(trace).endswith(" model") and key(trace, "").endswith("</span> ")


def test_numbers_stand_behind_the_names_of_their_traces():
    traces = [line([0], [0], name, GREY) for name in ("a", "b", "c", "d")]
    keys = numbered_keys(traces, ["0.1", None, "0.3"])
    assert [words.rpartition("> ")[2] for words in keys] == ["a 0.1", "c 0.3"]


def test_a_place_is_marked_over_the_whole_height_or_up_to_a_number():
    shapes = [upright(1.5, ACCENT), upright(0.5, GREY, top=3, dash="dot")]
    axes = axis("x", (0, 2)), axis("y", (0, 9))
    chart = figure([], "Title", [], *axes, "", left=70, shapes=shapes)
    whole, part = chart.layout.shapes
    assert (whole.x0, whole.x1, whole.y0, whole.y1, whole.yref) == (1.5, 1.5, 0, 1, "paper")
    assert (part.x0, part.x1, part.y0, part.y1, part.yref) == (0.5, 0.5, 0, 3, None)
    assert (whole.line.color, part.line.color, part.line.dash) == (ACCENT, GREY, "dot")
    assert chart.layout.margin.l == 70


def test_a_figure_has_fixed_axes_no_legend_and_no_ground():
    chart = figure(
        [line([0], [1], "a", GREY), points([0], [1], "b", GREY) | {"hovertemplate": "own"}],
        "Title",
        ["key"],
        axis("x", (0, 2)),
        axis("y", (-1, 1), dtick=1),
        "%{y}",
        height=300,
        shapes=[{"type": "line", "x0": 0, "x1": 1, "y0": 0, "y1": 0}],
    )
    layout = chart.layout
    assert (layout.xaxis.range, layout.yaxis.range, layout.height) == ((0, 2), (-1, 1), 300)
    assert layout.showlegend is False and layout.paper_bgcolor == "rgba(0,0,0,0)"
    key = "<span style='white-space:nowrap'>key</span>"  # no line ends within it
    assert layout.title.text == f"<b>Title</b><br><span style='font-size:12px'>{key}</span>"
    assert [trace.hovertemplate for trace in chart.data] == ["%{y}", "own"]
    assert len(layout.shapes) == 1


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


def test_a_chart_that_can_be_dragged_names_its_field_and_does_not_zoom():
    look = SERIES, "Title", axis("x", (0, 1)), axis("y", (0, 2))
    dragged, still = curves_chart(*look, now=0.5, drag="z"), curves_chart(*look, now=0.5)
    assert dragged.layout.meta == {"drag": "z"} and dragged.layout.dragmode is False
    assert still.layout.meta is None and still.layout.dragmode is None


def test_figures_are_equal_if_plotly_draws_the_same():
    one, same, other = (
        figure([line(np.arange(2.0), [0, y], "a", GREY)], "A", [], axis("x", (0, 1)),
               axis("y", (0, 1)), "%{y}") for y in (1, 1.0, 2)
    )  # fmt: skip
    assert one == same and one != other
