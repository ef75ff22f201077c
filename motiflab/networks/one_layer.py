"""A network with one convolutional layer in numpy: prediction, gradient by hand, and descent.

With ``X`` the one-hot sequence and ``f`` a filter, the network computes

- ``y[f, j] = sum over k and c of W[f, k, c] * X[j + k, c] + b[f]``, the pre-activation of a window,
- ``h[f, j] = g(y[f, j])``, with ``g`` one of ``y``, ``max(0, y)`` (ReLU) and ``exp(y)``,
- ``a[f]``, the ``h[f, j]`` of all windows pooled: their maximum, their mean, or the log of the sum
  of their exponentials,
- ``z = sum over f of v[f] * a[f] + v0``, the logit, and ``y_hat = sigmoid(z)``.

With a head other than "classify" (`motiflab.layers.heads`) ``z`` is not a logit but a value or the
logarithm of a rate. Then only ``y_hat``, the loss and ``dL/dz`` below differ.

With stride ``S``, padding ``P`` and dilation ``D`` window ``j`` has base ``j S - P + k D`` under
tap ``k``, and ``X`` is 0 outside the sequence. If both strands are read, the windows of the
reverse complement are pooled, too.

By the chain rule (backpropagation: Rumelhart, Hinton & Williams 1986) the cross-entropy ``L`` of
this prediction and a label ``y`` has the gradients

- ``dL/dz = y_hat - y``, ``dL/dv[f] = dL/dz * a[f]``, ``dL/dv0 = dL/dz``,
- ``dL/dW[f] = sum over j of dL/dz * v[f] * r[f, j] * (one-hot of window j, on its strand)``,
- ``dL/db[f] = sum over j of dL/dz * v[f] * r[f, j]``,

where ``r[f, j] = da[f] / dy[f, j]``. For the mean it is ``g'(y[f, j]) / M`` with ``M`` windows,
for log-sum-exp ``g'(y[f, j])`` times a softmax. For the maximum it is ``g'(m[f])`` for the winning
window, with ``m[f]`` its pre-activation, and 0 for all others: a filter gets its gradient from one
window of each sequence, and the others need not be computed. (All three ``g`` are non-decreasing,
so the window with the highest ``y`` has the highest ``h``.) Of windows with equal scores the first
wins, on the given strand before its complement.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import inside, require, whole
from motiflab.layers import HEADS, windows
from motiflab.networks.look_ups import letters_of, look_up, slow_products
from motiflab.networks.model_settings import ModelSettings
from motiflab.networks.threads import one_thread
from motiflab.networks.winning_window import BestWindows, highest_windows
from motiflab.sequences import DNA, Alphabet, check_matrix, numbers_by_base

_NAMES = ("conv.weight", "conv.bias", "dense.weight", "dense.bias")  # torch's parameter names


@dataclass(frozen=True, eq=False)
class OneLayerNetwork:
    """A network of one convolutional layer: its weights and its settings.

    Attributes
    ----------
    weights : ndarray, shape (F, K, A)
        ``W``, letters in the order of the alphabet. All four arrays are copied, as 32-bit floats
        if `weights` has these, otherwise as 64-bit floats.
    bias : ndarray, shape (F,)
        ``b``.
    dense : ndarray, shape (F,)
        ``v``.
    dense_bias : ndarray, shape ()
        ``v0``.
    settings : ModelSettings
        Settings of one layer, pooled over the whole sequence. The default: both strands, no
        activation function, maximum.
    alphabet : Alphabet
        The letters of the columns of the weights.

    Examples
    --------
    >>> likes_ac = np.array([[[2.0, 0, 0, 0], [0, 2, 0, 0]]])
    >>> OneLayerNetwork(likes_ac, bias=[0], dense=[1]).settings.pooling
    'max'
    """

    weights: np.ndarray
    bias: np.ndarray
    dense: np.ndarray
    dense_bias: np.ndarray | float = 0.0
    settings: ModelSettings | None = None
    alphabet: Alphabet = DNA

    def __post_init__(self) -> None:
        kind = np.float32 if getattr(self.weights, "dtype", None) == np.float32 else float
        weights = numbers_by_base(self.weights, "weights", self.alphabet)
        require(
            "weights",
            weights.ndim == 3 and weights.shape[2] == self.alphabet.size and weights.size,
            f"have the shape (F, K, {self.alphabet.size}), F and K at least 1, got {weights.shape}",
        )
        filters, width, _ = weights.shape
        settings = self.settings or ModelSettings(filters, width, activation="none")
        require(
            "settings",
            is_one_layer(settings) and (settings.filters, settings.width) == (filters, width),
            f"be of one layer of {filters} filters of width {width}, pooled over the whole "
            f"sequence, and one output, got {settings}",
        )
        if settings.both_strands:
            self.alphabet.check_paired()
        values = {"weights": weights}
        for name, shape in (("bias", (filters,)), ("dense", (filters,)), ("dense_bias", ())):
            values[name] = np.asarray(getattr(self, name))
            require(
                name,
                values[name].shape == shape,
                f"have the shape {shape}, got {values[name].shape}",
            )
        for name, value in values.items():  # copies, as a training changes them in place
            object.__setattr__(self, name, np.array(value, dtype=kind))
        object.__setattr__(self, "settings", settings)

    @classmethod
    def from_state_dict(
        cls, weights: Mapping[str, np.ndarray], settings: ModelSettings, alphabet: Alphabet = DNA
    ) -> OneLayerNetwork:
        """Make a network from the parameters of a `state_dict`, arrays or tensors."""
        conv, bias, dense, dense_bias = (np.asarray(weights[name]) for name in _NAMES)
        return cls(conv.transpose(0, 2, 1), bias, dense[0], dense_bias[0], settings, alphabet)

    @classmethod
    def from_filter(
        cls,
        weights: ArrayLike,
        bias: float = 0.0,
        activation: str = "none",
        dense: float = 1.0,
        offset: float = 0.0,
        alphabet: Alphabet = DNA,
    ) -> OneLayerNetwork:
        """Make a network of one filter with weights of your own, instead of learned ones.

        It reads one strand: ``z = offset + dense * max over j of activation(y_j)``, where ``y_j``
        is the score of window ``j``, bias included.

        Parameters
        ----------
        weights : array_like, shape (K, A)
            ``W``, bases in the order A, C, G, T; for example the log-odds of a motif.
        bias : float
            Added to every score.
        activation : {"none", "relu", "exponential"}
        dense, offset : float
            Weight and bias of the dense layer.
        alphabet : Alphabet

        Examples
        --------
        >>> from motiflab.sequences import encode
        >>> network = OneLayerNetwork.from_filter([[2, 0, 0, 0], [0, 1, 0, 0]], offset=-1)
        >>> network.predict(encode(["GACG"]).x).tolist()
        [2.0]
        """
        w = check_matrix("weights", weights, alphabet=alphabet).astype(np.float32)
        settings = ModelSettings(1, len(w), activation=activation, both_strands=False)
        return cls(w[None], [bias], [dense], offset, settings, alphabet)

    @property
    def parameters(self) -> tuple[np.ndarray, ...]:
        """``W``, ``b``, ``v`` and ``v0``, which a training changes in place."""
        return self.weights, self.bias, self.dense, self.dense_bias

    def state_dict(self) -> dict[str, np.ndarray]:
        """Return copies of all parameters, with torch's names and shapes."""
        values = self.weights.transpose(0, 2, 1), self.bias, self.dense[None], self.dense_bias[None]
        return {name: value.copy() for name, value in zip(_NAMES, values, strict=True)}

    def load_state_dict(self, weights: Mapping[str, np.ndarray]) -> None:
        """Restore parameters from a `state_dict`."""
        there = OneLayerNetwork.from_state_dict(weights, self.settings, self.alphabet)
        for mine, value in zip(self.parameters, there.parameters, strict=True):
            mine[...] = value

    @one_thread()
    def scan(self, x: np.ndarray) -> np.ndarray:
        """Return pre-activations (N, F, strands, M) of sequences (N, A, L)."""
        return pre_activations(self, x.transpose(0, 2, 1))

    @np.errstate(over="ignore", invalid="ignore")
    def predict(self, x: np.ndarray, lengths: np.ndarray | None = None) -> np.ndarray:
        """Return the output ``z`` (N,), such as a logit, of sequences (N, A, L)."""
        if self.settings.pooling == "max" and lengths is None:
            # The same numbers as from `forward`, bit for bit. Only the gradient needs to know which
            # window won.
            return self.decide(self.highest(x))
        return forward(self, x.transpose(0, 2, 1), lengths).logit

    @one_thread()
    @np.errstate(over="ignore", invalid="ignore")
    def highest(self, x: np.ndarray) -> np.ndarray:
        """Return the highest pre-activation of each filter, (N, F), in sequences (N, A, L)."""
        # Rounding keeps the order, so the highest is the highest before its bias, too.
        return _highest(_products(self, _checked(self, x.transpose(0, 2, 1)))) + self.bias

    @one_thread()
    @np.errstate(over="ignore", invalid="ignore")
    def decide(self, scores: np.ndarray) -> np.ndarray:
        """Return the output ``z`` (N,) for the highest pre-activations (N, F), with max pooling."""
        return activated(self.settings.activation, scores)[0] @ self.dense + self.dense_bias

    def features(self, x: np.ndarray, lengths: np.ndarray | None = None) -> np.ndarray:
        """Return the inputs of the dense layer, (N, F), with the arguments of `predict`."""
        return forward(self, x.transpose(0, 2, 1), lengths).passed

    @one_thread()
    def input_gradient(self, x: np.ndarray) -> np.ndarray:
        """Return ``dz / dx``, (N, A, L), of sequences (N, A, L), by the chain rule.

        Window ``j`` of filter ``f`` passes ``v_f r[f, j]`` times the weights that read it to its
        bases, with ``r`` of `ForwardPass.share`. Windows that share a maximum exactly share its
        gradient evenly, as in torch.
        """
        s = self.settings
        h, slope = activated(s.activation, self.scan(x))
        if s.pooling == "max":
            wins = h == h.max(axis=(-2, -1), keepdims=True)
            share = wins / wins.sum(axis=(-2, -1), keepdims=True)
        else:
            share = (_mean if s.pooling == "average" else _log_sum_exp)(h, None)[1]
        flow = (share * slope * self.dense[:, None, None]).transpose(2, 0, 3, 1)
        padded = np.zeros((len(x), x.shape[2] + 2 * s.padding, x.shape[1]))
        for reaches, weights in zip(flow, _strands(self), strict=True):  # (N, M, F), (F, K, A)
            for k in range(s.width):
                bases = slice(k * s.dilation, k * s.dilation + s.stride * h.shape[-1], s.stride)
                padded[:, bases] += reaches @ weights[:, k]
        return padded[:, s.padding : s.padding + x.shape[2]].transpose(0, 2, 1)


