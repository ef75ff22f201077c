"""The output of a card holds a picture and its words beside the widget."""

from __future__ import annotations

import base64

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbconvert import HTMLExporter

from motiflab.widgets import saved
from motiflab.widgets.saved import with_still

VIEW = "application/vnd.jupyter.widget-view+json"


def test_a_card_is_a_widget_a_picture_and_a_text(toy_class):
    toy = toy_class()
    bundle = toy._repr_mimebundle_()
    assert bundle[VIEW]["model_id"] == toy.widget.model_id
    assert bundle["image/svg+xml"].startswith("<svg ")
    assert bundle["text/plain"].splitlines()[:2] == ["How wide is <it>?", "Goal: make it wide."]


def test_the_picture_is_of_the_present_state(toy_class):
    toy = toy_class()
    before = toy.still()
    toy.tell("<p>Something else.</p>")
    assert "Something else." in toy.still()[0] and "Something else." in toy.still()[1]
    assert "Something else." not in before[0]


@pytest.fixture
def outputs(monkeypatch):
    """Additional displayed data."""
    shown = []
    monkeypatch.setattr(saved, "get_ipython", InteractiveShell)
    monkeypatch.setattr(saved, "display", lambda data, raw: shown.append(data))
    return shown


def test_nothing_breaks_out_of_the_style_sheet(outputs):
    with_still({}, "<svg fill='#fff'>100%</svg>", 'a "b" </style>\nc', "u")
    (html,) = (data["text/html"] for data in outputs)
    assert html.count("</style>") == 1 and html.startswith("<style>")
    assert "%3Csvg fill='%23fff'>100%25%3C/svg>" in html
    assert 'a \\"b\\" \\3C /style>\\A c' in html


def test_on_paper_the_picture_stands_alone(toy_class, outputs):
    # nbconvert, and with it nbviewer, leaves a widget out whose state is not in the notebook.
    bundle = toy_class()._repr_mimebundle_()
    cell = nbformat.v4.new_code_cell("toy", execution_count=1)
    cell.outputs = [
        nbformat.v4.new_output("display_data", outputs[0]),
        nbformat.v4.new_output("execute_result", bundle, execution_count=1),
    ]
    html, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    body = html[html.index("<body") :]
    assert body.count(base64.b64encode(bundle["image/svg+xml"].encode()).decode()) == 1
    assert bundle[VIEW]["model_id"] not in body
