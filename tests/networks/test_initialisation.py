"""The weights that a network begins with."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from motiflab.networks import ModelSettings, MotifNetwork, build, draw_weights, untrained

TWO = ModelSettings(filters=5, width=6, window=3, layers=2, second_filters=4, second_width=3)


@pytest.mark.parametrize("settings", [ModelSettings(), ModelSettings(window=9), TWO])
def test_they_have_the_shapes_and_the_distribution_of_torchs(settings):
    drawn = [draw_weights(settings, 60, seed) for seed in range(200)]
    torch.manual_seed(0)
    torchs = [MotifNetwork(settings, 60).state_dict() for _ in range(200)]
    assert drawn[0].keys() == torchs[0].keys()
    for name, value in torchs[0].items():
        mine = np.array([each[name] for each in drawn])
        his = np.array([each[name].numpy() for each in torchs])
        assert mine.shape[1:] == tuple(value.shape) and mine.dtype == np.float32
        reach = np.abs(his).max()
        # Uniform over the whole reach, with a mean of 0: within four standard errors.
        assert np.abs(mine).max() == pytest.approx(reach, rel=0.05)
        assert abs(mine.mean()) < 4 * reach / np.sqrt(3 * mine.size)
        assert mine.std() == pytest.approx(reach / np.sqrt(3), rel=0.15)


def test_a_seed_means_the_same_weights_in_both_engines_and_another_others():
    mine, torchs = untrained(ModelSettings(), 60, 3), build(ModelSettings(), 60, 3)
    for name, value in torchs.state_dict().items():
        np.testing.assert_array_equal(mine.state_dict()[name], value)
    assert (mine.weights != untrained(ModelSettings(), 60, 4).weights).any()


def test_a_network_without_output_is_refused():
    with pytest.raises(ValueError, match="only L"):
        draw_weights(ModelSettings(width=15), length=14)
