"""Design a network under a budget of parameters, train it, and find out which choice mattered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from motiflab.checks import ArgumentError
from motiflab.datasets import Arrangement, Trial, planted
from motiflab.evaluation import precision_recall
from motiflab.figures import TURNED, Html, captioned, html_table, written
from motiflab.layers import receptive_field
from motiflab.layers.receptive_fields import field_needed
from motiflab.motifs import jaspar
from motiflab.networks import (
    LayerCost,
    ModelSettings,
    SweepResult,
    TrainSettings,
    field_layers,
    layer_costs,
    logits,
)
from motiflab.widgets import (
    CardResult,
    CardState,
    SweepExplorer,
    SweepPlan,
    Trials,
    choice,
    slider,
)
from motiflab.widgets.fields import declared

LENGTH, TRAIN, TEST, SEEDS = 70, 4000, 2000, 3
"""Bases of a sequence, sequences to train on and in each test, and trainings of an ablation."""

TRAINING = TrainSettings(learning_rate=0.02, epochs=10)

PLAIN = ModelSettings(filters=8, width=7, window=4, second_filters=8, both_strands=False)
"""The design that a card begins with; an ablation sets one choice back to it."""

MINE, _CHOOSE, _NEW = "mine", "held out", "new"
_SHOWN = 6  # designs on the board


class NetworkDesignState(CardState):
    """What a learner can choose: a problem, a budget, and the layers of a network."""

    problem: str = choice(
        "pair",
        "Find",
        [("a pair at a fixed gap", "pair"), ("one motif", "one")],
        help="Pair: both classes hold both motifs; only the gap differs, 9 to 11 or 18 to 20 bases",
    )
    budget: int = choice(2000, "Budget of parameters", [500, 1000, 2000])
    filters: int = slider(PLAIN.filters, "Filters", 1, 32)
    width: int = slider(PLAIN.width, "Filter width", 1, 24, help="In bases")
    dilation: int = slider(1, "Dilation", 1, 6, help="Distance between taps", rare=True)
    activation: str = choice(
        "relu",
        "Activation",
        [("none", "none"), ("ReLU", "relu"), ("exp", "exponential")],
        rare=True,
    )
    pooling: str = choice(
        "max",
        "Pooling",
        [("max", "max"), ("average", "average"), ("log-sum-exp", "logsumexp")],
        rare=True,
    )
    window: int = slider(PLAIN.window, "Pooling window", 0, 20, help="0: all")
    layers: int = choice(1, "Convolutional layers", [1, 2])
    second_filters: int = slider(PLAIN.second_filters, "Filters of layer 2", 1, 32)
    second_width: int = slider(
        PLAIN.second_width, "Width of layer 2", 1, 12, help="In pooled positions"
    )
    second_dilation: int = slider(1, "Dilation of layer 2", 1, 6, rare=True)
    hidden_units: int = slider(0, "Hidden units", 0, 32, help="0: no hidden layer", rare=True)
    batch_norm: str = choice("no", "Batch normalisation", ["no", "yes"], rare=True)
    run: str = choice(
        "once",
        "Train",
        [("my design, once", "once"), ("and set back each choice", "ablation")],
        lead=True,
        help=f"The ablation trains {SEEDS} networks of each, with different seeds",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        try:
            self.settings().shape(LENGTH)
        except ValueError as error:
            name = getattr(error, "argument", "width")
            known = declared(self)
            field = name if name in known else "width"
            words = str(error).removeprefix(name)
            raise ArgumentError(field, f"{known[field].label} ({field}) must fit:{words}") from None

    def idle(self) -> tuple[str, ...]:
        """Hide what belongs to a second layer if there is none."""
        two = ("second_filters", "second_width", "second_dilation")
        return () if self.layers == 2 else two

    def settings(self) -> ModelSettings:
        """The settings of the network; what has no effect is as in `PLAIN`."""
        names = {field.name for field in fields(ModelSettings)} - set(self.idle())
        chosen = {name: getattr(self, name) for name in declared(self) if name in names}
        chosen |= {"hidden": self.hidden_units, "batch_norm": self.batch_norm == "yes"}
        return replace(PLAIN, **chosen)


class Run(NamedTuple):
    """One design on the board.

    Attributes
    ----------
    settings : ModelSettings
    parameters : int
    held_out, new, auprc : tuple of float
        AUROC on the sequences to choose by and on new ones, and AUPRC on the former, one for each
        training.
    """

    settings: ModelSettings
    parameters: int
    held_out: tuple[float, ...]
    new: tuple[float, ...]
    auprc: tuple[float, ...]


class NetworkDesignResult(CardResult):
    """What the design costs and sees, and how it and its ablations did.

    Attributes
    ----------
    costs : list of LayerCost
    field : int
        Bases that one unit of the last convolution sees.
    needed : int
        Bases that it must see to know the gap; for one motif the width of the motif.
    areas : dict of str to dict of int to float
        AUROC on the sequences to choose by, for the design and each choice set back, by seed.
    best : float
        AUROC of the best possible score on them.
    board : list of Run
        All designs trained with this card for this problem, best first.
    """

    costs: list[LayerCost]
    field: int
    needed: int
    areas: dict[str, dict[int, float]]
    board: list[Run]

    @property
    def parameters(self) -> int:
        """All weights and biases."""
        return sum(cost.parameters for cost in self.costs)

    def difference(self, name: str) -> list[float]:
        """AUROC of the design minus that with one choice set back, for each common seed."""
        mine, other = self.areas.get(MINE, {}), self.areas.get(name, {})
        return [mine[seed] - area for seed, area in other.items() if seed in mine]


@lru_cache(maxsize=2)
def trial(problem: str) -> Trial:
    """Return the sequences of a problem: to train on, to choose by, and new ones."""
    one, two = jaspar.load("GATA2"), jaspar.load("TCF3")
    if problem == "one":
        classes = (Arrangement((one,), both_strands=False), None)
    else:
        classes = [
            Arrangement((one, two), gaps=(gap,), both_strands=False) for gap in ((9, 11), (18, 20))
        ]
    data = [planted(*classes, n=n, length=LENGTH, seed=seed)
            for seed, n in enumerate((TRAIN, TEST, TEST), 1)]  # fmt: skip
    return Trial(data[0], {_CHOOSE: data[1], _NEW: data[2]})


def ablations(settings: ModelSettings) -> dict[str, ModelSettings]:
    """Return the design with each choice set back to `PLAIN`, if such a network exists.

    Choices of the second layer are set back only while there is one.
    """
    found = {}
    for field in fields(ModelSettings):
        plain = getattr(PLAIN, field.name)
        if getattr(settings, field.name) != plain:
            other = replace(settings, **{field.name: plain})
            try:
                other.shape(LENGTH)
            except ValueError:
                continue
            found[field.name] = other
    return found


def plan(state: NetworkDesignState) -> SweepPlan:
    """Plan one training of the design, or three of it and of each ablation."""
    settings = state.settings()
    recipes = {MINE: (settings, TRAINING)}
    if state.run == "ablation":
        recipes |= {name: (other, TRAINING) for name, other in ablations(settings).items()}
    data = Trials({state.problem: lambda: trial(state.problem)})
    return SweepPlan(data, recipes, range(SEEDS if state.run == "ablation" else 1))


@lru_cache(maxsize=500)
def _auprc(result: SweepResult) -> float:
    test = trial(result.data).tests[_CHOOSE]
    return precision_recall(test.labels, logits(result.network, test)).area


def summarise(state: NetworkDesignState, results: list[SweepResult]) -> NetworkDesignResult:
    """Count what the design costs, and collect the areas."""
    settings = state.settings()
    areas: dict[str, dict[int, float]] = {}
    for each in results:
        _auprc(each)
        areas.setdefault(each.recipe, {})[each.seed] = each.auroc[_CHOOSE]
    field = receptive_field(field_layers(settings))
    needed = field_needed(7, 11, 7, field.jump) if state.problem == "pair" else 7
    return NetworkDesignResult(state, layer_costs(settings, LENGTH), field.size, needed, areas, [])


def board(results: Iterable[SweepResult]) -> list[Run]:
    """Collect designs, the best on the sequences to choose by first; ablations do not count."""
    runs: dict[ModelSettings, list[SweepResult]] = {}
    for each in results:
        if each.recipe == MINE:
            runs.setdefault(each.network.settings, []).append(each)
    found = [
        Run(
            settings,
            sum(cost.parameters for cost in layer_costs(settings, LENGTH)),
            *(tuple(one.auroc[test] for one in same) for test in (_CHOOSE, _NEW)),
            tuple(map(_auprc, same)),
        )
        for settings, same in runs.items()
    ]
    return sorted(found, key=lambda run: -np.mean(run.held_out))


def design_in_words(settings: ModelSettings) -> str:
    """Write a design in short: 8 x 7, ReLU, max 4; 8 x 5; dense."""
    s = settings
    names = {"relu": "ReLU", "exponential": "exp", "none": "linear"}
    apart = f" (1 in {s.dilation})" if s.dilation > 1 else ""
    how = {"max": "max", "average": "mean", "logsumexp": "log-sum-exp"}[s.pooling]
    parts = [f"{s.filters} × {s.width}{apart} {names[s.activation]}, {how} {s.window or 'of all'}"]
    if s.layers == 2:
        apart = f" (1 in {s.second_dilation})" if s.second_dilation > 1 else ""
        parts.append(f"{s.second_filters} × {s.second_width}{apart}")
    if s.hidden:
        parts.append(f"{s.hidden} hidden")
    return "; ".join(parts) + (", normalised" if s.batch_norm else "")


def draw(result: NetworkDesignResult, uid: str) -> dict[str, str]:
    """Draw what the layers cost, the ablation, and the board, as tables."""
    return {"cost": _cost(result), "ablation": _ablation(result), "board": _board(result)}


def _cost(result: NetworkDesignResult) -> str:
    rows = [
        [
            cost.name,
            f"{cost.outputs:,}",
            f"{cost.inputs:,}",
            f"{cost.parameters:,}",
            f"{cost.outputs:,} × {cost.inputs:,} = {cost.multiply_adds:,}",
        ]
        for cost in result.costs
    ]
    total = sum(cost.multiply_adds for cost in result.costs)
    rows.append(["all", "", "", Html(f"<b>{result.parameters:,}</b>"), Html(f"<b>{total:,}</b>")])
    heads = ["layer", "outputs", "inputs of each", "parameters", "multiply-adds"]
    caption = f"<b>My design:</b> {design_in_words(result.state.settings())}"
    return captioned(caption, html_table("", heads, rows))


def _ablation(result: NetworkDesignResult) -> str:
    state, settings = result.state, result.state.settings()
    if state.run != "ablation":
        return captioned("<b>Ablation:</b> choose it under Train.", "")
    rows = []
    for name in ablations(settings):
        differences = result.difference(name)
        words = "–"
        if differences:
            ends = f"{written(min(differences), 3)} to {written(max(differences), 3)}"
            words = f"{written(float(np.mean(differences)), 3)} ({ends})"
        label = declared(state)["hidden_units" if name == "hidden" else name].label.lower()
        change = f"{getattr(settings, name)} → {getattr(PLAIN, name)}"
        rows.append([label, change, f"{len(differences)} of {SEEDS}", words])
    if not rows:
        return captioned("<b>Ablation:</b> nothing differs from the plain design yet.", "")
    heads = ["choice", "set back", "seeds", "AUROC lost: mean (range)"]
    return captioned("<b>Ablation:</b> one choice set back at a time.", html_table("", heads, rows))


def _board(result: NetworkDesignResult) -> str:
    rows = [
        [
            Html(design_in_words(run.settings).replace("; ", ";<br>", 1)),
            f"{run.parameters:,}" + (" (over)" if run.parameters > result.state.budget else ""),
            len(run.held_out),
            _mean(run.held_out),
            f"{np.mean(run.auprc):.3f}",
            _mean(run.new),
        ]
        for run in result.board[:_SHOWN]
    ]
    if not rows:
        return captioned("<b>My designs:</b> none is trained yet. Press Train.", "")
    heads = ["design", "parameters", "trained", "AUROC", "AUPRC", "AUROC, new"]
    more = len(result.board) - _SHOWN
    caption = "<b>My designs,</b> best first, kept until the kernel ends" + (
        f"; {more} more are kept" if more > 0 else ""
    )
    return captioned(f"{caption}.", html_table("", heads, rows, TURNED))


def _mean(areas: tuple[float, ...]) -> Html | str:
    if len(areas) == 1:
        return f"{areas[0]:.3f}"
    return Html(f"{np.mean(areas):.3f}<br><small>({min(areas):.3f}–{max(areas):.3f})</small>")


def describe(result: NetworkDesignResult) -> str:
    """Compare the design with the budget and with the field that the problem needs."""
    state, count = result.state, result.parameters
    over = count - state.budget
    budget = f"<b>{over:,} over</b> the budget" if over > 0 else f"{-over:,} left of the budget"
    enough = "enough" if result.field >= result.needed else "<b>not enough</b>"
    why = "to know the gap" if state.problem == "pair" else "to hold the motif"
    said = (
        f"<p>{count:,} parameters, {budget} of {state.budget:,}. One unit of the last convolution "
        f"sees {result.field} bases; {result.needed} are needed {why}: {enough}.</p>"
    )
    inside = [run for run in result.board if run.parameters <= state.budget]
    if inside:
        top = inside[0]
        said += (
            f"<p>Best within the budget: {design_in_words(top.settings)}; AUROC "
            f"{np.mean(top.held_out):.3f}, by which it was chosen, and "
            f"<b>{np.mean(top.new):.3f}</b> on new sequences.</p>"
        )
    return said


class NetworkDesignExplorer(SweepExplorer):
    """Compose a network under a budget, train it, ablate it, and keep a board of all designs.

    Examples
    --------
    >>> card = NetworkDesignExplorer(layers=2, second_width=6)
    >>> card.result.parameters, card.result.field, card.result.needed
    (633, 30, 28)
    """

    State = NetworkDesignState
    title = "Which network finds it with the fewest parameters?"
    goal = "find the pair with an AUROC above 0.9 within the budget, and say which choice did it."
    rows = (("cost",), ("ablation",), ("board",))
    seconds = 5.0
    plan, summarise = staticmethod(plan), staticmethod(summarise)
    draw, describe = staticmethod(draw), staticmethod(describe)

    def compute(self, state: NetworkDesignState) -> NetworkDesignResult:
        """Make the result from the finished trainings, with the board of all designs."""
        mine = (
            each
            for kept in self._kept.values()
            for each in kept.values()
            if each.data == state.problem
        )
        return replace(super().compute(state), board=board(mine))

    def _key(self, state: NetworkDesignState) -> tuple:
        return state.problem, state.settings()
