"""One network with heads of one number: gradients and trainings of both engines, and refusals."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from motiflab.datasets import Dataset, Trial
from motiflab.interpretation import mutagenesis, saliency_by_hand
from motiflab.interpretation.saliency import saliency
from motiflab.layers import HEADS
from motiflab.networks import (
    ModelSettings,
    OneLayerNetwork,
    TrainSettings,
    build,
    forward,
    gradient,
    logits,
    predictions,
    train,
    train_all,
    untrained,
)
from motiflab.sequences import one_hot

LENGTH = 12
RNG = np.random.default_rng(4)
TEXTS = ["".join(row) for row in RNG.choice(list("ACGT"), (300, LENGTH))]
SCORES = 1.5 * np.array([text.count("GA") for text in TEXTS]) - 1
TARGETS = {
    "classify": (SCORES > 0).astype(int),
    "regress": SCORES + RNG.normal(0, 0.1, 300),
    "count": RNG.poisson(np.exp(SCORES)),
}
DATA = {head: Dataset.of(TEXTS, labels, TEXTS) for head, labels in TARGETS.items()}
LOSSES = {
    "classify": torch.nn.BCEWithLogitsLoss(),
    "regress": torch.nn.MSELoss(),
    "count": torch.nn.PoissonNLLLoss(log_input=True),
}
heads = pytest.mark.parametrize("head", LOSSES)


def settings(head, **more):
    return ModelSettings(3, 4, head=head, both_strands=False, **more)


@heads
@pytest.mark.parametrize("pooling", ["max", "logsumexp"])
def test_the_gradient_by_hand_is_that_of_autograd(head, pooling):
    data, s = DATA[head], settings(head, pooling=pooling)
    network = build(s, LENGTH, seed=1).double()
    loss = LOSSES[head](
        network(torch.from_numpy(data.x).double()), torch.from_numpy(data.labels).double()
    )
    loss.backward()
    mine = OneLayerNetwork.from_state_dict(network.state_dict(), s)
    found = gradient(mine, forward(mine, data.x.transpose(0, 2, 1)), data.labels)
    for by_hand, name in (
        (found.weights.transpose(0, 2, 1), "conv.weight"),
        (found.bias, "conv.bias"),
        (found.dense[None], "dense.weight"),
        (found.dense_bias[None], "dense.bias"),
    ):
        automatic = dict(network.named_parameters())[name].grad
        np.testing.assert_allclose(by_hand, automatic, atol=1e-12)


@heads
def test_both_engines_take_the_same_steps_and_learn(head):
    data, training = DATA[head], TrainSettings(epochs=15, batch=25, learning_rate=0.05)
    first, losses = build(settings(head), LENGTH, seed=2).double().state_dict(), []
    for engine in ("numpy", "torch"):
        network = OneLayerNetwork.from_state_dict(first, settings(head))
        records = list(train(network, data, training, engine=engine, held_out=data))
        losses.append([(record.loss, record.held_out_loss) for record in records])
    np.testing.assert_allclose(*losses, rtol=1e-9)
    # What is predicted is of the kind of the labels, and near to them.
    shown = predictions(network, data)
    assert np.array_equal(shown, HEADS[head].mean(logits(network, data)))
    assert np.corrcoef(shown, data.labels)[0, 1] > 0.7


def test_a_network_classifies_unless_told_otherwise():
    assert ModelSettings().head == "classify"
    with pytest.raises(ValueError, match="head must be"):
        ModelSettings(head="guess")


def test_labels_that_a_head_cannot_learn_are_refused_before_the_first_step():
    for engine in ("numpy", "torch"):
        for head, other in (("classify", "regress"), ("count", "regress")):
            network = untrained(settings(head), LENGTH)
            with pytest.raises(ValueError, match="target|label"):
                next(train(network, DATA[other], engine=engine))
    with pytest.raises(ValueError, match='positive_weight must be 1 for the head "count"'):
        next(
            train(
                untrained(settings("count"), LENGTH),
                DATA["count"],
                TrainSettings(positive_weight=2),
            )
        )


@heads
def test_effects_of_bases_are_effects_on_what_is_predicted(head):
    network = build(settings(head), LENGTH, seed=3)
    x = one_hot(TEXTS[0])
    effects, slopes = mutagenesis(network, x), saliency(network, x)
    mutant = x.copy()
    mutant[5] = np.eye(4)[(x[5].argmax() + 1) % 4]
    pair = Dataset.of([TEXTS[0], "".join("ACGT"[a] for a in mutant.argmax(1))], [0, 0], ["", ""])
    before, after = predictions(network, pair)
    assert effects[5, mutant[5].argmax()] == pytest.approx(after - before, abs=1e-6)
    np.testing.assert_allclose(saliency_by_hand(network, x), slopes, atol=1e-6)
    z = torch.tensor(float(logits(network, pair)[0]), requires_grad=True)
    network.mean(z).backward()
    np.testing.assert_allclose(slopes, saliency(network, x, "logit") * z.grad.item(), atol=1e-6)


def test_measured_labels_are_kept_and_split_as_one_class():
    data = DATA["regress"]
    assert data.labels.dtype == np.float64 and np.array_equal(data.labels, TARGETS["regress"])
    assert DATA["classify"].labels.dtype == np.int64
    train_set, test = data.split(0.3, seed=1)
    assert len(test) == 90 and not set(test.sequences) & set(train_set.sequences)
    one = dataclasses.replace(data.subset([0, 0, 0]), names=["a", "b", "c"])
    with pytest.raises(ValueError, match="2 unrelated measured sequences"):
        one.split()


def test_a_sweep_judges_measured_values_by_the_share_explained():
    train_set, test = DATA["regress"].split(0.3, seed=1)
    trial = {"made": Trial(train_set, {"held out": test})}
    recipe = {"values": (settings("regress"), TrainSettings(epochs=10, learning_rate=0.05))}
    (result,) = train_all(trial, recipe, seeds=[1], jobs=1)
    assert result.auroc == {} and 0.5 < result.r_squared["held out"] < 1
