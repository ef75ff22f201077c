"""Exercises on detection: the best score at a given rate of false alarms, prior and posterior."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np

from motiflab.activations import sigmoid
from motiflab.alphabet import BASES
from motiflab.exercises.detecting_bias import ADDED, TRAINED
from motiflab.exercises.detecting_power import EQUAL, POWER
from motiflab.exercises.exercise import ExerciseSet, Mistake
from motiflab.exercises.markdown import table, weights_table
from motiflab.exercises.per_cent import per_cent
from motiflab.exercises.values import Text, Value
from motiflab.log_odds import prior_log_odds

_BACKGROUNDS = ((0.3, 0.2, 0.2, 0.3), (0.4, 0.1, 0.1, 0.4), (0.2, 0.3, 0.3, 0.2))
_ROWS = ((0.7, 0.1, 0.1, 0.1), (0.6, 0.2, 0.1, 0.1), (0.5, 0.3, 0.1, 0.1))


def _draw_posterior(rng: np.random.Generator) -> dict[str, object]:
    """A window that fits well, and a prior that makes up for it, though not quite."""
    q = np.array(_BACKGROUNDS[rng.integers(3)])
    while True:
        theta = np.array([rng.permutation(row) for row in rng.permutation(_ROWS)])
        window = "".join(BASES[a] for a in theta.argmax(axis=1))
        ratio = _ratio(theta, q, window)
        if 8 <= ratio <= 60:
            break
    odds = float(rng.uniform(0.35, 0.75) if rng.random() < 0.5 else rng.uniform(1.35, 2.2))
    return {"theta": theta, "background": q, "window": window, "one_in": round(ratio / odds) + 1}


def _ratio(theta: np.ndarray, q: np.ndarray, window: str) -> float:
    """How many times more likely the window is as a site."""
    at = [BASES.index(base) for base in window]
    return float(np.prod(theta[np.arange(len(at)), at] / q[at]))


def _log_odds(
    given: SimpleNamespace, q: np.ndarray | None = None, theta: np.ndarray | None = None
) -> float:
    """Log of the posterior odds; the mistakes use another background, or other probabilities."""
    q = given.background if q is None else q
    ratio = _ratio(given.theta if theta is None else theta, q, given.window)
    return math.log(ratio) + prior_log_odds(1 / given.one_in)


def _solve_posterior(given: SimpleNamespace) -> str:
    at = [BASES.index(base) for base in given.window]
    factors = " \\cdot ".join(
        rf"\frac{{{given.theta[k, a]:g}}}{{{given.background[a]:g}}}" for k, a in enumerate(at)
    )
    ratio = _ratio(given.theta, given.background, given.window)
    odds = math.exp(_log_odds(given))
    return (
        rf"As a site the window is ${factors} = {ratio:.4g}$ times as likely as by chance. The "
        rf"prior odds are 1 to {given.one_in - 1}, so the posterior odds are "
        rf"$\frac{{{ratio:.4g}}}{{{given.one_in - 1}}} = {odds:.4f}$, and the probability is "
        rf"$\frac{{{odds:.4f}}}{{1 + {odds:.4f}}}$ = **{odds / (1 + odds):.3f}**. In logarithms: "
        rf"LLR $\ln {ratio:.4g} = {math.log(ratio):.3f}$, bias "
        rf"$-\ln {given.one_in - 1} = {prior_log_odds(1 / given.one_in):.3f}$, and the sigmoid of "
        "their sum. A filter with that bias does just this."
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
            "By this, sites and background windows would be equally common. Before anybody looks "
            "at its bases, how likely is a window to be a site?",
            lambda given: float(sigmoid(_log_odds(given) - prior_log_odds(1 / given.one_in))),
        ),
        Mistake(
            "uniform background assumed",
            "The background was taken as a quarter for each base. Some of the bases of this window "
            "are more, or less, common than that.",
            lambda given: float(sigmoid(_log_odds(given, np.full(4, 0.25)))),
        ),
        Mistake(
            "odds for a probability",
            "These are the posterior odds, site to background, and the hard part is done. A "
            "probability compares with everything, not with the other class.",
            lambda given: math.exp(_log_odds(given)),
        ),
        Mistake(
            "likelihood ratio for a probability",
            "This is how many times more likely the window is as a site than by chance: a good "
            "first step. It does not know yet how rare sites are, and it is a ratio, not a "
            "probability.",
            lambda given: _ratio(given.theta, given.background, given.window),
        ),
        Mistake(
            "prior times ratio",
            "You multiplied the likelihood ratio by the prior *probability*. The ratio belongs to "
            "odds: to those before the window is seen, which gives those after it. The step from "
            "odds to a probability comes last.",
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
            "windows. You have compared sites with all windows.",
            lambda given: float(
                sigmoid(_log_odds(given) - prior_log_odds(1 / given.one_in) - np.log(given.one_in))
            ),
        ),
        Mistake(
            "log2 for ln",
            "The logarithms were taken to the base 2, and the sigmoid undoes those to the base e. "
            "Use one base for both.",
            lambda given: float(sigmoid(_log_odds(given) / math.log(2))),
        ),
        Mistake(
            "positions reversed",
            "The bases of the window meet the rows of the table in the opposite order. The first "
            "base stands at the first position.",
            lambda given: float(sigmoid(_log_odds(given, theta=given.theta[::-1]))),
        ),
        Mistake(
            "the other class",
            "This is the probability of the other story. Which of the two was asked for?",
            lambda given: float(sigmoid(-_log_odds(given))),
        ),
        per_cent("a probability", lambda given: float(sigmoid(_log_odds(given)))),
    ),
    hints=(
        "How many times more likely does the window arise as a site than as background? Positions "
        "are independent, so something multiplies.",
        "Odds are handy: posterior odds = likelihood ratio · prior odds. If one in ten windows is "
        "a site, the prior odds are 1 to 9.",
        r"From odds $o$ to a probability: $\frac{o}{1 + o}$, which is $\sigma(\ln o)$.",
    ),
    solution=_solve_posterior,
    effort=lambda given: given.theta.shape,
)

DEPLOYED = Text(
    id="detecting.deployed",
    title="Explain the false alarms",
    task=lambda given: (
        "A colleague trained a filter on aligned windows, as many sites as background. It calls a "
        "site where its sigmoid is above one half, and on new windows of the same kind it is "
        "nearly always right. In a genome one window in 100,000 is a site, and there nearly all of "
        "its calls are false. She plans to train a deeper network. Advise her, in four to seven "
        "sentences: what went wrong, which number has to change and by how much, what that will "
        "cost, and when a deeper network could help. What did your training with another share of "
        "positives do to the bias, and had you predicted it?"
    ),
    hints=(
        "Which prior did the filter learn, and where does it keep it? What has changed in the "
        "genome: what sites look like, or how many there are?",
        "Does a bias change the order of the windows? What does Neyman and Pearson's lemma say of "
        "any other score, and what does it suppose?",
    ),
    solution=lambda given: (
        "A full answer mentions that\n\n"
        "- the trained bias holds the log prior odds of the training set, here ln 1 = 0; in the "
        r"genome they are $\ln\frac{1}{99{,}999} \approx -11.5$;"
        "\n"
        "- so 11.5 nats have to be taken from the bias (or the threshold moved up by as much), and "
        "the weights stay: a site looks as it did;\n"
        "- the higher threshold loses sites: those whose LLR is below 11.5 nats are, by the odds, "
        "more likely chance than site. A bias moves the detector along the curve of true against "
        "false positives, not off it;\n"
        "- if positions are independent and the background is as it was supposed, no score, a deep "
        "network's included, finds more sites at the same rate of false alarms. A network can "
        "help where that is not so: dependencies between positions, a second motif near by, "
        "context;\n"
        "- in your experiment the bias followed the share of positives as "
        r"$\ln\frac{\pi}{1-\pi}$, and the weights stayed, up to chance."
    ),
)

SET = ExerciseSet(
    "detecting",
    "The filter as the best detector",
    3297852,
    (POSTERIOR, EQUAL, POWER, ADDED, TRAINED, DEPLOYED),
)
