"""Exercises on explaining a network: parts and wholes, maps that are tested, a figure to doubt."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache, partial
from importlib import resources
from typing import Any

import numpy as np

from motiflab.evaluation import auroc_by_column
from motiflab.exercises import (
    Choice,
    ExerciseSet,
    Function,
    Given,
    Mistake,
    Option,
    Property,
    Text,
    Value,
    altered,
    table,
)
from motiflab.figures.numbers import brief, written
from motiflab.interpretation import centred, gradient_times_input
from motiflab.layers import Layer, receptive_field, sigmoid
from motiflab.sequences.alphabet import BASES
from motiflab.sequences.encoding import one_hot, reverse_complement

# -- What a second layer knows of a distance -------------------------------------------------------


def _draw_distance(rng: np.random.Generator) -> dict[str, int]:
    """Draw a filter width, a pooling window, and a width of the second layer."""
    return {
        "K": int(rng.integers(7, 20)),
        "p": int(rng.integers(3, 13)),
        "J": int(rng.integers(3, 7)),
    }


def _field(given: Given) -> int:
    layers = [Layer(given.K), Layer(given.p, stride=given.p), Layer(given.J)]
    return receptive_field(layers).size


def _alike(given: Given) -> int:
    """Count the distances at which the two parts can meet the first and the last tap."""
    return 2 * given.p - 1  # each part may be up to p - 1 positions off, either way


def _fields(given: Given) -> dict[str, int]:
    """Return what may be taken for the field, by what was forgotten."""
    K, p, J = given.K, given.p, given.J
    return {
        "pooling": K + J - 1,
        "window": K + (J - 1) * p,
        "filter": J * p,
        "overlap": J * (K + p - 1),
        "filters": J * K,
        "taps": K + p - 1 + J * p,
    }


def _fields_differ(given: Given) -> bool:
    fields = [_field(given), *_fields(given).values()]
    return len({*fields}) == len(fields)


def _one_wrong(
    name: str, message: str, place: int, wrong: Callable[[Given], tuple[float, ...]]
) -> Mistake:
    """Make the mistake of one wrong number, whatever stands in the other place.

    `wrong` gives the numbers that this slip may lead to.
    """

    def example(given: Given) -> list[float]:
        answer: list[float] = [_field(given), _alike(given)]
        answer[place] = wrong(given)[0]
        return answer

    def seen(given: Given, answer: np.ndarray) -> bool:
        return answer.shape == (2,) and answer[place] in wrong(given)

    return Mistake(name, message, example, seen)


DISTANCE = Value(
    id="explaining.distance",
    title="What a second layer knows of a distance",
    draw=_draw_distance,
    suits=_fields_differ,
    task=lambda given: (
        f"A first layer has filters of $K = {given.K}$ bases, with stride 1. Max-pooling then "
        f"keeps the highest of every $p = {given.p}$ neighbouring scores (the windows do not "
        f"overlap). A filter of the second layer reads $J = {given.J}$ neighbouring pooled "
        "values.\n\n"
        "(a) From how many neighbouring bases does one output of the second layer come?\n\n"
        "(b) Its first tap waits for a part A of a motif, its last tap for a part B, and each part "
        "has a filter of the first layer. At how many different distances from A to B (first base "
        "to first base) can A lie in the pooling window of the first tap and B in that of the "
        "last?\n\n"
        "Give two whole numbers, `[bases, distances]`."
    ),
    right=lambda given: [_field(given), _alike(given)],
    mistakes=(
        Mistake(
            "numbers exchanged",
            "Both numbers are right, in the other order: the bases come first.",
            lambda given: [_alike(given), _field(given)],
        ),
        _one_wrong(
            "pooling forgotten",
            "Look at the bases again. Neighbouring taps of the second layer read neighbouring "
            "*pooled* values. How many bases apart are these?",
            0,
            lambda given: (_fields(given)["pooling"],),
        ),
        _one_wrong(
            "pooling window forgotten",
            "Look at the bases again. You have the distance between the first and the last tap. "
            "But one pooled value already comes from several windows of the first layer.",
            0,
            lambda given: (_fields(given)["window"],),
        ),
        _one_wrong(
            "filter width forgotten",
            "Look at the bases again. You counted the positions of first-layer scores. How many "
            "bases does one score come from?",
            0,
            lambda given: (_fields(given)["filter"],),
        ),
        _one_wrong(
            "overlap forgotten",
            "Look at the bases again. You multiplied the bases of one tap by the number of taps. "
            "Do neighbouring taps have bases in common?",
            0,
            lambda given: (_fields(given)["overlap"], _fields(given)["filters"]),
        ),
        _one_wrong(
            "taps counted for steps",
            "Look at the bases again. From the first tap to the last there is one step fewer than "
            "there are taps.",
            0,
            lambda given: (_fields(given)["taps"],),
        ),
        _one_wrong(
            "exact distance",
            "Look at the distances again. The maximum does not say where in its pooling window a "
            "part was. Where can A be, and where can B be?",
            1,
            lambda given: (1,),
        ),
        _one_wrong(
            "uncertainty of one part",
            "Look at the distances again. You let one of the parts move within its pooling window. "
            "Both can.",
            1,
            lambda given: (given.p, given.p - 1),
        ),
        _one_wrong(
            "distances off by one",
            "Look at the distances again. You are close. Write down the shortest and the longest "
            "one for $p = 2$, and count.",
            1,
            lambda given: (2 * given.p, 2 * given.p - 2, 2 * given.p + 1),
        ),
        _one_wrong(
            "pairs of places counted",
            "Look at the distances again. You counted pairs of places. Many of these pairs are "
            "equally far apart.",
            1,
            lambda given: (given.p**2,),
        ),
    ),
    hints=(
        "Draw it for $K = 3$, $p = 2$ and $J = 2$: the bases, the windows of the first layer, and "
        "which of them go into each pooled value.",
        "From one pooled value to the next it is $p$ bases. One pooled value comes from $p$ "
        "windows of $K$ bases, each shifted by one.",
        "A may be the first or the last in its pooling window, and so may B. What is the shortest "
        "distance, and what is the longest?",
    ),
    solution=lambda given: (
        f"(a) A pooled value comes from $K + p - 1 = {given.K + given.p - 1}$ bases. From the "
        f"first tap to the last there are $J - 1 = {given.J - 1}$ steps of $p = {given.p}$ bases. "
        f"Together: $K + (p - 1) + (J - 1)\\,p$ = **{_field(given)}**.\n\n"
        f"(b) If both parts stand at the same place of their windows, they are $(J - 1)\\,p = "
        f"{(given.J - 1) * given.p}$ bases apart. Each may stand up to $p - 1 = {given.p - 1}$ "
        f"positions off, so the distance lies between {(given.J - 2) * given.p + 1} and "
        f"{given.J * given.p - 1}: $2p - 1$ = **{_alike(given)}** distances.\n\n"
        "With a small pool a second layer knows the distance between two parts well, and can put a "
        "motif together from them. With a large pool it cannot, so a filter of the first layer "
        "has to read the motif as a whole."
    ),
    effort=lambda given: (given.p > 2, given.J > 2),
)


# -- Filters that match nothing --------------------------------------------------------------------

PARTS = Choice(
    id="explaining.parts",
    title="Filters that match nothing",
    draw=lambda rng: {
        "auroc": float(rng.choice([0.95, 0.96, 0.97])),
        "matching": str(rng.choice(["none", "only one"])),
        "wide": int(rng.integers(27, 31)),
    },
    task=lambda given: (
        "Twelve motifs were planted in random sequences, and a network learned to say which of "
        "them a sequence holds. Its first layer has 30 filters of 19 bases, then comes a pooling "
        "window of 2, and then a second layer. On new sequences its AUROC is "
        f"{given.auroc:.2f}. But {given.matching} of the 30 filters looks like one of the motifs. "
        f"The same network with a pooling window of 25 has {given.wide} filters that "
        "do, and the same AUROC. (The numbers are like those that Koo and Eddy published in "
        "2019.)\n\nWhat explains the first network?"
    ),
    options=(
        Option(
            "Its second layer puts the motifs together from parts. To see them, we should look at "
            "maps of the whole network, not at one filter at a time."
        ),
        Option(
            "It has learned something else than the motifs, for example the composition of the "
            "sequences.",
            "The backgrounds are random, so the planted motifs are all that there is to learn, and "
            "the AUROC says that it was learned. Where in a network can a motif be, if not in one "
            "filter?",
        ),
        Option(
            "The rule for a match is too strict. With a looser one, the filters would match.",
            "A looser rule also matches filters that have learned nothing: a short part of a motif "
            "resembles many motifs. The same rule finds the filters of the other network.",
        ),
        Option(
            "It has too few filters for twelve motifs.",
            "The other network has as many filters, and they are enough. What differs between the "
            "two?",
        ),
        Option(
            "It has not been trained for long enough: its filters would become whole motifs.",
            "Nothing in the loss asks a filter to be a whole motif. The AUROC says that this "
            "network already solves its task.",
        ),
    ),
    hints=(
        "What does the second layer know of the distance between two parts, with each pooling "
        "window?",
        "If a second layer knows it to within one base, does any filter of the first layer have to "
        "read a whole motif?",
    ),
    solution=lambda given: (
        f"**{given.letters[0]}**. With a pooling window of 2, a second layer knows distances to "
        "within one base, so it can put a motif together from parts that several filters read. No "
        "filter has to hold a whole motif, and the network is just as good. With a window of 25 "
        "the distance is lost, and only whole motifs in the first layer help. So a filter that "
        "matches nothing does not show that the network knows nothing. A map of the whole network "
        "(gradients, mutagenesis) and the seqlets cut from it show what all layers read together."
    ),
)


# -- Integrated gradients by hand ------------------------------------------------------------------


def _draw_path(rng: np.random.Generator) -> dict[str, Any]:
    """Draw the weights of a unit that reads four bases, and a site with one mismatch."""
    present = np.ones(4, dtype=int)
    present[rng.integers(4)] = 0
    return {
        "w": rng.choice(np.arange(2, 10), 4, replace=False),
        "b": -int(rng.integers(4, 15)),
        "present": present,
    }


_QUARTER = 0.25


def _ends(given: Given, reference: float = _QUARTER) -> tuple[float, float]:
    """Return the sum before the ReLU at the reference and at the sequence."""
    return given.b + reference * given.w.sum(), float(given.b + given.w @ given.present)


def _asleep(given: Given, reference: float = _QUARTER) -> float:
    """Return the share of the path on which the ReLU passes nothing."""
    first, last = _ends(given, reference)
    return -first / (last - first)


def _integrated(given: Given, reference: float = _QUARTER) -> np.ndarray:
    """Return the integrated gradients: difference times weight times the share awake."""
    return (given.present - reference) * given.w * (1 - _asleep(given, reference))


def _wakes_on_the_way(given: Given) -> bool:
    """Tell whether the ReLU is silent at the reference, and wakes up at no simple place."""
    first, last = _ends(given)
    simple = np.array([0.25, 0.5, 0.75])
    return first <= -0.5 and last >= 2 and bool(np.abs(_asleep(given) - simple).min() > 0.03)


def _shares_of_path(given: Given) -> str:
    return (
        f"At the reference the sum is ${given.b} + {given.w.sum()}/4 = {_ends(given)[0]:g}$, at "
        f"the sequence it is {_ends(given)[1]:g}. It rises evenly, so it passes 0 at "
        rf"$\alpha = {-_ends(given)[0]:g} / {_ends(given)[1] - _ends(given)[0]:g} = "
        f"{_asleep(given):.3f}$."
    )


INTEGRATED = Value(
    id="explaining.integrated",
    title="Integrated gradients by hand",
    draw=_draw_path,
    suits=_wakes_on_the_way,
    decimals=3,
    task=lambda given: (
        "A unit reads four bases: $f(x) = \\mathrm{ReLU}(b + w_1x_1 + w_2x_2 + w_3x_3 + w_4x_4)$. "
        "Here $x_i$ is 1 if the base that the unit waits for stands at position $i$, and 0 if "
        f"another one does. $b = {given.b}$, and\n\n"
        + table(
            ["i", *map(str, range(1, 5))],
            [["w", *given.w.tolist()], ["x", *given.present.tolist()]],
        )
        + "\n\nThe reference is a quarter of each base: $x'_i = 1/4$. On the straight path "
        r"from $x'$ to $x$ the point at $\alpha$ is $x' + \alpha (x - x')$, with $\alpha$ from 0 "
        "to 1. Give the four integrated gradients, "
        r"$\mathrm{IG}_i = (x_i - x'_i) \int_0^1 \frac{\partial f}{\partial x_i}\,d\alpha$, to "
        "3 decimals."
    ),
    right=_integrated,
    mistakes=(
        Mistake(
            "gradient times input",
            "This is gradient × input: the slope at the end of the path times $x$. Integrated "
            "gradients average the slope along the path and multiply it by $x - x'$.",
            lambda given: (given.w * given.present).astype(float),
        ),
        Mistake(
            "slope at the end",
            "You took the slope at the sequence for the slope on the whole path. At the beginning "
            "of the path the ReLU is silent: how large is the slope there?",
            lambda given: (given.present - _QUARTER) * given.w,
        ),
        Mistake(
            "slope at the reference",
            "You took the slope at the reference, where the ReLU is silent, for the slope on the "
            "whole path. Somewhere on the way it wakes up.",
            lambda given: np.zeros(4),
        ),
        Mistake(
            "mean of the two ends",
            "You averaged the slopes at the two ends of the path. The ReLU does not wake up half "
            "way: where does the sum pass 0?",
            lambda given: (given.present - _QUARTER) * given.w / 2,
        ),
        Mistake(
            "difference forgotten",
            "These are the mean slopes along the path. They still have to be multiplied by "
            "$x_i - x'_i$.",
            lambda given: given.w * (1 - _asleep(given)),
        ),
        Mistake(
            "input for the difference",
            "The mean slopes are right, but you multiplied them by $x_i$. What counts is how far "
            "$x_i$ is from the reference.",
            lambda given: given.w * given.present * (1 - _asleep(given)),
        ),
        Mistake(
            "reference of zeros",
            "These are integrated gradients from a reference of zeros. Here the reference is 1/4 "
            "at each position.",
            lambda given: _integrated(given, reference=0),
        ),
        Mistake(
            "silent part of the path",
            "You counted the part of the path on which the ReLU is silent. The other part has a "
            "slope.",
            lambda given: (given.present - _QUARTER) * given.w * _asleep(given),
        ),
        Mistake(
            "path walked backwards",
            "All signs are turned: you went from the sequence to the reference, $x' - x$.",
            lambda given: -_integrated(given),
        ),
        Mistake(
            "sign of the mismatch lost",
            "The sizes are right. At one position another base stands: $x_i - x'_i$ is negative "
            "there.",
            lambda given: np.abs(_integrated(given)),
        ),
    ),
    hints=(
        r"Before the ReLU stands a sum that changes evenly with $\alpha$. What is it at "
        r"$\alpha = 0$ and at $\alpha = 1$?",
        r"The slope with respect to $x_i$ is 0 while this sum is negative, and $w_i$ afterwards. "
        r"At which $\alpha$ does it pass 0? The integral is $w_i$ times the rest of the path.",
        "Check it: the four numbers must sum to $f(x) - f(x')$, and $f(x') = 0$.",
    ),
    solution=lambda given: (
        f"{_shares_of_path(given)} Before that the slope is 0, afterwards $w_i$. So "
        rf"$\mathrm{{IG}}_i = (x_i - 1/4) \cdot w_i \cdot (1 - {_asleep(given):.3f})$: **"
        + ", ".join(f"{value:.3f}" for value in _integrated(given))
        + f"**. They sum to {_integrated(given).sum():g}, which is $f(x) - f(x') = "
        f"{_ends(given)[1]:g} - 0$. The base that does not fit has a negative one: the reference "
        "had a quarter of the right base there. Gradient × input sums to "
        f"{given.w @ given.present}, which is neither $f(x)$ nor a difference of values."
    ),
    effort=lambda given: (len(given.w), int(given.present.sum())),
)


# -- Which map is complete? ------------------------------------------------------------------------

_BASES_SHOWN = 6


def _draw_maps(rng: np.random.Generator) -> dict[str, Any]:
    """Draw two logits, and maps that share their total out in the same way."""
    z, reference = (round(float(rng.uniform(*ends)), 2) for ends in ((2.5, 5), (-3.5, -1)))
    totals = [
        z - reference,
        z,
        reference - z,
        float(sigmoid(z) - sigmoid(reference)),
        z + reference,
    ]
    shares = rng.dirichlet(np.full(_BASES_SHOWN, 2.0))
    shares[shares.argmin()] *= -1
    return {
        "z": z,
        "reference": reference,
        "sequence": "".join(rng.choice([*BASES], _BASES_SHOWN)),
        "maps": [_shared_out(total, shares / shares.sum()) for total in totals],
    }


def _shared_out(total: float, shares: np.ndarray) -> list[float]:
    """Return numbers of two decimals that sum to the total, rounded to two decimals."""
    parts = np.round(total * shares, 2)
    parts[np.abs(parts).argmax()] += round(total, 2) - parts.sum()
    return np.round(parts, 2).tolist()


def _maps_differ(given: Given) -> bool:
    """Tell whether the sums of all maps differ clearly."""
    sums = np.sort([sum(one) for one in given.maps])
    return bool(np.diff(sums).min() > 0.25)


def _row(number: int) -> Callable[[Given], str]:
    """Return what writes down map `number`."""
    return lambda given: ", ".join(written(value, 2) for value in given.maps[number])


COMPLETE = Choice(
    id="explaining.complete",
    title="Which map is complete?",
    draw=_draw_maps,
    suits=_maps_differ,
    task=lambda given: (
        f"A network reads the sequence `{given.sequence}` and gives it the logit $z = {given.z}$; "
        f"to the reference it gives $z' = {given.reference}$. The predicted probabilities are "
        f"{sigmoid(given.z):.3f} and {sigmoid(given.reference):.3f}. Each option below is a map: "
        "one number for each base. One of them holds the integrated gradients of the **logit**. "
        "Which one?"
    ),
    options=(
        Option(_row(0)),
        Option(
            _row(1),
            "Add the numbers up: they give $z$ itself. That would be right if the reference had "
            "the logit 0.",
            "sums to the logit",
        ),
        Option(
            _row(2),
            "Add the numbers up: the size is right and the sign is not. The map explains how the "
            "sequence differs from the reference, not the other way round.",
            "sums to reference minus sequence",
        ),
        Option(
            _row(3),
            "Add the numbers up: they give the difference between two probabilities. The question "
            "is about the logit.",
            "sums to a difference of probabilities",
        ),
        Option(
            _row(4),
            "Add the numbers up: they give the sum of the two logits. Completeness is about "
            "another combination of them.",
            "sums to the sum of the logits",
        ),
    ),
    hints=(
        "You need not know the network. Integrated gradients are *complete*: what does their sum "
        "have to be?",
        "Add up each row, and compare with $f(x) - f(x')$, where $f$ is the logit.",
    ),
    solution=lambda given: (
        f"**{given.letters[0]}**. Integrated gradients sum to $f(x) - f(x') = {given.z} - "
        f"({given.reference}) = {given.z - given.reference:.2f}$. Only this row does, up to "
        "rounding. The test finds a map that is wrong, but it does not show that one is right: all "
        "these maps share out their sum in the same way, and a map that put all of it on one base "
        "of the flank would be complete, too."
    ),
)


# -- How well does a map find the sites? -----------------------------------------------------------

Sites = list[tuple[int, int]]


def _inside(length: int, sites: Sites) -> np.ndarray:
    """Return 1 for each base in a site and 0 for the others."""
    inside = np.zeros(length, dtype=int)
    for start, end in sites:
        inside[start:end] = 1
    return inside


def _sizes(gradient: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the size of the centred gradient at the base that stands there, for each position."""
    return np.abs(gradient_times_input(centred(gradient), x).sum(axis=1))


