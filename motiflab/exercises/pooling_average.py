"""Exercises on what pooling forgives: an average made as steady as a maximum, and its limits."""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.exercises.exercise import Mistake
from motiflab.exercises.targets import Shown, Target
from motiflab.exercises.values import Text

_WINDOW, _MOTIFS = 8, ("GATA1", "GATA2", "TBP")
_MOST_DRAWS = 200  # two in five suit
_BIASES = np.arange(0.0, -10.5, -0.5)  # the notches of the explorer's slider, mildest first


def _start(given: SimpleNamespace) -> dict[str, Any]:
    return {
        "motif": given.motif,
        "seed": given.seed,
        "shift": given.shift,
        "kind": "average",
        "window": _WINDOW,
    }


def _at(given: SimpleNamespace, relu: bool, bias: float) -> Shown:
    from motiflab.explorers.pooling_explorer import PoolingState, compute

    state = PoolingState(**_start(given), relu=relu, bias=bias)
    return Shown(state, compute(state))


def _silent(shown: Shown) -> bool:
    return not shown.result.picture.pooled[shown.result.watched] > 0


def _changed(shown: Shown) -> bool:
    return bool(shown.result.changed[shown.result.watched])


@lru_cache(maxsize=256)
def _biases(motif: str, seed: int, shift: int) -> dict[str, tuple[float, ...]]:
    """Sort the biases behind a ReLU by what becomes of the watched average."""
    found: dict[str, list[float]] = {"heard": [], "steady": [], "silent": []}
    for bias in _BIASES:
        shown = _at(SimpleNamespace(motif=motif, seed=seed, shift=shift), True, float(bias))
        kind = "silent" if _silent(shown) else "heard" if _changed(shown) else "steady"
        found[kind].append(float(bias))
    return {kind: tuple(biases) for kind, biases in found.items()}


def _regions(given: SimpleNamespace) -> dict[str, tuple[float, ...]]:
    return _biases(given.motif, given.seed, given.shift)


def _clear(given: SimpleNamespace) -> bool:
    """Tell whether each kind of bias has at least three notches, in this order."""
    heard, steady, silent = _regions(given).values()
    in_order = (*heard, *steady, *silent) == tuple(_BIASES)
    return in_order and min(map(len, (heard, steady, silent))) >= 3


def _draw(rng: np.random.Generator) -> dict[str, Any]:
    """A background that is heard through a ReLU without a bias, and can be silenced."""
    for _ in range(_MOST_DRAWS):
        given = SimpleNamespace(
            motif=str(rng.choice(_MOTIFS)),
            seed=int(rng.integers(1000)),
            shift=int(rng.integers(3, 8)),
        )
        if _changed(_at(given, True, -1.0)) and _clear(given):
            return vars(given)
    raise RuntimeError("the explorer no longer has settings that suit this exercise")


