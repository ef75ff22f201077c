"""The bundle is sent once; a figure is a few kilobytes, and an update is one message."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
import sys

import ipywidgets as widgets
import nbformat
import numpy as np
import plotly
import plotly.graph_objects as go
import pytest
from nbclient import NotebookClient
from plotly.offline import get_plotlyjs_version

from motiflab import figures
from motiflab.widgets.chart import LightFigure, PlotlyBundle


def line(y, **layout) -> go.Figure:
    return go.Figure({"data": [{"type": "scatter", "y": y}], "layout": layout})


def test_all_figures_share_one_bundle_that_holds_plotly():
    first, second = LightFigure(line([1])), LightFigure(line([2]))
    assert first.bundle is second.bundle is PlotlyBundle.shared()
    assert first.version == plotly.__version__
    assert not first.bundle.source  # nobody has pointed at a chart
    first.bundle.wanted = True
    source = gzip.decompress(first.bundle.source).decode()
    assert f"plotly.js v{get_plotlyjs_version()}" in source[:200]
    assert "module.exports = factory()" in source[:1000]


def test_the_bundle_is_compressed_to_a_third():
    bundle = PlotlyBundle.shared()
    bundle.wanted = True
    assert 1_000_000 < len(bundle.source) < 1_600_000


def test_a_new_bundle_is_made_after_all_widgets_were_closed():
    old = PlotlyBundle.shared()
    widgets.Widget.close_all()
    assert PlotlyBundle.shared() is not old
    assert LightFigure(line([1])).bundle.comm is not None


def test_the_figure_is_sent_whole_but_for_its_template():
    figure = line(np.arange(3.0), title={"text": "é <b>"}, height=200)
    sent = json.loads(LightFigure(figure, "Three points.").spec)
    assert sent["text"] == "Three points."
    assert sent["layout"] == {"title": {"text": "é <b>"}, "height": 200}
    assert go.Figure(sent["data"]) == go.Figure(figure.data)
    assert len(figure.layout.template.to_plotly_json()) > 0  # plotly's own is there, and not sent


@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
def test_a_number_that_json_lacks_is_a_gap(hole):
    """As plotly's own encoder writes it."""
    figure = line([1, hole, 2], meta={"count": np.int64(3)})
    sent = json.loads(LightFigure(figure).spec)
    assert sent["data"][0]["y"] == [1, None, 2]
    assert sent["layout"]["meta"] == {"count": 3}


def test_a_chart_of_our_own_is_made_without_loading_plotly():
    code = (
        "import sys\nfrom motiflab import LossExplorer\nLossExplorer()\n"
        "raise SystemExit('plotly' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_nothing_of_the_old_figure_is_left_in_the_new(monkeypatch):
    chart = LightFigure(line([1, 2], title={"text": "old"}, shapes=[{"type": "line"}]), "Old.")
    sent = []
    monkeypatch.setattr(chart, "send_state", lambda key=None: sent.append(key))
    new = line([3])
    chart.refresh(new, "New.")
    assert sent == ["spec"]
    assert "old" not in chart.spec.lower() and "shapes" not in chart.spec
    assert (chart.figure, chart.text) == (new, "New.")


def test_a_second_figure_costs_kilobytes():
    def cost() -> int:
        chart = LightFigure(line(np.random.default_rng(0).random(400).astype("float32")))
        return len(json.dumps(chart.get_state(), default=str))

    cost()
    assert cost() < 10_000


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([0.1, -2 / 3, 1e30, 0.0], "f4"),
        ([0.1, np.nan, np.inf, -np.inf], "f4"),
        ([0.1, 1e39], "f8"),  # an infinity in single precision
        ([0.1, 1e-44], "f8"),  # known there to a few digits only
    ],
)
def test_fractions_are_sent_in_single_precision_where_six_digits_are_kept(values, kind):
    ends = figures.axis("x", (0, 4)), figures.axis("y", (0, 4))
    trace = figures.line(list(range(len(values))), np.array(values), "a", "red")
    chart = figures.figure([trace], "One", [], *ends, "")
    sent = json.loads(LightFigure(chart).spec)["data"][0]["y"]
    assert sent["dtype"] == kind
    read = np.frombuffer(base64.b64decode(sent["bdata"]), f"<{kind}")
    np.testing.assert_allclose(read, values, rtol=1e-6)


def test_a_figure_runs_where_no_browser_is():
    cells = [
        "import plotly.graph_objects as go\n"
        "from motiflab.widgets.chart import LightFigure\n"
        "chart = LightFigure(go.Figure(go.Scatter(y=[1, 2])))\nchart",
        "chart.refresh(go.Figure(go.Scatter(y=[2, 1])))\nchart.figure.data[0].y",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    NotebookClient(notebook, timeout=60, store_widget_state=False).execute()
    shown, value = (cell.outputs[-1].data for cell in notebook.cells)
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert value["text/plain"] == "(2, 1)"
