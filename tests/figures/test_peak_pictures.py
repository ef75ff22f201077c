"""The window on its contig, and distances from summits: places against the numbers given."""

from __future__ import annotations

import re

import numpy as np
import pytest
from drawn import same_words_and_areas, untidy

from motiflab.figures import distances_chart, distances_text, window_svg

CALL = {
    "bases": 1000,
    "peak": (400, 560, 460),
    "window": (360, 560),
    "avoid": {"N": (0, 200), "blacklist": (640, 720)},
    "letters": "A" * 100 + "C" + "G" * 99,
    "words": "A window.",
    "uid": "w",
}


def test_bars_lie_over_their_bases():
    svg = window_svg(**CALL)
    bars = [
        tuple(map(float, bar))
        for bar in re.findall(r'<rect x="([\d.]+)" y="\S+" width="([\d.]+)"', svg)
    ]
    unit = (588 - 84 - 24) / 1000
    wanted = [(0, 1000), (0, 200), (640, 720), (400, 560), (360, 560)]
    np.testing.assert_allclose(
        bars, [(84 + a * unit, (b - a) * unit) for a, b in wanted], atol=0.06
    )
    (summit,) = re.findall(r'd="M([\d.]+) 84V132"', svg)
    assert float(summit) == pytest.approx(84 + 460.5 * unit, abs=0.06)


def test_letters_stand_around_base_half_of_the_length():
    svg = window_svg(**CALL)
    row = re.findall(r">([ACGT])</text>", svg)
    assert "".join(row) == "A" * 10 + "C" + "G" * 10
    (middle,) = re.findall(r'<text x="([\d.]+)"[^>]*>C</text>', svg)
    assert re.findall(r'<text x="([\d.]+)"[^>]*>summit</text>', svg) == [middle]
    short = re.findall(r">([ACGT])</text>", window_svg(**(CALL | {"letters": "AACG"})))
    assert "".join(short) == "AACG"
    assert not re.findall(r">([ACGT])</text>", window_svg(**(CALL | {"letters": ""})))


def test_distances_are_counted_in_steps_of_ten_bases():
    away = np.random.default_rng(0).normal(0, 40, 300).clip(-99, 99)
    (trace,) = distances_chart(away, 200).data
    for middle, count in zip(trace["x"], trace["y"]):
        assert count == sum(middle - 5 <= d < middle + 5 for d in away)
    assert sum(trace["y"]) == 300 and len(trace["x"]) == 20
    assert distances_chart([], 77).data[0]["y"].sum() == 0
    assert distances_chart([-38, 38], 77).data[0]["y"].sum() == 2


def test_distances_in_words():
    assert distances_text([-30, 25, 1], reach=25) == (
        "2 of 3 hits lie within 25 bases of the summit; half of them within 25."
    )
    assert distances_text([]) == "There are no hits."


def test_a_narrow_card_gets_the_same_bars_and_letters():
    narrow, wide = (window_svg(**CALL, narrow=n) for n in (True, False))
    assert untidy(narrow) == [] and same_words_and_areas(narrow, wide)
    assert re.findall(r">([ACGT])</text>", narrow) == re.findall(r">([ACGT])</text>", wide)
    starts = [float(x) for x in re.findall(r'<rect x="([\d.]+)"', narrow)]
    np.testing.assert_allclose(starts, [60 + 0.25 * at for at in (0, 0, 640, 400, 360)], atol=0.06)


@pytest.mark.parametrize("narrow", [False, True])
def test_a_window_that_begins_before_the_contig_does_not_cover_its_name(narrow):
    svg = window_svg(**CALL | {"window": (-200, 201)}, narrow=narrow)
    name = float(re.search(r'<text x="(\d+)"[^>]*>window<', svg)[1])
    (bar,) = re.findall(r'<rect x="([\d.]+)" y="115" width="([\d.]+)"', svg)
    left, width = map(float, bar)
    assert left > name
    assert left + width == pytest.approx(name + 10 + 201 * (0.25 if narrow else 0.48), abs=0.1)
