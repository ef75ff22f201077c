"""An experiment: a base that matters although its slope is 0; and why that happens to two sites."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab import jaspar
from motiflab.alphabet import BASES
from motiflab.convolution import cross_correlate
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.targets import Target
from motiflab.exercises.values import Text
from motiflab.sequences import one_hot

_LENGTH = 60
_HEARD = 5  # what a window must score to pass the ReLU of the explorer's network
_FAIR = ("TGATAAG", "AGATAAA")  # sites of GATA2, good but not perfect
_PERFECT = "AGATAAG"


def _weights() -> np.ndarray:
    """Log-odds of the motif that the explorer's network reads."""
    return jaspar.load("MA0036.4").reverse_complement().log_odds()


def _draw_sequence(rng: np.random.Generator) -> dict[str, Any]:
    """A fair site that wins, and a broken one that would win if one base of it were mended."""
    while True:
        start, other = sorted(int(place) for place in rng.integers(3, _LENGTH - 9, 2))
        if rng.integers(2):
            start, other = other, start
        at = int(rng.integers(1, 6))
        sequence = rng.choice(list(BASES), _LENGTH)
        sequence[other : other + 7] = list(_PERFECT)
        sequence[other + at] = rng.choice([base for base in BASES if base != _PERFECT[at]])
        sequence[start : start + 7] = list(_FAIR[rng.integers(2)])
        found = "".join(sequence)
        given = SimpleNamespace(
            sequence=found, start=start, other=other, position=other + at, base=_PERFECT[at]
        )
        if abs(start - other) > 9 and _gains(given) == [(given.position, given.base)]:
            return vars(given)


def _gains(given: SimpleNamespace) -> list[tuple[int, str]]:
    """List the exchanges outside the winning window that raise the best score.

    It is empty unless the fair site wins alone, with all other windows unheard.
    """
    weights, x = _weights(), one_hot(given.sequence)
    scores = cross_correlate(x, weights)
    if scores.argmax() != given.start or np.sort(scores)[-2] > _HEARD:
        return []
    found = []
    for j, score in enumerate(scores):
        for k, row in enumerate(weights):
            gained = score - row[x[j + k] == 1].item() + row > scores.max()
            if not _inside(given, j + k):
                found += [(j + k, BASES[c]) for c in np.flatnonzero(gained)]
    return found


def _inside(given: SimpleNamespace, position: int, start: str = "start") -> bool:
    return 0 <= position - getattr(given, start) < len(_PERFECT)


def _another(given: SimpleNamespace, position: int, avoid: str = "") -> dict[str, Any]:
    """Return an exchange for the first base that is neither there nor to be avoided."""
    there = given.sequence[position]
    return {"position": position, "base": next(b for b in BASES if b not in (there, avoid))}


def _far(given: SimpleNamespace) -> int:
    """Return a position in neither window."""
    return next(
        i for i in range(_LENGTH) if not _inside(given, i) and not _inside(given, i, "other")
    )


