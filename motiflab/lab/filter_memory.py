"""What filters score before a training, so that a slider reads only those that are new."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from motiflab.datasets.dataset import Dataset
from motiflab.interpretation import best_windows
from motiflab.networks import BestWindows, OneLayerNetwork, part_by_part


class FilterMemory:
    """The scores of the last untrained filters in the data of the lab.

    One filter more leaves the others as they were drawn, and another learning rate leaves all of
    them, so most of what a network says before its training is already known.

    Parameters
    ----------
    test, logos : Dataset
        As in `motiflab.lab.lab_data.LabData`.
    """

    def __init__(self, test: Dataset, logos: Dataset) -> None:
        self.test, self.logos = test, logos
        # Of each filter: its highest score in each sequence of `test`, and score, start and strand
        # of its best windows in `logos`; without its bias, which is drawn anew.
        self._known: dict[tuple, tuple[np.ndarray, ...]] = {}

    def knows(self, network) -> bool:
        """Whether a network depends on its filters only through their highest scores."""
        ragged = self.test.lengths.min() < self.test.x.shape[2]
        return (
            isinstance(network, OneLayerNetwork)
            and network.settings.pooling == "max"
            and not ragged
        )

    def read(self, network: OneLayerNetwork) -> tuple[np.ndarray, BestWindows]:
        """Return the logits of `test`, and the best windows of `logos`.

        They are those of `motiflab.networks.training.logits` and
        `motiflab.interpretation.best_windows`, up to rounding: of a word that a sequence holds
        twice, either may be found.
        """
        s = network.settings
        how = s.stride, s.padding, s.dilation, s.both_strands
        each = [(*how, weights.tobytes()) for weights in network.weights]
        new = [f for f, key in enumerate(each) if key not in self._known]
        if new:
            for f, columns in zip(new, self._columns(network, new), strict=True):
                self._known[each[f]] = columns
        self._known = {key: self._known[key] for key in each}  # forgets the others
        held_out, scores, starts, strands = (
            np.stack(columns, axis=1)
            for columns in zip(*(self._known[key] for key in each), strict=True)
        )
        logits = network.decide(held_out + network.bias)
        return logits, BestWindows(scores + network.bias, starts, strands)

    def _columns(self, network: OneLayerNetwork, which: list[int]):
        """Read the data with some of the filters."""
        few = replace(
            network,
            weights=network.weights[which],
            bias=np.zeros(len(which)),
            dense=network.dense[which],
            settings=replace(network.settings, filters=len(which)),
        )
        x, at_once = self.test.x, few.settings.at_once(self.test.x.shape[2])
        parts = part_by_part(lambda part: few.highest(x[part]), len(x), at_once)
        windows = best_windows(few, self.logos)
        return zip(
            np.concatenate(parts).T,
            windows.score.T,
            windows.start.T,
            windows.reverse.T,
            strict=True,
        )
