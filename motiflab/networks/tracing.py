"""Trace the computation of a network for one sequence, from one-hot to probability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from motiflab.checks import require, whole
from motiflab.layers import sigmoid
from motiflab.networks.model_settings import ModelSettings
from motiflab.networks.one_layer import OneLayerNetwork, activated

if TYPE_CHECKING:
    from motiflab.networks.cnn import MotifNetwork


@dataclass(frozen=True, eq=False)
class Trace:
    """All stages for one sequence; in the first layer those of one filter.

    Attributes
    ----------
    settings : ModelSettings
    x : ndarray, shape (A, L)
        The one-hot sequence, without the padding of a batch.
    filter : int
        Index of the filter, 0-based.
    weights : ndarray, shape (K, A)
        ``W`` of the filter.
    bias : float
        ``b`` of the filter.
    scores : ndarray, shape (strands, M)
        Pre-activations ``y``. Window ``j`` begins at base ``j S - P``, also on strand "-" (the
        second), which the filter reads as the reverse complement.
    maps : ndarray, shape (strands, M)
        The feature map ``h = g(y)``.
    features : ndarray, shape (F', M')
        Inputs of the dense layer: for each filter of the last layer the ``M'`` pooled numbers, one
        if the whole sequence is pooled.
    dense : ndarray, shape (F', M')
        Weights ``v`` of the dense layer.
    dense_bias : float
        ``v0``.
    """

    settings: ModelSettings
    x: np.ndarray
    filter: int
    weights: np.ndarray
    bias: float
    scores: np.ndarray
    maps: np.ndarray
    features: np.ndarray
    dense: np.ndarray
    dense_bias: float

    @property
    def contributions(self) -> np.ndarray:
        """Sum of ``v * a`` over the pooled numbers of each filter of the last layer: (F',)."""
        return (self.dense * self.features).sum(axis=1)

    @property
    def logit(self) -> float:
        """``z``, the sum of the contributions and ``v0``."""
        return float(self.contributions.sum() + self.dense_bias)

    @property
    def probability(self) -> float:
        """``y_hat``, the sigmoid of the logit."""
        return float(sigmoid(self.logit))

    @property
    def best(self) -> tuple[int, int]:
        """Strand (0 or 1) and window of the highest score; of equal ones the first."""
        window, strand = np.unravel_index(self.scores.T.argmax(), self.scores.T.shape)
        return int(strand), int(window)

    def positions(self, window: int) -> np.ndarray:
        """Return the position under each tap of a window; some may be outside the sequence."""
        s = self.settings
        return window * s.stride - s.padding + s.dilation * np.arange(s.width)

    def read(self, strand: int, window: int) -> np.ndarray:
        """Return the one-hot of a window, (K, A), in the direction in which it is read."""
        at = self.positions(window)
        inside = (at >= 0) & (at < self.x.shape[1])
        seen = np.zeros_like(self.weights)
        seen[inside] = self.x[:, at[inside]].T
        return seen[::-1, ::-1] if strand else seen


def trace(
    network: OneLayerNetwork | MotifNetwork,
    x: np.ndarray,
    length: int | None = None,
    filter: int = 0,
) -> Trace:
    """Return all stages of the computation of a network for one sequence.

    Parameters
    ----------
    network : OneLayerNetwork or MotifNetwork
    x : ndarray of float32, shape (A, L)
        One-hot; its end may be the padding of a batch.
    length : int, optional
        Length of the sequence without padding; L if not given.
    filter : int
        Index of a filter of the first layer, 0-based.

    Returns
    -------
    Trace
        Its logit is that of ``network.predict``, up to rounding.

    Raises
    ------
    ValueError
        If there is no such filter, or the sequence is shorter than a window.

    Examples
    --------
    >>> likes_ac = np.array([[[2.0, 0, 0, 0], [0, 2, 0, 0]]])
    >>> network = OneLayerNetwork(likes_ac, bias=[0], dense=[3], dense_bias=-1)
    >>> found = trace(network, np.eye(4)[[2, 0, 1, 3]].T)  # GACT
    >>> found.best, found.features.tolist(), found.logit
    ((0, 1), [[4.0]], 11.0)
    """
    s = network.settings
    require(
        "network",
        not s.hidden and s.outputs == 1 and not s.batch_norm,
        "have no hidden layer, batch normalisation or second output",
    )
    filter = whole("filter", filter, 0, s.filters - 1)
    length = whole("length", x.shape[1] if length is None else length, 1, x.shape[1])
    windows = s.windows(length)
    require("length", windows > 0, f"be at least {s.span - 2 * s.padding}, got {length}")
    w = {name: np.asarray(value) for name, value in network.state_dict().items()}
    scores = network.scan(x[None])[0, filter, :, :windows]
    last = s.filters if s.layers == 1 else s.second_filters
    return Trace(
        settings=s,
        x=x[:, :length],
        filter=filter,
        weights=w["conv.weight"][filter].T,
        bias=float(w["conv.bias"][filter]),
        scores=scores,
        maps=activated(s.activation, scores)[0],
        features=network.features(x[None], np.array([length]))[0].reshape(last, -1),
        dense=w["dense.weight"][0].reshape(last, -1),
        dense_bias=float(w["dense.bias"][0]),
    )
