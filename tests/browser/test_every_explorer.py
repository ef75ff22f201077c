"""Every control of every explorer by keyboard, in JupyterLab, against an explorer in this process.

All cards stand in one notebook, as the last lines of a cell each. What the readout should say after
a key press is worked out here, by another explorer of the same state.
"""

from __future__ import annotations

import dataclasses
import json
import re
from html import unescape

import pytest
from axe_playwright_python.sync_playwright import Axe
from every import explorers, others, shown
from playwright.sync_api import expect
from reading import TALLEST, measured, undo, unfold

from motiflab.explorers.activation_explorer import ActivationExplorer
from motiflab.widgets.fields import declared

pytestmark = pytest.mark.browser

SCREEN = 678  # pixels of the notebook that a window 800 pixels high leaves in JupyterLab
FAULTS = "small", "cut", "scrolled", "beyond"
GLIMPSE = 250  # of the pictures above the controls, or all of them
EXPLORERS = explorers()
CELLS = [f"from {e.__module__} import {e.__name__}\n{e.__name__}()" for e in EXPLORERS]


def words(html: str) -> str:
    """Text of the readout as a browser gives it, with all white space as single spaces."""
    return " ".join(unescape(re.sub(r"<style.*?</style>|<[^>]*>", "", html, flags=re.S)).split())


def plan(explorer_class, name: str) -> tuple[object, str] | None:
    """Choose a value that one key reaches, and the readout for it.

    None if no such value changes what is seen: the test of the explorer without a browser has
    found one that does, further away.
    """
    explorer = explorer_class()
    before = shown(explorer)
    field, value = declared(explorer.State)[name], getattr(explorer.state, name)
    if explorer.controls[name].layout.display == "none":
        return None
    candidates = list(others(field, value))
    if field.kind == "slider":
        nexts = [field.type(round(value + s * field.step, 10)) for s in (1, -1)]
        candidates = [n for n in nexts if field.low <= n <= field.high]
    if field.kind == "matrix":
        candidates = candidates[:1]  # Shift and an arrow up in the first cell
    for candidate in candidates:
        try:
            explorer.set(**{name: candidate})
        except ValueError:
            continue
        if shown(explorer) != before:
            return candidate, words(explorer.readout.html)
    return None


def move(card, field, before, value) -> None:
    """Move the control to the value by keyboard."""
    if field.kind == "slider":
        handle = card.get_by_role("slider", name=field.label, exact=True)
        handle.press("ArrowRight" if value > before else "ArrowLeft")
    elif field.kind == "toggle":
        card.get_by_role("checkbox", name=field.label).press("Space")
    elif field.kind == "matrix":
        grid = card.locator(".motiflab-grid", has=card.page.get_by_role("table", name=field.label))
        grid.locator("input").first.press("Shift+ArrowUp")
    elif field.kind == "lines":
        card.locator("summary", has_text=field.label).press("Enter")
        box = card.get_by_role("textbox", name=field.label)
        box.fill(value)
        box.press("Tab")
    elif field.kind == "choice":
        option = next(shown for shown, v in field.options if v == value)
        menu = card.get_by_label(field.label, exact=True)
        if menu.count() and menu.first.evaluate("node => node.tagName") == "SELECT":
            menu.first.select_option(label=option)
        else:
            group = card.locator(".widget-radio", has_text=field.label)
            group.get_by_label(option, exact=True).first.press("Space")
    else:
        box = card.get_by_label(field.label, exact=True)
        box.fill(str(value))
        box.press("Enter")


@pytest.fixture(scope="module")
def notebook(opened):
    with opened(*CELLS, height=800) as notebook:
        # One after the other: anywidget gives up a widget for which the browser has no time within
        # two seconds, and so many cards at once leave it none.
        for number in range(len(CELLS)):
            notebook.run(number)
            cell = notebook.page.locator(".jp-CodeCell").nth(number)
            expect(cell.locator(".motiflab-readout p").first).to_be_visible()
        yield notebook


def sizes(notebook) -> dict[str, dict]:
    """Measure all cards, and print a table."""
    found = {}
    for number, explorer in enumerate(EXPLORERS):
        card = notebook.page.locator(".motiflab-card").nth(number)
        card.scroll_into_view_if_needed()
        found[explorer.__name__] = measured(card)
    width = notebook.page.viewport_size["width"]
    print(f"\nA window of {width} x 800 pixels: width and height of each card")
    for name, size in found.items():
        print(f"{name:24} {size['width']:5.0f} {size['height']:5.0f}")
    return found


def test_every_card_fits_on_one_screen_and_nothing_in_it_is_small_cut_or_scrolled(notebook):
    faults = {}
    for name, size in sizes(notebook).items():
        found = {what: size[what] for what in FAULTS if size[what]}
        if size["height"] > TALLEST:
            found["height"] = size["height"]
        if found:
            faults[name] = found
    assert faults == {}


# Which part of its pictures is in view, from 0 to 1, once a slider of a card at the top has the
# focus, and whether the slider is.
IN_VIEW = """(card, label) => {
    card.scrollIntoView({block: "start"});
    const slider = card.querySelector(`[role="slider"][aria-label="${label}"]`);
    slider.focus();
    const screen = card.closest(".jp-WindowedPanel-outer").getBoundingClientRect();
    const share = (node) => {
        const {top, bottom, height} = node.getBoundingClientRect();
        return (Math.min(bottom, screen.bottom + 1) - Math.max(top, screen.top - 1)) / height;
    };
    return [card.querySelector(".motiflab-pictures"), slider].map((e) => Math.min(share(e), 1));
}"""
WIDER = """(width) =>
    document.querySelector(".motiflab-card").getBoundingClientRect().width > width + 100"""
