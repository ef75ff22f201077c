"""Plausible wrong answers of the exercises with a value: none of them may pass, for any learner.

Each misreading is worked out here by hand, from the learner's numbers. An exercise need not know
its name; but its draw must keep it apart from the right answer.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from types import SimpleNamespace

import numpy as np
import pytest

from motiflab.exercises import all_exercises, find
from motiflab.exercises.answers import Value
from motiflab.exercises.exercise import RIGHT
from motiflab.exercises.sets import judging_exercises

LEARNERS = [f"learner {number}" for number in range(400)]
FEW = LEARNERS[:60]  # where a draw makes whole data sets
FEWER = LEARNERS[:150]  # where it is drawn again many times, until all mistakes are kept apart
SLOW = {
    "judging.areas",
    "attributing.slope",
    "attributing.exchange",
    "reading.prior",
    "reading.row",
}
VALUES = [exercise for exercise in all_exercises() if isinstance(exercise, Value)]


def sigmoid(z):
    return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))


def logit(p):
    return math.log(p / (1 - p))


# -- encoding: a peak ---------------------------------------------------------------------------


def window_of_a_peak(g):
    summit, half, end = g.start + g.offset, g.length // 2, g.start + g.width
    yield "as the file has it", summit - half
    yield "two steps away", summit - half + 2
    yield "one step back", summit - half - 1
    yield "last base", summit - half + g.length
    yield "end as the file has it", summit + half + 1
    yield "summit", summit
    yield "summit in the browser", summit + 1
    yield "middle", (g.start + end) // 2 - half + 1
    yield "middle as the file has it", (g.start + end) // 2 - half
    yield "start of the peak", g.start + 1
    yield "start less half", g.start - half + 1
    yield "whole length", summit - g.length + 1
    yield "from the end", end - g.offset - half + 1
    yield "column 10 alone", g.offset - half + 1


# -- scanning -------------------------------------------------------------------------------------


def windows(g):
    steps = (g.L + 2 * g.P - g.K) / g.S
    yield "rounded", round(steps + 1)
    yield "rounded before 1 is added", round(steps) + 1
    yield "rounded half up", math.floor(steps + 1.5)
    yield "rounded up", math.ceil(steps) + 1
    yield "not rounded", steps + 1
    yield "1 added inside the floor", (g.L + 2 * g.P - g.K + 1) // g.S
    yield "1 not added", math.floor(steps)
    yield "padding once", (g.L + g.P - g.K) // g.S + 1
    yield "no padding", (g.L - g.K) // g.S + 1
    yield "no stride", g.L + 2 * g.P - g.K + 1
    yield "same padding", math.ceil(g.L / g.S)
    yield "width not taken off", (g.L + 2 * g.P) // g.S
    yield "zeros added to the outputs", (g.L - g.K) // g.S + 1 + 2 * g.P
    yield "width counted once more", (g.L + 2 * g.P - g.K) // g.S + 2
    yield "padding taken off", (g.L - 2 * g.P - g.K) // g.S + 1


def scanned(letters, g, W=None, S=None, left=None, right=None, D=None):
    W, S, D = g.W if W is None else W, S or g.S, D or g.D
    left, right = (g.P if side is None else side for side in (left, right))
    x = np.zeros((len(letters) + left + right, 4))
    for i, letter in enumerate(letters):
        if letter in "ACGT":
            x[i + left, "ACGT".index(letter)] = 1
    starts = range(0, len(x) - D * (len(W) - 1), S)
    return np.array([g.b + sum(x[j + k * D] @ W[k] for k in range(len(W))) for j in starts])


def changes(g):
    def mutant(i):
        return g.sequence[:i] + g.new + g.sequence[i + 1 :]

    def change(i=g.i, **how):
        return scanned(mutant(i), g, **how) - scanned(g.sequence, g, **how)

    yield "sizes without signs", np.abs(change())
    yield "old minus new", -change()
    yield "position counted from 1", change(g.i - 1)
    yield "position one too far", change(min(g.i + 1, len(g.sequence) - 1))
    yield "flipped", change(W=g.W[::-1])
    yield "columns reversed", change(W=g.W[:, ::-1])
    yield "other strand", change(W=g.W[::-1, ::-1])
    yield "padding on the left alone", change(right=0)
    yield "padding on the right alone", change(left=0)
    yield "no padding", change(left=0, right=0)
    yield "stride 1", change(S=1)
    yield "no dilation", change(D=1)
    yield "outputs", scanned(mutant(g.i), g)
    yield "rises alone", change().clip(min=0)
    yield "falls alone", change().clip(max=0)
    yield "each by the bias more", change() + g.b * (change() != 0)
    yield "old weights", scanned(g.sequence, g) - scanned(mutant(g.i).replace(g.new, "N"), g)


# -- activating -----------------------------------------------------------------------------------


def slope_of_chain(g):
    first, last = g.h1 * (1 - g.h1), g.y_hat - g.y
    right = last * g.w3 * g.w2 * first
    yield "size without sign", abs(right)
    yield "sign turned", -right
    if g.w3 * g.w2 < 0:
        yield "signs of the weights dropped", last * abs(g.w3 * g.w2) * first
    yield "all signs dropped", abs(last * g.w3 * g.w2 * first)
    yield "weights added", last * (g.w3 + g.w2) * first
    yield "no weights", last * first
    yield "one weight", last * g.w3 * first
    yield "the other weight", last * g.w2 * first
    yield "value of the sigmoid", last * g.w3 * g.w2 * g.h1
    yield "steepest slope", last * g.w3 * g.w2 / 4
    yield "output of the ReLU", right * g.h2
    yield "last slope twice", right * g.y_hat * (1 - g.y_hat)
    yield "last slope alone", g.y_hat * (1 - g.y_hat) * g.w3 * g.w2 * first
    yield "no loss", g.w3 * g.w2 * first
    yield "other label", (g.y_hat - 1 + g.y) * g.w3 * g.w2 * first
    yield "no first sigmoid", last * g.w3 * g.w2
    yield "first output squared", last * g.w3 * g.w2 * g.h1**2
    yield "per cent", 100 * right


def new_probability(g):
    z, slope = logit(g.y_hat), g.y_hat - g.y
    right = float(sigmoid(z - g.rate * slope))
    yield "per cent", 100 * right
    yield "uphill", sigmoid(z + g.rate * slope)
    yield "other label", sigmoid(z - g.rate * (g.y_hat - 1 + g.y))
    yield "other class", 1 - right
    yield "odds", right / (1 - right)
    yield "no learning rate", sigmoid(z - slope)
    yield "squared error", sigmoid(z - g.rate * slope * g.y_hat * (1 - g.y_hat))
    yield "squared error with its 2", sigmoid(z - 2 * g.rate * slope * g.y_hat * (1 - g.y_hat))
    yield "probability moved", g.y_hat - g.rate * slope
    yield "base 2", sigmoid(z / math.log(2) - g.rate * slope)
    yield "base 2 both ways", 1 / (1 + 2 ** -(z / math.log(2) - g.rate * slope))
    yield "base 10", sigmoid(z / math.log(10) - g.rate * slope)
    yield "logarithm of the probability", sigmoid(math.log(g.y_hat) - g.rate * slope)
    yield "gradient of the probability", sigmoid(z + g.rate / g.y_hat)
    yield "logit", z - g.rate * slope
    yield "logit upside down", sigmoid(-z - g.rate * slope)


# -- pooling --------------------------------------------------------------------------------------


def forgiven(g):
    left, right = g.start, g.w - 1 - g.P - g.start
    for name, answer in {
        "end forgotten": (left + g.P, right),
        "padding forgotten": (left, right + g.P),
        "end and padding forgotten": (left + g.P, right + g.P),
        "exchanged": (right, left),
        "last place of the window": (left, right + 1),
        "last place on both sides": (left + 1, right + 1),
        "left one more": (left + 1, right),
        "left one less": (left - 1, right),
        "right one less": (left, right - 1),
        "counted from 1": (left - 1, right + 1),
        "the whole motif inside": (left, right - g.K + 1),
        "left negative": (-left, right),
        "padding twice": (left, right - g.P),
        "end and window": (left + g.P, g.w - 1 - g.start - g.P),
        "whole window": (g.w - 1, g.w - 1),
        "half a window": (g.w // 2, g.w // 2),
    }.items():
        if answer != (left, right):
            yield name, answer


def routed(g, upstream=None, best=np.argmax, active=True, order=slice(None)):
    u = g.upstream if upstream is None else upstream
    after = np.maximum(g.y, 0) if active else np.asarray(g.y, dtype=float)
    found = np.zeros(11)
    for n in range(4):
        found[2 * n + best(after[2 * n : 2 * n + 4])] += u[n]
    return found * (g.y > 0) if active else found


def routes(g):
    yield "sizes without signs", np.abs(routed(g))
    yield "signs dropped on arrival", routed(g, np.abs(g.upstream))
    yield "negative messages cut off", routed(g, g.upstream.clip(min=0))
    yield "negative sums cut off", routed(g).clip(min=0)
    yield "no ReLU", routed(g, active=False)
    yield "messages reversed", routed(g, g.upstream[::-1])
    yield "ones", routed(g, np.ones(4))
    yield "multiplied by the scores", routed(g) * g.y
    yield "lowest score", routed(g, best=np.argmin)
    yield "largest by size", routed(g, best=lambda y: np.abs(y).argmax(), active=False)
    yield "last score of all too", routed(g) + np.eye(11)[10] * g.upstream[-1]
    kept = np.zeros(11)
    kept[[2 * n + np.maximum(g.y[2 * n : 2 * n + 4], 0).argmax() for n in range(4)]] = g.upstream
    yield "overwritten", kept * (g.y > 0)
    shared = np.zeros(11)
    for n in range(4):
        shared[2 * n : 2 * n + 4] += g.upstream[n] / 4
    yield "shared", shared * (g.y > 0)
    yield "shared without ReLU", shared


# -- scoring --------------------------------------------------------------------------------------


def surplus(g):
    q, n = np.asarray(g.background), g.counts

    def difference(weights, positions=range(4)):
        return sum(
            weights[k]["ACGT".index(g.first[k])] - weights[k]["ACGT".index(g.second[k])]
            for k in positions
        )

    right = np.log(n / 20 / q)
    weak, strong = (
        next(k for k in range(4) if word[k] != g.consensus[k]) for word in (g.first, g.second)
    )
    for s in (0.5, 1, 2, 4, 20**0.5):  # 0.1 changes less than the decimals that are asked for
        yield f"pseudocount {s} shared out", difference(np.log((n + s * q) / (20 + s) / q))
        yield f"pseudocount {s} in equal parts", difference(np.log((n + s / 4) / (20 + s) / q))
    for s in (0.5, 1):
        yield f"pseudocount {s} for each base", difference(np.log((n + s) / (20 + 4 * s) / q))
    yield "base 2", difference(right) / math.log(2)
    yield "base 10", difference(right) / math.log(10)
    yield "other way round", -difference(right)
    yield "uniform background", difference(np.log(n / 5))
    yield "multiplied by the background", difference(np.log(n / 20 * q))
    yield "ratios added", difference(n / 20 / q)
    yield "shares added", difference(n / 20)
    yield "ratio", math.exp(difference(right))
    yield (
        "ratio of the bases of the mismatches alone",
        (right[weak]["ACGT".index(g.first[weak])] - right[strong]["ACGT".index(g.second[strong])]),
    )
    yield "one position", difference(right, [weak])
    yield "the other position", difference(right, [strong])
    yield "signs of both alike", difference(right, [strong]) - difference(right, [weak])
    yield "no difference", 0.0
    yield "per cent", 100 * difference(right)


def occupied(g):
    lacks = g.best - g.llr
    right = float(sigmoid(g.mu / g.RT - lacks))
    yield "per cent", 100 * right
    yield "whole per cent", round(100 * right)
    yield "empty", 1 - right
    yield "odds", right / (1 - right)
    yield "sign of the energy", sigmoid(g.mu / g.RT + lacks)
    yield "sign of mu", sigmoid(-g.mu / g.RT - lacks)
    yield "no mu", sigmoid(-lacks)
    yield "nats for kcal/mol", sigmoid((g.mu - lacks) / g.RT)
    yield "kcal/mol for nats", sigmoid(g.mu - lacks)
    yield "not divided by RT", sigmoid(g.mu - g.RT * lacks)
    yield "multiplied by RT", sigmoid(g.RT * (g.mu - g.RT * lacks))
    yield "no zero of energy", sigmoid(g.mu / g.RT + g.llr)
    yield "best site", sigmoid(g.mu / g.RT)
    yield "powers of 2", 1 / (1 + 2 ** -(g.mu / g.RT - lacks))
    yield "powers of 10", 1 / (1 + 10 ** -(g.mu / g.RT - lacks))
    yield "at 37 degrees", sigmoid(g.mu / 0.6163 - lacks)
    yield "logit", g.mu / g.RT - lacks


# -- detecting ------------------------------------------------------------------------------------


def posterior(g):
    at = ["ACGT".index(base) for base in g.window]
    other = [3 - a for a in at[::-1]]
    theta, q, n = np.asarray(g.theta), np.asarray(g.background), g.one_in

    def ratio(places=at, background=q, theta=theta):
        return float(np.prod([theta[k, a] / background[a] for k, a in enumerate(places)]))

    def probability(odds):
        return odds / (1 + odds)

    right = probability(ratio() / (n - 1))
    yield "per cent", 100 * right
    yield "per cent to one decimal", round(100 * right, 1)
    yield "whole per cent", round(100 * right)
    yield "no prior", probability(ratio())
    yield "prior for prior odds", probability(ratio() / n)
    yield "odds of 1 to n + 1", probability(ratio() / (n + 1))
    yield "uniform background", probability(ratio(background=np.full(4, 0.25)) / (n - 1))
    yield "no background", probability(ratio(background=np.ones(4)) / (n - 1))
    yield "odds", ratio() / (n - 1)
    yield "ratio", ratio()
    yield "prior times ratio", ratio() / n
    yield "log-odds", math.log(ratio() / (n - 1))
    yield "base 2", sigmoid(math.log2(ratio() / (n - 1)))
    yield "base 10", sigmoid(math.log10(ratio() / (n - 1)))
    yield "other class", 1 - right
    yield "rows reversed", probability(ratio(theta=theta[::-1]) / (n - 1))
    yield "window reversed", probability(ratio(at[::-1]) / (n - 1))
    yield "other strand", probability(ratio(other) / (n - 1))
    yield (
        "sum for product",
        probability(sum(theta[k, a] / q[a] for k, a in enumerate(at)) / (n - 1)),
    )
    yield "prior odds upside down", probability(ratio() * (n - 1))


def added(g):
    old, new = g.L - g.K + 1, g.new_L - g.K + 1
    prior, places = logit(g.new_share) - logit(g.share), -math.log(new / old)
    yield "no windows", prior
    yield "no prior", places
    yield "windows added", prior - places
    yield "prior turned", -prior + places
    yield "other way round", -prior - places
    yield "size without sign", abs(prior + places)
    yield "lengths", prior - math.log(g.new_L / g.L)
    yield "L - K", prior - math.log((new - 1) / (old - 1))
    yield "L - K + 2", prior - math.log((new + 1) / (old + 1))
    yield "log prior", math.log(g.new_share / g.share) + places
    yield "log prior and lengths", math.log(g.new_share / g.share) - math.log(g.new_L / g.L)
    yield "new bias", logit(g.new_share) - math.log(new)
    yield "base 2", (prior + places) / math.log(2)
    yield "base 10", (prior + places) / math.log(10)
    yield "both strands", prior + places - math.log(2)
    yield "ratio", math.exp(prior + places)


# -- reading --------------------------------------------------------------------------------------


def shared(x):
    return np.asarray(x) / np.sum(x)


def row(g):
    w, q = np.asarray(g.w), np.asarray(g.q)
    right = shared(q * np.exp(w))
    yield "plain softmax", shared(np.exp(w))
    yield "powers of 2", shared(q * 2**w)
    yield "powers of 10", shared(q * 10**w)
    yield "not divided", q * np.exp(w)
    yield "ratios alone", np.exp(w)
    yield "divided by the background", shared(np.exp(w) / q)
    yield "background added", shared(np.exp(w + q))
    yield "weights times background", shared(np.exp(w * q))
    yield "background turned round", shared(q[::-1] * np.exp(w))
    yield "turned round", right[::-1]
    yield "sign of the weights", shared(q * np.exp(-w))
    yield "inverse of both", shared(np.exp(-w) / q)
    yield "no power", shared(q * (w - w.min()))
    yield "weights divided", shared(w - w.min())
    yield "sizes of the weights", shared(q * np.abs(w))
    yield "ratio minus 1", shared(q * np.abs(np.exp(w) - 1))
    yield "sigmoid", sigmoid(w)
    yield "sigmoid times background", shared(q * sigmoid(w))
    yield "background", q
    yield "uniform", np.full(4, 0.25)
    yield "the greatest alone", (right == right.max()).astype(float)
    yield "divided by the greatest", right / right.max()
    yield "logarithms", np.log(right)
    yield "per cent", 100 * right
    yield "whole per cent", np.round(100 * right)
    if not np.allclose(right, right.round(2), atol=6e-4):  # else two digits are all there are
        yield "two digits", right.round(2)


def prior(g):
    W, q, b = np.asarray(g.W), np.asarray(g.q), g.b
    sums = np.exp(W) @ q
    left = b + np.log(sums).sum()
    yield "bias alone", sigmoid(b)
    yield "constants taken off", sigmoid(b - np.log(sums).sum())
    yield "uniform background", sigmoid(b + np.log(np.exp(W).mean(axis=1)).sum())
    yield "no background", sigmoid(b + np.log(np.exp(W).sum(axis=1)).sum())
    yield "means of the weights", sigmoid(b + W.mean(axis=1).sum())
    yield "means by the background", sigmoid(b + (W @ q).sum())
    yield "greatest weights", sigmoid(b + W.max(axis=1).sum())
    for k in (0, 1):
        yield f"position {k} alone", sigmoid(b + np.log(sums[k]))
    yield "constants without logarithm", sigmoid(b + sums.sum())
    yield "one logarithm of the sum", sigmoid(b + np.log(sums.sum()))
    yield "logarithms to the base 2", sigmoid(b + np.log2(sums).sum())
    yield "background turned round", sigmoid(b + np.log(np.exp(W) @ q[::-1]).sum())
    yield "read as bits", sigmoid(np.log(2) * b + np.log(2**W @ q).sum())
    yield "odds", math.exp(left)
    yield "log-odds", left
    yield "size of the log-odds", -left
    yield "share of the background", sigmoid(-left)
    yield "odds of the background", math.exp(-left)
    yield "odds minus 1", abs(1 - math.exp(left))
    yield "odds over 1 - odds", math.exp(left) / (1 - math.exp(left)) if left < 0 else 1.0
    yield "powers of 2", 2**left / (1 + 2**left)
    yield "bias of both positions", sigmoid(left + b)
    yield "per cent", 100 * sigmoid(left)
    yield "whole per cent", round(100 * sigmoid(left))


# -- attributing ----------------------------------------------------------------------------------


def scores_of(g, sequence=None):
    at = ["ACGT".index(base) for base in sequence or g.sequence]
    W = np.asarray(g.W)
    return np.array(
        [g.b + sum(W[k, at[j + k]] for k in range(len(W))) for j in range(len(at) - len(W) + 1)]
    )


def slope_at_a_position(g):
    scores, W = scores_of(g), np.asarray(g.W, dtype=float)
    won, slope, here = scores.argmax(), g.v / 4, "ACGT".index(g.sequence[g.i])
    k = g.i - won
    right = slope * W[k]
    yield "sizes without signs", np.abs(right)
    yield "centred", right - right.mean()
    yield "centred sizes", np.abs(right - right.mean())
    yield "negative slopes cut off", right.clip(min=0)
    yield "minus the base that is there", right - right[here]
    yield "sign turned", -right
    yield "order reversed", right[::-1]
    yield "gradient times input", right * np.eye(4)[here]
    yield "one position too far", slope * W[(k + 1) % 3]
    yield "one position too early", slope * W[k - 1]
    yield "filter flipped", slope * W[2 - k]
    covering = [j for j in range(len(scores)) if 0 <= g.i - j < 3 and scores[j] > 0]
    yield "all windows above 0", slope * sum(W[g.i - j] for j in covering)
    yield "mean of the windows", slope * sum(W[g.i - j] for j in covering) / len(covering)
    yield "no dense weight", right / g.v
    yield "no sigmoid", 4 * right
    yield "value of the sigmoid", 2 * right
    yield "times the score", right * scores[won]
    yield "weights alone", W[k]
    yield "with the bias", slope * (W[k] + g.b)
    yield "per cent", 100 * right


def exchange(g):
    def answer(i=g.i, W=g.W):
        here = SimpleNamespace(**{**vars(g), "W": np.asarray(W)})

        def logit_of(sequence):
            return g.v * max(0, scores_of(here, sequence).max()) + g.v0

        after = g.sequence[:i] + g.base + g.sequence[i + 1 :]
        k = i - scores_of(here).argmax()
        rise = here.W[k] if 0 <= k < 3 else np.zeros(4)
        new, old = (int(rise["ACGT".index(base)]) for base in (g.base, g.sequence[i]))
        return g.v * new, g.v * old, logit_of(after) - logit_of(g.sequence), logit_of(after)

    new, old, happened, after = answer()
    promised, lost = new - old, -g.v * scores_of(g).max()
    yield "sizes without signs", (abs(promised), abs(happened))
    yield "signs turned", (-promised, -happened)
    yield "promise kept", (promised, promised)
    yield "both as it happened", (happened, happened)
    yield "site lost", (promised, lost)
    yield "old window alone", (promised, max(promised, lost))
    yield "new base alone", (new, happened)
    yield "old base alone", (-old, happened)
    yield "sum of the two", (new + old, happened)
    yield "no dense weight", (promised / g.v, happened / g.v)
    yield "order exchanged", (happened, promised)
    yield "logit after", (promised, after)
    for name, how in {
        "position counted from 1": {"i": g.i - 1} if g.i else {"W": -g.W},
        "filter flipped": {"W": g.W[::-1]},
        "columns reversed": {"W": g.W[:, ::-1]},
        "other strand": {"W": g.W[::-1, ::-1]},
    }.items():
        new, old, happened, _ = answer(**how)
        yield name, (new - old, happened)


# -- spacing --------------------------------------------------------------------------------------


def needed(g):
    pair, right = g.L_A + g.longest + g.L_B, g.L_A + g.longest + g.L_B + g.w - 1
    yield "no jump", pair
    yield "jump instead of jump less one", pair + g.w
    yield "jump twice", pair + 2 * (g.w - 1)
    yield "jump less two", pair + g.w - 2
    yield "whole windows", math.ceil(pair / g.w) * g.w
    yield "whole windows and one more", math.ceil(pair / g.w) * g.w + g.w
    yield "in windows", math.ceil(right / g.w)
    yield "shortest gap", right - g.longest + g.shortest
    yield "shortest gap without jump", pair - g.longest + g.shortest
    yield "no gap", right - g.longest
    yield "no gap and no jump", pair - g.longest
    yield "mean gap", right - g.longest + (g.longest + g.shortest) / 2
    yield "range of the gap", right - g.shortest
    yield "range of the gap, both ends", right - g.shortest + 1
    yield "range without jump", pair - g.shortest
    yield "A twice", right - g.L_B + g.L_A if g.L_A != g.L_B else right + 1
    yield "from start to start", right - g.L_B
    yield "times the window", pair * g.w


def gaps(g):
    starts, blur = g.w * (g.tap_A - g.tap_B), g.w - 1
    low, high = starts - blur - g.L_B, starts + blur - g.L_B
    for name, answer in {
        "start to start": (low + g.L_B, high + g.L_B),
        "A taken off": (low + g.L_B - g.L_A, high + g.L_B - g.L_A),
        "both taken off": (low - g.L_A, high - g.L_A),
        "no blur": (starts - g.L_B, starts - g.L_B),
        "blur of w": (low - 1, high + 1),
        "blur of half a window": (starts - g.L_B - g.w // 2, starts - g.L_B + g.w // 2),
        "blur on the right": (starts - g.L_B, high),
        "blur on the left": (low, starts - g.L_B),
        "one more": (low + 1, high + 1),
        "one less": (low - 1, high - 1),
        "both ends excluded": (low + 1, high - 1),
        "longest first": (high, low),
        "taps counted from tap 0": (low + g.w * g.tap_B, high + g.w * g.tap_B),
        "one tap more": (low + g.w, high + g.w),
        "one tap less": (low - g.w, high - g.w),
        "a whole window later": (starts - g.L_B, starts + g.w - g.L_B),
        "in places": (g.tap_A - g.tap_B, g.tap_A - g.tap_B),
        "blur of one motif": (starts - g.L_B, starts - g.L_B + blur),
        "no stride": (g.tap_A - g.tap_B - g.L_B, g.tap_A - g.tap_B + g.L_B),
        "middles": (low + g.L_B - (g.L_A + g.L_B) / 2, high + g.L_B - (g.L_A + g.L_B) / 2),
    }.items():
        if name != "taps counted from tap 0" or g.tap_B:
            yield name, answer


# -- activating: a head for counts -----------------------------------------------------------------


def count_head(g):
    z = math.log(g.rate)
    yield "truth minus prediction", g.count - g.rate
    yield "z for the rate", z - g.count
    yield "z for the rate, turned round", g.count - z
    yield "the sigmoid", sigmoid(z) - g.count
    yield "squared error", 2 * (z - g.count)
    yield "squared error of the rate", 2 * (g.rate - g.count)
    yield "the rate alone", g.rate
    yield "the loss", g.rate - g.count * z
    yield "log10", 10**z - g.count
    yield "in per cent of the count", (g.rate - g.count) / max(g.count, 1)


# -- judging --------------------------------------------------------------------------------------


def areas(g):
    y, s = np.asarray(g.labels), np.asarray(g.scores, dtype=float)
    positive, negative = s[y == 1], s[y == 0]
    difference = positive[:, None] - negative
    won, tied = (difference > 0).mean(), (difference == 0).mean()
    auroc = won + tied / 2
    levels = np.unique(s)[::-1]
    tp = np.array([(y[s >= t]).sum() for t in levels])
    precision = tp / np.array([(s >= t).sum() for t in levels])
    recall = tp / 3
    step = np.diff(recall, prepend=0)
    ap = float(step @ precision)

    def one_by_one(order):
        ranked = y[order]
        at = (np.cumsum(ranked) / np.arange(1, 9))[ranked == 1]
        return float(at.mean())

    fpr = (np.array([(s >= t).sum() for t in levels]) - tp) / 5
    # Of two that tie, the positive taken second comes to the same AUPRC as both taken together.
    yield "ties lost", (won, ap)
    yield "ties won", (won + tied, ap)
    yield "ties one by one, positive first", (auroc, one_by_one(np.lexsort((-y, -s))))
    yield "ties won, and one by one", (won + tied, one_by_one(np.lexsort((-y, -s))))
    yield "ties in the order of the table", (auroc, one_by_one(np.argsort(-s, kind="stable")))
    yield "steps of ROC from below", (float(np.diff(fpr, prepend=0) @ np.r_[0, recall[:-1]]), ap)
    yield "exchanged", (ap, auroc)
    yield "AUROC twice", (auroc, auroc)
    yield "AUPRC twice", (ap, ap)
    yield "per cent", (100 * auroc, 100 * ap)
    yield "whole per cent", (round(100 * auroc), round(100 * ap))
    yield "AUROC turned", (1 - auroc, ap)
    yield "lines", (auroc, float(np.trapezoid(np.r_[1, precision], np.r_[0, recall])))
    yield "lines from the first threshold", (auroc, float(np.trapezoid(precision, recall)))
    best = np.maximum.accumulate(precision[::-1])[::-1]
    if not math.isclose(step @ best, ap):  # a curve that never rises has no corners to fill
        yield "precision interpolated", (auroc, float(step @ best))
    before = np.r_[1, precision[:-1]]
    yield "precision before the step", (auroc, float(step @ before))
    yield "mean over thresholds", (auroc, float(precision.mean()))
    yield "sum of precisions", (auroc, 3 * ap)
    yield "divided by all", (auroc, 3 * ap / 8)
    yield "pairs of all eight", (auroc * 15 / 28, ap)
    yield "prevalence", (auroc, 3 / 8)


def allowed(g):
    found, million = g.recall * g.sites, 1e6 / g.places
    false = found * (1 - g.precision) / g.precision
    yield "rate", false / g.places
    yield "per cent", 100 * false / g.places
    yield "per mille", 1000 * false / g.places
    yield "number of false calls", false
    yield "share of the list", 1 - g.precision
    yield "share of the list in a million", (1 - g.precision) * 1e6
    yield "no recall", g.sites * (1 - g.precision) / g.precision * million
    yield "whole list", found / g.precision * million
    yield "as many as true", found * million
    yield "share of the true calls", found * (1 - g.precision) * million
    yield "precision of the true calls", found * g.precision * million
    yield "share of all sites", g.sites * (1 - g.precision) * million
    yield "odds upside down", found * g.precision / (1 - g.precision) * million
    yield "missed sites", (1 - g.recall) * g.sites * (1 - g.precision) / g.precision * million
    yield "sites missed", (1 - g.recall) * g.sites * million
    yield "recall divided", g.sites / g.recall * (1 - g.precision) / g.precision * million
    yield "recall twice", false * g.recall * million
    yield "list minus all sites", (found / g.precision - g.sites) * million
    yield "out of the sites", false / g.sites * 1e6
    yield "in a thousand millions", false * million * 1000


def matched(g):
    ours, theirs = np.array(g.peaks), np.array(g.others)
    apart = abs(ours[:, None] - theirs)
    near = apart <= 2
    yield "peaks with a partner", near.any(axis=1).sum()
    yield "all near combinations", near.sum()
    yield "below the tolerance", judging_exercises.most_pairs(g.peaks, g.others, 1)
    yield "equal numbers only", len({*g.peaks} & {*g.others})
    yield "all of them", len(ours)
    yield "those without a partner", len(ours) - judging_exercises.most_pairs(g.peaks, g.others)
    yield "sequences in pairs", 2 * judging_exercises.most_pairs(g.peaks, g.others)
    yield "side by side", (np.diagonal(apart) <= 2).sum()
    yield "tolerance of 3", judging_exercises.most_pairs(g.peaks, g.others, 3)


def rare(g):
    odds = g.p / (1 - g.p) / g.others
    yield "odds", odds
    yield "odds of the training", g.p / (1 - g.p)
    yield "not corrected", g.p
    yield "times the prevalence", g.p / (g.others + 1)
    yield "divided by the others", g.p / g.others
    yield "other direction", odds * g.others**2 / (1 + odds * g.others**2)
    yield "complement", 1 / (1 + odds)
    yield "logit", math.log(odds)
    yield "decimal logarithm", math.log10(odds)
    yield "logarithm not taken", float(sigmoid(logit(g.p) - g.others))
    yield "base 10 for e", float(sigmoid(logit(g.p) - math.log10(g.others)))
    yield "prevalence", 1 / (g.others + 1)
    yield "odds by the number of places", g.p / (1 - g.p) / (g.others + 1)


def chance(g):
    places, p = g.length - g.width + 1, g.chances * 1e-6
    yield "one strand", places * p / g.hits
    yield "the better of two, for one", places * (p - p * p / 2) / g.hits
    yield "complement", 1 - 2 * places * p / g.hits
    yield "expected", 2 * places * p
    yield "p", p
    yield "both strands' p", 2 * p
    yield "hits over expected", g.hits / (2 * places * p)
    yield "share of places", g.hits / places
    yield "precision of one strand", 1 - places * p / g.hits
    yield "added to the hits", 2 * places * p / (g.hits + 2 * places * p)
    yield "per cent", 200 * places * p / g.hits
    yield "four times", 4 * places * p / g.hits


def turned_places(g):
    start, end = g.length - g.found - g.width, g.length - g.found
    yield "on the other strand", [g.found, g.found + g.width]
    yield "from 1", [start + 1, end + 1]
    yield "from 1, end included", [start + 1, end]
    yield "end included", [start, end - 1]
    yield "one too small", [start - 1, end - 1]
    yield "width forgotten", [end, end + g.width]
    yield "first base turned", [end - 1, end - 1 + g.width]
    yield "exchanged", [end, start]
    yield "running backwards", [end - 1, start - 1]


def one_strand(g):
    yield "strand ignored", g.area
    yield "lost", g.share * g.area
    yield "exchanged", (1 - g.share) * g.area + g.share / 2
    yield "half and half", (g.area + 0.5) / 2
    yield "the share", g.share
    yield "the seen ones ranked, the rest by chance alone", g.share + (1 - g.share) / 2
    yield "the rest won", g.share * g.area + 1 - g.share
    yield (
        "the rest lost as often as the others won",
        g.share * g.area + (1 - g.share) * (1 - g.area),
    )
    yield "turned round", 1 - (g.share * g.area + (1 - g.share) / 2)
    yield "a guess", 0.5


# -- designing, discovering -----------------------------------------------------------------------


def field(g):
    K, w, taps, D = g.stack
    pair = g.first + g.gap_max + g.second
    need, reach = pair + w - 1, K + w - 1 + D * (taps - 1) * w
    for name, one in {
        "no steps": pair,
        "w": pair + w,
        "steps twice": pair + 2 * (w - 1),
        "whole windows": math.ceil(pair / w) * w,
        "no gap": need - g.gap_max,
        "no gap and no steps": pair - g.gap_max,
        "shortest gap": need - g.gap_max + g.gap_min,
        "range of the gap": need - g.gap_min,
        "gap of the negatives": need - g.gap_max + g.far_max,
        "dilation for the window": pair + D - 1,
    }.items():
        yield f"needed: {name}", (one, reach)
    for name, other in {
        "no pooling": K + D * (taps - 1) * w,
        "pooling of w": K + w + D * (taps - 1) * w,
        "no jump": K + w - 1 + D * (taps - 1),
        "no dilation": K + w - 1 + (taps - 1) * w,
        "all taps": K + w - 1 + D * taps * w,
        "one step only": K + w - 1 + D * w,
        "windows of K": K * taps,
        "windows side by side": K + w - 1 + (taps - 1) * (K + w - 1),
        "jump of w - 1": K + w - 1 + D * (taps - 1) * (w - 1),
        "dilation less one": K + w - 1 + (D - 1) * (taps - 1) * w,
        "one base too few": reach - 1,
        "one base too many": reach + 1,
        "sum": K + w + taps,
    }.items():
        yield f"reached: {name}", (need, other)
    yield "exchanged", (reach, need)


def baseline(g):
    a, b = 1 / (1 + g.ratio), 1 / (1 + g.other)
    yield "one half", (0.5, 0.5, 0.5)
    yield "peaks per shuffle", (1 / g.ratio, 1 / g.other, 0.5)
    yield "share of the negatives", (1 - a, 1 - b, 0.5)
    yield "AUROC like AUPRC", (a, b, a)
    yield "exchanged", (b, a, 0.5)
    yield "per cent", (100 * a, 100 * b, 50)
    yield "whole per cent", (round(100 * a), round(100 * b), 50)
    yield "the same for both", (a, a, 0.5)
    yield "AUROC first", (0.5, a, b)
    yield "halves of them", (a / 2, b / 2, 0.5)
    yield "area under a diagonal", ((1 + a) / 2, (1 + b) / 2, 0.5)
    yield "perfect", (1, 1, 0.5)


def opposite(g):
    x, order = np.asarray(g.x), g.order
    partner = dict(zip("ACGT", "TGCA"))

    def read(order=order, end=-2):
        return "".join(order[column.argmax()] for column in x.T[: len(x.T) + end])

    def complement(word):
        return "".join(partner[base] for base in word)

    right = complement(read())[::-1]
    yield from {
        "this strand": read(),
        "read backwards": read()[::-1],
        "partners in place": complement(read()),
        "A, C, G, T": complement(read("ACGT"))[::-1],
        "alphabet, this strand": read("ACGT"),
        "order reversed": complement(read(order[::-1]))[::-1],
        "order reversed, this strand": read(order[::-1]),
        "partners by the order": read(order[::-1])[::-1],
        "padding read": complement(read(end=0))[::-1],
        "one column of padding read": complement(read(end=-1))[::-1],
        "last base lost": right[:-1],
        "first base lost": right[1:],
    }.items()


def places(g):
    powers = np.exp(g.scores)
    yield "for base 10", 10 ** np.array(g.scores) / (10 ** np.array(g.scores)).sum()
    yield "scores turned round", np.exp(-np.array(g.scores)) / np.exp(-np.array(g.scores)).sum()
    yield "sizes without signs", np.abs(g.scores) / np.abs(g.scores).sum()
    yield "shares of the best", powers / powers.max()
    yield "all alike", np.full(4, 0.25)
    yield "sorted", np.sort(powers / powers.sum())
    yield "window and background", powers / (powers.sum() + 1)
    yield "per cent", 100 * powers / powers.sum()
    yield "shares of the others", powers / (powers.sum() - powers)
    yield "the best alone", (powers / powers.sum()).max()
    yield "sigmoids shared", sigmoid(g.scores) / sigmoid(g.scores).sum()
    yield "logs", np.array(g.scores) - np.log(powers.sum())


# -- explaining -----------------------------------------------------------------------------------


def layers(g):
    K, p, J = g.K, g.p, g.J
    seen, alike = K + p - 1 + (J - 1) * p, 2 * p - 1
    for name, one in {
        "no pooling": K + J - 1,
        "jump of p - 1": K + p - 1 + (J - 1) * (p - 1),
        "pooling of p": K + p + (J - 1) * p,
        "window left out": K + (J - 1) * p,
        "filter left out": J * p,
        "all side by side": J * (K + p - 1),
        "filters side by side": J * K,
        "widths multiplied": J * p * K,
        "widths added": K + p + J,
        "one base too few": seen - 1,
        "one base too many": seen + 1,
        "a step too many": seen + p,
        "a filter twice": seen + K,
        "scores": seen - K + 1,
    }.items():
        yield f"bases: {name}", (one, alike)
    for name, other in {
        "exact": 1,
        "one part": p,
        "lost places": p - 1,
        "both windows": 2 * p,
        "both, lost": 2 * (p - 1),
        "both ends more": 2 * p + 1,
        "pairs": p * p,
        "unordered pairs": p * (p + 1) // 2,
        "all taps": J * p,
        "all taps, one less": J * p - 1,
        "between the taps": (J - 1) * p,
        "taps": J,
    }.items():
        if other != alike:
            yield f"distances: {name}", (seen, other)
    yield "exchanged", (alike, seen)


def path_integral(g):
    w, x, b = np.asarray(g.w, dtype=float), np.asarray(g.present), g.b
    first, last = b + w.sum() / 4, b + w @ x
    asleep = -first / (last - first)
    away, awake = x - 0.25, 1 - asleep
    zero = -b / (last - b)
    yield from {
        "gradient times input": w * x,
        "weights": w,
        "end slope": away * w,
        "end slope, no mismatch": np.where(x, away * w, 0),
        "half": away * w / 2,
        "no slope": 0 * w,
        "slope alone": w * awake,
        "times input": w * x * awake,
        "zeros": w * x * (1 - zero),
        "zeros on half the way": away * w * (1 - zero),
        "asleep": away * w * asleep,
        "backwards": -away * w * awake,
        "sizes": np.abs(away) * w * awake,
        "mismatch left out": np.where(x, away * w * awake, 0),
        "mismatch as three quarters": 0.75 * w * awake,
        "bias shared": away * w * awake + b / 4,
        "shares of one": away * w * awake / last,
        "no ReLU": away * w + 0 * b,
        "value shared by weight": last * w * x / (w @ x),
        "value shared equally": np.full(4, last / 4),
        "ReLU each": np.maximum(away * w * awake, 0),
        "three quarters": away * w * 0.75,
        "corner at b": away * w * (1 + b / w.sum()),
        "reversed order": (away * w * awake)[::-1],
    }.items()


def laid(first, a, word, b):
    found = {}
    for offset in range(-5, 6):
        pairs = [(i, i - offset) for i in range(6) if 0 <= i - offset < 6]
        found[offset] = sum(a[i] * b[k] for i, k in pairs if first[i] == word[k])
    return max((total, offset) for offset, total in found.items())


def overlap(g):
    partner = dict(zip("ACGT", "TGCA"))
    other = "".join(partner[base] for base in g.second)
    total, offset = laid(g.first, g.a, other[::-1], g.b[::-1])
    straight, where = laid(g.first, g.a, g.second, g.b)
    yield "as it is", (where, 1, straight)
    yield "as it is, called turned", (where, -1, straight)
    for name, word, b in (
        ("backwards", g.second[::-1], g.b[::-1]),
        ("partners in place", other, g.b),
        ("numbers left", other[::-1], g.b),
        ("backwards, numbers left", g.second[::-1], g.b),
        ("partners in place, numbers turned", other, g.b[::-1]),
    ):
        most, place = laid(g.first, g.a, word, b)
        if (most, place) != (total, offset):
            yield name, (place, -1, most)
    yield "the other way round", (-offset, -1, total)
    yield "from the right end", (5 - offset, -1, total)
    yield "end of the second", (offset + 5, -1, total)
    yield "counted from 1", (offset + 1, -1, total)
    yield "not turned", (offset, 1, total)
    yield "size of the offset", (abs(offset) if offset < 0 else -offset, -1, total)
    shared = [i for i in range(6) if 0 <= i - offset < 6]
    same = [i for i in shared if g.first[i] == other[::-1][i - offset]]
    b = g.b[::-1]
    yield "bases in common", (offset, -1, len(same))
    yield "sums", (offset, -1, sum(g.a[i] + b[i - offset] for i in same))
    yield "smaller ones", (offset, -1, sum(min(g.a[i], b[i - offset]) for i in same))
    yield "mean", (offset, -1, total / len(same))
    every, less = sum(g.a[i] * b[i - offset] for i in shared), len(shared) > len(same)
    if less:
        yield "other bases too", (offset, -1, every)
        yield "other bases taken off", (offset, -1, 2 * total - every)
    yield "order exchanged", (-1, offset, total)


def between(g):
    second = g.L - g.other - g.h
    spacer = second - g.start - g.h
    yield "start to start", spacer + g.h
    yield "end to end", spacer + 2 * g.h
    yield "both ends counted", spacer + 2
    yield "one end counted", spacer + 1
    yield "one base less", spacer - 1
    yield "last bases", spacer - 2
    yield "same strand", g.other - g.start - g.h
    yield "same strand, size", abs(g.other - g.start) - g.h
    yield "other end first", g.L - 1 - g.other - g.start - g.h
    yield "place turned alone", g.L - g.other - g.start - g.h
    yield "from 1", g.L + 1 - g.other - 2 * g.h - g.start
    yield "middle to middle", spacer + g.h
    yield "negative", -spacer
    yield "half-site taken off again", spacer - g.h
    yield "both from the left", g.start + g.h - g.other


# -- interrogating --------------------------------------------------------------------------------


def interactions(g):
    f, p = np.asarray(g.logits, dtype=float), sigmoid(g.logits)

    def both(f):
        return f[3] - f[1] - f[2] + f[0]

    for name, of in {
        "no background": lambda f: f[3] - f[1] - f[2],
        "background subtracted": lambda f: f[3] - f[1] - f[2] - f[0],
        "background twice": lambda f: f[3] - f[1] - f[2] + 2 * f[0],
        "turned": lambda f: -both(f),
        "pair": lambda f: f[3] - f[0],
        "A alone": lambda f: f[1] - f[0],
        "B alone": lambda f: f[2] - f[0],
        "B beside A": lambda f: f[3] - f[1],
        "more than the better": lambda f: f[3] - max(f[1], f[2]),
        "mean": lambda f: f.mean(),
        "half": lambda f: both(f) / 2,
        "quarter": lambda f: both(f) / 4,
        "ratio": lambda f: f[3] * f[0] / (f[1] * f[2]) if f[1] * f[2] else 9.9,
    }.items():
        yield f"{name} in both", (of(f), of(p))
        yield f"{name} in logits", (of(f), both(p))
        yield f"{name} in probabilities", (both(f), of(p))
    yield "logit twice", (both(f), both(f))
    yield "probability twice", (both(p), both(p))
    yield "exchanged", (both(p), both(f))
    yield "sigmoid last", (both(f), sigmoid(both(f)))
    yield "sigmoid last, from 1/2", (both(f), sigmoid(both(f)) - 0.5)
    yield "log of the ratio", (both(f), np.log(p[3] * p[0] / (p[1] * p[2])))
    yield "per cent", (both(f), 100 * both(p))
    yield "odds", (both(f), both(np.exp(f)))


def four_worlds(g):
    for order in itertools.permutations("HSBF"):
        if "".join(order) != g.worlds:
            yield "".join(order), "".join(order)
    yield "numbers", "".join(str("HSBF".index(world) + 1) for world in g.worlds)
    yield "places of the worlds", "".join(str(g.worlds.index(world) + 1) for world in "HSBF")


def reaches(g):
    pair, w, K = g.a + g.g + g.b, g.w, g.K
    taps, apart = math.ceil((pair - K) / w) + 1, math.ceil((pair - K) / (2 * w))
    for name, one in {
        "rounded down": (pair - K) // w + 1,
        "steps": taps - 1,
        "no filter": math.ceil(pair / w) + 1,
        "no filter, steps": math.ceil(pair / w),
        "no pooling": pair - K + 1,
        "no gap": math.ceil((g.a + g.b - K) / w) + 1,
        "only the gap": math.ceil(g.g / w) + 1,
        "without the window": math.ceil((pair - K - w + 1) / w) + 1,
        "with the window twice": math.ceil((pair - K + w - 1) / w) + 1,
        "shorter motif": math.ceil((pair - min(g.a, g.b) - K) / w) + 1,
        "bases": pair + w - 1,
    }.items():
        if one != taps:
            yield f"taps: {name}", (one, apart)
    for name, other in {
        "rounded down": (pair - K) // (2 * w),
        "three steps": math.ceil((pair - K) / (3 * w)),
        "no filter": math.ceil(pair / (2 * w)),
        "no pooling": math.ceil((pair - K) / 2),
        "no gap": math.ceil((g.a + g.b - K) / (2 * w)),
        "only the gap": math.ceil(g.g / (2 * w)),
        "in bases": apart * w,
        "holes counted": apart - 1,
        "one step": math.ceil((pair - K) / w),
        "in the second layer alone": math.ceil((taps - 1) / 3),
    }.items():
        if other != apart:
            yield f"dilation: {name}", (taps, other)
    yield "exchanged", (apart, taps)


def loss_of_reads(g):
    s, k = np.asarray(g.scores, dtype=float), np.asarray(g.reads, dtype=float)
    p, q, n = np.exp(s) / np.exp(s).sum(), k / k.sum(), k.sum()
    loss = -(q * np.log(p)).sum()
    yield from {
        "scores": -(q * s).sum(),
        "scores shared": -(q * np.log(s / s.sum())).sum(),
        "no softmax": -(q * np.log(s)).sum(),
        "bits": loss / np.log(2),
        "decimal": loss / np.log(10),
        "per position": -np.log(p).mean(),
        "all positions": -np.log(p).sum(),
        "all reads": n * loss,
        "by positions": n * loss / 5,
        "likelihood": -loss,
        "exchanged": -(p * np.log(q)).sum(),
        "divergence": loss + (q * np.log(q)).sum(),
        "other divergence": (p * np.log(p / q)).sum(),
        "entropy of the reads": -(q * np.log(q)).sum(),
        "entropy of the prediction": -(p * np.log(p)).sum(),
        "squared": ((p - q) ** 2).sum(),
        "mean squared": ((p - q) ** 2).mean(),
        "weighted probability": (q * p).sum(),
        "log of the mean": -np.log((q * p).sum()),
        "best position": -np.log(p[k.argmax()]),
        "flat": np.log(5),
        "binary": -(q * np.log(p) + (1 - q) * np.log(1 - p)).sum(),
        "base 2 softmax": -(q * np.log(2**s / (2**s).sum())).sum(),
        "maximum taken off alone": -(q * (s - s.max())).sum(),
        "multinomial": loss - (math.lgamma(n + 1) - sum(map(math.lgamma, k + 1))) / n,
        "perplexity": np.exp(loss),
    }.items()


# -- connecting -----------------------------------------------------------------------------------


def heights(g):
    shares = g.counts / g.counts.sum()
    entropy = -sum(p * math.log2(p) for p in shares)
    yield "DNA", 2 - entropy
    yield "three letters", math.log2(3) - entropy
    yield "letters that are missing", math.log2(17) - entropy
    yield "one letter less", math.log2(19) - entropy
    yield "entropy", entropy
    yield "nats", math.log(20) - entropy * math.log(2)
    yield "decimal", math.log10(20) - entropy * math.log10(2)
    yield "mixed logarithms", math.log(20) - entropy
    yield "added", math.log2(20) + entropy
    yield "most frequent letter", math.log2(20 * shares.max())
    yield "its share of the stack", shares.max() * (math.log2(20) - entropy)
    yield "not weighted", -sum(math.log2(p * 20) for p in shares)
    yield "turned", entropy - math.log2(20)


def spikes(g):
    s, x, v = g.spike.astype(float), g.trace, g.sigma**2
    yield "no bias", s @ x / v
    yield "whole energy", (s @ x - s @ s) / v
    yield "energy not divided", s @ x / v - s @ s / 2
    yield "sigma", (s @ x - s @ s / 2) / g.sigma
    yield "twice the variance", (s @ x - s @ s / 2) / (2 * v)
    yield "no noise", s @ x - s @ s / 2
    yield "reversed", (s[::-1] @ x - s @ s / 2) / v
    yield "spike alone", -((x - s) ** 2).sum() / (2 * v)
    yield "noise alone", -(x**2).sum() / (2 * v)
    yield "energy of the trace", (s @ x - x @ x / 2) / v
    yield "turned", (s @ s / 2 - s @ x) / v
    yield "correlation", np.corrcoef(s, x)[0, 1]
    yield "bits", (s @ x - s @ s / 2) / v / math.log(2)


def coloured(g):
    a, b = map(float, g.s)
    r, v = g.r, g.v
    yield "white", (a / v, b / v)
    yield "itself", (a, b)
    yield "multiplied", (v * (a + r * b), v * (b + r * a))
    yield "plus", ((a + r * b) / v / (1 - r**2), (b + r * a) / v / (1 - r**2))
    yield "no determinant", ((a - r * b) / v, (b - r * a) / v)
    yield "1 - r", ((a - r * b) / v / (1 - r), (b - r * a) / v / (1 - r))
    yield "1 + r squared", ((a - r * b) / v / (1 + r**2), (b - r * a) / v / (1 + r**2))
    yield "no variance", ((a - r * b) / (1 - r**2), (b - r * a) / (1 - r**2))
    yield "variance squared", ((a - r * b) / v**2 / (1 - r**2), (b - r * a) / v**2 / (1 - r**2))
    yield "exchanged", ((b - r * a) / v / (1 - r**2), (a - r * b) / v / (1 - r**2))
    yield "one by one", (a / v + b / (v * r), a / (v * r) + b / v)


def wheres(g):
    e = np.exp(g.scores)
    where, whether = e.max() / e.sum(), math.log(e.mean())
    for name, one in {
        "shares": g.scores.max() / g.scores.sum(),
        "sigmoid": sigmoid(g.scores.max()),
        "base 2": 2 ** g.scores.max() / (2**g.scores).sum(),
        "a quarter": 1 / 4,
        "others": e.max() / (e.sum() - e.max()),
        "worst": e.min() / e.sum(),
        "with no site": e.max() / (1 + e.sum()),
    }.items():
        yield name, (one, whether)
    for name, two in {
        "sum": math.log(e.sum()),
        "best": g.scores.max(),
        "mean": g.scores.mean(),
        "added": g.scores.sum(),
        "ratio itself": e.mean(),
        "base 10": math.log10(e.mean()),
        "bits": math.log2(e.mean()),
    }.items():
        yield name, (where, two)


def lucky_guesses(g):
    ways = [math.comb(g.n, right) / 2**g.n for right in range(g.n + 1)]
    p = sum(ways[g.m :])
    yield "one", p
    yield "sum", g.k * p
    yield "exactly", 1 - (1 - ways[g.m]) ** g.k
    yield "more", 1 - (1 - sum(ways[g.m + 1 :])) ** g.k
    yield "one more", 1 - (1 - sum(ways[g.m - 1 :])) ** g.k
    yield "none", (1 - p) ** g.k
    yield "all", p**g.k
    yield "exactly one", g.k * p * (1 - p) ** (g.k - 1)
    yield "one less", 1 - (1 - p) ** (g.k - 1)


MISREADINGS = {
    "encoding.opposite": opposite,
    "encoding.window": window_of_a_peak,
    "scanning.windows": windows,
    "scanning.changes": changes,
    "activating.slope": slope_of_chain,
    "activating.new_probability": new_probability,
    "activating.count_head": count_head,
    "pooling.forgiven": forgiven,
    "pooling.routed": routes,
    "scoring.surplus": surplus,
    "scoring.occupied": occupied,
    "detecting.posterior": posterior,
    "detecting.added": added,
    "detecting.places": places,
    "reading.row": row,
    "reading.prior": prior,
    "reading.one_strand": one_strand,
    "attributing.slope": slope_at_a_position,
    "attributing.exchange": exchange,
    "spacing.needed": needed,
    "spacing.gaps": gaps,
    "judging.areas": areas,
    "judging.allowed": allowed,
    "judging.matched": matched,
    "judging.prior": rare,
    "judging.chance_hits": chance,
    "judging.turned_place": turned_places,
    "designing.field": field,
    "discovering.baseline": baseline,
    "explaining.distance": layers,
    "explaining.integrated": path_integral,
    "explaining.aligned": overlap,
    "explaining.spacer": between,
    "interrogating.interaction": interactions,
    "interrogating.world": four_worlds,
    "interrogating.reach": reaches,
    "interrogating.reads": loss_of_reads,
    "connecting.information": heights,
    "connecting.matched": spikes,
    "connecting.whitened": coloured,
    "connecting.posterior": wheres,
    "connecting.leader": lucky_guesses,
}


def test_every_exercise_with_a_value_has_its_misreadings():
    ids = {exercise.id for exercise in VALUES}
    assert ids == {*MISREADINGS}


class Judge(Value):
    """An exercise that says only right or wrong, as finding the reason is slow."""

    def complaint(self, answer, given):
        return "wrong"


def accepted(id: str, learners: list[str]) -> dict[str, int]:
    """Count for each misreading how many learners pass with it."""
    exercise, passed = find(id), {}
    own = {f.name: getattr(exercise, f.name) for f in dataclasses.fields(exercise)}
    judge = Judge(**own | {"mistakes": ()})
    for learner in learners:
        given = exercise.given(learner)
        for name, answer in MISREADINGS[id](given):
            if judge.check(answer, given).state == RIGHT:
                passed[name] = passed.get(name, 0) + 1
    return passed


@pytest.mark.parametrize("id", MISREADINGS)
def test_no_plausible_misreading_passes(id):
    learners = FEW if id.startswith("discovering") else FEWER if id in SLOW else LEARNERS
    assert accepted(id, learners) == {}
