"""Maps against the truth: against scikit-learn, a case by hand, and maps that know nothing."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from motiflab.datasets import Arrangement, planted
from motiflab.evaluation import map_quality
from motiflab.motifs import Motif


def test_each_sequence_is_judged_by_itself():
    rng = np.random.default_rng(0)
    inside, scores = rng.random((20, 50)) < 0.2, rng.normal(size=(20, 50)).round(1)
    scores *= rng.lognormal(size=(20, 1))  # the scales differ, which may not matter
    quality = map_quality(inside, scores)
    for i in range(20):
        assert quality.auroc[i] == pytest.approx(roc_auc_score(inside[i], scores[i]))
        assert quality.auprc[i] == pytest.approx(average_precision_score(inside[i], scores[i]))
        assert quality.prevalence[i] == inside[i].mean()
    assert 0.45 < quality.auroc.mean() < 0.55


def test_the_truth_itself_is_perfect_and_its_opposite_is_not():
    inside = np.eye(5, dtype=bool)[:3]
    assert map_quality(inside, inside).auroc.tolist() == [1, 1, 1]
    assert map_quality(inside, ~inside).auroc.tolist() == [0, 0, 0]


def test_planted_bases_hold_the_sites_and_nothing_else():
    box = Motif("box", [[99, 0, 0, 0]] * 6)
    data = planted(
        Arrangement((box,), copies=(1, 2)), n=40, length=30, background=[0.01, 0.33, 0.33, 0.33]
    )
    inside = data.planted_bases
    assert inside.shape == (40, 30)
    np.testing.assert_array_equal(inside.any(axis=1), data.labels == 1)
    for row, sequence in zip(inside, data.sequences):
        read = "".join(sequence[i] for i in np.flatnonzero(row))
        assert len(read) in (0, 6, 12)
        # A site is A or, on the other strand, T, with at most one letter that is not.
        assert all(max(map(s.count, "AT")) >= 5 for s in (read[:6], read[6:]) if s)
    part = data.subset([3, 2])
    np.testing.assert_array_equal(part.planted_bases, inside[[3, 2]])


@pytest.mark.parametrize(
    ("inside", "scores", "argument"),
    [
        ([[1, 0]], [[1.0, 2, 3]], "scores"),
        ([1, 0], [1.0, 2], "scores"),
        ([[0, 0]], [[1.0, 2]], "labels"),
        ([[1, 0]], [[np.nan, 2]], "scores"),
    ],
)
def test_bad_input_is_a_sentence(inside, scores, argument):
    with pytest.raises(ValueError, match=argument):
        map_quality(inside, scores)
