"""The picture of the whole network shows the numbers that the network computes."""

from __future__ import annotations

import re

import numpy as np
import pytest

from motiflab.figures import network_html, network_strip
from motiflab.figures.network_picture import STAGES, stage_number
from motiflab.figures.style import ACCENT, BASE_COLOURS
from motiflab.networks import ModelSettings, OneLayerNetwork, build, trace
from motiflab.sequences import one_hot

NETWORK = OneLayerNetwork(
    [2 * one_hot("ACG") - 1, 1 - 2 * one_hot("TTT")], bias=[0, 0], dense=[2, -1], dense_bias=1
)
FOUND = trace(NETWORK, one_hot("TTTTACGTTTTT", channels="first"))


def stages(html: str) -> dict[str, str]:
    return dict(re.findall(r"data-choose='(\w+)'>(.*?)</button>", html))


def test_numbers_below_the_stages_by_hand():
    """ACG scores 3; the second filter scores 3 where no T is; z = 2 * 3 - 3 + 1 = 4."""
    said = [stage_number(FOUND, FOUND.best, stage) for stage in STAGES]
    assert said == ["bases 5 to 7", "y = 3", "h = 3", "a = 3", "z = 4", "ŷ = 0.98"]


def test_window_and_picked_weights_are_framed():
    drawn = stages(network_html(FOUND, FOUND.best, "windows"))
    for base in "ACG":  # one of each in the sequence
        assert drawn["one_hot"].count(f'fill="{BASE_COLOURS[base]}"') == 1
    frame = re.search(rf'<rect x="([\d.]+)" [^>]*width="([\d.]+)"[^>]*{ACCENT}', drawn["one_hot"])
    column = (104 - 15) / 12
    assert float(frame[1]) == pytest.approx(14 + 4 * column, abs=0.06)
    assert float(frame[2]) == pytest.approx(3 * column, abs=0.06)
    picked = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)"[^>]*style="stroke', drawn["windows"])
    assert [float(y) for _, y in picked] == [0.5, 18.5, 36.5]  # A, C, G
    assert sorted(picked, key=lambda at: float(at[0])) == picked


def test_bars_of_the_dense_layer_are_its_contributions():
    drawn = stages(network_html(FOUND, FOUND.best, "dense"))["dense"]
    heights = [float(h) for h in re.findall(r'<rect [^>]*height="([\d.]+)"', drawn)]
    assert heights[0] / heights[1] == pytest.approx(6 / 3, abs=0.02)


@pytest.mark.parametrize("here", [(), ("pooled",), tuple(STAGES)])
def test_strip_marks_and_says_the_stages(here):
    svg = network_strip(FOUND, here, "strip")
    assert svg.count('rx="6"') == len(here)
    assert ("You are here" in svg) == bool(here)


def test_long_maps_and_windows_in_the_padding_stay_in_their_picture():
    settings = ModelSettings(filters=200, width=20, padding=19)
    found = trace(build(settings, 900), np.tile(one_hot("ACGT", channels="first"), 225))
    for place in ((0, 0), (1, found.scores.shape[1] - 1)):
        html = network_html(found, place, "map")
        assert len(html) < 60_000
        for x, width in re.findall(r'<rect x="(-?[\d.]+)" [^>]*width="([\d.]+)"', html):
            assert float(x) >= -0.1 and float(x) + float(width) <= 104.6
