"""The grammar lab: its defaults, its stored results, and its pictures against the core."""

from __future__ import annotations

import dataclasses
import re

import pytest
from sklearn.metrics import roc_auc_score

from motiflab.figures import grammar_pictures
from motiflab.interpretation.filters_as_motifs import read_second_layer
from motiflab.lab import grammar_lab, lab_stage
from motiflab.lab.grammar_lab import GrammarLab, read
from motiflab.layers.receptive_fields import receptive_field
from motiflab.networks import training
from motiflab.widgets.scene import to_scene

QUICK = {"n": 400, "epochs": 1, "speed": "full"}


@pytest.fixture(scope="module")
def lab():
    lab = GrammarLab(**QUICK)
    lab.start()
    return lab


def test_it_shows_only_what_the_lesson_is_about(lab):
    shown = {name for name, control in lab.controls.items() if control.layout.display != "none"}
    assert {"gap_min", "gap_max", "other_min", "other_max", "second_width"} <= shown
    assert not {"motif", "n", "epochs", "filters", "negatives"} & shown


def test_every_picture_stands_on_one_tab_and_a_refusal_opens_that_of_its_control(lab):
    for name in lab.figures:
        assert f".motiflab-picture-{name}" in grammar_lab.STYLE + lab_stage.STYLE, name
    with pytest.raises(ValueError, match="panel must be one of .*reading.*, got 'network'"):
        lab.open("network")
    lab.open("reading")
    lab.say("seed", "No.")
    assert lab._stage.panel == "more"
    lab.say("seed", "")
    lab.open("stage")


def test_a_trial_is_the_field_and_the_auroc_of_scikit_learn(lab):
    network, test = lab.session.at(-1), lab.session.data.test
    layers = [(7,), (4, 4), (1,)]
    wanted = (
        receptive_field(layers).size,
        roc_auc_score(test.labels, training.logits(network, test)),
    )
    field, area = lab.trials[lab.session.state]
    assert (field, area) == (wanted[0], pytest.approx(wanted[1]))
    assert f"{field} bases {area:.2f}" in lab.figures["trials"].text


def test_trials_outlive_a_reset_and_other_gaps_have_their_own():
    lab = GrammarLab(**QUICK)
    lab.start()
    lab.set(second_width=6)
    assert "one unit sees r = 30<" in lab.figures["field"]
    assert lab.session.state.second_width == 1  # until the Reset
    lab.reset()
    lab.start()
    assert sorted(field for field, _ in lab.trials.values()) == [10, 30]
    lab.set(gap_max=12)
    assert lab.figures["trials"].text == (
        "29 bases are needed. AUROC by receptive field: no training yet."
    )


def test_the_reading_shown_is_that_of_the_core(lab):
    wanted = read_second_layer(lab.session.at(-1), lab.session.data.logos)
    reading, names = read(lab.result)
    assert (reading.contributions == wanted.contributions).all()
    assert len(names) == 16 and len(set(names)) == 16
    svg = lab.figures["reading"]
    numbers = re.findall(r">(−?\d+\.\d)<", svg)
    rows = sorted(range(16), key=lambda f: -abs(wanted.contributions[f]).max())[
        : grammar_pictures.ROWS
    ]
    told = sorted(f"{wanted.contributions[f, 0]:.1f}".replace("-", "−") for f in rows)
    assert sorted(n.replace("−0.0", "0.0") for n in numbers) == sorted(
        t.replace("−0.0", "0.0") for t in told
    )


def test_upside_down_gaps_of_the_negatives_stand_beside_their_control():
    lab = GrammarLab(**QUICK)
    with pytest.raises(ValueError, match="Their shortest gap must be at most the longest, 20"):
        lab.set(other_min=21)
    assert "at most the longest" in lab.controls["other_min"].description


def test_both_classes_hold_both_motifs_and_only_the_gap_differs(lab):
    train = lab.session.data.train
    gaps = {0: set(), 1: set()}
    for one, other in zip(train.sites[::2], train.sites[1::2]):
        assert one.sequence == other.sequence and one.strand == other.strand == "+"
        assert (train.motifs[one.motif].name, train.motifs[other.motif].name) == ("GATA2", "TCF3")
        gaps[int(train.labels[one.sequence])].add(other.start - one.end)
    assert gaps == {1: {9, 10, 11}, 0: {18, 19, 20}}


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"source": "ctcf"}, "source", "Learn from must be planted in this lab, not ctcf."),
        ({"source": "fasta"}, "source", "Learn from must be planted in this lab, not fasta."),
        ({"second": " "}, "second", "Second motif must be a name or an id of JASPAR in this lab."),
        ({"layers": 1}, "layers", "Convolutional layers must be 2 in this lab, not 1."),
        ({"stride": 2}, "stride", "Stride must be 1 in this lab, not 2."),
        ({"dilation": 2}, "dilation", "Dilation must be 1 in this lab, not 2."),
    ],
)
def test_what_it_has_no_pictures_for_is_refused_and_nothing_moves(lab, changes, field, sentence):
    before = lab.state, lab.result, lab.session, dict(lab.figures), lab.readout.html, lab.scene
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$") as caught:
        lab.set(**changes)
    assert caught.value.argument == field
    scene = to_scene("GrammarLab", dataclasses.replace(lab.state, **changes), (), ())
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        lab.load(scene)
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        GrammarLab.from_scene(scene)
    now = lab.state, lab.result, lab.session, dict(lab.figures), lab.readout.html, lab.scene
    assert now == before


def test_it_can_be_reset_after_a_refusal():
    lab = GrammarLab(**QUICK)
    with pytest.raises(ValueError, match="must be planted"):
        lab.set(source="ctcf")
    lab.reset()
    lab.step()
    assert lab.session.step > 0 and lab.state.source == "planted"


def test_the_parameters_told_are_those_of_the_network():
    lab = GrammarLab(**QUICK, second_filters=8)
    network = lab.session.at(0)
    number = sum(values.numel() for values in network.parameters())
    assert f"has {number:,} parameters." in lab.readout.html
