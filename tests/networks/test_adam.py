"""The optimiser, step by step, against torch's."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from motiflab.networks import Adam, one_cycle


def torchs(total, peak, parameters, decay=0.0):
    kind = torch.optim.AdamW if decay else torch.optim.Adam
    optimizer = kind(parameters, lr=peak, weight_decay=decay)
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, peak, total_steps=total + 1)
    return optimizer, cycle


@given(st.integers(1, 400), st.floats(1e-6, 10))
def test_the_rate_and_the_momentum_are_torchs(total, peak):
    optimizer, cycle = torchs(total, peak, [torch.zeros(1, requires_grad=True)])
    for step in range(total):
        group = optimizer.param_groups[0]
        expected = group["lr"], group["betas"][0]
        assert one_cycle(step, total, peak) == pytest.approx(expected, rel=1e-9)
        optimizer.step()
        cycle.step()


@given(st.integers(0, 10**6), st.sampled_from([1, 2, 30]), st.sampled_from([0.0, 0.1, 5.0]))
def test_each_step_is_torchs(seed, total, decay):
    rng = np.random.default_rng(seed)
    mine = [rng.normal(size=(3, 2)), rng.normal(size=())]
    his = [torch.tensor(p, requires_grad=True) for p in mine]
    optimizer, cycle = torchs(total, 0.1, his, decay)
    adam = Adam(mine, 0.1, total, decay)
    for _ in range(total):
        # Gradients of very different sizes, some of them 0.
        gradients = [rng.normal(size=p.shape) * 10.0 ** rng.integers(-9, 4) for p in mine]
        gradients[0] *= rng.integers(0, 2, (3, 2))
        adam.step(gradients)
        for p, g in zip(his, gradients, strict=True):
            p.grad = torch.tensor(g)
        optimizer.step()
        cycle.step()
        for p, q in zip(mine, his, strict=True):
            np.testing.assert_allclose(p, q.detach(), rtol=1e-9, atol=1e-12)
    assert adam.steps == total


def test_the_first_step_by_hand():
    # m = 0.05 g and s = 0.001 g^2; corrected by 1 - 0.95 and 1 - 0.999 they are g and g^2, so the
    # step is the rate times the sign of g, whatever its size. The first rate is 0.5 / 25.
    p = np.array([1.0, 1.0, 1.0])
    Adam([p], peak=0.5, total=10).step([np.array([3.0, -0.001, 0.0])])
    assert p == pytest.approx([0.98, 1.02, 1.0], abs=1e-6)
