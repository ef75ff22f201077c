"""Drive a JupyterLab of the test's own in a headless Chromium."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

# Repeatable and offline: nothing is fetched, nothing saved by itself, and cells off screen are
# in the page too.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
SECOND = 1000  # Playwright counts in milliseconds


class Lab:
    """A JupyterLab server without token, with a folder and settings of its own."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self.root.mkdir()
        for name, value in SETTINGS.items():
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
        self._server = subprocess.Popen(
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
                if self._server.poll() is not None:
                    break
                time.sleep(0.1)
        self.stop()
        pytest.fail(f"JupyterLab did not start:\n{self.log.read_text()[-3000:]}")

    def stop(self) -> None:
        """End the server and its kernels."""
        self._server.terminate()
        self._server.wait(30)
        self._output.close()


class Notebook:
    """A notebook open in JupyterLab; `errors` and `outside` should stay empty."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.errors: list[str] = []
        self.outside: list[str] = []
        self.received = 0
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)
        page.on("request", self._request)
        page.on("websocket", lambda socket: socket.on("framereceived", self._frame))
        self.open(url)

    def open(self, url: str) -> None:
        """Open a notebook in this page and wait for its kernel."""
        self.page.goto(url)
        self.page.wait_for_function(
            """() => {
                const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
                return !!context?.isReady && context.session?.kernel?.status === "idle";
            }""",
            timeout=90 * SECOND,
        )

    def command(self, name: str, **arguments: object) -> None:
        """Execute one of JupyterLab's commands."""
        script = "([name, values]) => jupyterapp.commands.execute(name, values).then(() => null)"
        self.page.evaluate(script, [name, arguments])

    def run_all(self, seconds: float = 120) -> None:
        """Run all cells and wait until they are done; a cell that raises fails the test."""
        self.page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")
        self.page.wait_for_function(
            """() => {
                const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
                return prompts.every((prompt) => /\\[\\d+\\]/.test(prompt.innerText));
            }""",
            timeout=seconds * SECOND,
        )
        kind = '[data-mime-type="application/vnd.jupyter.{}"]'
        complaints = self.page.locator(", ".join(map(kind.format, ("error", "stderr"))))
        assert complaints.all_inner_texts() == []

    def slider(self, label: str) -> Locator:
        """Find the handle of a slider by its label."""
        return self.page.get_by_role("slider", name=label)

    def screenshot(self, name: str) -> None:
        """Save a picture of the page in the folder SCREENSHOTS, if that is set."""
        if folder := os.environ.get("SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{name}.png")

    def _frame(self, payload: str | bytes) -> None:
        self.received += len(payload)

    def _console(self, message: object) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _request(self, request: object) -> None:
        if request.url.startswith("http") and "//127.0.0.1" not in request.url:
            self.outside.append(request.url)


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Start a JupyterLab for the whole run."""
    server = Lab(tmp_path_factory.mktemp("lab"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Start a headless Chromium for the whole run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


OpenCells = Callable[..., Notebook]


@pytest.fixture
def open_cells(lab: Lab, browser: Browser, request: pytest.FixtureRequest) -> Iterator[OpenCells]:
    """Write a notebook with these cells and open it; at the end it must have no complaints."""
    opened: list[Notebook] = []

    def open_cells(*cells: str, width: int = 1280, height: int = 1000) -> Notebook:
        name = f"{request.node.name}_{len(opened)}.ipynb".replace("[", "_").replace("]", "")
        content = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        content.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(content, lab.root / name)
        page = browser.new_page(viewport={"width": width, "height": height})
        opened.append(Notebook(page, f"{lab.url}/lab/tree/{name}?reset"))
        return opened[-1]

    yield open_cells
    for notebook in opened:
        notebook.page.evaluate("() => jupyterapp.serviceManager.sessions.shutdownAll()")
        notebook.page.close()
    for notebook in opened:
        assert notebook.errors == []
        assert notebook.outside == []
