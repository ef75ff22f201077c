"""Exercises on judging a detector of rare events: areas, prevalence, what a list is worth."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.exercises.exercise import ExerciseSet, Mistake
from motiflab.exercises.judging_areas import AREAS
from motiflab.exercises.judging_calls import CALLS
from motiflab.exercises.judging_function import AVERAGE_PRECISION
from motiflab.exercises.values import Choice, Option, Text, Value
from motiflab.figures.numbers import brief

_MILLION = 1_000_000


def _draw_allowed(rng: np.random.Generator) -> dict[str, Any]:
    """Sites, other places, a recall and a precision below one half."""
    while True:
        drawn = {
            "sites": int(rng.choice([1000, 1500, 2000, 2500, 3000])),
            "places": int(rng.choice([100, 120, 150, 200, 240, 250])) * _MILLION,
            "recall": float(rng.choice([0.5, 0.6, 0.7, 0.8, 0.9])),
            "precision": float(rng.choice([0.1, 0.2, 0.25, 0.4])),
        }
        if drawn["recall"] != 0.5:  # or as many sites would be missed as found
            return drawn


def _per_million(given: SimpleNamespace, false_calls: float) -> float:
    return false_calls / given.places * _MILLION


def _found(given: SimpleNamespace) -> float:
    return given.recall * given.sites


def _false_calls(given: SimpleNamespace, true_calls: float) -> float:
    return true_calls * (1 - given.precision) / given.precision


def _is_rate(given: SimpleNamespace, answer: float) -> bool:
    """Whether it is so small that it must be a rate, or the right one in per cent or per mille."""
    rate = _false_calls(given, _found(given)) / given.places
    return 0 < answer < 0.0005 or bool(np.isclose(answer, [100 * rate, 1000 * rate], 0.02).any())


ALLOWED = Value(
    id="judging.allowed",
    title="How many false calls are allowed?",
    draw=_draw_allowed,
    decimals=1,
    task=lambda given: (
        f"A protein binds {given.sites:,} sites in a genome; {given.places // _MILLION} million "
        "other places are not bound. Your colleagues need a list of predicted sites with a recall "
        f"of {100 * given.recall:.0f} %, and they can live with it if "
        f"{100 * given.precision:.0f} % of the list are real sites.\n\n"
        "How large may the false positive rate be at most? Give it as the number of places, out of "
        "every **million** that are not bound, that may be called; one decimal is enough."
    ),
    right=lambda given: _per_million(given, _false_calls(given, _found(given))),
    mistakes=(
        Mistake(
            "share of wrong calls taken for the false positive rate",
            "That is the share of false calls in the *list*. The false positive rate is a share of "
            "all the places that are not bound.",
            lambda given: (1 - given.precision) * _MILLION,
            lambda given, answer: (
                answer.shape == ()
                and np.isclose([answer, answer / _MILLION], 1 - given.precision, atol=0).any()
            ),
        ),
        Mistake(
            "recall forgotten",
            "Your list holds every site. How many of them does the threshold really find?",
            lambda given: _per_million(given, _false_calls(given, given.sites)),
        ),
        Mistake(
            "all calls counted as false",
            "You took the whole list for false calls. The true ones are on it as well.",
            lambda given: _per_million(given, _found(given) / given.precision),
        ),
        Mistake(
            "as many false calls as true",
            "With that many false calls one half of the list would be real. Which share is asked "
            "for, and how many false calls then go with each true one?",
            lambda given: _per_million(given, _found(given)),
        ),
        Mistake(
            "divided by the sites",
            "You have set the false calls against the bound sites. They come from the places that "
            "are *not* bound.",
            lambda given: _false_calls(given, _found(given)) / given.sites * _MILLION,
        ),
        Mistake(
            "false share taken of the true calls",
            "You took the false calls as a share of the true ones. It is the *list*, true and "
            "false calls together, that they are a share of.",
            lambda given: _per_million(given, _found(given) * (1 - given.precision)),
        ),
        Mistake(
            "number of false calls given",
            "That is how many false calls there may be in the whole genome, well done. How many "
            "is that out of each million places?",
            lambda given: _false_calls(given, _found(given)),
        ),
        Mistake(
            "rate given, not a number in a million",
            "That is a rate, but out of another number. How many places is it out of a million?",
            lambda given: _false_calls(given, _found(given)) / given.places,
            lambda given, answer: answer.shape == () and _is_rate(given, answer.item()),
        ),
        Mistake(
            "true calls in the place of false ones",
            "Check which is which: the precision is the share of the calls that are *right*.",
            lambda given: _per_million(
                given, _found(given) * given.precision / (1 - given.precision)
            ),
        ),
    ),
    hints=(
        "Begin with the true calls on the list: which share of the sites is found?",
        "If that many true calls are such a share of the list, how long is the list, and how many "
        "of it are false?",
        "These false calls come from all the places that are not bound. How many is that in a "
        "million?",
    ),
    solution=lambda given: (
        f"True calls: {given.recall:g} · {given.sites:,} = {_found(given):,.0f}. They are to be "
        f"{100 * given.precision:.0f} % of the list, so the list has {_found(given):,.0f} / "
        f"{given.precision:g} = {_found(given) / given.precision:,.0f} entries, of which "
        f"{_false_calls(given, _found(given)):,.0f} are false. Out of {given.places:,} places, "
        "that is a false positive rate of "
        f"{brief(_false_calls(given, _found(given)) / given.places)}, or "
        f"**{_per_million(given, _false_calls(given, _found(given))):.1f} in a million**. In "
        "symbols $\\mathrm{FPR} = \\mathrm{TPR}\\,\\frac{P}{N}\\,"
        "\\frac{1 - \\text{precision}}{\\text{precision}}$: a useful rate is of the order of the "
        "prevalence $P/N$, not of one in a hundred."
    ),
    effort=lambda given: (given.precision < 0.5, given.recall < 1),
)


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
        "Two detectors were tested on the same data, with one true site in "
        f"{given.rarity:,} places. Detector X has an AUROC of {given.auroc[0]} and an AUPRC of "
        f"{given.auprc[0]}. Detector Y has an AUROC of {given.auroc[1]} and an AUPRC of "
        f"{given.auprc[1]}. Someone can test a hundred predicted sites in the laboratory. Whose "
        "best hundred would you send, and why?"
    ),
    options=(
        Option(
            "Y: over all recalls its calls are much cleaner than X's, and far cleaner than those "
            "of a guess"
        ),
        Option(
            "X: its AUROC is the larger one, and AUROC does not depend on how rare the sites are",
            "It does not depend on that, true, and this is why it cannot answer the question: on a "
            "list, the many negatives that score high stand beside the few sites.",
        ),
        Option(
            "Neither: both AUPRCs lie below 0.5, so a guess would do as well",
            "0.5 is what a guess has in the AUROC. In a list made by guessing, how many would be "
            "real sites? That is the baseline of the AUPRC.",
        ),
        Option(
            "Y: its AUPRC is the share of all sites that it finds",
            "The right detector, but for another reason. The share of the sites that is found is "
            "the recall; the AUPRC is a mean of precisions, over all recalls.",
        ),
        Option(
            "Either: one wins by AUROC, the other by AUPRC, so it is a draw",
            "The two areas answer different questions. Which one is asked by a person who pays for "
            "each call?",
        ),
    ),
    hints=(
        "The hundred come from the top of the list. Which of the two areas is about how clean the "
        "top is?",
        lambda given: (
            f"What AUPRC would a guess have here, with one site in {given.rarity:,} places? "
            "Compare both detectors with that."
        ),
    ),
    solution=lambda given: (
        f"On a large set, a guess has an AUPRC close to the prevalence, 1/{given.rarity:,} = "
        f"{1 / given.rarity:g}. X is {given.auprc[0] * given.rarity:,.0f} times better than that, "
        f"Y {given.auprc[1] * given.rarity:,.0f} times. X ranks a random site above a random other "
        "place more often, but most places are easy; what counts here are the few that score "
        "highest, and there one expects the list of **Y** to be cleaner. (An area is a mean, so "
        "look at the curve as well: the precision of the best hundred is one point of it.)"
    ),
    effort=lambda given: (given.auroc[0] > given.auroc[1], given.auprc[0] < given.auprc[1]),
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
        "AUROC is a chance. Of what?",
        "How many negatives are there in the genome for each site, and which of the two curves "
        "knows that?",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        "- AUROC 0.99 means: a random positive outranks a random negative 99 times in 100. It says "
        "nothing about a list at a threshold.\n"
        "- Neither axis of ROC depends on how rare the sites are; precision does: "
        "$\\text{precision} = \\frac{\\mathrm{TPR}\\,\\pi}{\\mathrm{TPR}\\,\\pi + "
        "\\mathrm{FPR}\\,(1 - \\pi)}$.\n"
        "- In a genome negatives outnumber sites by thousands or more, so even an FPR of 0.01 "
        "buries the sites; a useful FPR is about as small as the prevalence.\n"
        "- Measure precision and recall, or the AUPRC, at the prevalence of use, and compare with "
        "a guess, whose AUPRC on a large set is close to the prevalence (not 0.5).\n"
        "- That takes many negatives: with N of them and none called, an FPR of 3/N is still "
        "possible (at 95 % confidence)."
    ),
)

SET = ExerciseSet(
    "judging",
    "Judging a detector of rare events",
    3297889,
    (AREAS, ALLOWED, BETTER, AVERAGE_PRECISION, CALLS, ADVICE),
)
