"""Explore what a sum over positions cannot know: two bases that depend on each other."""

from __future__ import annotations

import functools

import numpy as np

from motiflab.figures.chart_parts import GREY, axis, figure, key, line, points
from motiflab.figures.heatmap import heatmap_svg, heatmap_table
from motiflab.figures.numbers import written
from motiflab.figures.style import SEQUENTIAL
from motiflab.motifs.dependencies import coupled_pairs
from motiflab.networks.word_fit import WordFit, fit_words, least_loss
from motiflab.sequences.alphabet import BASES
from motiflab.widgets import CardResult, CardState, Chart, Explorer, captioned, choice, slider

STARTS = 10
_LOG_2 = float(np.log(2))
_CELL = (48, 30)


class DependencyState(CardState):
    """How strongly the two positions covary in the positives, and which network looks at them."""

    strength: float = slider(
        0.8,
        "Strength of the dependency, r",
        0.0,
        0.95,
        0.05,
        patient=True,
        help="0: the two positions are independent; 1 would be: only AT, CG, GC and TA",
    )
    activation: str = choice("none", "Activation", [("none (linear)", "none"), ("ReLU", "relu")])
    filters: int = slider(1, "Filters", 1, 8, patient=True)
    seed: int = slider(
        0, "Seed of the random starts", 0, 20, patient=True, help=f"{STARTS} starts for each seed"
    )


class DependencyResult(CardResult):
    """The two populations, and the network fitted to them.

    Attributes
    ----------
    positive, negative : ndarray, shape (4, 4)
        How frequent each word of two bases is in either class.
    ratio : ndarray, shape (4, 4)
        ``log(P+ / P-)``: the logit that knows all there is to know.
    fit : WordFit
    least : float
        Loss of that logit, in nats.
    """

    positive: np.ndarray
    negative: np.ndarray
    ratio: np.ndarray
    fit: WordFit
    least: float

    @property
    def share(self) -> float:
        """How much of what can be known the network knows: 0 for a guess, 1 for all."""
        possible = _LOG_2 - self.least  # 0 where the two positions are independent
        return (_LOG_2 - self.fit.loss) / possible if possible > 1e-9 else 0.0


@functools.lru_cache(maxsize=64)  # every reset of a control would fit again
def compute(state: DependencyState) -> DependencyResult:
    """Fit the network from its random starts."""
    positive, negative = coupled_pairs(state.strength), coupled_pairs(0.0)
    # Fitted to the exact populations, not to samples: what is missed is the network's own limit.
    fit = fit_words(positive, negative, state.filters, state.activation, STARTS, state.seed)
    ratio = np.log(positive / negative)
    return DependencyResult(state, positive, negative, ratio, fit, least_loss(positive, negative))


def draw(result: DependencyResult, uid: str) -> dict[str, str | Chart]:
    """Draw the words of either class, what could be known of them, and what was learned."""
    limit = float(np.log(4))  # of the ratio of AT, CG, GC and TA at r = 1
    return {
        "positives": _words(
            100 * result.positive, "Positives: how frequent each word is, in %", f"{uid}p", 25, 2
        ),
        "negatives": _words(
            100 * result.negative,
            "Negatives: the same bases, no dependency, in %",
            f"{uid}n",
            25,
            2,
        ),
        "wanted": _words(
            result.ratio, "What can be known: log(P₊/P₋)", f"{uid}w", limit, 2, signed=True
        ),
        "learned": _words(
            result.fit.logits, "What the network says: its logit", f"{uid}l", limit, 2, signed=True
        ),
        "losses": Chart(_chart(result), _chart_text(result)),
    }


