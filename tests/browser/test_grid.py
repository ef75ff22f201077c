"""The grid of numbers and the play button by keyboard, in JupyterLab."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from reading import says, undo

pytestmark = pytest.mark.browser

CELL = """
from motiflab.widgets.explorer import Explorer
from motiflab.widgets.fields import CardState, matrix, slider
from motiflab.widgets.play_button import Player
from motiflab.widgets.controls import Tool

class State(CardState):
    weights: tuple = matrix(((1, 2, 3, 4), (0, 0.25, 0, 0)), "Weights", -9, 9, rows=(1, 3))
    turn: int = slider(0, "Turn", 0, 3)

class Sums(Explorer):
    State = State
    title = "What is the sum?"
    goal = "add."
    tools = ("play", *Explorer.tools)
    compute = staticmethod(lambda state: state)
    draw = staticmethod(lambda state, uid: {"sum": f"<p>{sum(map(sum, state.weights)):g}</p>"})
    describe = staticmethod(
        lambda s: f"<p>Sum {sum(map(sum, s.weights)):g} of {len(s.weights)}, turn {s.turn}.</p>"
    )

    def toolbar(self):
        return [Tool("play", Player(self, "turn", seconds=0.05))]

Sums()
"""


@pytest.fixture(scope="module")
def notebook(opened):
    with opened(CELL) as notebook:
        notebook.run()
        notebook.page.wait_for_selector(".motiflab-grid input")
        yield notebook


@pytest.fixture
def card(notebook):
    """Return the card as it was at the start."""
    card = notebook.page.locator(".motiflab-card").first
    undo(card)
    says(card, "Sum 10.25 of 2, turn 0.")
    return card


def cell(card, base: str, position: int):
    return card.get_by_label(f"{base} at position {position}", exact=True)


def focused(card) -> str:
    return card.page.evaluate("document.activeElement.getAttribute('aria-label')")


def test_a_number_is_typed_and_the_arrows_move_on(card):
    keyboard = card.page.keyboard
    cell(card, "A", 0).focus()
    keyboard.press("ArrowRight")
    assert focused(card) == "C at position 0"
    keyboard.type("-2,5")
    keyboard.press("Enter")
    says(card, "Sum 5.75 of 2")
    assert focused(card) == "C at position 1"
    keyboard.press("ArrowUp")
    assert focused(card) == "C at position 0"
    assert cell(card, "C", 0).input_value() == "-2.5"


def test_shift_and_an_arrow_changes_by_a_step(card):
    cell(card, "T", 0).focus()
    card.page.keyboard.press("Shift+ArrowUp")
    says(card, "Sum 10.75 of 2")
    card.page.keyboard.press("Shift+ArrowDown")
    card.page.keyboard.press("Shift+ArrowDown")
    says(card, "Sum 9.75 of 2")
    assert focused(card) == "T at position 0"


def test_the_grid_is_one_stop_of_the_tab_key(card):
    cell(card, "A", 0).focus()
    card.page.keyboard.press("ArrowDown")
    card.page.keyboard.press("Tab")
    assert card.page.evaluate("document.activeElement.textContent") == "Add a position"
    card.page.keyboard.press("Shift+Tab")
    assert focused(card) == "A at position 1"


def test_positions_are_added_and_removed_by_keyboard(card):
    add = card.get_by_role("button", name="Add a position")
    add.press("Enter")
    says(card, "Sum 10.25 of 3")
    assert add.is_disabled()
    remove = card.get_by_role("button", name="Remove the last")
    remove.press("Enter")
    says(card, "Sum 10.25 of 2")
    remove.press("Enter")
    says(card, "Sum 10 of 1")
    assert remove.is_disabled()


def test_what_is_no_number_is_answered_beside_the_grid_and_not_lost(card):
    field = cell(card, "G", 1)
    field.fill("<b>two")
    field.press("Enter")
    error = card.locator(".motiflab-grid .motiflab-error")
    error.wait_for()
    assert "G at position 1 must be a number from -9 to 9, not '<b>two'." in error.inner_text()
    assert cell(card, "G", 1).input_value() == "<b>two"
    says(card, "Sum 10.25 of 2")
    cell(card, "G", 1).fill("2")
    cell(card, "G", 1).press("Enter")
    says(card, "Sum 12.25 of 2")
    expect(error).to_have_count(0)


def test_play_goes_to_the_end(card):
    play = card.get_by_role("button", name="Play")
    for _ in range(2):  # the second time from the start again
        play.press("Enter")
        # The button says Stop at once. When it says Play again, the readout is that of this run.
        card.get_by_role("button", name="▶ Play").wait_for()
        says(card, "turn 3.")


def test_the_card_looks_as_it_should(notebook, card):
    for theme in ("Light", "Dark"):
        notebook.theme(f"JupyterLab {theme}")
        notebook.screenshot(f"grid_{theme.lower()}")
