"""One prediction for both strands of a sequence, made from any trained network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from motiflab.datasets import Dataset, other_strand
from motiflab.networks.one_layer import OneLayerNetwork
from motiflab.networks.training import logits

if TYPE_CHECKING:
    from motiflab.networks.cnn import MotifNetwork


def averaged_logits(network: OneLayerNetwork | MotifNetwork, data: Dataset) -> np.ndarray:
    """Return the mean of the logits of each sequence and of its reverse complement.

    The mean is the same whichever of the two strands is given. Logits are averaged, not
    probabilities: a logit is evidence in nats, and it still tells two sequences apart where both
    probabilities are nearly 1. Zhou, Shrikumar & Kundaje (2022) call a network that is averaged
    only after its training "post-hoc conjoined".

    Parameters
    ----------
    network : OneLayerNetwork or MotifNetwork
        Trained in any way; it is left as it is.
    data : Dataset
        Of an alphabet with complements.

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
    return (logits(network, data) + logits(network, other_strand(data))) / 2
