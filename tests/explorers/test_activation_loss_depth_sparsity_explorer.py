"""Explorers of activations, depth, sparsity and loss: what they show against torch and scipy."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
import torch
from Bio import motifs as biopython
from scipy.stats import bernoulli

from motiflab.datasets import sources
from motiflab.explorers.activation_explorer import ActivationExplorer, ActivationState, compute
from motiflab.explorers.depth_explorer import SEEDS, DepthExplorer, examples
from motiflab.explorers.loss_explorer import LossExplorer
from motiflab.explorers.sparsity_explorer import SparsityExplorer
from motiflab.figures import brief
from motiflab.motifs import jaspar
from motiflab.networks.vanishing_gradient import initial_weights
from motiflab.sequences.encoding import reverse_complement


def words(explorer) -> str:
    """Return the readout as plain text, with hyphens for minus signs."""
    return re.sub("<[^>]*>", "", explorer.readout.html).replace("−", "-")


def curves(chart) -> dict[str, tuple]:
    """Return the lines of a chart by the first word of their names."""
    lines = [trace for trace in chart.figure.data if trace.mode == "lines"]
    return {trace.name.split()[0].strip(":"): (trace.x, trace.y) for trace in lines}


@pytest.mark.parametrize("z", [-4.0, -0.3, 0.7, 5.0])
def test_values_and_slopes_are_those_of_autograd(z):
    explorer = ActivationExplorer(z=z, depth=7)
    for name in ("relu", "sigmoid", "tanh"):
        t = torch.tensor(z, dtype=torch.float64, requires_grad=True)
        value = getattr(torch, name)(t)
        value.backward()
        assert explorer.result.values[name] == pytest.approx(value.item(), rel=1e-9)
        assert explorer.result.slopes[name] == pytest.approx(t.grad.item(), rel=1e-9)
        assert explorer.result.products[name] == pytest.approx(t.grad.item() ** 7, rel=1e-9)
    assert f"= {brief(t.grad.item() ** 7)}." in words(explorer)


def test_the_goal_of_the_activations_can_be_reached():
    slopes = [compute(ActivationState(z=z / 10)).slopes["sigmoid"] for z in range(-60, 61)]
    assert np.argmax(slopes) == 60  # z = 0
    below = [compute(ActivationState(0.0, n)).products["sigmoid"] < 1e-6 for n in (9, 10)]
    assert below == [False, True]


def test_curves_and_marks_meet_where_the_learner_stands():
    explorer = ActivationExplorer(z=1.5, depth=20)
    marks = [trace for trace in explorer.figures["derivatives"].figure.data if trace.name == "here"]
    assert set(marks[0].x) == {1.5}
    assert marks[0].y == tuple(explorer.result.slopes.values())
    drawn = curves(explorer.figures["products"])["sigmoid"]
    share = math.exp(-1.5) / (1 + math.exp(-1.5)) ** 2
    np.testing.assert_allclose(drawn[1], share ** np.array(drawn[0]), rtol=1e-9)


def test_a_product_of_zero_is_left_out_of_the_logarithmic_axis():
    explorer = ActivationExplorer(z=-1.0)
    assert curves(explorer.figures["products"])["ReLU"][1] == (1.0, *[None] * 50)
    assert "stops the gradient" in words(explorer)


@pytest.mark.parametrize(("start", "depth"), [("he", 4), ("glorot", 9), ("torch", 6)])
def test_the_gradient_of_each_layer_is_that_of_autograd(start, depth):
    result = DepthExplorer(start=start, depth=depth).result
    x, labels = examples()
    largest = []
    for seed in range(SEEDS):
        weights = initial_weights(800, depth, 32, start, seed)
        largest += [float(torch.linalg.svdvals(torch.tensor(w))[0]) for w in weights[1:-1]]
        for name in ("relu", "sigmoid", "tanh"):
            hidden, inner = torch.tensor(x), []
            for w in weights[:-1]:
                inner.append((hidden @ torch.tensor(w).T).requires_grad_())
                inner[-1].retain_grad()
                hidden = getattr(torch, name)(inner[-1])
            logits = (hidden @ torch.tensor(weights[-1]).T)[:, 0]
            target = torch.tensor(labels, dtype=torch.float64)
            torch.nn.functional.binary_cross_entropy_with_logits(logits, target).backward()
            sizes = np.array([float(z.grad.norm()) for z in inner])
            np.testing.assert_allclose(result.sizes[name][seed], sizes / sizes[-1], rtol=1e-7)
    assert result.stretch == pytest.approx(max(largest), rel=1e-9)


def test_the_goal_of_the_depth_can_be_reached():
    left = {start: DepthExplorer(start=start).result.left("relu") for start in ("he", "torch")}
    assert left["he"] > 0.1 and left["torch"] < 1e-6
    assert DepthExplorer(depth=30).result.left("sigmoid") < 1e-13


def test_the_cards_say_that_the_weights_multiply_the_gradient_too():
    assert "These factors leave out the weights" in words(ActivationExplorer())
    for start in ("he", "glorot", "torch"):
        explorer = DepthExplorer(start=start, depth=30)
        between = [initial_weights(800, 30, 32, start, seed)[1:-1] for seed in range(SEEDS)]
        largest = max(np.linalg.svd(w)[1].max() for weights in between for w in weights)
        assert largest < 4 and explorer.result.stretch == pytest.approx(largest)
        assert f"a vector at most {largest:.2g} times. Below 4 times" in words(explorer)


def test_the_readout_of_the_depth_gives_the_medians():
    explorer = DepthExplorer(depth=12)
    median = float(np.median(explorer.result.sizes["sigmoid"][:, 0]))
    assert f"sigmoid {brief(median, 2)}," in words(explorer)
    drawn = curves(explorer.figures["depth"])["sigmoid"]
    assert drawn[0][0] == 1 and drawn[1][0] == pytest.approx(median)
    assert drawn[1][-1] == 1


def by_biopython(sequences, name: str) -> np.ndarray:
    """Return the better strand's score of every window, in nats, with one count added in all."""
    counts = dict(zip("ACGT", jaspar.load(name).counts.T.tolist()))
    pssm = biopython.Motif(alphabet="ACGT", counts=counts).counts.normalize(0.25).log_odds()
    both = []
    for sequence in sequences:
        forward = pssm.calculate(sequence)
        backward = pssm.calculate(reverse_complement(sequence))[::-1]
        both.append(np.maximum(forward, backward) * math.log(2))
    return np.array(both)


