"""Explore where a matrix finds a left-out site in the genome of phage lambda."""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np

from motiflab.datasets import lambda_operators, lambda_phage
from motiflab.evaluation import (
    MatrixReader,
    false_discovery_rate,
    precision_at_prevalence,
    window_scores,
)
from motiflab.figures import (
    GenomeMap,
    axis,
    bars,
    brief,
    figure,
    fitted,
    genome_svg,
    html_table,
    key,
    line,
    points,
    upright,
)
from motiflab.figures.chart_parts import GREY
from motiflab.figures.style import ACCENT, DIVERGING, SEQUENTIAL
from motiflab.motifs import Motif, both_strands_background
from motiflab.sequences import reverse_complement
from motiflab.widgets import CardResult, CardState, Chart, Explorer, choice, slider

OPERATORS = lambda_operators()
WIDTH = 17
LOWEST, HIGHEST, BIN = -30.0, 20.0, 0.5  # nats: ends of the axis, and the width of a bar


class GenomeState(CardState):
    """What a learner can choose: the site left out, how the matrix is made, the threshold."""

    left: str = choice(
        "OL2",
        "Site left out",
        [*((name, name) for name in OPERATORS), ("none", "none")],
        help="The matrix is made of the other sites",
        group="The matrix",
    )
    words: str = choice(
        "both",
        "Each site counts",
        [("in both directions", "both"), ("as it is listed", "listed")],
    )
    pseudocount: float = slider(2.0, "Pseudocount", 0.25, 10.0, 0.25, help="In sites")
    threshold: float = slider(
        8.0,
        "Threshold t",
        -5.0,
        17.0,
        0.1,
        help="In nats. A place is a hit if it scores at least this much",
        group="The search",
    )


class GenomeResult(CardResult):
    """Scores of the genome, and expected numbers of hits.

    Attributes
    ----------
    scores : ndarray, shape (M,)
        Score of each place on its better strand, in nats.
    palindrome : bool
        Whether both strands have the same score everywhere.
    p : float
        Probability that a window of the background scores at least the threshold on one strand.
    expected : float
        Number of places expected by chance; if the matrix is not palindromic, an upper bound.
    curve : ndarray, shape (B,)
        The same for each bar of the chart.
    """

    scores: np.ndarray
    palindrome: bool
    p: float
    expected: float
    curve: np.ndarray

    @property
    def hits(self) -> np.ndarray:
        """Places that score at least the threshold, in the order of the genome."""
        return np.flatnonzero(self.scores >= self.state.threshold)

    @property
    def found(self) -> list[str]:
        """Names of the true sites among the hits."""
        return [name for name, site in OPERATORS.items() if site.start in self.hits]

    def rank(self, name: str) -> int:
        """Rank of a site: 1 plus the number of places with a higher score."""
        return 1 + int((self.scores > self.scores[OPERATORS[name].start] + 1e-4).sum())


def site_matrix(left: str, words: str = "both", pseudocount: float = 2.0) -> np.ndarray:
    """Make log-odds, in nats, from all operators except one.

    Parameters
    ----------
    left : str
        The left-out operator, or "none".
    words : {"both", "listed"}
        Whether each site counts in both directions.
    pseudocount : float

    Returns
    -------
    ndarray, shape (17, 4)

    Examples
    --------
    >>> weights = site_matrix("OL2")
    >>> bool(np.allclose(weights, weights[::-1, ::-1]))
    True
    """
    sites = [site.word for name, site in OPERATORS.items() if name != left]
    if words == "both":
        sites += [reverse_complement(word) for word in sites]
    return Motif.from_sites(sites).log_odds(genome_background(), pseudocount)


@lru_cache(maxsize=1)
def genome_background() -> np.ndarray:
    """Frequencies of A, C, G and T in the genome of phage lambda, over both strands."""
    return both_strands_background([lambda_phage().sequence])


def compute(state: GenomeState) -> GenomeResult:
    """Score every place of the genome."""
    reader = MatrixReader(
        site_matrix(state.left, state.words, state.pseudocount), genome_background()
    )
    scores = window_scores(lambda_phage().sequence, reader)
    palindrome = bool(np.allclose(reader.weights, reader.weights[::-1, ::-1]))
    strands = 1 if palindrome else 2
    edges = np.arange(LOWEST, HIGHEST + BIN, BIN)
    *tails, p = reader.p_values([*edges, state.threshold])
    places = scores.shape[1]
    return GenomeResult(
        state,
        scores.max(axis=0),
        palindrome,
        float(p),
        float(p) * strands * places,
        -np.diff(tails) * strands * places,
    )


def draw(result: GenomeResult, uid: str) -> dict[str, str | Chart]:
    """Draw the genome with its hits, the distribution of the scores, and a table of the sites."""
    return {"genome": _genome(result, uid), "scores": _scores(result), "table": _table(result)}


