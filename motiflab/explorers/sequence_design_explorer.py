"""Explore which sequence a network is sure of, and whether the exact likelihood ratio agrees."""

from __future__ import annotations

import math
import re
from functools import partial
from typing import Any

import numpy as np

from motiflab.checks import ArgumentError
from motiflab.datasets import log_likelihood_ratio
from motiflab.figures import (
    Html,
    Series,
    axis,
    brief,
    captioned,
    fitted,
    heatmap_svg,
    html_table,
    signed,
    written,
)
from motiflab.interpretation import (
    DESIGN_LENGTH,
    SURE,
    design_network,
    design_sequence,
    design_world,
    fooled,
    mutagenesis,
    random_starts,
)
from motiflab.layers.activations import sigmoid
from motiflab.networks import one_thread
from motiflab.sequences import encode, one_hot
from motiflab.sequences.alphabet import BASES
from motiflab.widgets import (
    CardResult,
    CardState,
    Chart,
    Explorer,
    Tool,
    choice,
    curves,
    slider,
    text,
)

BUDGET, STARTS = 20, 40
"""Largest number of substitutions, and number of random sequences to start from."""

LEAST = math.log(SURE / (1 - SURE))
"""The logit from which on the network is sure."""

_NETWORKS = {
    "one": ("one", "before"),
    "one mended": ("one", "mended"),
    "two": ("two", "before"),
    "two mended": ("two", "mended"),
}


class SequenceDesignState(CardState):
    """What a learner can choose: a network, a random start, and substitutions in it."""

    network: str = choice(
        "one",
        "Network",
        [
            ("one layer", "one"),
            ("one layer, mended", "one mended"),
            ("two layers", "two"),
            ("two layers, mended", "two mended"),
        ],
        help="Mended: trained on designs, too, with their true labels",
    )
    start: int = slider(1, "Random start", 1, STARTS)
    changes: str = text(
        "",
        "Substitutions, in order",
        lambda: ["10A 11G 12A 13T", "30C 31A 32G"],
        longest=150,
        help="A position from 0 and the new base each, such as 12G 30T; or press in the picture",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.substitutions) > BUDGET:
            raise ArgumentError(
                "changes",
                f"Substitutions, in order (changes) must be at most {BUDGET}, not "
                f"{len(self.substitutions)}.",
            )

    @property
    def substitutions(self) -> list[tuple[int, str]]:
        """Position and new base of each."""
        found = [re.fullmatch(r"(\d{1,2})([ACGT])", word) for word in self.changes.split()]
        if not all(found) or any(int(each[1]) >= DESIGN_LENGTH for each in found):
            raise ArgumentError(
                "changes",
                f"Substitutions, in order (changes) must be positions from 0 to "
                f"{DESIGN_LENGTH - 1}, each with a base, such as 12G 30T.",
            )
        return [(int(each[1]), each[2]) for each in found]


class SequenceDesignResult(CardResult):
    """The sequence after each substitution, judged by the network and by the truth.

    Attributes
    ----------
    sequences : list of str
        The start, and the sequence after each substitution.
    logits, truths : ndarray, shape (len(sequences),)
        What the network says of each, and ``ln LR``.
    effects : ndarray, shape (L, 4)
        Change of the logit for each further substitution.
    best : (int, str)
        Position and new base of the one with the highest logit.
    """

    sequences: list[str]
    logits: np.ndarray
    truths: np.ndarray
    effects: np.ndarray
    best: tuple[int, str]


@one_thread()
def compute(state: SequenceDesignState) -> SequenceDesignResult:
    """Make the substitutions, judge every step, and try every further substitution."""
    network = design_network(*_NETWORKS[state.network])
    sequences = [random_starts(STARTS, seed=0)[state.start - 1]]
    for position, base in state.substitutions:
        now = sequences[-1]
        sequences.append(now[:position] + base + now[position + 1 :])
    effects = mutagenesis(network, one_hot(sequences[-1]), "logit")
    position, base = divmod(int(effects.argmax()), len(BASES))
    return SequenceDesignResult(
        state,
        sequences,
        network.predict(encode(sequences).x).astype(float),
        log_likelihood_ratio(sequences, design_world()),
        effects,
        (position, BASES[base]),
    )


def draw(result: SequenceDesignResult, uid: str) -> dict[str, str | Chart]:
    """Draw what each further substitution would do, and both judgements of each step."""
    return {"map": _map(result, uid), "steps": _steps(result), "table": _table(result)}


def _map(result: SequenceDesignResult, uid: str) -> str:
    state, now = result.state, result.sequences[-1]
    position, base = result.best
    changed = sorted({place for place, _ in state.substitutions})
    room = len(state.substitutions) < BUDGET
    choose = {
        (c, i): f"changes={' '.join([*state.changes.split(), f'{i}{letter}'])}"
        for i in range(DESIGN_LENGTH if room else 0)
        for c, letter in enumerate(BASES)
        if letter != now[i]
    }
    draw = partial(
        heatmap_svg,
        result.effects.T,
        list(BASES),
        list(now),
        "What each substitution would change of the logit",
        f"{DESIGN_LENGTH} bases: {now}. Changed so far: positions "
        f"{', '.join(map(str, changed)) or 'none'}. The best substitution is {base} at "
        f"{position}: {signed(written(result.effects.max(), 2))}.",
        limit=3.0,
        digits=-1,
        marked=[(BASES.index(base), position)],
        cell=(9.4, 17),
        choose=choose,
        hint="Press to make this substitution, or write it under Substitutions",
    )
    caption = (
        "<b>Press a cell to write its base into the sequence.</b> Violet: it raises the logit of "
        "the network; brown: it lowers it. Framed: the best substitution."
    )
    return captioned(caption, fitted(draw, f"{uid}-map"))


