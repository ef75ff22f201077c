"""Draw the weights that a network begins with: the same for every engine that may train it."""

from __future__ import annotations

import numpy as np

from motiflab.networks.model_settings import ModelSettings
from motiflab.sequences import DNA, Alphabet


def draw_weights(
    settings: ModelSettings, length: int, seed: int = 0, alphabet: Alphabet = DNA
) -> dict[str, np.ndarray]:
    """Draw every parameter of an untrained network.

    Weights and biases of a layer are uniform from ``-1 / sqrt(n)`` to ``1 / sqrt(n)``, where ``n``
    is the number of inputs that one of its outputs adds up (LeCun et al. 1998 scale by it, too).
    That is the distribution that ``torch.nn.Conv1d`` and ``torch.nn.Linear`` begin with, but not
    their draw.

    Parameters
    ----------
    settings : ModelSettings
    length : int
        Length L of the (padded) sequences, in bases.
    seed : int
        Of numpy's generator.
    alphabet : Alphabet

    Returns
    -------
    dict of str to ndarray of float32
        By torch's names: ``"conv.weight"`` (F, A, K), ``"conv.bias"`` (F,), with two layers
        ``"second.weight"`` (F2, F, K2) and ``"second.bias"`` (F2,), ``"dense.weight"`` (1, n),
        ``"dense.bias"`` (1,).

    Raises
    ------
    ValueError
        If a layer would have no output for sequences of this length.

    Examples
    --------
    >>> weights = draw_weights(ModelSettings(filters=2, width=5), length=30, seed=1)
    >>> {name: value.shape for name, value in weights.items()}["conv.weight"]
    (2, 4, 5)
    """
    s, shape = settings, settings.shape(length)
    layers = {"conv": (s.filters, alphabet.size, s.width)}
    features = s.filters * (shape[-1] if s.window else 1)  # windows keep their place
    if s.layers == 2:
        layers["second"] = (s.second_filters, s.filters, s.second_width)
        features = s.second_filters
    layers["dense"] = (1, features)
    rng, weights = np.random.default_rng(seed), {}
    for name, size in layers.items():
        reach = np.prod(size[1:]) ** -0.5
        for part, dims in (("weight", size), ("bias", size[:1])):
            weights[f"{name}.{part}"] = rng.uniform(-reach, reach, dims).astype(np.float32)
    return weights
