"""Explore one motif in four views: filter, log-odds, probabilities and energies; and occupancy."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from motiflab.figures import (
    bracketed,
    brief,
    captioned,
    equals,
    fitted,
    landscape_svg,
    occupancy_chart,
    occupancy_text,
    view_html,
    written,
)
from motiflab.motifs.energy import (
    NAMES,
    Views,
    energy_distribution,
    inverse_temperature,
    occupancy,
    site_energies,
    views_of,
)
from motiflab.sequences.alphabet import BASES, clean
from motiflab.sequences.encoding import gc_background
from motiflab.widgets import (
    CardResult,
    CardState,
    Chart,
    Explorer,
    blame,
    choice,
    matrix,
    slider,
    text,
    titled_logo,
)

TITLES = {
    "filter": "Filter W (nats)",
    "energies": "Energies ε (kcal/mol)",
    "log_odds": "Log-odds log(θ/q) (nats)",
    "probabilities": "Probabilities θ (PPM)",
}
_BINS = 24
# Positions 5 to 9 of the fitted energies of CRP, to one digit, the best base at 0.
_TGTGA = (
    (0.9, 0.4, 1.1, 0.0),
    (1.0, 1.5, 0.0, 0.9),
    (0.6, 0.8, 0.9, 0.0),
    (1.6, 1.7, 0.0, 1.2),
    (0.0, 0.6, 0.9, 1.0),
)


class EnergyState(CardState):
    """What a learner can choose. `numbers` are in the view that `edit_as` names."""

    edit_as: str = choice(
        "energies",
        "Edit as",
        [
            ("filter weights W", "filter"),
            ("log-odds", "log_odds"),
            ("probabilities (PPM)", "probabilities"),
            ("energies in kcal/mol", "energies"),
        ],
        group="The object",
    )
    numbers: tuple = matrix(_TGTGA, "Its numbers", -50, 50, 0.1, rows=(1, 8), group="The object")
    gc: float = slider(0.5, "GC of the background", 0.2, 0.8, 0.05, group="The world", rare=True)
    temperature: int = slider(
        298,
        "Temperature T (kelvin)",
        200,
        600,
        2,
        group="The world",
        rare=True,
        help="1/β = RT. A thought experiment: the numbers you edit stay as they are, but real free "
        "energies change with T, and no protein survives the ends of this range",
    )
    mu: float = slider(
        0.0,
        "μ above the best site (kcal/mol)",
        -6.0,
        10.0,
        0.1,
        group="The world",
        lead=True,
        help="Chemical potential: rises with the concentration of the free protein",
    )
    sequence: str = text(
        "ATATTGGTGATCCATAAAACAATATT",
        "Sequence",
        group="The world",
        lead=True,
        help="At least as long as one site. The default is real, from before the gene fixA",
    )


class EnergyResult(CardResult):
    """The four views of the motif, and the sites.

    Attributes
    ----------
    beta : float
        In mol/kcal.
    views : Views
    bias : float
        Bias of the filter, so that ``b + sum of W = beta (mu - E)``.
    windows : ndarray, shape (L - K + 1,)
        Energies of the windows of the sequence, above the best site.
    start : int
        First base of the best window of the sequence, from 0.
    site : str
        The bases of that window.
    shares : ndarray, shape (24,)
        Shares of random sites, in bins of the energy from 0 to `limit`.
    limit : float
    average : float
        Mean occupancy of random sites.
    """

    beta: float
    views: Views
    bias: float
    windows: np.ndarray
    start: int
    site: str
    shares: np.ndarray
    limit: float
    average: float


def compute(state: EnergyState) -> EnergyResult:
    """Compute the three views that were not edited, and the occupancies."""
    beta, q = inverse_temperature(state.temperature), gc_background(state.gc)
    with blame("numbers"):
        views = views_of(state.numbers, state.edit_as, beta, q)
    eps = views.energies
    with blame("sequence", "Sequence"):
        sequence = clean(state.sequence)
        windows = site_energies(sequence, eps)
    # The energies of all sites at once, on a fine grid; a sample would make the numbers jump.
    grid, probability = energy_distribution(eps, q, step=0.02)
    limit = max(2.0, 2.0 * np.ceil(eps.max(axis=1).sum() / 2 - 1e-9))
    start = int(windows.argmin())
    # The last bin includes its upper end.
    bins = np.minimum((grid / limit * _BINS).astype(int), _BINS - 1)
    return EnergyResult(
        state,
        beta,
        views,
        # b + sum of W = beta (mu - E), and E is 0 for the best site, where each W is the largest.
        beta * state.mu - views.filter.max(axis=1).sum(),
        windows,
        start,
        sequence[start : start + len(eps)],
        np.bincount(bins, probability, _BINS),
        limit,
        float(probability @ occupancy(grid, state.mu, beta)),
    )


def draw(result: EnergyResult, uid: str) -> dict[str, str | Chart]:
    """Draw the protein on its sequence, two logos, the occupancy, and the four views."""
    state, views = result.state, result.views
    titles = TITLES | {"filter": f"{TITLES['filter']}, bias b = {written(result.bias, 2)}"}
    eps = views.energies
    bound = float(occupancy(result.windows.min(), state.mu, result.beta))
    # The axis ends below the lowest stack, at an even number, so that it seldom changes.
    reach = 2 * np.ceil(-views.log_odds.clip(max=0).sum(axis=1).min() / 2 + 1e-9)
    look = {"height": 92, "first": 0}
    pictures: dict[str, str | Chart] = {
        "landscape": captioned(
            "<b>The protein on the sequence</b>, above the energy at each position",
            fitted(
                partial(
                    landscape_svg,
                    clean(state.sequence),
                    result.windows,
                    len(eps),
                    state.mu,
                    bound,
                ),
                f"{uid}-land",
            ),
        ),
        "signed": titled_logo(
            views.log_odds,
            "signed",
            title="Log-odds log(θ/q)",
            uid=f"{uid}-signed",
            limit=reach,
            unit="nats",
            **look,
        ),
        "bits": titled_logo(
            views.probabilities,
            "bits",
            gc_background(state.gc),
            title="Probabilities θ",
            uid=f"{uid}-bits",
            **look,
        ),
    } | {
        name: view_html(
            getattr(views, name), name, title, f"{uid}-{name}", edited=name == state.edit_as
        )
        for name, title in titles.items()
    }
    best = "".join(BASES[a] for a in eps.argmin(axis=1))
    sites = [(f"{best}, the best", 0.0), (f"{result.site}, yours", float(result.windows.min()))]
    pictures["occupancy"] = Chart(
        occupancy_chart(state.mu, result.beta, sites, result.shares, result.limit),
        occupancy_text(state.mu, result.beta, sites),
    )
    return pictures


def describe(result: EnergyResult) -> str:
    """Give energy, log-likelihood ratio and occupancy of the learner's best window."""
    state, codes = result.state, [BASES.find(base) for base in result.site]
    e = float(result.windows.min())
    bound, best = (float(occupancy(x, state.mu, result.beta)) for x in (e, 0.0))
    words = (
        f"<p>The best window of your sequence, <b>{result.site}</b> at position {result.start}, is "
        f"bound <b>{_percent(bound)}</b> of the time, the best possible site {_percent(best)}, a "
        f"random site {_percent(result.average)} on average.</p>"
    )
    occupied = (
        f"<p>P(bound | x) = σ(β(μ − E)) = σ({result.beta:.3f}·({written(state.mu, 2)} − {e:.2f})) "
        f"= σ({written(result.beta * (state.mu - e), 2)}) = <b>{bound:.3f}</b></p>"
    )
    if min(codes) < 0:  # energy and LLR are linearly related only for A, C, G and T
        return occupied + words
    parts, scores, weights = (
        view[np.arange(len(codes)), codes]
        for view in (result.views.energies, result.views.log_odds, result.views.filter)
    )
    score = result.bias + weights.sum()
    # LLR and energy differ by sign, scale and this constant: the largest LLR is at E = 0.
    zero = result.views.log_odds.max(axis=1).sum() / result.beta
    return (
        f"<p>E(x) = Σ ε = {_sum(parts)} {equals(parts, e, 2)} <b>{e:.2f} kcal/mol</b>, the same "
        f"as E₀ − LLR/β = {zero:.2f} − {1 / result.beta:.3f}·"
        f"{bracketed(written(scores.sum(), 2))}</p>"
        f"<p>Filter: s(x) = b + Σ W = {written(result.bias, 2)} + {_sum(weights)} "
        f"{equals([result.bias, *weights], score, 2)} <b>{written(score, 2)}</b></p>"
        f"{occupied}{words}"
    )