def _steps(result: SequenceDesignResult) -> Chart:
    n, step = len(result.sequences) - 1, np.arange(len(result.sequences))
    z, truth = result.logits, result.truths
    shown = [np.clip(each, *_LIMITS) for each in (z, truth)]
    return curves(
        [
            Series(
                f"network's logit {written(float(z[-1]), 1)}", step, shown[0], float(shown[0][-1])
            ),
            Series(
                f"truth, ln LR {written(float(truth[-1]), 1)}", step, shown[1], float(shown[1][-1])
            ),
            Series(f"sure from {LEAST:.1f}", [0, BUDGET], [LEAST, LEAST]),
        ],
        "Network and truth, step by step",
        axis("substitutions", (0, BUDGET), dtick=5),
        axis("logit, nats", _LIMITS, dtick=10),
        place=f"{n} substitutions",
        now=n,
        height=200,
    )


_LIMITS = (-20, 20)


def _table(result: SequenceDesignResult) -> str:
    made = ["start", *(f"{base} at {place}" for place, base in result.state.substitutions)]
    rows = [
        [
            name,
            Html("<wbr>".join(re.findall(".{1,15}", sequence))),
            written(z, 2),
            written(truth, 2),
        ]
        for name, sequence, z, truth in zip(
            made, result.sequences, result.logits, result.truths, strict=True
        )
    ]
    return html_table("Every step", ["substitution", "sequence", "logit z", "ln LR"], rows)


def describe(result: SequenceDesignResult) -> str:
    """Put the network's verdict beside the truth."""
    z, truth = float(result.logits[-1]), float(result.truths[-1])
    position, base = result.best
    gain = float(result.effects.max())
    sure, no = z >= LEAST, truth < 0
    if fooled(z, truth):
        verdict = "The network is sure, and the truth says no: it is <b>fooled</b>."
    elif sure:
        verdict = "The network is sure, and <b>the truth agrees</b>."
    else:
        verdict = (
            f"The network is <b>not yet sure</b> of a yes; the truth says {'no' if no else 'yes'}."
        )
    # Two digits: more would claim more than the logarithm shows.
    odds = float(f"{math.exp(min(abs(truth), 50)):.2g}")
    times = f"{odds:,g}" if odds < 1e6 else f"10<sup>{math.log10(odds):.0f}</sup>"
    chance = float(sigmoid(z))
    shown = f"{chance:.3f}" if chance >= 0.001 else brief(chance, 2)
    best = (
        f"The best next substitution, {base} at {position}, would raise z by {gain:.2f}."
        if gain > 0
        else "No substitution raises z any more."
    )
    return (
        f"<p>Network: z = {written(z, 2)}, ŷ = <b>{shown}</b>. Truth: ln LR = "
        f"{written(truth, 2)}, so among positives such a sequence is about {times} times "
        f"<b>{'rarer' if no else 'more frequent'}</b> than among random ones. {verdict}</p>"
        f"<p>{len(result.sequences) - 1} of {BUDGET} substitutions. {best}</p>"
    )


class SequenceDesignExplorer(Explorer):
    """Change a random sequence until a network is sure, and see whether it is right.

    Examples
    --------
    >>> card = SequenceDesignExplorer()
    >>> card.to_the_end()
    >>> bool(card.result.logits[-1] > LEAST)
    True
    """

    State = SequenceDesignState
    title = "Can you make the network sure, and is it right?"
    goal = "fool the mended network of two layers, then write it a sequence that is truly positive."
    numbers = ("table",)
    tools = ("step", "end", "back", *Explorer.tools)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)

    def toolbar(self) -> list[Tool]:
        """Buttons that take one step of the greedy rule, all steps, and the last one back."""
        return [
            Tool("step", self.starting_button("One step", self._one, "Make the best substitution")),
            Tool("end", self.starting_button("To the end", self._all, "Until it is sure")),
            Tool("back", self.starting_button("One back", self._fewer, "Undo the last one")),
        ]

    def to_the_end(self) -> None:
        """Make the best substitutions until the network is sure or the budget is spent."""
        self.set(**self._all())

    def _all(self) -> dict[str, Any]:
        left = BUDGET - len(self.state.substitutions)
        network = design_network(*_NETWORKS[self.state.network])
        with one_thread():
            made = design_sequence(network, self.result.sequences[-1], left, LEAST).sequences
        return self._after(*(_difference(a, b) for a, b in zip(made, made[1:])))

    def _one(self) -> dict[str, Any]:
        position, base = self.result.best
        useful = self.result.effects.max() > 0 and len(self.state.substitutions) < BUDGET
        return self._after(*([f"{position}{base}"] if useful else []))

    def _fewer(self) -> dict[str, Any]:
        return {"changes": " ".join(self.state.changes.split()[:-1])}

    def _after(self, *more: str) -> dict[str, Any]:
        return {"changes": " ".join([*self.state.changes.split(), *more])}


def _difference(before: str, after: str) -> str:
    """The substitution between two sequences, such as 12G."""
    return next(f"{i}{b}" for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b)
