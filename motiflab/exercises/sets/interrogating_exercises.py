"""Exercises on asking a network, on profiles of reads, and on designs that are tried out."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import lru_cache, partial
from itertools import product
from typing import Any

import numpy as np

from motiflab.datasets import Arrangement, Dataset, log_likelihood_ratio, plant
from motiflab.evaluation import auroc_by_column
from motiflab.exercises import (
    ExerciseSet,
    Function,
    Given,
    Mistake,
    Open,
    Text,
    Unreadable,
    Value,
    altered,
    draw_word,
    table,
)
from motiflab.exercises.parsing import read_letters, shortened
from motiflab.figures.numbers import bracketed, written
from motiflab.layers import sigmoid
from motiflab.layers.receptive_fields import Grammar, Stack, receptive_field, sees_whole
from motiflab.motifs import Motif
from motiflab.networks import ModelSettings, TrainSettings, draw_weights, logits, train, untrained
from motiflab.sequences.alphabet import BASES
from motiflab.sequences.encoding import one_hot, reverse_complement

# -- An interaction, on two scales -----------------------------------------------------------------

_CLOSE = 6e-4  # the answers are rounded to three decimals


def _draw_answers(rng: np.random.Generator) -> dict[str, Any]:
    """Draw four logits: of a background without motifs, with A, with B and with both."""
    nothing, a, b, together = np.round(rng.uniform((-3, 1, 1, -1), (-1, 3, 3, 1)), 1)
    return {"logits": np.round([nothing, nothing + a, nothing + b, nothing + a + b + together], 1)}


def _interaction(f: np.ndarray) -> float:
    """Return the interaction of four answers: to nothing, to A, to B, to both."""
    return float(f[3] - f[1] - f[2] + f[0])


def _on_both(given: Given, of: Callable[[np.ndarray], float] = _interaction) -> list[float]:
    """Return what is made of the four logits, and of the four probabilities."""
    return [float(of(given.logits)), float(of(sigmoid(given.logits)))]


def _scales_disagree(given: Given) -> bool:
    of_logits, of_probabilities = _on_both(given)
    return (
        of_logits * of_probabilities < 0
        and min(abs(of_logits) - 0.25, abs(of_probabilities) - 0.03) > 0
        and abs(of_logits - given.logits.mean()) > 0.01
    )


def _either(name: str, message: str, wrong: Callable[[Given], list[float]]) -> Mistake:
    """Make a mistake in two numbers that is seen in at least one of them."""

    def seen(given: Given, answer: np.ndarray) -> bool:
        return answer.shape == (2,) and bool((np.abs(answer - wrong(given)) < _CLOSE).any())

    return Mistake(name, message, wrong, seen)


def _other_sum(name: str, message: str, of: Callable[[np.ndarray], float]) -> Mistake:
    """Make the mistake of another sum than the interaction."""
    return _either(name, message, lambda given: _on_both(given, of))


def _second(name: str, message: str, wrong: Callable[[Given], float]) -> Mistake:
    """Make a mistake in the second number, whatever the first is."""

    def seen(given: Given, answer: np.ndarray) -> bool:
        return answer.shape == (2,) and abs(answer[1] - wrong(given)) < _CLOSE

    return Mistake(name, message, lambda given: [_on_both(given)[0], wrong(given)], seen)


INTERACTION = Value(
    id="interrogating.interaction",
    title="One interaction, two scales",
    draw=_draw_answers,
    suits=_scales_disagree,
    decimals=3,
    task=lambda given: (
        "We ask a network four times about one background sequence: as it is, with motif A put "
        "in, with motif B put in, and with both. These are its **logits**:\n\n"
        + table(
            ["", "without B", "with B"],
            [
                ["without A", *(written(given.logits[i], 1) for i in (0, 2))],
                ["with A", *(written(given.logits[i], 1) for i in (1, 3))],
            ],
        )
        + "\n\nThe interaction is what both motifs do together, beyond the sum of what each does "
        "alone: $I = f(AB) - f(A) - f(B) + f(0)$. Give it twice, as `[logits, probabilities]`: "
        "with $f$ the logit, and with $f$ the probability that the sigmoid makes of it. Give both "
        "to 3 decimals."
    ),
    right=_on_both,
    mistakes=(
        Mistake(
            "numbers exchanged",
            "Both numbers are right, in the other order: the logits come first.",
            lambda given: _on_both(given)[::-1],
        ),
        _other_sum(
            "f(0) forgotten",
            "In at least one number, f(0) is missing. The background is in f(A) and in f(B), so "
            "it is subtracted twice; with f(AB) it is added only once.",
            lambda f: f[3] - f[1] - f[2],
        ),
        _other_sum(
            "f(0) subtracted",
            "In at least one number, f(0) has the wrong sign. What would be left of four equal "
            "answers?",
            lambda f: f[3] - f[1] - f[2] - f[0],
        ),
        _other_sum(
            "sign turned",
            "The size is right and the sign is not, in at least one number. If both motifs "
            "together do more than the sum, the interaction is positive.",
            lambda f: -_interaction(f),
        ),
        _other_sum(
            "effect of the pair",
            "At least one number is f(AB) − f(0), the effect of both motifs together. How much of "
            "it do A alone and B alone explain?",
            lambda f: f[3] - f[0],
        ),
        _second(
            "logit for a probability",
            "Your second number is the interaction of the logits. First turn each of the four "
            "logits into a probability.",
            lambda given: _on_both(given)[0],
        ),
        _second(
            "sigmoid of the interaction",
            "Your second number is the sigmoid of the first. Apply the sigmoid to each of the "
            "four answers, and then take the sum.",
            lambda given: float(sigmoid(_on_both(given)[0])),
        ),
        Mistake(
            "per cent for a probability",
            "Your second number is in per cent. Probabilities lie between 0 and 1.",
            lambda given: [_on_both(given)[0], 100 * _on_both(given)[1]],
            lambda given, answer: (
                answer.shape == (2,) and abs(answer[1] - 100 * _on_both(given)[1]) <= 0.5
            ),
        ),
    ),
    hints=(
        "What does A add alone, f(A) − f(0)? What does B add? What would both add if they did not "
        "know of each other?",
        r"Make a second table with the four probabilities $\sigma(f) = 1 / (1 + e^{-f})$, and use "
        "the same formula there.",
    ),
    solution=lambda given: (
        "Logits: ${3} - {1} - {2} + {0}$".format(*(bracketed(written(f, 1)) for f in given.logits))
        + f" = **{_on_both(given)[0]:.3f}**. The probabilities are "
        + ", ".join(f"{p:.4f}" for p in sigmoid(given.logits))
        + " for nothing, A, B and both, so their interaction is "
        f"**{_on_both(given)[1]:.3f}**. The signs disagree. The sigmoid is steep in the middle and "
        "flat at its ends: where two effects together climb the steep part, they look cooperative "
        "in probability, and where they reach the flat top, they look as if they got in each "
        "other's way. So always say on which scale you speak of an interaction. For the network "
        "itself the logit is the natural one: contributions are added there."
    ),
    effort=lambda given: (given.logits.size, _on_both(given)[0] != 0),
)


# -- Importance, measured by asking ----------------------------------------------------------------


@dataclass(frozen=True)
class Network:
    """A stand-in for a network: it scores sequences by their best window and by their bases.

    Later windows count a little more, so that it matters where a word stands.
    """

    word: str
    slope: float

    def __call__(self, sequences: list[str]) -> np.ndarray:
        """Return one score for each sequence."""
        several = [sequences] if isinstance(sequences, str) else sequences
        return np.array([self._score(one) for one in several])

    def _score(self, sequence: str) -> float:
        windows = range(len(sequence) - len(self.word) + 1)
        alike = [
            sum(a == b for a, b in zip(self.word, sequence[j:])) ** 2 + self.slope * j
            for j in windows
        ]
        return max(alike, default=0) / 4 + 0.1 * sum(base in "CG" for base in sequence) - 3

    def __repr__(self) -> str:
        return "predict"


def _replaced(sequence: str, word: str, start: int) -> str:
    return sequence[:start] + word + sequence[start + len(word) :]


def _importance(
    predict: Callable[[list[str]], np.ndarray],
    backgrounds: list[str],
    word: str,
    start: int,
    put: Callable[[str, str, int], str] = _replaced,
    average: Callable[[np.ndarray], float] = np.mean,
) -> float:
    """Return the global importance of a word; `put` and `average` make the known mistakes."""
    filled = [put(one, word, start) for one in backgrounds]
    return float(average(predict(filled) - predict(backgrounds)))


def _draw_backgrounds(rng: np.random.Generator, many: int = 5, length: int = 14) -> dict[str, Any]:
    """Draw backgrounds, a word and its place, and a network that looks for most of the word."""
    word = draw_word(rng, 5)
    wanted = word[:-1] + str(rng.choice([base for base in BASES if base != word[-1]]))
    return {
        "backgrounds": ["".join(rng.choice([*BASES], length)) for _ in range(many)],
        "word": word,
        "start": int(rng.integers(2, length - 6)),
        "predict": Network(wanted, float(rng.choice([0.3, 0.4, 0.5]))),
    }


def _questions(given: Given, rng: np.random.Generator) -> list[tuple[Any, ...]]:
    """List the learner's own case, and others of other lengths and numbers."""
    others = [_draw_backgrounds(rng, many, length) for many, length in ((3, 12), (8, 20), (1, 16))]
    return [(g["predict"], g["backgrounds"], g["word"], g["start"]) for g in (vars(given), *others)]


