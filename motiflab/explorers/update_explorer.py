"""Explore how a filter becomes a motif, one update of gradient descent at a time."""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np

from motiflab.datasets import Arrangement, Dataset, sources
from motiflab.figures import (
    MarkedSite,
    Series,
    Track,
    activation_tracks_svg,
    addition_html,
    axis,
    centred_html,
    change_html,
    fitted,
    likeness_html,
    minus,
    round_up,
    written,
)
from motiflab.motifs import Alignment, Motif, jaspar, motif_from_weights, similarity
from motiflab.networks.one_layer import (
    Descent,
    ForwardPass,
    Gradient,
    descend_many,
    forward,
    gradient,
    pre_activations,
    random_one_layer,
)
from motiflab.widgets import (
    CardResult,
    CardState,
    Chart,
    Explorer,
    Player,
    Tool,
    choice,
    curves,
    slider,
    toggle,
)

UPDATES, EVERY, MEAN_OF = 2000, 20, 50


class UpdateState(CardState):
    """What a learner can choose: the data, the network, and the shown update."""

    source: str = choice(
        "ctcf", "Sequences", [("CTCF peaks (real)", "ctcf"), ("GATA2, planted", "planted")]
    )
    shuffled: bool = toggle(False, "Shuffle the labels")
    activation: str = choice(
        "none", "Activation after the filter", [("none", "none"), ("ReLU", "relu")]
    )
    rate: float = slider(0.1, "Learning rate η", 0.01, 0.3, 0.01, patient=True)
    seed: int = slider(0, "Seed of the start", 0, 19, patient=True)
    update: int = slider(1, "Update", 1, UPDATES, help="Each uses one sequence")


class Lesson(NamedTuple):
    """Sequences to learn from, one-hot (N, L, 4), the motif in them, and the filter's width."""

    data: Dataset
    x: np.ndarray
    motif: Motif
    width: int


class Training(NamedTuple):
    """All updates, the labels, the similarity to the motif at every 20th update, and two limits.

    `limit` is the end of the colours of the weights, and `highest` that of the axis of the centred
    weights; both hold for all updates.
    """

    course: Descent
    labels: np.ndarray
    similarity: np.ndarray
    limit: float
    highest: float


class UpdateResult(CardResult):
    """One update.

    Attributes
    ----------
    lesson : Lesson
    training : Training
    sequence : int
        Index of the sequence that was used.
    label : int
        Its label in this training, 0 or 1.
    scores : ndarray, shape (M,)
        Pre-activations of its windows, the higher of both strands.
    reading : ForwardPass
        Its forward pass.
    slope : Gradient
    before, after : ndarray, shape (K, 4)
        ``W`` before and after the update.
    alignment : Alignment
        Of the filter after the update with the motif.
    """

    lesson: Lesson
    training: Training
    sequence: int
    label: int
    scores: np.ndarray
    reading: ForwardPass
    slope: Gradient
    before: np.ndarray
    after: np.ndarray
    alignment: Alignment


@functools.cache
def lesson(source: str) -> Lesson:
    """Load the sequences: 500 CTCF peaks and their shuffles, or 1,000 with GATA2 in half."""
    if source == "ctcf":
        data, motif, width = sources.ctcf(), jaspar.load("CTCF"), 19
    else:
        motif, width = jaspar.load("GATA2"), 11
        data = sources.planted(Arrangement((motif,)), n=1000, length=100)
    # One copy in the layout of the network, as every update uses it.
    return Lesson(data, np.ascontiguousarray(data.x.transpose(0, 2, 1), dtype=float), motif, width)


@functools.lru_cache(maxsize=16)
def training(source: str, shuffled: bool, relu: bool, rate: float, seed: int) -> Training:
    """Train one filter from small random weights, which contain nothing of the motif."""
    taught = lesson(source)
    labels = taught.data.labels
    if shuffled:
        labels = np.random.default_rng([seed, 1]).permutation(labels)
    # Labels, start and order of the sequences have separate seeds, so that one can change alone.
    start = random_one_layer(1, taught.width, seed, relu)
    run = descend_many(start, taught.x, labels, rate, UPDATES, [seed, 2])
    alike = [likeness(w, taught.motif).similarity for w in run.weights[::EVERY, 0]]
    weights = run.weights[:, 0]
    centred = weights - weights.mean(axis=2, keepdims=True)
    # Each column of a centred filter sums to 0: half of its size is positive, half negative.
    highest = np.ceil(np.abs(centred).sum(axis=2).max()) / 2
    limit = round_up(float(np.abs(weights).max()))
    return Training(run, labels, np.array(alike), limit, float(highest))


def likeness(weights: np.ndarray, motif: Motif) -> Alignment:
    """Compare the motif with the softmax of a filter, at their best alignment."""
    return similarity(motif_from_weights(weights), motif)


def compute(state: UpdateState) -> UpdateResult:
    """Look up the network before the update, and compute the update."""
    taught = lesson(state.source)
    ran = training(state.source, state.shuffled, state.activation == "relu", state.rate, state.seed)
    i = int(ran.course.order[state.update - 1])
    label = int(ran.labels[i])
    before, after = (ran.course.network(t) for t in (state.update - 1, state.update))
    reading = forward(before, taught.x[i])
    return UpdateResult(
        state,
        taught,
        ran,
        i,
        label,
        pre_activations(before, taught.x[i])[0].max(axis=0),
        reading,
        gradient(before, reading, label),
        before.weights[0],
        after.weights[0],
        likeness(after.weights[0], taught.motif),
    )


