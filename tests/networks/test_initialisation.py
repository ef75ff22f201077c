"""The weights that a network begins with."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from scipy import stats

from motiflab.datasets.planting import Arrangement
from motiflab.datasets.sources import planted
from motiflab.motifs import Motif
from motiflab.networks import (
    ModelSettings,
    MotifNetwork,
    TrainSettings,
    build,
    draw_weights,
    train,
    untrained,
)

TWO = ModelSettings(filters=5, width=6, window=3, layers=2, second_filters=4, second_width=3)
DEEP = dataclasses.replace(TWO, second_window=4, hidden=7, outputs=3, batch_norm=True)


@pytest.mark.parametrize("settings", [ModelSettings(), ModelSettings(window=9), TWO, DEEP])
def test_they_have_the_shapes_and_the_distribution_of_torchs(settings):
    drawn = [draw_weights(settings, 60, seed) for seed in range(200)]
    torch.manual_seed(0)
    torchs = [MotifNetwork(settings, 60).state_dict() for _ in range(200)]
    assert drawn[0].keys() == torchs[0].keys()
    for name, value in torchs[0].items():
        if "_norm." in name:  # not random
            assert np.array_equal(drawn[0][name], value.numpy())
            continue
        mine = np.array([each[name] for each in drawn])
        his = np.array([each[name].numpy() for each in torchs])
        assert mine.shape[1:] == tuple(value.shape) and mine.dtype == np.float32
        reach = np.abs(his).max()
        # Uniform over the whole reach, with a mean of 0: within four standard errors.
        assert np.abs(mine).max() == pytest.approx(reach, rel=0.05)
        assert abs(mine.mean()) < 4 * reach / np.sqrt(3 * mine.size)
        assert mine.std() == pytest.approx(reach / np.sqrt(3), rel=0.15)


@pytest.mark.parametrize(("kind", "spread"), [("he", None), ("negative", None), ("large", 1.0)])
def test_normal_weights_have_the_spread_of_their_formula(kind, spread):
    settings = dataclasses.replace(TWO, initialisation=kind)
    drawn = [draw_weights(settings, 60, seed) for seed in range(200)]
    for layer, n in (("conv", 4 * 6), ("second", 5 * 3), ("dense", 4)):
        values = np.array([each[f"{layer}.weight"] for each in drawn])
        expected = torch.empty(4000, n)
        torch.nn.init.kaiming_normal_(expected, generator=torch.Generator().manual_seed(0))
        assert values.std() == pytest.approx(spread or expected.std().item(), rel=0.06)
        assert abs(values.mean()) < 4 * values.std() / np.sqrt(values.size)
        assert stats.kurtosis(values, axis=None) == pytest.approx(0, abs=0.3)  # uniform: -1.2
        low = -3 if (kind, layer) == ("negative", "conv") else 0
        assert all((each[f"{layer}.bias"] == low).all() for each in drawn)


def test_zeros_are_zero():
    weights = draw_weights(dataclasses.replace(TWO, initialisation="zeros"), 60)
    assert not any(value.any() for value in weights.values())


@pytest.mark.parametrize(("kind", "least", "most"), [("zeros", 16, 16), ("negative", 10, 16)])
def test_filters_that_never_fire_never_learn(kind, least, most):
    """A dead ReLU: no score above 0, so no gradient, and the weights never change."""
    data = planted(Arrangement((Motif.from_sites(["TGACTCA"], "box"),)), n=400, length=60, seed=2)
    network = untrained(ModelSettings(initialisation=kind), 60, seed=1)
    dead = network.scan(data.x).max(axis=(0, 2, 3)) <= 0
    assert least <= dead.sum() <= most
    first, *_, last = train(network, data, TrainSettings(epochs=3))
    moved = (first.weights["conv.weight"] != last.weights["conv.weight"]).any(axis=(1, 2))
    assert not moved[dead].any() and moved[~dead].all()
    alive = untrained(ModelSettings(initialisation="he"), 60, seed=1)
    assert (alive.scan(data.x).max(axis=(0, 2, 3)) > 0).all()


def test_a_seed_means_the_same_weights_in_both_engines_and_another_others():
    mine, torchs = untrained(ModelSettings(), 60, 3), build(ModelSettings(), 60, 3)
    for name, value in torchs.state_dict().items():
        np.testing.assert_array_equal(mine.state_dict()[name], value)
    assert (mine.weights != untrained(ModelSettings(), 60, 4).weights).any()


def test_a_network_without_output_is_refused():
    with pytest.raises(ValueError, match="only L"):
        draw_weights(ModelSettings(width=15), length=14)
