"""The scan explorer by keyboard in JupyterLab, against torch."""

from __future__ import annotations

import re

import pytest
import torch
from reading import middle, undo, unfold

pytestmark = pytest.mark.browser

SEQUENCE = "ATCGATTATCGAGC"
WEIGHTS = [[2, -1, 0, -1], [-1, -1, -1, 2], [-1, 1.5, 0, -1], [0, -1, 1.5, -1], [2, -1, -1, 0]]
CELLS = (
    "from motiflab.explorers.scan_explorer import ScanExplorer",
    "ScanExplorer()",
)


def outputs(weights=WEIGHTS, bias=-1.0, stride=2, padding=2, dilation=1, sequence=SEQUENCE):
    """Return the feature map of a sequence, a list, by torch."""
    x = torch.tensor([[float(base == b) for base in sequence] for b in "ACGT"])
    w, b = torch.tensor(weights, dtype=torch.float32).T, torch.tensor([bias])
    return torch.conv1d(x[None], w[None], b, stride, padding, dilation)[0, 0].tolist()


@pytest.fixture(scope="module")
def notebook(opened):
    with opened(*CELLS) as notebook:
        notebook.run()
        notebook.page.wait_for_selector(".motiflab-readout p")
        unfold(notebook.page.locator(".motiflab-card").first, "More")
        yield notebook


@pytest.fixture
def card(notebook):
    """Return the card as it was at the start: the chapter's example."""
    card = notebook.page.locator(".motiflab-card").first
    undo(card)
    says(card, 1, outputs())
    return card


def says(card, j: int, values: list[float]) -> None:
    """Wait until the readout shows output j and the number of outputs, both by torch."""
    value = f"{values[j]:g}".replace("-", "−")
    pattern = rf"y{j} = .* = {value}i\(.*= {len(values)}Output"  # paragraphs without a gap
    card.locator(".motiflab-readout", has_text=re.compile(pattern)).wait_for()
    shown = card.locator("svg[role=img]:visible text", has_text=re.compile(rf"= {value}$"))
    assert shown.text_content().startswith("y")


def test_each_slider_is_answered_with_torchs_numbers(card):
    card.get_by_role("slider", name="Output position j").press("ArrowRight")
    says(card, 2, outputs())
    card.get_by_role("slider", name="Stride S").press("ArrowLeft")
    says(card, 2, outputs(stride=1))
    card.get_by_role("slider", name="Padding P").press("ArrowLeft")
    says(card, 2, outputs(stride=1, padding=1))
    card.get_by_role("slider", name="Dilation D").press("ArrowRight")
    says(card, 2, outputs(stride=1, padding=1, dilation=2))
    card.get_by_role("slider", name="Bias b").press("ArrowRight")
    says(card, 2, outputs(bias=-0.5, stride=1, padding=1, dilation=2))


def test_a_weight_typed_is_used(card):
    cell = card.get_by_label("T at position 1", exact=True)
    cell.fill("7.5")
    cell.press("Enter")
    says(card, 1, outputs([WEIGHTS[0], [-1, -1, -1, 7.5], *WEIGHTS[2:]]))


def test_the_picture_shows_each_tap_under_its_base_and_the_bar_under_their_middle(card):
    card.get_by_role("slider", name="Output position j").press("ArrowRight")
    says(card, 2, outputs())
    middles = """(all) => all.map((e) => {
        const box = e.getBoundingClientRect();
        return [(box.left + box.right) / 2, box.height];
    })"""
    drawn = card.locator("svg[role=img]:visible")
    bases = drawn.locator("rect[rx='3'][fill^='#']").evaluate_all(middles)
    lines = drawn.locator("path[stroke-width='2']").evaluate_all(middles)
    bars = drawn.locator("rect[rx='1.5']").evaluate_all(middles)
    assert len(bases) == len(SEQUENCE) and len(bars) == 7
    assert [x for x, _ in lines] == pytest.approx([x for x, _ in bases[2:7]], abs=1)
    assert bars[2][0] == pytest.approx(bases[4][0], abs=1)
    heights = [height / bars[1][1] for _, height in bars]
    assert heights == pytest.approx([abs(y) / 8 for y in outputs()], abs=0.03)


