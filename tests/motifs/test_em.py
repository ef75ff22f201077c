"""EM against Bayes' rule enumerated, torch, scipy, a case worked by hand, and planted truths."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logsumexp, softmax

from motiflab.datasets import Arrangement, log_likelihood_ratio, planted
from motiflab.motifs import (
    Motif,
    both_strands_background,
    climb,
    draw_words,
    e_step,
    fit_em,
    jaspar,
    m_step,
    similarity,
    site_windows,
    word_ppm,
)
from motiflab.sequences import Alphabet, random_sequences

SEEDS = st.integers(0, 2**32 - 1)
COMPLEMENT = str.maketrans("ACGT", "TGCA")
Q = np.array([0.3, 0.2, 0.2, 0.3])


def probability(letters: str, columns) -> float:
    return float(np.prod([column["ACGT".index(a)] for a, column in zip(letters, columns)]))


def enumerated(sequence: str, ppm: np.ndarray, q: np.ndarray, both: bool) -> list[list[float]]:
    """P(sequence, site there) for every place: the site from the PPM, all else from q."""
    width = len(ppm)
    found = []
    for turned in (False, True)[: 1 + both]:
        row = []
        for i in range(len(sequence) - width + 1):
            site = sequence[i : i + width]
            rest = sequence[:i] + sequence[i + width :]
            site = site.translate(COMPLEMENT)[::-1] if turned else site
            row.append(probability(site, ppm) * probability(rest, [q] * len(rest)))
        found.append(row)
    return found


@settings(deadline=None)
@given(SEEDS, st.integers(1, 4), st.booleans())
def test_the_e_step_is_bayes_rule_enumerated(seed, width, both):
    rng = np.random.default_rng(seed)
    ppm = rng.dirichlet(np.ones(4), width) * 0.96 + 0.01
    sequences = random_sequences(3, 9, None, rng)
    expected = e_step(ppm, site_windows(sequences, width).astype(float), Q, both)
    for n, sequence in enumerate(sequences):
        joint = np.array(enumerated(sequence, ppm, Q, both))
        np.testing.assert_allclose(expected.places[:, n], joint / joint.sum(), rtol=1e-9)
        ratio = np.log(joint.mean()) - np.log(probability(sequence, [Q] * len(sequence)))
        assert expected.log_ratio[n] == pytest.approx(ratio, abs=1e-9)


def test_the_ratio_is_that_of_one_planted_site():
    motif = jaspar.load("GATA2")
    sequences = random_sequences(20, 40, Q, np.random.default_rng(1))
    ppm = motif.probabilities(1.0, Q)
    found = site_windows(sequences, motif.width).astype(float)
    for both in (True, False):
        ratio = e_step(ppm, found, Q, both).log_ratio
        planted_once = log_likelihood_ratio(sequences, Arrangement((motif,), both_strands=both), Q)
        np.testing.assert_allclose(ratio, planted_once, atol=1e-9)


def test_both_steps_worked_by_hand():
    """Two sequences of three bases, K = 2, one strand, a uniform background."""
    ppm = np.array([[0.7, 0.1, 0.1, 0.1], [0.1, 0.7, 0.1, 0.1]])  # likes AC
    found = site_windows(["ACG", "TAC"], 2).astype(float)
    places = e_step(ppm, found, both_strands=False).places
    # ACG: AC has 0.49, CG has 0.01. TAC: TA has 0.01, AC has 0.49.
    np.testing.assert_allclose(places, [[[0.98, 0.02], [0.02, 0.98]]])
    # First position: A 0.98 + 0.98, C 0.02, T 0.02; second: C 0.98 + 0.98, G 0.02, A 0.02. One
    # count more, a quarter for each base, and 3 in all.
    by_hand = (np.array([[1.96, 0.02, 0, 0.02], [0.02, 1.96, 0.02, 0]]) + 0.25) / 3
    np.testing.assert_allclose(m_step(places, found), by_hand)


def test_a_site_on_the_other_strand_is_counted_as_it_is_read():
    found = site_windows(["GTT"], 3).astype(float)
    places = np.array([[[0.25]], [[0.75]]])
    ppm = m_step(places, found, pseudocount=0)
    np.testing.assert_allclose(ppm, 0.25 * np.eye(4)[[2, 3, 3]] + 0.75 * np.eye(4)[[0, 0, 1]])


@settings(deadline=None)
@given(SEEDS, st.booleans())
def test_the_m_step_is_the_weighted_count_of_every_window(seed, both):
    rng = np.random.default_rng(seed)
    sequences = random_sequences(3, 7, None, rng)
    places = rng.dirichlet(np.ones(5 * (1 + both)), 3).reshape(3, 1 + both, 5).swapaxes(0, 1)
    counts = np.zeros((3, 4))
    for s, n, i in itertools.product(range(1 + both), range(3), range(5)):
        site = sequences[n][i : i + 3]
        site = site.translate(COMPLEMENT)[::-1] if s else site
        for k, a in enumerate(site):
            counts[k, "ACGT".index(a)] += places[s, n, i]
    ppm = m_step(places, site_windows(sequences, 3).astype(float), Q, pseudocount=2)
    np.testing.assert_allclose(ppm, (counts + 2 * Q) / (3 + 2), rtol=1e-9)


def test_the_derivative_of_log_sum_exp_is_the_e_step_and_gives_the_counts():
    """By torch's automatic gradient, with respect to the scores and to the log-odds."""
    rng = np.random.default_rng(5)
    ppm = rng.dirichlet(np.ones(4), 3) * 0.96 + 0.01
    found = site_windows(random_sequences(6, 12, None, rng), 3).astype(float)
    places = e_step(ppm, found, Q, both_strands=False).places
    weights = torch.tensor(np.log(ppm / Q), requires_grad=True)
    scores = (torch.tensor(found) * weights).sum(dim=(2, 3))
    scores.retain_grad()
    scores.logsumexp(dim=1).sum().backward()
    np.testing.assert_allclose(scores.grad, places[0], atol=1e-12)
    np.testing.assert_allclose(weights.grad, 6 * m_step(places, found, pseudocount=0), atol=1e-9)
    np.testing.assert_allclose(scores.detach().softmax(dim=1), places[0], atol=1e-12)


