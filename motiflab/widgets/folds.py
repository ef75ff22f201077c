"""Buttons that open parts of a card, and the button that copies its scene.

The style sheet of the card shows a part while the button with its name has
``aria-expanded="true"``. So the button works without a kernel, too.
"""

from __future__ import annotations

import anywidget
import traitlets

_FOLD = """
export default {
    render({model, el}) {
        const button = document.createElement("button");
        const part = model.get("part");
        button.className = `jupyter-button motiflab-opens-${part}`;
        button.textContent = model.get("label");
        el.append(button);
        const show = () => {
            button.setAttribute("aria-expanded", model.get("opened"));
            button.style.display = model.get("shown") ? "" : "none";  // the layout has `el`
        };
        button.addEventListener("click", () => {
            model.set("opened", !model.get("opened"));
            model.save_changes();
        });
        model.on("change:opened change:shown", show);
        show();
    },
};
"""

# On a page that is neither secure nor local, scripts have no clipboard; there the text is selected
# and copied by the browser's own command.
_COPY = """
export default {
    render({model, el}) {
        const button = document.createElement("button");
        const said = document.createElement("span");
        button.className = "jupyter-button";
        button.textContent = "Copy";
        said.setAttribute("role", "status");
        el.append(button, said);
        button.addEventListener("click", async () => {
            const input = el.closest(".motiflab-share").querySelector("input");
            let copied = true;
            try {
                await navigator.clipboard.writeText(input.value);
            } catch {
                input.select();
                copied = document.execCommand("copy");
            }
            said.textContent = copied ? "Copied" : "Press Ctrl+C to copy";
        });
    },
};
"""


class Fold(anywidget.AnyWidget):
    """A button that opens and closes a part of its card.

    Attributes
    ----------
    label : str
        Text of the button.
    part : str
        The part is the box ``motiflab-{part}`` of the same card.
    opened : bool
    shown : bool
        False while the part is empty: then there is no button.
    """

    _esm = _FOLD
    label = traitlets.Unicode().tag(sync=True)
    part = traitlets.Unicode().tag(sync=True)
    opened = traitlets.Bool().tag(sync=True)
    shown = traitlets.Bool(True).tag(sync=True)


class CopyButton(anywidget.AnyWidget):
    """A button that copies the line beside it, in the box ``motiflab-share``."""

    _esm = _COPY
