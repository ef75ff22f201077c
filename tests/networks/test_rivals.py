"""The rivals: log-sum-exp is EM's E-step, word models are scikit-learn's, judged on new peaks."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

from motiflab.datasets import Trial, add_negatives, ctcf
from motiflab.motifs import e_step, jaspar, m_step, site_windows
from motiflab.networks import (
    compete,
    compete_all,
    fewer_peaks,
    fit_word_model,
    forward,
    gradient,
    logits,
    matrix_network,
)
from motiflab.networks.rivals import PATTERNS, STRENGTH, _judged
from motiflab.sequences import one_hot, reverse_complement

CTCF = jaspar.load("CTCF")


@pytest.fixture(scope="module")
def trial() -> Trial:
    """100 CTCF peaks to learn from, 60 to judge with, each with its shuffle."""
    peaks = ctcf()
    part = [add_negatives(peaks.subset(rows), "dinucleotide") for rows in
            (np.arange(100), np.arange(100, 160))]  # fmt: skip
    return Trial(part[0], {"shuffles": part[1]})


@pytest.mark.parametrize("label", [0, 1])
def test_the_gradient_weighs_the_posterior_by_the_error(label):
    sequence = ctcf().sequences[0][60:140]
    network = matrix_network(CTCF)
    seen = forward(network, one_hot(sequence))
    ppm = np.exp(network.weights[0]) / 4  # the background is uniform
    found = site_windows([sequence], CTCF.width).astype(float)
    places = e_step(ppm, found).places
    np.testing.assert_allclose(seen.share[0], places[:, 0], atol=1e-9)
    ratio = e_step(ppm, found).log_ratio[0]
    assert seen.logit == pytest.approx(ratio + np.log(places.size))
    slope = gradient(network, seen, label)
    counts = m_step(places, found, pseudocount=0)
    np.testing.assert_allclose(slope.weights[0], (seen.probability - label) * counts, atol=1e-9)


def test_a_matrix_scores_as_a_motif_does(trial):
    data = trial.tests["shuffles"]
    strands = [one.score(data.sequences) for one in (CTCF, CTCF.reverse_complement())]
    best = logits(matrix_network(CTCF, "max"), data)
    np.testing.assert_allclose(best, np.max(strands, axis=(0, 2)), atol=1e-4)
    q = np.array([0.2, 0.3, 0.3, 0.2])
    np.testing.assert_allclose(
        matrix_network(CTCF, background=q).weights[0], CTCF.log_odds(q), atol=1e-6
    )


def test_a_word_model_is_that_of_scikit_learn(trial):
    model = fit_word_model(trial.train, ["####"], 0.1)
    words = ["".join(word) for word in itertools.product("ACGT", repeat=4)]
    reader = CountVectorizer(analyzer="char", ngram_range=(4, 4), lowercase=False, vocabulary=words)
    learn, judge = (
        reader.transform(data.sequences)
        + reader.transform([reverse_complement(one) for one in data.sequences])
        for data in (trial.train, trial.tests["shuffles"])
    )
    theirs = LogisticRegression(C=0.1, max_iter=1000).fit(learn, trial.train.labels)
    scores = theirs.decision_function(judge)
    np.testing.assert_allclose(model.predict(trial.tests["shuffles"]), scores, atol=0.05)


def test_fewer_peaks_are_a_random_part_with_their_own_shuffles(trial):
    few = fewer_peaks(trial, 30, seed=1)
    assert few.tests is trial.tests and len(few.train) == 60
    for row, sequence in enumerate(few.train.sequences[:30]):
        assert sorted(sequence) == sorted(few.train.sequences[30 + row])
    assert few.train.labels.tolist() == [1] * 30 + [0] * 30
    again, other = (fewer_peaks(trial, 30, seed).train.sequences for seed in (1, 2))
    assert few.train.sequences == again != other
    assert fewer_peaks(trial, 100).train.sequences == trial.train.sequences
    with pytest.raises(ValueError, match="peaks must be a whole number from 1 to 100, got 101"):
        fewer_peaks(trial, 101)


@pytest.fixture(scope="module")
def rivals(trial):
    return {rival.name: rival for rival in compete(trial, CTCF, seed=1)}


def test_all_rivals_compete_and_are_judged_as_scikit_learn_does(trial, rivals):
    assert list(rivals) == ["JASPAR", "EM", "6-mers", "gapped 6-mers", "CNN"]
    data = trial.tests["shuffles"]
    for name, model in (
        ("JASPAR", matrix_network(CTCF)),
        ("6-mers", fit_word_model(trial.train, PATTERNS["6-mers"], STRENGTH)),
    ):
        scores = model.predict(data) if name == "6-mers" else logits(model, data)
        assert rivals[name].auroc["shuffles"] == pytest.approx(roc_auc_score(data.labels, scores))
        area = average_precision_score(data.labels, scores)
        assert rivals[name].auprc["shuffles"] == pytest.approx(area)


def test_the_rivals_learn_and_say_how_many_numbers(rivals):
    assert rivals["EM"].auroc["shuffles"] > 0.93 and rivals["JASPAR"].auroc["shuffles"] > 0.93
    assert all(rival.auroc["shuffles"] > 0.75 for rival in rivals.values())
    numbers = {name: rival.parameters for name, rival in rivals.items()}
    assert numbers["JASPAR"] == 0 and numbers["EM"] == 60
    assert numbers["CNN"] == 16 * 20 * 4 + 16 + 16 + 1
    assert 3000 < numbers["6-mers"] <= 4**6 + 1 < numbers["gapped 6-mers"] <= 15 * 4**6 + 1
    assert all(rival.seconds >= 0 for rival in rivals.values())


def test_in_a_page_where_the_time_of_the_processor_stands_still_a_clock_measures(
    trial, monkeypatch
):
    monkeypatch.setattr("time.process_time", lambda: 0.0)
    monkeypatch.setattr("sys.platform", "emscripten")
    assert _judged("JASPAR", trial, lambda data: (matrix_network(CTCF), 0)).seconds > 0


def test_em_sees_no_negatives_and_the_others_fall_with_random_labels(trial, rivals):
    turned = dataclasses.replace(trial.train, labels=1 - trial.train.labels)
    from_shuffles = {
        r.name: r.auroc["shuffles"] for r in compete(trial._replace(train=turned), CTCF)
    }
    assert 0.3 < from_shuffles["EM"] < 0.75
    assert all(from_shuffles[name] < 0.25 for name in ("6-mers", "gapped 6-mers", "CNN"))
    assert from_shuffles["JASPAR"] == rivals["JASPAR"].auroc["shuffles"]


def test_many_contests_come_in_their_order_and_as_they_are_alone(trial, rivals):
    few = fewer_peaks(trial, 20)
    contests = {"all": (trial, CTCF, 1), "few": (few, CTCF, 1)}
    found = dict(compete_all(contests, jobs=1))
    assert list(found) == ["all", "few"]
    for here, there in zip(found["all"], rivals.values(), strict=True):
        assert here._replace(seconds=0) == there._replace(seconds=0)
    assert found["few"][2].auroc["shuffles"] < rivals["6-mers"].auroc["shuffles"]
