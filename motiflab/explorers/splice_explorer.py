"""Explore how the positions of real splice sites depend on each other."""

from __future__ import annotations

import functools

import numpy as np

from motiflab.checks import ArgumentError
from motiflab.datasets.published_sites import splice_sites
from motiflab.figures import captioned, heatmap_svg, heatmap_table, logo_svg, percent, written
from motiflab.motifs import (
    information,
    information_matrix,
    mutual_information,
    pair_table,
    total_correlation,
)
from motiflab.sequences.alphabet import BASES
from motiflab.widgets import CardResult, CardState, Explorer, choice

# The exon ends at −1; the intron begins at +1. There is no position 0.
POSITIONS = ("−3", "−2", "−1", "+1", "+2", "+3", "+4", "+5", "+6")
_OPTIONS = [(name, k) for k, name in enumerate(POSITIONS)]


class SpliceState(CardState):
    """What a learner can choose: two positions, and how the sites are counted."""

    first: int = choice(2, "First position", _OPTIONS)
    second: int = choice(7, "Second position", _OPTIONS)
    counted: str = choice(
        "all",
        "Each site counts",
        [("as often as it occurs", "all"), ("once", "once")],
        help="Frequent sites occur thousands of times in the genome, others once",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.first == self.second:
            raise ArgumentError(
                "second",
                f"The second position must differ from the first, not be {POSITIONS[self.first]} "
                "as well.",
            )


class SpliceResult(CardResult):
    """Frequencies of pairs of bases, and mutual information.

    Attributes
    ----------
    ppm : ndarray, shape (9, 4)
    table : ndarray, shape (4, 4)
        Frequency of each pair of bases at the two positions.
    independent : ndarray, shape (4, 4)
        Its frequency if the positions were independent.
    matrix : ndarray, shape (9, 9)
        Mutual information of all positions, in bits.
    total : float
        Total correlation, in bits per site.
    """

    ppm: np.ndarray
    table: np.ndarray
    independent: np.ndarray
    matrix: np.ndarray
    total: float

    @property
    def bits(self) -> float:
        """Mutual information of the two positions."""
        return mutual_information(self.table)


@functools.cache
def _sites(counted: str) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray, float]:
    sites, counts = splice_sites()
    counts = counts if counted == "all" else np.ones(len(sites))
    # Paired with itself, a position has the frequencies of its bases on the diagonal.
    ppm = np.array([pair_table(sites, k, k, counts).diagonal() for k in range(len(POSITIONS))])
    return sites, counts, ppm, information_matrix(sites, counts), total_correlation(sites, counts)


def compute(state: SpliceState) -> SpliceResult:
    """Count the pairs of bases at the two positions."""
    sites, counts, ppm, matrix, total = _sites(state.counted)
    table = pair_table(sites, state.first, state.second, counts)
    return SpliceResult(
        state, ppm, table, np.outer(ppm[state.first], ppm[state.second]), matrix, total
    )


def draw(result: SpliceResult, uid: str) -> dict[str, str]:
    """Draw the logo, the pairs at the two positions, and the information between all positions."""
    i, j = result.state.first, result.state.second
    one, other = POSITIONS[i], POSITIONS[j]
    caption = f"{one} (rows) and {other} (columns): log₂ of observed / expected if independent"
    # A pair that never occurs has an empty cell instead of minus infinity.
    found = np.where(result.table > 0, result.table, np.nan)
    pairs = heatmap_svg(
        np.log2(found / result.independent),
        BASES,
        BASES,
        caption,
        f"Positions {one} and {other}: {_strongest(result)}",
        f"{uid}p",
        limit=2.0,
        digits=2,
        cell=(46, 22),
    )
    between = "Mutual information of all positions, in thousandths of a bit"
    matrix = heatmap_svg(
        1000 * result.matrix,
        POSITIONS,
        POSITIONS,
        between,
        f"The largest is {np.nanmax(result.matrix):.3f} bits.",
        f"{uid}m",
        digits=0,
        marked={(i, j), (j, i)},
        cell=(27, 20),
    )
    logo = logo_svg(
        result.ppm,
        "bits",
        title="5' splice sites: information of each base, in bits",
        uid=f"{uid}l",
        height=115,
        column=28,
        positions=POSITIONS,
    )
    return {
        "logo": captioned(
            f"5′ splice sites, from {POSITIONS[0]} to {POSITIONS[-1]} (the intron begins with the "
            "fourth letter)",
            logo,
        ),
        "matrix": captioned(between, matrix),
        "pairs": captioned(caption, pairs),
        "frequencies": heatmap_table(
            100 * result.table, BASES, BASES, "How frequent each pair is, in %", 1, "pair"
        ),
    }


def describe(result: SpliceResult) -> str:
    """Give the mutual information with its largest term, and compare it with the logo's bits."""
    a, b = _largest(result)
    p, e = result.table[a, b], result.independent[a, b]
    # The largest of the 16 terms shows which pair of bases contributes most.
    term = p * np.log2(p / e)
    sign = "+" if term >= 0 else "−"
    i, j = POSITIONS[result.state.first], POSITIONS[result.state.second]
    return (
        f"<p>I({i}, {j}) = Σ P(a,b)·log₂(P(a,b) / P(a)P(b)) = … {sign} "
        f"{written(abs(term), 3)} (for {BASES[a]}{BASES[b]}: {p:.3f}·log₂({p:.3f}/{e:.3f})) … = "
        f"<b>{result.bits:.3f} bits</b></p><p>{_strongest(result)} All dependencies together hold "
        f"<b>{result.total:.2f} bits</b> per site, on top of the "
        f"{information(result.ppm).sum():.2f} bits that the logo shows and a single filter can "
        "hold.</p>"
    )


def _largest(result: SpliceResult) -> tuple[int, int]:
    """The pair of bases that contributes most."""
    # A pair that never occurs contributes 0, the limit of p log p: its ratio is set to 1.
    table, ones = result.table, np.ones_like(result.table)
    ratio = np.divide(table, result.independent, out=ones, where=table > 0)
    return divmod(int(np.abs(table * np.log2(ratio)).argmax()), len(BASES))


def _strongest(result: SpliceResult) -> str:
    if result.bits < 0.001:
        return "The two positions say almost nothing about each other."
    a, b = _largest(result)
    found, expected = result.table[a, b], result.independent[a, b]
    more = "more" if found > expected else "less"
    return (
        f"{BASES[a]} and {BASES[b]} occur together {percent(abs(found / expected - 1))} {more} "
        "often than they would by chance."
    )


class SpliceExplorer(Explorer):
    """Show which positions of the human 5' splice sites depend on each other, and how much.

    Examples
    --------
    >>> explorer = SpliceExplorer(first=6, second=7)
    >>> f"{explorer.result.bits:.3f} bits of {explorer.result.total:.2f}"
    '0.057 bits of 0.70'
    """

    State = SpliceState
    title = "Which positions of a splice site depend on each other?"
    goal = "find the two positions that say most about each other, and the pair of bases behind it."
    rows = (("pairs", "matrix"),)
    numbers = ("frequencies",)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
