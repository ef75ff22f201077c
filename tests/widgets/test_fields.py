"""A state validates itself: every bad value gives an error of one sentence."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motiflab.checks import ArgumentError
from motiflab.widgets.fields import (
    CardState,
    choice,
    declared,
    matrix,
    number,
    slider,
)


def one_sentence(message: str) -> bool:
    return message.endswith(".") and "\n" not in message and len(message) < 300


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("width", 0),
        ("width", 11),
        pytest.param("width", -(10**400), id="width-hundreds of digits"),
        pytest.param("width", 10**5000, id="width-thousands of digits"),
        ("width", 2.5),
        ("width", True),
        ("width", "3"),
        ("width", None),
        ("share", math.nan),
        ("share", math.inf),
        ("share", -0.01),
        ("share", False),
        ("count", 0),
        ("rate", 0),
        pytest.param("rate", 10**400, id="rate-too large for a float"),
        ("shape", "circle"),
        ("shape", 1),
        ("shape", np.zeros(3)),
        ("depth", True),
        ("depth", 3),
        ("both", 1),
        ("both", "yes"),
        ("name", 3),
        ("name", "x" * 201),
        ("name", b"x"),
    ],
)
def test_a_bad_value_is_answered_with_a_sentence_that_names_the_field(toy_class, field, value):
    with pytest.raises(ArgumentError) as caught:
        toy_class.State(**{field: value})
    assert caught.value.argument == field
    assert one_sentence(str(caught.value))
    assert declared(toy_class.State)[field].label in str(caught.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("width", 1),
        ("width", np.int64(10)),
        ("share", 0),
        ("share", np.float32(1.0)),
        ("rate", 1e-6),
        ("depth", 9),
        ("name", ""),
        ("name", "x" * 200),
    ],
)
def test_the_ends_of_a_range_belong_to_it(toy_class, field, value):
    assert getattr(toy_class.State(**{field: value}), field) == value


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_a_field_without_limits_still_wants_a_finite_number(value):
    class Free(CardState):
        x: float = number(0.0, "X")

    assert Free(1e308).x == 1e308
    with pytest.raises(ArgumentError, match=r"X must be a number, not"):
        Free(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [(" 12 ", 12), ("1_000", 1000), ("-5", None), ("1e3", None), ("", None), ("9" * 5000, None)],
)
def test_whole_numbers_are_read_from_text(toy_class, text, value):
    field = declared(toy_class.State)["count"]
    if value is None:
        with pytest.raises(ArgumentError, match=r"Count must be a whole number from 1 to 10,000"):
            field.parse("count", text)
    else:
        assert field.parse("count", text) == value


@given(st.text())
def test_any_text_is_read_or_refused_with_a_sentence(text):
    for field in (slider(1, "Width", 0, 10), number(0.5, "Rate", 0, 1), choice("a", "C", ["a"])):
        declaration = field.metadata["field"]
        refused = ""
        try:
            value = declaration.parse("name", text)
        except ArgumentError as error:
            refused = str(error)
        else:
            declaration.check("name", value)
        assert not refused or one_sentence(refused)


def test_a_range_is_told_in_words_that_a_learner_reads(toy_class):
    fields = declared(toy_class.State)
    assert fields["count"].wanted == "a whole number from 1 to 10,000"
    assert fields["rate"].wanted == "a number from 1e-06 to 1"
    assert fields["depth"].wanted == "one of 1, 2, 9"
    assert number(1, "N", 1).metadata["field"].wanted == "a whole number, 1 or more"


def test_a_matrix_takes_a_labelled_table_by_its_labels_and_nothing_endless():
    class State(CardState):
        weights: tuple = matrix([[0, 0, 0, 0]], "Weights", -9, 9)

    table = pd.DataFrame([[4, 3, 2, 1]], columns=list("TGCA"))
    assert State(table).weights == ((1.0, 2.0, 3.0, 4.0),)
    with pytest.raises(
        ArgumentError, match="Weights must have its columns .* labelled A, C, G and T"
    ):
        State(pd.DataFrame([[4, 3, 2, 1]], columns=list("WXYZ")))
    with pytest.raises(ArgumentError, match="must be 1 to 40 positions"):
        State(itertools.repeat([0, 0, 0, 0]))


@pytest.mark.parametrize(
    ("place", "value"), [(-1e9, -6.0), (-5.96, -6.0), (2.2499, 2.2), (0.04, 0.0), (7.0, 6.0)]
)
def test_the_nearest_value_of_a_slider_is_one_of_its_steps(place, value):
    class State(CardState):
        z: float = slider(2.0, "z", -6.0, 6.0, 0.1)
        n: int = slider(3, "n", 1, 9, 2)

    assert declared(State)["z"].nearest(place) == value
    whole = declared(State)["n"].nearest(4.9)
    assert (whole, type(whole)) == (5, int)
