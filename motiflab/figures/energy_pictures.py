"""Pictures of binding energies: the views of a motif, occupancy, saturation, agreement."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from motiflab.figures.chart_parts import (
    GREY,
    Figure,
    axis,
    bars,
    base_points,
    figure,
    key,
    line,
    points,
    upright,
)
from motiflab.figures.heatmap import motif_matrix_html
from motiflab.figures.style import ACCENT, SEQUENTIAL, round_up
from motiflab.figures.svg import (
    NARROW,
    Ruler,
    Scale,
    axis_lines,
    axis_name,
    next_base,
    sequence_row,
    svg_path,
    svg_picture,
    svg_text,
    text_width,
    touch_areas,
)
from motiflab.motifs.energy import occupancy
from motiflab.sequences.alphabet import BASES
from motiflab.sequences.matrix import check_matrix

_KCAL = "kcal/mol"
_WIDTH, _LEFT, _RIGHT, _GROUND, _DEPTH = 570, 40, 8, 54, 56  # pixels


def occupancy_chart(
    mu: float,
    beta: float,
    sites: Sequence[tuple[str, float]],
    shares: ArrayLike,
    limit: float,
) -> Figure:
    """Draw the occupancy of a site against its energy, and the energies of random sites.

    Parameters
    ----------
    mu, beta : float
        In kcal/mol and mol/kcal.
    sites : sequence of (str, float)
        Two sites to mark: name and energy of each.
    shares : array_like, shape (bins,)
        Share of the random sites in each of the bins that divide 0 to `limit` evenly.
    limit : float
        End of the energy axis, in kcal/mol.

    Returns
    -------
    Figure

    Examples
    --------
    >>> chart = occupancy_chart(1.0, 1.7, [("best", 0.0), ("yours", 2.0)], [0.4, 0.6], 4.0)
    >>> [trace.name for trace in chart.data], chart.layout.xaxis.range
    (['random sites', 'of them bound', 'P(bound)', 'best', 'yours'], (-0.1, 4.0))
    """
    shares = np.asarray(shares, dtype=float)
    middles = (np.arange(len(shares)) + 0.5) * limit / len(shares)
    energies = np.linspace(0, limit, 121)
    width = 0.9 * limit / len(shares)
    # The lower bars are in front of the others: the visible rest of those is not bound.
    random = bars(middles, shares, "random sites", GREY, width=width, opacity=0.4)
    bound = shares * occupancy(middles, mu, beta)
    taken = bars(middles, bound, "of them bound", SEQUENTIAL, width=width)
    curve = line(energies, occupancy(energies, mu, beta), "P(bound)", ACCENT, width=2.5)
    # Names of two sites with similar energies would overlap at the same height.
    crowded = abs(sites[0][1] - sites[1][1]) < 0.25 * limit
    edge = {"color": GREY, "width": 2.5}
    label = {"showarrow": False, "xanchor": "left", "font": {"size": 12}}
    places = [(name, e, float(occupancy(e, mu, beta))) for name, e in sites]
    marks = [
        points([e], [y], name, "rgba(0,0,0,0)", symbol=symbol, size=11, line=edge)
        for (name, e, y), symbol in zip(places, ("circle", "diamond"))
    ]
    labels = [
        label | {"x": e, "y": y, "text": name, "yshift": shift}
        for (name, e, y), shift in zip(places, (28 if crowded else 14, 14))
    ]
    return figure(
        [random, taken, curve, *marks],
        "Occupancy against energy",
        [key(curve), key(random), key(taken)],
        axis(f"energy above the best site ({_KCAL})", (-0.025 * limit, limit)),
        axis("share", (0, 1.03), dtick=0.5),
        "E %{x:.2f} kcal/mol<br>%{y:.3f}",
        height=165,
        drag="mu",
        barmode="overlay",
        annotations=labels,
        # At mu, half of the sites are bound.
        shapes=[upright(mu, ACCENT, 0.5, width=1.5, dash="dot")] if 0 <= mu <= limit else [],
    )


def occupancy_text(mu: float, beta: float, sites: Sequence[tuple[str, float]]) -> str:
    """Say what `occupancy_chart` shows, from the same arguments.

    Parameters
    ----------
    mu, beta, sites
        As for `occupancy_chart`.

    Examples
    --------
    >>> occupancy_text(1.0, 1.7, [("best", 0.0), ("yours", 1.0)])
    'Occupancy falls from 0.85 at energy 0, through 0.50 at 1.0 kcal/mol. best: 0.85; yours: 0.50.'
    """
    said = "; ".join(f"{name}: {float(occupancy(e, mu, beta)):.2f}" for name, e in sites)
    middle = f", through 0.50 at {mu:.1f} kcal/mol" if mu >= 0 else ""
    top = float(occupancy(0.0, mu, beta))
    return f"Occupancy falls from {top:.2f} at energy 0{middle}. {said}."


def landscape_svg(
    sequence: str,
    energies: ArrayLike,
    width: int,
    mu: float,
    bound: float,
    uid: str,
    narrow: bool = False,
) -> str:
    """Draw the energy at each place of a sequence, and the protein on its best window.

    The protein lies where the energy is lowest. The more often that window is bound, the more
    opaque is the protein.

    Parameters
    ----------
    sequence : str
        At most 200 bases; they are written if there is room.
    energies : array_like, shape (L - K + 1,)
        Energy of the window that starts at each position, in kcal/mol above the best site.
    width : int
        ``K``, the bases of a window.
    mu : float
        In the same units: a window of this energy is bound half of the time.
    bound : float
        Occupancy of the best window, from 0 to 1.
    uid : str
        A letter, then letters, digits and hyphens; different for each picture on a page.
    narrow : bool
        Draw narrower columns; see `motiflab.figures.svg.fitted`.

    Examples
    --------
    >>> svg = landscape_svg("ACGT", [2.0, 0.5, 3.0], 2, mu=1.0, bound=0.7, uid="e")
    >>> "the protein lies on CG at position 1" in svg, svg.count("<text")
    (True, 9)
    """
    energies = np.asarray(energies, dtype=float)
    start = int(energies.argmin())
    wide = NARROW if narrow else _WIDTH
    ruler = Ruler(_LEFT, min(22.0, (wide - _LEFT - _RIGHT) / len(sequence)))
    top = float(np.ceil(max(energies.max(), mu, 1.0)))
    low = float(min(0.0, np.floor(mu)))
    scale = Scale.between((low, top), _GROUND, _DEPTH)
    right = ruler.x(len(sequence))
    # The energy of a window is drawn over its middle.
    steps = "".join(f"V{scale.y(e):.1f}h{ruler.unit:.2f}" for e in energies.tolist())
    begin = ruler.x((width - 1) / 2)
    shape = f"M{begin:.1f} {scale.y(energies[0]):.1f}{steps}"
    site = sequence[start : start + width]
    words = f"{100 * bound:.0f} %"
    told, middle = f"bound {words}", ruler.x(start + width / 2)
    protein = (
        f'rx="9" fill="{ACCENT}" fill-opacity="{0.08 + 0.6 * bound:.2f}" stroke="{ACCENT}" '
        'stroke-width="1.5"'
    )
    letters = sequence_row(ruler, 36, sequence) if ruler.unit > 8 else ""
    clicked = touch_areas(
        (
            ruler.span(i, i + 1, 20, 22, next_base(sequence, i))
            for i, base in enumerate(sequence)
            if base in BASES
        ),
        "Click a base to change it to the next one, or type in the field Sequence",
    )
    return svg_picture(
        ruler.span(start, start + width, 20, 22, protein)
        + letters
        + svg_text(min(middle, wide - text_width(told) / 2), 13, told, "middle")
        + axis_lines(scale, _LEFT, right, (low, top), sorted({low, 0.0, top}))
        + axis_name(_GROUND + _DEPTH / 2, _KCAL)
        + svg_path(shape, f'stroke="{SEQUENTIAL}" stroke-width="2"')
        + svg_path(
            f"M{_LEFT} {scale.y(mu):.1f}H{right:.1f}",
            f'stroke="{ACCENT}" stroke-width="1.5" stroke-dasharray="3 3"',
        )
        + svg_text(right - 4, scale.y(mu) - 4, "μ", "end")
        + svg_path(f"M{middle:.1f} 43V{scale.y(energies[start]):.1f}", f'stroke="{ACCENT}"')
        + clicked,
        "Energy of each window of the sequence, and the protein on the best",
        f"Energies from {energies.min():.2f} to {energies.max():.2f} kcal/mol; the protein lies on "
        f"{site} at position {start}, bound {words} of the time.",
        uid,
        (wide, _GROUND + _DEPTH + 6),
    )


def view_html(matrix: ArrayLike, view: str, title: str, uid: str, edited: bool) -> str:
    """Show one of the four views of a motif as a grid of numbers under its name.

    Parameters
    ----------
    matrix : array_like, shape (K, 4)
    view : str
        One of `motiflab.motifs.energy.NAMES`: probabilities are coloured from 0 to 1.
    title : str
        What the numbers are, with their unit.
    uid : str
        See `motiflab.figures.heatmap.heatmap_svg`.
    edited : bool
        Whether to say that this is the view being edited.

    Returns
    -------
    str
        HTML, which includes the numbers as a table for a screen reader.

    Examples
    --------
    >>> "you edit this" in view_html([[0, 1, 1, 1]], "energies", "Energies", "e", edited=True)
    True
    """
    matrix = check_matrix("matrix", matrix)
    # Probabilities are at most 1, energies and weights may be of any size.
    limit = 1.0 if view == "probabilities" else round_up(max(1.0, np.abs(matrix).max()))
    mark = f" <b style='border-bottom:3px solid {ACCENT}'>you edit this</b>" if edited else ""
    return motif_matrix_html(matrix, title, uid, limit, mark=mark)


def saturation_chart(
    mus: ArrayLike, bits: ArrayLike, divergences: ArrayLike, mu: float, top: float
) -> Figure:
    """Draw the information of the logo of bound sites, and its divergence from Boltzmann's.

    Parameters
    ----------
    mus : array_like, shape (n,)
        Chemical potentials in kcal/mol above the best site.
    bits, divergences : array_like, shape (n,)
        Information of the bound sites' PPM, and its divergence from the Boltzmann PPM, in bits.
    mu : float
        The current chemical potential.
    top : float
        End of the axis of the bits.

    Returns
    -------
    Figure

    Examples
    --------
    >>> chart = saturation_chart([0, 1, 2], [6, 4, 1], [0, 1, 3], 1.0, 7.0)
    >>> [float(trace.y[0]) for trace in chart.data[2:]]
    [4.0, 1.0]
    """
    lines = [
        line(mus, bits, "information", SEQUENTIAL, width=2.5),
        line(mus, divergences, "divergence", GREY, dash="dash"),
    ]
    now = [float(np.interp(mu, mus, values)) for values in (bits, divergences)]
    return figure(
        [*lines, *(points([mu], [y], "now", ACCENT, size=10) for y in now)],
        "What the logo shows",
        [
            key(lines[0], f"information of the bound sites {now[0]:.2f}"),
            key(lines[1], f"divergence from Boltzmann {now[1]:.2f}"),
        ],
        axis(f"μ above the best site ({_KCAL})", (float(np.min(mus)), float(np.max(mus)))),
        axis("bits in all", (0, top)),
        "μ %{x:.1f} kcal/mol<br>%{y:.2f} bits",
        height=180,
        drag="mu",
    )


def agreement_chart(weights: ArrayLike, energies: ArrayLike) -> Figure:
    """Draw log-odds against fitted energies, both centred, with a colour and symbol per base.

    Parameters
    ----------
    weights : array_like, shape (K, 4)
        Log-odds in nats, each position with mean 0.
    energies : array_like, shape (K, 4)
        In kcal/mol, each position with mean 0.

    Returns
    -------
    Figure

    Examples
    --------
    >>> chart = agreement_chart([[1, 0, 0, -1]], [[-1, 0, 0, 1]])
    >>> [trace.name for trace in chart.data]
    ['A', 'C', 'G', 'T']
    """
    traces = base_points(check_matrix("energies", energies), check_matrix("weights", weights))
    return figure(
        traces,
        "Each base of each position",
        map(key, traces),
        axis(f"fitted energy, centred ({_KCAL})", (-1.4, 1.4), dtick=0.5, zeroline=True),
        axis("log-odds (nats)", (-2.6, 2.6), dtick=1, zeroline=True),
        "energy %{x:.2f} kcal/mol<br>log-odds %{y:.2f}",
        height=180,
    )
