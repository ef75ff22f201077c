"""Compare a consensus with a PWM, on real CRP sites and on sites drawn from JASPAR's matrices."""

from __future__ import annotations

from functools import cache, lru_cache, partial
from typing import NamedTuple

import numpy as np

from motiflab.datasets.published_sites import crp_sites
from motiflab.evaluation.detectors import power, sample_distribution, score_distribution
from motiflab.figures import brief, captioned, fitted, logo_svg, percent
from motiflab.figures.evaluation_charts import RATES, matches_chart, power_chart, power_text
from motiflab.motifs import Motif, jaspar
from motiflab.sequences.encoding import gc_background, one_hot, reverse_complement
from motiflab.widgets import CardResult, CardState, Chart, Explorer, choice, slider

_NAMES = ("consensus", "PWM")
_DRAWN = ("GATA2", "CTCF", "MYC", "TBP")  # JASPAR has their matrices, not their sites


@cache
def crp_halves() -> tuple[list[str], list[str]]:
    """Return the CRP sites in two halves, for counting and for testing, without duplicates.

    A site and its reverse complement are the same site.
    """
    # The smaller of both strands is only the key; the site is kept as published.
    sites = list({min(site, reverse_complement(site)): site for site in crp_sites()}.values())
    return sites[::2], sites[1::2]


class ConsensusState(CardState):
    """What a learner can choose: the motif, and how strict the consensus is."""

    motif: str = choice(
        "CRP",
        "Motif",
        [("CRP (real sites)", "CRP")]
        + [(f"{name} (sites drawn from its matrix)", name) for name in _DRAWN],
    )
    allowed: int = slider(
        10, "Mismatches allowed", 0, 16, help="A window with more mismatches is not a hit"
    )
    gc: float = slider(0.5, "GC of the background", 0.3, 0.7, 0.05)


class ConsensusResult(CardResult):
    """Both detectors, at the false positive rate of the consensus.

    Attributes
    ----------
    motif : Motif
    sites, random : ndarray, shape (K + 1,)
        Share of sites and of random windows with 0 ... K mismatches.
    rate : float
        Share of random windows that the consensus calls sites.
    found : (float, float)
        Share of the sites that the consensus finds, and the PWM at the same rate.
    curves : tuple of two ndarray
        The same at every rate of `RATES`.
    tested : int
        How many real sites were tested; 0 if sites are draws from the motif's own matrix. Then
        no detector beats the PWM, by construction (Neyman and Pearson 1933).
    """

    motif: Motif
    sites: np.ndarray
    random: np.ndarray
    rate: float
    found: tuple[float, float]
    curves: tuple[np.ndarray, np.ndarray]
    tested: int


class Compared(NamedTuple):
    """A motif and both of its detectors, the consensus first.

    Attributes
    ----------
    motif : Motif
    tested : int
        As in `ConsensusResult`.
    detectors : tuple of (scores, sites, random)
        The scores, ascending, and the shares of sites and of random windows that have them.
    curves : tuple of two ndarray
        True positive rates of each at every rate of `RATES`.
    """

    motif: Motif
    tested: int
    detectors: tuple[tuple[np.ndarray, np.ndarray, np.ndarray], ...]
    curves: tuple[np.ndarray, ...]


@lru_cache(maxsize=16)
def compare(name: str, gc: float) -> Compared:
    """Compute the distributions of matches and of log-odds for sites and background."""
    tested = []
    if name == "CRP":
        counted, tested = crp_halves()
        motif = Motif.from_sites(counted, "CRP")
    else:
        motif = jaspar.load(name)
    q = gc_background(gc)
    background = np.tile(q, (motif.width, 1))
    detectors = []
    for weights, step in ((one_hot(motif.consensus()), 1.0), (motif.log_odds(q), 0.01)):
        # Exact: the distribution of a sum over positions, by convolving one position at a time.
        scores, random = score_distribution(weights, background, step)
        # Real sites are counted; without them, the matrix gives the distribution.
        sites = (
            sample_distribution(weights, tested, step)[1]
            if tested
            else score_distribution(weights, motif.probabilities(1.0, q), step)[1]
        )
        detectors.append((scores, sites, random))
    curves = tuple(power(*detector, RATES) for detector in detectors)
    return Compared(motif, len(tested), tuple(detectors), curves)


def compute(state: ConsensusState) -> ConsensusResult:
    """Find the false positive rate of the consensus, and both true positive rates at it."""
    motif, tested, detectors, curves = compare(state.motif, state.gc)
    _, sites, random = detectors[0]
    matches = sites[::-1], random[::-1]
    rate = min(1.0, float(random[::-1][: state.allowed + 1].sum()))
    found = tuple(power(*detector, rate) for detector in detectors)
    return ConsensusResult(state, motif, *matches, rate, found, curves, tested)


def draw(result: ConsensusResult, uid: str) -> dict[str, str | Chart]:
    """Draw the logo, the mismatches, and the true positive rates of both detectors."""
    motif = result.motif
    title = f"{motif.name}: information of each base, in bits"
    hits = result.sites[: result.state.allowed + 1].sum()
    return {
        "logo": captioned(
            f"<b>{title}</b>; consensus {motif.consensus()}",
            fitted(partial(logo_svg, motif, title=title, height=130), uid),
        ),
        "matches": Chart(
            matches_chart(result.sites, result.random, result.state.allowed),
            f"{hits:.3f} of the sites and {brief(result.rate, 2)} of random windows are hits.",
        ),
        "power": Chart(
            power_chart(*result.curves[::-1], _NAMES[::-1], result.rate, result.found[::-1]),
            power_text(_NAMES, result.rate, result.found),
        ),
    }


def describe(result: ConsensusResult) -> str:
    """Compare both detectors at the same false positive rate."""
    consensus, pwm = result.found
    perfect = percent(result.sites[0], 1) if result.sites[0] else "None"
    # A rate is easier to picture as one alarm in so many windows.
    windows = round(1 / result.rate)
    alarms = (
        f"one false alarm in {windows:,} windows"
        if windows > 1
        else "nearly every window is a false alarm"
    )
    what = f"{result.tested} real sites that we left out of the counts"
    drawn = ""
    if not result.tested:
        what = "sites drawn"
        drawn = (
            f"<p>These are not real sites of {result.motif.name}: we drew them from this matrix, "
            "so no detector finds more of them than its PWM at the same rate of false alarms.</p>"
        )
    return (
        f"<p>FPR = P(at most {result.state.allowed} mismatches | background) = "
        f"<b>{brief(result.rate)}</b>: {alarms}. At this rate the consensus finds "
        f"<b>{percent(consensus, 1)}</b> and the PWM <b>{percent(pwm, 1)}</b> of the {what}.</p>"
        f"<p>{perfect} of them match the consensus at all {result.motif.width} positions.</p>"
        f"{drawn}"
    )


class ConsensusExplorer(Explorer):
    """Compare counting matches with adding log-odds.

    Examples
    --------
    >>> result = ConsensusExplorer(allowed=10).result
    >>> [f"{share:.2f}" for share in result.found]
    ['0.27', '0.48']
    """

    State = ConsensusState
    title = "What does a consensus throw away?"
    goal = (
        "let the consensus find half of the CRP sites, and read off how many more the PWM finds "
        "for the same number of false alarms."
    )
    rows = (("matches", "power"),)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
