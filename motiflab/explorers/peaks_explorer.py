"""Explore which bases of a contig a line of a peak file selects, and when it cannot be used."""

from __future__ import annotations

from functools import cache, partial

import numpy as np

from motiflab.checks import ArgumentError
from motiflab.datasets import why_dropped, windows_around
from motiflab.figures import fitted, html_table, window_svg
from motiflab.sequences import random_sequences, reverse_complement
from motiflab.widgets import CardResult, CardState, Explorer, choice, slider

BASES = 1000
"""Length of the contig in bases."""

AVOID = {"N": (0, 200), "blacklist": (640, 720)}
"""Regions of the contig that no window may overlap."""


@cache
def contig() -> str:
    """Return the contig: a run of N, then random bases."""
    (text,) = random_sequences(1, BASES, None, np.random.default_rng(0))
    return "N" * AVOID["N"][1] + text[AVOID["N"][1] :]


class PeaksState(CardState):
    """What a learner can choose: a line of a narrowPeak file, and the length of the window."""

    start: int = slider(400, "Start of the peak", 0, 900, 5, help="Column 2, counted from 0")
    width: int = slider(160, "Bases of the peak", 20, 300, 5, help="Its end is start + bases")
    offset: int = slider(
        60, "Start to summit", -1, 299, help="Column 10; −1 says that no summit was called"
    )
    strand: str = choice(
        "+", "Strand", ["+", ("−", "-")], help="On which strand the window is read"
    )
    length: int = slider(200, "Bases of the window L", 20, 401)


class PeaksResult(CardResult):
    """The window of the peak.

    Attributes
    ----------
    end, summit : int
        End (exclusive) and summit of the peak.
    window : tuple of int
        Start and end, exclusive.
    reason : str
        Why it cannot be used; empty if it can.
    sequence : str
        The sequence on the strand that is read; empty if it cannot be used.
    """

    end: int
    summit: int
    window: tuple[int, int]
    reason: str
    sequence: str


def compute(state: PeaksState) -> PeaksResult:
    """Place the window, check whether it can be used, and read it."""
    end = state.start + state.width
    if end > BASES:
        raise ArgumentError(
            "width", f"The peak would end at {end:,}, behind the contig's {BASES:,} bases."
        )
    if state.offset >= state.width:
        raise ArgumentError(
            "offset",
            f"The summit must lie in the peak: at most {state.width - 1} bases from start.",
        )
    summit = state.start + state.offset if state.offset >= 0 else (state.start + end) // 2
    minus = state.strand == "-"
    first, last = (int(place) for place in windows_around(summit, state.length, minus))
    text, black = contig(), np.array(AVOID["blacklist"])[:, None]
    letters = np.frombuffer(text.encode(), dtype=np.uint8)
    (reason,), _ = why_dropped(letters, np.array([first]), state.length, black)
    sequence = "" if reason else text[first:last]
    return PeaksResult(
        state,
        end,
        summit,
        (first, last),
        reason,
        reverse_complement(sequence) if minus else sequence,
    )


def draw(result: PeaksResult, uid: str) -> dict[str, str]:
    """Draw the contig with the peak and its window, and a table of the coordinates."""
    state, (first, last) = result.state, result.window
    words = (
        f"A contig of {BASES:,} bases. Peak from {state.start} to {result.end}, summit "
        f"{result.summit}, window from {first} to {last}. {_verdict(result)}."
    )
    peak = state.start, result.end, result.summit
    rows = [
        ("peak", state.start, result.end, state.width),
        ("window", first, last, state.length),
        *((name, *stretch, stretch[1] - stretch[0]) for name, stretch in AVOID.items()),
    ]
    heads = ["Stretch", "start (from 0)", "end (exclusive)", "bases"]
    return {
        "place": fitted(
            partial(window_svg, BASES, peak, result.window, AVOID, result.sequence, words), uid
        ),
        "numbers": html_table("Coordinates as in BED", heads, rows),
    }


def describe(result: PeaksResult) -> str:
    """Compute the window step by step, and say whether it is used."""
    state, (first, last) = result.state, result.window
    half, s, length = state.length // 2, result.summit, state.length
    called = f"{state.start} + {state.offset}"
    if state.offset < 0:
        called = f"({state.start} + {result.end}) // 2, the middle of the peak"
    sums = f"s − ⌊L/2⌋ = {s} − {half} = <b>{first}</b>, end = start + L"
    if state.strand == "-":
        sums = f"end = s + 1 + ⌊L/2⌋ = {s} + 1 + {half} = <b>{last}</b>, start = end − L"
    return (
        f"<p>Summit s = {called} = <b>{s}</b>. Window: {'start = ' if state.strand == '+' else ''}"
        f"{sums}, so {first} to {last}: {length} bases, with the summit at base ⌊L/2⌋ = {half} "
        f"of the sequence.</p><p>A genome browser counts from 1 and includes the end: "
        f"{first + 1}–{last}.</p><p><b>{_verdict(result)}.</b></p>"
    )


def _verdict(result: PeaksResult) -> str:
    return f"Dropped: {result.reason}" if result.reason else "Kept"


class PeaksExplorer(Explorer):
    """Turn a line of a peak file into a window of a contig.

    Examples
    --------
    >>> PeaksExplorer(length=20).result.window, PeaksExplorer(length=20, strand="-").result.window
    ((450, 470), (451, 471))
    >>> PeaksExplorer(start=200).result.reason
    'window holds N or another code'
    """

    State = PeaksState
    title = "Which bases does a peak give?"
    goal = "find the longest window around this summit that can be used, and what ends it."
    numbers = ("numbers",)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