def _sum(terms: np.ndarray) -> str:
    return " + ".join(bracketed(written(term, 2)) for term in terms)


def _percent(share: float) -> str:
    return f"{brief(100 * share)} %"


class EnergyExplorer(Explorer):
    """Edit a motif as a filter, log-odds, probabilities or energies; the other views follow.

    Changing the edited view keeps the motif: its numbers are converted.

    Examples
    --------
    >>> explorer = EnergyExplorer(numbers=[[0.0, 1.0, 1.0, 1.0]], sequence="A")
    >>> explorer.set(edit_as="probabilities")
    >>> [round(p, 3) for p in explorer.state.numbers[0]]
    [0.643, 0.119, 0.119, 0.119]
    """

    State = EnergyState
    title = "Is a filter an energy?"
    goal = (
        "get the best site bound 95 % of the time, and random sites less than 2 % on average; if "
        "μ alone cannot do it, find out what else must change."
    )
    rows = (("signed", "bits"),)
    numbers = tuple(TITLES)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)

    def redraw(self) -> None:
        """Show the result, and beside the grid how its numbers were interpreted."""
        super().redraw()
        step = 0.1
        fill = (0.0,) * 4
        if self.state.edit_as == "probabilities":  # a new position must sum to 1
            step = 0.05
            fill = (0.25,) * 4
        # Assigned once: an intermediate value would reach the browser and stay in a new position.
        grid = self.controls["numbers"]
        grid.digits, grid.step, grid.fill = 3, step, fill
        self.say("numbers", self.result.views.note, "note")

    def _change(self, changes: dict[str, Any], moved: str = "") -> None:
        view = changes.get("edit_as", self.state.edit_as)
        # Numbers given together with a view are already in that view.
        converts = moved == "edit_as" or "numbers" not in changes
        if converts and view != self.state.edit_as and view in NAMES:
            # Nine digits: no visible difference, and 0.9 stays 0.9 after converting back.
            changes = changes | {
                "numbers": tuple(
                    tuple(float(f"{value:.9g}") for value in row)
                    for row in getattr(self.result.views, view)
                )
            }
        super()._change(changes, moved)
