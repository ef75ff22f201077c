"""Activation tracks: places and heights from the drawing against numpy."""

from __future__ import annotations

import dataclasses
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from drawn import same_words_and_areas, untidy

from motiflab.figures.activation_tracks import (
    MarkedSite,
    Track,
    activation_tracks_svg,
    activation_tracks_table,
    best_window,
)

SVG = "{http://www.w3.org/2000/svg}"
EVIL = "<script>alert('1')</script>&"


def track(length=100, span=10, stride=1, padding=0, sites=(), name="first", low=0.0):
    m = (length + 2 * padding - span) // stride + 1
    activation = np.random.default_rng(m).uniform(low, 4.0, m)
    return Track(name, 1, 0.931, length, activation, tuple(sites))


def rows(svg):
    return list(ET.fromstring(svg).iter(f"{SVG}svg"))[1:]


def axis(svg):
    """Pixel of base 0 and pixels a base, from the numbers of the axis."""
    found = re.findall(r'<text x="([\d.]+)" y="[\d.]+">([\d,]+)</text>', svg)
    places = {int(number.replace(",", "")): float(x) for x, number in found}
    last = max(places)
    return places[0], (places[last] - places[0]) / last


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (3, 0), (1, 4), (4, 5)])
def test_steps_and_shade_lie_over_their_windows(stride, padding):
    one = track(100, 10, stride, padding)
    svg = activation_tracks_svg([one], 10, stride, padding)
    (inner,) = rows(svg)
    zero, scale = axis(svg)
    assert float(inner.get("x")) == pytest.approx(zero)
    assert float(inner.get("width")) == pytest.approx(100 * scale, abs=0.2)
    rect, path = inner
    best = int(one.activation.argmax())
    assert best_window(one, stride, padding) == best * stride - padding
    assert float(rect.get("x")) == pytest.approx((best * stride - padding) * scale, abs=0.1)
    assert float(rect.get("width")) == pytest.approx(10 * scale, abs=0.1)
    shift, step, _ = map(float, re.findall(r"-?[\d.]+", path.get("transform")))
    # The middle of a step is the middle of its window.
    middle = shift + (best + 0.5) * step
    assert middle == pytest.approx(float(rect.get("x")) + float(rect.get("width")) / 2, abs=0.3)
    heights = 36 - np.array(re.findall(r"V([\d.]+)h1", path.get("d")), dtype=float)
    np.testing.assert_allclose(heights, one.activation / 5 * 36, atol=0.06)


def test_rows_share_the_scale_of_the_largest():
    small, large = track(60), track(100)
    small = Track("small", 0, 0.1, 60, small.activation / 10)
    inner = rows(activation_tracks_svg([small, large], 10))
    tops = [36 - min(map(float, re.findall(r"V([\d.]+)", row[1].get("d")))) for row in inner]
    ratio = small.activation.max() / large.activation.max()
    assert tops[0] / tops[1] == pytest.approx(ratio, rel=0.05)
    assert float(inner[0].get("width")) / float(inner[1].get("width")) == pytest.approx(
        0.6, abs=0.01
    )


def test_negative_activations_stand_on_a_floor_below_zero():
    one = track(low=-1.5)
    svg = activation_tracks_svg([one], 10)
    assert ">−2</text>" in svg
    heights = 36 - np.array(re.findall(r"V([\d.]+)h1", svg), dtype=float)
    np.testing.assert_allclose(heights, (one.activation + 2) / 7 * 36, atol=0.06)


def test_a_silent_filter_is_drawn_flat():
    svg = activation_tracks_svg([Track("flat", 0, 0.5, 50, np.zeros(41))], 10)
    assert set(re.findall(r"V([\d.]+)h1", svg)) == {"36.0"}


def test_planted_sites_are_bracketed_and_named():
    sites = [MarkedSite("GATA1", 20, 31, "+"), MarkedSite("TAL1", 70, 82, "-")]
    svg = activation_tracks_svg([track(sites=sites)], 10)
    zero, scale = axis(svg)
    brackets = re.findall(r'd="M([\d.]+) [\d.]+v-4H([\d.]+)v4', svg)
    for (first, last), site in zip(brackets, sites, strict=True):
        assert float(first) == pytest.approx(zero + site.start * scale, abs=0.1)
        assert float(last) == pytest.approx(zero + site.end * scale, abs=0.1)
    assert "GATA1 +</text>" in svg and "TAL1 −</text>" in svg


