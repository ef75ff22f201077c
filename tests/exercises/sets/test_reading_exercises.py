"""The exercises on reading a filter: answers compared with torch, scipy, Biopython and counts."""

from __future__ import annotations

import dataclasses
import itertools
import re

import numpy as np
import pytest
import torch
from Bio.Seq import complement, reverse_complement
from scipy.stats import entropy, norm
from sklearn.metrics import roc_auc_score

from motiflab.datasets import Arrangement, Dataset, planted
from motiflab.exercises import find
from motiflab.exercises.exercise import NOT_YET, RIGHT
from motiflab.interpretation import filter_motifs
from motiflab.motifs import Motif, log_odds
from motiflab.networks import ModelSettings, TrainSettings, cnn, logits, train, untrained
from motiflab.sequences import one_hot
from motiflab.sequences.alphabet import BASES

NAMES = ["", "Ada", "7", "Émile", "Bo K.", "42"]
named = pytest.mark.parametrize("name", NAMES)


def words(width):
    return itertools.product("ACGT", repeat=width)


def chance(ppm, word):
    return np.prod([ppm[k]["ACGT".index(base)] for k, base in enumerate(word)])


def softmax(W, q):
    return torch.softmax(torch.tensor(W + np.log(q)), dim=-1).numpy()


def test_a_row_worked_by_hand():
    exercise = find("reading.row")
    given = exercise.given("Ada")
    given.w, given.q = np.log([1, 4, 1, 2]), np.array([0.4, 0.1, 0.2, 0.3])
    # 0.4 · 1, 0.1 · 4, 0.2 · 1 and 0.3 · 2 add up to 1.6.
    assert exercise.check([1 / 4, 1 / 4, 1 / 8, 3 / 8], given).state == RIGHT
    assert exercise.check([1 / 8, 4 / 8, 1 / 8, 2 / 8], given).mistake == (
        "uniform background assumed"
    )


@named
def test_a_row_is_the_softmax_with_the_background(name):
    exercise = find("reading.row")
    given = exercise.given(name)
    theta = softmax(given.w, given.q)
    assert exercise.check(theta, given).state == RIGHT
    assert exercise.check(theta.round(3).tolist(), given).state == RIGHT
    assert "rounded too early" in exercise.check(theta.round(2), given).message
    assert theta.argmax() != given.w.argmax()


def printed_tables(text):
    """Yield the tables of a statement as lists of rows of numbers; words are left out."""
    for block in text.split("\n\n"):
        if block.startswith("|"):
            cells = [line.strip("| ").split(" | ") for line in block.splitlines()[2:]]
            yield [[float(cell) for cell in row if cell not in BASES] for row in cells]


def test_a_row_computed_from_the_printed_digits_is_right_for_everyone():
    exercise = find("reading.row")
    for name in map(str, range(400)):
        given = exercise.given(name)
        (rows,) = printed_tables(exercise.statement(given))
        products = [q * np.exp(w) for w, q in rows]
        theta = np.array(products) / sum(products)
        for answer in (theta, theta.round(3), theta.round(5)):
            assert exercise.check(answer, given).state == RIGHT, (name, answer)


def test_a_prior_computed_from_the_printed_digits_is_right_for_everyone():
    exercise = find("reading.prior")
    for name in map(str, range(400)):
        given = exercise.given(name)
        text = exercise.statement(given)
        weights, (q,) = printed_tables(text)
        odds = np.exp(float(re.search(r"\$b = (-?[\d.]+)\$", text)[1]))
        for _, *row in weights:
            odds *= np.dot(q, np.exp(row))
        share = odds / (1 + odds)
        for answer in (share, round(share, 3), round(share, 6)):
            assert exercise.check(answer, given).state == RIGHT, (name, answer)


@named
def test_a_row_is_called_rounded_too_early_only_if_rounding_explains_it(name):
    exercise = find("reading.row")
    given = exercise.given(name)
    theta = softmax(given.w, given.q)
    products = given.q * np.exp(given.w.round(1))
    for answer in (theta.round(2), np.trunc(100 * theta) / 100, products / products.sum()):
        assert "rounded too early" in exercise.check(answer, given).message
    near = exercise.check(theta * [1.015, 0.99, 1.005, 1], given).message
    assert near.endswith("the right ones.") or near.startswith("None of the 4")


def test_a_prior_is_called_rounded_too_early_only_if_rounding_explains_it():
    exercise = find("reading.prior")
    given = exercise.given("Ada")
    share = exercise.right(given)
    assert 0.081 < share < 0.089
    bias = np.log(share / (1 - share)).round(1)
    for answer in (0.09, 0.08, 1 / (1 + np.exp(-bias))):
        assert "rounded too early" in exercise.check(answer, given).message
    for factor in (0.985, 1.015):
        assert "not one of the usual mistakes" in exercise.check(factor * share, given).message


