"""The smallest network that learns a motif: against torch, and windows counted by hand."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from motiflab.layers import windows
from motiflab.layers.convolution import cross_correlate
from motiflab.networks import ModelSettings, build, one_layer, untrained
from motiflab.networks.model_settings import ACTIVATIONS, POOLINGS
from motiflab.sequences import Alphabet
from motiflab.sequences.encoding import one_hot, reverse_complement

dna = st.text("ACGT", min_size=6, max_size=30)
seeds = st.integers(0, 10**6)


def logit_by_torch(network, x):
    """Scan with torch: conv1d of the sequence and of its reverse complement, amax, a sum."""
    weight = torch.tensor(network.weights).permute(0, 2, 1)
    bias, dense = torch.tensor(network.bias), torch.tensor(network.dense)
    given_strand = torch.tensor(np.asarray(x, dtype=float)).T[None]
    both = network.settings.both_strands
    strands = [given_strand, given_strand.flip(1, 2)] if both else [given_strand]
    maps = torch.cat([torch.nn.functional.conv1d(s, weight, bias)[0] for s in strands], dim=1)
    best = maps.amax(1)
    passed = best.relu() if network.settings.activation == "relu" else best
    return float(dense @ passed + float(network.dense_bias))


def scramble(network, seed):
    """Give random values to what `random_one_layer` leaves at a constant."""
    rng = np.random.default_rng(seed)
    size = len(network.bias)
    return dataclasses.replace(
        network,
        bias=rng.normal(size=size),
        dense=rng.normal(size=size),
        dense_bias=float(rng.normal()),
    )


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("lengths", [None, "own"])
def test_predictions_are_the_logits_of_the_forward_pass_bit_for_bit(activation, lengths):
    rng = np.random.default_rng(3)
    network = one_layer.random_one_layer(5, 6, 3, spread=1.0)
    choices = dataclasses.replace(network.settings, activation=activation)
    network = scramble(dataclasses.replace(network, settings=choices), 3)
    x = np.eye(4)[rng.integers(0, 4, (40, 30))]
    lengths = lengths and rng.integers(10, 30, 40)
    expected = one_layer.forward(network, x, lengths).logit
    assert np.array_equal(network.predict(x.transpose(0, 2, 1), lengths), expected)


@given(dna, seeds, st.integers(1, 3), st.integers(1, 6), st.booleans(), st.booleans())
def test_the_prediction_is_that_of_torch(sequence, seed, filters, width, relu, both):
    network = scramble(one_layer.random_one_layer(filters, width, seed, relu, both, 1.0), seed)
    reading = one_layer.forward(network, one_hot(sequence))
    expected = logit_by_torch(network, one_hot(sequence))
    assert reading.logit == pytest.approx(expected, abs=1e-9)
    probability = float(torch.sigmoid(torch.tensor(expected, dtype=torch.float64)))
    assert reading.probability == pytest.approx(probability, abs=1e-9)


@given(dna, seeds, st.integers(1, 6))
def test_pre_activations_are_those_of_cross_correlation_on_each_strand(sequence, seed, width):
    network = scramble(one_layer.random_one_layer(2, width, seed, spread=1.0), seed)
    y = one_layer.pre_activations(network, one_hot(sequence))
    for f in range(2):
        forward, bias = network.weights[f], network.bias[f]
        given_strand = cross_correlate(one_hot(sequence), forward, bias)
        other = cross_correlate(one_hot(reverse_complement(sequence)), forward, bias)
        np.testing.assert_allclose(y[f, 0], given_strand, atol=1e-9)
        np.testing.assert_allclose(y[f, 1], other[::-1], atol=1e-9)


@given(dna, seeds, st.integers(1, 6))
def test_the_window_that_won_has_the_score_that_won(sequence, seed, width):
    network = one_layer.random_one_layer(2, width, seed, spread=1.0)
    reading = one_layer.forward(network, one_hot(sequence))
    for f in range(2):
        start = int(reading.start[f])
        letters = sequence[start : start + width]
        seen = letters if reading.strand[f] == "+" else reverse_complement(letters)
        np.testing.assert_array_equal(reading.window[f], one_hot(seen))
        assert reading.score[f] == pytest.approx((network.weights[f] * one_hot(seen)).sum())


@given(dna, seeds)
def test_both_strands_read_the_same_from_either_side(sequence, seed):
    network = one_layer.random_one_layer(2, 4, seed)
    logits = [
        one_layer.forward(network, one_hot(s)).logit
        for s in (sequence, reverse_complement(sequence))
    ]
    assert logits[0] == pytest.approx(logits[1], abs=1e-12)


def test_a_reading_worked_by_hand():
    # The filter likes GA: 2 for G, then 1 for A. CTCGA holds GA at base 3; TC at 1 is GA reversed.
    likes_ga = one_layer.OneLayerNetwork(
        np.array([[[0, 0, 2, 0], [1, 0, 0, 0]]]), np.array([-1.0]), np.ones(1)
    )
    y = one_layer.pre_activations(likes_ga, one_hot("CTCGA"))
    assert y[0].tolist() == [[-1, -1, -1, 2], [-1, 2, -1, -1]]
    reading = one_layer.forward(likes_ga, one_hot("CTCGA"))
    assert (int(reading.start[0]), reading.strand[0]) == (3, "+")  # a tie: the given strand wins
    assert one_layer.forward(likes_ga, one_hot("CTCCC")).strand[0] == "-"


def silent(**parts):
    """Return a network with a ReLU whose only filter scores below 0 everywhere."""
    weights, shape = np.full((1, 2, 4), -1.0), ModelSettings(1, 2)
    return one_layer.OneLayerNetwork(weights, [0], [1], settings=shape, **parts)


def test_relu_lets_nothing_negative_through():
    sour = silent(dense_bias=0.5)
    reading = one_layer.forward(sour, one_hot("ACGT"))
    assert reading.score[0] == -2 and reading.passed[0] == 0 and reading.logit == 0.5


def test_a_random_start_has_the_spread_asked_for_and_repeats():
    start = one_layer.random_one_layer(40, 50, seed=3, spread=0.1)
    assert abs(start.weights.mean()) < 0.01 and start.weights.std() == pytest.approx(0.1, rel=0.05)
    assert start.dense.tolist() == [0.025] * 40 and not start.bias.any() and start.dense_bias == 0
    np.testing.assert_array_equal(start.weights, one_layer.random_one_layer(40, 50, seed=3).weights)
    assert (start.weights != one_layer.random_one_layer(40, 50, seed=4).weights).any()


@pytest.mark.parametrize("wrong", [{"filters": 0}, {"width": 2.5}, {"spread": 0.0}])
def test_a_start_that_cannot_be_is_refused(wrong):
    name = next(iter(wrong))
    with pytest.raises(ValueError, match=f"{name} must be"):
        one_layer.random_one_layer(**{"filters": 1, "width": 4, **wrong})


@pytest.mark.parametrize("x", [np.eye(4)[:2], np.ones((9, 3)), np.ones(9)])
def test_a_sequence_that_does_not_fit_is_refused(x):
    with pytest.raises(ValueError, match="L of at least 3, got"):
        one_layer.forward(one_layer.random_one_layer(1, 3), x)


def test_with_padding_a_sequence_may_be_shorter_than_a_window():
    shape = ModelSettings(1, 5, padding=2, both_strands=False)
    network = one_layer.OneLayerNetwork(np.ones((1, 5, 4)), [0], [1], settings=shape)
    assert one_layer.pre_activations(network, one_hot("A")).tolist() == [[[1]]]
    with pytest.raises(ValueError, match="L of at least 1, got"):
        one_layer.forward(network, np.zeros((0, 4)))


@pytest.mark.parametrize(
    "weights", [5.0, np.zeros((2, 4)), np.zeros((1, 4, 7)), np.zeros((0, 3, 4))]
)
def test_weights_of_another_shape_are_named(weights):
    with pytest.raises(ValueError, match=r"^weights must have the shape \(F, K, 4\).* got \("):
        one_layer.OneLayerNetwork(weights, np.zeros(1), np.ones(1))


dna_of_updates = st.text("ACGT", min_size=8, max_size=30)


def parameters(network):
    """Return what torch trains: weights (F, 4, K), bias, dense, dense bias."""
    values = (network.weights.transpose(0, 2, 1), network.bias, network.dense, network.dense_bias)
    return [torch.tensor(v, dtype=torch.float64).requires_grad_() for v in values]


def loss_by_torch(values, network, x, label):
    """Write the network down in torch, with its max pooling and its loss."""
    weight, bias, dense, dense_bias = values
    strand = torch.tensor(np.asarray(x, dtype=float)).T[None]
    strands = [strand, strand.flip(1, 2)] if network.settings.both_strands else [strand]
    maps = torch.cat([torch.nn.functional.conv1d(s, weight, bias)[0] for s in strands], dim=1)
    passed = maps.relu() if network.settings.activation == "relu" else maps
    pooled = torch.nn.functional.max_pool1d(passed[None], passed.shape[1])[0, :, 0]
    logit = pooled @ dense + dense_bias
    target = torch.tensor(float(label), dtype=torch.float64)
    return torch.nn.functional.binary_cross_entropy_with_logits(logit, target)


@given(
    dna_of_updates,
    seeds,
    st.integers(1, 3),
    st.integers(1, 6),
    st.booleans(),
    st.sampled_from([0, 1]),
)
def test_the_gradient_is_that_of_autograd(sequence, seed, filters, width, both, label):
    for relu in (False, True):
        network = scramble(one_layer.random_one_layer(filters, width, seed, relu, both, 1.0), seed)
        x = one_hot(sequence)
        found = one_layer.gradient(network, one_layer.forward(network, x), label)
        values = parameters(network)
        loss_by_torch(values, network, x, label).backward()
        weight, bias, dense, dense_bias = (value.grad for value in values)
        np.testing.assert_allclose(found.weights, weight.permute(0, 2, 1), atol=1e-9)
        np.testing.assert_allclose(found.bias, bias, atol=1e-9)
        np.testing.assert_allclose(found.dense, dense, atol=1e-9)
        assert found.dense_bias == pytest.approx(float(dense_bias), abs=1e-9)


def test_a_gradient_worked_by_hand():
    # GA scores 3 - 1 = 2; with v = 0.5 and v0 = -1 the logit is 0, so y_hat = 1/2. For y = 1:
    # (1/2 - 1) * 0.5 = -1/4 at G then A, and nowhere else.
    weights = np.array([[[0, 0, 2, 0], [1.0, 0, 0, 0]]])
    shape = ModelSettings(1, 2, activation="none", both_strands=False)
    network = one_layer.OneLayerNetwork(weights, [-1.0], [0.5], -1.0, shape)
    found = one_layer.gradient(network, one_layer.forward(network, one_hot("CCGAC")), 1)
    assert found.weights.tolist() == [[[0, 0, -0.25, 0], [-0.25, 0, 0, 0]]]
    assert (found.bias[0], found.dense[0], found.dense_bias) == (-0.25, -1.0, -0.5)


def test_the_slope_of_relu_at_0_is_0_as_in_torch():
    y = torch.tensor([-1.0, 0.0, 1.0], dtype=torch.float64, requires_grad=True)
    torch.relu(y).sum().backward()
    assert one_layer.activated("relu", y.detach().numpy())[1].tolist() == y.grad.bool().tolist()


def test_a_silent_relu_learns_nothing():
    sour = silent()
    found = one_layer.gradient(sour, one_layer.forward(sour, one_hot("ACGT")), 1)
    assert not found.weights.any() and not found.bias.any() and found.dense_bias == -0.5


def test_a_step_is_that_of_torchs_sgd():
    network = scramble(one_layer.random_one_layer(2, 3, seed=5), 5)
    x = one_hot("ACGTTGCA")
    values = parameters(network)
    moving = [values[0], values[1], values[3]]  # the dense weights stay
    optimizer = torch.optim.SGD(moving, lr=0.3)
    loss_by_torch(values, network, x, 1).backward()
    optimizer.step()
    slope = one_layer.gradient(network, one_layer.forward(network, x), 1)
    stepped = one_layer.descend(network, slope, 0.3)
    expected = values[0].detach().permute(0, 2, 1)
    np.testing.assert_allclose(stepped.weights, expected, atol=1e-12)
    np.testing.assert_allclose(stepped.bias, values[1].detach(), atol=1e-12)
    assert stepped.dense_bias == pytest.approx(float(values[3].detach()), abs=1e-12)
    np.testing.assert_array_equal(stepped.dense, network.dense)


MOTIF = "GATTCGGA"


def toy(n=60, seed=0):
    """Return sequences of 20 bases, with MOTIF in half of them, and their labels."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 2
    codes = rng.integers(0, 4, (n, 20))
    for row in np.flatnonzero(labels):
        start = rng.integers(0, 13)
        codes[row, start : start + 8] = ["ACGT".index(base) for base in MOTIF]
    return np.eye(4)[codes], labels