def _area(inside: np.ndarray, sizes: np.ndarray, tie: float = 0.5) -> float:
    """Return the share of pairs of a base inside and one outside that are in order."""
    difference = sizes[inside == 1][:, None] - sizes[inside == 0]
    equal = np.abs(difference) < 1e-12
    return float(np.where(equal, tie, difference > 0).mean())


def _judged(
    gradient: np.ndarray,
    x: np.ndarray,
    sites: Sites,
    sizes: Callable[[np.ndarray, np.ndarray], np.ndarray] = _sizes,
    inside: Callable[[int, Sites], np.ndarray] = _inside,
    tie: float = 0.5,
) -> float:
    """Return the AUROC per base; the last three arguments make the known mistakes."""
    return _area(inside(len(x), sites), sizes(gradient, x), tie)


def _right_area(gradient: np.ndarray, x: np.ndarray, sites: Sites) -> float:
    labels, sizes = _inside(len(x), sites), np.round(_sizes(gradient, x), 9)
    return float(auroc_by_column(labels, sizes[:, None])[0])


def _draw_gradient(rng: np.random.Generator, length: int = 12) -> dict[str, Any]:
    """Draw slopes, a sequence and one site in it; the slopes are a little larger in the site."""
    start = int(rng.integers(1, length - 5))
    gradient = rng.integers(-3, 4, (length, 4))
    gradient[start : start + 4] *= 2
    return {
        "gradient": gradient + rng.integers(-2, 3, (length, 1)),
        "sequence": "".join(rng.choice([*BASES], length)),
        "sites": [(start, start + 4)],
    }