def is_one_layer(settings: ModelSettings) -> bool:
    """Whether settings describe one plain layer, pooled over the whole sequence.

    Plain: without a hidden layer, batch normalisation, a profile or more than one output.

    >>> is_one_layer(ModelSettings()), is_one_layer(ModelSettings(window=5))
    (True, False)
    """
    s = settings
    plain = (s.layers, s.window, s.hidden, s.outputs, s.batch_norm) == (1, 0, 0, 1, False)
    return plain and s.head != "profile"


@dataclass(frozen=True, eq=False)
class ForwardPass:
    """All values of a forward pass for one sequence, or for ``N`` sequences (axis N first).

    Attributes
    ----------
    x : ndarray, shape (..., L, A)
        The sequences, one-hot.
    passed : ndarray, shape (..., F)
        The inputs of the dense layer, ``a``.
    logit, probability : ndarray, shape (...)
        ``z`` and ``y_hat``; with a head other than "classify" the output of the network and the
        predicted value or rate.
    share : ndarray
        ``r``, the derivative of ``a`` with respect to the pre-activation: for the maximum that of
        the winning window, (..., F), otherwise that of every window, (..., F, strands, M).
    score : ndarray, shape (..., F), or None
        Pre-activation ``m`` of the winning window; None without a maximum, like the next three.
    start : ndarray of int, shape (..., F), or None
        First base of the winning window, in the given sequence; negative in the padding.
    reverse : ndarray of bool, shape (..., F), or None
        Whether it was read on the - strand.
    window : ndarray, shape (..., F, K, A), or None
        Its one-hot, in the direction in which it was read.
    """

    x: np.ndarray
    passed: np.ndarray
    logit: np.ndarray
    probability: np.ndarray
    share: np.ndarray
    score: np.ndarray | None = None
    start: np.ndarray | None = None
    reverse: np.ndarray | None = None
    window: np.ndarray | None = None

    @property
    def strand(self) -> np.ndarray | None:
        """Strand of the winning window, "+" or "-"; None without a maximum."""
        return None if self.reverse is None else np.where(self.reverse, "-", "+")


