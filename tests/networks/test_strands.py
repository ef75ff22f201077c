"""Both strands: reversed filters, averages, shared weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from motiflab.datasets import Dataset, augmented, other_strand
from motiflab.layers import cross_correlate
from motiflab.networks import (
    ModelSettings,
    TrainSettings,
    averaged_logits,
    logits,
    train,
    untrained,
)
from motiflab.sequences import one_hot, random_sequences, reverse_complement

ENGINES = ["numpy", "torch"]


def data(seed=0, n=40, length=30):
    rng = np.random.default_rng(seed)
    texts = random_sequences(n, length, None, rng)
    return Dataset.of(texts, rng.integers(0, 2, n), [f"s{i}" for i in range(n)])


def network(engine, both_strands, seed=0, length=30):
    model = ModelSettings(filters=3, width=7, both_strands=both_strands)
    return untrained(model, length, seed, engine=engine)


@given(st.text("ACGT", min_size=6, max_size=30), st.integers(1, 6), st.integers(0, 99))
def test_the_turned_filter_finds_on_one_strand_what_the_filter_finds_on_the_other(
    sequence, width, seed
):
    """Entry (k, a) of the turned filter is entry (K - 1 - k, 3 - a); torch computes the scores."""
    W = np.random.default_rng(seed).normal(size=(width, 4))
    turned = np.array([[W[width - 1 - k, 3 - a] for a in range(4)] for k in range(width)])
    x, back = (
        torch.tensor(one_hot(text, channels="first")[None], dtype=torch.float64)
        for text in (sequence, reverse_complement(sequence))
    )
    filters = [torch.tensor(w.T[None].copy()) for w in (turned, W)]
    here = torch.nn.functional.conv1d(x, filters[0])[0, 0].numpy()
    there = torch.nn.functional.conv1d(back, filters[1])[0, 0].numpy()
    np.testing.assert_allclose(here, there[::-1], atol=1e-12)
    np.testing.assert_allclose(cross_correlate(one_hot(sequence), turned), here, atol=1e-6)


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000))
def test_averages_and_shared_weights_do_not_depend_on_the_strand(engine, seed):
    here, there = data(seed), other_strand(data(seed))
    shared, plain = (network(engine, both, seed) for both in (True, False))
    np.testing.assert_allclose(logits(shared, here), logits(shared, there), atol=1e-6)
    averaged = averaged_logits(plain, here)
    np.testing.assert_array_equal(averaged, averaged_logits(plain, there))
    np.testing.assert_allclose(averaged, (logits(plain, here) + logits(plain, there)) / 2)
    assert abs(logits(plain, here) - logits(plain, there)).max() > 0.01


@pytest.mark.parametrize("engine", ENGINES)
def test_augmentation_does_not_make_a_network_see_both_strands_alike(engine):
    here, plain = data(1), network(engine, both_strands=False)
    *_, _ = train(plain, augmented(here), TrainSettings(epochs=3, batch=8), engine=engine)
    there = other_strand(here)
    assert abs(logits(plain, here) - logits(plain, there)).max() > 0.01


def test_shared_weights_learn_nothing_more_from_augmented_data():
    """A sequence and its reverse complement have the same loss and gradient."""
    here, both = data(2), augmented(data(2))
    twice = here.subset(np.tile(np.arange(len(here)), 2))
    trained = []
    for one in (twice, both):
        shared = untrained(ModelSettings(filters=3, width=7), 30, seed=3)
        *_, last = train(shared, one, TrainSettings(epochs=2, batch=8, seed=3))
        trained.append(last)
    assert trained[0].loss == pytest.approx(trained[1].loss, abs=1e-5)
    for name, value in trained[0].weights.items():
        np.testing.assert_allclose(value, trained[1].weights[name], atol=1e-3)
