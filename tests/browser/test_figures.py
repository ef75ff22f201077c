"""Pictures in a browser: letters fill their boxes, cards have one size."""

import numpy as np
import pytest

from motiflab.figures.filter_gallery import FilterCard, gallery_html
from motiflab.figures.logo import letter_heights, logo_svg
from motiflab.interpretation import FilterName
from motiflab.motifs import Candidate, Motif

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 800, "height": 600})
    yield page
    page.close()


def boxes(page, selector):
    """Left, top, right and bottom of what is drawn, in pixels."""
    script = """all => all.map(e => {
        const box = e.getBoundingClientRect()
        return [box.left, box.top, box.right, box.bottom]
    })"""
    return np.array(page.eval_on_selector_all(selector, script))


def test_letters_fill_the_boxes_that_their_heights_give_them(page):
    ppm = [[0.8, 0, 0.2, 0], [0, 0.7, 0, 0.3]]  # no letter twice, as all A of a logo are one path
    page.set_content(f"<body style='margin:0'>{logo_svg(ppm, height=232)}")
    left, top, right, bottom = boxes(page, "path[data-letter]").T
    (axis,) = boxes(page, "svg > path")
    # In the order A, C, G, T; 200 pixels are 2 bits.
    heights = letter_heights(ppm).max(axis=0) * 100
    np.testing.assert_allclose(bottom - top, heights, atol=0.15)
    np.testing.assert_allclose(right - left, 0.92 * 18, atol=0.2)
    np.testing.assert_allclose(bottom, 208 - np.array([heights[2], heights[3], 0, 0]), atol=0.15)
    np.testing.assert_allclose(left[[2, 1, 3]] - left[0], [0, 18, 18], atol=0.2)
    assert left.min() > axis[0]


def test_letters_have_their_colours_on_the_screen(page):
    page.set_content(f"<body style='margin:0'>{logo_svg(np.eye(4))}")
    colours = page.eval_on_selector_all(
        "path[data-letter]", "all => all.map(e => getComputedStyle(e).fill)"
    )
    assert colours == [
        "rgb(0, 158, 115)",
        "rgb(0, 114, 178)",
        "rgb(230, 159, 0)",
        "rgb(213, 94, 0)",
    ]


@pytest.mark.parametrize("width", [1280, 800, 400])
def test_cards_have_one_size_and_no_text_leaves_them(page, width):
    page.set_viewport_size({"width": width, "height": 600})
    truth = Motif.from_probabilities(np.eye(4), "A::VERY::LONG::NAME")
    motif = Motif.from_probabilities(np.repeat(np.eye(4), 4, axis=0), "filter")
    known = Motif.from_probabilities(np.eye(4), "LONGNAME::OTHERNAME", id="MA0000.10")
    best, second = Candidate(known, 9.5, 3, "+"), Candidate(truth, 9.4, 3, "+")
    name = FilterName(best, second, (best, second))
    cards = [
        FilterCard(0, 0.9, motif, 40, name, 1e-9, truth, 0.8),
        FilterCard(1, 0.8, motif, 12, truth=truth, truth_offset=-2, truth_strand="-"),
        FilterCard(2, 0.7, motif, 12),
        FilterCard(3, 0.5, None, note="It never fires: its activation is 0 everywhere."),
    ]
    page.set_content(gallery_html(cards))
    left, top, right, bottom = boxes(page, "figure").T
    np.testing.assert_allclose(right - left, (right - left)[0], atol=0.1)
    np.testing.assert_allclose(bottom - top, (bottom - top)[0], atol=0.1)
    wider = "e => e.scrollWidth > e.clientWidth + 1"
    assert not page.eval_on_selector_all("figure", f"all => all.some({wider})")
    assert not page.eval_on_selector("body", wider)
