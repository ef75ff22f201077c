"""Explore one filter on one sequence: how each output is computed, letter by letter."""

from __future__ import annotations

import dataclasses
from functools import partial

import numpy as np

from motiflab.checks import ArgumentError
from motiflab.figures import Scan, Tap, bracketed, equals, fitted, scan_svg, scan_table, short
from motiflab.layers.convolution import cross_correlate, output_length
from motiflab.sequences.alphabet import BASES, clean
from motiflab.sequences.encoding import one_hot
from motiflab.widgets import (
    CardResult,
    CardState,
    Explorer,
    Player,
    Tool,
    blame,
    choice,
    matrix,
    slider,
    text,
)

_MOST_PADDING = 4
_ATCGA = ((2, -1, 0, -1), (-1, -1, -1, 2), (-1, 1.5, 0, -1), (0, -1, 1.5, -1), (2, -1, -1, 0))
_TURNED = {
    "forward": "",
    "flipped": "The filter is flipped: this is convolution in the mathematical sense. It now "
    "looks for its motif read backwards.",
    "complement": "The filter is flipped and its bases are swapped, A with T and C with G: it "
    "now looks for its motif on the other strand.",
}


class ScanState(CardState):
    """What a learner can choose: the sequence, the filter, its steps, the shown output."""

    sequence: str = text("ATCGATTATCGAGC", "Bases", longest=40, help="A, C, G and T, at most 40")
    weights: tuple = matrix(_ATCGA, "Weights W, a row for each tap k", -10, 10, rows=(1, 15))
    bias: float = slider(-1.0, "Bias b", -10.0, 10.0, 0.5, rare=True)
    reading: str = choice(
        "forward",
        "Orientation of the filter",
        [
            ("as it is: cross-correlation", "forward"),
            ("flipped: convolution", "flipped"),
            ("as its reverse complement", "complement"),
        ],
        rare=True,
    )
    stride: int = slider(2, "Stride S", 0, 6, help="Step between outputs")
    padding: int = slider(2, "Padding P", 0, _MOST_PADDING, help="Zeros added at each end")
    dilation: int = slider(1, "Dilation D", 1, 4, help="Step between neighbouring taps")
    j: int = slider(1, "Output position j", 0, 47)


PRESETS = {
    "Worked example": {"stride": 2, "padding": 2, "j": 1},
    "Same length": {"stride": 1, "padding": 2, "j": 0},
    "Holes": {
        "sequence": "ATCGATTAGCTAGC",
        "weights": ((2, -1, -1, -1), (-1, 2, -1, -1), (2, -1, -1, -1)),
        "stride": 1,
        "padding": 0,
        "dilation": 2,
        "j": 0,
    },
    "Both strands": {
        "sequence": "CATCGACAGCTACTCGATC",
        "stride": 1,
        "padding": 0,
        "j": 1,
    },
}
"""Names of situations to start from, and the fields in which each differs from the first."""


class ScanResult(CardResult):
    """The scan of a state.

    Attributes
    ----------
    scan : Scan
        Its output is the last one if the state's output is beyond it.
    """

    scan: Scan


def compute(state: ScanState) -> ScanResult:
    """Slide the filter along the sequence."""
    with blame("sequence"):
        sequence = clean("".join(state.sequence.split()))
    if not sequence:
        raise ArgumentError(
            "sequence", "The sequence must hold at least one base, but it is empty."
        )
    other = sequence.lstrip(BASES)  # the rest from the first letter that is not a base
    if other:
        raise ArgumentError(
            "sequence",
            f"Each letter must be one base here (A, C, G or T), got {other[0]!r} at position "
            f"{len(sequence) - len(other)} (counted from 0).",
        )
    if state.stride == 0:
        raise ArgumentError(
            "stride",
            "The stride must be at least 1: with a stride of 0 the filter would never move on.",
        )
    weights, order = _as_it_lies(state)
    options = state.stride, state.padding, state.dilation
    outputs = cross_correlate(one_hot(sequence), weights, state.bias, *options)
    j = min(state.j, len(outputs) - 1)  # there may be fewer outputs now than when j was chosen
    return ScanResult(state, Scan(sequence, weights, order, state.bias, *options, outputs, j))


def draw(result: ScanResult, uid: str) -> dict[str, str]:
    """Draw the filter on the sequence, and all outputs as a table."""
    return {
        "scan": fitted(partial(scan_svg, result.scan, _MOST_PADDING), uid),
        "table": scan_table(result.scan),
    }


