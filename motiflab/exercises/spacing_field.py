"""Of the exercises on spacing: the receptive field of a stack of layers, as a function."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from motiflab.convolution import Layer, receptive_field
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.functions import Function

Layers = list[tuple[int, int, int]]


def _field(layers: Layers) -> int:
    return receptive_field(Layer(K, S, 0, D) for K, S, D in layers).size


def _sum(term: Callable[[int, int, int, int], int], first: int = 1) -> Callable[[Layers], int]:
    """Add a term of each layer's K, S, D and of the jump below it."""

    def total(layers: Layers) -> int:
        r, jump = first, 1
        for K, S, D in layers:
            r += term(K, S, D, jump)
            jump *= S
        return r

    return total


def _draw_field(rng: np.random.Generator) -> dict[str, Any]:
    w = int(rng.integers(2, 7))
    first = (int(rng.integers(5, 16)), 1, 1)
    later = (int(rng.integers(3, 7)), 1, int(rng.integers(2, 6)))
    return {"layers": [first, (w, w, 1), later]}


def _cases(given: SimpleNamespace, rng: np.random.Generator) -> list[tuple[Layers]]:
    stacks = [
        [(7, 1, 1)],
        [(7, 1, 1), (3, 1, 1)],
        [(4, 1, 3)],
        [(7, 1, 1), (4, 4, 1)],
        [(7, 1, 1), (4, 4, 1), (3, 1, 1)],
        [(2, 1, 1), (2, 1, 2), (2, 1, 4), (2, 1, 8)],
        given.layers,
    ]
    for depth in (2, 3, 5):
        stacks.append([tuple(rng.integers(1, 6, 3).tolist()) for _ in range(depth)])
    return [(stack,) for stack in stacks]


def _idle_layer(given: SimpleNamespace, answer: Callable[[Layers], Any]) -> str:
    """A filter of one tap that takes each step sees what the layer below it sees."""
    for place in range(len(given.layers) + 1):
        longer = [*given.layers[:place], (1, 1, 3), *given.layers[place:]]
        if answer(longer) != answer(given.layers):
            return (
                "A layer with a single tap and stride 1 should leave the field as it is, "
                "wherever it stands and whatever its dilation."
            )
    return ""


def _swapped(given: SimpleNamespace, answer: Callable[[Layers], Any]) -> str:
    """Layers that take each step may change places."""
    one, other = (given.layers[0][0], 1, 1), given.layers[2]
    if answer([one, other]) != answer([other, one]):
        return "Two layers of stride 1 should give the same field in either order, dilated or not."
    return ""


FIELD = Function(
    id="spacing.field",
    title="The field of a stack of layers",
    draw=_draw_field,
    task=lambda given: (
        "Write a function `field(layers)` that returns how many input bases lie in the receptive "
        "field of one output, from the first to the last. `layers` is a list of tuples "
        "`(K, S, D)`, the layer next to the input first: K taps, S the stride, D the dilation. A "
        "max-pooling with windows of w is the layer `(w, w, 1)`. There is no padding.\n\n"
        f"For instance your own stack `given.layers`, `{given.layers}`: a filter of "
        f"{given.layers[0][0]}, a pooling of {given.layers[1][0]}, and a filter of "
        f"{given.layers[2][0]} taps with dilation {given.layers[2][2]}. A single layer "
        "`[(7, 1, 1)]` gives 7."
    ),
    right=lambda given: _field,
    cases=_cases,
    properties=(_idle_layer, _swapped),
    mistakes=(
        Mistake(
            "widths added",
            "Your function adds up the widths. Take two filters without stride, of 7 and of 3: "
            "draw the three windows that the second one reads, and count the bases under them.",
            lambda given: _sum(lambda K, S, D, jump: K, first=0),
        ),
        Mistake(
            "stride forgotten",
            "This is right as long as each stride is 1. After a pooling, neighbouring places stand "
            "several bases apart, and so do the taps of the next layer.",
            lambda given: _sum(lambda K, S, D, jump: D * (K - 1)),
        ),
        Mistake(
            "dilation forgotten",
            "This is right as long as each dilation is 1. How far is it from one tap to the next "
            "in a dilated filter?",
            lambda given: _sum(lambda K, S, D, jump: (K - 1) * jump),
        ),
        Mistake(
            "taps counted instead of steps",
            "Very close. A filter of K taps has fewer steps between its taps: count the fence "
            "posts, then the gaps between them.",
            lambda given: _sum(lambda K, S, D, jump: D * K * jump, first=0),
        ),
        Mistake(
            "one base short",
            "Your field is one base too short everywhere, even that of a single filter. How many "
            "bases does one input position see, before any layer?",
            lambda given: _sum(lambda K, S, D, jump: D * (K - 1) * jump, first=0),
        ),
        Mistake(
            "dilation kept for the layers above",
            "Right as long as only the last layer is dilated. A dilation spreads the taps of its "
            "own layer. Which number of a layer says how far apart its *outputs* stand?",
            lambda given: _dilated_jump,
        ),
        Mistake(
            "stride of a layer used for its own taps",
            "A stride spreads the places that come *out* of its layer. The taps of the layer "
            "itself stand on the places below. Look at the order of your two updates.",
            lambda given: _sum(lambda K, S, D, jump: D * (K - 1) * jump * S),
        ),
        Mistake(
            "stride and dilation swapped",
            "Your function takes the second number of a layer for its dilation. Which of them is "
            "it in `(K, S, D)`?",
            lambda given: lambda layers: _field([(K, D, S) for K, S, D in layers]),
        ),
        Mistake(
            "layers taken from the wrong end",
            "This is the field of the same layers in the opposite order. The list begins next to "
            "the input.",
            lambda given: lambda layers: _field(layers[::-1]),
        ),
        Mistake(
            "only the last stride counted",
            "With one pooling this is right. With several layers that have a stride, their strides "
            "act together.",
            lambda given: _last_stride,
        ),
    ),
    hints=(
        "Keep two numbers while you walk from the input upwards: the field r, and J, the bases "
        "from one place of the present layer to the next. Both begin at 1.",
        "Each step from tap to tap makes the field longer. How many steps has a filter of K taps, "
        "and how many bases is one of them, with dilation D and places J apart?",
        "Only then does the stride of this layer change J, for the layers above.",
    ),
    solution=lambda given: (
        "With $r = 1$ and $J = 1$ at the input, each layer does "
        "$r \\leftarrow r + D\\,(K - 1)\\,J$ and then $J \\leftarrow S\\,J$: a filter of K "
        "taps has K − 1 steps of D places, each J bases long. For your stack: "
        + _steps(given.layers)
    ),
    effort=lambda given: (len(given.layers), given.layers[2][2] > 1, given.layers[1][1] > 1),
)


def _last_stride(layers: Layers) -> int:
    r, jump = 1, 1
    for K, S, D in layers:
        r += D * (K - 1) * jump
        jump = S
    return r


def _dilated_jump(layers: Layers) -> int:
    r, jump = 1, 1
    for K, S, D in layers:
        r += D * (K - 1) * jump
        jump *= S * D
    return r


def _steps(layers: Layers) -> str:
    r, jump, words = 1, 1, []
    for K, S, D in layers:
        words.append(f"r = {r} + {D}·({K} − 1)·{jump} = {r + D * (K - 1) * jump}")
        r, jump = r + D * (K - 1) * jump, jump * S
        words[-1] += f", J = {jump}"
    return "; ".join(words) + f". So the field has **{r}** bases."
