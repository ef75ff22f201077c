"""Exercises on ReLU and the bias: a threshold that silences the background, and one too strict."""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.exercises.exercise import Mistake
from motiflab.exercises.targets import Shown, Target
from motiflab.exercises.values import Text

_LOWEST, _NOTCH = -16.0, 0.5  # of the explorer's slider
_MOST_DRAWS = 200  # one in four suits


@lru_cache(maxsize=1)
def _scores() -> Any:
    from motiflab.explorers.sparsity_explorer import scores_of

    return scores_of("CTCF")


def _biases(peak: int, percent: int) -> dict[str, np.ndarray]:
    """Sort the biases from 0 down, the mildest first, by what the filter does with them."""
    from motiflab.explorers.sparsity_explorer import shares

    scores, biases = _scores(), np.arange(0.0, _LOWEST - _NOTCH, -_NOTCH)
    fire = (scores.values[peak] + biases[:, None] > 0).sum(axis=1)
    strict = 100 * shares(scores, biases)[2] < percent
    return {
        "several": biases[fire > 1],
        "only this peak": biases[(fire == 1) & ~strict],
        "right": biases[(fire == 1) & strict],
        "silent": biases[fire == 0],
    }


def _draw(rng: np.random.Generator) -> dict[str, int]:
    """A peak in which a single window is left long before the shuffles are silent."""
    for _ in range(_MOST_DRAWS):
        given = {"peak": int(rng.integers(500)), "percent": int(rng.choice([5, 10, 15, 20]))}
        if all(len(biases) >= 3 for biases in _biases(**given).values()):
            return given
    raise RuntimeError("the data no longer have peaks that suit this exercise")


def _regions(given: SimpleNamespace) -> dict[str, np.ndarray]:
    return _biases(given.peak, given.percent)


def _middle(given: SimpleNamespace, region: str) -> dict[str, float]:
    biases = _regions(given)[region]
    return {"bias": float(biases[len(biases) // 2])}


def _firing(shown: Shown) -> int:
    return int((shown.result.map > 0).sum())


def _percent(shown: Shown) -> float:
    return 100 * shown.result.shuffles


def _solution(given: SimpleNamespace) -> str:
    from motiflab.explorers.sparsity_explorer import shares

    regions, scores = _regions(given), _scores()
    biases, mildest = regions["right"], regions["only this peak"][:1]
    best, second = np.sort(scores.values[given.peak])[[-1, -2]]
    return (
        f"Without a bias the two best windows of your peak score {best:.1f} and {second:.1f}. So "
        f"only one fires for every $b$ from {-second:.1f} down to just above {-best:.1f}. Fewer "
        f"than {given.percent} % of the shuffles fire from $b = {biases[0]:g}$ downwards. Both "
        f"hold on the slider from **{biases[0]:g} to {biases[-1]:g}**.\n\n"
        f"And the prediction: with {mildest[0]:g}, which leaves one window of your peak, the "
        f"filter still fires in {100 * shares(scores, mildest)[2, 0]:.0f} % of the shuffles. "
        "One window in one sequence says little about others: each shuffle has 186 windows on two "
        "strands, and the best of so many can be high by chance. So the threshold must be stricter "
        "than your peak alone would ask for, and the strictness is paid for with peaks that fall "
        "silent."
    )


BIAS = Target(
    id="activating.bias",
    title="Set the threshold",
    explorer="sparsity_explorer.SparsityExplorer",
    draw=_draw,
    start=lambda given: {"motif": "CTCF", "peak": given.peak, "bias": 0.0},
    locked=("motif", "peak"),
    task=lambda given: (
        "The filter holds the log-odds of CTCF, and behind it stands a ReLU. Move the **bias** "
        "until both are true:\n\n"
        f"- in your peak, number {given.peak}, exactly **one** window is above 0 behind the ReLU;\n"
        f"- over all sequences, the filter fires in **fewer than {given.percent} %** of the "
        "shuffles.\n\nThen copy the line named Scene."
    ),
    prediction=(
        "When the bias is just strict enough to leave one window of your peak, in what share of "
        "the shuffles will the filter still fire somewhere? Guess, and say why."
    ),
    right=lambda given: _middle(given, "right"),
    reached=lambda given, shown: _firing(shown) == 1 and _percent(shown) < given.percent,
    mistakes=(
        Mistake(
            "bias of the wrong sign",
            "A bias above 0 lifts every score, so even more windows pass the ReLU. Which way must "
            "the scores go for the filter to fall silent on background?",
            lambda given: {"bias": 4.0},
            lambda given, shown: shown.state.bias > 0,
        ),
        Mistake(
            "several windows still fire",
            "In your peak more than one window is still above 0. The filter is not silent enough "
            "yet: watch the number of windows in the key of the feature map.",
            lambda given: _middle(given, "several"),
            lambda given, shown: _firing(shown) > 1,
        ),
        Mistake(
            "all windows silenced",
            "Now the filter is silent in your whole peak, its best window included. Behind a ReLU "
            "that is total: nothing comes out and no gradient goes back. Come back a little.",
            lambda given: _middle(given, "silent"),
            lambda given, shown: _firing(shown) == 0,
        ),
        Mistake(
            "one sequence taken for all",
            "Your peak is as it should be: one window. The shuffles are not there yet. Look at "
            "their share in the other picture, or in the text below it, and see how far the bias "
            "can go before your peak falls silent.",
            lambda given: _middle(given, "only this peak"),
            lambda given, shown: _firing(shown) == 1,
        ),
    ),
    hints=(
        "The bias is added to every score, and the ReLU cuts at 0. To silence a window that scores "
        "5 without a bias, what must the bias be?",
        "Find the range of biases that leaves one window in your peak. Then stay in it, and watch "
        "the share of the shuffles.",
    ),
    solution=_solution,
    effort=lambda given: all(len(biases) >= 3 for biases in _regions(given).values()),
)

DEAD = Text(
    id="activating.dead",
    title="A filter that never fires again",
    task=lambda given: (
        "During training the bias of a ReLU filter has fallen so far that it scores below 0 in "
        "every window of every sequence. In a few sentences: what does the filter now pass on, "
        "what gradient comes back to its weights and its bias, and will more training wake it? "
        "And what has that to do with the bias that you set in the exercise before?"
    ),
    hints=(
        "What is the derivative of ReLU for a negative pre-activation? Follow it into the product "
        "for a weight, and for the bias.",
        "In the exercise before, what would have happened to the filter had you gone on and on?",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        "- the filter passes on 0 everywhere, so it says nothing about any sequence;\n"
        "- the derivative of ReLU is 0 there, and it is a factor of the gradient of every weight "
        "and of the bias: all of them get 0, from every sequence;\n"
        "- so no gradient moves it, however long the training lasts. The unit is *dead*; only a "
        "change of its input could wake it, and DNA does not change;\n"
        "- a negative bias is what makes the filter silent on background, which is wanted: the "
        "same mechanism, a step too far, silences it on the motif as well;\n"
        "- what helps: several filters, as it is less likely that all of them die; a smaller "
        "learning rate; a bias that starts near 0. None of these is a guarantee."
    ),
)
