"""Every notebook has the same skeleton, so that a learner who knows one knows them all.

In order: a title that starts with a verb; what you will learn; what you need (with minutes); one
short import cell; sections; check yourself; summary; in practice; further reading; what is next.
`00_start_here` and the notebooks of `3_practice` teach no method, so their skeleton is lighter:
the sections from "check yourself" to "further reading" are not asked of them. The cells of an
exercise (they carry nbgrader's metadata) stand in a row, and the learner's may hold a function.
Cells that only check our own numbers, or wait for a training, are folded: they need no prose, and
their first line says what they are, as JupyterLab shows that line.
"""

from __future__ import annotations

import ast
import re
import statistics
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from run_notebooks import find

ROOT = Path(__file__).parents[2]
NOTEBOOKS = find([ROOT / "notebooks"])

VERBS = (
    "break build catch check choose compare design discover explain find follow hunt interrogate "
    "judge learn look make measure meet pool practise predict read scan see show slide start teach "
    "train turn watch"
)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
OPENING = ["What you will learn", "What you need"]
CLOSING = ["Check yourself", "Summary", "In practice", "Further reading", "What is next"]
LIGHT_CLOSING = ["What is next"]
FOLDED = {"checks": "# Checks:", "run": ("# Presses Start", "# Presses Train")}
MOST_LINES, MEDIAN_LINES, IMPORT_LINES = 15, 5, 10


