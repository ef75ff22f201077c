"""Every notebook, run whole once: in JupyterLab, as a learner does, in a kernel held to 1 GB.

What counts as a fault is what `tools/run_notebooks.py` counts, whose own test sets it traps.
"""

from __future__ import annotations

import json
import sys

import psutil
import pytest
from playwright.sync_api import expect
from reading import TALLEST
from run_notebooks import GIB, ROOT, find, memory, problems, told
from traps import TRAPS

pytestmark = pytest.mark.browser

HEIGHT = 1800  # pixels of the window
NO_MORE = 600e6  # bytes that the kernel of a lesson may hold at its end

# What errors hide in: outputs inside of widgets that may never be shown, and words on cards.
STATES = """
import json
from ipywidgets.widgets.widget import _instances
states = [widget.get_state(drop_defaults=True) for widget in list(_instances.values())]
words = [{k: v for k, v in state.items() if isinstance(v, (str, tuple, list))} for state in states]
print(json.dumps(words, default=str))
"""


def hidden(notebook) -> list[str]:
    """Return every fault that is hidden in the state of a widget."""
    states = json.loads(notebook.python(STATES))
    outputs = [output for state in states for output in state.get("outputs", [])]
    return problems(outputs, "hidden in an Output widget") + told(states)


def too_tall(notebook) -> list[str]:
    """Return title and height in pixels of the cards that do not fit in a window of 1280 x 800."""
    notebook.resize(1280, 800)
    shown = notebook.page.locator(".motiflab-card").evaluate_all(
        """(cards) => cards.map((card) => [card.querySelector(".motiflab-title")?.textContent,
            Math.round(card.getBoundingClientRect().height)])"""
    )
    notebook.resize(1280, HEIGHT)
    return [f"{title} {high}" for title, high in shown if high > TALLEST]


def kernel(lab, page) -> psutil.Process:
    """Return the process of the kernel of the notebook in front."""
    name = page.evaluate("jupyterapp.shell.currentWidget.sessionContext.session.kernel.id")
    (found,) = [
        child
        for child in psutil.Process(lab.server.pid).children(recursive=True)
        if name in " ".join(child.cmdline())
    ]
    return found


@pytest.fixture(scope="module")
def notebook(opened):
    """Return a notebook in whose page all others are opened, one after the other."""
    with opened("'nothing yet'", height=HEIGHT) as notebook:
        yield notebook


@pytest.mark.parametrize("path", find([ROOT / "notebooks"]), ids=lambda path: path.stem)
def test_every_notebook_runs_whole_in_jupyterlab(notebook, lab, path):
    notebook.open_instead(path)
    process = kernel(lab, notebook.page)
    if sys.platform == "linux":
        process.rlimit(psutil.RLIMIT_DATA, (GIB, GIB))
    notebook.run(seconds=400)
    # Before anything is predicted, an exercise shows its verdict and no explorer.
    cards = notebook.page.locator(".motiflab-card, .motiflab-verdict, .motiflab-progress")
    assert cards.count() >= 1
    cards.first.scroll_into_view_if_needed()
    expect(cards.locator(".motiflab-error")).to_have_count(0)
    notebook.screenshot(path.stem)
    assert too_tall(notebook) == []
    assert hidden(notebook) == []
    if used := memory(process.pid):
        at_end, at_most = (2**20 * mib for mib in used)
        assert at_most <= GIB
        if path.parent.name in ("1_principles", "3_practice"):
            assert at_end <= NO_MORE
    assert not list(lab.root.rglob("my_practice*")), "an untouched notebook has nothing to keep"


@pytest.mark.parametrize(
    ("trap", "complaint"),
    [
        ("hidden_by_output", "hidden in an Output widget"),
        ("said_by_an_explorer", "an explorer says"),
    ],
)
def test_a_fault_that_no_cell_shows_is_seen(notebook, trap, complaint):
    notebook.open_instead("x = 1", "\n".join(TRAPS[trap]))
    notebook.run(0)
    assert hidden(notebook) == []
    notebook.run(1)
    (found,) = hidden(notebook)
    assert complaint in found
