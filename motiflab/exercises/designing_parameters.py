"""Design a network: what it costs."""

from __future__ import annotations

from collections.abc import Callable

from motiflab.exercises.designing_field import STREAM
from motiflab.exercises.designing_grammar import FILTERS, effort, own_grammar
from motiflab.exercises.exercise import Mistake
from motiflab.exercises.functions import Function
from motiflab.stacks import Stack

Counter = Callable[[tuple[int, ...], int], int]


def _counter(bases: int = 4, bias: int = 1, channels: bool = True, dense: bool = True) -> Counter:
    """Make a function that counts parameters, with what it may leave out."""

    def count(design: tuple[int, ...], filters: int) -> int:
        width, _, taps, _ = design
        second = filters * ((filters if channels else 1) * taps + bias)
        return filters * (bases * width + bias) + second + dense * (filters + bias)

    return count


def _holes_counted(design: tuple[int, ...], filters: int) -> int:
    width, window, taps, dilation = design
    return Stack(width, window, dilation * (taps - 1) + 1).parameters(filters)


PARAMETERS = Function(
    id="designing.parameters",
    title="Count the parameters",
    stream=STREAM,
    draw=own_grammar,
    task=lambda given: (
        f"For your {given.A} and {given.B} you will soon choose among many designs, and the one "
        "with the fewest parameters wins. A design is a tuple of four whole numbers, `(width, "
        "window, taps, dilation)`:\n\n"
        "- the first layer has `filters` filters of `width` bases, each with a bias;\n"
        "- of each `window` neighbouring outputs the maximum is kept;\n"
        "- the second layer has `filters` filters again, each with a bias and with `taps` taps "
        "that stand `dilation` pooled positions apart; a tap reads all the filters of the first "
        "layer;\n"
        "- the maximum of each of these over all positions goes to one dense unit, which has a "
        "bias, too.\n\n"
        "Write `parameters(design, filters)`, which returns how many numbers a training has to "
        f"find. Your colleague's design is `{given.stack}`; it is one of those that you may try "
        f"it on, with `filters = {FILTERS}`."
    ),
    right=lambda given: lambda design, filters: Stack(*design).parameters(filters),
    cases=lambda given, rng: [
        ((1, 1, 1, 1), 1),
        ((5, 1, 2, 1), 2),
        ((7, 4, 3, 1), FILTERS),
        ((9, 3, 2, 5), FILTERS),
        ((12, 2, 4, 3), 8),
    ],
    mistakes=(
        Mistake(
            "channels forgotten",
            "Each tap of the second layer has a single weight in your count. It reads every filter "
            "of the first layer, and has a weight for each of them.",
            lambda given: _counter(channels=False),
        ),
        Mistake(
            "biases forgotten",
            "Your count leaves the biases out: each filter has one, and so has the dense unit.",
            lambda given: _counter(bias=0),
        ),
        Mistake(
            "four bases counted as one",
            "A filter of the first layer has a weight for each base that may stand at each of its "
            "positions.",
            lambda given: _counter(bases=1),
        ),
        Mistake(
            "holes counted as weights",
            "Your count grows with the dilation. Between the taps there is nothing to learn.",
            lambda given: _holes_counted,
        ),
        Mistake(
            "dense layer forgotten",
            "The two layers are right. What turns their maxima into one number has weights, too.",
            lambda given: _counter(dense=False),
        ),
    ),
    hints=(
        "Go from layer to layer: how many numbers does *one* filter hold, and how many filters are "
        "there? Two of the four numbers of a design cost nothing.",
        "A filter of the first layer is a table of `width` rows and 4 columns, and a bias. One of "
        "the second layer is a table of `taps` rows: how many columns has it?",
    ),
    solution=lambda given: (
        "With F filters in each layer, the first has $F(4K + 1)$ numbers, the second "
        "$F(FK' + 1)$, the dense unit $F + 1$. Pooling and dilation have none. Your colleague's "
        f"design has {Stack(*given.stack).parameters(FILTERS):,}. At F = {FILTERS} one more base "
        f"of the first filters costs {4 * FILTERS}, one more tap {FILTERS * FILTERS}: as much as "
        f"{FILTERS // 4} bases."
    ),
    effort=effort,
)
