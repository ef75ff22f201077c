"""Sweeps: the same as single trainings, on one core or several, and an early end stops them."""

from __future__ import annotations

import dataclasses
from itertools import product

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from motiflab.datasets import Trial, ctcf
from motiflab.networks import ModelSettings, TrainSettings, logits, train, train_all, untrained

DATA = ctcf().subset([*range(60), *range(500, 560)])
TRAIN, TEST = DATA.split(0.3)
OTHER = dataclasses.replace(TRAIN, labels=TRAIN.labels[::-1].copy())
TRIALS = {"CTCF": Trial(TRAIN, {"held out": TEST}), "turned": Trial(OTHER, {"held out": TEST})}
RECIPES = {
    "narrow": (ModelSettings(filters=2, width=6), TrainSettings(epochs=1)),
    "wide": (ModelSettings(filters=2, width=12), TrainSettings(epochs=2, batch=16)),
}
EVERY = [(d, r, s) for s, d, r in product([3, 5], TRIALS, RECIPES)]


def key(result):
    return result.data, result.recipe, result.seed


def areas(results):
    return {key(each): (each.loss, each.auroc["held out"]) for each in results}


@pytest.fixture(scope="module")
def in_order():
    return list(train_all(TRIALS, RECIPES, [3, 5], jobs=1))


def test_each_is_trained_once_and_the_first_seed_of_all_comes_first(in_order):
    assert [key(each) for each in in_order] == EVERY


def test_a_result_is_that_of_a_single_training(in_order):
    for each in in_order:
        model, training = RECIPES[each.recipe]
        data = TRIALS[each.data].train
        network = untrained(model, 200, each.seed)
        *_, last = train(network, data, dataclasses.replace(training, seed=each.seed))
        for name, value in each.network.state_dict().items():
            np.testing.assert_array_equal(value, last.weights[name])
        assert each.loss == last.loss
        area = roc_auc_score(TEST.labels, logits(network, TEST))
        assert each.auroc == {"held out": pytest.approx(area)}


def test_several_processes_give_the_same_in_some_order(in_order):
    assert areas(train_all(TRIALS, RECIPES, [3, 5], jobs=2)) == areas(in_order)


def test_what_is_done_is_left_out(in_order):
    left = train_all(TRIALS, RECIPES, [3, 5], jobs=1, done=EVERY[1:-1])
    assert [key(each) for each in left] == [EVERY[0], EVERY[-1]]


@pytest.mark.parametrize("jobs", [1, 2])
def test_whoever_leaves_early_starts_nothing_more(jobs):
    begun = []

    class Watched(dict):
        def __getitem__(self, name):
            begun.append(name)
            return super().__getitem__(name)

    results = train_all(Watched(TRIALS), RECIPES, range(50), jobs)
    next(results)
    results.close()  # an error, or a warning of joblib, would fail here
    assert len(begun) < 20  # of 200; others may end while the first one is looked at
    assert list(results) == []


@pytest.mark.parametrize("empty", ["data", "recipes", "seeds"])
def test_nothing_to_train_is_refused(empty):
    given = {"data": TRIALS, "recipes": RECIPES, "seeds": [1]} | {empty: {}}
    with pytest.raises(ValueError, match=f"^{empty} must hold at least one entry, got none"):
        next(train_all(**given))


def test_a_cluster_of_dask_gives_the_same(in_order):
    distributed = pytest.importorskip("dask.distributed", reason="dask is not installed")
    joblib = pytest.importorskip("joblib")
    cluster = distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    )
    with cluster, distributed.Client(cluster), joblib.parallel_config(backend="dask"):
        assert areas(train_all(TRIALS, RECIPES, [3, 5])) == areas(in_order)
