"""A printable sequence logo, drawn by logomaker."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from motiflab.figures.logo import axis_range, letter_heights
from motiflab.figures.style import BASE_COLOURS
from motiflab.motifs import Motif
from motiflab.quoting import quoted
from motiflab.sequences import BASES

SUFFIXES = (".svg", ".pdf", ".png")


def logo_bytes(motif: Motif | np.ndarray, suffix: str, background=None) -> bytes:
    """A logo in bits as the content of an SVG, PDF or PNG file.

    Parameters
    ----------
    motif : Motif or array_like of shape (w, 4)
        A motif, or a PPM in the order A, C, G, T; the columns of a `DataFrame` are taken by their
        labels.
    suffix : {".svg", ".pdf", ".png"}
        A PNG has 300 dots an inch.
    background : array_like, shape (4,), optional
        Background of the information content; uniform if not given.

    Raises
    ------
    ValueError
        For another suffix, or a matrix that is no PPM.

    Examples
    --------
    >>> logo_bytes([[1, 0, 0, 0], [0, 0.5, 0.5, 0]], ".png")[1:4]
    b'PNG'
    """
    if suffix not in SUFFIXES:
        raise ValueError(f"suffix must be one of {', '.join(SUFFIXES)}, got {quoted(suffix)}.")
    heights = letter_heights(motif, background=background)
    top, _, ticks, unit = axis_range(heights, "bits", background)

    import logomaker
    import pandas as pd
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    # A figure of its own: pyplot, which keeps figures and picks a window system, is not asked.
    figure = Figure(figsize=(0.6 + 0.28 * len(heights), 1.8))
    FigureCanvasAgg(figure)
    axes = figure.add_axes(
        (0.45 / figure.get_figwidth(), 0.14, 1 - 0.5 / figure.get_figwidth(), 0.81)
    )
    table = pd.DataFrame(heights, columns=list(BASES), index=range(1, len(heights) + 1))
    logomaker.Logo(table, ax=axes, color_scheme=BASE_COLOURS, show_spines=False)
    axes.spines["left"].set_visible(True)
    axes.set(ylim=(0, top), yticks=ticks, ylabel=unit, xticks=table.index)
    axes.tick_params(axis="x", length=0, labelsize=7)
    file = io.BytesIO()
    figure.savefig(file, format=suffix[1:], dpi=300)
    return file.getvalue()


def save_logo(motif: Motif | np.ndarray, path: str | Path, background=None) -> Path:
    """Save a logo in bits as an SVG, PDF or PNG file, by the suffix of its name.

    Parameters
    ----------
    motif, background
        As for `logo_bytes`.
    path : str or Path
        Ends in ``.svg``, ``.pdf`` or ``.png``, in either case; an older file is replaced.

    Returns
    -------
    Path
        Where the logo was saved.

    Raises
    ------
    ValueError
        As for `logo_bytes`.
    """
    path = Path(path)
    path.write_bytes(logo_bytes(motif, path.suffix.lower(), background))
    return path
