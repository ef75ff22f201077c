"""Colours of all pictures, and the ends of axes.

Text and lines have the colours of the JupyterLab theme, with a fallback outside it. The other
colours have a contrast of at least 3:1 (WCAG 2, for graphics) on white and on JupyterLab's dark
background, except the amber of G on white. Letters need 4.5:1, so small ones have a shade of the
colour of their base, and large ones an edge in the colour of text.
"""

from __future__ import annotations

import math

# The bases: Okabe and Ito's colour-blind safe palette, near the traditional logo colours.
BASE_COLOURS = {"A": "#009E73", "C": "#0072B2", "G": "#E69F00", "T": "#D55E00"}
# Their letters in a text: the same hue, mixed with the colour of the surrounding text so that the
# contrast is at least 4.8:1 in either theme.
LETTER_COLOURS = {
    base: f"color-mix(in srgb,{BASE_COLOURS[base]} {share}%,currentcolor)"
    for base, share in {"A": 75, "C": 72, "G": 58, "T": 82}.items()
}

# Amino acids by the chemistry of their side chains; the same palette and a grey.
_CHEMISTRY = {
    "DE": "#D55E00",  # acidic
    "KRH": "#0072B2",  # basic
    "STNQ": "#009E73",  # polar
    "GPC": "#AA4499",  # special: they bend, stiffen or tie a chain
    "AVLIMFWY": "#7a7a7a",  # water-repellent, or nearly so
}
_VOWELS, _OTHERS, _NONE = "#D55E00", "#0072B2", "#7a7a7a"

TEXT = "var(--jp-ui-font-color1, #222)"
FAINT_TEXT = "var(--jp-ui-font-color2, #666)"
LINE = "var(--jp-border-color1, #bdbdbd)"
BACKGROUND = "var(--jp-layout-color0, #fff)"
FONT = "var(--jp-ui-font-family, system-ui, sans-serif)"

ACCENT = "#AA4499"  # what the learner is changing
# Words in it, as for letters: at least 4.8:1 in either theme.
ACCENT_TEXT = f"color-mix(in srgb,{ACCENT} 60%,currentcolor)"
# Scales run from transparent (zero) to these colours, so that they start at the background of
# either theme.
SEQUENTIAL = "#7A67C7"  # activations, from zero to the largest
DIVERGING = ("#A6611A", "#7A67C7")  # signed weights: most negative, most positive


def round_up(value: float) -> float:
    """Round up to 1, 2 or 5 times a power of ten, so that the end of an axis seldom changes.

    >>> round_up(3.2), round_up(0.05), round_up(0.9)
    (5.0, 0.05, 1.0)
    """
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value * (1 - 1e-9))


def letter_colours(letters: str, kind: str = "") -> dict[str, str]:
    """Return a colour for each letter of an alphabet, as logos show it.

    Bases have the colours that they have everywhere, U that of T, and amino acids those of their
    chemistry: acidic, basic, polar, water-repellent, and G, P and C, which shape the chain. Of
    other alphabets vowels have one colour and the other letters another.

    Parameters
    ----------
    letters : str
    kind : str
        That of the `Alphabet`: "nucleotide codes", "amino acids" or another.

    Examples
    --------
    >>> letter_colours("ACGU", "nucleotide codes")["U"] == BASE_COLOURS["T"]
    True
    """
    if kind == "nucleotide codes":
        return {letter: BASE_COLOURS["T" if letter == "U" else letter] for letter in letters}
    if kind == "amino acids":
        found = {letter: colour for group, colour in _CHEMISTRY.items() for letter in group}
    else:
        found = dict.fromkeys("AEIOU", _VOWELS) | {"_": _NONE}
    return {letter: found.get(letter, _OTHERS) for letter in letters}
