"""The page of promises: complete, and each notebook, card, set and test on it exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
from link_glossary import teaching

from motiflab.exercises import KEYS, exercise_set

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "notebooks/1_principles/promises.md"

# What each part of the chapter is about, as it must be found on the page.
CONCEPTS = """
    Introduction: labels alone; traditional methods; black box; statistics; biology and physics
    Representing sequences: one-hot; arbitrary; equally far; channels; padded with zeros
    The filter as a scanner: slides; stride; worked example; backpropagation
    From scores to probabilities: ReLU; vanishing; sparsity; sigmoid; cross-entropy; minus label
    Pooling: equivariant; invariant; average; gradient; boundary
    Filters and classical models: consensus; best test; log-odds; any background; prior; energy
    Filters and classical models: occupancy; dependency
    Interpretation: saliency; winning windows
    Grammar: second-layer; gap; dilation
    Evaluation: AUROC; false alarms; AUPRC; guess
    Applications and connections: real data; extended; interpreted; grammar; design
    Hands-on practice: by hand; project
"""


class Promise(NamedTuple):
    """One line of the page; `part` is the heading above it."""

    part: str
    promise: str
    notebook: str
    card: str
    test: str


def promises() -> list[Promise]:
    """Read the tables of the page."""
    found, part = [], ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            part = line[3:]
        cells = [cell.strip(" `") for cell in line.strip("|").split("|")]
        if len(cells) == 4 and "::" in cells[3]:
            notebook = re.search(r"\]\((\S+)\)", cells[1])[1]
            found.append(Promise(part, cells[0], notebook, *cells[2:]))
    return found


ALL = promises()
each = pytest.mark.parametrize("one", ALL, ids=lambda one: one.promise)


@cache
def code(notebook: str) -> str:
    cells = nbformat.read(PAGE.parent / notebook, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "code")


@cache
def functions_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@each
def test_what_keeps_a_promise_is_there(one):
    path, _, name = one.test.partition("::")
    assert name in functions_of(path)
    if one.part == "Hands-on practice":
        ids = re.findall(r'practice\.task\("(.+?)"\)', code(one.notebook))
        assert ids == [exercise.id for exercise in exercise_set(one.card)]
    else:
        assert f"{one.card}(" in code(one.notebook)


@pytest.mark.parametrize("line", CONCEPTS.strip().splitlines())
def test_every_concept_of_the_chapter_has_its_promise(line):
    part, _, concepts = line.strip().partition(": ")
    told = " ".join(one.promise for one in ALL if one.part == part)
    assert [concept for concept in concepts.split("; ") if concept not in told] == []


def test_no_notebook_and_no_set_is_left_out_and_nothing_stands_there_twice():
    there = {(PAGE.parent / one.notebook).resolve() for one in ALL}
    taught = {path for path in teaching() if path.parent.name in ("1_principles", "2_applications")}
    assert taught <= there
    assert [one.card for one in ALL if one.part == "Hands-on practice"] == list(KEYS)
    assert len({one.promise for one in ALL}) == len(ALL) >= 60
