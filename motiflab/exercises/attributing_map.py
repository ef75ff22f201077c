"""A function to write: the saliency of a network of several filters, put together by hand."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.activations import relu, relu_derivative, sigmoid, sigmoid_derivative
from motiflab.convolution import cross_correlate
from motiflab.exercises.exercise import Mistake, generator
from motiflab.exercises.functions import Function
from motiflab.exercises.markdown import weights_table
from motiflab.sequences import BASES, one_hot

_Arguments = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, float]


def _scores(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Score of every window, shape (F, M)."""
    return np.array([cross_correlate(x, weights, bias=bias) for weights, bias in zip(W, b)])


def _logit(x: np.ndarray, W: np.ndarray, b: np.ndarray, v: np.ndarray, v0: float) -> float:
    return float(v @ relu(_scores(x, W, b).max(axis=1)) + v0)


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
    """Lay each filter down at its own winner; the last five arguments make the known mistakes."""
    scores, total = _scores(x, W, b), np.zeros(x.shape)
    for f in range(len(W)):
        for j in windows(scores, f):
            here = slice(j, j + W.shape[1])
            part = v[f] * awake(scores[f, j]) * weights(W[f])
            total[here] = total[here] + part if added else part
    return slope(_logit(x, W, b, v, v0)) * total


def _mistaken(**changes: Any) -> Callable[..., np.ndarray]:
    return lambda *arguments: _laid_down(*arguments, **changes)


_logit_slopes = _mistaken(slope=lambda z: 1.0)
_by_sigmoid = _mistaken(slope=sigmoid)


def _overlook_last(x: np.ndarray, *rest: Any) -> np.ndarray:
    return np.vstack([_laid_down(x[:-1], *rest), np.zeros((1, 4))])


def _centred(*network: Any) -> np.ndarray:
    slopes = _laid_down(*network)
    return slopes - slopes.mean(axis=1, keepdims=True)


def _while_active(mistaken: Callable[..., np.ndarray]) -> Callable[..., bool]:
    """Tell whether networks without a silent filter are read so, whatever is done about others."""

    def seen(given: SimpleNamespace, answer: list[np.ndarray]) -> bool:
        pairs = list(zip(_cases(given, generator("", SALIENCY_MAP.id)), answer))[:2]
        return all(
            v.shape == case[0].shape and np.allclose(v, mistaken(*case)) for case, v in pairs
        )

    return seen


def _best_of_all(scores: np.ndarray, f: int) -> list[int]:
    return [int(scores.max(axis=0).argmax())]


def _draw_network(rng: np.random.Generator) -> dict[str, Any]:
    """Two active filters that win, each clearly, in windows that overlap."""
    while True:
        W = rng.integers(-3, 5, (2, 3, 4))
        sequence = "".join(rng.choice(list(BASES), 9))
        b, v = np.array([-1, -1]), rng.permutation([int(rng.integers(2, 4)), -1])
        x = one_hot(sequence).astype(float)
        scores = _scores(x, W, b)
        best = scores.argmax(axis=1)
        clear = np.sort(scores, axis=1)
        if 0 < abs(best[0] - best[1]) < 3 and (clear[:, -1] > clear[:, -2].clip(min=1)).all():
            v0 = int(rng.integers(-1, 2)) - int(v @ scores.max(axis=1))
            return {"sequence": sequence, "x": x, "W": W, "b": b, "v": v, "v0": v0}


def _balanced(given: SimpleNamespace, f: int) -> float:
    """Return the v0 with which filter f alone leaves ŷ at 1/2."""
    return -float(given.v[f] * _scores(given.x, given.W, given.b)[f].max())


def _cases(given: SimpleNamespace, rng: np.random.Generator) -> list[_Arguments]:
    x, b = given.x, given.b
    silent = b - np.array([50, 0])
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
        best = np.sort(_scores(x, W, b), axis=1)
        if (best[:, -1] > best[:, -2]).all():  # no tie: how that is shared is a matter of taste
            cases.append((x, W, b, np.array([1.2, -0.8, 2.0]), 0.3))
    return cases


def _turns_round(given: SimpleNamespace, answer: Callable[..., Any]) -> str:
    x, rest = given.x, (given.b, given.v, given.v0)
    turned = answer(x[::-1, ::-1].copy(), given.W[:, ::-1, ::-1].copy(), *rest)
    same = np.allclose(np.asarray(turned)[::-1, ::-1], answer(x, given.W, *rest))
    return (
        ""
        if same
        else "Turned round, sequence and filters together (the reverse "
        "complement of both), they should give the same map, turned round."
    )


