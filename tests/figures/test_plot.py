"""The parts of charts: what every figure made of them has in common."""

from __future__ import annotations

import pytest

from motiflab.figures.plot import GREY, axis, bars, figure, key, line, points


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
    assert layout.title.text == "<b>Title</b><br><span style='font-size:10px'>key</span>"
    assert [trace.hovertemplate for trace in chart.data] == ["%{y}", "own"]
    assert len(layout.shapes) == 1
