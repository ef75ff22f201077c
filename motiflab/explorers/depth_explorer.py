"""Measure how the gradient changes on its way back through a deep network."""

from __future__ import annotations

import functools

import numpy as np

from motiflab.datasets import sources
from motiflab.explorers.activation_explorer import NAMES
from motiflab.figures import Series, axis, brief
from motiflab.networks.vanishing_gradient import ACTIVATIONS, backpropagate, initial_weights
from motiflab.widgets import CardResult, CardState, Chart, Explorer, choice, curves, slider

SEEDS, DEEPEST, _EXAMPLES = 5, 30, 50
_STARTS = {
    "he": "He's start, designed for ReLU",
    "glorot": "Glorot's start, designed for tanh",
    "torch": "torch's default start",
}


class DepthState(CardState):
    """The learner's choices: the depth of the networks and their initial weights."""

    depth: int = slider(20, "Hidden layers n", 2, DEEPEST, patient=True)
    start: str = choice(
        "he",
        "Random start",
        [("He", "he"), ("Glorot", "glorot"), ("torch", "torch")],
        help="How large the random weights are at the start",
    )


class DepthResult(CardResult):
    """Sizes of the gradient in every layer, and the largest singular value.

    Attributes
    ----------
    sizes : dict of str to ndarray, shape (SEEDS, n)
        For each activation the size of the gradient in each layer, divided by that in the last.
    stretch : float
        Largest singular value of any matrix of weights between two hidden layers.
    """

    sizes: dict[str, np.ndarray]
    stretch: float

    def left(self, activation: str) -> float:
        """Median over the seeds of the relative size in the first layer."""
        return float(np.median(self.sizes[activation][:, 0]))


@functools.cache
def examples() -> tuple[np.ndarray, np.ndarray]:
    """Return 25 CTCF peaks and 25 shuffles of peaks, as rows of 800 numbers, and their labels."""
    data = sources.ctcf()
    # Evenly spaced, so that half of them are peaks and half are shuffles.
    some = data.subset(np.linspace(0, len(data) - 1, _EXAMPLES).astype(int))
    return some.x.transpose(0, 2, 1).reshape(_EXAMPLES, -1).astype(float), some.labels


def networks(depth: int, start: str) -> list[np.ndarray]:
    """Return the weights of each layer for all seeds, (SEEDS, outputs, inputs)."""
    inputs = examples()[0].shape[1]
    drawn = [initial_weights(inputs, depth, initialisation=start, seed=s) for s in range(SEEDS)]
    return [np.stack(layer) for layer in zip(*drawn)]


@functools.cache
def stretches(start: str) -> np.ndarray:
    """Return the largest singular value of each matrix between hidden layers, for all seeds.

    The shape is (DEEPEST - 1, SEEDS). The layers are drawn in order, so a shallower network begins
    with the same matrices as the deepest one.
    """
    # The largest singular value of a matrix is its largest stretch of a vector. The first and the
    # last matrix are omitted: only the others pass the gradient from layer to layer.
    return np.linalg.norm(networks(DEEPEST, start)[1:-1], 2, axis=(2, 3))


# Cached, as a learner moves the slider to and fro: a result is small, its networks are not.
@functools.cache
def sizes(depth: int, start: str) -> dict[str, np.ndarray]:
    """Build the networks of all seeds and backpropagate; return `DepthResult.sizes`."""
    x, labels = examples()
    weights = networks(depth, start)

    def shares(activation: str) -> np.ndarray:
        signals = np.array(backpropagate(weights, activation, x, labels).signals)
        norms = np.sqrt((signals**2).sum(axis=(2, 3))).T
        # Relative to the last layer, as the size there depends on the examples and the loss.
        return norms / norms[:, -1:]

    return {name: shares(name) for name in ACTIVATIONS}


def compute(state: DepthState) -> DepthResult:
    """Look up the sizes of the gradient and the largest singular value."""
    stretch = stretches(state.start)[: state.depth - 1].max()
    return DepthResult(state, sizes(state.depth, state.start), float(stretch))


def draw(result: DepthResult, uid: str) -> dict[str, Chart]:
    """Draw the size of the gradient against the layer."""
    layers = np.arange(1, result.state.depth + 1)
    series = [
        Series(
            f"{NAMES[name]}: {brief(result.left(name), 2)} in layer 1",
            layers,
            np.median(sizes, axis=0),
            dots=[(layer, size) for run in sizes for layer, size in zip(layers.tolist(), run)],
        )
        for name, sizes in result.sizes.items()
    ]
    return {
        "depth": curves(
            series,
            "Gradient in each layer, as a share of the last layer's (dots: 5 seeds; lines: "
            "medians)",
            axis("layer (1 is next to the input)", (0.5, DEEPEST + 0.5)),
            axis("share of the gradient", (-27, 3), type="log", dtick=5),
            place=f"n = {result.state.depth}",
            height=330,
        )
    }


def describe(result: DepthResult) -> str:
    """Say how much of the gradient reaches the first layer."""
    n = result.state.depth
    words = ", ".join(
        f"{NAMES[name]} <b>{brief(result.left(name), 2)}</b>" for name in result.sizes
    )
    # The nth root, as the layers multiply: n layers have n - 1 steps between them.
    rate = result.left("sigmoid") ** (1 / (n - 1))
    return (
        f"<p>‖∂L/∂z₁‖ / ‖∂L/∂z<sub>{n}</sub>‖, median of {SEEDS} networks: {words}.</p>"
        f"<p>With {_STARTS[result.state.start]}, each layer of sigmoids keeps about "
        f"{brief(rate, 2)} of the gradient that reaches it. A layer multiplies by its weights as "
        f"well as by g′(z). Here the weights stretch a vector at most {brief(result.stretch, 2)} "
        "times. Below 4 times, a layer of sigmoids shrinks every gradient; much larger weights "
        "could make it grow.</p>"
    )


class DepthExplorer(Explorer):
    """Build deep networks with random weights and measure the gradient in each layer.

    Examples
    --------
    >>> result = DepthExplorer(depth=10).result
    >>> bool(result.left("relu") > 1000 * result.left("sigmoid"))
    True
    """

    State = DepthState
    title = "Does the gradient reach the first layer of a real deep network?"
    goal = "find a random start from which even ReLU loses the gradient on its way back."
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
