"""The receptive field of a stack, and whether it covers two motifs and their gap.

A *composite* is motif A of ``L_A`` bases, a gap of ``g`` bases (``g_min`` to ``g_max``), and motif
B of ``L_B`` bases. A *unit* is one position of the feature map of a network's last layer; it can
detect how far apart A and B are only if it sees both. Units are ``J`` bases apart (the jump of
`receptive_field`), and each spans ``r`` bases.

A composite of ``n = L_A + g + L_B`` bases at position ``p`` is inside the field of unit ``j``,
which begins at ``s + jJ``, if ``s + jJ <= p`` and ``p + n <= s + jJ + r``: if ``jJ`` is one of the
``r - n + 1`` whole numbers from ``p + n - r - s`` to ``p - s``. They include a multiple of ``J``
for every *phase* ``p mod J`` of the composite if and only if ``r - n + 1 >= J``. So it needs

    ``r >= L_A + g_max + L_B + J - 1``.

This holds for a field without holes; `missed` checks each base, so it allows holes, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from motiflab.checks import require, whole
from motiflab.layers.convolution import Layer, check_layer, index_map
from motiflab.sequences.alphabet import DNA


class ReceptiveField(NamedTuple):
    """Inputs that an output sees: output ``j`` sees `size` inputs from ``start + j * jump`` on.

    Attributes
    ----------
    size : int
        Number of input positions from the first to the last that can affect the output.
    jump : int
        Input positions from the field of one output to that of the next.
    start : int
        First input position of output 0; negative if it lies in the padding.
    """

    size: int
    jump: int
    start: int

    def of(self, j: int) -> tuple[int, int]:
        """First (inclusive) and last (exclusive) input position that output `j` can see."""
        first = self.start + j * self.jump
        return first, first + self.size


def receptive_field(layers: Iterable[Layer | tuple[int, ...]]) -> ReceptiveField:
    """Receptive field, in the input, of one output of a stack of layers.

    With ``r_0 = 1``, ``J_0 = 1`` and ``s_0 = 0``, layer ``l`` of width ``K``, stride ``S``,
    padding ``P`` and dilation ``D`` gives (Araujo, Norris & Sim 2019)

    - size ``r_l = r_(l-1) + D(K - 1) * J_(l-1)``,
    - jump ``J_l = S * J_(l-1)``,
    - start ``s_l = s_(l-1) - P * J_(l-1)``.

    Pooling counts as a layer with its window and step. To see two motifs of ``a`` and ``b`` bases
    at any gap up to ``g``, the size must be at least ``a + g + b``, and ``J - 1`` more to see them
    at every position (`motiflab.layers.receptive_fields.field_needed`).

    Parameters
    ----------
    layers : iterable of Layer or of tuples (width, stride, padding, dilation)
        From the input on; numbers missing in a tuple have their defaults.

    Returns
    -------
    ReceptiveField

    Examples
    --------
    >>> receptive_field([Layer(19), Layer(4, stride=4), Layer(15)])
    ReceptiveField(size=78, jump=4, start=0)
    """
    size, jump, start = 1, 1, 0
    for layer in layers:
        # One step of this layer is `jump` bases; its own stride counts for the layers after it.
        width, stride, padding, dilation = check_layer(Layer(*layer))
        size += dilation * (width - 1) * jump
        start -= padding * jump
        jump *= stride
    return ReceptiveField(size, jump, start)


@dataclass(frozen=True)
class Grammar:
    """Two motifs and the range of the gap between them.

    Parameters
    ----------
    first, second : int
        Lengths ``L_A`` and ``L_B`` in bases, at least 1.
    gap_min, gap_max : int
        Smallest and largest number of bases between them, inclusive, at least 0.

    Examples
    --------
    >>> grammar = Grammar(first=7, second=7, gap_min=9, gap_max=11)
    >>> grammar.needed(), grammar.needed(jump=4)
    (25, 28)
    """

    first: int
    second: int
    gap_min: int
    gap_max: int

    def __post_init__(self) -> None:
        for name, least in (("first", 1), ("second", 1), ("gap_min", 0), ("gap_max", 0)):
            whole(name, getattr(self, name), least)
        require(
            "gap_min",
            self.gap_min <= self.gap_max,
            f"be at most gap_max, {self.gap_max}, not {self.gap_min}",
        )

    def needed(self, jump: int = 1) -> int:
        """Field size that sees every composite whole: ``L_A + g_max + L_B + J - 1``, `jump` J."""
        return field_needed(self.first, self.gap_max, self.second, jump)

    @property
    def touching(self) -> int:
        """Smallest field size that can include a base of each motif, ``g_min + 2``."""
        return self.gap_min + 2

    def bases(self, gap: int) -> np.ndarray:
        """Positions of the bases of A and B in a composite with this gap, from 0."""
        start = self.first + gap
        return np.concatenate([np.arange(self.first), np.arange(start, start + self.second)])


def field_needed(first: int, gap_max: int, second: int, jump: int = 1) -> int:
    """Smallest field, without holes, that sees a composite whole at every position.

    ``r = L_A + g_max + L_B + J - 1``; derived at the top of this module.

    Parameters
    ----------
    first, gap_max, second : int
        ``L_A``, ``g_max`` and ``L_B`` in bases.
    jump : int
        ``J``, the bases from unit to unit.

    Returns
    -------
    int
        In bases.

    Examples
    --------
    >>> field_needed(7, 11, 7), field_needed(7, 11, 7, jump=4)
    (25, 28)
    """
    return first + gap_max + second + jump - 1


def seen_positions(layers: Iterable[Layer | tuple[int, ...]], j: int = 0) -> np.ndarray:
    """Input positions from which a path leads to output `j`: the field without its holes.

    The taps are followed backwards through the layers with ``i(j, k) = jS - P + kD``. Pooling
    counts as a layer with its window and step.

    Parameters
    ----------
    layers : iterable of Layer or of tuples (width, stride, padding, dilation)
        From the input on.
    j : int
        Output position, from 0.

    Returns
    -------
    ndarray of int
        Ascending, each once; negative ones are in the padding.

    Examples
    --------
    >>> seen_positions([Layer(2), Layer(2, dilation=4)]).tolist()
    [0, 1, 4, 5]
    """
    seen = np.array([j])
    for layer in reversed([Layer(*layer) for layer in layers]):
        taps = np.arange(layer.width)
        seen = np.unique(
            index_map(seen[:, None], taps, layer.stride, layer.padding, layer.dilation)
        )
    return seen


def holes(layers: Iterable[Layer | tuple[int, ...]]) -> np.ndarray:
    """Positions inside the field of output 0 that it does not see.

    Parameters
    ----------
    layers : iterable of Layer or of tuples (width, stride, padding, dilation)
        From the input on.

    Returns
    -------
    ndarray of int
        Ascending; empty if the field has no holes.

    Examples
    --------
    >>> holes([Layer(2), Layer(2, dilation=4)]).tolist()
    [2, 3]
    """
    layers = list(layers)
    return np.setdiff1d(np.arange(*receptive_field(layers).of(0)), seen_positions(layers))


def missed(layers: Iterable[Layer | tuple[int, ...]], grammar: Grammar) -> np.ndarray:
    """Number of motif bases that even the best unit does not see, for each gap and phase.

    The sequence has no ends here: there are units everywhere. A hole in the field that falls into
    the gap between the motifs does not count.

    Parameters
    ----------
    layers : iterable of Layer or of tuples (width, stride, padding, dilation)
        From the input on.
    grammar : Grammar

    Returns
    -------
    ndarray of int, shape (g_max - g_min + 1, J)
        Entry ``[g - g_min, p]`` belongs to gap g and a composite that begins at ``p`` modulo J. 0
        means that some unit sees both motifs whole.

    Examples
    --------
    >>> grammar = Grammar(first=7, second=7, gap_min=11, gap_max=11)
    >>> missed([Layer(7), Layer(4, 4), Layer(5)], grammar).tolist()
    [[0, 0, 1, 1]]
    """
    layers = list(layers)
    field, seen = receptive_field(layers), seen_positions(layers)
    result = []
    for gap in range(grammar.gap_min, grammar.gap_max + 1):
        # For every place with the same phase there is a unit, so the best place counts.
        places, counts = _seen_at(field, seen, grammar, gap)
        most = np.zeros(field.jump, dtype=int)
        np.maximum.at(most, (places + field.start) % field.jump, counts)
        result.append(grammar.first + grammar.second - most)
    return np.array(result)


def best_place(
    layers: Iterable[Layer | tuple[int, ...]], grammar: Grammar, gap: int, phase: int
) -> tuple[int, int]:
    """Find the place of a composite in the field of the unit that sees most of it.

    Parameters
    ----------
    layers : iterable of Layer or of tuples (width, stride, padding, dilation)
        From the input on.
    grammar : Grammar
    gap : int
        Bases between the motifs.
    phase : int
        Position of the composite modulo J.

    Returns
    -------
    place : int
        First base of the composite, counted from the first base of the unit's field; negative if
        it begins before. Of equally good places, the one nearest to the middle.
    missed : int
        Bases of the motifs that the unit does not see.

    Examples
    --------
    >>> best_place([Layer(26, stride=4)], Grammar(7, 7, 9, 11), gap=11, phase=2)
    (2, 1)
    """
    layers = list(layers)
    field = receptive_field(layers)
    places, counts = _seen_at(field, seen_positions(layers), grammar, gap)
    counts[(places + field.start - phase) % field.jump != 0] = -1
    best = places[counts == counts.max()]
    total = grammar.first + grammar.second
    place = best[np.abs(2 * best + total + gap - field.size).argmin()]
    return int(place), int(total - counts.max())


def tap_distances(distance: int, window: int) -> np.ndarray:
    """Distance between two positions after pooling, in pooled positions, for each phase.

    Positions ``p`` and ``p + d`` of a feature map lie in the pooling windows ``floor(p / w)`` and
    ``floor((p + d) / w)``. The difference depends on the phase ``p mod w``: it is
    ``floor(d / w)`` or ``ceil(d / w)``, the latter in ``d mod w`` of the ``w`` phases.

    Two distances that differ by less than ``w`` have a tap distance in common; two that differ by
    ``2w - 1`` or more have none; in between it depends on the distances.

    Parameters
    ----------
    distance : int
        ``d``, in positions of the feature map: from the start of A to the start of B.
    window : int
        ``w``, at least 1; the windows touch and do not overlap.

    Returns
    -------
    ndarray of int, shape (w,)
        Entry ``[p]`` belongs to phase ``p``.

    Examples
    --------
    >>> [tap_distances(distance, window=4).tolist() for distance in (13, 16, 19)]
    [[3, 3, 3, 4], [4, 4, 4, 4], [4, 5, 5, 5]]
    """
    whole("window", window)
    return (np.arange(window) + distance) // window


def _seen_at(field, seen_positions, grammar: Grammar, gap: int) -> tuple[np.ndarray, np.ndarray]:
    """Places of a composite, from the field's first base, and the seen motif bases at each."""
    bases = np.zeros(grammar.first + gap + grammar.second, dtype=int)
    bases[grammar.bases(gap)] = 1
    room = len(bases) + field.jump  # every phase then has a place outside the field, too
    seen = np.zeros(field.size + 2 * room, dtype=int)
    seen[seen_positions - field.start + room] = 1
    counts = np.correlate(seen, bases)  # for each place: bases that are both motif and seen
    return np.arange(len(counts)) - room, counts


