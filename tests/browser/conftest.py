"""Drive a JupyterLab of the test's own in a headless Chromium."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import ClassVar

import nbformat
import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    expect,
    sync_playwright,
)

# Repeatable and offline: nothing is fetched, nothing saved by itself, and cells off screen are
# in the page too.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}
# JupyterLab's default: it draws a cell only when it comes into view.
SHIPPED = {name: SETTINGS[name] for name in SETTINGS if name != "notebook-extension/tracker"}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
# JupyterLab's own complaint if a notebook is closed while it still asks its kernel for a debugger.
DEBUGGER = "Could not restore the debugger state: Canceled future"
# anywidget gives a widget up if the browser has no time for it within two seconds. The card then
# stays empty, and what is asked of it fails.
BUSY = "[anywidget] Failed to initialize model"
# Whether each card that is shown says something.
SAID = """() => [...document.querySelectorAll(".motiflab-card")]
    .every((card) => card.querySelector(".motiflab-readout")?.textContent.trim())"""
# Whether JupyterLab and the charts have taken in the width of the window.
FITTED = """() => {
    const width = (node) => node?.getBoundingClientRect().width ?? 0;
    const charts = [...document.querySelectorAll(".motiflab-chart")];
    return Math.abs(width(document.querySelector("#jp-top-panel")) - innerWidth) < 1
        && charts.every((chart) => !chart.clientWidth
            || [...chart.querySelectorAll(":is(.motiflab-chart-still > svg, .main-svg)")].every(
                (svg) => !width(svg) || Math.abs(width(svg) - chart.clientWidth) <= 1));
}"""
IMAGES = Path(__file__).parents[2] / "notebooks" / "images"
SECOND = 1000  # Playwright counts in milliseconds
MOST = 60 * SECOND  # that a page may take: the machine may be busy with other tests


class Lab:
    """A JupyterLab server without token, with a folder and settings of its own."""

    def __init__(self, folder: Path, settings: dict[str, dict] = SETTINGS) -> None:
        self.root = folder / "root"
        self.root.mkdir()
        self._numbers = itertools.count(1)
        for name, value in settings.items():
            path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(value))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        homes = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
        }
        environment = os.environ | {name: str(folder / home) for name, home in homes.items()}
        environment["JUPYTER_PREFER_ENV_PATH"] = "1"
        environment["OMP_NUM_THREADS"] = "1"
        self.log = folder / "server.log"
        self._output = self.log.open("w")
        self.server = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
                *("--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
                *("--IdentityProvider.token=", f"--ServerApp.root_dir={self.root}"),
                "--LabApp.expose_app_in_browser=True",
            ],
            env=environment,
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )
        self._wait()

    def _wait(self) -> None:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{self.url}/api/status", timeout=30).close()
                return
            except OSError:
                if self.server.poll() is not None:
                    break
                time.sleep(0.1)
        self.stop()
        pytest.fail(f"JupyterLab did not start:\n{self.log.read_text()[-3000:]}")

    def write(self, cells: Sequence[str | Path]) -> str:
        """Write a notebook with these cells, or copy the one at a path; give its name.

        A copied notebook finds our pictures by its relative links.
        """
        name = f"{next(self._numbers)}.ipynb"
        if isinstance(cells[0], Path):
            (path,) = cells
            shutil.copytree(IMAGES, self.root / IMAGES.name, dirs_exist_ok=True)
            if f"../{IMAGES.name}/" in path.read_text("utf-8"):
                (self.root / "part").mkdir(exist_ok=True)
                name = f"part/{name}"
            shutil.copy(path, self.root / name)
        else:
            content = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
            content.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
            nbformat.write(content, self.root / name)
        return name

    def stop(self) -> None:
        """End the server and its kernels."""
        self.server.terminate()
        try:
            self.server.wait(30)
        except subprocess.TimeoutExpired:  # on a busy machine; nothing it holds is needed
            self.server.kill()
            self.server.wait(30)
        self._output.close()


class Notebook:
    """A notebook open in JupyterLab; `errors` and `outside` should stay empty.

    `busy` says whether a widget timed out because the machine was busy; `received` counts the data
    from the websocket: bytes, or characters of text.
    """

    in_use: ClassVar[list[Notebook]] = []

    def __init__(self, page: Page, lab: Lab, name: str) -> None:
        self.page, self.lab = page, lab
        self.errors: list[str] = []
        self.busy = self.ending = False
        self.outside: list[str] = []
        self.received = 0
        page.set_default_timeout(MOST)
        page.on("pageerror", lambda error: self._complain(str(error)))
        page.on("console", self._console)
        page.on("request", self._request)
        page.on("websocket", lambda socket: socket.on("framereceived", self._frame))
        page.goto(f"{lab.url}/lab/tree/{name}?reset")
        self.wait_for_kernel()

    def wait_for_kernel(self) -> None:
        """Wait until the notebook in front can run."""
        # The indicator in the toolbar says so too early: then running does nothing, silently.
        self.page.wait_for_function(
            """() => {
                const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
                return !!context?.isReady && context.session?.kernel?.status === "idle";
            }""",
            timeout=2 * MOST,
        )

    def reload(self) -> None:
        """Save the notebook and load the page again; the kernel goes on."""
        self.command("docmanager:save")
        self.page.goto(self.page.url.removesuffix("?reset"))
        self.wait_for_kernel()

    def open_beside(self, *cells: str) -> None:
        """Open a second notebook in the same page, in front of this one."""
        self.command("docmanager:open", path=self.lab.write(cells))
        self.wait_for_kernel()

    def open_instead(self, *cells: str | Path) -> None:
        """Close all notebooks of the page and open another."""
        self.clear()
        self.errors.clear()
        self.outside.clear()
        self.busy = False
        self.command("docmanager:open", path=self.lab.write(cells))
        self.wait_for_kernel()

    def clear(self) -> None:
        """Close all notebooks of the page, unsaved, and end all kernels.

        A kernel that is ended during its work may leave half a message, and the server may be asked
        for a kernel that has just ended. Neither is a fault of a card, so it does not count.
        """
        self.page.evaluate(
            """() => {
                for (const widget of [...jupyterapp.shell.widgets("main")]) {
                    // Else JupyterLab asks whether to save.
                    if (widget.context) widget.context.model.dirty = false;
                    widget.dispose();
                }
            }"""
        )
        self.ending = True
        self.page.evaluate("() => jupyterapp.serviceManager.sessions.shutdownAll()")
        self.ending = False

    def check(self) -> None:
        """Fail, once, if there was an error in the console or a request to anywhere else."""
        found = self.errors + self.outside
        self.errors.clear()
        self.outside.clear()
        assert found == []

    def command(self, name: str, **arguments: object) -> None:
        """Execute one of JupyterLab's commands."""
        script = "([name, values]) => jupyterapp.commands.execute(name, values).then(() => null)"
        self.page.evaluate(script, [name, arguments])

    def theme(self, name: str) -> None:
        """Change the theme to "JupyterLab Light" or "JupyterLab Dark"."""
        self.command("apputils:change-theme", theme=name)
        self.page.wait_for_selector(f"body[data-jp-theme-name='{name}']", state="attached")
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")

    def run(self, number: int | None = None, seconds: float = 120) -> None:
        """Run all cells, or one, and wait until they are done; a cell that fails fails the test."""
        self._run(number, seconds)
        if self.busy:
            # What the lecture notebook advises for a card that stayed empty: run it again.
            self.busy = False
            if number is None:
                self.command("notebook:clear-all-cell-outputs")
            self._run(number, seconds)
        kind = '[data-mime-type="application/vnd.jupyter.{}"]'
        complaints = self.page.locator(", ".join(map(kind.format, ("error", "stderr"))))
        assert complaints.all_inner_texts() == []

    def _run(self, number: int | None, seconds: float) -> None:
        script = """(number) => {
            const notebook = jupyterapp.shell.currentWidget.content;
            if (number !== null) notebook.activeCellIndex = number;
            const command = number === null ? "notebook:run-all-cells" : "notebook:run-cell";
            window.ran = false;  // a cell that ran before has its number already
            jupyterapp.commands.execute(command).finally(() => { window.ran = true; });
        }"""
        self.page.evaluate(script, number)
        self.page.wait_for_function(
            """(number) => {
                // The model knows: a cell whose input is folded away shows no number.
                const cells = jupyterapp.shell.currentWidget.content.widgets;
                const waited = number === null ? cells : [cells[number]];
                return window.ran && waited.every(
                    ({model}) => model.type !== "code" || model.executionCount !== null);
            }""",
            arg=number,
            timeout=seconds * SECOND,
        )
        # That a widget was given up is known two seconds after its cell has run.
        end = time.monotonic() + MOST / SECOND
        while not (self.busy or self.page.evaluate(SAID)) and time.monotonic() < end:
            self.page.wait_for_timeout(50)

    def python(self, code: str) -> str:
        """Run code in the kernel, outside any cell, and return its output."""
        return self.page.evaluate(
            """async (code) => {
                const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
                const future = kernel.requestExecute({code, store_history: false});
                let printed = "";
                future.onIOPub = (message) => {
                    if (message.header.msg_type === "stream") printed += message.content.text;
                };
                const reply = await future.done;
                if (reply.content.status !== "ok") throw new Error(reply.content.evalue);
                return printed;
            }""",
            code,
        )

    def resize(self, width: int, height: int) -> None:
        """Change the size of the window, and wait until the page has adapted."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.wait_for_function(FITTED)

    def slider(self, label: str) -> Locator:
        """Find the handle of a slider by its label."""
        return self.page.get_by_role("slider", name=label)

    def screenshot(self, name: str) -> None:
        """Save a picture of the page in the folder SCREENSHOTS, if that is set."""
        if folder := os.environ.get("SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{name}.png")

    def close(self) -> None:
        """End all kernels and close the page."""
        self.clear()
        self.page.close()

    def _frame(self, payload: str | bytes) -> None:
        self.received += len(payload)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(DEBUGGER):
            self._complain(message.text)

    def _complain(self, words: str) -> None:
        if words.startswith(BUSY):
            self.busy = True
        elif not self.ending:
            self.errors.append(words)

    def _request(self, request: Request) -> None:
        if request.url.startswith("http") and not request.url.startswith(self.lab.url):
            self.outside.append(request.url)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Iterator[None]:
    """Blame an error in the console on the test that ran, also if the page stays for the next."""
    done = yield
    for notebook in Notebook.in_use:
        notebook.check()
    return done


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Start a JupyterLab for the whole run."""
    server = Lab(tmp_path_factory.mktemp("lab"))
    yield server
    server.stop()