def _cases(given: Given, rng: np.random.Generator) -> list[tuple[Any, ...]]:
    """List small cases, the learner's own, and sequences with two sites, which may overlap."""
    two = [[(2, 6), (9, 13)], [(4, 9), (7, 11)]]
    small = [_draw_gradient(rng) for _ in range(2)]
    large = [{**_draw_gradient(rng, 20), "sites": sites} for sites in two]
    parts = [*small, vars(given), *large]
    return [(p["gradient"].astype(float), one_hot(p["sequence"]), p["sites"]) for p in parts]


def _moved_constant(given: Given, answer: Callable[..., Any]) -> bool:
    """Try it on slopes to which a number was added at each position, the same for all bases."""
    x, constant = one_hot(given.sequence), np.arange(len(given.sequence))[:, None]
    one, other = (answer(given.gradient + c * constant, x, given.sites) for c in (0.0, 1.0))
    return bool(np.isclose(one, other))


BASE_AUROC = Function(
    id="explaining.base_auroc",
    title="How well does a map find the sites?",
    draw=_draw_gradient,
    task=lambda given: (
        "Write `base_auroc(gradient, x, sites)`, which judges a map against planted sites, base by "
        "base. `gradient` has shape (L, 4): the slopes of the logit, in the order A, C, G, T. `x` "
        "has the same shape and is the sequence, one-hot. `sites` is a list of pairs `(start, "
        "end)`: positions count from 0, `end` is not included, and sites may overlap.\n\n"
        "1. Centre the gradient: subtract the mean over the four bases at each position.\n"
        "2. Keep the entry of the base that stands there. Its **size** (without the sign) is the "
        "score of that position.\n"
        "3. Return the AUROC: of all pairs of a position inside a site and one outside, the share "
        "in which the one inside has the higher score. A tie counts one half.\n\n"
        f"Among others, it will be tried on your own numbers: `given.sequence` is "
        f"{given.sequence}, `given.sites` is {given.sites}, and `given.gradient` is\n\n"
        + table(["i", *BASES], [(i, *row) for i, row in enumerate(given.gradient.tolist())])
    ),
    right=lambda given: _right_area,
    cases=_cases,
    properties=(
        Property(
            "If the same number is added to all four slopes of a position, the result should stay "
            "the same.",
            _moved_constant,
        ),
    ),
    mistakes=(
        Mistake(
            "not centred",
            "You took the gradient as it is. Part of it is the same for all four bases, and no "
            "exchange of bases can see that part: centre first.",
            lambda given: partial(
                _judged, sizes=lambda g, x: np.abs(gradient_times_input(g, x).sum(axis=1))
            ),
        ),
        Mistake(
            "centred along the sequence",
            "You subtracted the mean over the positions. It is the four bases of one position "
            "whose mean has to go.",
            lambda given: partial(
                _judged,
                sizes=lambda g, x: np.abs(gradient_times_input(g - g.mean(axis=0), x).sum(axis=1)),
            ),
        ),
        Mistake(
            "signs kept",
            "You ranked by the signed value. A base that speaks against the site counts as well: "
            "take sizes.",
            lambda given: partial(
                _judged, sizes=lambda g, x: gradient_times_input(centred(g), x).sum(axis=1)
            ),
        ),
        Mistake(
            "all four bases added",
            "You added up the sizes of all four slopes. The score is that of the base that stands "
            "there.",
            lambda given: partial(_judged, sizes=lambda g, x: np.abs(centred(g)).sum(axis=1)),
        ),
        Mistake(
            "end of the site included",
            "Your sites are one base too long: `end` is not included.",
            lambda given: partial(
                _judged, inside=lambda n, sites: _inside(n, [(a, b + 1) for a, b in sites])
            ),
        ),
        Mistake(
            "positions counted from 1",
            "Your sites are shifted by one base: positions count from 0.",
            lambda given: partial(
                _judged, inside=lambda n, sites: _inside(n, [(a - 1, b - 1) for a, b in sites])
            ),
        ),
        Mistake(
            "last site alone",
            "There may be several sites, and a base in any of them is inside.",
            lambda given: partial(_judged, inside=lambda n, sites: _inside(n, sites[-1:])),
            also=(lambda given: partial(_judged, inside=lambda n, sites: _inside(n, sites[:1])),),
            where=lambda gradient, x, sites: len(sites) > 1,
        ),
        Mistake(
            "classes exchanged",
            "This is 1 minus the area: you counted the pairs in which the base *outside* is "
            "higher.",
            lambda given: lambda *case: 1 - _right_area(*case),
        ),
        Mistake(
            "ties counted as lost",
            "Equal scores count as lost here. A tie counts one half.",
            lambda given: partial(_judged, tie=0.0),
        ),
        Mistake(
            "ties counted as won",
            "Equal scores count as won here. A tie counts one half.",
            lambda given: partial(_judged, tie=1.0),
        ),
        Mistake(
            "per cent for an area",
            "This is right, but in per cent. An area lies between 0 and 1.",
            lambda given: lambda *case: 100 * _right_area(*case),
        ),
    ),
    hints=(
        "`gradient - gradient.mean(axis=1, keepdims=True)` centres; a sum of its product with `x` "
        "over the bases keeps what stands there.",
        "Make an array `inside` of False, and set it to True from start to end of each site.",
        "`high[:, None] - low[None, :]` compares every score inside with every score outside. "
        "Round the scores to 9 decimals first: two that are equal on paper may differ in the last "
        "digit.",
    ),
    solution=lambda given: (
        "```python\n"
        "def base_auroc(gradient, x, sites):\n"
        "    centred = gradient - gradient.mean(axis=1, keepdims=True)\n"
        "    scores = np.abs((centred * x).sum(axis=1)).round(9)\n"
        "    inside = np.zeros(len(x), dtype=bool)\n"
        "    for start, end in sites:\n"
        "        inside[start:end] = True\n"
        "    difference = scores[inside][:, None] - scores[~inside][None, :]\n"
        "    return np.mean((difference > 0) + 0.5 * (difference == 0))\n"
        "```\n\nOn your own numbers it is "
        f"{_right_area(given.gradient, one_hot(given.sequence), given.sites):.3f}. A map that "
        "knows nothing has 0.5 on average. Do not expect 1 of a good one: every base of a site "
        "counts as true here, also those at which the motif hardly prefers any base."
    ),
    effort=lambda given: (given.gradient.shape, len(given.sites)),
)


