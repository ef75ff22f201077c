"""A browser test that fails in CI runs a second time, with new fixtures."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

TESTS = """
import pytest

pytestmark = pytest.mark.browser
tries = []


@pytest.fixture(scope="session")
def server():
    tries.append("server")
    return len(tries)


@pytest.fixture(scope="module")
def page(server):
    yield "page"
    assert not {late}, "an error in the console"


def test_sound(page):
    pass


def test_that_fails_{fails}(page):
    tries.append("try")
    print(tries)
    assert tries.count("try") > {most}, "this went wrong"


def test_after_it(page, server):
    assert page == "page"
"""


def run(root, tmp_path, fails: str, most: int, late: bool = False, ci: str = "true"):
    """Run three tests in two processes, of which the second fails so many times."""
    shutil.copy(root / "tests/conftest.py", tmp_path)
    folder = tmp_path / "tests/browser"
    folder.mkdir(parents=True)
    (folder / "test_it.py").write_text(TESTS.format(fails=fails, most=most, late=late))
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser: drives a browser\n")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "-p", "no:cacheprovider", "-q"],
        cwd=tmp_path,
        env=os.environ | {"CI": ci, "CHROMIUM": sys.executable, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_what_fails_once_passes_and_the_summary_says_so(root, tmp_path):
    ran = run(root, tmp_path, "once", 1)
    assert ran.returncode == 0
    assert "3 passed" in ran.stdout
    assert "FAILED AT FIRST, then passed: tests/browser/test_it.py::test_that_fails" in ran.stdout
    assert "this went wrong" in ran.stdout


def test_the_second_try_has_everything_anew_and_a_third_is_not_made(root, tmp_path):
    ran = run(root, tmp_path, "always", 2)
    assert "1 failed, 2 passed" in ran.stdout
    assert "['server', 'try', 'server', 'try']" in ran.stdout
    assert "FAILED AT FIRST" not in ran.stdout


@pytest.mark.parametrize(("late", "ci"), [(True, "true"), (False, "")])
def test_an_error_seen_when_a_page_closes_counts_and_so_does_each_one_out_of_ci(
    root, tmp_path, late, ci
):
    ran = run(root, tmp_path, "once", 1, late, ci)
    assert ran.returncode == 1
    assert "1 failed, 2 passed" in ran.stdout
    assert "FAILED AT FIRST" not in ran.stdout
