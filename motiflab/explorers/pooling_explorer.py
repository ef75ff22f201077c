"""Explore pooling: shift a motif, and see which pooled numbers change."""

from __future__ import annotations

from functools import partial

import numpy as np

from motiflab.checks import ArgumentError
from motiflab.figures import PooledMap, fitted, pooled_map_svg, pooled_map_table, written
from motiflab.layers import cross_correlate, pool, pool_gradient, relu
from motiflab.layers.invariance import SAME, shift
from motiflab.motifs import Motif
from motiflab.sequences.alphabet import BASES
from motiflab.sequences.encoding import one_hot, random_sequences
from motiflab.widgets import (
    CardResult,
    CardState,
    Explorer,
    NamesMotifs,
    Player,
    Tool,
    choice,
    motif_name,
    number,
    own_motifs,
    slider,
    toggle,
)

LENGTH, START, FURTHEST = 60, 16, 24  # bases; START is the position of the motif before the shift
BACKGROUNDS = [
    ("stays where it is", "fixed"),
    ("moves along", "moving"),
    ("silent (zeros)", "silent"),
]


class PoolingState(NamesMotifs, CardState):
    """What a learner can choose: the sequence, the filter and the pooling."""

    background: str = choice(
        "fixed", "Background", BACKGROUNDS, group="Sequence", help="What surrounds the motif"
    )
    seed: int = number(4, "Seed of the background", 0, 9999, group="Sequence", rare=True)
    shift: int = slider(
        0, "Shift of the motif (bases)", 0, FURTHEST, group="Sequence", help="To the right"
    )
    motif: str = motif_name(
        "GATA2",
        help="The filter holds its log-odds, the sequence its consensus",
        group="Filter",
        rare=True,
    )
    own: str = own_motifs(group="Filter", rare=True)
    stride: int = number(1, "Stride of the filter, S", 1, 8, group="Filter", rare=True)
    bias: float = slider(0.0, "Bias b", -10.0, 0.0, 0.5, group="Filter")
    relu: bool = toggle(False, "ReLU after the filter", group="Filter")
    kind: str = choice(
        "max", "Pool by", [("Maximum", "max"), ("Average", "average")], group="Pooling"
    )
    window: int = slider(8, "Window w (scores)", 1, 24, group="Pooling")
    step: int | str = choice(
        "window",
        "Stride of the pooling, T",
        [("T = w, windows touch", "window"), 1, 2, 3, 4, 6, 8, 12],
        group="Pooling",
    )
    gradient: bool = toggle(False, "Show the gradient", group="Pooling")


class PoolingResult(CardResult):
    """The feature map before and after the shift, and its pooled maps.

    Attributes
    ----------
    sequence : ndarray, shape (60, 4)
        After the shift, one-hot; zeros if the background is silent.
    weights : ndarray, shape (K, 4)
        Log-odds in nats.
    picture : PooledMap
        The map, the windows and both pooled maps.
    watched : int
        The window that holds the motif's score before the shift.
    """

    sequence: np.ndarray
    weights: np.ndarray
    picture: PooledMap
    watched: int

    @property
    def changed(self) -> np.ndarray:
        """Which pooled numbers the shift has changed, shape (N,)."""
        return np.abs(self.picture.pooled - self.picture.before) > SAME


def load_filter(state: NamesMotifs, widest: int) -> tuple[Motif, np.ndarray]:
    """Return the motif of a state and its log-odds (K, 4) in nats, with a tenth as many
    pseudocounts as sites.

    A base with count 0 then costs log 11 = 2.4 nats instead of 6 to 10.
    """
    motif = state.motif_of("motif")
    if motif.width > widest:
        raise ArgumentError(
            "motif",
            (f"{motif.name} is {motif.width} bases wide; there is room for at most {widest} here."),
        )
    return motif, motif.log_odds(pseudocount=motif.counts.sum(axis=1).mean() / 10)


