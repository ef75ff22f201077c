"""Fit a few filters to the population of all words of two bases, without sampling noise.

If all words can be listed, the loss of a network can be computed over the whole population instead
of a sample. An error that the best fit still makes is then one that the network cannot avoid.

This is `motiflab.networks.one_layer` with one window per word and without its search for windows,
which would take four fifths of the time for sixteen words. A test compares both.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import one_of, whole
from motiflab.layers.activations import cross_entropy, sigmoid
from motiflab.sequences import DNA, check_table, encode

_INPUTS = 2 * DNA.size  # of a filter: two bases, one-hot
_SPREAD = 1.0  # standard deviation of the weights at a random start


@dataclass(frozen=True, eq=False)
class WordFit:
    """Filters fitted to a population of words of two bases, and their loss.

    Attributes
    ----------
    weights : ndarray, shape (F, 2, 4)
        Of the filters, position by position in the order A, C, G, T.
    biases, dense : ndarray, shape (F,)
        Biases of the filters, and their weights in the logit.
    constant : float
        Bias of the logit.
    logits : ndarray, shape (4, 4)
        Of the words, by first and second base.
    loss : float
        Cross-entropy over the population, in nats.
    losses : tuple of float
        Of each random start, sorted; `loss` is the first of them.
    """

    weights: np.ndarray
    biases: np.ndarray
    dense: np.ndarray
    constant: float
    logits: np.ndarray
    loss: float
    losses: tuple[float, ...]


def fit_words(
    positive: ArrayLike,
    negative: ArrayLike,
    filters: int,
    activation: str = "relu",
    starts: int = 10,
    seed: int = 0,
) -> WordFit:
    """Fit ``z = c + sum over f of v_f h(W_f . x + b_f)`` to words of two bases.

    The loss is the cross-entropy over the population, classes evenly mixed,
    ``sum over words of [P+(x) log(1 + exp(-z)) + P-(x) log(1 + exp(z))] / 2``,
    minimised by L-BFGS (Liu & Nocedal 1989) from several random starts; the best one is returned.
    It need not be the global minimum. Only the loss of one filter without activation has no other
    minima.

    Parameters
    ----------
    positive, negative : array_like, shape (4, 4)
        ``P+`` and ``P-``: the frequency of each word in either class, by first and second base;
        each sums to 1.
    filters : int
        Number of filters ``F``, at least 1.
    activation : {"relu", "none"}
        ``h``.
    starts : int
        At least 1.
    seed : int
        Of the random starts.

    Returns
    -------
    WordFit

    Examples
    --------
    >>> from motiflab.motifs import coupled_pairs
    >>> linear = fit_words(coupled_pairs(0.8), coupled_pairs(0.0), 1, "none")
    >>> bool(abs(linear.loss - np.log(2)) < 1e-9)  # as good as no look at the word
    True
    """
    from scipy.optimize import minimize

    given = {"positive": positive, "negative": negative}
    shares = [check_table(table, name).ravel() for name, table in given.items()]
    one_of("activation", activation, ("relu", "none"))
    filters, starts = whole("filters", filters), whole("starts", starts)
    words = _words()
    rng = np.random.default_rng(seed)
    size = filters * (_INPUTS + 2) + 1  # weights, a bias and a dense weight each, the constant
    # With ReLU a start may end in a minimum where a filter is silent for every word and receives no
    # gradient any more. Only other starts can find a better minimum.
    found = [
        minimize(
            _loss,
            rng.normal(0, _SPREAD, size),
            args=(words, *shares, filters, activation),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": 500},
        )
        for _ in range(starts)
    ]
    best = min(found, key=lambda run: run.fun)
    weights, biases, dense, constant = _parts(best.x, filters)
    logits, _, _ = _forward(best.x, words, filters, activation)
    losses = tuple(sorted(float(run.fun) for run in found))
    return WordFit(
        weights.reshape(filters, 2, DNA.size),
        biases,
        dense,
        constant,
        logits.reshape(DNA.size, DNA.size),
        losses[0],
        losses,
    )


def least_loss(positive: ArrayLike, negative: ArrayLike) -> float:
    """Cross-entropy of the best possible detector of words, in nats.

    Its logit is ``z = log(P+(x) / P-(x))``: with evenly mixed classes that is Bayes' posterior.

    Parameters
    ----------
    positive, negative : array_like, shape (4, 4)
        As for `fit_words`.

    Returns
    -------
    float
        ``log 2`` if the classes are the same, 0 if they share no word.

    Examples
    --------
    >>> least_loss(np.eye(4) / 4, np.eye(4)[::-1] / 4)
    0.0
    """
    p, n = check_table(positive, "positive"), check_table(negative, "negative")
    total = p + n
    # A word that never occurs has no posterior; any number is allowed, as its weight is 0.
    share = np.divide(p, total, out=np.full_like(p, 0.5), where=total > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = p * np.log(share), n * np.log(1 - share)
    return float(-sum(np.nan_to_num(part, nan=0.0).sum() for part in parts) / 2) + 0.0


def _words() -> np.ndarray:
    """All words of two bases, one-hot and flat: (16, 8)."""
    pairs = itertools.product(DNA.letters, repeat=2)
    words = encode(["".join(pair) for pair in pairs], channels="last").x
    return words.reshape(-1, _INPUTS).astype(float)


def _parts(x: np.ndarray, filters: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    weights, biases, dense = np.split(x[:-1], [_INPUTS * filters, (_INPUTS + 1) * filters])
    return weights.reshape(filters, _INPUTS), biases, dense, float(x[-1])


def _forward(x, words, filters, activation):
    weights, biases, dense, constant = _parts(x, filters)
    before = words @ weights.T + biases
    on = before > 0 if activation == "relu" else np.ones_like(before)
    return (before * on) @ dense + constant, before * on, on


def _loss(x, words, positive, negative, filters, activation):
    """The loss and its gradient."""
    logits, after, on = _forward(x, words, filters, activation)
    loss = (positive * cross_entropy(1, logits) + negative * cross_entropy(0, logits)).sum() / 2
    # The derivative of a cross-entropy with respect to its logit: probability minus label.
    slope = (positive * (sigmoid(logits) - 1) + negative * sigmoid(logits)) / 2
    back = slope[:, None] * on * _parts(x, filters)[2]
    gradient = [(back.T @ words).ravel(), back.sum(axis=0), slope @ after, [slope.sum()]]
    return loss, np.concatenate(gradient)
