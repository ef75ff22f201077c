"""The explorers of rare events by keyboard in JupyterLab, against scipy and the worked example."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from reading import middle, press_axis, says, undo, unfold
from scipy.stats import norm

pytestmark = pytest.mark.browser

CELLS = (
    "from motiflab.explorers.interpolation_explorer import InterpolationExplorer\n"
    "from motiflab.explorers.judge_explorer import JudgeExplorer\n"
    "from motiflab.explorers.prevalence_explorer import PrevalenceExplorer",
    "PrevalenceExplorer(threshold=2.3)",
    "InterpolationExplorer()",
    "JudgeExplorer([1] * 20 + [0] * 1000, [9] * 10 + [1] * 10 + [5] * 4 + [0] * 996)",
)


@pytest.fixture(scope="module")
def notebook(opened):
    with opened(*CELLS) as notebook:
        notebook.run()
        notebook.page.wait_for_function(
            "() => document.querySelectorAll('.motiflab-readout p').length >= 6"
        )
        yield notebook


@pytest.fixture
def cards(notebook):
    """Return the three explorers, as they were at the start."""
    cards = notebook.page.locator(".motiflab-card")
    for card in cards.all():
        undo(card)
        unfold(card, "Show numbers")
    says(cards.nth(0), "for 1,000 positives and 1,000 negatives", ".motiflab-numbers")
    says(cards.nth(1), "6 / (6 + 10) = 0.375")
    says(cards.nth(2), "0.50·0.003 / (0.50·0.003 + 0·0.997)")
    return cards


def test_rarity_and_threshold_by_keyboard_count_what_scipy_counts(cards):
    card = cards.nth(0)
    card.get_by_role("slider", name="Negatives for each positive").press("End")
    card.get_by_role("slider", name="Threshold").press("ArrowRight")
    tpr, fpr = norm.sf(2.35 - 2), norm.sf(2.35)
    precision = 1e3 * tpr / (1e3 * tpr + 1e9 * fpr)
    assert 1e-5 < precision < 1e-4
    says(card, f"= {1e5 * precision:.2f} × 10⁻⁵")
    says(card, f"TP {1e3 * tpr:,.0f}", ".motiflab-numbers")
    says(card, f"FP {1e9 * fpr:,.0f}", ".motiflab-numbers")
    says(card, "AUROC is 0.921 (broad) and 0.800 (sharp)")


def test_a_point_moved_by_keyboard_is_answered_with_the_precision_by_hand(cards):
    card = cards.nth(1)
    card.get_by_role("slider", name="False positives at B").press("ArrowRight")
    says(card, "precision = 6 / (6 + 10.2) = 0.370")  # 5 + 26 / 5 = 10.2 false ones


def test_no_false_positive_is_answered_with_the_rule_of_three(cards):
    card = cards.nth(2)
    says(card, "None of 1,000 negatives reaches this threshold")
    says(card, f"3/N ≈ {1 - 0.05 ** (1 / 1000):.2g}")
    card.get_by_role("slider", name="Required recall").press("ArrowRight")
    says(card, "FPR = 4 / 1,000")


@pytest.mark.parametrize("typed", ["0", "1"])
def test_a_prevalence_of_0_or_1_is_answered_beside_the_field(cards, typed):
    card = cards.nth(2)
    field = card.get_by_role("textbox", name="Prevalence")
    field.fill(typed)
    field.press("Enter")
    error = card.locator(".motiflab-error")
    error.wait_for()
    assert f"Prevalence must lie between 0 and 1, not be {typed}" in error.inner_text()
    field.fill("0.5")
    field.press("Enter")
    error.wait_for(state="detached")
    says(card, "0.50·0.5 / (0.50·0.5 + 0·0.5)")


def test_every_chart_is_drawn(cards):
    cards.page.mouse.move(0, 0)
    cards.page.wait_for_function(
        "() => document.querySelectorAll('.motiflab-chart-still .xtitle text').length === 6"
    )
    names = cards.page.locator(".motiflab-chart-still .xtitle text")
    assert all(name.is_visible() and name.text_content() for name in names.all())


def test_a_point_is_dragged_in_both_directions_and_the_sliders_follow(cards):
    card, mouse = cards.nth(1), cards.page.mouse
    start, end = (middle(card, f"[data-drag='{place}']") for place in
                  ("true_b=10&false_b=30", "true_b=16&false_b=50"))  # fmt: skip
    mouse.move(*start)
    mouse.down()
    mouse.move(*end, steps=8)
    mouse.up()
    for label, value in (("True positives at B", "16"), ("False positives at B", "50")):
        slider = card.get_by_role("slider", name=label)
        expect(slider).to_have_attribute("aria-valuetext", value)
    says(card, "FP = 5 + 4.09·(TP − 5)")  # (50 - 5) / (16 - 5)


def test_threshold_and_prevalence_are_dragged_on_their_axes(cards):
    card = cards.nth(0)
    charts = card.locator(".motiflab-chart")
    threshold, rarity = (card.get_by_role("slider", name=n) for n in ("Threshold", "Negatives"))
    press_axis(charts.nth(1), "0.5", "1")  # every positive is found: the lowest threshold
    expect(threshold).to_have_attribute("aria-valuetext", "-2")
    press_axis(charts.nth(1), "0.5")  # half of them are found: the threshold is their mean
    expect(threshold).to_have_attribute("aria-valuetext", re.compile(r"^(1\.9\d?|2|2\.0\d)$"))
    press_axis(charts.nth(2), "10⁴")
    expect(rarity).to_have_attribute("aria-valuetext", re.compile(r"^(3\.9|4|4\.1)$"))
