"""Activation functions, their derivatives, and two losses of a sigmoid output.

Every function takes a number or an array and works on each entry; results are float64.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import ArgumentError


def relu(z: ArrayLike) -> np.ndarray:
    """Rectified linear unit (ReLU), ``max(0, z)``.

    >>> relu([-2.0, 0.0, 3.0]).tolist()
    [0.0, 0.0, 3.0]
    """
    return np.maximum(np.asarray(z, dtype=float), 0.0)


def relu_derivative(z: ArrayLike) -> np.ndarray:
    """Derivative of the ReLU: 1 where ``z > 0``, else 0.

    At ``z = 0`` the derivative does not exist; 0 is returned, as torch does.

    >>> relu_derivative([-2.0, 0.0, 3.0]).tolist()
    [0.0, 0.0, 1.0]
    """
    return (np.asarray(z) > 0).astype(float)


def sigmoid(z: ArrayLike) -> np.ndarray:
    """Logistic sigmoid, ``1 / (1 + exp(-z))``, without overflow for any ``z``.

    >>> sigmoid([-1000.0, 0.0, 1000.0]).tolist()
    [0.0, 0.5, 1.0]
    """
    z = np.asarray(z, dtype=float)
    small = np.exp(-np.abs(z))  # at most 1, so nothing overflows
    return np.where(z >= 0, 1.0, small) / (1.0 + small)


def sigmoid_derivative(z: ArrayLike) -> np.ndarray:
    """Derivative of the sigmoid, ``sigmoid(z) * (1 - sigmoid(z))``: at most 0.25, at ``z = 0``.

    >>> float(sigmoid_derivative(0.0))
    0.25
    """
    # Not with 1 - sigmoid(z), which rounds to 0 for large z. The two sides are alike.
    small = np.exp(-np.abs(np.asarray(z, dtype=float)))
    return small / (1.0 + small) ** 2


def tanh(z: ArrayLike) -> np.ndarray:
    """Hyperbolic tangent, ``(exp(z) - exp(-z)) / (exp(z) + exp(-z)) = 2 * sigmoid(2z) - 1``.

    >>> float(tanh(0.0))
    0.0
    """
    return np.tanh(np.asarray(z, dtype=float))


def tanh_derivative(z: ArrayLike) -> np.ndarray:
    """Derivative of the hyperbolic tangent, ``1 - tanh(z)**2``: at most 1, at ``z = 0``.

    >>> float(tanh_derivative(0.0))
    1.0
    """
    # Four times the sigmoid's at 2z: 1 - tanh(z)**2 itself rounds to 0 for large z.
    return 4.0 * sigmoid_derivative(2.0 * np.asarray(z, dtype=float))


def exponential(z: ArrayLike) -> np.ndarray:
    """Exponential, ``exp(z)``; it is its own derivative, and infinite beyond ``z = 709.78``.

    >>> exponential([0.0, 1.0]).round(3).tolist()
    [1.0, 2.718]
    """
    with np.errstate(over="ignore"):  # there the result in float64 is infinity
        return np.exp(np.asarray(z, dtype=float))


def log_sum_exp(values: ArrayLike, axis: int = 0) -> np.ndarray:
    """Log-sum-exp along an axis, ``log sum of exp(values)``, for example a sum of probabilities.

    >>> log_sum_exp([[-1000.0, 2.0], [-1000.0, 2.0]]).round(3).tolist()
    [-999.307, 2.693]
    """
    values = np.asarray(values, dtype=float)
    top = values.max(axis=axis, keepdims=True)  # subtracted before exp, so that nothing overflows
    return top.squeeze(axis) + np.log(np.exp(values - top).sum(axis=axis))


def cross_entropy(label: ArrayLike, logit: ArrayLike) -> np.ndarray:
    """Binary cross-entropy of a label and a logit, in nats.

    ``-[y log s + (1 - y) log(1 - s)]`` with the label ``y``, the logit ``z`` and
    ``s = sigmoid(z)``: the negative log-likelihood of a Bernoulli variable. It is computed as
    ``max(z, 0) - y z + log(1 + exp(-|z|))``, the same number without overflow or ``log 0``.

    Parameters
    ----------
    label : array_like
        ``y``: 0 or 1, or a probability between them.
    logit : array_like
        ``z``, finite; any shape that broadcasts with `label`.

    Returns
    -------
    ndarray
        One number for each label and logit; not their mean.

    Examples
    --------
    >>> cross_entropy([1, 0], [0.0, -1000.0]).round(4).tolist()
    [0.6931, 0.0]
    """
    y, z = _label(label), np.asarray(logit, dtype=float)
    return np.maximum(z, 0.0) - y * z + np.log1p(np.exp(-np.abs(z)))


def cross_entropy_gradient(label: ArrayLike, logit: ArrayLike) -> np.ndarray:
    """Derivative of `cross_entropy` with respect to the logit: ``sigmoid(z) - y``.

    >>> cross_entropy_gradient([1, 0], [0.0, 0.0]).tolist()
    [-0.5, 0.5]
    """
    return sigmoid(logit) - _label(label)


def squared_error(label: ArrayLike, logit: ArrayLike) -> np.ndarray:
    """Half the squared error of a probability: ``(s - y)**2 / 2`` with ``s = sigmoid(z)``.

    >>> squared_error([1, 0], [0.0, -1000.0]).tolist()
    [0.125, 0.0]
    """
    return 0.5 * cross_entropy_gradient(label, logit) ** 2


def squared_error_gradient(label: ArrayLike, logit: ArrayLike) -> np.ndarray:
    """Derivative of `squared_error` with respect to the logit: ``(s - y) * s * (1 - s)``.

    It vanishes where ``s`` is near 0 or 1, even if the prediction is wrong.

    >>> squared_error_gradient([1, 0], [0.0, 0.0]).tolist()
    [-0.125, 0.125]
    """
    return cross_entropy_gradient(label, logit) * sigmoid_derivative(logit)


def _label(label: ArrayLike) -> np.ndarray:
    y = np.asarray(label, dtype=float)
    wrong = y[~((y >= 0) & (y <= 1))]
    if wrong.size:
        raise ArgumentError("label", f"label must hold numbers from 0 to 1, got {wrong[0]:g}.")
    return y
