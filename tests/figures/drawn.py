"""Read a drawing: letters of a logo by the path reader of fontTools, and where words stand."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import NamedTuple

from fontTools.pens.boundsPen import BoundsPen
from fontTools.svgLib.path import parse_path

from motiflab.figures.svg import NARROW, text_width

FIRST = {"A": 100, "C": 35, "G": 35, "T": 0}  # per cent from the top at which an outline begins


class Letter(NamedTuple):
    """A letter of a logo.

    Attributes
    ----------
    column : int
        Its position, from 0.
    base : str
    left, right : float
        In pixels of the picture.
    low, high : float
        In pixels above the axis of the logo.
    turned : bool
        Whether it stands upside down.
    """

    column: int
    base: str
    left: float
    right: float
    low: float
    high: float
    turned: bool


def drawn_letters(group: ET.Element) -> list[Letter]:
    """Return all letters below an element that holds one logo, by base and column."""
    (logo,) = [
        g for g in group.iter() if g.tag.endswith("g") and "scale(" in g.get("transform", "")
    ]
    zero, _, across, down = map(float, re.findall(r"-?[\d.]+", logo.get("transform")))
    found = []
    for path in (each for each in logo.iter() if each.get("data-letter")):
        base = path.get("data-letter")
        for outline in path.get("d").split("M")[1:]:
            pen = BoundsPen(None)
            parse_path(f"M{outline}", pen)
            left, top, right, bottom = pen.bounds
            begin = float(re.match(r"\d+ ?(-?\d+)", outline)[1])
            found.append(
                Letter(
                    round(left // 100),
                    base,
                    zero + across * left,
                    zero + across * right,
                    -down * bottom,
                    -down * top,
                    abs((begin - top) / (bottom - top) * 100 - FIRST[base]) > 10,
                )
            )
    return found


def untidy(svg: str) -> list[str]:
    """Return words that leave a picture at a side or below, or run into others of their line.

    A picture for a narrow card must also be narrow. Turned words are not looked at, nor letters
    that have a place each.
    """
    root = ET.fromstring(svg)
    width, height = map(float, root.get("viewBox").split()[2:])
    found = [] if width <= NARROW else [f"{width:g} pixels wide"]
    inherited = {child: parent for parent in root.iter() for child in parent}
    lines: dict[str, list[tuple[float, float, str]]] = {}
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        if text.get("transform") or " " in text.get("x"):
            continue
        wide = float(text.get("textLength") or text_width(text.text or ""))
        anchor = text.get("text-anchor") or inherited[text].get("text-anchor", "start")
        left = float(text.get("x")) - wide * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        lines.setdefault(text.get("y"), []).append((left, left + wide, text.text))
    found += [words for y, line in lines.items() if float(y) > height for *_, words in line]
    for line in map(sorted, lines.values()):
        found += [words for left, right, words in line if left < -1 or right > width + 1]
        found += [f"{a[2]}|{b[2]}" for a, b in zip(line, line[1:]) if a[1] > b[0] + 0.5]
    return found


def same_words_and_areas(narrow: str, wide: str) -> bool:
    """Return whether two drawings have one description, and the same areas to press and drag."""
    desc, area = "<desc.*?>(.*?)</desc>", 'data-(?:drag|choose|window)="[^"]*"'
    return all(re.findall(each, narrow) == re.findall(each, wide) for each in (desc, area))
