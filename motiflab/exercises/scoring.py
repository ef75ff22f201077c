"""Exercises on log-odds: what they know beyond a consensus, and how they become energies."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from motiflab.alphabet import BASES
from motiflab.energy import inverse_temperature, occupancy
from motiflab.exercises.exercise import ExerciseSet, Mistake
from motiflab.exercises.markdown import table, weights_table
from motiflab.exercises.per_cent import per_cent
from motiflab.exercises.scoring_experiments import COOLED, SITES, TURNED, aligned
from motiflab.exercises.scoring_weights import PWM
from motiflab.exercises.values import Text, Value
from motiflab.motifs import Motif
from motiflab.sequences import one_hot

_BACKGROUNDS = (
    (0.3, 0.2, 0.2, 0.3),
    (0.35, 0.15, 0.15, 0.35),
    (0.2, 0.3, 0.3, 0.2),
    (0.15, 0.35, 0.35, 0.15),
)


def _draw_surplus(rng: np.random.Generator) -> dict[str, object]:
    """Two windows, each one base off the consensus: where that matters little, or much.

    A pseudocount, or a term that is forgotten, must give another number.
    """
    while True:
        q = np.array(_BACKGROUNDS[rng.integers(4)])
        weak, strong, *others = (int(k) for k in rng.permutation(4))
        often, kept = (int(a) for a in rng.integers(4, size=2))
        off = int(rng.choice(np.flatnonzero(q != q[often])))  # so that the background matters
        rare = 3 - kept  # its complement, as frequent in the background: one ratio of q is enough
        counts = np.zeros((4, 4), dtype=int)
        counts[weak] = aligned({often: int(rng.integers(8, 11)), off: int(rng.integers(5, 7))})
        counts[strong] = aligned({kept: int(rng.integers(14, 17)), rare: int(rng.integers(1, 3))})
        for k in others:
            counts[k] = aligned({int(rng.integers(4)): int(rng.integers(12, 16))})
        consensus = Motif("", counts).consensus()
        drawn = {
            "counts": counts,
            "background": q,
            "consensus": consensus,
            "first": consensus[:weak] + BASES[off] + consensus[weak + 1 :],
            "second": consensus[:strong] + BASES[rare] + consensus[strong + 1 :],
        }
        given = SimpleNamespace(**drawn)
        right = np.array(_surplus(given, _pwm(given, q)))
        if not _near_any(right, [*_with_any_pseudocount(given), *_incomplete(given)], 0.01):
            return drawn


def _surplus(given: SimpleNamespace, weights: np.ndarray) -> float:
    """How much more the first window scores than the second."""
    return float(((one_hot(given.first) - one_hot(given.second)) * weights).sum())


def _pwm(given: SimpleNamespace, background: np.ndarray | None, base: float = np.e) -> np.ndarray:
    return Motif("", given.counts).log_odds(background, pseudocount=0, base=base)


def _incomplete(given: SimpleNamespace) -> list[float]:
    """The surplus if one of the two positions, the consensus or the logarithm is forgotten."""
    weights, windows = _pwm(given, given.background), (given.first, given.second)
    parts = ((one_hot(given.first) - one_hot(given.second)) * weights).sum(axis=1)
    mismatches = [
        (one_hot(window) * weights)[[a != b for a, b in zip(window, given.consensus)]].sum()
        for window in windows
    ]
    ratios = _surplus(given, given.counts / SITES / given.background)
    return [*parts[parts != 0], mismatches[0] - mismatches[1], ratios]


def _with_pseudocount(given: SimpleNamespace, each: float | np.ndarray) -> np.ndarray:
    """Log-odds with a pseudocount at each base."""
    counts = given.counts + each
    return np.log(counts / counts.sum(axis=1, keepdims=True) / given.background)


def _with_any_pseudocount(given: SimpleNamespace) -> list[float]:
    """The surplus with the pseudocounts that are in use: for each base, or shared among them."""
    shares = np.array([np.full(4, 0.25), given.background])
    each = [0.5, 1.0, *(total * share for total in (0.5, 1, 2, 4, SITES**0.5) for share in shares)]
    return [_surplus(given, _with_pseudocount(given, one)) for one in each]


def _near_any(answer: np.ndarray, numbers: list[float], slack: float = 0.0051) -> bool:
    return answer.shape == () and bool((np.abs(answer - numbers) <= slack).any())


def _solve_surplus(given: SimpleNamespace) -> str:
    at = [k for k in range(4) if given.first[k] != given.second[k]]
    lines = []
    for k in at:
        a, c = BASES.index(given.first[k]), BASES.index(given.second[k])
        n, m, q, r = given.counts[k, a], given.counts[k, c], *given.background[[a, c]]
        lines.append(
            f"- Position {k}: {BASES[a]} in the first, {BASES[c]} in the second. "
            rf"$\ln\frac{{{n}/20}}{{{q:g}}} - \ln\frac{{{m}/20}}{{{r:g}}} = "
            rf"\ln\frac{{{n} \cdot {r:g}}}{{{m} \cdot {q:g}}} = "
            rf"{np.log(n * r / m / q).round(3) + 0.0:.3f}$"  # not -0.000
        )
    return (
        "Where the windows agree, their terms are the same and cancel. Two positions are left, and "
        "in each of them the 20 cancels, too:\n\n" + "\n".join(lines) + "\n\nTogether "
        f"**{_surplus(given, _pwm(given, given.background)):.2f}** nats. To a consensus both "
        "windows are one mismatch away; to the LLR the second is the worse, as it misses "
        "where nearly all sites agree."
    )


SURPLUS = Value(
    id="scoring.surplus",
    title="Tell two mismatches apart",
    draw=_draw_surplus,
    task=lambda given: (
        f"Twenty sites of a protein were aligned and counted (PFM):\n\n"
        f"{weights_table(given.counts)}\n\n"
        f"The background is\n\n{table(BASES, [given.background])}\n\n"
        f"The consensus is {given.consensus}. The windows **{given.first}** and "
        f"**{given.second}** differ from it at one position each, so a consensus ranks them alike. "
        "By how much is the log-likelihood ratio (LLR) of the first above that of the second? "
        "Every base was seen at every position, so use no pseudocount. Give nats (natural "
        "logarithm), to 2 decimals."
    ),
    right=lambda given: _surplus(given, _pwm(given, given.background)),
    decimals=2,
    mistakes=(
        Mistake(
            "matches counted",
            "To a consensus they are equal, that is true. But one mismatch is at a position where "
            "sites often vary, the other where they hardly do: let the counts speak.",
            lambda given: 0.0,
        ),
        Mistake(
            "uniform background assumed",
            "This is what a background of four equal shares would give. Yours is not uniform: each "
            "base is divided by its own share.",
            lambda given: _surplus(given, _pwm(given, None)),
        ),
        Mistake(
            "log2 for ln",
            "The reasoning is fine, and the unit is bits: this was made with the logarithm to the "
            "base 2. Nats want the natural one.",
            lambda given: _surplus(given, _pwm(given, given.background, base=2)),
        ),
        Mistake(
            "log10 for ln",
            "The reasoning is fine. The logarithm is the one to the base 10, which many "
            "calculators call log. Nats want the natural one, called ln there.",
            lambda given: _surplus(given, _pwm(given, given.background, base=10)),
        ),
        Mistake(
            "the other way round",
            "The size is right. Which of the two windows comes first?",
            lambda given: -_surplus(given, _pwm(given, given.background)),
        ),
        Mistake(
            "logarithm forgotten",
            "This is the likelihood ratio of the first window divided by that of the second. One "
            "step is left to get from a ratio to nats.",
            lambda given: np.exp(_surplus(given, _pwm(given, given.background))),
        ),
        Mistake(
            "pseudocount added",
            "A pseudocount has crept in, perhaps as the default of a function. Every base was seen "
            "at every position, so the task asks for none.",
            lambda given: _surplus(given, _with_pseudocount(given, 1)),
            lambda given, answer: _near_any(answer, _with_any_pseudocount(given)),
        ),
        Mistake(
            "multiplied by the background",
            "Look at the direction of the background: a base that is common anyway says less, so "
            "its share belongs below the line.",
            lambda given: _surplus(given, np.log(given.counts / SITES * given.background)),
        ),
    ),
    hints=(
        "The LLR is a sum with one term for each position. At which positions do the two windows "
        "differ, and what happens to the other terms?",
        r"At one position a base $a$ has the term $\ln(\theta_{k,a}/q_a)$ with "
        r"$\theta_{k,a} = n_{k,a}/20$. Write down the four terms that are left, two for each "
        "window, with their signs.",
        "The difference of two logarithms is the logarithm of a ratio; the 20 cancels, the "
        "background does not.",
    ),
    solution=_solve_surplus,
    effort=lambda given: sum(a != b for a, b in zip(given.first, given.second)),
)

_RT = round(1 / inverse_temperature(298), 3)  # as the text gives it


def _draw_occupied(rng: np.random.Generator) -> dict[str, float]:
    """A site whose occupancy is neither near 0 nor near 1."""
    below = int(rng.integers(16, 34)) / 10
    logit = float(rng.choice([-1.0, -0.6, 0.4, 0.8])) + float(rng.uniform(-0.15, 0.15))
    best = int(rng.integers(62, 88)) / 10
    return {
        "best": best,
        "llr": round(best - below, 1),
        "mu": round((logit + below) * _RT, 1),
        "RT": _RT,
    }


def _logit(given: SimpleNamespace, sign: float = -1.0, nat: float = _RT, mu: float = _RT) -> float:
    """``(mu - E) / RT`` with ``E = (best - llr) RT``; the mistakes use other units or signs."""
    return given.mu / mu + sign * (given.best - given.llr) * nat / _RT


def _solve_occupied(given: SimpleNamespace) -> str:
    below = given.best - given.llr
    z = _logit(given)
    return (
        rf"The energy falls along a straight line as the LLR rises, "
        rf"$E = RT\,(\mathrm{{LLR}}_{{\max}} - \mathrm{{LLR}}) = 0.592 \cdot ({given.best} - "
        rf"{given.llr}) = {_RT * below:.3f}$ kcal/mol. Then "
        rf"$\beta(\mu - E) = ({given.mu} - {_RT * below:.3f})/0.592 = {z:.3f}$, and "
        rf"$\sigma({z:.3f}) = 1/(1 + e^{{{-z:.3f}}})$ = **{occupancy(0, z, 1):.3f}**. In short: "
        "each nat that a site lacks lowers the logit of its occupancy by 1; RT is needed for μ "
        "alone."
    )


OCCUPIED = Value(
    id="scoring.occupied",
    title="From a score to an occupancy",
    draw=_draw_occupied,
    task=lambda given: (
        f"The best site that a motif knows has an LLR of {given.best} nats. A site in your "
        f"sequence has {given.llr} nats. The protein's energies are what the log-odds say, counted "
        f"from the best site (which has E = 0), at 298 K, where RT = {given.RT} kcal/mol. Its "
        f"chemical potential, counted from there too, is μ = {given.mu} kcal/mol. How much of the "
        "time is your site bound? Give a number between 0 and 1, to 3 decimals."
    ),
    right=lambda given: float(occupancy(0.0, _logit(given), 1.0)),
    decimals=3,
    mistakes=(
        Mistake(
            "sign of the energy reversed",
            "By this your site is bound more often than the best one. Low energy is strong "
            "binding: which way does the energy go when the score falls?",
            lambda given: float(occupancy(0.0, _logit(given, sign=1.0), 1.0)),
        ),
        Mistake(
            "zero of the energy forgotten",
            "This takes E = −RT·LLR. Here energies count from the best site, so that one must come "
            "out at 0, and yours above it.",
            lambda given: float(occupancy(0.0, given.mu / _RT + given.llr, 1.0)),
        ),
        Mistake(
            "nats taken for kcal/mol",
            "The difference of the two LLRs was used as an energy as it stands. It is in nats: how "
            "many kcal/mol is one nat at this temperature?",
            lambda given: float(occupancy(0.0, _logit(given, nat=1.0), 1.0)),
        ),
        Mistake(
            "kcal/mol taken for nats",
            "The chemical potential is in kcal/mol, and the sigmoid wants a number without a unit. "
            "μ, too, is multiplied by β.",
            lambda given: float(occupancy(0.0, _logit(given, mu=1.0), 1.0)),
        ),
        Mistake(
            "bound and empty exchanged",
            "This is how much of the time the site is empty. Look at the sign in the exponent: a "
            "higher μ has to give a larger share.",
            lambda given: float(occupancy(0.0, -_logit(given), 1.0)),
        ),
        Mistake(
            "empty state forgotten",
            "This is the weight of the bound state alone. The site can also be empty, and that "
            "state has the weight 1.",
            lambda given: float(np.exp(_logit(given))),
        ),
        Mistake(
            "log2 for ln",
            "The powers were taken of 2. The scores are in nats, so the base is e.",
            lambda given: float(occupancy(0.0, _logit(given), np.log(2))),
        ),
        per_cent("a share", lambda given: float(occupancy(0.0, _logit(given), 1.0))),
    ),
    hints=(
        "How many nats does your site lack, compared with the best? Turn that into kcal/mol.",
        r"$E = E_0 - RT \cdot \mathrm{LLR}$, with the $E_0$ that gives the best site 0. Then the "
        r"occupancy is $\sigma\big((\mu - E)/RT\big)$.",
    ),
    solution=_solve_occupied,
    effort=lambda given: given.llr < given.best,
)

LINKED = Text(
    id="scoring.linked",
    title="Explain it to a biochemist",
    task=lambda given: (
        "A biochemist has measured the binding energies of a protein. You have trained a filter on "
        "its sites. Both of you rank the same list of sites and get the same order. Explain to "
        "her, in three to six sentences: why that is no accident, which numbers of your filter "
        "she must not read as energies, and what she needs to know, beyond your filter, to say "
        "how often a site is bound. Did the explorer do what you had predicted?"
    ),
    hints=(
        "What is the LLR of a site, as a sum, and what is its energy, as a sum? What stands "
        "between the two?",
        "You may add the same number to all four weights of a position. Does any order change? "
        "And which two quantities did you move in the explorer that are in no filter?",
    ),
    solution=lambda given: (
        "A full answer mentions that\n\n"
        "- both add one number for each position, and these numbers are linked by "
        r"$\epsilon_{k,a} = -\frac{1}{\beta}\ln\frac{\theta_{k,a}}{q_a}$ plus a constant of the "
        r"position, so $E(x) = E_0 - \mathrm{LLR}(x)/\beta$: a straight line that falls, which "
        "keeps the order (the highest score is the lowest energy);\n"
        "- a single weight is no energy: constants of a position mean nothing, and the unit is "
        r"$1/\beta = RT$ kcal/mol for a nat, if the weights are log-odds at all;"
        "\n"
        r"- occupancy is $\sigma(\beta(\mu - E))$: it needs the temperature and the chemical "
        "potential, that is the concentration of the free protein. Raising it binds all sites "
        "more; only larger differences of energy, in units of $RT$, tell two sites apart;\n"
        "- all this holds if positions contribute independently and sites are rarely bound, as the "
        "log-odds suppose."
    ),
)

SET = ExerciseSet(
    "scoring",
    "A motif as log-odds and as energy",
    3297915,
    (SURPLUS, TURNED, PWM, OCCUPIED, COOLED, LINKED),
)
