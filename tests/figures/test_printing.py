"""Saved logos: files of the right kind, with their letters in them, and nothing left behind."""

import re

import matplotlib
import numpy as np
import pytest

from motiflab.figures.logo import letter_heights
from motiflab.figures.printing import SUFFIXES, logo_bytes, save_logo
from motiflab.figures.style import BASE_COLOURS
from motiflab.motifs import Motif

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
