"""Explore saturation: the logo of bound sites at increasing protein concentration."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from motiflab.datasets.published_sites import crp_energy_matrix
from motiflab.figures import brief, percent, saturation_chart, written
from motiflab.motifs import (
    boltzmann_ppm,
    bound_ppm,
    energy_distribution,
    information,
    inverse_temperature,
    occupancy,
    relative_entropy,
)
from motiflab.sequences.encoding import gc_background
from motiflab.widgets import CardResult, CardState, Chart, Explorer, choice, slider, titled_logo

_LOW, _HIGH = -4.0, 16.0
_BETA = inverse_temperature()


class SaturationState(CardState):
    """What a learner can choose."""

    motif: str = choice(
        "crp",
        "Energies",
        [("CRP, all 26 positions", "crp"), ("CRP, positions 5 to 9: TGTGA", "half")],
    )
    gc: float = slider(0.5, "GC of the background", 0.2, 0.8, 0.05, patient=True)
    mu: float = slider(
        0.0,
        "μ above the best site (kcal/mol)",
        _LOW,
        _HIGH,
        0.25,
        help="Chemical potential: rises with the concentration of the free protein",
    )


class SaturationResult(CardResult):
    """The PPM of the bound sites, Boltzmann's, and both along a range of mu.

    Attributes
    ----------
    boltzmann, bound : ndarray, shape (K, 4)
    bits, divergence : float
        Information of the bound sites and their divergence from Boltzmann's PPM, in bits.
    full : float
        Information of Boltzmann's PPM in bits.
    best, random, held : float
        Occupancy of the best site, of random sites on average, and of bound sites on average.
    curve : tuple of three ndarray, shape (n,)
        A range of mu, and information and divergence along it.
    """

    boltzmann: np.ndarray
    bound: np.ndarray
    bits: float
    divergence: float
    full: float
    best: float
    random: float
    held: float
    curve: tuple[np.ndarray, np.ndarray, np.ndarray]


def energies(motif: str) -> np.ndarray:
    """Fitted energies of CRP, of all positions or five, the best base of each at 0."""
    eps = crp_energy_matrix()[slice(5, 10) if motif == "half" else slice(None)]
    return eps - eps.min(axis=1, keepdims=True)


@lru_cache(maxsize=64)
def _curve(motif: str, gc: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Information and divergence along mu, which do not depend on the slider."""
    eps, q = energies(motif), gc_background(gc)
    boltzmann, mus = boltzmann_ppm(eps, _BETA, q), np.linspace(_LOW, _HIGH, 41)
    # A coarser grid than elsewhere: errors of a thousandth are smaller than a pixel.
    bound = [bound_ppm(eps, mu, _BETA, q, step=0.02) for mu in mus]
    return (
        mus,
        np.array([information(ppm, q).sum() for ppm in bound]),
        np.array([relative_entropy(ppm, boltzmann) * len(eps) for ppm in bound]),
    )


def compute(state: SaturationState) -> SaturationResult:
    """Compute the PPM of the bound sites."""
    eps, q = energies(state.motif), gc_background(state.gc)
    boltzmann = boltzmann_ppm(eps, _BETA, q)
    bound = bound_ppm(eps, state.mu, _BETA, q)
    grid, share = energy_distribution(eps, q)
    taken = occupancy(grid, state.mu, _BETA)
    return SaturationResult(
        state,
        boltzmann,
        bound,
        float(information(bound, q).sum()),
        relative_entropy(bound, boltzmann) * len(eps),
        float(information(boltzmann, q).sum()),
        float(occupancy(0.0, state.mu, _BETA)),
        float(share @ taken),
        # Bound sites occur in proportion to their occupancy, so their mean weights it once more.
        float(share @ taken**2 / (share @ taken)),
        _curve(state.motif, state.gc),
    )


def draw(result: SaturationResult, uid: str) -> dict[str, str | Chart]:
    """Draw both logos on one scale, and information and divergence along mu."""
    mu, q = result.state.mu, gc_background(result.state.gc)
    # Number of the first position, and end of the axis of bits.
    first, top = (0, 8.0) if result.state.motif == "crp" else (5, 3.0)
    look = {"background": q, "height": 112, "first": first}
    return {
        "boltzmann": titled_logo(
            result.boltzmann,
            "bits",
            title="Boltzmann: q·exp(−βε), the limit of rarely bound sites",
            uid=f"{uid}-boltzmann",
            **look,
        ),
        "bound": titled_logo(
            result.bound,
            "bits",
            title=f"Bound sites at μ = {written(mu, 2)} kcal/mol",
            uid=f"{uid}-bound",
            **look,
        ),
        "curve": Chart(
            saturation_chart(*result.curve, mu, top),
            f"At μ = {mu:.2f} kcal/mol the bound sites hold {result.bits:.2f} bits, of "
            f"{result.full:.2f} at low μ; they are {result.divergence:.2f} bits from Boltzmann's "
            "PPM.",
        ),
    }


def describe(result: SaturationResult) -> str:
    """Say how often sites are bound, and how much information the logo lost."""
    mu, lost = result.state.mu, 1 - result.bits / result.full
    quality = (
        "the approximation σ(z) ≈ exp(z) behind Boltzmann's PPM is good"
        if result.held < 0.05
        else "σ(z) is no longer close to exp(z), and the logo flattens"
    )
    return (
        f"<p>Best site: P(bound) = σ(β(μ − 0)) = σ({written(_BETA * mu, 2)}) = "
        f"<b>{result.best:.3f}</b>; a random site on average {brief(result.random, 2)}.</p>"
        f"<p>KL = Σ<sub>k</sub> Σ<sub>a</sub> θ·log₂(θ/θ<sub>Boltzmann</sub>) = "
        f"<b>{result.divergence:.2f} bits</b>; information {result.bits:.2f} of {result.full:.2f} "
        f"bits: {percent(max(lost, 0))} is lost.</p>"
        f"<p>A site picked from the bound ones is occupied <b>{brief(100 * result.held, 2)} %</b> "
        f"of the time, so {quality}.</p>"
    )


class SaturationExplorer(Explorer):
    """Raise the chemical potential, and see the logo of the bound sites flatten.

    Examples
    --------
    >>> explorer = SaturationExplorer(mu=8.0)
    >>> f"{explorer.result.bits:.1f} of {explorer.result.full:.1f} bits are left"
    '2.5 of 6.5 bits are left'
    """

    State = SaturationState
    title = "What does a logo show when the protein is everywhere?"
    goal = (
        "find the μ at which the best site is bound 99 % of the time, and the one at which the "
        "logo has lost half of its bits."
    )
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
