"""Counts and precision at any prevalence, against scikit-learn's weights and hand-worked cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest
from sklearn.metrics import (
    average_precision_score,
    confusion_matrix,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)

from motiflab.evaluation.curves import precision_recall
from motiflab.evaluation.prevalence import (
    by_threshold,
    confusion,
    expected_counts,
    judge,
    negatives_needed,
    precision_at_prevalence,
    precision_recall_at,
    rate_bounds,
)

# Few different scores, so that ties are frequent.
scored = st.lists(st.tuples(st.integers(0, 1), st.integers(-4, 4)), min_size=2, max_size=40)
prevalences = st.sampled_from([0.5, 0.1, 1e-3, 1e-6])


def unpack(pairs):
    labels, scores = np.transpose(pairs)
    assume(0 < labels.sum() < len(labels))
    return labels, scores


def weights(labels, prevalence):
    """Return weights of examples that make positives as rare as the prevalence."""
    share = labels.mean()
    return np.where(labels == 1, prevalence / share, (1 - prevalence) / (1 - share))


@given(scored, st.integers(-5, 5))
def test_the_counts_are_those_of_scikit_learn(pairs, threshold):
    labels, scores = unpack(pairs)
    tn, fp, fn, tp = confusion_matrix(labels, scores >= threshold, labels=[0, 1]).ravel()
    assert confusion(labels, scores, threshold) == (tp, fp, fn, tn)


def test_counts_worked_by_hand():
    labels, scores = [1, 1, 0, 1, 0, 0], [6, 5, 4, 3, 2, 1]
    assert confusion(labels, scores, 3) == (3, 1, 0, 2)
    assert confusion(labels, scores, 5.5) == (1, 0, 2, 3)


def test_expected_counts_of_the_chapter():
    # TPR 1 and FPR 0.01 on 1,000 positives and 10**8 negatives: a million false positives.
    counts = expected_counts(1.0, 0.01, 1e3, 1e8)
    assert counts == pytest.approx((1e3, 1e6, 0.0, 9.9e7))
    assert counts.tp / (counts.tp + counts.fp) == pytest.approx(0.000999, abs=1e-7)


@given(scored, prevalences)
def test_precision_recall_is_scikit_learns_with_weights(pairs, prevalence):
    labels, scores = unpack(pairs)
    w = weights(labels, prevalence)
    curve = precision_recall_at(labels, scores, prevalence)
    area = average_precision_score(labels, scores, sample_weight=w)
    assert curve.area == pytest.approx(area, rel=1e-9)
    precision, recall, _ = precision_recall_curve(labels, scores, sample_weight=w)
    np.testing.assert_allclose(curve.x, recall[::-1], atol=1e-12)
    np.testing.assert_allclose(curve.y, precision[::-1], rtol=1e-9)
    assert curve.baseline == prevalence


@given(scored)
def test_at_their_own_prevalence_it_is_the_plain_curve(pairs):
    labels, scores = unpack(pairs)
    own, plain = (
        precision_recall_at(labels, scores, labels.mean()),
        precision_recall(labels, scores),
    )
    assert own.area == pytest.approx(plain.area)
    np.testing.assert_allclose(own.y, plain.y)


@given(scored, prevalences, prevalences)
def test_auroc_does_not_depend_on_prevalence_and_auprc_never_rises_as_positives_get_rarer(
    pairs, one, other
):
    labels, scores = unpack(pairs)
    areas = [roc_auc_score(labels, scores, sample_weight=weights(labels, p)) for p in (one, other)]
    assert areas[0] == pytest.approx(areas[1])
    rare, frequent = sorted((one, other))
    curves = [precision_recall_at(labels, scores, p) for p in (rare, frequent)]
    assert curves[0].area <= curves[1].area + 1e-12


def test_a_score_without_information_has_the_prevalence_as_its_area():
    labels = np.r_[np.ones(20, int), np.zeros(80, int)]
    for prevalence in (0.5, 1e-3, 1e-6):
        assert precision_recall_at(labels, np.zeros(100), prevalence).area == prevalence


def test_a_random_ranking_of_a_small_sample_lies_above_the_prevalence():
    # 0.024 on average: the positives that happen to lead the sample count fully.
    rng, labels = np.random.default_rng(0), np.repeat([1, 0], [20, 80])
    areas = [precision_recall_at(labels, rng.random(100), 0.01).area for _ in range(2000)]
    assert 0.022 < np.mean(areas) < 0.026


@given(scored)
def test_thresholds_are_those_of_scikit_learn(pairs):
    labels, scores = unpack(pairs)
    level, true, false = by_threshold(labels, scores)
    fpr, tpr, found = roc_curve(labels, scores, drop_intermediate=False)
    np.testing.assert_array_equal(level, found[1:])
    np.testing.assert_allclose(true, tpr[1:] * labels.sum())
    np.testing.assert_allclose(false, fpr[1:] * (1 - labels).sum())


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: precision_recall_at([1, 0], [2, 1], 0),
            "prevalence must be a number above 0 and below 1",
        ),
        (
            lambda: precision_recall_at([1, 0], [2, 1], 1),
            "prevalence must be a number above 0 and below 1",
        ),
        (lambda: confusion([1, 1], [2, 1], 0), "labels must hold both 0 and 1"),
        (lambda: expected_counts(1.2, 0, 1, 1), r"tpr must be a number from 0 to 1, got 1\.2"),
        (lambda: expected_counts(1, -0.1, 1, 1), r"fpr must be a number from 0 to 1, got -0\.1"),
        (lambda: expected_counts(1, 0, -1, 1), "positives must be a number of at least 0"),
        (lambda: expected_counts(1, 0, 1, np.inf), "negatives must be a number of at least 0"),
    ],
)
def test_bad_input_is_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
       st.sampled_from([0.9, 0.95, 0.99]))  # fmt: skip
def test_bounds_are_those_of_scipys_exact_test(case, confidence):
    count, total = case
    low, high = rate_bounds(count, total, confidence)
    upper = binomtest(count, total, alternative="less").proportion_ci(confidence, "exact").high
    lower = binomtest(count, total, alternative="greater").proportion_ci(confidence, "exact").low
    assert (low, high) == (pytest.approx(lower, abs=1e-9), pytest.approx(upper, abs=1e-9))


def test_the_rule_of_three():
    # (1 - u)**N = 0.05, so u = 1 - 0.05**(1/N), and ln 0.05 = -2.996.
    for total in (100, 1000, 10**6):
        high = float(rate_bounds(0, total)[1])
        assert high == pytest.approx(1 - 0.05 ** (1 / total))
        assert high == pytest.approx(3 / total, rel=0.02)


def test_a_bound_fails_in_one_case_of_twenty_at_most():
    rate, total = 0.04, 1000
    counts = np.arange(total + 1)
    low, high = rate_bounds(counts, total)
    chance = binom.pmf(counts, total, rate)
    assert chance[high < rate].sum() <= 0.05
    assert chance[low > rate].sum() <= 0.05
    assert chance[high < rate].sum() > 0.02  # and is not needlessly wide


def test_no_false_positive_is_not_precision_one():
    labels = np.r_[np.ones(10, int), np.zeros(1000, int)]
    scores = np.r_[np.full(10, 2.0), np.linspace(0, 1, 1000)]
    found = judge(labels, scores, prevalence=1e-4)
    assert found.recall.tolist() == [1.0] and found.false.tolist() == [0]
    assert found.precision[0] == found.high[0] == 1
    # By hand: FPR up to 1 - 0.05**(1/1000) = 0.002991; 1e-4 / (1e-4 + 0.9999 * 0.002991).
    assert found.low[0] == pytest.approx(0.03236, abs=1e-5)


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.5, 1e-3, 1e-6]))
def test_every_recall_has_its_strictest_threshold(seed, prevalence):
    rng = np.random.default_rng(seed)
    labels = np.r_[np.ones(8, int), np.zeros(40, int)]
    scores = rng.integers(0, 12, 48) + 3 * labels
    found = judge(labels, scores, prevalence)
    positives, negatives = scores[labels == 1], scores[labels == 0]
    assert found.threshold.tolist() == sorted(set(positives.tolist()), reverse=True)
    for i, threshold in enumerate(found.threshold):
        assert found.recall[i] == (positives >= threshold).mean()
        assert found.false[i] == (negatives >= threshold).sum()
        low, high = rate_bounds(found.false[i], 40)
        assert (found.fpr_low[i], found.fpr_high[i]) == (low, high)
        worst = precision_at_prevalence(found.recall[i], high, prevalence)
        assert found.low[i] == pytest.approx(worst)
        assert found.low[i] <= found.precision[i] <= found.high[i] <= 1


@given(st.sampled_from([0.1, 0.5, 1.0]), st.sampled_from([1e-2, 1e-4, 1e-6]),
       st.sampled_from([0.1, 0.5, 0.9]))  # fmt: skip
def test_so_many_negatives_without_a_call_show_the_precision(recall, prevalence, precision):
    needed = negatives_needed(recall, prevalence, precision)
    high = 1 - 0.05 ** (1 / needed)  # what is then the upper bound, by the binomial
    assert precision_at_prevalence(recall, high, prevalence) == pytest.approx(precision)


def test_negatives_needed_worked_by_hand():
    # f = 0.5 * 1e-5 / (1 - 1e-5) = 5.00005e-6; ln 20 / f = 599,140.
    assert negatives_needed(0.5, 1e-5) == pytest.approx(599_140, abs=3)
    assert negatives_needed(1.0, 0.9) == 0  # precision is 0.9 if everything is called


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: rate_bounds(3, 2), "count must lie from 0 to total"),
        (lambda: rate_bounds(-1, 2), "count must lie from 0 to total"),
        (lambda: rate_bounds(0, 0), "total must be a whole number of at least 1, got 0"),
        (lambda: rate_bounds(0, 2, 1.0), "confidence must be a number above 0 and below 1"),
        (
            lambda: judge([1, 0], [1, 0], 1),
            "prevalence must be a number above 0 and below 1, got 1",
        ),
        (lambda: negatives_needed(0, 0.1), "recall must be a positive number, got 0"),
        (lambda: negatives_needed(1.5, 0.1), "recall must be a number from 0 to 1, got 1.5"),
        (
            lambda: negatives_needed(0.5, 1),
            "prevalence must be a number above 0 and below 1, got 1",
        ),
        (
            lambda: negatives_needed(0.5, 0.1, 1),
            "precision must be a number above 0 and below 1, got 1",
        ),
    ],
)
def test_bad_input_is_one_sentence_of_resolution(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
