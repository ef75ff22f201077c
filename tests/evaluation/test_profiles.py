"""Divergence of profiles against scipy, and places of footprints against the likelihood."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import multinomial

from motiflab.evaluation import footprint_scores, jensen_shannon, locate

FOOTPRINT = np.array([0.05, 0.5, 0.1, 0.15, 0.2])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 40))
def test_the_divergence_is_the_square_of_scipys_distance(seed, length):
    rng = np.random.default_rng(seed)
    p, q = rng.poisson(1.0, (2, 6, length)) + np.eye(length)[rng.integers(length, size=(2, 6))]
    found = jensen_shannon(p, q)
    np.testing.assert_allclose(found, jensenshannon(p, q, base=2, axis=1) ** 2, atol=1e-9)
    assert (found >= 0).all() and (found <= 1 + 1e-12).all()
    np.testing.assert_allclose(found, jensen_shannon(q * 7, p), atol=1e-12)


def test_the_score_is_a_ratio_of_multinomial_likelihoods():
    reads = np.random.default_rng(1).poisson(2.0, 20)
    for strand, shape in enumerate((FOOTPRINT, FOOTPRINT[::-1])):
        for middle in (2, 9, 17):
            p = np.full(20, 0.3 / 20)
            p[middle - 2 : middle + 3] += 0.7 * shape
            n = reads.sum()
            ratio = multinomial.logpmf(reads, n, p) - multinomial.logpmf(reads, n, np.ones(20) / 20)
            score = footprint_scores(reads[None], FOOTPRINT)[0, strand, middle]
            assert score == pytest.approx(ratio)


def test_a_footprint_is_found_where_it_lies_and_on_its_strand():
    for middle, strand in ((3, 0), (11, 1), (15, 0), (18, 1)):
        reads = np.zeros((1, 20))
        shape = (FOOTPRINT, FOOTPRINT[::-1])[strand]
        ends = slice(middle - 2, min(middle + 3, 20))
        reads[0, ends] = 100 * shape[: ends.stop - ends.start]
        place, side = locate(reads + 1, FOOTPRINT)
        assert (place.tolist(), side.tolist()) == ([middle], [strand])


def test_a_profile_without_reads_is_refused():
    for p, words in (([0, 0], "a read in every"), ([1, -1], "at least 0")):
        with pytest.raises(ValueError, match=words):
            jensen_shannon(p, [1, 1])
    with pytest.raises(ValueError, match="odd length"):
        footprint_scores([[1, 2]], [0.5, 0.5])
