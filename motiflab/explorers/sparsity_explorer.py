"""Explore how sparse a feature map is after ReLU, depending on the bias of the filter."""

from __future__ import annotations

import functools
from html import escape
from typing import NamedTuple

import numpy as np

from motiflab.datasets import sources
from motiflab.figures import percent
from motiflab.figures.chart_parts import Series, axis, curves_chart
from motiflab.layers.activations import relu
from motiflab.motifs import Motif, find_motif
from motiflab.networks.one_layer import OneLayerNetwork, pre_activations
from motiflab.widgets import (
    CardResult,
    CardState,
    Chart,
    Explorer,
    NamesMotifs,
    blame,
    curves,
    motif_name,
    own_motifs,
    slider,
)

LOWEST, HIGHEST = -16.0, 16.0
_BIASES = np.linspace(LOWEST, HIGHEST, 129)


class SparsityState(NamesMotifs, CardState):
    """A filter made from a motif, its bias, and one sequence to look at."""

    motif: str = motif_name("CTCF", help="The filter is its log-odds matrix, in nats")
    own: str = own_motifs()
    bias: float = slider(0.0, "Bias b", LOWEST, HIGHEST, 0.5, help="Added to every score")
    peak: int = slider(0, "CTCF peak to look at", 0, 499, help="One of 500, counted from 0")


class Scores(NamedTuple):
    """Scores of a motif.

    Attributes
    ----------
    motif : Motif
    values : ndarray, shape (N, M)
        Pre-activations without bias, the higher of both strands.
    ranked : tuple of ndarray
        Sorted scores: of all windows, the best of each peak, the best of each shuffle.
    """

    motif: Motif
    values: np.ndarray
    ranked: tuple[np.ndarray, np.ndarray, np.ndarray]


class SparsityResult(CardResult):
    """The feature map after ReLU, and shares of zeros.

    Attributes
    ----------
    scores : Scores
    map : ndarray, shape (M,)
        Pre-activations of the chosen peak, bias included.
    zeros : float
        Share of all windows of all sequences whose activation is 0.
    peaks, shuffles : float
        Share of the peaks, and of the shuffles, with at least one activation above 0.
    """

    scores: Scores
    map: np.ndarray
    zeros: float
    peaks: float
    shuffles: float


@functools.lru_cache(maxsize=16)
def scores_of(name: str, own: str = "") -> Scores:
    """Scan 500 CTCF peaks and 500 shuffles with the log-odds of a motif; see `find_motif`."""
    motif = find_motif(name, own)
    data = sources.ctcf()
    if motif.width > data.shortest:
        raise ValueError(f"{motif.name} is wider than the sequences.")
    # Without the bias: it adds to every score, so one scan serves all values of its slider.
    reader = OneLayerNetwork(motif.log_odds()[None], np.zeros(1), np.ones(1))
    x = data.x.transpose(0, 2, 1)
    values = np.array([pre_activations(reader, one)[0].max(axis=0) for one in x])
    # A sequence fires if its best window does.
    best, peaks = values.max(axis=1), data.labels == 1
    ranked = (values.ravel(), best[peaks], best[~peaks])
    return Scores(motif, values, tuple(map(np.sort, ranked)))


def compute(state: SparsityState) -> SparsityResult:
    """Add the bias and count what ReLU turns into zeros."""
    with blame("motif"):
        scores = scores_of(state.motif, state.own)
    zeros, peaks, shuffles = shares(scores, np.array([state.bias]))[:, 0].tolist()
    return SparsityResult(
        state, scores, scores.values[state.peak] + state.bias, zeros, peaks, shuffles
    )


def shares(scores: Scores, biases: np.ndarray) -> np.ndarray:
    """Return the shares of zeros, of firing peaks and of firing shuffles, (3, len(biases))."""
    # A window is silent where score + b <= 0. The scores are sorted, so one search counts them.
    silent = [np.searchsorted(r, -biases, side="right") / len(r) for r in scores.ranked]
    return np.array([silent[0], 1 - silent[1], 1 - silent[2]])


def draw(result: SparsityResult, uid: str) -> dict[str, Chart]:
    """Draw the map of one peak before and after ReLU, and the shares against the bias."""
    places, after = np.arange(len(result.map)), relu(result.map)
    # No window scores higher than the best base everywhere, at the largest bias.
    top = float(np.ceil(result.scores.motif.log_odds().max(axis=1).sum() + HIGHEST))
    fires = f"after ReLU ({(after > 0).sum()} of {len(after)} windows above 0)"
    title = f"Feature map of peak {result.state.peak}"
    marks = {
        "zeros in the map": result.zeros,
        "peaks that fire": result.peaks,
        "shuffles that fire": result.shuffles,
    }
    many = [
        Series(f"{name} {percent(mark, 1)}", _BIASES, 100 * line, 100 * mark)
        for (name, mark), line in zip(marks.items(), shares(result.scores, _BIASES))
    ]
    return {
        "map": Chart(
            curves_chart(
                [Series(fires, places, after), Series("before ReLU", places, result.map)],
                title,
                axis("first base of the window", (0, 200)),
                axis("activation (nats)", (-40, top)),
            ),
            f"{title}: {fires}; largest {after.max():.1f}.",
        ),
        "shares": curves(
            many,
            "All 1,000 sequences",
            axis("bias b (nats)", (LOWEST, HIGHEST), dtick=4),
            axis("share (%)", (-2, 102), dtick=25),
            place=f"b = {result.state.bias:g}",
            now=result.state.bias,
            drag="bias",
        ),
    }


def describe(result: SparsityResult) -> str:
    """Count the zeros of the shown peak and of all sequences."""
    silent, windows = (result.map <= 0).sum(), len(result.map)
    return (
        f"<p>max(0, y<sub>j</sub>), where y<sub>j</sub> includes b, is 0 in {silent} of "
        f"{windows} windows of this peak = <b>{percent(silent / windows, 1)}</b>; its best "
        f"window scores {result.map.max():.1f}.</p>"
        f"<p>Over all sequences, <b>{percent(result.zeros, 1)}</b> of the windows are zeros. The "
        f"filter, {escape(result.scores.motif.name)}, fires somewhere in "
        f"<b>{percent(result.peaks, 1)}</b> of the peaks and in "
        f"<b>{percent(result.shuffles, 1)}</b> of the shuffles.</p>"
    )


class SparsityExplorer(Explorer):
    """Scan real sequences with a motif's log-odds and see how much ReLU sets to 0.

    Examples
    --------
    >>> result = SparsityExplorer(bias=-8.0).result
    >>> bool(result.zeros > 0.99 and result.peaks > result.shuffles + 0.5)
    True
    """

    State = SparsityState
    title = "How much of a feature map does ReLU silence?"
    goal = (
        "find the bias at which the filter fires in nearly all peaks "
        "and in as few shuffles as possible."
    )
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
