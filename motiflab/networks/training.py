"""Train a network, one record at a time. Nothing is drawn or printed here.

``for record in train(network, data): ...`` is the only loop; a notebook, a test and the live lab
all use it. A record holds the weights, so that any moment of a training can be looked at later.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from motiflab.checks import one_of, quoted, require, whole
from motiflab.datasets.dataset import Dataset
from motiflab.layers import cross_entropy
from motiflab.networks.adam import Adam
from motiflab.networks.initialisation import draw_weights
from motiflab.networks.model_settings import ModelSettings
from motiflab.networks.one_layer import OneLayerNetwork, forward, gradient, is_one_layer
from motiflab.sequences import DNA, Alphabet

if TYPE_CHECKING:
    from motiflab.networks.cnn import MotifNetwork

ENGINES = ("numpy", "torch")


@dataclass(frozen=True)
class TrainSettings:
    """How to train.

    Parameters
    ----------
    learning_rate : float
        Peak step size of Adam, above 0 and at most 10. It rises to the peak over the first 30 %
        of the steps and falls to nearly 0 at the end (one cycle; Smith & Topin 2019), because a
        large step finds the motif quickly and a small one then places it well.
    batch : int
        Sequences in a step, 1 to 4096.
    epochs : int
        Passes through the training data, 1 to 1000.
    seed : int
        Seed of the order in which sequences are drawn, 0 or more.

    Examples
    --------
    >>> TrainSettings(epochs=3).batch
    64
    """

    learning_rate: float = 0.02
    batch: int = 64
    epochs: int = 6
    seed: int = 0

    def __post_init__(self) -> None:
        rate = self.learning_rate
        require(
            "learning_rate",
            isinstance(rate, (int, float)) and not isinstance(rate, bool) and 0 < rate <= 10,
            f"be above 0 and at most 10, not {quoted(rate)}",
        )
        for name, (low, high) in RANGES.items():
            object.__setattr__(self, name, whole(name, getattr(self, name), low, high))


RANGES = {"batch": (1, 4096), "epochs": (1, 1000), "seed": (0, 2**32 - 1)}


@dataclass(frozen=True, eq=False)
class TrainingRecord:
    """One moment of a training.

    Attributes
    ----------
    step : int
        Optimizer steps taken so far; 0 is the untrained network.
    epoch : float
        Passes through the data so far.
    loss : float
        Mean cross-entropy in nats over the batches since the record before; for step 0, over the
        first batch before it is learned from.
    weights : dict of str to ndarray
        A copy of every parameter: ``network.load_state_dict(record.weights)`` goes back to it.
    """

    step: int
    epoch: float
    loss: float
    weights: dict[str, np.ndarray]


def steps_per_epoch(n: int, batch: int) -> int:
    """Return the number of batches in a pass through all sequences; the last may be smaller.

    Parameters
    ----------
    n : int
        Number of sequences.
    batch : int
        Sequences in a batch.

    Examples
    --------
    >>> steps_per_epoch(100, 64)
    2
    """
    return math.ceil(n / batch)


def engine_for(settings: ModelSettings) -> str:
    """Return the engine that trains a network unless another is asked for.

    ``"numpy"``, with the gradient by hand (`motiflab.networks.one_layer`), for one layer that is
    pooled over the whole sequence; ``"torch"`` for all others. With the maximum numpy is two or
    three times faster; with other poolings it may be slower than torch. `make bench` measures both.

    >>> engine_for(ModelSettings()), engine_for(ModelSettings(layers=2))
    ('numpy', 'torch')
    """
    return "numpy" if is_one_layer(settings) else "torch"


def untrained(
    settings: ModelSettings,
    length: int,
    seed: int = 0,
    alphabet: Alphabet = DNA,
    engine: str | None = None,
) -> OneLayerNetwork | MotifNetwork:
    """Make an untrained network of the engine that `engine_for` names, or of the one asked for.

    Parameters
    ----------
    settings : ModelSettings
    length : int
        Length L of the (padded) sequences that it will read, in bases.
    seed : int
        Of the initial weights, which are the same in every engine; see `draw_weights`.
    alphabet : Alphabet
    engine : {"numpy", "torch"}, optional
        That of `engine_for` if not given.

    Returns
    -------
    OneLayerNetwork or MotifNetwork

    Examples
    --------
    >>> type(untrained(ModelSettings(), length=100)).__name__
    'OneLayerNetwork'
    """
    if _chosen(engine, settings) == "numpy":
        weights = draw_weights(settings, length, seed, alphabet)
        return OneLayerNetwork.from_state_dict(weights, settings, alphabet)
    from motiflab.networks.cnn import build

    return build(settings, length, seed, alphabet)


def train(
    network: OneLayerNetwork | MotifNetwork,
    data: Dataset,
    settings: TrainSettings | None = None,
    every: int | None = None,
    engine: str | None = None,
) -> Iterator[TrainingRecord]:
    """Train a network with Adam on binary cross-entropy, and yield records on the way.

    Either kind of network can be trained by either engine: both begin at the network's weights,
    take the batches in the same order, and differ by rounding, which a training amplifies.
    If the loss is no longer a finite number, training stops with a ``ValueError``; the last good
    weights are in the record before.

    Parameters
    ----------
    network : OneLayerNetwork or MotifNetwork
        Changed in place: at every record it has the weights of the record.
    data : Dataset
        The training data.
    settings : TrainSettings, optional
        Learning rate, batch, epochs and seed.
    every : int, optional
        Steps between records; one epoch if not given. The last step always has a record.
    engine : {"numpy", "torch"}, optional
        That of `engine_for` if not given.

    Yields
    ------
    TrainingRecord
        First that of the untrained network. The same network, data and settings give the same
        records, bit for bit, on the same machine and number of threads.

    Examples
    --------
    >>> from motiflab import datasets, networks
    >>> data = datasets.ctcf().subset(range(450, 550))
    >>> network = networks.untrained(networks.ModelSettings(filters=2), length=200)
    >>> [record.step for record in train(network, data, TrainSettings(epochs=2))]
    [0, 2, 4]
    """
    settings = settings or TrainSettings()
    per_epoch = steps_per_epoch(len(data), settings.batch)
    total = per_epoch * settings.epochs
    every = every or per_epoch
    kind = _InNumpy if _chosen(engine, network.settings) == "numpy" else _InTorch
    taught = kind(network, data, settings.learning_rate, total)

    def record(step: int, losses: list[float]) -> TrainingRecord:
        weights = taught.weights()
        if taught.network is not network:
            network.load_state_dict(weights)
        return TrainingRecord(step, step / per_epoch, sum(losses) / len(losses), weights)

    rng = np.random.default_rng(settings.seed)
    step, losses = 0, []
    for _ in range(settings.epochs):
        order = rng.permutation(len(data))
        for first in range(0, len(order), settings.batch):
            loss = taught.loss(order[first : first + settings.batch])
            if step == 0:
                yield record(0, [_finite(loss, 0)])
            taught.update()
            step += 1
            losses.append(_finite(loss, step))
            if step % every == 0 or step == total:
                yield record(step, losses)
                losses = []


class _InNumpy:
    """A network that is trained by the gradient by hand."""

    def __init__(self, network, data: Dataset, rate: float, total: int) -> None:
        if not isinstance(network, OneLayerNetwork):
            network = OneLayerNetwork.from_state_dict(
                network.state_dict(), network.settings, network.alphabet
            )
        self.network, self._data = network, data
        self._lengths = data.lengths if data.lengths.min() < data.x.shape[2] else None
        self._adam = Adam(network.parameters, rate, total)

    @np.errstate(invalid="ignore")  # the loss is looked at, whether it is finite
    def loss(self, rows: np.ndarray) -> float:
        """Predict these sequences; return the mean cross-entropy."""
        x = self._data.x[rows].transpose(0, 2, 1)
        lengths = None if self._lengths is None else self._lengths[rows]
        self._labels, self._seen = self._data.labels[rows], forward(self.network, x, lengths)
        return float(cross_entropy(self._labels, self._seen.logit).mean())

    def update(self) -> None:
        """Take a step against the gradient of that loss."""
        slope = gradient(self.network, self._seen, self._labels)
        self._adam.step((slope.weights, slope.bias, slope.dense, slope.dense_bias))

    def weights(self) -> dict[str, np.ndarray]:
        """Copy all parameters."""
        return self.network.state_dict()


class _InTorch:
    """A network that is trained by torch's automatic gradient; methods as above."""

    def __init__(self, network, data: Dataset, rate: float, total: int) -> None:
        import torch

        from motiflab.networks.cnn import in_torch

        self.network = network = in_torch(network, data.x.shape[2])
        kind = network.dense.weight.dtype
        self._x, self._y = (torch.from_numpy(each).to(kind) for each in (data.x, data.labels))
        ragged = data.lengths.min() < data.x.shape[2]
        self._lengths = torch.from_numpy(data.lengths) if ragged else None
        self._adam = torch.optim.Adam(network.parameters(), lr=rate)
        # One step more than are taken: the schedule counts the state after the last step, too.
        self._cycle = torch.optim.lr_scheduler.OneCycleLR(self._adam, rate, total_steps=total + 1)

    def loss(self, rows: np.ndarray) -> float:
        from torch.nn.functional import binary_cross_entropy_with_logits

        logit = self.network(self._x[rows], None if self._lengths is None else self._lengths[rows])
        self._loss = binary_cross_entropy_with_logits(logit, self._y[rows])
        return self._loss.item()

    def update(self) -> None:
        self._adam.zero_grad()
        self._loss.backward()
        self._adam.step()
        self._cycle.step()

    def weights(self) -> dict[str, np.ndarray]:
        return {name: value.numpy().copy() for name, value in self.network.state_dict().items()}


