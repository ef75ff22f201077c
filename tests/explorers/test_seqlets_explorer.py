"""The card of seqlets: its counts, the goal that can be reached, and nothing by chance."""

from __future__ import annotations

import numpy as np
import pytest

from motiflab import SeqletsExplorer
from motiflab.explorers.seqlets_explorer import LOWEST, PLANTED, THRESHOLDS, WIDTH
from motiflab.motifs import jaspar, similarity


def test_the_goal_can_be_reached_and_names_are_of_the_right_shape():
    motifs = SeqletsExplorer(threshold=4.0, alike=0.8).result.motifs
    planted = [jaspar.load(name) for name in PLANTED]
    alike = np.array([[similarity(m.motif, p).similarity for p in planted] for m in motifs])
    assert len(motifs) == 3 and sorted(alike.argmax(axis=1)) == [0, 1, 2]
    assert alike.max(axis=1).min() > 0.95


def test_a_low_similarity_merges_two_and_a_high_one_breaks_one():
    assert len(SeqletsExplorer(threshold=4.0, alike=0.5).result.motifs) == 2
    assert len(SeqletsExplorer(threshold=2.0, alike=0.95).result.motifs) == 4


@pytest.mark.parametrize("threshold", [2.0, 5.0])
def test_counts_are_those_of_the_maps(threshold):
    result = SeqletsExplorer(threshold=threshold).result
    maps = result.ready.maps
    sums = [[row[i : i + WIDTH].sum() for i in range(len(row) - WIDTH + 1)] for row in maps]
    assert result.ready.positives[result.at] == (np.max(sums, axis=1) >= threshold).sum()
    assert len(set(result.seqlets.sequence)) == result.ready.positives[result.at]
    assert THRESHOLDS[result.at] == pytest.approx(threshold)


def test_shuffled_labels_leave_nothing_to_cut_and_the_card_says_so():
    card = SeqletsExplorer(labels="shuffled", threshold=LOWEST)
    assert len(card.result.seqlets) == 0 and card.result.motifs == []
    assert "nothing should be cut" in card.readout.html
    assert "No cluster is large enough" in card.figures["motifs"]
