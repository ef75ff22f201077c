"""Pictures of one update of a filter: the addition of matrices, and the resulting motif."""

from __future__ import annotations

from functools import partial
from html import escape

import numpy as np

from motiflab.figures.heatmap import heatmap_svg, heatmap_table
from motiflab.figures.logo import logo_svg
from motiflab.figures.svg import fitted
from motiflab.figures.tables import captioned, unseen
from motiflab.motifs import Alignment, Motif, information, motif_from_weights
from motiflab.sequences.alphabet import BASES

_FLAT = 0.05  # bits: a logo without a column above this shows no letters


def change_html(after: np.ndarray, window: np.ndarray, update: int, limit: float, uid: str) -> str:
    """Draw the filter after an update as colours, with a frame where the update changed it.

    Parameters
    ----------
    after, window, update, limit, uid
        As for `addition_html`.

    Examples
    --------
    >>> html = change_html(np.eye(4)[:2], np.eye(4)[:2], 7, 1.0, "u")
    >>> "W after update 7" in html, "The window reads AC." in html
    (True, True)
    """
    read = window.argmax(axis=1)
    words = (
        f"W after update {update}; framed: the weights it changed, at the bases of the winning "
        "window"
    )
    draw = partial(
        heatmap_svg,
        after.T,
        list(BASES),
        [BASES[c] for c in read],
        title=words,
        description=f"The window reads {''.join(BASES[c] for c in read)}.",
        limit=limit,
        digits=-1,
        marked={(int(c), k) for k, c in enumerate(read)},
        cell=(29, 12.5),
    )
    return captioned(escape(words), fitted(draw, uid))


def addition_html(
    before: np.ndarray, after: np.ndarray, window: np.ndarray, update: int, limit: float, uid: str
) -> str:
    """Draw an update as an addition of matrices: before, change, after.

    Parameters
    ----------
    before, after : ndarray, shape (K, 4)
        The filter before and after the update.
    window : ndarray, shape (K, 4)
        One-hot of the winning window; its bases are written over the columns.
    update : int
        Number of the update.
    limit : float
        The weight that gets the full colour.
    uid : str
        A letter, then letters, digits and hyphens; different for each picture on a page.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> html = addition_html(np.zeros((2, 4)), np.eye(4)[:2] / 10, np.eye(4)[:2], 7, 1.0, "u")
    >>> html.count("<svg"), "bases of the winning window, AC" in html
    (3, True)
    """
    added, read = after - before, window.argmax(axis=1)
    bases = [BASES[c] for c in read]
    numbers = [str(k) for k in range(len(window))]
    seen = {(int(c), k) for k, c in enumerate(read)}
    only = f"only at the bases of the winning window, {''.join(bases)}"
    parts = [
        (f"W before update {update}", before, numbers, limit, 2, set()),
        # The change is small, so it has its own scale and one more digit.
        (f"+ what update {update} adds: {only}", added, bases, None, 3, seen),
        (f"= W after update {update}", after, numbers, limit, 2, seen),
    ]
    drawn = "".join(
        captioned(
            escape(words),
            fitted(
                partial(
                    heatmap_svg,
                    matrix.T,
                    list(BASES),
                    columns,
                    title=words,
                    description=f"{words}; numbers up to {np.abs(matrix).max():.3f} in size.",
                    limit=reach,
                    digits=digits,
                    marked=marked,
                    cell=(42, 17),
                ),
                f"{uid}{i}",
            ),
        )
        for i, (words, matrix, columns, reach, digits, marked) in enumerate(parts)
    )
    return drawn + unseen(heatmap_table(after.T, list(BASES), numbers, f"W after update {update}"))


def likeness_html(
    weights: np.ndarray, motif: Motif, alignment: Alignment, update: int, uid: str
) -> str:
    """Draw the filter as a logo, beside the motif in its best alignment.

    Parameters
    ----------
    weights : ndarray, shape (K, 4)
        The filter; its logo shows the softmax, in bits.
    motif : Motif
        The motif to learn; columns beyond the filter are cut off.
    alignment : Alignment
        Alignment of the motif with the filter.
    update : int
        Number of the update.
    uid : str
        As for `addition_html`.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> from motiflab.motifs import similarity
    >>> box = Motif("box", [[9, 0, 0, 0], [0, 9, 0, 0]])
    >>> weights = np.array([[3.0, 0, 0, 0], [0, 3, 0, 0], [0, 0, 0, 0]])
    >>> found = similarity(motif_from_weights(weights), box)
    >>> "box where it fits best" in likeness_html(weights, box, found, 1, "u")
    True
    """
    # The motif is placed on the columns of the filter; where it has none, no base is preferred.
    learned = motif_from_weights(weights).probabilities()
    under = np.full(learned.shape, 0.25)
    ppm = (motif if alignment.strand == "+" else motif.reverse_complement()).probabilities()
    columns = np.arange(len(ppm)) + alignment.offset
    inside = (columns >= 0) & (columns < len(under))
    under[columns[inside]] = ppm[inside]
    turned = "" if alignment.strand == "+" else " (reverse complement)"
    fit = f"{motif.name}{turned} where it fits best: similarity {alignment.similarity:.2f}"
    shown = "softmax of W" if information(learned).max() >= _FLAT else "nearly flat"
    pictures = [
        (f"The filter after update {update} ({shown})", learned),
        (fit, under),
    ]
    drawn = "".join(
        "<div>"
        + captioned(
            escape(words),
            logo_svg(
                matrix, title=words, uid=f"{uid}{i}", height=92, first=0, column=_column(weights)
            ),
        )
        + "</div>"
        for i, (words, matrix) in enumerate(pictures)
    )
    grid = "display:grid;gap:4px 10px;grid-template-columns:repeat(auto-fit,minmax(280px,1fr))"
    return f"<div style='{grid}'>{drawn}</div>"


def centred_html(weights: np.ndarray, update: int, limit: float, uid: str) -> str:
    """Draw the logo of a filter, each weight minus the mean of its position.

    This does not change the softmax of each position.

    Parameters
    ----------
    weights, update, uid
        As for `likeness_html`.
    limit : float
        End of the axis of the weights.

    Examples
    --------
    >>> "minus the mean" in centred_html(np.eye(4), 1, 4.0, "u")
    True
    """
    words = f"W after update {update}, minus the mean of each position"
    centred = weights - weights.mean(axis=1, keepdims=True)
    logo = logo_svg(centred, "signed", title=words, uid=uid, height=125, limit=limit, first=0)
    return captioned(escape(words), logo)


def _column(weights: np.ndarray) -> float:
    """Pixels for a position, so that two logos stand side by side."""
    return min(18.0, 240 / len(weights))
