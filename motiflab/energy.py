"""Binding free energy: how strongly a protein binds a site, and how often the site is occupied.

The model (Berg & von Hippel 1987, Journal of Molecular Biology 193:723). Each position of a site
adds its part to the binding free energy, ``E(x) = sum over k of eps[k, x_k]``, called energy here
for short. A site is occupied with the probability ``sigma(beta (mu - E(x)))``.

=============  =====================================================================
``eps[k, a]``  free energy of base ``a`` at position ``k`` in kcal/mol, (K, 4); low is strong
``beta``       ``1 / (R T)`` per kcal/mol, see `inverse_temperature`
``mu``         chemical potential in kcal/mol: rises with the free protein's concentration
``q[a]``       background frequency of base ``a``
``sigma``      ``sigma(z) = 1 / (1 + exp(-z))``
=============  =====================================================================

A constant added to all four energies of a position shifts ``E`` of every site by the same amount.
Only the differences within a position mean anything; ``mu`` takes up the rest.

A difference between two sites is what a binding experiment measures:
``E(x) - E(y) = R T ln(K_d(x) / K_d(y))`` with the dissociation constant ``K_d``, the concentration
of free protein at which the site is bound half of the time. Free energies depend on temperature;
here ``eps`` stays as it is given when ``beta`` changes.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from motiflab.activations import sigmoid
from motiflab.alphabet import by_base
from motiflab.convolution import cross_correlate
from motiflab.log_odds import to_gauge
from motiflab.quoting import quoted
from motiflab.sequences import check_background, one_hot

GAS_CONSTANT = 1.98720425864083e-3
"""``R`` in kcal/(mol K): 8.31446261815324 J/(mol K) (SI 2019, exact) over 4184 J/kcal."""


def inverse_temperature(temperature: float = 298.0) -> float:
    """``beta = 1 / (R T)`` in mol/kcal, for a temperature above 0 in kelvin; see `GAS_CONSTANT`.

    >>> beta = inverse_temperature(298)
    >>> f"{beta:.3f} mol/kcal, RT = {1 / beta:.4f} kcal/mol"
    '1.689 mol/kcal, RT = 0.5922 kcal/mol'
    """
    return 1.0 / (GAS_CONSTANT * check_positive(temperature, "temperature"))


def site_energies(sequence: str, energies: ArrayLike) -> np.ndarray:
    """Energy of every window: ``E[i] = sum over k of eps[k, x[i + k]]``.

    Parameters
    ----------
    sequence : str
        At least ``K`` bases. An ambiguity code costs the mean over the bases it stands for, as
        in any filter; `Motif.score` follows another rule, so the two are linked by a line for
        A, C, G and T only.
    energies : array_like, shape (K, 4)
        ``eps`` in kcal/mol.

    Returns
    -------
    ndarray, shape (L - K + 1,)
        In kcal/mol, on the strand as given.

    Examples
    --------
    >>> site_energies("ACG", [[0.0, 1.0, 2.0, 3.0], [1.5, 0.0, 1.5, 1.5]]).tolist()
    [0.0, 2.5]
    """
    eps, x = check_energies(energies, "energies"), one_hot(sequence)
    if len(x) < len(eps):
        raise ValueError(
            f"sequence must have at least the {len(eps)} bases of a site, got {len(x)}."
        )
    return cross_correlate(x, eps)


def occupancy(energy: ArrayLike, mu: ArrayLike, beta: float) -> np.ndarray:
    """Probability that a site is bound: ``sigma(beta (mu - E))`` (Berg & von Hippel 1987).

    A site whose energy is ``mu`` is bound half of the time.

    Parameters
    ----------
    energy : array_like
        ``E`` in kcal/mol, any shape.
    mu : array_like
        In kcal/mol, counted from the same zero as the energies; a number, or any shape that
        broadcasts with `energy`.
    beta : float
        In mol/kcal, above 0.

    Returns
    -------
    ndarray
        From 0 to 1.

    Examples
    --------
    >>> occupancy([0.0, 1.0, 2.0], mu=1.0, beta=math.log(9)).round(3).tolist()
    [0.9, 0.5, 0.1]
    """
    return sigmoid(
        check_positive(beta, "beta") * (np.asarray(mu) - np.asarray(energy, dtype=float))
    )


def energies_of_weights(weights: ArrayLike, beta: float) -> np.ndarray:
    """Energies of which a filter, or log-odds, are the scores: ``E = E_0 - s / beta``.

    ``eps[k, a] = (max over b of W[k, b] - W[k, a]) / beta``. The best base of each position gets
    the energy 0, so the score ``s(x) = sum over k of W[k, x_k]`` of a site and its energy are
    linked by ``E(x) = E_0 - s(x) / beta`` with ``E_0 = (highest score) / beta``. If ``W`` are
    log-odds, ``s`` is the log-likelihood ratio.

    Parameters
    ----------
    weights : array_like, shape (K, 4)
        ``W`` in nats.
    beta : float
        In mol/kcal, above 0.

    Returns
    -------
    ndarray, shape (K, 4)
        In kcal/mol, not negative.

    Examples
    --------
    >>> energies_of_weights([[1.0, 0.0, 0.0, -1.0]], beta=2.0).tolist()
    [[0.0, 0.5, 0.5, 1.0]]
    """
    w = check_energies(weights, "weights")
    return (w.max(axis=1, keepdims=True) - w) / check_positive(beta, "beta")


def log_odds_of_energies(
    energies: ArrayLike, beta: float, background: ArrayLike | None = None
) -> np.ndarray:
    """Log-odds of bound sites against background, while all sites are rarely bound.

    ``W[k, a] = -beta eps[k, a] - log(sum over b of q[b] exp(-beta eps[k, b]))``, so that
    ``q[a] exp(W[k, a])`` is the `boltzmann_ppm` and sums to 1 at each position.

    Parameters
    ----------
    energies : array_like, shape (K, 4)
        ``eps`` in kcal/mol. Constants of a position cancel.
    beta : float
        In mol/kcal, above 0.
    background : array_like, shape (4,), optional
        ``q``; uniform if not given.

    Returns
    -------
    ndarray, shape (K, 4)
        In nats.

    Examples
    --------
    >>> eps = [[0.0, 1.0, 1.0, 1.0]]
    >>> log_odds_of_energies(eps, beta=math.log(3)).round(4).tolist()
    [[0.6931, -0.4055, -0.4055, -0.4055]]
    """
    beta = check_positive(beta, "beta")
    return to_gauge(-beta * check_energies(energies, "energies"), 0.0, background)[0]


def boltzmann_ppm(
    energies: ArrayLike, beta: float, background: ArrayLike | None = None
) -> np.ndarray:
    """PPM of bound sites while all are rarely bound: the Boltzmann distribution.

    ``theta[k, a] = q[a] exp(-beta eps[k, a]) / sum over b of q[b] exp(-beta eps[k, b])``. It is
    the limit of `motiflab.bound_sites.bound_ppm` for ``mu`` far below all energies, where
    ``sigma(beta (mu - E))`` is close to ``exp(beta (mu - E))`` and the positions factorise.

    Parameters
    ----------
    energies, beta, background
        As for `log_odds_of_energies`.

    Returns
    -------
    ndarray, shape (K, 4)
        Each row sums to 1.

    Examples
    --------
    >>> boltzmann_ppm([[0.0, 1.0, 1.0, 1.0]], beta=math.log(3)).round(4).tolist()
    [[0.5, 0.1667, 0.1667, 0.1667]]
    """
    q = check_background(background)
    return q * np.exp(log_odds_of_energies(energies, beta, q))


def agreement(weights: ArrayLike, energies: ArrayLike) -> float:
    """Pearson correlation, from -1 to 1, of weights with energies turned upside down.

    Both lose the mean of each position first, as constants of a position mean nothing. The
    shapes (K, 4) must be equal. It is 1 if ``W = -c eps`` for any ``c > 0``, up to such constants.

    >>> agreement([[3.0, 1.0, 0.0, 0.0]], [[-1.0, 0.0, 0.5, 0.5]])
    1.0
    """
    w, eps = check_energies(weights, "weights"), check_energies(energies, "energies")
    if w.shape != eps.shape:
        raise ValueError(
            f"weights and energies must have the same shape, got {w.shape} and {eps.shape}."
        )
    a, b = (m - m.mean(axis=1, keepdims=True) for m in (w, -eps))
    norm = math.sqrt((a * a).sum() * (b * b).sum())
    if norm == 0:
        raise ValueError("weights and energies must both differ within some position.")
    return float((a * b).sum() / norm)


def check_energies(energies: ArrayLike, name: str = "energies") -> np.ndarray:
    """Return a matrix of finite numbers, (K, 4) with K at least 1; anything else is a ValueError.

    The columns of a `DataFrame` are taken by their labels.

    >>> check_energies([[0, 1, 1, 1]]).shape
    (1, 4)
    """
    energies = by_base(energies, name)
    try:
        matrix = np.array(energies, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a (K, 4) array of numbers.") from None
    if matrix.ndim != 2 or matrix.shape[1] != 4 or not len(matrix):
        raise ValueError(f"{name} must have the shape (K, 4), K at least 1, got {matrix.shape}.")
    if not np.isfinite(matrix).all():
        raise ValueError(f"{name} must hold finite numbers, got infinity or nan.")
    return matrix


def check_positive(value: float, name: str) -> float:
    """Return a finite number above 0; anything else is a ValueError.

    >>> check_positive(2, "beta")
    2.0
    """
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{name} must be a positive number, got {quoted(value)}.")
    return float(value)
