"""Of the exercises on judging: the areas under both curves, by hand."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np

from motiflab.exercises.exercise import Mistake
from motiflab.exercises.markdown import table
from motiflab.exercises.per_cent import per_cent
from motiflab.exercises.values import Value
from motiflab.metrics import Curve, auroc_by_column, average_precision_of_guess
from motiflab.rare import by_threshold, precision_recall_at

Scored = tuple[np.ndarray, np.ndarray]


def auroc(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return the area under the ROC curve."""
    return float(auroc_by_column(labels, np.reshape(scores, (-1, 1)))[0])


def average_precision(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return the sum of each step in recall times the precision at its end."""
    return precision_recall_curve(labels, scores).area


def straight_lines(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return the area when the points of the precision-recall curve are joined by lines."""
    curve = precision_recall_curve(labels, scores)
    return float(np.trapezoid(curve.y, curve.x))


def lines_without_start(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return the area under those lines from the first threshold on."""
    curve = precision_recall_curve(labels, scores)
    return float(np.trapezoid(curve.y[1:], curve.x[1:]))


def precision_recall_curve(labels: np.ndarray, scores: np.ndarray) -> Curve:
    """Return precision against recall at the prevalence that the labels have."""
    return precision_recall_at(labels, scores, float(np.mean(labels)))


def mean_precision(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return the mean of the precision over all thresholds."""
    _, true, false = by_threshold(labels, scores)
    return float(np.mean(true / (true + false)))


def _sum_of_precisions(labels: np.ndarray, scores: np.ndarray) -> float:
    return float(labels.sum()) * average_precision(labels, scores)


def _untied(labels: np.ndarray, scores: np.ndarray, favour: float) -> Scored:
    """Break ties: for positive `favour` positives come first, for a negative one last."""
    return labels, scores + 0.1 * favour * labels


def _draw_areas(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Three positives among eight; one of them shares its score with one negative."""
    while True:
        labels = rng.permutation([1, 1, 1, 0, 0, 0, 0, 0])
        scores = np.sort(rng.choice(np.arange(1, 20), 8, replace=False))[::-1].copy()
        tie = int(rng.integers(1, 6))  # neither the best nor the last
        scores[tie + 1] = scores[tie]
        # The positive is listed first: who takes ties in the order of the table is told so.
        labels[tie : tie + 2] = np.sort(labels[tie : tie + 2])[::-1]
        parts = [area(labels, scores) for area in _AREAS]
        # If the two that tie are of one class, this is no other than the second.
        parts.append(average_precision(*_untied(labels, scores, 1)))
        if np.diff(np.sort(parts)).min() > 0.005 and 0.5 < parts[0] < 0.95:
            return {"labels": labels, "scores": scores}


_AREAS = (auroc, average_precision, straight_lines, mean_precision)


def _answer(given: SimpleNamespace, area: Callable[..., float], favour: float = 0) -> list[float]:
    """Give the AUROC, and that area in the place of the AUPRC."""
    ranked = _untied(given.labels, given.scores, favour)
    return [auroc(*ranked), area(*ranked)]


def _shares(answer: np.ndarray, other: list[float], places: tuple[int, ...]) -> bool:
    """Whether the answer has one of these places in common with the other, up to rounding."""
    return answer.shape == (2,) and any(abs(answer[i] - other[i]) < 6e-4 for i in places)


def _ranking(given: SimpleNamespace) -> str:
    names = {1: "positive", 0: "negative"}
    return table(["score", "in truth"], [(s, names[y]) for y, s in zip(given.labels, given.scores)])


def _counted(given: SimpleNamespace) -> str:
    level, true, false = by_threshold(given.labels, given.scores)
    gained = np.diff(true, prepend=0)
    rows = [
        (f"{s:g}", t, f, f"{t}/{t + f}", f"{g}/3") for s, t, f, g in zip(level, true, false, gained)
    ]
    return table(["threshold", "TP", "FP", "precision", "step in recall"], rows)


def _worked(given: SimpleNamespace) -> str:
    positive, negative = (given.scores[given.labels == label] for label in (1, 0))
    difference = positive[:, None] - negative
    won, tied = int((difference > 0).sum()), int((difference == 0).sum())
    areas = _answer(given, average_precision)
    return (
        f"**AUROC.** There are 3 · 5 = 15 pairs of a positive and a negative. {won} are in order, "
        f"{tied} is a tie and counts one half: ({won} + ½) / 15 = **{areas[0]:.3f}**.\n\n"
        "**AUPRC.** Lower the threshold from score to score; the two that tie are called "
        f"together:\n\n{_counted(given)}\n\nThe sum of step times precision is "
        f"**{areas[1]:.3f}**. Rows without a step in recall add nothing.\n\n"
        "**Compared with a guess.** A guess has an AUROC of 0.5 on average. Its precision is on "
        "average the prevalence, 3/8 = 0.375, at every threshold. Average precision, though, "
        "looks only at the ranks of the positives, and each of these counts itself as right. In "
        "a list of eight that lifts the average precision of a random order to "
        f"{average_precision_of_guess(3, 5):.3f} on average; in a list of thousands it hardly "
        "matters, and the prevalence is the baseline of the AUPRC."
    )


AREAS = Value(
    id="judging.areas",
    title="Two areas of one ranking",
    draw=_draw_areas,
    decimals=3,
    task=lambda given: (
        "A detector gave eight sequences these scores:\n\n"
        f"{_ranking(given)}\n\n"
        "Work out, by hand, the area under the ROC curve and the area under the precision-recall "
        "curve (as average precision). Called is what scores **at least** the threshold, so two "
        "sequences with the same score are called together. Give two numbers, `[AUROC, AUPRC]`, "
        "to 3 decimals."
    ),
    right=lambda given: _answer(given, average_precision),
    mistakes=(
        Mistake(
            "order exchanged",
            "Both areas are right, in the other order: the AUROC comes first.",
            lambda given: _answer(given, average_precision)[::-1],
        ),
        Mistake(
            "not divided by the positives",
            "You added up the precisions at the positives. Each of them brings only a part of "
            "the recall, and counts by that part; an area in the unit square is at most 1.",
            lambda given: _answer(given, _sum_of_precisions),
            lambda given, answer: _shares(answer, _answer(given, _sum_of_precisions), (1,)),
        ),
        Mistake(
            "AUROC for AUPRC",
            "In the place of the AUPRC stands the AUROC. For the AUPRC the negatives do not count "
            "as a share of all negatives: they stand beside the true calls, in the precision.",
            lambda given: _answer(given, auroc),
            lambda given, answer: (
                answer.shape == (2,) and abs(answer[1] - auroc(given.labels, given.scores)) < 6e-4
            ),
        ),
        Mistake(
            "straight lines between the points",
            "You joined the points of the precision-recall curve by straight lines. Precision does "
            "not move on a straight line between two thresholds: take steps.",
            lambda given: _answer(given, straight_lines),
            lambda given, answer: any(
                _shares(answer, _answer(given, area), (1,))
                for area in (straight_lines, lines_without_start)
            ),
        ),
        Mistake(
            "tie counted in favour",
            "At the tie you let the positive come first. The scores do not say that: no threshold "
            "calls the one without the other.",
            lambda given: _answer(given, average_precision, 1),
            lambda given, answer: _shares(answer, _answer(given, average_precision, 1), (0, 1)),
        ),
        Mistake(
            "tie counted against",
            "In the AUROC you counted the pair that ties as lost. It is as much in order as out of "
            "order; count it so.",
            lambda given: _answer(given, average_precision, -1),
            lambda given, answer: _shares(answer, _answer(given, average_precision, -1), (0,)),
        ),
        Mistake(
            "each threshold given the same weight",
            "You averaged the precision over all thresholds. A threshold counts by how much recall "
            "it adds; many of them add none.",
            lambda given: _answer(given, mean_precision),
            lambda given, answer: _shares(answer, _answer(given, mean_precision), (1,)),
        ),
        per_cent("an area", lambda given: _answer(given, average_precision)),
    ),
    hints=(
        "AUROC: compare each positive with each negative, one pair at a time. In how many pairs "
        "does the positive score higher? What is a tie worth?",
        "AUPRC: make a table with one row for each *different* score, from the top down: how many "
        "true and false calls from there up, and the precision.",
        "Each row counts with the recall that it adds, as a share of all positives.",
    ),
    solution=_worked,
    effort=lambda given: (int(given.labels.sum()), len(np.unique(given.scores))),
)
