"""Exercises on the lemma of Neyman and Pearson: which scores reach it, and how far it goes."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab import detection
from motiflab.exercises.answers import Unreadable, read_numbers
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.functions import Function
from motiflab.exercises.markdown import table
from motiflab.exercises.values import Choice, Option

EQUAL = Choice(
    id="detecting.equal",
    title="Who equals the log-likelihood ratio?",
    task=lambda given: (
        "Windows of a motif with independent positions are to be told from a background that is "
        "**rich in A and T**. At each false positive rate the log-likelihood ratio (LLR) finds as "
        "many sites as any score can. Which of these scores finds just as many, at **every** "
        "false positive rate?"
    ),
    options=(
        Option("σ(LLR + b), a posterior whose bias b is far from the true prior log-odds"),
        Option(
            "The number of bases that match the consensus",
            "A count of matches takes every mismatch as equally bad and every background base as "
            "equally common. It puts windows in another order than the LLR does.",
        ),
        Option(
            "Σ log θ, the log-probability under the motif alone",
            "This ranks by what a site looks like and forgets what it costs: windows of A and T "
            "turn up by chance more often, so calling them uses up the false positive rate sooner.",
        ),
        Option(
            "Σ θ, the probabilities of the bases, added up",
            "Chances of independent positions multiply, and it is their logarithms that add up. "
            "Added as they are, a base that a site hardly ever shows costs too little.",
        ),
        Option(
            "The sum of the log-odds, with each negative weight replaced by 0",
            "A mismatch no longer speaks against a site, whether mild or severe, so windows "
            "change places. (A ReLU on the finished score would be another matter.)",
        ),
    ),
    hints=(
        "Power at a false positive rate depends on the order in which a score puts the windows, "
        "and on nothing else.",
        "Which of these can be computed from the LLR alone, such that a higher LLR always gives a "
        "higher score?",
    ),
    solution=lambda given: (
        f"**{given.letters[0]}**. What counts is the order of the windows. σ rises and a bias is "
        "the same for all, so σ(LLR + b) keeps the order of the LLR, whatever b is. A false prior "
        "makes the *probabilities* false, and moves the threshold that belongs to a given false "
        "positive rate; it takes no site away. The other four change the order, and the lemma of "
        "Neyman and Pearson says that this cannot help, and here it costs sites."
    ),
)


def _draw_power(rng: np.random.Generator) -> dict[str, object]:
    """Six kinds of windows, in shares of 5 %."""
    positive, negative = (1 + rng.multinomial(14, rng.dirichlet(np.ones(6))) for _ in range(2))
    return {
        "positive": positive / 20,
        "negative": negative / 20,
        "fpr": int(rng.integers(4, 9)) / 40,
    }


def _cases(given: SimpleNamespace, rng: np.random.Generator) -> list[tuple[Any, ...]]:
    found = [(given.positive, given.negative, given.fpr)]
    for kinds, fpr in ((2, 0.3), (6, 0.5), (16, 0.1), (64, 0.02), (16, 0.0), (16, 1.0)):
        found.append((rng.dirichlet(np.ones(kinds)), rng.dirichlet(np.ones(kinds)), fpr))
    return found


def _right(positive: np.ndarray, negative: np.ndarray, fpr: float) -> float:
    return detection.power(np.log(positive / negative), positive, negative, fpr)


def _greedy(
    worth: Callable[..., np.ndarray], share: Callable[[float], float] = lambda share: share
) -> Callable[[SimpleNamespace], Callable[..., float]]:
    """A function that calls words in the order of `worth`, and of the last one that share."""

    def function(positive: np.ndarray, negative: np.ndarray, fpr: float) -> float:
        found, left = 0.0, fpr
        for word in np.argsort(-worth(positive, negative), kind="stable"):
            if negative[word] > left + 1e-12:
                return float(found + positive[word] * share(left / negative[word]))
            found, left = found + positive[word], left - negative[word]
        return float(found)

    return lambda given: function


def _skipping(given: SimpleNamespace) -> Callable[..., float]:
    """A function that leaves out what does not fit, and goes on."""

    def function(positive: np.ndarray, negative: np.ndarray, fpr: float) -> float:
        found, left = 0.0, fpr
        for word in np.argsort(-positive / negative, kind="stable"):
            if negative[word] <= left + 1e-12:
                found, left = found + positive[word], left - negative[word]
        return float(found)

    return function


def _ratio(positive: np.ndarray, negative: np.ndarray) -> np.ndarray:
    return positive / negative


def _split(given: SimpleNamespace, answer: Any) -> str:
    halves = [np.repeat(p, 2) / 2 for p in (given.positive, given.negative)]
    expected = _right(given.positive, given.negative, given.fpr)
    try:
        got = read_numbers(answer(*halves, given.fpr), ())
    except Unreadable as problem:
        return str(problem)
    if got.shape or abs(got - expected) > 1e-6:
        return (
            "If each kind of window is split into two halves, equal in all, nothing should "
            "change; with yours something does. How does it treat windows of equal ratio?"
        )
    return ""


POWER = Function(
    id="detecting.power",
    title="The most sites for a given rate of false alarms",
    draw=_draw_power,
    task=lambda given: (
        "Write `power(positive, negative, fpr)`. Windows come in kinds: `positive` holds the "
        "probability of each kind among sites and `negative` that among background windows, two "
        "arrays of the same shape (n,), all above 0, each with the sum 1. A detector decides which "
        "kinds it calls sites; it may also toss a coin, and call a kind in a fraction of the "
        "cases. Return the **greatest true positive rate** that any detector can have if its false "
        "positive rate is at most `fpr`, a number from 0 to 1.\n\nTo try it:\n\n"
        + table(
            ["kind", "`given.positive`", "`given.negative`"],
            [
                (i, float(p), float(n))
                for i, (p, n) in enumerate(zip(given.positive, given.negative))
            ],
        )
        + f"\n\nwith `given.fpr` = {given.fpr:g}."
    ),
    right=lambda given: _right,
    cases=_cases,
    properties=(_split,),
    mistakes=(
        Mistake(
            "ordered by the motif alone",
            "The kinds that sites show most often are called first, whatever they cost in false "
            "alarms. What should they be compared with?",
            _greedy(lambda positive, negative: positive),
        ),
        Mistake(
            "ordered by the background alone",
            "The kinds that are rarest in the background are called first. They are cheap, but "
            "some of them hardly bring a site.",
            _greedy(lambda positive, negative: -negative),
        ),
        Mistake(
            "difference for ratio",
            "The kinds are put in order by a difference of probabilities. Think of a budget: what "
            "matters is how many sites each unit of false alarms buys.",
            _greedy(lambda positive, negative: positive - negative),
        ),
        Mistake(
            "ratio upside down",
            "This begins with the kinds that speak most for the background. Turn the ratio, or the "
            "order, round.",
            _greedy(lambda positive, negative: negative / positive),
        ),
        Mistake(
            "no coin at the last kind",
            "The order is right. Some of the false positive rate is left over at the end: the next "
            "kind is too expensive in full, but it may be called in a fraction of the cases.",
            _greedy(_ratio, lambda share: 0.0),
        ),
        Mistake(
            "cheaper kinds in place of the coin",
            "The order is right. Where a kind no longer fits, yours goes on to cheaper ones with a "
            "lower ratio. A coin does better: call the kind that does not fit in a fraction of the "
            "cases.",
            _skipping,
        ),
        Mistake(
            "budget exceeded",
            "The order is right. The last kind is called in full, and with it the false positive "
            "rate is above what was allowed. Call only the fraction that fits.",
            _greedy(_ratio, lambda share: 1.0),
        ),
        Mistake(
            "per cent for a rate",
            "Right, but in per cent. A rate lies between 0 and 1.",
            lambda given: lambda *case: 100 * _right(*case),
        ),
    ),
    hints=(
        "You go shopping: each kind costs its background probability and pays its probability "
        "among sites. Your budget is `fpr`. What do you buy first?",
        "`np.argsort(-ratio)` gives the kinds from the highest ratio down. Go through them while "
        "the budget lasts.",
        "At the first kind that the rest of the budget cannot pay in full, take the fraction that "
        "it can pay, add that fraction of what the kind pays, and stop.",
    ),
    solution=lambda given: (
        "Buy what pays most for its cost first: the order of positive/negative, the likelihood "
        "ratio.\n\n```python\ndef power(positive, negative, fpr):\n"
        "    found, left = 0.0, fpr\n"
        "    for kind in np.argsort(-positive / negative):\n"
        "        share = min(1.0, left / negative[kind])\n"
        "        found = found + share * positive[kind]\n"
        "        left = left - share * negative[kind]\n"
        "    return found\n```\n\n"
        f"With your numbers that is {_right(given.positive, given.negative, given.fpr):.4g}. Any "
        "other choice is matched or bettered by swapping a poor bargain for a better one, which is "
        "the lemma of Neyman and Pearson. For a motif with independent positions, the logarithm of "
        "the ratio is a sum over positions, so a linear filter with the weights "
        r"$\ln\theta_{k,a} - \ln q_a$ reaches this optimum."
    ),
    effort=lambda given: len(given.positive),
)
