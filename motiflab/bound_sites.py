"""Which bases the bound sites show: the whole ensemble of random sites, each as often as bound.

Logos are made from sites that were found bound. How such a logo relates to the energies depends
on the chemical potential: see `bound_ppm`. Symbols are those of `motiflab.energy`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from motiflab.energy import check_energies, check_positive
from motiflab.quoting import quoted
from motiflab.sequences import check_background

_MOST_STEPS = 2_000_000  # of the grid of energies: 16 MB


def energy_distribution(
    energies: ArrayLike, background: ArrayLike | None = None, step: float = 0.005
) -> tuple[np.ndarray, np.ndarray]:
    """How energies are distributed over random sites drawn from the background.

    Position by position, the distribution so far is shifted by the energy of each base and added
    up with the weight ``q[a]``. It lives on a grid: an energy between two grid points is shared
    among both so that its mean is kept. That is the one approximation.

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
        Energies, evenly spaced, from the lowest one of all sites.
    probability : ndarray, shape (n,)
        Sums to 1.

    Examples
    --------
    >>> grid, probability = energy_distribution([[0, 1, 1, 1], [0, 2, 2, 2]], step=1.0)
    >>> grid.tolist(), probability.tolist()
    ([0.0, 1.0, 2.0, 3.0], [0.0625, 0.1875, 0.1875, 0.5625])
    """
    q, eps = check_background(background), check_energies(energies, "energies")
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
    """PPM of the sites found bound when random sites compete at a given ``mu``.

    ``theta[k, a] = sum over x with x_k = a of q(x) P(bound | x) / sum over x of q(x) P(bound | x)``
    with ``q(x) = product of q[x_k]`` and ``P(bound | x)`` the `occupancy`: each of the ``4**K``
    sites counts by how often it occurs and how often it is bound. The sum is done by dynamic
    programming on the grid of `energy_distribution`, from both ends of the site. The grid changes
    the odds of two bases of a position by a share of the order of ``(beta step)**2 / 8``, a few
    parts in 100,000 at the default.

    Parameters
    ----------
    energies : array_like, shape (K, 4)
        ``eps`` in kcal/mol.
    mu : float
        In kcal/mol, counted from the same zero as the energies.
    beta : float
        In mol/kcal, above 0.
    background : array_like, shape (4,), optional
        ``q``; uniform if not given.
    step : float
        Width of the grid in kcal/mol.

    Returns
    -------
    ndarray, shape (K, 4)
        Each row sums to 1: `motiflab.energy.boltzmann_ppm` for low ``mu``, the background for
        high ``mu``.

    Raises
    ------
    ValueError
        If an argument is not as said, or the grid would have more than 2,000,000 points.

    Examples
    --------
    >>> eps = [[0.0, 1.0, 1.0, 1.0]]
    >>> [bound_ppm(eps, mu, beta=math.log(3))[0, 0].round(3).item() for mu in (-20, 0, 20)]
    [0.5, 0.4, 0.25]
    """
    q, eps = check_background(background), check_energies(energies, "energies")
    beta = check_positive(beta, "beta")
    if not math.isfinite(mu):
        raise ValueError(f"mu must be a finite number, got {quoted(mu)}.")
    whole, part = _grid(eps, step)
    before = _prefixes(whole, part, q)
    z = beta * (mu - eps.min(axis=1).sum() - step * np.arange(len(before[-1])))
    # Divided by the occupancy of the best site, so that a very low mu does not make it all 0.
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
    """Each energy above the best of its position in steps: whole ones, and a part from 0 to 1."""
    steps = (eps - eps.min(axis=1, keepdims=True)) / check_positive(step, "step")
    most = np.maximum(np.ceil(steps.max(axis=1)), 1)
    if most.sum() > _MOST_STEPS:
        raise ValueError(
            f"energies must not span more than {_MOST_STEPS:,} steps in all, got {most.sum():,.0f}."
        )
    # The largest of a position ends its grid: one step before, and a part of 1.
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