IMPORTANCE = Function(
    id="interrogating.importance",
    title="Measure the importance of a word by asking",
    draw=_draw_backgrounds,
    task=lambda given: (
        "Write `importance(predict, backgrounds, word, start)`, the **global importance** of a "
        "word for a network that you can only ask. `predict` takes a list of sequences and returns "
        "an array with one logit for each. `backgrounds` is a list of sequences.\n\n"
        "1. Put the word into every background: it replaces the bases from position `start` on "
        "(counted from 0), so the length stays the same.\n"
        "2. For each background take the logit with the word minus the logit without it.\n"
        "3. Return the mean of these differences.\n\n"
        "Among others, it will be tried on your own numbers: `given.predict`, `given.word` = "
        f"`{given.word}`, `given.start` = {given.start}, and `given.backgrounds`:\n\n"
        + ", ".join(f"`{one}`" for one in given.backgrounds)
    ),
    right=lambda given: _importance,
    cases=_questions,
    mistakes=(
        Mistake(
            "background's own score not subtracted",
            "This is the mean logit with the word. A network may say yes to a background alone: "
            "subtract what it says without the word.",
            lambda given: (
                lambda predict, backgrounds, word, start: float(
                    predict([_replaced(one, word, start) for one in backgrounds]).mean()
                )
            ),
        ),
        Mistake(
            "inserted, not replaced",
            "Your sequences have become longer. The word replaces as many bases as it has; "
            "otherwise everything behind it moves, and you measure that, too.",
            lambda given: partial(_importance, put=lambda one, word, j: one[:j] + word + one[j:]),
        ),
        Mistake(
            "tail cut off",
            "Your sequences end with the word. The bases behind it stay as they were.",
            lambda given: partial(_importance, put=lambda one, word, j: one[:j] + word),
        ),
        Mistake(
            "median for the mean",
            "You took the median of the differences. The importance is their mean.",
            lambda given: partial(_importance, average=np.median),
        ),
        Mistake(
            "sum for the mean",
            "You added the differences up. With twice as many backgrounds, the result would be "
            "twice as large: take the mean.",
            lambda given: partial(_importance, average=np.sum),
        ),
        Mistake(
            "one background alone",
            "You asked about one background only. What the word does may depend on what stands "
            "around it, so the mean over all backgrounds is taken.",
            lambda given: partial(_importance, average=lambda d: d[0]),
            also=(lambda given: partial(_importance, average=lambda d: d[-1]),),
        ),
        Mistake(
            "without minus with",
            "The sign is turned: take the logit with the word minus the logit without it.",
            lambda given: lambda *case: -_importance(*case),
        ),
        Mistake(
            "positions counted from 1",
            "Your word stands one base too far to the left: positions count from 0.",
            lambda given: partial(
                _importance, put=lambda one, word, j: _replaced(one, word, j - 1)
            ),
        ),
    ),
    hints=(
        "Strings cannot be changed in place. Which three pieces is the new sequence made of?",
        "`sequence[:start] + word + sequence[start + len(word):]` has the old length. Make a list "
        "of these, and ask `predict` about both lists.",
    ),
    solution=lambda given: (
        "```python\n"
        "def importance(predict, backgrounds, word, start):\n"
        "    end = start + len(word)\n"
        "    filled = [one[:start] + word + one[end:] for one in backgrounds]\n"
        "    return np.mean(predict(filled) - predict(backgrounds))\n"
        "```\n\nOn your own numbers it is "
        f"{_importance(given.predict, given.backgrounds, given.word, given.start):.3f}. This is "
        "an experiment and not a correlation: nothing differs between the two lists but the word. "
        "It holds for the backgrounds that you chose. In real sequences the word may stand beside "
        "others, so always say which backgrounds you used. And show the spread of the differences "
        "beside their mean."
    ),
    effort=lambda given: (len(given.backgrounds), len(given.word)),
)


