"""The explorer of real scores: bounds by scipy, what is shaded, a prevalence of 0 or 1."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import precision_recall_curve

from motiflab.explorers.judge_explorer import JudgeExplorer, JudgeState, compute, describe, draw


@pytest.fixture(scope="module")
def scored():
    """Return labels and scores: 100 positives, 2,000 negatives."""
    rng = np.random.default_rng(3)
    labels = np.r_[np.ones(100, int), np.zeros(2000, int)]
    return labels, rng.normal(size=2100) + 3 * labels


def by_scipy(labels, scores, recall, prevalence):
    """Return what the card should say, from counts and scipy's exact test."""
    positives, negatives = np.sort(scores[labels == 1])[::-1], scores[labels == 0]
    wanted = int(np.ceil(recall * len(positives) - 1e-9))
    false = int((negatives >= positives[wanted - 1]).sum())
    test = {
        kind: binomtest(false, len(negatives), alternative=kind) for kind in ("less", "greater")
    }
    rates = (
        test["greater"].proportion_ci(0.95, "exact").low,
        test["less"].proportion_ci(0.95, "exact").high,
    )
    tpr = wanted / len(positives)
    high, low = (tpr * prevalence / (tpr * prevalence + f * (1 - prevalence)) for f in rates)
    return false, *rates, low, high


@pytest.mark.parametrize("recall", [0.05, 0.3, 0.5, 0.77, 1.0])
@pytest.mark.parametrize("prevalence", [0.003, 1e-5])
def test_the_bounds_are_those_of_scipy(scored, recall, prevalence):
    result = compute(JudgeState(prevalence=prevalence, recall=recall), *scored)
    judged, at = result.judged, result.at
    got = judged.false[at], judged.fpr_low[at], judged.fpr_high[at], judged.low[at], judged.high[at]
    assert got == pytest.approx(by_scipy(*scored, recall, prevalence), rel=1e-6)


def test_the_observed_precision_is_scikit_learns_with_weights(scored):
    labels, scores = scored
    weights = np.where(labels == 1, 0.003 / 100, 0.997 / 2000)
    precision, recall, _ = precision_recall_curve(labels, scores, sample_weight=weights)
    result = compute(JudgeState(), *scored)
    for r, p in zip(result.judged.recall, result.judged.precision):
        # Of the points of equal recall, the strictest threshold has the best precision.
        assert p == pytest.approx(precision[np.isclose(recall, r)].max())


def test_the_shade_ends_where_the_first_negative_is_called(scored):
    labels, scores = scored
    result = compute(JudgeState(), *scored)
    beyond = (scores[labels == 1] > scores[labels == 0].max()).mean()
    assert result.unresolved == pytest.approx(beyond) and 0 < beyond < 1
    for name in ("rates", "precision"):
        (shade,) = draw(result, "u")[name].figure.layout.shapes
        assert (shade.x0, shade.x1) == (0, result.unresolved)


def test_no_false_positive_is_said_not_to_be_precision_one(scored):
    result = compute(JudgeState(recall=0.01, negatives=1000), *scored)
    text = re.sub("<[^>]*>", "", describe(result))
    assert "None of 1,000 negatives reaches this threshold, and that is not precision 1" in text
    assert "up to 3/N ≈ 0.003, the precision anything from 0.01 to 1" in text


def test_fewer_negatives_resolve_less(scored):
    unresolved = [compute(JudgeState(negatives=n), *scored).unresolved for n in (100, 1000, 0)]
    assert unresolved[0] > unresolved[1] >= unresolved[2]
    assert compute(JudgeState(negatives=100), *scored).judged.negatives == 100


def test_the_table_and_the_words_tell_the_bounds(scored):
    result = compute(JudgeState(recall=0.9), *scored)
    false, rate_low, rate_high, low, high = by_scipy(*scored, 0.9, 0.003)
    table, text = draw(result, "u")["table"], describe(result)
    row = f"<td>{false:,}</td><td>{rate_low:.2g} to {rate_high:.2g}</td>"
    assert "required 0.90</th>" in table and row in table
    assert f"between <b>{low:.2g}</b> and <b>{high:.2g}</b>" in text
    assert f"FPR = {false} / 2,000" in text


