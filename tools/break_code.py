"""Break the package in small ways, one at a time, and see that a test notices each of them.

The list is `tests/frozen/mutants.toml`. A mutant names a function, an expression of it and what is
written in its place, and the tests that must fail then. It names no module and no folder: a
function is looked for in all modules, a test file by its name. So the list also holds for a
package whose modules and tests were moved. Run it from the root of the repository:

    python tools/break_code.py --only core --jobs 2
    python tools/break_code.py --sample 20 --seed 1
"""

from __future__ import annotations

import argparse
import ast
import compileall
import multiprocessing
import os
import queue
import random
import re
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Any

ROOT = Path(__file__).parents[1]
LIST = ROOT / "tests" / "frozen" / "mutants.toml"
LONGEST = 120  # seconds for the tests of one mutant

# What nearly all tests import, imported once. The package itself is not among it.
HEAVY = [
    "hypothesis", "ipywidgets", "nbformat", "pandas", "plotly.graph_objects", "pytest",
    "scipy.optimize", "scipy.stats", "sklearn.linear_model", "sklearn.metrics", "torch",
]  # fmt: skip
PROCESSES = multiprocessing.get_context("forkserver")


def functions(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Yield each function of a module with its name, and each method as `Class.method`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + child.name, child
        inside = f"{prefix}{child.name}." if isinstance(child, ast.ClassDef) else prefix
        yield from functions(child, inside)


def places(root: Path, mutant: dict[str, Any]) -> list[tuple[Path, int, int]]:
    """Find where the package holds the old text: file, start and end, whatever the line breaks."""
    tokens = re.findall(r"\w+|[^\w\s]", mutant["old"])
    old = re.compile(r"\s*".join(map(re.escape, tokens)))
    found = []
    for path in sorted((root / "motiflab").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if not old.search(text):
            continue
        starts = [0, *(line.end() for line in re.finditer("\n", text))]
        for name, node in functions(ast.parse(text)):
            if name == mutant["function"]:
                within = starts[node.lineno - 1], starts[node.end_lineno]
                found += [(path, *match.span()) for match in old.finditer(text, *within)]
    return found


def arguments(root: Path, mutant: dict[str, Any]) -> list[str]:
    """Return what selects the tests of a mutant, or nothing if there are none of these names.

    Files of other names are read if the named ones are gone: the tests may have moved on.
    """
    files = [p for p in sorted((root / "tests").rglob("test_*.py")) if p.parent.name != "browser"]
    names = "|".join(name.partition("[")[0] for name in mutant["tests"])
    holding = [p for p in files if re.search(rf"\bdef ({names})\(", p.read_text(encoding="utf-8"))]
    wanted = [path for path in holding if path.stem in mutant["files"]] or holding
    return [*map(str, wanted), "-k", " or ".join(mutant["tests"])] if wanted else []


def pytest_in(root: str, options: list[str], log: str) -> None:
    """Run pytest on a copy of the repository: what a child process does."""
    with open(log, "w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.chdir(root)
    sys.path.insert(0, root)
    os.environ["PYTHONPATH"] = root
    import pytest
    from hypothesis import Phase, settings

    # The first failing example will do, and each run must try the same ones.
    phases = [Phase.explicit, Phase.generate]
    settings.register_profile("quick", phases=phases, derandomize=True, deadline=None)
    options = [*options, "-x", "-q", "-p", "no:cacheprovider", "--hypothesis-profile=quick"]
    # It complains of what was imported before it: that was to save time.
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    code = int(pytest.main(options))
    sys.stdout.flush()
    os._exit(code)


def run(root: Path, options: list[str]) -> int | None:
    """Run tests and return pytest's exit code, or None if they did not end in time."""
    child = PROCESSES.Process(target=pytest_in, args=(str(root), options, f"{root}.log"))
    child.start()
    child.join(LONGEST)
    if child.is_alive():
        child.kill()
        child.join()
        return None
    return child.exitcode


def copied(folder: Path) -> Path:
    """Copy the repository, with compiled files that are valid by content and not by date."""
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    mode = PycInvalidationMode.CHECKED_HASH
    compileall.compile_dir(folder / "motiflab", quiet=1, invalidation_mode=mode)
    return folder


def attempt(root: Path, mutant: dict[str, Any], passing: dict[tuple[str, ...], bool]) -> str:
    """Write a mutant into a copy, run its tests and restore the text; return the result."""
    found = places(root, mutant)
    if len(found) != 1:
        return "NOT FOUND: no such text in this function" if not found else "FOUND MORE THAN ONCE"
    options = arguments(root, mutant)
    if not options:
        return "NO TEST of these names"
    path, start, end = found[0]
    text = path.read_text(encoding="utf-8")
    key = tuple(Path(option).name for option in options)  # the copies differ by their folder
    if key not in passing:
        passing[key] = run(root, options) == 0
    if not passing[key]:
        return "TESTS FAIL (or are none) without the mutant"
    path.write_text(text[:start] + mutant["new"] + text[end:], encoding="utf-8")
    code = run(root, options)
    path.write_text(text, encoding="utf-8")
    return {1: "killed", 0: "SURVIVED", None: "TOO SLOW"}.get(code, f"PYTEST ENDED WITH {code}")


def main() -> None:
    """Try the chosen mutants and print those that no test noticed."""
    parser = argparse.ArgumentParser(description="Break the code; see that the tests notice.")
    parser.add_argument("--only", default="", help="a pattern for the layer, function or test")
    parser.add_argument("--sample", type=int, help="try that many, drawn at random")
    parser.add_argument("--seed", type=int, default=0, help="of the draw")
    parser.add_argument("--jobs", type=int, default=1, help="how many at once")
    chosen = parser.parse_args()
    mutants = tomllib.loads(LIST.read_text(encoding="utf-8"))["mutant"]
    names = [" ".join([m["layer"], m["function"], *m["tests"]]) for m in mutants]
    mutants = [m for m, name in zip(mutants, names) if re.search(chosen.only, name)]
    if chosen.sample is not None:
        mutants = random.Random(chosen.seed).sample(mutants, min(chosen.sample, len(mutants)))
    PROCESSES.set_forkserver_preload(HEAVY)
    passing: dict[tuple[str, ...], bool] = {}
    copies: queue.Queue[Path] = queue.Queue()

    def one(mutant: dict[str, Any]) -> str:
        root, start = copies.get(), time.monotonic()
        said = attempt(root, mutant, passing)
        copies.put(root)
        took = time.monotonic() - start
        print(f"{said}: {mutant['layer']}: {mutant['function']} ({took:.1f} s)", flush=True)
        if said != "killed":
            print(f"    {mutant['old']}\n    -> {mutant['new']}", flush=True)
        return said

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(chosen.jobs) as pool:
        for number in range(chosen.jobs):
            copies.put(copied(Path(folder) / f"copy{number}"))
        outcomes = list(pool.map(one, mutants))
    killed = outcomes.count("killed")
    print(f"{len(mutants)} mutants: {killed} killed, {len(mutants) - killed} not")
    sys.exit(killed < len(mutants))


if __name__ == "__main__":
    main()
