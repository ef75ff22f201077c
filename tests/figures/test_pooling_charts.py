"""The charts of pooling hold the numbers that they are given, on axes that stand still."""

import numpy as np
import pytest

from motiflab.figures.pooling_charts import (
    changed_chart,
    end_pooled_chart,
    end_scores_chart,
    size_chart,
)
from motiflab.shifts import InvarianceCurve

SHIFTS = np.arange(5)
CURVES = {
    "max": InvarianceCurve(SHIFTS, SHIFTS / 8, SHIFTS / 9, SHIFTS / 10, 1.0),
    "average": InvarianceCurve(SHIFTS, SHIFTS / 4, SHIFTS / 5, SHIFTS / 6, 2.0),
}


def lines(chart) -> dict[str, list[float]]:
    return {trace.name: list(trace.y) for trace in chart.data}


def test_how_often_and_the_law_beside_it():
    drawn = lines(changed_chart(CURVES, 2))
    assert drawn["maximum"] == list(SHIFTS / 8) and drawn["average"] == list(SHIFTS / 4)
    assert drawn["min(s/w, 1)"] == [0, 0.5, 1, 1, 1]


def test_how_much_while_the_motif_is_inside():
    drawn = lines(size_chart(CURVES))
    assert drawn == {"average": list(SHIFTS / 6), "maximum": list(SHIFTS / 10)}


@pytest.mark.parametrize("chart", [changed_chart(CURVES, 2), size_chart(CURVES)])
def test_axes_have_titles_and_stand_still(chart):
    assert chart.layout.xaxis.title.text == "shift s (bases)" and chart.layout.yaxis.title.text
    assert (chart.layout.xaxis.range, chart.layout.yaxis.range) == ((0, 4), (0, 1.05))


def test_scores_along_a_sequence():
    places, rows = np.arange(4), np.arange(16.0).reshape(4, 4)
    measured = {"motif": rows[2], "background": rows[3]}
    chart = end_scores_chart(places, rows[0], rows[1], measured, 4, (-3, 20))
    names = ["motif", "background", "motif, measured", "background, measured"]
    assert lines(chart) == {name: list(row) for name, row in zip(names, rows)}
    assert chart.layout.yaxis.range == (-3, 20) and "nats" in chart.layout.yaxis.title.text


def test_the_maximum_along_a_sequence_with_the_ends_of_the_windows():
    chart = end_pooled_chart(np.arange(6), np.arange(6.0), (2, 2.5), 3, 6, (0, 9))
    assert lines(chart) == {"maximum": [0, 1, 2, 3, 4, 5], "now": [2.5]}
    assert [shape.x0 for shape in chart.layout.shapes] == [-0.5, 2.5, 5.5]
    assert chart.data[1].x == (2,)
    nothing = end_pooled_chart(np.arange(6), np.arange(6.0), None, 3, 6, (0, 9))
    assert nothing.data[1].x == ()
