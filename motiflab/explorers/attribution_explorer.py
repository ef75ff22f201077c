"""Explore whether a map is true: seven methods, two references, and the planted sites behind them.

In this order: the networks and sequences to look at, the state, what is computed from it, what is
drawn and said of that, and the card.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial

import numpy as np

from motiflab import networks
from motiflab.datasets import Arrangement, Dataset, sources
from motiflab.evaluation import MapQuality, map_quality
from motiflab.figures import brief, contribution_map_svg, fitted, html_table, written
from motiflab.interpretation import (
    attribution,
    contributions,
    output_change,
    shuffled_references,
    uniform_reference,
)
from motiflab.layers.activations import sigmoid
from motiflab.motifs import jaspar
from motiflab.networks import ModelSettings, OneLayerNetwork, TrainSettings, one_thread
from motiflab.widgets import CardResult, CardState, Explorer, choice, slider, toggle

LENGTH, WIDTH, SEQUENCES, SHUFFLES = 60, 7, 8, 5
"""Bases of a sequence and of a site, sequences to look at, and references of each."""


def arrangement() -> Arrangement:
    """Return the planted arrangement: one or two sites of GATA2, on either strand."""
    return Arrangement((jaspar.load("MA0036.4"),), copies=(1, 2))


@cache
def positives() -> Dataset:
    """Return the first positive test sequences, which are not selected."""
    test = sources.planted(arrangement(), n=60, length=LENGTH, seed=1001)
    return test.subset(np.flatnonzero(test.labels)[:SEQUENCES])


@cache
def trained_network(name: str) -> OneLayerNetwork:
    """Train one of the networks, once per kernel; "shuffled" learns from shuffled labels."""
    train = sources.planted(arrangement(), n=2000, length=LENGTH, seed=1)
    if name == "shuffled":
        train = replace(train, labels=np.random.default_rng(1).permutation(train.labels))
    activation = "exponential" if name == "exponential" else "relu"
    settings = ModelSettings(filters=16, width=11, activation=activation)
    network = networks.untrained(settings, LENGTH, seed=1)
    with one_thread():
        for _ in networks.train(network, train, TrainSettings(epochs=10, seed=1)):
            pass
    return network


@cache
def references(sequence: int, kind: str) -> np.ndarray:
    """Return the references of one of the sequences, shape (R, L, 4)."""
    if kind == "uniform":
        return uniform_reference(LENGTH)
    return shuffled_references(positives().sequences[sequence], SHUFFLES, seed=sequence)


@cache
def maps(network: str, method: str, reference: str, of: str) -> np.ndarray:
    """Return the maps of all the sequences, shape (SEQUENCES, LENGTH)."""
    with one_thread():
        return np.array(
            [
                contributions(method, trained_network(network), x.T, references(i, reference), of)
                for i, x in enumerate(positives().x)
            ]
        )


class AttributionState(CardState):
    """What a learner can choose: a network, a sequence, a method, and a guess of the site."""

    network: str = choice(
        "relu",
        "Network",
        [
            ("ReLU", "relu"),
            ("exponential", "exponential"),
            ("ReLU, shuffled labels", "shuffled"),
        ],
        group="What is read",
    )
    sequence: int = slider(
        1, "Sequence", 1, SEQUENCES, group="What is read", help="Positives of the test"
    )
    method: str = choice("gradient", "Method", list(attribution.METHODS), group="What is drawn")
    reference: str = choice(
        "shuffles",
        "Reference",
        [(f"{SHUFFLES} shuffles", "shuffles"), ("a quarter of each base", "uniform")],
        group="What is drawn",
    )
    of: str = choice(
        "logit",
        "Of",
        [("logit z", "logit"), ("ŷ", "probability")],
        group="What is drawn",
        rare=True,
    )
    guess: int = slider(
        25,
        "Your guess",
        0,
        LENGTH - WIDTH,
        group="Where is a site?",
        help="First base of a site, counted from 0",
    )
    truth: bool = toggle(False, "Show what was planted", group="Where is a site?")

    def idle(self) -> tuple[str, ...]:
        """Hide the reference for methods that do not use it."""
        return () if self.method in attribution.WITH_REFERENCE else ("reference",)


class AttributionResult(CardResult):
    """A map, the planted sites, and the quality of the map.

    Attributes
    ----------
    text : str
        The sequence.
    logit : float
        ``z`` of the sequence.
    scores : ndarray, shape (L,)
        The map.
    change : float
        ``f(x) - f(x')``, on average over the references.
    sites : list of (int, int)
        First base inclusive, last exclusive.
    quality : MapQuality
        Of the maps of all the sequences.
    """

    text: str
    logit: float
    scores: np.ndarray
    change: float
    sites: list[tuple[int, int]]
    quality: MapQuality


def compute(state: AttributionState) -> AttributionResult:
    """Look up the map and judge it, with those of the other sequences."""
    data, i, network = positives(), state.sequence - 1, trained_network(state.network)
    scores = maps(state.network, state.method, state.reference, state.of)
    with one_thread():
        change = output_change(network, data.x[i].T, references(i, state.reference), state.of)
        logit = float(networks.logits(network, data.subset([i]))[0])
    return AttributionResult(
        state,
        data.sequences[i],
        logit,
        scores[i],
        change,
        [(site.start, site.end) for site in data.sites if site.sequence == i],
        map_quality(data.planted_bases, scores),
    )


def draw(result: AttributionResult, uid: str) -> dict[str, str]:
    """Draw the map as letters, and the ten largest of its numbers as a table."""
    state = result.state
    largest = np.argsort(-np.abs(result.scores), kind="stable")[:10]
    top = float(np.abs(result.scores[largest[0]])) or 1.0
    rounded = float(f"{top:.1e}")
    end = rounded if rounded >= top else float(f"{top * 1.05:.1e}")
    sites = result.sites if state.truth else []
    hidden = "; ".join(f"planted: bases {a} to {b - 1}" for a, b in sites)
    words = (
        f"{LENGTH} bases. Your guess: bases {state.guess} to {state.guess + WIDTH - 1}; "
        f"{hidden or 'what was planted is hidden'}. The largest: "
        + ", ".join(f"{result.text[i]} at {i}: {brief(result.scores[i], 2)}" for i in largest[:3])
        + "."
    )
    return {
        "map": fitted(
            partial(
                contribution_map_svg,
                result.scores,
                result.text,
                # A length has no sign.
                (0.0 if state.method in _UNITS else -end, end),
                _UNITS.get(state.method, "contribution"),
                f"{state.method[0].upper()}{state.method[1:]} of each base",
                words,
                guess=(state.guess, state.guess + WIDTH),
                sites=sites,
            ),
            uid,
        ),
        "table": html_table(
            "The ten positions with the largest numbers",
            ["position", "base", "number"],
            [(int(i), result.text[i], brief(result.scores[i])) for i in sorted(largest)],
        ),
    }


_UNITS = {"gradient": "length of the gradient", "centred gradient": "length, centred"}


def describe(result: AttributionResult) -> str:
    """Say whether the contributions add up and, once it is shown, how true the map is."""
    state, y = result.state, float(sigmoid(result.logit))
    verdict = (
        f"z = {written(result.logit, 2)}, so ŷ = {y:.3f}: the network says "
        f"<b>{'yes' if y > 0.5 else 'no'}</b>. {_sum_in_words(result)}"
    )
    if not state.truth:
        return (
            f"<p>{verdict}</p><p>Where is a site? Move your guess, then show what was planted.</p>"
        )
    i, quality = state.sequence - 1, result.quality
    met = max(max(WIDTH - abs(start - state.guess), 0) for start, _ in result.sites)
    planted = "One site was" if len(result.sites) == 1 else "Two sites were"
    return (
        f"<p>{verdict}</p><p>{planted} planted; your guess meets <b>{met} of the {WIDTH}</b> bases "
        f"of {'it' if len(result.sites) == 1 else 'the nearer one'}. "
        f"A base of the site scores higher than another base with probability AUROC = "
        f"<b>{quality.auroc[i]:.2f}</b> (a guess: 0.50); AUPRC = {quality.auprc[i]:.2f} (a guess: "
        f"about {quality.prevalence[i]:.2f}). On average over the {SEQUENCES} sequences: AUROC "
        f"<b>{quality.auroc.mean():.2f}</b>, AUPRC {quality.auprc.mean():.2f}.</p>"
    )


def _sum_in_words(result: AttributionResult) -> str:
    """Whether the numbers add up to the change of the output."""
    state, total = result.state, float(result.scores.sum())
    f = {"logit": "z", "probability": "ŷ"}[state.of]
    if state.method in _UNITS:
        return "The letters show sizes, which have no sign: nothing has to add up."
    sums = f"Σ contributions = {brief(total)}"
    change = f"f(x) − f(x′) = {brief(result.change)} with f = {f}"
    if state.method in attribution.WITH_REFERENCE:
        gap = total - result.change
        return f"{sums}; {change}: gap <b>{brief(gap, 1) if abs(gap) > 1e-4 else '0.000'}</b>."
    return f"{sums}, but {change}: this method does <b>not</b> divide the change."


class AttributionExplorer(Explorer):
    """Guess from a map where a site is, and see how accurate the map was.

    Examples
    --------
    >>> explorer = AttributionExplorer(method="mutagenesis", truth=True)
    >>> bool(explorer.result.quality.auroc.mean() > 0.8)
    True
    """

    State = AttributionState
    title = "Is the map true?"
    goal = "find three sites from their maps before you show them, and a network whose maps lie."
    numbers = ("table",)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
