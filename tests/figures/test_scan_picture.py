"""What the picture of a scan says, read back from the SVG and the table."""

from __future__ import annotations

import dataclasses
import itertools
import re

import numpy as np
import pytest
from drawn import same_words_and_areas, untidy

from motiflab.figures.numbers import short
from motiflab.figures.scan_picture import Scan, in_words, scan_svg, scan_table
from motiflab.layers.convolution import cross_correlate
from motiflab.sequences.encoding import one_hot

WEIGHTS = np.array(
    [[2, -1, 0, -1], [-1, -1, -1, 2], [-1, 1.5, 0, -1], [0, -1, 1.5, -1], [2, -1, -1, 0]]
)


def scan(sequence="ATCGATTATCGAGC", weights=WEIGHTS, bias=-1.0, options=(2, 2, 1), j=1):
    outputs = cross_correlate(one_hot(sequence), weights, bias, *options)
    return Scan(sequence, weights, tuple(range(len(weights))), bias, *options, outputs, j)


def bars(svg: str) -> list[tuple[float, float, float]]:
    """Middle, top and height of each bar of the feature map, in pixels."""
    found = re.findall(
        r'<rect x="([^"]*)" y="([^"]*)" width="([^"]*)" height="([^"]*)" rx="1.5"', svg
    )
    return [(float(x) + float(w) / 2, float(y), float(h)) for x, y, w, h in found]


def columns(svg: str) -> np.ndarray:
    """Middle of each drawn position of the sequence, padding included, in pixels."""
    boxes = re.findall(r'<rect x="([\d.]+)" y="20" width="([\d.]+)"', svg)
    return np.array([float(x) + float(w) / 2 for x, w in boxes])


def test_the_window_of_the_chapters_example():
    taps = scan().window(1)
    assert [tap.position for tap in taps] == [0, 1, 2, 3, 4]
    assert "".join(tap.base for tap in taps) == "ATCGA"
    assert [tap.adds for tap in taps] == [2, 2, 1.5, 1.5, 2]


def test_a_tap_in_the_padding_adds_nothing():
    first = scan().window(0)
    assert [(tap.position, tap.base, tap.adds) for tap in first[:2]] == [(-2, "", 0), (-1, "", 0)]
    last = scan().window(6)
    assert last[4].position == 14 and last[4].base == "" and last[4].adds == 0


@pytest.mark.parametrize("options", [(1, 0, 1), (2, 2, 1), (3, 4, 2), (1, 2, 3)])
def test_windows_add_up_to_the_outputs(options):
    drawn = scan(options=options, j=0)
    sums = [sum(tap.adds for tap in drawn.window(j)) for j in range(len(drawn.outputs))]
    np.testing.assert_allclose(np.array(sums) - 1, drawn.outputs)


def test_each_bar_stands_under_the_middle_of_its_window_and_is_as_high_as_its_output():
    drawn = scan(options=(2, 2, 1), j=1)
    svg = scan_svg(drawn, room=4)
    found, places = bars(svg), columns(svg)
    assert len(found) == len(drawn.outputs) == 7 and len(places) == 14 + 2 * 2
    for j, (middle, _, height) in enumerate(found):
        assert middle == pytest.approx(places[2 * j + 2], abs=0.2)  # the third of five taps
        assert height / found[1][2] == pytest.approx(abs(drawn.outputs[j]) / 8, abs=0.01)
    zero = found[1][1] + found[1][2]
    (dashed,) = re.findall(r'<path d="M[\d.]+ ([\d.]+)H[\d.]+" stroke-dasharray="5 4"', svg)
    ticks = dict(re.findall(r'y="([\d.]+)" text-anchor="end">([−\d]+)<', svg))
    places_of_ticks = {tick: float(y) - 4 for y, tick in ticks.items()}
    assert found[1][1] == pytest.approx(float(dashed), abs=0.2)  # a perfect match
    assert places_of_ticks == pytest.approx(
        {"8": found[1][1], "0": zero, "−6": found[4][1] + found[4][2]}, abs=0.2
    )
    for (_, top, height), y in zip(found, drawn.outputs):
        assert (top if y < 0 else top + height) == pytest.approx(zero, abs=0.2)


def test_a_line_leads_from_each_tap_to_its_base_in_the_colour_of_the_base():
    svg = scan_svg(scan(options=(1, 0, 2), j=3), room=4)
    places = columns(svg)
    lines = re.findall(r'<path d="M([\d.]+) 50V66" stroke-width="2" stroke="(#\w+)"', svg)
    np.testing.assert_allclose([float(x) for x, _ in lines], places[[3, 5, 7, 9, 11]], atol=0.2)
    colours = {"G": "#E69F00", "T": "#D55E00", "A": "#009E73", "C": "#0072B2"}
    assert [colour for _, colour in lines] == [colours[base] for base in "GTACA"]


def test_positions_and_axis_stand_still_while_the_filter_moves():
    def still(**changes):
        svg = scan_svg(scan(**changes), room=4)
        ticks = re.findall(r'<text x="47" y="(.*?)" text-anchor="end">(.*?)<', svg)
        boxes = re.findall(
            r'<rect x="([\d.]+)" y="20" width="([\d.]+)" height="30" rx="3" fill="#', svg
        )
        return ticks, boxes, re.search(r'viewBox="(.*?)"', svg)[1]

    first = still()
    assert [tick for _, tick in first[0]] == ["−6", "0", "8"] and len(first[1]) == 14
    assert still(options=(1, 0, 1), j=0) == still(options=(3, 4, 2), j=2) == first
    assert still(sequence="TTTTTTTTTTTTTT")[0] == first[0]


