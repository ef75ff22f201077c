"""Card: how sure a place on a leaderboard is, and how the best of many guesses climbs it."""

from __future__ import annotations

from functools import cache, partial

import numpy as np

from motiflab.datasets import challenge_world
from motiflab.evaluation import (
    average_precision_of_guess,
    bootstrap_areas,
    bootstrap_counts,
    bootstrap_range,
    expected_best,
    guessed_areas,
    precision_recall,
    shared_places,
)
from motiflab.evaluation.bootstrap import TAIL
from motiflab.figures import BoardLine, Series, axis, board_svg, captioned, fitted, html_table
from motiflab.widgets import (
    CardResult,
    CardState,
    Chart,
    Explorer,
    choice,
    curves,
    slider,
)

MOST, GUESSES = 200, 2000
"""Largest number of hand-ins, and how many random rankings stand for all of them."""

_SIZES = (50, 100, 200, 400)
_WORLD, _TEST = 5, 6  # seeds
_LEAST = 0.3  # left end of the axis of AUPRC


class ChallengeState(CardState):
    """A level, the number of test sequences, and how many guesses are handed in."""

    level: int = choice(
        1, "Level", [("1: one motif", 1), ("2: two motifs, decoys", 2), ("3: a grammar", 3)]
    )
    tests: int = choice(100, "Test sequences", list(_SIZES), help="Half of them are positive")
    hand_ins: int = slider(
        20,
        "Guesses handed in n",
        1,
        MOST,
        help="The board shows the best of them; or drag the line in the chart",
    )


class ChallengeResult(CardResult):
    """The lines of the board and the climb of the best guess.

    Attributes
    ----------
    limit, scan, best, again : BoardLine
        The exact likelihood ratio, a motif scan, the best of n guesses, and the same guess on new
        test sequences.
    apart : bool
        Whether the scan is clearly behind the limit.
    climb : list of float
        Expected AUPRC of the best of 1, 2, ... `MOST` guesses.
    """

    limit: BoardLine
    scan: BoardLine
    best: BoardLine
    again: BoardLine
    apart: bool
    climb: list[float]


@cache
def _scored(level: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels of test sequences, positives first, their exact log ratio and their scan."""
    world = challenge_world(level, _WORLD)
    data = world.draw(_SIZES[-1], _TEST)
    scan = sum(
        np.max(
            [
                [scores.max() for scores in strand.score(data.sequences)]
                for strand in (motif, motif.reverse_complement())
            ],
            axis=0,
        )
        for motif in world.motifs
    )
    order = np.argsort(-data.labels, kind="stable")
    return data.labels[order], world.log_ratio(data.sequences)[order], scan[order]


@cache
def _boards(level: int, tests: int) -> tuple[BoardLine, BoardLine, bool]:
    """The limit, the scan, and whether they can be told apart."""
    labels, *scores = _scored(level)
    half = len(labels) // 2
    kept = np.r_[: tests // 2, half : half + tests // 2]
    counts = bootstrap_counts(labels[kept])
    areas = [bootstrap_areas(labels[kept], each[kept], counts) for each in scores]
    limit, scan = (
        BoardLine(
            name,
            precision_recall(labels[kept], each[kept]).area,
            *bootstrap_range(area),
            kind,
        )
        for name, kind, each, area in zip(
            ("Best possible", "Motif scan"), ("limit", "hand-in"), scores, areas, strict=True
        )
    )
    return limit, scan, shared_places(areas)[1] == (2, 2)


@cache
def _guesses(tests: int) -> tuple[np.ndarray, list[float]]:
    """AUPRCs of random rankings, and the expected best of 1 to `MOST` of them."""
    areas = guessed_areas(tests // 2, tests // 2, GUESSES)
    return areas, [expected_best(areas, k) for k in range(1, MOST + 1)]


def compute(state: ChallengeState) -> ChallengeResult:
    """Score the limit and the scan, and find the best of n guesses."""
    limit, scan, apart = _boards(state.level, state.tests)
    areas, climb = _guesses(state.tests)
    k = state.hand_ins
    # The largest of k is at most v with probability F(v)**k.
    low, high = np.quantile(areas, [TAIL ** (1 / k), (1 - TAIL) ** (1 / k)])
    best = BoardLine(f"Best of {k} guesses", climb[k - 1], float(low), float(high))
    mean = average_precision_of_guess(state.tests // 2, state.tests // 2)
    again = BoardLine("The same, tested anew", mean, *bootstrap_range(areas), "guess")
    return ChallengeResult(state, limit, scan, best, again, apart, climb)


def draw(result: ChallengeResult, uid: str) -> dict[str, str | Chart]:
    """Draw the board, and the climb of the best guess."""
    lines, k = (result.limit, result.scan, result.best, result.again), result.state.hand_ins
    board = partial(board_svg, lines, "The board", least=_LEAST)
    caption = f"<b>AUPRC on {result.state.tests} test sequences</b>, with a 95 % range."
    x = list(range(1, MOST + 1))
    climb = curves(
        [
            Series(f"best of n guesses {result.best.area:.2f}", x, result.climb, result.best.area),
            Series(f"motif scan {result.scan.area:.2f}", [1, MOST], [result.scan.area] * 2),
            Series(f"tested anew {result.again.area:.2f}", [1, MOST], [result.again.area] * 2),
        ],
        "How the best guess climbs",
        axis("guesses handed in n", (0, MOST)),
        axis("AUPRC", (0.4, 1), dtick=0.2),
        place=f"n = {k}",
        now=k,
        height=210,
        drag="hand_ins",
    )
    rows = [(line.name, *(f"{value:.3f}" for value in line[1:4])) for line in lines]
    table = html_table("The board", ["", "AUPRC", "from", "to"], rows)
    picture = captioned(caption, fitted(board, f"{uid}-board"))
    return {"board": picture, "climb": climb, "table": table}


def describe(result: ChallengeResult) -> str:
    """Say how far luck carries a guess, and whether the test is large enough."""
    state, limit, scan, best = result.state, result.limit, result.scan, result.best
    told = (
        "is <b>clearly behind</b> the best possible score"
        if result.apart
        else "<b>cannot be told apart</b> from the best possible score"
    )
    overtaken = best.area > scan.area
    return (
        f"<p>A guess has the AUPRC {result.again.area:.3f} on average. The best of n = "
        f"{state.hand_ins} guesses shows <b>{best.area:.3f}</b> on the board, "
        f"{best.area - result.again.area:.2f} of it luck, and on new test sequences "
        f"{result.again.area:.3f} again. It is {'above' if overtaken else 'below'} the motif scan "
        f"with {scan.area:.3f}.</p><p>With {state.tests} test sequences the range of the scan is "
        f"{scan.high - scan.low:.3f} wide, and the scan {told}, {limit.area:.3f}.</p>"
    )


class ChallengeExplorer(Explorer):
    """A card on ranges and luck on a leaderboard.

    Examples
    --------
    >>> result = ChallengeExplorer(tests=50, hand_ins=100).result
    >>> result.best.area > result.again.area + 0.15
    True
    """

    State = ChallengeState
    title = "How sure is a place on the board?"
    goal = (
        "find how many test sequences it takes to tell the motif scan from the best possible score "
        "on level 1; then overtake the scan of level 3 by guessing."
    )
    rows = (("board",), ("climb",))
    numbers = ("table",)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
