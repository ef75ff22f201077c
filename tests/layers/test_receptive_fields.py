"""The field that a grammar needs, by brute force; what a unit sees, by torch's gradients."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from motiflab.layers import receptive_fields
from motiflab.layers.convolution import Layer
from motiflab.layers.receptive_fields import Grammar, Stack, receptive_field
from motiflab.networks import cnn, model_settings

lengths, gaps = st.integers(1, 5), st.integers(0, 5)
grammars = st.builds(
    lambda a, b, low, more: Grammar(a, b, low, low + more),
    lengths,
    lengths,
    gaps,
    st.integers(0, 3),
)
networks = st.builds(
    Stack,
    width=st.integers(1, 6),
    window=st.integers(1, 4),
    second_width=st.integers(1, 4),
    dilation=st.integers(1, 3),
    depth=st.integers(1, 2),
)
layers = st.lists(
    st.builds(
        Layer,
        width=st.integers(1, 4),
        stride=st.integers(1, 3),
        padding=st.integers(0, 2),
        dilation=st.integers(1, 4),
    ),
    min_size=1,
    max_size=3,
)


def units(stack: Stack, about: int) -> list[set[int]]:
    """What each unit near position `about` sees, tap by tap; nothing of the module is used."""
    found = []
    for j in range(-about, about):
        pooled = {j}
        for _ in range(stack.depth):
            pooled = {i + k * stack.dilation for i in pooled for k in range(stack.second_width)}
        first = {i * stack.window + k for i in pooled for k in range(stack.window)}
        found.append({i + k for i in first for k in range(stack.width)})
    return found


@settings(max_examples=40, deadline=None)
@given(networks, grammars)
def test_missed_is_what_brute_force_finds(stack, wanted):
    everyone = units(stack, 60)
    table = receptive_fields.missed(stack.layers, wanted)
    for gap in range(wanted.gap_min, wanted.gap_max + 1):
        for phase in range(stack.window):
            motifs = [*range(wanted.first)]
            motifs += range(wanted.first + gap, wanted.first + gap + wanted.second)
            placed = {phase + i for i in motifs}
            least = min(len(placed - seen) for seen in everyone)
            assert table[gap - wanted.gap_min, phase] == least
            place, escaped = receptive_fields.best_place(stack.layers, wanted, gap, phase)
            field = receptive_fields.seen_positions(stack.layers)
            assert place % stack.window == phase
            assert len({place + i for i in motifs} - set(field.tolist())) == escaped == least


@settings(max_examples=40, deadline=None)
@given(grammars, st.integers(1, 6), st.integers(0, 8))
def test_the_needed_field_is_the_smallest_that_sees_every_phase(wanted, jump, more):
    """Fields without holes of every size, literally moved along the sequence in steps of J."""
    composite = wanted.first + wanted.gap_max + wanted.second

    def whole(size):
        return all(
            any(j * jump <= p and p + composite <= j * jump + size for j in range(-60, 60))
            for p in range(jump)
        )

    needed = receptive_fields.field_needed(wanted.first, wanted.gap_max, wanted.second, jump)
    assert wanted.needed(jump) == needed
    assert whole(needed + more) and not whole(needed - 1)


@settings(max_examples=60, deadline=None)
@given(networks, grammars)
def test_without_holes_whole_means_a_field_of_the_needed_size(stack, wanted):
    size, jump, _ = receptive_field(stack.layers)
    if not len(receptive_fields.holes(stack.layers)):
        assert receptive_fields.sees_whole(stack, wanted) == (size >= wanted.needed(jump))
    assert receptive_fields.sees_whole(stack, wanted) == (
        not receptive_fields.missed(stack.layers, wanted).any()
    )


@settings(max_examples=40, deadline=None)
@given(layers, st.integers(0, 3))
def test_a_unit_sees_what_torch_sends_a_gradient_to(stack, j):
    length = 400
    x = torch.zeros(1, 1, length, dtype=torch.double, requires_grad=True)
    y = x
    for width, stride, padding, dilation in stack:
        ones = torch.ones(1, 1, width, dtype=torch.double)
        y = torch.nn.functional.conv1d(y, ones, None, stride, padding, dilation)
    y[0, 0, j].backward()
    inside = torch.nonzero(x.grad[0, 0]).flatten().tolist()
    seen = receptive_fields.seen_positions(stack, j)
    # Paths through the padding of a middle layer lead to no base: torch has zeros there.
    assert set(inside) <= set(seen.tolist())
    if not any(layer.padding for layer in stack):
        assert inside == seen.tolist()
        first, last = receptive_field(stack).of(j)
        gaps = sorted(set(range(first, last)) - set(inside))
        assert [i + j * receptive_field(stack).jump for i in receptive_fields.holes(stack)] == gaps


def test_doubling_the_dilation_leaves_no_hole_and_keeping_it_does():
    doubling = [Layer(2, dilation=2**i) for i in range(5)]
    assert len(receptive_fields.seen_positions(doubling)) == receptive_field(doubling).size == 32
    assert receptive_fields.holes([Layer(3), Layer(2, dilation=4)]).tolist() == [3]
    assert receptive_fields.holes([Layer(1), Layer(3, dilation=3)]).tolist() == [1, 2, 4, 5]


def test_below_touching_no_unit_holds_a_base_of_each_motif():
    wanted = Grammar(4, 3, 5, 8)
    for size in range(1, 20):
        field = np.arange(size)
        both = any(
            np.isin(wanted.bases(gap)[:4] + at, field).any()
            and np.isin(wanted.bases(gap)[4:] + at, field).any()
            for gap in range(5, 9)
            for at in range(-20, 20)
        )
        assert both == (size >= wanted.touching)


@pytest.mark.parametrize("window", [1, 4])
@pytest.mark.parametrize("dilation", [1, 2])
def test_the_stack_is_the_network_that_is_trained(window, dilation):
    """Parameters and field against a network of torch's layers."""
    settings = model_settings.ModelSettings(
        filters=5,
        width=6,
        window=window,
        layers=2,
        second_filters=5,
        second_width=3,
        second_dilation=dilation,
        both_strands=False,
        activation="none",
        pooling="average",
    )
    network = cnn.build(settings, 60, seed=1)
    stack = Stack(6, window, 3, dilation)
    assert stack.parameters(5) == sum(p.numel() for p in network.parameters())
    x = torch.zeros(1, 4, 60, requires_grad=True)
    network.second_scores(network.pooled(x)[0])[0, 0, 0, 2].backward()
    touched = torch.nonzero(x.grad[0].abs().sum(0)).flatten().tolist()
    assert touched == receptive_fields.seen_positions(stack.layers, 2).tolist()