@named
def test_a_row_up_to_a_factor_is_told_what_it_lacks(name):
    exercise = find("reading.row")
    given = exercise.given(name)
    right, plain = softmax(given.w, given.q), softmax(given.w, np.ones(4))
    told = {
        "not divided by the sum": [given.q * plain, 3 * right, given.q * np.exp(given.w - 1)],
        "background divided out": [plain / given.q, np.exp(given.w) / given.q],
        "per cent for a probability": [100 * right],
        "": [right + [0.002, 0, 0, 0], right[[1, 0, 2, 3]], np.zeros(4), -right],
    }
    for mistake, answers in told.items():
        for answer in answers:
            assert exercise.check(answer, given).mistake == mistake


@named
def test_a_constant_found_at_one_position_only_is_told_whichever_it_is(name):
    exercise = find("reading.prior")
    given = exercise.given(name)
    for k in range(2):
        odds = np.exp(given.b) * given.q @ np.exp(given.W[k])
        assert exercise.check(odds / (1 + odds), given).mistake == "one position only"


@named
def test_the_prior_is_the_mean_of_the_odds_over_the_background(name):
    exercise = find("reading.prior")
    given = exercise.given(name)
    odds = 0.0
    for word in words(2):
        columns = ["ACGT".index(base) for base in word]
        odds += given.q[columns].prod() * np.exp(given.b + given.W[[0, 1], columns].sum())
    assert exercise.check(odds / (1 + odds), given).state == RIGHT


@named
def test_a_filter_is_read_as_torch_and_biopython_do(name):
    exercise = find("reading.read_filter")
    given = exercise.given(name)
    read = exercise.right(given)
    theta, other = read(given.W, given.q, "+"), read(given.W, given.q, "-")
    np.testing.assert_allclose(theta, softmax(given.W, given.q))
    for word in words(3):
        back = reverse_complement("".join(word))
        np.testing.assert_allclose(chance(other, word), chance(theta, back))


@pytest.mark.parametrize(
    ("slip", "mistake"),
    [
        ("share / share.sum(axis=0)", "softmax over positions instead of bases"),
        ("np.exp(W) / np.exp(W).sum(axis=0)", "softmax over positions instead of bases"),
        ("np.exp(W) / np.exp(W).sum(axis=1, keepdims=True)", "uniform background assumed"),
        ("q * 2**W / (q * 2**W).sum(axis=1, keepdims=True)", "log2 for ln"),
        ("share", "not divided by the sum"),
        ("share / share.sum(axis=1, keepdims=True)", "strand ignored"),
    ],
)
@pytest.mark.parametrize("end", ["", "[:: 1 if strand == '+' else -1]"])
def test_a_slip_is_named_though_the_strand_is_not_done(slip, mistake, end):
    lines = f"def f(W, q, strand):\n    share = q * np.exp(W)\n    return ({slip}){end}"
    scope = {"np": np}
    exec(lines, scope)
    exercise = find("reading.read_filter")
    verdict = exercise.check(scope["f"], exercise.given("Ada"))
    reverse = end and mistake == "strand ignored"
    assert verdict.mistake == ("reverse instead of reverse complement" if reverse else mistake)


def test_a_filter_with_its_axes_swapped_is_not_taken_for_another_mistake():
    exercise = find("reading.read_filter")
    given = exercise.given("Ada")
    swapped = exercise.check(lambda *case: exercise.right(given)(*case).T, given)
    assert swapped.mistake == "" and "shape (4, 1)" in swapped.message


@pytest.mark.parametrize("odd", [0.0, np.zeros(3), np.zeros((7, 7))])
def test_results_of_any_shape_are_told(odd):
    for id in ("reading.read_filter", "reading.heights"):
        exercise = find(id)
        verdict = exercise.check(lambda *arguments: odd, exercise.given("Ada"))
        assert (verdict.state, verdict.mistake) == (NOT_YET, "")


def test_constants_and_the_other_strand_are_asked_for_beyond_the_cases():
    exercise = find("reading.read_filter")
    given = exercise.given("Ada")
    seen = [case[0].tobytes() for case in exercise.cases(given, np.random.default_rng(0))[:4]]

    def learnt_by_heart(W, q, strand):
        known = W.tobytes() in seen or len(W) != 3
        return exercise.right(given)(W, q if known else None, strand)

    constants, strands = exercise.properties
    assert "a constant is added" in constants(given, learnt_by_heart).lower()
    assert "reverse complement of the filter" in strands(given, learnt_by_heart)
    assert not constants(given, exercise.right(given)) and not strands(given, exercise.right(given))


@named
def test_stacks_are_as_high_as_scipy_says(name):
    exercise = find("reading.heights")
    given = exercise.given(name)
    for ppm in (given.ppm, np.array([[1, 0, 0, 0], [0, 0.5, 0, 0.5]])):
        drawn = exercise.right(given)(ppm, given.q)
        bits = entropy(ppm, given.q[None], base=2, axis=1)
        np.testing.assert_allclose(drawn, ppm * bits[:, None], atol=1e-12)


def test_a_stack_like_the_background_is_empty():
    exercise = find("reading.heights")
    given = exercise.given("Ada")
    (empty,) = exercise.properties
    assert "no letter" in empty(given, lambda ppm, q: ppm)
    assert not empty(given, exercise.right(given))