def test_play_slides_the_filter_to_the_last_output(card):
    slider = card.get_by_role("slider", name="Output position j")
    for _ in range(3):
        slider.press("ArrowRight")
    says(card, 4, outputs())
    play = card.get_by_role("button", name="Play")
    play.focus()
    play.press("Enter")
    card.get_by_role("button", name="Stop").wait_for()
    says(card, 6, outputs())
    card.get_by_role("button", name="Play").wait_for()


def test_a_stride_of_0_is_answered_beside_its_slider_and_nothing_is_lost(card):
    stride = card.get_by_role("slider", name="Stride S")
    stride.press("ArrowLeft")
    stride.press("ArrowLeft")
    error = card.locator(".motiflab-error")
    error.wait_for()
    assert "at least 1" in error.inner_text()
    assert card.get_by_role("alert").inner_text() == error.inner_text()
    says(card, 1, outputs(stride=1))


def test_an_output_that_is_gone_is_said_and_comes_back(card):
    stride = card.get_by_role("slider", name="Stride S")
    stride.press("ArrowLeft")
    says(card, 1, outputs(stride=1))
    position = card.get_by_role("slider", name="Output position j")
    for _ in range(12):  # the End key of noUiSlider goes to the end that it had at first
        position.press("ArrowRight")
    says(card, 13, outputs(stride=1))
    stride.press("ArrowRight")
    says(card, 6, outputs())
    assert "it is shown instead of 13" in card.locator(".motiflab-note").inner_text()
    stride.press("ArrowLeft")
    says(card, 13, outputs(stride=1))


@pytest.mark.parametrize(("theme", "width"), [("Light", 1280), ("Dark", 1280), ("Light", 800)])
def test_the_card_fits(notebook, card, theme, width):
    notebook.theme(f"JupyterLab {theme}")
    notebook.resize(width, 1000)
    box = card.bounding_box()
    pictures = card.locator(".motiflab-pictures").bounding_box()
    assert pictures["x"] + pictures["width"] <= box["x"] + box["width"]
    notebook.screenshot(f"scan_{theme.lower()}_{width}")


def test_the_filter_is_dragged_along_the_sequence_and_the_slider_follows(notebook, card):
    mouse = notebook.page.mouse
    end = middle(card, "[data-drag='j=5']")
    mouse.move(*middle(card, "[data-drag='j=3']"))
    mouse.down()
    says(card, 3, outputs())
    mouse.move(*end, steps=8)
    says(card, 5, outputs())
    mouse.up()
    slider = card.get_by_role("slider", name="Output position j")
    assert slider.get_attribute("aria-valuetext") == "5"
    slider.press("ArrowLeft")
    says(card, 4, outputs())


def test_a_score_under_the_pointer_shows_its_window(notebook, card):
    notebook.page.mouse.move(*middle(card, "[data-drag='j=4']"))
    lit = "(all) => all.filter((e) => getComputedStyle(e).strokeOpacity === '1').length"
    assert card.locator("[data-drag] rect[stroke]").evaluate_all(lit) == 1
    window = card.locator("[data-drag='j=4'] rect[stroke]:visible").bounding_box()
    bases = card.locator("[data-choose] rect:visible").evaluate_all(
        "(all) => all.map((e) => e.getBoundingClientRect().x)"
    )
    # Output 4 begins at base 4 * 2 - 2 = 6 and reads 5 bases.
    assert window["x"] == pytest.approx(bases[6], abs=2)
    assert window["x"] + window["width"] == pytest.approx(bases[11], abs=3)


def test_a_click_on_a_base_puts_the_next_one_there(card):
    bases = card.get_by_label("Bases")
    card.locator("[data-choose]:visible").first.click()
    card.locator("[data-choose='sequence=GTCGATTATCGAGC']:visible").first.wait_for()
    assert bases.input_value() == f"C{SEQUENCE[1:]}"
    says(card, 1, outputs(sequence=f"C{SEQUENCE[1:]}"))
