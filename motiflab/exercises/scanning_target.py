"""Exercises on what a stride sees: an explorer to bring to a target, and a text."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.alphabet import BASES
from motiflab.convolution import index_map
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.targets import Shown, Target
from motiflab.exercises.values import Text
from motiflab.sequences import one_hot, reverse_complement

_LENGTH = 38
_STRIDES, _PADDINGS = range(1, 7), range(5)  # what the sliders of the explorer offer
_GAPS = (8, 10, 16, 20)  # from copy to copy: the longest stride that divides one is 4 or 5


def _draw(rng: np.random.Generator) -> dict[str, Any]:
    """Two copies of a word, the word backwards and its reverse complement, each told apart."""
    while True:
        word = "".join(rng.permutation([*BASES, str(rng.choice([*BASES]))]))
        gap, first = int(rng.choice(_GAPS)), int(rng.integers(1, 8))
        copies = [first, first + gap]
        stride = _longest(gap)
        if first % stride == 0:  # without padding no window would begin at a copy
            continue
        letters = rng.choice([*BASES], _LENGTH)
        others = rng.choice(np.arange(_LENGTH - 4), 2, replace=False)
        places = sorted([*copies, *others])
        words = (word, word, word[::-1], reverse_complement(word))
        for place, letters_there in zip([*copies, *others], words):
            letters[place : place + 5] = [*letters_there]
        sequence = "".join(letters)
        apart = min(np.diff(places)) >= 5
        if apart and [sequence.count(one) for one in words] == [2, 2, 1, 1]:
            return {"sequence": sequence, "word": word, "copies": copies}


def _longest(gap: int) -> int:
    return max(stride for stride in _STRIDES if gap % stride == 0)


def _stride(given: SimpleNamespace) -> int:
    return _longest(given.copies[1] - given.copies[0])


def _padding(given: SimpleNamespace) -> int:
    return -given.copies[0] % _stride(given)


def _begin_at(place: int, stride: int, padding: int) -> bool:
    """Tell whether some window begins there: jS - P = place."""
    return (place + padding) % stride == 0


def _one_seen(given: SimpleNamespace) -> dict[str, Any]:
    """Settings that see one copy alone."""
    for stride, padding in product(reversed(_STRIDES), _PADDINGS):
        if sum(_begin_at(place, stride, padding) for place in given.copies) == 1:
            return {"reading": "forward", "stride": stride, "padding": padding}
    raise ValueError("every stride sees both copies or none")


def _seen(given: SimpleNamespace, shown: Shown) -> int:
    """How many copies have an output that reaches the dashed line."""
    scan = shown.result.scan
    perfect = np.flatnonzero(np.isclose(scan.outputs, scan.best))
    begins = {int(index_map(j, 0, scan.stride, scan.padding)) for j in perfect}
    return len(begins & set(given.copies))


def _weights(word: str) -> tuple[tuple[float, ...], ...]:
    """2 for the base of the word and -1 for any other, at each position."""
    return tuple(map(tuple, (3.0 * one_hot(word) - 1.0).tolist()))


BOTH_COPIES = Target(
    id="scanning.both_copies",
    title="See both copies with the longest stride",
    draw=_draw,
    explorer="scan_explorer.ScanExplorer",
    start=lambda given: {
        "sequence": given.sequence,
        "weights": _weights(given.word),
        "bias": 0.0,
        "reading": "flipped",
        "stride": 1,
        "padding": 0,
        "j": 0,
    },
    locked=("sequence", "weights", "bias", "dilation"),
    reached=lambda given, shown: shown.state.stride == _stride(given) and _seen(given, shown) == 2,
    task=lambda given: (
        f"Your filter likes **{given.word}**, and your sequence, `{given.sequence}`, holds that "
        f"word twice: at positions {given.copies[0]} and {given.copies[1]}. Somebody has left the "
        "filter flipped. Put that right. Then find the **longest stride** with which both copies "
        "still reach the dashed line (the score of a perfect match), with as much padding as it "
        "takes. Copy the line named Scene."
    ),
    prediction=(
        "With a stride of 2 and no padding, how many of the two copies would be seen in full, and "
        "how do you know without trying?"
    ),
    right=lambda given: {
        "reading": "forward",
        "stride": _stride(given),
        "padding": _padding(given),
    },
    mistakes=(
        Mistake(
            "convolution flipped",
            "The filter still lies flipped. So it finds your word read backwards, which is "
            "another word: look at the orientation of the filter.",
            lambda given: {"stride": _stride(given), "padding": _padding(given)},
            lambda given, shown: shown.state.reading == "flipped",
        ),
        Mistake(
            "reverse complement instead",
            "As its reverse complement the filter finds a site on the other strand. The two "
            "copies stand on this one: use the filter as it is.",
            lambda given: {
                "reading": "complement",
                "stride": _stride(given),
                "padding": _padding(given),
            },
            lambda given, shown: shown.state.reading == "complement",
        ),
        Mistake(
            "a longer stride would do",
            "Both copies are seen, well done. There is a longer stride that sees both as well, "
            "perhaps with other padding: what has the stride to do with how far apart they are?",
            lambda given: {"reading": "forward"},
            lambda given, shown: _seen(given, shown) == 2,
        ),
        Mistake(
            "one copy stepped over",
            "One copy is seen, and the other is stepped over: no window begins where it begins. "
            "How far apart are the copies, and how far does the filter move?",
            _one_seen,
            lambda given, shown: _seen(given, shown) == 1,
        ),
        Mistake(
            "both copies stepped over",
            "No window begins where a copy begins. Which control moves all the windows together, "
            "without changing the distances between them?",
            lambda given: {"reading": "forward", "stride": _stride(given)},
            lambda given, shown: _seen(given, shown) == 0,
        ),
    ),
    hints=(
        "A copy is seen in full only if a window begins where it begins. Window $j$ begins at "
        "$jS - P$.",
        "Both can only be beginnings of windows if a whole number of strides lies between them.",
        "With that stride, add padding, one zero at a time, until a window begins at the first "
        "copy. The second follows by itself.",
    ),
    solution=lambda given: (
        f"The copies are {given.copies[1]} − {given.copies[0]} = "
        f"{given.copies[1] - given.copies[0]} positions apart. Both are seen only if the stride "
        f"divides that, and of 1 to 6 the longest that does is **S = {_stride(given)}**. Windows "
        f"then begin at $jS - P$. For one of them to begin at {given.copies[0]}, "
        f"{given.copies[0]} + P must be a multiple of {_stride(given)}: "
        f"**P = {_padding(given)}**, and the filter **as it is**. As for a stride of 2 without "
        "padding: windows begin at even positions. "
        + (
            "Both copies begin at one, so both are seen."
            if given.copies[0] % 2 == 0
            else "Both copies begin at an odd one, so neither is seen."
        )
    ),
    effort=lambda given: (len(given.sequence), _stride(given) in (4, 5), _padding(given) > 0),
)

WHY_ONE = Text(
    id="scanning.why_one",
    title="Explain why first layers have stride 1",
    task=lambda given: (
        "Look at what you predicted for a stride of 2, and at what you saw. Then explain in three "
        "to five sentences to somebody who wants to make a network faster with a stride of 4 in "
        "its first layer: what would that network miss, how often, and how can the map be made "
        "shorter without that?"
    ),
    hints=(
        "Sites stand anywhere. Of the places where one may begin, which share is the beginning of "
        "a window?",
        "What does max-pooling keep of four neighbouring outputs, and what does a stride of 4?",
    ),
    solution=lambda given: (
        "A full answer mentions: a site is seen in full only if a window begins where it begins, "
        "so a stride of S sees one place in S, here a quarter. The others are seen out of step: "
        "their bases meet the wrong taps, and they mostly score like background. Padding only "
        "chooses *which* quarter, it saves nobody, as sites stand anywhere. (Four filters, one for "
        "each step, could share the work, and cost what the stride has saved.) A stride of 1 looks "
        "at every place. Max-pooling after it makes the map four "
        "times shorter, too, but keeps the best of each four outputs, not whichever comes first."
    ),
)
