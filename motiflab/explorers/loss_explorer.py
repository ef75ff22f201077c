"""Explore the loss of one prediction: cross-entropy, squared error, and their gradients."""

from __future__ import annotations

import numpy as np

from motiflab.figures import Series, axis, brief, written
from motiflab.layers.activations import (
    cross_entropy,
    cross_entropy_gradient,
    sigmoid,
    squared_error,
    squared_error_gradient,
)
from motiflab.widgets import CardResult, CardState, Chart, Explorer, choice, curves, slider

REACH = 8.0
_Z = np.linspace(-REACH, REACH, 161)


class LossState(CardState):
    """What a learner can choose: the logit of one sequence, and its label."""

    logit: float = slider(2.0, "Logit z", -REACH, REACH, 0.1, help="What the network computes")
    label: int = choice(1, "Label y", [("0: no motif", 0), ("1: motif", 1)], help="The truth")


class LossResult(CardResult):
    """Numbers at the logit.

    Attributes
    ----------
    probability : float
        ``y_hat``.
    losses, gradients : dict of str to float
        For "cross-entropy", in nats, and "squared error", halved; derivatives with respect to the
        logit.
    """

    probability: float
    losses: dict[str, float]
    gradients: dict[str, float]


_LOSSES = {"cross-entropy": cross_entropy, "squared error": squared_error}
_GRADIENTS = {"cross-entropy": cross_entropy_gradient, "squared error": squared_error_gradient}


def compute(state: LossState) -> LossResult:
    """Compute probability, losses and gradients."""
    y, z = state.label, state.logit
    return LossResult(
        state,
        float(sigmoid(z)),
        {name: float(loss(y, z)) for name, loss in _LOSSES.items()},
        {name: float(slope(y, z)) for name, slope in _GRADIENTS.items()},
    )


def draw(result: LossResult, uid: str) -> dict[str, Chart]:
    """Draw probability, losses and gradients against the logit."""
    z, y, p = result.state.logit, result.state.label, result.probability
    charts = {
        "probability": (
            [Series(f"ŷ {brief(p)}", _Z, sigmoid(_Z), p)],
            "Probability ŷ",
            axis("probability", (0, 1.02)),
        ),
        "losses": (_series(_LOSSES, result.losses, y), "Loss", axis("loss", (0, 8.2))),
        "gradients": (
            _series(_GRADIENTS, result.gradients, y),
            "Derivative with respect to z",
            axis("dL/dz", (-1.05, 1.05)),
        ),
    }
    x_axis = axis("logit z", (-REACH, REACH), dtick=4)
    here = {"place": f"z = {z:g}", "now": z, "drag": "logit"}
    return {
        name: curves(series, title, x_axis, y_axis, height=200, **here)
        for name, (series, title, y_axis) in charts.items()
    }


def describe(result: LossResult) -> str:
    """Write the formulas and say what each loss makes the network do."""
    z, y, p = result.state.logit, result.state.label, result.probability
    loss, slope = result.losses, result.gradients
    # Cross-entropy depends only on the probability of the true label.
    seen = "ŷ" if y else "(1 − ŷ)"
    words = (
        "The prediction is confidently wrong. Cross-entropy pushes with nearly its full force of "
        "1; squared error hardly pushes at all, because the sigmoid is flat here."
    )
    if abs(p - y) < 0.5:
        words = "The prediction is on the right side; neither loss pushes hard."
    elif abs(p - y) < 0.95:
        words = "The prediction is wrong, and both losses push."
    shown, entropy, push = (brief(n, 4) for n in (p, loss["cross-entropy"], slope["cross-entropy"]))
    error, pull = (brief(n, 4) for n in (loss["squared error"], slope["squared error"]))
    return (
        f"<p>ŷ = 1/(1 + e<sup>−z</sup>) = 1/(1 + e<sup>{written(-z, 1)}</sup>) = <b>{shown}</b>. "
        f"Cross-entropy: −log {seen} = <b>{entropy}</b> nats; "
        f"dL/dz = ŷ − y = {shown} − {y} = <b>{push}</b>.</p>"
        f"<p>Squared error: ½(ŷ − y)² = <b>{error}</b>; dL/dz = (ŷ − y)·ŷ·(1 − ŷ) = "
        f"({shown} − {y})·{shown}·{brief(1 - p, 4)} = <b>{pull}</b>.</p>"
        f"<p>{words}</p>"
    )


def _series(functions: dict, marks: dict[str, float], y: int) -> list[Series]:
    return [
        Series(f"{name} {brief(marks[name], 4)}", _Z, function(y, _Z), marks[name])
        for name, function in functions.items()
    ]


class LossExplorer(Explorer):
    """Move a logit and see probability, loss and gradient, for cross-entropy and squared error.

    Examples
    --------
    >>> slopes = LossExplorer(logit=-6.0, label=1).result.gradients
    >>> f"{slopes['cross-entropy']:.3f}", f"{slopes['squared error']:.4f}"
    ('-0.998', '-0.0025')
    """

    State = LossState
    title = "How hard does the loss push?"
    goal = (
        "be confidently wrong, and find out which of the two losses still makes the network learn."
    )
    rows = (("losses", "gradients"),)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
