"""Explore what a network that predicts profiles learns from the reads of two proteins.

In this order: the data and the network, the state, what is computed from it, what is drawn and said
of that, and the card, which trains when a button is pressed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np

from motiflab import networks
from motiflab.datasets import Footprints, footprints, occupancies, proteins, read_rates, scattered
from motiflab.datasets.dataset import Dataset
from motiflab.evaluation import jensen_shannon
from motiflab.figures import (
    Series,
    axis,
    bars,
    brief,
    curves_chart,
    curves_text,
    figure,
    key,
    line,
    percent,
    upright,
)
from motiflab.figures.chart_parts import GREY
from motiflab.figures.style import ACCENT, DIVERGING, SEQUENTIAL
from motiflab.networks import ModelSettings, TrainSettings, one_thread
from motiflab.sequences import written_out
from motiflab.widgets import (
    CardResult,
    CardState,
    Chart,
    MomentsExplorer,
    choice,
    slider,
    toggle,
)

LENGTH, PLACE, NEAREST, FARTHEST = 100, 30, 12, 45
"""Bases of a sequence, middle of B's motif, and the least and most bases from there to A's."""

SEQUENCES, EPOCHS, BATCH, SECONDS = 4000, 5, 16, 40
"""What a training reads, how often, how many in a step, and its time in seconds on one core."""

MOMENTS = 10
"""How many parts of a training are shown, beside its start."""


def profile_settings() -> ModelSettings:
    """Return the network of the card: two layers whose maps are as long as the sequence."""
    return ModelSettings(
        filters=12,
        width=11,
        padding=5,
        layers=2,
        activation="exponential",
        second_filters=8,
        second_width=61,
        second_padding=30,
        batch_norm=True,
        head="profile",
    )


def training_settings(seed: int) -> TrainSettings:
    """Return how it is trained."""
    return TrainSettings(learning_rate=0.02, batch=BATCH, epochs=EPOCHS, seed=seed)


@cache
def judging_data() -> Footprints:
    """Return the sequences on which the card judges a network."""
    return footprints(200, LENGTH, seed=1001)


def last_step() -> int:
    """Return how many steps a training takes."""
    return EPOCHS * networks.steps_per_epoch(SEQUENCES, BATCH)


class Moment(NamedTuple):
    """A moment of a training: its steps, its weights, and how far its profiles are off.

    `off` is the mean Jensen-Shannon divergence from the reads of the test, in bits.
    """

    step: int
    weights: dict[str, np.ndarray]
    off: float


def moments_of(kept: bool) -> Iterator[Moment]:
    """Train a network, moment by moment, on reads with or without their footprints."""
    data, test = footprints(SEQUENCES, LENGTH, seed=1).data, _test(kept)
    settings = training_settings(seed=1)
    network = networks.untrained(profile_settings(), LENGTH, seed=1)
    every = last_step() // MOMENTS
    for record in networks.train(network, data if kept else scattered(data), settings, every=every):
        predicted = networks.predictions(network, test) + 1e-9
        off = float(jensen_shannon(test.labels, predicted).mean())
        yield Moment(record.step, record.weights, off)


@cache
def _test(kept: bool) -> Dataset:
    return judging_data().data if kept else scattered(judging_data().data)


@cache
def best(kept: bool) -> float:
    """Mean divergence of the test reads from the true rates: no prediction can do much better."""
    test = _test(kept)
    truth = judging_data().rates if kept else np.ones_like(judging_data().rates)
    return float(jensen_shannon(test.labels, truth).mean())


class ProfileState(CardState):
    """What a learner can choose: the sites of a sequence, its reads, and a moment."""

    meant_before = (
        "An earlier motiflab made this. There B helped A over a shorter distance and left one "
        "broader hill, the seed was 1 where the scene gives none, and the network was smaller.",
    )

    a: bool = toggle(True, "Motif of A", group="The sequence")
    b: bool = toggle(True, "Motif of B", group="The sequence")
    distance: int = slider(
        20, "From B to A", NEAREST, FARTHEST, group="The sequence", help="Between their middles"
    )
    turned: bool = toggle(False, "A on the − strand", group="The sequence")
    background: int = slider(
        8,
        "Seed",
        1,
        50,
        group="The sequence",
        help="Of the other bases and of the reads",
        rare=True,
    )
    depth: float = choice(
        1.0, "Reads", [("a quarter", 0.25), ("as trained", 1.0), ("ten times", 10.0)],
        group="The experiment",
    )  # fmt: skip
    kept: bool = toggle(
        True, "Footprints", group="The experiment", help="Off: every read falls anywhere"
    )
    truth: bool = toggle(False, "Show the true rate", group="What is drawn")
    moment: int = slider(
        MOMENTS, "Moment", 0, MOMENTS, group="What is drawn", help="Tenths of the training"
    )

    def idle(self) -> tuple[str, ...]:
        """Hide what means nothing without both motifs."""
        return () if self.a and self.b else ("distance",) if self.a else ("distance", "turned")


class ProfileResult(CardResult):
    """Reads of one sequence, what the network expects, and the course of the training.

    Attributes
    ----------
    text : str
        The sequence.
    rates : ndarray, shape (L,)
        The true expected reads.
    reads : ndarray of int, shape (L,)
    bound : dict of str to float
        Share of the cells in which each protein is bound at its motif.
    predicted : ndarray, shape (L,), or None
        The reads that the network expects; None before a training.
    course : list of (int, float)
        Steps, and the mean divergence on the test.
    """

    text: str
    rates: np.ndarray
    reads: np.ndarray
    bound: dict[str, float]
    predicted: np.ndarray | None
    course: list[tuple[int, float]]


def middles(state: ProfileState) -> dict[str, int]:
    """Middle of each motif that the sequence holds."""
    held = {"B": PLACE} if state.b else {}
    return held | ({"A": PLACE + state.distance} if state.a else {})


def sequence_of(state: ProfileState) -> str:
    """Write the sequence: random bases, and the consensus of each motif."""
    letters = np.random.default_rng(state.background).integers(0, 4, (1, LENGTH))
    for name, middle in middles(state).items():
        word = np.array(["ACGT".index(base) for base in proteins()[name].motif.consensus()])
        wide, minus = len(word), name == "A" and state.turned
        start = middle - (wide - 1 - wide // 2 if minus else wide // 2)
        letters[0, start : start + wide] = 3 - word[::-1] if minus else word
    return written_out(letters)[0]


def observe(state: ProfileState, moments: list[Moment] = ()) -> ProfileResult:
    """Draw the reads of the sequence, and predict them at a moment of a training."""
    text = sequence_of(state)
    bound = occupancies([text])
    rates = read_rates(bound)[0] * state.depth
    rng = np.random.default_rng([state.background, 1])
    reads = rng.poisson(rates)
    if not state.kept:
        rates = np.full(LENGTH, rates.mean())
        reads = rng.multinomial(reads.sum(), rates / rates.sum())
    predicted = None
    if moments:
        network = networks.untrained(profile_settings(), LENGTH)
        network.load_state_dict(moments[min(state.moment, len(moments) - 1)].weights)
        with one_thread():
            one = Dataset.of([text], np.zeros((1, LENGTH)), [""])
            predicted = networks.predictions(network, one)[0] * state.depth
    held = {name: float(bound[name][0, :, i].max()) for name, i in middles(state).items()}
    course = [(moment.step, moment.off) for moment in moments]
    return ProfileResult(state, text, rates, reads, held, predicted, course)


def draw(result: ProfileResult, uid: str) -> dict[str, Chart]:
    """Draw the reads with the prediction, and the course of the training."""
    return {"reads": _reads(result), "course": _course(result)}


def _reads(result: ProfileResult) -> Chart:
    state, x = result.state, list(range(LENGTH))
    predicted = [] if result.predicted is None else result.predicted
    traces = [
        bars(x, result.reads, f"reads: {result.reads.sum():,}", GREY, width=1, opacity=0.6),
        line(x, result.rates if state.truth else [], "true rate", DIVERGING[0], dash="dot"),
        line(x, predicted, f"predicted: {np.sum(predicted):,.0f}", SEQUENTIAL),
    ]
    held = middles(state)
    top = 175 * state.depth
    marks = [upright(place, ACCENT, dash="dot") for place in held.values()]
    words = [
        {"x": place, "y": 1, "yref": "paper", "yanchor": "top", "text": f" {name}",
         "xanchor": "left", "showarrow": False, "font": {"color": ACCENT}}
        for name, place in held.items()
    ]  # fmt: skip
    title = "Reads at each position"
    chart = figure(
        traces,
        title,
        [key(each) for each in traces if len(each["y"])],
        axis("position in the sequence (bases, from 0)", (-0.5, LENGTH - 0.5)),
        axis("reads", (0, top)),
        "%{x}: %{y:.1f}",
        height=270,
        drag="distance" if state.a and state.b else "",
        along=([PLACE + NEAREST, PLACE + FARTHEST], [NEAREST, FARTHEST]),
        shapes=marks,
        annotations=words,
    )
    places = ", ".join(f"{name} at {place}" for name, place in held.items()) or "none"
    said = f"{title}: {result.reads.sum()} reads, most at {int(result.reads.argmax())}. "
    said += f"Motifs: {places}. "
    if result.predicted is None:
        said += "No network is trained."
    else:
        said += f"Predicted: {np.sum(predicted):.0f} reads, most at {int(np.argmax(predicted))}."
    return Chart(chart, said)


def _course(result: ProfileResult) -> Chart:
    last = last_step()
    taken, offs = [list(each) for each in zip(*result.course)] or [[], []]
    at = min(result.state.moment, len(taken) - 1)
    least = best(result.state.kept) if taken else 0.0  # makes the test data
    series = [
        Series(f"network {offs[at]:.3f}" if taken else "network, not trained", taken, offs,
               offs[at] if taken else None),
        Series(f"true rate {least:.3f}" if taken else "true rate", [0, last] if taken else [],
               [least, least] if taken else []),
    ]  # fmt: skip
    title = "Distance from the reads of 200 test sequences"
    x, y = axis("steps of the training", (0, last)), axis("JS, bits", (0, 0.45))
    now = taken[at] if taken else None
    chart = curves_chart(series, title, x, y, now, height=200)
    return Chart(chart, curves_text(series, title, f"step {now}" if taken else "the start"))


def describe(result: ProfileResult) -> str:
    """Say which proteins are bound, and how far the prediction is off."""
    state = result.state
    said = [
        f"{name} is bound in <b>{percent(share)}</b> of the cells"
        for name, share in result.bound.items()
    ]
    sites = f"<p>{' and '.join(said) or 'No motif stands in this sequence'}. "
    if not state.kept:
        sites += "But every read has been moved to a random position. "
    if result.predicted is None:
        return f"{sites}There is no network yet: press Train (about {SECONDS} s on one core).</p>"
    flat = float(jensen_shannon(result.reads, np.ones(LENGTH)))
    off = float(jensen_shannon(result.reads, result.predicted + 1e-9))
    least = float(jensen_shannon(result.reads, result.rates))
    return (
        f"{sites}The network expects {result.predicted.sum():.0f} reads; there are "
        f"{result.reads.sum()}.</p><p>Jensen-Shannon divergence between these reads and: the "
        f"prediction <b>{brief(off)}</b> bits, the true rate {brief(least)}, a flat profile "
        f"{brief(flat)}.</p>"
    )


class ProfileExplorer(MomentsExplorer):
    """Train a network on reads at each position, and ask what it expects of a sequence.

    A new card loads no torch. There are two networks, for reads with and without footprints, and
    each is trained on its own.

    Examples
    --------
    >>> near, far = (ProfileExplorer(distance=d).result.bound["A"] for d in (12, 45))
    >>> near > 0.9, far < 0.2
    (True, True)
    """

    State = ProfileState
    title = "Who made these reads?"
    goal = "find the distance at which A loses its footprint, first in the reads, then predicted."
    trained, last = ("kept",), MOMENTS
    parts, seconds = "parts", SECONDS / MOMENTS
    draw, describe = staticmethod(draw), staticmethod(describe)

    def compute(self, state: ProfileState) -> ProfileResult:
        """Draw the reads, and predict them if a network is trained."""
        return observe(state, self.moments(state))

    def begin(self, kept: bool) -> Iterator[Moment]:
        """Begin the training on reads with or without their footprints."""
        return moments_of(kept)

    def redraw(self) -> None:
        """Show the result, and what is still to train."""
        super().redraw()
        if not self.moments(self.state):
            self.put_away([*self.state.idle(), "moment"])