def compute(state: PoolingState) -> PoolingResult:
    """Score and pool the sequence before and after the shift."""
    motif, weights = load_filter(state, LENGTH - START - FURTHEST)
    background = np.zeros((LENGTH, 4))
    if state.background != "silent":
        rng = np.random.default_rng(state.seed)
        background = one_hot(random_sequences(1, LENGTH, None, rng)[0])
    # Every shift is computed, so that the axes fit all of them and stay fixed.
    sequences = [
        shift(background, one_hot(motif.consensus()), START, by, state.background == "moving")
        for by in range(FURTHEST + 1)
    ]
    maps = [cross_correlate(x, weights, state.bias, state.stride) for x in sequences]
    if state.relu:
        maps = [relu(y) for y in maps]
    # Adjacent windows, as in most networks, have a step equal to the window.
    step = state.window if state.step == "window" else state.step
    if state.window > len(maps[0]):
        raise ArgumentError(
            "window",
            f"Window w must be at most the length of the feature map, {len(maps[0])} with filter "
            f"stride {state.stride}, not {state.window}.",
        )
    pooled = [pool(y, state.window, step, state.kind) for y in maps]
    x, y, now = sequences[state.shift], maps[state.shift], pooled[state.shift]
    # The gradient at y if that of each pooled number is 1 shows which scores receive a gradient.
    gradient = pool_gradient(y, np.ones(len(now)), state.window, step, state.kind)
    begin = START + state.shift
    picture = PooledMap(
        letters="".join(BASES[int(row.argmax())] if row.any() else "0" for row in x),
        site=(begin, begin + motif.width),
        width=motif.width,
        stride=state.stride,
        padding=0,
        y=y,
        window=state.window,
        step=step,
        kind=state.kind,
        pooled=now,
        limits=ends(maps),
        pooled_limits=ends(pooled),
        before=pooled[0],
        gradient=gradient if state.gradient else None,
    )
    # The first window that contains the score of the motif's start; there may be none at the end.
    first = int(np.ceil((START // state.stride - state.window + 1) / step))
    watched = min(max(first, 0), len(now) - 1)
    return PoolingResult(state, x, weights, picture, watched)


def ends(values) -> tuple[float, float]:
    """Return whole-number ends of an axis that includes 0, 1 and all the values."""
    # 0 to 1 is always on the axis, so that small maps do not look large.
    low, high = np.floor(np.min(values)), np.ceil(np.max(values))
    return float(min(low, 0)), float(max(high, 1))


def draw(result: PoolingResult, uid: str) -> dict[str, str]:
    """Draw the maps, and the pooled one as a table."""
    title = f"{result.state.motif} shifted by {result.state.shift} bases, and pooled"
    # The middle of the motif follows the pointer.
    middle = START + result.picture.width // 2
    drag = {middle + by: f"shift={by}" for by in range(FURTHEST + 1)}
    return {
        "maps": fitted(partial(pooled_map_svg, result.picture, title=title, drag=drag), uid),
        "table": pooled_map_table(result.picture),
    }


def describe(result: PoolingResult) -> str:
    """Give the number of the watched window as a formula, and say why it changed or not."""
    state, picture, n = result.state, result.picture, result.watched
    inside = range(n * picture.step, n * picture.step + state.window)
    symbols, numbers = [f"y[{j}]" for j in inside], [written(picture.y[j], 1) for j in inside]
    if state.kind == "max":
        formula = f"max({_few(symbols, ', ')}) = max({_few(numbers, ', ')})"
    else:
        w = state.window
        formula = f"({_few(symbols, ' + ')}) / {w} = ({_few(numbers, ' + ')}) / {w}"
    return (
        f"<p>p[{n}] = {formula} = <b>{written(picture.pooled[n], 2)}</b>; before the shift "
        f"<b>{written(picture.before[n], 2)}</b>.</p>"
        f"<p>{_why(result)} <b>{result.changed.sum()} of {len(picture.pooled)}</b> pooled numbers "
        f"have changed.</p>"
    )


def _few(items: list[str], between: str) -> str:
    return between.join(items if len(items) <= 8 else [*items[:3], "…", *items[-3:]])


def _why(result: PoolingResult) -> str:
    """One or two sentences on the shift and the window that contained the motif before it."""
    state, picture, n = result.state, result.picture, result.watched
    if state.shift == 0:
        return f"The motif begins at base {START}; nothing has moved yet."
    words = f"The motif has moved by {state.shift} to base {START + state.shift}."
    # A shift by a multiple of both strides moves each window exactly onto a later one.
    whole = state.stride * picture.step
    if state.background == "moving" and state.shift % whole == 0:
        return (
            f"{words} That is {state.shift // whole} times S·T = {state.stride}·{picture.step} = "
            f"{whole}: apart from the ends, the whole pooled map has moved by "
            f"{state.shift // whole}."
        )
    if picture.site[0] % state.stride:
        return (
            f"{words} That is not a multiple of the stride {state.stride}: no window starts "
            "exactly there."
        )
    m = picture.site[0] // state.stride
    held = range(n * picture.step, n * picture.step + state.window)  # scores of the window
    if m not in held:
        left = "has left" if START // state.stride in held else "is not in"
        return f"{words} Its score, y[{m}], {left} window {n}."
    if state.kind == "average":
        return f"{words} Its score, y[{m}], is still in window {n}, among others."
    wins = "wins there" if picture.winners[n] == m else "does not win there"
    return f"{words} Its score, y[{m}], is still in window {n} and {wins}."


class PoolingExplorer(Explorer):
    """Shift a motif, filter and pool, and compare with the pooled map before the shift.

    Examples
    --------
    >>> explorer = PoolingExplorer(shift=7)
    >>> bool(explorer.result.changed[2])  # the window that held the motif
    False
    >>> explorer.set(shift=8)
    >>> bool(explorer.result.changed[2])
    True
    """

    State = PoolingState
    title = "What does pooling keep when a motif shifts?"
    goal = "move the motif as far as you can without changing the pooled number of its window."
    numbers = ("table",)
    tools = ("play", *Explorer.tools)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)

    def toolbar(self) -> list[Tool]:
        """A button that shifts the motif base by base."""
        return [Tool("play", Player(self, "shift"))]