def test_a_deeper_stack_counts_each_layer():
    convolutions = [torch.nn.Conv1d(4, 8, 5), *(torch.nn.Conv1d(8, 8, 3) for _ in range(3))]
    modules = [*convolutions, torch.nn.Linear(8, 1)]
    by_torch = sum(p.numel() for module in modules for p in module.parameters())
    assert Stack(5, 2, 3, 4, depth=3).parameters(8) == by_torch


@settings(max_examples=20, deadline=None)
@given(networks, grammars)
def test_each_way_changes_one_choice_by_the_least_that_suffices(stack, wanted):
    for name, found in receptive_fields.ways_to_see(stack, wanted, most=8).items():
        values = range(getattr(stack, name), 9)
        good = [
            value
            for value in values
            if not receptive_fields.missed(
                Stack(**{**vars(stack), name: value}).layers, wanted
            ).any()
        ]
        assert found == (Stack(**{**vars(stack), name: good[0]}) if good else None)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((7, 7, 5, 3), "gap_min must be at most gap_max, 3, not 5."),
        ((0, 7, 3, 5), "first must be a whole number of at least 1, got 0."),
        ((7, 2.5, 3, 5), "second must be a whole number of at least 1, got 2.5."),
        ((7, 7, -1, 5), "gap_min must be a whole number of at least 0, got -1."),
        ((7, 7, 0, True), "gap_max must be a whole number of at least 0, got True."),
    ],
)
def test_a_bad_grammar_is_explained(numbers, said):
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        Grammar(*numbers)


@given(st.integers(1, 8), st.integers(0, 40))
def test_tap_distances_are_those_behind_torchs_pooling(window, distance):
    for phase, got in enumerate(receptive_fields.tap_distances(distance, window)):
        peaks = torch.zeros(2, 64)  # one map for each motif
        peaks[0, phase] = peaks[1, phase + distance] = 1
        first, second = torch.nn.functional.max_pool1d(peaks, window).argmax(dim=1).tolist()
        assert got == second - first


@pytest.mark.parametrize("window", range(1, 8))
def test_which_distances_pooling_can_confuse(window):
    found = {d: set(receptive_fields.tap_distances(d, window).tolist()) for d in range(50)}
    differences = {True: set(), False: set()}
    for d, e in itertools.combinations(found, 2):
        differences[bool(found[d] & found[e])].add(e - d)
    assert differences[True] == set(range(1, 2 * window - 1))
    assert differences[False] == set(range(window, 50))


def test_a_window_without_positions_is_refused():
    with pytest.raises(ValueError, match="^window must be a whole number of at least 1, got 0"):
        receptive_fields.tap_distances(13, 0)


def test_a_worked_example():
    """7 + 11 + 7 = 25; units 4 bases apart, so 28; width 6 gives 7 + 3 + 5 * 4 = 30."""
    wanted = Grammar(7, 7, 9, 11)
    assert (wanted.needed(), wanted.needed(4)) == (25, 28)
    assert receptive_field(Stack(7, 4, 5).layers).size == 26
    assert receptive_fields.missed(Stack(7, 4, 5).layers, wanted).tolist() == [
        [0, 0, 0, 0],
        [0, 0, 0, 1],
        [0, 0, 1, 1],
    ]
    assert receptive_field(Stack(7, 4, 6).layers).size == 30
    assert receptive_fields.sees_whole(Stack(7, 4, 6), wanted)
