"""A feature map, its pooling windows and the pooled map: what pictures of them show, and tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motiflab.pooling import winners
from motiflab.shifts import SAME


@dataclass(frozen=True, eq=False)
class PooledMap:
    """One sequence, what a filter makes of it, and what pooling makes of that.

    Attributes
    ----------
    letters : str
        The sequence; any other character than a base stands for a column of zeros.
    site : tuple of int
        First (inclusive) and last (exclusive) base of the motif; it may hang over an end.
    width, stride, padding : int
        ``K``, ``S`` and ``P`` of the filter.
    y : ndarray, shape (M,)
        The feature map.
    window, step : int
        Of the pooling.
    kind : str
        Of the pooling, as in `motiflab.pooling.pool`.
    pooled : ndarray, shape (N,)
    limits, pooled_limits : tuple of float
        Ends of the axes of the two maps.
    before : ndarray, shape (N,), optional
        The pooled map to compare with.
    gradient : ndarray, shape (M,), optional
        What reaches each position of the map if each pooled number is sent a gradient of 1.
    """

    letters: str
    site: tuple[int, int]
    width: int
    stride: int
    padding: int
    y: np.ndarray
    window: int
    step: int
    kind: str
    pooled: np.ndarray
    limits: tuple[float, float]
    pooled_limits: tuple[float, float]
    before: np.ndarray | None = None
    gradient: np.ndarray | None = None

    @property
    def winners(self) -> np.ndarray:
        """Position in the map of each window's maximum; none if the pooling has no winners."""
        has = self.kind == "max"
        return winners(self.y, self.window, self.step) if has else np.empty(0, dtype=int)

    @property
    def used(self) -> np.ndarray:
        """Which positions of the map lie in a window, shape (M,)."""
        starts = np.arange(len(self.pooled)) * self.step
        used = np.zeros(len(self.y), dtype=bool)
        used[(starts[:, None] + np.arange(self.window)).ravel()] = True
        return used


def pooled_map_table(picture: PooledMap) -> str:
    """Write the pooled map as an HTML table: windows, winners, numbers and their change.

    >>> y = np.array([0.0, 3.0, 1.0, 0.0])
    >>> picture = PooledMap("ACATA", (1, 3), 2, 1, 0, y, 2, 2, "max", y[[1, 2]], (0, 3), (0, 3))
    >>> "<th scope='row'>winner m</th><td>1</td><td>2</td>" in pooled_map_table(picture)
    True
    """
    count = len(picture.pooled)
    starts = np.arange(count) * picture.step
    rows = [("positions m", [f"{s}–{s + picture.window - 1}" for s in starts])]
    if picture.kind == "max":
        rows.append(("winner m", list(map(str, picture.winners))))
    rows.append(("p[n]", [number(p, 2) for p in picture.pooled]))
    if picture.before is not None:
        rows.append(("before the shift", [number(p, 2) for p in picture.before]))
        change = picture.pooled - picture.before
        rows.append(("change", ["0" if abs(d) <= SAME else number(d, 2, "+") for d in change]))
    head = "".join(f"<th scope='col'>{n}</th>" for n in range(count))
    body = "".join(
        f"<tr><th scope='row'>{name}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        for name, cells in rows
    )
    return (
        "<div class='motiflab-table'><table><caption>The pooled map, window by window; positions "
        f"of the map count from 0, both ends included</caption><tr><th scope='col'>window n</th>"
        f"{head}</tr>{body}</table></div>"
    )


def pooled_map_words(picture: PooledMap) -> str:
    """Say what a picture of it shows.

    >>> y = np.array([0.0, 3.0, 1.0, 0.0])
    >>> picture = PooledMap("ACATA", (1, 3), 2, 1, 0, y, 2, 2, "max", y[[1, 2]], (0, 3), (0, 3))
    >>> pooled_map_words(picture)
    '4 scores, pooled by windows of 2, one every 2, to 2 numbers: 3.0, 1.0.'
    """
    words = ", ".join(number(p, 1) for p in picture.pooled)
    said = [
        f"{len(picture.y)} scores, pooled by windows of {picture.window}, one every "
        f"{picture.step}, to {len(picture.pooled)} numbers: {words}."
    ]
    if picture.before is not None:
        changed = int((np.abs(picture.pooled - picture.before) > SAME).sum())
        said.append(f"{changed} of them changed with the shift.")
    if picture.gradient is not None:
        said.append(f"The gradient reaches {int((picture.gradient != 0).sum())} of the scores.")
    return " ".join(said)


def number(value: float, digits: int | None, sign: str = "") -> str:
    """Write a number with a true minus sign; without `digits`, as short as can be.

    >>> number(-0.5, 2), number(-0.5, None), number(1, 1, "+")
    ('−0.50', '−0.5', '+1.0')
    """
    text = f"{value:g}" if digits is None else f"{value:{sign}.{digits}f}"
    return text.replace("-", "−")
