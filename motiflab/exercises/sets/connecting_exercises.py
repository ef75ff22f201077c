"""Exercises on other alphabets and signals, on scores that are uncertain, and on a leaderboard."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from motiflab.exercises import (
    Choice,
    ExerciseSet,
    Function,
    Given,
    Mistake,
    Option,
    Text,
    Value,
    per_cent,
    table,
)
from motiflab.figures.numbers import written
from motiflab.layers import log_sum_exp

AMINO_ACIDS = "ACDEFGHIKLMNPQRSTVWY"
"""The twenty amino acids of proteins, in the order of their letters."""

# -- Information with twenty letters ---------------------------------------------------------------


def _draw_column(rng: np.random.Generator) -> dict[str, Any]:
    """Draw three amino acids of one position, and how often each occurs among 40 proteins."""
    counts = np.sort(rng.multinomial(31, [0.6, 0.25, 0.15]) + 3)[::-1]
    return {"letters": "".join(rng.choice([*AMINO_ACIDS], 3, replace=False)), "counts": counts}


def _entropy(given: Given) -> float:
    """Return the entropy of the shares in bits."""
    shares = given.counts / given.counts.sum()
    return -float(shares @ np.log2(shares))


INFORMATION = Value(
    id="connecting.information",
    title="Information with twenty letters",
    draw=_draw_column,
    suits=lambda given: len({*given.counts.tolist()}) == 3,
    decimals=3,
    task=lambda given: (
        f"At one position of a protein motif, {given.counts.sum()} related proteins have these "
        "amino acids:\n\n"
        + table([*given.letters], [given.counts.tolist()])
        + "\n\nThe other 17 amino acids do not occur. In the background all **20** are equally "
        "frequent. How high is the stack of letters in the logo, in **bits**? Give the information "
        "content to 3 decimals, without a pseudocount and without a correction for the small "
        "sample."
    ),
    right=lambda given: math.log2(20) - _entropy(given),
    mistakes=(
        Mistake(
            "two bits",
            "You subtracted the entropy from 2, the highest value for DNA. What is it if there are "
            "20 letters?",
            lambda given: 2 - _entropy(given),
        ),
        Mistake(
            "letters that occur",
            "You took the logarithm of the number of letters that occur. The background has all "
            "20, whether this position uses them or not.",
            lambda given: math.log2(3) - _entropy(given),
        ),
        Mistake(
            "entropy",
            "This is the entropy of the position: how uncertain a letter is. Information is what "
            "the motif takes away from the uncertainty of the background.",
            _entropy,
        ),
        Mistake(
            "nats",
            "You took natural logarithms. Bits need the logarithm with base 2.",
            lambda given: (math.log2(20) - _entropy(given)) * math.log(2),
        ),
        Mistake(
            "added",
            "You added the entropy. An uncertain position carries less information, not more.",
            lambda given: math.log2(20) + _entropy(given),
        ),
        Mistake(
            "share of the maximum",
            "This is the share of the highest possible value. The height of the stack is in bits.",
            lambda given: 1 - _entropy(given) / math.log2(20),
        ),
    ),
    hints=(
        "For DNA it is 2 bits minus the entropy, and 2 is $\\log_2 4$.",
        "The entropy is $H = -\\sum_a \\theta_a \\log_2 \\theta_a$ over the three letters that "
        "occur. A letter that does not occur adds nothing.",
    ),
    solution=lambda given: (
        f"The shares are {', '.join(f'{n}/{given.counts.sum()}' for n in given.counts)}, so $H = "
        f"{_entropy(given):.3f}$ bits. A background of 20 equally frequent letters has $\\log_2 20 "
        f"= {math.log2(20):.3f}$ bits, which is the most that a stack can reach. The information "
        f"is ${math.log2(20):.3f} - {_entropy(given):.3f}$ = "
        f"**{math.log2(20) - _entropy(given):.3f}** bits. With 20 letters one position can say "
        "more than twice as much as with 4."
    ),
    effort=lambda given: (len(given.counts), int(given.counts.sum())),
)


# -- A function to mend ----------------------------------------------------------------------------


def _information(
    ppm: np.ndarray,
    q: np.ndarray,
    log: Callable[[np.ndarray], np.ndarray] = np.log2,
    axis: int = 1,
) -> np.ndarray:
    """Return the information of each position; the other arguments make known mistakes."""
    ppm = np.asarray(ppm, dtype=float)
    ratio = np.where(ppm > 0, ppm / q, 1)
    return (ppm * log(ratio)).sum(axis=axis)


def _against_even(ppm: np.ndarray, q: np.ndarray, letters: int = 0) -> np.ndarray:
    """Return the information against an even background, of as many letters as there are or 4."""
    return _information(ppm, np.full(len(q), 1 / (letters or len(q))))


def _with_nan(ppm: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Return the information, or nan where a letter never occurs."""
    return np.where((np.asarray(ppm) == 0).any(axis=1), np.nan, _information(ppm, q))


