"""Pictures that a narrow card shows in rows of 30 positions: nothing is lost or moved at a fold."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from drawn import drawn_letters, same_words_and_areas, untidy

from motiflab.figures import (
    BoardLine,
    Lane,
    Places,
    board_svg,
    contribution_map_svg,
    heatmap_svg,
    places_svg,
    saliency_map_svg,
    seqlet_map_svg,
)
from motiflab.figures.svg import rows_of
from motiflab.sequences import one_hot

SVG = "{http://www.w3.org/2000/svg}"
LENGTH = 47
SEQUENCE = "".join(np.random.default_rng(3).choice(list("ACGT"), LENGTH))
HEIGHTS = np.random.default_rng(4).uniform(0.5, 1, LENGTH)
ENDS = [(0, 6), (27, 34), (41, LENGTH)]  # the second goes on in the next row


def saliency(spans, narrow):
    return saliency_map_svg(
        one_hot(SEQUENCE) * HEIGHTS[:, None],
        SEQUENCE,
        HEIGHTS,
        [Lane(0, *span, 1.0, True, "+ v 1.00") for span in spans],
        spans,
        1.0,
        unit="S",
        title="A map",
        description="In words.",
        uid="u",
        columns=LENGTH,
        marked=30,
        narrow=narrow,
    )


def contributions(spans, narrow):
    words = "z", "A map", "In words.", "u"
    return contribution_map_svg(HEIGHTS, SEQUENCE, (-1.0, 1.0), *words, spans[0], spans, narrow)


def seqlets(spans, narrow):
    heights = one_hot(SEQUENCE) * HEIGHTS[:, None]
    boxes, sites = ([(*span, what) for span in spans] for what in (1.5, "GATA2"))
    return seqlet_map_svg(heights, boxes, sites, (-1, 1), "A map", "u", narrow)


def places(spans, narrow):
    chance = np.full((1, LENGTH - 4), 1 / (LENGTH - 4))
    rows = [Places(name, SEQUENCE, chance, 5, tuple(spans)) for name in "12"]
    return places_svg(rows, "u", narrow)


MAPS = [saliency, contributions, seqlets]


def test_a_row_ends_after_30_positions():
    assert rows_of(30, narrow=True) == [range(30)]
    assert [len(row) for row in rows_of(61, narrow=True)] == [30, 30, 1]
    assert rows_of(61, narrow=False) == [range(61)]


@pytest.mark.parametrize("draw", [*MAPS, places])
@pytest.mark.parametrize("span", [*ENDS, (29, 36), (24, 31)])
def test_words_stay_in_the_picture_and_apart(draw, span):
    narrow, wide = (draw([span], narrow) for narrow in (True, False))
    assert untidy(narrow) == [] and same_words_and_areas(narrow, wide)
    # A span that goes on in the next row has its words once.
    assert [text_of(narrow).count(words) for words in ("planted", "GATA2", "sum")] == [
        text_of(wide).count(words) for words in ("planted", "GATA2", "sum")
    ]


def text_of(svg: str) -> str:
    return " ".join(text.text or "" for text in ET.fromstring(svg).iter(SVG + "text"))


@pytest.mark.parametrize("draw", MAPS)
def test_letters_keep_their_heights_and_stand_below_each_other(draw):
    root = ET.fromstring(draw(ENDS, narrow=True))
    # Each row has a group of letters of its own.
    groups = [g for g in root.iter(SVG + "g") if any(e.get("data-letter") for e in g)]
    rows = [drawn_letters(alone(group)) for group in groups]
    wide = drawn_letters(ET.fromstring(draw(ENDS, narrow=False)))
    assert [len(row) for row in rows] == [30, LENGTH - 30]
    ratios = []
    for row, start in zip(rows, (0, 30), strict=True):
        columns = sorted(row)
        assert "".join(letter[1] for letter in columns) == SEQUENCE[start:][:30]
        same = sorted(wide)[start:][:30]
        ratios += [(a.high - a.low) / (b.high - b.low) for a, b in zip(columns, same)]
    np.testing.assert_allclose(ratios, ratios[0], rtol=0.02)
    first, below = (next(letter.left for letter in sorted(row)) for row in rows)
    assert first == pytest.approx(below, abs=1)


def alone(group: ET.Element) -> ET.Element:
    root = ET.Element(SVG + "svg")
    root.append(group)
    return root


@pytest.mark.parametrize("draw", [saliency, contributions])
def test_each_position_can_be_pressed_where_it_stands(draw):
    svg = draw(ENDS, narrow=True)
    found = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)"[^>]*data-drag="\w+=(\d+)"', svg)
    assert len(found) == LENGTH
    x, y = (np.array([float(one[n]) for one in found]) for n in (0, 1))
    np.testing.assert_allclose(x, 66 + 8.6 * (np.arange(LENGTH) % 30), atol=0.1)
    assert set(y[:30]) == {y[0]} and set(y[30:]) == {y[-1]} and y[-1] > y[0]


def test_a_planted_site_is_underlined_in_both_rows():
    lines = re.findall(r'd="M([\d.]+) ([\d.]+)H([\d.]+)" [^>]*stroke-width="2"', places(ENDS, True))
    unit = (330 - 20 - 82) / 30
    parts = [(0, 6), (27, 30), (0, 4), (11, 17)] * 2  # of both sequences, line by line
    ends = [((float(a) - 20) / unit, (float(b) - 20) / unit) for a, _, b in lines]
    np.testing.assert_allclose(ends, parts, atol=0.02)
    assert len({y for _, y, _ in lines}) == 4


def test_a_sequence_is_written_once_line_by_line():
    texts = re.findall(r'<text x="([^"]+)" y="([\d.]+)" fill="[^"]+">(\w+)<', places(ENDS, True))
    letters = [
        (float(y), float(x), base) for xs, y, all_ in texts for x, base in zip(xs.split(), all_)
    ]
    assert "".join(base for *_, base in sorted(letters)) == 2 * SEQUENCE
    assert max(x for _, x, _ in letters) < 330 - 82
    # The second line says where it begins.
    begin = re.findall(r'<text x="0" y="[\d.]+"[^>]*>(\w+)<', places(ENDS, True))
    assert begin == ["1", "30", "2", "30"]


def test_cells_without_numbers_go_on_in_the_next_row():
    effects = np.random.default_rng(5).normal(size=(4, LENGTH))
    choose = {(c, i): f"changes={i}{c}" for c in range(4) for i in range(LENGTH)}
    names = list("ACGT"), list(SEQUENCE), "A map", "In words.", "u"
    look = {"digits": -1, "marked": [(1, 30)], "cell": (9.4, 17), "choose": choose}
    narrow, wide = (heatmap_svg(effects, *names, **look, narrow=n) for n in (True, False))
    assert untidy(narrow) == [] and same_words_and_areas(narrow, wide)
    found = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)"[^>]*data-choose="changes=(\d+)"', narrow)
    places = {words: (float(x), float(y)) for x, y, words in found}
    for c in range(4):
        for i in range(30, LENGTH):
            x, y = places[f"{i - 30}{c}"]
            assert places[f"{i}{c}"] == pytest.approx((x, y + 18 + 4 * 17 + 6), abs=0.1)
    frame = re.search(r'd="M([\d.]+) ([\d.]+)[^"]*" stroke="[^"]*" stroke-width="2"', narrow)
    assert tuple(map(float, frame.groups())) == pytest.approx(places["301"], abs=0.1)
    assert text_of(narrow).count("A") == text_of(wide).count("A") + 1  # the name of the row


def test_as_many_columns_stand_in_a_row_as_their_numbers_have_room():
    weights = np.full((4, 19), -0.05)
    names = list("ACGT"), list(map(str, range(19))), "W", "In words.", "u"
    look = {"digits": 2, "cell": (42, 17)}
    narrow, wide = (heatmap_svg(weights, *names, **look, narrow=n) for n in (True, False))
    assert untidy(narrow) == []
    assert text_of(narrow).count("−0.05") == text_of(wide).count("−0.05") == 4 * 19


@pytest.mark.parametrize("least", [0.0, 0.4, 0.5])
def test_the_words_of_a_board_stand_over_their_bars(least):
    names = "Best possible", "The same, tested anew", "A name that is longer than there is room"
    lines = [BoardLine(name, 0.7, 0.5, 0.9, kind="guess") for name in names]
    narrow, wide = (board_svg(lines, "A board", "u", least, narrow=n) for n in (True, False))
    assert untidy(narrow) == untidy(wide)[1:] == [] and same_words_and_areas(narrow, wide)
    assert text_of(narrow) == text_of(wide)
    points = [float(y) for y in re.findall(r'<circle [^>]*cy="([\d.]+)"', narrow)]
    words = re.findall(r'<text x="0" y="([\d.]+)">', narrow)
    assert [float(y) < point - 6 for y, point in zip(words, points, strict=True)] == [True] * 3