# -- Which world is it? ----------------------------------------------------------------------------

_GAPS = tuple(range(2, 26, 2))
_TURN = 10.5  # bases in one turn of the double helix
_WORLDS = {
    "H": "hard grammar: only one gap counts",
    "S": "soft grammar: the nearer the better, with a ripple of one turn of the helix",
    "B": "billboard: any gap will do",
    "F": "hard grammar, but the receptive field is too small to see both motifs",
}


def _draw_worlds(rng: np.random.Generator) -> dict[str, Any]:
    """Draw four curves, in the order of `worlds`; each number scatters a little."""
    gaps, height = np.array(_GAPS), rng.uniform(4, 5.5, 3)
    ripple = 1 + 0.5 * np.cos(2 * np.pi * gaps / _TURN)
    curves = {
        "H": height[0] * (gaps == rng.choice(_GAPS[3:-2])),
        "S": height[1] * np.exp(-gaps / rng.uniform(11, 15)) * ripple,
        "B": np.full(len(gaps), height[2]),
        "F": np.zeros(len(gaps)),
    }
    areas = {"H": (0.95, 0.99), "S": (0.8, 0.86), "B": (0.93, 0.98), "F": (0.48, 0.54)}
    worlds = "".join(rng.permutation([*_WORLDS]))
    return {
        "worlds": worlds,
        "curves": np.round([curves[w] + rng.normal(0, 0.15, len(gaps)) for w in worlds], 1) + 0.0,
        "areas": [round(float(rng.uniform(*areas[w])), 2) for w in worlds],
    }


def _exchanged(one: str, other: str, name: str, message: str) -> Mistake:
    """Make the mistake of taking two worlds for each other, whatever was said of the other two."""
    swap = str.maketrans(one + other, other + one)

    def seen(given: Given, answer: str) -> bool:
        pairs = dict(zip(given.worlds, answer))
        return (pairs.get(one), pairs.get(other)) == (other, one)

    return Mistake(name, message, lambda given: given.worlds.translate(swap), seen)


WORLD = Value(
    id="interrogating.world",
    title="Which world is it?",
    draw=_draw_worlds,
    task=lambda given: (
        "Four networks learned in four worlds. We put motif A and motif B into 500 random "
        "backgrounds, with a gap between them, and ask each network. The table shows the mean of "
        "*logit with both motifs minus logit of the same background without them* (simulated "
        "numbers). The last row is the AUROC on new sequences.\n\n"
        + table(
            ["gap", *(f"network {n}" for n in range(1, 5))],
            [
                *([str(g), *(written(v, 1) for v in row)] for g, row in zip(_GAPS, given.curves.T)),
                ["AUROC", *(f"{area:.2f}" for area in given.areas)],
            ],
        )
        + "\n\n"
        + "\n".join(f"- **{letter}**: {says}" for letter, says in _WORLDS.items())
        + "\n\nWhere there is a grammar, the negatives contain both motifs, too, at other gaps. In "
        "the billboard world they contain one of the two. Give the letters of networks 1 to 4 in "
        "their order, as one text of four letters."
    ),
    right=lambda given: given.worlds,
    mistakes=(
        _exchanged(
            "B",
            "F",
            "flat curves exchanged",
            "Two curves are flat, and you exchanged them. A flat curve says that the gap makes no "
            "difference to the network. How high is it, and how well does each of the two predict?",
        ),
        _exchanged(
            "H",
            "S",
            "hard and soft exchanged",
            "Two curves change with the gap, and you exchanged them. In which world is the answer "
            "to neighbouring gaps still of some size?",
        ),
        _exchanged(
            "S",
            "B",
            "soft and billboard exchanged",
            "You exchanged the soft grammar and the billboard. If any gap will do, the first and "
            "the last row of the table should say the same.",
        ),
        _exchanged(
            "H",
            "F",
            "hard grammar overlooked",
            "You exchanged the two hard grammars. A curve may be 0 at all gaps but one: read every "
            "row. A network that sees no grammar answers 0 at every gap.",
        ),
        _exchanged(
            "H",
            "B",
            "hard and billboard exchanged",
            "You exchanged the hard grammar and the billboard. Does a network of the billboard "
            "world care where the motifs stand?",
        ),
        _exchanged(
            "S",
            "F",
            "soft and blind exchanged",
            "You exchanged the soft grammar and the network that cannot see. If a network cannot "
            "see both motifs, its answer does not depend on the gap.",
        ),
    ),
    hints=(
        "Draw the four curves, with the gap along the bottom. Which of them are flat?",
        "If both classes contain both motifs, and the network cannot see how far apart they are, "
        "what is its AUROC, and what does the pair do to its logit?",
        "One turn of the helix has 10.5 bases. Which curve has a second, lower hill about one turn "
        "after the beginning?",
    ),
    solution=lambda given: (
        f"**{given.worlds}**. "
        + " ".join(
            f"Network {n}: {_WORLDS[world]}." for n, world in enumerate(given.worlds, start=1)
        )
        + " The two flat curves are the trap. A flat curve does not say that there is no grammar "
        "in the data: it says that this network does not use one. In the billboard world it is "
        "high, and the network predicts well. Where the field is too small it is at 0, as both "
        "motifs are in both classes, and the AUROC is that of a guess. Before you say *there is no "
        "grammar*, make sure that the network could have seen one."
    ),
    effort=lambda given: (len(_GAPS), len(given.worlds)),
)


# -- The reach that is needed ----------------------------------------------------------------------

_TAPS = 3


def _draw_reach(rng: np.random.Generator) -> dict[str, int]:
    """Draw two motifs, their longest gap, a filter width and a pooling window."""
    return {
        "a": int(rng.integers(6, 9)),
        "b": int(rng.integers(6, 9)),
        "g": int(rng.integers(10, 26)),
        "K": int(rng.integers(8, 13)),
        "w": int(rng.integers(2, 5)),
    }


def _steps(bases: int, step: int) -> int:
    """Return how many steps cover so many bases."""
    return math.ceil(bases / step)


def _beyond(given: Given) -> int:
    """Return the bases of the longest pair that go beyond one filter of the first layer."""
    return given.a + given.g + given.b - given.K


