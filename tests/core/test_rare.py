"""Counts and precision at any prevalence, against scikit-learn's weights and hand-worked cases."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import (
    average_precision_score,
    confusion_matrix,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)

from motiflab.metrics import precision_recall
from motiflab.rare import by_threshold, confusion, expected_counts, precision_recall_at

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
        (lambda: precision_recall_at([1, 0], [2, 1], 0), "prevalence must lie between 0 and 1"),
        (lambda: precision_recall_at([1, 0], [2, 1], 1), "prevalence must lie between 0 and 1"),
        (lambda: confusion([1, 1], [2, 1], 0), "labels must hold both 0 and 1"),
        (lambda: expected_counts(1.2, 0, 1, 1), r"tpr must lie from 0 to 1, got 1\.2"),
        (lambda: expected_counts(1, -0.1, 1, 1), r"fpr must lie from 0 to 1, got -0\.1"),
        (lambda: expected_counts(1, 0, -1, 1), "positives must be a number of at least 0"),
        (lambda: expected_counts(1, 0, 1, np.inf), "negatives must be a number of at least 0"),
    ],
)
def test_bad_input_is_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
