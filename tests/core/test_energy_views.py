"""Any view gives the other three: against scipy, and there and back."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special

from motiflab import energy_views

BETAS = st.floats(0.5, 3.0)
matrices = arrays(float, st.tuples(st.integers(1, 5), st.just(4)), elements=st.floats(-4, 4))
BACKGROUNDS = arrays(float, 4, elements=st.floats(0.05, 1.0)).map(lambda q: q / q.sum())


@given(w=matrices, beta=BETAS, q=BACKGROUNDS)
def test_views_of_a_filter_are_scipys(w, beta, q):
    views = energy_views.views_of(w, "filter", beta, q)
    theta = special.softmax(w + np.log(q), axis=1)
    np.testing.assert_allclose(views.filter, w)
    np.testing.assert_allclose(views.probabilities, theta, atol=1e-12)
    np.testing.assert_allclose(views.log_odds, np.log(theta / q), atol=1e-9)
    # Odds of two bases are exp(-beta * difference of energies); the best base has 0.
    np.testing.assert_allclose(
        views.energies, np.max(w, axis=1, keepdims=True) / beta - w / beta, atol=1e-9
    )
    assert views.note == ""


@given(w=matrices, beta=BETAS, q=BACKGROUNDS, name=st.sampled_from(energy_views.NAMES))
def test_a_view_given_back_gives_the_same_motif_and_no_note(w, beta, q, name):
    first = energy_views.views_of(w, "filter", beta, q)
    again = energy_views.views_of(getattr(first, name), name, beta, q)
    for one in ("log_odds", "probabilities", "energies"):
        np.testing.assert_allclose(getattr(again, one), getattr(first, one), atol=1e-9)
    assert again.note == ""


def test_by_hand():
    # theta = 4/7, 1/7, 1/7, 1/7 with a uniform background, beta = log 2: 4 to 1 costs 2 kcal/mol.
    views = energy_views.views_of([[0, 2, 2, 2]], "energies", np.log(2))
    np.testing.assert_allclose(views.probabilities, [[4 / 7, 1 / 7, 1 / 7, 1 / 7]])
    np.testing.assert_allclose(views.log_odds, np.log([[16 / 7, 4 / 7, 4 / 7, 4 / 7]]))
    np.testing.assert_allclose(views.filter, views.log_odds)


@pytest.mark.parametrize(
    ("numbers", "given", "note"),
    [
        ([[2, 1, 1, 1]], "probabilities", "Position 0 sums to 5, so its numbers were divided by"),
        ([[0.25] * 4, [0.3] * 4, [1] * 4], "probabilities", "Position 1 sums to 1.2, .*1 more"),
        ([[0, 0, 0, 0], [1, 1, 1, 1]], "log_odds", "Position 1 broke .*, so 1 was taken off"),
        ([[0, 1, 1, 1], [-0.5, 1, 1, 1]], "energies", "Position 1 has −0.5 as its best, which"),
        ([[7, 1, 1, 1]], "filter", "^$"),
        ([[0.2502, 0.25, 0.25, 0.25]], "probabilities", "^$"),
    ],
)
def test_a_note_says_what_was_done(numbers, given, note):
    assert re.search(note, energy_views.views_of(numbers, given, 1.7).note)


def test_a_constant_of_a_position_changes_no_other_view():
    w = np.random.default_rng(0).normal(size=(3, 4))
    first = energy_views.views_of(w, "filter", 1.7)
    moved = energy_views.views_of(w + [[5], [0], [-3]], "filter", 1.7)
    for one in ("log_odds", "probabilities", "energies"):
        np.testing.assert_allclose(getattr(moved, one), getattr(first, one), atol=1e-12)


@pytest.mark.parametrize(
    ("numbers", "given", "words"),
    [
        ([[0, 0, 0, 0]], "probabilities", "Position 0 sums to 0: some base must be possible"),
        ([[0.5, 0.5, 0, 0]], "probabilities", "G at position 0 has the probability 0, which is an"),
        ([[0.5, -0.1, 0.3, 0.3]], "probabilities", "C at position 0 must not have a negative"),
        ([[1, 1, 1, 1]], "scores", "given must be one of filter, log_odds, prob.*got 'scores'"),
        ([[1, 1, 1]], "filter", r"numbers must have the shape \(K, 4\)"),
    ],
)
def test_bad_input_is_answered_in_words(numbers, given, words):
    with pytest.raises(ValueError, match=words):
        energy_views.views_of(numbers, given, 1.7)
