"""One linear filter that scans whole sequences, fitted by cross-entropy from random starts.

The model. A sequence of ``L`` bases has ``M = L - K + 1`` windows. The filter gives window ``j``
the score ``s_j = sum over k of W[k, x_(j+k)]``; the logit of the sequence is
``z = b + log of the sum over j of exp(s_j)``, and ``sigmoid(z)`` the probability of its label 1.

Why log-sum-exp. Let every positive contain exactly one site, drawn from a PPM ``theta``, on one
strand, at any of the ``M`` places with equal probability, and all other bases be independent draws
from ``q``. Then the likelihood ratio of a sequence is ``1 / M * sum over j of exp(LLR_j)``
(`datasets.planting`). By Bayes' rule the log-odds of its label are the prior log-odds plus the log
of this ratio. So this model is exactly the posterior, with ``W = log(theta / q)`` and
``b = log(pi / (1 - pi)) - log M``, if the filter is as wide as the motif and there is no padding.

It is the network of `motiflab.networks.one_layer` with one filter, one strand and log-sum-exp, and
a test compares both. With only one filter a product of matrices is slow: here the sums of all short
words are computed once and looked up, which took a tenth of the time for 4,000 sequences of 20
bases and six positions.

The loss has several minima: in some of them the filter contains a part of the motif at the wrong
position. So the fit starts from several random points. All results are returned, the lowest
training loss first.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import require, whole
from motiflab.evaluation.curves import check_labels
from motiflab.layers.activations import cross_entropy, cross_entropy_gradient
from motiflab.motifs.log_odds import to_gauge
from motiflab.sequences import DNA, Alphabet, check_matrix, encode_aligned

_TABLE = 4**6  # largest table, as for 6 positions of DNA: it fits in the processor's cache
_SPREAD = 0.5  # standard deviation of the random weights at the start
_LOWEST = -6.0  # lowest weight to continue from, in the gauge: a base 400 times rarer than in q


@dataclass(frozen=True, eq=False)
class Fit:
    """Result of one random start: `weights` (K, A), `bias`, the training `loss` in nats.

    `steps` counts the iterations of the optimiser.
    """

    weights: np.ndarray
    bias: float
    loss: float
    steps: int


def scanner_loss(
    weights: ArrayLike,
    bias: float,
    sequences: list[str],
    labels: ArrayLike,
    alphabet: Alphabet = DNA,
) -> tuple[float, np.ndarray, float]:
    """Mean cross-entropy of the scanner, in nats, and its derivatives.

    ``dloss/dW[k, a] = sum over n and j of g_n r_nj [x_n(j+k) = a]`` with ``g_n =
    (sigmoid(z_n) - y_n) / N`` and ``r_nj = exp(s_nj) / sum over i of exp(s_ni)``: each window gets
    a share of the error, the probability that it is the site. ``dloss/db = sum over n of g_n``.

    Parameters
    ----------
    weights : array_like, shape (K, A)
        ``W``.
    bias : float
        ``b``.
    sequences : list of str
        ``N`` sequences of equal length, at least ``K``, without ambiguity codes.
    labels : array_like of 0 and 1, shape (N,)
    alphabet : Alphabet

    Returns
    -------
    loss : float
    weights_gradient : ndarray, shape (K, A)
    bias_gradient : float

    Examples
    --------
    >>> loss, by_weights, by_bias = scanner_loss([[0, 0, 0, 0]], 0.0, ["AC", "GG"], [1, 0])
    >>> round(loss, 4), by_weights.round(3).tolist()
    (0.752, [[-0.083, -0.083, 0.333, 0.0]])
    """
    w = check_matrix("weights", weights, alphabet=alphabet)
    tables = _windows(sequences, len(w), alphabet)
    y = check_labels(labels, both=False, many=len(sequences))
    loss, gradient = _evaluate(np.append(w, bias), tables, y)
    return loss, gradient[:-1].reshape(w.shape), float(gradient[-1])


def fit_scanner(
    sequences: list[str],
    labels: ArrayLike,
    width: int,
    restarts: int = 8,
    seed: int = 0,
    report: Callable[[int, int], None] | None = None,
    alphabet: Alphabet = DNA,
) -> list[Fit]:
    """Fit the scanner from several random starts (L-BFGS; Nocedal and Wright 2006, chapter 7).

    A start has weights from a normal distribution of standard deviation 0.5 and the bias
    ``-log M``; of the motif it uses only the width.

    Parameters
    ----------
    sequences : list of str
        Sequences of equal length, without ambiguity codes.
    labels : array_like of 0 and 1, shape (N,)
        Both must occur.
    width : int
        ``K``, at least 1.
    restarts : int
        Number of starts, at least 1.
    seed : int
        The same seed gives the same starts.
    report : callable, optional
        Called as ``report(done, restarts)`` before every step of the optimiser, with the number
        of finished starts. An exception that it raises ends the fit.
    alphabet : Alphabet

    Returns
    -------
    list of Fit
        One for each start, the lowest training loss first.

    Examples
    --------
    >>> fits = fit_scanner(["ACA", "CGC", "ACC", "GGA"] * 9, [1, 0, 1, 0] * 9, width=2, restarts=2)
    >>> len(fits), fits[0].weights.shape, fits[0].loss <= fits[1].loss
    (2, (2, 4), True)
    """
    width, restarts = whole("width", width), whole("restarts", restarts)
    tables = _windows(sequences, width, alphabet)
    y = check_labels(labels, many=len(sequences))
    rng = np.random.default_rng(seed)
    bias = -np.log(len(tables[0][1]))
    # All starts are drawn first, so that no fit can change the next start.
    starts = [rng.normal(0, _SPREAD, (width, alphabet.size)) for _ in range(restarts)]
    fits: list[Fit] = []
    for weights in starts:
        watch = (lambda: report(len(fits), restarts)) if report else None
        fits.append(_descend(weights, bias, tables, y, watch))
    return sorted(fits, key=lambda fit: fit.loss)


def fit_on(
    fit: Fit,
    sequences: list[str],
    labels: ArrayLike,
    report: Callable[[], None] | None = None,
    alphabet: Alphabet = DNA,
) -> Fit:
    """Return the result of a fit that is continued on different or more sequences.

    If no site in a small sample has a certain base at a certain position, its weight tends to minus
    infinity. There its gradient vanishes, and more sequences could not bring it back. Such weights
    are first raised to -6, in the gauge of `log_odds.to_gauge` for a uniform background.

    The arguments and errors are those of `fit_scanner`.

    Parameters
    ----------
    fit : Fit
    sequences : list of str
    labels : array_like of 0 and 1, shape (N,)
    report : callable, optional
        Called before every step of the optimiser. An exception that it raises ends the fit.
    alphabet : Alphabet

    Examples
    --------
    >>> sequences, labels = ["ACA", "CGC", "ACC", "GGA"] * 9, [1, 0, 1, 0] * 9
    >>> first = fit_scanner(sequences[:8], labels[:8], width=2, restarts=2)[0]
    >>> fit_on(first, sequences, labels).weights.shape
    (2, 4)
    """
    weights, bias = to_gauge(fit.weights, fit.bias, alphabet=alphabet)
    tables = _windows(sequences, len(weights), alphabet)
    y = check_labels(labels, many=len(sequences))
    return _descend(weights.clip(_LOWEST), bias, tables, y, report)


def _descend(
    weights: np.ndarray,
    bias: float,
    tables: list,
    y: np.ndarray,
    report: Callable[[], None] | None,
) -> Fit:
    from scipy.optimize import minimize

    def evaluate(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        if report:
            report()
        return _evaluate(parameters, tables, y)

    end = minimize(evaluate, np.append(weights, bias), method="L-BFGS-B", jac=True)
    return Fit(end.x[:-1].reshape(weights.shape), float(end.x[-1]), float(end.fun), int(end.nit))


def _windows(
    sequences: list[str], width: int, alphabet: Alphabet
) -> list[tuple[range, np.ndarray]]:
    """Return each block of positions of the filter, with its word in every window.

    A word is a number in base A; the array is (M, N), so that sums over windows add whole rows.
    """
    x = encode_aligned("sequences", sequences, alphabet)
    require(
        "sequences",
        x.shape[1] >= width,
        f"have at least the filter's {width} letters, got {x.shape[1]}",
    )
    # The index of each letter in the alphabet, (L, N): this product is faster than an argmax.
    codes = (x @ np.arange(alphabet.size, dtype=x.dtype)).T.astype(np.intp)
    count, blocks = len(codes) - width + 1, []
    block = int(math.log2(_TABLE) / math.log2(alphabet.size))
    for first in range(0, width, block):
        positions = range(first, min(first + block, width))
        words = np.zeros((count, codes.shape[1]), dtype=np.intp)
        for k in positions:
            words = alphabet.size * words + codes[k : k + count]
        blocks.append((positions, words))
    return blocks


def _evaluate(parameters: np.ndarray, blocks: list, y: np.ndarray) -> tuple[float, np.ndarray]:
    """Loss and gradient; the parameters are ``W`` row by row, then ``b``."""
    width = blocks[-1][0].stop
    w, bias = parameters[:-1].reshape(width, -1), parameters[-1]
    scores = 0.0
    # The sums of all words of a block are computed once and looked up for every window.
    for positions, words in blocks:
        table = np.zeros(1)
        for k in positions:
            table = np.add.outer(table, w[k]).ravel()
        scores = scores + table[words]
    top = scores.max(axis=0)  # subtracted before exp, so that nothing overflows
    shares = np.exp(scores - top)
    total = shares.sum(axis=0)
    z = bias + top + np.log(total)
    g = cross_entropy_gradient(y, z) / len(y)
    shares *= g / total  # now the share of each window times the error of its sequence
    gradient = np.empty_like(w)
    # Add up the shares by word first, then by base: N M additions per block of positions instead of
    # per position.
    for positions, words in blocks:
        shape = (w.shape[1],) * len(positions)
        sums = np.bincount(words.ravel(), shares.ravel(), math.prod(shape)).reshape(shape)
        for axis, k in enumerate(positions):
            others = tuple(other for other in range(len(shape)) if other != axis)
            gradient[k] = sums.sum(axis=others)
    return float(cross_entropy(y, z).mean()), np.append(gradient, g.sum())
