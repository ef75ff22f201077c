"""Without a Chromium the browser tests are skipped with advice; under CI=true they fail."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CONFTEST = (Path(__file__).parents[1] / "conftest.py").read_text(encoding="utf-8")
BROWSER_TEST = """
import pytest

@pytest.mark.browser
def test_page(chromium):
    assert chromium.endswith("/chromium")
"""


@pytest.fixture
def outcome(pytester, monkeypatch):
    """Run one browser test in a folder of its own, with `chromium` on the PATH or none."""
    pytester.makeini("[pytest]\nmarkers = browser: x")
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(BROWSER_TEST)

    def run(ci: str, installed: bool) -> pytest.RunResult:
        if installed:
            (pytester.path / "chromium").touch(mode=0o755)
        monkeypatch.setenv("PATH", str(pytester.path))
        monkeypatch.setenv("CI", ci)
        monkeypatch.delenv("CHROMIUM", raising=False)
        return pytester.runpytest_inprocess("-rs", "-p", "no:cacheprovider")

    return run


def test_skipped_with_advice(outcome):
    result = outcome(ci="", installed=False)
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*SKIPPED*no Chromium found*apt-get install chromium*"])


def test_a_failure_under_ci(outcome):
    result = outcome(ci="true", installed=False)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*no Chromium found*"])


@pytest.mark.parametrize("ci", ["", "true"])
def test_run_where_there_is_one(outcome, ci):
    outcome(ci, installed=True).assert_outcomes(passed=1)


def test_chromium_names_the_browser(outcome, monkeypatch, pytester):
    (pytester.path / "mine").mkdir()
    (pytester.path / "mine/chromium").touch(mode=0o755)
    run = outcome
    monkeypatch.setattr(monkeypatch, "delenv", lambda *args, **kwargs: None)
    monkeypatch.setenv("CHROMIUM", str(pytester.path / "mine/chromium"))
    run("true", installed=False).assert_outcomes(passed=1)
