"""A picture that changes in place: its elements stay, so that they can move and keep the focus."""

from __future__ import annotations

from collections.abc import Callable

import anywidget
import traitlets

# Elements are kept as long as their kinds agree, and get the attributes and texts of the new ones.
# So a style sheet can let a letter grow, and a button that was chosen by a key keeps the focus.
_SCRIPT = """
function become(old, fresh) {
    if (old.nodeName !== fresh.nodeName) return old.replaceWith(fresh);
    if (old.nodeType === Node.TEXT_NODE) {
        if (old.data !== fresh.data) old.data = fresh.data;
        return;
    }
    if (old.isEqualNode(fresh)) return;  // seldom does much change, and the browser compares fast
    for (const {name, value} of fresh.attributes) {
        if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    if (old.attributes.length > fresh.attributes.length) {
        for (const {name} of [...old.attributes]) {
            if (!fresh.hasAttribute(name)) old.removeAttribute(name);
        }
    }
    const olds = [...old.childNodes];
    const news = [...fresh.childNodes];
    news.forEach((node, i) => i < olds.length ? become(olds[i], node) : old.append(node));
    olds.slice(news.length).forEach((node) => node.remove());
}

const STEPS = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1};

export default {
    render({model, el}) {
        const picture = document.createElement("div");
        el.append(picture);
        const show = () => {
            const fresh = document.createElement("div");
            fresh.innerHTML = model.get("value");
            become(picture, fresh);
        };
        const choose = (part) => { if (part) model.send({choose: part.dataset.choose}); };
        picture.addEventListener("click", (event) => {
            const link = event.target.closest("a[href$='.ipynb']");
            const [, path] = link ? new URL(link.href).pathname.split("/tree/") : [];
            if (path) {  // in JupyterLab: a tab beside this one, not a second JupyterLab
                link.dataset.commandlinkerCommand = "docmanager:open";
                link.dataset.commandlinkerArgs = JSON.stringify({path: decodeURIComponent(path)});
            }
            choose(event.target.closest("[data-choose]"));
        });
        // Pressed, and then each part that the finger or the mouse comes to: of the same field.
        let held = "";
        const drag = (part) => {
            if (!part || part.dataset.drag === held) return;
            held = part.dataset.drag;
            model.send({choose: held});
        };
        picture.addEventListener("pointerdown", (event) => {
            held = "";
            drag(event.target.closest("[data-drag]"));
        });
        picture.addEventListener("pointermove", (event) => {
            if (!held || !(event.buttons & 1)) return;
            // A finger keeps sending to the element that it touched first.
            const under = document.elementFromPoint(event.clientX, event.clientY);
            const part = picture.contains(under) ? under.closest("[data-drag]") : null;
            if (part?.dataset.drag.split("=")[0] === held.split("=")[0]) drag(part);
        });
        picture.addEventListener("keydown", (event) => {
            const parts = [...picture.querySelectorAll("[data-choose]")]
                .filter((part) => part.checkVisibility());
            const now = parts.indexOf(event.target.closest("[data-choose]"));
            const ends = {Home: 0, End: parts.length - 1};
            const next = ends[event.key] ?? now + STEPS[event.key];
            if (now < 0 || !parts[next]) return;
            event.preventDefault();
            event.stopPropagation();  // JupyterLab would go to another cell
            parts[next].focus();
            choose(parts[next]);
        });
        show();
        model.on("change:value", show);
    },
};
"""


class LivePicture(anywidget.AnyWidget):
    """HTML that changes in place; elements with ``data-choose`` can be chosen by click or key.

    Arrow keys, Home and End move through these elements, in the order of the page. An element with
    ``data-drag`` is chosen when it is pressed or the pointer is dragged over it; a control must do
    the same by key.

    Parameters
    ----------
    choose : callable, optional
        Called with the text in ``data-choose`` or ``data-drag``, usually not on the thread of the
        cell.

    Attributes
    ----------
    value : str
        Shown as it is: escape what a learner typed.
    """

    _esm = _SCRIPT
    value = traitlets.Unicode().tag(sync=True)

    def __init__(self, choose: Callable[[str], None] | None = None, **traits) -> None:
        super().__init__(**traits)
        if choose:
            self.on_msg(lambda _, content, buffers: choose(content["choose"]))
