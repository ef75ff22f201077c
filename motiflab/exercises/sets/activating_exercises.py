"""Exercises on activations and the loss: chain rule, cross-entropy, sparsity, dead units."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from motiflab import explorers
from motiflab.exercises import (
    Choice,
    ExerciseSet,
    Function,
    Given,
    Mistake,
    Option,
    Property,
    Shown,
    Target,
    Text,
    Value,
    per_cent,
    table,
    together,
)
from motiflab.layers.activations import (
    cross_entropy,
    cross_entropy_gradient,
    sigmoid,
    sigmoid_derivative,
)

# -- Send a gradient back through three units ------------------------------------------------------


def _draw_slope(rng: np.random.Generator) -> dict[str, float]:
    """Draw outputs and weights with few digits, and one factor that is negative.

    The gradient is then negative, so its size alone is a wrong answer.
    """
    weights = [int(rng.integers(2, 6)), -int(rng.integers(2, 6))]
    w2, w3 = weights if rng.random() < 0.5 else weights[::-1]
    drawn = {
        "h1": float(rng.choice([0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9])),
        "h2": float(rng.choice([1.5, 2.5, 3.5])),
        "y_hat": float(rng.choice([0.2, 0.3, 0.4, 0.6, 0.7, 0.8])),
        "y": int(rng.integers(2)),
    }
    if drawn["y"] == 1:  # then the first link, prediction minus label, is negative
        w2, w3 = abs(w2), abs(w3)
    return {**drawn, "w2": w2, "w3": w3}


def _slope(given: Given) -> float:
    return (given.y_hat - given.y) * given.w3 * given.w2 * _first(given)


def _weight_forgotten(given: Given, answer: np.ndarray) -> bool:
    """Tell whether the product lacks one of the weights, or both."""
    lacking = [_slope(given) / w for w in (given.w2, given.w3, given.w2 * given.w3)]
    return answer.shape == () and bool(np.isclose(answer, lacking, atol=5e-5).any())


def _first(given: Given) -> float:
    """Return the slope of the first sigmoid, from its output."""
    return given.h1 * (1 - given.h1)


SLOPE = Value(
    id="activating.slope",
    title="Send a gradient back through three units",
    draw=_draw_slope,
    # Weights that are added by mistake must show.
    suits=lambda given: given.w2 + given.w3 != given.w2 * given.w3,
    decimals=4,
    task=lambda given: (
        "A chain of three units reads one sequence: a sigmoid, a ReLU and a second sigmoid.\n\n"
        r"$$h_1 = \sigma(z_1) \qquad h_2 = \mathrm{ReLU}(w_2 h_1 + b_2) \qquad \hat y = "
        r"\sigma(w_3 h_2 + b_3)$$"
        "\n\n"
        rf"In the forward pass it computed $h_1 = {given.h1:g}$, $h_2 = {given.h2:g}$ and $\hat y "
        f"= {given.y_hat:g}$, with the weights $w_2 = {given.w2}$ and $w_3 = {given.w3}$. The "
        rf"label is $y = {given.y}$ and the loss $L$ is the cross-entropy. What is $\partial L / "
        r"\partial z_1$? Give a number with its sign, rounded to 4 decimals if it has more."
    ),
    right=_slope,
    mistakes=(
        Mistake(
            "last sigmoid counted twice",
            "You are close. The slope of the *last* sigmoid is in your product once more than it "
            "should be. What does it contribute when the loss is the cross-entropy?",
            lambda given: _slope(given) * given.y_hat * (1 - given.y_hat),
        ),
        Mistake(
            "ReLU's value for its slope",
            "All the factors are there, but for the ReLU you used its output. The backward pass "
            "needs its *derivative*: what is the slope of a ReLU whose output is above 0?",
            lambda given: _slope(given) * given.h2,
        ),
        Mistake(
            "first sigmoid forgotten",
            r"This is $\partial L / \partial h_1$, which is nearly the answer. One factor is "
            "missing: from $h_1$ back to $z_1$.",
            lambda given: (given.y_hat - given.y) * given.w3 * given.w2,
        ),
        Mistake(
            "weights forgotten",
            "The slopes of the activations are right. But there is a weight between any two "
            "units, and the gradient is multiplied by each of them, too.",
            lambda given: (given.y_hat - given.y) * _first(given),
            _weight_forgotten,
        ),
        Mistake(
            "sigmoid's value for its slope",
            "All the factors are there, but for the first sigmoid you used its output. The "
            "backward pass needs its *derivative*, which you can compute from that output.",
            lambda given: (given.y_hat - given.y) * given.w3 * given.w2 * given.h1,
        ),
        Mistake(
            "sigmoid's slope at its output",
            "You took the slope of the first sigmoid at $h_1$, but it is needed at $z_1$. You "
            r"need not know $z_1$: write $\sigma'$ in terms of the sigmoid's own output.",
            lambda given: _slope(given) / _first(given) * float(sigmoid_derivative(given.h1)),
        ),
        Mistake(
            "truth minus prediction",
            "The size is right and the sign is wrong. Did you give the size alone? Or did you "
            "swap prediction and label in the first factor (which way should the logit go?), or "
            "lose the sign of a weight?",
            lambda given: -_slope(given),
        ),
    ),
    hints=(
        "Go from the end to the beginning, one factor after another, and multiply. Start with the "
        "derivative of the loss with respect to the last logit: for a sigmoid with the "
        "cross-entropy it is very short.",
        r"You have outputs, not pre-activations, and that is enough: $\sigma'(z) = \sigma(z) "
        r"(1 - \sigma(z))$, and a ReLU with an output above 0 is active.",
        r"$\dfrac{\partial L}{\partial z_1} = \dfrac{\partial L}{\partial z} \cdot w_3 \cdot "
        r"\mathrm{ReLU}'(z_2) \cdot w_2 \cdot \sigma'(z_1)$, where $z$ is the last logit.",
    ),
    solution=lambda given: (
        r"The last sigmoid and the cross-entropy leave $\partial L / \partial z = \hat y - y = "
        f"{given.y_hat:g} - {given.y} = {given.y_hat - given.y:.4g}$. The ReLU is active, since "
        f"its output is {given.h2:g} > 0, so its derivative is 1; how large the output is does "
        rf"not matter. The first sigmoid has $\sigma'(z_1) = h_1 (1 - h_1) = {given.h1:g} \cdot "
        f"{1 - given.h1:.4g} = {_first(given):.4g}$. Together:\n\n"
        rf"$$\frac{{\partial L}}{{\partial z_1}} = ({given.y_hat - given.y:.4g}) \cdot "
        rf"({given.w3}) \cdot 1 \cdot ({given.w2}) \cdot {_first(given):.4g} = "
        rf"\mathbf{{{_slope(given):.4f}}}$$"
        "\n\n"
        "The first sigmoid alone removes at least three quarters of the gradient, the ReLU "
        "removes nothing. Ten sigmoids in a row would leave less than a millionth, without the "
        "weights."
    ),
    effort=lambda given: (
        sum(factor < 0 for factor in (given.y_hat - given.y, given.w2, given.w3)),
        given.h2 > 0,
        given.h1 != 0.5,
    ),
)


# -- One step downhill -----------------------------------------------------------------------------


def _draw_step(rng: np.random.Generator) -> dict[str, float]:
    """Draw a prediction on the wrong side of 0.5."""
    y, far = int(rng.integers(2)), float(rng.integers(12, 19) / 20)
    return {
        "y_hat": far if y == 0 else round(1 - far, 2),
        "y": y,
        "rate": float(rng.integers(10, 20) / 20),
    }


def _logit(p: float) -> float:
    return float(np.log(p / (1 - p)))


def _stepped(given: Given, slope: float | None = None) -> float:
    """Return the logit after one step, downhill on the cross-entropy if no slope is given."""
    z = _logit(given.y_hat)
    slope = float(cross_entropy_gradient(given.y, z)) if slope is None else slope
    return z - given.rate * slope


def _other_base(given: Given, base: float) -> float:
    """Return the answer if the logit is taken with a logarithm to another base."""
    return float(sigmoid(_logit(given.y_hat) / np.log(base) - given.rate * _wrong_by(given)))


def _wrong_by(given: Given) -> float:
    return given.y_hat - given.y


NEW_PROBABILITY = Value(
    id="activating.new_probability",
    title="One step downhill",
    draw=_draw_step,
    decimals=3,
    task=lambda given: (
        rf"A network predicts $\hat y = {given.y_hat:g}$ for a sequence whose label is $y = "
        f"{given.y}$. Move its logit $z$ by one step of gradient descent on the cross-entropy, "
        rf"with the learning rate $\eta = {given.rate:g}$:"
        "\n\n"
        r"$$z \leftarrow z - \eta \, \frac{\partial L}{\partial z}$$"
        "\n\n"
        "Which probability does the network predict after the step? Round to 3 decimals. "
        "(Logarithms are natural, here and in all that follows.)"
    ),
    right=lambda given: float(sigmoid(_stepped(given))),
    mistakes=(
        Mistake(
            "log2 for ln",
            "Your steps are right, and in the right order. Only the logarithm has the wrong base: "
            "the sigmoid is made with $e$, so its inverse needs the *natural* logarithm.",
            lambda given: _other_base(given, 2),
        ),
        Mistake(
            "log10 for ln",
            "Your steps are right, and in the right order. But you used the logarithm to the base "
            "10, which many calculators call log. They call the natural one ln.",
            lambda given: _other_base(given, 10),
        ),
        Mistake(
            "probability moved, not the logit",
            "You moved the probability. The logit takes the step: first find the logit of this "
            "probability, and apply the sigmoid at the end.",
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
            "it cancels: which derivative is left?",
            lambda given: float(
                sigmoid(_stepped(given, _wrong_by(given) * given.y_hat * (1 - given.y_hat)))
            ),
        ),
        Mistake(
            "probability for logit",
            "You took the step from the probability as if it were the logit. First find the logit "
            "of this probability, by the inverse of the sigmoid.",
            lambda given: float(sigmoid(given.y_hat - given.rate * _wrong_by(given))),
        ),
        Mistake(
            "learning rate forgotten",
            "Your three steps are right. But how long is the step downhill? The gradient is "
            "multiplied by something before it is subtracted.",
            lambda given: float(sigmoid(_logit(given.y_hat) - _wrong_by(given))),
        ),
        Mistake(
            "logit for probability",
            "This is the new logit, and it is right. The question is about its probability.",
            _stepped,
        ),
        Mistake(
            "logarithm of the probability alone",
            r"The logit is the logarithm of the *odds* $\hat y / (1 - \hat y)$, not of $\hat y$ "
            "alone. Everything after that is right.",
            lambda given: float(sigmoid(np.log(given.y_hat) - given.rate * _wrong_by(given))),
        ),
        per_cent("a probability", lambda given: float(sigmoid(_stepped(given)))),
    ),
    hints=(
        "Three steps: from the probability to the logit, one step downhill, and back to a "
        "probability.",
        r"The inverse of the sigmoid is $z = \ln \dfrac{\hat y}{1 - \hat y}$, and the derivative "
        r"of the cross-entropy with respect to the logit is $\hat y - y$.",
    ),
    solution=lambda given: (
        rf"Back to the logit: $z = \ln({given.y_hat:g} / {1 - given.y_hat:.4g}) = "
        rf"{_logit(given.y_hat):.4f}$. The gradient is $\hat y - y = {_wrong_by(given):.4g}$, so "
        rf"the logit moves to ${_logit(given.y_hat):.4f} - {given.rate:g} \cdot "
        rf"({_wrong_by(given):.4g}) = {_stepped(given):.4f}$. Then $\sigma({_stepped(given):.4f}) "
        rf"= \mathbf{{{float(sigmoid(_stepped(given))):.3f}}}$. That is closer to the label than "
        f"{given.y_hat:g}, as it should be."
    ),
    effort=lambda given: abs(_wrong_by(given)) > 0.5,
)


# -- Wake the first layer --------------------------------------------------------------------------

REMEDY = Choice(
    id="activating.remedy",
    title="Wake the first layer",
    task=lambda given: (
        "A network has ten hidden layers, all with sigmoids, and random weights at the start. The "
        "last layers learn; the first one, which reads the DNA, hardly changes. Which remedy "
        "treats the cause?"
    ),
    options=(
        Option("ReLU in the hidden layers, and random weights of a size that suits ReLU."),
        Option(
            "ReLU in the hidden layers; the size of the weights does not matter.",
            "This is the first half of the answer. But only *active* units have the slope 1, and "
            "the weights between the layers are factors as well. Look at the card of deep "
            "networks in Part 1 with small random weights: even ReLU loses the gradient.",
        ),
        Option(
            "A learning rate that is a million times larger.",
            "It would help the first layer, but it also enlarges the steps of the last layers, "
            "which receive nearly the whole gradient. The first and the last layer differ in how "
            "many factors their gradient contains.",
        ),
        Option(
            "Large biases, so that every sigmoid gives nearly 1.",
            "The *value* of such a sigmoid is large, and its *slope* is nearly 0. Which of the two "
            "multiplies the gradient on its way back?",
        ),
        Option(
            "Squared error instead of the cross-entropy.",
            "The loss changes only the first factor, at the output; squared error would add one "
            "more slope of a sigmoid there. The factors of the hidden layers stay as they are.",
        ),
        Option(
            "Ten times as many sequences.",
            "The gradient of the first layer is then an average over more sequences, and an "
            "average of tiny numbers is tiny. Something has to change inside the network.",
        ),
    ),
    hints=(
        "Write the gradient of the first layer as a product. Which factors occur ten times?",
        "Each of the ten layers contributes two factors: a slope and weights.",
    ),
    solution=lambda given: (
        "For each layer on the way back, the gradient is multiplied by the slopes $g'(z)$ and by "
        "the weights. The product of ten slopes of sigmoids, each at most $0.25$, is at most "
        "$0.25^{10} \\approx 10^{-6}$. An active ReLU has the slope 1. About half of the units "
        "are silent, and slightly larger weights (He's start) make up for that, so the "
        "gradient keeps about the same size from layer to layer. That is option "
        f"**{REMEDY.right(given)}**."
    ),
)


# -- Write the loss, and its gradient --------------------------------------------------------------

_FAR = 800.0  # exp(800) is more than a float can hold


def _draw_loss(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw four sequences, two of each label, with one prediction of each on the wrong side."""
    labels = np.array([1, 1, 0, 0])
    sizes = rng.choice(np.arange(5, 31), 4, replace=False) / 10
    logits = sizes * [1, -1, 1, -1]  # of each label, one with the wrong sign
    order = rng.permutation(4)
    return {"logits": logits[order], "labels": labels[order]}


