"""A filter on a sequence as a figure sees it: windows, values, a table and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from motiflab.alphabet import BASES
from motiflab.convolution import index_map
from motiflab.figures.numbers import write


class Tap(NamedTuple):
    """One tap of a filter on a sequence.

    Attributes
    ----------
    k : int
        Its number in the filter as it was given.
    position : int
        Position in the sequence that it meets, from 0; below 0 or from ``L`` on in the padding.
    base : str
        The base there; empty in the padding.
    adds : float
        The weight that the base picks; 0 in the padding.
    """

    k: int
    position: int
    base: str
    adds: float


@dataclass(frozen=True, eq=False)
class Scan:
    """One filter on one sequence, and the output that is looked at.

    Attributes
    ----------
    sequence : str
        ``L`` bases, each of A, C, G, T.
    weights : ndarray, shape (K, 4)
        The filter as it lies on the sequence, from left to right.
    order : tuple of int, length K
        Number of each of its taps, from left to right: 0 to K - 1, or backwards in a flipped one.
    bias : float
        ``b``.
    stride, padding, dilation : int
        ``S``, ``P`` and ``D``.
    outputs : ndarray, shape (M,)
        The feature map, from `motiflab.convolution.cross_correlate`.
    j : int
        The output that is looked at, from 0, below ``M``.
    """

    sequence: str
    weights: np.ndarray
    order: tuple[int, ...]
    bias: float
    stride: int
    padding: int
    dilation: int
    outputs: np.ndarray
    j: int

    def window(self, j: int) -> list[Tap]:
        """The taps at output `j`, from left to right."""
        taps = []
        for place, (k, row) in enumerate(zip(self.order, self.weights.tolist())):
            i = index_map(j, place, self.stride, self.padding, self.dilation)
            base = self.sequence[i] if 0 <= i < len(self.sequence) else ""
            taps.append(Tap(k, i, base, row[BASES.index(base)] if base else 0.0))
        return taps

    @property
    def best(self) -> float:
        """The output of a perfect match: the bias and the largest weight of every tap."""
        return float(self.weights.max(axis=1).sum() + self.bias)


def scan_table(scan: Scan) -> str:
    """The feature map as an HTML table: for each output the positions, the bases and its value.

    >>> weights, outputs = np.array([[2.0, 0, 0, 0]]), np.array([2.0, 0.0])
    >>> scan = Scan("AT", weights, (0,), 0.0, 1, 0, 1, outputs, 0)
    >>> "<tr><th scope='row'>y</th><td><b>2</b></td><td>0</td></tr>" in scan_table(scan)
    True
    """
    windows = [scan.window(j) for j in range(len(scan.outputs))]
    rows = {
        "j": range(len(windows)),
        "first position": (write(taps[0].position) for taps in windows),
        "reads": map(_read, windows),
        "y": (write(y) for y in scan.outputs),
    }
    body = "".join(
        f"<tr><th scope='row'>{name}</th>"
        + "".join(
            f"<td>{f'<b>{cell}</b>' if j == scan.j else cell}</td>" for j, cell in enumerate(cells)
        )
        + "</tr>"
        for name, cells in rows.items()
    )
    return (
        "<div class='motiflab-table'><table><caption>All outputs; the current one is bold, a 0 "
        f"among the bases is padding</caption>{body}</table></div>"
    )


def in_words(scan: Scan) -> str:
    """Say what `scan_svg` shows."""
    taps = scan.window(scan.j)
    places = ", ".join(write(tap.position) for tap in taps)
    return (
        f"Output j = {scan.j} of 0 to {len(scan.outputs) - 1} is {write(scan.outputs[scan.j])}: "
        f"the taps lie at {places} and read {_read(taps)}, where 0 is padding. The largest output "
        f"is {write(scan.outputs.max())} at j = {int(scan.outputs.argmax())}."
    )


def _read(taps: list[Tap]) -> str:
    return "".join(tap.base or "0" for tap in taps)