@dataclass(frozen=True, eq=False)
class Gradient:
    """Derivatives of the loss, each with the shape of its parameter."""

    weights: np.ndarray
    bias: np.ndarray
    dense: np.ndarray
    dense_bias: np.ndarray


@dataclass(frozen=True, eq=False)
class Descent:
    """All updates of a training; entry ``t`` is the state just before update ``t``.

    Attributes
    ----------
    first : OneLayerNetwork
        The start.
    order : ndarray of int, shape (T,)
        Index of the sequence used in each update.
    weights : ndarray, shape (T + 1, F, K, A)
    bias : ndarray, shape (T + 1, F)
    dense_bias : ndarray, shape (T + 1,)
    losses : ndarray, shape (T,)
        Loss of each sequence just before the update that used it; cross-entropies are in nats.
    """

    first: OneLayerNetwork
    order: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    dense_bias: np.ndarray
    losses: np.ndarray

    def network(self, t: int) -> OneLayerNetwork:
        """Return the network after `t` updates."""
        return replace(
            self.first,
            weights=self.weights[t],
            bias=self.bias[t],
            dense_bias=self.dense_bias[t],
        )

    reader = network  # its name in version 0.1, which notebooks of that time call


def random_one_layer(
    filters: int,
    width: int,
    seed: int | Sequence[int] = 0,
    relu: bool = False,
    both_strands: bool = True,
    spread: float = 0.1,
    alphabet: Alphabet = DNA,
) -> OneLayerNetwork:
    """Make an untrained network with max pooling.

    ``W`` is drawn from the normal distribution with mean 0 and standard deviation `spread`; both
    biases are 0 and ``v = 1 / F``.

    Parameters
    ----------
    filters, width : int
        ``F``, 1 to 256, and ``K``, 1 to 64.
    seed : int or sequence of int
        The same seed gives the same weights.
    relu : bool
        Whether there is a ReLU before the maximum.
    both_strands : bool
        Whether the windows of the reverse complement are scanned, too.
    spread : float
        Positive.
    alphabet : Alphabet

    Returns
    -------
    OneLayerNetwork

    Examples
    --------
    >>> network = random_one_layer(filters=2, width=5, seed=1)
    >>> network.weights.shape, network.dense.tolist()
    ((2, 5, 4), [0.5, 0.5])
    """
    activation = "relu" if relu else "none"
    settings = ModelSettings(filters, width, activation=activation, both_strands=both_strands)
    spread = inside("spread", spread, 0)
    size = settings.filters, settings.width, alphabet.size
    return OneLayerNetwork(
        np.random.default_rng(seed).normal(0.0, spread, size),
        bias=np.zeros(settings.filters),
        dense=np.full(settings.filters, 1.0 / settings.filters),
        settings=settings,
        alphabet=alphabet,
    )