def _draw_ppm(rng: np.random.Generator) -> dict[str, Any]:
    """Draw a small motif over five letters, in which one letter is missing, and a background."""
    counts = np.array([rng.permutation([6, 3, 1, 0, 0]), rng.permutation([4, 3, 1, 1, 1])])
    return {"ppm": counts / 10, "q": rng.permutation([3, 2, 2, 2, 1]) / 10}


def _motifs(given: Given, rng: np.random.Generator) -> list[tuple[Any, ...]]:
    """List small cases, DNA with an even background, and a motif over twenty letters."""
    own = _draw_ppm(rng)
    protein, q = rng.dirichlet(np.full(20, 0.3), 7), rng.dirichlet(np.full(20, 5.0))
    protein[2] = np.eye(20)[4]
    return [
        (own["ppm"], own["q"]),
        (rng.dirichlet(np.ones(4), 6), np.full(4, 0.25)),
        (given.ppm, given.q),
        (protein, q),
    ]


MENDED = Function(
    id="connecting.mended",
    title="Mend a function for any alphabet",
    draw=_draw_ppm,
    task=lambda given: (
        "A colleague's function passes her own tests, with DNA. With our proteins it does not "
        "work. Our table `ppm` has a row for each position and a column for each letter, and `q` "
        "is the background.\n\n"
        "    def mended(ppm, q):\n"
        "        entropy = -(ppm * np.log2(ppm)).sum(axis=0)\n"
        "        return np.log2(4) - entropy\n\n"
        "It should return the information content of each position in bits, $\\sum_a \\theta_a "
        "\\log_2 (\\theta_a / q_a)$, for **any** alphabet and **any** background. A letter that "
        "never occurs adds 0. Find the faults and mend them. Try it on your own numbers, "
        f"`given.ppm` with {len(given.ppm)} positions and `given.q`, "
        f"{', '.join(written(value, 1) for value in given.q)}."
    ),
    right=lambda given: _information,
    cases=_motifs,
    mistakes=(
        Mistake(
            "four letters",
            "Your function still takes 4 letters for granted. The alphabet is as large as a row of "
            "the table.",
            lambda given: partial(_against_even, letters=4),
        ),
        Mistake(
            "even background",
            "Your function does not use `q`. The logarithm of the number of letters is right only "
            "if all letters are equally frequent in the background.",
            lambda given: _against_even,
        ),
        Mistake(
            "logarithm of 0",
            "Where a letter never occurs you get nan: 0 times the logarithm of 0. Such a letter "
            "adds 0.",
            lambda given: _with_nan,
        ),
        Mistake(
            "summed over positions",
            "Your function sums over the positions, so it returns a number for each letter. Sum "
            "over the letters of each position.",
            lambda given: partial(_information, axis=0),
        ),
        Mistake(
            "nats",
            "Your function returns nats. Bits need the logarithm with base 2.",
            lambda given: partial(_information, log=np.log),
        ),
        Mistake(
            "one number",
            "Your function returns the information of the whole motif. One number for each "
            "position is asked for.",
            lambda given: lambda ppm, q: _information(ppm, q).sum(),
        ),
    ),
    hints=(
        "Which numbers in the code belong to DNA only? What is the shape of its result, and which "
        "shape should it have?",
        "What does `0 * np.log2(0)` give in numpy? And where in the code is `q`?",
        "`np.where(ppm > 0, ppm / q, 1)` has a logarithm everywhere, and it is 0 where a letter "
        "never occurs.",
    ),
    solution=lambda given: (
        "Four faults: `axis=0` sums over our positions; `np.log2(4)` belongs to DNA; `q` is not "
        "used; and `0 * np.log2(0)` is nan. Mended, `(ppm * np.log2(np.where(ppm > 0, ppm / q, "
        "1))).sum(axis=1)`. On your own numbers it gives "
        f"{', '.join(f'**{value:.3f}**' for value in _information(given.ppm, given.q))} bits. Her "
        "tables had a row for each letter, an even background and no zero, so her tests could not "
        "see any of the four. A test with a protein, laid out as ours are, would have."
    ),
    effort=lambda given: (given.ppm.shape, int((given.ppm == 0).sum())),
)


# -- A filter for a signal -------------------------------------------------------------------------


def _draw_spike(rng: np.random.Generator) -> dict[str, Any]:
    """Draw the shape of a spike, a piece of a noisy trace, and the noise."""
    spike = rng.permutation([*rng.integers(1, 3, 2), *rng.integers(3, 6, 2)])
    sigma = float(rng.choice([1.5, 2.0, 2.5]))
    trace = np.round(spike + rng.normal(0, sigma, 4), 1)
    return {"spike": spike, "trace": trace, "sigma": sigma}


