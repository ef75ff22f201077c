"""The logo of bound sites against the plain sum over every site."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from scipy import constants, special, stats

from motiflab.datasets.published_sites import crp_energy_matrix
from motiflab.explorers.saturation_explorer import (
    SaturationExplorer,
    SaturationState,
    compute,
    describe,
    energies,
)

BETA = 4184 / (constants.R * 298)


def by_enumeration(mu: float, gc: float):
    """PPM, Boltzmann's PPM, mean occupancy and that of a bound site, of positions 5 to 9."""
    eps = crp_energy_matrix()[5:10]
    eps = eps - eps.min(axis=1, keepdims=True)
    q = np.array([(1 - gc) / 2, gc / 2, gc / 2, (1 - gc) / 2])
    x = np.array(list(itertools.product(range(4), repeat=5)))
    p = special.expit(BETA * (mu - eps[np.arange(5), x].sum(axis=1)))
    share = q[x].prod(axis=1)
    found = share * p / (share @ p)
    ppm = np.array([[found[x[:, k] == a].sum() for a in range(4)] for k in range(5)])
    return ppm, special.softmax(np.log(q) - BETA * eps, axis=1), share @ p, found @ p, q


@pytest.mark.parametrize("mu", [-4.0, 0.0, 2.5, 8.0])
@pytest.mark.parametrize("gc", [0.3, 0.5])
def test_five_positions_are_the_sum_over_1024_sites(mu, gc):
    result = compute(SaturationState(motif="half", mu=mu, gc=gc))
    ppm, boltzmann, average, held, q = by_enumeration(mu, gc)
    np.testing.assert_allclose(result.bound, ppm, rtol=1e-4)
    np.testing.assert_allclose(result.boltzmann, boltzmann, rtol=1e-9)
    divergence = sum(stats.entropy(p, b, base=2) for p, b in zip(ppm, boltzmann))
    assert result.divergence == pytest.approx(divergence, abs=1e-4)
    assert result.bits == pytest.approx(sum(stats.entropy(p, q, base=2) for p in ppm), abs=1e-3)
    assert result.random == pytest.approx(average, rel=1e-3)
    assert result.held == pytest.approx(held, rel=1e-3)
    assert result.best == pytest.approx(special.expit(BETA * mu))


def test_the_curve_meets_the_present_point():
    for motif in ("crp", "half"):
        for mu in (-4.0, 3.0, 7.5, 16.0):
            result = compute(SaturationState(motif=motif, mu=mu))
            mus, bits, divergence = result.curve
            here = int(np.flatnonzero(np.isclose(mus, mu))[0])
            assert bits[here] == pytest.approx(result.bits, abs=0.005)
            assert divergence[here] == pytest.approx(result.divergence, abs=0.005)


def test_the_best_base_of_each_position_has_energy_0():
    assert energies("half").shape == (5, 4) and energies("crp").shape == (26, 4)
    assert (energies("crp").min(axis=1) == 0).all()
    np.testing.assert_array_equal(energies("half"), energies("crp")[5:10])


def test_the_readout_by_enumeration():
    text = re.sub("<[^>]*>", "", describe(compute(SaturationState(motif="half", mu=3.0))))
    ppm, boltzmann, _, held, q = by_enumeration(3.0, 0.5)
    divergence = sum(stats.entropy(p, b, base=2) for p, b in zip(ppm, boltzmann))
    bits, full = (sum(stats.entropy(p, q, base=2) for p in m) for m in (ppm, boltzmann))
    assert f"= {divergence:.2f} bits" in text
    assert f"information {bits:.2f} of {full:.2f} bits: {100 * (1 - bits / full):.0f} %" in text
    assert f"occupied {100 * held:.2g} % of the time" in text and "flattens" in text


def test_the_goal_half_of_the_bits():
    lost = [compute(SaturationState(mu=mu)) for mu in (3.0, 7.0, 7.25)]
    assert lost[0].best > 0.99 and lost[0].bits / lost[0].full > 0.95
    assert lost[1].bits / lost[1].full > 0.5 > lost[2].bits / lost[2].full


def test_axes_stand_still_while_mu_moves():
    explorer = SaturationExplorer()
    before = explorer.figures["curve"].figure.layout
    explorer.set(mu=9.0, gc=0.3)
    after = explorer.figures["curve"].figure.layout
    assert (before.xaxis.range, before.yaxis.range) == (after.xaxis.range, after.yaxis.range)
    for name in ("boltzmann", "bound"):
        assert re.findall(r'text-anchor="end">(\d)<', explorer.figures[name])[:3] == ["0", "1", "2"]


def test_positions_have_their_numbers_in_the_whole_site():
    explorer = SaturationExplorer(motif="half")
    numbers = re.findall(r'y="103">(\d+)</text>', explorer.figures["bound"])
    assert numbers == ["5", "6", "7", "8", "9"]