@pytest.fixture
def as_shipped(tmp_path: Path, browser: Browser) -> Iterator[Notebook]:
    """Open an empty notebook in a JupyterLab that draws only the cells in view."""
    server = Lab(tmp_path, SHIPPED)
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    yield Notebook(page, server, server.write(["'nothing yet'"]))
    page.close()
    server.stop()


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """Start a headless Chromium for the tests of this folder.

    Playwright keeps an event loop running until it ends, in which no other test could run one.
    """
    expect.set_options(timeout=MOST)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


Opened = Callable[..., AbstractContextManager[Notebook]]


@pytest.fixture(scope="package")
def opened(lab: Lab, browser: Browser) -> Opened:
    """Open a notebook of these cells, or a copy of the one at a path: ``with opened("1 + 1")``.

    It reuses the page of the last notebook, because JupyterLab needs seconds to start, unless
    that notebook is still open or a `fresh` page is asked for. At the end there must have been no
    error in the console and no request to anywhere else.
    """
    return _opener(lab, browser)


@pytest.fixture(scope="module")
def opened_as_usual(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Opened]:
    """As `opened`, in a JupyterLab that draws only the cells in view, as it does by itself."""
    settings = {name: value for name, value in SETTINGS.items() if "tracker" not in name}
    lab = Lab(tmp_path_factory.mktemp("usual"), settings)
    yield _opener(lab, browser)
    lab.stop()


def _opener(lab: Lab, browser: Browser) -> Opened:
    idle: list[Notebook] = []

    @contextmanager
    def opened(
        *cells: str | Path, width: int = 1280, height: int = 1000, fresh: bool = False
    ) -> Iterator[Notebook]:
        size = {"width": width, "height": height}
        if idle and not fresh:
            notebook = idle.pop()
            notebook.page.set_viewport_size(size)
            notebook.open_instead(*cells)
        else:
            notebook = Notebook(browser.new_page(viewport=size), lab, lab.write(cells))
        notebook.theme("JupyterLab Light")  # JupyterLab keeps what the last test chose
        Notebook.in_use.append(notebook)
        try:
            yield notebook
        finally:
            Notebook.in_use.remove(notebook)
            notebook.clear()
        notebook.check()
        if fresh:
            notebook.page.close()
        else:
            idle.append(notebook)

    return opened
