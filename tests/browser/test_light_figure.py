"""Charts in a real JupyterLab: plotly sent once, drawn right, updated, themed, back after a reload.

A chart of our own is an SVG until the pointer or the focus comes to it.
"""

from __future__ import annotations

import json
import re

import pytest
from reading import settle

pytestmark = pytest.mark.browser

MAKE = """
import plotly.graph_objects as go
from motiflab.widgets.chart import LightFigure

def bars(heights, title):
    axis = {"range": (0, 10)}
    layout = {"title": {"text": title}, "height": 200, "yaxis": axis, "uirevision": "kept"}
    return go.Figure({"data": [{"type": "bar", "y": heights}], "layout": layout})
"""
SHOW = "chart = LightFigure(bars([1, 2], 'one'), 'Two bars.')\nchart"


def drawn(notebook, number: int = 0) -> dict:
    """Return what plotly has drawn: heights of the bars in data units, title and width."""
    chart = notebook.page.locator(".motiflab-chart").nth(number)
    chart.locator(".bars path").first.wait_for(state="attached")
    return chart.evaluate(
        """(chart) => {
            const height = chart.querySelector(".nsewdrag").getBoundingClientRect().height;
            const bars = [...chart.querySelectorAll(".bars .point path")];
            return {
                heights: bars.map((bar) => bar.getBBox().height / height * 10),
                title: chart.previousSibling.textContent,
                width: chart.querySelector(".main-svg").getBoundingClientRect().width,
                room: chart.clientWidth,
                label: chart.parentNode.getAttribute("aria-label"),
                role: chart.parentNode.getAttribute("role"),
            };
        }"""
    )


@pytest.fixture(scope="module")
def notebook(opened):
    with opened(MAKE, SHOW, "LightFigure(bars([3], 'two'))", fresh=True) as notebook:
        notebook.run(0)
        before = notebook.received
        notebook.run(1)
        drawn(notebook)
        notebook.first_cost = notebook.received - before
        yield notebook


def test_a_figure_is_drawn(notebook):
    now = drawn(notebook)
    assert now["heights"] == pytest.approx([1, 2], abs=0.05)
    assert (now["title"], now["label"], now["role"]) == ("one", "Two bars.", "figure")
    assert now["width"] == pytest.approx(now["room"], abs=1)


def test_the_second_figure_costs_kilobytes(notebook):
    before = notebook.received
    notebook.run(2)
    assert drawn(notebook, 1)["heights"] == pytest.approx([3], abs=0.05)
    assert notebook.first_cost < 2_000_000
    assert notebook.received - before < 20_000


def test_text_takes_the_colour_of_the_theme(notebook):
    script = "() => getComputedStyle(document.querySelector('.xtick text')).fill"
    light = notebook.page.evaluate(script)
    notebook.theme("JupyterLab Dark")
    notebook.page.wait_for_function(f"(light) => ({script})() !== light", arg=light)
    dark = notebook.page.evaluate(script)
    channels = [[int(c) for c in re.findall(r"\d+", colour)[:3]] for colour in (light, dark)]
    assert max(channels[0]) < 100 < 200 < min(channels[1])


def test_a_figure_follows_the_width_of_the_page(notebook):
    wide = drawn(notebook)["width"]
    notebook.resize(800, 900)
    narrow = drawn(notebook)
    assert narrow["width"] < wide - 200
    assert narrow["width"] == pytest.approx(narrow["room"], abs=1)


def test_an_update_before_plotly_is_loaded_is_not_lost_nor_one_before_the_page_is_reloaded(opened):
    cells = [MAKE + "chart = LightFigure(bars([1], 'old'))\nchart"]
    cells += ["chart.refresh(bars([4, 5], 'new'), 'Two more.')"]
    with opened(*cells, fresh=True) as notebook:
        notebook.run()
        notebook.page.wait_for_selector(".motiflab-chart-title:has-text('new')", state="attached")
        notebook.reload()
        now = drawn(notebook)
        assert now["heights"] == pytest.approx([4, 5], abs=0.05)
        assert (now["title"], now["label"]) == ("new", "Two more.")


