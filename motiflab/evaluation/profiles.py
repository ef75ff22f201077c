"""How well a predicted profile agrees with reads, and where a footprint lies in either."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from motiflab.checks import inside, require


def jensen_shannon(p: ArrayLike, q: ArrayLike) -> np.ndarray:
    """Jensen-Shannon divergence of two profiles, in bits.

    ``JS = (KL(p, m) + KL(q, m)) / 2`` with ``m = (p + q) / 2`` and
    ``KL(p, m) = sum over i of p[i] log2(p[i] / m[i])``. It is 0 for equal profiles and 1 for
    profiles that overlap nowhere.

    Parameters
    ----------
    p, q : array_like, shape (..., L)
        Reads or probabilities, at least 0; each is divided by its sum first.

    Returns
    -------
    ndarray, shape (...)

    Examples
    --------
    >>> jensen_shannon([[2, 2], [5, 0]], [[1, 1], [0, 1]]).tolist()
    [0.0, 1.0]
    """
    p, q = (_shares(name, each) for name, each in (("p", p), ("q", q)))
    middle = (p + q) / 2
    total = 0.0
    for each in (p, q):
        ratio = np.divide(each, middle, out=np.ones_like(middle), where=each > 0)
        total = total + (each * np.log2(ratio)).sum(axis=-1)  # 0 log 0 counts as 0
    return np.maximum(total / 2, 0)


def footprint_scores(reads: ArrayLike, footprint: ArrayLike, background: float = 0.3) -> np.ndarray:
    """Score every place and strand by how well a footprint there explains the reads.

    Suppose that a share ``e`` of the reads lies anywhere and the others in one footprint ``f`` with
    its middle at ``c``. Compared with reads that all lie anywhere, the log-likelihood ratio is

        score[c] = sum over i of k[i] log(e + (1 - e) L f[i - c]).

    Parameters
    ----------
    reads : array_like, shape (N, L)
        ``k``: observed reads, or the reads that a network expects.
    footprint : array_like, shape (2 r + 1,)
        ``f`` on the + strand, which sums to 1; its middle is entry ``r``.
    background : float
        ``e``, above 0 and below 1.

    Returns
    -------
    ndarray, shape (N, 2, L)
        In nats, by strand (+, -) and middle. On the - strand ``f`` is turned round.

    Examples
    --------
    >>> scores = footprint_scores([[1, 0, 0, 2, 9, 0, 1]], [0.2, 0.8, 0.0])
    >>> scores.shape, int(scores[0, 0].argmax())
    ((1, 2, 7), 4)
    """
    k, f = np.asarray(reads, dtype=float), np.asarray(footprint, dtype=float)
    e = inside("background", background, 0, 1)
    require("reads", k.ndim == 2, f"have the shape (N, L), got {k.shape}")
    require("footprint", f.ndim == 1 and len(f) % 2, f"have an odd length, got {f.shape}")
    length, reach = k.shape[1], len(f) // 2
    gain = np.log1p((1 - e) / e * length * np.stack([f, f[::-1]]))
    windows = sliding_window_view(np.pad(k, ((0, 0), (reach, reach))), len(f), axis=1)
    return (windows @ gain.T).transpose(0, 2, 1) + np.log(e) * k.sum(1)[:, None, None]


def locate(reads: ArrayLike, footprint: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Find the place and the strand with the highest of the `footprint_scores`.

    Parameters
    ----------
    reads, footprint
        As for `footprint_scores`.

    Returns
    -------
    place, strand : ndarray of int, shape (N,)
        The middle of the footprint, and 0 for the + or 1 for the - strand.

    Examples
    --------
    >>> place, strand = locate([[1, 0, 0, 2, 9, 0, 1]], [0.2, 0.8, 0.0])
    >>> place.tolist(), strand.tolist()
    ([4], [0])
    """
    scores = footprint_scores(reads, footprint)
    strand, place = np.divmod(scores.reshape(len(scores), -1).argmax(axis=1), scores.shape[2])
    return place, strand


def _shares(name: str, profile: ArrayLike) -> np.ndarray:
    p = np.asarray(profile, dtype=float)
    require(name, p.ndim and (p >= 0).all(), "hold numbers of at least 0 along the last axis")
    total = p.sum(axis=-1, keepdims=True)
    require(name, (total > 0).all(), "have a read in every profile")
    return p / total
