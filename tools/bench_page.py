"""JupyterLab in Chromium for the benchmark, with clocks that run in the page.

Times that end on the screen are taken in the page alone, from the event's own time stamp to the
second animation frame after the picture has changed, so nothing of the driver is in them.
"""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

TESTS = Path(__file__).parents[1] / "tests"

# `answer` resolves after the next `trigger`, once every target has changed, an image among them is
# decoded and the words are there, and all that is painted. `shown` resolves once all pictures of
# the card in a cell's output are there and painted; it counts from the run of that cell.
PAGE = r"""
window.bench = {
    painted: () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(
        () => done(performance.now())))),
    answer(trigger, targets, words) {
        this.pending = new Promise((resolve) => {
            let start = null;
            const waiting = new Set(targets);
            document.addEventListener(trigger, (event) => { start ??= event.timeStamp; },
                {capture: true, once: true});
            const changed = (selector, node, observer) => {
                if (start === null || !node.textContent.includes(words)) return;
                observer.disconnect();
                const image = node.matches("img") ? node : null;
                Promise.resolve(image?.decode()).then(async () => {
                    waiting.delete(selector);
                    if (!waiting.size) {
                        const end = await this.painted();
                        // The clock of the machine, which the kernel reads, too.
                        const at = (Date.now() - performance.now() + start) / 1000;
                        resolve({ms: end - start, at});
                    }
                });
            };
            for (const selector of targets) {
                const node = document.querySelector(selector);
                new MutationObserver((_, observer) => changed(selector, node, observer)).observe(
                    node, {subtree: true, childList: true, attributes: true, characterData: true});
            }
        });
    },
    cell: (number) => jupyterapp.shell.currentWidget.node.querySelectorAll(".jp-CodeCell")[number],
    async run(number, there) {
        const start = performance.now();
        const cell = this.cell(number);
        jupyterapp.shell.currentWidget.content.activeCellIndex = number;
        jupyterapp.commands.execute("notebook:run-cell");
        while (!there(cell)) await new Promise(requestAnimationFrame);
        return (await this.painted() - start) / 1000;
    },
    ran(number) {
        const prompt = (cell) => cell.querySelector(".jp-InputPrompt").innerText;
        return this.run(number, (cell) => /\[\d+\]/.test(prompt(cell)));
    },
    async charts(number) {
        const start = performance.now();
        const cell = this.cell(number);
        const tabs = [...cell.querySelectorAll(".motiflab-stage label")];
        tabs.find((label) => label.textContent.trim() === "Curves").click();
        const drawn = () => cell.querySelectorAll(".motiflab-chart-still line").length;
        while (!drawn()) await new Promise(requestAnimationFrame);
        return (await this.painted() - start) / 1000;
    },
    shown(number) {
        return this.run(number, (cell) => {
            const card = cell.querySelector(".motiflab-card");
            const letter = card?.querySelector("svg [data-letter]");
            return letter && card.querySelector(".motiflab-readout p");
        });
    },
};
"""


def harness(path: Path = TESTS / "browser/conftest.py") -> ModuleType:
    """Load the harness of the browser tests."""
    spec = importlib.util.spec_from_file_location(f"bench_{path.parent.name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Browser:
    """A JupyterLab and a Chromium, of the classes that the browser tests use."""

    def __init__(self, lab: Any, chromium: Any) -> None:
        self.lab, self.chromium = lab, chromium
        self._notebook = harness().Notebook

    @contextmanager
    def opened(self, *cells: str) -> Iterator[Any]:
        """Open a notebook of these cells; an error in the console at its end is an error here.

        Its attribute `large` lists the sizes of the websocket messages of over a megabyte.
        """
        page = self.chromium.new_page(viewport={"width": 1280, "height": 1600})
        large = []

        def note(payload: str | bytes) -> None:
            if len(payload) > 1e6:
                large.append(len(payload))

        page.on("websocket", lambda socket: socket.on("framereceived", note))
        notebook = self._notebook(page, self.lab, self.lab.write(cells))
        notebook.large = large
        page.evaluate(PAGE)
        yield notebook
        if notebook.busy:
            raise RuntimeError("a card stayed empty: the browser had no time for it")
        if notebook.errors:
            raise RuntimeError(f"errors in the console: {notebook.errors}")
        notebook.close()


@contextmanager
def started() -> Iterator[Browser]:
    """Start a JupyterLab and a headless Chromium; the browser must be installed."""
    from playwright.sync_api import sync_playwright

    browser_tests = harness()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = harness(TESTS / "conftest.py").find_chromium()
        if path is None:
            raise SystemExit(harness(TESTS / "conftest.py").NO_CHROMIUM)
        lab = browser_tests.Lab(Path(folder))
        chromium = playwright.chromium.launch(executable_path=path, args=browser_tests.FLAGS)
        try:
            yield Browser(lab, chromium)
        finally:
            chromium.close()
            lab.stop()