def _middle(given: SimpleNamespace, kind: str) -> dict[str, Any]:
    biases = _regions(given)[kind]
    return {"relu": True, "bias": biases[len(biases) // 2]}


def _solution(given: SimpleNamespace) -> str:
    steady = _regions(given)["steady"]
    top = float(_at(given, False, 0.0).result.picture.y[16 + given.shift])
    return (
        f"The ReLU on, and a bias from **{steady[0]:g} to {steady[-1]:g}**. The motif alone "
        f"scores {top:.1f}. With a milder bias than that range some scores of the background are "
        "still above 0, and when the motif covers them, uncovers them or leaves them behind, the "
        "average hears it. With a stricter one not even the motif passes.\n\n"
        "In the range the motif's score is a *lone peak*: all else that window 2 holds is 0, "
        "before and after. One number and seven zeros have the same sum wherever the number is. "
        "So an average can be steady, too, but all the other scores of the window must come to "
        "the same sum as before, and silence is the way to be sure of that. The maximum needs no "
        "more than that the motif wins."
    )


STEADY = Target(
    id="pooling.steady",
    title="Make an average as steady as a maximum",
    explorer="pooling_explorer.PoolingExplorer",
    draw=_draw,
    start=_start,
    locked=("background", "seed", "shift", "motif", "stride", "kind", "window", "step"),
    task=lambda given: (
        f"The best site of {given.motif} stands among random bases (seed {given.seed}), and its "
        f"map is pooled by the **average** with w = {_WINDOW}. The site has been shifted by "
        f"{given.shift} bases, and its score is still in window 2; dashed outlines show the pooled "
        "map before the shift. Find a setting of the ReLU and the bias with which `p[2]` is "
        "exactly what it was before the shift, and is still **above 0**. Then copy the line named "
        "Scene."
    ),
    prediction=(
        "A window of eight scores is averaged, and its largest score moves to another place of "
        "the window. What must be true of the other scores for the average to stay the same?"
    ),
    right=lambda given: _middle(given, "steady"),
    reached=lambda given, shown: not _changed(shown) and not _silent(shown),
    mistakes=(
        Mistake(
            "bias without ReLU",
            "Without a ReLU the bias moves every score alike, before the shift and after it, so "
            "the difference stays. What would turn low scores into silence?",
            lambda given: {"relu": False, "bias": -5.0},
            lambda given, shown: not shown.state.relu and shown.state.bias < 0,
        ),
        Mistake(
            "neither ReLU nor bias",
            "As it stands, the average hears every score of the window, below 0 and above. Two "
            "controls are yours: one of them bends scores, the other moves them.",
            lambda given: {"bias": 0.0, "gradient": True},
            lambda given, shown: not shown.state.relu,
        ),
        Mistake(
            "motif silenced as well",
            "The window is steady because it is empty: not even the motif's own score is above 0 "
            "now. That is invariance which nobody can use. Give the motif its voice back.",
            lambda given: _middle(given, "silent"),
            lambda given, shown: _silent(shown),
        ),
        Mistake(
            "background still heard",
            "Some scores beside the motif's are still above 0, before the shift or after it, and "
            "the average hears them come and go. Look for them in the map, and silence them.",
            lambda given: _middle(given, "heard"),
            lambda given, shown: _changed(shown),
        ),
    ),
    hints=(
        "Switch the ReLU on first, and see which scores of the map are left.",
        "Now the bias: it has to be strict enough for the background, and mild enough for the "
        "motif. Is there room between the two?",
    ),
    solution=_solution,
    effort=lambda given: (_clear(given), given.shift < _WINDOW),
)

BLIND = Text(
    id="pooling.blind",
    title="Blind to the place?",
    task=lambda given: (
        'A colleague says: *"My network has max-pooling, so it does not matter where in a '
        'sequence the motif lies."* In a few sentences: when is that so, and when not? Mention the '
        "border between two windows, the ends of the sequence, and what a network that should "
        "measure the distance of two motifs needs. Which of this held for your average, too?"
    ),
    hints=(
        "Think of three shifts: by one base within a window, by one base across its border, and "
        "by a whole window.",
        "At the ends: what became of the motif's score in the first exercise of this page?",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        "- *within* a window the maximum is exactly the same, as long as the motif wins before and "
        "after: invariance, but only local;\n"
        "- one base across the border, and the number moves to the next window; a shift of all by "
        "a multiple of S·T moves the whole pooled map: that is equivariance, and the place is "
        "still there, coarsely;\n"
        "- at the ends of the sequence the motif is cut, and the zeros of the *same* padding stand "
        "where its other bases were: its score falls, and the maximum changes though the motif has "
        "not left its window: the boundary effect;\n"
        "- only pooling over the whole map forgets the place altogether, and then it has forgotten "
        "distances, too: a later layer that measures a gap needs windows narrower than the "
        "differences that matter;\n"
        "- the average keeps its number within a window only if its other scores together stay "
        "the same, as behind a ReLU with a strict bias; equivariance holds for it as for the "
        "maximum."
    ),
)