def _spike_ratio(
    given: Given,
    spike: np.ndarray | None = None,
    energy: float = 0.5,
    noise: float | None = None,
) -> float:
    """Return the log-likelihood ratio of a spike; the other arguments make known mistakes."""
    spike = given.spike if spike is None else spike
    match = float(spike @ given.trace) - energy * float(given.spike @ given.spike)
    return match / (given.sigma**2 if noise is None else noise)


MATCHED = Value(
    id="connecting.matched",
    title="A spike in white noise",
    draw=_draw_spike,
    suits=lambda given: abs(_spike_ratio(given)) > 0.1,
    decimals=3,
    task=lambda given: (
        "A spike has the shape $s$. A piece of the trace, $x$, is either noise alone or the spike "
        "plus noise. The noise is Gaussian and *white*: each sample has mean 0 and standard "
        f"deviation $\\sigma = {given.sigma:g}$, independently of the others.\n\n"
        + table(
            ["sample", *"1234"],
            [["s", *given.spike.tolist()], ["x", *(written(value, 1) for value in given.trace)]],
        )
        + "\n\nWhat is the **log-likelihood ratio** of *spike* against *no spike*, in nats? Give "
        "it to 3 decimals."
    ),
    right=_spike_ratio,
    mistakes=(
        Mistake(
            "bias forgotten",
            "This is the match of spike and trace, divided by the variance. The ratio has a second "
            "part, which does not depend on the trace: the bias of the filter.",
            partial(_spike_ratio, energy=0),
        ),
        Mistake(
            "half forgotten",
            "The second part is the energy of the spike, the sum of its squares. The square of a "
            "difference is divided by $2\\sigma^2$, so only half of that energy is subtracted.",
            partial(_spike_ratio, energy=1),
        ),
        Mistake(
            "energy added",
            "You added the energy of the spike. A large spike should make us expect more.",
            partial(_spike_ratio, energy=-0.5),
        ),
        Mistake(
            "standard deviation not squared",
            "You divided by the standard deviation. The density has the variance, its square.",
            lambda given: _spike_ratio(given, noise=given.sigma),
        ),
        Mistake(
            "noise forgotten",
            "You did not divide by the variance of the noise. The same match means less in a noisy "
            "trace.",
            lambda given: _spike_ratio(given, noise=1),
        ),
        Mistake(
            "spike reversed",
            "You reversed the spike. A filter lies on the trace as it is; reversing belongs to "
            "what mathematics calls a convolution.",
            lambda given: _spike_ratio(given, spike=given.spike[::-1]),
        ),
        Mistake(
            "one hypothesis",
            "This is the logarithm of one density, up to a constant: how well the spike explains "
            "the trace. Subtract how well noise alone explains it.",
            lambda given: -float(((given.trace - given.spike) ** 2).sum()) / (2 * given.sigma**2),
        ),
    ),
    hints=(
        "With the spike, sample $i$ has the density of a normal distribution with mean $s_i$; "
        "without it, with mean 0. What is left of the logarithm of their ratio?",
        r"For one sample it is $\frac{x_i^2 - (x_i - s_i)^2}{2\sigma^2}$. Multiply out the square, "
        "and sum over the samples.",
    ),
    solution=lambda given: (
        r"$\frac{1}{\sigma^2}\left(\sum_i s_i x_i - \frac12 \sum_i s_i^2\right) = "
        f"({written(float(given.spike @ given.trace), 1)} - {given.spike @ given.spike / 2:g}) / "
        f"{given.sigma**2:g}$ = **{written(_spike_ratio(given), 3)}**. The weights are the spike "
        "itself, divided by the variance: the *matched filter*. Its bias is minus half of the "
        "energy of the spike. So a filter on a signal is a log-odds filter, too."
    ),
    effort=lambda given: (len(given.spike), given.sigma != 1),
)


# -- The same with noise that has a memory ---------------------------------------------------------


def _draw_coloured(rng: np.random.Generator) -> dict[str, Any]:
    """Draw a spike of two samples, and the variance and correlation of the noise."""
    first, second = rng.choice(np.arange(1, 7), 2, replace=False)
    return {
        "s": np.array([first, second]),
        "v": float(rng.choice([2.0, 3.0, 4.0, 5.0])),
        "r": float(rng.choice([0.4, 0.5, 0.6, 0.7])),
    }


def _covariance(given: Given) -> np.ndarray:
    return given.v * np.array([[1, given.r], [given.r, 1]])


def _whitened(given: Given) -> list[float]:
    """Return the weights of the best linear filter."""
    return np.linalg.solve(_covariance(given), given.s).tolist()


