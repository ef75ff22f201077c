"""Exercises on judging a detector: areas under curves, prevalence, thresholds, negatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from motiflab.datasets import match_gc
from motiflab.evaluation import (
    SHARP,
    Curve,
    auroc_by_column,
    average_precision_of_guess,
    by_threshold,
    precision_at_prevalence,
    precision_recall_at,
    r_squared,
)
from motiflab.exercises import (
    Choice,
    ExerciseSet,
    Function,
    Given,
    Mistake,
    Option,
    Property,
    Target,
    Text,
    Value,
    per_cent,
    table,
)
from motiflab.figures.numbers import brief

Scored = tuple[np.ndarray, np.ndarray]


# -- Two areas of one ranking ----------------------------------------------------------------------


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
    """Draw a ranking of three positives and five negatives, two of which share a score."""
    labels = rng.permutation([1, 1, 1, 0, 0, 0, 0, 0])
    scores = np.sort(rng.choice(np.arange(1, 20), 8, replace=False))[::-1].copy()
    tie = int(rng.integers(1, 6))  # neither the best nor the last
    scores[tie + 1] = scores[tie]
    # The positive is listed first: the order of the table then favours it, which is a mistake that
    # is known.
    labels[tie : tie + 2] = np.sort(labels[tie : tie + 2])[::-1]
    return {"labels": labels, "scores": scores}


def _areas_differ(given: Given) -> bool:
    """Tell whether the areas that may be taken for one another differ, on a middling ranking."""
    parts = [area(given.labels, given.scores) for area in _AREAS]
    # If the two that tie are of one class, the last area is no other than the second.
    parts.append(average_precision(*_untied(given.labels, given.scores, 1)))
    return bool(np.diff(np.sort(parts)).min() > 0.005 and 0.5 < parts[0] < 0.95)


_AREAS = (auroc, average_precision, straight_lines, mean_precision)


def _answer(given: Given, area: Callable[..., float], favour: float = 0) -> list[float]:
    """Give the AUROC, and that area in the place of the AUPRC."""
    ranked = _untied(given.labels, given.scores, favour)
    return [auroc(*ranked), area(*ranked)]


def _shares(answer: np.ndarray, other: list[float], places: tuple[int, ...]) -> bool:
    """Tell whether the answer has one of these places in common with the other."""
    # Both may be rounded.
    return answer.shape == (2,) and any(abs(answer[i] - other[i]) < 6e-4 for i in places)


def _ranking(given: Given) -> str:
    names = {1: "positive", 0: "negative"}
    return table(["score", "in truth"], [(s, names[y]) for y, s in zip(given.labels, given.scores)])


def _counted(given: Given) -> str:
    level, true, false = by_threshold(given.labels, given.scores)
    gained = np.diff(true, prepend=0)
    rows = [
        (f"{s:g}", t, f, f"{t}/{t + f}", f"{g}/3") for s, t, f, g in zip(level, true, false, gained)
    ]
    return table(["threshold", "TP", "FP", "precision", "step in recall"], rows)


def _worked(given: Given) -> str:
    positive, negative = (given.scores[given.labels == label] for label in (1, 0))
    difference = positive[:, None] - negative
    won, tied = int((difference > 0).sum()), int((difference == 0).sum())
    areas = _answer(given, average_precision)
    return (
        f"**AUROC.** There are 3 · 5 = 15 pairs of a positive and a negative. In {won} pairs the "
        f"positive scores higher, {tied} is a tie and counts one half: ({won} + ½) / 15 = "
        f"**{areas[0]:.3f}**.\n\n"
        "**AUPRC.** Lower the threshold from score to score; the two tied sequences are called "
        "positive together:\n\n"
        f"{_counted(given)}\n\n"
        f"The sum of step times precision is **{areas[1]:.3f}**. Rows without a step in recall "
        "add nothing.\n\n"
        "**Compared with a guess.** A random guess has an AUROC of 0.5 on average. Its precision "
        "is on average the prevalence, 3/8 = 0.375, at every threshold. But average precision "
        "takes the precision only at the ranks of the positives, and there the positive itself is "
        "already a correct call. In a list of eight, this raises the average precision of a "
        f"random order to {average_precision_of_guess(3, 5):.3f} on average; in a list of "
        "thousands it hardly matters, and the prevalence is the baseline of the AUPRC."
    )


AREAS = Value(
    id="judging.areas",
    title="Two areas of one ranking",
    draw=_draw_areas,
    suits=_areas_differ,
    decimals=3,
    task=lambda given: (
        "A detector gave eight sequences these scores:\n\n"
        f"{_ranking(given)}\n\n"
        "Work out, by hand, the area under the ROC curve and the area under the precision-recall "
        "curve (as average precision). A sequence is called positive if it scores **at least** "
        "the threshold, so two sequences with the same score are called together. Give two "
        "numbers, `[AUROC, AUPRC]`, to 3 decimals."
    ),
    right=lambda given: _answer(given, average_precision),
    mistakes=(
        Mistake(
            "order exchanged",
            "Both areas are right, but in the wrong order: the AUROC comes first.",
            lambda given: _answer(given, average_precision)[::-1],
        ),
        Mistake(
            "not divided by the positives",
            "You added up the precisions at the positives. Each positive adds only a part of the "
            "recall, so weight its precision by that part; an area in the unit square is at most "
            "1.",
            lambda given: _answer(given, _sum_of_precisions),
            lambda given, answer: _shares(answer, _answer(given, _sum_of_precisions), (1,)),
        ),
        Mistake(
            "AUROC for AUPRC",
            "You gave the AUROC in place of the AUPRC. In the AUPRC the negatives do not count as "
            "a share of all negatives: they count in the precision, next to the true calls.",
            lambda given: _answer(given, auroc),
            lambda given, answer: _shares(answer, _answer(given, auroc), (1,)),
        ),
        Mistake(
            "straight lines between the points",
            "You joined the points of the precision-recall curve by straight lines. Precision "
            "does not change along a straight line between two thresholds: use steps.",
            lambda given: _answer(given, straight_lines),
            lambda given, answer: any(
                _shares(answer, _answer(given, area), (1,))
                for area in (straight_lines, lines_without_start)
            ),
        ),
        Mistake(
            "tie counted in favour",
            "You ranked the positive first in the tie. The scores do not say that: no threshold "
            "calls one of the two without the other.",
            lambda given: _answer(given, average_precision, 1),
            lambda given, answer: _shares(answer, _answer(given, average_precision, 1), (0, 1)),
        ),
        Mistake(
            "tie counted against",
            "In the AUROC you counted the tied pair as lost. It is half won and half lost: count "
            "one half.",
            lambda given: _answer(given, average_precision, -1),
            lambda given, answer: _shares(answer, _answer(given, average_precision, -1), (0,)),
        ),
        Mistake(
            "each threshold given the same weight",
            "You averaged the precision over all thresholds. Weight each threshold by the recall "
            "it adds; many of them add none.",
            lambda given: _answer(given, mean_precision),
            lambda given, answer: _shares(answer, _answer(given, mean_precision), (1,)),
        ),
        per_cent("an area", lambda given: _answer(given, average_precision)),
    ),
    hints=(
        "AUROC: compare each positive with each negative, one pair at a time. In how many pairs "
        "does the positive score higher? What is a tie worth?",
        "AUPRC: make a table with one row for each *different* score, from the top down: the "
        "number of true and false calls down to this score, and the precision.",
        "Weight each row by the recall it adds, as a share of all positives.",
    ),
    solution=_worked,
    effort=lambda given: (int(given.labels.sum()), len(np.unique(given.scores))),
)


# -- How many false calls are allowed --------------------------------------------------------------

_MILLION = 1_000_000


def _draw_allowed(rng: np.random.Generator) -> dict[str, Any]:
    """Draw numbers of sites and of other places, a recall, and a precision below one half."""
    return {
        "sites": int(rng.choice([1000, 1500, 2000, 2500, 3000])),
        "places": int(rng.choice([100, 120, 150, 200, 240, 250])) * _MILLION,
        "recall": float(rng.choice([0.5, 0.6, 0.7, 0.8, 0.9])),
        "precision": float(rng.choice([0.1, 0.2, 0.25, 0.4])),
    }


def _per_million(given: Given, false_calls: float) -> float:
    return false_calls / given.places * _MILLION


def _found(given: Given) -> float:
    return given.recall * given.sites


def _false_calls(given: Given, true_calls: float) -> float:
    return true_calls * (1 - given.precision) / given.precision


def _is_rate(given: Given, answer: float) -> bool:
    """Tell whether it is so small that it must be a rate, or is one in per cent or per mille."""
    rate = _false_calls(given, _found(given)) / given.places
    return 0 < answer < 0.0005 or bool(np.isclose(answer, [100 * rate, 1000 * rate], 0.02).any())


ALLOWED = Value(
    id="judging.allowed",
    title="How many false calls are allowed?",
    draw=_draw_allowed,
    suits=lambda given: given.recall != 0.5,  # or as many sites would be missed as found
    decimals=1,
    task=lambda given: (
        f"A protein binds {given.sites:,} sites in a genome; {given.places // _MILLION} million "
        "other places are not bound. Your colleagues need a list of predicted sites with a recall "
        f"of {100 * given.recall:.0f} %, and they accept a precision of "
        f"{100 * given.precision:.0f} %: this share of the list must be real sites.\n\n"
        "What is the largest false positive rate that they can accept? Give it as the number of "
        "false calls per **million** places that are not bound; one decimal is enough."
    ),
    right=lambda given: _per_million(given, _false_calls(given, _found(given))),
    mistakes=(
        Mistake(
            "share of wrong calls taken for the false positive rate",
            "That is the share of false calls in the *list*. The false positive rate is a share "
            "of all places that are not bound.",
            lambda given: (1 - given.precision) * _MILLION,
            lambda given, answer: (
                answer.shape == ()
                and np.isclose([answer, answer / _MILLION], 1 - given.precision, atol=0).any()
            ),
        ),
        Mistake(
            "recall forgotten",
            "Your list contains every site. How many of them does the threshold really find?",
            lambda given: _per_million(given, _false_calls(given, given.sites)),
        ),
        Mistake(
            "all calls counted as false",
            "You counted the whole list as false calls. The true ones are on it as well.",
            lambda given: _per_million(given, _found(given) / given.precision),
        ),
        Mistake(
            "as many false calls as true",
            "With that many false calls one half of the list would be real. Which share should be "
            "real, and how many false calls are there then for each true one?",
            lambda given: _per_million(given, _found(given)),
        ),
        Mistake(
            "divided by the sites",
            "You divided the false calls by the number of bound sites. They come from the places "
            "that are *not* bound.",
            lambda given: _false_calls(given, _found(given)) / given.sites * _MILLION,
        ),
        Mistake(
            "false share taken of the true calls",
            "You took the false calls as a share of the true ones. They are a share of the whole "
            "*list*, true and false calls together.",
            lambda given: _per_million(given, _found(given) * (1 - given.precision)),
        ),
        Mistake(
            "number of false calls given",
            "That is the number of false calls allowed in the whole genome, well done. How many "
            "is that per million places?",
            lambda given: _false_calls(given, _found(given)),
        ),
        Mistake(
            "rate given, not a number in a million",
            "That is the rate itself. How many places per million is it?",
            lambda given: _false_calls(given, _found(given)) / given.places,
            lambda given, answer: answer.shape == () and _is_rate(given, answer.item()),
        ),
        Mistake(
            "true calls in the place of false ones",
            "You swapped true and false calls: the precision is the share of the calls that are "
            "*right*.",
            lambda given: _per_million(
                given, _found(given) * given.precision / (1 - given.precision)
            ),
        ),
    ),
    hints=(
        "Begin with the true calls on the list: which share of the sites must be found?",
        "The precision is the share of true calls on the list. So how long is the list, and how "
        "many calls on it are false?",
        "These false calls come from all the places that are not bound. How many is that per "
        "million?",
    ),
    solution=lambda given: (
        f"True calls: {given.recall:g} · {given.sites:,} = {_found(given):,.0f}. They must be "
        f"{100 * given.precision:.0f} % of the list, so the list has {_found(given):,.0f} / "
        f"{given.precision:g} = {_found(given) / given.precision:,.0f} entries, of which "
        f"{_false_calls(given, _found(given)):,.0f} are false. Out of {given.places:,} places, "
        "that is a false positive rate of "
        f"{brief(_false_calls(given, _found(given)) / given.places)}, or "
        f"**{_per_million(given, _false_calls(given, _found(given))):.1f} in a million**. In "
        "symbols $\\mathrm{FPR} = \\mathrm{TPR}\\,\\frac{P}{N}\\,\\frac{1 - "
        "\\text{precision}}{\\text{precision}}$: a useful rate is about as small as the "
        "prevalence $P/N$, not one in a hundred."
    ),
    effort=lambda given: (given.precision < 0.5, given.recall < 1),
)


# -- Which detector goes to the laboratory ---------------------------------------------------------


def _draw_better(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "rarity": int(rng.choice([1000, 2000, 5000])),
        "auroc": (round(rng.uniform(0.93, 0.97), 2), round(rng.uniform(0.80, 0.88), 2)),
        "auprc": (round(rng.uniform(0.02, 0.08), 2), round(rng.uniform(0.25, 0.40), 2)),
    }


BETTER = Choice(
    id="judging.better",
    title="Which detector goes to the laboratory?",
    draw=_draw_better,
    task=lambda given: (
        f"Two detectors were tested on the same data, with one true site in {given.rarity:,} "
        f"places. Detector X has an AUROC of {given.auroc[0]} and an AUPRC of {given.auprc[0]}. "
        f"Detector Y has an AUROC of {given.auroc[1]} and an AUPRC of {given.auprc[1]}. Someone "
        "can test a hundred predicted sites in the laboratory. The best hundred of which detector "
        "would you send, and why?"
    ),
    options=(
        Option(
            "Y: averaged over all recalls, its calls are much more precise than those of X, and "
            "far more precise than a guess"
        ),
        Option(
            "X: its AUROC is the larger one, and AUROC does not depend on how rare the sites are",
            "It is true that AUROC does not depend on that, but this is why it cannot answer the "
            "question: on the list, the many negatives with high scores appear next to the few "
            "sites.",
        ),
        Option(
            "Neither: both AUPRCs are below 0.5, so a guess would be as good",
            "0.5 is the AUROC of a guess. In a list made by guessing, what share would be real "
            "sites? That is the baseline of the AUPRC.",
        ),
        Option(
            "Y: its AUPRC is the share of all sites that it finds",
            "This is the right detector, but the reason is wrong. The share of the sites that is "
            "found is the recall; the AUPRC is a mean of precisions, over all recalls.",
        ),
        Option(
            "Either: one wins by AUROC, the other by AUPRC, so it is a draw",
            "The two areas answer different questions. Which one is asked by a person who pays for "
            "each call?",
        ),
    ),
    hints=(
        "The hundred come from the top of the list. Which of the two areas tells you how many of "
        "these calls are right?",
        lambda given: (
            f"What AUPRC would a guess have here, with one site in {given.rarity:,} places? "
            "Compare both detectors with it."
        ),
    ),
    solution=lambda given: (
        f"On a large set, a guess has an AUPRC close to the prevalence, 1/{given.rarity:,} = "
        f"{1 / given.rarity:g}. X is {given.auprc[0] * given.rarity:,.0f} times better than that, "
        f"Y {given.auprc[1] * given.rarity:,.0f} times. X ranks a random site above a random "
        "other place more often, but most places are easy; what counts here are the few places "
        "that score highest, and there we expect the list of **Y** to be more precise. (An area "
        "is a mean, so look at the curve as well: the precision of the best hundred is one point "
        "of it.)"
    ),
    effort=lambda given: (given.auroc[0] > given.auroc[1], given.auprc[0] < given.auprc[1]),
)


# -- Write average precision, with ties ------------------------------------------------------------


def _ranked(rng: np.random.Generator, positives: int, negatives: int, lowest: int = 0) -> Scored:
    """Draw labels, and scores of which many are equal; those of the positives are 2 higher."""
    labels = rng.permutation([1] * positives + [0] * negatives)
    return labels, rng.integers(lowest, lowest + 6, len(labels)) + 2 * labels


def _draw_function(rng: np.random.Generator) -> dict[str, Any]:
    labels, scores = _ranked(rng, 4, 8, lowest=1)
    return {"labels": labels, "scores": scores}


def _cases(given: Given, rng: np.random.Generator) -> list[Scored]:
    return [
        (np.array([1, 0, 1, 0]), np.array([4, 3, 2, 1])),
        (np.array([0, 1, 0, 0, 1]), np.array([0.5, -1.0, 2.0, -3.5, 0.75])),
        (rng.permutation([1] * 6 + [0] * 30), rng.normal(size=36)),
        (np.array([1, 0, 1, 0]), np.array([3, 2, 2, 1])),
        (np.array([1, 0, 0, 1, 0]), np.zeros(5)),
        (given.labels, given.scores),
        _ranked(rng, 3, 20),
        _ranked(rng, 30, 60),
    ]


def _one_by_one(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return the average precision when equal scores are taken one after the other."""
    ranked = labels[np.argsort(-scores, kind="stable")]
    return float(((np.cumsum(ranked) / np.arange(1, len(ranked) + 1))[ranked == 1]).mean())


