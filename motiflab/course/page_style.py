"""The look of a report, in the light and in the dark; colours are named as in JupyterLab."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --jp-ui-font-color1: #1f2328; --jp-ui-font-color2: #59636e;
  --jp-border-color1: #c4c9ce; --jp-border-color2: #dfe3e7; --jp-layout-color0: #fff;
  --jp-layout-color1: #fff; --jp-layout-color2: #f2f4f6; --ground: #f7f8f9; --link: #0b5a94;
  --right: #332288; --right-bar: #332288; --not-yet: #7a6a10; }
@media (prefers-color-scheme: dark) { :root { --jp-ui-font-color1: #e6e6e6;
  --jp-ui-font-color2: #a8b0b8; --jp-border-color1: #5a626a; --jp-border-color2: #3a4047;
  --jp-layout-color0: #16191c; --jp-layout-color1: #1e2226; --jp-layout-color2: #2a2f34;
  --ground: #16191c; --link: #7cc0f0; --right: #b3a6f2; --right-bar: #5a48b8;
  --not-yet: #ddcc77; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--jp-ui-font-color1);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
header, nav, main { max-width: 1160px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 28px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; }
h2 { font-size: 20px; line-height: 1.3; margin: 0 0 8px; }
h3 { font-size: 16px; margin: 0 0 4px; overflow-wrap: anywhere; }
section > h3 { margin-top: 20px; }
h4 { font-size: 13px; margin: 10px 0 2px; color: var(--jp-ui-font-color2); }
p { margin: 0 0 8px; }
a { color: var(--link); }
nav { display: flex; flex-wrap: wrap; gap: 4px 18px; padding-top: 8px; padding-bottom: 14px; }
section { background: var(--jp-layout-color1); border: 1px solid var(--jp-border-color2);
  border-radius: 10px; padding: 20px 24px; margin: 0 0 20px; }
.faint { color: var(--jp-ui-font-color2); font-size: 13px; }
.cards { display: grid; gap: 0 36px; grid-template-columns: repeat(auto-fit, minmax(400px, 1fr)); }
.card { display: grid; grid-template-columns: 84px minmax(0, 1fr); gap: 16px; padding: 16px 0;
  border-top: 1px solid var(--jp-border-color2); }
.count { text-align: center; font-size: 13px; line-height: 1.35; margin: 0;
  color: var(--jp-ui-font-color2); }
.count b { display: block; font-size: 34px; line-height: 1.1; color: var(--jp-ui-font-color1);
  font-variant-numeric: tabular-nums; }
.told { border-left: 3px solid #ddcc77; padding-left: 12px; }
.asked { border-left: 3px solid var(--jp-border-color1); padding-left: 12px; margin: 6px 0 10px;
  overflow-x: auto; }
.told > :last-child, .asked > :last-child { margin-bottom: 0; }
details { margin: 10px 0; }
summary { cursor: pointer; font-weight: 600; font-size: 14px; overflow-wrap: anywhere; }
summary:focus-visible, a:focus-visible, .wide:focus-visible { outline: 2px solid var(--link);
  outline-offset: 2px; border-radius: 2px; }
.wide { position: relative; overflow-x: auto; margin: 8px 0 12px; }
table { border-collapse: collapse; font-size: 13.5px; line-height: 1.4; }
th, td { padding: 5px 14px 5px 0; text-align: left; vertical-align: top; font-weight: 400;
  border-bottom: 1px solid var(--jp-border-color2); overflow-wrap: break-word; max-width: 540px; }
thead th { font-weight: 600; font-size: 12.5px; vertical-align: bottom; }
tbody th { font-weight: 500; }
td { font-variant-numeric: tabular-nums; }
.asked table th, .asked table td { padding: 2px 12px; text-align: right; }
.matrix th, .matrix td { padding: 3px 7px; white-space: nowrap; }
.matrix thead th { text-align: center; white-space: normal; }
.matrix thead tr:first-child th { vertical-align: bottom; font-size: 12px; line-height: 1.25;
  padding: 3px 8px; border-left: 1px solid var(--jp-border-color1); }
.matrix td { text-align: center; font-size: 16px; line-height: 1.3; }
.matrix .edge { border-left: 1px solid var(--jp-border-color1); }
.matrix th[scope=row], .matrix thead tr:last-child th:first-child { position: sticky; left: 0;
  background: var(--jp-layout-color1); text-align: left; padding-left: 0; max-width: 200px;
  overflow: hidden; text-overflow: ellipsis; }
.each th[scope=row] { max-width: 180px; overflow-wrap: anywhere; }
.name { display: block; font-size: 12px; line-height: 1.25; overflow: hidden;
  text-overflow: ellipsis; }
.right > .sign, span.right { color: var(--right); }
.not-yet > .sign, span.not-yet { color: var(--not-yet); }
.untouched > .sign, .nothing > .sign { color: var(--jp-ui-font-color2); }
.legend { display: flex; flex-wrap: wrap; gap: 2px 20px; list-style: none; margin: 4px 0 8px;
  padding: 0; font-size: 13px; color: var(--jp-ui-font-color2); }
.swatch { display: inline-block; width: 12px; height: 12px; margin-right: 5px;
  border: 1px solid var(--jp-border-color1); vertical-align: -1px; }
figure { margin: 8px 0 4px; overflow-x: auto; }
dl { margin: 8px 0; display: grid; grid-template-columns: minmax(90px, 180px) minmax(0, 1fr);
  gap: 6px 18px; }
dt { color: var(--jp-ui-font-color2); overflow-wrap: anywhere; }
dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 16em; overflow: auto; }
math { font-size: 1.06em; }
code { font: 0.92em ui-monospace, "DejaVu Sans Mono", Consolas, monospace; }
pre { overflow-x: auto; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
@media (max-width: 640px) { header, nav, main { padding-left: 12px; padding-right: 12px; }
  section { padding: 16px 14px; } .cards { grid-template-columns: minmax(0, 1fr); }
  .card { grid-template-columns: minmax(0, 1fr); gap: 4px; }
  .count { text-align: left; } .count br { display: none; }
  .count b { display: inline; font-size: 22px; }
  dl { grid-template-columns: minmax(0, 1fr); } dd { margin-bottom: 6px; } }
@media print { nav { display: none; }
  section { border: 0; padding: 0; } body { background: #fff; } }
"""