WHITENED = Value(
    id="connecting.whitened",
    title="A spike in coloured noise",
    draw=_draw_coloured,
    decimals=3,
    task=lambda given: (
        f"A spike has two samples, $s = ({given.s[0]}, {given.s[1]})$. The noise is Gaussian with "
        f"mean 0, and each sample has the variance {given.v:g}. But the noise has a memory: "
        f"neighbouring samples have the correlation {given.r:g}. Such noise is called *coloured*; "
        f"its covariance matrix is\n\n$$S = {given.v:g} \\begin{{pmatrix}} 1 & {given.r:g} "
        f"\\\\ {given.r:g} & 1 \\end{{pmatrix}}$$\n\n"
        "The best filter is $w = S^{-1} s$. Give its two weights as `[w1, w2]`, to 3 decimals."
    ),
    right=_whitened,
    mistakes=(
        Mistake(
            "white noise",
            "This filter is right for white noise: you divided by the variance and left out the "
            "correlation.",
            lambda given: (given.s / given.v).tolist(),
        ),
        Mistake(
            "spike itself",
            "This is the spike itself. Both the variance and the correlation of the noise change "
            "the weights.",
            lambda given: given.s.tolist(),
        ),
        Mistake(
            "not inverted",
            "You multiplied by $S$. The filter needs the inverse of it.",
            lambda given: (_covariance(given) @ given.s).tolist(),
        ),
        Mistake(
            "sign of the correlation",
            "The off-diagonal numbers of the inverse have the opposite sign of the correlation.",
            lambda given: np.linalg.solve(
                _covariance(given) * [[1, -1], [-1, 1]], given.s
            ).tolist(),
        ),
        Mistake(
            "determinant forgotten",
            "The direction is right, the size is not. The inverse of a 2 × 2 matrix is divided by "
            "its determinant. What is that of the matrix with 1 and the correlation?",
            lambda given: (np.array(_whitened(given)) * (1 - given.r**2)).tolist(),
        ),
        Mistake(
            "variance forgotten",
            "You inverted the matrix with 1 and the correlation. The variance stands in front of "
            "it, and the inverse is divided by it.",
            lambda given: (np.array(_whitened(given)) * given.v).tolist(),
        ),
        Mistake(
            "weights exchanged",
            "Both numbers are right, in the other order.",
            lambda given: _whitened(given)[::-1],
        ),
    ),
    hints=(
        "You look for the two numbers with $S w = s$: two equations.",
        r"The inverse of $\begin{pmatrix} 1 & r \\ r & 1 \end{pmatrix}$ is $\frac{1}{1 - r^2} "
        r"\begin{pmatrix} 1 & -r \\ -r & 1 \end{pmatrix}$.",
    ),
    solution=lambda given: (
        f"$w_1 = ({given.s[0]} - {given.r:g} \\cdot {given.s[1]}) / ({given.v:g} \\cdot (1 - "
        f"{given.r:g}^2))$ and $w_2$ in the same way: **[{_whitened(given)[0]:.3f}, "
        f"{_whitened(given)[1]:.3f}]**. What one sample has in common with its neighbour is partly "
        "noise, so it is subtracted. A weight may even become negative although the spike is "
        "positive there. If a learned filter does not look like the signal, ask about the noise."
    ),
    effort=lambda given: (len(given.s), given.r > 0),
)


# -- One softmax, three names ----------------------------------------------------------------------


def _draw_windows(rng: np.random.Generator) -> dict[str, Any]:
    """Draw the log-likelihood ratios of four windows, one of them the best by far enough."""
    return {"scores": np.round(rng.permutation([*rng.uniform(-2, 1, 3), rng.uniform(1.5, 3)]), 1)}


def _posterior(given: Given) -> list[float]:
    """Return the probability of the best window, and the ratio of the whole sequence."""
    total = float(log_sum_exp(given.scores))
    return [math.exp(given.scores.max() - total), total - math.log(len(given.scores))]


def _first_number(name: str, message: str, wrong: Callable[[Given], float]) -> Mistake:
    return Mistake(
        name,
        message,
        lambda given: [wrong(given), _posterior(given)[1]],
        lambda given, answer: answer.shape == (2,) and abs(answer[0] - wrong(given)) < 6e-4,
    )


def _second_number(name: str, message: str, wrong: Callable[[Given], float]) -> Mistake:
    return Mistake(
        name,
        message,
        lambda given: [_posterior(given)[0], wrong(given)],
        lambda given, answer: answer.shape == (2,) and abs(answer[1] - wrong(given)) < 6e-4,
    )


