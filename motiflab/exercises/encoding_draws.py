"""What the exercises on encoding draw: an order of the channels, and words."""

from __future__ import annotations

import numpy as np

from motiflab.alphabet import BASES


def draw_word(rng: np.random.Generator, length: int) -> str:
    """Draw a word with all four bases in it, so that each row of its matrix matters.

    >>> sorted(draw_word(np.random.default_rng(0), 4))
    ['A', 'C', 'G', 'T']
    """
    letters = [*BASES, *rng.choice([*BASES], length - 4)]
    return "".join(rng.permutation(letters))


def draw_order(rng: np.random.Generator) -> str:
    """Draw an order in which no base has the place that it has in A, C, G, T.

    >>> draw_order(np.random.default_rng(0))[0] == "A"
    False
    """
    while True:
        order = "".join(rng.permutation([*BASES]))
        if not any(a == b for a, b in zip(order, BASES)):
            return order
