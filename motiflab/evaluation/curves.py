"""Precision-recall and ROC curves: points, areas, and the path between two points.

scikit-learn has these curves, too, and the tests compare with it; but loading it takes seconds, for
which a learner would have to wait.

A detector may call a random part of the examples between two thresholds positive. Its counts
(TP, FP) then move along a straight line from those at one threshold to those at the other.
Precision ``TP / (TP + FP)`` is then not linear in recall ``TP / P`` but a hyperbola (Davis &
Goadrich 2006), which `path` returns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import ArgumentError, quoted, require, whole


@dataclass(frozen=True, eq=False)
class Curve:
    """A curve, its area, and the baseline of a score without information.

    Attributes
    ----------
    x, y : ndarray, shape (points,)
        Recall and precision, or false and true positive rate; `x` never falls.
    area : float
        AUPRC or AUROC of all points, also after `thin`.
    baseline : float
        For precision-recall the prevalence: the precision of a random call. For ROC 0.5, the area
        of a random ranking. The expected average precision of a random ranking of few examples is
        slightly above the prevalence: see `average_precision_of_guess`.
    """

    x: np.ndarray
    y: np.ndarray
    area: float
    baseline: float


def precision_recall(labels: ArrayLike, scores: ArrayLike) -> Curve:
    """Precision against recall, one point for each threshold.

    ``precision = TP / (TP + FP)`` and ``recall = TP / P`` among the examples that score at least
    the threshold; ``P`` is the number of positives. The area is the average precision,
    ``sum over n of (R[n] - R[n-1]) * precision[n]``: the area under steps. Straight lines between
    the points would show precisions that no threshold reaches, mostly too high, because precision
    is not linear in recall (Davis & Goadrich 2006). So draw the points as steps, first vertical
    and then horizontal (``"vh"`` in plotly); the area is then the area under the drawing.

    The first point, recall 0 at precision 1, is a convention: nothing is predicted there.

    Parameters
    ----------
    labels : array_like, shape (N,)
        1 for positives, 0 for negatives; both must occur.
    scores : array_like, shape (N,)
        Finite; larger means more likely positive. Any increasing function of the probability
        gives the same curve.

    Returns
    -------
    Curve
        With the prevalence, the share of positives in `labels`, as its baseline.

    Examples
    --------
    >>> curve = precision_recall([1, 0, 1, 0], [4, 3, 2, 1])
    >>> curve.x.tolist(), round(curve.area, 3), curve.baseline
    ([0.0, 0.5, 0.5, 1.0, 1.0], 0.833, 0.5)
    """
    _, true, false = by_threshold(labels, scores)
    return step_curve(true / true[-1], true / (true + false), true[-1] / (true[-1] + false[-1]))


def step_curve(recall: np.ndarray, precision: np.ndarray, prevalence: float) -> Curve:
    """Return the precision-recall curve of points, from the highest threshold to the lowest.

    Its area is the sum of the precisions, each multiplied by the recall that its point adds.

    Parameters
    ----------
    recall, precision : ndarray, shape (T,)
        At each of T thresholds.
    prevalence : float
        The precision of random calls.

    Returns
    -------
    Curve
        Beginning at recall 0 and precision 1.

    Examples
    --------
    >>> curve = step_curve(np.array([0.5, 1.0]), np.array([1.0, 0.8]), 0.5)
    >>> curve.x.tolist(), curve.y.tolist(), curve.area
    ([0.0, 0.5, 1.0], [1.0, 1.0, 0.8], 0.9)
    """
    area = float(np.diff(recall, prepend=0.0) @ precision)
    return Curve(np.append(0.0, recall), np.append(1.0, precision), area, float(prevalence))


def average_precision_of_guess(positives: int, negatives: int) -> float:
    """Expected average precision of a random ranking of a finite set.

    ``pi + (1 - pi) (H_n - 1) / (n - 1)`` with ``P`` positives, ``N`` negatives, ``n = P + N``, the
    prevalence ``pi = P / n`` and ``H_n = 1 + 1/2 + ... + 1/n``. Average precision is the mean of
    the precisions at the positives. The positive at rank ``k`` counts itself, and each of the
    ``k - 1`` above it is positive with probability ``(P - 1) / (n - 1)``; the mean over all ranks
    gives it. It exceeds ``pi`` by about ``(ln n - 0.42) / n`` for rare positives and tends to
    ``pi`` as ``n`` grows. If all scores are equal, the average precision is ``pi`` itself.

    Parameters
    ----------
    positives, negatives : int
        ``P`` and ``N``, at least 1.

    Returns
    -------
    float

    Examples
    --------
    A third are positive; few of them, then many:

    >>> [round(average_precision_of_guess(p, 2 * p), 4) for p in (10, 120, 100_000)]
    [0.4022, 0.3435, 0.3334]
    """
    from scipy.special import digamma

    n = whole("positives", positives) + whole("negatives", negatives)
    prevalence, harmonic = positives / n, digamma(n + 1) + np.euler_gamma
    return float(prevalence + (1 - prevalence) * (harmonic - 1) / (n - 1))


def roc(labels: ArrayLike, scores: ArrayLike) -> Curve:
    """ROC curve: true against false positive rate, with one point for each corner.

    ``TPR = TP / P`` and ``FPR = FP / N`` among the examples that score at least the threshold, with
    ``P`` positives and ``N`` negatives. The area is the probability that a random positive scores
    higher than a random negative, with ties counted as one half. Here straight lines between
    points are correct. Neither axis depends on the prevalence.

    Parameters
    ----------
    labels, scores
        As for `precision_recall`.

    Returns
    -------
    Curve
        With 0.5 as its baseline.

    Examples
    --------
    >>> curve = roc([1, 0, 1, 0], [4, 3, 2, 1])
    >>> curve.x.tolist(), curve.y.tolist(), curve.area
    ([0.0, 0.0, 0.5, 0.5, 1.0], [0.0, 0.5, 0.5, 1.0, 1.0], 0.75)
    """
    _, true, false = by_threshold(labels, scores)
    # A point in the middle of a straight line is not needed.
    bends = (np.diff(true, 2, prepend=0) != 0) | (np.diff(false, 2, prepend=0) != 0)
    corners = np.append(np.flatnonzero(bends), len(true) - 1)
    tpr, fpr = (np.append(0, n[corners]) / n[-1] for n in (true, false))
    return Curve(fpr, tpr, float(np.trapezoid(tpr, fpr)), 0.5)


def by_threshold(labels: ArrayLike, scores: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the distinct scores, falling, and how many positives and negatives reach each.

    Labels and scores are as for `precision_recall`.

    Examples
    --------
    >>> [row.tolist() for row in by_threshold([1, 0, 1, 0], [4, 3, 3, 1])]
    [[4.0, 3.0, 1.0], [1, 2, 2], [0, 1, 2]]
    """
    labels, scores = check_scored(labels, scores)
    # Equal scores are called together: only the last of each run of them is a threshold.
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.flatnonzero(np.diff(scores[order])), len(order) - 1)
    true = np.cumsum(labels[order] == 1)[last]
    return scores[order][last], true, last + 1 - true


