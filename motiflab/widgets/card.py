"""Style and layout of all cards: a question, a goal, controls and pictures."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from html import escape

import ipywidgets as widgets

from motiflab.widgets.controls import Control, make, place, shared_layout

# Jupyter widgets have labels at the left, cut to 80 pixels; here the whole label is above.
STYLE = """
.motiflab-card { container-type: inline-size; max-width: 1200px; padding: 8px 14px;
  border: 1px solid var(--jp-border-color2, #ddd); border-radius: 8px; overflow: visible;
  background: var(--jp-layout-color1, #fff); color: var(--jp-ui-font-color1, #222);
  font-size: 13px; line-height: 1.4; --jp-widgets-inline-width: 100%; gap: 8px; }
.motiflab-card .widget-html, .motiflab-card .widget-html-content { display: block; margin: 0;
  height: auto; line-height: inherit; font-size: inherit; }
.motiflab-card :is(a, button, input, select, [tabindex], [contenteditable]):focus-visible {
  outline: 2px solid var(--jp-brand-color1, #1976d2) !important; outline-offset: 1px; }
.motiflab-title { font-size: 17px; font-weight: 600; line-height: 1.25; }
.motiflab-goal { color: var(--jp-ui-font-color2, #555); line-height: 1.3; }
.motiflab-body { display: grid; grid-template-columns: minmax(190px, 210px) minmax(0, 1fr);
  gap: 10px 16px; align-items: start; overflow: visible; }
.motiflab-controls { display: grid; grid-template-columns: minmax(0, 1fr); gap: 6px 18px;
  align-items: start; overflow: visible; }
.motiflab-pictures { display: grid; grid-template-columns: repeat(12, minmax(0, 1fr));
  gap: 8px 12px; align-items: start; overflow: visible; }
.motiflab-more, .motiflab-share, .motiflab-numbers { display: none; overflow: visible; }
.motiflab-card:has(.motiflab-opens-more[aria-expanded="true"]) .motiflab-more { display: grid;
  grid-template-columns: subgrid; grid-column: 1 / -1; gap: inherit; align-items: start; }
.motiflab-card:has(.motiflab-opens-share[aria-expanded="true"]) .motiflab-share {
  display: block; grid-column: 1 / -1; }
.motiflab-card:has(.motiflab-opens-numbers[aria-expanded="true"]) .motiflab-numbers {
  display: grid; gap: 10px; }
.motiflab-foot { display: flex; flex-flow: row wrap; grid-column: 1 / -1; overflow: visible; }
.motiflab-foot .jupyter-button, .motiflab-share .jupyter-button { width: auto !important;
  height: 24px; line-height: 22px; margin: 0 4px 4px 0; padding: 0 7px; font-size: 12px; }
.motiflab-foot [aria-expanded]::after { content: " ▸" / ""; }
.motiflab-foot [aria-expanded="true"]::after { content: " ▾" / ""; }
.motiflab-share [role="status"] { margin-left: 8px; }
.motiflab-one-of-1 { grid-column: span 12; }
.motiflab-one-of-2 { grid-column: span 6; }
.motiflab-one-of-3 { grid-column: span 4; }
@container (min-width: 1000px) {
  .motiflab-picture-precision_recall.motiflab-one-of-3 { grid-column: span 5; }
  .motiflab-picture-roc.motiflab-one-of-3 { grid-column: span 3; }
}
.motiflab-pictures > * { margin: 0; min-width: 0; }
.motiflab-narrow { display: none; }
.motiflab-toolbar { display: flex; flex-flow: row wrap; gap: 4px 8px; align-items: center;
  overflow: visible; --jp-widgets-inline-width: auto; }
.motiflab-toolbar > .jupyter-widgets { margin: 0; flex: none; }
.motiflab-toolbar > .widget-html { flex: initial; }
.motiflab-toolbar > .widget-hslider { width: 270px; }
.motiflab-toolbar > .widget-hslider .slider { min-width: 0; }
.motiflab-toolbar .widget-label { width: auto; }
.motiflab-toolbar > .jupyter-button { width: auto; min-width: 64px; }
.motiflab-toolbar .jupyter-button { height: 26px; line-height: 24px; }
.motiflab-toolbar > .motiflab-files { flex: 1 0 100%; order: 1; }
.motiflab-files:empty { display: none; }
.motiflab-upload { display: flex; flex-flow: row wrap; gap: 10px; }
.motiflab-upload input { font: inherit; color: inherit; }
.motiflab-card :is(g, rect):is([data-drag], [data-choose]) { cursor: pointer;
  touch-action: pan-y; user-select: none; }
.motiflab-card :is(g, rect)[data-drag] { cursor: grab; }
.motiflab-card :is(g:is([data-drag], [data-window]):hover rect, rect[data-drag]:hover) {
  fill-opacity: .12; stroke-opacity: 1; }
.motiflab-card :is(g[data-choose]:hover rect, rect[data-choose]:hover) { stroke-opacity: 1; }
.motiflab-caption { padding-bottom: 2px; line-height: 1.3; }
.motiflab-group { font-weight: 600; padding-top: 3px; line-height: 1.3;
  border-top: 1px solid var(--jp-border-color2, #ddd); }
.motiflab-controls > .widget-html:first-child .motiflab-group { border-top: 0; padding-top: 0; }
.motiflab-controls .jupyter-widgets { margin: 0; width: 100%; }
.motiflab-controls .widget-inline-hbox { flex-wrap: wrap; height: auto; align-items: center; }
.motiflab-controls .widget-label { flex: 0 0 100%; width: 100%; height: auto; margin: 0;
  text-align: left; white-space: normal; overflow: visible; line-height: 1.35; color: inherit;
  font-size: 13px; }
.motiflab-controls .widget-slider { display: grid; grid-template-columns: minmax(0, 1fr) auto;
  align-items: start; }
.motiflab-controls .widget-slider .slider-container { display: flex; align-items: center;
  grid-area: 2 / 1 / auto / -1; margin: 0 8px; height: 20px; }
.motiflab-controls .widget-slider .slider { flex: 1; margin: 0; }
.motiflab-controls .widget-readout { grid-area: 1 / 2; margin: 0; height: 18px;
  line-height: 18px; min-width: 36px; padding: 0 2px; text-align: right; }
.motiflab-controls .widget-text input { height: 26px; }
.motiflab-card .widget-dropdown > select { height: 26px; padding: 0 24px 0 8px;
  color: var(--jp-ui-font-color1, #222); background-size: 6px 6px;
  background-image: linear-gradient(45deg, transparent 50%, currentcolor 50%),
    linear-gradient(-45deg, transparent 50%, currentcolor 50%);
  background-position: right 14px center, right 8px center; }
.motiflab-controls .widget-radio { min-height: 0; line-height: inherit; }
.motiflab-controls .widget-radio > .widget-label { display: block; }
.motiflab-controls .widget-radio-box { flex-flow: row wrap; gap: 0 14px; padding: 0; width: 100%;
  margin: 0 !important; }
.motiflab-controls .widget-radio-box label { display: flex; align-items: center; gap: 5px;
  width: auto; height: 22px; margin: 0; padding: 0; font-size: 13px; }
.motiflab-controls .widget-radio-box input { order: -1; position: static; height: auto;
  margin: 0; }
.motiflab-controls .widget-checkbox { height: auto; min-height: 20px; }
.motiflab-controls .widget-checkbox .widget-label-basic { flex: 1; height: auto;
  white-space: normal; line-height: 1.35; font-size: 13px; }
.motiflab-controls input:disabled, .motiflab-controls select:disabled,
.motiflab-controls button:disabled, .motiflab-toolbar button:disabled,
.motiflab-toolbar button[aria-disabled="true"], .motiflab-toolbar input:disabled {
  opacity: .6; cursor: not-allowed; }
.motiflab-error { display: block; font-weight: 600;
  color: color-mix(in srgb, var(--jp-error-color1, #d32f2f) 75%, var(--jp-ui-font-color1, #222)); }
.motiflab-note { display: block; color: var(--jp-ui-font-color2, #555); }
.motiflab-locked { float: right; }
.motiflab-locked-tool::after { content: "locked"; margin-left: 6px; align-self: center; }
.motiflab-locked, .motiflab-locked-tool::after { font-size: 12px; line-height: 1.4;
  padding: 0 6px; border-radius: 8px; background: var(--jp-layout-color3, #ddd); }
.motiflab-readout { padding-top: 5px; border-top: 1px solid var(--jp-border-color2, #ddd);
  line-height: 1.35; }
.motiflab-card :is(sub, sup) { font-size: 12px; line-height: 0; }
.motiflab-readout p { margin: 0 0 2px; line-height: inherit; }
.motiflab-table table { border-collapse: collapse; font-size: 12px; line-height: 1.4;
  font-variant-numeric: tabular-nums; margin: 0; }
.motiflab-table caption { text-align: left; white-space: nowrap; padding: 0 0 2px;
  color: var(--jp-ui-font-color2, #555); }
.motiflab-table td, .motiflab-table th { padding: 0 4px; text-align: right; border: 0;
  background: none; white-space: nowrap; }
.motiflab-table th:first-child { text-align: left; padding-left: 0; }
@media (prefers-reduced-motion: no-preference) {
  .motiflab-picture-change path[stroke-width="2"] { animation: motiflab-flash .4s steps(1); }
}
@keyframes motiflab-flash { from { stroke-width: 6; } }
.motiflab-unseen { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }
.motiflab-card .jupyter-widgets-disconnected::before { content: none; }
.motiflab-card.jupyter-widgets-disconnected::before { position: static; padding: 4px 8px;
  content: "The kernel was restarted. Run this cell again."; font: inherit; font-weight: 600;
  color: inherit; background: var(--jp-warn-color3, #ffe0b2); }
.motiflab-card [inert] { opacity: .5; }
@container (max-width: 700px) {
  .motiflab-body { grid-template-columns: minmax(0, 1fr); }
  .motiflab-body > .motiflab-pictures { order: -1; }
  .motiflab-controls { grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); }
  .motiflab-controls > .widget-html { grid-column: 1 / -1; }
  .motiflab-controls > .motiflab-wide { grid-column: span 2; }
  /* Letters stay as large as they are: where even the drawing for a narrow card has no room, as on
     some phones, it is scrolled, not made smaller. */
  .motiflab-card:not(.motiflab-lab) .motiflab-pictures > :has(svg[role="img"]) {
    overflow-x: auto; }
  .motiflab-card:not(.motiflab-lab) svg[role="img"][width] { max-width: none !important; }
  .motiflab-card:not(.motiflab-lab) svg[role="img"]:not([width], [style*="min-width"]) {
    min-width: 590px; }
}
@container (max-width: 589px) {
  .motiflab-table :is(td, th, caption) { white-space: normal; }
  .motiflab-table caption { min-width: 300px; }
  .motiflab-turned :is(td, th) { padding: 1px 2px; }
  .motiflab-lab .motiflab-table { overflow-x: auto; }  /* thirteen columns */
  .motiflab-turned [scope="col"]:nth-child(n + 2) { padding: 2px 1px; text-align: left;
    writing-mode: vertical-rl; transform: rotate(180deg); }
  .motiflab-narrow { display: block; }
  svg:has(+ .motiflab-narrow) { display: none; }
  .motiflab-pictures > * { grid-column: span 12; }
}
"""


def heading(title: str, goal: str) -> str:
    """HTML of the head of a card, without a goal if that is empty."""
    words = escape(goal).replace(" %", "\u00a0%")  # no line ends before a per cent
    asked = f"<div class='motiflab-goal'>Goal: {words}</div>" if goal else ""
    return f"<div class='motiflab-title'>{escape(title)}</div>{asked}"


def column(
    controls: Iterable[Control], *last: widgets.Widget, name: str = "controls"
) -> widgets.VBox:
    """Put controls below each other, with a heading before the first of each group."""
    children: list[widgets.Widget] = []
    group = ""
    for control in controls:
        if control.field.group not in ("", group):
            group, members = control.field.group, []
            heading = make(widgets.HTML, value=f"<div class='motiflab-group'>{escape(group)}</div>")
            children.append(heading)
        if control.field.group:
            members.append(control.widget)
            # A control is hidden by its layout; the heading is hidden with the last of its group.
            control.widget.observe(partial(_follow, heading, members), "layout")
        children.append(control.widget)
    return box(name, *children, *last)


def _follow(heading: widgets.HTML, members: list[widgets.Widget], _: object) -> None:
    """Show a heading only while one of its controls is shown."""
    place(heading, any(member.layout.display != "none" for member in members))


def box(name: str, *children: widgets.Widget) -> widgets.VBox:
    """Make a box that the style sheet knows by the class `motiflab-{name}`."""
    return widgets.VBox(children, layout=shared_layout(), _dom_classes=(f"motiflab-{name}",))
