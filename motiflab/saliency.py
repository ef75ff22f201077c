"""Which bases of one sequence a prediction hangs on: gradients, and mutations tried out.

The **saliency** of base ``c`` at position ``i`` is ``S[i, c] = d y_hat / d x[i, c]``, the slope of
the predicted probability ``y_hat`` against the one-hot input ``x`` (Simonyan, Vedaldi & Zisserman
2014). It tells what an infinitely small change would do. **Mutagenesis** tells what a whole
exchange does: each base is exchanged and the network asked again.

A large ``|S[i, c]|`` does not show that the base is important, nor a small one that it is not. Four
equal slopes at a position change nothing; a flat sigmoid, a silent ReLU or a second site hide a
base that matters. Mutagenesis decides.

The network may have any architecture; `motiflab.winners` puts the gradient of the simplest one
together by hand. Nothing here changes it: weights, their gradients and all modes stay as found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from motiflab.activations import sigmoid
from motiflab.alphabet import numbers_by_base
from motiflab.quoting import quoted

if TYPE_CHECKING:
    import torch

    from motiflab.network import MotifNetwork

OUTPUTS = ("probability", "logit")


def saliency(network: MotifNetwork, x: ArrayLike, of: str = "probability") -> np.ndarray:
    """Gradient of the prediction with respect to every entry of one sequence, by autograd.

    Parameters
    ----------
    network : MotifNetwork
        Of any architecture.
    x : array_like, shape (L, 4)
        One sequence, one-hot, bases in the order A, C, G, T.
    of : {"probability", "logit"}
        What is differentiated: ``y_hat``, or the logit ``z`` with ``y_hat = sigmoid(z)``.

    Returns
    -------
    ndarray, shape (L, 4)
        ``S[i, c]``, in units of the output for each unit of ``x[i, c]``.

    Raises
    ------
    ValueError
        If `x` or `of` is not as said above.

    Examples
    --------
    >>> from motiflab import models, sequences
    >>> network = models.build(models.ModelSettings(filters=2, width=4), length=10)
    >>> saliency(network, sequences.one_hot("ACGTTGCAAC")).shape
    (10, 4)
    """
    import torch

    check_output(of)
    inputs = as_tensor(network, [check_input(x)]).requires_grad_()
    with torch.enable_grad():
        output = network(inputs)[0]
        output = output.sigmoid() if of == "probability" else output
        (gradient,) = torch.autograd.grad(output, inputs)
    return gradient[0].T.double().numpy()


def centred(effects: ArrayLike) -> np.ndarray:
    """Subtract the mean over the four bases at each position.

    One-hot sequences have one base at each position: the four entries sum to 1. A gradient also
    points out of that plane, in a direction that no sequence can take and that training never
    fixed; what is left after centring is its projection onto the plane (Majdandzic, Rajesh & Koo
    2023, Genome Biology 24:109).

    Parameters
    ----------
    effects : array_like, shape (..., 4)

    Examples
    --------
    >>> centred([[5, 1, 1, 1]]).tolist()
    [[3.0, -1.0, -1.0, -1.0]]
    """
    effects = numbers_by_base(effects, "effects")
    return effects - effects.mean(axis=-1, keepdims=True)


def gradient_times_input(gradient: ArrayLike, x: ArrayLike) -> np.ndarray:
    """Return ``S[i, c] * x[i, c]``: the gradient where a base stands, 0 elsewhere.

    Of a linear function without bias the sum is its value; of others it need not be.

    Examples
    --------
    >>> gradient_times_input([[5, 1, 1, 1], [0, 2, 3, 0]], [[0, 1, 0, 0], [0, 0, 1, 0]]).tolist()
    [[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 3.0, 0.0]]
    """
    gradient, x = numbers_by_base(gradient, "gradient"), check_input(x)
    if gradient.shape != x.shape:
        raise ValueError(f"gradient must have the shape of x, {x.shape}, got {gradient.shape}.")
    return gradient * x


def mutagenesis(network: MotifNetwork, x: ArrayLike, of: str = "probability") -> np.ndarray:
    """Exact change of the prediction for every single-base substitution.

    Parameters
    ----------
    network, x, of
        As for `saliency`.

    Returns
    -------
    ndarray, shape (L, 4)
        Entry ``[i, c]`` is the output with base ``c`` at position ``i`` less that of `x`: 0 where
        ``c`` stands already.

    Raises
    ------
    ValueError
        As for `saliency`.

    Examples
    --------
    >>> from motiflab import models, sequences
    >>> network = models.from_filter([[2, 0, 0, 0], [0, 1, 0, 0]], length=3)
    >>> mutagenesis(network, sequences.one_hot("GAC"), "logit").tolist()
    [[0.0, 0.0, 0.0, 0.0], [0.0, -2.0, -2.0, -2.0], [-1.0, 0.0, -1.0, -1.0]]
    """
    import torch

    check_output(of)
    x = check_input(x)
    places = np.arange(len(x))
    mutants = np.tile(x, (len(x), 4, 1, 1))  # one for each position and base
    mutants[places, :, places] = np.eye(4)
    batch = as_tensor(network, np.concatenate([x[None], mutants.reshape(-1, len(x), 4)]))
    with torch.no_grad():
        parts = [network(part) for part in batch.split(network.at_once())]
    outputs = torch.cat(parts).double().numpy()
    outputs = sigmoid(outputs) if of == "probability" else outputs
    return np.where(x == 1, 0.0, (outputs[1:] - outputs[0]).reshape(x.shape))


def check_output(of: str) -> None:
    """Raise ``ValueError`` unless `of` is "probability" or "logit".

    >>> check_output("logit")
    """
    if of not in OUTPUTS:
        raise ValueError(f'of must be "probability" or "logit", got {quoted(of)}.')


def check_input(x: ArrayLike) -> np.ndarray:
    """Return one sequence as float64 of shape (L, 4), or raise ``ValueError``.

    >>> check_input([[1, 0, 0, 0]]).dtype
    dtype('float64')
    """
    x = numbers_by_base(x, "x")
    if x.ndim != 2 or x.shape[1] != 4 or not len(x):
        raise ValueError(f"x must have the shape (L, 4) with L of at least 1, got {x.shape}.")
    if not np.isfinite(x).all():
        raise ValueError("x must hold finite numbers, got infinity or nan.")
    return x


def as_tensor(network: MotifNetwork, batch: ArrayLike) -> torch.Tensor:
    """Turn sequences (N, L, 4) into what the network reads, (N, 4, L) in its own precision.

    A length that the network cannot read is a ``ValueError``.

    >>> from motiflab import models
    >>> as_tensor(models.build(models.ModelSettings(), length=20), np.zeros((3, 20, 4))).shape
    torch.Size([3, 4, 20])
    """
    import torch

    channels_first = np.ascontiguousarray(numbers_by_base(batch, "batch").transpose(0, 2, 1))
    s, length = network.settings, channels_first.shape[2]
    if s.shape(length) != s.shape(network.length) and s.window and s.layers == 1:
        raise ValueError(
            f"x must be {network.length} bases long for this network, which has a weight for every "
            f"pooling window, got {length}."
        )
    return torch.from_numpy(channels_first).to(network.dense.weight.dtype)
