"""Exercises on which bases a prediction depends on: by slopes, by exchanges, by an experiment."""

from __future__ import annotations

from collections.abc import Callable
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
    Property,
    Target,
    Text,
    Value,
    altered,
    table,
    weights_table,
    with_base,
)
from motiflab.interpretation.saliency import centred
from motiflab.layers import cross_correlate, relu, relu_derivative, sigmoid, sigmoid_derivative
from motiflab.motifs import jaspar
from motiflab.sequences.alphabet import BASES
from motiflab.sequences.encoding import one_hot

# -- What every exercise is about: scores, and the saliency map of a network -----------------------


def _map_scores(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the score of every window, shape (F, M)."""
    return np.array([cross_correlate(x, weights, bias=bias) for weights, bias in zip(W, b)])


def _laid_down(
    x: np.ndarray,
    W: np.ndarray,
    b: np.ndarray,
    v: np.ndarray,
    v0: float,
    slope: Callable[..., Any] = sigmoid_derivative,
    awake: Callable[..., Any] = relu_derivative,
    weights: Callable[[np.ndarray], np.ndarray] = lambda filter: filter,
    windows: Callable[[np.ndarray, int], Any] = lambda scores, f: [scores[f].argmax()],
    added: bool = True,
) -> np.ndarray:
    """Return the saliency map of a network; the last five arguments make the known mistakes.

    Each filter is laid down where it won, as only the winner passes a slope through the maximum.
    """
    scores, total = _map_scores(x, W, b), np.zeros(x.shape)
    for f in range(len(W)):
        for j in windows(scores, f):
            here = slice(j, j + W.shape[1])
            # The chain rule backwards: dense weight, ReLU, filter. The sigmoid's slope is the same
            # for all of them and comes last.
            part = v[f] * awake(scores[f, j]) * weights(W[f])
            total[here] = total[here] + part if added else part
    return slope(v @ relu(scores.max(axis=1)) + v0) * total


# -- Four slopes by the chain rule -----------------------------------------------------------------

_NETWORK = (
    r"A network has one filter of three positions, a ReLU, the maximum over all windows and one "
    r"dense weight: $y_j = b + \sum_k W_{k,x_{j+k}}$, $z = v \max_j \mathrm{ReLU}(y_j) + v_0$ and "
    r"$\hat y = \sigma(z)$."
)
_K = 3


def _hand_scores(given: Given, sequence: str = "") -> np.ndarray:
    return cross_correlate(one_hot(sequence or given.sequence), given.W, bias=given.b)


def _described(given: Given) -> str:
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
    """Draw a network with a clear winner, and a position that the runner-up covers, too.

    The position lies at one end of the winning window, and v0 leaves ŷ at 1/2. The framework draws
    again until one slope is negative and the four do not sum to 0, so that sizes alone, or centred
    slopes, are wrong answers.
    """
    while True:
        # Not with `suits`: that would have to find winner and runner-up again.
        drawn = _drawn(rng, 8)
        scores = _hand_scores(Given(**drawn))
        second, first = (int(j) for j in np.argsort(scores)[-2:])
        # The end that the runner-up covers: its weights there are another row of the filter.
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


def _winner(given: Given) -> int:
    return int(_hand_scores(given).argmax())


def _hand_logit(given: Given, sequence: str = "") -> int:
    return int(given.v * relu(_hand_scores(given, sequence).max()) + given.v0)


def _slopes(given: Given, **slip: Any) -> np.ndarray:
    """Return the saliency at position i, or what a slip makes of it (see `_laid_down`)."""
    network = one_hot(given.sequence), given.W[np.newaxis], [given.b], [given.v], given.v0
    return _laid_down(*network, **slip)[given.i]


SLOPE = Value(
    id="attributing.slope",
    title="Four slopes by the chain rule",
    draw=_draw_slope,
    task=lambda given: (
        f"{_NETWORK} Here {_described(given)}\n\nWhat is the saliency "
        rf"$S_{{i,c}} = \partial \hat y / \partial x_{{i,c}}$ at position i = {given.i}, for each "
        "of the four bases? Give four numbers in the order A, C, G, T, to 3 decimals."
    ),
    right=_slopes,
    mistakes=(
        Mistake(
            "filter's weights alone",
            "You found the right row of the filter. It is the last factor of the chain: by which "
            "slopes, between the winner's score and the prediction, must you multiply it?",
            lambda given: given.W[given.i - _winner(given)].astype(float),
        ),
        Mistake(
            "slope of the sigmoid forgotten",
            "This is the slope of the logit $z$. There is one more step between $z$ and the "
            "prediction.",
            lambda given: _slopes(given, slope=np.ones_like),
        ),
        Mistake(
            "sigmoid for its slope",
            "All the factors are there, but for the sigmoid you used its value instead of its "
            r"slope. What is the slope of $\sigma$ at this logit?",
            lambda given: _slopes(given, slope=sigmoid),
        ),
        Mistake(
            "dense weight forgotten",
            "The winner's score passes through the dense layer on its way to the logit. Which "
            "factor does that bring?",
            lambda given: _slopes(given) / given.v,
        ),
        Mistake(
            "filter flipped",
            "You placed the filter back to front. Which k does position i have, counted from the "
            "left end of the winning window?",
            lambda given: _slopes(given, weights=np.flipud),
        ),
        Mistake(
            "a window that lost",
            "These are the weights of a different window. Score all the windows again: which "
            "slope does the maximum give to a window that did not win?",
            lambda given: _slopes(given, windows=lambda scores, f: [scores[f].argsort()[-2]]),
        ),
        Mistake(
            "signs forgotten",
            "These are the sizes of the slopes. A slope below 0 says that more of this base would "
            "lower the prediction: give each slope its sign.",
            lambda given: np.abs(_slopes(given)),
        ),
        Mistake(
            "centred saliency",
            "You subtracted the mean of the four slopes: that is the *centred* saliency, which "
            "describes exchanges of bases. Give the four slopes themselves.",
            lambda given: centred(_slopes(given)),
        ),
        Mistake(
            "change from the base that stands there",
            "You subtracted the slope of the base in the sequence: that is what the slopes "
            "predict for an exchange. Give the four slopes themselves.",
            lambda given: _slopes(given) - _slopes(given)[BASES.index(given.sequence[given.i])],
        ),
        Mistake(
            "gradient times input",
            "You kept the slope of the base in the sequence and put 0 for the others: that is "
            "gradient × input. The saliency has a slope for every base that *could* be there.",
            lambda given: _slopes(given) * one_hot(given.sequence)[given.i],
        ),
    ),
    hints=(
        "First score every window. Which one wins, and is the ReLU active there?",
        "Only the winner passes a slope on. Which position k of the filter is at position i?",
        r"The chain: sigmoid $\hat y (1 - \hat y)$, dense layer, maximum, ReLU, filter. Write down "
        "the slope of each and multiply.",
    ),
    solution=lambda given: (
        "The windows score "
        + ", ".join(f"{score:.0f}" for score in _hand_scores(given))
        + f". Window {_winner(given)} wins and is above 0, so maximum and ReLU pass the slope 1. "
        f"The logit is ${given.v} \\cdot {_hand_scores(given).max():.0f} + ({given.v0}) = "
        f"{_hand_logit(given)}$, where the sigmoid is 1/2 and its slope 1/4. Position {given.i} "
        f"is at k = {given.i} − {_winner(given)} = {given.i - _winner(given)} of the filter. So "
        f"$S = 1/4 \\cdot {given.v} \\cdot W_{{{given.i - _winner(given)}}}$ = "
        + ", ".join(f"{value:g}" for value in _slopes(given))
        + ". Any other window that covers this position lost, perhaps only just, and contributes "
        "nothing."
    ),
    decimals=3,
    effort=lambda given: (
        _hand_logit(given),
        len(_hand_scores(given)),
        given.i - _winner(given) != 1,
    ),
)


# -- What a slope promises of an exchange, and what happens ----------------------------------------


def _draw_exchange(rng: np.random.Generator) -> dict[str, Any]:
    """Draw a network, a sequence, and a base for one position of the window that wins."""
    given = Given(**_drawn(rng, 9), v0=-int(rng.integers(1, 6)))
    given.i = _winner(given) + int(rng.integers(_K))
    given.base = BASES[rng.integers(4)]
    return vars(given)


def _another_takes_over(given: Given) -> bool:
    """Tell whether another window, away from the one that won, wins after the exchange.

    A filter that lies differently, or a position that is counted from 1, must give other numbers.
    """
    scores, after = _hand_scores(given), np.sort(_hand_scores(given, _exchanged(given)))
    second, first = np.argsort(scores)[-2:]
    return (
        scores[first] > scores[second] > max(1, *np.sort(scores)[:-2])
        and abs(first - second) >= _K
        and scores[second] == after[-1] > after[-2]
        and 0 not in _pair(given)
        and not any(_answer(given, **slip) == _answer(given) for slip in _slips(given))
    )


def _slips(given: Given) -> list[dict[str, Any]]:
    """List what a learner may put in the place of the filter or the position."""
    slips = [{"W": W} for W in (given.W[::-1], given.W[::-1, ::-1], given.W[:, ::-1])]
    return [*slips, {"i": given.i - 1}] if given.i > 0 else slips


def _answer(given: Given, **slip: Any) -> list[int]:
    """Return what the slopes promise and what happens, with a slip if one is named."""
    given = altered(given, **slip)
    return [_promised(given), _happened(given)]


def _exchanged(given: Given) -> str:
    return with_base(given.sequence, given.i, given.base)


def _pair(given: Given) -> tuple[int, int]:
    """Return the weights of the new and the old base in the window that won; 0 outside it."""
    k = given.i - _winner(given)
    row = given.W[k] if 0 <= k < _K else np.zeros(4)
    return int(row[BASES.index(given.base)]), int(row[BASES.index(given.sequence[given.i])])


def _bracketed(number: int) -> str:
    return f"({number})" if number < 0 else str(number)


def _promised(given: Given) -> int:
    new, old = _pair(given)
    return given.v * (new - old)


def _happened(given: Given) -> int:
    return _hand_logit(given, _exchanged(given)) - _hand_logit(given)


def _predicted(given: Given) -> float:
    """Return the change of the prediction, where that of its logit is asked for."""
    return float(sigmoid(_hand_logit(given, _exchanged(given))) - sigmoid(_hand_logit(given)))


EXCHANGE = Value(
    id="attributing.exchange",
    title="What the slope promises, and what happens",
    draw=_draw_exchange,
    suits=_another_takes_over,
    task=lambda given: (
        f"{_NETWORK} Here {_described(given)}\n\n"
        f"The base {given.sequence[given.i]} at position i = {given.i} is exchanged for "
        f"{given.base}. By how much should the **logit** $z$ change according to its slopes at "
        "the sequence above? And by how much does it really change? Give two numbers, "
        "`[predicted, real]`, with their signs."
    ),
    right=_answer,
    mistakes=(
        Mistake(
            "slope taken for the change",
            "The predicted change is right. You assumed that the real change is the same: score "
            "*all* the windows of the new sequence and see which one wins now.",
            lambda given: [_promised(given), _promised(given)],
        ),
        Mistake(
            "site lost altogether",
            "The predicted change is right. For the real change you assumed that the network "
            "falls silent. The window that won is damaged, but is no other window above 0?",
            lambda given: [_promised(given), int(-given.v * _hand_scores(given).max())],
        ),
        Mistake(
            "one of the two bases forgotten",
            "The real change is right. For the predicted one, remember that one base comes and "
            "another goes: an exchange changes two entries of the one-hot input.",
            lambda given: [given.v * _pair(given)[0], _happened(given)],
            also=(lambda given: [-given.v * _pair(given)[1], _happened(given)],),
        ),
        Mistake(
            "prediction for logit",
            "The predicted change is right. Your real change is that of the output ŷ; the "
            "question is about the logit $z$, before the sigmoid.",
            lambda given: [_promised(given), _predicted(given)],
            lambda given, answer: (
                answer.shape == (2,)
                and np.allclose(answer, [_promised(given), _predicted(given)], rtol=0, atol=0.001)
            ),
        ),
        Mistake(
            "dense weight forgotten",
            "These are changes of the best score. To get the logit, it is multiplied by something.",
            lambda given: [_promised(given) / given.v, _happened(given) / given.v],
        ),
        Mistake(
            "filter flipped",
            "You placed the filter back to front. Which k does a position have, counted from the "
            "left end of a window?",
            lambda given: _answer(given, W=given.W[::-1]),
        ),
        Mistake(
            "signs turned",
            "The sizes are right. A change is new minus old, so a decrease is negative.",
            lambda given: [-_promised(given), -_happened(given)],
        ),
        Mistake(
            "order exchanged",
            "Both numbers are right, but in the wrong order: first the change that the slope "
            "predicts, then the real one.",
            lambda given: [_happened(given), _promised(given)],
        ),
    ),
    hints=(
        "The slope of the logit is the dense weight times the filter's weights, placed at the "
        "winning window. An exchange takes 1 away from one base and gives it to another.",
        "For the real change, score every window of the new sequence, and take the maximum again.",
    ),
    solution=lambda given: (
        "The windows score "
        + ", ".join(f"{score:.0f}" for score in _hand_scores(given))
        + f" and window {_winner(given)} wins. There the base {given.base} weighs "
        f"{_pair(given)[0]} and {given.sequence[given.i]} weighs {_pair(given)[1]}, so the "
        f"slopes predict ${given.v} \\cdot ({_pair(given)[0]} - {_bracketed(_pair(given)[1])}) "
        f"= {_promised(given)}$. After the exchange the windows score "
        + ", ".join(f"{score:.0f}" for score in _hand_scores(given, _exchanged(given)))
        + f": another window takes over, and the logit goes from {_hand_logit(given)} to "
        f"{_hand_logit(given, _exchanged(given))}, a change of **{_happened(given)}**. This is "
        "in-silico mutagenesis. With $v > 0$ the real change is never below the predicted one, "
        "because a maximum of linear functions is convex: it never lies below its tangent."
    ),
    effort=lambda given: (
        len(given.sequence),
        int(_hand_scores(given, _exchanged(given)).argmax()) != _winner(given),
    ),
)


# -- Which maps stay when a constant moves into the bias -------------------------------------------

UNCHANGED = Choice(
    id="attributing.unchanged",
    title="Which maps stay the same?",
    draw=lambda rng: {"k": int(rng.integers(7)), "constant": int(rng.integers(1, 6))},
    task=lambda given: (
        "A network has one linear filter of seven positions, the maximum over the windows "
        f"(without padding), and a sigmoid. You add {given.constant} to all four weights at k = "
        f"{given.k} and subtract {given.constant} from the bias. Which of the four maps of a "
        "sequence (saliency, centred saliency, gradient × input, mutagenesis) are the same before "
        "and after?"
    ),
    options=(
        Option("Centred saliency and mutagenesis."),
        Option(
            "All four: no prediction has changed, so no explanation of it can.",
            "No prediction has changed, true. But a slope also describes a step to an input whose "
            "four entries at a position sum to 1.1, which is no real sequence. Do all four maps "
            "ignore that direction?",
        ),
        Option(
            "Saliency and gradient × input, as both are computed exactly.",
            "The computation is exact, but its result is a multiple of the filter's weights. Have "
            "these stayed the same at this k?",
        ),
        Option(
            "Gradient × input and mutagenesis, as both look only at real bases.",
            "For mutagenesis that is true. Gradient × input takes the slope of the base in the "
            "sequence: write that slope down before and after adding the constant.",
        ),
        Option(
            "Only mutagenesis; everything made from a gradient changes.",
            "The gradient changes, by the same amount for all four bases of a position. One of "
            "the maps subtracts exactly what is common to the four.",
        ),
    ),
    hints=(
        r"The slopes in the winning window are $\hat y (1 - \hat y)\,W_{k,c}$. What does the "
        "constant do to the four slopes of one position?",
        "Mutagenesis asks the network about real sequences only. Has any of its predictions "
        "changed?",
    ),
    solution=lambda given: (
        f"**{UNCHANGED.right(given)}**: centred saliency and mutagenesis. Every window has "
        "exactly one base at each position, so every score gains the constant and loses it in the "
        "bias. No prediction changes, so mutagenesis, which is computed from predictions, does "
        r"not change either. The gradient at that position grows by $\hat y (1 - \hat y) \cdot "
        f"{given.constant}$ for all four bases, and gradient × input changes with it. Centring "
        "subtracts the mean over the four bases, and the constant is gone. So only compare "
        "differences within a position."
    ),
)


# -- Write the whole map ---------------------------------------------------------------------------


def _overlook_last(x: np.ndarray, *rest: Any) -> np.ndarray:
    return np.vstack([_laid_down(x[:-1], *rest), np.zeros((1, 4))])


def _all_active(x: np.ndarray, W: np.ndarray, b: np.ndarray, *rest: Any) -> bool:
    """Tell whether no filter of a network is silent.

    The mistake is looked for in these cases only, as an answer may treat the others in any way.
    """
    return bool((_map_scores(x, W, b).max(axis=1) > 0).all())


def _draw_network(rng: np.random.Generator) -> dict[str, Any]:
    """Draw a network whose two filters win clearly, above 0, and in windows that overlap."""
    while True:
        W = rng.integers(-3, 5, (2, 3, 4))
        sequence = "".join(rng.choice(list(BASES), 9))
        b, v = np.array([-1, -1]), rng.permutation([int(rng.integers(2, 4)), -1])
        x = one_hot(sequence).astype(float)
        scores = _map_scores(x, W, b)
        best = scores.argmax(axis=1)
        clear = np.sort(scores, axis=1)
        if 0 < abs(best[0] - best[1]) < 3 and (clear[:, -1] > clear[:, -2].clip(min=1)).all():
            # A logit of -1, 0 or 1: far from 0 the sigmoid is flat, and the map nearly blank.
            v0 = int(rng.integers(-1, 2)) - int(v @ scores.max(axis=1))
            return {"sequence": sequence, "x": x, "W": W, "b": b, "v": v, "v0": v0}


def _balanced(given: Given, f: int) -> float:
    """Return the v0 with which filter f alone leaves ŷ at 1/2."""
    return -float(given.v[f] * _map_scores(given.x, given.W, given.b)[f].max())


def _cases(given: Given, rng: np.random.Generator) -> list[tuple[Any, ...]]:
    x, b = given.x, given.b
    silent = b - np.array([50, 0])  # no window of the first filter is above 0
    cases = [
        (x, given.W[:1], b[:1], given.v[:1], _balanced(given, 0)),
        (x, given.W, b, given.v, given.v0),
        (x, given.W, silent, given.v, _balanced(given, 1)),
    ]
    while len(cases) < 5:
        W, b = rng.normal(0, 1, (3, 4, 4)).round(2), np.array([0.5, -0.25, -9])
        at = rng.integers(4, size=14)
        at[-4:] = W[0].argmax(axis=1)  # a winner at the very end
        x = np.eye(4)[at]
        best = np.sort(_map_scores(x, W, b), axis=1)
        if (best[:, -1] > best[:, -2]).all():  # no tie: how that is shared is a matter of taste
            cases.append((x, W, b, np.array([1.2, -0.8, 2.0]), 0.3))
    return cases


def _turns_round(given: Given, answer: Callable[..., Any]) -> bool:
    """Tell whether the other strand, read by filters that are turned round, has the same map."""
    rest = given.b, given.v, given.v0
    turned = answer(given.x[::-1, ::-1].copy(), given.W[:, ::-1, ::-1].copy(), *rest)
    return np.allclose(np.asarray(turned)[::-1, ::-1], answer(given.x, given.W, *rest))


SALIENCY_MAP = Function(
    id="attributing.saliency_map",
    title="The whole map, filter by filter",
    draw=_draw_network,
    task=lambda given: (
        "Write `saliency_map(x, W, b, v, v0)` for a network of $F$ filters with ReLU, the maximum "
        r"over all windows, and a dense layer: $z = v_0 + \sum_f v_f\,\mathrm{ReLU}(\max_j "
        r"y_{f,j})$ and $\hat y = \sigma(z)$. `x` has shape $(L, 4)$, one-hot; `W` has shape $(F, "
        "K, 4)$; `b` and `v` have shape $(F,)$; `v0` is a number. Windows begin at j = 0, 1, ..., "
        r"L − K. Return $S_{i,c} = \partial \hat y / \partial x_{i,c}$, shape $(L, 4)$. No two "
        "windows of a filter share its maximum.\n\n"
        "Your function will be tried on several networks, among them your own: `given.W` with the "
        "filters\n\n"
        f"{weights_table(given.W[0])}\n\n"
        "and\n\n"
        f"{weights_table(given.W[1])}\n\n"
        f"`given.b` = {given.b.tolist()}, `given.v` = {given.v.tolist()}, `given.v0` = "
        f"{given.v0}, and the sequence {given.sequence}, of which `given.x` is the one-hot code."
    ),
    right=lambda given: _laid_down,
    cases=_cases,
    properties=(
        Property(
            "The reverse complement of the sequence and of the filters together should give the "
            "reverse complement of the map.",
            _turns_round,
        ),
    ),
    mistakes=(
        Mistake(
            "slope of the sigmoid forgotten",
            "This is the slope of the logit. The prediction is its sigmoid, and that has a slope "
            "of its own, the same for the whole map.",
            lambda given: partial(_laid_down, slope=np.ones_like),
            where=_all_active,
        ),
        Mistake(
            "sigmoid for its slope",
            "You multiplied by the value of the sigmoid. Multiply by its slope.",
            lambda given: partial(_laid_down, slope=sigmoid),
            where=_all_active,
        ),
        Mistake(
            "silent filter counted",
            "One of the filters has no window above 0: its ReLU is silent. Which slope does a "
            "silent ReLU pass on?",
            lambda given: partial(_laid_down, awake=np.ones_like),
        ),
        Mistake(
            "windows that lost",
            "You gave a slope to every window that is above 0. The maximum takes only one of them "
            "for each filter.",
            lambda given: partial(_laid_down, windows=lambda scores, f: range(scores.shape[1])),
        ),
        Mistake(
            "one winner for all filters",
            "You placed all the filters at the same window. Each filter has its own maximum, and "
            "so its own winner.",
            lambda given: partial(
                _laid_down, windows=lambda scores, f: [scores.max(axis=0).argmax()]
            ),
        ),
        Mistake(
            "overlap overwritten",
            "Where the windows of two filters overlap, the second has overwritten the first. A "
            "position that two filters read gets both contributions.",
            lambda given: partial(_laid_down, added=False),
        ),
        Mistake(
            "filter flipped",
            "You placed the filters back to front. A convolution in a network does not flip: "
            "position k of the filter is at position j + k.",
            lambda given: partial(_laid_down, weights=np.flipud),
        ),
        Mistake(
            "last window overlooked",
            "You skip one window: a filter that wins at the very end of the sequence is missed. "
            "Where does the last window of K bases begin, and does your loop reach it?",
            lambda given: _overlook_last,
        ),
        Mistake(
            "signs forgotten",
            "These are the sizes of the slopes. A slope has a sign, too: would more of this base "
            "raise the prediction or lower it?",
            lambda given: lambda *network: np.abs(_laid_down(*network)),
        ),
        Mistake(
            "centred saliency",
            "You subtracted the mean over the four bases from each position: that is the "
            "*centred* saliency. Return the slopes themselves.",
            lambda given: lambda *network: centred(_laid_down(*network)),
        ),
        Mistake(
            "gradient times input",
            "This is gradient × input: the slopes of the bases in the sequence. The saliency has "
            "four numbers at each position, one for every possible base.",
            lambda given: lambda x, *rest: x * _laid_down(x, *rest),
        ),
    ),
    hints=(
        "Start with one filter: `np.sum(W[f] * x[j : j + K])` scores window j. Find the best j.",
        "Begin with `S = np.zeros(x.shape)` and *add* to `S[j : j + K]` the contribution of the "
        "filter, if its score is above 0 there.",
        r"When all filters are done, multiply once by $\hat y (1 - \hat y)$.",
    ),
    solution=lambda given: (
        r"$S_{i,c} = \hat y (1 - \hat y) \sum_f v_f\,[y_f > 0]\,W_{f,\,i - j_f,\,c}$: each active "
        "filter is placed at its own winner $j_f$, and where filters overlap they add up.\n\n"
        "```python\n"
        "def saliency_map(x, W, b, v, v0):\n"
        "    S, z, K = np.zeros(x.shape), v0, W.shape[1]\n"
        "    for f in range(len(W)):\n"
        "        y = [b[f] + np.sum(W[f] * x[j : j + K]) for j in range(len(x) - K + 1)]\n"
        "        j = np.argmax(y)\n"
        "        if y[j] > 0:\n"
        "            z += v[f] * y[j]\n"
        "            S[j : j + K] += v[f] * W[f]\n"
        "    y_hat = 1 / (1 + np.exp(-z))\n"
        "    return y_hat * (1 - y_hat) * S\n"
        "```\n\n"
        "In your network the filters win at windows "
        + " and ".join(str(j) for j in _map_scores(given.x, given.W, given.b).argmax(axis=1))
        + "."
    ),
    effort=lambda given: (given.W.shape, len(given.sequence), sorted(np.sign(given.v).tolist())),
)


# -- The base that the map does not see ------------------------------------------------------------

_LENGTH = 60
_HEARD = 5  # what a window must score to pass the ReLU of the explorer's network
_FAIR = ("TGATAAG", "AGATAAA")  # sites of GATA2, good but not perfect
_PERFECT = "AGATAAG"


def _runner_up_weights() -> np.ndarray:
    """Log-odds of the motif that the explorer's network reads."""
    return jaspar.load("MA0036.4").reverse_complement().log_odds()


def _draw_sequence(rng: np.random.Generator) -> dict[str, Any]:
    """Draw a sequence with a fair site, and a site that is perfect but for one base."""
    start, other = sorted(int(place) for place in rng.integers(3, _LENGTH - 9, 2))
    if rng.integers(2):
        start, other = other, start
    at = int(rng.integers(1, 6))
    sequence = rng.choice(list(BASES), _LENGTH)
    sequence[other : other + 7] = list(_PERFECT)
    sequence[other + at] = rng.choice([base for base in BASES if base != _PERFECT[at]])
    sequence[start : start + 7] = list(_FAIR[rng.integers(2)])
    return {
        "sequence": "".join(sequence),
        "start": start,
        "other": other,
        "position": other + at,
        "base": _PERFECT[at],
    }


def _only_one_gains(given: Given) -> bool:
    """Tell whether the fair site wins, and only mending the broken one changes that."""
    apart = abs(given.start - given.other) > 9
    return apart and _gains(given) == [(given.position, given.base)]


def _gains(given: Given) -> list[tuple[int, str]]:
    """List the exchanges outside the winning window that raise the best score.

    It is empty unless the fair site wins alone, with all other windows unheard.
    """
    weights, x = _runner_up_weights(), one_hot(given.sequence)
    scores = cross_correlate(x, weights)
    if scores.argmax() != given.start or np.sort(scores)[-2] > _HEARD:
        return []
    # An exchange at position j + k changes the score of window j by the new weight minus the old
    # one. Another window that it also changes is looked at in its own turn.
    found = []
    for j, score in enumerate(scores):
        for k, row in enumerate(weights):
            gained = score - row[x[j + k].argmax()] + row > scores.max()
            if not _inside(given, j + k):
                found += [(j + k, BASES[c]) for c in np.flatnonzero(gained)]
    return found


def _inside(given: Given, position: int, start: str = "start") -> bool:
    return 0 <= position - getattr(given, start) < len(_PERFECT)


def _another(given: Given, position: int, avoid: str = "") -> dict[str, Any]:
    """Return an exchange for the first base that is neither there nor to be avoided."""
    there = given.sequence[position]
    return {"position": position, "base": next(b for b in BASES if b not in (there, avoid))}


def _far(given: Given) -> int:
    """Return a position in neither window."""
    return next(
        i for i in range(_LENGTH) if not _inside(given, i) and not _inside(given, i, "other")
    )


RUNNER_UP = Target(
    id="attributing.runner_up",
    title="Find the base that the map does not see",
    explorer="SaliencyExplorer",
    draw=_draw_sequence,
    suits=_only_one_gains,
    start=lambda given: {"network": "relu", "sequence": given.sequence},
    locked=("network", "sequence"),
    hidden=("examples", "keep"),
    prediction=(
        "The saliency is 0 at every position outside the window that won. If you exchange a base "
        "there, can the prediction rise? Can it fall? Say why."
    ),
    task=lambda given: (
        "The network below has one filter for GATA2, a ReLU and the maximum. It reads\n\n"
        f"`{given.sequence}`,\n\n"
        f"where the window that begins at base {given.start} wins, and outside it every slope is "
        "exactly 0. Still, **one exchange of a single base, at a position where the saliency is "
        "0, changes the prediction**. Find it: set *Position* and *New base*, so that the card "
        "shows the changed sequence. Then press *Share* and copy the line named *Scene*. The "
        "other pictures may help you."
    ),
    right=lambda given: {"position": given.position, "base": given.base},
    reached=lambda given, shown: (
        not _inside(given, shown.state.position) and abs(shown.result.happened) > 1e-3
    ),
    mistakes=(
        Mistake(
            "nothing exchanged",
            "In this scene the sequence has not changed: under *New base*, choose a base that is "
            "not already there.",
            lambda given: {},
            seen=lambda given, shown: shown.state.changed == shown.state.sequence,
        ),
        Mistake(
            "inside the winning window",
            "This base does matter, and the saliency map shows it: it is in the window that won. "
            "Look for a base that matters although the map is 0 there.",
            lambda given: _another(given, given.start + 2),
            seen=lambda given, shown: _inside(given, shown.state.position),
        ),
        Mistake(
            "right position, another base",
            "You have the right position. Nothing changes yet, because this base does not repair "
            "the site: try the others.",
            lambda given: _another(given, given.position, avoid=given.base),
            seen=lambda given, shown: shown.state.position == given.position,
        ),
        Mistake(
            "right window, another position",
            "You found the right window: it is nearly a site. But a different base in it is wrong.",
            lambda given: _another(given, given.other),
            seen=lambda given, shown: _inside(given, shown.state.position, "other"),
        ),
        Mistake(
            "a window far from winning",
            "Nothing changes: whatever this base is, another window stays the best. Look for a "
            "window that a single exchange could make better than the winner.",
            lambda given: _another(given, _far(given)),
            seen=lambda given, shown: abs(shown.result.happened) <= 1e-3,
        ),
    ),
    hints=(
        "A slope says what a tiny step does. Which of the pictures shows what a whole exchange "
        "does?",
        "Choose *mutagenesis* and look for colour outside the window that won, perhaps in a "
        "single cell only. *Fit the scale to the numbers*, under *More*, makes it stronger.",
        "The motif reads AGATAAG. Is there a second place with nearly this word?",
    ),
    solution=lambda given: (
        f"Window {given.start} wins. From base {given.other} on the sequence reads "
        f"{given.sequence[given.other : given.other + 7]}: {given.base} at position "
        f"{given.position} turns that into {_PERFECT}, which scores more than the winner and "
        "takes over. The slope there is 0 because after a tiny step this window still loses: the "
        "maximum passes nothing on, and the ReLU is silent, too. An exchange outside the winning "
        "window can only raise the prediction of this network (its dense weight is positive): the "
        "winner's score stays the same, whatever happens elsewhere."
    ),
    effort=lambda given: (len(given.sequence), len(_gains(given))),
)


# -- A map that is nearly blank --------------------------------------------------------------------

REDUNDANT = Text(
    id="attributing.redundant",
    title="Explain a map that is nearly blank",
    draw=lambda rng: {"first": int(rng.integers(5, 40)), "second": int(rng.integers(60, 180))},
    task=lambda given: (
        r"A network with ReLU and the maximum over the sequence is sure of a promoter: $\hat y = "
        f"0.99$. It has two sites, at bases {given.first} and {given.second}, nearly equally "
        "good: the first scores very slightly more. The saliency of ŷ is faint at the first and 0 "
        "at the second. Exchanges of single bases change hardly anything at either site. A "
        "colleague concludes that *neither site matters*. In a few sentences: why is the map "
        "faint at one site and 0 at the other, why does mutagenesis not see anything either, and "
        "which experiment would decide the question? Look back at your prediction in the exercise "
        "before: would you still write the same?"
    ),
    hints=(
        r"There are three causes, one for each observation. Begin with $\hat y (1 - \hat y)$ at "
        "0.99.",
        "If one site is destroyed, which one wins then? What must you do so that no site can take "
        "over?",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        r"- *Faint*: saturation. The sigmoid is flat there, $\hat y (1 - \hat y) = 0.99 \cdot "
        r"0.01 \approx 0.01$; the slope of the logit would be strong."
        "\n"
        "- *0*: only the winner passes a slope through the maximum; the second site lost, if only "
        "just. Gradient × input is 0 there too, because it multiplies the same 0.\n"
        "- *Mutagenesis sees nothing*: redundancy. If you destroy one site, the other takes over "
        "with nearly the same score.\n"
        f"- *The experiment*: destroy both sites at once, at {given.first} and {given.second}, "
        "and ŷ falls; or destroy the first and compute the map again: now the second site shows.\n"
        "- A map describes what the network does with one sequence, not what matters in the cell; "
        "that needs an experiment in the laboratory."
    ),
)

SET = ExerciseSet(
    "attributing",
    "A prediction traced to its bases",
    3297909,
    (SLOPE, EXCHANGE, UNCHANGED, SALIENCY_MAP, RUNNER_UP, REDUNDANT),
)
