"""Show plotly figures in the notebook, with plotly.js sent only once.

plotly's `FigureWidget` sends 5 MB of JavaScript with every instance. Here one hidden widget, the
bundle, holds plotly.js compressed (1.5 MB); every `LightFigure` holds a reference to it and a few
kilobytes of figure. The first figure that is drawn on a page unpacks the code, whether or not the
bundle or any other figure was ever displayed; all others, of any notebook on the page, reuse it.

The picture is one synced string, and the browser calls `Plotly.react`, which finds the changes. So
an update is one message, nothing of an old figure (text, shapes, traces) can remain, and a view
opened later shows the current picture.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import anywidget
import ipywidgets as widgets
import numpy as np
import traitlets

from motiflab.figures import Figure
from motiflab.widgets.controls import share, shared_layout

if TYPE_CHECKING:
    import plotly.graph_objects as go

# The script waits for plotly in render, never in initialize: anywidget gives up on a model whose
# initialize takes over two seconds, and a slow connection needs longer for the bundle.
_SCRIPT = """
const SETTINGS = {
    displaylogo: false,
    modeBarButtons: [["zoom2d", "pan2d", "resetScale2d", "toImage"]],
};

// A chart that is made much higher, for a lecture hall, gets larger letters, too.
function resize(layout, height) {
    const grow = Math.max(1, height / layout.height / 1.2);
    layout.height = height;
    for (const font of [layout.font, layout.title?.font]) if (font) font.size *= grow;
    for (const side in layout.margin) layout.margin[side] *= grow;
}

function loadPlotly(model) {
    const loaded = (globalThis.motiflabPlotly ??= {});
    const version = model.get("version");
    loaded[version] ??= unpack(model).catch((error) => { delete loaded[version]; throw error; });
    return loaded[version];
}

async function unpack(model) {
    const id = model.get("bundle").slice("IPY_MODEL_".length);
    const bundle = await model.widget_manager.get_model(id);
    const packed = new Blob([bundle.get("source")]).stream();
    const source = await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).text();
    globalThis.PlotlyConfig ??= {MathJaxConfig: "local"};
    const parts = ["const module = {exports: {}};\\n", source, "\\nexport default module.exports;"];
    const url = URL.createObjectURL(new Blob(parts, {type: "text/javascript"}));
    try { return (await import(url)).default; } finally { URL.revokeObjectURL(url); }
}

