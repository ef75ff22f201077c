"""Draw the map of Part 2, notebooks/images/route.svg, from its list in 00_start_here.

python tools/make_route.py

The list is the only source: the lab, from which all branches begin, then each branch with its
notebooks in order and their minutes. Run this after a change of the list: it adds up the times,
writes the words of the picture and draws it. A test compares.
"""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import wrap
from typing import NamedTuple

import nbformat

from motiflab.figures import stand_alone
from motiflab.figures.style import ACCENT, BACKGROUND, LINE
from motiflab.figures.svg import BOLD, FAINT, svg_path, svg_picture, svg_rect, svg_text

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
PAGE = NOTEBOOKS / "00_start_here.ipynb"
PICTURE = NOTEBOOKS / "images/route.svg"

_STOP = re.compile(r"^- \[(.+?)\]\(2_applications/(\w+)\.ipynb\), (\d+) minutes: ", re.M)
_BRANCH = re.compile(r"^\*\*(.+?)\*\*, ([^:\n]+): ", re.M)
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")  # to the glossary

_PITCH, _ROW = 128, 74  # from stop to stop, and from branch to branch
_WIDTH, _HEIGHT = 112, 54  # of a stop
_LEFT = 156  # left end of the branches, behind the lab


class Stop(NamedTuple):
    """A notebook on the map: its name there, its file without the ending, and its minutes."""

    name: str
    file: str
    minutes: int


def start() -> str:
    """Return the section on Part 2 of the first notebook."""
    return _on_part_2(_map(nbformat.read(PAGE, as_version=4)).source)


def _map(page: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return the cell of the map."""
    return next(cell for cell in page.cells if "\n## The map\n" in cell.source)


def _on_part_2(text: str) -> str:
    return text.partition("\n**Applications**")[2].partition("\n**Practice**")[0]


def branches(text: str) -> dict[str, tuple[str, list[Stop]]]:
    """Return for each branch the time that it announces, and its stops; the first is the lab."""
    names = [(_LINK.sub(r"\1", name), time) for name, time in _BRANCH.findall(text)]
    parts = re.split(r"^\*\*", text, flags=re.M)
    stops = [[Stop(a, b, int(c)) for a, b, c in _STOP.findall(part)] for part in parts]
    return {"": ("", stops[0])} | {
        name: (time, found) for (name, time), found in zip(names, stops[1:], strict=True)
    }


def duration(minutes: int) -> str:
    """Write a time, rounded to half an hour."""
    halves = (minutes + 15) // 30
    return f"about {halves // 2 or ''}{'½' * (halves % 2)} hour{'s' * (halves > 2)}"


def refreshed(text: str) -> str:
    """Return the section with its times added up, and with the words of the picture."""
    route = branches(text)
    for _, (time, stops) in list(route.items())[1:]:
        names = re.escape(stops[0].name)
        total = duration(sum(stop.minutes for stop in stops))
        before = rf"({re.escape(time)})(: [^\n]*\n\n- \[{names}\])"
        text = re.sub(before, lambda found, total=total: total + found[2], text)
    every = duration(sum(stop.minutes for _, stops in route.values() for stop in stops))
    text = re.sub(r"(all of Part 2 takes )[^.]+", rf"\g<1>{every}", text)
    return re.sub(r"!\[[^\]]*\](?=\(images/route\.svg\))", f"![{words(branches(text))}]", text)


def words(route: dict[str, tuple[str, list[Stop]]]) -> str:
    """Say in words what the picture shows."""
    (_, (lab,)), *others = route.values()
    told = "; ".join(
        f"{name}: {', '.join(stop.name for stop in stops)}"
        for name, (_, stops) in route.items()
        if name
    )
    return f"A map: {len(others)} branches lead on from {lab.name}. {told}."


def draw(route: dict[str, tuple[str, list[Stop]]]) -> str:
    """Draw the lab at the left, and each branch as a line with its stops."""
    (_, (_, (lab,))), *lines = route.items()
    most = max(len(stops) for _, (_, stops) in lines)
    size = _LEFT + most * _PITCH, len(lines) * _ROW + 8
    middle = size[1] / 2
    parts = [svg_rect(0, 0, *size, f'style="fill:{BACKGROUND}"')]
    for row, (name, (time, stops)) in enumerate(lines):
        y = row * _ROW + 46
        end = _LEFT + (len(stops) - 1) * _PITCH + 20
        bend = f"M60 {middle:g}H126C140 {middle:g} 132 {y} 150 {y}H{end}"
        parts.append(svg_path(bend, f'stroke="{ACCENT}" stroke-width="3"'))
        parts.append(svg_text(_LEFT, y - 32, f"{name}, {time}", "", BOLD))
        parts += [_stop(stop, _LEFT + i * _PITCH, y) for i, stop in enumerate(stops)]
    parts.append(_stop(lab, 6, middle))
    return stand_alone(svg_picture("".join(parts), "Map of Part 2", words(route), "route", size))


def _stop(stop: Stop, x: float, y: float) -> str:
    frame = f'rx="6" style="fill:{BACKGROUND};stroke:{LINE}"'
    lines = [*wrap(stop.name, 18), f"{stop.file[:2]} · {stop.minutes} min"]
    top = y - 8 * len(lines) + 12
    texts = [
        svg_text(x + _WIDTH / 2, top + 16 * i, line, "middle", FAINT if i == len(lines) - 1 else "")
        for i, line in enumerate(lines)
    ]
    return svg_rect(x, y - 25, _WIDTH, _HEIGHT - 4, frame) + "".join(texts)


def main() -> None:
    """Write the list and the picture."""
    page = nbformat.read(PAGE, as_version=4)
    cell = _map(page)
    part = _on_part_2(cell.source)
    cell.source = cell.source.replace(part, refreshed(part))
    nbformat.write(page, PAGE)
    PICTURE.write_text(draw(branches(start())) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