def _reach(given: Given) -> list[int]:
    """Return the width without dilation, and the dilation of `_TAPS` taps."""
    x = _beyond(given)
    return [_steps(x, given.w) + 1, _steps(x, (_TAPS - 1) * given.w)]


def _reaches(given: Given) -> dict[str, list[int]]:
    """Return both numbers by what was done wrongly."""
    x, w = _beyond(given), given.w
    width, dilation = _reach(given)
    return {
        "gap": [_steps(x - given.g, w) + 1, _steps(x - given.g, 2 * w)],
        "pooling": [x + 1, _steps(x, 2)],
        "filter": [_steps(x + given.K, w) + 1, _steps(x + given.K, 2 * w)],
        "less": [width - 1, dilation - 1],
        "more": [width + 1, dilation + 1],
    }


def _reach_is_clear(given: Given) -> bool:
    """Tell whether all slips differ, and the dilated filter has no holes."""
    columns = zip(_reach(given), *_reaches(given).values())
    return (
        all(len({*column}) == len(column) for column in columns)
        and min(_reach(given)) >= 2
        and _beyond(given) % given.w != 0
        and sees_whole(
            Stack(given.K, given.w, _TAPS, _reach(given)[1]), Grammar(given.a, given.b, 0, given.g)
        )
    )


def _reach_slip(name: str, key: str, message: str) -> Mistake:
    """Make one of the mistakes of `_reaches`."""
    return _either(name, message, lambda given: _reaches(given)[key])


REACH = Value(
    id="interrogating.reach",
    title="How far must the second layer reach?",
    draw=_draw_reach,
    suits=_reach_is_clear,
    task=lambda given: (
        f"Motif A has {given.a} bases, motif B has {given.b}, and between them there are up to "
        f"{given.g} bases. The filters of the first layer have $K = {given.K}$ bases, with stride "
        f"1. Max-pooling keeps the highest of every $w = {given.w}$ neighbouring scores. One unit "
        "of the second layer is to see both motifs whole, at every gap, and wherever the pair "
        "begins.\n\n"
        "(a) How many taps must a filter of the second layer have at least, if they read "
        "neighbouring pooled values?\n\n"
        f"(b) If it has only {_TAPS} taps, how many pooled positions must neighbouring taps be "
        "apart at least? (The dilation; 1 means neighbouring values.)\n\n"
        "Give two whole numbers, `[taps, dilation]`."
    ),
    right=_reach,
    mistakes=(
        Mistake(
            "numbers exchanged",
            "Both numbers are right, in the other order: the taps come first.",
            lambda given: _reach(given)[::-1],
        ),
        _reach_slip(
            "gap forgotten",
            "gap",
            "At least one number has room for the two motifs, but not for the bases between them.",
        ),
        _reach_slip(
            "pooling forgotten",
            "pooling",
            "In at least one number, the taps of the second layer are one base apart. How many "
            "bases is it from one pooled value to the next?",
        ),
        _reach_slip(
            "filter width forgotten",
            "filter",
            "In at least one number, you asked the steps between the taps to cover the whole pair. "
            "The last tap reads a whole filter of the first layer, too.",
        ),
        _reach_slip(
            "one too few",
            "less",
            "At least one number is one too small. There is one step fewer than there are taps. "
            "Round up. And the pair may begin anywhere in a pooling window.",
        ),
        _reach_slip(
            "one too many",
            "more",
            "At least one number is one too large. That would do, but one less does, too.",
        ),
    ),
    hints=(
        "Write down the receptive field of one unit: $K + (w - 1) + D(K' - 1)w$ bases, with $K'$ "
        "taps and dilation $D$.",
        "The field must be as long as the longest pair, and $w - 1$ bases longer, since from unit "
        "to unit it is $w$ bases. What do these $w - 1$ cancel with?",
        "So the steps between the taps must cover what the longest pair has more than one filter. "
        "How many steps are there between the taps?",
    ),
    solution=lambda given: (
        f"The longest pair has ${given.a} + {given.g} + {given.b} = "
        f"{given.a + given.g + given.b}$ bases. Needed are $w - 1$ more, as the pair may begin "
        "anywhere, and the field has $K + (w - 1) + D(K' - 1)w$: the two $w - 1$ cancel. So "
        f"$D(K' - 1) \\cdot {given.w} \\ge {given.a + given.g + given.b} - {given.K} = "
        f"{_beyond(given)}$. (a) With $D = 1$: $K' - 1 \\ge {_beyond(given) / given.w:.2f}$, so "
        f"**{_reach(given)[0]}** taps. (b) With $K' = {_TAPS}$: $D \\ge "
        f"{_beyond(given) / (2 * given.w):.2f}$, so **{_reach(given)[1]}**. A wide dilation may "
        "leave holes. Here it does not: the taps are "
        f"{_reach(given)[1] * given.w} bases apart, and each sees $K + w - 1 = "
        f"{given.K + given.w - 1}$. Wider pooling would reach as far, but then the second layer "
        "knows the gap less exactly."
    ),
    effort=lambda given: (given.w > 1, _reach(given)[1] > 1, _beyond(given) % given.w > 0),
)


# -- The loss of a profile -------------------------------------------------------------------------


def _draw_reads(rng: np.random.Generator) -> dict[str, Any]:
    """Draw the scores of five positions, and how many reads begin at each."""
    return {
        "scores": np.round(rng.uniform(0.3, 3.5, 5), 1),
        "reads": rng.permutation([*rng.choice(np.arange(1, 5), 3), *rng.integers(6, 13, 2)]),
    }


def _per_read(given: Given) -> float:
    """Return the cross-entropy of the reads in nats for one read."""
    return -float(given.reads @ _log_softmax(given)) / given.reads.sum()


def _log_softmax(given: Given) -> np.ndarray:
    return given.scores - math.log(np.exp(given.scores).sum())


def _entropy_of_reads(given: Given) -> float:
    shares = given.reads / given.reads.sum()
    return -float(shares @ np.log(shares))


def _log_coefficient(given: Given) -> float:
    """Return the log of the number of orders in which these reads may come."""
    return math.lgamma(given.reads.sum() + 1) - sum(math.lgamma(k + 1) for k in given.reads)


def _no_position_stands_for_all(given: Given) -> bool:
    """Tell whether no position alone costs what the mean read costs."""
    return bool((np.abs(_log_softmax(given) + _per_read(given)) > 0.01).all())


