"""Find a motif in peaks: where it stands, and what can be said for it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.exercises.answers import Unreadable, read_numbers
from motiflab.exercises.discovering_motif import STREAM, effort
from motiflab.exercises.discovering_peaks import LENGTH, hidden, own_peaks
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.open_answers import Open
from motiflab.exercises.values import Text

LONGEST = 24
"""Bases of the longest stretch that passes for a place."""


def read_stretch(given: SimpleNamespace, answer: Any) -> tuple[int, int]:
    """Read where a stretch starts and ends; raises `Unreadable`."""
    numbers = read_numbers(answer, (2,), typed=True)
    if numbers.shape != (2,) or (numbers != np.round(numbers)).any():
        raise Unreadable("Two whole numbers were expected, `(start, end)`.")
    start, end = (int(number) for number in numbers)
    if not 0 <= start < end <= LENGTH:
        raise Unreadable(
            f"Positions count from 0 to {LENGTH - 1}, the start comes before the end, and the end "
            "is excluded."
        )
    return start, end


def _covers(given: SimpleNamespace, start: int, end: int) -> bool:
    """Tell whether most of the site lies in a stretch."""
    site = hidden(given).site
    shared = min(end, site.end) - max(start, site.start)
    return shared >= 0.7 * (site.end - site.start)


def _site_lacks(given: SimpleNamespace, stretch: tuple[int, int]) -> str:
    start, end = stretch
    if end - start > LONGEST or not _covers(given, start, end):
        return "The motif stands elsewhere in this peak."
    return ""


def _moved(given: SimpleNamespace, by: int) -> tuple[int, int]:
    site = hidden(given).site
    return site.start + by, site.end + by


SITE = Open(
    id="discovering.site",
    title="Show the place",
    stream=STREAM,
    draw=own_peaks,
    task=lambda given: (
        "Here is one of the peaks that your network has not seen, `given.sequence`:\n\n"
        f"`{given.sequence}`\n\n"
        "Which of its bases made your network call it a peak? Compute a saliency map, and answer "
        "with `(start, end)`, the stretch in which the site stands: positions on the strand that "
        f"is written here, from 0, the end excluded, at most {LONGEST} bases."
    ),
    right=lambda given: _moved(given, 0),
    form=read_stretch,
    lacks=_site_lacks,
    mistakes=(
        Mistake(
            "too long a stretch",
            f"A stretch of more than {LONGEST} bases does not show a place. Where is the map "
            "strongest?",
            lambda given: (0, LENGTH),
            lambda given, stretch: stretch[1] - stretch[0] > LONGEST,
        ),
        Mistake(
            "first window rather than winner",
            "This is the beginning of the peak. The maximum is passed on from the window that "
            "wins, wherever that stands.",
            lambda given: (0, 15),
            lambda given, stretch: stretch[0] == 0,
        ),
        Mistake(
            "coordinates of the other strand",
            "That would be the place if one counted from the other end. A filter may read the "
            "other strand, but positions count from the left of the strand that is written.",
            lambda given: (LENGTH - hidden(given).site.end, LENGTH - hidden(given).site.start),
            lambda given, stretch: _covers(given, LENGTH - stretch[1], LENGTH - stretch[0]),
        ),
        Mistake(
            "off by a filter width",
            "The site stands next to this stretch. Is your number the first base of the window, or "
            "perhaps the last? And does the motif fill the filter?",
            lambda given: _moved(given, 14),
            lambda given, stretch: _covers(given, max(stretch[0] - 16, 0), stretch[1] + 16),
        ),
    ),
    hints=(
        "`saliency.saliency(network, sequences.one_hot(given.sequence))` has a row for each "
        "position and a column for each base.",
        "At each position only one base is there: `saliency.gradient_times_input` keeps its entry. "
        "Centre the gradient first, with `saliency.centred`.",
        "Add up the sizes over some 16 neighbouring positions; the site stands where the sum is "
        "largest.",
    ),
    solution=lambda given: (
        f"The site stands at positions **{hidden(given).site.start} to {hidden(given).site.end}** "
        f"(end excluded), on the {hidden(given).site.strand} strand: "
        f"`{given.sequence[hidden(given).site.start : hidden(given).site.end]}`. Gradient times "
        "input, centred, is large there and small elsewhere, since the maximum passes the gradient "
        "on to the window that won."
    ),
    effort=effort,
)

DEFENCE = Text(
    id="discovering.defence",
    title="Defend your finding",
    stream=STREAM,
    draw=own_peaks,
    task=lambda given: (
        "You claim to know which motif these peaks share. Write the paragraph that you would send "
        "to somebody who doubts it: what you found, by what evidence (the match, the "
        "precision-recall curve, the saliency map), against which controls, and what you do *not* "
        "claim."
    ),
    hints=(
        "For each of the three pieces of evidence: which doubt does it answer, and what would have "
        "been seen if you were wrong?",
        "Which of your numbers would change with other negatives? With another seed? With labels "
        "by chance?",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        "- *the match*: which motif, its E-value among all the motifs it was compared with, and "
        "that relatives share it: a family is named, not a protein;\n"
        "- *the curve*: the AUPRC on sequences that the network has not seen, beside its baseline "
        f"of {np.mean(given.labels):.3f}, and that about one peak in ten holds no site;\n"
        "- *the map*: in a new peak the bases that count stand together, and spell the motif;\n"
        "- *the controls*: negatives with the same pairs of bases, so that composition explains "
        "nothing; another seed finds the same; shuffled labels find nothing;\n"
        "- *the choices*: the filter was chosen by its strength on the training sequences, before "
        "the match was looked at;\n"
        "- *what is not claimed*: that the protein is known, that every peak is explained, or that "
        "the AUPRC would be the same in a genome, where peaks are rare."
    ),
)
