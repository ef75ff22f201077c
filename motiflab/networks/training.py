"""Train a network, one record at a time. Nothing is drawn or printed here.

``for record in train(network, data): ...`` is the only loop; a notebook, a test and the live lab
all use it. A record holds the weights, so that any moment of a training can be looked at later.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from motiflab.checks import between, one_of, quoted, require, whole
from motiflab.datasets.dataset import Dataset
from motiflab.layers import HEADS
from motiflab.networks.adam import Adam
from motiflab.networks.initialisation import draw_weights
from motiflab.networks.model_settings import ModelSettings
from motiflab.networks.one_layer import (
    OneLayerNetwork,
    forward,
    gradient,
    is_one_layer,
)
from motiflab.networks.threads import part_by_part
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
        Seed of the order in which sequences are drawn, and of dropout, 0 or more.
    weight_decay : float
        ``w``, 0 to 10: in every step each weight and bias first loses the share ``w`` times the
        present step size of itself (`motiflab.networks.Adam`).
    dropout : float
        Probability ``p``, 0 to 0.9, with which each pooled feature (a number that the dense layer
        reads) is set to 0 in a step; the others are divided by ``1 - p``, which leaves the mean as
        it was (Srivastava et al. 2014). Predictions use all features.
    positive_weight : float
        What the loss of a positive counts, compared with a negative, 0.001 to 1000: the loss of a
        batch of N is the sum of the weighted cross-entropies, divided by N. Other than 1 only for
        the head "classify".
    patience : int
        Early stopping: end after so many records in a row without a lower held-out loss, and go
        back to the weights with the lowest one (Prechelt 1998). 0 to 1000; 0 trains to the end.

    Examples
    --------
    >>> TrainSettings(epochs=3).batch
    64
    """

    learning_rate: float = 0.02
    batch: int = 64
    epochs: int = 6
    seed: int = 0
    weight_decay: float = 0.0
    dropout: float = 0.0
    positive_weight: float = 1.0
    patience: int = 0

    def __post_init__(self) -> None:
        rate = self.learning_rate
        require(
            "learning_rate",
            isinstance(rate, (int, float)) and not isinstance(rate, bool) and 0 < rate <= 10,
            f"be above 0 and at most 10, not {quoted(rate)}",
        )
        for name, (low, high) in RANGES.items():
            object.__setattr__(self, name, whole(name, getattr(self, name), low, high))
        for name, (low, high) in _REAL.items():
            object.__setattr__(self, name, between(name, getattr(self, name), low, high))


RANGES = {"batch": (1, 4096), "epochs": (1, 1000), "seed": (0, 2**32 - 1), "patience": (0, 1000)}
_REAL = {"weight_decay": (0, 10), "dropout": (0, 0.9), "positive_weight": (0.001, 1000)}


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
        Mean loss of the network's head (cross-entropy in nats, if it classifies) over the batches
        since the record before; for step 0, over the first batch before it is learned from.
    weights : dict of str to ndarray
        A copy of every parameter: ``network.load_state_dict(record.weights)`` goes back to it.
    held_out_loss : float or None
        Mean loss on held-out data, if `train` was given any: without dropout, and with
        every sequence counting alike.
    """

    step: int
    epoch: float
    loss: float
    weights: dict[str, np.ndarray]
    held_out_loss: float | None = None


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


def in_numpy(network: OneLayerNetwork | MotifNetwork) -> OneLayerNetwork:
    """Return a network of one layer as one in numpy.

    Parameters
    ----------
    network : OneLayerNetwork or MotifNetwork
        The former is returned as it is, the latter is copied.

    Examples
    --------
    >>> from motiflab.networks import build
    >>> in_numpy(build(ModelSettings(filters=2, width=5), length=20)).weights.shape
    (2, 5, 4)
    """
    if isinstance(network, OneLayerNetwork):
        return network
    return OneLayerNetwork.from_state_dict(network.state_dict(), network.settings, network.alphabet)


def train(
    network: OneLayerNetwork | MotifNetwork,
    data: Dataset,
    settings: TrainSettings | None = None,
    every: int | None = None,
    engine: str | None = None,
    held_out: Dataset | None = None,
) -> Iterator[TrainingRecord]:
    """Train a network with Adam on the loss of its head, and yield records on the way.

    Either kind of network can be trained by either engine: both begin at the network's weights,
    take the batches in the same order, and differ by rounding, which a training amplifies.
    If the loss is no longer a finite number, training stops with a ``ValueError``; the last good
    weights are in the record before.

    Parameters
    ----------
    network : OneLayerNetwork or MotifNetwork
        Changed in place: at every record it has the weights of the record.
    data : Dataset
        The training data; its labels are classes, measured values or counts, as the head of the
        network (`network.settings.head`) needs them, one for each output of the network. For a
        profile they are the reads at each position, (N, L).
    settings : TrainSettings, optional
        Learning rate, batch, epochs, seed, and what keeps a network from learning by heart.
    every : int, optional
        Steps between records; one epoch if not given. The last step always has a record.
    engine : {"numpy", "torch"}, optional
        That of `engine_for` if not given.
    held_out : Dataset, optional
        What `held_out_loss` of each record is measured on; `settings.patience` asks for it.

    Yields
    ------
    TrainingRecord
        First that of the untrained network. The same network, data and settings give the same
        records, bit for bit, on the same machine and number of threads. With
        `settings.patience`, the network has the best weights after the last record.

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
    require(
        "held_out",
        held_out is not None or not settings.patience,
        f"be given, as training with patience {settings.patience} stops by the loss on it",
    )
    outputs, length = network.settings.outputs, data.x.shape[2]
    head, profile = HEADS[network.settings.head], network.settings.head == "profile"
    require(
        "data",
        data.labels.shape[1:] == ((length,) if profile else (outputs,) if outputs > 1 else ()),
        f"hold one label for each of the {length if profile else outputs} "
        f"{'bases of a profile' if profile else 'outputs of the network'}, got labels of the "
        f"shape {data.labels.shape}",
    )
    head.loss(data.labels, np.zeros(length + 1) if profile else 0.0)  # refuses what it cannot learn
    require(
        "positive_weight",
        settings.positive_weight == 1 or network.settings.head == "classify",
        f'be 1 for the head "{network.settings.head}", which knows no positives, '
        f"not {settings.positive_weight:g}",
    )
    taught = kind(network, data, settings, total)

    def record(step: int, losses: list[float]) -> TrainingRecord:
        weights, other = taught.weights(), None
        if taught.network is not network:
            network.load_state_dict(weights)
        if held_out is not None:
            other = float(head.loss(held_out.labels, logits(network, held_out)).mean())
        return TrainingRecord(step, step / per_epoch, sum(losses) / len(losses), weights, other)

    best, waited = None, 0
    for now in _moments(taught, len(data), settings, every, total, record):
        if settings.patience:
            better = best is None or now.held_out_loss < best.held_out_loss
            best, waited = (now, 0) if better else (best, waited + 1)
        yield now
        if settings.patience and waited == settings.patience:
            break
    if best is not None:
        network.load_state_dict(best.weights)


