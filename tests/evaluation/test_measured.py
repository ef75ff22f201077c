"""Agreement with measured values, against scikit-learn and scipy."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
import sklearn.metrics

from motiflab.evaluation import r_squared, rank_correlation


def test_r_squared_is_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    for scale in (0.3, 1.0, 5.0):  # the last is worse than the mean: negative
        y = rng.normal(3, 2, 50)
        p = y + rng.normal(0.5, scale, 50)
        assert r_squared(y, p) == pytest.approx(sklearn.metrics.r2_score(y, p))


def test_the_rank_correlation_is_scipys_with_ties_too():
    rng = np.random.default_rng(1)
    y, p = rng.normal(size=80), rng.normal(size=80)
    for a, b in ((y, p), (y, y + p), (y.round(), (y + p).round()), (y, -np.exp(y))):
        assert rank_correlation(a, b) == pytest.approx(scipy.stats.spearmanr(a, b).statistic)


@pytest.mark.parametrize(
    ("measured", "predicted", "words"),
    [
        ([1, 2], [1, 2, 3], "one number for each"),
        ([1, 1], [1, 2], "measured must hold at least two different"),
        ([1, 2], [1, np.inf], "predicted must hold finite"),
    ],
)
def test_what_cannot_be_compared_is_refused(measured, predicted, words):
    for compare in (r_squared, rank_correlation):
        with pytest.raises(ValueError, match=words):
            compare(measured, predicted)
    with pytest.raises(ValueError, match="predicted must hold at least two different"):
        rank_correlation([1, 2], [3, 3])
