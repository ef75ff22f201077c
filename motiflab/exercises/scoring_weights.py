"""An exercise on the way from counts to log-odds: a function to write."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.exercises.answers import Unreadable, read_numbers
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.functions import Function
from motiflab.exercises.markdown import weights_table
from motiflab.motifs import Motif


def _random_case(rng: np.random.Generator, width: int) -> tuple[Any, ...]:
    """No zeros, and another total at each position."""
    counts = rng.integers(1, 15, (width, 4)).astype(float)
    return counts, rng.dirichlet((9, 6, 5, 9)), float(rng.integers(1, 9)) / 2


def _draw_pwm(rng: np.random.Generator) -> dict[str, object]:
    counts, _, _ = _random_case(rng, 3)
    rich = float(rng.choice([0.3, 0.35, 0.4]))
    background = np.array([rich, 0.5 - rich, 0.5 - rich, rich])
    return {"counts": counts, "background": background, "pseudocount": float(rng.integers(1, 4))}


def _mistaken(
    theta: Callable[..., np.ndarray], log: Callable[..., np.ndarray] = np.log, uniform: bool = False
) -> Callable[[SimpleNamespace], Callable[..., np.ndarray]]:
    """A function that goes from counts to weights by another `theta(n, q, s)`."""

    def function(counts: np.ndarray, background: np.ndarray, pseudocount: float) -> np.ndarray:
        q = np.full(4, 0.25) if uniform else background
        return log(theta(counts, q, pseudocount) / q)

    return lambda given: function


def _theta(n: np.ndarray, q: np.ndarray, s: float) -> np.ndarray:
    return (n + s * q) / (n.sum(axis=1, keepdims=True) + s)


def _never_seen(given: SimpleNamespace, answer: Any) -> str:
    counts = np.array([[8.0, 0, 0, 0], [1, 2, 0, 5]])
    if _agree(answer(counts, given.background, 1.0), Motif("", counts).log_odds(given.background)):
        return ""
    return (
        "All is well while every base was counted. Where a base was never seen, the same formula "
        "should hold; yours does something else there."
    )


def _both_strands(given: SimpleNamespace, answer: Any) -> str:
    counts, q, s = given.counts, np.array([0.1, 0.2, 0.3, 0.4]), 2.0
    back = answer(counts[::-1, ::-1].copy(), q[::-1].copy(), s)
    if _agree(back, Motif("", counts).log_odds(q, s)[::-1, ::-1]):
        return ""
    return "Read on the other strand, the same counts should give the same weights turned round."


def _agree(weights: Any, expected: np.ndarray) -> bool:
    try:
        read = read_numbers(weights, expected.shape)
    except Unreadable:
        return False
    return read.shape == expected.shape and np.allclose(read, expected, atol=1e-5)


PWM = Function(
    id="scoring.pwm",
    title="From counts to weights",
    draw=_draw_pwm,
    task=lambda given: (
        "Write `pwm(counts, background, pseudocount)`. It is given `counts`, an array of shape "
        "(K, 4) with a row for each position and the columns A, C, G, T; `background`, shape "
        "(4,), frequencies that sum to 1; and `pseudocount`, the number of imagined sites "
        "that are **added to each position in all**, shared among the bases as the background "
        "has them. Return the log-odds, shape (K, 4), with the natural logarithm. Positions may "
        "have different totals, and some bases may never have been counted.\n\n"
        f"To try it: `given.counts`\n\n{weights_table(given.counts)}\n\n"
        f"with `given.background` = {', '.join(f'{q:.3g}' for q in given.background)} and "
        f"`given.pseudocount` = {given.pseudocount:g}."
    ),
    right=lambda given: (
        lambda counts, background, pseudocount: Motif("", counts).log_odds(background, pseudocount)
    ),
    cases=lambda given, rng: [
        (given.counts, given.background, given.pseudocount),
        *(_random_case(rng, width) for width in (1, 4, 4, 9)),
    ],
    properties=(_never_seen, _both_strands),
    mistakes=(
        Mistake(
            "log2 for ln",
            "These are the right weights in bits: the logarithm has the base 2. Nats are asked "
            "for.",
            _mistaken(_theta, np.log2),
        ),
        Mistake(
            "logarithm forgotten",
            "These are the right ratios: above 1 where a base is more common in the motif than in "
            "the background. Weights are to be *added*; what turns products into sums?",
            _mistaken(_theta, lambda ratio: ratio),
        ),
        Mistake(
            "uniform background assumed",
            "The background is taken as four equal shares, both for the pseudocount and below the "
            "line. Use the one that the function is given.",
            _mistaken(_theta, uniform=True),
        ),
        Mistake(
            "background forgotten",
            "These are the logarithms of the probabilities. The background has entered into the "
            "pseudocount, but log-odds compare with it once more.",
            _mistaken(lambda n, q, s: _theta(n, q, s) * q),
        ),
        Mistake(
            "normalised over positions instead of bases",
            "Something is summed along the wrong axis. Which four numbers have to be "
            "probabilities that sum to 1: those of a row, or those of a column?",
            _mistaken(lambda n, q, s: (n + s * q) / (n + s * q).sum(axis=0)),
        ),
        Mistake(
            "pseudocount added to each base",
            "The pseudocount is added in full to each base, four times for a position. It is "
            "meant for the position in all, shared out as in the background.",
            _mistaken(lambda n, q, s: (n + s) / (n + s).sum(axis=1, keepdims=True)),
        ),
        Mistake(
            "pseudocount shared out equally",
            "The pseudocount is shared out as four equal parts. A position without any site "
            "should look like the background: share it out as the background does.",
            _mistaken(lambda n, q, s: (n + s / 4) / (n.sum(axis=1, keepdims=True) + s)),
        ),
        Mistake(
            "pseudocount forgotten",
            "Right as long as every base was seen, and without a pseudocount. What would the "
            "logarithm say of a base that was never counted?",
            _mistaken(lambda n, q, s: n / n.sum(axis=1, keepdims=True)),
        ),
        Mistake(
            "total without the pseudocount",
            "The pseudocount is in the numerator but not in the total, so the probabilities of a "
            "position sum to more than 1.",
            _mistaken(lambda n, q, s: (n + s * q) / n.sum(axis=1, keepdims=True)),
        ),
    ),
    hints=(
        "Three steps: counts with pseudocounts; each row divided by its own sum; the logarithm of "
        "what that is over the background.",
        "`a.sum(axis=1, keepdims=True)` has shape (K, 1), so that an array of shape (K, 4) can "
        "be divided by it row by row. An array of shape (4,) is applied to every row by itself.",
        r"In symbols: $\theta_{k,a} = \frac{n_{k,a} + s\,q_a}{N_k + s}$ with the total $N_k$ of "
        "the position.",
    ),
    solution=lambda given: (
        r"$W_{k,a} = \ln\frac{\theta_{k,a}}{q_a}$ with "
        r"$\theta_{k,a} = \frac{n_{k,a} + s\,q_a}{N_k + s}$:"
        "\n\n```python\ndef pwm(counts, background, pseudocount):\n"
        "    added = counts + pseudocount * background\n"
        "    theta = added / added.sum(axis=1, keepdims=True)\n"
        "    return np.log(theta / background)\n```\n\n"
        "The sum of a row of `added` is $N_k + s$, as the background sums to 1. A base that was "
        r"never seen gets $\theta = s\,q_a/(N_k+s)$ and the weight $\ln\frac{s}{N_k+s}$, "
        "whichever base it is: rare, not impossible."
    ),
    effort=lambda given: given.counts.shape,
)
