"""Significance of a match between motifs: the p- and E-values of Tomtom.

Tomtom (Gupta et al. 2007, Genome Biology 8:R24) computes how often a target of randomly drawn
columns would fit the query as well as the real one does. As in its present version, a target is
scored over all columns of the query ("complete scores", Tanaka et al. 2011, Bioinformatics
27:1603):

1. The score of query column ``i`` and a target column is their negative Euclidean distance minus
   its median over all target columns. So a query column that is not aligned counts 0, like a
   median one. All targets are included in both directions.
2. The null distribution of query column ``i`` is that of its scores with all target columns. For
   a run of neighbouring query columns it is the exact convolution of these, with scores rounded to
   whole steps (`STEPS` for the range of a query).
3. The score of a target in one direction is the highest sum ``s`` over its offsets. Each offset
   ``o`` aligns a run of query columns, whose null distribution gives ``p_o``, the probability of a
   sum of at least ``s``. The best of all offsets has ``p = 1 - product over o of (1 - p_o)``, which
   is ``1 - (1 - p_o)**n`` if all ``n`` are equal.
4. The better of the two directions counts: ``p = 1 - (1 - p)**2``. The E-value, the number of
   targets expected to fit so well by chance, is ``p`` times the number of targets.

The null depends on the collection: with only a few targets it means little.

A small E-value does not show that the query is a motif. The null draws the columns of a target one
by one from the whole collection, where nearly flat columns are rare: 1 % of the columns of JASPAR's
vertebrates have under 0.1 bits. In real targets flat columns occur side by side, as the spacer
between two half sites. So a run of flat query columns fits such a spacer better than the null
predicts. A flat filter (0.25 everywhere) of 15 positions matches CTCF with E = 3e-12: not the CTCF
of 15 positions (MA0139.2, E = 400), but the spacer of a wide one (MA1930.2). If the columns of all
targets are shuffled together, the best E-value is above 1, as it should be. A very long query
collects such columns: GATA1 with 20 flat columns on either side matches CTCF with E = 1e-5. Look at
the information of the query first (`motiflab.motifs.motif.information`), and remove flat columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from motiflab.motifs.closest_motifs import MotifCollection
from motiflab.motifs.motif import Motif, check_probabilities

STEPS = 100
"""Number of steps to which the scores of a query are rounded, as in Tomtom."""


@dataclass(frozen=True)
class TomtomResult:
    """p- and E-values of every query against every motif of the collection.

    Attributes
    ----------
    p_values, e_values : ndarray of float64, shape (queries, motifs)
        Motifs in the order of the collection.
    """

    p_values: np.ndarray
    e_values: np.ndarray


def tomtom(ppms: Sequence[np.ndarray | Motif], collection: MotifCollection) -> TomtomResult:
    """Compute p- and E-values of filters or motifs against all motifs of a collection.

    Parameters
    ----------
    ppms : list of Motif or array_like, each of shape (w, 4)
        The queries; their widths may differ. Flat columns match the spacers of wide motifs with
        tiny E-values (see the top of this module): remove them first.
    collection : MotifCollection
        The targets, for example ``jaspar.collection("vertebrates")``.

    Returns
    -------
    TomtomResult

    Examples
    --------
    >>> from motiflab.motifs import jaspar
    >>> known = jaspar.collection("vertebrates")
    >>> result = tomtom([jaspar.load("MA0139.2")], known)
    >>> known.ids[result.p_values[0].argmin()], bool(result.e_values.min() < 1e-6)
    ('MA0139.2', True)
    """
    queries = [check_probabilities(ppm, f"ppms[{i}]") for i, ppm in enumerate(ppms)]
    targets = collection.both_strands
    columns = np.concatenate(targets)
    widths = np.array([len(ppm) for ppm in targets])
    p = np.empty((len(queries), len(collection)))
    for i, query in enumerate(queries):
        steps = _steps(query, columns)
        scores = _best_scores(steps, widths)
        both = _tail(steps, widths, scores).reshape(2, -1).min(axis=0)
        p[i] = both * (2 - both)  # 1 - (1 - p)**2 without loss of small p
    return TomtomResult(p, p * len(collection))


def _steps(query: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Scores of each query column with each target column in whole steps, (w, columns)."""
    squares = (query**2).sum(axis=1)[:, None] + (columns**2).sum(axis=1)
    squares -= 2 * query @ columns.T
    score = -np.sqrt(np.maximum(squares, 0, out=squares))
    score -= np.median(score, axis=1, keepdims=True)
    span = score.max() - score.min()
    return np.rint(score * (STEPS / (span or 1))).astype(np.int32)


def _best_scores(steps: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """The highest sum over the offsets of each target, (targets,)."""
    w = len(steps)
    # As in `closest_motifs`, gaps of w - 1 separate the targets, so that each window is one
    # alignment. Each query column has its own scores, so there is no product of matrices.
    strip = np.zeros((w, steps.shape[1] + (w - 1) * (len(widths) + 1)), dtype=steps.dtype)
    target = np.repeat(np.arange(len(widths)), widths)
    strip[:, np.arange(len(target)) + (w - 1) * (target + 1)] = steps
    sums = np.zeros(strip.shape[1] - w + 1, dtype=steps.dtype)
    for k in range(w):
        sums += strip[k, k : k + len(sums)]
    ways = widths + w - 1
    return np.maximum.reduceat(sums, np.cumsum(ways) - ways)


def _tail(steps: np.ndarray, widths: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Probability that the best offset of a random target scores at least `scores`."""
    w = len(steps)
    low = np.minimum(steps.min(axis=1), 0).sum()
    size = np.maximum(steps.max(axis=1), 0).sum() - low + 1
    pmfs = [np.bincount(row - row.min()) / len(row) for row in steps]
    log_below = {}  # for each run [i, j) and each sum from `low`: log probability of less
    for i in range(w):
        pmf, first = np.ones(1), 0
        for j in range(i, w):
            pmf, first = np.convolve(pmf, pmfs[j]), first + steps[j].min()
            at_least = np.zeros(size)  # below `first` too: the best score is never lower
            span = slice(first - low, first - low + len(pmf))
            at_least[span] = np.cumsum(pmf[::-1])[::-1].clip(max=1)
            with np.errstate(divide="ignore"):  # log 0 for a certain sum
                log_below[i, j + 1] = np.log1p(-at_least)
    p = np.empty(len(scores))
    for width in set(widths.tolist()):
        runs = [(max(o, 0), min(o + width, w)) for o in range(1 - width, w)]
        log_below_all = np.sum([log_below[run] for run in runs], axis=0)
        members = widths == width
        p[members] = -np.expm1(log_below_all[scores[members] - low])
    return p
