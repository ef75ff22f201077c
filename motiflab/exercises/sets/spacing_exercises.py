"""Exercises on two motifs at a distance: the receptive field, and what the second layer reads."""

from __future__ import annotations

from collections.abc import Callable
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
    Shown,
    Target,
    Text,
    Value,
    table,
)
from motiflab.layers import Grammar, Layer, Stack, field_needed, receptive_field, sees_whole
from motiflab.sequences.alphabet import BASES
from motiflab.sequences.encoding import reverse_complement

# -- How much one unit must see --------------------------------------------------------------------


def _draw_needed(rng: np.random.Generator) -> dict[str, int]:
    """Draw a range of gaps wider than the pooling window, so that whatever is left out shows."""
    w = int(rng.integers(3, 6))
    shortest = w + int(rng.integers(0, 6))
    return {
        "L_A": int(rng.integers(5, 13)),
        "L_B": int(rng.integers(5, 13)),
        "shortest": shortest,
        "longest": shortest + w + int(rng.integers(1, 5)),
        "w": w,
    }


def _longest(given: Given) -> int:
    """Return the length of the longest pair, from its first base to its last."""
    return given.L_A + given.longest + given.L_B


def _not_by_chance(given: Given) -> bool:
    """Tell whether the longest pair, rounded up to whole windows, is another number."""
    return _longest(given) % given.w != 1


def _spans(given: Given, answer: np.ndarray, gap: int) -> bool:
    """Tell whether the answer is the length of the pair with this gap, jump added or not."""
    length = given.L_A + gap + given.L_B
    return answer.shape == () and answer.item() in (length, length + given.w - 1)


NEEDED = Value(
    id="spacing.needed",
    title="How much must one unit see?",
    draw=_draw_needed,
    suits=_not_by_chance,
    task=lambda given: (
        f"Motif A has $L_A = {given.L_A}$ bases, motif B has $L_B = {given.L_B}$. A comes first, "
        f"and there are {given.shortest} to {given.longest} other bases between them. After the "
        f"first layer there is a max-pooling with windows of {given.w}, so the units of the "
        f"second layer are {given.w} bases apart. The motifs may be anywhere, except near the "
        "ends of the sequence.\n\n"
        "How many bases long must the receptive field of a unit at least be, so that **some** "
        "unit sees both motifs whole, whatever the gap and wherever they are? (The fields have no "
        "holes.) Give one whole number."
    ),
    right=lambda given: field_needed(given.L_A, given.longest, given.L_B, given.w),
    mistakes=(
        Mistake(
            "receptive field without the gap",
            "You counted both motifs, but the gap needs room, too: a unit that sees A and B also "
            "sees every base between them.",
            lambda given: given.L_A + given.L_B,
            lambda given, answer: _spans(given, answer, 0),
        ),
        Mistake(
            "shortest gap taken",
            "A field of this size sees the pair when the motifs are close. Read again which gaps "
            "it must see.",
            lambda given: given.L_A + given.shortest + given.L_B + given.w - 1,
            lambda given, answer: _spans(given, answer, given.shortest),
        ),
        Mistake(
            "jump forgotten",
            "This is the length of the longest pair, and it would be enough if a field began at "
            "every base. Think of a pair that begins one base after a field does.",
            _longest,
        ),
        Mistake(
            "jump counted at both ends",
            "You left room on both sides of the pair. A field that begins before the pair has "
            "spare bases at its start. Does the same field also need spare bases at its end?",
            lambda given: _longest(given) + 2 * (given.w - 1),
        ),
        Mistake(
            "off by one",
            "Very close. If a pair begins exactly where a field begins, it loses no base of that "
            "field. So how many bases of a field are lost in the worst case?",
            lambda given: _longest(given) + given.w,
        ),
    ),
    hints=(
        "First ignore the pooling: how long is the longest stretch from the first base of A to "
        "the last base of B?",
        lambda given: (
            "Now include the pooling: draw the fields of a few units as bars, each beginning "
            f"{given.w} bases after the one before, and slide the pair along below them, base by "
            "base."
        ),
        "In the worst case, how many bases are there between the start of the last field that "
        "begins early enough and the start of the pair? The field must be longer by this number.",
    ),
    solution=lambda given: (
        f"The longest pair has $n = L_A + g_{{\\max}} + L_B = {given.L_A} + {given.longest} + "
        f"{given.L_B} = {_longest(given)}$ bases. Fields begin every $J = {given.w}$ bases. In "
        f"the worst case the last field that begins early enough begins $J - 1 = {given.w - 1}$ "
        "bases before the pair, and these bases are lost. So\n\n"
        f"$$r = L_A + g_{{\\max}} + L_B + (J - 1) = {_longest(given)} + {given.w - 1} = "
        f"\\mathbf{{{field_needed(given.L_A, given.longest, given.L_B, given.w)}}}.$$"
    ),
    effort=lambda given: (given.shortest >= given.w, given.longest - given.shortest >= given.w),
)