RUNNER_UP = Target(
    id="attributing.runner_up",
    title="Find the base that the map does not see",
    explorer="saliency_explorer.SaliencyExplorer",
    draw=_draw_sequence,
    start=lambda given: {"network": "relu", "sequence": given.sequence},
    locked=("network", "sequence"),
    hidden=("examples", "keep"),
    prediction=(
        "The saliency is 0 at every position outside the window that won. If you exchange a base "
        "out there, can the prediction rise? Can it fall? Say why."
    ),
    task=lambda given: (
        "The network below has one filter for GATA2, a ReLU and the maximum. It reads\n\n"
        f"`{given.sequence}`,\n\nwhere the window that begins at base {given.start} wins, and "
        "outside it every slope is exactly 0. Still there is **one exchange of one base, at a "
        "position where the saliency is 0, that changes the prediction**. Find it: set *Position* "
        "and *Base there* to it, so that the card shows the changed sequence. Then copy the line "
        "named *Scene*. The other pictures may help you to look."
    ),
    right=lambda given: {"position": given.position, "base": given.base},
    reached=lambda given, shown: (
        not _inside(given, shown.state.position) and abs(shown.result.happened) > 1e-3
    ),
    mistakes=(
        Mistake(
            "nothing exchanged",
            "In this scene the sequence is as it was: choose a base under *Base there* that does "
            "not stand there already.",
            lambda given: {},
            seen=lambda given, shown: shown.state.changed == shown.state.sequence,
        ),
        Mistake(
            "inside the winning window",
            "This base does matter, and the saliency map says so: it lies in the window that won. "
            "Look for one that matters though the map is 0 there.",
            lambda given: _another(given, given.start + 2),
            seen=lambda given, shown: _inside(given, shown.state.position),
        ),
        Mistake(
            "right position, another base",
            "You have the right place. Nothing moves yet, because this base does not mend the "
            "window: try the others.",
            lambda given: _another(given, given.position, avoid=given.base),
            seen=lambda given, shown: shown.state.position == given.position,
        ),
        Mistake(
            "right window, another position",
            "Well looked: this window nearly is a site. The base that spoils it is another one.",
            lambda given: _another(given, given.other),
            seen=lambda given, shown: _inside(given, shown.state.position, "other"),
        ),
        Mistake(
            "a window far from winning",
            "Nothing moves: whatever this base is, another window stays the best. Look for a "
            "window that one exchange could make better than the winner.",
            lambda given: _another(given, _far(given)),
            seen=lambda given, shown: abs(shown.result.happened) <= 1e-3,
        ),
    ),
    hints=(
        "A slope tells what a tiny step does. Which of the pictures tells what a whole exchange "
        "does?",
        "Choose *mutagenesis* and look for colour outside the window that won: it may be a single "
        "cell. *Fit the scale to the numbers* makes it stronger.",
        "The motif reads AGATAAG. Is there a second place that nearly spells it?",
    ),
    solution=lambda given: (
        f"Window {given.start} wins. From base {given.other} on the sequence reads "
        f"{given.sequence[given.other : given.other + 7]}: {given.base} at position "
        f"{given.position} turns that into {_PERFECT}, which scores more than the winner and takes "
        "over. The slope there is 0, as a tiny step leaves the loser a loser: the maximum passes "
        "nothing on, and the ReLU is silent besides. Outside the winning window a prediction of "
        "this network (its dense weight is positive) can only rise: the winner's score stays what "
        "it is, whatever happens elsewhere."
    ),
    effort=lambda given: (len(given.sequence), len(_gains(given))),
)

REDUNDANT = Text(
    id="attributing.redundant",
    title="Explain a map that is nearly blank",
    draw=lambda rng: {"first": int(rng.integers(5, 40)), "second": int(rng.integers(60, 180))},
    task=lambda given: (
        r"A network with ReLU and the maximum over the sequence is sure of a promoter: $\hat y = "
        f"0.99$. It has two sites, at bases {given.first} and {given.second}, nearly equally good: "
        "the first scores a trace more. The saliency of ŷ is faint at the first and 0 at the "
        "second. Exchanging single bases changes hardly anything at either. A colleague concludes "
        "that *neither site matters*. In a few sentences: why is the map faint, why 0, why does "
        "mutagenesis see nothing either, and which experiment would settle it? Look back at your "
        "prediction in the exercise before: would you still write it so?"
    ),
    hints=(
        r"Three causes, one for each observation. Begin with $\hat y (1 - \hat y)$ at 0.99.",
        "If one site is broken, who wins then? What has to be done to leave nobody to take over?",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        r"- *Faint*: saturation. The sigmoid is flat, $\hat y (1 - \hat y) = 0.99 \cdot 0.01 "
        r"\approx 0.01$; the slope of the logit would be strong."
        "\n- *0*: only the winner passes a slope through the maximum; the second site lost by a "
        "trace. Gradient × input is 0 there too, as it multiplies the same 0.\n"
        "- *Mutagenesis sees nothing*: redundancy. Break one site, and the other takes over with "
        "nearly the same score.\n"
        f"- *The experiment*: break both sites at once, at {given.first} and {given.second}, and "
        "see ŷ fall; or break the first and make the map again: it lights up at the second.\n"
        "- A map describes what the network does at one sequence, not what matters in the cell; "
        "that takes an experiment in the laboratory."
    ),
)
