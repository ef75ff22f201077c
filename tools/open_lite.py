"""Open the built edition in a browser, train the default lab, and say how long everything took.

    python tools/open_lite.py build/lite [MEGABITS]

Twice, with one storage: cold and warm, over a connection of so many megabits a second (20 if not
given). It fails if the lab does not name its motif.
Needs Playwright, and a Chromium of its own or the one that CHROMIUM names.
"""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


class Files(http.server.SimpleHTTPRequestHandler):
    """Serve files, silently."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def send_header(self, keyword: str, value: str) -> None:
        """Send a header, and count what is announced."""
        if keyword == "Content-Length":
            self.server.sent += int(value)
        super().send_header(keyword, value)


class Server(http.server.ThreadingHTTPServer):
    """A server on this machine; `sent` counts the bytes that it sent."""

    sent = 0
    daemon_threads = True

    def handle_error(self, *request: object) -> None:
        """Say nothing of a page that was closed while it loaded."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(*request)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


@contextlib.contextmanager
def served(folder: Path) -> Iterator[Server]:
    """Serve a folder on this machine."""
    with Server(("127.0.0.1", 0), functools.partial(Files, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


RUN = """async () => {
    const {commands, shell} = window.jupyterapp;
    const {content, sessionContext} = shell.currentWidget;
    await sessionContext.ready;
    await sessionContext.session.kernel.info;
    const begun = performance.now();
    await commands.execute("notebook:run-all-cells");
    const seconds = (performance.now() - begun) / 1000;
    const cells = [...content.model.cells].filter((cell) => cell.type === "code");
    return [seconds, cells.map((cell) => ({
        source: cell.sharedModel.source,
        failed: cell.outputs.toJSON().filter((output) => output.output_type === "error"),
    }))];
}"""


def run_all(page: Page) -> tuple[float, list[dict]]:
    """Run all cells of the open notebook; return the seconds, and source and errors of each."""
    page.locator(".jp-Notebook").wait_for()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
    return page.evaluate(RUN)


def opened(context: BrowserContext, server: Server, megabits: float) -> tuple[Page, str]:
    """Open the first page over a slow connection until its card is there; return what it took."""
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    speed = megabits * 1e6 / 8
    network.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 20, "downloadThroughput": speed, "uploadThroughput": speed},
    )
    server.sent = 0
    begun = time.perf_counter()
    page.goto(f"{server.address}/index.html")
    page.locator("#step:has-text('Python')").wait_for(state="attached")
    told = time.perf_counter() - begun
    page.locator("body.ready").wait_for(timeout=180_000)
    took = time.perf_counter() - begun
    return page, (
        f"progress after {told:.1f} s, lab after {took:.1f} s, {server.sent / 1e6:.1f} MB sent"
    )


def trained(page: Page) -> str:
    """Press Start and wait for the end; return what the lab says and how long it took."""
    lab = page.frame_locator("#lab")
    card = lab.locator(".motiflab-card")
    lab.get_by_role("radio", name="full").check()
    begun = time.perf_counter()
    lab.get_by_role("button", name="Start").click()
    card.get_by_text("step 752 of 752").first.wait_for(timeout=180_000)
    took = time.perf_counter() - begun
    name = card.locator(".motiflab-hero-name").inner_text().split("\n")[0]
    score = re.search(r"AUPRC (\S+);", card.locator(".motiflab-readout").first.inner_text())
    if name != "GATA2":
        raise SystemExit(f"the motif is not named: {name}")
    return f"trained, drawn and named {name} in {took:.1f} s at full speed, AUPRC {score[1]}"


def main(site: Path, megabits: float = 20.0) -> None:
    """Print one line for each opening."""
    with (
        sync_playwright() as playwright,
        served(site) as server,
        tempfile.TemporaryDirectory() as p,
    ):
        context = playwright.chromium.launch_persistent_context(
            p,
            executable_path=os.environ.get("CHROMIUM"),
            args=FLAGS,
            viewport={"width": 1280, "height": 800},
        )
        for what in ("cold", "warm"):
            page, words = opened(context, server, megabits)
            print(f"{what} at {megabits:g} Mbit/s: {words}", flush=True)
            print(trained(page), flush=True)
            page.close()
        context.close()


if __name__ == "__main__":
    folder, *megabits = sys.argv[1:]
    main(Path(folder), *map(float, megabits))