@pytest.mark.parametrize(("name", "bias", "peak"), [("CTCF", -7.0, 0), ("GATA2", -2.5, 17)])
def test_the_shares_are_those_of_biopythons_scores(name, bias, peak):
    explorer = SparsityExplorer(motif=name, bias=bias, peak=peak)
    some = [*range(0, 500, 25), *range(500, 1000, 25)]
    sequences = sources.ctcf().sequences
    scores = by_biopython([sequences[i] for i in some], name)
    np.testing.assert_allclose(explorer.result.scores.values[some], scores, atol=1e-4)
    behind = torch.relu(torch.tensor(explorer.result.scores.values) + bias).numpy()
    assert explorer.result.zeros == pytest.approx((behind == 0).mean())
    fires = (behind > 0).any(axis=1)
    assert explorer.result.peaks == pytest.approx(fires[:500].mean())
    assert explorer.result.shuffles == pytest.approx(fires[500:].mean())
    text = words(explorer)
    assert f"in {100 * fires[:500].mean():.1f} % of the peaks" in text
    assert f"= {100 * (behind[peak] == 0).mean():.1f} %; its best" in text
    drawn = curves(explorer.figures["map"])["after"][1]
    np.testing.assert_allclose(drawn, behind[peak], atol=1e-9)


def test_the_goal_of_the_sparsity_can_be_reached():
    result = SparsityExplorer(bias=-7.0).result
    assert result.peaks > 0.85 and result.shuffles < 0.1 and result.zeros > 0.99


def test_the_axes_stand_still_while_the_bias_moves():
    axes = set()
    for bias in (-16.0, 0.0, 16.0):
        for chart in SparsityExplorer(bias=bias).figures.values():
            axes.add((chart.figure.layout.title.text[:20], chart.figure.layout.yaxis.range))
    assert len(axes) == 2


def test_a_motif_that_does_not_exist_is_answered_beside_its_field():
    explorer = SparsityExplorer()
    explorer.controls["motif"].value = "GATA99"
    assert "is not in JASPAR" in explorer.controls["motif"].description
    assert explorer.state.motif == "CTCF"


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("logit", [-8.0, -1.3, 0.0, 4.2])
def test_losses_and_gradients_are_those_of_torch_and_scipy(logit, label):
    explorer = LossExplorer(logit=logit, label=label)
    result = explorer.result
    t = torch.tensor(logit, dtype=torch.float64, requires_grad=True)
    y = torch.tensor(float(label), dtype=torch.float64)
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(t, y)
    entropy.backward()
    assert result.gradients["cross-entropy"] == pytest.approx(t.grad.item(), rel=1e-9)
    t.grad = None
    squared = 0.5 * (torch.sigmoid(t) - y) ** 2
    squared.backward()
    assert result.gradients["squared error"] == pytest.approx(t.grad.item(), rel=1e-9)
    assert result.losses["squared error"] == pytest.approx(squared.item(), rel=1e-9)
    bernoullis = -bernoulli.logpmf(label, torch.sigmoid(t).item())
    assert result.losses["cross-entropy"] == pytest.approx(bernoullis, rel=1e-9)
    seen = "ŷ" if label else "(1 - ŷ)"
    assert f"-log {seen} = {brief(bernoullis, 4)} nats" in words(explorer)
    assert words(explorer).count(f"= {brief(t.grad.item(), 4).replace('−', '-')}.") == 1


def test_the_words_say_how_wrong_the_prediction_is():
    assert "right side" in words(LossExplorer(logit=2.0, label=1))
    assert "both losses push" in words(LossExplorer(logit=2.0, label=0))
    assert "hardly pushes" in words(LossExplorer(logit=6.0, label=0))
