"""Which filters match planted motifs: whole ones do, parts and untrained filters do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from motiflab.datasets import ctcf, several_motifs
from motiflab.interpretation import (
    PLANTED,
    activated_ppms,
    matching_filters,
    pooling_data,
    pooling_settings,
)
from motiflab.motifs import MotifCollection, jaspar
from motiflab.networks import build, from_filter
from motiflab.sequences import DNA, one_hot

KNOWN = jaspar.collection("vertebrates")


@pytest.fixture(scope="module")
def data():
    return pooling_data(1500, seed=5)


def with_filters(data, *filters, activation="relu"):
    """The network of the study, with these filters, each (K, 4), in the place of the first."""
    network = build(pooling_settings(25, activation), 200, seed=1)
    weights = network.conv.weight.detach().numpy().copy()
    bias = np.zeros(30, dtype=np.float32)
    for f, w in enumerate(filters):
        weights[f] = 0
        weights[f, :, 19 // 2 - len(w) // 2 :][:, : len(w)] = w.T
        bias[f] = -0.4 * w.max(axis=1).sum()  # a window that is not nearly the best stays silent
    state = network.state_dict() | {"conv.weight": weights, "conv.bias": bias}
    network.load_state_dict(state)
    return network


def test_whole_motifs_match_on_either_strand_and_halves_do_not(data):
    whole = [jaspar.load(id).log_odds() for id in PLANTED]
    turned = [DNA.other_strand(w) for w in whole]
    found = matching_filters(with_filters(data, *whole, *turned), data, data.motifs, KNOWN)
    first, second = found.matched[:12], found.matched[12:24]
    for matched in (first, second):
        right = matched == np.arange(12)
        assert right.sum() >= 10 and (matched[~right] == -1).all()
    assert found.found >= 10
    parts = [w[i : i + 4] for w in whole for i in (0, len(w) - 4)]
    in_parts = matching_filters(with_filters(data, *parts), data, data.motifs, KNOWN)
    assert (in_parts.matched[:24] == -1).all()


def test_untrained_filters_match_nothing(data):
    for seed in range(3):
        network = build(pooling_settings(2), 200, seed)
        assert matching_filters(network, data, data.motifs, KNOWN).share <= 0.1


def test_a_filter_becomes_the_weighted_counts_of_its_activated_windows_by_hand():
    """One sequence after the other, window by window, without an array operation."""
    data = ctcf().subset(range(40))
    weights = np.random.default_rng(3).normal(size=(6, 4))
    network = from_filter(weights, 200, activation="relu", bias=-1.0)
    scores = [
        [float((one_hot(s)[j : j + 6] * weights).sum()) - 1.0 for j in range(195)]
        for s in data.sequences
    ]
    limit = max(map(max, scores)) / 2
    counts = np.zeros((6, 4))
    for text, row in zip(data.sequences, scores):
        for j, score in enumerate(row):
            if score > limit:
                counts += score * one_hot(text)[j : j + 6]
    ppm = counts / counts.sum(axis=1, keepdims=True)
    bits = 2 + (ppm * np.log2(ppm.clip(1e-12))).sum(axis=1)
    informed = np.flatnonzero(bits > 0.5)
    expected = ppm[max(informed[0] - 3, 0) : informed[-1] + 4]
    np.testing.assert_allclose(activated_ppms(network, data)[0], expected, atol=1e-5)


def test_a_silent_filter_and_a_flat_one_match_nothing(data):
    silent = from_filter(-np.ones((5, 4)), 200, activation="relu")
    flat = from_filter(np.zeros((5, 4)), 200, bias=1.0, activation="relu")
    for network in (silent, flat):
        found = matching_filters(network, data, data.motifs, KNOWN)
        assert found.ppms == [None] and np.isinf(found.e_values).all()
        assert (found.share, found.found) == (0.0, 0)


def test_both_strands_give_the_same_motif_as_the_sequences_turned():
    srf = jaspar.load("MA0083.3")
    data = several_motifs([srf], n=300, seed=1)

    plain = from_filter(srf.log_odds(), 200, bias=-8, activation="relu")
    both = build(replace(plain.settings, both_strands=True), 200)
    both.load_state_dict(plain.state_dict())
    there = activated_ppms(both, data)[0]
    assert len(activated_ppms(plain, data)[0]) == len(there)
    back = replace(data, x=data.x[:, ::-1, ::-1].copy())
    np.testing.assert_allclose(activated_ppms(both, back)[0], there, atol=1e-5)


def test_what_cannot_be_judged_is_refused(data):
    network = with_filters(data)
    few = MotifCollection(KNOWN.motifs[:5])
    with pytest.raises(ValueError, match="^planted must be among the known motifs"):
        matching_filters(network, data, data.motifs, few)
    with pytest.raises(ValueError, match="^network must read neighbouring bases"):
        activated_ppms(build(type(network.settings)(4, 5, stride=2), 200), data)