READS = Value(
    id="interrogating.reads",
    title="The loss of a profile, by hand",
    draw=_draw_reads,
    suits=_no_position_stands_for_all,
    decimals=3,
    task=lambda given: (
        "A network predicts where reads begin. For five positions it gives the scores $s_i$, and "
        "the softmax makes probabilities of them, $p_i = e^{s_i} / \\sum_j e^{s_j}$. In the "
        "experiment $k_i$ reads began at each position:\n\n"
        + table(
            ["i", *map(str, range(1, 6))],
            [["s", *given.scores.tolist()], ["k", *given.reads.tolist()]],
        )
        + "\n\nWhat is the **cross-entropy per read**, $-\\frac{1}{n} \\sum_i k_i \\ln p_i$ with "
        "$n = \\sum_i k_i$, in nats? Give it to 3 decimals."
    ),
    right=_per_read,
    mistakes=(
        Mistake(
            "not normalised",
            "You took the scores for the logarithms of the probabilities. The probabilities must "
            "sum to 1: what do the $e^{s_i}$ sum to?",
            lambda given: -float(given.reads @ given.scores) / given.reads.sum(),
        ),
        Mistake(
            "scores shared out",
            "You divided each score by the sum of the scores. The softmax takes $e^{s_i}$ first.",
            lambda given: (
                -float(given.reads @ np.log(given.scores / given.scores.sum())) / given.reads.sum()
            ),
        ),
        Mistake(
            "decimal logarithm",
            "You took the logarithm with base 10. Nats need the natural logarithm.",
            lambda given: _per_read(given) / math.log(10),
        ),
        Mistake(
            "bits",
            "This is in bits: you took the logarithm with base 2. Nats need the natural one.",
            lambda given: _per_read(given) / math.log(2),
        ),
        Mistake(
            "reads not counted",
            "This is the mean over the positions. Each position counts as often as reads began "
            "there.",
            lambda given: -float(_log_softmax(given).mean()),
            also=(lambda given: -float(_log_softmax(given).sum()),),
        ),
        Mistake(
            "not divided by the reads",
            "This is the sum over all reads. Divide it by their number.",
            lambda given: _per_read(given) * given.reads.sum(),
        ),
        Mistake(
            "divided by the positions",
            "You divided by the number of positions. Divide by the number of reads.",
            lambda given: _per_read(given) * given.reads.sum() / len(given.reads),
        ),
        Mistake(
            "sign",
            "The size is right. Logarithms of probabilities are negative, and the loss is minus "
            "their mean.",
            lambda given: -_per_read(given),
        ),
        Mistake(
            "reads and prediction exchanged",
            "You averaged the logarithm of the measured shares over the predicted probabilities. "
            "It is the other way round: the reads happened, and we ask how well they were "
            "foreseen.",
            lambda given: (
                -float(np.exp(_log_softmax(given)) @ np.log(given.reads / given.reads.sum()))
            ),
        ),
        Mistake(
            "entropy of the reads subtracted",
            "You subtracted the entropy of the measured shares: this is the divergence from the "
            "best possible value. The cross-entropy includes it.",
            lambda given: _per_read(given) - _entropy_of_reads(given),
        ),
        Mistake(
            "entropy of the reads",
            "This is the entropy of the measured shares, the lowest value that any prediction can "
            "reach. Where does the prediction come in?",
            _entropy_of_reads,
        ),
        Mistake(
            "multinomial coefficient included",
            "You counted the orders in which the reads may come, too. That number does not depend "
            "on the network, and the formula above leaves it out.",
            lambda given: _per_read(given) - _log_coefficient(given) / given.reads.sum(),
        ),
    ),
    hints=(
        "First the five numbers $e^{s_i}$ and their sum, then $\\ln p_i = s_i - \\ln \\sum_j "
        "e^{s_j}$.",
        "Each read at position $i$ costs $-\\ln p_i$. What do all reads cost together? How many "
        "are there?",
    ),
    solution=lambda given: (
        f"$\\ln \\sum_j e^{{s_j}} = {math.log(np.exp(given.scores).sum()):.4f}$, so the five $\\ln "
        f"p_i$ are {', '.join(f'{value:.3f}' for value in _log_softmax(given))}. The "
        f"{given.reads.sum()} reads cost {_per_read(given) * given.reads.sum():.3f} nats together, "
        f"**{_per_read(given):.3f}** each. No prediction can go below the entropy of the measured "
        f"shares, {_entropy_of_reads(given):.3f}, and a flat one costs $\\ln 5 = "
        f"{math.log(5):.3f}$. Only the positions are judged here. How many reads there are is a "
        "second question, for a second output."
    ),
    effort=lambda given: (len(given.scores), int(given.reads.min() > 0)),
)


# -- Design a sequence -----------------------------------------------------------------------------

_WIDTH, _LENGTH, _CHANGES = 6, 40, 5


