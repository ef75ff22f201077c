"""Two exercises with small numbers: slopes by the chain rule, and what an exchange really does."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.activations import relu, sigmoid, sigmoid_derivative
from motiflab.alphabet import BASES
from motiflab.convolution import cross_correlate
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.markdown import table, weights_table
from motiflab.exercises.values import Value
from motiflab.sequences import one_hot

_NETWORK = (
    r"A network has one filter of three positions, a ReLU, the maximum over all windows and one "
    r"dense weight: $y_j = b + \sum_k W_{k,x_{j+k}}$, $z = v \max_j \mathrm{ReLU}(y_j) + v_0$ and "
    r"$\hat y = \sigma(z)$."
)
_K = 3


def _scores(given: SimpleNamespace, sequence: str = "") -> np.ndarray:
    return cross_correlate(one_hot(sequence or given.sequence), given.W, bias=given.b)


def _described(given: SimpleNamespace) -> str:
    places = [str(i) for i in range(len(given.sequence))]
    return (
        f"$b = {given.b}$, $v = {given.v}$, $v_0 = {given.v0}$ and $W$:\n\n{weights_table(given.W)}"
        f"\n\nThe sequence:\n\n{table(['i', *places], [['x', *given.sequence]])}"
    )


def _drawn(rng: np.random.Generator, length: int) -> dict[str, Any]:
    return {
        "sequence": "".join(rng.choice(list(BASES), length)),
        "W": rng.integers(-3, 5, (_K, 4)),
        "b": -int(rng.integers(1, 3)),
        "v": int(rng.choice([3, 5, 6])),  # not 2 or 4, which 1/2 or the slope 1/4 would cancel
    }


def _draw_slope(rng: np.random.Generator) -> dict[str, Any]:
    """A clear winner; a position at one end of it that the runner-up covers too; ŷ = 1/2.

    The framework draws again until one slope is negative and the four do not sum to 0, so that
    sizes alone, or centred slopes, are wrong answers.
    """
    while True:
        drawn = _drawn(rng, 8)
        scores = _scores(SimpleNamespace(**drawn))
        second, first = (int(j) for j in np.argsort(scores)[-2:])
        i = first if second < first else first + _K - 1
        rows = drawn["W"][[i - first, _K - 1 - (i - first)]]
        if (
            abs(first - second) == 1  # so that the runner-up lays another row on i than a flip
            and scores[first] > scores[second] > max(0, *np.sort(scores)[:-2])
            and (rows[0] != rows[1]).sum() > 1
            and rows[0][BASES.index(drawn["sequence"][i])] != 0  # or gradient × input is all 0
            and (rows[0] != rows[0][::-1]).any()  # or T, G, C, A would be as good an order
        ):
            return {**drawn, "v0": int(-drawn["v"] * scores[first]), "i": i}


def _winner(given: SimpleNamespace) -> int:
    return int(_scores(given).argmax())


def _row(given: SimpleNamespace) -> np.ndarray:
    """Weights that lie under position i where the filter won."""
    return given.W[given.i - _winner(given)].astype(float)


def _lost(given: SimpleNamespace) -> np.ndarray:
    return given.W[given.i - int(np.argsort(_scores(given))[-2])].astype(float)


def _logit(given: SimpleNamespace, sequence: str = "") -> int:
    return int(given.v * relu(_scores(given, sequence).max()) + given.v0)


def _slope(given: SimpleNamespace) -> float:
    return float(sigmoid_derivative(_logit(given)))


SLOPE = Value(
    id="attributing.slope",
    title="Four slopes by the chain rule",
    draw=_draw_slope,
    task=lambda given: (
        f"{_NETWORK} Here {_described(given)}\n\nWhat is the saliency "
        rf"$S_{{i,c}} = \partial \hat y / \partial x_{{i,c}}$ at position i = {given.i}, for each "
        "of the four bases? Give four numbers in the order A, C, G, T, to 3 decimals."
    ),
    right=lambda given: _slope(given) * given.v * _row(given),
    mistakes=(
        Mistake(
            "filter's weights alone",
            "You found the right row of the filter. It stands at the end of the chain: which "
            "slopes does it have to be multiplied with, between the winner's score and the "
            "prediction?",
            _row,
        ),
        Mistake(
            "slope of the sigmoid forgotten",
            "This is the slope of the logit $z$. One more step stands between $z$ and the "
            "prediction.",
            lambda given: given.v * _row(given),
        ),
        Mistake(
            "sigmoid for its slope",
            r"All the factors are there, but for the sigmoid you used its value. What is the slope "
            r"of $\sigma$ at this logit?",
            lambda given: float(sigmoid(_logit(given))) * given.v * _row(given),
        ),
        Mistake(
            "dense weight forgotten",
            "The winner's score passes through the dense layer on its way to the logit. Which "
            "factor does that bring?",
            lambda given: _slope(given) * _row(given),
        ),
        Mistake(
            "filter flipped",
            "You laid the filter down back to front. At which k does position i lie, counted from "
            "the left end of the winning window?",
            lambda given: (
                _slope(given) * given.v * given.W[_K - 1 - (given.i - _winner(given))].astype(float)
            ),
        ),
        Mistake(
            "a window that lost",
            "These are the weights under another window. Score all the windows again: how much of "
            "a slope does the maximum give to one that did not win?",
            lambda given: _slope(given) * given.v * _lost(given),
        ),
        Mistake(
            "signs forgotten",
            "These are the sizes of the slopes. A slope below 0 says that more of this base would "
            "lower the prediction: give each slope its sign.",
            lambda given: np.abs(_slope(given) * given.v * _row(given)),
        ),
        Mistake(
            "centred saliency",
            "You took the mean of the four slopes off: that is the *centred* saliency, which says "
            "what exchanging bases does. Here the four slopes themselves are asked for.",
            lambda given: _slope(given) * given.v * (_row(given) - _row(given).mean()),
        ),
        Mistake(
            "change from the base that stands there",
            "These are differences from the slope of the base that stands there: what the slopes "
            "promise for an exchange. Here the four slopes themselves are asked for.",
            lambda given: (
                _slope(given)
                * given.v
                * (_row(given) - _row(given)[BASES.index(given.sequence[given.i])])
            ),
        ),
        Mistake(
            "gradient times input",
            "You kept the base that stands there and put 0 for the others: that is gradient × "
            "input. The saliency has a slope for every base that *could* stand there.",
            lambda given: _slope(given) * given.v * _row(given) * one_hot(given.sequence)[given.i],
        ),
    ),
    hints=(
        "Score every window first. Which one wins, and is the ReLU awake there?",
        "Only the winner passes a slope on. Which position k of the filter lies on position i?",
        r"The chain: sigmoid $\hat y (1 - \hat y)$, dense layer, maximum, ReLU, filter. Write down "
        "the slope of each and multiply.",
    ),
    solution=lambda given: (
        "The windows score "
        + ", ".join(f"{score:.0f}" for score in _scores(given))
        + f". Window {_winner(given)} wins and is above 0, so maximum and ReLU pass the slope 1. "
        f"The logit is ${given.v} \\cdot {_scores(given).max():.0f} + ({given.v0}) = "
        f"{_logit(given)}$, where the sigmoid is 1/2 and its slope 1/4. Position {given.i} lies on "
        f"k = {given.i} − {_winner(given)} = {given.i - _winner(given)} of the filter. So $S = "
        f"1/4 \\cdot {given.v} \\cdot W_{{{given.i - _winner(given)}}}$ = "
        + ", ".join(f"{value:g}" for value in _slope(given) * given.v * _row(given))
        + ". Any other window that covers this position lost, by however little, and counts for "
        "nothing."
    ),
    decimals=3,
    effort=lambda given: (_logit(given), len(_scores(given)), given.i - _winner(given) != 1),
)


def _draw_exchange(rng: np.random.Generator) -> dict[str, Any]:
    """Two windows apart from each other; an exchange in the better one makes the other win.

    A filter that lies otherwise, or a position that is counted from 1, must give other numbers.
    """
    while True:
        drawn = _drawn(rng, 9)
        given = SimpleNamespace(**drawn, v0=-int(rng.integers(1, 6)))
        scores = _scores(given)
        second, first = (int(j) for j in np.argsort(scores)[-2:])
        given.i, given.base = first + int(rng.integers(_K)), BASES[rng.integers(4)]
        after = np.sort(_scores(given, _exchanged(given)))
        if (
            scores[first] > scores[second] > max(1, *np.sort(scores)[:-2])
            and abs(first - second) >= _K
            and scores[second] == after[-1] > after[-2]
            and 0 not in _weights(given)
            and not any(_answer(given, **slip) == _answer(given) for slip in _slips(given))
        ):
            return vars(given)


def _slips(given: SimpleNamespace) -> list[dict[str, Any]]:
    """List what a learner may put in the place of the filter or the position."""
    turned = [given.W[::-1], given.W[::-1, ::-1], given.W[:, ::-1]]
    return [{"W": W} for W in turned] + [{"i": given.i - 1}] * (given.i > 0)


def _answer(given: SimpleNamespace, **slip: Any) -> list[int]:
    """Return what the slopes promise and what happens, with a slip if one is named."""
    given = SimpleNamespace(**{**vars(given), **slip})
    return [_promised(given), _happened(given)]


def _exchanged(given: SimpleNamespace) -> str:
    return given.sequence[: given.i] + given.base + given.sequence[given.i + 1 :]


def _weights(given: SimpleNamespace) -> tuple[int, int]:
    """Weights of the new and of the old base in the window that won; 0 outside it."""
    k = given.i - _winner(given)
    row = given.W[k] if 0 <= k < _K else np.zeros(4)
    return int(row[BASES.index(given.base)]), int(row[BASES.index(given.sequence[given.i])])


def _bracketed(number: int) -> str:
    return f"({number})" if number < 0 else str(number)


def _promised(given: SimpleNamespace) -> int:
    new, old = _weights(given)
    return given.v * (new - old)


def _happened(given: SimpleNamespace) -> int:
    return _logit(given, _exchanged(given)) - _logit(given)


def _predicted(given: SimpleNamespace) -> float:
    """What happens to the prediction, in place of its logit."""
    return float(sigmoid(_logit(given, _exchanged(given))) - sigmoid(_logit(given)))


def _is(answer: np.ndarray, numbers: list[float], slack: float = 1e-9) -> bool:
    return answer.shape == (2,) and np.allclose(answer, numbers, rtol=0, atol=slack)


EXCHANGE = Value(
    id="attributing.exchange",
    title="What the slope promises, and what happens",
    draw=_draw_exchange,
    task=lambda given: (
        f"{_NETWORK} Here {_described(given)}\n\nThe base {given.sequence[given.i]} at position "
        f"i = {given.i} is exchanged for {given.base}. By how much does the **logit** $z$ change, "
        "if one trusts its slopes at the sequence above? And by how much does it really change? "
        "Give two numbers, `[promised, happened]`, with their signs."
    ),
    right=_answer,
    mistakes=(
        Mistake(
            "slope taken for the change",
            "The promise is right. For what happened you assumed that it is kept: score *all* the "
            "windows of the new sequence and see which one wins now.",
            lambda given: [_promised(given), _promised(given)],
        ),
        Mistake(
            "site lost altogether",
            "The promise is right. For what happened you let the network fall silent. The window "
            "that won is damaged; is there no other one above 0?",
            lambda given: [_promised(given), int(-given.v * _scores(given).max())],
        ),
        Mistake(
            "one of the two bases forgotten",
            "What happened is right. In the promise one base comes, and another goes: an exchange "
            "moves two entries of the one-hot input.",
            lambda given: [given.v * _weights(given)[0], _happened(given)],
            lambda given, answer: (
                _is(answer, [given.v * _weights(given)[0], _happened(given)])
                or _is(answer, [-given.v * _weights(given)[1], _happened(given)])
            ),
        ),
        Mistake(
            "prediction for logit",
            "The promise is right. What happened is told for the prediction ŷ; the question is "
            "about the logit $z$, before the sigmoid.",
            lambda given: [_promised(given), _predicted(given)],
            lambda given, answer: _is(answer, [_promised(given), _predicted(given)], 0.001),
        ),
        Mistake(
            "dense weight forgotten",
            "These are changes of the best score. On the way to the logit it is multiplied by "
            "something.",
            lambda given: [_promised(given) / given.v, _happened(given) / given.v],
        ),
        Mistake(
            "filter flipped",
            "You laid the filter down back to front. At which k does a position lie, counted from "
            "the left end of a window?",
            lambda given: _answer(given, W=given.W[::-1]),
        ),
        Mistake(
            "signs turned",
            "The sizes are right. A change is new minus old, so a fall is negative.",
            lambda given: [-_promised(given), -_happened(given)],
        ),
        Mistake(
            "order exchanged",
            "Both numbers are right, in the other order: first what the slope promises, then what "
            "happens.",
            lambda given: [_happened(given), _promised(given)],
        ),
    ),
    hints=(
        "The slope of the logit is the dense weight times the filter's weights, laid down where it "
        "won. An exchange takes 1 away from one base and gives it to another.",
        "For what really happens, score every window of the new sequence, and take the maximum "
        "again.",
    ),
    solution=lambda given: (
        "The windows score "
        + ", ".join(f"{score:.0f}" for score in _scores(given))
        + f" and window {_winner(given)} wins. There the base {given.base} weighs "
        f"{_weights(given)[0]} and {given.sequence[given.i]} weighs {_weights(given)[1]}, so the "
        f"slopes promise ${given.v} \\cdot "
        f"({_weights(given)[0]} - {_bracketed(_weights(given)[1])}) = {_promised(given)}$. After "
        "the exchange the windows score "
        + ", ".join(f"{score:.0f}" for score in _scores(given, _exchanged(given)))
        + f": another window takes over, and the logit goes from {_logit(given)} to "
        f"{_logit(given, _exchanged(given))}, a change of **{_happened(given)}**. This is "
        "in-silico mutagenesis. With $v > 0$ the truth is never below the promise, "
        "as a maximum only bends upwards."
    ),
    effort=lambda given: (
        len(given.sequence),
        int(_scores(given, _exchanged(given)).argmax()) != _winner(given),
    ),
)
