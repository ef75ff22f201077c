"""What several tests of the lab need."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from motiflab.lab import lab_data, motif_lab


@pytest.fixture
def shuffle_labels(monkeypatch) -> Callable[[int], None]:
    """Shuffle the labels of all data that a lab makes from now on, with a seed."""

    def shuffle(seed: int) -> None:
        def shuffled(*arguments):
            data = prepare(*arguments)
            rng = np.random.default_rng(seed)
            parts = {}
            for name in ("train", "test", "logos"):
                part = getattr(data, name)
                parts[name] = dataclasses.replace(part, labels=rng.permutation(part.labels))
            return dataclasses.replace(data, **parts)

        monkeypatch.setattr(motif_lab, "prepare", shuffled)

    prepare = lab_data.prepare
    return shuffle
