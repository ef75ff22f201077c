"""Where a filter fires: its activation along a few sequences, as SVG and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

import numpy as np

from motiflab.figures.style import FAINT_TEXT, FONT, LINE, SEQUENTIAL, TEXT, round_up
from motiflab.layers.convolution import index_map
from motiflab.networks.winning_window import highest_windows

_WIDTH, _HEAD, _AXIS, _RIGHT = 760, 140, 30, 18  # pixels before scaling
_AREA, _LABEL, _GAP, _BOTTOM = 36, 13, 12, 30
_FINEST = 600  # more steps than that would be finer than a pixel


class MarkedSite(NamedTuple):
    """A planted site: motif, first base (inclusive, from 0), last base (exclusive), strand."""

    motif: str
    start: int
    end: int
    strand: str


@dataclass(frozen=True, eq=False)
class Track:
    """One sequence, and what one filter makes of it.

    Attributes
    ----------
    name : str
    label : int
        1 for a positive, 0 for a negative.
    probability : float
        That the network predicts, 0 to 1.
    length : int
        Bases of the sequence, ``L``.
    activation : ndarray, shape (M,)
        Of the filter's windows; window ``j`` begins at base ``j * stride - padding``.
    sites : tuple of MarkedSite
        The planted ones, as far as they are known.
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
) -> str:
    """Draw the activation of one filter along sequences, one below the other.

    The activation of a window stands over the middle of the window. All rows share both scales.
    The window of the maximum is shaded, planted sites are bracketed. Of a sequence with more than
    600 windows, neighbours are drawn together as their maximum.

    Parameters
    ----------
    tracks : sequence of Track
        At least one.
    span : int
        Bases from the first to the last that a window covers, ``D(K - 1) + 1``.
    stride, padding : int
        Of the convolution, ``S`` and ``P``.
    filter_name : str
        For the title.
    uid : str
        A letter, then letters, digits and hyphens; another for each picture on a page.

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
    scale = (_WIDTH - _HEAD - _AXIS - _RIGHT) / longest
    left = _HEAD + _AXIS
    values = np.concatenate([track.activation for track in tracks])
    high = round_up(values.max()) if values.max() > 0 else 1.0
    low = -round_up(-values.min()) if values.min() < 0 else 0.0
    parts, y = [], 0
    for track in tracks:
        levels = _levels(track.sites, left, scale)
        y += 6 + _LABEL * max((level + 1 for _, level in levels), default=0)
        parts += [
            _head(track, y),
            _sites(track.sites, levels, y, left, scale),
            _activation(track, span, stride, padding, y, left, scale, low, high),
            f'<path d="M{left} {y}v{_AREA}h{track.length * scale:.1f}" fill="none" '
            f'style="stroke:{LINE}"/><g text-anchor="end"><text x="{left - 4}" y="{y + 8}">'
            f'{high:g}</text><text x="{left - 4}" y="{y + _AREA}">{_minus(low)}</text></g>',
        ]
        y += _AREA + _GAP
    height = y + _BOTTOM
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{uid}-t {uid}-d" '
        f'viewBox="0 0 {_WIDTH} {height}" style="width:100%;font:11px {FONT};fill:{TEXT}">'
        f'<title id="{uid}-t">Activation of {escape(filter_name)} along sequences</title>'
        f'<desc id="{uid}-d">{escape(_in_words(tracks, span, stride, padding))}</desc>'
        f"{''.join(parts)}{_positions(longest, left, scale, height)}</svg>"
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
    columns = ["Sequence", "Class", "Predicted", "Largest activation", "Its window"]
    head = "".join(f'<th scope="col">{column}</th>' for column in [*columns, "Planted sites"])
    rows = "".join(
        f'<tr><th scope="row">{escape(track.name)}</th><td>{_class(track)}</td>'
        f"<td>{track.probability:.2f}</td><td>{track.activation.max():.2f}</td>"
        f"<td>bases {start} to {start + span}</td>"
        f"<td>{escape(_site_words(track) or 'none known')}</td></tr>"
        for track in tracks
        for start in [best_window(track, stride, padding)]
    )
    return (
        "<table><caption>Activation along sequences; bases count from 0, the last is exclusive"
        f"</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def best_window(track: Track, stride: int = 1, padding: int = 0) -> int:
    """First base of the window with the largest activation, from 0; negative in the padding."""
    return int(highest_windows(track.activation[None], stride, padding).start)


def _head(track: Track, y: float) -> str:
    """Name, class, prediction and maximum, at the left of a row."""
    name = track.name if len(track.name) <= 20 else track.name[:19] + "…"
    return (
        f'<text y="{y + 4}" font-weight="bold">{escape(name)}</text>'
        f'<text y="{y + 19}">{_class(track)}, predicted {track.probability:.2f}</text>'
        f'<text y="{y + 33}" style="fill:{FAINT_TEXT}">largest {track.activation.max():.2f}</text>'
    )


def _activation(track, span, stride, padding, y, left, scale, low, high) -> str:
    """The area of the activation over the shaded window of its maximum."""
    values = track.activation
    block = -(-len(values) // _FINEST)
    blocks = np.maximum.reduceat(values, np.arange(0, len(values), block))
    pixels = _AREA / (high - low)
    steps = "".join(f"V{(high - value) * pixels:.1f}h1" for value in blocks.tolist())
    start = best_window(track, stride, padding)
    # A step of one stride around the middle of the first window.
    begin = (index_map(0, 0, stride, padding) + (span - stride) / 2) * scale
    # An inner svg, because it cuts off what lies in the padding.
    return (
        f'<svg x="{left}" y="{y}" width="{track.length * scale:.1f}" height="{_AREA}" '
        f'fill="{SEQUENTIAL}"><rect x="{start * scale:.1f}" width="{span * scale:.1f}" '
        f'height="{_AREA}" fill-opacity=".25"/><path transform="translate({begin:.2f})'
        f'scale({stride * block * scale:.4f} 1)" d="M0 {_AREA}{steps}V{_AREA}Z"/></svg>'
    )


def _levels(sites, left: float, scale: float) -> list[tuple[float, int]]:
    """Middle and level of each site's label, so that no two labels overlap."""
    ends, placed = [], []
    for site in sites:
        half = 3.2 * len(_site_label(site))  # half of the label's width, estimated
        middle = left + (site.start + site.end) / 2 * scale
        middle = min(max(middle, left + half), _WIDTH - half)
        level = next((i for i, end in enumerate(ends) if end <= middle - half), len(ends))
        ends[level : level + 1] = [middle + half]
        placed.append((middle, level))
    return placed