def draw(result: UpdateResult, uid: str) -> dict[str, str | Chart]:
    """Draw the sequence, the addition of matrices, the logos, and the training so far."""
    taught, u = result.lesson, result.state.update
    data, i = taught.data, result.sequence
    sites = tuple(
        MarkedSite(taught.motif.name, site.start, site.end, site.strand)
        for site in data.sites
        if site.sequence == i
    )
    track = Track(
        data.names[i],
        result.label,
        result.reading.probability,
        int(data.lengths[i]),
        result.scores,
        sites,
    )
    limit = result.training.limit
    window = result.reading.window[0]
    return {
        "logos": likeness_html(result.after, taught.motif, result.alignment, u, f"{uid}l"),
        **_course_charts(result),
        "change": change_html(result.after, window, u, limit, f"{uid}c"),
        "scan": fitted(
            functools.partial(
                activation_tracks_svg, [track], taught.width, filter_name="the filter"
            ),
            uid,
        ),
        "sum": addition_html(result.before, result.after, window, u, limit, f"{uid}w"),
        "centred": centred_html(result.after, u, result.training.highest, f"{uid}s"),
    }


def describe(result: UpdateResult) -> str:
    """Write the gradient of this update, and its effect."""
    reading, state, width = result.reading, result.state, len(result.before)
    p, y = reading.probability, result.label
    # The winning window gets the same gradient at each of its bases as the bias.
    slope = float(result.slope.bias[0])
    gate = f" · [{written(reading.score[0], 2)} &gt; 0]" if state.activation == "relu" else ""
    added = minus(f"{0 - state.rate * slope:+.4f}")
    words = (
        f"The {width} weights of the bases in this window change by {added}; the other "
        f"{3 * width} stay."
    )
    if not slope:
        # A filter that is silent everywhere does not change any more: the last change shows when
        # it died.
        moved = np.flatnonzero(np.diff(result.training.course.weights, axis=0).any(axis=(1, 2, 3)))
        last = (
            f"The last update of this training that moves it is update {moved[-1] + 1}."
            if len(moved)
            else "No update of this training moves it."
        )
        words = (
            "Its best score is not above 0, so ReLU outputs 0 and no weight of the filter moves. "
            + last
        )
    shuffled = (
        " The labels are shuffled: they say nothing about the motif." if state.shuffled else ""
    )
    strand = "" if reading.strand[0] == "+" else ", read on the other strand"
    return (
        f"<p>−η·∂L/∂W in the winning window = −η·(ŷ − y)·v{' · [y > 0]' if gate else ''} = "
        f"−{state.rate:g} · ({p:.4f} − {y}) · 1{gate} = <b>{added}</b> each.</p>"
        f"<p>Update {state.update}: the filter scores highest on the {width} bases "
        f"from {reading.start[0]} on{strand}. {words} Similarity to {result.lesson.motif.name}: "
        f"<b>{result.alignment.similarity:.2f}</b>.{shuffled}</p>"
    )


def _course_charts(result: UpdateResult) -> dict[str, Chart]:
    u, now = result.state.update, result.alignment.similarity
    # Later updates are not shown: the learner should find them.
    at = np.arange(0, u + 1, EVERY)
    alike = [*result.training.similarity[: len(at)], now]
    # The mean of the last 50 losses at every update, as a difference of two sums from the start.
    sums = np.concatenate([[0.0], np.cumsum(result.training.course.losses[:u])])
    last = np.arange(1, u + 1)
    means = (sums[last] - sums[np.maximum(last - MEAN_OF, 0)]) / np.minimum(last, MEAN_OF)
    x_axis = axis("update", (0, UPDATES), dtick=500)
    return {
        "similarity": curves(
            [Series(f"similarity {now:.2f}", [*at, u], alike, now)],
            f"Similarity to {result.lesson.motif.name}",
            x_axis,
            axis("similarity", (-0.2, 1.02)),
            place=f"update {u}",
            now=u,
            drag="update",
            height=146,
        ),
        "loss": curves(
            [Series(f"mean {means[-1]:.2f}", last, means, float(means[-1]))],
            f"Loss, mean of the last {MEAN_OF} updates",
            x_axis,
            axis("loss (nats)", (0, 2.5), dtick=1),
            place=f"update {u}",
            now=u,
            drag="update",
            height=146,
        ),
    }


class UpdateExplorer(Explorer):
    """Step through the updates that turn one filter into a motif.

    Examples
    --------
    >>> explorer = UpdateExplorer(update=2000)
    >>> bool(explorer.result.alignment.similarity > 0.9)
    True
    """

    State = UpdateState
    title = "Why does a filter become a motif?"
    goal = (
        "find the update after which the logo stays CTCF, then choose ReLU and find a seed for "
        "which the filter dies."
    )
    rows = (("similarity", "loss"),)
    numbers = ("sum", "centred")
    tools = ("play", *Explorer.tools)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)

    def toolbar(self) -> list[Tool]:
        """Return a button that plays every update, and one that shows every 20th."""
        return [
            Tool(
                "play",
                Player(self, "update", seconds=0.5),
                Player(self, "update", "Play fast", seconds=0.1, by=EVERY),
            )
        ]
