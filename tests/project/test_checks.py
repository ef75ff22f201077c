"""Quoted values in messages: on one line, and limited in length."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import motiflab
from motiflab.checks import ArgumentError, between, inside, quoted, require
from motiflab.datasets import planting, sources
from motiflab.evaluation import detectors
from motiflab.motifs import jaspar
from motiflab.sequences import encoding, matrix

PACKAGE = Path(motiflab.__file__).parent
LIMITED = {
    "sequences",
    "layers",
    "motifs",
    "evaluation",
    "datasets",
    "networks",
    "interpretation",
    "figures",
}


@pytest.mark.parametrize(
    "value",
    [
        "A" * 10_000,
        np.zeros((20, 1)),
        np.arange(100_000.0),
        pd.DataFrame(np.zeros((50, 50))),
        ["x" * 9999] * 9,
        {"a" * 999: np.zeros(30)},
        10**5000,
        "a\nb" * 999,
    ],
    ids=lambda value: type(value).__name__,
)
def test_whatever_it_is_it_stays_short_and_on_one_line(value):
    assert 0 < len(quoted(value)) < 250 and "\n" not in quoted(value)


def test_short_values_are_quoted_as_python_writes_them():
    for value in ("ACGT", "a" * 60, 3, -0.5, None, True, (0.5, 0.5), {"A": 0.25}, [1, 2, 3]):
        assert quoted(value) == repr(value)
    assert quoted("a" * 61) == repr("a" * 60 + "...")
    assert quoted("abc", 2) == "'ab...'"


@pytest.mark.parametrize(
    "call",
    [
        lambda: jaspar.load("x" * 10_000),
        lambda: jaspar.load("MA" + "9" * 10_000),
        lambda: jaspar.load([0.5] * 10_000),
        lambda: jaspar.search("x", taxon="x" * 10_000),
        lambda: planting.Arrangement("x" * 10_000),
        lambda: planting.Arrangement((), copies="x" * 10_000),
        lambda: detectors.Detector("d", (0.5,) * 10_000, (1.0,)),
        lambda: matrix.check_background(np.arange(10_000)),
        lambda: matrix.check_background("x" * 10_000),
        lambda: encoding.one_hot("A", order="x" * 10_000),
        lambda: sources.ctcf().subset(list(range(10_000))),
    ],
)
def test_errors_stay_short(call):
    with pytest.raises(ValueError, match="must|not in JASPAR") as error:
        call()
    assert len(str(error.value)) < 400 and "\n" not in str(error.value)


def test_no_message_of_the_core_or_of_a_figure_quotes_without_a_limit():
    unlimited = [
        f"{path.name}: {line.strip()}"
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] in LIMITED
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"![ra]\}", line)
    ]
    assert not unlimited, unlimited


@pytest.mark.parametrize("value", [0, 1, -0.1, np.nan, np.inf, True, "0.5", None])
def test_a_number_inside_two_bounds_is_neither_of_them(value):
    with pytest.raises(
        ArgumentError, match="^share must be a number above 0 and below 1, got "
    ) as e:
        inside("share", value, 0, 1)
    assert e.value.argument == "share"


def test_a_number_inside_may_have_no_upper_bound_but_is_finite():
    assert inside("rate", np.float32(0.5), 0) == 0.5 and inside("rate", 10**300, 0) == 1e300
    for value in (0, np.inf, np.nan):
        with pytest.raises(ArgumentError, match="^rate must be a positive number, got "):
            inside("rate", value, 0)


def test_a_rule_that_does_not_hold_names_its_argument():
    require("width", True, "be odd, got 5")
    with pytest.raises(ArgumentError, match=r"^width must be odd, got 4\.$") as error:
        require("width", False, "be odd, got 4")
    assert error.value.argument == "width"


@pytest.mark.parametrize("value", [True, "1", None, float("nan"), float("inf")])
def test_what_is_no_finite_number_is_refused_everywhere(value):
    assert between("x", -1e300) == -1e300
    for call in (
        lambda: between("x", value),
        lambda: between("x", value, 0),
        lambda: between("x", value, 0, 2),
        lambda: inside("x", value, 0),
    ):
        with pytest.raises(ArgumentError, match="^x must be a (finite |positive )?number"):
            call()