@dataclass(frozen=True)
class Stack:
    """Widths of the layers of a network: filters, max-pooling, then further filter layers.

    Parameters
    ----------
    width : int
        Taps ``K`` of a first-layer filter, in bases.
    window : int
        Width and step of the pooling after the first layer; 1 is no pooling.
    second_width, dilation : int
        Taps of a filter of each later layer, and the distance between them, in pooled positions.
    depth : int
        Number of later layers.

    Examples
    --------
    >>> stack = Stack(width=7, window=4, second_width=5)
    >>> receptive_field(stack.layers)
    ReceptiveField(size=26, jump=4, start=0)
    >>> stack.parameters(filters=16)
    1777
    """

    width: int
    window: int = 1
    second_width: int = 1
    dilation: int = 1
    depth: int = 1

    @property
    def layers(self) -> list[Layer]:
        """The layers, from the input on, for `receptive_field`."""
        pooling = Layer(self.window, self.window)
        later = Layer(self.second_width, dilation=self.dilation)
        return [Layer(self.width), pooling, *[later] * self.depth]

    def parameters(self, filters: int = 16, channels: int = DNA.size) -> int:
        """Weights and biases: F(4K + 1), then F(FK' + 1) for each later layer, then F + 1.

        Pooling has none, and dilation adds none. The last term is for the dense layer. The 4 is
        the number of input channels, one for each letter.
        """
        later = filters * (filters * self.second_width + 1)
        return filters * (channels * self.width + 1) + self.depth * later + filters + 1


