"""The interpolation explorer against Davis and Goadrich's table and scikit-learn's trapezoid."""

from __future__ import annotations

import re
from html import unescape

import numpy as np
import pytest
from every import areas
from sklearn.metrics import auc, average_precision_score, precision_recall_curve

from motiflab.explorers.interpolation_explorer import (
    InterpolationExplorer,
    InterpolationState,
    compute,
    describe,
    draw,
)


def words(html: str) -> str:
    return re.sub("<[^>]*>", "", html)


def test_the_table_is_that_of_davis_and_goadrich():
    table = draw(compute(InterpolationState()), "u")["table"]
    rows = dict(re.findall(r"<th scope='row'>([^<]*)</th>(.*?)</tr>", table))
    cells = {name: re.findall(r"<td>(.*?)</td>", row) for name, row in rows.items()}
    assert cells["true positives"] == ["5", "6", "7", "8", "9", "10"]
    assert cells["false positives"] == ["5", "10", "15", "20", "25", "30"]
    had = cells["precision that can be reached"]
    assert had == [
        "0.500",
        "0.375",
        "0.318",
        "0.286",
        "0.265",
        "0.250",
    ]
    assert cells["on the straight line"] == ["0.500", "0.450", "0.400", "0.350", "0.300", "0.250"]


def test_the_areas_are_those_of_scores_with_these_counts():
    # Three levels of score: what is called at A, what else at B, and the rest.
    labels = np.r_[[1] * 5, [0] * 5, [1] * 5, [0] * 25, [1] * 10, [0] * 50]
    scores = np.r_[[3] * 10, [2] * 30, [1] * 60]
    result = compute(InterpolationState())
    precision, recall, _ = precision_recall_curve(labels, scores)
    assert result.chord == pytest.approx(auc(recall[1:3], precision[1:3]))
    # The average precision has the step of A, that of B and that of the rest.
    others = 0.25 * 0.5 + 0.5 * 0.2
    assert result.steps + others == pytest.approx(average_precision_score(labels, scores))


def test_the_readout_tells_the_numbers():
    text = words(describe(compute(InterpolationState())))
    assert "FP = 5 + 5·(TP − 5), so at TP = 6: precision = 6 / (6 + 10) = 0.375" in text
    assert "the straight line says 0.450" in text
    assert "claims 0.0136 too much (17 % of the area), because the precision falls" in text
    rising = describe(compute(InterpolationState(true_a=2, false_a=20, true_b=18, false_b=25)))
    assert "too little" in rising and "rises from A to B" in rising
    level = describe(compute(InterpolationState(true_a=5, false_a=10, true_b=10, false_b=20)))
    assert "Here both are the same" in level


def test_the_lines_that_are_drawn():
    result = compute(InterpolationState())
    curve, chord, step, ends = draw(result, "u")["paths"].figure.data
    assert (chord.x[0], chord.y[0], chord.x[1], chord.y[1]) == (0.25, 0.5, 0.5, 0.25)
    np.testing.assert_array_equal(ends.x, chord.x)
    assert step.line.shape == "vh"
    inner = np.interp(curve.x, chord.x, chord.y)[1:-1]
    assert (np.asarray(curve.y)[1:-1] < inner).all()


def test_a_place_sets_the_nearer_point_of_those_that_may_lie_there():
    places = dict(areas(draw(compute(InterpolationState()), "u")["counts"]))
    words = [unescape(word) for word in places]
    # A is at 5 true and 5 false positives, B at 10 and 30: a point between moves one of the two.
    assert "true_a=6&false_a=10" in words and "true_b=9&false_b=25" in words
    assert "true_a=9&false_a=25" not in words and "true_b=6&false_b=10" not in words
    # Outside them only one of the two may move, however near the other is; left above A, neither.
    assert "true_b=6&false_b=60" in words and "true_a=4&false_a=30" in words
    assert not [word for word in words if word.startswith("true_b=11&") and word.endswith("=0")]
    numbers = re.compile(r"true_\w=(\d+)&false_\w=(\d+)")
    (left, top), (right, bottom) = (
        next(at for word, at in zip(words, places.values())
             if numbers.match(word).groups() == spot) for spot in (("20", "5"), ("1", "30"))
    )  # fmt: skip
    for word, (x, y) in zip(words, places.values()):
        true, false = map(int, numbers.match(word).groups())
        assert x == pytest.approx(left + (false - 5) / 25 * (right - left), abs=0.5)
        assert y == pytest.approx(top + (20 - true) / 19 * (bottom - top), abs=0.5)


def test_a_drag_moves_both_counts_of_a_point_and_what_is_locked_stays():
    explorer = InterpolationExplorer(locked=["false_b"])
    explorer._touched("true_a=3&false_a=15")
    assert explorer.state == InterpolationState(true_a=3, false_a=15)
    explorer._touched("true_b=12&false_b=40")
    assert explorer.state == InterpolationState(true_a=3, false_a=15, true_b=12)


@pytest.mark.parametrize(
    ("field", "value"), [("true_a", 3), ("false_a", 9), ("true_b", 15), ("false_b", 50)]
)
def test_each_control_moves_the_card(field, value):
    explorer = InterpolationExplorer()
    before = dict(explorer.figures)
    explorer.controls[field].value = value
    assert explorer.state == InterpolationState(**{field: value})
    assert explorer.figures == draw(compute(explorer.state), explorer.uid)
    assert explorer.figures != before


@pytest.mark.parametrize(
    ("field", "value", "beside", "sentence"),
    [
        ("true_a", 10, "true_b", "more true positives than A (10), not 10."),
        ("true_b", 4, "true_b", "more true positives than A (5), not 4."),
        ("false_b", 4, "false_b", "at least the 5 false positives of A, not 4."),
        ("false_a", 40, "false_b", "at least the 40 false positives of A, not 30."),
    ],
)
def test_points_in_the_wrong_order_are_answered_beside_b(field, value, beside, sentence):
    explorer = InterpolationExplorer()
    explorer.controls[field].value = value
    assert sentence in explorer.controls[beside].description
    assert explorer.state == InterpolationState()