def test_a_descent_is_that_of_torchs_sgd_on_the_same_order():
    x, labels = toy(10)
    start = one_layer.random_one_layer(2, 5, seed=1)
    descent = one_layer.descend_many(start, x, labels, rate=0.2, updates=25, seed=4)
    values = parameters(start)
    optimizer = torch.optim.SGD([values[0], values[1], values[3]], lr=0.2)
    for t, i in enumerate(descent.order):
        optimizer.zero_grad()
        loss = loss_by_torch(values, start, x[i], labels[i])
        assert descent.losses[t] == pytest.approx(float(loss.detach()), abs=1e-9)
        loss.backward()
        optimizer.step()
    end = descent.network(25)
    np.testing.assert_allclose(end.weights, values[0].detach().permute(0, 2, 1), atol=1e-9)
    np.testing.assert_allclose(end.bias, values[1].detach(), atol=1e-9)
    assert end.dense_bias == pytest.approx(float(values[3].detach()), abs=1e-9)


def test_every_sequence_comes_once_before_any_comes_again():
    x, labels = toy(10)
    descent = one_layer.descend_many(one_layer.random_one_layer(1, 5), x, labels, updates=25)
    assert sorted(descent.order[:10]) == sorted(descent.order[10:20]) == list(range(10))
    assert len(set(descent.order[20:])) == 5
    assert descent.order[:10].tolist() != descent.order[10:20].tolist()
    again = one_layer.descend_many(one_layer.random_one_layer(1, 5), x, labels, updates=25)
    np.testing.assert_array_equal(descent.weights, again.weights)