def _sites(sites, levels, y: float, left: float, scale: float) -> str:
    """A bracket over each planted site, with its label, and a line where that is higher up."""
    return "".join(
        f'<path d="M{left + site.start * scale:.1f} {y - 1}v-4H{left + site.end * scale:.1f}v4'
        f'M{middle:.1f} {y - 5}v{-level * _LABEL}" fill="none" style="stroke:{TEXT}"/>'
        f'<text x="{middle:.1f}" y="{y - 8 - level * _LABEL}" text-anchor="middle">'
        f"{escape(_site_label(site))}</text>"
        for site, (middle, level) in zip(sites, levels)
    )


def _positions(longest: int, left: float, scale: float, height: float) -> str:
    """Numbers and title of the axis along the sequence."""
    step = round_up(longest / 12)
    ticks = np.arange(0, longest + 1, max(int(step), 1)).tolist()
    numbers = "".join(
        f'<text x="{left + tick * scale:.1f}" y="{height - 18}">{tick:,}</text>' for tick in ticks
    )
    return (
        f'<g text-anchor="middle">{numbers}<text x="{left + longest * scale / 2:.1f}" '
        f'y="{height - 3}" style="fill:{FAINT_TEXT}">position in the sequence (bases, from 0)'
        "</text></g>"
    )


def _site_label(site: MarkedSite) -> str:
    return f"{site.motif} {_minus(site.strand)}"


def _site_words(track: Track) -> str:
    return ", ".join(f"{_site_label(site)} at {site.start} to {site.end}" for site in track.sites)


def _class(track: Track) -> str:
    return "positive" if track.label else "negative"


def _minus(value) -> str:
    return (value if isinstance(value, str) else f"{value:g}").replace("-", "−")


def _in_words(tracks: Sequence[Track], span: int, stride: int, padding: int) -> str:
    sentences = []
    for track in tracks:
        start = best_window(track, stride, padding)
        sites = _site_words(track)
        sentences.append(
            f"{track.name}, {_class(track)}, predicted {track.probability:.2f}: largest "
            f"{track.activation.max():.2f} at bases {start} to {start + span}"
            + (f"; planted {sites}." if sites else ".")
        )
    return " ".join(sentences)
