"""Pictures of a card with captions and descriptions: curves, logos, and frames for others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from html import escape
from typing import Any

from motiflab.figures import Series, captioned, curves_chart, curves_text, fitted, logo_svg
from motiflab.widgets.chart import Chart


def titled_logo(
    matrix: Any, kind: str, background: Any = None, *, title: str, uid: str, **look: Any
) -> str:
    """Draw a logo under its title, in bold, and again if it is too wide for a narrow card.

    Parameters
    ----------
    matrix, kind, background, uid, **look
        As for `motiflab.figures.logo.logo_svg`.
    title : str
        Any text; it is escaped.
    """
    draw = partial(logo_svg, matrix, kind, background, title=title, **look)
    return captioned(f"<b>{escape(title, quote=False)}</b>", fitted(draw, uid))


def side_by_side(parts: Iterable[str]) -> str:
    """Put pictures side by side, or below each other where there is no room for two.

    >>> side_by_side(["<svg></svg>"]).count("<div")
    2
    """
    columns = "".join(f"<div style='flex:1 1 260px;min-width:0'>{part}</div>" for part in parts)
    return f"<div style='display:flex;flex-wrap:wrap;gap:8px 12px;align-items:end'>{columns}</div>"


def curves(
    series: Sequence[Series],
    title: str,
    x_axis: dict,
    y_axis: dict,
    *,
    place: str,
    now: float | None = None,
    **look: Any,
) -> Chart:
    """Draw curves with a mark at the current value of a control, and say the same in words.

    Parameters
    ----------
    series, title, x_axis, y_axis, now, **look
        As for `motiflab.figures.chart_parts.curves_chart`.
    place : str
        The marked place, such as "z = 1.0".
    """
    figure = curves_chart(series, title, x_axis, y_axis, now, **look)
    return Chart(figure, curves_text(series, title, place))
