"""The explorers of pooling by keyboard in JupyterLab, against torch."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import expect
from reading import middle, press_axis, says, undo, unfold

from motiflab.motifs import jaspar
from motiflab.sequences.encoding import random_sequences

pytestmark = pytest.mark.browser

CELLS = (
    "from motiflab.explorers.pooling_explorer import PoolingExplorer\n"
    "from motiflab.explorers.invariance_explorer import InvarianceExplorer\n"
    "from motiflab.explorers.boundary_explorer import BoundaryExplorer",
    "PoolingExplorer()",
    "InvarianceExplorer()",
    "BoundaryExplorer()",
)


@pytest.fixture(scope="module")
def notebook(opened):
    with opened(*CELLS) as notebook:
        notebook.run()
        notebook.page.wait_for_selector(".motiflab-card >> nth=2 >> .motiflab-readout p")
        yield notebook


@pytest.fixture
def cards(notebook):
    """Return the three explorers, as they were at the start."""
    cards = notebook.page.locator(".motiflab-card")
    for number, words in enumerate(("nothing has moved", "window w = 8", "y[12]")):
        undo(cards.nth(number))
        says(cards.nth(number), words)
    return cards


def filter_of_gata2() -> torch.Tensor:
    counts = torch.tensor(jaspar.load("GATA2").counts)
    added = counts.sum(dim=1).mean() / 10
    return torch.log((counts + added / 4) / (counts.sum(dim=1, keepdim=True) + added) * 4).T[None]


def feature_map(shift: int = 0) -> torch.Tensor:
    text = random_sequences(1, 60, None, np.random.default_rng(4))[0]
    text = text[: 16 + shift] + "CTTATCT" + text[23 + shift :]
    x = torch.tensor([[letter == base for letter in text] for base in "ACGT"]).double()
    return torch.nn.functional.conv1d(x[None], filter_of_gata2())


def pooled(shift: int, kind: str = "max", window: int = 8) -> list[str]:
    """Return what the table should say: torch's pooled numbers, with two decimals."""
    y = feature_map(shift)
    pools = {"max": torch.nn.functional.max_pool1d, "average": torch.nn.functional.avg_pool1d}
    return [f"{p:.2f}".replace("-", "−") for p in pools[kind](y, window)[0, 0].tolist()]


def column(card, name: str) -> list[str]:
    """Return the cells of one column of the table, which need not be shown."""
    heads = card.locator(".motiflab-table thead th").all_text_contents()
    cells = card.locator(f".motiflab-table tbody tr > :nth-child({heads.index(name) + 1})")
    return cells.all_text_contents()


def test_key_presses_shift_the_motif_as_torch_does(cards):
    card = cards.nth(0)
    shift = card.get_by_role("slider", name="Shift of the motif")
    for step in (1, 2, 3):
        shift.press("ArrowRight")
        says(card, f"The motif has moved by {step} ")
    assert column(card, "p[n]") == pooled(3) and column(card, "before the shift") == pooled(0)
    assert column(card, "change")[2] == "0"
    card.get_by_label("Average").check()
    says(card, "among others")
    assert column(card, "p[n]") == pooled(3, "average")
    card.get_by_role("slider", name="Window w").press("ArrowLeft")
    says(card, "/ 7 =")
    assert column(card, "p[n]") == pooled(3, "average", 7)


def test_play_shifts_the_motif(cards):
    card = cards.nth(0)
    card.get_by_role("button", name="Play").press("Enter")
    says(card, "The motif has moved by 2 ")
    card.get_by_role("button", name="Stop").press("Enter")
    card.get_by_role("button", name="Play").wait_for()


def test_a_stride_of_0_is_answered_beside_it(cards):
    card = cards.nth(0)
    unfold(card, "More")
    field = card.get_by_label("Stride of the filter, S")
    field.fill("0")
    field.press("Enter")
    error = card.locator(".motiflab-error")
    error.wait_for()
    assert "must be a whole number from 1 to 8, not 0." in error.inner_text()
    assert column(card, "p[n]") == pooled(0)


