"""Explore four ways to handle the two strands, by training networks on increasing data sizes."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial
from statistics import median
from typing import NamedTuple

import numpy as np

from motiflab.datasets import Arrangement, Dataset, Trial, augmented, planted, tap73
from motiflab.evaluation import roc
from motiflab.figures import axis, captioned, figure, html_table, key, line, points
from motiflab.figures.chart_parts import GREY
from motiflab.figures.style import ACCENT, DIVERGING, SEQUENTIAL
from motiflab.interpretation import FilterMotif, filter_motifs
from motiflab.motifs import Motif, jaspar, similarity
from motiflab.networks import ModelSettings, SweepResult, TrainSettings, averaged_logits
from motiflab.widgets import (
    CardResult,
    CardState,
    Chart,
    SweepExplorer,
    SweepPlan,
    Trials,
    choice,
    side_by_side,
    titled_logo,
)

SOURCES = {
    "GATA2": "planted GATA2",
    "MAX": "planted MAX (palindrome)",
    "TAp73": "peaks of TAp73",
}
"""The sources of the sequences."""

SIZES = {"GATA2": (200, 600, 1800), "MAX": (200, 600, 1800), "TAp73": (150, 450, 1350)}
"""Numbers of training sequences, half of them positive."""

WAYS = {
    "none": "one strand",
    "averaged": "one strand, averaged",
    "augmented": "augmented",
    "both": "augmented, averaged",
    "shared": "shared weights",
}
"""The ways to handle the strands."""

CHANCE = "random labels"
"""Name of the control: the largest training set, its labels in random order."""

TRAINING = TrainSettings(epochs=4, batch=32)

RECIPES = {
    "GATA2": (ModelSettings(filters=8, width=12, both_strands=False), TRAINING),
    "MAX": (ModelSettings(filters=8, width=12, both_strands=False), TRAINING),
    "TAp73": (ModelSettings(filters=16, width=20, both_strands=False), TRAINING),
}
"""Settings of the network that reads one strand, and of its training."""

ALONE, SHARED = "one strand", "shared weights"
_AUGMENTED = ", augmented"  # ends the name of a training set
_LOOKS = {  # colour and symbol show the training; dotted lines show that one strand is read
    "none": (GREY, "dot", "circle"),
    "averaged": (GREY, "solid", "circle"),
    "augmented": (DIVERGING[0], "dot", "square"),
    "both": (DIVERGING[0], "solid", "square"),
    "shared": (SEQUENTIAL, "solid", "diamond"),
}
_ALIKE = 0.8  # smallest similarity of a filter that counts as the motif
_APART = {"little": "less than 0.01", "some": "0.01 to 0.03", "much": "more than 0.03"}
_LIMITS = {"little": 0.01, "some": 0.03, "much": 2}
_ORIENTED = {"+": "As written", "-": "Reverse complement"}
_UNDECIDED = ("not decided", "")


class StrandsState(CardState):
    """What a learner can choose: the sequences, a prediction, and the shown network."""

    source: str = choice("GATA2", "Sequences", [(words, name) for name, words in SOURCES.items()])
    seeds: int = choice(3, "Trainings of each kind", [1, 3, 10], help="Each with a different seed")
    best: str = choice(
        "",
        "I expect: best with the fewest",
        [_UNDECIDED, *((words, way) for way, words in WAYS.items())],
        help="Which way has the highest median AUROC with the fewest training sequences?",
    )
    apart: str = choice(
        "",
        "I expect: gap with the most",
        [_UNDECIDED, *((words, name) for name, words in _APART.items())],
        help="How far apart is the AUROC of the best and the worst way with the most sequences?",
    )
    look: str = choice(
        "none",
        "Show filters of",
        [(WAYS[way], way) for way in ("none", "augmented", "shared")],
        help="Trained on the most sequences, from the first seed",
    )


class StrandsRead(NamedTuple):
    """Orientations of the filters of one network.

    Attributes
    ----------
    total : int
        Number of filters.
    counts : dict of str to int
        Number of filters that resemble the motif, "+", and its reverse complement, "-".
    strongest : dict of str to FilterMotif
        For each orientation the filter that alone detects the positives best, if there is one.
    """

    total: int
    counts: dict[str, int]
    strongest: dict[str, FilterMotif]


class StrandsResult(CardResult):
    """Results of the trainings so far.

    Attributes
    ----------
    areas : dict of str to dict of int to list of float
        AUROC on the test by way and number of training sequences, one for each training.
    chance : list of float
        AUROC of the networks with random labels.
    optimum : float or None
        AUROC of the best possible score on the test, if it is known.
    read : StrandsRead or None
        The filters of the shown network; None before it is trained.
    """

    areas: dict[str, dict[int, list[float]]]
    chance: list[float]
    optimum: float | None
    read: StrandsRead | None

    def middle(self, way: str, size: int) -> float:
        """Median AUROC of a way with `size` training sequences."""
        return median(self.areas[way][size])

    @property
    def complete(self) -> bool:
        """Whether each way has been trained once with each number of sequences, and the control."""
        return bool(self.chance) and all(a for row in self.areas.values() for a in row.values())


@lru_cache(maxsize=3)
def material(source: str) -> tuple[Dataset, Dataset, Motif]:
    """Return the training and the test sequences of a source, and its motif.

    Planted sequences have 100 bases and the motif on either strand, peaks have 200. Every peak is
    followed by its shuffle, so the first sequences of an even number are half positive.
    """
    if source == "TAp73":
        train, test = tap73().split(0.3)
        peaks = np.random.default_rng(0).permutation(len(train) // 2)
        pairs = np.stack([peaks, peaks + len(train) // 2], axis=1)
        return train.subset(pairs.ravel()), test, jaspar.load("TP73")
    motif = jaspar.load(source)
    train, test = (
        planted(Arrangement((motif,)), n=n, seed=seed)
        for seed, n in ((1, SIZES[source][-1]), (2, 2000))
    )
    return train, test, motif


def training_sets(source: str) -> Trials:
    """Return the training sets of a source by name: plain, augmented, and the control."""
    sizes = [str(n) for n in SIZES[source]]
    names = [*sizes, *(name + _AUGMENTED for name in sizes), CHANCE]
    return Trials({name: partial(_training_set, source, name) for name in names})


@lru_cache(maxsize=7)
def _training_set(source: str, name: str) -> Trial:
    train, test, _ = material(source)
    most = max(SIZES[source])
    data = train.subset(range(most if name == CHANCE else int(name.removesuffix(_AUGMENTED))))
    if name == CHANCE:
        data = replace(data, labels=np.random.default_rng(0).permutation(data.labels))
    elif name.endswith(_AUGMENTED):
        data = augmented(data)
    # Sequences are repeated, so that all sets have the same size and all networks the same steps.
    return Trial(data.subset(np.resize(np.arange(len(data)), 2 * most)), {"test": test})


def plan(state: StrandsState) -> SweepPlan:
    """Plan a training for every training set, with and without shared weights, from each seed.

    Shared weights learn the same from augmented data, as both strands of a sequence count equally.
    """
    model, training = RECIPES[state.source]
    recipes = {ALONE: (model, training), SHARED: (replace(model, both_strands=True), training)}
    sets = training_sets(state.source)
    left_out = frozenset((name, SHARED) for name in sets if name.endswith(_AUGMENTED))
    return SweepPlan(sets, recipes, range(state.seeds), left_out)


@lru_cache(maxsize=500)
def _averaged(result: SweepResult, source: str) -> float:
    _, test, _ = material(source)
    return roc(test.labels, averaged_logits(result.network, test)).area


@lru_cache(maxsize=16)
def _filters(result: SweepResult, source: str) -> StrandsRead:
    train, _, motif = material(source)
    found = sorted(filter_motifs(result.network, train), key=lambda one: -one.strength)
    counts, strongest = {"+": 0, "-": 0}, {}
    for one in found:
        lies = similarity(one.motif, motif)
        if lies is not None and lies.similarity >= _ALIKE:
            counts[lies.strand] += 1
            strongest.setdefault(lies.strand, one)
    return StrandsRead(len(found), counts, strongest)


def summarise(state: StrandsState, results: list[SweepResult]) -> StrandsResult:
    """Collect the areas, and compare the filters of the shown network with the motif."""
    source, sizes = state.source, SIZES[state.source]
    areas = {way: {n: [] for n in sizes} for way in WAYS}
    chance, read = [], None
    for each in results:
        name, area = each.data.removesuffix(_AUGMENTED), each.auroc["test"]
        if name == CHANCE:
            chance.append(area)
            continue
        way, averaged = "shared", None
        if each.recipe == ALONE:
            way, averaged = ("augmented", "both") if name != each.data else ("none", "averaged")
        areas[way][int(name)].append(area)
        if averaged:
            areas[averaged][int(name)].append(_averaged(each, source))
        if (way, int(name), each.seed) == (state.look, sizes[-1], 0):
            read = _filters(each, source)
    _, test, _ = material(source)
    optimum = None if test.optimum is None else roc(test.labels, test.optimum).area
    return StrandsResult(state, areas, chance, optimum, read)


def draw(result: StrandsResult, uid: str) -> dict[str, Chart | str]:
    """Draw AUROC against the number of sequences, the same as a table, and two filters."""
    return {"curves": _curves(result), "filters": _logos(result, uid), "table": _table(result)}


def _curves(result: StrandsResult) -> Chart:
    sizes = SIZES[result.state.source]
    lines, dots, said = [], [], []
    for place, (way, (colour, dash, symbol)) in enumerate(_LOOKS.items()):
        beside = 1.03 ** (place - 2)  # so that no point hides another
        row = {n * beside: areas for n, areas in result.areas[way].items() if areas}
        middles = [median(areas) for areas in row.values()]
        lines.append(line(list(row), middles, WAYS[way], colour, dash=dash))
        x, y = [n for n, a in row.items() for _ in a], [area for a in row.values() for area in a]
        dots.append(points(x, y, WAYS[way], colour, symbol=symbol))
        said.append(f"{WAYS[way]} {', '.join(f'{area:.3f}' for area in middles) or 'not trained'}")
    best = [] if result.optimum is None else [result.optimum] * len(sizes)
    limit = line(sizes, best, "best possible", ACCENT)
    # One key for each colour, one for the dots and one for the limit, if there is one.
    named = [*zip(lines[1::2], (ALONE, "augmented")), (lines[-1], SHARED)]
    keys = [key(*one) for one in named] + [key(lines[0], "not averaged")]
    keys += [key(limit)] if best else []
    ends = np.log10([sizes[0] / 1.3, sizes[-1] * 1.3]).tolist()
    labels = [f"{n:,}" for n in sizes]
    chart = figure(
        [limit, *lines, *dots],
        "AUROC on the test: lines are medians, points are networks",
        keys,
        axis("training sequences", ends, type="log", tickvals=list(sizes), ticktext=labels),
        axis("AUROC", (0.5, 1.0), dtick=0.1),
        "%{y:.3f}",
        height=275,
    )
    return Chart(chart, f"Median AUROC with {', '.join(labels)} sequences: {'; '.join(said)}.")


def _logos(result: StrandsResult, uid: str) -> str:
    caption = f"Filters of <b>{WAYS[result.state.look]}</b>, trained on the most sequences"
    if result.read is None:
        return captioned(f"{caption}: not trained yet.", "")
    parts = [
        titled_logo(
            one.motif,
            title=f"{_ORIENTED[strand]}: alone AUROC {one.strength:.2f}",
            uid=f"{uid}-{'reverse' if strand == '-' else 'forward'}",
            height=70,
            column=13,
            kind="bits",
        )
        for strand, one in sorted(result.read.strongest.items())
    ]
    return captioned(
        f"{caption}: {_counted(result)}.",
        side_by_side(parts),
    )


def _counted(result: StrandsResult) -> str:
    read = result.read
    return (
        f"of {read.total}, {read.counts['+']} resemble the motif as written and "
        f"{read.counts['-']} its reverse complement"
    )


def _table(result: StrandsResult) -> str:
    sizes = SIZES[result.state.source]
    rows = [[words, *(_cell(result.areas[way][n]) for n in sizes)] for way, words in WAYS.items()]
    rows.append([CHANCE, *["–"] * (len(sizes) - 1), _cell(result.chance)])
    best = "not known" if result.optimum is None else f"{result.optimum:.3f}"
    caption = f"AUROC: median, and lowest to highest network. Best possible score: {best}."
    return html_table(caption, ["training sequences", *(f"{n:,}" for n in sizes)], rows)


def _cell(areas: list[float]) -> str:
    return f"{median(areas):.3f} ({min(areas):.3f}–{max(areas):.3f})" if areas else "–"


def describe(result: StrandsResult) -> str:
    """Compare the prediction with the results."""
    state, sizes = result.state, SIZES[result.state.source]
    done = min(len(areas) for row in result.areas.values() for areas in row.values())
    said = f"<p>Trained from {done} of {state.seeds} seeds."
    if not result.complete:
        expected = {"best with the fewest": WAYS.get(state.best)}
        expected["gap with the most"] = _APART.get(state.apart)
        words = "; ".join(f"{what}: {which}" for what, which in expected.items() if which)
        words = f"You expect {words}." if words else "You have not yet said what you expect."
        return f"{said} {words} Now press Train.</p>"
    few, many = ({way: result.middle(way, n) for way in WAYS} for n in (sizes[0], sizes[-1]))
    best, worst = max(few, key=few.get), min(few, key=few.get)
    gap = max(many.values()) - min(many.values())
    found = next(name for name, limit in _LIMITS.items() if gap < limit)
    return (
        f"{said}</p><p>With {sizes[0]}, <b>{WAYS[best]}</b> is best, {few[best]:.3f}"
        f"{_guess(state.best, best, WAYS)}, and {WAYS[worst]} is last, {few[worst]:.3f}. With "
        f"{sizes[-1]:,} they are {gap:.3f} apart{_guess(state.apart, found, _APART)}. Random "
        f"labels: {median(result.chance):.3f}.</p>"
    )


def _guess(expected: str, found: str, words: dict[str, str]) -> str:
    if not expected:
        return ""
    return " (as you expected)" if expected == found else f" (you expected {words[expected]})"


class StrandsExplorer(SweepExplorer):
    """Train networks that handle the two strands in different ways, on increasing data sizes.

    Examples
    --------
    >>> card = StrandsExplorer(seeds=1)
    >>> card.result.complete, round(card.result.optimum, 2)
    (False, 0.94)
    """

    State = StrandsState
    title = "Which way of reading two strands needs the fewest sequences?"
    goal = "find out which way is best with few sequences, and whether it matters with many."
    rows = (("curves",), ("filters",))
    numbers = ("table",)
    trained = ("source",)
    seconds = 0.5
    plan, summarise = staticmethod(plan), staticmethod(summarise)
    draw, describe = staticmethod(draw), staticmethod(describe)
