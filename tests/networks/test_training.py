"""Training: repeatable, honest, and equal to a bare torch loop."""

from __future__ import annotations

import dataclasses
import itertools
import subprocess
import sys

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from motiflab.datasets import sources
from motiflab.datasets.planting import Arrangement
from motiflab.motifs.motif import Motif
from motiflab.networks import (
    ModelSettings,
    MotifNetwork,
    OneLayerNetwork,
    TrainSettings,
    build,
    engine_for,
    logits,
    steps_per_epoch,
    train,
    untrained,
)
from motiflab.networks.model_settings import ACTIVATIONS, POOLINGS
from motiflab.networks.training import ENGINES, RANGES

BOX = Motif.from_sites(["TGACTCA", "TGACTCA", "TGACTCA", "TGAGTCA"], "box")
SMALL = ModelSettings(filters=4, width=9)


@pytest.fixture(scope="module")
def data():
    return sources.planted(Arrangement((BOX,)), n=600, length=50, seed=5)


def run(data, settings=None, model=SMALL, every=None, seed=1):
    network = build(model, data.x.shape[2], seed)
    return network, list(train(network, data, settings, every))


def test_records_count_steps_and_epochs(data):
    _, records = run(data, TrainSettings(epochs=2, batch=100), every=4)
    assert [record.step for record in records] == [0, 4, 8, 12]
    assert [record.epoch for record in records] == pytest.approx([0, 4 / 6, 8 / 6, 2])
    assert steps_per_epoch(601, 100) == 7


def test_the_same_seed_repeats_bit_for_bit_and_another_does_not(data):
    settings = TrainSettings(epochs=2)
    _, one = run(data, settings)
    _, same = run(data, settings)
    _, other = run(data, TrainSettings(epochs=2, seed=9))
    for a, b in zip(one, same, strict=True):
        assert a.loss == b.loss
        assert all(np.array_equal(a.weights[k], b.weights[k]) for k in a.weights)
    assert one[-1].loss != other[-1].loss


def test_the_global_generator_is_left_alone(data):
    torch.manual_seed(3)
    before = torch.get_rng_state()
    run(data, TrainSettings(epochs=1))
    assert torch.equal(torch.get_rng_state(), before)


def bare_loop(network, data, settings):
    """Train with torch alone, and return the loss of every step."""
    kind = next(network.parameters()).dtype
    x, y = torch.from_numpy(data.x).to(kind), torch.from_numpy(data.labels).to(kind)
    total = settings.epochs * steps_per_epoch(len(y), settings.batch)
    adam = torch.optim.Adam(network.parameters(), lr=settings.learning_rate)
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, settings.learning_rate, total_steps=total + 1)
    rng, losses = np.random.default_rng(settings.seed), []
    for _ in range(settings.epochs):
        for batch in torch.from_numpy(rng.permutation(len(y))).split(settings.batch):
            loss = torch.nn.BCEWithLogitsLoss()(network(x[batch]), y[batch])
            adam.zero_grad()
            loss.backward()
            adam.step()
            cycle.step()
            losses.append(loss.item())
    return losses


def test_torch_takes_the_steps_of_a_bare_loop(data):
    settings = TrainSettings(epochs=2, batch=128, learning_rate=0.01, seed=4)
    network = build(SMALL, data.x.shape[2], seed=1)
    records = list(train(network, data, settings, engine="torch"))
    bare = build(SMALL, data.x.shape[2], seed=1)
    losses = bare_loop(bare, data, settings)
    assert records[0].loss == pytest.approx(losses[0])
    assert records[-1].loss == pytest.approx(np.mean(losses[5:]))
    for name, value in bare.state_dict().items():
        assert torch.equal(network.state_dict()[name], value)
        assert np.array_equal(records[-1].weights[name], value)


SETTINGS = [
    *itertools.product(ACTIVATIONS, POOLINGS, [{}]),
    ("relu", "max", {"both_strands": False}),
    ("relu", "max", {"padding": 4, "stride": 2}),
    ("exponential", "average", {"dilation": 3, "both_strands": False}),
    ("none", "logsumexp", {"padding": 3, "stride": 3, "dilation": 2}),
]


