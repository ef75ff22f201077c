"""Hidden worlds of a class challenge: one motif, two motifs beside decoys, or a grammar.

A motif of these worlds is a random word that holds every base equally often. At each position the
word's base has a probability of its own, the *strength*, and the other three share the rest. No two
words resemble each other, and none resembles its own reverse complement.

1. *One motif.* Half of the sequences hold it once; the others are background alone.
2. *Two motifs.* Half hold both, in any order, on any strands, with 0 to 24 bases between them. The
   others hold two *decoys* in the same way: words with the same pairs of neighbouring bases and the
   same ends. So the pairs of bases that one expects are the same in both classes.
3. *A grammar.* All hold both motifs. Half follow a `Rule` on their order, strands and gap; the
   others are all the pairs that break it, each as likely as another. Only the grammar tells.

Each class is a mixture of arrangements (`motiflab.datasets.planting`) with shares ``w``. So the
likelihood ratio of the classes is exact,

    ``LR(x) = sum over a of w[a] LR_a(x) / sum over b of w[b] LR_b(x)``

with the arrangements ``a`` of the positives, ``b`` of the negatives, and the ratio ``LR_a(x)`` of
one arrangement to the background. No other score ranks better (Neyman and Pearson 1933).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from motiflab.checks import one_of, whole
from motiflab.datasets.dataset import Dataset, generator
from motiflab.datasets.planting import Arrangement, draw_planted, log_likelihood_ratio
from motiflab.layers import log_sum_exp
from motiflab.motifs.motif import Motif
from motiflab.sequences import (
    gc_background,
    random_sequences,
    reverse_complement,
    shuffle_dinucleotides,
    word_filter,
)

GAPS = (0, 24)
"""Shortest and longest gap between two motifs, in bases."""

ORDERS, STRANDS = ("1 before 2", "2 before 1"), ("same", "opposite")
ANY = "any"


class Level(NamedTuple):
    """Sizes of the worlds of one level.

    Attributes
    ----------
    title : str
        What is to be found.
    width : int
        Width of each motif, a multiple of 4.
    strength : float
        Probability of the word's base.
    length, train, test : int
        Bases of a sequence; numbers of training and test sequences.
    gc : float
        Share of G and C in the background.
    """

    title: str
    width: int
    strength: float
    length: int
    train: int
    test: int
    gc: float


LEVELS = {
    1: Level("one motif", 12, 0.8, 60, 2000, 400, 0.5),
    2: Level("two motifs, among decoys", 12, 0.7, 80, 4000, 400, 0.42),
    3: Level("a hidden grammar of two motifs", 8, 0.95, 80, 8000, 400, 0.5),
}


class Rule(NamedTuple):
    """A grammar of two motifs; `ANY` where there is no rule.

    Attributes
    ----------
    order : str
        One of `ORDERS`, as read on the strand on which motif 1 reads as written, or `ANY`. A rule
        on the order comes with one on the strands.
    strands : str
        Whether the two are on the same strand: one of `STRANDS`, or `ANY`.
    gap : (int, int) or None
        Fewest and most bases between them; None for any.
    """

    order: str = ANY
    strands: str = ANY
    gap: tuple[int, int] | None = None

    @property
    def layouts(self) -> set[tuple[str, str]]:
        """All allowed pairs of order and strands."""
        return {
            (order, strands)
            for order in ORDERS
            for strands in STRANDS
            if self.order in (order, ANY) and self.strands in (strands, ANY)
        }


@dataclass(frozen=True, eq=False)
class ChallengeWorld:
    """A world whose two classes are mixtures of arrangements.

    Attributes
    ----------
    level : int
    motifs : tuple of Motif
        The motifs to be found: one or two.
    rule : Rule
        The grammar to be found; without any rule on levels 1 and 2.
    positive, negative : tuple of (float, Arrangement or None)
        Shares and arrangements of the two classes; None is background alone.
    """

    level: int
    motifs: tuple[Motif, ...]
    rule: Rule
    positive: tuple[tuple[float, Arrangement | None], ...]
    negative: tuple[tuple[float, Arrangement | None], ...]

    @property
    def background(self) -> np.ndarray:
        """Frequencies of A, C, G and T outside the motifs, the same in both classes."""
        return gc_background(LEVELS[self.level].gc)

    def log_ratio(self, sequences: list[str]) -> np.ndarray:
        """Log-likelihood ratio of the two classes for each sequence, (N,), in nats.

        Examples
        --------
        >>> world = challenge_world(1, seed=0)
        >>> site = "".join("ACGT"[a] for a in world.motifs[0].counts.argmax(axis=1))
        >>> world.log_ratio([site, site[::-1]]).round(1).tolist()
        [13.3, -11.6]
        """
        positive, negative = (
            log_sum_exp(
                np.array(
                    [
                        np.log(share)
                        + (
                            np.zeros(len(sequences))
                            if arrangement is None
                            else log_likelihood_ratio(sequences, arrangement, self.background)
                        )
                        for share, arrangement in side
                    ]
                ),
                axis=0,
            )
            for side in (self.positive, self.negative)
        )
        return positive - negative

    def draw(self, n: int, seed: int = 0) -> Dataset:
        """Draw sequences in random order, half of them positive.

        Parameters
        ----------
        n : int
            Number of sequences, even.
        seed : int
            The same seed gives the same data.

        Returns
        -------
        Dataset
            With its `log_ratio`.

        Examples
        --------
        >>> data = challenge_world(2, seed=1).draw(6, seed=1)
        >>> data.x.shape, int(data.labels.sum())
        ((6, 4, 80), 3)
        """
        half, rng = whole("n", n, 2) // 2, generator(seed)
        made = [s for side in (self.positive, self.negative) for s in self._draw(side, half, rng)]
        order = rng.permutation(2 * half)
        return Dataset.of(
            [made[i] for i in order],
            labels=(order < half).astype(int),
            names=[f"made {i}" for i in range(2 * half)],
            motifs=self.motifs,
            log_ratio=self.log_ratio,
            note="Made from a hidden world; the exact likelihood ratio of the classes is known.",
        )

    def _draw(self, side: tuple, n: int, rng: np.random.Generator) -> list[str]:
        length, drawn = LEVELS[self.level].length, []
        counts = rng.multinomial(n, [share for share, _ in side]).tolist()
        for count, (_, arrangement) in zip(counts, side, strict=True):
            if arrangement is None:
                drawn += random_sequences(count, length, self.background, rng)
            else:
                drawn += draw_planted(count, length, arrangement, self.background, rng)
        return drawn


def challenge_world(level: int, seed: int) -> ChallengeWorld:
    """Draw a world of a level: its motifs and, on level 3, its grammar.

    Parameters
    ----------
    level : {1, 2, 3}
    seed : int
        The same seed gives the same world.

    Examples
    --------
    >>> challenge_world(3, seed=1).rule
    Rule(order='any', strands='same', gap=(10, 10))
    """
    size, rng = LEVELS[one_of("level", level, LEVELS)], generator(seed)
    words = _draw_words(1 if level == 1 else 2, size.width, rng)
    while level == 2 and not (decoys := _decoys(words, rng)):
        words = _draw_words(2, size.width, rng)
    motifs = [_motif(f"motif {i}", word, size.strength) for i, word in enumerate(words, 1)]
    if level == 1:
        positive, negative, rule = ((1.0, Arrangement((motifs[0],))),), ((1.0, None),), Rule()
    elif level == 2:
        rule, positive = Rule(), _pairs(motifs, Rule().layouts, [GAPS])
        others = [_motif("decoy", word, size.strength) for word in decoys]
        negative = _pairs(others, rule.layouts, [GAPS])
    else:
        rule = _draw_rule(rng)
        rest = Rule().layouts - rule.layouts
        least, most = rule.gap or GAPS
        other_gaps = [(a, b) for a, b in ((GAPS[0], least - 1), (most + 1, GAPS[1])) if a <= b]
        positive = _pairs(motifs, rule.layouts, [(least, most)])
        negative = _pairs(motifs, rest, [GAPS]) + _pairs(motifs, rule.layouts, other_gaps)
    return ChallengeWorld(level, tuple(motifs), rule, _shares(positive), _shares(negative))


def _pairs(motifs: list[Motif], layouts: set, gaps: list) -> tuple[tuple[int, Arrangement], ...]:
    """Both motifs in every layout and range of gaps, each with its number of gaps."""
    first, second = motifs
    return tuple(
        (
            most - least + 1,
            Arrangement(pair if order == ORDERS[0] else pair[::-1], ((least, most),)),
        )
        for order, strands in sorted(layouts)
        for pair in [(first, second if strands == STRANDS[0] else second.reverse_complement())]
        for least, most in gaps
    )


def _shares(side: tuple) -> tuple:
    total = sum(weight for weight, _ in side)
    return tuple((weight / total, arrangement) for weight, arrangement in side)


def _draw_rule(rng: np.random.Generator) -> Rule:
    """Draw one of eight kinds: three of layouts and three of gaps, but not without any rule."""
    kind, start = int(rng.integers(8)), int(rng.integers(2, 13))
    order, strands = str(rng.choice(ORDERS)), str(rng.choice(STRANDS))
    layout = [(order, strands), (ANY, strands), (ANY, ANY)][kind // 3]
    return Rule(*layout, [(start, start), (start, start + 5), None][kind % 3])


def _motif(name: str, word: str, strength: float) -> Motif:
    there = word_filter(word) > 0
    return Motif(name, np.where(there, strength, (1 - strength) / 3) * 1000)


def _draw_words(count: int, width: int, rng: np.random.Generator) -> list[str]:
    """Draw words with equal numbers of each base that do not resemble one another."""
    words: list[str] = []
    while len(words) < count:
        word = "".join(rng.permutation(list("ACGT" * (width // 4))))
        own = _shared(word, reverse_complement(word)) > width // 2
        if not own and not _alike(word, words):
            words.append(word)
    return words


def _decoys(words: list[str], rng: np.random.Generator) -> list[str]:
    """Shuffle each word, keeping its pairs of bases, so that it resembles none; empty if it fails.

    Some words can hardly be shuffled: their pairs of bases fit together in few ways.
    """
    decoys = []
    for word in words:
        tries = (shuffle_dinucleotides(word, rng) for _ in range(30))
        decoys += next(([decoy] for decoy in tries if not _alike(decoy, words)), [])
    return decoys if len(decoys) == len(words) else []


def _alike(word: str, others: list[str]) -> bool:
    """Whether a word shares more than half of its letters with another on either strand."""
    both = [*others, *map(reverse_complement, others)]
    return any(_shared(word, other) > len(word) // 2 for other in both)


def _shared(a: str, b: str) -> int:
    """Largest number of equal letters of two words over all shifts."""
    return max(
        sum(x == y for x, y in zip(a[max(s, 0) :], b[max(-s, 0) :]))
        for s in range(1 - len(b), len(a))
    )