def test_the_numbers_of_the_picture():
    svg = scan_svg(scan(), room=4)
    assert ">y₁ = 8</text>" in svg and ">b −1</text>" in svg and ">match 8</text>" in svg
    shown = re.findall(r">([^<>]+)</text>", svg)
    for y in scan().outputs:
        assert short(y) in shown
    picked = re.findall(r'stroke-width="2.5"/><text [^>]*font-weight="bold">([^<]*)<', svg)
    assert picked == ["2", "2", "1.5", "1.5", "2"]


def test_a_long_sequence_is_drawn_without_crowding():
    long = scan("ACGT" * 10, options=(1, 0, 1), j=11)
    svg = scan_svg(long, room=4)
    assert ">11</text>" in svg and ">10</text>" in svg.split("y₁₁")[0]
    below = svg.split("y₁₁")[1]
    assert ">10</text>" not in below and ">20</text>" in below  # too near to 11
    assert "rotate(-90 " in svg


def test_numbers_are_written_where_they_have_room():
    short = scan_svg(scan(weights=WEIGHTS, options=(1, 0, 1), j=0), room=4)
    cell = r'height="18" rx="2" [^>]*/><text'
    assert len(re.findall(cell, short)) == WEIGHTS.size
    precise = scan_svg(scan(weights=WEIGHTS - 0.25, options=(1, 0, 1), j=0), room=4)
    assert not re.search(cell, precise) and precise.count("rotate(-90 ") == len(WEIGHTS)


def test_filters_without_weight_are_drawn():
    svg = scan_svg(scan(weights=np.zeros((3, 4)), bias=0.0, options=(1, 0, 1), j=0))
    assert ">y₀ = 0</text>" in svg and "nan" not in svg


def test_the_table_holds_every_output():
    html = scan_table(scan())
    rows = re.findall(r"<tr><th scope='row'>.*?</th>(.*?)</tr>", html)
    cells = [re.findall(r"<td>(?:<b>)?(.*?)(?:</b>)?</td>", row) for row in rows]
    first, reads, outputs = zip(*cells)
    assert reads[:2] == ("00ATC", "ATCGA") and reads[6] == "GAGC0"
    assert first == ("−2", "0", "2", "4", "6", "8", "10")
    assert [float(y.replace("−", "-")) for y in outputs] == scan().outputs.tolist()
    assert re.findall(r"<b>(.*?)</b>", html) == ["1", "0", "ATCGA", "8"]


def test_the_words():
    words = in_words(scan(j=0))
    assert "Output j = 0 of 0 to 6 is −4" in words
    assert "lie at −2, −1, 0, 1, 2 and read 00ATC" in words
    assert "largest output is 8 at j = 1." in words
    assert words in scan_svg(scan(j=0))


def test_each_output_has_a_handle_over_the_window_that_it_reads():
    svg = scan_svg(scan())
    handles = re.findall(
        r'<g data-drag="j=(\d+)"><rect [^>]*/><rect x="([\d.]+)" y="18" width="([\d.]+)"', svg
    )
    assert [int(j) for j, *_ in handles] == list(range(7))
    middles = columns(svg)
    for j, x, width in handles:
        # Output j begins at base 2 j - 2; the first drawn position is -2. It has 5 taps.
        window = middles[2 * int(j) : 2 * int(j) + 5]
        assert float(x) + float(width) / 2 == pytest.approx(window.mean(), abs=0.2)
        assert float(width) == pytest.approx(5 * (middles[1] - middles[0]), abs=0.5)


def test_a_click_on_a_base_asks_for_the_next_one():
    wanted = re.findall(r'data-choose="sequence=(\w+)"', scan_svg(scan("ACGT", j=0)))
    assert wanted == ["CCGT", "AGGT", "ACTT", "ACGA"]


def filters():
    fine = np.tile([1.25, -10, 0, -9.5], (15, 1))
    return {"usual": WEIGHTS, "one": fine[:1], "fine": fine, "whole": np.round(fine)}


@pytest.mark.parametrize("name", filters())
@pytest.mark.parametrize("length", [1, 8, 14, 32, 40])
def test_the_narrow_form_is_tidy_with_every_setting(name, length):
    weights = filters()[name]
    sequence = ("ATCGATTATCGAGC" * 3)[:length]
    drawn = 0
    for options in itertools.product((1, 2, 6), (0, 1, 4), (1, 4)):
        if length + 2 * options[1] <= options[2] * (len(weights) - 1):
            continue  # the filter is wider than the sequence
        for j in (0, -1):
            each = scan(sequence, weights, -9.5, options, 0)
            each = dataclasses.replace(each, j=range(len(each.outputs))[j])
            narrow, wide = (scan_svg(each, 4, narrow=n) for n in (True, False))
            assert untidy(narrow) == [] and same_words_and_areas(narrow, wide)
            drawn += 1
    assert drawn or length < len(weights)


def test_in_the_narrow_form_lines_lead_from_each_base_to_its_tap_and_cells_keep_their_numbers():
    each = scan("ACGT" * 10, options=(1, 0, 4), j=3)
    svg = scan_svg(each, room=4, narrow=True)
    lines = re.findall(r'<path d="M([\d.]+) 40C.*? ([\d.]+) 66" stroke-width="2"', svg)
    bases, taps = np.array(lines, dtype=float).T
    np.testing.assert_allclose(bases, columns(svg)[[3, 7, 11, 15, 19]], atol=0.2)
    numbers = re.findall(r'<text x="([\d.]+)" y="76" text-anchor="middle">(\d)<', svg)
    np.testing.assert_allclose(taps, [float(x) for x, _ in numbers], atol=0.1)
    assert [k for _, k in numbers] == list("01234")
    assert len(re.findall(r'height="18" rx="2" [^>]*/><text', svg)) == WEIGHTS.size
