"""In a JupyterLab: a cell that runs again leaves one card, and slow work can be stopped."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

LAB = (
    "from motiflab.lab.motif_lab import MotifLab\n"
    "lab = MotifLab(n=2000, speed='slow')\nlab.start()\nlab"
)
COUNT = (
    "import asyncio, gc\nfrom motiflab.widgets.explorer import Explorer\nawait asyncio.sleep(2)\n"
    "live = sum(Explorer in type(o).__mro__ for o in gc.get_objects())\n"
    "tasks = sum('_train' in str(t.get_coro()) for t in asyncio.all_tasks())\n"
    "f'{live} lab, {tasks} training'"
)
THEOREM = """
import time
from motiflab.explorers.theorem_explorer import TheoremExplorer, compute

def work(state, report):  # on any machine slow enough to be stopped
    for _ in range(6000 if state.restarts == 12 else 0):
        report(0, 12)
        time.sleep(0.01)
    return compute(state, report)

class Slow(TheoremExplorer):
    work = staticmethod(work)

Slow(data="scan", motif="MA0004.1", n=1000, restarts=1)
"""


def test_a_lab_cell_run_three_times_leaves_one_lab_that_trains(opened):
    with opened(LAB, COUNT, "lab.close()\nawait asyncio.sleep(1)") as notebook:
        for _ in range(3):
            notebook.run(0)
            notebook.page.get_by_role("button", name="Pause").wait_for()
        notebook.run(1)
        notebook.page.get_by_text("1 lab, 1 training", exact=False).wait_for()
        card = notebook.page.locator(".motiflab-card")
        assert card.count() == 1
        card.locator(".motiflab-picture-curve svg").wait_for()
        notebook.page.get_by_role("button", name="Pause").click()
        card.get_by_text("paused", exact=False).first.wait_for()
        notebook.screenshot("lab-run-three-times")
        # The kernel ends with the page; one that ends amid a drawing may send half a message.
        notebook.run(2)
        card.wait_for(state="detached")


def test_a_slow_explorer_shows_progress_and_can_be_stopped(opened):
    with opened(THEOREM) as notebook:
        notebook.run(0)
        stop = notebook.page.get_by_role("button", name="Stop", exact=True)
        slider = notebook.slider("Random starts")
        before = notebook.page.locator(".motiflab-readout").first.inner_text()
        assert stop.is_disabled()
        slider.press("End")
        notebook.page.get_by_text("random start 1 of 12").wait_for()
        notebook.screenshot("theorem-at-work")
        stop.click()
        notebook.page.get_by_text("stopped; the pictures belong", exact=False).wait_for()
        notebook.screenshot("theorem-stopped")
        assert slider.get_attribute("aria-valuetext") in ("1", "1.0")
        assert notebook.page.locator(".motiflab-readout").first.inner_text() == before
        slider.press("ArrowRight")
        notebook.page.get_by_text("of 2 random starts reached", exact=False).wait_for()
