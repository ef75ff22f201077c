"""Saliency and mutagenesis: against autograd, finite differences, brute force and cases by hand."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from motiflab.interpretation import saliency
from motiflab.networks.cnn import build, from_filter
from motiflab.networks.model_settings import ModelSettings
from motiflab.sequences.encoding import one_hot, reverse_complement

dna = st.text("ACGT", min_size=12, max_size=24)
outputs = st.sampled_from(["probability", "logit"])
seeds = st.integers(0, 999)
ANY = {
    "filters": st.integers(1, 4),
    "width": st.integers(1, 5),
    "stride": st.integers(1, 3),
    "padding": st.integers(0, 4),
    "dilation": st.integers(1, 2),
    "activation": st.sampled_from(["none", "relu", "exponential"]),
    "both_strands": st.booleans(),
}
scanners = st.builds(ModelSettings, **ANY)
networks = st.builds(
    ModelSettings,
    **ANY,
    pooling=st.sampled_from(["max", "average", "logsumexp"]),
    window=st.integers(0, 2),
    layers=st.integers(1, 2),
    second_filters=st.integers(1, 2),
    second_width=st.just(1),
)


def by_torch(network, x, of):
    """Return the gradient by backward(), as a textbook has it."""
    inputs = torch.tensor(x.T[None], dtype=network.dense.weight.dtype, requires_grad=True)
    z = copy.deepcopy(network)(inputs)
    (torch.sigmoid(z) if of == "probability" else z).sum().backward()
    return inputs.grad[0].T.numpy()


def output(network, x, of):
    """Return y_hat or z of one sequence of shape (L, 4)."""
    with torch.no_grad():
        z = network(torch.tensor(x.T[None], dtype=network.dense.weight.dtype))[0].double()
    return float(torch.sigmoid(z) if of == "probability" else z)


@settings(max_examples=60, deadline=None)
@given(networks, dna, outputs, seeds)
def test_saliency_is_torchs_gradient(s, sequence, of, seed):
    network, x = build(s, len(sequence), seed), one_hot(sequence)
    got = saliency.saliency(network, x, of)
    np.testing.assert_allclose(got, by_torch(network, x, of), atol=1e-7)


@settings(max_examples=100, deadline=None)
@given(scanners, dna, outputs, seeds)
def test_saliency_by_hand_is_torchs_gradient(s, sequence, of, seed):
    network, x = build(s, len(sequence), seed), one_hot(sequence)
    got = saliency.saliency_by_hand(network, x, of)
    np.testing.assert_allclose(got, by_torch(network, x, of), rtol=1e-4, atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(scanners, dna, outputs, seeds, st.data())
def test_saliency_is_the_limit_of_small_differences(s, sequence, of, seed, data):
    network, x = build(s, len(sequence), seed).double(), one_hot(sequence).astype(float)
    network.dense.weight.data.abs_()
    i = data.draw(st.integers(0, len(x) - 1))
    c = data.draw(st.integers(0, 3))
    up, down = x.copy(), x.copy()
    up[i, c] += 1e-6
    down[i, c] -= 1e-6
    here = output(network, x, of)
    above = (output(network, up, of) - here) / 1e-6
    below = (here - output(network, down, of)) / 1e-6
    # Where windows tie and at the bend of a ReLU the two sides differ, and the truth lies between.
    assert below - 1e-4 <= saliency.saliency(network, x, of)[i, c] <= above + 1e-4


@settings(max_examples=40, deadline=None)
@given(networks, dna, outputs, seeds)
def test_mutagenesis_is_brute_force(s, sequence, of, seed):
    network = build(s, len(sequence), seed)
    before = output(network, one_hot(sequence), of)
    expected = [
        [
            output(network, one_hot(sequence[:i] + base + sequence[i + 1 :]), of) - before
            for base in "ACGT"
        ]
        for i in range(len(sequence))
    ]
    got = saliency.mutagenesis(network, one_hot(sequence), of)
    np.testing.assert_allclose(got, expected, atol=2e-6)
    assert (got[one_hot(sequence) == 1] == 0).all()


def test_a_case_worked_by_hand():
    # Windows of TGAC: TG 0, GA 0, AC 2 + 1. So z = 3 - 3 = 0, y_hat = 0.5, and its slope 0.25.
    network = from_filter([[2, 0, 0, -4], [0, 1, 0, 0]], length=4, offset=-3)
    x = one_hot("TGAC")
    expected = [[0, 0, 0, 0], [0, 0, 0, 0], [0.5, 0, 0, -1], [0, 0.25, 0, 0]]
    assert saliency.saliency(network, x).tolist() == expected
    assert saliency.saliency_by_hand(network, x).tolist() == expected
    assert saliency.centred(expected)[2].tolist() == [0.625, 0.125, 0.125, -0.875]
    product = saliency.gradient_times_input(expected, x)
    assert product.tolist() == [[0] * 4, [0] * 4, [0.5, 0, 0, 0], [0, 0.25, 0, 0]]
    # TGAC -> TGTC: TG 0, GT 0, TC -4 + 1. The maximum falls from 3 to 0 only: another window wins.
    assert saliency.mutagenesis(network, x, "logit")[2].tolist() == [0, -2, -2, -3]


@settings(max_examples=40, deadline=None)
@given(dna, seeds, st.floats(0.1, 3))
def test_one_linear_filter_is_seen_only_in_the_window_that_won(sequence, seed, dense):
    w = np.random.default_rng(seed).normal(size=(4, 4))
    network, x = from_filter(w, len(sequence), dense=dense), one_hot(sequence)
    scores = [(w * x[j : j + 4]).sum() for j in range(len(x) - 3)]
    j = int(np.argmax(scores))
    z = dense * scores[j]
    got = saliency.saliency(network, x)
    if sum(np.isclose(scores, scores[j], atol=1e-5)) == 1:
        slope = np.exp(-z) / (1 + np.exp(-z)) ** 2
        np.testing.assert_allclose(got[j : j + 4], slope * dense * w, rtol=1e-4, atol=1e-6)
        assert (np.delete(got, range(j, j + 4), axis=0) == 0).all()


@settings(max_examples=60, deadline=None)
@given(dna, seeds, st.sampled_from(["none", "relu", "exponential"]), st.booleans())
def test_the_slope_never_promises_more_than_a_mutation_gives(sequence, seed, activation, both):
    # A maximum of linear functions through a rising convex phi, weighted by v >= 0, is convex:
    # it lies above each of its tangents.
    s = ModelSettings(filters=3, width=4, activation=activation, both_strands=both)
    network = build(s, len(sequence), seed).double()
    network.dense.weight.data.abs_()
    x = one_hot(sequence)
    slope = saliency.saliency(network, x, "logit")
    promised = slope - (slope * x).sum(axis=1, keepdims=True)
    assert (saliency.mutagenesis(network, x, "logit") >= promised - 1e-9).all()


@settings(max_examples=40, deadline=None)
@given(dna, seeds, outputs, st.floats(-3, 3))
def test_only_the_centred_saliency_forgets_what_the_bias_absorbs(sequence, seed, of, constant):
    w = np.random.default_rng(seed).normal(size=(4, 4))
    other = w + np.array([[0], [constant], [0], [0]])
    x = one_hot(sequence)
    one = from_filter(w, len(x)).double()
    two = from_filter(other, len(x), bias=-constant).double()
    assert output(one, x, of) == pytest.approx(output(two, x, of), abs=1e-5)
    a, b = saliency.saliency(one, x, of), saliency.saliency(two, x, of)
    np.testing.assert_allclose(saliency.centred(a), saliency.centred(b), atol=1e-5)
    if of == "logit" and abs(constant) > 0.1:
        assert np.abs(a - b).max() > 0.05


@settings(max_examples=40, deadline=None)
@given(st.text("ACGT", min_size=5, max_size=5), seeds, outputs)
def test_the_largest_slopes_can_stand_where_no_exchange_changes_anything(sequence, seed, of):
    w = np.random.default_rng(seed).uniform(-1, 1, size=(5, 4))
    w[2] = 5  # whatever base stands there adds 5
    network, x = from_filter(w, length=5, bias=-5).double(), one_hot(sequence)
    slope, exact = saliency.saliency(network, x, of), saliency.mutagenesis(network, x, of)
    assert np.abs(slope).max(axis=1).argmax() == 2 and np.abs(slope[2]).min() > 0.01
    np.testing.assert_allclose(saliency.centred(slope)[2], 0, atol=1e-12)
    np.testing.assert_allclose(exact[2], 0, atol=1e-12)
    assert (np.abs(np.delete(exact, 2, axis=0)).max(axis=1) > 0).all()


@given(st.lists(st.lists(st.floats(-9, 9), min_size=4, max_size=4), min_size=1, max_size=6))
def test_centring_is_the_projection_onto_the_plane_of_sequences(rows):
    onto = np.eye(4) - np.full((4, 4), 0.25)  # I minus the projection onto (1, 1, 1, 1)
    np.testing.assert_allclose(saliency.centred(rows), np.array(rows) @ onto, atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(dna, seeds, outputs)
def test_a_network_of_both_strands_sees_the_reverse_complement_turned_round(sequence, seed, of):
    network = build(ModelSettings(filters=3, width=4), len(sequence), seed).double()
    there = saliency.saliency(network, one_hot(sequence), of)
    back = saliency.saliency(network, one_hot(reverse_complement(sequence)), of)
    np.testing.assert_allclose(back[::-1, ::-1], there, atol=1e-9)


def test_windows_that_tie_share_the_gradient():
    network, x = from_filter([[1, 0, 0, 0]], length=5, dense=3), one_hot("ACACG")
    got = saliency.winning_windows(network, x)
    assert [(w.positions.tolist(), w.weight) for w in got] == [([0], 1.5), ([2], 1.5)]
    expected = by_torch(network, x, "logit")
    assert expected[:, 0].tolist() == [1.5, 0, 1.5, 0, 0]
    np.testing.assert_array_equal(saliency.saliency_by_hand(network, x, "logit"), expected)


def test_a_winner_says_where_it_lies_and_how_it_was_read():
    # The - strand of GTT is AAC, so a filter for AAC wins there, flipped both ways.
    w = np.zeros((3, 4))
    w[[0, 1, 2], [0, 0, 1]] = 1, 2, 3
    network = build(ModelSettings(1, 3, padding=1), length=6)
    network.conv.weight.data[0] = torch.tensor(w.T)
    network.conv.bias.data[:] = -1
    (won,) = saliency.winning_windows(network, one_hot("CCGTTC"))
    assert (won.reverse, won.positions.tolist(), won.score) == (True, [2, 3, 4], 5)
    assert won.active and won.activation == 5 and won.slope == 1
    np.testing.assert_array_equal(won.filter, w[::-1, ::-1])
    network.conv.bias.data[:] = -7
    (silent,) = saliency.winning_windows(network, one_hot("CCGTTC"))
    assert not silent.active and (silent.score, silent.activation, silent.slope) == (-1, 0, 0)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("frozen", [True, False])
def test_the_network_is_left_as_it_was_found(training, frozen):
    network, x = build(ModelSettings(filters=2, width=4), length=12), one_hot("ACGTTGCAAGCC")
    network.train(training).requires_grad_(not frozen)
    marks = [torch.full_like(p, 7) for p in network.parameters()]
    for parameter, mark in zip(network.parameters(), marks):
        parameter.grad = mark
    weights = copy.deepcopy(network.state_dict())
    for call in (saliency.saliency, saliency.mutagenesis, saliency.saliency_by_hand):
        with torch.no_grad():
            call(network, x)
            assert not torch.is_grad_enabled()
        call(network, x)
        assert torch.is_grad_enabled()
    assert network.training is training
    for parameter, mark in zip(network.parameters(), marks):
        assert parameter.requires_grad is not frozen
        assert parameter.grad is mark and (mark == 7).all()
    for name, value in network.state_dict().items():
        assert torch.equal(value, weights[name])


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros((4, 20)), r"x must have the shape \(L, 4\)"),
        (np.zeros((0, 4)), r"x must have the shape \(L, 4\)"),
        (np.full((20, 4), np.nan), "x must hold finite numbers"),
        (np.zeros((3, 4)), r"no output: the filter spans .* = 4 positions"),
    ],
)
def test_a_sequence_that_is_none_is_refused(x, message):
    network = build(ModelSettings(filters=2, width=4), length=20)
    for call in (saliency.saliency, saliency.mutagenesis, saliency.winning_windows):
        with pytest.raises(ValueError, match=message):
            call(network, x)


def test_other_bad_inputs():
    network, x = build(ModelSettings(filters=2, width=4), length=5), one_hot("ACGTA")
    for call in (saliency.saliency, saliency.mutagenesis, saliency.saliency_by_hand):
        with pytest.raises(ValueError, match="of must be .* got 'odds'"):
            call(network, x, "odds")
    with pytest.raises(ValueError, match=r"gradient must have the shape of x, \(5, 4\)"):
        saliency.gradient_times_input(np.zeros((4, 4)), x)
    with pytest.raises(ValueError, match=r"^gradient must .* of x, \(5, 4\), got \(5, 3\)"):
        saliency.gradient_times_input(np.zeros((5, 3)), x)
    windows = build(ModelSettings(filters=2, width=4, window=2), length=9)
    with pytest.raises(ValueError, match="x must be 9 bases long for this network"):
        saliency.saliency(windows, x)


@pytest.mark.parametrize("change", [{"layers": 2}, {"pooling": "average"}, {"window": 3}])
def test_winners_of_another_kind_of_network_are_refused(change):
    network = build(ModelSettings(filters=2, width=4, **change), length=30)
    with pytest.raises(ValueError, match="network must have one layer and the maximum over"):
        saliency.winning_windows(network, np.zeros((30, 4)))


def test_first_order_effects_are_exact_for_a_sum_and_slopes_for_a_curve():
    rng = np.random.default_rng(5)
    weights, x = rng.normal(size=(6, 4)), one_hot("GATTAC")
    network = from_filter(weights, length=6)
    exact = saliency.mutagenesis(network, x, "logit")
    slope = saliency.saliency(network, x, "logit")
    np.testing.assert_allclose(saliency.first_order_effects(slope, x), exact, atol=1e-6)
    # After the sigmoid it is the derivative along the straight line to the mutant.
    first = saliency.first_order_effects(saliency.saliency(network, x), x)
    mutant, step = x.copy(), 1e-4
    mutant[2] = np.eye(4)[0]
    z = np.array([(weights * (x + s * (mutant - x))).sum() for s in (-step, step)])
    below, above = 1 / (1 + np.exp(-z))
    assert first[2, 0] == pytest.approx((above - below) / (2 * step), rel=1e-3)
