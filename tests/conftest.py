"""Fixtures for all tests (the root, a Chromium), and which process runs a test, and how often."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
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
NOTEBOOKS = "tests/browser/test_every_notebook.py"
AGAIN = "failed at first"  # the property of a report that says how
ENDS = pytest.StashKey[dict[str, tuple[float, str]]]()
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
NO_CHROMIUM = (
    "no Chromium found: install it (Debian, Ubuntu: sudo apt-get install chromium) or set "
    "CHROMIUM=/path/to/it"
)


def pytest_configure(config: pytest.Config) -> None:
    """Add attributes for the scheduler."""
    config.stash[ENDS] = {}


def find_chromium() -> str | None:
    """Return the browser that CHROMIUM names, else the first on the PATH, else None."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else CHROMIUM_NAMES
    return next((path for path in map(shutil.which, names) if path), None)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Give the tests of a file to one process, and those that need a browser, first, to two.

    More browsers would be too slow together: a widget waits only two seconds.
    """
    config.option.loadscopereorder = False
    return BrowserFirst(config, log)


def pytest_xdist_auto_num_workers() -> int:
    """Start one process more than there are cores, as browser tests mostly wait."""
    return (os.cpu_count() or 1) + 1


class BrowserFirst(LoadFileScheduling):
    """Unit of work of a process: a file, or all browser tests except those of notebooks."""

    started = time.monotonic()

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(BROWSER) and not nodeid.startswith(NOTEBOOKS):
            return BROWSER
        return super()._split_scope(nodeid)

    def mark_test_complete(self, node: WorkerController, item_index: int, duration=0) -> None:
        """Record when each process ended its last test, to see how well the work is divided."""
        super().mark_test_complete(node, item_index, duration)
        last = self.registered_collections[node][item_index]
        self.config.stash[ENDS][node.gateway.id] = (time.monotonic() - self.started, last)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which tests needed a second try, and when each process ended, if there were several."""
    for report in terminalreporter.getreports("passed"):
        if AGAIN in (said := dict(report.user_properties)):
            terminalreporter.section(f"FAILED AT FIRST, then passed: {report.nodeid}", red=True)
            terminalreporter.write_line(said[AGAIN])
    for process, (seconds, last) in terminalreporter.config.stash[ENDS].items():
        terminalreporter.write_line(f"{process} ended after {seconds:.0f} s with {last}")


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a browser test that fails under CI=true a second time, with a new browser and server.

    A real fault fails twice; a busy machine should not fail the whole run. The summary names the
    test, as it may wait for the wrong thing.
    """
    if os.environ.get("CI") != "true" or not item.get_closest_marker("browser"):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, nextitem=nextitem, log=False)
    failed = [report for report in reports if report.failed]
    # An error that is seen when a page closes may be that of an earlier test: it stays.
    if failed and failed[-1].when != "teardown":
        try:
            item.session._setupstate.teardown_exact(None)  # as at the end of the session
        except Exception as error:
            failed[-1].sections.append(("When the page was closed", str(error)))
        else:
            item.user_properties.append((AGAIN, failed[0].longreprtext))
            reports = runtestprotocol(item, nextitem=nextitem, log=False)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a browser test where there is no browser; under CI=true that is a failure.

    The other processes run with lower priority than those that drive a browser.
    """
    browser = item.get_closest_marker("browser")
    if not browser and "PYTEST_XDIST_WORKER" in os.environ and os.nice(0) == 0:
        os.nice(10)
    if browser and find_chromium() is None:
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
