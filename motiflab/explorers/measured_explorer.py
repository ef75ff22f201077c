"""Explore whether a measured value needs interactions between positions, or only a curve."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np

from motiflab.datasets import Assay, Dataset, splice_assay
from motiflab.evaluation import r_squared
from motiflab.figures import axis, figure, key, line, points, written
from motiflab.figures.chart_parts import GREY
from motiflab.figures.style import DIVERGING, SEQUENTIAL
from motiflab.networks import (
    MeasuredFit,
    ModelSettings,
    TrainSettings,
    fit_measured,
    predictions,
    train,
    untrained,
)
from motiflab.widgets import CardResult, CardState, Chart, Explorer, choice, slider, toggle

MODELS = {
    "additive": "a sum over positions",
    "pairs": "a sum with all pairs",
    "curve": "a sum behind a curve",
    "both": "all pairs behind a curve",
    "network": "a network of 32 filters",
}
SIZES = {500: 40, 2000: 20, 8000: 20}
"""Numbers of training variants, and the number of epochs of a network for each."""

_DRAWN, _GROUPS = 300, 20
_LOWEST, _HIGHEST = -1.6, 2.6


class MeasuredState(CardState):
    """What a learner can choose: the model and the number of training variants."""

    model: str = choice("additive", "Model", [(words, name) for name, words in MODELS.items()])
    n: int = choice(2000, "Variants to learn from", list(SIZES))
    seed: int = slider(
        0, "Seed", 0, 20, patient=True, help="Which variants, and a network's first weights"
    )
    shuffled: bool = toggle(False, "Shuffle what was measured", help="A control: R² must vanish")


class MeasuredResult(CardResult):
    """The model on held-out variants.

    Attributes
    ----------
    phi : ndarray, shape (N,)
        The sum before the curve if the model has one; otherwise its prediction.
    predicted, measured : ndarray, shape (N,)
        log10 PSI of the test variants.
    known : float
        R² on the training variants.
    share : float
        R² on the test.
    parameters : int
        Number of learned parameters.
    fit : MeasuredFit or None
        None for the network.
    """

    phi: np.ndarray
    predicted: np.ndarray
    measured: np.ndarray
    known: float
    share: float
    parameters: int
    fit: MeasuredFit | None


@cache
def _assay() -> tuple[Assay, Dataset]:
    assay = splice_assay()
    return assay, assay.data.subset(assay.part == "test")


def learned_from(state: MeasuredState) -> Dataset:
    """Return the training variants of a state, drawn from the training part.

    >>> len(learned_from(MeasuredState(n=500)))
    500
    """
    assay, _ = _assay()
    rng = np.random.default_rng(state.seed)
    rows = rng.permutation(np.flatnonzero(assay.part == "training"))[: state.n]
    data = assay.data.subset(rows)
    if state.shuffled:
        data = Dataset.of(data.sequences, rng.permutation(data.labels), data.names)
    return data


@lru_cache(maxsize=64)  # otherwise every reset of a control would fit again
def compute(state: MeasuredState) -> MeasuredResult:
    """Fit the model, and predict the test variants."""
    data, (_, test) = learned_from(state), _assay()
    if state.model == "network":
        settings = ModelSettings(32, data.x.shape[2], both_strands=False, head="regress")
        network = untrained(settings, data.x.shape[2], state.seed)
        batch = 64 if state.n <= 2000 else 256
        training = TrainSettings(0.05, batch, SIZES[state.n], state.seed, weight_decay=0.02)
        for _ in train(network, data, training):
            pass
        known, predicted = predictions(network, data), predictions(network, test)
        count = sum(part.size for part in network.parameters)
        phi, fit = predicted, None
    else:
        curve, pairs = state.model in ("curve", "both"), state.model in ("pairs", "both")
        fit = fit_measured(data.x, data.labels, pairs, curve)
        known, phi = fit.predict(data.x), fit.latent(test.x)
        predicted = fit.bend(phi)
        count = np.count_nonzero(fit.weights) + 1 + 2 * curve
    shares = (r_squared(data.labels, known), r_squared(test.labels, predicted))
    return MeasuredResult(state, phi, predicted, test.labels, *shares, count, fit)


def draw(result: MeasuredResult, uid: str) -> dict[str, Chart]:
    """Draw measured values against the sum before the curve, and against the predictions."""
    return {"curve": _curve(result), "agreement": _agreement(result)}


def describe(result: MeasuredResult) -> str:
    """Give R² on both sides of the split, and its upper limit by noise."""
    state, n = result.state, len(result.measured)
    missed = ((result.measured - result.predicted) ** 2).sum()
    spread = ((result.measured - result.measured.mean()) ** 2).sum()
    words = "Shuffled values: nothing can be learned from them. " if state.shuffled else ""
    return (
        f"<p>R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)² = 1 − {missed:,.0f} / {spread:,.0f} = "
        f"<b>{written(result.share, 2)}</b> on {n:,} held-out variants; "
        f"{written(result.known, 2)} on the {state.n:,} it learned from. "
        f"{MODELS[state.model].capitalize()}: {result.parameters:,} numbers learned.</p>"
        f"<p>{words}Two experiments agree to r = {_replicates():.2f}, so about that is the largest "
        "R² that a model could reach, if the noise of each is alike and independent.</p>"
    )


@cache
def _replicates() -> float:
    """Correlation of the two libraries on the variants of the test."""
    assay, _ = _assay()
    both = (assay.part == "test") & ~np.isnan(assay.replicate)
    return float(np.corrcoef(assay.data.labels[both], assay.replicate[both])[0, 1])


def _agreement(result: MeasuredResult) -> Chart:
    ends = (_LOWEST, _HIGHEST)
    some = slice(0, _DRAWN * (len(result.measured) // _DRAWN), len(result.measured) // _DRAWN)
    shown = points(result.predicted[some], result.measured[some], "variants", SEQUENTIAL, size=4)
    equal = line(ends, ends, "equal", GREY, dash="dot")
    return Chart(
        figure(
            [shown, equal],
            "Measured against predicted",
            [key(shown, f"{_DRAWN} held-out variants"), key(equal, "equal")],
            axis("predicted log₁₀ PSI", ends, dtick=1),
            axis("measured log₁₀ PSI", ends, dtick=1),
            "predicted %{x:.2f}<br>measured %{y:.2f}",
            height=300,
        ),
        f"Measured against predicted for {_DRAWN} held-out variants; R² of all "
        f"{written(result.share, 2)}.",
    )


def _curve(result: MeasuredResult) -> Chart:
    """Draw the mean measured value in groups of equal size, and the prediction there."""
    groups = np.array_split(np.argsort(result.phi, kind="stable"), _GROUPS)
    phi = np.array([result.phi[rows].mean() for rows in groups])
    mean = np.array([result.measured[rows].mean() for rows in groups])
    low, high = float(phi[0]), float(phi[-1])
    if high - low < 0.1:  # an untrained model predicts the same for all
        low, high = low - 0.5, high + 0.5
    across = np.linspace(low, high, 60)
    bent = across if result.fit is None else result.fit.bend(across)
    data = points(phi, mean, "mean", DIVERGING[0], symbol="diamond")
    model = line(across, bent, "model", SEQUENTIAL)
    room = 0.05 * (high - low)
    has_curve = result.fit is not None and result.fit.curve is not None
    name = "sum φ, before the curve" if has_curve else "prediction ŷ (no curve follows)"
    return Chart(
        figure(
            [data, model],
            "Does what was measured bend?",
            [key(data, f"mean of {len(groups[0]):,} variants"), key(model, "what is predicted")],
            axis(name, (low - room, high + room)),
            axis("log₁₀ PSI", (_LOWEST, _HIGHEST), dtick=1),
            "sum %{x:.2f}<br>log₁₀ PSI %{y:.2f}",
            height=300,
        ),
        f"Mean measured log10 PSI in {_GROUPS} groups, from the lowest sum to the highest: "
        + ", ".join(f"{value:.2f}" for value in mean)
        + f". Predicted at both ends: {written(float(bent[0]), 2)} and "
        f"{written(float(bent[-1]), 2)}.",
    )


class MeasuredExplorer(Explorer):
    """Fit sums, pairs, a curve and a network to a splicing assay, judged on held-out variants.

    Examples
    --------
    >>> card = MeasuredExplorer(model="curve")
    >>> 0.45 < card.result.share < 0.55
    True
    """

    State = MeasuredState
    title = "Do the positions interact, or is there only a curve?"
    goal = "find the model that predicts new variants best, from 500 variants and from 8,000."
    rows = (("curve", "agreement"),)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
