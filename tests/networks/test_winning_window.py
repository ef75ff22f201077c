"""The window with the highest score, against a search that looks at one window after another."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from motiflab.networks.winning_window import highest_windows

# Few different scores, so that ties are frequent.
maps = st.tuples(
    st.integers(1, 3), st.integers(1, 3), st.integers(1, 2), st.integers(1, 6)
).flatmap(lambda shape: arrays(float, shape, elements=st.sampled_from([-np.inf, -1.0, 0.0, 2.5])))


@given(maps, st.integers(1, 3), st.integers(0, 4))
def test_it_is_the_first_of_the_highest_on_the_plus_strand_before_the_minus(
    scores, stride, padding
):
    best = highest_windows(scores, stride, padding)
    assert best.score.shape == best.start.shape == best.reverse.shape == scores.shape[:2]
    for place in np.ndindex(scores.shape[:2]):
        found = None
        for strand, row in enumerate(scores[place]):
            for j, score in enumerate(row):
                if found is None or score > found[0]:
                    found = (score, j * stride - padding, strand == 1)
        assert (best.score[place], best.start[place], best.reverse[place]) == found
