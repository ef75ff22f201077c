"""Compare the energies of CRP, fitted to a sort-seq experiment, with the log-odds of its sites."""

from __future__ import annotations

from functools import cache

import numpy as np

from motiflab.datasets.published_sites import crp_energy_matrix, crp_sites
from motiflab.figures import agreement_chart, written
from motiflab.motifs import Motif, agreement, inverse_temperature
from motiflab.widgets import CardResult, CardState, Chart, Explorer, choice, slider, titled_logo

_sites = cache(crp_sites)
_energies = cache(crp_energy_matrix)


class CrpState(CardState):
    """What a learner can choose."""

    sites: int = slider(358, "Sites counted", 5, 358, 1, help="Drawn at random if fewer than 358")
    shift: int = slider(0, "Shift of the energies (positions)", -8, 8, 1)
    columns: str = choice(
        "measured", "Energies", [("as fitted", "measured"), ("shuffled", "shuffled")]
    )
    seed: int = slider(0, "Seed", 0, 50, 1, help="Selects the shuffle and the sites")

    def idle(self) -> list[str]:
        """Hide the seed if nothing is random."""
        drawn = self.sites < len(_sites()) or self.columns == "shuffled"
        return [] if drawn else ["seed"]


class CrpResult(CardResult):
    """Both matrices in their overlap, each position with mean 0.

    Attributes
    ----------
    weights : ndarray, shape (26 - |shift|, 4)
        Log-odds in nats, against a uniform background.
    energies : ndarray, shape (26 - |shift|, 4)
        In kcal/mol.
    r : float
        Correlation of the weights with the negative energies.
    """

    weights: np.ndarray
    energies: np.ndarray
    r: float


def compute(state: CrpState) -> CrpResult:
    """Count the sites, align the energies with them, centre both, and correlate."""
    rng = np.random.default_rng(state.seed)
    chosen = rng.permutation(len(_sites()))[: state.sites]
    weights = Motif.from_sites([_sites()[i] for i in chosen]).log_odds()
    energies = _energies()
    if state.columns == "shuffled":
        energies = energies[rng.permutation(len(energies))]
    # Only where the two matrices overlap after the shift.
    ahead, behind = max(0, state.shift), max(0, -state.shift)
    weights = weights[ahead : len(weights) - behind]
    energies = energies[behind : len(energies) - ahead]
    # A constant in a position has no meaning in either matrix, so it must not affect the result.
    weights, energies = (m - m.mean(axis=1, keepdims=True) for m in (weights, energies))
    return CrpResult(state, weights, energies, agreement(weights, energies))


def draw(result: CrpResult, uid: str) -> dict[str, str | Chart]:
    """Draw both matrices as logos, good bases up, and each number against its partner."""
    logos = (
        ("energies", -result.energies, "Energies, sign reversed: −ε, centred", 1.5, "−ε, kcal/mol"),
        ("weights", result.weights, "Log-odds of the sites, centred", 2.5, "nats"),
    )
    pictures: dict[str, str | Chart] = {
        name: titled_logo(
            values,
            "signed",
            title=title,
            uid=f"{uid}-{name}",
            limit=limit,
            unit=unit,
            height=108,
            first=max(0, result.state.shift),
        )
        for name, values, title, limit, unit in logos
    }
    pictures["pairs"] = Chart(
        agreement_chart(result.weights, result.energies),
        f"{result.weights.size} pairs of numbers; correlation {result.r:.3f}.",
    )
    return pictures


def describe(result: CrpResult) -> str:
    """Give the correlation, and say why the slope is no temperature."""
    w, e = result.weights.ravel(), result.energies.ravel()
    # Minus, as a good site has high log-odds and low energy.
    products, squares_w, squares_e = -(w @ e), w @ w, e @ e
    lines = "The two do not follow a common line."
    if result.r > 0.3:
        lines = (
            f"A line that predicts log-odds from energy falls by {products / squares_e:.2f} nats "
            f"per kcal/mol, a line fitted the other way round by {squares_w / products:.2f}; "
            f"1/RT is {inverse_temperature():.2f}. The two differ, so neither measures 1/RT."
        )
    return (
        f"<p>r = Σ W·(−ε) / √(Σ W² · Σ ε²) = {written(products, 2)} / √({squares_w:.1f} · "
        f"{squares_e:.2f}) = <b>{written(result.r, 3)}</b> over {len(result.weights)} positions "
        f"of 4 bases, each position centred. The energies were fitted to one sort-seq experiment, "
        "so agreement is a consistency check: it does not show that either matrix is right.</p>"
        f"<p>{lines}</p>"
    )


class CrpExplorer(Explorer):
    """Compare the energies of CRP, fitted to a sort-seq experiment, with log-odds of its sites.

    Their agreement is a consistency check: it does not show that either is right.

    Examples
    --------
    >>> f"{CrpExplorer().result.r:.2f}, shifted by one {CrpExplorer(shift=1).result.r:.2f}"
    '0.89, shifted by one 0.01'
    """

    State = CrpState
    title = "Do the sites of a genome agree with fitted energies?"
    goal = (
        "find the fewest sites that still give r above 0.8, and the best r that a shift or a "
        "shuffle can reach."
    )
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
