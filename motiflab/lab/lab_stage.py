"""Layout of the lab, which shows a whole training on one screen."""

from __future__ import annotations

from itertools import groupby

import ipywidgets as widgets

from motiflab.widgets import Tool, make
from motiflab.widgets.card import box, column
from motiflab.widgets.controls import Control, shared_layout, style_sheet
from motiflab.widgets.folds import CopyButton, Fold

PANELS = {
    "stage": "Stage",
    "curves": "Curves",
    "network": "Network",
    "tracks": "Tracks",
    "filters": "All filters",
    "numbers": "Numbers",
    "more": "More settings",
}
"""The panels of the stage, and the labels of their tabs."""

FIRST = ("source", "motif", "fasta", "negatives_fasta", "n", "filters", "width", "pooling", "speed")
"""Fields whose controls are always beside the stage; others are under "More settings"."""

# With these heights a card has at most 610 pixels on a screen of 1280 x 800 or 1366 x 768.
STYLE = """
.motiflab-lab { --hero: 236px; --small: 64px; --strip: 36px; --motiflab-chart-height: 236px;
  gap: 4px; padding: 6px 16px; box-sizing: border-box; }
.motiflab-card.motiflab-lab { max-width: 1700px; }
.motiflab-lab .motiflab-body { grid-template-columns: minmax(180px, 200px) minmax(0, 1fr);
  gap: 6px 18px; }
.motiflab-lab .motiflab-controls { gap: 7px 16px; }
.motiflab-lab .motiflab-controls .widget-radio { line-height: inherit; }
.motiflab-lab .motiflab-controls .widget-radio > .widget-label { display: block; }
.motiflab-lab .motiflab-controls .widget-radio-box { margin: 0 !important; }
.motiflab-lab .motiflab-toolbar .mod-primary[aria-disabled="true"] {
  background: var(--jp-layout-color2, #eee); color: var(--jp-ui-font-color1, #222); }
.motiflab-goals { color: var(--jp-ui-font-color2, #555); min-height: 20px; }
.motiflab-goals span { margin-right: 12px; }
.motiflab-reached { color: var(--jp-ui-font-color1, #222); font-weight: 600; }
.motiflab-body > .motiflab-controls .motiflab-note { display: inline; float: right;
  font-size: 12px; }
.motiflab-lab .motiflab-foot { position: relative; }
.motiflab-lab .motiflab-foot > .motiflab-share { position: absolute; left: 0; bottom: 100%;
  z-index: 2; width: min(560px, 90cqw); padding: 8px 12px; border-radius: 6px;
  border: 1px solid var(--jp-border-color1, #bbb); background: var(--jp-layout-color1, #fff); }
.motiflab-lab .motiflab-controls .widget-slider > .widget-label { grid-column: 1 / -1; }
.motiflab-lab .motiflab-controls .widget-slider .slider-container { grid-column: 1; }
.motiflab-lab .motiflab-controls .widget-readout { grid-area: 2 / 2; }
.motiflab-stage { display: flex; flex-direction: column; gap: 6px; overflow: visible; margin: 0;
  min-width: 0; }
.motiflab-stage > * { margin: 0; width: 100%; }
.motiflab-stage > .widget-radio { height: 28px; border-bottom: 1px solid
  var(--jp-border-color2, #ddd); }
.motiflab-stage > .widget-radio > .widget-label { position: absolute; width: 1px; height: 1px;
  overflow: hidden; clip-path: inset(50%); }
.motiflab-stage > .widget-radio .widget-radio-box { flex-flow: row nowrap; gap: 2px; margin: 0;
  padding: 0; width: 100%; overflow: visible; }
.motiflab-stage > .widget-radio label { display: flex; align-items: center; width: auto;
  height: 27px; margin: 0; padding: 0 10px; font-size: 13px; white-space: nowrap; cursor: pointer;
  border-bottom: 3px solid transparent; }
.motiflab-stage > .widget-radio label:has(:checked) { font-weight: 600;
  border-color: var(--jp-brand-color1, #2196f3); }
.motiflab-stage > .widget-radio label:has(:focus-visible) {
  outline: 2px solid var(--jp-brand-color1, #2196f3); outline-offset: -2px; }
.motiflab-stage > .widget-radio input { position: absolute; opacity: 0; margin: 0; }
.motiflab-lab .motiflab-pictures { grid-template-columns: repeat(2, minmax(0, 1fr));
  gap: 6px 14px; min-height: calc(var(--hero) + var(--small) + 6px); }
.motiflab-lab .motiflab-pictures > * { grid-column: 1 / -1; }
.motiflab-lab .motiflab-pictures > .widget-html:has(.widget-html-content:empty) {
  display: none; }
.motiflab-lab .motiflab-picture-hero { grid-column: 1; }
.motiflab-lab .motiflab-picture-curve { grid-column: 2; }
.motiflab-panel-curves .motiflab-pictures { --motiflab-chart-height: 306px;
  grid-template-columns: repeat(3, minmax(0, 1fr)); }
.motiflab-panel-curves .motiflab-pictures > * { grid-column: auto; }
.motiflab-stage:not(.motiflab-panel-stage) :is(.motiflab-picture-hero,
  .motiflab-picture-curve, .motiflab-picture-thumbnails),
.motiflab-stage:not(.motiflab-panel-curves) :is(.motiflab-picture-loss, .motiflab-picture-roc,
  .motiflab-picture-precision_recall),
.motiflab-stage:not(.motiflab-panel-network) :is(.motiflab-picture-sequences,
  .motiflab-picture-network, .motiflab-picture-worked),
.motiflab-stage:not(.motiflab-panel-filters) > .motiflab-saving,
.motiflab-stage:not(.motiflab-panel-more) .motiflab-settings,
.motiflab-panel-more :is(.motiflab-pictures, .motiflab-moment) { display: none; }
:is(.motiflab-picture-hero, .motiflab-picture-curve) > div { display: flex;
  flex-direction: column; height: var(--hero); }
:is(.motiflab-picture-hero, .motiflab-picture-curve) svg { flex: 1; min-height: 0; }
.motiflab-hero-name { white-space: nowrap; }
.motiflab-hero-name b { display: block; font-size: 20px; line-height: 24px; }
.motiflab-hero-name span { color: var(--jp-ui-font-color2, #555); }
.motiflab-picture-thumbnails p { margin: 0; font-size: 12px; line-height: 14px;
  color: var(--jp-ui-font-color2, #555); }
.motiflab-picture-thumbnails [role=radiogroup] { display: grid; gap: 3px; height: var(--small);
  grid-template-columns: repeat(8, minmax(0, 1fr)); grid-auto-rows: minmax(0, 1fr); }
.motiflab-picture-thumbnails .motiflab-many { grid-template-columns:
  repeat(16, minmax(0, 1fr)); }
.motiflab-picture-thumbnails button { display: flex; align-items: center; gap: 2px; min-width: 0;
  padding: 1px 3px; border: 1px solid var(--jp-border-color2, #ddd); border-radius: 4px;
  background: none; color: inherit; font: inherit; font-size: 12px; line-height: 1;
  cursor: pointer; }
.motiflab-picture-thumbnails button span { flex: 0 0 15px; text-align: right; }
.motiflab-picture-thumbnails .motiflab-many span { display: none; }
.motiflab-picture-thumbnails button svg { flex: 1; min-width: 0; height: 100%; }
.motiflab-picture-thumbnails button[aria-checked=true] { outline: 2px solid #AA4499;
  outline-offset: -1px; }
.motiflab-picture-thumbnails button:focus-visible {
  outline: 2px solid var(--jp-brand-color1, #2196f3); }
.motiflab-panel-network .motiflab-pictures { grid-auto-rows: min-content; }
.motiflab-picture-sequences [role=radiogroup] { display: flex; flex-wrap: wrap; gap: 4px; }
.motiflab-stage :is(.motiflab-picture-sequences, .motiflab-picture-network) button {
  border: 1px solid var(--jp-border-color2, #ddd); border-radius: 4px; background: none;
  color: inherit; font: inherit; padding: 1px 8px; cursor: pointer; }
.motiflab-picture-network [role=radiogroup] { display: grid; gap: 6px;
  grid-template-columns: repeat(6, minmax(0, 1fr)); }
.motiflab-stage .motiflab-picture-network button { display: flex; flex-direction: column;
  align-items: center; min-width: 0; padding: 2px 4px; }
.motiflab-picture-network button b, .motiflab-picture-network button span { font-size: 12px;
  line-height: 16px; white-space: nowrap; }
.motiflab-picture-network button svg { width: 100%; font: 15px sans-serif;
  fill: currentcolor; }
.motiflab-stage :is(.motiflab-picture-sequences, .motiflab-picture-network)
  button[aria-checked=true] { outline: 2px solid #AA4499; outline-offset: -1px; }
.motiflab-stage :is(.motiflab-picture-sequences, .motiflab-picture-network,
  .motiflab-picture-worked) button:focus-visible {
  outline: 3px solid var(--jp-brand-color1, #2196f3); }
.motiflab-picture-worked > div { min-height: 150px; }
.motiflab-picture-worked p { margin: 2px 0; }
.motiflab-picture-worked a { color: var(--jp-content-link-color, #1976d2);
  text-decoration: underline; }
.motiflab-weights, .motiflab-places { position: relative; padding-bottom: 20px; }
.motiflab-weights [role=group] { display: flex; height: 18px; }
.motiflab-weights b { flex: 0 0 14px; font-size: 12px; line-height: 18px; }
.motiflab-picture-worked button { flex: 1; min-width: 0; padding: 0; border: 0; background: none;
  color: inherit; font: inherit; font-size: 12px; line-height: 16px; cursor: pointer; }
.motiflab-weights button[aria-selected=true] { box-shadow: inset 0 0 0 1.5px currentcolor;
  font-weight: 600; }
.motiflab-places { display: flex; }
.motiflab-places button { display: flex; align-items: end; height: 72px; }
.motiflab-places i { flex: 1; }
.motiflab-places button[aria-selected=true] i { background: #AA4499 !important; }
.motiflab-picture-worked button:is(:hover, :focus-visible)::after { content: attr(aria-label);
  position: absolute; left: 0; bottom: 0; font-weight: 400; line-height: 18px; }
.motiflab-moment { display: grid; grid-template: auto var(--strip) / minmax(0, 1fr);
  overflow: visible; width: 100%; }
.motiflab-moment > :first-child, .motiflab-moment > :first-child div:not([class]) {
  display: contents; }
.motiflab-time-words { grid-row: 1; display: flex; justify-content: space-between; gap: 12px;
  height: 20px; line-height: 20px; white-space: nowrap; }
.motiflab-time-words > :last-child { overflow: hidden; text-overflow: ellipsis; }
.motiflab-moment svg { grid-area: 2 / 1; width: 100%; height: 100%; overflow: visible;
  border-bottom: 1px solid var(--jp-border-color1, #bbb); }
.motiflab-moment > .widget-slider { grid-area: 2 / 1; display: block; height: 100%; width: 100%;
  margin: 0; }
.motiflab-moment > .widget-slider > .widget-label { position: absolute; width: 1px; height: 1px;
  overflow: hidden; clip-path: inset(50%); }
.motiflab-moment .slider-container, .motiflab-moment .slider { height: 100%; margin: 0;
  width: 100%; padding: 0; border: 0; background: none; box-shadow: none; }
.motiflab-moment .slider .noUi-connects { display: none; }
.motiflab-moment .slider .noUi-base { height: 100%; cursor: pointer; }
.motiflab-moment .slider .noUi-handle { top: 0; right: -6px; width: 12px; height: var(--strip);
  border: 0; border-radius: 2px; box-shadow: none; cursor: ew-resize;
  background: linear-gradient(#AA4499, #AA4499) center / 3px 100% no-repeat; }
.motiflab-moment .slider .noUi-handle:focus-visible {
  outline: 2px solid var(--jp-brand-color1, #2196f3); outline-offset: 1px; }
.motiflab-stage .motiflab-settings { display: flex; flex-flow: row wrap; gap: 2px 12px;
  align-items: end; overflow: visible; }
.motiflab-stage .motiflab-settings .motiflab-controls { grid-template-columns: 52px
  repeat(4, minmax(0, 1fr)); gap: 0 12px; border-top: 1px solid var(--jp-border-color2, #ddd);
  padding-top: 2px; width: 100%; align-items: end; line-height: 15px;
  --jp-widgets-font-size: 12px; --jp-widgets-inline-height: 24px;
  --jp-widgets-inline-label-width: auto; }
.motiflab-settings .motiflab-controls > *, .motiflab-settings .motiflab-controls label {
  margin-bottom: 1px !important; font-size: 12px !important; line-height: 14px !important; }
.motiflab-settings .motiflab-controls > .widget-html { grid-area: 1 / 1 / span 9;
  align-self: start; }
.motiflab-stage .motiflab-settings > :nth-child(3) { grid-template-columns: 52px
  repeat(5, minmax(0, 1fr)); }
.motiflab-stage .motiflab-settings > :nth-child(4) { grid-template-columns: 52px
  repeat(3, minmax(0, 1fr)); }
.motiflab-settings > .motiflab-saving { width: auto; }
.motiflab-settings .widget-radio-box label { height: 18px; }
.motiflab-lab:has(.motiflab-panel-more) .motiflab-readout { position: absolute; width: 1px;
  height: 1px; min-height: 0; overflow: hidden; clip-path: inset(50%); }
.motiflab-settings .motiflab-group { padding: 0; border: 0; }
.motiflab-saving { display: flex; flex-flow: row wrap; gap: 10px; align-items: center; }
.motiflab-lab .motiflab-readout { padding-top: 4px; min-height: 82px; }
.motiflab-lab .motiflab-readout p { margin: 0 0 1px; }
.motiflab-picture-hero use { transition: transform .3s linear; }
@media (prefers-reduced-motion: reduce) { .motiflab-picture-hero use { transition: none; } }
@media (min-height: 1000px) and (min-width: 1600px) {
  .motiflab-card.motiflab-lab { --hero: 430px; --small: 110px; --strip: 80px;
    --motiflab-chart-height: 430px; font-size: 16px; }
  .motiflab-panel-curves .motiflab-pictures { --motiflab-chart-height: 546px; }
  .motiflab-hero-name b { font-size: 30px; line-height: 36px; }
  :is(.motiflab-picture-hero, .motiflab-picture-curve) svg text { font-size: 9px; }
  .motiflab-lab .motiflab-body { grid-template-columns: 230px minmax(0, 1fr); }
  .motiflab-lab .motiflab-toolbar, .motiflab-body > .motiflab-controls {
    --jp-widgets-font-size: 16px; }
  .motiflab-body > .motiflab-controls :is(.widget-label, .widget-radio-box label),
  .motiflab-lab .motiflab-toolbar .jupyter-button,
  .motiflab-stage > .widget-radio label { font-size: 16px; }
}
@container (max-width: 700px) {
  .motiflab-lab .motiflab-body { grid-template-columns: minmax(0, 1fr); }
  .motiflab-lab .motiflab-stage { order: -1; }
  .motiflab-time-words { height: auto; white-space: normal; }
  .motiflab-lab .motiflab-pictures { grid-template-columns: minmax(0, 1fr); }
  .motiflab-lab .motiflab-pictures > * { grid-column: 1; grid-row: auto; }
  .motiflab-picture-network [role=radiogroup] { grid-template-columns:
    repeat(3, minmax(0, 1fr)); }
  .motiflab-stage > .widget-radio { height: auto; }
  .motiflab-stage > .widget-radio .widget-radio-box { flex-wrap: wrap; }
}
"""


