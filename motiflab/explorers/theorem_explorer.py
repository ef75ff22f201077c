"""Explore the theorem: the weights of a trained filter are the log-odds of the motif."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np

from motiflab.datasets.published_sites import crp_sites
from motiflab.figures.numbers import written
from motiflab.figures.recovery_charts import REACH, starts_table, weights_chart
from motiflab.motifs import Motif, jaspar, motif_from_weights
from motiflab.networks.recovery import Recovered, expected_bias, recover
from motiflab.sequences.encoding import gc_background
from motiflab.widgets import (
    BackgroundExplorer,
    CardResult,
    CardState,
    Chart,
    Report,
    choice,
    slider,
    titled_logo,
    toggle,
)

LENGTH = 20
"""Length of a whole sequence in bases."""

MOTIFS = [("CRP, left half", "CRP"), ("Arnt", "MA0004.1"), ("YY1", "MA0095.1")]
DATA = [("aligned windows", "aligned"), ("whole sequences", "scan")]


@cache
def motif_of(name: str, first: int = 3, width: int = 8) -> Motif:
    """Return a motif of JASPAR, or `width` positions of the CRP sites from position `first` on."""
    if name == "CRP":
        return Motif.from_sites(
            [site[first : first + width] for site in crp_sites()], "CRP, left half"
        )
    return jaspar.load(name)


class TheoremState(CardState):
    """What a learner can choose: the data and the number of starts."""

    data: str = choice("aligned", "Data", DATA, group="The data")
    motif: str = choice("CRP", "Motif", MOTIFS)
    n: int = choice(4000, "Sequences n", [500, 1000, 2000, 4000, 8000, 16000])
    share: float = slider(0.5, "Share of positives", 0.1, 0.9, 0.1, patient=True)
    gc: float = slider(0.5, "GC of the background", 0.3, 0.7, 0.1, patient=True, rare=True)
    shuffled: bool = toggle(False, "Shuffle the labels")
    restarts: int = slider(6, "Random starts", 1, 12, patient=True, group="The fit")
    seed: int = slider(
        1, "Seed", 1, 50, patient=True, help="For the data and the starts", rare=True
    )

    def idle(self) -> list[str]:
        """Hide the number of starts for aligned windows, which have one solution."""
        return ["restarts"] if self.data == "aligned" else []


class TheoremResult(CardResult):
    """The true motif, and the result of every start.

    Attributes
    ----------
    ppm, log_odds : ndarray, shape (K, 4)
        The truth.
    background : ndarray, shape (4,)
    expected : float
        The bias of the theorem.
    starts : list of Recovered
        The lowest training loss first.
    """

    ppm: np.ndarray
    log_odds: np.ndarray
    background: np.ndarray
    expected: float
    starts: list[Recovered]


def compute(state: TheoremState, report: Report | None = None) -> TheoremResult:
    """Make the data, and fit from every start; `report` as for `recovery.recover`."""
    motif, q = motif_of(state.motif), gc_background(state.gc)
    aligned = state.data == "aligned"
    length = motif.width if aligned else LENGTH
    return TheoremResult(
        state,
        motif.probabilities(1.0, q),
        motif.log_odds(q),
        q,
        # In a whole sequence the site can be at any of the places, so each has lower prior odds.
        expected_bias(state.share, length - motif.width + 1),
        # The fit of aligned windows is fast and needs no report.
        _kept_fit(state, length) if aligned else _fit(state, length, report),
    )


def _fit(state: TheoremState, length: int, report: Report | None = None) -> list[Recovered]:
    motif, q = motif_of(state.motif), gc_background(state.gc)
    choices = state.share, state.restarts, state.seed, state.shuffled
    return recover(motif, state.n, length, q, *choices, report)


_kept_fit = lru_cache(maxsize=32)(_fit)  # a learner goes to and fro


def draw(result: TheoremResult, uid: str) -> dict[str, str | Chart]:
    """Draw the true and the trained motif, the weights against the log-odds, and every start."""
    best = result.starts[0]
    outside = ((best.weights < REACH[0]) | (best.weights > REACH[1])).sum()
    return {
        "truth": titled_logo(
            result.ppm,
            "bits",
            result.background,
            title="The planted motif, in bits",
            uid=f"{uid}-truth",
        ),
        "trained": titled_logo(
            motif_from_weights(best.weights, result.background),
            "bits",
            result.background,
            title="The trained filter, in bits",
            uid=f"{uid}-trained",
        ),
        "weights": Chart(
            weights_chart(result.log_odds, best.weights, best.slope),
            f"{best.weights.size} weights against their log-odds; slope {best.slope:.2f}; "
            f"{outside} of them beyond the axes.",
        ),
        "starts": starts_table(result.starts, result.expected),
    }


def describe(result: TheoremResult) -> str:
    """Compare slope and bias with the theorem, and count the starts that reached it."""
    state, best = result.state, result.starts[0]
    # A scan must also find the place, which lowers the prior of each place.
    formula = "log(π / (1 − π))"
    if state.data == "scan":
        formula += f" − log {LENGTH - len(result.ppm) + 1}"
    starts = ""
    if state.shuffled:
        starts = "<p>The labels are shuffled: there is no motif to find.</p>"
    elif state.data == "scan":
        # A start has reached it if its loss is the lowest, up to the noise of the optimiser.
        count, there = len(result.starts), sum(s.loss < best.loss + 1e-3 for s in result.starts)
        starts = f"<p>{there} of {count} random starts reached the lowest loss. " + (
            "Even that one is shifted or partial: more starts are needed.</p>"
            if best.shift or best.kl > 0.3
            else "Those with a higher loss found only part of the motif, in the wrong place.</p>"
            if there < count
            else "</p>"
        )
    return (
        f"<p>Bias: b + Σ<sub>k</sub> log Σ<sub>a</sub> q<sub>a</sub> exp(W<sub>ka</sub>) = "
        f"<b>{written(best.bias, 2)}</b>; the theorem says {formula} = "
        f"<b>{written(result.expected, 2)}</b>. Weights: slope <b>{best.slope:.2f}</b> "
        f"(theorem: 1), KL to the true motif <b>{best.kl:.4f}</b> bits per position.</p>{starts}"
    )


class TheoremExplorer(BackgroundExplorer):
    """Train one filter on labels alone and compare its weights with the log-odds.

    Examples
    --------
    >>> found = TheoremExplorer().result.starts[0]
    >>> 0.95 < found.slope < 1.08, found.kl < 0.01
    (True, True)
    """

    State = TheoremState
    title = "Are trained weights log-odds?"
    goal = "bring the slope within 0.02 of 1 and the bias within 0.1 of what the theorem says."
    rows = (("truth", "trained"),)
    numbers = ("starts",)
    part = "random start"
    work, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
