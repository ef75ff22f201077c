"""What a lab remembers of its filters before a training: the same numbers, read only once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from motiflab import networks
from motiflab.interpretation import best_windows, filter_motifs, filters_as_motifs
from motiflab.lab import MotifLab, filter_memory
from motiflab.lab.lab_data import prepare
from motiflab.lab.lab_state import LabState
from motiflab.lab.training_session import Session, look
from motiflab.networks import training

SMALL = {"n": 400, "length": 40, "filters": 5, "width": 7}


@pytest.fixture
def read(monkeypatch) -> list[int]:
    """Numbers of filters with which data were read, one call after the other."""
    found = []

    def counted(network, data):
        found.append(network.settings.filters)
        return best_windows(network, data)

    monkeypatch.setattr(filter_memory, "best_windows", counted)
    return found


def untrained(state: LabState, seed: int = 0):
    return networks.untrained(state.model(), state.length, seed)


def agrees(memory, network) -> None:
    logits, windows = memory.read(network)
    np.testing.assert_allclose(logits, training.logits(network, memory.test), rtol=1e-5, atol=1e-6)
    expected = best_windows(network, memory.logos)
    np.testing.assert_allclose(windows.score, expected.score, rtol=1e-5, atol=1e-6)
    # A word that a sequence holds twice has one score, up to rounding, and either may be found.
    differ = (windows.start != expected.start) | (windows.reverse != expected.reverse)
    assert differ.mean() < 0.05
    pairs = zip(filter_motifs(network, memory.logos, windows), filter_motifs(network, memory.logos))
    for mine, other in pairs:
        np.testing.assert_array_equal(mine.motif.counts, other.motif.counts)
        assert mine.strength == pytest.approx(other.strength)


@pytest.mark.parametrize("activation", ["none", "relu", "exponential"])
@pytest.mark.parametrize(
    "shape", [{}, {"both_strands": False}, {"padding": 3, "stride": 2}, {"dilation": 2}]
)
def test_it_says_what_the_whole_network_says(activation, shape):
    state = LabState(**SMALL, activation=activation, **shape)
    memory, network = prepare(state).memory, untrained(state)
    for _ in range(2):  # as read, and as remembered
        agrees(memory, network)
    network.bias[:] = np.linspace(-1, 1, 5)
    network.dense[:] = np.linspace(1, -2, 5)
    network.dense_bias[...] = 0.5
    agrees(memory, network)


def test_only_new_filters_are_read(read):
    state = LabState(**SMALL)
    memory = prepare(state).memory
    for filters in (5, 7, 7, 6, 7):
        agrees(memory, untrained(replace(state, filters=filters)))
    assert read == [5, 2, 1]  # those of the last network are known, and no others
    for change in ({"stride": 2}, {"padding": 1}, {"dilation": 2}, {"both_strands": False}):
        agrees(memory, untrained(state))
        read.clear()
        agrees(memory, untrained(replace(state, **change)))
        assert read == [5], change
    agrees(memory, untrained(replace(state, **change), seed=1))
    assert read == [5, 5]


def test_filters_that_are_the_same_are_each_there():
    state = LabState(**SMALL)
    memory, network = prepare(state).memory, untrained(state)
    network.weights[3] = network.weights[0]
    agrees(memory, network)
    assert memory.read(network)[1].score.shape[1] == 5


def test_it_knows_networks_that_depend_on_the_highest_scores_only():
    state = LabState(**SMALL)
    memory = prepare(state).memory
    assert memory.knows(untrained(state))
    for change in ({"pooling": "average"}, {"layers": 2, "window": 4}):
        assert not memory.knows(untrained(replace(state, **change)))
    shorter = replace(memory.test, lengths=np.full(len(memory.test), state.length - 1))
    assert not filter_memory.FilterMemory(shorter, memory.logos).knows(untrained(state))


def test_a_lab_that_was_moved_shows_what_a_new_one_shows(read, monkeypatch):
    monkeypatch.setattr(filters_as_motifs, "best_windows", None)  # not needed a second time
    moved = MotifLab(**SMALL)
    moved.set(filters=6)
    moved.set(learning_rate=0.001)
    assert read == [5, 1]
    fresh = MotifLab(**SMALL | {"filters": 6})
    for mine, other in zip(moved.result.filters, fresh.result.filters, strict=True):
        np.testing.assert_array_equal(mine.motif.counts, other.motif.counts)
        assert mine.strength == pytest.approx(other.strength)
    assert moved.result.precision_recall.area == pytest.approx(fresh.result.precision_recall.area)
    moved.close()
    fresh.close()


def test_filters_that_learn_are_not_remembered(read):
    state = LabState(**SMALL)
    session = Session(state, prepare(state))
    look(session)
    while len(session.records) == 1:
        session.advance()
    look(session)
    assert read == [5]
    look(session, index=0)
    assert read == [5]
