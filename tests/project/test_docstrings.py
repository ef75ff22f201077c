"""Every public function of the core has a numpydoc docstring with parameters and results."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "motiflab"
FOLDERS = "sequences layers motifs evaluation datasets networks interpretation"
CORE = [
    path
    for folder in FOLDERS.split()
    for path in sorted(PACKAGE.glob(f"{folder}/*.py"))
    if path.stem != "__init__"
] + [PACKAGE / "checks.py"]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def is_public(node: ast.AST) -> bool:
    return isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_")


def has(doc: str, *sections: str) -> bool:
    return any(f"\n{section}\n{'-' * len(section)}\n" in doc for section in sections)


def lacking(node: Function) -> list[str]:
    """Return the missing parts of a function's docstring.

    A function of one or two arguments may say all in its summary; one of more lists them, and
    what it returns, unless the summary says that: it then starts with Return or Yield.
    """
    doc = ast.get_docstring(node) or ""
    arguments = node.args
    parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    found = [] if ">>> " in doc else ["an example"]
    if len(parameters) > 2:
        listed = doc.partition("Parameters\n----------\n")[2]
        found += [f"the parameter {p.arg}" for p in parameters if p.arg not in listed]
        told = doc.startswith(("Return", "Yield")) or has(doc, "Returns", "Yields")
        if not told and node.returns and ast.unparse(node.returns) != "None":
            found.append("what is returned")
    found += [f"a type for {p.arg}" for p in parameters if p.annotation is None]
    return found + (["a return type"] if node.returns is None else [])


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_docstrings(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [] if ast.get_docstring(tree) else ["the module: a docstring"]
    for node in filter(is_public, tree.body):
        if isinstance(node, Function):
            found += [f"{node.name}: {what}" for what in lacking(node)]
        else:
            members = [node, *filter(is_public, node.body)]
            found += [f"{m.name}: a docstring" for m in members if not ast.get_docstring(m)]
    assert found == []


def test_what_is_lacking_is_seen():
    (node,) = ast.parse("def f(x: int, y, z: int) -> int:\n    'The sum.'").body
    said = ["an example", *(f"the parameter {p}" for p in "xyz")]
    assert lacking(node) == [*said, "what is returned", "a type for y"]
