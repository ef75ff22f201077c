"""The motif explorer by keyboard in JupyterLab, against Biopython, in both themes and widths."""

from __future__ import annotations

import re

import numpy as np
import pytest
from Bio import motifs as biopython
from playwright.sync_api import expect
from reading import says, undo, unfold

from motiflab.motifs import jaspar

pytestmark = pytest.mark.browser

CELLS = (
    "from motiflab.explorers.motif_explorer import MotifExplorer",
    "explorer = MotifExplorer()\nexplorer",
    "MotifExplorer(motif='GATA1', locked=['strand'], hidden=['gc'])",
)


def bits(name: str, pseudocount: float = 1.0, gc: float = 0.5) -> str:
    """Return what the readout should say, by Biopython's relative entropy of the same counts."""
    background = dict(zip("ACGT", ((1 - gc) / 2, gc / 2, gc / 2, (1 - gc) / 2)))
    counts = dict(zip("ACGT", jaspar.load(name).counts.T.tolist()))
    motif = biopython.Motif(alphabet="ACGT", counts=counts)
    motif.background = background
    motif.pseudocounts = {base: pseudocount * share for base, share in background.items()}
    return f"{motif.relative_entropy.sum():.2f} bits"


@pytest.fixture(scope="module")
def notebook(opened):
    with opened(*CELLS) as notebook:
        notebook.run()
        notebook.page.wait_for_selector(".motiflab-readout p")
        yield notebook


@pytest.fixture
def card(notebook):
    """Return the first explorer, as it was at the start."""
    card = notebook.page.locator(".motiflab-card").first
    undo(card)
    says(card, bits("CTCF"))
    return card


def test_a_key_press_on_each_slider_is_answered_with_biopythons_number(card):
    pseudocount = card.get_by_role("slider", name="Pseudocount")
    pseudocount.press("ArrowRight")
    pseudocount.press("ArrowRight")
    says(card, bits("CTCF", pseudocount=2.0))
    card.get_by_role("slider", name="GC of the background").press("ArrowLeft")
    says(card, bits("CTCF", pseudocount=2.0, gc=0.45))


def test_a_motif_typed_is_drawn(card):
    field = card.get_by_label("Motif", exact=True)
    field.fill("GATA1")
    field.press("Enter")
    says(card, bits("GATA1"))
    columns = card.locator("svg[role=img] g text").all_text_contents()
    assert columns == [str(k + 1) for k in range(jaspar.load("GATA1").width)]


def test_the_logo_has_the_heights_of_the_bits(card):
    # All A are one path, and so on: each outline is measured by itself, in its place.
    tops = card.locator("svg[role=img] path[data-letter]").evaluate_all(
        """(paths) => {
            const columns = [];
            for (const path of paths) {
                for (const outline of path.getAttribute("d").split("M").slice(1)) {
                    const letter = path.cloneNode();
                    letter.setAttribute("d", `M${outline}`);
                    path.parentNode.append(letter);
                    const k = Math.floor(parseInt(outline) / 100);
                    columns[k] = (columns[k] ?? 0) + letter.getBoundingClientRect().height;
                    letter.remove();
                }
            }
            return columns;
        }"""
    )
    cells = card.locator("tbody td:last-child").all_inner_texts()
    heights = np.array([float(cell) for cell in cells])
    assert len(tops) == len(heights) == 15
    np.testing.assert_allclose(np.array(tops) / np.max(tops), heights / heights.max(), atol=0.02)


def test_the_other_strand_and_another_quantity(card):
    card.get_by_label("−").check()
    says(card, str(jaspar.load("CTCF").reverse_complement().consensus()))
    card.get_by_label("Probability").check()
    card.locator("svg[role=img] text", has_text="probability").wait_for()


def test_a_motif_that_does_not_exist_is_answered_beside_the_field(card):
    field = card.get_by_label("Motif", exact=True)
    field.fill("<b>GATA99</b>")
    field.press("Enter")
    error = card.locator(".motiflab-error")
    error.wait_for()
    assert "The name '<b>GATA99</b>' is not in JASPAR" in error.inner_text()
    assert card.get_by_role("alert").inner_text() == error.inner_text()
    below, above = error.bounding_box(), card.get_by_role("slider").first.bounding_box()
    assert below["y"] < above["y"]
    assert bits("CTCF") in card.locator(".motiflab-readout").inner_text()


def test_a_scene_pasted_is_shown(card):
    card.get_by_role("slider", name="Pseudocount").press("ArrowRight")
    says(card, bits("CTCF", pseudocount=1.5))
    unfold(card, "Share")
    line = card.get_by_label("Scene")
    expect(line).to_have_value(re.compile(r"^MotifExplorer/1\?pseudocount=1\.5#[0-9a-f]{8}$"))
    scene = line.input_value()
    undo(card)
    says(card, bits("CTCF"))
    line.fill(scene)
    line.press("Enter")
    says(card, bits("CTCF", pseudocount=1.5))


def test_locked_and_hidden_controls(notebook):
    card = notebook.page.locator(".motiflab-card").nth(1)
    assert card.get_by_label("−").is_disabled()
    assert card.get_by_text("locked", exact=True).is_visible()
    assert not card.get_by_label("GC of the background").is_visible()


def test_every_control_is_reached_by_keyboard_in_order(card):
    card.get_by_label("Motif", exact=True).focus()
    seen = []
    for _ in range(11):
        seen.append(
            card.page.evaluate(
                """() => {
                    const now = document.activeElement;
                    return now.getAttribute("aria-label") ?? now.labels?.[0]?.innerText
                        ?? now.innerText;
                }"""
            )
        )
        card.page.keyboard.press("Tab")
    assert [text.strip() for text in seen] == [
        "Motif",
        "My motifs",
        "+",
        "−",
        "Bits",
        "Probability",
        "Log-odds",
        "Pseudocount",
        "1.0",
        "GC of the background",
        "0.50",
    ]


@pytest.mark.parametrize("theme", ["Light", "Dark"])
@pytest.mark.parametrize("width", [1280, 800])
def test_the_card_fits_either_theme_and_width(notebook, card, theme, width):
    notebook.theme(f"JupyterLab {theme}")
    notebook.resize(width, 900)
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    pictures = card.locator(".motiflab-pictures").bounding_box()
    controls = card.locator(".motiflab-controls").bounding_box()
    assert pictures["x"] + pictures["width"] <= box["x"] + box["width"]
    if width == 1280:
        assert controls["x"] + controls["width"] < pictures["x"]
    else:
        assert pictures["y"] + pictures["height"] <= controls["y"]
    notebook.screenshot(f"motif_explorer_{theme.lower()}_{width}")
