"""Add a still picture and a description to a card, for saved notebooks.

An output may hold the same thing in several forms. JupyterLab with a kernel shows the widget;
GitHub, nbviewer and print show the picture. JupyterLab without a kernel looks for the widget and
finds none: there a style sheet, in a separate output, replaces the error message by the picture.
Elsewhere the style sheet has no effect.
"""

from __future__ import annotations

from IPython import get_ipython
from IPython.display import display

_AGAIN = "This is a picture of the card. To use the card, run its cell."

# A widget has elements; the message that there is no widget is only text.
_STYLE = """<style>
.jp-OutputArea-child:has(.{mark}) {{ display: none; }}
.jp-OutputArea-child:has(.{mark}) + * > .jp-OutputArea-output:not(:has(*)) {{ font-size: 0; }}
.jp-OutputArea-child:has(.{mark}) + * > .jp-OutputArea-output:not(:has(*))::before {{
  content: url("data:image/svg+xml,{svg}") / "{text}"; }}
.jp-OutputArea-child:has(.{mark}) + * > .jp-OutputArea-output:not(:has(*))::after {{
  content: "{again}"; display: block; font-size: 13px; }}
</style><span class="{mark}"></span>"""


def with_still(bundle: dict[str, object], svg: str, text: str, uid: str) -> dict[str, object]:
    """Add a picture and its description to the display data of a widget.

    In a notebook the style sheet that shows the picture in JupyterLab without a kernel is
    displayed first.

    Parameters
    ----------
    bundle : dict
        The widget by mime type.
    svg, text : str
        From `motiflab.figures.still_svg` and `motiflab.figures.still_text`.
    uid : str
        Different for every card.

    Examples
    --------
    >>> sorted(with_still({}, "<svg/>", "A card.", "one"))
    ['image/svg+xml', 'text/plain']
    """
    if get_ipython() is not None:
        style = _STYLE.format(
            mark=f"motiflab-still-{uid}", svg=_in_css(svg), text=_quoted(text), again=_AGAIN
        )
        display({"text/html": style, "text/plain": ""}, raw=True)
    return bundle | {"image/svg+xml": svg, "text/plain": text}


def _in_css(svg: str) -> str:
    """Write a picture as part of an address in a style sheet."""
    svg = svg.replace("%", "%25").replace("#", "%23").replace("<", "%3C").replace("\\", "%5C")
    return svg.replace('"', "%22").replace("\n", "%0A")


def _quoted(text: str) -> str:
    """Write a text as a string of a style sheet inside of HTML."""
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3C ")
    return text.replace("\n", "\\A ")
