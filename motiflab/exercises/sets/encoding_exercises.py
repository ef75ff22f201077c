"""Exercises on sequences as numbers: channels, batches, the other strand, reshapes."""

from __future__ import annotations

from collections.abc import Callable
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
    table,
)
from motiflab.sequences.alphabet import BASES
from motiflab.sequences.encoding import decode, encode, integer_codes, one_hot, reverse_complement


def draw_order(rng: np.random.Generator) -> str:
    """Draw an order in which no base has the place that it has in A, C, G, T.

    >>> draw_order(np.random.default_rng(0))[0] == "A"
    False
    """
    while True:
        order = "".join(rng.permutation([*BASES]))
        if not any(a == b for a, b in zip(order, BASES)):
            return order


def _batches(rng: np.random.Generator, shortest: int, many: int) -> list[tuple[list[str], str]]:
    """Draw batches of words to try a function on, each with the order of its channels."""
    return [
        (["".join(rng.choice([*BASES], n)) for n in rng.integers(shortest, 12, size=many)], order)
        # Read backwards, the first two orders pair the bases, and the last one does not.
        for order in (BASES, "GATC", "TACG")
    ]


# -- Read a matrix from the other strand -----------------------------------------------------------

_PADDING = 2
_COMPLEMENT = str.maketrans(BASES, BASES[::-1])


def _draw_opposite(rng: np.random.Generator) -> dict[str, Any]:
    order = draw_order(rng)
    x = one_hot(draw_word(rng, 6), order, channels="first").astype(int)
    return {"order": order, "x": np.pad(x, ((0, 0), (0, _PADDING)))}  # behind the end


def _sequence(given: Given) -> str:
    return decode(given.x, given.order, channels="first")


def _misread(given: Given) -> str:
    return decode(given.x, channels="first")


OPPOSITE = Value(
    id="encoding.opposite",
    title="Read a matrix from the other strand",
    draw=_draw_opposite,
    task=lambda given: (
        f"This is one sequence of a batch, channels first, so its shape is {given.x.shape}. Its "
        f"channels are in the order **{', '.join(given.order)}**, and it was shorter than the "
        "longest sequence of its batch.\n\n"
        + table(
            ["channel", *map(str, range(given.x.shape[1]))],
            [(c, *row) for c, row in enumerate(given.x)],
        )
        + "\n\n"
        "What is the sequence of the **other strand**, read 5′ to 3′? Write its letters in "
        "quotes. (The matrix is `given.x`, the order `given.order`.)"
    ),
    right=lambda given: reverse_complement(_sequence(given)),
    mistakes=(
        Mistake(
            "this strand given",
            "You read the matrix correctly, but the question is about the other strand.",
            _sequence,
        ),
        Mistake(
            "reverse instead of reverse complement",
            "You read the right letters from the right end. On the other strand, though, each "
            "base is also replaced by the one that pairs with it.",
            lambda given: _sequence(given)[::-1],
        ),
        Mistake(
            "complement without reversing",
            "Each base is replaced by its partner, good. But the other strand runs the other way: "
            "where is its 5′ end?",
            lambda given: _sequence(given).translate(_COMPLEMENT),
        ),
        Mistake(
            "order A, C, G, T assumed",
            "You read the rows as A, C, G, T. Look again at the order of your channels.",
            lambda given: reverse_complement(_misread(given)),
            lambda given, answer: answer in (_misread(given), reverse_complement(_misread(given))),
        ),
        Mistake(
            "channels turned round for the partners",
            "Reversing the channels replaces each base by its partner only if the order is "
            "symmetric, as A, C, G, T is. In your order the partner of a base is in another "
            "channel.",
            lambda given: decode(given.x, given.order[::-1], channels="first")[::-1],
        ),
        Mistake(
            "padding read as a base",
            "Your answer has a letter for every column. What do the last columns contain, and is "
            "that a base?",
            lambda given: reverse_complement(_sequence(given) + given.order[0] * _PADDING),
        ),
        Mistake(
            "padding read as N",
            "N is a base that is there but could not be read, and is written as four quarters. "
            "Look at the last columns again: is anything there?",
            lambda given: reverse_complement(_sequence(given) + "N" * _PADDING),
        ),
    ),
    hints=(
        "Go column by column: in which row is the 1, and which base does this row stand for in "
        "your order?",
        "A column of zeros is padding, not a base: it only makes the sequence as long as the "
        "longest one of the batch.",
        "A pairs with T and C with G, and the two strands run in opposite directions: the last "
        "base of one strand is opposite the first base of the other.",
    ),
    solution=lambda given: (
        f"Column by column, with row 0 for {given.order[0]}, row 1 for {given.order[1]} and so "
        f"on, this strand reads {_sequence(given)}; the last {_PADDING} columns are padding. "
        f"Replacing each base by its partner gives {_sequence(given).translate(_COMPLEMENT)}. The "
        "other strand is read from its own 5′ end, which is on the right: "
        f"**{reverse_complement(_sequence(given))}**."
    ),
    effort=lambda given: (given.x.shape, int(given.x.sum()), int(given.x.any(axis=1).sum())),
)