def test_each_update_changes_the_winning_window_only():
    x, labels = toy()
    descent = one_layer.descend_many(one_layer.random_one_layer(1, 5), x, labels, updates=60)
    for t, i in enumerate(descent.order):
        window = one_layer.forward(descent.network(t), x[i]).window[0]
        change = descent.weights[t + 1, 0] - descent.weights[t, 0]
        assert not change[window == 0].any()
        assert np.ptp(change[window == 1]) < 1e-12


def finds_the_motif(labels, x, seed):
    """Train; return whether six bases of the motif, on either strand, are in the consensus."""
    descent = one_layer.descend_many(
        one_layer.random_one_layer(1, 8, seed), x, labels, updates=800, seed=seed
    )
    consensus = "".join("ACGT"[a] for a in descent.weights[-1, 0].argmax(axis=1))
    strands = (MOTIF, reverse_complement(MOTIF))
    return any(strand[k : k + 6] in consensus for strand in strands for k in range(3))


def test_a_motif_emerges_from_the_updates_unless_the_labels_are_shuffled():
    x, labels = toy(400)
    shuffled = np.random.default_rng(0).permutation(labels)
    assert [finds_the_motif(labels, x, seed) for seed in range(5)] == [True] * 5
    assert sum(finds_the_motif(shuffled, x, seed) for seed in range(5)) <= 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"labels": [1]}, "x must have the shape"),
        ({"rate": 0.0}, "rate must be"),
        ({"updates": 0}, "updates must be"),
        ({"labels": [2, 0]}, "label must hold"),
    ],
)
def test_a_descent_that_cannot_be_is_refused(wrong, message):
    arguments = {"x": np.eye(4)[[[0, 1, 2], [3, 3, 3]]], "labels": [1, 0], **wrong}
    with pytest.raises(ValueError, match=message):
        one_layer.descend_many(one_layer.random_one_layer(1, 2), **arguments)


