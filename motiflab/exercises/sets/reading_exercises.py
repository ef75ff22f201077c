"""Exercises on a filter read as a motif: its background, its gauge, its strand, its logo."""

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
    as_printed,
    draw_word,
    per_cent,
    table,
    weights_table,
)
from motiflab.figures.logo import letter_heights
from motiflab.layers.activations import sigmoid
from motiflab.motifs import information, motif_from_weights, to_gauge
from motiflab.sequences import reverse_complement
from motiflab.sequences.alphabet import BASES

_SHARES = (0.1, 0.2, 0.3, 0.4)
_LN2 = np.log(2)


# -- Read one position -----------------------------------------------------------------------------


def _draw_row(rng: np.random.Generator) -> dict[str, Any]:
    """Draw a row whose greatest weight and greatest probability belong to different bases."""
    while True:
        # Whole powers of 2, so that no calculator is needed.
        q, n = rng.permutation(_SHARES), rng.permutation(np.arange(-2, 4))[:4]
        shares = np.sort(q * 2.0**n)
        if (q * 2.0**n).argmax() != n.argmax() and shares[3] > 1.1 * shares[2]:
            return {"w": n * _LN2, "q": q}


def _row(weights: np.ndarray, q: np.ndarray | None = None) -> np.ndarray:
    return motif_from_weights([weights], q).probabilities()[0]


def _up_to_a_factor(answer: np.ndarray, shares: np.ndarray) -> bool:
    """Tell whether these are the shares, had they been divided by their sum."""
    return (
        answer.shape == (4,)
        and answer.sum() > 0
        and np.allclose(answer / answer.sum(), shares / shares.sum(), atol=0.001)
    )


def _powers(given: Given) -> np.ndarray:
    return np.exp(given.w).round(6)


ROW = Value(
    id="reading.row",
    title="Read one position",
    draw=_draw_row,
    task=lambda given: (
        "At one of its positions a linear filter, trained to tell sites from background, has "
        "these weights $w_a$ (natural log-odds, up to a constant). The background has the base "
        "frequencies $q_a$.\n\n"
        f"{table(['base', 'w', 'q'], zip(BASES, given.w, given.q))}\n\n"
        "What are the probabilities of the four bases at this position of the motif? Give four "
        "numbers in the order A, C, G, T, to 3 decimals. No calculator is needed: $e^{0.6931} = "
        "2$."
    ),
    right=lambda given: _row(given.w, given.q),
    mistakes=(
        Mistake(
            "per cent for a probability",
            "The numbers are right, but in per cent. A probability lies between 0 and 1.",
            lambda given: 100 * _row(given.w, given.q),
            lambda given, answer: (
                answer.shape == (4,)
                and np.allclose(answer, 100 * _row(given.w, given.q), rtol=0, atol=0.5001)
            ),
        ),
        Mistake(
            "uniform background assumed",
            "This would be right if all four bases were equally common in the background. Yours "
            "are not: the weights only say how much *more* often a base occurs than in the "
            "background.",
            lambda given: _row(given.w),
        ),
        Mistake(
            "log2 for ln",
            "You took powers of 2, as if the weights were in bits. They are natural logarithms, "
            "so take powers of $e$.",
            lambda given: _row(given.w * _LN2, given.q),
        ),
        Mistake(
            "not divided by the sum",
            "A good start, but one step is missing: what do your four numbers add up to? The "
            "weights contain a constant that does not belong to the motif.",
            lambda given: given.q * np.exp(given.w),
            lambda given, answer: (
                abs(answer.sum() - 1) > 0.01 and _up_to_a_factor(answer, _row(given.w, given.q))
            ),
        ),
        Mistake(
            "background divided out",
            "The weights are logarithms of probability over background, so the background has "
            "been divided out already. You divided by it a second time.",
            lambda given: _row(given.w, (1 / given.q) / (1 / given.q).sum()),
            lambda given, answer: _up_to_a_factor(answer, np.exp(given.w) / given.q),
        ),
        Mistake(
            "background added to the weights",
            "You added the background frequency to each weight before taking powers. The weights "
            "are logarithms: what would you have to add to them instead?",
            lambda given: _row(given.w + given.q),
        ),
    ),
    hints=(
        r"Start from the definition, $w_a = \log(\theta_a / q_a)$ + a constant that is the same "
        r"for all four bases. Solve it for $\theta_a$.",
        "Write each weight as a multiple of 0.6931: then its exponential is a power of 2.",
        "Your four products still contain the constant. What must probabilities add up to?",
    ),
    solution=lambda given: (
        r"From $w_a = \log(\theta_a / q_a) + c$ follows $\theta_a \propto q_a e^{w_a}$."
        "\n\n"
        + table(
            ["base", "$e^w$", "$q e^w$", r"$\theta$"],
            zip(BASES, _powers(given), given.q * _powers(given), _row(given.w, given.q).round(3)),
        )
        + "\n\n"
        f"The products add up to {(given.q * _powers(given)).sum():.4g}; dividing by that gives "
        f"the last column. The greatest weight belongs to {BASES[given.w.argmax()]}, yet "
        f"{BASES[_row(given.w, given.q).argmax()]} is the most frequent: a weight compares a "
        "base with its background, and a rare base can become much more frequent and still be "
        "rare."
    ),
    decimals=3,
    printed=lambda given: Given(w=as_printed(given.w), q=given.q),
    early=lambda given: [_row(given.w.round(digits), given.q) for digits in (1, 2)],
    effort=lambda given: int(given.w.argmax()) != int(_row(given.w, given.q).argmax()),
)


