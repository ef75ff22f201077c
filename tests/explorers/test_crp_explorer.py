"""Fitted energies against sites: the correlation by scipy, shifts, shuffles, few sites."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy import stats

from motiflab.datasets.published_sites import crp_energy_matrix, crp_sites
from motiflab.explorers.crp_explorer import CrpExplorer, CrpState, compute, describe
from motiflab.sequences.encoding import reverse_complement


def centred_log_odds(sites: list[str]) -> np.ndarray:
    counts = np.array([[sum(s[k] == b for s in sites) for b in "ACGT"] for k in range(26)])
    w = np.log((counts + 0.25) / (len(sites) + 1) / 0.25)
    return w - w.mean(axis=1, keepdims=True)


def test_the_correlation_is_scipys():
    result = compute(CrpState())
    w, eps = centred_log_odds(crp_sites()), crp_energy_matrix()
    eps = eps - eps.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(result.weights, w, atol=1e-9)
    np.testing.assert_allclose(result.energies, eps, atol=1e-9)
    r = -stats.pearsonr(w.ravel(), eps.ravel()).statistic
    assert result.r == pytest.approx(r) and 0.88 < r < 0.91
    text = re.sub("<[^>]*>", "", describe(result))
    assert f"= {r:.3f} over 26 positions" in text
    assert "sort-seq" in text and "a consistency check" in text
    one = -stats.linregress(eps.ravel(), w.ravel()).slope
    other = -1 / stats.linregress(w.ravel(), eps.ravel()).slope
    assert (
        f"falls by {one:.2f} nats per kcal/mol, a line fitted the other way round by {other:.2f}"
        in text
    )


@pytest.mark.parametrize("shift", [-8, -1, 1, 2, 8])
def test_a_shift_lays_other_positions_on_each_other(shift):
    result = compute(CrpState(shift=shift))
    w, eps = centred_log_odds(crp_sites()), crp_energy_matrix()
    pairs = [(k, k - shift) for k in range(26) if 0 <= k - shift < 26]
    expected = [w[k] for k, _ in pairs], [eps[j] - eps[j].mean() for _, j in pairs]
    np.testing.assert_allclose(result.weights, expected[0], atol=1e-9)
    np.testing.assert_allclose(result.energies, expected[1], atol=1e-9)
    assert result.r < 0.4


def test_fewer_sites_are_drawn_from_the_list_by_the_seed():
    some = [compute(CrpState(sites=60, seed=seed)).r for seed in range(4)]
    assert len(set(some)) == 4 and all(0.7 < r < 0.93 for r in some)
    assert compute(CrpState(sites=60, seed=2)).r == some[2]
    assert compute(CrpState(sites=358, seed=1)).r == pytest.approx(compute(CrpState()).r)


def test_shuffled_energies_are_the_same_columns_in_another_order():
    result = compute(CrpState(columns="shuffled", seed=3))
    rows = [tuple(row.round(9)) for row in result.energies]
    eps = crp_energy_matrix()
    eps = eps - eps.mean(axis=1, keepdims=True)
    assert sorted(rows) == sorted(tuple(row.round(9)) for row in eps)
    assert rows != [tuple(row.round(9)) for row in eps] and result.r < 0.5


def test_the_draw_number_is_shown_only_where_something_is_drawn():
    explorer = CrpExplorer()
    seed = explorer.controls["seed"]
    assert seed.layout.display == "none"
    explorer.set(columns="shuffled")
    assert seed.layout.display is None
    explorer.set(columns="measured", sites=20)
    assert seed.layout.display is None
    explorer.set(sites=358)
    assert seed.layout.display == "none"


def test_no_line_is_fitted_where_there_is_none():
    assert "do not follow a common line" in describe(compute(CrpState(shift=1)))


def test_the_sites_are_fewer_than_they_seem():
    # The notebook says: about 265 different ones, not counting strands.
    different = {min(site, reverse_complement(site)) for site in crp_sites()}
    assert len(crp_sites()) == 358 and len(different) == 265
