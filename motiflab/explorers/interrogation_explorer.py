"""Explore what a network answers when two words are put into random sequences at every gap.

In this order: the state, what is asked, what is drawn and said of the answers, and the card.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache, partial

import numpy as np

from motiflab.datasets import Trial
from motiflab.datasets.worlds import GAPS, LENGTH, WORDS, World, hidden_world
from motiflab.figures import (
    Scale,
    Series,
    axis,
    axis_lines,
    captioned,
    equals,
    fitted,
    html_table,
    svg_path,
    svg_picture,
    svg_text,
    written,
)
from motiflab.figures.style import ACCENT, SEQUENTIAL, TEXT
from motiflab.figures.svg import NARROW
from motiflab.interpretation.interrogation import (
    GapAnswers,
    Predict,
    answers_of,
    ask_gaps,
    with_words,
)
from motiflab.interpretation.spacing_rule import SIZE, world_settings, world_training
from motiflab.layers import sigmoid
from motiflab.networks import SweepResult, one_thread
from motiflab.sequences import random_sequences, reverse_complement, shuffle_dinucleotides
from motiflab.widgets import (
    CardResult,
    CardState,
    Chart,
    SweepExplorer,
    SweepPlan,
    Trials,
    choice,
    curves,
    slider,
)

BACKGROUNDS = 50
NETWORKS = range(1, 3)
"""Seeds of the networks that are trained on a world."""

NAMES = {"hard": "hard: one gap", "soft": "soft: fades and ripples", "none": "none: a billboard"}
_APART = 32  # bases before the pair, which no further A can make a pair across


class InterrogationState(CardState):
    """Whom a learner asks, and what."""

    world: str = choice(
        "hard",
        "World",
        [*((words, kind) for kind, words in NAMES.items()), ("hidden, by my seed", "hidden")],
    )
    seed: int = slider(1, "My seed", 1, 999, help="Decides which world is hidden")
    who: str = choice(
        "rule", "Who answers", [("the rule itself", "rule"), ("networks", "networks")]
    )
    question: str = choice(
        "gap",
        "Question",
        [("gap", "gap"), ("order", "order"), ("strand", "strand"), ("number of A", "number")],
    )
    gap: int = slider(6, "Gap g", *GAPS, help="In bases, between A and B")
    backgrounds: str = choice(
        "random",
        "Backgrounds",
        [("random", "random"), ("shuffled", "shuffled"), ("negatives as they are", "negatives")],
    )
    scale: str = choice("logit", "Scale", ["logit", "probability"])
    answer: str = choice(
        "",
        "This world is",
        [("not said yet", ""), *((words, kind) for kind, words in NAMES.items())],
    )

    def idle(self) -> Collection[str]:
        """Only a hidden world is drawn from a seed, and asks for an answer."""
        return () if self.world == "hidden" else ("seed", "answer")

    @property
    def rule(self) -> World:
        """The world that answers, or whose data the networks learn."""
        return hidden_world(self.seed) if self.world == "hidden" else World(self.world)

    @property
    def secret(self) -> bool:
        """Whether the learner still has to say which world it is."""
        return self.world == "hidden" and not self.answer


class InterrogationResult(CardResult):
    """The answers.

    Attributes
    ----------
    asked : dict of str to GapAnswers
        For each pattern of the question, on the chosen scale; empty if nobody can answer yet.
    aurocs : tuple of float
        Of the networks trained here, on other sequences of the world.
    """

    asked: dict[str, GapAnswers]
    aurocs: tuple[float, ...]

    @property
    def pair(self) -> GapAnswers | None:
        """The answers to A before B, each once, which begin every question."""
        return next(iter(self.asked.values()), None)


def plan(state: InterrogationState) -> SweepPlan:
    """Plan the training of networks on one world, from different first weights."""
    recipes = {"two layers": (world_settings(), world_training())}
    return SweepPlan(Trials({"world": lambda: _trial(state.rule)}), recipes, NETWORKS)


@lru_cache(maxsize=2)
def _trial(rule: World) -> Trial:
    return Trial(rule.draw(SIZE, seed=1), {"held out": rule.draw(2000, seed=2)})


@lru_cache(maxsize=3)
def _backgrounds(kind: str, rule: World) -> list[str]:
    rng = np.random.default_rng(3)
    if kind == "random":
        return random_sequences(BACKGROUNDS, LENGTH, None, rng)
    data = rule.draw(4 * BACKGROUNDS, seed=3)
    found = [data.sequences[i] for i in np.flatnonzero(data.labels == 0)[:BACKGROUNDS]]
    return [shuffle_dinucleotides(each, rng) for each in found] if kind == "shuffled" else found


def patterns(question: str) -> dict[str, tuple[tuple[str, str], int]]:
    """Return what a question puts in: two words from left to right, and how many further A."""
    a, b = WORDS
    return {
        "gap": {"A, then B": ((a, b), 0)},
        "order": {"A, then B": ((a, b), 0), "B, then A": ((b, a), 0)},
        "strand": {
            "A and B on +": ((a, b), 0),
            "A on −": ((reverse_complement(a), b), 0),
            "B on −": ((a, reverse_complement(b)), 0),
        },
        "number": {"A once": ((a, b), 0), "A twice": ((a, b), 1), "A three times": ((a, b), 2)},
    }[question]


def ask(predict: Predict, question: str, backgrounds: list[str]) -> dict[str, GapAnswers]:
    """Put the patterns of a question into backgrounds at every gap; answers in logits."""
    room = LENGTH - GAPS[1] - sum(map(len, WORDS))
    first = _APART if question == "number" else 0
    starts = np.random.default_rng(4).integers(first, room + 1, len(backgrounds))
    gaps, asked = range(GAPS[0], GAPS[1] + 1), {}
    for name, (words, more) in patterns(question).items():
        extra = [(WORDS[0], i * len(WORDS[0])) for i in range(more)]
        asked[name] = ask_gaps(predict, with_words(backgrounds, *extra), words, gaps, starts)
    return asked


@lru_cache(maxsize=24)
def _by_network(
    result: SweepResult, question: str, kind: str, rule: World
) -> dict[str, GapAnswers]:
    with one_thread():
        return ask(answers_of(result.network), question, _backgrounds(kind, rule))


@lru_cache(maxsize=24)
def _by_rule(rule: World, question: str, kind: str) -> dict[str, GapAnswers]:
    return ask(rule.logits, question, _backgrounds(kind, rule))


def summarise(state: InterrogationState, results: list[SweepResult]) -> InterrogationResult:
    """Ask the rule or every network, and average the logits of the networks."""
    rule, question, kind = state.rule, state.question, state.backgrounds
    if state.who == "rule":
        each = [] if state.secret else [_by_rule(rule, question, kind)]
    else:
        each = [_by_network(result, question, kind, rule) for result in results]
    asked = {name: _mean([one[name] for one in each]) for name in (each[0] if each else ())}
    if state.scale == "probability":
        asked = {name: answers.on_scale(sigmoid) for name, answers in asked.items()}
    aurocs = tuple(result.auroc["held out"] for result in results)
    return InterrogationResult(state, asked, aurocs)


def _mean(answers: list[GapAnswers]) -> GapAnswers:
    names = ("neither", "first", "second", "both")
    means = (np.mean([getattr(one, name) for one in answers], axis=0) for name in names)
    return GapAnswers(answers[0].gaps, *means)


LIMITS = {"logit": (-9.0, 9.0), "probability": (0.0, 1.0)}
_TICKS = {"logit": (-8, -4, 0, 4, 8), "probability": (0, 0.25, 0.5, 0.75, 1)}


def draw(result: InterrogationResult, uid: str) -> dict[str, str | Chart]:
    """Draw the answers against the gap, the 2 x 2 design at one gap, and all numbers."""
    return {"gaps": _gaps(result), "square": _square(result, uid), "table": _table(result)}


def _gaps(result: InterrogationResult) -> Chart:
    state, series = result.state, []
    for name, answers in result.asked.items():
        mean = answers.both.mean(axis=1)
        series.append(_series(name, answers.gaps, mean, state))
    if state.question == "gap" and result.pair:
        for share in (10, 90):
            values = np.percentile(result.pair.both, share, axis=1)
            series.append(_series(f"{share}th percentile", result.pair.gaps, values, state))
    if not series:
        series = [Series("no answer yet", [], [])]
    return curves(
        series,
        f"Mean answer to the pair, over {BACKGROUNDS} backgrounds",
        axis("gap g in bases", (GAPS[0] - 0.5, GAPS[1] + 0.5), dtick=4),
        axis(
            state.scale, LIMITS[state.scale], dtick=_TICKS[state.scale][1] - _TICKS[state.scale][0]
        ),
        place=f"g = {state.gap}",
        now=state.gap,
        height=190,
        drag="gap",
    )


def _series(name: str, gaps: np.ndarray, values: np.ndarray, state: InterrogationState) -> Series:
    here = float(values[state.gap - GAPS[0]])
    return Series(f"{name} {written(here, 2)}", gaps, values, here)


def corners(result: InterrogationResult) -> dict[str, np.ndarray]:
    """Return the answers of the 2 x 2 design at the chosen gap, one for each background."""
    pair, at = result.pair, result.state.gap - GAPS[0]
    return {
        "neither": pair.neither,
        "A": pair.first,
        "B": pair.second[at],
        "A and B": pair.both[at],
    }


_TOP, _HIGH = 24, 122


def _square(result: InterrogationResult, uid: str) -> str:
    return captioned(
        f"<b>Two by two, at g = {result.state.gap}.</b> Thin lines: 10 % to 90 % of the "
        "backgrounds. Dashed: where the last bar would end if A and B just added up; I is the "
        "difference.",
        fitted(partial(_bars, result), uid),
    )


def _bars(result: InterrogationResult, uid: str, narrow: bool = False) -> str:
    state = result.state
    limits = LIMITS[state.scale]
    scale = Scale.between(limits, _TOP, _HIGH)
    # Pixels: left of the bars, from bar to bar, half of a bar, and dashes before and after it.
    left, step, half, before, behind = (36, 65, 10, 2, 12) if narrow else (62, 92, 17, 13, 16)
    right = left + 4 * step + 10
    low = scale.y(limits[0])
    drawing = [
        axis_lines(scale, left, right, limits, _TICKS[state.scale]),
        svg_text(14, 11, state.scale),
    ]
    words = "Nobody has answered yet."
    if result.pair:
        found, means = corners(result), []
        for i, (name, values) in enumerate(found.items()):
            x, mean = left + (i + 0.5) * step, float(values.mean())
            means.append(mean)
            ends = (scale.y(v) for v in np.clip(np.percentile(values, (10, 90)), *limits))
            colour = ACCENT if i == 3 else SEQUENTIAL
            drawing += [
                scale.bar(x, 2 * half, float(np.clip(mean, *limits)), f'fill="{colour}"', 1),
                svg_path("M{:g} {:.1f}V{:.1f}".format(x, *ends), f'style="stroke:{TEXT}"'),
                svg_text(x + half + 4, scale.y(np.clip(mean, *limits)) + 4, written(mean, 2)),
                svg_text(x, low + 16, name, "middle"),
            ]
        expected = means[1] + means[2] - means[0]
        ends = (scale.y(float(np.clip(value, *limits))) for value in (expected, means[3]))
        y, top, x = *ends, left + 3.5 * step
        after = x + half + 41  # the end of the number beside the bar, which no line crosses
        difference = f"I = {written(means[3] - expected, 2)}"
        drawing += [
            svg_path(
                f"M{x - half - before} {y:.1f}H{x + half + 1}M{after} {y:.1f}H{after + behind}",
                f'style="stroke:{TEXT}" stroke-dasharray="4 3"',
            ),
            svg_path(
                f"M{after + behind - 6} {y:.1f}V{top:.1f}",
                f'style="stroke:{ACCENT}" stroke-width="3"',
            ),
            svg_text(NARROW - 2, 11, difference, "end")
            if narrow
            else svg_text(after + 18, (y + top) / 2 + 4, difference),
        ]
        words = (
            "; ".join(f"{name} {mean:.2f}" for name, mean in zip(found, means, strict=True))
            + f"; expected of A and B if they add up {expected:.2f}."
        )
    return svg_picture(
        "".join(drawing),
        f"Mean answers to neither word, A, B, and both at gap {state.gap}",
        words,
        uid,
        (NARROW if narrow else right + 110, _TOP + _HIGH + 22),
    )


def _table(result: InterrogationResult) -> str:
    heads = ["gap", *(f"{name}: mean answer" for name in result.asked), "interaction I"]
    rows = [
        [
            int(gap),
            *(written(float(answers.both[i].mean()), 2) for answers in result.asked.values()),
            written(float(result.pair.interaction[i].mean()), 2),
        ]
        for i, gap in enumerate(result.pair.gaps if result.pair else ())
    ]
    return html_table("Mean answers at every gap", heads, rows)


def describe(result: InterrogationResult) -> str:
    """Write the interaction with its numbers, and judge the learner's answer."""
    state, said = result.state, ""
    if result.pair:
        f = [float(values.mean()) for values in corners(result).values()]
        found = f[3] - f[1] - f[2] + f[0]
        sign = equals([f[3], -f[1], -f[2], f[0]], found, 2)
        each = result.pair.interaction[state.gap - GAPS[0]]
        low, high = (written(float(end), 2) for end in np.percentile(each, (10, 90)))
        said = (
            f"<p>I = f(AB) − f(A) − f(B) + f(0) = {written(f[3], 2)} − ({written(f[1], 2)}) − "
            f"({written(f[2], 2)}) + ({written(f[0], 2)}) {sign} <b>{written(found, 2)}</b> in "
            f"{'logits' if state.scale == 'logit' else 'probability'} at g = {state.gap}: "
            f"{_kind(found, state.scale)}. From the 10th to the 90th percentile of the backgrounds "
            f"it is {f'{low} to {high}' if low != high else f'{low}, too'}.</p>"
        )
    elif state.who == "rule":
        said = (
            "<p>The rule of a hidden world keeps silent until you have said which world it is. "
            "Ask the networks.</p>"
        )
    else:
        said = f"<p>Train makes {len(NETWORKS)} networks on {SIZE:,} sequences of this world.</p>"
    if result.aurocs:
        areas = ", ".join(f"{area:.3f}" for area in result.aurocs)
        said += f"<p>AUROC of the networks: {areas}; best possible {state.rule.best_auroc:.3f}.</p>"
    if state.world == "hidden" and state.answer:
        rule = state.rule
        right = "Right" if state.answer == rule.kind else "No"
        where = "" if rule.kind == "none" else f", with g0 = {rule.gap}"
        said += (
            f"<p><b>{right}</b>: the world of seed {state.seed} is {NAMES[rule.kind]}{where}.</p>"
        )
    return said


def _kind(found: float, scale: str) -> str:
    least = 1.0 if scale == "logit" else 0.05
    if abs(found) < least:
        return "about additive on this scale"
    if found > 0:
        return "cooperative on this scale"
    return "less than additive on this scale"


class InterrogationExplorer(SweepExplorer):
    """Ask networks, or the rule of a world itself, about two words, and find out which world it is.

    Examples
    --------
    >>> card = InterrogationExplorer(world="hard", gap=6)
    >>> card.result.pair.interaction.mean(axis=1).round(1)[4:9].tolist()
    [0.0, 0.0, 9.0, 0.0, 0.0]
    """

    State = InterrogationState
    title = "Which grammar has the network learned?"
    goal = "train networks on the world of your seed, question them, and say which world it is."
    rows = (("gaps",), ("square",))
    numbers = ("table",)
    trained = ("world", "seed")
    seconds = 15.0
    plan, summarise = staticmethod(plan), staticmethod(summarise)
    draw, describe = staticmethod(draw), staticmethod(describe)
