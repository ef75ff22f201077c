"""Explore the precision of real scores at a chosen prevalence, and its uncertainty."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import ArgumentError
from motiflab.datasets import sources
from motiflab.evaluation.prevalence import Judgement, judge, negatives_needed
from motiflab.figures import TURNED, brief, html_table, precision_chart, rates_chart, written
from motiflab.motifs import jaspar
from motiflab.widgets import CardResult, CardState, Chart, Explorer, choice, number, slider


class JudgeState(CardState):
    """What a learner can choose: the prevalence, the number of negatives, the threshold."""

    prevalence: float = number(
        0.003, "Prevalence π", 0.0, 1.0, help="Share of positives where the detector will be used"
    )
    negatives: int = choice(0, "Number of negatives", [("100", 100), ("1,000", 1000), ("all", 0)])
    recall: float = slider(
        0.5,
        "Required recall",
        0.01,
        1.0,
        0.01,
        help="The threshold is the highest score that reaches this recall",
    )


class JudgeResult(CardResult):
    """Every recall at its highest threshold, and the chosen one.

    Attributes
    ----------
    judged : Judgement
    at : int
        Index of the chosen threshold.
    unresolved : float
        The largest recall that no negative reaches: up to there the precision is unknown.
    """

    judged: Judgement
    at: int
    unresolved: float


def compute(state: JudgeState, labels: np.ndarray, scores: np.ndarray) -> JudgeResult:
    """Compute precision and bounds at each recall."""
    if state.prevalence in (0, 1):
        raise ArgumentError(
            "prevalence",
            f"Prevalence must lie between 0 and 1, not be {state.prevalence:g}: with no "
            f"{'negatives' if state.prevalence else 'positives'} there is nothing to tell apart.",
        )
    negatives = np.flatnonzero(labels == 0)
    if state.negatives > len(negatives):
        raise ArgumentError(
            "negatives",
            f"Number of negatives must be at most {len(negatives):,}, as many as there are, not "
            f"{state.negatives:,}.",
        )
    # All positives stay: with fewer negatives the false positive rate only gets coarser.
    kept = np.union1d(np.flatnonzero(labels == 1), negatives[: state.negatives or None])
    judged = judge(labels[kept], scores[kept], state.prevalence)
    # The recalls are ascending, so the first that is large enough has the highest threshold.
    at = int(np.searchsorted(judged.recall, state.recall - 1e-9))
    # The counts of false positives are ascending, too: up to the last 0 no negative is reached, and
    # the true rate remains unknown.
    unresolved = float(judged.recall[judged.false == 0].max(initial=0.0))
    return JudgeResult(state, judged, at, unresolved)


def draw(result: JudgeResult, uid: str) -> dict[str, str | Chart]:
    """Draw false positive rate and precision against recall, with their bounds, and a table."""
    judged, at, pi = result.judged, result.at, result.state.prevalence
    shown = judged, at, result.unresolved
    rates = (
        f"At recall {judged.recall[at]:.2f}, {judged.false[at]:,} of {judged.negatives:,} "
        f"negatives are called: a false positive rate between {brief(judged.fpr_low[at], 2)} and "
        f"{brief(judged.fpr_high[at], 2)}. Up to recall {result.unresolved:.2f} none is called."
    )
    precision = (
        f"At prevalence {brief(pi)} and recall {judged.recall[at]:.2f} the precision is observed "
        f"as {brief(judged.precision[at])} and lies between {brief(judged.low[at], 2)} and "
        f"{brief(judged.high[at], 2)}. Random calls have precision {brief(pi)}."
    )
    return {
        "rates": Chart(rates_chart(*shown), rates),
        "precision": Chart(precision_chart(*shown, pi), precision),
        "table": _table(result),
    }


def describe(result: JudgeResult) -> str:
    """Give the formula of the precision with the numbers, and its uncertainty."""
    judged, at, pi = result.judged, result.at, result.state.prevalence
    recall, false, n = judged.recall[at], judged.false[at], judged.negatives
    rates = [brief(bounds[at], 2) for bounds in (judged.fpr_low, judged.fpr_high)]
    low, high = (brief(bounds[at], 2) for bounds in (judged.low, judged.high))
    if false:
        words = (
            f"The false positive rate lies between {rates[0]} and {rates[1]}, so the precision "
            f"between <b>{low}</b> and <b>{high}</b>"
        )
    else:
        words = (
            f"None of {n:,} negatives reaches this threshold, and <b>that is not precision 1</b>: "
            f"the false positive rate may be up to 3/N ≈ {rates[1]}, the precision anything from "
            f"<b>{low}</b> to 1"
        )
    return (
        f"<p>FPR = {false:,} / {n:,} = {brief(false / n, 2)}; precision = "
        f"{recall:.2f}·{brief(pi)} / "
        f"({recall:.2f}·{brief(pi)} + {brief(false / n, 2)}·{1 - pi:.6g}) = "
        f"<b>{brief(judged.precision[at])}</b></p><p>{words} (each bound holds with 95 % "
        "confidence, with the recall taken as exact). To show a precision of ½ at this recall, "
        f"you would need {negatives_needed(float(recall), pi):,.0f} negatives and call none of "
        "them.</p>"
    )


def _table(result: JudgeResult) -> str:
    judged = result.judged
    wanted = np.array([0.1, 0.25, 0.5, 0.75, 0.9, 1.0])
    rows = [
        [
            f"{asked} {judged.recall[i]:.2f}",
            written(judged.threshold[i], 2),
            f"{judged.false[i]:,}",
            f"{brief(judged.fpr_low[i], 2)} to {brief(judged.fpr_high[i], 2)}",
            brief(judged.precision[i]),
            f"{brief(judged.low[i], 2)} to {brief(judged.high[i], 2)}",
        ]
        for asked, i in [
            ("required", result.at),
            *(("", i) for i in np.searchsorted(judged.recall, wanted - 1e-9)),
        ]
    ]
    heads = [
        "recall",
        "threshold",
        f"called of {judged.negatives:,} negatives",
        "bounds on the rate",
        "precision",
        "its bounds",
    ]
    return html_table(f"At prevalence {brief(result.state.prevalence)}", heads, rows, TURNED)


@functools.cache
def matrix_scores() -> tuple[np.ndarray, np.ndarray]:
    """Label CTCF peaks and shuffles, and score each by its best site of JASPAR's matrix."""
    data = sources.ctcf(ratio=2)
    motif = jaspar.load("CTCF")
    # A peak may hold its site on either strand, so the better strand counts.
    strands = [
        [scores.max() for scores in strand.score(data.sequences)]
        for strand in (motif, motif.reverse_complement())
    ]
    return data.labels, np.max(strands, axis=0)