# -- Gaps that look alike --------------------------------------------------------------------------


def _draw_gaps(rng: np.random.Generator) -> dict[str, int]:
    """Draw taps with B first, unlike in the table, and motifs of different lengths."""
    w, apart, tap_B = (int(rng.integers(*ends)) for ends in ((3, 6), (4, 7), (0, 3)))
    L_B = int(rng.integers(5, min(12, (w - 1) * apart)))  # so that the gap is a gap
    L_A = int(rng.choice([length for length in range(5, 12) if abs(length - L_B) > 1]))
    return {"L_A": L_A, "L_B": L_B, "w": w, "tap_B": tap_B, "tap_A": tap_B + apart}


def _gaps(given: Given, length: int, early: int = 1, late: int = 1) -> list[int]:
    """Return the shortest and the longest gap after a motif of that length.

    `early` and `late` count the blurs by which the starts may lie closer or farther apart.
    """
    starts = given.w * (given.tap_A - given.tap_B)
    blur = given.w - 1  # from the first base of a window to its last
    return [starts - early * blur - length, starts + late * blur - length]


def _second_filter(given: Given) -> str:
    taps = range(given.tap_A + 1)
    return table(
        ["weights", *(f"tap {tap}" for tap in taps)],
        [
            ("on filter A", *(2 if tap == given.tap_A else 0 for tap in taps)),
            ("on filter B", *(2 if tap == given.tap_B else 0 for tap in taps)),
        ],
    )


