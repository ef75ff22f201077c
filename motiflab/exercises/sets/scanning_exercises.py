"""Exercises on a scanning filter: windows, strides, mutations, cross-correlation by hand."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from motiflab.exercises import (
    Choice,
    ExerciseSet,
    Function,
    Given,
    Mistake,
    Option,
    Property,
    Shown,
    Target,
    Text,
    Value,
    draw_word,
    weights_table,
    with_base,
)
from motiflab.layers.convolution import cross_correlate, index_map, output_length
from motiflab.sequences.alphabet import BASES
from motiflab.sequences.encoding import one_hot, reverse_complement

# -- Count the windows -----------------------------------------------------------------------------


def _draw_windows(rng: np.random.Generator) -> dict[str, int]:
    """Draw a stride that leaves a rest above half a step, but two places or more below a step.

    So the floor differs from the nearest number, and also from the floor of (L + 2P - K + 1) / S.
    """
    S = int(rng.integers(5, 8))
    rest = int(rng.integers(S // 2 + 1, S - 1))
    P = 2 * S + int(rng.integers(0, 3))  # so large that each way of miscounting it shows
    K = 2 * P + S - rest + int(rng.integers(1, 4))  # so large that L / S, rounded up, is too many
    M = int(rng.integers(7, 15))
    return {"L": (M - 1) * S + rest + K - 2 * P, "K": K, "S": S, "P": P}


def _windows(given: Given) -> int:
    return output_length(given.L, given.K, given.S, given.P)


def _rest(given: Given) -> int:
    return (given.L + 2 * given.P - given.K) % given.S


WINDOWS = Value(
    id="scanning.windows",
    title="Count the windows",
    draw=_draw_windows,
    task=lambda given: (
        f"A filter of K = {given.K} slides along a sequence of L = {given.L} bases with stride "
        f"S = {given.S} and P = {given.P} zeros added at **each** end. How many outputs are there?"
    ),
    right=_windows,
    mistakes=(
        Mistake(
            "floor forgotten",
            "The filter takes whole steps only. What remains after the last whole step gives no "
            "output, however large it is: round down, not to the nearest number.",
            lambda given: (given.L + 2 * given.P - given.K) / given.S + 1,
            # with its fraction, rounded to the nearest number, or rounded up
            lambda given, answer: answer.shape == () and 0 < answer - _windows(given) <= 1,
        ),
        Mistake(
            "padding counted once",
            "Look at the padding again: it is added at each end.",
            lambda given: output_length(given.L + given.P, given.K, given.S),
        ),
        Mistake(
            "off by one",
            "This counts the steps that the filter takes. It has already given an output before "
            "its first step: add 1 after rounding down.",
            lambda given: _windows(given) - 1,
        ),
        Mistake(
            "padding forgotten",
            "This leaves the padding out: the filter slides over the zeros too.",
            lambda given: output_length(given.L, given.K, given.S),
        ),
        Mistake(
            "stride forgotten",
            "Here the filter stops at every place. From one output to the next it moves by S.",
            lambda given: output_length(given.L, given.K, 1, given.P),
        ),
    ),
    hints=(
        "How long is what the filter slides along, zeros included?",
        "How many steps of S fit before the right edge of the filter leaves it? The first "
        "output needs no step.",
    ),
    solution=lambda given: (
        f"With the zeros there are {given.L} + 2·{given.P} = {given.L + 2 * given.P} places. The "
        f"filter can move {given.L + 2 * given.P} − {given.K} = "
        f"{given.L + 2 * given.P - given.K} places to the right, which is "
        f"{(given.L + 2 * given.P - given.K) // given.S} whole steps of {given.S} and a rest of "
        f"{_rest(given)} that is lost. One output stands before the first step: "
        f"**{_windows(given)}**."
    ),
    effort=lambda given: (_rest(given) > 0, given.P > 0),
)


# -- Change one base -------------------------------------------------------------------------------


def _draw_changes(rng: np.random.Generator) -> dict[str, Any]:
    """Draw a base that the first tap meets in one output and the last tap in another.

    The framework draws again until one of the two rises and the other falls: a learner who drops
    the signs is told so.
    """
    K, S, D = 3, 2, 3
    P, L = int(rng.integers(1, 4)), int(rng.integers(11, 14))
    # In output j, tap 0 meets the base; tap 2 met it three outputs earlier.
    j = int(rng.integers(D, output_length(L, K, S, P, D)))
    i = j * S - P
    sequence = "".join(rng.choice([*BASES], L))
    W = np.array([rng.permutation([-3, -1, 1, 4]) + int(rng.integers(0, 3)) for _ in range(K)])
    new = str(rng.choice([base for base in BASES if base != sequence[i]]))
    scan = {"W": W, "b": -2, "K": K, "S": S, "P": P, "D": D}
    return {"sequence": sequence, "i": i, "new": new, **scan}


def _mutant(given: Given) -> str:
    return with_base(given.sequence, given.i, given.new)


def _change(given: Given, W: np.ndarray | None = None, **other: int) -> np.ndarray:
    """Return new outputs minus old ones, with another filter or another way of moving."""
    W = given.W if W is None else W
    moves = {"stride": given.S, "padding": given.P, "dilation": given.D} | other
    new, old = (
        cross_correlate(one_hot(word), W, given.b, **moves)
        for word in (_mutant(given), given.sequence)
    )
    return new - old


def _changes_padded_once(given: Given) -> np.ndarray:
    """Return the changes of the outputs that need no zero at the right end."""
    length = len(given.sequence) + given.P
    return _change(given)[: output_length(length, given.K, given.S, 0, given.D)]


def _first_overlooked(given: Given) -> np.ndarray:
    """Return the changes without that of the first output that sees the base."""
    found = _change(given)
    found[_meetings(given)[0][0]] = 0
    return found


def _new_weights(given: Given) -> np.ndarray:
    """Return what the new base adds to the outputs, without taking off what the old one added."""
    added = np.zeros(len(_change(given)))
    for j, k in _meetings(given):
        added[j] = given.W[k, BASES.index(given.new)]
    return added


def _overlooked(answer: np.ndarray, right: np.ndarray) -> bool:
    """Tell whether all that is there is right, and 0 stands where something is missing."""
    return answer.shape == right.shape and bool((np.isclose(answer, right) | (answer == 0)).all())


def _meetings(given: Given) -> list[tuple[int, int]]:
    """Return the outputs that see the base, and by which tap."""
    outputs = output_length(len(given.sequence), given.K, given.S, given.P, given.D)
    return [
        (j, k)
        for j in range(outputs)
        for k in range(given.K)
        if j * given.S - given.P + k * given.D == given.i
    ]


def _meetings_in_words(given: Given) -> str:
    old, new = given.sequence[given.i], given.new
    a, c = BASES.index(new), BASES.index(old)
    return "; ".join(
        f"output {j} by tap {k}, which changes it by $W_{{{k},{new}}} - W_{{{k},{old}}} = "
        f"{given.W[k, a]} - ({given.W[k, c]}) = {given.W[k, a] - given.W[k, c]}$"
        for j, k in _meetings(given)
    )


CHANGES = Value(
    id="scanning.changes",
    title="Change one base",
    draw=_draw_changes,
    task=lambda given: (
        f"A filter with K = {given.K} taps and the bias {given.b} scans `{given.sequence}` with "
        f"stride S = {given.S}, P = {given.P} zeros at each end and dilation D = {given.D}. Its "
        f"weights are\n\n{weights_table(given.W)}\n\nThen the base at position **{given.i}** "
        f"(counted from 0), {given.sequence[given.i]}, mutates to **{given.new}**. By how much "
        "does each output change, new minus old? Give one number for each output, from $y_0$ to "
        "the last, as a list. Most are 0: think before you calculate. (The numbers are "
        "`given.sequence`, `given.W`, `given.b`, `given.K`, `given.S`, `given.P`, `given.D`, "
        "`given.i` and `given.new`.)"
    ),
    right=_change,
    mistakes=(
        Mistake(
            "convolution flipped",
            "The right outputs change, but each by the weights of the wrong end of the filter: in "
            "deep learning the filter is not turned round. Which tap lies furthest left?",
            lambda given: _change(given, given.W[::-1]),
        ),
        Mistake(
            "old minus new",
            "The outputs and the sizes fit. Look at the signs: new minus old is asked for.",
            lambda given: -_change(given),
        ),
        Mistake(
            "signs forgotten",
            "The outputs and the sizes are right. But an output can fall as well as rise: give "
            "each change its sign, new minus old.",
            lambda given: np.abs(_change(given)),
        ),
        Mistake(
            "reverse complement",
            "Here the filter looks for its motif on the other strand. Use it as it is given.",
            lambda given: _change(given, given.W[::-1, ::-1]),
        ),
        Mistake(
            "padding counted once",
            "Here the zeros stand at one end only. They are added at each end.",
            _changes_padded_once,
        ),
        Mistake(
            "padding forgotten",
            "This is how it would be without the zeros. They let the filter begin P positions "
            "earlier, so every output lies further left, and there are more of them.",
            lambda given: _change(given, padding=0),
        ),
        Mistake(
            "dilation forgotten",
            "Here the taps lie side by side. With a dilation there are holes between them, and a "
            "base in a hole is not met.",
            lambda given: _change(given, dilation=1),
        ),
        Mistake(
            "stride forgotten",
            "Here the filter moves by one position. From each output to the next it moves by S.",
            lambda given: _change(given, stride=1),
        ),
        Mistake(
            "outputs, not their changes",
            "These are the outputs after the mutation. What is asked for is how far each has "
            "moved, and an output that does not see the base has not moved at all.",
            lambda given: cross_correlate(
                one_hot(_mutant(given)), given.W, given.b, given.S, given.P, given.D
            ),
        ),
        Mistake(
            "new weights, not changes",
            "The outputs are the right ones, and what you give is what the new base adds to each. "
            "The old base added something, too, and now that is gone.",
            _new_weights,
        ),
        Mistake(
            "an output overlooked",
            "Somewhere you say that nothing changes, and something does. More than one output can "
            "see the same base, each by another of its taps: have you asked every tap?",
            _first_overlooked,
            lambda given, answer: _overlooked(answer, _change(given)),
        ),
    ),
    hints=(
        "An output can only change if one of its taps meets the mutated base. Which position does "
        "tap $k$ of output $j$ meet?",
        "Turn $i = jS - P + kD$ round: for each tap $k$, which $j$ puts it on position $i$? It "
        "must be a whole number and an output that exists.",
        "One-hot picks one weight of each tap. A mutation picks another weight of the same row "
        "instead; the bias and the other taps stay.",
    ),
    solution=lambda given: (
        "Tap $k$ of output $j$ meets position $jS - P + kD$, here "
        f"$2j - {given.P} + 3k$. It is {given.i} for {_meetings_in_words(given)}. The tap between "
        "them would need an output that is no whole number. All other outputs, and the bias, "
        f"have nothing to do with this base: **{[int(y) for y in _change(given)]}**."
    ),
    effort=lambda given: (given.K, given.S, given.D, [k for _, k in _meetings(given)]),
)


# -- Give a filter to the other convention ---------------------------------------------------------

FLIP = Choice(
    id="scanning.flip",
    title="Give a filter to the other convention",
    draw=lambda rng: {"word": draw_word(rng, 5)},
    task=lambda given: (
        f"A filter W, shape (K, 4) with columns A, C, G, T, was trained with torch and finds "
        f"{given.word}. A colleague has a program that does the convolution of mathematics: it "
        "turns the filter that it is given round along its positions, last tap first, and then "
        "slides it. Which filter must the colleague give it, so that the outputs are those of "
        "torch?"
    ),
    options=(
        Option("`W[::-1]`"),
        Option(
            "`W`, because the weights are learned and will adapt",
            "That holds for a filter which is trained inside that program. This one has been "
            "trained already, and its weights do not change any more.",
        ),
        Option(
            "`W[::-1, ::-1]`",
            "This turns the positions round and also exchanges A with T and C with G. Turned "
            "round once more by the program, it finds your word with every base replaced by its "
            "partner.",
        ),
        Option(
            "`W[:, ::-1]`",
            "This exchanges A with T and C with G. The program then turns the positions round, "
            "and together that is the reverse complement: it finds the site on the other strand.",
        ),
        Option(
            "`-W`",
            "The sign turns likes into dislikes. It does nothing to the order of the taps.",
        ),
    ),
    hints=(
        "What does the program do to the filter before it slides? What undoes that?",
        "Take a filter of two taps, write down its two rows, and turn them round twice.",
    ),
    solution=lambda given: (
        "Cross-correlation slides the filter as it is; convolution turns it round first. To turn "
        f"it round beforehand, `W[::-1]`, cancels that: **{given.letters[0]}**. Given `W` itself, "
        f"the program would find {given.word[::-1]}, {given.word} read backwards, which is another "
        "word. The *same* site on the other strand is the reverse "
        "complement, and its filter, slid as torch does, is `W[::-1, ::-1]`."
    ),
    effort=lambda given: len(given.word),
)


# -- Write the scanner -----------------------------------------------------------------------------


# What the mistakes pad, step over or leave out must be there in some of the cases: K, S, P, D.
_MOVES = ((2, 1, 0, 1), (3, 1, 2, 1), (3, 2, 1, 1), (2, 1, 0, 3), (3, 3, 2, 2), (4, 2, 3, 2))


def _ones(sequence: str) -> np.ndarray:
    return one_hot(sequence).astype(float)


def _draw_scan(rng: np.random.Generator) -> dict[str, Any]:
    sequence = "".join(rng.choice([*BASES], 11))
    return {
        "sequence": sequence,
        "x": _ones(sequence),
        "w": np.array([rng.permutation([-2.0, -1.0, 0.0, 3.0]) for _ in range(3)]),
        "b": int(rng.integers(1, 4)),
        "S": 2,
        "P": int(rng.integers(1, 3)),
        "D": 2,
    }


def _cases(given: Given, rng: np.random.Generator) -> list[tuple[Any, ...]]:
    return [
        (_ones("ACG"), np.eye(4)[[0, 1]], 0.5, 1, 0, 1),
        (given.x, given.w, given.b, given.S, given.P, given.D),
        *(_case(rng, *moves) for moves in _MOVES),
    ]


def _case(rng: np.random.Generator, K: int, S: int, P: int, D: int) -> tuple[Any, ...]:
    x = _ones("".join(rng.choice([*BASES], int(rng.integers(11, 16)))))
    return x, rng.normal(size=(K, 4)).round(1), 1.5, S, P, D


def _slid(turn: Callable[[np.ndarray], np.ndarray]) -> Callable[..., np.ndarray]:
    """Scan with the filter turned in some way."""
    return lambda x, w, b, S, P, D: cross_correlate(x, turn(np.asarray(w)), b, S, P, D)


def _scan_padded_once(x: Any, w: Any, b: float, S: int, P: int, D: int) -> np.ndarray:
    return cross_correlate(np.pad(x, ((P, 0), (0, 0))), w, b, S, 0, D)


def _wrapped(x: Any, w: Any, b: float, S: int, P: int, D: int) -> np.ndarray:
    """Scan as a program does that checks the right end alone."""
    # To Python, position -1 is the last one, so the taps before the start read the end.
    around = np.vstack([x[len(x) - P :], x, np.zeros((P, 4))])
    return cross_correlate(around, w, b, S, 0, D)


def _shifts(given: Given, answer: Callable[..., Any]) -> bool:
    """Moving the input by one stride moves the outputs by one."""
    # Without padding: zeros at the start would be replaced by the bases in front.
    longer = np.vstack([np.eye(4)[[3] * given.S], given.x])
    before = _row(answer(given.x, given.w, given.b, given.S, 0, given.D))
    after = _row(answer(longer, given.w, given.b, given.S, 0, given.D))
    return after.shape == (len(before) + 1,) and np.allclose(after[1:], before)


def _other_strand(given: Given, answer: Callable[..., Any]) -> bool:
    """With S = 1 the filter of the other strand on the other strand gives the map backwards."""
    here = _row(answer(given.x, given.w, given.b, 1, given.P, given.D))
    x, w = given.x[::-1, ::-1].copy(), given.w[::-1, ::-1].copy()
    there = _row(answer(x, w, given.b, 1, given.P, given.D))
    return here.shape == there.shape and np.allclose(there[::-1], here)


def _row(answer: Any) -> np.ndarray:
    """Read a result beyond the cases, which may have come in another shape, as one row."""
    return np.asarray(answer, dtype=float).reshape(-1)


SCAN = Function(
    id="scanning.scan",
    title="Write the scanner",
    draw=_draw_scan,
    task=lambda given: (
        "Write `scan(x, w, b, S, P, D)`.\n\n"
        "- `x`: a one-hot sequence, shape $(L, 4)$.\n"
        "- `w`: the weights of a filter, shape $(K, 4)$; `b`: its bias.\n"
        "- `S`, `P`, `D`: stride, zeros added at **each** end, dilation.\n\n"
        "Return the $M$ outputs $y_j$ of the cross-correlation, shape $(M,)$. Do it yourself with "
        "loops or with numpy, without calling a library's convolution. Yours to try it on: "
        f"`given.sequence` is {given.sequence}, its one-hot is `given.x`, and with "
        f"`given.b` = {given.b}, `given.S` = {given.S}, `given.P` = {given.P}, "
        f"`given.D` = {given.D} the filter `given.w` is\n\n{weights_table(given.w)}"
    ),
    right=lambda given: cross_correlate,
    mistakes=(
        Mistake(
            "convolution flipped",
            "Here the filter lies the wrong way round, last tap first. That is the convolution "
            "of mathematics; in deep learning tap 0 meets the leftmost base.",
            lambda given: _slid(lambda w: w[::-1]),
        ),
        Mistake(
            "reverse complement",
            "Here the filter looks for its motif on the other strand. Use it as it is given.",
            lambda given: _slid(lambda w: w[::-1, ::-1]),
        ),
        Mistake(
            "padding counted once",
            "There are zeros at one end only. They are added at each end.",
            lambda given: _scan_padded_once,
        ),
        Mistake(
            "padding forgotten",
            "The filter never reaches over the ends: the zeros are missing.",
            lambda given: lambda x, w, b, S, P, D: cross_correlate(x, w, b, S, 0, D),
        ),
        Mistake(
            "negative positions wrap round",
            "Taps before the sequence read its end here: to Python, `x[-1]` is the last row. They "
            "lie in the padding and add nothing.",
            lambda given: _wrapped,
        ),
        Mistake(
            "stride forgotten",
            "The filter stops at every place. How far does it move from one output to the next?",
            lambda given: lambda x, w, b, S, P, D: cross_correlate(x, w, b, 1, P, D),
        ),
        Mistake(
            "dilation forgotten",
            "The taps lie side by side here. How far apart should neighbouring taps be?",
            lambda given: lambda x, w, b, S, P, D: cross_correlate(x, w, b, S, P),
        ),
        Mistake(
            "bias forgotten",
            "All the weights are picked well. Something is still to be added to each output.",
            lambda given: lambda x, w, b, S, P, D: cross_correlate(x, w, 0, S, P, D),
        ),
        Mistake(
            "bias added at every tap",
            "The bias belongs to the output, not to the tap: how often is it added?",
            lambda given: lambda x, w, b, S, P, D: cross_correlate(x, w, len(w) * b, S, P, D),
        ),
        Mistake(
            "off by one",
            "The last output is missing. How many are there, if the first needs no step?",
            lambda given: lambda x, w, b, S, P, D: cross_correlate(x, w, b, S, P, D)[:-1],
        ),
    ),
    cases=_cases,
    properties=(
        Property(
            "With S more bases in front of the sequence, the same outputs should come, each "
            "one place later. One filter is used at every place.",
            _shifts,
        ),
        Property(
            "The reverse complement of the filter on the reverse complement of the sequence "
            "should give the same outputs, last one first.",
            _other_strand,
        ),
    ),
    hints=(
        "First how many: the dilated filter spans $D(K - 1) + 1$ positions of the $L + 2P$.",
        "Then which position tap $k$ of output $j$ meets. If that is below 0, or not below $L$, "
        "it lies in the padding and adds nothing.",
        "`x[i] @ w[k]` picks the weight of the base at position $i$.",
    ),
    solution=lambda given: (
        "The index map says where each tap lies, and what falls outside adds nothing:\n\n"
        "```python\n"
        "L, K = len(x), len(w)\n"
        "y = []\n"
        "for j in range((L + 2 * P - D * (K - 1) - 1) // S + 1):\n"
        "    total = b\n"
        "    for k in range(K):\n"
        "        i = j * S - P + k * D\n"
        "        if 0 <= i < L:\n"
        "            total += x[i] @ w[k]\n"
        "    y.append(total)\n"
        "return y\n"
        "```\n\n"
        "On your own numbers it gives "
        f"{cross_correlate(given.x, given.w, given.b, given.S, given.P, given.D).tolist()}."
    ),
    effort=lambda given: (given.x.shape, given.w.shape, given.S, given.D, given.P > 0),
)


# -- See both copies with the longest stride, and explain it ---------------------------------------

_LENGTH = 38

_STRIDES, _PADDINGS = range(1, 7), range(5)  # what the sliders of the explorer offer

_GAPS = (8, 10, 16, 20)  # from copy to copy: the longest stride that divides one is 4 or 5


def _draw_both_copies(rng: np.random.Generator) -> dict[str, Any]:
    """Draw a sequence with a word twice, and once backwards and as its reverse complement."""
    while True:
        word = draw_word(rng, 5)
        gap, first = int(rng.choice(_GAPS)), int(rng.integers(1, 8))
        if first % _longest(gap) == 0:  # without padding no window would begin at a copy
            continue
        letters = rng.choice([*BASES], _LENGTH)
        others = rng.choice(np.arange(_LENGTH - 4), 2, replace=False)
        places = [first, first + gap, *others]
        words = (word, word, word[::-1], reverse_complement(word))
        for place, letters_there in zip(places, words):
            letters[place : place + 5] = [*letters_there]
        sequence = "".join(letters)
        apart = min(np.diff(sorted(places))) >= 5
        # None of the words may also stand somewhere by chance.
        if apart and [sequence.count(one) for one in words] == [2, 2, 1, 1]:
            return {"sequence": sequence, "word": word, "copies": places[:2]}


def _longest(gap: int) -> int:
    return max(stride for stride in _STRIDES if gap % stride == 0)


def _stride(given: Given) -> int:
    return _longest(given.copies[1] - given.copies[0])


def _padding(given: Given) -> int:
    # Windows begin at jS - P, so this is the least P for which one begins at the first copy.
    return -given.copies[0] % _stride(given)


def _begin_at(place: int, stride: int, padding: int) -> bool:
    """Tell whether some window begins there: jS - P = place."""
    return (place + padding) % stride == 0


def _one_seen(given: Given) -> dict[str, Any]:
    """Return settings that see one copy alone, with the longest stride that does."""
    for stride, padding in product(reversed(_STRIDES), _PADDINGS):
        if sum(_begin_at(place, stride, padding) for place in given.copies) == 1:
            return {"reading": "forward", "stride": stride, "padding": padding}
    raise ValueError("every stride sees both copies or none")


def _seen(given: Given, shown: Shown) -> int:
    """Return how many copies have an output that reaches the dashed line."""
    scan = shown.result.scan
    perfect = np.flatnonzero(np.isclose(scan.outputs, scan.best))
    begins = {int(index_map(j, 0, scan.stride, scan.padding)) for j in perfect}
    return len(begins & set(given.copies))


def _weights(word: str) -> tuple[tuple[float, ...], ...]:
    """Return a filter with 2 for the base of the word and -1 for any other, at each position."""
    return tuple(map(tuple, (3.0 * one_hot(word) - 1.0).tolist()))


BOTH_COPIES = Target(
    id="scanning.both_copies",
    title="See both copies with the longest stride",
    draw=_draw_both_copies,
    explorer="ScanExplorer",
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
        "filter flipped. Put that right, under *More*. Then find the **longest stride** with which "
        "both copies still reach the dashed line (the score of a perfect match), with as much "
        "padding as it takes. Then press *Share* and copy the line named *Scene*."
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
            "another word: look at *Orientation of the filter*, under *More*.",
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

SET = ExerciseSet(
    "scanning",
    "The filter as a scanner",
    3297871,
    (WINDOWS, CHANGES, FLIP, SCAN, BOTH_COPIES, WHY_ONE),
)
