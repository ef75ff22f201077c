"""One object under several names: what the map of identities of notebook 15 claims."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.special import logsumexp

from motiflab.layers import HEADS
from motiflab.motifs import e_step, mutual_information, pair_terms, site_windows
from motiflab.networks import ModelSettings, OneLayerNetwork, forward, gradient
from motiflab.sequences import ENGLISH, PROTEIN, encode, random_sequences

WIDTH, LENGTH = 4, 12


@pytest.mark.parametrize("alphabet", [PROTEIN, ENGLISH], ids=["protein", "english"])
def test_the_gradient_of_log_sum_exp_is_attention_of_torch_and_the_posterior_of_em(alphabet):
    rng = np.random.default_rng(0)
    ppm = rng.dirichlet(np.ones(alphabet.size), WIDTH)
    weights = np.log(ppm * alphabet.size)
    settings = ModelSettings(1, WIDTH, activation="none", pooling="logsumexp", both_strands=False)
    network = OneLayerNetwork(weights[None], [0.0], [1.0], 0.0, settings, alphabet)
    texts = random_sequences(3, LENGTH, None, rng, alphabet)
    x = encode(texts, alphabet=alphabet).x.transpose(0, 2, 1)
    windows = site_windows(texts, WIDTH, alphabet)
    posterior = e_step(ppm, windows, both_strands=False, alphabet=alphabet).places[:, 0]
    for one, seen, r in zip(x, windows.reshape(3, -1, WIDTH * alphabet.size), posterior):
        found = forward(network, one)
        scores = seen @ weights.ravel()
        assert found.logit == pytest.approx(logsumexp(scores), rel=1e-5)
        share = found.share.ravel()
        np.testing.assert_allclose(share, r, rtol=1e-4)
        query, keys = (
            torch.from_numpy(each.copy()).double() for each in (weights.reshape(1, -1), seen)
        )
        attended = torch.nn.functional.scaled_dot_product_attention(query, keys, keys, scale=1.0)
        slope = gradient(network, found, label=1)
        surprise = HEADS["classify"].gradient(1, found.logit)
        np.testing.assert_allclose(slope.weights.ravel(), surprise * attended[0], rtol=1e-4)


def test_pair_terms_are_what_independent_positions_leave_out():
    rng = np.random.default_rng(1)
    table = rng.dirichlet(np.ones(16)).reshape(4, 4)
    q = rng.dirichlet(np.ones(4))
    first, second = table.sum(axis=1), table.sum(axis=0)
    found = pair_terms(table)
    exact = np.log(table / np.outer(q, q))
    np.testing.assert_allclose(
        np.log(first / q)[:, None] + np.log(second / q) + found, exact, atol=1e-12
    )
    assert (table * found).sum() / np.log(2) == pytest.approx(mutual_information(table))
    np.testing.assert_allclose(pair_terms(np.outer(first, second)), 0, atol=1e-12)
    with pytest.raises(ValueError, match="table must hold positive probabilities"):
        pair_terms(np.eye(4) / 4)
