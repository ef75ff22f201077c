"""Training: repeatable, honest, and equal to a bare torch loop."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from motiflab.datasets import sources
from motiflab.datasets.planting import Arrangement
from motiflab.motifs.motif import Motif
from motiflab.networks.cnn import build
from motiflab.networks.model_settings import ModelSettings
from motiflab.networks.training import RANGES, TrainSettings, logits, steps_per_epoch, train

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
        assert all(torch.equal(a.weights[k], b.weights[k]) for k in a.weights)
    assert one[-1].loss != other[-1].loss


def test_the_global_generator_is_left_alone(data):
    torch.manual_seed(3)
    before = torch.get_rng_state()
    run(data, TrainSettings(epochs=1))
    assert torch.equal(torch.get_rng_state(), before)


def test_it_takes_the_steps_of_a_bare_torch_loop(data):
    settings = TrainSettings(epochs=2, batch=128, learning_rate=0.01, seed=4)
    network, records = run(data, settings)
    bare = build(SMALL, data.x.shape[2], seed=1)
    x, y = torch.from_numpy(data.x), torch.from_numpy(data.labels).float()
    adam = torch.optim.Adam(bare.parameters(), lr=0.01)
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, 0.01, total_steps=2 * 5 + 1)
    generator = torch.Generator().manual_seed(4)
    losses = []
    for _ in range(2):
        for batch in torch.randperm(600, generator=generator).split(128):
            loss = torch.nn.BCEWithLogitsLoss()(bare(x[batch]), y[batch])
            adam.zero_grad()
            loss.backward()
            adam.step()
            cycle.step()
            losses.append(loss.item())
    assert records[0].loss == pytest.approx(losses[0])
    assert records[-1].loss == pytest.approx(np.mean(losses[5:]))
    for name, value in network.state_dict().items():
        assert torch.equal(value, bare.state_dict()[name])
        assert torch.equal(value, records[-1].weights[name])


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
    """What lies in the padding of a batch has no part in training."""
    short = sources.from_fasta(b">a\nACGTACGTACGT\n>b\nGGATCCAATTGACCATGA\n", seed=1)
    network = build(ModelSettings(filters=2, width=5), 18, 2)
    alone = [
        network(torch.from_numpy(short.x[i : i + 1, :, :length])).item()
        for i, length in enumerate(short.lengths)
    ]
    assert logits(network, short) == pytest.approx(alone, rel=1e-4, abs=1e-5)


def test_a_loss_that_is_no_number_is_said_in_words(data):
    network = build(ModelSettings(filters=1, activation="exponential"), 50, 0)
    with torch.no_grad():
        network.conv.bias.fill_(200.0)  # exp(200) is beyond a 32-bit float
    with pytest.raises(ValueError, match=r"the loss became (nan|inf) after 0 steps"):
        list(train(network, data))


@pytest.mark.parametrize("rate", [0, -1, 11, float("nan"), float("inf"), "fast", True])
def test_a_bad_learning_rate_is_named(rate):
    with pytest.raises(ValueError, match="^learning_rate must be above 0 and at most 10"):
        TrainSettings(learning_rate=rate)


@pytest.mark.parametrize("name", sorted(RANGES))
@pytest.mark.parametrize("bad", [-1, 2**40, 0.5, True, None])
def test_a_bad_number_is_named(name, bad):
    with pytest.raises(ValueError, match=f"^{name} must be a whole number from"):
        TrainSettings(**{name: bad})
