"""In a JupyterLab: a change of a card is one message, and no page misses one."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

MADE = (
    "from motiflab.explorers.activation_explorer import ActivationExplorer\n"
    "card = ActivationExplorer()\ncard.set(z=1.5)\ncard"  # before the page has its scripts
)
TEXT = r"""(html) => {
    const words = document.createElement("div");
    words.innerHTML = html;
    return words.textContent.trim().replace(/\s+/g, " ");
}"""
SHOWN = r"""() => document.querySelector(".motiflab-card .motiflab-readout")?.textContent.trim()
    .replace(/\s+/g, " ")"""
COUNT = """() => {
    window.received = 0;
    const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    kernel.iopubMessage.connect((_, {header}) => { received += header.msg_type === "comm_msg"; });
}"""


def agrees(notebook) -> None:
    """Wait until the page shows the readout and a picture of the present state."""
    said = notebook.page.evaluate(TEXT, notebook.python("print(card.readout.html)"))
    notebook.page.wait_for_function(f"(said) => ({SHOWN})() === said", arg=said)
    note = notebook.python("print(card.figures['functions'].text)").strip()
    chart = notebook.page.locator(".motiflab-picture-functions[role=figure]").first
    expect(chart).to_have_attribute("aria-label", note)


def test_no_change_of_a_card_is_lost(opened):
    with opened(MADE, "card.set(z=-1.0)", "card") as notebook:
        notebook.run(0)
        agrees(notebook)
        notebook.python("card.set(z=0.5)")
        agrees(notebook)
        notebook.command("notebook:clear-all-cell-outputs")
        notebook.run(1)  # in no output, while the page has its models
        notebook.run(2)
        agrees(notebook)
        notebook.reload()
        agrees(notebook)
        notebook.python("card.set(z=2.0)")
        agrees(notebook)


def test_a_change_is_one_message(opened):
    with opened(MADE) as notebook:
        notebook.run(0)
        agrees(notebook)
        notebook.page.evaluate(COUNT)
        notebook.python("card.set(z=0.5)")
        agrees(notebook)
        notebook.page.wait_for_timeout(200)
        # and the slider's answer to the value that it was given
        assert notebook.page.evaluate("received") <= 2
