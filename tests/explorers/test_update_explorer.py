"""The explorer of updates: each against autograd, and what is drawn against what was computed."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch

from motiflab.explorers.update_explorer import UPDATES, UpdateExplorer, training
from motiflab.figures.svg import wide_only
from motiflab.motifs import jaspar
from motiflab.motifs.closest_motifs import similarity


def words(explorer) -> str:
    return re.sub("<[^>]*>", "", explorer.readout.html).replace("−", "-")


def change_by_torch(result) -> np.ndarray:
    """Return what torch's SGD adds to the filter, (K, 4), for the update that is shown."""
    ran, u = result.training.course, result.state.update
    weight = torch.tensor(ran.weights[u - 1].transpose(0, 2, 1), requires_grad=True)
    strand = torch.tensor(result.lesson.x[ran.order[u - 1]]).T[None]
    both = torch.cat([strand, strand.flip(1, 2)])  # the reverse complement
    y = torch.nn.functional.conv1d(both, weight, torch.tensor(ran.bias[u - 1]))
    y = y.relu() if result.state.activation == "relu" else y
    logit = y.amax() + ran.dense_bias[u - 1]
    label = torch.tensor(float(result.training.labels[ran.order[u - 1]]), dtype=torch.float64)
    torch.nn.functional.binary_cross_entropy_with_logits(logit, label).backward()
    return -result.state.rate * weight.grad[0].T.numpy()


@pytest.mark.parametrize(
    "state",
    [
        {"update": 1},
        {"update": 400},
        {"update": UPDATES},
        {"update": 5, "activation": "relu", "seed": 2},
        {"update": 30, "source": "planted", "rate": 0.2},
        {"update": 77, "shuffled": True},
    ],
)
def test_each_update_is_the_step_of_torchs_sgd(state):
    result = UpdateExplorer(**state).result
    expected = change_by_torch(result)
    np.testing.assert_allclose(result.after - result.before, expected, atol=1e-9)
    assert np.count_nonzero(expected) == len(expected)
    text = words(UpdateExplorer(**state))
    assert f"= {expected.flat[np.abs(expected).argmax()]:+.4f} each." in text


def test_the_addition_is_drawn_with_its_numbers_under_the_bases_of_the_window():
    explorer = UpdateExplorer(update=250)
    result = explorer.result
    svgs = re.findall(r"<svg.*?</svg>", wide_only(explorer.figures["sum"]), re.S)
    assert len(svgs) == 3
    pattern = r'text-anchor="middle">(.*?)</g>'
    shown = []
    for svg in svgs:
        texts = re.findall(r"<text[^>]*>([^<]*)</text>", re.search(pattern, svg, re.S)[1])
        width = len(result.before)
        numbers = [float(t.replace("−", "-")) for t in texts[width:]]
        shown.append((texts[:width], np.array(numbers).reshape(4, width).T))
    np.testing.assert_allclose(shown[0][1], result.before, atol=0.0051)
    np.testing.assert_allclose(shown[1][1], change_by_torch(result), atol=0.00051)
    np.testing.assert_allclose(shown[2][1], result.after, atol=0.0051)
    start = int(result.reading.start[0])
    seen = result.lesson.data.sequences[result.sequence][start : start + len(result.before)]
    if result.reading.strand[0] == "-":
        seen = seen[::-1].translate(str.maketrans("ACGT", "TGCA"))
    assert "".join(shown[1][0]) == seen
    assert seen in explorer.figures["sum"]


def test_the_similarity_is_that_of_the_softmax_with_the_motif():
    result = UpdateExplorer(update=600).result
    ppm = torch.softmax(torch.tensor(result.after), dim=1).numpy()
    expected = similarity(ppm, jaspar.load("CTCF")).similarity
    assert result.alignment.similarity == pytest.approx(expected, abs=1e-9)
    assert f"Similarity to CTCF: {expected:.2f}." in words(UpdateExplorer(update=600))