def _groups(controls: list[Control]) -> list[list[Control]]:
    """Divide controls into groups with the same heading."""
    return [list(group) for _, group in groupby(controls, lambda control: control.field.group)]


class Stage:
    """The boxes of the lab: the open panel, controls beside it, and others behind a tab.

    Parameters
    ----------
    controls : dict of str to Control
    scene : Control
        The line of the scene, which the button Share opens over the stage.
    share : Fold
    tools : list of Tool
        From the `Toolbar`.
    undo : Button
    pictures : Box
    panels, first
        `PANELS` and `FIRST`, or those of another lab.
    """

    def __init__(
        self,
        controls,
        scene: Control,
        share: Fold,
        tools: list[Tool],
        undo,
        pictures,
        panels,
        first,
    ) -> None:
        by_name = {tool.name: tool for tool in tools}
        row = [tool for tool in tools if tool.name not in ("moment", "save", "export")]
        beside = [controls[name].widget for name in first]
        others = [control for name, control in controls.items() if name not in first]
        self._tabs = make(
            widgets.RadioButtons,
            options=[(words, name) for name, words in panels.items()],
            description="Show",
        )
        self._box = box(
            "stage",
            self._tabs,
            pictures,
            box("saving", *by_name["save"].members),
            box(
                "settings",
                *(column(group) for group in _groups(others)),
                box("saving", *by_name["export"].members),
            ),
            *by_name["moment"].members,
        )
        line = box("share", scene.widget, CopyButton(layout=shared_layout()))
        self.widgets = [
            style_sheet(STYLE),
            box("toolbar", *(widget for tool in row for widget in tool.members)),
            box("body", box("controls", *beside, box("foot", share, undo, line)), self._box),
        ]
        self.open("stage")

    @property
    def panel(self) -> str:
        """Name of the open panel."""
        return self._tabs.value

    def open(self, panel: str) -> None:
        """Show one of `PANELS`."""
        self._tabs.value = panel
        self._box._dom_classes = ("motiflab-stage", f"motiflab-panel-{panel}")

    def on_open(self, call) -> None:
        """Call a function after another tab was chosen."""
        self._tabs.observe(lambda _: call(), "value")
