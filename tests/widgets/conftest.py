"""A small explorer with one field of each kind, to test what all explorers share."""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go
import pytest

from motiflab.widgets.chart import Chart
from motiflab.widgets.explorer import Explorer
from motiflab.widgets.fields import CardState, choice, number, slider, text, toggle


class ToyState(CardState):
    width: int = slider(3, "Width", 1, 10, group="Size", help="How wide")
    share: float = slider(0.5, "Share", 0.0, 1.0, 0.05, group="Size")
    count: int = number(100, "Count", 1, 10_000, group="Size")
    rate: float = number(0.01, "Rate", 1e-6, 1.0)
    shape: str = choice("square", "Shape", ["square", "disc"], group="Look")
    depth: int = choice(1, "Depth", [("one", 1), ("two", 2), ("a great many layers", 9)])
    both: bool = toggle(False, "Both")
    name: str = text("x", "Name", lambda: ("CTCF", "GATA1"))

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.width > self.count:
            raise ValueError(f"Width {self.width} does not fit into {self.count}.")


class Counter:
    """Counts the computations, as a pure function should not."""

    calls = 0


def compute(state: ToyState) -> ToyState:
    Counter.calls += 1
    if state.name == "nobody":
        raise ValueError("Nobody is called nobody.")
    if state.name == "fault":
        raise KeyError("fault")
    if state.name == "torch":
        raise ModuleNotFoundError("No module named 'torch'", name="torch")
    return state


def draw(state: ToyState, uid: str) -> dict[str, str | Chart]:
    line = go.Figure({"data": [{"type": "scatter", "y": [0, state.width]}], "layout": {}})
    return {
        "bar": f"<svg id='{uid}' width='{state.width}'></svg>",
        "line": Chart(line, f"A line up to {state.width}."),
    }


def describe(state: ToyState) -> str:
    return f"<p>{escape(state.name)} is {state.width} wide.</p>"


class Toy(Explorer):
    State = ToyState
    title = "How wide is <it>?"
    goal = "make it wide."
    rows = (("bar", "line"),)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)


@pytest.fixture(scope="session")
def toy_class() -> type[Toy]:
    """Return the explorer's class."""
    return Toy


@pytest.fixture
def counter() -> type[Counter]:
    """Return what counts the computations of toys."""
    Counter.calls = 0
    return Counter
