"""The two make commands, with a stand-in for Python that records its arguments."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STAND_IN = """#!/bin/sh
echo "$*" >> {log}
case "$*" in
    *--index-url*) exit {index} ;;
    *constraints.py*) echo torch==2.13.0 ;;
esac
"""
PASSED_DOWN = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has the conda way")


def make(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    # Without the variables of an outer `make test`, and without this machine's display.
    kept = {k: v for k, v in os.environ.items() if "DISPLAY" not in k and k not in PASSED_DOWN}
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, capture_output=True, text=True, env=kept | environment
    )


def install(folder: Path, index: int) -> tuple[subprocess.CompletedProcess, str]:
    """Let make install into `folder`, where PyTorch's index answers with this exit code."""
    python = folder / "bin/python"
    python.parent.mkdir(exist_ok=True)
    python.write_text(STAND_IN.format(log=folder / "log", index=index))
    python.chmod(0o755)
    result = make(f"VENV={folder}", f"{folder}/lab.stamp")
    return result, (folder / "log").read_text()


def test_torch_is_asked_of_pytorchs_index_first_and_briefly(tmp_path):
    result, log = install(tmp_path, index=0)
    assert result.returncode == 0, result.stderr
    assert "Warning" not in result.stdout
    if sys.platform == "linux":
        (line,) = [line for line in log.splitlines() if line.endswith(" torch")]
        assert "--index-url https://download.pytorch.org/whl/cpu" in line
        assert "--timeout 10 --retries 1" in line
        assert log.index(line) < log.index("install --requirement")
    assert (tmp_path / "pins.txt").read_text() == "torch==2.13.0\n"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the usual wheel is for the CPU")
def test_where_that_index_is_out_of_reach_it_warns_in_one_line_and_goes_on(tmp_path):
    result, log = install(tmp_path, index=1)
    assert result.returncode == 0
    assert [line for line in result.stdout.splitlines() if "Warning" in line and "CUDA" in line]
    assert "install --requirement" in log


def test_a_second_time_there_is_nothing_to_do(tmp_path):
    install(tmp_path, index=0)
    (tmp_path / "log").write_text("")
    assert make(f"VENV={tmp_path}", f"{tmp_path}/lab.stamp").returncode == 0
    assert (tmp_path / "log").read_text() == ""


def test_a_changed_environment_is_installed_again(tmp_path):
    install(tmp_path, index=0)
    os.utime(tmp_path / "lab.stamp", (0, 0))
    (tmp_path / "log").write_text("")
    assert make(f"VENV={tmp_path}", f"{tmp_path}/lab.stamp").returncode == 0
    assert "install --requirement" in (tmp_path / "log").read_text()


def test_nbgrader_goes_into_an_environment_of_its_own(tmp_path):
    install(tmp_path, index=0)
    assert make(f"VENV={tmp_path}", f"{tmp_path}/grading.stamp").returncode == 0
    log = (tmp_path / "log").read_text()
    (line,) = [line for line in log.splitlines() if "nbgrader.txt" in line]
    assert f"--python {tmp_path}/grading install --constraint {tmp_path}/pins.txt" in line
    assert log.index(f"venv --clear --without-pip {tmp_path}/grading") < log.index(line)
    assert "tests/course/nbgrader.txt" in make("-n", f"VENV={tmp_path}/new", "test").stdout


def test_without_a_python_that_serves_one_sentence_says_so(tmp_path):
    for name in ["python3", *(f"python3.{minor}" for minor in range(11, 15))]:
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    result = make(f"VENV={tmp_path}/venv", f"{tmp_path}/venv/lab.stamp", PATH=path)
    assert result.returncode != 0
    assert result.stdout.count("\n") == 1
    assert "needs Python 3.11 to 3.14" in result.stdout


def test_no_browser_is_tried_without_a_display():
    asked = "--no-browser" in make("-n", "lab").stdout
    assert asked is (sys.platform != "darwin")
    assert "--no-browser" not in make("-n", "lab", DISPLAY=":0").stdout
    assert "--no-browser" not in make("-n", "lab", WAYLAND_DISPLAY="wayland-0").stdout


def test_a_plain_make_lists_every_command():
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)[1].split()
    assert re.findall(r"^make ([a-z-]+) +\w", make().stdout, re.M) == phony


def test_root_is_allowed_only_when_it_is_root():
    assert ("--allow-root" in make("-n", "lab").stdout) is (os.geteuid() == 0)
