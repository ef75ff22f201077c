"""Bounds of rates against scipy, the rule of three, and what they mean for precision."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from motiflab.metrics import precision_at_prevalence
from motiflab.resolution import judge, negatives_needed, rate_bounds


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
        (lambda: rate_bounds(0, 0), "total be 1 or more"),
        (lambda: rate_bounds(0, 2, 1.0), "confidence must lie between 0 and 1"),
        (lambda: judge([1, 0], [1, 0], 1), "prevalence must lie between 0 and 1, got 1"),
        (lambda: negatives_needed(0, 0.1), "recall must lie between 0 and 1, got 0"),
        (lambda: negatives_needed(0.5, 1), "prevalence must lie between 0 and 1, got 1"),
        (lambda: negatives_needed(0.5, 0.1, 1), "precision must lie between 0 and 1, got 1"),
    ],
)
def test_bad_input_is_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
