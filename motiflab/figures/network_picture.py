"""Draw the whole network for one sequence: one-hot, scores, feature map, probability.

`network_html` draws the stages as buttons, `network_strip` draws them as one still picture.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from motiflab.figures.numbers import brief, minus
from motiflab.figures.style import ACCENT, BACKGROUND, BASE_COLOURS, LINE, SEQUENTIAL, TEXT
from motiflab.figures.svg import (
    BOLD,
    Scale,
    base_look,
    signed_fill,
    svg_group,
    svg_path,
    svg_picture,
    svg_rect,
    svg_text,
)
from motiflab.layers import sigmoid
from motiflab.networks import Trace
from motiflab.sequences.alphabet import BASES

STAGES = {
    "one_hot": "One-hot",
    "windows": "Filter",
    "map": "Feature map",
    "pooled": "Maximum",
    "dense": "Dense layer",
    "sigmoid": "Sigmoid",
}
"""The stages in the order of the data, and their names."""

LESSONS = {
    "one_hot": "1_principles/01_sequences.ipynb",
    "windows": "1_principles/02_scanning.ipynb",
    "map": "1_principles/03_activations.ipynb",
    "pooled": "1_principles/04_pooling.ipynb",
    "dense": "1_principles/07_dependencies.ipynb",
    "sigmoid": "1_principles/03_activations.ipynb",
}
"""The notebook that teaches each stage, within the folder of the notebooks."""

POOLED = {"max": "Maximum", "average": "Average", "logsumexp": "Log-sum-exp"}

_WIDTH, _HEIGHT = 104, 72  # of the picture of a stage, in pixels before it is scaled
_LEFT = 14  # left end of the columns, after the letters of the rows
_COLUMNS = 18  # largest number of columns of a one-hot matrix
_BARS = 90  # largest number of bars; beyond it neighbours share a bar
_LIMIT = 6  # ends of the axis of the sigmoid, in units of the logit
_PITCH, _TOP = 126, 20  # from one stage of the strip to the next; height of the names above


def network_html(found: Trace, place: tuple[int, int], stage: str) -> str:
    """Draw the stages as a row of buttons, each with its most important number.

    Parameters
    ----------
    found : Trace
    place : (int, int)
        Strand and window to show.
    stage : str
        The chosen one of `STAGES`.

    Examples
    --------
    >>> from motiflab.networks import random_one_layer, trace
    >>> found = trace(random_one_layer(2, 3), np.eye(4)[[0, 1, 2, 3, 0]].T)
    >>> html = network_html(found, found.best, "map")
    >>> html.count("role='radio'"), html.count("aria-checked='true'")
    (6, 1)
    """
    buttons = []
    for name, drawing in _drawings(found, place).items():
        said = stage_number(found, place, name)
        buttons.append(
            f"<button role='radio' aria-checked='{str(name == stage).lower()}' "
            f"tabindex='{0 if name == stage else -1}' data-choose='{name}'>"
            f"<b>{stage_name(found, name)}</b><svg viewBox='0 0 {_WIDTH} {_HEIGHT}' "
            f"aria-hidden='true'>{drawing}</svg><span>{said}</span></button>"
        )
    return f"<div role='radiogroup' aria-label='Stage of the network'>{''.join(buttons)}</div>"


def network_strip(found: Trace, here: Collection[str], uid: str) -> str:
    """Draw the stages in one row, with some of them marked: "you are here".

    Parameters
    ----------
    found : Trace
    here : collection of str
        Some of `STAGES`; none marks nothing.
    uid : str
        As for `svg_picture`.

    Examples
    --------
    >>> from motiflab.networks import random_one_layer, trace
    >>> found = trace(random_one_layer(2, 3), np.eye(4)[[0, 1, 2, 3, 0]].T)
    >>> "You are here: Maximum." in network_strip(found, ["pooled"], "strip")
    True
    """
    size = _PITCH * len(STAGES), _TOP + _HEIGHT + 24
    parts = [svg_rect(0, 0, *size, f'style="fill:{BACKGROUND}"')]
    for i, (name, drawing) in enumerate(_drawings(found, found.best).items()):
        x = i * _PITCH + (_PITCH - _WIDTH) / 2
        look = BOLD if name in here else ""
        if name in here:
            frame = f'rx="6" fill="{ACCENT}" fill-opacity=".1" stroke="{ACCENT}" stroke-width="2"'
            parts.append(svg_rect(x - 5, 2, _WIDTH + 10, size[1] - 4, frame))
        parts += [
            svg_text(x + _WIDTH / 2, 16, stage_name(found, name), "middle", look),
            svg_group([drawing], f'transform="translate({x:g} {_TOP})"'),
            svg_text(
                x + _WIDTH / 2, size[1] - 9, stage_number(found, found.best, name), "middle", look
            ),
        ]
        if i:
            y = _TOP + _HEIGHT / 2
            arrow = f"M{i * _PITCH - 5:g} {y - 5:g}l6 5l-6 5"
            parts.append(svg_path(arrow, f'style="stroke:{TEXT}" stroke-width="1.5"'))
    return svg_picture(
        "".join(parts), "From a sequence to a probability", strip_words(here), uid, size
    )


def strip_words(here: Collection[str]) -> str:
    """Return what a strip shows, in words for a screen reader.

    >>> strip_words(["one_hot"])[-22:]
    'You are here: One-hot.'
    """
    names = [words for name, words in STAGES.items() if name in here]
    way = "The path of a sequence through the network: " + ", ".join(STAGES.values()).lower()
    return f"{way}." + (f" You are here: {', '.join(names)}." if names else "")


def stage_name(found: Trace, stage: str) -> str:
    """Return the name of a stage; that of the pooling says how it pools."""
    return POOLED[found.settings.pooling] if stage == "pooled" else STAGES[stage]


def stage_number(found: Trace, place: tuple[int, int], stage: str) -> str:
    """Return the number below a stage, with its symbol."""
    s, at = found.settings, found.positions(place[1])
    if stage == "one_hot":
        return minus(f"bases {at[0] + 1} to {at[-1] + 1}")
    if stage == "windows":
        return f"y = {brief(found.scores[place])}"
    if stage == "map":
        return f"h = {brief(found.maps[place])}"
    if stage == "pooled":
        count = found.features.size
        if s.layers == 2 or found.features.shape[1] > 1:
            return f"{count} number{'s' if count > 1 else ''}"
        return f"a = {brief(found.features[found.filter, 0])}"
    return f"z = {brief(found.logit)}" if stage == "dense" else f"ŷ = {found.probability:.2f}"


def _drawings(found: Trace, place: tuple[int, int]) -> dict[str, str]:
    read = found.read(*place)
    hero = found.filter if found.settings.layers == 1 else None
    features = found.features if found.features.shape[1] == 1 else found.features[[hero or 0]].T
    marked = hero if found.features.shape[1] == 1 else None
    return {
        "one_hot": _one_hot(found, place[1]),
        "windows": _filter(found.weights, read),
        "map": _bars(found.maps.max(axis=0), place[1]),
        "pooled": _bars(features[:, 0], marked),
        "dense": _bars(found.contributions, hero),
        "sigmoid": _sigmoid(found.logit),
    }


def _rows(columns: int) -> tuple[float, float, str]:
    """Size of the cells of a matrix with a row for each base, and the letters of the rows."""
    high = _HEIGHT / 4
    letters = (
        svg_text(5, high * (i + 0.75), base, "middle", base_look(base))
        for i, base in enumerate(BASES)
    )
    return (_WIDTH - _LEFT - 1) / columns, high, "".join(letters)


def _one_hot(found: Trace, window: int) -> str:
    """The bases around a window as columns, and a frame around it."""
    at, length = found.positions(window), found.x.shape[1]
    span = int(at[-1] - at[0]) + 1
    columns = max(span, min(_COLUMNS, length))
    first = int(at[0]) - (columns - span) // 2
    first = min(max(first, min(0, int(at[0]))), max(length - columns, int(at[-1]) + 1 - columns))
    wide, high, letters = _rows(columns)
    cells = []
    for i in range(max(first, 0), min(first + columns, length)):
        for base in np.flatnonzero(found.x[:, i]):
            fill = f'fill="{BASE_COLOURS[BASES[base]]}"'
            cells.append(svg_rect(_LEFT + (i - first) * wide, base * high, wide, high, fill))
    edge = f'style="stroke:{LINE}" fill="none"'
    frame = f'stroke="{ACCENT}" stroke-width="2" fill="none"'
    return (
        letters
        + "".join(cells)
        + svg_rect(_LEFT, 0.5, columns * wide, _HEIGHT - 1, edge)
        + svg_rect(_LEFT + (at[0] - first) * wide, 1, span * wide, _HEIGHT - 2, frame)
    )


def _filter(weights: np.ndarray, read: np.ndarray) -> str:
    """The weights, coloured by sign, with a frame around those that the window selects."""
    wide, high, letters = _rows(len(weights))
    top = max(np.abs(weights).max(), 1e-12)
    cells, frames = [], []
    for (k, base), value in np.ndenumerate(weights):
        at = _LEFT + k * wide, base * high
        cells.append(svg_rect(*at, wide, high, signed_fill(value, 0.9 * abs(value) / top)))
        if read[k, base]:
            look = f'style="stroke:{TEXT}" fill="none"'
            frames.append(svg_rect(at[0] + 0.5, at[1] + 0.5, max(wide - 1, 1), high - 1, look))
    return letters + svg_group(cells) + svg_group(frames)


def _bars(values: Sequence[float], marked: int | None) -> str:
    """Numbers as bars up or down from zero, one of them marked."""
    values = np.asarray(values, dtype=float)
    share = -(-len(values) // _BARS)
    groups = [values[i : i + share] for i in range(0, len(values), share)]
    shown = [float(group[np.abs(group).argmax()]) for group in groups]
    if marked is not None:
        shown[marked // share] = float(values[marked])
    low, high = min(0.0, *shown), max(0.0, *shown)
    scale = Scale.between((low, high if high > low else low + 1), 4, _HEIGHT - 8)
    wide = _WIDTH / len(shown)
    bars = []
    for i, value in enumerate(shown):
        here = marked is not None and i == marked // share
        look = f'fill="{ACCENT}"' if here else signed_fill(value, 0.9)
        thick = min(max(wide * 0.8, 2.5 if here else 0.5), 14)
        middle = min(max((i + 0.5) * wide, thick / 2), _WIDTH - thick / 2)
        bars.append(scale.bar(middle, thick, value, look, least=1))
    line = svg_path(f"M0 {scale.zero:.1f}H{_WIDTH}", f'style="stroke:{LINE}"')
    return line + "".join(bars)


def _sigmoid(logit: float) -> str:
    """The curve from logit to probability, with the point of this sequence."""
    scale = Scale.between((0, 1), 6, _HEIGHT - 12)
    z = np.linspace(-_LIMIT, _LIMIT, 41)
    x = (z + _LIMIT) / (2 * _LIMIT) * (_WIDTH - 12) + 6
    curve = "M" + "L".join(f"{a:.1f} {scale.y(b):.1f}" for a, b in zip(x, sigmoid(z), strict=True))
    here = (min(max(logit, -_LIMIT), _LIMIT) + _LIMIT) / (2 * _LIMIT) * (_WIDTH - 12) + 6
    axes = f"M0 {scale.zero:g}H{_WIDTH}M{_WIDTH / 2:g} {scale.zero:g}V6"
    return (
        svg_path(axes, f'style="stroke:{LINE}"')
        + svg_path(curve, f'stroke="{SEQUENTIAL}" stroke-width="2"')
        + f'<circle cx="{here:.1f}" cy="{scale.y(float(sigmoid(logit))):.1f}" r="5" '
        f'fill="{ACCENT}"/>'
    )
