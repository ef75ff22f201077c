"""A matrix as a field of a state, in its control and in scenes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motiflab.checks import ArgumentError
from motiflab.widgets.controls import Control
from motiflab.widgets.explorer import Explorer
from motiflab.widgets.fields import CardState, declared, matrix, toggle

START = ((0, 0, 1.5, -2), (1, 0, 0, 0))


class WeightState(CardState):
    weights: tuple = matrix(START, "Weights", -9, 9, rows=(1, 4))
    upside: bool = toggle(False, "Upside down")


class Weights(Explorer):
    State = WeightState
    title = "Which?"
    goal = "edit."

    @staticmethod
    def compute(state):
        return np.asarray(state.weights)

    @staticmethod
    def draw(result, uid):
        return {"sum": f"<p>{result.sum()}</p>"}

    @staticmethod
    def describe(result):
        return f"<p>{len(result)}</p>"


@pytest.mark.parametrize("value", [START, [list(row) for row in START], np.array(START)])
def test_a_state_keeps_a_matrix_as_tuples_of_floats(value):
    weights = WeightState(weights=value).weights
    assert weights == START and hash(weights)
    assert all(type(cell) is float for row in weights for cell in row)


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ((), "1 to 4 positions"),
        (START * 3, "1 to 4 positions"),
        (((1, 2, 3),), "1 to 4 positions of 4 numbers"),
        (5, "1 to 4 positions"),
        (None, "1 to 4 positions"),
        (((0, 0, 0, 0), (0, 10, 0, 0)), "C at position 1 must be a number from -9 to 9, not 10.0"),
        (((0, 0, float("nan"), 0),), "G at position 0 must be a number"),
        (((0, 0, 0, "x"),), "T at position 0 must be a number from -9 to 9, not 'x'."),
    ],
)
def test_what_is_no_matrix_is_answered_with_one_sentence(value, complaint):
    with pytest.raises(ArgumentError, match=complaint) as caught:
        WeightState(weights=value)
    assert caught.value.argument == "weights" and str(caught.value).count(". ") == 0


cells = st.floats(-9, 9, allow_nan=False)
rows = st.tuples(cells, cells, cells, cells)


@given(st.lists(rows, min_size=1, max_size=4))
def test_a_matrix_travels_in_a_scene_exactly(value):
    first = Weights(weights=value)
    assert Weights.from_scene(first.scene).state == first.state


def test_the_scene_is_short_and_readable():
    scene = Weights(weights=((1, 0.5, -2, 0),)).scene
    assert scene.startswith("Weights/1?weights=1,0.5,-2,0#")


@pytest.mark.parametrize("text", ["", "1,2", "1,2,3,x", "1,2,3,4;", "nan,0,0,0"])
def test_a_scene_with_a_bad_matrix_is_refused(text):
    with pytest.raises(ArgumentError):
        declared(WeightState)["weights"].parse("weights", text)


def test_what_is_typed_arrives_and_a_bad_cell_keeps_the_state():
    explorer = Weights()
    control = explorer.controls["weights"]
    control.value = ((0, 0, 1, -2), (1, 0, 0, 0))  # JSON has no floats of its own
    assert explorer.state.weights == ((0.0, 0.0, 1.0, -2.0), (1.0, 0.0, 0.0, 0.0))
    control.value = ((0, 0, 1, "two"), (1, 0, 0, 0))
    assert "T at position 0 must be a number from -9 to 9, not &#x27;two&#x27;." in (
        control.description
    )
    assert explorer.state.weights[0][3] == -2 and explorer.figures == {"sum": "<p>0.0</p>"}
    assert control.value[0][3] == "two"  # what the learner typed is not lost
    control.value = ((0, 0, 1, 2), (1, 0, 0, 0))
    assert "motiflab-error" not in control.description
    assert explorer.state.weights[0][3] == 2


def test_a_message_from_the_browser_becomes_tuples():
    control = Weights().controls["weights"]
    control.set_state({"value": [[1, 2, 3, 4]]})
    assert control.value == ((1, 2, 3, 4),)


def test_the_grid_shows_what_set_gives_it():
    explorer = Weights()
    explorer.set(weights=[[1, 2, 3, 4]])
    assert explorer.controls["weights"].value == ((1.0, 2.0, 3.0, 4.0),)


def test_locked_and_hidden():
    control = Control("weights", declared(WeightState)["weights"], START)
    control.lock()
    assert control.widget.disabled
    control.place(False)
    assert not control.widget.shown
    control.place(True)
    assert control.widget.shown
    assert not Weights(hidden=["weights"]).controls["weights"].shown
