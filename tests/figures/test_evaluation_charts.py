"""Charts show the given numbers, keep their axes, and have the same content in words."""

from __future__ import annotations

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from motiflab.evaluation.curves import precision_recall, roc
from motiflab.figures.evaluation_charts import (
    RATES,
    curve_line,
    loss_chart,
    loss_text,
    power_chart,
    precision_recall_chart,
    precision_recall_figure,
    precision_recall_text,
    random_line,
    roc_chart,
    roc_text,
)
from motiflab.widgets.chart import LightFigure

LABELS = np.array([1, 0, 1, 1, 0, 0, 1, 0])
SCORES = np.array([9, 8, 7, 6, 5, 4, 3, 2.0])
CURVE, BEST = precision_recall(LABELS, SCORES), precision_recall(LABELS, LABELS)


def points(trace) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in zip(trace.x, trace.y)]


def pixels(figure: go.Figure) -> tuple:
    """Return the parts that must not change at an update."""
    layout = figure.layout
    kinds = tuple((t.type, t.name, t.line.color, t.line.dash) for t in figure.data)
    return kinds, layout.height, layout.margin, layout.xaxis.range, layout.yaxis.range


def test_precision_recall_shows_the_curve_as_steps_with_optimum_and_prevalence():
    chart = precision_recall_chart(CURVE, 0.5, BEST)
    model, best, random = chart.data
    np.testing.assert_allclose(points(model), np.c_[CURVE.x, CURVE.y], atol=1e-6)
    assert model.line.shape == best.line.shape == "vh"
    np.testing.assert_allclose(points(best), np.c_[BEST.x, BEST.y], atol=1e-6)
    assert points(random) == [(0, 0.5), (1, 0.5)]
    title = chart.layout.title.text
    for words in (f"model {CURVE.area:.2f}", "best 1.00", "random 0.50"):
        assert words in title
    assert chart.layout.xaxis.title.text == "recall"
    assert chart.layout.yaxis.title.text == "precision"


def test_earlier_curves_lie_behind_the_present_one_and_fade_with_age():
    olds = [BEST, None, CURVE]
    model, _, _, *past = precision_recall_chart(CURVE, 0.5, BEST, olds).data
    assert [len(trace.x) > 0 for trace in past] == [False, True, False, True]
    np.testing.assert_allclose(past[1].x, BEST.x[::3])
    np.testing.assert_allclose(past[3].y, CURVE.y[::3], atol=1e-6)
    assert sorted(trace.opacity for trace in past) == [trace.opacity for trace in past]
    assert past[0].opacity < past[3].opacity < 1
    assert {trace.zorder for trace in past} == {-1} and model.zorder is None
    assert len(precision_recall_chart(None, None, earlier=()).data) == 7


def test_every_precision_recall_figure_has_the_same_axes_and_says_both_numbers_of_a_point():
    traces = [curve_line(CURVE, "model", "#123456", every=2), random_line(0.25), random_line(None)]
    chart = precision_recall_figure("Title", traces, ["key"], digits=(".1f", ".3g"), ends=(2, 3))
    model, random, unknown = chart.data
    np.testing.assert_allclose(points(model), np.c_[CURVE.x, CURVE.y][::2], atol=1e-6)
    assert points(random) == [(0, 0.25), (1, 0.25)] and points(unknown) == []
    assert (chart.layout.xaxis.range, chart.layout.yaxis.range) == ((0, 2), (0, 3))
    assert model.hovertemplate == "recall %{x:.1f}<br>precision %{y:.3g}"
    assert pixels(precision_recall_figure("", [], []))[-2:] == ((0, 1), (0, 1.02))


def test_the_area_under_the_drawn_steps_is_the_area_that_is_named():
    model = precision_recall_chart(CURVE, 0.5).data[0]
    # vh: first up, then along, so each step has the height of its right end.
    assert (np.diff(model.x) * model.y[1:]).sum() == pytest.approx(CURVE.area, abs=1e-6)


def test_roc_shows_the_curve_and_the_diagonal():
    curve = roc(LABELS, SCORES)
    chart = roc_chart(curve)
    model, best, random = chart.data
    np.testing.assert_allclose(points(model), np.c_[curve.x, curve.y], atol=1e-6)
    assert points(best) == [] and points(random) == [(0, 0), (1, 1)]
    assert f"model {curve.area:.2f}" in chart.layout.title.text
    assert "best" not in chart.layout.title.text


