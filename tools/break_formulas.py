"""Break every function that the page of formulas names, and see the test that it names fail.

    python tools/break_formulas.py

A row of the page claims that a test checks a formula. This script tries each claim: the test must
fail when the result of the function is changed by a quarter (a whole number by one). A test that
still passes is listed, and the exit code is 1. Whether all tests pass with the unchanged code is
checked by pytest itself.
"""

from __future__ import annotations

import dataclasses
import functools
import gc
import importlib
import os
import re
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "notebooks/1_principles/formulas.md"
# What nearly all tests import, and pytest's plugins, imported once. The package is not among it.
HEAVY = [
    "anyio.pytest_plugin", "Bio.motifs", "hypothesis", "hypothesis.extra.numpy", "ipywidgets",
    "logomaker", "pandas", "plotly.graph_objects", "pytest", "scipy.optimize", "scipy.stats",
    "sklearn.linear_model", "sklearn.metrics", "torch", "xdist.plugin", "xdist.scheduler",
]  # fmt: skip
AT_ONCE = 2


class Row(NamedTuple):
    """One line of the page: what is taught, where, by which function, held by which test."""

    name: str
    formula: str
    notebook: str
    function: str
    test: str


def rows(page: Path = PAGE) -> list[Row]:
    """Read the tables of the page; a cell may hold a link, whose target counts."""
    found = []
    for line in page.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == len(Row._fields) and "::" in cells[-1]:
            link = re.search(r"\]\(([^)]+)\)", cells[2])
            found.append(
                Row(cells[0], cells[1], link[1] if link else "", *(c.strip("`") for c in cells[3:]))
            )
    return found


def spoil(value: Any) -> Any:
    """Change a result a little, whatever it is; what it consists of, if it is a structure."""
    import numpy as np
    import torch

    if value is None or isinstance(value, type):
        return value
    if isinstance(value, (bool, np.bool_)):
        return not value
    if isinstance(value, str):
        return value[::-1] + "A"
    if isinstance(value, (int, np.integer)):
        return value + 1
    if isinstance(value, np.ndarray) and value.dtype.kind in "bO":
        return ~value if value.dtype.kind == "b" else value[::-1]
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu":
        return value + 1
    if isinstance(value, (float, np.floating, np.ndarray, torch.Tensor)):
        return value * 1.25 + 0.1
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value) if field.init]
        return dataclasses.replace(value, **{n: spoil(getattr(value, n)) for n in names})
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*map(spoil, value))
    if isinstance(value, dict):
        return {name: spoil(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(spoil, value))
    raise TypeError(f"do not know how to spoil {type(value).__name__}")


def patch(function: str) -> None:
    """Make a function, or the method of a class, return a wrong result."""
    parts = function.split(".")
    depth = 3 if parts[-2][0].isupper() else 2  # the last part but one is a class
    owner: Any = importlib.import_module(".".join(parts[: len(parts) - depth + 1]))
    for part in parts[len(parts) - depth + 1 : -1]:
        owner = getattr(owner, part)
    true = getattr(owner, parts[-1])

    @functools.wraps(true)
    def wrong(*args: Any, **kwargs: Any) -> Any:
        return spoil(true(*args, **kwargs))

    setattr(owner, parts[-1], wrong)


def run(row: Row, log: Path) -> int:
    """Run the test, its function broken, in a child of this process; returns its number."""
    child = os.fork()
    if child:
        return child
    with log.open("w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        code = 99
        try:
            import pytest
            from hypothesis import Phase, settings

            # The first failing example will do; finding the smallest one takes long.
            quick = settings(phases=[Phase.explicit, Phase.generate], database=None, deadline=None)
            settings.register_profile("quick", quick)
            patch(row.function)
            options = ["-q", "-x", "-p", "no:cacheprovider", "--hypothesis-profile=quick"]
            options += ["--tb=no"]  # that it fails is what is asked, and the last line says so
            options += ["-o", "addopts=--import-mode=importlib"]  # no doctest: it has a name
            # It complains of what was imported before it: that was to save time.
            options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
            code = int(pytest.main([*options, row.test]))
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)


def verdicts(table: list[Row]) -> list[str]:
    """Try every row; returns a sentence for each that does not hold."""
    folder = Path(tempfile.mkdtemp())
    waiting = {(row.function, row.test): row for row in table}
    running: dict[int, tuple[Row, Path]] = {}
    found = []
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            _, row = waiting.popitem()
            log = folder / f"{len(waiting)}.log"
            running[run(row, log)] = row, log
        child, status = os.wait()
        row, log = running.pop(child)
        code = os.waitstatus_to_exitcode(status)
        if code != 1:  # pytest: some tests failed
            last = " ".join(log.read_text().strip().splitlines()[-1:])
            found.append(
                f"{row.name}: with {row.function} broken, {row.test} ended with {code}: {last}"
            )
    return found


def main() -> None:
    """Try all rows and print those that do not hold."""
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT / "tools"), str(ROOT)]
    for name in HEAVY:
        importlib.import_module(name)
    # Pytest collects garbage many times over: in each child, what was loaded here need not be seen.
    gc.freeze()
    table = rows()
    found = verdicts(table)
    print(*found, f"{len(table)} formulas, {len(found)} not held", sep="\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
