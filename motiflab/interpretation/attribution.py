"""Attribute a score to the bases of a sequence, compared with a reference.

A *reference* ``x'`` is an input that stands for "nothing here": a shuffle of the sequence, or a
quarter of each base everywhere. An attribution method divides the change of the output ``f``
between the bases. It is *complete* if its contributions ``A[i, c]`` add up to that change:

``sum over i, c of A[i, c] = f(x) - f(x')``.

- Integrated gradients (Sundararajan, Taly & Yan 2017) walk from ``x'`` to ``x`` in a straight line
  and average the gradient on the way: ``A = (x - x') * mean over t from 0 to 1 of
  grad f(x' + t (x - x'))``. They are complete up to the error of the finite number of steps.
- DeepLIFT with its rescale rule (Shrikumar, Greenside & Kundaje 2017) goes back through the network
  as a gradient does, with the slope ``change of output / change of input`` between ``x'`` and ``x``
  in place of the derivative of each activation. It is complete up to rounding.
- Gradient times input knows no reference and is not complete.

Several references are attributed one by one, and the contributions averaged; ``f(x')`` is then the
mean over the references. A reference of a quarter of each base is no real sequence: the network
was never trained on such inputs.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from motiflab import networks
from motiflab.checks import one_of, require, whole
from motiflab.interpretation.saliency import (
    as_tensor,
    centred,
    check_input,
    check_output,
    gradient_times_input,
    mutagenesis,
    output_gradient,
    outputs_of,
    saliency,
)
from motiflab.sequences import DNA, Alphabet, numbers_by_base, one_hot, shuffle_dinucleotides

if TYPE_CHECKING:
    import torch

    from motiflab.networks.cnn import MotifNetwork

METHODS = (
    "gradient",
    "centred gradient",
    "gradient x input",
    "centred gradient x input",
    "integrated gradients",
    "DeepLIFT",
    "mutagenesis",
)
WITH_REFERENCE = ("integrated gradients", "DeepLIFT")
"""The methods that compare with a reference; only these are complete."""

_SAME = 1e-10  # inputs that differ by less have no slope between them: take the derivative


def shuffled_references(
    sequence: str, count: int = 10, seed: int = 0, alphabet: Alphabet = DNA
) -> np.ndarray:
    """Return shuffles of a sequence that keep every pair of neighbouring letters, one-hot.

    Parameters
    ----------
    sequence : str
        ``L`` letters.
    count : int
        Number of shuffles R, at least 1.
    seed : int
    alphabet : Alphabet

    Returns
    -------
    ndarray, shape (R, L, A)

    Examples
    --------
    >>> references = shuffled_references("ACAGATACCA", count=3)
    >>> references.shape, references.sum(axis=1).astype(int).tolist()[0]
    ((3, 10, 4), [5, 3, 1, 1])
    """
    rng = np.random.default_rng(seed)
    shuffles = (
        shuffle_dinucleotides(sequence, rng, alphabet) for _ in range(whole("count", count, 1))
    )
    return np.array([one_hot(shuffle, alphabet=alphabet) for shuffle in shuffles])


def uniform_reference(length: int, alphabet: Alphabet = DNA) -> np.ndarray:
    """Return the reference with an equal share of every letter at each position.

    Parameters
    ----------
    length : int
        ``L``, in bases.
    alphabet : Alphabet

    Returns
    -------
    ndarray, shape (1, L, A)

    Examples
    --------
    >>> uniform_reference(2).tolist()
    [[[0.25, 0.25, 0.25, 0.25], [0.25, 0.25, 0.25, 0.25]]]
    """
    return np.full((1, whole("length", length, 1), alphabet.size), 1 / alphabet.size)


def integrated_gradients(
    network: MotifNetwork,
    x: ArrayLike,
    references: ArrayLike,
    of: str = "probability",
    steps: int = 50,
) -> np.ndarray:
    """Contributions by integrated gradients, averaged over references.

    Parameters
    ----------
    network : MotifNetwork or OneLayerNetwork
        Of any architecture.
    x : array_like, shape (L, A)
        One sequence, one-hot, bases in the order A, C, G, T.
    references : array_like, shape (R, L, A)
        From `shuffled_references`, `uniform_reference`, or your own.
    of : {"probability", "logit", "profile"}
        The output that is divided between the bases, as for `saliency`. "profile" is for a network
        with that head, and only for this method: the logits of all positions, weighted by the
        profile of `x` (`motiflab.networks.WeightedProfile`).
    steps : int
        Points ``n`` on the way from each reference, at ``t = (k + 1/2) / n`` for ``k`` from 0 to
        ``n - 1`` (the midpoint rule).

    Returns
    -------
    ndarray, shape (L, A)
        In units of the output. The contribution of a position is the sum of its row: both the base
        of the reference and that of the sequence have a share.

    Examples
    --------
    >>> from motiflab import networks, sequences
    >>> network = networks.from_filter([[2, 0, 0, 0], [0, 1, 0, 0]], length=2)
    >>> x, reference = sequences.one_hot("AC"), sequences.one_hot("GG")[None]
    >>> integrated_gradients(network, x, reference, "logit").tolist()
    [[2.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]]
    """
    x, references = _checked(network, x, references, of)
    steps, gradient = whole("steps", steps, 1), partial(output_gradient, network, of=of)
    if of == "profile":
        from motiflab.networks.cnn import gradient_by_autograd

        output = _output(network, of, x)

        def gradient(batch: np.ndarray) -> np.ndarray:
            slopes = gradient_by_autograd(output, as_tensor(network, batch))
            return slopes.double().numpy().transpose(0, 2, 1)

    return ((x - references) * mean_gradient(gradient, references, x[None], steps)).mean(axis=0)


def mean_gradient(
    gradient: Callable[[np.ndarray], np.ndarray], start: np.ndarray, end: np.ndarray, steps: int
) -> np.ndarray:
    """Return the gradient averaged along the straight line from each start to its end.

    Parameters
    ----------
    gradient : callable
        Maps points (N, L, A) to the gradient at each, (N, L, A).
    start, end : ndarray, shapes that broadcast to (N, L, A)
    steps : int
        Points on the way, by the midpoint rule.

    Returns
    -------
    ndarray, shape (N, L, A)

    Examples
    --------
    >>> def of_squares(x):  # the gradient of x**2 is 2 x, so 1 half way from 0 to 1
    ...     return 2 * x
    >>> mean_gradient(of_squares, np.zeros((1, 2, 1)), np.ones((1, 2, 1)), steps=4).tolist()
    [[[1.0], [1.0]]]
    """
    ways = ((k + 0.5) / steps for k in range(steps))  # the points of all lines at once
    return sum(gradient(start + way * (end - start)) for way in ways) / steps


def deep_lift(
    network: MotifNetwork, x: ArrayLike, references: ArrayLike, of: str = "probability"
) -> np.ndarray:
    """Contributions by DeepLIFT's rescale rule, averaged over references, by captum.

    Captum has rules for ReLU and sigmoid. For the two modules that it does not know it would take
    the plain gradient, and the contributions would not be complete. So this adds the rescale rule
    for the exponential, and for a maximum the rule that captum has for `torch.nn.MaxPool1d`: with
    ``m = max(y)`` of the sequence and ``m'`` of the reference, the window that wins in the sequence
    gets ``max(m, m') - m'`` and the one that wins in the reference ``m - max(m, m')``. (That class
    cannot be used: it pools one axis, and in captum 0.9 it mixes the sequences of a batch.)

    Parameters
    ----------
    network, x, references, of
        As for `integrated_gradients`; the network must not pool by ``"logsumexp"``, for which
        there is no rule.

    Returns
    -------
    ndarray, shape (L, A)
        As from `integrated_gradients`.

    Examples
    --------
    >>> from motiflab import networks, sequences
    >>> network = networks.from_filter([[2, 0, 0, 0], [0, 1, 0, 0]], 2, activation="exponential")
    >>> x, reference = sequences.one_hot("AC"), sequences.one_hot("GG")[None]
    >>> shares = deep_lift(network, x, reference, "logit")  # e**3 - e**0 = 19.09 in all
    >>> shares.sum(axis=1).round(2).tolist()
    [12.72, 6.36]
    """
    x, references = _checked(network, x, references, of)
    require(
        "network",
        network.settings.pooling != "logsumexp",
        "pool by the maximum or the average, because DeepLIFT has no rule for a log-sum-exp",
    )
    require("of", of != "profile", "not be a profile, which integrated gradients explain")
    from captum.attr import DeepLift
    from captum.attr._core.deep_lift import SUPPORTED_NON_LINEAR, nonlinear

    from motiflab.networks.cnn import Exponential, Pool

    SUPPORTED_NON_LINEAR.update({Exponential: nonlinear, Pool: _pooling_rule})
    network = networks.in_torch(network, len(x))
    start = as_tensor(network, references)
    end = as_tensor(network, np.repeat(x[None], len(references), axis=0))
    end.requires_grad_()
    with warnings.catch_warnings():  # captum announces that it sets hooks; it removes them again
        warnings.filterwarnings("ignore", message="Setting forward, backward hooks")
        return _by_base(DeepLift(_output(network, of, x)).attribute(end, start))


def contributions(
    method: str,
    network: MotifNetwork,
    x: ArrayLike,
    references: ArrayLike,
    of: str = "probability",
) -> np.ndarray:
    """One number for each position, by any of the methods.

    Parameters
    ----------
    method : str
        One of `METHODS`. "gradient" and "centred gradient" give the length of the gradient at each
        position, ``sqrt(sum over c of S[i, c]**2)``, which is never negative. All others have a
        sign: above 0 where the base that stands there raises the output. Of "mutagenesis" it is
        the output minus its mean over the three substitutions.
    network, x, references, of
        As for `integrated_gradients`. Only the methods of `WITH_REFERENCE` read the references.

    Returns
    -------
    ndarray, shape (L,)

    Examples
    --------
    >>> from motiflab import networks, sequences
    >>> network = networks.from_filter([[2, 0, 0, 0], [0, 1, 0, 0]], length=3)
    >>> x = sequences.one_hot("GAC")
    >>> contributions("gradient x input", network, x, uniform_reference(3), "logit").tolist()
    [0.0, 2.0, 1.0]
    """
    one_of("method", method, METHODS)
    if method == "integrated gradients":
        return integrated_gradients(network, x, references, of).sum(axis=1)
    if method == "DeepLIFT":
        return deep_lift(network, x, references, of).sum(axis=1)
    if method == "mutagenesis":
        x = check_input(x, network.alphabet)
        return -mutagenesis(network, x, of).sum(axis=1) / (x.shape[1] - 1)
    gradient = saliency(network, x, of)
    if method.startswith("centred"):
        gradient = centred(gradient, network.alphabet)
    if method.endswith("input"):
        return gradient_times_input(gradient, x, network.alphabet).sum(axis=1)
    return np.linalg.norm(gradient, axis=1)


def output_change(
    network: MotifNetwork, x: ArrayLike, references: ArrayLike, of: str = "probability"
) -> float:
    """Return ``f(x)`` minus the mean of ``f`` over the references, the change to attribute.

    Parameters
    ----------
    network, x, references, of
        As for `integrated_gradients`.

    Examples
    --------
    >>> from motiflab import networks, sequences
    >>> network = networks.from_filter([[2, 0, 0, 0], [0, 1, 0, 0]], length=2)
    >>> output_change(network, sequences.one_hot("AC"), sequences.one_hot("GG")[None], "logit")
    3.0
    """
    x, references = _checked(network, x, references, of)
    batch = np.array([x, *references])
    if of == "profile":
        import torch

        with torch.no_grad():
            outputs = _output(network, of, x)(as_tensor(network, batch)).double().numpy()
    else:
        outputs = outputs_of(network, batch, of)
    return float(outputs[0] - outputs[1:].mean())


def _checked(network, x: ArrayLike, references: ArrayLike, of: str):
    """The sequence and its references as arrays of fitting shapes."""
    if of == "profile":
        head = network.settings.head
        require("network", head == of, f'have the head "profile", not "{head}"')
    else:
        check_output(of, network)
    x = check_input(x, network.alphabet)
    references = numbers_by_base(references, "references", network.alphabet)
    require(
        "references",
        references.ndim == 3 and len(references) and references.shape[1:] == x.shape,
        f"have the shape (R, {x.shape[0]}, {x.shape[1]}) with R of at least 1, "
        f"got {references.shape}",
    )
    return x, references


def _output(network: MotifNetwork, of: str, x: np.ndarray) -> torch.nn.Module:
    """The network as a module that ends with the output which is explained."""
    from torch import nn

    from motiflab.networks.cnn import Exponential, WeightedProfile

    if of == "logit":
        return network
    if of == "profile":
        return WeightedProfile(network, as_tensor(network, [x]))
    link = {"classify": nn.Sigmoid, "count": Exponential, "regress": nn.Identity}
    return nn.Sequential(network, link[network.settings.head]())


def _by_base(shares: torch.Tensor) -> np.ndarray:
    """The mean over references of contributions (R, A, L), as an array (L, A)."""
    return shares.detach().double().mean(0).T.numpy()


def _pooling_rule(module, inputs, outputs, grad_input, grad_output, eps=_SAME):
    """DeepLIFT's rule for a maximum, in the form in which captum calls its rules.

    The first half of `inputs` belongs to the sequence, the second to the reference.
    """
    import torch

    if module.kind == "average":  # linear: the gradient is the rule
        return grad_input
    peaks = inputs.amax(module.dims, keepdim=True)
    wins = (inputs == peaks).to(inputs.dtype)
    wins = wins / wins.sum(module.dims, keepdim=True)  # windows that tie share
    (y, other), (m, m_other), (won, won_other) = (v.chunk(2) for v in (inputs, peaks, wins))
    higher = torch.maximum(m, m_other)
    change = won * (higher - m_other) + won_other * (m - higher)
    step = y - other
    slope = torch.where(step.abs() < eps, won, change / step)
    return grad_output.reshape(peaks.shape) * torch.cat([slope, slope])