def pre_activations(network: OneLayerNetwork, x: ArrayLike) -> np.ndarray:
    """Return the pre-activations ``y``: shape (..., F, strands, M).

    The same as `cross_correlate`, for all sequences, filters and strands at once. On strand "-"
    (the second) window ``j`` covers the same bases as on strand "+", read as their reverse
    complement. `x` has the shape (L, A), or (N, L, A) for many sequences.

    Examples
    --------
    >>> flat = OneLayerNetwork(np.ones((1, 2, 4)), np.zeros(1), np.ones(1))
    >>> pre_activations(flat, np.eye(4)).shape
    (1, 2, 3)
    """
    y = _products(network, _checked(network, x))
    y = y.transpose(*range(y.ndim - 3), -1, -2, -3)
    # The scores of a sequence become contiguous in memory, so that pooling reads them in order.
    return np.add(y, network.bias[:, None, None], order="C")


def _products(network: OneLayerNetwork, x: np.ndarray) -> np.ndarray:
    """Pre-activations without the bias: (..., M, strands, F), in this order in memory."""
    strands, s = _strands(network), network.settings
    taps = np.concatenate(strands)
    letters = letters_of(x) if slow_products() and x.ndim == 3 else None
    if letters is not None:
        y = look_up(taps, letters, s.stride, s.padding, s.dilation)
    else:
        # All windows with all filters, in one product of matrices. The filters are its columns,
        # as they are few: as rows they took half as long again.
        y = _rows(network, x) @ taps.reshape(len(taps), -1).T
    return y.reshape(*x.shape[:-2], -1, len(strands), s.filters)


