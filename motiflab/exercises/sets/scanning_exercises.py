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
            "The filter takes whole steps only. The rest after the last whole step gives no "
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
            "This is the number of steps. The filter has already given an output before its first "
            "step: add 1 after rounding down.",
            lambda given: _windows(given) - 1,
        ),
        Mistake(
            "padding forgotten",
            "You left out the padding: the filter slides over the zeros too.",
            lambda given: output_length(given.L, given.K, given.S),
        ),
        Mistake(
            "stride forgotten",
            "Here the filter moves by one position. From one output to the next it moves by S.",
            lambda given: output_length(given.L, given.K, 1, given.P),
        ),
    ),
    hints=(
        "How long is the sequence with its zeros?",
        "How many steps of S fit before the filter would pass the right end? The first output "
        "needs no step.",
    ),
    solution=lambda given: (
        f"With the zeros there are {given.L} + 2·{given.P} = {given.L + 2 * given.P} places. The "
        f"filter can move {given.L + 2 * given.P} − {given.K} = {given.L + 2 * given.P - given.K} "
        f"places to the right, which is {(given.L + 2 * given.P - given.K) // given.S} whole "
        f"steps of {given.S}; a rest of {_rest(given)} is lost. One output comes before the first "
        f"step: **{_windows(given)}**."
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
        f"A filter with K = {given.K} taps and bias {given.b} scans `{given.sequence}` with "
        f"stride S = {given.S}, P = {given.P} zeros at each end and dilation D = {given.D}. Its "
        "weights are\n\n"
        f"{weights_table(given.W)}\n\n"
        f"Then the base at position **{given.i}** (counted from 0), {given.sequence[given.i]}, "
        f"mutates to **{given.new}**. By how much does each output change, new minus old? Give a "
        "list with one number for each output, from $y_0$ to the last. Most are 0: think before "
        "you calculate. (The numbers are `given.sequence`, `given.W`, `given.b`, `given.K`, "
        "`given.S`, `given.P`, `given.D`, `given.i` and `given.new`.)"
    ),
    right=_change,
    mistakes=(
        Mistake(
            "convolution flipped",
            "The right outputs change, but each by the weights from the wrong end of the filter: "
            "in deep learning the filter is not flipped. Which tap is furthest left?",
            lambda given: _change(given, given.W[::-1]),
        ),
        Mistake(
            "old minus new",
            "The outputs and the sizes are right. Check the signs: the change is new minus old.",
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
            "You added zeros at one end only. They are added at each end.",
            _changes_padded_once,
        ),
        Mistake(
            "padding forgotten",
            "This would be right without the zeros. With them the filter begins P positions "
            "earlier, so each output starts further left, and there are more outputs.",
            lambda given: _change(given, padding=0),
        ),
        Mistake(
            "dilation forgotten",
            "Here the taps are next to each other. With a dilation there are gaps between them, "
            "and the filter does not see a base in a gap.",
            lambda given: _change(given, dilation=1),
        ),
        Mistake(
            "stride forgotten",
            "Here the filter moves by one position. From each output to the next it moves by S.",
            lambda given: _change(given, stride=1),
        ),
        Mistake(
            "outputs, not their changes",
            "These are the outputs after the mutation. The question is how much each output "
            "changes, and an output that does not see the base does not change at all.",
            lambda given: cross_correlate(
                one_hot(_mutant(given)), given.W, given.b, given.S, given.P, given.D
            ),
        ),
        Mistake(
            "new weights, not changes",
            "You found the right outputs, and you give what the new base adds to each. The old "
            "base also added something, and that is now gone.",
            _new_weights,
        ),
        Mistake(
            "an output overlooked",
            "You missed an output that changes. Several outputs can see the same base, each "
            "through a different tap: have you checked every tap?",
            _first_overlooked,
            lambda given, answer: _overlooked(answer, _change(given)),
        ),
    ),
    hints=(
        "An output can only change if one of its taps meets the mutated base. Which position does "
        "tap $k$ of output $j$ meet?",
        "Solve $i = jS - P + kD$ for $j$: for each tap $k$, which $j$ puts it on position $i$? "
        "$j$ must be a whole number, and the output must exist.",
        "A one-hot sequence picks one weight of each tap. A mutation picks another weight of the "
        "same row instead; the bias and the other taps do not change.",
    ),
    solution=lambda given: (
        f"Tap $k$ of output $j$ meets position $jS - P + kD$, here $2j - {given.P} + 3k$. It is "
        f"{given.i} for {_meetings_in_words(given)}. For the tap between them, $j$ would not be a "
        "whole number. All other outputs, and the bias, do not depend on this base: "
        f"**{[int(y) for y in _change(given)]}**."
    ),
    effort=lambda given: (given.K, given.S, given.D, [k for _, k in _meetings(given)]),
)