POSTERIOR = Value(
    id="connecting.posterior",
    title="Where is the site, and is there one?",
    draw=_draw_windows,
    suits=lambda given: abs(_posterior(given)[1]) > 0.05 and given.scores.sum() > 0.3,
    decimals=3,
    task=lambda given: (
        "A sequence has four windows. A filter gives the log-likelihood ratio of each window, in "
        "nats:\n\n"
        + table(["window", *"1234"], [["ratio", *(written(value, 1) for value in given.scores)]])
        + "\n\nA positive sequence has exactly one site, which is in each window with the same "
        "probability; a negative one has none. Give two numbers as `[where, whether]`, to 3 "
        "decimals:\n\n"
        "- *where*: if the sequence is positive, the probability that the site is in the window "
        "with the **highest** ratio;\n"
        "- *whether*: the log-likelihood ratio of the **whole sequence**, positive against "
        "negative, in nats."
    ),
    right=_posterior,
    mistakes=(
        _first_number(
            "ratios shared out",
            "Your first number is the share of the ratio itself. Probabilities are shared out by "
            "the likelihoods, so take $e$ to the power of each ratio first.",
            lambda given: float(given.scores.max() / given.scores.sum()),
        ),
        _first_number(
            "each window for itself",
            "Your first number is the sigmoid of the ratio. It treats the window as if the others "
            "were not there; but the site is in exactly one of the four.",
            lambda given: 1 / (1 + math.exp(-given.scores.max())),
        ),
        _first_number(
            "base 2",
            "Your first number has powers of 2. The ratios are in nats, so take powers of $e$.",
            lambda given: float(2 ** given.scores.max() / (2**given.scores).sum()),
        ),
        _second_number(
            "number of windows forgotten",
            "Your second number adds up the windows as if each had a site. The site is in each "
            "with the probability 1/4, so it is the *mean* of the four likelihood ratios.",
            lambda given: float(log_sum_exp(given.scores)),
        ),
        _second_number(
            "best window",
            "Your second number is the ratio of the best window. The others may hold the site, "
            "too, and the best one is only one of four places.",
            lambda given: float(given.scores.max()),
        ),
        _second_number(
            "mean of the logarithms",
            "Your second number is the mean of the ratios. First take the mean of the likelihood "
            "ratios, then the logarithm.",
            lambda given: float(given.scores.mean()),
        ),
        _second_number(
            "sum of the logarithms",
            "Your second number is the sum of the ratios: that would be a site in every window at "
            "once.",
            lambda given: float(given.scores.sum()),
        ),
        Mistake(
            "numbers exchanged",
            "Both numbers are right, in the other order: first *where*, then *whether*.",
            lambda given: _posterior(given)[::-1],
        ),
        Mistake(
            "per cent for a probability",
            "Your first number is in per cent. A probability lies between 0 and 1.",
            lambda given: [100 * _posterior(given)[0], _posterior(given)[1]],
            lambda given, answer: (
                answer.shape == (2,) and abs(answer[0] - 100 * _posterior(given)[0]) <= 0.5
            ),
        ),
    ),
    hints=(
        "A ratio $s_j$ in nats says that the window is $e^{s_j}$ times as likely with a site. What "
        "do the four numbers $e^{s_j}$ sum to?",
        r"*Where* is $e^{s_j} / \sum_i e^{s_i}$. *Whether* is $\ln \frac14 \sum_i e^{s_i}$.",
    ),
    solution=lambda given: (
        f"The four $e^{{s_j}}$ are {', '.join(f'{e:.3f}' for e in np.exp(given.scores))}, together "
        f"{np.exp(given.scores).sum():.3f}. *Where*: **{_posterior(given)[0]:.3f}**. *Whether*: "
        f"$\\ln({np.exp(given.scores).sum():.3f} / 4)$ = **{written(_posterior(given)[1], 3)}**. "
        "The first number is the softmax. It is the E-step of EM, the derivative of log-sum-exp "
        "pooling, and the weight that attention would give to this window: one formula with three "
        "names."
    ),
    effort=lambda given: len(given.scores),
)


# -- How sure is a score? --------------------------------------------------------------------------


@dataclass(frozen=True)
class Accuracy:
    """The share of sequences that are called right: positive if the score is above 0."""

    def __call__(self, labels: np.ndarray, scores: np.ndarray) -> float:
        """Return the share."""
        return float(np.mean((np.asarray(scores) > 0) == np.asarray(labels)))

    def __repr__(self) -> str:
        return "accuracy"


@dataclass(frozen=True)
class Difference:
    """How much higher positives score than negatives, on average; 0 if a class is missing."""

    def __call__(self, labels: np.ndarray, scores: np.ndarray) -> float:
        """Return the difference of the means."""
        labels, scores = np.asarray(labels), np.asarray(scores)
        if labels.all() or not labels.any():
            return 0.0
        return float(scores[labels == 1].mean() - scores[labels == 0].mean())

    def __repr__(self) -> str:
        return "difference"


