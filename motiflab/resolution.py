"""What a limited number of negatives can say about a false positive rate, and so about precision.

`N` negatives of which none is called do not show a false positive rate of 0, nor a precision of 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from motiflab.metrics import precision_at_prevalence
from motiflab.quoting import quoted
from motiflab.rare import by_threshold


@dataclass(frozen=True, eq=False)
class Judgement:
    """What is known at each recall, from the strictest threshold to the mildest.

    Attributes
    ----------
    threshold, recall : ndarray, shape (points,)
        The positives' scores, falling, each once, and the share of positives that reach them.
    false : ndarray of int, shape (points,)
        Negatives that reach the threshold, of the `negatives` that were looked at.
    fpr_low, fpr_high : ndarray, shape (points,)
        Bounds of the false positive rate.
    precision : ndarray, shape (points,)
        With the observed false positive rate: 1 wherever `false` is 0, whatever the truth.
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
    """Bounds of a rate of which `count` cases in `total` were seen, exact for a binomial count.

    The upper bound is the rate at which so few cases would be seen with a chance of only
    ``1 - confidence``, the lower bound the one for so many (Clopper & Pearson 1934, each bound
    one-sided). With no case seen, the upper bound at 95 % is ``1 - 0.05**(1 / total)``, nearly
    ``3 / total``: the rule of three.

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

    Raises
    ------
    ValueError
        If an argument is out of its range.

    Examples
    --------
    >>> low, high = rate_bounds(0, 3000)
    >>> f"{low:.5f} {high:.5f}"
    '0.00000 0.00100'
    """
    from scipy.stats import beta

    k = np.asarray(count, dtype=float)
    if total < 1 or (k < 0).any() or (k > total).any():
        raise ValueError(
            f"count must lie from 0 to total and total be 1 or more, got {quoted(count)} of "
            f"{quoted(total)}."
        )
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {quoted(confidence)}.")
    with np.errstate(invalid="ignore"):  # beta with a parameter 0 is nan, and replaced
        low = np.where(k == 0, 0.0, beta.ppf(1 - confidence, k, total - k + 1))
        high = np.where(k == total, 1.0, beta.ppf(confidence, k + 1, total - k))
    return low, high


def judge(
    labels: ArrayLike, scores: ArrayLike, prevalence: float, confidence: float = 0.95
) -> Judgement:
    """Say at each recall what the precision is at a prevalence, and how well that is known.

    Only the false positive rate is taken as uncertain (`rate_bounds`): where positives are rare it
    decides. The bounds hold for one threshold at a time, chosen beforehand, not for all together.

    Parameters
    ----------
    labels, scores : array_like, shape (n,)
        As for `metrics.precision_recall`.
    prevalence : float
        ``pi``, greater than 0 and less than 1.
    confidence : float
        Of each bound, between 0 and 1.

    Returns
    -------
    Judgement
        One point for each recall that occurs, at the strictest threshold that has it.

    Raises
    ------
    ValueError
        As for `rare.precision_recall_at` and `rate_bounds`.

    Examples
    --------
    No negative reaches the three positives, but there are only 100 negatives:

    >>> found = judge([1] * 3 + [0] * 100, range(103, 0, -1), prevalence=0.001)
    >>> int(found.false[2]), float(found.precision[2]), round(float(found.low[2]), 3)
    (0, 1.0, 0.033)
    """
    level, true, false = by_threshold(labels, scores)
    negatives = int(false[-1])
    rises = np.diff(true, prepend=0) > 0  # other thresholds let in negatives alone
    level, recall, false = level[rises], (true / true[-1])[rises], false[rises]
    low, high = rate_bounds(false, negatives, confidence)
    observed, worst, best = (
        precision_at_prevalence(recall, rate, prevalence) for rate in (false / negatives, high, low)
    )
    return Judgement(level, recall, false, low, high, observed, worst, best, negatives)


def negatives_needed(
    recall: float, prevalence: float, precision: float = 0.5, confidence: float = 0.95
) -> float:
    """Number of negatives that must all stay below the threshold to show a precision.

    The precision is reached at the false positive rate ``f = R pi (1 - p) / (p (1 - pi))``, with
    recall ``R`` and precision ``p``. None of ``N`` negatives above the threshold shows that the
    rate is at most ``f`` if ``(1 - f)**N = 1 - confidence``; for small ``f`` and 95 %, ``N`` is
    nearly ``3 / f``.

    Parameters
    ----------
    recall, prevalence, precision, confidence : float
        Each greater than 0; the last three less than 1, the recall at most 1.

    Returns
    -------
    float
        Not rounded; 0 where the precision is had even if every negative is called.

    Raises
    ------
    ValueError
        If an argument is out of its range.

    Examples
    --------
    >>> f"{negatives_needed(recall=0.5, prevalence=1e-5):,.0f}"
    '599,139'
    """
    for name, value in (("recall", recall), ("prevalence", prevalence),
                        ("precision", precision), ("confidence", confidence)):  # fmt: skip
        if not (0 < value < 1 or (name == "recall" and value == 1)):
            raise ValueError(f"{name} must lie between 0 and 1, got {quoted(value)}.")
    rate = recall * prevalence * (1 - precision) / (precision * (1 - prevalence))
    return float(np.log(1 - confidence) / np.log1p(-rate)) if rate < 1 else 0.0
