"""Train every network on every data set with every seed, one result at a time.

``for result in train_all(...): ...`` may be left at any time; earlier results are kept.

The trainings run on all cores through joblib. On a cluster, make a client of Dask; each worker of
the cluster must have motiflab::

    from dask.distributed import Client
    import joblib

    client = Client("address of the scheduler")
    with joblib.parallel_config(backend="dask"):
        results = list(train_all(data, recipes, seeds=range(10)))
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product, takewhile
from typing import TYPE_CHECKING

from motiflab.checks import require
from motiflab.datasets import Trial
from motiflab.evaluation import r_squared, roc
from motiflab.networks.model_settings import ModelSettings
from motiflab.networks.one_layer import OneLayerNetwork
from motiflab.networks.threads import one_thread
from motiflab.networks.training import TrainSettings, logits, predictions, train, untrained

if TYPE_CHECKING:
    from motiflab.networks.cnn import MotifNetwork


@dataclass(frozen=True, eq=False)
class SweepResult:
    """One training of a sweep.

    Attributes
    ----------
    data, recipe : str
        Names of the data and of the recipe.
    seed : int
        Seed of the initial weights and of the order of the batches.
    network : OneLayerNetwork or MotifNetwork
        The trained network.
    loss : float
        Mean loss over the last epoch: for classification the cross-entropy in nats.
    auroc : dict of str to float
        Area under the ROC curve on each test, by name; only for classification. With
        several outputs the mean of their areas.
    r_squared : dict of str to float
        Share of the variance explained on each test (`motiflab.evaluation.r_squared`); only for
        other heads.
    """

    data: str
    recipe: str
    seed: int
    network: OneLayerNetwork | MotifNetwork
    loss: float
    auroc: dict[str, float]
    r_squared: dict[str, float]


def train_all(
    data: Mapping[str, Trial],
    recipes: Mapping[str, tuple[ModelSettings, TrainSettings]],
    seeds: Sequence[int],
    jobs: int | None = None,
    done: Collection[tuple[str, str, int]] = (),
) -> Generator[SweepResult]:
    """Train every recipe on every data set with every seed, and yield results when finished.

    Parameters
    ----------
    data : dict of str to Trial
        Training and test sets, by name.
    recipes : dict of str to (ModelSettings, TrainSettings)
        Settings of networks and trainings, by name. The seed of the training is replaced.
    seeds : sequence of int
        Each 0 or more.
    jobs : int, optional
        Number of trainings at the same time; all cores if not given. With 1 all run in this
        process, and the results come in order: the first seed of all data and recipes, then the
        next seed.
    done : collection of (str, str, int)
        Data, recipe and seed of trainings to skip.

    Yields
    ------
    SweepResult
        In the order in which they finish. The results depend neither on this order nor on `jobs`.

    Examples
    --------
    >>> from motiflab import datasets
    >>> train, test = datasets.ctcf().split()
    >>> data = {"CTCF": datasets.Trial(train, {"held out": test})}
    >>> small = {"small": (ModelSettings(filters=2), TrainSettings(epochs=1))}
    >>> for result in train_all(data, small, seeds=[1, 2], jobs=1):
    ...     print(result.data, result.recipe, result.seed, list(result.auroc))
    CTCF small 1 ['held out']
    CTCF small 2 ['held out']
    """
    for name, given in (("data", data), ("recipes", recipes), ("seeds", seeds)):
        require(name, len(given), "hold at least one entry, got none")
    require(
        "recipes",
        all(model.head != "profile" for model, _ in recipes.values()),
        'not have the head "profile", which a sweep has no measure for',
    )
    from joblib import Parallel, delayed

    tasks = (
        delayed(_one)(data[one], one, recipes[recipe], recipe, seed)
        for seed, one, recipe in product(seeds, data, recipes)
        if (one, recipe, seed) not in done
    )
    wanted = True
    # No task waits in a queue, so an early end waits only for the running trainings.
    parallel = Parallel(
        jobs or -1, return_as="generator_unordered", pre_dispatch="n_jobs", batch_size=1
    )
    results = parallel(takewhile(lambda _: wanted, tasks))
    try:
        # `yield from` would pass an early end on to joblib, which then warns.
        for result in results:  # noqa: UP028
            yield result
    finally:
        wanted = False
        for _ in results:
            pass


def _one(
    trial: Trial, data: str, settings: tuple[ModelSettings, TrainSettings], recipe: str, seed: int
) -> SweepResult:
    model, training = settings
    with one_thread():
        network = untrained(model, trial.train.x.shape[2], seed, trial.train.alphabet)
        *_, last = train(network, trial.train, replace(training, seed=seed))
        areas, shares = {}, {}
        for name, test in trial.tests.items():
            if model.head == "classify":
                z, labels = logits(network, test), test.labels
                outputs = zip(labels.reshape(len(z), -1).T, z.reshape(len(z), -1).T, strict=True)
                areas[name] = sum(roc(*each).area for each in outputs) / model.outputs
            else:
                shares[name] = r_squared(test.labels, predictions(network, test))
    return SweepResult(data, recipe, seed, network, last.loss, areas, shares)
