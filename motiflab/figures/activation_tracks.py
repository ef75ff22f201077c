"""Activation of a filter along a few sequences, as SVG and as an HTML table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from motiflab.figures.numbers import minus, written
from motiflab.figures.style import SEQUENTIAL, round_up
from motiflab.figures.svg import (
    AXIS,
    BOLD,
    FAINT,
    MARK,
    MIDDLE,
    NARROW,
    Ruler,
    Scale,
    svg_group,
    svg_path,
    svg_picture,
    svg_text,
    text_width,
)
from motiflab.figures.tables import TURNED, html_table
from motiflab.layers.convolution import index_map
from motiflab.networks.winning_window import highest_windows

_WIDTH, _HEAD, _AXIS, _RIGHT = 590, 150, 30, 12  # pixels before scaling
_AREA, _LABEL, _GAP, _BOTTOM = 36, 13, 12, 30
_FINEST = 600  # largest number of steps: more would be finer than a pixel


class MarkedSite(NamedTuple):
    """A planted site: motif, first base (inclusive, from 0), last base (exclusive), strand."""

    motif: str
    start: int
    end: int
    strand: str


@dataclass(frozen=True, eq=False)
class Track:
    """One sequence, and the activation of one filter along it.

    Attributes
    ----------
    name : str
    label : int
        1 for a positive, 0 for a negative.
    probability : float
        Prediction of the network, 0 to 1.
    length : int
        Bases of the sequence, ``L``.
    activation : ndarray, shape (M,)
        Activation of each window; window ``j`` begins at base ``j * stride - padding``.
    sites : tuple of MarkedSite
        The planted sites, if known.
    """

    name: str
    label: int
    probability: float
    length: int
    activation: np.ndarray
    sites: tuple[MarkedSite, ...] = ()


def activation_tracks_svg(
    tracks: Sequence[Track],
    span: int,
    stride: int = 1,
    padding: int = 0,
    filter_name: str = "Filter",
    uid: str = "tracks",
    narrow: bool = False,
) -> str:
    """Draw the activation of one filter along sequences, one below the other.

    The activation of a window is drawn over its middle. All rows share both scales. The window of
    the maximum is shaded, planted sites are bracketed. In a sequence with more than 600 windows,
    neighbouring windows are drawn together as their maximum.

    Parameters
    ----------
    tracks : sequence of Track
        At least one.
    span : int
        Bases from the first to the last of a window, ``D(K - 1) + 1``.
    stride, padding : int
        ``S`` and ``P`` of the convolution.
    filter_name : str
        Name in the title.
    uid : str
        A letter, then letters, digits and hyphens; different for each picture on a page.
    narrow : bool
        Write the name of a sequence above its row; see `motiflab.figures.svg.fitted`.

    Returns
    -------
    str
        An ``<svg>`` element.

    Examples
    --------
    >>> site = MarkedSite("GATA1", 3, 7, "+")
    >>> track = Track("first", 1, 0.93, 10, np.array([0, 0, 0.5, 4, 0.5, 0, 0]), (site,))
    >>> svg = activation_tracks_svg([track], span=4)
    >>> "GATA1 +" in svg, "predicted 0.93" in svg
    (True, True)
    """
    if not tracks:
        raise ValueError("tracks must hold at least one sequence, got none.")
    longest = max(track.length for track in tracks)
    width, left = (NARROW, 42) if narrow else (_WIDTH, _HEAD + _AXIS)
    ruler = Ruler(left, (width - left - _RIGHT) / longest)
    values = np.concatenate([track.activation for track in tracks])
    high = round_up(values.max()) if values.max() > 0 else 1.0
    low = -round_up(-values.min()) if values.min() < 0 else 0.0
    parts, y = [], 0
    for track in tracks:
        levels = _levels(track.sites, ruler, narrow)
        above = 6 + _LABEL * max((level + 1 for _, level in levels), default=0)
        if narrow:
            parts.append(_head_above(track, y))
            y += 30
        y += above
        parts += [
            "" if narrow else _head(track, y),
            _sites(track.sites, levels, y, ruler),
            _activation(track, span, stride, padding, y, ruler, low, high),
            # The numbers are inside the row, so that those of two rows do not collide.
            svg_path(f"M{left} {y}v{_AREA}H{ruler.x(track.length):.1f}", AXIS),
            svg_text(left - 4, y + 8, f"{high:g}", "end"),
            svg_text(left - 4, y + _AREA, minus(f"{low:g}"), "end"),
        ]
        y += _AREA + _GAP
    height = y + _BOTTOM
    return svg_picture(
        "".join(parts) + _positions(longest, ruler, height, 6 if narrow else 12),
        f"Activation of {filter_name} along sequences",
        " ".join(_in_words(track, span, stride, padding) for track in tracks),
        uid,
        (width, height),
        scaled=True,
        style=f"min-width:{width}px;max-width:{1.3 * width:.0f}px" if narrow else "",
    )


def activation_tracks_table(
    tracks: Sequence[Track], span: int, stride: int = 1, padding: int = 0
) -> str:
    """The same as an HTML table: for each sequence the best window and the planted sites.

    Parameters
    ----------
    tracks, span, stride, padding
        As for `activation_tracks_svg`.

    Examples
    --------
    >>> track = Track("first", 1, 0.93, 10, np.array([0, 0, 0.5, 4, 0.5, 0, 0]))
    >>> "<td>bases 3 to 7</td>" in activation_tracks_table([track], span=4)
    True
    """
    rows = (
        (
            track.name,
            _class(track),
            f"{track.probability:.2f}",
            written(track.activation.max(), 2),
            _peak(track, span, stride, padding),
            _site_words(track) or "none known",
        )
        for track in tracks
    )
    return html_table(
        "Activation along sequences; bases count from 0, the last is exclusive",
        ["Sequence", "Class", "Predicted", "Largest activation", "Its window", "Planted sites"],
        rows,
        TURNED,
    )


def best_window(track: Track, stride: int = 1, padding: int = 0) -> int:
    """First base of the window with the largest activation, from 0; negative in the padding."""
    return int(highest_windows(track.activation[None], stride, padding).start)


def _peak(track: Track, span: int, stride: int, padding: int) -> str:
    """The window with the largest activation, in words."""
    start = best_window(track, stride, padding)
    return f"bases {start} to {start + span}"


def _head(track: Track, y: float) -> str:
    """Name, class, prediction and maximum, at the left of a row."""
    name = track.name if len(track.name) <= 20 else track.name[:19] + "…"
    return (
        svg_text(0, y + 4, name, look=BOLD)
        + svg_text(0, y + 19, f"{_class(track)}, predicted {track.probability:.2f}")
        + svg_text(0, y + 33, f"largest {written(track.activation.max(), 2)}", look=FAINT)
    )


def _head_above(track: Track, y: float) -> str:
    """The same in two lines over a row of a narrow picture."""
    words = f"{_class(track)}, predicted {track.probability:.2f}"
    largest = f", largest {written(track.activation.max(), 2)}"
    name = track.name if len(track.name) <= 38 else track.name[:37] + "…"
    return svg_text(0, y + 12, name, look=BOLD) + svg_text(0, y + 27, words + largest)


def _activation(track, span, stride, padding, y, ruler, low, high) -> str:
    """The area of the activation over the shaded window of its maximum."""
    values, scale = track.activation, Scale.between((low, high), 0, _AREA)
    block = math.ceil(len(values) / _FINEST)
    blocks = np.maximum.reduceat(values, np.arange(0, len(values), block))
    steps = "".join(f"V{scale.y(value):.1f}h1" for value in blocks.tolist())
    start = best_window(track, stride, padding)
    # A step of one stride around the middle of the first window.
    begin = (index_map(0, 0, stride, padding) + (span - stride) / 2) * ruler.unit
    # An inner svg, because it clips the padding.
    inner = Ruler(0, ruler.unit)
    return (
        f'<svg x="{ruler.zero}" y="{y}" width="{inner.x(track.length):.1f}" height="{_AREA}" '
        f'fill="{SEQUENTIAL}">'
        + inner.span(start, start + span, 0, _AREA, 'fill-opacity=".25"')
        + f'<path transform="translate({begin:.2f})scale({stride * block * ruler.unit:.4f} 1)" '
        f'd="M0 {_AREA}{steps}V{_AREA}Z"/></svg>'
    )


def _levels(sites, ruler: Ruler, narrow: bool) -> list[tuple[float, int]]:
    """Middle and level of each site's label, so that no two labels overlap."""
    ends, placed = [], []
    for site in sites:
        words = _site_label(site)  # half of its width is estimated
        half = text_width(words) / 2 if narrow else 3.2 * len(words)
        middle = ruler.x((site.start + site.end) / 2)
        middle = min(max(middle, ruler.zero + half), (NARROW if narrow else _WIDTH) - half)
        # The lowest level whose last label ends left of this one, or else a new level.
        level = next((i for i, end in enumerate(ends) if end <= middle - half), len(ends))
        ends[level : level + 1] = [middle + half]
        placed.append((middle, level))
    return placed


