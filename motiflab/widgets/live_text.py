"""Text that a screen reader says when it changes."""

from __future__ import annotations

import anywidget
import traitlets

from motiflab.widgets.together import PASS_ON

# A screen reader announces a live region only if its element stays while the content changes; the
# element of an ipywidgets HTML does not. The script also names the sliders of the card, and lets a
# disabled button keep the focus, which ipywidgets does not. It reads `textContent`, because
# `innerText` is empty in a cell that is not drawn.
_SCRIPT = (
    PASS_ON
    + """
const PARTS = ".motiflab-controls, .motiflab-toolbar, .motiflab-moment";

function nameSliders(part) {
    for (const slider of part.querySelectorAll(".widget-slider")) {
        const label = slider.querySelector("label")?.textContent;
        slider.querySelector(".noUi-handle")?.setAttribute("aria-label", label);
    }
}

// The browser takes the focus from a disabled button, and with it the place of whoever works by
// keys: Start disables itself. So these buttons only say that they are disabled.
function keepFocus(part) {
    for (const button of part.querySelectorAll(".motiflab-toolbar > button")) {
        if (Object.hasOwn(button, "disabled")) continue;
        const first = button.disabled;
        button.disabled = false;
        Object.defineProperty(button, "disabled", {
            get: () => button.getAttribute("aria-disabled") === "true",
            set: (disabled) => button.setAttribute("aria-disabled", disabled),
        });
        button.disabled = first;
        button.addEventListener("click", (event) => {
            if (button.disabled) event.stopImmediatePropagation();
        }, {capture: true});
    }
}

// After Shift+Enter JupyterLab brings the next cell into view; the top of a card may go out of it.
// For a moment the card brings it back, unless the reader does something else.
function showTop(card) {
    const cell = card.closest(".jp-Cell");
    const page = cell?.closest(".jp-WindowedPanel-outer");
    const stopped = new AbortController();
    const {signal} = stopped;
    const end = performance.now() + 2000;
    for (const kind of ["keydown", "pointerdown", "wheel"]) {
        page?.addEventListener(kind, () => stopped.abort(), {signal, passive: true});
    }
    const look = () => {
        if (!page || signal.aborted || performance.now() > end) return stopped.abort();
        const passed = cell.nextElementSibling?.classList.contains("jp-mod-active");
        const hidden = card.getBoundingClientRect().top < page.getBoundingClientRect().top;
        if (passed && hidden) card.scrollIntoView({block: "start"});
        requestAnimationFrame(look);
    };
    look();
    return stopped;
}

export default {
    initialize: passOn,
    render({model, el}) {
        const readout = document.createElement("div");
        const alarm = document.createElement("div");
        readout.className = "motiflab-readout";
        readout.setAttribute("role", "status");
        alarm.className = "motiflab-unseen";
        alarm.setAttribute("role", "alert");
        el.append(readout, alarm);
        // No line ends within 8 % or 1.6 × 10⁻¹⁰.
        const joined = (html) => html.replace(/(\\d) (%|× 10)/g, "$1\u00a0$2")
            .replaceAll("× 10", "×\u00a010");
        const show = () => { readout.innerHTML = joined(model.get("html")); };
        const warn = () => { alarm.textContent = model.get("alarm"); };
        const hush = () => { readout.setAttribute("aria-busy", model.get("busy")); };
        show();
        model.on("change:html", show);
        model.on("change:alarm", warn);
        hush();
        model.on("change:busy", hush);

        const card = () => el.closest(".motiflab-card") ?? el;
        // ipywidgets marks a card whose kernel is gone. Controls that do nothing are no controls.
        const lose = () => {
            const lost = card().classList.contains("jupyter-widgets-disconnected");
            alarm.textContent = lost ? "The kernel was restarted. Run this cell again." : "";
            for (const part of card().querySelectorAll(PARTS)) part.inert = lost;
        };
        // All widgets of the page are told in turn; the card may be told after its readout.
        model.on("comm_live_update", () => requestAnimationFrame(lose));
        const watcher = new MutationObserver((changes) => {
            const parts = changes.map((change) => change.target.closest(PARTS) ?? el);
            new Set(parts).forEach(nameSliders);
            keepFocus(card());
        });
        let top;
        const started = requestAnimationFrame(() => {
            top = showTop(card());
            keepFocus(card());
            for (const part of card().querySelectorAll(PARTS)) {
                nameSliders(part);
                watcher.observe(part, {childList: true, subtree: true});
            }
        });
        return () => { cancelAnimationFrame(started); top?.abort(); watcher.disconnect(); };
    },
};
"""
)


class LiveText(anywidget.AnyWidget):
    """The readout of an explorer: HTML that a screen reader says, politely, when it changes.

    Attributes
    ----------
    html : str
        Shown unescaped: escape what a learner typed.
    busy : bool
        True while the readout changes many times a second: it is said after that.
    alarm : str
        Plain text, said at once but not shown: for a message that is already visible elsewhere.
    """

    _esm = _SCRIPT
    html = traitlets.Unicode().tag(sync=True)
    alarm = traitlets.Unicode().tag(sync=True)
    busy = traitlets.Bool().tag(sync=True)
