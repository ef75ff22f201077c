"""One object in four views: filter weights, log-odds, probabilities and energies.

Any one determines the others (symbols as in `motiflab.energy`):

- a filter ``W`` is log-odds, up to a constant of each position that its bias takes up;
- log-odds are ``W`` with ``sum over a of q[a] exp(W[k, a]) = 1`` at each position ``k``;
- probabilities (PPM) are ``theta[k, a] = q[a] exp(W[k, a])`` of the log-odds;
- energies are ``eps[k, a] = (max over b of W[k, b] - W[k, a]) / beta``, the best base at 0.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from motiflab.energy import check_energies, energies_of_weights, log_odds_of_energies
from motiflab.quoting import quoted
from motiflab.sequences import BASES, check_background

NAMES = ("filter", "log_odds", "probabilities", "energies")
_ROUNDED = 0.0005  # what numbers shown with three digits may be off by


class Views(NamedTuple):
    """The same motif four times, each an ndarray of shape (K, 4).

    Attributes
    ----------
    filter, log_odds : ndarray
        In nats. The filter as it was given, or else equal to the log-odds.
    probabilities : ndarray
        Each row sums to 1.
    energies : ndarray
        In kcal/mol, 0 for the best base of each position.
    note : str
        What was done to numbers that did not have the form above; empty if nothing.
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

    Probabilities are divided by the sum of their position, and a constant is taken off log-odds
    and energies that are not in the form of the module's head; `Views.note` says so.

    Parameters
    ----------
    numbers : array_like, shape (K, 4)
        Finite.
    given : {"filter", "log_odds", "probabilities", "energies"}
        What the numbers are.
    beta : float
        In mol/kcal, above 0.
    background : array_like, shape (4,), optional
        ``q``; uniform if not given.

    Raises
    ------
    ValueError
        Also for a probability that is negative or 0 (an infinite energy).

    Examples
    --------
    >>> views = views_of([[2, 1, 1, 1]], "probabilities", beta=2.0)
    >>> views.probabilities.round(4).tolist(), views.energies.round(4).tolist()
    ([[0.4, 0.2, 0.2, 0.2]], [[0.0, 0.3466, 0.3466, 0.3466]])
    >>> views.note
    'Position 0 sums to 5, so its numbers were divided by that.'
    """
    if given not in NAMES:
        raise ValueError(f"given must be one of {', '.join(NAMES)}, got {quoted(given)}.")
    numbers, q = check_energies(numbers, "numbers"), check_background(background)
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
        note = _note(off, off, "broke Σ q·exp(W) = 1, so {:.3g} was taken off its four numbers")
    elif given == "energies":
        off = numbers.min(axis=1)
        note = _note(off, off, "has {:.3g} as its best, which counts as 0: that was taken off")
    filter_weights = numbers if given == "filter" else log_odds
    return Views(filter_weights, log_odds, q * np.exp(log_odds), energies, note)


def _check_probabilities(numbers: np.ndarray) -> None:
    for k, row in enumerate(numbers):
        base = BASES[int(row.argmin())]
        if row.min() < 0:
            raise ValueError(f"{base} at position {k} must not have a negative probability.")
        if row.max() == 0:
            raise ValueError(f"Position {k} sums to 0: some base must be possible there.")
        if row.min() == 0:
            raise ValueError(
                f"{base} at position {k} has the probability 0, which is an infinite energy: "
                "give it a small one, such as 0.001."
            )


def _note(values: np.ndarray, errors: np.ndarray, words: str) -> str:
    wrong = np.flatnonzero(np.abs(errors) > _ROUNDED)
    if not wrong.size:
        return ""
    more = f" ({wrong.size - 1} more likewise)" if wrong.size > 1 else ""
    return f"Position {wrong[0]} {words.format(values[wrong[0]])}{more}.".replace("-", "−")
