"""The runner of notebooks detects every error and excess of memory.

The notebooks themselves are run once, in JupyterLab: `tests/browser/test_every_notebook.py`.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from traps import TRAPS

ROOT = Path(__file__).parents[2]
RUNNER = ROOT / "tools/run_notebooks.py"
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="memory is held on Linux only")


def run(*paths: Path) -> subprocess.CompletedProcess:
    command = [sys.executable, str(RUNNER), *map(str, paths)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory) -> dict[str, str]:
    """The runner's result for each trap."""
    folder = tmp_path_factory.mktemp("traps")
    for name, sources in TRAPS.items():
        nbformat.write(new_notebook(cells=[*map(new_code_cell, sources)]), folder / f"{name}.ipynb")
    result = run(folder)
    assert result.returncode == len(TRAPS) - 1, result.stdout + result.stderr
    told = re.split(r"^(?=ok |FAILED )", result.stdout, flags=re.M)
    return {name: text for text in told for name in TRAPS if f"{name}.ipynb" in text}


def test_a_sound_notebook_passes(verdicts):
    assert verdicts["fine"].startswith("ok ")


@pytest.mark.parametrize(
    ("trap", "complaint"),
    [
        ("raises", "cell 1:.*ZeroDivisionError"),
        ("hidden_by_interact", "hidden in an Output widget.*ZeroDivisionError"),
        ("hidden_by_output", "hidden in an Output widget.*ZeroDivisionError"),
        ("said_by_an_explorer", "an explorer says: .*no such motif"),
        ("warns", "on standard error.*UserWarning: old"),
        ("dies", "Kernel died"),
        pytest.param("array_of_1.2_GB", "MemoryError", marks=on_linux),
        pytest.param("tensor_of_1.2_GB", "can't allocate memory", marks=on_linux),
        pytest.param("objects_of_1.2_GB", "MemoryError", marks=on_linux),
        pytest.param("shared_1.2_GB", "memory reached 1[0-9]{3} MiB", marks=on_linux),
    ],
)
def test_the_runner_sees(verdicts, trap, complaint):
    assert verdicts[trap].startswith("FAILED ")
    assert re.search(complaint, verdicts[trap], re.S)
