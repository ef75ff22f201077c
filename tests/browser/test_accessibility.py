"""Every card for a screen reader, with JupyterLab's default settings.

The other tests make JupyterLab draw the cells that are out of view, too. By default it does not,
and then a script finds no drawn text there.
"""

from __future__ import annotations

import pytest
from every import explorers
from playwright.sync_api import expect

from motiflab.widgets.fields import declared

pytestmark = pytest.mark.browser

EXPLORERS = explorers()
CELLS = [f"from {e.__module__} import {e.__name__}\n{e.__name__}()" for e in EXPLORERS]
FAR = "import IPython\nIPython.display.HTML('<div style=\"height: 3000px\">far above</div>')"


def labels(explorer_class) -> list[str]:
    """Return the labels of the sliders of a card, in the order of the page."""
    fields = declared(explorer_class.State).values()
    sliders = [field for field in fields if field.kind == "slider"]
    return [field.label for field in sorted(sliders, key=lambda field: field.rare)]


def test_sliders_have_their_names_after_run_all_though_no_card_is_in_view(as_shipped):
    chosen = [e for e in EXPLORERS if len(labels(e)) >= 4]
    as_shipped.open_instead(FAR, *(CELLS[EXPLORERS.index(e)] for e in chosen))
    as_shipped.run()
    page = as_shipped.page
    handles = page.locator(".motiflab-card .noUi-handle")
    wanted = [label for explorer in chosen for label in labels(explorer)]
    expect(handles).to_have_count(len(wanted))
    for handle, label in zip(handles.all(), wanted, strict=True):
        expect(handle).to_have_attribute("aria-label", label)  # it comes a frame after the card
