"""Imports go one way between the folders and never in a circle; nothing heavy loads too soon."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import motiflab

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "motiflab"
MODULES = sorted(PACKAGE.rglob("*.py"))
HEAVY = ["torch", "plotly", "ipywidgets", "anywidget", "sklearn", "matplotlib", "logomaker"]
WIDGETS = {"ipywidgets", "anywidget", "IPython", "ipykernel"}
DRAWING = {"plotly", "matplotlib", "logomaker"}

# A folder imports from those above it. The lab and the explorers are beside each other.
CORE = ["sequences", "layers", "motifs", "evaluation", "datasets", "networks", "interpretation"]
ORDER = [*CORE, "figures", "widgets", "explorers", "exercises", "practice", "course"]
RANK = {folder: rank for rank, folder in enumerate(ORDER)} | {"lab": ORDER.index("explorers")}
# Modules beside the folders: those that all may import, and those that may import all.
EVERYBODYS, TOP = {"checks", "lazy"}, {"__init__", "moved", "environment"}
# Each package that exports names of its modules, with the table that lists them.
HANDING_ON = [*CORE, "figures", "explorers", "lab"]


def folder(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0] if path.parent != PACKAGE else ""


def imported(path: Path) -> set[str]:
    """Return every module that a file imports, in full, and its parents: a.b.c, a.b, a."""
    package = ["motiflab", *path.relative_to(PACKAGE).parts[:-1]]
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            names |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return {name.rsplit(".", cut)[0] for name in names for cut in range(name.count(".") + 1)}


def wrong(path: Path) -> set[str]:
    """Return the forbidden imports of a module, at its top or anywhere in it."""
    here, found = folder(path), imported(path)
    if not here:
        allowed = EVERYBODYS if path.stem in EVERYBODYS else {*RANK, *EVERYBODYS, *TOP}
    else:
        beside = {other for other in RANK if RANK[other] == RANK[here]} - {here}
        allowed = {other for other in RANK if RANK[other] <= RANK[here]} - beside | EVERYBODYS
    ours = {
        name.split(".")[1] for name in found if name.count(".") and name.startswith("motiflab.")
    }
    outside = WIDGETS | DRAWING if here in CORE else set()
    outside = WIDGETS if here in {"figures", "exercises"} else outside
    return {name for name in ours if name in RANK or name in TOP} - allowed | found & outside


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_folders_above_its_own(path):
    assert wrong(path) == set()


def test_no_imports_go_in_a_circle():
    names = {
        ".".join(["motiflab", *path.relative_to(PACKAGE).with_suffix("").parts]): path
        for path in MODULES
        if path.stem != "__init__"
    }
    # Raises CycleError, which names the modules of the circle.
    list(TopologicalSorter({m: imported(names[m]) & set(names) for m in names}).static_order())


def test_imports_are_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    (tmp_path / "figures").mkdir()
    module = tmp_path / "figures/a.py"
    module.write_text("from ..explorers import base\ndef f():\n    import ipywidgets.widgets")
    assert {"motiflab.explorers.base", "motiflab.explorers", "ipywidgets"} <= imported(module)
    assert wrong(module) == {"explorers", "ipywidgets"}


def loaded_by(statement: str) -> set[str]:
    """Return the heavy libraries that a fresh Python holds after `statement`."""
    code = f"import sys; {statement}; print(*(set({HEAVY}) & set(sys.modules)))"
    command = [sys.executable, "-W", "error", "-c", code]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


def test_importing_the_core_loads_nothing_heavy():
    # A network is a subclass of a torch class; whoever needs one imports that module late.
    modules = [path for path in MODULES if folder(path) in CORE and path.stem != "cnn"]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in modules]
    assert (
        loaded_by("import " + ", ".join(name.removesuffix(".__init__") for name in names)) == set()
    )


def test_the_front_door_loads_neither_torch_nor_a_plotting_library():
    every = ", ".join(name for name in motiflab.__all__ if name != "show")
    assert loaded_by(f"from motiflab import {every}") <= {"ipywidgets", "anywidget"}


def public(path: Path) -> set[str]:
    """Return the names of the public functions and classes of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    return {node.name for node in nodes if not node.name.startswith("_")}


@pytest.mark.parametrize("name", HANDING_ON)
def test_a_folder_hands_on_the_public_names_of_its_modules(name):
    package = getattr(motiflab, name)
    modules = {path.stem: path for path in PACKAGE.glob(f"{name}/*.py") if path.stem != "__init__"}
    assert set(dir(package)) == set(package.__all__) | set(modules)
    for handed_on in package.__all__:
        assert getattr(package, handed_on) is not None
    if name != "explorers":  # of a card, its class and little more
        names = set().union(*map(public, modules.values())) - set(modules)
        assert {n for n in package.__all__ if not n.isupper()} == names


def test_a_public_name_means_one_thing():
    where = defaultdict(set)
    for path in MODULES:
        of_every_card = {"compute", "draw", "describe", "plan", "summarise"}
        for name in public(path) - of_every_card:
            where[name].add(str(path.relative_to(PACKAGE)))
    assert {name: files for name, files in where.items() if len(files) > 1} == {}


def test_a_file_has_a_name_of_its_own():
    stems = [path.stem for path in MODULES if path.stem != "__init__"]
    assert sorted(stems) == sorted(set(stems))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_errors_are_raised_never_asserted(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)] == []