@settings(deadline=None, max_examples=40)
@given(SEEDS, st.integers(2, 6), st.booleans(), st.sampled_from([0.1, 1.0, 5.0]))
def test_no_round_lowers_the_objective(seed, width, both, pseudocount):
    rng = np.random.default_rng(seed)
    sequences = random_sequences(8, 15, Q, rng)
    words = draw_words(sequences, width, 3, seed=seed)
    for run in climb(words, sequences, 8, Q, both, pseudocount):
        assert (np.diff(run.objective) > -1e-4).all()
        assert run.objective[-1] > run.objective[0]
        last = e_step(run.ppms[-1], site_windows(sequences, width).astype(float), Q, both)
        prior = pseudocount * (np.log(run.ppms[-1] / Q) @ Q).sum()
        assert run.objective[-1] == pytest.approx(last.log_ratio.sum() + prior, abs=1e-3)


def test_several_motifs_at_once_are_each_by_itself():
    rng = np.random.default_rng(2)
    sequences = random_sequences(5, 20, None, rng)
    found = site_windows(sequences, 4)
    many = rng.dirichlet(np.ones(4), (3, 4)) * 0.96 + 0.01
    together = e_step(many, found, Q)
    assert together.places.shape == (3, 2, 5, 17) and together.log_ratio.shape == (3, 5)
    for i, ppm in enumerate(many):
        alone = e_step(ppm, found, Q)
        np.testing.assert_allclose(together.places[i], alone.places, rtol=1e-5)
        np.testing.assert_allclose(
            m_step(together.places, found)[i], m_step(alone.places, found), rtol=1e-5
        )


def test_high_scores_do_not_overflow():
    ppm = np.full((60, 4), 1e-9)
    ppm[:, 0] = 1 - 3e-9
    expected = e_step(ppm, site_windows(["A" * 61, "C" * 61], 60))
    assert np.isfinite(expected.log_ratio).all()
    np.testing.assert_allclose(expected.places.sum(axis=(0, 2)), 1, rtol=1e-5)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", ["FOS::JUN", "CTCF"])