def describe(result: ScanResult) -> str:
    """Write the output with its numbers, then the index map and the output length."""
    state, scan = result.state, result.scan
    taps, y = scan.window(scan.j), scan.outputs[scan.j]
    picked = " + ".join(_name(tap, state.reading) for tap in taps)
    terms = [*(tap.adds for tap in taps), scan.bias]
    return (
        f"<p>y<sub>{scan.j}</sub> = {picked} + b = "
        f"{' + '.join(bracketed(short(term)) for term in terms)} "
        f"{equals(terms, y, 2)} <b>{short(y)}</b></p>"
        f"<p>i({scan.j}, k) = jS − P + kD = {scan.j}·{scan.stride} − {scan.padding} + "
        f"k·{scan.dilation} = "
        f"{', '.join(short(tap.position) for tap in taps)}</p>"
        f"<p>{_length(scan)}</p><p>{_words(scan, state)}</p>"
    )


def _as_it_lies(state: ScanState) -> tuple[np.ndarray, tuple[int, ...]]:
    """The filter in the direction of the sequence, (K, 4), and the number of each tap."""
    weights = np.array(state.weights)
    order = tuple(range(len(weights)))
    if state.reading == "forward":
        return weights, order
    if state.reading == "complement":
        # The complement of base a is base 3 - a in the order A, C, G, T.
        weights = weights[:, ::-1]
    return weights[::-1], order[::-1]


def _name(tap: Tap, reading: str) -> str:
    """The weight selected at a tap, as an entry of the learner's own matrix."""
    if not tap.base:
        return "0"
    a = BASES.index(tap.base)
    return f"W[{tap.k},{BASES[3 - a] if reading == 'complement' else tap.base}]"


def _length(scan: Scan) -> str:
    length, width = len(scan.sequence), len(scan.weights)
    # Last place at which a filter of span D(K - 1) + 1 still fits into the padded sequence.
    above = length + 2 * scan.padding - scan.dilation * (width - 1) - 1
    return (
        f"M = ⌊(L + 2P − D(K − 1) − 1)/S⌋ + 1 = ⌊({length} + 2·{scan.padding} − {scan.dilation}·"
        f"({width} − 1) − 1)/{scan.stride}⌋ + 1 = ⌊{above}/{scan.stride}⌋ + 1 = "
        f"<b>{len(scan.outputs)}</b>"
    )


def _words(scan: Scan, state: ScanState) -> str:
    """One sentence on what this output sees, and others on details that are easily overlooked."""
    taps = scan.window(scan.j)
    letters = "".join(tap.base for tap in taps)
    match = ", a perfect match" if np.isclose(scan.outputs[scan.j], scan.best) else ""
    said = [
        f"Output {scan.j} (of 0 to {len(scan.outputs) - 1}) reads {letters or 'no base'}{match}."
    ]
    outside = len(taps) - len(letters)
    if outside:
        said.append(f"{outside} of its {len(taps)} taps lie in the padding and add 0.")
    # With a stride of 1 the filter would score all windows.
    windows = output_length(len(scan.sequence), len(taps), 1, scan.padding, scan.dilation)
    if scan.stride > 1:
        said.append(f"With this stride the filter reads {len(scan.outputs)} of {windows} windows.")
    if scan.dilation > 1 and len(taps) > 1:
        said.append("The positions between the taps are not read.")
    return " ".join(filter(None, [*said, _TURNED[state.reading]]))


class ScanExplorer(Explorer):
    """Slide a filter along a sequence and see how each output is computed.

    Examples
    --------
    >>> explorer = ScanExplorer()
    >>> explorer.result.scan.outputs.tolist()
    [-4.0, 8.0, -5.0, 2.0, -6.0, -4.0, -3.0]
    >>> explorer.set(stride=1, j=9)
    >>> float(explorer.result.scan.outputs[9]), explorer.scene
    (8.0, 'ScanExplorer/1?stride=1&j=9#523eca80')
    """

    State = ScanState
    title = "How does a filter scan a sequence?"
    goal = (
        "a bar that reaches the dashed line is a perfect match; find settings that miss no copy of "
        "the motif."
    )
    numbers = ("table",)
    tools = ("play", "examples", *Explorer.tools)
    compute, draw, describe = staticmethod(compute), staticmethod(draw), staticmethod(describe)

    def toolbar(self) -> list[Tool]:
        """Play, and the situations to start from."""
        play = Player(self, "j", last=lambda: len(self.result.scan.outputs) - 1)
        starts = {name: dataclasses.asdict(ScanState(**PRESETS[name])) for name in PRESETS}
        return [Tool("play", play), self.starting_buttons(starts)]

    def redraw(self) -> None:
        """Show the result, and let the slider of j end at the last output."""
        last, asked = len(self.result.scan.outputs) - 1, self.state.j
        self.controls["j"].max = max(last, asked)
        beyond = f"The last output is {last} now: it is shown instead of {asked}."
        self._controls["j"].say(beyond if asked > last else "", "note")
        super().redraw()
