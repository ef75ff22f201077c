"""The glossary: every term linked at its first use in every notebook, and nothing else."""

from __future__ import annotations

import re

import nbformat
import pytest
from link_glossary import (
    GLOSSARY,
    LESSONS,
    NOTEBOOKS,
    anchor,
    fresh,
    fresh_lesson,
    linked,
    meanings,
    pattern,
    teaching,
)

TERMS = {
    "Filter": "A table of weights.",
    "False positive rate": "A fraction. It is small.",
    "Bits": "A unit.",
    "EM": "A method.",
}


def link(*texts: str, terms: dict[str, str] = TERMS) -> list[str]:
    """Link texts as those of one notebook."""
    return linked(list(texts), terms, "glossary.ipynb")


def links(text: str) -> list[tuple[str, str]]:
    """Return the words of the links to the glossary in a text, and the cells where they lead."""
    return re.findall(r"\[([^\]]+)\]\(glossary\.ipynb#cell-id=(\S+) ", text)


@pytest.mark.parametrize("path", teaching(), ids=lambda path: path.stem)
def test_first_uses_are_linked(path):
    """If this fails, run python tools/link_glossary.py."""
    cells = nbformat.read(path, as_version=4).cells
    assert [cell.source for cell in cells] == fresh(path)
    assert "glossary.ipynb#" in "".join(cell.source for cell in cells)


@pytest.mark.parametrize("path", sorted(LESSONS.glob("*.md")), ids=lambda path: path.stem)
def test_first_uses_are_linked_in_the_sources_of_the_exercises(path):
    """If this fails, run python tools/link_glossary.py, then python tools/make_practice.py."""
    text = path.read_text(encoding="utf-8")
    assert text == fresh_lesson(path)
    assert ("](../glossary.ipynb#" in text) == (path.stem != "lectures")


@pytest.mark.parametrize("heading", meanings())
def test_a_term_is_explained_briefly_and_its_notebook_uses_it(heading):
    meaning, _, taught = meanings()[heading].rpartition(" ([")
    assert meaning.endswith((".", ".)"))
    assert len(meaning.split()) <= 45
    (path,) = re.findall(r"\]\((\S+\.ipynb)\)\)", "[" + taught)
    cells = nbformat.read(NOTEBOOKS / path, as_version=4).cells
    assert pattern(heading).search("\n".join(cell.source for cell in cells))


def test_what_a_learner_meets_without_warning_is_explained():
    needed = {"AUROC", "AUPRC", "Bits", "E-value", "KL divergence", "Logit", "Gauge"}
    assert needed <= set(meanings())


def test_the_glossary_is_a_plain_page():
    notebook = nbformat.read(GLOSSARY, as_version=4)
    nbformat.validate(notebook)
    assert {cell.cell_type for cell in notebook.cells} == {"markdown"}
    headings = {c.id: c.source[4:].partition("\n")[0] for c in notebook.cells if c.source[2] == "#"}
    assert list(meanings()) == list(headings.values())  # none without a meaning
    assert [f"cell-id={name}" for name in headings] == [anchor(h) for h in headings.values()]


def test_only_the_first_use_is_linked_in_the_plural_and_in_small_letters():
    first, second = link("Two filters, a filter.", "A filter again.")
    assert second == "A filter again."
    assert first == 'Two [filters](glossary.ipynb#cell-id=filter "A table of weights."), a filter.'
    assert link(first, second) == [first, second]


@pytest.mark.parametrize(
    "text",
    [
        "## A filter",
        "`filter` and ```\nfilter\n```",
        "$filter$ or $$\nfilter\n$$",
        "[a filter](other.ipynb) ![filter](a.svg)",
        '<img alt="filter">',
        "a filter-bank, refiltered; Em and em dashes; a bit of it",
    ],
)
def test_what_is_no_plain_use_is_left_alone(text):
    assert link(text) == [text]
    after = link(f"{text}\n\nA filter.")[0]
    assert links(after) == [("filter", "filter")]
    assert after.startswith(text)


def test_a_heading_ends_with_its_line():
    assert links(link("# Title\n\nA filter.")[0]) == [("filter", "filter")]


def test_of_two_terms_at_one_place_the_longer_is_linked():
    terms = {"Positive rate": "Short.", **TERMS}
    (text,) = link("The false positive rate of EM, in bits.", terms=terms)
    found = [("false positive rate", "false-positive-rate"), ("EM", "em"), ("bits", "bits")]
    assert links(text) == found
    assert '"A fraction."' in text  # the first sentence


def test_a_changed_meaning_and_a_dropped_term_reach_the_links():
    (text,) = link("A filter.")
    assert link(text, terms={"Filter": "New."}) == [
        'A [filter](glossary.ipynb#cell-id=filter "New.").'
    ]
    assert link(text, terms={}) == ["A filter."]
