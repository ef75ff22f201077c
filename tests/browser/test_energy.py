"""The energy explorers by keyboard in JupyterLab, against scipy."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect
from reading import press_axis, says, undo, unfold
from scipy import constants, special, stats

from motiflab.datasets.published_sites import crp_energy_matrix, crp_sites

pytestmark = pytest.mark.browser

CELLS = (
    "from motiflab.explorers.energy_explorer import EnergyExplorer",
    "from motiflab.explorers.saturation_explorer import SaturationExplorer",
    "from motiflab.explorers.crp_explorer import CrpExplorer",
    "EnergyExplorer()",
    "SaturationExplorer(motif='half')",
    "CrpExplorer()",
)
BETA = 4184 / (constants.R * 298)
# Position 0 of the first card: energies of A, C, G, T in kcal/mol.
FIRST = np.array([0.9, 0.4, 1.1, 0.0])


@pytest.fixture(scope="module")
def notebook(opened):
    with opened(*CELLS) as notebook:
        notebook.run()
        notebook.page.wait_for_selector(".motiflab-grid input")
        yield notebook


def card_of(notebook, number: int):
    card = notebook.page.locator(".motiflab-card").nth(number)
    card.scroll_into_view_if_needed()
    undo(card)
    return card


def view(card, name: str, position: int) -> list[float]:
    """Read the numbers of a position off one of the four pictures."""
    shown = card.locator(f".motiflab-picture-{name} svg").first.locator("text").all_text_contents()
    numbers = [text.replace("−", "-") for text in shown if re.fullmatch(r"−?\d+\.\d\d", text)]
    return [float(text) for text in numbers[position :: len(numbers) // 4]]


def test_mu_by_key_press_is_answered_with_scipys_occupancy(notebook):
    card = card_of(notebook, 0)
    says(card, f"= {special.expit(-BETA * 1.1):.3f}")
    slider = card.get_by_role("slider", name="μ above the best site")
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    says(card, f"= {special.expit(BETA * (0.2 - 1.1)):.3f}")


def test_a_click_on_a_base_under_the_protein_puts_the_next_one_there(notebook):
    card = card_of(notebook, 0)
    bases = card.get_by_role("textbox", name="Sequence")
    before = bases.input_value()
    card.locator("[data-choose]").nth(2).click()
    after = before[:2] + "ACGTA"["ACGT".index(before[2]) + 1] + before[3:]
    expect(bases).to_have_value(after)


def test_mu_is_dragged_on_the_axis_of_energies(notebook):
    card = card_of(notebook, 0)
    chart = card.locator(".motiflab-chart").first
    slider = card.get_by_role("slider", name="μ above the best site")
    press_axis(chart, "2")
    expect(slider).to_have_attribute("aria-valuenow", re.compile(r"^(1\.9|2\.0|2\.1)$"))
    press_axis(chart, "2", "4")
    expect(slider).to_have_attribute("aria-valuenow", re.compile(r"^(3\.9|4\.0|4\.1)$"))


def test_an_energy_that_is_typed_moves_the_other_three_views(notebook):
    card = card_of(notebook, 0)
    says(card, "1.10 kcal/mol")
    cell = card.get_by_label("G at position 0", exact=True)
    cell.focus()
    card.page.keyboard.type("2")
    card.page.keyboard.press("Enter")
    says(card, "2.00 + 0.00")
    eps = np.array([0.9, 0.4, 2.0, 0.0])
    theta = special.softmax(-BETA * eps)
    assert view(card, "energies", 0) == pytest.approx(eps, abs=0.006)
    assert view(card, "probabilities", 0) == pytest.approx(theta, abs=0.006)
    for name in ("filter", "log_odds"):
        assert view(card, name, 0) == pytest.approx(np.log(theta / 0.25), abs=0.006)


def test_the_grid_shows_what_is_edited_and_refuses_a_column_of_zeros(notebook):
    card = card_of(notebook, 0)
    unfold(card, "Show numbers")
    card.get_by_label("Edit as").select_option(label="probabilities (PPM)")
    cells = [card.get_by_label(f"{base} at position 0", exact=True) for base in "ACGT"]
    theta = special.softmax(-BETA * FIRST)
    card.locator(".motiflab-picture-probabilities b", has_text="you edit this").wait_for()
    assert [float(cell.input_value()) for cell in cells] == pytest.approx(theta, abs=0.0006)
    for cell in cells:
        cell.focus()
        card.page.keyboard.type("0")
        card.page.keyboard.press("Enter")
    complaint = card.locator(".motiflab-error")
    complaint.wait_for()
    assert "probability 0" in complaint.inner_text() or "sums to 0" in complaint.inner_text()
    says(card, "1.10 kcal/mol")


def test_saturation_and_shift_by_key_press(notebook):
    card = card_of(notebook, 1)
    slider = card.get_by_role("slider", name="μ above the best site")
    for _ in range(4):
        slider.press("ArrowRight")
    says(card, f"σ(1.69) = {special.expit(BETA):.3f}")
    card = card_of(notebook, 2)
    card.get_by_role("slider", name="Shift of the energies").press("ArrowRight")
    sites, eps = crp_sites(), crp_energy_matrix()
    counts = np.array([[sum(s[k] == b for s in sites) for b in "ACGT"] for k in range(26)])
    w = np.log((counts + 0.25) / 359 / 0.25)
    w, eps = (m - m.mean(axis=1, keepdims=True) for m in (w[1:], eps[:-1]))
    r = -stats.pearsonr(w.ravel(), eps.ravel()).statistic
    says(card, f"= {r:.3f} over 25 positions".replace("-", "−"))


@pytest.mark.parametrize("theme", ["Light", "Dark"])
@pytest.mark.parametrize("width", [1280, 800])
def test_the_cards_fit_either_theme_and_width(notebook, theme, width):
    notebook.theme(f"JupyterLab {theme}")
    notebook.resize(width, 1300)
    for number in range(3):
        card = card_of(notebook, number)
        box, pictures = card.bounding_box(), card.locator(".motiflab-pictures").bounding_box()
        assert pictures["x"] + pictures["width"] <= box["x"] + box["width"]
        notebook.screenshot(f"energy_{number}_{theme.lower()}_{width}")
