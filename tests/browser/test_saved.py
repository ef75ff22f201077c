"""A notebook shows its cards after a restart, a save and a new opening."""

from __future__ import annotations

import pytest

CARDS = (
    "from motiflab import PrevalenceExplorer, ScanExplorer",
    "scan = ScanExplorer()\nscan",
    "PrevalenceExplorer()",
)
# The pictures that stand where JupyterLab finds no widget, and their sizes.
STILLS = """() => [...document.querySelectorAll(".jp-OutputArea-output")]
    .map((output) => getComputedStyle(output, "::before").content)
    .filter((content) => content.includes("motiflab-still"))"""


@pytest.fixture
def notebook(opened):
    with opened(*CARDS, height=1400) as notebook:
        notebook.run()
        yield notebook


def end_kernels(notebook):
    notebook.page.evaluate("() => jupyterapp.serviceManager.sessions.shutdownAll()")


def test_after_a_restart_a_card_says_to_run_it_again(notebook):
    page = notebook.page
    scan = page.locator(".motiflab-card").first
    assert page.evaluate(STILLS) == []
    said = "e => getComputedStyle(e, '::before').content"
    assert scan.evaluate(said) == "none"
    page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    page.wait_for_function(
        "() => document.querySelectorAll('.motiflab-card .motiflab-controls[inert]').length === 2"
    )
    notebook.screenshot("restarted")
    assert "Run this cell again" in scan.evaluate(said)
    assert scan.locator("[role=alert]").inner_text() == (
        "The kernel was restarted. Run this cell again."
    )
    # The icons of a broken chain, one beside each control.
    assert (
        scan.evaluate(
            """card => [...card.querySelectorAll('.jupyter-widgets-disconnected')]
            .map(part => getComputedStyle(part, '::before').content)
            .filter(content => content !== 'none').length"""
        )
        == 0
    )
    notebook.wait_for_kernel()
    notebook.run()
    page.wait_for_function("() => !document.querySelector('.motiflab-card [inert]')")
    assert scan.evaluate(said) == "none"


def test_a_saved_notebook_shows_pictures_until_it_is_run(notebook):
    page = notebook.page
    notebook.command("docmanager:save")
    end_kernels(notebook)
    page.goto(page.url.removesuffix("?reset"))
    page.wait_for_function(f"() => ({STILLS})().length === 2")
    notebook.screenshot("reopened")
    notebook.wait_for_kernel()
    assert page.locator(".motiflab-card").count() == 0
    assert len(page.evaluate(STILLS)) == 2
    notebook.run()
    page.wait_for_function(f"() => ({STILLS})().length === 0")
    assert page.locator(".motiflab-card").count() == 2
    notebook.screenshot("run_again")
    # That JupyterLab found no widget it may note in the console; nothing else went wrong.
    notebook.errors[:] = [error for error in notebook.errors if "model not found" not in error]


def test_after_shift_and_enter_the_top_of_the_card_is_in_view(opened_as_usual):
    # With cells above and below it, the page is scrolled to the cell that follows.
    tall = "\n".join(f"# {n}" for n in range(20))
    with opened_as_usual(CARDS[0], tall, tall, CARDS[1], tall, tall, height=800) as notebook:
        notebook.run(0)
        page = notebook.page
        page.evaluate(
            """() => {
                jupyterapp.shell.currentWidget.content.activeCellIndex = 3;
                return jupyterapp.commands.execute("notebook:run-cell-and-select-next").then();
            }"""
        )
        page.wait_for_selector(".motiflab-card .motiflab-readout p")
        page.wait_for_function(
            """() => {
                const card = document.querySelector(".motiflab-card").getBoundingClientRect();
                const page = document.querySelector(".jp-WindowedPanel-outer");
                const {top, bottom} = page.getBoundingClientRect();
                return top <= card.top + 1 && card.top < bottom - 400;
            }"""
        )