def _resampled(
    measure: Callable[..., float], labels: np.ndarray, scores: np.ndarray, rows: np.ndarray
) -> np.ndarray:
    return np.array([measure(labels[row], scores[row]) for row in rows])


def _range(
    measure: Callable[..., float],
    labels: np.ndarray,
    scores: np.ndarray,
    rows: np.ndarray,
    ends: tuple[float, float] = (2.5, 97.5),
) -> np.ndarray:
    """Return the bootstrap range; other ends make known mistakes."""
    return np.percentile(_resampled(measure, labels, scores, rows), ends)


def _torn(
    measure: Callable[..., float], labels: np.ndarray, scores: np.ndarray, rows: np.ndarray
) -> np.ndarray:
    """Return the range if only the scores are drawn again."""
    return np.percentile([measure(labels, scores[row]) for row in rows], (2.5, 97.5))


def _round_the_mean(
    measure: Callable[..., float],
    labels: np.ndarray,
    scores: np.ndarray,
    rows: np.ndarray,
    shrinks: bool = False,
) -> np.ndarray:
    """Return the mean plus and minus two standard deviations, or standard errors."""
    values = _resampled(measure, labels, scores, rows)
    reach = 1.96 * values.std() / (math.sqrt(len(values)) if shrinks else 1)
    return values.mean() + reach * np.array([-1, 1])


def _draw_scores(rng: np.random.Generator, n: int = 12, draws: int = 20) -> dict[str, Any]:
    """Draw labels, scores that tell them apart in part, and the rows of the new draws."""
    labels = rng.permutation(np.arange(n) % 2)
    scores = np.round(rng.normal(2 * labels - 1, 1.5), 1)
    return {"labels": labels, "scores": scores, "rows": rng.integers(0, n, (draws, n))}


def _boards(given: Given, rng: np.random.Generator) -> list[tuple[Any, ...]]:
    """List cases of two measures, the learner's own among them."""
    found = []
    for measure, n, draws in ((Accuracy(), 8, 11), (Difference(), 14, 15), (Difference(), 11, 14)):
        one = _draw_scores(rng, n, draws)
        found.append((measure, one["labels"], one["scores"], one["rows"]))
    return [*found, (Accuracy(), given.labels, given.scores, given.rows)]


RANGE = Function(
    id="connecting.bootstrap",
    title="How sure is a score?",
    draw=_draw_scores,
    task=lambda given: (
        "Write `bootstrap(measure, labels, scores, rows)`. It returns the range in which a measure "
        "of a submission lies, from the 2.5th to the 97.5th percentile.\n\n"
        "`measure(labels, scores)` returns one number. `rows` is a table of indices: each of its "
        "rows says which sequences are in one new draw, some of them twice and some not at all. "
        "They were drawn for you, so that everybody gets the same.\n\n"
        "1. For each row, apply the measure to the labels and scores of the sequences that it "
        "names.\n"
        "2. Return the two percentiles of these numbers, as `np.percentile` gives them.\n\n"
        f"Your own numbers: {len(given.labels)} sequences in `given.labels` and `given.scores`, "
        f"and {len(given.rows)} draws in `given.rows`; the first draw begins with the sequences "
        f"{', '.join(map(str, given.rows[0, :5]))}."
    ),
    right=lambda given: _range,
    cases=_boards,
    mistakes=(
        Mistake(
            "pairs torn apart",
            "You drew the scores again and left the labels as they were. A sequence goes with its "
            "label: take the same rows of both.",
            lambda given: _torn,
        ),
        Mistake(
            "one in twenty at each end",
            "You left out 5 % at each end. The range should hold 95 %, so 2.5 % are left out at "
            "each end.",
            lambda given: partial(_range, ends=(5, 95)),
        ),
        Mistake(
            "lowest and highest",
            "This is the lowest and the highest of all draws. It grows with the number of draws; a "
            "percentile settles.",
            lambda given: partial(_range, ends=(0, 100)),
        ),
        Mistake(
            "mean and standard deviation",
            "You took the mean plus and minus 1.96 standard deviations. The percentiles need no "
            "normal distribution, and a range of an area never leaves 0 to 1.",
            lambda given: _round_the_mean,
        ),
        Mistake(
            "standard error of the draws",
            "You divided by the root of the number of draws. More draws do not make the score "
            "surer: only more test sequences do.",
            lambda given: partial(_round_the_mean, shrinks=True),
        ),
        Mistake(
            "high before low",
            "Both numbers are right, in the other order.",
            lambda given: partial(_range, ends=(97.5, 2.5)),
        ),
    ),
    hints=(
        "What are the labels of the first draw? `labels[rows[0]]`. And its scores?",
        "Collect one number for each row in a list, then `np.percentile(list, [2.5, 97.5])`.",
    ),
    solution=lambda given: (
        "`np.percentile([measure(labels[row], scores[row]) for row in rows], [2.5, 97.5])`. For "
        "the accuracy of your own numbers it gives "
        f"{' to '.join(f'**{e:.3f}**' for e in _range(Accuracy(), *_own(given)))}; the accuracy "
        f"itself is {Accuracy()(given.labels, given.scores):.3f}. With {len(given.labels)} test "
        "sequences a score is a rough one. The range says how much it would change with other test "
        "sequences of the same kind. It does not say what happens with other peaks, another cell, "
        "or after fifty hand-ins."
    ),
    effort=lambda given: (given.rows.shape, int(given.labels.sum())),
)