def auroc_by_column(labels: ArrayLike, scores: ArrayLike) -> np.ndarray:
    """AUROC of many scores at once, for example of every filter of a network.

    ``U / (P N)`` with ``P`` positives, ``N`` negatives and ``U`` the number of pairs in which the
    positive scores higher, with ties counted as one half (Mann & Whitney 1947). It equals the area
    of `roc`.

    Parameters
    ----------
    labels : array_like of 0 and 1, shape (n,)
        Both must occur.
    scores : array_like, shape (n, columns)
        Finite; one score a column.

    Returns
    -------
    ndarray, shape (columns,)

    Examples
    --------
    >>> auroc_by_column([1, 0, 1, 0], [[4, 1], [3, 1], [2, 1], [1, 1]]).tolist()
    [0.75, 0.5]
    """
    labels, scores = check_scored(labels, scores, columns=True)
    positives, negatives = scores[labels == 1], np.sort(scores[labels == 0], axis=0)
    # Number of negatives below each positive, with and without ties.
    won = [
        (np.searchsorted(n, p, "left").sum() + np.searchsorted(n, p, "right").sum()) / 2
        for n, p in zip(negatives.T, positives.T)
    ]
    return np.array(won) / (len(positives) * len(negatives))


def thin(curve: Curve, points: int = 200) -> Curve:
    """The same curve with at most `points` points, for a small message to the browser.

    Points at equal distances along the curve are kept, measured as ``|dx| + |dy|``, and always the
    first and the last. So every omitted point is within ``1 / (points - 1)`` of the length of the
    curve from one that is kept. Area and baseline stay those of the full curve.

    Parameters
    ----------
    curve : Curve
    points : int
        At least 2.

    Returns
    -------
    Curve

    Examples
    --------
    >>> curve = roc([0, 1] * 500, range(1000))
    >>> len(curve.x) > 400, len(thin(curve, 50).x) <= 50
    (True, True)
    """
    whole("points", points, 2)
    if len(curve.x) <= points:
        return curve
    steps = np.abs(np.diff(curve.x)) + np.abs(np.diff(curve.y))
    along = np.append(0.0, np.cumsum(steps))
    kept = np.unique(np.searchsorted(along, np.linspace(0.0, along[-1], points)))
    kept[-1] = len(along) - 1  # the last of several points at the full length
    return replace(curve, x=curve.x[kept], y=curve.y[kept])


