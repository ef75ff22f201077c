"""Explore ReLU, sigmoid and tanh: values, slopes, and products of slopes over many layers."""

from __future__ import annotations

import numpy as np

from motiflab.figures import Series, axis, brief, written
from motiflab.layers import activations
from motiflab.widgets import CardResult, CardState, Chart, Explorer, curves, slider

NAMES = {"relu": "ReLU", "sigmoid": "sigmoid", "tanh": "tanh"}
REACH, DEEPEST = 6.0, 50
_Z = np.linspace(-REACH, REACH, 241)


class ActivationState(CardState):
    """The learner's choices: a pre-activation and a number of layers."""

    z: float = slider(
        2.0,
        "Pre-activation z",
        -REACH,
        REACH,
        0.1,
        help="The same in every layer, to keep it simple",
    )
    depth: int = slider(
        10, "Layers n", 1, DEEPEST, help="How many layers the gradient goes through"
    )


class ActivationResult(CardResult):
    """Values at ``z``, by the name of the function.

    Attributes
    ----------
    values, slopes, products : dict of str to float
        ``g(z)``, ``g'(z)`` and ``g'(z)**n``.
    """

    values: dict[str, float]
    slopes: dict[str, float]
    products: dict[str, float]


def compute(state: ActivationState) -> ActivationResult:
    """Evaluate the three functions, and multiply their slopes."""
    slopes = {name: float(_slope(name, state.z)) for name in NAMES}
    return ActivationResult(
        state,
        values={name: float(getattr(activations, name)(state.z)) for name in NAMES},
        slopes=slopes,
        # With the same z in every layer the chain rule multiplies n equal factors.
        products={name: slope**state.depth for name, slope in slopes.items()},
    )


def draw(result: ActivationResult, uid: str) -> dict[str, Chart]:
    """Draw the functions, their derivatives, and the products."""
    z, n = result.state.z, result.state.depth
    depths = np.arange(DEEPEST + 1)
    z_axis = axis("pre-activation z", (-REACH, REACH), dtick=2)
    # After 50 sigmoids the product is 10^-30 or less: only a logarithmic axis shows it falling.
    log = axis("product", (-30, 1), type="log", dtick=10)
    return {
        "functions": curves(
            _series(_Z, {name: getattr(activations, name)(_Z) for name in NAMES}, result.values),
            "Activation g(z)",
            z_axis,
            axis("g(z)", (-1.5, 6.2)),
            place=f"z = {z:g}",
            now=z,
            drag="z",
            height=205,
        ),
        "derivatives": curves(
            _series(_Z, {name: _slope(name, _Z) for name in NAMES}, result.slopes),
            "Derivative g′(z)",
            z_axis,
            axis("g′(z)", (-0.05, 1.1), dtick=0.5),
            place=f"z = {z:g}",
            now=z,
            drag="z",
            height=205,
        ),
        "products": curves(
            _series(
                depths, {name: result.slopes[name] ** depths for name in NAMES}, result.products
            ),
            "Product of the n derivatives, g′(z)ⁿ, without the weights (0 cannot be shown)",
            axis("layers n", (0, DEEPEST)),
            log,
            place=f"n = {n}",
            now=n,
            drag="depth",
            height=195,
        ),
    }


def describe(result: ActivationResult) -> str:
    """Write the products, and say how each function changes the gradient."""
    z, n = result.state.z, result.state.depth
    formulas = "; ".join(
        f"{label}: {brief(result.slopes[name])}<sup>{n}</sup> = "
        f"<b>{brief(result.products[name])}</b>"
        for name, label in NAMES.items()
    )
    if z > 0:
        relu = "ReLU multiplies the gradient by 1, however many layers there are"
    else:
        relu = "ReLU stops the gradient: a silent unit learns nothing"
    return (
        f"<p>At z = {written(z, 1)}, through n = {n} layers: {formulas}.</p>"
        f"<p>{relu}. The sigmoids multiply it by {brief(result.products['sigmoid'])}; whatever z "
        f"is, by at most 0.25<sup>{n}</sup> = {brief(0.25**n)}. These factors leave out the "
        "weights, which also multiply the gradient on its way back through a network.</p>"
    )


def _slope(name: str, z: float | np.ndarray) -> float | np.ndarray:
    return getattr(activations, f"{name}_derivative")(z)


def _series(x: np.ndarray, heights: dict[str, np.ndarray], marks: dict[str, float]) -> list[Series]:
    return [
        Series(f"{label} {brief(marks[name])}", x, heights[name], marks[name])
        for name, label in NAMES.items()
    ]


class ActivationExplorer(Explorer):
    """Move a pre-activation and see the values and slopes of three activation functions.

    Examples
    --------
    >>> explorer = ActivationExplorer(z=0.0, depth=10)
    >>> f"{explorer.result.products['sigmoid']:.2g}", explorer.result.products["relu"]
    ('9.5e-07', 0.0)
    """

    State = ActivationState
    title = "How much of a gradient survives an activation function?"
    goal = (
        "find the z at which the sigmoid's derivative is largest; then the depth at which its "
        "product falls below one millionth even there."
    )
    rows = (("functions", "derivatives"),)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