def _moments(taught, n: int, settings: TrainSettings, every: int, total: int, record):
    """Take every step, and make the records."""
    rng = np.random.default_rng(settings.seed)
    step, losses, left = 0, [], settings.dropout
    for _ in range(settings.epochs):
        order = rng.permutation(n)
        for first in range(0, n, settings.batch):
            rows, keep = order[first : first + settings.batch], None
            if left:  # what is kept is scaled up, so that the mean stays
                keep = (rng.random((len(rows), taught.features)) >= left) / (1 - left)
            loss = taught.loss(rows, keep)
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

    def __init__(self, network, data: Dataset, settings: TrainSettings, total: int) -> None:
        self.network = network = in_numpy(network)
        self._data = data
        self._lengths = data.lengths if data.lengths.min() < data.x.shape[2] else None
        self._adam = Adam(network.parameters, settings.learning_rate, total, settings.weight_decay)
        self.features, self._weight = len(network.dense), settings.positive_weight
        self._head = HEADS[network.settings.head]

    @np.errstate(invalid="ignore")  # the loss is looked at, whether it is finite
    def loss(self, rows: np.ndarray, keep: np.ndarray | None) -> float:
        """Predict these sequences; return the mean loss."""
        x = self._data.x[rows].transpose(0, 2, 1)
        lengths = None if self._lengths is None else self._lengths[rows]
        if keep is not None:
            keep = keep.astype(self.network.weights.dtype)
        self._labels = self._data.labels[rows]
        self._seen = forward(self.network, x, lengths, keep=keep)
        losses = self._head.loss(self._labels, self._seen.logit)
        if self._weight != 1:
            losses = np.where(self._labels == 1, self._weight, 1) * losses
        return float(losses.mean())

    def update(self) -> None:
        """Take a step against the gradient of that loss."""
        slope = gradient(self.network, self._seen, self._labels, self._weight)
        self._adam.step((slope.weights, slope.bias, slope.dense, slope.dense_bias))

    def weights(self) -> dict[str, np.ndarray]:
        """Copy all parameters."""
        return self.network.state_dict()


