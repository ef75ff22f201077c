"""The prevalence explorer: the ROC curve stays, precision falls, and the numbers are right."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy.stats import norm

from motiflab.explorers.prevalence_explorer import (
    PrevalenceExplorer,
    PrevalenceState,
    compute,
    describe,
    draw,
)

PARTS = {"broad": [(1.0, 2.0)], "sharp": [(0.6, 6.0), (0.4, 0.0)]}


def rates(detector: str, t: float) -> tuple[float, float]:
    """Return the true and the false positive rate by scipy."""
    return sum(share * norm.sf(t - mean) for share, mean in PARTS[detector]), norm.sf(t)


def words(html: str) -> str:
    return re.sub("<[^>]*>", "", html)


@pytest.mark.parametrize("detector", ["broad", "sharp"])
@pytest.mark.parametrize("rarity", [0.0, 2.5, 6.0])
@pytest.mark.parametrize("threshold", [-1.0, 2.0, 5.0])
def test_the_counts_and_the_precision_are_those_worked_by_scipy(detector, rarity, threshold):
    result = compute(PrevalenceState(rarity=rarity, detector=detector, threshold=threshold))
    tpr, fpr = rates(detector, threshold)
    negatives = 1000 * 10**rarity
    expected = 1000 * tpr, negatives * fpr, 1000 * (1 - tpr), negatives * (1 - fpr)
    assert result.counts == pytest.approx(expected)
    assert result.precision == pytest.approx(1000 * tpr / (1000 * tpr + negatives * fpr))


def test_roc_stands_still_and_precision_recall_collapses():
    before, after = (draw(compute(PrevalenceState(rarity=r)), "u") for r in (0.0, 6.0))
    assert before["roc"].figure == after["roc"].figure
    assert before["roc"].text == after["roc"].text
    heights = [
        np.interp(0.5, trace.x, trace.y)
        for charts in (before, after)
        for trace in charts["precision_recall"].figure.data[:1]
    ]
    assert heights[0] > 0.9 and heights[1] < 1e-4


@pytest.mark.parametrize("rarity", [0.0, 3.0, 6.0])
def test_axes_and_traces_stay_the_same(rarity):
    first, now = (draw(compute(PrevalenceState(rarity=r)), "u") for r in (1.0, rarity))
    for name in ("roc", "precision_recall"):
        one, other = first[name].figure, now[name].figure
        assert one.layout.xaxis == other.layout.xaxis and one.layout.yaxis == other.layout.yaxis
        assert [trace.name for trace in one.data] == [trace.name for trace in other.data]


def test_the_threshold_lies_on_both_curves_of_its_detector():
    for detector, index in (("broad", 0), ("sharp", 1)):
        state = PrevalenceState(rarity=2.0, detector=detector, threshold=2.5)
        charts = draw(compute(state), "u")
        for name in ("roc", "precision_recall"):
            curve, point = charts[name].figure.data[index], charts[name].figure.data[3]
            height = np.interp(point.x[0], curve.x, curve.y)
            assert point.y[0] == pytest.approx(height, abs=0.01)


def test_the_guess_lies_at_the_prevalence_and_on_the_diagonal():
    charts = draw(compute(PrevalenceState(rarity=1.0)), "u")
    assert charts["precision_recall"].figure.data[2].y == pytest.approx((1 / 11, 1 / 11))
    guess = charts["roc"].figure.data[2]
    np.testing.assert_allclose(guess.x, guess.y)


def test_the_readout_and_the_table_tell_the_numbers():
    result = compute(PrevalenceState(rarity=3.0, threshold=2.0))
    text, table = words(describe(result)), draw(result, "u")["table"]
    tpr, fpr = rates("broad", 2.0)
    precision = 1000 * tpr / (1000 * tpr + 1e6 * fpr)
    assert f"0.5·0.000999 / (0.5·0.000999 + {fpr:.3g}·0.999001) = {precision:.3g}" in text
    assert f"Of {500 + 1e6 * fpr:,.0f} calls, 500 are right." in text
    assert "AUROC is 0.921 (broad) and 0.800 (sharp)" in text
    assert "by AUPRC, sharp is better here" in text
    assert "by AUPRC, broad is better here" in describe(compute(PrevalenceState(rarity=0.0)))
    for cell in ("TP 500", "FN 500", f"FP {1e6 * fpr:,.0f}", f"TN {1e6 * (1 - fpr):,.0f}"):
        assert f"<td>{cell}</td>" in table
    assert "1,000 positives and 1,000,000 negatives at threshold 2" in table


def test_few_calls_are_not_written_as_none():
    result = compute(PrevalenceState(rarity=0.0, detector="broad", threshold=6.0))
    assert "<td>TP 0.032</td>" in draw(result, "u")["table"]
    assert "Almost nothing is called positive." in describe(result)


def test_a_place_on_an_axis_is_the_threshold_that_scipy_gives_for_its_rate():
    explorer = PrevalenceExplorer()
    explorer._views["precision_recall"].place = {"x": 0.3, "at": 1}
    assert explorer.state.threshold == pytest.approx(norm.isf(0.3, 2), abs=0.03)
    explorer._views["roc"].place = {"x": 0.1, "at": 2}
    assert explorer.state.threshold == pytest.approx(norm.isf(0.1), abs=0.03)
    explorer.set(axis="log", detector="sharp")
    explorer._views["roc"].place = {"x": -5.0, "at": 3}
    assert explorer.state.threshold == pytest.approx(norm.isf(1e-5), abs=0.03)
    # The sharp detector's other recall at the same place.
    explorer._views["precision_recall"].place = {"x": 0.3, "at": 4}
    assert rates("sharp", explorer.state.threshold)[0] == pytest.approx(0.3, abs=0.005)


def test_the_precision_falls_as_scipy_counts():
    chart = draw(compute(PrevalenceState(rarity=3.0, threshold=2.5)), "u")["fall"]
    curve = next(trace for trace in chart.figure.data if len(trace.x) > 1)
    tpr, fpr = rates("broad", 2.5)
    for rarity in (0, 3, 6):
        precision = tpr / (tpr + 10**rarity * fpr)
        assert np.interp(rarity, np.log10(curve.x), curve.y) == pytest.approx(precision)
    assert chart.figure.layout.meta["drag"] == "rarity"


@pytest.mark.parametrize(
    ("field", "value"),
    [("rarity", 4.0), ("detector", "sharp"), ("threshold", 3.0), ("axis", "log")],
)
def test_each_control_moves_the_card(field, value):
    explorer = PrevalenceExplorer()
    before = dict(explorer.figures)
    explorer.controls[field].value = value
    assert explorer.state == PrevalenceState(**{field: value})
    assert explorer.figures == draw(compute(explorer.state), explorer.uid)
    assert explorer.figures != before


@pytest.mark.parametrize(
    ("field", "value"), [("rarity", -0.1), ("rarity", 6.5), ("threshold", 9.0)]
)
def test_what_is_out_of_range_is_refused(field, value):
    with pytest.raises(ValueError, match="must be a number from"):
        PrevalenceExplorer(**{field: value})
