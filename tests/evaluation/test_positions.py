"""Central enrichment against scipy's binomial test, exact fractions and places counted by hand."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from motiflab.evaluation import central_enrichment


def test_the_p_value_is_the_binomial_tail_in_exact_fractions():
    found = central_enrichment([3, 4, 0], width=3, length=10, reach=1)
    near = [j for j in range(8) if abs(j + 1 - 5) <= 1]
    assert near == [3, 4, 5] and (found.near, found.total, found.chance) == (2, 3, 3 / 8)
    p = Fraction(3, 8)
    assert found.p_value == pytest.approx(float(sum(comb(3, i) * p**i * (1 - p) ** (3 - i)
                                                    for i in (2, 3))), rel=1e-12)  # fmt: skip


@given(st.integers(1, 30), st.integers(0, 60), st.floats(0, 40), st.integers(0, 40), st.data())
def test_it_is_the_test_of_scipy(width, more, reach, hits, data):
    length = width + more
    start = data.draw(st.lists(st.integers(0, more), min_size=hits, max_size=hits))
    found = central_enrichment(start, width, length, reach)
    # The middle of a hit of an even number of bases lies between two of them.
    middles = np.array([np.mean(range(j, j + width)) for j in range(more + 1)])
    near = abs(middles - length // 2) <= reach
    assert found.near == near[start].sum() if start else found.near == 0
    assert found.total == hits and found.chance == pytest.approx(near.mean())
    if hits:
        wanted = binomtest(found.near, hits, found.chance, "greater").pvalue
        assert found.p_value == pytest.approx(wanted, rel=1e-9, abs=1e-300)
    else:
        assert found.p_value == 1


def test_hits_anywhere_are_not_enriched_and_hits_in_the_middle_are():
    rng = np.random.default_rng(0)
    p = [central_enrichment(rng.integers(0, 186, 60), 15, 200).p_value for _ in range(400)]
    assert np.mean(np.array(p) < 0.05) < 0.08 and np.median(p) > 0.3
    assert central_enrichment(np.full(60, 93), 15, 200).p_value < 1e-30


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"start": [186]}, "start must hold places from 0 to 185"),
        ({"start": [-1]}, "start must hold places"),
        ({"start": [[1]]}, "start must hold places"),
        ({"width": 201}, "width must be a whole number from 1 to 200"),
        ({"reach": -1}, "reach must be a number of at least 0"),
        ({"length": 0}, "length must be"),
    ],
)
def test_what_does_not_fit_is_one_sentence(changes, said):
    with pytest.raises(ValueError, match=said):
        central_enrichment(**({"start": [3], "width": 15, "length": 200} | changes))
