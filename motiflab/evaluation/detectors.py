"""Exact score distributions, Neyman-Pearson power, and detectors with known curves.

A *detector* gives each window a score and calls it a site above a threshold. How often it is right
depends on two distributions of its score: under the motif and under the background. Both are
computed exactly, not sampled: over all ``4**K`` words (`word_probabilities`, `word_scores`) if the
motif is short, or position by position (`score_distribution`) if the scores lie on a grid.

The lemma of Neyman and Pearson (1933): at a given false positive rate no detector finds more
sites than the one that scores by the likelihood ratio of the two distributions, or by any
increasing function of it, such as its logarithm.

A `Detector` needs no motif. Its negatives score as a standard normal variable, its positives as a
mixture of normal variables of the same width. With one part this is the binormal model of signal
detection with equal variances. The rates and the AUROC have closed forms; the AUPRC has none and
is integrated numerically.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import inside, quoted, require
from motiflab.evaluation.curves import Curve, check_rates
from motiflab.evaluation.prevalence import precision_at_prevalence
from motiflab.motifs.motif import Motif, check_probabilities
from motiflab.sequences import check_matrix, one_hot

WIDEST = 10
"""Largest motif width for which all words are listed: over a million."""


def word_scores(weights: ArrayLike) -> np.ndarray:
    """Score ``sum over k of W[k, x_k]`` of every word ``x`` of ``K`` bases, for `weights` (K, 4).

    In the order AA..A, AA..C, ..., TT..T; the result is (4**K,), and K at most `WIDEST`.

    >>> word_scores([[0, 10, 20, 30], [1, 2, 3, 4]]).tolist()[:5]
    [1.0, 2.0, 3.0, 4.0, 11.0]
    """
    return _of_every_word(np.add, check_matrix("weights", weights), "weights")


def word_probabilities(ppm: np.ndarray | Motif) -> np.ndarray:
    """Probability ``product over k of p[k, x_k]`` of every word, in the order of `word_scores`.

    >>> word_probabilities(np.array([[0.5, 0.5, 0, 0], [0, 0, 0, 1]])).tolist()[:8]
    [0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.5]
    """
    return _of_every_word(np.multiply, check_probabilities(ppm), "ppm")


def _of_every_word(combine: np.ufunc, rows: np.ndarray, argument: str) -> np.ndarray:
    """Combine one entry of each row for every word; each position quadruples the words."""
    require(argument, len(rows) <= WIDEST, f"have at most {WIDEST} positions, got {len(rows)}")
    values = np.array([combine.identity], dtype=float)  # of no base: sum 0, product 1
    for row in rows:
        values = combine.outer(values, row).ravel()
    return values


def score_distribution(
    weights: ArrayLike, ppm: np.ndarray | Motif, step: float = 0.01
) -> tuple[np.ndarray, np.ndarray]:
    """Distribution of the score of a random window, exact for weights on a grid.

    Each weight is rounded to the nearest multiple of `step`, so a score changes by at most
    ``K * step / 2``. The distribution of a sum of independent terms is the convolution of their
    distributions, computed one position after another (Staden 1989).

    Parameters
    ----------
    weights : array_like, shape (K, 4)
    ppm : Motif or array_like, shape (K, 4)
        Probabilities of the bases: the motif, or the background repeated K times.
    step : float
        Greater than 0; 1 is exact for whole numbers.

    Returns
    -------
    scores : ndarray, shape (B,)
        Multiples of `step`, rising, from the lowest possible score to the highest. They depend on
        the weights only, so two distributions of the same weights can be compared entry by entry.
    probabilities : ndarray, shape (B,)
        They sum to 1.

    Examples
    --------
    >>> half = np.array([[0.5, 0.5, 0, 0]] * 2)
    >>> scores, shares = score_distribution([[1, 0, 0, 0]] * 2, half, step=1)
    >>> scores.tolist(), shares.tolist()
    ([0, 1, 2], [0.25, 0.5, 0.25])
    """
    w, p = check_matrix("weights", weights), check_probabilities(ppm)
    require("ppm", len(w) == len(p), f"be as wide as the weights, {len(w)}, got {len(p)}")
    inside("step", step, 0)
    cells = np.rint(w / step).astype(int)
    low = cells.min(axis=1)
    probabilities = np.ones(1)
    # Weights are relative to the lowest of their position, so that every array begins at 0.
    for row, first, shares in zip(cells, low, p, strict=True):
        places = row - first
        longer = np.zeros(len(probabilities) + places.max())
        for place, share in zip(places.tolist(), shares.tolist(), strict=True):
            longer[place : place + len(probabilities)] += share * probabilities
        probabilities = longer
    return (low.sum() + np.arange(len(probabilities))) * step, probabilities


def sample_distribution(
    weights: ArrayLike, windows: list[str], step: float = 0.01
) -> tuple[np.ndarray, np.ndarray]:
    """Distribution of the score of real windows, on the grid of `score_distribution`.

    Parameters
    ----------
    weights : array_like, shape (K, 4)
    windows : list of str
        At least one; A, C, G and T only, each K bases long.
    step : float
        As for `score_distribution`.

    Returns
    -------
    scores, probabilities : ndarray, shape (B,)
        The share of the windows at each score.

    Examples
    --------
    >>> scores, shares = sample_distribution([[1, 0, 0, 0]] * 2, ["AA", "CA", "GT", "GG"], step=1)
    >>> scores.tolist(), shares.tolist()
    ([0, 1, 2], [0.5, 0.25, 0.25])
    """
    w = check_matrix("weights", weights)
    scores, _ = score_distribution(w, np.full(w.shape, 0.25), step)
    x = np.array([one_hot(window) for window in windows])
    require(
        "windows",
        x.shape[1:] == w.shape and np.isin(x, (0, 1)).all(),
        f"each be {len(w)} letters of A, C, G and T",
    )
    cells = np.rint(w / step).astype(int)
    places = (x * cells).sum(axis=(1, 2)) - cells.min(axis=1).sum()
    return scores, np.bincount(places.astype(int), minlength=len(scores)) / len(x)


def power(
    scores: ArrayLike, positive: ArrayLike, negative: ArrayLike, fpr: ArrayLike
) -> float | np.ndarray:
    """True positive rate of a detector at a given false positive rate.

    Outcomes (words, or cells of a grid) are called sites from the highest score downwards, until
    they make up the share `fpr` of the background. The last outcomes, all with the same score, are
    called sites with the probability that gives exactly `fpr`. The lemma of Neyman and Pearson is
    about this randomised test. Scores within 1e-9 count as equal.

    Parameters
    ----------
    scores : array_like, shape (B,)
        Score of each outcome; any numbers, not only those of a linear filter.
    positive, negative : array_like, shape (B,)
        Probability of each outcome under the motif and under the background; each sums to 1.
    fpr : float or array_like
        From 0 to 1.

    Returns
    -------
    float or ndarray
        Of the shape of `fpr`.

    Examples
    --------
    >>> power([3, 2, 1], [0.6, 0.3, 0.1], [0.1, 0.2, 0.7], [0.1, 0.2, 1.0]).round(2).tolist()
    [0.6, 0.75, 1.0]
    """
    scores, positive, negative = (np.asarray(a, dtype=float) for a in (scores, positive, negative))
    require(
        "scores",
        scores.ndim == 1 and scores.shape == positive.shape == negative.shape,
        "be three rows of the same length, got "
        f"{scores.shape}, {positive.shape} and {negative.shape}",
        "scores, positive and negative",
    )
    for name, total in (("positive", positive.sum()), ("negative", negative.sum())):
        require(name, abs(total - 1) <= 1e-6, f"sum to 1, got {total:.6g}")
    rate = check_rates("fpr", fpr)
    order = np.argsort(-scores, kind="stable")
    last = np.flatnonzero(np.diff(scores[order], append=-np.inf) < -1e-9)  # of each run of ties
    # Calling a random share of a run gives a point on the straight line between its ends.
    x = np.append(0.0, np.cumsum(negative[order])[last])
    y = np.append(0.0, np.cumsum(positive[order])[last])
    result = np.interp(rate, x, y)
    return result if rate.ndim else float(result)


@dataclass(frozen=True)
class Detector:
    """Detector whose positives score as a mixture of normal variables of standard deviation 1.

    A positive has mean ``means[i]`` with probability ``shares[i]``; negatives have mean 0.

    Attributes
    ----------
    name : str
    shares : tuple of float
        Positive; they sum to 1.
    means : tuple of float
        As many as `shares`.

    Examples
    --------
    >>> detector = Detector("broad", (1.0,), (2.0,))
    >>> round(detector.auroc(), 4), round(float(detector.tpr(2.0)), 2)
    (0.9214, 0.5)
    """

    name: str
    shares: tuple[float, ...]
    means: tuple[float, ...]

    def __post_init__(self) -> None:
        good = len(self.shares) == len(self.means) and min(self.shares, default=0) > 0
        require(
            "shares",
            good and abs(sum(self.shares) - 1) <= 1e-9,
            "be positive, sum to 1 and be as many as the means, got "
            f"{quoted(self.shares)} and {quoted(self.means)}",
        )

    def tpr(self, threshold: ArrayLike) -> np.ndarray:
        """True positive rate: ``sum over i of share_i Phi(mean_i - t)``, Phi the normal CDF."""
        return sum(
            share * _normal_cdf(np.subtract(mean, threshold))
            for share, mean in zip(self.shares, self.means)
        )

    def fpr(self, threshold: ArrayLike) -> np.ndarray:
        """False positive rate: ``Phi(-t)``."""
        return _normal_cdf(-np.asarray(threshold, dtype=float))

    def auroc(self) -> float:
        """Probability that a positive outranks a negative: ``sum of share_i Phi(mean_i / sqrt 2)``.

        The scores are continuous, so a tie has probability 0.
        """
        return float(_normal_cdf(np.divide(self.means, np.sqrt(2))) @ np.array(self.shares))

    def precision_recall(self, prevalence: float) -> Curve:
        """Precision against recall at a prevalence, one point for each of many thresholds.

        The area is the integral of precision over recall. It is computed numerically, by the
        trapezoid rule on 2,401 thresholds (the error is below 0.0001). The average precision of a
        sample tends to it as the sample grows. Raises `ValueError` for a prevalence of 0 or 1.
        """
        t = np.linspace(max(self.means) + 12, -12, 2401)
        recall = self.tpr(t)
        precision = precision_at_prevalence(recall, self.fpr(t), prevalence)
        return Curve(recall, precision, float(np.trapezoid(precision, recall)), prevalence)


def _normal_cdf(x: np.ndarray) -> np.ndarray:
    from scipy.special import ndtr

    return ndtr(x)


BROAD = Detector("broad", (1.0,), (2.0,))
"""Raises the score of every positive a little."""

SHARP = Detector("sharp", (0.6, 0.4), (6.0, 0.0))
"""Raises the scores of six positives in ten a lot; the others score like negatives."""

RANDOM = Detector("random", (1.0,), (0.0,))
"""Gives positives and negatives the same scores on average."""