def describe(result: DependencyResult) -> str:
    """Compare the loss with that of a guess and with the least possible, and say what it means."""
    fit, state = result.fit, result.state
    who = _who(state)
    if state.strength == 0:
        return (
            f"<p>loss {fit.loss:.3f}, a guess log 2 = {_LOG_2:.3f}</p><p>With r = 0 both "
            "classes hold the same words: there is nothing to know.</p>"
        )
    if state.activation == "none":
        why = (
            f"{who[0].upper()}{who[1:]} learns nothing: each base is as frequent in the positives "
            "as in the negatives, at both positions, and a sum over positions can weigh nothing "
            "else."
        )
    elif result.share > 0.99:
        why = f"{who[0].upper()}{who[1:]} knows all that can be known of the dependency."
    else:
        why = (
            f"{who[0].upper()}{who[1:]} knows {result.share:.0%} of what can be known: a ReLU "
            "lets a filter fire for one word and stay silent for the two halves of it."
        )
    return (
        f"<p>loss {fit.loss:.3f}; a guess log 2 = {_LOG_2:.3f}; the least possible "
        f"{result.least:.3f}. Gained ({_LOG_2:.3f} − {fit.loss:.3f}) / ({_LOG_2:.3f} − "
        f"{result.least:.3f}) = <b>{max(0.0, result.share):.0%}</b></p><p>{why}</p>"
    )


def _who(state: DependencyState) -> str:
    kind = "linear filter" if state.activation == "none" else "ReLU filter"
    if state.filters == 1:
        return f"one {kind}"
    together = " (together again one linear filter)" if state.activation == "none" else ""
    return f"a network of {state.filters} {kind}s{together}"


def _words(
    matrix: np.ndarray, caption: str, uid: str, limit: float, digits: int, signed: bool = False
) -> str:
    # The sum of a marginal stands beside its row and under its column, where it is a share.
    rows, columns = list(BASES), list(BASES)
    shown = matrix
    if not signed:
        shown = np.block([[matrix, matrix.sum(axis=1)[:, None]], [matrix.sum(axis=0), np.nan]])
        rows, columns = [*rows, "sum"], [*columns, "sum"]
    best = np.unravel_index(matrix.argmax(), matrix.shape)
    words = f"Rows: first base; columns: second base. Largest: {BASES[best[0]]}{BASES[best[1]]}."
    svg = heatmap_svg(shown, rows, columns, caption, words, uid, limit, digits, cell=_CELL)
    table = heatmap_table(shown, rows, columns, caption, digits, "first \\ second")
    return captioned(caption, f"{svg}<div class='motiflab-unseen'>{table}</div>")


def _chart(result: DependencyResult):
    numbers = list(range(1, STARTS + 1))
    runs = points(numbers, result.fit.losses, "starts", SEQUENTIAL)
    guess = line((0, STARTS + 1), (_LOG_2, _LOG_2), "guess", GREY, dash="dot")
    least = line((0, STARTS + 1), (result.least, result.least), "least", GREY, dash="dash")
    keys = [
        key(runs, f"{STARTS} random starts"),
        key(guess, f"guess {_LOG_2:.3f}"),
        key(least, f"least possible {result.least:.3f}"),
    ]
    return figure(
        [guess, least, runs],
        "Loss of each start, sorted",
        keys,
        axis("random start", (0.5, STARTS + 0.5), dtick=1),
        axis("cross-entropy (nats)", (0.35, 0.72), dtick=0.1),
        "start %{x}<br>loss %{y:.4f}",
        height=230,
    )


def _chart_text(result: DependencyResult) -> str:
    low, high = result.fit.losses[0], result.fit.losses[-1]
    return (
        f"Of {STARTS} random starts the best ends at a loss of {written(low, 3)}, the worst at "
        f"{written(high, 3)}; a guess has {_LOG_2:.3f}, the least possible is {result.least:.3f}."
    )


class DependencyExplorer(Explorer):
    """Fit filters to words whose two bases depend on each other, and see which can know it.

    Examples
    --------
    >>> linear = DependencyExplorer()
    >>> bool(abs(linear.result.share) < 0.001)
    True
    >>> linear.set(activation="relu", filters=4)
    >>> bool(linear.result.share > 0.9)
    True
    """

    State = DependencyState
    title = "Can a filter know that two bases go together?"
    goal = "with as few filters as possible, reach all that can be known."
    rows = (("positives", "negatives"), ("wanted", "learned"))
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
