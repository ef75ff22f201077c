"""Exercises on log-odds: counts to weights, what a consensus misses, energies, backgrounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from motiflab.exercises import (
    ExerciseSet,
    Function,
    Given,
    Mistake,
    Property,
    Shown,
    Target,
    Text,
    Unreadable,
    Value,
    per_cent,
    read_numbers,
    table,
    weights_table,
    with_base,
)
from motiflab.motifs import Motif, inverse_temperature, occupancy
from motiflab.sequences.alphabet import BASES
from motiflab.sequences.encoding import one_hot

SITES = 20
"""How many sites were aligned and counted."""


def aligned(some: dict[int, int]) -> list[int]:
    """Return the counts at one position: some are given, the other bases share the rest."""
    others = [a for a in range(4) if a not in some]
    rest = SITES - sum(some.values())
    # Rounded down after adding 0, 1, 2 ..., the shares differ by one at most and add up to all.
    shares = {a: (rest + i) // len(others) for i, a in enumerate(others)}
    return [{**shares, **some}[a] for a in range(4)]


def _counted(rows: dict[int, dict[int, int]]) -> np.ndarray:
    """Return the counts at four positions, from those that are given at each."""
    return np.array([aligned(rows[k]) for k in range(4)])


# -- Tell two mismatches apart ---------------------------------------------------------------------

_BACKGROUNDS = (
    (0.3, 0.2, 0.2, 0.3),
    (0.35, 0.15, 0.15, 0.35),
    (0.2, 0.3, 0.3, 0.2),
    (0.15, 0.35, 0.35, 0.15),
)


def _draw_surplus(rng: np.random.Generator) -> dict[str, object]:
    """Draw two windows, each one base off the consensus: where that matters little, or much."""
    q = np.array(_BACKGROUNDS[rng.integers(4)])
    weak, strong, *others = (int(k) for k in rng.permutation(4))
    often, kept = (int(a) for a in rng.integers(4, size=2))
    off = int(rng.choice(np.flatnonzero(q != q[often])))  # so that the background matters
    rare = 3 - kept  # its complement, as frequent in the background: one ratio of q is enough
    counts = _counted(
        {
            weak: {often: int(rng.integers(8, 11)), off: int(rng.integers(5, 7))},
            strong: {kept: int(rng.integers(14, 17)), rare: int(rng.integers(1, 3))},
            **{k: {int(rng.integers(4)): int(rng.integers(12, 16))} for k in others},
        }
    )
    consensus = Motif("", counts).consensus()
    return {
        "counts": counts,
        "background": q,
        "consensus": consensus,
        "first": with_base(consensus, weak, BASES[off]),
        "second": with_base(consensus, strong, BASES[rare]),
    }


def _told_apart(given: Given) -> bool:
    """Tell whether a pseudocount, or a term that is forgotten, gives another number."""
    right = np.array(_surplus(given, _pwm(given, given.background)))
    return not _near_any(right, [*_with_any_pseudocount(given), *_incomplete(given)], 0.01)


def _surplus(given: Given, weights: np.ndarray) -> float:
    """Return how much more the first window scores than the second."""
    return float(((one_hot(given.first) - one_hot(given.second)) * weights).sum())


def _pwm(given: Given, background: np.ndarray | None, base: float = np.e) -> np.ndarray:
    return Motif("", given.counts).log_odds(background, pseudocount=0, base=base)


def _incomplete(given: Given) -> list[float]:
    """Return the surplus if a position, the consensus or the logarithm is forgotten."""
    weights, windows = _pwm(given, given.background), (given.first, given.second)
    parts = ((one_hot(given.first) - one_hot(given.second)) * weights).sum(axis=1)
    mismatches = [
        (one_hot(window) * weights)[[a != b for a, b in zip(window, given.consensus)]].sum()
        for window in windows
    ]
    ratios = _surplus(given, given.counts / SITES / given.background)
    return [*parts[parts != 0], mismatches[0] - mismatches[1], ratios]


def _with_pseudocount(given: Given, each: float | np.ndarray) -> np.ndarray:
    """Return the log-odds with a pseudocount at each base."""
    counts = given.counts + each
    return np.log(counts / counts.sum(axis=1, keepdims=True) / given.background)


def _with_any_pseudocount(given: Given) -> list[float]:
    """Return the surplus with each pseudocount in use: for every base, or shared among them."""
    shares = np.array([np.full(4, 0.25), given.background])
    each = [0.5, 1.0, *(total * share for total in (0.5, 1, 2, 4, SITES**0.5) for share in shares)]
    return [_surplus(given, _with_pseudocount(given, one)) for one in each]


def _near_any(answer: np.ndarray, numbers: list[float], slack: float = 0.0051) -> bool:
    return answer.shape == () and bool((np.abs(answer - numbers) <= slack).any())


def _solve_surplus(given: Given) -> str:
    lines = []
    for k in np.flatnonzero((one_hot(given.first) != one_hot(given.second)).any(axis=1)):
        a, c = BASES.index(given.first[k]), BASES.index(given.second[k])
        n, m, q, r = given.counts[k, a], given.counts[k, c], *given.background[[a, c]]
        lines.append(
            f"- Position {k}: {BASES[a]} in the first, {BASES[c]} in the second. "
            rf"$\ln\frac{{{n}/20}}{{{q:g}}} - \ln\frac{{{m}/20}}{{{r:g}}} = "
            rf"\ln\frac{{{n} \cdot {r:g}}}{{{m} \cdot {q:g}}} = "
            rf"{np.log(n * r / m / q).round(3) + 0.0:.3f}$"  # not -0.000
        )
    return (
        "Where the windows agree, their terms are the same and cancel. Two positions remain, and "
        "in each of them the 20 cancels, too:\n\n" + "\n".join(lines) + "\n\n"
        "Together "
        f"**{_surplus(given, _pwm(given, given.background)):.2f}** "
        "nats. For a consensus "
        "both windows have one "
        "mismatch. By the LLR the "
        "second is worse, because "
        "its mismatch is at a "
        "position where nearly "
        "all sites agree."
    )


SURPLUS = Value(
    id="scoring.surplus",
    title="Tell two mismatches apart",
    draw=_draw_surplus,
    suits=_told_apart,
    task=lambda given: (
        "Twenty sites of a protein were aligned and counted (PFM):\n\n"
        f"{weights_table(given.counts)}\n\n"
        "The background is\n\n"
        f"{table(BASES, [given.background])}\n\n"
        f"The consensus is {given.consensus}. The windows **{given.first}** and "
        f"**{given.second}** differ from it at one position each, so a consensus ranks them "
        "alike. By how much is the log-likelihood ratio (LLR) of the first above that of the "
        "second? Every base was seen at every position, so use no pseudocount. Answer in nats "
        "(natural logarithm), to 2 decimals."
    ),
    right=lambda given: _surplus(given, _pwm(given, given.background)),
    decimals=2,
    mistakes=(
        Mistake(
            "matches counted",
            "By the consensus they are equal, that is true. But one mismatch is at a position "
            "where sites often vary, the other at one where they hardly vary: use the counts.",
            lambda given: 0.0,
        ),
        Mistake(
            "uniform background assumed",
            "This would be right for a background of four equal shares. Yours is not uniform: "
            "divide each base by its own share.",
            lambda given: _surplus(given, _pwm(given, None)),
        ),
        Mistake(
            "log2 for ln",
            "The reasoning is right, but the unit is bits: you used the logarithm to the base 2. "
            "For nats, take the natural logarithm.",
            lambda given: _surplus(given, _pwm(given, given.background, base=2)),
        ),
        Mistake(
            "log10 for ln",
            "The reasoning is right, but you used the logarithm to the base 10, which many "
            "calculators call log. For nats, take the natural logarithm, called ln there.",
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
            "step is missing to get from a ratio to nats.",
            lambda given: np.exp(_surplus(given, _pwm(given, given.background))),
        ),
        Mistake(
            "pseudocount added",
            "You used a pseudocount, perhaps because it is the default of a function. Every base "
            "was seen at every position, so use none.",
            lambda given: _surplus(given, _with_pseudocount(given, 1)),
            lambda given, answer: _near_any(answer, _with_any_pseudocount(given)),
        ),
        Mistake(
            "multiplied by the background",
            "You multiplied by the background. A base that is common anyway is weaker evidence, "
            "so divide by its share.",
            lambda given: _surplus(given, np.log(given.counts / SITES * given.background)),
        ),
    ),
    hints=(
        "The LLR is a sum with one term for each position. At which positions do the two windows "
        "differ, and what happens to the other terms?",
        r"At one position a base $a$ has the term $\ln(\theta_{k,a}/q_a)$ with $\theta_{k,a} = "
        "n_{k,a}/20$. Write down the four remaining terms, two for each window, with their signs.",
        "The difference of two logarithms is the logarithm of a ratio. The 20 cancels, the "
        "background does not.",
    ),
    solution=_solve_surplus,
    effort=lambda given: sum(a != b for a, b in zip(given.first, given.second)),
)


# -- Make a common base speak against the motif ----------------------------------------------------

_EVEN = "0.25 0.25 0.25 0.25"


def _draw_turned(rng: np.random.Generator) -> dict[str, object]:
    """Draw counts in which one base leads at two positions: narrowly at `k`, clearly elsewhere."""
    base, *others = (int(a) for a in rng.permutation(4))
    k, clear, *rest = (int(p) for p in rng.permutation(4))
    rows = {
        k: {base: int(rng.integers(8, 10))},
        clear: {base: int(rng.integers(13, 15))},
        **{p: {a: int(rng.integers(13, 16))} for p, a in zip(rest, others)},
    }
    return {"counts": _counted(rows), "k": k, "base": BASES[base]}


def _weights(given: Given, shown: Shown) -> np.ndarray:
    """Return the weight of the most frequent base at each position."""
    return shown.result.weights[np.arange(4), given.counts.argmax(axis=1)]


def _turned(given: Given, shown: Shown) -> bool:
    """Tell whether the weight in question is negative, and those elsewhere are positive."""
    weights = _weights(given, shown)
    return bool(weights[given.k] < 0 and (np.delete(weights, given.k) > 0).all())


def _even(shown: Shown) -> bool:
    return bool(np.allclose(shown.result.background, 0.25))


def _share(shown: Shown, given: Given) -> float:
    return float(shown.result.background[BASES.index(given.base)])


def _with_share(given: Given, percent: int) -> dict[str, str]:
    """Return a background with that share of the base; the others divide the rest among them."""
    others = iter([(100 - percent + i) // 3 for i in range(3)])
    shares = [percent if base == given.base else next(others) for base in BASES]
    return {"background": " ".join(f"{share / 100:g}" for share in shares)}


def _between(given: Given) -> int:
    """Return a share of the base in per cent, between those at `k` and at the other position."""
    low, high = np.sort(given.counts[:, BASES.index(given.base)])[-2:]
    return int(100 * (low + high) / (2 * SITES))


TURNED = Target(
    id="scoring.turned",
    title="Make a common base speak against the motif",
    draw=_draw_turned,
    explorer="LogOddsExplorer",
    start=lambda given: {
        "counts": tuple(tuple(map(float, row)) for row in given.counts),
        "background": _EVEN,
        "window": Motif("", given.counts).consensus(),
        "position": given.k,  # which the card marks
    },
    locked=("counts", "pseudocount", "window", "prior", "position", "constant"),
    hidden=("prior", "position", "constant"),
    task=lambda given: (
        f"Twenty sites, counted:\n\n{weights_table(given.counts)}\n\n"
        f"{given.base} is the most frequent base at position k = {given.k}. Choose a "
        f"**background** for which the weight of {given.base} at k = {given.k} is nevertheless "
        "below 0, while at each of the three other positions the most frequent base keeps a "
        "weight above 0. Type four frequencies that sum to 1 into *Background of A C G T*, and "
        "read the weights in the table W. Then press *Share* and copy the line named *Scene*."
    ),
    prediction=(
        "Can the most frequent base of a position have a negative weight, although the counts "
        "stay as they are? If so, must it be rarer or more common in the background?"
    ),
    right=lambda given: _with_share(given, _between(given)),
    reached=_turned,
    mistakes=(
        Mistake(
            "uniform background assumed",
            "The background is still uniform. Then a weight is below 0 only for bases seen in "
            "less than a quarter of the sites. Change the background, not the counts.",
            lambda given: {"background": _EVEN},
            lambda given, shown: _even(shown),
        ),
        Mistake(
            "base made rare",
            "You made the base rare in the background. Did its weight rise or fall? The rarer a "
            "base is by chance, the stronger it is as evidence for a site.",
            lambda given: _with_share(given, 10),
            lambda given, shown: _share(shown, given) < 0.25,
        ),
        Mistake(
            "another position turned too",
            "The weight is below 0, well done, but so is that of the most frequent base at "
            "another position. You went in the right direction, but too far.",
            lambda given: _with_share(given, 85),
            lambda given, shown: _weights(given, shown)[given.k] < 0,
        ),
        Mistake(
            "not far enough",
            "The weight is not below 0 yet. Compare the share of the base in the background with "
            "its share in the sites at this position.",
            lambda given: _with_share(given, 30),
            lambda given, shown: True,
        ),
    ),
    hints=(
        r"The weight is $\ln\theta_{k,a} - \ln q_a$. When is a difference of two logarithms "
        "below 0?",
        "Another position has the same most frequent base, with a higher count. That sets a "
        "second limit for the background.",
        lambda given: (
            f"Compare the probabilities of {given.base} at all positions in the upper left table "
            "(θ). Its share in the background has to lie between two of them."
        ),
    ),
    solution=lambda given: (
        r"The weight $\ln(\theta_{k,a}/q_a)$ is below 0 when $q_a > \theta_{k,a}$. "
        f"{given.base} occurs in {given.counts[given.k].max()} of 20 sites at k = {given.k}, and "
        "in more sites at one other position. A background share between the two, such as "
        f"{_between(given) / 100:g}, makes the first weight negative but not the second: "
        f"`{_with_share(given, _between(given))['background']}`. So the most frequent base has a "
        "negative weight: it is even more frequent in the background, so seeing it there is weak "
        "evidence against a site. A consensus cannot express that."
    ),
    effort=lambda given: int((given.counts.argmax(axis=1) == BASES.index(given.base)).sum()),
)


# -- From counts to weights ------------------------------------------------------------------------


def _random_case(rng: np.random.Generator, width: int) -> tuple[Any, ...]:
    """Draw counts without zeros and with another total at each position, and a background."""
    return (
        rng.integers(1, 15, (width, 4)).astype(float),
        rng.dirichlet((9, 6, 5, 9)),
        float(rng.integers(1, 9)) / 2,
    )


def _draw_pwm(rng: np.random.Generator) -> dict[str, object]:
    counts, _, _ = _random_case(rng, 3)
    rich = float(rng.choice([0.3, 0.35, 0.4]))
    background = np.array([rich, 0.5 - rich, 0.5 - rich, rich])
    return {"counts": counts, "background": background, "pseudocount": float(rng.integers(1, 4))}


def _mistaken(
    theta: Callable[..., np.ndarray], log: Callable[..., np.ndarray] = np.log, uniform: bool = False
) -> Callable[[Given], Callable[..., np.ndarray]]:
    """Make the example of a mistake: counts become weights by another `theta(n, q, s)`."""

    def function(counts: np.ndarray, background: np.ndarray, pseudocount: float) -> np.ndarray:
        q = np.full(4, 0.25) if uniform else background
        return log(theta(counts, q, pseudocount) / q)

    return lambda given: function


def _theta(n: np.ndarray, q: np.ndarray, s: float) -> np.ndarray:
    return (n + s * q) / (n.sum(axis=1, keepdims=True) + s)


def _never_seen(given: Given, answer: Callable[..., Any]) -> bool:
    """Try bases that were never counted: no case has any, so that a slip is told by its name."""
    counts = np.array([[8.0, 0, 0, 0], [1, 2, 0, 5]])
    expected = Motif("", counts).log_odds(given.background)
    return _agree(answer(counts, given.background, 1.0), expected)


def _both_strands(given: Given, answer: Callable[..., Any]) -> bool:
    """Turn counts and background to the other strand: the weights must turn with them."""
    counts, q, s = given.counts, np.array([0.1, 0.2, 0.3, 0.4]), 2.0
    back = answer(counts[::-1, ::-1].copy(), q[::-1].copy(), s)
    return _agree(back, Motif("", counts).log_odds(q, s)[::-1, ::-1])


def _agree(weights: Any, expected: np.ndarray) -> bool:
    try:
        read = read_numbers(weights, expected.shape)
    except Unreadable:
        return False
    return read.shape == expected.shape and np.allclose(read, expected, atol=1e-5)


PWM = Function(
    id="scoring.pwm",
    title="From counts to weights",
    draw=_draw_pwm,
    task=lambda given: (
        "Write `pwm(counts, background, pseudocount)`. Its arguments:\n\n"
        "- `counts`, of shape (K, 4): a row for each position, the columns A, C, G, T;\n"
        "- `background`, of shape (4,): frequencies that sum to 1;\n"
        "- `pseudocount`: the **total** number of imagined sites that are added to each position, "
        "divided among the bases in proportion to the background.\n\n"
        "Return the log-odds, shape (K, 4), with the natural logarithm. Positions may have "
        "different totals, and some bases may never have been counted.\n\n"
        "To try it: `given.counts`\n\n"
        f"{weights_table(given.counts)}\n\n"
        f"with `given.background` = {', '.join(f'{q:.3g}' for q in given.background)} and "
        f"`given.pseudocount` = {given.pseudocount:g}."
    ),
    right=lambda given: (
        lambda counts, background, pseudocount: Motif("", counts).log_odds(background, pseudocount)
    ),
    cases=lambda given, rng: [
        (given.counts, given.background, given.pseudocount),
        *(_random_case(rng, width) for width in (1, 4, 4, 9)),
    ],
    properties=(
        Property(
            "Your function is right as long as every base was counted. The same formula should "
            "hold for a base that was never seen, but yours does something different there.",
            _never_seen,
        ),
        Property(
            "The reverse complement of the counts should give the reverse complement of the "
            "weights.",
            _both_strands,
        ),
    ),
    mistakes=(
        Mistake(
            "log2 for ln",
            "These are the right weights, but in bits: you used the logarithm to the base 2. "
            "Return nats.",
            _mistaken(_theta, np.log2),
        ),
        Mistake(
            "logarithm forgotten",
            "These are the right ratios: above 1 where a base is more common in the motif than in "
            "the background. But weights are *added*: what turns products into sums?",
            _mistaken(_theta, lambda ratio: ratio),
        ),
        Mistake(
            "uniform background assumed",
            "You used four equal shares as background, for the pseudocount and in the ratio. Use "
            "the argument `background`.",
            _mistaken(_theta, uniform=True),
        ),
        Mistake(
            "background forgotten",
            "These are the logarithms of the probabilities. You used the background for the "
            "pseudocount, but log-odds also divide by it.",
            _mistaken(lambda n, q, s: _theta(n, q, s) * q),
        ),
        Mistake(
            "normalised over positions instead of bases",
            "You sum along the wrong axis. Which numbers must be probabilities that sum to 1: "
            "those of a row, or those of a column?",
            _mistaken(lambda n, q, s: (n + s * q) / (n + s * q).sum(axis=0)),
        ),
        Mistake(
            "pseudocount added to each base",
            "You add the whole pseudocount to each base, so four times to a position. It is the "
            "total for the position, divided as in the background.",
            _mistaken(lambda n, q, s: (n + s) / (n + s).sum(axis=1, keepdims=True)),
        ),
        Mistake(
            "pseudocount shared out equally",
            "You divide the pseudocount into four equal parts. A position without any site should "
            "look like the background: divide it in proportion to the background.",
            _mistaken(lambda n, q, s: (n + s / 4) / (n.sum(axis=1, keepdims=True) + s)),
        ),
        Mistake(
            "pseudocount forgotten",
            "Right as long as every base was seen, and without a pseudocount. What would the "
            "logarithm say of a base that was never counted?",
            _mistaken(lambda n, q, s: n / n.sum(axis=1, keepdims=True)),
        ),
        Mistake(
            "total without the pseudocount",
            "The pseudocount is in the numerator but not in the total, so the probabilities of a "
            "position sum to more than 1.",
            _mistaken(lambda n, q, s: (n + s * q) / n.sum(axis=1, keepdims=True)),
        ),
    ),
    hints=(
        "Three steps: add the pseudocounts to the counts; divide each row by its own sum; take "
        "the logarithm of the ratio to the background.",
        "`a.sum(axis=1, keepdims=True)` has shape (K, 1), so that an array of shape (K, 4) can be "
        "divided by it row by row. An array of shape (4,) is applied to every row automatically.",
        r"In symbols: $\theta_{k,a} = \frac{n_{k,a} + s\,q_a}{N_k + s}$ with the total $N_k$ of "
        "the position.",
    ),
    solution=lambda given: (
        r"$W_{k,a} = \ln\frac{\theta_{k,a}}{q_a}$ with $\theta_{k,a} = \frac{n_{k,a} + "
        r"s\,q_a}{N_k + s}$:"
        "\n\n"
        "```python\n"
        "def pwm(counts, background, pseudocount):\n"
        "    added = counts + pseudocount * background\n"
        "    theta = added / added.sum(axis=1, keepdims=True)\n"
        "    return np.log(theta / background)\n"
        "```\n\n"
        "The sum of a row of `added` is $N_k + s$, because the background sums to 1. A base that "
        r"was never seen gets $\theta = s\,q_a/(N_k+s)$ and the weight $\ln\frac{s}{N_k+s}$, "
        "whichever base it is: rare, not impossible."
    ),
    effort=lambda given: given.counts.shape,
)


# -- From a score to an occupancy ------------------------------------------------------------------

_RT = round(1 / inverse_temperature(298), 3)  # as the text gives it


def _draw_occupied(rng: np.random.Generator) -> dict[str, float]:
    """Draw a site whose occupancy is neither near 0 nor near 1."""
    below = int(rng.integers(16, 34)) / 10
    logit = float(rng.choice([-1.0, -0.6, 0.4, 0.8])) + float(rng.uniform(-0.15, 0.15))
    best = int(rng.integers(62, 88)) / 10
    return {
        "best": best,
        "llr": round(best - below, 1),
        "mu": round((logit + below) * _RT, 1),
        "RT": _RT,
    }


def _logit(given: Given, sign: float = -1.0, nat: float = _RT, mu: float = _RT) -> float:
    """Return ``(mu - E) / RT`` with ``E = (best - llr) RT``; mistakes have other units or signs."""
    return given.mu / mu + sign * (given.best - given.llr) * nat / _RT


def _solve_occupied(given: Given) -> str:
    below = given.best - given.llr
    z = _logit(given)
    return (
        r"The energy falls along a straight line as the LLR rises, $E = RT\,(\mathrm{LLR}_{\max} "
        rf"- \mathrm{{LLR}}) = 0.592 \cdot ({given.best} - {given.llr}) = {_RT * below:.3f}$ "
        rf"kcal/mol. Then $\beta(\mu - E) = ({given.mu} - {_RT * below:.3f})/0.592 = {z:.3f}$, "
        rf"and $\sigma({z:.3f}) = 1/(1 + e^{{{-z:.3f}}})$ = **{occupancy(0, z, 1):.3f}**. In "
        "short: each nat that a site lacks lowers the logit of its occupancy by 1; RT is needed "
        "only to convert μ."
    )


OCCUPIED = Value(
    id="scoring.occupied",
    title="From a score to an occupancy",
    draw=_draw_occupied,
    task=lambda given: (
        f"The best possible site of a motif has an LLR of {given.best} nats. A site in your "
        f"sequence has {given.llr} nats. The protein's binding energies follow from the log-odds "
        f"and are measured from the best site (E = 0), at 298 K, where RT = {given.RT} kcal/mol. "
        f"Its chemical potential, on the same scale, is μ = {given.mu} kcal/mol. What fraction of "
        "the time is your site bound? Give a number between 0 and 1, to 3 decimals."
    ),
    right=lambda given: float(occupancy(0.0, _logit(given), 1.0)),
    decimals=3,
    mistakes=(
        Mistake(
            "sign of the energy reversed",
            "With your answer your site is bound more often than the best one. Low energy means "
            "strong binding: does the energy rise or fall when the score falls?",
            lambda given: float(occupancy(0.0, _logit(given, sign=1.0), 1.0)),
        ),
        Mistake(
            "zero of the energy forgotten",
            "You used E = −RT·LLR. Here energies are measured from the best site, so its energy "
            "must be 0 and yours above 0.",
            lambda given: float(occupancy(0.0, given.mu / _RT + given.llr, 1.0)),
        ),
        Mistake(
            "nats taken for kcal/mol",
            "You used the difference of the two LLRs directly as an energy. It is in nats: how "
            "many kcal/mol is one nat at this temperature?",
            lambda given: float(occupancy(0.0, _logit(given, nat=1.0), 1.0)),
        ),
        Mistake(
            "kcal/mol taken for nats",
            "The chemical potential is in kcal/mol, but the sigmoid needs a number without a "
            "unit. Multiply μ by β, too.",
            lambda given: float(occupancy(0.0, _logit(given, mu=1.0), 1.0)),
        ),
        Mistake(
            "bound and empty exchanged",
            "This is the fraction of the time that the site is empty. Check the sign in the "
            "exponent: a higher μ must give a larger fraction.",
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
            "You took powers of 2. The scores are in nats, so the base is e.",
            lambda given: float(occupancy(0.0, _logit(given), np.log(2))),
        ),
        per_cent("a share", lambda given: float(occupancy(0.0, _logit(given), 1.0))),
    ),
    hints=(
        "How many nats does your site lack, compared with the best one? Convert that to kcal/mol.",
        r"$E = E_0 - RT \cdot \mathrm{LLR}$, with the $E_0$ that gives the best site the energy "
        r"0. Then the occupancy is $\sigma\big((\mu - E)/RT\big)$.",
    ),
    solution=_solve_occupied,
    effort=lambda given: given.llr < given.best,
)


# -- Bind one site and spare the other, and explain it ---------------------------------------------


def _draw_cooled(rng: np.random.Generator) -> dict[str, object]:
    """Draw energies whose rival site costs so much that cold, but not warmth, tells it apart."""
    width = 5
    numbers = rng.integers(7, 17, (width, 4)) / 10
    best = rng.integers(4, size=width)
    numbers[np.arange(width), best] = 0.0
    rival, k = best.copy(), rng.choice(width, 2, replace=False)
    rival[k] = (best[k] + rng.integers(1, 4, 2)) % 4
    # Of 1.3 to 1.6 kcal/mol in all, the first of the two mismatches costs a part.
    first = int(rng.integers(6, 9))
    numbers[k, rival[k]] = first / 10, (int(rng.integers(13, 17)) - first) / 10
    return {
        "energies": numbers,
        "best": "".join(BASES[a] for a in best),
        "rival": "".join(BASES[a] for a in rival),
    }


def _bound(shown: Shown) -> tuple[float, float]:
    """Return the occupancy of the best site, and of the best one in the sequence."""
    energies = [0.0, shown.result.windows.min()]
    return tuple(occupancy(energies, shown.state.mu, shown.result.beta).tolist())


def _apart(shown: Shown) -> bool:
    best, rival = _bound(shown)
    return best >= 0.95 and rival <= 0.5 + 1e-9


def _cost(given: Given) -> float:
    """Return the energy of the rival above the best site, in kcal/mol."""
    return float(sum(row[BASES.index(base)] for row, base in zip(given.energies, given.rival)))


COOLED = Target(
    id="scoring.cooled",
    title="Bind one site and spare the other",
    draw=_draw_cooled,
    explorer="EnergyExplorer",
    start=lambda given: {
        "numbers": tuple(tuple(map(float, row)) for row in given.energies),
        "sequence": given.rival,
    },
    locked=("edit_as", "numbers", "gc", "sequence"),
    task=lambda given: (
        "A protein with the energies (kcal/mol, the best base of each position at 0)\n\n"
        f"{weights_table(given.energies)}\n\n"
        f"binds its best site, **{given.best}**, most strongly. **{given.rival}** is a competing "
        "site, the rival. Find settings at which the best site is bound **at least 95 %** of the "
        "time and the rival **at most 50 %**. The energies are fixed: you can change the "
        "temperature T (under *More*) and the chemical potential μ. (This is a thought "
        "experiment: few proteins would survive it.) Then press *Share* and copy the line named "
        "*Scene*."
    ),
    prediction=(
        "The card starts at 298 kelvin. Can you reach the goal by changing only μ, only T, or do "
        "you need both? In which directions?"
    ),
    right=lambda given: {"temperature": 206, "mu": round(_cost(given), 1)},
    reached=lambda given, shown: _apart(shown),
    mistakes=(
        Mistake(
            "warmed instead of cooled",
            "It is warmer than at the start. Heat loosens the binding to both sites and makes "
            "their energies matter less. In which direction do the two occupancies move apart?",
            lambda given: {"temperature": 400, "mu": round(_cost(given), 1)},
            lambda given, shown: shown.state.temperature > 298,
        ),
        Mistake(
            "protein too scarce",
            "The best site is not bound often enough yet. A higher μ means more protein, for both "
            "sites: how high can it be before the rival is bound half of the time? If that is not "
            "enough, use the other slider as well.",
            lambda given: {"temperature": 206, "mu": 0.0},
            lambda given, shown: _bound(shown)[0] < 0.95,
        ),
        Mistake(
            "only the protein raised",
            "The best site is bound, but so is the rival: a higher μ raises both. With μ alone "
            "the distance between their logits stays the same. By what is that distance "
            "multiplied?",
            lambda given: {"mu": 3.0},
            lambda given, shown: shown.state.temperature == 298,
        ),
        Mistake(
            "cold, and too much protein",
            "The cold separates the sites. The best site is bound often enough, but so is the "
            "rival: try less protein, or an even lower temperature.",
            lambda given: {"temperature": 206, "mu": 4.0},
            lambda given, shown: shown.state.temperature < 298,
        ),
    ),
    hints=(
        r"Occupancy is $\sigma(\beta(\mu - E))$. For which $E$ is it exactly one half? That tells "
        "you how high μ can be.",
        r"The best site has $E = 0$. For 95 % its $\beta\mu$ must be about 3, since $\sigma(2.94) "
        r"= 0.95$. With μ at its limit, you can only change $\beta = 1/RT$.",
        "The lower T, the larger β. Go down in steps, with μ close to the energy of the rival, and "
        "watch both percentages.",
    ),
    solution=lambda given: (
        f"The rival costs $E = {_cost(given):.1f}$ kcal/mol. It is bound at most half of the time "
        r"if $\mu \le E$. The best site is bound 95 % of the time if $\beta\mu \ge 2.94$. Both "
        r"together need $\beta E \ge 2.94$, that is $T \le \frac{E}{2.94\,R} = "
        f"{_cost(given) / 2.944 / 0.0019872:.0f}$ kelvin, and then a μ of at most "
        f"{_cost(given):.1f}. μ moves both sites together; the distance between their logits is "
        r"$\beta E$, and only β can stretch it. At the temperature of a living cell, a protein "
        "needs larger differences of energy, or more positions."
    ),
    effort=lambda given: (given.energies.shape, sum(map(str.__ne__, given.best, given.rival))),
)

LINKED = Text(
    id="scoring.linked",
    title="Explain it to a biochemist",
    task=lambda given: (
        "A biochemist has measured the binding energies of a protein. You have trained a filter "
        "on its sites. You both rank the same list of sites and get the same order. Explain to "
        "her, in three to six sentences: why this is no coincidence, which numbers of your filter "
        "she must not read as energies, and what she needs to know, besides your filter, to say "
        "how often a site is bound. Did the explorer do what you had predicted?"
    ),
    hints=(
        "Write the LLR of a site as a sum, and its energy as a sum. How are the two related?",
        "If you add the same number to all four weights of a position, does the order of the "
        "sites change? And which two quantities that you moved in the explorer are not in any "
        "filter?",
    ),
    solution=lambda given: (
        "A full answer mentions that\n\n"
        "- both add one number for each position, and these numbers are related by "
        r"$\epsilon_{k,a} = -\frac{1}{\beta}\ln\frac{\theta_{k,a}}{q_a}$ plus a constant of the "
        r"position. So $E(x) = E_0 - \mathrm{LLR}(x)/\beta$, a falling straight line, and the "
        "order is the same: the highest score has the lowest energy;\n"
        "- a single weight is not an energy: constants of a position mean nothing, and one nat is "
        r"$1/\beta = RT$ kcal/mol only if the weights are log-odds;"
        "\n"
        r"- occupancy is $\sigma(\beta(\mu - E))$: it needs the temperature and the chemical "
        "potential, that is, the concentration of the free protein. A higher concentration binds "
        "all sites more; only larger differences of energy, in units of $RT$, separate two "
        "sites;\n"
        "- all this holds if positions contribute independently and sites are rarely bound, as "
        "the log-odds assume."
    ),
)

SET = ExerciseSet(
    "scoring",
    "A motif as log-odds and as energy",
    3297915,
    (SURPLUS, TURNED, PWM, OCCUPIED, COOLED, LINKED),
)
