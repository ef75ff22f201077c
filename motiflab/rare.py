"""A detector where positives are rare: who is called at a threshold, precision at any prevalence.

A sequence is called positive if it scores at least the threshold. `P` and `N` are the numbers of
positives and negatives in the sample, `pi` the prevalence where the detector is to be used.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from motiflab.metrics import Curve, check_scored, precision_at_prevalence
from motiflab.quoting import quoted


class Counts(NamedTuple):
    """What a threshold does: true and false positives, false and true negatives.

    Whole numbers if they were counted; expected numbers need not be whole.
    """

    tp: float
    fp: float
    fn: float
    tn: float


def confusion(labels: ArrayLike, scores: ArrayLike, threshold: float) -> Counts:
    """Count who is called, rightly and wrongly, at a threshold.

    Parameters
    ----------
    labels, scores : array_like, shape (n,)
        As for `metrics.precision_recall`.
    threshold : float
        Called is what scores at least as much.

    Returns
    -------
    Counts
        Whole numbers that sum to n.

    Raises
    ------
    ValueError
        As for `metrics.precision_recall`.

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
    """Counts to expect of a detector with these rates: ``TP = TPR P`` and ``FP = FPR N``.

    Parameters
    ----------
    tpr, fpr : float
        True and false positive rate, from 0 to 1.
    positives, negatives : float
        ``P`` and ``N``, not negative.

    Examples
    --------
    >>> expected_counts(1.0, 0.01, positives=1e3, negatives=1e8).fp
    1000000.0

    Returns
    -------
    Counts
    """
    for name, rate in (("tpr", tpr), ("fpr", fpr)):
        if not 0 <= rate <= 1:
            raise ValueError(f"{name} must lie from 0 to 1, got {quoted(rate)}.")
    for name, number in (("positives", positives), ("negatives", negatives)):
        if not 0 <= number < np.inf:
            raise ValueError(f"{name} must be a number of at least 0, got {quoted(number)}.")
    tp, fp = tpr * positives, fpr * negatives
    return Counts(tp, fp, positives - tp, negatives - fp)


def precision_recall_at(labels: ArrayLike, scores: ArrayLike, prevalence: float) -> Curve:
    """Precision against recall as it would be if positives were as rare as `prevalence`.

    The rates stay what they are and the classes are given other weights: precision is
    ``TPR pi / (TPR pi + FPR (1 - pi))`` at each threshold. The area is the average precision, as
    in `metrics.precision_recall`, which this is if `pi` is the share of positives in `labels`.

    Parameters
    ----------
    labels, scores : array_like, shape (n,)
        As for `metrics.precision_recall`.
    prevalence : float
        ``pi``, greater than 0 and less than 1.

    Returns
    -------
    Curve
        With `prevalence` as its baseline: the precision of a random call. The area of a random
        ranking of a finite sample is larger on average (`metrics.average_precision_of_guess`), and
        the more so the rarer positives are than in the sample: with 20 positives and 80 negatives
        it is 0.024 at ``pi = 0.01``. Only if all scores are equal is it exactly ``pi``.

    Raises
    ------
    ValueError
        As for `metrics.precision_recall`; also for a prevalence of 0 or 1 or beyond.

    Examples
    --------
    >>> labels, scores = [1, 0, 1, 0], [4, 3, 2, 1]
    >>> [round(precision_recall_at(labels, scores, pi).area, 3) for pi in (0.5, 0.001)]
    [0.833, 0.501]
    """
    _, true, false = by_threshold(labels, scores)
    recall = true / true[-1]
    precision = precision_at_prevalence(recall, false / false[-1], prevalence)
    area = float(np.diff(recall, prepend=0.0) @ precision)
    return Curve(np.append(0.0, recall), np.append(1.0, precision), area, prevalence)


def by_threshold(labels: ArrayLike, scores: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the different scores, falling, and how many positives and negatives reach each.

    Labels and scores are as for `metrics.precision_recall`, which also says what is refused.

    Examples
    --------
    >>> [row.tolist() for row in by_threshold([1, 0, 1, 0], [4, 3, 3, 1])]
    [[4.0, 3.0, 1.0], [1, 2, 2], [0, 1, 2]]
    """
    labels, scores = check_scored(labels, scores)
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.flatnonzero(np.diff(scores[order])), len(order) - 1)
    true = np.cumsum(labels[order] == 1)[last]
    return scores[order][last], true, last + 1 - true