def test_a_second_notebook_on_the_page_draws_though_nothing_was_shown_in_the_first(opened):
    # The first notebook makes a bundle and never shows a figure.
    with opened(MAKE + SHOW.replace("\nchart", ""), fresh=True) as notebook:
        notebook.run()
        notebook.open_beside(MAKE, SHOW)
        notebook.run()
        assert drawn(notebook)["heights"] == pytest.approx([1, 2], abs=0.05)


OWN = """
from motiflab.figures import axis, figure, line, points, upright
from motiflab.widgets.chart import LightFigure

def curve(height, now=2):
    dots = [points([1, 3], [height, height], "dots", "#7A67C7", size=9), line([0, 4], [0, height],
            "line", "#AA4499")]
    across, up = axis("place x", (0, 4)), axis("height (m)", (0, 10), dtick=5)
    return figure(dots, f"height {height}", [], across, up, "%{x}", drag="x",
                  along=([0, 4], [10, 50]), shapes=[upright(now, "#AA4499")])

moved = []
chart = LightFigure(curve(5), "At 5.", drag=lambda name, x: moved.append((name, x)))
chart
"""
# Where the numbers, the names and the points of a chart are drawn.
PLACES = """(part) => {
    const numbers = [...part.querySelectorAll(":is(.xtick, .ytick) text")];
    const titles = [...part.querySelectorAll("text")]
        .filter((text) => ["place x", "height (m)"].includes(text.textContent));
    const dots = [...part.querySelectorAll("circle, .point")];
    return [...numbers, ...titles, ...dots].map((node) => {
        const {left, right, top, bottom} = node.getBoundingClientRect();
        return [node.textContent, (left + right) / 2, (top + bottom) / 2];
    }).sort();
}"""


@pytest.fixture(scope="module")
def shown(opened):
    with opened(OWN, fresh=True) as notebook:
        notebook.run()
        notebook.page.wait_for_selector(".motiflab-chart-still circle", state="attached")
        yield notebook


@pytest.fixture
def own(shown):
    """Return the notebook with the chart as it was at the start; only a zoom is kept."""
    shown.page.mouse.move(0, 0)
    shown.python("moved.clear(); chart.refresh(curve(6)); chart.refresh(curve(5), 'At 5.')")
    shown.page.get_by_role("figure", name="At 5.").wait_for()
    return shown


def parts(notebook):
    """Return the SVG of the chart, and what plotly draws over it."""
    return [notebook.page.locator(f".motiflab-chart-{name}") for name in ("still", "live")]


def test_plotly_comes_with_the_pointer_draws_at_the_same_places_and_goes_after_it(own):
    still, live = parts(own)
    assert still.locator("svg").first.is_visible() and not live.is_visible()
    assert own.page.evaluate("() => globalThis.motiflabPlotly") is None
    before = still.evaluate(PLACES)
    assert [word for word, *_ in before] == [
        "", "", "0", "0", "1", "10", "2", "3", "4", "5", "height (m)", "place x"]  # fmt: skip
    own.page.locator(".motiflab-chart").hover()
    live.locator(".point").first.wait_for()
    assert still.evaluate("(part) => getComputedStyle(part).visibility") == "hidden"
    after = live.evaluate(PLACES)
    assert [word for word, *_ in after] == [word for word, *_ in before]
    for (word, *old), (_, *new) in zip(before, after):
        assert old == pytest.approx(new, abs=1), word
    # While the pointer is there plotly follows; then the SVG is seen again.
    own.python("chart.refresh(curve(10), 'At 10.')")
    top = "(part) => part.querySelector('.nsewdrag').getBoundingClientRect().top"
    at_top = f"""([part, words]) => Math.abs(({top})(part) - [...part.querySelectorAll('.point')]
        .map((dot) => dot.getBoundingClientRect()).map((box) => (box.top + box.bottom) / 2)[0]) < 2
        && part.parentNode.previousSibling.textContent.includes(words)"""
    own.page.wait_for_function(at_top, arg=[live.element_handle(), "height 10"])
    assert live.is_visible()
    own.page.mouse.move(0, 0)
    own.python("chart.refresh(curve(5), 'At 5.')")
    live.wait_for(state="hidden")
    assert still.evaluate(PLACES) == before and still.locator("circle").first.is_visible()


