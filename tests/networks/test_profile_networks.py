"""Networks with a profile head: loss, both strands, training, controls, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from motiflab.datasets import Dataset, Trial, footprints, other_strand, scattered
from motiflab.evaluation import jensen_shannon
from motiflab.interpretation import (
    contribution_maps,
    contributions,
    deep_lift,
    integrated_gradients,
    output_change,
    uniform_reference,
)
from motiflab.layers import HEADS, profile_loss
from motiflab.networks import (
    ModelSettings,
    NetworkReader,
    TrainSettings,
    averaged_logits,
    build,
    draw_weights,
    layer_costs,
    logits,
    predictions,
    train,
    train_all,
    untrained,
)

SMALL = ModelSettings(
    6, 9, padding=4, layers=2, second_filters=5, second_width=11, second_padding=5, head="profile"
)
WIDE = ModelSettings(
    12, 11, padding=5, layers=2, second_filters=6, second_width=41, second_padding=20,
    batch_norm=True, head="profile",
)  # fmt: skip
LENGTH = 100
MADE = footprints(60, LENGTH, seed=3)


@pytest.fixture(scope="module")
def taught():
    """A small network, trained on reads with their footprints, and one on scattered reads."""
    data = footprints(1000, LENGTH, seed=1).data
    found = {}
    for name, reads in (("reads", data), ("scattered", scattered(data))):
        network = untrained(WIDE, LENGTH, seed=1)
        records = list(train(network, reads, TrainSettings(0.02, batch=16, epochs=4)))
        found[name] = network, records
    return found


def test_the_loss_of_a_training_is_that_of_the_head():
    network = untrained(SMALL, LENGTH, seed=2)
    z = logits(network, MADE.data)
    assert z.shape == (60, LENGTH + 1)
    first = next(train(network, MADE.data, TrainSettings(batch=60), held_out=MADE.data))
    wanted = profile_loss(MADE.data.labels, z).mean()
    assert first.loss == pytest.approx(wanted, rel=1e-5)
    assert first.held_out_loss == pytest.approx(wanted, rel=1e-5)


@pytest.mark.parametrize("settings", [SMALL, WIDE, replace(SMALL, layers=1)])
def test_the_other_strand_has_the_profile_turned_round(settings):
    network = build(settings, LENGTH, seed=4).double()
    z, turned = logits(network, MADE.data), logits(network, other_strand(MADE.data))
    np.testing.assert_allclose(turned[:, :-1], z[:, -2::-1], atol=1e-9)
    np.testing.assert_allclose(turned[:, -1], z[:, -1], atol=1e-9)
    one_strand = build(replace(settings, both_strands=False), LENGTH, seed=4).double()
    z, turned = logits(one_strand, MADE.data), logits(one_strand, other_strand(MADE.data))
    assert np.abs(turned[:, :-1] - z[:, -2::-1]).max() > 0.01


def test_its_cost_holds_every_parameter():
    network = build(WIDE, LENGTH)
    counted = sum(each.parameters for each in layer_costs(WIDE, LENGTH))
    assert counted == sum(p.numel() for p in network.parameters())
    assert layer_costs(WIDE, LENGTH)[-1].multiply_adds == LENGTH * 6


def test_a_profile_is_a_sum_over_filters_and_strands_by_hand():
    network = build(replace(SMALL, layers=1), LENGTH, seed=5)
    x = torch.from_numpy(MADE.data.x[:3])
    maps = torch.relu(network.scores(x))  # (3, 2, F, L)
    weights = network.profile.weight[0, :, 0]
    by_hand = torch.einsum("nsfl,f->nl", maps, weights)
    z = network(x)
    torch.testing.assert_close(z[:, :-1], by_hand)
    torch.testing.assert_close(z[:, -1], network.dense(maps.amax((1, 3)))[:, 0])
    shown = HEADS["profile"].mean(z.detach().numpy())
    np.testing.assert_allclose(network.mean(z).detach(), shown, rtol=1e-4, atol=1e-6)


def test_other_heads_begin_with_the_weights_that_they_always_had():
    plain, profile = (draw_weights(replace(SMALL, head=h), LENGTH, 3) for h in ("count", "profile"))
    assert set(profile) - set(plain) == {"profile.weight"}
    assert all(np.array_equal(plain[name], profile[name]) for name in plain)
    assert profile["profile.weight"].shape == (1, 5, 1)


def test_a_network_learns_footprints_and_nothing_from_scattered_reads(taught):
    test = footprints(300, LENGTH, seed=9)
    network, records = taught["reads"]
    assert records[-1].loss < records[1].loss
    flat = np.ones_like(test.rates)
    near, far = (
        jensen_shannon(test.rates, p).mean() for p in (predictions(network, test.data), flat)
    )
    assert near < 0.7 * far
    assert np.corrcoef(predictions(network, test.data).sum(1), test.rates.sum(1))[0, 1] > 0.5
    sham = predictions(taught["scattered"][0], test.data)
    assert jensen_shannon(sham, flat).mean() < 0.05 * far
    assert np.corrcoef(sham.sum(1), test.rates.sum(1))[0, 1] > 0.5  # the totals are still there


def test_one_number_of_a_profile_by_hand():
    """The logits less their mean, weighted by the profile of the sequence that is explained."""
    network = build(SMALL, LENGTH, seed=6).double()
    x, reference = MADE.data.x[0].T, MADE.data.x[1].T
    z, other = network.predict(MADE.data.x[:2].astype(float))[:, :-1]
    p = np.exp(z) / np.exp(z).sum()
    wanted = (p * (z - z.mean())).sum() - (p * (other - other.mean())).sum()
    assert output_change(network, x, reference[None], "profile") == pytest.approx(wanted)


def test_maps_of_a_profile_are_complete_and_light_what_is_bound(taught):
    network, test = taught["reads"][0], footprints(100, LENGTH, seed=8)
    middle, reference = test.middles["B"], uniform_reference(LENGTH)
    rows = np.flatnonzero(test.bound["B"].max(axis=(1, 2)) * (test.kinds == "B") > 0.8)[:10]
    near = []
    for row in rows:
        x = test.data.x[row].T
        shares = integrated_gradients(network, x, reference, "profile", steps=200)
        change = output_change(network, x, reference, "profile")
        assert shares.sum() == pytest.approx(change, rel=0.02, abs=0.02)
        given = contributions("integrated gradients", network, x, reference, "profile")
        place = np.convolve(given, np.ones(9), "valid").argmax() + 4
        near.append(abs(place - middle[row]) <= 4)
    assert np.mean(near) >= 0.7


def test_what_cannot_work_with_a_profile_says_so():
    network, x = untrained(SMALL, LENGTH), MADE.data.x[0].T
    reference = uniform_reference(LENGTH)
    for refused, words in (
        (lambda: integrated_gradients(network, x, reference, "logit"), "not a profile"),
        (lambda: contributions("mutagenesis", network, x, reference, "profile"), "of must be"),
        (lambda: deep_lift(network, x, reference, "profile"), "integrated gradients explain"),
        (lambda: contribution_maps(network, MADE.data.x), "not a profile"),
        (lambda: averaged_logits(network, MADE.data), "other strand reads in reverse"),
        (lambda: NetworkReader(network, LENGTH), "one output"),
        (lambda: next(train_all({"a": Trial(MADE.data, {})}, {"b": (SMALL, TrainSettings())}, [1])),
         'head "profile"'),
        (lambda: next(train(network, MADE.data, engine="numpy")), '"torch"'),
        (lambda: network.predict(MADE.data.x, MADE.data.lengths), "one length"),
        (lambda: next(train(network, replace(MADE.data, labels=MADE.kinds == "A"))),
         "100 bases of a profile"),
        (lambda: integrated_gradients(untrained(ModelSettings(), LENGTH), x, reference, "profile"),
         'the head "profile", not "classify"'),
        (lambda: ModelSettings(head="profile", window=4), "window must be 0 for a profile"),
        (lambda: untrained(ModelSettings(head="profile"), LENGTH), "each of the 100 bases"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=words) as caught:
            refused()
        assert str(caught.value).endswith(".") and str(caught.value).count(". ") == 0


def test_reads_stay_with_their_sequences():
    part = MADE.data.subset([5, 2])
    assert isinstance(part, Dataset) and part.labels.dtype == np.int64
    assert np.array_equal(part.labels, MADE.data.labels[[5, 2]])
