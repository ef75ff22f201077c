"""The pictures of energies: their numbers, against scipy, and what they say in words."""

from __future__ import annotations

import re

import numpy as np
import pytest
from drawn import same_words_and_areas, untidy
from scipy import special

from motiflab.figures.energy_pictures import (
    agreement_chart,
    landscape_svg,
    occupancy_chart,
    occupancy_text,
    saturation_chart,
    view_html,
)

SITES = [("best", 0.0), ("yours", 1.5)]
SHARES = [0.1, 0.2, 0.3, 0.4]


def test_the_occupancy_is_scipys_sigmoid():
    chart = occupancy_chart(1.0, 1.7, SITES, SHARES, 4.0)
    random, taken, curve, best, yours = chart.data
    np.testing.assert_allclose(curve.y, special.expit(1.7 * (1 - np.asarray(curve.x))))
    np.testing.assert_allclose(random.x, [0.5, 1.5, 2.5, 3.5])
    np.testing.assert_allclose(random.y, SHARES)
    expected = np.multiply(SHARES, special.expit(1.7 * (1 - np.array([0.5, 1.5, 2.5, 3.5]))))
    np.testing.assert_allclose(taken.y, expected)
    assert (best.x[0], yours.x[0]) == (0.0, 1.5)
    assert yours.y[0] == pytest.approx(special.expit(-0.85))
    assert [(note.text, note.x, note.y) for note in chart.layout.annotations] == [
        ("best", best.x[0], best.y[0]),
        ("yours", yours.x[0], yours.y[0]),
    ]


def test_names_of_sites_at_one_place_do_not_cover_each_other():
    same = occupancy_chart(1.0, 1.7, [("best", 0.0), ("yours", 0.0)], SHARES, 4.0)
    heights = [note.yshift for note in same.layout.annotations]
    assert heights[0] - heights[1] >= 14


@pytest.mark.parametrize("mu", [-5.0, 0.0, 3.0, 9.0])
def test_axes_and_traces_stand_still_while_mu_moves(mu):
    charts = [occupancy_chart(m, 1.7, SITES, SHARES, 4.0) for m in (1.0, mu)]
    for read in (
        lambda c: c.layout.xaxis.range,
        lambda c: c.layout.yaxis.range,
        lambda c: [trace.name for trace in c.data],
    ):
        assert read(charts[0]) == read(charts[1])
    assert len(charts[1].layout.shapes) == (0 <= mu <= 4)


def test_occupancy_in_words():
    text = occupancy_text(-1.0, 2.0, SITES)
    assert text.startswith(f"Occupancy falls from {special.expit(-2):.2f} at energy 0. best: 0.12")
    assert f"yours: {special.expit(-5):.2f}." in text


def test_saturation_marks_the_present_mu():
    chart = saturation_chart([0, 2, 4], [6, 4, 1], [0, 1, 3], 3.0, 8.0)
    assert [trace.y[0] for trace in chart.data[2:]] == [2.5, 2.0]
    assert chart.layout.yaxis.range == (0, 8.0)
    assert "2.50" in chart.layout.title.text and "2.00" in chart.layout.title.text


def test_agreement_shows_each_base_of_each_position():
    rng = np.random.default_rng(0)
    w, eps = rng.normal(size=(2, 5, 4))
    chart = agreement_chart(w, eps)
    for a, trace in enumerate(chart.data):
        assert trace.name == "ACGT"[a]
        np.testing.assert_allclose(trace.x, eps[:, a])
        np.testing.assert_allclose(trace.y, w[:, a])


def test_a_view_shows_its_numbers_twice():
    html = view_html([[0.1, 0.2, 0.3, 0.4], [1, 0, 0, 0]], "probabilities", "P <1>", "u", True)
    cells = re.findall(r"<text x=[^>]*>([\d.]+)</text>", html)
    assert " ".join(cells) == "0 1 0.10 1.00 0.20 0.00 0.30 0.00 0.40 0.00"
    rows = re.findall(r"<tr><th scope='row'>(\w)</th>(.*?)</tr>", html)
    assert [re.findall(r"<td>(.*?)</td>", row) for _, row in rows][0] == ["0.100", "1.000"]
    assert "you edit this" in html and "P &lt;1&gt;" in html and "P <1>" not in html
    assert "you edit this" not in view_html([[1, 0, 0, 0]], "filter", "W", "u", False)


@pytest.mark.parametrize("length", [5, 26, 35, 200])
@pytest.mark.parametrize("best", [0, -1])
def test_the_landscape_fits_into_a_narrow_card(length, best):
    energies = np.ones(length - 4)
    energies[best] = 0
    sequence = ("ACGTT" * 40)[:length]
    narrow, wide = (
        landscape_svg(sequence, energies, 5, 2, 1, "u", narrow=n) for n in (True, False)
    )
    assert untidy(narrow) == [] and same_words_and_areas(narrow, wide)
    assert ">bound 100 %<" in narrow
    assert [words for words in untidy(wide) if "wide" not in words] == []
    letters = re.findall(r">([ACGT])</text>", narrow)
    assert letters == (list(sequence) if length <= 35 else [])


def test_the_views_of_eight_positions_fit_into_a_narrow_card():
    ppm = np.full((8, 4), 0.25)
    wide, narrow = re.findall("<svg.*?</svg>", view_html(ppm, "probabilities", "P", "u", False))
    assert untidy(narrow) == [] and same_words_and_areas(narrow, wide)
    assert "motiflab-narrow" not in view_html(ppm[:7], "probabilities", "P", "u", False)
