"""Make the notebooks in notebooks/3_practice from their sources in motiflab/course/lessons.

python tools/make_practice.py
"""

from __future__ import annotations

from pathlib import Path

import nbformat

from motiflab.course.notebooks import build_notebook, lessons

FOLDER = Path(__file__).parents[1] / "notebooks/3_practice"


def main() -> None:
    """Write every notebook, as a student gets it."""
    FOLDER.mkdir(exist_ok=True)
    for name in lessons():
        nbformat.write(build_notebook(name), FOLDER / f"{name}.ipynb")


if __name__ == "__main__":
    main()