def _genome(result: GenomeResult, uid: str) -> str:
    shown = GenomeMap(
        len(result.scores) + WIDTH - 1,
        WIDTH,
        result.hits.tolist(),
        {name: site.start for name, site in OPERATORS.items()},
        result.state.left,
        windows=((35_560, 35_680), (37_920, 38_040)),
    )
    return fitted(partial(genome_svg, shown), f"{uid}-genome")


def _scores(result: GenomeResult) -> Chart:
    state = result.state
    edges = np.arange(LOWEST, HIGHEST + BIN, BIN)
    middles = edges[:-1] + BIN / 2
    seen, _ = np.histogram(result.scores, edges)
    observed = bars(middles, seen, "places seen", SEQUENTIAL, width=BIN * 0.9, opacity=0.6)
    curve = np.where(result.curve > 1e-4, result.curve, None)
    chance = line(middles, curve, "expected by chance", GREY, dash="dash")
    at = {name: result.scores[site.start] for name, site in OPERATORS.items()}
    learned = [score for name, score in at.items() if name != state.left]
    left = [at[state.left]] if state.left in at else []
    known = points(learned, [0.5] * len(learned), "learned from", GREY, symbol="square", size=8)
    hidden = points(left, [0.5] * len(left), "left out", DIVERGING[0], symbol="diamond", size=11)
    keys = [
        f'<span style="color:{SEQUENTIAL}">█</span> places seen',
        *map(key, (chance, known, hidden)),
    ]
    chart = figure(
        [observed, chance, known, hidden],
        "Scores of all places",
        keys,
        axis("score of the better strand (nats)", (LOWEST, HIGHEST), dtick=10),
        axis("places", (-1, 4), type="log", dtick=1),
        "%{x:.1f}: %{y:.3g}",
        height=225,
        left=62,
        drag="threshold",
        shapes=[upright(state.threshold, ACCENT)],
    )
    words = (
        f"{len(result.hits):,} places score at least {state.threshold:.1f}; about "
        f"{brief(result.expected)} are expected by chance. "
        + "; ".join(f"{name} {score:.1f}" for name, score in at.items())
        + "."
    )
    return Chart(chart, words)


def _table(result: GenomeResult) -> str:
    rows = [
        [
            name,
            f"{site.start:,} to {site.start + WIDTH:,}",
            "left out" if name == result.state.left else "learned from",
            f"{result.scores[site.start]:.2f}",
            f"{result.rank(name):,}",
            "yes" if name in result.found else "no",
        ]
        for name, site in OPERATORS.items()
    ]
    heads = ["site", "bases (from 0)", "used", "score (nats)", "rank", "hit"]
    return html_table(f"The six operators among {len(result.scores):,} places", heads, rows)


def describe(result: GenomeResult) -> str:
    """Give the formula of the expected number of hits, and the sites that were found."""
    state, seen, places = result.state, len(result.hits), len(result.scores)
    product = f"{places:,} × p = {places:,} × {brief(result.p)}"
    product += f" = <b>{brief(result.expected)}</b>"
    chance = f"E = {product} places by chance: both strands score the same"
    if not result.palindrome:
        product = product.replace(f"{places:,}", f"2 × {places:,}")
        chance = f"E = {product} places by chance at most: each strand has its own score"
    if not seen:
        return f"<p>{chance}. No place scores {state.threshold:.1f} nats.</p>"
    found = len(result.found)
    recall, rate = found / len(OPERATORS), min(1.0, result.expected / places)
    by_rule = precision_at_prevalence(recall, rate, len(OPERATORS) / places)
    said = (
        f"<p>{chance}. Seen: <b>{seen:,}</b>, {found} of them true. False discovery rate, "
        f"estimated as E / n = {brief(float(false_discovery_rate(result.expected, seen)))}. "
        f"Precision expected at this recall and a prevalence of 6 in {places:,}: "
        f"{brief(by_rule)}; seen {brief(found / seen)}.</p>"
    )
    if state.left == "none":
        return f"{said}<p>The matrix has seen all six sites.</p>"
    score = result.scores[OPERATORS[state.left].start]
    return (
        f"{said}<p>{state.left}, which the matrix has not seen, scores {score:.1f} nats: <b>rank "
        f"{result.rank(state.left):,}</b> of {places:,}, "
        f"{'found' if state.left in result.found else 'missed'} at this threshold.</p>"
    ).replace("-", "−")


class GenomeExplorer(Explorer):
    """Leave one of six sites out, and search for it in the whole genome of phage lambda.

    Examples
    --------
    >>> card = GenomeExplorer(left="OR2")
    >>> card.result.rank("OR2"), card.result.palindrome
    (50, True)
    """

    State = GenomeState
    title = "Can five sites find the sixth?"
    goal = (
        "leave out each site in turn; find one threshold that finds five of the six, then try OR2."
    )
    rows = (("genome",), ("scores",))
    numbers = ("table",)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
