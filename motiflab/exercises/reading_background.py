"""An experiment: a background for which plain softmax draws another motif than was counted."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.alphabet import BASES
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.targets import Shown, Target


def _draw_fooled(rng: np.random.Generator) -> dict[str, Any]:
    """One doubtful position among four; its favourite base is the clear one of another."""
    bases = rng.permutation(4)  # favourite, second, and the two others of the doubtful position
    doubtful = ((11, 6, 2, 1), (10, 6, 3, 1), (12, 6, 1, 1))[rng.integers(3)]
    k, elsewhere, *rest = (int(place) for place in rng.permutation(4))
    counts = np.ones((4, 4), dtype=int)
    counts[k, bases] = doubtful
    counts[elsewhere, bases[0]] = 17
    for place in rest:
        counts[place, rng.integers(4)] = 17
    return {"counts": counts, "k": k, "first": BASES[bases[0]], "second": BASES[bases[1]]}


def _background(given: SimpleNamespace, first: float, second: float, *others: float) -> str:
    """Write a background by the shares of the favourite, the second and the two other bases."""
    rest = [base for base in BASES if base not in (given.first, given.second)]
    shares = dict(zip((given.first, given.second, *rest), (first, second, *others)))
    return " ".join(f"{shares[base]:g}" for base in BASES)


def _share(shown: Shown, base: str) -> float:
    return float(shown.result.background[BASES.index(base)])


def _tallest(shown: Shown, given: SimpleNamespace) -> str:
    return BASES[int(shown.result.plain[given.k].argmax())]


def _others_kept(shown: Shown, given: SimpleNamespace) -> bool:
    same = shown.result.plain.argmax(axis=1) == shown.result.ppm.argmax(axis=1)
    return bool(np.delete(same, given.k).all())


FOOLED = Target(
    id="reading.fooled",
    title="Fool the plain softmax",
    explorer="log_odds_explorer.LogOddsExplorer",
    draw=_draw_fooled,
    start=lambda given: {
        "counts": tuple(map(tuple, given.counts.tolist())),
        "window": "".join(BASES[a] for a in given.counts.argmax(axis=1)),
    },
    locked=("counts", "pseudocount"),
    hidden=("prior", "window", "position", "constant"),
    prediction=(
        "At one position of your motif two bases compete. The weights are read back by plain "
        "softmax, which forgets the background. Must the more frequent of the two be common or "
        "rare in the background for the *other* one to be drawn taller? Say why."
    ),
    task=lambda given: (
        f"Below is a motif counted from 20 sites. At position k = {given.k} (counted from 0; logos "
        f"count from 1) {given.first} was seen most often and {given.second} second. Change the "
        "*Background of A C G T* so that the logo read back **by plain softmax** shows "
        f"**{given.second}** as the tallest letter of that position, and still shows the right "
        "tallest letter at the three others. Then copy the line named *Scene*."
    ),
    right=lambda given: {"background": _background(given, 0.45, 0.15, 0.2, 0.2)},
    reached=lambda given, shown: (
        _tallest(shown, given) == given.second and _others_kept(shown, given)
    ),
    mistakes=(
        Mistake(
            "uniform background kept",
            "The background is still uniform, and with that one both ways back agree. Change its "
            "four numbers, then press Enter.",
            lambda given: {},
            seen=lambda given, shown: bool(np.allclose(shown.result.background, 0.25)),
        ),
        Mistake(
            "another position changed too",
            "The position in question does what it should, but another one has lost its letter as "
            "well. You have gone further than needed: try a milder background.",
            lambda given: {"background": _background(given, 0.91, 0.03, 0.03, 0.03)},
            seen=lambda given, shown: _tallest(shown, given) == given.second,
        ),
        Mistake(
            "favourite not made common",
            "In your background the base that the motif prefers is no more common than its rival. "
            "Plain softmax shows how much a base exceeds its background: which of the two gains "
            "by what you did?",
            lambda given: {"background": _background(given, 0.15, 0.45, 0.2, 0.2)},
            seen=lambda given, shown: _share(shown, given.first) <= _share(shown, given.second),
        ),
        Mistake(
            "a third base wins",
            "A third base has become the tallest: it is so rare in your background that even a few "
            "of it look like a lot. Leave the two outsiders as they were, and change the balance "
            "of the two that compete.",
            lambda given: {"background": _background(given, 0.34, 0.32, 0.01, 0.33)},
            seen=lambda given, shown: _tallest(shown, given) not in (given.first, given.second),
        ),
        Mistake(
            "not far enough",
            "The right direction: the favourite already loses ground to its rival. Go on a little.",
            lambda given: {"background": _background(given, 0.26, 0.24, 0.25, 0.25)},
            seen=lambda given, shown: _tallest(shown, given) == given.first,
        ),
    ),
    hints=(
        r"Plain softmax gives back $\theta_a/q_a$, divided by its sum: try to say in words what "
        "that compares.",
        lambda given: (
            f"{given.first} was counted about twice as often as {given.second} there. By which "
            "factor must their backgrounds differ to turn that round?"
        ),
        "The four numbers must be above 0 and sum to 1; start from 0.25 each and move a part of "
        "one base's share to another.",
    ),
    solution=lambda given: (
        r"The weights are $\log(\theta_a/q_a)$, so plain softmax gives back $\theta_a/q_a$ divided "
        f"by its sum. {given.second} is drawn taller than {given.first} as soon as "
        rf"$q_\mathrm{{{given.first}}}/q_\mathrm{{{given.second}}}$ exceeds "
        rf"$\theta_\mathrm{{{given.first}}}/\theta_\mathrm{{{given.second}}}$, about 2 here: the "
        "base that the motif prefers must be *common* in the background. The background "
        f"`{_background(given, 0.45, 0.15, 0.2, 0.2)}` does it, with a ratio of 3. At the other "
        "positions the favourite was counted 17 times as often as any other base, so they hold. "
        "The logo read back with $q e^W$ shows the counted motif all the while."
    ),
    effort=lambda given: sorted(given.counts.max(axis=1).tolist())[1:],
)
