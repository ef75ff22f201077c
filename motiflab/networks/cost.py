"""What a network costs and how far it sees, from its settings alone: nothing is built or trained.

A *multiply-add* is one product of a weight and a number, added to a sum. Multiply-adds per sequence
are counted as they are done here, on every strand that is read; biases, activations, pooling and
normalisation, which cost little beside them, are not counted.
"""

from __future__ import annotations

from typing import NamedTuple

from motiflab.layers import Layer
from motiflab.networks.model_settings import ModelSettings
from motiflab.sequences import DNA


class LayerCost(NamedTuple):
    """The cost of one layer with weights.

    Attributes
    ----------
    name : str
    outputs : int
        Numbers that it computes for one sequence, on all strands.
    inputs : int
        Numbers that each output is computed from.
    parameters : int
        Weights and biases, with those of a batch normalisation.
    """

    name: str
    outputs: int
    inputs: int
    parameters: int

    @property
    def multiply_adds(self) -> int:
        """One for each input of each output."""
        return self.outputs * self.inputs


def layer_costs(settings: ModelSettings, length: int, letters: int = DNA.size) -> list[LayerCost]:
    """Count the parameters and the multiply-adds of each layer of a network.

    A convolution of ``F`` filters with ``K`` taps over ``C`` channels has ``F (C K + 1)``
    parameters. At each of ``M`` windows it costs ``F C K`` multiply-adds, twice that if both
    strands are read. A dense layer from ``n`` numbers to ``m`` has ``m (n + 1)`` parameters and
    costs ``m n``. Batch normalisation adds two parameters for each filter or hidden unit.

    Parameters
    ----------
    settings : ModelSettings
    length : int
        Length L of the sequences, in bases.
    letters : int
        Letters of the alphabet: channels of the first layer.

    Returns
    -------
    list of LayerCost
        In the order of the network.

    Examples
    --------
    >>> small = ModelSettings(filters=2, width=5, both_strands=False)
    >>> for each in layer_costs(small, length=9):
    ...     print(each.name, each.parameters, each.multiply_adds)
    layer 1 42 200
    dense 3 2
    """
    s, shape, norm = settings, settings.shape(length), 2 * settings.batch_norm
    strands = 2 if s.both_strands else 1

    def layer(name: str, units: int, places: int, inputs: int, norm: int) -> LayerCost:
        return LayerCost(name, units * places, inputs, units * (inputs + 1 + norm))

    costs = [layer("layer 1", s.filters, strands * shape[0], letters * s.width, norm)]
    if s.layers == 2:
        places, inputs = shape[2 if s.window else 1], s.filters * s.second_width
        costs.append(layer("layer 2", s.second_filters, strands * places, inputs, norm))
    features = s.features(length)
    if s.hidden:
        costs.append(layer("hidden", s.hidden, 1, features, norm))
        features = s.hidden
    costs.append(layer("dense", s.outputs, 1, features, 0))
    if s.head == "profile":  # one weight for each filter of the last map, and no bias
        last = s.second_filters if s.layers == 2 else s.filters
        costs.append(LayerCost("profile", length, last, last))
    return costs


def field_layers(settings: ModelSettings) -> list[Layer]:
    """List the layers up to the last convolution, for `motiflab.layers.receptive_field`.

    Parameters
    ----------
    settings : ModelSettings

    Returns
    -------
    list of Layer
        Pooling over the whole sequence is not a layer: nothing follows that could see places.

    Examples
    --------
    >>> from motiflab.layers import receptive_field
    >>> stack = ModelSettings(width=7, window=4, layers=2, second_width=5)
    >>> receptive_field(field_layers(stack)).size
    26
    """
    s = settings
    layers = [Layer(s.width, s.stride, s.padding, s.dilation)]
    if s.layers == 2:
        if s.window:
            layers.append(Layer(s.window, s.window))
        layers.append(Layer(s.second_width, 1, s.second_padding, s.second_dilation))
    return layers