# -- What one weight cannot say --------------------------------------------------------------------


def _codes(given: Given) -> str:
    codes = integer_codes(given.order, given.order)[:, 0]
    return ", ".join(f"{base} = {code:g}" for base, code in zip(given.order, codes))


INTEGERS = Choice(
    id="encoding.integers",
    title="What one weight cannot say",
    draw=lambda rng: {"order": draw_order(rng)},
    task=lambda given: (
        f"To save memory, somebody writes each base as a single number, {_codes(given)}: one "
        "channel instead of four. Each tap of a filter then has one weight $w$, and adds $w$ "
        "times the number of the base it meets. Which of these statements about a tap is true, "
        "whatever $w$ is?"
    ),
    options=(
        Option("It cannot add more for the base written 2 than for each of the other three."),
        Option(
            "It cannot add more for the base written 3 than for each of the other three.",
            "Try any positive $w$: which of $0, w, 2w, 3w$ is the largest?",
        ),
        Option(
            "It cannot add more for the base written 0 than for each of the other three.",
            "Try a negative $w$: which of $0, w, 2w, 3w$ is the largest?",
        ),
        Option(
            "It cannot add the same for all four bases.",
            "One value of $w$ does exactly that, and then the tap prefers no base at all.",
        ),
        Option(
            "It cannot add exactly twice as much for the base written 2 as for the base written 1.",
            "It does so for every $w$: these numbers force it to.",
        ),
    ),
    hints=(
        "Write down the four numbers that the tap can add: all of them depend on the same $w$.",
        "Sort these four numbers for a positive $w$ and for a negative $w$. Which bases can have "
        "the largest number?",
    ),
    solution=lambda given: (
        "The tap adds $0, w, 2w$ or $3w$. For $w > 0$ the largest is $3w$, for $w < 0$ it is $0$: "
        f"only {given.order[3]} or {given.order[0]} can be preferred, because they happen to "
        f"stand at the ends of the order. To prefer {given.order[2]}, it would need $2w > 3w$ and "
        f"$2w > 0$, that is $w < 0$ and $w > 0$. So the answer is **{given.letters[0]}**. With "
        "one-hot encoding, the tap has a weight of its own for each base, and any two bases have "
        "the same distance, $\\sqrt 2$."
    ),
    effort=lambda given: len(given.order),
)


# -- Find the window of a peak ---------------------------------------------------------------------