def ways_to_see(stack: Stack, grammar: Grammar, most: int = 16) -> dict[str, Stack | None]:
    """Four ways to see a grammar whole, each with the smallest change of one setting of a stack.

    Parameters
    ----------
    stack : Stack
        The stack to change.
    grammar : Grammar
    most : int
        Largest value that is tried.

    Returns
    -------
    dict of str to Stack or None
        For "second_width" (a wider kernel), "window" (pooling), "depth" and "dilation" the stack
        with the smallest value, not below the present one, that misses no base for any gap in any
        phase; None if no value up to `most` achieves this.

    Examples
    --------
    >>> ways = ways_to_see(Stack(7, 4, 3), Grammar(7, 7, 9, 11))
    >>> ways["second_width"].second_width, ways["depth"].depth
    (6, 3)
    """
    ways = {}
    for name in ("second_width", "window", "depth", "dilation"):
        values = range(getattr(stack, name), most + 1)
        stacks = (replace(stack, **{name: value}) for value in values)
        ways[name] = next((other for other in stacks if sees_whole(other, grammar)), None)
    return ways


def sees_whole(stack: Stack, grammar: Grammar) -> bool:
    """Whether some unit sees both motifs whole, for every gap and in every phase.

    >>> [sees_whole(Stack(7, 4, width), Grammar(7, 7, 9, 11)) for width in (5, 6)]
    [False, True]
    """
    size, jump, _ = receptive_field(stack.layers)
    if size < grammar.needed(jump):
        return False
    return len(seen_positions(stack.layers)) == size or not missed(stack.layers, grammar).any()
