"""How good a detector is for the whole population: exact score distributions, and its power.

A *detector* gives each window a score and says "site" above a threshold. How often it is right
follows from two distributions of its score: under the motif and under the background. Both are
worked out here, not sampled: over all ``4**K`` words (`word_probabilities`, `word_scores`) if the
motif is short, or position by position (`score_distribution`) if the scores lie on a grid.

The lemma of Neyman and Pearson (1933): at a given false positive rate no detector finds more
sites than the one that scores by the likelihood ratio of the two distributions, or by anything
that rises with it, such as its logarithm.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from motiflab.log_odds import check_weights
from motiflab.motifs import Motif, check_probabilities
from motiflab.quoting import quoted
from motiflab.sequences import one_hot

WIDEST = 10
"""Positions of the widest motif whose words are all listed: there are over a million."""


def word_scores(weights: ArrayLike) -> np.ndarray:
    """Score ``sum over k of W[k, x_k]`` of every word ``x`` of ``K`` bases, for `weights` (K, 4).

    In the order AA..A, AA..C, ..., TT..T; the result is (4**K,), and K at most `WIDEST`.

    >>> word_scores([[0, 10, 20, 30], [1, 2, 3, 4]]).tolist()[:5]
    [1.0, 2.0, 3.0, 4.0, 11.0]
    """
    w = check_weights(weights)
    if len(w) > WIDEST:
        raise ValueError(f"weights must have at most {WIDEST} positions, got {len(w)}.")
    scores = np.zeros(1)
    for row in w:
        scores = np.add.outer(scores, row).ravel()
    return scores


def word_probabilities(ppm: np.ndarray | Motif) -> np.ndarray:
    """Probability ``product over k of p[k, x_k]`` of every word, in the order of `word_scores`.

    >>> word_probabilities(np.array([[0.5, 0.5, 0, 0], [0, 0, 0, 1]])).tolist()[:8]
    [0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.5]
    """
    p = check_probabilities(ppm)
    if len(p) > WIDEST:
        raise ValueError(f"ppm must have at most {WIDEST} positions, got {len(p)}.")
    probabilities = np.ones(1)
    for row in p:
        probabilities = np.multiply.outer(probabilities, row).ravel()
    return probabilities


def score_distribution(
    weights: ArrayLike, ppm: np.ndarray | Motif, step: float = 0.01
) -> tuple[np.ndarray, np.ndarray]:
    """Distribution of the score of a random window, exact once the weights are on a grid.

    Each weight is rounded to the next multiple of `step`, so a score moves by at most
    ``K * step / 2``. The distribution of a sum of independent terms is then the convolution of
    theirs, one position after another (Staden 1989).

    Parameters
    ----------
    weights : array_like, shape (K, 4)
    ppm : Motif or array_like, shape (K, 4)
        Where the bases come from: the motif, or the background repeated K times.
    step : float
        Greater than 0; 1 is exact for whole numbers.

    Returns
    -------
    scores : ndarray, shape (B,)
        Multiples of `step`, rising, from the lowest possible score to the highest. They depend on
        the weights only, so two distributions of the same weights can be compared entry by entry.
    probabilities : ndarray, shape (B,)
        They sum to 1.

    Raises
    ------
    ValueError
        If a matrix is not valid, the widths differ, or the step is not above 0.

    Examples
    --------
    >>> half = np.array([[0.5, 0.5, 0, 0]] * 2)
    >>> scores, shares = score_distribution([[1, 0, 0, 0]] * 2, half, step=1)
    >>> scores.tolist(), shares.tolist()
    ([0, 1, 2], [0.25, 0.5, 0.25])
    """
    w, p = check_weights(weights), check_probabilities(ppm)
    if len(w) != len(p):
        raise ValueError(f"ppm must be as wide as the weights, {len(w)}, got {len(p)}.")
    if not step > 0:
        raise ValueError(f"step must be greater than 0, got {quoted(step)}.")
    cells = np.rint(w / step).astype(int)
    low = cells.min(axis=1)
    probabilities = np.ones(1)
    for row, first, shares in zip(cells, low, p, strict=True):
        kernel = np.bincount(row - first, shares)
        probabilities = np.convolve(probabilities, kernel)
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

    Raises
    ------
    ValueError
        If a window has another length or letter, or the weights or the step are not valid.

    Examples
    --------
    >>> scores, shares = sample_distribution([[1, 0, 0, 0]] * 2, ["AA", "CA", "GT", "GG"], step=1)
    >>> scores.tolist(), shares.tolist()
    ([0, 1, 2], [0.5, 0.25, 0.25])
    """
    w = check_weights(weights)
    scores, _ = score_distribution(w, np.full(w.shape, 0.25), step)
    x = np.array([one_hot(window) for window in windows])
    if x.shape[1:] != w.shape or not np.isin(x, (0, 1)).all():
        raise ValueError(f"windows must each be {len(w)} letters of A, C, G and T.")
    cells = np.rint(w / step).astype(int)
    places = (x * cells).sum(axis=(1, 2)) - cells.min(axis=1).sum()
    return scores, np.bincount(places.astype(int), minlength=len(scores)) / len(x)


def power(
    scores: ArrayLike, positive: ArrayLike, negative: ArrayLike, fpr: ArrayLike
) -> float | np.ndarray:
    """True positive rate of a detector at a given false positive rate.

    Outcomes (words, or cells of a grid) are called sites from the highest score downwards, until
    they hold the share `fpr` of the background. The last outcomes, all of one score, are called so
    with just the chance that makes it exactly `fpr`: this randomised test is the one of which the
    lemma of Neyman and Pearson speaks. Scores within 1e-9 count as equal.

    Parameters
    ----------
    scores : array_like, shape (B,)
        Of each outcome; any numbers, not only those of a linear filter.
    positive, negative : array_like, shape (B,)
        Probability of each outcome under the motif and under the background; each sums to 1.
    fpr : float or array_like
        From 0 to 1.

    Returns
    -------
    float or ndarray
        Of the shape of `fpr`.

    Raises
    ------
    ValueError
        If the shapes differ, the probabilities do not sum to 1, or a rate is no rate.

    Examples
    --------
    >>> power([3, 2, 1], [0.6, 0.3, 0.1], [0.1, 0.2, 0.7], [0.1, 0.2, 1.0]).round(2).tolist()
    [0.6, 0.75, 1.0]
    """
    scores, positive, negative = (np.asarray(a, dtype=float) for a in (scores, positive, negative))
    if not scores.ndim == 1 or not scores.shape == positive.shape == negative.shape:
        raise ValueError(
            "scores, positive and negative must be three rows of the same length, got "
            f"{scores.shape}, {positive.shape} and {negative.shape}."
        )
    for name, total in (("positive", positive.sum()), ("negative", negative.sum())):
        if abs(total - 1) > 1e-6:
            raise ValueError(f"{name} must sum to 1, got {total:.6g}.")
    rate = np.asarray(fpr, dtype=float)
    if not ((rate >= 0) & (rate <= 1)).all():
        raise ValueError("fpr must lie from 0 to 1.")
    order = np.argsort(-scores, kind="stable")
    last = np.flatnonzero(np.diff(scores[order], append=-np.inf) < -1e-9)  # of each run of ties
    x = np.concatenate([[0.0], np.cumsum(negative[order])[last]])
    y = np.concatenate([[0.0], np.cumsum(positive[order])[last]])
    result = np.interp(rate, x, y)
    return result if rate.ndim else float(result)
