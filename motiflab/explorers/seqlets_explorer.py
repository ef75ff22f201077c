"""Explore how motifs come out of many maps: what is cut, and what is called alike."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial
from html import escape
from typing import NamedTuple

import numpy as np

from motiflab import networks
from motiflab.datasets import planted_one_of
from motiflab.figures import Series, axis, captioned, fitted, html_table, seqlet_map_svg
from motiflab.interpretation import (
    SeqletMotif,
    Seqlets,
    cluster_seqlets,
    contribution_maps,
    cut_seqlets,
    lay_on,
    least_sum,
    window_sums,
)
from motiflab.motifs import Candidate, candidates, jaspar
from motiflab.widgets import (
    CardResult,
    CardState,
    Chart,
    Explorer,
    choice,
    curves,
    slider,
    titled_logo,
    toggle,
)

PLANTED = ("FOS::JUN", "CREB1", "KLF4")
LENGTH, WIDTH, FLANK, SHOWN = 60, 11, 5, 4
LOWEST, HIGHEST = 1.0, 8.0
THRESHOLDS = np.linspace(LOWEST, HIGHEST, 71)
MAPS = 12  # how many can be looked at


class SeqletsState(CardState):
    """What a learner can choose."""

    threshold: float = slider(
        6.0,
        "Threshold t",
        LOWEST,
        HIGHEST,
        0.1,
        help="A window is cut out if its contributions add up to at least this much",
        group="Cut",
    )
    shown: int = slider(3, "Map of positive", 1, MAPS, group="Cut")
    alike: float = slider(
        0.55,
        "Least similarity to the cluster's average",
        0.4,
        0.98,
        0.01,
        help="1 is the same, 0 has nothing in common",
        group="Cluster",
    )
    fewest: int = slider(20, "Fewest seqlets of a motif", 5, 60, 1, group="Cluster", rare=True)
    labels: str = choice(
        "true",
        "Network trained on",
        [("true labels", "true"), ("shuffled labels", "shuffled")],
        group="Control",
    )
    truth: bool = toggle(False, "Show what was planted", group="Control")


class Prepared(NamedTuple):
    """What a network gives, once for a kernel.

    Attributes
    ----------
    maps : ndarray, shape (P, L)
        Of the test sequences that are positive by the labels of the training.
    x : ndarray, shape (P, 4, L)
        Their letters.
    sites : list of list of (int, int, str)
        What was planted in each of them.
    positives, negatives : ndarray, shape (len(THRESHOLDS),)
        How many sequences of each class have a window of at least each threshold.
    least : float
        The threshold that the negatives ask for.
    seqlets : Seqlets
        All that the lowest threshold cuts out.
    similarity : ndarray, shape (n, n)
        Of all pairs of them.
    """

    maps: np.ndarray
    x: np.ndarray
    sites: list[list[tuple[int, int, str]]]
    positives: np.ndarray
    negatives: np.ndarray
    least: float
    seqlets: Seqlets
    similarity: np.ndarray


class SeqletsResult(CardResult):
    """What is found.

    Attributes
    ----------
    ready : Prepared
    seqlets : Seqlets
        At the chosen threshold.
    motifs : list of SeqletMotif
    names : list of Candidate
        The motif of JASPAR that explains each best.
    """

    ready: Prepared
    seqlets: Seqlets
    motifs: list[SeqletMotif]
    names: list[Candidate]

    @property
    def at(self) -> int:
        """Which of `THRESHOLDS` is the chosen one, or next to it."""
        return int(np.abs(THRESHOLDS - self.state.threshold).argmin())


@lru_cache(maxsize=2)
def mapped(labels: str) -> Prepared:
    """Train a network on one of three motifs in each positive, and map 1,200 other sequences."""
    data = planted_one_of([jaspar.load(name) for name in PLANTED], 4800, LENGTH)
    if labels == "shuffled":
        data = replace(data, labels=np.random.default_rng(0).permutation(data.labels))
    train, test = data.split(0.25)
    test = test.subset(np.random.default_rng(0).permutation(len(test)))  # the motifs mixed
    network = networks.untrained(networks.ModelSettings(filters=16, width=12), LENGTH)
    for _ in networks.train(network, train, networks.TrainSettings(epochs=8)):
        pass
    positive, maps = test.labels == 1, contribution_maps(network, test.x)
    sums = window_sums(maps, WIDTH)
    highest = [sums[each].max(axis=1) for each in (positive, ~positive)]
    seqlets = cut_seqlets(maps[positive], test.x[positive], LOWEST, WIDTH, FLANK)
    rows = {int(old): new for new, old in enumerate(np.flatnonzero(positive))}
    sites: list[list[tuple[int, int, str]]] = [[] for _ in rows]
    for site in test.sites:
        if site.sequence in rows:
            sites[rows[site.sequence]].append((site.start, site.end, PLANTED[site.motif]))
    return Prepared(
        maps[positive],
        test.x[positive],
        sites,
        *((each >= THRESHOLDS[:, None]).sum(axis=1) for each in highest),
        least_sum(sums[positive], sums[~positive]),
        seqlets,
        lay_on(seqlets.contributions, seqlets.contributions).similarity,
    )


def compute(state: SeqletsState) -> SeqletsResult:
    """Cluster the seqlets of the chosen threshold, and name the motifs."""
    ready = mapped(state.labels)
    n = int((ready.seqlets.score >= state.threshold).sum())
    seqlets = ready.seqlets.first(n)
    motifs = cluster_seqlets(seqlets, state.alike, state.fewest, ready.similarity[:n, :n])
    known = jaspar.collection("vertebrates")
    named = candidates([motif.flanked for motif in motifs], known, 1)
    return SeqletsResult(state, ready, seqlets, motifs, [best for (best,) in named])


def draw(result: SeqletsResult, uid: str) -> dict[str, str | Chart]:
    """Draw one map with its seqlets, the counts against the threshold, and the motifs."""
    return {
        "map": _map(result, uid),
        "counts": _counts(result),
        "motifs": _motifs(result, uid),
        "table": _table(result),
    }


def _map(result: SeqletsResult, uid: str) -> str:
    ready, row = result.ready, result.state.shown - 1
    there = result.seqlets.sequence == row
    begins = result.seqlets.start[there] + FLANK
    boxes = [
        (int(begin), int(begin) + WIDTH, float(score))
        for begin, score in zip(begins, result.seqlets.score[there], strict=True)
    ]
    heights = ready.maps[:MAPS]
    ends = np.floor(2 * heights.min()) / 2, np.ceil(2 * heights.max()) / 2
    return captioned(
        f"Contribution of each base of positive {row + 1} to the logit. Box: a seqlet.",
        fitted(
            partial(
                seqlet_map_svg,
                (ready.maps[row] * ready.x[row]).T,
                boxes,
                ready.sites[row] if result.state.truth else [],
                ends,
                f"Map of positive {row + 1}",
            ),
            f"{uid}-map",
        ),
    )


def _counts(result: SeqletsResult) -> Chart:
    ready, at, t = result.ready, result.at, result.state.threshold
    series = [
        Series(f"{name} {counts[at]}", THRESHOLDS, counts, float(counts[at]))
        for name, counts in (("positives", ready.positives), ("negatives", ready.negatives))
    ]
    return curves(
        series,
        f"Sequences with a window of at least t, of {len(ready.maps)} positives",
        axis("threshold t", (LOWEST, HIGHEST), dtick=1),
        axis("sequences", (0, 620), dtick=200),
        place=f"t = {t:.1f}",
        now=t,
        height=170,
        drag="threshold",
    )


def _motifs(result: SeqletsResult, uid: str) -> str:
    drawn = [
        titled_logo(
            found.motif,
            "bits",
            title=f"{name.motif.name}: {len(found.members)} seqlets",
            uid=f"{uid}-motif{i}",
            height=92,
            column=min(10, 90 / found.motif.width),
        )
        for i, (found, name) in enumerate(zip(result.motifs, result.names, strict=True))
    ][:SHOWN]
    if not drawn:
        drawn = ["<p>No cluster is large enough.</p>"]
    more = len(result.motifs) - SHOWN
    if more > 0:
        drawn.append(f"<p>and {more} more</p>")
    cells = "".join(f"<div style='flex:none'>{each}</div>" for each in drawn)
    look = "display:flex;flex-wrap:wrap;gap:4px 14px;min-height:118px"
    return f'<div style="{look}">{cells}</div>'


def _table(result: SeqletsResult) -> str:
    rows = [
        [
            found.motif.iupac(),
            len(found.members),
            f"{found.motif.information().sum():.1f}",
            escape(name.motif.name),
            f"{name.llr:.1f}",
        ]
        for found, name in zip(result.motifs, result.names, strict=True)
    ]
    heads = ["consensus", "seqlets", "bits", "best name in JASPAR", "nats per seqlet"]
    return html_table("The motifs, in the order in which they were found", heads, rows)


def describe(result: SeqletsResult) -> str:
    """Give the share that chance explains, and what was found."""
    ready, at = result.ready, result.at
    true, false = int(ready.positives[at]), int(ready.negatives[at])
    said = (
        f"(1 + negatives) / positives = (1 + {false}) / {true} = <b>{(1 + false) / true:.2f}</b>"
        if true
        else "No positive has a window of at least t"
    )
    rule = (
        f"the lowest t with at most 0.05 is {ready.least:.1f}"
        if np.isfinite(ready.least)
        else "no t brings it down to 0.05, so nothing should be cut"
    )
    used = sum(len(found.members) for found in result.motifs)
    names = ", ".join(escape(name.motif.name) for name in result.names) or "none"
    return (
        f"<p>{said}; {rule}.</p><p>{len(result.seqlets)} seqlets, {used} of them in "
        f"<b>{len(result.motifs)}</b> {'motif' if len(result.motifs) == 1 else 'motifs'}: {names}. "
        f"Three motifs were planted{': ' + ', '.join(PLANTED) if result.state.truth else ''}.</p>"
    )


class SeqletsExplorer(Explorer):
    """Cut seqlets from maps and cluster them, with thresholds that the learner moves.

    Examples
    --------
    >>> card = SeqletsExplorer(threshold=4, alike=0.8)
    >>> [found.motif.iupac() for found in card.result.motifs]
    ['ATGACTCAT', 'TGACATCA', 'CCCCACCC']
    """

    State = SeqletsState
    title = "Which motifs are in these maps?"
    goal = "find exactly the three planted motifs; then merge two of them, and break one."
    rows = (("map",), ("counts",), ("motifs",))
    numbers = ("table",)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