class JudgeExplorer(Explorer):
    """Judge the scores of a detector at a prevalence, with confidence bounds.

    Parameters
    ----------
    labels, scores : array_like, shape (n,), optional
        As for `evaluation.precision_recall`; by default `matrix_scores`. A scene does not store
        them.
    **more
        As for `Explorer`.

    Examples
    --------
    >>> explorer = JudgeExplorer([1] * 4 + [0] * 100, range(104), prevalence=0.5, recall=0.01)
    >>> explorer.result.judged.false.tolist()
    [100, 100, 100, 100]
    """

    State = JudgeState
    title = "How precise are these scores where they will be used?"
    goal = (
        "find the largest recall at which even the lower bound of the precision is above ½; then "
        "try fewer negatives, and a prevalence of 0.00001."
    )
    rows = (("rates", "precision"),)
    numbers = ("table",)
    draw, describe = staticmethod(draw), staticmethod(describe)

    def __init__(
        self, labels: ArrayLike | None = None, scores: ArrayLike | None = None, **more: Any
    ) -> None:
        given = matrix_scores() if labels is None else (labels, scores)
        self.labels, self.scores = (np.asarray(values) for values in given)
        super().__init__(**more)

    def compute(self, state: JudgeState) -> JudgeResult:
        """Compute the result for the given scores."""
        return compute(state, self.labels, self.scores)
