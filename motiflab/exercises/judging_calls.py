"""Of the exercises on judging: a detector and a threshold that make a list worth testing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.detectors import SHARP
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.targets import Target
from motiflab.figures.numbers import brief
from motiflab.metrics import precision_at_prevalence


def _good_thresholds(given: SimpleNamespace) -> list[float]:
    """The steps of the slider at which the sharp detector meets both wishes."""
    steps = np.arange(-40, 121) / 20
    tpr, fpr = SHARP.tpr(steps), SHARP.fpr(steps)
    precision = precision_at_prevalence(tpr, fpr, 1 / (1 + 10**given.rarity))
    return steps[(precision >= given.share) & (1000 * tpr >= given.found)].tolist()


def _draw_calls(rng: np.random.Generator) -> dict[str, Any]:
    """A recall that leaves three steps of the slider."""
    while True:
        given = SimpleNamespace(
            rarity=int(rng.integers(38, 56)) / 10, share=int(rng.integers(60, 95)) / 100, found=0
        )
        third = _good_thresholds(given)[2]
        given.found = int(1000 * SHARP.tpr(third))
        if len(_good_thresholds(given)) == 3:
            return vars(given)


CALLS = Target(
    id="judging.calls",
    title="A list worth testing",
    draw=_draw_calls,
    prediction=(
        "Which of the two detectors will you need, the one with the larger AUROC (broad) or the "
        "other (sharp)? And about how small must the false positive rate be: one in a hundred, a "
        "thousand, ten thousand, or less?"
    ),
    task=lambda given: (
        f"Sites are rare: for each one there are about {round(10**given.rarity, -2):,.0f} other "
        "places (this is locked). Choose a detector and a threshold so that at least "
        f"**{100 * given.share:.0f} % of the calls are right** and at least **{given.found} of "
        "1,000 sites** are found. Then copy the line named Scene."
    ),
    explorer="prevalence_explorer.PrevalenceExplorer",
    start=lambda given: {"rarity": given.rarity},
    locked=("rarity",),
    right=lambda given: {"detector": "sharp", "threshold": _good_thresholds(given)[1]},
    reached=lambda given, shown: (
        shown.result.precision >= given.share and 1000 * shown.result.tpr >= given.found
    ),
    mistakes=(
        Mistake(
            "AUROC for AUPRC",
            "You work with the detector that has the larger AUROC. Move its threshold from end to "
            "end and watch precision and recall: are both ever large at once? Look at the other "
            "curve for a reason.",
            lambda given: {"threshold": 4.5},
            lambda given, shown: shown.state.detector == "broad",
        ),
        Mistake(
            "small false positive rate trusted",
            "The right detector, but too many of its calls are false. However small a false "
            "positive rate looks, it is a share of a very large number: compare TP and FP in the "
            "table.",
            lambda given: {"detector": "sharp", "threshold": 2.5},
            lambda given, shown: shown.result.precision < given.share,
        ),
        Mistake(
            "threshold too high",
            "The list is clean enough, even cleaner than asked for, but too many sites are missing "
            "from it. Trade a little.",
            lambda given: {"detector": "sharp", "threshold": 6.0},
            lambda given, shown: 1000 * shown.result.tpr < given.found,
        ),
    ),
    hints=(
        "Choose the log axis for the false positive rate. At the far left, which detector still "
        "finds sites?",
        "Raise the threshold until the precision in the readout is what was asked for, and no "
        "further; then look at TP in the table.",
    ),
    solution=lambda given: _told(given),
    effort=lambda given: (len(_good_thresholds(given)),),
)


def _told(given: SimpleNamespace) -> str:
    first, *_, last = _good_thresholds(given)
    return (
        "*Broad* lifts every positive a little: where almost no negative passes, almost no "
        "positive does. *Sharp* lifts six in ten far above nearly all negatives. With it, the "
        f"threshold **{first:g}** is the first with a precision of {100 * given.share:.0f} %: its "
        f"false positive rate is {brief(float(SHARP.fpr(first)), 2)}, and "
        f"{1000 * float(SHARP.tpr(first)):.0f} of 1,000 sites are found. Both wishes are met up to "
        f"{last:g}. A false positive rate of 0.01, which sounds small, would bring "
        f"{0.01 * 10**given.rarity:,.0f} false calls for each site."
    )
