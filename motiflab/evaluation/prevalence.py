"""Rare positives: confusion counts, precision at any prevalence, and its uncertainty.

A sequence is called positive if it scores at least the threshold. `P` and `N` are the numbers of
positives and negatives in the sample, `pi` is the prevalence where the detector will be used. If
none of `N` negatives is called, the false positive rate need not be 0, nor the precision 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import ArgumentError, between, inside, quoted, whole
from motiflab.evaluation.curves import Curve, by_threshold, check_rates, step_curve


def precision_at_prevalence(
    tpr: ArrayLike, fpr: ArrayLike, prevalence: float
) -> float | np.ndarray:
    """Precision of a point of a ROC curve at a given prevalence.

    ``precision = TPR * pi / (TPR * pi + FPR * (1 - pi))`` with the prevalence ``pi``: Bayes' rule.

    Parameters
    ----------
    tpr, fpr : float or array_like
        True and false positive rate, from 0 to 1.
    prevalence : float
        ``pi``, the share of positives, greater than 0 and less than 1.

    Returns
    -------
    float or ndarray
        nan if both rates are 0: nothing is called positive.

    Examples
    --------
    A perfect recall at a false positive rate of one in a hundred, 1,000 sites and 10**8 others:

    >>> f"{precision_at_prevalence(1.0, 0.01, 1e3 / (1e3 + 1e8)):.6f}"
    '0.000999'
    """
    tpr, fpr = check_rates("tpr", tpr), check_rates("fpr", fpr)
    inside("prevalence", prevalence, 0, 1)
    true, false = tpr * prevalence, fpr * (1 - prevalence)
    with np.errstate(invalid="ignore"):  # 0 / 0 is documented to be nan
        precision = true / (true + false)
    return precision if precision.ndim else float(precision)


class Counts(NamedTuple):
    """Confusion counts at a threshold: true and false positives, false and true negatives.

    Counts are whole numbers; expected counts need not be.
    """

    tp: float
    fp: float
    fn: float
    tn: float


def confusion(labels: ArrayLike, scores: ArrayLike, threshold: float) -> Counts:
    """Count the true and false positives and negatives at a threshold.

    Parameters
    ----------
    labels, scores : array_like, shape (n,)
        As for `precision_recall`.
    threshold : float
        A sequence is called positive if it scores at least as much.

    Returns
    -------
    Counts
        Whole numbers that sum to n.

    Examples
    --------
    >>> confusion([1, 0, 1, 0], [4, 3, 2, 1], threshold=3)
    Counts(tp=1, fp=1, fn=1, tn=1)
    """
    level, true, false = by_threshold(labels, scores)
    called = np.searchsorted(-level, -threshold, side="right")  # levels at or above it
    tp, fp = (int(np.append(0, counts)[called]) for counts in (true, false))
    return Counts(tp, fp, int(true[-1]) - tp, int(false[-1]) - fp)


def expected_counts(tpr: float, fpr: float, positives: float, negatives: float) -> Counts:
    """Expected counts of a detector with given rates: ``TP = TPR P`` and ``FP = FPR N``.

    Parameters
    ----------
    tpr, fpr : float
        True and false positive rate, from 0 to 1.
    positives, negatives : float
        ``P`` and ``N``, not negative.

    Returns
    -------
    Counts

    Examples
    --------
    >>> expected_counts(1.0, 0.01, positives=1e3, negatives=1e8).fp
    1000000.0
    """
    between("tpr", tpr, 0, 1)
    between("fpr", fpr, 0, 1)
    between("positives", positives, 0)
    between("negatives", negatives, 0)
    tp, fp = tpr * positives, fpr * negatives
    return Counts(tp, fp, positives - tp, negatives - fp)


def precision_recall_at(labels: ArrayLike, scores: ArrayLike, prevalence: float) -> Curve:
    """Precision-recall curve corrected to a given prevalence.

    The rates stay the same and the classes are reweighted: precision is
    ``TPR pi / (TPR pi + FPR (1 - pi))`` at each threshold. The area is the average precision. If
    `pi` is the share of positives in `labels`, the curve is that of `precision_recall`.

    Parameters
    ----------
    labels, scores : array_like, shape (n,)
        As for `precision_recall`.
    prevalence : float
        ``pi``, greater than 0 and less than 1.

    Returns
    -------
    Curve
        With `prevalence` as its baseline: the precision of a random call. The area of a random
        ranking of a finite sample is larger on average (`average_precision_of_guess`), especially
        if positives are much rarer than in the sample: with 20 positives and 80 negatives it is
        0.024 at ``pi = 0.01``. It is exactly ``pi`` only if all scores are equal.

    Examples
    --------
    >>> labels, scores = [1, 0, 1, 0], [4, 3, 2, 1]
    >>> [round(precision_recall_at(labels, scores, pi).area, 3) for pi in (0.5, 0.001)]
    [0.833, 0.501]
    """
    _, true, false = by_threshold(labels, scores)
    recall = true / true[-1]
    precision = precision_at_prevalence(recall, false / false[-1], prevalence)
    return step_curve(recall, precision, prevalence)


@dataclass(frozen=True, eq=False)
class Judgement:
    """Precision and its bounds at each recall, from the highest threshold to the lowest.

    Attributes
    ----------
    threshold, recall : ndarray, shape (points,)
        The distinct scores of positives, falling, and the share of positives that reach them.
    false : ndarray of int, shape (points,)
        Number of negatives that reach the threshold, out of `negatives`.
    fpr_low, fpr_high : ndarray, shape (points,)
        Bounds of the false positive rate.
    precision : ndarray, shape (points,)
        With the observed false positive rate: 1 if `false` is 0, whatever the true rate.
    low, high : ndarray, shape (points,)
        Bounds of the precision: with the false positive rate at its upper and at its lower bound.
    negatives : int
    """

    threshold: np.ndarray
    recall: np.ndarray
    false: np.ndarray
    fpr_low: np.ndarray
    fpr_high: np.ndarray
    precision: np.ndarray
    low: np.ndarray
    high: np.ndarray
    negatives: int


def rate_bounds(
    count: ArrayLike, total: int, confidence: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Exact binomial confidence bounds of a rate, from `count` cases in `total`.

    At the upper bound, `count` cases or fewer have the probability ``1 - confidence``; at the
    lower bound, `count` or more have it (Clopper & Pearson 1934, each bound one-sided). For a
    count of 0 the upper bound at 95 % is ``1 - 0.05**(1 / total)``, nearly ``3 / total``: the rule
    of three.

    Parameters
    ----------
    count : int or array_like of int
        From 0 to `total`.
    total : int
        At least 1.
    confidence : float
        Of each bound, between 0 and 1.

    Returns
    -------
    low, high : ndarray
        In the shape of `count`.

    Examples
    --------
    >>> low, high = rate_bounds(0, 3000)
    >>> f"{low:.5f} {high:.5f}"
    '0.00000 0.00100'
    """
    from scipy.special import betaincinv

    k = np.asarray(count, dtype=float)
    whole("total", total)
    if not ((k >= 0) & (k <= total)).all():
        raise ArgumentError(
            "count", f"count must lie from 0 to total, got {quoted(count)} of {quoted(total)}."
        )
    inside("confidence", confidence, 0, 1)
    # The probability of at least k cases is a beta distribution function of the rate, so the
    # bounds are quantiles of beta distributions, except for counts of 0 and `total`.
    low = np.where(k == 0, 0.0, betaincinv(k, total - k + 1, 1 - confidence))
    high = np.where(k == total, 1.0, betaincinv(k + 1, total - k, confidence))
    return low, high


