"""Pooling and the routing of its gradient against torch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from motiflab.layers.pooling import KINDS, pool, pool_gradient, winners


def torch_pool(y, window, stride, kind):
    if kind == "max":
        return torch.nn.functional.max_pool1d(y[None], window, stride)[0]
    if kind == "average":
        return torch.nn.functional.avg_pool1d(y[None], window, stride)[0]
    return y.unfold(0, window, stride).logsumexp(dim=1)


# Few different values, so that ties are frequent.
maps = st.lists(st.integers(-3, 3), min_size=1, max_size=30)


@given(maps, st.integers(1, 8), st.integers(1, 9), st.sampled_from(KINDS), st.randoms())
def test_value_and_gradient_are_those_of_torch(values, window, stride, kind, random):
    assume(window <= len(values))
    y = torch.tensor(values, dtype=torch.float64, requires_grad=True)
    expected = torch_pool(y, window, stride, kind)
    upstream = [random.uniform(-1, 1) for _ in range(len(expected))]
    expected.backward(torch.tensor(upstream, dtype=torch.float64))
    np.testing.assert_allclose(pool(values, window, stride, kind), expected.detach(), atol=1e-12)
    got = pool_gradient(values, upstream, window, stride, kind)
    np.testing.assert_allclose(got, y.grad, atol=1e-12)


@given(maps, st.integers(1, 8), st.integers(1, 9))
def test_winners_are_those_of_torch(values, window, stride):
    assume(window <= len(values))
    y = torch.tensor(values, dtype=torch.float64)[None]
    _, expected = torch.nn.functional.max_pool1d(y, window, stride, return_indices=True)
    assert winners(values, window, stride).tolist() == expected[0].tolist()


@given(maps, st.integers(1, 8))
def test_windows_touch_unless_a_stride_is_given(values, window):
    assume(window <= len(values))
    assert pool(values, window).tolist() == pool(values, window, window).tolist()
    assert winners(values, window).tolist() == winners(values, window, window).tolist()


def test_a_shift_inside_a_window_changes_the_average_but_not_the_maximum():
    before, after = [0, 9, 1, 0, 0, 0, 0, 2], [2, 0, 9, 1, 0, 0, 0, 0]
    assert pool(before, 4)[0] == pool(after, 4)[0] == 9
    assert pool(before, 4, kind="average")[0] != pool(after, 4, kind="average")[0]


def test_log_sum_exp_does_not_overflow():
    np.testing.assert_allclose(pool([1e4, 1e4, -1e4], 3, kind="logsumexp"), [1e4 + np.log(2)])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"window": 0}, "window must be a whole number"),
        ({"window": 7}, "window must be at most the length of the map, 6, got 7"),
        ({"stride": 0}, "stride must be a whole number"),
        ({"kind": "median"}, "kind must be one of max, average, logsumexp, got 'median'"),
        ({"y": [[1.0, 2.0]]}, "y must be one row"),
        ({"y": [1.0, np.nan, 2.0]}, "y must be one row of finite"),
    ],
)
def test_bad_arguments_are_named(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        pool(**{"y": np.arange(6), "window": 2, **arguments})


def test_an_upstream_of_the_wrong_length_is_named():
    with pytest.raises(ValueError, match="upstream must have one number for each of the 3 windows"):
        pool_gradient(np.arange(6), [1.0], 2)