# -- The share of sites that a bias hides ----------------------------------------------------------


def _draw_prior(rng: np.random.Generator) -> dict[str, Any]:
    """Draw two positions with a constant in each, and a bias that leaves odds of 1/16 to 1/2.

    The answer must differ if the background is read the other way round, or if the constants of
    both positions are added up before the logarithm is taken.
    """
    while True:
        q = rng.permutation(_SHARES)
        n = np.array([rng.permutation([-1, 0, 1, 2, 3])[:4] for _ in range(2)])
        sums = 2.0**n @ q
        # The constants go into the bias: with them, it is to lie between ln 1/16 and ln 1/2.
        b = float(-(np.ceil(np.log2(sums).sum()) + rng.integers(1, 4)) * _LN2)
        slips = [np.prod(2.0**n @ q[::-1]), sums.sum()]
        right, *others = sigmoid(b + np.log([np.prod(sums), *slips]))
        if np.abs(others - right).min() > 6e-4:
            return {"W": n * _LN2, "q": q, "b": b}


def _bias_left(given: Given) -> float:
    return to_gauge(given.W, given.b, given.q)[1]


def _constants(given: Given) -> np.ndarray:
    return np.exp(given.W) @ given.q


def _rounded_on_the_way(given: Given) -> list[float]:
    """Return the shares from weights, sums or constants with two decimals, or a bias with one."""
    sums = _constants(given)
    biases = [
        to_gauge(given.W.round(2), round(given.b, 2), given.q)[1],
        given.b + np.log(sums.round(2)).sum(),
        given.b + np.log(sums).round(2).sum(),
        *(round(_bias_left(given), digits) for digits in (1, 2)),
    ]
    return [float(sigmoid(bias)) for bias in biases]


PRIOR = Value(
    id="reading.prior",
    title="Find what the bias hides",
    draw=_draw_prior,
    task=lambda given: (
        "A linear filter of two positions was trained with cross-entropy on windows of which a "
        r"share $\pi$ were sites. Its score $b + \sum_k W_{k,x_k}$ has become the log of the odds "
        f"that the window $x$ is a site. The bias is $b = {given.b:.4f}$; the weights, in nats, "
        "are\n\n"
        f"{weights_table(given.W)}\n\n"
        "and the background is\n\n"
        f"{table(BASES, [tuple(given.q)])}\n\n"
        r"The training may have hidden constants in the weights. Which share $\pi$ of sites did "
        "the filter learn? Give it as a number between 0 and 1, to 3 decimals."
    ),
    right=lambda given: float(sigmoid(_bias_left(given))),
    mistakes=(
        Mistake(
            "gauge forgotten",
            "This would be the share if the bias alone contained it. But part of it may be in the "
            "weights: are your weights really log-odds? Check whether they give probabilities "
            "that sum to 1.",
            lambda given: float(sigmoid(given.b)),
        ),
        Mistake(
            "constant taken from the bias",
            "You found the right constants but moved them the wrong way. What you take out of the "
            "weights must stay in the score.",
            lambda given: float(sigmoid(2 * given.b - _bias_left(given))),
        ),
        Mistake(
            "uniform background assumed",
            "You looked for the constants as if the four bases were equally common in the "
            "background. Use the given frequencies.",
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
            "You subtracted from each position the mean of its four weights. You must indeed "
            "subtract a constant, but weights with mean 0 need not be log-odds: log-odds must "
            "give probabilities that sum to 1.",
            lambda given: float(sigmoid(given.b + given.W.mean(axis=1).sum())),
        ),
        Mistake(
            "one position only",
            "You found the constant of one position and moved it correctly. The filter has a "
            "second position.",
            lambda given: float(sigmoid(given.b + np.log(_constants(given)[0]))),
            also=(lambda given: float(sigmoid(given.b + np.log(_constants(given)[1]))),),
        ),
        Mistake(
            "log-odds for a probability",
            "This is the right remaining bias, and the hard part is done. It is the logarithm of "
            "the odds, but the question is about a share.",
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
            "You read the weights and the bias as bits. They are natural logarithms.",
            lambda given: float(sigmoid(to_gauge(given.W * _LN2, given.b * _LN2, given.q)[1])),
        ),
        per_cent("a share", lambda given: float(sigmoid(_bias_left(given)))),
    ),
    hints=(
        r"If $W_{k,a}$ is exactly $\log(\theta_{k,a}/q_a)$, what does $\sum_a q_a e^{W_{k,a}}$ "
        "give? What does it give here?",
        "Subtract the logarithm of that sum from the four weights of its position. No score may "
        "change, so where must it go?",
        r"The remaining bias is $\log\frac{\pi}{1-\pi}$.",
    ),
    solution=lambda given: (
        r"If the weights were log-odds, $\sum_a q_a e^{W_{k,a}}$ would be 1. It is "
        f"{_constants(given)[0]:.4g} at k = 0 and {_constants(given)[1]:.4g} at k = 1, so the "
        f"constants {np.log(_constants(given)[0]):.3f} and {np.log(_constants(given)[1]):.3f} are "
        "hidden in the weights. If you move them into the bias, you get $b' = "
        f"{_bias_left(given):.3f}$. As odds: {np.exp(given.b):.4g} · {_constants(given)[0]:.4g} · "
        f"{_constants(given)[1]:.4g} = {np.exp(_bias_left(given)):.4f}, and odds $o$ are a share "
        f"of $o/(1+o)$: **{PRIOR.right(given):.3f}**. Only this bias is determined by the data; "
        "the one written in the filter means nothing without its weights."
    ),
    decimals=3,
    printed=lambda given: Given(W=as_printed(given.W), q=given.q, b=round(given.b, 4)),
    early=_rounded_on_the_way,
    effort=lambda given: (given.W.shape, 1 / 16 <= np.exp(_bias_left(given)) <= 1 / 2),
)