class _InTorch:
    """A network that is trained by torch's automatic gradient; methods as above."""

    def __init__(self, network, data: Dataset, settings: TrainSettings, total: int) -> None:
        import torch

        from motiflab.networks.cnn import in_torch

        self.network = network = in_torch(network, data.x.shape[2])
        kind = network.dense.weight.dtype
        # Workers of a sweep get large arrays as read-only files, which torch warns of.
        x, y = (np.require(each, requirements="W") for each in (data.x, data.labels))
        self._x, self._y = torch.from_numpy(x).to(kind), torch.from_numpy(y).to(kind)
        ragged = data.lengths.min() < data.x.shape[2]
        require(
            "data",
            not (ragged and network.settings.batch_norm),
            "hold sequences of one length for batch normalisation, whose means would count the "
            "padding, too",
        )
        self._lengths = torch.from_numpy(data.lengths) if ragged else None
        self.features = network.settings.features(data.x.shape[2])
        self._weight, self._head = settings.positive_weight, network.settings.head
        self._rate, self._decay, self._total = settings.learning_rate, settings.weight_decay, total

    @cached_property
    def _optimiser(self):
        """Adam and its schedule, made for the first step.

        Torch loads its compiler with them (40 MB and a second), which a card that is looked at and
        not trained can spare.
        """
        from torch import optim

        adam = optim.AdamW(self.network.parameters(), lr=self._rate, weight_decay=self._decay)
        # One step more than are taken: the schedule counts the state after the last step, too.
        steps = self._total + 1
        return adam, optim.lr_scheduler.OneCycleLR(adam, self._rate, total_steps=steps)

    def loss(self, rows: np.ndarray, keep: np.ndarray | None) -> float:
        import torch
        from torch.nn import functional as F

        lengths = None if self._lengths is None else self._lengths[rows]
        if keep is not None:
            keep = torch.from_numpy(keep).to(self._x.dtype)
        self.network.train()  # means of the batch, for batch normalisation
        z, y, head = self.network(self._x[rows], lengths, keep), self._y[rows], self._head
        self.network.eval()
        if head == "regress":
            self._loss = F.mse_loss(z, y)
        elif head == "count":
            self._loss = F.poisson_nll_loss(z, y)
        elif head == "profile":  # as `motiflab.layers.profile_loss` has it for arrays
            n = y.sum(1)
            places = -(y * F.log_softmax(z[:, :-1], 1)).sum(1)
            self._loss = (places + n / 2 * (n.log1p() - z[:, -1]) ** 2).mean()
        else:
            weight = None if self._weight == 1 else torch.tensor(self._weight, dtype=z.dtype)
            self._loss = F.binary_cross_entropy_with_logits(z, y, pos_weight=weight)
        return self._loss.item()

    def update(self) -> None:
        adam, schedule = self._optimiser
        adam.zero_grad()
        self._loss.backward()
        adam.step()
        schedule.step()

    def weights(self) -> dict[str, np.ndarray]:
        return {name: value.numpy().copy() for name, value in self.network.state_dict().items()}


def _chosen(engine: str | None, settings: ModelSettings) -> str:
    if engine is None:
        return engine_for(settings)
    one_of("engine", engine, ENGINES)
    require(
        "engine",
        engine == "torch" or is_one_layer(settings),
        'be "torch" for a network with more than one layer, pooling windows, several outputs or a '
        'profile, not "numpy"',
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
    """What a network says of each sequence, before its head turns it into a prediction.

    Parameters
    ----------
    network : OneLayerNetwork or MotifNetwork
    data : Dataset

    Returns
    -------
    ndarray, shape (N,), or (N, outputs) if there are several, or (N, L + 1) for a profile
        Logits, in the network's precision; the logistic sigmoid turns them into probabilities.
        With another head than "classify": values, or logarithms of rates (`predictions`).

    Examples
    --------
    >>> from motiflab import datasets, networks
    >>> data = datasets.ctcf().subset(range(8))
    >>> logits(networks.untrained(networks.ModelSettings(), length=200), data).shape
    (8,)
    """
    length = data.x.shape[2]
    ragged, chunk = data.lengths.min() < length, network.settings.at_once(length)

    def read(part: slice) -> np.ndarray:
        return network.predict(data.x[part], data.lengths[part] if ragged else None)

    return np.concatenate(part_by_part(read, len(data), chunk))


def predictions(network: OneLayerNetwork | MotifNetwork, data: Dataset) -> np.ndarray:
    """Predict the label of each sequence: a probability, a value or a rate, as the head says.

    Parameters
    ----------
    network : OneLayerNetwork or MotifNetwork
    data : Dataset

    Returns
    -------
    ndarray, shape (N,), or (N, outputs) if there are several, or (N, L) reads for a profile
        What the labels are expected to be on average.

    Examples
    --------
    >>> from motiflab import datasets, networks
    >>> data = datasets.Dataset.of(["ACGT", "TTTT"], labels=[0.5, -2.5], names=["a", "b"])
    >>> settings = networks.ModelSettings(1, width=4, initialisation="zeros", head="regress")
    >>> predictions(networks.untrained(settings, length=4), data).tolist()
    [0.0, 0.0]
    """
    return HEADS[network.settings.head].mean(logits(network, data))
