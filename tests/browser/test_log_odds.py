"""The cards of the notebooks on log-odds by keyboard, against Bayes' rule and scikit-learn."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from playwright.sync_api import expect
from reading import press_axis, says, unfold
from sklearn.linear_model import LogisticRegression

from motiflab.datasets.planting import Arrangement, plant
from motiflab.datasets.published_sites import crp_sites
from motiflab.motifs.motif import Motif

pytestmark = pytest.mark.browser

CELLS = (
    "from motiflab.explorers.beat_explorer import BeatExplorer\n"
    "from motiflab.explorers.consensus_explorer import ConsensusExplorer\n"
    "from motiflab.explorers.log_odds_explorer import LogOddsExplorer\n"
    "from motiflab.explorers.study_explorer import StudyExplorer\n"
    "from motiflab.explorers.theorem_explorer import TheoremExplorer",
    "LogOddsExplorer()",
    "TheoremExplorer(n=2000)",
    "BeatExplorer(amount=0.0)",
    "ConsensusExplorer()",
    "StudyExplorer(smallest=500, largest=2000, repeats=1)",
)


@pytest.fixture(scope="module")
def notebook(opened):
    with opened(*CELLS) as notebook:
        notebook.run()
        notebook.page.wait_for_selector(".motiflab-readout p")
        yield notebook


def card(notebook, number: int):
    return notebook.page.locator(".motiflab-card").nth(number)


def test_a_constant_and_a_prior_by_keyboard(notebook):
    log_odds = card(notebook, 0)
    slider = log_odds.get_by_role("slider", name="Constant c")
    for _ in range(4):
        slider.press("ArrowRight")
    # CACGTG with 20 sites and one pseudocount: 16.25/21, 19.25/21, then 20.25/21 four times.
    score = math.log(16.25 * 19.25 * 20.25**4 / 21**6 * 4**6)
    says(log_odds, f" {score:.2f}, so")
    says(log_odds, "(−1.00)")
    unfold(log_odds, "More")
    field = log_odds.get_by_label("Prior π")
    field.fill("0.01")
    field.press("Enter")
    says(log_odds, f" {score + math.log(0.01 / 0.99):.2f}, so")
    field.fill("1")
    field.press("Enter")
    log_odds.locator(".motiflab-error", has_text="both excluded").wait_for()


def test_the_slope_shown_is_that_of_scikit_learns_own_fit(notebook):
    theorem = card(notebook, 1)
    theorem.get_by_role("slider", name="Share of positives").press("ArrowRight")
    half = Motif.from_sites([site[3:11] for site in crp_sites()])
    arrangement = Arrangement((half,), both_strands=False)
    data = plant(2000, 8, arrangement, positive_fraction=0.6, seed=1)
    x = np.array([np.eye(4)[["ACGT".index(a) for a in s]].ravel() for s in data.sequences])
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=5000).fit(x, data.labels)
    weights = model.coef_.reshape(8, 4)
    weights -= np.log(np.exp(weights).mean(axis=1, keepdims=True))
    slope = np.polyfit(half.log_odds().ravel(), weights.ravel(), 1)[0]
    says(theorem, f"{math.log(0.6 / 0.4):.2f}. Weights: slope {slope:.2f}")


def test_a_draw_becomes_a_defeat(notebook):
    beat = card(notebook, 2)
    says(beat, "A draw")
    slider = beat.get_by_role("slider", name="Its share in the mix")
    slider.press("End")
    says(beat, "fewer sites")


def test_the_rate_is_pressed_on_its_logarithmic_axis_and_mismatches_on_theirs(notebook):
    beat = card(notebook, 2)
    press_axis(beat.locator(".motiflab-chart").first, "10⁻³")
    rate = beat.get_by_role("slider", name="False positive rate")
    expect(rate).to_have_attribute("aria-valuenow", re.compile(r"^-(2\.9|3\.0|3\.1)$"))
    consensus = card(notebook, 3)
    allowed = consensus.get_by_role("slider", name="Mismatches allowed")
    for tick in ("0", "10"):
        press_axis(consensus.locator(".motiflab-chart").first, tick)
        expect(allowed).to_have_attribute("aria-valuetext", tick)


def test_fewer_mismatches_are_rarer(notebook):
    consensus = card(notebook, 3)
    consensus.get_by_role("slider", name="Mismatches allowed").press("ArrowLeft")
    rate = sum(math.comb(26, wrong) * 3**wrong for wrong in range(10)) / 4**26
    says(consensus, f"one false alarm in {1 / rate:,.0f} windows")


def test_sizes_that_leave_no_line_are_answered_beside_the_control(notebook):
    study = card(notebook, 4)
    study.get_by_label("2,000").first.check()
    study.locator(".motiflab-error", has_text="or there is no line to fit").wait_for()
    study.get_by_label("1,000").first.check()
    says(study, "2 times the sequences")
