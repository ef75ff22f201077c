"""The card that trains behind a button, by keyboard: Train, what it shows, Stop, and what stays."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from reading import says

pytestmark = pytest.mark.browser

CELL = (
    "from motiflab import NegativesExplorer\ncard = NegativesExplorer(seeds=1, look='peaks')\ncard"
)


@pytest.fixture(scope="module")
def notebook(opened):
    with opened(CELL) as notebook:
        notebook.run()
        yield notebook


def test_train_and_stop_by_keyboard(notebook):
    card = notebook.page.locator(".motiflab-card")
    says(card, "Trained from 0 of 1 seeds")
    train, stop = (card.get_by_role("button", name=name) for name in ("Train", "Stop"))
    expect(stop).to_be_disabled()
    assert "Train 6 networks: about 6 s" in train.get_attribute("title")
    train.press("Enter")
    expect(stop).to_be_enabled()
    says(card, "Trained from 1 of 1 seeds")
    expect(train).to_be_disabled()
    expect(card.get_by_text("all 6 networks trained")).to_be_visible()
    says(card, "Falls most: peaks of the other protein")
    expect(card.locator("svg[role=img]")).to_have_count(2)
    found = re.compile(r"Best for the negatives, AUROC .*: CTCF")
    expect(card.locator("b").filter(has_text=found)).to_be_visible()
    # More of them, and Stop: what is done is kept, and Train goes on from there.
    card.get_by_role("radio", name="10").press("Space")
    says(card, "Trained from 1 of 10 seeds")
    expect(train).to_be_enabled()
    train.press("Enter")
    expect(stop).to_be_enabled()
    expect(
        card.get_by_text(re.compile(r"\b([7-9]|[1-5]\d) of 60 networks trained"))
    ).to_be_visible()
    stop.press("Enter")
    expect(stop).to_be_disabled()
    kept = int(
        notebook.python("print(sum(len(row['peaks']) for row in card.result.areas.values()))")
    )
    assert 7 <= kept < 60
    expect(card.get_by_text(f"{kept} of 60 networks trained; the rest takes")).to_be_visible()
    expect(train).to_be_enabled()
