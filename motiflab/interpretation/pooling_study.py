"""Does the first layer learn whole motifs? One training for each way to split the pooling.

The experiment of Koo and Eddy (2019, PLoS Computational Biology 15:e1007560), smaller: twelve
motifs of JASPAR are planted, one to five sites in a sequence of 200 bases, and the network says
which of the twelve are there. Between its two convolutional layers the maximum is taken over
windows of ``p1`` positions, behind the second over windows of ``p2``; ``p1 p2 = 100`` in all
networks, so that they have equally many weights, and only the place of the pooling differs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

import numpy as np

from motiflab.checks import one_of
from motiflab.datasets import Dataset, several_motifs
from motiflab.evaluation import roc
from motiflab.interpretation.whole_motifs import FilterMatches, matching_filters
from motiflab.motifs import jaspar
from motiflab.networks import ModelSettings, TrainSettings, logits, train, untrained

PLANTED = [
    "MA0151.1",
    "MA0466.2",
    "MA0477.1",
    "MA0062.2",
    "MA0496.1",
    "MA0058.3",
    "MA0052.3",
    "MA0502.1",
    "MA0079.3",
    "MA0083.3",
    "MA0137.3",
    "MA0095.2",
]
"""Arid3a, CEBPB, FOSL1, Gabpa, MAFK, MAX, MEF2A, NFYB, SP1, SRF, STAT1, YY1, as of 2016."""

FIRST_POOLS = (2, 4, 10, 25, 50, 100)
"""Positions ``p1`` in a pooling window behind the first layer."""

PUBLISHED = {
    2: (0.00, 0.00),
    4: (0.03, 0.13),
    10: (0.93, 0.97),
    25: (0.97, 1.00),
    50: (0.93, 0.97),
    100: (0.90, 0.97),
}
"""Lowest and highest share of matching filters that Koo and Eddy report for each ``p1``.

As noted down from the paper, whose tables were not at hand when this was written. The Tomtom
results of one training of each that lie in the repository of its authors give, by the rule of
`motiflab.interpretation.whole_motifs`, 0 of 30 filters for 2 and 4 of 30 (0.13) for 4.
"""

_BOTH = 100  # p1 * p2


def pooling_data(n: int, seed: int) -> Dataset:
    """Plant the twelve motifs in `n` sequences of 200 bases, with a label for each motif.

    >>> pooling_data(10, seed=1).labels.shape
    (10, 12)
    """
    return several_motifs([jaspar.load(id) for id in PLANTED], n, 200, seed=seed)


def pooling_settings(first_pool: int, activation: str = "relu") -> ModelSettings:
    """Return the network with 30 filters of 19 bases whose first pooling has this window.

    Parameters
    ----------
    first_pool : int
        ``p1``, one of `FIRST_POOLS`.
    activation : {"relu", "exponential"}
        Of the first layer.

    Examples
    --------
    >>> [pooling_settings(p).features(200) for p in FIRST_POOLS]
    [64, 64, 64, 64, 64, 64]
    """
    one_of("first_pool", first_pool, FIRST_POOLS)
    return ModelSettings(
        filters=30,
        width=19,
        padding=9,
        activation=activation,
        window=first_pool,
        layers=2,
        second_filters=32,
        second_width=5,
        second_padding=2,
        second_window=_BOTH // first_pool,
        hidden=64,
        outputs=len(PLANTED),
        both_strands=False,
        batch_norm=True,
    )


def pooling_training(epochs: int, seed: int = 0) -> TrainSettings:
    """Return how the networks of the study are trained.

    >>> pooling_training(epochs=6).batch
    100
    """
    return TrainSettings(learning_rate=0.01, batch=100, epochs=epochs, seed=seed)


@lru_cache
def measured_pooling() -> tuple[dict, tuple[dict, ...]]:
    """Return what `tools/whole_or_part.py` measured, which is shipped with the package.

    Returns
    -------
    about : dict
        How many sequences and epochs, and the versions that made it.
    runs : tuple of dict
        One for each training: `pool`, `activation`, `labels` ("true" or "shuffled"), `seed`; the
        `share` of matching filters, how many motifs are `found`, `auroc`, `loss`, and the share
        before the training, `untrained`.

    Examples
    --------
    >>> about, runs = measured_pooling()
    >>> {run["share"] for run in runs if (run["pool"], run["activation"]) == (2, "relu")}
    {0.0}
    """
    path = files("motiflab") / "data" / "whole_or_part.json"
    kept = json.loads(path.read_text())
    return kept["about"], tuple(kept["runs"].values())


@dataclass(frozen=True, eq=False)
class PoolingOutcome:
    """What one network has learned at one moment of its training.

    Attributes
    ----------
    progress : float
        Share of the training that is done, 0 to 1.
    loss : float
        Mean cross-entropy of a label, in nats, over the last epoch.
    auroc : float
        On held-out sequences: the mean over the twelve labels.
    matches : FilterMatches
        Which filters match which planted motif.
    """

    progress: float
    loss: float
    auroc: float
    matches: FilterMatches


def study_pooling(
    train_data: Dataset,
    test_data: Dataset,
    settings: ModelSettings,
    epochs: int,
    seed: int,
    every_epoch: bool = True,
) -> Iterator[PoolingOutcome]:
    """Train one network and judge its filters: before the training, and after each epoch.

    Parameters
    ----------
    train_data, test_data : Dataset
        Both from `pooling_data`, of different seeds.
    settings : ModelSettings
        From `pooling_settings`.
    epochs : int
    seed : int
        Of the first weights and of the order of the sequences.
    every_epoch : bool
        Whether to judge after every epoch, or only before the first and after the last.

    Yields
    ------
    PoolingOutcome

    Examples
    --------
    >>> data = pooling_data(40, seed=1)
    >>> for outcome in study_pooling(data, data, pooling_settings(50), epochs=1, seed=0):
    ...     print(outcome.progress, len(outcome.matches.ppms))
    0.0 30
    1.0 30
    """
    known = jaspar.collection("vertebrates")
    network = untrained(settings, train_data.x.shape[2], seed)
    for record in train(network, train_data, pooling_training(epochs, seed)):
        if every_epoch or record.epoch in (0, epochs):
            z = logits(network, test_data)
            areas = [roc(y, s).area for y, s in zip(test_data.labels.T, z.T, strict=True)]
            matches = matching_filters(network, test_data, test_data.motifs, known)
            yield PoolingOutcome(record.epoch / epochs, record.loss, float(np.mean(areas)), matches)


def without_truth(data: Dataset, seed: int) -> Dataset:
    """Return the data with the labels of the sequences shuffled: nothing is left to learn.

    >>> data = pooling_data(30, seed=1)
    >>> bool((without_truth(data, seed=1).labels.sum(axis=0) == data.labels.sum(axis=0)).all())
    True
    """
    return replace(data, labels=np.random.default_rng(seed).permutation(data.labels))