def parse(source: str) -> ast.Module:
    """Parse a cell as IPython does: `await` is allowed at the top; magics are not Python."""
    return compile(source, "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def wrong_order(cells: list, light: bool) -> list[str]:
    """Title and headings."""
    prose = [cell.source for cell in cells if cell.cell_type == "markdown"]
    titles = re.findall(r"^# +(.+)$", "\n".join(prose), re.M)
    if len(titles) != 1 or cells[0].cell_type != "markdown" or not cells[0].source.startswith("# "):
        return [f"one title (# ...) at the top was expected, not {titles}"]
    found = []
    if titles[0].lower().split()[0].strip(":,") not in VERBS.split():
        found.append(f"the title {titles[0]!r} does not start with a verb that the test knows")
    headings = re.findall(r"^## +(.+?)\s*$", "\n".join(prose), re.M)
    closing = LIGHT_CLOSING if light else CLOSING
    if headings[: len(OPENING)] != OPENING or headings[-len(closing) :] != closing:
        found.append(f"headings should open with {OPENING}, close with {closing}: {headings}")
    if len(headings) <= len(OPENING) + len(closing):
        found.append("there is no section between the opening and the closing")
    need = re.search(r"^## What you need$(.*?)(?=^## |\Z)", "\n".join(prose), re.M | re.S)
    if need and not re.search(r"\d+ minutes", need[1]):
        found.append("'What you need' does not say how many minutes")
    return found


def wrong_code(cells: list) -> list[str]:
    """Imports, definitions, lengths, and prose around the code."""
    found = []
    cells_of_code = [cell for cell in cells if cell.cell_type == "code"]
    code = [cell.source for cell in cells_of_code]
    lengths = [len(source.splitlines()) for source in code]
    trees = [parse(source) for source in code]
    imports = (ast.Import, ast.ImportFrom)
    if not all(isinstance(node, imports) for node in trees[0].body) or lengths[0] > IMPORT_LINES:
        found.append("the first code cell should be a short one with nothing but imports")
    for number, tree in enumerate(trees, 1):
        if number > 1 and any(isinstance(node, imports) for node in ast.walk(tree)):
            found.append(f"code cell {number} imports; the first one is for that")
        defines = any(isinstance(node, DEFINITIONS) for node in ast.walk(tree))
        if defines and "nbgrader" not in cells_of_code[number - 1].metadata:
            found.append(f"code cell {number} defines a function or class; put it in the package")
    if max(lengths) > MOST_LINES or statistics.median(lengths) > MEDIAN_LINES:
        found.append(f"code cells are too long: {lengths} lines")
    for before, cell in zip([None, *cells], cells):
        follows = before and "nbgrader" in before.metadata and "nbgrader" in cell.metadata
        follows = follows or folded(cell) or (before is not None and folded(before))
        if cell.cell_type == "code" and not follows and (not before or before.cell_type == "code"):
            found.append(f"no prose before the code {cell.source[:40]!r}")
    if cells[-1].cell_type != "markdown":
        found.append("the last cell is code: say what was seen")
    return found


def folded(cell: nbformat.NotebookNode) -> bool:
    """Whether JupyterLab shows only the first line of a cell."""
    return cell.metadata.get("jupyter", {}).get("source_hidden", False)


def wrong_folds(cells: list) -> list[str]:
    """Checks that are not folded, and folded cells without their first line."""
    found = []
    for cell in cells:
        first = cell.source.partition("\n")[0]
        said = FOLDED.get("".join(cell.metadata.get("tags", [])), "?")
        if folded(cell) and not first.startswith(said):
            found.append(f"the folded cell {first!r} does not say what it is")
        if cell.cell_type == "code" and not folded(cell) and "nbgrader" not in cell.metadata:
            for node in ast.walk(parse(cell.source)):
                if isinstance(node, ast.Assert):
                    found.append(f"the check {ast.unparse(node)[:40]!r} is not folded")
    return found


def wrong_file(notebook: nbformat.NotebookNode, folder: Path) -> list[str]:
    """Stored outputs, the kernel, and links to other files."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "code" and (cell.outputs or cell.execution_count is not None):
            found.append(f"outputs or a count are stored at {cell.source[:40]!r}; clear them")
        for link, place in re.findall(r"\]\(([^)#\s]+)(?:#cell-id=([\w-]+))?", cell.source):
            if cell.cell_type != "markdown" or "://" in link:
                continue
            if not (folder / link).exists():
                found.append(f"the link {link} leads nowhere")
            elif place and f'"id": "{place}"' not in (folder / link).read_text(encoding="utf-8"):
                found.append(f"the link {link} names a cell {place} that is not there")
    if "widgets" in notebook.metadata:
        found.append("the state of widgets is stored; clear it")
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        found.append("the kernel should be python3, or JupyterLab asks for one")
    if notebook.metadata.get("language_info", {}).get("name") != "python":
        found.append("the language should be python, for a JupyterLab with another kernel for it")
    return found


def wrong(notebook: nbformat.NotebookNode, path: Path) -> list[str]:
    """All deviations of the notebook from the skeleton."""
    nbformat.validate(notebook)
    light = path.stem == "00_start_here" or path.parent.name == "3_practice"
    cells = notebook.cells
    structure = wrong_order(cells, light) + wrong_code(cells) + wrong_folds(cells)
    return structure + wrong_file(notebook, path.parent)


def test_there_are_notebooks():
    assert ROOT / "notebooks/00_start_here.ipynb" in NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_skeleton(path):
    assert wrong(nbformat.read(path, as_version=4), path) == []


def good() -> nbformat.NotebookNode:
    """Return a notebook that is as it should be."""
    opening = "# Watch a filter\n\n## What you will learn\nMuch.\n\n## What you need\n10 minutes.\n"
    closing = "\n".join(f"## {heading}\nText.\n" for heading in CLOSING)
    kernel = {"name": "python3", "display_name": "Python"}
    notebook = new_notebook(metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
    notebook.cells = [
        new_markdown_cell(opening),
        new_code_cell("import math"),
        new_markdown_cell("## A section\nProse."),
        new_code_cell("await_me = math.pi"),
        new_markdown_cell(closing),
    ]
    return notebook


def test_a_good_notebook_passes():
    assert wrong(good(), Path("x.ipynb")) == []


@pytest.mark.parametrize(
    ("cell", "source", "complaint"),
    [
        (0, "# The filter\n## What you will learn\n## What you need\n5 minutes", "verb"),
        (0, "## What you will learn\n## What you need\n5 minutes", "one title"),
        (0, "# Watch\n## What you will learn\n## What you need\nTime.", "how many minutes"),
        (0, "# Watch\n## What you need\n5 minutes", "should open with"),
        (1, "import math\nx = 1", "nothing but imports"),
        (1, "\n".join(f"import a{i}" for i in range(11)), "nothing but imports"),
        (2, "Prose without a heading.", "no section"),
        (3, "import json", "code cell 2 imports"),
        (3, "def f(): pass", "defines a function"),
        (3, "f = lambda x: x", "defines a function"),
        (3, "\n".join("x = 1" for _ in range(16)), "too long"),
        (4, "## Summary\n## What is next", "close with"),
        (4, "[gone](no/such.png)\n" + "\n".join(f"## {h}" for h in CLOSING), "leads nowhere"),
    ],
)
def test_a_wrong_cell_is_named(cell, source, complaint):
    notebook = good()
    notebook.cells[cell].source = source
    assert any(complaint in line for line in wrong(notebook, Path("x.ipynb")))


HIDDEN = {"jupyter": {"source_hidden": True}}


def test_a_folded_cell_needs_no_prose():
    notebook = good()
    checks = new_code_cell("# Checks: all is right\nassert await_me > 3")
    checks.metadata.update(HIDDEN, tags=["checks"])
    notebook.cells.insert(4, checks)
    assert wrong(notebook, Path("x.ipynb")) == []


def test_a_link_to_a_cell_that_is_not_there_is_named():
    notebook = good()
    for place, complaints in (("cell-00", 0), ("gone", 1)):
        notebook.cells[2].source = f"## A [map](notebooks/00_start_here.ipynb#cell-id={place})"
        found = wrong(notebook, ROOT / "x.ipynb")
        assert len(found) == complaints and all(f"names a cell {place}" in line for line in found)


def test_a_wrong_file_is_named():
    for change, complaint in [
        (lambda n: n.cells[1].update(execution_count=3), "stored at"),
        (
            lambda n: n.cells[1].outputs.append(nbformat.v4.new_output("stream", text="x")),
            "stored at",
        ),
        (lambda n: n.metadata.update(widgets={}), "state of widgets"),
        (lambda n: n.metadata.pop("kernelspec"), "kernel should be"),
        (lambda n: n.metadata.pop("language_info"), "language should be"),
        (lambda n: n.cells.pop(2), "no prose before"),
        (lambda n: n.cells.append(new_code_cell("1")), "last cell"),
        (lambda n: n.cells[3].update(source="x = 1\nassert x\nprint(x)"), "is not folded"),
        (lambda n: n.cells[3].metadata.update(HIDDEN, tags=["checks"]), "does not say what it is"),
    ]:
        notebook = good()
        change(notebook)
        assert any(complaint in line for line in wrong(notebook, Path("x.ipynb"))), complaint