@pytest.mark.parametrize("name", NAMES[:3])
def test_every_background_reaches_the_target_or_is_told_why_not(name):
    exercise = find("reading.fooled")
    given = exercise.given(name)
    rng = np.random.default_rng(1)
    said = set()
    for q in rng.dirichlet(np.ones(4), 20):
        background = " ".join(f"{share:.6f}" for share in [*q[:3], 1 - q[:3].round(6).sum()])
        if min(q) < 0.001:
            continue
        verdict = exercise.check(exercise.scene(given, {"background": background}), given)
        assert verdict.state == RIGHT or verdict.mistake, background
        said.add(verdict.mistake)
        # Where plain softmax goes wrong is where the background exceeds the motif's own odds.
        theta = given.counts + q
        there = (theta / q)[given.k].argmax() == "ACGT".index(given.second)
        assert there >= (verdict.state == RIGHT)
    assert "favourite not made common" in said


@named
def test_a_scaled_filter_predicts_the_same_and_looks_sharper(name):
    factor = find("reading.sharper").given(name).factor
    W = np.random.default_rng(2).normal(0, 1, (5, 4))
    one = cnn.from_filter(W, 30, bias=-1, activation="relu", dense=2, offset=-1)
    scaled = cnn.from_filter(
        factor * W, 30, bias=-factor, activation="relu", dense=2 / factor, offset=-1
    )
    x = torch.eye(4)[torch.randint(4, (50, 30), generator=torch.Generator().manual_seed(0))]
    x = x.transpose(1, 2)
    torch.testing.assert_close(one(x), scaled(x))
    q = [0.3, 0.2, 0.2, 0.3]
    bits = [log_odds.motif_from_weights(f * W, q).information(q) for f in (1, factor)]
    assert (bits[1] > bits[0]).all()


@named
def test_what_one_strand_sees_is_the_auroc_of_such_scores(name):
    """Normal scores whose AUROC is the area given; scikit-learn's AUROC of the mixture."""
    exercise = find("reading.one_strand")
    given = exercise.given(name)
    rng, n = np.random.default_rng(5), 200_000
    seen = rng.random(n) < given.share
    positives = rng.normal(np.where(seen, 2**0.5 * norm.ppf(given.area), 0))
    scores = np.concatenate([positives, rng.normal(size=n)])
    area = roc_auc_score(np.repeat([1, 0], n), scores)
    assert exercise.right(given) == pytest.approx(area, abs=0.004)


def copied(data, turn, labels=None):
    """Return the data and a copy of each sequence, turned."""
    labels = data.labels if labels is None else labels
    texts = data.sequences + [turn(text) for text in data.sequences]
    return Dataset.of(texts, np.concatenate([data.labels, labels]), data.names * 2)


def test_the_symptoms_of_the_turned_copies_come_from_their_cause():
    """The pipeline of the task, with copies that are read backwards, and what the others show."""
    word = "AGATAAG"
    core = word[1:-1]  # a filter may stop short of either end
    arrangement = Arrangement((Motif(word, 100 * one_hot(word) + 1),), both_strands=False)
    data, test = planted(arrangement, n=1600, length=60, seed=3).split(0.3)
    backwards = copied(data, lambda text: text[::-1])
    chance = np.random.default_rng(1).permutation(backwards.labels)
    found = {}
    for name, made, epochs in (
        ("plain", data, 12),
        ("backwards", backwards, 6),
        ("complements", copied(data, complement), 6),
        ("right", copied(data, reverse_complement), 6),
        ("other labels", copied(data, reverse_complement, 1 - data.labels), 6),
        ("chance", dataclasses.replace(backwards, labels=chance), 6),
    ):
        network = untrained(ModelSettings(filters=8, width=10, both_strands=False), 60, seed=1)
        *_, _ = train(network, made, TrainSettings(epochs=epochs, batch=32, seed=1))
        opposite = copied(test, reverse_complement).subset(range(len(test), 2 * len(test)))
        areas = [roc_auc_score(test.labels, logits(network, one)) for one in (test, opposite)]
        words = [one.motif.consensus() for one in filter_motifs(network, made)]
        turned = [
            any(form in text for text in words)
            for form in (core, core[::-1], complement(core), reverse_complement(core))
        ]
        found[name] = *areas, turned
    given = find("reading.turned").given("Ada")
    assert found["plain"][0] > found["backwards"][0] > 0.93 and given.plain > given.written > 0.93
    assert found["backwards"][1] < 0.6 and given.opposite < 0.6
    assert found["backwards"][2] == [True, True, False, False]
    assert found["complements"][2] == [True, False, True, False]
    assert found["right"][1] > 0.9 and found["right"][2] == [True, False, False, True]
    assert found["other labels"][1] < 0.1
    assert 0.4 < found["chance"][0] < 0.6 and 0.4 < given.chance < 0.6


@named
def test_the_words_of_the_turned_copies_cannot_be_taken_for_one_another(name):
    given = find("reading.turned").given(name)
    forms = {given.word, given.word[::-1], complement(given.word), reverse_complement(given.word)}
    assert len(forms) == 4
    assert given.word in find("reading.turned").task(given)