SHORT = {
    "DepthExplorer": "Hidden layers n",
    "GrammarExplorer": "Shortest gap",
    "InterpolationExplorer": "True positives at A",
    "MotifExplorer": "GC of the background",
    "PoolingExplorer": "Shift of the motif (bases)",
}
"""Cards whose pictures are not as high as a narrow window, with their first slider."""


def test_in_a_narrow_window_the_picture_stays_in_view_while_a_control_moves(notebook):
    notebook.resize(800, 800)
    try:
        found, faults = sizes(notebook), []
        for name, size in found.items():
            (controls, _), (top, bottom) = size["controls"], size["pictures"]
            seen = max(top, bottom - GLIMPSE)
            far = [end for end in (size["first"], *size["sliders"]) if end - seen > SCREEN]
            wrong = {what: size[what] for what in FAULTS if size[what]}
            if bottom > controls or wrong or far:
                faults.append((name, bottom, controls, wrong, far))
        assert faults == []
        cards = dict(zip(found, notebook.page.locator(".motiflab-card").all()))
        for name in (*SHORT, "SaliencyExplorer"):  # of this one without its head
            assert found[name]["sliders"][0] - found[name]["pictures"][0] <= SCREEN, name
        for name, label in SHORT.items():
            assert cards[name].evaluate(IN_VIEW, label) == [1, 1], name
        # Without the browser of files the first slider leaves all pictures in view.
        notebook.page.evaluate("jupyterapp.shell.collapseLeft()")
        notebook.page.wait_for_function(WIDER, arg=found["ScanExplorer"]["width"])
        for name, size in sizes(notebook).items():
            assert max(size["sliders"][:1], default=0) - size["pictures"][0] <= SCREEN, name
    finally:
        notebook.page.evaluate("jupyterapp.shell.expandLeft()")
        notebook.resize(1280, 800)


RINGS = """(card) => {
    const controls = "button:enabled, input:enabled, select:enabled, [tabindex='0']";
    const seen = [...card.querySelectorAll(controls)].filter((node) => node.checkVisibility());
    return seen.filter((node) => {
        node.focus();
        const style = getComputedStyle(node);
        return style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2;
    }).map((node) => node.className);
}"""


def test_every_control_has_a_ring_while_it_has_the_focus(notebook):
    # A browser marks the focus of somebody who uses the keyboard.
    notebook.page.keyboard.press("Shift")
    for number, explorer in enumerate(EXPLORERS):
        card = notebook.page.locator(".motiflab-card").nth(number)
        assert card.evaluate(RINGS) == [], explorer.__name__


SEEN = """(card) => [...card.querySelectorAll(".motiflab-pictures, .motiflab-numbers")]
    .map((part) => part.innerHTML).join("")"""


@pytest.mark.parametrize("number", range(len(EXPLORERS)), ids=[e.__name__ for e in EXPLORERS])
def test_every_control_answers_to_the_keyboard(notebook, number):
    explorer_class = EXPLORERS[number]
    card = notebook.page.locator(".jp-CodeCell").nth(number).locator(".motiflab-card")
    card.scroll_into_view_if_needed()
    if card.get_by_role("button", name="More", exact=True).is_visible():
        unfold(card, "More")
    undo(card)
    first = words(explorer_class().readout.html)
    state = dataclasses.asdict(explorer_class().state)
    readout = card.locator(".motiflab-readout")
    for name, field in declared(explorer_class.State).items():
        chosen = plan(explorer_class, name)
        if chosen is None:
            continue
        value, said = chosen
        before = card.evaluate(SEEN)
        move(card, field, state[name], value)
        expect(readout, name).to_have_text(said)
        if said == first:  # then the pictures must tell, and may come a moment later
            changed = f"([card, before]) => ({SEEN})(card) !== before"
            card.page.wait_for_function(changed, arg=[card.element_handle(), before])
        undo(card)
        expect(readout).to_have_text(first)
    notebook.screenshot(f"card_{explorer_class.__name__}")


def test_two_values_in_quick_succession_end_at_the_second(notebook):
    card = f"Out[{EXPLORERS.index(ActivationExplorer) + 1}]"
    handle = notebook.slider("Pre-activation z").first
    for first, second in ((0.3, -0.5), (0.1, -0.6), (2.3, 0.0)):
        notebook.python(f"{card}.set(z={first}); {card}.set(z={second})")
        # The browser answers the first, and would undo the second.
        notebook.page.wait_for_timeout(500)
        assert float(notebook.python(f"print({card}.state.z)")) == second
        assert float(handle.get_attribute("aria-valuenow")) == pytest.approx(second, abs=0.05)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_has_no_serious_finding(notebook, theme):
    notebook.theme(theme)
    cards = notebook.page.locator(".motiflab-card")
    expect(cards).to_have_count(len(EXPLORERS))
    for card in cards.all():
        for name in ("More", "Show numbers", "Share"):
            if card.get_by_role("button", name=name, exact=True).is_visible():
                unfold(card, name)
    # JupyterLab's body is 0 pixels high, from which axe concludes that all in it is hidden; and of
    # what is out of view it does not judge the contrast.
    notebook.resize(1280, 900 * len(EXPLORERS))
    notebook.page.evaluate("document.body.style.height = '100vh'")
    notebook.page.evaluate(Axe().axe_script)
    found = notebook.page.evaluate("axe.run('.motiflab-card', {resultTypes: ['violations']})")
    serious = {
        result["id"]: [node["html"][:200] for node in result["nodes"]]
        for result in found["violations"]
        if result["impact"] in ("serious", "critical")
    }
    assert serious == {}, json.dumps(serious, indent=1)