def _chosen(engine: str | None, settings: ModelSettings) -> str:
    if engine is None:
        return engine_for(settings)
    one_of("engine", engine, ENGINES)
    require(
        "engine",
        engine == "torch" or is_one_layer(settings),
        'be "torch" for a network with two layers or pooling windows, not "numpy"',
    )
    return engine


def _finite(loss: float, step: int) -> float:
    if not math.isfinite(loss):
        raise ValueError(
            f"the loss became {loss} after {step} steps, so training stopped; a smaller "
            "learning rate usually helps."
        )
    return loss


def logits(network: OneLayerNetwork | MotifNetwork, data: Dataset) -> np.ndarray:
    """What a network says of each sequence.

    Parameters
    ----------
    network : OneLayerNetwork or MotifNetwork
    data : Dataset

    Returns
    -------
    ndarray, shape (N,)
        Logits, in the network's precision; the logistic sigmoid turns them into probabilities.

    Examples
    --------
    >>> from motiflab import datasets, networks
    >>> data = datasets.ctcf().subset(range(8))
    >>> logits(networks.untrained(networks.ModelSettings(), length=200), data).shape
    (8,)
    """
    length = data.x.shape[2]
    ragged, chunk = data.lengths.min() < length, network.settings.at_once(length)
    parts = [
        network.predict(data.x[i : i + chunk], data.lengths[i : i + chunk] if ragged else None)
        for i in range(0, len(data), chunk)
    ]
    return np.concatenate(parts)
