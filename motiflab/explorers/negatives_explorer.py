"""Explore what a network learns from each kind of negatives, by training one with each."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from statistics import median
from typing import NamedTuple

import numpy as np

from motiflab.datasets import Dataset, Trial, contrasts, ctcf, gc_content, tap73
from motiflab.evaluation import roc
from motiflab.figures import TURNED, Html, captioned, html_table, written
from motiflab.interpretation import FilterMotif, explained_by, filter_motifs
from motiflab.motifs import Candidate, candidates, jaspar
from motiflab.networks import ModelSettings, SweepResult, TrainSettings
from motiflab.widgets import (
    CardResult,
    CardState,
    SweepExplorer,
    SweepPlan,
    choice,
    side_by_side,
    titled_logo,
)

PEAKS = {"TAp73": (tap73, ctcf, "CTCF"), "CTCF": (ctcf, tap73, "TAp73")}
"""For each protein: its peaks, and those of the other protein with its name."""

LABELS = {
    "uniform": "uniform bases",
    "composition": "same composition",
    "dinucleotide": "dinucleotide shuffles",
    "peaks": "peaks of the other protein",
    "matched": "other peaks, matched in GC",
}
SHORT = {
    "uniform": "uniform",
    "composition": "composition",
    "dinucleotide": "shuffles",
    "peaks": "other peaks",
    "matched": "GC-matched",
    "chance": "random labels",
}
"""Short names of the kinds for a table, and of the control."""

CHANCE = "chance"
"""Name of the control: the training set with shuffles, its labels in random order."""

RECIPES = {
    "lab": (ModelSettings(filters=16, width=20), TrainSettings(epochs=6, batch=32)),
}
_CANDIDATES = 20  # number of motifs compared with the one that explains a filter best
_UNDECIDED = ("not decided", "")
_KINDS = [(words, kind) for kind, words in LABELS.items()]


class NegativesState(CardState):
    """What a learner can choose: the protein, a prediction, and the shown network."""

    protein: str = choice("TAp73", "Positives: peaks of", list(PEAKS))
    seeds: int = choice(3, "Trainings of each kind", [1, 3, 10], help="Each with a different seed")
    steady: str = choice(
        "",
        "I expect: good on every test",
        [_UNDECIDED, *_KINDS],
        help="Which negatives train the network whose worst test is the best?",
    )
    falls: str = choice(
        "",
        "I expect: falls most",
        [_UNDECIDED, *_KINDS],
        help="Which network drops most between its own test and its worst one?",
    )
    look: str = choice("dinucleotide", "Show filters of", _KINDS)


class Read(NamedTuple):
    """A filter, the known motif that explains its windows best, and whether that is its name."""

    filter: FilterMotif
    best: Candidate
    named: bool


class NegativesResult(CardResult):
    """The table so far.

    Attributes
    ----------
    areas : dict of str to dict of str to list of float
        AUROC by kind of training negatives and kind of test, one for each finished training.
        `CHANCE` is the control.
    gc : dict of str to float
        AUROC of the GC content alone on each test, in its better direction.
    note : str
        How many of the test peaks were matched.
    filters : tuple of Read
        Of the shown network, trained from the first seed: the strongest filter for the positives
        and the strongest for the negatives. Empty before it is trained.
    """

    areas: dict[str, dict[str, list[float]]]
    gc: dict[str, float]
    note: str
    filters: tuple[Read, ...]

    def middle(self, kind: str, test: str) -> float:
        """Median AUROC of the networks trained with a kind of negatives, on a test."""
        return median(self.areas[kind][test])

    def worst(self, kind: str) -> str:
        """Return the test on which the networks trained with a kind have the lowest median."""
        return min(LABELS, key=lambda test: self.middle(kind, test))

    def fall(self, kind: str) -> float:
        """Difference of the medians on a network's own test and on its worst."""
        return self.middle(kind, kind) - self.middle(kind, self.worst(kind))

    @property
    def complete(self) -> bool:
        """Whether every kind has been trained once."""
        return all(kind in self.areas for kind in LABELS)


@lru_cache(maxsize=2)
def trials(protein: str) -> dict[str, Trial]:
    """Return the trials of a protein: each kind of negatives, then the control."""
    peaks, others, _ = PEAKS[protein]
    made = contrasts(peaks(), others())
    train, tests = made["dinucleotide"]
    labels = np.random.default_rng(0).permutation(train.labels)
    return {**made, CHANCE: Trial(replace(train, labels=labels), tests)}


def plan(state: NegativesState) -> SweepPlan:
    """Plan a training for every kind of negatives, and the control, from each seed."""
    return SweepPlan(trials(state.protein), RECIPES, range(state.seeds))


@lru_cache(maxsize=2)
def _gc_alone(protein: str) -> dict[str, float]:
    tests = next(iter(trials(protein).values())).tests
    areas = {
        name: roc(test.labels, gc_content(test.sequences)).area for name, test in tests.items()
    }
    return {name: max(area, 1 - area) for name, area in areas.items()}


