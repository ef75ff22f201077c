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


def main_path(cells: list) -> tuple[str, list[str]]:
    """Return the text and the cells of code, without optional sections and further reading."""
    texts, code = [], []
    level = 0  # of the heading of the section that is left out; 0 if none is
    for cell in cells:
        if cell.cell_type == "code" and not level and not hidden(cell):
            code.append(cell.source)
        for part in re.split(r"^(?=#+ )", cell.source, flags=re.M) if prose(cell) else []:
            heading = re.match(r"(#+) (.*)", part)
            if heading and (not level or len(heading[1]) <= level):
                leave = heading[2].startswith(("Optional", "Further reading"))
                level = len(heading[1]) if leave else 0
            if not level:
                texts.append(part)
    return "\n".join(texts), code


def minutes(cells: list) -> float:
    """Return how many minutes the main path of a notebook takes."""
    text, (_imports, *code) = main_path(cells)
    check = text.partition("## Check yourself")[2].partition("<details>")[0]
    questions = len(re.findall(r"^\d+\. ", check, re.M))
    words = len(re.findall(r"\w[^\s|]*", NOT_READ.sub(" ", text)))
    cards = sum(bool(A_CARD.search(source)) for source in code)
    read = len(code) - cards
    return words / WORDS + CARD * cards + CODE * read + QUESTION * questions


def prose(cell: nbformat.NotebookNode) -> bool:
    """Whether a cell is text."""
    return cell.cell_type == "markdown"


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
    """The tables and lists of the first notebook, and the hours of part 1."""
    first, *others = teaching()
    text = "\n".join(cell.source for cell in nbformat.read(first, as_version=4).cells)
    in_table_or_list = r"\]\((\S+\.ipynb)\)(?: \|.*\| |, )(\d+)(?: \||\ minutes)"
    said = {first.parent / name: int(time) for name, time in re.findall(in_table_or_list, text)}
    assert said == {path: announced(nbformat.read(path, as_version=4).cells) for path in others}
    part = sum(time for path, time in said.items() if path.parent.name == "1_principles")
    assert int(re.search(r"about (\d+) hours", text)[1]) == round(part / 60)


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
    back = [new_markdown_cell("more words\n\n## Back\n\n" + "word " * 179)]
    assert minutes(cells[:-1] + more + deeper + back + cells[-1:]) == pytest.approx(11, abs=0.05)
    last = [new_markdown_cell("## Further reading\n\n" + "word " * 180)]
    assert minutes(cells + last) == minutes(cells)
