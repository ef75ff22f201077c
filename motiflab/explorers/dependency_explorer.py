"""Explore what a sum over positions cannot learn: two bases that depend on each other."""

from __future__ import annotations

import functools

import numpy as np

from motiflab.figures import captioned, heatmap_svg, heatmap_table, percent, unseen, written
from motiflab.figures.chart_parts import GREY, axis, figure, key, line, points
from motiflab.figures.style import SEQUENTIAL
from motiflab.motifs.dependencies import coupled_pairs
from motiflab.networks.word_fit import WordFit, fit_words, least_loss
from motiflab.sequences.alphabet import BASES
from motiflab.widgets import CardResult, CardState, Chart, Explorer, choice, slider

STARTS = 10
_LOG_2 = float(np.log(2))


class DependencyState(CardState):
    """The learner's choices: the strength of the dependency, and the network."""

    strength: float = slider(
        0.8,
        "Strength of the dependency, r",
        0.0,
        0.95,
        0.05,
        patient=True,
        help="0: the two positions are independent; 1 would mean only AT, CG, GC and TA",
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
        Frequency of each word of two bases in either class; in the negatives all 16 are equal.
    ratio : ndarray, shape (4, 4)
        ``log(P+ / P-)``: the best possible logit.
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
        """Share of the possible reduction of the loss that the network reaches, 0 to 1."""
        possible = _LOG_2 - self.least  # 0 where the two positions are independent
        return (_LOG_2 - self.fit.loss) / possible if possible > 1e-9 else 0.0


@functools.lru_cache(maxsize=64)  # otherwise every reset of a control would fit again
def compute(state: DependencyState) -> DependencyResult:
    """Fit the network from its random starts."""
    positive, negative = coupled_pairs(state.strength), coupled_pairs(0.0)
    # Fitted to the exact populations, not to samples: any error left is the network's own limit.
    fit = fit_words(positive, negative, state.filters, state.activation, STARTS, state.seed)
    ratio = np.log(positive / negative)
    return DependencyResult(state, positive, negative, ratio, fit, least_loss(positive, negative))


def draw(result: DependencyResult, uid: str) -> dict[str, str | Chart]:
    """Draw the words of either class, the best possible logits, and the learned logits."""
    return {
        "positives": _words(
            100 * result.positive, "Positives: how frequent each word is, in %", f"{uid}p"
        ),
        "negatives": _words(100 * result.negative, "Negatives: no dependency, in %", f"{uid}n"),
        "wanted": _words(result.ratio, "What can be learned: log(P₊/P₋)", f"{uid}w", signed=True),
        "learned": _words(
            result.fit.logits, "What the network learned: its logit", f"{uid}l", signed=True
        ),
        "losses": _losses(result),
    }


def describe(result: DependencyResult) -> str:
    """Compare the loss with that of a guess and with the least possible, and say what it means."""
    fit, state = result.fit, result.state
    if state.strength == 0:
        return (
            f"<p>loss {fit.loss:.3f}, a guess has log 2 = {_LOG_2:.3f}</p><p>With r = 0 both "
            "classes hold the same words: there is nothing to learn.</p>"
        )
    kind = "linear filter" if state.activation == "none" else "ReLU filter"
    who = f"One {kind}" if state.filters == 1 else f"A network of {state.filters} {kind}s"
    # Linear filters add up to one linear filter, so more filters do not help.
    if state.activation == "none":
        again = " (which add up to one linear filter)" if state.filters > 1 else ""
        why = (
            f"{who}{again} learns nothing: each base is as frequent in the positives as in the "
            "negatives, at both positions, and a sum over positions can use nothing else."
        )
    elif result.share > 0.99:
        why = f"{who} has learned all there is to learn about the dependency."
    else:
        why = (
            f"{who} has learned {percent(result.share)} of what can be learned: a ReLU lets a "
            "filter fire for one word and stay silent for either half of it."
        )
    return (
        f"<p>loss {fit.loss:.3f}; a guess has log 2 = {_LOG_2:.3f}, the least possible is "
        f"{result.least:.3f}. Gained: ({_LOG_2:.3f} − {fit.loss:.3f}) / ({_LOG_2:.3f} − "
        f"{result.least:.3f}) = <b>{percent(max(0.0, result.share))}</b></p><p>{why}</p>"
    )


def _words(matrix: np.ndarray, caption: str, uid: str, signed: bool = False) -> str:
    """A matrix over the words of two bases: of shares in %, or, with signs, of logits."""
    names, shown, limit = list(BASES), matrix, 25.0
    if signed:
        limit = float(np.log(4))  # log(P₊/P₋) of AT, CG, GC and TA at r = 1
    else:
        # Sums of shares are beside each row and under each column.
        shown = np.block([[matrix, matrix.sum(axis=1)[:, None]], [matrix.sum(axis=0), np.nan]])
        names = [*names, "sum"]
    first, second = divmod(int(matrix.argmax()), len(BASES))
    words = f"Rows: first base; columns: second base. Largest: {BASES[first]}{BASES[second]}."
    svg = heatmap_svg(shown, names, names, caption, words, uid, limit, digits=2, cell=(46, 21))
    table = heatmap_table(shown, names, names, caption, digits=2, corner="first \\ second")
    return captioned(caption, svg + unseen(table))


def _losses(result: DependencyResult) -> Chart:
    losses, least = result.fit.losses, result.least
    across = (0, STARTS + 1)
    guess = line(across, (_LOG_2, _LOG_2), "guess", GREY, dash="dot")
    possible = line(across, (least, least), "least", GREY, dash="dash")
    starts = points(list(range(1, STARTS + 1)), losses, "starts", SEQUENTIAL)
    return Chart(
        figure(
            [guess, possible, starts],
            "Loss of each start, sorted",
            [
                key(starts, f"{STARTS} random starts"),
                key(guess, f"guess {_LOG_2:.3f}"),
                key(possible, f"least possible {least:.3f}"),
            ],
            axis("random start", (0.5, STARTS + 0.5), dtick=1),
            axis("loss (nats)", (0.35, 0.72), dtick=0.1),
            "start %{x}<br>loss %{y:.4f}",
            height=160,
        ),
        f"Of {STARTS} random starts the best ends at a loss of {written(losses[0], 3)}, the worst "
        f"at {written(losses[-1], 3)}; a guess has {_LOG_2:.3f}, the least possible is "
        f"{least:.3f}.",
    )


class DependencyExplorer(Explorer):
    """Fit filters to words whose two bases depend on each other, and see which can learn that.

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
    title = "Can a filter learn that two bases go together?"
    goal = "learn all there is to learn with as few filters as possible."
    rows = (("positives", "negatives"), ("wanted", "learned"))
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