def check_rates(argument: str, rates: ArrayLike) -> np.ndarray:
    """Return rates as floats, or raise an `ArgumentError` if one is not from 0 to 1.

    >>> check_rates("tpr", [0, 1]).tolist()
    [0.0, 1.0]
    """
    rates = np.asarray(rates, dtype=float)
    wrong = rates[~((rates >= 0) & (rates <= 1))]  # true for nan, too
    if wrong.size:
        raise ArgumentError(argument, f"{argument} must lie from 0 to 1, got {wrong[0]:g}.")
    return rates


def check_labels(labels: ArrayLike, both: bool = True, many: int | None = None) -> np.ndarray:
    """Return labels as integers, or raise an `ArgumentError` unless all are 0 or 1.

    Parameters
    ----------
    labels : array_like, shape (N,)
    both : bool
        Whether each of the two must occur.
    many : int, optional
        Required number of labels; any if not given.

    Examples
    --------
    >>> check_labels([True, False]).tolist()
    [1, 0]
    """
    labels = np.asarray(labels)
    require(
        "labels",
        many is None or labels.shape == (many,),
        f"be one for each of the {many} sequences",
    )
    wrong = labels[~np.isin(labels, (0, 1))]
    if wrong.size:
        raise ArgumentError("labels", f"labels must be 0 or 1, got {quoted(wrong[0])}.")
    found = np.unique(labels).tolist()
    require("labels", not both or len(found) == 2, f"hold both 0 and 1, got {found}")
    return labels.astype(int)