def judge(
    labels: ArrayLike, scores: ArrayLike, prevalence: float, confidence: float = 0.95
) -> Judgement:
    """Return the precision at a prevalence, with confidence bounds, for each recall.

    Only the false positive rate is treated as uncertain (`rate_bounds`): it matters most if
    positives are rare. The bounds hold for one threshold chosen beforehand, not for all together.

    Parameters
    ----------
    labels, scores : array_like, shape (n,)
        As for `precision_recall`.
    prevalence : float
        ``pi``, greater than 0 and less than 1.
    confidence : float
        Of each bound, between 0 and 1.

    Returns
    -------
    Judgement
        One point for each recall that occurs, at the highest threshold that reaches it.

    Examples
    --------
    No negative reaches the three positives, but there are only 100 negatives:

    >>> found = judge([1] * 3 + [0] * 100, range(103, 0, -1), prevalence=0.001)
    >>> int(found.false[2]), float(found.precision[2]), round(float(found.low[2]), 3)
    (0, 1.0, 0.033)
    """
    level, true, false = by_threshold(labels, scores)
    negatives = int(false[-1])
    rises = np.diff(true, prepend=0) > 0  # all other thresholds add negatives only
    level, recall, false = level[rises], (true / true[-1])[rises], false[rises]
    low, high = rate_bounds(false, negatives, confidence)
    observed, worst, best = (
        precision_at_prevalence(recall, rate, prevalence) for rate in (false / negatives, high, low)
    )
    return Judgement(level, recall, false, low, high, observed, worst, best, negatives)


def negatives_needed(
    recall: float, prevalence: float, precision: float = 0.5, confidence: float = 0.95
) -> float:
    """Number of negatives, all below the threshold, that are needed to show a precision.

    The precision is reached at the false positive rate ``f = R pi (1 - p) / (p (1 - pi))``, with
    recall ``R`` and precision ``p``. If none of ``N`` negatives reaches the threshold and
    ``(1 - f)**N = 1 - confidence``, the rate is at most ``f`` with this confidence. For small
    ``f`` and 95 %, ``N`` is nearly ``3 / f``.

    Parameters
    ----------
    recall, prevalence, precision, confidence : float
        Each greater than 0; the last three less than 1, the recall at most 1.

    Returns
    -------
    float
        Not rounded; 0 if the precision is reached even when every negative is called positive.

    Examples
    --------
    >>> f"{negatives_needed(recall=0.5, prevalence=1e-5):,.0f}"
    '599,139'
    """
    inside("recall", recall, 0)
    between("recall", recall, 0, 1)
    inside("prevalence", prevalence, 0, 1)
    inside("precision", precision, 0, 1)
    inside("confidence", confidence, 0, 1)
    rate = recall * prevalence * (1 - precision) / (precision * (1 - prevalence))
    return float(np.log(1 - confidence) / np.log1p(-rate)) if rate < 1 else 0.0
