"""Numbers as Markdown tables, for the text of an exercise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from motiflab.sequences.alphabet import BASES


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; numbers are right-aligned, with at most four significant digits.

    >>> print(table(["position", "score"], [(0, 1.5), (1, -2.0)]))
    | position | score |
    | ---: | ---: |
    | 0 | 1.5 |
    | 1 | -2 |
    """
    rows = list(rows)
    rules = ["---" if isinstance(value, str) else "---:" for value in rows[0]]
    lines = [heads, rules, *([_cell(value) for value in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def weights_table(weights: ArrayLike) -> str:
    """Return a filter, shape (K, 4) in the order A, C, G, T, as a table of its positions."""
    return table(["k", *BASES], [(k, *row) for k, row in enumerate(np.asarray(weights))])


def as_printed(numbers: ArrayLike) -> np.ndarray:
    """Return numbers as a learner reads them in a table, with four significant digits.

    >>> as_printed([2.0794415, -0.25])
    array([ 2.079, -0.25 ])
    """
    numbers = np.asarray(numbers, dtype=float)
    return np.reshape([float(_cell(number)) for number in numbers.flat], numbers.shape)


def _cell(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, (float, np.floating)) else str(value)