def _draw_counts(rng: np.random.Generator) -> np.ndarray:
    """Draw a motif of 20 sites: at each position one base is in 17 or in 11 of them."""
    word, most = draw_word(rng, _WIDTH), rng.permutation([17, 17, 17, 11, 11, 11])
    return np.where(one_hot(word) == 1, most[:, None], (20 - most[:, None]) // 3).astype(int)


def _draw_design(rng: np.random.Generator) -> dict[str, Any]:
    """Draw two motifs, their gap and a sequence, and a goal that one change fewer reaches, too."""
    given = Given(
        A=_draw_counts(rng),
        B=_draw_counts(rng),
        gap=int(rng.integers(7, 12)),
        sequence="".join(rng.choice([*BASES], _LENGTH)),
        changes=_CHANGES,
    )
    reached = [_score(given, _best(given, given.changes - less)) for less in (1, 2)]
    return {**vars(given), "threshold": math.floor(5 * sum(reached)) / 10}


def _planted(given: Given, gap: int | None = None, turned: bool = False) -> Arrangement:
    """Return what is planted in the learner's world, or in one with another gap or order."""
    motifs = [Motif(name, getattr(given, name)) for name in "AB"]
    gap = given.gap if gap is None else gap
    return Arrangement((*motifs[:: -1 if turned else 1],), ((gap, gap),), both_strands=False)


def _score(given: Given, sequence: str, **world: Any) -> float:
    """Return the log-likelihood ratio of a sequence, in this world or in another one."""
    return float(log_likelihood_ratio([sequence], _planted(given, **world))[0])


def _best(given: Given, changes: int, **world: Any) -> str:
    """Return the best sequence of those that change one place of the pair so many times."""
    arrangement = _planted(given, **world)
    first, second = (motif.log_odds() for motif in arrangement.motifs)
    apart = len(first) + arrangement.gaps[0][0]
    places = range(len(given.sequence) - apart - len(second) + 1)
    designs = []
    for start in places:
        weights = [*enumerate(first, start), *enumerate(second, start + apart)]
        gains = {i: row.max() - row[BASES.index(given.sequence[i])] for i, row in weights}
        chosen = sorted(gains, key=gains.get)[len(gains) - changes :]
        designs.append(_written_over(given.sequence, {i: row for i, row in weights if i in chosen}))
    return designs[int(log_likelihood_ratio(designs, arrangement).argmax())]


def _written_over(sequence: str, rows: dict[int, np.ndarray]) -> str:
    """Return the sequence with the best base of each row at its position."""
    return "".join(
        BASES[int(rows[i].argmax())] if i in rows else base for i, base in enumerate(sequence)
    )


def _changed(given: Given, sequence: str) -> int:
    return sum(one != other for one, other in zip(given.sequence, sequence, strict=True))


def _words(given: Given) -> list[str]:
    """Return the most frequent word of each motif."""
    return [Motif(name, getattr(given, name)).consensus() for name in "AB"]


def _one_motif(given: Given) -> str:
    """Return the sequence with the word of A where it takes the fewest changes, and no other."""
    word = _words(given)[0]
    places = range(_LENGTH - _WIDTH + 1)
    return min(
        (_replaced(given.sequence, word, start) for start in places),
        key=lambda design: _changed(given, design),
    )


def _read_sequence(given: Given, answer: Any) -> str:
    sequence = read_letters(answer)
    if odd := {*sequence} - {*BASES}:
        raise Unreadable(f"A sequence of A, C, G and T was expected; yours contains {min(odd)}.")
    if len(sequence) != _LENGTH:
        raise Unreadable(
            f"Your sequence should be as long as the given one, {_LENGTH} bases, not "
            f"{len(sequence)}. Bases are exchanged, and none is inserted or left out."
        )
    return sequence


def _sequence_lacks(given: Given, sequence: str) -> str:
    """Say what a design lacks: too many changes, or too low a score."""
    changed, score = _changed(given, sequence), _score(given, sequence)
    if changed > given.changes:
        return f"You changed {changed} bases; at most {given.changes} are allowed."
    if score < given.threshold:
        return (
            f"With {changed} changed {'base' if changed == 1 else 'bases'} the log-likelihood "
            f"ratio is {written(score, 2)}; at least {written(given.threshold, 1)} is asked for."
        )
    return ""


def _passes(given: Given, sequence: str, **world: Any) -> bool:
    return _score(given, sequence, **world) >= given.threshold


def _other_gaps(given: Given) -> list[int]:
    """Return the gaps of a slip: one base off, or one motif counted, too."""
    return [given.gap + by for by in (-1, 1, -_WIDTH, _WIDTH)]


DESIGNED = Open(
    id="interrogating.designed",
    title="Design a sequence",
    draw=_draw_design,
    task=lambda given: (
        "In this world a positive sequence contains motif A, then exactly "
        f"**{given.gap} bases**, then motif B, on the + strand; everything else is random. These "
        "are the log-odds of the bases at each position of A and of B, in nats:\n\n"
        + table(
            ["k", *(f"A: {base}" for base in BASES), *(f"B: {base}" for base in BASES)],
            [
                [str(k), *(written(v, 2) for v in (*a, *b))]
                for k, (a, b) in enumerate(zip(*(m.log_odds() for m in _planted(given).motifs)))
            ],
        )
        + f"\n\nHere is a random sequence of {_LENGTH} bases:\n\n`{given.sequence}`\n\nChange **at "
        f"most {given.changes} bases** of it, so that its log-likelihood ratio is at least "
        f"**{written(given.threshold, 1)} nats**. That is the logarithm of how many times more "
        "often the sequence occurs among positives than among random sequences: the log of the "
        "mean, over all places where the pair could stand, of $e^{S}$ with $S$ the sum of the "
        "twelve log-odds there. Answer with the whole sequence. Many are right."
    ),
    right=lambda given: _best(given, given.changes),
    form=_read_sequence,
    lacks=_sequence_lacks,
    mistakes=(
        Mistake(
            "too many changes",
            "You changed more bases than you may. Does the pair have a place where more of its "
            "bases already stand?",
            lambda given: _best(given, given.changes + 2),
            lambda given, sequence: _changed(given, sequence) > given.changes,
        ),
        Mistake(
            "nothing changed",
            "This is the given sequence. At which place does much of the pair already stand?",
            lambda given: given.sequence,
            lambda given, sequence: sequence == given.sequence,
        ),
        Mistake(
            "order exchanged",
            "Your sequence would pass if B came first, and then A. The order counts here.",
            lambda given: _best(given, given.changes, turned=True),
            lambda given, sequence: _passes(given, sequence, turned=True),
        ),
        Mistake(
            "another gap",
            "Your sequence would pass in a world with another gap. Count the bases between the "
            "last base of A and the first base of B.",
            lambda given: _best(given, given.changes, gap=given.gap - _WIDTH),
            lambda given, sequence: any(
                _passes(given, sequence, gap=gap) for gap in _other_gaps(given)
            ),
        ),
        Mistake(
            "the other strand",
            "The reverse complement of your sequence would pass. In this world the pair stands on "
            "the + strand.",
            lambda given: reverse_complement(
                _best(altered(given, sequence=reverse_complement(given.sequence)), given.changes)
            ),
            lambda given, sequence: _passes(given, reverse_complement(sequence)),
        ),
        Mistake(
            "one motif alone",
            "One motif is there as its most frequent word, and the other one is not at the right "
            "distance. Share out your changes: where does each one gain most?",
            _one_motif,
            lambda given, sequence: sum(word in sequence for word in _words(given)) == 1,
        ),
    ),
    hints=(
        "First look for the place. For each start, add up the log-odds of the pair as the sequence "
        "is now. Where do you need the fewest nats?",
        "At one place, a change gains the log-odds of the best base minus that of the present one. "
        "Make the changes with the largest gains.",
        "A loop over the starts does it. To check a design: "
        "`datasets.log_likelihood_ratio([designed], world_of_pairs)`; the cell above the exercise "
        "makes this world.",
    ),
    solution=lambda given: (
        f"One of many: **{_best(given, given.changes)}**, with "
        f"{written(_score(given, _best(given, given.changes)), 2)} nats. For every start, replace "
        f"the {given.changes} bases that gain most, compute the ratio, and keep the best start. "
        "The given sequence has "
        f"{written(_score(given, given.sequence), 2)} nats. You can also take the single best "
        "change of the whole sequence, again and again. Here the truth itself was your judge. If a "
        "network judges, a design may please the network and not the truth, so ask the truth, or "
        "an experiment, in the end."
    ),
    effort=lambda given: (given.changes, len(given.sequence)),
)


# -- Design a network ------------------------------------------------------------------------------

WORLDS = 60
"""Number of worlds of the exercise; in each of them its solution was trained and passes."""

BUDGET, GOAL = 900, 0.9
LENGTH, LEARNED, JUDGED = 50, 1500, 600
HOW = TrainSettings(learning_rate=0.02, epochs=15)

_FIXED = ("stride", "padding", "dilation", "head", "second_padding", "second_window", "hidden")
_FIXED += ("outputs",)
_USUAL = ModelSettings()


def _world(world: int) -> dict[str, Any]:
    """Return one of the worlds: two words, and their gaps in the positives and the negatives.

    The phase of the pooling windows tells a distance modulo their width, even to a unit that sees
    one motif: with gaps of 9 and 16 and windows of two, one with a field of 7 bases reached an
    AUROC of 0.90. So the gaps differ by 12, and windows of 2, 3 and 4 say nothing.
    """
    rng = np.random.default_rng([world, 14])
    gap = int(rng.integers(6, 11))
    return {
        "A": draw_word(rng, _WIDTH),
        "B": draw_word(rng, _WIDTH),
        "gap": gap,
        "far": gap + 12,
        "L": LENGTH,
        "budget": BUDGET,
        "goal": GOAL,
        "world": world,
    }


def _made(given: Given, n: int, seed: int) -> Dataset:
    """Make sequences of a world: both classes contain both motifs, each at its own gap."""
    motifs = tuple(Motif(word, 57 * one_hot(word) + 1) for word in (given.A, given.B))
    classes = [
        Arrangement(motifs, ((gap, gap),), both_strands=False) for gap in (given.gap, given.far)
    ]
    made = plant(n, given.L, *classes, seed=seed)
    return Dataset.of(made.sequences, made.labels, [str(i) for i in range(n)])


@lru_cache(maxsize=256)  # a training takes a second, and an answer is checked more than once
def trained_auroc(world: int, settings: ModelSettings, shuffled: bool = False) -> float:
    """Train a network in a world, and return its AUROC on new sequences.

    With `shuffled`, it learns from the same sequences with their labels in a random order.
    """
    given = Given(**_world(world))
    data = _made(given, LEARNED, seed=2 * world)
    if shuffled:
        labels = np.random.default_rng(world).permutation(data.labels)
        data = Dataset.of(data.sequences, labels, data.names)
    network = untrained(settings, given.L)
    for _ in train(network, data, HOW):
        pass
    new = _made(given, JUDGED, seed=2 * world + 1)
    return float(auroc_by_column(new.labels, logits(network, new)[:, None])[0])


def _read_settings(given: Given, answer: Any) -> ModelSettings:
    if not isinstance(answer, ModelSettings):
        raise Unreadable(f"`ModelSettings(...)` was expected, not {shortened(answer)}.")
    if moved := [name for name in _FIXED if getattr(answer, name) != getattr(_USUAL, name)]:
        raise Unreadable(
            f"In this exercise `{moved[0]}` keeps its default, {getattr(_USUAL, moved[0])!r}."
        )
    try:
        answer.shape(given.L)
    except ValueError as problem:
        raise Unreadable(f"Sequences of {given.L} bases do not fit: {problem}") from None
    return answer


def parameters(given: Given, settings: ModelSettings) -> int:
    """Return the number of weights and biases of a network."""
    return sum(part.size for part in draw_weights(settings, given.L).values())


def _stack(settings: ModelSettings) -> Stack:
    """Return the layers as far as the receptive field goes; one layer is one with a single tap."""
    two = settings.layers == 2
    second = (settings.second_width, settings.second_dilation) if two else ()
    return Stack(settings.width, max(settings.window, 1), *second)


def _fault(given: Given, settings: ModelSettings) -> str:
    """Name what is the matter with a design before it is trained; empty if nothing is."""
    stack, pair = _stack(settings), Grammar(_WIDTH, _WIDTH, given.gap, given.gap)
    size = receptive_field(stack.layers).size
    if parameters(given, settings) > given.budget:
        return "too many parameters"
    if size < 2 * _WIDTH:
        return "one motif at a time"
    if size < pair.needed():
        return "gap forgotten"
    if size < pair.needed(stack.window):
        return "steps of the pooling forgotten"
    return "" if sees_whole(stack, pair) else "hole in the field"


def _network_lacks(given: Given, settings: ModelSettings) -> str:
    fault = _fault(given, settings)
    return f"This design cannot work: {fault}." if fault else ""


def _not_learned(given: Given, settings: ModelSettings) -> str:
    """Train the network and say if it does not reach the goal."""
    area = trained_auroc(given.world, settings)
    if area >= given.goal:
        return ""
    return (
        f"Your network is within the budget and can see the pair. It was trained, and reaches an "
        f"AUROC of {area:.2f} on new sequences; {given.goal} is asked for. Is each filter as wide "
        "as a motif? After your pooling, can the two gaps still be told apart? Are there enough "
        "filters?"
    )


def _network_slip(fault: str, message: str) -> Mistake:
    return Mistake(
        fault,
        message,
        lambda given: _with_fault(given, fault),
        lambda given, answer: _fault(given, answer) == fault,
    )


def _with_fault(given: Given, fault: str) -> ModelSettings:
    """Return a design of two layers that has this fault."""
    right = two_layers(given)
    taps = [(1, taps) for taps in range(1, 13)] + [(5, 3)]
    designs = (
        replace(right, filters=filters, width=width, second_width=taps, second_dilation=apart)
        for filters, width, (apart, taps) in product((8, 32), (6, 7), taps)
    )
    return next(one for one in designs if _fault(given, one) == fault)


def _told(settings: ModelSettings) -> str:
    """Write the settings as code, without those that are the default."""
    chosen = [f for f in fields(settings) if getattr(settings, f.name) != f.default]
    return f"ModelSettings({', '.join(f'{f.name}={getattr(settings, f.name)!r}' for f in chosen)})"


def _designed(given: Given) -> ModelSettings:
    """Return a design that works: each filter of its only layer reads the whole pair."""
    return ModelSettings(filters=8, width=2 * _WIDTH + given.gap, both_strands=False)


def two_layers(given: Given) -> ModelSettings:
    """Return another one: a first layer for the motifs, and a second one for the gap."""
    return ModelSettings(
        filters=8,
        width=_WIDTH,
        window=2,
        layers=2,
        second_filters=8,
        second_width=math.ceil((_WIDTH + given.gap) / 2) + 1,
        both_strands=False,
    )


NETWORK = Open(
    id="interrogating.network",
    title="Design a network, and have it trained",
    draw=lambda rng: _world(int(rng.integers(WORLDS))),
    task=lambda given: (
        f"Both classes contain motif A (mostly `{given.A}`) and, after a gap, motif B (mostly "
        f"`{given.B}`), on the + strand of sequences of {given.L} bases. In the positives the gap "
        f"has **{given.gap}** bases, in the negatives {given.far}. Choose a network that can tell "
        f"them apart, with **at most {given.budget} parameters** (weights and biases), and answer "
        "with its `ModelSettings(...)`. You may choose `filters`, `width`, `window`, `layers`, "
        "`second_filters`, `second_width`, `second_dilation`, `activation`, `pooling`, "
        "`both_strands` and `batch_norm`; the last pooling is over the whole sequence.\n\n"
        "The check asks three things: is it within the budget; does one unit of its last layer see "
        "both motifs whole, wherever the pair begins; and, if so, it trains your network on "
        f"{LEARNED:,} sequences, which takes a few seconds, and asks for an AUROC of at least "
        f"**{given.goal}** on {JUDGED} new ones. Many designs are right."
    ),
    right=_designed,
    form=_read_settings,
    lacks=_network_lacks,
    tried=_not_learned,
    mistakes=(
        _network_slip(
            "too many parameters",
            "Your network is over the budget. A filter of the second layer has a weight for every "
            "filter of the first and every tap: count what each choice costs.",
        ),
        _network_slip(
            "one motif at a time",
            "A unit of your last layer sees fewer bases than the two motifs have together. It can "
            "say that a motif is there, and in both classes it is.",
        ),
        _network_slip(
            "gap forgotten",
            "A unit of your last layer sees as many bases as the two motifs have, but not the gap "
            "between them, too.",
        ),
        _network_slip(
            "steps of the pooling forgotten",
            "The field would be just long enough if there were a unit at every base. After your "
            "pooling the units are further apart, and the pair may begin between them.",
        ),
        _network_slip(
            "hole in the field",
            "The field is long enough, but it has holes: your taps are further apart than what "
            "each of them sees, and a part of a motif falls between them.",
        ),
    ),
    hints=(
        "How many bases have A, the gap and B together? `layers.receptive_field([...])` says what "
        "a stack of layers sees.",
        "There are two ways: one layer with filters as wide as the whole pair; or a first layer as "
        "wide as one motif, a little pooling, and a second layer whose taps reach from A to B.",
        "Parameters: $F(4K + 1)$ in the first layer, $F_2(F K_2 + 1)$ in the second, $F_2 + 1$ at "
        "the end.",
    ),
    solution=lambda given: (
        f"Two of many: **`{_told(_designed(given))}`**, with "
        f"{parameters(given, _designed(given))} parameters, and `{_told(two_layers(given))}`, with "
        f"{parameters(given, two_layers(given))}. The pair has "
        f"$6 + {given.gap} + 6 = {2 * _WIDTH + given.gap}$ bases. The first design has filters of "
        "that width. It is simple, and pays four weights for each base of the gap, which says "
        "nothing. In the second a filter reads one motif, pooling by two blurs a distance by one "
        f"base (the gaps differ by {given.far - given.gap}), and a unit of the second layer sees "
        f"{receptive_field(_stack(two_layers(given)).layers).size} bases. That a network can see a "
        "grammar does not show that it learns it, so it was trained. To know that it learned the "
        "grammar and nothing else, train it once more on shuffled labels, and once with a field of "
        "one motif."
    ),
    effort=lambda given: (given.budget, given.goal),
)


# -- A report to review ----------------------------------------------------------------------------

REPORT = Text(
    id="interrogating.report",
    title="Review an interrogation",
    draw=lambda rng: {
        "field": int(rng.integers(18, 23)),
        "low": int(rng.integers(2, 6)),
        "high": int(rng.integers(24, 32)),
        "auroc": float(rng.choice([0.71, 0.72, 0.73, 0.74])),
        "peaks": int(rng.integers(3, 9)) * 10,
    },
    task=lambda given: (
        "A report reads: “We trained a network whose last layer sees "
        f"{given.field} bases; its AUROC on the training peaks is {given.auroc:.2f}. Into "
        f"{given.peaks} of the peaks that it recognises best we put motif A (7 bases) and motif B "
        f"(8 bases) at gaps from {given.low} to {given.high}. The predicted probability with both "
        "motifs was between 0.97 and 0.99 at every gap. So these two proteins do not care about "
        "their distance.” Write a review in a few sentences: what is wrong with each step, which "
        "measurement would you ask for instead, and which controls?"
    ),
    hints=(
        "Take it step by step: the network, the backgrounds, what is subtracted, the scale, and "
        "the sentence about the proteins.",
        "What would the same curve look like for a network that cannot see a gap? And for one "
        "trained on shuffled labels?",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        f"- *the field*: A and B have 15 bases, so a unit that sees {given.field} can know gaps up "
        f"to {given.field - 15} at most. For longer ones the curve is flat whatever the data say. "
        "Train a network that can see the longest gap, and show that it predicts better, or does "
        "not.\n"
        "- *the AUROC*: it is that of the training peaks. Judge the network on held-out ones "
        "first. If it has learned little, its answers mean little.\n"
        "- *the backgrounds*: peaks that it recognises best already contain what it looks for. Put "
        "the motifs into random or shuffled sequences, many of them, and say which.\n"
        "- *what is subtracted*: nothing. The importance is the answer with the motifs minus that "
        "of the same background without; the interaction needs A alone and B alone, too.\n"
        "- *the scale*: near 1 the sigmoid is flat. Between 0.97 and 0.99 the logit grows by "
        f"{math.log(0.99 / 0.01) - math.log(0.97 / 0.03):.1f}. Use the logit.\n"
        "- *the controls*: gaps in both orders and on both strands, the spread over the "
        "backgrounds, several trainings, and a network trained on shuffled labels.\n"
        "- *the conclusion*: a network says what helped it to predict. Whether proteins care must "
        "be tested with designed sequences in the laboratory."
    ),
)

SET = ExerciseSet(
    "interrogating",
    "Interrogate a network, and design with it",
    None,
    (INTERACTION, IMPORTANCE, WORLD, REACH, READS, DESIGNED, NETWORK, REPORT),
)