def _mean_loss(logits: np.ndarray, labels: np.ndarray) -> float:
    return float(cross_entropy(labels, logits).mean())


def _mean_gradient(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return cross_entropy_gradient(labels, logits) / len(labels)


def _returning(
    loss: Callable[[np.ndarray, np.ndarray], Any] = _mean_loss,
    gradient: Callable[[np.ndarray, np.ndarray], np.ndarray] = _mean_gradient,
) -> Callable[[Given], Callable[..., tuple[Any, ...]]]:
    """Make the right function, or the example of a mistake with other results."""
    return lambda given: together(loss, gradient)


def _cases(given: Given, rng: np.random.Generator) -> list[tuple[np.ndarray, ...]]:
    return [
        (np.array([0.5, -1.5]), np.array([1, 0])),
        (np.array([2.0]), np.array([0])),
        (given.logits, given.labels),
        (rng.normal(0, 3, 20), rng.integers(0, 2, 20)),
    ]


def _no_zero_times_infinity(given: Given, answer: Callable[..., Any]) -> bool:
    """Try logits that are so right that one probability rounds to 0."""
    loss, _ = answer(np.array([_FAR, -_FAR]), np.array([1, 0]))
    return not np.isnan(loss).any()


def _stays_finite(given: Given, answer: Callable[..., Any]) -> bool:
    """Try logits that are so wrong that the sigmoid rounds to 0 or 1."""
    logits, labels = np.array([-_FAR, _FAR]), np.array([1, 0])
    loss, gradient = answer(logits, labels)
    return np.allclose(loss, _FAR) and np.allclose(gradient, [-0.5, 0.5])


CROSS_ENTROPY = Function(
    id="activating.cross_entropy",
    title="Write the loss, and its gradient",
    draw=_draw_loss,
    task=lambda given: (
        "Write `cross_entropy(logits, labels)` for a batch of $N$ sequences. Both arguments are "
        "arrays of shape `(N,)`; the labels are 0 or 1. Return two things, `(loss, gradient)`:\n\n"
        "- `loss`, a number: the **mean** over the batch of the cross-entropy, in nats,\n"
        "- `gradient`, of shape `(N,)`: the derivative of that mean with respect to each "
        "logit.\n\n"
        "It must be right for logits of any size, also for -800 and 800. Your own batch is in "
        "`given.logits` and `given.labels`; its loss should be about "
        f"{_mean_loss(given.logits, given.labels):.3f}.\n\n"
        + table(["logit", *map(str, given.logits)], [("label", *given.labels)])
    ),
    right=_returning(),
    cases=_cases,
    properties=(
        Property(
            "For logits of ordinary size your function is right. For the logits 800 and -800 with "
            "the labels 1 and 0, confidently right, the loss is `nan`: it should be 0. One of the "
            "probabilities rounds to 0, and 0 times ln 0 is 0 times minus infinity. Rewrite the "
            "loss so that it needs no logarithm of a probability.",
            _no_zero_times_infinity,
        ),
        Property(
            "For logits of ordinary size your function is right. For the logits -800 and 800 with "
            "the labels 1 and 0, confidently wrong, it is not: the sigmoid rounds to 0 or 1, or "
            "its exponential overflows, and clipping it gives a loss that is too small. Rewrite "
            "the loss so that it needs no logarithm of a probability.",
            _stays_finite,
        ),
    ),
    mistakes=(
        Mistake(
            "log2 for ln",
            "Your loss is in bits: it is always too large, by the same factor. Use the natural "
            "logarithm to get nats. The gradient is right.",
            _returning(loss=lambda z, y: _mean_loss(z, y) / np.log(2)),
        ),
        Mistake(
            "truth minus prediction",
            "The loss is right and so is the size of the gradient, but its sign is wrong. If the "
            "label is 1, should the loss rise or fall as the logit grows?",
            _returning(gradient=lambda z, y: -_mean_gradient(z, y)),
        ),
        Mistake(
            "gradient without its sign",
            "The loss is right and so is the size of the gradient. But you lost its sign: for "
            "which label should the logit grow, and for which should it fall?",
            _returning(gradient=lambda z, y: np.abs(_mean_gradient(z, y))),
        ),
        Mistake(
            "minus forgotten",
            "The gradient is right. Your loss is below 0: the logarithm of a probability is "
            "negative, and a loss should be larger the less probable the network made the true "
            "label.",
            _returning(loss=lambda z, y: -_mean_loss(z, y)),
        ),
        Mistake(
            "loss and gradient exchanged",
            "Both are right, but the other way round: the loss first, then the gradient.",
            lambda given: together(_mean_gradient, _mean_loss),
        ),
        Mistake(
            "gradient of the sum",
            "The loss is right: it is a mean. The gradient that you return is that of the *sum*: "
            "what is the weight of one sequence in a mean of N?",
            _returning(gradient=lambda z, y: _mean_gradient(z, y) * len(z)),
        ),
        Mistake(
            "sum instead of mean",
            "Loss and gradient agree, but both are those of the sum over the batch. Return those "
            "of the mean.",
            _returning(
                loss=lambda z, y: _mean_loss(z, y) * len(z),
                gradient=lambda z, y: _mean_gradient(z, y) * len(z),
            ),
        ),
        Mistake(
            "one loss for each sequence",
            "The losses are right, one for each sequence, and so are their gradients. Now take "
            "the mean over the batch, in both.",
            _returning(lambda z, y: cross_entropy(y, z), lambda z, y: cross_entropy_gradient(y, z)),
        ),
        Mistake(
            "gradient of squared error",
            "The loss is right. The gradient has one slope of the sigmoid too many: with the "
            "cross-entropy it cancels, with squared error it does not.",
            _returning(gradient=lambda z, y: _mean_gradient(z, y) * sigmoid_derivative(z)),
        ),
        Mistake(
            "positives only",
            "The gradient is right, and so is the loss of the sequences with the label 1. Those "
            "with the label 0 do not count yet: the cross-entropy has a second term.",
            _returning(loss=lambda z, y: float((cross_entropy(y, z) * y).mean())),
        ),
        Mistake(
            "sigmoid applied twice",
            "It looks as if you applied the sigmoid twice. The arguments are logits: one sigmoid "
            "turns them into probabilities.",
            _returning(
                lambda z, y: _mean_loss(sigmoid(z), y), lambda z, y: _mean_gradient(sigmoid(z), y)
            ),
        ),
    ),
    hints=(
        r"Begin with one sequence. $L = -[\,y \ln \sigma(z) + (1 - y) \ln(1 - \sigma(z))\,]$, and "
        r"$\partial L / \partial z = \sigma(z) - y$. Then think of the mean.",
        r"The logarithm of a sigmoid is simpler than it looks: $-\ln \sigma(z) = \ln(1 + e^{-z})$ "
        r"and $-\ln(1 - \sigma(z)) = \ln(1 + e^{-z}) + z$. Put both into the formula and simplify.",
        r"`np.logaddexp(a, b)` is $\ln(e^a + e^b)$ without overflow; remember $1 = e^0$. For a "
        "sigmoid without overflow, use that $e^{-|z|}$ is never more than 1.",
    ),
    solution=lambda given: (
        r"With $-\ln \sigma(z) = \ln(1 + e^{-z})$ and $-\ln(1 - \sigma(z)) = \ln(1 + e^{z})$, and "
        r"$\ln(1 + e^{z}) = z + \ln(1 + e^{-z})$, the two terms become:"
        "\n\n"
        r"$$L = \ln(1 + e^{z}) - y z \qquad \frac{\partial L}{\partial z} = \sigma(z) - "
        "y$$\n\n"
        "There is no logarithm left of a probability that could round to 0. The mean over N "
        "divides the gradient of each by N. For the sigmoid, $e^{-|z|}$ cannot overflow:\n\n"
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


# -- Set the threshold, and explain a dead filter --------------------------------------------------

_LOWEST, _NOTCH = -16.0, 0.5  # of the explorer's slider


def _scores() -> Any:
    return explorers.sparsity_explorer.scores_of("CTCF")


def _fired(biases: np.ndarray) -> np.ndarray:
    """Return in how many per cent of the shuffles the filter fires, for each bias."""
    # The explorer is loaded only now: it takes a moment, and most exercises need none.
    return 100 * explorers.sparsity_explorer.shares(_scores(), biases)[2]


def _regions(given: Given) -> dict[str, np.ndarray]:
    """Sort the biases from 0 down, the mildest first, by what the filter does with them."""
    biases = np.arange(0.0, _LOWEST - _NOTCH, -_NOTCH)
    fire = (_scores().values[given.peak] + biases[:, None] > 0).sum(axis=1)
    strict = _fired(biases) < given.percent
    return {
        "several": biases[fire > 1],
        "only this peak": biases[(fire == 1) & ~strict],
        "right": biases[(fire == 1) & strict],
        "silent": biases[fire == 0],
    }


def _draw_threshold(rng: np.random.Generator) -> dict[str, int]:
    """Draw a peak, and how many shuffles may fire."""
    return {"peak": int(rng.integers(500)), "percent": int(rng.choice([5, 10, 15, 20]))}


def _clear(given: Given) -> bool:
    """Tell whether a single window is left long before the shuffles are silent."""
    # With three notches, the middle of a region is not at an edge that rounding could move.
    return all(len(biases) >= 3 for biases in _regions(given).values())


def _middle(given: Given, region: str) -> dict[str, float]:
    biases = _regions(given)[region]
    return {"bias": float(biases[len(biases) // 2])}


def _firing(shown: Shown) -> int:
    return int((shown.result.map > 0).sum())


def _percent(shown: Shown) -> float:
    return 100 * shown.result.shuffles


def _solution(given: Given) -> str:
    biases, mildest = _regions(given)["right"], _regions(given)["only this peak"][0]
    best, second = np.sort(_scores().values[given.peak])[[-1, -2]]
    return (
        f"Without a bias the two best windows of your peak score {best:.1f} and {second:.1f}. So "
        f"only one fires for every $b$ from {-second:.1f} down to just above {-best:.1f}. Fewer "
        f"than {given.percent} % of the shuffles fire from $b = {biases[0]:g}$ downwards. Both "
        f"hold on the slider from **{biases[0]:g} to {biases[-1]:g}**.\n\n"
        f"Your prediction: with {mildest:g}, which leaves one window of your peak, the filter "
        f"still fires in {_fired(np.array([mildest]))[0]:.0f} % of the shuffles. One window in "
        "one sequence says little about others: each shuffle has 186 windows on two strands, and "
        "the best of so many can be high by chance. So the threshold must be stricter than your "
        "peak alone would need, and the price is that some peaks fall silent."
    )


BIAS = Target(
    id="activating.bias",
    title="Set the threshold",
    explorer="SparsityExplorer",
    draw=_draw_threshold,
    suits=_clear,  # as one draw in four does
    start=lambda given: {"motif": "CTCF", "peak": given.peak, "bias": 0.0},
    locked=("motif", "peak"),
    task=lambda given: (
        "The filter holds the log-odds of CTCF, and a ReLU follows it. Move the **bias** until "
        "both are true:\n\n"
        f"- in your peak, number {given.peak}, exactly **one** window is above 0 after the ReLU;\n"
        f"- over all sequences, the filter fires in **fewer than {given.percent} %** of the "
        "shuffles.\n\n"
        "Then press *Share* and copy the line named *Scene*."
    ),
    prediction=(
        "Suppose that the bias is just strict enough to leave one window of your peak. In what "
        "share of the shuffles will the filter still fire somewhere? Guess, and say why."
    ),
    right=lambda given: _middle(given, "right"),
    reached=lambda given, shown: _firing(shown) == 1 and _percent(shown) < given.percent,
    mistakes=(
        Mistake(
            "bias of the wrong sign",
            "A bias above 0 raises every score, so even more windows pass the ReLU. Which way "
            "must the scores go for the filter to fall silent on background?",
            lambda given: {"bias": 4.0},
            lambda given, shown: shown.state.bias > 0,
        ),
        Mistake(
            "several windows still fire",
            "In your peak more than one window is still above 0. The filter is not silent enough "
            "yet: watch the number of windows in the key of the feature map.",
            lambda given: _middle(given, "several"),
            lambda given, shown: _firing(shown) > 1,
        ),
        Mistake(
            "all windows silenced",
            "Now the filter is silent in your whole peak, even in its best window. Then the ReLU "
            "passes nothing on, and no gradient comes back. Go back a little.",
            lambda given: _middle(given, "silent"),
            lambda given, shown: _firing(shown) == 0,
        ),
        Mistake(
            "one sequence taken for all",
            "Your peak is right: one window. But the filter still fires in too many shuffles. "
            "Look at their share in the other picture, or in the text below it, and see how far "
            "the bias can go before your peak falls silent.",
            lambda given: _middle(given, "only this peak"),
            lambda given, shown: _firing(shown) == 1,
        ),
    ),
    hints=(
        "The bias is added to every score, and the ReLU cuts at 0. To silence a window that scores "
        "5 without a bias, what must the bias be?",
        "First find the range of biases that leaves one window in your peak. Within this range, "
        "watch the share of the shuffles.",
    ),
    solution=_solution,
    effort=_clear,
)

DEAD = Text(
    id="activating.dead",
    title="A filter that never fires again",
    task=lambda given: (
        "During training the bias of a ReLU filter has fallen so far that it scores below 0 in "
        "every window of every sequence. In a few sentences: what does the filter now pass on, "
        "what gradient do its weights and its bias receive, and will more training bring it back? "
        "And how is that related to the bias that you set in the exercise before?"
    ),
    hints=(
        "What is the derivative of ReLU for a negative pre-activation? Follow it into the product "
        "for a weight, and for the bias.",
        "In the exercise before, what would have happened to the filter if you had lowered the "
        "bias further and further?",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        "- the filter passes on 0 everywhere, so it says nothing about any sequence;\n"
        "- the derivative of ReLU is 0 there, and it is a factor of the gradient of every weight "
        "and of the bias: all of them get 0, from every sequence;\n"
        "- so no gradient moves it, however long the training lasts. The unit is *dead*; only a "
        "change of its input could bring it back, and DNA does not change;\n"
        "- a negative bias makes the filter silent on background, as we want; if it falls further, "
        "the filter is silent on the motif as well;\n"
        "- what helps: several filters, because it is less likely that all of them die; a smaller "
        "learning rate; a bias that starts near 0. None of these is a guarantee."
    ),
)

# -- A head for counts -----------------------------------------------------------------------------


def _draw_count_head(rng: np.random.Generator) -> dict[str, int]:
    """Draw a rate and a count that are clearly apart."""
    rate = int(rng.integers(2, 9))
    return {"rate": rate, "count": rate + int(rng.choice([-1, 1])) * int(rng.integers(2, 7))}


COUNT_HEAD = Value(
    id="activating.count_head",
    title="A head for counts",
    draw=_draw_count_head,
    suits=lambda given: given.count >= 2,
    decimals=2,
    task=lambda given: (
        "A network predicts how many reads a sequence will get. Its output $z$ is the logarithm "
        "of the rate, and its loss is $e^z - y z$ for the count $y$. For one sequence it predicts "
        rf"$z = \ln {given.rate}$, which is {np.log(given.rate):.3f}, and we count $y = "
        rf"{given.count}$ reads. What is $\partial L / \partial z$? Give a number with its sign."
    ),
    right=lambda given: given.rate - given.count,
    mistakes=(
        Mistake(
            "truth minus prediction",
            "The size is right. But a gradient points uphill: it is the prediction minus the "
            "count, and the step goes in the opposite direction.",
            lambda given: given.count - given.rate,
        ),
        Mistake(
            "z for the rate",
            "You took $z$ itself as the prediction. Here $z$ is a logarithm: what is the rate?",
            lambda given: np.log(given.rate) - given.count,
        ),
        Mistake(
            "the head of yes or no",
            "That is the gradient of a probability, with the sigmoid. This head predicts a rate: "
            r"which function turns $z$ into it?",
            lambda given: sigmoid(np.log(given.rate)) - given.count,
        ),
        Mistake(
            "squared error",
            "That is the gradient of $(z - y)^2$, for a measured value. Differentiate $e^z - y z$ "
            "instead, term by term.",
            lambda given: 2 * (np.log(given.rate) - given.count),
        ),
    ),
    hints=(
        r"Differentiate the two terms $e^z$ and $-y z$ one by one.",
        r"The derivative is $e^z - y$. What is $e^z$, if $z$ is a logarithm?",
    ),
    solution=lambda given: (
        rf"$\partial L / \partial z = e^z - y = {given.rate} - {given.count} = "
        f"{given.rate - given.count}$: the predicted rate minus the count. Every head has this "
        "form: prediction minus truth."
    ),
    effort=lambda given: 1,
)


SET = ExerciseSet(
    "activating",
    "Activations and the loss",
    3297890,
    (SLOPE, NEW_PROBABILITY, REMEDY, CROSS_ENTROPY, BIAS, COUNT_HEAD, DEAD),
)
