"""Exercises on the bias of a filter: a prior that changes, and one that was learned."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np

from motiflab.convolution import output_length
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.targets import Shown, Target
from motiflab.exercises.values import Value
from motiflab.figures.numbers import number
from motiflab.log_odds import prior_log_odds
from motiflab.recovery import expected_bias

# -- sequences of another length, and another share of them with a site -------------------------


def _draw_added(rng: np.random.Generator) -> dict[str, object]:
    K = int(rng.integers(6, 10))
    return {
        "K": K,
        "L": K + int(rng.integers(11, 18)),
        "share": float(rng.choice([0.2, 0.25, 0.4])),
        "new_L": 10 * int(rng.integers(10, 31)),
        "new_share": float(rng.choice([0.01, 0.02, 0.05])),
    }


def _places(given: SimpleNamespace) -> tuple[int, int]:
    """Windows in a sequence of the training, and of the new ones."""
    return output_length(given.L, given.K), output_length(given.new_L, given.K)


def _added(given: SimpleNamespace, odds: float = 1.0, places: float = -1.0) -> float:
    """The change of the bias; the mistakes weigh its two parts otherwise."""
    old, new = _places(given)
    change = prior_log_odds(given.new_share) - prior_log_odds(given.share)
    return odds * change + places * math.log(new / old)


def _miscounted(given: SimpleNamespace, by: int) -> float:
    """The change of the bias when so many windows too many are counted."""
    old, new = _places(given)
    return _added(given, places=0.0) - math.log((new + by) / (old + by))


def _solve_added(given: SimpleNamespace) -> str:
    old, new = _places(given)
    p, q = given.share, given.new_share
    return (
        r"The bias of a scanner is $\ln\frac{\pi}{1-\pi} - \ln M$, with the share $\pi$ of "
        "sequences that have a site and $M = L - K + 1$ windows in each. There were "
        f"{given.L} − {given.K} + 1 = {old} windows, now there are {new}.\n\n"
        rf"- Prior: $\ln\frac{{{q:g}}}{{{1 - q:g}}} - \ln\frac{{{p:g}}}{{{1 - p:g}}} = "
        rf"{prior_log_odds(q):.3f} - ({prior_log_odds(p):.3f}) = {_added(given, places=0):.3f}$"
        "\n"
        rf"- Windows: $-\ln\frac{{{new}}}{{{old}}} = {_added(given, odds=0):.3f}$"
        "\n\n"
        f"Together **{number(_added(given), 2)}**. Sites have become rarer, and each sequence has "
        "more places for a false alarm: both lower the bias. The weights stay as they are, as what "
        "a site looks like has not changed."
    )


ADDED = Value(
    id="detecting.added",
    title="Move a scanner to another genome",
    draw=_draw_added,
    task=lambda given: (
        f"A scanner (a filter of K = {given.K}, log-sum-exp over all windows, a bias, a sigmoid) "
        f"was trained on sequences of L = {given.L} bases. A share of {given.share:g} of them had "
        "exactly one site, somewhere, on the strand that is read; no padding. It became the exact "
        f"posterior. Now you give it sequences of {given.new_L} bases, of which a share of "
        f"{given.new_share:g} have one site; sites and background look as before. **What must be "
        "added to its bias** (which may be a "
        "negative number), so that its output is the posterior again? To 2 decimals, natural "
        "logarithm."
    ),
    right=_added,
    decimals=2,
    mistakes=(
        Mistake(
            "number of windows forgotten",
            "The priors are dealt with. But longer sequences also have more windows in which "
            "chance may look like a site: the bias of a scanner has a term for that, too.",
            lambda given: _added(given, places=0.0),
        ),
        Mistake(
            "prior forgotten",
            "The number of windows is dealt with. The share of sequences that have a site is "
            "another one, too, and the bias holds its log-odds.",
            lambda given: _added(given, odds=0.0),
        ),
        Mistake(
            "log of the windows added instead of subtracted",
            "Both terms are there. Think about the sign of the second: do more windows make a "
            "high score more telling, or less?",
            lambda given: _added(given, places=1.0),
        ),
        Mistake(
            "length taken for number of windows",
            "The lengths were compared. A filter does not fit at every base: how many windows does "
            "a sequence have?",
            lambda given: _added(given, places=0.0) - math.log(given.new_L / given.L),
        ),
        Mistake(
            "windows off by one",
            "Nearly: count the windows of a sequence again. On paper, how many windows of 3 bases "
            "has a sequence of 5?",
            lambda given: _miscounted(given, -1),
            lambda given, answer: (
                answer.shape == ()
                and min(abs(answer - _miscounted(given, by)) for by in (-1, 1)) < 0.0051
            ),
        ),
        Mistake(
            "log prior for log prior odds",
            "The logarithms of the shares were compared. The bias holds the log-odds: each share "
            "over what is left of 1.",
            lambda given: math.log(given.new_share / given.share) + _added(given, odds=0.0),
        ),
        Mistake(
            "prior of the training forgotten",
            "The new share is in it. The old one is still in the bias as well, and has to come "
            "out.",
            lambda given: prior_log_odds(given.new_share) + _added(given, odds=0.0),
        ),
        Mistake(
            "new bias for the change",
            "This is the whole bias for the new sequences, well done. The old scanner has one "
            "already: what has to be added to that?",
            lambda given: prior_log_odds(given.new_share) - math.log(_places(given)[1]),
        ),
        Mistake(
            "the other way round",
            "The size is right. Which way does the bias have to go when sites become rarer?",
            lambda given: -_added(given),
        ),
        Mistake(
            "log2 for ln",
            "The reasoning is right. The scanner ends in a sigmoid with e, so its bias is in nats: "
            "take the natural logarithm.",
            lambda given: _added(given) / math.log(2),
        ),
    ),
    hints=(
        "What is the bias of the exact posterior of one site somewhere? It has two terms: one for "
        "the share of sequences with a site, one for the places where it may lie.",
        r"$b = \ln\frac{\pi}{1-\pi} - \ln M$ with $M$ windows. Write it down for the old sequences "
        "and for the new ones, and compare.",
    ),
    solution=_solve_added,
    effort=lambda given: (given.new_share < given.share, given.new_L > given.L),
)

# -- a bias that is learned ---------------------------------------------------------------------

_NEAR, _CLOSE = 0.3, 0.01


def _draw_trained(rng: np.random.Generator) -> dict[str, object]:
    return {
        "gc": float(rng.choice([0.4, 0.5])),
        "seed": int(rng.integers(1, 51)),
        "share": float(rng.choice([0.2, 0.3, 0.7, 0.8])),
    }


def _trained(given: SimpleNamespace, shown: Shown) -> bool:
    fit = shown.result.starts[0]
    return abs(fit.bias - expected_bias(given.share)) <= _NEAR and fit.kl <= _CLOSE


def _share_is(shown: Shown, share: float) -> bool:
    return abs(shown.state.share - share) < 0.05


def _far(given: SimpleNamespace) -> float:
    """A share on the right side of one half, but too extreme."""
    return 0.9 if given.share > 0.5 else 0.1


TRAINED = Target(
    id="detecting.trained",
    title="Train a bias",
    draw=_draw_trained,
    explorer="theorem_explorer.TheoremExplorer",
    start=lambda given: {"n": 500, "gc": given.gc, "seed": given.seed},
    locked=("data", "motif", "gc", "shuffled", "restarts", "seed"),
    hidden=("restarts",),
    task=lambda given: (
        "The explorer trains a filter on aligned windows, from their labels alone (yours: a "
        f"background with GC {given.gc:g}, draw number {given.seed}). Choose the **share of "
        "positives** and the **number of sequences** such that the trained bias (the first bold "
        f"number of the readout) comes within {_NEAR} of "
        f"**{number(expected_bias(given.share), 2)}**, and that the motif read off the weights is "
        f"at most **{_CLOSE} bits** a position from the true one (KL)."
    ),
    prediction=(
        "Nobody sets the bias: training finds it. Which share of positives will make it what is "
        "wanted? And will the weights become others when the share does?"
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
            "Look at the sign: what the theorem says for this share is on the other side of 0. "
            "Which class has to be the more frequent one for the bias that is wanted?",
            lambda given: {"share": round(1 - given.share, 1), "n": 16000},
            lambda given, shown: _share_is(shown, 1 - given.share),
        ),
        Mistake(
            "too few sequences",
            "The share is well chosen. What is left is chance: look at the slope and at KL, and "
            "think of what makes chance smaller.",
            lambda given: {"share": given.share},
            lambda given, shown: _share_is(shown, given.share),
        ),
        Mistake(
            "another share",
            "The bias goes elsewhere. Compare what the theorem says in the readout "
            "with the number that is wanted: does the share have to come nearer to one half, or "
            "move away from it?",
            lambda given: {"share": _far(given), "n": 16000},
            lambda given, shown: True,
        ),
    ),
    hints=(
        r"On aligned windows the bias goes to $\ln\frac{\pi}{1-\pi}$ with the share $\pi$ of "
        "positives. Is the number that is wanted below 0 or above?",
        r"Solve for $\pi$: if $b$ is the logarithm of the odds, the odds are $e^b$, and "
        r"$\pi = \frac{e^b}{1 + e^b}$.",
        "With few windows, some bases hardly occur in one of the classes, and both bias and "
        "weights are far off. Take more.",
    ),
    solution=lambda given: (
        rf"$\pi = \sigma({expected_bias(given.share):.2f}) = {given.share:g}$, and as many "
        "sequences as you like to wait for: with 500 the bias may be off by 1 or more, with "
        "16,000 hardly by 0.1. The weights do not depend on the share: they say what a site looks "
        "like. The bias says how common sites were **in the training set**, and a genome has "
        "another share."
    ),
    effort=lambda given: given.share != 0.5,
)