def _draw_window(rng: np.random.Generator) -> dict[str, int]:
    width = int(rng.integers(15, 31)) * 10
    offset = int(rng.integers(2, width // 10 - 1)) * 10 + int(rng.integers(1, 5))
    return {
        "start": int(rng.integers(2000, 90_000)),
        "width": width,
        "offset": offset,
        "length": int(rng.choice([120, 140, 160, 180])),
    }


def _first_base(given: Given) -> int:
    """Return the first base of the window around the summit, counted from 0."""
    return given.start + given.offset - given.length // 2


WINDOW = Value(
    id="encoding.window",
    title="From a line of a peak file to a place in the browser",
    draw=_draw_window,
    suits=lambda given: abs(given.offset - given.width // 2) > 10,
    task=lambda given: (
        "A narrowPeak file has this line (columns 5 to 9 are left out):\n\n"
        f"`chr7  {given.start}  {given.start + given.width}  peak_1  ...  {given.offset}`\n\n"
        "The last number is column 10, the distance from the start of the peak to its summit. You "
        f"cut out a window of {given.length} bases such that the summit is its base "
        f"{given.length // 2} (counted from 0), and look at it in a genome browser. Files of this "
        "kind count bases from 0; the browser counts them from 1. What does the browser call the "
        "*first* base of the window?"
    ),
    right=lambda given: _first_base(given) + 1,
    mistakes=(
        Mistake(
            "counted from 0",
            "This is the start of the window as the file would write it. What is the number of "
            "that base if you count from 1?",
            _first_base,
        ),
        Mistake(
            "moved the wrong way",
            "If you count from 1 instead of 0, do the numbers of the bases become larger or "
            "smaller?",
            lambda given: _first_base(given) - 1,
        ),
        Mistake(
            "middle instead of summit",
            "You centred the window on the middle of the peak. It should be centred on the "
            "summit, which the file gives.",
            lambda given: given.start + given.width // 2 - given.length // 2 + 1,
        ),
        Mistake(
            "window begins at the summit",
            "Your window begins at the summit. How many bases of the window come before the "
            "summit?",
            lambda given: given.start + given.offset + 1,
        ),
        Mistake(
            "window begins with the peak",
            "This is where the peak begins. The position of the window depends on the summit, not "
            "on the start of the peak.",
            lambda given: given.start + 1,
        ),
        Mistake(
            "summit taken for a place on the chromosome",
            "Column 10 counts from the start of the peak, not from the start of the chromosome.",
            lambda given: given.offset - given.length // 2 + 1,
        ),
    ),
    hints=(
        "First find the summit, counted from 0: column 2 plus column 10.",
        "If the summit is base 50 of the window, counted from 0, then 50 bases come before it.",
        "The base that the file calls 0 is base 1 in the browser.",
    ),
    solution=lambda given: (
        f"The summit is base {given.start} + {given.offset} = {given.start + given.offset}, "
        f"counted from 0. {given.length // 2} bases of the window come before it, so the window "
        f"begins at {_first_base(given)}. Counted from 1 that is **{_first_base(given) + 1}**."
    ),
    effort=lambda given: len(str(given.length)),
)


# -- Encode a batch --------------------------------------------------------------------------------


def _draw_encode(rng: np.random.Generator) -> dict[str, Any]:
    sequences = [draw_word(rng, int(n)) for n in rng.permutation([4, 5, 7])]
    return {"sequences": sequences, "order": draw_order(rng)}


def _encode(sequences: list[str], order: str) -> np.ndarray:
    return encode(sequences, order).x


def _channels_last(sequences: list[str], order: str) -> np.ndarray:
    return encode(sequences, order, channels="last").x


def _poured(sequences: list[str], order: str) -> np.ndarray:
    return _channels_last(sequences, order).reshape(len(sequences), 4, -1)


def _padded_in_front(sequences: list[str], order: str) -> np.ndarray:
    x, lengths = _encode(sequences, order), map(len, sequences)
    return np.array([np.roll(one, x.shape[2] - n, axis=1) for one, n in zip(x, lengths)])


def _padded_with(letter: str | None) -> Callable[[list[str], str], np.ndarray]:
    """Write the padding as a letter, or as the first base of the order."""

    def mistaken(sequences: list[str], order: str) -> np.ndarray:
        longest = max(map(len, sequences))
        return _encode([word.ljust(longest, letter or order[0]) for word in sequences], order)

    return mistaken


def _cases_encode(given: Given, rng: np.random.Generator) -> list[tuple[Any, ...]]:
    return [
        (given.sequences, given.order),
        (["GA", "T"], "CTAG"),
        *_batches(rng, 1, 4),
        (["ACGT"], "GATC"),
    ]


def _each_by_itself(given: Given, answer: Callable[..., Any]) -> bool:
    """Sequences of a batch do not depend on each other."""
    backwards = np.asarray(answer(given.sequences[::-1], given.order), dtype=float)
    return np.allclose(backwards, _encode(given.sequences, given.order)[::-1])


ENCODE = Function(
    id="encoding.encode",
    title="Encode a batch",
    draw=_draw_encode,
    task=lambda given: (
        "Write `encode(sequences, order)`.\n\n"
        "- `sequences`: a list of $N$ sequences, each of the letters A, C, G and T, of different "
        f"lengths. To try it, use `given.sequences`, which is `{given.sequences}`.\n"
        "- `order`: a string that says which base each channel stands for. Yours is "
        f'`given.order`, `"{given.order}"`.\n\n'
        "Return the batch that a convolution of torch reads: shape $(N, 4, L_{\\max})$ with "
        "$L_{\\max}$ the length of the longest, 1 in the channel of each base and 0 elsewhere, "
        "and zeros **after** the end of a shorter sequence. Return a numpy array."
    ),
    right=lambda given: _encode,
    mistakes=(
        Mistake(
            "channels and length swapped",
            "The numbers are right, but there is one row for each position: that is channels "
            "last. Which axis does torch expect second?",
            lambda given: _channels_last,
        ),
        Mistake(
            "reshape instead of transpose",
            "The shape is right, but a reshape fills it with the numbers in the order in which "
            "they lie in memory. Sum a column over its channels: is it still a base? To exchange "
            "two axes, transpose.",
            lambda given: _poured,
        ),
        Mistake(
            "order A, C, G, T assumed",
            "This works for the order A, C, G, T. The second argument may give a different order.",
            lambda given: lambda sequences, order: _encode(sequences, BASES),
        ),
        Mistake(
            "padding at the start",
            "Each sequence is complete, but the zeros come before it. Where do they belong?",
            lambda given: _padded_in_front,
        ),
        Mistake(
            "padding written as N",
            "Four quarters stand for a base that could not be read. After the end of a sequence "
            "there is no base.",
            lambda given: _padded_with("N"),
        ),
        Mistake(
            "padding written as a base",
            "After the end of the shorter sequences there is a 1 in the first channel, which a "
            "network reads as a base. What should be there instead?",
            lambda given: _padded_with(None),
        ),
    ),
    cases=_cases_encode,
    properties=(
        Property(
            "If the sequences are given in a different order, the matrices should be the same, in "
            "that order.",
            _each_by_itself,
        ),
    ),
    hints=(
        "Begin with `np.zeros((N, 4, longest))`: then the padding is already there.",
        "Only the ones are left to write. For sequence n and position i, `order.index(base)` is "
        "the channel.",
    ),
    solution=lambda given: (
        "Start with zeros everywhere, so that the padding is already there. Then write a single 1 "
        "for each base:\n\n"
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


# -- Turn a batch to its other strand --------------------------------------------------------------


def _partners(order: str) -> list[int]:
    """Return for each channel the channel of the base that pairs with its own."""
    # In A, C, G, T the partner of a base stands as far from the end as the base from the start.
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


def _cases_other_strand(given: Given, rng: np.random.Generator) -> list[tuple[Any, ...]]:
    batches = [(given.sequences, given.order), (["GATT"], "GTCA"), *_batches(rng, 4, 3)]
    return [(_encode(words, order), order) for words, order in batches]


def _twice(given: Given, answer: Callable[..., Any]) -> bool:
    """The other strand of the other strand is this one."""
    x = given.x[given.x[:, :, -1].any(axis=1)]  # without padding, which may stand at either end
    once = np.asarray(answer(x, given.order), dtype=float)
    return np.allclose(np.asarray(answer(once, given.order), dtype=float), x)


OTHER_STRAND = Function(
    id="encoding.other_strand",
    title="Turn a batch to its other strand",
    draw=_draw_other_strand,
    task=lambda given: (
        "A site may lie on either strand, so networks are often shown both. Write "
        "`other_strand(x, order)`.\n\n"
        "- `x`: an array of shape $(N, 4, L)$, a one-hot batch, channels first, padded with zeros "
        "after its shorter sequences. To try it, use `given.x`, the batch of "
        f"`{given.sequences}`.\n"
        "- `order`: a string with the order of its channels. Yours is `given.order`, "
        f'`"{given.order}"`.\n\n'
        "Return an array of the same shape: each sequence as its **reverse complement**, its "
        "channels still in the same order. The padding after a sequence then comes before it. "
        "Work with the numbers only, without decoding to letters."
    ),
    right=lambda given: _other_strand,
    mistakes=(
        Mistake(
            "reverse instead of reverse complement",
            "Each sequence is now read backwards, but with the same bases. Such a word is on "
            "neither strand. What does A become on the other strand, and so in which channel is "
            "its 1?",
            lambda given: lambda x, order: x[:, :, ::-1],
        ),
        Mistake(
            "complement without reversing",
            "Each base is replaced by its partner, good. But the other strand runs the other way: "
            "which axis holds the positions?",
            lambda given: lambda x, order: x[:, _partners(order)],
        ),
        Mistake(
            "order A, C, G, T assumed",
            "Reversing the channels pairs the bases only if the order is symmetric, as in A, C, "
            "G, T. In other orders it is not: use `order`.",
            lambda given: lambda x, order: x[:, ::-1, ::-1],
        ),
        Mistake(
            "channels and length swapped",
            "You exchange the bases and reverse the positions, but each on the wrong axis. In "
            "$(N, 4, L)$, which axis holds the channels?",
            lambda given: lambda x, order: x[:, ::-1][:, :, _partners(order)],
        ),
        Mistake(
            "batch reversed",
            "This reverses the order of the sequences in the batch. The first sequence should "
            "stay the first.",
            lambda given: lambda x, order: x[::-1, _partners(order)],
        ),
    ),
    cases=_cases_other_strand,
    properties=(
        Property(
            "If your function is applied to its own result, it should return the original batch.",
            _twice,
        ),
    ),
    hints=(
        "Two things happen, each on one axis: the positions are read backwards, and the channel "
        "of each base becomes that of its partner.",
        "For each channel, find the number of the channel of the partner: a list of four numbers, "
        "worked out from `order`. An array takes such a list as an index.",
    ),
    solution=lambda given: (
        "The base of channel $c$ pairs with the base of another channel. For your order "
        f"`{given.order}` the partners' channels are {_partners(given.order)}. The positions are "
        "read backwards with a step of −1:\n\n"
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


# -- Survive the wrong reshape, and explain why nothing complained ---------------------------------


def _survivor(order: str, first: str) -> str:
    """Return a word of four bases that begins so and whose matrix is its own mirror image."""
    place = order.index(first)
    word = list(order)  # base c at position c: the ones stand on the diagonal
    word[0], word[place] = first, order[0]  # exchanged in pairs, they still mirror each other
    return "".join(word)


def _draw_survive(rng: np.random.Generator) -> dict[str, str]:
    """Draw an order in which the word that survives in A, C, G, T does not."""
    while True:
        order = draw_order(rng)
        # The first base of either order would stay in its place: too easy.
        first = str(rng.choice([base for base in BASES if base not in (order[0], "A")]))
        if not _held(_survivor(BASES, first), order).all():
            return {"order": order, "first": first, "word": draw_word(rng, 7)}


def _held(word: str, order: str) -> np.ndarray:
    """Tell of each position of a word whether it still holds its base after the reshape."""
    x = one_hot(word, order)
    # A reshape pours the numbers row by row; only a transpose exchanges rows and columns.
    return (x.reshape(4, len(word)) == x.T).all(axis=0)


def _kept(given: Given) -> str:
    return ", ".join(map(str, np.flatnonzero(_held(given.word, given.order)))) or "none"


def _typed(shown: Shown) -> list[str]:
    return shown.result.sequences


def _one_of_four(shown: Shown) -> bool:
    return [len(word) for word in _typed(shown)] == [4] and not set(_typed(shown)[0]) - set(BASES)


def _begins(given: Given, shown: Shown) -> bool:
    return _typed(shown)[0][0] == given.first


SURVIVE = Target(
    id="encoding.survive",
    title="Survive the wrong reshape",
    draw=_draw_survive,
    explorer="EncodingExplorer",
    start=lambda given: {
        "sequences": given.word,
        "order": given.order,
        "layout": "reshaped",
    },
    locked=("order", "layout"),
    reached=lambda given, shown: (
        _one_of_four(shown) and _begins(given, shown) and shown.result.whole == 4
    ),
    task=lambda given: (
        "The explorer makes a mistake that everybody makes once: it brings a batch of shape (N, "
        "L, 4) to (N, 4, L) by a **reshape** instead of a transpose. The channels are in the "
        f"order {', '.join(given.order)}, and the sequence is {given.word}. Replace it by one "
        f"word of **four bases that begins with {given.first}**, such that every position still "
        "holds its own base after the reshape. Then press *Share* and copy the line named *Scene*."
    ),
    prediction=(
        "Your word of seven bases is 28 numbers in 7 rows of 4. The reshape writes them, in the "
        "same order, into 4 rows of 7. How many of the seven positions will still hold their own "
        "base, and why these?"
    ),
    right=lambda given: {"sequences": _survivor(given.order, given.first)},
    mistakes=(
        Mistake(
            "nothing changed yet",
            "This is the word that you began with. Replace it by a word of four bases.",
            lambda given: {},
            lambda given, shown: _typed(shown) == [given.word],
        ),
        Mistake(
            "not one word of four bases",
            "Type one word of exactly four bases: A, C, G or T, each as often as you like.",
            lambda given: {"sequences": given.first},
            lambda given, shown: not _one_of_four(shown),
        ),
        Mistake(
            "another first base",
            "This word survives, well found! But it should begin with a different base. Which "
            "other positions must change then?",
            lambda given: {"sequences": given.order},
            lambda given, shown: shown.result.whole == 4 and not _begins(given, shown),
        ),
        Mistake(
            "order A, C, G, T assumed",
            "This word would survive if the channels were A, C, G, T. Yours have a different "
            "order: see the left side of the matrix.",
            lambda given: {"sequences": _survivor(BASES, given.first)},
            lambda given, shown: _begins(given, shown) and _held(_typed(shown)[0], BASES).all(),
        ),
        Mistake(
            "some positions lost",
            "Some of the 1s are now in a wrong place. Look where the 1 of each position is before "
            "the reshape, and where a reshape of four rows of four puts it.",
            lambda given: {"sequences": given.first * 4},
            lambda given, shown: shown.result.whole < 4,
        ),
    ),
    hints=(
        "With four bases, (4, L) and (L, 4) are the same shape. So a reshape changes nothing at "
        "all: position $i$ becomes what is read as channel $i$, and channel $c$ as position $c$.",
        "So the matrix must be its own mirror image in the diagonal: if position $i$ holds the "
        "base of channel $c$, then position $c$ must hold the base of channel $i$.",
        lambda given: (
            f"{given.first} is channel {given.order.index(given.first)} and stands at position 0. "
            "Where must the base of channel 0 stand? Then fill the two remaining positions."
        ),
    ),
    solution=lambda given: (
        "For four bases the reshape leaves the 16 numbers where they are, and only *calls* the "
        "rows channels and the columns positions. That does no harm if $X_{i,c} = X_{c,i}$. "
        f"{given.first} is channel {given.order.index(given.first)}, at position 0, so position "
        f"{given.order.index(given.first)} must hold the base of channel 0, {given.order[0]}. "
        "Each of the two remaining bases may stand at the position with the number of its own "
        f"channel, as in **{_survivor(given.order, given.first)}**; or the two may change "
        "places.\n\n"
        f"In {given.word}, with seven bases, these positions still hold their base: "
        f"{_kept(given)}. The number at $(i, c)$ is number $4i + c$ in memory, and it should "
        "become number $7c + i$: only a 1 with $i = 2c$ stays where it belongs. Any other "
        "position that is right got its 1 from somewhere else, by luck. Test shapes on sequences "
        "of more than four bases, where so much luck is rare."
    ),
    effort=lambda given: (len(given.word), given.first != given.order[0]),
)

NO_ERROR = Text(
    id="encoding.no_error",
    title="Explain why nothing complained",
    task=lambda given: (
        "Look at what you predicted for the reshape, and at what you saw. Then explain to a "
        "colleague, in three to five sentences: why does a network that gets a reshaped batch "
        "raise no error, what does it read instead of the sequences, and which two quick tests "
        "would show you the mistake?"
    ),
    hints=(
        "What does a convolution in torch know about its input, apart from the shape?",
        "What does each column of a one-hot batch sum to, if it holds a base? And can you decode "
        "the first sequence?",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        "- *no error*: the shape (N, 4, L) is right, and the layer checks nothing else;\n"
        "- *what it reads*: the numbers keep their order in memory, so the four channels of a base "
        "are no longer in one column. Many columns have no 1 or several, and few of the others "
        "are still right;\n"
        "- *two tests*: every column of a base must sum to 1, and a decoded sequence must equal "
        "the text. A test with four bases, or with one, may pass by luck;\n"
        "- *the remedy*: transpose, `x.transpose(0, 2, 1)`."
    ),
)

SET = ExerciseSet(
    "encoding",
    "Sequences as numbers",
    3297893,
    (OPPOSITE, INTEGERS, WINDOW, ENCODE, OTHER_STRAND, SURVIVE, NO_ERROR),
)
