"""AUROC by receptive field as a chart, and what a second-layer filter reads as a heat map."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np

from motiflab.figures import grammar_pictures
from motiflab.interpretation.filters_as_motifs import Reading
from motiflab.layers.receptive_fields import Grammar, Stack

CONTRIBUTIONS = np.zeros((12, 3))
CONTRIBUTIONS[[4, 1], [0, 2]] = 3.0, -2.0
CONTRIBUTIONS[5:12, 1] = 0.5
READING = Reading(2, 0.9, CONTRIBUTIONS, 0.5, 5.0, np.array([0, 4, 8]))
NAMES = [f"{'AB'[f % 2]}, filter {f + 1}" for f in range(12)]


def test_the_chart_shows_every_training_the_present_one_and_the_need():
    chart = grammar_pictures.field_chart([10, 30, 30], [0.51, 0.99, 0.98], needed=28, now=(18, 0.7))
    dots, now, chance, needed = chart.data
    assert list(zip(dots.x, dots.y)) == [(10, 0.51), (30, 0.99), (30, 0.98)]
    assert (now.x, now.y) == ((18,), (0.7,))
    assert needed.x == (28, 28) and chance.y == (0.5, 0.5)
    assert chart.layout.xaxis.range == (0, 50) and chart.layout.yaxis.range == (0.4, 1.02)
    assert "28 needed" in chart.layout.title.text and "now 0.70" in chart.layout.title.text


def test_a_wide_field_makes_the_axis_longer():
    assert grammar_pictures.field_chart([80], [0.9], needed=28).layout.xaxis.range == (0, 80)
    assert grammar_pictures.field_chart([], [], needed=60).layout.xaxis.range == (0, 65)


def test_the_heat_map_holds_the_filters_that_matter_most_sorted_by_name():
    svg = grammar_pictures.reading_svg(READING, NAMES, "r")
    rows = re.findall(r">([AB], filter \d+)<", svg)
    assert len(rows) == grammar_pictures.ROWS and rows == sorted(rows)
    assert {"A, filter 5", "B, filter 2"} <= set(rows)
    assert ">3.0<" in svg and ">−2.0<" in svg
    assert [f">+{offset}<" in svg for offset in (0, 4, 8)] == [True] * 3
    table = grammar_pictures.reading_table(READING, NAMES)
    assert "<th scope='row'>A, filter 5</th><td>3.00</td>" in table


def test_the_words_name_the_loudest_filter_of_each_tap():
    words = grammar_pictures.reading_text(READING, NAMES)
    assert "+0 bases A, filter 5 3.0" in words and words.startswith("Second-layer filter 3 ")


def test_the_end_of_the_bar_that_is_needed_lies_under_the_gap_to_drag():
    stack, grammar = Stack(7, 4, 5), Grammar(7, 7, 9, 11)
    root = ElementTree.fromstring(grammar_pictures.field_svg(stack, grammar, gaps=range(9, 21)))
    svg = "{http://www.w3.org/2000/svg}"
    areas = {r.get("data-drag"): r for r in root.iter(f"{svg}rect") if r.get("data-drag")}
    assert list(areas) == [f"gap_max={gap}" for gap in range(9, 21)]
    (bar,) = (r for r in root.iter(f"{svg}rect") if r.get("fill-opacity") == ".6")
    ends = [float(rect.get("x")) + float(rect.get("width")) for rect in (bar, areas["gap_max=11"])]
    assert ends[0] == ends[1]
    place = rf'<rect x="{areas["gap_max=15"].get("x")}"[^>]* data-drag="gap_max=15"/>'
    for gap in range(9, 18):  # while it is dragged
        wanted = Grammar(7, 7, 9, gap)
        field = grammar_pictures.field_svg(Stack(7, 4, 3), wanted, gaps=range(9, 21))
        assert re.search(place, field)
    assert "data-drag" not in grammar_pictures.field_svg(stack, grammar)
