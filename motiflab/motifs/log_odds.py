"""Filter weights as log-odds: the gauge, logistic regression, and the motif of a filter.

A linear filter gives a window ``x`` of ``K`` bases the score
``s(x) = b + sum over k of W[k, x_k]``. With ``W[k, a] = log(theta[k, a] / q[a])``
(`Motif.log_odds`) and ``b = log(pi / (1 - pi))`` it is, by Bayes' rule, the log of the odds that
the window is a site: ``theta`` is the motif's PPM, ``q`` the background and ``pi`` the share of
sites among all windows (Berg and von Hippel 1987; Stormo 2000). `motif_from_weights` is the
inverse, from ``W`` to ``theta``.

A window has exactly one base at each position. So a constant may be added to all four weights of
a position and subtracted from the bias, and no score changes. `to_gauge` returns the one version in
which the weights are log-odds.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import inside, require
from motiflab.motifs.motif import Motif, check_probabilities
from motiflab.sequences import DNA, Alphabet, check_background, check_matrix, encode_aligned


def prior_log_odds(prior: float) -> float:
    """Prior log-odds ``log(pi / (1 - pi))``, in nats, of the share ``pi`` of sites.

    At ``pi`` = 0 or 1 the log-odds would be infinite and no evidence could change them: an error.

    >>> round(prior_log_odds(0.5), 3), round(prior_log_odds(0.01), 3)
    (0.0, -4.595)
    """
    prior = inside("prior", prior, 0, 1)
    return math.log(prior) - math.log1p(-prior)


def to_gauge(
    weights: ArrayLike,
    bias: float,
    background: ArrayLike | None = None,
    alphabet: Alphabet = DNA,
) -> tuple[np.ndarray, float]:
    """Move a constant from each position into the bias, so that the weights are log-odds.

    ``W'[k, a] = W[k, a] - c[k]`` and ``b' = b + sum over k of c[k]`` with
    ``c[k] = log of the sum over a of q[a] exp(W[k, a])``. Then ``q[a] exp(W'[k, a])`` is a
    probability for each ``k``, as it must be if ``W'`` is ``log(theta / q)``. No score changes, so
    data determine ``b'`` but not ``b`` and ``c[k]`` separately.

    Parameters
    ----------
    weights : array_like, shape (K, A)
        ``W``, finite.
    bias : float
        ``b``.
    background : array_like, shape (A,), optional
        ``q``; uniform if not given.
    alphabet : Alphabet

    Returns
    -------
    weights : ndarray, shape (K, A)
        ``W'``.
    bias : float
        ``b'``.

    Examples
    --------
    >>> weights, bias = to_gauge(np.log([[2.0, 2.0, 2.0, 2.0]]), 1.0)
    >>> weights.tolist(), round(bias, 4)
    ([[0.0, 0.0, 0.0, 0.0]], 1.6931)
    """
    w = check_matrix("weights", weights, alphabet=alphabet)
    q = check_background(background, alphabet)
    top = w.max(axis=1, keepdims=True)
    constant = top + np.log(np.exp(w - top) @ q)[:, None]
    return w - constant, float(bias + constant.sum())


def relative_entropy(
    truth: np.ndarray | Motif, estimate: np.ndarray | Motif, alphabet: Alphabet = DNA
) -> float:
    """Relative entropy of an estimated PPM to the true one (Kullback and Leibler 1951), in bits.

    ``1 / K * sum over k and a of p[k, a] log2(p[k, a] / r[k, a])`` with the truth ``p`` and the
    estimate ``r``: the mean over the positions. It is not symmetric.

    Parameters
    ----------
    truth, estimate : Motif or array_like, shape (K, A)
        ``p`` and ``r``.
    alphabet : Alphabet
        Of two arrays; a `Motif` has its own.

    Returns
    -------
    float
        0 if they agree, infinite if the estimate excludes what the truth allows.

    Examples
    --------
    >>> relative_entropy(np.array([[0.5, 0.5, 0, 0]]), np.array([[0.25, 0.25, 0.25, 0.25]]))
    1.0
    """
    # A motif knows its alphabet, an array does not.
    alphabet = getattr(truth, "alphabet", getattr(estimate, "alphabet", alphabet))
    p = check_probabilities(truth, "truth", alphabet)
    r = check_probabilities(estimate, "estimate", alphabet)
    require("estimate", p.shape == r.shape, f"have the shape of truth, {p.shape}, got {r.shape}")
    with np.errstate(divide="ignore"):  # log(0): the result is infinite
        logs = np.log2(p, where=p > 0, out=np.zeros_like(p)) - np.log2(r)
    return float(np.where(p > 0, p * logs, 0).sum() / len(p))


def fit_aligned(
    windows: list[str], labels: ArrayLike, alphabet: Alphabet = DNA
) -> tuple[np.ndarray, float]:
    """Fit a linear filter to aligned windows by logistic regression on their one-hot code.

    It minimises the mean cross-entropy of ``sigmoid(b + sum over k of W[k, x_k])``, without any
    penalty, by scikit-learn. Apply `to_gauge` before interpreting the result. If a base never
    occurs in one of the classes, the best weight is infinite and the returned one is large.

    Parameters
    ----------
    windows : list of str
        Windows of motif or background, all of length ``K``.
    labels : array_like of 0 and 1, shape (N,)
        1 for the motif; both must occur.
    alphabet : Alphabet

    Returns
    -------
    weights : ndarray, shape (K, A)
    bias : float

    Examples
    --------
    >>> weights, bias = fit_aligned(["A"] * 30 + ["C"] * 10 + ["A"] * 10 + ["C"] * 30,
    ...                             [1] * 40 + [0] * 40)
    >>> round(float(weights[0, 0] - weights[0, 1]), 2), round(2 * math.log(3), 2)
    (2.2, 2.2)
    """
    from sklearn.linear_model import LogisticRegression

    x, y = encode_aligned("windows", windows, alphabet, codes=True), np.asarray(labels)
    require(
        "labels",
        y.shape == (len(x),) and set(np.unique(y).tolist()) == {0, 1},
        f"be 0 or 1, one for each of the {len(x)} windows, and both occur",
    )
    x = x.reshape(len(y), -1).astype(float)  # in float32 the fit stops early
    model = LogisticRegression(C=np.inf, tol=1e-6, max_iter=1000).fit(x, y)
    return model.coef_.reshape(-1, alphabet.size).astype(float), float(model.intercept_[0])


def motif_from_weights(
    weights: ArrayLike,
    background: ArrayLike | None = None,
    name: str = "filter",
    alphabet: Alphabet = DNA,
) -> Motif:
    """Return the motif that the weights of a filter stand for.

    ``p[k, a] = q[a] exp(W[k, a]) / sum over c of q[c] exp(W[k, c])``; with a uniform background
    ``q`` this is the softmax of each row. Adding a constant to a row changes nothing. It is the
    exact inverse of ``W = log(p / q)``.

    Parameters
    ----------
    weights : array_like, shape (K, A)
        ``W``, bases in the order A, C, G, T; the columns of a `DataFrame` are read by their
        labels. For filter ``f`` of a network: ``network.conv.weight[f].T.detach()``.
    background : array_like, shape (A,), optional
        ``q``; uniform if not given.
    name : str
    alphabet : Alphabet

    Returns
    -------
    Motif

    Examples
    --------
    >>> motif_from_weights([[0, 0, 0, 0]], [0.3, 0.2, 0.2, 0.3]).probabilities().tolist()
    [[0.3, 0.2, 0.2, 0.3]]
    """
    w = check_matrix("weights", weights, alphabet=alphabet)
    q = check_background(background, alphabet)
    ppm = q * np.exp(w - w.max(axis=1, keepdims=True))
    ppm = ppm / ppm.sum(axis=1, keepdims=True)
    return Motif.from_probabilities(ppm, name, alphabet=alphabet)
