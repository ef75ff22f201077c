"""Read a card in the browser as a learner does: wait until it says something."""

from __future__ import annotations

from playwright.sync_api import Locator


def says(card: Locator, words: str, where: str = ".motiflab-readout") -> None:
    """Wait until the card says these words, in its readout or another part of it."""
    card.locator(where, has_text=words).wait_for()
