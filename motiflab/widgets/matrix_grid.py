"""A control for a matrix: a grid of numbers, one row per position, one column per base."""

from __future__ import annotations

from typing import Any

import traitlets

from motiflab.figures.style import LETTER_COLOURS
from motiflab.sequences.alphabet import BASES
from motiflab.widgets.scripted import ScriptedControl

# One stop of the Tab key for the whole grid, as in a spreadsheet: 60 cells would be 60 stops.
_SCRIPT = """
function render({model, el}) {
    const label = document.createElement("div");
    const table = document.createElement("table");
    const tools = document.createElement("div");
    let at = [0, 0];
    el.classList.add("motiflab-grid");
    tools.className = "motiflab-grid-tools";
    el.append(label, table, tools);

    const number = (value) => typeof value === "number"
        ? String(Number(value.toFixed(model.get("digits")))) : value;
    const send = (rows) => { model.set("value", rows); model.save_changes(); };
    const copy = () => model.get("value").map((row) => [...row]);
    const cell = (k, a) => table.querySelectorAll("tbody tr")[k]?.querySelectorAll("input")[a];

    function commit(input, k, a) {
        const before = model.get("value")[k]?.[a];
        if (before === undefined || input.value.trim() === number(before)) return;
        const typed = input.value.trim().replace(",", ".").replace("\\u2212", "-");
        const rows = copy();
        rows[k][a] = typed !== "" && Number.isFinite(Number(typed)) ? Number(typed) : input.value;
        send(rows);
    }

    function entered(k, a) {
        cell(...at)?.setAttribute("tabindex", -1);
        at = [k, a];
        cell(k, a).setAttribute("tabindex", 0);
        cell(k, a).select();
    }

    function pressed(event, input, k, a) {
        const whole = input.selectionEnd - input.selectionStart === input.value.length;
        const moves = {ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0]};
        if (whole || input.selectionStart === 0) moves.ArrowLeft = [0, -1];
        if (whole || input.selectionEnd === input.value.length) moves.ArrowRight = [0, 1];
        const sign = {ArrowUp: 1, ArrowDown: -1}[event.key];
        if (event.shiftKey && sign && Number.isFinite(Number(input.value))) {
            const value = Number(input.value) + sign * model.get("step");
            input.value = number(Math.min(model.get("high"), Math.max(model.get("low"), value)));
            commit(input, k, a);
        } else if (moves[event.key] && !event.shiftKey) {
            commit(input, k, a);
            cell(k + moves[event.key][0], a + moves[event.key][1])?.focus();
        } else return;
        event.preventDefault();
    }

    function button(words, off, rows) {
        const made = document.createElement("button");
        made.className = "jupyter-button";
        made.textContent = words;
        made.disabled = off || model.get("disabled");
        made.addEventListener("click", () => {
            send(rows());
            tools.querySelectorAll("button")[words === "Add a position" ? 0 : 1].focus();
        });
        return made;
    }

    function draw() {
        const rows = model.get("value");
        const held = table.contains(document.activeElement);
        el.style.display = model.get("shown") ? "" : "none";
        el.title = model.get("tooltip") ?? "";
        label.innerHTML = model.get("description");
        table.setAttribute("aria-label", label.textContent);
        const names = [...model.get("bases")];
        const heads = names.map((name, a) =>
            `<th scope="col" style="color:${model.get("colours")[a]}">${name}</th>`);
        table.innerHTML = `<thead><tr><th scope="col">k</th>${heads.join("")}</tr></thead>`;
        const body = table.createTBody();
        at = [Math.min(at[0], rows.length - 1), at[1]];
        rows.forEach((row, k) => {
            const line = body.insertRow();
            line.innerHTML = `<th scope="row">${k}</th>`;
            row.forEach((value, a) => {
                const input = document.createElement("input");
                input.type = "text";
                input.inputMode = "decimal";
                input.value = number(value);
                input.disabled = model.get("disabled");
                input.setAttribute("aria-label", `${names[a]} at position ${k}`);
                input.setAttribute("tabindex", k === at[0] && a === at[1] ? 0 : -1);
                input.addEventListener("focus", () => entered(k, a));
                input.addEventListener("change", () => commit(input, k, a));
                input.addEventListener("keydown", (event) => pressed(event, input, k, a));
                line.insertCell().append(input);
            });
        });
        const [least, most] = model.get("rows");
        tools.replaceChildren(...(least < most ? [
            button("Add a position", rows.length >= most, () => [...copy(), model.get("fill")]),
            button("Remove the last", rows.length <= least, () => copy().slice(0, -1)),
        ] : []));
        if (held) cell(...at).focus();
    }

    draw();
    model.on("change:value change:description change:disabled change:shown", draw);
}

export default {render};
"""

_STYLE = """
.motiflab-grid table { border-collapse: collapse; width: 100%; table-layout: fixed;
  font-variant-numeric: tabular-nums; }
.motiflab-grid th { font-size: 12px; font-weight: 700; padding: 0; text-align: center; }
.motiflab-grid th:first-child { width: 22px; font-weight: 400;
  color: var(--jp-ui-font-color2, #666); }
.motiflab-grid td { padding: 0; }
.motiflab-grid input { box-sizing: border-box; width: 100%; height: 20px; padding: 0 3px;
  text-align: right; font: inherit; font-size: 12px; color: inherit;
  background: var(--jp-layout-color1, #fff); border: 1px solid var(--jp-border-color2, #ddd); }
.motiflab-grid input:focus { outline: 2px solid var(--jp-brand-color1, #2196f3);
  outline-offset: -1px; }
.motiflab-grid-tools { display: flex; gap: 4px; padding-top: 3px; }
.motiflab-grid-tools button { flex: 1; height: auto; min-height: 22px; line-height: 16px;
  padding: 2px 1px; font-size: 12px; white-space: normal; }
"""


def _from_browser(value: Any, _: Any) -> tuple:
    return tuple(map(tuple, value))


class Grid(ScriptedControl):
    """A grid of numbers, navigated with the arrow keys and edited by typing.

    Shift with an arrow up or down changes a number by `step`.

    Attributes
    ----------
    value : tuple of tuples of 4 floats
        One for each position; typed text that is not a number is kept as text.
    low, high, step : float
        Bounds and step for Shift and an arrow.
    digits : int
        Shown digits after the decimal point; `value` keeps all of them.
    rows : (int, int)
        Smallest and largest number of positions; if they differ there are buttons to add and to
        remove one.
    fill : tuple of 4 floats
        An added position.
    """

    _esm = _SCRIPT
    _css = _STYLE
    value = traitlets.Tuple().tag(sync=True, from_json=_from_browser)
    low = traitlets.Float().tag(sync=True)
    high = traitlets.Float().tag(sync=True)
    step = traitlets.Float(0.5).tag(sync=True)
    digits = traitlets.Int(2).tag(sync=True)
    rows = traitlets.Tuple((1, 40)).tag(sync=True)
    fill = traitlets.Tuple((0.0, 0.0, 0.0, 0.0)).tag(sync=True)
    bases = traitlets.Unicode(BASES).tag(sync=True)
    colours = traitlets.List([LETTER_COLOURS[base] for base in BASES]).tag(sync=True)
