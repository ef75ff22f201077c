"""Explore the way from counts to log-odds and back, and the constants that change no score."""

from __future__ import annotations

import numpy as np

from motiflab.checks import ArgumentError, quoted
from motiflab.figures import bracketed, equals, motif_matrix_html, written
from motiflab.layers.activations import sigmoid
from motiflab.motifs import Motif, motif_from_weights, prior_log_odds, relative_entropy
from motiflab.sequences import check_background, one_hot
from motiflab.sequences.alphabet import BASES, clean
from motiflab.widgets import (
    CardResult,
    CardState,
    Explorer,
    blame,
    matrix,
    number,
    slider,
    text,
    titled_logo,
)

ARNT = ((4, 16, 0, 0), (19, 0, 1, 0), (0, 20, 0, 0), (0, 0, 20, 0), (0, 0, 0, 20), (0, 0, 20, 0))
"""Counts of JASPAR's MA0004.1, from 20 sites."""


class LogOddsState(CardState):
    """What a learner can choose: counts, background, prior, a window, and a constant."""

    counts: tuple = matrix(
        ARNT, "Counts (PFM)", 0, 1000, 1, rows=(1, 8), group="The motif", fill=(5, 5, 5, 5)
    )
    pseudocount: float = slider(1.0, "Pseudocount", 0.0, 20.0, 0.5, rare=True)
    background: str = text(
        "0.25 0.25 0.25 0.25",
        "Background of A C G T",
        lambda: ("0.25 0.25 0.25 0.25", "0.3 0.2 0.2 0.3", "0.1 0.4 0.4 0.1"),
        help="Four frequencies above 0 that sum to 1",
    )
    prior: float = number(
        0.5,
        "Prior π",
        step=0.1,
        help="Share of sites among the windows",
        group="The score",
        rare=True,
    )
    window: str = text(
        "CACGTG", "Window", help="As many letters as the motif has positions", rare=True
    )
    position: int = slider(
        0,
        "Position k to shift",
        0,
        7,
        group="A constant",
        lead=True,
        help="Counted from 0, as in the grid",
    )
    constant: float = slider(
        0.0,
        "Constant c",
        -4.0,
        4.0,
        0.25,
        lead=True,
        help="Added to four weights, subtracted from the bias",
    )


class LogOddsResult(CardResult):
    """Probabilities, weights and motifs computed from the counts.

    Attributes
    ----------
    background : ndarray, shape (4,)
    ppm, weights : ndarray, shape (K, 4)
        Probabilities; log-odds in nats, with the constant in them.
    bias : float
        Log prior odds minus the constant.
    window : str
    back, plain : ndarray, shape (K, 4)
        Probabilities from the weights, with the background and as if it were uniform.
    lost : float
        Relative entropy of the truth to `plain`, in bits per position.
    """

    background: np.ndarray
    ppm: np.ndarray
    weights: np.ndarray
    bias: float
    window: str
    back: np.ndarray
    plain: np.ndarray
    lost: float


def compute(state: LogOddsState) -> LogOddsResult:
    """Go from the counts to the weights, and back."""
    counts = np.asarray(state.counts)
    empty = np.flatnonzero(counts.sum(axis=1) == 0)
    if empty.size:
        raise ArgumentError(
            "counts",
            f"Counts (PFM): position k = {empty[0]} sums to 0, so there are no probabilities; "
            "give at least one of its bases a count.",
        )
    try:
        q = check_background([float(share) for share in state.background.split()])
    except ValueError:
        raise ArgumentError(
            "background",
            "Background of A C G T must be four numbers above 0 that sum to 1 (with a 0 the "
            f"log-odds would be infinite), such as 0.3 0.2 0.2 0.3, not "
            f"{quoted(state.background, 40)}.",
        ) from None
    try:
        bias = prior_log_odds(state.prior)
    except ValueError:
        raise ArgumentError(
            "prior",
            f"Prior π must lie between 0 and 1, both excluded, not {state.prior:g}: with 0 or 1 "
            "no window could change the answer.",
        ) from None
    motif = Motif("yours", counts)
    ppm = motif.probabilities(state.pseudocount, q)
    # Without pseudocounts, the log-odds of a base with count 0 are minus infinity.
    if (ppm == 0).any():
        raise ArgumentError(
            "pseudocount",
            "Pseudocount must be above 0 here: one base was never counted, and 0 has no logarithm.",
        )
    window = _window(state.window, motif.width)
    if state.position >= motif.width:
        raise ArgumentError(
            "position",
            f"Position k to shift must be from 0 to {motif.width - 1}, the motif's last, not "
            f"{state.position}.",
        )
    # Every window has one base at this position, so the constant adds to every score. Subtracted
    # from the bias, it changes no score: the data cannot determine where it is.
    weights = motif.log_odds(q, state.pseudocount)
    weights[state.position] += state.constant
    # Without the background the softmax assumes equally frequent bases: wrong unless they are.
    plain = motif_from_weights(weights).probabilities()
    return LogOddsResult(
        state,
        q,
        ppm,
        weights,
        bias - state.constant,
        window,
        motif_from_weights(weights, q).probabilities(),
        plain,
        relative_entropy(ppm, plain),
    )


