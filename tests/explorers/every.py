"""All explorers of the package, and values to move their controls to."""

from __future__ import annotations

import base64
import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

import motiflab.explorers
from motiflab.motifs import Motif, write_meme
from motiflab.widgets.chart import Chart, chart_json
from motiflab.widgets.explorer import Explorer
from motiflab.widgets.fields import Field

OWN = write_meme([Motif.from_sites(["CACGTG", "CACGTT", "CATGTG"], "E-box")])
"""A text of one motif, for a field that takes a learner's own."""


def explorers() -> list[type[Explorer]]:
    """Every explorer's class; the live lab, whose pictures need a training, has its own tests."""
    found = []
    for module in pkgutil.iter_modules(motiflab.explorers.__path__):
        if module.name.endswith("_explorer"):
            contents = vars(importlib.import_module(f"motiflab.explorers.{module.name}"))
            found += [
                value
                for value in contents.values()
                if isinstance(value, type)
                and issubclass(value, Explorer)
                and value.__module__ == f"motiflab.explorers.{module.name}"
            ]
    return found


def shown(explorer: Explorer) -> dict[str, str]:
    """The content of a card: each picture as text, and the readout."""
    pictures = {
        name: _seen(picture) if isinstance(picture, Chart) else picture
        for name, picture in explorer.figures.items()
    }
    return pictures | {"readout": explorer.readout.html}


def areas(picture: str) -> list[tuple[str, tuple[float, float]]]:
    """What each area of a picture sets that can be pressed ("shift=2"), and its middle."""
    found = []
    for rect, words in re.findall(r'<rect ([^>]*)data-(?:drag|choose)="([^"]*)"/>', picture):
        x, y, wide, high = (
            float(re.search(rf'\b{name}="([^"]*)"', rect)[1])
            for name in ("x", "y", "width", "height")
        )
        found.append((words, (x + wide / 2, y + high / 2)))
    return found


def _seen(picture: Chart) -> str:
    """A chart as text, with its numbers rounded to visible digits."""
    text = chart_json(picture.figure, picture.text)
    packed = r'\{"dtype": "(\w+)", "bdata": "([^"]+)"'  # how arrays are written
    return re.sub(packed, _unpacked, text)


def _unpacked(found: re.Match) -> str:
    numbers = np.frombuffer(base64.b64decode(found[2]), found[1])
    return str([f"{number:.6g}" for number in numbers.round(9)])


def others(field: Field, value: Any) -> Iterator[Any]:
    """Values of a field that a learner may choose next, none of them the present one."""
    if field.kind == "choice":
        found = [option for _, option in field.options]
    elif field.kind == "toggle":
        found = [not value]
    elif field.kind == "matrix":
        step = field.step
        found = [_replaced(value, k, a, s) for k in range(len(value)) for a in range(4)
                 for s in (step, -step)]  # fmt: skip
    elif field.kind == "lines":
        found = [OWN]
    elif field.kind == "text":
        words = list(field.suggestions())[:20] if field.suggestions else []
        found = [*words, value[1:], value[::-1], value + "A", "GATA"]
    else:
        ends = [end for end in (field.low, field.high) if abs(end) < 1e9]
        near = [value + field.step, value - field.step, value * 2]
        between = [(value + end) / 2 for end in ends]
        found = [field.type(number) for number in [*near, *ends, *between]]
    seen = [value]
    for other in found:
        if other not in seen:
            seen.append(other)
            yield other


def extremes(field: Field) -> list[Any]:
    """All choices, the ends of a range, and unusual texts."""
    if field.kind == "choice":
        return [option for _, option in field.options]
    if field.kind == "toggle":
        return [False, True]
    if field.kind == "matrix":
        middle = min(max(0.0, field.low), field.high)
        return [((cell,) * 4,) * rows for cell in (field.low, middle, field.high)
                for rows in field.rows]  # fmt: skip
    if field.kind == "lines":
        return ["", " ", "N", ">x\nACGT\n", OWN]
    if field.kind == "text":
        return ["", " ", "N", "ACGT", "<b>", "1,2", *(field.suggestions or list)()[:2]]
    ends = [field.type(end) for end in (field.low, field.high) if abs(end) < 1e9]
    return ends or [field.type(1)]


def _replaced(matrix: tuple, k: int, a: int, step: float) -> tuple:
    rows = [list(row) for row in matrix]
    rows[k][a] += step
    return tuple(map(tuple, rows))