GAPS = Value(
    id="spacing.gaps",
    title="Gaps that look alike",
    draw=_draw_gaps,
    task=lambda given: (
        "Two filters of the first layer are exactly as long as their motifs: filter A, "
        f"{given.L_A} bases, fires at the first base of each motif A; filter B, {given.L_B} "
        "bases, fires at the first base of each motif B. Then max-pooling takes windows of "
        f"{given.w} neighbouring positions (without overlap). A filter of the second layer reads "
        "the pooled positions with these weights:\n\n"
        f"{_second_filter(given)}\n\n"
        "Its score is highest when both of its taps meet a motif. This happens for several gaps, "
        "and the filter cannot tell them apart. Give the shortest and the longest of these gaps "
        "as two numbers, `[shortest, longest]`. The gap is the number of bases **between** the "
        "two motifs."
    ),
    right=lambda given: _gaps(given, given.L_B),
    mistakes=(
        Mistake(
            "start to start taken for the gap",
            "These are the distances between the first bases of the two motifs. The gap begins "
            "later, where the motif on the left ends.",
            lambda given: _gaps(given, 0),
        ),
        Mistake(
            "both motifs taken off",
            "You subtracted the lengths of both motifs. From first base to first base, which of "
            "the two motifs lies in between?",
            lambda given: _gaps(given, given.L_A + given.L_B),
        ),
        Mistake(
            "shifted by one",
            "Your range has the right width, but it is shifted by one base. Try a small case: a "
            "motif of 2 bases begins at position 0, the next one at 3. How many bases are there "
            "between them?",
            lambda given: _gaps(given, given.L_B + 1),
            lambda given, answer: (
                answer.shape == (2,)
                and len({*(answer - _gaps(given, given.L_B)).tolist()} & {-1.0, 1.0}) == 1
                and answer[1] - answer[0] == 2 * (given.w - 1)
            ),
        ),
        Mistake(
            "order overlooked",
            "Your range has the right width. Look at the table again: which of the two motifs is "
            "on the left?",
            lambda given: _gaps(given, given.L_A),
        ),
        Mistake(
            "pooling blur forgotten",
            "That gap is one of them. But after the pooling a motif may be anywhere in its "
            "window: how close, and how far apart, can the two be?",
            lambda given: _gaps(given, given.L_B, 0, 0),
        ),
        Mistake(
            "pooled places taken for bases",
            "Count in bases: from one pooled position to the next it is a whole window.",
            lambda given: [given.tap_A - given.tap_B, given.tap_A - given.tap_B],
            lambda given, answer: (
                answer.shape == (2,)
                and set(answer.tolist()) <= {given.tap_A - given.tap_B - n for n in range(2)}
            ),
        ),
        Mistake(
            "off by one",
            "Very close, at both ends. From the first position of a window to its last it is less "
            "than a whole window: count the steps.",
            lambda given: _gaps(given, given.L_B + 1)[:1] + _gaps(given, given.L_B - 1)[1:],
        ),
        Mistake(
            "longest first",
            "Check the order of your two numbers: the shorter gap comes first.",
            lambda given: _gaps(given, given.L_B)[::-1],
        ),
        Mistake(
            "blur on one side",
            "One end of your range is right. Each of the two motifs may be early or late in its "
            "window; look at both cases.",
            lambda given: _gaps(given, given.L_B, 0, 1),
            lambda given, answer: (
                answer.shape == (2,) and np.equal(answer, _gaps(given, given.L_B)).sum() == 1
            ),
        ),
    ),
    hints=(
        "Sketch the pooled positions as boxes and write into each box the positions of the bases "
        "it stands for. In which box must each motif begin?",
        "Put the starts of the two motifs as close together as these boxes allow, then as far "
        "apart. This gives distances from first base to first base.",
        "Part of the distance from first base to first base is the motif on the left itself.",
    ),
    solution=lambda given: (
        f"B begins in the window of tap {given.tap_B}, A in that of tap {given.tap_A}: B is on "
        f"the left. The windows begin {given.tap_A - given.tap_B} · {given.w} = "
        f"{given.w * (given.tap_A - given.tap_B)} bases apart. If B is last in its window and A "
        f"first, they are {given.w - 1} bases closer; if B is first and A last, {given.w - 1} "
        f"bases farther. So from start to start it is {_gaps(given, 0)[0]} to "
        f"{_gaps(given, 0)[1]} bases. B itself takes {given.L_B} of them, so the gaps are "
        f"**{_gaps(given, given.L_B)[0]} to {_gaps(given, given.L_B)[1]}**. In symbols $g = "
        "w\\,(k_A - k_B) - L_B \\pm (w - 1)$: pooling blurs distance."
    ),
    effort=lambda given: (given.tap_B < given.tap_A, given.L_A != given.L_B),
)


# -- The pair, turned round ------------------------------------------------------------------------


def _draw_strand(rng: np.random.Generator) -> dict[str, Any]:
    """Draw two short motifs that do not read the same on both strands, nor backwards."""
    while True:
        A, B = ("".join(rng.choice([*BASES], 5)) for _ in range(2))
        forms = {turn for word in (A, B) for turn in (word, word[::-1], reverse_complement(word))}
        if len(forms) == 6:
            return {"A": A, "B": B, "gap": int(rng.integers(4, 10))}


STRAND = Choice(
    id="spacing.strand",
    title="The pair on the other strand",
    draw=_draw_strand,
    task=lambda given: (
        f"Two proteins form a complex and bind A = {given.A} and B = {given.B}, A first, with "
        f"{given.gap} bases between:\n\n"
        f"    5′ {given.A}{'n' * given.gap}{given.B} 3′\n\n"
        "The whole complex can also sit on DNA the other way round, so that the line above is the "
        "**other** strand. What is then on the strand that you read, from 5′ to 3′? A′ and B′ are "
        "the reverse complements of A and B."
    ),
    options=(
        Option("B′, the same gap, A′"),
        Option(
            "A′, the same gap, B′",
            "Each motif is right. But the whole pair is turned: which of the two motifs do you "
            "meet first if you come from the other end?",
        ),
        Option(
            "B, the same gap, A",
            "The order is right. Now look at single letters: the other strand has the partner of "
            "each base, and the letters come in the opposite direction.",
        ),
        Option(
            "B and A, each spelled backwards, B first",
            "This is the reverse, not the reverse complement: the strand that you read has the "
            "partners of those bases.",
        ),
        Option(
            "A, the same gap, B, since the two strands carry the same information",
            "They do carry the same information, but not the same letters. A filter compares "
            "letters, so for a filter the turned pair is a different pattern.",
        ),
    ),
    hints=(
        "Write the line on paper, with the partner bases below it, and mark the 5′ end of the "
        "lower line.",
        "Read the lower line from right to left. What do you meet first?",
    ),
    solution=lambda given: (
        "Write the partners below and read from their 5′ end, that is, from the right:\n\n"
        f"    5′ {reverse_complement(given.B)}{'n' * given.gap}{reverse_complement(given.A)} "
        "3′\n\n"
        "B comes first now and both motifs are reverse complements: **B′, the same gap, A′**. The "
        "gap keeps its length, so the receptive field need not grow; but filters that know only A "
        "and B do not see the turned pair. The network needs filters for A′ and B′ and for their "
        "new order, or it reads the reverse complement as well."
    ),
    effort=lambda given: (len(given.A), len(given.B)),
)


