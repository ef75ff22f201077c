"""Explore encodings: the one-hot batch, its shape, its mask, and distances between bases."""

from __future__ import annotations

import itertools
from html import escape

import numpy as np

from motiflab.checks import ArgumentError
from motiflab.figures import captioned, heatmap_svg
from motiflab.sequences.alphabet import BASES
from motiflab.sequences.encoding import distances, encode, integer_codes, one_hot, padding_mask
from motiflab.widgets import CardResult, CardState, Explorer, blame, choice, text

MOST, LONGEST = 4, 16
_LAYOUTS = [
    ("(N, 4, L), channels first", "first"),
    ("(N, L, 4), channels last", "last"),
    ("reshaped to (N, 4, L): wrong", "reshaped"),
]


def split(typed: str) -> list[str]:
    """Split a typed text at spaces and commas, and refuse sequences that cannot be shown."""
    found = typed.upper().replace(",", " ").split()
    if not 1 <= len(found) <= MOST:
        raise ArgumentError(
            "sequences",
            f"Type one to {MOST} sequences with spaces between them, not {len(found)}.",
        )
    longest = max(map(len, found))
    if longest > LONGEST:
        raise ArgumentError(
            "sequences", f"A sequence may have at most {LONGEST} bases here, not {longest}."
        )
    with blame("sequences"):  # the encoding itself names the letter that is no base
        encode(found)
    return found


class EncodingState(CardState):
    """What a learner can choose: sequences, the order of the channels, the layout."""

    sequences: str = text(
        "GATTACA ACGTN TTG",
        "Sequences",
        help="One to four, with spaces between them; N is an unknown base",
    )
    order: str = choice(
        BASES, "Order of the channels", ["".join(p) for p in itertools.permutations(BASES)]
    )
    layout: str = choice("first", "Shape of the batch", _LAYOUTS)


class EncodingResult(CardResult):
    """The batch, its mask, and distances.

    Attributes
    ----------
    sequences : list of str
    x : ndarray of float32
        Shape (N, 4, L), or (N, L, 4) with channels last.
    mask : ndarray of bool, shape (N, L)
    whole : int
        Positions that hold one base (or equal shares of several) or padding, of all N L.
    one_hot, integers : ndarray, shape (4, 4)
        Distances between the bases in the chosen order.
    """

    sequences: list[str]
    x: np.ndarray
    mask: np.ndarray
    whole: int
    one_hot: np.ndarray
    integers: np.ndarray


def compute(state: EncodingState) -> EncodingResult:
    """Encode the sequences as the state says."""
    sequences, order = split(state.sequences), state.order
    right = encode(sequences, order, channels="first")
    x = right.x if state.layout == "first" else encode(sequences, order, channels="last").x
    if state.layout == "reshaped":
        # A reshape keeps the order in memory, so it mixes bases and channels; a transpose would be
        # right.
        x = x.reshape(right.x.shape)
    # Compared in one layout: a position is whole if all four of its channels are unchanged.
    channels = x.swapaxes(1, 2) if state.layout == "last" else x
    return EncodingResult(
        state,
        sequences,
        x,
        padding_mask(right.lengths),
        int((channels == right.x).all(axis=1).sum()),
        # Reordering changes distances between integer codes, never between one-hot vectors.
        distances(one_hot(order, order)),
        distances(integer_codes(order, order)),
    )


def draw(result: EncodingResult, uid: str) -> dict[str, str]:
    """Draw a matrix for each sequence, the mask, and the distances between bases."""
    order = result.state.order
    return {
        "matrices": _side_by_side(
            *(_matrix(result, n, f"{uid}x{n}") for n in range(len(result.sequences))),
            _mask(result, f"{uid}m"),
        ),
        "distances": _side_by_side(
            _distances(result.one_hot, order, "one-hot", f"{uid}d0"),
            _distances(result.integers, order, "integer codes 0 to 3", f"{uid}d1"),
        ),
    }