def test_loss_shows_its_line_and_its_last_value():
    chart = loss_chart([1, 2, 3], [0.69, 0.5, 0.412], last=9)
    assert points(chart.data[0]) == [(1, 0.69), (2, 0.5), (3, 0.412)]
    assert "training 0.41" in chart.layout.title.text
    assert chart.layout.xaxis.title.text == "step"
    assert chart.layout.xaxis.range == (0, 9)


@pytest.mark.parametrize(
    ("empty", "full"),
    [
        (precision_recall_chart(None, None), precision_recall_chart(CURVE, 0.5, BEST)),
        (roc_chart(None), roc_chart(roc(LABELS, SCORES), roc(LABELS, LABELS))),
        (loss_chart([], [], last=20), loss_chart([1, 20], [0.7, 0.1], last=20)),
    ],
)
def test_nothing_jumps_between_an_empty_chart_and_a_full_one(empty, full):
    assert pixels(empty) == pixels(full)
    assert all(not len(trace.y) for trace in empty.data if trace.name == "model")


def test_the_held_out_loss_is_a_line_of_its_own():
    chart = loss_chart([1, 2, 3], [0.69, 0.5, 0.412], held_out={1: 0.7, 3: 0.55})
    assert points(chart.data[1]) == [(1, 0.7), (3, 0.55)]
    assert "held out 0.55" in chart.layout.title.text
    assert chart.data[0].line.color != chart.data[1].line.color and chart.data[1].line.dash
    assert pixels(chart) == pixels(loss_chart([], [], 3, held_out={}))


def test_a_loss_that_explodes_stays_on_the_chart():
    assert loss_chart([1, 2], [0.7, 5.3]).layout.yaxis.range == (0, 5.4)
    assert loss_chart([1], [0.7], held_out={1: 5.3}).layout.yaxis.range == (0, 5.4)


@pytest.mark.parametrize("chart", [loss_chart([1], [0.7]), roc_chart(None)])
def test_charts_fit_either_theme(chart):
    layout = chart.layout
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"
    # Contrast of the grey with white and with JupyterLab's dark background (WCAG 2).
    channel = int(layout.font.color[1:3], 16) / 255
    assert layout.font.color == f"#{layout.font.color[1:3] * 3}"
    luminance = ((channel + 0.055) / 1.055) ** 2.4
    dark = ((0x11 / 255 + 0.055) / 1.055) ** 2.4
    assert (1 + 0.05) / (luminance + 0.05) > 4
    assert (luminance + 0.05) / (dark + 0.05) > 4


def test_each_detector_is_marked_in_the_colour_of_its_line():
    chart = power_chart(RATES**0.2, RATES**0.5, ("LLR", "yours"), 0.01, (0.398, 0.1))
    best, rival, *marks = chart.data
    assert [mark.marker.color for mark in marks] == [best.line.color, rival.line.color]
    assert [points(mark) for mark in marks] == [[(0.01, 0.398)], [(0.01, 0.1)]]


def test_a_curve_of_two_hundred_points_is_a_small_message():
    curve = roc(np.arange(400) % 2, np.random.default_rng(0).random(400))
    sent = json.loads(LightFigure(roc_chart(curve)).spec)
    assert len(sent.pop("still")) < 4_000 and len(json.dumps(sent)) < 5_000


def test_charts_in_words():
    assert precision_recall_text(CURVE, 0.5, BEST) == (
        f"AUPRC {CURVE.area:.2f}; the best possible score has 1.00; "
        "random calls have precision 0.50."
    )
    assert roc_text(None) == "No AUROC yet; a random ranking has 0.50."
    assert roc_text(roc(LABELS, SCORES)) == "AUROC 0.69; a random ranking has 0.50."
    assert loss_text([], []) == "No loss yet: training has not begun."
    assert loss_text([3], [0.5]) == "Loss 0.50 at step 3."
    assert loss_text([1, 9], [0.5, 0.25]) == "Loss 0.50 at step 1, now 0.25 at step 9."
    assert loss_text([1, 9], [0.5, 0.25], {1: 0.6, 5: 0.4, 9: 0.45}) == (
        "Loss 0.50 at step 1, now 0.25 at step 9. On held-out data 0.45 at step 9, "
        "lowest 0.40 at step 5."
    )
