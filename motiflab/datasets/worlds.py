"""Made-up worlds in which a rule of spacing decides the labels: hard, soft or none.

A sequence of a world is a random background of `LENGTH` bases with nothing, the word A, the word B,
or both written over it (`WORDS`). By chance neither word occurs, on either strand: a background
that holds one is drawn again. So a sequence shows which of the *designs* it has: which words, in
which order, and how many bases ``g`` (the gap) between them. Its score is

    ``s = s0 + u (a + b) + v a b w(g)``

with ``a = 1`` if A is there and 0 if not, ``b`` the same for B, and ``w`` the *effect* of the gap:

- **hard**, one gap ``g0``: ``w(g) = 1`` if ``g = g0``, otherwise 0;
- **soft**: ``w(g) = exp(-g / 20) (1 + cos(2 pi (g - g0) / 10.5)) / 2``, divided by the largest
  value of the gaps in use. The effect fades with the distance, and comes back with every turn of
  the helix, 10.5 bases, because the two proteins then sit on the same side of the DNA;
- **none**, a *billboard*: every gap and order are alike, as each word counts for itself.

In the first two ``w = 0`` unless A stands before B, and a word alone changes nothing:
``(s0, u, v) = (-5, 0, 9)``. In a billboard they are ``(-3, 3, 0)``.

The label of a design is 1 with probability ``sigmoid(s)``. Designs have frequencies ``f`` of their
own, the same in all worlds (`World.designs`), and positives and negatives are drawn equally often,
each from its share: ``f sigmoid(s)`` and ``f (1 - sigmoid(s))``, divided by their sums ``P`` and
``1 - P``. So the log-likelihood ratio of the two classes is ``s + log((1 - P) / P)``, and no other
score ranks better (Neyman and Pearson 1933).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import one_of, require, whole
from motiflab.datasets.dataset import Dataset, generator
from motiflab.layers import sigmoid
from motiflab.sequences import DNA, draw_letters, reverse_complement, written_out

WORDS = ("AGATAAG", "CACCTGC")
"""A, a site of GATA factors, and B, an E-box."""

LENGTH = 80
"""Bases of a sequence."""

GAPS = (0, 24)
"""Shortest and longest gap between the words, in bases."""

KINDS = ("hard", "soft", "none")

_WEIGHTS = {"hard": (-5.0, 0.0, 9.0), "soft": (-5.0, 0.0, 9.0), "none": (-3.0, 3.0, 0.0)}
_TURN, _FADE = 10.5, 20.0  # bases
_PRESENT = {(1, 1): 0.6, (1, 0): 0.15, (0, 1): 0.15, (0, 0): 0.1}
_IN_ORDER, _AT_ONE_GAP = 2 / 3, 1 / 4  # of the sequences with both words


@dataclass(frozen=True)
class World:
    """A rule that decides labels.

    Parameters
    ----------
    kind : {"hard", "soft", "none"}
    gap : int
        ``g0``, which is drawn more often than the others; in a billboard that is all it does.
    gaps : (int, int)
        Shortest and longest gap that occurs, inclusive.
    step : int
        Distance from one gap that occurs to the next, in bases.
    pairs_only : bool
        Whether every sequence holds A and then B, so that only the gap tells.

    Examples
    --------
    >>> World("hard", gap=6).effect([5, 6, 7]).tolist()
    [0.0, 1.0, 0.0]
    >>> World("soft", gap=6).effect([6, 11, 16]).round(2).tolist()
    [1.0, 0.0, 0.59]
    """

    kind: str
    gap: int = 6
    gaps: tuple[int, int] = GAPS
    step: int = 1
    pairs_only: bool = False

    def __post_init__(self) -> None:
        one_of("kind", self.kind, KINDS)
        least, most = self.gaps
        require(
            "gaps",
            0 <= least <= most <= LENGTH - sum(map(len, WORDS)),
            f"fit with both words in {LENGTH} bases, got {least} to {most}",
        )
        whole("step", self.step, 1)
        one_of("gap", self.gap, self._all_gaps.tolist())

    def effect(self, gaps: ArrayLike) -> np.ndarray:
        """Effect ``w`` of gaps between A and a B behind it, from 0 to 1; 0 for unused gaps."""
        gaps = np.asarray(gaps)
        if self.kind == "none":
            return np.zeros(gaps.shape)
        if self.kind == "hard":
            return (gaps == self.gap).astype(float)
        used = np.isin(gaps, self._all_gaps)
        return np.where(used, self._wave(gaps), 0.0) / self._wave(self._all_gaps).max()

    def score(self, a: ArrayLike, b: ArrayLike, effect: ArrayLike) -> np.ndarray:
        """Score ``s`` of designs with and without A and B; `effect` is that of their gap."""
        base, alone, pair = _WEIGHTS[self.kind]
        a, b = np.asarray(a), np.asarray(b)
        return base + alone * (a + b) + pair * a * b * np.asarray(effect)

    @cached_property
    def designs(self) -> np.ndarray:
        """Every design, a row each: frequency f, has A, has B, A first, gap, score s."""
        gaps = self._all_gaps
        of_gap = (1 - _AT_ONE_GAP) / len(gaps) + _AT_ONE_GAP * (gaps == self.gap)
        ordered = 1.0 if self.pairs_only else _PRESENT[1, 1] * _IN_ORDER
        rest = 0.0 if self.pairs_only else 1.0
        turned = rest * _PRESENT[1, 1] * (1 - _IN_ORDER)
        rows = [
            (share * f, 1, 1, first, gap, first * effect)
            for share, first in ((ordered, 1), (turned, 0))
            for f, gap, effect in zip(of_gap, gaps, self.effect(gaps), strict=True)
        ]
        rows += [(rest * f, a, b, 1, 0, 0) for (a, b), f in _PRESENT.items() if not a * b]
        rows = np.array(rows)
        rows[:, 5] = self.score(rows[:, 1], rows[:, 2], rows[:, 5])
        return rows

    @cached_property
    def offset(self) -> float:
        """``log((1 - P) / P)``, which the equal numbers of the two classes add to the score."""
        share = float(self.designs[:, 0] @ sigmoid(self.designs[:, 5]))
        return float(np.log((1 - share) / share))

    @cached_property
    def best_auroc(self) -> float:
        """The exact area under the ROC curve of the score: none has a larger one on average."""
        positive, negative = self._shares
        s = self.designs[:, 5]
        higher = (s[:, None] > s) + 0.5 * np.isclose(s[:, None], s)
        return float(positive @ higher @ negative)

    def logits(self, sequences: list[str]) -> np.ndarray:
        """Log-likelihood ratio of the two classes for each sequence: the perfect network's answer.

        Of several pairs of words the one with the largest effect counts. Words on the - strand
        count for nothing.

        Parameters
        ----------
        sequences : list of str

        Returns
        -------
        ndarray, shape (N,)
            In nats.

        Examples
        --------
        >>> world = World("none")
        >>> logits = world.logits(["TTTT", "AGATAAG", "CACCTGCAGATAAG"])
        >>> (logits - logits[0]).tolist()
        [0.0, 3.0, 6.0]
        """
        there = np.zeros((len(sequences), 3))
        for row, sequence in zip(there, sequences, strict=True):
            first, second = (_starts(sequence, word) for word in WORDS)
            gaps = [b - a - len(WORDS[0]) for a in first for b in second]
            row[:] = bool(first), bool(second), max(self.effect(gaps), default=0)
        return self.score(*there.T) + self.offset

    def draw(self, n: int, seed: int = 0) -> Dataset:
        """Draw sequences, half of them positive.

        Parameters
        ----------
        n : int
            Number of sequences, even.
        seed : int
            The same seed gives the same data.

        Returns
        -------
        Dataset
            With `optimum`, the log-likelihood ratio.

        Examples
        --------
        >>> data = World("hard").draw(4, seed=1)
        >>> data.x.shape, int(data.labels.sum())
        ((4, 4, 80), 2)
        """
        half, rng = whole("n", n, 2) // 2, generator(seed)
        drawn = [rng.choice(len(self.designs), half, p=shares) for shares in self._shares]
        order = rng.permutation(2 * half)
        rows = self.designs[np.concatenate(drawn)[order]]
        return Dataset.of(
            _write(rows, rng),
            labels=(order < half).astype(int),
            names=[f"made {i}" for i in range(2 * half)],
            log_ratio=self.logits,
            note="Negatives hold the same two words. The score is the exact likelihood ratio.",
        )

    @property
    def _shares(self) -> tuple[np.ndarray, np.ndarray]:
        """Frequency of each design among the positives and among the negatives."""
        p = sigmoid(self.designs[:, 5])
        shares = self.designs[:, 0] * p, self.designs[:, 0] * (1 - p)
        return tuple(each / each.sum() for each in shares)

    @property
    def _all_gaps(self) -> np.ndarray:
        return np.arange(self.gaps[0], self.gaps[1] + 1, self.step)

    def _wave(self, gaps: np.ndarray) -> np.ndarray:
        return np.exp(-gaps / _FADE) * (1 + np.cos(2 * np.pi * (gaps - self.gap) / _TURN)) / 2


def hidden_world(seed: int) -> World:
    """Draw a world, for a learner to find out which it is.

    Parameters
    ----------
    seed : int
        The same seed gives the same world. Each kind is equally likely; the gap ``g0`` is 3 to 8.

    Examples
    --------
    >>> worlds = [hidden_world(seed) for seed in range(300)]
    >>> {world.gap for world in worlds} == set(range(3, 9))
    True
    """
    rng = np.random.default_rng([whole("seed", seed, 0), 12])
    return World(KINDS[rng.integers(len(KINDS))], int(rng.integers(3, 9)))


def _starts(sequence: str, word: str) -> list[int]:
    return [i for i in range(len(sequence) - len(word) + 1) if sequence.startswith(word, i)]


def _write(rows: np.ndarray, rng: np.random.Generator) -> list[str]:
    """Write the words of each design over a background that holds neither by chance."""
    wanted, result = np.arange(len(rows)), np.empty(len(rows), dtype=object)
    while len(wanted):
        letters = draw_letters(np.full(4, 1 / 4), (len(wanted), LENGTH), rng)
        backgrounds = written_out(letters, DNA)
        for i, background in zip(wanted, backgrounds, strict=True):
            _, a, b, first, gap, _ = rows[i]
            words = [word for word, there in zip(WORDS, (a, b), strict=True) if there]
            words = words if first else words[::-1]
            between = int(gap) if len(words) == 2 else 0
            room = LENGTH - sum(map(len, words)) - between
            at = int(rng.integers(room + 1))
            for word in words:
                background = background[:at] + word + background[at + len(word) :]
                at += len(word) + between
            result[i] = background
        wanted = [i for i in wanted if _as_seen(result[i]) != (rows[i, 1], rows[i, 2], 0)]
    return result.tolist()


def _as_seen(sequence: str) -> tuple[int, int, int]:
    """How often A, B, and either on the - strand are in a sequence."""
    first, second = (len(_starts(sequence, word)) for word in WORDS)
    return first, second, sum(reverse_complement(word) in sequence for word in WORDS)