# -- Two seqlets, laid on each other ---------------------------------------------------------------

_WIDTH = 6


def _draw_seqlets(rng: np.random.Generator) -> dict[str, Any]:
    """Draw two seqlets: the second holds most of the first, read on the other strand."""
    first = "".join(rng.choice([*BASES], _WIDTH))
    shift = int(rng.choice([-2, 1, 2]))  # -1 is a strand, too
    flank = "".join(rng.choice([*BASES], abs(shift)))
    turned = first[shift:] + flank if shift > 0 else flank + first[:shift]
    return {
        "first": first,
        "second": reverse_complement(turned),
        "a": rng.integers(1, 7, _WIDTH).tolist(),
        "b": rng.integers(1, 7, _WIDTH).tolist(),
    }


def _overlaps(given: Given, word: str, b: list[int]) -> dict[int, int]:
    """Return the similarity at each offset of a word with contributions laid on the first."""
    return {
        offset: sum(
            given.a[i] * b[i - offset]
            for i in range(_WIDTH)
            if 0 <= i - offset < _WIDTH and given.first[i] == word[i - offset]
        )
        for offset in range(1 - _WIDTH, _WIDTH)
    }


def _best(overlaps: dict[int, int], strand: int) -> list[int]:
    offset = max(overlaps, key=overlaps.__getitem__)
    return [offset, strand, overlaps[offset]]


