"""A function to write: from a motif to the letters of its logo."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.alphabet import BASES
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.functions import Function
from motiflab.exercises.markdown import table, weights_table
from motiflab.figures.logo import letter_heights
from motiflab.motifs import information

_SHARES = (0.1, 0.2, 0.3, 0.4)


def _draw_heights(rng: np.random.Generator) -> dict[str, Any]:
    """Three positions in tenths, and a background that is uniform for nobody."""
    rows = ((0.7, 0.1, 0.1, 0.1), (0.5, 0.3, 0.1, 0.1), (0.4, 0.3, 0.2, 0.1))
    ppm = np.array([rng.permutation(row) for row in rng.permutation(rows)])
    return {"ppm": ppm, "q": rng.permutation(_SHARES)}


def _heights_cases(given: SimpleNamespace, rng: np.random.Generator) -> list[tuple[Any, ...]]:
    drawn = rng.dirichlet(np.ones(4), 5).round(3) + 0.001
    sure = np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 0.5, 0.5, 0.0]])
    return [
        (given.ppm[:1], given.q),
        (given.ppm, given.q),
        (drawn / drawn.sum(axis=1, keepdims=True), np.array([0.3, 0.2, 0.2, 0.3])),
        (sure, given.q),
    ]


def _terms(ppm: np.ndarray, q: np.ndarray) -> np.ndarray:
    return ppm * np.log2(np.where(ppm > 0, ppm / q, 1.0))


def _with_nan(ppm: np.ndarray, q: np.ndarray) -> np.ndarray:
    return np.where((ppm > 0).all(axis=1, keepdims=True), letter_heights(ppm, "bits", q), np.nan)


def _entropies(ppm: np.ndarray, q: np.ndarray) -> np.ndarray:
    uniform = np.full(4, 0.25)
    less = information(ppm, uniform) - information(q[np.newaxis], uniform)
    return ppm * less[:, np.newaxis]


def _empty_where_like_background(given: SimpleNamespace, answer: Callable[..., Any]) -> str:
    same = np.tile(given.q, (2, 1))
    return (
        ""
        if np.allclose(answer(same, given.q), 0)
        else "Where the motif is like the "
        "background, it tells nothing, and no letter should have any height."
    )


HEIGHTS = Function(
    id="reading.heights",
    title="Build the logo's letters",
    draw=_draw_heights,
    task=lambda given: (
        "Write `heights(ppm, q)`. `ppm` has shape $(K, 4)$, `q` shape $(4,)$, columns A, C, G, T. "
        "Return the height of every letter of the sequence logo, in bits, shape $(K, 4)$: at each "
        "position the stack is as high as the position's information content against the "
        "background `q` (the relative entropy), and the letters share it in proportion to their "
        "probabilities. A probability may be 0: such a base adds no information, and its letter "
        "has no height.\n\n"
        f"Among others, it will be tried on your own `given.ppm`\n\n{weights_table(given.ppm)}\n\n"
        f"and `given.q`\n\n{table(BASES, [tuple(given.q)])}"
    ),
    right=lambda given: lambda ppm, q: letter_heights(ppm, "bits", q),
    cases=_heights_cases,
    properties=(_empty_where_like_background,),
    mistakes=(
        Mistake(
            "0 times log 0",
            "Your heights are right wherever all four probabilities are above 0. At a position "
            "where one of them is 0 they are `nan`: numpy makes 0 times minus infinity of "
            "$0 \\cdot \\log 0$. Such a base should add 0 to the information.",
            lambda given: _with_nan,
        ),
        Mistake(
            "uniform background assumed",
            "Your stacks measure how far each position is from equal shares of the four bases. "
            "The background that is given has other shares.",
            lambda given: lambda ppm, q: letter_heights(ppm),
        ),
        Mistake(
            "ln for log2",
            "The proportions are right, the unit is not: these heights are in nats. A logo's axis "
            "is in bits.",
            lambda given: lambda ppm, q: np.log(2) * letter_heights(ppm, "bits", q),
        ),
        Mistake(
            "difference of entropies",
            "You took the entropy of the position from that of the background. With a uniform "
            "background this is the relative entropy. With another one it is not: there each base "
            "has to be compared with its own frequency in the background.",
            lambda given: _entropies,
        ),
        Mistake(
            "each term a letter",
            "You drew the four terms of the information content as the letters. Some of them are "
            "negative. Add them up to the height of the stack first; then share it out.",
            lambda given: _terms,
        ),
        Mistake(
            "summed over positions",
            "You added up along the positions, one sum for each base. Information belongs to a "
            "position: one sum over its four bases.",
            lambda given: lambda ppm, q: ppm * _terms(ppm, q).sum(axis=0),
        ),
        Mistake(
            "stack not shared out",
            "Every letter of a position has the height of the whole stack. Its probability decides "
            "which share of it a letter gets.",
            lambda given: lambda ppm, q: np.tile(information(ppm, q)[:, None], 4),
        ),
        Mistake(
            "probabilities for heights",
            "These are the probabilities: all stacks would be equally high. In bits, a position "
            "that tells little has a low stack.",
            lambda given: lambda ppm, q: ppm,
        ),
    ),
    hints=(
        r"The information content of position $k$ is $I_k = \sum_a \theta_{k,a} \log_2("
        r"\theta_{k,a}/q_a)$: one number for each position.",
        "`I[:, None]` has the shape $(K, 1)$, so it can be multiplied with an array of shape "
        "$(K, 4)$.",
        "numpy says `nan` for $0 \\cdot \\log 0$. `np.where(ppm > 0, ppm / q, 1)` puts a 1 where "
        "the probability is 0: the logarithm of that does no harm.",
    ),
    solution=lambda given: (
        r"Height $h_{k,a} = \theta_{k,a} I_k$ with $I_k = \sum_c \theta_{k,c}\log_2(\theta_{k,c}/"
        r"q_c)$. Your own stacks are "
        + ", ".join(f"{bits:.2f}" for bits in information(given.ppm, given.q))
        + " bits high.\n\n```python\n"
        "def heights(ppm, q):\n"
        "    ratio = np.where(ppm > 0, ppm / q, 1)\n"
        "    information = (ppm * np.log2(ratio)).sum(axis=1)\n"
        "    return ppm * information[:, None]\n"
        "```\n\nAgainst a uniform background this is 2 bits less the entropy of the position. "
        "Against another one, a position of equal shares is not empty: it differs from what one "
        "would see by chance."
    ),
    effort=lambda given: (given.ppm.shape, sorted(given.ppm.max(axis=1).tolist())),
)
