"""Captions are HTML, titles are text, and a chart has a description."""

from __future__ import annotations

import re

from motiflab.figures import captioned, unseen
from motiflab.figures.chart_parts import Series, axis, curves_chart
from motiflab.figures.logo import logo_svg
from motiflab.widgets import curves, titled_logo


def test_a_caption_is_html_and_a_title_is_text():
    assert captioned("<b>W</b>", "<svg/>") == "<div class='motiflab-caption'><b>W</b></div><svg/>"
    logo = titled_logo([[1, 0, 0, 0]], "bits", title="A < C & 'G'", uid="u", height=90)
    caption, picture = re.fullmatch("(<div.*?</div>)(<svg.*)", logo, re.DOTALL).groups()
    assert caption == "<div class='motiflab-caption'><b>A &lt; C &amp; 'G'</b></div>"
    assert picture == logo_svg([[1, 0, 0, 0]], title="A < C & 'G'", uid="u", height=90)


def test_a_background_reaches_the_logo():
    q = [0.1, 0.4, 0.4, 0.1]
    logo = titled_logo([[0.7, 0.1, 0.1, 0.1]], "bits", q, title="A", uid="u")
    assert logo.endswith(logo_svg([[0.7, 0.1, 0.1, 0.1]], "bits", q, title="A", uid="u"))


def test_an_unseen_table_is_hidden_by_the_style_sheet_only():
    assert unseen("<table></table>") == "<div class='motiflab-unseen'><table></table></div>"


def test_curves_are_drawn_and_said_at_the_same_place():
    one = Series("line 0.5", [0, 1], [0, 1], mark=0.5)
    x, y = axis("x", (0, 1)), axis("y", (0, 1))
    chart = curves([one], "A line", x, y, place="x = 0.5", now=0.5, height=200)
    assert chart.text == "A line. At x = 0.5: line 0.5."
    assert chart.figure == curves_chart([one], "A line", x, y, now=0.5, height=200)
