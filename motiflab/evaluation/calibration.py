"""Calibration of predicted probabilities, and their correction for another prevalence.

Among sequences with a predicted probability of 0.2 from a calibrated network, one in five is
positive. AUROC and AUPRC do not measure this: they stay the same if all logits are shifted.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import inside, whole
from motiflab.evaluation.curves import check_rates, check_scored


class Reliability(NamedTuple):
    """Predicted and observed share of positives in each bin that is not empty.

    Attributes
    ----------
    predicted : ndarray, shape (bins,)
        Mean of the predicted probabilities, rising.
    observed : ndarray, shape (bins,)
        Share of positives.
    count : ndarray of int, shape (bins,)
        Number of sequences.
    """

    predicted: np.ndarray
    observed: np.ndarray
    count: np.ndarray


def reliability(labels: ArrayLike, probabilities: ArrayLike, bins: int = 10) -> Reliability:
    """Compare predicted probabilities with the shares of positives, in bins of equal width.

    Parameters
    ----------
    labels : array_like, shape (n,)
        0 or 1; both must occur.
    probabilities : array_like, shape (n,)
        From 0 to 1.
    bins : int
        1 to 100; a bin includes its upper end, and the first one also 0.

    Returns
    -------
    Reliability

    Examples
    --------
    >>> found = reliability([0, 0, 1, 1], [0.1, 0.3, 0.4, 0.9], bins=2)
    >>> found.predicted.round(2).tolist(), found.observed.round(2).tolist(), found.count.tolist()
    ([0.27, 0.9], [0.33, 1.0], [3, 1])
    """
    labels, probabilities = _checked(labels, probabilities)
    edges = np.linspace(0, 1, whole("bins", bins, 1, 100) + 1)
    place = np.searchsorted(edges[1:-1], probabilities)
    count = np.bincount(place, minlength=bins)
    sums = [np.bincount(place, weights, bins)[count > 0] for weights in (probabilities, labels)]
    count = count[count > 0]
    return Reliability(sums[0] / count, sums[1] / count, count)


def brier_score(labels: ArrayLike, probabilities: ArrayLike) -> float:
    """Brier score: the mean squared difference of probability and label (Brier 1950).

    0 is perfect. Predicting the share of positives ``pi`` for every sequence gives ``pi (1 - pi)``.

    Parameters
    ----------
    labels, probabilities : array_like, shape (n,)
        As for `reliability`.

    Returns
    -------
    float
        From 0 to 1.

    Examples
    --------
    >>> round(brier_score([0, 1], [0.1, 0.6]), 3)
    0.085
    """
    labels, probabilities = _checked(labels, probabilities)
    return float(((probabilities - labels) ** 2).mean())


def shift_prior(logits: ArrayLike, trained: float, used: float) -> np.ndarray:
    """Correct logits for a prevalence that differs from that of the training set.

    By Bayes' rule a logit is a log-likelihood ratio plus the log odds of the prevalence, so
    ``z - ln(trained / (1 - trained)) + ln(used / (1 - used))`` replaces the one prevalence by the
    other (Elkan 2001). It is exact if both classes look the same in both places, and if the
    network has learned the ratio. The order of the sequences does not change.

    Parameters
    ----------
    logits : array_like
        ``z``, in nats.
    trained : float
        Share of positives in the training set, above 0 and below 1; for a weighted training, the
        `weighted_share`.
    used : float
        Share of positives where the network is used, above 0 and below 1.

    Returns
    -------
    ndarray
        Corrected logits, in the shape of `logits`.

    Examples
    --------
    From one in two to one in a hundred: minus ln 99.

    >>> shift_prior([0.0, 5.0], trained=0.5, used=0.01).round(3).tolist()
    [-4.595, 0.405]
    """
    inside("trained", trained, 0, 1)
    inside("used", used, 0, 1)
    change = np.log(used / (1 - used)) - np.log(trained / (1 - trained))
    return np.asarray(logits, dtype=float) + change


def weighted_share(share: float, weight: float) -> float:
    """Effective share of positives in a training in which they have a larger weight.

    The weight ``w`` of the positives multiplies their odds: ``w pi / (w pi + 1 - pi)``.

    Parameters
    ----------
    share : float
        ``pi``, the share of positives in the training set, above 0 and below 1.
    weight : float
        ``w``, above 0: `positive_weight` of `motiflab.networks.TrainSettings`.

    Returns
    -------
    float
        Above 0 and below 1.

    Examples
    --------
    >>> weighted_share(0.01, 99)
    0.5
    """
    inside("share", share, 0, 1)
    inside("weight", weight, 0)
    return weight * share / (weight * share + 1 - share)


def _checked(labels: ArrayLike, probabilities: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    labels, probabilities = check_scored(labels, probabilities)
    return labels, check_rates("probabilities", probabilities)
