"""Scanning a genome with a network: the scores are its logits for each window."""

from __future__ import annotations

import numpy as np
import pytest

from motiflab.datasets import Dataset
from motiflab.evaluation import scan_genome, window_scores
from motiflab.networks import ModelSettings, NetworkReader, logits, network_reader, untrained
from motiflab.sequences import FastaRecord, random_sequences, reverse_complement

SETTINGS = {
    "both strands": ModelSettings(filters=3, width=6),
    "one strand": ModelSettings(filters=3, width=6, both_strands=False, pooling="logsumexp"),
    "two layers": ModelSettings(
        filters=3, width=5, window=3, layers=2, second_filters=2, second_width=2
    ),
}


@pytest.mark.parametrize("kind", SETTINGS)
def test_scores_are_the_logits_of_each_window(kind):
    network = untrained(SETTINGS[kind], length=20, seed=4)
    (text,) = random_sequences(1, 120, None, np.random.default_rng(0))
    windows = [text[i : i + 20] for i in range(101)]
    expected = [windows]
    if not network.settings.both_strands:
        expected.append([reverse_complement(window) for window in windows])
    found = window_scores(text, NetworkReader(network, 20))
    assert found.shape == (len(expected), 101)
    for row, texts in zip(found, expected, strict=True):
        data = Dataset.of(texts, [0] * 101, [""] * 101)
        np.testing.assert_allclose(row, logits(network, data), atol=1e-5)


def test_hits_of_both_strands_have_no_strand_and_p_values_are_counted(monkeypatch):
    monkeypatch.setattr(network_reader, "SAMPLE", 2000)
    reader = NetworkReader(untrained(SETTINGS["both strands"], length=12, seed=1), 12)
    sample = np.sort(reader.scores(np.random.default_rng(0).choice(4, 2011, p=[0.25] * 4))[0])
    assert reader.p_values(sample[-1]) == pytest.approx(2 / 2001)
    assert reader.p_values([sample[-1] + 1, sample[0] - 1]).tolist() == [1 / 2001, 1.0]
    level = reader.threshold(0.01)
    assert (sample >= level).sum() == 19 and reader.p_values(level) == 20 / 2001
    (text,) = random_sequences(1, 3000, None, np.random.default_rng(7))
    hits = list(scan_genome([FastaRecord("x", text)], reader, level, better=True))
    assert 5 < len(hits) < 80 and {hit.strand for hit in hits} == {"."}
    assert all(hit.p_value <= 0.01 and hit.end - hit.start == 12 for hit in hits)


def test_a_window_must_hold_the_filter():
    with pytest.raises(ValueError, match="width must be at least 6"):
        NetworkReader(untrained(SETTINGS["both strands"], length=20), 5)
    with pytest.raises(ValueError, match="p must be"):
        NetworkReader(untrained(SETTINGS["both strands"], length=20), 20).threshold(1e-9)
