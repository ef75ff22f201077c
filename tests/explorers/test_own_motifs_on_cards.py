"""A learner's own motifs on every card that names one: by text, as the browser sends it."""

from __future__ import annotations

import re
from html import unescape

import numpy as np
import pytest
from every import explorers, shown

from motiflab.checks import ArgumentError
from motiflab.lab.motif_lab import MotifLab
from motiflab.motifs import Motif, write_meme
from motiflab.motifs.jaspar import jaspar_names
from motiflab.widgets.chart import Chart
from motiflab.widgets.fields import declared
from motiflab.widgets.motif_fields import NamesMotifs

HOSTILE = "<img src=x onerror=alert(1)>"
QUICK = {"n": 60, "length": 60, "filters": 2, "width": 8, "epochs": 1, "speed": "full"}
BOX = Motif.from_sites(["CACGTG", "CACGTT", "CATGTG"], "E-box")
ONE = write_meme([BOX])
TWO = write_meme([BOX, Motif.from_sites(["TATAAA", "TATATA"], "TATA-box", "X1")])
CARDS = [card for card in explorers() if issubclass(card.State, NamesMotifs)]
every_card = pytest.mark.parametrize("card_class", [*CARDS, MotifLab], ids=lambda c: c.__name__)


def made(card_class, **changes):
    return card_class(**(QUICK if card_class is MotifLab else {}), **changes)


def message(card, field: str = "own", kind: str = "error") -> str:
    found = re.search(f'motiflab-{kind}">(.*?)</span>', card.controls[field].description)
    return unescape(found[1]) if found else ""


def everything(card) -> str:
    pictures = [p.text if isinstance(p, Chart) else p for p in card.figures.values()]
    labels = [control.description for control in card.controls.values()]
    return "\n".join([card.readout.html, *pictures, *labels])


def chosen(card) -> Motif:
    return card.state.motif_of("motif")


def test_the_cards_are_found():
    names = {card.__name__ for card in CARDS}
    assert names >= {"MotifExplorer", "PoolingExplorer", "BoundaryExplorer", "SparsityExplorer"}
    for card in explorers():
        names = any(f.suggestions is jaspar_names for f in declared(card.State).values())
        assert names == issubclass(card.State, NamesMotifs)


@every_card
def test_a_pasted_motif_is_taken_at_once_and_given_up_with_its_text(card_class):
    card = made(card_class)
    before, first = shown(card), card.state
    card.controls["own"].value = ONE
    assert card.state.motif == card.controls["motif"].value == "E-box"
    np.testing.assert_allclose(chosen(card).probabilities(), BOX.probabilities())
    assert message(card, kind="note") == "Read: E-box."
    assert shown(card) != before
    card.controls["own"].value = ""
    assert card.state == first and card.controls["motif"].value == first.motif
    assert message(card, kind="note") == message(card) == ""


@every_card
def test_of_several_motifs_the_learner_chooses_one_by_its_name(card_class):
    card = made(card_class)
    first = card.state.motif
    card.controls["own"].value = TWO
    assert card.state.motif == first and card.state.own == TWO
    assert message(card, kind="note").startswith("Read 2 motifs: E-box, TATA-box. To choose one")
    for name in ("tata-box", "X1", "E-box"):
        card.controls["motif"].value = name
        assert card.state.motif == name and message(card, "motif") == ""
    card.controls["motif"].value = "G-box"
    assert "None of your motifs (E-box, TATA-box) has this name." in message(card, "motif")
    assert card.state.motif == "E-box"


@every_card
def test_a_bad_text_is_answered_beside_its_box_and_nothing_is_lost(card_class):
    card = made(card_class, own=ONE)
    before = shown(card), card.state
    for text in (f">x\n{HOSTILE}\n", "E-box", ONE.replace("0.000000000", "0.500000000")):
        card.controls["own"].value = text
        assert message(card).endswith(".") and len(message(card)) < 400
        assert message(card).startswith(("Line ", "My motifs must "))
        assert card.controls["own"].value == text  # to be mended
        assert (shown(card), card.state) == before
        with pytest.raises(ArgumentError) as caught:
            card.set(own=text)
        assert caught.value.argument == "own"
    card.controls["own"].value = TWO
    assert message(card) == "" and card.state.own == TWO