# -- The field of a stack of layers ----------------------------------------------------------------


Layers = list[tuple[int, int, int]]


def _field(layers: Layers) -> int:
    return receptive_field(Layer(K, S, 0, D) for K, S, D in layers).size


def _grown(K: int, S: int, D: int, jump: int) -> int:
    """Return by how many bases a layer makes the field longer, if places stand `jump` apart."""
    return D * (K - 1) * jump


def _sum(
    term: Callable[[int, int, int, int], int] = _grown,
    first: int = 1,
    above: Callable[[int, int, int, int], int] = lambda K, S, D, jump: S * jump,
) -> Callable[[Layers], int]:
    """Make a function that adds a term of each layer's K, S, D and of the jump below it.

    `above` gives the jump above the layer. With the defaults it is the right function; a mistake
    has another term, another first number or another jump.
    """

    def total(layers: Layers) -> int:
        r, jump = first, 1
        for K, S, D in layers:
            r += term(K, S, D, jump)
            jump = above(K, S, D, jump)
        return r

    return total


def _draw_field(rng: np.random.Generator) -> dict[str, Any]:
    w = int(rng.integers(2, 7))
    first = (int(rng.integers(5, 16)), 1, 1)
    later = (int(rng.integers(3, 7)), 1, int(rng.integers(2, 6)))
    return {"layers": [first, (w, w, 1), later]}


def _cases(given: Given, rng: np.random.Generator) -> list[tuple[Layers]]:
    stacks = [
        [(7, 1, 1)],
        [(7, 1, 1), (3, 1, 1)],
        [(4, 1, 3)],
        [(7, 1, 1), (4, 4, 1)],
        [(7, 1, 1), (4, 4, 1), (3, 1, 1)],
        [(2, 1, 1), (2, 1, 2), (2, 1, 4), (2, 1, 8)],
        given.layers,
        *([tuple(rng.integers(1, 6, 3).tolist()) for _ in range(depth)] for depth in (2, 3, 5)),
    ]
    return [(stack,) for stack in stacks]


def _idle_layer(given: Given, answer: Callable[[Layers], Any]) -> bool:
    """A filter of one tap that takes each step sees what the layer below it sees."""
    places = range(len(given.layers) + 1)  # also below all layers, and above all
    longer = [[*given.layers[:place], (1, 1, 3), *given.layers[place:]] for place in places]
    return all(answer(layers) == answer(given.layers) for layers in longer)


def _swapped(given: Given, answer: Callable[[Layers], Any]) -> bool:
    """Layers that take each step may change places."""
    one, other = (given.layers[0][0], 1, 1), given.layers[2]
    return answer([one, other]) == answer([other, one])


def _steps(layers: Layers) -> str:
    r, jump, words = 1, 1, []
    for K, S, D in layers:
        wider = r + _grown(K, S, D, jump)
        words.append(f"r = {r} + {D}·({K} − 1)·{jump} = {wider}, J = {S * jump}")
        r, jump = wider, S * jump
    return "; ".join(words) + f". So the field has **{r}** bases."