# -- every setting, many sequences ------------------------------------------------------------

EVERY = list(itertools.product(ACTIVATIONS, POOLINGS, (True, False), (0, 3), (1, 2), (1, 3)))


def batch(lengths, seed):
    """Return one-hot sequences (N, 4, L) of these lengths, padded with zeros, and labels."""
    rng = np.random.default_rng(seed)
    x = np.zeros((len(lengths), 4, max(lengths)))
    for row, length in enumerate(lengths):
        x[row, rng.integers(0, 4, length), np.arange(length)] = 1
    return x, rng.integers(0, 2, len(lengths)).astype(float)


def twins(choices, length, seed, **more):
    """Return the same network in torch and in numpy, with 64-bit floats."""
    names = ("activation", "pooling", "both_strands", "padding", "stride", "dilation")
    shape = ModelSettings(3, 4, **dict(zip(names, choices, strict=True)), **more)
    network = build(shape, length, seed).double()
    mine = one_layer.OneLayerNetwork.from_state_dict(network.state_dict(), shape)
    return network, mine


@pytest.mark.parametrize("choices", EVERY, ids=lambda choices: "-".join(map(str, choices)))
@settings(max_examples=4)
@given(st.text("ACGT", min_size=1, max_size=6), st.integers(10, 24), seeds)
def test_the_gradient_of_the_input_is_that_of_autograd(choices, unit, length, seed):
    # A repeated unit has windows that tie. The second sequence is no one-hot, but a point between.
    repeated = one_hot((unit * length)[:length]).astype(float)
    x = np.stack([repeated.T, np.random.default_rng(seed).random((4, length))])
    network, mine = twins(choices, length, seed)
    inputs = torch.tensor(x, requires_grad=True)
    network(inputs).sum().backward()
    np.testing.assert_allclose(mine.input_gradient(x), inputs.grad, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("choices", EVERY, ids=lambda choices: "-".join(map(str, choices)))
@settings(max_examples=4)
@given(st.lists(st.integers(10, 24), min_size=1, max_size=5), seeds, st.booleans())
def test_every_gradient_is_that_of_autograd(choices, lengths, seed, even):
    lengths = np.array(lengths) if not even else np.full(len(lengths), lengths[0])
    x, labels = batch(lengths, seed)
    network, mine = twins(choices, x.shape[2], seed)
    told = None if even else lengths
    logit = network(torch.tensor(x), None if even else torch.tensor(lengths))
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logit, torch.tensor(labels))
    loss.backward()
    seen = one_layer.forward(mine, x.transpose(0, 2, 1), told)
    np.testing.assert_allclose(seen.logit, logit.detach(), rtol=1e-9, atol=1e-12)
    slope = one_layer.gradient(mine, seen, labels)
    found = slope.weights.transpose(0, 2, 1), slope.bias, slope.dense[None], slope.dense_bias[None]
    for (name, parameter), value in zip(network.named_parameters(), found, strict=True):
        expected = parameter.grad.numpy()
        most = np.abs(expected).max()
        np.testing.assert_allclose(value, expected, rtol=0, atol=1e-9 * most, err_msg=name)


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_sequence_without_a_window_adds_nothing(activation, pooling):
    x, labels = batch([12, 3], seed=1)
    network, mine = twins((activation, pooling, True, 0, 1, 1), 12, seed=2)
    lengths = np.array([12, 3])
    seen = one_layer.forward(mine, x.transpose(0, 2, 1), lengths)
    expected = network(torch.tensor(x), torch.tensor(lengths)).detach()
    np.testing.assert_allclose(seen.logit, expected, rtol=1e-12)
    assert seen.logit[1] == pytest.approx(float(mine.dense_bias))
    alone = one_layer.gradient(
        mine, one_layer.forward(mine, x[:1].transpose(0, 2, 1), lengths[:1]), labels[:1]
    )
    both = one_layer.gradient(mine, seen, labels)
    np.testing.assert_allclose(2 * both.weights, alone.weights, atol=1e-15)


