"""The page of formulas: complete, its links alive, and each of its claims tried.

`tools/break_formulas.py` breaks each function in turn and sees the test that the page names fail.
"""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from break_formulas import PAGE, Row, main, rows, spoil

ROOT = Path(__file__).parents[2]
TABLE = rows()

# Every concept of the first chapter that has a formula, under the name it has on the page.
CHAPTER = """
    one-hot encoding; one-hot bases are equidistant; channels first or last
    a batch, padded with zeros
    cross-correlation; index map; output length; worked example: $K=5, S=2, P=2$
    ReLU; derivative of ReLU; sigmoid: logit to probability; sparsity behind ReLU
    derivative of the sigmoid, at most 1/4; vanishing gradient: the signal of each layer
    cross-entropy, the negative Bernoulli log-likelihood; why a filter becomes a motif
    gradient of the cross-entropy by the logit
    max-pooling; average pooling; gradient through pooling; local invariance of the maximum
    equivariance of pooling; boundary effect of zero padding
    position probabilities (PPM); consensus; probability of a sequence under a motif
    log-likelihood ratio; Neyman-Pearson lemma; weights as log-odds (PWM); bias as log prior odds
    filter to motif, any background; filter to motif, uniform background (softmax)
    information content, in bits
    logistic regression on aligned windows; trained weights are log-odds; bias of the scanner
    additive binding energy; affine link of energy and LLR; occupancy; Boltzmann PPM (low occupancy)
    one linear filter cannot know a dependency
    saliency map; saliency of one filter behind a global maximum
    saliency by the winners of all filters
    field that a grammar needs; receptive field of a stack; holes of a dilated field
    ROC and AUROC; AUROC of a guess; precision and recall, AUPRC; AUPRC of a guess
    rates times numbers; precision at a prevalence
"""


def names(text: str) -> list[str]:
    return [name.strip() for line in text.strip().splitlines() for name in line.split(";")]


def test_the_page_lists_formulas():
    assert len(TABLE) >= 50


@pytest.mark.parametrize("name", names(CHAPTER))
def test_every_formula_of_the_chapter_is_listed(name):
    assert name in {row.name for row in TABLE}


def test_no_name_is_listed_twice():
    listed = [row.name for row in TABLE]
    assert sorted(set(listed)) == sorted(listed)


each = pytest.mark.parametrize("row", TABLE, ids=[row.name for row in TABLE])


@each
def test_its_notebook_is_there_and_teaches_in_the_part_that_the_page_says(row: Row):
    notebook = nbformat.read(PAGE.parent / row.notebook, as_version=4)
    assert notebook.cells


@each
def test_its_formula_is_one(row: Row):
    assert row.formula.count("$") % 2 == 0 and "$" in row.formula


@each
def test_its_function_is_public_and_says_what_it_computes(row: Row):
    module, _, name = row.function.rpartition(".")
    try:
        owner = importlib.import_module(module)
    except ModuleNotFoundError:  # a method
        module, _, owner_name = module.rpartition(".")
        owner = getattr(importlib.import_module(module), owner_name)
    assert not name.startswith("_") and getattr(owner, name).__doc__


@each
def test_its_test_is_there(row: Row):
    path, _, name = row.test.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_each_test_fails_when_its_function_is_broken():
    command = [sys.executable, str(ROOT / "tools/break_formulas.py")]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"{len(TABLE)} formulas, 0 not held" in result.stdout


def test_a_test_that_does_not_hold_its_formula_is_seen(tmp_path, monkeypatch, capsys):
    test = "tests/core/test_activations.py::test_function_and_derivative_are_those_of_autograd"
    page = tmp_path / "formulas.md"
    page.write_text(
        "| name | formula | notebook | function | test |\n|---|---|---|---|---|\n"
        f"| held | $x$ | [a](a.ipynb) | `motiflab.activations.relu` | `{test}` |\n"
        f"| not held | $x$ | [a](a.ipynb) | `motiflab.pooling.pool` | `{test}` |\n"
    )
    monkeypatch.setattr("break_formulas.rows", lambda: rows(page))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code
    said = capsys.readouterr().out
    assert "2 formulas, 1 not held" in said and "not held: " in said and "pool broken" in said


def test_spoiling_changes_every_kind_of_result():
    import numpy as np
    import torch

    from motiflab.convolution import receptive_field
    from motiflab.metrics import roc

    assert spoil(True) is False and spoil(3) == 4 and spoil(2.0) != 2.0 and spoil("AC") != "AC"
    assert (spoil(np.arange(3)) != np.arange(3)).all()
    assert (spoil(np.ones(2)) != 1).all() and (spoil(torch.zeros(2)) != 0).all()
    assert spoil(receptive_field([(3,)])).size == 4
    assert spoil(roc([0, 1], [0, 1])).area != 1.0
    assert spoil([1, "A"]) == [2, "AA"] and spoil({"a": 1}) == {"a": 2}
