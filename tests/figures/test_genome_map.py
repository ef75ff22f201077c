"""The picture of a genome: a stroke for every hit, a box and a label for every site."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from drawn import same_words_and_areas, untidy

from motiflab.figures import GenomeMap, genome_svg

SHOWN = GenomeMap(
    length=10_000,
    width=20,
    hits=[1_000, 4_010, 4_060, 8_000, 8_001],
    sites={"A": 4_010, "B": 4_100},
    left="B",
    windows=((4_000, 4_200),),
)


def test_hits_and_sites_are_drawn_and_said():
    root = ElementTree.fromstring(genome_svg(SHOWN, "g"))
    svg = "{http://www.w3.org/2000/svg}"
    said = root.find(f"{svg}desc").text
    assert said == (
        "A at 4010: found; B at 4100: left out, not found. 3 hits lie outside of the enlarged "
        "windows."
    )
    texts = [node.text for node in root.iter(f"{svg}text")]
    assert texts.count("hit") == texts.count("missed") == texts.count("left out") == 1
    assert "5 hits in 10,000 bases" in texts and {"A", "B", "4,000", "4,200"} <= {*texts}
    # One stroke for each place that can be told apart: 8,000 and 8,001 are less than a pixel apart.
    strokes = next(d for d in (n.get("d") for n in root.iter(f"{svg}path")) if d.count("v-14"))
    places = [int(x) for x in re.findall(r"M(\d+) ", strokes)]
    assert places == [62, 237, 239, 468]
    boxes = [node for node in root.iter(f"{svg}rect") if node.get("height") == "16"]
    left_ends = [float(node.get("x")) for node in boxes]
    # 200 bases on 580 pixels from 4 on: the other hit first, then A and B.
    assert left_ends == [4 + 2.9 * start for start in (60, 10, 100)]
    assert [node.get("fill") == "none" for node in boxes] == [False, False, True]
    assert [node.get("stroke-width") for node in boxes] == [None, None, "3"]


def test_only_hits_that_lie_wholly_in_a_window_are_in_it():
    assert SHOWN.within((4_010, 4_080)) == [4_010, 4_060]
    assert SHOWN.within((4_011, 4_079)) == []


@pytest.mark.parametrize("left", ["A", "C", ""])
def test_windows_lie_below_each_other_in_a_narrow_card(left):
    sites = {"A": 4_050, "B": 4_130, "C": 6_050}
    shown = GenomeMap(10_000, 20, [6_050], sites, left, ((4_000, 4_200), (6_000, 6_200)))
    narrow, wide = (genome_svg(shown, "g", narrow=n) for n in (True, False))
    assert untidy(narrow) == [] and same_words_and_areas(narrow, wide)
    boxes = re.findall(r'<rect x="([\d.]+)" y="(\d+)" width="([\d.]+)" height="16"', narrow)
    (x, y, width), (further, same, _), (x_below, below, _) = [map(float, box) for box in boxes]
    assert same == y and x_below == x and below > y + 2 * 16
    assert (further - x, width) == pytest.approx((80 * 310 / 200, 31))
    # The words of the first window end above the name in the second, and those in the picture.
    texts = re.findall(r'<text [^>]*y="([\d.]+)"[^>]*>([^<]+)</', narrow)
    lines = {words: float(y) for y, words in texts}
    foot = float(re.search(r'0 0 330 (\d+)"', narrow)[1])
    assert lines["missed"] == lines["4,000"] < lines["C"] - 11 < lines["hit"] == below + 30
    assert lines["hit"] == lines["6,000"] < foot - 3
    if left:
        assert lines["left out"] < (lines["C"] - 11 if left == "A" else foot - 3)
    # The line from the genome passes the first window on its right.
    (beside,) = re.findall(rf"L([\d.]+) 60V{below + 8:g}H314", narrow)
    assert float(beside) > 314
