"""The gradient of a one-layer network by hand: only the windows that won pass it on.

A network of one convolution with filters ``W_f`` and biases, an activation ``phi``, the maximum
over all windows (and strands) and one dense layer computes

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

from motiflab.activations import sigmoid_derivative
from motiflab.convolution import index_map
from motiflab.saliency import as_tensor, check_input, check_output

if TYPE_CHECKING:
    from motiflab.network import MotifNetwork


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
    filter : ndarray, shape (K, 4)
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


def winners(network: MotifNetwork, x: ArrayLike) -> list[Winner]:
    """Find the window that each filter's maximum comes from.

    Windows that share the maximum exactly share its gradient evenly, as in torch, and each is
    listed.

    Parameters
    ----------
    network : MotifNetwork
        Of one layer, with maximum pooling over the whole sequence.
    x : array_like, shape (L, 4)
        One sequence, one-hot.

    Returns
    -------
    list of Winner
        In the order of the filters.

    Raises
    ------
    ValueError
        For a network of another kind, or an `x` that is not as said above.

    Examples
    --------
    >>> from motiflab import models, sequences
    >>> network = models.from_filter([[2, 0, 0, 0], [0, 1, 0, 0]], length=4)
    >>> winner = winners(network, sequences.one_hot("GACG"))[0]
    >>> winner.positions.tolist(), winner.score
    ([1, 2], 3.0)
    """
    import torch

    s = network.settings
    if (s.layers, s.pooling, s.window) != (1, "max", 0):
        raise ValueError(
            "network must have one layer and the maximum over the whole sequence (layers=1, "
            f'pooling="max", window=0), got {s.layers}, "{s.pooling}" and {s.window}.'
        )
    with torch.no_grad():
        scores = network.scores(as_tensor(network, [check_input(x)]))
        maps = network.activate(scores)[0].double().numpy()  # (strands, F, M)
        scores = scores[0].double().numpy()
        weights = network.conv.weight.double().numpy().transpose(0, 2, 1)
        dense = network.dense.weight[0].double().numpy()
    taps, found = np.arange(s.width), []
    for f in range(s.filters):
        # Behind a ReLU all windows of a silent filter tie at 0: then name the nearest to it.
        of_all = maps[:, f] if maps[:, f].max() else scores[:, f]
        best = np.argwhere(of_all == of_all.max()).tolist()
        for strand, j in best:
            activation = float(maps[strand, f, j])
            score = float(scores[strand, f, j])
            slope = {"relu": float(score > 0), "exponential": activation, "none": 1.0}
            found.append(
                Winner(
                    index=f,
                    reverse=bool(strand),
                    positions=index_map(j, taps, s.stride, s.padding, s.dilation),
                    filter=weights[f][::-1, ::-1] if strand else weights[f],
                    score=score,
                    activation=activation,
                    slope=slope[s.activation],
                    weight=float(dense[f]) / len(best),
                )
            )
    return found


def saliency_by_hand(network: MotifNetwork, x: ArrayLike, of: str = "probability") -> np.ndarray:
    """Put the saliency together from the winners, by the formula at the top of this module.

    Parameters
    ----------
    network, x
        As for `winners`.
    of : {"probability", "logit"}

    Returns
    -------
    ndarray, shape (L, 4)
        Equal to that of `saliency`, up to rounding.

    Raises
    ------
    ValueError
        As for `winners`.

    Examples
    --------
    >>> from motiflab import models, saliency, sequences
    >>> network = models.build(models.ModelSettings(filters=2, width=4), length=10)
    >>> x = sequences.one_hot("ACGTTGCAAC")
    >>> np.allclose(saliency_by_hand(network, x), saliency.saliency(network, x), atol=1e-6)
    True
    """
    check_output(of)
    logit, gradient = network.dense.bias.item(), np.zeros(check_input(x).shape)
    for winner in winners(network, x):
        logit += winner.weight * winner.activation
        inside = (winner.positions >= 0) & (winner.positions < len(gradient))
        effect = winner.weight * winner.slope * winner.filter
        gradient[winner.positions[inside]] += effect[inside]
    return gradient * sigmoid_derivative(logit) if of == "probability" else gradient
