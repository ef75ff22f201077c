"""Read a card in the browser as a learner does: wait until it says something."""

from __future__ import annotations

from playwright.sync_api import Locator, expect


def says(card: Locator, words: str, where: str = ".motiflab-readout") -> None:
    """Wait until the card says these words, in its readout or another part of it."""
    card.locator(where, has_text=words).wait_for()


def undo(card: Locator) -> None:
    """Undo all changes, and wait until they are undone.

    The words alone could be those of before: they need not tell what has changed. The line of the
    scene holds the whole state and is written last, when the pictures and the words are there. What
    it holds when a card comes here for the first time, before anything was moved, is the start.
    """
    line = card.get_by_label("Scene")
    first = line.evaluate("(line) => (line.dataset.first ??= line.value)")
    card.get_by_role("button", name="Undo all changes").click()
    expect(line).to_have_value(first)
    expect(card.locator(".motiflab-error")).to_have_count(0)
