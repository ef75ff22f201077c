"""Locked and hidden buttons in JupyterLab: of a demonstration, of the lab, and of a shown card."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from reading import unfold

pytestmark = pytest.mark.browser

LOCKED = "Locked by the teacher"
CELLS = (
    "from motiflab.course.lectures import show\n"
    "from motiflab.lab.motif_lab import MotifLab\n"
    "from motiflab.explorers.scan_explorer import ScanExplorer",
    'show("scanning")',
    'MotifLab(n=200, length=40, epochs=1, source="fasta", '
    'locked=["start", "moment", "upload", "undo"], hidden=["save", "scene"])',
    'card = ScanExplorer(locked=["examples"])\ncard',
    'card.load(ScanExplorer(hidden=["play", "weights"]).scene)',
)


@pytest.fixture(scope="module")
def notebook(opened):
    with opened(*CELLS) as notebook:
        for cell in range(4):
            notebook.run(cell)
        yield notebook


@pytest.fixture
def cards(notebook):
    """Return the cards."""
    cards = notebook.page.locator(".motiflab-card")
    expect(cards).to_have_count(3)
    return [cards.nth(i) for i in range(3)]


def test_a_demonstration_lets_only_its_own_controls_be_moved(cards):
    card = cards[0]
    expect(card).to_contain_text("How many copies of the motif does the filter meet?")
    unfold(card, "More")  # where the bias is
    marks = card.get_by_text("locked", exact=True).locator("visible=true")
    expect(marks).to_have_count(2)  # of the bases and the bias
    expect(card.get_by_label("Bases")).to_be_disabled()
    buttons = ["▶ Play", "More", "Show numbers", "Share", "Undo all changes"]
    expect(card.get_by_role("button")).to_have_text(buttons)
    card.get_by_role("slider", name="Stride S").press("ArrowLeft")
    expect(card.locator(".motiflab-readout")).to_contain_text("= 14")
    expect(card.locator(".motiflab-readout")).not_to_contain_text("= 7")
    card.get_by_role("button", name="Undo all changes").click()
    expect(card.locator(".motiflab-readout")).to_contain_text("= 7")


def test_locked_buttons_of_the_lab_say_why_and_hidden_ones_are_gone(cards):
    lab = cards[1]
    for name in ("Start", "Undo all changes"):
        button = lab.get_by_role("button", name=name)
        expect(button).to_be_disabled()
        expect(button).to_have_attribute("title", LOCKED)
    chooser = lab.locator(".motiflab-upload input[type=file]")
    expect(chooser).to_be_disabled()
    expect(chooser).to_have_attribute("title", LOCKED)
    expect(lab.get_by_role("button", name="Reset", exact=True)).to_be_enabled()
    expect(lab.get_by_role("button", name="Save")).to_be_hidden()
    expect(lab.get_by_label("Scene")).to_be_hidden()


def test_a_scene_loaded_later_hides_what_is_already_shown(notebook, cards):
    card = cards[2]
    play, grid = card.get_by_role("button", name="Play"), card.locator(".motiflab-grid")
    expect(play).to_be_visible()
    expect(grid).to_be_visible()
    for name in ("Worked example", "Holes"):
        expect(card.get_by_role("button", name=name)).to_be_disabled()
    notebook.run(4)
    expect(play).to_be_hidden()
    expect(grid).to_be_hidden()
    expect(card.get_by_role("button", name="Holes")).to_be_disabled()
    expect(cards[0].get_by_role("button", name="Play")).to_be_visible()
