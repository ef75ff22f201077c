"""Pictures of an update: matrices that add up, and the motif at its best alignment."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from drawn import drawn_letters, same_words_and_areas, untidy

from motiflab.figures.update_pictures import (
    addition_html,
    centred_html,
    change_html,
    likeness_html,
)
from motiflab.motifs.closest_motifs import similarity
from motiflab.motifs.log_odds import motif_from_weights
from motiflab.motifs.motif import Motif

WINDOW = np.eye(4)[[2, 0, 3]]
MOTIF = Motif("gat", np.eye(4)[[2, 0, 3]] * 9)


def test_the_winning_window_is_framed_where_something_is_added():
    before = np.full((3, 4), 0.5)
    html = addition_html(before, before + 0.1 * WINDOW, WINDOW, 7, 1.0, "u")
    first, added, after = re.findall(r"<svg.*?</svg>", html, re.S)
    frames = [
        [path.count("M") for path in re.findall(r'<path d="([^"]*)" [^>]*stroke-width="2"', svg)]
        for svg in (first, added, after)
    ]
    assert frames == [[], [3], [3]]
    assert added.count(">0.100<") == 3 and added.count(">0.000<") == 9
    assert after.count(">0.60<") == 3 and after.count(">0.50<") == 9
    assert "winning window, GAT" in html and "update 7" in html


def test_an_update_of_nothing_is_drawn():
    html = addition_html(np.zeros((3, 4)), np.zeros((3, 4)), WINDOW, 1, 1.0, "u")
    assert html.count(">0.000<") == 12


def drawn_columns(svg: str) -> set[int]:
    """Return the columns of a logo in which letters stand."""
    return {letter.column for letter in drawn_letters(ET.fromstring(svg))}


def test_the_motif_is_laid_where_it_fits_on_either_strand():
    forward = np.zeros((6, 4))
    forward[2:5] = 3 * WINDOW
    for weights, strand, columns in (
        (forward, "+", {2, 3, 4}),
        (forward[::-1, ::-1], "-", {1, 2, 3}),
    ):
        found = similarity(motif_from_weights(weights), MOTIF)
        assert found.strand == strand
        html = likeness_html(weights, MOTIF, found, 3, "u")
        svgs = re.findall(r"<svg.*?</svg>", html, re.S)
        assert drawn_columns(svgs[1]) == columns
        assert ("reverse complement" in html) == (strand == "-")
        assert f"similarity {found.similarity:.2f}" in html


def test_a_motif_that_hangs_over_is_cut():
    weights = np.zeros((3, 4))
    weights[:2] = 3 * WINDOW[1:]  # the last two positions of the motif
    found = similarity(motif_from_weights(weights), MOTIF)
    assert found.offset == -1
    svgs = re.findall(r"<svg.*?</svg>", likeness_html(weights, MOTIF, found, 3, "u"), re.S)
    assert drawn_columns(svgs[1]) == {0, 1}


def test_the_weights_are_shown_without_the_mean_of_each_position():
    weights = np.tile([[3.0, 1.0, 1.0, 1.0]], (2, 1))
    assert centred_html(weights, 1, 4.0, "u") == centred_html(weights + 5.0, 1, 4.0, "u")


def test_what_an_update_changed_is_framed_under_the_bases_of_the_window():
    svg = re.search(r"<svg.*?</svg>", change_html(WINDOW / 2, WINDOW, 7, 1.0, "u"), re.S)[0]
    *_, cells, frames = re.findall(r'<path d="([^"]*)"', svg)
    cells, frames = (re.findall(r"M([\d.]+) ([\d.]+)h29v12.5", path) for path in (cells, frames))
    assert len(cells) == 12 and len(frames) == 3
    tops = {float(y) for _, y in cells}
    rows = dict(zip("ACGT", sorted(tops)))
    at = [float(y) for _, y in sorted(frames, key=lambda frame: float(frame[0]))]
    assert at == pytest.approx([rows[base] for base in "GAT"], abs=0.1)
    assert re.findall(r'<text x="[\d.]+" y="13"[^>]*>(\w)<', svg) == list("GAT")


@pytest.mark.parametrize("width", [3, 11, 19])
def test_the_change_is_also_drawn_for_a_narrow_card(width):
    window = np.eye(4)[np.arange(width) % 4]
    html = change_html(window / 2, window, 7, 1.0, "u")
    svgs = re.findall(r"<svg.*?</svg>", html, re.S)
    assert untidy(svgs[-1]) == [] and same_words_and_areas(svgs[-1], svgs[0])
    assert len(svgs) == (1 if width == 3 else 2)


@pytest.mark.parametrize(("size", "words"), [(0.01, "nearly flat"), (1.0, "softmax of W")])
def test_a_filter_too_weak_for_letters_is_called_nearly_flat(size, words):
    weights = size * WINDOW
    html = likeness_html(weights, MOTIF, similarity(motif_from_weights(weights), MOTIF), 4, "u")
    learned, motif = re.findall(r"<svg.*?</svg>", html, re.S)
    assert f"The filter after update 4 ({words})" in learned
    assert (not drawn_columns(learned)) == (words == "nearly flat")
    assert drawn_columns(motif) == {0, 1, 2}
