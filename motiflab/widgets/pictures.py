"""Pictures of a card with captions and descriptions: curves, logos, and frames for others."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from motiflab.figures import Series, captioned, curves_chart, curves_text, logo_svg
from motiflab.widgets.chart import Chart


def scrolled(picture: str) -> str:
    """Let a narrow page scroll a picture, so that its letters stay large enough to read."""
    return f"<div style='overflow-x:auto'>{picture}</div>"


def titled_logo(
    matrix: Any, kind: str, background: Any = None, *, title: str, uid: str, **look: Any
) -> str:
    """Draw a logo under its title, in bold.

    Parameters
    ----------
    matrix, kind, background, uid, **look
        As for `motiflab.figures.logo.logo_svg`.
    title : str
        Any text; it is escaped.
    """
    return captioned(
        f"<b>{escape(title, quote=False)}</b>",
        logo_svg(matrix, kind, background, title=title, uid=uid, **look),
    )


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
