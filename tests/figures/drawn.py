"""Read the letters of a logo out of its SVG, by the path reader of fontTools."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import NamedTuple

from fontTools.pens.boundsPen import BoundsPen
from fontTools.svgLib.path import parse_path

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
