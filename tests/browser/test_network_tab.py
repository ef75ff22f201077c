"""The tab "Network" of the lab in JupyterLab: keys, the moment, links, and screen readers."""

from __future__ import annotations

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from test_motif_lab import CUT, SMALLEST, Page, fit

pytestmark = pytest.mark.browser

LESSON = """\
import nbformat
from pathlib import Path
from motiflab import MotifLab
Path("1_principles").mkdir()
lesson = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# The lesson")])
nbformat.write(lesson, "1_principles/02_scanning.ipynb")
"""
STAGES = ["One-hot", "Filter", "Feature map", "Maximum", "Dense layer", "Sigmoid"]


@pytest.fixture(scope="module")
def usual(opened_as_usual):
    cells = [LESSON, "lab = MotifLab(n=600, epochs=4, speed='full')\nlab"]
    with opened_as_usual(*cells, width=1280, height=800) as notebook:
        notebook.run(0)
        notebook.run(1)
        page = Page(notebook, notebook.page.locator(".motiflab-card"))
        page.press("Start")
        page.is_("trained")
        page.open("Network")
        expect(stages(page)).to_have_count(6)
        yield page


def stages(page):
    return page.card.get_by_role("radiogroup", name="Stage of the network").get_by_role("radio")


def worked(page):
    return page.card.locator(".motiflab-picture-worked")


@pytest.mark.parametrize("theme", ["Light", "Dark"])
@pytest.mark.parametrize(
    ("width", "height", "most"), [(1280, 800, 640), (1366, 768, 640), (1920, 1080, 940)]
)
def test_every_stage_fits_on_the_screen_and_can_be_read(usual, theme, width, height, most):
    usual.notebook.theme(f"JupyterLab {theme}")
    fit(usual, width, height)
    page = usual.notebook.page
    page.evaluate(Axe().axe_script)
    for number, name in enumerate(STAGES):
        stages(usual).nth(number).click()
        expect(worked(usual)).to_contain_text(f"{name}.")
        assert usual.card.bounding_box()["height"] <= most, name
        assert usual.card.evaluate(SMALLEST) >= 12, name
        assert usual.card.evaluate(CUT) == [], name
        results = usual.card.evaluate("(card) => axe.run(card, {resultTypes: ['violations']})")
        serious = {
            result["id"]: [node["html"][:200] for node in result["nodes"]][:3]
            for result in results["violations"]
            if result["impact"] in ("serious", "critical")
        }
        assert serious == {}, json.dumps(serious, indent=1)
        usual.notebook.screenshot(f"network_{theme.lower()}_{width}_{number}")


def test_keys_open_the_stages_and_keep_the_focus(usual):
    stages(usual).nth(0).click()
    expect(worked(usual)).to_contain_text("One-hot.")
    for key, number in (("ArrowRight", 1), ("End", 5), ("ArrowLeft", 4), ("Home", 0)):
        usual.notebook.page.keyboard.press(key)
        expect(worked(usual)).to_contain_text(f"{STAGES[number]}.")
        expect(stages(usual).nth(number)).to_be_focused()


def test_the_picture_follows_the_moment_and_the_sequence(usual):
    stages(usual).nth(5).click()
    expect(worked(usual)).to_contain_text("Sigmoid.")
    before = worked(usual).inner_text()
    slider = usual.card.get_by_role("slider", name="Moment")
    slider.press("Home")
    usual.is_("looking back at step 0")
    expect(worked(usual)).not_to_have_text(before, use_inner_text=True)
    slider.press("End")
    expect(worked(usual)).to_have_text(before, use_inner_text=True)
    usual.card.get_by_role("radio", name="5 (negative)").click()
    expect(worked(usual)).to_contain_text("The sequence is negative")


def test_a_weight_under_the_pointer_or_the_focus_says_its_number(usual):
    stages(usual).nth(1).click()
    expect(worked(usual)).to_contain_text("each base picks one weight")
    cell = worked(usual).get_by_role("option").nth(3)
    said = "e => getComputedStyle(e, '::after').content"
    assert cell.evaluate(said) == "none"
    cell.hover()
    name = cell.get_attribute("aria-label")
    assert re.fullmatch(r"Tap 4, A: weight −?\d\.\d{3}", name)
    assert cell.evaluate(said) in ("attr(aria-label)", f'"{name}"')
    usual.notebook.page.mouse.move(0, 0)
    first = worked(usual).get_by_role("option").nth(0)
    first.focus()
    usual.notebook.page.keyboard.press("ArrowRight")
    second = worked(usual).get_by_role("option").nth(1)
    expect(second).to_be_focused()
    assert second.evaluate(said) != "none"


def test_the_link_opens_the_notebook_of_the_stage_beside_this_one(usual):
    stages(usual).nth(1).click()
    link = worked(usual).get_by_role("link", name="notebook 02_scanning")
    link.click()
    page = usual.notebook.page
    tab = page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab", has_text="02_scanning.ipynb")
    expect(tab).to_be_visible()
    expect(page.get_by_role("heading", name="The lesson")).to_be_visible()
    assert len(page.context.pages) == 1