@every_card
def test_names_are_shown_and_never_interpreted(card_class):
    text = ONE.replace("MOTIF E-box", f"MOTIF {HOSTILE.replace(' ', '_')} {HOSTILE}")
    text = text.replace(HOSTILE, HOSTILE.replace(" ", "_"))
    card = made(card_class, own=text)
    assert chosen(card).name.startswith("<img")
    assert "<img" not in everything(card) and "&lt;img" in everything(card)


@every_card
def test_a_scene_carries_a_short_text_and_names_a_long_one(card_class):
    card = made(card_class, own=TWO, motif="X1")
    assert len(card.scene) < 2500
    assert card_class.from_scene(card.scene).state == card.state
    long = write_meme([BOX] * 20)
    card.set(own=long, motif="#1")
    assert len(card.scene) < 500 and card_class.from_scene(card.scene).state == card.state


@pytest.mark.parametrize("many", range(1, 12))
def test_a_scene_is_never_too_long_to_be_opened(many):
    spaced = "".join(f">m{i}\n" + "  9   0   0   0\n" * 9 for i in range(many))
    card = CARDS[0](own=spaced)
    assert CARDS[0].from_scene(card.scene).state == card.state


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_scene_whose_long_text_is_not_here_says_so_and_opens_once_it_is(end, monkeypatch):
    long = write_meme([BOX] * 20) + end
    card = CARDS[0](own=long)
    scene = card.scene
    monkeypatch.setattr("motiflab.widgets.scene._long", {})  # another kernel
    other = CARDS[0]()
    for load in (CARDS[0].from_scene, other.load):
        with pytest.raises(ValueError, match='text that was in "My motifs", which is too long'):
            load(scene)
    assert other.state == CARDS[0].State()
    other.controls["own"].value = long + " "  # another text
    with pytest.raises(ValueError, match="Put it there first"):
        other.load(scene)
    other.controls["own"].value = long
    other.load(scene)
    assert other.state == card.state


def test_a_locked_name_stays_when_a_motif_is_pasted():
    card = CARDS[0](locked=["motif"])
    first = card.state.motif
    card.controls["own"].value = ONE
    assert (card.state.own, card.state.motif, message(card)) == (ONE, first, "")


def test_undo_takes_own_motifs_away():
    card = made(MotifLab, second="TBP")
    card.controls["own"].value = TWO
    card.controls["second"].value = "X1"
    card.controls["own"].value = ""
    assert card.state.second == ""  # it is named by nothing any more


def test_half_of_a_character_is_refused_in_words():
    card = made(CARDS[0])
    with pytest.raises(ArgumentError, match="^My motifs .own. holds half of a character"):
        card.set(own="\ud800" + ONE)
    assert card.state.own == "" and "half of a character" in message(card)


def test_a_second_motif_that_is_gone_is_not_replaced_by_the_first():
    card = made(MotifLab, own=TWO, motif="X1", second="X1")
    card.controls["own"].value = write_meme([Motif("A", BOX.counts), Motif("B", BOX.counts)])
    assert (card.state.motif, card.state.second) == ("A", "")


@pytest.mark.parametrize("width", [1, 2, 3, 20])
@every_card
def test_motifs_of_other_widths_are_taken(card_class, width):
    text = write_meme([Motif.from_sites(["ACGT" * 5, "ACGA" * 5], "m")])
    head, _, rows = text.partition("w= 20 ")
    lines = rows.splitlines()
    text = f"{head}w= {width} " + "\n".join(lines[: width + 1]) + "\n"
    assert chosen(made(card_class, own=text)).width == width
