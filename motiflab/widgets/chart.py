"""Show a chart in the notebook: as SVG, and by plotly once somebody points at it.

plotly takes longer to draw a chart than everything else between a key press and its answer. So a
chart is shown as the SVG that `motiflab.figures.plot_elements` draws. plotly draws over it, at the
same places, when the pointer or the focus comes to the chart: for its hover texts and its zoom. At
the first update after both have left, the SVG is seen again, unless the learner has zoomed.

plotly's `FigureWidget` sends 5 MB of JavaScript with every instance. Here one hidden widget, the
bundle, sends plotly.js compressed (1.5 MB) when a page asks for it; every `LightFigure` holds a
reference to it and a few kilobytes of figure. The first figure that needs the code asks and unpacks
it, whether or not the bundle or any other figure was ever displayed; all further ones, of any
notebook on the page, reuse it. Until then plotly is not even imported.

The picture is one synced string. So an update is one message, nothing of an old figure (text,
shapes, traces) can be left behind, and a view opened later shows the present picture.
"""

from __future__ import annotations

import base64
import gzip
import importlib.metadata
import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import anywidget
import ipywidgets as widgets
import numpy as np
import traitlets

from motiflab.figures import Figure, left_margin, plot_elements
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
    return grow;
}

async function loadPlotly(model) {
    const loaded = (globalThis.motiflabPlotly ??= {}), version = model.get("version");
    if (loaded[version]) return loaded[version];
    const id = model.get("bundle").slice("IPY_MODEL_".length);
    const bundle = await model.widget_manager.get_model(id);
    // Shared only when it is there: a kernel that has died will never answer.
    return loaded[version] = await (bundle.plotly ??= unpack(bundle));
}

