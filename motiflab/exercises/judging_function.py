"""Of the exercises on judging: average precision as a function, right with ties, too."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.exercises.exercise import Mistake
from motiflab.exercises.functions import Function
from motiflab.exercises.judging_areas import (
    Scored,
    auroc,
    average_precision,
    lines_without_start,
    mean_precision,
    precision_recall_curve,
    straight_lines,
)

_DISTINCT = 3  # so many of the cases, the first, are without ties


def _draw_function(rng: np.random.Generator) -> dict[str, Any]:
    labels = rng.permutation([1] * 4 + [0] * 8)
    return {"labels": labels, "scores": rng.integers(1, 7, 12) + 2 * labels}


def _cases(given: SimpleNamespace, rng: np.random.Generator) -> list[Scored]:
    cases = [
        (np.array([1, 0, 1, 0]), np.array([4, 3, 2, 1])),
        (np.array([0, 1, 0, 0, 1]), np.array([0.5, -1.0, 2.0, -3.5, 0.75])),
        (rng.permutation([1] * 6 + [0] * 30), rng.normal(size=36)),
        (np.array([1, 0, 1, 0]), np.array([3, 2, 2, 1])),
        (np.array([1, 0, 0, 1, 0]), np.zeros(5)),
        (given.labels, given.scores),
    ]
    for positives, negatives in ((3, 20), (30, 60)):
        labels = rng.permutation([1] * positives + [0] * negatives)
        cases.append((labels, rng.integers(0, 6, len(labels)) + 2 * labels))
    return cases


def _one_by_one(labels: np.ndarray, scores: np.ndarray) -> float:
    ranked = labels[np.argsort(-scores, kind="stable")]
    return float(((np.cumsum(ranked) / np.arange(1, len(ranked) + 1))[ranked == 1]).mean())


def _like(given: SimpleNamespace, values: list[Any], function: Callable[..., float]) -> bool:
    """Whether the values are those of the function wherever all scores differ."""
    cases = AVERAGE_PRECISION._cases(given)[:_DISTINCT]
    return all(
        np.shape(value) == () and np.isclose(value, function(*case))
        for value, case in zip(values, cases)
    )


def _lowest_first(labels: np.ndarray, scores: np.ndarray) -> float:
    return average_precision(labels, -scores)


def _thresholds_rising(labels: np.ndarray, scores: np.ndarray) -> float:
    curve = precision_recall_curve(labels, scores)
    return float(np.diff(curve.x[:0:-1], prepend=0.0) @ curve.y[:0:-1])


def _ranks_alone(given: SimpleNamespace, answer: Callable[..., Any]) -> str:
    """Only the order of the scores matters."""
    changed = answer(given.labels, (given.scores - 3.0) ** 3)
    if not np.isclose(changed, answer(given.labels, given.scores)):
        return (
            "With all scores passed through an increasing function the ranking is the "
            "same, so the area should be, too."
        )
    return ""


def _any_order(given: SimpleNamespace, answer: Callable[..., Any]) -> str:
    """The order in which the examples are listed does not matter."""
    changed = answer(given.labels[::-1].copy(), given.scores[::-1].copy())
    if not np.isclose(changed, answer(given.labels, given.scores)):
        return "Listed in another order, the same labels and scores should give the same area."
    return ""


AVERAGE_PRECISION = Function(
    id="judging.average_precision",
    title="Average precision, with ties",
    draw=_draw_function,
    task=lambda given: (
        "Write a function `average_precision(labels, scores)`. `labels` is an array of 0 and 1, "
        "`scores` an array as long; both classes occur, and the order is any. It returns one "
        "number, the area under the precision-recall curve as average precision:\n\n"
        "$$\\sum_n (R_n - R_{n-1})\\,\\text{precision}_n$$\n\n"
        "over the thresholds from the highest score down, with the recall $R_n$ and $R_0 = 0$. "
        "Each **different** score is one threshold, and called is what scores at least as much. "
        f"Your own example is in `given`: `given.labels` = {_listed(given.labels)}, "
        f"`given.scores` = {_listed(given.scores)}. Please write it with numpy; a ready-made "
        "function would teach you nothing."
    ),
    right=lambda given: average_precision,
    cases=_cases,
    properties=(_ranks_alone, _any_order),
    mistakes=(
        Mistake(
            "AUROC for AUPRC",
            "Your function returns the area under the ROC curve. The one that is wanted adds up "
            "precisions, and precision is a share of the calls.",
            lambda given: auroc,
        ),
        Mistake(
            "straight lines between the points",
            "Your function joins the points by straight lines, the trapezoid rule. That claims an "
            "area which no threshold gives: take each step in recall times the precision at its "
            "end.",
            lambda given: straight_lines,
            lambda given, values: (
                _like(given, values, straight_lines) or _like(given, values, lines_without_start)
            ),
        ),
        Mistake(
            "lowest score first",
            "Your function walks from the lowest score up. Who is called first when the threshold "
            "comes down?",
            lambda given: _lowest_first,
            lambda given, values: (
                _like(given, values, _lowest_first) or _like(given, values, _thresholds_rising)
            ),
        ),
        Mistake(
            "each threshold given the same weight",
            "Your function averages the precision over all thresholds. Each should count by the "
            "recall that it adds, and some add none.",
            lambda given: mean_precision,
        ),
        Mistake(
            "per cent for an area",
            "Right, but in per cent. An area lies between 0 and 1.",
            lambda given: lambda labels, scores: 100 * average_precision(labels, scores),
        ),
        Mistake(
            "ties taken one by one",
            "Right where all scores differ, well done. Examples with the same score are called "
            "together: they are one threshold, and their order in the list must not matter.",
            lambda given: _one_by_one,
            lambda given, values: _like(given, values, average_precision),
        ),
    ),
    hints=(
        "`np.unique(scores)` gives the thresholds, each once, in rising order.",
        "For one threshold: `called = scores >= threshold`. How many of the called are positive, "
        "and what share of all positives is that?",
        "Keep the recall of the threshold before; the difference is the weight of this precision.",
    ),
    solution=lambda given: (
        "For each different score $t$, from the highest down: `called = scores >= t`; "
        "`precision = labels[called].mean()`; `recall = labels[called].sum() / labels.sum()`; add "
        "`(recall - before) * precision`, then `before = recall`. In one line: the mean, over the "
        "positives, of the precision at each one's own score, "
        "`np.mean([labels[scores >= s].mean() for s in scores[labels == 1]])`. Your own example "
        f"gives {average_precision(given.labels, given.scores):.4f}; if all scores are the same, "
        "what comes out is the prevalence, as it should."
    ),
    effort=lambda given: (len(given.labels), int(given.labels.sum())),
)


def _listed(values: np.ndarray) -> str:
    return f"`{values.tolist()}`"
