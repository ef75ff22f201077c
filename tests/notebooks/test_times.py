"""The minutes that a notebook announces: those of its main path, within a fifth, and at most 60.

Reading takes a minute for 180 words. A card takes 3 minutes, a cell of code that is to be read 1,
a question of "Check yourself" 2, with its answer. What is called optional is not counted, nor are
the imports, what is folded, and the list of further reading. A film or a training that is watched
takes no longer than the card that shows it.
"""

from __future__ import annotations

import re

import nbformat
import pytest
from link_glossary import teaching
from nbformat.v4 import new_code_cell, new_markdown_cell

WORDS, CARD, CODE, QUESTION = 180, 3, 1, 2
MOST = 60
A_CARD = re.compile(r"\b(?:\w+Explorer|MotifLab|GrammarLab)\(")
NOT_READ = re.compile(r"<details>.*?</details>|!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|<[^>]+>", re.S)


def main_path(cells: list) -> list[nbformat.NotebookNode]:
    """Return the cells without those of optional sections and of further reading."""
    path, level = [], 0  # level of the heading that is left out, 0 for none
    for cell in cells:
        heading = re.match(r"(#+) (.*)", cell.source) if cell.cell_type == "markdown" else None
        if heading and (not level or len(heading[1]) <= level):
            leave = heading[2].startswith(("Optional", "Further reading"))
            level = len(heading[1]) if leave else 0
        if not level:
            path.append(cell)
    return path


def minutes(cells: list) -> float:
    """Return how many minutes the main path of a notebook takes.

    A heading within a cell is that of a part of the cell: "Further reading" has a cell of its own.
    """
    text = "\n".join(c.source for c in main_path(cells) if c.cell_type == "markdown")
    _, _, check = text.partition("## Check yourself")
    questions = len(re.findall(r"^\d+\. ", check.partition("<details>")[0], re.M))
    words = len(re.findall(r"\w[^\s|]*", NOT_READ.sub(" ", text)))
    code = [c.source for c in main_path(cells) if c.cell_type == "code" and not hidden(c)]
    cards = [source for source in code if A_CARD.search(source)]
    read = len(code) - len(cards) - 1  # the imports
    return words / WORDS + CARD * len(cards) + CODE * read + QUESTION * questions


def hidden(cell: nbformat.NotebookNode) -> bool:
    """Whether a cell is folded."""
    return cell.metadata.get("jupyter", {}).get("source_hidden", False)


def announced(cells: list) -> int:
    """Return the minutes that a notebook says it takes."""
    (need,) = [cell.source for cell in cells if "## What you need" in cell.source]
    return int(re.search(r"(\d+) minutes", need.partition("## What you need")[2])[1])


@pytest.mark.parametrize("path", teaching(), ids=lambda path: path.stem)
def test_a_notebook_takes_as_long_as_it_says(path):
    cells = nbformat.read(path, as_version=4).cells
    assert announced(cells) == pytest.approx(minutes(cells), rel=0.2)
    assert minutes(cells) <= MOST


def test_the_map_says_the_same():
    """The table of part 1 in the first notebook, and the hours over it."""
    folder = teaching()[0].parent
    cells = nbformat.read(folder / "00_start_here.ipynb", as_version=4).cells
    text = "\n".join(cell.source for cell in cells)
    said = dict(re.findall(r"^\| \[[^\]]*\]\((\S+)\) \|.*\| (\d+) \|$", text, re.M))
    read = {name: announced(nbformat.read(folder / name, as_version=4).cells) for name in said}
    assert {name: int(number) for name, number in said.items()} == read
    assert len(said) == len(list((folder / "1_principles").glob("*.ipynb")))
    hours = int(re.search(r"about (\d+) hours", text)[1])
    assert hours == round(sum(read.values()) / 60)


def test_minutes_by_hand():
    """360 words, a card, a cell of code and 2 questions: 2 + 3 + 1 + 4 = 10 minutes."""
    folded = new_code_cell("assert ScanExplorer()")
    folded.metadata["jupyter"] = {"source_hidden": True}
    cells = [
        new_markdown_cell("# Title\n\n" + "word " * 177),
        new_code_cell("from motiflab import ScanExplorer"),
        new_code_cell("ScanExplorer(motif='GATA2')"),
        new_code_cell("print(1)"),
        folded,
        new_markdown_cell("![a long text of a picture](a.svg) <b>" + "word " * 180),
        new_markdown_cell("## Check yourself\n\n1. \n2. \n\n<details>\n\n1. Yes.\n\n</details>"),
    ]
    assert minutes(cells) == pytest.approx(10, abs=0.05)
    more = [new_markdown_cell("## Optional: more\n\nwords"), new_code_cell("print(2)")]
    deeper = [new_markdown_cell("### Deeper\n\nwords"), new_code_cell("print(3)")]
    back = [new_markdown_cell("## Back\n\n" + "word " * 179)]
    assert minutes(cells[:-1] + more + deeper + back + cells[-1:]) == pytest.approx(11, abs=0.05)
    last = [new_markdown_cell("## Further reading\n\n" + "word " * 180)]
    assert minutes(cells + last) == minutes(cells)
