"""Networks as far as positions and parameters matter, and four ways to a wider field."""

from __future__ import annotations

from dataclasses import dataclass, replace

from motiflab.convolution import Layer, receptive_field
from motiflab.grammar import Grammar, missed, seen_positions


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