# -- Give a filter to the other convention ---------------------------------------------------------

FLIP = Choice(
    id="scanning.flip",
    title="Give a filter to the other convention",
    draw=lambda rng: {"word": draw_word(rng, 5)},
    task=lambda given: (
        "A filter W, shape (K, 4) with columns A, C, G, T, was trained with torch and finds "
        f"{given.word}. A colleague's program computes the convolution of mathematics: it first "
        "flips the filter along its positions (last tap first) and then slides it. Which filter "
        "must the colleague put in, so that the outputs are the same as in torch?"
    ),
    options=(
        Option("`W[::-1]`"),
        Option(
            "`W`, because the weights are learned and will adapt",
            "That would be true if the filter were trained in that program. This one is already "
            "trained, and its weights do not change any more.",
        ),
        Option(
            "`W[::-1, ::-1]`",
            "This flips the positions and also exchanges A with T and C with G. The program flips "
            "the positions back, so the filter finds your word with every base replaced by its "
            "partner.",
        ),
        Option(
            "`W[:, ::-1]`",
            "This exchanges A with T and C with G. The program then flips the positions, and "
            "together that is the reverse complement: it finds the site on the other strand.",
        ),
        Option(
            "`-W`",
            "The minus sign makes the filter avoid the bases it preferred. It does not change the "
            "order of the taps.",
        ),
    ),
    hints=(
        "What does the program do to the filter before it slides it? What undoes that?",
        "Take a filter of two taps, write down its two rows, and flip them twice.",
    ),
    solution=lambda given: (
        "Cross-correlation slides the filter as it is; convolution flips it first. If you flip it "
        f"beforehand, `W[::-1]`, the two flips cancel: **{given.letters[0]}**. With `W` itself, "
        f"the program would find {given.word[::-1]}, which is {given.word} read backwards, a "
        "different word. The *same* site on the other strand is the reverse complement, and its "
        "filter in torch is `W[::-1, ::-1]`."
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
        "Return the $M$ outputs $y_j$ of the cross-correlation, shape $(M,)$. Use loops or numpy, "
        f"but no convolution from a library. To try it: `given.sequence` is {given.sequence}, its "
        f"one-hot is `given.x`, and with `given.b` = {given.b}, `given.S` = {given.S}, `given.P` "
        f"= {given.P}, `given.D` = {given.D} the filter `given.w` is\n\n"
        f"{weights_table(given.w)}"
    ),
    right=lambda given: cross_correlate,
    mistakes=(
        Mistake(
            "convolution flipped",
            "Your filter is flipped, last tap first. That is the convolution of mathematics; in "
            "deep learning tap 0 meets the leftmost base.",
            lambda given: _slid(lambda w: w[::-1]),
        ),
        Mistake(
            "reverse complement",
            "Here the filter looks for its motif on the other strand. Use it as it is given.",
            lambda given: _slid(lambda w: w[::-1, ::-1]),
        ),
        Mistake(
            "padding counted once",
            "You added zeros at one end only. They are added at each end.",
            lambda given: _scan_padded_once,
        ),
        Mistake(
            "padding forgotten",
            "Your filter never reaches beyond the ends: the zeros are missing.",
            lambda given: lambda x, w, b, S, P, D: cross_correlate(x, w, b, S, 0, D),
        ),
        Mistake(
            "negative positions wrap round",
            "Your taps before the start read the end of the sequence: in Python, `x[-1]` is the "
            "last row. Such taps are in the padding and add nothing.",
            lambda given: _wrapped,
        ),
        Mistake(
            "stride forgotten",
            "Your filter moves by one position. How far should it move from one output to the "
            "next?",
            lambda given: lambda x, w, b, S, P, D: cross_correlate(x, w, b, 1, P, D),
        ),
        Mistake(
            "dilation forgotten",
            "Your taps are next to each other. How far apart should neighbouring taps be?",
            lambda given: lambda x, w, b, S, P, D: cross_correlate(x, w, b, S, P),
        ),
        Mistake(
            "bias forgotten",
            "All the weights are right. Something must still be added to each output.",
            lambda given: lambda x, w, b, S, P, D: cross_correlate(x, w, 0, S, P, D),
        ),
        Mistake(
            "bias added at every tap",
            "The bias belongs to the output, not to the tap: how many times is it added?",
            lambda given: lambda x, w, b, S, P, D: cross_correlate(x, w, len(w) * b, S, P, D),
        ),
        Mistake(
            "off by one",
            "The last output is missing. How many outputs are there, if the first needs no step?",
            lambda given: lambda x, w, b, S, P, D: cross_correlate(x, w, b, S, P, D)[:-1],
        ),
    ),
    cases=_cases,
    properties=(
        Property(
            "With S more bases in front of the sequence, the same outputs should come one place "
            "later, because the same filter is used everywhere.",
            _shifts,
        ),
        Property(
            "The reverse complement of the filter on the reverse complement of the sequence "
            "should give the same outputs, in reverse order.",
            _other_strand,
        ),
    ),
    hints=(
        "First count the outputs: the dilated filter spans $D(K - 1) + 1$ of the $L + 2P$ "
        "positions.",
        "Then find the position that tap $k$ of output $j$ meets. If it is below 0, or not below "
        "$L$, it is in the padding and adds nothing.",
        "`x[i] @ w[k]` picks the weight of the base at position $i$.",
    ),
    solution=lambda given: (
        "The index map says which position each tap meets, and a tap outside the sequence adds "
        "nothing:\n\n"
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
        "With your own numbers it gives "
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
        f"Your filter looks for **{given.word}**, and your sequence, `{given.sequence}`, contains "
        f"this word twice: at positions {given.copies[0]} and {given.copies[1]}. Somebody has "
        "left the filter flipped. Correct that under *More*. Then find the **longest stride** "
        "with which both copies still reach the dashed line (the score of a perfect match). Use "
        "as much padding as you need. Then press *Share* and copy the line named *Scene*."
    ),
    prediction=(
        "With a stride of 2 and no padding, how many of the two copies will be seen in full, and "
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
            "The filter is still flipped, so it finds your word read backwards, which is a "
            "different word: look at *Orientation of the filter*, under *More*.",
            lambda given: {"stride": _stride(given), "padding": _padding(given)},
            lambda given, shown: shown.state.reading == "flipped",
        ),
        Mistake(
            "reverse complement instead",
            "The reverse complement of the filter finds a site on the other strand. Both copies "
            "are on this strand: use the filter as it is.",
            lambda given: {
                "reading": "complement",
                "stride": _stride(given),
                "padding": _padding(given),
            },
            lambda given, shown: shown.state.reading == "complement",
        ),
        Mistake(
            "a longer stride would do",
            "Both copies are seen, well done. There is a longer stride that also sees both, "
            "perhaps with a different padding: how is the stride related to the distance between "
            "the copies?",
            lambda given: {"reading": "forward"},
            lambda given, shown: _seen(given, shown) == 2,
        ),
        Mistake(
            "one copy stepped over",
            "One copy is seen, but the filter steps over the other: no window begins where it "
            "begins. How far apart are the copies, and how far does the filter move?",
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
        "A copy is seen in full only if a window begins where the copy begins. Window $j$ begins "
        "at $jS - P$.",
        "A window can begin at both copies only if their distance is a whole number of strides.",
        "With that stride, add padding, one zero at a time, until a window begins at the first "
        "copy. Then a window also begins at the second.",
    ),
    solution=lambda given: (
        f"The copies are {given.copies[1]} − {given.copies[0]} = "
        f"{given.copies[1] - given.copies[0]} positions apart. Both are seen only if the stride "
        f"divides this distance. Of 1 to 6 the longest that does is **S = {_stride(given)}**. "
        f"Windows then begin at $jS - P$. For a window to begin at {given.copies[0]}, "
        f"{given.copies[0]} + P must be a multiple of {_stride(given)}: **P = "
        f"{_padding(given)}**, and the filter **as it is**. With a stride of 2 and no padding, "
        "windows begin at even positions. "
        + (
            "Both copies begin at an even position, so both are seen."
            if given.copies[0] % 2 == 0
            else "Both copies begin at an odd position, so neither is seen."
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
        "its first layer: what would that network miss, how often, and how can it make the map "
        "shorter without missing anything?"
    ),
    hints=(
        "A site can begin anywhere. At what share of all positions does a window begin?",
        "What does max-pooling keep of four neighbouring outputs, and what does a stride of 4?",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        "- *what it misses*: a site is seen in full only if a window begins where the site "
        "begins. At the other sites the bases meet the wrong taps, and these sites mostly score "
        "like background;\n"
        "- *how often*: three sites in four. Padding only decides *which* quarter is seen. (Four "
        "filters, one for each offset, would see all, but they cost what the stride saved.)\n"
        "- *the remedy*: a stride of 1, then max-pooling. It makes the map four times shorter, "
        "too, but it keeps the best of every four outputs, not the first."
    ),
)

SET = ExerciseSet(
    "scanning",
    "The filter as a scanner",
    3297871,
    (WINDOWS, CHANGES, FLIP, SCAN, BOTH_COPIES, WHY_ONE),
)
