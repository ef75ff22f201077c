"""Plant a known motif, train a filter on the labels, and compare the filter with the motif."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from motiflab.datasets.planting import Arrangement, plant
from motiflab.motifs import (
    Motif,
    fit_aligned,
    motif_from_weights,
    prior_log_odds,
    relative_entropy,
    to_gauge,
)
from motiflab.networks.scanner import Fit, fit_on, fit_scanner, scanner_loss
from motiflab.sequences import DNA, Alphabet, check_background


@dataclass(frozen=True, eq=False)
class Recovered:
    """A fitted filter, compared with the planted motif.

    Attributes
    ----------
    weights : ndarray, shape (K, A)
        In the gauge of `log_odds.to_gauge`, as is `bias`.
    bias : float
    loss : float
        Mean cross-entropy on the training data, in nats.
    slope : float
        Slope of the regression line of the weights on the true log-odds: 1 if they agree.
    kl : float
        Relative entropy of the true PPM to that of the weights, in bits per position.
    shift : int
        Shift of the motif to the right in the filter, in positions; see `best_shift`.
    """

    weights: np.ndarray
    bias: float
    loss: float
    slope: float
    kl: float
    shift: int


def expected_bias(share: float, places: int = 1) -> float:
    """Bias of the theorem: log prior odds minus the log of the number of windows ``M``.

    >>> round(expected_bias(0.5, 15), 3)
    -2.708
    """
    return prior_log_odds(share) - math.log(places)


def recover(
    motif: Motif,
    n: int,
    length: int,
    background: ArrayLike | None = None,
    share: float = 0.5,
    restarts: int = 8,
    seed: int = 0,
    shuffled: bool = False,
    report: Callable[[int, int], None] | None = None,
) -> list[Recovered]:
    """Fit one filter, as wide as the motif, to sequences with and without one planted site.

    The site is on the + strand; all other bases are independent draws from the background. If the
    sequences are as long as the motif, they are aligned windows, and logistic regression has one
    best solution; otherwise the scanner is fitted from random starts (`motiflab.networks.scanner`).

    Parameters
    ----------
    motif : Motif
        Planted with the pseudocount of `Motif.log_odds`.
    n, length : int
        Number of sequences and bases in each.
    background : array_like, shape (A,), optional
        Uniform if not given.
    share : float
        Share of the sequences with a site.
    restarts : int
        Number of random starts of the scanner.
    seed : int
        Seed of the data and of the starts.
    shuffled : bool
        Whether to shuffle the labels first, as a negative control.
    report : callable, optional
        Called as ``report(done, restarts)`` before every step, with the number of finished starts.
        An exception that it raises ends the fit. Not called for aligned windows, whose fit is fast.

    Returns
    -------
    list of Recovered
        One for each start (one in all for aligned windows), the lowest loss first.

    Examples
    --------
    >>> box = Motif("box", [[8, 4, 4, 4], [2, 2, 14, 2]])
    >>> (found,) = recover(box, n=4000, length=2)
    >>> round(found.slope, 1), found.shift
    (1.0, 0)
    """
    q = check_background(background, motif.alphabet)
    site = Arrangement((motif,), both_strands=False)
    made = plant(n, length, site, None, q, share, seed)
    sequences, labels = made.sequences, made.labels
    if shuffled:
        labels = np.random.default_rng(seed).permutation(labels)
    if length == motif.width:
        fits = [_aligned(motif, sequences, labels)]
    else:
        fits = fit_scanner(sequences, labels, motif.width, restarts, seed, report, motif.alphabet)
    return [_compare(motif, fit, q) for fit in fits]


def learning_curve(
    motif: Motif,
    sizes: list[int],
    length: int,
    restarts: int = 8,
    seed: int = 0,
    report: Callable[[int, int], None] | None = None,
) -> list[Recovered]:
    """Fit a filter to increasing numbers of sequences of one data set, half of them positive.

    Only the smallest size has random starts. The best of them is the start at the next size, and
    so on, so a curve costs little more than its last point.

    Parameters
    ----------
    motif : Motif
        Planted in a uniform background; see `recover`.
    sizes : list of int
        Numbers of sequences, ascending.
    length : int
        Bases in each sequence.
    restarts, seed : int
        As for `recover`.
    report : callable, optional
        Called as ``report(done, total)`` before every step, with the number of finished sizes and
        of all sizes. An exception that it raises ends the fit.

    Returns
    -------
    list of Recovered
        One for each size.

    Examples
    --------
    >>> box = Motif("box", [[8, 4, 4, 4], [2, 2, 14, 2]])
    >>> few, many = learning_curve(box, [100, 10_000], length=2)
    >>> many.kl < few.kl
    True
    """
    most = max(sizes)
    sequences, labels = _data(motif, most, length, seed)
    q = check_background(None, motif.alphabet)
    found, fit = [], None

    def watch(*_: int) -> None:
        if report:
            report(len(found), len(sizes))

    for n in sizes:
        watch()
        if length == motif.width:
            known = _first(motif, n, most, seed)
            found.append(replace(known, weights=known.weights.copy()))
            continue
        if fit is None:
            fit = fit_scanner(
                sequences[:n], labels[:n], motif.width, restarts, seed, watch, motif.alphabet
            )[0]
        else:
            fit = fit_on(fit, sequences[:n], labels[:n], watch, motif.alphabet)
        found.append(_compare(motif, fit, q))
    return found


# Cached, because a card asks for curves that share most of their points.
@functools.lru_cache(maxsize=8)
def _data(motif: Motif, n: int, length: int, seed: int) -> tuple[list[str], np.ndarray]:
    made = plant(n, length, Arrangement((motif,), both_strands=False), seed=seed)
    return made.sequences, made.labels


@functools.lru_cache(maxsize=64)
def _first(motif: Motif, n: int, most: int, seed: int) -> Recovered:
    """Fit the first `n` of `most` aligned windows."""
    sequences, labels = _data(motif, most, motif.width, seed)
    fit = _aligned(motif, sequences[:n], labels[:n])
    return _compare(motif, fit, check_background(None, motif.alphabet))


def _aligned(motif: Motif, windows: list[str], labels: np.ndarray) -> Fit:
    weights, bias = fit_aligned(windows, labels, motif.alphabet)
    loss = scanner_loss(weights, bias, windows, labels, motif.alphabet)[0]
    return Fit(weights, bias, loss, steps=0)


def _compare(motif: Motif, fit: Fit, q: np.ndarray) -> Recovered:
    alphabet = motif.alphabet
    truth = motif.probabilities(1.0, q)
    found = motif_from_weights(fit.weights, q, alphabet=alphabet)
    kl = relative_entropy(truth, found)
    shift = best_shift(found.probabilities(), truth, q, alphabet)
    # Weights can be compared number by number only in the same gauge.
    weights, bias = to_gauge(fit.weights, fit.bias, q, alphabet)
    slope = float(np.polyfit(motif.log_odds(q).ravel(), weights.ravel(), 1)[0])
    return Recovered(weights, bias, fit.loss, slope, kl, shift)


def best_shift(
    found: np.ndarray,
    truth: np.ndarray,
    background: ArrayLike | None = None,
    alphabet: Alphabet = DNA,
) -> int:
    """Return the shift to the right of a PPM relative to another of the same width.

    It is the ``d`` with the largest ``sum over k of (P - q)[k + d] . (R - q)[k]``, for the PPMs
    ``P`` and ``R``, both (K, A), and the background ``q``. Positions outside the frame add 0, so
    part of the motif does not count as the whole. Only the given strand is compared, as in the
    scanner; of equally good shifts the smallest is returned.

    Parameters
    ----------
    found, truth : ndarray, shape (K, A)
    background : array_like, shape (A,), optional
        Uniform if not given.
    alphabet : Alphabet

    Examples
    --------
    >>> truth = np.array([[0.7, 0.1, 0.1, 0.1], [0.1, 0.7, 0.1, 0.1], [0.1, 0.1, 0.7, 0.1]])
    >>> best_shift(np.roll(truth, 1, axis=0), truth)
    1
    """
    q = check_background(background, alphabet)
    # The background is subtracted, so that columns without information do not count.
    p, r = found - q, truth - q
    shifts = sorted(range(1 - len(p), len(p)), key=abs)
    overlaps = [(p[max(d, 0) : len(p) + d] * r[max(-d, 0) : len(r) - d]).sum() for d in shifts]
    # Rounded, so that shifts of equal overlap tie and the first, the smallest, is returned.
    return shifts[int(np.argmax(np.round(overlaps, 9)))]
