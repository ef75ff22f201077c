"""What does a network answer when motifs are put into random sequences? Nothing but its answers
are used, so every model can be asked.

*Global importance* of a pattern (Koo, Majdandzic, Ploenzke, Anand and Paul 2021, PLoS Computational
Biology 17:e1008925) is what the pattern changes on average:

    ``mean over n of  f(background n with the pattern) - f(background n)``

where ``f`` is the network's answer. The same backgrounds are used with and without the pattern, so
what is in them by chance cancels, as far as it adds to the answer.

Two patterns, A and B, are put in alone and together. Their *interaction*

    ``I = f(AB) - f(A) - f(B) + f(0)``

is 0 if each adds the same whether the other is there or not. It depends on the scale of ``f``: what
adds up in logits does not add up in probabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from motiflab.checks import require
from motiflab.sequences import encode

if TYPE_CHECKING:
    from motiflab.networks import MotifNetwork, OneLayerNetwork

Predict = Callable[[list[str]], np.ndarray]
"""Answers (N,) to N sequences."""


def answers_of(network: MotifNetwork | OneLayerNetwork) -> Predict:
    """Return the function that maps sequences of one length to a network's logits.

    Parameters
    ----------
    network : MotifNetwork or OneLayerNetwork

    Returns
    -------
    callable
        From a list of N strings to an array (N,).

    Examples
    --------
    >>> from motiflab import networks
    >>> network = networks.untrained(networks.ModelSettings(filters=2, width=3), length=5)
    >>> answers_of(network)(["ACGTA", "TTTTT"]).shape
    (2,)
    """

    def predict(sequences: list[str]) -> np.ndarray:
        step = network.settings.at_once(len(sequences[0]))
        parts = (sequences[i : i + step] for i in range(0, len(sequences), step))
        return np.concatenate([network.predict(encode(part).x) for part in parts]).astype(float)

    return predict


def with_words(
    backgrounds: Sequence[str], *placed: tuple[str, int | Sequence[int] | np.ndarray]
) -> list[str]:
    """Write words over sequences, which keep their lengths.

    Parameters
    ----------
    backgrounds : sequence of str
        N sequences.
    *placed : (str, int or sequence of int)
        A word, and the position of its first base, from 0: the same in all sequences, or N of them.

    Returns
    -------
    list of str

    Examples
    --------
    >>> with_words(["CCCCCC", "TTTTTT"], ("GA", 0), ("AG", [3, 4]))
    ['GACAGC', 'GATTAG']
    """
    result = list(backgrounds)
    for word, start in placed:
        starts = np.broadcast_to(start, len(result)).tolist()
        for i, (sequence, at) in enumerate(zip(result, starts, strict=True)):
            require(
                "placed",
                0 <= at <= len(sequence) - len(word),
                f"leave {word} inside the {len(sequence)} bases of a sequence, got the start {at}",
            )
            result[i] = sequence[:at] + word + sequence[at + len(word) :]
    return result


def global_importance(
    predict: Predict,
    backgrounds: Sequence[str],
    *placed: tuple[str, int | Sequence[int] | np.ndarray],
) -> np.ndarray:
    """What a pattern changes in the answer to each background; the mean is its global importance.

    Parameters
    ----------
    predict : callable
        Maps N sequences to answers (N,).
    backgrounds : sequence of str
        N sequences.
    *placed : (str, int or sequence of int)
        The words of the pattern and where they begin, as for `with_words`.

    Returns
    -------
    ndarray, shape (N,)

    Examples
    --------
    >>> counts = lambda sequences: np.array([s.count("GA") for s in sequences])
    >>> global_importance(counts, ["CCCC", "GACC"], ("GA", 0)).tolist()
    [1, 0]
    """
    there = with_words(backgrounds, *placed)
    return np.asarray(predict(there)) - np.asarray(predict(list(backgrounds)))


def interaction(
    neither: ArrayLike, first: ArrayLike, second: ArrayLike, both: ArrayLike
) -> np.ndarray:
    """How much more two patterns change together than the sum of what each changes alone.

    ``I = f(AB) - f(A) - f(B) + f(0)``: above 0 the two are cooperative (on this scale), at 0
    additive, and below 0 each makes the other less important.

    Parameters
    ----------
    neither, first, second, both : array_like
        ``f(0)``, ``f(A)``, ``f(B)`` and ``f(AB)``, of shapes that broadcast.

    Returns
    -------
    ndarray or number
        Of the common shape.

    Examples
    --------
    >>> interaction(-4, -2, -2, 0), interaction(0.1, 0.5, 0.5, 0.6).round(2)
    (np.int64(0), np.float64(-0.3))
    """
    return np.asarray(both) - np.asarray(first) - np.asarray(second) + np.asarray(neither)


@dataclass(frozen=True, eq=False)
class GapAnswers:
    """Answers to two words at every gap, each alone and together.

    Attributes
    ----------
    gaps : ndarray of int, shape (G,)
        Bases between the two words.
    neither, first : ndarray, shape (N,)
        Answers to the N backgrounds as they are, and with the first word alone.
    second, both : ndarray, shape (G, N)
        With the second word alone, at the place that it has in the pair; and with the pair.
    """

    gaps: np.ndarray
    neither: np.ndarray
    first: np.ndarray
    second: np.ndarray
    both: np.ndarray

    @property
    def interaction(self) -> np.ndarray:
        """The interaction I at each gap in each background, (G, N)."""
        return interaction(self.neither, self.first, self.second, self.both)

    @property
    def importance(self) -> np.ndarray:
        """What the pair changes at each gap in each background, (G, N)."""
        return self.both - self.neither

    def on_scale(self, scale: Callable[[np.ndarray], np.ndarray]) -> GapAnswers:
        """The same with every answer replaced by ``scale(answer)``, for example its sigmoid."""
        names = ("neither", "first", "second", "both")
        return replace(self, **{name: scale(getattr(self, name)) for name in names})


def ask_gaps(
    predict: Predict,
    backgrounds: Sequence[str],
    words: tuple[str, str],
    gaps: Sequence[int],
    starts: ArrayLike,
) -> GapAnswers:
    """Put two words into backgrounds, one behind the other, at every gap.

    Parameters
    ----------
    predict : callable
        Maps N sequences to answers (N,).
    backgrounds : sequence of str
        N sequences.
    words : (str, str)
        From left to right.
    gaps : sequence of int
        Numbers of bases between the words.
    starts : array_like of int, shape (N,)
        Where the first word begins in each background.

    Returns
    -------
    GapAnswers

    Examples
    --------
    >>> pairs = lambda sequences: np.array(["GACAG" in s for s in sequences], dtype=float)
    >>> ask_gaps(pairs, ["CCCCCCC"], ("GA", "AG"), gaps=[0, 1, 2], starts=[0]).interaction.tolist()
    [[0.0], [1.0], [0.0]]
    """
    starts, (one, other) = np.asarray(starts), words
    places = [starts + len(one) + gap for gap in gaps]
    with_one = with_words(backgrounds, (one, starts))
    asked = [
        *backgrounds,
        *with_one,
        *(sequence for at in places for sequence in with_words(backgrounds, (other, at))),
        *(sequence for at in places for sequence in with_words(with_one, (other, at))),
    ]
    answers = np.asarray(predict(asked), dtype=float).reshape(-1, len(backgrounds))
    g = len(gaps)
    return GapAnswers(np.asarray(gaps), *answers[:2], answers[2 : 2 + g], answers[2 + g :])