def _sites(sites, levels, y: float, ruler: Ruler) -> str:
    """A bracket over each planted site, with its label and, if that is higher, a line to it."""
    return "".join(
        svg_path(
            ruler.bracket(site.start, site.end, y - 1) + f"M{middle:.1f} {y - 5}v{-level * _LABEL}",
            MARK,
        )
        + svg_text(middle, y - 8 - level * _LABEL, _site_label(site), "middle")
        for site, (middle, level) in zip(sites, levels)
    )


def _positions(longest: int, ruler: Ruler, height: float, most: int) -> str:
    """Numbers and title of the axis along the sequence."""
    step = max(int(round_up(longest / most)), 1)
    words = "position in the sequence (bases, from 0)"
    return svg_group(
        [
            *(svg_text(ruler.x(i), height - 18, f"{i:,}") for i in range(0, longest + 1, step)),
            svg_text(ruler.x(longest / 2), height - 3, words, look=FAINT),
        ],
        MIDDLE,
    )


def _site_label(site: MarkedSite) -> str:
    return f"{site.motif} {minus(site.strand)}"


def _site_words(track: Track) -> str:
    return ", ".join(f"{_site_label(site)} at {site.start} to {site.end}" for site in track.sites)


def _class(track: Track) -> str:
    return "positive" if track.label else "negative"


def _in_words(track: Track, span: int, stride: int, padding: int) -> str:
    planted = f"; planted {_site_words(track)}" if track.sites else ""
    return (
        f"{track.name}, {_class(track)}, predicted {track.probability:.2f}: largest "
        f"{written(track.activation.max(), 2)} at {_peak(track, span, stride, padding)}{planted}."
    )