# -- Read a whole filter, on either strand ---------------------------------------------------------


def _read(weights: np.ndarray, q: np.ndarray | None, strand: str) -> np.ndarray:
    motif = motif_from_weights(weights, q)
    return (motif if strand == "+" else motif.reverse_complement()).probabilities()


def _wrongly_divided(axis: int | None) -> Callable[..., np.ndarray]:
    """Make the mistake of dividing along another axis than the bases, or of not dividing."""

    def mistaken(weights: np.ndarray, q: np.ndarray, strand: str) -> np.ndarray:
        share = q * np.exp(weights)
        share = share if axis is None else share / share.sum(axis=axis)
        return share if strand == "+" else share[::-1, ::-1]

    return mistaken


def _only(axis: int) -> Callable[..., np.ndarray]:
    """Make the mistake of turning a motif along one axis only for the other strand."""

    def mistaken(weights: np.ndarray, q: np.ndarray, strand: str) -> np.ndarray:
        ppm = _read(weights, q, "+")
        return ppm if strand == "+" else np.flip(ppm, axis)

    return mistaken


def _as_read(weights: np.ndarray, q: np.ndarray, strand: str) -> bool:
    """Tell whether the strand of the filter is asked for.

    The mistake is looked for in these cases only, as an answer may treat the others in any way.
    """
    return strand == "+"


def _draw_filter(rng: np.random.Generator) -> dict[str, Any]:
    """Draw three positions, and a background that differs on the other strand."""
    W = rng.permutation(np.arange(-6, 6)).reshape(3, 4) / 4
    return {"W": W, "q": rng.permutation(_SHARES)}


def _filter_cases(given: Given, rng: np.random.Generator) -> list[tuple[Any, ...]]:
    uniform = np.full(4, 0.25)
    longer = rng.normal(0, 1, (6, 4)).round(2)
    return [
        (given.W[:1], given.q, "+"),
        (given.W, given.q, "+"),
        (given.W, uniform, "-"),
        (given.W, given.q, "-"),
        (longer, np.array([0.3, 0.2, 0.2, 0.3]), "+"),
        (longer, given.q, "-"),
    ]


def _columns_sum_to_one(given: Given, answer: list[np.ndarray]) -> bool:
    # A result with its axes swapped has four rows, and is another mistake.
    return all(value.shape[1:] == (4,) and np.allclose(value.sum(axis=0), 1) for value in answer)


def _ignores_constants(given: Given, answer: Callable[..., Any]) -> bool:
    constants = np.array([[2.0], [-1.0], [0.5]])
    return np.allclose(answer(given.W + constants, given.q, "+"), answer(given.W, given.q, "+"))


def _strands_agree(given: Given, answer: Callable[..., Any]) -> bool:
    # A filter and a background that are turned round themselves describe the other strand.
    turned = answer(given.W[::-1, ::-1].copy(), given.q[::-1].copy(), "+")
    return np.allclose(turned, answer(given.W, given.q, "-"))