// plotly cuts a title at the edge of the chart; a paragraph of the page has more lines instead.
// It takes from the text what plotly does: a few tags, and a colour.
const TAGS = /&lt;(\\/?(?:b|i|br|sub|sup|span)(?: style=(?:"[^"<>&]*"|'[^'<>&]*'))?)&gt;/g;

function moveTitle(layout, caption) {
    caption.textContent = layout.title?.text ?? "";
    caption.innerHTML = caption.innerHTML.replace(TAGS, "<$1>");
    if (!layout.title) return;
    delete layout.title;
    layout.height = (layout.height ?? 450) - (layout.margin?.t ?? 100) + 8;  // plotly's own sizes
    layout.margin = {...layout.margin, t: 8};
}

// A chart that names a field of its card: a press sets that to the place on the x axis, and so does
// a drag. A trait is sent when the last one has been answered, so moves do not queue up.
function follow(model, box) {
    let held = false;
    const place = (event) => {
        const axis = box._fullLayout.xaxis;
        const x = event.clientX - box.getBoundingClientRect().left - axis._offset;
        model.set("place", {x: axis.p2l(x), at: event.timeStamp});  // twice the same is news, too
        model.save_changes();
    };
    box.addEventListener("pointerdown", (event) => {
        held = event.button === 0 && box.dataset.drag && box._fullLayout?.dragmode === false
            && event.target.closest(".nsewdrag");
        if (!held) return;
        box.setPointerCapture(event.pointerId);  // plotly lays a sheet over the page meanwhile
        place(event);
    });
    box.addEventListener("pointermove", (event) => {
        if (held && event.buttons & 1) place(event);
    });
}

async function render({model, el}) {
    const caption = document.createElement("div");
    const box = document.createElement("div");
    caption.className = "motiflab-chart-title";
    box.className = "motiflab-chart";
    el.setAttribute("role", "figure");  // an image may hold no buttons
    el.append(caption, box);
    let plotly;
    const draw = () => {
        const {data, layout, text} = JSON.parse(model.get("spec"));
        el.setAttribute("aria-label", text);
        moveTitle(layout, caption);
        if (layout.meta?.drag) {
            box.dataset.drag = layout.meta.drag;
            box.title = "Press or drag, or move the slider";
        }
        // A card may give its charts a height of its own, title included, by a style sheet.
        const own = parseInt(getComputedStyle(box).getPropertyValue("--motiflab-chart-height"));
        if (own) resize(layout, own - caption.offsetHeight);
        box.style.minHeight = (layout.height ?? 450) + "px";
        // A chart in a hidden tab has no width yet; the observer draws it when it is shown.
        layout.width = box.clientWidth;
        if (plotly && layout.width) plotly.react(box, data, layout, SETTINGS);
    };
    let width = 0;
    const observer = new ResizeObserver(() => {
        if (box.clientWidth !== width) { width = box.clientWidth; draw(); }
    });
    draw();
    model.on("change:spec", draw);
    observer.observe(box);
    follow(model, box);
    try { plotly = await loadPlotly(model); } catch (error) {
        box.textContent = "The chart could not be loaded: " + error.message;
        throw error;
    }
    draw();
    return () => { observer.disconnect(); plotly.purge(box); };
}

export default {render};
"""

# plotly writes colours into each element; only !important lets the theme of the page override them.
_STYLE = """
.motiflab-chart { width: 100%; }
.motiflab-chart[data-drag] .nsewdrag { cursor: grab !important; touch-action: pan-y; }
.motiflab-chart-title { font-size: 12px; line-height: 18px; min-height: 36px;
  white-space: pre-wrap; }
.motiflab-chart .xtick text, .motiflab-chart .ytick text, .motiflab-chart .annotation-text,
.motiflab-chart .xtitle, .motiflab-chart .ytitle {
    fill: var(--jp-ui-font-color1, #767676) !important; }
.motiflab-chart .gridlayer path { stroke: var(--jp-border-color2, #9e9e9e) !important; }
.motiflab-chart .modebar-btn path { fill: var(--jp-ui-font-color2, #767676) !important; }
"""


class Chart(NamedTuple):
    """A chart and its description in words."""

    figure: Figure
    text: str


class PlotlyBundle(anywidget.AnyWidget):
    """Holds plotly.js, compressed, for the figures of this kernel; it is never displayed."""

    _esm = "export default {};"
    source = traitlets.Bytes().tag(sync=True)

    @classmethod
    def shared(cls) -> PlotlyBundle:
        """Return the one bundle of this kernel, made at the first call."""
        return share(cls, cls._packed)

    @classmethod
    def _packed(cls) -> PlotlyBundle:
        from plotly.offline import get_plotlyjs  # late, as in all of this module: plotly is large

        return cls(
            source=gzip.compress(get_plotlyjs().encode(), 6, mtime=0), layout=shared_layout()
        )


class LightFigure(anywidget.AnyWidget):
    """A plotly figure in the notebook that takes only kilobytes.

    Parameters
    ----------
    figure : Figure or plotly.graph_objects.Figure
        The figure to show. Its template is not sent, so colours must be set in the figure itself;
        give `layout.height` in pixels (the width is that of the page) and, to keep a zoom at an
        update, a constant `layout.uirevision`.
    text : str
        Description for a screen reader.
    drag : callable, optional
        Called with the field in ``layout.meta["drag"]`` and the pressed or dragged place on the
        x axis (on a logarithmic axis, its power of ten; with ``layout.meta["along"]``, the value
        there), usually not on the thread of the cell.

    Attributes
    ----------
    figure, text
        The current figure and text. `refresh` replaces them; changing the figure in place has no
        effect.

    Examples
    --------
    >>> import plotly.graph_objects as go
    >>> chart = LightFigure(go.Figure(go.Scatter(y=[1, 2])), text="A line that rises.")
    >>> chart.refresh(go.Figure(go.Scatter(y=[2, 1])), text="A line that falls.")
    >>> chart.figure.data[0].y
    (2, 1)
    """

    _esm = _SCRIPT
    _css = _STYLE
    spec = traitlets.Unicode().tag(sync=True)
    place = traitlets.Dict().tag(sync=True)
    version = traitlets.Unicode().tag(sync=True)
    bundle = traitlets.Instance(PlotlyBundle).tag(sync=True, **widgets.widget_serialization)

    def __init__(
        self,
        figure: Figure | go.Figure,
        text: str = "",
        drag: Callable[[str, float], None] | None = None,
        **kwargs: Any,
    ) -> None:
        from plotly.offline import get_plotlyjs_version

        self.figure, self.text = figure, text
        super().__init__(
            spec=chart_json(figure, text),
            version=get_plotlyjs_version(),
            bundle=PlotlyBundle.shared(),
            **kwargs,
        )
        if drag:
            self.observe(lambda _: drag(*self._pressed()), "place")

    def _pressed(self) -> tuple[str, float]:
        """Return the field that the chart moves, and its value at the place on the x axis."""
        meta, x = self.figure.to_dict()["layout"]["meta"], self.place["x"]
        return meta["drag"], float(np.interp(x, *meta["along"])) if "along" in meta else x

    def refresh(self, figure: Figure | go.Figure, text: str = "") -> None:
        """Show a different figure and description, in one message."""
        spec = chart_json(figure, text)  # first: if it fails, the old figure stays
        self.figure, self.text, self.spec = figure, text, spec


def chart_json(figure: Figure | go.Figure, text: str) -> str:
    """Write a chart and its description as JSON for the page."""
    from plotly.utils import PlotlyJSONEncoder  # writes null for nan

    content = figure.to_dict() | {"text": text}
    content["data"] = [{k: _in_bytes(v) for k, v in trace.items()} for trace in content["data"]]
    content["layout"].pop("template", None)
    return json.dumps(content, cls=PlotlyJSONEncoder)


def _in_bytes(value: Any) -> Any:
    """Encode float arrays for plotly.js in binary: half as long as digits."""
    if not isinstance(value, np.ndarray) or value.dtype.str not in ("<f4", "<f8"):
        return value
    return {"dtype": value.dtype.str[1:], "bdata": base64.b64encode(value.tobytes()).decode()}
