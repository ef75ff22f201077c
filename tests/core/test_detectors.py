"""Detectors of known distributions against scipy's integrals and against drawn scores."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm
from sklearn.metrics import average_precision_score, roc_auc_score

from motiflab.detectors import BROAD, RANDOM, SHARP, Detector

DETECTORS = [BROAD, SHARP, RANDOM, Detector("three", (0.2, 0.3, 0.5), (1.0, 3.0, -1.0))]
every = pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.name)


def density(detector, t):
    return sum(s * norm.pdf(t - m) for s, m in zip(detector.shares, detector.means))


@every
def test_rates_and_auroc_are_the_integrals(detector):
    for t in (-1.0, 0.5, 3.0):
        above = quad(lambda s: density(detector, s), t, 14)[0]
        assert detector.tpr(t) == pytest.approx(above, abs=1e-9)
        assert detector.fpr(t) == pytest.approx(norm.sf(t))
    # The chance to outrank: a negative lies below the score of the positive.
    area = quad(lambda s: density(detector, s) * norm.cdf(s), -10, 14)[0]
    assert detector.auroc() == pytest.approx(area)


@every
@pytest.mark.parametrize("prevalence", [0.5, 1e-3, 1e-6])
def test_auprc_is_the_integral(detector, prevalence):
    def precision_times_density(t):
        true = sum(s * norm.sf(t - m) for s, m in zip(detector.shares, detector.means))
        return (
            true
            * prevalence
            / (true * prevalence + norm.sf(t) * (1 - prevalence))
            * density(detector, t)
        )

    area = quad(precision_times_density, -10, 14, limit=500, epsabs=1e-12)[0]
    curve = detector.precision_recall(prevalence)
    assert curve.area == pytest.approx(area, abs=1e-4)
    assert curve.area == pytest.approx(area, rel=0.001)
    assert curve.x[0] < 1e-9 and curve.x[-1] > 1 - 1e-9


@every
def test_scores_that_are_drawn_have_these_areas(detector):
    rng = np.random.default_rng(1)
    labels = np.repeat([1, 0], [4000, 40_000])
    scores = rng.normal(size=44_000)
    scores[:4000] += rng.choice(detector.means, 4000, p=detector.shares)
    assert roc_auc_score(labels, scores) == pytest.approx(detector.auroc(), abs=0.015)
    drawn = average_precision_score(labels, scores)
    assert drawn == pytest.approx(detector.precision_recall(1 / 11).area, abs=0.015)


def test_a_random_score_has_the_baselines():
    assert RANDOM.auroc() == 0.5
    for prevalence in (0.5, 0.01, 1e-6):
        assert RANDOM.precision_recall(prevalence).area == pytest.approx(prevalence)


def test_the_areas_disagree_about_which_detector_is_better():
    assert BROAD.auroc() > SHARP.auroc() + 0.1
    for rarity in (1, 2, 4, 6):
        pi = 1 / (1 + 10**rarity)
        assert SHARP.precision_recall(pi).area > BROAD.precision_recall(pi).area
    assert BROAD.precision_recall(0.5).area > SHARP.precision_recall(0.5).area


@pytest.mark.parametrize(
    ("shares", "means"), [((0.5, 0.4), (0.0, 1.0)), ((1.0,), (0.0, 1.0)), ((2.0, -1.0), (0.0, 1.0)),
                          ((), ())]
)  # fmt: skip
def test_shares_that_are_none(shares, means):
    with pytest.raises(ValueError, match="shares must be positive, sum to 1"):
        Detector("wrong", shares, means)


def test_a_prevalence_of_one_is_refused():
    with pytest.raises(ValueError, match="prevalence must lie between 0 and 1, got 1"):
        BROAD.precision_recall(1)
