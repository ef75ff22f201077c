"""What a second-layer filter reads, against torch and against a network built by hand."""

import numpy as np
import pytest
import torch

from motiflab import datasets, models, second_layer
from motiflab.motifs import Motif
from motiflab.planting import Arrangement

A = Motif("A", [[99 * (base == letter) for base in "ACGT"] for letter in "GATTAC"])
B = Motif("B", [[99 * (base == letter) for base in "ACGT"] for letter in "CCGTGC"])


@pytest.fixture(scope="module")
def data():
    near, far = Arrangement((A, B), ((4, 4),)), Arrangement((A, B), ((12, 12),))
    return datasets.planted(near, far, n=60, length=40, seed=1)


def built(**changes):
    choices = {"filters": 3, "width": 6, "window": 3, "layers": 2, "second_filters": 4}
    return models.build(models.ModelSettings(**choices | {"second_width": 3} | changes), 40, seed=2)


@pytest.mark.parametrize("both", [True, False])
@pytest.mark.parametrize("dilation", [1, 2])
def test_the_contributions_and_the_bias_add_up_to_the_score(data, both, dilation):
    network = built(both_strands=both, second_dilation=dilation)
    reading = second_layer.read_second_layer(network, data)
    # Torch alone: the pre-activations of the second layer, caught on their way.
    x = torch.from_numpy(data.x[data.labels == 1])
    weight, bias = network.second.weight, network.second.bias
    scores = []
    with torch.no_grad():
        maps = network.pooled(x)[0]
        for strand, turned in zip(maps.unbind(1), (weight, weight.flip(2))):
            scores.append(torch.nn.functional.conv1d(strand, turned, bias, dilation=dilation))
    best = torch.cat(scores, -1)[:, reading.index].amax(-1).mean()
    assert reading.score == pytest.approx(float(best), rel=1e-5)
    assert reading.contributions.sum() + reading.bias == pytest.approx(reading.score, rel=1e-4)
    assert reading.offsets.tolist() == [0, 3 * dilation, 6 * dilation]


def test_a_filter_made_for_a_then_b_is_read_as_a_then_b(data):
    """First-layer filters A and B; one second-layer filter that wants A, then B 10 bases on."""
    near, far = (Arrangement((A, B), ((gap, gap),), both_strands=False) for gap in (4, 12))
    data = datasets.planted(near, far, n=200, length=40, seed=1)
    network = built(filters=2, window=1, second_filters=2, second_width=11, both_strands=False)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
        for f, motif in enumerate((A, B)):
            network.conv.weight[f] = torch.from_numpy(motif.probabilities().T)
            network.conv.bias[f] = -5
        network.second.weight[1, 0, 0] = network.second.weight[1, 1, 10] = 1
        network.dense.weight[0, 1] = 1
    reading = second_layer.read_second_layer(network, data)
    assert reading.index == 1 and reading.strength > 0.9
    large = np.argwhere(reading.contributions > 0.5).tolist()
    assert large == [[0, 0], [1, 10]]
    assert reading.offsets.tolist() == list(range(11))


def test_one_layer_or_ragged_data_are_refused(data):
    one = models.build(models.ModelSettings(filters=2, width=5), 40)
    with pytest.raises(ValueError, match="two layers to read the second, not 1"):
        second_layer.read_second_layer(one, data)
    lengths = data.lengths.copy()
    lengths[0] = 30
    ragged = type(data)(**{**vars(data), "lengths": lengths})
    with pytest.raises(ValueError, match="sequences of one length, got 30 to 40"):
        second_layer.read_second_layer(built(), ragged)


def test_offsets_count_bases_also_where_the_first_layer_takes_steps(data):
    network = built(stride=2, window=3, second_width=3)
    assert second_layer.read_second_layer(network, data).offsets.tolist() == [0, 6, 12]


def test_a_filter_that_speaks_for_the_positives_is_taken_before_a_better_one_that_does_not(data):
    network = built()
    with torch.no_grad():
        network.dense.weight.fill_(-1)
        best = second_layer.read_second_layer(network, data).index  # of all, as none is positive
        network.dense.weight[0, (best + 1) % 4] = 1
    assert second_layer.read_second_layer(network, data).index == (best + 1) % 4
