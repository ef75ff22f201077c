"""Which bases of a sequence a prediction depends on: saliency, saliency by hand, and mutagenesis.

The **saliency** of base ``c`` at position ``i`` is ``S[i, c] = d y_hat / d x[i, c]``, the slope of
the predicted probability ``y_hat`` against the one-hot input ``x`` (Simonyan, Vedaldi & Zisserman
2014). It tells what an infinitely small change would do. **Mutagenesis** tells what a substitution
does: it replaces each base and runs the network again.

A large ``|S[i, c]|`` does not show that the base is important, nor a small one that it is not. Four
equal slopes at a position change nothing; a flat sigmoid, a silent ReLU or a second site hide a
base that matters. Mutagenesis decides.

The network may have any architecture. Nothing here changes it: weights, their gradients and all
modes stay as they were.

`saliency_by_hand` computes the gradient of the simplest architecture from the windows that won
(`winning_windows`). A network of one convolution with filters ``W_f`` and biases, an activation
``phi``, the maximum over all windows (and strands) and one dense layer computes

``z = c + sum over f of v_f phi(y_f)`` and ``y_hat = 1 / (1 + exp(-z))``,

where ``y_f`` is the best score of filter ``f``, reached by window ``j_f``; ``v_f`` is its dense
weight and ``c`` the dense bias. The derivative of a maximum is 1 for the window that won and 0 for
all others. So by the chain rule the saliency ``S[i, c] = d y_hat / d x[i, c]`` is

``y_hat (1 - y_hat) * sum over f of v_f phi'(y_f) W_f[k, c]``, for all ``i = j_f S - P + k D``,

with stride ``S``, padding ``P`` and dilation ``D``. A filter that won on the - strand counts with
its weights turned round: flipped along the positions and the bases. For a ReLU ``phi'`` is 1 if
the filter is active, ``y_f > 0``, and 0 if it is silent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from motiflab import networks
from motiflab.checks import one_of, require
from motiflab.layers import HEADS, index_map
from motiflab.networks.winning_window import highest_windows
from motiflab.sequences import DNA, Alphabet, numbers_by_base

if TYPE_CHECKING:
    import torch

    from motiflab.networks.cnn import MotifNetwork


OUTPUTS = ("probability", "logit")


def saliency(network: MotifNetwork, x: ArrayLike, of: str = "probability") -> np.ndarray:
    """Gradient of the prediction with respect to every entry of one sequence.

    Parameters
    ----------
    network : MotifNetwork or OneLayerNetwork
        Of any architecture.
    x : array_like, shape (L, A)
        One sequence, one-hot, bases in the order A, C, G, T.
    of : {"probability", "logit"}
        What is differentiated: ``y_hat``, or the logit ``z`` with ``y_hat = sigmoid(z)``. Other
        heads than "classify" (`motiflab.layers.heads`) have the value or the rate for ``y_hat``.

    Returns
    -------
    ndarray, shape (L, A)
        ``S[i, c]``, in units of the output for each unit of ``x[i, c]``.

    Examples
    --------
    >>> from motiflab import networks, sequences
    >>> network = networks.build(networks.ModelSettings(filters=2, width=4), length=10)
    >>> saliency(network, sequences.one_hot("ACGTTGCAAC")).shape
    (10, 4)
    """
    check_output(of, network)
    return output_gradient(network, check_input(x, network.alphabet)[None], of)[0]


def output_gradient(network: MotifNetwork, batch: ArrayLike, of: str) -> np.ndarray:
    """Gradient of the output at many points, each like one sequence; see `saliency`.

    One layer in numpy needs the chain rule alone, a network of torch uses autograd.

    Parameters
    ----------
    network, of
        As for `saliency`.
    batch : array_like, shape (N, L, A)

    Returns
    -------
    ndarray, shape (N, L, A)

    Examples
    --------
    >>> from motiflab import networks, sequences
    >>> network = networks.untrained(networks.ModelSettings(filters=2, width=4), length=10)
    >>> output_gradient(network, np.full((3, 10, 4), 0.25), "logit").shape
    (3, 10, 4)
    """
    x = channels_first(network, batch)
    gradient = network.input_gradient(x).transpose(0, 2, 1)
    if of == "logit":
        return gradient
    return gradient * HEADS[network.settings.head].slope(network.predict(x))[:, None, None]


def centred(effects: ArrayLike, alphabet: Alphabet = DNA) -> np.ndarray:
    """Subtract the mean over the letters at each position.

    One-hot sequences have one base at each position: the entries sum to 1. A gradient also
    points out of that plane, in a direction that no sequence can take and that training never
    fixed; what is left after centring is its projection onto the plane (Majdandzic, Rajesh & Koo
    2023, Genome Biology 24:109).

    Parameters
    ----------
    effects : array_like, shape (..., A)
    alphabet : Alphabet

    Examples
    --------
    >>> centred([[5, 1, 1, 1]]).tolist()
    [[3.0, -1.0, -1.0, -1.0]]
    """
    effects = numbers_by_base(effects, "effects", alphabet)
    return effects - effects.mean(axis=-1, keepdims=True)


def gradient_times_input(gradient: ArrayLike, x: ArrayLike, alphabet: Alphabet = DNA) -> np.ndarray:
    """Return ``S[i, c] * x[i, c]``: the gradient where a base stands, 0 elsewhere.

    For a linear function without bias the sum is its value; for others it need not be.

    Parameters
    ----------
    gradient, x : array_like, shape (L, A)
    alphabet : Alphabet

    Examples
    --------
    >>> gradient_times_input([[5, 1, 1, 1], [0, 2, 3, 0]], [[0, 1, 0, 0], [0, 0, 1, 0]]).tolist()
    [[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 3.0, 0.0]]
    """
    gradient = numbers_by_base(gradient, "gradient", alphabet)
    x = check_input(x, alphabet)
    require(
        "gradient",
        gradient.shape == x.shape,
        f"have the shape of x, {x.shape}, got {gradient.shape}",
    )
    return gradient * x


def mutagenesis(network: MotifNetwork, x: ArrayLike, of: str = "probability") -> np.ndarray:
    """Exact change of the prediction for every single-base substitution.

    Parameters
    ----------
    network, x, of
        As for `saliency`.

    Returns
    -------
    ndarray, shape (L, A)
        Entry ``[i, c]`` is the output with base ``c`` at position ``i`` minus that of `x`: 0 where
        ``c`` stands already.

    Examples
    --------
    >>> from motiflab import networks, sequences
    >>> network = networks.from_filter([[2, 0, 0, 0], [0, 1, 0, 0]], length=3)
    >>> mutagenesis(network, sequences.one_hot("GAC"), "logit").tolist()
    [[0.0, 0.0, 0.0, 0.0], [0.0, -2.0, -2.0, -2.0], [-1.0, 0.0, -1.0, -1.0]]
    """
    check_output(of, network)
    x = check_input(x, network.alphabet)
    # Each sequence has one certain letter at one position, and is x elsewhere.
    places = np.arange(len(x))
    letters = x.shape[1]
    mutants = np.tile(x, (len(x), letters, 1, 1))  # one for each position and letter
    mutants[places, :, places] = np.eye(letters)
    changed = outputs_of(network, np.concatenate([x[None], mutants.reshape(-1, *x.shape)]), of)
    # The base that stands there is among the mutants: its change is 0, without rounding.
    return np.where(x == 1, 0.0, (changed[1:] - changed[0]).reshape(x.shape))


def outputs_of(network: MotifNetwork, batch: ArrayLike, of: str) -> np.ndarray:
    """Return the output of a network for many sequences; see `saliency`.

    Parameters
    ----------
    network, of
        As for `saliency`.
    batch : array_like, shape (N, L, A)

    Returns
    -------
    ndarray, shape (N,)

    Examples
    --------
    >>> from motiflab import networks
    >>> network = networks.from_filter([[2, 0, 0, 0], [0, 1, 0, 0]], length=3)
    >>> outputs_of(network, np.zeros((1, 3, 4)), "probability").tolist()
    [0.5]
    """
    x, chunk = channels_first(network, batch), network.settings.at_once(len(batch[0]))
    parts = [network.predict(x[i : i + chunk]) for i in range(0, len(x), chunk)]
    logits = np.concatenate(parts).astype(float)
    return HEADS[network.settings.head].mean(logits) if of == "probability" else logits


def first_order_effects(gradient: ArrayLike, x: ArrayLike, alphabet: Alphabet = DNA) -> np.ndarray:
    """Return what a gradient says that every single-base substitution changes.

    ``S[i, c] - S[i, r]`` with the base ``r`` that stands at position ``i``: the first-order
    (linear) approximation of `mutagenesis`. It is exact if the prediction is a sum over positions.

    Parameters
    ----------
    gradient : array_like, shape (L, A)
        ``S``.
    x : array_like, shape (L, A)
        The sequence, one-hot.
    alphabet : Alphabet

    Examples
    --------
    >>> first_order_effects([[5, 1, 1, 1], [0, 2, 3, 0]], [[0, 1, 0, 0], [0, 0, 1, 0]]).tolist()
    [[4.0, 0.0, 0.0, 0.0], [-3.0, -1.0, 0.0, -3.0]]
    """
    gradient = numbers_by_base(gradient, "gradient", alphabet)
    here = gradient_times_input(gradient, x, alphabet).sum(axis=-1, keepdims=True)
    return gradient - here


def check_output(of: str, network: MotifNetwork) -> None:
    """Raise ``ValueError`` unless `of` is "probability" or "logit", and the network has one output.

    >>> from motiflab import networks
    >>> check_output("logit", networks.build(networks.ModelSettings(), length=20))
    """
    one_of("of", of, OUTPUTS)
    outputs, profile = network.settings.outputs, network.settings.head == "profile"
    given = "a profile" if profile else outputs
    single = not profile and outputs == 1
    require("network", single, f"have one output, which the map explains, not {given}")


def check_input(x: ArrayLike, alphabet: Alphabet = DNA) -> np.ndarray:
    """Return one sequence as float64 of shape (L, A), or raise ``ValueError``.

    >>> check_input([[1, 0, 0, 0]]).dtype
    dtype('float64')
    """
    x = numbers_by_base(x, "x", alphabet)
    require(
        "x",
        x.ndim == 2 and x.shape[1] == alphabet.size and len(x),
        f"have the shape (L, {alphabet.size}) with L of at least 1, got {x.shape}",
    )
    require("x", np.isfinite(x).all(), "hold finite numbers, got infinity or nan")
    return x


def channels_first(network: MotifNetwork, batch: ArrayLike) -> np.ndarray:
    """Turn sequences (N, L, A) into what the network reads, (N, A, L).

    A length that the network cannot read is a ``ValueError``.

    >>> from motiflab import networks
    >>> network = networks.untrained(networks.ModelSettings(), length=20)
    >>> channels_first(network, np.zeros((3, 20, 4))).shape
    (3, 4, 20)
    """
    x = np.ascontiguousarray(numbers_by_base(batch, "batch", network.alphabet).transpose(0, 2, 1))
    s, length = network.settings, x.shape[2]
    shape = s.shape(length)  # refuses a sequence without any window
    # Only one layer with several pooling windows has a dense weight for each window.
    if s.window and s.layers == 1:
        require(
            "x",
            shape == s.shape(network.length),
            f"be {network.length} bases long for this network, which has a weight for every "
            f"pooling window, got {length}",
        )
    return x


def as_tensor(network: MotifNetwork, batch: ArrayLike) -> torch.Tensor:
    """Return `channels_first` as a tensor in the network's precision.

    >>> from motiflab import networks
    >>> as_tensor(networks.build(networks.ModelSettings(), length=20), np.zeros((3, 20, 4))).shape
    torch.Size([3, 4, 20])
    """
    import torch

    return torch.from_numpy(channels_first(network, batch)).to(network.dense.weight.dtype)


@dataclass(frozen=True, eq=False)
class Winner:
    """The window that won the maximum for one filter.

    Attributes
    ----------
    index : int
        Which filter, 0-based.
    reverse : bool
        Whether the filter reads it on the - strand.
    positions : ndarray of int, shape (K,)
        The base under each tap on the + strand, 0-based; outside 0 to L - 1 in the padding.
    filter : ndarray, shape (K, A)
        The weights as they lie on the + strand: flipped both ways if `reverse`.
    score : float
        Pre-activation ``y``.
    activation, slope : float
        ``phi(y)`` and its derivative there.
    weight : float
        The dense weight ``v_f``, divided by the number of windows that share the maximum.
    """

    index: int
    reverse: bool
    positions: np.ndarray
    filter: np.ndarray
    score: float
    activation: float
    slope: float
    weight: float

    @property
    def active(self) -> bool:
        """Whether a gradient passes: false behind a ReLU whose input is not above 0."""
        return self.slope > 0


def winning_windows(network: MotifNetwork, x: ArrayLike) -> list[Winner]:
    """Find the window that each filter's maximum comes from.

    Windows that share the maximum exactly share its gradient evenly, as in torch, and each is
    listed.

    Parameters
    ----------
    network : MotifNetwork or OneLayerNetwork
        Of one layer, with maximum pooling over the whole sequence.
    x : array_like, shape (L, A)
        One sequence, one-hot.

    Returns
    -------
    list of Winner
        In the order of the filters.

    Examples
    --------
    >>> from motiflab import networks, sequences
    >>> network = networks.from_filter([[2, 0, 0, 0], [0, 1, 0, 0]], length=4)
    >>> winner = winning_windows(network, sequences.one_hot("GACG"))[0]
    >>> winner.positions.tolist(), winner.score
    ([1, 2], 3.0)
    """
    s = network.settings
    require(
        "network",
        (s.layers, s.pooling, s.window) == (1, "max", 0),
        "have one layer and the maximum over the whole sequence (layers=1, "
        f'pooling="max", window=0), got {s.layers}, "{s.pooling}" and {s.window}',
    )
    require(
        "network",
        networks.is_one_layer(s),
        "have no hidden layer, batch normalisation or second output",
    )
    x = check_input(x, network.alphabet)
    scores = network.scan(channels_first(network, [x]))[0]  # (F, strands, M)
    maps = networks.activated(s.activation, scores)[0].astype(float)
    plain = networks.in_numpy(network)
    weights, dense = plain.weights.astype(float), plain.dense
    taps, found = np.arange(s.width), []
    for f in range(s.filters):
        # Behind a ReLU all windows of a silent filter tie at 0. Then name the window that comes
        # nearest to a score of 0.
        of_all = maps[f] if maps[f].max() else scores[f]
        best = np.argwhere(of_all == highest_windows(of_all).score).tolist()
        for strand, j in best:
            activation = float(maps[f, strand, j])
            score = float(scores[f, strand, j])
            slope = {"relu": float(score > 0), "exponential": activation, "none": 1.0}
            found.append(
                Winner(
                    index=f,
                    reverse=bool(strand),
                    positions=index_map(j, taps, s.stride, s.padding, s.dilation),
                    filter=network.alphabet.other_strand(weights[f]) if strand else weights[f],
                    score=score,
                    activation=activation,
                    slope=slope[s.activation],
                    weight=float(dense[f]) / len(best),
                )
            )
    return found


def saliency_by_hand(network: MotifNetwork, x: ArrayLike, of: str = "probability") -> np.ndarray:
    """Compute the saliency from the winning windows, by the formula at the top of this module.

    Parameters
    ----------
    network, x
        As for `winning_windows`.
    of : {"probability", "logit"}

    Returns
    -------
    ndarray, shape (L, A)
        Equal to that of `saliency`, up to rounding.

    Examples
    --------
    >>> from motiflab import networks, sequences
    >>> from motiflab.interpretation import saliency
    >>> network = networks.build(networks.ModelSettings(filters=2, width=4), length=10)
    >>> x = sequences.one_hot("ACGTTGCAAC")
    >>> np.allclose(saliency_by_hand(network, x), saliency.saliency(network, x), atol=1e-6)
    True
    """
    check_output(of, network)
    x = check_input(x, network.alphabet)
    winners = winning_windows(network, x)
    logit, gradient = float(networks.in_numpy(network).dense_bias), np.zeros(x.shape)
    for winner in winners:
        logit += winner.weight * winner.activation
        # A tap in the padding meets a zero that is no input: no gradient goes there.
        inside = (winner.positions >= 0) & (winner.positions < len(gradient))
        effect = winner.weight * winner.slope * winner.filter
        gradient[winner.positions[inside]] += effect[inside]
    slope = HEADS[network.settings.head].slope(logit)
    return gradient * slope if of == "probability" else gradient
