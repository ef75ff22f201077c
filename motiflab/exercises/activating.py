"""Exercises on activations and the loss: chain rule, cross-entropy, sparsity, dead units."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from motiflab.activations import sigmoid_derivative
from motiflab.exercises.activating_loss import CROSS_ENTROPY
from motiflab.exercises.activating_step import NEW_PROBABILITY
from motiflab.exercises.activating_threshold import BIAS, DEAD
from motiflab.exercises.exercise import ExerciseSet, Mistake
from motiflab.exercises.values import Choice, Option, Value

# -- by hand: a gradient goes back through a chain of units ---------------------------------------


def _draw_slope(rng: np.random.Generator) -> dict[str, float]:
    """Outputs and weights with few digits; one of the factors is negative.

    So the gradient is negative, and its size alone is a wrong answer.
    """
    while True:
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
        if w2 + w3 != w2 * w3:  # weights that are added by mistake must show
            return {**drawn, "w2": w2, "w3": w3}


def _slope(given: SimpleNamespace) -> float:
    return (given.y_hat - given.y) * given.w3 * given.w2 * _first(given)


def _weight_forgotten(given: SimpleNamespace, answer: np.ndarray) -> bool:
    """Tell whether the product lacks one of the weights, or both."""
    lacking = [_slope(given) / w for w in (given.w2, given.w3, given.w2 * given.w3)]
    return answer.shape == () and bool(np.isclose(answer, lacking, atol=5e-5).any())


def _first(given: SimpleNamespace) -> float:
    return given.h1 * (1 - given.h1)


SLOPE = Value(
    id="activating.slope",
    title="Send a gradient back through three units",
    draw=_draw_slope,
    decimals=4,
    task=lambda given: (
        "A chain of three units reads one sequence: a sigmoid, a ReLU and again a sigmoid.\n\n"
        r"$$h_1 = \sigma(z_1) \qquad h_2 = \mathrm{ReLU}(w_2 h_1 + b_2) \qquad "
        r"\hat y = \sigma(w_3 h_2 + b_3)$$"
        "\n\n"
        f"On the way forward it had $h_1 = {given.h1:g}$, $h_2 = {given.h2:g}$ and "
        rf"$\hat y = {given.y_hat:g}$, with the weights $w_2 = {given.w2}$ and "
        f"$w_3 = {given.w3}$. The label is $y = {given.y}$ and the loss $L$ is the cross-entropy. "
        r"What is $\partial L / \partial z_1$? Give a number with its sign, rounded to 4 decimals "
        "if it has more."
    ),
    right=_slope,
    mistakes=(
        Mistake(
            "last sigmoid counted twice",
            "You are close. The slope of the *last* sigmoid is in your product once more than it "
            "should be. Look again at what is left of it when its loss is the cross-entropy.",
            lambda given: _slope(given) * given.y_hat * (1 - given.y_hat),
        ),
        Mistake(
            "ReLU's value for its slope",
            "All the links are there, but the ReLU gave its output. Going back, it gives its "
            "*derivative*: how steep is a ReLU whose output is above 0?",
            lambda given: _slope(given) * given.h2,
        ),
        Mistake(
            "first sigmoid forgotten",
            r"This is $\partial L / \partial h_1$, which is nearly all of the way. One link is "
            "left: from $h_1$ back to $z_1$.",
            lambda given: (given.y_hat - given.y) * given.w3 * given.w2,
        ),
        Mistake(
            "weights forgotten",
            "The slopes of the activations are right. But between any two units stands a weight, "
            "and the gradient passes each of them on its way back, too.",
            lambda given: (given.y_hat - given.y) * _first(given),
            _weight_forgotten,
        ),
        Mistake(
            "sigmoid's value for its slope",
            "All the links are there, but the first sigmoid gave its output. Going back, it gives "
            "its *derivative*, which can be worked out from that output.",
            lambda given: (given.y_hat - given.y) * given.w3 * given.w2 * given.h1,
        ),
        Mistake(
            "sigmoid's slope at its output",
            r"The slope of the first sigmoid was taken at $h_1$, but it belongs at $z_1$. You need "
            r"not know $z_1$: write $\sigma'$ in terms of the sigmoid's own output.",
            lambda given: _slope(given) / _first(given) * float(sigmoid_derivative(given.h1)),
        ),
        Mistake(
            "truth minus prediction",
            "The size is right and the sign is wrong. Did you give the size alone? Or is it the "
            "order of prediction and truth in the first link (which way should the logit go?), or "
            "the sign of a weight?",
            lambda given: -_slope(given),
        ),
    ),
    hints=(
        "Go from the end to the beginning, link by link, and multiply. Start with the derivative "
        "of the loss by the last logit: for a sigmoid with the cross-entropy it is very short.",
        r"You have outputs, not pre-activations, and that is enough: $\sigma'(z) = \sigma(z) "
        r"(1 - \sigma(z))$, and a ReLU with an output above 0 is active.",
        r"$\dfrac{\partial L}{\partial z_1} = \dfrac{\partial L}{\partial z} \cdot w_3 \cdot "
        r"\mathrm{ReLU}'(z_2) \cdot w_2 \cdot \sigma'(z_1)$, where $z$ is the last logit.",
    ),
    solution=lambda given: (
        r"The last sigmoid and the cross-entropy leave $\partial L / \partial z = \hat y - y = "
        f"{given.y_hat:g} - {given.y} = {given.y_hat - given.y:.4g}$. The ReLU is active, since "
        f"its output is {given.h2:g} > 0, so its derivative is 1; how large the output is does not "
        r"matter. The first sigmoid has $\sigma'(z_1) = h_1 (1 - h_1) = "
        rf"{given.h1:g} \cdot {1 - given.h1:.4g} = {_first(given):.4g}$. Together:"
        "\n\n"
        rf"$$\frac{{\partial L}}{{\partial z_1}} = ({given.y_hat - given.y:.4g}) \cdot "
        rf"({given.w3}) \cdot 1 \cdot ({given.w2}) \cdot {_first(given):.4g} = "
        rf"\mathbf{{{_slope(given):.4f}}}$$"
        "\n\nThe first sigmoid alone takes away at least three quarters of the gradient, the ReLU "
        "nothing. Ten sigmoids in a row would leave less than a millionth, but for the weights."
    ),
    effort=lambda given: (
        sum(factor < 0 for factor in (given.y_hat - given.y, given.w2, given.w3)),
        given.h2 > 0,
        given.h1 != 0.5,
    ),
)

# -- a choice: what helps the first layer ---------------------------------------------------------

REMEDY = Choice(
    id="activating.remedy",
    title="Wake the first layer",
    task=lambda given: (
        "A network has ten hidden layers, all with sigmoids, and random weights at the start. The "
        "last layers learn; the first one, which reads the DNA, hardly changes. Which remedy goes "
        "to the cause?"
    ),
    options=(
        Option("ReLU in the hidden layers, and random weights of a size that suits it."),
        Option(
            "ReLU in the hidden layers; the size of the weights does not matter.",
            "You have the first half of the cause. But only *active* units have the slope 1, and "
            "between the layers stand the weights, which multiply as well. Look at the card of "
            "deep networks in Part 1 with small random weights: even ReLU loses the gradient.",
        ),
        Option(
            "A learning rate that is a million times larger.",
            "It would make up for what the first layer has lost, but it enlarges the steps of the "
            "last layers as much, and these receive nearly the whole gradient. What differs "
            "between first and last layer is how many factors the gradient has met.",
        ),
        Option(
            "Large biases, so that every sigmoid gives nearly 1.",
            "The *value* of such a sigmoid is large, and its *slope* is nearly 0. Which of the two "
            "multiplies the gradient on its way back?",
        ),
        Option(
            "Squared error in place of the cross-entropy.",
            "The loss decides the first factor only, at the output; squared error would put one "
            "more slope of a sigmoid there. The factors of the hidden layers stay as they are.",
        ),
        Option(
            "Ten times as many sequences.",
            "The gradient of the first layer is then an average over more sequences, and an "
            "average of tiny numbers is tiny. Something has to change inside the network.",
        ),
    ),
    hints=(
        "Write the gradient of the first layer as a product. Which factors are there ten of?",
        "Two things stand in each of the ten links: a slope and weights.",
    ),
    solution=lambda given: (
        "Going back one layer, the gradient is multiplied by the slopes $g'(z)$ and by the "
        "weights. Ten slopes of sigmoids, each at most $0.25$, make at most $0.25^{10} \\approx "
        "10^{-6}$. An active ReLU has the slope 1. Half of the units or so are silent, and weights "
        "that are a little larger (He's start) make up for that, so that the size of the gradient "
        f"stays about the same from layer to layer. That is option **{REMEDY.right(given)}**."
    ),
)

SET = ExerciseSet(
    "activating",
    "Activations and the loss",
    3297890,
    (SLOPE, NEW_PROBABILITY, REMEDY, CROSS_ENTROPY, BIAS, DEAD),
)