def _own(given: Given) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return given.labels, given.scores, given.rows


# -- The best of many guesses ----------------------------------------------------------------------


def _draw_guesses(rng: np.random.Generator) -> dict[str, int]:
    """Draw the number of test sequences, and of hand-ins; all labels but two must be right."""
    n = int(rng.integers(12, 15))
    return {"n": n, "m": n - 2, "k": int(rng.integers(20, 61))}


def _at_least(n: int, m: int) -> float:
    """Return the probability that a guess gets at least `m` of `n` labels right."""
    return sum(math.comb(n, right) for right in range(m, n + 1)) / 2**n


def _lucky(given: Given, m: int | None = None) -> float:
    """Return the probability that the best of all hand-ins gets at least `m` right."""
    return 1 - (1 - _at_least(given.n, m or given.m)) ** given.k


def _ways(given: Given) -> str:
    return " + ".join(str(math.comb(given.n, right)) for right in range(given.m, given.n + 1))


HANDINS = Value(
    id="connecting.leader",
    title="The best of many guesses",
    draw=_draw_guesses,
    decimals=3,
    task=lambda given: (
        f"A public leaderboard has only {given.n} test sequences, and what counts is how "
        f"many labels are right. Somebody who has learned nothing hands in "
        f"{given.k} times. Each time every label is an independent guess, right with the "
        "probability 1/2. What is the probability that the **best** of these hand-ins has **at "
        f"least {given.m}** of {given.n} labels right? Give it to 3 decimals."
    ),
    right=_lucky,
    mistakes=(
        Mistake(
            "one hand-in",
            "This is the probability for one hand-in. The best of many is more often that good.",
            lambda given: _at_least(given.n, given.m),
        ),
        Mistake(
            "added up",
            "You multiplied by the number of hand-ins. Two of them may be lucky at once, and that "
            "would be counted twice.",
            lambda given: given.k * _at_least(given.n, given.m),
        ),
        Mistake(
            "exactly so many",
            "You took the probability of exactly that many right labels. Better ones count, too.",
            lambda given: 1 - (1 - math.comb(given.n, given.m) / 2**given.n) ** given.k,
        ),
        Mistake(
            "more than so many",
            "You left out the case that exactly that many labels are right. At least includes it.",
            lambda given: _lucky(given, given.m + 1),
        ),
        Mistake(
            "none of them",
            "This is the probability that none of the hand-ins is that good.",
            lambda given: 1 - _lucky(given),
        ),
        per_cent("a probability", _lucky),
    ),
    hints=(
        lambda given: (
            f"First one hand-in: in how many of the $2^{{{given.n}}}$ ways of guessing are at "
            f"least {given.m} labels right?"
        ),
        "When is the best of them *not* that good? If every single one is not.",
    ),
    solution=lambda given: (
        f"One guess: $p = ({_ways(given)}) / 2^{{{given.n}}} = {_at_least(given.n, given.m):.4f}$. "
        f"None of {given.k} is that good "
        f"with the probability $(1 - p)^{{{given.k}}}$, so the best one is with $1 - (1 - "
        f"p)^{{{given.k}}}$ = **{_lucky(given):.3f}**. A leader of such a board may know nothing. "
        "Against that help: more test sequences, few hand-ins, and a second test set that is used "
        "once, at the end."
    ),
    effort=lambda given: given.n - given.m,
)


# -- Read a leaderboard ----------------------------------------------------------------------------


def _draw_board(rng: np.random.Generator) -> dict[str, Any]:
    """Draw a leader above the limit, a second one close behind, and their ranges."""
    limit = round(float(rng.uniform(0.86, 0.9)), 3)
    leader, gap = round(limit + float(rng.uniform(0.008, 0.02)), 3), float(rng.uniform(0.004, 0.01))
    return {
        "limit": limit,
        "leader": leader,
        "second": round(leader - gap, 3),
        "reach": round(float(rng.uniform(0.03, 0.045)), 3),
        "k": int(rng.integers(30, 70)),
    }


