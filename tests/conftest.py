"""What every test may need: the repository's root and a Chromium."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

# Else each of the many kernels and processes would compile the package anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# No test fails for being slow: the first example may have to load torch.
settings.register_profile("motiflab", deadline=None)
settings.load_profile("motiflab")

BROWSER = "tests/browser/"
ENDS = pytest.StashKey[dict[str, tuple[float, str]]]()
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
NO_CHROMIUM = (
    "no Chromium found: install it (Debian, Ubuntu: sudo apt-get install chromium) or set "
    "CHROMIUM=/path/to/it"
)


def pytest_configure(config: pytest.Config) -> None:
    """Make room for what the scheduler notes."""
    config.stash[ENDS] = {}


def find_chromium() -> str | None:
    """Return the browser that CHROMIUM names, else the first on the PATH, else None."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else CHROMIUM_NAMES
    return next((path for path in map(shutil.which, names) if path), None)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Give the tests of a file to one process, and those of the browser, first, all to one.

    A second browser would leave the first no time: a widget waits two seconds for its turn.
    """
    config.option.loadscopereorder = False
    return BrowserFirst(config, log)


class BrowserFirst(LoadFileScheduling):
    """What one process takes at a time: a file, or all browser tests."""

    started = time.monotonic()

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else super()._split_scope(nodeid)

    def mark_test_complete(self, node: WorkerController, item_index: int, duration=0) -> None:
        """Keep when each process ended its last test: the first to end could do more."""
        super().mark_test_complete(node, item_index, duration)
        last = self.registered_collections[node][item_index]
        self.config.stash[ENDS][node.gateway.id] = (time.monotonic() - self.started, last)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say when each process ended, if there were several."""
    for process, (seconds, last) in terminalreporter.config.stash[ENDS].items():
        terminalreporter.write_line(f"{process} ended after {seconds:.0f} s with {last}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a browser test where there is no browser; under CI=true that is a failure."""
    if item.get_closest_marker("browser") and find_chromium() is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_CHROMIUM, pytrace=False)
        pytest.skip(NO_CHROMIUM)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the Chromium to drive."""
    path = find_chromium()
    if path is None:
        pytest.fail("mark a test that uses the fixture chromium with @pytest.mark.browser")
    return path


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder that holds the whole repository."""
    return Path(__file__).parents[1]