def test_a_press_on_the_svg_is_heard_at_once_and_along_another_axis(own):
    still, live = parts(own)
    field = still.locator(".motiflab-chart-field").bounding_box()
    middle = field["y"] + field["height"] / 2
    own.page.mouse.move(field["x"] + field["width"] / 4, middle)
    own.page.mouse.down()
    own.page.mouse.move(field["x"] + field["width"] / 2, middle)
    own.page.mouse.move(field["x"] + field["width"] * 3 / 4, middle, steps=3)
    assert not live.is_visible()
    own.page.mouse.up()
    settle(own.page)
    moved = json.loads(own.python("import json; print(json.dumps(moved))"))
    assert {name for name, _ in moved} == {"x"}
    assert [moved[0][1], moved[-1][1]] == pytest.approx([20, 40], abs=0.3)
    # As a drag over plotly's drawing does.
    live.locator(".nsewdrag").wait_for()
    own.page.mouse.down()
    own.page.mouse.move(field["x"] + field["width"] / 2, middle)
    own.page.mouse.up()
    settle(own.page)
    assert float(own.python("print(moved[-1][1])")) == pytest.approx(30, abs=0.3)


def test_the_svg_takes_the_colours_of_the_theme_and_the_width_of_the_page(own):
    still, _ = parts(own)
    text = still.locator(".xtick text").first
    colour = "(text) => getComputedStyle(text).fill"
    light, wide = text.evaluate(colour), still.evaluate(PLACES)
    own.theme("JupyterLab Dark")
    own.page.wait_for_function(f"([text, old]) => ({colour})(text) !== old",
                               arg=[text.element_handle(), light])  # fmt: skip
    channels = [int(c) for c in re.findall(r"\d+", text.evaluate(colour))[:3]]
    assert min(channels) > 200
    own.resize(800, 900)
    narrow = still.evaluate(PLACES)
    assert [word for word, *_ in narrow] == [word for word, *_ in wide]
    room = own.page.locator(".motiflab-chart").bounding_box()
    places = {word: x for word, x, _ in narrow if word in ("1", "3")}
    # From 1 to 3 is half of the field, which is 56 pixels narrower than the page.
    assert places["3"] - places["1"] == pytest.approx((room["width"] - 56) / 2, abs=1)
    assert text.evaluate("(text) => getComputedStyle(text).fontSize") == "12px"


def test_plotly_comes_with_the_focus_and_a_zoom_outlives_an_update(own):
    still, live = parts(own)
    own.page.get_by_role("figure", name="At 5.").focus()
    zoom = live.locator(".modebar-btn[data-title='Zoom']")
    zoom.focus()
    zoom.press("Enter")
    field = live.locator(".nsewdrag").bounding_box()
    own.page.mouse.move(field["x"] + 0.3 * field["width"], field["y"] + field["height"] / 2)
    own.page.mouse.down()
    own.page.mouse.move(field["x"] + 0.7 * field["width"], field["y"] + field["height"] / 2)
    own.page.mouse.up()
    live.locator(".xtick text", has_text="1.5").wait_for()
    own.page.mouse.move(0, 0)
    own.page.evaluate("document.activeElement.blur()")
    own.python("chart.refresh(curve(7), 'At 7.')")
    own.page.get_by_role("figure", name="At 7.").wait_for()
    assert live.locator(".xtick text", has_text="1.5").is_visible()
    assert own.python("print(moved)").strip() == "[]"