def _turned(given: Given, **slip: Any) -> list[int]:
    """Return the best overlap with the second seqlet turned, or what a slip makes of it."""
    word = slip.get("word", reverse_complement)(given.second)
    return _best(_overlaps(given, word, slip.get("b", given.b[::-1])), -1)


def _clearly_best(given: Given) -> bool:
    """Tell whether the overlap that was drawn is far ahead of all others, on both strands."""
    straight = _overlaps(given, given.second, given.b)
    turned = _overlaps(given, reverse_complement(given.second), given.b[::-1])
    every = sorted([*straight.values(), *turned.values()])
    return (
        every[-1] == max(turned.values())
        and every[-1] >= every[-2] + 10
        and sorted(straight.values())[-1] > sorted(straight.values())[-2]
        and _turned(given)[0] in (-2, 1, 2)
        and _bases_in_common(given) >= 3
    )


def _partners(word: str) -> str:
    """Return the complement of each base, in place."""
    return reverse_complement(word)[::-1]


def _bases_in_common(given: Given) -> int:
    ones = altered(given, a=[1] * _WIDTH)
    offset = _turned(given)[0]
    return _overlaps(ones, reverse_complement(given.second), [1] * _WIDTH)[offset]


def _seqlet(word: str, contributions: list[int]) -> str:
    heads = ["i", *map(str, range(_WIDTH))]
    return table(heads, [["base", *word], ["contribution", *map(str, contributions)]])


