"""Explore what one filter learns in other alphabets, and what its negatives have to do with it.

In this order: the sequences and the network, the state, what is computed and drawn, and the card,
which trains when a button is pressed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from html import escape
from typing import NamedTuple

import numpy as np

from motiflab import networks
from motiflab.datasets import (
    Dataset,
    Trial,
    add_negatives,
    domains,
    passages,
    related,
    signal,
    splice_junctions,
)
from motiflab.datasets.other_alphabets import VOLTAGES
from motiflab.evaluation import roc
from motiflab.figures import Series, axis, brief, captioned, fitted, heatmap_svg, logo_svg
from motiflab.interpretation import FilterMotif, best_windows, filter_motifs
from motiflab.motifs import Motif, slopes
from motiflab.networks import ModelSettings, TrainSettings, one_thread
from motiflab.sequences import ENGLISH, LEVELS, PROTEIN, RNA, Alphabet
from motiflab.widgets import (
    CardResult,
    CardState,
    Chart,
    MomentsExplorer,
    choice,
    curves,
    slider,
    toggle,
)

PASSES, FILTERS, COLOUR, SEED = 8, 8, 0.7, 1
"""Passes through the data, filters of a network, colour of the noise of the signal, and seed."""


class Alphabetical(NamedTuple):
    """What is learned in one alphabet.

    `make` returns the positives. `width` is that of the filters, and `stretch` the number of
    letters in a row that only relatives have in common.
    """

    label: str
    alphabet: Alphabet
    make: Callable[[], Dataset]
    width: int
    stretch: int
    unit: str


ALPHABETS = {
    "rna": Alphabetical("RNA: splice sites", RNA, splice_junctions, 12, 12, "base"),
    "protein": Alphabetical("Protein: WW domains", PROTEIN, domains, 30, 10, "amino acid"),
    "signal": Alphabetical("Signal: spikes", LEVELS, partial(signal, COLOUR), 14, 30, "sample"),
    "text": Alphabetical("Text: English", ENGLISH, passages, 8, 20, "letter"),
}
"""The alphabets that the card offers."""

NEGATIVES = {
    "composition": "random letters, as frequent as in all positives",
    "dinucleotide": "shuffles of the positives that keep every pair of neighbouring letters",
}
SHORT = {"composition": "random letters", "dinucleotide": "shuffles that keep pairs"}
"""The kinds of negatives of `motiflab.datasets.add_negatives` that the card offers."""


def settings_of(alphabet: str) -> ModelSettings:
    """Return the network for an alphabet: one layer, which reads one strand."""
    return ModelSettings(filters=FILTERS, width=ALPHABETS[alphabet].width, both_strands=False)


@lru_cache(maxsize=8)
def alphabet_trial(alphabet: str, negatives: str, seed: int = SEED) -> Trial:
    """Return training data, and a test against each kind of negatives.

    Relatives among the positives stay on one side. All negatives are made after the split.
    """
    taught = ALPHABETS[alphabet]
    data = add_negatives(taught.make(seed=seed), "composition", seed=seed)
    together = related(data.sequences, taught.stretch, taught.alphabet)
    train, test = data.split(0.3, seed, together)
    # Another seed, so that no random sequence of the training is in a test.
    tests = {kind: add_negatives(test, kind, seed=seed + 1) for kind in NEGATIVES}
    return Trial(add_negatives(train, negatives, seed=seed), tests)


@dataclass(frozen=True, eq=False)
class Pass:
    """A moment of a training: its weights, and the AUROC on each test."""

    weights: dict[str, np.ndarray]
    areas: dict[str, float]


def passes_of(alphabet: str, negatives: str, shuffled: bool, seed: int = SEED) -> Iterator[Pass]:
    """Train a network, one moment after each pass; the first is that of the random start."""
    train, tests = alphabet_trial(alphabet, negatives, seed)
    if shuffled:
        labels = np.random.default_rng([seed, 1]).permutation(train.labels)
        train = replace(train, labels=labels)
    network = _empty(alphabet, train, seed)
    for record in networks.train(network, train, TrainSettings(epochs=PASSES, seed=seed)):
        areas = {
            kind: roc(test.labels, networks.logits(network, test)).area
            for kind, test in tests.items()
        }
        yield Pass(record.weights, areas)


def _empty(alphabet: str, data: Dataset, seed: int = SEED) -> networks.OneLayerNetwork:
    return networks.untrained(settings_of(alphabet), data.x.shape[2], seed, data.alphabet)


class AlphabetsState(CardState):
    """What a learner can choose: the alphabet, the control, and what is looked at."""

    alphabet: str = choice(
        "protein", "Alphabet", [(one.label, name) for name, one in ALPHABETS.items()], lead=True
    )
    negatives: str = choice(
        "composition",
        "Negatives",
        [(words, kind) for kind, words in SHORT.items()],
        help="Random letters are as frequent as in the positives",
    )
    shuffled: bool = toggle(False, "Shuffle the labels", help="Then nothing can be learned")
    rank: int = slider(1, "Filter, by strength", 1, FILTERS, help="1 is the strongest")
    moment: int = slider(PASSES, "Passes through the data", 0, PASSES, help="Of the training")


class ReadFilter(NamedTuple):
    """A filter at a moment: weights (K, A), windows as a motif, AUROC alone, and best windows."""

    weights: np.ndarray
    motif: Motif
    strength: float
    windows: list[str]


class AlphabetsResult(CardResult):
    """The course of the training, and the filter that is looked at.

    Attributes
    ----------
    areas : dict of str to list of float
        AUROC on held-out sequences against each kind of negatives, at each moment.
    read : ReadFilter or None
        None before a training.
    """

    areas: dict[str, list[float]]
    read: ReadFilter | None


@lru_cache(maxsize=32)
def _filters(alphabet: str, negatives: str, moment: Pass) -> tuple[list[FilterMotif], list]:
    """All filters as motifs, and of each its best window in every positive of the test."""
    train, tests = alphabet_trial(alphabet, negatives)
    network = _empty(alphabet, train)
    network.load_state_dict(moment.weights)
    test, wide = tests[negatives], ALPHABETS[alphabet].width
    positives = test.subset(test.labels == 1)
    starts = best_windows(network, positives).start
    windows = [
        [text[start : start + wide] for text, start in zip(positives.sequences, column)]
        for column in starts.T
    ]
    return filter_motifs(network, train), windows


def read_filter(state: AlphabetsState, moments: list[Pass]) -> AlphabetsResult:
    """Read a filter at a moment of a training."""
    read = None
    if moments:
        names, at = (state.alphabet, state.negatives), min(state.moment, len(moments) - 1)
        with one_thread():
            last, (found, windows) = (_filters(*names, moments[i]) for i in (-1, at))
        # The filter that is strongest in the end is followed from the start.
        f = sorted(last[0], key=lambda one: -one.strength)[state.rank - 1].index
        weights = moments[at].weights["conv.weight"][f].T
        read = ReadFilter(weights, found[f].motif, found[f].strength, windows[f])
    areas = {kind: [moment.areas[kind] for moment in moments] for kind in NEGATIVES}
    return AlphabetsResult(state, areas, read)


def draw(result: AlphabetsResult, uid: str) -> dict[str, str | Chart]:
    """Draw the filter, and the course of the training."""
    return {"filter": _picture(result, f"{uid}f"), "course": _course(result)}


def _picture(result: AlphabetsResult, uid: str) -> str:
    """The windows of the filter as a logo; of a signal, its weights as a map."""
    taught, read = ALPHABETS[result.state.alphabet], result.read
    shown = "the windows on which it scores highest, in bits"
    if taught.alphabet == LEVELS:
        shown = "weight of each level at each sample, minus the mean of the sample"
    title = f"Filter {result.state.rank} after {_place(result)}: {shown}"
    if read is None:
        title = "No network is trained yet"
    if taught.alphabet == LEVELS:
        weights = np.zeros((taught.width, LEVELS.size)) if read is None else read.weights
        draw = partial(
            heatmap_svg,
            (weights - weights.mean(axis=1, keepdims=True)).T[::-1],
            LEVELS.letters[::-1],
            list(map(str, range(taught.width))),
            title,
            _in_words(result),
            digits=-1,
            cell=(34, 17),
        )
    else:
        shape = taught.width, taught.alphabet.size
        motif = Motif("", np.ones(shape), alphabet=taught.alphabet) if read is None else read.motif
        draw = partial(
            logo_svg, motif, title=title, description=_in_words(result), height=175, first=0,
            column=22 if taught.width < 20 else 18,
        )  # fmt: skip
    return captioned(f"<b>{escape(title)}</b>", fitted(draw, uid))


def _course(result: AlphabetsResult) -> Chart:
    at = _at(result)
    series = []
    for kind, words in SHORT.items():
        areas = result.areas[kind]
        here = areas[at] if areas else None
        name = f"{words}{'' if here is None else f' {here:.3f}'}"
        series.append(Series(name, list(range(len(areas))), areas, here))
    return curves(
        [*series, Series("chance 0.5", [0, PASSES], [0.5, 0.5])],
        "AUROC of held-out positives against:",
        axis("passes through the data", (0, PASSES)),
        axis("AUROC", (0.35, 1.01)),
        place=_place(result),
        now=at,
        height=170,
        drag="moment" if result.read else "",
    )


def _at(result: AlphabetsResult) -> int:
    return min(result.state.moment, max(0, len(result.areas["composition"]) - 1))


def _place(result: AlphabetsResult) -> str:
    at = _at(result)
    return f"{at} pass" + "es" * (at != 1)


def _in_words(result: AlphabetsResult) -> str:
    """What the filter reads, for a screen reader."""
    taught, read = ALPHABETS[result.state.alphabet], result.read
    if read is None:
        return "Nothing is learned yet."
    if taught.alphabet != LEVELS:
        return f"Most frequent letters: {read.motif.consensus()}."
    course = ", ".join(brief(number, 2) for number in slopes(read.weights, VOLTAGES))
    return f"Slope of the weights along the levels, sample by sample: {course}."


def describe(result: AlphabetsResult) -> str:
    """Say what the filter reads, and how well the network does."""
    state, read, taught = result.state, result.read, ALPHABETS[result.state.alphabet]
    size, wide = taught.alphabet.size, taught.width
    head = (
        f"<p>{size} letters, so a filter over {wide} {taught.unit}s has {wide} × {size} = "
        f"{wide * size} weights. Negatives: {NEGATIVES[state.negatives]}."
    )
    if state.shuffled:
        head += " The labels are shuffled: they say nothing about the sequences."
    if read is None:
        return f"{head}</p><p>There is no network yet: press Train.</p>"
    common = Counter(read.windows).most_common(4 if taught.width < 20 else 2)
    seen = ", ".join(f"<code>{escape(window)}</code>" for window, _ in common)
    areas = " and ".join(
        f"<b>{result.areas[kind][_at(result)]:.3f}</b> against {words}"
        for kind, words in SHORT.items()
    )
    return (
        f"{head}</p><p>AUROC of the network on held-out positives: {areas}; of this filter alone "
        f"on the training data {read.strength:.3f}. Where it scores highest in held-out positives: "
        f"{seen}.</p>"
    )


class AlphabetsExplorer(MomentsExplorer):
    """Train the same network on RNA, proteins, a signal or a text, and see what a filter reads.

    A new card makes no data and trains nothing. Each choice of alphabet, negatives and labels has a
    network of its own.

    Examples
    --------
    >>> card = AlphabetsExplorer(alphabet="rna")
    >>> card.start()
    >>> "CAGGUAAGU" in card.result.read.motif.consensus()
    True
    """

    State = AlphabetsState
    title = "What does the same filter read in another alphabet?"
    goal = "find the alphabets in which an AUROC of 1 falls when the negatives keep the pairs."
    trained, last = ("alphabet", "negatives", "shuffled"), PASSES
    parts, seconds = "passes", 0.3
    draw, describe = staticmethod(draw), staticmethod(describe)

    def compute(self, state: AlphabetsState) -> AlphabetsResult:
        """Read the filter, if a network is trained."""
        return read_filter(state, self.moments(state))

    def begin(self, alphabet: str, negatives: str, shuffled: bool) -> Iterator[Pass]:
        """Begin the training of a network; the first moment is before it."""
        return passes_of(alphabet, negatives, shuffled)

    def redraw(self) -> None:
        """Show the result; without a network there is nothing to choose in it."""
        super().redraw()
        if not self.moments(self.state):
            self.put_away(["rank", "moment"])
