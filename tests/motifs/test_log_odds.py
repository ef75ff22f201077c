"""Log-odds against Bayes' rule, scipy and scikit-learn, and constants that change no score."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import expit, logit, softmax
from scipy.stats import entropy

from motiflab.datasets.planting import Arrangement, plant
from motiflab.datasets.published_sites import crp_sites
from motiflab.motifs import log_odds
from motiflab.motifs.log_odds import motif_from_weights
from motiflab.motifs.motif import Motif
from motiflab.sequences import matrix
from motiflab.sequences.encoding import one_hot

HALF = Motif.from_sites([site[3:11] for site in crp_sites()], "CRP, left half")
widths = st.integers(1, 8)
weights = widths.flatmap(lambda k: arrays(float, (k, 4), elements=st.floats(-5, 5)))
backgrounds = arrays(float, 4, elements=st.floats(0.05, 1)).map(lambda q: q / q.sum())


@given(st.floats(1e-9, 1 - 1e-9))
def test_prior_log_odds_are_scipys_logit(prior):
    assert log_odds.prior_log_odds(prior) == pytest.approx(logit(prior), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("prior", [0, 1, -0.1, 1.5, math.nan])
def test_a_prior_that_is_certain_is_refused(prior):
    with pytest.raises(ValueError, match="prior must be a number above 0 and below 1, got"):
        log_odds.prior_log_odds(prior)


@given(weights, st.floats(-5, 5), backgrounds, st.data())
def test_the_gauge_changes_no_score_and_undoes_any_constant(w, b, q, data):
    gauged, bias = log_odds.to_gauge(w, b, q)
    word = data.draw(st.lists(st.integers(0, 3), min_size=len(w), max_size=len(w)))
    places = range(len(w))
    assert gauged[places, word].sum() + bias == pytest.approx(w[places, word].sum() + b, abs=1e-9)
    np.testing.assert_allclose(np.exp(gauged) @ q, 1)
    shift = data.draw(arrays(float, len(w), elements=st.floats(-9, 9)))
    again = log_odds.to_gauge(w + shift[:, None], b - shift.sum(), q)
    np.testing.assert_allclose(again[0], gauged, atol=1e-9)
    assert again[1] == pytest.approx(bias, abs=1e-9)


@given(weights, backgrounds)
def test_in_the_gauge_the_weights_are_the_log_odds_of_the_ppm_that_they_stand_for(w, q):
    gauged, _ = log_odds.to_gauge(w, 0.0, q)
    ppm = softmax(w + np.log(q), axis=1)  # P proportional to q exp(W)
    np.testing.assert_allclose(gauged, np.log(ppm / q), atol=1e-9)
    np.testing.assert_allclose(motif_from_weights(w, q).probabilities(), ppm, atol=1e-12)


def test_the_gauge_worked_by_hand():
    # 1/4 (4 + 2 + 1 + 1) = 2: log 2 goes into the bias, and 4, 2, 1, 1 become 2, 1, 1/2, 1/2.
    gauged, bias = log_odds.to_gauge(np.log([[4.0, 2.0, 1.0, 1.0]]), 0.5)
    np.testing.assert_allclose(gauged, np.log([[2.0, 1.0, 0.5, 0.5]]))
    assert bias == pytest.approx(0.5 + math.log(2))


@pytest.mark.parametrize("wrong", [[[1, 2, 3]], [], [[0, 0, 0, math.nan]], [[math.inf, 0, 0, 0]]])
def test_weights_of_another_kind_are_refused(wrong):
    with pytest.raises(ValueError, match="weights must (have the shape|hold finite numbers)"):
        matrix.check_matrix("weights", wrong)


@given(
    arrays(float, (3, 4), elements=st.floats(0.01, 1)),
    arrays(float, (3, 4), elements=st.floats(0.01, 1)),
)
def test_relative_entropy_is_scipys(p, r):
    p, r = (x / x.sum(axis=1, keepdims=True) for x in (p, r))
    expected = np.mean([entropy(a, b, base=2) for a, b in zip(p, r)])
    assert log_odds.relative_entropy(p, r) == pytest.approx(expected, abs=1e-9)


def test_relative_entropy_of_what_the_estimate_excludes():
    sure, fair = np.array([[1.0, 0, 0, 0]]), np.array([[0.25] * 4])
    assert log_odds.relative_entropy(sure, fair) == 2
    assert log_odds.relative_entropy(fair, sure) == math.inf
    with pytest.raises(ValueError, match="shape of truth"):
        log_odds.relative_entropy(sure, np.vstack([fair, fair]))


def test_the_log_odds_with_the_prior_are_bayes_rule():
    q, prior, window = np.array([0.3, 0.2, 0.2, 0.3]), 0.02, "TGTGATCT"
    theta, places = HALF.probabilities(1.0, q), range(8)
    letters = ["ACGT".index(base) for base in window]
    motif = prior * theta[places, letters].prod()
    background = (1 - prior) * q[letters].prod()
    score = (HALF.log_odds(q) * one_hot(window)).sum() + log_odds.prior_log_odds(prior)
    assert expit(score) == pytest.approx(motif / (motif + background))


@pytest.fixture(scope="module")
def aligned():
    """Windows of half a CRP site among others, one in five a site, and what was fitted to them."""
    q = np.array([0.3, 0.2, 0.2, 0.3])
    arrangement = Arrangement((HALF,), both_strands=False)
    data = plant(8000, 8, arrangement, background=q, positive_fraction=0.2, seed=3)
    return q, data, log_odds.fit_aligned(data.sequences, data.labels)


def test_aligned_windows_give_the_log_odds_and_the_prior_of_the_training_set(aligned):
    # Ranges: tools/study_log_odds.py. Shuffled labels give a slope of 0.0 and a KL of 0.5.
    q, _, (w, b) = aligned
    gauged, bias = log_odds.to_gauge(w, b, q)
    slope = np.polyfit(HALF.log_odds(q).ravel(), gauged.ravel(), 1)[0]
    assert 0.93 < slope < 1.1
    assert bias == pytest.approx(math.log(0.2 / 0.8), abs=0.25)
    assert log_odds.relative_entropy(HALF.probabilities(1.0, q), motif_from_weights(w, q)) < 0.01


def test_the_fit_is_where_the_gradient_vanishes(aligned):
    # What defines the optimum: in each class of bases the predicted sites are the observed ones.
    _, data, (w, b) = aligned
    x = np.array([one_hot(window) for window in data.sequences], dtype=float)
    residual = data.labels - expit((x * w).sum(axis=(1, 2)) + b)
    np.testing.assert_allclose(np.tensordot(residual, x, 1) / len(x), 0, atol=2e-4)
    assert residual.mean() == pytest.approx(0, abs=2e-4)


def test_shuffled_labels_teach_nothing(aligned):
    q, data, _ = aligned
    labels = np.random.default_rng(0).permutation(data.labels)
    w, b = log_odds.to_gauge(*log_odds.fit_aligned(data.sequences, labels), q)
    assert abs(np.polyfit(HALF.log_odds(q).ravel(), w.ravel(), 1)[0]) < 0.1
    assert log_odds.relative_entropy(HALF.probabilities(1.0, q), motif_from_weights(w, q)) > 0.3
    assert b == pytest.approx(math.log(0.2 / 0.8), abs=0.2)


@pytest.mark.parametrize(
    ("windows", "labels", "message"),
    [
        (["AC", "ACG"], [0, 1], "windows must all have one length, got lengths from 2 to 3"),
        (["AC", "CC"], [1, 1], "both occur"),
        (["AC", "CC"], [0, 2], "both occur"),
        (["AC", "CC"], [0, 1, 1], "one for each of the 2 windows"),
    ],
)
def test_windows_that_cannot_be_fitted(windows, labels, message):
    with pytest.raises(ValueError, match=message):
        log_odds.fit_aligned(windows, labels)
