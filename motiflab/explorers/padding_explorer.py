"""Explore how padding affects the scores of a filter, which scores every window, real or not."""

from __future__ import annotations

import numpy as np

from motiflab.checks import ArgumentError, quoted
from motiflab.explorers.encoding_explorer import split
from motiflab.figures import captioned, heatmap_svg, html_table, written
from motiflab.layers.convolution import cross_correlate
from motiflab.sequences.alphabet import BASES
from motiflab.sequences.encoding import encode, one_hot, padding_mask, word_filter
from motiflab.widgets import CardResult, CardState, Explorer, choice, slider, text, toggle


class PaddingState(CardState):
    """What a learner can choose: sequences, a filter, the values of the padding, masking."""

    sequences: str = text(
        "GATTACACC ACCAC CCC", "Sequences", help="One to four, with spaces between them"
    )
    word: str = text("TTA", "Filter: +1 for each base of this word, −1 for any other")
    bias: float = slider(0.0, "Bias b", -3.0, 3.0, 0.5)
    fill: str = choice("zeros", "Fill the end with", ["zeros", ("N (¼ each)", "N")])
    masked: bool = toggle(False, "Leave out windows that reach into the padding")


class PaddingResult(CardResult):
    """Scores of the filter on the padded batch.

    Attributes
    ----------
    sequences : list of str
    word : str
        In upper case.
    weights : ndarray, shape (K, 4)
    scores : ndarray, shape (N, M)
        ``y[n, j]``.
    real : ndarray of bool, shape (N, M)
        Windows without padding.
    best : ndarray of int, shape (N,)
        The window of the maximum, among all or among the real ones; -1 if there is none.
    """

    sequences: list[str]
    word: str
    weights: np.ndarray
    scores: np.ndarray
    real: np.ndarray
    best: np.ndarray


def compute(state: PaddingState) -> PaddingResult:
    """Score every window of the padded sequences."""
    sequences, word = split(state.sequences), state.word.strip().upper()
    longest = max(map(len, sequences))
    if not word or set(word) - set(BASES):
        raise ArgumentError(
            "word", f"The word may hold only the letters A, C, G and T, not {quoted(state.word)}."
        )
    if len(word) > longest:
        raise ArgumentError(
            "word",
            f"The word may have at most {longest} letters, the length of the longest sequence, "
            f"not {len(word)}.",
        )
    batch = encode(sequences, channels="last")
    mask = padding_mask(batch.lengths)
    # The encoder pads with zeros; the alternative, a quarter for each base, is an unknown base.
    x = np.where(mask[:, :, None], batch.x, _fill(state))
    weights = word_filter(word)
    scores = np.array([cross_correlate(one, weights, state.bias) for one in x])
    # Padding is only at the end, so a window is real if its last base is.
    real = mask[:, len(word) - 1 :]
    # Minus infinity excludes a window from the maximum; a zero would win if all real scores are
    # negative.
    seen = np.where(real, scores, -np.inf) if state.masked else scores
    best = np.where(np.isfinite(seen.max(axis=1)), seen.argmax(axis=1), -1)
    return PaddingResult(state, sequences, word, weights, scores, real, best)


def _fill(state: PaddingState) -> float:
    """Value of each channel of the padding."""
    return 0.0 if state.fill == "zeros" else 0.25


def draw(result: PaddingResult, uid: str) -> dict[str, str]:
    """Draw the filter and the scores, the maximum framed, and the sequences with their maximum."""
    return {
        "filter": _filter(result, f"{uid}f"),
        "scores": _scores(result, f"{uid}s"),
        "table": _table(result),
    }


