"""Score the windows of a genome with a network."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from motiflab.checks import between, require
from motiflab.networks.one_layer import OneLayerNetwork
from motiflab.sequences import DNA, check_background

if TYPE_CHECKING:
    from motiflab.networks.cnn import MotifNetwork

SAMPLE = 1 << 17
"""Number of random windows from which the p-values of a network are estimated."""


@dataclass(frozen=True, eq=False)
class NetworkReader:
    """Score each window of a genome by the logit of a network, for `evaluation.scan_genome`.

    A network that reads both strands gives one score per window, and its hits have the strand
    ".". Any other network scores each window on both strands.

    Parameters
    ----------
    network : OneLayerNetwork or MotifNetwork
        Network for DNA; it is not changed.
    width : int
        Bases in a window: the length of the training sequences.
    background : array_like, shape (4,), optional
        Frequency of each base, for the p-values; uniform if not given.

    Examples
    --------
    >>> from motiflab.networks import random_one_layer
    >>> reader = NetworkReader(random_one_layer(filters=2, width=5), width=8)
    >>> reader.scores(np.array([0, 1, 2, 3, 3, 2, 1, 0, 0, 0])).shape
    (1, 3)
    """

    network: OneLayerNetwork | MotifNetwork
    width: int
    background: np.ndarray | None = None

    def __post_init__(self) -> None:
        least = self.network.settings.span
        require("width", self.width >= least, f"be at least {least}, which the network reads")
        require("network", self.network.alphabet == DNA, "be a network of DNA")
        one = self.network.settings.outputs == 1 and self.network.settings.head != "profile"
        require("network", one, "have one output")
        object.__setattr__(self, "background", check_background(self.background))

    def scores(self, codes: np.ndarray) -> np.ndarray:
        """Logit of every window, (strands, L - width + 1)."""
        x = np.eye(DNA.size, dtype=np.float32)[codes]
        windows = sliding_window_view(x, self.width, axis=0)  # (M, 4, width); nothing is copied
        strands = [windows]
        if not self.network.settings.both_strands:
            strands.append(DNA.other_strand(windows))
        size = self.network.settings.at_once(self.width)
        return np.array(
            [
                # A copy: torch accepts neither read-only arrays nor negative strides.
                np.concatenate(
                    [
                        self.network.predict(strand[i : i + size].copy())
                        for i in range(0, len(strand), size)
                    ]
                )
                for strand in strands
            ]
        )

    @functools.cached_property
    def _sample(self) -> np.ndarray:
        """Scores of random windows, rising; the windows overlap."""
        rng = np.random.default_rng(0)
        codes = rng.choice(DNA.size, SAMPLE + self.width - 1, p=self.background)
        return np.sort(self.scores(codes)[0])

    def p_values(self, scores: ArrayLike) -> np.ndarray:
        """Estimated p-value, ``(1 + r) / (1 + n)``, from random windows.

        ``r`` of ``n`` random windows of the background score at least as high. It is never below
        ``1 / (1 + n)``, the limit of a sample of this size.
        """
        below = np.searchsorted(self._sample, np.asarray(scores))
        return (1 + len(self._sample) - below) / (1 + len(self._sample))

    def threshold(self, p: float) -> float:
        """Return a score whose estimated p-value is at most `p`.

        Parameters
        ----------
        p : float
            At least ``1 / (1 + n)``, below 1.
        """
        total = 1 + len(self._sample)
        between("p", p, 1 / total, 1 - 1 / total)
        return float(np.nextafter(self._sample[-math.floor(p * total)], np.inf))
