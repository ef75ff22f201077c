"""The exercise in which a logit takes one step downhill on the cross-entropy."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from motiflab.activations import cross_entropy_gradient, sigmoid
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.per_cent import per_cent
from motiflab.exercises.values import Value


def _draw_step(rng: np.random.Generator) -> dict[str, float]:
    """A prediction on the wrong side."""
    y, far = int(rng.integers(2)), float(rng.integers(12, 19) / 20)
    return {
        "y_hat": far if y == 0 else round(1 - far, 2),
        "y": y,
        "rate": float(rng.integers(10, 20) / 20),
    }


def _logit(p: float) -> float:
    return float(np.log(p / (1 - p)))


def _stepped(given: SimpleNamespace, slope: float | None = None) -> float:
    """Return the logit after one step, downhill on the cross-entropy if no slope is given."""
    z = _logit(given.y_hat)
    slope = float(cross_entropy_gradient(given.y, z)) if slope is None else slope
    return z - given.rate * slope


def _other_base(given: SimpleNamespace, base: float) -> float:
    """Return the answer if the logit is taken with a logarithm to another base."""
    return float(sigmoid(_logit(given.y_hat) / np.log(base) - given.rate * _wrong_by(given)))


def _wrong_by(given: SimpleNamespace) -> float:
    return given.y_hat - given.y


NEW_PROBABILITY = Value(
    id="activating.new_probability",
    title="One step downhill",
    draw=_draw_step,
    decimals=3,
    task=lambda given: (
        rf"A network says $\hat y = {given.y_hat:g}$ for a sequence whose label is $y = {given.y}$."
        r" Let its logit $z$ itself take one step downhill on the cross-entropy, with the "
        rf"learning rate $\eta = {given.rate:g}$:"
        "\n\n"
        r"$$z \leftarrow z - \eta \, \frac{\partial L}{\partial z}$$"
        "\n\nWhich probability does the network say after the step? Round to 3 decimals. "
        "(Logarithms are natural, here and in all that follows.)"
    ),
    right=lambda given: float(sigmoid(_stepped(given))),
    mistakes=(
        Mistake(
            "log2 for ln",
            "Your steps are the right ones, in the right order. Only the logarithm has another "
            "base: the sigmoid is made with $e$, so what undoes it is the *natural* logarithm.",
            lambda given: _other_base(given, 2),
        ),
        Mistake(
            "log10 for ln",
            "Your steps are the right ones, in the right order. Only the logarithm is the one to "
            "the base 10, which many calculators call log. The natural one is called ln there.",
            lambda given: _other_base(given, 10),
        ),
        Mistake(
            "probability moved, not the logit",
            "You moved the probability. It is the logit that takes the step: find the logit that "
            "belongs to this probability first, and come back through the sigmoid at the end.",
            lambda given: given.y_hat - given.rate * _wrong_by(given),
        ),
        Mistake(
            "uphill instead of downhill",
            "After your step the network is even further from the label than before. Check the "
            "sign of the gradient, and the minus in front of it.",
            lambda given: float(sigmoid(_stepped(given, -_wrong_by(given)))),
        ),
        Mistake(
            "gradient of squared error",
            r"The factor $\hat y (1 - \hat y)$ belongs to squared error. With the cross-entropy "
            "it is cancelled: look again at what is left.",
            lambda given: float(
                sigmoid(_stepped(given, _wrong_by(given) * given.y_hat * (1 - given.y_hat)))
            ),
        ),
        Mistake(
            "probability for logit",
            "The step was taken from the probability as if it were the logit. Find the logit that "
            "belongs to this probability first: it undoes the sigmoid.",
            lambda given: float(sigmoid(given.y_hat - given.rate * _wrong_by(given))),
        ),
        Mistake(
            "learning rate forgotten",
            "Your three stations are the right ones. How long is the step, though? The gradient is "
            "multiplied by something before it is taken off.",
            lambda given: float(sigmoid(_logit(given.y_hat) - _wrong_by(given))),
        ),
        Mistake(
            "logit for probability",
            "This is the new logit, and it is right. What was asked is the probability that "
            "belongs to it.",
            _stepped,
        ),
        Mistake(
            "logarithm of the probability alone",
            r"The logit is the logarithm of the *odds*, $\hat y$ against $1 - \hat y$, and not of "
            r"$\hat y$ alone. Everything after it is as it should be.",
            lambda given: float(sigmoid(np.log(given.y_hat) - given.rate * _wrong_by(given))),
        ),
        per_cent("a probability", lambda given: float(sigmoid(_stepped(given)))),
    ),
    hints=(
        "Three stations: from the probability back to the logit, one step, and forward again.",
        r"The sigmoid is undone by $z = \ln \dfrac{\hat y}{1 - \hat y}$, and the gradient of the "
        r"cross-entropy by the logit is $\hat y - y$.",
    ),
    solution=lambda given: (
        rf"Back to the logit: $z = \ln({given.y_hat:g} / {1 - given.y_hat:.4g}) = "
        rf"{_logit(given.y_hat):.4f}$. The gradient is $\hat y - y = {_wrong_by(given):.4g}$, so "
        rf"the logit moves to ${_logit(given.y_hat):.4f} - {given.rate:g} \cdot "
        rf"({_wrong_by(given):.4g}) = {_stepped(given):.4f}$. Forward again: "
        rf"$\sigma({_stepped(given):.4f}) = \mathbf{{{float(sigmoid(_stepped(given))):.3f}}}$. "
        rf"That is nearer to the label than {given.y_hat:g}, as it should be."
    ),
    effort=lambda given: abs(_wrong_by(given)) > 0.5,
)
