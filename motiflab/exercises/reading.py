"""Exercises on a filter read as a motif: its background, its gauge, its logo."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.activations import sigmoid
from motiflab.alphabet import BASES
from motiflab.exercises.exercise import ExerciseSet, Mistake
from motiflab.exercises.markdown import as_printed, table, weights_table
from motiflab.exercises.per_cent import per_cent
from motiflab.exercises.reading_background import FOOLED
from motiflab.exercises.reading_filter import READ_FILTER
from motiflab.exercises.reading_logo import HEIGHTS
from motiflab.exercises.values import Text, Value
from motiflab.interpret import motif_from_weights
from motiflab.log_odds import to_gauge

_SHARES = (0.1, 0.2, 0.3, 0.4)
_LN2 = np.log(2)


def _draw_row(rng: np.random.Generator) -> dict[str, Any]:
    """A row whose greatest weight belongs to another base than its greatest probability."""
    while True:
        q, n = rng.permutation(_SHARES), rng.permutation(np.arange(-2, 4))[:4]
        shares = np.sort(q * 2.0**n)
        if (q * 2.0**n).argmax() != n.argmax() and shares[3] > 1.1 * shares[2]:
            return {"w": n * _LN2, "q": q}


def _row(weights: np.ndarray, q: np.ndarray | None = None) -> np.ndarray:
    return motif_from_weights([weights], q).probabilities()[0]


def _up_to_a_factor(answer: np.ndarray, shares: np.ndarray) -> bool:
    """Tell whether these are the shares, had they been divided by their sum."""
    if answer.shape != (4,) or answer.sum() <= 0:
        return False
    return np.allclose(answer / answer.sum(), shares / shares.sum(), atol=0.001)


def _powers(given: SimpleNamespace) -> np.ndarray:
    return np.exp(given.w).round(6)


ROW = Value(
    id="reading.row",
    title="Read one position",
    draw=_draw_row,
    task=lambda given: (
        "At one of its positions a linear filter, trained to tell sites from background, has these "
        "weights $w_a$ (natural log-odds, up to a constant). The bases of the background have the "
        f"frequencies $q_a$.\n\n{table(['base', 'w', 'q'], zip(BASES, given.w, given.q))}\n\n"
        "With which probabilities do the four bases occur at this position of the motif? Give four "
        "numbers in the order A, C, G, T, to 3 decimals. No calculator is needed: "
        "$e^{0.6931} = 2$."
    ),
    right=lambda given: _row(given.w, given.q),
    mistakes=(
        Mistake(
            "per cent for a probability",
            "The numbers themselves are right, in per cent. A probability lies between 0 and 1.",
            lambda given: 100 * _row(given.w, given.q),
            lambda given, answer: (
                answer.shape == (4,)
                and np.allclose(answer, 100 * _row(given.w, given.q), rtol=0, atol=0.5001)
            ),
        ),
        Mistake(
            "uniform background assumed",
            "These would be the probabilities if all four bases were equally common in the "
            "background. Yours are not: the weights only say how much *more* often than in the "
            "background a base occurs.",
            lambda given: _row(given.w),
        ),
        Mistake(
            "log2 for ln",
            "You went back with powers of 2, as if the weights were in bits. They are natural "
            "logarithms, so another base has to be raised to them.",
            lambda given: _row(given.w * _LN2, given.q),
        ),
        Mistake(
            "not divided by the sum",
            "A good start, and one step is left: look at what your four numbers add up to. The "
            "weights hold a constant that does not belong to the motif.",
            lambda given: given.q * np.exp(given.w),
            lambda given, answer: (
                abs(answer.sum() - 1) > 0.01 and _up_to_a_factor(answer, _row(given.w, given.q))
            ),
        ),
        Mistake(
            "background divided out",
            "The weights are logarithms of probability over background, so the background has been "
            "divided out already. You divided by it once more.",
            lambda given: _row(given.w, (1 / given.q) / (1 / given.q).sum()),
            lambda given, answer: _up_to_a_factor(answer, np.exp(given.w) / given.q),
        ),
        Mistake(
            "background added to the weights",
            "You added the background frequency to each weight before taking powers. On the side "
            "of the weights everything is a logarithm: what would have to be added there?",
            lambda given: _row(given.w + given.q),
        ),
    ),
    hints=(
        r"Start from the definition, $w_a = \log(\theta_a / q_a)$ + a constant that is the same "
        r"for all four bases. Solve it for $\theta_a$.",
        "Write each weight as so many times 0.6931: then its exponential is a power of 2.",
        "The constant is still in your four products. What must probabilities add up to?",
    ),
    solution=lambda given: (
        r"From $w_a = \log(\theta_a / q_a) + c$ follows $\theta_a \propto q_a e^{w_a}$."
        "\n\n"
        + table(
            ["base", "$e^w$", "$q e^w$", r"$\theta$"],
            zip(BASES, _powers(given), given.q * _powers(given), _row(given.w, given.q).round(3)),
        )
        + f"\n\nThe products add up to {(given.q * _powers(given)).sum():.4g}; dividing by that "
        f"gives the last column. The greatest weight belongs to {BASES[given.w.argmax()]}, yet "
        f"{BASES[_row(given.w, given.q).argmax()]} is the most frequent: a weight compares a base "
        "with its background, and a rare base can gain much and still be rare."
    ),
    decimals=3,
    printed=lambda given: SimpleNamespace(w=as_printed(given.w), q=given.q),
    early=lambda given: [_row(given.w.round(digits), given.q) for digits in (1, 2)],
    effort=lambda given: int(given.w.argmax()) != int(_row(given.w, given.q).argmax()),
)


def _draw_prior(rng: np.random.Generator) -> dict[str, Any]:
    """Two positions with a constant in each, and a bias that leaves odds of 1/16 to 1/2.

    The background read the other way round, or the constants of both positions added up before
    the logarithm, must show.
    """
    while True:
        q = rng.permutation(_SHARES)
        n = np.array([rng.permutation([-1, 0, 1, 2, 3])[:4] for _ in range(2)])
        sums = 2.0**n @ q
        b = float(-(np.ceil(np.log2(sums).sum()) + rng.integers(1, 4)) * _LN2)
        slips = [np.prod(2.0**n @ q[::-1]), sums.sum()]
        right, *others = sigmoid(b + np.log([np.prod(sums), *slips]))
        if np.abs(others - right).min() > 6e-4:
            return {"W": n * _LN2, "q": q, "b": b}


def _bias_left(given: SimpleNamespace) -> float:
    return to_gauge(given.W, given.b, given.q)[1]


def _constants(given: SimpleNamespace) -> np.ndarray:
    return np.exp(given.W) @ given.q


def _rounded_on_the_way(given: SimpleNamespace) -> list[float]:
    """Return the shares from weights, sums or constants with two decimals, or a bias with one."""
    sums = _constants(given)
    biases = [
        to_gauge(given.W.round(2), round(given.b, 2), given.q)[1],
        given.b + np.log(sums.round(2)).sum(),
        given.b + np.log(sums).round(2).sum(),
        *(round(_bias_left(given), digits) for digits in (1, 2)),
    ]
    return [float(sigmoid(bias)) for bias in biases]


def _one_constant(given: SimpleNamespace, answer: np.ndarray) -> bool:
    moved = sigmoid(given.b + np.log(_constants(given)))
    return answer.shape == () and bool(np.isclose(answer, moved, rtol=0, atol=5.1e-4).any())


PRIOR = Value(
    id="reading.prior",
    title="Find what the bias hides",
    draw=_draw_prior,
    task=lambda given: (
        "A linear filter of two positions was trained with cross-entropy on windows of which a "
        r"share $\pi$ were sites. Its score $b + \sum_k W_{k,x_k}$ has become the log of the odds "
        f"that the window $x$ is a site. The bias is $b = {given.b:.4f}$; the weights, in nats, "
        f"are\n\n{weights_table(given.W)}\n\nand the background is\n\n"
        f"{table(BASES, [tuple(given.q)])}\n\n"
        r"Training was free to hide constants in the weights. Which share $\pi$ of sites did the "
        "filter learn? Give it as a number between 0 and 1, to 3 decimals."
    ),
    right=lambda given: float(sigmoid(_bias_left(given))),
    mistakes=(
        Mistake(
            "gauge forgotten",
            "This is the share if the bias alone held it. But part of it may have gone into the "
            "weights: are your weights log-odds as they stand? Try whether they give "
            "probabilities.",
            lambda given: float(sigmoid(given.b)),
        ),
        Mistake(
            "constant taken from the bias",
            "You found the right constants and moved them the wrong way. What is taken out of the "
            "weights must not get lost from the score.",
            lambda given: float(sigmoid(2 * given.b - _bias_left(given))),
        ),
        Mistake(
            "uniform background assumed",
            "You looked for the constants as if the four bases were equally common in the "
            "background. Use the frequencies that are given.",
            lambda given: float(sigmoid(to_gauge(given.W, given.b)[1])),
        ),
        Mistake(
            "background left out",
            "You added up the exponentials of the weights alone. Which quantity has to sum to 1 "
            "over the four bases: $e^W$, or $e^W$ times something?",
            lambda given: float(sigmoid(given.b + np.log(np.exp(given.W).sum(axis=1)).sum())),
        ),
        Mistake(
            "weights centred instead of made log-odds",
            "You took out of each position the mean of its four weights. A constant has indeed to "
            "come out, but weights with the mean 0 need not be log-odds: for those, it is "
            "probabilities that must sum to 1.",
            lambda given: float(sigmoid(given.b + given.W.mean(axis=1).sum())),
        ),
        Mistake(
            "one position only",
            "You found the constant of one position and moved it rightly. The filter has another "
            "position.",
            lambda given: float(sigmoid(given.b + np.log(_constants(given)[0]))),
            lambda given, answer: _one_constant(given, answer),
        ),
        Mistake(
            "log-odds for a probability",
            "This is the bias that is left, and the hard part is done. It is the logarithm of the "
            "odds; the question is about a share.",
            _bias_left,
        ),
        Mistake(
            "odds for a probability",
            "These are the odds, sites to background. The question is about the share among *all* "
            "windows.",
            lambda given: float(np.exp(_bias_left(given))),
        ),
        Mistake(
            "log2 for ln",
            "You read weights and bias as bits. They are natural logarithms.",
            lambda given: float(sigmoid(to_gauge(given.W * _LN2, given.b * _LN2, given.q)[1])),
        ),
        per_cent("a share", lambda given: float(sigmoid(_bias_left(given)))),
    ),
    hints=(
        r"If $W_{k,a}$ is exactly $\log(\theta_{k,a}/q_a)$, what does $\sum_a q_a e^{W_{k,a}}$ "
        "give? What does it give here?",
        "Take the logarithm of that sum out of the four weights of its position. No score may "
        "change, so it has to go somewhere.",
        r"The bias that is left is $\log\frac{\pi}{1-\pi}$.",
    ),
    solution=lambda given: (
        r"Were the weights log-odds, $\sum_a q_a e^{W_{k,a}}$ would be 1. It is "
        f"{_constants(given)[0]:.4g} at k = 0 and {_constants(given)[1]:.4g} at k = 1, so the "
        f"constants {np.log(_constants(given)[0]):.3f} and {np.log(_constants(given)[1]):.3f} are "
        "hidden in the weights. Moved into the bias they give $b' = "
        f"{_bias_left(given):.3f}$. As odds: "
        f"{np.exp(given.b):.4g} · {_constants(given)[0]:.4g} · {_constants(given)[1]:.4g} = "
        f"{np.exp(_bias_left(given)):.4f}, and odds $o$ are a share of "
        f"$o/(1+o)$: **{PRIOR.right(given):.3f}**. Only this bias can be told from data; the one "
        "that was written in the filter means nothing without its weights."
    ),
    decimals=3,
    printed=lambda given: SimpleNamespace(W=as_printed(given.W), q=given.q, b=round(given.b, 4)),
    early=_rounded_on_the_way,
    effort=lambda given: (given.W.shape, 1 / 16 <= np.exp(_bias_left(given)) <= 1 / 2),
)


SHARPER = Text(
    id="reading.sharper",
    title="Explain what a trained logo may claim",
    draw=lambda rng: {"factor": int(rng.integers(2, 6))},
    task=lambda given: (
        r"A trained network has one filter behind a ReLU: $z = v \max_j \mathrm{ReLU}(y_j) + c$ "
        r"with $y_j = b + \sum_k W_{k,x_{j+k}}$ and $v > 0$. Two friends read a motif off the same "
        r"network by $q_a e^{W_{k,a}}$, divided by its sum. One of them first multiplies $W$ and "
        f"$b$ by {given.factor} and divides $v$ by {given.factor}. Explain in a few sentences: "
        "does any prediction change? Do the two logos agree? What may one claim about the motif "
        "of such a filter, and what not? How could one find its information content after all?"
    ),
    hints=(
        "Take a positive factor out of the ReLU and out of the maximum: what remains of it?",
        "Compare the ratio of two bases' probabilities at one position before and after: "
        r"$\theta_a/\theta_c = (q_a/q_c)\,e^{W_a - W_c}$.",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        f"- No prediction changes: ReLU and maximum let the factor {given.factor} through, and "
        f"$v/{given.factor}$ takes it back.\n"
        f"- The logos differ: the ratios $e^{{W_a - W_c}}$ are raised to the power {given.factor}, "
        "so the second motif looks sharper and seems to carry more information.\n"
        "- Adding a constant to a position is harmless to the softmax; *multiplying* is not.\n"
        "- So one may claim which bases stand out from the background at a position, in which "
        "order, and which positions matter more than others; but no probabilities and no bits. "
        "Those need weights that are log-odds, as in a linear filter under a sigmoid.\n"
        "- A way out: collect the windows on which the filter fires in real sequences, align them "
        "and count their bases (and say with which threshold: a high one sharpens them)."
    ),
)

SET = ExerciseSet(
    "reading",
    "A filter read as a motif",
    3297867,
    (ROW, PRIOR, READ_FILTER, HEIGHTS, FOOLED, SHARPER),
)