SALIENCY_MAP = Function(
    id="attributing.saliency_map",
    title="The whole map, filter by filter",
    draw=_draw_network,
    task=lambda given: (
        "Write `saliency_map(x, W, b, v, v0)` for a network of $F$ filters with ReLU, the maximum "
        r"over all windows, and a dense layer: "
        r"$z = v_0 + \sum_f v_f\,\mathrm{ReLU}(\max_j y_{f,j})$ "
        r"and $\hat y = \sigma(z)$. `x` has shape $(L, 4)$, one-hot; `W` has shape $(F, K, 4)$; "
        "`b` and `v` have shape $(F,)$; `v0` is a number. Windows begin at j = 0, 1, ..., L − K. "
        r"Return $S_{i,c} = \partial \hat y / \partial x_{i,c}$, shape $(L, 4)$. No two windows of "
        "a filter share its maximum.\n\nAmong others, it will be tried on your own network, "
        f"`given.W` with the filters\n\n{weights_table(given.W[0])}\n\nand\n\n"
        f"{weights_table(given.W[1])}\n\n`given.b` = {given.b.tolist()}, `given.v` = "
        f"{given.v.tolist()}, `given.v0` = {given.v0}, and the sequence {given.sequence}, "
        "of which `given.x` is the one-hot code."
    ),
    right=lambda given: _laid_down,
    cases=_cases,
    properties=(_turns_round,),
    mistakes=(
        Mistake(
            "slope of the sigmoid forgotten",
            "This is the slope of the logit. The prediction is its sigmoid, and that has a slope "
            "of its own, the same for the whole map.",
            lambda given: _logit_slopes,
            seen=_while_active(_logit_slopes),
        ),
        Mistake(
            "sigmoid for its slope",
            "You multiplied with the value of the sigmoid. What is wanted is how fast it changes.",
            lambda given: _by_sigmoid,
            seen=_while_active(_by_sigmoid),
        ),
        Mistake(
            "silent filter counted",
            "One of the filters has no window above 0: its ReLU is silent. Which slope does it "
            "pass on?",
            lambda given: _mistaken(awake=lambda score: 1.0),
        ),
        Mistake(
            "windows that lost",
            "You gave a slope to every window that is above 0. The maximum looks at one of them "
            "for each filter.",
            lambda given: _mistaken(windows=lambda scores, f: range(scores.shape[1])),
        ),
        Mistake(
            "one winner for all filters",
            "You laid all the filters down at the same window. Each filter has its own maximum, "
            "and so its own winner.",
            lambda given: _mistaken(windows=_best_of_all),
        ),
        Mistake(
            "overlap overwritten",
            "Where two filters won side by side, the second has wiped out the first. A position "
            "that two filters read gets both contributions.",
            lambda given: _mistaken(added=False),
        ),
        Mistake(
            "filter flipped",
            "You laid the filters down back to front. A convolution in a network does not flip: "
            "position k of the filter lies on position j + k.",
            lambda given: _mistaken(weights=lambda filter: filter[::-1]),
        ),
        Mistake(
            "last window overlooked",
            "One window goes unread: a filter that wins at the very end of the sequence is missed. "
            "Where does the last window of K bases begin, and does your loop get there?",
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
            "You took the mean over the four bases off each position: that is the *centred* "
            "saliency. Return the slopes themselves.",
            lambda given: _centred,
        ),
        Mistake(
            "gradient times input",
            "This is gradient × input: the slopes of the bases that are there. The saliency has "
            "four numbers at each position, also for the bases that are not.",
            lambda given: lambda x, *rest: x * _laid_down(x, *rest),
        ),
    ),
    hints=(
        "For one filter first: `np.sum(W[f] * x[j : j + K])` scores window j. Find the best j.",
        "Begin with `S = np.zeros(x.shape)` and *add* to `S[j : j + K]` what the filter brings, if "
        "it is above 0 there.",
        r"When all filters are done, multiply once with $\hat y (1 - \hat y)$.",
    ),
    solution=lambda given: (
        r"$S_{i,c} = \hat y (1 - \hat y) \sum_f v_f\,[y_f > 0]\,W_{f,\,i - j_f,\,c}$: each active "
        "filter is laid down at its own winner $j_f$, and where they overlap they add up.\n\n"
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
        "```\n\nIn your network the filters win at windows "
        + " and ".join(str(j) for j in _scores(given.x, given.W, given.b).argmax(axis=1))
        + "."
    ),
    effort=lambda given: (given.W.shape, len(given.sequence), sorted(np.sign(given.v).tolist())),
)