BOARD = Choice(
    id="connecting.board",
    title="Read a leaderboard",
    draw=_draw_board,
    task=lambda given: (
        "A challenge with planted motifs ends with this board. Its test set is the same for "
        "everybody. The limit is what the exact likelihood ratio of the world that made the data "
        "reaches on average, over very many test sets.\n\n"
        + table(
            ["team", "AUPRC", "bootstrap range", "hand-ins"],
            [
                *(
                    [
                        name,
                        f"{score:.3f}",
                        f"{score - given.reach:.3f} to {score + given.reach:.3f}",
                        tries,
                    ]
                    for name, score, tries in (
                        ("Delta", given.leader, given.k),
                        ("Sigma", given.second, 2),
                    )
                ),
                ["*limit*", f"{given.limit:.3f}", "–", "–"],
            ],
        )
        + "\n\nWhich sentence does the board support?"
    ),
    options=(
        Option(
            "Delta may be lucky: on new test sequences no method scores above the limit on "
            "average, and the ranges of both teams overlap widely.",
        ),
        Option(
            "Delta has found something that the likelihood ratio does not know.",
            "The likelihood ratio of the true world is the best score that there is. On a finite "
            "test set a method can lie above its average, by chance.",
            "above the limit means better",
        ),
        Option(
            "There is a fault in the limit: no score may ever lie above it.",
            "The limit holds on average. On a small test set a score may lie above it.",
            "no score may exceed the limit",
        ),
        Option(
            "Delta is better than Sigma, because its score is higher and both had the same test "
            "sequences.",
            "The difference is small beside the ranges, and Delta kept the best of many tries. The "
            "same test sequences help only if the *difference* is drawn again in pairs.",
            "higher is better",
        ),
        Option(
            "Delta and Sigma are equally good, because their ranges overlap.",
            "Overlapping ranges do not show that two are equal: we only cannot tell them apart "
            "with this test set.",
            "overlap means equal",
        ),
    ),
    hints=(
        "What does the bootstrap range say, and what does the number of hand-ins add?",
        "Of which quantity is the limit the highest value: of one score on these sequences, or of "
        "the average over many test sets?",
    ),
    solution=lambda given: (
        f"**{given.letters[0]}**. Delta's range begins at {given.leader - given.reach:.3f}, below "
        f"the limit of {given.limit:.3f}, and it kept the best of {given.k} tries on the same "
        "sequences. The best of many tries is too high on average, even if each of them is "
        "honest. A second test set, used once, would tell."
    ),
)


# -- A claim to review -----------------------------------------------------------------------------

REVIEW = Text(
    id="connecting.review",
    title="Review a claim about a large model",
    draw=lambda rng: {
        "auroc": float(rng.choice([0.994, 0.995, 0.996, 0.997])),
        "billion": int(rng.integers(2, 8)),
        "old": float(rng.choice([0.981, 0.983, 0.985])),
    },
    task=lambda given: (
        f"A report reads: “Our language model has {given.billion} billion weights and was trained "
        "on all known proteins. We trained its last layer on a family of 3,000 related domains "
        "against shuffles of the same sequences, and tested on a random tenth. The AUROC is "
        f"{given.auroc}; a small network of one layer reached {given.old} on another test set. So "
        "the model understands what makes this domain fold.” Write a review in a few sentences: "
        "what is wrong with each step, and which comparison and which controls would you ask for?"
    ),
    hints=(
        "What do related proteins have in common, and where do they end up in a random split? "
        "What can be told from a shuffle without any motif?",
        "Are the two numbers comparable? What would the small network reach on the same data? And "
        "what has the large model seen before?",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        "- *the split*: related proteins resemble each other, often closely. A random tenth has "
        "relatives in the training data. Hold out whole groups of similar sequences.\n"
        "- *what was seen before*: the model was trained on all known proteins, so on the test "
        "sequences, too.\n"
        "- *the negatives*: a shuffle destroys every order of letters. Telling a natural protein "
        "from a shuffle needs no knowledge of this domain. Ask for other natural domains, or for "
        "shuffles that keep pairs of letters.\n"
        f"- *the rival*: {given.old} and {given.auroc} come from different test sets. Train the "
        "small network on the same data, with several seeds, and give ranges.\n"
        "- *the controls*: shuffled labels, and a domain whose key letters were exchanged.\n"
        "- *the conclusion*: a classifier of family members says nothing about folding. For that "
        "one needs measurements, such as the stability of mutants."
    ),
)

SET = ExerciseSet(
    "connecting",
    "Connect: other alphabets, signals and scores",
    None,
    (INFORMATION, MENDED, MATCHED, WHITENED, POSTERIOR, RANGE, HANDINS, BOARD, REVIEW),
)
