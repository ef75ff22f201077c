"""A control for a text of several lines: paste it, type it, or choose a file."""

from __future__ import annotations

import traitlets

from motiflab.widgets.scripted import ScriptedControl
from motiflab.widgets.upload_button import CHOOSE

# Folded until it is used: most learners use the given motifs.
_SCRIPT = (
    CHOOSE
    + """
// Text in UTF-8 or, if it is none, in Latin-1, as files are read elsewhere; a mark tells UTF-16.
function decoded(bytes) {
    const marked = {"255,254": "utf-16le", "254,255": "utf-16be"}[bytes.slice(0, 2).join()];
    try {
        return new TextDecoder(marked ?? "utf-8", {fatal: true}).decode(bytes);
    } catch {
        return new TextDecoder("latin1").decode(bytes);
    }
}

function render({model, el}) {
    const box = document.createElement("details");
    const label = document.createElement("summary");
    const area = document.createElement("textarea");
    const input = document.createElement("input");
    el.classList.add("motiflab-paste");
    area.rows = 6;
    area.spellcheck = false;
    area.wrap = "off";
    input.type = "file";
    box.append(label, area, input);
    el.append(box);

    function say(words) {
        box.querySelector("[role=alert]")?.remove();
        if (!words) return;
        const problem = document.createElement("span");
        problem.setAttribute("role", "alert");
        problem.className = "motiflab-error";
        problem.textContent = words;
        box.append(problem);
    }

    function send() {
        const most = model.get("most").toLocaleString("en");
        const long = area.value.length > model.get("most");
        say(long ? `The text must have at most ${most} characters.` : "");
        if (long || area.value === model.get("value")) return;
        model.set("value", area.value);
        model.save_changes();
    }

    function draw() {
        el.style.display = model.get("shown") ? "" : "none";
        el.title = model.get("tooltip") ?? "";
        label.innerHTML = model.get("description");
        const words = [...label.childNodes].map((part) => part.textContent).filter(Boolean);
        area.setAttribute("aria-label", words.join(": "));
        input.setAttribute("aria-label", `${words[0]}: choose a file`);
        area.disabled = input.disabled = model.get("disabled");
    }

    function fill() {
        area.value = model.get("value");
        if (area.value) box.open = true;
    }

    area.addEventListener("change", send);
    // A text that was pasted or dropped is whole: nobody should have to leave the box first.
    area.addEventListener("input", (event) => {
        if (!/^insertFrom(Paste|Drop)/.test(event.inputType)) return;
        send();
        area.scrollTop = 0;
    });
    choose(input, say, () => model.get("most") / 1e6, "keep only the motifs of interest",
        (name, bytes) => {
            const text = decoded(bytes);
            if (text.includes("\0")) {
                say(`${name} is compressed or not text: unpack it or save it as text first.`);
                return;
            }
            area.value = text;
            send();
        });
    draw();
    fill();
    model.on("change:description change:disabled change:shown", draw);
    model.on("change:value", fill);
}

export default {render};
"""
)

_STYLE = """
.motiflab-paste summary { cursor: pointer; font-size: 13px; line-height: 1.35; }
.motiflab-paste summary:focus-visible { outline: 2px solid var(--jp-brand-color1, #2196f3);
  outline-offset: 2px; }
.motiflab-paste textarea { box-sizing: border-box; width: 100%; margin: 4px 0; padding: 4px 6px;
  resize: vertical; font-family: var(--jp-code-font-family, monospace); font-size: 12px;
  color: inherit; background: var(--jp-layout-color1, #fff);
  border: 1px solid var(--jp-border-color1, #bbb); }
.motiflab-paste input { width: 100%; font: inherit; color: inherit; }
"""


class PasteBox(ScriptedControl):
    """A box for a text, with a button to read the text from a file.

    The text is sent when it is pasted or when the box is left, that of a file at once.

    Attributes
    ----------
    value : str
    most : int
        Largest number of characters; longer texts are refused with a message and never sent.
    """

    _esm = _SCRIPT
    _css = _STYLE
    value = traitlets.Unicode().tag(sync=True, echo_update=False)  # it need not come back
    most = traitlets.Int(1_000_000).tag(sync=True)