@pytest.mark.parametrize(("activation", "pooling", "more"), SETTINGS)
def test_a_whole_training_in_numpy_is_torchs(data, activation, pooling, more):
    """With 64-bit floats rounding changes no winner, so every loss agrees."""
    model = ModelSettings(4, 9, activation=activation, pooling=pooling, **more)
    settings = TrainSettings(epochs=3, batch=50, learning_rate=0.02, seed=4)
    bare = build(model, 50, seed=1).double()
    mine = OneLayerNetwork.from_state_dict(bare.state_dict(), model)
    records = list(train(mine, data, settings, every=1, engine="numpy"))
    losses = bare_loop(bare, data, settings)
    assert len(losses) == 36
    np.testing.assert_allclose([record.loss for record in records[1:]], losses, rtol=1e-9)
    for name, value in bare.state_dict().items():
        np.testing.assert_allclose(records[-1].weights[name], value, rtol=1e-6, atol=1e-9)


def regularised_loop(network, data, settings):
    """The same by torch's own parts: AdamW, pos_weight, and masks hung in before the dense layer.

    The order of draws is that of `TrainSettings`: of each epoch the sequences, then of each batch
    the mask.
    """
    adam = torch.optim.AdamW(
        network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay
    )
    steps = settings.epochs * steps_per_epoch(len(data), settings.batch)
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, settings.learning_rate, steps + 1)
    x, y = torch.from_numpy(data.x).double(), torch.from_numpy(data.labels).double()
    weight = torch.tensor(settings.positive_weight, dtype=y.dtype)
    criterion = torch.nn.BCEWithLogitsLoss(pos_weight=weight)
    rng, losses, left = np.random.default_rng(settings.seed), [], settings.dropout
    for _ in range(settings.epochs):
        for rows in torch.from_numpy(rng.permutation(len(data))).split(settings.batch):
            kept = rng.random((len(rows), network.dense.in_features)) >= left if left else 1.0
            mask = torch.as_tensor(kept).to(y.dtype) / (1 - left)
            hook = network.dense.register_forward_pre_hook(
                lambda _, given, mask=mask: given[0] * mask
            )
            loss = criterion(network(x[rows]), y[rows])
            hook.remove()
            adam.zero_grad()
            loss.backward()
            adam.step()
            cycle.step()
            losses.append(loss.item())
    return losses


REGULARISED = [
    {"weight_decay": 0.5},
    {"dropout": 0.5},
    {"positive_weight": 3.0},
    {"weight_decay": 2.0, "dropout": 0.25, "positive_weight": 0.3},
]
DEEP = {"window": 6, "layers": 2, "second_filters": 3, "second_width": 2}


