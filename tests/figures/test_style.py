"""Colours: letters can be read in either theme of JupyterLab."""

from __future__ import annotations

import re

import numpy as np
import pytest

from motiflab.figures.logo import glyph_definitions, letters
from motiflab.figures.style import BASE_COLOURS, LETTER_COLOURS
from motiflab.figures.svg import Ruler, Scale

# Ground and text of JupyterLab's themes; the light text is 87 % black on white.
THEMES = {"light": (255, 33), "dark": (33, 255)}


def luminance(colour: list[float]) -> float:
    """Relative luminance of sRGB values from 0 to 255 (WCAG 2.2)."""
    shares = [c / 255 for c in colour]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: list[float], other: list[float]) -> float:
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("base", "ACGT")
def test_a_letter_has_the_contrast_of_text(base, theme):
    ground, text = THEMES[theme]
    colour, share = re.fullmatch(
        r"color-mix\(in srgb,(#\w{6}) (\d+)%,currentcolor\)", LETTER_COLOURS[base]
    ).groups()
    assert colour == BASE_COLOURS[base]
    pure = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    mixed = [(int(share) * c + (100 - int(share)) * text) / 100 for c in pure]
    assert contrast(mixed, [ground] * 3) >= 4.5


def test_a_letter_of_a_logo_has_an_edge_in_the_colour_of_text():
    glyphs = re.findall(r"<path .*?/>", glyph_definitions("u"))
    assert len(glyphs) == 4
    for glyph in glyphs:
        assert "stroke:var(--jp-ui-font-color1" in glyph
    drawn = letters(np.eye(4), Ruler(0, 9), Scale(0, 9))
    assert "stroke:var(--jp-ui-font-color1" in drawn.partition("<path")[0]  # all inherit it
    for glyph in glyphs + re.findall(r"<path .*?/>", drawn):
        assert 'vector-effect="non-scaling-stroke"' in glyph  # else a flat letter has none
