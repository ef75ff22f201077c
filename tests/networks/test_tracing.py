"""The stages of one sequence add up to what the network predicts, for every kind of network."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from motiflab import networks
from motiflab.networks import ModelSettings
from motiflab.sequences import encode, random_sequences


@st.composite
def cases(draw):
    one = draw(st.booleans())
    chosen = ModelSettings(
        filters=draw(st.integers(1, 5)),
        width=draw(st.integers(1, 6)),
        stride=draw(st.integers(1, 3)),
        padding=draw(st.integers(0, 4)),
        dilation=draw(st.integers(1, 3)),
        activation=draw(st.sampled_from(["none", "relu", "exponential"])),
        pooling=draw(st.sampled_from(["max", "average", "logsumexp"])),
        window=0 if one else draw(st.integers(0, 4)),
        layers=1 if one else draw(st.integers(1, 2)),
        second_filters=3,
        second_width=2,
        both_strands=draw(st.booleans()),
    )
    return chosen, draw(st.integers(40, 60)), draw(st.integers(0, 99))


def batch(length: int, seed: int):
    rng = np.random.default_rng(seed)
    texts = [random_sequences(1, n, np.full(4, 0.25), rng)[0] for n in (length, length - 7)]
    return encode(texts)


@given(cases())
@settings(deadline=None, max_examples=80)
def test_logit_is_what_the_network_predicts(case):
    chosen, length, seed = case
    data = batch(length, seed)
    one_layer = networks.untrained(chosen, length, seed)  # numpy where numpy can
    in_torch = networks.build(chosen, length, seed)
    for network in (one_layer, in_torch):
        said = network.predict(data.x, data.lengths)
        for i in range(2):
            found = networks.trace(network, data.x[i], int(data.lengths[i]), chosen.filters - 1)
            assert found.logit == pytest.approx(said[i], rel=1e-4, abs=1e-5)
            assert found.probability == pytest.approx(1 / (1 + np.exp(-said[i])), rel=1e-4)
            assert found.contributions.sum() + found.dense_bias == pytest.approx(found.logit)


@given(cases())
@settings(deadline=None, max_examples=60)
def test_windows_are_those_of_torch(case):
    """Each window times the filter, plus the bias, is torch's convolution of that strand."""
    chosen, length, seed = case
    data = batch(length, seed)
    network = networks.build(chosen, length, seed)
    found = networks.trace(network, data.x[0], filter=0)
    x, (w, b) = torch.from_numpy(data.x[:1]), (network.conv.weight[:1], network.conv.bias[:1])
    at = {"stride": chosen.stride, "padding": chosen.padding, "dilation": chosen.dilation}
    with torch.no_grad():
        strands = [F.conv1d(x, w, b, **at)]
        if chosen.both_strands:
            strands.append(F.conv1d(x, w.flip(1, 2), b, **at))
    y = torch.cat(strands, 1)[0].numpy()
    mine = [
        [(found.read(strand, j) * found.weights).sum() + found.bias for j in range(y.shape[1])]
        for strand in range(len(y))
    ]
    assert np.allclose(mine, y, atol=1e-5)
    assert np.allclose(found.scores, y, atol=1e-5)
    strand, j = found.best
    assert found.scores[strand, j] == found.scores.max()


def test_refuses_what_is_not_there():
    network = networks.random_one_layer(2, 5)
    x = np.zeros((4, 9), np.float32)
    with pytest.raises(ValueError, match="filter must be"):
        networks.trace(network, x, filter=2)
    with pytest.raises(ValueError, match="length must be at least 5, got 4"):
        networks.trace(network, x, 4)
