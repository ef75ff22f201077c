"""Link the first use of each term of the glossary, in every notebook and every source of one.

    python tools/link_glossary.py && python tools/make_practice.py

The terms and what they mean stand once, in `notebooks/glossary.ipynb`. A link shows the first
sentence of the meaning when the pointer rests on it. A test links again and compares, so that a
new first use, a new term or a changed meaning cannot be forgotten.
"""

from __future__ import annotations

import re
from os.path import relpath
from pathlib import Path

import nbformat
from run_notebooks import find

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
GLOSSARY = NOTEBOOKS / "glossary.ipynb"
LESSONS = Path(__file__).parents[1] / "motiflab/course/lessons"

ENTRY = re.compile(r"^### (.+)\n\n(.+)$", re.M)
LINK = re.compile(r'\[([^\]]+)\]\((?:\.\./)?glossary\.ipynb#[^ )]+ "[^"]*"\)')
LEAVE = re.compile(
    r"""
    ^\#[^\n]*                   # a heading
    | ```.*?``` | `[^`]*`       # code
    | \$\$.*?\$\$ | \$[^$]*\$   # formulas
    | !?\[[^\]]*\]\([^)]*\)     # pictures and other links
    | <[^>]*>                   # HTML
    | \*[A-Z][^*\n]{15,}\*      # the title of an article
    """,
    re.M | re.S | re.X,
)
"""Parts of a text that must not contain a link: it would show as text, or change a quotation."""

OTHER_FORMS = {
    "Calibration": ("calibrated",),
    "Held-out data": ("held out", "held-out"),
    "KL divergence": ("KL",),
    "Max pooling": ("max-pooling",),
    "One-hot encoding": ("one-hot",),
    "Precision-recall curve": ("PR curve",),
}


def meanings() -> dict[str, str]:
    """Return the meaning of each term, by its heading in the glossary."""
    cells = nbformat.read(GLOSSARY, as_version=4).cells
    return dict(ENTRY.findall("\n\n".join(cell.source for cell in cells)))


def pattern(heading: str) -> re.Pattern[str]:
    """Return the pattern of a term: also in the plural, with a small or capital first letter."""
    forms = []
    for word in (heading, *OTHER_FORMS.get(heading, ())):
        first = f"[{word[0].upper()}{word[0].lower()}]" if word[1:].islower() else word[0]
        forms.append(first + re.escape(word[1:]) + "(?:e?s)?")
    return re.compile(rf"(?<![\w-])(?:{'|'.join(forms)})(?![\w-])")


def anchor(heading: str) -> str:
    """Return the end of a link to a term: JupyterLab finds a cell that it has not yet drawn."""
    return "cell-id=" + heading.lower().replace(" ", "-")


def tip(meaning: str) -> str:
    """Return the first sentence of a meaning."""
    return re.split(r"(?<=[.])\s", meaning, maxsplit=1)[0].replace('"', "'")


def linked(sources: list[str], terms: dict[str, str], page: str) -> list[str]:
    """Link the first use of each term in the texts of a notebook; older links go first.

    Parameters
    ----------
    sources : list of str
        Markdown of the cells, in their order.
    terms : dict of str to str
        Meanings by heading, as from `meanings`.
    page : str
        Path of the glossary, as the notebook sees it.
    """
    sources = [LINK.sub(r"\1", source) for source in sources]
    free = [LEAVE.sub(lambda hit: "\0" * len(hit[0]), source) for source in sources]
    found = []  # cell, start, end, heading
    for heading in terms:
        for number, text in enumerate(free):
            if first := pattern(heading).search(text):
                found.append((number, *first.span(), heading))
                break
    # From the back, so that the places in front of a link stay what they were. Of two terms at one
    # place, as in "false positive rate", the longer one is linked.
    behind = (len(sources), 0)
    for number, start, end, heading in sorted(found, key=lambda hit: (-hit[0], -hit[2], hit[1])):
        if (number, end) > behind:
            continue
        behind = (number, start)
        link = f'[{sources[number][start:end]}]({page}#{anchor(heading)} "{tip(terms[heading])}")'
        sources[number] = sources[number][:start] + link + sources[number][end:]
    return sources


def teaching() -> list[Path]:
    """Return the notebooks in which terms are linked; those of the exercises are made."""
    return [path for path in find([NOTEBOOKS]) if path.parent.name != "3_practice"]


def fresh(path: Path) -> list[str]:
    """Return the text of each cell of a notebook as it should be."""
    cells = nbformat.read(path, as_version=4).cells
    left = ("## Further reading", "*You are here:*", "*The whole way:*")
    prose = [
        cell
        for cell in cells
        if cell.cell_type == "markdown" and not any(text in cell.source for text in left)
    ]
    page = relpath(GLOSSARY, path.parent)
    new = linked([cell.source for cell in prose], meanings(), page)
    by_id = {cell.id: text for cell, text in zip(prose, new)}
    return [by_id.get(cell.id, cell.source) for cell in cells]


def fresh_lesson(path: Path) -> str:
    """Return the source of a practice notebook as it should be."""
    page = relpath(GLOSSARY, NOTEBOOKS / "3_practice")
    return linked([path.read_text(encoding="utf-8")], meanings(), page)[0]


def main() -> None:
    """Link the terms in every notebook, and in every source of a practice notebook."""
    for path in LESSONS.glob("*.md"):
        path.write_text(fresh_lesson(path), encoding="utf-8")
    for path in teaching():
        notebook = nbformat.read(path, as_version=4)
        for cell, source in zip(notebook.cells, fresh(path)):
            cell.source = source
        nbformat.write(notebook, path)


if __name__ == "__main__":
    main()
