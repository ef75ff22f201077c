"""Vanishing gradients: how the gradient shrinks or grows through the layers of a deep network.

The network is a plain stack of `n` hidden layers and one logit, without biases:

- ``z_1 = W_1 x``, ``h_l = g(z_l)``, ``z_(l+1) = W_(l+1) h_l``, logit ``z = w h_n``,

with an activation function ``g``. The gradient of the mean cross-entropy ``L`` of ``N`` examples is
propagated backwards (Rumelhart, Hinton & Williams 1986):

- ``dL/dz = (sigmoid(z) - y) / N``, ``d_n = g'(z_n) * (w^T dL/dz)``,
- ``d_l = g'(z_l) * (W_(l+1)^T d_(l+1))`` and ``dL/dW_l = d_l h_(l-1)^T``, with ``h_0 = x``.

So the signal of layer ``l`` contains a product of ``n - l + 1`` derivatives and as many weight
matrices. Layer ``l`` changes its size by at most ``max|g'|`` times the largest singular value of
``W_(l+1)``: with sigmoids (``g' <= 1/4``) the signal is sure to shrink if that value is below 4.
Larger weights may make it grow.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import one_of, require, whole
from motiflab.layers import activations
from motiflab.layers.activations import cross_entropy_gradient

ACTIVATIONS = ("relu", "sigmoid", "tanh")
INITIALISATIONS = ("he", "glorot", "torch")


def initial_weights(
    inputs: int,
    depth: int,
    width: int = 32,
    initialisation: str = "glorot",
    seed: int | Sequence[int] = 0,
) -> list[np.ndarray]:
    """Draw the weights of a deep network.

    - ``"he"``: normal with the variance ``2 / n_in`` (He et al. 2015, made for ReLU),
    - ``"glorot"``: uniform up to ``sqrt(6 / (n_in + n_out))`` (Glorot & Bengio 2010, for tanh),
    - ``"torch"``: uniform up to ``1 / sqrt(n_in)``, the default of ``torch.nn.Linear``,

    where a layer has ``n_in`` inputs and ``n_out`` outputs.

    Parameters
    ----------
    inputs : int
        Numbers in an example.
    depth : int
        Number of hidden layers, at least 1.
    width : int
        Number of units in each.
    initialisation : {"he", "glorot", "torch"}
    seed : int or sequence of int

    Returns
    -------
    list of ndarray
        ``depth + 1`` matrices of shape (outputs, inputs); the last one gives the logit.

    Examples
    --------
    >>> [w.shape for w in initial_weights(8, depth=2, width=5)]
    [(5, 8), (5, 5), (1, 5)]
    """
    inputs, depth, width = whole("inputs", inputs), whole("depth", depth), whole("width", width)
    one_of("initialisation", initialisation, INITIALISATIONS)
    rng = np.random.default_rng(seed)
    sizes = [inputs] + depth * [width] + [1]
    weights = []
    for ins, outs in zip(sizes, sizes[1:]):
        # The rules of He and of Glorot keep the size of a signal constant on average.
        if initialisation == "he":
            weights.append(rng.normal(0.0, math.sqrt(2 / ins), (outs, ins)))
        else:
            reach = math.sqrt(6 / (ins + outs)) if initialisation == "glorot" else ins**-0.5
            weights.append(rng.uniform(-reach, reach, (outs, ins)))
    return weights


@dataclass(frozen=True, eq=False)
class Backward:
    """The gradient of the loss in each layer.

    Attributes
    ----------
    signals : list of ndarray, each of shape (..., N, width)
        ``d_l``, the derivative with respect to ``z_l``, of each hidden layer from the first on.
    weights : list of ndarray
        ``dL/dW_l``, of the shapes of the weights; the last is that of the logit.
    """

    signals: list[np.ndarray]
    weights: list[np.ndarray]


def backpropagate(
    weights: Sequence[np.ndarray], activation: str, x: ArrayLike, labels: ArrayLike
) -> Backward:
    """Compute the gradient of the mean cross-entropy in every layer.

    Parameters
    ----------
    weights : sequence of ndarray
        As from `initial_weights`, or several such networks at once: matrices of shape
        (..., outputs, inputs), all with the same leading axes.
    activation : {"relu", "sigmoid", "tanh"}
        ``g``, the same in all hidden layers.
    x : array_like, shape (N, inputs)
        Examples, one per row.
    labels : array_like, shape (N,)
        ``y``: 0 or 1.

    Returns
    -------
    Backward

    Examples
    --------
    >>> back = backpropagate([np.eye(2), np.ones((1, 2))], "relu", [[1, -1]], [1])
    >>> back.signals[0].round(3).tolist(), back.weights[1].round(3).tolist()
    ([[-0.269, -0.0]], [[-0.269, 0.0]])
    """
    one_of("activation", activation, ACTIVATIONS)
    x, labels = np.asarray(x, dtype=float), np.asarray(labels, dtype=float)
    require(
        "x",
        x.ndim == 2 and labels.shape == (len(x),) and x.shape[1] == weights[0].shape[-1],
        f"have the shape (N, {weights[0].shape[-1]}) and labels (N,), got {x.shape} and "
        f"{labels.shape}",
    )
    function = getattr(activations, activation)
    derivative = getattr(activations, f"{activation}_derivative")
    # Forwards: the outputs of each layer, and the pre-activations, at which g' is needed later.
    hidden, inner = [x], []
    for w in weights[:-1]:
        inner.append(hidden[-1] @ w.swapaxes(-1, -2))
        hidden.append(function(inner[-1]))
    logits = (hidden[-1] @ weights[-1].swapaxes(-1, -2))[..., 0]
    signal = cross_entropy_gradient(labels, logits)[..., None] / len(x)
    # Backwards: each layer's signal comes from that of the layer after it.
    signals, slopes = [], [signal.swapaxes(-1, -2) @ hidden[-1]]
    for layer in range(len(weights) - 2, -1, -1):
        signal = (signal @ weights[layer + 1]) * derivative(inner[layer])
        signals.insert(0, signal)
        slopes.insert(0, signal.swapaxes(-1, -2) @ hidden[layer])
    return Backward(signals, slopes)


def signal_sizes(
    activation: str,
    depth: int,
    x: ArrayLike,
    labels: ArrayLike,
    initialisation: str = "glorot",
    width: int = 32,
    seed: int | Sequence[int] = 0,
) -> np.ndarray:
    """Return the size of the gradient at each hidden layer of an untrained network.

    It is the Frobenius norm of ``d_l``: the root of the sum of squares over units and examples.

    Parameters
    ----------
    activation, x, labels
        As for `backpropagate`.
    depth, initialisation, width, seed
        As for `initial_weights`.

    Returns
    -------
    ndarray, shape (depth,)
        From the first layer, next to the input, to the last.

    Examples
    --------
    >>> sizes = signal_sizes("sigmoid", 6, np.eye(4), [0, 1, 0, 1])
    >>> bool(sizes[0] < sizes[5] / 100)
    True
    """
    x = np.asarray(x, dtype=float)
    weights = initial_weights(x.shape[-1], depth, width, initialisation, seed)
    return np.array(
        [np.linalg.norm(d) for d in backpropagate(weights, activation, x, labels).signals]
    )
