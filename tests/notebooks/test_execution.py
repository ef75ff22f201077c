"""Every notebook runs whole within 1 GB, and the runner misses no error and no excess."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from run_notebooks import find

ROOT = Path(__file__).parents[2]
RUNNER = ROOT / "tools/run_notebooks.py"
NOTEBOOKS = find([ROOT / "notebooks"])
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="memory is held on Linux only")

TRAPS = {
    "fine": ["x = 1", "x"],
    "raises": ["1 / 0"],
    "hidden_by_interact": [
        "import ipywidgets",
        "def inverse(x): return 1 / x",
        "ipywidgets.interact(inverse, x=(0, 0))",
    ],
    "hidden_by_output": ["import ipywidgets", "with ipywidgets.Output(): 1 / 0"],
    "said_by_an_explorer": [
        "from motiflab.explorers.motif_explorer import MotifExplorer",
        "explorer = MotifExplorer()",
        "next(iter(explorer.controls.values())).value = 'no such motif'",
    ],
    "warns": ["import warnings", "warnings.warn('old')"],
    "dies": ["import os", "os._exit(3)"],
    "array_of_1.2_GB": ["import numpy", "x = numpy.ones(150_000_000)"],
    "tensor_of_1.2_GB": ["import torch", "x = torch.ones(300_000_000)"],
    "objects_of_1.2_GB": ["x = [bytes([i % 9]) * 1_000_000 for i in range(1200)]"],
    "shared_1.2_GB": ["import mmap", "m = mmap.mmap(-1, 1_200_000_000)",
                      "for _ in range(1200): m.write(bytes(1_000_000))"],
}  # fmt: skip


def run(*paths: Path) -> subprocess.CompletedProcess:
    command = [sys.executable, str(RUNNER), *map(str, paths)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_whole(path):
    result = run(path)
    print(result.stdout)
    assert result.returncode == 0, result.stdout + result.stderr
    assert not list(path.parent.glob("my_practice*")), "an untouched notebook has nothing to keep"
    if path.parent.name in ("1_principles", "3_practice") and sys.platform == "linux":
        assert int(re.search(r"memory (\d+) MiB at the end", result.stdout)[1]) * 1.048576 <= 600


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory) -> dict[str, str]:
    """What the runner says of each trap."""
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
