"""Draw the weights that a network begins with: the same for every engine that may train it."""

from __future__ import annotations

import numpy as np

from motiflab.networks.model_settings import ModelSettings
from motiflab.sequences import DNA, Alphabet

_NEGATIVE = -3.0  # bias of the first layer, where it is to be too low


def draw_weights(
    settings: ModelSettings, length: int, seed: int = 0, alphabet: Alphabet = DNA
) -> dict[str, np.ndarray]:
    """Draw every parameter of an untrained network.

    Let ``n`` be the number of inputs that one output of a layer adds up: ``A K`` for a filter of
    ``K`` bases over ``A`` letters. `settings.initialisation` chooses one of five rules.

    - ``"uniform"``: weights and biases are uniform from ``-1 / sqrt(n)`` to ``1 / sqrt(n)`` (LeCun
      et al. 1998 scale by ``n``, too). That is the distribution that ``torch.nn.Conv1d`` and
      ``torch.nn.Linear`` begin with, but not their draw.
    - ``"he"``: weights are normal with mean 0 and variance ``2 / n``, biases are 0 (He et al.
      2015). The 2 makes up for the half of the inputs that a ReLU sets to 0.
    - ``"large"``: weights are normal with mean 0 and variance 1, biases are 0.
    - ``"zeros"``: all are 0. The filters are equal and stay equal. With ReLU every score is 0,
      where torch and motiflab take the slope 0, so that no filter ever receives a gradient.
    - ``"negative"``: as ``"he"``, but each filter of the first layer has the bias -3. With ReLU
      only a window that scores more than 3 without the bias passes anything on. With 4 letters and
      15 positions the standard deviation of that score is ``sqrt(15 * 2 / 60) = 0.7``, so such
      windows are rare, and most filters are dead: they never fire and never receive a gradient.

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
        ``"second.weight"`` (F2, F, K2) and ``"second.bias"`` (F2,), with a hidden layer of H
        units ``"hidden.weight"`` (H, n) and ``"hidden.bias"`` (H,), and ``"dense.weight"``
        (outputs, n) and ``"dense.bias"`` (outputs,), where the last n is H if there is one. With
        the head "profile" also ``"profile.weight"`` (1, n, 1) with the filters n of the last layer,
        drawn last; a bias would change nothing, as it is the same at every position. With
        batch normalisation each layer but the last also has what ``torch.nn.BatchNorm1d`` keeps,
        from which the scores go on unchanged: ``"conv_norm.weight"`` (F,) and so on.

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
    s, features = settings, settings.features(length)
    settings.shape(length)  # refuses sequences for which a layer has no output
    layers = {"conv": (s.filters, alphabet.size, s.width)}
    if s.layers == 2:
        layers["second"] = (s.second_filters, s.filters, s.second_width)
    if s.hidden:
        layers["hidden"] = (s.hidden, features)
    layers["dense"] = (s.outputs, s.hidden or features)
    if s.head == "profile":
        layers["profile"] = (1, s.second_filters if s.layers == 2 else s.filters, 1)
    rng, weights = np.random.default_rng(seed), {}
    for name, size in layers.items():
        n = np.prod(size[1:])
        spread = {"large": 1.0, "zeros": 0.0}.get(s.initialisation, (2 / n) ** 0.5)
        for part, dims in (("weight", size), ("bias", size[:1])):
            if s.initialisation == "uniform":
                drawn = rng.uniform(-(n**-0.5), n**-0.5, dims)
            else:
                drawn = rng.normal(0.0, spread, dims) if part == "weight" else np.zeros(dims)
            weights[f"{name}.{part}"] = drawn.astype(np.float32)
        if s.batch_norm and name not in ("dense", "profile"):
            ones, zeros = np.ones(size[0], np.float32), np.zeros(size[0], np.float32)
            kept = {"weight": ones, "bias": zeros, "running_mean": zeros, "running_var": ones}
            kept["num_batches_tracked"] = np.array(0)
            weights |= {f"{name}_norm.{part}": value.copy() for part, value in kept.items()}
        if name == "profile":
            del weights["profile.bias"]
    if s.initialisation == "negative":
        weights["conv.bias"] += _NEGATIVE
    return weights
