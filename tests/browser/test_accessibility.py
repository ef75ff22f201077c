"""Every card for a screen reader, by keyboard and by contrast, as JupyterLab comes.

The other tests let JupyterLab draw the cells that are out of view, too. For a learner it does not:
what a script reads from the drawn text is then empty.
"""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from every import explorers
from playwright.sync_api import expect
from reading import unfold

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


@pytest.fixture(scope="module")
def notebook(opened):
    with opened(*CELLS, height=800) as notebook:
        for number in range(len(CELLS)):  # one after the other: see test_every_explorer.py
            notebook.run(number)
            cell = notebook.page.locator(".jp-CodeCell").nth(number)
            expect(cell.locator(".motiflab-readout p").first).to_be_visible()
        yield notebook


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_has_no_serious_finding(notebook, theme):
    notebook.theme(theme)
    page, found = notebook.page, {}
    page.evaluate(Axe().axe_script)
    for number, explorer in enumerate(EXPLORERS):
        card = page.locator(".motiflab-card").nth(number)
        card.scroll_into_view_if_needed()
        for name in ("More", "Show numbers", "Share"):
            if card.get_by_role("button", name=name, exact=True).is_visible():
                unfold(card, name)
        results = card.evaluate("(card) => axe.run(card, {resultTypes: ['violations']})")
        serious = {
            result["id"]: [node["html"][:200] for node in result["nodes"]]
            for result in results["violations"]
            if result["impact"] in ("serious", "critical")
        }
        if serious:
            found[explorer.__name__] = serious
    assert found == {}, json.dumps(found, indent=1)
