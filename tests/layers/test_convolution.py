"""Convolution arithmetic against torch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from Bio.Seq import Seq
from hypothesis import assume, given
from hypothesis import strategies as st

from motiflab.layers.convolution import Layer, cross_correlate, index_map, output_length, windows
from motiflab.layers.receptive_fields import receptive_field
from motiflab.sequences.encoding import one_hot

options = st.tuples(st.integers(1, 4), st.integers(0, 6), st.integers(1, 4))


@given(st.integers(1, 40), st.integers(1, 9), options, st.integers(0, 2**32 - 1))
def test_cross_correlation_is_that_of_torch(length, width, option, seed):
    stride, padding, dilation = option
    assume(dilation * (width - 1) + 1 <= length + 2 * padding)
    rng = np.random.default_rng(seed)
    x, w, bias = rng.normal(size=(length, 4)), rng.normal(size=(width, 4)), rng.normal()
    expected = torch.nn.functional.conv1d(
        torch.from_numpy(x.T.copy())[None],
        torch.from_numpy(w.T.copy())[None],
        torch.tensor([bias], dtype=torch.float64),
        stride,
        padding,
        dilation,
    )[0, 0].numpy()
    got = cross_correlate(x, w, bias, stride, padding, dilation)
    assert got.shape == (output_length(length, width, stride, padding, dilation),)
    np.testing.assert_allclose(got, expected, atol=1e-12)


@given(st.integers(1, 30), st.integers(1, 6), options, st.integers(1, 20))
def test_windows_hold_what_the_index_map_says(length, width, option, channels):
    stride, _, dilation = option
    assume(dilation * (width - 1) + 1 <= length)
    x = np.arange(length * channels).reshape(channels, length).T  # its rows are not contiguous
    found = windows(x, width, stride, dilation)
    assert found.shape == (output_length(length, width, stride, 0, dilation), width, channels)
    for j, window in enumerate(found):
        places = index_map(j, np.arange(width), stride, 0, dilation)
        np.testing.assert_array_equal(window, x[places])


@given(st.integers(1, 40), st.integers(1, 12), options)
def test_no_output_is_explained_just_where_torch_refuses(length, width, option):
    stride, padding, dilation = option
    x, w = torch.ones(1, 1, length), torch.ones(1, 1, width)
    try:
        expected = torch.nn.functional.conv1d(x, w, None, stride, padding, dilation).shape[-1]
    except RuntimeError:
        with pytest.raises(ValueError, match="no output") as error:
            output_length(length, width, stride, padding, dilation)
        assert str(length + 2 * padding) in str(error.value)
        assert str(dilation * (width - 1) + 1) in str(error.value)
    else:
        assert output_length(length, width, stride, padding, dilation) == expected


@given(st.integers(1, 30), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_true_convolution_is_cross_correlation_with_the_flipped_filter(length, width, seed):
    rng = np.random.default_rng(seed)
    x, w = rng.normal(size=(length, 4)), rng.normal(size=(width, 4))
    expected = sum(np.convolve(x[:, c], w[:, c]) for c in range(4))
    got = cross_correlate(x, w[::-1], padding=width - 1)
    np.testing.assert_allclose(got, expected, atol=1e-12)


@given(st.text("ACGT", min_size=1, max_size=30), st.integers(1, 5), options, st.integers(0, 2**32))
def test_the_reverse_complement_of_a_filter_reads_the_other_strand(sequence, width, option, seed):
    _, padding, dilation = option
    assume(dilation * (width - 1) + 1 <= len(sequence) + 2 * padding)
    w = np.random.default_rng(seed).normal(size=(width, 4))
    x = torch.from_numpy(one_hot(sequence).T.astype(float))[None]
    b = torch.tensor([0.5], dtype=torch.float64)
    taps = torch.from_numpy(w.T.copy())[None]
    here = torch.nn.functional.conv1d(x, taps, b, 1, padding, dilation)[0, 0].numpy()
    other = one_hot(str(Seq(sequence).reverse_complement()))
    there = cross_correlate(other, w[::-1, ::-1], 0.5, 1, padding, dilation)
    np.testing.assert_allclose(there[::-1], here, atol=1e-12)


def test_worked_example_of_the_chapter():
    # A width of 5, stride 2 and padding 2: output 1 meets positions 0 to 4.
    assert [index_map(1, k, stride=2, padding=2) for k in range(5)] == [0, 1, 2, 3, 4]
    assert index_map(0, np.arange(3), padding=2, dilation=3).tolist() == [-2, 1, 4]


@given(
    st.lists(
        st.tuples(st.integers(1, 5), st.integers(1, 3), st.integers(0, 3), st.integers(1, 3)),
        min_size=1,
        max_size=3,
    ),
    st.integers(0, 20),
)
def test_receptive_field_is_what_autograd_reaches(layers, j):
    x = torch.zeros(1, 1, 300, requires_grad=True)
    y = x
    for width, stride, padding, dilation in layers:
        y = torch.nn.functional.conv1d(y, torch.ones(1, 1, width), None, stride, padding, dilation)
    assume(j < y.shape[-1])
    y[0, 0, j].backward()
    reached = x.grad[0, 0].nonzero().ravel()
    field = receptive_field(layers)
    first, last = field.of(j)
    assert last - first == field.size
    if first >= 0 and last <= 300:
        assert (reached.min(), reached.max() + 1) == (first, last)
    elif len(reached):
        assert reached.min() >= first and reached.max() < last


def test_two_motifs_with_a_gap_need_their_lengths_and_the_gap():
    # Motifs of 7 and 9 with a gap of up to 10 are 26 bases: widths 7 and 20 just reach that far.
    assert receptive_field([Layer(7), Layer(20)]).size == 7 + 10 + 9


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"stride": 0}, "stride"),
        ({"padding": -1}, "padding"),
        ({"dilation": 0}, "dilation"),
        ({"width": 0}, "width"),
        ({"length": -1}, "length"),
        ({"width": 2.5}, "width"),
        ({"stride": True}, "stride"),
    ],
)
def test_bad_numbers_are_named(arguments, named):
    with pytest.raises(ValueError, match=f"^{named} must be"):
        output_length(**{"length": 10, "width": 3, **arguments})


@pytest.mark.parametrize(("x", "w"), [((5,), (3, 4)), ((5, 4), (3, 3)), ((2, 5, 4), (3, 4))])
def test_shapes_that_do_not_fit_are_named(x, w):
    with pytest.raises(ValueError, match="shape"):
        cross_correlate(np.zeros(x), np.zeros(w))
