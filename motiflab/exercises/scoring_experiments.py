"""Exercises on log-odds with an explorer: what the background does, and what the cold does."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from motiflab.alphabet import BASES
from motiflab.energy import occupancy
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.markdown import weights_table
from motiflab.exercises.targets import Shown, Target
from motiflab.motifs import Motif

SITES = 20
"""How many sites were aligned and counted."""

_EVEN = "0.25 0.25 0.25 0.25"


# -- a background that turns a weight ---------------------------------------------------------


def _draw_turned(rng: np.random.Generator) -> dict[str, object]:
    """One base is the most frequent at two positions: narrowly at `k`, clearly at another."""
    base, *others = (int(a) for a in rng.permutation(4))
    k, clear, *rest = (int(p) for p in rng.permutation(4))
    counts = np.zeros((4, 4), dtype=int)
    counts[k] = aligned({base: int(rng.integers(8, 10))})
    counts[clear] = aligned({base: int(rng.integers(13, 15))})
    for p, a in zip(rest, others):
        counts[p] = aligned({a: int(rng.integers(13, 16))})
    return {"counts": counts, "k": k, "base": BASES[base]}


def aligned(some: dict[int, int]) -> list[int]:
    """Counts at one position of twenty sites: some are given, the other bases share the rest."""
    others = [a for a in range(4) if a not in some]
    rest = SITES - sum(some.values())
    shares = {a: (rest + i) // len(others) for i, a in enumerate(others)}
    return [{**shares, **some}[a] for a in range(4)]


def _weights(given: SimpleNamespace, shown: Shown) -> tuple[float, bool]:
    """The weight in question, and whether the consensus has positive weights elsewhere."""
    at = given.counts.argmax(axis=1)
    weights = shown.result.weights[np.arange(4), at]
    return float(weights[given.k]), bool((np.delete(weights, given.k) > 0).all())


def _turned(given: SimpleNamespace, shown: Shown) -> bool:
    weight, others = _weights(given, shown)
    return weight < 0 and others


def _even(shown: Shown) -> bool:
    return bool(np.allclose(shown.result.background, 0.25))


def _share(shown: Shown, given: SimpleNamespace) -> float:
    return float(shown.result.background[BASES.index(given.base)])


def _with_share(given: SimpleNamespace, percent: int) -> dict[str, str]:
    """A background with that share of the base; the others divide the rest among them."""
    others = iter([(100 - percent + i) // 3 for i in range(3)])
    shares = [percent if base == given.base else next(others) for base in BASES]
    return {"background": " ".join(f"{share / 100:g}" for share in shares)}


def _between(given: SimpleNamespace) -> int:
    """A share of the base, in per cent, above that at `k` and below that at the other position."""
    low, high = np.sort(given.counts[:, BASES.index(given.base)])[-2:]
    return int(100 * (low + high) / (2 * SITES))


TURNED = Target(
    id="scoring.turned",
    title="Make a common base speak against the motif",
    draw=_draw_turned,
    explorer="log_odds_explorer.LogOddsExplorer",
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
        "read the weights in the table W. Then copy the line named Scene."
    ),
    prediction=(
        "Can the base that most sites show have a negative weight, though the counts stay as they "
        "are? If so, must it be rarer or more common in the background?"
    ),
    right=lambda given: _with_share(given, _between(given)),
    reached=lambda given, shown: _turned(given, shown),
    mistakes=(
        Mistake(
            "uniform background assumed",
            "The background is still uniform. Then a weight is below 0 only for bases seen in "
            "less than a quarter of the sites. Move the background, not the sites.",
            lambda given: {"background": _EVEN},
            lambda given, shown: _even(shown),
        ),
        Mistake(
            "base made rare",
            "You made the base rare in the background. Did its weight rise or fall? A base that "
            "chance seldom brings is the stronger a sign of a site.",
            lambda given: _with_share(given, 10),
            lambda given, shown: _share(shown, given) < 0.25,
        ),
        Mistake(
            "another position turned too",
            "The weight is below 0, well done, and so is that of the most frequent base at "
            "another position. You went in the right direction, and too far.",
            lambda given: _with_share(given, 85),
            lambda given, shown: _weights(given, shown)[0] < 0,
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
        "Another position has the same most frequent base, and has it more often. That sets a "
        "second limit to the background.",
        lambda given: (
            f"Compare the probabilities of {given.base} at all positions in the upper left table "
            "(θ). Its share in the background has to lie between two of them."
        ),
    ),
    solution=lambda given: (
        rf"The weight $\ln(\theta_{{k,a}}/q_a)$ is below 0 when $q_a > \theta_{{k,a}}$. "
        f"{given.base} is in {given.counts[given.k].max()} of 20 sites at k = {given.k}, and "
        f"in more at one other position. A share between the two, such as "
        f"{_between(given) / 100:g}, is enough for the first and not for the second: "
        f"`{_with_share(given, _between(given))['background']}`. A most frequent base with a "
        "negative weight: chance alone brings it still more often than the motif does, so seeing "
        "it there speaks, a little, against a site. A consensus cannot say that."
    ),
    effort=lambda given: int((given.counts.argmax(axis=1) == BASES.index(given.base)).sum()),
)


# -- a temperature and a chemical potential ---------------------------------------------------


def _draw_cooled(rng: np.random.Generator) -> dict[str, object]:
    """Energies whose rival site costs so much that cold, but not warmth, tells it apart."""
    width = 5
    numbers = rng.integers(7, 17, (width, 4)) / 10
    best = rng.integers(4, size=width)
    numbers[np.arange(width), best] = 0.0
    rival, k = best.copy(), rng.choice(width, 2, replace=False)
    rival[k] = (best[k] + rng.integers(1, 4, 2)) % 4
    first = int(rng.integers(6, 9))
    numbers[k, rival[k]] = first / 10, (int(rng.integers(13, 17)) - first) / 10
    return {
        "energies": numbers,
        "best": "".join(BASES[a] for a in best),
        "rival": "".join(BASES[a] for a in rival),
    }


def _bound(shown: Shown) -> tuple[float, float]:
    """Occupancy of the best site, and of the sequence's."""
    result = shown.result
    taken = occupancy([0.0, result.windows.min()], shown.state.mu, result.beta)
    return float(taken[0]), float(taken[1])


