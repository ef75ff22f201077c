"""The explorers of log-odds against Bayes' rule, scipy, scikit-learn, and sums over all words."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import replace

import numpy as np
import pytest
from every import areas
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, softmax
from scipy.stats import binom
from sklearn.metrics import roc_curve

from motiflab.explorers.beat_explorer import BeatExplorer, BeatState, seven_positions_of
from motiflab.explorers.beat_explorer import compute as beat
from motiflab.explorers.beat_explorer import describe as describe_beat
from motiflab.explorers.consensus_explorer import ConsensusExplorer, crp_halves
from motiflab.explorers.consensus_explorer import describe as describe_consensus
from motiflab.explorers.log_odds_explorer import ARNT, LogOddsExplorer, LogOddsState
from motiflab.explorers.log_odds_explorer import compute as log_odds
from motiflab.explorers.study_explorer import StudyExplorer
from motiflab.explorers.theorem_explorer import TheoremExplorer
from motiflab.motifs.motif import Motif
from motiflab.sequences.encoding import reverse_complement


def plain(html: str) -> str:
    return re.sub("<[^>]*>", "", html).replace("−", "-")


# -- consensus ----------------------------------------------------------------------------------


def test_no_crp_site_is_both_counted_and_tested():
    counted, tested = crp_halves()
    both = [*counted, *tested]
    assert len({min(site, reverse_complement(site)) for site in both}) == len(both) == 265


@pytest.mark.parametrize("allowed", [8, 10, 12])
def test_consensus_and_pwm_on_real_crp_sites(allowed):
    result = ConsensusExplorer(allowed=allowed).result
    counted, tested = crp_halves()
    consensus = Motif.from_sites(counted).consensus()
    wrong = np.array([sum(a != b for a, b in zip(site, consensus)) for site in tested])
    assert result.found[0] == pytest.approx(np.mean(wrong <= allowed))
    assert result.rate == pytest.approx(binom.cdf(allowed, 26, 0.75))
    # The PWM's threshold from a sample of a million random windows would be the same, roughly.
    pwm = Motif.from_sites(counted).log_odds()
    draws = np.random.default_rng(0).integers(0, 4, (200_000, 26))
    random = pwm[np.arange(26), draws].sum(axis=1)
    scores = [sum(pwm[k, "ACGT".index(base)] for k, base in enumerate(site)) for site in tested]
    if allowed == 12:  # rarer false alarms are too few in the sample
        found = np.mean(scores > np.quantile(random, 1 - result.rate))
        assert result.found[1] == pytest.approx(found, abs=0.04)
    assert result.found[1] > result.found[0] + 0.1


@pytest.mark.parametrize("name", ["GATA2", "CTCF", "MYC", "TBP"])
def test_the_card_says_that_sites_of_jaspars_motifs_are_drawn(name):
    explorer = ConsensusExplorer(motif=name)
    words = plain(describe_consensus(explorer.result))
    assert f"not real sites of {explorer.result.motif.name}: we drew them from" in words
    assert "real sites that we left out of the counts" not in words
    shown = {value: label for label, value in explorer.controls["motif"].options}
    assert "drawn" in shown[name] and "real" in shown["CRP"]
    real = plain(describe_consensus(ConsensusExplorer().result))
    assert "132 real sites that we left out of the counts" in real and "drawn" not in real


def test_no_detector_beats_a_matrix_on_sites_drawn_from_it():
    result = ConsensusExplorer(motif="GATA2", allowed=1, gc=0.4).result
    q = np.array([0.3, 0.2, 0.2, 0.3])
    words = np.indices((4,) * 7).reshape(7, -1).T
    as_site = result.motif.probabilities(1.0, q)[range(7), words].prod(axis=1)
    ratio = as_site / q[words].prod(axis=1)
    best = np.argsort(-ratio)
    within = np.cumsum(q[words].prod(axis=1)[best]) <= result.rate
    bound = as_site[best][: within.sum() + 1].sum()  # the last word only in part
    assert result.found[0] < result.found[1] <= bound + 1e-3  # weights are on a grid of 0.01


# -- log-odds -----------------------------------------------------------------------------------


@given(
    st.sampled_from(["0.25 0.25 0.25 0.25", "0.3 0.2 0.2 0.3", "0.1 0.4 0.4 0.1"]),
    st.floats(0.01, 0.99),
    st.integers(0, 5),
    st.integers(-16, 16),
    st.text("ACGT", min_size=6, max_size=6),
)
@settings(max_examples=50)
def test_no_constant_changes_score_or_motif(background, prior, position, quarters, window):
    q = np.array([float(share) for share in background.split()])
    state = LogOddsState(
        background=background, prior=prior, position=position, constant=quarters / 4, window=window
    )
    result = log_odds(state)
    counts = np.array(ARNT, dtype=float)
    theta = (counts + q) / (counts.sum(axis=1, keepdims=True) + 1)
    letters = ["ACGT".index(base) for base in window]
    motif = prior * theta[range(6), letters].prod()
    posterior = motif / (motif + (1 - prior) * q[letters].prod())
    score = result.weights[range(6), letters].sum() + result.bias
    assert expit(score) == pytest.approx(posterior)
    np.testing.assert_allclose(result.back, theta)
    np.testing.assert_allclose(result.plain, softmax(np.log(theta / q), axis=1))
    assert (result.lost < 1e-12) == (background == "0.25 0.25 0.25 0.25")


def test_the_readout_adds_up():
    card = LogOddsExplorer(prior=0.2, constant=1.5, window="CACGAG")
    text = plain(card.readout.html)
    terms, total = re.search(r"Σ W \+ b = (.*) = (\S+), so", text).groups()
    numbers = [float(term.strip("()")) for term in terms.split(" + ")]
    assert len(numbers) == 7 and sum(numbers) == pytest.approx(float(total), abs=0.04)
    assert f"({math.log(0.25) - 1.5:.2f})" in terms


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("counts", ((0, 0, 0, 0), *ARNT[1:]), "position k = 0 sums to 0"),
        ("background", "0 0.5 0.5 0", "four numbers above 0"),
        ("background", "0.5 0.5", "four numbers above 0"),
        ("background", "a b c d", "four numbers above 0"),
        ("prior", 0.0, "between 0 and 1, both excluded"),
        ("prior", 1.0, "between 0 and 1, both excluded"),
        ("pseudocount", 0.0, "0 has no logarithm"),
        ("window", "ACG", "6 letters"),
        ("window", "CACGTN", "6 letters"),
        ("position", 6, "from 0 to 5"),
    ],
)
def test_what_cannot_be_is_answered_beside_its_control(field, value, words):
    card = LogOddsExplorer()
    before = card.state
    with pytest.raises(ValueError, match=re.escape(words)):
        card.set(**{field: value})
    assert words in plain(card.controls[field].description) and card.state == before


def test_another_width_takes_another_window():
    card = LogOddsExplorer()
    with pytest.raises(ValueError, match="5 letters"):
        card.set(counts=ARNT[:5])
    card.set(counts=ARNT[:5], window="CACGT")
    assert card.result.ppm.shape == (5, 4)


# -- Neyman and Pearson -------------------------------------------------------------------------


@given(
    st.sampled_from(["consensus", "uniform", "probabilities", "noise", "random", "words", "mine"]),
    st.sampled_from(["CRP", "MA0036.4", "MA0594.3"]),
    st.sampled_from([0.2, 0.4, 0.8]),
    st.floats(0, 1),
    st.integers(1, 50),
    st.floats(-5, 0),
)
@settings(max_examples=25)
def test_nothing_beats_the_likelihood_ratio(rival, motif, gc, amount, seed, exponent):
    mine = tuple(map(tuple, np.random.default_rng(seed).integers(-20, 20, (7, 4)) / 4))
    result = beat(BeatState(motif, gc, rival, amount, seed, mine, exponent))
    assert result.found[1] <= result.found[0] + 1e-9
    assert (result.curves[1] <= result.curves[0] + 1e-9).all()


def test_the_power_is_that_of_scikit_learns_roc():
    result = BeatExplorer(rival="uniform").result
    q = np.array([0.3, 0.2, 0.2, 0.3])
    motif = seven_positions_of("CRP")
    words = np.array(list(itertools.product(range(4), repeat=7)))
    theta = motif.probabilities(1.0, q)
    classes = [theta[np.arange(7), words].prod(axis=1), q[words].prod(axis=1)]
    labels = np.repeat([1, 0], len(words))
    for scores, found in zip(
        (motif.log_odds(q)[np.arange(7), words].sum(axis=1),
         np.log(theta[np.arange(7), words]).sum(axis=1)),
        result.found,
    ):  # fmt: skip
        fpr, tpr, _ = roc_curve(
            labels,
            np.tile(scores.round(9), 2),
            sample_weight=np.concatenate(classes),
            drop_intermediate=False,
        )
        assert found == pytest.approx(np.interp(0.01, fpr, tpr), abs=1e-6)


def test_with_no_share_of_the_rival_it_is_a_draw():
    card = BeatExplorer(rival="random", amount=0.0)
    assert card.result.found[0] == card.result.found[1]
    assert "A draw: at this rate it finds as many sites" in card.readout.html
    card.set(amount=1.0)
    assert card.result.found[1] < card.result.found[0] - 0.2
    best, yours = card.result.found
    assert f"finds {1000 * (best - yours):.0f} fewer sites in 1,000" in card.readout.html
    # A small difference is not told as none.
    close = replace(card.result, found=(0.5, 0.4999))
    assert "finds 0.1 fewer sites in 1,000" in describe_beat(close)


# -- the theorem --------------------------------------------------------------------------------


def test_the_bias_shown_is_the_prior_of_the_training_set():
    card = TheoremExplorer(share=0.2, n=8000)
    text = plain(card.readout.html)
    said = re.search(r"exp\(Wka\) = (\S+); the theorem says .* = (\S+)\. Weights", text)
    bias, expected = map(float, said.groups())
    assert expected == round(math.log(0.25), 2)
    assert bias == pytest.approx(expected, abs=0.25)


def test_every_start_is_listed():
    card = TheoremExplorer(data="scan", motif="MA0004.1", restarts=4, n=2000)
    rows = re.findall(r"<tr><th scope='row'>(\d)</th><td>(\S+?)</td>", card.figures["starts"])
    assert [place for place, _ in rows] == ["1", "2", "3", "4"]
    losses = [float(loss) for _, loss in rows]
    assert losses == sorted(losses)
    there = sum(start.loss < card.result.starts[0].loss + 1e-3 for start in card.result.starts)
    assert f"{there} of 4 random starts" in card.readout.html
    assert f"- log {15} = {-math.log(15):.2f}" in plain(card.readout.html)


@pytest.mark.parametrize(
    ("choices", "told", "not_told"),
    [
        ({"restarts": 3, "shuffled": True}, "no motif to find", "reached"),
        ({"restarts": 1, "seed": 1}, "1 of 1 random starts", "higher loss"),
        ({"restarts": 1, "seed": 2}, "more starts are needed", "higher loss"),
        ({"restarts": 8, "seed": 1}, "Those with a higher loss found only part", "needed"),
    ],
)
def test_what_is_said_of_the_starts(choices, told, not_told):
    said = TheoremExplorer(data="scan", motif="MA0004.1", **choices).readout.html
    assert told in said and not_told not in said


def test_shuffled_labels_show_no_log_odds():
    card = TheoremExplorer(shuffled=True)
    assert abs(card.result.starts[0].slope) < 0.1


def test_the_line_of_the_study_is_that_of_its_points():
    card = StudyExplorer(repeats=2)
    points, means, fit = card.figures["study"].figure.data
    slope = np.polyfit(np.log(means.x), np.log(means.y), 1)[0]
    assert card.result.slope == pytest.approx(slope)
    ends = np.diff(np.log(fit.y)) / np.diff(np.log(fit.x))
    assert ends[0] == pytest.approx(slope)
    assert len(points.x) == 2 * len(means.x) == 8


def test_sizes_in_the_wrong_order_are_refused():
    with pytest.raises(ValueError, match="Fewest sequences must be below the most, 2,000"):
        StudyExplorer(smallest=2000, largest=2000)


def test_a_weight_that_is_pressed_goes_into_the_score():
    explorer = LogOddsExplorer()
    found = areas(explorer.figures["weights"])
    columns, rows = (sorted({place[i] for _, place in found}) for i in (0, 1))
    assert (len(columns), len(rows)) == (6, 4)
    for words, (x, y) in found:
        explorer._touched(words)
        k, a = columns.index(x), rows.index(y)
        assert explorer.state.window == "CACGTG"[:k] + "ACGT"[a] + "CACGTG"[k + 1 :]
        explorer.set(window="CACGTG")
