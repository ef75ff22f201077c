"""Exercises on detection: the references against other libraries, and what the draws promise."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.special import expit, logit, logsumexp, softmax

from motiflab.datasets import Arrangement, planted
from motiflab.evaluation import detectors
from motiflab.exercises import find
from motiflab.exercises.exercise import RIGHT
from motiflab.motifs import jaspar, m_step, site_windows, word_ppm

NAMES = [str(number) for number in range(40)]


def own_numbers(name, names=NAMES):
    exercise = find(f"detecting.{name}")
    return exercise, [exercise.given(learner) for learner in names]


def test_the_posterior_is_that_of_bayes_in_exact_fractions():
    exercise, everyone = own_numbers("posterior")
    for given in everyone:
        site = Fraction(1, given.one_in)
        chance = 1 - site
        for row, base in zip(given.theta, given.window):
            a = "ACGT".index(base)
            site *= Fraction(f"{row[a]:.2f}")
            chance *= Fraction(f"{given.background[a]:.2f}")
        assert exercise.right(given) == pytest.approx(float(site / (site + chance)))
        assert 0.2 < exercise.right(given) < 0.75
        assert np.allclose(given.theta.sum(axis=1), 1)


def test_of_the_scores_on_offer_one_is_as_powerful_as_the_llr():
    exercise = find("detecting.equal")
    theta = np.array([[0.7, 0.1, 0.1, 0.1], [0.1, 0.5, 0.3, 0.1], [0.2, 0.1, 0.1, 0.6],
                      [0.1, 0.2, 0.6, 0.1], [0.6, 0.2, 0.1, 0.1]])  # fmt: skip
    q = np.array([0.35, 0.15, 0.15, 0.35])
    W = np.log(theta / q)
    offered = {
        "σ(LLR + b)": expit(detectors.word_scores(W) + 2.0),
        "The number of bases": detectors.word_scores(theta == theta.max(axis=1, keepdims=True)),
        "Σ log θ": detectors.word_scores(np.log(theta)),
        "Σ θ": detectors.word_scores(theta),
        "The sum of the log-odds": detectors.word_scores(W.clip(min=0)),
    }
    classes = detectors.word_probabilities(theta), detectors.word_probabilities(np.tile(q, (5, 1)))
    rates = np.logspace(-3, 0, 60)
    best = detectors.power(detectors.word_scores(W), *classes, rates)
    for option in exercise.options:
        (scores,) = [s for name, s in offered.items() if option.text.startswith(name)]
        found = detectors.power(scores, *classes, rates)
        assert (found <= best + 1e-9).all()
        assert np.allclose(found, best, atol=1e-9) == (not option.reason), option.text


def by_linprog(positive, negative, fpr):
    """The linear programme that the lemma solves."""
    found = linprog(-positive, A_ub=negative[None], b_ub=[fpr], bounds=(0, 1))
    return -found.fun


def by_sorting(positive, negative, fpr):
    order = np.argsort(negative / positive)
    x, y = (np.concatenate([[0], np.cumsum(p[order])]) for p in (negative, positive))
    return np.interp(fpr, x, y)


def test_the_greatest_power_is_that_of_a_linear_programme():
    exercise, everyone = own_numbers("power")
    for given in everyone:
        assert np.isclose(given.positive.sum(), 1) and np.isclose(given.negative.sum(), 1)
        arguments = given.positive, given.negative, given.fpr
        assert exercise.right(given)(*arguments) == pytest.approx(by_linprog(*arguments))
    for arguments in exercise._cases(everyone[0]):
        assert exercise.right(everyone[0])(*arguments) == pytest.approx(by_linprog(*arguments))


@pytest.mark.parametrize("function", [by_linprog, by_sorting])
def test_power_is_right_in_another_form(function):
    exercise, everyone = own_numbers("power")
    assert all(exercise.check(function, given).state == RIGHT for given in everyone[:3])


def test_power_that_minds_how_kinds_are_split_is_found():
    def of_a_dozen(positive, negative, fpr):
        return by_sorting(positive, negative, fpr) * (len(positive) != 12)

    exercise, (given,) = own_numbers("power", ["Ada"])
    assert "split" in exercise.check(of_a_dozen, given).message
    for odd in ("many", [1.0, 2.0]):

        def odd_for_a_dozen(*arguments, odd=odd):
            return odd if len(arguments[0]) == 12 else by_sorting(*arguments)

        assert exercise.check(odd_for_a_dozen, given).state != RIGHT


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        (float("nan"), "one of yours is `nan`"),
        (float("inf"), "one of yours is infinite"),
        (True, "A number was expected, not `True`."),
        (None, "A number was expected, not `None`."),
        ("many", "A number was expected, not the text `'many'`."),
    ],
)
def test_what_is_no_number_for_split_kinds_is_told_as_such(odd, said):
    def odd_for_a_dozen(positive, negative, fpr):
        return odd if len(positive) == 12 else by_sorting(positive, negative, fpr)

    exercise, (given,) = own_numbers("power", ["Ada"])
    verdict = exercise.check(odd_for_a_dozen, given)
    assert verdict.state != RIGHT and said in verdict.message and "split" not in verdict.message


def test_what_is_added_to_the_bias_makes_the_scanner_the_posterior_again():
    """The place of the site is summed out, for a sequence from each of the new genomes."""
    exercise, everyone = own_numbers("added")
    rng = np.random.default_rng(3)
    for given in everyone[:10]:
        theta, q = rng.dirichlet(np.ones(4), given.K), rng.dirichlet(np.full(4, 9))

        def log_odds(L, share, theta=theta, q=q, K=given.K):
            """Of a site somewhere, and the pooled score of a scanner without a bias."""
            x = rng.choice(4, L, p=q)
            chance = np.log(q[x])
            sites = [
                chance.sum() - chance[j : j + K].sum() + np.log(theta[range(K), x[j : j + K]]).sum()
                for j in range(L - K + 1)
            ]
            site = np.log(share) + logsumexp(sites) - np.log(len(sites))
            odds = site - np.log(1 - share) - chance.sum()
            llr = np.array(sites) - chance.sum()
            return odds, logsumexp(llr)

        (old, pooled), (new, new_pooled) = (
            log_odds(given.L, given.share),
            log_odds(given.new_L, given.new_share),
        )
        assert exercise.right(given) == pytest.approx((new - new_pooled) - (old - pooled))


@pytest.mark.parametrize("by", [-1, 1])
def test_a_window_too_many_is_told_like_one_too_few(by):
    exercise, everyone = own_numbers("added")
    for given in everyone[:10]:
        windows = [length - given.K + 1 + by for length in (given.L, given.new_L)]
        change = logit(given.new_share) - logit(given.share) - np.log(windows[1] / windows[0])
        assert exercise.check(round(change, 2), given).mistake == "windows off by one"


@pytest.mark.parametrize(
    ("gc", "share", "seed"),
    [(0.4, 0.2, 1), (0.5, 0.8, 27), (0.4, 0.7, 16), (0.5, 0.3, 50)],  # the second is the hardest
)
def test_the_bias_can_be_trained_but_not_with_500_sequences(gc, share, seed):
    exercise, (given,) = own_numbers("trained", ["Ada"])
    given.gc, given.share, given.seed = gc, share, seed
    many = exercise.scene(given, {"share": share, "n": 16000})
    assert exercise.check(many, given).state == RIGHT
    few = exercise.scene(given, {"share": share})
    assert exercise.check(few, given).mistake == "too few sequences"


def test_a_window_that_is_read_backwards_is_known():
    exercise = find("detecting.posterior")
    for name in map(str, range(40)):
        given = exercise.given(name)
        at = ["ACGT".index(base) for base in given.window[::-1]]
        ratio = np.prod([given.theta[k, a] / given.background[a] for k, a in enumerate(at)])
        odds = ratio / (given.one_in - 1)
        assert exercise.check(odds / (1 + odds), given).mistake == "positions reversed"


def test_the_places_are_scipys_softmax_and_bayes_rule():
    exercise, everyone = own_numbers("places")
    for given in everyone:
        right = exercise.right(given)
        assert np.allclose(right, softmax(given.scores))
        assert np.allclose(np.log(right), np.array(given.scores) - logsumexp(given.scores))
        assert 0.4 < max(right) < 0.85 and len({*np.round(right, 3)}) == 4


def test_the_symptoms_of_the_wrong_axis_come_from_its_cause():
    """EM as in the task, on planted sites, with the softmax over sequences."""
    given = find("detecting.axis").given("Ada")
    data = planted(Arrangement((jaspar.load("FOS::JUN"),)), n=200, length=60, seed=1)
    found = site_windows(data.subset(data.labels == 1).sequences, 9).astype(float)
    theta = word_ppm(data.sequences[0][:9])
    n, m = found.shape[:2]
    for _ in range(8):
        s = np.einsum("nmka,ka->nm", found, np.log(4 * theta))
        r = np.exp(s) / np.exp(s).sum(axis=0)
        assert np.isfinite(r).all() and (r >= 0).all() and (r <= 1).all()
        assert r.sum() == pytest.approx(m) and m != n
        theta = m_step(r[None], found)
    assert r.sum(axis=1).min() < 0.06 and r.sum(axis=1).max() > 1.1
    fewer = np.exp(s[1:]) / np.exp(s[1:]).sum(axis=0)
    assert (fewer != r[1:]).mean() > 0.9
    one = np.exp(s[:1]) / np.exp(s[:1]).sum(axis=0)
    assert (one == 1).all()
    assert given.least < 1 < given.most and given.windows != given.sequences