ALIGNED = Value(
    id="explaining.aligned",
    title="Lay two seqlets on each other",
    draw=_draw_seqlets,
    suits=_clearly_best,
    task=lambda given: (
        "Two seqlets, with the contribution of each base:\n\n"
        f"{_seqlet(given.first, given.a)}\n\n{_seqlet(given.second, given.b)}\n\n"
        "Lay the second one on the first, as it is (strand 1) or turned to its other strand "
        "(strand −1), shifted by any number of bases. Where both have the same base, multiply "
        "their contributions; the sum of these products is the similarity. Positions without a "
        "partner add nothing.\n\n"
        "Give three numbers for the best overlap, `[offset, strand, similarity]`. The offset is "
        "the position of the first seqlet on which the leftmost base of the second one lies, as "
        "it is laid there; it is negative if that base sticks out on the left."
    ),
    right=_turned,
    mistakes=(
        Mistake(
            "one strand only",
            "This is the best overlap without turning the second seqlet. A site may stand on "
            "either strand: turn it as well.",
            lambda given: _best(_overlaps(given, given.second, given.b), 1),
        ),
        Mistake(
            "turned without its partners",
            "You read the second seqlet backwards. On the other strand each base is also replaced "
            "by its partner: A by T, C by G.",
            lambda given: _turned(given, word=lambda word: word[::-1]),
        ),
        Mistake(
            "partners without turning",
            "You replaced each base by its partner but left the order. The other strand is read in "
            "the other direction.",
            lambda given: _turned(given, word=_partners, b=given.b),
        ),
        Mistake(
            "contributions not turned",
            "The bases are turned, but the contributions stand in their old order. Each one "
            "belongs to its base.",
            lambda given: _turned(given, b=given.b),
        ),
        Mistake(
            "sign of the offset",
            "Strand and similarity are right. The offset says where the second seqlet begins on "
            "the first, not the other way round.",
            lambda given: [-_turned(given)[0], *_turned(given)[1:]],
        ),
        Mistake(
            "strand not told",
            "Offset and similarity are right. Did you turn the second seqlet, or not?",
            lambda given: [_turned(given)[0], 1, _turned(given)[2]],
        ),
        Mistake(
            "bases counted",
            "Offset and strand are right. You counted the bases in common; each of them counts "
            "with the product of its two contributions.",
            lambda given: [*_turned(given)[:2], _bases_in_common(given)],
        ),
    ),
    hints=(
        "Write the second seqlet on a strip of paper, and on its back the same one turned: the "
        "order reversed, each base replaced by its partner, the contributions moving along.",
        "Which of the two has a run of bases in common with the first?",
        "Count the offset from the first seqlet: at which of its positions does the strip begin?",
    ),
    solution=lambda given: (
        f"Turned, the second seqlet reads `{reverse_complement(given.second)}` with the "
        f"contributions {', '.join(map(str, given.b[::-1]))}. At offset {_turned(given)[0]} "
        f"{_bases_in_common(given)} bases agree, and the products sum to {_turned(given)[2]}: "
        f"**[{', '.join(map(str, _turned(given)))}]**. As it is, the best sum is "
        f"{max(_overlaps(given, given.second, given.b).values())}. To cluster seqlets, a program "
        "does this for every pair."
    ),
    effort=lambda given: (_WIDTH, _turned(given)[1]),
)


# -- The bases between two half-sites --------------------------------------------------------------


def _draw_halves(rng: np.random.Generator) -> dict[str, int]:
    """Draw two half-sites; the second is told by its place on the other strand."""
    given = {"L": int(rng.choice([120, 150, 160, 200])), "h": 10}
    spacer, start = int(rng.integers(2, 14)), int(rng.integers(20, 80))
    second = start + given["h"] + spacer
    return {**given, "start": start, "other": given["L"] - second - given["h"]}


def _spacer(given: Given) -> int:
    return given.L - given.other - given.h - (given.start + given.h)


def _told_apart(given: Given) -> bool:
    """Tell whether reading the second place on the + strand gives quite another number."""
    apart = given.other - given.start
    slips = [sign * apart + d * given.h for sign in (-1, 1) for d in (-2, -1, 0, 1)]
    return min(abs(slip - _spacer(given)) for slip in slips) > 1


