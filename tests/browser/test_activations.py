"""The cards of the notebook on activations and the loss by keyboard, against torch and scipy."""

from __future__ import annotations

import re

import pytest
import torch
from playwright.sync_api import expect
from reading import press_axis, says
from scipy.stats import bernoulli

from motiflab.figures import brief

pytestmark = pytest.mark.browser

CELLS = (
    "from motiflab.explorers.activation_explorer import ActivationExplorer\n"
    "from motiflab.explorers.depth_explorer import DepthExplorer\n"
    "from motiflab.explorers.loss_explorer import LossExplorer\n"
    "from motiflab.explorers.sparsity_explorer import SparsityExplorer\n"
    "from motiflab.explorers.update_explorer import UpdateExplorer",
    "ActivationExplorer(z=0.0)",
    "DepthExplorer()",
    "LossExplorer(logit=-4.0)",
    "SparsityExplorer()",
    "UpdateExplorer()",
)


@pytest.fixture(scope="module")
def notebook(opened):
    with opened(*CELLS) as notebook:
        notebook.run()
        notebook.page.wait_for_function(
            "() => document.querySelectorAll('.motiflab-readout p').length >= 10"
        )
        yield notebook


@pytest.fixture
def card(notebook):
    """Return the card with a title."""
    return lambda title: notebook.page.locator(".motiflab-card", has_text=title)


def test_a_layer_more_is_answered_with_torchs_derivative(card):
    activations = card("How much of a gradient survives")
    activations.get_by_role("slider", name="Layers n").press("ArrowRight")
    z = torch.tensor(0.0, requires_grad=True)
    torch.sigmoid(z).backward()
    says(activations, f"The sigmoids multiply it by {brief(z.grad.item() ** 11)}")


def test_a_key_press_on_the_logit_is_answered_with_the_log_probability_of_scipy(card):
    losses = card("How hard does the loss push?")
    losses.get_by_role("slider", name="Logit z").press("ArrowRight")
    probability = torch.sigmoid(torch.tensor(-3.9, dtype=torch.float64)).item()
    says(losses, f"= {-bernoulli.logpmf(1, probability):.4g} nats")
    losses.get_by_label("0: no motif").check()
    says(losses, f"= {-bernoulli.logpmf(0, probability):.4g} nats")


def test_z_and_the_depth_are_dragged_on_their_axes(card):
    activations = card("How much of a gradient survives")
    charts = activations.locator(".motiflab-chart")
    z, depth = (activations.get_by_role("slider", name=n) for n in ("Pre-act", "Layers n"))
    press_axis(charts.first, "4")
    expect(z).to_have_attribute("aria-valuenow", re.compile(r"^(3\.9|4\.0|4\.1)$"))
    press_axis(charts.first, "4", "−2")
    expect(z).to_have_attribute("aria-valuenow", re.compile(r"^-(1\.9|2\.0|2\.1)$"))
    charts.first.locator(".nsewdrag").hover()  # let go: nothing moves any more
    press_axis(charts.last, "40")
    expect(depth).to_have_attribute("aria-valuetext", re.compile("^(39|40|41)$"))
    assert float(z.get_attribute("aria-valuenow")) < -1.8


def test_the_bias_silences_windows(card):
    sparse = card("How much of a feature map")
    says(sparse, "fires somewhere in 99.8 % of the peaks")
    for _ in range(3):
        sparse.get_by_role("slider", name="Bias b").press("PageDown")
    sparse.locator(".motiflab-readout", has_text="99.8 % of the peaks").wait_for(state="detached")


def test_another_start_is_measured(card):
    deep = card("Does the gradient reach")
    before = deep.locator(".motiflab-readout").inner_text()
    deep.get_by_label("torch").check()
    says(deep, "torch's default start")
    assert deep.locator(".motiflab-readout").inner_text() != before


def test_playing_goes_through_the_updates_and_the_numbers_add_up(card):
    updates = card("Why does a filter become a motif?")
    updates.get_by_role("button", name="Play fast").click()
    # A single update may pass between two looks at the page.
    readout = updates.locator(".motiflab-readout")
    expect(readout).to_contain_text(re.compile(r"Update (6[1-9]|[7-9]\d|\d{3,}):"))
    updates.get_by_role("button", name="Stop").click()
    slider = updates.get_by_role("slider", name="Update")
    slider.press("Home")  # a step that was asked for before Stop is answered before this
    says(updates, "Update 1:")
    slider.press("ArrowRight")
    says(updates, "Update 2:")
    before, added, after = updates.locator(".motiflab-picture-sum").evaluate(
        """(picture) => [...picture.querySelectorAll("svg:not(.motiflab-narrow *)")].map((svg) =>
            [...svg.querySelectorAll("g text")].map((text) => text.textContent)
                .filter((text) => text.includes("."))
                .map((text) => Number(text.replace("\u2212", "-"))))"""
    )
    assert len(before) == len(added) == len(after) == 4 * 19
    step = re.search(r"= ([+−][0-9.]+) each", readout.inner_text())[1]
    step = float(step.replace("−", "-"))
    assert sum(abs(number - step) < 0.00051 for number in added) >= 19
    assert all(number == 0 or abs(number - step) < 0.00051 for number in added)
    assert all(abs(b + a - c) < 0.011 for b, a, c in zip(before, added, after))
    # What flashes are the frames around the changed weights: one in each column.
    flashing = updates.locator(".motiflab-picture-change *").evaluate_all(
        """(all) => all.filter((part) => part.checkVisibility()
            && getComputedStyle(part).animationName !== "none")
            .map((part) => part.getAttribute("d").split("M").length - 1)"""
    )
    assert flashing == [19]
