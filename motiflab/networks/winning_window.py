"""Find the winning window of a sequence: the highest score on either strand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from motiflab.layers.convolution import index_map


@dataclass(frozen=True, eq=False)
class BestWindows:
    """The highest-scoring window of every map, for example of every filter in every sequence.

    Attributes
    ----------
    score : ndarray
        Its pre-activation.
    start : ndarray of int
        The base under its first column on the + strand, 0-based; negative in the padding.
    reverse : ndarray of bool
        Whether it is read on the - strand.
    """

    score: np.ndarray
    start: np.ndarray
    reverse: np.ndarray


def highest_windows(scores: ArrayLike, stride: int = 1, padding: int = 0) -> BestWindows:
    """Find the window with the highest score. Of equal scores the first wins, + before -.

    Parameters
    ----------
    scores : array_like, shape (..., strands, M)
        Scores of window ``j`` on the + strand, then, if both strands are read, on the - strand.
    stride, padding : int
        ``S`` and ``P`` of the convolution: window ``j`` begins at base ``j S - P``.

    Returns
    -------
    BestWindows
        Its arrays lack the last two axes of `scores`.

    Examples
    --------
    >>> best = highest_windows([[1, 3, 0], [2, 0, 3]], padding=1)
    >>> int(best.score), int(best.start), bool(best.reverse)
    (3, 0, False)
    """
    scores = np.asarray(scores)
    # The best of each strand, then the better strand: argmax takes the first of equal scores.
    window = scores.argmax(axis=-1)
    best = np.take_along_axis(scores, window[..., None], axis=-1)[..., 0]
    strand = best.argmax(axis=-1)[..., None]
    score, window = (np.take_along_axis(a, strand, axis=-1)[..., 0] for a in (best, window))
    return BestWindows(score, index_map(window, 0, stride, padding), strand[..., 0] == 1)
