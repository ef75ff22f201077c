"""Explore EM: it alternates between the places of the sites and the motif."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np

from motiflab.datasets import Arrangement, Dataset, ctcf, planted, tap73
from motiflab.figures import (
    Places,
    Series,
    axis,
    captioned,
    fitted,
    html_table,
    places_svg,
    places_table,
    unseen,
)
from motiflab.motifs import (
    Climb,
    both_strands_background,
    climb,
    draw_words,
    e_step,
    jaspar,
    site_windows,
)
from motiflab.widgets import (
    CardResult,
    CardState,
    Chart,
    Explorer,
    Player,
    Tool,
    choice,
    curves,
    slider,
    titled_logo,
)

SOURCES = [("FOS::JUN, planted", "planted"), ("CTCF peaks", "ctcf"), ("TAp73 peaks", "tap73")]
SEQUENCES, LENGTH, SHOWN = 60, 60, 5
STARTS, ROUNDS = 20, 30


class EmState(CardState):
    """What a learner can choose: the sequences, the width, the start, and the shown round."""

    source: str = choice(
        "planted", "Sequences", SOURCES, help="60 sequences of 60 bases; we assume one site in each"
    )
    width: int = slider(9, "Width of the motif K", 6, 20, patient=True)
    word: int = slider(1, "Start from word", 1, STARTS, help="Words drawn from the sequences")
    round: int = slider(1, "Round", 1, ROUNDS, help="A round is an E-step and an M-step")


class Ran(NamedTuple):
    """Sequences with their windows and background, and a run of EM from each word.

    `ends` holds the consensus of the last motif of each run, in IUPAC codes.
    """

    data: Dataset
    windows: np.ndarray
    background: np.ndarray
    runs: list[Climb]
    ends: list[str]


class EmResult(CardResult):
    """One round of one run.

    Attributes
    ----------
    ran : Ran
    run : Climb
        The run from the chosen word.
    places : ndarray, shape (2, N, M)
        Probabilities from the E-step with the motif before the round.
    scores : ndarray, shape (2, M)
        Scores of the windows of the first sequence, in nats.
    """

    ran: Ran
    run: Climb
    places: np.ndarray

    @property
    def before(self) -> np.ndarray:
        """The PPM that the E-step uses."""
        return self.run.ppms[self.state.round - 1]

    @property
    def after(self) -> np.ndarray:
        """The PPM that the M-step makes."""
        return self.run.ppms[self.state.round]

    @property
    def ranked(self) -> list[tuple[int, Climb]]:
        """All starts with their numbers, from 1; the highest final objective first."""
        return sorted(enumerate(self.ran.runs, 1), key=lambda pair: -pair[1].objective[-1])

    @property
    def best(self) -> int:
        """Number of the start with the highest objective, from 1."""
        return self.ranked[0][0]


@lru_cache(maxsize=3)
def sequences(source: str) -> Dataset:
    """Return 60 sequences of 60 bases: with one planted site, or from the middle of peaks."""
    if source == "planted":
        motif = jaspar.load("FOS::JUN")
        data = planted(Arrangement((motif,)), n=2 * SEQUENCES, length=LENGTH, seed=3)
        return data.subset(data.labels == 1)
    peaks = (ctcf if source == "ctcf" else tap73)()
    peaks = peaks.subset(np.flatnonzero(peaks.labels == 1)[:SEQUENCES])
    first = (peaks.shortest - LENGTH) // 2
    middle = [sequence[first : first + LENGTH] for sequence in peaks.sequences]
    return Dataset.of(middle, peaks.labels, peaks.names)


@lru_cache(maxsize=8)
def climbs(source: str, width: int) -> Ran:
    """Run EM from each of 20 words of the sequences; they are the same for everybody."""
    data = sequences(source)
    words = draw_words(data.sequences, width, STARTS)
    q = both_strands_background(data.sequences)
    runs = climb(words, data.sequences, ROUNDS, q)
    ends = [run.motif(SEQUENCES).iupac() for run in runs]
    return Ran(data, site_windows(data.sequences, width), q, runs, ends)


def compute(state: EmState) -> EmResult:
    """Look up the run, and repeat the E-step of the round."""
    ran = climbs(state.source, state.width)
    run = ran.runs[state.word - 1]
    places = e_step(run.ppms[state.round - 1], ran.windows, ran.background).places
    return EmResult(state, ran, run, places)


def draw(result: EmResult, uid: str) -> dict[str, str | Chart]:
    """Draw the motif before and after the round, the places, and the objective so far."""
    state, ran = result.state, result.ran
    logos = {
        name: titled_logo(
            ppm,
            "bits",
            ran.background,
            title=title,
            uid=f"{uid}-{name}",
            height=96,
            column=min(22, 240 // state.width),
            first=0,
        )
        for name, title, ppm in (
            ("before", f"Motif before round {state.round}", result.before),
            ("after", "After it, in bits", result.after),
        )
    }
    data = ran.data
    sites = {site.sequence: (site.start, site.end) for site in data.sites}
    rows = [
        Places(
            str(i + 1),
            data.sequences[i],
            result.places[:, i],
            state.width,
            (sites[i],) if i in sites else (),
        )
        for i in range(SHOWN)
    ]
    line = " Line: a planted site." if sites else ""
    caption = f"E-step: the stronger the band, the more probable a site is there.{line}"
    return {
        **logos,
        "places": captioned(caption, fitted(partial(places_svg, rows), f"{uid}-p"))
        + unseen(places_table(rows)),
        "climb": _climb(result),
        "starts": _starts(result),
    }


def _climb(result: EmResult) -> Chart:
    t = result.state.round
    # Later rounds are not shown: the learner should find them.
    heights = result.run.objective[: t + 1] / SEQUENCES
    top = max(run.objective.max() for run in result.ran.runs) / SEQUENCES
    return curves(
        [Series(f"{heights[-1]:.2f}", np.arange(t + 1), heights, float(heights[-1]))],
        "Objective, nats per sequence",
        axis("rounds done", (0, ROUNDS), dtick=10),
        axis("nats", (-1, float(np.ceil(top)))),
        place=f"after round {t}",
        now=t,
        height=126,
    )


def _starts(result: EmResult) -> str:
    """Table of the final objective of every start."""
    return html_table(
        f"All {STARTS} starts after {ROUNDS} rounds, the highest objective first",
        ["start", "word", "ends as", "nats per sequence"],
        [
            [
                f"{number} ◂" if number == result.state.word else number,
                run.word,
                result.ran.ends[number - 1],
                f"{run.objective[-1] / SEQUENCES:.2f}",
            ]
            for number, run in result.ranked
        ],
    )


def describe(result: EmResult) -> str:
    """Write both steps with the numbers of the current round."""
    state, q = result.state, result.ran.background
    start, strand, r = Places(
        "", result.ran.data.sequences[0], result.places[:, 0], state.width
    ).best
    k, a = np.unravel_index((result.after * np.log(result.after / q)).argmax(), result.after.shape)
    theta = result.after[k, a]
    counted = theta * (SEQUENCES + 1) - q[a]
    sure = int((result.places.max(axis=(0, 2)) > 0.5).sum())
    base = "ACGT"[a]
    return (
        f"<p>E-step, sequence 1, best place (base {start}, strand {strand.replace('-', '−')}): "
        f"r = exp(s) / Σ exp(s) = <b>{r:.2f}</b>. M-step, position {k}: the windows hold "
        f"{counted:.1f} {base}, each weighted by its r, so θ<sub>{k},{base}</sub> = "
        f"({counted:.1f} + {q[a]:.2f}) / ({SEQUENCES} + 1) = <b>{theta:.2f}</b>.</p>"
        f"<p>Round {state.round} from the word {result.run.word}: in {sure} of {SEQUENCES} "
        "sequences one place is more probable than all the others together.</p>"
    )


class EmExplorer(Explorer):
    """Follow EM from a word of the data to a motif, round by round.

    Examples
    --------
    >>> card = EmExplorer(round=30)
    >>> card.set(word=card.result.best)
    >>> bool(card.result.run.objective[-1] > card.result.run.objective[0])
    True
    """

    State = EmState
    title = "Can you find the sites without knowing the motif?"
    goal = "find a start that climbs to the planted sites, and one that gets stuck beside them."
    rows = (("before", "after"),)
    numbers = ("starts",)
    tools = ("play", *Explorer.tools)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)

    def toolbar(self) -> list[Tool]:
        """Return a button that plays the rounds."""
        return [Tool("play", Player(self, "round", seconds=0.7))]
