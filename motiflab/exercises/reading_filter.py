"""A function to write: from a filter to the motif, on either strand."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.alphabet import BASES
from motiflab.exercises.exercise import Mistake, generator
from motiflab.exercises.functions import Function
from motiflab.exercises.markdown import table, weights_table
from motiflab.interpret import motif_from_weights

_SHARES = (0.1, 0.2, 0.3, 0.4)


def _read(weights: np.ndarray, q: np.ndarray | None, strand: str) -> np.ndarray:
    motif = motif_from_weights(weights, q)
    return (motif if strand == "+" else motif.reverse_complement()).probabilities()


def _over_positions(weights: np.ndarray, q: np.ndarray, strand: str) -> np.ndarray:
    share = q * np.exp(weights)
    share = share / share.sum(axis=0)
    return share if strand == "+" else share[::-1, ::-1]


def _only(axis: int) -> Callable[..., np.ndarray]:
    def mistaken(weights: np.ndarray, q: np.ndarray, strand: str) -> np.ndarray:
        ppm = _read(weights, q, "+")
        return ppm if strand == "+" else np.flip(ppm, axis)

    return mistaken


def _undivided(weights: np.ndarray, q: np.ndarray, strand: str) -> np.ndarray:
    share = q * np.exp(weights)
    return share if strand == "+" else share[::-1, ::-1]


def _draw_filter(rng: np.random.Generator) -> dict[str, Any]:
    """Three positions; a background that is not the same on the other strand."""
    W = rng.permutation(np.arange(-6, 6)).reshape(3, 4) / 4
    return {"W": W, "q": rng.permutation(_SHARES)}


def _filter_cases(given: SimpleNamespace, rng: np.random.Generator) -> list[tuple[Any, ...]]:
    uniform = np.full(4, 0.25)
    longer = rng.normal(0, 1, (6, 4)).round(2)
    return [
        (given.W[:1], given.q, "+"),
        (given.W, given.q, "+"),
        (given.W, uniform, "-"),
        (given.W, given.q, "-"),
        (longer, np.array([0.3, 0.2, 0.2, 0.3]), "+"),
        (longer, given.q, "-"),
    ]


def _read_so(mistaken: Callable[..., np.ndarray]) -> Callable[..., bool]:
    """Tell whether the strand "+" is read by a mistaken function, whatever is done about "-"."""

    def seen(given: SimpleNamespace, answer: list[np.ndarray]) -> bool:
        cases = _filter_cases(given, generator("", READ_FILTER.id))
        pairs = [(case, value) for case, value in zip(cases, answer) if case[2] == "+"]
        return all(v.shape == c[0].shape and np.allclose(v, mistaken(*c)) for c, v in pairs)

    return seen


def _columns_sum_to_one(given: SimpleNamespace, answer: list[np.ndarray]) -> bool:
    # A result with its axes swapped has four rows, and is another mistake.
    return all(value.shape[1:] == (4,) and np.allclose(value.sum(axis=0), 1) for value in answer)


def _plain(W: np.ndarray, q: np.ndarray, strand: str) -> np.ndarray:
    return _read(W, None, strand)


def _bits(W: np.ndarray, q: np.ndarray, strand: str) -> np.ndarray:
    return _read(np.log(2) * W, q, strand)


def _ignores_constants(given: SimpleNamespace, answer: Callable[..., Any]) -> str:
    constants = np.array([[2.0], [-1.0], [0.5]])
    same = np.allclose(answer(given.W + constants, given.q, "+"), answer(given.W, given.q, "+"))
    return (
        ""
        if same
        else "Adding a constant to all four weights of a position changes what "
        "your function returns, though it changes no difference between windows."
    )


def _strands_agree(given: SimpleNamespace, answer: Callable[..., Any]) -> str:
    # A filter and a background that are turned round themselves describe the other strand.
    turned = answer(given.W[::-1, ::-1].copy(), given.q[::-1].copy(), "+")
    return (
        ""
        if np.allclose(turned, answer(given.W, given.q, "-"))
        else "Reading the filter "
        "turned round, against the background turned round, should give what your function gives "
        'for the strand "-".'
    )


READ_FILTER = Function(
    id="reading.read_filter",
    title="Read a whole filter, on either strand",
    draw=_draw_filter,
    task=lambda given: (
        "Write `read_filter(W, q, strand)`. `W` is an array of shape $(K, 4)$: the weights of a "
        "linear filter, natural log-odds up to a constant in each position. `q` has shape $(4,)$: "
        "the background. Columns are in the order A, C, G, T. Return the PPM, shape $(K, 4)$. If "
        '`strand` is `"+"`, that of the motif as the filter reads it; if it is `"-"`, that of the '
        "same motif as it stands on the opposite strand. `W` and `q` always belong to the strand "
        '"+".\n\n'
        f"Among others, it will be tried on your own `given.W`\n\n{weights_table(given.W)}\n\nand "
        f"`given.q`\n\n{table(BASES, [tuple(given.q)])}"
    ),
    right=lambda given: _read,
    cases=_filter_cases,
    properties=(_ignores_constants, _strands_agree),
    mistakes=(
        Mistake(
            "softmax over positions instead of bases",
            "Your columns sum to 1: you divided along the positions. At each position exactly one "
            "of four bases stands, so what is it that has to sum to 1?",
            lambda given: _over_positions,
            seen=_columns_sum_to_one,
        ),
        Mistake(
            "uniform background assumed",
            "This is the plain softmax of the weights. It is right if all four bases are equally "
            "common in the background; your function is given a background that it does not use.",
            lambda given: _plain,
            seen=_read_so(_plain),
        ),
        Mistake(
            "log2 for ln",
            "You took powers of 2. The weights are natural logarithms, not bits.",
            lambda given: _bits,
            seen=_read_so(_bits),
        ),
        Mistake(
            "reverse instead of reverse complement",
            'On the strand "-" your positions run backwards, as they should, but each base is '
            "still itself. Which base stands opposite an A?",
            lambda given: _only(0),
        ),
        Mistake(
            "complement without reverse",
            'On the strand "-" your bases are exchanged, as they should be, but the positions '
            "still run the old way. The opposite strand is read from its own beginning.",
            lambda given: _only(1),
        ),
        Mistake(
            "strand ignored",
            'Well read on the strand "+". For "-" you give back the same; look at the motif from '
            "the other side of the double helix.",
            lambda given: lambda W, q, strand: _read(W, q, "+"),
        ),
        Mistake(
            "not divided by the sum",
            "Background times exponential is the heart of it. The weights hold a constant in each "
            "position, though, so these products need not be probabilities yet.",
            lambda given: _undivided,
            seen=_read_so(_undivided),
        ),
        Mistake(
            "turned before the background",
            'For "-" you turned the weights round first and then put the background of the strand '
            '"+" to them. Put weights and background of the same strand together.',
            lambda given: lambda W, q, strand: _read(W if strand == "+" else W[::-1, ::-1], q, "+"),
        ),
    ),
    hints=(
        "Do it for one position first, as in the first exercise. Then do all positions at once: "
        "`q * np.exp(W)` multiplies each row by `q`.",
        "`sum(axis=1, keepdims=True)` adds up the four bases of each position and keeps the shape "
        "in which you can divide.",
        "In the order A, C, G, T each base and its partner stand equally far from the two ends. "
        "What does that make of the complement of a whole row?",
    ),
    solution=lambda given: (
        r"With $\theta_{k,a} = q_a e^{W_{k,a}} / \sum_c q_c e^{W_{k,c}}$ the rows are done one by "
        "one; the sum runs over the bases, `axis=1`. The opposite strand runs the other way, and "
        "pairs A with T and C with G: both axes are flipped, as the complement of column $a$ is "
        "column $3 - a$.\n\n```python\n"
        "def read_filter(W, q, strand):\n"
        "    share = q * np.exp(W)\n"
        "    ppm = share / share.sum(axis=1, keepdims=True)\n"
        '    return ppm if strand == "+" else ppm[::-1, ::-1]\n'
        "```\n\nIf the background differs between the strands, it matters that the weights meet "
        "the background of their own strand *before* anything is turned round."
    ),
    effort=lambda given: (given.W.shape, bool((given.q != given.q[::-1]).all())),
)