@lru_cache(maxsize=16)
def _strongest(result: SweepResult, protein: str) -> tuple[Read, ...]:
    """The strongest filter for each class, as motifs from its training sequences."""
    train = trials(protein)[result.data].train
    found = [
        max(filter_motifs(result.network, side), key=lambda one: one.strength)
        for side in (train, _turned(train))
    ]
    known = jaspar.collection("vertebrates")
    ranked = candidates([one.flanked for one in found], known, _CANDIDATES, None)
    return tuple(
        Read(one, best, explained_by(one, best.motif)) for one, (best, *_) in zip(found, ranked)
    )


def _turned(data: Dataset) -> Dataset:
    return replace(data, labels=1 - data.labels)


def summarise(state: NegativesState, results: list[SweepResult]) -> NegativesResult:
    """Collect the areas, and name the filters of the shown network."""
    areas: dict[str, dict[str, list[float]]] = {}
    for result in results:
        row = areas.setdefault(result.data, {test: [] for test in LABELS})
        for test, area in result.auroc.items():
            row[test].append(area)
    first = [each for each in results if (each.data, each.seed) == (state.look, 0)]
    filters = _strongest(first[0], state.protein) if first else ()
    note = trials(state.protein)["matched"].tests["matched"].note.split(". ", 1)[1]
    return NegativesResult(state, areas, _gc_alone(state.protein), note, filters)


def _cell(areas: list[float], own: bool) -> Html:
    """Median and range; the network's own test in bold."""
    if not areas:
        return Html("–")
    words = f"{median(areas):.3f}"
    words = f"<b>{words}</b>" if own else words
    if len(areas) > 1:
        ends = f"{min(areas):.3f}–{max(areas):.3f}"
        words += f"<br>{ends}"
    return Html(words)


def draw(result: NegativesResult, uid: str) -> dict[str, str]:
    """Draw the table of trainings and tests, and two filters."""
    state = result.state
    rows = []
    for kind, words in SHORT.items():
        row = result.areas.get(kind, {})
        mark = " ◂" if kind == state.look else ""
        rows.append([words + mark, *(_cell(row.get(test, []), kind == test) for test in LABELS)])
    rows.append(["GC content alone", *(f"{result.gc[test]:.3f}" for test in LABELS)])
    heads = ["trained with", *(SHORT[test] for test in LABELS)]
    caption = (
        f"AUROC on held-out {state.protein} peaks. Rows: trained with; columns: judged against; "
        f"bold: its own kind. Other peaks: those of {PEAKS[state.protein][2]}."
    )
    table = html_table("", heads, rows, TURNED)
    return {"table": captioned(caption, table), "filters": _logos(result, uid)}


def _logos(result: NegativesResult, uid: str) -> str:
    kind = LABELS[result.state.look]
    if not result.filters:
        return captioned(f"Filters of the network trained with {kind}: not trained yet.", "")
    parts = []
    for side, read in zip(("positives", "negatives"), result.filters):
        best = f"{read.best.motif.name}, {written(read.best.llr, 1)} nats"
        name = best if read.named else f"no name (nearest {best})"
        title = f"Best for the {side}, AUROC {read.filter.strength:.2f}: {name}"
        parts.append(
            titled_logo(
                read.filter.motif,
                title=title,
                uid=f"{uid}-{side}",
                height=80,
                column=11,
                kind="bits",
            )
        )
    return captioned(
        f"Two filters of the first network trained with {kind}:",
        side_by_side(parts),
    )


def describe(result: NegativesResult) -> str:
    """Compare the prediction with the results."""
    state = result.state
    done = min(len(result.areas[kind][kind]) for kind in LABELS) if result.complete else 0
    said = (
        f"<p>Trained from {done} of {state.seeds} seeds. GC matching of the test peaks of "
        f"{state.protein}: {result.note}"
    )
    if not result.complete:
        expected = {"good on every test": state.steady, "falls most": state.falls}
        words = "; ".join(f"{what}: {LABELS[kind]}" for what, kind in expected.items() if kind)
        words = f"You expect: {words}." if words else "You have not yet said what you expect."
        return f"{said} {words} Now press Train.</p>"
    steady = max(LABELS, key=lambda kind: result.middle(kind, result.worst(kind)))
    falls = max(LABELS, key=result.fall)
    return (
        f"{said}</p><p>Best on its worst test: <b>{LABELS[steady]}</b>, never below "
        f"{result.middle(steady, result.worst(steady)):.3f}{_guess(state.steady, steady)}. "
        f"Falls most: <b>{LABELS[falls]}</b>, from {result.middle(falls, falls):.3f} on its own "
        f"test to {result.middle(falls, result.worst(falls)):.3f} against "
        f"{LABELS[result.worst(falls)]}{_guess(state.falls, falls)}.</p>"
    )


def _guess(expected: str, found: str) -> str:
    if not expected:
        return ""
    return " (as you expected)" if expected == found else f" (you expected {LABELS[expected]})"


class NegativesExplorer(SweepExplorer):
    """Train networks with five kinds of negatives, and test each on all five.

    Examples
    --------
    >>> card = NegativesExplorer(seeds=1)
    >>> card.result.areas, round(card.result.gc["peaks"], 2)
    ({}, 0.83)
    """

    State = NegativesState
    title = "What do the negatives teach?"
    goal = "find the networks that are nearly perfect on their own test and fail on another."
    trained = ("protein",)
    plan, summarise = staticmethod(plan), staticmethod(summarise)
    draw, describe = staticmethod(draw), staticmethod(describe)
