"""Explore whether any score finds more sites than the log-likelihood ratio does."""

from __future__ import annotations

import numpy as np

from motiflab.evaluation.detectors import power, word_probabilities, word_scores
from motiflab.explorers.motif_explorer import lowest_stack
from motiflab.explorers.theorem_explorer import motif_of
from motiflab.figures import brief, captioned, equals, written
from motiflab.figures.evaluation_charts import LOWEST, RATES, power_chart, power_text
from motiflab.motifs.motif import Motif
from motiflab.sequences.encoding import gc_background, one_hot
from motiflab.widgets import (
    CardResult,
    CardState,
    Chart,
    Explorer,
    choice,
    matrix,
    slider,
    titled_logo,
)

WIDTH = 7
"""Number of positions of all motifs here: 16,384 words, all of which are enumerated."""

_NAMES = ("LLR", "yours")


def seven_positions_of(name: str) -> Motif:
    """Return seven positions of a JASPAR motif or of the left half of the CRP sites."""
    return motif_of(name, first=4, width=WIDTH)


class BeatState(CardState):
    """What a learner can choose: the motif, the rival of its log-odds, and where to compare."""

    motif: str = choice(
        "CRP", "Motif", [("CRP, left half", "CRP"), ("GATA2", "MA0036.4"), ("HOXA9", "MA0594.3")]
    )
    gc: float = slider(0.4, "GC of the background", 0.2, 0.8, 0.05, rare=True)
    rival: str = choice(
        "consensus",
        "Your score",
        [
            ("matches to the consensus", "consensus"),
            ("log-odds, background taken as uniform", "uniform"),
            ("sum of the probabilities", "probabilities"),
            ("log-odds plus random numbers", "noise"),
            ("random weights", "random"),
            ("a random number for each word", "words"),
            ("log-odds plus my changes", "mine"),
        ],
        group="Try to beat it",
    )
    amount: float = slider(
        1.0, "Its share in the mix", 0.0, 1.0, 0.05, help="At 0 your score is the LLR itself"
    )
    seed: int = slider(1, "Seed", 1, 50, help="Of the random numbers", rare=True)
    mine: tuple = matrix(
        np.zeros((WIDTH, 4)),
        "My changes",
        -5,
        5,
        0.25,
        rows=(WIDTH, WIDTH),
        help="Added to the log-odds",
    )
    exponent: float = slider(
        -2.0, "False positive rate, power of ten", LOWEST, 0.0, 0.1, group="Compare at"
    )

    def idle(self) -> list[str]:
        """Hide the seed unless the rival is random, and the matrix unless it is used."""
        if self.rival == "mine":
            return ["seed"]
        return ["mine"] if self.rival in ("noise", "random", "words") else ["seed", "mine"]


class BeatResult(CardResult):
    """The power of both scores over the whole population.

    Attributes
    ----------
    best_weights : ndarray, shape (7, 4)
        The log-odds.
    weights : ndarray, shape (7, 4), or None
        The weights of the learner's score; None if it is not linear.
    rate : float
        False positive rate.
    found : (float, float)
        True positive rates of the LLR and of the learner's score at this rate.
    curves : (ndarray, ndarray)
        True positive rates at `RATES`.
    """

    best_weights: np.ndarray
    weights: np.ndarray | None
    rate: float
    found: tuple[float, float]
    curves: tuple[np.ndarray, np.ndarray]


def compute(state: BeatState) -> BeatResult:
    """Score all 16,384 words in both ways, and weight them by their probabilities."""
    q, motif = gc_background(state.gc), seven_positions_of(state.motif)
    ppm, best = motif.probabilities(1.0, q), motif.log_odds(q)
    # Both classes are known exactly, word by word, so there is no sampling error.
    classes = word_probabilities(ppm), word_probabilities(np.tile(q, (WIDTH, 1)))
    rng = np.random.default_rng(state.seed)
    weights, scores = None, word_scores(best)
    if state.rival == "words":  # these scores are no sum over positions, so no matrix has them
        mixed = (1 - state.amount) * scores + state.amount * 3 * rng.normal(size=scores.shape)
    else:
        # All rivals are made each time, so that their random numbers do not depend on the choice.
        rival = {
            "consensus": one_hot(motif.consensus()),
            "uniform": np.log(ppm / 0.25),
            "probabilities": ppm,
            "noise": best + rng.normal(size=best.shape),
            "random": rng.normal(size=best.shape),
            "mine": best + np.asarray(state.mine),
        }[state.rival]
        weights = (1 - state.amount) * best + state.amount * rival
        mixed = word_scores(weights)
    rate = float(10.0**state.exponent)
    # The chosen rate is computed with the others, in one pass.
    powers = [power(score, *classes, np.append(RATES, rate)) for score in (scores, mixed)]
    found = tuple(float(values[-1]) for values in powers)
    return BeatResult(state, best, weights, rate, found, tuple(values[:-1] for values in powers))


def draw(result: BeatResult, uid: str) -> dict[str, str | Chart]:
    """Draw both filters, and their true positive rate at each false positive rate."""
    limit = lowest_stack(seven_positions_of(result.state.motif))
    return {
        "best": _filter(result.best_weights, "The log-odds, in nats", limit, f"{uid}-best"),
        "yours": _filter(result.weights, "Your weights", limit, f"{uid}-yours"),
        "power": Chart(
            power_chart(*result.curves, _NAMES, result.rate, result.found, drag="exponent"),
            power_text(_NAMES, result.rate, result.found),
        ),
    }


def _filter(weights: np.ndarray | None, title: str, limit: float, uid: str) -> str:
    if weights is None:
        return captioned(f"<b>{title}</b>", "<p>None: this score is not a sum over positions.</p>")
    return titled_logo(weights, "signed", title=title, uid=uid, limit=limit, height=130, first=0)


def describe(result: BeatResult) -> str:
    """Say which score finds more, and by how much."""
    best, yours = result.found
    gap = best - yours
    said = (
        f"Your score finds {brief(1000 * gap)} fewer sites in 1,000 than the LLR."
        if gap > 5e-5
        else "A draw: at this rate it finds as many sites as the LLR."
    )
    return (
        f"<p>At FPR = 10<sup>{written(result.state.exponent, 1)}</sup> = {brief(result.rate, 2)}: "
        f"TPR(LLR) − TPR(yours) = {best:.4f} − {yours:.4f} "
        f"{equals([best, -yours], gap, 4)} <b>{written(gap, 4)}</b>, "
        f"added up over all {4**WIDTH:,} words, not sampled.</p><p>{said}</p>"
    )


class BeatExplorer(Explorer):
    """Try to beat the log-likelihood ratio.

    Examples
    --------
    >>> best, yours = BeatExplorer().result.found
    >>> f"{best:.3f} {yours:.3f}"
    '0.445 0.314'
    """

    State = BeatState
    title = "Can you beat the log-likelihood ratio?"
    goal = "find any score that finds more sites than the LLR at some false positive rate."
    rows = (("best", "yours"),)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
