"""Of the exercises on spacing: a network that must see two motifs whole, at the least price."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace

import numpy as np

from motiflab.convolution import receptive_field
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.targets import Shown, Target
from motiflab.grammar import Grammar
from motiflab.stacks import Stack, sees_whole


def _draw_whole(rng: np.random.Generator) -> dict[str, int]:
    """Numbers for which one dilation, without holes, is cheaper than all other ways."""
    while True:
        shortest = int(rng.integers(6, 13))
        given = {
            "L_A": int(rng.integers(5, 9)),
            "L_B": int(rng.integers(5, 9)),
            "shortest": shortest,
            "longest": shortest + int(rng.integers(2, 5)),
            "K": int(rng.integers(7, 11)),
            "w": int(rng.integers(3, 6)),
        }
        best = _cheapest(SimpleNamespace(**given))
        if best:
            return {**given, "budget": best.parameters()}


def _cheapest(given: SimpleNamespace) -> Stack | None:
    """The only stack with fewest taps that sees the pair, if it and its lookalikes are there."""
    stacks = _one_later_layer(given)
    grammar = _grammar(given)
    whole = [stack for stack in stacks if sees_whole(stack, grammar)]
    fewest = min((stack.second_width for stack in whole), default=0)
    best = [stack for stack in whole if stack.second_width == fewest]
    dense = [stack.second_width for stack in whole if stack.dilation == 1]
    if (
        len(best) == 1
        and fewest in (3, 4)
        and dense
        and min(dense) >= fewest + 2
        and _touch(given, best[0])
        and any(map(partial(_jump_forgotten, given), stacks))
    ):
        return best[0]
    return None


def _touch(given: SimpleNamespace, stack: Stack) -> bool:
    """Whether neighbouring taps of the later layer leave nothing out between them."""
    return stack.dilation * given.w <= given.K + given.w - 1


def _jump_forgotten(given: SimpleNamespace, stack: Stack) -> bool:
    """Whether the field has no holes, and is as long as the longest pair but no more."""
    size, grammar = receptive_field(stack.layers).size, _grammar(given)
    return _touch(given, stack) and grammar.needed() <= size < grammar.needed(given.w)


def _one_later_layer(given: SimpleNamespace) -> list[Stack]:
    """All that the controls of the explorer offer with one later layer."""
    return [
        Stack(given.K, given.w, taps, dilation) for taps in range(1, 9) for dilation in range(1, 7)
    ]


def _grammar(given: SimpleNamespace) -> Grammar:
    return Grammar(given.L_A, given.L_B, given.shortest, given.longest)


def _changes(given: SimpleNamespace, wanted: Callable[[Stack, int, bool], bool]) -> dict[str, int]:
    """The first stack of which that holds of its field and of whether it sees the pair whole."""
    grammar = _grammar(given)
    stack = next(
        stack
        for stack in _one_later_layer(given)
        if wanted(stack, receptive_field(stack.layers).size, sees_whole(stack, grammar))
    )
    return {"second_width": stack.second_width, "dilation": stack.dilation}


def _size(shown: Shown) -> int:
    return shown.result.field.size


def _sees_all(shown: Shown) -> bool:
    return shown.result.whole == shown.result.cases


WHOLE = Target(
    id="spacing.whole",
    title="Seen whole, at the least price",
    draw=_draw_whole,
    prediction=(
        "With only two taps in the later layer, can dilation alone (raised as far as it goes) make "
        "both motifs seen whole, at every gap and wherever they lie? Answer yes or no, and say why."
    ),
    task=lambda given: (
        f"Motif A has {given.L_A} bases, motif B {given.L_B}, the gap is {given.shortest} to "
        f"{given.longest}. Your network has a first layer of width {given.K}, a pooling of "
        f"{given.w}, and a later layer of two taps. These are locked: the grammar, the first layer "
        "and the pooling. Change the later layer (its width, its dilation, or how many of them) "
        "until every row says “seen whole”, with **at most "
        f"{given.budget:,} parameters**. Then copy the line named Scene."
    ),
    explorer="grammar_explorer.GrammarExplorer",
    start=lambda given: {
        "first": given.L_A,
        "second": given.L_B,
        "gap_min": given.shortest,
        "gap_max": given.longest,
        "width": given.K,
        "window": given.w,
        "second_width": 2,
        "dilation": 1,
    },
    locked=("first", "second", "gap_min", "gap_max", "order", "width", "window"),
    right=lambda given: _changes(
        given, lambda stack, size, whole: whole and stack.parameters() <= given.budget
    ),
    reached=lambda given, shown: (
        _sees_all(shown) and shown.result.stack.parameters() <= given.budget
    ),
    mistakes=(
        Mistake(
            "too many parameters",
            "Everything is seen whole, well done. Now make it cheaper: which of the three controls "
            "widens the field without adding a single parameter?",
            lambda given: _changes(given, lambda stack, size, whole: whole and stack.dilation == 1),
            lambda given, shown: _sees_all(shown),
        ),
        Mistake(
            "field with holes",
            "From end to end the field is as long as the longest pair, but it has holes, and a "
            "motif falls into one. In the picture, look where the taps of the unit leave something "
            "out between them.",
            lambda given: _changes(
                given,
                lambda stack, size, whole: not whole and size >= _grammar(given).needed(given.w),
            ),
            lambda given, shown: (
                _size(shown) >= _grammar(given).needed() and shown.result.seen < _size(shown)
            ),
        ),
        Mistake(
            "jump forgotten",
            "The field is as long as the longest pair. But the units stand several bases apart, so "
            "in some phases it begins too early or too late: look at the rows one by one.",
            lambda given: _changes(given, lambda stack, size, whole: _jump_forgotten(given, stack)),
            lambda given, shown: _size(shown) >= _grammar(given).needed(),
        ),
        Mistake(
            "receptive field without the gap",
            "The field is still shorter than the longest pair: A, the gap at its longest, and B. "
            "The line “needed” in the picture shows how far it must reach.",
            lambda given: {"second_width": 3},
            lambda given, shown: _size(shown) < _grammar(given).needed(),
        ),
    ),
    hints=(
        "First find any network that sees everything: more taps, dilation 1. Note its number of "
        "parameters.",
        "Now take taps away, one at a time, and raise the dilation to make up for each. In the "
        "second row of the picture, the bars of neighbouring taps should still touch.",
        lambda given: (
            f"One tap sees {given.K + given.w - 1} bases, and neighbouring taps stand D · "
            f"{given.w} bases apart. Up to which dilation is nothing left out?"
        ),
    ),
    solution=lambda given: _told(given),
    effort=lambda given: (
        sum(
            stack.parameters() <= given.budget and sees_whole(stack, _grammar(given))
            for stack in _one_later_layer(given)
        ),
    ),
)


def _told(given: SimpleNamespace) -> str:
    best, grammar = _cheapest(given), _grammar(given)
    size = receptive_field(best.layers).size
    tap = given.K + given.w - 1
    most = _one_later_layer(given)[-1].dilation
    return (
        f"Needed are {given.L_A} + {given.longest} + {given.L_B} + ({given.w} − 1) = "
        f"{grammar.needed(given.w)} bases. One tap of the later layer sees K + (w − 1) = {tap}, "
        f"and its neighbour stands D·w bases on. With D = {best.dilation} that is "
        f"{best.dilation * given.w}, not more than {tap}: nothing is left out. With K′ taps the "
        f"field has {tap} + {best.dilation * given.w}·(K′ − 1) bases, so K′ = {best.second_width} "
        f"gives {size}. **Width of later layers {best.second_width}, dilation {best.dilation}**, "
        f"one later layer: {best.parameters():,} parameters. Two taps reach {tap + most * given.w} "
        f"bases with the largest dilation, {most}, but see only two slits with a hole between."
    )
