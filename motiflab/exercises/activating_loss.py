"""The exercise in which a learner writes the cross-entropy of logits, and its gradient."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab import activations
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.functions import Function
from motiflab.exercises.markdown import table

_FAR = 800.0  # exp(800) is more than a float can hold


def _draw(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Four sequences, two of each label, one prediction of each label on the wrong side."""
    labels = np.array([1, 1, 0, 0])
    sizes = rng.choice(np.arange(5, 31), 4, replace=False) / 10
    logits = sizes * [1, -1, 1, -1]
    order = rng.permutation(4)
    return {"logits": logits[order], "labels": labels[order]}


def _right(logits: Any, labels: Any) -> tuple[float, np.ndarray]:
    loss = activations.cross_entropy(labels, logits).mean()
    return float(loss), activations.cross_entropy_gradient(labels, logits) / len(labels)


def _wrong(
    loss: Callable[[np.ndarray, np.ndarray], float] | None = None,
    gradient: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None,
) -> Callable[[SimpleNamespace], Callable[..., tuple[float, np.ndarray]]]:
    """Make the example of a mistake: the right function with one of its results exchanged."""

    def function(logits: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
        right = _right(logits, labels)
        return (
            loss(logits, labels) if loss else right[0],
            gradient(logits, labels) if gradient else right[1],
        )

    return lambda given: function


def _mean_loss(logits: np.ndarray, labels: np.ndarray) -> float:
    return _right(logits, labels)[0]


def _mean_gradient(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return _right(logits, labels)[1]


def _cases(given: SimpleNamespace, rng: np.random.Generator) -> list[tuple[np.ndarray, ...]]:
    return [
        (np.array([0.5, -1.5]), np.array([1, 0])),
        (np.array([2.0]), np.array([0])),
        (given.logits, given.labels),
        (rng.normal(0, 3, 20), rng.integers(0, 2, 20)),
    ]


def _no_zero_times_infinity(given: SimpleNamespace, answer: Callable[..., Any]) -> str:
    """Try logits that are so right that one probability rounds to 0."""
    loss, _ = answer(np.array([_FAR, -_FAR]), np.array([1, 0]))
    if not np.isnan(loss).any():
        return ""
    return (
        "For logits of ordinary size all is right. For the logits 800 and -800 with the labels 1 "
        "and 0, confidently right, the loss is `nan`: it should be 0. One of the probabilities "
        "rounds to 0, and 0 times ln 0 is 0 times minus infinity. Bring the loss into a form that "
        "needs no logarithm of a probability."
    )


def _stays_finite(given: SimpleNamespace, answer: Callable[..., Any]) -> str:
    """Try logits that are so wrong that the sigmoid rounds to 0 or 1."""
    logits, labels = np.array([-_FAR, _FAR]), np.array([1, 0])
    loss, gradient = answer(logits, labels)
    if np.allclose(loss, _FAR) and np.allclose(gradient, [-0.5, 0.5]):
        return ""
    return (
        "For logits of ordinary size all is right. For the logits -800 and 800 with the labels 1 "
        "and 0, confidently wrong, something is lost: there the sigmoid rounds to 0 or 1, or its "
        "exponential overflows, and cutting it off gives a loss that is too small. Bring the loss "
        "into a form that needs no logarithm of a probability."
    )


CROSS_ENTROPY = Function(
    id="activating.cross_entropy",
    title="Write the loss, and its gradient",
    draw=_draw,
    task=lambda given: (
        "Write `cross_entropy(logits, labels)` for a batch of $N$ sequences. Both arguments are "
        "arrays of shape `(N,)`; the labels are 0 or 1. Return two things, `(loss, gradient)`:\n\n"
        "- `loss`, a number: the **mean** over the batch of the cross-entropy, in nats,\n"
        "- `gradient`, of shape `(N,)`: the derivative of that mean by each logit.\n\n"
        "It must hold for logits of any size, for -800 and 800 too. For this batch of your own the "
        f"loss should be about {_mean_loss(given.logits, given.labels):.3f}; it is in "
        "`given.logits` and `given.labels`.\n\n"
        + table(["logit", *map(str, given.logits)], [("label", *given.labels)])
    ),
    right=lambda given: _right,
    cases=_cases,
    properties=(_no_zero_times_infinity, _stays_finite),
    mistakes=(
        Mistake(
            "log2 for ln",
            "The loss comes out in bits: it is always larger than it should be, by the same "
            "factor. Nats come from the natural logarithm. The gradient is right.",
            _wrong(loss=lambda z, y: _mean_loss(z, y) / np.log(2)),
        ),
        Mistake(
            "truth minus prediction",
            "The loss is right and so is the size of the gradient, but its sign is turned. If the "
            "label is 1, should the loss rise or fall as the logit grows?",
            _wrong(gradient=lambda z, y: -_mean_gradient(z, y)),
        ),
        Mistake(
            "gradient without its sign",
            "The loss is right and so is the size of the gradient. But its sign is lost: for which "
            "label should the logit grow, and for which should it fall?",
            _wrong(gradient=lambda z, y: np.abs(_mean_gradient(z, y))),
        ),
        Mistake(
            "minus forgotten",
            "The gradient is right. The loss comes out below 0: the logarithm of a probability is "
            "negative, and a loss should grow the more improbable the network made what was seen.",
            _wrong(loss=lambda z, y: -_mean_loss(z, y)),
        ),
        Mistake(
            "loss and gradient exchanged",
            "Both are right, but the other way round: the loss first, then the gradient.",
            lambda given: lambda z, y: _right(z, y)[::-1],
        ),
        Mistake(
            "gradient of the sum",
            "The loss is right: it is a mean. The gradient that you return is that of the *sum*: "
            "how much does one sequence count in a mean of N?",
            _wrong(gradient=lambda z, y: _mean_gradient(z, y) * len(z)),
        ),
        Mistake(
            "sum instead of mean",
            "Loss and gradient fit each other, and both are those of the sum over the batch. The "
            "mean was asked for.",
            _wrong(
                loss=lambda z, y: _mean_loss(z, y) * len(z),
                gradient=lambda z, y: _mean_gradient(z, y) * len(z),
            ),
        ),
        Mistake(
            "one loss for each sequence",
            "The losses are right, one for each sequence, and so are their gradients. What is left "
            "to do is the mean over the batch, in both.",
            lambda given: (
                lambda z, y: (
                    activations.cross_entropy(y, z),
                    activations.cross_entropy_gradient(y, z),
                )
            ),
        ),
        Mistake(
            "gradient of squared error",
            "The loss is right. In the gradient there is a slope of the sigmoid too many: the "
            "cross-entropy cancels it, squared error does not.",
            _wrong(gradient=lambda z, y: _mean_gradient(z, y) * activations.sigmoid_derivative(z)),
        ),
        Mistake(
            "positives only",
            "The gradient is right, and so is the loss of the sequences with the label 1. Those "
            "with the label 0 count nothing yet: the cross-entropy has a second term.",
            _wrong(loss=lambda z, y: float((activations.cross_entropy(y, z) * y).mean())),
        ),
        Mistake(
            "sigmoid applied twice",
            "It looks as if the probabilities went through a sigmoid once more. What comes in are "
            "logits: one sigmoid makes them probabilities.",
            lambda given: lambda z, y: _right(activations.sigmoid(z), y),
        ),
    ),
    hints=(
        r"Begin with one sequence. $L = -[\,y \ln \sigma(z) + (1 - y) \ln(1 - \sigma(z))\,]$, and "
        r"$\partial L / \partial z = \sigma(z) - y$. Then think of the mean.",
        r"The logarithm of a sigmoid is simpler than it looks: $-\ln \sigma(z) = \ln(1 + e^{-z})$ "
        r"and $-\ln(1 - \sigma(z)) = \ln(1 + e^{-z}) + z$. Put both into the formula and tidy up.",
        r"`np.logaddexp(a, b)` is $\ln(e^a + e^b)$ without overflow; remember $1 = e^0$. For the "
        r"sigmoid without overflow, $e^{-|z|}$ is never more than 1.",
    ),
    solution=lambda given: (
        r"With $-\ln \sigma(z) = \ln(1 + e^{-z})$ and $-\ln(1 - \sigma(z)) = \ln(1 + e^{z})$, and "
        r"$\ln(1 + e^{z}) = z + \ln(1 + e^{-z})$, the two terms become one:"
        "\n\n"
        r"$$L = \ln(1 + e^{z}) - y z \qquad \frac{\partial L}{\partial z} = \sigma(z) - y$$"
        "\n\nNo logarithm of a probability is left that could round to 0. The mean over N divides "
        "the gradient of each by N. For the sigmoid, $e^{-|z|}$ cannot overflow:\n\n"
        "```python\n"
        "def cross_entropy(logits, labels):\n"
        "    loss = np.mean(np.logaddexp(0, logits) - labels * logits)\n"
        "    small = np.exp(-np.abs(logits))\n"
        "    y_hat = np.where(logits >= 0, 1, small) / (1 + small)\n"
        "    return loss, (y_hat - labels) / len(logits)\n"
        "```\n\n"
        "This is why libraries of neural networks take the logit, and not the probability, in "
        "their loss."
    ),
    effort=lambda given: (int(given.labels.sum()), int(((given.logits > 0) != given.labels).sum())),
)