async function unpack(bundle) {
    if (!bundle.get("source").byteLength) await new Promise((done) => {
        bundle.once("change:source", done);
        bundle.set("wanted", true);
        bundle.save_changes();
    });
    globalThis.PlotlyConfig ??= {MathJaxConfig: "local"};
    const code = new Blob([bundle.get("source")]).stream()
        .pipeThrough(new DecompressionStream("gzip"));
    const headers = {"content-type": "text/javascript"};
    const url = URL.createObjectURL(await new Response(code, {headers}).blob());
    try { return (await import(url)).default; } finally { delete bundle.plotly; }
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

// The SVG fills the box but for the margins. Larger letters: all of it is larger.
function showStill(picture, elements, {margin, height}, grow) {
    const sides = ["t", "r", "b", "l"].map((side) => margin[side] / grow + "px").join(" ");
    const field = '<rect class="motiflab-chart-field" width="100%" height="100%"/>';
    picture.innerHTML =
        `<svg aria-hidden="true" style="padding: ${sides}">${elements}${field}</svg>`;
    Object.assign(picture.style,
        {width: 100 / grow + "%", height: height / grow + "px", transform: `scale(${grow})`});
}

// A chart that names a field of its card: a press sets that to the place on the x axis, and so does
// a drag. A trait is sent when the last one has been answered, so moves do not queue up.
function follow(model, box, layout, draw) {
    let held;
    const field = ".motiflab-chart-field, .nsewdrag";
    const place = (event) => {
        const {left, width} = box.querySelector(field).getBoundingClientRect();
        const [low, high] = layout().xaxis.range;  // of a logarithmic axis: powers of ten
        const x = low + (high - low) * (event.clientX - left) / width;
        model.set("place", {x, at: event.timeStamp});  // twice the same is news, too
        model.save_changes();
    };
    box.addEventListener("pointerdown", (event) => {
        if (event.button !== 0 || !box.dataset.drag || layout().dragmode !== false) return;
        if (!(held = event.target.closest(field))) return;
        box.setPointerCapture(event.pointerId);  // plotly lays a sheet over the page meanwhile
        place(event);
    });
    box.addEventListener("pointermove", (event) => {
        if (held && event.buttons & 1) place(event);
    });
    box.addEventListener("lostpointercapture", () => { held = null; draw(); });
    return () => held;
}

const ranges = (layout) => String(["xaxis", "yaxis"].map((axis) => layout[axis]?.range));
const REST = 150;  // milliseconds that a pointer stays which does not only pass by

async function render({model, el}) {
    const [caption, box, picture, live] = ["title", "", "still", "live"].map((name) => {
        const part = document.createElement("div");
        part.className = name ? `motiflab-chart-${name}` : "motiflab-chart";
        return part;
    });
    el.setAttribute("role", "figure");  // an image may hold no buttons
    el.tabIndex = 0;
    el.append(caption, box);
    box.append(picture, live);
    const here = new Set();  // the pointer, the focus
    let plotly, spec, drawn, own, width = 0;
    const zoomed = () => drawn && ranges(live._fullLayout) !== drawn;
    const layout = () =>
        box.classList.contains("motiflab-is-live") ? live._fullLayout : spec.layout;
    const drawLive = () => {
        if (!plotly) return load();
        drawn = ranges(spec.layout);  // before: plotly writes a zoom into it
        box.classList.add("motiflab-is-live");
        plotly.react(live, spec.data, spec.layout, SETTINGS);
    };
    const draw = () => {
        spec = JSON.parse(model.get("spec"));
        const {layout, text, still} = spec;
        el.setAttribute("aria-label", text);
        moveTitle(layout, caption);
        if (layout.meta?.drag) {
            box.dataset.drag = layout.meta.drag;
            box.title = "Press or drag, or move the slider";
        }
        const grow = own ? resize(layout, own - caption.offsetHeight) : 1;
        box.style.minHeight = (layout.height ?? 450) + "px";
        if (still) showStill(picture, still, layout, grow);
        // A chart in a hidden tab has no width yet; the observer draws it when it is shown.
        if (!(layout.width = width)) return;
        if (!still || zoomed() || (here.size && !held())) drawLive();
        else box.classList.remove("motiflab-is-live");
    };
    const load = async () => {
        try { plotly = await loadPlotly(model); } catch (error) {
            if (!spec.still) box.textContent = "The chart could not be loaded: " + error.message;
            throw error;
        }
        draw();
    };
    const held = follow(model, box, layout, draw);
    // A card may give its charts a height of its own, title included, by a style sheet. It is read
    // here and not in `draw`: to read a style or a size makes the browser lay out the page.
    const observer = new ResizeObserver(() => {
        if (box.clientWidth === width) return;
        width = box.clientWidth;
        own = parseInt(getComputedStyle(box).getPropertyValue("--motiflab-chart-height"));
        draw();
    });
    let resting;
    box.addEventListener("pointerenter", () => {
        resting = setTimeout(() => { here.add("pointer"); draw(); }, REST);
    });
    box.addEventListener("pointerleave", () => { clearTimeout(resting); here.delete("pointer"); });
    el.addEventListener("focusin", () => { here.add("focus"); draw(); });
    el.addEventListener("focusout", () => here.delete("focus"));
    draw();
    model.on("change:spec", draw);
    observer.observe(box);
    return () => { observer.disconnect(); plotly?.purge(live); };
}

export default {render};
"""

# plotly writes colours into each element; only !important lets the theme of the page override them.
_STYLE = """
.motiflab-chart { position: relative; width: 100%; }
.motiflab-chart[data-drag] :is(.nsewdrag, .motiflab-chart-field) { cursor: grab !important;
  touch-action: pan-y; }
.motiflab-chart-still { transform-origin: 0 0; }
.motiflab-chart-still > svg { display: block; width: 100%; height: 100%; overflow: visible;
  box-sizing: border-box; font: 12px system-ui, sans-serif;
  fill: var(--jp-ui-font-color1, #767676); }
.motiflab-chart-still .motiflab-chart-grid { stroke: var(--jp-border-color2, #9e9e9e); }
.motiflab-chart-field { fill: none; pointer-events: all; }
.motiflab-chart-live { position: absolute; inset: 0; display: none; }
.motiflab-is-live > .motiflab-chart-live { display: block; }
.motiflab-is-live > .motiflab-chart-still { visibility: hidden; }
.motiflab-chart-title { font-size: 12px; line-height: 18px; min-height: 36px;
  white-space: pre-wrap; }
.motiflab-chart :is(.xtick text, .ytick text, .annotation-text, .xtitle, .ytitle, .textpoint text) {
    fill: var(--jp-ui-font-color1, #767676) !important; }
.motiflab-chart .gridlayer path { stroke: var(--jp-border-color2, #9e9e9e) !important; }
.motiflab-chart .modebar-btn path { fill: var(--jp-ui-font-color2, #767676) !important; }
"""

_WIDTH = 600  # pixels, about those of a chart on its own


class Chart(NamedTuple):
    """A chart and its description in words."""

    figure: Figure
    text: str


class PlotlyBundle(anywidget.AnyWidget):
    """Holds plotly.js for the figures of this kernel; it is never displayed.

    Attributes
    ----------
    wanted : bool
        Set by the page when somebody points at a chart.
    source : bytes
        Its code, compressed; empty until it is wanted.
    """

    _esm = "export default {};"
    wanted = traitlets.Bool().tag(sync=True)
    source = traitlets.Bytes().tag(sync=True)

    @classmethod
    def shared(cls) -> PlotlyBundle:
        """Return the one bundle of this kernel, made at the first call."""
        return share(cls, lambda: cls(layout=shared_layout()))

    @traitlets.observe("wanted")
    def _pack(self, _: object) -> None:
        try:
            from plotly.offline import get_plotlyjs
        except ModuleNotFoundError:  # in a browser: its seven megabytes are loaded only now
            import pyodide_js

            pyodide_js.loadPackage("plotly").then(self._pack)
            return
        # A module: if there is a `module`, plotly exports itself through it.
        code = (
            f"const module = {{exports: {{}}}};\n{get_plotlyjs()}\nexport default module.exports;"
        )
        self.source = gzip.compress(code.encode(), 6, mtime=0)


class LightFigure(anywidget.AnyWidget):
    """A chart in the notebook that costs kilobytes.

    Parameters
    ----------
    figure : Figure or plotly.graph_objects.Figure
        What to show: one of our own as SVG until plotly is needed, one of plotly's by plotly at
        once. Its template is not sent, so colours must be set in the figure itself; give
        `layout.height` in pixels (the width is that of the page) and, for a zoom that outlives an
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

    _esm = re.sub(r"\n *(//.*)?", "\n", _SCRIPT)  # every chart brings it along
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
        self.figure, self.text = figure, text
        super().__init__(
            spec=chart_json(figure, text),
            version=_version(),
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
    content = figure.to_dict() | {"text": text}
    if isinstance(figure, Figure):
        content["still"] = plot_elements(figure, _WIDTH)
        margin = content["layout"]["margin"] | {"l": left_margin(figure)}
        content["layout"]["margin"] = margin
    content["data"] = [{k: _in_bytes(v) for k, v in trace.items()} for trace in content["data"]]
    content["layout"].pop("template", None)
    written = json.dumps(content, default=_listed)
    if "NaN" in written or "Infinity" in written:  # which JSON does not have: null is a gap
        written = json.dumps(json.loads(written, parse_constant=lambda _: None))
    return written


def _listed(value: Any) -> Any:
    """Numbers of numpy as those of Python, for JSON."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise TypeError(f"a {type(value).__name__} is no JSON")


def _version() -> str:
    """The version of plotly, which a kernel in a browser does not have before it is wanted."""
    try:
        return importlib.metadata.version("plotly")
    except importlib.metadata.PackageNotFoundError:
        return ""


def _in_bytes(value: Any) -> Any:
    """Fractions in an array in the form that plotly.js unpacks: a quarter as long as in digits."""
    if not isinstance(value, np.ndarray) or value.dtype.str not in ("<f4", "<f8"):
        return value
    with np.errstate(over="ignore", invalid="ignore"):  # an infinity less itself
        short = value.astype("<f4")
        near = np.abs(short - value) <= 1e-6 * np.abs(value)
    if not (near | (short == value) | np.isnan(value)).all():
        short = value  # too small or too large for it
    return {"dtype": short.dtype.str[1:], "bdata": base64.b64encode(short.tobytes()).decode()}
