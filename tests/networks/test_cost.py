"""What a network costs, against torch's own counts and a case by hand."""

from __future__ import annotations

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from motiflab import networks
from motiflab.layers import receptive_field
from motiflab.networks import ModelSettings, field_layers, layer_costs

LENGTH = 40
KINDS = {
    "one layer": ModelSettings(filters=5, width=7),
    "stride, padding and dilation": ModelSettings(
        filters=3, width=4, stride=2, padding=3, dilation=2, window=4, both_strands=False
    ),
    "two layers": ModelSettings(
        filters=4, width=6, window=3, layers=2, second_filters=7, second_width=3, second_dilation=2
    ),
    "no pooling between": ModelSettings(
        filters=4, width=6, layers=2, second_filters=2, second_window=5, both_strands=False
    ),
    "everything": ModelSettings(
        filters=4,
        width=6,
        window=2,
        layers=2,
        second_filters=3,
        second_padding=1,
        second_window=4,
        hidden=9,
        outputs=3,
        batch_norm=True,
    ),
}
each_kind = pytest.mark.parametrize("settings", KINDS.values(), ids=KINDS)


@each_kind
def test_parameters_are_those_that_torch_counts(settings):
    network = networks.build(settings, LENGTH)
    costs = layer_costs(settings, LENGTH)
    assert sum(cost.parameters for cost in costs) == sum(p.numel() for p in network.parameters())


@each_kind
def test_multiply_adds_are_half_of_torchs_operations(settings):
    network = networks.build(settings, LENGTH).eval()
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(torch.zeros(1, 4, LENGTH))
    counted = sum(cost.multiply_adds for cost in layer_costs(settings, LENGTH))
    assert 2 * counted == counter.get_total_flops()


def test_a_small_network_by_hand():
    # 3 filters of 2 taps on 9 bases: 8 windows, 4 pooled; 2 filters of 2 taps: 3 places; dense.
    small = ModelSettings(
        filters=3, width=2, window=2, layers=2, second_filters=2, second_width=2, both_strands=False
    )
    first, second, dense = layer_costs(small, length=9)
    assert (first.parameters, first.multiply_adds) == (3 * (4 * 2 + 1), 3 * 8 * 4 * 2)
    assert (second.parameters, second.multiply_adds) == (2 * (3 * 2 + 1), 2 * 3 * 3 * 2)
    assert (dense.parameters, dense.multiply_adds) == (3, 2)


def test_a_network_sees_the_bases_that_change_a_unit_of_its_last_map():
    settings = ModelSettings(
        filters=4, width=5, window=3, layers=2, second_width=3, both_strands=False
    )
    network = networks.build(settings, LENGTH)
    x = torch.rand(1, 4, LENGTH, requires_grad=True)
    maps, _ = network.pooled(x)
    # Pooled by the mean, so that every base of a window counts.
    scores = torch.nn.functional.avg_pool1d(network.scores(x)[:, 0], 3)
    network.second_scores(scores[:, None])[0, 0, :, 2].sum().backward()
    seen = x.grad.abs().sum(dim=(0, 1)).nonzero().ravel().tolist()
    field = receptive_field(field_layers(settings))
    assert seen == list(range(*field.of(2))) and maps.shape[-1] == scores.shape[-1]
