"""The smallest network that learns a motif: against torch, and windows counted by hand."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from motiflab import reader
from motiflab.convolution import cross_correlate
from motiflab.sequences import one_hot, reverse_complement

dna = st.text("ACGT", min_size=6, max_size=30)
seeds = st.integers(0, 10**6)


def logit_by_torch(network, x):
    """Scan with torch: conv1d of the sequence and of its reverse complement, amax, a sum."""
    weight = torch.tensor(network.weights).permute(0, 2, 1)
    bias, dense = torch.tensor(network.bias), torch.tensor(network.dense)
    given_strand = torch.tensor(np.asarray(x, dtype=float)).T[None]
    strands = [given_strand, given_strand.flip(1, 2)] if network.both_strands else [given_strand]
    maps = torch.cat([torch.nn.functional.conv1d(s, weight, bias)[0] for s in strands], dim=1)
    best = maps.amax(1)
    passed = best.relu() if network.relu else best
    return float(dense @ passed + network.dense_bias)


def scramble(network, seed):
    """Give random values to what `random_reader` leaves at a constant."""
    rng = np.random.default_rng(seed)
    size = len(network.bias)
    return reader.Reader(
        network.weights,
        rng.normal(size=size),
        rng.normal(size=size),
        float(rng.normal()),
        network.relu,
        network.both_strands,
    )


@given(dna, seeds, st.integers(1, 3), st.integers(1, 6), st.booleans(), st.booleans())
def test_the_prediction_is_that_of_torch(sequence, seed, filters, width, relu, both):
    network = scramble(reader.random_reader(filters, width, seed, relu, both, 1.0), seed)
    reading = reader.read(network, one_hot(sequence))
    expected = logit_by_torch(network, one_hot(sequence))
    assert reading.logit == pytest.approx(expected, abs=1e-9)
    probability = float(torch.sigmoid(torch.tensor(expected, dtype=torch.float64)))
    assert reading.probability == pytest.approx(probability, abs=1e-9)


@given(dna, seeds, st.integers(1, 6))
def test_pre_activations_are_those_of_cross_correlation_on_each_strand(sequence, seed, width):
    network = scramble(reader.random_reader(2, width, seed, spread=1.0), seed)
    y = reader.pre_activations(network, one_hot(sequence))
    for f in range(2):
        forward, bias = network.weights[f], network.bias[f]
        given_strand = cross_correlate(one_hot(sequence), forward, bias)
        other = cross_correlate(one_hot(reverse_complement(sequence)), forward, bias)
        np.testing.assert_allclose(y[f, 0], given_strand, atol=1e-9)
        np.testing.assert_allclose(y[f, 1], other[::-1], atol=1e-9)


@given(dna, seeds, st.integers(1, 6))
def test_the_window_that_won_has_the_score_that_won(sequence, seed, width):
    network = reader.random_reader(2, width, seed, spread=1.0)
    reading = reader.read(network, one_hot(sequence))
    for f in range(2):
        start = int(reading.start[f])
        letters = sequence[start : start + width]
        seen = letters if reading.strand[f] == "+" else reverse_complement(letters)
        np.testing.assert_array_equal(reading.window[f], one_hot(seen))
        assert reading.score[f] == pytest.approx((network.weights[f] * one_hot(seen)).sum())


@given(dna, seeds)
def test_both_strands_read_the_same_from_either_side(sequence, seed):
    network = reader.random_reader(2, 4, seed)
    logits = [
        reader.read(network, one_hot(s)).logit for s in (sequence, reverse_complement(sequence))
    ]
    assert logits[0] == pytest.approx(logits[1], abs=1e-12)


def test_a_reading_worked_by_hand():
    # The filter likes GA: 2 for G, then 1 for A. CTCGA holds GA at base 3; TC at 1 is GA reversed.
    likes_ga = reader.Reader(np.array([[[0, 0, 2, 0], [1, 0, 0, 0]]]), np.array([-1.0]), np.ones(1))
    y = reader.pre_activations(likes_ga, one_hot("CTCGA"))
    assert y[0].tolist() == [[-1, -1, -1, 2], [-1, 2, -1, -1]]
    reading = reader.read(likes_ga, one_hot("CTCGA"))
    assert (int(reading.start[0]), reading.strand[0]) == (3, "+")  # a tie: the given strand wins
    assert reader.read(likes_ga, one_hot("CTCCC")).strand[0] == "-"


def test_relu_lets_nothing_negative_through():
    sour = reader.Reader(np.full((1, 2, 4), -1.0), np.zeros(1), np.ones(1), 0.5, relu=True)
    reading = reader.read(sour, one_hot("ACGT"))
    assert reading.score[0] == -2 and reading.passed[0] == 0 and reading.logit == 0.5


def test_a_random_start_has_the_spread_asked_for_and_repeats():
    start = reader.random_reader(4, 500, seed=3, spread=0.1)
    assert abs(start.weights.mean()) < 0.01 and start.weights.std() == pytest.approx(0.1, rel=0.05)
    assert start.dense.tolist() == [0.25] * 4 and not start.bias.any() and start.dense_bias == 0
    np.testing.assert_array_equal(start.weights, reader.random_reader(4, 500, seed=3).weights)
    assert (start.weights != reader.random_reader(4, 500, seed=4).weights).any()


@pytest.mark.parametrize("wrong", [{"filters": 0}, {"width": 2.5}, {"spread": 0.0}])
def test_a_start_that_cannot_be_is_refused(wrong):
    name = next(iter(wrong))
    with pytest.raises(ValueError, match=f"{name} must be"):
        reader.random_reader(**{"filters": 1, "width": 4, **wrong})


@pytest.mark.parametrize("x", [np.eye(4)[:2], np.ones((9, 3)), np.ones(9)])
def test_a_sequence_that_does_not_fit_is_refused(x):
    with pytest.raises(ValueError, match="L of at least 3, got"):
        reader.read(reader.random_reader(1, 3), x)