def test_the_gradient_is_drawn_where_autograd_puts_it(cards):
    card = cards.nth(0)
    card.get_by_label("Show the gradient").check()
    card.locator("svg:visible text", has_text="sends back 1").wait_for()
    y = feature_map().requires_grad_()
    torch.nn.functional.max_pool1d(y, 8).sum().backward()
    reached = y.grad[0, 0].nonzero()[:, 0].tolist()
    assert column(card, "winner m") == [str(m) for m in reached]
    assert (
        f"The gradient reaches {len(reached)} of the scores."
        in card.locator("svg:visible desc").text_content()
    )


def test_the_invariance_is_measured_anew(cards):
    card = cards.nth(1)
    card.get_by_role("slider", name="Window w").press("ArrowLeft")
    says(card, "min(s/w, 1) = min(2/7, 1) = 0.29")
    said = card.locator(".motiflab-readout").inner_text()
    assert re.search(
        r"The maximum changes in 0\.29 of the 98 sequences, the average in 1\.00", said
    )


def test_the_motif_is_dragged_along_the_sequence(notebook, cards):
    card, mouse = cards.nth(0), notebook.page.mouse
    start, end = (middle(card, f"[data-drag='shift={by}']") for by in (0, 5))
    mouse.move(*start)
    mouse.down()
    mouse.move(*end, steps=6)
    says(card, "moved by 5 to base 21")
    mouse.up()
    slider = card.get_by_role("slider", name="Shift of the motif")
    expect(slider).to_have_attribute("aria-valuetext", "5")
    slider.press("ArrowLeft")
    says(card, "moved by 4 to base 20")


LIT = """(card) => [...card.querySelectorAll("[data-window]")]
    .filter((window) => [...window.children]
        .every((rect) => getComputedStyle(rect).strokeOpacity === "1"))
    .map((window) => window.dataset.window).join()"""


def test_a_pooled_number_under_the_pointer_lights_up_its_window(notebook, cards):
    card = cards.nth(0)
    assert card.evaluate(LIT) == ""
    notebook.page.mouse.move(*middle(card, "[data-window='2'] rect:last-child"))
    notebook.page.wait_for_function(f"(card) => ({LIT})(card) === '2'", arg=card.element_handle())
    notebook.page.mouse.move(0, 0)


def test_the_middle_of_the_motif_is_pressed_on_a_chart(cards):
    card = cards.nth(2)
    press_axis(card.locator(".motiflab-chart").first, "20")
    slider = card.get_by_role("slider", name="Middle of the motif")
    expect(slider).to_have_attribute("aria-valuetext", "20")
    says(card, "y[20]")


def test_the_motif_walks_over_the_end_and_zeros_become_neutral(cards):
    card = cards.nth(2)
    middle = card.get_by_role("slider", name="Middle of the motif")
    middle.press("Home")
    weights = filter_of_gata2()[0].numpy()
    left = sum(weights["ACGT".index("CTTATCT"[k]), k] for k in range(3, 7))
    says(card, f"{left:.2f}, with 3 of 7 taps on zeros")
    inner, end = weights.mean(axis=0).sum(), weights.mean(axis=0)[3:].sum()
    says(card, f"{end:.2f} on average at the end and {inner:.2f} in".replace("-", "−"))
    centring = card.get_by_role("slider", name="Centring")
    for _ in range(4):
        centring.press("ArrowRight")
    says(card, "a zero scores as much as a random base")


@pytest.mark.parametrize("theme", ["Light", "Dark"])
@pytest.mark.parametrize("width", [1280, 800])
def test_the_cards_fit_either_theme_and_width(notebook, cards, theme, width):
    notebook.theme(f"JupyterLab {theme}")
    notebook.resize(width, 900)
    for number in range(3):
        card = cards.nth(number)
        card.scroll_into_view_if_needed()
        box, pictures = card.bounding_box(), card.locator(".motiflab-pictures").bounding_box()
        assert pictures["x"] + pictures["width"] <= box["x"] + box["width"]
        notebook.screenshot(f"pooling_{number}_{theme.lower()}_{width}")
