"""Between two points of a precision-recall curve: the path that can be had, and the area under it.

A detector that calls some of what lies between two thresholds, chosen at random, moves from the
counts (TP, FP) at the one to those at the other in a straight line. Precision ``TP / (TP + FP)`` is
then no straight line in recall ``TP / P`` but a hyperbola (Davis & Goadrich 2006).
"""

from __future__ import annotations

import math

import numpy as np

Point = tuple[float, float]
"""True and false positives, (TP, FP)."""


def path(
    first: Point, last: Point, positives: float, points: int = 101
) -> tuple[np.ndarray, np.ndarray]:
    """Recall and precision on the way from one point to another.

    ``FP(TP) = FP_A + s (TP - TP_A)`` with ``s = (FP_B - FP_A) / (TP_B - TP_A)``: the false
    positives that come with each further true one.

    Parameters
    ----------
    first, last : (float, float)
        (TP, FP) at A and B; B has more of the first and no less of the second.
    positives : float
        ``P``, all that there are; at least the true positives of B.
    points : int
        At equal steps of recall, both ends included; at least 2.

    Returns
    -------
    recall, precision : ndarray, shape (points,)

    Raises
    ------
    ValueError
        If the points do not follow each other, or nothing is called at A.

    Examples
    --------
    The example of Davis and Goadrich: 20 positives, from 5 true and 5 false to 10 and 30.

    >>> recall, precision = path((5, 5), (10, 30), positives=20, points=6)
    >>> recall.round(2).tolist(), precision.round(3).tolist()
    ([0.25, 0.3, 0.35, 0.4, 0.45, 0.5], [0.5, 0.375, 0.318, 0.286, 0.265, 0.25])
    """
    _check(first, last, positives)
    true, false = (np.linspace(a, b, points) for a, b in zip(first, last))
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
    _check(first, last, positives)
    (ta, fa), (tb, fb) = first, last
    slope = (fb - fa) / (tb - ta)
    c, d = 1 + slope, fa - slope * ta
    return ((tb - ta) / c - d / c**2 * math.log((tb + fb) / (ta + fa))) / positives


def chord_area(first: Point, last: Point, positives: float) -> float:
    """Area under the straight line between the points, which calling at random cannot give.

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
    _check(first, last, positives)
    (ta, fa), (tb, fb) = first, last
    return (tb - ta) / positives * (ta / (ta + fa) + tb / (tb + fb)) / 2


def _check(first: Point, last: Point, positives: float) -> None:
    (ta, fa), (tb, fb) = first, last
    if not 0 <= ta < tb <= positives:
        raise ValueError(
            "last must have more true positives than first and no more than there are positives, "
            f"got {ta:g}, then {tb:g} of {positives:g}."
        )
    if not 0 <= fa <= fb:
        raise ValueError(
            f"last must have at least the false positives of first, got {fa:g}, then {fb:g}."
        )
    if ta + fa == 0:
        raise ValueError("first must call something, or it has no precision, got (0, 0).")