def _window(typed: str, width: int) -> str:
    with blame("window"):
        window = clean(typed, "Window")
    if len(window) != width or set(window) - set(BASES):
        raise ArgumentError(
            "window",
            f"Window must be {width} letters of A, C, G and T, one for each position of the "
            f"motif, not {quoted(typed)}.",
        )
    return window


def draw(result: LogOddsResult, uid: str) -> dict[str, str]:
    """Draw both matrices with their numbers, and four logos."""
    matrices = {
        "ppm": motif_matrix_html(result.ppm, "Probabilities θ (PPM)", f"{uid}-ppm", limit=1.0),
        "weights": motif_matrix_html(
            result.weights,
            "Weights W = log θ − log q, in nats",
            f"{uid}-weights",
            limit=4.0,
            marked={(a, result.state.position) for a in range(4)},
            choose={
                (a, k): f"window={result.window[:k]}{base}{result.window[k + 1 :]}"
                for k in range(len(result.window))
                for a, base in enumerate(BASES)
            },
            hint=(
                "Click a cell to put its base into the window, or type it in the field Window "
                "under More"
            ),
        ),
    }
    logos = {
        "bits": (result.back, "bits", "By q·exp(W), in bits"),
        "plain_bits": (result.plain, "bits", "By plain softmax, in bits"),
        "chances": (result.back, "probability", "By q·exp(W), in probabilities"),
        "plain_chances": (result.plain, "probability", "By plain softmax, in probabilities"),
    }
    return matrices | {
        name: titled_logo(
            ppm, kind, result.background, title=title, uid=f"{uid}-{name}", height=112, first=0
        )
        for name, (ppm, kind, title) in logos.items()
    }


def describe(result: LogOddsResult) -> str:
    """Add up the score, and compare the motif from each way back with the truth."""
    state, window = result.state, result.window
    # One-hot selects one weight at each position. Its constant cancels with that in the bias.
    terms = (result.weights * one_hot(window)).sum(axis=1)
    score = terms.sum() + result.bias
    total = " + ".join(bracketed(written(term, 2)) for term in terms)
    words = "Plain softmax gives the same probabilities."
    if result.lost >= 1e-9:
        words = (
            f"Plain softmax is {result.lost:.2f} bits per position away from the truth: it divides "
            "the background out and never puts it back."
        )
    if state.constant:
        words = (
            f"The constant {written(state.constant, 2)} is added to the four weights of position "
            f"k = {state.position} and taken from the bias: the score and the logos do not "
            f"change. {words}"
        )
    return (
        f"<p>s({window}) = Σ W + b = {total} + {bracketed(written(result.bias, 2))} "
        f"{equals([*terms, result.bias], score, 2)} <b>{written(score, 2)}</b>, so "
        f"P(motif | {window}) = σ(s) = <b>{float(sigmoid(score)):.4g}</b>.</p><p>{words}</p>"
    )


class LogOddsExplorer(Explorer):
    """Go from counts to weights and back, and move constants from the bias into the weights.

    Examples
    --------
    >>> card = LogOddsExplorer(background="0.3 0.2 0.2 0.3")
    >>> f"{card.result.lost:.2f}", bool(abs(card.result.back - card.result.ppm).max() < 1e-12)
    ('0.01', True)
    """

    State = LogOddsState
    title = "When is a filter a motif?"
    goal = (
        "change weights without changing any score; then find a background for which plain "
        "softmax draws a different motif."
    )
    rows = (("ppm", "weights"), ("bits", "plain_bits"), ("chances", "plain_chances"))
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
