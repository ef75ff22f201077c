"""Average the predictions of a trained network over both strands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from motiflab.checks import require
from motiflab.datasets import Dataset, other_strand
from motiflab.networks.one_layer import OneLayerNetwork
from motiflab.networks.training import logits

if TYPE_CHECKING:
    from motiflab.networks.cnn import MotifNetwork


def averaged_logits(network: OneLayerNetwork | MotifNetwork, data: Dataset) -> np.ndarray:
    """Return the mean of the logits of each sequence and of its reverse complement.

    The mean is the same for either strand. Logits are averaged, not probabilities: a logit is
    evidence in nats, and it still separates two sequences whose probabilities are both nearly 1.
    Zhou, Shrikumar & Kundaje (2022) call a network that is averaged only after its training
    "post-hoc conjoined".

    Parameters
    ----------
    network : OneLayerNetwork or MotifNetwork
        A trained network; it is not changed.
    data : Dataset
        Its alphabet must have complements.

    Returns
    -------
    ndarray, shape (N,)
        ``(z(x) + z(reverse complement of x)) / 2``, in the network's precision.

    Examples
    --------
    >>> from motiflab import datasets, networks
    >>> network = networks.untrained(networks.ModelSettings(both_strands=False), length=200)
    >>> data = datasets.ctcf().subset(range(8))
    >>> there, back = (averaged_logits(network, d) for d in (data, datasets.other_strand(data)))
    >>> bool((there == back).all())
    True
    """
    require(
        "network",
        network.settings.head != "profile",
        "not have a profile, whose positions the other strand reads in reverse",
    )
    return (logits(network, data) + logits(network, other_strand(data))) / 2