def _apart(shown: Shown) -> bool:
    best, rival = _bound(shown)
    return best >= 0.95 and rival <= 0.5 + 1e-9


def _cost(given: SimpleNamespace) -> float:
    """Energy of the rival above the best site, in kcal/mol."""
    return float(sum(row[BASES.index(base)] for row, base in zip(given.energies, given.rival)))


COOLED = Target(
    id="scoring.cooled",
    title="Bind one site and spare the other",
    draw=_draw_cooled,
    explorer="energy_explorer.EnergyExplorer",
    start=lambda given: {
        "numbers": tuple(tuple(map(float, row)) for row in given.energies),
        "sequence": given.rival,
    },
    locked=("edit_as", "numbers", "gc", "sequence"),
    task=lambda given: (
        f"A protein with the energies (kcal/mol, the best base of each position at 0)\n\n"
        f"{weights_table(given.energies)}\n\n"
        f"holds its best site, **{given.best}**, most strongly. **{given.rival}** is a rival. "
        "Have the best site bound **at least 95 %** of the time and the rival **at most 50 %**. "
        "The energies are what they are: you can move the temperature T and the chemical "
        "potential μ. (Few proteins would live through it: a thought experiment.) Then copy the "
        "line named Scene."
    ),
    prediction=(
        "Start at 298 kelvin. Can it be done by moving μ alone, by moving T alone, or only by "
        "moving both? In which directions?"
    ),
    right=lambda given: {"temperature": 206, "mu": round(_cost(given), 1)},
    reached=lambda given, shown: _apart(shown),
    mistakes=(
        Mistake(
            "warmed instead of cooled",
            "It is warmer than at the start. Heat shakes off both sites and makes their energies "
            "matter less. Look at which way the two occupancies part.",
            lambda given: {"temperature": 400, "mu": round(_cost(given), 1)},
            lambda given, shown: shown.state.temperature > 298,
        ),
        Mistake(
            "protein too scarce",
            "The best site is not bound often enough yet. A higher μ means more protein, for both "
            "sites: how high may it go before the rival is bound half of the time? If that does "
            "not suffice, the other slider has to help.",
            lambda given: {"temperature": 206, "mu": 0.0},
            lambda given, shown: _bound(shown)[0] < 0.95,
        ),
        Mistake(
            "only the protein raised",
            "The best site is bound, and the rival with it: a higher μ raises both. With μ alone "
            "the distance between them stays as it is. What is that distance multiplied by?",
            lambda given: {"mu": 3.0},
            lambda given, shown: shown.state.temperature == 298,
        ),
        Mistake(
            "cold, and too much protein",
            "The cold helps to tell the sites apart. The best site has what it needs, and the "
            "rival is still bound too often: perhaps less protein, perhaps colder still.",
            lambda given: {"temperature": 206, "mu": 4.0},
            lambda given, shown: shown.state.temperature < 298,
        ),
    ),
    hints=(
        r"Occupancy is $\sigma(\beta(\mu - E))$. For which $E$ is it just one half? That tells you "
        "how high μ may go.",
        r"The best site has $E = 0$. For 95 % its $\beta\mu$ must be about 3, since "
        r"$\sigma(2.94) = 0.95$. With μ at its limit, only $\beta = 1/RT$ is left to move.",
        "The lower T, the larger β. Go down in steps, with μ close to the energy of the rival, and "
        "watch both percentages.",
    ),
    solution=lambda given: (
        rf"The rival costs $E = {_cost(given):.1f}$ kcal/mol. It is bound at most half of the time "
        rf"if $\mu \le E$. The best site is bound 95 % of the time if $\beta\mu \ge 2.94$. Both "
        rf"together need $\beta E \ge 2.94$, that is $T \le \frac{{E}}{{2.94\,R}} = "
        rf"{_cost(given) / 2.944 / 0.0019872:.0f}$ kelvin, and then a μ of "
        rf"at most {_cost(given):.1f}. μ moves both sites together; the distance between their "
        r"logits is $\beta E$, and only "
        "β can stretch it. At a temperature at which cells live, a protein needs larger "
        "differences of energy, or more positions."
    ),
    effort=lambda given: (given.energies.shape, sum(map(str.__ne__, given.best, given.rival))),
)
