"""The exercise on scanning that is answered with a function: cross-correlation from scratch."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.alphabet import BASES
from motiflab.convolution import cross_correlate
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.functions import Function
from motiflab.exercises.markdown import weights_table
from motiflab.sequences import one_hot

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


def _cases(given: SimpleNamespace, rng: np.random.Generator) -> list[tuple[Any, ...]]:
    cases: list[tuple[Any, ...]] = [(_ones("ACG"), np.eye(4)[[0, 1]], 0.5, 1, 0, 1)]
    cases.append((given.x, given.w, given.b, given.S, given.P, given.D))
    for K, S, P, D in _MOVES:
        x = _ones("".join(rng.choice([*BASES], int(rng.integers(11, 16)))))
        cases.append((x, rng.normal(size=(K, 4)).round(1), 1.5, S, P, D))
    return cases


def _slid(turn: Callable[[np.ndarray], np.ndarray]) -> Callable[..., np.ndarray]:
    """Scan with the filter turned in some way."""
    return lambda x, w, b, S, P, D: cross_correlate(x, turn(np.asarray(w)), b, S, P, D)


def _padded_once(x: Any, w: Any, b: float, S: int, P: int, D: int) -> np.ndarray:
    return cross_correlate(np.pad(x, ((P, 0), (0, 0))), w, b, S, 0, D)


def _wrapped(x: Any, w: Any, b: float, S: int, P: int, D: int) -> np.ndarray:
    """A check of the right end alone: to Python, position -1 is the last one."""
    around = np.vstack([x[len(x) - P :], x, np.zeros((P, 4))])
    return cross_correlate(around, w, b, S, 0, D)


def _shifts(given: SimpleNamespace, answer: Callable[..., Any]) -> str:
    """Moving the input by one stride moves the outputs by one."""
    longer = np.vstack([np.eye(4)[[3] * given.S], given.x])
    before = _row(answer(given.x, given.w, given.b, given.S, 0, given.D))
    after = _row(answer(longer, given.w, given.b, given.S, 0, given.D))
    if after.shape == (len(before) + 1,) and np.allclose(after[1:], before):
        return ""
    return (
        "With S more bases in front of the sequence, the same outputs should come, each "
        "one place later. One filter is used at every place."
    )


def _other_strand(given: SimpleNamespace, answer: Callable[..., Any]) -> str:
    """With S = 1 the filter of the other strand on the other strand gives the map backwards."""
    here = _row(answer(given.x, given.w, given.b, 1, given.P, given.D))
    x, w = given.x[::-1, ::-1].copy(), given.w[::-1, ::-1].copy()
    there = _row(answer(x, w, given.b, 1, given.P, given.D))
    if here.shape == there.shape and np.allclose(there[::-1], here):
        return ""
    return (
        "The reverse complement of the filter on the reverse complement of the sequence "
        "should give the same outputs, last one first."
    )


def _row(answer: Any) -> np.ndarray:
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
            lambda given: _padded_once,
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
    properties=(_shifts, _other_strand),
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
