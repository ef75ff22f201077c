"""Exercises on which bases a prediction hangs on: by slopes, by exchanges, by an experiment."""

from __future__ import annotations

from motiflab.exercises.attributing_by_hand import EXCHANGE, SLOPE
from motiflab.exercises.attributing_map import SALIENCY_MAP
from motiflab.exercises.attributing_runner_up import REDUNDANT, RUNNER_UP
from motiflab.exercises.exercise import ExerciseSet
from motiflab.exercises.values import Choice, Option

UNCHANGED = Choice(
    id="attributing.unchanged",
    title="Which map can be trusted to stay?",
    draw=lambda rng: {"k": int(rng.integers(7)), "constant": int(rng.integers(1, 6))},
    task=lambda given: (
        "A network has one linear filter of seven positions, the maximum over the windows (without "
        f"padding), and a sigmoid. You add {given.constant} to all four weights at k = {given.k} "
        f"and take {given.constant} from the bias. Which of the four maps of a sequence (saliency, "
        "centred saliency, gradient × input, mutagenesis) are the same before and after?"
    ),
    options=(
        Option("Centred saliency and mutagenesis."),
        Option(
            "All four: no prediction has changed, so no explanation of it can.",
            "No prediction has changed, true. But a slope also says what would happen if the four "
            "entries of a position summed to 1.1, which no sequence can do. Do all four maps leave "
            "that direction out?",
        ),
        Option(
            "Saliency and gradient × input, as both are computed exactly.",
            "The computation is exact, and its result is a multiple of the weights under the "
            "winning window. Have those stayed the same at this k?",
        ),
        Option(
            "Gradient × input and mutagenesis, as both look only at real bases.",
            "Of mutagenesis that is true. Gradient × input takes the slope of the base that stands "
            "there: write that slope down before and after the constant was added.",
        ),
        Option(
            "Only mutagenesis; everything made from a gradient changes.",
            "The gradient changes, by the same amount for all four bases of a position. One of the "
            "maps takes away exactly what is common to the four.",
        ),
    ),
    hints=(
        r"The slopes in the winning window are $\hat y (1 - \hat y)\,W_{k,c}$. What does the "
        "constant do to the four slopes of one position?",
        "Mutagenesis asks the network about real sequences only. Has any answer changed?",
    ),
    solution=lambda given: (
        f"**{UNCHANGED.right(given)}**: centred saliency and mutagenesis. Every window has exactly "
        "one base at each position, so every score gains the constant and loses it in the bias: no "
        "prediction changes, and mutagenesis, made of predictions, neither. The gradient at that "
        rf"position grows by $\hat y (1 - \hat y) \cdot {given.constant}$ for all four bases, and "
        "gradient × input with it. Centring subtracts the mean over the four, and the constant is "
        "gone. So compare only differences within a position."
    ),
)

SET = ExerciseSet(
    "attributing",
    "A prediction traced to its bases",
    3297909,
    (SLOPE, EXCHANGE, UNCHANGED, SALIENCY_MAP, RUNNER_UP, REDUNDANT),
)