def test_many_sequences_are_read_as_each_of_them():
    x, labels = batch([20] * 6, seed=3)
    _, mine = twins(("relu", "max", True, 2, 2, 2), 20, seed=3)
    x = x.transpose(0, 2, 1)
    whole, slope = one_layer.forward(mine, x), None
    for n, label in enumerate(labels):
        one = one_layer.forward(mine, x[n])
        for name in ("score", "start", "window", "passed", "logit", "strand"):
            np.testing.assert_allclose(
                getattr(whole, name)[n] if name != "strand" else whole.start[n],
                getattr(one, name) if name != "strand" else one.start,
                err_msg=name,
            )
        assert (whole.strand[n] == one.strand).all()
        part = one_layer.gradient(mine, one, label).weights / len(labels)
        slope = part if slope is None else slope + part
    np.testing.assert_allclose(one_layer.gradient(mine, whole, labels).weights, slope, atol=1e-12)


def test_a_scan_by_looking_words_up_takes_the_place_of_products_of_matrices():
    """Looking words up is faster where matrix products are slow, as in a browser."""

    def look_up(network, x):
        scores = []
        for w in (network.weights, network.weights[:, ::-1, ::-1]):
            words = windows(x, 4).argmax(-1) @ [64, 16, 4, 1]  # a number for each word of 4 bases
            each = np.eye(4)[np.array(list(np.ndindex(4, 4, 4, 4)))]
            table = np.einsum("wkc,fkc->fw", each, w) + network.bias[:, None]
            scores.append(table[:, words])
        return np.moveaxis(np.array(scores), (0, 1), (-2, -3))

    x, _ = batch([20] * 5, seed=3)
    for pooling in POOLINGS:
        _, mine = twins(("relu", pooling, True, 0, 1, 1), 20, seed=3)
        plain, other = (
            one_layer.forward(mine, x.transpose(0, 2, 1), scan=scan)
            for scan in (one_layer.pre_activations, look_up)
        )
        np.testing.assert_allclose(plain.logit, other.logit, atol=1e-12)


