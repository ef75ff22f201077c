"""Curves and areas against scikit-learn and hand-worked examples."""

from __future__ import annotations

import itertools
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.integrate import quad
from sklearn.metrics import (
    auc,
    average_precision_score,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)

from motiflab.checks import ArgumentError
from motiflab.evaluation.curves import (
    Curve,
    auroc_by_column,
    average_precision_of_guess,
    chord_area,
    path,
    path_area,
    precision_recall,
    roc,
    thin,
)
from motiflab.evaluation.prevalence import precision_at_prevalence

# Few different scores, so that ties are frequent.
scored = st.lists(st.tuples(st.integers(0, 1), st.integers(-4, 4)), min_size=2, max_size=40)


@given(scored)
def test_areas_are_those_of_scikit_learn_and_lie_under_the_drawn_curves(pairs):
    labels, scores = np.transpose(pairs)
    assume(0 < labels.sum() < len(labels))
    curve = precision_recall(labels, scores)
    assert curve.area == pytest.approx(average_precision_score(labels, scores))
    # Drawn as steps, first vertical and then horizontal: the height is that of the right end.
    assert curve.area == pytest.approx(np.sum(np.diff(curve.x) * curve.y[1:]))
    assert curve.baseline == labels.mean()
    curve = roc(labels, scores)
    assert curve.area == pytest.approx(roc_auc_score(labels, scores))
    assert curve.area == pytest.approx(np.trapezoid(curve.y, curve.x))


@given(scored)
def test_the_points_of_roc_are_scikit_learns_corners(pairs):
    labels, scores = np.transpose(pairs)
    assume(0 < labels.sum() < len(labels))
    curve = roc(labels, scores)
    ours = list(zip(curve.x.tolist(), curve.y.tolist()))
    fpr, tpr, _ = roc_curve(labels, scores)
    theirs = list(zip(fpr.tolist(), tpr.tolist()))
    # Theirs always has the first threshold, even in the middle of a straight line.
    assert set(ours) <= set(theirs) and set(theirs) - set(ours) <= {theirs[1]}
    assert (ours[0], ours[-1]) == ((0, 0), (1, 1)) and ours == sorted(set(ours))


