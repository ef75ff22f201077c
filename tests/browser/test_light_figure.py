"""Plotly in a real JupyterLab: sent once, drawn right, updated, themed, and back after a reload."""

from __future__ import annotations

import re

import pytest

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
