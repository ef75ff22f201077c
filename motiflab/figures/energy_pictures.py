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
from motiflab.motifs.energy import occupancy
from motiflab.sequences.matrix import check_matrix

_KCAL = "kcal/mol"


def occupancy_chart(
    mu: float,
    beta: float,
    sites: Sequence[tuple[str, float]],
    shares: ArrayLike,
    limit: float,
) -> Figure:
    """Draw how often a site is bound against its energy, over the energies of random sites.

    Parameters
    ----------
    mu, beta : float
        In kcal/mol and mol/kcal.
    sites : sequence of (str, float)
        Two sites to mark: what to call each, and its energy.
    shares : array_like, shape (bins,)
        Share of the random sites in each of the bins that divide 0 to `limit` evenly.
    limit : float
        Where the axis of the energies ends, in kcal/mol.

    Returns
    -------
    plotly.graph_objects.Figure

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
    # The lower bars stand before the others: what is left of those is not bound.
    random = bars(middles, shares, "random sites", GREY, width=width, opacity=0.4)
    bound = shares * occupancy(middles, mu, beta)
    taken = bars(middles, bound, "of them bound", SEQUENTIAL, width=width)
    curve = line(energies, occupancy(energies, mu, beta), "P(bound)", ACCENT, width=2.5)
    # The names of two sites that lie close together would cover each other at one height.
    crowded = abs(sites[0][1] - sites[1][1]) < 0.25 * limit
    edge = {"color": GREY, "width": 2.5}
    label = {"showarrow": False, "xanchor": "left", "font": {"size": 11}}
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
        axis("probability, share", (0, 1.03), dtick=0.25),
        "E %{x:.2f} kcal/mol<br>%{y:.3f}",
        height=290,
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
        HTML; the numbers are in it again as a table for a screen reader.

    Examples
    --------
    >>> "you edit this" in view_html([[0, 1, 1, 1]], "energies", "Energies", "e", edited=True)
    True
    """
    matrix = check_matrix("matrix", matrix)
    # Probabilities are at most 1, energies and weights may be of any size.
    limit = 1.0 if view == "probabilities" else round_up(max(1.0, np.abs(matrix).max()))
    mark = f" <b style='color:{ACCENT}'>you edit this</b>" if edited else ""
    return motif_matrix_html(matrix, title, uid, limit, mark=mark)


def saturation_chart(
    mus: ArrayLike, bits: ArrayLike, divergences: ArrayLike, mu: float, top: float
) -> Figure:
    """Draw the information of the bound sites' logo, and how far it is from Boltzmann's.

    Parameters
    ----------
    mus : array_like, shape (n,)
        Chemical potentials in kcal/mol above the best site.
    bits, divergences : array_like, shape (n,)
        Information of the bound sites' PPM, and its divergence from the Boltzmann PPM, in bits.
    mu : float
        Where the learner is.
    top : float
        Where the axis of the bits ends.

    Returns
    -------
    plotly.graph_objects.Figure

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
        "What the logo knows",
        [
            key(lines[0], f"information of the bound sites {now[0]:.2f}"),
            key(lines[1], f"divergence from Boltzmann {now[1]:.2f}"),
        ],
        axis(f"μ above the best site ({_KCAL})", (float(np.min(mus)), float(np.max(mus)))),
        axis("bits in all", (0, top)),
        "μ %{x:.1f} kcal/mol<br>%{y:.2f} bits",
    )


def agreement_chart(weights: ArrayLike, energies: ArrayLike) -> Figure:
    """Draw log-odds against fitted energies, both centred, one colour and symbol for a base.

    Parameters
    ----------
    weights : array_like, shape (K, 4)
        Log-odds in nats, each position with mean 0.
    energies : array_like, shape (K, 4)
        In kcal/mol, each position with mean 0.

    Returns
    -------
    plotly.graph_objects.Figure

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
        axis("log-odds, centred (nats)", (-2.6, 2.6), dtick=1, zeroline=True),
        "energy %{x:.2f} kcal/mol<br>log-odds %{y:.2f}",
        height=300,
    )