READ_FILTER = Function(
    id="reading.read_filter",
    title="Read a whole filter, on either strand",
    draw=_draw_filter,
    task=lambda given: (
        "Write `read_filter(W, q, strand)`. `W` is an array of shape $(K, 4)$: the weights of a "
        "linear filter, natural log-odds up to a constant in each position. `q` has shape $(4,)$: "
        "the background. Columns are in the order A, C, G, T. Return the PPM, shape $(K, 4)$. If "
        '`strand` is `"+"`, return the PPM of the motif as the filter reads it; if it is `"-"`, '
        "that of the same motif on the opposite strand. `W` and `q` always belong to the strand "
        '"+".\n\n'
        "Your function will be tried on several filters, among them your own `given.W`\n\n"
        f"{weights_table(given.W)}\n\n"
        "and `given.q`\n\n"
        f"{table(BASES, [tuple(given.q)])}"
    ),
    right=lambda given: _read,
    cases=_filter_cases,
    properties=(
        Property(
            "If a constant is added to all four weights of a position, your function returns "
            "something different, although no difference between windows changes.",
            _ignores_constants,
        ),
        Property(
            "For the reverse complement of the filter and of the background, your function should "
            'return what it returns for the strand "-".',
            _strands_agree,
        ),
    ),
    mistakes=(
        Mistake(
            "softmax over positions instead of bases",
            "Your columns sum to 1: you divided along the positions. Each position holds exactly "
            "one of four bases, so what must sum to 1?",
            lambda given: _wrongly_divided(0),
            seen=_columns_sum_to_one,
        ),
        Mistake(
            "uniform background assumed",
            "This is the plain softmax of the weights. It is right if all four bases are equally "
            "common in the background; but your function does not use its argument `q`.",
            lambda given: lambda W, q, strand: _read(W, None, strand),
            where=_as_read,
        ),
        Mistake(
            "log2 for ln",
            "You took powers of 2. The weights are natural logarithms, not bits.",
            lambda given: lambda W, q, strand: _read(_LN2 * W, q, strand),
            where=_as_read,
        ),
        Mistake(
            "reverse instead of reverse complement",
            'On the strand "-" your positions run backwards, as they should, but each base is '
            "still the same. Which base is opposite an A?",
            lambda given: _only(0),
        ),
        Mistake(
            "complement without reverse",
            'On the strand "-" your bases are exchanged, as they should be, but the positions '
            "still run in the old direction. The opposite strand is read from its own beginning.",
            lambda given: _only(1),
        ),
        Mistake(
            "strand ignored",
            'Your PPM for the strand "+" is right. For "-" you return the same one; read the '
            "motif on the opposite strand instead.",
            lambda given: lambda W, q, strand: _read(W, q, "+"),
        ),
        Mistake(
            "not divided by the sum",
            "Background times exponential is the main step. But the weights contain a constant in "
            "each position, so these products need not be probabilities yet.",
            lambda given: _wrongly_divided(None),
            where=_as_read,
        ),
        Mistake(
            "turned before the background",
            'For "-" you first reversed and complemented the weights and then multiplied by the '
            'background of the strand "+". Combine weights and background of the same strand.',
            lambda given: lambda W, q, strand: _read(W if strand == "+" else W[::-1, ::-1], q, "+"),
        ),
    ),
    hints=(
        "First do it for one position, as in the first exercise. Then do all positions at once: "
        "`q * np.exp(W)` multiplies each row by `q`.",
        "`sum(axis=1, keepdims=True)` adds up the four bases of each position and returns a shape "
        "by which you can divide.",
        "In the order A, C, G, T a base is as far from the start as its partner from the end. So "
        "how do you get the complement of a whole row?",
    ),
    solution=lambda given: (
        r"With $\theta_{k,a} = q_a e^{W_{k,a}} / \sum_c q_c e^{W_{k,c}}$ each row is computed on "
        "its own; the sum runs over the bases, `axis=1`. The opposite strand runs the other way "
        "and pairs A with T and C with G. So flip both axes: the complement of column $a$ is "
        "column $3 - a$.\n\n"
        "```python\n"
        "def read_filter(W, q, strand):\n"
        "    share = q * np.exp(W)\n"
        "    ppm = share / share.sum(axis=1, keepdims=True)\n"
        '    return ppm if strand == "+" else ppm[::-1, ::-1]\n'
        "```\n\n"
        "If the background differs between the strands, multiply the weights by the background of "
        "their own strand *before* you flip anything."
    ),
    effort=lambda given: (given.W.shape, bool((given.q != given.q[::-1]).all())),
)


# -- The letters of a logo -------------------------------------------------------------------------


def _draw_heights(rng: np.random.Generator) -> dict[str, Any]:
    """Draw three positions in tenths, and a background that is never uniform."""
    rows = ((0.7, 0.1, 0.1, 0.1), (0.5, 0.3, 0.1, 0.1), (0.4, 0.3, 0.2, 0.1))
    ppm = np.array([rng.permutation(row) for row in rng.permutation(rows)])
    return {"ppm": ppm, "q": rng.permutation(_SHARES)}


def _heights_cases(given: Given, rng: np.random.Generator) -> list[tuple[Any, ...]]:
    drawn = rng.dirichlet(np.ones(4), 5).round(3) + 0.001
    return [
        (given.ppm[:1], given.q),
        (given.ppm, given.q),
        (drawn / drawn.sum(axis=1, keepdims=True), np.array([0.3, 0.2, 0.2, 0.3])),
        (np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 0.5, 0.5, 0.0]]), given.q),
    ]


