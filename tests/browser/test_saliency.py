"""The saliency explorer by keyboard in JupyterLab, against sums over the motif's log-odds."""

from __future__ import annotations

import math
import re

import pytest
from playwright.sync_api import expect
from reading import middle, says, undo, unfold

from motiflab.explorers.saliency_explorer import EXAMPLES
from motiflab.motifs import jaspar

pytestmark = pytest.mark.browser

CELLS = (
    "from motiflab.explorers.saliency_explorer import SaliencyExplorer",
    "SaliencyExplorer()",
)
WEIGHTS = jaspar.load("MA0036.4").reverse_complement().log_odds()


def predicted(sequence: str) -> float:
    """Return the probability by hand: the best window's log-odds minus 4, through the sigmoid."""
    columns = ["ACGT".index(base) for base in sequence.upper()]
    best = max(
        sum(WEIGHTS[k, a] for k, a in enumerate(columns[j : j + 7]))
        for j in range(len(columns) - 6)
    )
    return 1 / (1 + math.exp(4 - best))


@pytest.fixture(scope="module")
def notebook(opened):
    with opened(*CELLS) as notebook:
        notebook.run()
        notebook.page.wait_for_selector(".motiflab-readout p")
        yield notebook


@pytest.fixture
def card(notebook):
    """Return the card as it was at the start."""
    card = notebook.page.locator(".motiflab-card").first
    undo(card)
    says(card, f"so ŷ = {predicted(EXAMPLES['Fair site']):.3f}:")
    return card


def test_a_base_is_changed_by_keyboard_and_the_answer_is_exact(card):
    sequence = EXAMPLES["Fair site"]
    card.get_by_role("slider", name="Position").press("ArrowRight")
    card.get_by_label("A", exact=True).check()
    better = sequence[:24] + "A" + sequence[25:]
    y = predicted(sequence)
    gain, slope = predicted(better) - y, y * (1 - y) * (WEIGHTS[4, 0] - WEIGHTS[4, 3])
    says(card, f"so ŷ = {predicted(better):.3f}:")
    says(card, f"T → A at 24: the slope promised +{slope:.3f}, and ŷ really moved by +{gain:.3f}.")
    card.get_by_role("button", name="Keep the change").click()
    kept = sequence.replace("agattag", "agataag")
    expect(card.get_by_label("Sequence")).to_have_value(kept)


def test_the_position_is_dragged_over_the_map_as_the_slider_moves_it(notebook, card):
    slider = card.get_by_role("slider", name="Position")
    start, end = (middle(card, f"[data-drag='position={i}']") for i in (10, 12))
    notebook.page.mouse.move(*start)
    notebook.page.mouse.down()
    expect(slider).to_have_attribute("aria-valuetext", "10")
    notebook.page.mouse.move(*end, steps=4)
    expect(slider).to_have_attribute("aria-valuetext", "12")
    notebook.page.mouse.up()
    other = "C" if EXAMPLES["Fair site"][12].upper() == "A" else "A"
    card.get_by_label(other, exact=True).check()
    says(card, f" → {other} at 12: ")


def test_a_sequence_typed_is_read(card):
    field = card.get_by_label("Sequence")
    typed = "TTGACCAGACAAGGTTCCAATTGGCC"
    field.fill(typed)
    field.press("Enter")
    says(card, f"so ŷ = {predicted(typed):.3f}:")
    says(card, "(bases 6 to 12, +)")


def test_the_map_has_the_colours_of_the_gradient(card):
    unfold(card, "More")
    card.get_by_label("Fit the scale to the numbers").check()
    card.locator("svg[role=img]:visible text", has_text="+0.83").wait_for()
    y = predicted(EXAMPLES["Fair site"])
    expected = y * (1 - y) * WEIGHTS
    found = card.locator("svg[role=img]:visible rect[height='15']").evaluate_all(
        "cells => cells.map(c => [+c.getAttribute('x'), +c.getAttribute('y'), "
        "+c.getAttribute('fill-opacity'), c.getAttribute('fill')])"
    )
    columns, rows = (sorted({cell[i] for cell in found}) for i in (0, 1))
    assert (len(found), len(columns), len(rows)) == (28, 7, 4)
    for x, row, opacity, colour in found:
        effect = expected[columns.index(x), rows.index(row)]
        assert opacity == pytest.approx(abs(effect) / 0.83, abs=0.006)
        assert (colour == "#7A67C7") == (effect > 0)


def test_a_silent_relu_shows_nothing_and_mutagenesis_does(card):
    card.get_by_label("Network").select_option("1 filter, ReLU")
    card.get_by_role("button", name="Broken site").click()
    says(card, "No filter is active, so no gradient passes")
    assert card.locator("svg[role=img] rect[height='15']").count() == 0
    card.get_by_label("Picture").select_option("mutagenesis")
    says(card, "Δ23,T = ŷ(with T at 23) − ŷ = 0.982 − 0.119 = +0.863")


def test_a_letter_that_is_no_base_is_answered_beside_the_field(card):
    field = card.get_by_label("Sequence")
    field.fill("ACGTXACGT")
    field.press("Enter")
    error = card.locator(".motiflab-error")
    error.wait_for()
    assert "Sequence must hold only A, C, G and T, not 'X' (position 4)." in error.inner_text()


@pytest.mark.parametrize("theme", ["Light", "Dark"])
@pytest.mark.parametrize("width", [1280, 800])
def test_the_card_fits_either_theme_and_width(notebook, card, theme, width):
    notebook.theme(f"JupyterLab {theme}")
    notebook.resize(width, 900)
    card.scroll_into_view_if_needed()
    box, pictures = card.bounding_box(), card.locator(".motiflab-pictures").bounding_box()
    assert pictures["x"] + pictures["width"] <= box["x"] + box["width"]
    label = card.locator("svg[role=img]:visible text", has_text=re.compile("^planted$"))
    assert label.bounding_box()["height"] >= 9  # pixels: small, but readable
    notebook.screenshot(f"saliency_{theme.lower()}_{width}")
