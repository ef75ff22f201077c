"""The card on ranges and luck on a leaderboard, against numpy and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from motiflab import ChallengeExplorer
from motiflab.datasets import challenge_world
from motiflab.explorers.challenge_explorer import GUESSES, MOST


def test_the_best_guess_is_that_of_a_simulation():
    result = ChallengeExplorer(tests=50, hand_ins=20).result
    rng = np.random.default_rng(11)
    labels = np.repeat([1, 0], 25)
    best = [
        max(average_precision_score(labels, rng.random(50)) for _ in range(20)) for _ in range(25)
    ]
    # Four standard errors of the mean.
    assert result.best.area == pytest.approx(np.mean(best), abs=4 * np.std(best) / np.sqrt(25))
    inside = np.mean([(result.best.low <= area <= result.best.high) for area in best])
    assert inside >= 0.75 and len(result.climb) == MOST < GUESSES
    assert (np.diff(result.climb) > 0).all()


def test_scan_and_limit_are_those_of_the_world():
    result = ChallengeExplorer(level=1, tests=400).result
    world = challenge_world(1, 5)
    data = world.draw(400, 6)
    limit = average_precision_score(data.labels, world.log_ratio(data.sequences))
    weights = np.log(world.motifs[0].probabilities() * 4)
    scan = [
        max(
            weights[np.arange(12), codes[i : i + 12]].sum()
            for codes in (np.array(["ACGT".index(b) for b in s]) for s in both(sequence))
            for i in range(49)
        )
        for sequence in data.sequences
    ]
    assert result.limit.area == pytest.approx(limit)
    assert result.scan.area == pytest.approx(average_precision_score(data.labels, scan), abs=0.002)


def both(sequence: str) -> tuple[str, str]:
    return sequence, sequence.translate(str.maketrans("ACGT", "TGCA"))[::-1]


def test_a_larger_test_narrows_the_range_and_tells_them_apart():
    few, many = (ChallengeExplorer(level=1, tests=n).result for n in (50, 400))
    assert not few.apart and many.apart
    widths = [r.scan.high - r.scan.low for r in (few, many)]
    assert widths[1] < 0.7 * widths[0]
    assert "cannot be told apart" in ChallengeExplorer(level=1, tests=50).readout.html
