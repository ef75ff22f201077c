"""The exercises on judging against scikit-learn, scipy and Bayes' rule."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
import scipy.stats
from Bio.Seq import Seq
from learners import NAMES, each
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching
from scipy.stats import norm
from sklearn.metrics import (
    auc,
    average_precision_score,
    explained_variance_score,
    precision_recall_curve,
    r2_score,
    roc_auc_score,
)

from motiflab.datasets import (
    Dataset,
    Trial,
    add_negatives,
    count_leaks,
    from_peaks,
    made_genome,
    read_peaks,
)
from motiflab.evaluation.calibration import shift_prior
from motiflab.evaluation.curves import average_precision_of_guess
from motiflab.evaluation.prevalence import precision_at_prevalence
from motiflab.exercises import find
from motiflab.exercises.exercise import RIGHT
from motiflab.exercises.sets import judging_exercises
from motiflab.interpretation import strongest_motif
from motiflab.layers import sigmoid
from motiflab.motifs import jaspar
from motiflab.networks import ModelSettings, TrainSettings, logits, matrix_network, train_all
from motiflab.sequences import gc_background, random_sequences


@pytest.mark.parametrize(("exercise", "given"), each("judging.areas"))
def test_areas_are_those_of_scikit_learn(exercise, given):
    wanted = [
        roc_auc_score(given.labels, given.scores),
        average_precision_score(given.labels, given.scores),
    ]
    assert np.allclose(exercise.right(given), wanted)
    precision, recall, _ = precision_recall_curve(given.labels, given.scores)
    claimed = judging_exercises.straight_lines(given.labels, given.scores)
    assert np.isclose(claimed, auc(recall, precision))


def test_areas_by_hand():
    labels, scores = np.array([1, 0, 1, 0]), np.array([3, 2, 2, 1])
    assert np.isclose(judging_exercises.auroc(labels, scores), 3.5 / 4)
    assert np.isclose(judging_exercises.average_precision(labels, scores), 0.5 * 1 + 0.5 * 2 / 3)
    assert np.isclose(judging_exercises.mean_precision(labels, scores), (1 + 2 / 3 + 1 / 2) / 3)


@pytest.mark.parametrize(("exercise", "given"), each("judging.areas"))
def test_tie_is_one_positive_and_one_negative(exercise, given):
    values, counts = np.unique(given.scores, return_counts=True)
    tied = values[counts > 1]
    assert tied.size == 1
    assert sorted(given.labels[given.scores == tied[0]]) == [0, 1]
    assert (np.diff(given.scores) <= 0).all(), "the table falls"


@pytest.mark.parametrize(("exercise", "given"), each("judging.areas"))
def test_half_of_a_slip_is_recognised(exercise, given):
    auroc, ap = exercise.right(given)
    lines = judging_exercises.straight_lines(given.labels, given.scores)
    in_favour = auroc + 0.5 / 15
    for answer, name in (
        ([ap, auroc], "order exchanged"),
        ([auroc - 0.5 / 15, auroc], "AUROC for AUPRC"),
        ([auroc - 0.5 / 15, 3 * ap], "not divided by the positives"),
        (
            [0.123, judging_exercises.lines_without_start(given.labels, given.scores)],
            "straight lines between the points",
        ),
        ([0.123, lines], "straight lines between the points"),
        ([in_favour, ap], "tie counted in favour"),
        ([auroc - 0.5 / 15, ap], "tie counted against"),
    ):
        assert exercise.check(np.round(answer, 3), given).mistake == name
    assert exercise.check(np.round([auroc, ap], 3), given).state == "right"


@pytest.mark.parametrize(("exercise", "given"), each("judging.allowed"))
def test_allowed_rate_gives_the_precision_that_was_asked_for(exercise, given):
    fpr = exercise.right(given) / 1_000_000
    prevalence = given.sites / (given.sites + given.places)
    assert np.isclose(precision_at_prevalence(given.recall, fpr, prevalence), given.precision)
    by_counts = given.recall * given.sites / (given.recall * given.sites + fpr * given.places)
    assert np.isclose(by_counts, given.precision)


@pytest.mark.parametrize(("exercise", "given"), each("judging.allowed"))
def test_rates_in_another_unit_are_told(exercise, given):
    right = exercise.right(given)
    for answer, name in (
        (right / 1e6, "rate given, not a number in a million"),
        (right / 1e4, "rate given, not a number in a million"),  # in per cent
        (right / 1e3, "rate given, not a number in a million"),
        (1 - given.precision, "share of wrong calls taken for the false positive rate"),
        (right * given.places / 1e6, "number of false calls given"),
    ):
        assert exercise.check(answer, given).mistake == name
    approximate = given.places / (given.places + given.sites)  # all places in the denominator
    assert exercise.check(right * approximate, given).state == "right"


def by_loop(labels, scores):
    total, before = 0.0, 0.0
    for threshold in sorted(set(scores.tolist()), reverse=True):
        true = sum(y for y, s in zip(labels, scores) if s >= threshold)
        recall = true / sum(labels)
        total += (recall - before) * true / sum(s >= threshold for s in scores)
        before = recall
    return total


def one_line(labels, scores):
    return np.mean([labels[scores >= s].mean() for s in scores[labels == 1]])


@pytest.mark.parametrize("function", [average_precision_score, by_loop, one_line])
def test_right_functions_in_other_forms(function):
    for exercise, given in each("judging.average_precision", NAMES[:2]):
        assert exercise.check(function, given).state == "right"


def reversed_order(labels, scores):
    ranked = labels[np.argsort(scores, kind="stable")[::-1]]
    return (np.cumsum(ranked) / np.arange(1, len(ranked) + 1))[ranked == 1].mean()


def positives_first(labels, scores):
    ranked = labels[np.lexsort((-labels, -scores))]
    return (np.cumsum(ranked) / np.arange(1, len(ranked) + 1))[ranked == 1].mean()


def lines_from_the_first_threshold(labels, scores):
    points = [
        (labels[scores >= t].sum() / labels.sum(), labels[scores >= t].mean())
        for t in np.unique(scores)[::-1]
    ]
    return np.trapezoid(*np.array(points).T[::-1])


def lines_of_scikit_learn(labels, scores):
    precision, recall, _ = precision_recall_curve(labels, scores)
    return auc(recall, precision)


def thresholds_rising(labels, scores):
    total, before = 0.0, 0.0
    for threshold in np.unique(scores):
        recall = labels[scores >= threshold].sum() / labels.sum()
        total += (recall - before) * labels[scores >= threshold].mean()
        before = recall
    return total


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (reversed_order, "ties taken one by one"),
        (positives_first, "ties taken one by one"),
        (lines_from_the_first_threshold, "straight lines between the points"),
        (lines_of_scikit_learn, "straight lines between the points"),
        (thresholds_rising, "lowest score first"),
        (roc_auc_score, "AUROC for AUPRC"),
        (lambda labels, scores: [0.5, 0.5], ""),
        (lambda labels, scores: 0.5 + 0 * labels[0], ""),
    ],
)
def test_slips_as_they_are_written(function, name):
    exercise, given = each("judging.average_precision", ["ada"])[0]
    found = exercise.check(function, given)
    assert found.state == "not yet right" and found.mistake == name


def test_what_agrees_on_all_cases_must_have_the_properties():
    exercise, given = each("judging.average_precision", ["ada"])[0]
    known = {str(case) for case in exercise._cases(given)}

    def only_whole_or_known(labels, scores):
        right = average_precision_score(labels, scores)
        return right if str((labels, scores)) in known else right / (1 + scores.std())

    def order_matters(labels, scores):
        right = average_precision_score(labels, scores)
        listed_backwards = np.array_equal(scores, given.scores[::-1])
        return right / 2 if listed_backwards else right

    assert "increasing function" in exercise.check(only_whole_or_known, given).message
    assert "different order" in exercise.check(order_matters, given).message


@pytest.mark.parametrize(("exercise", "given"), each("judging.calls"))
def test_only_three_steps_of_the_sharp_detector_reach_the_target(exercise, given):
    steps = np.round(np.arange(-2, 6.001, 0.05), 2)
    fpr = norm.sf(steps)
    for share, lifted, reached in ((1.0, 2.0, 0), (0.6, 6.0, 3)):  # broad, sharp
        tpr = share * norm.sf(steps - lifted) + (1 - share) * fpr
        precision = tpr / (tpr + fpr * 10**given.rarity)
        good = steps[(precision >= given.share) & (1000 * tpr >= given.found)]
        assert len(good) == reached
    assert exercise.right(given)["threshold"] == pytest.approx(good[1])


@pytest.mark.parametrize(("exercise", "given"), each("judging.better"))
def test_both_detectors_beat_a_guess_although_below_one_half(exercise, given):
    assert 10 / given.rarity < given.auprc[0] < given.auprc[1] < 0.5
    assert 0.5 < given.auroc[1] < given.auroc[0]


def test_every_draw_leaves_three_thresholds():
    for exercise, given in each("judging.calls", range(60)):
        assert exercise.effort(given) == (3,)


def test_average_precision_of_a_random_order_is_scikit_learns_on_average():
    """All 56 orders of three positives among eight, and many of a larger set."""
    orders = [
        np.isin(np.arange(8), places).astype(int) for places in itertools.combinations(range(8), 3)
    ]
    found = [average_precision_score(order, -np.arange(8)) for order in orders]
    assert np.mean(found) == pytest.approx(average_precision_of_guess(3, 5), rel=1e-12)
    rng, labels = np.random.default_rng(3), np.repeat([1, 0], [120, 240])
    found = [average_precision_score(labels, rng.random(360)) for _ in range(600)]
    error = np.std(found) / len(found) ** 0.5
    assert np.mean(found) == pytest.approx(average_precision_of_guess(120, 240), abs=3 * error)
    assert np.mean(found) > 1 / 3 + 5 * error  # so the prevalence is not what to expect
    assert average_precision_of_guess(1000, 999_000) == pytest.approx(0.001, abs=2e-5)


@pytest.mark.parametrize(("exercise", "given"), each("judging.areas"))
def test_the_solution_says_what_a_guess_comes_to_on_eight_sequences(exercise, given):
    assert f"{average_precision_of_guess(3, 5):.3f}" in exercise.solution(given)


@pytest.mark.parametrize(("exercise", "given"), each("judging.areas"))
def test_of_the_two_that_tie_the_positive_is_listed_first(exercise, given):
    """So ties that are taken in the order of the table give another AUPRC."""
    tie = np.flatnonzero(np.diff(given.scores) == 0).item()
    assert given.labels[tie : tie + 2].tolist() == [1, 0]
    ranked = given.labels
    one_by_one = (np.cumsum(ranked) / np.arange(1, 9))[ranked == 1].mean()
    answer = [exercise.right(given)[0], one_by_one]
    assert exercise.check(answer, given).mistake == "tie counted in favour"


def test_as_many_sites_are_never_missed_as_found():
    for _, given in each("judging.allowed", [str(number) for number in range(60)]):
        assert given.recall > 0.55


@pytest.mark.parametrize(("exercise", "given"), each("judging.matched"))
def test_no_pairing_has_more_pairs_than_the_right_one(exercise, given):
    near = abs(np.subtract.outer(given.peaks, given.others)) <= 2
    pairs = (maximum_bipartite_matching(csr_matrix(near)) >= 0).sum()
    assert exercise.right(given) == pairs


def test_the_symptoms_of_the_giveaway_come_from_its_cause():
    """The pipeline of the task, on peaks with 65 % G and C and no motif at all."""
    rng = np.random.default_rng(1)
    texts = random_sequences(600, 200, gc_background(0.65), rng)
    peaks = Dataset.of(texts, [1] * 600, [f"peak {i}" for i in range(600)])
    train, test = peaks.subset(range(400)), peaks.subset(range(400, 600))
    shuffles = add_negatives(test, "dinucleotide")
    shuffled = shuffles.subset(shuffles.labels == 0)
    shuffled = dataclasses.replace(shuffled, labels=np.ones(200, int))
    tests = {
        "area": add_negatives(test, "uniform", seed=2),
        "shuffled": add_negatives(shuffled, "uniform", seed=3),
        "against": shuffles,
    }
    trial = Trial(add_negatives(train, "uniform"), tests)
    labels = rng.permutation(trial.train.labels)
    random = trial._replace(train=dataclasses.replace(trial.train, labels=labels))
    recipes = {"one": (ModelSettings(filters=8), TrainSettings(epochs=4))}
    found = {
        r.data: r.auroc for r in train_all({"as it is": trial, "random": random}, recipes, [1], 1)
    }
    assert found["as it is"]["area"] > 0.95 and found["as it is"]["shuffled"] > 0.95
    assert 0.4 < found["as it is"]["against"] < 0.6
    given = find("judging.giveaway").given("Ada")
    assert given.area > 0.95 and given.shuffled > 0.95 and 0.4 < given.against < 0.6


@pytest.mark.parametrize(("exercise", "given"), each("judging.prior"))
def test_the_corrected_probability_is_that_of_counted_places(exercise, given):
    # Of so many places with this probability in the training, p are sites; elsewhere there are
    # more of the others.
    sites, others = 10_000 * given.p, 10_000 * (1 - given.p) * given.others
    assert exercise.right(given) == pytest.approx(sites / (sites + others))
    corrected = shift_prior(np.log(given.p / (1 - given.p)), 0.5, 1 / (given.others + 1))
    assert exercise.right(given) == pytest.approx(sigmoid(corrected))


@pytest.mark.parametrize(("exercise", "given"), each("judging.chance_hits"))
def test_chance_hits_are_the_mean_of_two_binomial_counts(exercise, given):
    strand = scipy.stats.binom(given.length - given.width + 1, given.chances * 1e-6)
    assert exercise.right(given) == pytest.approx(2 * strand.mean() / given.hits)


@pytest.mark.parametrize(("exercise", "given"), each("judging.turned_place"))
def test_a_turned_place_holds_the_same_site(exercise, given):
    (text,) = random_sequences(1, given.length, None, np.random.default_rng(3))
    site = Seq(text).reverse_complement()[given.found : given.found + given.width]
    start, end = exercise.right(given)
    assert Seq(text[start:end]).reverse_complement() == site and end - start == given.width


def test_the_symptoms_of_the_leak_come_from_its_cause():
    """The pipeline of the task with random labels, where there is nothing but memory."""
    rng = np.random.default_rng(1)
    regions, starts = random_sequences(60, 350, None, rng), range(0, 151, 50)
    windows = [region[start : start + 200] for region in regions for start in starts]
    assert len(set(windows)) == len(windows)  # no duplicates
    place = np.repeat(np.arange(60), len(starts))
    labels = rng.permutation(60) % 2
    data = Dataset.of(windows, labels[place], [f"window {i}" for i in range(len(windows))])
    held = rng.random(len(data)) < 0.3
    apart = data.split(0.3, together=place)
    trials = {
        "at random": Trial(data.subset(~held), {"test": data.subset(held)}),
        "by region": Trial(apart[0], {"test": apart[1]}),
    }
    recipes = {"one": (ModelSettings(filters=32), TrainSettings(epochs=20, batch=32))}
    found = {r.data: r.auroc["test"] for r in train_all(trials, recipes, [1], 1)}
    given = find("judging.leak").given("Ada")
    assert found["at random"] > 0.85 and given.random > 0.85
    assert 0.2 < found["by region"] < 0.8 and 0.4 < given.far_random < 0.6
    assert count_leaks(*(side.sequences for side in apart)) == (0, 0, 0)
    sides = (trials["at random"].train, trials["at random"].tests["test"])
    leaks = count_leaks(*(side.sequences for side in sides))
    assert leaks.copies == 0 and leaks.stretches > 0.9 * held.sum()


@pytest.mark.parametrize(("exercise", "given"), each("judging.r_squared"))
def test_the_share_explained_is_that_of_scikit_learn(exercise, given):
    expected = r2_score(given.measured, given.predicted)
    assert exercise.right(given)(given.measured, given.predicted) == pytest.approx(expected)
    assert exercise.check(r2_score, given).state == RIGHT
    turned = exercise.check(lambda measured, predicted: r2_score(predicted, measured), given)
    assert turned.mistake == "spread of the predictions"
    assert exercise.check(explained_variance_score, given).state != RIGHT  # blind to an offset


def test_the_symptoms_of_the_wrong_assembly_come_from_its_cause_and_from_no_other(tmp_path):
    """The matrix of the task on made peaks: in their genome, moved by a base, in another genome."""
    made = made_genome(tmp_path, seed=1)
    other = made_genome(tmp_path / "other", jaspar.load("CTCF"), seed=2).genome
    peaks, network = read_peaks(made.peaks), matrix_network(jaspar.load("CEBPA"), "max")
    known = jaspar.collection("vertebrates")

    def symptoms(peaks, genome=made.genome, **loose):
        found = from_peaks(peaks, genome, 200, made.blacklist, seed=1, **loose)
        motif = strongest_motif(network, found.data, known)
        area = roc_auc_score(found.data.labels, logits(network, found.data))
        gc = roc_auc_score(found.data.labels, found.gc)
        return area, gc, motif.central.near / motif.hits, found.counts["kept"]

    moved = {name: getattr(peaks, name) + 1 for name in ("start", "end", "summit")}
    right, far, near = (
        symptoms(peaks),
        symptoms(peaks, other),
        symptoms(dataclasses.replace(peaks, **moved)),
    )
    given = find("judging.assembly").given("Ada")
    assert 0.82 < right[0] < 0.90 and 0.82 < given.made < 0.90 and right[2] > 0.8
    assert 0.42 < far[0] < 0.58 and 0.42 < given.matrix < 0.58
    assert 0.1 < far[2] < 0.45 and 0.1 < given.near / given.hits < 0.45
    assert 0.47 < far[1] < 0.53 and far[3] > 550
    assert abs(near[0] - right[0]) < 0.03 and near[2] > 0.8
    turned = dataclasses.replace(peaks, minus=~peaks.minus)
    assert abs(symptoms(turned)[0] - right[0]) < 0.03
    assert symptoms(peaks, gc_tolerance=1, repeat_tolerance=1)[1] > 0.6