def _terms(ppm: np.ndarray, q: np.ndarray) -> np.ndarray:
    return ppm * np.log2(np.where(ppm > 0, ppm / q, 1.0))


def _with_nan(ppm: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Return heights as numpy computes them if 0 times log 0 is left to it."""
    return np.where((ppm > 0).all(axis=1, keepdims=True), letter_heights(ppm, "bits", q), np.nan)


def _entropies(ppm: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Return heights by the entropy of the background minus that of the position."""
    uniform = np.full(4, 0.25)
    less = information(ppm, uniform) - information(q[np.newaxis], uniform)
    return ppm * less[:, np.newaxis]


def _empty_where_like_background(given: Given, answer: Callable[..., Any]) -> bool:
    return np.allclose(answer(np.tile(given.q, (2, 1)), given.q), 0)


HEIGHTS = Function(
    id="reading.heights",
    title="Build the logo's letters",
    draw=_draw_heights,
    task=lambda given: (
        "Write `heights(ppm, q)`. `ppm` has shape $(K, 4)$, `q` shape $(4,)$, columns A, C, G, T. "
        "Return the height of every letter of the sequence logo, in bits, shape $(K, 4)$: at each "
        "position the stack is as high as the position's information content against the "
        "background `q` (the relative entropy), and the letters share it in proportion to their "
        "probabilities. A probability may be 0: such a base adds no information, and its letter "
        "has no height.\n\n"
        f"Among others, it will be tried on your own `given.ppm`\n\n{weights_table(given.ppm)}\n\n"
        f"and `given.q`\n\n{table(BASES, [tuple(given.q)])}"
    ),
    right=lambda given: lambda ppm, q: letter_heights(ppm, "bits", q),
    cases=_heights_cases,
    properties=(
        Property(
            "Where the motif equals the background, it carries no information, and no letter "
            "should have any height.",
            _empty_where_like_background,
        ),
    ),
    mistakes=(
        Mistake(
            "0 times log 0",
            "Your heights are right wherever all four probabilities are above 0. At a position "
            "where one of them is 0 they are `nan`: numpy computes $0 \\cdot \\log 0$ as 0 times "
            "minus infinity. Such a base should add 0 to the information.",
            lambda given: _with_nan,
        ),
        Mistake(
            "uniform background assumed",
            "Your stacks measure how far each position is from equal shares of the four bases. "
            "The given background has different shares.",
            lambda given: lambda ppm, q: letter_heights(ppm),
        ),
        Mistake(
            "ln for log2",
            "The proportions are right but the unit is not: your heights are in nats. The axis of "
            "a logo is in bits.",
            lambda given: lambda ppm, q: np.log(2) * letter_heights(ppm, "bits", q),
        ),
        Mistake(
            "difference of entropies",
            "You subtracted the entropy of the position from that of the background. For a "
            "uniform background this is the relative entropy. For other backgrounds it is not: "
            "compare each base with its own frequency in the background.",
            lambda given: _entropies,
        ),
        Mistake(
            "each term a letter",
            "You used the four terms of the information content as the heights of the letters. "
            "Some of them are negative. First add them up to the height of the stack; then divide "
            "it among the letters.",
            lambda given: _terms,
        ),
        Mistake(
            "summed over positions",
            "You added up along the positions, one sum for each base. Information belongs to a "
            "position: one sum over its four bases.",
            lambda given: lambda ppm, q: ppm * _terms(ppm, q).sum(axis=0),
        ),
        Mistake(
            "stack not shared out",
            "Your letters all have the height of the whole stack. A letter's share of it is its "
            "probability.",
            lambda given: lambda ppm, q: np.tile(information(ppm, q)[:, None], 4),
        ),
        Mistake(
            "probabilities for heights",
            "These are the probabilities: all stacks would be equally high. In bits, a position "
            "with little information has a low stack.",
            lambda given: lambda ppm, q: ppm,
        ),
    ),
    hints=(
        r"The information content of position $k$ is $I_k = \sum_a \theta_{k,a} \log_2("
        r"\theta_{k,a}/q_a)$: one number for each position.",
        "`I[:, None]` has the shape $(K, 1)$, so it can be multiplied with an array of shape "
        "$(K, 4)$.",
        "numpy says `nan` for $0 \\cdot \\log 0$. `np.where(ppm > 0, ppm / q, 1)` puts a 1 where "
        "the probability is 0, and the logarithm of 1 is 0.",
    ),
    solution=lambda given: (
        r"Height $h_{k,a} = \theta_{k,a} I_k$ with $I_k = \sum_c \theta_{k,c}\log_2(\theta_{k,c}/"
        r"q_c)$. Your own stacks are "
        + ", ".join(f"{bits:.2f}" for bits in information(given.ppm, given.q))
        + " bits high.\n\n"
        "```python\n"
        "def heights(ppm, q):\n"
        "    ratio = np.where(ppm > 0, ppm / q, 1)\n"
        "    information = (ppm * np.log2(ratio)).sum(axis=1)\n"
        "    return ppm * information[:, None]\n"
        "```\n\n"
        "Against a uniform background this is 2 bits minus the entropy of the position. Against "
        "a different background, a position of equal shares is not empty: it differs from what "
        "we would see by chance."
    ),
    effort=lambda given: (given.ppm.shape, sorted(given.ppm.max(axis=1).tolist())),
)


# -- Fool the plain softmax ------------------------------------------------------------------------


def _draw_fooled(rng: np.random.Generator) -> dict[str, Any]:
    """Draw four positions, one of them doubtful: there a second base is frequent, too.

    The favourite base of the doubtful position is the clear one of another position, so that a
    background that is too extreme changes that one as well.
    """
    bases = rng.permutation(4)  # favourite, second, and the two others of the doubtful position
    doubtful = ((11, 6, 2, 1), (10, 6, 3, 1), (12, 6, 1, 1))[rng.integers(3)]
    k, elsewhere, *rest = (int(place) for place in rng.permutation(4))
    counts = np.ones((4, 4), dtype=int)
    counts[k, bases] = doubtful
    counts[elsewhere, bases[0]] = 17
    for place in rest:
        counts[place, rng.integers(4)] = 17
    return {"counts": counts, "k": k, "first": BASES[bases[0]], "second": BASES[bases[1]]}


def _background(given: Given, first: float, second: float, *others: float) -> str:
    """Write a background by the shares of the favourite, the second and the two other bases."""
    rest = [base for base in BASES if base not in (given.first, given.second)]
    shares = dict(zip((given.first, given.second, *rest), (first, second, *others)))
    return " ".join(f"{shares[base]:g}" for base in BASES)


def _share(shown: Shown, base: str) -> float:
    return float(shown.result.background[BASES.index(base)])


def _tallest(shown: Shown, given: Given) -> str:
    return BASES[int(shown.result.plain[given.k].argmax())]


def _others_kept(shown: Shown, given: Given) -> bool:
    same = shown.result.plain.argmax(axis=1) == shown.result.ppm.argmax(axis=1)
    return bool(np.delete(same, given.k).all())


FOOLED = Target(
    id="reading.fooled",
    title="Fool the plain softmax",
    explorer="LogOddsExplorer",
    draw=_draw_fooled,
    start=lambda given: {
        "counts": tuple(map(tuple, given.counts.tolist())),
        "window": "".join(BASES[a] for a in given.counts.argmax(axis=1)),
    },
    locked=("counts", "pseudocount"),
    hidden=("prior", "window", "position", "constant"),
    prediction=(
        "At one position of your motif two bases compete. The motif is read from the weights by "
        "plain softmax, which ignores the background. Must the more frequent of the two be common "
        "or rare in the background for the *other* one to be drawn taller? Say why."
    ),
    task=lambda given: (
        f"The card shows a motif counted from 20 sites. At position k = {given.k} (counted from 0) "
        f"{given.first} was seen most often and {given.second} second. Change the *Background of "
        f"A C G T* so that the logo read **by plain softmax** shows **{given.second}** as the "
        "tallest letter of that position, and still shows the right tallest letter at the three "
        "other positions. Then press *Share* and copy the line named *Scene*."
    ),
    right=lambda given: {"background": _background(given, 0.45, 0.15, 0.2, 0.2)},
    reached=lambda given, shown: (
        _tallest(shown, given) == given.second and _others_kept(shown, given)
    ),
    mistakes=(
        Mistake(
            "uniform background kept",
            "The background is still uniform, and then both ways of reading agree. Change its "
            "four numbers, then press Enter.",
            lambda given: {},
            seen=lambda given, shown: bool(np.allclose(shown.result.background, 0.25)),
        ),
        Mistake(
            "another position changed too",
            "The position in question does what it should, but the tallest letter has also "
            "changed at another position. You went further than needed: try a milder background.",
            lambda given: {"background": _background(given, 0.91, 0.03, 0.03, 0.03)},
            seen=lambda given, shown: _tallest(shown, given) == given.second,
        ),
        Mistake(
            "favourite not made common",
            "In your background the most frequent base of the motif is not more common than its "
            "rival. Plain softmax shows the ratio of a base to its background: which of the two "
            "gains by your change?",
            lambda given: {"background": _background(given, 0.15, 0.45, 0.2, 0.2)},
            seen=lambda given, shown: _share(shown, given.first) <= _share(shown, given.second),
        ),
        Mistake(
            "a third base wins",
            "A third base is now the tallest: it is so rare in your background that even a few "
            "counts look like a lot. Leave the two other bases as they were, and change only the "
            "two that compete.",
            lambda given: {"background": _background(given, 0.34, 0.32, 0.01, 0.33)},
            seen=lambda given, shown: _tallest(shown, given) not in (given.first, given.second),
        ),
        Mistake(
            "not far enough",
            "The right direction: the most frequent base is already closer to its rival. Go a "
            "little further.",
            lambda given: {"background": _background(given, 0.26, 0.24, 0.25, 0.25)},
            seen=lambda given, shown: _tallest(shown, given) == given.first,
        ),
    ),
    hints=(
        r"Plain softmax returns $\theta_a/q_a$, divided by its sum: what does that compare, in "
        "words?",
        lambda given: (
            f"{given.first} was counted about twice as often as {given.second} there. By which "
            "factor must their backgrounds differ to reverse the order?"
        ),
        "The four numbers must be above 0 and sum to 1; start from 0.25 each and move a part of "
        "one base's share to the other.",
    ),
    solution=lambda given: (
        r"The weights are $\log(\theta_a/q_a)$, so plain softmax returns $\theta_a/q_a$ divided "
        f"by its sum. {given.second} is drawn taller than {given.first} as soon as "
        rf"$q_\mathrm{{{given.first}}}/q_\mathrm{{{given.second}}}$ exceeds "
        rf"$\theta_\mathrm{{{given.first}}}/\theta_\mathrm{{{given.second}}}$, about 2 here: the "
        "most frequent base of the motif must be *common* in the background. The background "
        f"`{_background(given, 0.45, 0.15, 0.2, 0.2)}` does it, with a ratio of 3. At the other "
        "positions the most frequent base was counted 17 times as often as any other base, so "
        "these positions do not change. The logo read with $q e^W$ always shows the counted motif."
    ),
    effort=lambda given: sorted(given.counts.max(axis=1).tolist())[1:],
)


# -- What a filter on one strand can see -----------------------------------------------------------


def _draw_one_strand(rng: np.random.Generator) -> dict[str, float]:
    return {
        "share": int(rng.choice([2, 3, 4, 6, 7, 8])) / 10,
        "area": int(rng.integers(44, 49)) / 50,
    }


ONE_STRAND = Value(
    id="reading.one_strand",
    title="What a filter on one strand can see",
    draw=_draw_one_strand,
    task=lambda given: (
        "A filter reads only the strand that is written in the file. Every positive sequence has "
        f"one site. In a share of {given.share:g} of them it is on the written strand, in the "
        "others on the strand that the filter does not read. The score of a sequence is that of "
        "its highest window.\n\n"
        "A random positive *with its site on the written strand* scores higher than a random "
        f"negative with probability {given.area:g}. A positive with its site on the other strand "
        "scores like a negative.\n\n"
        "With which probability does a random positive of either kind score higher than a random "
        "negative? (This is the AUROC of the filter. There are no equal scores.) Answer to 3 "
        "decimals."
    ),
    right=lambda given: given.share * given.area + (1 - given.share) / 2,
    mistakes=(
        Mistake(
            "other strand counted as seen",
            "This holds for the positives whose site is on the written strand. What about the "
            "others, which look like negatives to this filter?",
            lambda given: given.area,
        ),
        Mistake(
            "other strand counted as lost",
            "You let every positive with its site on the other strand score below every negative. "
            "It scores *like* a negative. How often does one negative score higher than another?",
            lambda given: given.share * given.area,
        ),
        Mistake(
            "shares exchanged",
            "The formula is right, but with the two shares exchanged: which share of the "
            "positives can this filter see?",
            lambda given: (1 - given.share) * given.area + given.share / 2,
        ),
        Mistake(
            "half on each strand assumed",
            "This would be right if half of the sites were on the written strand. Use the given "
            "share.",
            lambda given: given.area / 2 + 1 / 4,
        ),
        per_cent("a probability", lambda given: given.share * given.area + (1 - given.share) / 2),
    ),
    hints=(
        "Treat the two kinds of positives one after the other, and then take the mean weighted by "
        "their shares.",
        "Draw two sequences at random from the same distribution of scores: how often does the "
        "first one win?",
    ),
    solution=lambda given: (
        f"A share of {given.share:g} of the positives scores higher than a random negative with "
        f"probability {given.area:g}. The rest, {1 - given.share:.1f}, scores like a negative, so "
        "it scores higher in half of the cases. "
        f"Together {given.share:g} x {given.area:g} + {1 - given.share:.1f} x 0.5 = "
        f"**{given.share * given.area + (1 - given.share) / 2:.3f}**. A filter that reads both "
        "strands sees all sites."
    ),
    decimals=3,
    effort=lambda given: len(f"{given.share:g}"),
)


# -- The copies that did not help ------------------------------------------------------------------


def _draw_turned(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "word": draw_word(rng, 7),
        "plain": int(rng.integers(967, 976)) / 1000,
        "written": int(rng.integers(953, 962)) / 1000,
        "opposite": int(rng.integers(440, 540)) / 1000,
        "chance": int(rng.integers(485, 516)) / 1000,
    }


def _forms_differ(given: Given) -> bool:
    """Tell whether no two ways to turn the word give words that share most of their letters."""
    other = reverse_complement(given.word)
    forms = [given.word, given.word[::-1], other, other[::-1]]
    return all(
        sum(a == b for a, b in zip(one, two)) <= 3
        for i, one in enumerate(forms)
        for two in forms[:i]
    )


TURNED = Choice(
    id="reading.turned",
    title="The copies that did not help",
    draw=_draw_turned,
    suits=_forms_differ,
    task=lambda given: (
        "A colleague has training sequences in which every site has the same direction. Her "
        "network reads one strand. To make it find sites on the other strand as well, she adds a "
        "copy of every training sequence, turned to the other strand:\n\n"
        "```\n"
        "train, test = split(data, 0.3)                  # no copy on both sides\n"
        "network     = fit(train + turned(train))        # reads one strand\n"
        "```\n\n"
        "The numbers are invented, the symptoms are realistic. (AUROC: how often a positive "
        "scores higher than a negative.)\n\n"
        f"1. Without the copies, the original test sequences give {given.plain:.3f}.\n"
        f"2. With the copies they give {given.written:.3f}.\n"
        "3. With the copies, the reverse complements of the test sequences give "
        f"{given.opposite:.3f}.\n"
        f"4. The filters read two words: {given.word} and {given.word[::-1]}.\n"
        f"5. With labels in random order she gets {given.chance:.3f}.\n\n"
        "What is wrong?"
    ),
    options=(
        Option("The copies are the sequences read backwards; their bases were not complemented."),
        Option(
            "The copies are the complements; they were not read backwards.",
            "Write the complement under the word, letter by letter. Is it the filters' second "
            "word?",
        ),
        Option(
            "The copies were given the opposite label.",
            "Then the network would learn to say *no* to every site on the other strand. What "
            "would number 3 be then?",
        ),
        Option(
            "The copies are right, but the test holds copies of training sequences.",
            "The split came before the copies. And a leak makes a score too good: which of these "
            "numbers is too good?",
        ),
        Option(
            "Nothing is wrong: the network has too few filters for two words.",
            "The filters show that it has learned both words well. Is the second one the word on "
            "the other strand?",
        ),
    ),
    hints=(
        "Write down the reverse complement of the first word. Do the filters read it?",
        "There are three operations on a word: read it backwards, complement its letters, or "
        "both. Which of them turns the filters' first word into the second?",
    ),
    solution=lambda given: (
        f"**{given.letters[0]}**. On the other strand {given.word} is written "
        f"{reverse_complement(given.word)}. The filters read {given.word[::-1]} instead: the same "
        "letters from right to left. Such a word is on neither strand, so the copies taught a "
        "word that no test sequence contains, and the network still does not know the other "
        "strand (number 3). In numpy, `x[:, ::-1, ::-1]` reverses both axes of one-hot sequences, "
        "`x[:, :, ::-1]` only the positions. A quick test: GATTACA must become TGTAATC. (That a "
        "second turn gives back the sequence proves nothing: it is true of all three operations.)"
    ),
)


# -- What a trained logo may claim -----------------------------------------------------------------

SHARPER = Text(
    id="reading.sharper",
    title="Explain what a trained logo can tell you",
    draw=lambda rng: {"factor": int(rng.integers(2, 6))},
    task=lambda given: (
        r"A trained network has one filter with a ReLU after it: $z = v \max_j \mathrm{ReLU}(y_j) "
        r"+ c$ with $y_j = b + \sum_k W_{k,x_{j+k}}$ and $v > 0$. Two friends read a motif off "
        "the same network by $q_a e^{W_{k,a}}$, divided by its sum. One of them first multiplies "
        f"$W$ and $b$ by {given.factor} and divides $v$ by {given.factor}. Explain in a few "
        "sentences: does any prediction change? Do the two logos agree? What can we say about the "
        "motif of such a filter, and what not? How could we find its information content after "
        "all?"
    ),
    hints=(
        "Take a positive factor out of the ReLU and out of the maximum: where does it end up?",
        "Compare the ratio of two bases' probabilities at one position before and after: "
        r"$\theta_a/\theta_c = (q_a/q_c)\,e^{W_a - W_c}$.",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        f"- No prediction changes: ReLU and maximum pass the factor {given.factor} on, and "
        f"$v/{given.factor}$ cancels it.\n"
        "- The logos differ: the ratios $e^{W_a - W_c}$ are raised to the power "
        f"{given.factor}, so the second motif looks sharper and seems to carry more information.\n"
        "- *Adding* a constant to a position does not change the softmax; *multiplying* by one "
        "does.\n"
        "- So we can say which bases stand out from the background at a position, in which order, "
        "and which positions matter more than others. We cannot say their probabilities or bits: "
        "for those the weights must be log-odds, as in a linear filter under a sigmoid.\n"
        "- A solution: collect the windows on which the filter fires in real sequences, and count "
        "their bases. Report the threshold: a high one makes the motif sharper."
    ),
)

SET = ExerciseSet(
    "reading",
    "A filter read as a motif",
    3297867,
    (ROW, PRIOR, READ_FILTER, HEIGHTS, FOOLED, ONE_STRAND, TURNED, SHARPER),
)
