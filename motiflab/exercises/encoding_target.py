"""Exercises on a reshape where a transpose was meant: an explorer to bring to a target, a text."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from motiflab.alphabet import BASES
from motiflab.exercises.encoding_draws import draw_order, draw_word
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.targets import Shown, Target
from motiflab.exercises.values import Text
from motiflab.sequences import one_hot


def _survivor(order: str, first: str) -> str:
    """A word of four that begins so and whose matrix is its own mirror image."""
    place = order.index(first)
    word = list(order)  # base c at position c: the ones stand on the diagonal
    word[0], word[place] = first, order[0]
    return "".join(word)


def _draw_survive(rng: np.random.Generator) -> dict[str, str]:
    """An order in which the word that survives in A, C, G, T does not."""
    while True:
        order = draw_order(rng)
        # The first base of either order would stay in its place: too easy.
        first = str(rng.choice([base for base in BASES if base not in (order[0], "A")]))
        if not _survives(_survivor(BASES, first), order):
            return {"order": order, "first": first, "word": draw_word(rng, 7)}


def _survives(word: str, order: str) -> bool:
    x = one_hot(word, order)
    return np.array_equal(x.reshape(4, len(word)), x.T)


def _kept(word: str, order: str) -> str:
    """Say which positions of a word still hold their base after the reshape."""
    x = one_hot(word, order)
    kept = np.flatnonzero((x.reshape(4, len(word)) == x.T).all(axis=0))
    return ", ".join(map(str, kept)) or "none"


def _typed(shown: Shown) -> list[str]:
    return shown.result.sequences


def _one_of_four(shown: Shown) -> bool:
    return [len(word) for word in _typed(shown)] == [4] and not set(_typed(shown)[0]) - set(BASES)


def _begins(given: SimpleNamespace, shown: Shown) -> bool:
    return _typed(shown)[0][0] == given.first


SURVIVE = Target(
    id="encoding.survive",
    title="Survive the wrong reshape",
    draw=_draw_survive,
    explorer="encoding_explorer.EncodingExplorer",
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
        "The explorer makes the mistake that everybody makes once: a batch of shape (N, L, 4) is "
        "brought to (N, 4, L) by a **reshape**, not by a transpose. Its channels are in the order "
        f"{', '.join(given.order)}, and the sequence is {given.word}. Type one word of **four "
        f"bases that begins with {given.first}** in its place, such that every position still "
        "holds its own base. Then copy the line named Scene."
    ),
    prediction=(
        "Your word of seven bases, 28 numbers in 7 rows of 4, is poured into 4 rows of 7. How many "
        "of its seven positions will still hold their own base, and why these?"
    ),
    right=lambda given: {"sequences": _survivor(given.order, given.first)},
    mistakes=(
        Mistake(
            "nothing changed yet",
            "This is the word that you began with. Type one of four bases in its place.",
            lambda given: {},
            lambda given, shown: _typed(shown) == [given.word],
        ),
        Mistake(
            "not one word of four bases",
            "One word of exactly four bases is asked for: A, C, G or T, each as often as you like.",
            lambda given: {"sequences": given.first},
            lambda given, shown: not _one_of_four(shown),
        ),
        Mistake(
            "another first base",
            "This word survives, well found! It begins with another base than yours should, "
            "though: what does that move elsewhere?",
            lambda given: {"sequences": given.order},
            lambda given, shown: shown.result.whole == 4 and not _begins(given, shown),
        ),
        Mistake(
            "order A, C, G, T assumed",
            "This word would survive if the channels were A, C, G, T. Yours have another order: "
            "it stands at the left of the matrix.",
            lambda given: {"sequences": _survivor(BASES, given.first)},
            lambda given, shown: _begins(given, shown) and _survives(_typed(shown)[0], BASES),
        ),
        Mistake(
            "some positions lost",
            "Some of the 1s landed elsewhere. Look where the 1 of each position stands before "
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
            "Where must the base of channel 0 stand? Then see to the two positions left."
        ),
    ),
    solution=lambda given: (
        "For four bases the reshape leaves the 16 numbers as they lie, and only *calls* rows "
        "channels and columns positions. That does no harm if $X_{i,c} = X_{c,i}$. "
        f"{given.first} is channel {given.order.index(given.first)}, at position 0, so position "
        f"{given.order.index(given.first)} must hold the base of channel 0, {given.order[0]}. Each "
        "of the two bases left may stand at the position of its own number, as in "
        f"**{_survivor(given.order, given.first)}**; or they may change places.\n\n"
        f"Of {given.word}, with seven bases, these positions hold their base: "
        f"{_kept(given.word, given.order)}. The number at $(i, c)$ is number $4i + c$ of all, and "
        "number $7c + i$ would be its place: only a 1 with $i = 2c$ stays where it belongs. Any "
        "other that fits came from elsewhere, by luck. Test shapes on sequences of more than four "
        "bases, where so much luck is rare."
    ),
    effort=lambda given: (len(given.word), given.first != given.order[0]),
)

NO_ERROR = Text(
    id="encoding.no_error",
    title="Explain why nothing complained",
    task=lambda given: (
        "Look at what you predicted for the reshape, and at what you saw. Then explain to a "
        "colleague, in three to five sentences: why does a network that is fed with a reshaped "
        "batch raise no error, what does it read instead of the sequences, and by which two quick "
        "tests would you notice?"
    ),
    hints=(
        "What does a convolution of torch know of its input, apart from the shape?",
        "What does each column of a one-hot batch sum to, if there is a base? And can you get the "
        "first sequence back?",
    ),
    solution=lambda given: (
        "A full answer mentions: the shape (N, 4, L) is right, and a shape is all that the layer "
        "can check; the numbers keep the order in which they lie in memory, so that four "
        "neighbours of one row are no longer the four channels of one base; many columns now hold "
        "no 1 or several and are no bases, and few of the others are still right; how many "
        "numbers there are, and their sum, are unchanged. "
        "Tests: every column of a real base must sum to 1 over the channels; decode a sequence "
        "and compare it with the text. The remedy is to transpose, `x.transpose(0, 2, 1)`. And: "
        "a test with four bases, or with one, may pass by luck."
    ),
)
