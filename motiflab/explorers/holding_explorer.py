"""Explore leakage: the test score if relatives of the test sequences were trained on."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from statistics import median

import numpy as np

from motiflab.datasets import Dataset, Trial, count_leaks, tap73
from motiflab.figures import Html, captioned, html_table, percent
from motiflab.networks import ModelSettings, SweepResult, TrainSettings
from motiflab.sequences import reverse_complement
from motiflab.widgets import CardResult, CardState, SweepExplorer, SweepPlan, choice

LABELS = {
    "apart": "copies, on one side of the split",
    "copies": "copies, split at random",
    "complements": "reverse complements, split at random",
    "shifted": "windows shifted by 20 bases, split at random",
}
SHORT = {
    "apart": "copies, kept together",
    "copies": "copies",
    "complements": "reverse complements",
    "shifted": "shifted windows",
}
"""How every sequence is repeated and the data are split; `SHORT` is for the table."""

SHIFT = 20
_BASES = 180  # out of the 200 of a peak, so that a window can be shifted
_TEST, _NEW = "test", "new peaks"
_SIZES = {
    "small": (ModelSettings(filters=8, width=20), TrainSettings(epochs=10, batch=32)),
    "large": (ModelSettings(filters=24, width=20), TrainSettings(epochs=12, batch=32)),
}


class HoldingState(CardState):
    """What a learner can choose: the network, the labels, and a prediction."""

    size: str = choice(
        "large",
        "Network",
        [("8 filters, 10 epochs", "small"), ("24 filters, 12 epochs", "large")],
    )
    labels: str = choice(
        "real",
        "Labels of the data",
        [("peak or shuffle", "real"), ("drawn at random", "random")],
        help="With random labels there is nothing to learn, only to memorise",
    )
    seeds: int = choice(3, "Trainings of each kind", [1, 3, 10], help="Each with a different seed")
    expected: str = choice(
        "",
        "I expect: flatters most",
        [("not decided", ""), *((words, kind) for kind, words in LABELS.items())],
        help="In which row is the test furthest above the new peaks?",
    )


class HoldingResult(CardResult):
    """The table so far.

    Attributes
    ----------
    areas : dict of str to dict of str to list of float
        AUROC for each kind of split, on its test set and on new peaks, one for each finished
        training.
    leaks : dict of str to float
        For each kind of split, the share of test sequences that have 30 bases in common with a
        training sequence.
    """

    areas: dict[str, dict[str, list[float]]]
    leaks: dict[str, float]

    def flattery(self, kind: str) -> float:
        """Difference of the AUROC on the test and on new peaks: the median over the trainings."""
        row = self.areas[kind]
        return median(a - b for a, b in zip(row[_TEST], row[_NEW], strict=True))

    @property
    def complete(self) -> bool:
        """Whether every row has been trained once."""
        return len(self.areas) == len(LABELS)


def twins(data: Dataset, kind: str) -> Dataset:
    """Return every sequence twice, the second time changed by the kind; a pair is one group."""
    first = [sequence[:_BASES] for sequence in data.sequences]
    second = first
    if kind == "complements":
        second = [reverse_complement(sequence) for sequence in first]
    elif kind == "shifted":
        second = [sequence[SHIFT : SHIFT + _BASES] for sequence in data.sequences]
    return Dataset.of(
        first + second,
        labels=np.tile(data.labels, 2),
        names=data.names * 2,
        groups=np.tile(np.arange(len(data)), 2),
    )


@lru_cache(maxsize=2)
def leaky_trials(labels: str) -> dict[str, Trial]:
    """Return the trials, for real or random labels: 200 training peaks, 800 new peaks."""
    data, new = tap73().split(0.8)
    new = replace(twins(new, "apart").subset(range(len(new))), groups=None)
    if labels == "random":
        data = replace(data, labels=np.random.default_rng(0).permutation(data.labels))
    made = {}
    for kind in LABELS:
        pairs = twins(data, kind)
        if kind == "apart":
            train, test = pairs.split(0.3)
        else:
            held = np.random.default_rng(0).random(len(pairs)) < 0.3
            train, test = pairs.subset(~held), pairs.subset(held)
        made[kind] = Trial(train, {_TEST: test, _NEW: new})
    return made


def leak_plan(state: HoldingState) -> SweepPlan:
    """Plan a training for every kind of split and every seed."""
    recipes = {state.size: _SIZES[state.size]}
    return SweepPlan(leaky_trials(state.labels), recipes, range(state.seeds))


@lru_cache(maxsize=1)
def _leaks() -> dict[str, float]:
    return {
        kind: count_leaks(train.sequences, tests[_TEST].sequences).stretches / len(tests[_TEST])
        for kind, (train, tests) in leaky_trials("real").items()
    }


def leak_table(state: HoldingState, results: list[SweepResult]) -> HoldingResult:
    """Collect the areas."""
    areas: dict[str, dict[str, list[float]]] = {}
    for result in results:
        row = areas.setdefault(result.data, {_TEST: [], _NEW: []})
        for test, area in result.auroc.items():
            row[test].append(area)
    return HoldingResult(state, areas, _leaks())


def _cell(areas: list[float]) -> Html:
    """Median and range."""
    if not areas:
        return Html("–")
    words = f"{median(areas):.3f}"
    if len(areas) > 1:
        ends = f"{min(areas):.3f}–{max(areas):.3f}"
        words += f"<br>{ends}"
    return Html(words)


def draw(result: HoldingResult, uid: str) -> dict[str, str]:
    """Draw the table: a row for each way to split, with the AUROC on its test and on new peaks."""
    rows = []
    for kind, words in SHORT.items():
        row = result.areas.get(kind)
        cells = [_cell(row[test]) for test in (_TEST, _NEW)] if row else ["–", "–"]
        flattered = f"{result.flattery(kind):+.3f}".replace("-", "−") if row else "–"
        rows.append([words, percent(result.leaks[kind]), *cells, flattered])
    heads = ["comes twice, as", "twin in training", "the test", "new peaks", "difference"]
    caption = (
        f"AUROC. 200 TAp73 peaks and their shuffles, {_BASES} bases, each twice; 30 % are the "
        "test. Twin in training: share of the test. New peaks: 800 others. Below each: the range."
    )
    return {"table": captioned(caption, html_table("", heads, rows))}


def describe(result: HoldingResult) -> str:
    """Compare the prediction with the results."""
    state = result.state
    done = min(len(result.areas[kind][_TEST]) for kind in LABELS) if result.complete else 0
    model, training = _SIZES[state.size]
    random = state.labels == "random"
    said = (
        f"<p>{model.filters} filters, {training.epochs} epochs, labels "
        f"{'drawn at random' if random else 'as they are'}; trained from {done} of {state.seeds} "
        "seeds. "
    )
    if not result.complete:
        words = "You have not yet said what you expect."
        if state.expected:
            words = f"You expect the most flattery from: {LABELS[state.expected]}."
        return f"{said}{words} Now press Train.</p>"
    most = max(LABELS, key=result.flattery)
    guess = ""
    if state.expected:
        right = state.expected == most
        guess = " (as you expected)" if right else f" (you expected {LABELS[state.expected]})"
    middle = {test: median(result.areas[most][test]) for test in (_TEST, _NEW)}
    said += (
        f"Flatters most: <b>{LABELS[most]}</b>{guess}. The test says {middle[_TEST]:.3f}, "
        f"new peaks say {middle[_NEW]:.3f}."
    )
    if random:
        said += " The labels are random, so anything above 0.5 on a test was memorised."
    return f"{said}</p>"


class HoldingExplorer(SweepExplorer):
    """Train networks on data with relatives, and compare their test score with new peaks.

    Examples
    --------
    >>> card = HoldingExplorer(seeds=1)
    >>> card.result.areas, card.result.leaks["apart"], card.result.leaks["copies"] > 0.5
    ({}, 0.0, True)
    """

    State = HoldingState
    title = "How much does a leak flatter?"
    goal = "find the row whose test you can trust, then see what the others reach on random labels."
    trained = ("size", "labels")
    plan, summarise = staticmethod(leak_plan), staticmethod(leak_table)
    draw, describe = staticmethod(draw), staticmethod(describe)
