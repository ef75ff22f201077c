"""The tab "Network": its numbers are those of torch, for every kind of network the lab has."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch

from motiflab.figures.network_picture import LESSONS, STAGES
from motiflab.lab import MotifLab
from motiflab.lab.lab_network import Walk, draw_network
from motiflab.lab.training_session import watched_sequences
from motiflab.networks import build

SETTINGS = [
    {},
    {"layers": 2, "window": 3, "second_width": 3},
    {"window": 10},
    {"pooling": "average", "activation": "exponential", "padding": 4, "dilation": 2},
    {"filters": 40, "width": 24, "stride": 2, "pooling": "logsumexp", "both_strands": False},
    {"activation": "none", "layers": 2, "both_strands": False},
]


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html)).replace("−", "-")


def number(text: str, before: str) -> float:
    return float(re.search(rf"{re.escape(before)} ?(-?[\d.]+(?:e-?\d+)?)", text)[1].rstrip("."))


@pytest.fixture(scope="module", params=SETTINGS, ids=lambda changes: "-".join(changes) or "usual")
def lab(request):
    made = MotifLab(**{"n": 200, "epochs": 1, "length": 60, "filters": 5, **request.param})
    made.step()
    made.open("network")
    yield made
    made.close()


def test_logit_and_probability_are_those_of_torch(lab):
    session, test = lab.session, lab.session.data.test
    network = build(session.state.model(), session.data.length)
    network.load_state_dict(lab.result.record.weights)
    for n, i in enumerate(watched_sequences(test)):
        x = torch.from_numpy(test.x[i : i + 1])
        with torch.no_grad():
            z = network(x, torch.from_numpy(test.lengths[i : i + 1])).item()
        dense = words(draw_network(lab.result, Walk("dense", n))["worked"])
        assert number(dense, ": z =") == pytest.approx(z, rel=5e-3, abs=1e-3)
        sigmoid = words(draw_network(lab.result, Walk("sigmoid", n))["worked"])
        said = float(re.search(r"= ([\d.]+) ?\. The sequence", sigmoid)[1])
        assert said == pytest.approx(1 / (1 + np.exp(-z)), abs=6e-4)
        assert ("is positive" in sigmoid) == (test.labels[i] == 1)
        right = number(sigmoid, "a probability of")
        assert number(sigmoid, "of that:") == pytest.approx(-np.log(right), abs=2e-3)


def test_the_rows_of_the_dense_layer_add_up_to_the_logit(lab):
    html = draw_network(lab.result, Walk("dense"))["worked"]
    table = [words(row) for row in re.findall(r"<tr>(.*?)</tr>", html)][1:]
    parts = [float(row.split()[-1]) for row in table]
    said = words(html)
    z, v0 = number(said, ": z ="), number(said, "with v 0 =")
    assert sum(parts) + v0 == pytest.approx(z, abs=0.01 * max(1, *map(abs, parts)))


def test_the_score_is_the_sum_of_the_weights_of_the_window(lab):
    html = draw_network(lab.result, Walk("windows"))["worked"]
    cell = r"aria-selected='true'[^>]*aria-label='Tap \d+, [ACGT]: weight ([^']*)'"
    picked = [float(value.replace("−", "-")) for value in re.findall(cell, html)]
    s = lab.session.state
    assert 0 < len(picked) <= s.width
    said = words(html)
    y = sum(picked) + number(said, "with the bias b =")
    assert number(said.replace(": y ≈", ": y ="), ": y =") == pytest.approx(y, abs=0.02)


def test_each_window_of_the_map_can_be_chosen(lab):
    lab._walked("map")
    html = lab.figures["worked"]
    choices = re.findall(r"data-choose='(window:\d:\d+)'", html)
    s = lab.session.state.model()
    assert len(choices) == s.shape(60)[0]
    assert html.count("aria-selected='true'") == 1
    lab._walked(choices[3])
    chosen = re.search(r"aria-selected='true'[^>]*data-choose='([^']*)'", lab.figures["worked"])
    assert chosen[1] == choices[3]
    lab._walked("sequence:1")  # there the highest window is shown again
    assert lab._walk == Walk("map", 1)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_opens_and_names_its_notebook(lab, stage, tmp_path, monkeypatch):
    lab._walked(stage)
    chosen = re.search(r"aria-checked='true'[^>]*data-choose='(\w+)'", lab.figures["network"])
    assert chosen[1] == stage
    monkeypatch.chdir(tmp_path)
    lab.redraw()
    assert "<a" not in lab.figures["worked"]  # the notebook is not there
    lesson = tmp_path / LESSONS[stage]
    lesson.parent.mkdir()
    lesson.write_text("{}")
    lab.redraw()
    assert f"<a href='{LESSONS[stage]}'" in lab.figures["worked"]
    (tmp_path / "2_applications").mkdir()
    monkeypatch.chdir(tmp_path / "2_applications")
    lab.redraw()
    assert f"<a href='../{LESSONS[stage]}'" in lab.figures["worked"]


def test_the_picture_follows_the_moment_and_the_large_filter():
    lab = MotifLab(n=200, epochs=1, length=60, filters=5)
    assert lab.figures["network"] == ""  # nobody looks at it
    lab.open("network")
    first = lab.figures["network"]
    assert first
    lab.step()
    assert lab.figures["network"] != first
    lab.choose(4)
    assert "Filter 4 " in words(lab.figures["worked"])
    lab.open("stage")
    assert lab.figures["network"] == ""
    lab.close()