def check_scored(
    labels: ArrayLike, scores: ArrayLike, columns: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Return labels as integers and scores as floats, or raise an `ArgumentError`.

    Parameters
    ----------
    labels : array_like, shape (N,)
        0 or 1; both must occur.
    scores : array_like, shape (N,), or (N, columns) if `columns` is set
        Finite numbers.

    Examples
    --------
    >>> labels, scores = check_scored([True, False], [2, 1])
    >>> labels.tolist(), scores.tolist()
    ([1, 0], [2.0, 1.0])
    """
    labels, scores = np.asarray(labels), np.asarray(scores, dtype=float)
    rows = labels.ndim == 1 and scores.ndim <= (2 if columns else 1)
    require(
        "scores",
        rows and labels.shape == scores.shape[:1],
        f"be two rows of the same length, got the shapes {labels.shape} and {scores.shape}",
        "labels and scores",
    )
    require("scores", np.isfinite(scores).all(), "be finite numbers, got infinity or nan")
    return check_labels(labels), scores


Point = tuple[float, float]
"""True and false positives, (TP, FP)."""


def path(
    first: Point, last: Point, positives: float, points: int = 101
) -> tuple[np.ndarray, np.ndarray]:
    """Recall and precision on the path between two points of a precision-recall curve.

    ``FP(TP) = FP_A + s (TP - TP_A)`` with ``s = (FP_B - FP_A) / (TP_B - TP_A)``: the false
    positives that come with each further true one.

    Parameters
    ----------
    first, last : (float, float)
        (TP, FP) at A and B; B has more TP and at least as many FP.
    positives : float
        ``P``, the number of all positives; at least the true positives of B.
    points : int
        Number of points, at equal steps of recall and including both ends; at least 2.

    Returns
    -------
    recall, precision : ndarray, shape (points,)

    Examples
    --------
    The example of Davis and Goadrich: 20 positives, from 5 true and 5 false to 10 and 30.

    >>> recall, precision = path((5, 5), (10, 30), positives=20, points=6)
    >>> recall.round(2).tolist(), precision.round(3).tolist()
    ([0.25, 0.3, 0.35, 0.4, 0.45, 0.5], [0.5, 0.375, 0.318, 0.286, 0.265, 0.25])
    """
    ta, fa, tb, fb = _ends(first, last, positives)
    true, false = np.linspace(ta, tb, points), np.linspace(fa, fb, points)
    return true / positives, true / (true + false)


def path_area(first: Point, last: Point, positives: float) -> float:
    """Area under the hyperbola of `path`, in closed form.

    ``[(TP_B - TP_A) / c - (d / c**2) ln((TP_B + FP_B) / (TP_A + FP_A))] / P`` with ``c = 1 + s``
    and ``d = FP_A - s TP_A``: the integral of ``t / (c t + d)``.

    Parameters
    ----------
    first, last, positives
        As for `path`.

    Returns
    -------
    float

    Examples
    --------
    >>> round(path_area((5, 5), (10, 30), positives=20), 4)
    0.0802
    """
    ta, fa, tb, fb = _ends(first, last, positives)
    slope = (fb - fa) / (tb - ta)
    c, d = 1 + slope, fa - slope * ta
    return ((tb - ta) / c - d / c**2 * math.log((tb + fb) / (ta + fa))) / positives


def chord_area(first: Point, last: Point, positives: float) -> float:
    """Area under the straight line between the points, which no random calling reaches.

    ``(TP_B - TP_A) / P * (precision_A + precision_B) / 2``. Compared with
    `path_area` it is too large where precision falls from A to B, and too small where it rises.

    Parameters
    ----------
    first, last, positives
        As for `path`.

    Returns
    -------
    float

    Examples
    --------
    >>> chord_area((5, 5), (10, 30), positives=20)
    0.09375
    """
    ta, fa, tb, fb = _ends(first, last, positives)
    return (tb - ta) / positives * (ta / (ta + fa) + tb / (tb + fb)) / 2


def _ends(first: Point, last: Point, positives: float) -> tuple[float, float, float, float]:
    """Return TP and FP of A, then those of B, checked."""
    (ta, fa), (tb, fb) = first, last
    require(
        "last",
        0 <= ta < tb <= positives,
        "have more true positives than first and no more than there are positives, "
        f"got {ta:g}, then {tb:g} of {positives:g}",
    )
    require(
        "last",
        0 <= fa <= fb,
        f"have at least the false positives of first, got {fa:g}, then {fb:g}",
    )
    require("first", ta + fa > 0, "call something, or it has no precision, got (0, 0)")
    return ta, fa, tb, fb
