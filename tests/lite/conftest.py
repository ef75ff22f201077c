"""The built site on a server of its own, and pages of a Chromium that look at it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from open_lite import FLAGS, served
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
LITE = Path(sys.prefix) / "lite"
ABSENT = (
    "no Pyodide found beside the tests: `make lite` installs it (80 MB, from somebody else, for "
    "tests only)"
)
MOST = 180_000  # milliseconds that anything may take: the machine may be busy with other tests


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site, built from this checkout."""
    if not (LITE / "pyodide" / "pyodide-lock.json").exists():
        pytest.skip(ABSENT)
    folder = tmp_path_factory.mktemp("lite") / "site"
    subprocess.run(
        [
            LITE / "bin/python",
            ROOT / "tools/make_lite.py",
            LITE / "pyodide",
            LITE / "wheels",
            folder,
        ],
        check=True,
    )
    with served(folder) as server:
        yield server.address


@pytest.fixture(scope="module")
def browser(chromium: str):
    """One Chromium for the tests of a file.

    Playwright keeps an event loop running until it ends, in which no other test could run one.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        expect.set_options(timeout=MOST)
        yield browser
        browser.close()


@pytest.fixture
def context(browser):
    """A storage of its own for each test: JupyterLite opens again what was open in it before."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(MOST)
    yield context
    context.close()


@pytest.fixture
def opened(site: str, context) -> Iterator[Callable[[str], Page]]:
    """Open an address of the site; afterwards no request may have gone anywhere else."""
    asked = []
    context.on("request", lambda request: asked.append(request.url))

    def open_page(address: str) -> Page:
        page = context.new_page()
        page.goto(f"{site}/{address}")
        return page

    yield open_page
    elsewhere = [url for url in asked if not url.startswith((site, "blob:", "data:"))]
    assert not elsewhere
