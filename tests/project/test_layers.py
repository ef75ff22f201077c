"""Dependencies point one way, core <- figures <- ... <- course; nothing heavy loads too soon."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "motiflab"
MODULES = sorted(PACKAGE.rglob("*.py"))
CORE = sorted(PACKAGE.glob("*.py"))
HEAVY = ["torch", "plotly", "ipywidgets", "anywidget", "sklearn", "matplotlib", "logomaker"]
WIDGETS = {"ipywidgets", "anywidget", "IPython", "ipykernel"}
DRAWING = {"plotly", "matplotlib", "logomaker"}

LAYERS = ["figures", "explorers", "exercises", "practice", "course"]
ABOVE = {
    name: {f"motiflab.{above}" for above in LAYERS[LAYERS.index(name) + 1 :]} for name in LAYERS
}

# What each layer may not import, at the top of a module or anywhere in it.
FORBIDDEN = {
    "core": WIDGETS | DRAWING | ABOVE["figures"] | {"motiflab.figures"},
    "figures": WIDGETS | ABOVE["figures"],
    "explorers": ABOVE["explorers"],
    "exercises": WIDGETS | DRAWING | ABOVE["exercises"],
    "practice": ABOVE["practice"],
    "course": set(),
}


def layer(path: Path) -> str:
    return path.parent.name if path.parent != PACKAGE else "core"


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


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_no_layer_above_its_own(path):
    assert imported(path) & FORBIDDEN[layer(path)] == set()


def test_imports_are_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    (tmp_path / "figures").mkdir()
    module = tmp_path / "figures/a.py"
    module.write_text("from ..explorers import base\ndef f():\n    import plotly.graph_objects")
    assert {"motiflab.explorers.base", "motiflab.explorers", "plotly"} <= imported(module)


def loaded_by(statement: str) -> set[str]:
    """Return the heavy libraries that a fresh Python holds after `statement`."""
    code = f"import sys; {statement}; print(*(set({HEAVY}) & set(sys.modules)))"
    command = [sys.executable, "-W", "error", "-c", code]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_importing_the_core_loads_nothing_heavy(path):
    module = "motiflab" if path.stem == "__init__" else f"motiflab.{path.stem}"
    # A network is a subclass of a torch class; whoever needs one imports that module late.
    allowed = {"torch"} if path.stem == "network" else set()
    assert loaded_by(f"import {module}") <= allowed


def test_figures_load_no_plotting_library_until_they_draw():
    figures = [path.stem for path in sorted((PACKAGE / "figures").glob("[a-z]*.py"))]
    statement = "import " + ", ".join(f"motiflab.figures.{name}" for name in figures)
    assert loaded_by(statement) - {"plotly"} == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_errors_are_raised_never_asserted(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)] == []


def test_no_module_is_far_too_long():
    # A ruler cannot see whether a module answers one question; past 600 lines it seldom does.
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert [str(path.relative_to(PACKAGE)) for path in MODULES if lengths[path] > 600] == []