def test_most_starts_find_the_motif_and_shuffled_labels_do_not():
    true = [training("ctcf", False, False, 0.1, seed).similarity[-1] for seed in range(3)]
    shuffled = [training("ctcf", True, False, 0.1, seed).similarity[-1] for seed in range(3)]
    assert sum(value > 0.9 for value in true) >= 2
    assert max(shuffled) < 0.7


def test_nothing_of_the_motif_is_in_the_start():
    starts = [training("ctcf", False, False, 0.1, seed).similarity[0] for seed in range(3)]
    assert max(starts) < 0.6
    same = training("ctcf", True, False, 0.1, 0).course.first.weights
    np.testing.assert_array_equal(same, training("ctcf", False, False, 0.1, 0).course.first.weights)


def test_shuffling_keeps_as_many_positives():
    true = training("ctcf", False, False, 0.1, 0).labels
    shuffled = training("ctcf", True, False, 0.1, 0).labels
    assert true.sum() == shuffled.sum() == 500
    assert 400 < (true == shuffled).sum() < 600


def test_a_dead_filter_says_so_and_when_it_died():
    explorer = UpdateExplorer(activation="relu", seed=0, update=UPDATES)
    text = words(explorer)
    assert "no weight of the filter moves" in text
    last = int(re.search(r"moves it is update (\d+)", text)[1])
    weights = explorer.result.training.course.weights
    assert (weights[last] != weights[last - 1]).any()
    assert (weights[last:] == weights[last]).all()


def test_planted_sites_are_marked_and_real_ones_are_not_known():
    planted = UpdateExplorer(source="planted")
    positives = np.flatnonzero(planted.result.training.labels[planted.result.training.course.order])
    planted.set(update=int(positives[0]) + 1)
    assert "planted GATA2" in planted.figures["scan"]
    assert "planted" not in UpdateExplorer().figures["scan"]


def test_the_axes_stand_still_through_a_course():
    ticks = set()
    explorer = UpdateExplorer()
    for update in (1, 300, UPDATES):
        explorer.set(update=update)
        logo = explorer.figures["centred"]
        ticks.add(tuple(re.findall(r'text-anchor="end">([^<]*)<', logo)))
        for name in ("similarity", "loss"):
            ticks.add(explorer.figures[name].figure.layout.yaxis.range)
    assert len(ticks) == 3


def test_the_limits_hold_every_weight_of_the_course_and_little_more():
    ran = UpdateExplorer(update=3).result.training
    weights = ran.course.weights[:, 0]
    assert ran.limit / 2 < np.abs(weights).max() <= ran.limit
    centred = weights - weights.mean(axis=2, keepdims=True)
    above = centred.clip(min=0).sum(axis=2).max()  # how high the letters of a position stand
    assert ran.highest - 0.5 < above <= ran.highest


@pytest.mark.parametrize("rate", [0.1, 0.3])
@pytest.mark.parametrize("seed", [0, 10])
@pytest.mark.parametrize("shuffled", [False, True])
def test_no_loss_lies_beyond_its_axis(rate, seed, shuffled):
    # Of 320 trainings the one with rate 0.3, seed 10 and shuffled labels has the highest, 2.35.
    card = UpdateExplorer(rate=rate, seed=seed, shuffled=shuffled, update=UPDATES)
    figure = card.figures["loss"].figure
    low, high = figure.layout.yaxis.range
    losses = np.concatenate([trace.y for trace in figure.data if len(trace.y)])
    assert low <= losses.min() and losses.max() <= high


def test_the_curves_end_at_the_update_that_is_looked_at():
    explorer = UpdateExplorer(update=130)
    alike, loss = (explorer.figures[name].figure.data[-2] for name in ("similarity", "loss"))
    assert [*alike.x] == [*range(0, 121, 20), 130] and [*loss.x] == [*range(1, 131)]
    assert alike.y[-1] == explorer.result.alignment.similarity
    assert alike.y[6] == pytest.approx(UpdateExplorer(update=120).result.alignment.similarity)
    losses = explorer.result.training.course.losses
    assert loss.y[-1] == pytest.approx(losses[80:130].mean())
    assert loss.y[9] == pytest.approx(losses[:10].mean())
