"""Binding energies of sites, occupancy, four views of a motif, and the PPM of bound sites.

**The model** (Berg & von Hippel 1987, Journal of Molecular Biology 193:723). Each position of a
site adds its part to the binding free energy, ``E(x) = sum over k of eps[k, x_k]``, called energy
here for short. A site is occupied with the probability ``sigma(beta (mu - E(x)))``.

=============  =====================================================================
``eps[k, a]``  free energy of base ``a`` at position ``k`` in kcal/mol, (K, 4); low is strong
``beta``       ``1 / (R T)`` per kcal/mol, see `inverse_temperature`
``mu``         chemical potential in kcal/mol: rises with the free protein's concentration
``q[a]``       background frequency of base ``a``
``sigma``      ``sigma(z) = 1 / (1 + exp(-z))``
=============  =====================================================================

A constant added to all four energies of a position shifts ``E`` of every site by the same amount,
and a shift of ``mu`` compensates it. So only the differences within a position have a meaning.

A difference between two sites is what a binding experiment measures:
``E(x) - E(y) = R T ln(K_d(x) / K_d(y))`` with the dissociation constant ``K_d``, the concentration
of free protein at which the site is bound half of the time. Free energies depend on temperature;
here ``eps`` stays the same when ``beta`` changes.

**Four views.** A motif can be written in four ways, and any one of them determines the others:

- a filter ``W`` is log-odds, up to a constant for each position that the bias compensates;
- log-odds are ``W`` with ``sum over a of q[a] exp(W[k, a]) = 1`` at each position ``k``;
- probabilities (PPM) are ``theta[k, a] = q[a] exp(W[k, a])`` of the log-odds;
- energies are ``eps[k, a] = (max over b of W[k, b] - W[k, a]) / beta``, the best base at 0.

**Bound sites.** Logos are made from bound sites. How such a logo relates to the
energies depends on the chemical potential: see `bound_ppm`.

"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import ArgumentError, between, inside, one_of, require
from motiflab.layers import cross_correlate, sigmoid
from motiflab.motifs.log_odds import to_gauge
from motiflab.sequences import check_background, check_matrix, one_hot
from motiflab.sequences.alphabet import BASES

GAS_CONSTANT = 1.98720425864083e-3
"""``R`` in kcal/(mol K): 8.31446261815324 J/(mol K) (SI 2019, exact) over 4184 J/kcal."""


def inverse_temperature(temperature: float = 298.0) -> float:
    """``beta = 1 / (R T)`` in mol/kcal, for a temperature above 0 in kelvin; see `GAS_CONSTANT`.

    >>> beta = inverse_temperature(298)
    >>> f"{beta:.3f} mol/kcal, RT = {1 / beta:.4f} kcal/mol"
    '1.689 mol/kcal, RT = 0.5922 kcal/mol'
    """
    return 1.0 / (GAS_CONSTANT * inside("temperature", temperature, 0))


def site_energies(sequence: str, energies: ArrayLike) -> np.ndarray:
    """Energy of every window: ``E[i] = sum over k of eps[k, x[i + k]]``.

    Parameters
    ----------
    sequence : str
        At least ``K`` bases. An ambiguity code has the mean energy of the bases it stands for, as
        in any filter. `Motif.score` follows another rule, so score and energy are linearly related
        only for A, C, G and T.
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
    eps, x = check_matrix("energies", energies), one_hot(sequence)
    require(
        "sequence",
        len(x) >= len(eps),
        f"have at least the {len(eps)} bases of a site, got {len(x)}",
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
        In kcal/mol, relative to the same zero as the energies; a number, or any shape that
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
    return sigmoid(inside("beta", beta, 0) * (np.asarray(mu) - np.asarray(energy, dtype=float)))


def energies_of_weights(weights: ArrayLike, beta: float) -> np.ndarray:
    """Energies from the weights of a filter, or from log-odds: ``E = E_0 - s / beta``.

    ``eps[k, a] = (max over b of W[k, b] - W[k, a]) / beta``. The best base of each position gets
    the energy 0, so the score ``s(x) = sum over k of W[k, x_k]`` of a site and its energy are
    related by ``E(x) = E_0 - s(x) / beta`` with ``E_0 = (highest score) / beta``. If ``W`` are
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
    w = check_matrix("weights", weights)
    return (w.max(axis=1, keepdims=True) - w) / inside("beta", beta, 0)


def log_odds_of_energies(
    energies: ArrayLike, beta: float, background: ArrayLike | None = None
) -> np.ndarray:
    """Log-odds of bound sites against background, if all sites are rarely bound.

    ``W[k, a] = -beta eps[k, a] - log(sum over b of q[b] exp(-beta eps[k, b]))``, so that
    ``q[a] exp(W[k, a])`` is the `boltzmann_ppm` and sums to 1 at each position.

    Parameters
    ----------
    energies : array_like, shape (K, 4)
        ``eps`` in kcal/mol. A constant added to a position cancels.
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
    beta = inside("beta", beta, 0)
    return to_gauge(-beta * check_matrix("energies", energies), 0.0, background)[0]


def boltzmann_ppm(
    energies: ArrayLike, beta: float, background: ArrayLike | None = None
) -> np.ndarray:
    """PPM of bound sites if all sites are rarely bound: the Boltzmann distribution.

    ``theta[k, a] = q[a] exp(-beta eps[k, a]) / sum over b of q[b] exp(-beta eps[k, b])``. It is
    the limit of `motiflab.motifs.energy.bound_ppm` for ``mu`` far below all energies, where
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
    """Pearson correlation, from -1 to 1, of weights with negative energies.

    The mean of each position is subtracted first, as constants of a position have no meaning. Both
    shapes must be (K, 4). It is 1 if ``W = -c eps`` for any ``c > 0``, up to such constants.

    >>> agreement([[3.0, 1.0, 0.0, 0.0]], [[-1.0, 0.0, 0.5, 0.5]])
    1.0
    """
    w, eps = check_matrix("weights", weights), check_matrix("energies", energies)
    require(
        "energies",
        w.shape == eps.shape,
        f"have the shape of the weights, {w.shape}, got {eps.shape}",
    )
    a, b = (m - m.mean(axis=1, keepdims=True) for m in (w, -eps))
    norm = math.sqrt((a * a).sum() * (b * b).sum())
    require("weights", norm, "both differ within some position", "weights and energies")
    return float((a * b).sum() / norm)


NAMES = ("filter", "log_odds", "probabilities", "energies")
_ROUNDED = 0.0005  # rounding error of numbers shown with three digits


class Views(NamedTuple):
    """The same motif in four views, each an ndarray of shape (K, 4).

    Attributes
    ----------
    filter, log_odds : ndarray
        In nats. The filter as given, otherwise equal to the log-odds.
    probabilities : ndarray
        Each row sums to 1.
    energies : ndarray
        In kcal/mol, 0 for the best base of each position.
    note : str
        How given numbers were changed to have the form above; empty if they were not.
    """

    filter: np.ndarray
    log_odds: np.ndarray
    probabilities: np.ndarray
    energies: np.ndarray
    note: str


def views_of(
    numbers: ArrayLike, given: str, beta: float, background: ArrayLike | None = None
) -> Views:
    """Return all four views of a motif that is given in one of them.

    Probabilities are divided by the sum of their position, and log-odds and energies are shifted
    to the form at the top of this module; `Views.note` says so. A probability of 0, which would be
    an infinite energy, is refused.

    Parameters
    ----------
    numbers : array_like, shape (K, 4)
        Finite.
    given : {"filter", "log_odds", "probabilities", "energies"}
        Which view the numbers are.
    beta : float
        In mol/kcal, above 0.
    background : array_like, shape (4,), optional
        ``q``; uniform if not given.

    Examples
    --------
    >>> views = views_of([[2, 1, 1, 1]], "probabilities", beta=2.0)
    >>> views.probabilities.round(4).tolist(), views.energies.round(4).tolist()
    ([[0.4, 0.2, 0.2, 0.2]], [[0.0, 0.3466, 0.3466, 0.3466]])
    >>> views.note
    'Position 0 sums to 5, so its numbers were divided by that.'
    """
    one_of("given", given, NAMES)
    numbers, q = check_matrix("numbers", numbers), check_background(background)
    note = ""
    if given == "probabilities":
        _check_probabilities(numbers)
        sums = numbers.sum(axis=1)
        note = _note(sums, sums - 1, "sums to {:.4g}, so its numbers were divided by that")
        weights = np.log(numbers / sums[:, None] / q)
    else:
        weights = -beta * numbers if given == "energies" else numbers
    energies = energies_of_weights(weights, beta)
    log_odds = log_odds_of_energies(energies, beta, q)
    if given == "log_odds":
        off = (numbers - log_odds)[:, 0]
        note = _note(
            off, off, "broke Σ q·exp(W) = 1, so {:.3g} was subtracted from its four numbers"
        )
    elif given == "energies":
        off = numbers.min(axis=1)
        note = _note(off, off, "has {:.3g} at its best base, which counts as 0: it was subtracted")
    filter_weights = numbers if given == "filter" else log_odds
    return Views(filter_weights, log_odds, q * np.exp(log_odds), energies, note)


def _check_probabilities(numbers: np.ndarray) -> None:
    for k, row in enumerate(numbers):
        base = BASES[int(row.argmin())]
        require(
            "numbers",
            row.min() >= 0,
            "not have a negative probability",
            f"{base} at position {k}",
        )
        if row.max() == 0:
            raise ArgumentError(
                "numbers", f"Position {k} sums to 0: some base must be possible there."
            )
        if row.min() == 0:
            raise ArgumentError(
                "numbers",
                f"{base} at position {k} has the probability 0, which would be an infinite "
                "energy: give it a small one, such as 0.001.",
            )


def _note(values: np.ndarray, errors: np.ndarray, words: str) -> str:
    wrong = np.flatnonzero(np.abs(errors) > _ROUNDED)
    if not wrong.size:
        return ""
    more = f" (and {wrong.size - 1} more)" if wrong.size > 1 else ""
    return f"Position {wrong[0]} {words.format(values[wrong[0]])}{more}.".replace("-", "−")


_MOST_STEPS = 2_000_000  # largest number of grid points: 16 MB


def energy_distribution(
    energies: ArrayLike, background: ArrayLike | None = None, step: float = 0.005
) -> tuple[np.ndarray, np.ndarray]:
    """Distribution of the energies of random sites drawn from the background.

    Position by position, the distribution so far is shifted by the energy of each base and added
    up with the weight ``q[a]``. It is computed on a grid: an energy between two grid points is
    divided between both so that its mean is kept. This is the only approximation.

    Parameters
    ----------
    energies : array_like, shape (K, 4)
        ``eps`` in kcal/mol.
    background : array_like, shape (4,), optional
        ``q``; uniform if not given.
    step : float
        Width of the grid in kcal/mol.

    Returns
    -------
    grid : ndarray, shape (n,)
        Energies, evenly spaced, from the lowest of all sites.
    probability : ndarray, shape (n,)
        Sums to 1.

    Examples
    --------
    >>> grid, probability = energy_distribution([[0, 1, 1, 1], [0, 2, 2, 2]], step=1.0)
    >>> grid.tolist(), probability.tolist()
    ([0.0, 1.0, 2.0, 3.0], [0.0625, 0.1875, 0.1875, 0.5625])
    """
    q, eps = check_background(background), check_matrix("energies", energies)
    whole, part = _grid(eps, step)
    probability = _prefixes(whole, part, q)[-1]
    return eps.min(axis=1).sum() + step * np.arange(len(probability)), probability


def bound_ppm(
    energies: ArrayLike,
    mu: float,
    beta: float,
    background: ArrayLike | None = None,
    step: float = 0.005,
) -> np.ndarray:
    """PPM of bound sites among random sites from the background, at a given ``mu``.

    ``theta[k, a] = sum over x with x_k = a of q(x) P(bound | x) / sum over x of q(x) P(bound | x)``
    with ``q(x) = product of q[x_k]`` and ``P(bound | x)`` the `occupancy`: each of the ``4**K``
    sites is weighted by how often it occurs and how often it is bound. The sum is computed by
    dynamic programming on the grid of `energy_distribution`, from both ends of the site. The grid
    changes the odds of two bases of a position by a fraction of about ``(beta step)**2 / 8``, a few
    parts in 100,000 at the default.

    Parameters
    ----------
    energies : array_like, shape (K, 4)
        ``eps`` in kcal/mol.
    mu : float
        In kcal/mol, relative to the same zero as the energies.
    beta : float
        In mol/kcal, above 0.
    background : array_like, shape (4,), optional
        ``q``; uniform if not given.
    step : float
        Width of the grid in kcal/mol. More than 2,000,000 points in all are refused.

    Returns
    -------
    ndarray, shape (K, 4)
        Each row sums to 1: `boltzmann_ppm` for low ``mu``, the background for
        high ``mu``.

    Examples
    --------
    >>> eps = [[0.0, 1.0, 1.0, 1.0]]
    >>> [bound_ppm(eps, mu, beta=math.log(3))[0, 0].round(3).item() for mu in (-20, 0, 20)]
    [0.5, 0.4, 0.25]
    """
    q, eps = check_background(background), check_matrix("energies", energies)
    beta = inside("beta", beta, 0)
    mu = between("mu", mu)
    whole, part = _grid(eps, step)
    before = _prefixes(whole, part, q)
    z = beta * (mu - eps.min(axis=1).sum() - step * np.arange(len(before[-1])))
    # Divided by the occupancy of the best site, so that a very low mu does not make all of it 0.
    after = np.exp(np.logaddexp(0, -z[0]) - np.logaddexp(0, -z))
    theta = np.empty(eps.shape)
    for k in reversed(range(len(eps))):
        n = len(before[k])
        with_base = [
            (1 - f) * after[i : i + n] + f * after[i + 1 : i + 1 + n]
            for i, f in zip(whole[k], part[k])
        ]
        theta[k] = q * [before[k] @ row for row in with_base]
        after = q @ with_base
    return theta / theta.sum(axis=1, keepdims=True)


def _grid(eps: np.ndarray, step: float) -> tuple[np.ndarray, np.ndarray]:
    """Energies above the best of their position, in whole steps and a remainder from 0 to 1."""
    steps = (eps - eps.min(axis=1, keepdims=True)) / inside("step", step, 0)
    most = np.maximum(np.ceil(steps.max(axis=1)), 1)
    require(
        "energies",
        most.sum() <= _MOST_STEPS,
        f"not span more than {_MOST_STEPS:,} steps in all, got {most.sum():,.0f}",
    )
    # The largest energy of a position ends its grid: one step less, and a remainder of 1.
    whole = np.minimum(np.floor(steps), most[:, None] - 1)
    return whole.astype(int), steps - whole


def _prefixes(whole: np.ndarray, part: np.ndarray, q: np.ndarray) -> list[np.ndarray]:
    """Distribution of the energy of the first 0, 1, ... K positions; each starts at its lowest."""
    found = [np.ones(1)]
    for places, parts in zip(whole, part):
        n = len(found[-1])
        new = np.zeros(n + places.max() + 1)
        for i, f, share in zip(places, parts, q):
            new[i : i + n] += share * (1 - f) * found[-1]
            new[i + 1 : i + 1 + n] += share * f * found[-1]
        found.append(new)
    return found