@pytest.mark.parametrize(("typed", "kind"), [("0", "no positives"), ("1", "no negatives")])
def test_a_prevalence_of_0_or_1_is_refused_beside_the_control(scored, typed, kind):
    explorer = JudgeExplorer(*scored)
    before = dict(explorer.figures)
    explorer.controls["prevalence"].value = typed
    label = explorer.controls["prevalence"].description
    assert f"must lie between 0 and 1, not be {typed}: with {kind} there" in label
    assert explorer.state == JudgeState() and explorer.figures == before
    explorer.controls["prevalence"].value = "0.01"
    assert explorer.state == JudgeState(prevalence=0.01)
    assert "motiflab-error" not in explorer.controls["prevalence"].description


@pytest.mark.parametrize("typed", ["-0.1", "1.5", "rare", ""])
def test_what_is_no_prevalence_is_refused(scored, typed):
    explorer = JudgeExplorer(*scored)
    explorer.controls["prevalence"].value = typed
    assert "must be a number from 0 to 1" in explorer.controls["prevalence"].description
    assert explorer.state == JudgeState()


def test_more_negatives_than_there_are_are_refused():
    labels, scores = np.r_[1, 1, np.zeros(50, int)], np.arange(52)[::-1]
    with pytest.raises(ValueError, match="at most 50, as many as there are, not 100"):
        JudgeExplorer(labels, scores, negatives=100)


@pytest.mark.parametrize(
    ("field", "value", "state"),
    [
        ("prevalence", "0.0001", {"prevalence": 1e-4}),
        ("negatives", 100, {"negatives": 100}),
        ("recall", 0.8, {"recall": 0.8}),
    ],
)
def test_each_control_moves_the_card(scored, field, value, state):
    explorer = JudgeExplorer(*scored)
    before = dict(explorer.figures)
    explorer.controls[field].value = value
    assert explorer.state == JudgeState(**state)
    assert explorer.figures == draw(compute(explorer.state, *scored), explorer.uid)
    assert explorer.figures != before


def test_without_scores_it_judges_the_matrix_of_jaspar():
    explorer = JudgeExplorer()
    assert (explorer.labels == 1).sum() == 500 and (explorer.labels == 0).sum() == 1000
    assert explorer.result.judged.recall[-1] == 1
    assert JudgeExplorer.from_scene(explorer.scene).state == explorer.state


def test_a_rate_of_0_is_not_drawn_and_the_bounds_are(scored):
    result = compute(JudgeState(), *scored)
    judged = result.judged
    low, high, seen, *_ = draw(result, "u")["rates"].figure.data
    none = judged.false == 0
    assert none.any() and np.isnan(np.asarray(seen.y)[none]).all()
    np.testing.assert_allclose(np.asarray(seen.y)[~none], judged.false[~none] / 2000, rtol=1e-5)
    np.testing.assert_allclose(high.y, judged.fpr_high, rtol=1e-5)
    np.testing.assert_allclose(low.y, np.maximum(judged.fpr_low, 1e-5), rtol=1e-5)
    low, high, seen, *_ = draw(result, "u")["precision"].figure.data
    for line, expected in ((low, judged.low), (high, judged.high), (seen, judged.precision)):
        np.testing.assert_allclose(line.y, expected, rtol=1e-5)


def test_axes_stand_still_while_controls_move(scored):
    first = draw(compute(JudgeState(), *scored), "u")
    moved = draw(compute(JudgeState(prevalence=1e-6, negatives=100, recall=1.0), *scored), "u")
    for name in ("rates", "precision"):
        one, other = first[name].figure, moved[name].figure
        assert one.layout.xaxis == other.layout.xaxis and one.layout.yaxis == other.layout.yaxis
        assert [trace.name for trace in one.data] == [trace.name for trace in other.data]
