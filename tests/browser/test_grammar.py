"""The grammar explorer by keyboard in JupyterLab; its numbers against torch's gradients."""

from __future__ import annotations

import pytest
import torch
from playwright.sync_api import expect
from reading import middle, says, undo

pytestmark = pytest.mark.browser

CELLS = (
    "from motiflab.explorers.grammar_explorer import GrammarExplorer",
    "explorer = GrammarExplorer()\nexplorer",
)


def by_torch(width: int, window: int, second_width: int, dilation: int) -> tuple[int, int]:
    """Return the bases that one unit spans and the bases in its holes."""
    x = torch.zeros(1, 1, 200, requires_grad=True)
    y = torch.conv1d(x, torch.ones(1, 1, width))
    y = torch.conv1d(y, torch.ones(1, 1, window), stride=window)
    torch.conv1d(y, torch.ones(1, 1, second_width), dilation=dilation)[0, 0, 0].backward()
    seen = torch.nonzero(x.grad[0, 0]).flatten()
    span = int(seen[-1] - seen[0]) + 1
    return span, span - len(seen)


@pytest.fixture(scope="module")
def notebook(opened):
    with opened(*CELLS) as notebook:
        notebook.run()
        notebook.page.wait_for_selector(".motiflab-readout p")
        yield notebook


@pytest.fixture
def card(notebook):
    """Return the explorer as it was at the start."""
    card = notebook.page.locator(".motiflab-card").first
    undo(card)
    says(card, "18 bases without holes")
    return card


def test_arrow_keys_change_the_field_as_torch_finds_it(card):
    card.get_by_role("slider", name="Width of later layers").press("ArrowRight")
    span, hidden = by_torch(7, 4, 4, 1)
    assert (span, hidden) == (22, 0)
    says(card, f"One unit spans {span} bases without holes")
    for _ in range(3):
        card.get_by_role("slider", name="Dilation of later layers").press("ArrowRight")
    span, hidden = by_torch(7, 4, 4, 4)
    assert hidden > 0
    says(card, f"One unit spans {span} bases with {hidden} bases in holes")
    assert card.locator("svg", has_text=f"one unit sees r = {span}").count() == 1


def test_the_end_of_what_is_needed_is_dragged_to_a_longer_gap(notebook, card):
    mouse = notebook.page.mouse
    start, end = (middle(card, f"[data-drag='gap_max={gap}']") for gap in (11, 15))
    mouse.move(*start)
    mouse.down()
    mouse.move(*end, steps=5)
    says(card, "32 are needed")  # 7 + 15 + 7 bases, and 3 for the phase
    mouse.up()
    longest = card.get_by_role("slider", name="Longest gap")
    expect(longest).to_have_attribute("aria-valuetext", "15")


def test_an_upside_down_gap_is_explained_beside_its_control(card):
    shortest = card.get_by_role("slider", name="Shortest gap")
    for _ in range(3):
        shortest.press("ArrowRight")
    told = card.locator(".motiflab-error", has_text="must be at most the longest, 11, not 12")
    told.first.wait_for()
    card.get_by_role("slider", name="Longest gap").press("ArrowRight")
    says(card, "29 are needed")
