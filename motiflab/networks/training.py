"""Train a network, one record at a time. Nothing is drawn or printed here.

``for record in train(network, data): ...`` is the only loop; a notebook, a test and the live lab
all use it. A record holds the weights, so that any moment of a training can be looked at later.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from motiflab.checks import quoted, require, whole
from motiflab.datasets.dataset import Dataset

if TYPE_CHECKING:
    import torch

    from motiflab.networks.cnn import MotifNetwork


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
    weights : dict of str to Tensor
        A copy of every parameter: ``network.load_state_dict(record.weights)`` goes back to it.
    """

    step: int
    epoch: float
    loss: float
    weights: dict[str, torch.Tensor]


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


def train(
    network: MotifNetwork,
    data: Dataset,
    settings: TrainSettings | None = None,
    every: int | None = None,
) -> Iterator[TrainingRecord]:
    """Train a network with Adam on binary cross-entropy, and yield records on the way.

    If the loss is no longer a finite number, training stops with a ``ValueError``; the last good
    weights are in the record before.

    Parameters
    ----------
    network : MotifNetwork
        Changed in place.
    data : Dataset
        The training data.
    settings : TrainSettings, optional
        Learning rate, batch, epochs and seed.
    every : int, optional
        Steps between records; one epoch if not given. The last step always has a record.

    Yields
    ------
    TrainingRecord
        First that of the untrained network. The same network, data and settings give the same
        records, bit for bit, on the same machine and number of threads.

    Examples
    --------
    >>> from motiflab import datasets, networks
    >>> data = datasets.ctcf().subset(range(450, 550))
    >>> network = networks.build(networks.ModelSettings(filters=2), length=200)
    >>> [record.step for record in train(network, data, TrainSettings(epochs=2))]
    [0, 2, 4]
    """
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

    settings = settings or TrainSettings()
    x, y = torch.from_numpy(data.x), torch.from_numpy(data.labels).float()
    lengths = torch.from_numpy(data.lengths) if data.lengths.min() < x.shape[2] else None
    per_epoch = steps_per_epoch(len(y), settings.batch)
    total = per_epoch * settings.epochs
    every = every or per_epoch
    optimizer = torch.optim.Adam(network.parameters(), lr=settings.learning_rate)
    # One step more than are taken: the schedule counts the state after the last step, too.
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.learning_rate, total_steps=total + 1
    )
    generator = torch.Generator().manual_seed(settings.seed)
    step, losses = 0, []
    for _ in range(settings.epochs):
        for batch in torch.randperm(len(y), generator=generator).split(settings.batch):
            optimizer.zero_grad()
            logit = network(x[batch], None if lengths is None else lengths[batch])
            loss = cross_entropy(logit, y[batch])
            if step == 0:
                yield _record(network, 0, 0.0, [_finite(loss, 0)])
            loss.backward()
            optimizer.step()
            schedule.step()
            step += 1
            losses.append(_finite(loss, step))
            if step % every == 0 or step == total:
                yield _record(network, step, step / per_epoch, losses)
                losses = []


def logits(network: MotifNetwork, data: Dataset) -> np.ndarray:
    """What a network says of each sequence.

    Parameters
    ----------
    network : MotifNetwork
    data : Dataset

    Returns
    -------
    ndarray of float32, shape (N,)
        Logits; the logistic sigmoid turns them into probabilities.

    Examples
    --------
    >>> from motiflab import datasets, networks
    >>> data = datasets.ctcf().subset(range(8))
    >>> logits(networks.build(networks.ModelSettings(), length=200), data).shape
    (8,)
    """
    import torch

    ragged, chunk = data.lengths.min() < data.x.shape[2], network.at_once()
    with torch.no_grad():
        parts = [
            network(
                torch.from_numpy(data.x[i : i + chunk]),
                torch.from_numpy(data.lengths[i : i + chunk]) if ragged else None,
            )
            for i in range(0, len(data.x), chunk)
        ]
    return torch.cat(parts).numpy()


def _finite(loss: torch.Tensor, step: int) -> float:
    value = loss.item()
    if not math.isfinite(value):
        raise ValueError(
            f"the loss became {value} after {step} steps, so training stopped; a smaller "
            "learning rate usually helps."
        )
    return value


def _record(network: MotifNetwork, step: int, epoch: float, losses: list[float]) -> TrainingRecord:
    weights = {name: value.detach().clone() for name, value in network.state_dict().items()}
    return TrainingRecord(step, epoch, sum(losses) / len(losses), weights)


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Hold torch to one thread: for networks so small, waiting for a second costs more than it
    gives, and on a busy machine fifty times more.

    >>> import torch
    >>> with one_thread():
    ...     torch.get_num_threads()
    1
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
