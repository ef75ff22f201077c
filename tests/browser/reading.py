"""Read a card in the browser as a learner does: its text and its size."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

TALLEST = 640  # pixels of a card, so that all of it is seen in a window 800 pixels high

# Sizes in pixels as they are drawn. `small` lists texts under 12 pixels, `scrolled` parts with a
# scroll bar of their own, `cut` texts that leave their picture, `beyond` parts that leave the card;
# `first` is where the first control ends.
_MEASURE = """(card) => {
    const frame = card.getBoundingClientRect();
    const across = (selector) => {
        const box = card.querySelector(selector).getBoundingClientRect();
        return [box.top - frame.top, box.bottom - frame.top];
    };
    const found = {height: frame.height, width: frame.width, small: [], scrolled: [], cut: [],
        beyond: []};
    for (const part of ["controls", "pictures", "readout"])
        found[part] = across(`.motiflab-${part}`);
    const first = [...card.querySelectorAll(".motiflab-controls :is(.noUi-handle, input, select)")]
        .find((node) => node.checkVisibility());
    found.first = first.getBoundingClientRect().bottom - frame.top;
    found.sliders = [...card.querySelectorAll(".motiflab-controls .noUi-handle")]
        .filter((node) => node.checkVisibility())
        .map((node) => node.getBoundingClientRect().bottom - frame.top);
    for (const node of card.querySelectorAll("*")) {
        if (node.closest(".motiflab-unseen, style, title, desc") || !node.checkVisibility())
            continue;
        const style = getComputedStyle(node), picture = node.ownerSVGElement;
        if (!node.closest("svg svg") && node.getBoundingClientRect().right > frame.right - 8)
            found.beyond.push(`${node.tagName} ${node.textContent.slice(0, 40)}`);
        if (!picture && [[style.overflowX, node.scrollWidth, node.clientWidth],
            [style.overflowY, node.scrollHeight, node.clientHeight]].some(
            ([how, whole, seen]) => /auto|scroll/.test(how) && seen > 0 && whole > seen + 1))
            found.scrolled.push(node.className || node.tagName);
        const words = [...node.childNodes].filter((child) => child.nodeType === 3)
            .map((child) => child.data.trim()).join("");
        if (!words) continue;
        const matrix = picture ? node.getScreenCTM() : null;
        const size = parseFloat(style.fontSize) * (matrix ? Math.hypot(matrix.a, matrix.b) : 1);
        if (size < 11.95) found.small.push(`${words} (${size.toFixed(1)})`);
        if (picture) {
            const text = node.getBoundingClientRect();
            const edge = node.closest("svg:not(svg svg)").getBoundingClientRect();
            if (text.width && (text.left < edge.left - 1 || text.right > edge.right + 1
                || text.top < edge.top - 2 || text.bottom > edge.bottom + 2))
                found.cut.push(words);
        }
    }
    return found;
}"""


_SETTLED = """async () => {
    const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    for (const question of [1, 2]) await kernel.requestExecute({code: "", silent: true}).done;
}"""


def settle(page: Page) -> None:
    """Wait until the kernel has answered all actions on the page.

    A control that is moved again before the kernel has answered sends its new place only after the
    answer, so the kernel is asked twice.
    """
    page.evaluate(_SETTLED)


def says(card: Locator, words: str, where: str = ".motiflab-readout") -> None:
    """Wait until the card says these words, in its readout or another part of it."""
    card.locator(where, has_text=words).wait_for()


def middle(card: Locator, part: str) -> tuple[float, float]:
    """Return the middle of a part of the picture on the page; the part is in view afterwards.

    It is looked for in the drawing that is shown, the wide or the narrow one.
    """
    part = card.locator(part).locator("visible=true").first
    part.scroll_into_view_if_needed()
    box = part.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


_OVER_TICK = """(chart, tick) => {
    const labels = [...chart.querySelectorAll(".motiflab-chart-still .xtick text")];
    const box = labels.find((e) => e.textContent === tick).getBoundingClientRect();
    const field = chart.querySelector(".motiflab-chart-field").getBoundingClientRect();
    return [(box.left + box.right) / 2, (field.top + field.bottom) / 2];
}"""


def press_axis(chart: Locator, *ticks: str) -> None:
    """Press a chart over a number of its x axis, draw to the next ones, and let go."""
    # Once plotly draws over the SVG, its own number is seen, at the same place.
    number = chart.locator(".motiflab-chart-still .xtick text", has_text=ticks[0])
    number.first.wait_for(state="attached")
    chart.scroll_into_view_if_needed()
    for step, tick in enumerate(ticks):
        chart.page.mouse.move(*chart.evaluate(_OVER_TICK, tick))
        if step == 0:
            chart.page.mouse.down()
    chart.page.mouse.up()


def unfold(card: Locator, name: str) -> None:
    """Open the part of the card behind a button: More, Show numbers or Share."""
    button = card.get_by_role("button", name=name, exact=True)
    if button.get_attribute("aria-expanded") == "false":
        button.press("Enter")


def measured(card: Locator) -> dict:
    """Measure a card: its height and width, the places of its parts, and small or cut text."""
    return card.evaluate(_MEASURE)


def undo(card: Locator) -> None:
    """Undo all changes, and wait until they are undone.

    The words alone could be old, as they need not change. The line of the scene has the whole state
    and is written last, after the pictures and the words. Its content at the first call for a card,
    before anything was moved, is the start. A move that is still on its way would undo the undo.
    """
    settle(card.page)
    line = card.get_by_label("Scene")
    first = line.evaluate("(line) => (line.dataset.first ??= line.value)")
    card.get_by_role("button", name="Undo all changes").click()
    expect(line).to_have_value(first)
    expect(card.locator(".motiflab-error")).to_have_count(0)