def describe(result: EncodingResult) -> str:
    """Give the meaning of an entry as a formula, the shape, and the distances."""
    n, length = result.mask.shape
    order, layout = result.state.order, result.state.layout
    index = "x[n, i, c]" if layout == "last" else "x[n, c, i]"
    shape = " × ".join(map(str, result.x.shape))
    wrong = n * length - result.whole
    real = "Every position still holds its own base"
    if wrong:
        real = (
            f"<b>{wrong} of {n * length} positions no longer hold their base</b>: a reshape keeps "
            "the numbers in their order in memory and does not swap the axes"
        )
    lengths = ", ".join(str(len(sequence)) for sequence in result.sequences)
    count = "N = 1 sequence" if n == 1 else f"N = {n} sequences"
    return (
        f"<p>{index} = 1 if base i of sequence n is the base of channel c in {order}, ¼ if it is "
        f"N, otherwise 0{' (if the shape were right)' if wrong else ''}. Shape {shape}: {count}, "
        f"4 channels, L = {length}, the longest.</p>"
        f"<p>{real}. Lengths {lengths}, so <b>{(~result.mask).sum()}</b> of {n * length} positions "
        f"are padding. Two different bases are <b>√2 ≈ {result.one_hot[0, 1]:.3f}</b> apart as "
        f"one-hot, but {result.integers[0, 1]:.0f} to {result.integers[0, 3]:.0f} as integers: "
        f"{order[0]} and {order[3]} look least alike, only because of their order.</p>"
    )


def _side_by_side(*pictures: str) -> str:
    """Put pictures in a row that wraps."""
    row = "".join(f"<div>{picture}</div>" for picture in pictures)
    return f"<div style='display:flex;flex-wrap:wrap;gap:6px 22px'>{row}</div>"


def _read_out(matrix: np.ndarray, form: str = "g") -> str:
    return "; ".join(" ".join(f"{value:{form}}" for value in row) for row in matrix)


def _matrix(result: EncodingResult, n: int, uid: str) -> str:
    """Sequence n of the batch."""
    sequence, x, length = result.sequences[n], result.x[n], result.mask.shape[1]
    rows, columns = list(result.state.order), list(sequence.ljust(length, "·"))
    if result.state.layout == "last":
        rows, columns = columns, rows
    if result.state.layout == "reshaped":  # no column belongs to one letter
        columns = [str(i) for i in range(length)]
    # Pressing a cell sets it to 1: the base of its channel is put at its position.
    turned = result.state.layout == "last"
    choose = {
        ((i, c) if turned else (c, i)): f"sequences={_with_base(result.sequences, n, i, base)}"
        for i in range(len(sequence))
        for c, base in enumerate(result.state.order)
        if result.state.layout != "reshaped"
    }
    digits, width = (2, 32) if (x % 1).any() else (0, 22)  # an unknown base is four times 0.25
    return captioned(
        f"<b>x[{n}]</b> {escape(sequence)}, shape {x.shape}",
        heatmap_svg(
            x,
            rows,
            columns,
            f"x[{n}], the matrix of {sequence}",
            f"Rows {' '.join(rows)}; columns {' '.join(columns)}. {_read_out(x)}",
            uid,
            limit=1,
            digits=digits,
            cell=(width, 19),
            choose=choose,
            hint="Click a cell to put its base there, or type it in the field Sequences",
        ),
    )


def _with_base(sequences: list[str], n: int, i: int, base: str) -> str:
    """The text of the field with another base at position i of sequence n."""
    changed = sequences[n][:i] + base + sequences[n][i + 1 :]
    return " ".join([*sequences[:n], changed, *sequences[n + 1 :]])


def _mask(result: EncodingResult, uid: str) -> str:
    n, length = result.mask.shape
    return captioned(
        f"<b>Mask</b>, shape {result.mask.shape}: 1 is a base, 0 is padding",
        heatmap_svg(
            result.mask,
            [f"x[{i}]" for i in range(n)],
            [str(i) for i in range(length)],
            "Mask: 1 where there is a base, 0 where there is padding",
            "; ".join(
                f"x[{i}] has {len(sequence)} of {length}"
                for i, sequence in enumerate(result.sequences)
            ),
            uid,
            limit=1,
            digits=0,
            cell=(22, 19),
        ),
    )


def _distances(matrix: np.ndarray, order: str, kind: str, uid: str) -> str:
    return captioned(
        f"<b>Distances</b>, {kind}",
        heatmap_svg(
            matrix,
            order,
            order,
            f"Distances between the bases as {kind}",
            f"Rows and columns {' '.join(order)}: {_read_out(matrix, '.2f')}",
            uid,
            limit=3,
            digits=2,
            cell=(40, 19),
        ),
    )


class EncodingExplorer(Explorer):
    """Type sequences, and see the batch that a network reads.

    Examples
    --------
    >>> explorer = EncodingExplorer(sequences="ACG T", layout="last")
    >>> explorer.result.x.shape, explorer.result.mask.tolist()
    ((2, 3, 4), [[True, True, True], [True, False, False]])
    """

    State = EncodingState
    title = "How does a network see a sequence?"
    goal = (
        "make a batch in which exactly half of the positions are padding; then find four letters "
        "that survive the wrong reshape."
    )
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)
