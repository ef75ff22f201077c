"""Explore one motif: its logo in bits, probabilities or log-odds, and its numbers."""

from __future__ import annotations

import math
from functools import partial
from html import escape

import numpy as np

from motiflab.checks import ArgumentError
from motiflab.figures import equals, fitted, html_table, logo_svg, minus
from motiflab.motifs import Motif
from motiflab.sequences.alphabet import BASES
from motiflab.sequences.encoding import gc_background
from motiflab.widgets import (
    CardResult,
    CardState,
    Explorer,
    NamesMotifs,
    choice,
    motif_name,
    own_motifs,
    slider,
)

_TITLES = {
    "bits": "Information of each base, in bits",
    "probability": "Probability of each base",
    "signed": "Log-odds of each base against the background, in bits",
}


class MotifState(NamesMotifs, CardState):
    """What a learner can choose: the motif, and how it is shown."""

    motif: str = motif_name("CTCF")
    own: str = own_motifs()
    strand: str = choice("+", "Strand", ["+", ("−", "-")])
    show: str = choice(
        "bits", "Show", [("Bits", "bits"), ("Probability", "probability"), ("Log-odds", "signed")]
    )
    pseudocount: float = slider(
        1.0,
        "Pseudocount",
        0.0,
        100.0,
        0.5,
        help="Counts added at each position, in the proportions of the background",
    )
    gc: float = slider(
        0.5, "GC of the background", 0.2, 0.8, 0.05, help="Share of G and C outside the motif"
    )


class MotifResult(CardResult):
    """The motif and its matrices, each of shape (w, 4).

    Attributes
    ----------
    motif : Motif
        On the chosen strand.
    background : ndarray, shape (4,)
    ppm, log_odds : ndarray, shape (w, 4)
        Probabilities; ``log2(p / q)``, in bits.
    information : ndarray, shape (w,)
        In bits.
    """

    motif: Motif
    background: np.ndarray
    ppm: np.ndarray
    log_odds: np.ndarray
    information: np.ndarray

    @property
    def shown(self) -> np.ndarray:
        """The matrix that is drawn."""
        return self.log_odds if self.state.show == "signed" else self.ppm


def compute(state: MotifState) -> MotifResult:
    """Load the motif and compute its matrices."""
    motif = state.motif_of("motif")
    if state.strand == "-":
        motif = motif.reverse_complement()
    background = gc_background(state.gc)
    ppm = motif.probabilities(state.pseudocount, background)
    if state.show == "signed" and (ppm == 0).any():
        raise ArgumentError(
            "pseudocount",
            f"{motif.name} has a base that was never counted, and 0 has no logarithm: for "
            "log-odds the pseudocount must be above 0.",
        )
    # Where a probability is 0 the log-odds are minus infinity, and p log p is 0, its limit.
    with np.errstate(divide="ignore"):
        log_odds = np.log2(ppm / background)
    information = (ppm * np.where(ppm > 0, log_odds, 0)).sum(axis=1)
    return MotifResult(state, motif, background, ppm, log_odds, information)


def draw(result: MotifResult, uid: str) -> dict[str, str]:
    """Draw the logo, and the same numbers as a table."""
    logo = partial(
        logo_svg,
        result.shown,
        result.state.show,
        result.background,
        title=f"{result.motif.name}: {_TITLES[result.state.show]}",
        height=190,
        # The axis stays fixed while the pseudocount moves: 0.5 is its first step above 0.
        limit=lowest_stack(result.motif, pseudocount=0.5, base=2),
        unit="bits",
    )
    return {"logo": fitted(logo, uid), "table": _table(result)}


def describe(result: MotifResult) -> str:
    """Give the bits of the most informative position as a formula, and a summary."""
    k, motif = int(result.information.argmax()), result.motif
    # As they are written: with two digits.
    pairs = [(round(p, 2), round(q, 2)) for p, q in zip(result.ppm[k], result.background)]
    pairs = [(float(p), float(q)) for p, q in pairs if p > 0]
    terms = " + ".join(f"{p:.2f}·log₂({p:.2f}/{q:.2f})" for p, q in pairs)
    bits = result.information[k]
    sign = equals([sum(p * math.log2(p / q) for p, q in pairs)], bits, 2)
    return (
        f"<p>I<sub>{k + 1}</sub> = Σ p·log₂(p/q) = {terms} "
        f"{sign} <b>{bits:.2f} bits</b>, the most of all positions.</p>"
        f"<p>{escape(motif.name)} ({escape(motif.id)}) has {motif.width} positions, which carry "
        f"<b>{result.information.sum():.2f} bits</b> in all. Its consensus is "
        f"<b>{motif.consensus()}</b>, with ambiguity codes {motif.iupac()}.</p>"
    )


def lowest_stack(motif: Motif, **units: float) -> float:
    """Return the lower end of the axis of log-odds, which fits all GC contents.

    Parameters
    ----------
    motif : Motif
    **units
        `pseudocount` and `base`, as for `Motif.log_odds`.
    """
    # At one end of the GC slider the motif's rare bases are most frequent in the background.
    ends = [motif.log_odds(gc_background(gc), **units) for gc in (0.2, 0.8)]
    return float(np.ceil(max(-log_odds.clip(max=0).sum(axis=1).min() for log_odds in ends)))


def _table(result: MotifResult) -> str:
    # Log-odds show their sign, which says whether a base fits the motif.
    kind, form = "Probabilities", ".2f"
    if result.state.show == "signed":
        kind, form = "Log-odds in bits", "+.2f"
    return html_table(
        f"{kind}, and the information of each position",
        ["position", *BASES, "bits"],
        [
            [k, *(minus(f"{x:{form}}") for x in row), f"{bits:.2f}"]
            for k, (row, bits) in enumerate(zip(result.shown, result.information), 1)
        ],
    )


class MotifExplorer(Explorer):
    """Show a motif as a logo: in bits, probabilities or log-odds, on either strand.

    It is one of JASPAR, or one of the learner's own, whose text is `own`.

    Examples
    --------
    >>> explorer = MotifExplorer(motif="GATA1")
    >>> explorer.result.motif.id, f"{explorer.result.information.sum():.1f} bits"
    ('MA0035.5', '9.8 bits')
    >>> explorer.set(strand="-", show="probability")
    >>> explorer.scene
    'MotifExplorer/1?motif=GATA1&strand=-&show=probability#b9618ba0'
    """

    State = MotifState
    title = "What does this motif look like?"
    goal = "find the most informative position, then see how its bits change when GC is rare."
    numbers = ("table",)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
