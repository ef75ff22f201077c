"""The card of leaks: Train by keyboard, and networks are kept for both kinds of labels."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from reading import says

pytestmark = pytest.mark.browser

CELL = "from motiflab import HoldingExplorer\nHoldingExplorer(size='small', seeds=1)"


def test_train_by_keyboard_and_come_back_to_what_was_trained(opened):
    with opened(CELL) as notebook:
        notebook.run()
        card = notebook.page.locator(".motiflab-card")
        says(card, "You have not yet said what you expect.")
        train = card.get_by_role("button", name="Train")
        assert "Train 4 networks: about 4 s" in train.get_attribute("title")
        train.press("Enter")
        says(card, "trained from 1 of 1 seeds")
        says(card, "Flatters most:")
        expect(train).to_be_disabled()
        expect(card.get_by_text("all 4 networks trained")).to_be_visible()
        # Other labels are other data: nothing is trained yet, and what was is not shown for them.
        labels = card.get_by_role("combobox", name="Labels of the data")
        labels.select_option(label="drawn at random")
        says(card, "labels drawn at random; trained from 0 of 1 seeds")
        expect(train).to_be_enabled()
        labels.select_option(label="peak or shuffle")
        says(card, "labels as they are; trained from 1 of 1 seeds")
