"""Exercises on encoding that are answered with a function: a batch, and its other strand."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.alphabet import BASES
from motiflab.exercises.encoding_draws import draw_order, draw_word
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.functions import Function
from motiflab.sequences import encode

_ORDERS = (BASES, "GATC", "TACG")  # in the last, reading backwards does not pair the bases


# -- 3 ----------------------------------------------------------------------------------------


def _draw_encode(rng: np.random.Generator) -> dict[str, Any]:
    lengths = rng.permutation([4, 5, 7])
    return {"sequences": [draw_word(rng, int(n)) for n in lengths], "order": draw_order(rng)}


def _encode(sequences: list[str], order: str) -> np.ndarray:
    return encode(sequences, order).x


def _channels_last(sequences: list[str], order: str) -> np.ndarray:
    return encode(sequences, order, channels="last").x


def _poured(sequences: list[str], order: str) -> np.ndarray:
    x = _channels_last(sequences, order)
    return x.reshape(len(x), 4, -1)


def _padded_in_front(sequences: list[str], order: str) -> np.ndarray:
    x, lengths = _encode(sequences, order), map(len, sequences)
    return np.array([np.roll(one, x.shape[2] - n, axis=1) for one, n in zip(x, lengths)])


def _padded_with(letter: str | None) -> Callable[[list[str], str], np.ndarray]:
    """Write the padding as a letter, or as the first base of the order."""

    def mistaken(sequences: list[str], order: str) -> np.ndarray:
        longest = max(map(len, sequences))
        return _encode([word.ljust(longest, letter or order[0]) for word in sequences], order)

    return mistaken


def _cases_encode(given: SimpleNamespace, rng: np.random.Generator) -> list[tuple[Any, ...]]:
    cases: list[tuple[Any, ...]] = [(given.sequences, given.order), (["GA", "T"], "CTAG")]
    for order in _ORDERS:
        lengths = rng.integers(1, 12, size=4)
        cases.append((["".join(rng.choice([*BASES], n)) for n in lengths], order))
    return [*cases, (["ACGT"], "GATC")]


def _each_by_itself(given: SimpleNamespace, answer: Callable[..., Any]) -> str:
    """Sequences of a batch do not depend on each other."""
    backwards = np.asarray(answer(given.sequences[::-1], given.order), dtype=float)
    if np.allclose(backwards, _encode(given.sequences, given.order)[::-1]):
        return ""
    return (
        "With the sequences in another order, the matrices should be the same ones in that order."
    )


ENCODE = Function(
    id="encoding.encode",
    title="Encode a batch",
    draw=_draw_encode,
    task=lambda given: (
        "Write `encode(sequences, order)`.\n\n"
        "- `sequences`: a list of $N$ sequences, each of the letters A, C, G and T, of different "
        f"lengths. Yours to try it on: `given.sequences`, which is `{given.sequences}`.\n"
        "- `order`: which base each channel stands for. Yours is `given.order`, "
        f'`"{given.order}"`.\n\n'
        "Return the batch that a convolution of torch reads: shape $(N, 4, L_{\\max})$ with "
        "$L_{\\max}$ the length of the longest, 1 in the channel of each base and 0 elsewhere, and "
        "zeros **behind** the end of a shorter sequence. An array of numpy is fine."
    ),
    right=lambda given: _encode,
    mistakes=(
        Mistake(
            "channels and length swapped",
            "All is there, but with one row for each position: that is channels last. Which axis "
            "does torch want second?",
            lambda given: _channels_last,
        ),
        Mistake(
            "reshape instead of transpose",
            "The shape is right, but the numbers were poured into it in the order in which they "
            "lie in memory. Sum a column over its channels: is it still a base? Axes are "
            "exchanged, not reshaped.",
            lambda given: _poured,
        ),
        Mistake(
            "order A, C, G, T assumed",
            "This works for the order A, C, G, T. Your function is told another order by its "
            "second argument.",
            lambda given: lambda sequences, order: _encode(sequences, BASES),
        ),
        Mistake(
            "padding at the start",
            "Each sequence is whole, but the zeros stand before it. Where do they belong?",
            lambda given: _padded_in_front,
        ),
        Mistake(
            "padding written as N",
            "Quarters stand for a base that could not be read. Behind the end there is no base.",
            lambda given: _padded_with("N"),
        ),
        Mistake(
            "padding written as a base",
            "Behind the end of the shorter sequences there is a 1 in the first channel: to a "
            "network these are bases. What should stand where nothing is?",
            lambda given: _padded_with(None),
        ),
    ),
    cases=_cases_encode,
    properties=(_each_by_itself,),
    hints=(
        "Begin with `np.zeros((N, 4, longest))`: then the padding is done.",
        "Only the ones are left to write. For sequence n and position i, `order.index(base)` is "
        "the channel.",
    ),
    solution=lambda given: (
        "With zeros everywhere, padding needs no thought. Each base then puts a single 1:\n\n"
        "```python\n"
        "x = np.zeros((len(sequences), 4, max(map(len, sequences))))\n"
        "for n, sequence in enumerate(sequences):\n"
        "    for i, base in enumerate(sequence):\n"
        "        x[n, order.index(base), i] = 1\n"
        "return x\n"
        "```\n\n"
        f"Yours has the shape (3, 4, {max(map(len, given.sequences))}) and "
        f"{sum(map(len, given.sequences))} ones, one for each base."
    ),
    effort=lambda given: sorted(map(len, given.sequences)),
)

# -- 4 ----------------------------------------------------------------------------------------


def _partners(order: str) -> list[int]:
    """For each channel the channel of the base that pairs with its own."""
    return [order.index(BASES[3 - BASES.index(base)]) for base in order]


def _other_strand(x: np.ndarray, order: str) -> np.ndarray:
    return np.asarray(x)[:, _partners(order), ::-1]


def _draw_other_strand(rng: np.random.Generator) -> dict[str, Any]:
    while True:
        order = draw_order(rng)
        if _partners(order) != [3, 2, 1, 0]:  # reading the channels backwards is not enough
            break
    sequences = [draw_word(rng, int(n)) for n in rng.permutation([5, 7])]
    return {"sequences": sequences, "order": order, "x": _encode(sequences, order)}


def _cases_other_strand(given: SimpleNamespace, rng: np.random.Generator) -> list[tuple[Any, ...]]:
    cases: list[tuple[Any, ...]] = [(given.x, given.order), (_encode(["GATT"], "GTCA"), "GTCA")]
    for order in _ORDERS:
        lengths = rng.integers(4, 12, size=3)
        words = ["".join(rng.choice([*BASES], n)) for n in lengths]
        cases.append((_encode(words, order), order))
    return cases


def _twice(given: SimpleNamespace, answer: Callable[..., Any]) -> str:
    """The other strand of the other strand is this one."""
    x = given.x[given.x[:, :, -1].any(axis=1)]  # without padding, which may stand at either end
    once = np.asarray(answer(x, given.order), dtype=float)
    if np.allclose(np.asarray(answer(once, given.order), dtype=float), x):
        return ""
    return "Called on its own result, your function should give the batch back."


OTHER_STRAND = Function(
    id="encoding.other_strand",
    title="Turn a batch to its other strand",
    draw=_draw_other_strand,
    task=lambda given: (
        "A site may lie on either strand, so networks are often shown both. Write "
        "`other_strand(x, order)`.\n\n"
        "- `x`: an array of shape $(N, 4, L)$, a one-hot batch, channels first, padded with zeros "
        f"behind its shorter sequences. Yours to try it on is `given.x`: `{given.sequences}`.\n"
        f'- `order`: the order of its channels. Yours is `given.order`, `"{given.order}"`.\n\n'
        "Return an array of the same shape: each sequence as its **reverse complement**, its "
        "channels still in the same order. What was padding behind a sequence then stands before "
        "it. Use the numbers alone, without going back to letters."
    ),
    right=lambda given: _other_strand,
    mistakes=(
        Mistake(
            "reverse instead of reverse complement",
            "Each sequence is now read backwards, but it still holds the same bases: that is a "
            "word that stands on neither strand. What happens to A on the other strand, and so "
            "to its channel?",
            lambda given: lambda x, order: x[:, :, ::-1],
        ),
        Mistake(
            "complement without reversing",
            "The bases are exchanged well. The other strand runs the other way: which axis are "
            "the positions?",
            lambda given: lambda x, order: x[:, _partners(order)],
        ),
        Mistake(
            "order A, C, G, T assumed",
            "Turning the channels round pairs the bases only if A and T, and C and G, stand "
            "mirrored in the order, as in A, C, G, T. In other orders they do not: ask `order`.",
            lambda given: lambda x, order: x[:, ::-1, ::-1],
        ),
        Mistake(
            "channels and length swapped",
            "The exchange of the bases and the reversal are there, but each on the axis of the "
            "other. In $(N, 4, L)$, which axis are the channels?",
            lambda given: lambda x, order: x[:, ::-1][:, :, _partners(order)],
        ),
        Mistake(
            "batch reversed",
            "This turns the order of the sequences in the batch round. The first sequence should "
            "stay the first.",
            lambda given: lambda x, order: x[::-1, _partners(order)],
        ),
    ),
    cases=_cases_other_strand,
    properties=(_twice,),
    hints=(
        "Two things happen, each on one axis: the positions are read backwards, and the channel "
        "of each base becomes that of its partner.",
        "For each channel, find the number of the channel of the partner: a list of four numbers, "
        "worked out from `order`. An array takes such a list as an index.",
    ),
    solution=lambda given: (
        "The base of channel $c$ pairs with the base of another channel; for your order "
        f"`{given.order}` these are, channel by channel, {_partners(given.order)}. The positions "
        "are read backwards with a step of −1:\n\n"
        "```python\n"
        'partner = {"A": "T", "C": "G", "G": "C", "T": "A"}\n'
        "channels = [order.index(partner[base]) for base in order]\n"
        "return x[:, channels, ::-1]\n"
        "```\n\n"
        "In the order A, C, G, T the list is 3, 2, 1, 0, so `x[:, ::-1, ::-1]` is enough: a good "
        "reason to keep to that order."
    ),
    effort=lambda given: (given.x.shape, _partners(given.order) == [3, 2, 1, 0]),
)
