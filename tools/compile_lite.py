"""Replace the Python sources in zip files and wheels by byte code.

`compile_lite.mjs` runs this in Pyodide, since byte code fits one version of Python alone, and
without it a browser compiles the same hundreds of files at every visit.
"""

from __future__ import annotations

import os
import py_compile
import sys
import tempfile
import zipfile
from pathlib import Path

WITH_SOURCE = ("motiflab/", "traitlets/")
"""Where sources stay beside their byte code: a learner may want to read motiflab's, and ipywidgets
knows traitlets by the name of its source."""


def compiled(archive: Path) -> None:
    """Compile all there is in one archive, which is replaced."""
    beside = archive.with_suffix(".new")
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            code = byte_code(name, data) if name.endswith(".py") else None
            if code is None or name.startswith(WITH_SOURCE):
                new.writestr(name, data)
            if code is not None:
                new.writestr(place(name), code)
    os.replace(beside, archive)


def place(name: str) -> str:
    """Return where Python looks for the byte code of a source, there or not."""
    if not name.startswith(WITH_SOURCE):
        return f"{name}c"
    folder, _, file = name.rpartition("/")
    return f"{folder}/__pycache__/{file[:-3]}.{sys.implementation.cache_tag}.pyc"


def byte_code(name: str, data: bytes) -> bytes | None:
    """Compile a source; None if this Python cannot read it (a template, an older Python)."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source.py")
        source.write_bytes(data)
        try:
            # Unchecked: an unpacked file has the time of its unpacking, so times would not fit.
            made = py_compile.compile(
                str(source), dfile=name, doraise=True,
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            )  # fmt: skip
        except py_compile.PyCompileError:
            return None
        return Path(made).read_bytes()