def test_labels_of_near_sites_do_not_overlap():
    sites = [MarkedSite("LONGNAME::OTHER", start, start + 6, "+") for start in range(0, 90, 8)]
    svg = activation_tracks_svg([track(sites=sites)], 10)
    labels = re.findall(r'<text x="([\d.]+)" y="(-?[\d.]+)" text-anchor="middle">LONGNAME', svg)
    places = [(float(x), float(y)) for x, y in labels]
    assert len(places) == len(sites)
    for i, (x, y) in enumerate(places):
        assert y > 0
        assert all(abs(x - other) >= 17 * 6 for other, level in places[:i] if level == y)


def test_long_sequences_are_drawn_by_their_maxima():
    one = track(5000)
    (inner,) = rows(activation_tracks_svg([one], 10))
    heights = re.findall(r"V([\d.]+)h1", inner[1].get("d"))
    assert len(heights) <= 600
    blocks = [one.activation[i : i + 9].max() for i in range(0, 4991, 9)]
    np.testing.assert_allclose(
        36 - np.array(heights, dtype=float), np.array(blocks) / 5 * 36, atol=0.06
    )


def test_a_reader_is_told_what_is_shown():
    one = track(sites=[MarkedSite("GATA1", 20, 31, "-")])
    start = int(one.activation.argmax())
    root = ET.fromstring(activation_tracks_svg([one], 10, filter_name="Filter 3"))
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "Activation of Filter 3 along sequences"
    assert root.find(f"{SVG}desc").text == (
        f"first, positive, predicted 0.93: largest {one.activation.max():.2f} at bases {start} to "
        f"{start + 10}; planted GATA1 − at 20 to 31."
    )
    table = ET.fromstring(activation_tracks_table([one], 10)).find("table")
    assert {head.get("scope") for head in table.findall("thead/tr/th")} == {"col"}
    assert [cell.text for cell in table.find("tbody/tr")] == [
        "first",
        "positive",
        "0.93",
        f"{one.activation.max():.2f}",
        f"bases {start} to {start + 10}",
        "GATA1 − at 20 to 31",
    ]


@pytest.mark.parametrize("draw", [activation_tracks_svg, activation_tracks_table])
def test_names_are_shown_and_never_interpreted(draw):
    shown = draw([track(name=EVIL, sites=[MarkedSite(EVIL, 3, 9, "+")])], 10)
    root = ET.fromstring(shown)
    assert EVIL in " ".join(root.itertext())
    assert not [e for e in root.iter() if e.tag.endswith("script")]


def test_no_tracks_are_refused():
    with pytest.raises(ValueError, match="tracks must hold at least one sequence, got none"):
        activation_tracks_svg([], 10)


def test_a_negative_number_has_a_minus_sign_everywhere():
    track = Track("first", 0, 0.1, 6, np.array([-2, -0.94, -3]))
    shown = activation_tracks_svg([track], 4) + activation_tracks_table([track], 4)
    assert shown.count("−0.94") == 3 and "-0.94" not in shown


@pytest.mark.parametrize("size", [1, 0.01, 25])
@pytest.mark.parametrize("length", [40, 100, 200])
def test_the_narrow_form_names_a_sequence_above_its_row(length, size):
    sites = [MarkedSite("GATA2", 0, 11, "+"), MarkedSite("GATA2", length - 11, length, "-")]
    one = track(length, sites=sites, name="chr10:133660559-133660759 (shuffle 1)", low=-3.0)
    one = dataclasses.replace(one, activation=size * one.activation)
    narrow, wide = (activation_tracks_svg([one, one], 10, narrow=n) for n in (True, False))
    assert untidy(narrow) == [] and same_words_and_areas(narrow, wide)
    top, bottom = (float(row.get("y")) for row in rows(narrow))
    names = re.findall(rf'y="([\d.]+)" font-weight="bold">{re.escape(one.name)}<', narrow)
    assert float(names[0]) < top < float(names[1]) < bottom