@pytest.mark.parametrize("more", REGULARISED, ids=lambda more: "-".join(more))
@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("shape", ["whole", "windows", "deep"])
def test_decay_dropout_and_class_weights_are_torchs(data, more, pooling, shape):
    model = ModelSettings(
        4, 9, pooling=pooling, **{"whole": {}, "windows": {"window": 6}, "deep": DEEP}[shape]
    )
    settings = TrainSettings(epochs=2, batch=50, seed=4, **more)
    for engine in ENGINES if shape == "whole" else ["torch"]:
        bare = build(model, 50, seed=1).double()
        network = build(model, 50, seed=1).double()
        records = list(train(network, data, settings, every=1, engine=engine))
        losses = regularised_loop(bare, data, settings)
        np.testing.assert_allclose([r.loss for r in records[1:]], losses, rtol=1e-9)
        for name, value in bare.state_dict().items():
            np.testing.assert_allclose(records[-1].weights[name], value, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("engine", ENGINES)
def test_records_hold_the_loss_on_held_out_data(data, engine):
    test = sources.planted(Arrangement((BOX,)), n=100, length=50, seed=6)
    network = untrained(SMALL, 50, 1)
    settings = TrainSettings(epochs=1, dropout=0.5, positive_weight=3.0)
    for record in train(network, data, settings, every=4, engine=engine, held_out=test):
        judged = build(SMALL, 50)
        judged.load_state_dict(record.weights)
        z = judged(torch.from_numpy(test.x))
        y = torch.from_numpy(test.labels).float()
        expected = torch.nn.functional.binary_cross_entropy_with_logits(z, y).item()
        assert record.held_out_loss == pytest.approx(expected, rel=1e-5)
    assert next(train(network, data)).held_out_loss is None


def test_early_stopping_keeps_the_best_weights():
    """Few sequences, many filters: the held-out loss rises while the training loss falls."""
    motif = Arrangement((BOX,))
    few, test = (sources.planted(motif, n=n, length=80, seed=n) for n in (60, 400))
    whole = TrainSettings(epochs=60, batch=20, learning_rate=0.05)
    every = list(train(untrained(ModelSettings(32, 9), 80), few, whole, held_out=test))
    held_out = [record.held_out_loss for record in every]
    waits, best = [], min(held_out[:1])
    for loss in held_out:
        waits.append(0 if loss <= best else waits[-1] + 1)
        best = min(best, loss)
    assert max(waits) >= 3  # else this shows nothing
    network = untrained(ModelSettings(32, 9), 80)
    stopped = list(train(network, few, dataclasses.replace(whole, patience=3), held_out=test))
    assert len(stopped) == waits.index(3) + 1 < len(every)
    assert [record.held_out_loss for record in stopped] == held_out[: len(stopped)]
    best = min(stopped, key=lambda record: record.held_out_loss)
    assert best is stopped[-4]
    for name, value in network.state_dict().items():
        assert np.array_equal(value, best.weights[name])


def test_patience_needs_held_out_data(data):
    with pytest.raises(ValueError, match="^held_out must be given, as training with patience 2"):
        next(train(untrained(SMALL, 50), data, TrainSettings(patience=2)))


@pytest.mark.parametrize("name", ["weight_decay", "dropout", "positive_weight"])
@pytest.mark.parametrize("bad", [-1, 2000, float("nan"), True, "much"])
def test_a_bad_share_is_named(name, bad):
    with pytest.raises(ValueError, match=f"^{name} must be a number from"):
        TrainSettings(**{name: bad})


@pytest.mark.parametrize("engine", ["numpy", "torch"])
def test_either_engine_trains_either_kind_of_network(data, engine):
    settings = TrainSettings(epochs=2, batch=100)
    ends = []
    for kind in ("numpy", "torch"):
        network = untrained(SMALL, 50, 1, engine=kind)
        assert isinstance(network, OneLayerNetwork if kind == "numpy" else MotifNetwork)
        before = logits(network, data)
        for record in train(network, data, settings, engine=engine):
            if record.step == 0:
                assert np.array_equal(logits(network, data), before)
            kept = network.state_dict()
            assert all(np.array_equal(kept[name], record.weights[name]) for name in kept)
        ends.append(record)
    one, other = ends
    assert one.loss == other.loss and one.weights.keys() == other.weights.keys()
    for name, value in one.weights.items():
        assert isinstance(value, np.ndarray) and value.dtype == np.float32
        assert np.array_equal(value, other.weights[name])


def test_both_engines_predict_the_same(data):
    for model in (SMALL, ModelSettings(3, 7, activation="exponential", pooling="average")):
        found = [logits(untrained(model, 50, 1, engine=engine), data) for engine in ENGINES]
        assert found[0].dtype == found[1].dtype == np.float32
        np.testing.assert_allclose(*found, rtol=1e-5, atol=1e-6)


def test_the_engine_is_chosen_by_the_settings_and_can_be_overruled(data):
    only_torch = '^engine must be "torch" for a network with more than one layer'
    for settings in (
        ModelSettings(window=5),
        ModelSettings(layers=2, second_width=2),
        ModelSettings(hidden=2),
        ModelSettings(outputs=2),
    ):
        assert engine_for(settings) == "torch"
        assert isinstance(untrained(settings, 50), MotifNetwork)
        with pytest.raises(ValueError, match=only_torch):
            untrained(settings, 50, engine="numpy")
        labels = data.labels if settings.outputs == 1 else np.stack([data.labels] * 2, 1)
        with pytest.raises(ValueError, match=only_torch):
            next(
                train(build(settings, 50), dataclasses.replace(data, labels=labels), engine="numpy")
            )
    assert engine_for(SMALL) == "numpy" and isinstance(untrained(SMALL, 50), OneLayerNetwork)
    with pytest.raises(ValueError, match="^engine must be one of numpy, torch, got 'jax'"):
        untrained(SMALL, 50, engine="jax")


def test_several_outputs_learn_a_label_each_as_in_a_bare_loop(data):
    flipped = dataclasses.replace(data, labels=np.stack([data.labels, 1 - data.labels], axis=1))
    model = dataclasses.replace(SMALL, outputs=2, hidden=16)
    settings = TrainSettings(epochs=12, batch=50, seed=2)
    network = build(model, 50, seed=3)
    *_, last = train(network, flipped, settings)
    bare = build(model, 50, seed=3)
    bare_loop(bare, flipped, settings)
    for name, value in bare.state_dict().items():
        assert torch.equal(network.state_dict()[name], value)
    z = logits(network, flipped)
    assert z.shape == (600, 2)
    assert roc_auc_score(data.labels, z[:, 0]) > 0.9
    assert roc_auc_score(data.labels, z[:, 1]) < 0.1
    with pytest.raises(ValueError, match=r"^data must hold one label for each of the 2 outputs"):
        next(train(network, data, settings))
    with pytest.raises(ValueError, match=r"labels of the shape \(600, 2\)"):
        next(train(build(SMALL, 50), flipped, settings))


def test_batch_normalisation_learns_from_the_batch_and_predicts_by_running_means(data):
    """Against torch's own modules in a row, for every parameter and both kinds of prediction."""
    model = ModelSettings(
        4, 9, padding=4, window=5, layers=2, second_filters=3, second_width=3, second_padding=1,
        second_window=5, hidden=6, batch_norm=True, both_strands=False,
    )  # fmt: skip
    network = build(model, 50, seed=3)
    bare = torch.nn.Sequential(
        torch.nn.Conv1d(4, 4, 9, padding=4), torch.nn.BatchNorm1d(4), torch.nn.ReLU(),
        torch.nn.MaxPool1d(5), torch.nn.Conv1d(4, 3, 3, padding=1), torch.nn.BatchNorm1d(3),
        torch.nn.ReLU(), torch.nn.MaxPool1d(5), torch.nn.Flatten(), torch.nn.Linear(6, 6),
        torch.nn.BatchNorm1d(6), torch.nn.ReLU(), torch.nn.Linear(6, 1), torch.nn.Flatten(0),
    )  # fmt: skip
    places = {
        "conv": 0, "conv_norm": 1, "second": 4, "second_norm": 5, "hidden": 9, "hidden_norm": 10,
        "dense": 12,
    }  # fmt: skip

    def named(weights):
        parts = (name.split(".") for name in weights)
        return {f"{places[layer]}.{part}": weights[f"{layer}.{part}"] for layer, part in parts}

    bare.load_state_dict(named(network.state_dict()))
    settings = TrainSettings(epochs=2, batch=100, seed=2, learning_rate=0.01)
    *_, last = train(network, data, settings)
    bare_loop(bare, data, settings)
    learned = named(network.state_dict())
    assert not network.training and learned.keys() == bare.state_dict().keys()
    for name, value in bare.state_dict().items():
        torch.testing.assert_close(learned[name], value, rtol=1e-3, atol=1e-4)
    bare.eval()
    expected = bare(torch.from_numpy(data.x)).detach().numpy()
    np.testing.assert_allclose(logits(network, data), expected, rtol=1e-3, atol=1e-3)
    ragged = dataclasses.replace(data, lengths=data.lengths - 1)
    with pytest.raises(ValueError, match="^data must hold sequences of one length"):
        next(train(network, dataclasses.replace(ragged, lengths=np.arange(600) % 2 + 49)))


def test_dropout_of_a_deeper_network_covers_its_pooled_features(data):
    """One number for each pooled feature is drawn, however many units the hidden layer has."""
    model = ModelSettings(4, 9, window=6, layers=2, second_width=2, second_window=2, hidden=5)
    network = build(model, 50, seed=3)
    *_, last = train(network, data, TrainSettings(epochs=1, dropout=0.5))
    assert np.isfinite(last.loss) and network.hidden.in_features == model.features(50)


def test_a_one_layer_network_is_trained_without_torch():
    code = (
        "import sys; from motiflab import datasets, networks\n"
        "data = datasets.ctcf().subset(range(450, 550))\n"
        "network = networks.untrained(networks.ModelSettings(), length=200)\n"
        "list(networks.train(network, data, networks.TrainSettings(epochs=1)))\n"
        "networks.logits(network, data)\n"
        "print('torch' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"


def test_a_record_is_a_copy_that_can_be_gone_back_to(data):
    network, records = run(data, TrainSettings(epochs=3))
    final = logits(network, data)
    network.load_state_dict(records[0].weights)
    assert np.array_equal(logits(network, data), logits(build(SMALL, 50, 1), data))
    network.load_state_dict(records[-1].weights)
    assert np.array_equal(logits(network, data), final)


def test_it_comes_near_the_optimum_and_shuffled_labels_stay_at_chance(data):
    held_out = sources.planted(Arrangement((BOX,)), n=600, length=50, seed=6)
    auroc = []
    for labels in (data.labels, np.random.default_rng(0).permutation(data.labels)):
        network, _ = run(dataclasses.replace(data, labels=labels), TrainSettings(epochs=15))
        auroc.append(roc_auc_score(held_out.labels, logits(network, held_out)))
    best = roc_auc_score(held_out.labels, held_out.optimum)
    assert best - 0.06 < auroc[0] < best + 0.02
    assert 0.4 < auroc[1] < 0.6


def test_padded_sequences_are_read_to_their_own_end():
    """Values in the padding of a batch do not affect training."""
    short = sources.from_fasta(b">a\nACGTACGTACGT\n>b\nGGATCCAATTGACCATGA\n", seed=1)
    network = build(ModelSettings(filters=2, width=5), 18, 2)
    alone = [
        network(torch.from_numpy(short.x[i : i + 1, :, :length])).item()
        for i, length in enumerate(short.lengths)
    ]
    assert logits(network, short) == pytest.approx(alone, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("engine", ENGINES)
def test_training_never_sees_what_lies_behind_a_shorter_sequence(engine):
    short = sources.from_fasta(b">a\nACGTACGTACGT\n>b\nGGATCCAATTGACCATGA\n", seed=1)
    x = short.x.copy()
    for row, length in enumerate(short.lengths):
        x[row, 2, length:] = 1  # as if G were there
    assert (x != short.x).any()
    ends = []
    for data in (short, dataclasses.replace(short, x=x)):
        network = untrained(ModelSettings(filters=2, width=5), 18, 2, engine=engine)
        *_, last = train(network, data, TrainSettings(epochs=9), engine=engine)
        ends.append(last.loss)
    assert ends[0] == ends[1]


def test_a_loss_that_is_no_number_is_said_in_words(data):
    network = build(ModelSettings(filters=1, activation="exponential"), 50, 0)
    with torch.no_grad():
        network.conv.bias.fill_(200.0)  # exp(200) is beyond a 32-bit float
    with pytest.raises(ValueError, match=r"the loss became (nan|inf) after 0 steps"):
        list(train(network, data))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_gradient_whose_square_is_beyond_a_float_stops_no_training(data, engine):
    network = untrained(ModelSettings(filters=1, activation="exponential"), 50, 0, engine=engine)
    weights = {name: np.array(value.tolist()) for name, value in network.state_dict().items()}
    weights["conv.bias"][:] = 50.0  # the square of exp(50) is beyond a 32-bit float
    network.load_state_dict(weights)
    *_, last = train(network, data, TrainSettings(epochs=1), engine=engine)
    assert 1e10 < last.loss < 1e30


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", ENGINES)
def test_either_engine_trains_a_network_of_64_bit_floats(data, kind, engine):
    network = untrained(SMALL, 50, 1, engine="torch").double()
    if kind == "numpy":
        network = OneLayerNetwork.from_state_dict(network.state_dict(), SMALL)
    *_, last = train(network, data, TrainSettings(epochs=1), engine=engine)
    assert all(value.dtype == np.float64 for value in last.weights.values())


@pytest.mark.parametrize("rate", [0, -1, 11, float("nan"), float("inf"), "fast", True])
def test_a_bad_learning_rate_is_named(rate):
    with pytest.raises(ValueError, match="^learning_rate must be above 0 and at most 10"):
        TrainSettings(learning_rate=rate)


@pytest.mark.parametrize("name", sorted(RANGES))
@pytest.mark.parametrize("bad", [-1, 2**40, 0.5, True, None])
def test_a_bad_number_is_named(name, bad):
    with pytest.raises(ValueError, match=f"^{name} must be a whole number from"):
        TrainSettings(**{name: bad})