FIELD = Function(
    id="spacing.field",
    title="The field of a stack of layers",
    draw=_draw_field,
    task=lambda given: (
        "Write a function `field(layers)` that returns the number of input bases in the receptive "
        "field of one output, from the first to the last. `layers` is a list of tuples `(K, S, "
        "D)`, the layer next to the input first: K taps, S the stride, D the dilation. A "
        "max-pooling with windows of w is the layer `(w, w, 1)`. There is no padding.\n\n"
        f"Your own example is the stack `given.layers`, `{given.layers}`: a filter of width "
        f"{given.layers[0][0]}, a pooling of {given.layers[1][0]}, and a filter of "
        f"{given.layers[2][0]} taps with dilation {given.layers[2][2]}. A single layer `[(7, 1, "
        "1)]` gives 7."
    ),
    right=lambda given: _field,
    cases=_cases,
    properties=(
        Property(
            "A layer with a single tap and stride 1 should not change the field, wherever it is "
            "in the stack and whatever its dilation.",
            _idle_layer,
        ),
        Property(
            "Two layers of stride 1 should give the same field in either order, dilated or not.",
            _swapped,
        ),
    ),
    mistakes=(
        Mistake(
            "widths added",
            "Your function adds up the widths. Take two filters without stride, of 7 and of 3: "
            "draw the three windows that the second one reads, and count the bases under them.",
            lambda given: _sum(lambda K, S, D, jump: K, first=0),
        ),
        Mistake(
            "stride forgotten",
            "This is right as long as each stride is 1. After a pooling, neighbouring positions "
            "are several bases apart, and so are the taps of the next layer.",
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
            "Very close. A filter of K taps has fewer than K steps between its taps: count the "
            "fence posts, then the gaps between them.",
            lambda given: _sum(lambda K, S, D, jump: D * K * jump, first=0),
        ),
        Mistake(
            "one base short",
            "Your fields are all one base too short, even that of a single filter. How many bases "
            "does one input position see, before any layer?",
            lambda given: _sum(first=0),
        ),
        Mistake(
            "dilation kept for the layers above",
            "This is right as long as only the last layer is dilated. A dilation spreads the taps "
            "of its own layer. Which number of a layer says how far apart its *outputs* stand?",
            lambda given: _sum(above=lambda K, S, D, jump: S * D * jump),
        ),
        Mistake(
            "stride of a layer used for its own taps",
            "A stride spreads the *outputs* of its layer. The taps of the layer itself read the "
            "layer below. Look at the order of your two updates.",
            lambda given: _sum(lambda K, S, D, jump: _grown(K, S, D, S * jump)),
        ),
        Mistake(
            "stride and dilation swapped",
            "Your function takes the second number of a layer for its dilation. Which number is "
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
            "With one pooling this is right. If several layers have a stride, their strides "
            "multiply.",
            lambda given: _sum(above=lambda K, S, D, jump: S),
        ),
    ),
    hints=(
        "Keep two numbers while you go up from the input: the field r, and J, the number of bases "
        "from one position of the current layer to the next. Both begin at 1.",
        "Each step from tap to tap makes the field longer. How many steps does a filter of K taps "
        "have, and how many bases long is one step, with dilation D and positions J bases apart?",
        "After that, the stride of this layer changes J for the layers above.",
    ),
    solution=lambda given: (
        "With $r = 1$ and $J = 1$ at the input, each layer does $r \\leftarrow r + D\\,(K - "
        "1)\\,J$ and then $J \\leftarrow S\\,J$: a filter of K taps has K − 1 steps of D "
        "positions, each J bases long. For your stack: " + _steps(given.layers)
    ),
    effort=lambda given: (len(given.layers), given.layers[2][2] > 1, given.layers[1][1] > 1),
)


# -- Seen whole at the lowest price, and why it learned nothing ------------------------------------


def _draw_whole(rng: np.random.Generator) -> dict[str, int]:
    """Draw a pair of motifs and a network."""
    shortest = int(rng.integers(6, 13))
    return {
        "L_A": int(rng.integers(5, 9)),
        "L_B": int(rng.integers(5, 9)),
        "shortest": shortest,
        "longest": shortest + int(rng.integers(2, 5)),
        "K": int(rng.integers(7, 11)),
        "w": int(rng.integers(3, 6)),
    }


