"""Seeds of data sets: only whole numbers are accepted."""

from __future__ import annotations

import pytest

from motiflab.datasets.dataset import generator


@pytest.mark.parametrize("seed", [-1, 1.5, "1", None, True])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises(ValueError, match="seed must be a whole number"):
        generator(seed)
