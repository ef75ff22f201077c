"""Which world is a network from? A rule that sees only the network's answers, and its networks.

`spacing_profile` puts the words of `motiflab.datasets.worlds` into random sequences at every gap
and returns the mean interaction of each gap, in logits. In the three worlds the exact logit has the
interaction ``v w(g)``: one peak, a fading wave, or nothing. `name_spacing` decides by two
numbers. If the largest interaction is below `LEAST`, the answer is "none". Otherwise the effective
number of gaps,

    ``N = (sum over g of max(I(g), 0))^2 / (sum over g of max(I(g), 0)^2)``,

is 1 for a single peak and grows with the number of gaps that share the effect: below `FEW` the
answer is "hard", from there on "soft". Both bounds were chosen on a few networks and
checked on the worlds that `tools/study_worlds.py` calls "tuning". The rule is judged on others.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike

from motiflab.datasets.worlds import GAPS, LENGTH, WORDS, World
from motiflab.interpretation.interrogation import Predict, ask_gaps
from motiflab.networks import ModelSettings, TrainSettings
from motiflab.sequences import random_sequences

SIZE, EPOCHS = 6000, 5
"""Sequences that a network of a world is trained on, and passes through them."""

LEAST, FEW = 3.0, 5.0

FIELD_WORLD = World("hard", gap=19, gaps=(15, 23), step=4, pairs_only=True)
"""A world in which only the gap tells, and no field below 17 bases touches both words.

The places of both words inside their pooling windows, the *phase*, tell the gap modulo the width of
a window. The gaps differ by 4, so that the phase of windows of 2 and 4 tells nothing.
"""

PHASE_WORLD = World("hard", gap=19, gaps=(14, 24), pairs_only=True)
"""The same with every gap: behind windows of 2, a field of 14 bases may tell odd gaps from even."""

FIELDS = {
    "width 1": (1, 0, 1),
    "width 9": (9, 0, 1),
    "width 4, pooling 2": (4, 2, 1),
    "width 33": (33, 0, 1),
    "width 9, pooling 4": (9, 4, 1),
    "width 9, dilation 4": (9, 0, 4),
}
"""Networks that differ in the receptive field: arguments of `world_settings`."""


def world_settings(second_width: int = 32, window: int = 0, dilation: int = 1) -> ModelSettings:
    """Return a network of two layers that reads both words and the gap between them.

    Parameters
    ----------
    second_width : int
        Taps of a filter of the second layer.
    window : int
        Pooling window between the layers; 0 is no pooling.
    dilation : int
        Distance between neighbouring taps of the second layer, in pooled positions.

    Examples
    --------
    >>> world_settings().shape(80)
    (74, 43)
    """
    return ModelSettings(
        filters=12,
        width=len(WORDS[0]),
        window=window,
        layers=2,
        second_filters=12,
        second_width=second_width,
        second_dilation=dilation,
        both_strands=False,
        batch_norm=True,
    )


def world_training(epochs: int = EPOCHS, seed: int = 0) -> TrainSettings:
    """Return how the networks of `world_settings` are trained.

    >>> world_training(epochs=2).epochs
    2
    """
    return TrainSettings(learning_rate=0.02, epochs=epochs, seed=seed)


def spacing_profile(predict: Predict, backgrounds: int = 100, seed: int = 0) -> np.ndarray:
    """Return the mean interaction of A and B at each gap, over random backgrounds.

    Parameters
    ----------
    predict : callable
        Maps N sequences of `motiflab.datasets.worlds.LENGTH` bases to logits (N,).
    backgrounds : int
        Number of random sequences.
    seed : int
        Of the backgrounds, and of the place of A in each.

    Returns
    -------
    ndarray, shape (25,)
        For the gaps 0 to 24, A before B.

    Examples
    --------
    >>> from motiflab.datasets.worlds import World
    >>> spacing_profile(World("hard", gap=3).logits, backgrounds=5)[:6].round(1).tolist()
    [0.0, 0.0, 0.0, 9.0, 0.0, 0.0]
    """
    rng = np.random.default_rng(seed)
    asked = random_sequences(backgrounds, LENGTH, None, rng)
    room = LENGTH - GAPS[1] - sum(map(len, WORDS))
    starts = rng.integers(room + 1, size=backgrounds)
    answers = ask_gaps(predict, asked, WORDS, range(GAPS[0], GAPS[1] + 1), starts)
    return answers.interaction.mean(axis=1)


def effective_gaps(profile: ArrayLike) -> float:
    """Effective number of gaps that share the positive interaction: 1 for a single peak.

    Parameters
    ----------
    profile : array_like, shape (G,)
        Interaction at each gap; values below 0 count as 0.

    Examples
    --------
    >>> effective_gaps([0, 8, 0, -1]), effective_gaps([3, 3, 3])
    (1.0, 3.0)
    """
    up = np.maximum(profile, 0)
    return float(up.sum() ** 2 / max((up**2).sum(), 1e-12))


def name_spacing(profile: Sequence[float] | np.ndarray) -> str:
    """Name the kind of world that a profile comes from: "hard", "soft" or "none".

    Parameters
    ----------
    profile : array_like, shape (G,)
        From `spacing_profile`.

    Examples
    --------
    >>> name_spacing([0, 9, 0]), name_spacing([5, 6, 5, 4, 3, 4, 5]), name_spacing([0.1, -0.2])
    ('hard', 'soft', 'none')
    """
    if max(profile) < LEAST:
        return "none"
    return "hard" if effective_gaps(profile) < FEW else "soft"


@lru_cache(maxsize=1)
def measured_worlds() -> dict:
    """Return the trainings that `tools/study_worlds.py` has made and interrogated.

    Returns
    -------
    dict
        "about", and in "worlds", "fields" and "phase" an entry for each training.

    Examples
    --------
    >>> sorted(measured_worlds())
    ['about', 'fields', 'phase', 'worlds']
    """
    return json.loads(files("motiflab").joinpath("data/worlds.json").read_text())