def _cheapest(given: Given) -> Stack | None:
    """Return the only stack with the fewest taps that sees the pair; None if a draw has no such.

    What a learner may find instead must be there, too: a dense stack that costs more, and one that
    is long enough only if the jump is forgotten.
    """
    stacks, grammar = _one_later_layer(given), _grammar(given)
    whole = [stack for stack in stacks if sees_whole(stack, grammar)]
    fewest = min((stack.second_width for stack in whole), default=0)
    best = [stack for stack in whole if stack.second_width == fewest]
    dense = [stack.second_width for stack in whole if stack.dilation == 1]
    clear = (
        len(best) == 1
        and fewest in (3, 4)
        and min(dense, default=0) >= fewest + 2  # the detour without dilation is dear
        and _touch(given, best[0])  # no holes, which a pair could happen to avoid
        and any(_jump_forgotten(given, stack) for stack in stacks)
    )
    return best[0] if clear else None


def _budget(given: Given) -> int:
    """Return the price of the only dilation that is cheaper than all other ways."""
    return _cheapest(given).parameters()


def _touch(given: Given, stack: Stack) -> bool:
    """Tell whether neighbouring taps of the later layer leave nothing out between them."""
    return stack.dilation * given.w <= given.K + given.w - 1


def _jump_forgotten(given: Given, stack: Stack) -> bool:
    """Tell whether a field without holes is as long as the longest pair, but no longer."""
    size, grammar = receptive_field(stack.layers).size, _grammar(given)
    return _touch(given, stack) and grammar.needed() <= size < grammar.needed(given.w)


def _one_later_layer(given: Given) -> list[Stack]:
    """Return all stacks that the controls of the explorer offer with one later layer."""
    return [
        Stack(given.K, given.w, taps, dilation) for taps in range(1, 9) for dilation in range(1, 7)
    ]


def _grammar(given: Given) -> Grammar:
    return Grammar(given.L_A, given.L_B, given.shortest, given.longest)


def _changes(given: Given, wanted: Callable[[Stack, int, bool], bool]) -> dict[str, int]:
    """Return the settings of the first stack that is wanted.

    `wanted` is told the stack, how long its field is, and whether it sees the pair whole.
    """
    grammar = _grammar(given)
    return next(
        {"second_width": stack.second_width, "dilation": stack.dilation}
        for stack in _one_later_layer(given)
        if wanted(stack, receptive_field(stack.layers).size, sees_whole(stack, grammar))
    )


def _size(shown: Shown) -> int:
    return shown.result.field.size


def _sees_all(shown: Shown) -> bool:
    return shown.result.whole == shown.result.cases


def _told(given: Given) -> str:
    best = _cheapest(given)
    tap = given.K + given.w - 1
    step, most = best.dilation * given.w, _one_later_layer(given)[-1].dilation
    return (
        f"The field must have {given.L_A} + {given.longest} + {given.L_B} + ({given.w} − 1) = "
        f"{_grammar(given).needed(given.w)} bases. One tap of the later layer sees K + (w − 1) = "
        f"{tap} bases, and its neighbour begins D·w bases later. With D = {best.dilation} that is "
        f"{step}, not more than {tap}, so there is no hole. With K′ taps the field has {tap} + "
        f"{step}·(K′ − 1) bases, so K′ = {best.second_width} gives "
        f"{receptive_field(best.layers).size}. **Width of later layers {best.second_width}, "
        f"dilation {best.dilation}**, one later layer: {best.parameters():,} parameters. Two taps "
        f"reach {tap + most * given.w} bases with the largest dilation, {most}, but see only two "
        "parts with a hole between them."
    )


