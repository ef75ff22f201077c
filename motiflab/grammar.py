"""Two motifs at a distance: the receptive field that they need, and what a unit really sees.

A *composite* is motif A of ``L_A`` bases, a gap of ``g`` bases (``g_min`` to ``g_max``), and motif
B of ``L_B`` bases. A *unit* is one position of the feature map of a network's last layer; it can
tell how far apart A and B are only if it sees both. Units lie ``J`` bases apart (`J` is the jump
of `motiflab.convolution.receptive_field`), and each spans ``r`` bases.

A composite of ``n = L_A + g + L_B`` bases at position ``p`` lies inside the field of unit ``j``,
which begins at ``s + jJ``, if ``s + jJ <= p`` and ``p + n <= s + jJ + r``: if ``jJ`` is one of the
``r - n + 1`` whole numbers from ``p + n - r - s`` to ``p - s``. A multiple of ``J`` is among them
wherever the composite lies, in every *phase* ``p mod J``, if and only if ``r - n + 1 >= J``. So

    ``r >= L_A + g_max + L_B + J - 1``.

That holds for a field without holes; `missed` asks each base and so holds with holes, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from motiflab.convolution import Layer, index_map, receptive_field


@dataclass(frozen=True)
class Grammar:
    """Two motifs and the range of the gap between them.

    Parameters
    ----------
    first, second : int
        Lengths ``L_A`` and ``L_B`` in bases, at least 1.
    gap_min, gap_max : int
        The least and the most bases between them, both inclusive, at least 0.

    Raises
    ------
    ValueError
        If a number is out of range or the gap range is upside down.

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
            value = getattr(self, name)
            whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
            if not whole or value < least:
                raise ValueError(
                    f"{name} must be a whole number of at least {least}, got {value!r}."
                )
        if self.gap_min > self.gap_max:
            raise ValueError(
                f"gap_min must be at most gap_max, {self.gap_max}, not {self.gap_min}."
            )

    def needed(self, jump: int = 1) -> int:
        """Field that sees every composite whole: ``L_A + g_max + L_B + J - 1``, with `jump` J."""
        return self.first + self.gap_max + self.second + jump - 1

    @property
    def touching(self) -> int:
        """Smallest field that can hold a base of each motif, ``g_min + 2``: below, no unit can."""
        return self.gap_min + 2

    def bases(self, gap: int) -> np.ndarray:
        """Positions of the bases of A and B in a composite with this gap, from 0."""
        start = self.first + gap
        return np.concatenate([np.arange(self.first), np.arange(start, start + self.second)])


@dataclass(frozen=True)
class Stack:
    """A network as far as positions matter: filters, max-pooling, filters again.

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

    def parameters(self, filters: int = 16) -> int:
        """Weights and biases: F(4K + 1), then F(FK' + 1) for each later layer, then F + 1.

        Pooling has none, and dilation costs none. The last term is the dense layer's.
        """
        later = filters * (filters * self.second_width + 1)
        return filters * (4 * self.width + 1) + self.depth * later + filters + 1


def seen_positions(layers: Iterable[Layer | tuple[int, ...]], j: int = 0) -> np.ndarray:
    """Input positions from which a path leads to output `j`: the field without its holes.

    The taps are followed backwards through the layers with ``i(j, k) = jS - P + kD``. A pooling
    counts as a layer of its window and step.

    Parameters
    ----------
    layers : iterable of Layer or of tuples (width, stride, padding, dilation)
        From the input on.
    j : int
        Output position, from 0.

    Returns
    -------
    ndarray of int
        In order, each once; negative ones lie in the padding.

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
        In order; empty if the field has no holes.

    Examples
    --------
    >>> holes([Layer(2), Layer(2, dilation=4)]).tolist()
    [2, 3]
    """
    layers = list(layers)
    return np.setdiff1d(np.arange(*receptive_field(layers).of(0)), seen_positions(layers))


def missed(layers: Iterable[Layer | tuple[int, ...]], grammar: Grammar) -> np.ndarray:
    """Motif bases that even the best-placed unit does not see, for each gap in each phase.

    Units lie everywhere: what the ends of a sequence cut off is not counted. A hole that falls
    into the gap between the motifs does no harm.

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
    >>> missed(Stack(width=7, window=4, second_width=5).layers, grammar).tolist()
    [[0, 0, 1, 1]]
    """
    layers = list(layers)
    size, jump, start = receptive_field(layers)
    seen = np.zeros(size, dtype=int)
    seen[seen_positions(layers) - start] = 1
    result = np.empty((grammar.gap_max - grammar.gap_min + 1, jump), dtype=int)
    for row, gap in enumerate(range(grammar.gap_min, grammar.gap_max + 1)):
        bases = np.zeros(grammar.first + gap + grammar.second, dtype=int)
        bases[grammar.bases(gap)] = 1
        room = len(bases) + jump  # so that a unit that sees nothing is there in every phase
        counts = np.correlate(np.pad(seen, room), bases)  # seen at each place of the composite
        phases = (np.arange(len(counts)) - room + start) % jump
        most = np.zeros(jump, dtype=int)
        np.maximum.at(most, phases, counts)
        result[row] = grammar.first + grammar.second - most
    return result


def ways_to_see(stack: Stack, grammar: Grammar, most: int = 16) -> dict[str, Stack | None]:
    """Four ways to see a grammar whole: change one choice of a stack as little as possible.

    Parameters
    ----------
    stack : Stack
        Where to begin.
    grammar : Grammar
    most : int
        Largest value that is tried.

    Returns
    -------
    dict of str to Stack or None
        For "second_width" (a wider kernel), "window" (pooling), "depth" and "dilation" the stack
        with the least value, not below the present one, that misses no base for any gap in any
        phase; None if no value up to `most` does.

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