def _highest(y: np.ndarray) -> np.ndarray:
    """The maximum over the windows and strands of (N, M, strands, F).

    Half of the windows is compared with the other half, and so on: long rows of numbers instead of
    many short ones, more than twice as fast as numpy's own maximum along such an axis.
    """
    while y.shape[1] > 1:
        half = (y.shape[1] + 1) // 2
        y = np.maximum(y[:, :half], y[:, -half:])  # the middle one of an odd number is in both
    return y[:, 0].max(axis=1)


def _strands(network: OneLayerNetwork) -> list[np.ndarray]:
    """The filters for each strand: to read the other one, they are reversed, not the sequence."""
    if not network.settings.both_strands:
        return [network.weights]
    return [network.weights, network.alphabet.other_strand(network.weights)]


def _checked(network: OneLayerNetwork, x: ArrayLike) -> np.ndarray:
    """The sequences as floats in the network's precision, each with at least one window."""
    if not (isinstance(x, np.ndarray) and x.dtype == network.weights.dtype):
        x = numbers_by_base(x, "x", network.alphabet).astype(network.weights.dtype)
    require("x", x.ndim < 3 or len(x) > 0, "hold at least one sequence")
    s, size = network.settings, network.alphabet.size
    least = s.span - 2 * s.padding
    require(
        "x",
        x.ndim in (2, 3) and x.shape[-1] == size and x.shape[-2] >= least,
        f"have the shape (L, {size}) or (N, L, {size}) with L of at least {least}, got {x.shape}",
    )
    return x


def _spans(network: OneLayerNetwork, x: np.ndarray, stride: int) -> np.ndarray:
    """The windows (..., M, K, A) of the padded sequences, each `stride` after the last."""
    s = network.settings
    if s.padding:
        x = np.pad(x, (*[(0, 0)] * (x.ndim - 2), (s.padding, s.padding), (0, 0)))
    return windows(x, s.width, stride, s.dilation)


def _rows(network: OneLayerNetwork, x: np.ndarray) -> np.ndarray:
    """Every window of every sequence, as a row of K A numbers."""
    spans = _spans(network, x, network.settings.stride)
    return spans.reshape(-1, network.weights[0].size)


@one_thread()
@np.errstate(over="ignore", invalid="ignore")  # the training loop checks for infinities
def forward(
    network: OneLayerNetwork,
    x: ArrayLike,
    lengths: np.ndarray | None = None,
    keep: np.ndarray | None = None,
) -> ForwardPass:
    """Run the network on one sequence or many.

    Parameters
    ----------
    network : OneLayerNetwork
    x : array_like, shape (L, A) or (N, L, A)
        One-hot.
    lengths : ndarray of int, shape (N,), optional
        Length of each sequence; the rest is padding of the batch, whose windows are ignored.
    keep : ndarray, shape (..., F), optional
        Dropout: factors of the pooled values ``a`` before the dense layer, and so of their
        derivatives, too. See `motiflab.networks.TrainSettings`.

    Returns
    -------
    ForwardPass

    Examples
    --------
    >>> likes_ac = np.array([[[2.0, 0, 0, 0], [0, 2, 0, 0]]])
    >>> network = OneLayerNetwork(likes_ac, np.zeros(1), np.ones(1))
    >>> found = forward(network, np.eye(4)[[2, 0, 1, 3]])  # GACT
    >>> int(found.start[0]), found.strand[0].item(), float(found.logit)
    (1, '+', 4.0)
    """
    x = _checked(network, x)
    y, s = pre_activations(network, x), network.settings
    inside = None
    if lengths is not None:
        counts = s.windows(np.asarray(lengths))[:, None, None, None]
        inside = np.arange(y.shape[-1]) < counts
    found = {}
    if s.pooling == "max":
        if inside is not None:
            y = np.where(inside, y, -np.inf)
        best = highest_windows(y, s.stride, s.padding)
        passed, share = activated(s.activation, best.score)
        share = np.broadcast_to(share, passed.shape)
        if inside is not None:  # 0 for a sequence without any window
            passed, share = (np.where(best.score == -np.inf, 0, each) for each in (passed, share))
        window = _winners(network, x, best)
        found = {"score": best.score, "start": best.start, "reverse": best.reverse}
        found["window"] = window
    else:
        h, slope = activated(s.activation, y)
        passed, share = (_mean if s.pooling == "average" else _log_sum_exp)(h, inside)
        share = share * slope
    if keep is not None:
        passed = passed * keep
        share = share * keep.reshape(*keep.shape, *[1] * (share.ndim - keep.ndim))
    logit = passed @ network.dense + network.dense_bias
    return ForwardPass(x, passed, logit, HEADS[s.head].mean(logit), share, **found)