WHOLE = Target(
    id="spacing.whole",
    title="Seen whole, with few parameters",
    draw=_draw_whole,
    suits=lambda given: _cheapest(given) is not None,
    prediction=(
        "The later layer has only two taps. If you raise only its dilation, as far as it goes, "
        "can a unit see both motifs whole, at every gap and wherever they are? Answer yes or no, "
        "and say why."
    ),
    task=lambda given: (
        f"Motif A has {given.L_A} bases, motif B {given.L_B}, the gap is {given.shortest} to "
        f"{given.longest}. Your network has a first layer of width {given.K}, a pooling of "
        f"{given.w}, and a later layer of two taps. The grammar, the first layer and the pooling "
        "are locked. Change the later layer (its width, its dilation, or how many of them) until "
        f"every row says “seen whole”, with **at most {_budget(given):,} parameters**. Then press "
        "*Share* and copy the line named *Scene*."
    ),
    explorer="GrammarExplorer",
    start=lambda given: {
        "first": given.L_A,
        "second": given.L_B,
        "gap_min": given.shortest,
        "gap_max": given.longest,
        "width": given.K,
        "window": given.w,
        "second_width": 2,
        "dilation": 1,
    },
    locked=("first", "second", "gap_min", "gap_max", "order", "width", "window"),
    right=lambda given: _changes(
        given, lambda stack, size, whole: whole and stack.parameters() <= _budget(given)
    ),
    reached=lambda given, shown: (
        _sees_all(shown) and shown.result.stack.parameters() <= _budget(given)
    ),
    mistakes=(
        Mistake(
            "too many parameters",
            "Everything is seen whole, well done. Now make it cheaper: which of the three controls "
            "widens the field without adding a single parameter?",
            lambda given: _changes(given, lambda stack, size, whole: whole and stack.dilation == 1),
            lambda given, shown: _sees_all(shown),
        ),
        Mistake(
            "field with holes",
            "From end to end the field is as long as the longest pair, but it has holes, and part "
            "of a motif falls into one. In the picture, look for the holes between the taps of "
            "the unit.",
            lambda given: _changes(
                given,
                lambda stack, size, whole: not whole and size >= _grammar(given).needed(given.w),
            ),
            lambda given, shown: (
                _size(shown) >= _grammar(given).needed() and shown.result.seen < _size(shown)
            ),
        ),
        Mistake(
            "jump forgotten",
            "The field is as long as the longest pair. But the units are several bases apart, so "
            "in some phases the field begins too early or too late: look at the rows one by one.",
            lambda given: _changes(given, lambda stack, size, whole: _jump_forgotten(given, stack)),
            lambda given, shown: _size(shown) >= _grammar(given).needed(),
        ),
        Mistake(
            "receptive field without the gap",
            "The field is still shorter than the longest pair: A, the gap at its longest, and B. "
            "The line “needed” in the picture shows how long it must be.",
            lambda given: {"second_width": 3},
            lambda given, shown: _size(shown) < _grammar(given).needed(),
        ),
    ),
    hints=(
        "First find any network that sees everything: more taps, dilation 1. Note its number of "
        "parameters.",
        "Now remove taps, one at a time, and raise the dilation to compensate. In the second row "
        "of the picture, the bars of neighbouring taps should still touch.",
        lambda given: (
            f"One tap sees {given.K + given.w - 1} bases, and neighbouring taps begin D · "
            f"{given.w} bases apart. Up to which dilation is there no hole?"
        ),
    ),
    solution=_told,
    effort=lambda given: (
        sum(
            sees_whole(stack, _grammar(given)) and stack.parameters() <= _budget(given)
            for stack in _one_later_layer(given)
        ),
    ),
)

WHY = Text(
    id="spacing.why",
    title="Why did it learn nothing?",
    task=lambda given: (
        "A colleague wants to learn which spacing of two motifs matters. In both classes each "
        "sequence has both motifs; only the gap differs. The two-layer network stays at an AUROC "
        "of 0.5. The colleague then raises the dilation of the second layer until the receptive "
        "field is longer than the longest pair. The AUROC hardly improves.\n\n"
        "In three to five sentences: what was the cause at first, what is it now, and what would "
        "you do? Look back at your prediction in the exercise before."
    ),
    hints=(
        "What must a unit compare, and what must it see for that?",
        "A receptive field has a first and a last base. Does a unit see everything in between?",
    ),
    solution=lambda given: (
        "A full answer mentions:\n\n"
        "- To measure the gap, one unit must see at least a part of both motifs. At first no unit "
        "did: with a field of fewer than $g_{\\min} + 2$ bases that is impossible, however long "
        "you train.\n"
        "- Each motif alone is equally frequent in both classes, so filters of the first layer "
        "alone cannot help.\n"
        "- To see everything for certain, the field must have $L_A + g_{\\max} + L_B + (J - 1)$ "
        "bases, *without holes where the motifs lie*.\n"
        "- Dilation widens the field, but it may leave holes between the taps. Now a part of a "
        "motif falls into a hole.\n"
        "- A remedy: no holes, so $D \\cdot J$ is at most the number of bases that one tap sees. "
        "Then use more taps, or several layers with growing dilation. Draw what a unit sees before "
        "you train."
    ),
)

SET = ExerciseSet(
    "spacing", "Two motifs at a distance", 3297873, (NEEDED, GAPS, STRAND, FIELD, WHOLE, WHY)
)
