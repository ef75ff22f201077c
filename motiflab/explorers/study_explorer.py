"""Explore how the error of a trained filter falls with the number of sequences."""

from __future__ import annotations

import numpy as np

from motiflab.checks import ArgumentError
from motiflab.explorers.theorem_explorer import DATA, LENGTH, motif_of
from motiflab.figures import study_chart, written
from motiflab.networks.recovery import Recovered, learning_curve
from motiflab.widgets import (
    BackgroundExplorer,
    CardResult,
    CardState,
    Chart,
    Report,
    choice,
    slider,
)

STARTS = 8
"""Random starts for each data set; the one with the lowest training loss is continued."""


class StudyState(CardState):
    """What a learner can choose: the sizes and how often to repeat."""

    data: str = choice("aligned", "Data", DATA)
    smallest: int = choice(1000, "Fewest sequences", [500, 1000, 2000, 4000])
    largest: int = choice(8000, "Most sequences", [2000, 4000, 8000, 16000])
    repeats: int = slider(3, "Data sets of each size", 1, 5, patient=True)
    seed: int = slider(1, "Seed", 1, 50, patient=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.smallest >= self.largest:
            raise ArgumentError(
                "smallest",
                f"Fewest sequences must be below the most, {self.largest:,}, not "
                f"{self.smallest:,}, or there is no line to fit.",
            )


class StudyResult(CardResult):
    """The distances, and the line through their means.

    Attributes
    ----------
    sizes : list of int
        Each is twice the one before.
    kls : ndarray, shape (sizes, repeats)
        In bits per position.
    slope, intercept : float
        Regression of the logarithm of the mean KL on the logarithm of the size.
    missed : int
        Data sets in which every start ended shifted.
    """

    sizes: list[int]
    kls: np.ndarray
    slope: float
    intercept: float
    missed: int


def compute(state: StudyState, report: Report | None = None) -> StudyResult:
    """Fit a filter to every data set; `report` as for `recovery.learning_curve`."""
    scan = state.data == "scan"
    motif = motif_of("MA0004.1" if scan else "CRP")
    length = LENGTH if scan else motif.width
    sizes = [n for n in (500 * 2**i for i in range(6)) if state.smallest <= n <= state.largest]
    found: list[list[Recovered]] = []

    def watch(done: int, total: int) -> None:
        if report:
            report(len(found) * total + done, state.repeats * total)

    for repeat in range(state.repeats):
        # Seeds a hundred apart, so that two values of the control share no data set.
        found.append(learning_curve(motif, sizes, length, STARTS, 100 * state.seed + repeat, watch))
    # A row for each size, a column for each data set.
    kls = np.array([[one.kl for one in curve] for curve in found]).T
    # A power law is a straight line between logarithms, and its exponent is the slope.
    slope, intercept = np.polyfit(np.log(sizes), np.log(kls.mean(axis=1)), 1)
    # Only the smallest size has random starts; the larger ones continue from its best fit.
    missed = sum(curve[0].shift != 0 for curve in found)
    return StudyResult(state, sizes, kls, float(slope), float(intercept), missed)


def draw(result: StudyResult, uid: str) -> dict[str, Chart]:
    """Draw distance against size, both as logarithms."""
    means = ", ".join(f"{kl:.4f} at {n:,}" for n, kl in zip(result.sizes, result.kls.mean(axis=1)))
    chart = study_chart(
        result.sizes, result.kls, (result.slope, result.intercept), limits=(500, 16000)
    )
    words = f"Mean KL in bits per position: {means}; slope {result.slope:.2f}."
    return {"study": Chart(chart, words)}


def describe(result: StudyResult) -> str:
    """Say how fast the error falls."""
    # Means over the data sets of a size, from the smallest size to the largest.
    first, *_, last = result.kls.mean(axis=1)
    missed = ""
    if result.missed:
        missed = (
            f" In {result.missed} of the data sets all {STARTS} starts found only a shifted motif: "
            "choose another seed."
        )
    return (
        "<p>Slope of log KL against log n, fitted to all sizes: "
        f"<b>{written(result.slope, 2)}</b>; the law 1/n gives {written(-1, 0)}.</p>"
        f"<p>{result.sizes[-1] / result.sizes[0]:.0f} times the sequences "
        f"make the distance {first / last:.1f} times smaller: {first:.4f} becomes {last:.4f} bits "
        f"per position.{missed}</p>"
    )


class StudyExplorer(BackgroundExplorer):
    """Measure how the error falls with the number of sequences.

    Examples
    --------
    >>> -1.4 < StudyExplorer(repeats=5).result.slope < -0.7
    True
    """

    State = StudyState
    title = "How fast does the error fall?"
    goal = "find out how many times as many sequences halve the distance to the true motif."
    part = "fit"
    work, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