def _distinct(labels: np.ndarray, scores: np.ndarray) -> bool:
    """Tell whether all scores differ.

    The mistake is looked for in these cases only, as an answer may treat the others in any way.
    """
    return len(np.unique(scores)) == len(scores)


def _lowest_first(labels: np.ndarray, scores: np.ndarray) -> float:
    return average_precision(labels, -scores)


def _thresholds_rising(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return the sum over the steps when the thresholds are gone through in rising order."""
    curve = precision_recall_curve(labels, scores)
    return float(np.diff(curve.x[:0:-1], prepend=0.0) @ curve.y[:0:-1])


def _ranks_alone(given: Given, answer: Callable[..., Any]) -> bool:
    # An increasing function, some values of which are negative: no function may take the scores
    # for probabilities.
    changed = answer(given.labels, (given.scores - 3.0) ** 3)
    return bool(np.isclose(changed, answer(given.labels, given.scores)))


def _any_order(given: Given, answer: Callable[..., Any]) -> bool:
    changed = answer(given.labels[::-1].copy(), given.scores[::-1].copy())
    return bool(np.isclose(changed, answer(given.labels, given.scores)))


AVERAGE_PRECISION = Function(
    id="judging.average_precision",
    title="Average precision, with ties",
    draw=_draw_function,
    task=lambda given: (
        "Write a function `average_precision(labels, scores)`. `labels` is an array of 0s and 1s, "
        "and `scores` an array of the same length; both classes occur, in any order. It returns "
        "one number, the area under the precision-recall curve as average precision:\n\n"
        "$$\\sum_n (R_n - R_{n-1})\\,\\text{precision}_n$$\n\n"
        "over the thresholds from the highest score down, with the recall $R_n$ and $R_0 = 0$. "
        "Each **different** score is one threshold, and a sequence is called positive if it "
        "scores at least the threshold. Your own example is in `given`: `given.labels` = "
        f"`{given.labels.tolist()}`, `given.scores` = `{given.scores.tolist()}`. Please write it "
        "with numpy, without a ready-made function."
    ),
    right=lambda given: average_precision,
    cases=_cases,
    properties=(
        Property(
            "If an increasing function is applied to all scores, the ranking is the same, so the "
            "area should be the same.",
            _ranks_alone,
        ),
        Property(
            "If the same labels and scores are listed in a different order, the area should be "
            "the same.",
            _any_order,
        ),
    ),
    mistakes=(
        Mistake(
            "AUROC for AUPRC",
            "Your function returns the area under the ROC curve. Return the one that adds up "
            "precisions; precision is a share of the calls.",
            lambda given: auroc,
        ),
        Mistake(
            "straight lines between the points",
            "Your function joins the points by straight lines, the trapezoid rule. That gives an "
            "area that no threshold reaches: multiply each step in recall by the precision at its "
            "end.",
            lambda given: straight_lines,
            also=(lambda given: lines_without_start,),
            where=_distinct,
        ),
        Mistake(
            "lowest score first",
            "Your function starts at the lowest score. Which sequence is called first when you "
            "lower the threshold from the top?",
            lambda given: _lowest_first,
            also=(lambda given: _thresholds_rising,),
            where=_distinct,
        ),
        Mistake(
            "each threshold given the same weight",
            "Your function averages the precision over all thresholds. Weight each threshold by "
            "the recall it adds; some add none.",
            lambda given: mean_precision,
        ),
        Mistake(
            "per cent for an area",
            "The number is right, but in per cent. An area lies between 0 and 1.",
            lambda given: lambda labels, scores: 100 * average_precision(labels, scores),
        ),
        Mistake(
            "ties taken one by one",
            "This is right if all scores differ, well done. But sequences with the same score are "
            "called together: they are one threshold, and their order in the list must not matter.",
            lambda given: _one_by_one,
            where=_distinct,
        ),
    ),
    hints=(
        "`np.unique(scores)` returns each threshold once, in increasing order.",
        "For one threshold: `called = scores >= threshold`. How many of the called sequences are "
        "positive, and what share of all positives is that?",
        "Keep the recall of the threshold before; the difference is the weight of this precision.",
    ),
    solution=lambda given: (
        "For each different score $t$, from the highest down: `called = scores >= t`; `precision "
        "= labels[called].mean()`; `recall = labels[called].sum() / labels.sum()`; add `(recall - "
        "before) * precision`, then `before = recall`. In one line, it is the mean, over all "
        "positives, of the precision at the positive's own score: `np.mean([labels[scores >= "
        "s].mean() for s in scores[labels == 1]])`. Your own example gives "
        f"{average_precision(given.labels, given.scores):.4f}; if all scores are the same, the "
        "result is the prevalence, as it should be."
    ),
    effort=lambda given: (len(given.labels), int(given.labels.sum())),
)


# -- A list worth testing --------------------------------------------------------------------------


def _good_thresholds(given: Given) -> list[float]:
    """Return the steps of the slider at which the sharp detector meets both wishes."""
    steps = np.arange(-40, 121) / 20
    tpr, fpr = SHARP.tpr(steps), SHARP.fpr(steps)
    precision = precision_at_prevalence(tpr, fpr, 1 / (1 + 10**given.rarity))
    return steps[(precision >= given.share) & (1000 * tpr >= given.found)].tolist()


def _draw_calls(rng: np.random.Generator) -> dict[str, Any]:
    """Draw a rarity and a precision, and the recall that three steps of the slider reach."""
    rarity, share = int(rng.integers(38, 56)) / 10, int(rng.integers(60, 95)) / 100
    given = Given(rarity=rarity, share=share, found=0)
    given.found = int(1000 * SHARP.tpr(_good_thresholds(given)[2]))
    return vars(given)


def _told(given: Given) -> str:
    first, *_, last = _good_thresholds(given)
    return (
        "*Broad* raises the score of every positive a little: at thresholds that almost no "
        "negative passes, almost no positive passes. *Sharp* raises six in ten far above nearly "
        f"all negatives. With it, **{first:g}** is the lowest threshold with a precision of "
        f"{100 * given.share:.0f} %: its false positive rate is "
        f"{brief(float(SHARP.fpr(first)), 2)}, and {1000 * float(SHARP.tpr(first)):.0f} of 1,000 "
        f"sites are found. Both conditions hold up to {last:g}. A false positive rate of 0.01, "
        f"which sounds small, would give {0.01 * 10**given.rarity:,.0f} false calls for each site."
    )


CALLS = Target(
    id="judging.calls",
    title="A list worth testing",
    draw=_draw_calls,
    suits=lambda given: len(_good_thresholds(given)) == 3,  # steps of the slider that are left
    prediction=(
        "Which of the two detectors will you need, the one with the larger AUROC (broad) or the "
        "other (sharp)? And about how small must the false positive rate be: one in a hundred, "
        "one in a thousand, one in ten thousand, or less?"
    ),
    task=lambda given: (
        f"Sites are rare: for each one there are about {round(10**given.rarity, -2):,.0f} other "
        "places (this is locked). Choose a detector and a threshold so that at least "
        f"**{100 * given.share:.0f} % of the calls are right** and at least **{given.found} of "
        "1,000 sites** are found. Then press *Share* and copy the line named "
        "*Scene*."
    ),
    explorer="PrevalenceExplorer",
    start=lambda given: {"rarity": given.rarity},
    locked=("rarity",),
    right=lambda given: {"detector": "sharp", "threshold": _good_thresholds(given)[1]},
    reached=lambda given, shown: (
        shown.result.precision >= given.share and 1000 * shown.result.tpr >= given.found
    ),
    mistakes=(
        Mistake(
            "AUROC for AUPRC",
            "You work with the detector that has the larger AUROC. Move its threshold from end to "
            "end and watch precision and recall: are both ever large at once? The other curve "
            "shows why.",
            lambda given: {"threshold": 4.5},
            lambda given, shown: shown.state.detector == "broad",
        ),
        Mistake(
            "small false positive rate trusted",
            "The right detector, but too many of its calls are false. However small a false "
            "positive rate looks, it is a share of a very large number: press *Show numbers* and "
            "compare TP and FP.",
            lambda given: {"detector": "sharp", "threshold": 2.5},
            lambda given, shown: shown.result.precision < given.share,
        ),
        Mistake(
            "threshold too high",
            "The list is precise enough, even more than necessary, but too many sites are missing "
            "from it. Lower the threshold a little.",
            lambda given: {"detector": "sharp", "threshold": 6.0},
            lambda given, shown: 1000 * shown.result.tpr < given.found,
        ),
    ),
    hints=(
        "Choose the log axis for the false positive rate. At the far left, which detector still "
        "finds sites?",
        "Raise the threshold just until the precision in the readout is high enough; then press "
        "*Show numbers* and look at TP.",
    ),
    solution=_told,
    effort=lambda given: (len(_good_thresholds(given)),),
)


# -- How many pairs match? -------------------------------------------------------------------------

TOLERANCE = 2
"""Points of per cent by which the GC contents of a pair may differ."""


def _draw_matched(rng: np.random.Generator) -> dict[str, list[int]]:
    return {name: rng.integers(40, 61, 7).tolist() for name in ("peaks", "others")}


def most_pairs(peaks: list[int], others: list[int], tolerance: float = TOLERANCE) -> int:
    """Return how many pairs of nearly the same number can be formed, each number used once."""
    return len(match_gc(np.array(peaks) / 100, np.array(others) / 100, tolerance / 100)[0])


def _near(given: Given) -> np.ndarray:
    return np.abs(np.subtract.outer(given.peaks, given.others)) <= TOLERANCE


def _no_other_count_is_right(given: Given) -> bool:
    """Tell whether counting something else leads to another number."""
    right = most_pairs(given.peaks, given.others)
    in_place = int((np.abs(np.subtract(given.peaks, given.others)) <= TOLERANCE).sum())
    others = (
        len(given.peaks),
        len(given.peaks) - right,
        len({*given.peaks} & {*given.others}),
        in_place,
        most_pairs(given.peaks, given.others, TOLERANCE + 1),
    )
    return right not in others


MATCHED = Value(
    id="judging.matched",
    title="How many pairs match?",
    draw=_draw_matched,
    suits=_no_other_count_is_right,
    task=lambda given: (
        "You want to compare the peaks of two proteins, and their GC content must not give the "
        "answer away. The GC contents of 7 of your peaks, in per cent, are "
        f"{', '.join(map(str, given.peaks))}. Those of 7 peaks of the other protein are "
        f"{', '.join(map(str, given.others))}.\n\n"
        "A pair is one of your peaks and one of the other protein's whose GC contents differ by "
        f"at most {TOLERANCE}. Every peak may be in one pair only. How many pairs can you form at "
        "most?"
    ),
    right=lambda given: most_pairs(given.peaks, given.others),
    mistakes=(
        Mistake(
            "a partner used twice",
            "This many of your peaks have at least one possible partner. But some of them share "
            "the same partner, and each peak may be in one pair only.",
            lambda given: int(_near(given).any(axis=1).sum()),
        ),
        Mistake(
            "all near combinations counted",
            "You counted every combination within the tolerance. A peak with three possible "
            "partners still forms only one pair.",
            lambda given: int(_near(given).sum()),
        ),
        Mistake(
            "the tolerance itself left out",
            "A difference of exactly the tolerance is allowed: it says *at most*.",
            lambda given: most_pairs(given.peaks, given.others, TOLERANCE - 1),
        ),
    ),
    hints=(
        "First sort both lists. Can the lowest peaks of the two lists form a pair?",
        "If the two lowest are close enough, pair them. If not, the lower of the two has no "
        "partner at all: cross it out, and look at the next.",
    ),
    solution=lambda given: (
        f"Sorted: {', '.join(map(str, sorted(given.peaks)))} and "
        f"{', '.join(map(str, sorted(given.others)))}. Go through both lists from the lowest "
        "value. If the two values are close enough, they form a pair; if not, the lower one can "
        "have no partner, because all others are even further away. That gives "
        f"**{most_pairs(given.peaks, given.others)}** pairs, and no other way gives more. "
        "`datasets.match_gc` does the same."
    ),
    effort=lambda given: (len(given.peaks), len(given.others)),
)


# -- What gives the answer away? -------------------------------------------------------------------


def _draw_giveaway(rng: np.random.Generator) -> dict[str, float]:
    return {
        "area": int(rng.integers(992, 999)) / 1000,
        "shuffled": int(rng.integers(981, 990)) / 1000,
        "against": int(rng.integers(495, 512)) / 1000,
        "chance": int(rng.integers(485, 516)) / 1000,
        "gc": int(rng.integers(62, 68)),
    }


GIVEAWAY = Choice(
    id="judging.giveaway",
    title="Too good to be true",
    draw=_draw_giveaway,
    task=lambda given: (
        "A colleague sends you his pipeline. The numbers are invented, the symptoms are "
        "realistic:\n\n"
        "```\n"
        "peaks     = read('peaks.fa')                    # 1,000 sequences of 200 bases\n"
        "negatives = draw(1000, length=200)              # random bases\n"
        "train, test = split(peaks, negatives, 0.3)      # no copy on both sides\n"
        "network   = fit(train)\n"
        "print(auroc(network, test))\n"
        "```\n\n"
        f"1. It prints {given.area:.3f}, after a single epoch.\n"
        "2. He replaces every peak of the test set by a shuffle of it that keeps its pairs of "
        f"bases. The AUROC is still {given.shuffled:.3f}.\n"
        "3. He takes the peaks as positives and those shuffles as negatives: "
        f"{given.against:.3f}.\n"
        f"4. He trains with the labels in random order: {given.chance:.3f}.\n"
        f"5. The peaks have {given.gc} % G and C.\n\n"
        "What is wrong?"
    ),
    options=(
        Option("The negatives differ from the peaks in composition, and the network learned that."),
        Option(
            "Copies of training peaks are in the test, and the network remembers them.",
            "The network was not trained on the shuffles of the second test, and they score as "
            "high. What do they share with the peaks?",
        ),
        Option(
            "Some labels are swapped.",
            "Swapped labels make an AUROC lower, or even below 0.5. Here it is too good.",
        ),
        Option(
            "Nothing: the network has found the motif.",
            "A shuffle contains the motif only by chance. If the network looked for the motif, "
            "what would the second and the third number be?",
        ),
        Option(
            "The network is too small for the motif.",
            "A network that is too small has a low AUROC on its own test. This one has a high "
            "AUROC, for the wrong reason.",
        ),
    ),
    hints=(
        "Which of the five numbers would change if the network used the order of the bases?",
        "What do a peak and its shuffle have in common that a sequence of random bases does not "
        "have?",
    ),
    solution=lambda given: (
        f"**{given.letters[0]}**. The shuffles score as high as the peaks, so the network does "
        "not use the order of the bases, and it cannot tell peaks from their shuffles. Peaks and "
        f"shuffles share their composition, which random bases do not have: {given.gc} % G and C "
        "instead of 50 %. (They also share their pairs of bases; a network may use both.) The "
        "fourth number rules out a leak of labels into the test. The remedy: use negatives with "
        "the same composition and pairs, and test against more than one kind."
    ),
)


# -- What a probability becomes where sites are rare -----------------------------------------------


def _draw_prior(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "p": int(rng.integers(91, 99)) / 100,
        "others": int(rng.choice([20, 25, 40, 50, 80, 100])),
    }


def _odds(given: Given) -> float:
    """The odds of a site, after the correction."""
    return given.p / (1 - given.p) / given.others


def _probability(odds: float) -> float:
    return odds / (1 + odds)


PRIOR = Value(
    id="judging.prior",
    title="Trained on many sites, used on few",
    draw=_draw_prior,
    # At even odds the complement is the same, and nearly everything else is near.
    suits=lambda given: 0.1 < _odds(given) < 0.7,
    decimals=3,
    task=lambda given: (
        "A network was trained with as many positives as negatives, and on such data its "
        f"probabilities were correct. Now it scans a genome with **{given.others} other places "
        f"for each site**. At one place it predicts **{given.p:.2f}**.\n\n"
        "How likely is a site there? Give the probability for the genome, to 3 decimals."
    ),
    right=lambda given: _probability(_odds(given)),
    mistakes=(
        Mistake(
            "odds for a probability",
            "These are the corrected *odds*, sites to others. What share of all such places are "
            "sites?",
            _odds,
        ),
        Mistake(
            "not corrected",
            "That is the network's own probability. It was trained on data in which every second "
            "sequence was positive.",
            lambda given: given.p,
        ),
        Mistake(
            "probability multiplied by the prevalence",
            "You multiplied the probability itself by the share of sites. Bayes' rule changes the "
            "*odds* p/(1 − p) by a factor, not the probability.",
            lambda given: given.p / (given.others + 1),
            lambda given, answer: (
                answer.shape == ()
                and np.abs(answer - given.p / np.add(given.others, [0, 1])).min() < 6e-4
            ),
        ),
        Mistake(
            "corrected in the other direction",
            "Your probability went up. Sites are rarer in the genome than in the training, so it "
            "must go down.",
            lambda given: _probability(_odds(given) * given.others**2),
        ),
        Mistake(
            "probability of no site",
            "That is how likely there is *no* site.",
            lambda given: 1 - _probability(_odds(given)),
        ),
        Mistake(
            "logit for a probability",
            "That is the corrected logit. The sigmoid turns it into a probability.",
            lambda given: float(np.log(_odds(given))),
        ),
        per_cent("a probability", lambda given: _probability(_odds(given))),
    ),
    hints=(
        "Imagine many places with this prediction, first in the training set. How many positives "
        "are there for each negative?",
        "In the genome there are `given.others` negatives for each positive. How do the odds "
        "change?",
        "Odds of o correspond to a probability of o / (1 + o).",
    ),
    solution=lambda given: (
        f"The odds in the training were {given.p:.2f} / {1 - given.p:.2f} = "
        f"{given.p / (1 - given.p):.1f}. There the classes had the same size; in the genome there "
        f"are {given.others} times as many negatives for each positive, so the odds are divided "
        f"by {given.others}: {_odds(given):.3f}. As a probability: o / (1 + o) = "
        f"**{_probability(_odds(given)):.3f}**. `evaluation.shift_prior` does the same with "
        f"logits: it subtracts ln {given.others}."
    ),
    effort=lambda given: (len(str(given.p)), _odds(given) < 1),
)


# -- Where is the leak? ----------------------------------------------------------------------------


def _draw_leak(rng: np.random.Generator) -> dict[str, float]:
    return {
        "area": int(rng.integers(970, 990)) / 1000,
        "random": int(rng.integers(900, 950)) / 1000,
        "far": int(rng.integers(840, 880)) / 1000,
        "far_random": int(rng.integers(490, 511)) / 1000,
    }


LEAK = Choice(
    id="judging.leak",
    title="Find the leak",
    draw=_draw_leak,
    task=lambda given: (
        "Here is another pipeline; again the numbers are invented and the symptoms are "
        "realistic:\n\n"
        "```\n"
        "regions = read('bound.bed') + read('unbound.bed')  # 200 of each, 500 bases, equal in "
        "GC\n"
        "windows = cut(regions, length=200, step=50)        # 7 of each region, with its label\n"
        "windows = drop_duplicates(windows)                 # there are none\n"
        "train, test = split_at_random(windows, 0.3)\n"
        "network = fit(train)                               # 40 epochs, whatever happens\n"
        "print(auroc(network, test))\n"
        "```\n\n"
        f"1. It prints {given.area:.3f}.\n"
        "2. The labels of the *regions* are shuffled before the cut. The same code prints "
        f"{given.random:.3f}.\n"
        "3. On a chromosome that was not used at all, the network of the first run has "
        f"{given.far:.3f}, that of the second run {given.far_random:.3f}.\n\n"
        "What is wrong?"
    ),
    options=(
        Option("Windows of the same region overlap, and they are on both sides of the split."),
        Option(
            "The number of epochs was chosen by the test.",
            "It is fixed in the code. And a choice among a few epochs would raise a guess a "
            "little, not up to the second number.",
        ),
        Option(
            "Bound and unbound regions differ in composition.",
            "They have the same GC. And with shuffled labels there is no difference between the "
            "classes. What can the network still know in the second run?",
        ),
        Option(
            "The same windows are in both sets.",
            "The pipeline looked for equal windows, and there are none. Which windows are not "
            "equal and still have most of their bases in common?",
        ),
        Option(
            "The network has too many filters and memorizes the training set.",
            "It does memorize; the second run shows that. But then an honest test would give 0.5, "
            "as the unused chromosome does.",
        ),
    ),
    hints=(
        "In the second run there is nothing to learn, but the network can memorize. How can "
        "memory help on a test?",
        "How many bases do two neighbouring windows of a region have in common?",
    ),
    solution=lambda given: (
        f"**{given.letters[0]}**. Neighbouring windows share 150 of 200 bases, and a random split "
        "puts neighbours on both sides. With random labels nothing can be learned, so "
        f"{given.random:.3f} comes from memory alone; on the other chromosome, where memory does "
        f"not help, the same network guesses ({given.far_random:.3f}). The honest AUROC of the "
        f"first run is {given.far:.3f}. The remedy: split the regions, or whole chromosomes, "
        "*before* the cut. Dropping duplicates does not find windows that overlap; "
        "`datasets.count_leaks` does."
    ),
)


# -- The peaks that taught nothing -----------------------------------------------------------------


def _draw_assembly(rng: np.random.Generator) -> dict[str, Any]:
    hits = int(rng.integers(18, 30))
    return {
        "peaks": int(rng.integers(540, 660)),
        "areas": sorted((rng.integers(470, 531, 3) / 1000).tolist()),
        "matrix": int(rng.integers(480, 521)) / 1000,
        "gc": int(rng.integers(495, 506)) / 1000,
        "hits": hits,
        "near": round(0.27 * hits) + int(rng.integers(-1, 2)),
        "made": int(rng.integers(845, 866)) / 1000,
    }


ASSEMBLY = Choice(
    id="judging.assembly",
    title="The peaks that taught nothing",
    draw=_draw_assembly,
    task=lambda given: (
        "A colleague has peaks of CEBPA and a genome file. She cuts out 200 bases around each "
        "summit, draws negatives matched in GC content, holds out one chromosome and trains a "
        "network that reads both strands. The numbers are invented, the symptoms are realistic. "
        "(AUROC: how often a positive scores higher than a negative.)\n\n"
        f"1. Of {given.peaks} peaks 3 were dropped, because of N. All names of chromosomes "
        "match.\n"
        "2. On the chromosome that was held out, three networks have an AUROC of "
        f"{', '.join(f'{area:.3f}' for area in given.areas)}.\n"
        f"3. The published matrix of CEBPA, without any training, has {given.matrix:.3f}.\n"
        f"4. GC content alone has {given.gc:.3f}.\n"
        f"5. Of {given.hits} hits of that matrix {given.near} are within 25 bases of the summit; "
        "by chance it would be 27 %.\n"
        "6. On the simulated genome and peaks of motiflab, the same notebook reaches "
        f"{given.made:.3f}.\n\n"
        "What is wrong?"
    ),
    options=(
        Option(
            "The peaks were called on a different assembly of the genome: the names are the same, "
            "the positions are not."
        ),
        Option(
            "The starts were counted from 1 and not from 0.",
            "Then every window would be shifted by one base. Would a maximum over all places in "
            "200 bases change?",
        ),
        Option(
            "The windows were read from the wrong strand.",
            "Both the network and the matrix read both strands. What would change for them?",
        ),
        Option(
            "The negatives differ from the peaks in their GC content.",
            "Number 4 says how well GC content separates them. And would such a difference make "
            "an AUROC too high or too low?",
        ),
        Option(
            "The training set contains sequences of the test set.",
            "A leak makes a score too good. Which of these numbers is too good?",
        ),
        Option(
            "There are too few peaks to train a network.",
            "That would explain number 2. But number 3 needs no training at all.",
        ),
    ),
    hints=(
        "Which of these numbers do not depend on any training?",
        "If the windows contained the sites of the protein, what would numbers 3 and 5 be? So "
        "what do the windows contain?",
    ),
    solution=lambda given: (
        f"**{given.letters[0]}**. Even the published matrix ({given.matrix:.3f}) finds nothing in "
        "these windows, and its hits are no closer to the summits than by chance: the windows "
        "contain no more sites than any other place. All names match, so nothing was dropped and "
        "there was no error. In two assemblies of a genome the same position is a different "
        "place. A quick test before any training: score the windows with a matrix that you trust. "
        "If the AUROC is 0.5, these are not the sequences that were bound."
    ),
)


# -- A letter to a colleague -----------------------------------------------------------------------

# -- How many of these hits are chance? -----------------------------------------------------------


def _draw_hits(rng: np.random.Generator) -> dict[str, int]:
    length = 100_000 * int(rng.integers(20, 61))
    chances = int(rng.integers(2, 10))
    expected = 2 * length * chances / _MILLION
    return {
        "length": length,
        "width": int(rng.integers(8, 21)),
        "chances": chances,
        "hits": round(expected / rng.uniform(0.15, 0.45)),
    }


def chance_hits(given: Given, strands: int = 2) -> float:
    """Return how many hits chance gives: strands times places times p."""
    places = given.length - given.width + 1
    return strands * places * given.chances / _MILLION


CHANCE_HITS = Value(
    id="judging.chance_hits",
    title="How many of these hits are chance?",
    draw=_draw_hits,
    decimals=2,
    task=lambda given: (
        f"A matrix of {given.width} positions scans a genome of {given.length:,} bases on both "
        "strands. At its threshold a window of the background is a hit with probability p = "
        f"{given.chances} · 10⁻⁶ on each strand. The scan gives {given.hits:,} hits on both "
        "strands together. Estimate the false discovery rate, to 2 decimals."
    ),
    right=lambda given: chance_hits(given) / given.hits,
    mistakes=(
        Mistake(
            "one strand",
            "You expect the chance hits of one strand, but count the hits of both. Every place "
            "was scored twice.",
            lambda given: chance_hits(given, strands=1) / given.hits,
        ),
        Mistake(
            "precision",
            "That is the share of the hits that are *not* explained by chance. Give the share "
            "that is.",
            lambda given: 1 - chance_hits(given) / given.hits,
        ),
        Mistake(
            "not divided by the hits",
            "This is the number of hits expected by chance. The false discovery rate is their "
            "share of all hits.",
            lambda given: chance_hits(given),
            lambda given, answer: answer.shape == () and answer > 1,
        ),
        Mistake(
            "p-value for the rate",
            "The p-value is the share of *windows* that are hits by chance, out of millions of "
            "windows. Give a share of the hits.",
            lambda given: given.chances / _MILLION,
        ),
    ),
    hints=(
        "How many windows are scored, on both strands together?",
        "Windows times p is the number of hits expected by chance. What share of the observed "
        "hits is that?",
    ),
    solution=lambda given: (
        f"There are {given.length:,} − {given.width} + 1 = {given.length - given.width + 1:,} "
        "places, each scored on two strands. Expectations add, even if the two scores of a place "
        f"depend on each other: E = 2 · {given.length - given.width + 1:,} · {given.chances} · "
        f"10⁻⁶ = {chance_hits(given):.1f} hits by chance. Of {given.hits:,} hits that is "
        f"**{chance_hits(given) / given.hits:.2f}**. It is an estimate: a real genome is not the "
        "background."
    ),
    effort=lambda given: (2,),
)


# -- Where does it lie on the other strand? --------------------------------------------------------


def _draw_turned(rng: np.random.Generator) -> dict[str, int]:
    return {
        "length": int(rng.integers(3_000, 9_000)),
        "width": int(rng.integers(8, 21)),
        "found": int(rng.integers(200, 1_200)),
    }


TURNED_PLACE = Value(
    id="judging.turned_place",
    title="Where does it lie on the other strand?",
    draw=_draw_turned,
    task=lambda given: (
        f"A program takes the reverse complement of a sequence of {given.length:,} bases and "
        f"finds a site of {given.width} bases in it. There, the site begins at base {given.found} "
        "(counted from 0). A BED file gives positions on the original sequence: the first base, "
        "counted from 0, and the base after the last. Which two numbers belong in the line, "
        "`[start, end]`?"
    ),
    right=lambda given: [
        given.length - given.found - given.width,
        given.length - given.found,
    ],
    mistakes=(
        Mistake(
            "not turned back",
            "These are positions on the reverse complement. On the original sequence, the site is "
            "as far from the *end* as it is from the start here.",
            lambda given: [given.found, given.found + given.width],
        ),
        Mistake(
            "counted from 1",
            "Both numbers are one too large. The first base of the reverse complement is the last "
            "one of the sequence, which is number L − 1.",
            lambda given: [
                given.length - given.found - given.width + 1,
                given.length - given.found + 1,
            ],
        ),
        Mistake(
            "last base included",
            "The start is right. BED gives the base *after* the last one, so that end minus start "
            "is the length.",
            lambda given: [
                given.length - given.found - given.width,
                given.length - given.found - 1,
            ],
        ),
        Mistake(
            "width forgotten",
            "You converted the first base of the site. On the other strand the first base becomes "
            "the last, so the start is further to the left.",
            lambda given: [
                given.length - given.found,
                given.length - given.found + given.width,
            ],
        ),
    ),
    hints=(
        "Draw six bases, numbered from 0, and their reverse complement below. Take a site of two "
        "bases.",
        "Which base of the sequence is the *last* base of the site on the other strand?",
    ),
    solution=lambda given: (
        "Base i of the reverse complement is base L − 1 − i of the sequence. The site covers the "
        f"bases {given.found} to {given.found + given.width - 1} there, so its last base becomes "
        f"the first: L − 1 − {given.found + given.width - 1} = "
        f"{given.length - given.found - given.width}. The end is the start plus "
        f"{given.width}: **[{given.length - given.found - given.width}, "
        f"{given.length - given.found}]**."
    ),
    effort=lambda given: (2,),
)


ADVICE = Text(
    id="judging.advice",
    title="A letter to a colleague",
    task=lambda given: (
        "A colleague writes: “My network has an AUROC of 0.99, measured on as many negatives as "
        "positives. Now I scan the genome. 99 % of the sites that it predicts will be real.”\n\n"
        "Answer in three to five sentences: what does the 0.99 mean, why does the conclusion not "
        "follow, and what should be measured instead? Use what you predicted, and then saw, in the "
        "exercise before."
    ),
    hints=(
        "AUROC is a probability. Of what?",
        "How many negatives are there in the genome for each site, and which of the two curves "
        "depends on that?",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        "- AUROC 0.99 means: a random positive scores higher than a random negative 99 times in "
        "100. It says nothing about a list at a threshold.\n"
        "- Neither axis of ROC depends on how rare the sites are; precision does: "
        "$\\text{precision} = \\frac{\\mathrm{TPR}\\,\\pi}{\\mathrm{TPR}\\,\\pi + "
        "\\mathrm{FPR}\\,(1 - \\pi)}$.\n"
        "- In a genome negatives outnumber sites by thousands or more, so even at an FPR of 0.01 "
        "nearly all calls are false; a useful FPR is about as small as the prevalence.\n"
        "- Measure precision and recall, or the AUPRC, at the prevalence in the genome, and "
        "compare with a guess, whose AUPRC on a large set is close to the prevalence (not 0.5).\n"
        "- That needs many negatives: with N negatives and no false call, an FPR of 3/N is still "
        "possible (at 95 % confidence)."
    ),
)

# -- How much of it is explained? ------------------------------------------------------------------


def _draw_measured(rng: np.random.Generator) -> dict[str, Any]:
    measured = rng.normal(2, 1, 6).round(1)
    return {"measured": measured, "predicted": (measured + rng.normal(0.4, 0.6, 6)).round(1)}


def _measured_cases(given: Given, rng: np.random.Generator) -> list[Scored]:
    measured = rng.normal(5, 2, 40)
    return [
        (np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 1.0])),
        (given.measured, given.predicted),
        (measured, 0.5 * measured + rng.normal(3, 1, 40)),
        (measured, rng.normal(0, 1, 40)),
    ]


def _explained(share: Callable[[np.ndarray, np.ndarray], float]) -> Callable[..., Any]:
    """Make the example of a mistake, which has nothing to do with the learner's numbers."""
    return lambda given: (
        lambda measured, predicted: float(
            share(np.asarray(measured, dtype=float), np.asarray(predicted, dtype=float))
        )
    )


R_SQUARED = Function(
    id="judging.r_squared",
    title="How much of the variance is explained?",
    draw=_draw_measured,
    task=lambda given: (
        "Write a function `r_squared(measured, predicted)` for two arrays of the same length. It "
        "returns one number,\n\n"
        r"$$R^2 = 1 - \frac{\sum_n (y_n - \hat y_n)^2}{\sum_n (y_n - \bar y)^2}$$"
        "\n\n"
        r"with the measured values $y_n$, the predicted values $\hat y_n$ and the mean $\bar y$ "
        "of the measured values. Your own example: `given.measured` = "
        f"`{given.measured.tolist()}`, `given.predicted` = `{given.predicted.tolist()}`."
    ),
    right=lambda given: r_squared,
    cases=_measured_cases,
    mistakes=(
        Mistake(
            "square of the correlation",
            "Your function returns the square of the correlation. That forgives a wrong scale and "
            "a wrong offset; $R^2$ compares the values themselves, and can be negative.",
            _explained(lambda y, p: np.corrcoef(y, p)[0, 1] ** 2),
        ),
        Mistake(
            "share that is not explained",
            "Your function returns the share that is *not* explained. Subtract it from 1.",
            _explained(lambda y, p: ((y - p) ** 2).sum() / ((y - y.mean()) ** 2).sum()),
        ),
        Mistake(
            "mean not taken off",
            "In the denominator you add up the squares of the measured values. Compare with a "
            "model that always predicts their mean: its errors are the distances from the mean.",
            _explained(lambda y, p: 1 - ((y - p) ** 2).sum() / (y**2).sum()),
        ),
        Mistake(
            "spread of the predictions",
            "The denominator is the spread of the *measured* values. Yours is that of the "
            "predictions. Are the two arguments in the right order?",
            _explained(lambda y, p: 1 - ((y - p) ** 2).sum() / ((p - p.mean()) ** 2).sum()),
        ),
        Mistake(
            "variances compared",
            "You divided the spread of the predictions by that of the measured values. "
            "Predictions can vary just as much and be wrong everywhere: use the errors.",
            _explained(lambda y, p: p.var() / y.var()),
        ),
    ),
    hints=(
        "`((measured - predicted) ** 2).sum()` is the squared error of the model.",
        "What is the squared error of a model that always predicts `measured.mean()`?",
    ),
    solution=lambda given: (
        "`1 - ((measured - predicted) ** 2).sum() / ((measured - measured.mean()) ** 2).sum()`. "
        f"Your own example gives {r_squared(given.measured, given.predicted):.3f}; the square of "
        f"the correlation would be "
        f"{np.corrcoef(given.measured, given.predicted)[0, 1] ** 2:.3f}."
    ),
    effort=lambda given: 1,
)


SET = ExerciseSet(
    "judging",
    "Judging a detector of rare events",
    3297889,
    (
        AREAS,
        ALLOWED,
        BETTER,
        AVERAGE_PRECISION,
        CALLS,
        MATCHED,
        GIVEAWAY,
        PRIOR,
        LEAK,
        R_SQUARED,
        CHANCE_HITS,
        TURNED_PLACE,
        ASSEMBLY,
        ADVICE,
    ),
)