SPACER = Value(
    id="explaining.spacer",
    title="The bases between two half-sites",
    draw=_draw_halves,
    suits=_told_apart,
    task=lambda given: (
        f"Proteins of the p53 family bind two half-sites of {given.h} bases. In a peak of "
        f"{given.L} bases a program found one half-site on the + strand that begins at base "
        f"{given.start}, counted from 0 at the left end. It scanned the reverse complement, too, "
        f"and found a second one there, which begins at base {given.other} **of the reverse "
        "complement**, again counted from 0. How many bases lie **between** the two half-sites, "
        "with both of them excluded? Give one whole number."
    ),
    right=_spacer,
    mistakes=(
        Mistake(
            "strand overlooked",
            "You took both places for places on the + strand. Base 0 of the reverse complement is "
            "the last base of the peak.",
            lambda given: given.other - given.start - given.h,
            lambda given, answer: (
                answer.shape == ()
                and abs(answer) in (abs(given.other - given.start - d) for d in (0, given.h))
            ),
        ),
        Mistake(
            "one half-site too many",
            "There is one half-site too much in your number. Either you measured from first base "
            "to first base, or you turned the place but not the direction: where does the second "
            "half-site begin, seen from the left?",
            lambda given: _spacer(given) + given.h,
        ),
        Mistake(
            "from end to end",
            "You measured from the first base of the one to the last base of the other. Neither "
            "half-site counts.",
            lambda given: _spacer(given) + 2 * given.h,
        ),
        Mistake(
            "one base too many",
            "You are one base too high. On + the first half-site ends before base start + width; "
            "and base 0 of one strand is base L − 1 of the other.",
            lambda given: _spacer(given) + 1,
        ),
        Mistake(
            "one base too few",
            "You are one base too low. If one half-site ends at base 29 and the next begins at "
            "base 30, nothing lies between them.",
            lambda given: _spacer(given) - 1,
            also=(lambda given: _spacer(given) - 2,),
        ),
    ),
    hints=(
        "Draw the peak as a line, and mark base 0 of each strand. At which end of the line does "
        "the reverse complement begin?",
        "The second half-site covers some bases of the reverse complement. Its last base there is "
        "its first one seen from the left of the + strand.",
        lambda given: (
            "A window of $h$ bases that begins at base $b$ of the reverse complement begins at "
            "base $L - b - h$ of the + strand."
        ),
    ),
    solution=lambda given: (
        f"On the + strand the second half-site begins at ${given.L} - {given.other} - {given.h} = "
        f"{given.L - given.other - given.h}$. The first one covers bases {given.start} to "
        f"{given.start + given.h - 1}, so the next base is {given.start + given.h}. Between them "
        f"lie ${given.L - given.other - given.h} - {given.start + given.h}$ = "
        f"**{_spacer(given)}** bases. Published sites of the family have 0 to 13 bases there."
    ),
    effort=lambda given: (given.h, _spacer(given) > 0),
)


# -- A figure to doubt -----------------------------------------------------------------------------

CLAIMS = {
    "unseen": "it tells the peaks from their shuffles on sequences that it has not seen",
    "recognised": "the map is that of a peak which the network recognises",
    "strongest": "the filter that is shown is its strongest one",
    "match": "this filter matches the motif better than chance allows",
    "centred": "the gradient is centred over the bases",
    "shuffles": "integrated gradients were taken from shuffles of the peak",
}
"""What the caption of the figure claims, in the order of the table; two claims for each step."""

FIGURES = "faulty_figures.json"
"""File in `motiflab/data`, made by `tools/make_faulty_figures.py`."""

STREAM = "explaining.figure"


@lru_cache(maxsize=1)
def _figures() -> list[dict[str, Any]]:
    return json.loads((resources.files("motiflab.data") / FIGURES).read_text(encoding="utf-8"))


def draw_figure(rng: np.random.Generator) -> dict[str, Any]:
    """Draw one of the figures; `map` holds its letters, shape (positions, 4)."""
    case = int(rng.integers(len(_figures())))
    drawn = dict(_figures()[case])
    map = one_hot(drawn["sequence"]) * np.array(drawn["heights"])[:, None]
    del drawn["fault"], drawn["seed"]  # whoever prints the numbers should not read the answer
    return {**drawn, "map": map, "case": case, "turn": int(rng.integers(2))}


def fault_of(given: Given) -> str:
    """Return the claim, a key of `CLAIMS`, that a learner's figure does not hold up."""
    return _figures()[given.case]["fault"]


def _claim(steps: int, other: bool = False) -> Callable[[Given], str]:
    """Return what writes down a claim of the step that comes so many after the faulty one.

    Of the faulty step it is the faulty claim, or the `other`; of another step, either of the two.
    """

    def written(given: Given) -> str:
        claims = [*CLAIMS]
        place = claims.index(fault_of(given))
        pair, within = divmod(place, 2)
        chosen = within ^ other if not steps else given.turn
        number = 2 * ((pair + steps) % 3) + chosen
        return f"Claim {number + 1}: {CLAIMS[claims[number]]}."

    return written


def _evidence(given: Given) -> str:
    """Return the table of the numbers behind the figure, a line for each claim."""
    slopes = ", ".join(f"{base} {written(slope, 2)}" for base, slope in zip(BASES, given.slopes))
    weakest, strongest = given.strengths
    lines = [
        f"{given.made} sequences were made, and the network learned from {given.learned} of them. "
        f"AUROC over {given.judged} sequences: {given.auroc:.2f}",
        f"logit of the sequence that is shown: {written(given.logit, 2)}",
        f"AUROC of each filter alone: {weakest:.2f} to {strongest:.2f}; of the one that is shown: "
        f"{given.strength:.2f}",
        f"similarity to the motif: {given.similarity:.2f}; E-value among 1,019 motifs: "
        f"{brief(given.e_value, 2)}",
        f"slopes of the logit at base {given.tallest}, where the tallest letter stands: {slopes}",
        f"sum of the integrated gradients: {written(given.total, 2)}; logit of the sequence: "
        f"{written(given.logit, 2)}, of its shuffles on average: {written(given.shuffled, 2)}, of "
        f"a matrix of zeros: {written(given.zeros, 2)}",
    ]
    return table(["claim", "numbers"], [(str(n), line) for n, line in enumerate(lines, 1)])


