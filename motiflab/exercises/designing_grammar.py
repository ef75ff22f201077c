"""A learner's own grammar, the designs that may solve it, and what is the matter with one."""

from __future__ import annotations

import itertools
import math
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.convolution import receptive_field
from motiflab.exercises.answers import Unreadable, read_numbers
from motiflab.grammar import Grammar, holes
from motiflab.stacks import Stack, sees_whole

FILTERS = 16
"""Filters in each layer of every design, as in the explorer."""

MOTIFS = {
    7: ("GATA2", "TCF3", "SOX2"),
    8: ("FOXA1", "MYC", "NFYA", "CREB1"),
    9: ("ETS1", "STAT1", "HNF4A", "TEAD1"),
}
"""Names of motifs of JASPAR by their widths."""

RANGES = {"width": (1, 15), "window": (1, 6), "taps": (1, 8), "dilation": (1, 6)}
"""The family of designs: what each number may be; those of the explorer."""


def own_grammar(rng: np.random.Generator) -> dict[str, Any]:
    """Draw two motifs, their gaps in both classes, and somebody else's design."""
    while True:
        first, second = (int(width) for width in rng.choice(list(MOTIFS), 2))
        spread = int(rng.integers(2, 4))  # how much the gap varies
        a = str(rng.choice(MOTIFS[first]))
        b = str(rng.choice([name for name in MOTIFS[second] if name != a]))
        gap_min, apart = int(rng.integers(5, 11)), int(rng.integers(7, 9))
        given = SimpleNamespace(
            A=a,
            B=b,
            first=first,
            second=second,
            gap_min=gap_min,
            gap_max=gap_min + spread,
            far_min=gap_min + spread + apart,
            far_max=gap_min + 2 * spread + apart,
            turned=bool(rng.integers(2)),
            L=int(rng.integers(60, 81)),
        )
        # Of equal difficulty: the smallest design has filters one base wider than the longer
        # motif, as little as the variation of the gap allows, and two taps.
        least = math.ceil((first + second + spread) / 2)
        best = smallest(grammar(given), apart)
        if best and best[0][0] == least == max(first, second) + 1 and best[0][2] == 2:
            break
    windows = (2, 3, 4)
    while True:
        # Window and dilation so that no slip in the fields gives the result of another one.
        window = int(rng.choice([w for w in windows if w - 1 != spread]))
        dilation = int(rng.choice([d for d in (2, 3) if d != window]))
        given.stack = (max(first, second), window, int(rng.integers(3, 5)), dilation)
        if _stack_tells_slips(given):
            return vars(given)
        windows = (2, 3, 4, 5, 6)  # with the first three there may be none


def _stack_tells_slips(given: SimpleNamespace) -> bool:
    """Tell whether the right fields differ from each other and from slips that are not named."""
    width, window, taps, dilation = given.stack
    pair, slit = grammar(given), width + window - 1
    reached = receptive_field(Stack(*given.stack).layers).size
    return (
        reached not in (pair.needed(window), width * taps, slit * taps)
        and pair.needed() % window != 1  # or rounding up to whole windows would do
    )


def grammar(given: SimpleNamespace) -> Grammar:
    """Return lengths and gaps of the positives."""
    return Grammar(given.first, given.second, given.gap_min, given.gap_max)


def apart(given: SimpleNamespace) -> int:
    """Bases between the longest gap of the positives and the shortest of the negatives."""
    return given.far_min - given.gap_max


def told(given: SimpleNamespace) -> str:
    """Tell the grammar."""
    turned = ", read from the other strand" * given.turned
    return (
        f"**Your grammar.** Each sequence of {given.L} bases holds motif A ({given.A}, "
        f"{given.first} bases) and, after a gap, motif B ({given.B}, {given.second} bases"
        f"{turned}), once each. In the positives the gap has {given.gap_min} to {given.gap_max} "
        f"bases, in the negatives {given.far_min} to {given.far_max}."
    )


def written(design: tuple[int, ...]) -> str:
    """Write a design with its symbols."""
    return "K = {}, w = {}, K′ = {}, D = {}".format(*design)


def read_design(given: SimpleNamespace, answer: Any) -> tuple[int, ...]:
    """Return a design as four integers; raises `Unreadable`."""
    numbers = read_numbers(answer, (len(RANGES),), typed=True)
    if numbers.shape != (len(RANGES),):
        raise Unreadable(
            "Four whole numbers were expected, `(width, window, taps, dilation)`, in this order."
        )
    for (name, (low, high)), number in zip(RANGES.items(), numbers):
        if not (low <= number <= high and number == int(number)):
            raise Unreadable(
                f"In this family {name} is a whole number from {low} to {high}; yours is "
                f"{number:g}."
            )
    return tuple(int(number) for number in numbers)


def fault(given: SimpleNamespace, design: tuple[int, ...]) -> str:
    """Name what is the matter with a design; empty if it is one of the smallest that work."""
    pair, stack = grammar(given), Stack(*design)
    if stack.second_width == 1:
        return "second layer of width 1"
    if stack.width < max(pair.first, pair.second):
        return "filter narrower than a motif"
    if 2 * stack.window - 1 > apart(given):
        return "pooling blurs the gaps"
    size, room = receptive_field(stack.layers).size, stack.window - 1
    if size < pair.needed(stack.window):
        if size >= pair.needed():
            return "steps of the pooling forgotten"
        if size >= pair.first + pair.gap_min + pair.second + room:
            return "shortest gap taken for the longest"
        if size >= pair.first + pair.second:
            return "receptive field without the gap"
        return "field too small"
    if not sees_whole(stack, pair):
        return "dilation that skips a motif"
    best = smallest(pair, apart(given))[0]
    return "" if stack.parameters(FILTERS) == Stack(*best).parameters(FILTERS) else "not smallest"


def with_fault(given: SimpleNamespace, name: str) -> tuple[int, ...]:
    """Return the cheapest design that has this fault."""
    return next(design for design in _by_price() if fault(given, design) == name)


def holed(design: tuple[int, ...]) -> int:
    """Count the bases of the hole in a unit's field."""
    return len(holes(Stack(*design).layers))


@lru_cache(maxsize=512)
def smallest(pair: Grammar, apart: int) -> list[tuple[int, ...]]:
    """Return all designs with the fewest parameters that see a grammar whole.

    The filters must be as wide as the longer motif, and the pooling fine enough to keep apart gaps
    that differ by `apart` bases: a distance of ``d`` bases becomes ``d / w`` pooled positions,
    rounded down or up as the phase has it, so two distances surely differ if ``2w - 1 <= apart``.
    """
    found: list[tuple[int, ...]] = []
    for design in _by_price():
        stack = Stack(*design)
        if found and stack.parameters(FILTERS) > Stack(*found[0]).parameters(FILTERS):
            break
        fits = stack.width >= max(pair.first, pair.second) and 2 * stack.window - 1 <= apart
        if fits and sees_whole(stack, pair):
            found.append(design)
    return found


@lru_cache(maxsize=1)
def _by_price() -> list[tuple[int, ...]]:
    values = (range(low, high + 1) for low, high in RANGES.values())
    designs = itertools.product(*values)
    return sorted(designs, key=lambda design: Stack(*design).parameters(FILTERS))


def effort(given: SimpleNamespace) -> tuple[int, ...]:
    """Say how far the smallest design lies from the obvious one."""
    width, window, taps, dilation = smallest(grammar(given), apart(given))[0]
    return width - max(given.first, given.second), taps, window > 2, dilation > 2
