"""The invariance explorer: its law, text and charts. The curves have their own tests."""

from __future__ import annotations

import re

import numpy as np
import pytest

from motiflab.explorers.invariance_explorer import (
    InvarianceExplorer,
    InvarianceState,
    compute,
    describe,
    draw,
)


@pytest.mark.parametrize("window", [1, 5, 16])
def test_the_maximum_follows_the_law(window):
    curves = compute(InvarianceState(window=window, motif="CTCF")).curves
    law = np.minimum(np.arange(17) / window, 1)
    np.testing.assert_allclose(curves["max"].changed, law)
    chart = draw(compute(InvarianceState(window=window, motif="CTCF")), "u")["changed"].figure
    np.testing.assert_allclose(chart.data[1].y, law)
    np.testing.assert_allclose(chart.data[2].y, law)
    assert (np.asarray(chart.data[0].y)[1:] == 1).all()  # the average, at every shift


def test_the_goal_can_be_reached_on_real_background():
    curves = compute(InvarianceState(relu=True, bias=-5.5)).curves
    gap = np.abs(curves["average"].changed - curves["max"].changed)
    assert gap.max() < 0.03 and np.nanmax(curves["average"].inside) < 0.02


def test_the_readout_tells_the_numbers_of_the_curves():
    result = compute(InvarianceState(window=4))
    text = re.sub("<[^>]*>", "", describe(result))
    mean = result.curves["average"]
    assert "min(s/w, 1) = min(2/4, 1) = 0.50 of the sequences" in text
    assert f"of the {result.n} sequences" in text
    assert f"the average in {mean.changed[2]:.2f}." in text
    assert f"(s = 2) the maximum changes by 0 % of what the motif adds to it, the average by "\
        f"{100 * mean.inside[2]:.0f} %" in text  # fmt: skip


def test_a_window_of_one_has_no_shift_inside_it():
    text = re.sub("<[^>]*>", "", describe(compute(InvarianceState(window=1))))
    assert "(s = 0) the maximum changes by 0 %" in text and "nan" not in text
    assert "min(s/w, 1) = min(2/1, 1) = 1.00 of the sequences" in text


def test_a_bias_that_silences_the_motif_is_answered_beside_it():
    explorer = InvarianceExplorer(relu=True)
    explorer.controls["bias"].value = -9.0
    assert "bias must let the site through" in explorer.controls["bias"].description
    explorer.controls["relu"].value = False
    assert explorer.state == InvarianceState(bias=-9.0)
    assert "motiflab-error" not in explorer.controls["bias"].description


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("background", "silent"),
        ("background", "moving"),
        ("seed", 5),
        ("motif", "TBP"),
        ("bias", -1.0),
        ("window", 3),
    ],
)
def test_each_control_moves_a_chart_and_its_words(field, value):
    explorer = InvarianceExplorer(relu=True)
    before = [chart.text for chart in explorer.figures.values()]
    explorer.set(**{field: value})
    assert [chart.text for chart in explorer.figures.values()] != before


def test_a_bias_without_relu_is_said_to_change_nothing_and_changes_nothing():
    plain, moved = compute(InvarianceState()), compute(InvarianceState(bias=-3.0))
    for kind in ("max", "average"):
        np.testing.assert_allclose(plain.curves[kind].size, moved.curves[kind].size, atol=1e-9)
    assert "it changes nothing here" in describe(moved)
    assert "it changes nothing here" not in describe(plain)
    assert "it changes nothing here" not in describe(compute(InvarianceState(relu=True, bias=-3.0)))