def test_planted_sites_are_found_from_words_of_the_data(name, seed):
    motif = jaspar.load(name)
    data = planted(Arrangement((motif,)), n=200, length=80, seed=seed)
    positives = data.subset(data.labels == 1)
    runs = fit_em(positives.sequences, motif.width, seed=seed)
    assert [run.objective[-1] for run in runs] == sorted(
        (run.objective[-1] for run in runs), reverse=True
    )
    learned = runs[0].motif(100)
    assert similarity(learned, motif).similarity > 0.97
    q = both_strands_background(positives.sequences)
    places = e_step(runs[0].ppms[-1], site_windows(positives.sequences, motif.width), q).places
    starts = places.sum(axis=0).argmax(axis=1)
    truth = np.array([site.start for site in positives.sites])
    # The ends of CTCF carry little information, so the motif may be shifted by a base.
    assert (np.abs(starts - truth) <= 2).mean() > 0.8


def test_shuffled_sequences_hold_less_than_planted_ones():
    data = planted(Arrangement((jaspar.load("CTCF"),)), n=200, length=80, seed=4)
    ends = [
        fit_em(data.subset(data.labels == label).sequences, 15)[0].objective[-1] for label in (1, 0)
    ]
    assert ends[0] > 2 * ends[1]


def test_the_start_is_the_word_blurred_and_the_words_are_of_the_data():
    np.testing.assert_allclose(word_ppm("GA", Q, share=0.4)[0], 0.6 * Q + [0, 0, 0.4, 0])
    sequences = ["ACGTACGTAC", "TTTTTTTTTG"]
    words = draw_words(sequences, 4, 30, seed=1)
    assert words == draw_words(sequences, 4, 30, seed=1) != draw_words(sequences, 4, 30, seed=2)
    assert all(any(word in sequence for sequence in sequences) for word in words)
    assert {"TTTG", "GTAC"} <= {*draw_words(sequences, 4, 300)}  # the last window is drawn, too


def test_other_letters_have_one_strand():
    letters = Alphabet("HPX")
    rng = np.random.default_rng(3)
    around = ["".join(rng.choice(list("HPX"), 6)) for _ in range(40)]
    sequences = [a + "HPHXXH" + b for a, b in zip(around[:20], around[20:])]
    (best, *_) = fit_em(sequences, 6, both_strands=False, alphabet=letters)
    assert best.motif(20).consensus() == "HPHXXH"
    shares = [sum(s.count(a) for s in sequences) + 1 for a in "HPX"]
    np.testing.assert_allclose(
        both_strands_background(sequences, letters), np.array(shares) / sum(shares)
    )


def test_the_background_is_the_same_for_both_strands():
    turned = ["GGGA".translate(COMPLEMENT)[::-1]]
    here = both_strands_background(["GGGA"])
    np.testing.assert_allclose(here, both_strands_background(turned))
    np.testing.assert_allclose(here, np.array([1.5, 2.5, 2.5, 1.5]) / 8)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: site_windows(["ACG"], 4), "sequences must have at least the motif's 4 letters"),
        (lambda: site_windows(["ACGN"], 2), "sequences must hold the letters ACGT alone"),
        (lambda: site_windows(["ACG", "AC"], 2), "sequences must all have one length"),
        (lambda: word_ppm("AC", share=1), "share must"),
        (lambda: climb(["AC", "A"], ["ACG"]), "words must all have one length"),
        (lambda: climb(["AC"], ["ACG"], rounds=0), "rounds must be a whole number of at least 1"),
        (lambda: fit_em(["ACG"], 4), "width must be at most 3, got 4"),
        (lambda: fit_em(["ACG"], 2, restarts=0), "restarts must be a whole number of at least 1"),
        (
            lambda: m_step(np.ones((1, 1, 2)), site_windows(["ACG"], 2), pseudocount=-1),
            "pseudocount must",
        ),
    ],
)
def test_bad_input_is_answered_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}.*\\.$"):
        call()


def test_softmax_and_log_sum_exp_of_scipy():
    rng = np.random.default_rng(8)
    ppm = rng.dirichlet(np.ones(4), 5) * 0.96 + 0.01
    sequences = random_sequences(4, 30, None, rng)
    motif = Motif.from_probabilities(ppm)
    found = site_windows(sequences, 5).astype(float)
    expected = e_step(ppm, found, Q, both_strands=False)
    scores = np.einsum("nmka,ka->nm", found, motif.log_odds(Q, pseudocount=0))
    np.testing.assert_allclose(expected.places[0], softmax(scores, axis=1), rtol=1e-9)
    ratio = logsumexp(scores, axis=1) - np.log(26)
    np.testing.assert_allclose(expected.log_ratio, ratio, rtol=1e-9)
