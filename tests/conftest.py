"""What every test may need: the repository's root and a Chromium."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

# No test fails for being slow: the first example may have to load torch.
settings.register_profile("motiflab", deadline=None)
settings.load_profile("motiflab")

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
NO_CHROMIUM = (
    "no Chromium found: install it (Debian, Ubuntu: sudo apt-get install chromium) or set "
    "CHROMIUM=/path/to/it"
)


def find_chromium() -> str | None:
    """Return the browser that CHROMIUM names, else the first on the PATH, else None."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else CHROMIUM_NAMES
    return next((path for path in map(shutil.which, names) if path), None)


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