def test_parameters_travel_under_the_names_of_torch():
    network, mine = twins(("relu", "max", True, 0, 1, 1), 20, seed=3)
    kept = mine.state_dict()
    for name, value in network.state_dict().items():
        np.testing.assert_array_equal(kept[name], value)
    mine.weights[:] = 7
    assert (kept["conv.weight"] != 7).all()  # a copy
    mine.load_state_dict(network.state_dict())
    np.testing.assert_array_equal(mine.weights, kept["conv.weight"].transpose(0, 2, 1))
    given = np.ones((1, 2, 4))
    one_layer.OneLayerNetwork(given, [0], [1]).weights[:] = 5
    assert (given == 1).all()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"bias": [0, 0]}, r"^bias must have the shape \(1,\), got \(2,\)"),
        ({"dense": 1.0}, r"^dense must have the shape \(1,\), got \(\)"),
        ({"dense_bias": [0]}, r"^dense_bias must have the shape \(\), got \(1,\)"),
        (
            {"settings": ModelSettings(1, 3)},
            "^settings must be of one layer of 1 filters of width 2",
        ),
        (
            {"settings": ModelSettings(1, 2, window=3)},
            "pooled over the whole sequence, and one output, got Model",
        ),
        ({"settings": ModelSettings(1, 2, layers=2)}, "^settings must be of one layer"),
    ],
)
def test_a_part_that_does_not_fit_is_named(wrong, message):
    parts = {"bias": [0], "dense": [1], **wrong}
    with pytest.raises(ValueError, match=message):
        one_layer.OneLayerNetwork(np.ones((1, 2, 4)), **parts)


def test_a_score_that_is_no_number_is_not_taken_for_a_sequence_without_windows():
    """Otherwise a failed training would continue if lengths differ."""
    x, _ = batch([12, 8], seed=1)
    _, mine = twins(("none", "max", True, 0, 1, 1), 12, seed=2)
    mine.weights[...] = np.nan
    assert np.isnan(one_layer.forward(mine, x.transpose(0, 2, 1), np.array([12, 8])).logit).all()


def test_letters_without_complements_are_read_on_one_strand_only():
    three = Alphabet("XYZ", kind="letters")
    weights = np.ones((1, 2, 3))
    with pytest.raises(ValueError, match="complement"):
        one_layer.OneLayerNetwork(weights, [0], [1], alphabet=three)
    shape = ModelSettings(1, 2, activation="none", both_strands=False)
    network = one_layer.OneLayerNetwork(weights, [0], [1], settings=shape, alphabet=three)
    assert one_layer.forward(network, np.eye(3)).logit == 2


def test_without_a_maximum_no_window_wins_and_none_has_a_strand():
    network = one_layer.random_one_layer(2, 3, 1)
    mean = dataclasses.replace(network.settings, pooling="average")
    x = np.eye(4)[[0, 1, 2, 3]]
    assert one_layer.forward(network, x).strand.shape == (2,)
    assert one_layer.forward(dataclasses.replace(network, settings=mean), x).strand is None


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("engine", ["numpy", "torch"])
def test_a_batch_without_sequences_is_refused(engine, pooling):
    network = untrained(ModelSettings(pooling=pooling), 30, 1, engine=engine)
    with pytest.raises(ValueError, match="x must hold at least one sequence"):
        network.predict(np.zeros((0, 4, 30), "float32"))