def describe(result: PaddingResult) -> str:
    """Write one score letter by letter, and say which maxima are not real."""
    # The last sequence is often the shortest, and has most of the padding.
    n = len(result.sequences) - 1
    j = max(0, int(result.best[n]))
    padded = sum(b >= 0 and not result.real[i, b] for i, b in enumerate(result.best))
    none = (result.best < 0).sum()
    words = "Every maximum comes from a window of real bases"
    if padded:
        words = (
            f"In <b>{padded} of {len(result.best)}</b> sequences the largest score comes from a "
            "window that reaches into the padding"
        )
    if none:
        words += f"; sequences too short for any window: {none}"
    adds = "nothing (0)" if result.state.fill == "zeros" else "the mean of its weights (−0.5)"
    return (
        f"<p>y[{n}, {j}] = {_terms(result, n, j)} = <b>{written(result.scores[n, j], 1)}</b></p>"
        f"<p>{words}. A column of padding adds {adds}, a matching base +1, any other base −1.</p>"
    )


def _letters(result: PaddingResult, n: int, j: int) -> str:
    """Letters of a window, padding as a dot."""
    return result.sequences[n].ljust(j + len(result.word), "·")[j : j + len(result.word)]


def _terms(result: PaddingResult, n: int, j: int) -> str:
    """Write the term of each letter of a window, and the bias."""
    parts = []
    for letter, weights in zip(_letters(result, n, j), result.weights):
        column = np.full(4, _fill(result.state)) if letter == "·" else one_hot(letter)[0]
        adds = float(column @ weights)
        parts.append(f"{written(adds, 1 if adds % 1 else 0)} ({letter})")
    return " + ".join([*parts, f"{written(result.state.bias, 1)} (b)"])


def _filter(result: PaddingResult, uid: str) -> str:
    return captioned(
        f"<b>W</b>, shape {result.weights.shape}, drawn with a row for each base",
        heatmap_svg(
            result.weights.T,
            BASES,
            result.word,
            f"The filter W for {result.word}",
            "; ".join(
                f"{base} " + " ".join(f"{value:g}" for value in row)
                for base, row in zip(BASES, result.weights.T)
            ),
            uid,
            limit=1,
            digits=0,
            cell=(28, 20),
            choose={
                (a, k): f"word={result.word[:k]}{base}{result.word[k + 1 :]}"
                for k in range(len(result.word))
                for a, base in enumerate(BASES)
            },
            hint="Click a cell to put its base into the word, or type it in the field Filter",
        ),
    )


def _scores(result: PaddingResult, uid: str) -> str:
    return captioned(
        "<b>y[n, j]</b>, the score of the window that starts at j; the maximum is framed",
        heatmap_svg(
            np.where(result.state.masked & ~result.real, np.nan, result.scores),
            [f"y[{n}]" for n in range(len(result.sequences))],
            [str(j) for j in range(result.scores.shape[1])],
            "Score of every window",
            " ".join(
                f"y[{n}]: " + ", ".join(written(value, 1) for value in row) + "."
                for n, row in enumerate(result.scores)
            ),
            uid,
            limit=len(result.word) + 3,  # no score is larger: the bias is at most 3
            digits=1,
            marked={(n, int(j)) for n, j in enumerate(result.best) if j >= 0},
            cell=(34, 22),
        ),
    )


def _table(result: PaddingResult) -> str:
    rows = []
    for n, (sequence, j) in enumerate(zip(result.sequences, result.best)):
        cells = ["none", "", "no window fits"]
        if j >= 0:
            real = "real bases" if result.real[n, j] else "reaches into the padding"
            cells = [written(result.scores[n, j], 1), f"{j}: {_letters(result, n, j)}", real]
        rows.append([f"{n}: {sequence}", *cells])
    return html_table(
        "Max-pooling over each sequence",
        ["sequence", "maximum", "window (· is padding)", "made of"],
        rows,
    )


class PaddingExplorer(Explorer):
    """See how a filter scores padding, and when padding scores higher than the real bases.

    Examples
    --------
    >>> explorer = PaddingExplorer(sequences="TTACC CCC", word="TTA")
    >>> explorer.result.scores.tolist(), explorer.result.best.tolist()
    ([[3.0, -1.0, -3.0], [-3.0, -2.0, -1.0]], [0, 2])
    """

    State = PaddingState
    title = "Can a filter find its motif where there is no sequence?"
    goal = (
        "make every maximum come from real bases. Filling the end with N helps some sequences: "
        "find one that it does not help, and what always works."
    )
    numbers = ("table",)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
