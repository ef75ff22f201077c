"""The logo: heights and places of the letters against logomaker, and what a page needs."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import partial

import logomaker
import matplotlib
import numpy as np
import pandas as pd
import pytest
from drawn import drawn_letters, same_words_and_areas, untidy
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.svgLib.path import parse_path
from matplotlib.figure import Figure

from motiflab.figures.energy_pictures import agreement_chart, view_html
from motiflab.figures.logo import (
    _OUTLINES,
    SUFFIXES,
    letter_heights,
    letters,
    logo_bytes,
    logo_svg,
    logo_text,
    save_logo,
)
from motiflab.figures.recovery_charts import weights_chart
from motiflab.figures.style import BASE_COLOURS
from motiflab.figures.svg import Ruler, Scale, fitted
from motiflab.motifs.motif import Motif
from motiflab.sequences.alphabet import ENGLISH
from motiflab.widgets.chart import chart_json

SVG = "{http://www.w3.org/2000/svg}"
SKEWED = [0.1, 0.2, 0.3, 0.4]


def ppms(width=12):
    rng = np.random.default_rng(5)
    ppm = rng.dirichlet([0.4] * 4, width)
    ppm[0], ppm[1] = [0, 0, 1, 0], 0.25
    return ppm


def table(matrix):
    return pd.DataFrame(matrix, columns=list("ACGT"))


def letters_of(svg):
    """Of each letter: position, base, lower and upper end in pixels above the axis, if flipped."""
    return {
        (letter.column, letter.base): (letter.low, letter.high, letter.turned)
        for letter in drawn_letters(ET.fromstring(svg))
    }


@pytest.mark.parametrize("background", [None, SKEWED])
def test_heights_in_bits_are_those_of_logomaker(background):
    ppm = ppms()
    expected = logomaker.transform_matrix(
        table(ppm),
        from_type="probability",
        to_type="information",
        background=background or [0.25] * 4,
    )
    np.testing.assert_allclose(letter_heights(ppm, "bits", background), expected, atol=1e-12)


def test_heights_worked_by_hand():
    # One of two equally likely bases leaves one bit, shared equally.
    np.testing.assert_allclose(letter_heights([[0.5, 0, 0.5, 0]]), [[0.5, 0, 0.5, 0]])
    # Against the skewed background: 0.5 log2(0.5/0.1) + 0.5 log2(0.5/0.4) bits.
    bits = 0.5 * np.log2(5) + 0.5 * np.log2(1.25)
    got = letter_heights([[0.5, 0, 0, 0.5]], background=SKEWED)
    np.testing.assert_allclose(got, [[bits / 2, 0, 0, bits / 2]])


@pytest.mark.parametrize("kind", ["bits", "probability", "signed"])
def test_letters_stand_where_logomaker_puts_them(kind):
    rng = np.random.default_rng(2)
    matrix = rng.normal(size=(9, 4)) if kind == "signed" else ppms(9)
    heights = letter_heights(matrix, kind)
    oracle = logomaker.Logo(table(heights), ax=Figure().add_subplot())
    svg = logo_svg(matrix, kind, height=432, limit=5.0 if kind == "signed" else None)
    pixels = 400 / {"bits": 2, "probability": 1, "signed": 10}[kind]
    letters = letters_of(svg)
    for k in range(9):
        for a, base in enumerate("ACGT"):
            glyph = oracle.glyph_df.loc[k, base]
            if abs(heights[k, a]) * pixels < 0.4:
                assert (k, base) not in letters
                continue
            low, high, flipped = letters[k, base]
            assert low == pytest.approx(glyph.floor * pixels, abs=0.2)
            assert high == pytest.approx(glyph.ceiling * pixels, abs=0.2)
            assert flipped == glyph.flip


def test_the_axis_stays_whatever_the_matrix():
    sharp, flat = logo_svg(np.eye(4)), logo_svg(np.full((4, 4), 0.25))
    axes = [re.findall(r'<text x="37".*?</text>', svg) for svg in (sharp, flat)]
    assert axes[0] == axes[1]
    assert [re.sub("<.*?>", "", tick) for tick in axes[0]] == ["0", "1", "2"]
    assert re.search('viewBox="[^"]*"', sharp)[0] == re.search('viewBox="[^"]*"', flat)[0]


def test_the_axis_of_a_skewed_background_holds_the_most_that_can_be():
    # A certain A against 0.1 carries log2(10) bits: the whole height of the axis.
    svg = logo_svg([[1, 0, 0, 0]], background=SKEWED, height=132)
    assert letters_of(svg)[0, "A"] == pytest.approx((0, 100, False), abs=0.06)


def test_a_signed_axis_can_be_held_still():
    weights = [[0.5, 0, 0, -0.25]]
    for limit, expected in ((None, 0.5), (2.0, 2.0)):
        svg = logo_svg(weights, "signed", limit=limit)
        ticks = re.findall(r'<text x="37".*?>([^<]*)</text>', svg)
        assert ticks == [f"−{expected:g}", "0", f"{expected:g}"]


def test_letters_have_their_colours_and_fill_their_boxes():
    colours = {"A": "#009E73", "C": "#0072B2", "G": "#E69F00", "T": "#D55E00"}
    svg = ET.fromstring(logo_svg(np.eye(4), column=50, height=232))
    drawn = {path.get("data-letter"): path.get("fill") for path in svg.iter(f"{SVG}path")}
    assert {**drawn, None: None} == {**colours, None: None} and colours == BASE_COLOURS
    for letter in drawn_letters(svg):
        assert letter.left == pytest.approx(44 + 50 * (letter.column + 0.04), abs=0.3)
        assert letter.right - letter.left == pytest.approx(50 * 0.92, abs=0.3)
        assert (letter.low, letter.high) == pytest.approx((0, 200), abs=0.1)


@pytest.mark.parametrize("size", [-20.0, 7.3, 300.0])
def test_a_letter_of_any_height_is_its_outline_scaled(size):
    heights = np.diag(np.full(ENGLISH.size, size))
    drawn = ET.fromstring(letters(heights, Ruler(0, 100), Scale(0, 1), ENGLISH))
    for k, (letter, path) in enumerate(zip(ENGLISH.letters, drawn, strict=True)):
        assert path.get("data-letter") == letter
        found, expected = RecordingPen(), RecordingPen()
        parse_path(path.get("d"), found)
        # From a box of 100 x 100 to hundredths of a position and tenths of a pixel.
        scaled = TransformPen(expected, (0.92, 0, 0, size / 10, 100 * k + 4, -10 * size))
        parse_path(_OUTLINES[letter], scaled)
        for (kind, points), (same, others) in zip(found.value, expected.value, strict=True):
            assert kind == same, letter
            np.testing.assert_allclose(points, others, atol=1.5, err_msg=letter)


def test_outlines_fill_their_boxes():
    for letter, outline in _OUTLINES.items():
        pen = BoundsPen(None)
        parse_path(outline, pen)
        box = (0, 84, 100, 100) if letter == "_" else (0, 0, 100, 100)
        assert pen.bounds == pytest.approx(box, abs=4), letter


def test_text_and_lines_take_the_colours_of_the_theme():
    svg = logo_svg(np.eye(4))
    assert "fill:var(--jp-ui-font-color1, #222)" in svg
    assert set(re.findall('(?:fill|stroke)="(#[^"]*)"', svg)) == set(BASE_COLOURS.values())


def test_ids_are_unique_and_every_reference_is_met():
    page = f"<div>{logo_svg(ppms(), uid='one')}{logo_svg(ppms(), uid='two')}</div>"
    elements = list(ET.fromstring(page).iter())
    ids = [element.get("id") for element in elements if element.get("id")]
    assert len(ids) == len(set(ids))
    named = [
        i for e in elements if e.get("aria-labelledby") for i in e.get("aria-labelledby").split()
    ]
    assert named and set(named) <= set(ids)


def test_a_screen_reader_is_told_what_is_shown():
    svg = ET.fromstring(logo_svg([[1, 0, 0, 0], [0, 0, 0.5, 0.5]], title="My motif"))
    assert svg.get("role") == "img"
    assert svg.find(f"{SVG}title").text == "My motif"
    assert svg.find(f"{SVG}desc").text == "Consensus AG, 3.00 bits in all."
    signed = ET.fromstring(logo_svg([[1.5, 0, 0, -0.25]], "signed"))
    assert "from −0.25 to 1.5" in signed.find(f"{SVG}desc").text


def test_names_are_shown_and_never_interpreted():
    evil = '</title><script>alert("1")</script>&'
    svg = ET.fromstring(logo_svg(np.eye(4), title=evil, description=evil))
    assert svg.find(f"{SVG}title").text == evil == svg.find(f"{SVG}desc").text
    assert not list(svg.iter(f"{SVG}script"))


def test_a_logo_is_small():
    assert len(logo_svg(ppms(20)).encode()) < 8000


def test_a_motif_is_drawn_as_its_probabilities():
    motif = Motif("toy", [[8, 2, 0, 0], [0, 5, 5, 0]])
    assert logo_svg(motif) == logo_svg(motif.probabilities())
    assert logo_text(motif) == logo_text(motif.probabilities())


def test_text_holds_the_numbers_of_the_logo():
    ppm = ppms(7)
    head, titles, *rows = logo_text(ppm).splitlines()
    bits = letter_heights(ppm).sum(axis=1)
    consensus = "".join("ACGT"[a] for a in ppm.argmax(axis=1))
    assert head == f"Consensus {consensus}, {bits.sum():.2f} bits in all"
    assert titles.split() == ["position", "A", "C", "G", "T", "bits"]
    numbers = np.array([row.split() for row in rows], dtype=float)
    np.testing.assert_allclose(numbers[:, 0], np.arange(1, 8))
    np.testing.assert_allclose(numbers[:, 1:5], ppm, atol=0.005)
    np.testing.assert_allclose(numbers[:, 5], bits, atol=0.005)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"kind": "energy"}, "kind must be one of bits, probability, signed, got 'energy'"),
        ({"matrix": [[0.5, 0.6, 0, 0]]}, "matrix must have rows that sum to 1"),
        ({"matrix": [[1, 2, 3]], "kind": "signed"}, r"matrix must have the shape \(K, 4\)"),
        ({"matrix": [[np.inf, 2, 3, 4]], "kind": "signed"}, "matrix must hold finite numbers"),
        ({"kind": "signed", "limit": 0}, "limit must be a positive number, got 0"),
        ({"background": [1, 0, 0, 0]}, "background must"),
    ],
)
def test_bad_arguments_are_named(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        logo_svg(**{"matrix": np.eye(4), **arguments})


def test_the_axis_of_a_signed_logo_has_the_unit_that_it_is_given():
    weights = np.array([[1.0, -1.0, 0.5, -0.5]])
    assert ">weight</text>" in logo_svg(weights, "signed")
    assert ">kcal/mol</text>" in logo_svg(weights, "signed", unit="kcal/mol")
    assert ">bits</text>" in logo_svg([[1, 0, 0, 0]], unit="kcal/mol")


@pytest.mark.parametrize("first", [0, 1, 7])
def test_positions_are_numbered_from_the_first(first):
    svg = logo_svg(np.full((5, 4), 0.25), first=first)
    numbers = re.findall(r'y="131">(\d+)</text>', svg)
    assert numbers == [str(first + k) for k in range(5)]
    wide = re.findall(r'y="131">(\d+)</text>', logo_svg(np.full((40, 4), 0.25), first=first))
    assert wide[0] == str(first) and all(int(n) % 5 == 0 for n in wide[1:])


@pytest.mark.parametrize(
    "draw",
    [
        logo_svg,
        lambda m: logo_svg(m, "signed"),
        lambda m: logo_svg(m, "probability"),
        logo_text,
        lambda m: logo_bytes(m, ".png"),
        lambda m: view_html(m, "energies", "Energies", "e", False),
        lambda m: chart_json(agreement_chart(m, ppms()), ""),
        lambda m: chart_json(agreement_chart(ppms(), m), ""),
        lambda m: chart_json(weights_chart(m, ppms(), 1.0), ""),
        lambda m: chart_json(weights_chart(ppms(), m, 1.0), ""),
    ],
)
def test_a_table_is_drawn_by_its_labels(draw):
    mixed = table(ppms())[list("GATC")]
    assert draw(mixed) == draw(ppms()) == draw(mixed.T)
    assert draw(mixed.to_numpy()) != draw(ppms())
    with pytest.raises(
        ValueError, match="labelled A, C, G and T, once each, got 'G', 'A', 'X', 'C'"
    ):
        draw(mixed.rename(columns={"T": "X"}))


def test_a_matrix_rounded_to_two_digits_is_drawn():
    rounded = [[0.33, 0.33, 0.33, 0], [0.17, 0.17, 0.17, 0.5]]
    assert letter_heights(rounded, "probability").sum(axis=1) == pytest.approx(1)
    assert "data-letter" in logo_svg(rounded) and logo_bytes(rounded, ".png")
    with pytest.raises(ValueError, match="sum to 1, got 0.9 in row 0"):
        logo_svg([[0.3, 0.2, 0.2, 0.2]])


@pytest.mark.parametrize("width", [16, 26, 40])
def test_a_long_logo_has_narrower_columns_in_a_narrow_card(width):
    matrix = np.random.default_rng(0).normal(size=(width, 4))
    narrow, wide = (logo_svg(matrix, "signed", first=8, narrow=n) for n in (True, False))
    assert untidy(narrow) == [] and same_words_and_areas(narrow, wide)
    pairs = zip(*(drawn_letters(ET.fromstring(svg)) for svg in (narrow, wide)), strict=True)
    for letter, same in pairs:
        assert letter[:2] + letter[4:] == same[:2] + same[4:]
        assert (letter.left - 44) / 278 == pytest.approx((same.left - 44) / (18 * width), abs=1e-3)


def test_a_short_logo_is_drawn_once():
    short, long = (partial(logo_svg, ppms(width)) for width in (15, 16))
    assert fitted(short, "u") == short(uid="u")
    assert fitted(long, "u").startswith(long(uid="u") + "<div class='motiflab-narrow'>")


MAGIC = {".svg": b"<?xml", ".pdf": b"%PDF-", ".png": b"\x89PNG\r\n\x1a\n"}
MOTIF = Motif("toy", [[9, 1, 0, 0], [0, 8, 1, 1], [1, 0, 9, 0], [0, 2, 0, 8]])


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_is_of_the_kind_that_its_name_says(tmp_path, suffix):
    path = save_logo(MOTIF, tmp_path / f"logo{suffix.upper()}")
    assert path.read_bytes().startswith(MAGIC[suffix])
    assert save_logo(MOTIF.probabilities(), str(tmp_path / f"ppm{suffix}")).exists()


def test_the_letters_are_in_the_svg():
    svg = logo_bytes(MOTIF, ".svg").decode()
    drawn = re.findall(r'<path d="[^"]*"[^>]*style="fill: (#[0-9a-f]{6})"', svg)
    for a, base in enumerate("ACGT"):
        expected = (letter_heights(MOTIF)[:, a] > 0).sum()
        assert drawn.count(BASE_COLOURS[base].lower()) == expected


def test_a_position_like_the_background_has_no_letters_in_a_file():
    q = [0.1, 0.2, 0.3, 0.4]
    fills = [
        re.findall(r'<path d="[^"]*"[^>]*style="fill: (#[0-9a-f]{6})"', svg.decode())
        for svg in (logo_bytes([q, [1, 0, 0, 0]], ".svg", q), logo_bytes([q, [1, 0, 0, 0]], ".svg"))
    ]
    assert [colours.count(BASE_COLOURS["C"].lower()) for colours in fills] == [0, 1]


def test_pyplot_and_the_backend_are_left_alone():
    from matplotlib import pyplot

    before = matplotlib.get_backend(), pyplot.get_fignums()
    logo_bytes(MOTIF, ".png")
    assert (matplotlib.get_backend(), pyplot.get_fignums()) == before


@pytest.mark.parametrize("name", ["logo.jpg", "logo", "logo.svg.gz"])
def test_another_kind_of_file_is_refused_and_nothing_is_written(tmp_path, name):
    with pytest.raises(ValueError, match=r"suffix must be one of \.svg, \.pdf, \.png, got"):
        save_logo(MOTIF, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_matrix_that_is_no_ppm_is_refused():
    with pytest.raises(ValueError, match="matrix must have rows that sum to 1"):
        logo_bytes(np.ones((3, 4)), ".png")
