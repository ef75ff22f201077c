"""Exercises on detection: the best score at a false positive rate, posteriors, the bias."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from motiflab.evaluation import detectors
from motiflab.exercises import (
    Choice,
    ExerciseSet,
    Function,
    Given,
    Mistake,
    Option,
    Property,
    Shown,
    Target,
    Text,
    Value,
    altered,
    per_cent,
    read_numbers,
    table,
    weights_table,
)
from motiflab.figures.numbers import written
from motiflab.layers import output_length, sigmoid
from motiflab.motifs.log_odds import prior_log_odds
from motiflab.networks.recovery import expected_bias
from motiflab.sequences.alphabet import BASES

# -- How likely one window is to be a site ---------------------------------------------------------

_BACKGROUNDS = ((0.3, 0.2, 0.2, 0.3), (0.4, 0.1, 0.1, 0.4), (0.2, 0.3, 0.3, 0.2))
_ROWS = ((0.7, 0.1, 0.1, 0.1), (0.6, 0.2, 0.1, 0.1), (0.5, 0.3, 0.1, 0.1))


def _draw_posterior(rng: np.random.Generator) -> dict[str, object]:
    """Draw a window that fits well, and a prior that nearly makes up for it."""
    q = np.array(_BACKGROUNDS[rng.integers(3)])
    while True:
        theta = np.array([rng.permutation(row) for row in rng.permutation(_ROWS)])
        window = "".join(BASES[a] for a in theta.argmax(axis=1))
        ratio = _ratio(theta, q, window)
        if 8 <= ratio <= 60:
            break
    # Not near 1, where both classes are equally likely and an answer for the wrong one is right.
    odds = float(rng.uniform(0.35, 0.75) if rng.random() < 0.5 else rng.uniform(1.35, 2.2))
    return {"theta": theta, "background": q, "window": window, "one_in": round(ratio / odds) + 1}


def _ratio(theta: np.ndarray, q: np.ndarray, window: str) -> float:
    """Return how many times more likely the window is as a site than as background."""
    at = [BASES.index(base) for base in window]
    return float(np.prod(theta[np.arange(len(at)), at] / q[at]))


def _log_odds(given: Given, **changes: np.ndarray) -> float:
    """Return the log of the posterior odds; mistakes change `background` or `theta`."""
    given = altered(given, **changes)
    ratio = _ratio(given.theta, given.background, given.window)
    return math.log(ratio) + prior_log_odds(1 / given.one_in)


def _solve_posterior(given: Given) -> str:
    at = [BASES.index(base) for base in given.window]
    factors = " \\cdot ".join(
        rf"\frac{{{given.theta[k, a]:g}}}{{{given.background[a]:g}}}" for k, a in enumerate(at)
    )
    ratio = _ratio(given.theta, given.background, given.window)
    odds = math.exp(_log_odds(given))
    return (
        f"The window is ${factors} = {ratio:.4g}$ times as likely for a site as for background. "
        f"The prior odds are 1 to {given.one_in - 1}, so the posterior odds are "
        rf"$\frac{{{ratio:.4g}}}{{{given.one_in - 1}}} = {odds:.4f}$, and the probability is "
        rf"$\frac{{{odds:.4f}}}{{1 + {odds:.4f}}}$ = **{odds / (1 + odds):.3f}**. In logarithms: "
        rf"LLR $\ln {ratio:.4g} = {math.log(ratio):.3f}$, bias $-\ln {given.one_in - 1} = "
        f"{prior_log_odds(1 / given.one_in):.3f}$, and the sigmoid of their sum. A filter with "
        "that bias computes exactly this."
    )


POSTERIOR = Value(
    id="detecting.posterior",
    title="How likely is it a site?",
    draw=_draw_posterior,
    task=lambda given: (
        f"A motif has the probabilities θ (PPM)\n\n{weights_table(given.theta)}\n\nand the "
        f"background is\n\n{table(BASES, [given.background])}\n\nOne in {given.one_in} windows is "
        f"a site; the others are background. You see the window **{given.window}**. What is the "
        "probability that it is a site? To 3 decimals."
    ),
    right=lambda given: float(sigmoid(_log_odds(given))),
    decimals=3,
    mistakes=(
        Mistake(
            "prior forgotten",
            "In your calculation sites and background windows are equally common. Before you look "
            "at its bases, how likely is a window to be a site?",
            lambda given: float(sigmoid(_log_odds(given) - prior_log_odds(1 / given.one_in))),
        ),
        Mistake(
            "uniform background assumed",
            "You used a background of one quarter for each base. Some of the bases in this window "
            "are more, or less, common than that.",
            lambda given: float(sigmoid(_log_odds(given, background=np.full(4, 0.25)))),
        ),
        Mistake(
            "odds for a probability",
            "These are the posterior odds, site to background, and the hard part is done. A "
            "probability compares with both classes together, not with the other class.",
            lambda given: math.exp(_log_odds(given)),
        ),
        Mistake(
            "likelihood ratio for a probability",
            "This is the likelihood ratio of site and background: a good first step. It does not "
            "yet include how rare sites are, and it is a ratio, not a probability.",
            lambda given: _ratio(given.theta, given.background, given.window),
        ),
        Mistake(
            "prior times ratio",
            "You multiplied the likelihood ratio by the prior *probability*. Multiply it by the "
            "prior *odds* instead: this gives the posterior odds. The step from odds to a "
            "probability comes last.",
            lambda given: _ratio(given.theta, given.background, given.window) / given.one_in,
        ),
        Mistake(
            "log-odds for a probability",
            "These are the log-odds, the score of the filter with its bias, and the hard part is "
            "done. Which function turns log-odds into a probability?",
            _log_odds,
        ),
        Mistake(
            "prior for prior odds",
            "Nearly: the likelihood ratio is multiplied by the prior odds, sites to background "
            "windows. You compared sites with all windows.",
            lambda given: float(
                sigmoid(_log_odds(given) - prior_log_odds(1 / given.one_in) - np.log(given.one_in))
            ),
        ),
        Mistake(
            "log2 for ln",
            "You took logarithms to the base 2, but the sigmoid is the inverse for base e. Use "
            "the same base for both.",
            lambda given: float(sigmoid(_log_odds(given) / math.log(2))),
        ),
        Mistake(
            "positions reversed",
            "You matched the bases of the window with the rows of the table in the opposite "
            "order. The first base is at the first position.",
            lambda given: float(sigmoid(_log_odds(given, theta=given.theta[::-1]))),
        ),
        Mistake(
            "the other class",
            "This is the probability of background. The question is about a site.",
            lambda given: float(sigmoid(-_log_odds(given))),
        ),
        per_cent("a probability", lambda given: float(sigmoid(_log_odds(given)))),
    ),
    hints=(
        "How many times as likely is the window for a site as for background? Positions are "
        "independent, so multiply over them.",
        "Odds are convenient: posterior odds = likelihood ratio · prior odds. If one in ten "
        "windows is a site, the prior odds are 1 to 9.",
        r"From odds $o$ to a probability: $\frac{o}{1 + o}$, which is $\sigma(\ln o)$.",
    ),
    solution=_solve_posterior,
    effort=lambda given: given.theta.shape,
)


# -- Which scores order windows as the likelihood ratio does ---------------------------------------

EQUAL = Choice(
    id="detecting.equal",
    title="Who equals the log-likelihood ratio?",
    task=lambda given: (
        "You want to tell sites of a motif with independent positions from a background that is "
        "**rich in A and T**. At each false positive rate no score finds more sites than the "
        "log-likelihood ratio (LLR). Which of these scores finds just as many, at **every** false "
        "positive rate?"
    ),
    options=(
        Option("σ(LLR + b), a posterior whose bias b is far from the true prior log-odds"),
        Option(
            "The number of bases that match the consensus",
            "A count of matches treats every mismatch as equally bad and every background base as "
            "equally common. It ranks windows differently from the LLR.",
        ),
        Option(
            "Σ log θ, the log-probability under the motif alone",
            "This score ignores the background: windows of A and T occur more often by chance, so "
            "calling them positive costs more false positives.",
        ),
        Option(
            "Σ θ, the probabilities of the bases, added up",
            "Probabilities of independent positions multiply, so their logarithms add up. If you "
            "add the probabilities themselves, a base that sites hardly ever have costs too "
            "little.",
        ),
        Option(
            "The sum of the log-odds, with each negative weight replaced by 0",
            "Then a mismatch, mild or severe, no longer counts against a site, so the ranking "
            "changes. (A ReLU on the finished score would be different.)",
        ),
    ),
    hints=(
        "The number of sites found at a false positive rate depends only on how the score ranks "
        "the windows.",
        "Which of these can be computed from the LLR alone, such that a higher LLR always gives a "
        "higher score?",
    ),
    solution=lambda given: (
        f"**{given.letters[0]}**. Only the order of the windows counts. σ is increasing and the "
        "bias is the same for all windows, so σ(LLR + b) keeps the order of the LLR, whatever b "
        "is. A wrong prior makes the *probabilities* wrong and moves the threshold for a given "
        "false positive rate, but it loses no site. The other four scores change the order. By "
        "the lemma of Neyman and Pearson this cannot help, and here it costs sites."
    ),
)


# -- The most sites for a given rate of false alarms -----------------------------------------------


def _draw_power(rng: np.random.Generator) -> dict[str, object]:
    """Draw six kinds of windows, with probabilities that are multiples of 5 %."""
    positive, negative = (1 + rng.multinomial(14, rng.dirichlet(np.ones(6))) for _ in range(2))
    return {
        "positive": positive / 20,
        "negative": negative / 20,
        "fpr": int(rng.integers(4, 9)) / 40,
    }


def _cases(given: Given, rng: np.random.Generator) -> list[tuple[Any, ...]]:
    kinds_and_rates = ((2, 0.3), (6, 0.5), (16, 0.1), (64, 0.02), (16, 0.0), (16, 1.0))
    return [
        (given.positive, given.negative, given.fpr),
        *(
            (rng.dirichlet(np.ones(kinds)), rng.dirichlet(np.ones(kinds)), fpr)
            for kinds, fpr in kinds_and_rates
        ),
    ]


def _right(positive: np.ndarray, negative: np.ndarray, fpr: float) -> float:
    return detectors.power(np.log(positive / negative), positive, negative, fpr)


def _power_ratio(positive: np.ndarray, negative: np.ndarray) -> np.ndarray:
    """Return the likelihood ratio: in its order, a detector finds the most sites."""
    return positive / negative


def _greedy(
    worth: Callable[..., np.ndarray] = _power_ratio,
    share: Callable[[float], float] = lambda share: share,
    skips: bool = False,
) -> Callable[[Given], Callable[..., float]]:
    """Make a function that calls kinds in the order of `worth`.

    At the first that no longer fits it calls the fraction `share` of it and stops; with `skips`
    it goes on to the next.
    """

    def function(positive: np.ndarray, negative: np.ndarray, fpr: float) -> float:
        found, left = 0.0, fpr
        for kind in np.argsort(-worth(positive, negative), kind="stable"):
            if negative[kind] <= left + 1e-12:  # sums that should be equal differ a little
                found, left = found + positive[kind], left - negative[kind]
            elif not skips:  # the right way calls the share of this kind that still fits
                return float(found + positive[kind] * share(left / negative[kind]))
        return float(found)

    return lambda given: function


def _split(given: Given, answer: Callable[..., Any]) -> bool:
    """Tell whether nothing changes when each kind of window is split into two halves."""
    halves = [np.repeat(p, 2) / 2 for p in (given.positive, given.negative)]
    expected = _right(given.positive, given.negative, given.fpr)
    found = read_numbers(answer(*halves, given.fpr), ())
    return np.shape(found) == () and abs(found - expected) <= 1e-6


POWER = Function(
    id="detecting.power",
    title="The most sites for a given rate of false alarms",
    draw=_draw_power,
    task=lambda given: (
        "Write `power(positive, negative, fpr)`. Windows come in kinds: `positive` holds the "
        "probability of each kind among sites and `negative` its probability among background "
        "windows. Both are arrays of shape (n,); all entries are above 0, and each array sums to "
        "1. A detector decides which kinds it calls sites; it may also toss a coin and call a "
        "kind in a fraction of the cases. Return the **greatest true positive rate** that any "
        "detector can have if its false positive rate is at most `fpr`, a number from 0 to 1.\n\n"
        "To try it:\n\n"
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
    properties=(
        Property(
            "If each kind of window is split into two equal halves, the result should not change, "
            "but yours does. How does it treat windows of equal ratio?",
            _split,
        ),
    ),
    mistakes=(
        Mistake(
            "ordered by the motif alone",
            "You call the kinds first that are most frequent among sites, whatever they cost in "
            "false alarms. With what should you compare them?",
            _greedy(lambda positive, negative: positive),
        ),
        Mistake(
            "ordered by the background alone",
            "You call the kinds first that are rarest in the background. They are cheap, but some "
            "of them bring hardly any sites.",
            _greedy(lambda positive, negative: -negative),
        ),
        Mistake(
            "difference for ratio",
            "You sort the kinds by a difference of probabilities. Think of a budget: how many "
            "sites does each unit of false alarms buy?",
            _greedy(lambda positive, negative: positive - negative),
        ),
        Mistake(
            "ratio upside down",
            "You begin with the kinds that are the strongest evidence for background. Reverse the "
            "order, or invert the ratio.",
            _greedy(lambda positive, negative: negative / positive),
        ),
        Mistake(
            "no coin at the last kind",
            "The order is right. But some of the false positive rate is left over at the end: the "
            "next kind is too expensive as a whole, but you can call it in a fraction of the "
            "cases.",
            _greedy(share=lambda share: 0.0),
        ),
        Mistake(
            "cheaper kinds in place of the coin",
            "The order is right. But when a kind no longer fits, your function goes on to cheaper "
            "ones with a lower ratio. A coin does better: call the kind that does not fit in a "
            "fraction of the cases.",
            _greedy(skips=True),
        ),
        Mistake(
            "budget exceeded",
            "The order is right. But you call the last kind as a whole, so the false positive "
            "rate is higher than allowed. Call only the fraction that fits.",
            _greedy(share=lambda share: 1.0),
        ),
        Mistake(
            "per cent for a rate",
            "Right, but in per cent. A rate lies between 0 and 1.",
            lambda given: lambda *case: 100 * _right(*case),
        ),
    ),
    hints=(
        "Think of shopping: each kind costs its background probability and brings its probability "
        "among sites. Your budget is `fpr`. What do you buy first?",
        "`np.argsort(-ratio)` gives the kinds from the highest ratio down. Go through them while "
        "the budget lasts.",
        "At the first kind that the rest of the budget cannot pay, take the fraction that it can "
        "pay, add that fraction of the kind's sites, and stop.",
    ),
    solution=lambda given: (
        "First buy what brings most for its cost: sort by positive/negative, the likelihood "
        "ratio.\n\n"
        "```python\n"
        "def power(positive, negative, fpr):\n"
        "    found, left = 0.0, fpr\n"
        "    for kind in np.argsort(-positive / negative):\n"
        "        share = min(1.0, left / negative[kind])\n"
        "        found = found + share * positive[kind]\n"
        "        left = left - share * negative[kind]\n"
        "    return found\n"
        "```\n\n"
        f"With your numbers that is {_right(given.positive, given.negative, given.fpr):.4g}. Any "
        "other choice can be improved, or at least not made worse, by swapping a kind with a low "
        "ratio for one with a higher ratio: this is the lemma of Neyman and Pearson. For a motif "
        "with independent positions, the logarithm of the ratio is a sum over positions, so a "
        r"linear filter with the weights $\ln\theta_{k,a} - \ln q_a$ reaches this optimum."
    ),
    effort=lambda given: len(given.positive),
)


# -- Sequences of another length, and another share of them with a site ----------------------------


def _draw_added(rng: np.random.Generator) -> dict[str, object]:
    K = int(rng.integers(6, 10))
    return {
        "K": K,
        "L": K + int(rng.integers(11, 18)),
        "share": float(rng.choice([0.2, 0.25, 0.4])),
        "new_L": 10 * int(rng.integers(10, 31)),
        "new_share": float(rng.choice([0.01, 0.02, 0.05])),
    }


def _places(given: Given) -> tuple[int, int]:
    """Return the windows in a sequence of the training, and in a new one."""
    return output_length(given.L, given.K), output_length(given.new_L, given.K)


def _added(given: Given, odds: float = 1.0, places: float = -1.0, off: int = 0) -> float:
    """Return the change of the bias.

    The mistakes weigh its two parts differently, or count `off` windows too many.
    """
    old, new = _places(given)
    change = prior_log_odds(given.new_share) - prior_log_odds(given.share)
    return odds * change + places * math.log((new + off) / (old + off))


def _solve_added(given: Given) -> str:
    old, new = _places(given)
    p, q = given.share, given.new_share
    return (
        r"The bias of a scanner is $\ln\frac{\pi}{1-\pi} - \ln M$, with the share $\pi$ of "
        f"sequences that have a site and $M = L - K + 1$ windows in each. There were {given.L} − "
        f"{given.K} + 1 = {old} windows, now there are {new}.\n\n"
        rf"- Prior: $\ln\frac{{{q:g}}}{{{1 - q:g}}} - \ln\frac{{{p:g}}}{{{1 - p:g}}} = "
        f"{prior_log_odds(q):.3f} - ({prior_log_odds(p):.3f}) = {_added(given, places=0):.3f}$\n"
        rf"- Windows: $-\ln\frac{{{new}}}{{{old}}} = {_added(given, odds=0):.3f}$"
        "\n\n"
        f"Together **{written(_added(given), 2)}**. Sites are rarer now, and each sequence has "
        "more places for a false alarm: both lower the bias. The weights do not change, because a "
        "site looks the same as before."
    )


ADDED = Value(
    id="detecting.added",
    title="Move a scanner to another genome",
    draw=_draw_added,
    task=lambda given: (
        f"A scanner (a filter of K = {given.K}, log-sum-exp over all windows, a bias, a sigmoid) "
        f"was trained on sequences of L = {given.L} bases. A share of {given.share:g} of them had "
        "exactly one site, at a random place on the strand that is read; there is no padding. The "
        "output of the trained scanner is the exact posterior. Now you give it sequences of "
        f"{given.new_L} bases, of which a share of {given.new_share:g} have one site; sites and "
        "background look as before. **What must you add to its bias** (possibly a negative "
        "number), so that its output is the posterior again? To 2 decimals, natural logarithm."
    ),
    right=_added,
    decimals=2,
    mistakes=(
        Mistake(
            "number of windows forgotten",
            "The part for the priors is right. But longer sequences also have more windows that "
            "may look like a site by chance: the bias of a scanner has a term for that, too.",
            lambda given: _added(given, places=0.0),
        ),
        Mistake(
            "prior forgotten",
            "The part for the number of windows is right. But the share of sequences with a site "
            "has also changed, and the bias contains its log-odds.",
            lambda given: _added(given, odds=0.0),
        ),
        Mistake(
            "log of the windows added instead of subtracted",
            "Both terms are there. Think about the sign of the second: do more windows make a "
            "high score stronger evidence, or weaker?",
            lambda given: _added(given, places=1.0),
        ),
        Mistake(
            "length taken for number of windows",
            "You compared the lengths. A filter does not fit at every base: how many windows does "
            "a sequence have?",
            lambda given: _added(given, off=given.K - 1),
        ),
        Mistake(
            "windows off by one",
            "Nearly: count the windows of a sequence again. On paper, how many windows of 3 bases "
            "has a sequence of 5?",
            lambda given: _added(given, off=-1),
            also=(lambda given: _added(given, off=1),),
        ),
        Mistake(
            "log prior for log prior odds",
            "You compared the logarithms of the shares. The bias contains log-odds: "
            "$\\ln\\frac{\\pi}{1-\\pi}$.",
            lambda given: math.log(given.new_share / given.share) + _added(given, odds=0.0),
        ),
        Mistake(
            "prior of the training forgotten",
            "You added the term of the new share. The term of the old share is still in the bias, "
            "so subtract it.",
            lambda given: prior_log_odds(given.new_share) + _added(given, odds=0.0),
        ),
        Mistake(
            "new bias for the change",
            "This is the whole bias for the new sequences, well done. The old scanner already has "
            "a bias: what must be added to it?",
            lambda given: prior_log_odds(given.new_share) - math.log(_places(given)[1]),
        ),
        Mistake(
            "the other way round",
            "The size is right. Must the bias rise or fall when sites become rarer?",
            lambda given: -_added(given),
        ),
        Mistake(
            "log2 for ln",
            "The reasoning is right. But the sigmoid uses base e, so the bias is in nats: take "
            "the natural logarithm.",
            lambda given: _added(given) / math.log(2),
        ),
    ),
    hints=(
        "What is the bias of the exact posterior of one site somewhere? It has two terms: one for "
        "the share of sequences with a site, one for the places where it may be.",
        r"$b = \ln\frac{\pi}{1-\pi} - \ln M$ with $M$ windows. Write it down for the old sequences "
        "and for the new ones, and compare.",
    ),
    solution=_solve_added,
    effort=lambda given: (given.new_share < given.share, given.new_L > given.L),
)


# -- A bias that is learned ------------------------------------------------------------------------

_NEAR, _CLOSE = 0.3, 0.01


def _draw_trained(rng: np.random.Generator) -> dict[str, object]:
    return {
        "gc": float(rng.choice([0.4, 0.5])),
        "seed": int(rng.integers(1, 51)),
        "share": float(rng.choice([0.2, 0.3, 0.7, 0.8])),
    }


def _trained(given: Given, shown: Shown) -> bool:
    fit = shown.result.starts[0]
    return abs(fit.bias - expected_bias(given.share)) <= _NEAR and fit.kl <= _CLOSE


def _share_is(shown: Shown, share: float) -> bool:
    return abs(shown.state.share - share) < 0.05


TRAINED = Target(
    id="detecting.trained",
    title="Train a bias",
    draw=_draw_trained,
    explorer="TheoremExplorer",
    start=lambda given: {"n": 500, "gc": given.gc, "seed": given.seed},
    locked=("data", "motif", "gc", "shuffled", "restarts", "seed"),
    hidden=("restarts",),
    task=lambda given: (
        "The explorer trains a filter on aligned windows, from their labels alone (yours: a "
        f"background with GC {given.gc:g}, seed {given.seed}). Choose the **share of positives** "
        "and the **number of sequences** until two things are true. The trained bias (the first "
        f"bold number of the readout) is within {_NEAR} of "
        f"**{written(expected_bias(given.share), 2)}**. And the motif read off the weights is at "
        f"most **{_CLOSE} bits** per position from the true one (KL divergence)."
    ),
    prediction=(
        "Nobody sets the bias: training finds it. Which share of positives will give the bias "
        "that is asked for? And will the weights change when the share changes?"
    ),
    right=lambda given: {"share": given.share, "n": 16000},
    reached=_trained,
    mistakes=(
        Mistake(
            "positives still one half",
            "With as many sites as background windows the prior odds are 1 to 1. What is the "
            "logarithm of that? Compare it with what the theorem says in the readout.",
            lambda given: {"n": 16000},
            lambda given, shown: _share_is(shown, 0.5),
        ),
        Mistake(
            "prior odds upside down",
            "Check the sign: for this share the theorem gives a bias on the other side of 0. "
            "Which class must be more frequent for the bias that is asked for?",
            lambda given: {"share": round(1 - given.share, 1), "n": 16000},
            lambda given, shown: _share_is(shown, 1 - given.share),
        ),
        Mistake(
            "too few sequences",
            "The share is right. The remaining error is chance: look at the slope and at KL. What "
            "makes chance smaller?",
            lambda given: {"share": given.share},
            lambda given, shown: _share_is(shown, given.share),
        ),
        Mistake(
            "another share",
            "The bias goes to a different value. Compare what the theorem says in the readout "
            "with the bias that is asked for: must the share come closer to one half, or move "
            "away from it?",
            # On the right side of one half, but too extreme.
            lambda given: {"share": 0.9 if given.share > 0.5 else 0.1, "n": 16000},
            lambda given, shown: True,
        ),
    ),
    hints=(
        r"On aligned windows the bias goes to $\ln\frac{\pi}{1-\pi}$ with the share $\pi$ of "
        "positives. Is the bias that is asked for below 0 or above?",
        r"Solve for $\pi$: if $b$ is the logarithm of the odds, the odds are $e^b$, and "
        r"$\pi = \frac{e^b}{1 + e^b}$.",
        "With few windows, some bases hardly occur in one of the classes, so both bias and "
        "weights are inaccurate. Take more.",
    ),
    solution=lambda given: (
        rf"$\pi = \sigma({expected_bias(given.share):.2f}) = {given.share:g}$, and as many "
        "sequences as you want to wait for: with 500 the bias may be off by 1 or more, with "
        "16,000 hardly by 0.1. The weights do not depend on the share: they say what a site looks "
        "like. The bias says how common sites were **in the training set**, and in a genome their "
        "share is different."
    ),
    effort=lambda given: given.share != 0.5,
)


# -- Where is the site? The E-step ----------------------------------------------------------------


def _draw_places(rng: np.random.Generator) -> dict[str, list[float]]:
    """Draw the scores of four windows: no two alike, and their sum not near 0."""
    while True:
        scores = rng.choice(np.arange(-3, 8), 4, replace=False) / 2
        if abs(scores.sum()) >= 1:
            return {"scores": scores.tolist()}


def _shares(values: np.ndarray) -> list[float]:
    return (values / values.sum()).tolist()


def _softmax(given: Given, base: float = math.e) -> list[float]:
    return _shares(base ** np.array(given.scores))


def _worked_places(given: Given) -> str:
    powers = np.exp(given.scores)
    rows = [
        (s, f"{power:.3f}", f"{r:.3f}")
        for s, power, r in zip(given.scores, powers, _softmax(given), strict=True)
    ]
    return (
        "By Bayes' rule the weight of each window is $e^{s}$, because all have the same prior:\n\n"
        f"{table(['s', 'exp(s)', 'r'], rows)}\n\n"
        f"The sum of the middle column is {powers.sum():.3f}, and each r is its share. This is "
        "the softmax of the scores, and also the derivative of log-sum-exp with respect to each "
        "of them."
    )


PLACES = Value(
    id="detecting.places",
    title="Where is the site?",
    draw=_draw_places,
    suits=lambda given: 0.4 < max(_softmax(given)) < 0.85 and given.scores != sorted(given.scores),
    decimals=3,
    task=lambda given: (
        "EM learns a motif from sequences when nobody knows where the sites are. Its E-step "
        "computes where they probably are, given the current motif. A sequence has four windows. "
        "Exactly one of them is the site, and all four have the same prior probability. The "
        "log-likelihood ratios of the windows, motif against background, are "
        f"{', '.join(f'{s:g}' for s in given.scores)} nats.\n\n"
        "Give the probability that each window is the site, as a list of four numbers to 3 "
        "decimals."
    ),
    right=_softmax,
    mistakes=(
        Mistake(
            "scores shared without exp",
            "You divided the scores by their sum. The scores are logarithms: add up the "
            "likelihood ratios themselves.",
            lambda given: _shares(np.array(given.scores)),
        ),
        Mistake(
            "not divided by the sum",
            "These are the right likelihood ratios. But one of the windows *is* the site, so the "
            "probabilities must add up to 1.",
            lambda given: np.exp(given.scores).tolist(),
        ),
        Mistake(
            "a sigmoid for each window",
            "You asked for each window separately: site or not? But exactly one of them is the "
            "site, so the probabilities must add up to 1. Yours do not.",
            lambda given: sigmoid(np.array(given.scores)).tolist(),
        ),
        Mistake(
            "winner takes all",
            "You gave everything to the best window. It is the most probable one, but it is not "
            "certain.",
            lambda given: np.eye(4)[int(np.argmax(given.scores))].tolist(),
        ),
        Mistake(
            "base 2",
            "You took powers of 2. The scores are in nats, so the base is e.",
            lambda given: _softmax(given, 2),
        ),
    ),
    hints=(
        "How many times as likely is each window as a site as it is as background? Take the "
        "exponential of the LLR.",
        "All four windows have the same prior, so that factor cancels. What do the four "
        "probabilities add up to?",
    ),
    solution=_worked_places,
    effort=lambda given: len(given.scores),
)


# -- A wrong axis ----------------------------------------------------------------------------------


def _draw_axis(rng: np.random.Generator) -> dict[str, float]:
    return {
        "sequences": int(rng.integers(30, 60)) * 10,
        "windows": int(rng.integers(16, 20)) * 10 + 1,
        "least": int(rng.integers(2, 6)) / 100,
        "most": int(rng.integers(12, 20)) / 10,
    }


AXIS = Choice(
    id="detecting.axis",
    title="EM that does not add up",
    draw=_draw_axis,
    task=lambda given: (
        "Somebody has written EM with one site per sequence, and does not trust the program. `s` "
        f"holds the scores of {given.sequences} sequences and their {given.windows} windows, one "
        "row for each sequence. The numbers are invented, the symptoms are realistic:\n\n"
        "1. No number is infinite or missing, and every `r` lies between 0 and 1.\n"
        f"2. The `r` of one sequence add up to {given.least:.2f}, those of another to "
        f"{given.most:.1f}.\n"
        f"3. The `r` of all sequences together add up to {given.windows}.\n"
        "4. With a single sequence, every `r` is exactly 1.\n"
        "5. If one more sequence is added, the `r` of the others change in the same round.\n\n"
        "Which line is the cause?"
    ),
    options=(
        Option("`r = np.exp(s) / np.exp(s).sum(axis=0)`"),
        Option(
            "`r = np.exp(s)`, without dividing by a sum",
            "Then an `r` could be far above 1, and with a single sequence they would not all be 1.",
        ),
        Option(
            "`s = s - s.max()`, one maximum for all sequences, before a correct E-step",
            "A constant cancels in a correct E-step, whatever it is: each sequence would add up "
            "to 1. In the worst case the result would be `nan`, if all exponentials of a row "
            "become 0.",
        ),
        Option(
            "`theta = counts / counts.sum(axis=1, keepdims=True)`, in the M-step",
            "This is right: each position of the motif becomes a distribution. And can the M-step "
            "change the sums of `r`?",
        ),
        Option(
            "None: EM is stuck in a local maximum.",
            "A run that is stuck has found a different motif, but its E-step is still correct: "
            "each sequence would add up to 1.",
        ),
    ),
    hints=(
        "Which numbers must sum to 1: those of all windows of one sequence, or those of one "
        "window in all sequences?",
        "Compare the sum over everything with the two dimensions of `s`. What would it be if each "
        "sequence added up to 1?",
    ),
    solution=lambda given: (
        f"**{given.letters[0]}**. Axis 0 runs over the sequences, so each *window* adds up to 1 "
        f"over the {given.sequences} sequences, and everything together to {given.windows}, the "
        f"number of windows. It should be {given.sequences}, the number of sequences. With one "
        "sequence each window is divided by itself, which gives 1. Use `axis=1, keepdims=True`: "
        "each sequence has one site, so its windows share a probability of 1. If you know a sum "
        "beforehand, checking it is the cheapest test."
    ),
)


# -- False alarms in a genome ----------------------------------------------------------------------

DEPLOYED = Text(
    id="detecting.deployed",
    title="Explain the false alarms",
    task=lambda given: (
        "A colleague trained a filter on aligned windows, as many sites as background. It "
        "predicts a site if its sigmoid is above one half, and on new windows of the same kind it "
        "is nearly always right. In a genome one window in 100,000 is a site, and there nearly "
        "all of its predictions are false. She plans to train a deeper network. Advise her, in "
        "four to seven sentences: what went wrong, which number must change and by how much, what "
        "that will cost, and when a deeper network could help. What did a different share of "
        "positives do to the bias in your training, and had you predicted it?"
    ),
    hints=(
        "Which prior did the filter learn, and which parameter holds it? What is different in the "
        "genome: what sites look like, or how common they are?",
        "Does a bias change the order of the windows? What does the lemma of Neyman and Pearson "
        "say about any other score, and what does it assume?",
    ),
    solution=lambda given: (
        "A full answer mentions that\n\n"
        "- the trained bias holds the log prior odds of the training set, here ln 1 = 0; in the "
        r"genome they are $\ln\frac{1}{99{,}999} \approx -11.5$;"
        "\n"
        "- so subtract 11.5 nats from the bias (or raise the threshold by as much), and keep the "
        "weights: a site looks the same as before;\n"
        "- this loses sites: a window whose LLR is below 11.5 nats is more likely background than "
        "a site. A bias moves the detector along the ROC curve, not to a better curve;\n"
        "- if positions are independent and the background is as assumed, no score finds more "
        "sites at the same rate of false alarms, not even a deep network. A network can help "
        "where this fails: dependencies between positions, a second motif nearby, context;\n"
        "- in your experiment the bias followed the share of positives as "
        r"$\ln\frac{\pi}{1-\pi}$, and the weights stayed the same, up to chance."
    ),
)

SET = ExerciseSet(
    "detecting",
    "The filter as the best detector",
    3297852,
    (POSTERIOR, EQUAL, POWER, ADDED, TRAINED, PLACES, AXIS, DEPLOYED),
)
