"""The shape of a small convolutional network, as numbers: no torch is needed to state it."""

from __future__ import annotations

from dataclasses import dataclass

from motiflab.checks import one_of, require, whole
from motiflab.layers import HEADS, output_length

ACTIVATIONS = ("none", "relu", "exponential")
POOLINGS = ("max", "average", "logsumexp")
INITIALISATIONS = ("uniform", "he", "large", "zeros", "negative")
_CACHED = 2**18  # numbers of 4 bytes: a feature map of 1 MB, beside its windows, in the fast cache
RANGES = {
    "filters": (1, 256),
    "width": (1, 64),
    "stride": (1, 32),
    "padding": (0, 64),
    "dilation": (1, 32),
    "window": (0, 1000),
    "layers": (1, 2),
    "second_filters": (1, 256),
    "second_width": (1, 64),
    "second_dilation": (1, 32),
    "second_padding": (0, 64),
    "second_window": (0, 1000),
    "hidden": (0, 4096),
    "outputs": (1, 256),
}


@dataclass(frozen=True)
class ModelSettings:
    """The choices that define a network.

    Parameters
    ----------
    filters : int
        Number of first-layer filters F, 1 to 256.
    width : int
        Filter width K in bases (taps), 1 to 64.
    stride : int
        Step S between neighbouring windows, 1 to 32.
    padding : int
        Zero columns P added at each end, 0 to 64.
    dilation : int
        Distance D between neighbouring taps of a filter, 1 to 32.
    activation : {"none", "relu", "exponential"}
        What follows the first convolution.
    pooling : {"max", "average", "logsumexp"}
        How a window of the feature map becomes one number. ``logsumexp`` is the logarithm of a
        sum (not of a mean) of exponentials.
    window : int
        Width of the disjoint pooling windows, 1 to 1000; 0 pools over the whole sequence.
    layers : {1, 2}
        Number of convolutional layers.
    second_filters, second_width : int
        Filters and width (in pooled positions) of the second layer, 1 to 256 and 1 to 64; unused
        with one layer.
    second_dilation : int
        Distance between neighbouring taps of a second-layer filter, in pooled positions, 1 to 32.
    both_strands : bool
        Whether every filter also reads the reverse complement, with the same weights. The
        docstring of `motiflab.networks.cnn.MotifNetwork` says when a sequence and its reverse
        complement then have the same logit.
    initialisation : {"uniform", "he", "large", "zeros", "negative"}
        How the first weights are drawn; `motiflab.networks.draw_weights` has the formulas.
    head : {"classify", "regress", "count", "profile"}
        What the last number ``z`` means, and with it the loss (`motiflab.layers.heads`): the logit
        of a probability, a measured value, or the logarithm of the rate of a count. "profile"
        predicts reads at each position, so the map of the last layer must be as long as the
        sequence (*same* padding) and is not pooled in windows.
    second_padding : int
        Zero positions added at each end of what the second layer reads, 0 to 64.
    second_window : int
        Width of the disjoint windows in which the map of the second layer is pooled, 1 to 1000;
        0 pools over the whole map. Unused with one layer, as `second_padding` is.
    hidden : int
        Units (with ReLU) of a dense layer between the pooled features and the last one, 1 to
        4096; 0 leaves it out.
    outputs : int
        Numbers that the network ends with, 1 to 256. With more than one each has a label of its
        own: several questions about each sequence, such as which of 12 motifs it holds.
    batch_norm : bool
        Whether the scores of every layer but the last are normalised before their activation
        function (Ioffe & Szegedy 2015): each filter or hidden unit to mean 0 and variance 1 over
        the batch, then scaled and shifted by two learned numbers. Predictions use running means
        of both, kept during training. A network with several layers learns far faster with it.

    Examples
    --------
    >>> ModelSettings(filters=4, width=9).width
    9
    """

    filters: int = 16
    width: int = 15
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    activation: str = "relu"
    pooling: str = "max"
    window: int = 0
    layers: int = 1
    second_filters: int = 16
    second_width: int = 5
    second_dilation: int = 1
    both_strands: bool = True
    initialisation: str = "uniform"
    head: str = "classify"
    second_padding: int = 0
    second_window: int = 0
    hidden: int = 0
    outputs: int = 1
    batch_norm: bool = False

    def __post_init__(self) -> None:
        for name, (low, high) in RANGES.items():
            object.__setattr__(self, name, whole(name, getattr(self, name), low, high))
        one_of("activation", self.activation, ACTIVATIONS)
        one_of("pooling", self.pooling, POOLINGS)
        one_of("initialisation", self.initialisation, INITIALISATIONS)
        one_of("head", self.head, tuple(HEADS))
        if self.head == "profile":
            for name, only in (("stride", 1), ("window", 0), ("second_window", 0), ("outputs", 1)):
                value = getattr(self, name)
                require(name, value == only, f"be {only} for a profile, not {value}")
        one_of("both_strands", self.both_strands, (True, False))
        one_of("batch_norm", self.batch_norm, (True, False))

    @property
    def span(self) -> int:
        """Bases from the first to the last tap of a filter, ``D (K - 1) + 1``."""
        return self.dilation * (self.width - 1) + 1

    @property
    def second_span(self) -> int:
        """Pooled positions from the first to the last tap of a second-layer filter."""
        return self.second_dilation * (self.second_width - 1) + 1

    def at_once(self, length: int) -> int:
        """Number of sequences whose feature maps fit in the processor's cache together."""
        strands = 2 if self.both_strands else 1
        return max(1, _CACHED // (self.filters * strands * self.shape(length)[0]))

    def windows(self, lengths):
        """Number of windows in sequences of these lengths (an array or a tensor of integers)."""
        return (lengths + 2 * self.padding - self.span) // self.stride + 1

    def shape(self, length: int) -> tuple[int, ...]:
        """Lengths of the feature map at each stage, for sequences of one length.

        Parameters
        ----------
        length : int
            Sequence length L in bases.

        Returns
        -------
        tuple of int
            After the first convolution; then, if the pooling has windows, after pooling; then,
            with two layers, after the second convolution; then, if its pooling has windows, after
            that. Global pooling adds no entry.

        Raises
        ------
        ValueError
            If a stage would have no output; the sentence gives the numbers.

        Examples
        --------
        >>> ModelSettings(width=15, window=4, layers=2, second_width=5).shape(100)
        (86, 21, 17)
        """
        lengths = [output_length(length, self.width, self.stride, self.padding, self.dilation)]
        if self.window:
            require(
                "window",
                self.window <= lengths[-1],
                f"be at most {lengths[-1]}, the length of the feature map "
                f"({length} bases, filter width {self.width}), not {self.window}",
            )
            lengths.append(lengths[-1] // self.window)
        if self.layers == 2:
            read = lengths[-1] + 2 * self.second_padding
            most = (read - 1) // self.second_dilation + 1  # the widest whose span fits
            apart = f", taps {self.second_dilation} apart" if self.second_dilation > 1 else ""
            require(
                "second_width",
                self.second_width <= most,
                f"be at most {most}, the number of positions that reach the second layer{apart}, "
                f"not {self.second_width}",
            )
            lengths.append(read - self.second_span + 1)
            if self.second_window:
                require(
                    "second_window",
                    self.second_window <= lengths[-1],
                    f"be at most {lengths[-1]}, the length of the second layer's map, "
                    f"not {self.second_window}",
                )
                lengths.append(lengths[-1] // self.second_window)
        require(
            "padding" if self.layers == 1 else "second_padding",
            self.head != "profile" or lengths[-1] == length,
            f"leave one number for each of the {length} bases of a profile, not {lengths[-1]}; use "
            "odd widths, and pad half of what a filter spans",
        )
        return tuple(lengths)

    def features(self, length: int) -> int:
        """Number of pooled features of a sequence of `length` bases.

        Pooling windows keep their place, so every window of every filter is a feature.

        >>> ModelSettings(filters=16).features(100), ModelSettings(16, 15, window=4).features(100)
        (16, 336)
        """
        last, window = self.filters, self.window
        if self.layers == 2:
            last, window = self.second_filters, self.second_window
        return last * (self.shape(length)[-1] if window else 1)