def activated(activation: str, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return ``g(y)`` and ``g'(y)``, the latter as one number if it is the same for all.

    >>> activated("relu", np.array([-1.0, 2.0]))[0].tolist()
    [0.0, 2.0]
    """
    if activation == "relu":
        return np.maximum(y, 0), y > 0  # a silent ReLU passes no gradient to the filter
    if activation == "exponential":
        h = np.exp(y)
        return h, h
    return y, np.ones((), y.dtype)


def _winners(network: OneLayerNetwork, x: np.ndarray, best: BestWindows) -> np.ndarray:
    """The winning windows, on the strand that was read: (..., F, K, A)."""
    first = best.start + network.settings.padding  # among the padded bases
    spans = _spans(network, x, 1)
    window = spans[first] if x.ndim == 2 else spans[np.arange(len(x))[:, None], first]
    if best.reverse.any():  # windows on the - strand are reversed, as the filter reads them
        window[best.reverse] = network.alphabet.other_strand(window[best.reverse])
    return window


def _mean(h: np.ndarray, inside: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """The mean of (..., strands, M), and its derivatives."""
    if inside is None:
        share = np.full((), 1 / np.prod(h.shape[-2:]), h.dtype)
        return h.sum(axis=(-2, -1)) * share, np.broadcast_to(share, h.shape)
    count = h.shape[-2] * inside.sum(axis=(-2, -1), keepdims=True).clip(1)
    share = np.broadcast_to((inside / count).astype(h.dtype), h.shape)
    return (h * share).sum(axis=(-2, -1)), share


def _log_sum_exp(h: np.ndarray, inside: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """The log of the sum of exponentials of (..., strands, M), and its derivatives: a softmax."""
    if inside is not None:
        h = np.where(inside, h, -np.inf)
    top = h.max(axis=(-2, -1), keepdims=True)  # subtracted before exp, so that nothing overflows
    if inside is not None:
        top[top == -np.inf] = 0  # a sequence without any window
    share = np.exp(h - top)
    total = share.sum(axis=(-2, -1), keepdims=True)
    if inside is not None:
        total[total == 0] = 1
    share /= total
    return (top + np.log(total))[..., 0, 0], share


@one_thread()
@np.errstate(over="ignore", invalid="ignore")
def gradient(
    network: OneLayerNetwork,
    forward_pass: ForwardPass,
    label: ArrayLike,
    positive_weight: float = 1.0,
) -> Gradient:
    """Compute the gradient of the loss by the formulas at the top of this module.

    Parameters
    ----------
    network : OneLayerNetwork
    forward_pass : ForwardPass
        The result of `forward` for one sequence or many.
    label : float or array_like, shape (N,)
        ``y``: 0, 1 or a probability between them; with other heads a value or a count.
    positive_weight : float
        Weight of the loss of a positive relative to a negative (labels of 0 and 1 only).

    Returns
    -------
    Gradient
        For many sequences, of their mean loss.

    Examples
    --------
    >>> likes_ac = np.array([[[2.0, 0, 0, 0], [0, 2, 0, 0]]])
    >>> network = OneLayerNetwork(likes_ac, np.zeros(1), np.ones(1))
    >>> found = gradient(network, forward(network, np.eye(4)[[2, 0, 1, 3]]), label=0)
    >>> found.weights[0].round(3).tolist()
    [[0.982, 0.0, 0.0, 0.0], [0.0, 0.982, 0.0, 0.0]]
    """
    at, (filters, width, letters) = forward_pass, network.weights.shape
    surprise = HEADS[network.settings.head].gradient(label, at.logit) / at.logit.size
    if positive_weight != 1:
        surprise = surprise * np.where(np.asarray(label) == 1, positive_weight, 1)
    surprise = np.asarray(surprise, dtype=network.weights.dtype)
    reaches = surprise[..., None] * network.dense  # each filter of each sequence
    if at.window is not None:
        flow = (reaches * at.share).reshape(-1, filters).T  # (F, N)
        seen = at.window.reshape(-1, filters, width * letters).swapaxes(0, 1)  # (F, N, K A)
        weights = (flow[:, None] @ seen).reshape(network.weights.shape)
        bias = flow.sum(axis=1)
    else:
        # Every window contributes. On the - strand it was read by the reversed filter.
        flow = np.moveaxis(reaches, -1, 0)[..., None] * np.moveaxis(at.share, (-2, -3), (0, 1))
        by_strand = flow.reshape(len(flow) * filters, -1) @ _rows(network, at.x)
        by_strand = by_strand.reshape(-1, *network.weights.shape)
        weights = by_strand[0]
        if len(by_strand) == 2:
            weights = weights + network.alphabet.other_strand(by_strand[1])
        bias = flow.sum(axis=(0, *range(2, flow.ndim)))
    dense = surprise.reshape(-1) @ at.passed.reshape(-1, filters)
    return Gradient(weights, bias, dense, surprise.sum())


def descend(network: OneLayerNetwork, slope: Gradient, rate: float) -> OneLayerNetwork:
    """Take one step against the gradient; the dense weights stay the same.

    Parameters
    ----------
    network : OneLayerNetwork
    slope : Gradient
    rate : float
        Length of the step.

    Returns
    -------
    OneLayerNetwork

    Examples
    --------
    >>> slope = Gradient(np.ones((1, 2, 4)), np.ones(1), np.ones(1), np.ones(()))
    >>> float(descend(random_one_layer(1, 2), slope, rate=0.5).dense_bias)
    -0.5
    """
    return replace(
        network,
        weights=network.weights - rate * slope.weights,
        bias=network.bias - rate * slope.bias,
        dense_bias=network.dense_bias - rate * slope.dense_bias,
    )


def descend_many(
    network: OneLayerNetwork,
    x: ArrayLike,
    labels: ArrayLike,
    rate: float = 0.1,
    updates: int = 1000,
    seed: int | Sequence[int] = 0,
) -> Descent:
    """Train by stochastic gradient descent, one sequence at a time.

    Each update subtracts ``rate`` times the gradient from ``W``, ``b`` and ``v0``. The dense
    weights ``v`` stay the same: they are not needed, as the filters can grow. The sequences are
    used in random order, all of them once before any is used again. The lab trains with batches
    and Adam instead (`motiflab.networks.training`).

    Parameters
    ----------
    network : OneLayerNetwork
        The start.
    x : array_like, shape (N, L, A)
        One-hot sequences of equal length.
    labels : array_like, shape (N,)
    rate : float
        Length of a step, positive.
    updates : int
        Number of updates, at least 1.
    seed : int or sequence of int
        Seed of the order.

    Returns
    -------
    Descent

    Examples
    --------
    >>> x = np.eye(4)[[[0, 1, 2], [3, 3, 3]]]  # ACG is positive, TTT negative
    >>> learned = descend_many(random_one_layer(1, 2), x, [1, 0], rate=0.5, updates=50)
    >>> [round(float(forward(learned.network(50), one).probability)) for one in x]
    [1, 0]
    """
    x, labels = numbers_by_base(x, "x", network.alphabet), np.asarray(labels, dtype=float)
    require(
        "x",
        x.ndim == 3 and len(x) and labels.shape == (len(x),),
        "have the shape (N, L, A) and labels (N,) with the same N of at least 1, got "
        f"{x.shape} and {labels.shape}",
    )
    rate, updates = inside("rate", rate, 0), whole("updates", updates)
    rng = np.random.default_rng(seed)
    # Whole passes, so that every sequence is used once before any is used again.
    passes = [rng.permutation(len(x)) for _ in range(math.ceil(updates / len(x)))]
    order = np.concatenate(passes)[:updates]
    steps, losses = [network], []
    for i in order:
        now = steps[-1]
        found = forward(now, x[i])
        losses.append(HEADS[now.settings.head].loss(labels[i], found.logit))
        steps.append(descend(now, gradient(now, found, labels[i]), rate))
    return Descent(
        first=network,
        order=order,
        weights=np.array([step.weights for step in steps]),
        bias=np.array([step.bias for step in steps]),
        dense_bias=np.array([step.dense_bias for step in steps]),
        losses=np.array(losses),
    )