_WHY = {
    "unseen": (
        "The network learned from {learned} of {made} sequences, so {unread} are left that it has "
        "not seen. The AUROC of {auroc} is over {judged}: those that it learned from are among "
        "them, and it may know them by heart. Judge it on the {unread} alone."
    ),
    "recognised": (
        "The logit is {logit}, below 0: the network takes this sequence for a negative. It is "
        "one of the shuffles that it learned from. The tallest letters of its map are the best of "
        "a poor lot. Show a held-out peak with a logit well above 0, and say how it was chosen."
    ),
    "strongest": (
        "The filter that is shown has an AUROC of {strength} alone, and the best one has "
        "{best}. It was chosen because it looks like the motif. In these peaks another motif "
        "is more frequent, and the strongest filter reads that. Choose by strength on the training "
        "sequences, before you look at any match, or show all filters."
    ),
    "match": (
        "The similarity is {similarity}, which looks good, but the E-value is {e_value}: "
        "so many motifs would match as well by chance. The filters have six positions, and a short "
        "piece resembles a part of many motifs. Give the E-value, and use wider filters."
    ),
    "centred": (
        "The four slopes sum to {slopes_sum}; after centring they sum to 0 at every position, "
        "up to rounding. What is left in them is the same for all four bases and means nothing, "
        "yet it makes letters taller or shorter. Centre, and draw the map again."
    ),
    "shuffles": (
        "Integrated gradients sum to the logit of the sequence minus that of the reference. From "
        "shuffles that would be {logit} − ({shuffled}) = {expected}. The sum is "
        "{total}, which is the logit minus that of a matrix of zeros, {zeros}. No sequence "
        "has no bases. Repeat it with shuffles, and average over them."
    ),
}


def _why(given: Given) -> str:
    numbers = {
        "made": given.made,
        "learned": given.learned,
        "unread": given.made - given.learned,
        "judged": given.judged,
        "e_value": brief(given.e_value, 2),
        "best": given.strengths[1],
        "slopes_sum": sum(given.slopes),
        "expected": given.logit - given.shuffled,
    }
    for name in ("auroc", "logit", "strength", "similarity", "shuffled", "total", "zeros"):
        numbers[name] = getattr(given, name)
    return _WHY[fault_of(given)].format(
        **{n: written(v, 2) if isinstance(v, float) else v for n, v in numbers.items()}
    )


def _caption(given: Given) -> str:
    return (
        f"**Our network finds the motif of {given.name}.** It tells peaks from their shuffles "
        "on sequences that it has not seen (1). The map is that of a peak which it recognises "
        f"(2). Its strongest filter (3) matches {given.name} better than chance allows (4). The "
        "letters show the gradient of the logit, centred over the bases, at the base that stands "
        "there (5). Integrated gradients from 20 shuffles of the peak say the same (6).\n\n"
        f"{_evidence(given)}"
    )


FIGURE = Choice(
    id="explaining.figure",
    title="A figure to doubt",
    stream=STREAM,
    draw=draw_figure,
    task=lambda given: (
        "The figure above has this caption, and the table gives the numbers behind each claim. The "
        "analysis was really done, with one step done wrongly.\n\n"
        f"{_caption(given)}\n\nWhich claim do its numbers contradict?"
    ),
    options=(
        Option(_claim(0)),
        Option(
            _claim(0, other=True),
            "These numbers agree with their claim. Ask of every claim: what would its numbers be "
            "if it were false?",
            "a sound claim of the same step",
        ),
        Option(
            _claim(1),
            "This claim holds. Where a line has several numbers, they are there to be compared "
            "with each other: which sums and differences must agree?",
            "a sound claim of the next step",
        ),
        Option(
            _claim(2),
            "There is no contradiction in this line. Go through the others in the same way: what "
            "must be larger than what, and what must be 0?",
            "a sound claim of the step before",
        ),
        Option(
            "None of them: the numbers support every claim.",
            "One claim is contradicted. A high AUROC and a good-looking logo do not show that "
            "every step was done as the caption says.",
            "every claim believed",
        ),
    ),
    hints=(
        "Take the claims one at a time. Which number of the line would be different if the claim "
        "were false?",
        "How many sequences has the network not seen? What is the sum of four centred slopes? What "
        "do integrated gradients sum to?",
        "For each claim, what should its numbers be like if it is true: which one must be larger "
        "than which other one, or on which side of a limit must it lie? Write that down before you "
        "look at the line. Is it so?",
    ),
    solution=lambda given: f"**{given.letters[0]}**. {_why(given)}",
)

REDO = Text(
    id="explaining.redo",
    title="Do it again, and say less",
    stream=STREAM,
    draw=draw_figure,
    task=lambda given: (
        f"It is the figure on {given.name} again. Write to its authors, in a few sentences: which "
        "step they should repeat and how, which number you expect to change and in which "
        "direction, which control is missing altogether, and how the title *Our network finds the "
        f"motif of {given.name}* should read, even if every claim held."
    ),
    hints=(
        "What would the same figure look like for a network that was trained on shuffled labels?",
        "One sequence, one filter, one training: what would you want to see more of? And what does "
        "a motif say about the protein?",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        f"- *the step*: {_why(given)}\n"
        "- *what follows*: the other numbers may stay as they are, so the conclusion may still be "
        "true. It has not been shown.\n"
        "- *the control*: the same analysis of a network trained on shuffled labels, with its "
        "AUROC and its map beside these.\n"
        "- *more than one*: several trainings, all of them reported, and many peaks. One peak can "
        "always be found that looks right. Seqlets from all peaks say how often.\n"
        "- *the title*: the network uses bases that look like this motif, in these peaks and "
        "against these negatives. A matrix names a family of proteins, and a map says what the "
        "network uses, not what binds."
    ),
)

SET = ExerciseSet(
    "explaining",
    "Explain a network, and test the explanation",
    None,
    (
        DISTANCE,
        PARTS,
        INTEGRATED,
        COMPLETE,
        BASE_AUROC,
        ALIGNED,
        SPACER,
        FIGURE,
        REDO,
    ),
)