def test_a_curve_does_not_wait_for_scikit_learn_to_load():
    code = """
import sys
from motiflab.evaluation import auroc_by_column, judge, precision_recall, roc
precision_recall([0, 1], [0, 1]), roc([0, 1], [0, 1]), auroc_by_column([0, 1], [[0], [1]])
judge([0, 1], [0, 1], 0.1)
assert not {"sklearn", "scipy.stats"} & sys.modules.keys()
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (told.returncode, told.stderr) == (0, "")


@given(scored)
def test_auroc_is_the_chance_to_rank_a_positive_above_a_negative(pairs):
    labels, scores = np.transpose(pairs)
    assume(0 < labels.sum() < len(labels))
    apart = scores[labels == 1][:, None] - scores[labels == 0]
    assert roc(labels, scores).area == pytest.approx(((np.sign(apart) + 1) / 2).mean())


@given(scored)
def test_every_point_of_precision_recall_belongs_to_a_threshold(pairs):
    labels, scores = np.transpose(pairs)
    assume(0 < labels.sum() < len(labels))
    expected = {(0.0, 1.0)}
    for threshold in scores:
        called = scores >= threshold
        true = (called & (labels == 1)).sum()
        expected.add((true / labels.sum(), true / called.sum()))
    curve = precision_recall(labels, scores)
    assert set(zip(curve.x.tolist(), curve.y.tolist())) == expected
    assert (np.diff(curve.x) >= 0).all()


def test_worked_example():
    # By falling score 1, 0, 1, 0: precisions at the two positives are 1 and 2/3.
    assert precision_recall([1, 0, 1, 0], [9, 7, 5, 3]).area == pytest.approx((1 + 2 / 3) / 2)
    # Three of the four pairs are in order.
    assert roc([1, 0, 1, 0], [9, 7, 5, 3]).area == pytest.approx(0.75)


def test_a_score_without_information_reaches_the_baselines():
    rng = np.random.default_rng(0)
    labels = (np.arange(20000) % 10 == 0).astype(int)
    scores = rng.random(20000)
    for curve in (precision_recall(labels, scores), roc(labels, scores)):
        assert curve.area == pytest.approx(curve.baseline, abs=0.02)
    assert precision_recall(labels, scores).baseline == pytest.approx(0.1)


@pytest.mark.parametrize(("positives", "negatives"), [(1, 1), (1, 6), (3, 2), (4, 4), (6, 1)])
def test_average_precision_of_a_guess_is_the_mean_over_every_order(positives, negatives):
    n = positives + negatives
    areas = []
    for chosen in itertools.combinations(range(n), positives):
        labels = np.isin(np.arange(n), chosen).astype(int)
        areas.append(average_precision_score(labels, -np.arange(n)))
    assert average_precision_of_guess(positives, negatives) == pytest.approx(np.mean(areas))


def test_average_precision_of_a_guess_on_120_of_360_is_more_than_a_third():
    # Drawn with scikit-learn: the standard error of the mean is 0.0006.
    rng, labels = np.random.default_rng(0), np.repeat([1, 0], [120, 240])
    areas = [average_precision_score(labels, rng.random(360)) for _ in range(2000)]
    expected = average_precision_of_guess(120, 240)
    assert np.mean(areas) == pytest.approx(expected, abs=0.002)
    assert np.mean(areas) > 1 / 3 + 0.005
    assert expected == pytest.approx(0.3435, abs=5e-5)


def test_average_precision_of_a_guess_tends_to_the_prevalence():
    excess = [average_precision_of_guess(10**k, 9 * 10**k) - 0.1 for k in range(8)]
    assert all(larger > smaller > 0 for larger, smaller in zip(excess, excess[1:]))
    assert excess[-1] < 1e-6


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ((0, 5), "positives must be a whole number of at least 1, got 0"),
        ((5, 0), "negatives must be a whole number of at least 1, got 0"),
        ((5, 2.5), r"negatives must be a whole number of at least 1, got 2\.5"),
    ],
)
def test_a_guess_needs_both_classes(numbers, sentence):
    with pytest.raises(ValueError, match=sentence):
        average_precision_of_guess(*numbers)


def test_example_of_the_chapter():
    # 1,000 sites, 10**8 others, a false positive rate of 0.01: a million false positives.
    precision = precision_at_prevalence(1.0, 0.01, 1e3 / (1e3 + 1e8))
    assert precision == pytest.approx(1000 / 1_001_000)


@given(scored)
def test_precision_from_rates_is_the_precision_of_the_counts(pairs):
    labels, scores = np.transpose(pairs)
    assume(0 < labels.sum() < len(labels))
    positives, negatives = scores[labels == 1], scores[labels == 0]
    for threshold in scores:
        true, false = (positives >= threshold).sum(), (negatives >= threshold).sum()
        got = precision_at_prevalence(true / len(positives), false / len(negatives), labels.mean())
        assert got == pytest.approx(true / (true + false))


def test_precision_where_nothing_is_predicted_is_not_a_number():
    got = precision_at_prevalence([0.0, 0.5], [0.0, 0.0], 0.1)
    assert np.isnan(got[0]) and got[1] == 1


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=300),
    st.integers(2, 60),
)
def test_a_thinned_curve_stays_near_and_keeps_its_ends(points, kept):
    x, y = np.transpose(points)
    full = Curve(np.sort(x), y, 0.7, 0.5)
    thinned = thin(full, kept)
    assert len(thinned.x) <= kept
    assert (thinned.x[0], thinned.y[0]) == (full.x[0], full.y[0])
    assert (thinned.x[-1], thinned.y[-1]) == (full.x[-1], full.y[-1])
    assert (thinned.area, thinned.baseline) == (0.7, 0.5)
    length = np.abs(np.diff(full.x)).sum() + np.abs(np.diff(full.y)).sum()
    far = np.abs(full.x[:, None] - thinned.x) + np.abs(full.y[:, None] - thinned.y)
    assert far.min(axis=1).max() <= length / (kept - 1) + 1e-9


def test_thinning_keeps_the_shape_of_a_rise_and_of_a_plateau():
    rise = np.linspace(0, 1, 500)
    corner = Curve(np.r_[0 * rise, rise], np.r_[rise, 0 * rise + 1], 1.0, 0.5)
    thinned = thin(corner, 21)
    assert (thinned.x == 0).sum() == pytest.approx(11, abs=1)
    np.testing.assert_allclose(np.diff(thinned.x) + np.diff(thinned.y), 0.1, atol=0.005)


@pytest.mark.parametrize("curve", [precision_recall, roc])
@pytest.mark.parametrize(
    ("labels", "scores", "sentence"),
    [
        ([1, 1], [0.1, 0.2], r"labels must hold both 0 and 1, got \[1\]"),
        ([], [], r"labels must hold both 0 and 1, got \[\]"),
        ([0, 2], [0.1, 0.2], "labels must be 0 or 1"),
        ([0, 1], [0.1, np.nan], "scores must be finite"),
        ([0, 1], [0.1], "same length"),
    ],
)
def test_bad_input_is_one_sentence(curve, labels, scores, sentence):
    with pytest.raises(ValueError, match=sentence):
        curve(labels, scores)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [((1.2, 0.1, 0.5), "tpr"), ((0.5, -0.1, 0.5), "fpr"), ((0.5, 0.1, 0), "prevalence")],
)
def test_rates_outside_their_range_are_named(arguments, named):
    with pytest.raises(ArgumentError, match=f"^{named} must") as error:
        precision_at_prevalence(*arguments)
    assert error.value.argument == named


def test_too_few_points_to_thin_to_are_refused():
    with pytest.raises(ValueError, match="points must be a whole number of at least 2, got 1"):
        thin(roc([0, 1], [0, 1]), 1)


@given(scored, st.integers(0, 2**32 - 1))
def test_auroc_of_many_columns_is_that_of_each(pairs, seed):
    labels, scores = np.transpose(pairs)
    assume(0 < labels.sum() < len(labels))
    columns = np.stack([scores, np.random.default_rng(seed).normal(size=len(scores))], axis=1)
    expected = [roc_auc_score(labels, column) for column in columns.T]
    np.testing.assert_allclose(auroc_by_column(labels, columns), expected)


P = 20
pairs = st.tuples(st.integers(1, 19), st.integers(0, 50), st.integers(1, 19), st.integers(0, 50))


def ends(numbers):
    ta, fa, more, worse = numbers
    return (ta, fa), (min(P, ta + more), fa + worse)


def by_definition(t, first, last):
    """Return the precision if a random share of the calls between two thresholds is added."""
    share = (t - first[0]) / (last[0] - first[0])
    return t / (t + first[1] + share * (last[1] - first[1]))


def test_the_table_of_davis_and_goadrich():
    recall, precision = path((5, 5), (10, 30), P, points=6)
    np.testing.assert_allclose(recall, [0.25, 0.3, 0.35, 0.4, 0.45, 0.5])
    np.testing.assert_allclose(precision, [0.5, 0.375, 0.318, 0.286, 0.265, 0.25], atol=5e-4)


@given(pairs)
def test_the_path_is_what_calling_a_share_at_random_gives(numbers):
    first, last = ends(numbers)
    recall, precision = path(first, last, P)
    np.testing.assert_allclose(precision, by_definition(recall * P, first, last))


@given(pairs)
def test_areas_are_the_integrals(numbers):
    first, last = ends(numbers)
    area = quad(by_definition, first[0], last[0], args=(first, last))[0] / P
    assert path_area(first, last, P) == pytest.approx(area)
    recall, precision = path(first, last, P, points=2)
    assert chord_area(first, last, P) == pytest.approx(auc(recall, precision))


@given(pairs)
def test_the_straight_line_claims_too_much_where_precision_falls_and_too_little_where_it_rises(
    numbers,
):
    first, last = ends(numbers)
    falls = first[0] / sum(first) - last[0] / sum(last)
    excess = chord_area(first, last, P) - path_area(first, last, P)
    assert excess == pytest.approx(0, abs=1e-12) if abs(falls) < 1e-12 else excess * falls > 0


def test_what_a_straight_line_makes_of_one_score_for_all():
    # One positive in a hundred and no information: the area is 0.01, the straight line says 0.505.
    labels = np.r_[1, np.zeros(99, int)]
    precision, recall, _ = precision_recall_curve(labels, np.zeros(100))
    assert auc(recall, precision) == pytest.approx(0.505)
    assert average_precision_score(labels, np.zeros(100)) == pytest.approx(0.01)
    # Between any two points of such a detector the precision stays what it is.
    assert path_area((0.5, 49.5), (1, 99), 1) == pytest.approx(0.01 / 2)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ((5, 5), (5, 9), "more true positives than first"),
        ((5, 5), (21, 9), "no more than there are positives, got 5, then 21 of 20"),
        ((-1, 5), (5, 9), "more true positives"),
        ((5, 5), (6, 4), "at least the false positives of first, got 5, then 4"),
        ((0, 0), (6, 4), "first must call something"),
    ],
)
@pytest.mark.parametrize("function", [path, path_area, chord_area])
def test_bad_input_is_one_sentence_of_interpolation(function, first, last, sentence):
    with pytest.raises(ValueError, match=sentence):
        function(first, last, P)
