"""The explorers of encoding and padding in JupyterLab, against torch and by hand."""

from __future__ import annotations

import pytest
import torch
from playwright.sync_api import expect
from reading import says, undo

pytestmark = pytest.mark.browser

CELLS = (
    "from motiflab.explorers.encoding_explorer import EncodingExplorer\n"
    "from motiflab.explorers.padding_explorer import PaddingExplorer",
    "EncodingExplorer()",
    "PaddingExplorer()",
)


@pytest.fixture(scope="module")
def notebook(opened):
    with opened(*CELLS) as notebook:
        notebook.run()
        notebook.page.wait_for_function(
            "() => document.querySelectorAll('.motiflab-readout p').length >= 4"
        )
        yield notebook


@pytest.fixture
def cards(notebook):
    """Return the two explorers, as they were at the start."""
    cards = notebook.page.locator(".motiflab-card")
    for card in cards.all():
        undo(card)
    says(cards.nth(0), "Shape 3 × 4 × 7")
    says(cards.nth(1), "y[2, 3] = 0 (·) + 0 (·) + 0 (·) + 0.0 (b)")
    return cards


def test_a_sequence_typed_is_drawn_as_torchs_one_hot(cards):
    card = cards.nth(0)
    field = card.get_by_role("textbox", name="Sequences")
    field.fill("GATC")
    field.press("Enter")
    says(card, "Shape 1 × 4 × 4")
    codes = torch.tensor(["ACGT".index(base) for base in "GATC"])
    expected = torch.nn.functional.one_hot(codes, 4).T
    matrix = card.get_by_role("img", name="the matrix of GATC")
    shown = [int(text) for text in matrix.locator("text").all_text_contents() if text in "01"]
    assert shown == expected.flatten().tolist()


def test_the_wrong_reshape_is_counted_as_torch_counts_it(cards):
    card = cards.nth(0)
    card.get_by_label("Shape of the batch").select_option(index=2)
    last = torch.zeros(3, 7, 4)
    for n, sequence in enumerate(("GATTACA", "ACGTN", "TTG")):
        for i, base in enumerate(sequence):
            last[n, i] = 0.25 if base == "N" else torch.eye(4)["ACGT".index(base)]
    kept = (last.reshape(3, 4, 7) == last.transpose(1, 2)).all(dim=1).sum().item()
    says(card, f"{21 - kept} of 21 positions no longer hold their base")


def test_a_click_on_a_cell_puts_its_base_there(cards):
    encoding, padding = cards.nth(0), cards.nth(1)
    encoding.locator("[data-choose='sequences=GATTACA ACGTC TTG']").click()
    field = encoding.get_by_role("textbox", name="Sequences")
    expect(field).to_have_value("GATTACA ACGTC TTG")
    padding.locator("[data-choose='word=TGA']").click()
    expect(padding.get_by_role("textbox", name="Filter")).to_have_value("TGA")


def test_the_bias_by_keyboard_adds_to_the_score(cards):
    card = cards.nth(1)
    card.get_by_role("slider", name="Bias").press("ArrowRight")
    says(card, "+ 0.5 (b) = 0.5")
    card.get_by_label("Leave out windows").check()
    says(card, "y[2, 0] = −1 (C) + −1 (C) + −1 (C) + 0.5 (b) = −2.5")
    says(card, "Every maximum comes from a window of real bases")


def test_a_word_that_is_too_long_is_answered_beside_the_field(cards):
    card = cards.nth(1)
    field = card.get_by_role("textbox", name="Filter")
    field.fill("ACGTACGTAC")
    field.press("Enter")
    card.locator(".motiflab-error", has_text="at most 9 letters").wait_for()
